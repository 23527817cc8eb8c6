#pragma once

#include "models/panel/panelmodels.h"

namespace Promdeck {

enum class ValueVisibility { Auto, Always, Never };

/// The bars of one number field, one per category.
struct BarSeries
{
    int entry = 0;                ///< index into BarChartModel::chart.series (name, colour, axis)
    std::vector<double> values;   ///< kNull where the category has none
    std::vector<QString> texts;   ///< as shown
    std::vector<Rgba> colors;     ///< per bar: the colour mode may go by value, or another field may say it
    double lineWidth = 1;         ///< px
    double fillOpacity = 0.8;     ///< 0..1
    GradientMode gradient = GradientMode::None;
};

/// Bars per category: the first text field names the categories, else the time. Frames are joined on their
/// time. Source of semantics: Grafana's bar chart panel.
struct BarChartModel
{
    TimeSeriesModel chart; ///< legend entries, value axes and tooltip options; the series hold no samples
    QString categoryName;
    std::vector<QString> categories; ///< full texts
    std::vector<qint64> times;       ///< ms, when the categories are instants; else empty
    std::vector<BarSeries> series;
    std::optional<bool> horizontal;  ///< nothing: by the room there is
    StackingMode stacking = StackingMode::None;
    ValueVisibility values = ValueVisibility::Auto;
    double valuePx = 0;        ///< font size of the values, 0 = by the room
    double groupWidth = 0.7;   ///< share of a category that its bars take
    double barWidth = 0.97;    ///< share of a bar's place that it fills
    double barRadius = 0;      ///< 0..0.5 of the bar's width
    int labelRotation = 0;     ///< degrees, -90..90
    int labelMaxLength = 0;    ///< characters, 0 = all
    int labelSpacing = 0;      ///< px between labels; negative: the newest one is kept
    bool fullHighlight = false;
    QString problem; ///< "no-category" or "no-number" where the data cannot be drawn as bars; empty = fine
};
[[nodiscard]] BarChartModel barChartModel(const PanelSpec& panel, const PanelData& data, const PanelContext& context);

/// Low and high end of every bar of a category after stacking; NaN for a missing one. hidden[i] leaves entry i out.
struct BarSpan
{
    double low = 0;
    double high = 0;
};
[[nodiscard]] std::vector<std::vector<BarSpan>> barSpans(const BarChartModel& model, const std::vector<char>& hidden);

} // namespace Promdeck
