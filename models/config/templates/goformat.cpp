#include "models/config/templates/goformat.h"
#include "models/promql/gotext.h"

#include <algorithm>
#include <array>
#include <cmath>
#include <cstdio>
#include <utility>

namespace Promdeck::Config {

namespace {

using Kind = GoValue::Kind;

// Wider fields than this are refused by Go as well.
constexpr int kWidest = 1000000;
constexpr std::array<std::string_view, 13> kMonthNames {"", "January", "February", "March", "April", "May", "June", "July", "August", "September", "October", "November", "December"};

std::string cNumber(double value, char verb, int precision, bool plus, bool space, bool sharp)
{
    std::string format = "%";
    if (plus)
        format += '+';
    if (space)
        format += ' ';
    if (sharp)
        format += '#';
    format += ".*";
    format += verb;
    std::array<char, 512> buffer {};
    const int length = std::snprintf(buffer.data(), buffer.size(), format.c_str(), precision, value);
    if (length < int(buffer.size()))
        return {buffer.data(), std::size_t(std::max(length, 0))};
    std::string out(std::size_t(length) + 1, '\0');
    std::snprintf(out.data(), out.size(), format.c_str(), precision, value);
    out.pop_back();
    return out;
}

/// %e with as few digits as read back.
std::string shortestExponent(double value)
{
    for (int digits = 0; digits < 17; ++digits) {
        std::string out = cNumber(value, 'e', digits, false, false, false);
        if (std::strtod(out.c_str(), nullptr) == value)
            return out;
    }
    return cNumber(value, 'e', 17, false, false, false);
}

/// "0x1.4p+01"
std::string hexFloat(double value, int precision, bool upper)
{
    std::array<char, 512> buffer {};
    if (precision < 0)
        std::snprintf(buffer.data(), buffer.size(), "%a", value);
    else
        std::snprintf(buffer.data(), buffer.size(), "%.*a", std::min(precision, 400), value);
    std::string out = buffer.data();
    const std::size_t exponent = out.find('p') + 2;
    if (out.size() - exponent < 2)
        out.insert(exponent, 1, '0');
    if (upper)
        std::transform(out.begin(), out.end(), out.begin(), [](char c) { return char(std::toupper(static_cast<unsigned char>(c))); });
    return out;
}

std::string inBase(std::uint64_t value, unsigned base, bool upper)
{
    const char* digits = upper ? "0123456789ABCDEF" : "0123456789abcdef";
    std::string out;
    do {
        out.insert(out.begin(), digits[value % base]);
        value /= base;
    } while (value > 0);
    return out;
}

std::string hexOf(std::string_view bytes, bool upper, bool spaced)
{
    const char* digits = upper ? "0123456789ABCDEF" : "0123456789abcdef";
    std::string out;
    for (const char c : bytes) {
        if (spaced && !out.empty())
            out += ' ';
        out += digits[static_cast<unsigned char>(c) >> 4];
        out += digits[static_cast<unsigned char>(c) & 15];
    }
    return out;
}

std::size_t runeCount(std::string_view text)
{
    std::size_t count = 0;
    for (std::size_t at = 0; at < text.size(); ++count)
        at += std::max(1U, Promql::decodeUtf8(text, at).width);
    return count;
}

std::string firstRunes(const std::string& text, std::size_t most)
{
    std::size_t at = 0;
    for (std::size_t count = 0; at < text.size() && count < most; ++count)
        at += std::max(1U, Promql::decodeUtf8(text, at).width);
    return text.substr(0, at);
}

std::string jsonString(std::string_view text)
{
    std::string out = "\"";
    std::array<char, 8> buffer {};
    for (std::size_t at = 0; at < text.size();) {
        const Promql::Rune rune = Promql::decodeUtf8(text, at);
        const char c = text[at];
        const bool escaped = rune.value < 0x20 || c == '<' || c == '>' || c == '&' || rune.value == 0x7f;
        if (c == '"' || c == '\\') {
            out += '\\';
            out += c;
        } else if (c == '\n') {
            out += "\\n";
        } else if (c == '\r') {
            out += "\\r";
        } else if (c == '\t') {
            out += "\\t";
        } else if ((escaped && rune.value != 0x7f) || rune.value == 0x2028 || rune.value == 0x2029) {
            std::snprintf(buffer.data(), buffer.size(), "\\u%04x", unsigned(rune.value));
            out += buffer.data();
        } else {
            Promql::appendUtf8(out, rune.value);
        }
        at += std::max(1U, rune.width);
    }
    return out + '"';
}

std::string jsonName(const std::string& field)
{
    std::string out = field;
    out[0] = char(out[0] >= 'A' && out[0] <= 'Z' ? out[0] + 32 : out[0]);
    return out;
}

} // namespace

struct GoFormat::Spec
{
    char32_t verb = 'v';
    bool plus = false;
    bool names = false; ///< of fields: %+v
    bool minus = false;
    bool sharp = false;
    bool space = false;
    bool zero = false;
    int width = -1;
    int precision = -1;
};

std::vector<std::pair<std::string, std::string>> sortedPairsOf(const GoValue& kv)
{
    std::vector<std::pair<std::string, std::string>> out;
    for (const auto& [name, value] : kv.entries())
        out.insert(name == "alertname" ? out.begin() : out.end(), {name, value.toString()});
    return out;
}

std::optional<std::string> GoFormat::ownText(const GoValue& value) const
{
    if (value.is(Kind::Time))
        return printTime(value.toTime());
    if (value.is(Kind::Duration))
        return printDuration(value.toInt());
    if (value.type() == "time.Month" && value.toInt() >= 1 && value.toInt() <= 12)
        return std::string(kMonthNames[std::size_t(value.toInt())]);
    if (value.type() == "time.Weekday")
        return std::string(weekdayName(int(value.toInt())));
    if (!m_pairsHaveText)
        return {};
    if (value.type() != "template.KV" && value.type() != "template.Pairs")
        return {};
    std::vector<std::pair<std::string, std::string>> pairs;
    if (value.is(Kind::Map))
        pairs = sortedPairsOf(value);
    for (const GoValue& pair : value.items())
        pairs.emplace_back(pair.field("Name")->toString(), pair.field("Value")->toString());
    std::string out;
    for (const auto& [name, text] : pairs)
        out += (out.empty() ? "" : ", ") + name + '=' + text;
    return out;
}

std::string GoFormat::bad(const GoValue& value, const Spec& spec) const
{
    std::string out = "%!";
    Promql::appendUtf8(out, spec.verb);
    if (!value.isValid() || value.is(Kind::Nil))
        return out + "(<nil>)";
    Spec plain = spec; // width and signs stay
    plain.verb = 'v';
    plain.sharp = false;
    return out + '(' + value.type() + '=' + formatted(value, plain, Place::Top) + ')';
}

std::string GoFormat::formatted(const GoValue& value, const Spec& spec, Place place) const
{
    const auto pad = [&](std::string text, bool number) {
        const std::size_t length = runeCount(text);
        if (spec.width < 0 || std::size_t(spec.width) <= length)
            return text;
        const std::size_t missing = std::size_t(spec.width) - length;
        if (spec.minus)
            return text + std::string(missing, ' ');
        const bool finite = !number || std::isdigit(static_cast<unsigned char>(text.back())) || text.find_first_of("xX") != std::string::npos;
        if (spec.zero && finite) {
            const std::size_t sign = number && (text[0] == '-' || text[0] == '+') ? 1 : 0;
            return text.insert(sign, missing, '0');
        }
        return text.insert(0, missing, ' ');
    };
    const char32_t verb = spec.verb;
    if (verb == 'T')
        return pad(value.isValid() ? value.type() : "<nil>", false);
    if (!value.isValid() || value.is(Kind::Nil))
        return verb == 'v' ? pad("<nil>", false) : bad(value, spec);
    const bool textual = verb == 'v' || verb == 's' || verb == 'x' || verb == 'X' || verb == 'q';
    if (textual && !(spec.sharp && verb == 'v')) {
        if (const auto own = ownText(value))
            return formatted(GoValue::string(*own), spec, place);
    }
    switch (value.kind()) {
    case Kind::Bool: return verb == 'v' || verb == 't' ? pad(value.toBool() ? "true" : "false", false) : bad(value, spec);
    case Kind::String: {
        const std::string text = spec.precision >= 0 && verb != 'x' && verb != 'X' ? firstRunes(value.toString(), std::size_t(spec.precision)) : value.toString();
        if (verb == 'q' || (verb == 'v' && spec.sharp)) {
            const bool raw = spec.sharp && verb == 'q' && text.find_first_of("`\n\r\t\\") == std::string::npos;
            return pad(raw ? '`' + text + '`' : Promql::goQuote(text), false);
        }
        if (verb == 'x' || verb == 'X')
            return pad((spec.sharp && !text.empty() ? (verb == 'x' ? "0x" : "0X") : "") + hexOf(text, verb == 'X', spec.space), false);
        return verb == 'v' || verb == 's' ? pad(text, false) : bad(value, spec);
    }
    case Kind::Duration:
    case Kind::Int: {
        const std::int64_t number = value.toInt();
        const std::uint64_t size = number < 0 ? 0 - std::uint64_t(number) : std::uint64_t(number);
        std::string digits;
        switch (verb) {
        case 'v':
        case 'd': digits = std::to_string(size); break;
        case 'b': digits = (spec.sharp ? "0b" : "") + inBase(size, 2, false); break;
        case 'o': digits = (spec.sharp ? "0" : "") + inBase(size, 8, false); break;
        case 'O': digits = "0o" + inBase(size, 8, false); break;
        case 'x':
        case 'X': digits = (spec.sharp ? (verb == 'x' ? "0x" : "0X") : "") + inBase(size, 16, verb == 'X'); break;
        case 'c': {
            std::string out;
            Promql::appendUtf8(out, number < 0 || number > 0x10ffff ? Promql::kRuneError : char32_t(number));
            return pad(out, false);
        }
        case 'q': return pad(Promql::goQuoteRune(number < 0 || number > 0x10ffff ? Promql::kRuneError : char32_t(number)), false);
        case 'U': {
            std::string hex = inBase(size, 16, true);
            while (hex.size() < 4)
                hex.insert(hex.begin(), '0');
            return pad("U+" + hex, false);
        }
        default: return bad(value, spec);
        }
        while (spec.precision >= 0 && int(digits.size()) < std::min(spec.precision, kWidest))
            digits.insert(digits.begin(), '0');
        return pad((number < 0 ? "-" : spec.plus ? "+" : spec.space ? " " : "") + digits, true);
    }
    case Kind::Float: {
        const double number = value.toDouble();
        char v = char(verb == 'v' ? 'g' : verb);
        if (verb > 127 || std::string_view("beEfFgGxX").find(v) == std::string_view::npos)
            return bad(value, spec);
        v = v == 'F' ? 'f' : v;
        std::string text;
        if (!std::isfinite(number))
            text = std::isnan(number) ? "NaN" : number > 0 ? "+Inf" : "-Inf";
        else if (v == 'b') {
            int exponent = 0;
            const auto mantissa = std::int64_t(std::ldexp(std::frexp(number, &exponent), 53));
            text = std::to_string(mantissa) + 'p' + (exponent < 53 ? "" : "+") + std::to_string(exponent - 53);
        } else if (v == 'x' || v == 'X')
            text = hexFloat(number, spec.precision, v == 'X');
        else if (spec.precision < 0 && (v == 'g' || v == 'G'))
            text = Promql::formatGeneral(number);
        else
            text = cNumber(number, v, spec.precision < 0 ? 6 : std::min(spec.precision, 400), false, false, spec.sharp && v != 'f');
        if (v == 'G')
            std::replace(text.begin(), text.end(), 'e', 'E');
        if (spec.plus && text[0] != '-' && text[0] != '+' && !std::isnan(number))
            text.insert(text.begin(), '+');
        else if (spec.space && text[0] != '-' && text[0] != '+')
            text.insert(text.begin(), ' ');
        return pad(text, true);
    }
    case Kind::List: {
        std::string out;
        for (std::size_t i = 0; i < value.items().size(); ++i)
            out += (i > 0 ? " " : "") + formatted(value.items()[i], spec, Place::Inner);
        return '[' + out + ']';
    }
    case Kind::Map: {
        std::string out;
        for (const auto& [key, item] : value.entries())
            out += (out.empty() ? "" : " ") + formatted(GoValue::string(key), spec, Place::Inner) + ':' + formatted(item, spec, Place::Inner);
        return "map[" + out + ']';
    }
    case Kind::Struct: {
        const bool pointer = value.type().starts_with("*");
        if (pointer && place == Place::Inner)
            return verb < 128 && std::string_view("vpbodxX").find(char(verb)) != std::string_view::npos ? "0xc000000000" : bad(value, spec);
        std::string out;
        for (const auto& field : value.fields()) {
            const bool first = &field == &value.fields().front();
            out += (first ? "" : " ") + (spec.names ? field.first + ':' : std::string()) + formatted(field.second, spec, Place::Inner);
        }
        return (pointer && place == Place::Top ? "&{" : "{") + out + '}';
    }
    case Kind::Time:
    case Kind::Invalid:
    case Kind::Nil: break;
    }
    return bad(value, spec);
}

std::string GoFormat::print(const GoValue& value) const
{
    return formatted(value, {}, Place::Template);
}

std::string GoFormat::sprint(const std::vector<GoValue>& values) const
{
    std::string out;
    for (std::size_t i = 0; i < values.size(); ++i) {
        const bool blank = i > 0 && !values[i].is(Kind::String) && !values[i - 1].is(Kind::String);
        out += (blank ? " " : "") + formatted(values[i], {}, Place::Top);
    }
    return out;
}

std::string GoFormat::sprintln(const std::vector<GoValue>& values) const
{
    std::string out;
    for (std::size_t i = 0; i < values.size(); ++i)
        out += (i > 0 ? " " : "") + formatted(values[i], {}, Place::Top);
    return out + '\n';
}

std::string GoFormat::sprintf(std::string_view format, const std::vector<GoValue>& values) const
{
    std::string out;
    std::size_t used = 0;
    bool reordered = false;
    for (std::size_t at = 0; at < format.size();) {
        if (format[at] != '%') {
            out += format[at++];
            continue;
        }
        ++at;
        Spec spec;
        for (bool flag = true; flag && at < format.size();) {
            switch (format[at]) {
            case '+': spec.plus = true; break;
            case '-': spec.minus = true; break;
            case '#': spec.sharp = true; break;
            case ' ': spec.space = true; break;
            case '0': spec.zero = true; break;
            default: flag = false; break;
            }
            at += flag ? 1 : 0;
        }
        bool badIndex = false;
        const auto index = [&] {
            if (at >= format.size() || format[at] != '[')
                return;
            const std::size_t close = format.find(']', at);
            std::size_t number = 0;
            bool digits = close != std::string_view::npos && close > at + 1;
            for (std::size_t i = at + 1; digits && i < close; ++i) {
                digits = std::isdigit(static_cast<unsigned char>(format[i])) != 0 && number < 10000;
                number = number * 10 + std::size_t(format[i] - '0');
            }
            badIndex = !digits || number < 1 || number > values.size();
            reordered = true;
            if (!badIndex)
                used = number - 1;
            at = close == std::string_view::npos ? at + 1 : close + 1;
        };
        const auto number = [&](int& into, const char* complaint) {
            index();
            if (at < format.size() && format[at] == '*') {
                ++at;
                if (used < values.size() && values[used].is(Kind::Int) && std::abs(values[used].toInt()) <= kWidest)
                    into = int(values[used].toInt());
                else
                    out += complaint;
                ++used;
                return;
            }
            int value = -1;
            while (at < format.size() && std::isdigit(static_cast<unsigned char>(format[at]))) {
                value = std::min((value < 0 ? 0 : value) * 10 + (format[at++] - '0'), kWidest);
            }
            if (value >= 0)
                into = value;
        };
        number(spec.width, "%!(BADWIDTH)");
        if (spec.width < -1) {
            spec.minus = true;
            spec.width = -spec.width;
        }
        if (at < format.size() && format[at] == '.') {
            ++at;
            spec.precision = 0;
            number(spec.precision, "%!(BADPREC)");
            if (spec.precision < 0)
                spec.precision = -1;
        }
        index();
        if (at >= format.size()) {
            out += "%!(NOVERB)";
            break;
        }
        const Promql::Rune rune = Promql::decodeUtf8(format, at);
        at += std::max(1U, rune.width);
        spec.verb = rune.value;
        if (spec.verb == '%') {
            out += '%';
            continue;
        }
        if (badIndex || used >= values.size()) {
            out += "%!";
            Promql::appendUtf8(out, spec.verb);
            out += badIndex ? "(BADINDEX)" : "(MISSING)";
            continue;
        }
        if (spec.verb == 'v')
            spec.names = std::exchange(spec.plus, false);
        if (spec.minus)
            spec.zero = false;
        out += formatted(values[used++], spec, Place::Top);
    }
    if (reordered || used >= values.size())
        return out;
    out += "%!(EXTRA ";
    for (std::size_t i = used; i < values.size(); ++i) {
        out += i > used ? ", " : "";
        out += values[i].isValid() && !values[i].is(Kind::Nil) ? values[i].type() + '=' + print(values[i]) : std::string("<nil>");
    }
    return out + ')';
}

std::string GoFormat::json(const GoValue& value) const
{
    switch (value.kind()) {
    case Kind::Invalid:
    case Kind::Nil: return "null";
    case Kind::Bool: return value.toBool() ? "true" : "false";
    case Kind::Int:
    case Kind::Duration: return std::to_string(value.toInt());
    case Kind::Float: {
        const double number = value.toDouble();
        const double size = std::fabs(number);
        if (size != 0 && (size < 1e-6 || size >= 1e21))
            return shortestExponent(number);
        return Promql::formatPlain(number);
    }
    case Kind::String: return jsonString(value.toString());
    case Kind::Time: {
        const GoTime time = value.toTime();
        return '"' + formatTime(time, "2006-01-02T15:04:05.999999999Z07:00") + '"';
    }
    case Kind::List: {
        std::string out;
        for (const GoValue& item : value.items())
            out += (out.empty() ? "" : ",") + json(item);
        return '[' + out + ']';
    }
    case Kind::Map: {
        if (value.isNil())
            return "null";
        std::string out;
        for (const auto& [key, item] : value.entries())
            out += (out.empty() ? "" : ",") + jsonString(key) + ':' + json(item);
        return '{' + out + '}';
    }
    case Kind::Struct: {
        std::string out;
        const bool own = value.type().starts_with("template.") && value.type() != "template.Pair";
        for (const auto& [name, item] : value.fields())
            out += (out.empty() ? "" : ",") + jsonString(own ? jsonName(name) : name) + ':' + json(item);
        return '{' + out + '}';
    }
    }
    return "null";
}

} // namespace Promdeck::Config
