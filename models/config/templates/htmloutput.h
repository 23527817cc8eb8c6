#pragma once

#include "models/config/templates/goformat.h"

#include <string>
#include <string_view>

namespace Promdeck::Config {

/// The text a template writes. With escaping it follows the HTML that was written so far and makes values safe for
/// where they stand (text, attributes, addresses, scripts, styles), as Go's html/template does. Comments of the template
/// are left out then.
class TemplateOutput
{
public:
    TemplateOutput(const GoFormat& format, bool html) : m_format(format), m_html(html) {}
    void literal(std::string_view text);
    /// `escaped`: the value came out of html or urlquery.
    void value(const GoValue& value, bool escaped);
    [[nodiscard]] const std::string& text() const { return m_text; }
    [[nodiscard]] std::string take() { return std::move(m_text); }

private:
    enum class State { Text, TagName, Tag, AttributeName, BeforeValue, Value, Comment, Raw };
    enum class Attribute { Plain, Url, Style, Script };
    enum class UrlPart { None, Path, Query };
    void step(char c);
    void tagEnds();
    void loneBracket(bool declaration);
    void beginValue(char delimiter);
    [[nodiscard]] std::string inAttribute(const GoValue& value, const std::string& printed) const;
    [[nodiscard]] std::string url(const GoValue& value, const std::string& printed) const;
    [[nodiscard]] std::string script(const GoValue& value, const std::string& printed) const;

    const GoFormat& m_format;
    bool m_html;
    std::string m_text;
    State m_state = State::Text;
    Attribute m_attribute = Attribute::Plain;
    UrlPart m_urlPart = UrlPart::None;
    std::string m_tag;        ///< name of the open tag, lower case
    std::string m_name;       ///< of the attribute
    std::string m_rawTag;     ///< "script", "style", "textarea", "title" while inside of one
    std::string m_rawTail;    ///< last bytes, to find its end
    char m_delimiter = '\0';  ///< quote around the attribute; 0 = none
    char m_quote = '\0';      ///< open quote inside of a script
    bool m_isClosing = false;
    std::size_t m_open = 0;   ///< where the last < stands in the text
};

} // namespace Promdeck::Config
