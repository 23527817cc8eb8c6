#pragma once

#include "models/core/json.h"
#include "models/frame/color.h"

#include <vector>

namespace Promdeck {

/// The palette of a heatmap's colour options (`options.color`), lowest count first: `steps` colours of a scheme,
/// or one colour growing opaque. Which schemes are turned over in which theme follows Grafana's heatmap panel:
/// few is always close to the background.
[[nodiscard]] std::vector<Rgba> heatmapPalette(const Json& color, ThemeKind theme);

/// A colour of a named scheme ("Oranges", "Spectral", "Turbo"...) at 0..1, as it is published; Spectral for names
/// that are not known. The colours are those of ColorBrewer, matplotlib, Turbo and Cubehelix.
[[nodiscard]] Rgba heatmapSchemeColor(const QString& scheme, double fraction);
[[nodiscard]] QStringList heatmapSchemes();

} // namespace Promdeck
