#include "widgets/plot/plotrender.h"

#include "widgets/plot/columnkernels.h"
#include "widgets/plot/picturestore.h"
#include "widgets/plot/plotmarks.h"
#include "widgets/plot/plottext.h"
#include "widgets/plot/seriesraster.h"
#include "widgets/plot/seriesvector.h"

#include <QPainter>

#include <cmath>

namespace Promdeck {

namespace {

constexpr double TickLength = 4;

/// A hairline: one device pixel wide (two at twice the density), on whole ones. Written into the picture: Qt spreads
/// a translucent fill of about a hundred rows over threads of its own and waits for them, and spends longer on
/// preparing a fill than these few pixels take.
void hairline(QImage& image, QPointF from, QPointF to, const QColor& color)
{
    const double dpr = image.devicePixelRatio();
    const int thick = std::max(1, int(dpr));
    QRect line(QPoint(int(std::lround(from.x() * dpr)), int(std::lround(from.y() * dpr))),
               QPoint(int(std::lround(to.x() * dpr)) - 1, int(std::lround(to.y() * dpr)) - 1));
    if (from.x() == to.x())
        line.setWidth(thick);
    else
        line.setHeight(thick);
    line &= image.rect();
    if (line.isEmpty())
        return;
    const qsizetype stride = image.bytesPerLine() / qsizetype(sizeof(QRgb));
    QRgb* pixels = reinterpret_cast<QRgb*>(image.bits()) + line.top() * stride + line.left();
    Kernels::blendRect(pixels, int(stride), line.width(), line.height(), qPremultiply(color.rgba()));
}

void paintGrid(RenderedPlot& result, const PlotTheme& theme)
{
    const PlotLayout& layout = result.layout;
    const QRectF& area = layout.area;
    for (const qint64 at : layout.time.at) {
        const double x = layout.xOf(at, result.plot.range);
        hairline(result.image, {x, area.top()}, {x, area.bottom() + TickLength}, theme.grid);
    }
    for (size_t index = 0; index < layout.axes.size(); ++index) {
        const AxisLayout& axis = layout.axes[index];
        const ValueScale& scale = result.plot.scales[size_t(axis.axis)];
        const bool grid = int(index) == layout.gridAxis;
        for (const double tick : axis.ticks.at) {
            const double y = layout.yOf(tick, scale);
            if (grid)
                hairline(result.image, {area.left(), y}, {area.right(), y}, theme.grid);
            if (axis.hidden)
                continue;
            if (axis.right)
                hairline(result.image, {axis.rect.left(), y}, {axis.rect.left() + TickLength, y}, theme.grid);
            else
                hairline(result.image, {axis.rect.right() - TickLength, y}, {axis.rect.right(), y}, theme.grid);
        }
    }
}

void paintThresholds(QPainter& painter, const RenderedPlot& result, const TimeSeriesModel& model, double dpr)
{
    using Mode = ThresholdDisplay::Mode;
    const PlotLayout& layout = result.layout;
    for (const AxisLayout& axis : layout.axes) {
        if (size_t(axis.axis) >= model.axes.size())
            continue;
        const ThresholdDisplay& thresholds = model.axes[size_t(axis.axis)].thresholds;
        const ValueScale& scale = result.plot.scales[size_t(axis.axis)];
        const Mode mode = thresholds.mode;
        if (mode == Mode::Off)
            continue;
        const auto yOf = [&](double value) {
            if (value == -std::numeric_limits<double>::infinity())
                return layout.area.bottom();
            return std::clamp(layout.yOf(value, scale), layout.area.top(), layout.area.bottom());
        };
        const bool areas = mode == Mode::Area || mode == Mode::LineAndArea || mode == Mode::DashedLineAndArea;
        const bool dashed = mode == Mode::DashedLine || mode == Mode::DashedLineAndArea;
        for (size_t index = 0; index < thresholds.steps.size(); ++index) {
            const auto& [value, color] = thresholds.steps[index];
            QColor tint = toQColor(color);
            if (areas) {
                const double low = yOf(value);
                const double high = index + 1 < thresholds.steps.size() ? yOf(thresholds.steps[index + 1].first)
                                                                        : layout.area.top();
                tint.setAlphaF(tint.alphaF() * 0.15F);
                painter.fillRect(QRectF(layout.area.left(), high, layout.area.width(), low - high), tint);
            }
            const double place = scale.place(value);
            if (mode == Mode::Area || !std::isfinite(value) || place < 0 || place > 1)
                continue;
            tint = toQColor(color);
            tint.setAlphaF(tint.alphaF() * 0.8F);
            QPen pen(tint, 2);
            pen.setCapStyle(Qt::FlatCap);
            if (dashed)
                pen.setDashPattern({5, 5});
            painter.setPen(pen);
            const double y = std::round(layout.yOf(value, scale) * dpr) / dpr;
            painter.drawLine(QPointF(layout.area.left(), y), QPointF(layout.area.right(), y));
        }
    }
}

void paintTimeLabels(QPainter& painter, const RenderedPlot& result, const PlotTheme& theme)
{
    const PlotLayout& layout = result.layout;
    if (layout.size.height() - layout.area.bottom() < 12)
        return;
    const PlotText shaper(theme.font);
    const auto line = [&](const QStringList& texts, const QString& zone, double baseline) {
        // The zone stands in the corner below the value axis, and the times keep clear of it.
        const double named = zone.isEmpty() ? 0 : shaper.width(zone) + 6;
        const bool room = named <= layout.area.left() + 2;
        if (!zone.isEmpty() && room)
            shaper.draw(painter, QPointF(2, baseline), zone);
        for (size_t index = 0; index < layout.time.at.size(); ++index) {
            const QString& text = texts[qsizetype(index)];
            const double width = shaper.width(text);
            double left = layout.xOf(layout.time.at[index], result.plot.range) - width / 2;
            left = std::clamp(left, room ? named : 0.0, std::max(layout.size.width() - width, room ? named : 0.0));
            shaper.draw(painter, QPointF(std::round(left), baseline), text);
        }
    };
    const double first = layout.area.bottom() + 6 + shaper.ascent();
    painter.setPen(theme.text);
    line(layout.timeTexts, layout.zoneNames.value(0), first);
    if (layout.secondTexts.isEmpty())
        return;
    painter.setPen(theme.weakText);
    line(layout.secondTexts, layout.zoneNames.value(1), first + shaper.height());
}

void paintAxis(QPainter& painter, RenderedPlot& result, const AxisLayout& axis, const AxisModel* model,
               const PlotTheme& theme)
{
    const PlotLayout& layout = result.layout;
    const ValueScale& scale = result.plot.scales[size_t(axis.axis)];
    const PlotText shaper(theme.font);
    painter.setPen(axis.color);
    const double middle = (shaper.ascent() - shaper.descent()) / 2;
    double lastBaseline = 1e9;
    const double labelRoom = axis.label.isEmpty() ? 0 : shaper.height() + 4;
    const double textRoom = std::max(axis.rect.width() - labelRoom - 6 - 1, 1.0);
    for (size_t index = 0; index < axis.ticks.at.size(); ++index) {
        const double y = layout.yOf(axis.ticks.at[index], scale);
        const double baseline = std::round(y + middle);
        if (y < -1 || y > layout.size.height() || lastBaseline - baseline < shaper.ascent() * 0.95)
            continue;
        lastBaseline = baseline;
        const QString text = shaper.elided(axis.texts[qsizetype(index)], textRoom);
        const double x = axis.right ? axis.rect.left() + 6 : axis.rect.right() - 6 - shaper.width(text);
        shaper.draw(painter, QPointF(std::round(x), std::max(baseline, shaper.ascent())), text);
    }
    if (model && model->showBorder) {
        const double x = axis.right ? axis.rect.left() : axis.rect.right();
        hairline(result.image, {x, layout.area.top()}, {x, layout.area.bottom()}, axis.color);
    }
    if (axis.label.isEmpty())
        return;
    painter.save();
    painter.translate(axis.right ? axis.rect.right() - shaper.descent() - 1 : axis.rect.left() + shaper.ascent() + 1,
                      layout.area.center().y());
    painter.rotate(-90);
    const QString text = shaper.elided(axis.label, layout.area.height());
    shaper.draw(painter, QPointF(-shaper.width(text) / 2, 0), text);
    painter.restore();
}

/// paintGrid() for painters that draw lines.
void drawGrid(QPainter& painter, const RenderedPlot& result, const PlotTheme& theme)
{
    const PlotLayout& layout = result.layout;
    const QRectF& area = layout.area;
    painter.setPen(QPen(theme.grid, 1, Qt::SolidLine, Qt::FlatCap));
    for (const qint64 at : layout.time.at) {
        const double x = layout.xOf(at, result.plot.range);
        painter.drawLine(QPointF(x, area.top()), QPointF(x, area.bottom() + TickLength));
    }
    if (layout.gridAxis < 0)
        return;
    const AxisLayout& axis = layout.axes[size_t(layout.gridAxis)];
    for (const double tick : axis.ticks.at) {
        const double y = layout.yOf(tick, result.plot.scales[size_t(axis.axis)]);
        painter.drawLine(QPointF(area.left(), y), QPointF(area.right(), y));
    }
}

void paintAxes(QPainter& painter, RenderedPlot& result, const TimeSeriesModel& model, const PlotTheme& theme)
{
    for (const AxisLayout& axis : result.layout.axes) {
        if (axis.hidden)
            continue;
        const AxisModel* source = size_t(axis.axis) < model.axes.size() ? &model.axes[size_t(axis.axis)] : nullptr;
        paintAxis(painter, result, axis, source, theme);
    }
}

} // namespace

RenderedPlot renderPlot(const PlotRequest& request)
{
    RenderedPlot result;
    result.generation = request.generation;
    static const TimeSeriesModel Nothing;
    const TimeSeriesModel& model = request.model ? *request.model : Nothing;
    result.plot = preparePlot(model, request.hidden, request.windows);
    result.layout = layoutPlot(model, result.plot, request.size, request.theme, request.timeZone, request.secondZone);

    const QSize pixels(int(std::ceil(request.size.width() * request.dpr)),
                       int(std::ceil(request.size.height() * request.dpr)));
    if (pixels.isEmpty())
        return result;
    result.image = transparentPicture(pixels);
    if (result.image.isNull())
        return result;
    result.image.setDevicePixelRatio(request.dpr);
    QPainter painter(&result.image);
    painter.setFont(request.theme.font);
    paintThresholds(painter, result, model, request.dpr);
    // Writes into the picture directly, as the series do: the painter keeps nothing that this could overtake.
    paintGrid(result, request.theme);
    paintAnnotations(painter, result, model);
    const QRectF& place = result.layout.area;
    const QRect area(int(std::lround(place.left() * request.dpr)), int(std::lround(place.top() * request.dpr)),
                     int(std::lround(place.width() * request.dpr)), int(std::lround(place.height() * request.dpr)));
    paintSeries(result.image, area, model, result.plot, request.dpr, request.theme.kind, request.focus);
    paintExemplars(painter, result, model, request.theme);
    paintTimeLabels(painter, result, request.theme);
    paintAxes(painter, result, model, request.theme);
    return result;
}

void drawPlot(QPainter& painter, const PlotRequest& request)
{
    if (!request.model)
        return;
    RenderedPlot result;
    result.plot = preparePlot(*request.model, request.hidden, request.windows);
    result.layout = layoutPlot(*request.model, result.plot, request.size, request.theme, request.timeZone, request.secondZone);
    painter.save();
    painter.setRenderHint(QPainter::Antialiasing);
    painter.setFont(request.theme.font);
    paintThresholds(painter, result, *request.model, 1);
    drawGrid(painter, result, request.theme);
    paintAnnotations(painter, result, *request.model);
    drawSeries(painter, result.layout.area, *request.model, result.plot, request.theme.kind);
    paintTimeLabels(painter, result, request.theme);
    paintAxes(painter, result, *request.model, request.theme);
    painter.restore();
}

} // namespace Promdeck
