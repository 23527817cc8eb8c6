#pragma once

#include "models/promql/token.h"

#include <string>
#include <string_view>
#include <vector>

namespace Promdeck::Promql {

/// Splits PromQL, or a series description, into tokens. Semantics: Prometheus' own lexer, whose state decides what a
/// byte means (inside braces there are no keywords, inside brackets durations are expected).
///
/// An error is a token of kind LexError; its range starts where the server says and runs to the end of the input.
/// Behind it comes End, except inside a string, which is read on.
class Lexer
{
public:
    /// The text must outlive the lexer.
    Lexer(std::string_view text, ServerVersion version, bool seriesDescription = false);

    [[nodiscard]] Token next();
    /// Why the last token is a LexError.
    [[nodiscard]] const std::string& error() const { return m_error; }
    [[nodiscard]] std::string_view text(const Token& token) const;
    [[nodiscard]] std::string_view input() const { return m_text; }
    /// The start of the token being read; the server reports lexical errors there.
    [[nodiscard]] std::uint32_t start() const { return m_start; }

private:
    enum class State : std::uint8_t {
        Statements, Braces, DurationExpression, OldDuration, Values, Histogram, HistogramWord, Buckets, String,
        RawString, Number, Word, Done
    };
    enum class Histogram : std::uint8_t { None, Open, Mul, Add, Sub };
    static constexpr char32_t kEof = 0xFFFFFFFF;

    char32_t advance();
    [[nodiscard]] char32_t peek() const;
    void backup() { m_pos -= m_width; }
    bool accept(std::string_view set);
    [[nodiscard]] bool is(std::string_view set) const;
    void acceptRun(std::string_view set);
    void emit(Tok kind);
    void skipSpace();
    void fail(std::string message, State next = State::Done);
    [[nodiscard]] std::string_view word() const { return m_text.substr(m_start, m_pos - m_start); }

    void step();
    void statements();
    void statementsOperator(char32_t rune);
    void statementsBracketWord(char32_t rune);
    void openBracket();
    void closeParen(State next);
    void braces();
    void durationExpression();
    void oldDuration();
    void values();
    void histogram();
    void startTimestamp();
    void histogramWord();
    void closeHistogram();
    void buckets();
    void string();
    void escape();
    void rawString();
    void comment();
    void identifier();
    void keywordOrIdentifier();
    bool durationKeyword();
    bool scanNumber();
    bool scanOldNumber();
    bool scanRemainingDuration();
    void numberOrDuration();
    bool number();

    std::string_view m_text;
    ServerVersion m_version;
    std::string m_error;
    Token m_token;
    std::uint32_t m_pos = 0;
    std::uint32_t m_start = 0;
    std::uint32_t m_width = 0;
    int m_parens = 0;
    char32_t m_quote = 0;
    State m_state = State::Statements;
    Histogram m_histogram = Histogram::None;
    bool m_series = false;
    bool m_scanned = false;
    bool m_inBraces = false;
    bool m_inBrackets = false;
    bool m_gotColon = false;
    bool m_gotDuration = false;
    bool m_startTimestamps = false;
    bool m_old = false;
};

/// All tokens up to and without Eof, comments included; lexical errors appear as LexError. For highlighting.
[[nodiscard]] std::vector<Token> tokenise(std::string_view text, ServerVersion version = {});

} // namespace Promdeck::Promql
