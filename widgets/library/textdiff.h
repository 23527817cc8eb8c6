#pragma once

#include <QStringList>

#include <vector>

namespace Promdeck {

/// Lines of two texts side by side: equal ones face each other, of changed ones either side may be missing (-1).
struct DiffRow
{
    int left = -1;  ///< line, from 0
    int right = -1;
    bool same = false;
    bool operator==(const DiffRow&) const = default;
};

/// The shortest way from one text to the other, as far as that is cheap; beyond some thousands of changed lines what
/// differs between the equal beginning and end is one block.
[[nodiscard]] std::vector<DiffRow> sideBySide(const QStringList& left, const QStringList& right);

} // namespace Promdeck
