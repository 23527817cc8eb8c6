#include "app/gui/configurationdesk.h"

#include "models/stack/stackconnection.h"
#include "widgets/command/keytext.h"
#include "widgets/dashboard/docktitle.h"
#include "widgets/workbench/documentpage.h"
#include "widgets/workbench/workbench.h"
#include "widgets/workbench/workbenchviews.h"
#include "widgets/workbench/workspace.h"

#include <QAction>
#include <QDockWidget>
#include <QFileInfo>
#include <QMainWindow>

using namespace Qt::StringLiterals;

namespace Promdeck {

namespace {

constexpr QSize kSmallest {420, 260};

} // namespace

ConfigurationDesk::ConfigurationDesk(QMainWindow* window, const Services& services) : QObject(window), m_window(window), m_services(services) {}

ConfigurationDesk::~ConfigurationDesk() = default;

void ConfigurationDesk::make()
{
    if (m_dock)
        return;
    m_dock = new QDockWidget(tr("Configuration"), m_window);
    m_dock->setObjectName(u"configuration"_s);
    auto* title = new DockTitle(m_dock, tr("Close"));
    title->setText(tr("Configuration"));
    m_dock->setTitleBarWidget(title);
    m_workbench = new Workbench(m_dock);
    m_workbench->setMinimumSize(kSmallest);
    addWorkbenchViews(m_workbench);
    for (QAction* action : m_workbench->actions())
        setKeyGroup(action, tr("Configuration"));
    m_dock->setWidget(m_workbench);
    connect(m_workbench, &Workbench::titleChanged, this, [this, title](const QString& text) {
        title->setText(text);
        m_dock->setWindowTitle(text);
    });
    connect(m_workbench, &Workbench::stateChanged, this, &ConfigurationDesk::remember);
    connect(m_dock, &QDockWidget::visibilityChanged, this, &ConfigurationDesk::remember);
    m_workbench->setStack(m_stack);
    if (!m_window->restoreDockWidget(m_dock)) {
        m_window->addDockWidget(Qt::RightDockWidgetArea, m_dock);
        m_window->resizeDocks({m_dock}, {m_window->width() * 3 / 5}, Qt::Horizontal);
    }
    // What was open the last time is here again.
    const Json last = m_services.settings->value(Settings::Key::Configuration);
    m_restoring = true;
    if (const QString folder = last[u"folder"].toString(); QFileInfo(folder).isDir())
        m_workbench->openFolder(folder);
    for (const Json& file : last[u"files"].items()) {
        if (QFileInfo::exists(file.toString()))
            m_workbench->openFile(file.toString());
    }
    m_restoring = false;
}

Workbench* ConfigurationDesk::show()
{
    make();
    m_dock->show();
    m_dock->raise();
    if (m_dock->isFloating())
        m_dock->activateWindow();
    m_workbench->setFocus(Qt::ShortcutFocusReason);
    return m_workbench;
}

void ConfigurationDesk::open(const QString& path)
{
    Workbench* bench = show();
    const QFileInfo info(path);
    bench->openFolder(info.isDir() ? path : info.absolutePath());
    if (!info.isDir())
        bench->openFile(path);
}

void ConfigurationDesk::restore()
{
    if (m_services.settings->value(Settings::Key::Configuration)[u"shown"].toBool()) {
        make();
        m_dock->show();
    }
}

void ConfigurationDesk::remember()
{
    if (m_restoring || !m_workbench)
        return;
    m_services.settings->set(Settings::Key::Configuration, Json::object({{u"shown"_s, !m_dock->isHidden()},
                                                                        {u"folder"_s, m_workbench->workspace()->folder()},
                                                                        {u"files"_s, Json::strings(m_workbench->openPaths())}}));
}

void ConfigurationDesk::setStack(std::shared_ptr<StackConnection> stack)
{
    m_stack = std::move(stack);
    if (m_workbench)
        m_workbench->setStack(m_stack);
}

bool ConfigurationDesk::isClean() const
{
    return !m_workbench || m_workbench->isClean();
}

void ConfigurationDesk::leave(std::function<void()> proceed)
{
    if (isClean()) {
        proceed();
        return;
    }
    m_dock->show();
    m_dock->raise();
    m_workbench->leave(std::move(proceed));
}

QList<QAction*> ConfigurationDesk::actions() const
{
    return m_workbench ? m_workbench->actions() : QList<QAction*>();
}

} // namespace Promdeck
