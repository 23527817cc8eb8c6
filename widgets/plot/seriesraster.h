#pragma once

#include "models/plotmath/preparedplot.h"

#include <QImage>
#include <QSizeF>

namespace Promdeck {

/// The series of a plot, without axes: a transparent picture of the plot area with `margin` extra pixels on
/// each side (strokes and points may stand out a little). Pure function, any thread.
struct SeriesPicture
{
    QImage image; ///< device pixels, devicePixelRatio set
    int margin = 0; ///< device pixels
};

/// area: size of the plot area in logical pixels. focus: index of a series to stand out (others fade), or -1.
[[nodiscard]] SeriesPicture rasterSeries(const TimeSeriesModel& model, const PreparedPlot& plot, QSizeF area, double dpr,
                                         ThemeKind theme, int focus = -1);

} // namespace Promdeck
