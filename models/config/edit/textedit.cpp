#include "models/config/edit/textedit.h"

#include <algorithm>
#include <unordered_map>

namespace Promdeck::Config {

namespace {

// Beyond this many differing lines the shortest list is not worth its time.
constexpr int kMostSteps = 1500;

std::vector<std::size_t> lineStarts(const std::vector<std::string_view>& lines)
{
    std::vector<std::size_t> starts {0};
    for (const std::string_view line : lines)
        starts.push_back(starts.back() + line.size());
    return starts;
}

} // namespace

std::string applyEdits(std::string_view text, TextEdits edits)
{
    std::stable_sort(edits.begin(), edits.end(), [](const TextEdit& a, const TextEdit& b) { return a.start < b.start; });
    std::string out;
    std::size_t at = 0;
    for (const TextEdit& edit : edits) {
        if (edit.start < at || edit.end > text.size())
            continue;
        out += text.substr(at, edit.start - at);
        out += edit.text;
        at = edit.end;
    }
    out += text.substr(at);
    return out;
}

std::vector<std::string_view> splitLines(std::string_view text)
{
    std::vector<std::string_view> lines;
    std::size_t start = 0;
    while (start < text.size()) {
        const std::size_t end = text.find('\n', start);
        const std::size_t stop = end == std::string_view::npos ? text.size() : end + 1;
        lines.push_back(text.substr(start, stop - start));
        start = stop;
    }
    return lines;
}

std::vector<LineChange> diffLines(const std::vector<std::string_view>& a, const std::vector<std::string_view>& b)
{
    std::size_t head = 0;
    while (head < a.size() && head < b.size() && a[head] == b[head])
        ++head;
    std::size_t tail = 0;
    while (tail < a.size() - head && tail < b.size() - head && a[a.size() - 1 - tail] == b[b.size() - 1 - tail])
        ++tail;
    const int n = int(a.size() - head - tail);
    const int m = int(b.size() - head - tail);
    if (n == 0 && m == 0)
        return {};
    const LineChange all {head, std::size_t(n), head, std::size_t(m)};
    if (n == 0 || m == 0)
        return {all};
    // Lines become numbers, so that comparing them costs nothing.
    std::unordered_map<std::string_view, int> ids;
    std::vector<int> left;
    std::vector<int> right;
    for (int i = 0; i < n; ++i)
        left.push_back(ids.try_emplace(a[head + std::size_t(i)], int(ids.size())).first->second);
    for (int i = 0; i < m; ++i)
        right.push_back(ids.try_emplace(b[head + std::size_t(i)], int(ids.size())).first->second);
    const int most = std::min(n + m, kMostSteps);
    std::vector<int> reach(std::size_t(2 * most + 3), 0);
    std::vector<std::vector<int>> history;
    int steps = -1;
    for (int d = 0; d <= most && steps < 0; ++d) {
        history.emplace_back(reach.begin() + (most + 1 - d), reach.begin() + (most + 2 + d));
        for (int k = -d; k <= d; k += 2) {
            const std::size_t at = std::size_t(k + most + 1);
            int x = k == -d || (k != d && reach[at - 1] < reach[at + 1]) ? reach[at + 1] : reach[at - 1] + 1;
            int y = x - k;
            while (x < n && y < m && left[std::size_t(x)] == right[std::size_t(y)]) {
                ++x;
                ++y;
            }
            reach[at] = x;
            if (x >= n && y >= m) {
                steps = d;
                break;
            }
        }
    }
    if (steps < 0)
        return {all};
    // Back from the end: which lines were taken out and put in.
    std::vector<char> gone(std::size_t(n), 0);
    std::vector<char> come(std::size_t(m), 0);
    int x = n;
    int y = m;
    for (int d = steps; d > 0; --d) {
        const std::vector<int>& before = history[std::size_t(d)]; // reach for |k| <= d, as it was before step d
        const auto reached = [&](int k) { return before[std::size_t(k + d)]; };
        const int k = x - y;
        const bool down = k == -d || (k != d && reached(k - 1) < reached(k + 1));
        const int previousK = down ? k + 1 : k - 1;
        const int previousX = reached(previousK);
        const int previousY = previousX - previousK;
        if (down)
            come[std::size_t(previousY)] = 1;
        else
            gone[std::size_t(previousX)] = 1;
        x = previousX;
        y = previousY;
    }
    std::vector<LineChange> out;
    std::size_t i = 0;
    std::size_t j = 0;
    while (i < std::size_t(n) || j < std::size_t(m)) {
        const std::size_t fromI = i;
        const std::size_t fromJ = j;
        while (i < std::size_t(n) && gone[i])
            ++i;
        while (j < std::size_t(m) && come[j])
            ++j;
        if (i > fromI || j > fromJ) {
            out.push_back({head + fromI, i - fromI, head + fromJ, j - fromJ});
        } else {
            ++i;
            ++j;
        }
    }
    return out;
}

TextEdits lineEdits(std::string_view from, std::string_view to)
{
    const std::vector<std::string_view> a = splitLines(from);
    const std::vector<std::string_view> b = splitLines(to);
    const std::vector<std::size_t> startsA = lineStarts(a);
    const std::vector<std::size_t> startsB = lineStarts(b);
    TextEdits edits;
    for (const LineChange& change : diffLines(a, b)) {
        const std::size_t begin = startsB[change.b];
        edits.push_back({startsA[change.a], startsA[change.a + change.countA],
                         std::string(to.substr(begin, startsB[change.b + change.countB] - begin))});
    }
    return edits;
}

Merge mergeTexts(std::string_view base, std::string_view mine, std::string_view theirs)
{
    const std::vector<std::string_view> origin = splitLines(base);
    const std::vector<std::string_view> left = splitLines(mine);
    const std::vector<std::string_view> right = splitLines(theirs);
    const std::vector<LineChange> changesLeft = diffLines(origin, left);
    const std::vector<LineChange> changesRight = diffLines(origin, right);
    const std::vector<std::size_t> startsLeft = lineStarts(left);
    const std::vector<std::size_t> startsRight = lineStarts(right);
    Merge merge;
    std::size_t i = 0;
    std::ptrdiff_t shiftLeft = 0;  // line of mine minus line of the origin
    std::ptrdiff_t shiftRight = 0;
    const auto textOf = [](std::string_view text, const std::vector<std::size_t>& starts, std::size_t from, std::size_t to) {
        return text.substr(starts[from], starts[to] - starts[from]);
    };
    for (std::size_t j = 0; j < changesRight.size();) {
        std::size_t begin = changesRight[j].a;
        std::size_t end = begin + changesRight[j].countA;
        // Changes of mine that lie before this one.
        while (i < changesLeft.size() && changesLeft[i].a + changesLeft[i].countA < begin) {
            shiftLeft += std::ptrdiff_t(changesLeft[i].countB) - std::ptrdiff_t(changesLeft[i].countA);
            ++i;
        }
        // Everything that touches it, from both sides, is one place.
        std::size_t lastLeft = i;
        std::size_t lastRight = j + 1;
        for (bool grew = true; grew;) {
            grew = false;
            if (lastLeft < changesLeft.size() && changesLeft[lastLeft].a <= end) {
                begin = std::min(begin, changesLeft[lastLeft].a);
                end = std::max(end, changesLeft[lastLeft].a + changesLeft[lastLeft].countA);
                ++lastLeft;
                grew = true;
            }
            if (lastRight < changesRight.size() && changesRight[lastRight].a <= end && (lastLeft > i || changesRight[lastRight].a < end)) {
                end = std::max(end, changesRight[lastRight].a + changesRight[lastRight].countA);
                ++lastRight;
                grew = true;
            }
        }
        std::ptrdiff_t growLeft = 0;
        std::ptrdiff_t growRight = 0;
        for (std::size_t k = i; k < lastLeft; ++k)
            growLeft += std::ptrdiff_t(changesLeft[k].countB) - std::ptrdiff_t(changesLeft[k].countA);
        for (std::size_t k = j; k < lastRight; ++k)
            growRight += std::ptrdiff_t(changesRight[k].countB) - std::ptrdiff_t(changesRight[k].countA);
        const std::size_t mineBegin = std::size_t(std::ptrdiff_t(begin) + shiftLeft);
        const std::size_t mineEnd = std::size_t(std::ptrdiff_t(end) + shiftLeft + growLeft);
        const std::size_t theirBegin = std::size_t(std::ptrdiff_t(begin) + shiftRight);
        const std::size_t theirEnd = std::size_t(std::ptrdiff_t(end) + shiftRight + growRight);
        const std::string_view mineText = textOf(mine, startsLeft, mineBegin, mineEnd);
        const std::string_view theirText = textOf(theirs, startsRight, theirBegin, theirEnd);
        if (lastLeft == i) {
            merge.edits.push_back({startsLeft[mineBegin], startsLeft[mineEnd], std::string(theirText)});
            ++merge.taken;
        } else if (mineText != theirText) {
            merge.conflicts.push_back({mineBegin, mineEnd - mineBegin, std::string(theirText)});
        }
        shiftLeft += growLeft;
        shiftRight += growRight;
        i = lastLeft;
        j = lastRight;
    }
    return merge;
}

} // namespace Promdeck::Config
