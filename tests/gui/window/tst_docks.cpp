#include "app/gui/dashboarddock.h"
#include "app/gui/dockdesk.h"
#include "app/gui/mainwindow.h"
#include "app/gui/perspectives.h"
#include "tests/support/servers.h"
#include "tests/support/testsupport.h"
#include "widgets/common/noticebar.h"
#include "widgets/common/prompt.h"
#include "widgets/common/theme.h"
#include "widgets/dashboard/dashboardediting.h"
#include "widgets/dashboard/dashboardpage.h"
#include "widgets/dashboard/dashboardsaving.h"
#include "widgets/dashboard/dashboardview.h"
#include "widgets/dashboard/docktitle.h"
#include "widgets/dashboard/gridediting.h"
#include "widgets/dashboard/paneldock.h"
#include "widgets/panels/panelwidget.h"
#include "widgets/stack/welcomepage.h"

#include <QAction>
#include <QApplication>
#include <QFile>
#include <QMenu>
#include <QPushButton>
#include <QTabBar>
#include <QTemporaryDir>
#include <QThreadPool>
#include <QToolButton>

#include <memory>

using namespace Promdeck;
using namespace Promdeck::Testing;
using namespace Qt::StringLiterals;

namespace {

constexpr int kPatienceMs = 20000;

QByteArray board(const QString& title)
{
    Json panels = Json::array();
    for (int id = 1; id <= 4; ++id) {
        const Json target = Json::object({{u"refId"_s, u"A"_s}, {u"expr"_s, u"vector(%1)"_s.arg(id)}});
        panels.append(Json::object(
            {{u"id"_s, id},
             {u"type"_s, u"stat"_s},
             {u"title"_s, u"%1 %2"_s.arg(title).arg(id)},
             {u"gridPos"_s, Json::object({{u"h"_s, 5}, {u"w"_s, 12}, {u"x"_s, (id - 1) % 2 * 12}, {u"y"_s, (id - 1) / 2 * 5}})},
             {u"targets"_s, Json::array({target})}}));
    }
    return Json::object({{u"title"_s, title}, {u"schemaVersion"_s, 42}, {u"panels"_s, panels}}).toUtf8();
}

} // namespace

/// Panels and dashboards in docks of a real window, by buttons, menus, keys and the mouse.
class TestDocks final : public QObject
{
    Q_OBJECT

private Q_SLOTS:
    void initTestCase();
    void init();
    void cleanup();
    void tearsOffByButtonAndPutsBack();
    void tearsOffByMenuKeyAndDrag();
    void detachedPanelsStayLive();
    void placesByMenuAlone();
    void middleClickClosesATab();
    void dashboardsStandSideBySide();
    void dashboardsAskBeforeTheyGo();
    void resetLayoutPutsAllBack();
    void nextStartBringsDocksBack();
    void removedPanelsTakeTheirDockAlong();
    void perspectivesSwitchInOneAction();
    void perspectivesBelongToScreens();

private:
    void start();
    [[nodiscard]] DashboardPage* page() const { return m_window->dashboardPage(); }
    [[nodiscard]] DashboardView* view() const { return page()->view(); }
    [[nodiscard]] PanelWidget* panel(int id) const { return view()->panel(QString::number(id)); }
    [[nodiscard]] QList<PanelDock*> docks() const { return m_window->docks()->panelDocks(); }
    [[nodiscard]] PanelDock* dockOf(int id) const
    {
        for (PanelDock* dock : docks()) {
            if (dock->key() == QString::number(id))
                return dock;
        }
        return nullptr;
    }
    PanelDock* detach(int id) { return m_window->docks()->detach(page(), QString::number(id)); }
    /// Chooses an entry of a dock's menu, as a click would.
    void choose(QDockWidget* dock, const QString& name, const QString& other = {});

    std::unique_ptr<TestServer> m_server;
    std::unique_ptr<QTemporaryDir> m_folder;
    std::unique_ptr<Settings> m_settings;
    std::unique_ptr<StackStore> m_stacks;
    std::unique_ptr<MainWindow> m_window;
};

void TestDocks::initTestCase()
{
    Theme::instance().install(*qobject_cast<QApplication*>(QCoreApplication::instance()));
    m_server = TestServer::prometheus();
    QVERIFY(m_server);
}

void TestDocks::init()
{
    m_folder = std::make_unique<QTemporaryDir>();
    for (const QString& title : {u"left"_s, u"right"_s}) {
        QFile file(m_folder->filePath(title + u".json"_s));
        QVERIFY(file.open(QIODevice::WriteOnly));
        file.write(board(title));
    }
    start();
}

