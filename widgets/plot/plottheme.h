#pragma once

#include "models/frame/color.h"

#include <QBrush>
#include <QColor>
#include <QFont>

namespace Promdeck {

/// Colours and font of a plot. The image stays transparent where nothing is drawn, so the panel's own
/// background shows; `background` is for pictures that stand alone.
struct PlotTheme
{
    explicit PlotTheme(ThemeKind themeKind = ThemeKind::Dark);

    ThemeKind kind;
    QColor background;
    QColor text;
    QColor weakText;
    QColor link;
    QColor grid;
    QColor border;
    QColor crosshair;
    QColor selection;
    QColor tooltipBackground;
    QColor tooltipBorder;
    QColor hoverRow;
    QFont font; ///< 12 px of the application's font
};

/// An area's colour with a hatching over it: 0 = plain, others repeat after six.
[[nodiscard]] QBrush hatchBrush(const QColor& color, int hatch);

[[nodiscard]] inline QColor toQColor(Rgba color)
{
    return QColor(color.red, color.green, color.blue, color.alpha);
}

} // namespace Promdeck
