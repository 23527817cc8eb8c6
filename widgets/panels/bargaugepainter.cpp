#include "widgets/panels/gaugepainter.h"
#include "widgets/panels/painthelpers.h"

#include <QFontMetricsF>
#include <QLinearGradient>

#include <algorithm>
#include <cmath>

using namespace Qt::StringLiterals;

namespace Promdeck {

namespace {

constexpr double kCell = 12;      // px pitch of the LCD cells
constexpr double kSpacing = 8;
constexpr double kLeastValuePx = 12;

QColor valueColor(const SingleValue& value, const ThemeColors& theme)
{
    return value.display.hasColor ? toColor(value.display.color) : theme.success;
}

// The colour that the field's mode gives at a place between min and max.
QColor colorAt(const SingleValue& value, double fraction, const ThemeColors& theme, ThemeKind kind)
{
    const QString& mode = value.colorConfig.mode;
    if (mode.startsWith(u"continuous-")) {
        if (const auto color = continuousColor(mode, fraction, kind))
            return toColor(*color);
    }
    if (mode.isEmpty() || mode == u"thresholds") {
        QColor color = valueColor(value, theme);
        for (const auto& [from, stop] : thresholdStops(value, kind)) {
            if (fraction >= from)
                color = stop;
        }
        return color;
    }
    return valueColor(value, theme);
}

QLinearGradient barGradient(const QRectF& bar, const SingleValue& value, Qt::Orientation orientation, const ThemeColors& theme,
                            ThemeKind kind)
{
    const bool across = orientation == Qt::Horizontal;
    QLinearGradient gradient(across ? bar.topLeft() : bar.bottomLeft(), across ? bar.topRight() : bar.topLeft());
    const QString& mode = value.colorConfig.mode;
    if (mode.startsWith(u"continuous-")) {
        for (int i = 0; i <= 10; ++i)
            gradient.setColorAt(i / 10.0, colorAt(value, i / 10.0, theme, kind));
    } else if (mode.isEmpty() || mode == u"thresholds") {
        const auto stops = thresholdStops(value, kind);
        for (size_t i = 0; i < stops.size(); ++i) {
            // Each colour rules from its threshold on and reaches the next one half-way there.
            const double next = i + 1 < stops.size() ? stops[i + 1].first : 1.0;
            gradient.setColorAt(std::min(1.0, stops[i].first + (i ? (next - stops[i].first) * 0.5 : 0)), stops[i].second);
        }
        if (stops.empty())
            gradient.setColorAt(0, valueColor(value, theme));
    } else {
        const QColor color = valueColor(value, theme);
        gradient.setColorAt(0, shifted(color, -0.12, 8));
        gradient.setColorAt(1, color);
    }
    return gradient;
}

QRectF filledPart(const QRectF& bar, double fraction, Qt::Orientation orientation)
{
    if (orientation == Qt::Horizontal)
        return {bar.left(), bar.top(), bar.width() * fraction, bar.height()};
    const double height = bar.height() * fraction;
    return {bar.left(), bar.bottom() - height, bar.width(), height};
}

void paintLcd(QPainter* painter, const QRectF& bar, const SingleValue& value, double fraction, bool unfilled,
              Qt::Orientation orientation, const ThemeColors& theme, ThemeKind kind)
{
    const bool across = orientation == Qt::Horizontal;
    const double length = across ? bar.width() : bar.height();
    const int cells = std::max(1, int(length / kCell));
    const double pitch = length / cells;
    for (int i = 0; i < cells; ++i) {
        const double middle = (i + 0.5) / cells;
        const bool lit = middle <= fraction;
        if (!lit && !unfilled)
            break;
        const QRectF cell = across ? QRectF(bar.left() + i * pitch, bar.top(), pitch - 2, bar.height())
                                   : QRectF(bar.left(), bar.bottom() - (i + 1) * pitch + 2, bar.width(), pitch - 2);
        const QColor color = colorAt(value, double(i) / cells, theme, kind);
        painter->setBrush(lit ? color : withAlpha(color, 0.18));
        painter->drawRoundedRect(cell, 1.5, 1.5);
    }
}

struct ItemLayout
{
    QRectF title;
    QRectF bar;
    QRectF value;
    Qt::Alignment titleAlign = Qt::AlignLeft | Qt::AlignVCenter;
    Qt::Alignment valueAlign = Qt::AlignRight | Qt::AlignVCenter;
    double titlePx = 0;
    double valuePx = 0;
};

struct Widest
{
    double title = 0;
    double value = 0;
};

ItemLayout horizontalLayout(const QRectF& rect, const BarGaugeOptions& o, bool named, const Widest& widest)
{
    ItemLayout l;
    const bool above = named && (o.names == BarGaugeOptions::Names::Top
                                 || (o.names == BarGaugeOptions::Names::Auto && rect.height() > 40));
    QRectF rest = rect;
    if (above) {
        l.titlePx = o.titlePx > 0 ? o.titlePx : std::clamp(rect.height() * 0.25, 10.0, 14.0);
        l.title = QRectF(rect.left(), rect.top(), rect.width(), l.titlePx * 1.4);
        rest.setTop(l.title.bottom() + 1);
    } else if (named) {
        l.titlePx = o.titlePx > 0 ? o.titlePx : std::clamp(rect.height() * 0.55, 9.0, 14.0);
        const double width = std::min(widest.title * l.titlePx / 100 + 2, rect.width() * 0.4);
        l.title = QRectF(rect.left(), rect.top(), width, rect.height());
        rest.setLeft(l.title.right() + 10);
    }
    l.bar = rest;
    if (o.values != BarGaugeOptions::Values::Hidden) {
        const double most = std::max(10.0, rest.height() * 0.85);
        // Narrow panels give the number what it needs to be read, and the bar what is left.
        const double least = std::min(fitFontPx(widest.value, rest.width() * 0.6, most * kLineHeight, 30), kLeastValuePx);
        l.valuePx = o.valuePx > 0 ? o.valuePx
                                  : std::max(least, fitFontPx(widest.value, rest.width() * 0.22, most * kLineHeight, 30));
        const double width = widest.value * l.valuePx / 100 + 4;
        l.value = QRectF(rest.right() - width, rest.top(), width, rest.height());
        l.bar.setRight(l.value.left() - 10);
    }
    return l;
}

ItemLayout verticalLayout(const QRectF& rect, const BarGaugeOptions& o, bool named, const Widest& widest)
{
    ItemLayout l;
    QRectF rest = rect;
    if (named) {
        l.titlePx = o.titlePx > 0 ? o.titlePx : std::clamp(fitFontPx(widest.title, rect.width(), 24), 9.0, 14.0);
        l.title = QRectF(rect.left(), rect.bottom() - l.titlePx * 1.5, rect.width(), l.titlePx * 1.5);
        l.titleAlign = Qt::AlignHCenter | Qt::AlignVCenter;
        rest.setBottom(l.title.top() - 2);
    }
    l.bar = rest;
    if (o.values != BarGaugeOptions::Values::Hidden) {
        l.valuePx = o.valuePx > 0 ? o.valuePx : fitFontPx(widest.value, rect.width(), rect.height() * 0.25, 30);
        l.value = QRectF(rest.left(), rest.top(), rest.width(), l.valuePx * kLineHeight + 4);
        l.valueAlign = Qt::AlignHCenter | Qt::AlignVCenter;
        l.bar.setTop(l.value.bottom());
    }
    return l;
}

Qt::Orientation barOrientation(const QSizeF& area, const BarGaugeOptions& options)
{
    return options.bars.value_or(area.width() > area.height() ? Qt::Vertical : Qt::Horizontal);
}

} // namespace

BarGaugeOptions barGaugeOptions(const PanelSpec& panel)
{
    const Json& json = panel.options;
    BarGaugeOptions o;
    const QString mode = json[u"displayMode"].toString(u"gradient"_s);
    o.mode = mode == u"basic" ? BarGaugeOptions::Mode::Basic
        : mode == u"lcd"      ? BarGaugeOptions::Mode::Lcd
                              : BarGaugeOptions::Mode::Gradient;
    const QString names = json[u"namePlacement"].toString(u"auto"_s);
    o.names = names == u"top"  ? BarGaugeOptions::Names::Top
        : names == u"left"     ? BarGaugeOptions::Names::Left
        : names == u"hidden"   ? BarGaugeOptions::Names::Hidden
                               : BarGaugeOptions::Names::Auto;
    const QString values = json[u"valueMode"].toString(u"color"_s);
    o.values = values == u"text" ? BarGaugeOptions::Values::Text
        : values == u"hidden"    ? BarGaugeOptions::Values::Hidden
                                 : BarGaugeOptions::Values::Color;
    const QString orientation = json[u"orientation"].toString(u"auto"_s);
    if (orientation == u"horizontal")
        o.bars = Qt::Horizontal;
    else if (orientation == u"vertical")
        o.bars = Qt::Vertical;
    o.unfilled = json[u"showUnfilled"].toBool(true);
    o.titlePx = json.path(u"text.titleSize").toDouble();
    o.valuePx = json.path(u"text.valueSize").toDouble();
    o.manualSizing = json[u"sizing"].toString() == u"manual";
    if (o.manualSizing) {
        o.minWidth = json[u"minVizWidth"].toDouble(8);
        o.minHeight = json[u"minVizHeight"].toDouble(16);
        o.maxHeight = json[u"maxVizHeight"].toDouble(300);
    }
    return o;
}

double barGaugeHeight(const QSizeF& area, int count, const BarGaugeOptions& options)
{
    if (barOrientation(area, options) == Qt::Vertical || count == 0)
        return area.height();
    return std::max(area.height(), count * (options.minHeight + kSpacing) - kSpacing);
}

std::vector<QRectF> barGaugeRects(const QRectF& area, int count, const BarGaugeOptions& options)
{
    if (barOrientation(area.size(), options) == Qt::Vertical)
        return repeatRects(area, count, Qt::Horizontal, kSpacing);
    auto rects = repeatRects(area, count, Qt::Vertical, kSpacing);
    for (QRectF& rect : rects)
        rect.setHeight(std::min(rect.height(), options.maxHeight));
    return rects;
}

void paintBar(QPainter* painter, const QRectF& bar, const SingleValue& value, BarGaugeOptions::Mode mode, bool unfilled,
              Qt::Orientation orientation, const ThemeColors& theme, ThemeKind kind)
{
    if (bar.width() < 1 || bar.height() < 1)
        return;
    const double fraction = std::isfinite(value.display.numeric) ? std::clamp(value.display.percent, 0.0, 1.0) : 0.0;
    painter->setPen(Qt::NoPen);
    if (mode == BarGaugeOptions::Mode::Lcd) {
        paintLcd(painter, bar, value, fraction, unfilled, orientation, theme, kind);
        return;
    }
    if (unfilled) {
        painter->setBrush(theme.secondary);
        painter->drawRoundedRect(bar, 2, 2);
    }
    const QRectF part = filledPart(bar, fraction, orientation);
    if (part.width() < 0.5 || part.height() < 0.5)
        return;
    if (mode == BarGaugeOptions::Mode::Gradient) {
        painter->setBrush(barGradient(bar, value, orientation, theme, kind));
        painter->drawRoundedRect(part, 2, 2);
        return;
    }
    const QColor color = valueColor(value, theme);
    painter->setBrush(withAlpha(color, 0.35));
    painter->drawRoundedRect(part, 2, 2);
    painter->setBrush(color);
    if (orientation == Qt::Horizontal)
        painter->drawRect(QRectF(part.right() - std::min(2.0, part.width()), part.top(), std::min(2.0, part.width()), part.height()));
    else
        painter->drawRect(QRectF(part.left(), part.top(), part.width(), std::min(2.0, part.height())));
}

void paintBarGauge(QPainter* painter, const QRectF& area, const SingleValueModel& model, const BarGaugeOptions& options,
                   const ThemeColors& theme, ThemeKind kind)
{
    painter->setRenderHint(QPainter::Antialiasing);
    const Qt::Orientation orientation = barOrientation(area.size(), options);
    const auto rects = barGaugeRects(area, int(model.values.size()), options);
    Widest widest;
    for (const SingleValue& value : model.values) {
        widest.title = std::max(widest.title, textWidthAt100(value.name));
        widest.value = std::max(widest.value, valueWidthAt100(value.display));
    }
    // One value in a titled panel needs no name, as in Grafana.
    const bool named = options.names != BarGaugeOptions::Names::Hidden
        && (model.values.size() > 1 || options.names != BarGaugeOptions::Names::Auto);
    for (size_t i = 0; i < rects.size(); ++i) {
        const SingleValue& value = model.values[i];
        const ItemLayout l = orientation == Qt::Horizontal ? horizontalLayout(rects[i], options, named, widest)
                                                           : verticalLayout(rects[i], options, named, widest);
        paintBar(painter, l.bar, value, options.mode, options.unfilled, orientation, theme, kind);
        if (named) {
            painter->setFont(panelFont(l.titlePx));
            painter->setPen(theme.text);
            drawElided(painter, l.title, value.name, l.titleAlign);
        }
        if (options.values != BarGaugeOptions::Values::Hidden) {
            const QColor color = options.values == BarGaugeOptions::Values::Text ? theme.text : valueColor(value, theme);
            drawValue(painter, l.value, value.display, l.valuePx, color, l.valueAlign);
        }
    }
}

} // namespace Promdeck
