#include "models/config/alertmanager/matchers.h"

#include "models/config/gotypes.h"

#include <re2/re2.h>

#include <memory>
#include <unordered_map>

#include <optional>

namespace Promdeck::Config {

using namespace Qt::StringLiterals;

namespace {

bool isSpace(char c)
{
    return c == ' ' || c == '\t' || c == '\n' || c == '\r' || c == '\v' || c == '\f';
}

void appendUtf8(std::string& out, char32_t code)
{
    const QByteArray utf8 = QString::fromUcs4(&code, 1).toUtf8();
    out.append(utf8.constData(), std::size_t(utf8.size()));
}

std::optional<unsigned> number(std::string_view digits, int base)
{
    unsigned value = 0;
    for (const char c : digits) {
        const int digit = c >= '0' && c <= '9' ? c - '0' : (c | 0x20) >= 'a' && (c | 0x20) <= 'f' ? (c | 0x20) - 'a' + 10 : 99;
        if (digit >= base)
            return {};
        value = value * unsigned(base) + unsigned(digit);
    }
    return value;
}

/// Go's strconv.Unquote for a double-quoted text (quotes included).
std::optional<std::string> unquote(std::string_view text)
{
    if (text.size() < 2 || text.front() != '"' || text.back() != '"')
        return {};
    text = text.substr(1, text.size() - 2);
    std::string out;
    for (std::size_t i = 0; i < text.size(); ++i) {
        if (text[i] == '\n' || text[i] == '"')
            return {};
        if (text[i] != '\\') {
            out += text[i];
            continue;
        }
        if (++i >= text.size())
            return {};
        static constexpr std::string_view kNames = "abfnrtv\\\"";
        static constexpr std::string_view kValues = "\a\b\f\n\r\t\v\\\"";
        const std::size_t named = kNames.find(text[i]);
        if (named != std::string_view::npos) {
            out += kValues[named];
            continue;
        }
        const std::size_t length = text[i] == 'x' ? 2 : text[i] == 'u' ? 4 : text[i] == 'U' ? 8 : 0;
        const bool octal = text[i] >= '0' && text[i] <= '7';
        const std::string_view digits = octal ? text.substr(i, 3) : text.substr(i + 1, length);
        const auto value = (octal ? digits.size() == 3 : length > 0 && digits.size() == length)
            ? number(digits, octal ? 8 : 16)
            : std::nullopt;
        if (!value || (octal && *value > 255) || *value > 0x10FFFF)
            return {};
        if (length > 2)
            appendUtf8(out, char32_t(*value));
        else
            out += char(*value);
        i += octal ? 2 : length;
    }
    if (!isValidUtf8(out))
        return {};
    return out;
}

QString compileProblem(const Matcher& matcher)
{
    if (matcher.op == Matcher::Op::Equal || matcher.op == Matcher::Op::NotEqual)
        return {};
    const QString problem = regexpProblem(matcher.value);
    return problem.isEmpty() ? problem : u"error parsing regexp: "_s + problem;
}

/// The UTF-8 grammar: optional braces around comma-separated matchers; names and values quoted or bare.
class Utf8Parser
{
public:
    explicit Utf8Parser(std::string_view text) : m_text(text) {}

    MatcherResult run()
    {
        skipSpace();
        const bool brace = take('{');
        skipSpace();
        if (brace ? peek() == '}' : atEnd()) {
            finish(brace);
            return m_result;
        }
        while (m_result.ok() && parseOne()) {
            skipSpace();
            if (!take(','))
                break;
            skipSpace();
            if (brace ? peek() == '}' : atEnd())
                break;
        }
        if (m_result.ok())
            finish(brace);
        return m_result;
    }

private:
    [[nodiscard]] bool atEnd() const { return m_at >= m_text.size(); }
    [[nodiscard]] char peek() const { return atEnd() ? '\0' : m_text[m_at]; }
    void skipSpace()
    {
        while (!atEnd() && isSpace(peek()))
            ++m_at;
    }

    bool take(char c)
    {
        if (atEnd() || peek() != c)
            return false;
        ++m_at;
        return true;
    }

    bool fail(const QString& message)
    {
        if (m_result.ok()) {
            m_result.error = message;
            m_result.errorOffset = m_at;
        }
        return false;
    }

    void finish(bool brace)
    {
        if (brace && !take('}')) {
            fail(u"expected close brace"_s);
            return;
        }
        skipSpace();
        if (!atEnd())
            fail(brace ? u"unexpected text after the close brace"_s
                       : u"unexpected %1: expected a comma or the end"_s.arg(QLatin1Char(peek())));
    }

    static bool isReserved(char c) { return isSpace(c) || std::string_view("{}!=~,\\\"'`").find(c) != std::string_view::npos; }

