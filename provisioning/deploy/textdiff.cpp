#include "provisioning/deploy/textdiff.h"

#include <QString>

#include <algorithm>
#include <string_view>

namespace Promdeck::Deploy {

namespace {

using Lines = std::vector<std::string_view>;

constexpr int kMostChanges = 4000;

Lines split(const QByteArray& text)
{
    Lines lines;
    std::string_view rest(text.constData(), std::size_t(text.size()));
    while (!rest.empty()) {
        const std::size_t end = rest.find('\n');
        lines.push_back(rest.substr(0, end));
        if (end == std::string_view::npos)
            break;
        rest.remove_prefix(end + 1);
    }
    return lines;
}

/// Which lines of both sides pair up, as Myers' greedy search finds it: the furthest point per diagonal is kept for
/// every number of changes, and the way is walked back through them.
class Search
{
public:
    Search(const Lines& a, const Lines& b, int begin, int aEnd, int bEnd) : m_a(a), m_b(b), m_begin(begin), m_n(aEnd - begin), m_m(bEnd - begin) {}

    /// False when the texts differ too much.
    bool run(std::vector<std::pair<int, int>>& pairs)
    {
        const int most = std::min(m_n + m_m, kMostChanges);
        std::vector<int> reach(std::size_t(2 * most + 2), 0);
        for (int changes = 0; changes <= most; ++changes) {
            m_history.emplace_back(reach.begin() + (most - changes), reach.begin() + (most + changes + 2));
            for (int k = -changes; k <= changes; k += 2) {
                const auto at = [&](int diagonal) -> int& { return reach[std::size_t(diagonal + most)]; };
                int x = k == -changes || (k != changes && at(k - 1) < at(k + 1)) ? (k == most ? 0 : at(k + 1)) : at(k - 1) + 1;
                int y = x - k;
                while (x < m_n && y < m_m && same(x, y)) {
                    ++x;
                    ++y;
                }
                at(k) = x;
                if (x >= m_n && y >= m_m) {
                    walkBack(changes, pairs);
                    return true;
                }
            }
        }
        return false;
    }

private:
    [[nodiscard]] bool same(int x, int y) const { return m_a[std::size_t(m_begin + x)] == m_b[std::size_t(m_begin + y)]; }

    void walkBack(int changes, std::vector<std::pair<int, int>>& pairs)
    {
        int x = m_n;
        int y = m_m;
        for (int d = changes; d >= 0; --d) {
            // History d holds diagonals -d .. d+1 as they were before round d.
            const std::vector<int>& before = m_history[std::size_t(d)];
            const auto at = [&](int diagonal) { return before[std::size_t(diagonal + d)]; };
            const int k = x - y;
            const int from = d == 0 ? 0 : k == -d || (k != d && at(k - 1) < at(k + 1)) ? k + 1 : k - 1;
            const int fromX = d == 0 ? 0 : at(from);
            const int fromY = d == 0 ? 0 : fromX - from;
            const int stopX = d == 0 ? 0 : from == k + 1 ? fromX : fromX + 1;
            while (x > stopX && x > 0 && y > 0) {
                --x;
                --y;
                pairs.emplace_back(m_begin + x, m_begin + y);
            }
            x = fromX;
            y = fromY;
        }
        std::reverse(pairs.begin(), pairs.end());
    }

