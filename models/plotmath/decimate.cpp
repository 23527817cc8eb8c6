#include "models/plotmath/decimate.h"

#include <algorithm>
#include <cmath>
#include <limits>

namespace Promdeck {

namespace {

constexpr float Break = std::numeric_limits<float>::quiet_NaN();

/// Keeps values from leaving what a float and the rasteriser can hold; far outside is far outside.
struct PixelBounds
{
    explicit PixelBounds(double size) : least(-4 * size - 100), most(5 * size + 100) {}
    float operator()(double pixel) const { return float(std::min(std::max(pixel, least), most)); }
    double least;
    double most;
};

bool bridged(qint64 distance, bool missing, const SeriesStyle& style)
{
    if (!missing && !(style.insertNullsMs && distance > *style.insertNullsMs))
        return true;
    return style.spanNullsMs && (*style.spanNullsMs < 0 || distance <= *style.spanNullsMs);
}

struct Sink
{
    const PixelMap& map;
    std::vector<PlotPoint>& points;
    void add(qint64 time, double value)
    {
        points.push_back({PixelBounds(map.width)(map.xOf(time)), PixelBounds(map.height)(map.yOf(value))});
    }
    void gap()
    {
        if (!points.empty() && !std::isnan(points.back().y))
            points.push_back({points.back().x, Break});
    }
};

/// The samples up to the first gap, one point each. Returns where it stopped.
size_t plainPoints(const Column::Times& times, const Column::Numbers& values, size_t first, size_t last,
                   const PixelMap& map, std::vector<PlotPoint>& points)
{
    const double perMs = map.width / double(map.range.spanMs());
    const qint64 start = map.range.fromMs;
    const PixelBounds xBounds(map.width);
    const PixelBounds yBounds(map.height);
    points.resize(last - first);
    PlotPoint* out = points.data();
    const qint64* time = times.data() + first;
    const double* value = values.data() + first;
    const size_t count = last - first;
    size_t index = 0;
    if (map.scale.kind() == ValueScale::Kind::Linear) {
        // The same in fewer steps: this is where most samples become pixels.
        const double least = map.scale.min();
        const double bottom = map.yOf(least);
        const double perUnit = (map.yOf(map.scale.max()) - bottom) / (map.scale.max() - least);
        for (; index < count && !std::isnan(value[index]); ++index)
            out[index] = {xBounds(map.margin + double(time[index] - start) * perMs), yBounds(bottom + (value[index] - least) * perUnit)};
    } else {
        for (; index < count && !std::isnan(value[index]); ++index)
            out[index] = {xBounds(map.margin + double(time[index] - start) * perMs), yBounds(map.yOf(value[index]))};
    }
    points.resize(index);
    return first + index;
}

/// Everything of one run (no gaps inside) that fell into one narrow column.
struct Bucket
{
    qint64 column = std::numeric_limits<qint64>::min();
    int count = 0;
    struct Sample
    {
        qint64 time;
        double value;
    } first{}, low{}, high{}, last{};

    void add(qint64 time, double value)
    {
        last = {time, value};
        if (count++ == 0) {
            first = low = high = last;
            return;
        }
        if (value < low.value)
            low = last;
        if (value > high.value)
            high = last;
    }

