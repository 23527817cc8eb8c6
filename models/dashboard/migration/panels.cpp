#include "models/dashboard/migration/jsonedit.h"
#include "models/dashboard/migration/migration.h"

#include <QRegularExpression>

namespace Promdeck::Migration {

using namespace Qt::StringLiterals;

namespace {

bool isType(const Json& panel, QStringView type)
{
    return panel[u"type"].toString() == type;
}

// 2: names of the first releases
void firstNames(Json& panel)
{
    if (isType(panel, u"graphite"))
        panel.set(u"type"_s, u"graph"_s);
    if (!isType(panel, u"graph"))
        return;
    if (panel[u"legend"].isBool())
        panel.set(u"legend"_s, Json::object({{u"show"_s, panel[u"legend"]}}));
    edit(panel, u"grid", [](Json& grid) {
        grid.rename(u"min", u"leftMin"_s);
        grid.rename(u"max", u"leftMax"_s);
    });
    if (truthy(panel[u"y_format"]) || truthy(panel[u"y2_format"])) {
        panel.set(u"y_formats"_s, Json::array({panel[u"y_format"], panel[u"y2_format"]}));
        removeAll(panel, {u"y_format", u"y2_format"});
    }
}

// 4: axis by alias
void aliasYAxis(Json& panel)
{
    if (!isType(panel, u"graph") || !panel[u"aliasYAxis"].isObject())
        return;
    Json rules = panel[u"seriesOverrides"].isArray() ? panel[u"seriesOverrides"] : Json::array();
    for (const auto& [alias, axis] : panel[u"aliasYAxis"].members())
        rules.append(Json::object({{u"alias"_s, alias}, {u"yaxis"_s, axis}}));
    panel.set(u"seriesOverrides"_s, rules);
    panel.remove(u"aliasYAxis");
}

// 9: singlestat thresholds lost their first, meaningless value
void shortenSinglestatThresholds(Json& panel)
{
    if (!isType(panel, u"singlestat") || !panel[u"thresholds"].isString())
        return;
    QStringList parts = panel[u"thresholds"].toString().split(u',');
    if (parts.size() >= 3) {
        parts.removeFirst();
        panel.set(u"thresholds"_s, parts.join(u','));
    }
}

// 10: the same for table styles
void shortenStyleThresholds(Json& panel)
{
    if (!isType(panel, u"table"))
        return;
    editEach(panel, u"styles", [](Json& style) {
        if (style[u"thresholds"].isArray() && style[u"thresholds"].size() >= 3)
            edit(style, u"thresholds", [](Json& thresholds) { thresholds.removeAt(0); });
    });
}

// 12: axes left the grid
void gridToAxes(Json& panel)
{
    const Json grid = panel[u"grid"];
    if (!isType(panel, u"graph") || !grid.isObject() || truthy(panel[u"yaxes"]))
        return;
    const Json& formats = panel[u"y_formats"];
    const Json show = panel.contains(u"y-axis") ? panel[u"y-axis"] : Json(true);
    const auto axis = [&](QStringView side, const Json& format, const Json& label) {
        const auto part = [&](QStringView name) { return grid[QString(side.toString() + name.toString())]; };
        return Json::object({{u"show"_s, show},
                             {u"min"_s, part(u"Min")},
                             {u"max"_s, part(u"Max")},
                             {u"logBase"_s, part(u"LogBase")},
                             {u"format"_s, format},
                             {u"label"_s, label}});
    };
    panel.set(u"yaxes"_s, Json::array({axis(u"left", formats.at(0), panel[u"leftYAxisLabel"]),
                                       axis(u"right", formats.at(1), panel[u"rightYAxisLabel"])}));
    panel.set(u"xaxis"_s, Json::object({{u"show"_s, panel.contains(u"x-axis") ? panel[u"x-axis"] : Json(true)}}));
    edit(panel, u"grid", [](Json& rest) {
        removeAll(rest, {u"leftMin", u"leftMax", u"leftLogBase", u"rightMin", u"rightMax", u"rightLogBase"});
    });
    removeAll(panel, {u"y_formats", u"leftYAxisLabel", u"rightYAxisLabel", u"y-axis", u"x-axis"});
}

Json gridThreshold(const Json& grid, const QString& name)
{
    const bool line = truthy(grid[u"thresholdLine"]);
    return Json::object({{u"value"_s, grid[name]},
                         {line ? u"line"_s : u"fill"_s, true},
                         {line ? u"lineColor"_s : u"fillColor"_s, grid[QString(name + u"Color"_s)]},
                         {u"colorMode"_s, u"custom"_s}});
}

// 13: thresholds left the grid
void gridToThresholds(Json& panel)
{
    const Json grid = panel[u"grid"];
    if (!isType(panel, u"graph") || !grid.isObject())
        return;
    Json thresholds = panel[u"thresholds"].isArray() ? panel[u"thresholds"] : Json::array();
    const Json& first = grid[u"threshold1"];
    const Json& second = grid[u"threshold2"];
    if (first.isNumber()) {
        const bool falling = second.isNumber() && first.toDouble() > second.toDouble();
        for (const QString& name : {u"threshold1"_s, u"threshold2"_s}) {
            if (!grid[name].isNumber())
                continue;
            Json threshold = gridThreshold(grid, name);
            threshold.set(u"op"_s, falling ? u"lt"_s : u"gt"_s);
            thresholds.append(std::move(threshold));
        }
    }
    panel.set(u"thresholds"_s, thresholds);
    edit(panel, u"grid", [](Json& rest) {
        removeAll(rest, {u"threshold1", u"threshold1Color", u"threshold2", u"threshold2Color", u"thresholdLine"});
    });
}

// 17: the narrowest width of a repeated panel became the number per row
void minSpanToMaxPerRow(Json& panel)
{
    if (truthy(panel[u"minSpan"])) {
        const double most = 24 / std::max(0.001, number(panel[u"minSpan"]).value_or(24));
        int best = 1;
        for (const int factor : {1, 2, 3, 4, 6, 8, 12, 24}) {
            if (factor <= most)
                best = factor;
        }
        panel.set(u"maxPerRow"_s, best);
    }
    panel.remove(u"minSpan");
}

// 18: the first gauge's options
void gaugeOptions(Json& panel)
{
    if (!panel[u"options-gauge"].isObject())
        return;
    Json options = panel[u"options-gauge"];
    Json valueOptions = Json::object();
    for (const QString& key : {u"unit"_s, u"stat"_s, u"decimals"_s, u"prefix"_s, u"suffix"_s}) {
        setIfPresent(valueOptions, key, options[key]);
        options.remove(key);
    }
    options.set(u"valueOptions"_s, valueOptions);
    edit(options, u"thresholds", [](Json& thresholds) {
        Json::Array items = thresholds.items();
        std::reverse(items.begin(), items.end());
        thresholds = Json::array(std::move(items));
    });
    options.remove(u"options");
    panel.set(u"options"_s, options);
    panel.remove(u"options-gauge");
}

QString withQuery(const QString& url, const QString& query)
{
    return query.isEmpty() ? url : url + (url.contains(u'?') ? u'&' : u'?') + query;
}

// 19: panel links became data links
void panelLinks(Json& panel)
{
    editEach(panel, u"links", [](Json& link) {
        if (!link.isObject())
            return;
        QString url = link[u"url"].toString();
        if (url.isEmpty() && truthy(link[u"dashboard"]))
            url = u"dashboard/db/"_s + link[u"dashboard"].scalarText().toLower().simplified().replace(u' ', u'-');
        if (url.isEmpty() && truthy(link[u"dashUri"]))
            url = u"dashboard/"_s + link[u"dashUri"].scalarText();
        if (url.isEmpty())
            url = u"/"_s;
        if (truthy(link[u"keepTime"]))
            url = withQuery(url, u"$__url_time_range"_s);
        if (truthy(link[u"includeVars"]))
            url = withQuery(url, u"$__all_variables"_s);
        url = withQuery(url, link[u"params"].scalarText());
        Json upgraded = Json::object({{u"url"_s, url}, {u"title"_s, link[u"title"]}});
        setIfPresent(upgraded, u"targetBlank"_s, link[u"targetBlank"]);
        link = std::move(upgraded);
    });
}

template <typename F>
void editDataLinks(Json& panel, F&& rewrite)
{
    const auto each = [&rewrite](Json& link) {
        if (link[u"url"].isString())
            link.set(u"url"_s, rewrite(link[u"url"].toString()));
    };
    edit(panel, u"options", [&](Json& options) {
        editEach(options, u"dataLinks", each);
        edit(options, u"fieldOptions", [&](Json& fieldOptions) {
            edit(fieldOptions, u"defaults", [&](Json& defaults) {
                editEach(defaults, u"links", each);
                if (defaults[u"title"].isString())
                    defaults.set(u"title"_s, rewrite(defaults[u"title"].toString()));
            });
        });
    });
}

// 20: variables of data links
void dataLinkVariables(Json& panel)
{
    editDataLinks(panel, [](QString text) {
        static const QRegularExpression kSeries(u"\\$?__series_name"_s);
        static const QRegularExpression kField(u"\\$?__field_name"_s);
        const auto braced = [](QString in, const QRegularExpression& from, const QString& to) {
            QString out;
            qsizetype last = 0;
            for (auto it = from.globalMatch(in); it.hasNext();) {
                const auto match = it.next();
                out += in.mid(last, match.capturedStart() - last);
                out += match.captured().startsWith(u'$') ? u"${"_s + to + u"}"_s : to;
                last = match.capturedEnd();
            }
            return QString(out + in.mid(last));
        };
        text = braced(text, kSeries, u"__series.name"_s);
        text = braced(text, kField, u"__field.name"_s);
        return text.replace(u"__value_time"_s, u"__value.time"_s);
    });
}

// 21: labels belong to the field
void seriesLabels(Json& panel)
{
    editDataLinks(panel, [](QString text) { return text.replace(u"__series.labels"_s, u"__field.labels"_s); });
}

// 22
void styleAlign(Json& panel)
{
    if (isType(panel, u"table"))
        editEach(panel, u"styles", [](Json& style) {
            if (style.isObject())
                style.set(u"align"_s, u"auto"_s);
        });
}

// 24: the Angular table got a name of its own
void tableOldName(Json& panel)
{
    if (isType(panel, u"table") && truthy(panel[u"styles"]))
        panel.set(u"type"_s, u"table-old"_s);
}

// 26
void textName(Json& panel)
{
    if (!isType(panel, u"text2"))
        return;
    panel.set(u"type"_s, u"text"_s);
    edit(panel, u"options", [](Json& options) { options.remove(u"angular"); });
}

// 30: new value mappings, and the tooltip's name
void mappingsAndTooltip(Json& panel)
{
    edit(panel, u"fieldConfig", [](Json& config) {
        edit(config, u"defaults", [](Json& defaults) {
            if (defaults[u"mappings"].isArray())
                defaults.set(u"mappings"_s, upgradeMappings(defaults[u"mappings"], defaults[u"thresholds"]));
        });
        editEach(config, u"overrides", [](Json& rule) {
            editEach(rule, u"properties", [](Json& item) {
                if (item[u"id"].toString() == u"mappings")
                    item.set(u"value"_s, upgradeMappings(item[u"value"], {}));
            });
        });
    });
    if (isType(panel, u"timeseries") || isType(panel, u"xychart"))
        edit(panel, u"options", [](Json& options) { options.rename(u"tooltipOptions", u"tooltip"_s); });
}

// 31: labels to fields no longer merges
void mergeAfterLabels(Json& panel)
{
    edit(panel, u"transformations", [](Json& list) {
        Json out = Json::array();
        for (const Json& step : list.items()) {
            out.append(step);
            if (step[u"id"].toString() == u"labelsToFields")
                out.append(Json::object({{u"id"_s, u"merge"_s}, {u"options"_s, Json::object()}}));
        }
        if (list.isArray())
            list = std::move(out);
    });
}

// 33: references instead of names
void datasourceReferences(Json& panel)
{
    if (panel[u"datasource"].isString())
        panel.set(u"datasource"_s, datasourceReference(panel[u"datasource"]));
    editEach(panel, u"targets", [](Json& target) {
        if (target[u"datasource"].isString())
            target.set(u"datasource"_s, datasourceReference(target[u"datasource"]));
    });
}

// 35: hiding all axes used to leave the time axis
void keepTimeAxis(Json& panel)
{
    if (!isType(panel, u"timeseries")
        || panel.path(u"fieldConfig.defaults.custom.axisPlacement").toString() != u"hidden")
        return;
    edit(panel, u"fieldConfig", [](Json& config) {
        Json overrides = config[u"overrides"].isArray() ? config[u"overrides"] : Json::array();
        overrides.append(overrideRule(u"byType"_s, u"time"_s,
                                      Json::array({property(u"custom.axisPlacement"_s, u"auto"_s)})));
        config.set(u"overrides"_s, overrides);
    });
}

// 37: one way to hide a legend
void showLegend(Json& panel)
{
    edit(panel, u"options", [](Json& options) {
        edit(options, u"legend", [](Json& legend) {
            if (!legend.isObject())
                return;
            const Json& shown = legend[u"showLegend"];
            const bool hidden = legend[u"displayMode"].toString() == u"hidden" || (shown.isBool() && !shown.toBool());
            if (hidden)
                legend.set(u"displayMode"_s, u"list"_s);
            legend.set(u"showLegend"_s, !hidden);
        });
    });
}

// 38: cell display modes became objects
void cellModes(Json& panel)
{
    if (!isType(panel, u"table"))
        return;
    edit(panel, u"fieldConfig", [](Json& config) {
        edit(config, u"defaults", [](Json& defaults) {
            edit(defaults, u"custom", [](Json& custom) {
                if (!custom[u"displayMode"].isString())
                    return;
                custom.set(u"cellOptions"_s, cellOptions(custom[u"displayMode"].toString()));
                custom.remove(u"displayMode");
            });
        });
        editEach(config, u"overrides", [](Json& rule) {
            editEach(rule, u"properties", [](Json& item) {
                if (item[u"id"].toString() != u"custom.displayMode")
                    return;
                item.set(u"id"_s, u"custom.cellOptions"_s);
                item.set(u"value"_s, cellOptions(item[u"value"].toString()));
            });
        });
    });
}

// 39: several settings per query in "time series to table"
void trendOptions(Json& panel)
{
    editEach(panel, u"transformations", [](Json& step) {
        if (step[u"id"].toString() != u"timeSeriesTable" || !step.path(u"options.refIdToStat").isObject())
            return;
        Json options = Json::object();
        for (const auto& [refId, stat] : step.path(u"options.refIdToStat").members())
            options.set(refId, Json::object({{u"stat"_s, stat}}));
        step.set(u"options"_s, options);
    });
}

// 42: a series hidden from the plot is hidden from the tooltip
void hideFromTooltip(Json& panel)
{
    edit(panel, u"fieldConfig", [](Json& config) {
        editEach(config, u"overrides", [](Json& rule) {
            editEach(rule, u"properties", [](Json& item) {
                if (item[u"id"].toString() == u"custom.hideFrom" && truthy(item.path(u"value.viz")))
                    item.setPath(u"value.tooltip", true);
            });
        });
    });
}

} // namespace

Json cellOptions(const QString& displayMode)
{
    const auto of = [](const QString& type, const QString& mode = {}) {
        Json out = Json::object({{u"type"_s, type}});
        if (!mode.isEmpty())
            out.set(u"mode"_s, mode);
        return out;
    };
    if (displayMode == u"basic" || displayMode == u"gradient-gauge" || displayMode == u"lcd-gauge")
        return of(u"gauge"_s, displayMode == u"basic" ? u"basic"_s : displayMode == u"lcd-gauge" ? u"lcd"_s : u"gradient"_s);
    if (displayMode == u"color-background" || displayMode == u"color-background-solid")
        return of(u"color-background"_s, displayMode == u"color-background" ? u"gradient"_s : u"basic"_s);
    return of(displayMode.isEmpty() ? u"auto"_s : displayMode);
}

std::vector<PanelStep> panelSteps()
{
    return {{2, firstNames},       {4, aliasYAxis},        {9, shortenSinglestatThresholds},
            {10, shortenStyleThresholds}, {12, gridToAxes}, {13, gridToThresholds},
            {17, minSpanToMaxPerRow}, {18, gaugeOptions},  {19, panelLinks},
            {20, dataLinkVariables}, {21, seriesLabels},   {22, styleAlign},
            {24, tableOldName},    {26, textName},         {30, mappingsAndTooltip},
            {31, mergeAfterLabels}, {33, datasourceReferences}, {35, keepTimeAxis},
            {37, showLegend},      {38, cellModes},        {39, trendOptions},
            {42, hideFromTooltip}};
}

} // namespace Promdeck::Migration
