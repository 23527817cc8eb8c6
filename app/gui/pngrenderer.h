#pragma once

namespace Promdeck {

/// Gives `promdeck render` its painting: the dashboard view itself, offscreen, as tall as its content.
/// Call once, before the verb runs.
void installPngRenderer();

} // namespace Promdeck
