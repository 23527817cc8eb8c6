#include "models/config/templates/templatelexer.h"

#include "models/promql/gotext.h"

#include <QChar>

#include <array>
#include <utility>

namespace Promdeck::Config {

namespace {

constexpr std::string_view kSpaces = " \t\r\n";
constexpr std::string_view kDigits = "0123456789_";

bool isSpace(char c)
{
    return kSpaces.find(c) != std::string_view::npos;
}

} // namespace

TemplateToken TemplateLexer::emit(Type type)
{
    TemplateToken token {type, std::string(m_text.substr(m_start, m_at - m_start)), m_start, m_at};
    m_start = m_at;
    return token;
}

TemplateToken TemplateLexer::fail(std::string message, std::size_t at)
{
    m_done = true;
    at = std::min(at, m_text.size());
    const std::size_t end = std::min(m_text.size(), std::max(m_at, at + 1));
    return {Type::Error, std::move(message), at, end};
}

TemplateToken TemplateLexer::next()
{
    if (m_done)
        return {Type::Eof, {}, m_text.size(), m_text.size()};
    m_start = m_at;
    return m_inside ? lexInside() : lexText();
}

std::size_t TemplateLexer::alphaNumeric() const
{
    if (atEnd())
        return 0;
    const Promql::Rune rune = Promql::decodeUtf8(m_text, m_at);
    return rune.value == '_' || QChar::isLetterOrNumber(rune.value) ? rune.width : 0;
}

std::string TemplateLexer::describeChar() const
{
    if (atEnd())
        return "U+FFFFFFFFFFFFFFFF";
    return Promql::goUnicodeName(Promql::decodeUtf8(m_text, m_at).value);
}

void TemplateLexer::skip(std::string_view set)
{
    while (!atEnd() && set.find(m_text[m_at]) != std::string_view::npos)
        ++m_at;
}

bool TemplateLexer::atRightDelim(bool& trim) const
{
    trim = !atEnd() && isSpace(peek()) && peek(1) == '-' && m_text.substr(m_at + 2).starts_with("}}");
    return trim || startsWith("}}");
}

bool TemplateLexer::atTerminator() const
{
    if (atEnd() || isSpace(peek()) || std::string_view(".,|:)(").find(peek()) != std::string_view::npos)
        return true;
    return startsWith("}}");
}

/// The offsets are those of the whole text, blanks that markers take away included.
TemplateToken TemplateLexer::emitText(bool trimEnd)
{
    TemplateToken token = emit(Type::Text);
    if (m_trimNext)
        token.text.erase(0, token.text.find_first_not_of(" \t\r\n"));
    if (trimEnd)
        token.text.erase(token.text.find_last_not_of(" \t\r\n") + 1);
    m_trimNext = false;
    return token;
}

TemplateToken TemplateLexer::lexText()
{
    const std::size_t open = m_text.find("{{", m_at);
    if (open == std::string_view::npos) {
        m_at = m_text.size();
        if (m_at > m_start)
            return emitText(false);
        m_done = true;
        return emit(Type::Eof);
    }
    if (open > m_at) {
        m_at = open;
        return emitText(m_text.substr(open + 2).starts_with('-') && open + 3 < m_text.size() && isSpace(m_text[open + 3]));
    }
    m_trimNext = false;
    return lexLeftDelim();
}

TemplateToken TemplateLexer::lexLeftDelim()
{
    m_at += 2;
    const bool trim = peek() == '-' && !atEnd() && m_at + 1 < m_text.size() && isSpace(peek(1));
    const std::size_t afterMarker = trim ? 2 : 0;
    if (m_text.substr(m_at + afterMarker).starts_with("/*")) {
        m_at += afterMarker;
        return lexComment();
    }
    const TemplateToken token = emit(Type::LeftDelim);
    m_inside = true;
    m_at += afterMarker;
    m_start = m_at;
    m_parens = 0;
    return token;
}

TemplateToken TemplateLexer::lexComment()
{
    const std::size_t close = m_text.find("*/", m_at + 2);
    if (close == std::string_view::npos) {
        const std::size_t open = m_start;
        m_at = m_text.size();
        return fail("unclosed comment", open);
    }
    m_at = close + 2;
    bool trim = false;
    if (!atRightDelim(trim))
        return fail("comment ends before closing delimiter", m_at);
    m_at += trim ? 4 : 2;
    m_trimNext = trim;
    return emit(Type::Comment);
}

TemplateToken TemplateLexer::lexRightDelim(bool trim)
{
    m_at += trim ? 2 : 0;
    m_start = m_at;
    m_at += 2;
    m_inside = false;
    m_trimNext = trim;
    return emit(Type::RightDelim);
}

TemplateToken TemplateLexer::lexInside()
{
    bool trim = false;
    if (atRightDelim(trim))
        return m_parens == 0 ? lexRightDelim(trim) : fail("unclosed left paren", m_at);
    if (atEnd())
        return fail("unclosed action", m_at);
    const char c = peek();
    if (isSpace(c))
        return lexSpace();
    const auto one = [this](Type type) {
        ++m_at;
        return emit(type);
    };
    switch (c) {
    case '=': return one(Type::Assign);
    case '|': return one(Type::Pipe);
    case ':':
        if (peek(1) != '=')
            return fail("expected :=", m_at);
        m_at += 2;
        return emit(Type::Declare);
    case '"': return lexQuoted('"', Type::String, "unterminated quoted string");
    case '\'': return lexQuoted('\'', Type::CharConstant, "unterminated character constant");
    case '`': return lexRaw();
    case '$': return lexField(Type::Variable);
    case '(': ++m_parens; return one(Type::LeftParen);
    case ')':
        if (--m_parens < 0)
            return fail("unexpected right paren", m_at);
        return one(Type::RightParen);
    case '.':
        // A digit makes it a number; at the very end it is a dot too.
        if (m_at + 1 < m_text.size() && (peek(1) < '0' || peek(1) > '9'))
            return lexField(Type::Field);
        return lexNumber();
    default: break;
    }
    if (c == '+' || c == '-' || (c >= '0' && c <= '9'))
        return lexNumber();
    if (alphaNumeric() > 0)
        return lexIdentifier();
    if (c > 0x20 && c < 0x7F)
        return one(Type::Char);
    return fail("unrecognized character in action: " + describeChar(), m_at);
}

TemplateToken TemplateLexer::lexSpace()
{
    while (!atEnd() && isSpace(peek())) {
        bool trim = false;
        if (atRightDelim(trim) && trim)
            break;
        ++m_at;
    }
    if (m_at == m_start)
        return lexRightDelim(true);
    return emit(Type::Space);
}

TemplateToken TemplateLexer::lexQuoted(char quote, Type type, const char* unterminated)
{
    for (++m_at;; ++m_at) {
        if (!atEnd() && peek() == '\\' && m_at + 1 < m_text.size() && peek(1) != '\n') {
            ++m_at;
            continue;
        }
        if (atEnd() || peek() == '\n')
            return fail(unterminated, m_start);
        if (peek() == quote)
            break;
    }
    ++m_at;
    return emit(type);
}

TemplateToken TemplateLexer::lexRaw()
{
    const std::size_t close = m_text.find('`', m_at + 1);
    if (close == std::string_view::npos) {
        m_at = m_text.size();
        return fail("unterminated raw quoted string", m_start);
    }
    m_at = close + 1;
    return emit(Type::RawString);
}

TemplateToken TemplateLexer::lexNumber()
{
    const auto scan = [this] {
        if (peek() == '+' || peek() == '-')
            ++m_at;
        std::string_view digits = kDigits;
        bool hex = false;
        if (!atEnd() && peek() == '0') {
            ++m_at;
            const char kind = char(peek() | 0x20);
            if (!atEnd() && (kind == 'x' || kind == 'o' || kind == 'b')) {
                ++m_at;
                hex = kind == 'x';
                digits = hex ? "0123456789abcdefABCDEF_" : kind == 'o' ? "01234567_" : "01_";
            }
        }
        skip(digits);
        if (!atEnd() && peek() == '.') {
            ++m_at;
            skip(digits);
        }
        const char exponent = atEnd() ? '\0' : char(peek() | 0x20);
        if ((digits.size() == kDigits.size() && exponent == 'e') || (hex && exponent == 'p')) {
            ++m_at;
            if (peek() == '+' || peek() == '-')
                ++m_at;
            skip(kDigits);
        }
        if (!atEnd() && peek() == 'i')
            ++m_at;
        if (const std::size_t more = alphaNumeric()) {
            m_at += more;
            return false;
        }
        return true;
    };
    const auto bad = [this] {
        return fail("bad number syntax: \"" + std::string(m_text.substr(m_start, m_at - m_start)) + '"', m_start);
    };
    if (!scan())
        return bad();
    // 1+2i is one complex constant.
    if (!atEnd() && (peek() == '+' || peek() == '-') && (!scan() || m_text[m_at - 1] != 'i'))
        return bad();
    return emit(Type::Number);
}

TemplateToken TemplateLexer::lexIdentifier()
{
    while (const std::size_t length = alphaNumeric())
        m_at += length;
    const std::string_view word = m_text.substr(m_start, m_at - m_start);
    if (!atTerminator())
        return fail("bad character " + describeChar(), m_at);
    static constexpr std::array<std::pair<std::string_view, Type>, 13> kWords {{{"block", Type::Block},
                                                                              {"break", Type::Break},
                                                                              {"continue", Type::Continue},
                                                                              {"define", Type::Define},
                                                                              {"else", Type::Else},
                                                                              {"end", Type::End},
                                                                              {"if", Type::If},
                                                                              {"range", Type::Range},
                                                                              {"nil", Type::Nil},
                                                                              {"template", Type::Template},
                                                                              {"with", Type::With},
                                                                              {"true", Type::Bool},
                                                                              {"false", Type::Bool}}};
    for (const auto& [text, type] : kWords) {
        if (word == text)
            return emit(type);
    }
    return emit(Type::Identifier);
}

TemplateToken TemplateLexer::lexField(Type type)
{
    ++m_at;
    if (atTerminator())
        return emit(type == Type::Variable ? Type::Variable : Type::Dot);
    while (const std::size_t length = alphaNumeric())
        m_at += length;
    if (!atTerminator())
        return fail("bad character " + describeChar(), m_at);
    return emit(type);
}

} // namespace Promdeck::Config