void TestDocks::start()
{
    m_settings = std::make_unique<Settings>(m_folder->filePath(u"settings.json"_s));
    QVERIFY_RESULT(m_settings->load());
    m_stacks = std::make_unique<StackStore>(m_folder->filePath(u"stacks.json"_s));
    m_window = std::make_unique<MainWindow>(Services {m_settings.get(), m_stacks.get(), noSecretStore()});
    m_window->welcomePage()->setPlaces({});
    m_window->resize(1500, 800);
    m_window->show();
    WindowRequest request;
    request.url = m_server->url();
    request.dashboard = m_folder->filePath(u"left.json"_s);
    m_window->start(request);
    QVERIFY(QTest::qWaitForWindowActive(m_window.get()));
    QTRY_VERIFY_WITH_TIMEOUT(page()->session() && panel(1) && view()->isSettled(), kPatienceMs);
}

void TestDocks::cleanup()
{
    m_window.reset();
    m_stacks.reset();
    m_settings.reset();
    QThreadPool::globalInstance()->waitForDone();
}

void TestDocks::choose(QDockWidget* dock, const QString& name, const QString& other)
{
    auto* title = dock->findChild<DockTitle*>();
    QVERIFY(title);
    QTest::mouseClick(title->findChild<QToolButton*>(u"dockMenu"_s), Qt::LeftButton);
    auto* menu = title->findChild<QMenu*>(u"dockMenuPopup"_s);
    QVERIFY(menu);
    if (other.isEmpty()) {
        QVERIFY(menu->findChild<QAction*>(name));
        menu->findChild<QAction*>(name)->trigger();
    } else {
        auto* with = menu->findChild<QMenu*>(name);
        QVERIFY(with);
        for (QAction* action : with->actions()) {
            if (action->text() == other)
                action->trigger();
        }
    }
    delete menu;
}

void TestDocks::tearsOffByButtonAndPutsBack()
{
    PanelWidget* one = panel(1);
    const QRect place = one->geometry();
    QEnterEvent enter(QPointF(60, 12), QPointF(60, 12), one->mapToGlobal(QPointF(60, 12)));
    QApplication::sendEvent(one, &enter);
    auto* button = one->findChild<QToolButton*>(u"panelDetach"_s);
    QVERIFY(button && button->isVisible());
    QTest::mouseClick(button, Qt::LeftButton);
    PanelDock* dock = dockOf(1);
    QVERIFY(dock);
    QCOMPARE(dock->widget(), one); // the very panel: nothing is loaded anew
    QCOMPARE(dock->windowTitle(), u"left 1"_s);
    QCOMPARE(m_window->dockWidgetArea(dock), Qt::RightDockWidgetArea);
    auto* ghost = view()->viewport()->findChild<QWidget*>(u"ghost:1"_s);
    QVERIFY(ghost && ghost->isVisible());
    QVERIFY(page()->editing()->editor()->isClean()); // the file knows nothing of it
    QTest::mouseClick(ghost->findChild<QPushButton*>(u"putBack"_s), Qt::LeftButton);
    QTRY_VERIFY(docks().isEmpty());
    QTRY_COMPARE(panel(1)->geometry(), place);
    QVERIFY(panel(1)->isVisible());
    QVERIFY(!view()->isDetached(u"1"_s));
}

void TestDocks::tearsOffByMenuKeyAndDrag()
{
    QContextMenuEvent event(QContextMenuEvent::Keyboard, QPoint(10, 10), panel(2)->mapToGlobal(QPoint(10, 10)));
    QApplication::sendEvent(panel(2), &event);
    auto* menu = panel(2)->findChild<QMenu*>(u"panelMenuPopup"_s);
    QVERIFY(menu);
    for (QAction* action : menu->actions()) {
        if (action->text() == u"Take out of the dashboard")
            action->trigger();
    }
    menu->close();
    QVERIFY(dockOf(2));
    // p o, there and back
    panel(3)->setFocus(Qt::TabFocusReason);
    QTest::keyClick(panel(3), Qt::Key_P);
    QTest::keyClick(panel(3), Qt::Key_O);
    QVERIFY(dockOf(3));
    // dragged out of the window by its header
    PanelWidget* one = panel(1);
    QTest::mousePress(one, Qt::LeftButton, {}, QPoint(60, 12));
    QTest::mouseMove(one, QPoint(90, 30));
    QVERIFY(view()->editing()->isDragging());
    const QPoint outside = m_window->mapToGlobal(QPoint(m_window->width() + 120, 200));
    QTest::mouseMove(one, one->mapFromGlobal(outside));
    QVERIFY(!view()->editing()->isDragging());
    QTRY_VERIFY(dockOf(1));
    QVERIFY(dockOf(1)->isFloating());
    QVERIFY(page()->editing()->editor()->isClean());
}

