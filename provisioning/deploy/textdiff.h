#pragma once

#include <QByteArray>
#include <QList>

#include <vector>

namespace Promdeck::Deploy {

struct DiffLine
{
    enum class Kind { Same, Removed, Added } kind = Kind::Same;
    QByteArray text; ///< without line end
    int oldLine = 0; ///< 1-based; 0 where the line is not
    int newLine = 0;
};

/// Every line of two texts, what they share and what differs, with the fewest changes (Myers). Texts that differ
/// in more than some thousand lines are shown as one block replaced by another.
[[nodiscard]] std::vector<DiffLine> diffLines(const QByteArray& before, const QByteArray& after);

/// The differences as `diff -u` writes them, without its two head lines; empty for equal texts. Bytes that are no
/// printable UTF-8 come out escaped, so that a terminal is safe from them.
[[nodiscard]] QByteArray unifiedDiff(const QByteArray& before, const QByteArray& after, int context = 3);

} // namespace Promdeck::Deploy
