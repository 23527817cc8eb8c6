#pragma once

#include "models/panel/panelmodels.h"

namespace Promdeck {

struct PieSlice
{
    int entry = 0;  ///< index into PieChartModel::chart.series (name)
    DisplayValue display;
    Rgba color;
    double share = 0; ///< 0..1 of the total of all slices
    Field field;      ///< its configuration, without values
};

/// Pie or donut of the panel's reduced values. Source of semantics: Grafana's pie chart panel.
struct PieChartModel
{
    TimeSeriesModel chart; ///< legend ("value" and "percent" as columns) and tooltip options
    std::vector<PieSlice> slices; ///< in drawing order, clockwise from the top
    bool donut = false;
    bool showName = false;
    bool showValue = false;
    bool showPercent = false;
    double labelPx = 0; ///< 0 = by the room
    QString noValueText;
};
[[nodiscard]] PieChartModel pieChartModel(const PanelSpec& panel, const PanelData& data, const PanelContext& context);

/// A share (0..1) as slices, legend and tooltip show it; decimals = of the slice's field, else none.
[[nodiscard]] QString shareText(double share, std::optional<int> decimals);

} // namespace Promdeck
