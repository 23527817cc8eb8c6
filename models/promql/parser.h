#pragma once

#include "models/promql/ast.h"

#include <string>
#include <string_view>
#include <vector>

namespace Promdeck::Promql {

/// What a server has switched on with --enable-feature.
struct Features
{
    bool experimentalFunctions = false;
    bool extendedRangeSelectors = false; ///< anchored, smoothed
    bool binopFillModifiers = false;     ///< fill, fill_left, fill_right
    bool durationExpressions = false;    ///< only asked for before 3.14; always on since
    /// Takes the server's name for a feature ("promql-experimental-functions", prefix optional, - or _);
    /// false for an unknown one.
    bool enable(std::string_view name);
};

struct Options
{
    ServerVersion version;
    Features features;
};

/// One problem of an expression. Ranges and texts are those of the server's parser.
struct Problem
{
    ByteRange range;
    std::string message;
    std::string hint;     ///< our own addition: which version or feature it needs, what could follow
};

struct ParseResult
{
    Ast ast;                       ///< empty, or partial, when there are syntax errors
    std::vector<Problem> problems; ///< in the server's order; types are checked only without syntax errors
    [[nodiscard]] bool ok() const { return problems.empty(); }
    [[nodiscard]] ValueType type() const { return ast.isEmpty() ? ValueType::None : ast.at(ast.root).type; }
};

/// Parses and checks an expression. Never recurses: nesting depth is limited by memory only. Thread-safe.
[[nodiscard]] ParseResult parse(std::string_view text, const Options& options = {});

/// 1-based line and 1-based column in bytes of an offset, as in the server's messages.
struct LineColumn
{
    int line = 1;
    int column = 1;
};
[[nodiscard]] LineColumn lineColumn(std::string_view text, std::uint32_t offset);

/// The same for many offsets of one text.
class LineIndex
{
public:
    explicit LineIndex(std::string_view text);
    [[nodiscard]] LineColumn at(std::uint32_t offset) const;

private:
    std::vector<std::size_t> m_starts; ///< of the lines, bytes
};
/// "1:5: parse error: ..."
[[nodiscard]] std::string formatProblem(std::string_view text, const Problem& problem);

/// Which tokens the grammar allows at the end of a prefix; for completion. Lexical errors end the prefix.
[[nodiscard]] std::vector<Tok> tokensAfter(std::string_view prefix, const Options& options = {});

/// Checks a regular expression as matchers use it (RE2, anchored); empty when fine, else the server's message.
[[nodiscard]] std::string checkRegexp(const std::string& pattern, ServerVersion version);
/// Whether a regular expression has a \C outside of quotes: RE2 in C++ knows it, Go does not.
[[nodiscard]] bool hasByteEscape(std::string_view pattern);
/// True when the anchored expression matches the empty string; false for malformed ones.
[[nodiscard]] bool regexpMatchesEmpty(const std::string& pattern, ServerVersion version);

} // namespace Promdeck::Promql
