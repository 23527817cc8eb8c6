#include "models/dashboard/migration/jsonedit.h"
#include "models/dashboard/migration/migration.h"

#include <QRegularExpression>

namespace Promdeck::Migration {

using namespace Qt::StringLiterals;

namespace {

constexpr std::initializer_list<QStringView> kSinglestatMembers {
    u"cacheTimeout", u"colorBackground", u"colorPostfix", u"colorPrefix", u"colorValue", u"colors", u"decimals",
    u"format", u"gauge", u"mappingType", u"mappingTypes", u"nullPointMode", u"nullText", u"postfixFontSize",
    u"prefixFontSize", u"rangeMaps", u"sparkline", u"tableColumn", u"thresholds", u"valueFontSize", u"valueMaps",
    u"valueName"};

/// "80,90" and three colours into steps.
Json thresholdsOf(const Json& panel)
{
    const QString text = panel[u"thresholds"].scalarText();
    if (text.isEmpty() || !panel[u"colors"].isArray())
        return {};
    const QStringList levels = text.split(u',');
    Json steps = Json::array();
    qsizetype index = 0;
    for (const Json& color : panel[u"colors"].items()) {
        Json value;
        if (index > 0) {
            const std::optional<double> level = number(Json(levels.value(index - 1, u"?"_s)));
            if (!level)
                break;
            value = numberJson(*level);
        }
        ++index;
        steps.append(Json::object({{u"color"_s, color}, {u"value"_s, value}}));
    }
    return Json::object({{u"mode"_s, u"absolute"_s}, {u"steps"_s, steps}});
}

bool hasTableTarget(const Json& panel)
{
    const Json::Array& targets = panel[u"targets"].items();
    return std::any_of(targets.begin(), targets.end(), [](const Json& target) {
        return target[u"format"].toString() == u"table";
    });
}

/// The old panel put texts around the value. A plain number can carry them in its unit; otherwise they stay in
/// the panel, to be reported.
void surroundingText(Json& panel, Json& defaults)
{
    const QString prefix = panel[u"prefix"].scalarText();
    const QString postfix = panel[u"postfix"].scalarText();
    const QString unit = defaults[u"unit"].toString();
    const bool plain = unit.isEmpty() || unit == u"none";
    if (plain && prefix.isEmpty() != postfix.isEmpty()) {
        defaults.set(u"unit"_s, prefix.isEmpty() ? u"suffix:"_s + postfix : u"prefix:"_s + prefix);
        removeAll(panel, {u"prefix", u"postfix"});
        return;
    }
    if (prefix.isEmpty())
        panel.remove(u"prefix");
    if (postfix.isEmpty())
        panel.remove(u"postfix");
}

Json fieldDefaults(Json& panel)
{
    Json defaults = Json::object();
    if (truthy(panel[u"format"]))
        defaults.set(u"unit"_s, panel[u"format"]);
    if (truthy(panel[u"nullPointMode"]))
        defaults.set(u"nullValueMode"_s, panel[u"nullPointMode"]);
    if (truthy(panel[u"nullText"]))
        defaults.set(u"noValue"_s, panel[u"nullText"]);
    if (panel[u"decimals"].isNumber())
        defaults.set(u"decimals"_s, panel[u"decimals"]);
    const Json thresholds = thresholdsOf(panel);
    setIfPresent(defaults, u"thresholds"_s, thresholds);
    setIfPresent(defaults, u"mappings"_s, angularMappings(panel, thresholds));
    if (truthy(panel[u"gauge"][u"show"])) {
        setIfPresent(defaults, u"min"_s, panel[u"gauge"][u"minValue"]);
        setIfPresent(defaults, u"max"_s, panel[u"gauge"][u"maxValue"]);
    }
    surroundingText(panel, defaults);
    return defaults;
}

Json statOptions(const Json& panel, Json& defaults)
{
    Json options = Json::object();
    const bool sparkline = truthy(panel[u"sparkline"][u"show"]);
    options.set(u"graphMode"_s, sparkline ? u"area"_s : u"none"_s);
    if (truthy(panel[u"colorBackground"])) {
        options.set(u"colorMode"_s, u"background"_s);
    } else if (truthy(panel[u"colorValue"])) {
        options.set(u"colorMode"_s, u"value"_s);
    } else {
        options.set(u"colorMode"_s, u"none"_s);
        if (sparkline && truthy(panel[u"sparkline"][u"lineColor"]))
            defaults.set(u"color"_s, Json::object({{u"mode"_s, u"fixed"_s},
                                                   {u"fixedColor"_s, panel[u"sparkline"][u"lineColor"]}}));
    }
    if (panel[u"valueName"].toString() == u"name")
        options.set(u"textMode"_s, u"name"_s);
    return options;
}

/// Leading "8.10" of "8.10.2" as a number, as the panels' own migrations read it.
double majorMinor(const QString& version)
{
    static const QRegularExpression kNumber(u"^\\s*\\d+(\\.\\d+)?"_s);
    const auto match = kNumber.match(version);
    return match.hasMatch() ? match.captured().toDouble() : 6.1;
}

// 6.2: valueOptions became fieldOptions
void fromValueOptions(Json& options)
{
    const Json old = options[u"valueOptions"];
    if (!old.isObject())
        return;
    Json defaults = Json::object();
    setIfPresent(defaults, u"unit"_s, old[u"unit"]);
    setIfPresent(defaults, u"decimals"_s, old[u"decimals"]);
    setIfPresent(defaults, u"min"_s, options[u"minValue"]);
    setIfPresent(defaults, u"max"_s, options[u"maxValue"]);
    Json fields = Json::object({{u"defaults"_s, defaults}});
    setIfPresent(fields, u"mappings"_s, options[u"valueMappings"]);
    setIfPresent(fields, u"thresholds"_s, options[u"thresholds"]);
    const QString reducer = reducerId(old[u"stat"].toString());
    if (!reducer.isEmpty())
        fields.set(u"calcs"_s, Json::strings({reducer}));
    options.set(u"fieldOptions"_s, fields);
    removeAll(options, {u"valueMappings", u"thresholds", u"valueOptions", u"minValue", u"maxValue"});
}

/// Sorted steps whose first is the base; takes the list forms of 6.x.
Json sortedSteps(const Json& thresholds)
{
    Json::Array steps;
    for (const Json& step : thresholds.items())
        steps.push_back(Json::object({{u"color"_s, step[u"color"]}, {u"value"_s, step[u"value"]}}));
    std::ranges::stable_sort(steps, {}, [](const Json& step) { return step[u"value"].toDouble(-1e308); });
    if (!steps.empty())
        steps.front().set(u"value"_s, nullptr);
    return Json::object({{u"mode"_s, u"absolute"_s}, {u"steps"_s, Json::array(std::move(steps))}});
}

// 6.3 to 6.6: thresholds, mappings and colour moved into the defaults
void settleFieldDefaults(Json& options)
{
    Json fields = options[u"fieldOptions"];
    Json defaults = fields[u"defaults"].isObject() ? fields[u"defaults"] : Json::object();
    if (fields[u"mappings"].isArray() && defaults[u"mappings"].isNull())
        defaults.set(u"mappings"_s, fields[u"mappings"]);
    const Json& thresholds = defaults[u"thresholds"].isNull()
        ? (fields[u"thresholds"].isNull() ? options[u"thresholds"] : fields[u"thresholds"])
        : defaults[u"thresholds"];
    if (thresholds.isArray())
        defaults.set(u"thresholds"_s, sortedSteps(Json(thresholds)));
    if (defaults[u"color"].isString())
        defaults.set(u"color"_s, Json::object({{u"mode"_s, u"fixed"_s}, {u"fixedColor"_s, defaults[u"color"]}}));
    if (fields.contains(u"override"))
        fields.set(u"overrides"_s, Json::array());
    removeAll(fields, {u"mappings", u"thresholds", u"override"});
    fields.set(u"defaults"_s, defaults);
    options.set(u"fieldOptions"_s, fields);
    if (options[u"thresholds"].isArray())
        options.remove(u"thresholds");
}

// 7.0: fieldOptions became fieldConfig and reduceOptions
void toFieldConfig(Json& panel, Json& options)
{
    const Json fields = options[u"fieldOptions"];
    Json config = panel[u"fieldConfig"].isObject() ? panel[u"fieldConfig"] : Json::object();
    Json defaults = config[u"defaults"].isObject() ? config[u"defaults"] : Json::object();
    for (const auto& [key, value] : fields[u"defaults"].members())
        defaults.set(key, value);
    Json overrides = config[u"overrides"].isArray() ? config[u"overrides"] : Json::array();
    for (const Json& rule : fields[u"overrides"].items())
        overrides.append(rule);
    if (defaults[u"mappings"].isArray())
        defaults.set(u"mappings"_s, upgradeMappings(defaults[u"mappings"], defaults[u"thresholds"]));
    config.set(u"defaults"_s, defaults);
    config.set(u"overrides"_s, overrides);
    panel.set(u"fieldConfig"_s, config);
    Json reduce = Json::object({{u"values"_s, truthy(fields[u"values"])}});
    setIfPresent(reduce, u"limit"_s, fields[u"limit"]);
    setIfPresent(reduce, u"calcs"_s, fields[u"calcs"]);
    options.set(u"reduceOptions"_s, reduce);
    options.remove(u"fieldOptions");
}

/// 8.0 stopped implying a range for percentages; older panels meant it.
void percentRange(Json& panel)
{
    const QString unit = panel.path(u"fieldConfig.defaults.unit").toString();
    if (unit != u"percent" && unit != u"percentunit")
        return;
    if (!panel.path(u"fieldConfig.defaults.min").isNumber())
        panel.setPath(u"fieldConfig.defaults.min", 0);
    if (!panel.path(u"fieldConfig.defaults.max").isNumber())
        panel.setPath(u"fieldConfig.defaults.max", unit == u"percent" ? 100 : 1);
}

} // namespace

void convertSinglestat(Json& panel)
{
    const bool gauge = truthy(panel[u"gauge"][u"show"]);
    Json defaults = fieldDefaults(panel);
    Json options = gauge ? Json::object() : statOptions(panel, defaults);
    if (gauge) {
        options.set(u"showThresholdLabels"_s, truthy(panel[u"gauge"][u"thresholdLabels"]));
        options.set(u"showThresholdMarkers"_s, truthy(panel[u"gauge"][u"thresholdMarkers"]));
    }
    const QString reducer = reducerId(panel[u"valueName"].toString());
    Json reduce = Json::object({{u"calcs"_s, Json::strings({reducer.isEmpty() ? u"mean"_s : reducer})}});
    // The column mattered for tables alone; a series would never match it.
    if (truthy(panel[u"tableColumn"]) && hasTableTarget(panel))
        reduce.set(u"fields"_s, u"/^"_s + panel[u"tableColumn"].scalarText() + u"$/"_s);
    options.set(u"reduceOptions"_s, reduce);
    options.set(u"orientation"_s, u"horizontal"_s);
    removeAll(panel, kSinglestatMembers);
    panel.set(u"type"_s, gauge ? u"gauge"_s : u"stat"_s);
    panel.set(u"options"_s, options);
    panel.set(u"fieldConfig"_s, Json::object({{u"defaults"_s, defaults}, {u"overrides"_s, Json::array()}}));
    panel.set(u"pluginVersion"_s, convertedBy());
}

void convertSingleStatOptions(Json& panel)
{
    const double version = majorMinor(panel[u"pluginVersion"].toString());
    if (!panel[u"options"].isObject() || version >= 8)
        return;
    Json options = panel[u"options"];
    if (version < 6.2)
        fromValueOptions(options);
    if (options[u"fieldOptions"].isObject()) {
        settleFieldDefaults(options);
        toFieldConfig(panel, options);
    }
    panel.set(u"options"_s, options);
    if (panel.path(u"fieldConfig.defaults").isObject())
        edit(panel, u"fieldConfig", [](Json& config) {
            edit(config, u"defaults", [](Json& defaults) {
                if (defaults[u"displayName"].isNull())
                    defaults.rename(u"title", u"displayName"_s);
            });
        });
    percentRange(panel);
}

} // namespace Promdeck::Migration
