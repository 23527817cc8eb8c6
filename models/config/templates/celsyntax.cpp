#include "models/config/templates/celsyntax.h"

#include <algorithm>
#include <cctype>
#include <set>
#include <vector>

namespace Promdeck::Config {

namespace {

using Names = std::set<std::string_view>;

// cel-go's own limit of nesting.
constexpr int kDeepest = 250;

const Names& reserved()
{
    static const Names words {"as", "break", "const", "continue", "else", "for", "function", "if", "import", "let", "loop", "package",
                              "namespace", "return", "var", "void", "while", "in"};
    return words;
}

const Names& globals()
{
    static const Names names {"bool", "bytes", "double", "duration", "dyn", "int", "list", "map", "null_type", "string", "timestamp", "type", "uint"};
    return names;
}

const Names& functions()
{
    static const Names names {"bool", "bytes", "double", "duration", "dyn", "int", "matches", "size", "string", "timestamp", "type", "uint", "has"};
    return names;
}

const Names& methods()
{
    static const Names names {"all", "contains", "endsWith", "exists", "exists_one", "filter", "getDate", "getDayOfMonth", "getDayOfWeek",
                              "getDayOfYear", "getFullYear", "getHours", "getMilliseconds", "getMinutes", "getMonth", "getSeconds",
                              "map", "matches", "size", "startsWith"};
    return names;
}

/// These bind their first argument as a variable in the others.
bool isMacro(std::string_view method)
{
    return method == "all" || method == "exists" || method == "exists_one" || method == "filter" || method == "map";
}

/// Recursive descent; the first problem ends it.
class CelParser
{
public:
    explicit CelParser(std::string_view text) : m_text(text) {}

    std::optional<CelProblem> run()
    {
        expression();
        skipBlanks();
        if (m_at < m_text.size())
            fail("unexpected " + std::string(1, m_text[m_at]));
        return m_problem;
    }

private:
    bool fail(std::string message)
    {
        if (!m_problem)
            m_problem = CelProblem {std::move(message), m_at};
        m_at = m_text.size();
        return false;
    }

    void skipBlanks()
    {
        while (m_at < m_text.size()) {
            if (std::isspace(static_cast<unsigned char>(m_text[m_at])) != 0)
                ++m_at;
            else if (m_text.substr(m_at, 2) == "//")
                m_at = std::min(m_text.find('\n', m_at), m_text.size());
            else
                return;
        }
    }

    bool take(std::string_view sign)
    {
        skipBlanks();
        if (m_text.substr(m_at, sign.size()) != sign)
            return false;
        m_at += sign.size();
        return true;
    }

    void need(std::string_view sign)
    {
        if (!take(sign))
            fail("expected " + std::string(sign));
    }

    void expression()
    {
        if (++m_depth > kDeepest) {
            fail("expression recursion limit exceeded");
        } else {
            operators(0);
            if (take("?")) {
                operators(0);
                need(":");
                expression();
            }
        }
        --m_depth;
    }

    /// Binary operators, the weakest level first.
    void operators(int level)
    {
        static const std::vector<std::vector<std::string_view>> levels {
            {"||"}, {"&&"}, {"<=", ">=", "==", "!=", "<", ">", "in"}, {"+", "-"}, {"*", "/", "%"}};
        if (level == int(levels.size())) {
            unary();
            return;
        }
        operators(level + 1);
        for (bool more = true; more && !m_problem;) {
            more = std::any_of(levels[std::size_t(level)].begin(), levels[std::size_t(level)].end(), [this](std::string_view sign) { return takeOperator(sign); });
            if (more)
                operators(level + 1);
        }
    }

    bool takeOperator(std::string_view sign)
    {
        const std::size_t before = m_at;
        if (!take(sign))
            return false;
        // "in" is a word of its own.
        if (sign != "in" || !isNameByte(m_at))
            return true;
        m_at = before;
        return false;
    }

    void unary()
    {
        const char sign = take("!") ? '!' : take("-") ? '-' : '\0';
        while (sign != '\0' && take(std::string_view(&sign, 1))) { }
        member();
    }

    void member()
    {
        primary();
        while (!m_problem) {
            if (take("[")) {
                expression();
                need("]");
            } else if (take(".")) {
                const std::size_t at = (skipBlanks(), m_at);
                const std::string_view name = takeName();
                if (name.empty())
                    fail("expected a name");
                else if (take("("))
                    arguments(name, at);
            } else {
                return;
            }
        }
    }

    void arguments(std::string_view method, std::size_t at)
    {
        if (!methods().contains(method)) {
            m_at = at;
            fail("undeclared reference to '" + std::string(method) + '\'');
            return;
        }
        if (!isMacro(method)) {
            list(")");
            return;
        }
        skipBlanks();
        const std::string_view variable = takeName();
        if (variable.empty()) {
            fail("expected a variable");
            return;
        }
        m_bound.push_back(variable);
        need(",");
        list(")");
        m_bound.pop_back();
    }

