#pragma once

#include "widgets/plot/plotlayout.h"

#include <QImage>

#include <memory>

namespace Promdeck {

/// Everything a picture of a plot depends on: a snapshot that can travel to another thread.
struct PlotRequest
{
    std::shared_ptr<const TimeSeriesModel> model;
    std::vector<char> hidden; ///< 1 for series the user switched off
    int focus = -1;           ///< series that stands out
    QSizeF size;              ///< logical pixels
    double dpr = 1;
    PlotTheme theme;
    QString timeZone;
    QString secondZone;   ///< another line of times; empty = none
    ValueWindows windows; ///< what the user zoomed to, per axis
    quint64 generation = 0;
};

/// The picture (axes, grid, thresholds and series) and what is needed to find things in it.
struct RenderedPlot
{
    QImage image;
    PlotLayout layout;
    PreparedPlot plot;
    quint64 generation = 0;
};

/// Pure function, any thread; deterministic for the same request and fonts.
[[nodiscard]] RenderedPlot renderPlot(const PlotRequest& request);

/// The same picture drawn with a painter, at its origin: lines and texts as such, for SVG, PDF and any density.
void drawPlot(QPainter& painter, const PlotRequest& request);

} // namespace Promdeck
