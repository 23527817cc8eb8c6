#include "models/config/gotypes.h"
#include "models/promql/parser.h"

#include <re2/re2.h>

#include <charconv>
#include <cmath>
#include <limits>
#include <map>

namespace Promdeck::Config {

using namespace Qt::StringLiterals;

namespace {

bool isDigit(char c)
{
    return c >= '0' && c <= '9';
}

bool isLetter(char c)
{
    return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z');
}

/// Takes a decimal fraction off the front; nothing when there is none.
std::optional<double> takeNumber(std::string_view& text)
{
    std::size_t end = 0;
    bool digits = false;
    while (end < text.size() && isDigit(text[end])) {
        ++end;
        digits = true;
    }
    if (end < text.size() && text[end] == '.') {
        ++end;
        while (end < text.size() && isDigit(text[end])) {
            ++end;
            digits = true;
        }
    }
    if (!digits)
        return {};
    const std::string number = (text.front() == '.' ? "0" : "") + std::string(text.substr(0, end));
    double value = 0;
    if (std::from_chars(number.data(), number.data() + number.size(), value).ec != std::errc())
        return {};
    text.remove_prefix(end);
    return value;
}

std::string_view takeUnit(std::string_view& text)
{
    std::size_t end = 0;
    while (end < text.size() && text[end] != '.' && !isDigit(text[end]))
        ++end;
    const std::string_view unit = text.substr(0, end);
    text.remove_prefix(end);
    return unit;
}

bool isNameText(std::string_view text, bool colons)
{
    if (text.empty() || isDigit(text.front()))
        return false;
    for (const char c : text) {
        if (!isLetter(c) && !isDigit(c) && c != '_' && !(colons && c == ':'))
            return false;
    }
    return true;
}

QString hostProblem(std::string_view authority)
{
    const std::size_t at = authority.rfind('@');
    std::string_view host = at == std::string_view::npos ? authority : authority.substr(at + 1);
    std::string_view port;
    if (host.starts_with('[')) {
        const std::size_t close = host.rfind(']');
        if (close == std::string_view::npos)
            return u"missing ']' in host"_s;
        port = host.substr(close + 1);
    } else {
        const std::size_t colon = host.rfind(':');
        if (colon != std::string_view::npos)
            port = host.substr(colon);
        for (const char c : host.substr(0, colon)) {
            if (c == ' ' || c == '"' || c == '<' || c == '>' || c == '^' || c == '`' || c == '{' || c == '}' || c == '|'
                || c == '\\')
                return u"invalid character \"%1\" in host name"_s.arg(QLatin1Char(c));
        }
    }
    if (!port.empty()) {
        if (port.front() != ':')
            return u"invalid port %1 after host"_s.arg(quoted(port));
        for (const char c : port.substr(1)) {
            if (!isDigit(c))
                return u"invalid port %1 after host"_s.arg(quoted(port));
        }
    }
    return {};
}

QString escapeProblem(std::string_view text)
{
    const auto isHex = [](char c) { return isDigit(c) || (c >= 'a' && c <= 'f') || (c >= 'A' && c <= 'F'); };
    for (std::size_t i = 0; i < text.size(); ++i) {
        if (text[i] == '%' && (i + 2 >= text.size() || !isHex(text[i + 1]) || !isHex(text[i + 2])))
            return u"invalid URL escape %1"_s.arg(quoted(text.substr(i, 3)));
    }
    return {};
}

} // namespace

std::optional<std::int64_t> parseGoDuration(std::string_view text)
{
    static constexpr std::pair<std::string_view, double> kUnits[] {{"ns", 1},  {"us", 1e3}, {"µs", 1e3}, {"μs", 1e3},
                                                                   {"ms", 1e6}, {"s", 1e9},  {"m", 6e10}, {"h", 3.6e12}};
    bool negative = false;
    if (!text.empty() && (text.front() == '-' || text.front() == '+')) {
        negative = text.front() == '-';
        text.remove_prefix(1);
    }
    if (text == "0")
        return 0;
    if (text.empty())
        return {};
    double total = 0;
    while (!text.empty()) {
        const auto number = takeNumber(text);
        if (!number)
            return {};
        const std::string_view unit = takeUnit(text);
        double scale = 0;
        for (const auto& [name, value] : kUnits) {
            if (name == unit)
                scale = value;
        }
        total += *number * scale;
        if (scale == 0 || total > 9.223372036854775e18)
            return {};
    }
    return std::int64_t(negative ? -total : total);
}

std::optional<std::int64_t> parseBase2Bytes(std::string_view text)
{
    if (text == "0")
        return 0;
    if (!text.empty() && (text.front() == '-' || text.front() == '+'))
        text.remove_prefix(1);
    if (text.empty())
        return {};
    double total = 0;
    while (!text.empty()) {
        const auto number = takeNumber(text);
        if (!number)
            return {};
        std::string_view unit = takeUnit(text);
        double scale = 0;
        if (unit == "B") {
            scale = 1;
        } else {
            static constexpr std::string_view kPrefixes = "KMGTPE";
            const std::size_t power = unit.empty() ? std::string_view::npos : kPrefixes.find(unit.front());
            const std::string_view rest = unit.empty() ? unit : unit.substr(1);
            if (power == std::string_view::npos || (rest != "B" && rest != "iB"))
                return {};
            scale = std::pow(1024.0, double(power) + 1);
        }
        total += *number * scale;
    }
    // What does not fit is an error to the servers as well.
    if (total >= 0x1p63)
        return {};
    return std::int64_t(total);
}

UrlParts splitUrl(std::string_view text)
{
    UrlParts parts;
    text = text.substr(0, text.find('#'));
    text = text.substr(0, text.find('?'));
    const std::size_t colon = text.find(':');
    if (colon != std::string_view::npos && colon > 0 && isLetter(text.front())
        && text.substr(0, colon).find_first_not_of(
               "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789+-.")
            == std::string_view::npos) {
        for (const char c : text.substr(0, colon))
            parts.scheme += char(c >= 'A' && c <= 'Z' ? c + 32 : c);
        text.remove_prefix(colon + 1);
    }
    if (text.starts_with("//")) {
        text.remove_prefix(2);
        const std::size_t slash = text.find('/');
        const std::string_view authority = text.substr(0, slash);
        const std::size_t at = authority.rfind('@');
        parts.host = at == std::string_view::npos ? authority : authority.substr(at + 1);
        text.remove_prefix(authority.size());
    }
    parts.path = text;
    return parts;
}

QString urlProblem(std::string_view text)
{
    for (const char c : text) {
        if (static_cast<unsigned char>(c) < 0x20 || c == 0x7f)
            return u"net/url: invalid control character in URL"_s;
    }
    if (text.starts_with(':'))
        return u"missing protocol scheme"_s;
    const std::string_view withoutFragment = text.substr(0, text.find('#'));
    const std::string_view beforeQuery = withoutFragment.substr(0, withoutFragment.find('?'));
    const UrlParts parts = splitUrl(text);
    std::string_view rest = beforeQuery;
    if (!parts.scheme.empty()) {
        rest.remove_prefix(parts.scheme.size() + 1);
        // An opaque part ("mailto:x") is not looked into.
        if (!rest.starts_with('/'))
            return {};
    } else {
        const std::size_t colon = rest.find(':');
        const std::size_t slash = rest.find('/');
        if (colon != std::string_view::npos && (slash == std::string_view::npos || colon < slash))
            return u"first path segment in URL cannot contain colon"_s;
    }
    if (rest.starts_with("//")) {
        const std::string_view authority = rest.substr(2, rest.find('/', 2) - 2);
        const QString problem = hostProblem(authority);
        if (!problem.isEmpty())
            return problem;
        const QString escape = escapeProblem(authority);
        if (!escape.isEmpty())
            return escape;
        rest.remove_prefix(2 + authority.size());
    }
    return escapeProblem(rest);
}

QString regexpProblem(std::string_view text, RegexpUse use)
{
    // Configurations repeat their expressions; compiling is what costs.
    constexpr std::size_t kMostKept = 4096;
    thread_local std::map<std::string, QString, std::less<>> known;
    const std::string whole = use == RegexpUse::Anchored ? "^(?:" + std::string(text) + ")$" : std::string(text);
    if (const auto found = known.find(whole); found != known.end())
        return found->second;
    RE2::Options options(RE2::Quiet);
    options.set_dot_nl(true);
    const RE2 expression(whole, options);
    QString problem = expression.ok() ? QString() : QString::fromStdString(expression.error());
    // RE2 in C++ knows \C, Go does not.
    if (problem.isEmpty() && Promql::hasByteEscape(text))
        problem = u"invalid escape sequence: `\\C`"_s;
    if (known.size() < kMostKept)
        known.emplace(whole, problem);
    return problem;
}

bool isLegacyLabelName(std::string_view text)
{
    return isNameText(text, false);
}

bool isLegacyMetricName(std::string_view text)
{
    return isNameText(text, true);
}

bool isValidUtf8(std::string_view text)
{
    for (std::size_t i = 0; i < text.size();) {
        const auto lead = static_cast<unsigned char>(text[i]);
        const std::size_t extra = lead < 0x80 ? 0 : (lead >= 0xC2 && lead < 0xE0) ? 1 : (lead & 0xF0) == 0xE0 ? 2
            : (lead >= 0xF0 && lead < 0xF5)                                        ? 3
                                                                                   : 9;
        if (extra == 9 || i + extra >= text.size() + (extra == 0 ? 1 : 0))
            return false;
        for (std::size_t k = 1; k <= extra; ++k) {
            if ((static_cast<unsigned char>(text[i + k]) & 0xC0) != 0x80)
                return false;
        }
        const auto second = extra > 0 ? static_cast<unsigned char>(text[i + 1]) : 0;
        if ((lead == 0xE0 && second < 0xA0) || (lead == 0xED && second > 0x9F) || (lead == 0xF0 && second < 0x90)
            || (lead == 0xF4 && second > 0x8F))
            return false;
        i += extra + 1;
    }
    return true;
}

QString quoted(std::string_view text)
{
    QString out = u"\""_s;
    for (const QChar c : QString::fromUtf8(text.data(), qsizetype(text.size()))) {
        if (c == u'"' || c == u'\\')
            out += u'\\';
        if (c == u'\n')
            out += u"\\n"_s;
        else if (c == u'\t')
            out += u"\\t"_s;
        else if (c == u'\r')
            out += u"\\r"_s;
        else
            out += c;
    }
    return out + u'"';
}

} // namespace Promdeck::Config
