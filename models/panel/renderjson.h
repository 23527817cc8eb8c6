#pragma once

#include "models/dashboard/layoutengine.h"
#include "models/panel/panelmodels.h"

#include <functional>

namespace Promdeck {

/// One element of `panels` in the output of `promdeck render --json` (architecture.md describes it): what the
/// panel shows, from the same models the widgets paint. NaN and infinities are the strings "NaN", "+Inf",
/// "-Inf"; a missing value is null. `expand` interpolates variables in titles.
[[nodiscard]] Json panelToJson(const PlacedPanel& placed, const PanelData& data, const PanelContext& context,
                               const std::function<QString(const QString&)>& expand);

/// What the dashboard's annotation queries marked: layer, from and to (ms), title, text, tags and colour.
[[nodiscard]] Json annotationsToJson(const std::vector<Annotation>& annotations);

} // namespace Promdeck
