#include "models/dashboard/migration/jsonedit.h"
#include "models/dashboard/migration/migration.h"

#include <limits>

namespace Promdeck::Migration {

using namespace Qt::StringLiterals;

namespace {

/// The colour that a mapped text had when it was a number: that of its threshold.
QString thresholdColor(const QString& text, const Json& thresholds)
{
    // A leading number counts, as parseFloat reads it.
    qsizetype length = 0;
    while (length < text.size() && (text[length].isDigit() || u"+-.eE"_s.contains(text[length])))
        ++length;
    bool ok = false;
    double value = 0;
    for (; length > 0 && !ok; --length)
        value = QStringView(text).left(length).toDouble(&ok);
    if (!ok)
        return {};
    QString color;
    for (const Json& step : thresholds[u"steps"].items()) {
        const double from = step[u"value"].toDouble(-std::numeric_limits<double>::infinity());
        if (value >= from)
            color = step[u"color"].toString();
    }
    return color;
}

Json resultOf(const Json& old, const Json& thresholds)
{
    const QString text = old[u"text"].scalarText();
    Json result = Json::object({{u"text"_s, text}});
    const QString color = thresholdColor(text, thresholds);
    if (!color.isEmpty())
        result.set(u"color"_s, color);
    return result;
}

Json specialNull(Json result)
{
    return Json::object({{u"type"_s, u"special"_s},
                         {u"options"_s, Json::object({{u"match"_s, u"null"_s}, {u"result"_s, std::move(result)}})}});
}

Json rangeMapping(const Json& old, Json result)
{
    const auto bound = [](const Json& value) -> Json {
        const std::optional<double> parsed = number(value);
        return parsed ? numberJson(*parsed) : Json();
    };
    return Json::object({{u"type"_s, u"range"_s},
                         {u"options"_s, Json::object({{u"from"_s, bound(old[u"from"])},
                                                      {u"to"_s, bound(old[u"to"])},
                                                      {u"result"_s, std::move(result)}})}});
}

} // namespace

Json upgradeMappings(const Json& mappings, const Json& thresholds)
{
    if (!mappings.isArray())
        return mappings;
    Json valueOptions = Json::object();
    Json others = Json::array();
    for (const Json& old : mappings.items()) {
        if (old[u"type"].isString()) { // already new
            if (old[u"type"].toString() == u"value") {
                for (const auto& [value, result] : old[u"options"].members())
                    valueOptions.set(value, result);
            } else {
                others.append(old);
            }
            continue;
        }
        const qint64 type = old[u"type"].toInt();
        if (type == 1 && !old[u"value"].isNull()) {
            if (old[u"value"].scalarText() == u"null")
                others.append(specialNull(resultOf(old, thresholds)));
            else
                valueOptions.set(old[u"value"].scalarText(), resultOf(old, thresholds));
        } else if (type == 2) {
            const bool nulls = old[u"from"].scalarText() == u"null" || old[u"to"].scalarText() == u"null";
            others.append(nulls ? specialNull(resultOf(old, thresholds))
                                : rangeMapping(old, resultOf(old, thresholds)));
        }
    }
    Json out = Json::array();
    if (valueOptions.size() > 0)
        out.append(Json::object({{u"type"_s, u"value"_s}, {u"options"_s, valueOptions}}));
    for (const Json& mapping : others.items())
        out.append(mapping);
    return out;
}

Json angularMappings(const Json& panel, const Json& thresholds)
{
    qint64 type = panel[u"mappingType"].toInt();
    if (type == 0)
        type = panel[u"valueMaps"].size() > 0 ? 1 : panel[u"rangeMaps"].size() > 0 ? 2 : 0;
    if (type != 1 && type != 2)
        return {};
    Json old = Json::array();
    for (Json map : panel[type == 1 ? u"valueMaps" : u"rangeMaps"].items()) {
        if (!map.isObject())
            continue;
        map.set(u"type"_s, type);
        old.append(std::move(map));
    }
    const Json upgraded = upgradeMappings(old, thresholds);
    return upgraded.size() > 0 ? upgraded : Json();
}

} // namespace Promdeck::Migration
