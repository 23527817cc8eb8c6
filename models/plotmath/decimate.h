#pragma once

#include "models/panel/panelmodels.h"
#include "models/plotmath/valuescale.h"

#include <vector>

namespace Promdeck {

/// A place in a plot, in pixels from its top left corner. A NaN y breaks the line.
struct PlotPoint
{
    float x = 0;
    float y = 0;
};

/// How times and values become pixels.
struct PixelMap
{
    TimeRange range;
    ValueScale scale;
    double width = 0;  ///< px of the plot area
    double height = 0;
    double margin = 0; ///< px added to both coordinates: room around the plot area for wide strokes

    [[nodiscard]] double xOf(qint64 timeMs) const
    {
        return margin + double(timeMs - range.fromMs) * (width / double(range.spanMs()));
    }
    [[nodiscard]] double yOf(double value) const { return margin + (1 - scale.place(value)) * height; }
};

/// The points of a series inside the range plus one on either side (lines run off the edge), as pixels.
/// More than four points in a column of 1/columnsPerPixel pixel become its first, lowest, highest and last,
/// so that what is drawn stays the same at a cost bounded by the width. Gaps (kNull, NaN, and neighbours
/// further apart than the style's insertNullsMs) become one breaking point each, unless spanNullsMs bridges them.
[[nodiscard]] std::vector<PlotPoint> pixelPoints(const Column& times, const Column& values, const SeriesStyle& style,
                                                 const PixelMap& map, int columnsPerPixel = 4);

/// Rewrites points as what the interpolation draws between them: steps, or a monotone cubic curve (no
/// overshoot beyond the samples) cut into short straight pieces.
[[nodiscard]] std::vector<PlotPoint> interpolated(const std::vector<PlotPoint>& points, LineInterpolation mode,
                                                  double pieceLength = 1.5);

} // namespace Promdeck
