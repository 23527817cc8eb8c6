#pragma once

#include <QIcon>

namespace Promdeck {

/// Which of the theme's colours an icon takes. It follows theme changes by itself.
enum class IconRole { Text, Secondary, Accent, OnAccent, Error, Warning, Success };

/// A monochrome icon of resources/icons, by file name without suffix, drawn in the theme's colour at the
/// device's own resolution.
[[nodiscard]] QIcon themeIcon(const QString& name, IconRole role = IconRole::Text);
/// The program's own icon.
[[nodiscard]] QIcon applicationIcon();

/// Paints an icon into a painter that may be at any scale.
void paintIcon(QPainter* painter, const QRectF& rect, const QString& name, const QColor& color);

} // namespace Promdeck
