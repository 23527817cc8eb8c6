#pragma once

#include <compare>
#include <cstdint>
#include <string>
#include <string_view>

namespace Promdeck::Promql {

/// Bytes [start, end) of the UTF-8 input.
struct ByteRange
{
    std::uint32_t start = 0;
    std::uint32_t end = 0;
    bool operator==(const ByteRange&) const = default;
    [[nodiscard]] bool contains(std::uint32_t offset) const { return start <= offset && offset < end; }
};

/// Kinds of tokens. The part up to StartExpression is also the terminal numbering of grammar/promql.grammar.
enum class Tok : std::uint8_t {
    End, ///< behind the last token, or where the lexer gave up
    Recover,
    Eql, Blank, Colon, Comma, Duration, Eof, Identifier, LeftBrace, LeftBracket, LeftParen, OpenHist, CloseHist,
    MetricIdentifier, Number, RightBrace, RightBracket, RightParen, Space, String, Times,
    SumDesc, CountDesc, SchemaDesc, OffsetDesc, NegativeOffsetDesc, BucketsDesc, NegativeBucketsDesc,
    ZeroBucketDesc, ZeroBucketWidthDesc, CustomValuesDesc, CounterResetHintDesc,
    Add, Div, Eqlc, EqlRegex, Gte, Gtr, Land, Lor, Lss, Lte, Lunless, Mod, Mul, Neq, NeqRegex, Pow, Sub, TrimLower, TrimUpper, At, Atan2,
    Avg, Bottomk, Count, CountValues, Group, Max, Min, Quantile, Stddev, Stdvar, Sum, Topk, Limitk, LimitRatio,
    Bool, By, GroupLeft, GroupRight, Ignoring, Offset, On, Without, Anchored, Smoothed, Fill, FillLeft, FillRight,
    Start, End_, Step, Range, MaxOf, MinOf,
    UnknownCounterReset, CounterReset, NotCounterReset, GaugeType,
    StartSeries, StartExpression,
    Comment,
    LexError ///< not a token; Lexer::error() says why
};

struct Token
{
    Tok kind = Tok::Eof;
    ByteRange range;
};

/// A server's version, as far as syntax depends on it.
struct ServerVersion
{
    int major = 3;
    int minor = 14;
    auto operator<=>(const ServerVersion&) const = default;
    /// "3.14", "v2.53.1", "2.42.0+ds"; false when it is none of that form.
    [[nodiscard]] static bool parse(std::string_view text, ServerVersion& out);
    [[nodiscard]] std::string toString() const;
};

[[nodiscard]] constexpr bool isOperator(Tok kind)
{
    return kind >= Tok::Add && kind <= Tok::Atan2;
}

[[nodiscard]] constexpr bool isAggregator(Tok kind)
{
    return kind >= Tok::Avg && kind <= Tok::LimitRatio;
}

[[nodiscard]] constexpr bool isKeyword(Tok kind)
{
    return kind >= Tok::Bool && kind <= Tok::FillRight;
}

[[nodiscard]] constexpr bool isComparison(Tok kind)
{
    return kind == Tok::Eqlc || kind == Tok::Neq || kind == Tok::Lte || kind == Tok::Lss || kind == Tok::Gte
        || kind == Tok::Gtr;
}

[[nodiscard]] constexpr bool isSetOperator(Tok kind)
{
    return kind == Tok::Land || kind == Tok::Lor || kind == Tok::Lunless;
}

[[nodiscard]] constexpr bool takesParameter(Tok aggregator)
{
    return aggregator == Tok::Topk || aggregator == Tok::Bottomk || aggregator == Tok::CountValues
        || aggregator == Tok::Quantile || aggregator == Tok::Limitk || aggregator == Tok::LimitRatio;
}

/// The canonical spelling of an operator, keyword or punctuation; empty for tokens with variable text.
[[nodiscard]] std::string_view tokenText(Tok kind);
/// The keyword that a word is for the given server, compared without case; Identifier when it is none.
[[nodiscard]] Tok keywordOf(std::string_view word, ServerVersion version);
/// How the server names a token it did not expect: `identifier "foo"`, `<op:+>`, `end of input`.
[[nodiscard]] std::string describeToken(Tok kind, std::string_view text, bool legacy);

} // namespace Promdeck::Promql
