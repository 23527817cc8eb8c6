#include "widgets/panels/heatmapbody.h"

#include "widgets/common/theme.h"
#include "widgets/panels/painthelpers.h"
#include "widgets/plot/plotmarks.h"
#include "widgets/plot/plottooltip.h"

#include <QFontMetricsF>

#include <cmath>

using namespace Qt::StringLiterals;

namespace Promdeck {

namespace {

constexpr double kTop = 8;
constexpr double kSide = 8;
constexpr double kLabelGap = 6;
constexpr double kLegendHeight = 30;
constexpr double kLegendBar = 10;
constexpr double kLegendWidth = 240;
constexpr double kGapNeeds = 4; ///< px: narrower cells have no room for gaps
constexpr double kRowLabel = 14;
constexpr int kMostRounded = 20'000; ///< cells drawn one by one

QRgb pixelOf(Rgba color)
{
    return qPremultiply(qRgba(color.red, color.green, color.blue, color.alpha));
}

} // namespace

void HeatmapBody::setInput(const PanelInput& input)
{
    compute([spec = input.spec, data = input.data, context = input.context]
            { return std::make_shared<const HeatmapModel>(heatmapModel(spec, *data, context)); },
            [this, input](std::shared_ptr<const HeatmapModel> model) {
                m_model = model;
                showChart(input, std::shared_ptr<const TimeSeriesModel>(model, &model->chart));
            });
}

QString HeatmapBody::plainText() const
{
    if (isEmpty())
        return {};
    // The newest column: what an operator looks at first.
    const int column = int(m_model->starts.size()) - 1;
    QStringList lines {timeText(m_model->starts.back() + m_model->columnMs, timeZoneByName(timeZone()), u"yyyy-MM-dd HH:mm:ss"_s)};
    for (int row = 0; row < m_model->rows; ++row) {
        const double count = m_model->count(column, row);
        if (std::isfinite(count))
            lines << m_model->rowText(row) + u": "_s + m_model->countText(count);
    }
    return lines.join(u'\n');
}

void HeatmapBody::makeScale()
{
    if (m_model->ordinal) {
        m_scale = ValueScale(ValueScale::Kind::Linear, 0, m_model->rows);
        return;
    }
    double low = std::numeric_limits<double>::infinity();
    double high = -low;
    for (int row = 0; row < m_model->rows; ++row) {
        if (std::isfinite(m_model->lower[size_t(row)]))
            low = std::min(low, m_model->lower[size_t(row)]);
        if (std::isfinite(m_model->upper[size_t(row)]))
            high = std::max(high, m_model->upper[size_t(row)]);
    }
    const bool log = m_model->logBase > 1 && m_model->linearThreshold <= 0;
    if (m_model->yMin && (!log || *m_model->yMin > 0))
        low = *m_model->yMin;
    if (m_model->yMax && (!log || *m_model->yMax > 0))
        high = *m_model->yMax;
    if (!(high > low))
        high = low + 1;
    if (m_model->linearThreshold > 0)
        m_scale = ValueScale(ValueScale::Kind::Symlog, low, high, m_model->logBase > 1 ? m_model->logBase : 2, m_model->linearThreshold);
    else if (log && low > 0)
        m_scale = ValueScale(ValueScale::Kind::Log, low, high, m_model->logBase);
    else
        m_scale = ValueScale(ValueScale::Kind::Linear, low, high);
}

void HeatmapBody::layoutChart(const QSizeF& size)
{
    if (isEmpty())
        return;
    const PlotTheme& theme = plotTheme();
    const QFontMetricsF metrics(theme.font);
    makeScale();
    const bool legend = m_model->showLegend && size.height() > 140;
    const double height = std::max(10.0, std::floor(size.height() - kTop - kTimeAxisHeight - (legend ? kLegendHeight : 0)));
    double names = 0;
    if (m_model->axis.placement == AxisPlacement::Hidden) {
        names = 0;
    } else if (m_model->axis.widthPx > 0) {
        names = m_model->axis.widthPx;
    } else if (m_model->ordinal) {
        for (const QString& name : m_model->names)
            names = std::max(names, metrics.horizontalAdvance(name));
        names = std::min(std::ceil(std::max(names, metrics.horizontalAdvance(m_model->zeroName))) + kLabelGap + 5, size.width() * 0.4);
        names += m_model->axis.label.isEmpty() ? 0 : metrics.height() + 4;
    } else {
        m_values = ValueAxis::make(m_model->axis, m_scale, false, height, false, theme, timeZone());
        names = m_values.width(theme);
    }
    const bool right = m_model->axis.placement == AxisPlacement::Right;
    const double left = right ? kSide : std::max(kSide, names);
    const double rest = right ? std::max(kSide, names) : kSide;
    m_area = QRectF(std::round(left), kTop, std::max(10.0, std::floor(size.width() - left - rest)), height);
    m_time = TimeAxis::make(m_model->chart.range, m_area.width(), theme, timeZone());
    m_legendBar = legend ? QRectF(m_area.left(), size.height() - kLegendHeight + 4, std::min(kLegendWidth, m_area.width()), kLegendBar)
                         : QRectF();
}

double HeatmapBody::rowEdge(int row, bool upper) const
{
    double place = 0;
    if (m_model->ordinal) {
        place = double(row + (upper ? 1 : 0)) / m_model->rows;
    } else {
        const double bound = upper ? m_model->upper[size_t(row)] : m_model->lower[size_t(row)];
        place = std::isinf(bound) ? (bound > 0 ? 1.0 : 0.0) : std::clamp(m_scale.place(bound), -1.0, 2.0);
    }
    return m_model->reverse ? m_area.top() + place * m_area.height() : m_area.bottom() - place * m_area.height();
}

QRectF HeatmapBody::cellRect(int column, int row) const
{
    const double left = m_time.xOf(m_model->starts[size_t(column)], m_area);
    const double right = m_time.xOf(m_model->starts[size_t(column)] + m_model->columnMs, m_area);
    const double a = rowEdge(row, false);
    const double b = rowEdge(row, true);
    return QRectF(QPointF(left, std::min(a, b)), QPointF(right, std::max(a, b)));
}

std::optional<QPointF> HeatmapBody::exemplarPlace(const Exemplar& exemplar) const
{
    const double share = m_model->ordinal ? m_model->ordinalPlace(exemplar.value) / m_model->rows : m_scale.place(exemplar.value);
    if (std::isnan(share))
        return {};
    const double height = std::clamp(share, 0.0, 1.0) * m_area.height();
    return QPointF(m_time.xOf(exemplar.timeMs, m_area), m_model->reverse ? m_area.top() + height : m_area.bottom() - height);
}

int HeatmapBody::rowAt(double y) const
{
    for (int row = 0; row < m_model->rows; ++row) {
        const double a = rowEdge(row, false);
        const double b = rowEdge(row, true);
        if (y >= std::min(a, b) && y < std::max(a, b))
            return row;
    }
    return -1;
}

int HeatmapBody::columnAt(double x) const
{
    const qint64 time = m_time.timeAt(x, m_area);
    const auto after = std::upper_bound(m_model->starts.begin(), m_model->starts.end(), time);
    if (after == m_model->starts.begin())
        return -1;
    const auto column = int(after - m_model->starts.begin()) - 1;
    return time < m_model->starts[size_t(column)] + m_model->columnMs ? column : -1;
}

/// Which cells a pixel column shows, and whether it lies in the gap between two.
QImage HeatmapBody::cellImage(double ratio) const
{
    const int width = std::max(1, int(std::lround(m_area.width() * ratio)));
    const int height = std::max(1, int(std::lround(m_area.height() * ratio)));
    QImage image(width, height, QImage::Format_ARGB32_Premultiplied);
    image.fill(Qt::transparent);
    struct Span
    {
        int first = -1;
        int last = -1;
    };
    const double gap = m_model->cellGap;
    const double cellWidth = double(m_model->columnMs) * m_area.width() / double(std::max<qint64>(m_time.range.spanMs(), 1));
    const bool gapX = gap > 0 && cellWidth >= gap + kGapNeeds;
    std::vector<Span> columns(static_cast<size_t>(width));
    for (int column = 0; column < int(m_model->starts.size()); ++column) {
        const double left = m_time.xOf(m_model->starts[size_t(column)], m_area) - m_area.left();
        const double right = left + cellWidth - (gapX ? gap : 0);
        const int from = std::max(0, int(std::lround(left * ratio)));
        const int to = std::min(width - 1, std::max(from, int(std::lround(right * ratio)) - 1));
        for (int x = from; x <= to; ++x) {
            Span& span = columns[size_t(x)];
            span.first = span.first < 0 ? column : span.first;
            span.last = column;
        }
    }
    std::vector<int> rows(static_cast<size_t>(height), -1);
    for (int row = 0; row < m_model->rows; ++row) {
        const double a = std::min(rowEdge(row, false), rowEdge(row, true)) - m_area.top();
        const double b = std::max(rowEdge(row, false), rowEdge(row, true)) - m_area.top();
        const double space = gap > 0 && b - a >= gap + kGapNeeds ? gap : 0;
        const int from = std::max(0, int(std::lround((a + space) * ratio)));
        const int to = std::min(height - 1, std::max(from, int(std::lround(b * ratio)) - 1));
        for (int y = from; y <= to; ++y)
            rows[size_t(y)] = row;
    }
    std::vector<QRgb> colors;
    for (const Rgba& color : m_model->palette)
        colors.push_back(pixelOf(color));
    for (int y = 0; y < height; ++y) {
        const int row = rows[size_t(y)];
        if (row < 0)
            continue;
        auto* line = reinterpret_cast<QRgb*>(image.scanLine(y));
        int shownFirst = -2;
        QRgb shown = 0;
        for (int x = 0; x < width; ++x) {
            const Span& span = columns[size_t(x)];
            if (span.first < 0)
                continue;
            if (span.first != shownFirst || span.last != span.first) {
                // Of several columns in one pixel the fullest is seen.
                double most = kNull;
                for (int column = span.first; column <= span.last; ++column) {
                    const double count = m_model->count(column, row);
                    if (m_model->isDrawn(count) && !(count <= most))
                        most = count;
                }
                shown = std::isnan(most) ? 0 : colors[size_t(m_model->shade(most))];
                shownFirst = span.last == span.first ? span.first : -2;
            }
            line[x] = shown;
        }
    }
    return image;
}

void HeatmapBody::paintCells(QPainter* painter) const
{
    const auto cells = qsizetype(m_model->starts.size()) * m_model->rows;
    if (m_model->cellRadius < 1 || cells > kMostRounded) {
        const double ratio = painter->device()->devicePixelRatioF();
        QImage image = cellImage(ratio);
        image.setDevicePixelRatio(ratio);
        painter->drawImage(m_area.topLeft(), image);
        return;
    }
    painter->save();
    painter->setClipRect(m_area);
    painter->setPen(Qt::NoPen);
    const double gap = m_model->cellGap;
    for (int column = 0; column < int(m_model->starts.size()); ++column) {
        for (int row = 0; row < m_model->rows; ++row) {
            const double count = m_model->count(column, row);
            if (!m_model->isDrawn(count))
                continue;
            const QRectF cell = cellRect(column, row);
            // Cells without room for gaps would be gaps most of all.
            const QRectF rect = cell.adjusted(0, cell.height() >= gap + kGapNeeds ? gap : 0, cell.width() >= gap + kGapNeeds ? -gap : 0, 0);
            const double radius = std::min({m_model->cellRadius, rect.width() / 2, rect.height() / 2});
            painter->setBrush(toQColor(m_model->palette[size_t(m_model->shade(count))]));
            painter->drawRoundedRect(rect, radius, radius);
        }
    }
    painter->restore();
}

void HeatmapBody::paintChart(QPainter* painter)
{
    if (isEmpty())
        return;
    const PlotTheme& theme = plotTheme();
    m_time.paint(painter, m_area, true, theme);
    const bool right = m_model->axis.placement == AxisPlacement::Right;
    if (m_model->ordinal)
        paintRowNames(painter);
    else if (!m_model->reverse)
        m_values.paintVertical(painter, m_area, right, true, theme);
    else
        paintRowNames(painter);
    paintCells(painter);
    if (m_model->values != ValueVisibility::Never)
        paintCounts(painter);
    for (const ExemplarModel& one : m_model->chart.exemplars) {
        if (const auto place = exemplarPlace(one.exemplar))
            paintExemplar(*painter, *place, theme.text, theme);
    }
    if (!m_legendBar.isEmpty())
        paintScale(painter);
}

/// Names stand at the bound they mean, or in the middle of their row.
void HeatmapBody::paintRowNames(QPainter* painter) const
{
    if (m_model->axis.placement == AxisPlacement::Hidden)
        return;
    const PlotTheme& theme = plotTheme();
    painter->setFont(theme.font);
    const QFontMetricsF metrics(theme.font);
    std::vector<std::pair<double, QString>> labels;
    if (!m_model->ordinal) {
        for (qsizetype i = 0; i < m_values.texts.size(); ++i) {
            const double place = m_scale.place(m_values.ticks.at[size_t(i)]);
            labels.emplace_back(m_area.top() + place * m_area.height(), m_values.texts[i]);
        }
    } else {
        if (m_model->layout == HeatmapModel::Layout::Upper)
            labels.emplace_back(rowEdge(0, false), m_model->zeroName);
        for (int row = 0; row < m_model->rows; ++row) {
            const double low = rowEdge(row, false);
            const double high = rowEdge(row, true);
            const double y = m_model->layout == HeatmapModel::Layout::Upper ? high
                : m_model->layout == HeatmapModel::Layout::Lower            ? low
                                                                            : (low + high) / 2;
            labels.emplace_back(y, m_model->names[size_t(row)]);
        }
    }
    const double each = labels.size() > 1 ? std::abs(labels[1].first - labels[0].first) : m_area.height();
    const auto every = size_t(std::max(1.0, std::ceil(kRowLabel / std::max(each, 0.1))));
    const bool right = m_model->axis.placement == AxisPlacement::Right;
    const double room = right ? width() : m_area.left() - kLabelGap;
    for (size_t i = 0; i < labels.size(); i += every) {
        const QString text = metrics.elidedText(labels[i].second, Qt::ElideRight, room);
        const double x = right ? m_area.right() + kLabelGap : m_area.left() - kLabelGap - metrics.horizontalAdvance(text);
        const double y = labels[i].first + (metrics.ascent() - metrics.descent()) / 2;
        painter->setPen(theme.text);
        painter->drawText(QPointF(std::round(x), std::round(y)), text);
    }
    if (m_model->axis.label.isEmpty())
        return;
    painter->save();
    painter->translate(right ? width() - metrics.descent() : metrics.ascent(), m_area.center().y());
    painter->rotate(-90);
    painter->drawText(QPointF(-metrics.horizontalAdvance(m_model->axis.label) / 2, 0), m_model->axis.label);
    painter->restore();
}

void HeatmapBody::paintCounts(QPainter* painter) const
{
    painter->save();
    painter->setClipRect(m_area);
    painter->setFont(plotTheme().font);
    const QFontMetricsF metrics(painter->font());
    const QRectF sample = cellRect(0, 0);
    if (m_model->values == ValueVisibility::Auto && (sample.width() < 24 || sample.height() < metrics.height())) {
        painter->restore();
        return;
    }
    const QColor ground = Theme::instance().colors().panel;
    for (int column = 0; column < int(m_model->starts.size()); ++column) {
        for (int row = 0; row < m_model->rows; ++row) {
            const double count = m_model->count(column, row);
            const QRectF rect = m_model->isDrawn(count) ? cellRect(column, row) : QRectF();
            const QString text = rect.isEmpty() ? QString() : m_model->countText(count);
            if (text.isEmpty() || metrics.horizontalAdvance(text) > rect.width() || rect.height() < metrics.height() * 0.8)
                continue;
            painter->setPen(contrastText(blend(ground, toQColor(m_model->palette[size_t(m_model->shade(count))]))));
            painter->drawText(rect, Qt::AlignCenter, text);
        }
    }
    painter->restore();
}

/// The colour scale with its ends, and between them the bar itself.
void HeatmapBody::paintScale(QPainter* painter) const
{
    const PlotTheme& theme = plotTheme();
    painter->save();
    painter->setRenderHint(QPainter::Antialiasing, false);
    const auto steps = double(m_model->palette.size());
    for (size_t i = 0; i < m_model->palette.size(); ++i) {
        const double left = m_legendBar.left() + m_legendBar.width() * double(i) / steps;
        const double right = m_legendBar.left() + m_legendBar.width() * double(i + 1) / steps;
        painter->fillRect(QRectF(QPointF(std::round(left), m_legendBar.top()), QPointF(std::round(right), m_legendBar.bottom())),
                          toQColor(m_model->palette[i]));
    }
    painter->setFont(theme.font);
    painter->setPen(theme.text);
    const QFontMetricsF metrics(theme.font);
    const double baseline = m_legendBar.bottom() + metrics.ascent() + 1;
    const QString high = m_model->countText(m_model->maxCount);
    painter->drawText(QPointF(m_legendBar.left(), baseline), m_model->countText(m_model->minCount));
    painter->drawText(QPointF(m_legendBar.right() - metrics.horizontalAdvance(high), baseline), high);
    painter->restore();
}

std::optional<ChartHit> HeatmapBody::hitAt(QPointF position) const
{
    if (isEmpty() || !m_area.contains(position))
        return {};
    for (size_t i = 0; i < m_model->chart.exemplars.size(); ++i) {
        const auto place = exemplarPlace(m_model->chart.exemplars[i].exemplar);
        if (!place || markDistance(*place, position) > kMarkReach)
            continue;
        ChartHit mark;
        mark.item = -2 - qint64(i); // cells count from 0
        mark.anchor = *place;
        mark.timeMs = m_model->chart.exemplars[i].exemplar.timeMs;
        mark.content = exemplarContent(m_model->chart, int(i), timeZone());
        return mark;
    }
    const int row = rowAt(position.y());
    const int column = columnAt(position.x());
    if (row < 0 || column < 0)
        return {};
    const double count = m_model->count(column, row);
    if (std::isnan(count))
        return {};
    const QTimeZone zone = timeZoneByName(timeZone());
    ChartHit hit;
    hit.item = qint64(column) * m_model->rows + row;
    const QRectF rect = cellRect(column, row);
    hit.anchor = rect.center();
    hit.shape.addRect(rect.intersected(m_area));
    const qint64 from = m_model->starts[size_t(column)];
    hit.timeMs = from + m_model->columnMs / 2;
    hit.content.title = timeText(from, zone, u"yyyy-MM-dd HH:mm:ss"_s) + u" \u2013 "_s
        + timeText(from + m_model->columnMs, zone, u"HH:mm:ss"_s);
    const auto add = [&](int at, bool strong) {
        const double value = m_model->count(column, at);
        const QColor color = m_model->isDrawn(value) ? toQColor(m_model->palette[size_t(m_model->shade(value))]) : QColor(Qt::transparent);
        hit.content.rows.push_back({color, m_model->rowText(at), m_model->countText(value), strong});
    };
    if (!m_model->tooltipColumn) {
        add(row, false);
        return hit;
    }
    // The whole column, highest bucket first, around the hovered one where it is too long.
    const int most = PlotTooltip::maxRows(this);
    std::vector<int> listed;
    for (int at = m_model->rows - 1; at >= 0; --at) {
        if (at == row || m_model->isDrawn(m_model->count(column, at)))
            listed.push_back(at);
    }
    const auto place = int(std::find(listed.begin(), listed.end(), row) - listed.begin());
    const int first = std::clamp(place - most / 2, 0, std::max(0, int(listed.size()) - most));
    for (int i = first; i < std::min(first + most, int(listed.size())); ++i)
        add(listed[size_t(i)], listed[size_t(i)] == row);
    hit.content.left = std::max(0, int(listed.size()) - most);
    return hit;
}

std::optional<QPointF> HeatmapBody::neighbour(std::optional<QPointF> from, int dx, int dy) const
{
    if (isEmpty())
        return {};
    int column = from ? columnAt(from->x()) : -1;
    int row = from ? rowAt(from->y()) : -1;
    if (column < 0 || row < 0) {
        column = int(m_model->starts.size()) - 1;
        row = 0;
    } else {
        column += dx;
        row -= m_model->reverse ? -dy : dy;
    }
    if (column < 0 || row < 0 || column >= int(m_model->starts.size()) || row >= m_model->rows)
        return {};
    const QPointF center = cellRect(column, row).center();
    return m_area.contains(center) ? std::optional(center) : std::nullopt;
}

} // namespace Promdeck
