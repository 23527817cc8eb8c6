#include "widgets/panels/painthelpers.h"

#include <QFontMetricsF>
#include <QGuiApplication>
#include <QPainterPath>

#include <algorithm>
#include <cmath>

namespace Promdeck {

double fitFontPx(double widthAt100Px, double width, double height, double maxPx)
{
    const double byWidth = widthAt100Px > 0 ? width / (widthAt100Px + 8) * 100.0 : maxPx;
    return std::max(1.0, std::min({byWidth, height / kLineHeight, maxPx}));
}

QFont panelFont(double px, QFont::Weight weight)
{
    QFont font = QGuiApplication::font();
    font.setPixelSize(std::max(1, int(std::floor(px))));
    font.setWeight(weight);
    return font;
}

double textWidthAt100(const QString& text)
{
    return QFontMetricsF(panelFont(100)).horizontalAdvance(text);
}

double valueWidthAt100(const DisplayValue& value)
{
    return textWidthAt100(value.prefix + value.text) + textWidthAt100(value.suffix) * kUnitScale;
}

QColor contrastText(const QColor& background)
{
    const auto linear = [](double channel) {
        return channel <= 0.04045 ? channel / 12.92 : std::pow((channel + 0.055) / 1.055, 2.4);
    };
    const double luminance = 0.2126 * linear(background.redF()) + 0.7152 * linear(background.greenF())
        + 0.0722 * linear(background.blueF());
    // The least contrast that large text needs.
    constexpr double kLeast = 3;
    return 1.05 / (luminance + 0.05) >= kLeast ? QColor(Qt::white) : QColor(0x16, 0x18, 0x1c);
}

void drawValue(QPainter* painter, const QRectF& rect, const DisplayValue& value, double px, const QColor& color,
               Qt::Alignment alignment)
{
    const QFont big = panelFont(px, QFont::Medium);
    const QFont small = panelFont(px * kUnitScale, QFont::Medium);
    const QFontMetricsF bigMetrics(big);
    const QString number = value.prefix + value.text;
    const double numberWidth = bigMetrics.horizontalAdvance(number);
    const double width = numberWidth + QFontMetricsF(small).horizontalAdvance(value.suffix);
    double x = rect.left();
    if (alignment & Qt::AlignHCenter)
        x += (rect.width() - width) / 2;
    else if (alignment & Qt::AlignRight)
        x += rect.width() - width;
    double top = rect.top();
    if (alignment & Qt::AlignVCenter)
        top += (rect.height() - bigMetrics.height()) / 2;
    else if (alignment & Qt::AlignBottom)
        top += rect.height() - bigMetrics.height();
    const double baseline = top + bigMetrics.ascent();
    painter->setPen(color);
    painter->setFont(big);
    painter->drawText(QPointF(x, baseline), number);
    if (!value.suffix.isEmpty()) {
        painter->setFont(small);
        painter->drawText(QPointF(x + numberWidth, baseline), value.suffix);
    }
}

void drawFrame(QPainter* painter, const QRect& rect, const QColor& color)
{
    painter->fillRect(rect.left(), rect.top(), rect.width(), 1, color);
    painter->fillRect(rect.left(), rect.bottom(), rect.width(), 1, color);
    painter->fillRect(rect.left(), rect.top() + 1, 1, rect.height() - 2, color);
    painter->fillRect(rect.right(), rect.top() + 1, 1, rect.height() - 2, color);
}

void drawElided(QPainter* painter, const QRectF& rect, const QString& text, Qt::Alignment alignment)
{
    const QFontMetricsF metrics(painter->font());
    painter->drawText(rect, int(alignment) | Qt::TextSingleLine, metrics.elidedText(text, Qt::ElideRight, rect.width()));
}

std::vector<QRectF> repeatRects(const QRectF& area, int count, Qt::Orientation orientation, double spacing)
{
    std::vector<QRectF> rects;
    const bool across = orientation == Qt::Horizontal;
    const double length = across ? area.width() : area.height();
    const double size = (length - spacing * (count - 1)) / std::max(1, count);
    for (int i = 0; i < count; ++i) {
        const double offset = i * (size + spacing);
        rects.push_back(across ? QRectF(area.left() + offset, area.top(), size, area.height())
                               : QRectF(area.left(), area.top() + offset, area.width(), size));
    }
    return rects;
}

std::vector<QRectF> gridRects(const QRectF& area, int count, double spacing)
{
    int bestColumns = 1;
    double bestScore = -1;
    for (int columns = 1; columns <= count; ++columns) {
        const int rows = (count + columns - 1) / columns;
        if ((rows - 1) * columns >= count)
            continue;
        const double width = (area.width() - spacing * (columns - 1)) / columns;
        const double height = (area.height() - spacing * (rows - 1)) / rows;
        // Numbers are about three times as wide as high.
        const double score = std::min(width / 3, height) - 2.0 * (rows * columns - count);
        if (score > bestScore) {
            bestScore = score;
            bestColumns = columns;
        }
    }
    const int rows = (count + bestColumns - 1) / bestColumns;
    std::vector<QRectF> rects;
    const auto lines = repeatRects(area, rows, Qt::Vertical, spacing);
    for (int row = 0; row < rows; ++row) {
        const int left = std::min(bestColumns, count - row * bestColumns);
        // A shorter last line still fills the width.
        for (const QRectF& rect : repeatRects(lines[size_t(row)], left, Qt::Horizontal, spacing))
            rects.push_back(rect);
    }
    return rects;
}

namespace {

struct Bucket
{
    double sum = 0;
    int count = 0;
};

} // namespace

void drawSparkline(QPainter* painter, const QRectF& rect, const Column& times, const Column& values,
                   const QColor& line, const QColor& fill)
{
    const auto& xs = times.times();
    const auto& ys = values.numbers();
    const size_t count = std::min(xs.size(), ys.size());
    if (count < 2 || rect.width() < 2 || rect.height() < 2 || xs[count - 1] <= xs[0])
        return;
    const int columns = std::max(2, int(rect.width()));
    std::vector<Bucket> buckets(static_cast<size_t>(columns));
    double low = std::numeric_limits<double>::infinity();
    double high = -low;
    for (size_t i = 0; i < count; ++i) {
        if (!std::isfinite(ys[i]))
            continue;
        const double fraction = double(xs[i] - xs[0]) / double(xs[count - 1] - xs[0]);
        Bucket& bucket = buckets[size_t(std::clamp(int(fraction * (columns - 1) + 0.5), 0, columns - 1))];
        bucket.sum += ys[i];
        ++bucket.count;
        low = std::min(low, ys[i]);
        high = std::max(high, ys[i]);
    }
    if (!(high >= low))
        return;
    if (high <= low) {
        low -= 1;
        high += 1;
    }
    QPolygonF points;
    for (int i = 0; i < columns; ++i) {
        const Bucket& bucket = buckets[size_t(i)];
        if (!bucket.count)
            continue;
        const double fraction = (bucket.sum / bucket.count - low) / (high - low);
        points << QPointF(rect.left() + rect.width() * i / (columns - 1),
                          rect.bottom() - 1 - fraction * (rect.height() - 2));
    }
    if (points.size() < 2)
        return;
    painter->save();
    painter->setRenderHint(QPainter::Antialiasing);
    QPolygonF area = points;
    area << QPointF(points.last().x(), rect.bottom()) << QPointF(points.first().x(), rect.bottom());
    painter->setPen(Qt::NoPen);
    painter->setBrush(fill);
    painter->drawPolygon(area);
    painter->setBrush(Qt::NoBrush);
    painter->setPen(QPen(line, 1));
    painter->drawPolyline(points);
    painter->restore();
}

} // namespace Promdeck
