#pragma once

#include "models/panel/panelmodels.h"
#include "models/plotmath/valuescale.h"

#include <optional>
#include <utility>
#include <vector>

namespace Promdeck {

/// A series as it is drawn: stacked or turned upside down, hidden ones left out.
struct PreparedSeries
{
    int index = 0;     ///< into TimeSeriesModel::series
    Column times;
    Column values;
    Column lower;      ///< lower edge of the fill at the same times; no column: down to the baseline
    bool stacked = false;
    bool percent = false;
    int bandTo = -1;   ///< index into PreparedPlot::series: fill only down to that series
};

struct PreparedPlot
{
    std::vector<PreparedSeries> series; ///< in drawing order
    std::vector<ValueScale> scales;     ///< one per axis of the model
    std::vector<char> axisUsed;         ///< 1 where a visible series is on the axis
    std::vector<char> axisPercent;      ///< 1 where all of them are stacked to 100 % (values 0..1)
    TimeRange range;
};

/// What an axis's configuration asks of its range.
[[nodiscard]] RangeRules rangeRules(const AxisModel& axis);

/// What the user wants to see of each axis, lower end first; nothing = as the data and the panel have it.
using ValueWindows = std::vector<std::optional<std::pair<double, double>>>;

/// hidden[i] leaves series i out (the user's choice in the legend); shorter vectors mean "shown".
[[nodiscard]] PreparedPlot preparePlot(const TimeSeriesModel& model, const std::vector<char>& hidden = {},
                                       const ValueWindows& windows = {});

} // namespace Promdeck
