#include "models/config/rules/kubernetesselectors.h"

#include "models/config/configtext.h"
#include "models/config/gotypes.h"

#include <algorithm>
#include <charconv>
#include <vector>

namespace Promdeck::Config {

using namespace Qt::StringLiterals;

namespace {

// --- fields ----------------------------------------------------------------------------------------------

/// Terms between commas; a backslash protects what follows it.
std::vector<std::string_view> terms(std::string_view text)
{
    std::vector<std::string_view> out;
    std::size_t start = 0;
    for (std::size_t i = 0; i < text.size(); ++i) {
        if (text[i] == '\\') {
            ++i;
        } else if (text[i] == ',') {
            out.push_back(text.substr(start, i - start));
            start = i + 1;
        }
    }
    out.push_back(text.substr(start));
    return out;
}

QString fieldValueProblem(std::string_view value)
{
    for (std::size_t i = 0; i < value.size(); ++i) {
        const char c = value[i];
        if (c == ',' || c == '=')
            return u"invalid field selector: unescaped character in value: %1"_s.arg(QChar::fromLatin1(c));
        if (c != '\\')
            continue;
        ++i;
        if (i == value.size() || (value[i] != '\\' && value[i] != ',' && value[i] != '='))
            return u"invalid field selector: invalid escape sequence: %1"_s.arg(text(value.substr(i - 1, 2)));
    }
    return {};
}

// --- labels ----------------------------------------------------------------------------------------------

bool isAlphanumeric(char c)
{
    return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9');
}

/// Letters and digits, with -, _ and . in between; 63 characters at most.
bool isLabelPart(std::string_view text)
{
    constexpr std::size_t kMost = 63;
    return !text.empty() && text.size() <= kMost && isAlphanumeric(text.front()) && isAlphanumeric(text.back())
        && std::all_of(text.begin(), text.end(), [](char c) { return isAlphanumeric(c) || c == '-' || c == '_' || c == '.'; });
}

/// Lower-case names of DNS, separated by dots.
bool isSubdomain(std::string_view text)
{
    constexpr std::size_t kMost = 253;
    const auto fits = [](char c) { return (c >= 'a' && c <= 'z') || (c >= '0' && c <= '9'); };
    if (text.empty() || text.size() > kMost)
        return false;
    for (std::size_t start = 0; start <= text.size();) {
        const std::size_t end = std::min(text.find('.', start), text.size());
        const std::string_view part = text.substr(start, end - start);
        if (part.empty() || !fits(part.front()) || !fits(part.back())
            || !std::all_of(part.begin(), part.end(), [&](char c) { return fits(c) || c == '-'; }))
            return false;
        start = end + 1;
    }
    return true;
}

bool isLabelKey(std::string_view key)
{
    const std::size_t slash = key.find('/');
    return slash == std::string_view::npos ? isLabelPart(key) : isSubdomain(key.substr(0, slash)) && isLabelPart(key.substr(slash + 1));
}

class LabelSelectors
{
public:
    explicit LabelSelectors(std::string_view text) : m_text(text) { scan(); }

    QString problem()
    {
        while (m_problem.isEmpty()) {
            const Token& first = m_tokens[m_at];
            if (first.kind == Kind::End)
                break;
            if (!isName(first) && first.kind != Kind::Absent) {
                fail(first, u"!, identifier, or 'end of string'"_s);
                break;
            }
            requirement();
            if (!m_problem.isEmpty())
                break;
            const Token& next = take();
            if (next.kind == Kind::End)
                break;
            if (next.kind != Kind::Comma)
                fail(next, u"',' or 'end of string'"_s);
            else if (!isName(m_tokens[m_at]) && m_tokens[m_at].kind != Kind::Absent)
                fail(m_tokens[m_at], u"identifier after ','"_s);
        }
        return m_problem;
    }

private:
    enum class Kind { End, Open, Close, Comma, Absent, Equals, In, Order, Name, Unknown };
    struct Token
    {
        Kind kind = Kind::End;
        std::string_view text;
    };

    static bool isBlank(char c) { return c == ' ' || c == '\t' || c == '\r' || c == '\n'; }
    static bool isSign(char c) { return std::string_view("=!(),><").find(c) != std::string_view::npos; }
    static Kind signOf(std::string_view text)
    {
        if (text == "(")
            return Kind::Open;
        if (text == ")")
            return Kind::Close;
        if (text == ",")
            return Kind::Comma;
        if (text == "!")
            return Kind::Absent;
        if (text == "=" || text == "==" || text == "!=")
            return Kind::Equals;
        return text == "<" || text == ">" ? Kind::Order : Kind::Unknown;
    }

    void scan()
    {
        std::size_t at = 0;
        while (true) {
            while (at < m_text.size() && isBlank(m_text[at]))
                ++at;
            if (at >= m_text.size())
                break;
            const std::size_t start = at;
            if (!isSign(m_text[at])) {
                while (at < m_text.size() && !isSign(m_text[at]) && !isBlank(m_text[at]))
                    ++at;
                const std::string_view word = m_text.substr(start, at - start);
                m_tokens.push_back({word == "in" || word == "notin" ? Kind::In : Kind::Name, word});
                continue;
            }
            // The longest run of signs that means something.
            std::size_t length = 1;
            while (start + length < m_text.size() && isSign(m_text[start + length])
                   && signOf(m_text.substr(start, length + 1)) != Kind::Unknown)
                ++length;
            at = start + length;
            m_tokens.push_back({signOf(m_text.substr(start, length)), m_text.substr(start, length)});
        }
        m_tokens.push_back({});
    }

