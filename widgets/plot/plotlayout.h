#pragma once

#include "models/plotmath/preparedplot.h"
#include "models/plotmath/timeticks.h"
#include "models/plotmath/valueticks.h"
#include "widgets/plot/plottheme.h"

#include <QRectF>
#include <QStringList>

namespace Promdeck {

/// Where one Y axis stands and what it says.
struct AxisLayout
{
    int axis = 0; ///< index into the model's axes
    bool right = false;
    bool hidden = false; ///< takes no room, but may own the grid
    QRectF rect;
    ValueTicks ticks;
    QStringList texts;
    QString label;
    QColor color;
};

/// Places of everything around the series, in logical pixels of the widget.
struct PlotLayout
{
    QSizeF size;
    QRectF area; ///< where series are drawn
    std::vector<AxisLayout> axes;
    int gridAxis = -1; ///< index into axes whose ticks draw the horizontal grid
    TimeTicks time;
    QStringList timeTexts;
    QStringList secondTexts; ///< the same moments in another time zone; empty = there is none
    QStringList zoneNames;   ///< of both lines then

    [[nodiscard]] double xOf(qint64 timeMs, const TimeRange& range) const
    {
        return area.left() + double(timeMs - range.fromMs) * area.width() / double(std::max<qint64>(range.spanMs(), 1));
    }
    [[nodiscard]] qint64 timeAt(double x, const TimeRange& range) const
    {
        return range.fromMs + qint64(std::llround((x - area.left()) / std::max(area.width(), 1.0) * double(range.spanMs())));
    }
    [[nodiscard]] double yOf(double value, const ValueScale& scale) const
    {
        return area.bottom() - scale.place(value) * area.height();
    }
};

/// Chooses ticks and gives axes the room their labels need. Any thread.
[[nodiscard]] PlotLayout layoutPlot(const TimeSeriesModel& model, const PreparedPlot& plot, QSizeF size,
                                    const PlotTheme& theme, const QString& timeZone, const QString& secondZone = {});

} // namespace Promdeck
