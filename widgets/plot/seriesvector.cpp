#include "widgets/plot/seriesvector.h"

#include "models/plotmath/decimate.h"
#include "widgets/plot/plottheme.h"

#include <QPainter>
#include <QPainterPath>

#include <algorithm>
#include <cmath>

namespace Promdeck {

namespace {

constexpr double kFarAway = 1e5;  // px; beyond, painters lose precision
constexpr double kCurvePiece = 3; // px

using Points = std::vector<PlotPoint>;

QColor faded(const Rgba& color, double opacity)
{
    QColor result = toQColor(color);
    result.setAlphaF(float(std::clamp(double(result.alphaF()) * opacity, 0.0, 1.0)));
    return result;
}

QColor turned(const QColor& color, int hue, double lightness)
{
    int h = 0;
    int s = 0;
    int l = 0;
    color.getHsl(&h, &s, &l);
    QColor result = QColor::fromHsl((std::max(h, 0) + hue + 360) % 360, s,
                                    std::clamp(int(std::lround(l + lightness * 255)), 0, 255));
    result.setAlphaF(color.alphaF());
    return result;
}

/// Draws one series after another into an area.
struct VectorPainter
{
    QPainter& painter;
    QRectF area;
    const TimeSeriesModel& model;
    const PreparedPlot& plot;
    ThemeKind theme;

