#include "models/dashboard/dashboard.h"
#include "models/dashboard/migration/jsonedit.h"
#include "models/dashboard/migration/migration.h"

#include <algorithm>

namespace Promdeck {

using namespace Qt::StringLiterals;

namespace Migration {

namespace {

/// f for every panel, rows' children included.
template <typename F>
void editPanels(Json& dashboard, F&& f)
{
    editEach(dashboard, u"panels", [&f](Json& panel) {
        if (!panel.isObject())
            return;
        f(panel);
        editEach(panel, u"panels", [&f](Json& child) {
            if (child.isObject())
                f(child);
        });
    });
}

void rememberType(Json& panel)
{
    panel.set(QStringView(kOriginalTypeKey).toString(), panel[u"type"].toString());
}

void rememberTypes(Json& dashboard)
{
    editPanels(dashboard, rememberType);
    editEach(dashboard, u"rows", [](Json& row) {
        editEach(row, u"panels", [](Json& panel) {
            if (panel.isObject())
                rememberType(panel);
        });
    });
}

void collectTypes(Json& dashboard, QStringList* types)
{
    editPanels(dashboard, [types](Json& panel) {
        if (types)
            types->append(panel[kOriginalTypeKey].toString());
        panel.remove(kOriginalTypeKey);
    });
}

/// Lists that every current dashboard has.
void ensureLists(Json& dashboard)
{
    if (!dashboard[u"panels"].isArray())
        dashboard.set(u"panels"_s, Json::array());
    for (const QString& name : {u"templating"_s, u"annotations"_s}) {
        if (dashboard[name].isArray()) // the bare list of very old files
            dashboard.set(name, Json::object({{u"list"_s, dashboard[name]}}));
        if (!dashboard[name].isObject())
            dashboard.set(name, Json::object());
        if (!dashboard[name][u"list"].isArray())
            dashboard.setPath(QString(name + u".list"_s), Json::array());
    }
}

/// Target ids, in the order of the alphabet, for targets that have none.
void nameTargets(Json& panel)
{
    QStringList used;
    for (const Json& target : panel[u"targets"].items())
        used.append(target[u"refId"].toString());
    int next = 0;
    const auto unused = [&used, &next] {
        for (;; ++next) {
            QString name(QChar(u'A' + next % 26));
            if (next >= 26)
                name += QString::number(next / 26);
            if (!used.contains(name)) {
                used.append(name);
                return name;
            }
        }
    };
    editEach(panel, u"targets", [&unused](Json& target) {
        if (target.isObject() && target[u"refId"].toString().isEmpty())
            target.set(u"refId"_s, unused());
    });
}

} // namespace

QString convertedBy()
{
    return u"11.0.0"_s;
}

void convertPanel(Json& panel)
{
    const QString type = panel[u"type"].toString();
    if (type == u"graph")
        convertGraph(panel);
    else if (type == u"singlestat" || type == u"grafana-singlestat-panel")
        convertSinglestat(panel);
    else if (type == u"table-old")
        convertTableOld(panel);
    else if (type == u"grafana-piechart-panel")
        convertPiechart(panel);
    else if (type == u"heatmap" || type == u"heatmap-new")
        convertHeatmap(panel);
    else if (type == u"text")
        convertText(panel);
    else if (type == u"stat" || type == u"gauge" || type == u"bargauge")
        convertSingleStatOptions(panel);
    nameTargets(panel);
}

Json migrate(const Json& document, QStringList* originalTypes)
{
    if (!document.isObject())
        return document;
    Json dashboard = document;
    const qint64 version = qint64(std::clamp(number(dashboard[u"schemaVersion"]).value_or(0), 0., 1e6));
    editPanels(dashboard, [elements = dashboard[u"__elements"]](Json& panel) { takeLibraryPanel(panel, elements); });
    rememberTypes(dashboard);
    // All steps over the document come first: those over panels need the panels that rows[] turn into.
    std::vector<DashboardStep> documentSteps = templatingSteps();
    for (const DashboardStep& step : layoutSteps())
        documentSteps.push_back(step);
    std::ranges::stable_sort(documentSteps, {}, &DashboardStep::version);
    for (const DashboardStep& step : documentSteps) {
        if (version < step.version)
            step.apply(dashboard);
    }
    // Hand-written files put rows[] under any schema version.
    if (dashboard[u"panels"].size() == 0 && dashboard[u"rows"].size() > 0)
        rowsToGrid(dashboard);
    for (const PanelStep& step : panelSteps()) {
        if (version < step.version)
            editPanels(dashboard, step.apply);
    }
    ensureLists(dashboard);
    ensurePanelIds(dashboard);
    collectTypes(dashboard, originalTypes);
    editPanels(dashboard, convertPanel);
    if (version < kNewestSchema)
        dashboard.set(u"schemaVersion"_s, kNewestSchema);
    return dashboard;
}

} // namespace Migration

Json migrateDashboard(const Json& document)
{
    return Migration::migrate(document, nullptr);
}

} // namespace Promdeck
