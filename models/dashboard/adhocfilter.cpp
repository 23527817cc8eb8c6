#include "models/dashboard/adhocfilter.h"

#include "models/dashboard/dashboard.h"

namespace Promdeck {

using namespace Qt::StringLiterals;

namespace {

constexpr QStringView kBar = u"__gfp__";

bool isOperator(QStringView op)
{
    return op == u"=" || op == u"!=" || op == u"=~" || op == u"!~";
}

QString literalPattern(const QString& text)
{
    QString out;
    for (const QChar c : text) {
        if (QStringView(u"\\^$*+?.()|[]{}").contains(c))
            out += u'\\';
        out += c;
    }
    return out;
}

AdhocFilter readFilter(const Json& json)
{
    AdhocFilter filter {json[u"key"].toString(), json[u"operator"].toString(), json[u"value"].scalarText()};
    if (filter.op == u"=|" || filter.op == u"!=|") {
        QStringList patterns;
        for (const Json& value : json[u"values"].items())
            patterns << literalPattern(value.scalarText());
        filter.op = filter.op == u"=|" ? u"=~"_s : u"!~"_s;
        filter.value = patterns.isEmpty() ? literalPattern(filter.value) : patterns.join(u'|');
    } else if (!isOperator(filter.op)) {
        filter.op = u"="_s;
    }
    return filter;
}

} // namespace

std::vector<AdhocFilter> savedFilters(const VariableSpec& spec)
{
    std::vector<AdhocFilter> filters;
    for (const Json& filter : spec.raw[u"filters"].items())
        filters.push_back(readFilter(filter));
    return filters;
}

QStringList filterValues(const std::vector<AdhocFilter>& filters)
{
    QStringList values;
    for (const AdhocFilter& filter : filters) {
        QStringList parts {filter.key, filter.op, filter.value};
        for (QString& part : parts)
            part.replace(u"|"_s, kBar.toString());
        values << parts.join(u'|');
    }
    return values;
}

std::vector<AdhocFilter> filtersFromValues(const QStringList& values)
{
    std::vector<AdhocFilter> filters;
    for (const QString& value : values) {
        QStringList parts = value.split(u'|');
        if (parts.size() != 3 || !isOperator(parts[1]))
            continue;
        for (QString& part : parts)
            part.replace(kBar.toString(), u"|"_s);
        filters.push_back({parts[0], parts[1], parts[2]});
    }
    return filters;
}

QString filterText(const std::vector<AdhocFilter>& filters)
{
    QStringList parts;
    for (const AdhocFilter& filter : filters) {
        if (!filter.isComplete())
            continue;
        QString value = filter.value;
        value.replace(u"\\"_s, u"\\\\"_s).replace(u"\n"_s, u"\\n"_s).replace(u"\""_s, u"\\\""_s);
        parts << filter.key + filter.op + u'"' + value + u'"';
    }
    return parts.join(u',');
}

} // namespace Promdeck
