#pragma once

#include "models/plotmath/preparedplot.h"

#include <QImage>
#include <QRect>

namespace Promdeck {

/// Paints the series of a plot, without axes, over a picture (premultiplied ARGB). area: where in the picture,
/// in device pixels; strokes and points may stand out of it a little. focus: index of a series to stand out
/// (others fade), or -1. Pure function, any thread.
void paintSeries(QImage& picture, const QRect& area, const TimeSeriesModel& model, const PreparedPlot& plot, double dpr,
                 ThemeKind theme, int focus = -1);

} // namespace Promdeck
