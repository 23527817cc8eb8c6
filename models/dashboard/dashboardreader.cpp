#include "models/dashboard/migration/migration.h"
#include "models/dashboard/readerparts.h"

namespace Promdeck {

using namespace Qt::StringLiterals;

namespace {

int weekStart(const Json& json)
{
    const QString name = json.toString().toLower();
    if (name == u"sunday")
        return 0;
    if (name == u"monday")
        return 1;
    return name == u"saturday" ? 6 : -1;
}

void readTime(Dashboard& dashboard, const Json& json)
{
    const Json& time = json[u"time"];
    dashboard.timeFrom = time[u"from"].scalarText();
    dashboard.timeTo = time[u"to"].scalarText();
    if (dashboard.timeFrom.isEmpty() || dashboard.timeTo.isEmpty()) {
        dashboard.timeFrom = u"now-6h"_s;
        dashboard.timeTo = u"now"_s;
    }
    dashboard.timezone = json[u"timezone"].toString();
    dashboard.refresh = json[u"refresh"].toString();
    for (const Json& item : json.path(u"timepicker.refresh_intervals").items())
        dashboard.refreshIntervals.append(item.scalarText());
    dashboard.weekStart = weekStart(json[u"weekStart"]);
}

QHash<int, QString> originalTypesById(const Dashboard& dashboard)
{
    QHash<int, QString> types;
    for (const PanelSpec& panel : dashboard.panels) {
        types.insert(panel.id, panel.originalType);
        for (const PanelSpec& child : panel.children)
            types.insert(child.id, child.originalType);
    }
    return types;
}

/// Fills everything but schemaVersion and original.
void readTyped(Dashboard& dashboard, const Json& json, QStringList originalTypes)
{
    dashboard.migrated = json;
    dashboard.title = json[u"title"].scalarText();
    dashboard.uid = json[u"uid"].scalarText();
    dashboard.description = json[u"description"].scalarText();
    for (const Json& tag : json[u"tags"].items())
        dashboard.tags.append(tag.scalarText());
    if (json[u"tags"].isString())
        dashboard.tags.append(json[u"tags"].toString());
    readTime(dashboard, json);
    dashboard.graphTooltip = int(std::clamp(Internal::looseNumber(json[u"graphTooltip"]).value_or(0), 0., 2.));
    dashboard.editable = json[u"editable"].toBool(true);
    for (const Json& panel : json[u"panels"].items())
        dashboard.panels.push_back(Internal::panelFromJson(panel, originalTypes));
    for (const Json& variable : json.path(u"templating.list").items()) {
        if (!variable[u"name"].scalarText().isEmpty())
            dashboard.variables.push_back(Internal::variableFromJson(variable));
    }
    for (const Json& annotation : json.path(u"annotations.list").items())
        dashboard.annotations.push_back(Internal::annotationFromJson(annotation));
    for (const Json& link : json[u"links"].items())
        dashboard.links.push_back(Internal::linkFromJson(link));
    dashboard.inputs = json[u"__inputs"];
}

Dashboard readChecked(const Json& document)
{
    const Json source = Internal::unwrapDashboard(document).dashboard;
    QStringList originalTypes;
    const Json migrated = Migration::migrate(source, &originalTypes);
    Dashboard dashboard;
    dashboard.schemaVersion = int(std::clamp(Internal::looseNumber(source[u"schemaVersion"]).value_or(0), 0., 1e6));
    dashboard.original = document;
    readTyped(dashboard, migrated, std::move(originalTypes));
    return dashboard;
}

} // namespace

Result<Dashboard> readDashboard(const QByteArray& utf8, const QString& fileName)
{
    const Result<Json> document = Json::parse(utf8, fileName);
    if (!document)
        return document.error();
    if (const auto wrong = Internal::checkShape(*document)) {
        Error error = wrong->error;
        error.target = fileName;
        error.where = locateJson(utf8, wrong->path, fileName);
        return error;
    }
    return readChecked(*document);
}

Result<Dashboard> dashboardFromJson(const Json& document)
{
    if (const auto wrong = Internal::checkShape(document))
        return wrong->error;
    return readChecked(document);
}

Dashboard withMigrated(const Dashboard& dashboard, const Json& migrated)
{
    Dashboard edited;
    edited.schemaVersion = dashboard.schemaVersion;
    edited.original = dashboard.original;
    readTyped(edited, migrated, {});
    const QHash<int, QString> types = originalTypesById(dashboard);
    const auto restore = [&types](PanelSpec& panel) { panel.originalType = types.value(panel.id, panel.type); };
    for (PanelSpec& panel : edited.panels) {
        restore(panel);
        std::for_each(panel.children.begin(), panel.children.end(), restore);
    }
    return edited;
}

} // namespace Promdeck
