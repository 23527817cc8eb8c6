#pragma once

#include "models/panel/panelmodels.h"

// Internal to models/panel: the pieces `render --json` is written from.
namespace Promdeck {

/// null for kNull; "NaN", "+Inf", "-Inf" for what JSON numbers cannot say; whole numbers without a fraction.
[[nodiscard]] Json numberToJson(double value);
[[nodiscard]] Json labelsToJson(const Labels& labels);

[[nodiscard]] Json singleValuesToJson(const SingleValueModel& model);

/// Adds what a chart shows beyond its series: "bars", "values", "states", "histogram", "heatmap"... The shapes
/// are listed in this folder's README.
void addChartParts(Json& out, const PanelSpec& panel, const PanelData& data, const PanelContext& context);

} // namespace Promdeck
