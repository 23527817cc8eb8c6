#pragma once

#include "models/config/filekind.h"

#include <cstddef>
#include <string>
#include <string_view>
#include <vector>

namespace Promdeck::Config {

/// YAML read line by line and forgivingly, for an editor: text that is being typed seldom parses, and still has keys,
/// items and block scalars. Offsets are bytes.

/// "key:" or "- " on a line. Columns count bytes from 0.
struct YamlMark
{
    std::size_t column = 0;
    bool isItem = false;
    std::string_view key;      ///< without quotes
    std::size_t keyEnd = 0;    ///< column behind the key, quotes included
    bool operator==(const YamlMark&) const = default;
};

struct YamlLine
{
    std::vector<YamlMark> marks; ///< from left to right
    std::size_t indent = 0;      ///< spaces in front
    std::size_t value = 0;       ///< column where the value begins, or the end of the line
    std::size_t valueEnd = 0;    ///< behind it, a comment left out
    std::size_t comment = std::string_view::npos; ///< column of "#"
    bool isBlank = false;        ///< nothing, or only a comment
    bool opensBlock = false;     ///< ends in "|" or ">"
    char quote = 0;              ///< a quoted value that does not end on this line
    int depth = 0;               ///< flow collections that do not end on this line
};

/// Reads one line, without its line break. A line that continues something else must not be read with this.
[[nodiscard]] YamlLine readYamlLine(std::string_view line);

/// What is still open at the start of a line.
struct YamlCarry
{
    bool inBlock = false;
    std::size_t blockColumn = 0; ///< of the key or item that the block scalar belongs to; its lines are deeper
    bool atRoot = false;         ///< the block scalar is the document
    char quote = 0;
    int depth = 0;
    bool operator==(const YamlCarry&) const = default;
};

/// Whether a line belongs to what was open before it, and what is open behind it.
struct YamlStep
{
    bool continues = false;
    YamlLine line; ///< read only when it does not continue anything
    YamlCarry next;
};
[[nodiscard]] YamlStep stepYamlLine(std::string_view line, const YamlCarry& carry);

/// One key or item above a place.
struct YamlLevel
{
    std::size_t column = 0;
    bool isItem = false;
    std::string key;
    std::size_t index = 0;  ///< of an item
    std::size_t offset = 0; ///< of the mark in the text
};

/// Keeps the keys and items that enclose a line while lines go by.
class YamlTrail
{
public:
    void add(const YamlMark& mark, std::size_t lineOffset);
    [[nodiscard]] const std::vector<YamlLevel>& levels() const { return m_levels; }
    /// "groups", "-", "rules", "-"
    [[nodiscard]] std::vector<std::string> path() const;

private:
    std::vector<YamlLevel> m_levels;
};

/// Something with a name that people look for.
struct ConfigSymbol
{
    enum class Kind { Job, Group, Alert, Record, Receiver, Interval, Module, Test, Section, Anchor };
    Kind kind = Kind::Section;
    std::string name;
    std::size_t offset = 0; ///< of the name
    std::size_t end = 0;
    std::size_t ruleOffset = 0; ///< of the "-" it belongs to
    int line = 0;           ///< 1-based
};

/// The jobs, rules, receivers and so on of a text, in its order.
[[nodiscard]] std::vector<ConfigSymbol> symbolsOf(std::string_view text, FileKind kind);

/// Where a place stands in a file.
struct YamlPlace
{
    enum class Where { Key, Value, BlockText, Comment };
    Where where = Where::Key;
    std::vector<std::string> path; ///< of the mapping or list that holds the place; of a value: its key included
    std::size_t start = 0;  ///< of the word or the scalar at the place
    std::size_t end = 0;
    std::string typed;      ///< from start to the place
    std::vector<std::string> siblings; ///< keys that the mapping has besides
    std::size_t column = 0; ///< where keys of this mapping stand
    std::size_t lineStart = 0;
    int line = 0;           ///< 1-based
    bool quoted = false;
    bool atLineEnd = false; ///< nothing but blanks follows
    bool hasColon = false;  ///< of a key: it has its colon already
    bool blankLine = false;
    /// The scalar that holds the place, joined from its lines, and the place in it. Values and block texts only.
    std::string scalar;
    std::size_t scalarOffset = 0;
    std::size_t scalarStart = 0; ///< where it begins in the text
    std::vector<std::pair<std::size_t, std::size_t>> pieces; ///< scalar offset, text offset: starts of its lines
    /// Where a byte of the scalar stands in the text.
    [[nodiscard]] std::size_t inText(std::size_t offsetInScalar) const;
};
[[nodiscard]] YamlPlace placeAt(std::string_view text, std::size_t offset);

/// Calls visit(line, offset, number) for every line; numbers are 1-based. Line breaks are left out.
template <typename Visit>
void forEachLine(std::string_view text, const Visit& visit)
{
    std::size_t start = 0;
    int number = 1;
    while (start <= text.size()) {
        std::size_t end = text.find('\n', start);
        const bool last = end == std::string_view::npos;
        if (last)
            end = text.size();
        std::size_t stop = end;
        if (stop > start && text[stop - 1] == '\r')
            --stop;
        visit(text.substr(start, stop - start), start, number++);
        if (last)
            return;
        start = end + 1;
    }
}

} // namespace Promdeck::Config
