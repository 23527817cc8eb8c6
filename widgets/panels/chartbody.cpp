#include "widgets/panels/chartbody.h"

#include "widgets/common/exportpainting.h"
#include "widgets/common/displayoptions.h"
#include "widgets/common/theme.h"
#include "widgets/plot/axistext.h"
#include "widgets/plot/legendview.h"
#include "widgets/plot/plottooltip.h"

#include <QKeyEvent>
#include <QMouseEvent>
#include <QPainter>
#include <QSet>
#include <QUrl>
#include <QWheelEvent>

#include <cmath>

using namespace Qt::StringLiterals;

namespace Promdeck {

namespace {

constexpr double kLeastDrag = 4;
constexpr qint64 kLeastSpanMs = 1000;
constexpr int kTooltipDelayMs = 30;
constexpr double kLaneStep = 3; // px: no lane is thinner

} // namespace

ChartBody::ChartBody(QWidget* parent)
    : PanelBody(parent)
    , m_theme(Theme::instance().kind())
    , m_canvas(new ChartCanvas(this))
    , m_legend(new LegendView(this))
{
    setFocusProxy(m_canvas);
    m_legend->setPlotTheme(m_theme);
    m_legend->hide();
    connect(m_legend, &LegendView::isolateRequested, this, &ChartBody::isolateEntry);
    connect(m_legend, &LegendView::toggleRequested, this, &ChartBody::toggleEntry);
    const auto restyle = [this] {
        m_theme = PlotTheme(Theme::instance().kind());
        m_legend->setPlotTheme(m_theme);
        arrange();
        invalidateChart();
    };
    connect(&Theme::instance(), &Theme::changed, this, restyle);
    connect(&DisplayOptions::instance(), &DisplayOptions::textScaleChanged, this, restyle);
}

ChartBody::~ChartBody()
{
    // Before the widget goes: hiding takes the focus from the canvas, which would ask this for its time axis.
    delete m_canvas;
}

QWidget* ChartBody::canvas() const
{
    return m_canvas;
}

void ChartBody::showChart(const PanelInput& input, std::shared_ptr<const TimeSeriesModel> keys)
{
    m_input = input;
    m_keys = std::move(keys);
    m_legend->setModel(m_keys);
    applyHidden();
    arrange();
    setAccessibleDescription(plainText());
    m_canvas->setAccessibleName(input.interpolate ? input.interpolate(input.spec.title) : input.spec.title);
}

void ChartBody::invalidateChart()
{
    m_canvas->invalidate();
}

void ChartBody::resizeEvent(QResizeEvent*)
{
    arrange();
}

void ChartBody::arrange()
{
    if (!m_keys) {
        m_canvas->setGeometry(rect());
        return;
    }
    const PanelSplit split = splitPanel(*m_keys, QSizeF(size()), m_theme);
    m_canvas->setGeometry(split.plot.toRect());
    m_legend->setVisible(!split.legend.isEmpty());
    if (!split.legend.isEmpty())
        m_legend->setGeometry(split.legend.toRect());
    m_canvas->invalidate();
}

void ChartBody::applyHidden()
{
    m_hidden.clear();
    if (m_keys && !m_hiddenNames.isEmpty()) {
        for (const SeriesModel& entry : m_keys->series)
            m_hidden.push_back(m_hiddenNames.contains(entry.name) ? 1 : 0);
        // A choice that leaves nothing of new data has lost its meaning.
        if (std::find(m_hidden.begin(), m_hidden.end(), 0) == m_hidden.end())
            m_hidden.clear();
    }
    m_legend->setHiddenSeries(m_hidden);
    entriesChanged();
    m_canvas->invalidate();
}

void ChartBody::isolateEntry(int entry)
{
    if (!m_keys || entry < 0 || size_t(entry) >= m_keys->series.size())
        return;
    QStringList others;
    for (const SeriesModel& one : m_keys->series) {
        if (one.name != m_keys->series[size_t(entry)].name)
            others.append(one.name);
    }
    m_hiddenNames = m_hiddenNames == others ? QStringList() : others;
    applyHidden();
}

void ChartBody::toggleEntry(int entry)
{
    if (!m_keys || entry < 0 || size_t(entry) >= m_keys->series.size())
        return;
    const QString& name = m_keys->series[size_t(entry)].name;
    if (m_hiddenNames.removeAll(name) == 0)
        m_hiddenNames.append(name);
    QSet<QString> all;
    for (const SeriesModel& one : m_keys->series)
        all.insert(one.name);
    if (QSet<QString>(m_hiddenNames.begin(), m_hiddenNames.end()).contains(all))
        m_hiddenNames.clear();
    applyHidden();
}

void ChartBody::setSharedTime(std::optional<qint64> time, bool withTooltip)
{
    m_canvas->setSharedTime(time, withTooltip);
}

void ChartBody::activate(const ChartHit& hit)
{
    if (hit.links.empty())
        return;
    const QString& url = hit.links.front().url;
    Q_EMIT linkActivated(QUrl(m_input.interpolate ? m_input.interpolate(url) : url));
}

ChartCanvas::ChartCanvas(ChartBody* body) : QWidget(body), m_body(body)
{
    setObjectName(u"chartCanvas"_s);
    setMouseTracking(true);
    setFocusPolicy(Qt::StrongFocus);
    m_tooltipTimer.setSingleShot(true);
    m_tooltipTimer.setInterval(kTooltipDelayMs);
    connect(&m_tooltipTimer, &QTimer::timeout, this, &ChartCanvas::showTooltip);
}

void ChartCanvas::invalidate()
{
    m_picture = QPixmap();
    m_laidOut = false;
    m_hit.reset();
    m_cursor.reset();
    m_tooltipTimer.stop();
    PlotTooltip::hideFor(this);
    PlotTooltip::hideInside(this);
    update();
}

void ChartCanvas::setSharedTime(std::optional<qint64> time, bool withTooltip)
{
    if (m_shared == time || m_cursor)
        return;
    m_shared = time;
    showShared(withTooltip);
    update();
}

/// The values of all lanes at another panel's cursor.
void ChartCanvas::showShared(bool withTooltip)
{
    const TimeRange range = m_body->range();
    const bool wanted = withTooltip && m_body->hasLanes() && m_shared && *m_shared >= range.fromMs && *m_shared <= range.toMs
        && m_body->tooltipMode() != TooltipMode::None && !m_picture.isNull();
    if (wanted)
        ensureLayout();
    const std::optional<QRectF> area = wanted ? m_body->timeArea() : std::nullopt;
    if (!area) {
        PlotTooltip::hideInside(this);
        return;
    }
    const double part = double(*m_shared - range.fromMs) / double(std::max<qint64>(range.spanMs(), 1));
    const double x = area->left() + part * area->width();
    TooltipContent content;
    std::optional<qint64> last;
    const auto most = size_t(PlotTooltip::rowsInside(area->toAlignedRect()));
    for (double y = area->top() + 1; y < area->bottom(); y += kLaneStep) {
        const std::optional<ChartHit> hit = m_body->hitAt({x, y});
        if (!hit || hit->item == last)
            continue;
        last = hit->item;
        for (TooltipRow row : hit->content.rows) {
            row.strong = false;
            if (content.rows.size() < most)
                content.rows.push_back(std::move(row));
            else
                ++content.left;
        }
        if (m_body->tooltipMode() == TooltipMode::All)
            break; // names all lanes at once
    }
    content.title = timeText(*m_shared, timeZoneByName(m_body->timeZone()), u"yyyy-MM-dd HH:mm:ss"_s);
    if (content.rows.empty())
        PlotTooltip::hideInside(this);
    else
        PlotTooltip::showInside(this, content, m_body->plotTheme(), area->toAlignedRect(), int(x));
}

void ChartCanvas::ensureLayout()
{
    if (m_laidOut)
        return;
    m_body->layoutChart(QSizeF(size()));
    m_laidOut = true;
}

void ChartCanvas::resizeEvent(QResizeEvent*)
{
    m_picture = QPixmap();
    m_laidOut = false;
}

void ChartCanvas::paintEvent(QPaintEvent*)
{
    ensureLayout();
    if (ExportPainting::isActive()) {
        QPainter painter(this);
        painter.setRenderHint(QPainter::Antialiasing);
        m_body->paintChart(&painter);
        return;
    }
    const double ratio = devicePixelRatioF();
    const QSize wanted = (QSizeF(size()) * ratio).toSize();
    if (m_picture.isNull() || m_picture.size() != wanted) {
        m_picture = QPixmap(wanted);
        m_picture.setDevicePixelRatio(ratio);
        m_picture.fill(Qt::transparent);
        QPainter painter(&m_picture);
        painter.setRenderHint(QPainter::Antialiasing);
        m_body->paintChart(&painter);
    }
    QPainter painter(this);
    painter.drawPixmap(0, 0, m_picture);
    const PlotTheme& theme = m_body->plotTheme();
    const std::optional<QRectF> area = m_body->timeArea();
    if (area && m_shared && !m_cursor) {
        const TimeRange range = m_body->range();
        const double part = double(*m_shared - range.fromMs) / double(std::max<qint64>(range.spanMs(), 1));
        if (part >= 0 && part <= 1) {
            painter.setPen(QPen(theme.crosshair, 1, Qt::DashLine));
            const double x = std::round(area->left() + part * area->width()) + 0.5;
            painter.drawLine(QPointF(x, area->top()), QPointF(x, area->bottom()));
        }
    }
    if (m_dragging && area && m_dragFrom && m_cursor) {
        const double left = std::clamp(std::min(m_dragFrom->x(), m_cursor->x()), area->left(), area->right());
        const double right = std::clamp(std::max(m_dragFrom->x(), m_cursor->x()), area->left(), area->right());
        painter.fillRect(QRectF(left, area->top(), right - left, area->height()), theme.selection);
    } else if (m_hit && !m_hit->shape.isEmpty()) {
        painter.setRenderHint(QPainter::Antialiasing);
        painter.setPen(QPen(theme.text, 1.2));
        painter.setBrush(withAlpha(theme.text, 0.12));
        painter.drawPath(m_hit->shape);
    }
}

std::optional<qint64> ChartCanvas::timeAt(QPointF place) const
{
    const std::optional<QRectF> area = m_body->timeArea();
    if (!area || area->width() <= 0)
        return {};
    const TimeRange range = m_body->range();
    const double part = std::clamp((place.x() - area->left()) / area->width(), 0.0, 1.0);
    return range.fromMs + qint64(std::llround(part * double(range.spanMs())));
}

void ChartCanvas::hover(std::optional<QPointF> place, bool byKeyboard)
{
    ensureLayout();
    m_cursor = place;
    PlotTooltip::hideInside(this);
    m_keyboard = byKeyboard;
    std::optional<ChartHit> hit = place ? m_body->hitAt(*place) : std::nullopt;
    const bool same = hit.has_value() == m_hit.has_value() && (!hit || hit->item == m_hit->item);
    m_hit = std::move(hit);
    setCursor(m_hit && !m_hit->links.empty() ? Qt::PointingHandCursor : Qt::ArrowCursor);
    if (!same) {
        m_body->legend()->setMarkedSeries(m_hit ? m_hit->entry : -1);
        update();
    }
    if (m_hit) {
        if (!m_tooltipTimer.isActive())
            m_tooltipTimer.start();
    } else {
        m_tooltipTimer.stop();
        PlotTooltip::hideFor(this);
    }
    if (m_body->timeArea())
        Q_EMIT m_body->hovered(place ? m_hit && m_hit->timeMs && byKeyboard ? m_hit->timeMs : timeAt(*place) : std::nullopt);
}

void ChartCanvas::showTooltip()
{
    if (!m_hit || !m_cursor || m_dragging || m_body->tooltipMode() == TooltipMode::None || !isVisible()) {
        PlotTooltip::hideFor(this);
        return;
    }
    PlotTooltip::showFor(this, m_hit->content, m_body->plotTheme(), mapToGlobal(m_cursor->toPoint()));
    if (m_keyboard) {
        QStringList spoken {m_hit->content.title};
        for (const TooltipRow& row : m_hit->content.rows)
            spoken.append(row.name + u' ' + row.value);
        setAccessibleDescription(spoken.join(u", "_s));
    }
}

void ChartCanvas::mousePressEvent(QMouseEvent* event)
{
    if (event->button() != Qt::LeftButton) {
        QWidget::mousePressEvent(event);
        return;
    }
    ensureLayout();
    m_dragFrom = event->position();
    m_dragging = false;
}

void ChartCanvas::mouseMoveEvent(QMouseEvent* event)
{
    if (m_dragFrom && m_body->timeArea() && event->buttons().testFlag(Qt::LeftButton)) {
        if (std::abs(event->position().x() - m_dragFrom->x()) >= kLeastDrag)
            m_dragging = true;
        if (m_dragging) {
            m_cursor = event->position();
            PlotTooltip::hideFor(this);
            update();
            return;
        }
    }
    hover(event->position(), false);
}

void ChartCanvas::mouseReleaseEvent(QMouseEvent* event)
{
    if (event->button() != Qt::LeftButton || !m_dragFrom) {
        QWidget::mouseReleaseEvent(event);
        return;
    }
    const QPointF from = *std::exchange(m_dragFrom, std::nullopt);
    if (!std::exchange(m_dragging, false)) {
        if (const auto hit = m_body->hitAt(event->position()))
            m_body->activate(*hit);
        return;
    }
    update();
    const auto first = timeAt(from);
    const auto second = timeAt(event->position());
    if (!first || !second || std::abs(*first - *second) < kLeastSpanMs)
        return;
    Q_EMIT m_body->zoomed({std::min(*first, *second), std::max(*first, *second)});
}

void ChartCanvas::mouseDoubleClickEvent(QMouseEvent* event)
{
    if (event->button() == Qt::LeftButton && m_body->timeArea())
        Q_EMIT m_body->zoomedOut();
    else
        QWidget::mouseDoubleClickEvent(event);
}

void ChartCanvas::leaveEvent(QEvent*)
{
    if (!m_keyboard)
        hover(std::nullopt, false);
}

void ChartCanvas::wheelEvent(QWheelEvent* event)
{
    const int steps = event->angleDelta().y() > 0 ? -1 : event->angleDelta().y() < 0 ? 1 : 0;
    // What the chart does not need scrolls the dashboard.
    if (steps == 0 || event->modifiers() != Qt::NoModifier || !m_body->scrollBy(steps))
        event->ignore();
}

void ChartCanvas::keyPressEvent(QKeyEvent* event)
{
    ensureLayout();
    int dx = 0;
    int dy = 0;
    switch (event->key()) {
    case Qt::Key_Left: dx = -1; break;
    case Qt::Key_Right: dx = 1; break;
    case Qt::Key_Up: dy = -1; break;
    case Qt::Key_Down: dy = 1; break;
    case Qt::Key_PageUp:
    case Qt::Key_PageDown:
        if (m_body->scrollBy(event->key() == Qt::Key_PageUp ? -5 : 5))
            return;
        break;
    case Qt::Key_Return:
    case Qt::Key_Enter:
        if (m_hit && !m_hit->links.empty()) {
            m_body->activate(*m_hit);
            return;
        }
        break;
    case Qt::Key_Escape:
        if (m_cursor) {
            hover(std::nullopt, false);
            return;
        }
        break;
    default: break;
    }
    // With modifiers, keys belong to the dashboard.
    if ((dx == 0 && dy == 0) || event->modifiers() != Qt::NoModifier) {
        QWidget::keyPressEvent(event);
        return;
    }
    const std::optional<QPointF> next = m_body->neighbour(m_hit ? std::optional(m_hit->anchor) : m_cursor, dx, dy);
    if (next)
        hover(next, true);
}

void ChartCanvas::focusOutEvent(QFocusEvent*)
{
    if (m_keyboard)
        hover(std::nullopt, false);
}

} // namespace Promdeck
