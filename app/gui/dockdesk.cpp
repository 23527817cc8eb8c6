#include "app/gui/dockdesk.h"

#include "app/gui/dashboarddock.h"
#include "app/gui/dashboardlibrary.h"
#include "models/stack/stackconnection.h"
#include "widgets/dashboard/dashboardediting.h"
#include "widgets/dashboard/dashboardpage.h"
#include "widgets/dashboard/dashboardsaving.h"
#include "widgets/dashboard/dashboardview.h"
#include "widgets/dashboard/docktitle.h"
#include "widgets/dashboard/paneldock.h"
#include "widgets/panels/panelwidget.h"

#include <QAction>
#include <QApplication>
#include <QChildEvent>
#include <QDockWidget>
#include <QMainWindow>
#include <QMouseEvent>
#include <QTabBar>

#include <algorithm>

using namespace Qt::StringLiterals;

namespace Promdeck {

namespace {

constexpr int kStateVersion = 1;
constexpr int kSaveDelayMs = 500;
constexpr QSize kFloatingSize {560, 340};
constexpr int kUnderMouse = 40; // px from a floating dock's corner to the mouse that drew it out

} // namespace

DockDesk::DockDesk(QMainWindow* window, const Services& services, DashboardLibrary* library, DashboardPage* central)
    : QObject(window), m_window(window), m_services(services), m_library(library), m_central(central)
{
    m_saveTimer.setSingleShot(true);
    m_saveTimer.setInterval(kSaveDelayMs);
    connect(&m_saveTimer, &QTimer::timeout, this, &DockDesk::save);
    window->setDockNestingEnabled(true);
    window->setTabPosition(Qt::AllDockWidgetAreas, QTabWidget::North);
    window->installEventFilter(this);
    watch(central);
}

DockDesk::~DockDesk() = default;

QString DockDesk::nameOf(const DashboardPage* page) const
{
    for (const DashboardDock* dock : dashboardDocks()) {
        if (dock->page() == page)
            return dock->objectName();
    }
    return u"main"_s;
}

DockDesk::Record DockDesk::recordOf(const DashboardPage* page, const QString& key) const
{
    return {nameOf(page), page->saving()->reference(), key};
}

QList<PanelDock*> DockDesk::panelDocks() const
{
    return m_window->findChildren<PanelDock*>(QString(), Qt::FindDirectChildrenOnly);
}

QList<DashboardDock*> DockDesk::dashboardDocks() const
{
    return m_window->findChildren<DashboardDock*>(QString(), Qt::FindDirectChildrenOnly);
}

DashboardPage* DockDesk::currentPage() const
{
    const QWidget* focus = QApplication::focusWidget();
    std::vector<std::pair<const QWidget*, DashboardPage*>> places;
    for (const DashboardDock* dock : dashboardDocks())
        places.emplace_back(dock, dock->page());
    for (const PanelDock* dock : panelDocks()) {
        DashboardPage* owner = m_central;
        for (const DashboardDock* board : dashboardDocks()) {
            if (board->page()->view() == dock->view())
                owner = board->page();
        }
        places.emplace_back(dock, owner);
    }
    places.emplace_back(m_central, m_central);
    // A mouse over a panel points at it; one that rests somewhere else does not take the keyboard's place.
    for (const auto& [place, page] : places) {
        const QList<PanelWidget*> panels = page->view()->panels();
        if (page->session() && std::ranges::any_of(panels, [](const PanelWidget* panel) { return panel->isVisible() && panel->underMouse(); }))
            return page;
    }
    for (const auto& [place, page] : places) {
        if (page->session() && focus && place->isAncestorOf(focus))
            return page;
    }
    return m_central;
}

void DockDesk::watch(DashboardPage* page)
{
    connect(page->view(), &DashboardView::detachRequested, this,
            [this, page](const QString& key, const std::optional<QPoint>& at) { detach(page, key, at); });
    connect(page->view(), &DashboardView::attachRequested, this, [this, page](const QString& key) { attach(page, key); });
    // Panels exist once the variables have values.
    connect(page, &DashboardPage::opened, this, [this, page] {
        // The page is the context: what is queued goes with it.
        connect(page->session(), &DashboardSession::layoutChanged, page, [this, page] { revive(page); }, Qt::QueuedConnection);
    });
}

void DockDesk::remember(QDockWidget* dock)
{
    connect(dock, &QDockWidget::dockLocationChanged, this, &DockDesk::later);
    connect(dock, &QDockWidget::topLevelChanged, this, &DockDesk::later);
    later();
}

void DockDesk::later()
{
    m_saveTimer.start();
    Q_EMIT changed();
}

bool DockDesk::place(QDockWidget* dock, Qt::DockWidgetArea area)
{
    // Where it was at the end of the last run, or at the side.
    if (m_window->restoreDockWidget(dock))
        return false;
    m_window->addDockWidget(area, dock);
    dock->show();
    return true;
}

bool DockDesk::hasDocks(Qt::DockWidgetArea area) const
{
    const QList<QDockWidget*> docks = m_window->findChildren<QDockWidget*>(QString(), Qt::FindDirectChildrenOnly);
    return std::ranges::any_of(docks, [this, area](QDockWidget* dock) {
        return !dock->isFloating() && !dock->isHidden() && m_window->dockWidgetArea(dock) == area;
    });
}

PanelDock* DockDesk::detach(DashboardPage* page, const QString& key, std::optional<QPoint> at)
{
    if (page->view()->isDetached(key))
        return nullptr;
    const QSize size = page->view()->contentRect(key).size();
    const bool alone = !hasDocks(Qt::RightDockWidgetArea);
    auto* dock = new PanelDock(page->view(), key, page->title(), m_window);
    if (!dock->panel()) {
        delete dock;
        return nullptr;
    }
    // The keys of its dashboard work in it as well.
    dock->addActions(page->actions());
    const Record record = recordOf(page, key);
    dock->setObjectName(u"panel:"_s + record.page + u':' + record.dashboard + u':' + key);
    if (std::ranges::find(m_records, record) == m_records.end())
        m_records.push_back(record);
    connect(dock, &PanelDock::putBack, this, [this, record] {
        std::erase(m_records, record);
        later();
    });
    remember(dock);
    // As large as it was, if that leaves the others their room.
    if (place(dock, Qt::RightDockWidgetArea)) {
        if (alone)
            m_window->resizeDocks({dock}, {std::min(size.width(), m_window->width() / 3)}, Qt::Horizontal);
        else
            m_window->resizeDocks({dock}, {std::min(size.height(), m_window->height() / 3)}, Qt::Vertical);
    }
    if (at) {
        dock->setFloating(true);
        dock->resize(kFloatingSize);
        dock->move(*at - QPoint(kUnderMouse, kUnderMouse / 2));
    }
    watchTabs();
    return dock;
}

void DockDesk::attach(DashboardPage* page, const QString& key)
{
    for (PanelDock* dock : panelDocks()) {
        if (dock->view() == page->view() && dock->key() == key)
            dock->close();
    }
}

/// Panels of this page that were in docks when it was left.
void DockDesk::revive(DashboardPage* page)
{
    if (!page->session())
        return;
    const std::vector<Record> wanted = m_records;
    for (const Record& record : wanted) {
        if (record == recordOf(page, record.key))
            detach(page, record.key);
    }
}

DashboardDock* DockDesk::makeDashboardDock(const QString& name)
{
    auto* dock = new DashboardDock(m_services, m_library, m_window);
    dock->setObjectName(name);
    dock->setWindowTitle(tr("Dashboard"));
    watch(dock->page());
    connect(dock, &DashboardDock::closed, this,
            [this, name] {
                std::erase_if(m_records, [&name](const Record& record) { return record.page == name; });
                later();
            });
    remember(dock);
    Q_EMIT dashboardDockMade(dock);
    return dock;
}

DashboardDock* DockDesk::openBeside(const QString& reference, std::shared_ptr<StackConnection> stack)
{
    QStringList used;
    for (const DashboardDock* dock : dashboardDocks())
        used << dock->objectName();
    int number = 1;
    while (used.contains(u"dashboard:%1"_s.arg(number)))
        ++number;
    DashboardDock* dock = makeDashboardDock(u"dashboard:%1"_s.arg(number));
    place(dock, Qt::RightDockWidgetArea);
    m_window->resizeDocks({dock}, {m_window->width() / 2}, Qt::Horizontal);
    dock->open(reference, std::move(stack));
    watchTabs();
    return dock;
}

void DockDesk::reset()
{
    for (PanelDock* dock : panelDocks())
        dock->close();
    for (DashboardDock* dock : dashboardDocks())
        dock->close();
}

bool DockDesk::isClean() const
{
    const QList<DashboardDock*> docks = dashboardDocks();
    return m_central->saving()->isClean()
        && std::ranges::all_of(docks, [](const DashboardDock* dock) { return dock->page()->saving()->isClean(); });
}

void DockDesk::leave(std::function<void()> proceed)
{
    // One question after the other, each in its own page.
    const auto again = [this, proceed] { leave(proceed); };
    if (!m_central->saving()->isClean()) {
        m_central->saving()->leave(again);
        return;
    }
    for (DashboardDock* dock : dashboardDocks()) {
        if (dock->page()->saving()->isClean())
            continue;
        dock->show();
        dock->raise();
        dock->page()->saving()->leave(again);
        return;
    }
    proceed();
}

Json DockDesk::arrangement() const
{
    Json panels = Json::array();
    for (const Record& record : m_records)
        panels.append(Json::object({{u"page"_s, record.page}, {u"dashboard"_s, record.dashboard}, {u"key"_s, record.key}}));
    Json dashboards = Json::array();
    for (const DashboardDock* dock : dashboardDocks())
        dashboards.append(Json::object({{u"name"_s, dock->objectName()},
                                        {u"dashboard"_s, dock->reference()},
                                        {u"stack"_s, dock->profile().name},
                                        {u"url"_s, dock->profile().prometheus.toString(QUrl::RemoveUserInfo)}}));
    return Json::object({{u"state"_s, QString::fromLatin1(m_window->saveState(kStateVersion).toBase64())},
                         {u"dashboard"_s, m_central->saving()->reference()},
                         {u"panels"_s, panels},
                         {u"dashboards"_s, dashboards}});
}

void DockDesk::save()
{
    m_saveTimer.stop();
    m_services.settings->set(Settings::Key::WindowState, arrangement());
}

void DockDesk::restore()
{
    take(m_services.settings->value(Settings::Key::WindowState));
}

void DockDesk::take(const Json& arrangement)
{
    const QByteArray state = QByteArray::fromBase64(arrangement[u"state"].toString().toLatin1());
    if (!state.isEmpty())
        m_window->restoreState(state, kStateVersion);
    for (const Json& panel : arrangement[u"panels"].items())
        m_records.push_back({panel[u"page"].toString(), panel[u"dashboard"].toString(), panel[u"key"].toString()});
    for (const Json& board : arrangement[u"dashboards"].items()) {
        const QString stack = board[u"stack"].toString();
        const std::optional<StackProfile> known = m_services.stacks->find(stack);
        const QUrl url(board[u"url"].toString());
        if (!known && !url.isValid())
            continue;
        DashboardDock* dock = makeDashboardDock(board[u"name"].toString());
        place(dock, Qt::RightDockWidgetArea);
        dock->open(board[u"dashboard"].toString(), known ? *known : profileForUrl(url));
    }
    watchTabs();
}

void DockDesk::arrange(const Json& arrangement)
{
    // At once: the docks to come may have the same names.
    qDeleteAll(panelDocks());
    qDeleteAll(dashboardDocks());
    m_records.clear();
    take(arrangement);
    const QString reference = arrangement[u"dashboard"].toString();
    if (!reference.isEmpty() && reference != m_central->saving()->reference())
        Q_EMIT dashboardWanted(reference);
    else
        revive(m_central);
}

/// The tab bars that the window makes for docks over each other.
void DockDesk::watchTabs()
{
    for (QTabBar* bar : m_window->findChildren<QTabBar*>(QString(), Qt::FindDirectChildrenOnly)) {
        bar->setDocumentMode(true);
        bar->installEventFilter(this);
    }
}

bool DockDesk::eventFilter(QObject* watched, QEvent* event)
{
    if (watched == m_window) {
        if (event->type() == QEvent::ChildAdded)
            QMetaObject::invokeMethod(this, &DockDesk::watchTabs, Qt::QueuedConnection); // what it is shows later
        return false;
    }
    if (event->type() != QEvent::MouseButtonRelease)
        return false;
    auto* bar = qobject_cast<QTabBar*>(watched);
    const auto* mouse = static_cast<QMouseEvent*>(event);
    if (!bar || mouse->button() != Qt::MiddleButton)
        return false;
    const int tab = bar->tabAt(mouse->position().toPoint());
    if (tab < 0)
        return false;
    // The window keeps the dock's address with its tab; titles need not differ.
    const auto address = bar->tabData(tab).value<quintptr>();
    for (QDockWidget* dock : m_window->findChildren<QDockWidget*>(QString(), Qt::FindDirectChildrenOnly)) {
        if (quintptr(dock) == address) {
            dock->close();
            return true;
        }
    }
    return false;
}

} // namespace Promdeck