    bool parseText(std::string& out, const QString& what)
    {
        skipSpace();
        const std::size_t start = m_at;
        if (peek() == '"') {
            ++m_at;
            while (!atEnd() && peek() != '"')
                m_at += peek() == '\\' ? 2 : 1;
            if (m_at >= m_text.size()) {
                m_at = start;
                return fail(u"missing end \""_s);
            }
            ++m_at;
            const auto value = unquote(m_text.substr(start, m_at - start));
            if (!value) {
                m_at = start;
                return fail(u"invalid input in quoted text"_s);
            }
            out = *value;
            return true;
        }
        while (!atEnd() && !isReserved(peek()))
            ++m_at;
        out = m_text.substr(start, m_at - start);
        if (out.empty())
            return fail(atEnd() ? u"end of input: expected %1"_s.arg(what)
                                : u"unexpected %1: expected %2"_s.arg(QString(QLatin1Char(peek())), what));
        return true;
    }

    bool parseOperator(Matcher::Op& op)
    {
        skipSpace();
        if (take('=')) {
            op = take('~') ? Matcher::Op::Regexp : Matcher::Op::Equal;
            return true;
        }
        if (take('!')) {
            if (take('=')) {
                op = Matcher::Op::NotEqual;
                return true;
            }
            if (take('~')) {
                op = Matcher::Op::NotRegexp;
                return true;
            }
        }
        return fail(u"expected an operator such as '=', '!=', '=~' or '!~'"_s);
    }

    bool parseOne()
    {
        Matcher matcher;
        if (!parseText(matcher.name, u"label name"_s) || !parseOperator(matcher.op))
            return false;
        skipSpace();
        const std::size_t valueAt = m_at;
        if (!parseText(matcher.value, u"label value"_s))
            return false;
        const QString problem = compileProblem(matcher);
        if (!problem.isEmpty()) {
            m_at = valueAt;
            return fail(problem);
        }
        m_result.matchers.push_back(std::move(matcher));
        return true;
    }

    std::string_view m_text;
    std::size_t m_at = 0;
    MatcherResult m_result;
};

/// The classic grammar: a name, an operator, the rest is the value, with Go-like escapes of \n, \" and \\.
class ClassicParser
{
public:
    static bool parseOne(std::string_view text, Matcher& matcher, QString& error)
    {
        std::string_view raw;
        if (!split(text, matcher, raw)) {
            error = u"bad matcher format: %1"_s.arg(QString::fromUtf8(text.data(), qsizetype(text.size())));
            return false;
        }
        if (!isValidUtf8(raw)) {
            error = u"matcher value not valid UTF-8"_s;
            return false;
        }
        if (!unescape(raw, matcher.value)) {
            error = u"matcher value contains unescaped double quote: %1"_s.arg(QString::fromUtf8(raw.data(), qsizetype(raw.size())));
            return false;
        }
        error = compileProblem(matcher);
        return error.isEmpty();
    }

    static MatcherResult parseAll(std::string_view text)
    {
        MatcherResult result;
        if (text.starts_with('{'))
            text.remove_prefix(1);
        if (text.ends_with('}'))
            text.remove_suffix(1);
        std::string token;
        bool inQuotes = false;
        bool escaped = false;
        std::vector<std::string> tokens;
        for (const char c : text) {
            if (c == ',') {
                if (!inQuotes) {
                    tokens.push_back(std::move(token));
                    token.clear();
                    continue;
                }
            } else {
                if (c == '"' && !escaped)
                    inQuotes = !inQuotes;
                escaped = c == '\\' && !escaped;
            }
            token += c;
        }
        // A comma may end the list, with blanks behind it.
        if (token.find_first_not_of(" \t\n\v\f\r") != std::string::npos)
            tokens.push_back(std::move(token));
        for (const std::string& one : tokens) {
            Matcher matcher;
            if (!parseOne(one, matcher, result.error))
                return result;
            result.matchers.push_back(std::move(matcher));
        }
        return result;
    }

private:
    /// A name of letters, digits, underscores and colons; an operator; everything else, without the blanks around it.
    static bool split(std::string_view text, Matcher& matcher, std::string_view& raw)
    {
        constexpr std::string_view kBlanks = " \t\n\f\r";
        const auto skipBlanks = [&] { text.remove_prefix(std::min(text.find_first_not_of(kBlanks), text.size())); };
        skipBlanks();
        std::size_t end = 0;
        while (end < text.size() && (isalnum(static_cast<unsigned char>(text[end])) != 0 || text[end] == '_' || text[end] == ':'))
            ++end;
        if (end == 0 || static_cast<unsigned char>(text.front() - '0') < 10)
            return false;
        matcher.name = text.substr(0, end);
        text.remove_prefix(end);
        skipBlanks();
        static constexpr std::pair<std::string_view, Matcher::Op> kOperators[] {{"=~", Matcher::Op::Regexp}, {"=", Matcher::Op::Equal},
                                                                                {"!=", Matcher::Op::NotEqual}, {"!~", Matcher::Op::NotRegexp}};
        for (const auto& [sign, op] : kOperators) {
            if (!text.starts_with(sign))
                continue;
            matcher.op = op;
            text.remove_prefix(sign.size());
            skipBlanks();
            raw = text.substr(0, text.find_last_not_of(kBlanks) + 1);
            return true;
        }
        return false;
    }

