#include "widgets/plot/seriesraster.h"

#include "widgets/plot/columnraster.h"
#include "widgets/plot/plottheme.h"

#include <algorithm>
#include <cmath>

namespace Promdeck {

namespace {

constexpr double FadedAlpha = 0.2;

std::uint32_t premultiplied(const QColor& color, double alpha)
{
    QColor result = color;
    result.setAlphaF(float(std::clamp(double(color.alphaF()) * alpha, 0.0, 1.0)));
    return qPremultiply(result.rgba());
}

QColor mixed(const QColor& a, const QColor& b, double part)
{
    const auto mix = [part](int from, int to) { return int(std::lround(from + (to - from) * part)); };
    return {mix(a.red(), b.red()), mix(a.green(), b.green()), mix(a.blue(), b.blue()), mix(a.alpha(), b.alpha())};
}

QColor shifted(const QColor& color, int hue, double lightness)
{
    int h = 0;
    int s = 0;
    int l = 0;
    color.getHsl(&h, &s, &l);
    return QColor::fromHsl(((std::max(h, 0) + hue) % 360 + 360) % 360, s,
                           std::clamp(int(std::lround(l + lightness * 255)), 0, 255), color.alpha());
}

/// Level stretches lie on whole pixels: a flat 1 px line is one crisp row, not two grey ones.
void snapLevels(std::vector<PlotPoint>& points, double width, bool everywhere)
{
    const float half = std::fmod(std::max(1.0, std::round(width)), 2.0) == 1.0 ? 0.5F : 0.0F;
    float before = std::numeric_limits<float>::quiet_NaN();
    for (size_t index = 0; index < points.size(); ++index) {
        const float y = points[index].y;
        const bool level = everywhere || y == before || (index + 1 < points.size() && y == points[index + 1].y);
        if (level && !std::isnan(y))
            points[index].y = std::floor(y - half + 0.5F) + half;
        before = y;
    }
}

/// The upper edge of what was painted last in a stack: the next series stands on it.
struct StackEdge
{
    Column values;
    SeriesStyle style;
    int axis = 0;
    std::vector<float> edge;

    /// Whether a series of this style would draw the same column at the same places.
    [[nodiscard]] bool fits(const Column& lower, const SeriesModel& series) const
    {
        return values.sharesWith(lower) && axis == series.axis && style.lineWidth == series.style.lineWidth
            && style.interpolation == series.style.interpolation && style.spanNullsMs == series.style.spanNullsMs
            && style.insertNullsMs == series.style.insertNullsMs;
    }
};

/// Everything needed to paint one series after another.
struct Painter
{
    const TimeSeriesModel& model;
    const PreparedPlot& plot;
    ColumnRaster& raster;
    PixelMap map;
    double dpr;
    ThemeKind theme;
    int height; ///< rows of the raster
    std::vector<StackEdge>& stacks;

