#include "models/dashboard/readerparts.h"

#include <cmath>

namespace Promdeck::Internal {

using namespace Qt::StringLiterals;

namespace {

/// `{a="b",c=~"d"}` of the query builder's filters, without braces.
QString builderFilters(const Json& filters)
{
    QStringList parts;
    for (const Json& filter : filters.items()) {
        QString value = filter[u"value"].scalarText();
        value.replace(u"\\"_s, u"\\\\"_s).replace(u"\""_s, u"\\\""_s);
        const QString label = filter[u"label"].toString();
        if (!label.isEmpty())
            parts.append(label + filter[u"op"].toString(u"="_s) + u"\""_s + value + u"\""_s);
    }
    return parts.join(u", "_s);
}

/// Text of a query that the variable editor of Grafana 10 and later saved as fields.
QString builderQuery(const Json& query)
{
    const QString label = query[u"label"].toString();
    const QString filters = builderFilters(query[u"labelFilters"]);
    const QString metric = query[u"metric"].toString();
    const QString selector = filters.isEmpty() ? metric : metric + u"{"_s + filters + u"}"_s;
    switch (query[u"qryType"].toInt(-1)) {
    case 0: return query[u"match"].scalarText().isEmpty() ? u"label_names()"_s
                                                          : u"label_names("_s + query[u"match"].scalarText() + u")"_s;
    case 1: return selector.isEmpty() ? u"label_values("_s + label + u")"_s
                                      : u"label_values("_s + selector + u","_s + label + u")"_s;
    case 2: return u"metrics("_s + (metric.isEmpty() ? u".*"_s : metric) + u")"_s;
    case 3: return u"query_result("_s + query[u"varQuery"].scalarText() + u")"_s;
    case 4: return query[u"seriesQuery"].scalarText();
    default: break;
    }
    // Loki: type 0 asks for names, 1 for values, within an optional stream selector.
    if (query[u"type"].isNumber()) {
        const QString stream = query[u"stream"].toString();
        if (query[u"type"].toInt() == 0)
            return u"label_names()"_s;
        return stream.isEmpty() ? u"label_values("_s + label + u")"_s
                                : u"label_values("_s + stream + u","_s + label + u")"_s;
    }
    return {};
}

QString queryText(const Json& json)
{
    const Json& query = json[u"query"];
    if (query.isObject()) {
        for (const QStringView key : {u"query", u"expr", u"rawQuery"}) {
            if (query[key].isString() && !query[key].toString().isEmpty())
                return query[key].toString();
        }
        const QString built = builderQuery(query);
        return built.isEmpty() ? json[u"definition"].toString() : built;
    }
    const QString text = query.scalarText();
    return text.isEmpty() && json[u"type"].toString() == u"query" ? json[u"definition"].toString() : text;
}

/// Saved selection in any of its forms: scalar, list, {text, value}, {}.
QStringList currentValues(const Json& current, bool includeAll)
{
    const Json& value = current.isObject() ? current[u"value"] : current;
    QStringList values;
    if (value.isArray()) {
        for (const Json& item : value.items()) {
            const Json& scalar = item.isObject() ? item[u"value"] : item;
            if (!scalar.isNull())
                values.append(scalar.scalarText());
        }
    } else if (!value.isNull() && !value.isObject()) {
        values.append(value.scalarText());
    }
    const Json& text = current.isObject() ? current[u"text"] : current;
    const QString shown = text.isArray() ? text.at(0).scalarText() : text.scalarText();
    const bool emptyValue = values.isEmpty() || (values.size() == 1 && values.first().isEmpty());
    const bool named = includeAll && shown == u"All" && (emptyValue || values == QStringList {u"All"_s});
    if (values.contains(u"$__all"_s) || named)
        return {u"$__all"_s};
    return values;
}

std::vector<VariableOption> savedOptions(const Json& options)
{
    std::vector<VariableOption> out;
    for (const Json& option : options.items()) {
        const Json& value = option.isObject() ? option[u"value"] : option;
        const Json& text = option.isObject() ? option[u"text"] : option;
        const QString single = value.isArray() ? value.at(0).scalarText() : value.scalarText();
        const QString shown = text.isArray() ? text.at(0).scalarText() : text.scalarText();
        if (single != u"$__all" && !(single.isEmpty() && shown.isEmpty()))
            out.push_back({shown.isEmpty() ? single : shown, single});
    }
    return out;
}

} // namespace

VariableSpec variableFromJson(const Json& json)
{
    VariableSpec variable;
    variable.name = json[u"name"].scalarText();
    variable.label = json[u"label"].scalarText();
    variable.type = json[u"type"].toString(u"query"_s);
    variable.query = queryText(json);
    variable.regex = json[u"regex"].toString();
    variable.sort = int(std::clamp(looseNumber(json[u"sort"]).value_or(0), 0., 8.));
    variable.hide = int(std::clamp(looseNumber(json[u"hide"]).value_or(0), 0., 3.));
    variable.refresh = json[u"refresh"].isBool() ? int(json[u"refresh"].toBool())
                                                 : int(std::clamp(looseNumber(json[u"refresh"]).value_or(0), 0., 2.));
    variable.multi = json[u"multi"].toBool();
    variable.includeAll = json[u"includeAll"].toBool();
    if (const QString all = json[u"allValue"].scalarText(); !all.isEmpty())
        variable.allValue = all;
    variable.autoInterval = json[u"auto"].toBool();
    variable.autoCount = int(std::clamp(looseNumber(json[u"auto_count"]).value_or(30), 1., 100000.));
    variable.autoMin = json[u"auto_min"].scalarText();
    variable.datasource = datasourceFromJson(json[u"datasource"]);
    variable.options = savedOptions(json[u"options"]);
    variable.current = currentValues(json[u"current"], variable.includeAll);
    variable.raw = json;
    return variable;
}

} // namespace Promdeck::Internal