    /// Expressions up to the closing sign.
    void list(std::string_view close)
    {
        if (take(close))
            return;
        do {
            expression();
        } while (!m_problem && take(",") && !(close == "]" && peekIs(close)));
        need(close);
    }

    bool peekIs(std::string_view sign)
    {
        skipBlanks();
        return m_text.substr(m_at, sign.size()) == sign;
    }

    void map()
    {
        if (take("}"))
            return;
        do {
            expression();
            need(":");
            expression();
        } while (!m_problem && take(",") && !peekIs("}"));
        need("}");
    }

    void primary()
    {
        if (take("(")) {
            expression();
            need(")");
        } else if (take("[")) {
            list("]");
        } else if (take("{")) {
            map();
        } else if (!string() && !number()) {
            name();
        }
    }

    [[nodiscard]] bool isNameByte(std::size_t at) const
    {
        return at < m_text.size() && (std::isalnum(static_cast<unsigned char>(m_text[at])) != 0 || m_text[at] == '_');
    }

    std::string_view takeName()
    {
        const std::size_t start = m_at;
        if (m_at < m_text.size() && std::isdigit(static_cast<unsigned char>(m_text[m_at])) != 0)
            return {};
        while (isNameByte(m_at))
            ++m_at;
        return m_text.substr(start, m_at - start);
    }

    void name()
    {
        take("."); // from the root
        skipBlanks();
        const std::size_t start = m_at;
        const std::string_view word = takeName();
        if (word.empty()) {
            fail(m_at < m_text.size() ? "unexpected " + std::string(1, m_text[m_at]) : "unexpected end");
            return;
        }
        if (word == "true" || word == "false" || word == "null")
            return;
        const bool call = peekIs("(");
        const bool known = call ? functions().contains(word)
                                : word == "body" || globals().contains(word) || std::find(m_bound.begin(), m_bound.end(), word) != m_bound.end();
        if (reserved().contains(word) || !known) {
            m_at = start;
            fail(reserved().contains(word) ? "reserved identifier: " + std::string(word) : "undeclared reference to '" + std::string(word) + '\'');
            return;
        }
        if (call && take("("))
            list(")");
    }

    bool number()
    {
        skipBlanks();
        const auto digitAt = [this](std::size_t at) { return at < m_text.size() && std::isdigit(static_cast<unsigned char>(m_text[at])) != 0; };
        if (!digitAt(m_at) && !(m_at < m_text.size() && m_text[m_at] == '.' && digitAt(m_at + 1)))
            return false;
        const bool hex = m_text.substr(m_at, 2) == "0x";
        m_at += hex ? 2 : 0;
        while (hex ? m_at < m_text.size() && std::isxdigit(static_cast<unsigned char>(m_text[m_at])) != 0 : digitAt(m_at))
            ++m_at;
        if (!hex && m_at < m_text.size() && m_text[m_at] == '.' && digitAt(m_at + 1)) {
            for (++m_at; digitAt(m_at);)
                ++m_at;
        }
        const bool exponent = !hex && m_at < m_text.size() && (m_text[m_at] | 0x20) == 'e';
        if (exponent) {
            m_at += m_at + 1 < m_text.size() && (m_text[m_at + 1] == '+' || m_text[m_at + 1] == '-') ? 2 : 1;
            if (!digitAt(m_at))
                return fail("malformed number");
            while (digitAt(m_at))
                ++m_at;
        }
        if (m_at < m_text.size() && (m_text[m_at] | 0x20) == 'u')
            ++m_at;
        return isNameByte(m_at) ? fail("malformed number") : true;
    }

    bool string()
    {
        skipBlanks();
        std::size_t at = m_at;
        bool raw = false;
        for (; at < m_text.size() && at < m_at + 2 && std::string_view("rRbB").find(m_text[at]) != std::string_view::npos; ++at)
            raw = raw || (m_text[at] | 0x20) == 'r';
        if (at >= m_text.size() || (m_text[at] != '"' && m_text[at] != '\''))
            return false;
        const bool triple = m_text.substr(at, 3) == std::string(3, m_text[at]);
        const std::string quote(triple ? 3 : 1, m_text[at]);
        for (at += quote.size(); at < m_text.size() && m_text.substr(at, quote.size()) != quote; ++at) {
            if (!raw && m_text[at] == '\\' && std::string_view("abfnrtv\\?\"'`xXuU0123").find(at + 1 < m_text.size() ? m_text[++at] : ' ') == std::string_view::npos) {
                m_at = at;
                return fail("invalid escape");
            }
            if (!triple && m_text[at] == '\n')
                break;
        }
        if (m_text.substr(at, quote.size()) != quote)
            return fail("unterminated string");
        m_at = at + quote.size();
        return true;
    }

    std::string_view m_text;
    std::size_t m_at = 0;
    int m_depth = 0;
    std::vector<std::string_view> m_bound;
    std::optional<CelProblem> m_problem;
};

} // namespace

std::optional<CelProblem> celProblem(std::string_view expression)
{
    return CelParser(expression).run();
}

} // namespace Promdeck::Config
