#include "widgets/plot/legendview.h"

#include "widgets/common/plaintip.h"

#include <QHelpEvent>
#include <QKeyEvent>
#include <QMouseEvent>
#include <QPainter>
#include <QToolTip>
#include <QWheelEvent>

#include <algorithm>
#include <cmath>

using namespace Qt::StringLiterals;

namespace Promdeck {

LegendView::LegendView(QWidget* parent)
    : QWidget(parent)
{
    setObjectName(u"plotLegend"_s);
    setMouseTracking(true);
    setFocusPolicy(Qt::TabFocus);
    setAccessibleName(tr("Legend"));
}

void LegendView::setModel(std::shared_ptr<const TimeSeriesModel> model)
{
    m_model = std::move(model);
    m_state.hovered = m_state.current = -1;
    relayout();
}

void LegendView::setPlotTheme(const PlotTheme& theme)
{
    m_theme = theme;
    relayout();
}

void LegendView::setHiddenSeries(const std::vector<char>& hidden)
{
    m_state.hidden = hidden;
    describe();
    update();
}

void LegendView::setMarkedSeries(int series)
{
    if (series == m_state.hovered)
        return;
    m_state.hovered = series;
    update();
}

QRectF LegendView::entryRect(int series) const
{
    for (const LegendLayout::Entry& entry : m_layout.entries) {
        if (entry.series == series)
            return entry.rect.translated(0, -m_state.scroll);
    }
    return {};
}

QRectF LegendView::headerRect(int column) const
{
    for (const LegendLayout::Header& header : m_layout.headers) {
        if (header.column == column)
            return header.rect;
    }
    return {};
}

void LegendView::relayout()
{
    if (!m_model)
        return;
    // A legend that nobody sees needs no places.
    m_layout = m_model->legend.show ? layoutLegend(*m_model, m_state, width(), m_theme) : LegendLayout();
    m_state.scroll = std::clamp(m_state.scroll, 0.0, maxScroll());
    describe();
    update();
}

void LegendView::describe()
{
    if (!m_model)
        return;
    qsizetype off = 0;
    for (const LegendLayout::Entry& entry : m_layout.entries) {
        if (size_t(entry.series) < m_state.hidden.size() && m_state.hidden[size_t(entry.series)])
            ++off;
    }
    QString text = tr("%n series", nullptr, int(m_layout.entries.size()));
    if (off > 0)
        text += u", "_s + tr("%n hidden", nullptr, int(off));
    if (m_state.current >= 0) {
        const SeriesModel& series = m_model->series[size_t(m_state.current)];
        text = series.name;
        for (int column = 0; column < m_model->legend.calcs.size() && size_t(column) < series.calcs.size(); ++column)
            text += u", "_s + series.calcs[size_t(column)].text;
    }
    setAccessibleDescription(text);
}

double LegendView::headerHeight() const
{
    return m_layout.headers.empty() ? 0 : m_layout.headers.front().rect.height();
}

double LegendView::maxScroll() const
{
    return std::max(0.0, m_layout.contentHeight - height());
}

int LegendView::seriesAt(QPointF place) const
{
    if (place.y() < headerHeight())
        return -1;
    const QPointF inside = place + QPointF(0, m_state.scroll);
    for (const LegendLayout::Entry& entry : m_layout.entries) {
        if (entry.rect.contains(inside))
            return entry.series;
    }
    return -1;
}

void LegendView::setHovered(int series)
{
    if (series == m_state.hovered)
        return;
    m_state.hovered = series;
    setCursor(series >= 0 ? Qt::PointingHandCursor : Qt::ArrowCursor);
    update();
    Q_EMIT hoveredSeriesChanged(series);
}

bool LegendView::event(QEvent* event)
{
    if (event->type() == QEvent::ToolTip && m_model) {
        const auto* help = static_cast<QHelpEvent*>(event);
        const int series = seriesAt(help->pos());
        if (series >= 0) {
            // Long names are cut in the list: the tooltip has them whole, with what a click does.
            QToolTip::showText(help->globalPos(),
                               plainTip(m_model->series[size_t(series)].name + u'\n'
                                        + tr("Click: show only this series. Ctrl+click: hide or show it.")),
                               this);
            return true;
        }
        QToolTip::hideText();
    }
    return QWidget::event(event);
}

void LegendView::paintEvent(QPaintEvent*)
{
    if (!m_model)
        return;
    QPainter painter(this);
    paintLegend(painter, rect(), *m_model, m_layout, m_state, m_theme);
    if (hasFocus() && m_state.current < 0) {
        painter.setPen(m_theme.link);
        painter.drawRect(rect().adjusted(0, 0, -1, -1));
    }
}

void LegendView::resizeEvent(QResizeEvent* event)
{
    QWidget::resizeEvent(event);
    relayout();
}

void LegendView::sortBy(int column)
{
    // First click on a calculation: largest first, as one looks for the largest.
    if (m_state.sortColumn == column) {
        m_state.sortDescending = !m_state.sortDescending;
    } else {
        m_state.sortColumn = column;
        m_state.sortDescending = column >= 0;
    }
    relayout();
}

void LegendView::mousePressEvent(QMouseEvent* event)
{
    if (event->button() != Qt::LeftButton || !m_model)
        return QWidget::mousePressEvent(event);
    const QPointF place = event->position();
    for (const LegendLayout::Header& header : m_layout.headers) {
        if (header.rect.contains(place)) {
            if (header.column != LegendLayout::MoreColumns)
                sortBy(header.column);
            return;
        }
    }
    const int series = seriesAt(place);
    if (series < 0)
        return;
    const auto adding = Qt::ControlModifier | Qt::ShiftModifier | Qt::MetaModifier;
    if (event->modifiers() & adding)
        Q_EMIT toggleRequested(series);
    else
        Q_EMIT isolateRequested(series);
}

void LegendView::mouseMoveEvent(QMouseEvent* event)
{
    setHovered(seriesAt(event->position()));
}

void LegendView::leaveEvent(QEvent*)
{
    setHovered(-1);
}

void LegendView::focusOutEvent(QFocusEvent* event)
{
    QWidget::focusOutEvent(event);
    m_state.current = -1;
    describe();
    update();
}

void LegendView::scrollTo(double value)
{
    m_state.scroll = std::clamp(value, 0.0, maxScroll());
    update();
}

void LegendView::wheelEvent(QWheelEvent* event)
{
    const double wanted = std::clamp(m_state.scroll - event->angleDelta().y() * 0.4, 0.0, maxScroll());
    if (wanted == m_state.scroll) {
        // Nothing (more) to scroll here: the dashboard moves.
        event->ignore();
        return;
    }
    scrollTo(wanted);
    setHovered(seriesAt(event->position()));
    event->accept();
}

void LegendView::moveCurrent(int step)
{
    if (m_layout.entries.empty())
        return;
    int place = step > 0 ? -1 : int(m_layout.entries.size());
    for (size_t index = 0; index < m_layout.entries.size(); ++index) {
        if (m_layout.entries[index].series == m_state.current)
            place = int(index);
    }
    place = std::clamp(place + step, 0, int(m_layout.entries.size()) - 1);
    const LegendLayout::Entry& entry = m_layout.entries[size_t(place)];
    m_state.current = entry.series;
    if (entry.rect.top() - m_state.scroll < headerHeight())
        scrollTo(entry.rect.top() - headerHeight());
    else if (entry.rect.bottom() - m_state.scroll > height())
        scrollTo(entry.rect.bottom() - height());
    describe();
    update();
    Q_EMIT hoveredSeriesChanged(m_state.current);
}

void LegendView::keyPressEvent(QKeyEvent* event)
{
    switch (event->key()) {
    case Qt::Key_Up:
    case Qt::Key_Left:
        moveCurrent(-1);
        return;
    case Qt::Key_Down:
    case Qt::Key_Right:
        moveCurrent(1);
        return;
    case Qt::Key_Return:
    case Qt::Key_Enter:
        if (m_state.current >= 0)
            Q_EMIT isolateRequested(m_state.current);
        return;
    case Qt::Key_Space:
        if (m_state.current >= 0)
            Q_EMIT toggleRequested(m_state.current);
        return;
    default:
        QWidget::keyPressEvent(event);
    }
}

} // namespace Promdeck
