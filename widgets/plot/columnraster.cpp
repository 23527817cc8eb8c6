#include "widgets/plot/columnraster.h"

#include <algorithm>
#include <cmath>
#include <cstring>

namespace Promdeck {

namespace {

// Finite stand-ins for "nothing here": the loops below stay free of NaN.
constexpr float NoLow = 1e30F;
constexpr float NoHigh = -1e30F;
constexpr int Sub = ColumnRaster::Sub;

/// Every channel times factor/256.
inline std::uint32_t scaled(std::uint32_t pixel, std::uint32_t factor)
{
    const std::uint32_t redBlue = (((pixel & 0x00ff00ffU) * factor) >> 8) & 0x00ff00ffU;
    const std::uint32_t alphaGreen = ((pixel >> 8) & 0x00ff00ffU) * factor & 0xff00ff00U;
    return redBlue | alphaGreen;
}

inline std::uint32_t over(std::uint32_t below, std::uint32_t source)
{
    const std::uint32_t alpha = source >> 24;
    return source + scaled(below, 256 - alpha - (alpha >> 7));
}

void blendFull(std::uint32_t* column, int from, int to, const RowPaint& paint)
{
    if (!paint.rows.empty()) {
        const std::uint32_t* rows = paint.rows.data();
        for (int y = from; y < to; ++y)
            column[y] = over(column[y], rows[y]);
    } else if ((paint.color >> 24) == 255) {
        std::fill(column + from, column + to, paint.color);
    } else {
        const std::uint32_t source = paint.color;
        const std::uint32_t alpha = source >> 24;
        const std::uint32_t keep = 256 - alpha - (alpha >> 7);
        for (int y = from; y < to; ++y)
            column[y] = source + scaled(column[y], keep);
    }
}

void blendPartly(std::uint32_t* column, int from, int to, const float* low, const float* high, const RowPaint& paint)
{
    for (int y = from; y < to; ++y) {
        const float top = float(y);
        float covered = 0;
        for (int s = 0; s < Sub; ++s) {
            const float upper = low[s] > top ? low[s] : top;
            const float lower = high[s] < top + 1 ? high[s] : top + 1;
            covered += lower > upper ? lower - upper : 0;
        }
        const auto alpha = std::uint32_t(covered * (256.0F / Sub) + 0.5F);
        if (alpha == 0)
            continue;
        const std::uint32_t source = paint.rows.empty() ? paint.color : paint.rows[size_t(y)];
        column[y] = over(column[y], scaled(source, alpha));
    }
}

/// One pixel column: four spans.
void blendColumn(std::uint32_t* column, int height, const float* low, const float* high, const RowPaint& paint)
{
    float top = NoLow;
    float bottom = NoHigh;
    float innerTop = NoHigh;
    float innerBottom = NoLow;
    bool all = true;
    for (int s = 0; s < Sub; ++s) {
        if (!(low[s] < high[s])) {
            all = false;
            continue;
        }
        top = std::min(top, low[s]);
        bottom = std::max(bottom, high[s]);
        innerTop = std::max(innerTop, low[s]);
        innerBottom = std::min(innerBottom, high[s]);
    }
    if (top >= bottom || bottom <= 0 || top >= float(height))
        return;
    const int from = int(std::floor(std::max(top, 0.0F)));
    const int to = int(std::ceil(std::min(bottom, float(height))));
    int fullFrom = to;
    int fullTo = to;
    if (all && innerTop < innerBottom) {
        fullFrom = std::clamp(int(std::ceil(std::clamp(innerTop, 0.0F, float(height)))), from, to);
        fullTo = std::clamp(int(std::floor(std::clamp(innerBottom, 0.0F, float(height)))), from, to);
        if (fullFrom >= fullTo)
            fullFrom = fullTo = to;
    }
    blendPartly(column, from, fullFrom, low, high, paint);
    blendFull(column, fullFrom, fullTo, paint);
    blendPartly(column, fullTo, to, low, high, paint);
}

} // namespace

ColumnRaster::ColumnRaster(int width, int height, int margin)
    : m_width(std::max(width, 1))
    , m_height(std::max(height, 1))
    , m_margin(margin)
    , m_pixels(size_t(m_width) * size_t(m_height), 0)
    , m_low(size_t(m_width) * Sub, NoLow)
    , m_high(size_t(m_width) * Sub, NoHigh)
    , m_wideLow(size_t(m_width) * Sub, NoLow)
    , m_wideHigh(size_t(m_width) * Sub, NoHigh)
{
}

ColumnRaster::Range ColumnRaster::extents(const PlotPoint* run, size_t count)
{
    const int clipFirst = m_margin * Sub;
    const int clipLast = (m_width - m_margin) * Sub;
    float* low = m_low.data();
    float* high = m_high.data();
    int first = clipLast;
    int last = clipFirst;
    const auto touch = [&](int at, float y) {
        low[at] = y < low[at] ? y : low[at];
        high[at] = y > high[at] ? y : high[at];
    };
    float x0 = 0;
    float y0 = 0;
    for (size_t index = 0; index < count; ++index) {
        const float x1 = run[index].x * Sub;
        const float y1 = run[index].y;
        const int at = x1 <= float(clipFirst) - 1 ? clipFirst - 1 : int(std::floor(std::min(x1, float(clipLast))));
        // The right edge belongs to the last column, so that the newest sample shows.
        const int inside = at == clipLast && x1 <= float(clipLast) ? clipLast - 1 : at;
        if (inside >= clipFirst && inside < clipLast) {
            touch(inside, y1);
            first = std::min(first, inside);
            last = std::max(last, inside + 1);
        }
        if (index > 0 && x1 > x0) {
            const int from = std::max(clipFirst, int(std::ceil(std::max(x0, float(clipFirst) - 1) - 0.5F)));
            const int to = std::min(clipLast, int(std::floor(std::min(x1, float(clipLast) + 1) - 0.5F)) + 1);
            if (from < to) {
                const float slope = (y1 - y0) / (x1 - x0);
                for (int column = from; column < to; ++column)
                    touch(column, y0 + slope * (float(column) + 0.5F - x0));
                first = std::min(first, from);
                last = std::max(last, to);
            }
        }
        x0 = x1;
        y0 = y1;
    }
    return {first, std::max(first, last)};
}

void ColumnRaster::clear(Range range)
{
    std::fill(m_low.begin() + range.first, m_low.begin() + range.last, NoLow);
    std::fill(m_high.begin() + range.first, m_high.begin() + range.last, NoHigh);
}

void ColumnRaster::blendSpans(const float* low, const float* high, Range range, const RowPaint& paint)
{
    const int from = std::max(0, range.first / Sub);
    const int to = std::min(m_width, (range.last + Sub - 1) / Sub);
    for (int x = from; x < to; ++x)
        blendColumn(m_pixels.data() + size_t(x) * size_t(m_height), m_height, low + x * Sub, high + x * Sub, paint);
}

void ColumnRaster::strokeRun(const PlotPoint* run, size_t count, float width, const RowPaint& paint)
{
    const Range range = extents(run, count);
    if (range.first >= range.last)
        return;
    const float radius = width / 2;
    const int reach = int(std::floor(radius * Sub));
    const int total = m_width * Sub;
    const Range wide{std::max(0, range.first - reach), std::min(total, range.last + reach)};
    float* wideLow = m_wideLow.data();
    float* wideHigh = m_wideHigh.data();
    // Pixel columns are blended whole: what lies beside the run in its outermost ones has to be empty.
    const Range whole{wide.first / Sub * Sub, std::min(total, (wide.last + Sub - 1) / Sub * Sub)};
    std::fill(wideLow + whole.first, wideLow + whole.last, NoLow);
    std::fill(wideHigh + whole.first, wideHigh + whole.last, NoHigh);
    // The pen is a disc: moved along the line it covers, in each column, the highest and lowest place that
    // any neighbouring column within its radius lets it reach.
    for (int shift = -reach; shift <= reach; ++shift) {
        const float offset = float(shift) / Sub;
        const float up = std::sqrt(std::max(0.0F, radius * radius - offset * offset));
        const int from = std::max(wide.first, range.first - shift);
        const int to = std::min(wide.last, range.last - shift);
        const float* low = m_low.data() + shift;
        const float* high = m_high.data() + shift;
        for (int column = from; column < to; ++column) {
            const float top = low[column] - up;
            const float bottom = high[column] + up;
            wideLow[column] = top < wideLow[column] ? top : wideLow[column];
            wideHigh[column] = bottom > wideHigh[column] ? bottom : wideHigh[column];
        }
    }
    // Halfway between columns too: without it thin lines of medium slope lose a tenth of their ink.
    for (int shift = -reach; shift < reach; ++shift) {
        const float offset = (float(shift) + 0.5F) / Sub;
        const float up = std::sqrt(std::max(0.0F, radius * radius - offset * offset));
        const int from = std::max(wide.first, range.first - shift);
        const int to = std::min(wide.last, range.last - shift - 1);
        const float* low = m_low.data() + shift;
        const float* high = m_high.data() + shift;
        for (int column = from; column < to; ++column) {
            const float top = (low[column] + low[column + 1]) / 2 - up;
            const float bottom = (high[column] + high[column + 1]) / 2 + up;
            wideLow[column] = top < wideLow[column] ? top : wideLow[column];
            wideHigh[column] = bottom > wideHigh[column] ? bottom : wideHigh[column];
        }
    }
    blendSpans(wideLow, wideHigh, wide, paint);
    clear(range);
}

void ColumnRaster::stroke(const std::vector<PlotPoint>& points, float width, const RowPaint& paint)
{
    if (width <= 0 || paint.isInvisible())
        return;
    size_t begin = 0;
    while (begin < points.size()) {
        size_t end = begin;
        while (end < points.size() && !std::isnan(points[end].y))
            ++end;
        if (end > begin)
            strokeRun(&points[begin], end - begin, width, paint);
        begin = end + 1;
    }
}

void ColumnRaster::strokeDashed(const std::vector<PlotPoint>& points, float width, const std::vector<float>& dash,
                                const RowPaint& paint)
{
    float period = 0;
    for (const float length : dash)
        period += length;
    double total = 0;
    for (size_t index = 1; index < points.size(); ++index) {
        const float dy = points[index].y - points[index - 1].y;
        if (!std::isnan(dy))
            total += double(std::abs(dy)) + double(std::abs(points[index].x - points[index - 1].x));
    }
    // Noise taller than the plot, many times over: dashes would be a grey mass at great cost.
    if (dash.size() < 2 || period <= 0.5F || total > 60.0 * m_width + 20000) {
        stroke(points, width, paint);
        return;
    }
    std::vector<PlotPoint> piece;
    size_t which = 0;
    float left = dash[0];
    const auto finish = [&] {
        if (piece.size() > 1)
            strokeRun(piece.data(), piece.size(), width, paint);
        piece.clear();
    };
    for (size_t index = 0; index < points.size(); ++index) {
        const PlotPoint& to = points[index];
        if (std::isnan(to.y)) {
            finish();
            continue;
        }
        if (index == 0 || std::isnan(points[index - 1].y)) {
            which = 0;
            left = dash[0];
            piece.assign(1, to);
            continue;
        }
        PlotPoint from = points[index - 1];
        float length = std::hypot(to.x - from.x, to.y - from.y);
        while (length > left) {
            const float part = left / length;
            from = {from.x + (to.x - from.x) * part, from.y + (to.y - from.y) * part};
            length -= left;
            if (which % 2 == 0) {
                piece.push_back(from);
                finish();
            }
            which = (which + 1) % (dash.size() - dash.size() % 2);
            left = std::max(dash[which], 0.05F);
            if (which % 2 == 0)
                piece.assign(1, from);
        }
        left -= length;
        if (which % 2 == 0)
            piece.push_back(to);
    }
    finish();
}

std::vector<float> ColumnRaster::edge(const std::vector<PlotPoint>& points)
{
    std::vector<float> result(size_t(m_width) * Sub, std::numeric_limits<float>::quiet_NaN());
    size_t begin = 0;
    while (begin < points.size()) {
        size_t end = begin;
        while (end < points.size() && !std::isnan(points[end].y))
            ++end;
        if (end > begin + 1) {
            const Range range = extents(&points[begin], end - begin);
            for (int column = range.first; column < range.last; ++column)
                result[size_t(column)] = (m_low[size_t(column)] + m_high[size_t(column)]) / 2;
            clear(range);
        }
        begin = end + 1;
    }
    return result;
}

void ColumnRaster::fill(const std::vector<float>& edge, const std::vector<float>& other, const RowPaint& paint)
{
    if (paint.isInvisible())
        return;
    const size_t total = size_t(m_width) * Sub;
    int first = int(total);
    int last = 0;
    for (size_t column = 0; column < total; ++column) {
        const bool here = !std::isnan(edge[column]) && !std::isnan(other[column]);
        m_wideLow[column] = here ? std::min(edge[column], other[column]) : NoLow;
        m_wideHigh[column] = here ? std::max(edge[column], other[column]) : NoHigh;
        if (here) {
            first = std::min(first, int(column));
            last = int(column) + 1;
        }
    }
    if (first < last)
        blendSpans(m_wideLow.data(), m_wideHigh.data(), {first, last}, paint);
}

void ColumnRaster::fill(const std::vector<float>& edge, float level, const RowPaint& paint)
{
    fill(edge, std::vector<float>(edge.size(), level), paint);
}

void ColumnRaster::rect(float left, float top, float right, float bottom, const RowPaint& paint)
{
    const float clipLeft = std::max(left, float(m_margin));
    const float clipRight = std::min(right, float(m_width - m_margin));
    const int first = std::max(0, int(std::lround(clipLeft * Sub)));
    const int last = std::min(m_width * Sub, int(std::lround(clipRight * Sub)));
    if (first >= last || !(top < bottom) || paint.isInvisible())
        return;
    const Range whole{first / Sub * Sub, (last + Sub - 1) / Sub * Sub};
    for (int column = whole.first; column < whole.last; ++column) {
        const bool here = column >= first && column < last;
        m_wideLow[size_t(column)] = here ? top : NoLow;
        m_wideHigh[size_t(column)] = here ? bottom : NoHigh;
    }
    blendSpans(m_wideLow.data(), m_wideHigh.data(), whole, paint);
}

void ColumnRaster::disc(float x, float y, float radius, const RowPaint& paint)
{
    const int left = std::max(0, int(std::floor(x - radius - 1)));
    const int right = std::min(m_width - 1, int(std::ceil(x + radius + 1)));
    const int top = std::max(0, int(std::floor(y - radius - 1)));
    const int bottom = std::min(m_height - 1, int(std::ceil(y + radius + 1)));
    for (int column = left; column <= right; ++column) {
        std::uint32_t* pixels = m_pixels.data() + size_t(column) * size_t(m_height);
        for (int row = top; row <= bottom; ++row) {
            const float distance = std::hypot(float(column) + 0.5F - x, float(row) + 0.5F - y);
            const float covered = std::clamp(radius - distance + 0.5F, 0.0F, 1.0F);
            const auto alpha = std::uint32_t(covered * 256 + 0.5F);
            if (alpha == 0)
                continue;
            const std::uint32_t source = paint.rows.empty() ? paint.color : paint.rows[size_t(row)];
            pixels[row] = over(pixels[row], scaled(source, alpha));
        }
    }
}

QImage ColumnRaster::image() const
{
    QImage result(m_width, m_height, QImage::Format_ARGB32_Premultiplied);
    auto* out = reinterpret_cast<std::uint32_t*>(result.bits());
    const auto stride = size_t(result.bytesPerLine()) / sizeof(std::uint32_t);
    const std::uint32_t* in = m_pixels.data();
    // Blocks that fit the cache: a plain column walk would miss it on every pixel.
    constexpr int Block = 16;
    for (int y0 = 0; y0 < m_height; y0 += Block) {
        const int y1 = std::min(y0 + Block, m_height);
        for (int x0 = 0; x0 < m_width; x0 += Block) {
            const int x1 = std::min(x0 + Block, m_width);
            for (int y = y0; y < y1; ++y) {
                std::uint32_t* row = out + size_t(y) * stride;
                for (int x = x0; x < x1; ++x)
                    row[x] = in[size_t(x) * size_t(m_height) + size_t(y)];
            }
        }
    }
    return result;
}

} // namespace Promdeck
