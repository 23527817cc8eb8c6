#pragma once

#include "models/plotmath/preparedplot.h"

#include <QRectF>

class QPainter;

namespace Promdeck {

/// Draws the series of a plot with a painter, as lines and areas: for SVG, PDF and pictures of any density. Looks like
/// paintSeries(), which is for screens. area: in the painter's own coordinates; it is clipped to it, with room for
/// wide strokes.
void drawSeries(QPainter& painter, const QRectF& area, const TimeSeriesModel& model, const PreparedPlot& plot,
                ThemeKind theme);

} // namespace Promdeck
