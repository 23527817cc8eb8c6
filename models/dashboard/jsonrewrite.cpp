#include "models/dashboard/jsonrewrite.h"

#include <QHash>
#include <QSet>

#include <cstring>

namespace Promdeck {

using namespace Qt::StringLiterals;

namespace {

/// Where a value and what is inside of it stand in a text.
struct Span
{
    qsizetype begin = 0;
    qsizetype end = 0; ///< behind the last character
    qsizetype keyBegin = 0; ///< of a member: its opening quote
    qsizetype keyEnd = 0;
    std::vector<Span> inside; ///< items, or members
};

/// Finds the spans of a text that is well formed.
class Scanner
{
public:
    explicit Scanner(const QByteArray& text) : m_text(text) {}

    Span scan()
    {
        skipBlank();
        return value();
    }

private:
    [[nodiscard]] char peek() const { return m_pos < m_text.size() ? m_text[m_pos] : '\0'; }
    void skipBlank()
    {
        while (m_pos < m_text.size() && (uchar(m_text[m_pos]) <= 0x20 || uchar(m_text[m_pos]) >= 0x80))
            ++m_pos; // a byte order mark stands where only blanks can
    }

    void skipString()
    {
        ++m_pos;
        while (m_pos < m_text.size() && m_text[m_pos] != '"')
            m_pos += m_text[m_pos] == '\\' ? 2 : 1;
        m_pos = std::min(m_pos + 1, m_text.size());
    }

    Span value()
    {
        Span span;
        span.begin = m_pos;
        const char open = peek();
        if (open == '{' || open == '[') {
            container(span, open);
        } else if (open == '"') {
            skipString();
        } else {
            while (m_pos < m_text.size() && !strchr(",:]} \t\r\n", m_text[m_pos]))
                ++m_pos;
        }
        span.end = m_pos;
        return span;
    }

    void container(Span& span, char open)
    {
        ++m_pos;
        for (skipBlank(); m_pos < m_text.size() && peek() != '}' && peek() != ']'; skipBlank()) {
            Span member;
            const qsizetype keyBegin = m_pos;
            qsizetype keyEnd = m_pos;
            if (open == '{') {
                skipString();
                keyEnd = m_pos;
                skipBlank();
                ++m_pos; // the colon
                skipBlank();
            }
            member = value();
            member.keyBegin = keyBegin;
            member.keyEnd = keyEnd;
            span.inside.push_back(std::move(member));
            skipBlank();
            if (peek() == ',')
                ++m_pos;
        }
        m_pos = std::min(m_pos + 1, m_text.size());
    }

    const QByteArray& m_text;
    qsizetype m_pos = 0;
};

/// What identifies an item of a list; empty when nothing does.
QString nameOf(const Json& item)
{
    for (const char16_t* key : {u"id", u"refId", u"name"}) {
        const QString name = item[key].scalarText();
        if (!name.isEmpty())
            return name;
    }
    return {};
}

/// Names of all items, or nothing when one has none or two share one.
QStringList uniqueNames(const Json& list)
{
    QStringList names;
    QSet<QString> seen;
    for (const Json& item : list.items()) {
        const QString name = nameOf(item);
        if (name.isEmpty() || seen.contains(name))
            return {};
        seen.insert(name);
        names << name;
    }
    return names;
}

/// For each item of `after` the index of the item of `before` it comes from; -1 = it is new.
std::vector<int> matchItems(const Json& before, const Json& after)
{
    const int old = int(before.size());
    const int now = int(after.size());
    std::vector<int> from(size_t(now), -1);
    const QStringList oldNames = uniqueNames(before);
    const QStringList newNames = uniqueNames(after);
    if (!oldNames.isEmpty() && !newNames.isEmpty()) {
        for (int i = 0; i < now; ++i)
            from[size_t(i)] = int(oldNames.indexOf(newNames[i]));
        return from;
    }
    int head = 0;
    while (head < old && head < now && before.at(head) == after.at(head)) {
        from[size_t(head)] = head;
        ++head;
    }
    int tail = 0;
    while (tail < old - head && tail < now - head && before.at(old - 1 - tail) == after.at(now - 1 - tail)) {
        from[size_t(now - 1 - tail)] = old - 1 - tail;
        ++tail;
    }
    for (int i = head; i < now - tail && i < old - tail; ++i)
        from[size_t(i)] = i;
    return from;
}

class Rewriter
{
public:
    Rewriter(const QByteArray& text, const Span& root) : m_text(text)
    {
        const QByteArray lead = root.inside.empty() ? QByteArray("\n  ") : between(root.begin + 1, root.inside.front().keyBegin);
        m_indented = lead.contains('\n');
        m_unit = lead.mid(lead.lastIndexOf('\n') + 1);
        if (m_unit.isEmpty())
            m_unit = "  ";
    }

    void emitValue(const Span& span, const Json& before, const Json& after)
    {
        if (before == after)
            m_out += between(span.begin, span.end);
        else if (before.isObject() && after.isObject() && size_t(before.size()) == span.inside.size())
            emitContainer(span, before, after, true);
        else if (before.isArray() && after.isArray())
            emitContainer(span, before, after, false);
        else
            emitNew(after, indentAt(span.begin));
    }

