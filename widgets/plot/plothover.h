#pragma once

#include "widgets/plot/plotrender.h"

#include <optional>

namespace Promdeck {

/// One series' sample under the cursor.
struct HoverSample
{
    int prepared = 0;  ///< index into PreparedPlot::series
    int series = 0;    ///< index into the model's series
    qsizetype row = 0; ///< in the prepared series' columns
    qint64 timeMs = 0;
    double value = 0;  ///< as the server sent it (not stacked, not upside down)
    QPointF place;     ///< where it is drawn
};

struct HoverSet
{
    qint64 timeMs = 0; ///< of the sample nearest to the cursor
    std::vector<HoverSample> samples;
    int nearest = -1;  ///< index into samples: the one closest to the cursor
};

/// The samples at a time: of each visible series the nearest one, unless it is further away than that
/// series' own samples are from each other. Costs a binary search per distinct time column.
[[nodiscard]] std::optional<HoverSet> samplesAt(const TimeSeriesModel& model, const RenderedPlot& rendered, qint64 timeMs,
                                                double cursorY);

/// One line of the tooltip.
struct TooltipRow
{
    QColor color;
    QString name;
    QString value;
    bool strong = false;
};
struct TooltipContent
{
    QString title;
    std::vector<TooltipRow> rows;
    int left = 0; ///< rows that did not fit
};
/// What the panel's tooltip options say to show, at most maxRows lines around the nearest series. Where the cursor
/// is another panel's no series is nearest: all are shown, none stands out.
[[nodiscard]] TooltipContent tooltipContent(const TimeSeriesModel& model, const HoverSet& hover, const QString& timeZone,
                                            int maxRows, bool fromOtherPanel = false);

} // namespace Promdeck
