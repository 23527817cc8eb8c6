#pragma once

#include <cstddef>
#include <string>
#include <string_view>
#include <vector>

namespace Promdeck::Config {

/// Replaces the bytes [start, end) of a text. Edits of one list do not overlap.
struct TextEdit
{
    std::size_t start = 0;
    std::size_t end = 0;
    std::string text;
    bool operator==(const TextEdit&) const = default;
};
using TextEdits = std::vector<TextEdit>;

[[nodiscard]] std::string applyEdits(std::string_view text, TextEdits edits);

/// Lines that differ: `countA` lines from line `a` of the first text became `countB` lines from `b` of the second.
/// Lines are counted from 0.
struct LineChange
{
    std::size_t a = 0;
    std::size_t countA = 0;
    std::size_t b = 0;
    std::size_t countB = 0;
    bool operator==(const LineChange&) const = default;
};

/// The lines of a text with their line breaks; a last line without one is a line.
[[nodiscard]] std::vector<std::string_view> splitLines(std::string_view text);
/// The shortest list of changes (Myers); texts that have little in common become one change.
[[nodiscard]] std::vector<LineChange> diffLines(const std::vector<std::string_view>& a, const std::vector<std::string_view>& b);
/// Edits that make `to` of `from`, by whole lines.
[[nodiscard]] TextEdits lineEdits(std::string_view from, std::string_view to);

struct MergeConflict
{
    std::size_t line = 0; ///< of mine, counted from 0
    std::size_t count = 0;
    std::string theirs;
};

/// Two changed texts of one origin brought together.
struct Merge
{
    TextEdits edits;  ///< to `mine`: everything of theirs that does not meet a change of mine
    std::size_t taken = 0; ///< how many places of theirs these are
    std::vector<MergeConflict> conflicts;
};
[[nodiscard]] Merge mergeTexts(std::string_view base, std::string_view mine, std::string_view theirs);

} // namespace Promdeck::Config
