#include "models/dashboard/migration/jsonedit.h"
#include "models/dashboard/migration/migration.h"

#include <algorithm>
#include <limits>

namespace Promdeck::Migration {

using namespace Qt::StringLiterals;

namespace {

/// What the conversion reads, and what therefore goes away. Anything else in the panel stays.
constexpr std::initializer_list<QStringView> kGraphMembers {
    u"aliasColors", u"bars", u"dashLength", u"dashes", u"fill", u"fillGradient", u"grid", u"hiddenSeries", u"legend",
    u"lines", u"linewidth", u"nullPointMode", u"paceLength", u"percentage", u"pointradius", u"points", u"renderer",
    u"seriesOverrides", u"spaceLength", u"stack", u"steppedLine", u"thresholds", u"tooltip", u"xaxis", u"yaxes",
    u"yaxis", u"decimals", u"x-axis", u"y-axis", u"y_formats", u"zerofill"};

/// Field configuration that an old axis stands for: standard members and "custom".
Json axisConfig(const Json& axis)
{
    if (!axis.isObject())
        return Json::object();
    Json config = Json::object();
    setIfPresent(config, u"unit"_s, axis[u"format"]);
    for (const QString& key : {u"decimals"_s, u"min"_s, u"max"_s}) {
        // An emptied input was saved as "" and means automatic.
        const bool blank = axis[key].isString() && axis[key].toString().trimmed().isEmpty();
        if (const std::optional<double> value = number(axis[key]); value && !blank)
            config.set(key, numberJson(*value));
    }
    const bool shown = axis[u"show"].isNull() || truthy(axis[u"show"]);
    Json custom = Json::object({{u"axisPlacement"_s, shown ? u"auto"_s : u"hidden"_s}});
    if (truthy(axis[u"label"]))
        custom.set(u"axisLabel"_s, axis[u"label"]);
    const double log = number(axis[u"logBase"]).value_or(1);
    if (log == 2 || log == 10)
        custom.set(u"scaleDistribution"_s, Json::object({{u"type"_s, u"log"_s}, {u"log"_s, numberJson(log)}}));
    config.set(u"custom"_s, custom);
    return config;
}

Json fixedColor(const Json& color)
{
    return Json::object({{u"mode"_s, u"fixed"_s}, {u"fixedColor"_s, color}});
}

Json stacking(const Json& value, bool percent)
{
    const QString mode = !truthy(value) ? u"none"_s : percent ? u"percent"_s : u"normal"_s;
    return Json::object({{u"mode"_s, mode}, {u"group"_s, value.isString() ? value.toString() : u"A"_s}});
}

/// What distinguishes the right axis from the left, as properties of the series that use it.
void appendRightAxis(const Json& left, const Json& right, Json& properties)
{
    for (const auto& [key, value] : right.members()) {
        if (key != u"custom" && !(left[key] == value))
            properties.append(property(key, value));
    }
    const Json& leftCustom = left[u"custom"];
    const bool hidden = right.path(u"custom.axisPlacement").toString() == u"hidden";
    properties.append(property(u"custom.axisPlacement"_s, hidden ? u"hidden"_s : u"right"_s));
    for (const auto& [key, value] : right[u"custom"].members()) {
        if (key != u"axisPlacement" && !(leftCustom[key] == value))
            properties.append(property(QString(u"custom."_s + key), value));
    }
}

Json lineStyle(bool dashed, const Json& dashLength, const Json& spaceLength)
{
    return Json::object({{u"fill"_s, dashed ? u"dash"_s : u"solid"_s},
                         {u"dash"_s, Json::array({numberJson(number(dashLength).value_or(10)),
                                                  numberJson(number(spaceLength).value_or(10))})}});
}

/// One member of a series override.
void appendOverride(const QString& key, const Json& value, bool percent, Json& properties)
{
    const double amount = number(value).value_or(0);
    if (key == u"fill") {
        properties.append(property(u"custom.fillOpacity"_s, numberJson(amount * 10)));
    } else if (key == u"fillBelowTo") {
        properties.append(property(u"custom.fillBelowTo"_s, value));
    } else if (key == u"fillGradient" && amount > 0) {
        properties.append(property(u"custom.gradientMode"_s, u"opacity"_s));
        properties.append(property(u"custom.fillOpacity"_s, numberJson(amount * 10)));
    } else if (key == u"points") {
        properties.append(property(u"custom.showPoints"_s, truthy(value) ? u"always"_s : u"never"_s));
    } else if (key == u"bars") {
        properties.append(property(u"custom.drawStyle"_s, truthy(value) ? u"bars"_s : u"line"_s));
        if (truthy(value))
            properties.append(property(u"custom.fillOpacity"_s, 100));
    } else if (key == u"lines") {
        properties.append(truthy(value) ? property(u"custom.drawStyle"_s, u"line"_s)
                                        : property(u"custom.lineWidth"_s, 0));
    } else if (key == u"linewidth") {
        properties.append(property(u"custom.lineWidth"_s, numberJson(amount)));
    } else if (key == u"pointradius") {
        properties.append(property(u"custom.pointSize"_s, numberJson(2 + amount * 2)));
    } else if (key == u"steppedLine") {
        properties.append(property(u"custom.lineInterpolation"_s, truthy(value) ? u"stepAfter"_s : u"linear"_s));
    } else if (key == u"stack") {
        properties.append(property(u"custom.stacking"_s, stacking(value, percent)));
    } else if (key == u"color") {
        properties.append(property(u"color"_s, fixedColor(value)));
    } else if (key == u"transform") {
        const bool negative = value.toString() == u"negative-Y";
        properties.append(property(u"custom.transform"_s, negative ? u"negative-Y"_s : u"constant"_s));
    } else if (key == u"hiddenSeries" && truthy(value)) {
        properties.append(property(u"custom.hideFrom"_s, Json::object({{u"viz"_s, true},
                                                                       {u"legend"_s, false},
                                                                       {u"tooltip"_s, true}})));
    } else if (key == u"legend" && value.isBool() && !value.toBool()) {
        properties.append(property(u"custom.hideFrom"_s, Json::object({{u"viz"_s, false},
                                                                       {u"legend"_s, true},
                                                                       {u"tooltip"_s, false}})));
    } else if (key == u"hideTooltip" && truthy(value)) {
        properties.append(property(u"custom.hideFrom"_s, Json::object({{u"viz"_s, false},
                                                                       {u"legend"_s, false},
                                                                       {u"tooltip"_s, true}})));
    } else if (key == u"nullPointMode") {
        properties.append(property(u"custom.spanNulls"_s, value.toString() == u"connected"));
    }
}

Json seriesRule(const Json& series, const Json& panel, const Json& left)
{
    const QString alias = series[u"alias"].toString();
    const bool percent = truthy(panel[u"percentage"]);
    Json properties = Json::array();
    for (const auto& [key, value] : series.members()) {
        if (key == u"yaxis" && value.toDouble() == 2)
            appendRightAxis(left, axisConfig(panel[u"yaxes"].at(1)), properties);
        else
            appendOverride(key, value, percent, properties);
    }
    if (series.contains(u"dashes") || series.contains(u"dashLength") || series.contains(u"spaceLength")) {
        const auto own = [&](QStringView key) { return series.contains(key) ? series[key] : panel[key]; };
        properties.append(property(u"custom.lineStyle"_s, lineStyle(truthy(own(u"dashes")), own(u"dashLength"),
                                                                    own(u"spaceLength"))));
    }
    return overrideRule(isDelimitedRegex(alias) ? u"byRegexp"_s : u"byName"_s, alias, properties);
}

Json hideWhen(const QString& reducer)
{
    const Json options = Json::object({{u"reducer"_s, reducer}, {u"op"_s, u"gte"_s}, {u"value"_s, 0}});
    const Json hidden = Json::object({{u"tooltip"_s, true}, {u"viz"_s, false}, {u"legend"_s, true}});
    return overrideRule(u"byValue"_s, options, Json::array({property(u"custom.hideFrom"_s, hidden)}));
}

Json graphOverrides(const Json& panel, const Json& left)
{
    const Json& own = panel.path(u"fieldConfig.overrides");
    Json overrides = own.isArray() ? own : Json::array();
    for (const auto& [alias, color] : panel[u"aliasColors"].members()) {
        if (truthy(color))
            overrides.append(overrideRule(u"byName"_s, alias, Json::array({property(u"color"_s, fixedColor(color))})));
    }
    for (const Json& series : panel[u"seriesOverrides"].items()) {
        if (!truthy(series[u"alias"]))
            continue;
        Json rule = seriesRule(series, panel, left);
        if (rule[u"properties"].size() > 0)
            overrides.append(std::move(rule));
    }
    if (truthy(panel[u"legend"][u"hideZero"]))
        overrides.append(hideWhen(u"allIsZero"_s));
    if (truthy(panel[u"legend"][u"hideEmpty"]))
        overrides.append(hideWhen(u"allIsNull"_s));
    const Json& xaxis = panel[u"xaxis"];
    const bool timeAxis = xaxis[u"mode"].isNull() || xaxis[u"mode"].toString() == u"time";
    if (xaxis[u"show"].isBool() && !xaxis[u"show"].toBool() && timeAxis)
        overrides.append(overrideRule(u"byType"_s, u"time"_s,
                                      Json::array({property(u"custom.axisPlacement"_s, u"hidden"_s)})));
    return overrides;
}

QString thresholdColor(const Json& threshold)
{
    const QString mode = threshold[u"colorMode"].toString();
    if (mode == u"warning")
        return u"orange"_s;
    if (mode == u"ok")
        return u"green"_s;
    if (mode == u"custom") {
        const Json& color = truthy(threshold[u"fillColor"]) ? threshold[u"fillColor"] : threshold[u"lineColor"];
        if (truthy(color))
            return color.toString();
    }
    return u"red"_s;
}

Json thresholdStep(Json value, const QString& color)
{
    return Json::object({{u"color"_s, color}, {u"value"_s, std::move(value)}});
}

/// Areas above (gt) and below (lt) the given values, as steps from below to above.
Json thresholdSteps(std::vector<Json> thresholds)
{
    const auto valueOf = [](const Json& threshold) {
        return number(threshold[u"value"]).value_or(std::numeric_limits<double>::lowest());
    };
    std::ranges::stable_sort(thresholds, {}, valueOf);
    Json steps = Json::array();
    for (size_t i = 0; i < thresholds.size(); ++i) {
        const Json& threshold = thresholds[i];
        const Json value = numberJson(valueOf(threshold));
        if (threshold[u"op"].toString() == u"gt") {
            steps.append(thresholdStep(value, thresholdColor(threshold)));
        } else if (threshold[u"op"].toString() == u"lt") {
            if (steps.size() == 0)
                steps.append(thresholdStep(nullptr, thresholdColor(threshold)));
            const bool nextBelow = i + 1 < thresholds.size() && thresholds[i + 1][u"op"].toString() == u"lt";
            steps.append(thresholdStep(value, nextBelow ? thresholdColor(thresholds[i + 1]) : u"transparent"_s));
        }
    }
    if (steps.size() > 0 && !steps.at(0)[u"value"].isNull())
        steps.insertAt(0, thresholdStep(nullptr, u"transparent"_s));
    return steps;
}

void setThresholds(const Json& panel, Json& defaults)
{
    std::vector<Json> thresholds;
    bool area = false;
    bool line = false;
    for (const Json& threshold : panel[u"thresholds"].items()) {
        if (!number(threshold[u"value"]))
            continue;
        area = area || truthy(threshold[u"fill"]);
        line = line || truthy(threshold[u"line"]);
        thresholds.push_back(threshold);
    }
    const Json steps = thresholdSteps(std::move(thresholds));
    if (steps.size() == 0)
        return;
    const QString mode = area && line ? u"line+area"_s : area ? u"area"_s : u"line"_s;
    defaults.setPath(u"custom.thresholdsStyle", Json::object({{u"mode"_s, mode}}));
    defaults.set(u"thresholds"_s, Json::object({{u"mode"_s, u"absolute"_s}, {u"steps"_s, steps}}));
}

void setDrawing(const Json& panel, Json& custom)
{
    const bool lines = panel[u"lines"].isNull() || truthy(panel[u"lines"]);
    const bool bars = truthy(panel[u"bars"]);
    custom.set(u"drawStyle"_s, bars ? u"bars"_s : lines ? u"line"_s : u"points"_s);
    if (truthy(panel[u"points"])) {
        custom.set(u"showPoints"_s, u"always"_s);
        if (panel[u"pointradius"].isNumber())
            custom.set(u"pointSize"_s, numberJson(2 + 2 * panel[u"pointradius"].toDouble()));
    } else if (bars || lines) {
        custom.set(u"showPoints"_s, u"never"_s);
    }
    if (const std::optional<double> width = number(panel[u"linewidth"]); width && panel[u"linewidth"].isNumber())
        custom.set(u"lineWidth"_s, numberJson(*width));
    if (truthy(panel[u"dashes"]))
        custom.set(u"lineStyle"_s, lineStyle(true, panel[u"dashLength"], panel[u"spaceLength"]));
    custom.set(u"spanNulls"_s, panel[u"nullPointMode"].toString() == u"connected");
    if (truthy(panel[u"steppedLine"]))
        custom.set(u"lineInterpolation"_s, u"stepAfter"_s);
    if (truthy(panel[u"stack"]))
        custom.set(u"stacking"_s, stacking(true, truthy(panel[u"percentage"])));
}

void setFill(const Json& panel, Json& custom)
{
    const Json::Array& rules = panel[u"seriesOverrides"].items();
    const bool bands = std::any_of(rules.begin(), rules.end(), [](const Json& rule) {
        return truthy(rule[u"alias"]) && rule.contains(u"fillBelowTo");
    });
    if (bands)
        custom.set(u"fillOpacity"_s, 35); // the old renderer drew every band like this
    else if (panel[u"fill"].isNumber())
        custom.set(u"fillOpacity"_s, numberJson(panel[u"fill"].toDouble() * 10));
    if (panel[u"fillGradient"].toDouble() > 0) {
        custom.set(u"gradientMode"_s, u"opacity"_s);
        custom.set(u"fillOpacity"_s, numberJson(panel[u"fillGradient"].toDouble() * 10));
    }
    if (custom[u"drawStyle"].toString() == u"bars")
        custom.set(u"fillOpacity"_s, 100);
}

Json legendOptions(const Json& legend)
{
    Json out = Json::object({{u"displayMode"_s, u"list"_s},
                             {u"showLegend"_s, true},
                             {u"placement"_s, u"bottom"_s},
                             {u"calcs"_s, Json::array()}});
    if (!legend.isObject())
        return out;
    const bool shown = legend[u"show"].isNull() || truthy(legend[u"show"]);
    out.set(u"showLegend"_s, shown);
    if (shown && truthy(legend[u"alignAsTable"]))
        out.set(u"displayMode"_s, u"table"_s);
    if (truthy(legend[u"rightSide"]))
        out.set(u"placement"_s, u"right"_s);
    if (truthy(legend[u"values"])) {
        Json calcs = Json::array();
        for (const auto& [key, value] : legend.members()) {
            if (truthy(value) && !reducerId(key).isEmpty())
                calcs.append(reducerId(key));
        }
        out.set(u"calcs"_s, calcs);
    }
    if (const double width = number(legend[u"sideWidth"]).value_or(0); width > 0)
        out.set(u"width"_s, numberJson(width));
    const QString header = reducerHeader(reducerId(legend[u"sort"].toString()));
    if (!header.isEmpty()) {
        out.set(u"sortBy"_s, header);
        out.set(u"sortDesc"_s, truthy(legend[u"sortDesc"]));
    }
    return out;
}

Json tooltipOptions(const Json& tooltip)
{
    const bool shared = truthy(tooltip[u"shared"]);
    const qint64 sort = shared ? tooltip[u"sort"].toInt() : 0;
    return Json::object({{u"mode"_s, shared ? u"multi"_s : u"single"_s},
                         {u"sort"_s, sort == 1 ? u"asc"_s : sort == 2 ? u"desc"_s : u"none"_s}});
}

void replaceMembers(Json& panel, const QString& type, Json options, Json defaults, Json overrides)
{
    const Json links = panel.path(u"options.dataLinks");
    if (links.size() > 0)
        defaults.set(u"links"_s, links);
    removeAll(panel, kGraphMembers);
    if (panel[u"timeRegions"].size() == 0)
        panel.remove(u"timeRegions");
    panel.set(u"type"_s, type);
    panel.set(u"options"_s, std::move(options));
    panel.set(u"fieldConfig"_s, Json::object({{u"defaults"_s, std::move(defaults)},
                                              {u"overrides"_s, std::move(overrides)}}));
    panel.set(u"pluginVersion"_s, convertedBy());
}

/// One bar per series, at the value that the X axis named.
void toBarGauge(Json& panel)
{
    Json defaults = axisConfig(panel[u"yaxes"].at(0));
    defaults.set(u"custom"_s, Json::object());
    Json overrides = Json::array();
    for (const auto& [alias, color] : panel[u"aliasColors"].members()) {
        if (truthy(color))
            overrides.append(overrideRule(u"byName"_s, alias, Json::array({property(u"color"_s, fixedColor(color))})));
    }
    defaults.set(u"color"_s, Json::object({{u"mode"_s, u"palette-classic"_s}}));
    const QString reducer = reducerId(panel[u"xaxis"][u"values"].at(0).toString());
    const Json reduce = Json::object({{u"values"_s, false},
                                      {u"calcs"_s, Json::strings({reducer.isEmpty() ? u"sum"_s : reducer})},
                                      {u"fields"_s, QString(u""_s)}});
    Json options = Json::object({{u"reduceOptions"_s, reduce},
                                 {u"orientation"_s, u"vertical"_s},
                                 {u"displayMode"_s, u"basic"_s},
                                 {u"showUnfilled"_s, false}});
    replaceMembers(panel, u"bargauge"_s, std::move(options), std::move(defaults), std::move(overrides));
}

void toHistogram(Json& panel)
{
    Json defaults = axisConfig(panel[u"yaxes"].at(0));
    Json options = Json::object({{u"legend"_s, legendOptions(panel[u"legend"])},
                                 {u"tooltip"_s, tooltipOptions(panel[u"tooltip"])}});
    if (const double buckets = number(panel[u"xaxis"][u"buckets"]).value_or(0); buckets > 0)
        options.set(u"bucketCount"_s, numberJson(buckets));
    Json overrides = graphOverrides(panel, defaults);
    replaceMembers(panel, u"histogram"_s, std::move(options), std::move(defaults), std::move(overrides));
}

} // namespace

void convertGraph(Json& panel)
{
    const QString mode = panel[u"xaxis"][u"mode"].toString();
    if (mode == u"series")
        return toBarGauge(panel);
    if (mode == u"histogram")
        return toHistogram(panel);
    const Json left = axisConfig(panel[u"yaxes"].at(0));
    Json defaults = panel.path(u"fieldConfig.defaults").isObject() ? panel.path(u"fieldConfig.defaults") : Json::object();
    for (const auto& [key, value] : left.members())
        defaults.set(key, value);
    Json custom = left[u"custom"].isObject() ? left[u"custom"] : Json::object();
    setDrawing(panel, custom);
    setFill(panel, custom);
    defaults.set(u"custom"_s, custom);
    if (panel[u"nullPointMode"].isString())
        defaults.set(u"nullValueMode"_s, panel[u"nullPointMode"]);
    setThresholds(panel, defaults);
    Json overrides = graphOverrides(panel, defaults);
    Json options = Json::object({{u"legend"_s, legendOptions(panel[u"legend"])},
                                 {u"tooltip"_s, tooltipOptions(panel[u"tooltip"])}});
    replaceMembers(panel, u"timeseries"_s, std::move(options), std::move(defaults), std::move(overrides));
}

} // namespace Promdeck::Migration
