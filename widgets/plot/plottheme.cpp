#include "widgets/plot/plottheme.h"

#include "widgets/common/displayoptions.h"

#include <QGuiApplication>
#include <QPainter>
#include <QPixmap>

namespace Promdeck {

PlotTheme::PlotTheme(ThemeKind themeKind)
    : kind(themeKind)
    , font(QGuiApplication::font())
{
    const bool dark = kind == ThemeKind::Dark;
    background = dark ? QColor(0x18, 0x1b, 0x1f) : QColor(0xff, 0xff, 0xff);
    text = dark ? QColor(204, 204, 220) : QColor(36, 41, 46);
    weakText = dark ? QColor(204, 204, 220, 166) : QColor(36, 41, 46, 191);
    link = dark ? QColor(0x6e, 0x9f, 0xff) : QColor(0x1f, 0x62, 0xe0);
    grid = dark ? QColor(240, 250, 255, 23) : QColor(0, 10, 23, 23);
    border = dark ? QColor(204, 204, 220, 31) : QColor(36, 41, 46, 31);
    crosshair = dark ? QColor(204, 204, 220, 150) : QColor(36, 41, 46, 150);
    selection = dark ? QColor(204, 204, 220, 38) : QColor(36, 41, 46, 28);
    tooltipBackground = dark ? QColor(0x22, 0x25, 0x2b) : QColor(0xff, 0xff, 0xff);
    tooltipBorder = dark ? QColor(204, 204, 220, 50) : QColor(36, 41, 46, 60);
    hoverRow = dark ? QColor(204, 204, 220, 20) : QColor(36, 41, 46, 15);
    font.setPixelSize(DisplayOptions::instance().scaled(12));
}

QBrush hatchBrush(const QColor& color, int hatch)
{
    static constexpr Qt::BrushStyle styles[] {Qt::SolidPattern, Qt::BDiagPattern, Qt::Dense6Pattern, Qt::FDiagPattern,
                                              Qt::HorPattern, Qt::VerPattern, Qt::DiagCrossPattern};
    if (hatch <= 0)
        return color;
    constexpr int side = 16; // a whole number of every pattern's periods
    QPixmap tile(side, side);
    tile.fill(color);
    QPainter painter(&tile);
    const QColor ink = color.lightness() > 120 ? color.darker(220) : color.lighter(190);
    painter.fillRect(tile.rect(), QBrush(ink, styles[1 + (hatch - 1) % 6]));
    painter.end();
    return QBrush(tile);
}

} // namespace Promdeck
