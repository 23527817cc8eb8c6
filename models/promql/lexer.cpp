#include "models/promql/lexer.h"

#include "models/promql/gotext.h"

#include <algorithm>
#include <array>

namespace Promdeck::Promql {

namespace {

constexpr std::string_view kDigits = "0123456789";
constexpr std::string_view kHexDigits = "0123456789abcdefABCDEF";

bool isSpace(char32_t rune)
{
    return rune == ' ' || rune == '\t' || rune == '\n' || rune == '\r';
}

bool isDigit(char32_t rune)
{
    return rune >= '0' && rune <= '9';
}

bool isAlpha(char32_t rune)
{
    return rune == '_' || (rune >= 'a' && rune <= 'z') || (rune >= 'A' && rune <= 'Z');
}

bool isAlphaNumeric(char32_t rune)
{
    return isAlpha(rune) || isDigit(rune);
}

char32_t printable(char32_t rune)
{
    return rune == 0xFFFFFFFF ? kRuneError : rune;
}

} // namespace

Lexer::Lexer(std::string_view text, ServerVersion version, bool seriesDescription)
    : m_text(text)
    , m_version(version)
    , m_series(seriesDescription)
    , m_old(version < ServerVersion { 3, 0 })
{
}

Token Lexer::next()
{
    m_scanned = false;
    if (m_state == State::Done)
        emit(Tok::Eof);
    while (!m_scanned)
        step();
    return m_token;
}

std::string_view Lexer::text(const Token& token) const
{
    return m_text.substr(token.range.start, token.range.end - token.range.start);
}

char32_t Lexer::advance()
{
    if (m_pos >= m_text.size()) {
        m_width = 0;
        return kEof;
    }
    const Rune rune = decodeUtf8(m_text, m_pos);
    m_width = rune.width;
    m_pos += rune.width;
    return rune.value;
}

char32_t Lexer::peek() const
{
    return m_pos >= m_text.size() ? kEof : decodeUtf8(m_text, m_pos).value;
}

bool Lexer::is(std::string_view set) const
{
    return m_pos < m_text.size() && set.find(m_text[m_pos]) != std::string_view::npos;
}

bool Lexer::accept(std::string_view set)
{
    if (!is(set)) {
        m_width = 0;
        return false;
    }
    advance();
    return true;
}

void Lexer::acceptRun(std::string_view set)
{
    while (accept(set)) { }
}

void Lexer::emit(Tok kind)
{
    m_token = { kind, { m_start, m_pos } };
    m_start = m_pos;
    m_scanned = true;
}

void Lexer::skipSpace()
{
    while (isSpace(peek()))
        advance();
    m_start = m_pos;
}

void Lexer::fail(std::string message, State next)
{
    m_error = std::move(message);
    m_token = { Tok::LexError, { m_start, std::uint32_t(m_text.size()) } };
    m_scanned = true;
    m_state = next;
}

void Lexer::step()
{
    switch (m_state) {
    case State::Statements:
        return statements();
    case State::Braces:
        return braces();
    case State::DurationExpression:
        return durationExpression();
    case State::OldDuration:
        return oldDuration();
    case State::Values:
        return values();
    case State::Histogram:
        return histogram();
    case State::HistogramWord:
        return histogramWord();
    case State::Buckets:
        return buckets();
    case State::String:
        return string();
    case State::RawString:
        return rawString();
    case State::Number:
        m_state = State::Statements;
        number();
        return;
    case State::Word:
        return keywordOrIdentifier();
    case State::Done:
        return emit(Tok::Eof);
    }
}

void Lexer::statements()
{
    if (m_histogram != Histogram::None) {
        m_state = State::Histogram;
        return;
    }
    if (m_inBraces) {
        m_state = State::Braces;
        return;
    }
    const char32_t rune = advance();
    if (rune == kEof) {
        if (m_parens != 0)
            return fail("unclosed left parenthesis");
        if (m_inBrackets)
            return fail("unclosed left bracket");
        emit(Tok::Eof);
        m_state = State::Done;
    } else if (rune == '#') {
        comment();
    } else if (isSpace(rune)) {
        skipSpace();
    } else if (isDigit(rune) || (rune == '.' && isDigit(peek()))) {
        backup();
        numberOrDuration();
    } else if (rune == '"' || rune == '\'') {
        m_quote = rune;
        m_state = State::String;
    } else if (rune == '`') {
        m_quote = rune;
        m_state = State::RawString;
    } else if (isAlpha(rune) || rune == ':') {
        if (m_inBrackets)
            return statementsBracketWord(rune);
        backup();
        keywordOrIdentifier();
    } else {
        statementsOperator(rune);
    }
}

void Lexer::statementsOperator(char32_t rune)
{
    const auto orEqual = [this](Tok alone, Tok withEqual) {
        const bool equal = accept("=");
        emit(equal ? withEqual : alone);
    };
    switch (rune) {
    case ',':
        return emit(Tok::Comma);
    case '*':
        return emit(Tok::Mul);
    case '/':
        return emit(Tok::Div);
    case '%':
        return emit(Tok::Mod);
    case '+':
        return emit(Tok::Add);
    case '-':
        return emit(Tok::Sub);
    case '^':
        return emit(Tok::Pow);
    case '@':
        return emit(Tok::At);
    case '<':
        if (m_version >= ServerVersion { 3, 10 } && accept("/"))
            return emit(Tok::TrimUpper);
        return orEqual(Tok::Lss, Tok::Lte);
    case '>':
        if (m_version >= ServerVersion { 3, 10 } && accept("/"))
            return emit(Tok::TrimLower);
        return orEqual(Tok::Gtr, Tok::Gte);
    case '=':
        if (peek() == '~')
            return fail("unexpected character after '=': '~'");
        return orEqual(Tok::Eql, Tok::Eqlc);
    case '!':
        if (const char32_t after = advance(); after != '=')
            return fail("unexpected character after '!': " + goQuoteRune(printable(after)));
        return emit(Tok::Neq);
    case '(':
        ++m_parens;
        return emit(Tok::LeftParen);
    case ')':
        return closeParen(State::Statements);
    case '{':
        m_inBraces = true;
        m_state = State::Braces;
        return emit(Tok::LeftBrace);
    case '[':
        return openBracket();
    case ']':
        if (!m_inBrackets)
            return fail("unexpected right bracket ']'");
        m_inBrackets = false;
        return emit(Tok::RightBracket);
    default:
        return fail("unexpected character: " + goQuoteRune(rune));
    }
}

void Lexer::statementsBracketWord(char32_t rune)
{
    if (m_old || rune == ':') {
        // Before 3.0 any letter did as a colon here.
        if (m_gotColon)
            return fail("unexpected colon " + goQuoteRune(rune));
        m_gotColon = true;
        return emit(Tok::Colon);
    }
    if (durationKeyword())
        return;
    fail("unexpected character: " + goQuoteRune(rune) + ", expected ':'");
}

void Lexer::openBracket()
{
    if (m_inBrackets)
        return fail("unexpected left bracket '['");
    m_gotColon = false;
    m_gotDuration = false;
    emit(Tok::LeftBracket);
    skipSpace();
    m_inBrackets = true;
    m_state = m_old ? State::OldDuration : State::DurationExpression;
}

void Lexer::closeParen(State next)
{
    m_state = next;
    emit(Tok::RightParen);
    if (--m_parens < 0)
        fail("unexpected right parenthesis ')'"); // takes the place of the token, as in the server
}

void Lexer::braces()
{
    const char32_t rune = advance();
    if (rune == kEof)
        return fail("unexpected end of input inside braces");
    if (rune == '#')
        return comment();
    if (isSpace(rune))
        return skipSpace();
    if (isAlpha(rune))
        return identifier();
    switch (rune) {
    case ',':
        return emit(Tok::Comma);
    case '"':
    case '\'':
        m_quote = rune;
        m_state = State::String;
        return;
    case '`':
        m_quote = rune;
        m_state = State::RawString;
        return;
    case '=':
        if (accept("~"))
            return emit(Tok::EqlRegex);
        return emit(Tok::Eql);
    case '!': {
        const char32_t after = advance();
        if (after == '~')
            return emit(Tok::NeqRegex);
        if (after == '=')
            return emit(Tok::Neq);
        return fail("unexpected character after '!' inside braces: " + goQuoteRune(printable(after)));
    }
    case '{':
        return fail("unexpected left brace '{'");
    case '}':
        m_inBraces = false;
        m_state = m_series ? State::Values : State::Statements;
        return emit(Tok::RightBrace);
    default:
        return fail("unexpected character inside braces: " + goQuoteRune(rune));
    }
}

void Lexer::durationExpression()
{
    const char32_t rune = advance();
    if (isSpace(rune))
        return skipSpace();
    if (isDigit(rune) || (rune == '.' && isDigit(peek()))) {
        backup();
        m_gotDuration = true;
        return numberOrDuration();
    }
    static constexpr std::string_view operators = "+-*/%^,(";
    static constexpr std::array kinds { Tok::Add, Tok::Sub, Tok::Mul, Tok::Div, Tok::Mod, Tok::Pow, Tok::Comma,
                                        Tok::LeftParen };
    switch (rune) {
    case kEof:
        return fail("unexpected end of input in duration expression");
    case ']':
        m_inBrackets = false;
        m_gotColon = false;
        m_state = State::Statements;
        return emit(Tok::RightBracket);
    case ':':
        emit(Tok::Colon);
        if (!m_gotDuration)
            return fail("unexpected colon before duration in duration expression");
        if (m_gotColon)
            return fail("unexpected repeated colon in duration expression");
        m_gotColon = true;
        return;
    case ')':
        return closeParen(State::DurationExpression);
    default:
        break;
    }
    if (rune < 0x80) {
        if (const size_t at = operators.find(char(rune)); at != std::string_view::npos) {
            m_parens += rune == '(' ? 1 : 0;
            return emit(kinds[at]);
        }
    }
    if (isAlpha(rune) && durationKeyword()) {
        m_gotDuration = true;
        return;
    }
    fail("unexpected character in duration expression: " + goQuoteRune(rune));
}

/// step, range, min_of and max_of; the first letter has been read.
bool Lexer::durationKeyword()
{
    const char first = char(m_text[m_start] | 0x20);
    if (first != 's' && first != 'r' && first != 'm')
        return false;
    const std::uint32_t restart = m_pos;
    while (isAlpha(peek()))
        advance();
    const Tok kind = keywordOf(word(), m_version);
    if (kind == Tok::Step || kind == Tok::Range || kind == Tok::MinOf || kind == Tok::MaxOf) {
        emit(kind);
        return true;
    }
    m_pos = restart;
    return false;
}

void Lexer::oldDuration()
{
    m_state = State::Statements;
    if (scanOldNumber())
        return fail("missing unit character in duration");
    if (!scanRemainingDuration())
        return fail("bad duration syntax: " + goQuote(word()));
    backup();
    emit(Tok::Duration);
}

void Lexer::comment()
{
    while (true) {
        const char32_t rune = peek();
        if (rune == kEof || rune == '\n' || rune == '\r')
            break;
        advance();
    }
    emit(Tok::Comment);
    m_state = State::Statements;
}

void Lexer::identifier()
{
    while (isAlphaNumeric(peek()))
        advance();
    emit(Tok::Identifier);
}

void Lexer::keywordOrIdentifier()
{
    bool colon = false;
    for (char32_t rune = peek(); isAlphaNumeric(rune) || rune == ':'; rune = peek()) {
        colon = colon || rune == ':';
        advance();
    }
    const Tok keyword = keywordOf(word(), m_version);
    emit(keyword == Tok::Identifier && colon ? Tok::MetricIdentifier : keyword);
    m_state = m_series && peek() != '{' ? State::Values : State::Statements;
}

void Lexer::numberOrDuration()
{
    m_state = State::Statements;
    if (m_old ? scanOldNumber() : scanNumber())
        return emit(Tok::Number);
    if (scanRemainingDuration()) {
        backup();
        return emit(Tok::Duration);
    }
    fail("bad number or duration syntax: " + goQuote(word()));
}

bool Lexer::number()
{
    if (m_old ? scanOldNumber() : scanNumber()) {
        emit(Tok::Number);
        return true;
    }
    fail("bad number syntax: " + goQuote(word()));
    return false;
}

/// Reads on behind the leading digits of a duration, one rune too far.
bool Lexer::scanRemainingDuration()
{
    if (!accept("smhdwy"))
        return false;
    accept("s");
    while (accept(kDigits)) {
        acceptRun(kDigits);
        if (!accept("smhdw"))
            return false;
        accept("s");
    }
    return !isAlphaNumeric(advance());
}

bool Lexer::scanOldNumber()
{
    std::string_view digits = kDigits;
    // In series descriptions x repeats, so there is no hexadecimal.
    if (!m_series && accept("0") && accept("xX"))
        digits = kHexDigits;
    acceptRun(digits);
    if (accept("."))
        acceptRun(digits);
    if (accept("eE")) {
        accept("+-");
        acceptRun(kDigits);
    }
    const char32_t rune = peek();
    return (m_series && rune == 'x') || !isAlphaNumeric(rune);
}

bool Lexer::scanNumber()
{
    const std::uint32_t initial = m_pos;
    std::string_view digits = kDigits;
    if (!m_series && accept("0") && accept("xX")) {
        accept("_");
        digits = kHexDigits;
    }
    const bool hex = digits.size() > kDigits.size();
    accept(".");
    accept(digits);
    bool dot = false;
    bool exponent = false;
    while (is(digits) || is("._eE")) {
        if (is(".")) {
            advance();
            if (dot || hex || accept("_."))
                return false;
            dot = true;
            continue;
        }
        if (is("eE") && exponent) {
            advance();
            return false;
        }
        if (accept("eE")) {
            exponent = true;
            accept("+-");
            if (accept("._eE") || peek() == kEof)
                return false;
            continue;
        }
        if (accept("_")) {
            if (accept("._eE") || peek() == kEof)
                return false;
            continue;
        }
        acceptRun(digits);
    }
    if (m_pos == initial)
        return false;
    const char32_t rune = peek();
    return (m_series && rune == 'x') || !isAlphaNumeric(rune);
}

void Lexer::string()
{
    while (true) {
        const char32_t rune = advance();
        if (rune == kEof || rune == '\n')
            return fail("unterminated quoted string");
        if (rune == kRuneError)
            return fail("invalid UTF-8 rune", State::String);
        if (rune == m_quote)
            break;
        if (rune == '\\') {
            escape();
            if (m_scanned)
                return;
        }
    }
    emit(Tok::String);
    m_state = State::Statements;
}

void Lexer::escape()
{
    char32_t rune = advance();
    int count = 0;
    std::uint32_t base = 16;
    std::uint32_t limit = 0x10FFFF;
    if (rune == m_quote || (rune < 0x80 && std::string_view("abfnrtv\\").find(char(rune)) != std::string_view::npos))
        return;
    if (rune >= '0' && rune <= '7') {
        count = 3;
        base = 8;
        limit = 255;
    } else if (rune == 'x' || rune == 'u' || rune == 'U') {
        count = rune == 'x' ? 2 : rune == 'u' ? 4 : 8;
        limit = rune == 'x' ? 255 : limit;
        rune = advance();
    } else if (rune == kEof) {
        return fail("escape sequence not terminated", State::String);
    } else {
        return fail("unknown escape sequence " + goUnicodeName(rune), State::String);
    }
    std::uint32_t value = 0;
    while (count > 0) {
        const std::uint32_t digit = isDigit(rune)                                 ? rune - '0'
            : (rune | 0x20) >= 'a' && (rune | 0x20) <= 'f' && rune < 0x80 ? (rune | 0x20) - 'a' + 10
                                                                                : 16;
        if (digit >= base) {
            if (rune == kEof)
                return fail("escape sequence not terminated", State::String);
            return fail("illegal character " + goUnicodeName(rune) + " in escape sequence", State::String);
        }
        value = value * base + digit;
        if (--count > 0)
            rune = advance();
    }
    if (value > limit || (value >= 0xD800 && value < 0xE000))
        fail("escape sequence is an invalid Unicode code point", State::String);
}

void Lexer::rawString()
{
    while (true) {
        const char32_t rune = advance();
        if (rune == kEof)
            return fail("unterminated raw string");
        if (rune == kRuneError)
            return fail("invalid UTF-8 rune", State::RawString);
        if (rune == m_quote)
            break;
    }
    emit(Tok::String);
    m_state = State::Statements;
}

std::vector<Token> tokenise(std::string_view text, ServerVersion version)
{
    std::vector<Token> tokens;
    Lexer lexer(text, version);
    for (Token token = lexer.next(); token.kind != Tok::Eof; token = lexer.next()) {
        tokens.push_back(token);
        if (token.kind == Tok::LexError)
            break;
    }
    return tokens;
}

} // namespace Promdeck::Promql
