#include "models/dashboard/migration/jsonedit.h"
#include "models/dashboard/migration/migration.h"

namespace Promdeck::Migration {

using namespace Qt::StringLiterals;

namespace {

template <typename F>
void editVariables(Json& dashboard, F&& f)
{
    edit(dashboard, u"templating", [&f](Json& templating) {
        editEach(templating, u"list", [&f](Json& variable) {
            if (variable.isObject())
                f(variable);
        });
    });
}

// 6: pull-downs became annotations, filters became queries
void liftPulldowns(Json& dashboard)
{
    for (const Json& pulldown : dashboard[u"pulldowns"].items()) {
        if (pulldown[u"type"].toString() == u"annotations" && dashboard[u"annotations"].isNull()) {
            const Json& list = pulldown[u"annotations"];
            dashboard.set(u"annotations"_s, Json::object({{u"list"_s, list.isArray() ? list : Json::array()}}));
        }
    }
    editVariables(dashboard, [](Json& variable) {
        const QString type = variable[u"type"].toString();
        if (type.isEmpty() || type == u"filter")
            variable.set(u"type"_s, u"query"_s);
    });
}

// 7: the time picker came out of nav
void liftTimepicker(Json& dashboard)
{
    if (dashboard[u"nav"].size() > 0 && dashboard[u"timepicker"].isNull())
        dashboard.set(u"timepicker"_s, dashboard[u"nav"].at(0));
}

// 12: refresh as a number, hide as a number
void numberRefreshAndHide(Json& dashboard)
{
    editVariables(dashboard, [](Json& variable) {
        variable.set(u"refresh"_s, truthy(variable[u"refresh"]) ? 1 : 0);
        if (truthy(variable[u"hideVariable"]))
            variable.set(u"hide"_s, 2);
        else if (truthy(variable[u"hideLabel"]))
            variable.set(u"hide"_s, 1);
    });
}

// 14: one flag became the tooltip mode
void sharedCrosshair(Json& dashboard)
{
    if (dashboard.contains(u"sharedCrosshair") || dashboard[u"graphTooltip"].isNull())
        dashboard.set(u"graphTooltip"_s, truthy(dashboard[u"sharedCrosshair"]) ? 1 : 0);
    dashboard.remove(u"sharedCrosshair");
}

// 23: current is a list exactly when the variable is multi
void alignCurrent(Json& dashboard)
{
    editVariables(dashboard, [](Json& variable) {
        if (!variable[u"multi"].isBool() || variable[u"current"].size() == 0)
            return;
        const bool multi = variable[u"multi"].toBool();
        edit(variable, u"current", [multi](Json& current) {
            if (!current.isObject())
                return;
            for (const QString& key : {u"value"_s, u"text"_s}) {
                const Json value = current[key];
                if (multi && !value.isArray())
                    current.set(key, value.isNull() ? Json::array() : Json::array({value}));
                else if (!multi && value.isArray())
                    current.set(key, value.at(0));
            }
        });
    });
}

// 27: a visible constant is a text box
void visibleConstants(Json& dashboard)
{
    editVariables(dashboard, [](Json& variable) {
        if (variable[u"type"].toString() != u"constant")
            return;
        const QString text = variable[u"query"].scalarText();
        const Json current = Json::object({{u"selected"_s, true}, {u"text"_s, text}, {u"value"_s, text}});
        variable.set(u"current"_s, current);
        variable.set(u"options"_s, Json::array({current}));
        if (variable[u"hide"].toInt() < 2)
            variable.set(u"type"_s, u"textbox"_s);
    });
}

// 28: value groups went away
void dropTags(Json& dashboard)
{
    editVariables(dashboard, [](Json& variable) {
        removeAll(variable, {u"tags", u"tagsQuery", u"tagValuesQuery", u"useTags"});
    });
}

// 29: query variables refresh at least on load, and do not keep options
void refreshOnLoad(Json& dashboard)
{
    editVariables(dashboard, [](Json& variable) {
        if (variable[u"type"].toString() != u"query")
            return;
        const qint64 refresh = variable[u"refresh"].toInt();
        if (refresh != 1 && refresh != 2)
            variable.set(u"refresh"_s, 1);
        // The options of the file stay: they are what is left to show when the server cannot be asked.
    });
}

// 36: references instead of names in annotations; variables follow
void datasourceReferences(Json& dashboard)
{
    edit(dashboard, u"annotations", [](Json& annotations) {
        editEach(annotations, u"list", [](Json& annotation) {
            if (annotation[u"datasource"].isString())
                annotation.set(u"datasource"_s, datasourceReference(annotation[u"datasource"]));
        });
    });
    editVariables(dashboard, [](Json& variable) {
        if (variable[u"datasource"].isString())
            variable.set(u"datasource"_s, datasourceReference(variable[u"datasource"]));
    });
}

// 40: refresh is always a text
void refreshText(Json& dashboard)
{
    if (dashboard.contains(u"refresh") && !dashboard[u"refresh"].isString())
        dashboard.set(u"refresh"_s, QString(u""_s));
}

// 41: time_options were never used
void dropTimeOptions(Json& dashboard)
{
    edit(dashboard, u"timepicker", [](Json& timepicker) {
        if (timepicker.isObject())
            timepicker.remove(u"time_options");
    });
}

} // namespace

Json datasourceReference(const Json& datasource)
{
    if (datasource.isObject())
        return datasource;
    const QString name = datasource.toString();
    if (name.isEmpty() || name == u"default")
        return {};
    if (name == u"-- Grafana --")
        return Json::object({{u"type"_s, u"datasource"_s}, {u"uid"_s, u"grafana"_s}});
    if (name.startsWith(u"-- "))
        return Json::object({{u"type"_s, u"datasource"_s}, {u"uid"_s, name}});
    return Json::object({{u"uid"_s, name}});
}

std::vector<DashboardStep> templatingSteps()
{
    return {{6, liftPulldowns},     {7, liftTimepicker}, {12, numberRefreshAndHide}, {14, sharedCrosshair},
            {23, alignCurrent},     {27, visibleConstants}, {28, dropTags},          {29, refreshOnLoad},
            {36, datasourceReferences}, {40, refreshText},  {41, dropTimeOptions}};
}

} // namespace Promdeck::Migration
