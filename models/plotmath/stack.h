#pragma once

#include "models/panel/panelmodels.h"

namespace Promdeck {

/// One series on top of others of its group.
struct StackedSeries
{
    Column times;  ///< the group's common timestamps
    Column values; ///< upper edge; kNull where the series itself has nothing
    Column lower;  ///< lower edge (the upper edge of what is below; zero at the bottom)
};

/// Stacks the series whose indexes are given, in order, all of one group. Timestamps may differ: the result
/// is on their union. Where a series has no sample it adds nothing and shows a gap, except that a coarser
/// series is interpolated between its own neighbouring samples. Percent divides by the sum at each time (0..1).
/// Series that are nowhere positive stack downward, apart from the others.
[[nodiscard]] std::vector<StackedSeries> stackSeries(const std::vector<const SeriesModel*>& series,
                                                     StackingMode mode);

} // namespace Promdeck
