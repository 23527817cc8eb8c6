#include "models/loki/logql.h"

#include <QRegularExpression>
#include <QSet>

namespace Promdeck {

using namespace Qt::StringLiterals;

namespace {

QString quoted(QString text)
{
    text.replace(u'\\', u"\\\\"_s).replace(u'"', u"\\\""_s).replace(u'\n', u"\\n"_s).replace(u'\t', u"\\t"_s);
    return u'"' + text + u'"';
}

/// Loki's parsers give fields names that a label may have.
QString labelName(QString name)
{
    static const QRegularExpression other(u"[^A-Za-z0-9_]"_s);
    name.replace(other, u"_"_s);
    if (!name.isEmpty() && name[0].isDigit())
        name.prepend(u'_');
    return name;
}

/// Reads a quoted text at `at`, and leaves `at` behind it. Null when there is none.
QString readQuoted(const QString& text, qsizetype& at)
{
    const QChar quote = at < text.size() ? text[at] : QChar();
    if (quote != u'"' && quote != u'`')
        return {};
    QString out(u""_s);
    for (++at; at < text.size() && text[at] != quote; ++at) {
        if (quote == u'"' && text[at] == u'\\' && at + 1 < text.size()) {
            ++at;
            out += text[at] == u'n' ? QChar(u'\n') : text[at] == u't' ? QChar(u'\t') : text[at];
        } else {
            out += text[at];
        }
    }
    ++at;
    return out;
}

void skipSpace(const QString& text, qsizetype& at)
{
    while (at < text.size() && text[at].isSpace())
        ++at;
}

} // namespace

QString withLogFilters(const QString& expr, const std::vector<LogFilter>& filters)
{
    QString out = expr;
    QSet<QString> parsers;
    for (const LogFilter& filter : filters) {
        if (!filter.parser.isEmpty() && !parsers.contains(filter.parser)) {
            parsers.insert(filter.parser);
            const QRegularExpression stage(u"\\|\\s*"_s + filter.parser + u"\\b"_s);
            if (!stage.match(out).hasMatch())
                out += u"\n| "_s + filter.parser; // a line of its own: the query may end in a comment
        }
        out += u"\n| "_s + labelName(filter.name) + (filter.exclude ? u" != "_s : u" = "_s) + quoted(filter.value);
    }
    return out;
}

QString streamSelector(const Labels& labels)
{
    QStringList parts;
    for (const auto& [name, value] : labels)
        parts << name + u'=' + quoted(value);
    return u'{' + parts.join(u", "_s) + u'}';
}

QStringList searchedTexts(const QString& expr)
{
    QStringList out;
    for (qsizetype at = 0; at < expr.size();) {
        if (expr[at] == u'"' || expr[at] == u'`') {
            readQuoted(expr, at);
            continue;
        }
        if (expr[at] == u'#') {
            while (at < expr.size() && expr[at] != u'\n')
                ++at;
            continue;
        }
        const QStringView two = QStringView(expr).mid(at, 2);
        if (two != u"|=" && two != u"|~") {
            ++at;
            continue;
        }
        const bool pattern = two == u"|~";
        at += 2;
        do { // |= "a" or "b"
            skipSpace(expr, at);
            const QString text = readQuoted(expr, at);
            if (!text.isEmpty())
                out << (pattern ? text : QRegularExpression::escape(text));
            skipSpace(expr, at);
            if (QStringView(expr).mid(at, 3) != u"or ")
                break;
            at += 2;
        } while (at < expr.size());
    }
    return out;
}

} // namespace Promdeck
