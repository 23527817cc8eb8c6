#include "models/dashboard/layoutengine.h"

#include <algorithm>
#include <array>
#include <cmath>
#include <numeric>

namespace Promdeck {

namespace {

bool overlap(const GridPos& a, const GridPos& b)
{
    constexpr double kTouch = 1e-9; // fractions of a row occur; touching is no overlap
    return a.x < b.x + b.w - kTouch && b.x < a.x + a.w - kTouch && a.y < b.y + b.h - kTouch && b.y < a.y + a.h - kTouch;
}

/// The lowest free line of every column, kept while items settle from top to bottom. Columns may be cut by
/// fractional items: a column counts as used when any part of it is.
class Skyline
{
public:
    [[nodiscard]] double top(const GridPos& pos) const
    {
        const auto [first, last] = columns(pos);
        return *std::max_element(m_tops.begin() + first, m_tops.begin() + last);
    }

    void add(const GridPos& pos)
    {
        const auto [first, last] = columns(pos);
        for (int column = first; column < last; ++column)
            m_tops[size_t(column)] = std::max(m_tops[size_t(column)], pos.y + pos.h);
    }

private:
    static std::pair<int, int> columns(const GridPos& pos)
    {
        const int first = std::clamp(int(std::floor(pos.x)), 0, kGridColumns - 1);
        return {first, std::clamp(int(std::ceil(pos.x + pos.w)), first + 1, kGridColumns)};
    }

    std::array<double, kGridColumns> m_tops {};
};

} // namespace

void compactGrid(std::vector<GridPos>& items, int movedIndex)
{
    std::vector<size_t> order(items.size());
    std::iota(order.begin(), order.end(), size_t(0));
    const bool moving = movedIndex >= 0 && size_t(movedIndex) < items.size();
    const auto comesFirst = [&](size_t a, size_t b) {
        if (items[a].y != items[b].y)
            return items[a].y < items[b].y;
        if (items[a].x != items[b].x)
            return items[a].x < items[b].x;
        // What the user holds wins its place.
        return moving && int(a) == movedIndex && int(b) != movedIndex;
    };
    std::stable_sort(order.begin(), order.end(), comesFirst);
    // The moved item goes first, where it is; what overlaps it moves below.
    if (moving) {
        for (const size_t index : order) {
            if (int(index) != movedIndex && items[index].y >= items[size_t(movedIndex)].y - items[index].h
                && overlap(items[index], items[size_t(movedIndex)]))
                items[index].y = items[size_t(movedIndex)].y + items[size_t(movedIndex)].h;
        }
        std::stable_sort(order.begin(), order.end(), comesFirst);
    }
    // Settling in order of y: nothing below can be in the way, so the skyline is all there is to know.
    Skyline skyline;
    for (const size_t index : order) {
        items[index].y = skyline.top(items[index]);
        skyline.add(items[index]);
    }
}

PixelRect gridRect(const GridPos& pos, int gridWidth)
{
    constexpr int kUnit = kGridRowPx + kGridGapPx;
    PixelRect rect;
    rect.y = int(std::lround(pos.y * kUnit));
    rect.height = int(std::lround(pos.h * kUnit)) - kGridGapPx;
    if (gridWidth < kSingleColumnBelowPx) {
        rect.width = gridWidth;
        return rect;
    }
    // Columns share what the gaps leave; edges are rounded, so that neighbours keep exactly one gap.
    const double column = (gridWidth - (kGridColumns - 1) * kGridGapPx) / double(kGridColumns);
    const auto edge = [column](double at) { return int(std::lround(at * (column + kGridGapPx))); };
    rect.x = edge(pos.x);
    rect.width = edge(pos.x + pos.w) - kGridGapPx - rect.x;
    return rect;
}

std::vector<PixelRect> gridRects(std::vector<GridPos> items, int gridWidth)
{
    if (gridWidth < kSingleColumnBelowPx) {
        for (GridPos& item : items) {
            // Wide items on one line would lose their order: x decides it before all become equal.
            item.y += item.x / 1e6;
            item.x = 0;
            item.w = kGridColumns;
        }
        compactGrid(items);
    }
    std::vector<PixelRect> rects;
    rects.reserve(items.size());
    for (const GridPos& item : items)
        rects.push_back(gridRect(item, gridWidth));
    return rects;
}

} // namespace Promdeck
