#pragma once

#include "models/panel/panelmodels.h"

// What the models of several panel types share. Internal to models/panel.
namespace Promdeck {

/// The name a legend or a header shows.
[[nodiscard]] inline QString shownName(const Field& field)
{
    return field.state.displayName.isEmpty() ? field.name : field.state.displayName;
}
/// The user (or the file) took this field out of the picture.
[[nodiscard]] bool isHiddenFromView(const Field& field);

/// One table of all frames, joined on their time (else on their first field); names and colours stay.
[[nodiscard]] Frame joinFrames(const Frames& frames);

[[nodiscard]] GradientMode gradientMode(const QString& text);
[[nodiscard]] StackingMode stackingMode(const QString& text);
[[nodiscard]] ThresholdDisplay readThresholds(const Field& field, ThemeKind theme);
/// Thresholds as absolute values, whatever their mode; the base step has -inf.
[[nodiscard]] std::vector<std::pair<double, Rgba>> absoluteThresholds(const Field& field, ThemeKind theme);
/// The values of a colour scheme or threshold list by value, for the gradient "scheme".
void readColorScale(SeriesStyle& style, const Field& field, ThemeKind theme);

/// The panel's exemplars inside of its range, each with the series it belongs to.
void addExemplars(TimeSeriesModel& model, const PanelData& data);

[[nodiscard]] AxisModel readAxis(const Field& field, ThemeKind theme);
/// The index of the axis a field uses; a new one is added where none of the given ones fits.
[[nodiscard]] int axisFor(std::vector<AxisModel>& axes, const Field& field, ThemeKind theme);

[[nodiscard]] LegendModel readLegend(const Json& options);
[[nodiscard]] std::vector<CalcCell> legendCells(const Field& field, const QStringList& calcs, const PanelContext& context);
/// Fills `order` by the legend's own sorting.
void sortLegend(LegendModel& legend, const std::vector<SeriesModel>& series);
void readTooltip(TimeSeriesModel& model, const Json& options);
/// A field as the legend and tooltips of any chart list it.
[[nodiscard]] SeriesModel legendEntry(const Field& field, const QString& refId, const QStringList& calcs,
                                      const PanelContext& context);

/// True where the colour mode gives every value its own colour (thresholds, continuous schemes).
[[nodiscard]] bool colorsByValue(const Field& field);

} // namespace Promdeck
