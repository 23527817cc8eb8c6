#include "models/config/templates/htmloutput.h"
#include "models/config/templates/templatefunctions.h"
#include "models/config/configtext.h"

#include <cctype>
#include <set>

namespace Promdeck::Config {

namespace {

using Kind = GoValue::Kind;

// What Go writes where a value would change the meaning of the document.
constexpr const char* kUnsafe = "ZgotmplZ";

bool isSpace(char c)
{
    return c == ' ' || c == '\t' || c == '\n' || c == '\r' || c == '\f';
}

/// `bare`: for values without quotes around. `known`: entities that are there already stay.
std::string escaped(std::string_view text, bool bare, bool known)
{
    std::string out;
    for (const char c : text) {
        switch (c) {
        case '"': out += "&#34;"; break;
        case '\'': out += "&#39;"; break;
        case '&': out += known ? "&" : "&amp;"; break;
        case '<': out += "&lt;"; break;
        case '>': out += "&gt;"; break;
        case '+': out += "&#43;"; break;
        case '\0': out += bare ? "&#xfffd;" : "\uFFFD"; break;
        case ' ': out += bare ? "&#32;" : " "; break;
        case '\t': out += bare ? "&#9;" : "\t"; break;
        case '\n': out += bare ? "&#10;" : "\n"; break;
        case '\r': out += bare ? "&#13;" : "\r"; break;
        case '=': out += bare ? "&#61;" : "="; break;
        case '`': out += bare ? "&#96;" : "`"; break;
        default: out += c;
        }
    }
    return out;
}

std::string withoutTags(std::string_view html)
{
    std::string out;
    bool inside = false;
    for (const char c : html) {
        if (c == '<')
            inside = true;
        else if (c == '>' && inside)
            inside = false;
        else if (!inside)
            out += c;
    }
    return out;
}

std::string percentEscaped(std::string_view text, bool normalize)
{
    const char* digits = "0123456789abcdef";
    std::string out;
    for (std::size_t i = 0; i < text.size(); ++i) {
        const char c = text[i];
        const bool plain = std::isalnum(static_cast<unsigned char>(c)) || std::string_view("-._~").find(c) != std::string_view::npos;
        const bool reserved = std::string_view("!#$&*+,/:;=?@[]").find(c) != std::string_view::npos;
        const bool isEscape = c == '%' && i + 2 < text.size() && std::isxdigit(static_cast<unsigned char>(text[i + 1]))
            && std::isxdigit(static_cast<unsigned char>(text[i + 2]));
        if (plain || (normalize && (reserved || isEscape))) {
            out += c;
            continue;
        }
        out += '%';
        out += digits[static_cast<unsigned char>(c) >> 4];
        out += digits[static_cast<unsigned char>(c) & 15];
    }
    return out;
}

bool isSafeAddress(std::string_view url)
{
    const std::size_t colon = url.find(':');
    if (colon == std::string_view::npos || url.substr(0, colon).find('/') != std::string_view::npos)
        return true;
    const std::string scheme = lower(url.substr(0, colon));
    return scheme == "http" || scheme == "https" || scheme == "mailto";
}

bool holdsAddress(const std::string& name)
{
    static const std::set<std::string, std::less<>> names {"action", "archive", "background", "cite", "classid", "codebase", "data", "formaction", "href",
                                                           "icon", "longdesc", "manifest", "poster", "profile", "src", "usemap", "xmlns"};
    return names.contains(name) || name.find("src") != std::string::npos || name.find("uri") != std::string::npos || name.find("url") != std::string::npos;
}

} // namespace

void TemplateOutput::beginValue(char delimiter)
{
    m_state = State::Value;
    m_delimiter = delimiter;
    m_urlPart = UrlPart::None;
    m_quote = '\0';
    const std::string name = m_name.starts_with("data-") ? m_name.substr(5) : m_name;
    m_attribute = name == "style" ? Attribute::Style : name.starts_with("on") ? Attribute::Script : holdsAddress(name) ? Attribute::Url : Attribute::Plain;
}

void TemplateOutput::tagEnds()
{
    static const std::set<std::string, std::less<>> raw {"script", "style", "textarea", "title"};
    m_state = State::Text;
    if (!m_isClosing && raw.contains(m_tag)) {
        m_state = State::Raw;
        m_rawTag = m_tag;
        m_rawTail.clear();
        m_quote = '\0';
    }
}

/// A < that begins no tag is text; declarations stay.
void TemplateOutput::loneBracket(bool declaration)
{
    m_state = State::Text;
    if (!declaration)
        m_text.replace(m_open, 1, "&lt;");
}

void TemplateOutput::step(char c)
{
    switch (m_state) {
    case State::Text:
        if (c == '<') {
            m_state = State::TagName;
            m_tag.clear();
            m_isClosing = false;
            m_open = m_text.size();
        }
        break;
    case State::TagName:
        if (m_tag.empty() && c == '/' && !m_isClosing)
            m_isClosing = true;
        else if (std::isalnum(static_cast<unsigned char>(c)) || (!m_tag.empty() && (c == '-' || c == ':')))
            m_tag += char(std::tolower(static_cast<unsigned char>(c)));
        else if (m_tag.empty())
            loneBracket(c == '!');
        else if (c == '>')
            tagEnds();
        else
            m_state = State::Tag;
        break;
    case State::Tag:
        if (c == '>') {
            tagEnds();
        } else if (!isSpace(c) && c != '/') {
            m_state = State::AttributeName;
            m_name.assign(1, char(std::tolower(static_cast<unsigned char>(c))));
        }
        break;
    case State::AttributeName:
        if (c == '=')
            m_state = State::BeforeValue;
        else if (c == '>')
            tagEnds();
        else if (isSpace(c) || c == '/')
            m_state = State::Tag;
        else
            m_name += char(std::tolower(static_cast<unsigned char>(c)));
        break;
    case State::BeforeValue:
        if (c == '>') {
            tagEnds();
        } else if (c == '"' || c == '\'') {
            beginValue(c);
        } else if (!isSpace(c)) {
            beginValue('\0');
            m_urlPart = c == '?' || c == '#' ? UrlPart::Query : UrlPart::Path;
        }
        break;
    case State::Value:
        if (m_delimiter ? c == m_delimiter : isSpace(c)) {
            m_state = State::Tag;
        } else if (!m_delimiter && c == '>') {
            tagEnds();
        } else {
            if (c == '?' || c == '#')
                m_urlPart = UrlPart::Query;
            else if (m_urlPart == UrlPart::None && !isSpace(c))
                m_urlPart = UrlPart::Path;
            if (c == '\'' || c == '"')
                m_quote = m_quote == c ? '\0' : m_quote ? m_quote : c;
        }
        break;
    case State::Raw: {
        if ((c == '\'' || c == '"' || c == '`') && !m_rawTail.ends_with('\\'))
            m_quote = m_quote == c ? '\0' : m_quote ? m_quote : c;
        m_rawTail += char(std::tolower(static_cast<unsigned char>(c)));
        if (m_rawTail.ends_with("</" + m_rawTag)) {
            m_state = State::Tag;
            m_isClosing = true;
            m_rawTag.clear();
        }
        if (m_rawTail.size() > 32)
            m_rawTail.erase(0, 16);
        break;
    }
    case State::Comment: break;
    }
}

void TemplateOutput::literal(std::string_view text)
{
    if (!m_html) {
        m_text += text;
        return;
    }
    for (std::size_t at = 0; at < text.size(); ++at) {
        if (m_state == State::Comment) {
            const std::size_t end = text.find("-->", at);
            if (end == std::string_view::npos)
                return;
            at = end + 2;
            m_state = State::Text;
            continue;
        }
        if (m_state == State::Text && text.substr(at).starts_with("<!--")) {
            m_state = State::Comment;
            at += 3;
            continue;
        }
        step(text[at]);
        m_text += text[at];
    }
}

std::string TemplateOutput::url(const GoValue& value, const std::string& printed) const
{
    const bool trusted = value.type() == "template.URL";
    if (m_urlPart == UrlPart::Query)
        return percentEscaped(printed, trusted);
    if (m_urlPart == UrlPart::None && !trusted && !isSafeAddress(printed))
        return std::string("#") + kUnsafe;
    return percentEscaped(printed, true);
}

std::string TemplateOutput::script(const GoValue& value, const std::string& printed) const
{
    if (m_quote)
        return jsEscape(printed);
    const std::string json = m_format.json(value);
    const bool number = value.is(Kind::Int) || value.is(Kind::Float) || value.is(Kind::Bool);
    return number ? ' ' + json + ' ' : json;
}

std::string TemplateOutput::inAttribute(const GoValue& value, const std::string& printed) const
{
    const bool bare = m_delimiter == '\0';
    switch (m_attribute) {
    case Attribute::Url: return escaped(url(value, printed), bare, false);
    case Attribute::Script: return escaped(script(value, printed), bare, false);
    case Attribute::Style: {
        const bool risky = printed.find_first_of("\"'()/;@[\\]`{}<>") != std::string::npos || lower(printed).find("expression") != std::string::npos;
        return risky && !m_quote ? kUnsafe : escaped(printed, bare, false);
    }
    case Attribute::Plain: break;
    }
    return value.type() == "template.HTML" ? escaped(withoutTags(printed), bare, true) : escaped(printed, bare, false);
}

void TemplateOutput::value(const GoValue& value, bool isEscaped)
{
    const std::string printed = value.isValid() ? m_format.print(value) : m_html ? std::string() : std::string("<no value>");
    if (!m_html) {
        m_text += printed;
        return;
    }
    if (m_state == State::TagName && m_tag.empty())
        loneBracket(false);
    switch (m_state) {
    case State::Comment: return;
    case State::Text: m_text += isEscaped || value.type() == "template.HTML" ? printed : escaped(printed, false, false); return;
    case State::Raw:
        if (m_rawTag == "script")
            m_text += script(value, printed);
        else if (m_rawTag == "style")
            m_text += printed.find_first_of("\"'()/;@[\\]`{}<>") == std::string::npos ? printed : std::string(kUnsafe);
        else
            m_text += escaped(printed, false, value.type() == "template.HTML");
        return;
    case State::BeforeValue: beginValue('\0'); [[fallthrough]];
    case State::Value:
        m_text += inAttribute(value, printed);
        if (m_urlPart == UrlPart::None)
            m_urlPart = UrlPart::Path;
        if (printed.find_first_of("?#") != std::string::npos && value.type() == "template.URL")
            m_urlPart = UrlPart::Query;
        return;
    case State::TagName:
    case State::Tag:
    case State::AttributeName: m_text += printed.find_first_of(" \t\n\"'<>=/") == std::string::npos ? printed : std::string(kUnsafe); return;
    }
}

} // namespace Promdeck::Config
