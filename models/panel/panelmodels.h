#pragma once

#include "models/dashboard/dashboard.h"
#include "models/frame/display.h"
#include "models/query/annotations.h"
#include "models/query/paneldata.h"

#include <optional>
#include <vector>

namespace Promdeck {

/// What each panel type shows, computed without a window: the widgets paint these and `render --json`
/// prints them, so that the two cannot differ.

struct PanelContext
{
    ThemeKind theme = ThemeKind::Dark;
    QString timeZone; ///< IANA name; empty = UTC
};

// --- time series ---------------------------------------------------------------------------------------

enum class DrawStyle { Line, Bars, Points };
enum class LineInterpolation { Linear, Smooth, StepBefore, StepAfter };
enum class GradientMode { None, Opacity, Hue, Scheme };
enum class StackingMode { None, Normal, Percent };
enum class PointMode { Auto, Always, Never };
enum class AxisPlacement { Auto, Left, Right, Hidden };
enum class BarAlignment { Before, Center, After };

struct SeriesStyle
{
    DrawStyle draw = DrawStyle::Line;
    LineInterpolation interpolation = LineInterpolation::Linear;
    double lineWidth = 1;    ///< px
    double fillOpacity = 0;  ///< 0..1
    GradientMode gradient = GradientMode::None;
    QList<double> dash;      ///< px on/off; empty = solid
    int hatch = 0;           ///< of areas (slices, bars): which hatching tells them apart besides the colour; 0 = none
    PointMode points = PointMode::Auto;
    double pointSize = 5;    ///< px diameter
    BarAlignment barAlignment = BarAlignment::Center;
    double barWidthFactor = 0.6;
    double barMaxWidth = 0;  ///< px, 0 = no limit
    StackingMode stacking = StackingMode::None;
    QString stackGroup;
    std::optional<qint64> spanNullsMs; ///< nothing: gaps stay; -1: always connect; n: connect gaps up to n ms
    std::optional<qint64> insertNullsMs; ///< break the line where neighbours are further apart
    bool negativeY = false;
    bool constantFill = false;
    QString fillBelowTo;     ///< display name of the lower series of a band
    /// Colours by value, for GradientMode::Scheme: absolute values, ascending. Empty = the series' colour.
    std::vector<std::pair<double, Rgba>> colorScale;
    bool colorScaleSteps = false; ///< colours change at the values (thresholds) instead of blending (continuous)
    bool hideViz = false;
    bool hideLegend = false;
    bool hideTooltip = false;
};

struct ThresholdDisplay
{
    enum class Mode { Off, Line, DashedLine, Area, LineAndArea, DashedLineAndArea };
    Mode mode = Mode::Off;
    std::vector<std::pair<double, Rgba>> steps; ///< absolute values; the base step has -inf
};

/// One Y axis: fields that share unit and placement share an axis.
struct AxisModel
{
    QString key;
    QString label;
    QString unit;
    std::optional<int> decimals;
    AxisPlacement placement = AxisPlacement::Left;
    std::optional<double> min; ///< hard
    std::optional<double> max;
    std::optional<double> softMin;
    std::optional<double> softMax;
    double logBase = 0;        ///< 0 linear, 2 or 10; symlog with linearThreshold
    double linearThreshold = 0;
    bool symlog = false;
    bool centeredZero = false;
    bool showGrid = true;
    bool showBorder = false;
    bool colorFromSeries = false;
    int widthPx = 0;           ///< fixed width, 0 = measured
    ThresholdDisplay thresholds;
    Field format;              ///< a field whose configuration formats tick values
};

struct CalcCell
{
    QString id;    ///< reducer id as written in the legend
    double value = kNull;
    QString text;  ///< as shown
};

struct SeriesModel
{
    QString name;
    QString refId;
    Labels labels;
    QString unit;
    Rgba color;
    SeriesStyle style;
    int axis = 0;     ///< index into TimeSeriesModel::axes
    Column times;
    Column values;    ///< as received (negative-Y not applied)
    int frameIndex = 0;
    int fieldIndex = 0;
    std::vector<CalcCell> calcs; ///< the legend's
};

struct LegendModel
{
    bool show = true;
    bool table = false;
    bool right = false;
    double width = 0;       ///< px, 0 = automatic
    QStringList calcs;      ///< canonical ids
    QString sortBy;         ///< header label as written ("Last *", "Name"); empty = as received
    bool sortDesc = false;
    std::vector<int> order; ///< series indexes to list, sorted, hidden ones left out
};

enum class TooltipMode { Single, All, None };
enum class TooltipSort { None, Ascending, Descending };

/// An exemplar as a point of the plot.
struct ExemplarModel
{
    Exemplar exemplar;
    int series = -1; ///< index of the series it belongs to; -1 = none is drawn
    int axis = 0;
};

struct TimeSeriesModel
{
    std::vector<SeriesModel> series;
    std::vector<AxisModel> axes;
    LegendModel legend;
    TooltipMode tooltip = TooltipMode::Single;
    TooltipSort tooltipSort = TooltipSort::None;
    bool tooltipHideZeros = false;
    TimeRange range;
    std::vector<ExemplarModel> exemplars; ///< by time
    std::shared_ptr<const std::vector<Annotation>> annotations; ///< by time; null = none
};
[[nodiscard]] TimeSeriesModel timeSeriesModel(const PanelSpec& panel, const PanelData& data, const PanelContext& context);

// --- single values: stat, gauge, bargauge, piechart ----------------------------------------------------

struct SingleValue
{
    QString name;
    DisplayValue display;
    Labels labels;
    // sparkline, when the panel asks for one
    Column times;
    Column values;
    std::optional<double> percentChange;
    double min = 0; ///< of its field, for gauges
    double max = 100;
    Thresholds thresholds;
    ColorConfig colorConfig;
    Field field; ///< configuration for further formatting (limits, threshold labels)
};

struct SingleValueModel
{
    std::vector<SingleValue> values;
    QString noValueText; ///< what to show when there is nothing ("No data" or noValue)
};
[[nodiscard]] SingleValueModel singleValueModel(const PanelSpec& panel, const PanelData& data, const PanelContext& context);

// --- table ---------------------------------------------------------------------------------------------

struct TableColumn
{
    QString name;
    FieldType type = FieldType::Number;
    QString align;     ///< auto, left, center, right
    double width = 0;  ///< px, 0 = automatic
    double minWidth = 0;
    QString cellType;  ///< auto, color-text, color-background, gauge, sparkline, json-view, image, data-links...
    QString cellMode;  ///< color-background: basic|gradient; gauge: basic|gradient|lcd
    bool hidden = false;
    bool filterable = false;
    bool wrap = false;
    std::vector<DataLink> links;
    int frameIndex = 0;
    int fieldIndex = 0;
};

/// A table shows one frame at a time. Cells are formatted on demand, so that 100,000 rows cost nothing until
/// they are seen.
struct TableModelData
{
    std::vector<TableColumn> columns;
    qsizetype rows = 0;
    std::vector<std::shared_ptr<const DisplayProcessor>> processors; ///< one per column
    std::vector<Field> fields;                                       ///< one per column
    std::vector<QString> footer; ///< one per column, empty when there is no footer
    std::vector<std::pair<int, bool>> sortBy; ///< column, descending
    std::vector<qsizetype> order; ///< row order after sortBy
    QStringList frameNames;       ///< to choose from when there are several
    bool showHeader = true;
    QString cellHeight;           ///< sm, md, lg
    [[nodiscard]] DisplayValue cell(qsizetype row, int column) const;
};
[[nodiscard]] TableModelData tableModel(const PanelSpec& panel, const PanelData& data, const PanelContext& context,
                                        int frameIndex = 0);

/// Every feature this panel's JSON asks for that Promdeck does not honour, as dotted option paths or ids
/// ("type:geomap", "options.legend.isVisible", "transformation:heatmap"). Empty is a promise.
[[nodiscard]] QStringList unsupportedFeatures(const PanelSpec& panel);

} // namespace Promdeck
