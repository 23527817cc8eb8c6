#pragma once

#include "models/dashboard/interpolation.h"
#include "models/query/timegrammar.h"

#include <QHash>

#include <functional>
#include <optional>
#include <vector>

namespace Promdeck {

/// One query ready to be sent: variables expanded, ends aligned. Times and steps in ms.
struct PlannedQuery
{
    enum class Kind { PromQl, Alerts, LokiLogs, LokiMetric, Exemplars };
    Kind kind = Kind::PromQl;
    QString refId;
    QString datasource;   ///< as shown: the reference after expansion, or "Prometheus"
    QString stack;        ///< name of another stack that was chosen for the reference; empty = the session's own
    QString expr;         ///< as sent
    QString legendFormat; ///< variables expanded; {{label}} still in it
    QString format;       ///< time_series, table, heatmap
    bool instant = false;
    qint64 startMs = 0;   ///< equal to endMs for instant queries
    qint64 endMs = 0;
    qint64 stepMs = 0;
    int lineLimit = 1000;  ///< of log lines
    bool backward = true;  ///< log lines: the newest first
    std::optional<Error> error; ///< not sendable (Unsupported); the others of the panel still are
    bool operator==(const PlannedQuery&) const = default;
};

/// Everything a panel asks for at one moment.
struct PanelPlan
{
    TimeRange range;        ///< the panel's own
    qint64 intervalMs = 0;  ///< $__interval of the panel
    std::vector<PlannedQuery> queries; ///< hidden and empty ones are left out
    std::vector<PlannedQuery> exemplars; ///< asked beside the queries; a plot is whole without them
    std::vector<PlannedQuery> earlier;   ///< the queries again, an earlier time, for a plot that compares
    qint64 earlierMs = 0;   ///< how much earlier; 0 = nothing is compared
    QStringList fanOut;     ///< names of further stacks that are asked the same
    int sourcePanelId = 0;  ///< "-- Dashboard --": the panel whose queries these are
    bool withSourceTransformations = false;
    bool operator==(const PanelPlan&) const = default;
};

/// What the user chose for a reference that names no known data source.
struct ChosenSource
{
    QString type;  ///< "prometheus" or "loki"; empty: nothing yet, its queries wait
    QString stack; ///< empty = the session's own
    bool operator==(const ChosenSource&) const = default;
};

struct PlanContext
{
    const VariableScope* scope = nullptr; ///< of the panel: scoped values included
    RawTimeRange rawRange;
    TimeRange range;
    qint64 nowMs = 0;
    QString timeZone;
    double widthPx = 0;     ///< 0 = unknown (500)
    qint64 scrapeIntervalMs = 15000;
    /// Plug-in type behind a reference ("${DS_X}", "$ds", a uid); empty = unknown. May be unset.
    std::function<QString(const QString& uid)> datasourceType;
    bool hasLoki = false; ///< the stack knows one
    /// By reference as written; what is not in it is taken as the file says.
    QHash<QString, ChosenSource> chosenSources;
    /// Adds the dashboard's ad-hoc filters to every selector of an expression. May be unset.
    std::function<QString(const QString& expr)> addFilters;
    /// The panel with this id, for "-- Dashboard --". May be unset.
    std::function<const PanelSpec*(int id)> findPanel;
};

/// Plans a panel's queries as Grafana's scene query runner and Prometheus data source do together
/// (rules in interval.h). Pure.
[[nodiscard]] PanelPlan planPanel(const PanelSpec& panel, const PlanContext& context);

} // namespace Promdeck
