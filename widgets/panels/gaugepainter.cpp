#include "widgets/panels/gaugepainter.h"

#include "widgets/panels/painthelpers.h"

#include <QConicalGradient>
#include <QFontMetricsF>
#include <QPainterPath>

#include <algorithm>
#include <cmath>

using namespace Qt::StringLiterals;

namespace Promdeck {

namespace {

// The scale opens downwards: it starts 18 degrees below the horizontal on the left and ends so on the right.
constexpr double kStartDegrees = 198;
constexpr double kSweepDegrees = 216;

void paintArc(QPainter* painter, QPointF centre, double outer, double thickness, double from, double to, const QColor& color)
{
    if (to <= from)
        return;
    const QRectF out(centre.x() - outer, centre.y() - outer, 2 * outer, 2 * outer);
    const QRectF in = out.adjusted(thickness, thickness, -thickness, -thickness);
    const double start = kStartDegrees - from * kSweepDegrees;
    const double sweep = -(to - from) * kSweepDegrees;
    QPainterPath path;
    path.arcMoveTo(out, start);
    path.arcTo(out, start, sweep);
    path.arcTo(in, start + sweep, -sweep);
    path.closeSubpath();
    painter->fillPath(path, color);
}

struct GaugeGeometry
{
    QPointF centre;
    double radius = 0;
    double ring = 0;
    double markers = 0;
    QRectF title;
};

GaugeGeometry gaugeGeometry(const QRectF& rect, bool title, const GaugeOptions& options)
{
    GaugeGeometry g;
    const double titlePx = !title ? 0
        : options.titlePx > 0     ? options.titlePx
                                  : std::clamp(std::min(rect.width() / 14, rect.height() / 8), 12.0, 18.0);
    const double titleHeight = titlePx * 1.5;
    const QRectF dial = rect.adjusted(0, 0, 0, -titleHeight);
    const double labelRoom = options.thresholdLabels ? 1.3 : 1.0;
    // Height of the dial: a full radius above the centre, sin(18 deg) below, and the labels of both ends.
    const double below = std::sin(18 * M_PI / 180) * (options.thresholdLabels ? 1.15 : 1.0) + (options.thresholdLabels ? 0.1 : 0.0);
    g.radius = std::max(4.0, std::min(dial.width() / 2 / labelRoom, dial.height() / (labelRoom + below)) - 2);
    const double dimension = 2 * g.radius;
    g.ring = std::min(dimension / 5.5, 40.0) / (options.thresholdLabels ? 1.5 : 1.0);
    g.markers = options.thresholdMarkers ? g.ring / 5 : 0;
    const double used = g.radius * (labelRoom + below);
    g.centre = QPointF(dial.center().x(), dial.top() + (dial.height() - used) / 2 + g.radius * labelRoom);
    // Below its dial, not at the end of a tall panel.
    const double under = g.centre.y() + g.radius * below + titlePx * 0.4;
    g.title = QRectF(rect.left(), std::min(rect.bottom() - titleHeight, under), rect.width(), titleHeight);
    return g;
}

void paintThresholdLabels(QPainter* painter, const GaugeGeometry& g, const SingleValue& value,
                          const std::vector<std::pair<double, QColor>>& stops, const ThemeColors& theme, ThemeKind kind)
{
    const double px = std::clamp(g.radius / 7, 9.0, 16.0);
    painter->setFont(panelFont(px));
    painter->setPen(theme.text);
    const DisplayProcessor format(value.field, kind);
    const QFontMetricsF metrics(painter->font());
    std::vector<double> fractions {0, 1};
    for (const auto& [fraction, color] : stops) {
        if (fraction > 0 && fraction < 1)
            fractions.push_back(fraction);
    }
    for (const double fraction : fractions) {
        const QString text = format(value.min + fraction * (value.max - value.min)).toString();
        const double angle = (kStartDegrees - fraction * kSweepDegrees) * M_PI / 180;
        const double distance = g.radius + px * 0.75;
        const QPointF at(g.centre.x() + distance * std::cos(angle), g.centre.y() - distance * std::sin(angle));
        const double width = metrics.horizontalAdvance(text);
        const double shift = std::abs(std::cos(angle)) < 0.25 ? -width / 2 : std::cos(angle) < 0 ? -width : 0;
        painter->drawText(QPointF(at.x() + shift, at.y() + metrics.ascent() / 3), text);
    }
}

void paintGaugeItem(QPainter* painter, const QRectF& rect, const SingleValue& value, bool title, double valueWidth,
                    const GaugeOptions& options, const ThemeColors& theme, ThemeKind kind)
{
    const GaugeGeometry g = gaugeGeometry(rect, title, options);
    const auto stops = thresholdStops(value, kind);
    const double gap = g.markers > 0 ? std::max(1.0, g.markers / 3) : 0;
    if (g.markers > 0) {
        for (size_t i = 0; i < stops.size(); ++i) {
            const double to = i + 1 < stops.size() ? stops[i + 1].first : 1.0;
            paintArc(painter, g.centre, g.radius, g.markers, stops[i].first, to, stops[i].second);
        }
    }
    const double outer = g.radius - g.markers - gap;
    paintArc(painter, g.centre, outer, g.ring, 0, 1, theme.secondary);
    const QColor color = value.display.hasColor ? toColor(value.display.color) : theme.success;
    const double fraction = std::isfinite(value.display.numeric) ? std::clamp(value.display.percent, 0.0, 1.0) : 0.0;
    paintArc(painter, g.centre, outer, g.ring, 0, fraction, color);
    if (options.thresholdLabels)
        paintThresholdLabels(painter, g, value, stops, theme, kind);
    const double inner = outer - g.ring;
    const double px = options.valuePx > 0 ? options.valuePx : fitFontPx(valueWidth, inner * 1.7, inner, g.radius * 0.5);
    drawValue(painter, QRectF(g.centre.x() - g.radius, g.centre.y() - inner * 0.62, 2 * g.radius, inner), value.display, px,
              color, Qt::AlignHCenter | Qt::AlignVCenter);
    if (title) {
        painter->setFont(panelFont(g.title.height() / 1.5));
        painter->setPen(theme.text);
        drawElided(painter, g.title, value.name, Qt::AlignHCenter | Qt::AlignVCenter);
    }
}

} // namespace

GaugeOptions gaugeOptions(const PanelSpec& panel)
{
    const Json& json = panel.options;
    GaugeOptions o;
    o.thresholdMarkers = json[u"showThresholdMarkers"].toBool(true);
    o.thresholdLabels = json[u"showThresholdLabels"].toBool(false);
    const QString orientation = json[u"orientation"].toString(u"auto"_s);
    o.acrossAuto = orientation != u"horizontal" && orientation != u"vertical";
    o.items = orientation == u"horizontal" ? Qt::Vertical : Qt::Horizontal;
    o.titlePx = json.path(u"text.titleSize").toDouble();
    o.valuePx = json.path(u"text.valueSize").toDouble();
    return o;
}

std::vector<std::pair<double, QColor>> thresholdStops(const SingleValue& value, ThemeKind kind)
{
    std::vector<std::pair<double, QColor>> stops;
    const double span = value.max - value.min;
    for (const ThresholdStep& step : value.thresholds.steps) {
        const bool percentage = value.thresholds.mode == Thresholds::Mode::Percentage;
        double fraction = 0;
        if (std::isfinite(step.value))
            fraction = percentage ? step.value / 100 : span > 0 ? (step.value - value.min) / span : 0;
        if (fraction > 1)
            break;
        const QColor color = toColor(parseColor(step.color, kind).value_or(Rgba {128, 128, 128}));
        if (fraction <= 0)
            stops.clear();
        stops.emplace_back(std::max(0.0, fraction), color);
    }
    if (!stops.empty())
        stops.front().first = 0;
    return stops;
}

std::vector<QRectF> gaugeRects(const QRectF& area, int count, const GaugeOptions& options)
{
    if (!options.acrossAuto)
        return repeatRects(area, count, options.items);
    return repeatRects(area, count, area.width() > area.height() ? Qt::Horizontal : Qt::Vertical);
}

void paintGauge(QPainter* painter, const QRectF& area, const SingleValueModel& model, const GaugeOptions& options,
                const ThemeColors& theme, ThemeKind kind)
{
    painter->setRenderHint(QPainter::Antialiasing);
    const auto rects = gaugeRects(area, int(model.values.size()), options);
    double widest = 0;
    for (const SingleValue& value : model.values)
        widest = std::max(widest, valueWidthAt100(value.display));
    for (size_t i = 0; i < rects.size(); ++i)
        paintGaugeItem(painter, rects[i], model.values[i], model.values.size() > 1, widest, options, theme, kind);
}

} // namespace Promdeck