    static bool unescape(std::string_view raw, std::string& out)
    {
        const bool quoted = raw.starts_with('"');
        if (quoted)
            raw.remove_prefix(1);
        bool closed = !quoted;
        for (std::size_t i = 0; i < raw.size(); ++i) {
            const bool last = i + 1 == raw.size();
            if (raw[i] == '\\' && !last) {
                const char next = raw[++i];
                if (next == 'n')
                    out += '\n';
                else if (next == '"' || next == '\\')
                    out += next;
                else
                    out.append({'\\', next});
            } else if (raw[i] == '"') {
                if (!quoted || !last)
                    return false;
                closed = true;
            } else {
                out += raw[i];
            }
        }
        return closed;
    }
};

} // namespace

bool Matcher::matches(std::string_view label) const
{
    switch (op) {
    case Op::Equal: return label == value;
    case Op::NotEqual: return label != value;
    case Op::Regexp:
    case Op::NotRegexp: break;
    }
    // Wrapped as Alertmanager does; a dot is no line feed there. A tree is asked about many alerts: compiled once.
    constexpr std::size_t kMostKept = 1024;
    thread_local std::unordered_map<std::string, std::unique_ptr<RE2>> compiled;
    if (compiled.size() > kMostKept)
        compiled.clear();
    std::unique_ptr<RE2>& expression = compiled[value];
    if (!expression)
        expression = std::make_unique<RE2>("^(?:" + value + ")$", RE2::Quiet);
    return RE2::PartialMatch(re2::StringPiece(label.data(), label.size()), *expression) == (op == Op::Regexp);
}

namespace {

/// Whether a text is one matcher that both parsers read alike: a plain name, an operator, a value in quotes without
/// escapes. Nearly all are.
bool isReadAlike(std::string_view text)
{
    const auto isAsciiLetter = [](char c) { return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || c == '_'; };
    std::size_t at = 0;
    while (at < text.size() && (isAsciiLetter(text[at]) || (at > 0 && text[at] >= '0' && text[at] <= '9')))
        ++at;
    if (at == 0)
        return false;
    text.remove_prefix(at);
    const std::size_t sign = text.starts_with("=~") || text.starts_with("!=") || text.starts_with("!~") ? 2 : 1;
    if (sign == 1 && !text.starts_with('='))
        return false;
    text.remove_prefix(sign);
    if (text.size() < 2 || text.front() != '"' || text.back() != '"')
        return false;
    text = text.substr(1, text.size() - 2);
    return std::all_of(text.begin(), text.end(), [](char c) { return c >= ' ' && c < 0x7F && c != '"' && c != '\\'; });
}

} // namespace

MatcherResult parseMatchers(std::string_view text, MatcherMode mode)
{
    if (mode == MatcherMode::Classic)
        return ClassicParser::parseAll(text);
    MatcherResult utf8 = Utf8Parser(text).run();
    if (mode == MatcherMode::Utf8 || (utf8.ok() && isReadAlike(text)))
        return utf8;
    MatcherResult classic = ClassicParser::parseAll(text);
    if (!classic.ok())
        return utf8;
    classic.disagreement = utf8.ok() && utf8.matchers != classic.matchers;
    return !utf8.ok() || classic.disagreement ? classic : utf8;
}

MatcherResult parseMatcher(std::string_view text, MatcherMode mode)
{
    const auto single = [](MatcherResult result) {
        if (result.ok() && result.matchers.size() != 1)
            result.error = result.matchers.empty() ? u"no matchers"_s
                                                   : u"expected 1 matcher, found %1"_s.arg(result.matchers.size());
        return result;
    };
    const auto classic = [&text] {
        MatcherResult result;
        Matcher matcher;
        if (ClassicParser::parseOne(text, matcher, result.error))
            result.matchers.push_back(std::move(matcher));
        return result;
    };
    if (mode == MatcherMode::Classic)
        return classic();
    MatcherResult utf8 = single(Utf8Parser(text).run());
    if (mode == MatcherMode::Utf8 || utf8.ok())
        return utf8;
    MatcherResult old = classic();
    return old.ok() ? old : utf8;
}

} // namespace Promdeck::Config
