#include "app/gui/mainwindow.h"
#include "tests/support/servers.h"
#include "tests/support/testsupport.h"
#include "widgets/command/commandpalette.h"
#include "widgets/command/keysheet.h"
#include "widgets/command/keytext.h"
#include "widgets/common/theme.h"
#include "widgets/dashboard/dashboardpage.h"
#include "widgets/dashboard/dashboardview.h"
#include "widgets/stack/welcomepage.h"

#include <QAction>
#include <QApplication>
#include <QClipboard>
#include <QFile>
#include <QLineEdit>
#include <QListView>
#include <QMenu>
#include <QScrollBar>
#include <QTemporaryDir>
#include <QToolButton>
#include <QTreeWidget>

#include <memory>

using namespace Promdeck;
using namespace Promdeck::Testing;
using namespace Qt::StringLiterals;

namespace {

constexpr int kPatienceMs = 20000;

QByteArray board()
{
    Json panels = Json::array();
    for (int index = 0; index < 12; ++index) {
        const Json target = Json::object({{u"refId"_s, u"A"_s}, {u"expr"_s, u"vector(1)"_s}});
        panels.append(Json::object({{u"id"_s, index + 1}, {u"type"_s, u"timeseries"_s}, {u"title"_s, u"Shelf %1"_s.arg(index)},
                                    {u"gridPos"_s, Json::object({{u"x"_s, 0}, {u"y"_s, index * 8}, {u"w"_s, 24}, {u"h"_s, 8}})},
                                    {u"targets"_s, Json::array({target})}}));
    }
    return Json::object({{u"title"_s, u"Store room"_s}, {u"schemaVersion"_s, 41}, {u"panels"_s, panels}}).toUtf8();
}

} // namespace

/// Palette, key sheet and the keys themselves, in the real window.
class TestCommands final : public QObject
{
    Q_OBJECT

private Q_SLOTS:
    void initTestCase();
    void cleanupTestCase();
    void finds_data();
    void finds();
    void paletteGoesToAPanel();
    void paletteRunsAnAction();
    void sheetListsLiveKeys();
    void rangesTravelThroughTheClipboard();
    void comparesByMenu();
    void keysAreWrittenAsPeopleSayThem();

private:
    [[nodiscard]] DashboardView* view() const { return m_window->dashboardPage()->view(); }
    void activate();
    CommandPalette* openPalette();

    std::unique_ptr<TestServer> m_server;
    QTemporaryDir m_folder;
    std::unique_ptr<Settings> m_settings;
    std::unique_ptr<StackStore> m_stacks;
    std::unique_ptr<MainWindow> m_window;
};

void TestCommands::initTestCase()
{
    Theme::instance().install(*qobject_cast<QApplication*>(QCoreApplication::instance()));
    m_server = TestServer::prometheus();
    QVERIFY(m_server);
    QFile file(m_folder.filePath(u"board.json"_s));
    QVERIFY(file.open(QIODevice::WriteOnly));
    file.write(board());
    file.close();
    m_settings = std::make_unique<Settings>(m_folder.filePath(u"settings.json"_s));
    m_stacks = std::make_unique<StackStore>(m_folder.filePath(u"stacks.json"_s));
    m_window = std::make_unique<MainWindow>(Services {m_settings.get(), m_stacks.get(), noSecretStore()});
    m_window->welcomePage()->setPlaces({});
    m_window->resize(1000, 700);
    m_window->show();
    QVERIFY(QTest::qWaitForWindowActive(m_window.get()));
    WindowRequest request;
    request.url = m_server->url();
    request.dashboard = file.fileName();
    m_window->start(request);
    QTRY_VERIFY_WITH_TIMEOUT(m_window->dashboardPage()->session() && view()->isSettled(), kPatienceMs);
}

void TestCommands::cleanupTestCase()
{
    m_window.reset();
}

