// The part of the lexer that only series descriptions reach: value sequences and histogram literals.
#include "models/promql/gotext.h"
#include "models/promql/lexer.h"

#include <algorithm>
#include <array>

namespace Promdeck::Promql {

namespace {

bool isSpace(char32_t rune)
{
    return rune == ' ' || rune == '\t' || rune == '\n' || rune == '\r';
}

bool isAlpha(char32_t rune)
{
    return rune == '_' || (rune >= 'a' && rune <= 'z') || (rune >= 'A' && rune <= 'Z');
}

bool isDigit(char32_t rune)
{
    return rune >= '0' && rune <= '9';
}

struct Name
{
    std::string_view text;
    Tok kind;
};

constexpr std::array kDescriptors {
    Name { "sum", Tok::SumDesc },
    Name { "count", Tok::CountDesc },
    Name { "schema", Tok::SchemaDesc },
    Name { "offset", Tok::OffsetDesc },
    Name { "n_offset", Tok::NegativeOffsetDesc },
    Name { "buckets", Tok::BucketsDesc },
    Name { "n_buckets", Tok::NegativeBucketsDesc },
    Name { "z_bucket", Tok::ZeroBucketDesc },
    Name { "z_bucket_w", Tok::ZeroBucketWidthDesc },
    Name { "custom_values", Tok::CustomValuesDesc },
    Name { "counter_reset_hint", Tok::CounterResetHintDesc },
};

constexpr std::array kResetHints {
    Name { "unknown", Tok::UnknownCounterReset },
    Name { "reset", Tok::CounterReset },
    Name { "not_reset", Tok::NotCounterReset },
    Name { "gauge", Tok::GaugeType },
};

std::string lowered(std::string_view text)
{
    std::string out(text);
    std::transform(out.begin(), out.end(), out.begin(), [](char c) { return c >= 'A' && c <= 'Z' ? char(c | 0x20) : c; });
    return out;
}

template <size_t N>
const Name* lookUp(const std::array<Name, N>& names, std::string_view text)
{
    const auto it = std::find_if(names.begin(), names.end(), [&](const Name& name) { return name.text == text; });
    return it == names.end() ? nullptr : &*it;
}

} // namespace

void Lexer::values()
{
    if (m_histogram != Histogram::None) {
        m_state = State::Histogram;
        return;
    }
    const char32_t rune = advance();
    if (rune == kEof) {
        m_state = State::Statements;
    } else if (rune == '@' && m_text.substr(m_pos).starts_with("st") && !m_old && !m_startTimestamps) {
        // The values are the series' start timestamps: durations.
        m_startTimestamps = true;
        m_pos += 2;
        m_start = m_pos;
    } else if (m_startTimestamps && isDigit(rune)) {
        startTimestamp();
    } else if (rune == '{' && peek() == '{' && !m_old) {
        m_histogram = Histogram::Open;
        advance();
        emit(Tok::OpenHist);
        m_state = State::Histogram;
    } else if (isSpace(rune)) {
        emit(Tok::Space);
        skipSpace();
    } else if (rune == '+') {
        emit(Tok::Add);
    } else if (rune == '-') {
        emit(Tok::Sub);
    } else if (rune == 'x') {
        emit(Tok::Times);
    } else if (rune == '_') {
        emit(Tok::Blank);
    } else if (isDigit(rune) || (rune == '.' && isDigit(peek()))) {
        backup();
        number();
        if (m_state == State::Done)
            m_state = State::Values;
    } else if (isAlpha(rune)) {
        backup();
        m_state = State::Word;
    } else {
        fail("unexpected character in series sequence: " + goQuoteRune(rune));
    }
}

void Lexer::startTimestamp()
{
    bool unit = false;
    acceptRun("0123456789");
    while (accept("smhdwy")) {
        unit = true;
        accept("s");
        acceptRun("0123456789");
    }
    emit(unit ? Tok::Duration : Tok::Number);
}

void Lexer::histogram()
{
    if (m_histogram != Histogram::Open) {
        const Tok kind = m_histogram == Histogram::Mul ? Tok::Times : m_histogram == Histogram::Add ? Tok::Add : Tok::Sub;
        m_histogram = Histogram::None;
        advance();
        emit(kind);
        m_state = State::Values;
        return;
    }
    if (m_inBrackets) {
        m_state = State::Buckets;
        return;
    }
    const char32_t rune = advance();
    if (isSpace(rune)) {
        emit(Tok::Space);
        skipSpace();
    } else if (rune == 'x') {
        emit(Tok::Times);
        m_state = State::Number;
    } else if (isAlpha(rune)) {
        backup();
        m_state = State::HistogramWord;
    } else if (rune == ':') {
        emit(Tok::Colon);
    } else if (rune == '-') {
        emit(Tok::Sub);
    } else if (isDigit(rune)) {
        backup();
        m_state = State::Number;
    } else if (rune == '[') {
        m_inBrackets = true;
        emit(Tok::LeftBracket);
        m_state = State::Buckets;
    } else if (rune == '}' && peek() == '}') {
        advance();
        closeHistogram();
    } else {
        fail("histogram description incomplete unexpected: " + goQuoteRune(rune == kEof ? kRuneError : rune));
    }
}

void Lexer::closeHistogram()
{
    emit(Tok::CloseHist);
    const char32_t after = peek();
    m_histogram = after == 'x' ? Histogram::Mul
        : after == '+'         ? Histogram::Add
        : after == '-'         ? Histogram::Sub
                               : Histogram::None;
    m_state = m_histogram == Histogram::None ? State::Values : State::Histogram;
}

void Lexer::histogramWord()
{
    while (isAlpha(peek()))
        advance();
    const std::string text = lowered(word());
    m_state = State::Histogram;
    if (const Name* descriptor = lookUp(kDescriptors, text)) {
        if (peek() == ':')
            return emit(descriptor->kind);
        return fail("missing `:` for histogram descriptor", State::Statements);
    }
    if (text == "inf" || text == "nan")
        return emit(Tok::Number);
    if (const Name* hint = lookUp(kResetHints, text))
        return emit(hint->kind);
    fail("bad histogram descriptor found: " + goQuote(word()), State::Statements);
}

void Lexer::buckets()
{
    const char32_t rune = advance();
    if (isSpace(rune)) {
        emit(Tok::Space);
        skipSpace();
        m_state = State::Statements;
    } else if (rune == '-') {
        emit(Tok::Sub);
        m_state = State::Number;
    } else if (isDigit(rune)) {
        backup();
        m_state = State::Number;
    } else if (rune == ']') {
        m_inBrackets = false;
        emit(Tok::RightBracket);
        m_state = State::Histogram;
    } else if (isAlpha(rune)) {
        const std::string text = lowered(word());
        if (text == "inf" || text == "nan") {
            emit(Tok::Number);
            m_state = State::Statements;
        }
    } else {
        fail("invalid character in buckets description: " + goQuoteRune(rune == kEof ? kRuneError : rune));
    }
}

} // namespace Promdeck::Promql
