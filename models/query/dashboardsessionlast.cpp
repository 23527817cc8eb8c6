#include "models/query/dashboardsessionparts.h"

#include "models/core/background.h"

#include <QCryptographicHash>

#include <algorithm>

namespace Promdeck {

using namespace Qt::StringLiterals;

namespace {

/// What a panel asks, as its file says it.
QByteArray queriesOf(const PanelSpec& panel)
{
    const QByteArray text = panel.raw[u"targets"].toUtf8() + panel.raw[u"datasource"].toUtf8() + panel.type.toUtf8();
    return QCryptographicHash::hash(text, QCryptographicHash::Sha256).left(12);
}

/// States of the variables as they were, for a first layout; the real ones follow.
std::vector<VariableState> statesFrom(const Dashboard& dashboard, const LastData& last, const QHash<QString, QStringList>& overrides)
{
    std::vector<VariableState> states;
    for (const VariableSpec& spec : dashboard.variables) {
        VariableState state;
        state.spec = spec;
        const auto known = std::ranges::find(last.variables, spec.name, &LastData::Variable::name);
        if (known != last.variables.end()) {
            state.options = known->options;
            choose(state, overrides.value(spec.name, known->current));
        } else {
            state.options = spec.options;
            choose(state, overrides.value(spec.name, spec.current));
        }
        states.push_back(std::move(state));
    }
    return states;
}

} // namespace

LastData DashboardSession::lastData() const
{
    LastData last;
    for (const VariableState& state : d->states) {
        LastData::Variable variable {state.spec.name, state.spec.type == u"adhoc" ? filterValues(state.filters) : state.current, {}};
        for (const VariableOption& option : state.options) {
            if (state.isAll() || state.current.contains(option.value))
                variable.options.push_back(option);
        }
        last.variables.push_back(std::move(variable));
    }
    for (const PlacedPanel& placed : d->panels) {
        const std::shared_ptr<Private::Run> run = d->runs.value(placed.key);
        // What is stale now was kept when it was fresh.
        if (placed.panel.isRow() || !run || run->data->staleSinceMs || run->data->frames.empty() || run->shown.answers.empty())
            continue;
        LastData::Panel panel {placed.key, queriesOf(placed.panel), run->answeredMs, run->shown.plan.range, run->shown.plan.intervalMs, {}};
        for (const AnsweredQuery& answer : run->shown.answers) {
            if (!answer.result || answer.query.kind != PlannedQuery::Kind::PromQl) {
                panel.answers.clear();
                break;
            }
            const PlannedQuery& query = answer.query;
            panel.answers.push_back({query.refId, query.instant, query.startMs, query.endMs, query.stepMs, answer.result});
        }
        if (!panel.answers.empty())
            last.panels.push_back(std::move(panel));
    }
    return last;
}

void DashboardSession::showLastData(const LastData& last)
{
    if (!d->laidOut) {
        d->states = statesFrom(d->dashboard, last, d->overrides);
        ++d->variablesEpoch;
        d->rebuildScope();
        d->arrange();
        Q_EMIT variablesChanged();
        Q_EMIT layoutChanged();
    }
    for (const LastData::Panel& panel : last.panels) {
        const PlacedPanel* placed = d->placed(panel.key);
        const std::shared_ptr<Private::Run> run = d->runs.value(panel.key);
        if (!placed || !run || !run->data->frames.empty() || queriesOf(placed->panel) != panel.queries)
            continue;
        PanelPlan plan = d->planFor(*placed, *run);
        ProcessRequest request;
        bool fits = plan.queries.size() == panel.answers.size();
        for (std::size_t i = 0; fits && i < panel.answers.size(); ++i) {
            const LastData::Answer& answer = panel.answers[i];
            PlannedQuery& query = plan.queries[i];
            fits = query.refId == answer.refId && query.instant == answer.instant;
            query.startMs = answer.startMs;
            query.endMs = answer.endMs;
            query.stepMs = answer.stepMs;
            request.answers.push_back({query, answer.result, nullptr});
        }
        if (!fits)
            continue;
        plan.range = panel.range;
        plan.intervalMs = panel.intervalMs;
        plan.earlier.clear();
        plan.earlierMs = 0;
        plan.exemplars.clear();
        request.panel = std::make_shared<const PanelSpec>(placed->panel);
        if (plan.sourcePanelId)
            request.source = d->sourceOf(plan);
        request.scope = d->scopeOf(placed->panel);
        request.plan = std::move(plan);
        request.theme = d->theme;
        request.timeZone = d->timeZone;
        runInBackground(
            this, [request = std::move(request)] { return processPanel(request); },
            [this, key = panel.key, sinceMs = panel.answeredMs](const PanelDataPtr& old) {
                const std::shared_ptr<Private::Run> current = d->runs.value(key);
                if (!current || !current->data->frames.empty() || old->frames.empty())
                    return;
                auto data = std::make_shared<PanelData>(*old);
                data->staleSinceMs = sinceMs;
                // What happened meanwhile stays said.
                data->state = current->data->state == PanelData::State::Idle && !current->pending ? PanelData::State::Done
                    : current->data->state == PanelData::State::Idle                               ? PanelData::State::Loading
                                                                                                   : current->data->state;
                data->error = current->data->error;
                data->generation = current->generation;
                data->queries = current->data->queries;
                d->publish(key, *current, std::move(data));
            });
    }
}

void DashboardSession::setTheme(ThemeKind theme)
{
    if (theme == d->theme)
        return;
    d->theme = theme;
    reprocess();
}

void DashboardSession::reprocess()
{
    const QStringList keys = d->runs.keys();
    for (const QString& key : keys) {
        const std::shared_ptr<Private::Run> run = d->runs.value(key);
        if (!run || !run->shown.panel || (run->pending && run->missing > 0))
            continue; // what waits for answers is processed then
        ProcessRequest request = run->shown;
        request.theme = d->theme;
        request.generation = ++run->generation;
        d->startProcessing(key, *run, std::move(request));
    }
    d->annotationsStale = true; // named colours depend on it
    if (d->laidOut)
        d->askAnnotations();
    d->watchIdle();
}

} // namespace Promdeck
