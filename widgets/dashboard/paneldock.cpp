#include "widgets/dashboard/paneldock.h"

#include "widgets/dashboard/dashboardview.h"
#include "widgets/dashboard/docktitle.h"
#include "widgets/panels/panelwidget.h"

#include <QCloseEvent>

using namespace Qt::StringLiterals;

namespace Promdeck {

namespace {

constexpr QSize kSmallest {180, 100};

} // namespace

PanelDock::PanelDock(DashboardView* view, const QString& key, const QString& dashboard, QWidget* parent)
    : QDockWidget(parent), m_view(view), m_key(key), m_panel(view->detach(key)), m_title(new DockTitle(this, tr("Put back")))
{
    setTitleBarWidget(m_title);
    m_title->setText(dashboard);
    if (!m_panel)
        return;
    m_panel->setMinimumSize(kSmallest);
    m_panel->setDetached(true);
    setWidget(m_panel);
    m_panel->show();
    connect(m_panel, &PanelWidget::titleChanged, this, &PanelDock::updateTitle);
    connect(m_panel, &QObject::destroyed, this, &QObject::deleteLater);
    updateTitle();
}

PanelDock::~PanelDock()
{
    // The panel is the view's: with the dock it would be gone behind its back.
    if (m_panel && m_view && m_panel->parentWidget() == this) {
        m_panel->disconnect(this);
        m_panel->setMinimumSize(0, 0);
        m_panel->setDetached(false);
        m_view->attach(m_key);
    }
}

void PanelDock::updateTitle()
{
    setWindowTitle(m_panel->title().isEmpty() ? tr("Panel") : m_panel->title());
}

void PanelDock::closeEvent(QCloseEvent* event)
{
    event->accept();
    Q_EMIT putBack();
    deleteLater();
}

} // namespace Promdeck