    const Lines& m_a;
    const Lines& m_b;
    int m_begin;
    int m_n;
    int m_m;
    std::vector<std::vector<int>> m_history;
};

QByteArray copy(std::string_view text)
{
    return {text.data(), qsizetype(text.size())};
}

/// Control characters and broken UTF-8 as \xNN.
QByteArray printable(const QByteArray& line)
{
    QByteArray out;
    const QString text = QString::fromUtf8(line);
    if (text.contains(QChar::ReplacementCharacter)) {
        for (const char c : line)
            out += (c >= ' ' && c < 127) || c == '\t' ? QByteArray(1, c) : "\\x" + QByteArray(1, c).toHex();
        return out;
    }
    for (const QChar c : text) {
        const char16_t u = c.unicode();
        if ((u < 0x20 && u != '\t') || (u >= 0x7f && u < 0xa0) || (u >= 0x202a && u <= 0x202e) || (u >= 0x2066 && u <= 0x2069))
            out += "\\x" + QByteArray::number(u, 16).rightJustified(2, '0');
        else
            out += QString(c).toUtf8();
    }
    // Surrogate pairs have to stay together.
    return text.toUtf8().size() == line.size() && out.size() == line.size() ? line : text.isValidUtf16() && !out.contains("\\x") ? line : out;
}

} // namespace

std::vector<DiffLine> diffLines(const QByteArray& before, const QByteArray& after)
{
    const Lines a = split(before);
    const Lines b = split(after);
    int begin = 0;
    while (begin < int(std::min(a.size(), b.size())) && a[std::size_t(begin)] == b[std::size_t(begin)])
        ++begin;
    int aEnd = int(a.size());
    int bEnd = int(b.size());
    while (aEnd > begin && bEnd > begin && a[std::size_t(aEnd - 1)] == b[std::size_t(bEnd - 1)]) {
        --aEnd;
        --bEnd;
    }
    std::vector<std::pair<int, int>> pairs;
    for (int i = 0; i < begin; ++i)
        pairs.emplace_back(i, i);
    std::vector<std::pair<int, int>> middle;
    if (Search(a, b, begin, aEnd, bEnd).run(middle))
        pairs.insert(pairs.end(), middle.begin(), middle.end());
    for (int i = 0; i < int(a.size()) - aEnd; ++i)
        pairs.emplace_back(aEnd + i, bEnd + i);
    pairs.emplace_back(int(a.size()), int(b.size()));

    std::vector<DiffLine> out;
    int x = 0;
    int y = 0;
    for (const auto& [toX, toY] : pairs) {
        for (; x < toX; ++x)
            out.push_back({DiffLine::Kind::Removed, copy(a[std::size_t(x)]), x + 1, 0});
        for (; y < toY; ++y)
            out.push_back({DiffLine::Kind::Added, copy(b[std::size_t(y)]), 0, y + 1});
        if (toX < int(a.size()) && toY < int(b.size())) {
            out.push_back({DiffLine::Kind::Same, copy(a[std::size_t(x)]), x + 1, y + 1});
            ++x;
            ++y;
        }
    }
    return out;
}

QByteArray unifiedDiff(const QByteArray& before, const QByteArray& after, int context)
{
    if (before == after)
        return {};
    const std::vector<DiffLine> lines = diffLines(before, after);
    QByteArray out;
    const int count = int(lines.size());
    const auto differs = [&](int i) { return lines[std::size_t(i)].kind != DiffLine::Kind::Same; };
    for (int i = 0; i < count;) {
        if (!differs(i)) {
            ++i;
            continue;
        }
        const int first = std::max(0, i - context);
        int last = i; // of the hunk's changes
        for (int j = i; j < count && j <= last + 2 * context + 1; ++j) {
            if (differs(j))
                last = j;
        }
        const int end = std::min(count, last + context + 1);
        int oldStart = 0, newStart = 0, oldCount = 0, newCount = 0;
        QByteArray body;
        for (int j = first; j < end; ++j) {
            const DiffLine& line = lines[std::size_t(j)];
            if (line.oldLine > 0 && oldCount++ == 0)
                oldStart = line.oldLine;
            if (line.newLine > 0 && newCount++ == 0)
                newStart = line.newLine;
            body += line.kind == DiffLine::Kind::Same ? ' ' : line.kind == DiffLine::Kind::Added ? '+' : '-';
            body += printable(line.text) + '\n';
        }
        out += "@@ -" + QByteArray::number(oldStart) + ',' + QByteArray::number(oldCount) + " +" + QByteArray::number(newStart) + ','
            + QByteArray::number(newCount) + " @@\n" + body;
        i = end;
    }
    if (out.isEmpty())
        out = "@@ the line end at the end of the file @@\n";
    return out;
}

} // namespace Promdeck::Deploy
