#pragma once

#include "models/frame/column.h"
#include "models/frame/display.h"

#include <QFont>
#include <QPainter>
#include <QRectF>

#include <limits>
#include <vector>

namespace Promdeck {

inline constexpr double kLineHeight = 1.2;
/// A unit is written smaller than its number.
inline constexpr double kUnitScale = 0.65;

/// The font size in px at which a text fits a box; never above `maxPx`.
[[nodiscard]] double fitFontPx(double widthAt100Px, double width, double height,
                               double maxPx = std::numeric_limits<double>::infinity());
/// Width in px of a text (or of a value with its smaller unit) at 100 px.
[[nodiscard]] double textWidthAt100(const QString& text);
[[nodiscard]] double valueWidthAt100(const DisplayValue& value);
[[nodiscard]] QFont panelFont(double px, QFont::Weight weight = QFont::Normal);

/// White, unless it would not stand out from the background: then almost black.
[[nodiscard]] QColor contrastText(const QColor& background);

/// Draws prefix, number and unit on one baseline, aligned in a rectangle.
void drawValue(QPainter* painter, const QRectF& rect, const DisplayValue& value, double px, const QColor& color,
               Qt::Alignment alignment);
/// A frame of one px just inside a rectangle, in a colour that covers what is below. (A translucent one, or
/// drawRect, is spread by Qt over threads of its own, and waiting for them costs a hundred times as much.)
void drawFrame(QPainter* painter, const QRect& rect, const QColor& color);
/// Draws one line, shortened with an ellipsis where it does not fit.
void drawElided(QPainter* painter, const QRectF& rect, const QString& text, Qt::Alignment alignment);

/// Where the items of a repeated visualisation go.
[[nodiscard]] std::vector<QRectF> repeatRects(const QRectF& area, int count, Qt::Orientation orientation,
                                              double spacing = 8);
[[nodiscard]] std::vector<QRectF> gridRects(const QRectF& area, int count, double spacing = 8);

/// A line with an area below it, one point per pixel column at most.
void drawSparkline(QPainter* painter, const QRectF& rect, const Column& times, const Column& values,
                   const QColor& line, const QColor& fill);

} // namespace Promdeck
