#pragma once

#include <cstddef>
#include <string>
#include <string_view>

namespace Promdeck::Config {

/// One token of a Go template.
struct TemplateToken
{
    enum class Type {
        Eof, Error, Text, Comment, LeftDelim, RightDelim, Space, Assign, Declare, Pipe, LeftParen, RightParen, Char,
        CharConstant, Number, String, RawString, Bool, Dot, Nil, Field, Variable, Identifier,
        // keywords from here on
        Block, Break, Continue, Define, Else, End, If, Range, Template, With
    };
    Type type = Type::Eof;
    std::string text; ///< as written; of errors: the message; of texts: without what trim markers take away
    std::size_t offset = 0;
    std::size_t end = 0;
};

/// Go's text/template lexer, one token at a time. After Error or Eof only Eof follows.
class TemplateLexer
{
public:
    explicit TemplateLexer(std::string_view text) : m_text(text) {}
    [[nodiscard]] TemplateToken next();

private:
    using Type = TemplateToken::Type;
    TemplateToken emit(Type type);
    TemplateToken fail(std::string message, std::size_t at);
    TemplateToken emitText(bool trimEnd);
    TemplateToken lexText();
    TemplateToken lexLeftDelim();
    TemplateToken lexComment();
    TemplateToken lexRightDelim(bool trim);
    TemplateToken lexInside();
    TemplateToken lexSpace();
    TemplateToken lexQuoted(char quote, Type type, const char* unterminated);
    TemplateToken lexRaw();
    TemplateToken lexNumber();
    TemplateToken lexIdentifier();
    TemplateToken lexField(Type type);
    [[nodiscard]] bool atEnd() const { return m_at >= m_text.size(); }
    [[nodiscard]] char peek(std::size_t ahead = 0) const { return m_at + ahead < m_text.size() ? m_text[m_at + ahead] : '\0'; }
    [[nodiscard]] bool startsWith(std::string_view what) const { return m_text.substr(m_at).starts_with(what); }
    [[nodiscard]] bool atRightDelim(bool& trim) const;
    [[nodiscard]] bool atTerminator() const;
    /// Length of the letter, digit or underscore at m_at; 0 when there is none.
    [[nodiscard]] std::size_t alphaNumeric() const;
    [[nodiscard]] std::string describeChar() const; ///< "U+002D '-'"
    void skip(std::string_view set);

    std::string_view m_text;
    std::size_t m_at = 0;
    std::size_t m_start = 0;
    int m_parens = 0;
    bool m_inside = false;
    bool m_done = false;
    bool m_trimNext = false; ///< a trim marker was read: the next text loses its blanks in front
};

} // namespace Promdeck::Config
