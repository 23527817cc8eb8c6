#include "models/query/queryplanner.h"

#include "models/loki/lokiclient.h"
#include "models/query/interval.h"

#include <QRegularExpression>

#include <cmath>

namespace Promdeck {

using namespace Qt::StringLiterals;

namespace {

constexpr double kUnknownWidth = 500;
/// A "-- Dashboard --" panel may point at another one; nobody nests them deeper than this.
constexpr int kDeepestReuse = 4;
constexpr qint64 kLogLines = 1000; ///< Loki's usual answer
constexpr qint64 kMostLogLines = 5000;

bool isMixed(const DatasourceRef& ref)
{
    return ref.uid == u"-- Mixed --" || ref.uid == u"mixed" || ref.type == u"mixed";
}

bool isDashboardSource(const DatasourceRef& ref)
{
    return ref.uid == u"-- Dashboard --" || ref.type == u"dashboard";
}

bool isPrometheusType(const QString& type)
{
    return type.isEmpty() || type.contains(u"prometheus") || type.contains(u"mimir") || type.contains(u"thanos")
        || type.startsWith(u"victoriametrics-metrics") || type == u"victoriametrics-datasource"
        || type == u"victoriametrics";
}

/// What a target runs against.
struct ResolvedSource
{
    QString shown;
    QString type; ///< empty = taken for Prometheus
    QString stack; ///< another one that was chosen
    bool waits = false; ///< for the user's choice
};

ResolvedSource resolveSource(const PanelSpec& panel, const Target& target, const PlanContext& context)
{
    // The panel's source counts; a target's own only where the panel mixes sources or names none.
    const bool panelNames = !panel.datasource.uid.isEmpty() || !panel.datasource.type.isEmpty();
    const DatasourceRef& ref = panelNames && !isMixed(panel.datasource) ? panel.datasource : target.datasource;
    ResolvedSource source;
    source.type = ref.type;
    if (isMixed(ref))
        return {u"Prometheus"_s, {}, {}, false};
    if (const auto chosen = context.chosenSources.constFind(ref.uid); chosen != context.chosenSources.constEnd()) {
        const QString kind = chosen->type == u"loki" ? u"Loki"_s : u"Prometheus"_s;
        return {chosen->stack.isEmpty() ? kind : chosen->stack, chosen->type, chosen->stack, chosen->type.isEmpty()};
    }
    // A type that is itself a variable or unknown to the file says nothing.
    if (source.type.contains(u'$') || source.type == u"datasource")
        source.type.clear();
    if (source.type.isEmpty() && context.datasourceType && !ref.uid.isEmpty())
        source.type = context.datasourceType(ref.uid);
    if (ref.uid == u"-- Grafana --" || ref.uid == u"grafana")
        source.type = u"grafana"_s;
    if (ref.uid == u"__expr__")
        source.type = u"__expr__"_s;
    const QString expanded = context.scope ? interpolate(ref.uid, *context.scope) : ref.uid;
    source.shown = expanded.isEmpty() || expanded.contains(u'$') ? u"Prometheus"_s : expanded;
    return source;
}

Error unsupportedSource(const QString& type)
{
    if (type == u"__expr__") {
        return makeError(ErrorCode::Unsupported, u"Server-side expressions are not supported"_s, {},
                         u"Write the calculation in PromQL or as a transformation"_s);
    }
    return makeError(ErrorCode::Unsupported, u"This query is for a \"%1\" data source"_s.arg(type),
                     u"the stack offers Prometheus only"_s, u"Map the data source, or open the panel in Grafana"_s);
}

/// $__interval and its relatives: they depend on the single query.
void setIntervals(VariableScope& scope, const StepResult& step, TimeRange range)
{
    const auto seconds = qint64(std::llround(double(range.spanMs()) / 1000.0));
    scope.setText(u"__interval"_s, intervalText(step.stepMs));
    scope.setText(u"__interval_ms"_s, QString::number(step.stepMs));
    scope.setText(u"__rate_interval"_s, goDurationText(step.rateIntervalMs));
    scope.setText(u"__rate_interval_ms"_s, QString::number(step.rateIntervalMs));
    scope.setText(u"__range"_s, QString::number(seconds) + u's');
    scope.setText(u"__range_s"_s, QString::number(seconds));
    scope.setText(u"__range_ms"_s, QString::number(range.spanMs()));
    scope.setText(u"__from"_s, QString::number(range.fromMs));
    scope.setText(u"__to"_s, QString::number(range.toMs));
}

/// An instant query stands at the unaligned end of the range.
PlannedQuery asInstant(PlannedQuery query, TimeRange range)
{
    query.instant = true;
    query.startMs = query.endMs = range.toMs;
    return query;
}

void planTarget(const PanelSpec& panel, const Target& target, const PlanContext& context, const VariableScope& scope,
                StepRequest step, PanelPlan& plan)
{
    PlannedQuery query;
    query.refId = target.refId;
    query.format = target.format.isEmpty() ? u"time_series"_s : target.format;
    const ResolvedSource source = resolveSource(panel, target, context);
    query.datasource = source.shown;
    query.stack = source.stack;
    if (source.waits)
        return; // what to choose is asked once for the dashboard, not in every panel
    const bool loki = source.type == u"loki" && (context.hasLoki || !source.stack.isEmpty());
    if (!isPrometheusType(source.type) && !loki) {
        query.datasource = source.type;
        query.error = unsupportedSource(source.type);
        plan.queries.push_back(std::move(query));
        return;
    }
    if (target.expr.trimmed().isEmpty())
        return;
    step.minStep = interpolate(target.interval, scope);
    step.intervalFactor = target.intervalFactor;
    const StepResult result = calculateStep(step);
    VariableScope local(&scope);
    setIntervals(local, result, plan.range);
    if (loki) {
        local.setText(u"__auto"_s, intervalText(result.stepMs)); // Loki's own name for the interval
        query.datasource = u"Loki"_s;
    }
    query.expr = interpolate(target.expr, local, InterpolationTarget::Prometheus);
    if (context.addFilters && !loki)
        query.expr = context.addFilters(query.expr);
    query.legendFormat = target.legendFormat == u"__auto" ? target.legendFormat : interpolate(target.legendFormat, local);
    query.stepMs = result.stepMs;
    const qint64 offset = utcOffsetSeconds(plan.range.toMs, context.timeZone);
    query.startMs = alignToStep(plan.range.fromMs, result.stepMs, offset);
    query.endMs = alignToStep(plan.range.toMs, result.stepMs, offset);
    if (loki) {
        query.kind = isLogQuery(query.expr) ? PlannedQuery::Kind::LokiLogs : PlannedQuery::Kind::LokiMetric;
        query.lineLimit = int(std::clamp<qint64>(target.raw[u"maxLines"].toInt(kLogLines), 1, kMostLogLines));
        query.backward = target.raw[u"direction"].toString() != u"forward";
        if (query.kind == PlannedQuery::Kind::LokiLogs) {
            // Lines have their own times: nothing to align.
            query.startMs = plan.range.fromMs;
            query.endMs = plan.range.toMs;
            query.stepMs = 0;
            plan.queries.push_back(std::move(query));
            return;
        }
        const bool instant = target.instant || target.raw[u"queryType"].toString() == u"instant";
        plan.queries.push_back(instant ? asInstant(std::move(query), plan.range) : std::move(query));
        return;
    }
    // A file that says only "instant" means no range query; one that says neither means a range query.
    const bool range = target.raw.contains(u"range") ? target.range : !target.instant;
    if (range || !target.instant)
        plan.queries.push_back(query);
    // Grafana draws them on time axes alone.
    const bool drawn = panel.type == u"timeseries" || panel.type == u"heatmap";
    if (target.exemplar && (range || !target.instant) && drawn) {
        PlannedQuery exemplars = query;
        exemplars.kind = PlannedQuery::Kind::Exemplars;
        exemplars.startMs = plan.range.fromMs;
        exemplars.endMs = plan.range.toMs;
        plan.exemplars.push_back(std::move(exemplars));
    }
    if (target.instant)
        plan.queries.push_back(asInstant(std::move(query), plan.range));
}

/// An alert list asks for alerts, whatever queries its file has left over. Its filters become one selector.
void planAlerts(const PanelSpec& panel, const VariableScope& scope, PanelPlan& plan)
{
    PlannedQuery query;
    query.kind = PlannedQuery::Kind::Alerts;
    query.refId = u"A"_s;
    query.datasource = u"Prometheus"_s;
    query.instant = true;
    query.startMs = query.endMs = plan.range.toMs;
    QString filter = interpolate(panel.options[u"alertInstanceLabelFilter"].toString(), scope, InterpolationTarget::Prometheus).trimmed();
    if (filter.isEmpty())
        filter = u"{}"_s;
    const QString name = interpolate(panel.options[u"alertName"].toString(), scope).trimmed();
    if (!name.isEmpty() && filter.endsWith(u'}')) {
        QString pattern = QRegularExpression::escape(name);
        pattern.replace(u'\\', u"\\\\"_s).replace(u'"', u"\\\""_s);
        const bool first = filter.size() < 2 || filter.mid(1, filter.size() - 2).trimmed().isEmpty();
        filter.chop(1);
        filter += (first ? QString() : u", "_s) + u"alertname=~\"(?i).*"_s + pattern + u".*\"}"_s;
    }
    query.expr = u"ALERTS"_s + filter;
    plan.queries.push_back(std::move(query));
}

/// The panel whose queries run: itself, or the one a "-- Dashboard --" reference leads to.
const PanelSpec* queriedPanel(const PanelSpec& panel, const PlanContext& context, PanelPlan& plan)
{
    const PanelSpec* current = &panel;
    for (int depth = 0; depth < kDeepestReuse && current; ++depth) {
        const Target* target = current->targets.empty() ? nullptr : &current->targets.front();
        const bool reuses = isDashboardSource(current->datasource) || (target && isDashboardSource(target->datasource));
        if (!reuses)
            return current;
        const int id = target ? int(target->raw[u"panelId"].toInt()) : 0;
        plan.sourcePanelId = id;
        plan.withSourceTransformations = target && target->raw[u"withTransforms"].toBool();
        current = context.findPanel ? context.findPanel(id) : nullptr;
    }
    PlannedQuery query;
    query.refId = u"A"_s;
    query.datasource = u"-- Dashboard --"_s;
    query.error = makeError(ErrorCode::Reference, u"The panel whose result this one shows does not exist"_s);
    plan.queries.push_back(std::move(query));
    return nullptr;
}

} // namespace

PanelPlan planPanel(const PanelSpec& panel, const PlanContext& context)
{
    PanelPlan plan;
    const PanelSpec* queried = queriedPanel(panel, context, plan);
    const PanelSpec& timed = queried ? *queried : panel;
    plan.range = panelTimeRange(context.rawRange, context.range,
                                context.scope ? interpolate(timed.timeFrom, *context.scope) : timed.timeFrom,
                                context.scope ? interpolate(timed.timeShift, *context.scope) : timed.timeShift,
                                context.nowMs, context.timeZone);
    if (!queried)
        return plan;
    static const VariableScope none;
    const VariableScope& scope = context.scope ? *context.scope : none;
    StepRequest step;
    step.rangeMs = plan.range.spanMs();
    step.maxDataPoints = queried->maxDataPoints.value_or(context.widthPx >= 1 ? context.widthPx : kUnknownWidth);
    step.scrapeIntervalMs = context.scrapeIntervalMs;
    const Result<qint64> own = parseInterval(interpolate(queried->interval, scope));
    step.intervalMs = panelIntervalMs(step.rangeMs, step.maxDataPoints, own && *own > 0 ? *own : context.scrapeIntervalMs);
    plan.intervalMs = step.intervalMs;
    if (panel.type == u"alertlist") {
        planAlerts(panel, scope, plan);
        return plan;
    }
    for (const Target& target : queried->targets) {
        if (!target.hide)
            planTarget(*queried, target, context, scope, step, plan);
    }
    return plan;
}

} // namespace Promdeck
