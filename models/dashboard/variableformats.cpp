#include "models/dashboard/interpolation.h"
#include "models/dashboard/interpolationparts.h"

#include <QDateTime>
#include <QLocale>
#include <QTimeZone>
#include <QUrl>

namespace Promdeck {

using namespace Qt::StringLiterals;

namespace {

/// encodeURIComponent, with the marks !'()* escaped too.
QString percentEncoded(const QString& text)
{
    return QString::fromLatin1(QUrl::toPercentEncoding(text));
}

/// How dashboard links write values: as above, but for these characters that addresses may hold.
QString linkEncoded(const QString& text)
{
    return QString::fromLatin1(QUrl::toPercentEncoding(text, "@:$,;"));
}

/// A list in Grafana even when it holds one value: multi-value variables, and All.
bool isList(const VariableValue& value)
{
    return value.multi || value.isAll || value.values.size() != 1;
}

/// A backslash before every character of `special`.
QString escaped(const QString& text, QStringView special)
{
    QString out;
    out.reserve(text.size());
    for (const QChar c : text) {
        if (special.contains(c))
            out += u'\\';
        out += c;
    }
    return out;
}

QString luceneEscaped(const QString& text)
{
    bool isNumber = false;
    text.toDouble(&isNumber);
    return isNumber ? text : escaped(text, u"+-&|!(){}[]^\"~*?:\\/ \t\n=<>");
}

template <typename F>
QStringList mapped(const QStringList& values, F&& f)
{
    QStringList out;
    out.reserve(values.size());
    for (const QString& value : values)
        out.append(f(value));
    return out;
}

QString quoted(const QStringList& values, const QString& quote, const QString& escapedQuote)
{
    return mapped(values, [&](QString value) { return quote + value.replace(quote, escapedQuote) + quote; }).join(u',');
}

QString lucene(const VariableValue& value)
{
    if (value.values.isEmpty())
        return u"__empty__"_s;
    if (!isList(value))
        return luceneEscaped(value.values.first());
    const QStringList parts = mapped(value.values, [](const QString& item) {
        return QString(u"\""_s + luceneEscaped(item) + u"\""_s);
    });
    return u"("_s + parts.join(u" OR "_s) + u")"_s;
}

/// moment's format letters, as far as dashboards use them.
QString momentText(const QDateTime& when, const QString& format)
{
    static const std::pair<QStringView, QString> kTokens[] = {
        {u"YYYY", u"yyyy"_s}, {u"YY", u"yy"_s}, {u"MMMM", u"MMMM"_s}, {u"MMM", u"MMM"_s}, {u"MM", u"MM"_s},
        {u"M", u"M"_s}, {u"DD", u"dd"_s}, {u"D", u"d"_s}, {u"dddd", u"dddd"_s}, {u"ddd", u"ddd"_s}, {u"HH", u"HH"_s},
        {u"H", u"H"_s}, {u"mm", u"mm"_s}, {u"m", u"m"_s}, {u"ss", u"ss"_s}, {u"s", u"s"_s}, {u"SSS", u"zzz"_s}};
    const QLocale locale = QLocale::c();
    QString out;
    for (qsizetype i = 0; i < format.size();) {
        const QStringView rest = QStringView(format).mid(i);
        if (rest.startsWith(u'[') && rest.contains(u']')) { // literal text
            out += rest.mid(1, rest.indexOf(u']') - 1);
            i += rest.indexOf(u']') + 1;
            continue;
        }
        if (rest.startsWith(u'X') || rest.startsWith(u'x')) {
            out += QString::number(rest.front() == u'X' ? when.toSecsSinceEpoch() : when.toMSecsSinceEpoch());
            ++i;
            continue;
        }
        const auto token = std::find_if(std::begin(kTokens), std::end(kTokens),
                                        [rest](const auto& pair) { return rest.startsWith(pair.first); });
        if (token == std::end(kTokens)) {
            out += format[i++];
            continue;
        }
        out += locale.toString(when, token->second);
        i += token->first.size();
    }
    return out;
}

/// Times are milliseconds since the epoch, shown in UTC.
QString dateText(const QString& value, const QString& args)
{
    bool ok = false;
    const qint64 ms = value.toLongLong(&ok);
    constexpr qint64 kLastDate = 8'640'000'000'000'000; // JavaScript's
    if (!ok || ms < -kLastDate || ms > kLastDate)
        return ok ? u"Invalid date"_s : u"NaN"_s;
    const QDateTime when = QDateTime::fromMSecsSinceEpoch(ms, QTimeZone::utc());
    if (args.isEmpty() || args == u"iso")
        return when.toString(u"yyyy-MM-ddTHH:mm:ss.zzzZ"_s);
    if (args == u"ms")
        return value;
    if (args == u"seconds")
        return QString::number(qRound64(double(ms) / 1000));
    return momentText(when, args);
}

QString glob(const QStringList& values)
{
    return values.size() > 1 ? u"{"_s + values.join(u',') + u"}"_s : values.value(0);
}

QString braced(const VariableValue& value)
{
    return isList(value) ? u"{"_s + value.values.join(u',') + u"}"_s : value.values.first();
}

QString queryParameter(const QString& name, const VariableValue& value)
{
    const QStringList values = value.isAll ? QStringList {u"$__all"_s} : value.values;
    return mapped(values, [&](const QString& item) {
               return QString(linkEncoded(u"var-"_s + name) + u"="_s + linkEncoded(item));
           }).join(u'&');
}

QString customQueryParameter(const QString& name, const QStringList& values, const QString& args)
{
    const QStringList parts = args.split(u':');
    const QString parameter = parts.value(0).isEmpty() ? name : parts.value(0);
    const QString prefix = percentEncoded(parts.value(1));
    return mapped(values, [&](const QString& item) {
               return QString(percentEncoded(parameter) + u"="_s + prefix + percentEncoded(item));
           }).join(u'&');
}

QString regexFormat(const QStringList& values)
{
    const QStringList parts = mapped(values, Internal::regexEscaped);
    return parts.size() == 1 ? parts.first() : u"("_s + parts.join(u'|') + u")"_s;
}

} // namespace

namespace Internal {

QString regexEscaped(const QString& text)
{
    return escaped(text, u"\\^$*+?.()|[]{}/");
}

} // namespace Internal

QString formatVariable(const QString& name, const VariableValue& value, const QString& format, const QString& args)
{
    const QStringList& values = value.values;
    if (format == u"raw" || format == u"csv")
        return values.join(u',');
    if (format == u"pipe")
        return values.join(u'|');
    if (format == u"regex")
        return regexFormat(values);
    if (format == u"json")
        return isList(value) ? QString::fromUtf8(Json::strings(values).toUtf8()) : values.first();
    if (format == u"html")
        return values.join(u", "_s).toHtmlEscaped().replace(u"'"_s, u"&#39;"_s);
    if (format == u"percentencode")
        return percentEncoded(braced(value));
    if (format == u"uriencode")
        return QString::fromLatin1(QUrl::toPercentEncoding(braced(value), ";,/?:@&=+$#"));
    if (format == u"singlequote")
        return quoted(values, u"'"_s, u"\\'"_s);
    if (format == u"doublequote")
        return quoted(values, u"\""_s, u"\\\""_s);
    if (format == u"sqlstring")
        return quoted(values, u"'"_s, u"''"_s).replace(u"\""_s, u"\\\""_s);
    if (format == u"join")
        return values.join(args.isEmpty() ? u","_s : args);
    if (format == u"lucene")
        return lucene(value);
    if (format == u"distributed") {
        qsizetype index = 0;
        return mapped(values, [&](const QString& item) {
                   return index++ == 0 ? item : QString(name + u"="_s + item);
               }).join(u',');
    }
    if (format == u"date")
        return dateText(values.value(0), args);
    if (format == u"text") {
        if (value.isAll)
            return u"All"_s;
        return (value.texts.isEmpty() ? values : value.texts).join(u" + "_s);
    }
    if (format == u"queryparam")
        return queryParameter(name, value);
    if (format == u"customqueryparam")
        return customQueryParameter(name, values, args);
    return glob(values); // "glob", and what Grafana does with names it does not know
}

} // namespace Promdeck
