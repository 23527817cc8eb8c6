#pragma once

#include "models/panel/panelmodels.h"

namespace Promdeck {

struct HistogramSeries
{
    int entry = 0;               ///< index into HistogramModel::chart.series
    std::vector<double> counts;  ///< one per bucket
    double lineWidth = 1;
    double fillOpacity = 0.8;
    GradientMode gradient = GradientMode::None;
};

/// How often values fall into each bucket: counted here from samples, or as the server counted them (native
/// histograms, classic buckets, the histogram transformation). Source of semantics: Grafana's histogram panel.
struct HistogramModel
{
    TimeSeriesModel chart;      ///< legend entries, the count axis (axes[0]), tooltip options
    std::vector<double> lower;  ///< of each bucket, ascending
    std::vector<double> upper;
    bool equalWidths = true;    ///< false: buckets of several sizes are drawn equally wide, with their bounds below
    std::vector<HistogramSeries> series;
    StackingMode stacking = StackingMode::None;
    Field valueFormat;          ///< configuration that formats bucket bounds
    QString axisLabel;
    [[nodiscard]] QString boundText(double bound, const QString& timeZone) const;
};
[[nodiscard]] HistogramModel histogramModel(const PanelSpec& panel, const PanelData& data, const PanelContext& context);

} // namespace Promdeck
