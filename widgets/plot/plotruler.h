#pragma once

#include "widgets/plot/plothover.h"

namespace Promdeck {

/// What lies between two moments of one series, from its samples as the server sent them.
struct Measure
{
    int series = 0;       ///< index into the model's series
    double first = 0;     ///< the sample nearest to the earlier moment
    double last = 0;
    qint64 firstMs = 0;
    qint64 lastMs = 0;
    double perSecond = 0; ///< slope of the line through both
    double area = 0;      ///< value times seconds below the samples (trapezoids); gaps count nothing
    double mean = 0;      ///< area over the time that has samples
};

/// Of every series that is shown, the measure between two moments (in any order); series with fewer than two samples
/// there are left out.
[[nodiscard]] std::vector<Measure> measures(const TimeSeriesModel& model, const RenderedPlot& rendered, qint64 a, qint64 b);

/// The ruler's tooltip: how long, and two lines per series, the one nearest to the cursor first.
[[nodiscard]] TooltipContent rulerContent(const TimeSeriesModel& model, const RenderedPlot& rendered, qint64 a, qint64 b,
                                          const QString& timeZone, int nearestSeries, int maxRows);

} // namespace Promdeck