    [[nodiscard]] PixelMap mapFor(const SeriesModel& series) const
    {
        const size_t axis = std::min(size_t(std::max(series.axis, 0)), plot.scales.size() - 1);
        return {plot.range, plot.scales[axis], area.width(), area.height(), 0};
    }
    [[nodiscard]] QPointF at(const PlotPoint& point) const
    {
        return {area.left() + double(point.x), area.top() + std::clamp(double(point.y), -kFarAway, kFarAway)};
    }
    [[nodiscard]] Points line(const PreparedSeries& prepared, const Column& values) const
    {
        const SeriesModel& series = model.series[size_t(prepared.index)];
        const Points points = pixelPoints(prepared.times, values, series.style, mapFor(series), 2);
        return series.style.interpolation == LineInterpolation::Linear ? points
                                                                       : interpolated(points, series.style.interpolation, kCurvePiece);
    }
    /// Each stretch without a gap.
    [[nodiscard]] std::vector<QPolygonF> stretches(const Points& points) const
    {
        std::vector<QPolygonF> found;
        bool open = false;
        for (const PlotPoint& point : points) {
            if (std::isnan(point.y)) {
                open = false;
                continue;
            }
            if (!open)
                found.emplace_back();
            open = true;
            found.back() << at(point);
        }
        return found;
    }
    [[nodiscard]] QBrush schemeBrush(const SeriesModel& series, double opacity) const;
    [[nodiscard]] QBrush lineBrush(const SeriesModel& series) const;
    [[nodiscard]] QBrush fillBrush(const SeriesModel& series) const;
    void drawArea(const PreparedSeries& prepared, const Points& upper) const;
    void drawBars(const PreparedSeries& prepared) const;
    void drawPoints(const SeriesModel& series, const Points& points, bool all) const;
    void draw(const PreparedSeries& prepared) const;
};

QBrush VectorPainter::schemeBrush(const SeriesModel& series, double opacity) const
{
    QLinearGradient gradient(0, area.bottom(), 0, area.top());
    const ValueScale scale = mapFor(series).scale;
    const auto& stops = series.style.colorScale;
    for (size_t index = 0; index < stops.size(); ++index) {
        const double place = std::clamp(scale.place(stops[index].first), 0.0, 1.0);
        // The last of several at the same end counts; a gradient takes one colour per place.
        if (series.style.colorScaleSteps && index > 0)
            gradient.setColorAt(std::max(0.0, place - 1e-6), faded(stops[index - 1].second, opacity));
        gradient.setColorAt(place, faded(stops[index].second, opacity));
    }
    return gradient;
}

QBrush VectorPainter::lineBrush(const SeriesModel& series) const
{
    if (series.style.gradient == GradientMode::Scheme && !series.style.colorScale.empty())
        return schemeBrush(series, 1);
    return toQColor(series.color);
}

QBrush VectorPainter::fillBrush(const SeriesModel& series) const
{
    const double opacity = series.style.fillOpacity;
    const QColor color = faded(series.color, opacity);
    QLinearGradient gradient(0, area.bottom(), 0, area.top());
    switch (series.style.gradient) {
    case GradientMode::Opacity:
        gradient.setColorAt(0, faded(series.color, 0));
        gradient.setColorAt(1, color);
        return gradient;
    case GradientMode::Hue: {
        const double lift = theme == ThemeKind::Dark ? 0.08 : 0.05;
        gradient.setColorAt(0, turned(color, 20, -lift));
        gradient.setColorAt(1, turned(color, -20, lift));
        return gradient;
    }
    case GradientMode::Scheme:
        if (!series.style.colorScale.empty())
            return schemeBrush(series, opacity);
        break;
    case GradientMode::None: break;
    }
    return color;
}

void VectorPainter::drawArea(const PreparedSeries& prepared, const Points& upper) const
{
    const SeriesModel& series = model.series[size_t(prepared.index)];
    if (series.style.fillOpacity <= 0)
        return;
    Points lower;
    if (prepared.bandTo >= 0) {
        const PreparedSeries& below = plot.series[size_t(prepared.bandTo)];
        lower = line(below, below.values);
    } else if (prepared.stacked && prepared.lower.size() > 0) {
        lower = line(prepared, prepared.lower);
    }
    std::erase_if(lower, [](const PlotPoint& point) { return std::isnan(point.y); });
    const PixelMap map = mapFor(series);
    const double baseline = area.top() + map.yOf(map.scale.baseline());
    painter.setPen(Qt::NoPen);
    painter.setBrush(fillBrush(series));
    for (QPolygonF polygon : stretches(upper)) {
        const double from = polygon.first().x();
        const double to = polygon.last().x();
        if (prepared.bandTo >= 0 || prepared.stacked) {
            for (auto it = lower.rbegin(); it != lower.rend(); ++it) {
                const QPointF point = at(*it);
                if (point.x() >= from - 0.01 && point.x() <= to + 0.01)
                    polygon << point;
            }
        } else {
            polygon << QPointF(to, baseline) << QPointF(from, baseline);
        }
        painter.drawPolygon(polygon);
    }
}

void VectorPainter::drawBars(const PreparedSeries& prepared) const
{
    const SeriesModel& series = model.series[size_t(prepared.index)];
    const SeriesStyle& style = series.style;
    const PixelMap map = mapFor(series);
    const auto& times = prepared.times.times();
    const auto& values = prepared.values.numbers();
    const auto& lower = prepared.lower.numbers();
    qint64 step = std::numeric_limits<qint64>::max();
    for (size_t index = 1; index < times.size(); ++index)
        step = std::min(step, times[index] - times[index - 1]);
    if (times.size() < 2)
        step = style.insertNullsMs.value_or(std::max<qint64>(plot.range.spanMs() / 20, 1));
    double width = double(step) * area.width() / double(plot.range.spanMs()) * style.barWidthFactor;
    if (style.barMaxWidth > 0)
        width = std::min(width, style.barMaxWidth);
    width = std::max(0.5, width);
    const double shift = style.barAlignment == BarAlignment::Center ? -width / 2
        : style.barAlignment == BarAlignment::Before                ? -width
                                                                    : 0;
    const double border = std::min(style.lineWidth, width / 2);
    painter.setBrush(fillBrush(series));
    painter.setPen(border > 0 ? QPen(lineBrush(series), border, Qt::SolidLine, Qt::FlatCap, Qt::MiterJoin) : QPen(Qt::NoPen));
    for (size_t index = 0; index < std::min(times.size(), values.size()); ++index) {
        if (std::isnan(values[index]) || times[index] < plot.range.fromMs - step || times[index] > plot.range.toMs + step)
            continue;
        const double foot = map.yOf(index < lower.size() ? lower[index] : map.scale.baseline());
        const double head = std::clamp(map.yOf(values[index]), -kFarAway, kFarAway);
        const QRectF bar(area.left() + map.xOf(times[index]) + shift, area.top() + std::min(foot, head), width, std::abs(foot - head));
        painter.drawRect(bar.adjusted(border / 2, border / 2, -border / 2, -border / 2));
    }
}

/// All points, or those between two gaps only: these have no line.
void VectorPainter::drawPoints(const SeriesModel& series, const Points& points, bool all) const
{
    painter.setPen(Qt::NoPen);
    painter.setBrush(lineBrush(series));
    const double radius = all ? std::max(series.style.pointSize, 1.0) / 2 : std::max(1.0, series.style.lineWidth);
    const auto isBreak = [&](size_t index) { return index >= points.size() || std::isnan(points[index].y); };
    for (size_t index = 0; index < points.size(); ++index) {
        const bool inside = double(points[index].x) >= -0.5 && double(points[index].x) <= area.width() + 0.5;
        const bool lonely = (index == 0 || isBreak(index - 1)) && isBreak(index + 1);
        if (!std::isnan(points[index].y) && inside && (all || lonely))
            painter.drawEllipse(at(points[index]), radius, radius);
    }
}

void VectorPainter::draw(const PreparedSeries& prepared) const
{
    const SeriesModel& series = model.series[size_t(prepared.index)];
    const SeriesStyle& style = series.style;
    if (style.draw == DrawStyle::Bars) {
        drawBars(prepared);
        return;
    }
    const Points samples = pixelPoints(prepared.times, prepared.values, style, mapFor(series), 2);
    if (style.draw == DrawStyle::Line) {
        const Points path = line(prepared, prepared.values);
        drawArea(prepared, path);
        if (style.lineWidth > 0) {
            QPen pen(lineBrush(series), style.lineWidth, Qt::SolidLine, Qt::FlatCap, Qt::RoundJoin);
            if (style.dash.size() >= 2) {
                QList<qreal> dash; // a pen counts in widths of the line
                for (const double length : style.dash)
                    dash << length / style.lineWidth;
                pen.setDashPattern(dash);
            }
            painter.setPen(pen);
            painter.setBrush(Qt::NoBrush);
            for (const QPolygonF& stretch : stretches(path))
                painter.drawPolyline(stretch);
        }
    }
    const auto visible = std::count_if(samples.begin(), samples.end(), [this](const PlotPoint& point) {
        return !std::isnan(point.y) && point.x >= 0 && double(point.x) <= area.width();
    });
    const bool all = style.draw == DrawStyle::Points || style.points == PointMode::Always
        || (style.points == PointMode::Auto && double(visible) * style.pointSize * 2 <= area.width());
    if (all || style.lineWidth > 0)
        drawPoints(series, samples, all);
}

} // namespace

void drawSeries(QPainter& painter, const QRectF& area, const TimeSeriesModel& model, const PreparedPlot& plot, ThemeKind theme)
{
    if (area.isEmpty() || plot.range.spanMs() <= 0 || plot.series.empty())
        return;
    painter.save();
    painter.setClipRect(area.adjusted(-3, -3, 3, 3), Qt::IntersectClip);
    painter.setRenderHint(QPainter::Antialiasing);
    const VectorPainter vectors {painter, area, model, plot, theme};
    for (const PreparedSeries& prepared : plot.series)
        vectors.draw(prepared);
    painter.restore();
}

} // namespace Promdeck
