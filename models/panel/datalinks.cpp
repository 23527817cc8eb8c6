#include "models/panel/datalinks.h"

#include <QLocale>
#include <QRegularExpression>
#include <QUrl>

#include <algorithm>
#include <cmath>

namespace Promdeck {

using namespace Qt::StringLiterals;

namespace {

QString plainNumber(double value)
{
    return std::isfinite(value) ? QString::number(value, 'g', QLocale::FloatingPointShortest) : QString();
}

/// `.job`, `["job"]` or `[0]` behind an object's name.
QString memberName(QString path)
{
    if (path.startsWith(u'.'))
        return path.mid(1);
    path = path.mid(1, path.size() - 2);
    if (path.size() >= 2 && (path.startsWith(u'"') || path.startsWith(u'\'')))
        path = path.mid(1, path.size() - 2);
    return path;
}

QString labelsText(const Labels& labels)
{
    QStringList parts;
    for (const auto& [name, value] : labels)
        parts << name + u"=\""_s + value + u'"';
    return parts.join(u", "_s);
}

std::optional<QString> fieldOfRow(const DataLinkContext& context, const QString& path)
{
    const QString name = memberName(path);
    const auto found = std::ranges::find(context.row, name, &std::pair<QString, QString>::first);
    if (found != context.row.end())
        return found->second;
    bool isIndex = false;
    const int index = name.toInt(&isIndex);
    if (isIndex && index >= 0 && size_t(index) < context.row.size())
        return context.row[size_t(index)].second;
    return {};
}

std::optional<QString> valueOf(const QString& object, const QString& path, const DataLinkContext& context)
{
    if (object == u"__series.name")
        return context.seriesName;
    if (object == u"__field.name")
        return context.fieldName;
    if (object == u"__field.displayName")
        return context.seriesName;
    if (object == u"__field.labels")
        return path.isEmpty() ? labelsText(context.labels) : context.labels.value(memberName(path));
    if (object == u"__value.raw" || object == u"__value.numeric")
        return plainNumber(context.numeric);
    if (object == u"__value.text")
        return context.text;
    if (object == u"__value.time")
        return context.timeMs ? QString::number(*context.timeMs) : QString();
    if (object == u"__data.fields" && !path.isEmpty())
        return fieldOfRow(context, path);
    return {};
}

} // namespace

QString expandDataLink(const QString& text, const DataLinkContext& context, bool isAddress)
{
    static const QString kObject
        = u"(__series\\.name|__field\\.(?:name|displayName|labels)|__value\\.(?:raw|numeric|text|time)|__data\\.fields)"_s;
    static const QRegularExpression kVariable(
        u"\\$(?:\\{%1((?:\\[[^\\]]*\\]|\\.[^}:\\[]+)?)(?::(\\w+))?\\}|%1((?:\\.\\w+)?)\\b)"_s.arg(kObject));
    QString out;
    qsizetype done = 0;
    for (auto it = kVariable.globalMatch(text); it.hasNext();) {
        const QRegularExpressionMatch match = it.next();
        const bool braces = !match.captured(1).isEmpty();
        const auto value = braces ? valueOf(match.captured(1), match.captured(2), context)
                                  : valueOf(match.captured(4), match.captured(5), context);
        out += QStringView(text).mid(done, match.capturedStart() - done);
        done = match.capturedEnd();
        if (!value) {
            out += match.captured();
            continue;
        }
        const bool asIs = match.captured(3) == u"raw" || match.captured(3) == u"text";
        const bool encoded = match.captured(3) == u"percentencode" || match.captured(3) == u"uriencode" || (isAddress && !asIs);
        out += encoded ? QString::fromLatin1(QUrl::toPercentEncoding(*value)) : *value;
    }
    out += QStringView(text).mid(done);
    return out;
}

} // namespace Promdeck
