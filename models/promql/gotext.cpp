#include "models/promql/gotext.h"

#include <QChar>

#include <array>
#include <charconv>
#include <cmath>
#include <cstdio>
#include <limits>

namespace Promdeck::Promql {

namespace {

void appendHex(std::string& out, const char* prefix, unsigned value, int digits)
{
    std::array<char, 16> buffer;
    std::snprintf(buffer.data(), buffer.size(), "%s%0*x", prefix, digits, value);
    out += buffer.data();
}

bool isPrintable(char32_t rune)
{
    if (rune < 0x80)
        return rune >= 0x20 && rune < 0x7F;
    if (rune == 0xAD)
        return false;
    return QChar::isPrint(rune) && QChar::category(rune) != QChar::Separator_Space
        && QChar::category(rune) != QChar::Other_Format;
}

void appendEscaped(std::string& out, char32_t rune, char quote)
{
    switch (rune) {
    case '\a':
        out += "\\a";
        return;
    case '\b':
        out += "\\b";
        return;
    case '\f':
        out += "\\f";
        return;
    case '\n':
        out += "\\n";
        return;
    case '\r':
        out += "\\r";
        return;
    case '\t':
        out += "\\t";
        return;
    case '\v':
        out += "\\v";
        return;
    default:
        break;
    }
    if (rune == char32_t(quote) || rune == '\\') {
        out += '\\';
        out += char(rune);
    } else if (isPrintable(rune)) {
        appendUtf8(out, rune);
    } else if (rune < ' ' || rune == 0x7F) {
        appendHex(out, "\\x", rune, 2);
    } else if (rune < 0x10000) {
        appendHex(out, "\\u", rune, 4);
    } else {
        appendHex(out, "\\U", rune, 8);
    }
}

int digitOf(char c)
{
    if (c >= '0' && c <= '9')
        return c - '0';
    if (c >= 'a' && c <= 'f')
        return c - 'a' + 10;
    if (c >= 'A' && c <= 'F')
        return c - 'A' + 10;
    return 16;
}

/// One escape behind the backslash at text[at]; false when it is malformed.
bool unescape(std::string_view text, size_t& at, std::string& out)
{
    const char c = text[at++];
    static constexpr std::string_view names = "abfnrtv\\'\"";
    static constexpr std::string_view values = "\a\b\f\n\r\t\v\\'\"";
    if (const size_t found = names.find(c); found != std::string_view::npos) {
        out += values[found];
        return true;
    }
    int digits = 0;
    unsigned base = 16;
    if (c >= '0' && c <= '7') {
        digits = 3;
        base = 8;
        --at;
    } else {
        digits = c == 'x' ? 2 : c == 'u' ? 4 : c == 'U' ? 8 : 0;
        if (!digits)
            return false;
    }
    unsigned value = 0;
    for (int i = 0; i < digits; ++i) {
        const unsigned digit = at < text.size() ? unsigned(digitOf(text[at++])) : 16;
        if (digit >= base)
            return false;
        value = value * base + digit;
    }
    if (base == 8 || digits == 2) {
        if (value > 255)
            return false;
        out += char(value);
        return true;
    }
    if (value > 0x10FFFF || (value >= 0xD800 && value < 0xE000))
        return false;
    appendUtf8(out, value);
    return true;
}

/// Go's rule for `_`: between digits, or behind the base prefix.
bool underscoresFine(std::string_view text, bool hasPrefix)
{
    char previous = hasPrefix ? '0' : '^';
    for (size_t i = hasPrefix ? 2 : 0; i < text.size(); ++i) {
        const char c = text[i];
        if (c == '_') {
            if (previous != '0')
                return false;
            previous = '_';
        } else {
            previous = digitOf(c) < 16 ? '0' : '!';
            if (digitOf(c) == 16 && i > 0 && text[i - 1] == '_')
                return false;
        }
    }
    return previous != '_';
}

/// Go's strconv.ParseInt(text, 0, 64) for text without sign.
std::optional<std::uint64_t> parseInteger(std::string_view text)
{
    if (text.empty())
        return std::nullopt;
    unsigned base = 10;
    bool prefix = false;
    std::string_view digits = text;
    if (text[0] == '0' && text.size() > 1) {
        const char kind = char(text[1] | 0x20);
        base = kind == 'x' ? 16 : kind == 'o' ? 8 : kind == 'b' ? 2 : 8;
        prefix = kind == 'x' || kind == 'o' || kind == 'b';
        digits.remove_prefix(prefix && text.size() > 2 ? 2 : 1);
        if (prefix && text.size() <= 2)
            return std::nullopt;
    }
    bool underscore = false;
    std::uint64_t value = 0;
    for (char c : digits) {
        if (c == '_') {
            underscore = true;
            continue;
        }
        const unsigned digit = unsigned(digitOf(c));
        if (digit >= base)
            return std::nullopt;
        if (value > (std::numeric_limits<std::uint64_t>::max() - digit) / base)
            return std::nullopt;
        value = value * base + digit;
    }
    if (underscore && !underscoresFine(text, prefix))
        return std::nullopt;
    if (value > std::uint64_t(std::numeric_limits<std::int64_t>::max()))
        return std::nullopt;
    return value;
}

bool equalsIgnoringCase(std::string_view a, std::string_view b)
{
    if (a.size() != b.size())
        return false;
    for (size_t i = 0; i < a.size(); ++i) {
        if ((a[i] | 0x20) != b[i])
            return false;
    }
    return true;
}

std::string shortestDigits(double value, std::chars_format format)
{
    std::array<char, 512> buffer;
    const auto result = std::to_chars(buffer.data(), buffer.data() + buffer.size(), value, format);
    return { buffer.data(), result.ptr };
}

} // namespace

Rune decodeUtf8(std::string_view text, size_t offset)
{
    if (offset >= text.size())
        return {};
    const auto byte = [&](size_t i) { return static_cast<unsigned char>(text[offset + i]); };
    const unsigned first = byte(0);
    if (first < 0x80)
        return { first, 1 };
    const size_t left = text.size() - offset;
    const auto tail = [&](size_t i) { return i < left && (byte(i) & 0xC0) == 0x80; };
    if (first >= 0xC2 && first < 0xE0 && tail(1))
        return { ((first & 0x1Fu) << 6) | (byte(1) & 0x3Fu), 2 };
    if (first >= 0xE0 && first < 0xF0 && tail(1) && tail(2)) {
        const char32_t rune = ((first & 0x0Fu) << 12) | ((byte(1) & 0x3Fu) << 6) | (byte(2) & 0x3Fu);
        if (rune >= 0x800 && (rune < 0xD800 || rune > 0xDFFF))
            return { rune, 3 };
    }
    if (first >= 0xF0 && first < 0xF5 && tail(1) && tail(2) && tail(3)) {
        const char32_t rune = ((first & 0x07u) << 18) | ((byte(1) & 0x3Fu) << 12) | ((byte(2) & 0x3Fu) << 6)
            | (byte(3) & 0x3Fu);
        if (rune >= 0x10000 && rune <= 0x10FFFF)
            return { rune, 4 };
    }
    return { kRuneError, 1 };
}

void appendUtf8(std::string& out, char32_t rune)
{
    if (rune < 0x80) {
        out += char(rune);
    } else if (rune < 0x800) {
        out += char(0xC0 | (rune >> 6));
        out += char(0x80 | (rune & 0x3F));
    } else if (rune < 0x10000) {
        out += char(0xE0 | (rune >> 12));
        out += char(0x80 | ((rune >> 6) & 0x3F));
        out += char(0x80 | (rune & 0x3F));
    } else {
        out += char(0xF0 | (rune >> 18));
        out += char(0x80 | ((rune >> 12) & 0x3F));
        out += char(0x80 | ((rune >> 6) & 0x3F));
        out += char(0x80 | (rune & 0x3F));
    }
}

bool isValidUtf8(std::string_view text)
{
    for (size_t at = 0; at < text.size();) {
        const Rune rune = decodeUtf8(text, at);
        if (rune.value == kRuneError && rune.width == 1)
            return false;
        at += rune.width;
    }
    return true;
}

std::string goQuote(std::string_view text)
{
    std::string out = "\"";
    out.reserve(text.size() + 2);
    for (size_t at = 0; at < text.size();) {
        const Rune rune = decodeUtf8(text, at);
        if (rune.value == kRuneError && rune.width == 1)
            appendHex(out, "\\x", static_cast<unsigned char>(text[at]), 2);
        else
            appendEscaped(out, rune.value, '"');
        at += rune.width;
    }
    return out + '"';
}

std::string goQuoteRune(char32_t rune)
{
    std::string out = "'";
    appendEscaped(out, rune, '\'');
    return out + '\'';
}

std::string goUnicodeName(char32_t rune)
{
    std::array<char, 16> buffer;
    std::snprintf(buffer.data(), buffer.size(), "U+%04X", unsigned(rune));
    std::string out = buffer.data();
    if (isPrintable(rune)) {
        out += " '";
        appendUtf8(out, rune);
        out += '\'';
    }
    return out;
}

std::optional<std::string> goUnquote(std::string_view literal)
{
    if (literal.size() < 2 || literal.front() != literal.back())
        return std::nullopt;
    const char quote = literal.front();
    const std::string_view text = literal.substr(1, literal.size() - 2);
    if (quote == '`')
        return text.find('`') == std::string_view::npos ? std::optional(std::string(text)) : std::nullopt;
    std::string out;
    out.reserve(text.size());
    for (size_t at = 0; at < text.size();) {
        const char c = text[at];
        if (c == quote || c == '\n')
            return std::nullopt;
        ++at;
        if (c != '\\')
            out += c;
        else if (at >= text.size() || !unescape(text, at, out))
            return std::nullopt;
    }
    return out;
}

ParsedNumber parseNumber(std::string_view text)
{
    if (const auto integer = parseInteger(text))
        return { double(*integer), {} };
    if (equalsIgnoringCase(text, "inf") || equalsIgnoringCase(text, "infinity"))
        return { std::numeric_limits<double>::infinity(), {} };
    if (equalsIgnoringCase(text, "nan"))
        return { std::numeric_limits<double>::quiet_NaN(), {} };
    const auto failure = [&](const char* why) {
        return "error parsing number: strconv.ParseFloat: parsing " + goQuote(text) + ": " + why;
    };
    double value = 0;
    const bool hex = text.size() > 1 && text[0] == '0' && (text[1] | 0x20) == 'x';
    std::from_chars_result result {};
    if (hex) {
        // The lexer lets no binary exponent through, without which a hexadecimal float is malformed.
        result = { text.data(), std::errc::invalid_argument };
    } else {
        result = std::from_chars(text.data(), text.data() + text.size(), value);
    }
    if (result.ec == std::errc::invalid_argument || (result.ec == std::errc() && result.ptr != text.data() + text.size()))
        return { 0, failure("invalid syntax") };
    if (result.ec == std::errc::result_out_of_range) {
        // Too small is zero in Go; only too large is an error.
        const size_t exponent = text.find_first_of("eE");
        const bool tiny = exponent != std::string_view::npos && text.substr(exponent + 1).starts_with('-');
        if (tiny)
            return { 0, {} };
        return { std::numeric_limits<double>::infinity(), failure("value out of range") };
    }
    return { value, {} };
}

std::string formatPlain(double value)
{
    if (std::isnan(value))
        return "NaN";
    if (std::isinf(value))
        return value > 0 ? "+Inf" : "-Inf";
    return shortestDigits(value, std::chars_format::fixed);
}

std::string formatGeneral(double value)
{
    if (std::isnan(value) || std::isinf(value))
        return formatPlain(value);
    const double magnitude = std::fabs(value);
    if (magnitude != 0 && (magnitude < 1e-4 || magnitude >= 1e6))
        return shortestDigits(value, std::chars_format::scientific);
    return formatPlain(value);
}

std::string formatFixed(double value, int decimals)
{
    if (std::isnan(value) || std::isinf(value))
        return formatPlain(value);
    std::array<char, 512> buffer;
    const auto result
        = std::to_chars(buffer.data(), buffer.data() + buffer.size(), value, std::chars_format::fixed, decimals);
    return { buffer.data(), result.ptr };
}

ParsedDuration parseDuration(std::string_view text, bool legacy)
{
    struct Unit
    {
        std::string_view name;
        int place;
        std::uint64_t factor;
    };
    static constexpr std::uint64_t milli = 1'000'000;
    static constexpr std::array<Unit, 7> units { { { "ms", 7, milli },
                                                   { "s", 6, 1000 * milli },
                                                   { "m", 5, 60'000 * milli },
                                                   { "h", 4, 3'600'000 * milli },
                                                   { "d", 3, 86'400'000 * milli },
                                                   { "w", 2, 604'800'000 * milli },
                                                   { "y", 1, 31'536'000'000 * milli } } };
    const auto invalid = [&] { return ParsedDuration { 0, "not a valid duration string: " + goQuote(text) }; };
    if (text == "0")
        return {};
    if (text.empty())
        return { 0, "empty duration string" };
    std::uint64_t total = 0;
    int lastPlace = 0;
    for (size_t at = 0; at < text.size();) {
        std::uint64_t count = 0;
        const auto [rest, error] = std::from_chars(text.data() + at, text.data() + text.size(), count);
        if (error != std::errc())
            return invalid();
        at = size_t(rest - text.data());
        const size_t begin = at;
        while (at < text.size() && !(text[at] >= '0' && text[at] <= '9'))
            ++at;
        if (at == begin)
            return invalid();
        const std::string_view name = text.substr(begin, at - begin);
        const Unit* unit = nullptr;
        for (const Unit& candidate : units) {
            if (candidate.name == name)
                unit = &candidate;
        }
        if (!unit) {
            if (legacy)
                return invalid();
            return { 0, "unknown unit " + goQuote(name) + " in duration " + goQuote(text) };
        }
        if (unit->place <= lastPlace)
            return invalid();
        lastPlace = unit->place;
        if (count > (std::uint64_t(1) << 63) / unit->factor)
            return { 0, "duration out of range" };
        total += count * unit->factor;
        if (total > (std::uint64_t(1) << 63) - 1)
            return { 0, "duration out of range" };
    }
    return { std::int64_t(total), {} };
}

std::string formatDuration(std::int64_t nanoseconds)
{
    std::int64_t ms = nanoseconds / 1'000'000;
    if (ms == 0)
        return "0s";
    std::string out;
    const auto part = [&](const char* unit, std::int64_t factor, bool onlyWhole) {
        if (onlyWhole && ms % factor != 0)
            return;
        if (const std::int64_t count = ms / factor; count > 0) {
            out += std::to_string(count) + unit;
            ms -= count * factor;
        }
    };
    // Years and weeks only where nothing is left over: 90d reads better than 12w6d.
    part("y", 31'536'000'000, true);
    part("w", 604'800'000, true);
    part("d", 86'400'000, false);
    part("h", 3'600'000, false);
    part("m", 60'000, false);
    part("s", 1000, false);
    part("ms", 1, false);
    return out;
}

} // namespace Promdeck::Promql
