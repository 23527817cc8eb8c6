#include "models/dashboard/interpolation.h"

#include "models/dashboard/interpolationparts.h"

#include <algorithm>

namespace Promdeck {

using namespace Qt::StringLiterals;

namespace Internal {

namespace {

bool isWord(QChar c)
{
    return (c >= u'a' && c <= u'z') || (c >= u'A' && c <= u'Z') || (c >= u'0' && c <= u'9') || c == u'_';
}

qsizetype wordEnd(const QString& text, qsizetype from)
{
    while (from < text.size() && isWord(text[from]))
        ++from;
    return from;
}

/// "name.path:format:args" between braces or brackets.
bool readInner(QStringView inner, bool allowPath, VariableReference& found)
{
    qsizetype end = 0;
    while (end < inner.size() && isWord(inner[end]))
        ++end;
    if (end == 0)
        return false;
    found.name = inner.left(end).toString();
    QStringView rest = inner.mid(end);
    if (allowPath && (rest.startsWith(u'.') || rest.startsWith(u'['))) {
        // Labels with dots and colons are quoted: __field.labels["a:b"]; a plain path ends at the colon.
        const qsizetype bracket = rest.lastIndexOf(u"\"]");
        const qsizetype colon = rest.indexOf(u':', bracket < 0 ? 0 : bracket);
        const QStringView path = rest.left(colon < 0 ? rest.size() : colon);
        found.path = (path.startsWith(u'.') ? path.mid(1) : path).toString();
        rest = rest.mid(path.size());
    }
    if (rest.isEmpty())
        return true;
    if (!rest.startsWith(u':'))
        return false;
    rest = rest.mid(1);
    const qsizetype colon = rest.indexOf(u':');
    found.format = (colon < 0 ? rest : rest.left(colon)).toString();
    if (found.format.isNull())
        found.format = u""_s;
    found.args = colon < 0 ? QString() : rest.mid(colon + 1).toString();
    return std::all_of(found.format.cbegin(), found.format.cend(), isWord);
}

bool readDelimited(const QString& text, qsizetype at, QStringView open, QStringView close, VariableReference& found)
{
    if (!QStringView(text).mid(at).startsWith(open))
        return false;
    const qsizetype begin = at + open.size();
    const qsizetype end = text.indexOf(close, begin);
    if (end < 0)
        return false;
    found = {};
    if (!readInner(QStringView(text).mid(begin, end - begin), open == u"${", found))
        return false;
    found.start = at;
    found.length = end + close.size() - at;
    return true;
}

} // namespace

bool nextReference(const QString& text, qsizetype from, VariableReference& found)
{
    for (qsizetype at = from; at < text.size(); ++at) {
        const QChar c = text[at];
        if (c == u'[' && readDelimited(text, at, u"[[", u"]]", found))
            return true;
        if (c != u'$')
            continue;
        if (readDelimited(text, at, u"${", u"}", found))
            return true;
        const qsizetype end = wordEnd(text, at + 1);
        if (end > at + 1) {
            found = {};
            found.start = at;
            found.length = end - at;
            found.name = text.mid(at + 1, end - at - 1);
            return true;
        }
    }
    return false;
}

} // namespace Internal

namespace {

/// allValue may name variables itself; a chain of them that comes back to its start ends here.
constexpr int kMaxDepth = 8;

/// The data source's own escaping inside a quoted matcher. Source: Grafana's Prometheus and Loki data sources.
QString matcherText(const VariableValue& value, bool loki)
{
    if (!value.multi && !value.includeAll) {
        QString text = value.values.value(0);
        if (!loki)
            text.replace(u"\\"_s, u"\\\\"_s);
        return text.replace(u"'"_s, u"\\\\'"_s);
    }
    QStringList parts;
    for (const QString& item : value.values) {
        // Unlike in the regex format the slash stays, and a backslash counts twice: once for the string.
        QString escapedItem;
        for (const QChar c : item) {
            if (c == u'\\')
                escapedItem += u"\\\\\\"_s;
            else if (u"$^*{}[]'+?.()|"_s.contains(c))
                escapedItem += u"\\\\"_s;
            escapedItem += c;
        }
        parts.append(escapedItem);
    }
    return parts.size() == 1 ? parts.first() : u"("_s + parts.join(u'|') + u")"_s;
}

/// A value without variable semantics: built-ins and texts set by the caller.
bool isPlain(const VariableValue& value)
{
    return value.type.isEmpty();
}

QString defaultText(const VariableValue& value, InterpolationTarget target)
{
    const bool verbatim = isPlain(value) || value.type == u"interval" || value.type == u"datasource"
        || value.type == u"adhoc" || target == InterpolationTarget::Text;
    if (target == InterpolationTarget::Regex && !isPlain(value))
        return formatVariable({}, value, u"regex"_s);
    if (verbatim)
        return formatVariable({}, value, u"glob"_s);
    return matcherText(value, target == InterpolationTarget::Loki);
}

QString expand(const QString& text, const VariableScope& scope, InterpolationTarget target, int depth);

QString valueText(const Internal::VariableReference& reference, const VariableValue& value,
                  const VariableScope& scope, InterpolationTarget target, int depth)
{
    // ${name.text} and ${name.value} of Grafana's field paths.
    if (reference.path == u"text" && reference.format.isNull())
        return formatVariable(reference.name, value, u"text"_s);
    const bool asText = reference.format == u"text" || reference.format == u"queryparam";
    if (value.isAll && !value.allValue.isEmpty() && !asText)
        return depth < kMaxDepth ? expand(value.allValue, scope, target, depth + 1) : value.allValue;
    if (reference.format.isEmpty())
        return defaultText(value, target);
    return formatVariable(reference.name, value, reference.format, reference.args);
}

QString expand(const QString& text, const VariableScope& scope, InterpolationTarget target, int depth)
{
    QString out;
    qsizetype done = 0;
    Internal::VariableReference reference;
    // An allValue that names itself twice would otherwise grow without end.
    constexpr qsizetype kMaxLength = 4 << 20;
    while (out.size() < kMaxLength && Internal::nextReference(text, done, reference)) {
        out += QStringView(text).mid(done, reference.start - done);
        done = reference.start + reference.length;
        // "__field.labels.x" may be set as one name by whoever knows the field.
        const VariableValue* value = nullptr;
        if (!reference.path.isEmpty())
            value = scope.find(reference.name + u"."_s + reference.path);
        if (!value && (reference.path.isEmpty() || reference.path == u"text" || reference.path == u"value"))
            value = scope.find(reference.name);
        else if (value)
            reference.path.clear();
        if (value)
            out += valueText(reference, *value, scope, target, depth);
        else
            out += QStringView(text).mid(reference.start, reference.length);
    }
    if (done == 0)
        return text;
    out += QStringView(text).mid(done);
    return out;
}

} // namespace

void VariableScope::setText(const QString& name, const QString& text)
{
    VariableValue value;
    value.values = {text};
    value.texts = {text};
    m_values.insert(name, value);
}

const VariableValue* VariableScope::find(const QString& name) const
{
    const auto it = m_values.constFind(name);
    if (it != m_values.constEnd())
        return &*it;
    return m_parent ? m_parent->find(name) : nullptr;
}

QStringList VariableScope::names() const
{
    QStringList out = m_parent ? m_parent->names() : QStringList();
    for (auto it = m_values.keyBegin(); it != m_values.keyEnd(); ++it) {
        if (!out.contains(*it))
            out.append(*it);
    }
    out.sort();
    return out;
}

QString interpolate(const QString& text, const VariableScope& scope, InterpolationTarget target)
{
    return expand(text, scope, target, 0);
}

QStringList referencedVariables(const QString& text)
{
    QStringList names;
    Internal::VariableReference reference;
    for (qsizetype at = 0; Internal::nextReference(text, at, reference); at = reference.start + reference.length) {
        if (!names.contains(reference.name))
            names.append(reference.name);
    }
    return names;
}

} // namespace Promdeck
