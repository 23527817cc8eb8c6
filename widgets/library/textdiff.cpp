#include "widgets/library/textdiff.h"

#include <algorithm>

namespace Promdeck {

namespace {

constexpr int kMostSteps = 1500; ///< of Myers' algorithm; its trace grows with their square

/// Matching line pairs of the shortest edit script (Myers 1986), or nothing when it takes too many steps.
std::vector<std::pair<int, int>> matches(const QStringList& a, const QStringList& b)
{
    const int n = int(a.size());
    const int m = int(b.size());
    const int limit = std::min(n + m, kMostSteps);
    std::vector<std::vector<int>> trace;
    std::vector<int> reach(size_t(2 * limit + 3), 0);
    const auto at = [&](std::vector<int>& v, int k) -> int& { return v[size_t(k + limit + 1)]; };
    int steps = -1;
    for (int d = 0; d <= limit && steps < 0; ++d) {
        trace.push_back(reach);
        for (int k = -d; k <= d; k += 2) {
            int x = k == -d || (k != d && at(reach, k - 1) < at(reach, k + 1)) ? at(reach, k + 1) : at(reach, k - 1) + 1;
            while (x < n && x - k < m && a.at(x) == b.at(x - k))
                ++x;
            at(reach, k) = x;
            if (x >= n && x - k >= m) {
                steps = d;
                break;
            }
        }
    }
    std::vector<std::pair<int, int>> out;
    int x = n;
    int y = m;
    for (int d = steps; d >= 0; --d) {
        std::vector<int>& v = trace[size_t(d)];
        const int k = x - y;
        const int before = k == -d || (k != d && at(v, k - 1) < at(v, k + 1)) ? k + 1 : k - 1;
        const int fromX = d == 0 ? 0 : at(v, before);
        const int fromY = d == 0 ? 0 : fromX - before;
        while (x > fromX && y > fromY)
            out.emplace_back(--x, --y);
        x = fromX;
        y = fromY;
    }
    std::ranges::reverse(out);
    return out;
}

} // namespace

std::vector<DiffRow> sideBySide(const QStringList& left, const QStringList& right)
{
    int head = 0;
    while (head < left.size() && head < right.size() && left.at(head) == right.at(head))
        ++head;
    int tail = 0;
    while (tail < left.size() - head && tail < right.size() - head && left.at(left.size() - 1 - tail) == right.at(right.size() - 1 - tail))
        ++tail;
    const QStringList a = left.mid(head, left.size() - head - tail);
    const QStringList b = right.mid(head, right.size() - head - tail);
    std::vector<DiffRow> rows;
    for (int i = 0; i < head; ++i)
        rows.push_back({i, i, true});
    int x = 0;
    int y = 0;
    const auto differ = [&](int toX, int toY) {
        while (x < toX || y < toY) {
            const int l = x < toX ? head + x++ : -1;
            const int r = y < toY ? head + y++ : -1;
            rows.push_back({l, r, false});
        }
    };
    for (const auto& [l, r] : matches(a, b)) {
        differ(l, r);
        rows.push_back({head + x++, head + y++, true});
    }
    differ(int(a.size()), int(b.size()));
    for (int i = tail; i > 0; --i)
        rows.push_back({int(left.size()) - i, int(right.size()) - i, true});
    return rows;
}

} // namespace Promdeck
