#include "models/frame/fieldconfig.h"

#include "models/frame/jsnumber.h"

#include <cmath>

using namespace Qt::StringLiterals;

namespace Promdeck {

namespace {

/// A number, also where a dashboard wrote it as text ("5"); nothing for null, "", and other text.
std::optional<double> readNumber(const Json& json)
{
    if (json.isNumber())
        return json.toDouble();
    if (json.isString() && !json.toString().trimmed().isEmpty()) {
        const double value = Js::toNumber(json.toString());
        if (!std::isnan(value))
            return value;
    }
    return std::nullopt;
}

std::optional<QString> readText(const Json& json)
{
    if (json.isNull() || json.isArray() || json.isObject())
        return std::nullopt;
    return json.scalarText();
}

MappingResult readResult(const Json& json)
{
    MappingResult result;
    if (const Json& text = json[u"text"]; !text.isNull())
        result.text = text.scalarText().isNull() ? u""_s : text.scalarText();
    result.color = json[u"color"].toString();
    result.icon = json[u"icon"].toString();
    result.index = int(json[u"index"].toInt());
    return result;
}

std::optional<ValueMapping> readMapping(const Json& json)
{
    const QString type = json[u"type"].toString();
    const Json& options = json[u"options"];
    ValueMapping mapping;
    mapping.result = readResult(options[u"result"]);
    if (type == "value"_L1) {
        mapping.type = ValueMapping::Type::Value;
        for (const auto& [key, result] : options.members())
            mapping.values.emplace_back(key, readResult(result));
    } else if (type == "range"_L1) {
        mapping.type = ValueMapping::Type::Range;
        mapping.from = readNumber(options[u"from"]);
        mapping.to = readNumber(options[u"to"]);
    } else if (type == "regex"_L1) {
        mapping.type = ValueMapping::Type::Regex;
        mapping.pattern = options[u"pattern"].toString();
    } else if (type == "special"_L1) {
        mapping.type = ValueMapping::Type::Special;
        mapping.match = options[u"match"].scalarText();
        if (options[u"match"].isNull())
            mapping.match = u"null"_s;
    } else {
        return std::nullopt;
    }
    return mapping;
}

std::vector<DataLink> readLinks(const Json& json)
{
    std::vector<DataLink> links;
    for (const Json& link : json.items())
        links.push_back({link[u"title"].toString(), link[u"url"].toString(), link[u"targetBlank"].toBool()});
    return links;
}

std::optional<ColorConfig> readColor(const Json& json)
{
    if (!json.isObject() || json[u"mode"].toString().isEmpty())
        return std::nullopt;
    return ColorConfig {json[u"mode"].toString(), json[u"fixedColor"].toString(), json[u"seriesBy"].toString()};
}

} // namespace

Thresholds thresholdsFromJson(const Json& json)
{
    Thresholds thresholds;
    if (json[u"mode"].toString() == "percentage"_L1)
        thresholds.mode = Thresholds::Mode::Percentage;
    for (const Json& step : json[u"steps"].items()) {
        ThresholdStep read;
        read.color = step[u"color"].toString();
        if (const std::optional<double> value = readNumber(step[u"value"]))
            read.value = *value;
        thresholds.steps.push_back(read);
    }
    return thresholds;
}

std::vector<ValueMapping> mappingsFromJson(const Json& json)
{
    std::vector<ValueMapping> mappings;
    for (const Json& item : json.items()) {
        if (std::optional<ValueMapping> mapping = readMapping(item))
            mappings.push_back(std::move(*mapping));
    }
    return mappings;
}

FieldConfig fieldConfigFromJson(const Json& json)
{
    FieldConfig config;
    config.displayName = readText(json[u"displayName"]);
    config.displayNameFromDS = readText(json[u"displayNameFromDS"]);
    config.unit = readText(json[u"unit"]);
    if (const std::optional<double> decimals = readNumber(json[u"decimals"]))
        config.decimals = int(*decimals);
    config.min = readNumber(json[u"min"]);
    config.max = readNumber(json[u"max"]);
    if (json[u"thresholds"].isObject())
        config.thresholds = thresholdsFromJson(json[u"thresholds"]);
    config.color = readColor(json[u"color"]);
    config.noValue = readText(json[u"noValue"]);
    config.description = json[u"description"].toString();
    config.mappings = mappingsFromJson(json[u"mappings"]);
    config.links = readLinks(json[u"links"]);
    config.fieldMinMax = json[u"fieldMinMax"].toBool();
    config.filterable = json[u"filterable"].toBool();
    config.custom = json[u"custom"];
    return config;
}

} // namespace Promdeck
