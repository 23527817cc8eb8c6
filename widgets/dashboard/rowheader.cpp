#include "widgets/dashboard/rowheader.h"

#include "widgets/common/icons.h"
#include "widgets/common/theme.h"
#include "widgets/panels/painthelpers.h"

#include <QFocusEvent>
#include <QKeyEvent>
#include <QMouseEvent>
#include <QPainter>

using namespace Qt::StringLiterals;

namespace Promdeck {

RowHeader::RowHeader(QWidget* parent) : QWidget(parent)
{
    setAttribute(Qt::WA_OpaquePaintEvent);
    setFocusPolicy(Qt::TabFocus);
    setCursor(Qt::PointingHandCursor);
    connect(&Theme::instance(), &Theme::changed, this, qOverload<>(&QWidget::update));
}

void RowHeader::setRow(const QString& title, bool collapsed, int hiddenPanels)
{
    m_title = title;
    m_collapsed = collapsed;
    m_hiddenPanels = hiddenPanels;
    setAccessibleName(collapsed ? tr("Row %1, collapsed").arg(title) : tr("Row %1, expanded").arg(title));
    update();
}

void RowHeader::paintEvent(QPaintEvent*)
{
    QPainter painter(this);
    const ThemeColors& c = Theme::instance().colors();
    painter.fillRect(rect(), c.canvas);
    const QRectF area = rect();
    if (m_collapsed) {
        painter.fillRect(area, c.panel);
        drawFrame(&painter, rect(), blend(c.panel, c.borderWeak));
    }
    if (underMouse())
        painter.fillRect(area, c.hover);
    if (hasFocus())
        drawFrame(&painter, rect(), c.accent);
    paintIcon(&painter, QRectF(6, area.center().y() - 8, 16, 16), m_collapsed ? u"chevron-right"_s : u"chevron-down"_s,
              c.textSecondary);
    painter.setFont(panelFont(15, QFont::Medium));
    painter.setPen(c.text);
    const double width = QFontMetricsF(painter.font()).horizontalAdvance(m_title);
    drawElided(&painter, area.adjusted(27, 0, -8, 0), m_title, Qt::AlignLeft | Qt::AlignVCenter);
    if (m_collapsed && m_hiddenPanels > 0) {
        painter.setFont(panelFont(12));
        painter.setPen(c.textSecondary);
        painter.drawText(area.adjusted(27 + width + 12, 0, 0, 0), Qt::AlignLeft | Qt::AlignVCenter,
                         tr("(%n panels)", nullptr, m_hiddenPanels));
    }
}

void RowHeader::mouseReleaseEvent(QMouseEvent* event)
{
    if (event->button() == Qt::LeftButton && rect().contains(event->pos()))
        Q_EMIT toggled();
}

void RowHeader::keyPressEvent(QKeyEvent* event)
{
    if (event->key() == Qt::Key_Return || event->key() == Qt::Key_Enter || event->key() == Qt::Key_Space)
        Q_EMIT toggled();
    else
        QWidget::keyPressEvent(event);
}

void RowHeader::enterEvent(QEnterEvent*)
{
    update();
}

void RowHeader::leaveEvent(QEvent*)
{
    update();
}

} // namespace Promdeck