void TestCommands::finds_data()
{
    QTest::addColumn<QString>("typed");
    QTest::addColumn<QStringList>("first");
    QTest::newRow("nothing: as listed") << QString() << QStringList({u"Refresh"_s, u"Linux host"_s, u"Load average"_s});
    QTest::newRow("beginning before inside") << u"l"_s << QStringList({u"Linux host"_s, u"Load average"_s});
    QTest::newRow("letters in order") << u"lnx"_s << QStringList {u"Linux host"_s};
    QTest::newRow("all words, in any order") << u"host lin"_s << QStringList {u"Linux host"_s};
    QTest::newRow("detail counts less than title") << u"refresh"_s << QStringList({u"Refresh"_s, u"Load average"_s});
    QTest::newRow("group") << u"panel"_s << QStringList {u"Load average"_s};
    QTest::newRow("none") << u"xyz"_s << QStringList();
}

void TestCommands::finds()
{
    QFETCH(QString, typed);
    QFETCH(QStringList, first);
    PaletteModel model({{u"Refresh"_s, u"Action"_s, {}, u"d r"_s, {}, {}},
                        {u"Linux host"_s, u"Dashboard"_s, u"node"_s, {}, {}, {}},
                        {u"Load average"_s, u"Panel"_s, u"needs a refresh"_s, {}, {}, {}}});
    model.search(typed);
    QStringList found;
    for (int row = 0; row < model.rowCount(); ++row)
        found << model.index(row).data().toString();
    QCOMPARE(found.first(std::min(found.size(), first.size())), first);
    QCOMPARE(found.isEmpty(), first.isEmpty());
}

/// A window system gives the focus back when a popup closes; the offscreen platform does not.
void TestCommands::activate()
{
    m_window->activateWindow();
    QVERIFY(QTest::qWaitForWindowActive(m_window.get()));
}

CommandPalette* TestCommands::openPalette()
{
    activate();
    QTest::keyClick(m_window.get(), Qt::Key_K, Qt::ControlModifier);
    return m_window->findChild<CommandPalette*>();
}

void TestCommands::paletteGoesToAPanel()
{
    CommandPalette* palette = openPalette();
    QVERIFY(palette && palette->isVisible());
    auto* search = palette->findChild<QLineEdit*>(u"paletteSearch"_s);
    auto* list = palette->findChild<QListView*>(u"paletteList"_s);
    QTest::keyClicks(search, u"shelf 9"_s);
    QCOMPARE(list->currentIndex().data().toString(), u"Shelf 9"_s);
    QCOMPARE(view()->verticalScrollBar()->value(), 0);
    QTest::keyClick(search, Qt::Key_Return);
    QVERIFY(view()->verticalScrollBar()->value() > 0);
    QTRY_VERIFY(!m_window->findChild<CommandPalette*>());
    QTRY_VERIFY(view()->panelTitled(u"Shelf 9"_s));
}

void TestCommands::paletteRunsAnAction()
{
    CommandPalette* palette = openPalette();
    QVERIFY(palette);
    auto* search = palette->findChild<QLineEdit*>(u"paletteSearch"_s);
    auto* list = palette->findChild<QListView*>(u"paletteList"_s);
    QTest::keyClicks(search, u"absolute"_s);
    QCOMPARE(list->currentIndex().data(PaletteModel::KeysRole).toString(), u"t a"_s);
    QTest::keyClick(search, Qt::Key_Return);
    bool number = false;
    (void)m_window->dashboardPage()->session()->rawTimeRange().from.toLongLong(&number);
    QVERIFY(number);
    palette = openPalette();
    QTest::keyClicks(palette->findChild<QLineEdit*>(u"paletteSearch"_s), u"qqqqqq"_s);
    QVERIFY(!palette->findChild<QListView*>(u"paletteList"_s)->isVisible());
    QTest::keyClick(palette, Qt::Key_Escape);
    QTRY_VERIFY(!m_window->findChild<CommandPalette*>());
}