    [[nodiscard]] size_t axisOf(const SeriesModel& series) const
    {
        return std::min(size_t(std::max(series.axis, 0)), plot.scales.size() - 1);
    }
    [[nodiscard]] PixelMap mapFor(const SeriesModel& series) const
    {
        PixelMap result = map;
        result.scale = plot.scales[axisOf(series)];
        return result;
    }
    [[nodiscard]] std::vector<std::uint32_t> rowsBy(const std::function<std::uint32_t(double place)>& colorAt) const;
    [[nodiscard]] std::vector<std::uint32_t> schemeRows(const SeriesModel& series, double alpha) const;
    [[nodiscard]] RowPaint linePaint(const SeriesModel& series, double alpha) const;
    [[nodiscard]] RowPaint fillPaint(const SeriesModel& series, double alpha) const;
    [[nodiscard]] std::vector<PlotPoint> line(const PreparedSeries& prepared, const Column& values) const;
    [[nodiscard]] std::vector<float> edgeBelow(const PreparedSeries& prepared) const;
    void paintArea(const PreparedSeries& prepared, const LineTrace& trace, double alpha) const;
    [[nodiscard]] bool showsAllPoints(const SeriesStyle& style, const std::vector<PlotPoint>& points) const;
    void paintPoints(const SeriesModel& series, const std::vector<PlotPoint>& points, bool all, double alpha) const;
    void paintBars(const PreparedSeries& prepared, double alpha) const;
    void paint(const PreparedSeries& prepared, double alpha) const;
};

/// place runs from 0 at the bottom of the plot area to 1 at its top.
std::vector<std::uint32_t> Painter::rowsBy(const std::function<std::uint32_t(double place)>& colorAt) const
{
    std::vector<std::uint32_t> rows(static_cast<size_t>(height));
    for (int row = 0; row < height; ++row)
        rows[size_t(row)] = colorAt(std::clamp(1 - (row + 0.5 - map.margin) / map.height, 0.0, 1.0));
    return rows;
}

std::vector<std::uint32_t> Painter::schemeRows(const SeriesModel& series, double alpha) const
{
    const auto& stops = series.style.colorScale;
    const ValueScale& scale = plot.scales[axisOf(series)];
    return rowsBy([&](double place) {
        const double value = scale.value(place);
        size_t above = 0;
        while (above < stops.size() && stops[above].first <= value)
            ++above;
        const QColor low = toQColor(stops[above == 0 ? 0 : above - 1].second);
        if (series.style.colorScaleSteps || above == 0 || above == stops.size())
            return premultiplied(low, alpha);
        const auto& [from, fromColor] = stops[above - 1];
        const auto& [to, toColor] = stops[above];
        return premultiplied(mixed(low, toQColor(toColor), (value - from) / (to - from)), alpha);
    });
}

RowPaint Painter::linePaint(const SeriesModel& series, double alpha) const
{
    RowPaint paint;
    paint.color = premultiplied(toQColor(series.color), alpha);
    if (series.style.gradient == GradientMode::Scheme && !series.style.colorScale.empty())
        paint.rows = schemeRows(series, alpha);
    return paint;
}

RowPaint Painter::fillPaint(const SeriesModel& series, double alpha) const
{
    const QColor color = toQColor(series.color);
    const double opacity = series.style.fillOpacity * alpha;
    RowPaint paint;
    paint.color = premultiplied(color, opacity);
    switch (series.style.gradient) {
    case GradientMode::None:
        break;
    case GradientMode::Opacity:
        paint.rows = rowsBy([&](double place) { return premultiplied(color, opacity * place); });
        break;
    case GradientMode::Hue: {
        const double lift = theme == ThemeKind::Dark ? 0.08 : 0.05;
        const QColor top = shifted(color, -20, lift);
        const QColor bottom = shifted(color, 20, -lift);
        paint.rows = rowsBy([&](double place) { return premultiplied(mixed(bottom, top, place), opacity); });
        break;
    }
    case GradientMode::Scheme:
        if (!series.style.colorScale.empty())
            paint.rows = schemeRows(series, opacity);
        break;
    }
    return paint;
}

std::vector<PlotPoint> Painter::line(const PreparedSeries& prepared, const Column& values) const
{
    const SeriesModel& series = model.series[size_t(prepared.index)];
    std::vector<PlotPoint> points
        = pixelPoints(prepared.times, values, series.style, mapFor(series), ColumnRaster::Sub);
    const bool steps = series.style.interpolation == LineInterpolation::StepAfter
        || series.style.interpolation == LineInterpolation::StepBefore;
    snapLevels(points, series.style.lineWidth * dpr, steps);
    return points;
}

std::vector<float> Painter::edgeBelow(const PreparedSeries& prepared) const
{
    const SeriesModel& series = model.series[size_t(prepared.index)];
    const auto known = std::find_if(stacks.begin(), stacks.end(), [&](const StackEdge& stack) {
        return stack.fits(prepared.lower, series);
    });
    if (known != stacks.end()) {
        std::vector<float> edge = std::move(known->edge);
        stacks.erase(known);
        return edge;
    }
    return raster.edge(raster.trace(interpolated(line(prepared, prepared.lower), series.style.interpolation)));
}

void Painter::paintArea(const PreparedSeries& prepared, const LineTrace& trace, double alpha) const
{
    const SeriesModel& series = model.series[size_t(prepared.index)];
    if (series.style.fillOpacity <= 0)
        return;
    std::vector<float> edge = raster.edge(trace);
    const RowPaint paint = fillPaint(series, alpha);
    if (prepared.bandTo >= 0) {
        const PreparedSeries& below = plot.series[size_t(prepared.bandTo)];
        const LineInterpolation mode = model.series[size_t(below.index)].style.interpolation;
        raster.fill(edge, raster.edge(raster.trace(interpolated(line(below, below.values), mode))), paint);
    } else if (prepared.stacked) {
        raster.fill(edge, edgeBelow(prepared), paint);
        stacks.push_back({prepared.values, series.style, series.axis, std::move(edge)});
    } else {
        const PixelMap own = mapFor(series);
        raster.fill(edge, float(own.yOf(own.scale.baseline())), paint);
    }
}

bool Painter::showsAllPoints(const SeriesStyle& style, const std::vector<PlotPoint>& points) const
{
    if (style.draw == DrawStyle::Points || style.points == PointMode::Always)
        return true;
    if (style.points == PointMode::Never)
        return false;
    const auto visible = std::count_if(points.begin(), points.end(), [this](const PlotPoint& point) {
        return !std::isnan(point.y) && point.x >= float(map.margin) && point.x <= float(map.margin + map.width);
    });
    return double(visible) * style.pointSize * 2 <= map.width / dpr;
}

/// All points, or those between two gaps only.
void Painter::paintPoints(const SeriesModel& series, const std::vector<PlotPoint>& points, bool all, double alpha) const
{
    const SeriesStyle& style = series.style;
    const double radius = std::max(style.pointSize, 1.0) * dpr / 2;
    const RowPaint paint = linePaint(series, alpha);
    const auto isBreak = [&](size_t index) { return index >= points.size() || std::isnan(points[index].y); };
    PlotPoint last{-1e6F, 0};
    for (size_t index = 0; index < points.size(); ++index) {
        const PlotPoint& point = points[index];
        if (std::isnan(point.y) || point.x < float(map.margin) - 0.5F || point.x > float(map.margin + map.width) + 0.5F)
            continue;
        // A sample between two gaps has no line: without a dot it would be invisible.
        const bool lonely = (index == 0 || isBreak(index - 1)) && isBreak(index + 1);
        if (!all && !lonely)
            continue;
        if (std::abs(point.x - last.x) < 0.25F && std::abs(point.y - last.y) < 0.25F)
            continue;
        last = point;
        const double size = all ? radius : std::max(1.0, style.lineWidth) * dpr;
        raster.disc(point.x, point.y, float(size), paint);
    }
}

void Painter::paintBars(const PreparedSeries& prepared, double alpha) const
{
    const SeriesModel& series = model.series[size_t(prepared.index)];
    const SeriesStyle& style = series.style;
    const PixelMap own = mapFor(series);
    const auto& times = prepared.times.times();
    const auto& values = prepared.values.numbers();
    const auto& lower = prepared.lower.numbers();
    qint64 step = std::numeric_limits<qint64>::max();
    for (size_t index = 1; index < times.size(); ++index)
        step = std::min(step, times[index] - times[index - 1]);
    if (times.size() < 2)
        step = style.insertNullsMs.value_or(std::max<qint64>(map.range.spanMs() / 20, 1));
    double width = double(step) * map.width / double(map.range.spanMs()) * style.barWidthFactor;
    if (style.barMaxWidth > 0)
        width = std::min(width, style.barMaxWidth * dpr);
    width = std::max(1.0, std::round(width));
    const double shift = style.barAlignment == BarAlignment::Center ? -width / 2
        : style.barAlignment == BarAlignment::Before                ? -width
                                                                    : 0;
    const RowPaint fill = fillPaint(series, alpha);
    const RowPaint outline = linePaint(series, alpha);
    const float border = float(std::min(std::round(style.lineWidth * dpr), width / 2));
    const double baseline = own.yOf(own.scale.baseline());
    const auto bar = [&](float left, float top, float bottom) {
        const float right = left + float(width);
        raster.rect(left, top, right, bottom, fill);
        const float edge = std::min(border, bottom - top);
        if (border <= 0 || edge <= 0)
            return;
        if (width <= 2.0 * double(border)) {
            raster.rect(left, top, right, bottom, outline);
            return;
        }
        raster.rect(left, top, right, top + edge, outline);
        raster.rect(left, std::max(top + edge, bottom - edge), right, bottom, outline);
        raster.rect(left, top + edge, left + border, bottom - edge, outline);
        raster.rect(right - border, top + edge, right, bottom - edge, outline);
    };
    // More bars than pixels: one bar per column, as tall as the tallest.
    float pendingLeft = -1e9F;
    float pendingTop = 0;
    float pendingBottom = 0;
    const auto flush = [&] {
        if (pendingLeft > -1e8F && pendingBottom > pendingTop)
            bar(pendingLeft, pendingTop, pendingBottom);
    };
    for (size_t index = 0; index < std::min(times.size(), values.size()); ++index) {
        if (std::isnan(values[index]) || times[index] < map.range.fromMs - step || times[index] > map.range.toMs + step)
            continue;
        const auto left = float(std::round(own.xOf(times[index]) + shift));
        const auto y0 = float(std::round(index < lower.size() ? own.yOf(lower[index]) : baseline));
        const auto y1 = float(std::round(std::clamp(own.yOf(values[index]), -1e5, 1e5)));
        if (left != pendingLeft) {
            flush();
            pendingLeft = left;
            pendingTop = std::min(y0, y1);
            pendingBottom = std::max(y0, y1);
        } else {
            pendingTop = std::min({pendingTop, y0, y1});
            pendingBottom = std::max({pendingBottom, y0, y1});
        }
    }
    flush();
}

void Painter::paint(const PreparedSeries& prepared, double alpha) const
{
    const SeriesModel& series = model.series[size_t(prepared.index)];
    const SeriesStyle& style = series.style;
    if (style.draw == DrawStyle::Bars) {
        paintBars(prepared, alpha);
        return;
    }
    const std::vector<PlotPoint> points = line(prepared, prepared.values);
    bool alone = false; // whether there are samples between two gaps
    if (style.draw == DrawStyle::Line) {
        std::vector<PlotPoint> curve;
        if (style.interpolation != LineInterpolation::Linear)
            curve = interpolated(points, style.interpolation);
        const std::vector<PlotPoint>& path = style.interpolation == LineInterpolation::Linear ? points : curve;
        const LineTrace trace = raster.trace(path);
        alone = std::any_of(trace.runs.begin(), trace.runs.end(), [](const LineTrace::Run& run) { return !run.isLine; });
        paintArea(prepared, trace, alpha);
        const auto width = float(style.lineWidth * dpr);
        if (style.dash.size() >= 2) {
            std::vector<float> dash;
            for (const double length : style.dash)
                dash.push_back(float(length * dpr));
            raster.strokeDashed(path, width, dash, linePaint(series, alpha));
        } else {
            raster.stroke(trace, width, linePaint(series, alpha));
        }
    }
    const bool all = showsAllPoints(style, points);
    if (all || (alone && (style.lineWidth > 0 || style.points != PointMode::Never)))
        paintPoints(series, points, all, alpha);
}

} // namespace

void paintSeries(QImage& picture, const QRect& area, const TimeSeriesModel& model, const PreparedPlot& plot, double dpr,
                 ThemeKind theme, int focus)
{
    double reach = 1;
    for (const PreparedSeries& prepared : plot.series) {
        const SeriesStyle& style = model.series[size_t(prepared.index)].style;
        reach = std::max(reach, style.lineWidth / 2);
        if (style.draw == DrawStyle::Points || style.points != PointMode::Never)
            reach = std::max(reach, std::min(style.pointSize, 40.0) / 2);
    }
    if (area.isEmpty() || plot.range.spanMs() <= 0 || plot.series.empty())
        return;
    const int margin = int(std::ceil(reach * dpr)) + 1;
    const int rows = area.height() + 2 * margin;
    ColumnRaster raster(area.width() + 2 * margin, rows, margin);
    std::vector<StackEdge> stacks;
    const PixelMap map{plot.range, {}, double(area.width()), double(area.height()), double(margin)};
    const Painter painter{model, plot, raster, map, dpr, theme, rows, stacks};
    for (const PreparedSeries& prepared : plot.series) {
        if (prepared.index != focus)
            painter.paint(prepared, focus >= 0 ? FadedAlpha : 1);
    }
    for (const PreparedSeries& prepared : plot.series) {
        if (prepared.index == focus)
            painter.paint(prepared, 1);
    }
    raster.takeOnto(picture, area.left() - margin, area.top() - margin);
}

} // namespace Promdeck