void TestDocks::detachedPanelsStayLive()
{
    PanelDock* dock = detach(1);
    QVERIFY(dock);
    QTRY_VERIFY_WITH_TIMEOUT(view()->isSettled(), kPatienceMs);
    const quint64 before = page()->session()->panelData(u"1"_s)->generation;
    page()->refresh();
    QTRY_VERIFY_WITH_TIMEOUT(page()->session()->panelData(u"1"_s)->generation > before && view()->isSettled(), kPatienceMs);
    // an edit reaches it as well
    Json json = page()->editing()->editor()->panelJson(1);
    json.set(u"title"_s, u"renamed"_s);
    QVERIFY(page()->editing()->editor()->changePanel(1, json));
    QCOMPARE(dock->panel()->title(), u"renamed"_s);
    QCOMPARE(dock->windowTitle(), u"renamed"_s);
    // by the keys of its dashboard, from where it is
    dock->panel()->setFocus();
    QTest::keyClick(dock->panel(), Qt::Key_Z, Qt::ControlModifier);
    QCOMPARE(dock->panel()->title(), u"left 1"_s);
    // and the panels beside its place move around that
    QVERIFY(page()->editing()->editor()->movePanel(1, {0, 12, 0}));
    QCOMPARE(view()->viewport()->findChild<QWidget*>(u"ghost:1"_s)->geometry().x(), gridRect({12, 0, 12, 5}, view()->gridWidth()).x + view()->sideMargin());
    page()->editing()->editor()->undo();
}

void TestDocks::placesByMenuAlone()
{
    PanelDock* one = detach(1);
    QTRY_VERIFY(one->width() > 300); // about as wide as it was
    const int width = one->width();
    PanelDock* two = detach(2);
    QVERIFY(one && two);
    // the second stands below the first, and takes it no more than it needs
    QTRY_VERIFY(two->y() > one->y() && two->height() > 120 && one->height() > 120);
    QCOMPARE(one->width(), width);
    const std::pair<QString, Qt::DockWidgetArea> sides[] {{u"dockLeft"_s, Qt::LeftDockWidgetArea},
                                                         {u"dockTop"_s, Qt::TopDockWidgetArea},
                                                         {u"dockBottom"_s, Qt::BottomDockWidgetArea},
                                                         {u"dockRight"_s, Qt::RightDockWidgetArea}};
    for (const auto& [name, area] : sides) {
        choose(one, name);
        QCOMPARE(m_window->dockWidgetArea(one), area);
    }
    choose(one, u"dockFloatAction"_s);
    QVERIFY(one->isFloating());
    choose(one, u"dockFloatAction"_s);
    QVERIFY(!one->isFloating());
    choose(one, u"dockTabWith"_s, u"left 2"_s);
    QCOMPARE(m_window->tabifiedDockWidgets(two), QList<QDockWidget*> {one});
    choose(one, u"dockBelow"_s, u"left 2"_s);
    QVERIFY(m_window->tabifiedDockWidgets(two).isEmpty());
    QTRY_VERIFY(one->y() > two->y());
    choose(one, u"dockBeside"_s, u"left 2"_s);
    QTRY_VERIFY(one->x() > two->x());
    choose(one, u"dockMenuClose"_s);
    QTRY_VERIFY(!dockOf(1));
    QVERIFY(!view()->isDetached(u"1"_s));
}

void TestDocks::middleClickClosesATab()
{
    PanelDock* one = detach(1);
    PanelDock* two = detach(2);
    m_window->tabifyDockWidget(one, two);
    QTabBar* bar = nullptr;
    const auto tabs = [&] {
        for (QTabBar* candidate : m_window->findChildren<QTabBar*>(QString(), Qt::FindDirectChildrenOnly))
            bar = candidate->isVisible() && candidate->count() == 2 ? candidate : bar;
        return bar != nullptr;
    };
    QTRY_VERIFY(tabs());
    QTest::qWait(1);
    int tab = bar->tabText(0) == u"left 2" ? 0 : 1;
    QTest::mouseClick(bar, Qt::MiddleButton, {}, bar->tabRect(tab).center());
    QTRY_VERIFY(!dockOf(2));
    QVERIFY(dockOf(1));
    // and on a title bar
    QTest::mouseClick(one->title(), Qt::MiddleButton, {}, QPoint(20, 8));
    QTRY_VERIFY(docks().isEmpty());
}

