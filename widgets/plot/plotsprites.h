#pragma once

#include <QImage>

class QColor;

namespace Promdeck {

/// Small pictures that follow the mouse over a plot. A mouse move only copies them: drawing circles and dashes
/// costs a hundred times more. Kept for the next move; for the thread of the widgets.
/// dpr: device pixels per logical pixel, set on the picture.

/// A dashed line one logical pixel wide, of a length in logical pixels.
[[nodiscard]] QImage dashedLine(Qt::Orientation orientation, int length, const QColor& color, double dpr);

/// A sample's dot, 11 logical pixels wide and high. strong: the one nearest to the cursor, with a halo; others are
/// set apart by a ring in the background's colour.
inline constexpr int DotSize = 11;
[[nodiscard]] QImage sampleDot(const QColor& color, const QColor& background, bool strong, double dpr);

} // namespace Promdeck