    QByteArray take() { return std::move(m_out); }

private:
    [[nodiscard]] QByteArray between(qsizetype begin, qsizetype end) const { return m_text.mid(begin, end - begin); }

    /// The blanks that the line of a place begins with.
    [[nodiscard]] QByteArray indentAt(qsizetype place) const
    {
        const qsizetype line = m_text.lastIndexOf('\n', std::max(qsizetype(0), place - 1)) + 1;
        qsizetype end = line;
        while (end < place && (m_text[end] == ' ' || m_text[end] == '\t'))
            ++end;
        return between(line, end);
    }

    void emitNew(const Json& value, const QByteArray& indent)
    {
        if (!m_indented) {
            m_out += value.toUtf8();
            return;
        }
        const QList<QByteArray> lines = value.toUtf8(Json::Format::Indented).split('\n');
        for (qsizetype i = 0; i < lines.size(); ++i) {
            if (i == 0) {
                m_out += lines[i];
                continue;
            }
            qsizetype blanks = 0;
            while (blanks < lines[i].size() && lines[i][blanks] == ' ')
                ++blanks;
            m_out += '\n' + indent + m_unit.repeated(blanks / 2) + lines[i].mid(blanks);
        }
    }

    /// What becomes of one item or member: the span it comes from (or none), and its value.
    struct Part
    {
        int from;
        Json before;
        Json after;
        QString key;
    };

    static std::vector<Part> members(const Json& before, const Json& after)
    {
        std::vector<Part> parts;
        for (int i = 0; i < int(before.members().size()); ++i) {
            const auto& [key, value] = before.members()[size_t(i)];
            if (after.contains(key))
                parts.push_back({i, value, after[key], key});
        }
        for (const auto& [key, value] : after.members()) {
            if (!before.contains(key))
                parts.push_back({-1, {}, value, key});
        }
        return parts;
    }

    static std::vector<Part> items(const Json& before, const Json& after)
    {
        std::vector<Part> parts;
        const std::vector<int> from = matchItems(before, after);
        for (size_t i = 0; i < from.size(); ++i)
            parts.push_back({from[i], before.at(from[i]), after.at(qsizetype(i)), {}});
        return parts;
    }

    void emitContainer(const Span& span, const Json& before, const Json& after, bool isObject)
    {
        const std::vector<Span>& old = span.inside;
        const std::vector<Part> parts = isObject ? members(before, after) : items(before, after);
        const auto start = [](const Span& inner) { return inner.keyBegin; };
        const QByteArray indent = indentAt(span.begin);
        const QByteArray lead = !old.empty() ? between(span.begin + 1, start(old.front()))
            : m_indented                     ? '\n' + indent + m_unit
                                             : QByteArray();
        const QByteArray separator = old.size() > 1 ? between(old[0].end, start(old[1])) : ',' + lead;
        const QByteArray tail = !old.empty() ? between(old.back().end, span.end - 1) : m_indented ? '\n' + indent : QByteArray();
        const qsizetype newLine = lead.lastIndexOf('\n');
        const QByteArray inner = newLine >= 0 ? lead.mid(newLine + 1) : indent;
        m_out += isObject ? '{' : '[';
        for (size_t i = 0; i < parts.size(); ++i) {
            const Part& part = parts[i];
            const bool followsOwn = part.from > 0 && i > 0 && parts[i - 1].from == part.from - 1;
            m_out += i == 0 ? lead
                : followsOwn ? between(old[size_t(part.from) - 1].end, start(old[size_t(part.from)]))
                             : separator;
            if (isObject) {
                if (part.from >= 0)
                    m_out += between(old[size_t(part.from)].keyBegin, old[size_t(part.from)].begin);
                else
                    m_out += Json(part.key).toUtf8() + (old.empty() ? QByteArray(m_indented ? ": " : ":") : between(old[0].keyEnd, old[0].begin));
            }
            if (part.from >= 0)
                emitValue(old[size_t(part.from)], part.before, part.after);
            else
                emitNew(part.after, inner);
        }
        if (!parts.empty())
            m_out += tail;
        m_out += isObject ? '}' : ']';
    }

    const QByteArray& m_text;
    QByteArray m_out;
    QByteArray m_unit;
    bool m_indented = true;
};

} // namespace

QByteArray rewriteJson(const QByteArray& text, const Json& value)
{
    const auto plain = [&value] { return value.toUtf8(Json::Format::Indented) + '\n'; };
    const Result<Json> before = Json::parse(text);
    if (!before)
        return plain();
    const Span root = Scanner(text).scan();
    Rewriter rewriter(text, root);
    rewriter.emitValue(root, *before, value);
    const QByteArray result = text.left(root.begin) + rewriter.take() + text.mid(root.end);
    // Whatever the text was like: what is saved is what was meant.
    const Result<Json> check = Json::parse(result);
    return check && *check == value ? result : plain();
}

} // namespace Promdeck
