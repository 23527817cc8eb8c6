#pragma once

#include "models/panel/panelmodels.h"

namespace Promdeck {

struct XyPoint
{
    double x = 0;
    double y = 0;
    Rgba color;
    double size = 5; ///< px
    QString xText;
    QString yText;
};

struct XySeries
{
    int entry = 0;  ///< index into XyChartModel::chart.series (name, colour, y axis)
    std::vector<XyPoint> points; ///< as they came: lines follow this order
    QString xName;
    bool showPoints = true;
    bool showLines = false;
    bool square = false;
    double lineWidth = 1;
    double fillOpacity = 0.5;
};

/// One number against another. Fields are found by themselves (the first number is x) or as the file names
/// them, in both of its versions. Source of semantics: Grafana's XY chart panel.
struct XyChartModel
{
    TimeSeriesModel chart; ///< legend entries, y axes and tooltip options
    AxisModel xAxis;
    std::vector<XySeries> series;
};
[[nodiscard]] XyChartModel xyChartModel(const PanelSpec& panel, const PanelData& data, const PanelContext& context);

} // namespace Promdeck
