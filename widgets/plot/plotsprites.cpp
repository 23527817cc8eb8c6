#include "widgets/plot/plotsprites.h"

#include <QPainter>

#include <cmath>
#include <map>
#include <tuple>

namespace Promdeck {

namespace {

constexpr size_t MostSprites = 300;

using Key = std::tuple<int, int, QRgb, QRgb, double>;

template <typename Paint>
QImage sprite(const Key& key, QSizeF size, double dpr, Paint paint)
{
    static thread_local std::map<Key, QImage> sprites;
    const auto known = sprites.find(key);
    if (known != sprites.end())
        return known->second;
    if (sprites.size() >= MostSprites)
        sprites.clear();
    QImage image(int(std::ceil(size.width() * dpr)), int(std::ceil(size.height() * dpr)), QImage::Format_ARGB32_Premultiplied);
    image.setDevicePixelRatio(dpr);
    image.fill(Qt::transparent);
    QPainter painter(&image);
    paint(painter);
    painter.end();
    sprites.emplace(key, image);
    return image;
}

} // namespace

QImage dashedLine(Qt::Orientation orientation, int length, const QColor& color, double dpr)
{
    const bool upright = orientation == Qt::Vertical;
    const QSizeF size = upright ? QSizeF(1, length) : QSizeF(length, 1);
    return sprite({upright ? 0 : 1, length, color.rgba(), 0, dpr}, size, dpr, [&](QPainter& painter) {
        constexpr int On = 4;
        constexpr int Period = 7;
        for (int at = 0; at < length; at += Period)
            painter.fillRect(upright ? QRect(0, at, 1, On) : QRect(at, 0, On, 1), color);
    });
}

QImage sampleDot(const QColor& color, const QColor& background, bool strong, double dpr)
{
    return sprite({2, strong ? 1 : 0, color.rgba(), background.rgba(), dpr}, QSizeF(DotSize, DotSize), dpr, [&](QPainter& painter) {
        constexpr double Radius = 3;
        QColor halo = color;
        halo.setAlpha(90);
        painter.setRenderHint(QPainter::Antialiasing);
        painter.setPen(strong ? QPen(halo, 4) : QPen(background, 1));
        painter.setBrush(color);
        painter.drawEllipse(QPointF(DotSize / 2.0, DotSize / 2.0), Radius, Radius);
    });
}

QImage legendMark(const QColor& color, double dpr)
{
    return sprite({3, 0, color.rgba(), 0, dpr}, QSizeF(MarkWidth, MarkHeight), dpr, [&](QPainter& painter) {
        painter.setRenderHint(QPainter::Antialiasing);
        painter.setPen(Qt::NoPen);
        painter.setBrush(color);
        painter.drawRoundedRect(QRectF(0, 0, MarkWidth, MarkHeight), MarkHeight / 2, MarkHeight / 2);
    });
}

} // namespace Promdeck
