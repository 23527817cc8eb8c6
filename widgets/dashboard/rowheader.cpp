#include "widgets/dashboard/rowheader.h"

#include "widgets/common/icons.h"
#include "widgets/common/theme.h"
#include "widgets/panels/painthelpers.h"

#include <QContextMenuEvent>
#include <QFocusEvent>
#include <QKeyEvent>
#include <QLineEdit>
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
    if (underMouse())
        paintIcon(&painter, QRectF(menuRect()).adjusted(4, 4, -4, -4), u"dots"_s, c.textSecondary);
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

/// The dots behind the title, there while the mouse is over the row.
QRect RowHeader::menuRect() const
{
    return {width() - 30, (height() - 24) / 2, 24, 24};
}

void RowHeader::mouseReleaseEvent(QMouseEvent* event)
{
    if (event->button() != Qt::LeftButton || !rect().contains(event->pos()))
        return;
    if (menuRect().contains(event->pos()))
        Q_EMIT menuRequested(mapToGlobal(menuRect().bottomLeft()));
    else
        Q_EMIT toggled();
}

void RowHeader::contextMenuEvent(QContextMenuEvent* event)
{
    Q_EMIT menuRequested(event->globalPos());
}

void RowHeader::keyPressEvent(QKeyEvent* event)
{
    if (event->key() == Qt::Key_Return || event->key() == Qt::Key_Enter || event->key() == Qt::Key_Space)
        Q_EMIT toggled();
    else
        QWidget::keyPressEvent(event);
}

void RowHeader::rename(const QString& title, std::function<void(const QString&)> done)
{
    delete m_edit;
    m_edit = new QLineEdit(title, this);
    m_edit->setObjectName(u"rowTitle"_s);
    m_edit->setAccessibleName(tr("Title of the row"));
    m_edit->setGeometry(24, 0, std::min(420, width() - 30), height());
    m_edit->show();
    m_edit->selectAll();
    m_edit->setFocus(Qt::OtherFocusReason);
    m_edit->installEventFilter(this);
    connect(m_edit, &QLineEdit::editingFinished, this, [this, done = std::move(done)] {
        const QString text = m_edit->text();
        endRename();
        done(text);
    });
}

void RowHeader::endRename()
{
    if (!m_edit)
        return;
    m_edit->disconnect(this);
    m_edit->hide();
    m_edit->deleteLater();
    m_edit = nullptr;
}

bool RowHeader::eventFilter(QObject* watched, QEvent* event)
{
    const bool isKey = event->type() == QEvent::ShortcutOverride || event->type() == QEvent::KeyPress;
    if (watched != m_edit || !isKey || static_cast<QKeyEvent*>(event)->key() != Qt::Key_Escape)
        return QWidget::eventFilter(watched, event);
    // Before the window's own Escape.
    event->accept();
    if (event->type() == QEvent::KeyPress)
        endRename();
    return true;
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