void TestCommands::sheetListsLiveKeys()
{
    activate();
    QTest::keyClick(m_window.get(), Qt::Key_Question);
    auto* sheet = m_window->findChild<KeySheet*>();
    QVERIFY(sheet && sheet->isVisible());
    auto* tree = sheet->findChild<QTreeWidget*>(u"keyList"_s);
    QMultiHash<QString, QString> keys; // a plot has its own ways to zoom out
    for (int i = 0; i < tree->topLevelItemCount(); ++i) {
        for (int j = 0; j < tree->topLevelItem(i)->childCount(); ++j)
            keys.insert(tree->topLevelItem(i)->child(j)->text(0), tree->topLevelItem(i)->child(j)->text(1));
    }
    // Every action of the window that has a key is there, as it is now.
    const QList<QAction*> actions = m_window->actions();
    for (const QAction* action : actions) {
        if (!keyText(action).isEmpty() && action->isEnabled())
            QVERIFY2(keys.contains(QString(action->text()).remove(u'&').remove(u'…'), keyText(action)), qPrintable(action->text()));
    }
    QCOMPARE(keys.value(u"Command palette"_s), u"Ctrl+K"_s);
    auto* search = sheet->findChild<QLineEdit*>(u"keySearch"_s);
    QTest::keyClicks(search, u"later"_s);
    int seen = 0;
    for (int i = 0; i < tree->topLevelItemCount(); ++i) {
        for (int j = 0; j < tree->topLevelItem(i)->childCount(); ++j)
            seen += tree->topLevelItem(i)->child(j)->isHidden() ? 0 : 1;
    }
    QCOMPARE(seen, 1);
    QTest::keyClick(sheet, Qt::Key_Escape);
    QTRY_VERIFY(!m_window->findChild<KeySheet*>());
}

void TestCommands::rangesTravelThroughTheClipboard()
{
    DashboardPage* page = m_window->dashboardPage();
    page->session()->setTimeRange({u"now-3h"_s, u"now-1h"_s});
    page->copyTimeRange();
    page->session()->setTimeRange({u"now-6h"_s, u"now"_s});
    page->pasteTimeRange();
    QCOMPARE(page->session()->rawTimeRange().from, u"now-3h"_s);
    QCOMPARE(page->session()->rawTimeRange().to, u"now-1h"_s);
    QApplication::clipboard()->setText(u"{\"from\": \"2026-01-01T00:00:00.000Z\", \"to\": \"2026-01-02T00:00:00.000Z\"}"_s);
    page->pasteTimeRange();
    QCOMPARE(page->session()->timeRange().fromMs, 1767225600000);
    for (const QString& wrong : {QString(), u"hello"_s, u"{\"from\": \"yesterday\", \"to\": \"now\"}"_s}) {
        QApplication::clipboard()->setText(wrong);
        page->pasteTimeRange();
        QCOMPARE(page->session()->timeRange().fromMs, 1767225600000);
    }
}

void TestCommands::comparesByMenu()
{
    auto* button = m_window->findChild<QToolButton*>(u"compare"_s);
    QVERIFY(button && button->isVisible());
    Q_EMIT button->menu()->aboutToShow();
    button->menu()->findChild<QAction*>(u"compare:86400000"_s)->trigger();
    QCOMPARE(m_window->dashboardPage()->session()->comparison(), 86'400'000);
    QCOMPARE(button->text(), u"\u22121d"_s);
    Q_EMIT button->menu()->aboutToShow();
    auto* own = button->menu()->findChild<QLineEdit*>(u"compareOwn"_s);
    own->setText(u"nonsense"_s);
    QTest::keyClick(own, Qt::Key_Return);
    QCOMPARE(m_window->dashboardPage()->session()->comparison(), 86'400'000);
    own->setText(u"36h"_s);
    QTest::keyClick(own, Qt::Key_Return);
    QTRY_COMPARE(m_window->dashboardPage()->session()->comparison(), 36 * 3'600'000);
    Q_EMIT button->menu()->aboutToShow();
    button->menu()->findChild<QAction*>(u"compare:0"_s)->trigger();
    QCOMPARE(m_window->dashboardPage()->session()->comparison(), 0);
}

void TestCommands::keysAreWrittenAsPeopleSayThem()
{
    QCOMPARE(keyText(QKeySequence(Qt::Key_D, Qt::Key_R)), u"d r"_s);
    QCOMPARE(keyText(QKeySequence(Qt::Key_D, Qt::SHIFT | Qt::Key_E)), u"d Shift+E"_s);
    QCOMPARE(keyText(QKeySequence(u"Ctrl+S"_s)), u"Ctrl+S"_s);
    QCOMPARE(keyText(QKeySequence(Qt::Key_F11)), u"F11"_s);
}

PROMDECK_GUI_TEST_MAIN(TestCommands)
#include "tst_commands.moc"
