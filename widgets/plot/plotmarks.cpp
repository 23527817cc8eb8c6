#include "widgets/plot/plotmarks.h"

#include "widgets/plot/axistext.h"

#include <QCoreApplication>
#include <QPainter>

#include <algorithm>
#include <cmath>

using namespace Qt::StringLiterals;

namespace Promdeck {

namespace {

constexpr double kHandle = 5;       // half the width of the triangle below the plot, px
constexpr double kSpanBar = 3;      // height of the bar below a span, px
constexpr float kSpanOpacity = 0.12F;
constexpr float kLineOpacity = 0.7F;
constexpr double kDiamond = 4;      // centre to corner, px
constexpr double kHandleReach = 9;  // above and below the end of the plot, px
constexpr int kMostTold = 4;        // annotations in a tooltip
constexpr qsizetype kLongestText = 120;

struct Place
{
    double left = 0;
    double right = 0;
    bool leftInside = false;  ///< the beginning itself is in the range
    bool rightInside = false;
};

std::optional<Place> placeOf(const Annotation& annotation, const RenderedPlot& rendered)
{
    const TimeRange& range = rendered.plot.range;
    if (annotation.toMs < range.fromMs || annotation.fromMs > range.toMs)
        return {};
    const PlotLayout& layout = rendered.layout;
    Place place;
    place.leftInside = annotation.fromMs >= range.fromMs;
    place.rightInside = annotation.toMs <= range.toMs;
    place.left = place.leftInside ? layout.xOf(annotation.fromMs, range) : layout.area.left();
    place.right = place.rightInside ? layout.xOf(annotation.toMs, range) : layout.area.right();
    return place;
}

QString oneLine(const QString& text)
{
    const QString flat = text.simplified();
    return flat.size() > kLongestText ? flat.left(kLongestText) + u'…' : flat;
}

} // namespace

void paintAnnotations(QPainter& painter, const RenderedPlot& rendered, const TimeSeriesModel& model)
{
    if (!model.annotations)
        return;
    const QRectF& area = rendered.layout.area;
    painter.save();
    for (const Annotation& annotation : *model.annotations) {
        const std::optional<Place> place = placeOf(annotation, rendered);
        if (!place)
            continue;
        const QColor color = toQColor(annotation.color);
        const bool span = annotation.toMs > annotation.fromMs && place->right - place->left >= 1;
        if (span) {
            QColor fill = color;
            fill.setAlphaF(fill.alphaF() * kSpanOpacity);
            painter.fillRect(QRectF(place->left, area.top(), place->right - place->left, area.height()), fill);
            painter.fillRect(QRectF(place->left, area.bottom() - kSpanBar / 2, place->right - place->left, kSpanBar), color);
        }
        QColor line = color;
        line.setAlphaF(line.alphaF() * kLineOpacity);
        QPen pen(line, 1);
        pen.setDashPattern({4, 4});
        pen.setCapStyle(Qt::FlatCap);
        painter.setPen(pen);
        const auto vertical = [&](double x) {
            const double crisp = std::floor(x) + 0.5;
            painter.drawLine(QPointF(crisp, area.top()), QPointF(crisp, area.bottom()));
        };
        if (place->leftInside)
            vertical(place->left);
        if (span && place->rightInside)
            vertical(place->right);
        if (span || !place->leftInside)
            continue;
        painter.setRenderHint(QPainter::Antialiasing);
        painter.setPen(Qt::NoPen);
        painter.setBrush(color);
        const QPointF handle[] {{place->left, area.bottom() - kHandle}, {place->left - kHandle, area.bottom() + 1},
                                {place->left + kHandle, area.bottom() + 1}};
        painter.drawPolygon(handle, 3);
        painter.setRenderHint(QPainter::Antialiasing, false);
    }
    painter.restore();
}

std::optional<QPointF> exemplarPlace(const ExemplarModel& exemplar, const RenderedPlot& rendered)
{
    const TimeRange& range = rendered.plot.range;
    const qint64 at = exemplar.exemplar.timeMs;
    if (at < range.fromMs || at > range.toMs || size_t(exemplar.axis) >= rendered.plot.scales.size())
        return {};
    const PlotLayout& layout = rendered.layout;
    const double y = layout.yOf(exemplar.exemplar.value, rendered.plot.scales[size_t(exemplar.axis)]);
    return QPointF(layout.xOf(at, range), std::isnan(y) ? layout.area.bottom() : std::clamp(y, layout.area.top(), layout.area.bottom()));
}

void paintExemplar(QPainter& painter, QPointF place, const QColor& color, const PlotTheme& theme)
{
    painter.save();
    painter.setRenderHint(QPainter::Antialiasing);
    painter.setPen(QPen(theme.background, 1));
    painter.setBrush(color);
    const QPointF corners[] {place - QPointF(0, kDiamond), place + QPointF(kDiamond, 0), place + QPointF(0, kDiamond),
                             place - QPointF(kDiamond, 0)};
    painter.drawPolygon(corners, 4);
    painter.restore();
}

double markDistance(QPointF place, QPointF cursor)
{
    return std::hypot(place.x() - cursor.x(), place.y() - cursor.y());
}

void paintExemplars(QPainter& painter, const RenderedPlot& rendered, const TimeSeriesModel& model, const PlotTheme& theme)
{
    if (model.exemplars.empty())
        return;
    for (const ExemplarModel& exemplar : model.exemplars) {
        const std::optional<QPointF> place = exemplarPlace(exemplar, rendered);
        if (!place)
            continue;
        paintExemplar(painter, *place, exemplar.series >= 0 ? toQColor(model.series[size_t(exemplar.series)].color) : theme.link, theme);
    }
}

int exemplarAt(const TimeSeriesModel& model, const RenderedPlot& rendered, QPointF cursor)
{
    int found = -1;
    double nearest = kMarkReach;
    for (size_t i = 0; i < model.exemplars.size(); ++i) {
        const std::optional<QPointF> place = exemplarPlace(model.exemplars[i], rendered);
        if (!place)
            continue;
        const double distance = markDistance(*place, cursor);
        if (distance <= nearest) {
            nearest = distance;
            found = int(i);
        }
    }
    return found;
}

TooltipContent exemplarContent(const TimeSeriesModel& model, int exemplar, const QString& timeZone)
{
    const ExemplarModel& point = model.exemplars[size_t(exemplar)];
    TooltipContent content;
    content.title = timeText(point.exemplar.timeMs, timeZoneByName(timeZone), u"yyyy-MM-dd HH:mm:ss.zzz"_s);
    const SeriesModel* series = point.series >= 0 ? &model.series[size_t(point.series)] : nullptr;
    const AxisModel* axis = size_t(point.axis) < model.axes.size() ? &model.axes[size_t(point.axis)] : nullptr;
    const QString value = series ? valueText(*series, axis, point.exemplar.value, timeZone)
                                 : QString::number(point.exemplar.value, 'g', 6);
    content.rows.push_back({series ? toQColor(series->color) : QColor(Qt::transparent),
                            QCoreApplication::translate("PlotCanvas", "Exemplar"), value, true});
    for (const Labels& labels : {point.exemplar.labels, point.exemplar.series}) {
        for (const auto& [name, text] : labels) {
            if (name != u"__name__")
                content.rows.push_back({QColor(Qt::transparent), name, oneLine(text), false});
        }
    }
    return content;
}

const Annotation* ownAnnotationAt(const TimeSeriesModel& model, const RenderedPlot& rendered, QPointF cursor)
{
    const QRectF& area = rendered.layout.area;
    if (!model.annotations || cursor.y() < area.bottom() - kHandleReach || cursor.y() > area.bottom() + kHandleReach)
        return nullptr;
    const Annotation* found = nullptr;
    for (const Annotation& annotation : *model.annotations) {
        const std::optional<Place> place = annotation.id.isEmpty() ? std::nullopt : placeOf(annotation, rendered);
        // Of several the one that begins last: a moment inside a span can be reached.
        if (place && cursor.x() >= place->left - kMarkReach && cursor.x() <= place->right + kMarkReach)
            found = &annotation;
    }
    return found;
}

std::vector<TooltipRow> annotationRows(const TimeSeriesModel& model, const RenderedPlot& rendered, QPointF cursor)
{
    std::vector<TooltipRow> rows;
    if (!model.annotations)
        return rows;
    int told = 0;
    for (const Annotation& annotation : *model.annotations) {
        const std::optional<Place> place = placeOf(annotation, rendered);
        if (!place || cursor.x() < place->left - kMarkReach || cursor.x() > place->right + kMarkReach || told == kMostTold)
            continue;
        ++told;
        // An own one has no title beside its text.
        const QString title = oneLine(!annotation.title.isEmpty() ? annotation.title : annotation.id.isEmpty() ? annotation.layer : annotation.text);
        rows.push_back({toQColor(annotation.color), title, annotation.tags.join(u", "_s), true});
        if (!annotation.text.isEmpty() && (annotation.id.isEmpty() || !annotation.title.isEmpty()))
            rows.push_back({QColor(Qt::transparent), oneLine(annotation.text), {}, false});
    }
    return rows;
}

} // namespace Promdeck
