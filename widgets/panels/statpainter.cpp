#include "widgets/panels/statpainter.h"

#include "widgets/panels/painthelpers.h"

#include <QLinearGradient>

#include <algorithm>
#include <cmath>

using namespace Qt::StringLiterals;

namespace Promdeck {

namespace {

constexpr double kMaxTitlePx = 30;

// What all values of one panel share: sizes fit the longest text, so that equal things look equal.
struct Sizes
{
    bool wide = false;
    bool chart = false;
    bool title = false;
    bool value = true;
    bool center = false;
    double padding = 8;
    double titlePx = 0;
    double valuePx = 0;
    double changePx = 0;
};

StatOptions::Text effectiveText(const StatOptions& options, size_t count)
{
    if (options.text == StatOptions::Text::Auto)
        return count == 1 ? StatOptions::Text::Value : StatOptions::Text::ValueAndName;
    return options.text;
}

bool hasSparkline(const SingleValue& value)
{
    return value.values.size() > 1;
}

void fitStacked(Sizes& s, double width, double height, double titleWidth, double valueWidth)
{
    double titleHeight = 0;
    if (s.title) {
        const double share = s.value ? (s.chart ? 0.18 : 0.22) : 1.0;
        if (s.titlePx <= 0)
            s.titlePx = fitFontPx(titleWidth, width, height * share, s.value ? kMaxTitlePx : 100);
        titleHeight = s.titlePx * kLineHeight;
    }
    const double left = height - titleHeight - (s.chart ? height * 0.25 : 0);
    const double changeShare = s.changePx > 0 ? 0.75 : 1.0;
    if (s.valuePx <= 0)
        s.valuePx = fitFontPx(valueWidth, width, left * changeShare);
    if (s.changePx > 0)
        s.changePx = std::max(9.0, s.valuePx * 0.33);
}

void fitWide(Sizes& s, double width, double height, double titleWidth, double valueWidth)
{
    const double textHeight = s.chart ? height * 0.5 : height;
    const double changeShare = s.changePx > 0 ? 0.7 : 1.0;
    if (!s.title || !s.value) {
        if (s.title && s.titlePx <= 0)
            s.titlePx = fitFontPx(titleWidth, width, textHeight, 100);
        if (s.valuePx <= 0)
            s.valuePx = fitFontPx(valueWidth, width, textHeight * changeShare);
    } else {
        if (s.titlePx <= 0)
            s.titlePx = fitFontPx(titleWidth, width * 0.6, textHeight, kMaxTitlePx);
        if (s.valuePx <= 0)
            s.valuePx = fitFontPx(valueWidth, width * 0.37, textHeight * changeShare);
    }
    if (s.changePx > 0)
        s.changePx = std::max(9.0, s.valuePx * 0.35);
}

Sizes fitSizes(const SingleValueModel& model, const StatOptions& options, const QSizeF& item)
{
    Sizes s;
    const auto text = effectiveText(options, model.values.size());
    s.title = text == StatOptions::Text::ValueAndName || text == StatOptions::Text::Name;
    s.value = text == StatOptions::Text::ValueAndName || text == StatOptions::Text::Value;
    const bool aspectWide = item.width() / std::max(1.0, item.height()) > 2.5;
    // Centred texts stand above each other.
    s.wide = options.wide && aspectWide && !(options.center && s.title && s.value);
    s.chart = options.graph && item.width() > 30 && item.height() > (s.wide ? 50 : 30)
        && std::any_of(model.values.begin(), model.values.end(), hasSparkline);
    s.center = options.center || !s.title;
    s.padding = item.height() > 100 ? 12 : std::min(8.0, item.height() / 8);
    s.titlePx = s.title ? options.titlePx : 0;
    s.valuePx = options.valuePx;
    double titleWidth = 0;
    double valueWidth = 0;
    for (const SingleValue& value : model.values) {
        titleWidth = std::max(titleWidth, textWidthAt100(value.name));
        valueWidth = std::max(valueWidth, valueWidthAt100(value.display));
        if (value.percentChange && s.value)
            s.changePx = 1;
    }
    const double width = item.width() - 2 * s.padding;
    const double height = item.height() - 2 * s.padding;
    if (s.wide)
        fitWide(s, width, height, titleWidth, valueWidth);
    else
        fitStacked(s, width, height, titleWidth, valueWidth);
    return s;
}

void paintBackground(QPainter* painter, const QRectF& rect, const QColor& color, bool solid, bool dark)
{
    painter->save();
    painter->setRenderHint(QPainter::Antialiasing);
    painter->setPen(Qt::NoPen);
    if (solid) {
        painter->setBrush(color);
    } else {
        const double factor = dark ? 1 : -0.7;
        const double radians = 120.0 * M_PI / 180.0;
        const QPointF direction(std::sin(radians), -std::cos(radians));
        const double half = (std::abs(rect.width() * direction.x()) + std::abs(rect.height() * direction.y())) / 2;
        QLinearGradient gradient(rect.center() - direction * half, rect.center() + direction * half);
        gradient.setColorAt(0, shifted(color, -0.15 * factor, 8));
        gradient.setColorAt(1, shifted(color, -0.05 * factor, -8));
        painter->setBrush(gradient);
    }
    painter->drawRoundedRect(rect, 2, 2);
    painter->restore();
}

QColor changeColor(double change, const StatOptions& options, const QColor& value, const ThemeColors& theme, bool filled)
{
    if (filled || options.percentColor == u"same_as_value")
        return value;
    const bool good = options.percentColor == u"inverted" ? change < 0 : change > 0;
    return change == 0 ? value : good ? theme.success : theme.error;
}

void paintChange(QPainter* painter, const QRectF& rect, double change, double px, const QColor& color, Qt::Alignment align)
{
    painter->setFont(panelFont(px));
    painter->setPen(color);
    const QString arrow = change > 0 ? u"▲ "_s : change < 0 ? u"▼ "_s : QString();
    painter->drawText(rect, int(align | Qt::AlignVCenter), arrow + QString::number(std::abs(change), 'f', 2) + u'%');
}

struct ItemColors
{
    QColor value;
    QColor title;
    QColor line;
    QColor fill;
};

ItemColors itemColors(const SingleValue& item, const StatOptions& options, const ThemeColors& theme, bool dark)
{
    const QColor own = item.display.hasColor ? toColor(item.display.color) : theme.text;
    switch (options.color) {
    case StatOptions::Color::None:
        return {theme.text, theme.text, own, withAlpha(own, 0.2)};
    case StatOptions::Color::Value:
        return {own, theme.text, own, withAlpha(own, 0.2)};
    default: {
        const QColor ink = readableOn(blend(theme.panel, own));
        const QColor line = dark ? withAlpha(Qt::white, 0.45) : withAlpha(ink, 0.45);
        return {ink, ink, line, withAlpha(line, 0.18)};
    }
    }
}

void paintText(QPainter* painter, const QRectF& text, const SingleValue& item, const Sizes& s, const StatOptions& options,
               const ItemColors& colors, const ThemeColors& theme)
{
    const bool filled = options.color == StatOptions::Color::Background || options.color == StatOptions::Color::BackgroundSolid;
    const double titleHeight = s.title ? s.titlePx * kLineHeight : 0;
    const double valueHeight = s.value ? s.valuePx * kLineHeight : 0;
    const double changeHeight = s.changePx > 0 && item.percentChange ? s.changePx * kLineHeight : 0;
    if (s.wide && s.title && s.value && !options.center) {
        painter->setFont(panelFont(s.titlePx));
        painter->setPen(colors.title);
        const double valueWidth = valueWidthAt100(item.display) * s.valuePx / 100 + 8;
        drawElided(painter, text.adjusted(0, 0, -valueWidth, 0), item.name, Qt::AlignLeft | Qt::AlignVCenter);
        const QRectF valueRect = text.adjusted(0, 0, 0, -changeHeight);
        drawValue(painter, valueRect, item.display, s.valuePx, colors.value, Qt::AlignRight | Qt::AlignVCenter);
        if (changeHeight > 0)
            paintChange(painter, QRectF(text.left(), text.bottom() - changeHeight, text.width(), changeHeight),
                        *item.percentChange, s.changePx, changeColor(*item.percentChange, options, colors.value, theme, filled),
                        Qt::AlignRight);
        return;
    }
    const Qt::Alignment align = s.center ? Qt::AlignHCenter : Qt::AlignLeft;
    const double free = text.height() - titleHeight - valueHeight - changeHeight;
    // Centred texts stand in the middle; others start at the top with the value below its name.
    double y = text.top() + (s.center || !s.chart ? std::max(0.0, free / 2) : 0);
    if (s.title) {
        painter->setFont(panelFont(s.titlePx));
        painter->setPen(s.value ? colors.title : colors.value);
        drawElided(painter, QRectF(text.left(), y, text.width(), titleHeight), item.name, align | Qt::AlignVCenter);
        y += titleHeight;
    }
    if (s.value) {
        drawValue(painter, QRectF(text.left(), y, text.width(), valueHeight), item.display, s.valuePx, colors.value,
                  align | Qt::AlignVCenter);
        y += valueHeight;
    }
    if (changeHeight > 0)
        paintChange(painter, QRectF(text.left(), y, text.width(), changeHeight), *item.percentChange, s.changePx,
                    changeColor(*item.percentChange, options, colors.value, theme, filled), align);
}

void paintItem(QPainter* painter, const QRectF& rect, const SingleValue& item, const Sizes& s, const StatOptions& options,
               const ThemeColors& theme, bool dark)
{
    const bool filled = options.color == StatOptions::Color::Background || options.color == StatOptions::Color::BackgroundSolid;
    const QColor own = item.display.hasColor ? toColor(item.display.color) : theme.textDisabled;
    if (filled)
        paintBackground(painter, rect, own, options.color == StatOptions::Color::BackgroundSolid, dark);
    const ItemColors colors = itemColors(item, options, theme, dark);
    QRectF text = rect.adjusted(s.padding, s.padding, -s.padding, -s.padding);
    if (s.chart) {
        const double share = s.wide ? 0.5 : 0.27;
        const double chartHeight = rect.height() * share;
        if (hasSparkline(item))
            drawSparkline(painter, QRectF(rect.left(), rect.bottom() - chartHeight, rect.width(), chartHeight), item.times,
                          item.values, colors.line, colors.fill);
        text.setBottom(rect.bottom() - (s.wide ? chartHeight : chartHeight * 0.9));
    }
    paintText(painter, text, item, s, options, colors, theme);
}

} // namespace

StatOptions statOptions(const PanelSpec& panel)
{
    const Json& json = panel.options;
    StatOptions o;
    const QString color = json[u"colorMode"].toString(u"value"_s);
    o.color = color == u"background"       ? StatOptions::Color::Background
        : color == u"background_solid"     ? StatOptions::Color::BackgroundSolid
        : color == u"none"                 ? StatOptions::Color::None
                                           : StatOptions::Color::Value;
    const QString text = json[u"textMode"].toString(u"auto"_s);
    o.text = text == u"value"            ? StatOptions::Text::Value
        : text == u"value_and_name"      ? StatOptions::Text::ValueAndName
        : text == u"name"                ? StatOptions::Text::Name
        : text == u"none"                ? StatOptions::Text::None
                                         : StatOptions::Text::Auto;
    const QString layout = json[u"orientation"].toString(u"auto"_s);
    o.layout = layout == u"horizontal"  ? StatOptions::Layout::Horizontal
        : layout == u"vertical"         ? StatOptions::Layout::Vertical
                                        : StatOptions::Layout::Auto;
    o.graph = json[u"graphMode"].toString(u"area"_s) == u"area";
    o.center = json[u"justifyMode"].toString() == u"center";
    o.wide = json[u"wideLayout"].toBool(true);
    o.titlePx = json.path(u"text.titleSize").toDouble();
    o.valuePx = json.path(u"text.valueSize").toDouble();
    o.percentColor = json[u"percentChangeColorMode"].toString(u"standard"_s);
    return o;
}

std::vector<QRectF> statRects(const QRectF& area, int count, const StatOptions& options)
{
    switch (options.layout) {
    // "horizontal" runs across the values of one line, so the items stand below each other, as in Grafana.
    case StatOptions::Layout::Horizontal: return repeatRects(area, count, Qt::Vertical);
    case StatOptions::Layout::Vertical: return repeatRects(area, count, Qt::Horizontal);
    default: return gridRects(area, count);
    }
}

void paintStat(QPainter* painter, const QRectF& area, const SingleValueModel& model, const StatOptions& options,
               const ThemeColors& theme, bool dark)
{
    if (model.values.empty())
        return;
    const auto rects = statRects(area, int(model.values.size()), options);
    QSizeF smallest = rects.front().size();
    for (const QRectF& rect : rects)
        smallest = smallest.boundedTo(rect.size());
    const Sizes sizes = fitSizes(model, options, smallest);
    for (size_t i = 0; i < rects.size(); ++i) {
        painter->save();
        painter->setClipRect(rects[i]);
        paintItem(painter, rects[i], model.values[i], sizes, options, theme, dark);
        painter->restore();
    }
}

} // namespace Promdeck
