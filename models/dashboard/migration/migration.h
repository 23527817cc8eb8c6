#pragma once

#include "models/core/json.h"

#include <QStringList>

/// The steps behind migrateDashboard(), one function per schema version and area. All of them work on JSON
/// and tolerate any shape: a member of the wrong type is left alone. Semantics follow Grafana's own steps as
/// described in their changelogs and by what current Grafana makes of old files.
namespace Promdeck::Migration {

inline constexpr int kNewestSchema = 42;

/// Key under which the chain remembers a panel's type as the file wrote it, while it runs.
inline constexpr char16_t kOriginalTypeKey[] = u"\u0001originalType";

/// A step over the whole document or over each panel (rows' children included).
struct DashboardStep
{
    int version; ///< applies to documents below this version
    void (*apply)(Json& dashboard);
};
struct PanelStep
{
    int version;
    void (*apply)(Json& panel);
};

[[nodiscard]] std::vector<DashboardStep> templatingSteps();
[[nodiscard]] std::vector<DashboardStep> layoutSteps();
[[nodiscard]] std::vector<PanelStep> panelSteps();

/// pluginVersion of a panel that was converted: its options need no further migration.
[[nodiscard]] QString convertedBy();
/// Makes rows[] into panels with gridPos. Nothing happens without rows.
void rowsToGrid(Json& dashboard);
/// Gives every panel an id of its own.
void ensurePanelIds(Json& dashboard);

/// A panel of Grafana's library, which the dashboard only refers to, becomes a panel. Files exported "for sharing"
/// bring the models along in `__elements`; answers of Grafana's API have them in the panel already. Without a model
/// the panel keeps its name and gets a type that says so.
void takeLibraryPanel(Json& panel, const Json& elements);

// Panel types that newer Grafana replaced, whatever the schema version says.
void convertGraph(Json& panel);
void convertSinglestat(Json& panel);
void convertTableOld(Json& panel);
void convertPiechart(Json& panel);
void convertHeatmap(Json& panel);
void convertText(Json& panel);
/// stat, gauge and bar gauge options of Grafana 6.0 to 7.x.
void convertSingleStatOptions(Json& panel);
/// The one of the above that fits the panel's type, and ids for its targets.
void convertPanel(Json& panel);

/// Value mappings of versions 1 to 29 (type 1, 2) into those of 30.
[[nodiscard]] Json upgradeMappings(const Json& mappings, const Json& thresholds);
/// The Angular panels' valueMaps and rangeMaps into mappings of version 30.
[[nodiscard]] Json angularMappings(const Json& panel, const Json& thresholds);
/// Datasource name, "default", null or object into an object or null.
[[nodiscard]] Json datasourceReference(const Json& datasource);
/// displayMode of Grafana 8 and 9 tables into cellOptions.
[[nodiscard]] Json cellOptions(const QString& displayMode);

/// Migrates and returns the panels' types as written, in the order of the result (rows' children after their row).
[[nodiscard]] Json migrate(const Json& document, QStringList* originalTypes);

} // namespace Promdeck::Migration