void TestDocks::dashboardsStandSideBySide()
{
    DashboardDock* dock = m_window->docks()->openBeside(m_folder->filePath(u"right.json"_s), page()->session()->stack());
    QTRY_VERIFY_WITH_TIMEOUT(dock->page()->session() && dock->page()->view()->panelTitled(u"right 1"_s), kPatienceMs);
    QTRY_VERIFY_WITH_TIMEOUT(dock->page()->view()->isSettled(), kPatienceMs);
    QVERIFY(view()->panelTitled(u"left 1"_s));
    QVERIFY(dock->isVisible() && page()->isVisible());
    QCOMPARE(dock->windowTitle(), u"right"_s);
    // each has a history of its own
    QVERIFY(dock->page()->editing()->editor()->movePanel(1, {0, 12, 0}));
    QVERIFY(page()->editing()->editor()->isClean());
    dock->page()->view()->panelTitled(u"right 1"_s)->setFocus();
    QTest::keyClick(dock->page()->view()->panelTitled(u"right 1"_s), Qt::Key_Z, Qt::ControlModifier);
    QVERIFY(dock->page()->editing()->editor()->isClean());
    // on another stack
    auto other = TestServer::prometheus();
    QVERIFY(other);
    dock->open(m_folder->filePath(u"right.json"_s), profileForUrl(other->url()));
    QTRY_COMPARE_WITH_TIMEOUT(dock->profile().prometheus.port(), other->url().port(), kPatienceMs);
    QTRY_VERIFY_WITH_TIMEOUT(dock->page()->session() && dock->page()->session()->stack()->profile().prometheus.port() == other->url().port(),
                             kPatienceMs);
    QVERIFY(page()->session()->stack()->profile().prometheus.port() != other->url().port());
    // a panel of it in a dock of its own
    QTRY_VERIFY_WITH_TIMEOUT(dock->page()->view()->panel(u"2"_s), kPatienceMs);
    Q_EMIT dock->page()->view()->detachRequested(u"2"_s, std::nullopt);
    QCOMPARE(docks().size(), 1);
    dock->close();
    QTRY_VERIFY(m_window->docks()->dashboardDocks().isEmpty());
    QTRY_VERIFY(docks().isEmpty());
}

void TestDocks::dashboardsAskBeforeTheyGo()
{
    DashboardDock* dock = m_window->docks()->openBeside(m_folder->filePath(u"right.json"_s), page()->session()->stack());
    QTRY_VERIFY_WITH_TIMEOUT(dock->page()->session() && dock->page()->view()->panel(u"1"_s), kPatienceMs);
    QVERIFY(dock->page()->editing()->editor()->movePanel(1, {0, 12, 0}));
    dock->close();
    QVERIFY(dock->page()->notices()->isPosted(u"leave"_s));
    QVERIFY(dock->isVisible());
    m_window->close();
    QVERIFY(m_window->isVisible());
    auto* discard = dock->page()->findChild<QPushButton*>(u"leaveDiscard"_s);
    QVERIFY(discard);
    QTest::mouseClick(discard, Qt::LeftButton);
    QVERIFY(!m_window->isVisible());
}

void TestDocks::resetLayoutPutsAllBack()
{
    QVERIFY(detach(1) && detach(3));
    m_window->docks()->openBeside(m_folder->filePath(u"right.json"_s), page()->session()->stack());
    m_window->findChild<QAction*>(u"resetLayout"_s)->trigger();
    QTRY_VERIFY(docks().isEmpty() && m_window->docks()->dashboardDocks().isEmpty());
    QVERIFY(!view()->isDetached(u"1"_s) && !view()->isDetached(u"3"_s));
    QTRY_VERIFY(panel(1)->isVisible());
}