    void flush(Sink& sink)
    {
        if (count == 0)
            return;
        const bool lowFirst = low.time <= high.time;
        const Sample& early = lowFirst ? low : high;
        const Sample& late = lowFirst ? high : low;
        sink.add(first.time, first.value);
        if (early.time != first.time && early.time != last.time)
            sink.add(early.time, early.value);
        if (late.time != first.time && late.time != last.time && late.time != early.time)
            sink.add(late.time, late.value);
        if (last.time != first.time)
            sink.add(last.time, last.value);
        count = 0;
    }
};

} // namespace

std::vector<PlotPoint> pixelPoints(const Column& timeColumn, const Column& valueColumn, const SeriesStyle& style,
                                   const PixelMap& map, int columnsPerPixel)
{
    std::vector<PlotPoint> points;
    const auto& times = timeColumn.times();
    const auto& values = valueColumn.numbers();
    const size_t count = std::min(times.size(), values.size());
    if (count == 0 || map.range.spanMs() <= 0 || map.width <= 0)
        return points;
    const auto begin = times.begin();
    const auto end = begin + std::ptrdiff_t(count);
    size_t first = size_t(std::lower_bound(begin, end, map.range.fromMs) - begin);
    size_t last = size_t(std::upper_bound(begin, end, map.range.toMs) - begin);
    // The nearest real samples outside: a line that is cut by the edge still has its direction.
    while (first > 0 && std::isnan(values[--first])) { }
    while (last < count && std::isnan(values[last++])) { }

    const double columns = map.width * columnsPerPixel;
    const bool dense = double(last - first) > columns * 4;
    const double columnsPerMs = columns / double(map.range.spanMs());
    points.reserve(dense ? size_t(columns * 4) + 8 : last - first + 8);
    Sink sink{map, points};
    Bucket bucket;
    bool missing = false;
    qint64 previous = std::numeric_limits<qint64>::min();
    if (!dense && !style.insertNullsMs) {
        const size_t reached = plainPoints(times, values, first, last, map, points);
        if (reached > first)
            previous = times[reached - 1];
        first = reached;
    }
    for (size_t index = first; index < last; ++index) {
        const double value = values[index];
        if (std::isnan(value)) {
            missing = true;
            continue;
        }
        const qint64 time = times[index];
        const bool hasPrevious = previous != std::numeric_limits<qint64>::min();
        if (hasPrevious && (missing || style.insertNullsMs) && !bridged(time - previous, missing, style)) {
            bucket.flush(sink);
            sink.gap();
        }
        missing = false;
        previous = time;
        if (!dense) {
            sink.add(time, value);
            continue;
        }
        const auto column = qint64(std::floor(double(time - map.range.fromMs) * columnsPerMs));
        if (column != bucket.column) {
            bucket.flush(sink);
            bucket.column = column;
        }
        bucket.add(time, value);
    }
    bucket.flush(sink);
    return points;
}

namespace {

void appendSteps(std::vector<PlotPoint>& out, const PlotPoint* run, size_t count, bool before)
{
    for (size_t index = 0; index < count; ++index) {
        if (index > 0)
            out.push_back(before ? PlotPoint{run[index - 1].x, run[index].y} : PlotPoint{run[index].x, run[index - 1].y});
        out.push_back(run[index]);
    }
}

/// Tangents after Fritsch and Carlson: harmonic means of neighbouring slopes, zero at extremes.
std::vector<float> tangents(const PlotPoint* run, size_t count)
{
    std::vector<float> slopes(count - 1);
    std::vector<float> result(count, 0);
    for (size_t index = 0; index + 1 < count; ++index) {
        const float dx = run[index + 1].x - run[index].x;
        slopes[index] = dx > 0 ? (run[index + 1].y - run[index].y) / dx : 0;
    }
    result.front() = slopes.front();
    result.back() = slopes.back();
    for (size_t index = 1; index + 1 < count; ++index) {
        const float left = slopes[index - 1];
        const float right = slopes[index];
        if (left * right <= 0)
            continue;
        const float dxLeft = run[index].x - run[index - 1].x;
        const float dxRight = run[index + 1].x - run[index].x;
        result[index] = 3 * (dxLeft + dxRight) / ((2 * dxRight + dxLeft) / left + (dxRight + 2 * dxLeft) / right);
    }
    return result;
}

void appendCurve(std::vector<PlotPoint>& out, const PlotPoint* run, size_t count, double pieceLength)
{
    if (count < 3) {
        out.insert(out.end(), run, run + count);
        return;
    }
    const std::vector<float> tangent = tangents(run, count);
    for (size_t index = 0; index + 1 < count; ++index) {
        const PlotPoint& from = run[index];
        const PlotPoint& to = run[index + 1];
        const float dx = to.x - from.x;
        const int pieces = std::clamp(int(std::ceil(double(dx) / pieceLength)), 1, 4096);
        out.push_back(from);
        for (int piece = 1; piece < pieces; ++piece) {
            const float t = float(piece) / float(pieces);
            const float t2 = t * t;
            const float t3 = t2 * t;
            const float y = (2 * t3 - 3 * t2 + 1) * from.y + (t3 - 2 * t2 + t) * dx * tangent[index]
                + (-2 * t3 + 3 * t2) * to.y + (t3 - t2) * dx * tangent[index + 1];
            out.push_back({from.x + dx * t, y});
        }
    }
    out.push_back(run[count - 1]);
}

} // namespace

std::vector<PlotPoint> interpolated(const std::vector<PlotPoint>& points, LineInterpolation mode, double pieceLength)
{
    if (mode == LineInterpolation::Linear)
        return points;
    std::vector<PlotPoint> out;
    out.reserve(points.size() * 2);
    size_t begin = 0;
    while (begin < points.size()) {
        size_t end = begin;
        while (end < points.size() && !std::isnan(points[end].y))
            ++end;
        if (end > begin) {
            if (mode == LineInterpolation::Smooth)
                appendCurve(out, &points[begin], end - begin, pieceLength);
            else
                appendSteps(out, &points[begin], end - begin, mode == LineInterpolation::StepBefore);
        }
        if (end < points.size())
            out.push_back(points[end]);
        begin = end + 1;
    }
    return out;
}

} // namespace Promdeck
