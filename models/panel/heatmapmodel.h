#pragma once

#include "models/panel/barchartmodel.h"

namespace Promdeck {

/// A grid of counts over time. Rows are buckets of values: named ones ("ordinal", drawn equally high) or with
/// numeric bounds on a linear, logarithmic or symmetric logarithmic scale. Sources of data: buckets per series
/// (by name or `le`), heatmap rows, native histograms, or samples that are counted here.
/// Source of semantics: Grafana's heatmap panel.
struct HeatmapModel
{
    enum class Layout { Upper, Lower, Middle }; ///< which bound of its row a name stands for

    TimeSeriesModel chart;        ///< range and tooltip options; no entries
    std::vector<qint64> starts;   ///< ms, of each column, ascending
    qint64 columnMs = 0;          ///< width of a column
    std::vector<double> counts;   ///< column by column: counts[column * rows + row]; kNull where there is none
    int rows = 0;

    bool ordinal = true;
    Layout layout = Layout::Upper;
    std::vector<QString> names;   ///< of the rows, as shown; numeric rows have none
    std::vector<double> bounds;   ///< the numbers in those names, NaN where there is none
    QString zeroName;             ///< below the lowest row with Layout::Upper
    std::vector<double> lower;    ///< numeric rows
    std::vector<double> upper;
    double logBase = 0;           ///< numeric rows: 0 linear, 2 or 10
    double linearThreshold = 0;   ///< > 0: symmetric logarithmic
    std::optional<double> yMin;   ///< axis limits of numeric rows
    std::optional<double> yMax;
    bool reverse = false;
    AxisModel axis;               ///< placement, label, width, unit of the values

    std::vector<Rgba> palette;    ///< lowest count first
    double minCount = 0;          ///< where the palette begins and ends
    double maxCount = 1;
    double hideAtMost = 1e-9;     ///< cells with no more than this are not drawn
    double hideAtLeast = std::numeric_limits<double>::infinity();
    double cellGap = 1;           ///< px
    double cellRadius = 0;        ///< px
    ValueVisibility values = ValueVisibility::Never;
    bool showLegend = true;       ///< the colour scale below
    bool tooltipColumn = false;   ///< the tooltip lists the whole column
    Field countFormat;            ///< configuration that formats counts and bounds
    Field valueFormat;
    QString problem;              ///< what a calculation said when it could not be done

    [[nodiscard]] double count(int column, int row) const { return counts[size_t(column) * size_t(rows) + size_t(row)]; }
    [[nodiscard]] bool isDrawn(double value) const { return value > hideAtMost && value < hideAtLeast; }
    /// Index into the palette.
    [[nodiscard]] int shade(double value) const;
    [[nodiscard]] QString countText(double value) const;
    /// Where a value stands among ordinal rows, 0 (bottom) to rows; NaN when their names have no bounds.
    [[nodiscard]] double ordinalPlace(double value) const;
    /// "0.1 s - 0.25 s", or a row's name.
    [[nodiscard]] QString rowText(int row) const;
};
[[nodiscard]] HeatmapModel heatmapModel(const PanelSpec& panel, const PanelData& data, const PanelContext& context);

} // namespace Promdeck