void TestDocks::nextStartBringsDocksBack()
{
    PanelDock* one = detach(1);
    PanelDock* three = detach(3);
    choose(one, u"dockLeft"_s);
    m_window->tabifyDockWidget(one, three);
    DashboardDock* beside = m_window->docks()->openBeside(m_folder->filePath(u"right.json"_s), page()->session()->stack());
    QTRY_VERIFY_WITH_TIMEOUT(beside->page()->session() && beside->page()->view()->panel(u"2"_s), kPatienceMs);
    Q_EMIT beside->page()->view()->detachRequested(u"2"_s, std::nullopt);
    QTRY_COMPARE(docks().size(), 3);
    // without a word, as when it is killed
    QTRY_COMPARE(m_settings->value(Settings::Key::WindowState)[u"panels"].size(), 3);
    cleanup();
    start();
    QTRY_COMPARE_WITH_TIMEOUT(docks().size(), 3, kPatienceMs);
    QVERIFY(dockOf(1) && dockOf(3));
    QCOMPARE(m_window->dockWidgetArea(dockOf(1)), Qt::LeftDockWidgetArea);
    QCOMPARE(m_window->tabifiedDockWidgets(dockOf(1)), QList<QDockWidget*> {dockOf(3)});
    QCOMPARE(m_window->docks()->dashboardDocks().size(), 1);
    QCOMPARE(m_window->docks()->dashboardDocks().front()->windowTitle(), u"right"_s);
    // another board in the window takes its panels with it, and brings them back
    m_window->openDashboard(m_folder->filePath(u"right.json"_s));
    QTRY_VERIFY_WITH_TIMEOUT(view()->panelTitled(u"right 4"_s), kPatienceMs);
    QTRY_VERIFY(!dockOf(1));
    m_window->openDashboard(m_folder->filePath(u"left.json"_s));
    QTRY_VERIFY_WITH_TIMEOUT(dockOf(1) && dockOf(3), kPatienceMs);
}

void TestDocks::removedPanelsTakeTheirDockAlong()
{
    QVERIFY(detach(1));
    QVERIFY(page()->editing()->editor()->removePanel(1));
    QTRY_VERIFY(!dockOf(1));
    page()->editing()->editor()->undo();
    QTRY_VERIFY(view()->panel(u"1"_s));
}

void TestDocks::perspectivesSwitchInOneAction()
{
    const auto choose = [this](const QString& text) {
        m_window->findChild<QAction*>(u"showMenu"_s)->trigger();
        auto* menu = m_window->findChild<QMenu*>(u"mainMenuPopup"_s);
        QVERIFY(menu);
        for (QAction* action : menu->findChild<QMenu*>(u"perspectives"_s)->actions()) {
            if (action->text() == text)
                action->trigger();
        }
        delete menu;
    };
    Prompt::setNextText(u"plain"_s);
    choose(u"Keep this arrangement…"_s);
    QTRY_COMPARE(m_window->perspectives()->names(), QStringList {u"plain"_s});
    PanelDock* one = detach(1);
    m_window->addDockWidget(Qt::LeftDockWidgetArea, one);
    m_window->docks()->openBeside(m_folder->filePath(u"right.json"_s), page()->session()->stack());
    Prompt::setNextText(u"full"_s);
    choose(u"Keep this arrangement…"_s);
    QTRY_COMPARE(m_window->perspectives()->names().size(), 2);
    choose(u"plain"_s);
    QVERIFY(docks().isEmpty() && m_window->docks()->dashboardDocks().isEmpty());
    QVERIFY(!view()->isDetached(u"1"_s));
    m_window->openDashboard(m_folder->filePath(u"right.json"_s));
    QTRY_VERIFY_WITH_TIMEOUT(view()->panelTitled(u"right 1"_s), kPatienceMs);
    // and back, with the dashboard that belongs to it
    choose(u"full"_s);
    QTRY_VERIFY_WITH_TIMEOUT(view()->panelTitled(u"left 2"_s) && dockOf(1), kPatienceMs);
    QCOMPARE(m_window->dockWidgetArea(dockOf(1)), Qt::LeftDockWidgetArea);
    QCOMPARE(m_window->docks()->dashboardDocks().size(), 1);
    // unsaved work is asked about first
    QVERIFY(page()->editing()->editor()->movePanel(2, {0, 0, 0}));
    choose(u"plain"_s);
    QVERIFY(page()->notices()->isPosted(u"leave"_s));
    QVERIFY(dockOf(1));
    page()->editing()->editor()->undo();
    m_window->perspectives()->remove(u"plain"_s);
    QCOMPARE(m_window->perspectives()->names(), QStringList {u"full"_s});
}

void TestDocks::perspectivesBelongToScreens()
{
    m_window->perspectives()->store(u"desk"_s, true);
    detach(1);
    m_window->perspectives()->offerFor(u"another screen"_s);
    QVERIFY(!m_window->findChild<QPushButton*>(u"applyPerspective"_s));
    m_window->perspectives()->offerFor(Perspectives::screensNow());
    auto* button = m_window->findChild<QPushButton*>(u"applyPerspective"_s);
    QVERIFY(button);
    QTest::mouseClick(button, Qt::LeftButton);
    QTRY_VERIFY(docks().isEmpty());
}

PROMDECK_GUI_TEST_MAIN(TestDocks)
#include "tst_docks.moc"
