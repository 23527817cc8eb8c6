#include "models/dashboard/migration/jsonedit.h"
#include "models/dashboard/migration/migration.h"

namespace Promdeck::Migration {

using namespace Qt::StringLiterals;

namespace {

Json numberOr(const Json& value, const Json& fallback = {})
{
    if (value.isNull() || (value.isString() && value.toString().isEmpty()))
        return fallback;
    const std::optional<double> parsed = number(value);
    return parsed ? numberJson(*parsed) : fallback;
}

Json buckets(const QString& mode, const Json& value)
{
    return Json::object({{u"mode"_s, mode}, {u"value"_s, value.scalarText()}});
}

/// Bucketing that the panel did itself, for data that is not buckets yet.
Json heatmapCalculation(const Json& panel)
{
    Json out = Json::object();
    for (const QString& axis : {u"x"_s, u"y"_s}) {
        const Json& size = panel[QString(axis + u"BucketSize"_s)];
        const Json& count = panel[QString(axis + u"BucketNumber"_s)];
        if (truthy(size))
            out.set(QString(axis + u"Buckets"_s), buckets(u"size"_s, size));
        else if (truthy(count))
            out.set(QString(axis + u"Buckets"_s), buckets(u"count"_s, count));
    }
    const Json& yAxis = panel[u"yAxis"];
    if (const double log = number(yAxis[u"logBase"]).value_or(1); log > 1) {
        Json logBuckets = Json::object({{u"mode"_s, u"count"_s}});
        if (number(yAxis[u"splitFactor"]).value_or(0) > 0)
            logBuckets.set(u"value"_s, yAxis[u"splitFactor"].scalarText());
        logBuckets.set(u"scale"_s, Json::object({{u"type"_s, u"log"_s}, {u"log"_s, numberJson(log)}}));
        out.set(u"yBuckets"_s, logBuckets);
    }
    return out;
}

Json heatmapColor(const Json& old)
{
    Json color = Json::object({{u"mode"_s, u"scheme"_s},
                               {u"scheme"_s, u"Oranges"_s},
                               {u"scale"_s, u"exponential"_s},
                               {u"exponent"_s, 0.5},
                               {u"fill"_s, u"dark-orange"_s},
                               {u"reverse"_s, false},
                               {u"steps"_s, 128}});
    if (old[u"mode"].toString() == u"opacity") {
        color.set(u"mode"_s, u"opacity"_s);
        const bool linear = old[u"colorScale"].toString() == u"linear";
        color.set(u"scale"_s, linear ? u"linear"_s : u"exponential"_s);
    } else if (old[u"colorScheme"].isString()) {
        QString scheme = old[u"colorScheme"].toString();
        if (scheme.startsWith(u"interpolate"))
            scheme.remove(0, 11);
        color.set(u"scheme"_s, scheme);
    }
    if (truthy(old[u"cardColor"]))
        color.set(u"fill"_s, old[u"cardColor"]);
    setIfPresent(color, u"exponent"_s, numberOr(old[u"exponent"]));
    const Json low = numberOr(old[u"min"]);
    const Json high = numberOr(old[u"max"]);
    const bool swapped = low.isNumber() && high.isNumber() && low.toDouble() > high.toDouble();
    setIfPresent(color, u"min"_s, swapped ? high : low);
    setIfPresent(color, u"max"_s, swapped ? low : high);
    if (swapped)
        color.set(u"reverse"_s, true);
    return color;
}

Json heatmapYAxis(const Json& panel)
{
    const Json& old = panel[u"yAxis"];
    const bool hidden = old[u"show"].isBool() && !old[u"show"].toBool();
    Json axis = Json::object({{u"axisPlacement"_s, hidden ? u"hidden"_s : u"left"_s},
                              {u"reverse"_s, truthy(panel[u"reverseYBuckets"])}});
    setIfPresent(axis, u"axisWidth"_s, numberOr(old[u"width"]));
    setIfPresent(axis, u"min"_s, numberOr(old[u"min"]));
    setIfPresent(axis, u"max"_s, numberOr(old[u"max"]));
    setIfPresent(axis, u"unit"_s, old[u"format"]);
    setIfPresent(axis, u"decimals"_s, numberOr(old[u"decimals"]));
    return axis;
}

QString cellLayout(const QString& bound)
{
    if (bound == u"upper")
        return u"ge"_s;
    if (bound == u"lower")
        return u"le"_s;
    return bound == u"middle" ? u"unknown"_s : u"auto"_s;
}

Json heatmapOptions(const Json& panel)
{
    const bool calculate = panel[u"dataFormat"].toString() != u"tsbuckets";
    Json gap = numberOr(panel[u"cards"][u"cardPadding"], 2);
    Json options = Json::object({{u"calculate"_s, calculate},
                                 {u"calculation"_s, calculate ? heatmapCalculation(panel) : Json::object()},
                                 {u"color"_s, heatmapColor(panel[u"color"])},
                                 {u"cellGap"_s, truthy(gap) ? gap : Json(1)},
                                 {u"yAxis"_s, heatmapYAxis(panel)},
                                 {u"cellValues"_s, Json::object()},
                                 {u"rowsFrame"_s, Json::object({{u"layout"_s, cellLayout(panel[u"yBucketBound"].toString())}})},
                                 {u"legend"_s, Json::object({{u"show"_s, truthy(panel[u"legend"][u"show"])}})},
                                 {u"showValue"_s, u"never"_s},
                                 {u"tooltip"_s, Json::object({{u"mode"_s, truthy(panel[u"tooltip"][u"show"]) ? u"single"_s : u"none"_s},
                                                              {u"yHistogram"_s, truthy(panel[u"tooltip"][u"showHistogram"])}})},
                                 {u"exemplars"_s, Json::object({{u"color"_s, u"rgba(255,0,255,0.7)"_s}})}});
    setIfPresent(options, u"cellRadius"_s, numberOr(panel[u"cards"][u"cardRound"]));
    if (const Json decimals = numberOr(panel[u"tooltipDecimals"]); !decimals.isNull())
        options.setPath(u"cellValues.decimals", decimals);
    if (truthy(panel[u"hideZeroBuckets"]))
        options.set(u"filterValues"_s, Json::object({{u"le"_s, 1e-9}}));
    return options;
}

Json pieLegend(const Json& panel)
{
    const Json& old = panel[u"legend"];
    const QString place = panel[u"legendType"].toString();
    Json values = Json::array();
    if (truthy(old[u"values"]))
        values.append(u"value"_s);
    if (truthy(old[u"percentage"]))
        values.append(u"percent"_s);
    return Json::object({{u"displayMode"_s, values.size() > 0 ? u"table"_s : u"list"_s},
                         {u"showLegend"_s, (old[u"show"].isNull() || truthy(old[u"show"])) && place != u"On graph"},
                         {u"placement"_s, place == u"Right side" ? u"right"_s : u"bottom"_s},
                         {u"values"_s, values}});
}

} // namespace

void convertPiechart(Json& panel)
{
    Json defaults = Json::object();
    if (truthy(panel[u"format"]))
        defaults.set(u"unit"_s, panel[u"format"]);
    setIfPresent(defaults, u"decimals"_s, numberOr(panel[u"decimals"]));
    if (truthy(panel[u"nullPointMode"]))
        defaults.set(u"nullValueMode"_s, panel[u"nullPointMode"]);
    Json overrides = Json::array();
    for (const auto& [alias, color] : panel[u"aliasColors"].members()) {
        const Json fixed = Json::object({{u"mode"_s, u"fixed"_s}, {u"fixedColor"_s, color}});
        if (truthy(color))
            overrides.append(overrideRule(u"byName"_s, alias, Json::array({property(u"color"_s, fixed)})));
    }
    const QString reducer = reducerId(panel[u"valueName"].toString());
    Json options = Json::object({{u"pieType"_s, panel[u"pieType"].toString() == u"donut" ? u"donut"_s : u"pie"_s},
                                 {u"reduceOptions"_s, Json::object({{u"values"_s, false},
                                                                    {u"calcs"_s, Json::strings({reducer.isEmpty() ? u"lastNotNull"_s : reducer})},
                                                                    {u"fields"_s, QString(u""_s)}})},
                                 {u"legend"_s, pieLegend(panel)}});
    if (panel[u"legendType"].toString() == u"On graph")
        options.set(u"displayLabels"_s, Json::strings({u"name"_s}));
    removeAll(panel, {u"aliasColors", u"breakPoint", u"cacheTimeout", u"combine", u"decimals", u"fontSize", u"format",
                      u"legend", u"legendType", u"nullPointMode", u"pieType", u"strokeWidth", u"valueName"});
    panel.set(u"type"_s, u"piechart"_s);
    panel.set(u"options"_s, options);
    panel.set(u"fieldConfig"_s, Json::object({{u"defaults"_s, defaults}, {u"overrides"_s, overrides}}));
    panel.set(u"pluginVersion"_s, convertedBy());
}

void convertHeatmap(Json& panel)
{
    if (panel[u"options"].size() > 0)
        return;
    panel.set(u"options"_s, heatmapOptions(panel));
    if (!panel[u"fieldConfig"].isObject())
        panel.set(u"fieldConfig"_s, Json::object({{u"defaults"_s, Json::object()}, {u"overrides"_s, Json::array()}}));
    removeAll(panel, {u"cards", u"color", u"dataFormat", u"heatmap", u"hideZeroBuckets", u"highlightCards", u"legend",
                      u"reverseYBuckets", u"tooltip", u"tooltipDecimals", u"xAxis", u"xBucketNumber", u"xBucketSize",
                      u"yAxis", u"yBucketBound", u"yBucketNumber", u"yBucketSize"});
    panel.set(u"pluginVersion"_s, convertedBy());
}

void convertText(Json& panel)
{
    if (panel.contains(u"content")) {
        Json options = panel[u"options"].isObject() ? panel[u"options"] : Json::object();
        options.set(u"mode"_s, panel[u"mode"].toString());
        options.set(u"content"_s, panel[u"content"].scalarText());
        panel.set(u"options"_s, options);
        removeAll(panel, {u"content", u"mode", u"style"});
    }
    edit(panel, u"options", [](Json& options) {
        const QString mode = options[u"mode"].toString();
        if (options.isObject() && mode != u"html" && mode != u"code" && mode != u"markdown")
            options.set(u"mode"_s, u"markdown"_s);
    });
}

} // namespace Promdeck::Migration
