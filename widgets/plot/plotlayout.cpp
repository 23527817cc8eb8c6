#include "widgets/plot/plotlayout.h"

#include "widgets/plot/axistext.h"
#include "widgets/plot/plottext.h"


#include <algorithm>
#include <cmath>

namespace Promdeck {

namespace {

constexpr double Edge = 5;         ///< between the widget's edge and axis labels
constexpr double LabelGap = 6;     ///< between labels and the plot area
constexpr double TimeAxisHeight = 24;
constexpr double TopAir = 8;
constexpr double SideAir = 8;
constexpr double TickDistance = 30; ///< least distance of horizontal grid lines
constexpr double LowTickDistance = 18;
constexpr double LowPanel = 110;

double widest(const QStringList& texts, const PlotText& shaper)
{
    double width = 0;
    for (const QString& text : texts)
        width = std::max(width, shaper.width(text));
    return std::ceil(width);
}

QColor axisColor(const TimeSeriesModel& model, const PreparedPlot& plot, size_t axis, const PlotTheme& theme)
{
    if (axis < model.axes.size() && model.axes[axis].colorFromSeries) {
        for (const PreparedSeries& series : plot.series) {
            const SeriesModel& source = model.series[size_t(series.index)];
            if (size_t(std::max(source.axis, 0)) == axis)
                return toQColor(source.color);
        }
    }
    return theme.text;
}

std::vector<AxisLayout> layoutAxes(const TimeSeriesModel& model, const PreparedPlot& plot, double height,
                                   const PlotTheme& theme, const QString& timeZone)
{
    std::vector<AxisLayout> axes;
    const double distance = (height < LowPanel ? LowTickDistance : TickDistance) / std::max(height, 1.0);
    bool leftTaken = false;
    const bool nothingUsed = std::find(plot.axisUsed.begin(), plot.axisUsed.end(), 1) == plot.axisUsed.end();
    for (size_t index = 0; index < plot.scales.size(); ++index) {
        if (!plot.axisUsed[index] && !(nothingUsed && index == 0))
            continue;
        const AxisModel model_ = index < model.axes.size() ? model.axes[index] : AxisModel();
        AxisLayout axis;
        axis.axis = int(index);
        axis.hidden = model_.placement == AxisPlacement::Hidden;
        axis.right = model_.placement == AxisPlacement::Right
            || (model_.placement == AxisPlacement::Auto && leftTaken);
        leftTaken = leftTaken || (!axis.right && !axis.hidden);
        const bool percent = plot.axisPercent[index] != 0;
        UnitSteps steps = stepsForUnit(model_.unit);
        if (percent)
            steps = {};
        axis.ticks = valueTicks(plot.scales[index], distance, steps);
        for (double wider = 2 * distance; wider < 1 && !labelsCanShow(axis.ticks.step, model_, percent, timeZone); wider *= 2)
            axis.ticks = valueTicks(plot.scales[index], wider, steps);
        axis.texts = axisTexts(model_, axis.ticks, percent, timeZone);
        axis.label = model_.label;
        axis.color = axisColor(model, plot, index, theme);
        axes.push_back(std::move(axis));
    }
    return axes;
}

} // namespace

PlotLayout layoutPlot(const TimeSeriesModel& model, const PreparedPlot& plot, QSizeF size, const PlotTheme& theme,
                      const QString& timeZone, const QString& secondZone)
{
    PlotLayout layout;
    layout.size = size;
    const PlotText shaper(theme.font);
    const double line = shaper.height();
    const bool second = !secondZone.isEmpty() && size.height() >= LowPanel;
    const double bottomRoom = size.height() < 60 ? 0 : std::max(TimeAxisHeight, line + 6) + (second ? line : 0);
    const double height = std::max(size.height() - TopAir - bottomRoom, 1.0);
    layout.axes = layoutAxes(model, plot, height, theme, timeZone);

    double left = 0;
    double right = 0;
    for (AxisLayout& axis : layout.axes) {
        if (axis.hidden)
            continue;
        const AxisModel* source = size_t(axis.axis) < model.axes.size() ? &model.axes[size_t(axis.axis)] : nullptr;
        double width = Edge + widest(axis.texts, shaper) + LabelGap;
        if (!axis.label.isEmpty())
            width += shaper.height() + 4;
        if (source && source->widthPx > 0)
            width = source->widthPx;
        // However long its labels are, an axis leaves the plot most of the room.
        width = std::min(width, size.width() * 0.4);
        if (axis.right) {
            axis.rect = QRectF(size.width() - right - width, TopAir, width, height);
            right += width;
        } else {
            axis.rect = QRectF(left, TopAir, width, height);
            left += width;
        }
    }
    const double areaLeft = left > 0 ? left : SideAir;
    const double areaRight = right > 0 ? right : SideAir;
    // Whole pixels, so that grid lines are sharp.
    layout.area = QRectF(std::round(areaLeft), std::round(TopAir),
                         std::max(std::floor(size.width() - areaLeft - areaRight), 1.0), std::floor(height));
    for (AxisLayout& axis : layout.axes) {
        // Axes stack outwards from the plot: the first of a side is next to it.
        if (!axis.hidden && axis.right)
            axis.rect.moveLeft(layout.area.right() + (size.width() - axis.rect.right()));
        else if (!axis.hidden)
            axis.rect.moveLeft(areaLeft - axis.rect.right());
    }
    for (size_t index = 0; index < layout.axes.size(); ++index) {
        const auto source = size_t(layout.axes[index].axis);
        if (layout.gridAxis < 0 && (source >= model.axes.size() || model.axes[source].showGrid))
            layout.gridAxis = int(index);
    }

    const QTimeZone zone = timeZoneByName(timeZone);
    layout.time = timeTicks(plot.range, zone, layout.area.width(), [&shaper](const QString& format) {
        QString sample = format;
        for (QChar& character : sample) {
            if (character.isLetter())
                character = u'0';
        }
        return shaper.width(sample);
    });
    for (const qint64 at : layout.time.at)
        layout.timeTexts.append(timeText(at, zone, layout.time.format));
    if (!second)
        return layout;
    const QTimeZone other = timeZoneByName(secondZone);
    for (const qint64 at : layout.time.at)
        layout.secondTexts.append(timeText(at, other, layout.time.format));
    layout.zoneNames = {zoneName(zone, plot.range.toMs), zoneName(other, plot.range.toMs)};
    return layout;
}

} // namespace Promdeck
