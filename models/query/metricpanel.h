#pragma once

#include "models/core/json.h"

#include <QStringList>

namespace Promdeck {

/// What is known of a metric: its type and help as the targets tell, and which names are around.
struct MetricInfo
{
    QString name;
    QString type; ///< "counter", "gauge", "histogram", "summary", "info", "stateset"; empty or "unknown" = not told
    QString help;
    QString unit; ///< OpenMetrics' unit, mostly empty
};

/// What to draw for a metric.
struct MetricQuery
{
    struct Query
    {
        QString expr;
        QString legend;
        bool operator==(const Query&) const = default;
    };
    std::vector<Query> queries;
    QString unit;  ///< Grafana's id; "short" when nothing tells more
    QString title; ///< "node_cpu_seconds_total rate"
};

/// The query that fits a metric: counters as rates, histograms as quantiles, everything else as it is. A metric whose
/// type is not told is judged by its name ("_total", "_bucket", "_count", "_sum"). `hasBuckets`: a classic histogram
/// of that name has "_bucket" series; else it is taken for a native one. `matchers`: "job=\"x\"" to put in the braces.
[[nodiscard]] MetricQuery queryForMetric(const MetricInfo& metric, bool hasBuckets, const QString& matchers = {});

/// A time series panel for it, without id and place.
[[nodiscard]] Json panelForMetric(const MetricInfo& metric, bool hasBuckets, const QString& matchers = {});

/// Grafana's unit for a metric's name by the words that end it ("_bytes", "_seconds"...), of the value or of its rate.
[[nodiscard]] QString unitOfMetric(const QString& name, bool rate);

/// The name that carries the metadata: a histogram's or summary's parts belong to it.
[[nodiscard]] QString metricFamily(const QString& name);

} // namespace Promdeck
