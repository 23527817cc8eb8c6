#include "models/dashboard/paneledit.h"

#include <QSet>

#include <algorithm>

namespace Promdeck {

using namespace Qt::StringLiterals;

namespace {

const QString kTargets = u"targets"_s;
const QString kOverrides = u"fieldConfig.overrides"_s;
const QString kTransformations = u"transformations"_s;
const QString kPutAway = u"promdeck.types"_s;

bool isInside(const Json& list, qsizetype index)
{
    return list.isArray() && index >= 0 && index < list.size();
}

Json withMoved(const Json& panel, const QString& path, qsizetype from, qsizetype to)
{
    Json list = panel.path(path);
    if (!isInside(list, from) || !isInside(list, to) || from == to)
        return panel;
    const Json item = list.at(from);
    list.removeAt(from);
    list.insertAt(to, item);
    Json edited = panel;
    edited.setPath(path, list);
    return edited;
}

Json withRemoved(const Json& panel, const QString& path, qsizetype index)
{
    Json list = panel.path(path);
    if (!isInside(list, index))
        return panel;
    list.removeAt(index);
    Json edited = panel;
    edited.setPath(path, list);
    return edited;
}

/// The item of a list changed by `change`.
template <typename Change>
Json withItem(const Json& panel, const QString& path, qsizetype index, Change change)
{
    Json list = panel.path(path);
    if (!isInside(list, index))
        return panel;
    Json item = list.at(index);
    change(item);
    list.setAt(index, item);
    Json edited = panel;
    edited.setPath(path, list);
    return edited;
}

Json withAppended(const Json& panel, const QString& path, const Json& item)
{
    Json list = panel.path(path);
    if (!list.isArray())
        list = Json::array();
    list.append(item);
    Json edited = panel;
    edited.setPath(path, list);
    return edited;
}

/// Options that mean the same in every type that has them.
const QStringList& sharedOptions()
{
    static const QStringList names {u"legend"_s, u"tooltip"_s, u"reduceOptions"_s, u"orientation"_s, u"text"_s};
    return names;
}

/// Types whose options of a name look alike. A legend of a heatmap is another thing than one of a pie.
bool sharesOption(const QString& name, const QString& from, const QString& to)
{
    static const QSet<QString> legends {u"timeseries"_s, u"barchart"_s,       u"piechart"_s, u"state-timeline"_s,
                                        u"histogram"_s,  u"status-history"_s, u"xychart"_s};
    static const QSet<QString> reduced {u"stat"_s, u"gauge"_s, u"bargauge"_s, u"piechart"_s};
    if (name == u"legend" || name == u"tooltip")
        return legends.contains(from) && legends.contains(to);
    if (name == u"orientation")
        return (reduced.contains(from) && reduced.contains(to)) || from == to;
    return reduced.contains(from) && reduced.contains(to);
}

} // namespace

QString freeRefId(const Json& panel)
{
    QSet<QString> taken;
    for (const Json& target : panel[u"targets"].items())
        taken.insert(target[u"refId"].toString());
    for (int number = 0;; ++number) {
        QString id;
        for (int rest = number; rest >= 0; rest = rest / 26 - 1)
            id.prepend(QChar(u'A' + rest % 26));
        if (!taken.contains(id))
            return id;
    }
}

Json withTargetAdded(const Json& panel, const QString& expr)
{
    const Json::Array& targets = panel[u"targets"].items();
    const Json datasource = targets.empty() ? panel[u"datasource"] : targets.back()[u"datasource"];
    Json target = Json::object();
    if (!datasource.isNull())
        target.set(u"datasource"_s, datasource);
    target.set(u"editorMode"_s, Json(u"code"_s));
    target.set(u"expr"_s, Json(expr));
    target.set(u"legendFormat"_s, Json(u"__auto"_s));
    target.set(u"range"_s, Json(true));
    target.set(u"refId"_s, Json(freeRefId(panel)));
    return withAppended(panel, kTargets, target);
}

Json withTargetDuplicated(const Json& panel, qsizetype index)
{
    Json list = panel[u"targets"];
    if (!isInside(list, index))
        return panel;
    Json copy = list.at(index);
    copy.set(u"refId"_s, Json(freeRefId(panel)));
    list.insertAt(index + 1, copy);
    Json edited = panel;
    edited.set(kTargets, list);
    return edited;
}

Json withTargetRemoved(const Json& panel, qsizetype index)
{
    return withRemoved(panel, kTargets, index);
}

Json withTargetMoved(const Json& panel, qsizetype from, qsizetype to)
{
    return withMoved(panel, kTargets, from, to);
}

Json withTargetMember(const Json& panel, qsizetype index, const QString& key, const Json& value)
{
    return withItem(panel, kTargets, index, [&](Json& target) {
        if (value.isNull())
            target.remove(key);
        else
            target.set(key, value);
    });
}

QString targetKind(const Json& target)
{
    const bool instant = target[u"instant"].toBool();
    const bool range = target.contains(u"range") ? target[u"range"].toBool() : !instant;
    return instant && range ? u"both"_s : instant ? u"instant"_s : u"range"_s;
}

Json withTargetKind(const Json& panel, qsizetype index, const QString& kind)
{
    return withItem(panel, kTargets, index, [&](Json& target) {
        target.set(u"instant"_s, Json(kind != u"range"));
        target.set(u"range"_s, Json(kind != u"instant"));
    });
}

Json withOption(const Json& panel, const QString& path, const Json& value)
{
    Json edited = panel;
    if (!value.isNull()) {
        edited.setPath(path, value);
        return edited;
    }
    if (edited.path(path).isNull())
        return panel;
    QStringList parts = path.split(u'.');
    while (!parts.isEmpty()) {
        const QString name = parts.takeLast();
        if (parts.isEmpty()) {
            edited.remove(name);
            break;
        }
        const QString above = parts.join(u'.');
        Json parent = edited.path(above);
        parent.remove(name);
        edited.setPath(above, parent);
        if (parent.size() > 0 || above == u"options" || above == u"fieldConfig" || above == u"fieldConfig.defaults")
            break;
    }
    return edited;
}

Json withPanelType(const Json& panel, const QString& type)
{
    const QString before = panel[u"type"].toString();
    if (type.isEmpty() || type == before)
        return panel;
    Json edited = panel;
    Json putAway = Json::object();
    putAway.set(u"options"_s, panel[u"options"]);
    putAway.set(u"custom"_s, panel.path(u"fieldConfig.defaults.custom"));
    putAway.set(u"colorMode"_s, panel.path(u"fieldConfig.defaults.color.mode"));
    edited.setPath(kPutAway + u'.' + before, putAway);
    const Json back = edited.path(kPutAway + u'.' + type);
    if (Json types = edited.path(kPutAway); types.remove(type))
        edited.setPath(kPutAway, types);

    edited.set(u"type"_s, Json(type));
    edited.remove(u"pluginVersion");
    Json options = back[u"options"].isObject() ? back[u"options"] : Json::object();
    for (const QString& name : sharedOptions()) {
        const Json& value = panel[u"options"][name];
        if (!value.isNull() && sharesOption(name, before, type))
            options.set(name, value);
    }
    edited.set(u"options"_s, options);
    edited = withOption(edited, u"fieldConfig.defaults.custom"_s, back[u"custom"]);
    // Text panels and lists have no queries to lose: those stay for the next type.
    if (back[u"colorMode"].isString())
        edited.setPath(u"fieldConfig.defaults.color.mode", back[u"colorMode"]);
    else if (!edited.path(u"fieldConfig.defaults.color.fixedColor").isString())
        edited = withOption(edited, u"fieldConfig.defaults.color.mode"_s, {}); // the new type's own default
    return edited;
}

Json withOverrideAdded(const Json& panel, const QString& matcherId)
{
    const Json matcher = Json::object({{u"id"_s, Json(matcherId)}, {u"options"_s, matcherId == u"byType" ? Json(u"number"_s) : Json(QString())}});
    return withAppended(panel, kOverrides, Json::object({{u"matcher"_s, matcher}, {u"properties"_s, Json::array()}}));
}

Json withOverrideRemoved(const Json& panel, qsizetype index)
{
    return withRemoved(panel, kOverrides, index);
}

Json withOverrideMoved(const Json& panel, qsizetype from, qsizetype to)
{
    return withMoved(panel, kOverrides, from, to);
}

Json withOverrideMatcher(const Json& panel, qsizetype index, const Json& matcher)
{
    return withItem(panel, kOverrides, index, [&](Json& rule) { rule.set(u"matcher"_s, matcher); });
}

Json withOverrideProperty(const Json& panel, qsizetype index, const QString& id, const Json& value)
{
    return withItem(panel, kOverrides, index, [&](Json& rule) {
        Json properties = rule[u"properties"];
        const Json property = Json::object({{u"id"_s, Json(id)}, {u"value"_s, value}});
        for (qsizetype at = 0; at < properties.size(); ++at) {
            if (properties.at(at)[u"id"].toString() == id) {
                properties.setAt(at, property);
                rule.set(u"properties"_s, properties);
                return;
            }
        }
        properties.append(property);
        rule.set(u"properties"_s, properties);
    });
}

Json withOverridePropertyRemoved(const Json& panel, qsizetype index, const QString& id)
{
    return withItem(panel, kOverrides, index, [&](Json& rule) {
        Json kept = Json::array();
        for (const Json& property : rule[u"properties"].items()) {
            if (property[u"id"].toString() != id)
                kept.append(property);
        }
        rule.set(u"properties"_s, kept);
    });
}

Json withTransformationAdded(const Json& panel, const QString& id, const Json& options)
{
    return withAppended(panel, kTransformations, Json::object({{u"id"_s, Json(id)}, {u"options"_s, options.isObject() ? options : Json::object()}}));
}

Json withTransformationRemoved(const Json& panel, qsizetype index)
{
    return withRemoved(panel, kTransformations, index);
}

Json withTransformationMoved(const Json& panel, qsizetype from, qsizetype to)
{
    return withMoved(panel, kTransformations, from, to);
}

Json withTransformationDisabled(const Json& panel, qsizetype index, bool disabled)
{
    return withItem(panel, kTransformations, index, [&](Json& step) {
        if (disabled)
            step.set(u"disabled"_s, Json(true));
        else
            step.remove(u"disabled");
    });
}

Json withTransformationOptions(const Json& panel, qsizetype index, const Json& options)
{
    return withItem(panel, kTransformations, index, [&](Json& step) { step.set(u"options"_s, options); });
}

} // namespace Promdeck
