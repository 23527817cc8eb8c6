#include "widgets/panels/chartaxes.h"

#include "widgets/common/theme.h"
#include "widgets/plot/axistext.h"

#include <QFontMetricsF>

#include <cmath>

namespace Promdeck {

namespace {

constexpr double kLabelGap = 6;
constexpr double kEdge = 5;
constexpr double kTickDistance = 30;
constexpr double kSideAir = 8; ///< right of every plot area

double widest(const QStringList& texts, const QFontMetricsF& metrics)
{
    double width = 0;
    for (const QString& text : texts)
        width = std::max(width, metrics.horizontalAdvance(text));
    return std::ceil(width);
}

} // namespace

ValueAxis ValueAxis::make(const AxisModel& axis, const ValueScale& scale, bool percent, double length, bool across,
                          const PlotTheme& theme, const QString& timeZone)
{
    ValueAxis out;
    out.model = axis;
    out.scale = scale;
    out.percent = percent;
    const UnitSteps steps = percent ? UnitSteps {} : stepsForUnit(axis.unit);
    double distance = across ? 60 : length < 110 ? 18 : kTickDistance;
    for (int round = 0; round < 6 && distance < std::max(length, 2.0); ++round) {
        out.ticks = valueTicks(scale, distance / std::max(length, 1.0), steps);
        out.texts = axisTexts(axis, out.ticks, percent, timeZone);
        const double need = across ? widest(out.texts, QFontMetricsF(theme.font)) + 14 : 0;
        const bool alike = !labelsCanShow(out.ticks.step, axis, percent, timeZone);
        if (!alike && need <= distance)
            break;
        distance = std::max(need, alike ? 2 * distance : distance);
    }
    return out;
}

double ValueAxis::width(const PlotTheme& theme) const
{
    if (model.placement == AxisPlacement::Hidden)
        return 0;
    if (model.widthPx > 0)
        return model.widthPx;
    const QFontMetricsF metrics(theme.font);
    return kEdge + widest(texts, metrics) + kLabelGap + (model.label.isEmpty() ? 0 : metrics.height() + 4);
}

double ValueAxis::height(const PlotTheme& theme) const
{
    if (model.placement == AxisPlacement::Hidden)
        return 0;
    return kTimeAxisHeight + (model.label.isEmpty() ? 0 : QFontMetricsF(theme.font).height() + 2);
}

double ValueAxis::yOf(double value, const QRectF& area) const
{
    return area.bottom() - scale.place(value) * area.height();
}

double ValueAxis::xOf(double value, const QRectF& area) const
{
    return area.left() + scale.place(value) * area.width();
}

void ValueAxis::paintVertical(QPainter* painter, const QRectF& area, bool right, bool grid, const PlotTheme& theme) const
{
    painter->setFont(theme.font);
    const QFontMetricsF metrics(theme.font);
    for (qsizetype i = 0; i < texts.size(); ++i) {
        const double y = std::round(yOf(ticks.at[size_t(i)], area));
        if (grid && model.showGrid)
            painter->fillRect(QRectF(area.left(), y, area.width(), 1), theme.grid);
        if (model.placement == AxisPlacement::Hidden)
            continue;
        painter->setPen(theme.text);
        const double x = right ? area.right() + kLabelGap : area.left() - kLabelGap - metrics.horizontalAdvance(texts[i]);
        painter->drawText(QPointF(std::round(x), std::round(y + (metrics.ascent() - metrics.descent()) / 2)), texts[i]);
    }
    if (model.showBorder)
        painter->fillRect(QRectF(right ? area.right() : area.left(), area.top(), 1, area.height()), theme.text);
    if (model.label.isEmpty() || model.placement == AxisPlacement::Hidden)
        return;
    painter->save();
    painter->setPen(theme.text);
    const double x = right ? area.right() + width(theme) - metrics.descent() - 2
                           : area.left() - width(theme) + metrics.ascent() + 2;
    painter->translate(x, area.center().y());
    painter->rotate(-90);
    painter->drawText(QPointF(-metrics.horizontalAdvance(model.label) / 2, 0), model.label);
    painter->restore();
}

void ValueAxis::paintHorizontal(QPainter* painter, const QRectF& area, const PlotTheme& theme) const
{
    painter->setFont(theme.font);
    const QFontMetricsF metrics(theme.font);
    for (qsizetype i = 0; i < texts.size(); ++i) {
        const double x = std::round(xOf(ticks.at[size_t(i)], area));
        if (model.showGrid)
            painter->fillRect(QRectF(x, area.top(), 1, area.height()), theme.grid);
        if (model.placement == AxisPlacement::Hidden)
            continue;
        painter->setPen(theme.text);
        const double width = metrics.horizontalAdvance(texts[i]);
        const double left = std::min(x - width / 2, area.right() + kSideAir - width); // not beyond the edge
        painter->drawText(QPointF(std::round(left), std::round(area.bottom() + kLabelGap + metrics.ascent())), texts[i]);
    }
    if (model.showBorder)
        painter->fillRect(QRectF(area.left(), area.bottom(), area.width(), 1), theme.text);
    if (!model.label.isEmpty() && model.placement != AxisPlacement::Hidden) {
        painter->drawText(QPointF(area.center().x() - metrics.horizontalAdvance(model.label) / 2,
                                  area.bottom() + kTimeAxisHeight + metrics.ascent()),
                          model.label);
    }
}

void ValueAxis::paintThresholds(QPainter* painter, const QRectF& area, bool vertical, bool lines) const
{
    using Mode = ThresholdDisplay::Mode;
    const ThresholdDisplay& thresholds = model.thresholds;
    const bool wantsArea = thresholds.mode == Mode::Area || thresholds.mode == Mode::LineAndArea
        || thresholds.mode == Mode::DashedLineAndArea;
    const bool wantsLine = thresholds.mode != Mode::Off && thresholds.mode != Mode::Area;
    const bool dashed = thresholds.mode == Mode::DashedLine || thresholds.mode == Mode::DashedLineAndArea;
    if ((lines && !wantsLine) || (!lines && !wantsArea))
        return;
    const auto at = [&](double value) {
        const double place = std::clamp(std::isfinite(value) ? scale.place(value) : value < 0 ? 0.0 : 1.0, 0.0, 1.0);
        return vertical ? area.bottom() - place * area.height() : area.left() + place * area.width();
    };
    for (size_t i = 0; i < thresholds.steps.size(); ++i) {
        const auto& [value, rgba] = thresholds.steps[i];
        const QColor color = toQColor(rgba);
        if (lines) {
            if (!std::isfinite(value) || value < scale.min() || value > scale.max())
                continue;
            painter->setPen(QPen(color, 2, dashed ? Qt::DashLine : Qt::SolidLine));
            painter->drawLine(vertical ? QLineF(area.left(), at(value), area.right(), at(value))
                                       : QLineF(at(value), area.top(), at(value), area.bottom()));
            continue;
        }
        const double from = at(value);
        const double to = i + 1 < thresholds.steps.size() ? at(thresholds.steps[i + 1].first) : at(INFINITY);
        const QRectF band = vertical ? QRectF(QPointF(area.left(), to), QPointF(area.right(), from))
                                     : QRectF(QPointF(from, area.top()), QPointF(to, area.bottom()));
        painter->fillRect(band, withAlpha(color, 0.15 * color.alphaF()));
    }
}

TimeAxis TimeAxis::make(const TimeRange& range, double width, const PlotTheme& theme, const QString& timeZone)
{
    TimeAxis axis;
    axis.range = range;
    if (range.spanMs() <= 0)
        return axis;
    const QFontMetricsF metrics(theme.font);
    const QTimeZone zone = timeZoneByName(timeZone);
    axis.ticks = timeTicks(range, zone, width, [&metrics](const QString& format) {
        QString sample = format;
        for (QChar& character : sample) {
            if (character.isLetter())
                character = u'0';
        }
        return metrics.horizontalAdvance(sample);
    });
    for (const qint64 at : axis.ticks.at)
        axis.texts.append(timeText(at, zone, axis.ticks.format));
    return axis;
}

double TimeAxis::xOf(qint64 timeMs, const QRectF& area) const
{
    return area.left() + double(timeMs - range.fromMs) * area.width() / double(std::max<qint64>(range.spanMs(), 1));
}

qint64 TimeAxis::timeAt(double x, const QRectF& area) const
{
    const double part = std::clamp((x - area.left()) / std::max(area.width(), 1.0), 0.0, 1.0);
    return range.fromMs + qint64(std::llround(part * double(range.spanMs())));
}

void TimeAxis::paint(QPainter* painter, const QRectF& area, bool grid, const PlotTheme& theme) const
{
    painter->setFont(theme.font);
    const QFontMetricsF metrics(theme.font);
    for (qsizetype i = 0; i < texts.size(); ++i) {
        const double x = std::round(xOf(ticks.at[size_t(i)], area));
        if (grid)
            painter->fillRect(QRectF(x, area.top(), 1, area.height()), theme.grid);
        const double half = metrics.horizontalAdvance(texts[i]) / 2;
        if (x + half > area.right() + kSideAir) // would be cut
            continue;
        painter->setPen(theme.text);
        painter->drawText(QPointF(std::round(x - half), std::round(area.bottom() + kLabelGap + metrics.ascent())), texts[i]);
    }
}

QBrush fillBrush(const QColor& color, double opacity, GradientMode gradient, const QRectF& area, Qt::Edge top, ThemeKind theme)
{
    if (gradient == GradientMode::None || gradient == GradientMode::Scheme)
        return withAlpha(color, opacity);
    QLinearGradient line;
    switch (top) {
    case Qt::TopEdge:
        line.setStart(area.bottomLeft());
        line.setFinalStop(area.topLeft());
        break;
    case Qt::BottomEdge:
        line.setStart(area.topLeft());
        line.setFinalStop(area.bottomLeft());
        break;
    case Qt::RightEdge:
        line.setStart(area.topLeft());
        line.setFinalStop(area.topRight());
        break;
    case Qt::LeftEdge:
        line.setStart(area.topRight());
        line.setFinalStop(area.topLeft());
        break;
    }
    if (gradient == GradientMode::Opacity) {
        line.setColorAt(0, withAlpha(color, 0));
        line.setColorAt(1, withAlpha(color, opacity));
    } else {
        const double lift = theme == ThemeKind::Dark ? 0.08 : 0.05;
        line.setColorAt(0, withAlpha(shifted(color, -lift, 20), opacity));
        line.setColorAt(1, withAlpha(shifted(color, lift, -20), opacity));
    }
    return line;
}

} // namespace Promdeck
