#pragma once

#include "models/panel/panelmodels.h"

namespace Promdeck {

/// The polystat plug-in (version 1 and 2 files): one cell per series, coloured by threshold states. Drawn as a
/// grid of values, in the order and with the limit the file asks for. Source of semantics: its documentation.
[[nodiscard]] SingleValueModel polystatModel(const PanelSpec& panel, const PanelData& data, const PanelContext& context);
/// The stat panel whose look a polystat takes.
[[nodiscard]] PanelSpec polystatAsStat(const PanelSpec& panel);

} // namespace Promdeck
