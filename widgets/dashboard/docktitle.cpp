#include "widgets/dashboard/docktitle.h"

#include "widgets/common/elidedlabel.h"
#include "widgets/common/icons.h"
#include "widgets/common/plaintip.h"
#include "widgets/common/theme.h"

#include <QBoxLayout>
#include <QContextMenuEvent>
#include <QDockWidget>
#include <QMainWindow>
#include <QMenu>
#include <QMouseEvent>
#include <QPainter>
#include <QToolButton>

using namespace Qt::StringLiterals;

namespace Promdeck {

namespace {

constexpr int kButtonPx = 22;

QMainWindow* mainWindowOf(const QDockWidget* dock)
{
    return qobject_cast<QMainWindow*>(dock->parentWidget());
}

} // namespace

DockTitle::DockTitle(QDockWidget* dock, const QString& closeText)
    : QWidget(dock), m_dock(dock), m_closeText(closeText), m_label(new ElidedLabel(QString(), this))
{
    setObjectName(u"dockTitle"_s);
    auto* layout = new QHBoxLayout(this);
    layout->setContentsMargins(9, 2, 3, 2);
    layout->setSpacing(1);
    layout->addWidget(m_label, 1);
    m_label->setSecondary(true);
    m_label->setAttribute(Qt::WA_TransparentForMouseEvents); // the dock is dragged here
    const auto add = [this, layout](const QString& name, const QString& icon, const QString& text, auto&& run) {
        auto* button = new QToolButton(this);
        button->setObjectName(name);
        button->setAutoRaise(true);
        button->setIcon(themeIcon(icon, IconRole::Secondary));
        button->setFixedSize(kButtonPx, kButtonPx);
        button->setToolTip(plainTip(text));
        button->setAccessibleName(text);
        connect(button, &QToolButton::clicked, this, run);
        layout->addWidget(button);
        return button;
    };
    m_menu = add(u"dockMenu"_s, u"dots"_s, tr("Where to put this"),
                 [this] { popupMenu(m_menu->mapToGlobal(QPoint(0, m_menu->height()))); });
    add(u"dockFloat"_s, u"popout"_s, tr("Float or dock"), [this] { m_dock->setFloating(!m_dock->isFloating()); });
    add(u"dockClose"_s, u"close"_s, closeText, [this] { m_dock->close(); });
    connect(&Theme::instance(), &Theme::changed, this, qOverload<>(&QWidget::update));
}

void DockTitle::setText(const QString& text)
{
    m_label->setText(text);
    m_dock->setAccessibleName(text);
}

void DockTitle::paintEvent(QPaintEvent*)
{
    QPainter painter(this);
    const ThemeColors& c = Theme::instance().colors();
    painter.fillRect(rect(), blend(c.canvas, c.secondary));
}

void DockTitle::contextMenuEvent(QContextMenuEvent* event)
{
    popupMenu(event->globalPos());
}

void DockTitle::mouseReleaseEvent(QMouseEvent* event)
{
    if (event->button() == Qt::MiddleButton)
        m_dock->close();
    else
        event->ignore();
}

void DockTitle::popupMenu(const QPoint& globalPosition)
{
    auto* menu = new QMenu(this);
    menu->setObjectName(u"dockMenuPopup"_s);
    menu->setAttribute(Qt::WA_DeleteOnClose);
    if (QMainWindow* window = mainWindowOf(m_dock))
        fillPlaces(menu, window);
    Q_EMIT menuOpening(menu);
    menu->addSeparator();
    menu->addAction(themeIcon(u"close"_s), m_closeText, m_dock, &QDockWidget::close)->setObjectName(u"dockMenuClose"_s);
    menu->popup(globalPosition);
}

void DockTitle::fillPlaces(QMenu* menu, QMainWindow* window)
{
    const struct
    {
        Qt::DockWidgetArea area;
        QString name;
        QString text;
    } sides[] {{Qt::LeftDockWidgetArea, u"dockLeft"_s, tr("To the left")},
               {Qt::RightDockWidgetArea, u"dockRight"_s, tr("To the right")},
               {Qt::TopDockWidgetArea, u"dockTop"_s, tr("To the top")},
               {Qt::BottomDockWidgetArea, u"dockBottom"_s, tr("To the bottom")}};
    for (const auto& side : sides) {
        menu->addAction(side.text, m_dock, [dock = m_dock, window, area = side.area] {
                dock->setFloating(false);
                window->addDockWidget(area, dock);
            })->setObjectName(side.name);
    }
    menu->addAction(m_dock->isFloating() ? tr("Dock again") : tr("Float"), m_dock, [dock = m_dock] {
            dock->setFloating(!dock->isFloating());
        })->setObjectName(u"dockFloatAction"_s);
    QList<QDockWidget*> others;
    for (QDockWidget* other : window->findChildren<QDockWidget*>(QString(), Qt::FindDirectChildrenOnly)) {
        if (other != m_dock && !other->isFloating() && !other->isHidden())
            others << other;
    }
    if (others.isEmpty())
        return;
    menu->addSeparator();
    const struct
    {
        QString name;
        QString text;
        int how; ///< 0 tab, 1 beside, 2 below
    } ways[] {{u"dockTabWith"_s, tr("As a tab with"), 0}, {u"dockBeside"_s, tr("Beside"), 1}, {u"dockBelow"_s, tr("Below"), 2}};
    for (const auto& way : ways) {
        QMenu* with = menu->addMenu(way.text);
        with->setObjectName(way.name);
        for (QDockWidget* other : std::as_const(others)) {
            with->addAction(QString(other->windowTitle()).replace(u'&', u"&&"_s), m_dock,
                            [dock = m_dock, other = QPointer<QDockWidget>(other), window, how = way.how] {
                                if (!other)
                                    return;
                                dock->setFloating(false);
                                const Qt::Orientation orientation = how == 1 ? Qt::Horizontal : Qt::Vertical;
                                const bool tabbed = !window->tabifiedDockWidgets(other).isEmpty();
                                if (how == 0)
                                    window->tabifyDockWidget(other, dock);
                                else if (tabbed) // beside a tab, splitting gives another tab: beside all of them
                                    window->addDockWidget(window->dockWidgetArea(other), dock, orientation);
                                else
                                    window->splitDockWidget(other, dock, orientation);
                                dock->show();
                                dock->raise();
                            });
        }
    }
}

} // namespace Promdeck
