#pragma once

#include "models/frame/frame.h"
#include "models/query/queryplanner.h"

namespace Promdeck {

/// The same queries an earlier time, for a plot that compares. Instant queries and what is no PromQL stay out.
[[nodiscard]] std::vector<PlannedQuery> queriesBefore(const PanelPlan& plan, qint64 beforeMs);

/// Adds the frames of an earlier time to those of now: moved onto the same time axis, their series dashed, unfilled
/// and named after how much earlier they are ("idle −1d").
void addEarlierFrames(Frames& frames, Frames earlier, qint64 beforeMs);

/// "1h", "1d", "1w", "90m": the largest unit that says it in a whole number.
[[nodiscard]] QString periodText(qint64 ms);

} // namespace Promdeck
