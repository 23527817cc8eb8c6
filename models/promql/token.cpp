#include "models/promql/token.h"

#include "models/promql/gotext.h"

#include <algorithm>
#include <array>
#include <charconv>

namespace Promdeck::Promql {

namespace {

struct Spelling
{
    Tok kind;
    std::string_view text;
    ServerVersion since;
};

constexpr ServerVersion kAlways { 0, 0 };

constexpr std::array kKeywords {
    Spelling { Tok::Land, "and", kAlways },
    Spelling { Tok::Lor, "or", kAlways },
    Spelling { Tok::Lunless, "unless", kAlways },
    Spelling { Tok::Atan2, "atan2", kAlways },
    Spelling { Tok::Sum, "sum", kAlways },
    Spelling { Tok::Avg, "avg", kAlways },
    Spelling { Tok::Count, "count", kAlways },
    Spelling { Tok::Min, "min", kAlways },
    Spelling { Tok::Max, "max", kAlways },
    Spelling { Tok::Group, "group", kAlways },
    Spelling { Tok::Stddev, "stddev", kAlways },
    Spelling { Tok::Stdvar, "stdvar", kAlways },
    Spelling { Tok::Topk, "topk", kAlways },
    Spelling { Tok::Bottomk, "bottomk", kAlways },
    Spelling { Tok::CountValues, "count_values", kAlways },
    Spelling { Tok::Quantile, "quantile", kAlways },
    Spelling { Tok::Limitk, "limitk", { 3, 0 } },
    Spelling { Tok::LimitRatio, "limit_ratio", { 3, 0 } },
    Spelling { Tok::Offset, "offset", kAlways },
    Spelling { Tok::Smoothed, "smoothed", { 3, 7 } },
    Spelling { Tok::Anchored, "anchored", { 3, 7 } },
    Spelling { Tok::By, "by", kAlways },
    Spelling { Tok::Without, "without", kAlways },
    Spelling { Tok::On, "on", kAlways },
    Spelling { Tok::Ignoring, "ignoring", kAlways },
    Spelling { Tok::GroupLeft, "group_left", kAlways },
    Spelling { Tok::GroupRight, "group_right", kAlways },
    Spelling { Tok::Fill, "fill", { 3, 10 } },
    Spelling { Tok::FillLeft, "fill_left", { 3, 10 } },
    Spelling { Tok::FillRight, "fill_right", { 3, 10 } },
    Spelling { Tok::Bool, "bool", kAlways },
    Spelling { Tok::Start, "start", kAlways },
    Spelling { Tok::End_, "end", kAlways },
    Spelling { Tok::Step, "step", { 3, 4 } },
    Spelling { Tok::Range, "range", { 3, 7 } },
    Spelling { Tok::MaxOf, "max_of", { 3, 7 } },
    Spelling { Tok::MinOf, "min_of", { 3, 7 } },
    Spelling { Tok::Number, "inf", kAlways },
    Spelling { Tok::Number, "nan", kAlways },
};

constexpr std::array kPunctuation {
    Spelling { Tok::OpenHist, "{{", kAlways },
    Spelling { Tok::CloseHist, "}}", kAlways },
    Spelling { Tok::LeftParen, "(", kAlways },
    Spelling { Tok::RightParen, ")", kAlways },
    Spelling { Tok::LeftBrace, "{", kAlways },
    Spelling { Tok::RightBrace, "}", kAlways },
    Spelling { Tok::LeftBracket, "[", kAlways },
    Spelling { Tok::RightBracket, "]", kAlways },
    Spelling { Tok::Comma, ",", kAlways },
    Spelling { Tok::Eql, "=", kAlways },
    Spelling { Tok::Colon, ":", kAlways },
    Spelling { Tok::Blank, "_", kAlways },
    Spelling { Tok::Times, "x", kAlways },
    Spelling { Tok::Space, "<space>", kAlways },
    Spelling { Tok::Sub, "-", kAlways },
    Spelling { Tok::Add, "+", kAlways },
    Spelling { Tok::Mul, "*", kAlways },
    Spelling { Tok::Mod, "%", kAlways },
    Spelling { Tok::Div, "/", kAlways },
    Spelling { Tok::Eqlc, "==", kAlways },
    Spelling { Tok::Neq, "!=", kAlways },
    Spelling { Tok::Lte, "<=", kAlways },
    Spelling { Tok::Lss, "<", kAlways },
    Spelling { Tok::Gte, ">=", kAlways },
    Spelling { Tok::Gtr, ">", kAlways },
    Spelling { Tok::EqlRegex, "=~", kAlways },
    Spelling { Tok::NeqRegex, "!~", kAlways },
    Spelling { Tok::Pow, "^", kAlways },
    Spelling { Tok::TrimLower, ">/", { 3, 10 } },
    Spelling { Tok::TrimUpper, "</", { 3, 10 } },
    Spelling { Tok::At, "@", kAlways },
};

char lower(char c)
{
    return c >= 'A' && c <= 'Z' ? char(c - 'A' + 'a') : c;
}

/// `"text"`, cut to ten characters with dots behind when longer.
std::string shortQuoted(std::string_view text)
{
    if (text.size() <= 10)
        return goQuote(text);
    size_t end = 0;
    for (int count = 0; count < 10 && end < text.size(); ++count)
        end += decodeUtf8(text, end).width;
    return goQuote(text.substr(0, end)) + "...";
}

std::string_view typeName(Tok kind)
{
    switch (kind) {
    case Tok::Identifier:
        return "identifier";
    case Tok::MetricIdentifier:
        return "metric identifier";
    case Tok::String:
        return "string";
    case Tok::Number:
        return "number";
    case Tok::Duration:
        return "duration";
    case Tok::Comment:
        return "comment";
    default:
        return {};
    }
}

} // namespace

bool ServerVersion::parse(std::string_view text, ServerVersion& out)
{
    if (!text.empty() && (text.front() == 'v' || text.front() == 'V'))
        text.remove_prefix(1);
    ServerVersion version { 0, 0 };
    const char* end = text.data() + text.size();
    auto [rest, error] = std::from_chars(text.data(), end, version.major);
    if (error != std::errc())
        return false;
    if (rest != end) {
        if (*rest != '.')
            return false;
        auto [tail, minorError] = std::from_chars(rest + 1, end, version.minor);
        if (minorError != std::errc() || (tail != end && *tail != '.' && *tail != '-' && *tail != '+'))
            return false;
    }
    out = version;
    return true;
}

std::string ServerVersion::toString() const
{
    return std::to_string(major) + '.' + std::to_string(minor);
}

std::string_view tokenText(Tok kind)
{
    static const auto table = [] {
        std::array<std::string_view, 256> texts {};
        for (const Spelling& spelling : kPunctuation)
            texts[size_t(spelling.kind)] = spelling.text;
        for (const Spelling& spelling : kKeywords) {
            if (spelling.kind != Tok::Number)
                texts[size_t(spelling.kind)] = spelling.text;
        }
        return texts;
    }();
    return table[size_t(kind)];
}

Tok keywordOf(std::string_view word, ServerVersion version)
{
    if (word.size() < 2 || word.size() > 12)
        return Tok::Identifier;
    std::array<char, 12> buffer;
    std::transform(word.begin(), word.end(), buffer.begin(), lower);
    const std::string_view lowered(buffer.data(), word.size());
    for (const Spelling& spelling : kKeywords) {
        if (spelling.text == lowered)
            return version >= spelling.since ? spelling.kind : Tok::Identifier;
    }
    return Tok::Identifier;
}

std::string describeToken(Tok kind, std::string_view text, bool legacy)
{
    if (kind == Tok::Eof)
        return "end of input";
    if (kind == Tok::At && legacy)
        return "\"<Item 57385>\" <op:@>"; // the name was forgotten there; the server prints its number
    if (isKeyword(kind))
        return '<' + std::string(text) + '>';
    if (isOperator(kind))
        return "<op:" + std::string(text) + '>';
    if (isAggregator(kind))
        return "<aggr:" + std::string(text) + '>';
    if (!tokenText(kind).empty())
        return shortQuoted(text);
    const std::string_view name = typeName(kind);
    if (kind == Tok::Identifier || kind == Tok::MetricIdentifier)
        return std::string(name) + ' ' + goQuote(text);
    if (name.empty())
        return shortQuoted(text);
    return std::string(name) + ' ' + shortQuoted(text);
}

} // namespace Promdeck::Promql