    /// "in" and "notin" are names, too, wherever no operator is expected.
    static bool isName(const Token& token) { return token.kind == Kind::Name || token.kind == Kind::In; }
    const Token& take() { return m_tokens[m_at + 1 < m_tokens.size() ? m_at++ : m_at]; }
    void fail(const Token& found, const QString& expected)
    {
        if (m_problem.isEmpty())
            m_problem = u"unable to parse requirement: found '%1', expected: %2"_s.arg(text(found.text), expected);
    }

    void requirement()
    {
        const bool absent = m_tokens[m_at].kind == Kind::Absent;
        if (absent)
            ++m_at;
        const Token key = take();
        if (!isName(key)) {
            fail(key, u"identifier"_s);
            return;
        }
        if (!isLabelKey(key.text)) {
            m_problem = u"unable to parse requirement: key: Invalid value: %1"_s.arg(quoted(key.text));
            return;
        }
        if (absent || m_tokens[m_at].kind == Kind::End || m_tokens[m_at].kind == Kind::Comma)
            return;
        const Token sign = take();
        switch (sign.kind) {
        case Kind::In: list(); break;
        case Kind::Equals:
        case Kind::Order: single(sign.kind == Kind::Order); break;
        default: fail(sign, u"in, notin, =, ==, !=, gt, lt"_s);
        }
    }

    void single(bool isNumber)
    {
        std::string_view value;
        if (m_tokens[m_at].kind != Kind::End && m_tokens[m_at].kind != Kind::Comma) {
            const Token token = take();
            if (!isName(token)) {
                fail(token, u"identifier"_s);
                return;
            }
            value = token.text;
        }
        // Signs are no part of a label's value, whatever numbers allow.
        std::int64_t number = 0;
        const char* end = value.data() + value.size();
        const auto [last, error] = std::from_chars(value.data(), end, number);
        if (isNumber && (last != end || error != std::errc()))
            m_problem = u"unable to parse requirement: values: Invalid value: %1: for 'Gt', 'Lt' operators, the value must be an integer"_s
                            .arg(quoted(value));
        else
            checkValue(value);
    }

    void list()
    {
        const Token open = take();
        if (open.kind != Kind::Open) {
            fail(open, u"'('"_s);
            return;
        }
        if (m_tokens[m_at].kind == Kind::Close) {
            m_problem = u"unable to parse requirement: values: Invalid value: []: for 'in', 'notin' operators, values set can't be empty"_s;
            return;
        }
        if (!isName(m_tokens[m_at]) && m_tokens[m_at].kind != Kind::Comma) {
            fail(m_tokens[m_at], u"',', ')' or identifier"_s);
            return;
        }
        // Commas may stand beside each other: what is between them is an empty value.
        while (m_problem.isEmpty()) {
            const Token token = take();
            if (isName(token)) {
                checkValue(token.text);
                if (m_tokens[m_at].kind == Kind::Close)
                    break;
                if (m_tokens[m_at].kind != Kind::Comma)
                    fail(m_tokens[m_at], u"',' or ')'"_s);
            } else if (token.kind == Kind::Comma) {
                if (m_tokens[m_at].kind == Kind::Close)
                    break;
                if (m_tokens[m_at].kind == Kind::Comma)
                    ++m_at;
            } else {
                fail(token, u"',', or identifier"_s);
            }
        }
        if (m_problem.isEmpty())
            ++m_at; // the closing parenthesis
    }

    void checkValue(std::string_view value)
    {
        if (m_problem.isEmpty() && !value.empty() && !isLabelPart(value))
            m_problem = u"unable to parse requirement: values: Invalid value: %1: a valid label must be an empty string or consist of alphanumeric characters, '-', '_' or '.', and must start and end with an alphanumeric character"_s
                            .arg(quoted(value));
    }

    std::string_view m_text;
    std::vector<Token> m_tokens;
    std::size_t m_at = 0;
    QString m_problem;
};

} // namespace

QString fieldSelectorProblem(std::string_view selector)
{
    for (const std::string_view term : terms(selector)) {
        if (term.empty())
            continue;
        std::size_t sign = term.find_first_of("=!");
        while (sign != std::string_view::npos && term[sign] == '!' && !term.substr(sign).starts_with("!="))
            sign = term.find_first_of("=!", sign + 1);
        if (sign == std::string_view::npos)
            return u"invalid selector: '%1'; can't understand '%2'"_s.arg(text(selector), text(term));
        const bool isLong = term.substr(sign).starts_with("!=") || term.substr(sign).starts_with("==");
        const QString problem = fieldValueProblem(term.substr(sign + (isLong ? 2 : 1)));
        if (!problem.isEmpty())
            return problem;
    }
    return {};
}

QString labelSelectorProblem(std::string_view selector)
{
    return LabelSelectors(selector).problem();
}

} // namespace Promdeck::Config
