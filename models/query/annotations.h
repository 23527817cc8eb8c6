#pragma once

#include "models/frame/color.h"
#include "models/query/paneldata.h"
#include "models/query/queryplanner.h"

#include <set>

namespace Promdeck {

struct QueryResult;

/// A moment or a span of time that is marked in every plot.
struct Annotation
{
    qint64 fromMs = 0;
    qint64 toMs = 0; ///< equal to fromMs for a moment
    QString layer;   ///< the name of the annotation query
    QString title;
    QString text;
    QStringList tags;
    Rgba color;
    QString id {};   ///< of the operator's own ones; empty = from a query
    int panelId = 0; ///< shown in this panel only; 0 = in all that its layer is for
    bool operator==(const Annotation&) const = default;
};

/// Layers that no dashboard defines; widgets give them names.
inline constexpr QStringView kOwnLayer = u"promdeck:own";      ///< the operator's own
inline constexpr QStringView kAlertLayer = u"promdeck:alerts"; ///< alerts that fire or wait to

/// One annotation query of a dashboard, ready to be asked.
struct AnnotationPlan
{
    enum class Kind { Query, Alerts, AlertsFor };
    Kind kind = Kind::Query;
    PlannedQuery query; ///< with an error where it cannot be asked
    QString name;
    QString titleFormat; ///< {{label}} still in them, variables expanded
    QString textFormat;
    QStringList tagKeys; ///< labels whose values become tags
    bool valueIsTime = false; ///< the sample's value is the moment, ms
    qint64 joinMs = 60'000; ///< active samples no further apart than this are one span
    Rgba color;
    std::set<int> panels; ///< ids; empty = all
    bool exclude = false; ///< all panels but these
    bool operator==(const AnnotationPlan&) const = default;
};

/// An annotation query as its switch shows it.
struct AnnotationLayer
{
    QString name;
    Rgba color;
    bool enabled = true;
    bool hidden = false; ///< the file wants no switch
    int count = 0;
    std::optional<Error> error;
    bool operator==(const AnnotationLayer&) const = default;
};

/// Plans the query of an annotation as Grafana's Prometheus data source does: steps of 60 s unless it says otherwise,
/// no more points than `context.widthPx`. Nothing for Grafana's own annotations and for those without a query.
[[nodiscard]] std::optional<AnnotationPlan> planAnnotation(const AnnotationSpec& spec, const PlanContext& context,
                                                           ThemeKind theme);

/// Samples above zero are active; active neighbours become one span. Source: Grafana's Prometheus data source.
[[nodiscard]] std::vector<Annotation> annotationsFrom(const AnnotationPlan& plan, const QueryResult& result);

/// The two queries behind kAlertLayer: ALERTS says when an alert was in which state, ALERTS_FOR_STATE since when it
/// was active, more exactly than the steps of a range query.
[[nodiscard]] std::vector<AnnotationPlan> planAlertStates(const PlanContext& context);
/// A span for each time an alert was pending or firing: titled with its name, the state and the severity as tags,
/// other labels as text. `activeSince` may be null. The newest kMostAlertSpans are kept.
inline constexpr size_t kMostAlertSpans = 500;
[[nodiscard]] std::vector<Annotation> alertAnnotations(const QueryResult& alerts, const QueryResult* activeSince, qint64 stepMs);
/// The dashboard itself asks for alert states: by an annotation of Grafana's type "alert", or under its `promdeck` key.
[[nodiscard]] bool wantsAlertStates(const Dashboard& dashboard);

/// Features of the dashboard's annotations that are not honoured ("annotation:loki").
[[nodiscard]] QStringList unsupportedAnnotations(const Dashboard& dashboard);

/// The samples of `query_exemplars` ({"seriesLabels", "exemplars": [{"labels", "value", "timestamp"}]}), thinned out
/// as Grafana does: of those within one step the highest, and lower ones that lie two standard deviations apart.
[[nodiscard]] std::vector<Exemplar> exemplarsFrom(const Json& data, const QString& refId, qint64 stepMs);

} // namespace Promdeck
