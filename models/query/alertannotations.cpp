#include "models/prometheus/decoder.h"
#include "models/query/annotations.h"

#include <algorithm>
#include <cmath>
#include <map>

namespace Promdeck {

using namespace Qt::StringLiterals;

namespace {

constexpr Rgba kFiring {242, 73, 92};
constexpr Rgba kPending {255, 152, 48};
constexpr auto kAlertStep = "30s";

struct Span
{
    qint64 fromMs = 0;
    qint64 toMs = 0;
    bool firing = false;
};

/// Neighbouring samples that an alert has in one state.
std::vector<Span> spansOf(const SeriesData& series, bool firing, qint64 stepMs)
{
    std::vector<Span> spans;
    if (!series.times.isTimes())
        return spans;
    for (const qint64 at : series.times.times()) {
        if (!spans.empty() && at - spans.back().toMs <= stepMs + stepMs / 2)
            spans.back().toMs = at;
        else
            spans.push_back({at, at, firing});
    }
    return spans;
}

/// Since when the alert was active, as ALERTS_FOR_STATE said at this moment.
std::optional<qint64> activeAt(const SeriesData* series, qint64 at)
{
    if (!series || !series->times.isTimes() || !series->values.isNumbers())
        return {};
    const auto& times = series->times.times();
    const auto found = std::lower_bound(times.begin(), times.end(), at);
    if (found == times.end() || *found != at)
        return {};
    const double seconds = series->values.numbers()[size_t(found - times.begin())];
    if (!std::isfinite(seconds) || seconds <= 0 || seconds > 9e12)
        return {};
    return qint64(std::llround(seconds * 1000));
}

Labels identity(const Labels& labels)
{
    Labels own;
    for (const auto& [name, value] : labels) {
        if (name != u"__name__" && name != u"alertstate")
            own.insert(name, value);
    }
    return own;
}

Annotation described(const Labels& labels, const Span& span)
{
    Annotation one;
    one.fromMs = span.fromMs;
    one.toMs = span.toMs;
    one.layer = kAlertLayer.toString();
    one.title = labels.value(u"alertname"_s);
    one.color = span.firing ? kFiring : kPending;
    one.tags << (span.firing ? u"firing"_s : u"pending"_s);
    if (const QString severity = labels.value(u"severity"_s); !severity.isEmpty())
        one.tags << severity;
    QStringList rest;
    for (const auto& [name, value] : labels) {
        if (name != u"alertname" && name != u"severity")
            rest << name + u'=' + value;
    }
    one.text = rest.join(u", "_s);
    return one;
}

} // namespace

std::vector<AnnotationPlan> planAlertStates(const PlanContext& context)
{
    PanelSpec panel;
    panel.type = u"timeseries"_s;
    for (const QString& expr : {u"ALERTS{alertstate=~\"firing|pending\"}"_s, u"ALERTS_FOR_STATE"_s}) {
        Target target;
        target.refId = panel.targets.empty() ? u"Alerts"_s : u"For"_s;
        target.expr = expr;
        target.interval = QString::fromLatin1(kAlertStep);
        target.raw = Json::object();
        panel.targets.push_back(std::move(target));
    }
    PanelPlan planned = planPanel(panel, context);
    std::vector<AnnotationPlan> plans;
    for (PlannedQuery& query : planned.queries) {
        AnnotationPlan plan;
        plan.kind = plans.empty() ? AnnotationPlan::Kind::Alerts : AnnotationPlan::Kind::AlertsFor;
        plan.name = kAlertLayer.toString();
        plan.joinMs = query.stepMs;
        plan.color = kFiring;
        plan.query = std::move(query);
        plans.push_back(std::move(plan));
    }
    return plans;
}

std::vector<Annotation> alertAnnotations(const QueryResult& alerts, const QueryResult* activeSince, qint64 stepMs)
{
    std::map<Labels, const SeriesData*> since;
    if (activeSince) {
        for (const SeriesData& series : activeSince->series)
            since.emplace(identity(series.labels), &series);
    }
    std::map<Labels, std::vector<Span>> byAlert;
    for (const SeriesData& series : alerts.series) {
        const bool firing = series.labels.value(u"alertstate"_s) == u"firing";
        std::vector<Span> spans = spansOf(series, firing, stepMs);
        std::vector<Span>& all = byAlert[identity(series.labels)];
        all.insert(all.end(), spans.begin(), spans.end());
    }
    std::vector<Annotation> marks;
    for (auto& [labels, spans] : byAlert) {
        std::ranges::sort(spans, {}, &Span::fromMs);
        const auto known = since.find(labels);
        const SeriesData* active = known == since.end() ? nullptr : known->second;
        for (size_t i = 0; i < spans.size(); ++i) {
            Span& span = spans[i];
            const bool follows = i > 0 && span.fromMs - spans[i - 1].toMs <= stepMs + stepMs / 2;
            if (follows)
                spans[i - 1].toMs = span.fromMs; // one state ends where the next begins
            else if (const auto exact = activeAt(active, span.fromMs); exact && *exact < span.fromMs && (i == 0 || *exact > spans[i - 1].toMs))
                span.fromMs = *exact;
        }
        for (const Span& span : spans)
            marks.push_back(described(labels, span));
    }
    std::ranges::stable_sort(marks, {}, &Annotation::fromMs);
    if (marks.size() > kMostAlertSpans)
        marks.erase(marks.begin(), marks.end() - qsizetype(kMostAlertSpans));
    return marks;
}

bool wantsAlertStates(const Dashboard& dashboard)
{
    const Json& own = dashboard.migrated.path(u"promdeck.alertStates");
    if (own.isBool())
        return own.toBool();
    return std::ranges::any_of(dashboard.annotations, [](const AnnotationSpec& spec) {
        const bool alert = spec.raw[u"type"].toString() == u"alert" || spec.raw.path(u"target.type").toString() == u"alert";
        return alert && spec.enable;
    });
}

} // namespace Promdeck
