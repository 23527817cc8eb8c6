#pragma once

#include "models/frame/frame.h"
#include "models/prometheus/decoder.h"
#include "models/query/queryplanner.h"

namespace Promdeck {

/// What one query of a panel brought.
struct AnsweredQuery
{
    PlannedQuery query;
    std::shared_ptr<const QueryResult> result; ///< null when it failed
    std::shared_ptr<const Frames> frames;      ///< ready ones: logs, alerts
};

/// Frames of a panel as Grafana's Prometheus data source builds them: per query one frame per series (time
/// series, instant vectors), one table, or one heatmap; series first, then tables, then heatmaps. Columns are
/// shared with the results. Gaps are missing rows; the step is in meta.stepMs.
[[nodiscard]] Frames buildFrames(const std::vector<AnsweredQuery>& answers);

/// `name{a="b", c="d"}` with sorted labels; the bare name without other labels; "{}" without any.
[[nodiscard]] QString metricText(const Labels& labels);
/// The name a legend template gives a series; empty for "__auto" with labels (then the name is computed).
[[nodiscard]] QString seriesName(const QString& legendFormat, const QString& expr, const Labels& labels);

} // namespace Promdeck
