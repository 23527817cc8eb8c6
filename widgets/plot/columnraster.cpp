#include "widgets/plot/columnraster.h"

#include "widgets/plot/columnkernels.h"

#include <algorithm>
#include <cmath>
#include <cstring>
#include <limits>

namespace Promdeck {

using namespace Kernels;

namespace {

/// A thread keeps this much between pictures; more (large screens, exports) goes back to the system.
constexpr size_t KeptPixels = 2 * 1024 * 1024;
/// Dots are stamped at this many places per pixel.
constexpr int StampSteps = 8;

} // namespace

static_assert(ColumnRaster::Sub == Kernels::Sub);

/// The coverage of a disc around one place within a pixel, column by column, 0..256.
struct ColumnRaster::Stamp
{
    int left = 0; ///< of the pixel that holds the centre
    int top = 0;
    int columns = 0;
    int rows = 0;
    int padded = 0; ///< rows per column: a multiple of what is blended at once
    std::vector<std::uint32_t> alpha;
};

struct ColumnRaster::Memory
{
    std::vector<std::uint32_t> pixels; ///< all zero between pictures
    std::vector<float> low;            ///< spans about to be blended, one per narrow column
    std::vector<float> high;
    std::vector<ColumnRows> rows; ///< what is partly and what is wholly covered, one per pixel column
    float stampRadius = -1;
    std::array<Stamp, StampSteps * StampSteps> stamps;
    bool used = false;
    bool clean = true; ///< nothing painted since the pixels were zero
};

ColumnRaster::Memory& ColumnRaster::memory()
{
    static thread_local Memory shared;
    return shared;
}

ColumnRaster::ColumnRaster(int width, int height, int margin)
    : m_width(std::max(width, 1))
    , m_height(std::max(height, 1))
    , m_margin(margin)
    , m_stride((m_height + 2 * Lanes - 1) / Lanes * Lanes)
    , m_memory(memory())
{
    Q_ASSERT(!m_memory.used);
    m_memory.used = true;
    const size_t pixels = size_t(m_width) * size_t(m_stride);
    if (m_memory.pixels.size() < pixels)
        m_memory.pixels.resize(pixels, 0);
    const size_t spans = size_t(m_width) * Sub;
    if (m_memory.low.size() < spans) {
        m_memory.low.resize(spans);
        m_memory.high.resize(spans);
        m_memory.rows.resize(size_t(m_width));
    }
}

ColumnRaster::~ColumnRaster()
{
    if (!m_memory.clean)
        std::fill_n(m_memory.pixels.begin(), size_t(m_width) * size_t(m_stride), 0);
    m_memory.clean = true;
    if (m_memory.pixels.size() > KeptPixels)
        m_memory.pixels = {};
    m_memory.used = false;
}

std::uint32_t* ColumnRaster::column(int x)
{
    return m_memory.pixels.data() + size_t(x) * size_t(m_stride);
}

void ColumnRaster::traceRun(const PlotPoint* run, size_t count, LineTrace& out) const
{
    const auto clipFirst = float(m_margin * Sub);
    const auto clipLast = float((m_width - m_margin) * Sub);
    if (clipLast <= clipFirst || run[count - 1].x * Sub < clipFirst - 1 || run[0].x * Sub > clipLast)
        return;
    const int first = std::min(int(std::max(run[0].x * Sub, clipFirst)), int(clipLast) - 1);
    const int last = std::min(int(std::min(run[count - 1].x * Sub, clipLast)) + 1, int(clipLast));
    if (first >= last)
        return;
    const size_t at = out.low.size();
    // One more for points on the right edge.
    out.low.resize(at + size_t(last - first) + 1, NoLow);
    out.high.resize(at + size_t(last - first) + 1, NoHigh);
    out.runs.push_back({first, last, at, count > 1});
    float* low = out.low.data() + at - first;
    float* high = out.high.data() + at - first;
    traceLine(run, count, low, high, last, clipFirst, clipLast);
}

LineTrace ColumnRaster::trace(const std::vector<PlotPoint>& points) const
{
    LineTrace line;
    line.low.reserve(size_t(m_width) * Sub + 8);
    line.high.reserve(size_t(m_width) * Sub + 8);
    size_t begin = 0;
    while (begin < points.size()) {
        size_t end = begin;
        while (end < points.size() && !std::isnan(points[end].y))
            ++end;
        if (end > begin)
            traceRun(&points[begin], end - begin, line);
        begin = end + 1;
    }
    return line;
}

void ColumnRaster::blendSpans(Range range, const RowPaint& paint)
{
    const int from = std::max(0, range.first / Sub);
    const int to = std::min(m_width, (range.last + Sub - 1) / Sub);
    if (from >= to)
        return;
    m_memory.clean = false;
    float* low = m_memory.low.data();
    float* high = m_memory.high.data();
    classify(low + from * Sub, high + from * Sub, m_memory.rows.data() + from, to - from, m_height);
    const std::uint32_t* rowColors = paint.rows.empty() ? nullptr : paint.rows.data();
    blendColumns(column(from), m_stride, low + from * Sub, high + from * Sub, m_memory.rows.data() + from, to - from,
                 paint.color, rowColors);
}

void ColumnRaster::strokeRun(const float* low, const float* high, Range range, float width, const RowPaint& paint)
{
    const int reach = int(std::floor(width / 2 * Sub));
    const int total = m_width * Sub;
    const Range wide{std::max(0, range.first - reach), std::min(total, range.last + reach)};
    // Pixel columns are blended whole: what lies beside the run in its outermost ones has to be empty.
    const Range whole{wide.first / Sub * Sub, std::min(total, (wide.last + Sub - 1) / Sub * Sub)};
    float* wideLow = m_memory.low.data();
    float* wideHigh = m_memory.high.data();
    std::fill(wideLow + whole.first, wideLow + whole.last, NoLow);
    std::fill(wideHigh + whole.first, wideHigh + whole.last, NoHigh);
    widen(low, high, range.first, range.last, width / 2, reach, wideLow, wideHigh, wide.first, wide.last);
    blendSpans(wide, paint);
}

void ColumnRaster::stroke(const LineTrace& line, float width, const RowPaint& paint)
{
    if (width <= 0 || paint.isInvisible())
        return;
    for (const LineTrace::Run& run : line.runs)
        strokeRun(line.low.data() + run.at - run.first, line.high.data() + run.at - run.first, {run.first, run.last}, width,
                  paint);
}

void ColumnRaster::stroke(const std::vector<PlotPoint>& points, float width, const RowPaint& paint)
{
    stroke(trace(points), width, paint);
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
            stroke(piece, width, paint);
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

std::vector<float> ColumnRaster::edge(const LineTrace& line) const
{
    std::vector<float> result(size_t(m_width) * Sub, std::numeric_limits<float>::quiet_NaN());
    for (const LineTrace::Run& run : line.runs) {
        if (!run.isLine)
            continue;
        const float* low = line.low.data() + run.at;
        const float* high = line.high.data() + run.at;
        float* out = result.data() + run.first;
        // A sum of the two stand-ins for "nothing" is zero: columns that no line crossed stay empty.
        for (int column = 0; column < run.last - run.first; ++column)
            out[column] = low[column] <= high[column] ? (low[column] + high[column]) / 2 : out[column];
    }
    return result;
}

void ColumnRaster::fill(const std::vector<float>& edge, const std::vector<float>& other, const RowPaint& paint)
{
    if (paint.isInvisible())
        return;
    const int total = m_width * Sub;
    spansBetween(edge.data(), other.data(), m_memory.low.data(), m_memory.high.data(), total);
    blendSpans({0, total}, paint);
}

void ColumnRaster::fill(const std::vector<float>& edge, float level, const RowPaint& paint)
{
    if (paint.isInvisible())
        return;
    const int total = m_width * Sub;
    spansTo(edge.data(), level, m_memory.low.data(), m_memory.high.data(), total);
    blendSpans({0, total}, paint);
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
        m_memory.low[size_t(column)] = here ? top : NoLow;
        m_memory.high[size_t(column)] = here ? bottom : NoHigh;
    }
    blendSpans(whole, paint);
}

const ColumnRaster::Stamp& ColumnRaster::stampFor(float radius, int shiftX, int shiftY)
{
    if (m_memory.stampRadius != radius) {
        m_memory.stampRadius = radius;
        m_memory.stamps = {};
    }
    Stamp& stamp = m_memory.stamps[size_t(shiftY * StampSteps + shiftX)];
    if (stamp.rows > 0)
        return stamp;
    const float x = (float(shiftX) + 0.5F) / StampSteps;
    const float y = (float(shiftY) + 0.5F) / StampSteps;
    stamp.left = int(std::floor(x - radius - 0.5F));
    stamp.top = int(std::floor(y - radius - 0.5F));
    stamp.columns = int(std::ceil(x + radius + 0.5F)) - stamp.left;
    stamp.rows = int(std::ceil(y + radius + 0.5F)) - stamp.top;
    stamp.padded = (stamp.rows + Lanes - 1) / Lanes * Lanes;
    stamp.alpha.assign(size_t(stamp.columns) * size_t(stamp.padded), 0);
    for (int column = 0; column < stamp.columns; ++column) {
        for (int row = 0; row < stamp.rows; ++row) {
            const float distance
                = std::hypot(float(stamp.left + column) + 0.5F - x, float(stamp.top + row) + 0.5F - y);
            stamp.alpha[size_t(column * stamp.padded + row)]
                = std::uint32_t(std::clamp(radius - distance + 0.5F, 0.0F, 1.0F) * 256 + 0.5F);
        }
    }
    return stamp;
}

void ColumnRaster::disc(float x, float y, float radius, const RowPaint& paint)
{
    if (!(x > -1e6F && x < 1e6F && y > -1e6F && y < 1e6F) || paint.isInvisible())
        return;
    m_memory.clean = false;
    const int wholeX = int(x) - (x < float(int(x)) ? 1 : 0);
    const int wholeY = int(y) - (y < float(int(y)) ? 1 : 0);
    const Stamp& stamp = stampFor(radius, std::clamp(int((x - float(wholeX)) * StampSteps), 0, StampSteps - 1),
                                  std::clamp(int((y - float(wholeY)) * StampSteps), 0, StampSteps - 1));
    const int left = wholeX + stamp.left;
    const int top = wholeY + stamp.top;
    if (left >= 0 && left + stamp.columns <= m_width && top >= 0 && top + stamp.padded <= m_stride && paint.rows.empty()) {
        blendStamp(column(left) + top, m_stride, stamp.alpha.data(), stamp.columns, stamp.padded, paint.color);
        return;
    }
    const int from = std::max(0, -top);
    const int to = std::min(stamp.rows, m_height - top);
    if (from >= to)
        return;
    const std::uint32_t* rowColors = paint.rows.empty() ? nullptr : paint.rows.data() + top + from;
    for (int index = std::max(0, -left); index < std::min(stamp.columns, m_width - left); ++index)
        blendMask(column(left + index) + top + from, stamp.alpha.data() + index * stamp.padded + from, to - from,
                  paint.color, rowColors);
}

void ColumnRaster::takeOnto(QImage& target, int left, int top)
{
    const int x0 = std::max(0, -left);
    const int y0 = std::max(0, -top);
    const int x1 = std::min(m_width, target.width() - left);
    const int y1 = std::min(m_height, target.height() - top);
    if (x0 < x1 && y0 < y1) {
        const auto stride = target.bytesPerLine() / qsizetype(sizeof(std::uint32_t));
        auto* out = reinterpret_cast<std::uint32_t*>(target.bits()) + (top + y0) * stride + left + x0;
        layOver(out, int(stride), column(x0) + y0, m_stride, x1 - x0, y1 - y0);
    }
    if (!m_memory.clean)
        std::fill_n(m_memory.pixels.begin(), size_t(m_width) * size_t(m_stride), 0);
    m_memory.clean = true;
}

QImage ColumnRaster::image()
{
    QImage result(m_width, m_height, QImage::Format_ARGB32_Premultiplied);
    result.fill(0);
    takeOnto(result, 0, 0);
    return result;
}

} // namespace Promdeck
