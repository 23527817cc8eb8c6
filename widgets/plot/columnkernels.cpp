#include "widgets/plot/columnkernels.h"

#include <algorithm>
#include <cmath>
#include <cstddef>
#include <cstring>

// Every kernel exists twice, for processors with and without AVX2; the loader picks one. Sanitizers run code
// of theirs in the picking, before they are ready for it.
#if defined(__x86_64__) && defined(__GNUC__) && !defined(__clang__) && !defined(__SANITIZE_ADDRESS__) \
    && !defined(__SANITIZE_THREAD__)
#define PROMDECK_KERNEL __attribute__((target_clones("avx2", "default")))
#else
#define PROMDECK_KERNEL
#endif

namespace Promdeck::Kernels {

namespace {

typedef std::uint32_t Pixels __attribute__((vector_size(Lanes * 4)));
typedef std::int32_t Ints __attribute__((vector_size(Lanes * 4)));
typedef float Floats __attribute__((vector_size(Lanes * 4)));

inline __attribute__((always_inline)) Pixels load(const std::uint32_t* from)
{
    Pixels result;
    std::memcpy(&result, from, sizeof result);
    return result;
}

inline __attribute__((always_inline)) void store(std::uint32_t* to, Pixels pixels)
{
    std::memcpy(to, &pixels, sizeof pixels);
}

/// Every channel times factor/256; of one pixel or of a vector of them.
template <typename Pixel, typename Factor>
inline __attribute__((always_inline)) Pixel scaled(Pixel pixel, Factor factor)
{
    const Pixel redBlue = (((pixel & 0x00ff00ffU) * factor) >> 8) & 0x00ff00ffU;
    const Pixel alphaGreen = ((pixel >> 8) & 0x00ff00ffU) * factor & 0xff00ff00U;
    return redBlue | alphaGreen;
}

template <typename Pixel>
inline __attribute__((always_inline)) Pixel over(Pixel below, Pixel source)
{
    const Pixel alpha = source >> 24;
    return source + scaled(below, 256U - alpha - (alpha >> 7));
}

/// How much of each row from y on the four spans cover, 0..256.
inline __attribute__((always_inline)) Pixels coverage(int y, const float* low, const float* high)
{
    const Floats top = Floats{0, 1, 2, 3, 4, 5, 6, 7} + float(y);
    const Floats bottom = top + 1.0F;
    const Floats none = {};
    Floats covered = none;
    for (int s = 0; s < Sub; ++s) {
        const Floats lower = none + low[s];
        const Floats higher = none + high[s];
        const Floats height = (higher < bottom ? higher : bottom) - (lower > top ? lower : top);
        covered += height > none ? height : none;
    }
    return Pixels(__builtin_convertvector(covered * (256.0F / Sub) + 0.5F, Ints));
}

/// Whole groups of rows: those behind the last are not covered, and stay what they are.
inline __attribute__((always_inline)) void blendPartly(std::uint32_t* column, int from, int to, const float* low,
                                                       const float* high, std::uint32_t color)
{
    const Pixels source = Pixels{} + color;
    for (int y = from; y < to; y += Lanes)
        store(column + y, over(load(column + y), scaled(source, coverage(y, low, high))));
}

inline __attribute__((always_inline)) void blendPartly(std::uint32_t* column, int from, int to, const float* low,
                                                       const float* high, const std::uint32_t* rowColors)
{
    for (int y = from; y < to; y += Lanes) {
        const Pixels alpha = coverage(y, low, high);
        for (int lane = 0; lane < std::min(Lanes, to - y); ++lane)
            column[y + lane] = over(column[y + lane], scaled(rowColors[y + lane], std::uint32_t(alpha[lane])));
    }
}

inline __attribute__((always_inline)) void blendWhole(std::uint32_t* column, int from, int to, std::uint32_t color)
{
    const std::uint32_t alpha = color >> 24;
    if (alpha == 255) {
        std::fill(column + from, column + to, color);
        return;
    }
    const std::uint32_t keep = 256 - alpha - (alpha >> 7);
    const Pixels source = Pixels{} + color;
    int y = from;
    for (; y + Lanes <= to; y += Lanes)
        store(column + y, source + scaled(load(column + y), keep));
    for (; y < to; ++y)
        column[y] = color + scaled(column[y], keep);
}

/// Eight columns of eight rows become eight rows of eight columns.
inline __attribute__((always_inline)) void transpose(Pixels (&block)[Lanes])
{
    Pixels pairs[Lanes];
    for (int index = 0; index < Lanes; index += 2) {
        pairs[index] = __builtin_shufflevector(block[index], block[index + 1], 0, 8, 1, 9, 4, 12, 5, 13);
        pairs[index + 1] = __builtin_shufflevector(block[index], block[index + 1], 2, 10, 3, 11, 6, 14, 7, 15);
    }
    Pixels fours[Lanes];
    for (int half = 0; half < Lanes; half += 4) {
        fours[half] = __builtin_shufflevector(pairs[half], pairs[half + 2], 0, 1, 8, 9, 4, 5, 12, 13);
        fours[half + 1] = __builtin_shufflevector(pairs[half], pairs[half + 2], 2, 3, 10, 11, 6, 7, 14, 15);
        fours[half + 2] = __builtin_shufflevector(pairs[half + 1], pairs[half + 3], 0, 1, 8, 9, 4, 5, 12, 13);
        fours[half + 3] = __builtin_shufflevector(pairs[half + 1], pairs[half + 3], 2, 3, 10, 11, 6, 7, 14, 15);
    }
    for (int index = 0; index < 4; ++index) {
        block[index] = __builtin_shufflevector(fours[index], fours[index + 4], 0, 1, 2, 3, 8, 9, 10, 11);
        block[index + 4] = __builtin_shufflevector(fours[index], fours[index + 4], 4, 5, 6, 7, 12, 13, 14, 15);
    }
}

inline __attribute__((always_inline)) bool isEmpty(Pixels pixels)
{
    std::uint64_t parts[sizeof pixels / 8];
    std::memcpy(parts, &pixels, sizeof pixels);
    return (parts[0] | parts[1] | parts[2] | parts[3]) == 0;
}

inline bool isNothing(float edge)
{
    std::uint32_t bits = 0;
    std::memcpy(&bits, &edge, sizeof bits);
    return (bits & 0x7fffffffU) > 0x7f800000U;
}

} // namespace

PROMDECK_KERNEL
void traceLine(const PlotPoint* run, std::size_t count, float* low, float* high, int last, float clipFirst, float clipLast)
{
    const PlotPoint* inside = run;
    const PlotPoint* end = run + count;
    while (inside != end && inside->x * Sub < clipFirst)
        ++inside;
    const PlotPoint* outside = end;
    while (outside != inside && outside[-1].x * Sub > clipLast)
        --outside;
    // From one point to the next: the columns whose middle lies between.
    int next = std::min(int(std::clamp(run->x * Sub, clipFirst, clipLast) + 0.5F), last);
    const PlotPoint* before = inside == run ? run : inside - 1;
    float x0 = before->x * Sub;
    float y0 = before->y;
    for (const PlotPoint* point = inside; point != outside; ++point) {
        const float x1 = point->x * Sub;
        const float y1 = point->y;
        const int at = int(x1);
        low[at] = std::min(low[at], y1);
        high[at] = std::max(high[at], y1);
        const int reached = int(x1 + 0.5F);
        if (next < reached) {
            const float slope = (y1 - y0) / (x1 - x0);
            do {
                const float y = y0 + slope * (float(next) + 0.5F - x0);
                low[next] = std::min(low[next], y);
                high[next] = std::max(high[next], y);
            } while (++next < reached);
        }
        x0 = x1;
        y0 = y1;
    }
    // The right edge belongs to the last column, so that the newest sample shows.
    low[last - 1] = std::min(low[last - 1], low[last]);
    high[last - 1] = std::max(high[last - 1], high[last]);
    if (outside == end)
        return;
    const float slope = (outside->y - y0) / (outside->x * Sub - x0);
    const int reached = std::min(int(std::clamp(outside->x * Sub, clipFirst, clipLast) + 0.5F), last);
    for (; next < reached; ++next) {
        const float y = y0 + slope * (float(next) + 0.5F - x0);
        low[next] = std::min(low[next], y);
        high[next] = std::max(high[next], y);
    }
}

PROMDECK_KERNEL
void widen(const float* low, const float* high, int first, int last, float radius, int reach, float* wideLow,
           float* wideHigh, int wideFirst, int wideLast)
{
    // The pen is a disc: moved along the line it covers, in each column, the highest and lowest place that any
    // neighbouring column within its radius lets it reach. Halfway between columns too: without it thin lines
    // of medium slope lose a tenth of their ink.
    for (int shift = -reach; shift <= reach; ++shift) {
        const float offset = float(shift) / Sub;
        const float up = std::sqrt(std::max(0.0F, radius * radius - offset * offset));
        const float half = offset + 0.5F / Sub;
        const float halfUp = std::sqrt(std::max(0.0F, radius * radius - half * half));
        const bool between = shift < reach;
        const int from = std::max(wideFirst, first - shift);
        const int to = std::min(wideLast, last - shift);
        const int pairs = between ? std::max(from, std::min(to, last - shift - 1)) : from;
        for (int column = from; column < pairs; ++column) {
            const float low0 = low[column + shift];
            const float high0 = high[column + shift];
            const float lowBetween = (low0 + low[column + shift + 1]) / 2 - halfUp;
            const float highBetween = (high0 + high[column + shift + 1]) / 2 + halfUp;
            const float top = std::min(low0 - up, lowBetween);
            const float bottom = std::max(high0 + up, highBetween);
            wideLow[column] = std::min(top, wideLow[column]);
            wideHigh[column] = std::max(bottom, wideHigh[column]);
        }
        for (int column = pairs; column < to; ++column) {
            wideLow[column] = std::min(low[column + shift] - up, wideLow[column]);
            wideHigh[column] = std::max(high[column + shift] + up, wideHigh[column]);
        }
    }
}

PROMDECK_KERNEL
void spansBetween(const float* edge, const float* other, float* low, float* high, int count)
{
    for (int column = 0; column < count; ++column) {
        const float a = edge[column];
        const float b = other[column];
        const bool nothing = (int(isNothing(a)) | int(isNothing(b))) != 0;
        low[column] = nothing ? NoLow : std::min(a, b);
        high[column] = nothing ? NoHigh : std::max(a, b);
    }
}

PROMDECK_KERNEL
void spansTo(const float* edge, float level, float* low, float* high, int count)
{
    for (int column = 0; column < count; ++column) {
        const float a = edge[column];
        const bool nothing = isNothing(a);
        low[column] = nothing ? NoLow : std::min(a, level);
        high[column] = nothing ? NoHigh : std::max(a, level);
    }
}

PROMDECK_KERNEL
void classify(float* low, float* high, ColumnRows* rows, int columns, int height)
{
    const auto bound = float(height);
    for (int index = 0; index < columns * Sub; ++index) {
        low[index] = std::min(std::max(low[index], 0.0F), bound);
        high[index] = std::min(std::max(high[index], 0.0F), bound);
    }
    for (int index = 0; index < columns; ++index) {
        const float* l = low + index * Sub;
        const float* h = high + index * Sub;
        const float top = std::min(std::min(l[0], l[1]), std::min(l[2], l[3]));
        const float bottom = std::max(std::max(h[0], h[1]), std::max(h[2], h[3]));
        const float innerTop = std::max(std::max(l[0], l[1]), std::max(l[2], l[3]));
        const float innerBottom = std::min(std::min(h[0], h[1]), std::min(h[2], h[3]));
        // All are between 0 and the height: cutting off is rounding down.
        const int from = int(top);
        const int to = int(bottom) + (float(int(bottom)) < bottom ? 1 : 0);
        const int wholeFrom = int(innerTop) + (float(int(innerTop)) < innerTop ? 1 : 0);
        const int wholeTo = int(innerBottom);
        const bool whole = wholeFrom < wholeTo;
        rows[index] = {from, whole ? wholeFrom : to, whole ? wholeTo : to, to};
    }
}

PROMDECK_KERNEL
void blendColumns(std::uint32_t* pixels, int stride, const float* low, const float* high, const ColumnRows* rows,
                  int columns, std::uint32_t color, const std::uint32_t* rowColors)
{
    for (int index = 0; index < columns; ++index) {
        const ColumnRows& touched = rows[index];
        const float* l = low + index * Sub;
        const float* h = high + index * Sub;
        std::uint32_t* column = pixels + std::ptrdiff_t(index) * stride;
        if (!rowColors) {
            // Groups of rows that begin above the whole part reach into it, and cover it there.
            const int groups = (touched.wholeFrom - touched.from + Lanes - 1) / Lanes;
            const int wholeFrom = touched.from + groups * Lanes;
            if (wholeFrom >= touched.wholeTo) {
                blendPartly(column, touched.from, touched.to, l, h, color);
                continue;
            }
            blendPartly(column, touched.from, wholeFrom, l, h, color);
            blendWhole(column, wholeFrom, touched.wholeTo, color);
            blendPartly(column, touched.wholeTo, touched.to, l, h, color);
            continue;
        }
        blendPartly(column, touched.from, touched.wholeFrom, l, h, rowColors);
        for (int y = touched.wholeFrom; y < touched.wholeTo; ++y)
            column[y] = over(column[y], rowColors[y]);
        blendPartly(column, touched.wholeTo, touched.to, l, h, rowColors);
    }
}

PROMDECK_KERNEL
void blendStamp(std::uint32_t* pixels, int stride, const std::uint32_t* alpha, int columns, int rows, std::uint32_t color)
{
    const Pixels source = Pixels{} + color;
    for (int index = 0; index < columns; ++index) {
        std::uint32_t* column = pixels + std::ptrdiff_t(index) * stride;
        const std::uint32_t* mask = alpha + std::ptrdiff_t(index) * rows;
        for (int y = 0; y < rows; y += Lanes)
            store(column + y, over(load(column + y), scaled(source, load(mask + y))));
    }
}

void blendMask(std::uint32_t* pixels, const std::uint32_t* alpha, int count, std::uint32_t color,
               const std::uint32_t* rowColors)
{
    for (int index = 0; index < count; ++index)
        pixels[index] = over(pixels[index], scaled(rowColors ? rowColors[index] : color, alpha[index]));
}

void blendRect(std::uint32_t* pixels, int stride, int width, int height, std::uint32_t color)
{
    for (int y = 0; y < height; ++y)
        blendWhole(pixels + std::ptrdiff_t(y) * stride, 0, width, color);
}

PROMDECK_KERNEL
void layOver(std::uint32_t* rows, int rowStride, const std::uint32_t* columns, int columnStride, int width, int height)
{
    // Blocks that fit the cache: a plain column walk would miss it on every pixel.
    for (int y0 = 0; y0 < height; y0 += Lanes) {
        const int count = std::min(Lanes, height - y0);
        int x0 = 0;
        for (; x0 + Lanes <= width; x0 += Lanes) {
            // Columns have room for a whole group behind their end.
            const std::uint32_t* from = columns + std::ptrdiff_t(x0) * columnStride + y0;
            std::uint32_t* to = rows + std::ptrdiff_t(y0) * rowStride + x0;
            Pixels block[Lanes];
            Pixels any = {};
            for (int x = 0; x < Lanes; ++x) {
                block[x] = load(from + std::ptrdiff_t(x) * columnStride);
                any |= block[x];
            }
            if (isEmpty(any))
                continue;
            transpose(block);
            for (int y = 0; y < Lanes; ++y) {
                if (y < count)
                    store(to + std::ptrdiff_t(y) * rowStride, over(load(to + std::ptrdiff_t(y) * rowStride), block[y]));
            }
        }
        for (; x0 < width; ++x0) {
            for (int y = y0; y < y0 + count; ++y) {
                std::uint32_t& to = rows[std::ptrdiff_t(y) * rowStride + x0];
                to = over(to, columns[std::ptrdiff_t(x0) * columnStride + y]);
            }
        }
    }
}

} // namespace Promdeck::Kernels
