#include "models/query/dashboardsessionparts.h"

#include "models/core/background.h"
#include "models/query/adhocfilters.h"
#include "models/query/interval.h"

namespace Promdeck {

using namespace Qt::StringLiterals;

namespace {

/// A refresh that answers within this time never shows "loading" over what is already there.
constexpr int kQuietLoadingMs = 300;

const PanelSpec* findPanel(const std::vector<PanelSpec>& panels, int id)
{
    for (const PanelSpec& panel : panels) {
        if (panel.id == id && !panel.isRow())
            return &panel;
        if (const PanelSpec* child = findPanel(panel.children, id))
            return child;
    }
    return nullptr;
}

/// "x" of "$x", "${x}", "${x:raw}", "[[x]]"; empty for anything else.
QString variableName(const QString& reference)
{
    const QStringList names = referencedVariables(reference);
    return names.size() == 1 && (reference.startsWith(u'$') || reference.startsWith(u"[[")) ? names.first() : QString();
}

} // namespace

PanelDataPtr DashboardSession::Private::idle()
{
    static const PanelDataPtr data = std::make_shared<const PanelData>();
    return data;
}

// --- time and variables ----------------------------------------------------------------------------------

void DashboardSession::Private::resolveTime()
{
    nowMs = clock.nowMs();
    Result<TimeRange> parsed = parseTimeRange(rawRange, nowMs, timeZone);
    if (!parsed)
        parsed = TimeRange {nowMs - 6 * 3'600'000, nowMs};
    range = *parsed;
    rebuildScope();
}

void DashboardSession::Private::rebuildScope()
{
    auto fresh = std::make_shared<VariableScope>();
    fresh->setText(u"__dashboard"_s, dashboard.title);
    fresh->setText(u"__from"_s, QString::number(range.fromMs));
    fresh->setText(u"__to"_s, QString::number(range.toMs));
    const qint64 seconds = (range.spanMs() + 500) / 1000;
    fresh->setText(u"__range"_s, QString::number(seconds) + u's');
    fresh->setText(u"__range_s"_s, QString::number(seconds));
    fresh->setText(u"__range_ms"_s, QString::number(range.spanMs()));
    // Constants of a dashboard exported for sharing: who imports it could change them, the exporter's value is the default.
    for (const Json& input : dashboard.inputs.items()) {
        if (input[u"type"].toString() == u"constant")
            fresh->setText(input[u"name"].toString(), input[u"value"].scalarText());
    }
    addToScope(*fresh, states);
    addUrlTexts(*fresh, rawRange.from, rawRange.to, states);
    scope = fresh;
}

std::shared_ptr<PanelScope> DashboardSession::Private::scopeOf(const PanelSpec& panel) const
{
    auto own = std::make_shared<PanelScope>(scope);
    addScopedVars(own->panel, panel);
    return own;
}

QString DashboardSession::Private::sourceType(const QString& uid) const
{
    const QString name = variableName(uid);
    if (name.isEmpty())
        return {};
    for (const VariableSpec& spec : dashboard.variables) {
        if (spec.name == name && spec.type == u"datasource")
            return spec.query;
    }
    for (const Json& input : dashboard.inputs.items()) {
        if (input[u"name"].toString() == name && input[u"type"].toString() == u"datasource")
            return input[u"pluginId"].toString();
    }
    return {};
}

bool DashboardSession::Private::othersDependOn(const QString& name) const
{
    for (const VariableSpec& spec : dashboard.variables) {
        if (spec.name == name)
            continue;
        for (const QString& text : {spec.query, spec.regex, spec.datasource.uid, spec.allValue}) {
            if (referencedVariables(text).contains(name))
                return true;
        }
    }
    return false;
}

VariableContext DashboardSession::Private::variableContext() const
{
    VariableContext context;
    context.range = range;
    context.scrapeIntervalMs = stack->scrapeIntervalMs();
    const QString name = stack->profile().name.isEmpty() ? u"Prometheus"_s : stack->profile().name;
    context.datasources.append({u"prometheus/"_s + name, name});
    if (!stack->profile().loki.isEmpty())
        context.datasources.append({u"loki/"_s + name, name});
    context.overrides = overrides;
    return context;
}

void DashboardSession::Private::resolve()
{
    resolving = true;
    wasBusy = true; // without a query to ask it is over before this function ends, and still is a spell
    std::vector<VariableSpec> specs = dashboard.variables;
    for (VariableSpec& spec : specs) {
        if (spec.datasource.type.isEmpty())
            spec.datasource.type = sourceType(spec.datasource.uid);
    }
    resolveTask(q, source, std::move(specs), variableContext(), ++resolveNumber);
    watchIdle();
}

QCoro::Task<void> DashboardSession::Private::resolveTask(QPointer<DashboardSession> session,
                                                         std::shared_ptr<VariableSource> source,
                                                         std::vector<VariableSpec> specs, VariableContext context,
                                                         quint64 number)
{
    std::vector<VariableState> states = co_await resolveVariables(std::move(specs), std::move(context), source.get());
    if (session && session->d->resolveNumber == number)
        session->d->takeVariables(std::move(states));
}

void DashboardSession::Private::takeVariables(std::vector<VariableState> fresh)
{
    resolving = false;
    // What could not be asked is taken as it was: with "All" of nothing, repeated panels would be gone.
    for (VariableState& state : fresh) {
        const auto before = std::ranges::find(states, state.spec.name, [](const VariableState& one) { return one.spec.name; });
        if (!state.error || before == states.end() || before->options.empty() || !state.options.empty())
            continue;
        state.options = before->options;
        if (!overrides.contains(state.spec.name))
            state.current = before->current;
    }
    const bool same = laidOut && !std::exchange(variablesEdited, false) && fresh.size() == states.size()
        && std::equal(fresh.begin(), fresh.end(), states.begin(), [](const VariableState& a, const VariableState& b) {
               return a.current == b.current && a.options == b.options && a.error == b.error
                   && a.autoText == b.autoText;
           });
    if (!same) {
        states = std::move(fresh);
        ++variablesEpoch;
        rebuildScope();
        markAllStale();
        Q_EMIT q->variablesChanged();
        rebuildLayout();
    }
    askVisible();
    watchIdle();
}

// --- layout ----------------------------------------------------------------------------------------------

void DashboardSession::Private::rebuildLayout()
{
    arrange();
    Q_EMIT q->layoutChanged();
}

void DashboardSession::Private::arrange()
{
    panels = layoutPanels(dashboard, *scope, toggledRows, includeCollapsed);
    laidOut = true;
    QSet<QString> kept;
    for (const PlacedPanel& panel : panels) {
        kept.insert(panel.key);
        std::shared_ptr<Run>& run = runs[panel.key];
        if (!run)
            run = std::make_shared<Run>();
        if (allWidth > 0 && !panel.panel.isRow()) {
            run->visible = true;
            run->width = gridRect(panel.panel.gridPos, allWidth).width;
        }
    }
    // Panels in a row that was folded keep their data for when it opens again, but ask nothing.
    for (auto it = runs.begin(); it != runs.end(); ++it) {
        if (!kept.contains(it.key())) {
            (*it)->visible = false;
            (*it)->stale = true;
            stop(**it);
        }
    }
}

const PlacedPanel* DashboardSession::Private::placed(const QString& key) const
{
    const auto it = std::find_if(panels.begin(), panels.end(), [&](const PlacedPanel& panel) { return panel.key == key; });
    return it == panels.end() ? nullptr : &*it;
}

// --- panels ----------------------------------------------------------------------------------------------

void DashboardSession::Private::markAllStale()
{
    for (const auto& run : std::as_const(runs))
        run->stale = true;
    annotationsStale = true;
}

void DashboardSession::Private::askVisible()
{
    if (!laidOut)
        return;
    // A slot of panelChanged may change the layout: work on keys and look each panel up again.
    QStringList keys;
    for (const PlacedPanel& panel : panels) {
        if (!panel.panel.isRow() && runs.value(panel.key)->visible)
            keys.append(panel.key);
    }
    int priority = int(keys.size());
    for (const QString& key : std::as_const(keys)) {
        if (const PlacedPanel* panel = placed(key))
            ask(*panel, priority--);
    }
    askAnnotations();
    watchIdle();
}

PlanContext DashboardSession::Private::planContext(const VariableScope& own, double widthPx) const
{
    PlanContext context;
    context.scope = &own;
    context.rawRange = rawRange;
    context.range = range;
    context.nowMs = nowMs;
    context.timeZone = timeZone;
    context.widthPx = widthPx;
    context.scrapeIntervalMs = stack->scrapeIntervalMs();
    context.datasourceType = [this](const QString& uid) { return sourceType(uid); };
    context.addFilters = adhocFilters(states);
    context.hasLoki = !stack->profile().loki.isEmpty();
    context.chosenSources = chosenSources;
    context.findPanel = [this](int id) { return findPanel(dashboard.panels, id); };
    return context;
}

PanelPlan DashboardSession::Private::planFor(const PlacedPanel& panel, const Run& run) const
{
    const std::shared_ptr<PanelScope> panelScope = scopeOf(panel.panel);
    PanelPlan plan = planPanel(panel.panel, planContext(panelScope->panel, run.width));
    plan.fanOut = wantedStacks(panel.panel);
    if (comparisonMs > 0 && panel.panel.type == u"timeseries") {
        plan.earlierMs = comparisonMs;
        plan.earlier = queriesBefore(plan, comparisonMs);
    }
    return plan;
}

void DashboardSession::Private::ask(const PlacedPanel& panel, int priority)
{
    const std::shared_ptr<Run> run = runs.value(panel.key);
    openRemotes(fanOutOf(dashboard, panel.panel).stacks);
    PanelPlan plan = planFor(panel, *run);
    if (!run->stale && plan == run->plan)
        return;
    run->stale = false;
    run->plan = std::move(plan);
    const std::vector<Ticket> previous = std::exchange(run->tickets, {});
    const auto previousFan = std::exchange(run->fanTickets, {});
    std::exchange(run->othersStop, {}).request_stop();
    submit(panel.key, *run, priority);
    // After the new ones: what both want goes on running.
    cancel(previous);
    cancelFan(previousFan);
    if (run->missing == 0)
        process(panel.key, *run);
    else
        showLoading(panel.key, *run);
}

void DashboardSession::Private::submit(const QString& key, Run& run, int priority)
{
    const quint64 generation = ++run.generation;
    run.pending = true;
    const std::size_t extras = run.plan.queries.size() + run.plan.exemplars.size();
    run.outcomes.assign(extras + run.plan.earlier.size(), {});
    run.missing = run.plan.exemplars.size() + run.plan.earlier.size();
    submitFan(key, run, generation);
    for (std::size_t i = 0; i < run.plan.exemplars.size(); ++i) {
        const std::size_t place = run.plan.queries.size() + i;
        OtherQueries& asked = othersOf(run.plan.exemplars[i]);
        asked.ask(run.plan.exemplars[i], q,
                   [this, key, generation, place](const QueryOutcome& outcome) { takeOutcome(key, generation, place, outcome); },
                   run.othersStop.get_token());
    }
    for (std::size_t i = 0; i < run.plan.earlier.size(); ++i) {
        const PlannedQuery& query = run.plan.earlier[i];
        QueryScheduler& asked = schedulerOf(query);
        run.tickets.push_back({&asked, asked.submit({query.expr, false, query.startMs, query.endMs, query.stepMs}, 0,
                                                    [this, key, generation, place = extras + i](const QueryOutcome& outcome) {
                                                        takeOutcome(key, generation, place, outcome);
                                                    })});
    }
    for (std::size_t i = 0; i < run.plan.queries.size(); ++i) {
        const PlannedQuery& query = run.plan.queries[i];
        if (query.error) {
            run.outcomes[i].error = query.error;
            continue;
        }
        ++run.missing;
        if (query.kind != PlannedQuery::Kind::PromQl) {
            othersOf(query).ask(query, q, [this, key, generation, i](const QueryOutcome& outcome) { takeOutcome(key, generation, i, outcome); },
                       run.othersStop.get_token());
            continue;
        }
        const QueryKey wanted {query.expr, query.instant, query.startMs, query.endMs, query.instant ? 0 : query.stepMs};
        QueryScheduler& asked = schedulerOf(query);
        run.tickets.push_back({&asked, asked.submit(wanted, priority, [this, key, generation, i](const QueryOutcome& outcome) {
                                   takeOutcome(key, generation, i, outcome);
                               })});
    }
}

void DashboardSession::Private::takeOutcome(const QString& key, quint64 generation, std::size_t index,
                                            const QueryOutcome& outcome)
{
    const std::shared_ptr<Run> run = runs.value(key);
    if (!run || run->generation != generation)
        return;
    run->outcomes[index] = outcome;
    if (--run->missing > 0)
        return;
    run->tickets.clear();
    run->fanTickets.clear();
    process(key, *run);
}

std::shared_ptr<const PanelSpec> DashboardSession::Private::sourceOf(const PanelPlan& plan) const
{
    const PanelSpec* origin = findPanel(dashboard.panels, plan.sourcePanelId);
    return origin ? std::make_shared<const PanelSpec>(*origin) : nullptr;
}

void DashboardSession::Private::process(const QString& key, Run& run)
{
    const PlacedPanel* panel = placed(key);
    if (!panel)
        return;
    ProcessRequest request;
    request.panel = std::make_shared<const PanelSpec>(panel->panel);
    if (run.plan.sourcePanelId)
        request.source = sourceOf(run.plan);
    request.scope = scopeOf(panel->panel);
    request.plan = run.plan;
    request.theme = theme;
    request.timeZone = timeZone;
    request.generation = run.generation;
    request.variablesEpoch = variablesEpoch;
    for (std::size_t i = 0; i < run.plan.queries.size(); ++i) {
        const PlannedQuery& query = run.plan.queries[i];
        const QueryOutcome& outcome = run.outcomes[i];
        request.answers.push_back({query, outcome.result, outcome.frames});
        if (outcome.error && !request.error)
            request.error = outcome.error;
        if (query.error)
            continue;
        request.sent.push_back(sentQuery(query, outcome));
    }
    const std::size_t extras = run.plan.queries.size() + run.plan.exemplars.size();
    for (std::size_t i = run.plan.queries.size(); i < extras; ++i)
        addExemplars(request, std::move(run.outcomes[i]));
    for (std::size_t i = extras; i < run.outcomes.size(); ++i) {
        request.earlier.push_back({run.plan.earlier[i - extras], run.outcomes[i].result, nullptr});
        if (run.outcomes[i].error)
            request.notes << u"The earlier period: "_s + run.outcomes[i].error->summary;
    }
    run.outcomes.clear();
    addFan(panel->panel, run, request);
    if (!request.error)
        run.answeredMs = clock.nowMs();
    if (!keepFrames(key, run, request))
        startProcessing(key, run, std::move(request));
}

/// Not every server keeps exemplars: the plot is whole without them.
void DashboardSession::Private::addExemplars(ProcessRequest& request, QueryOutcome outcome)
{
    request.exemplars.insert(request.exemplars.end(), std::make_move_iterator(outcome.exemplars.begin()),
                             std::make_move_iterator(outcome.exemplars.end()));
    if (outcome.error && outcome.error->code != ErrorCode::NotFound && outcome.error->code != ErrorCode::Cancelled)
        request.notes << u"Exemplars: "_s + outcome.error->summary;
}

/// A refresh that brought the very same results needs no new frames, only the new range.
bool DashboardSession::Private::keepFrames(const QString& key, Run& run, const ProcessRequest& request)
{
    const ProcessRequest& shown = run.shown;
    const bool same = run.data->state != PanelData::State::Idle && !request.answers.empty() && !request.error
        && !run.data->error && shown.panel && shown.variablesEpoch == request.variablesEpoch
        && shown.theme == request.theme && shown.timeZone == request.timeZone
        && shown.answers.size() == request.answers.size()
        && sameFan(shown, request) && shown.plan.earlierMs == request.plan.earlierMs && shown.exemplars == request.exemplars
        && std::equal(shown.earlier.begin(), shown.earlier.end(), request.earlier.begin(), request.earlier.end(),
                      [](const AnsweredQuery& a, const AnsweredQuery& b) { return a.result == b.result; }) && shown.notes == request.notes
        && std::equal(shown.answers.begin(), shown.answers.end(), request.answers.begin(),
                      [](const AnsweredQuery& a, const AnsweredQuery& b) {
                          return a.result == b.result && a.frames == b.frames && a.query == b.query;
                      });
    if (!same)
        return false;
    auto data = std::make_shared<PanelData>(*run.data);
    data->state = PanelData::State::Done;
    data->generation = request.generation;
    data->range = request.plan.range;
    data->queries = request.sent;
    run.pending = false;
    publish(key, run, std::move(data));
    return true;
}

void DashboardSession::Private::startProcessing(const QString& key, Run& run, ProcessRequest request)
{
    run.pending = true;
    const quint64 generation = request.generation;
    run.shown = request;
    runInBackground(
        q, [request = std::move(request)] { return processPanel(request); },
        [this, key, generation](const PanelDataPtr& data) {
            const std::shared_ptr<Run> current = runs.value(key);
            if (!current || current->generation != generation)
                return;
            current->pending = false;
            publish(key, *current, data);
        });
}

void DashboardSession::Private::publish(const QString& key, Run& run, PanelDataPtr data)
{
    // What an earlier run left stays until there is something newer.
    if (data->state == PanelData::State::Failed && data->frames.empty() && run.data->staleSinceMs) {
        auto kept = std::make_shared<PanelData>(*run.data);
        kept->state = data->state;
        kept->error = data->error;
        kept->queries = data->queries;
        kept->generation = data->generation;
        data = std::move(kept);
    }
    run.data = withAnnotations(key, std::move(data));
    Q_EMIT q->panelChanged(key);
    watchIdle();
}

void DashboardSession::Private::showLoading(const QString& key, Run& run)
{
    const quint64 generation = run.generation;
    const auto show = [this, key, generation] {
        const std::shared_ptr<Run> current = runs.value(key);
        if (!current || current->generation != generation || !current->pending
            || current->data->state == PanelData::State::Loading)
            return;
        auto data = std::make_shared<PanelData>(*current->data);
        data->state = PanelData::State::Loading;
        data->generation = generation;
        publish(key, *current, std::move(data));
    };
    if (run.data->state == PanelData::State::Idle || run.data->state == PanelData::State::Failed)
        show();
    else
        QTimer::singleShot(kQuietLoadingMs, q, show);
}

void DashboardSession::Private::stop(Run& run)
{
    ++run.generation;
    run.pending = false;
    cancel(std::exchange(run.tickets, {}));
    cancelFan(std::exchange(run.fanTickets, {}));
    std::exchange(run.othersStop, {}).request_stop();
}

bool DashboardSession::Private::busy() const
{
    if (resolving || annotationsMissing > 0)
        return true;
    return std::any_of(runs.begin(), runs.end(), [](const auto& run) { return run->visible && run->pending; });
}

/// idle() leaves through the event loop, once per busy spell.
void DashboardSession::Private::watchIdle()
{
    if (busy()) {
        wasBusy = true;
        return;
    }
    if (!wasBusy || idlePosted)
        return;
    idlePosted = true;
    QMetaObject::invokeMethod(
        q,
        [this] {
            idlePosted = false;
            if (busy() || !wasBusy)
                return;
            wasBusy = false;
            Q_EMIT q->idle();
        },
        Qt::QueuedConnection);
}

// --- the public face -------------------------------------------------------------------------------------

DashboardSession::DashboardSession(Dashboard dashboard, std::shared_ptr<StackConnection> stack, QObject* parent,
                                   const Clock& clock)
    : QObject(parent)
    , d(std::make_unique<Private>(this, std::move(dashboard), std::move(stack), clock))
{
    const auto orElse = [](const QString& text, const QString& fallback) { return text.isEmpty() ? fallback : text; };
    d->rawRange = {orElse(d->dashboard.timeFrom, u"now-6h"_s), orElse(d->dashboard.timeTo, u"now"_s)};
    d->timeZone = d->dashboard.timezone == u"browser" ? QString() : d->dashboard.timezone;
    d->resolveTime();
    connect(&d->refreshTimer, &QTimer::timeout, this, [this] {
        if (!d->busy())
            refresh();
    });
    if (const auto every = parseInterval(d->dashboard.refresh); every && *every > 0)
        d->refreshTimer.setInterval(int(std::clamp<qint64>(*every, 1000, 86'400'000)));
}

DashboardSession::~DashboardSession()
{
    d->scheduler.cancelAll();
    for (const Private::OtherStack& other : std::as_const(d->otherStacks))
        other.scheduler->cancelAll();
}

const Dashboard& DashboardSession::dashboard() const
{
    return d->dashboard;
}

std::shared_ptr<StackConnection> DashboardSession::stack() const
{
    return d->stack;
}

std::shared_ptr<LokiClient> DashboardSession::loki() const
{
    return d->others.loki();
}

void DashboardSession::setTimeRange(const RawTimeRange& range)
{
    d->rawRange = range;
    if (d->started)
        refresh();
    else
        d->resolveTime();
}

RawTimeRange DashboardSession::rawTimeRange() const
{
    return d->rawRange;
}

TimeRange DashboardSession::timeRange() const
{
    return d->range;
}

QString DashboardSession::timeZone() const
{
    return d->timeZone;
}

void DashboardSession::setTimeZone(const QString& zone)
{
    const QString name = zone == u"browser" ? QString() : zone;
    if (name == d->timeZone)
        return;
    d->timeZone = name;
    if (d->started)
        refresh();
    else
        d->resolveTime();
}

void DashboardSession::setRefreshInterval(qint64 ms)
{
    if (ms <= 0) {
        d->refreshTimer.stop();
        d->refreshTimer.setInterval(0);
        return;
    }
    d->refreshTimer.setInterval(int(std::clamp<qint64>(ms, 1000, 86'400'000)));
    if (d->started)
        d->refreshTimer.start();
}

qint64 DashboardSession::refreshInterval() const
{
    return d->refreshTimer.interval();
}

const std::vector<VariableState>& DashboardSession::variables() const
{
    return d->states;
}

void DashboardSession::setVariable(const QString& name, const QStringList& values)
{
    d->overrides.insert(name, values);
    if (!d->started)
        return;
    const auto state = std::find_if(d->states.begin(), d->states.end(),
                                    [&](const VariableState& one) { return one.spec.name == name; });
    if (d->resolving || state == d->states.end() || d->othersDependOn(name)) {
        d->resolve();
        return;
    }
    if (state->current == values)
        return;
    choose(*state, values);
    ++d->variablesEpoch;
    d->rebuildScope();
    d->markAllStale();
    Q_EMIT variablesChanged();
    d->rebuildLayout();
    d->askVisible();
}

void DashboardSession::setVariableOverrides(const QHash<QString, QStringList>& overrides)
{
    d->overrides = overrides;
}

QString DashboardSession::interpolate(const QString& text, const PlacedPanel* panel) const
{
    if (!panel)
        return Promdeck::interpolate(text, *d->scope);
    const std::shared_ptr<PanelScope> scope = d->scopeOf(panel->panel);
    const std::shared_ptr<Private::Run> run = d->runs.value(panel->key);
    if (run && run->data->intervalMs > 0) {
        scope->panel.setText(u"__interval"_s, intervalText(run->data->intervalMs));
        scope->panel.setText(u"__interval_ms"_s, QString::number(run->data->intervalMs));
    }
    return Promdeck::interpolate(text, scope->panel);
}

const std::vector<PlacedPanel>& DashboardSession::panels() const
{
    return d->panels;
}

void DashboardSession::toggleRow(const QString& rowKey)
{
    if (!d->toggledRows.erase(rowKey))
        d->toggledRows.insert(rowKey);
    if (!d->laidOut)
        return;
    d->rebuildLayout();
    d->askVisible();
}

void DashboardSession::setIncludeCollapsed(bool include)
{
    if (d->includeCollapsed == include)
        return;
    d->includeCollapsed = include;
    if (d->laidOut)
        d->rebuildLayout();
}

void DashboardSession::setPanelVisible(const QString& key, bool visible, int widthPx)
{
    std::shared_ptr<Private::Run>& slot = d->runs[key];
    if (!slot)
        slot = std::make_shared<Private::Run>();
    const std::shared_ptr<Private::Run> run = slot;
    const bool changed = run->visible != visible || (visible && run->width != widthPx);
    run->visible = visible;
    run->width = visible ? widthPx : run->width;
    if (!changed)
        return;
    if (!visible) {
        if (run->pending) {
            // Scrolled away before the answer: it will be asked again when it comes back.
            d->stop(*run);
            run->stale = true;
        }
        d->watchIdle();
        return;
    }
    const PlacedPanel* panel = d->laidOut ? d->placed(key) : nullptr;
    if (!panel || panel->panel.isRow() || !d->started)
        return;
    const auto index = int(panel - d->panels.data());
    d->ask(*panel, int(d->panels.size()) - index);
    d->watchIdle();
}

void DashboardSession::setAllVisible(int gridWidthPx)
{
    d->allWidth = gridWidthPx;
    if (!d->laidOut)
        return;
    for (const PlacedPanel& panel : d->panels) {
        if (panel.panel.isRow())
            continue;
        const std::shared_ptr<Private::Run> run = d->runs.value(panel.key);
        run->visible = true;
        run->width = gridRect(panel.panel.gridPos, gridWidthPx).width;
    }
    d->askVisible();
}

PanelDataPtr DashboardSession::panelData(const QString& key) const
{
    const std::shared_ptr<Private::Run> run = d->runs.value(key);
    return run ? run->data : Private::idle();
}

void DashboardSession::start()
{
    d->started = true;
    d->resolveTime();
    d->resolve();
    if (d->refreshTimer.interval() > 0)
        d->refreshTimer.start();
    Q_EMIT timeRangeChanged();
}

void DashboardSession::refresh()
{
    if (!d->started)
        return;
    d->resolveTime();
    Q_EMIT timeRangeChanged();
    d->markAllStale();
    const bool timed = std::any_of(d->dashboard.variables.begin(), d->dashboard.variables.end(),
                                   [](const VariableSpec& spec) { return spec.refresh == 2; });
    if (timed || !d->laidOut)
        d->resolve(); // beside the panels: they only wait for it on the first load
    d->askVisible();
}

void DashboardSession::cancel()
{
    ++d->resolveNumber;
    d->resolving = false;
    d->stopAnnotations();
    for (const auto& run : std::as_const(d->runs)) {
        if (!run->pending)
            continue;
        d->stop(*run);
        run->stale = true;
        if (run->data->state == PanelData::State::Loading) {
            auto data = std::make_shared<PanelData>(*run->data);
            data->state = data->frames.empty() ? PanelData::State::Idle : PanelData::State::Done;
            run->data = data;
            Q_EMIT panelChanged(d->runs.key(run));
        }
    }
    d->watchIdle();
}

bool DashboardSession::isBusy() const
{
    return d->busy();
}

} // namespace Promdeck
