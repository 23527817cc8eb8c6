#include "models/query/dashboardsessionparts.h"

#include <algorithm>
#include <iterator>

namespace Promdeck {

using namespace Qt::StringLiterals;

namespace {

/// Grafana asks for no more points than its window is wide.
constexpr double kAnnotationPoints = 1600;
/// Behind every panel: a dashboard is readable without them.
constexpr int kAnnotationPriority = -1;

} // namespace

void DashboardSession::Private::askAnnotations()
{
    if (!std::exchange(annotationsStale, false))
        return;
    std::vector<AnnotationPlan> plans;
    const PlanContext context = planContext(*scope, kAnnotationPoints);
    for (const AnnotationSpec& spec : dashboard.annotations) {
        if (spec.enable == toggledAnnotations.contains(spec.name))
            continue;
        if (auto plan = planAnnotation(spec, context, theme))
            plans.push_back(std::move(*plan));
    }
    if (alertsShown.value_or(wantsAlertStates(dashboard))) {
        std::vector<AnnotationPlan> alerts = planAlertStates(context);
        std::move(alerts.begin(), alerts.end(), std::back_inserter(plans));
    }
    const std::vector<QueryScheduler::Ticket> previous = std::exchange(annotationTickets, {});
    const quint64 number = ++annotationsNumber;
    annotationPlans = std::move(plans);
    annotationLists.assign(annotationPlans.size(), {});
    annotationErrors.assign(annotationPlans.size(), {});
    alertResults.assign(annotationPlans.size(), {});
    annotationsMissing = 0;
    for (std::size_t i = 0; i < annotationPlans.size(); ++i) {
        const PlannedQuery& query = annotationPlans[i].query;
        if (query.error) {
            annotationErrors[i] = query.error;
            continue;
        }
        ++annotationsMissing;
        const QueryKey wanted {query.expr, false, query.startMs, query.endMs, query.stepMs};
        annotationTickets.push_back(scheduler.submit(
            wanted, kAnnotationPriority,
            [this, number, i](const QueryOutcome& outcome) { takeAnnotations(number, i, outcome); }));
    }
    for (const QueryScheduler::Ticket ticket : previous)
        scheduler.cancel(ticket);
    if (annotationsMissing == 0)
        publishAnnotations();
}

void DashboardSession::Private::stopAnnotations()
{
    if (annotationsMissing == 0)
        return;
    ++annotationsNumber;
    annotationsMissing = 0;
    annotationsStale = true;
    for (const QueryScheduler::Ticket ticket : std::exchange(annotationTickets, {}))
        scheduler.cancel(ticket);
}

void DashboardSession::Private::takeAnnotations(quint64 number, std::size_t index, const QueryOutcome& outcome)
{
    if (number != annotationsNumber)
        return;
    if (annotationPlans[index].kind != AnnotationPlan::Kind::Query)
        alertResults[index] = outcome.result;
    else if (outcome.result)
        annotationLists[index] = annotationsFrom(annotationPlans[index], *outcome.result);
    annotationErrors[index] = outcome.error;
    if (--annotationsMissing > 0)
        return;
    annotationTickets.clear();
    for (std::size_t i = 0; i < annotationPlans.size(); ++i) {
        // Its companion follows it.
        if (annotationPlans[i].kind == AnnotationPlan::Kind::Alerts && alertResults[i]) {
            const QueryResult* since = i + 1 < alertResults.size() ? alertResults[i + 1].get() : nullptr;
            annotationLists[i] = alertAnnotations(*alertResults[i], since, annotationPlans[i].query.stepMs);
        }
    }
    publishAnnotations();
    watchIdle();
}

void DashboardSession::Private::publishAnnotations()
{
    std::vector<Annotation> all;
    if (ownShown)
        all = ownAnnotations;
    for (const std::vector<Annotation>& list : annotationLists)
        all.insert(all.end(), list.begin(), list.end());
    std::stable_sort(all.begin(), all.end(), [](const Annotation& a, const Annotation& b) { return a.fromMs < b.fromMs; });
    const bool same = annotations ? *annotations == all : all.empty();
    if (!same) {
        annotations = all.empty() ? nullptr : std::make_shared<const std::vector<Annotation>>(std::move(all));
        const QStringList keys = runs.keys();
        for (const QString& key : keys) {
            const std::shared_ptr<Run> run = runs.value(key);
            if (!run || run->data->state == PanelData::State::Idle)
                continue;
            run->data = withAnnotations(key, run->data);
            Q_EMIT q->panelChanged(key);
        }
    }
    Q_EMIT q->annotationsChanged();
}

PanelDataPtr DashboardSession::Private::withAnnotations(const QString& key, PanelDataPtr data) const
{
    std::shared_ptr<const std::vector<Annotation>> own = annotations;
    const PlacedPanel* panel = placed(key);
    const bool filters = std::any_of(annotationPlans.begin(), annotationPlans.end(),
                                     [](const AnnotationPlan& plan) { return !plan.panels.empty(); })
        || std::any_of(ownAnnotations.begin(), ownAnnotations.end(), [](const Annotation& one) { return one.panelId != 0; });
    if (own && panel && filters) {
        const int id = panel->panel.repeatSourceId ? panel->panel.repeatSourceId : panel->panel.id;
        std::vector<Annotation> mine;
        for (const Annotation& one : *own) {
            if (one.panelId != 0 && one.panelId != id)
                continue;
            const auto plan = std::find_if(annotationPlans.begin(), annotationPlans.end(),
                                           [&](const AnnotationPlan& candidate) { return candidate.name == one.layer; });
            if (plan == annotationPlans.end() || plan->panels.empty() || plan->panels.contains(id) != plan->exclude)
                mine.push_back(one);
        }
        own = mine.empty() ? nullptr : std::make_shared<const std::vector<Annotation>>(std::move(mine));
    }
    const bool same = own == data->annotations || (own && data->annotations && *own == *data->annotations);
    if (same)
        return data;
    auto copy = std::make_shared<PanelData>(*data);
    copy->annotations = std::move(own);
    return copy;
}

std::vector<AnnotationLayer> DashboardSession::annotationLayers() const
{
    std::vector<AnnotationLayer> layers;
    if (!d->ownAnnotations.empty()) {
        const auto inRange = std::ranges::count_if(d->ownAnnotations, [this](const Annotation& one) {
            return one.toMs >= d->range.fromMs && one.fromMs <= d->range.toMs;
        });
        layers.push_back({kOwnLayer.toString(), d->ownAnnotations.front().color, d->ownShown, false, int(inRange), {}});
    }
    const PlanContext context = d->planContext(*d->scope, kAnnotationPoints);
    for (const AnnotationSpec& spec : d->dashboard.annotations) {
        const auto planned = planAnnotation(spec, context, d->theme);
        if (!planned)
            continue;
        AnnotationLayer layer;
        layer.name = spec.name;
        layer.color = planned->color;
        layer.hidden = spec.hide;
        layer.enabled = spec.enable != d->toggledAnnotations.contains(spec.name);
        for (std::size_t i = 0; i < d->annotationPlans.size(); ++i) {
            if (d->annotationPlans[i].name == spec.name) {
                layer.count = int(d->annotationLists[i].size());
                layer.error = d->annotationErrors[i];
            }
        }
        layers.push_back(std::move(layer));
    }
    // Once it was on it keeps its switch, so that it can go on again.
    if (d->alertsShown || wantsAlertStates(d->dashboard)) {
        AnnotationLayer layer {kAlertLayer.toString(), Rgba {242, 73, 92}, isAnnotationEnabled(kAlertLayer.toString()), false, 0, {}};
        for (std::size_t i = 0; i < d->annotationPlans.size(); ++i) {
            if (d->annotationPlans[i].kind == AnnotationPlan::Kind::Alerts) {
                layer.count = int(d->annotationLists[i].size());
                layer.error = d->annotationErrors[i];
            }
        }
        layers.push_back(std::move(layer));
    }
    return layers;
}

bool DashboardSession::isAnnotationEnabled(const QString& name) const
{
    if (name == kOwnLayer)
        return d->ownShown;
    if (name == kAlertLayer)
        return d->alertsShown.value_or(wantsAlertStates(d->dashboard));
    return std::ranges::any_of(d->dashboard.annotations, [&](const AnnotationSpec& one) {
        return one.name == name && one.enable != d->toggledAnnotations.contains(name);
    });
}

void DashboardSession::setOwnAnnotations(std::vector<Annotation> annotations)
{
    if (annotations == d->ownAnnotations)
        return;
    d->ownAnnotations = std::move(annotations);
    d->publishAnnotations();
}

void DashboardSession::setAnnotationEnabled(const QString& name, bool enabled)
{
    if (name == kOwnLayer) {
        d->ownShown = enabled;
        d->publishAnnotations();
        return;
    }
    if (name == kAlertLayer) {
        d->alertsShown = enabled;
        d->annotationsStale = true;
        if (d->laidOut)
            d->askAnnotations();
        Q_EMIT annotationsChanged();
        d->watchIdle();
        return;
    }
    const auto spec = std::find_if(d->dashboard.annotations.begin(), d->dashboard.annotations.end(),
                                   [&](const AnnotationSpec& one) { return one.name == name; });
    if (spec == d->dashboard.annotations.end())
        return;
    if (enabled == spec->enable)
        d->toggledAnnotations.erase(name);
    else
        d->toggledAnnotations.insert(name);
    d->annotationsStale = true;
    if (d->laidOut)
        d->askAnnotations();
    d->watchIdle();
}

std::vector<Annotation> DashboardSession::annotations() const
{
    return d->annotations ? *d->annotations : std::vector<Annotation>();
}

} // namespace Promdeck
