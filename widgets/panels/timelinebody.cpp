#include "widgets/panels/timelinebody.h"

#include "widgets/common/theme.h"
#include "widgets/panels/painthelpers.h"
#include "widgets/plot/plottooltip.h"

#include <QFontMetricsF>

#include <cmath>

using namespace Qt::StringLiterals;

namespace Promdeck {

namespace {

constexpr double kTop = 6;
constexpr double kNameGap = 10;
constexpr double kSmallestRow = 14; ///< px: below this names and boxes cannot be told apart
constexpr double kTextPad = 4;
constexpr double kGapNeeds = 6; ///< px of a column

QString durationText(qint64 ms)
{
    const qint64 seconds = (ms + 500) / 1000;
    const auto two = [](qint64 big, const QString& bigUnit, qint64 small, const QString& smallUnit) {
        return QString::number(big) + bigUnit + (small > 0 ? u' ' + QString::number(small) + smallUnit : QString());
    };
    if (seconds < 60)
        return QString::number(seconds) + u's';
    if (seconds < 3600)
        return two(seconds / 60, u"m"_s, seconds % 60, u"s"_s);
    if (seconds < 86400)
        return two(seconds / 3600, u"h"_s, seconds % 3600 / 60, u"m"_s);
    return two(seconds / 86400, u"d"_s, seconds % 86400 / 3600, u"h"_s);
}

} // namespace

void TimelineBody::setInput(const PanelInput& input)
{
    compute([spec = input.spec, data = input.data, context = input.context]
            { return std::make_shared<const TimelineModel>(timelineModel(spec, *data, context)); },
            [this, input](std::shared_ptr<const TimelineModel> model) {
                m_model = model;
                m_firstRow = std::clamp(m_firstRow, 0, std::max(0, int(model->rows.size()) - 1));
                showChart(input, std::shared_ptr<const TimeSeriesModel>(model, &model->chart));
            });
}

QString TimelineBody::emptyText() const
{
    if (!m_model)
        return {};
    if (m_model->problem == u"no-time")
        return tr("The data has no time column");
    return m_model->problem == u"no-field" ? tr("The data has no column that can be drawn over time") : QString();
}

QString TimelineBody::plainText() const
{
    QStringList lines;
    if (!m_model)
        return {};
    const QTimeZone zone = timeZoneByName(timeZone());
    for (const TimelineRow& row : m_model->rows) {
        QStringList parts;
        for (const TimelineBox& box : row.boxes)
            parts << timeText(box.fromMs, zone, u"yyyy-MM-dd HH:mm:ss"_s) + u' ' + box.text;
        lines << row.name + u": "_s + parts.join(u", "_s);
    }
    return lines.join(u'\n');
}

void TimelineBody::layoutChart(const QSizeF& size)
{
    if (!m_model)
        return;
    const PlotTheme& theme = plotTheme();
    const QFontMetricsF metrics(theme.font);
    m_nameWidth = 0;
    if (!m_model->axisHidden) {
        for (const TimelineRow& row : m_model->rows)
            m_nameWidth = std::max(m_nameWidth, metrics.horizontalAdvance(row.name));
        m_nameWidth = m_model->axisWidth > 0 ? m_model->axisWidth : std::min(std::ceil(m_nameWidth), size.width() * 0.35);
    }
    const double left = m_nameWidth > 0 ? m_nameWidth + kNameGap : kTextPad;
    m_area = QRectF(std::round(left), kTop, std::max(10.0, std::floor(size.width() - left - 8)),
                    std::max(10.0, std::floor(size.height() - kTop - kTimeAxisHeight)));
    const int count = int(m_model->rows.size());
    m_shownRows = std::min(count, std::max(1, int(m_area.height() / kSmallestRow)));
    if (m_model->perPage > 0)
        m_shownRows = std::min(m_shownRows, m_model->perPage);
    m_firstRow = std::clamp(m_firstRow, 0, count - m_shownRows);
    m_time = TimeAxis::make(m_model->chart.range, m_area.width(), theme, timeZone());
}

bool TimelineBody::scrollBy(int rows)
{
    const int most = m_model ? int(m_model->rows.size()) - m_shownRows : 0;
    const int wanted = std::clamp(m_firstRow + rows, 0, std::max(0, most));
    if (wanted == m_firstRow)
        return false;
    m_firstRow = wanted;
    invalidateChart();
    return true;
}

QRectF TimelineBody::rowRect(int row) const
{
    const int place = row - m_firstRow;
    if (place < 0 || place >= m_shownRows)
        return {};
    const double each = m_area.height() / m_shownRows;
    const double height = std::max(2.0, each * m_model->rowHeight);
    // The first row touches the top and the last the bottom; what is left lies between them.
    const double gap = m_shownRows > 1 ? (m_area.height() - height * m_shownRows) / (m_shownRows - 1) : 0;
    const double top = m_shownRows > 1 ? m_area.top() + place * (height + gap) : m_area.top() + (m_area.height() - height) / 2;
    return QRectF(m_area.left(), std::round(top), m_area.width(), std::max(1.0, std::round(height)));
}

QRectF TimelineBody::boxRect(int row, int box) const
{
    const QRectF line = m_model && size_t(row) < m_model->rows.size() ? rowRect(row) : QRectF();
    if (line.isEmpty() || size_t(box) >= m_model->rows[size_t(row)].boxes.size())
        return {};
    const TimelineBox& one = m_model->rows[size_t(row)].boxes[size_t(box)];
    double left = m_time.xOf(one.fromMs, m_area);
    double right = m_time.xOf(one.toMs, m_area);
    if (m_model->samples) {
        const double column = double(m_model->columnMs) * m_area.width() / double(std::max<qint64>(m_time.range.spanMs(), 1));
        // Narrow columns have no room for gaps: rounded to pixels they would be uneven stripes.
        const double width = std::max(1.0, column < kGapNeeds ? column + 1 : column * m_model->colWidth);
        left -= width / 2;
        right = left + width;
    }
    left = std::max(std::round(left), m_area.left());
    right = std::min(std::round(right), m_area.right());
    if (right < m_area.left() || left > m_area.right())
        return {};
    return QRectF(left, line.top(), std::max(1.0, right - left), line.height());
}

void TimelineBody::paintChart(QPainter* painter)
{
    if (!m_model || m_model->rows.empty())
        return;
    const PlotTheme& theme = plotTheme();
    m_time.paint(painter, m_area, true, theme);
    const QFontMetricsF metrics(theme.font);
    for (int row = m_firstRow; row < m_firstRow + m_shownRows; ++row) {
        if (m_nameWidth > 0) {
            painter->setFont(theme.font);
            painter->setPen(theme.text);
            const QString name = metrics.elidedText(m_model->rows[size_t(row)].name, Qt::ElideRight, m_nameWidth);
            const double y = rowRect(row).center().y() + (metrics.ascent() - metrics.descent()) / 2;
            painter->drawText(QPointF(std::round(m_area.left() - kNameGap - metrics.horizontalAdvance(name)), std::round(y)), name);
        }
        paintRow(painter, row);
    }
    paintScrollMark(painter);
}

void TimelineBody::paintRow(QPainter* painter, int row) const
{
    const TimelineRow& line = m_model->rows[size_t(row)];
    const ThemeColors& colors = Theme::instance().colors();
    QFont font = plotTheme().font;
    font.setWeight(QFont::Medium);
    painter->setFont(font);
    const QFontMetricsF metrics(font);
    painter->setRenderHint(QPainter::Antialiasing, false);
    for (int i = 0; i < int(line.boxes.size()); ++i) {
        const TimelineBox& box = line.boxes[size_t(i)];
        const QRectF rect = isEntryHidden(box.entry) && box.entry >= 0 ? QRectF() : boxRect(row, i);
        if (rect.isEmpty())
            continue;
        const QColor color = toQColor(box.color);
        // A colour that is translucent by itself keeps its own strength.
        const QColor fill = color.alpha() < 255 ? color : withAlpha(color, line.fillOpacity);
        painter->fillRect(rect, fill);
        if (line.lineWidth > 0 && rect.width() > 2 * line.lineWidth + 2) {
            painter->setPen(QPen(color, line.lineWidth));
            painter->setBrush(Qt::NoBrush);
            const double half = line.lineWidth / 2;
            painter->drawRect(rect.adjusted(half, half, -half, -half));
        }
        if (m_model->values == ValueVisibility::Never || rect.height() < metrics.height() * 0.8 || rect.width() < 12)
            continue;
        const double room = rect.width() - 2 * kTextPad;
        const double need = metrics.horizontalAdvance(box.text);
        if (need > room && m_model->values == ValueVisibility::Auto && room < metrics.horizontalAdvance(u"00\u2026"_s))
            continue;
        const QString text = metrics.elidedText(box.text, Qt::ElideRight, room);
        const Qt::Alignment align = m_model->samples ? Qt::Alignment(Qt::AlignHCenter) : m_model->align;
        painter->setPen(contrastText(blend(colors.panel, fill)));
        painter->drawText(rect.adjusted(kTextPad, 0, -kTextPad, 0), int(align | Qt::AlignVCenter) | Qt::TextSingleLine, text);
    }
    painter->setRenderHint(QPainter::Antialiasing, true);
}

void TimelineBody::paintScrollMark(QPainter* painter) const
{
    const double count = double(m_model->rows.size());
    if (m_shownRows >= int(count))
        return;
    const double length = std::max(16.0, m_area.height() * m_shownRows / count);
    const double top = m_area.top() + (m_area.height() - length) * m_firstRow / std::max(1.0, count - m_shownRows);
    painter->setPen(Qt::NoPen);
    painter->setBrush(withAlpha(plotTheme().text, 0.35));
    painter->drawRoundedRect(QRectF(m_area.right() + 3, top, 4, length), 2, 2);
}

int TimelineBody::rowAt(double y) const
{
    for (int row = m_firstRow; row < m_firstRow + m_shownRows; ++row) {
        const QRectF rect = rowRect(row);
        if (y >= rect.top() - 1 && y <= rect.bottom() + 1)
            return row;
    }
    return -1;
}

int TimelineBody::boxAt(int row, double x) const
{
    const std::vector<TimelineBox>& boxes = m_model->rows[size_t(row)].boxes;
    const qint64 time = m_time.timeAt(x, m_area);
    const auto after = std::upper_bound(boxes.begin(), boxes.end(), time + m_model->columnMs,
                                        [](qint64 value, const TimelineBox& box) { return value < box.fromMs; });
    for (auto it = after; it != boxes.begin();) {
        --it;
        const int index = int(it - boxes.begin());
        const QRectF rect = boxRect(row, index);
        if (!rect.isEmpty() && x >= rect.left() && x <= rect.right() && !(it->entry >= 0 && isEntryHidden(it->entry)))
            return index;
        if (it->toMs + 2 * m_model->columnMs < time)
            break;
    }
    return -1;
}

std::optional<ChartHit> TimelineBody::hitAt(QPointF position) const
{
    if (!m_model || m_model->rows.empty())
        return {};
    const int row = rowAt(position.y());
    const int box = row < 0 ? -1 : boxAt(row, position.x());
    if (box < 0)
        return {};
    const TimelineBox& hovered = m_model->rows[size_t(row)].boxes[size_t(box)];
    const QTimeZone zone = timeZoneByName(timeZone());
    ChartHit hit;
    hit.item = (qint64(row) << 32) + box;
    hit.entry = hovered.entry;
    hit.timeMs = m_time.timeAt(position.x(), m_area);
    hit.links = m_model->rows[size_t(row)].links;
    const QRectF rect = boxRect(row, box);
    hit.shape.addRect(rect);
    hit.anchor = rect.center();
    if (m_model->samples) {
        hit.content.title = timeText(hovered.fromMs, zone, u"yyyy-MM-dd HH:mm:ss"_s);
    } else {
        hit.content.title = tr("%1 to %2 (%3)")
                                .arg(timeText(hovered.fromMs, zone, u"yyyy-MM-dd HH:mm:ss"_s),
                                     timeText(hovered.toMs, zone, u"HH:mm:ss"_s), durationText(hovered.toMs - hovered.fromMs));
    }
    const auto most = size_t(PlotTooltip::maxRows(this));
    for (int other = 0; other < int(m_model->rows.size()); ++other) {
        const TimelineRow& line = m_model->rows[size_t(other)];
        if ((tooltipMode() != TooltipMode::All && other != row) || line.hideTooltip)
            continue;
        const int at = other == row ? box : boxAt(other, rect.isEmpty() ? position.x() : position.x());
        if (at < 0)
            continue;
        if (hit.content.rows.size() >= most) {
            ++hit.content.left;
            continue;
        }
        const TimelineBox& one = line.boxes[size_t(at)];
        hit.content.rows.push_back({toQColor(one.color), line.name, one.text, other == row && tooltipMode() == TooltipMode::All});
    }
    return hit;
}

std::optional<QPointF> TimelineBody::neighbour(std::optional<QPointF> from, int dx, int dy) const
{
    if (!m_model || m_model->rows.empty())
        return {};
    int row = from ? rowAt(from->y()) : -1;
    int box = row < 0 ? -1 : boxAt(row, from->x());
    if (box < 0) {
        for (row = m_firstRow; row < m_firstRow + m_shownRows; ++row) {
            for (box = 0; box < int(m_model->rows[size_t(row)].boxes.size()); ++box) {
                if (const QRectF rect = boxRect(row, box); !rect.isEmpty())
                    return rect.center();
            }
        }
        return {};
    }
    if (dy != 0) {
        const QRectF rect = rowRect(row + dy);
        return rect.isEmpty() ? std::nullopt : std::optional(QPointF(from->x(), rect.center().y()));
    }
    const QRectF rect = boxRect(row, box + dx);
    return rect.isEmpty() ? std::nullopt : std::optional(rect.center());
}

} // namespace Promdeck
