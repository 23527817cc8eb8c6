#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

namespace Promdeck::Promql {

/// One decoded rune; invalid UTF-8 gives U+FFFD of width 1, as in Go. Width 0 at the end.
struct Rune
{
    char32_t value = 0;
    std::uint32_t width = 0;
};
inline constexpr char32_t kRuneError = 0xFFFD;

[[nodiscard]] Rune decodeUtf8(std::string_view text, size_t offset);
void appendUtf8(std::string& out, char32_t rune);
[[nodiscard]] bool isValidUtf8(std::string_view text);

/// Double-quoted, escaped as Go's %q.
[[nodiscard]] std::string goQuote(std::string_view text);
/// Single-quoted rune, as Go's %q.
[[nodiscard]] std::string goQuoteRune(char32_t rune);
/// "U+0063 'c'", as Go's %#U.
[[nodiscard]] std::string goUnicodeName(char32_t rune);
/// The contents of a quoted or backquoted literal; nothing when it is malformed.
[[nodiscard]] std::optional<std::string> goUnquote(std::string_view literal);

/// A number as the server reads it: integers with 0x, 0o, 0b or a leading 0, `_` between digits, floats, Inf, NaN.
struct ParsedNumber
{
    double value = 0;
    std::string error; ///< empty when fine
};
[[nodiscard]] ParsedNumber parseNumber(std::string_view text);

/// Plain digits without exponent ("1000000"), shortest that reads back; "+Inf", "-Inf", "NaN".
[[nodiscard]] std::string formatPlain(double value);
/// As Go's %v: exponents below 1e-4 and from 1e6 on.
[[nodiscard]] std::string formatGeneral(double value);
/// Fixed decimals, as Go's %.nf.
[[nodiscard]] std::string formatFixed(double value, int decimals);

struct ParsedDuration
{
    std::int64_t nanoseconds = 0;
    std::string error; ///< empty when fine
};
/// "1h30m", units y w d h m s ms in this order, each once.
[[nodiscard]] ParsedDuration parseDuration(std::string_view text, bool legacy = false);
/// "1h30m"; below a millisecond it is "0s".
[[nodiscard]] std::string formatDuration(std::int64_t nanoseconds);

} // namespace Promdeck::Promql
