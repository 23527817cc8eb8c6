#include "models/dashboard/readerparts.h"

#include <cmath>

namespace Promdeck::Internal {

using namespace Qt::StringLiterals;

namespace {

constexpr double kMaxGridExtent = 10000; // keeps hostile positions computable

double gridNumber(const Json& json, double fallback)
{
    const std::optional<double> value = looseNumber(json);
    return value && std::isfinite(*value) ? std::clamp(*value, 0., kMaxGridExtent) : fallback;
}

GridPos gridPosFromJson(const Json& json, bool isRow)
{
    GridPos pos;
    pos.x = std::min(gridNumber(json[u"x"], 0), 23.);
    pos.y = gridNumber(json[u"y"], 0);
    pos.w = gridNumber(json[u"w"], 4);
    pos.h = gridNumber(json[u"h"], 4);
    if (pos.w <= 0)
        pos.w = 4;
    if (pos.h <= 0)
        pos.h = 4;
    if (isRow)
        pos = {0, pos.y, 24, 1};
    pos.w = std::min(pos.w, 24.);
    pos.x = std::min(pos.x, 24 - pos.w);
    return pos;
}

Target targetFromJson(const Json& json, const DatasourceRef& panelSource)
{
    Target target;
    target.refId = json[u"refId"].scalarText();
    target.expr = json[u"expr"].scalarText();
    target.legendFormat = json[u"legendFormat"].scalarText();
    target.format = json[u"format"].toString(u"time_series"_s);
    if (target.format.isEmpty())
        target.format = u"time_series"_s;
    target.interval = json[u"interval"].scalarText();
    const double factor = looseNumber(json[u"intervalFactor"]).value_or(1);
    target.intervalFactor = factor > 0 && std::isfinite(factor) ? factor : 1;
    target.instant = json[u"instant"].toBool();
    target.range = json[u"range"].toBool(!target.instant);
    if (!target.instant && !target.range)
        target.range = true;
    target.hide = json[u"hide"].toBool();
    target.exemplar = json[u"exemplar"].toBool();
    target.datasource = datasourceFromJson(json[u"datasource"]);
    const bool mixed = panelSource.uid == u"-- Mixed --";
    if (target.datasource.uid.isEmpty() && !mixed)
        target.datasource = panelSource;
    target.raw = json;
    return target;
}

QString takeType(QStringList& types, const QString& fallback)
{
    return types.isEmpty() ? fallback : types.takeFirst();
}

} // namespace

DatasourceRef datasourceFromJson(const Json& json)
{
    if (json.isObject()) {
        DatasourceRef ref {json[u"type"].toString(), json[u"uid"].scalarText()};
        if (ref.uid.isEmpty())
            ref.uid = json[u"name"].toString(); // v2 and some generators
        return ref.uid == u"default" ? DatasourceRef {ref.type, {}} : ref;
    }
    const QString name = json.toString();
    return {{}, name == u"default" ? QString() : name};
}

std::optional<double> looseNumber(const Json& json)
{
    if (json.isNumber())
        return json.toDouble();
    bool ok = false;
    const double value = json.toString().toDouble(&ok);
    return ok && std::isfinite(value) ? std::optional(value) : std::nullopt;
}

LinkSpec linkFromJson(const Json& json)
{
    LinkSpec link;
    link.title = json[u"title"].scalarText();
    link.url = json[u"url"].scalarText();
    link.type = json[u"type"].toString(u"link"_s);
    for (const Json& tag : json[u"tags"].items())
        link.tags.append(tag.scalarText());
    link.tooltip = json[u"tooltip"].scalarText();
    link.icon = json[u"icon"].toString();
    link.targetBlank = json[u"targetBlank"].toBool();
    link.includeVars = json[u"includeVars"].toBool();
    link.keepTime = json[u"keepTime"].toBool();
    link.asDropdown = json[u"asDropdown"].toBool();
    return link;
}

PanelSpec panelFromJson(const Json& json, QStringList& originalTypes)
{
    PanelSpec panel;
    panel.id = int(json[u"id"].toInt());
    panel.type = json[u"type"].toString();
    panel.originalType = takeType(originalTypes, panel.type);
    panel.title = json[u"title"].scalarText();
    panel.description = json[u"description"].scalarText();
    panel.transparent = json[u"transparent"].toBool();
    panel.gridPos = gridPosFromJson(json[u"gridPos"], panel.isRow());
    panel.datasource = datasourceFromJson(json[u"datasource"]);
    for (const Json& target : json[u"targets"].items())
        panel.targets.push_back(targetFromJson(target, panel.datasource));
    panel.options = json[u"options"];
    panel.fieldConfig = json[u"fieldConfig"];
    panel.transformations = json[u"transformations"];
    if (const std::optional<double> points = looseNumber(json[u"maxDataPoints"]); points && *points > 0)
        panel.maxDataPoints = points;
    panel.interval = json[u"interval"].scalarText();
    panel.timeFrom = json[u"timeFrom"].scalarText();
    panel.timeShift = json[u"timeShift"].scalarText();
    panel.hideTimeOverride = json[u"hideTimeOverride"].toBool();
    panel.repeat = json[u"repeat"].toString();
    panel.repeatDirection = json[u"repeatDirection"].toString() == u"v" ? u"v"_s : u"h"_s;
    panel.maxPerRow = int(std::clamp(looseNumber(json[u"maxPerRow"]).value_or(4), 1., 24.));
    for (const Json& link : json[u"links"].items())
        panel.links.push_back(linkFromJson(link));
    panel.collapsed = panel.isRow() && json[u"collapsed"].toBool();
    for (const Json& child : json[u"panels"].items()) {
        const QString childType = takeType(originalTypes, child[u"type"].toString());
        QStringList own {childType};
        // Rows do not nest, and nothing but a collapsed row has panels inside.
        if (panel.isRow() && child[u"type"].toString() != u"row") {
            Json flat = child;
            flat.remove(u"panels");
            panel.children.push_back(panelFromJson(flat, own));
        }
    }
    panel.raw = json;
    return panel;
}

AnnotationSpec annotationFromJson(const Json& json)
{
    AnnotationSpec annotation;
    annotation.name = json[u"name"].scalarText();
    annotation.expr = json[u"expr"].isString() ? json[u"expr"].toString() : json.path(u"target.expr").toString();
    annotation.iconColor = json[u"iconColor"].toString();
    annotation.enable = json[u"enable"].toBool(true);
    annotation.hide = json[u"hide"].toBool();
    annotation.builtIn = json[u"builtIn"].toInt() != 0 || json[u"builtIn"].toBool();
    annotation.datasource = datasourceFromJson(json[u"datasource"]);
    annotation.raw = json;
    return annotation;
}

} // namespace Promdeck::Internal
