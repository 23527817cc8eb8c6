#include "widgets/common/displayoptions.h"
#include "widgets/plot/axistext.h"
#include "widgets/plot/plotcanvas.h"
#include "widgets/plot/plotmarks.h"
#include "widgets/plot/plotruler.h"
#include "widgets/plot/plottooltip.h"

#include <QKeyEvent>
#include <QMouseEvent>
#include <QWheelEvent>

#include <algorithm>
#include <cmath>

namespace Promdeck {

namespace {

constexpr double LeastDrag = 4;          ///< px: less is a click
constexpr double CrosshairAir = 12;      ///< px beside the plot area where the crosshair still follows
constexpr qint64 LeastSpan = 1000;       ///< ms: closer than a second there is nothing to see

} // namespace

qint64 PlotCanvas::clampedTime(double x) const
{
    const QRectF& area = m_rendered.layout.area;
    return m_rendered.layout.timeAt(std::clamp(x, area.left(), area.right()), m_rendered.plot.range);
}

void PlotCanvas::moveCursor(QPointF place, std::optional<qint64> exactTime)
{
    if (!m_renderedModel || m_rendered.image.isNull())
        return;
    const QRectF& area = m_rendered.layout.area;
    if (!area.adjusted(-CrosshairAir, -CrosshairAir, CrosshairAir, CrosshairAir).contains(place)) {
        clearCursor();
        return;
    }
    const QRegion before = overlayRegion();
    const int oldNearest = m_hover && m_hover->nearest >= 0 ? m_hover->samples[size_t(m_hover->nearest)].series : -1;
    m_cursor = place;
    PlotTooltip::hideInside(this);
    const qint64 time = exactTime.value_or(clampedTime(place.x()));
    m_hover = samplesAt(*m_renderedModel, m_rendered, time, place.y());
    updateOverlay(before);
    const int nearest = m_hover && m_hover->nearest >= 0 ? m_hover->samples[size_t(m_hover->nearest)].series : -1;
    if (nearest != oldNearest)
        Q_EMIT nearestSeriesChanged(nearest);
    if (!m_tooltipTimer.isActive())
        m_tooltipTimer.start();
    Q_EMIT hoverTimeChanged(time);
}

void PlotCanvas::clearCursor()
{
    m_tooltipTimer.stop();
    PlotTooltip::hideFor(this);
    m_keyboardCursor = false;
    m_mark.reset();
    if (std::exchange(m_ruler, std::nullopt))
        update();
    if (!m_cursor)
        return;
    const QRegion before = overlayRegion();
    m_cursor.reset();
    m_hover.reset();
    readShared(); // what is pinned comes back
    updateOverlay(before);
    Q_EMIT nearestSeriesChanged(-1);
    Q_EMIT hoverTimeChanged(std::nullopt);
}

std::optional<qint64> PlotCanvas::cursorTime() const
{
    if (!m_cursor || m_rendered.image.isNull())
        return {};
    return m_keyboardCursor && m_hover ? m_hover->timeMs : clampedTime(m_cursor->x());
}

std::optional<TimeRange> PlotCanvas::markedTime() const
{
    if (const auto measured = ruler())
        return TimeRange {std::min(measured->first, measured->second), std::max(measured->first, measured->second)};
    const std::optional<qint64> at = cursorTime();
    return at ? std::optional(TimeRange {*at, *at}) : std::nullopt;
}

void PlotCanvas::setPinnedTime(std::optional<qint64> timeMs)
{
    if (timeMs == m_pinned)
        return;
    m_pinned = timeMs;
    if (!m_cursor)
        readShared();
    update();
}

std::optional<std::pair<qint64, qint64>> PlotCanvas::ruler() const
{
    if (m_drag == Drag::Measure)
        return std::pair(clampedTime(m_dragStart.x()), clampedTime(m_dragX));
    if (m_mark && m_cursor && m_drag == Drag::None)
        return std::pair(clampedTime(*m_mark), clampedTime(m_cursor->x()));
    return m_drag == Drag::None ? m_ruler : std::nullopt;
}

TooltipContent PlotCanvas::contentAt(QPointF cursor) const
{
    const TimeSeriesModel& model = *m_renderedModel;
    if (const auto measured = ruler()) {
        const int nearest = m_hover && m_hover->nearest >= 0 ? m_hover->samples[size_t(m_hover->nearest)].series : -1;
        return rulerContent(model, m_rendered, measured->first, measured->second, m_timeZone, nearest, PlotTooltip::maxRows(this));
    }
    // Marks are looked at one by one, even where the values have no tooltip.
    if (const int exemplar = m_keyboardCursor ? -1 : exemplarAt(model, m_rendered, cursor); exemplar >= 0)
        return exemplarContent(model, exemplar, m_timeZone);
    TooltipContent content;
    if (m_hover && model.tooltip != TooltipMode::None)
        content = tooltipContent(model, *m_hover, m_timeZone, PlotTooltip::maxRows(this));
    const std::vector<TooltipRow> marks = annotationRows(model, m_rendered, cursor);
    if (content.title.isEmpty() && !marks.empty()) {
        const qint64 at = m_rendered.layout.timeAt(cursor.x(), m_rendered.plot.range);
        content.title = timeText(at, timeZoneByName(m_timeZone), QStringLiteral("yyyy-MM-dd HH:mm:ss"));
    }
    content.rows.insert(content.rows.begin(), marks.begin(), marks.end());
    if (const QString other = DisplayOptions::instance().secondTimeZone(); !other.isEmpty() && !content.title.isEmpty()) {
        const qint64 at = m_hover ? m_hover->timeMs : clampedTime(cursor.x());
        const QTimeZone zone = timeZoneByName(other);
        content.title += QStringLiteral("  ·  ") + timeText(at, zone, QStringLiteral("HH:mm:ss")) + u' ' + zoneName(zone, at);
    }
    return content;
}

void PlotCanvas::showTooltip()
{
    if (!m_cursor || !m_renderedModel || (m_drag != Drag::None && m_drag != Drag::Measure)) {
        PlotTooltip::hideFor(this);
        return;
    }
    const TooltipContent content = contentAt(*m_cursor);
    if (content.rows.empty()) {
        PlotTooltip::hideFor(this);
        return;
    }
    PlotTooltip::showFor(this, content, m_theme, mapToGlobal(m_cursor->toPoint()));
    if (m_keyboardCursor) {
        // What a sighted user reads in the tooltip, spoken.
        QStringList spoken{content.title};
        for (const TooltipRow& row : content.rows)
            spoken.append(row.name + u' ' + row.value);
        setAccessibleDescription(spoken.join(QStringLiteral(", ")));
    }
}

void PlotCanvas::setSharedHover(std::optional<qint64> timeMs, bool withTooltip)
{
    if (timeMs == m_shared && withTooltip == m_sharedTooltip)
        return;
    const QRegion before = overlayRegion();
    m_shared = timeMs;
    m_sharedTooltip = withTooltip;
    if (m_cursor)
        return; // its own goes first
    readShared();
    updateOverlay(before);
}

/// The samples at another panel's cursor, and the list of them.
void PlotCanvas::readShared()
{
    m_hover.reset();
    const std::optional<qint64> at = lentTime();
    const bool withTooltip = m_shared ? m_sharedTooltip : m_pinned.has_value();
    // A panel may have a time range of its own.
    const TimeRange& range = m_rendered.plot.range;
    if (at && m_renderedModel && !m_rendered.image.isNull() && *at >= range.fromMs && *at <= range.toMs)
        m_hover = samplesAt(*m_renderedModel, m_rendered, *at, -1e6);
    if (!m_hover || !withTooltip || m_renderedModel->tooltip == TooltipMode::None) {
        PlotTooltip::hideInside(this);
        return;
    }
    const QRect area = m_rendered.layout.area.toAlignedRect();
    const TooltipContent content
        = tooltipContent(*m_renderedModel, *m_hover, m_timeZone, PlotTooltip::rowsInside(area), true);
    if (content.rows.empty())
        PlotTooltip::hideInside(this);
    else
        PlotTooltip::showInside(this, content, m_theme, area, int(m_rendered.layout.xOf(*at, range)));
}

void PlotCanvas::mousePressEvent(QMouseEvent* event)
{
    if (event->button() != Qt::LeftButton && event->button() != Qt::MiddleButton) {
        QWidget::mousePressEvent(event);
        return;
    }
    if (m_rendered.image.isNull())
        return;
    m_keyboardCursor = false;
    m_mark.reset();
    if (std::exchange(m_ruler, std::nullopt))
        update();
    m_dragStart = event->position();
    m_dragX = m_dragStart.x();
    m_dragY = m_dragStart.y();
    const QRectF& area = m_rendered.layout.area;
    const bool onTimeAxis = m_dragStart.y() > area.bottom() && m_dragStart.x() >= area.left();
    m_dragAxis = valueAxisAt(m_dragStart);
    if (event->modifiers().testFlag(Qt::ControlModifier) && event->button() == Qt::LeftButton && area.contains(m_dragStart))
        m_drag = Drag::Modified; // which of both, the first pixels say
    else if (m_dragAxis >= 0 && event->button() == Qt::LeftButton)
        m_drag = Drag::Values;
    else if (onTimeAxis || event->button() == Qt::MiddleButton)
        m_drag = Drag::Pan;
    else if (event->modifiers().testFlag(Qt::ShiftModifier) && area.contains(m_dragStart))
        m_drag = Drag::Measure;
    else if (area.adjusted(-CrosshairAir, 0, CrosshairAir, 0).contains(m_dragStart))
        m_drag = Drag::Select;
    if (m_drag == Drag::Pan)
        setCursor(Qt::ClosedHandCursor);
    PlotTooltip::hideFor(this);
}

void PlotCanvas::mouseMoveEvent(QMouseEvent* event)
{
    const QPointF place = event->position();
    if (m_drag == Drag::None) {
        m_keyboardCursor = false;
        const bool onAxis = valueAxisAt(place) >= 0;
        const bool onMark = m_renderedModel && ownAnnotationAt(*m_renderedModel, m_rendered, place);
        if (onAxis || onMark)
            setCursor(onMark ? Qt::PointingHandCursor : Qt::SplitVCursor);
        else
            unsetCursor();
        moveCursor(place);
        return;
    }
    const double before = m_dragX;
    m_dragX = place.x();
    m_dragY = place.y();
    if (m_drag == Drag::Modified) {
        const QPointF moved = place - m_dragStart;
        if (std::max(std::abs(moved.x()), std::abs(moved.y())) < LeastDrag)
            return;
        m_drag = std::abs(moved.y()) > std::abs(moved.x()) ? Drag::Values : Drag::Annotate;
        update();
        return;
    }
    if (m_drag == Drag::Values) {
        update();
        return;
    }
    if (m_drag == Drag::Pan) {
        update();
        return;
    }
    if (m_drag == Drag::Measure)
        moveCursor(place);
    const QRectF& area = m_rendered.layout.area;
    const double left = std::min(before, m_dragX);
    update(QRectF(left - 2, area.top(), std::abs(m_dragX - before) + 4, area.height()).toAlignedRect());
}

void PlotCanvas::finishSelection(double from, double to)
{
    const qint64 start = clampedTime(std::min(from, to));
    const qint64 end = clampedTime(std::max(from, to));
    if (end - start >= LeastSpan)
        Q_EMIT zoomRequested({start, end});
}

void PlotCanvas::mouseReleaseEvent(QMouseEvent* event)
{
    const Drag drag = std::exchange(m_drag, Drag::None);
    if (drag == Drag::None) {
        QWidget::mouseReleaseEvent(event);
        return;
    }
    unsetCursor();
    update();
    const double distance = event->position().x() - m_dragStart.x();
    const QPoint global = event->globalPosition().toPoint();
    if (drag == Drag::Values) {
        finishValues(m_dragStart.y(), event->position().y());
        return;
    }
    if (drag == Drag::Modified || drag == Drag::Annotate) {
        const qint64 from = clampedTime(m_dragStart.x());
        const qint64 to = drag == Drag::Annotate ? clampedTime(event->position().x()) : from;
        Q_EMIT annotateRequested({std::min(from, to), std::max(from, to)}, global);
        return;
    }
    if (std::abs(distance) < LeastDrag) {
        const Annotation* own = m_renderedModel && event->button() == Qt::LeftButton
            ? ownAnnotationAt(*m_renderedModel, m_rendered, m_dragStart) : nullptr;
        if (own) {
            Q_EMIT annotationActivated(QString(own->id), global);
            return;
        }
        if (drag == Drag::Select && event->button() == Qt::LeftButton && m_hover && m_hover->nearest >= 0)
            Q_EMIT sampleClicked(m_hover->samples[size_t(m_hover->nearest)], event->globalPosition().toPoint());
        return;
    }
    if (drag == Drag::Measure) {
        m_ruler = std::pair(clampedTime(m_dragStart.x()), clampedTime(event->position().x()));
        moveCursor(event->position());
    } else if (drag == Drag::Select) {
        finishSelection(m_dragStart.x(), event->position().x());
    } else {
        const double part = distance / std::max(m_rendered.layout.area.width(), 1.0);
        shiftRange(-part);
    }
}

void PlotCanvas::mouseDoubleClickEvent(QMouseEvent* event)
{
    if (event->button() != Qt::LeftButton)
        return;
    if (isValueZoomed())
        resetValueZoom();
    else
        Q_EMIT zoomOutRequested();
}

int PlotCanvas::valueAxisAt(QPointF place) const
{
    const auto& axes = m_rendered.layout.axes;
    for (size_t index = 0; index < axes.size(); ++index) {
        if (!axes[index].hidden && axes[index].rect.contains(place))
            return int(index);
    }
    return -1;
}

void PlotCanvas::resetValueZoom()
{
    if (m_windows.empty())
        return;
    m_windows.clear();
    refresh();
}

/// The part of the values between two heights, of the axis that is held or of all.
void PlotCanvas::finishValues(double from, double to)
{
    const QRectF& area = m_rendered.layout.area;
    const double low = (area.bottom() - std::clamp(std::max(from, to), area.top(), area.bottom())) / area.height();
    const double high = (area.bottom() - std::clamp(std::min(from, to), area.top(), area.bottom())) / area.height();
    if ((high - low) * area.height() < LeastDrag)
        return;
    const auto& scales = m_rendered.plot.scales;
    m_windows.resize(scales.size());
    for (size_t index = 0; index < m_rendered.layout.axes.size(); ++index) {
        if (m_dragAxis >= 0 && m_dragAxis != int(index))
            continue;
        const auto axis = size_t(m_rendered.layout.axes[index].axis);
        m_windows[axis] = std::pair(scales[axis].value(low), scales[axis].value(high));
    }
    refresh();
}

void PlotCanvas::zoomValues(double factor, int which)
{
    const auto& scales = m_rendered.plot.scales;
    m_windows.resize(scales.size());
    for (size_t index = 0; index < m_rendered.layout.axes.size(); ++index) {
        if (which >= 0 && which != int(index))
            continue;
        const auto axis = size_t(m_rendered.layout.axes[index].axis);
        const double half = factor / 2;
        m_windows[axis] = std::pair(scales[axis].value(0.5 - half), scales[axis].value(0.5 + half));
    }
    refresh();
}

void PlotCanvas::wheelEvent(QWheelEvent* event)
{
    // A plain wheel scrolls the dashboard, with Ctrl it is about the size of the text.
    const int turned = event->angleDelta().y() != 0 ? event->angleDelta().y() : event->angleDelta().x();
    if (!event->modifiers().testFlag(Qt::ShiftModifier) || event->modifiers().testFlag(Qt::ControlModifier) || turned == 0) {
        event->ignore();
        return;
    }
    const double factor = turned > 0 ? 0.7 : 1 / 0.7;
    if (const int axis = valueAxisAt(event->position()); axis >= 0)
        zoomValues(factor, axis);
    else
        zoomAround(clampedTime(event->position().x()), factor);
    event->accept();
}

void PlotCanvas::leaveEvent(QEvent*)
{
    if (!m_keyboardCursor)
        clearCursor();
}

void PlotCanvas::focusOutEvent(QFocusEvent* event)
{
    QWidget::focusOutEvent(event);
    if (m_keyboardCursor)
        clearCursor();
}

void PlotCanvas::zoomAround(qint64 center, double factor)
{
    const TimeRange& range = m_rendered.plot.range;
    const auto span = qint64(double(range.spanMs()) * factor);
    if (span < LeastSpan)
        return;
    const double part = double(center - range.fromMs) / double(std::max<qint64>(range.spanMs(), 1));
    const qint64 from = center - qint64(part * double(span));
    Q_EMIT zoomRequested({from, from + span});
}

void PlotCanvas::shiftRange(double part)
{
    const TimeRange& range = m_rendered.plot.range;
    const auto shift = qint64(double(range.spanMs()) * part);
    Q_EMIT zoomRequested({range.fromMs + shift, range.toMs + shift});
}

void PlotCanvas::walk(int samples)
{
    if (!m_renderedModel || m_rendered.plot.series.empty() || m_rendered.image.isNull())
        return;
    const TimeRange& range = m_rendered.plot.range;
    const QRectF& area = m_rendered.layout.area;
    const int chosen = m_hover && m_hover->nearest >= 0 ? m_hover->samples[size_t(m_hover->nearest)].prepared : 0;
    const PreparedSeries& series = m_rendered.plot.series[size_t(std::min(chosen, int(m_rendered.plot.series.size()) - 1))];
    const auto& times = series.times.times();
    const auto& values = series.values.numbers();
    const auto first = std::lower_bound(times.begin(), times.end(), range.fromMs) - times.begin();
    const auto last = std::upper_bound(times.begin(), times.end(), range.toMs) - times.begin() - 1;
    if (first > last)
        return;
    std::ptrdiff_t row = last;
    if (m_hover)
        row = std::lower_bound(times.begin(), times.end(), m_hover->timeMs) - times.begin() + samples;
    row = std::clamp(row, first, last);
    const int step = samples < 0 ? -1 : 1;
    while (row > first && row < last && std::isnan(values[size_t(row)]))
        row += step;
    m_keyboardCursor = true;
    const qint64 time = times[size_t(row)];
    const size_t axis = std::min(size_t(std::max(m_renderedModel->series[size_t(series.index)].axis, 0)),
                                 m_rendered.plot.scales.size() - 1);
    const double value = values[size_t(row)];
    const double y = std::isnan(value) ? area.center().y() : m_rendered.layout.yOf(value, m_rendered.plot.scales[axis]);
    const QRegion all(area.toAlignedRect());
    moveCursor({m_rendered.layout.xOf(time, range), std::clamp(y, area.top(), area.bottom())}, time);
    update(all);
}

void PlotCanvas::chooseSeries(int step)
{
    if (!m_hover) {
        walk(0);
        return;
    }
    const int count = int(m_hover->samples.size());
    const QRegion before = overlayRegion();
    m_hover->nearest = ((m_hover->nearest + step) % count + count) % count;
    m_cursor = m_hover->samples[size_t(m_hover->nearest)].place;
    m_keyboardCursor = true;
    updateOverlay(before);
    Q_EMIT nearestSeriesChanged(m_hover->samples[size_t(m_hover->nearest)].series);
    showTooltip();
}

bool PlotCanvas::event(QEvent* event)
{
    // Escape lets go here before it leaves anything else.
    if (event->type() == QEvent::ShortcutOverride && static_cast<QKeyEvent*>(event)->key() == Qt::Key_Escape
        && (m_keyboardCursor || m_mark || m_ruler || isValueZoomed())) {
        event->accept();
        return true;
    }
    return QWidget::event(event);
}

void PlotCanvas::keyPressEvent(QKeyEvent* event)
{
    const int stride = event->modifiers().testFlag(Qt::ShiftModifier) ? 10 : 1;
    constexpr int Far = 1 << 30;
    const TimeRange& range = m_rendered.plot.range;
    const qint64 center = m_hover ? m_hover->timeMs : range.fromMs + range.spanMs() / 2;
    switch (event->key()) {
    case Qt::Key_Left:
        walk(-stride);
        return;
    case Qt::Key_Right:
        walk(stride);
        return;
    case Qt::Key_Home:
        walk(0);
        walk(-Far);
        return;
    case Qt::Key_End:
        walk(0);
        walk(Far);
        return;
    case Qt::Key_Up:
        chooseSeries(1);
        return;
    case Qt::Key_Down:
        chooseSeries(-1);
        return;
    case Qt::Key_Space:
        if (m_cursor) {
            m_mark = m_mark ? std::nullopt : std::optional<double>(m_cursor->x());
            update();
        }
        return;
    case Qt::Key_Return:
    case Qt::Key_Enter:
        if (m_mark && m_cursor)
            finishSelection(*m_mark, m_cursor->x());
        else
            zoomAround(center, 0.5);
        m_mark.reset();
        return;
    case Qt::Key_L:
        if (m_hover && m_hover->nearest >= 0 && m_cursor)
            Q_EMIT sampleClicked(m_hover->samples[size_t(m_hover->nearest)], mapToGlobal(m_cursor->toPoint()));
        return;
    case Qt::Key_Plus:
    case Qt::Key_Equal:
        zoomAround(center, 0.5);
        return;
    case Qt::Key_Minus:
        Q_EMIT zoomOutRequested();
        return;
    case Qt::Key_Y: // a part of the values, where no mouse is
        if (event->modifiers().testFlag(Qt::ShiftModifier))
            resetValueZoom();
        else
            zoomValues(0.5, -1);
        return;
    case Qt::Key_PageUp:
        shiftRange(-0.5);
        return;
    case Qt::Key_PageDown:
        shiftRange(0.5);
        return;
    case Qt::Key_Escape:
        if (m_cursor && (m_keyboardCursor || m_mark || m_ruler || !isValueZoomed())) {
            clearCursor();
            update();
            return;
        }
        if (isValueZoomed()) {
            resetValueZoom();
            return;
        }
        break;
    default:
        break;
    }
    QWidget::keyPressEvent(event);
}

} // namespace Promdeck
