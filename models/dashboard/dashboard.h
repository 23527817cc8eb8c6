#pragma once

#include "models/core/json.h"
#include "models/core/types.h"

#include <QStringList>

#include <optional>
#include <vector>

namespace Promdeck {

/// Place in the 24-column grid. Height in rows of 30 px (fractions occur in real files).
struct GridPos
{
    double x = 0;
    double y = 0;
    double w = 4;
    double h = 4;
    bool operator==(const GridPos&) const = default;
};

/// A reference to a data source as written: a name, a uid, "${DS_X}", "$var", "-- Mixed --", or nothing.
struct DatasourceRef
{
    QString type; ///< "prometheus", "loki", "grafana"...; empty = unknown
    QString uid;  ///< uid or name as written, variables unexpanded; empty = the default source
    bool operator==(const DatasourceRef&) const = default;
};

/// One query of a panel. `raw` is the whole target, for members that only some sources use.
struct Target
{
    QString refId;
    QString expr;
    QString legendFormat; ///< template; "__auto"; empty
    QString format;       ///< time_series (default), table, heatmap
    QString interval;     ///< minimum step as written ("30s", "$__rate_interval"), empty = none
    double intervalFactor = 1;
    bool instant = false;
    bool range = true;
    bool hide = false;
    bool exemplar = false;
    DatasourceRef datasource;
    Json raw;
};

struct LinkSpec
{
    QString title;
    QString url;
    QString type; ///< link, dashboards
    QStringList tags;
    QString tooltip;
    QString icon;
    bool targetBlank = false;
    bool includeVars = false;
    bool keepTime = false;
    bool asDropdown = false;
};

/// One panel, read from the migrated JSON. `raw` holds the panel's JSON in full.
struct PanelSpec
{
    int id = 0;
    QString type; ///< after migration: graph is timeseries, singlestat is stat or gauge, table-old is table
    QString originalType; ///< as the file wrote it
    QString title;
    QString description;
    bool transparent = false;
    GridPos gridPos;
    DatasourceRef datasource;
    std::vector<Target> targets;
    Json options;
    Json fieldConfig;     ///< {defaults, overrides}
    Json transformations; ///< array or null
    std::optional<double> maxDataPoints;
    QString interval;  ///< panel minimum interval as written
    QString timeFrom;  ///< relative time override ("1h")
    QString timeShift; ///< ("1d")
    bool hideTimeOverride = false;
    QString repeat;    ///< variable name; empty = no repeat
    QString repeatDirection; ///< h (default) or v
    int maxPerRow = 4;
    std::vector<LinkSpec> links;
    // rows only
    bool collapsed = false;
    std::vector<PanelSpec> children; ///< of a collapsed row
    // made by repeating (layoutengine), never saved
    std::vector<std::pair<QString, QString>> scopedVars; ///< variable -> value of this clone
    int repeatSourceId = 0;
    [[nodiscard]] bool isRow() const { return type == QStringView(u"row"); }
    Json raw;
};

struct VariableOption
{
    QString text;
    QString value;
    bool operator==(const VariableOption&) const = default;
};

/// A template variable as the file defines it.
struct VariableSpec
{
    QString name;
    QString label;
    QString type; ///< query, datasource, custom, interval, textbox, constant, adhoc, switch, groupby
    QString query; ///< text form of the query, whatever its JSON form was
    QString regex;
    int sort = 0;
    int hide = 0; ///< 0 shown, 1 no label, 2 hidden
    int refresh = 0; ///< 0 never, 1 on load, 2 on time range change
    bool multi = false;
    bool includeAll = false;
    QString allValue; ///< null = none given
    bool autoInterval = false;
    int autoCount = 30;
    QString autoMin;
    DatasourceRef datasource;
    std::vector<VariableOption> options; ///< as saved in the file
    QStringList current; ///< saved values; "$__all" for All
    Json raw;
};

struct AnnotationSpec
{
    QString name;
    QString expr;
    QString iconColor;
    bool enable = true;
    bool hide = false;
    bool builtIn = false;
    DatasourceRef datasource;
    Json raw;
};

/// A dashboard after migration to the newest schema. Value type.
struct Dashboard
{
    QString title;
    QString uid;
    QString description;
    QStringList tags;
    int schemaVersion = 0; ///< as the file said
    QString timeFrom; ///< Grafana's grammar ("now-6h", ISO date)
    QString timeTo;
    QString timezone; ///< "browser", "utc", "" or an IANA name
    QString refresh;  ///< "30s" or empty
    QStringList refreshIntervals;
    int graphTooltip = 0; ///< 0 own, 1 shared crosshair, 2 shared tooltip
    int weekStart = -1;
    bool editable = true;
    std::vector<PanelSpec> panels; ///< top level, rows included, in file order
    std::vector<VariableSpec> variables;
    std::vector<AnnotationSpec> annotations;
    std::vector<LinkSpec> links;
    Json inputs;   ///< __inputs of a shared dashboard
    Json original; ///< the document as read: saving an untouched dashboard writes this
    Json migrated; ///< the document after migration: saving an edited dashboard writes this
};

/// Reads a dashboard of any Grafana schema version (8 to 42, old rows[] included, also wrapped in
/// {"dashboard": ...} as the API gives it). Errors: Syntax (line, column), Schema (JSON path in detail and
/// line). Members of a wrong type that can be ignored are, as Grafana does.
[[nodiscard]] Result<Dashboard> readDashboard(const QByteArray& utf8, const QString& fileName = {});
[[nodiscard]] Result<Dashboard> dashboardFromJson(const Json& document);
/// Migrates a document to the newest schema version (pure function on JSON).
[[nodiscard]] Json migrateDashboard(const Json& document);
/// The bytes to save, indented by two blanks: the original value when nothing was edited, else the original with
/// the edits where its schema can say them, else the migrated document. Reading them gives `migrated` again.
[[nodiscard]] QByteArray writeDashboard(const Dashboard& dashboard);
/// The same over the text that a file has now: what did not change stays byte for byte. Without edits the
/// result is the text.
[[nodiscard]] QByteArray rewriteDashboard(const QByteArray& text, const Json& migrated);
/// Re-reads the typed part after `migrated` was edited.
[[nodiscard]] Dashboard withMigrated(const Dashboard& dashboard, const Json& migrated);

} // namespace Promdeck
