#pragma once

#include <QImage>

class QColor;

namespace Promdeck {

/// Small pictures that are drawn again and again: over a plot with every mouse move, in legends with every update.
/// Copying one costs a hundredth of drawing its curves. Each thread keeps its own.
/// dpr: device pixels per logical pixel, set on the picture.

/// A dashed line one logical pixel wide, of a length in logical pixels.
[[nodiscard]] QImage dashedLine(Qt::Orientation orientation, int length, const QColor& color, double dpr);

/// A sample's dot, 11 logical pixels wide and high. strong: the one nearest to the cursor, with a halo; others are
/// set apart by a ring in the background's colour.
inline constexpr int DotSize = 11;
[[nodiscard]] QImage sampleDot(const QColor& color, const QColor& background, bool strong, double dpr);

/// A legend entry's mark: a short bar with round ends.
inline constexpr int MarkWidth = 14;
inline constexpr int MarkHeight = 4;
[[nodiscard]] QImage legendMark(const QColor& color, double dpr);

} // namespace Promdeck
