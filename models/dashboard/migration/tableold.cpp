#include "models/dashboard/migration/jsonedit.h"
#include "models/dashboard/migration/migration.h"

#include <QRegularExpression>

namespace Promdeck::Migration {

using namespace Qt::StringLiterals;

namespace {

constexpr auto kWholeRegex = "^/.*/$";

Json thresholdsOf(const Json& style)
{
    if (style[u"thresholds"].size() == 0 || !style[u"thresholds"].isArray())
        return {};
    Json steps = Json::array({Json::object({{u"color"_s, style[u"colors"].at(0)}, {u"value"_s, nullptr}})});
    qsizetype index = 1;
    for (const Json& level : style[u"thresholds"].items()) {
        const Json& color = style[u"colors"].at(index++);
        const std::optional<double> value = number(level);
        if (value && truthy(level) && color.isString())
            steps.append(Json::object({{u"color"_s, color}, {u"value"_s, numberJson(*value)}}));
        else if (value && level.isNumber() && color.isString())
            steps.append(Json::object({{u"color"_s, color}, {u"value"_s, numberJson(*value)}}));
    }
    return Json::object({{u"mode"_s, u"absolute"_s}, {u"steps"_s, steps}});
}

Json cellType(const QString& colorMode)
{
    if (colorMode == u"cell" || colorMode == u"row")
        return Json::object({{u"type"_s, u"color-background"_s}});
    if (colorMode == u"value")
        return Json::object({{u"type"_s, u"color-text"_s}});
    return {};
}

/// The old table's cell variables in today's names.
QString linkUrl(QString url)
{
    static const QRegularExpression kColumn(u"\\$\\{?__cell_(\\d+)(:\\w+)?\\}?"_s);
    url.replace(kColumn, u"${__data.fields[\\1]\\2}"_s);
    static const QRegularExpression kCell(u"\\$\\{__cell(:\\w+)?\\}|\\$__cell\\b"_s);
    return url.replace(kCell, u"${__value.raw}"_s);
}

Json styleProperties(const Json& style)
{
    Json out = Json::array();
    const QString type = style[u"type"].toString();
    if (truthy(style[u"alias"]))
        out.append(property(u"displayName"_s, style[u"alias"]));
    if (type == u"hidden") {
        out.append(property(u"custom.hidden"_s, true));
        return out;
    }
    const bool isNumber = type == u"number" || type.isEmpty();
    if (type == u"date") {
        const QString format = style[u"dateFormat"].toString();
        out.append(property(u"unit"_s, QString(u"time: "_s + (format.isEmpty() ? u"YYYY-MM-DD HH:mm:ss"_s : format))));
    } else if (isNumber && truthy(style[u"unit"])) {
        out.append(property(u"unit"_s, style[u"unit"]));
    }
    if (isNumber && style[u"decimals"].isNumber())
        out.append(property(u"decimals"_s, style[u"decimals"]));
    if (truthy(style[u"link"]))
        out.append(property(u"links"_s, Json::array({Json::object(
            {{u"title"_s, style[u"linkTooltip"].scalarText()},
             {u"url"_s, linkUrl(style[u"linkUrl"].scalarText())},
             {u"targetBlank"_s, truthy(style[u"linkTargetBlank"])}})})));
    const Json cell = cellType(style[u"colorMode"].toString());
    if (!cell.isNull())
        out.append(property(u"custom.cellOptions"_s, cell));
    const QString align = style[u"align"].toString();
    if (!align.isEmpty() && align != u"auto")
        out.append(property(u"custom.align"_s, align));
    const Json thresholds = thresholdsOf(style);
    if (!thresholds.isNull())
        out.append(property(u"thresholds"_s, thresholds));
    if (type == u"string") {
        const Json mappings = angularMappings(style, thresholds);
        if (!mappings.isNull())
            out.append(property(u"mappings"_s, mappings));
    }
    return out;
}

/// The style for everything becomes the defaults.
Json styleDefaults(const Json& style)
{
    Json defaults = Json::object({{u"custom"_s, Json::object()}});
    const Json properties = styleProperties(style); // named, because items() refers into it
    for (const Json& item : properties.items())
        defaults.setPath(item[u"id"].toString(), item[u"value"]);
    return defaults;
}

/// Reduced tables named their columns "Metric" and as the panel says; the transformation has names of its own.
Json aggregationNames(const Json& columns)
{
    Json names = Json::object({{u"Field"_s, u"Metric"_s}});
    for (const Json& column : columns.items()) {
        const QString header = reducerHeader(reducerId(column[u"value"].toString()));
        if (!header.isEmpty() && truthy(column[u"text"]) && header != column[u"text"].scalarText())
            names.set(header, column[u"text"].scalarText());
    }
    return Json::object({{u"id"_s, u"organize"_s}, {u"options"_s, Json::object({{u"renameByName"_s, names}})}});
}

void appendTransformations(Json& panel)
{
    const QString transform = panel[u"transform"].toString();
    Json steps = panel[u"transformations"].isArray() ? panel[u"transformations"] : Json::array();
    const auto append = [&steps](const QString& id, Json options) {
        steps.append(Json::object({{u"id"_s, id}, {u"options"_s, std::move(options)}}));
    };
    if (transform == u"timeseries_to_rows") {
        append(u"seriesToRows"_s, Json::object());
    } else if (transform == u"timeseries_to_columns") {
        append(u"seriesToColumns"_s, Json::object());
    } else if (transform == u"table") {
        append(u"merge"_s, Json::object());
    } else if (transform == u"timeseries_aggregations") {
        Json reducers = Json::array();
        for (const Json& column : panel[u"columns"].items()) {
            const QString id = reducerId(column[u"value"].toString());
            if (!id.isEmpty())
                reducers.append(id);
        }
        if (reducers.size() == 0)
            reducers.append(u"mean"_s);
        append(u"reduce"_s, Json::object({{u"includeTimeField"_s, false}, {u"reducers"_s, reducers}}));
        steps.append(aggregationNames(panel[u"columns"]));
    } else {
        return; // annotations, json: nothing of today does the same; the member stays and is reported
    }
    panel.remove(u"transform");
    panel.set(u"transformations"_s, steps);
}

/// The sorted column, where its name follows from the panel alone.
void setSort(Json& panel, const QString& transform, Json& options)
{
    const Json sort = panel[u"sort"];
    if (!sort[u"col"].isNumber()) {
        panel.remove(u"sort");
        return;
    }
    const qint64 column = sort[u"col"].toInt();
    QString name;
    if (transform == u"timeseries_aggregations")
        name = column == 0 ? u"Metric"_s : panel[u"columns"].at(column - 1)[u"text"].scalarText();
    else if (column == 0)
        name = u"Time"_s;
    else if (transform == u"timeseries_to_rows" && column <= 2)
        name = column == 1 ? u"Metric"_s : u"Value"_s;
    if (name.isEmpty())
        return; // stays, to be reported
    const Json by = Json::object({{u"displayName"_s, name}, {u"desc"_s, truthy(sort[u"desc"])}});
    options.set(u"sortBy"_s, Json::array({by}));
    panel.remove(u"sort");
}

} // namespace

void convertTableOld(Json& panel)
{
    static const QRegularExpression kRegex(QString::fromLatin1(kWholeRegex));
    Json defaults = Json::object({{u"custom"_s, Json::object()}});
    Json overrides = Json::array();
    for (const Json& style : panel[u"styles"].items()) {
        const QString pattern = style[u"pattern"].toString();
        if (pattern == u"/.*/") {
            defaults = styleDefaults(style);
            continue;
        }
        const Json properties = styleProperties(style);
        if (pattern.isEmpty() || properties.size() == 0)
            continue;
        overrides.append(overrideRule(kRegex.match(pattern).hasMatch() ? u"byRegexp"_s : u"byName"_s, pattern, properties));
    }
    Json options = Json::object({{u"showHeader"_s, panel[u"showHeader"].isNull() || truthy(panel[u"showHeader"])}});
    setSort(panel, panel[u"transform"].toString(), options);
    appendTransformations(panel);
    removeAll(panel, {u"columns", u"fontSize", u"pageSize", u"scroll", u"showHeader", u"styles"});
    panel.set(u"type"_s, u"table"_s);
    panel.set(u"options"_s, options);
    panel.set(u"fieldConfig"_s, Json::object({{u"defaults"_s, defaults}, {u"overrides"_s, overrides}}));
    panel.set(u"pluginVersion"_s, convertedBy());
}

} // namespace Promdeck::Migration
