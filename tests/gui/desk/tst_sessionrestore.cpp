#include "app/gui/dashboarddock.h"
#include "app/gui/dockdesk.h"
#include "app/gui/mainwindow.h"
#include "tests/support/servers.h"
#include "tests/support/testsupport.h"
#include "widgets/common/theme.h"
#include "widgets/dashboard/dashboardannotating.h"
#include "widgets/dashboard/dashboardediting.h"
#include "widgets/dashboard/dashboardpage.h"
#include "widgets/dashboard/dashboardsaving.h"
#include "widgets/dashboard/dashboardview.h"
#include "widgets/dashboard/paneldock.h"
#include "widgets/panels/panelwidget.h"
#include "widgets/stack/welcomepage.h"

#include <QApplication>
#include <QDir>
#include <QDirIterator>
#include <QFile>
#include <QGraphicsEffect>
#include <QLabel>
#include <QMenu>
#include <QProcess>
#include <QTemporaryDir>
#include <QThreadPool>

#include <cstdio>
#include <cstring>
#include <memory>

using namespace Promdeck;
using namespace Promdeck::Testing;
using namespace Qt::StringLiterals;

namespace {

constexpr int kPatienceMs = 20000;

QByteArray board(const QString& title)
{
    Json panels = Json::array();
    const char* const types[] {"timeseries", "stat", "table", "piechart", "timeseries", "gauge"};
    for (int id = 1; id <= 6; ++id) {
        const Json target = Json::object({{u"refId"_s, u"A"_s}, {u"expr"_s, u"demo{instance=~\"$instance\"} * %1"_s.arg(id)}});
        panels.append(Json::object(
            {{u"id"_s, id},
             {u"type"_s, QString::fromLatin1(types[id - 1])},
             {u"title"_s, u"%1 %2"_s.arg(title).arg(id)},
             {u"gridPos"_s, Json::object({{u"h"_s, 8}, {u"w"_s, 8}, {u"x"_s, (id - 1) % 3 * 8}, {u"y"_s, (id - 1) / 3 * 8}})},
             {u"targets"_s, Json::array({target})}}));
    }
    const Json variable = Json::object({{u"name"_s, u"instance"_s},
                                        {u"type"_s, u"query"_s},
                                        {u"query"_s, u"label_values(demo, instance)"_s},
                                        {u"refresh"_s, 1},
                                        {u"multi"_s, true},
                                        {u"includeAll"_s, true}});
    Json board = Json::object({{u"title"_s, title}, {u"schemaVersion"_s, 42}, {u"panels"_s, panels}});
    board.setPath(u"templating.list", Json::array({variable}));
    return board.toUtf8();
}

QByteArray samples()
{
    QByteArray text = "# TYPE demo gauge\n";
    const qint64 end = QDateTime::currentSecsSinceEpoch();
    for (const char* instance : {"a", "b", "c"}) {
        for (int i = 0; i < 200; ++i)
            text += QByteArray("demo{instance=\"") + instance + "\"} " + QByteArray::number(20 + (i * instance[0]) % 37) + ' '
                + QByteArray::number(end - (200 - i) * 15) + '\n';
    }
    return text + "# EOF\n";
}

/// A window with all it needs, in a folder of its own.
struct Desk
{
    explicit Desk(const QString& folder) : settings(folder + u"/settings.json"_s), stacks(folder + u"/stacks.json"_s)
    {
        (void)settings.load();
        window = std::make_unique<MainWindow>(Services {&settings, &stacks, noSecretStore()});
        window->welcomePage()->setPlaces({});
        window->resize(1400, 900);
        window->show();
    }
    [[nodiscard]] DashboardPage* page() const { return window->dashboardPage(); }
    Settings settings;
    StackStore stacks;
    std::unique_ptr<MainWindow> window;
};

} // namespace

/// What the next start brings back, also after the process was killed and with the server gone.
class TestSessionRestore final : public QObject
{
    Q_OBJECT

private Q_SLOTS:
    void initTestCase();
    void init();
    void cleanup();
    void killedProcessComesBack();
    void freshDataReplacesTheOld();
    void everythingCanBeSwitchedOff();
    void goingHomeIsRemembered();

private:
    [[nodiscard]] QString folder() const { return m_folder->path(); }
    [[nodiscard]] QString file(const QString& name) const { return m_folder->filePath(name); }
    void openFirst();
    void waitForFiles();

    std::unique_ptr<TestServer> m_server;
    std::unique_ptr<QTemporaryDir> m_folder;
    std::unique_ptr<Desk> m_desk;
};

void TestSessionRestore::initTestCase()
{
    Theme::instance().install(*qobject_cast<QApplication*>(QCoreApplication::instance()));
}

void TestSessionRestore::init()
{
    Theme::instance().setMode(ThemeMode::Dark);
    m_server = TestServer::prometheus({.samples = samples()});
    QVERIFY(m_server);
    m_folder = std::make_unique<QTemporaryDir>();
    for (const QString& title : {u"left"_s, u"right"_s}) {
        QFile out(file(title + u".json"_s));
        QVERIFY(out.open(QIODevice::WriteOnly));
        out.write(board(title));
    }
}

void TestSessionRestore::cleanup()
{
    m_desk.reset();
    QThreadPool::globalInstance()->waitForDone();
}

void TestSessionRestore::openFirst()
{
    m_desk = std::make_unique<Desk>(folder());
    WindowRequest request;
    request.url = m_server->url();
    request.dashboard = file(u"left.json"_s);
    request.range = RawTimeRange {u"now-30m"_s, u"now"_s};
    m_desk->window->start(request);
    QTRY_VERIFY_WITH_TIMEOUT(m_desk->page()->session() && m_desk->page()->view()->panel(u"1"_s) && m_desk->page()->view()->isSettled(), kPatienceMs);
}

void TestSessionRestore::waitForFiles()
{
    QTRY_VERIFY_WITH_TIMEOUT(!QDir(file(u"last-data"_s)).entryList({u"*.data"_s}, QDir::Files).isEmpty(), kPatienceMs);
    QTRY_VERIFY_WITH_TIMEOUT(QFile::exists(file(u"session.json"_s)), kPatienceMs);
}

/// Who is not ready, for a failing test to say.
static QString unsettled(const DashboardPage* page)
{
    QStringList lines {page->session()->isBusy() ? u"the session is busy"_s : u"the session is idle"_s};
    for (const PlacedPanel& placed : page->session()->panels()) {
        const PanelWidget* panel = page->view()->panel(placed.key);
        lines << u"%1: shown %2, settled %3, state %4"_s.arg(placed.panel.title).arg(panel != nullptr).arg(panel && panel->isSettled())
                     .arg(int(page->session()->panelData(placed.key)->state));
    }
    return lines.join(u'\n');
}

// A process of its own works and is killed where it stands, and its server dies too. The next start shows all of it.
void TestSessionRestore::killedProcessComesBack()
{
    QProcess process;
    process.setProcessChannelMode(QProcess::ForwardedErrorChannel);
    QUrl withSecret = m_server->url();
    withSecret.setUserName(u"operator"_s);
    withSecret.setPassword(u"hunter2"_s);
    process.start(QCoreApplication::applicationFilePath(), {u"--work"_s, withSecret.toString(), file(u"left.json"_s), file(u"right.json"_s), folder()});
    QTRY_VERIFY_WITH_TIMEOUT(process.canReadLine(), 3 * kPatienceMs);
    QCOMPARE(process.readLine(), QByteArray("ready\n"));
    process.kill();
    QTRY_COMPARE_WITH_TIMEOUT(process.state(), QProcess::NotRunning, kPatienceMs);
    QCOMPARE(process.exitStatus(), QProcess::CrashExit);
    m_server.reset();

    m_desk = std::make_unique<Desk>(folder());
    Theme::instance().setMode(ThemeMode::Dark);
    m_desk->window->start({});
    QTRY_VERIFY_WITH_TIMEOUT(m_desk->page()->session(), kPatienceMs);
    QTRY_VERIFY2_WITH_TIMEOUT(m_desk->page()->view()->isSettled(), qPrintable(unsettled(m_desk->page())), kPatienceMs);
    const DashboardSession* session = m_desk->page()->session();
    QCOMPARE(m_desk->page()->saving()->reference(), file(u"left.json"_s));
    QCOMPARE(session->rawTimeRange().from, u"now-45m"_s);
    QCOMPARE(session->variables().at(0).current, QStringList({u"a"_s, u"c"_s}));
    QVERIFY(session->isAnnotationEnabled(kAlertLayer.toString()));
    // Grey, with its age and with what went wrong.
    PanelWidget* plot = m_desk->page()->view()->panel(u"1"_s);
    QVERIFY(plot);
    QTRY_VERIFY(plot->input().data->staleSinceMs && plot->body()->isVisible());
    QVERIFY(plot->stateText().isEmpty());
    QVERIFY2(plot->ageText().startsWith(u"as of "_s), qPrintable(plot->ageText()));
    QVERIFY(plot->body()->graphicsEffect());
    QVERIFY(plot->input().data->error);
    QCOMPARE(plot->input().data->frames.size(), size_t(2));
    QVERIFY(plot->findChild<QWidget*>(u"panelAlert"_s));
    // Docks: a panel of the dashboard, and another dashboard with a range of its own.
    QCOMPARE(m_desk->window->docks()->panelDocks().size(), 1);
    QCOMPARE(m_desk->window->docks()->panelDocks().first()->key(), u"2"_s);
    QCOMPARE(m_desk->window->docks()->dashboardDocks().size(), 1);
    DashboardPage* beside = m_desk->window->docks()->dashboardDocks().first()->page();
    QTRY_VERIFY_WITH_TIMEOUT(beside->session() && beside->view()->isSettled(), kPatienceMs);
    QCOMPARE(beside->session()->rawTimeRange().from, u"now-20m"_s);
    QVERIFY(beside->view()->panel(u"1"_s)->input().data->staleSinceMs);
    const QString shots = qEnvironmentVariable("PROMDECK_SHOTS");
    if (!shots.isEmpty()) {
        QTest::qWait(300);
        m_desk->window->grab().save(shots + u"/stale-dark.png"_s);
        Theme::instance().setMode(ThemeMode::Light);
        QTest::qWait(500);
        m_desk->window->grab().save(shots + u"/stale-light.png"_s);
        Theme::instance().setMode(ThemeMode::Dark);
    }
    // Nothing secret was written, and what was is the user's alone.
    QDirIterator files(folder(), QDir::Files | QDir::Hidden, QDirIterator::Subdirectories);
    while (files.hasNext()) {
        const QString path = files.next();
        QVERIFY2(!readFile(path).contains("hunter2"), qPrintable(path));
        if (path.endsWith(u".data"_s) || path.endsWith(u"session.json"_s))
            QCOMPARE(QFile::permissions(path) & (QFileDevice::ReadGroup | QFileDevice::ReadOther), QFileDevice::Permissions());
    }
}

void TestSessionRestore::freshDataReplacesTheOld()
{
    openFirst();
    m_desk->page()->session()->setVariable(u"instance"_s, {u"b"_s});
    QTRY_VERIFY_WITH_TIMEOUT(m_desk->page()->view()->isSettled(), kPatienceMs);
    waitForFiles();
    QTRY_VERIFY_WITH_TIMEOUT(readFile(file(u"session.json"_s)).contains("\"b\""), kPatienceMs);
    cleanup();
    m_desk = std::make_unique<Desk>(folder());
    m_desk->window->start({});
    QTRY_VERIFY_WITH_TIMEOUT(m_desk->page()->session() && m_desk->page()->view()->isSettled(), kPatienceMs);
    for (PanelWidget* panel : m_desk->page()->view()->panels()) {
        QTRY_VERIFY(!panel->input().data->staleSinceMs);
        QVERIFY(panel->ageText().isEmpty());
        QVERIFY(!panel->body()->graphicsEffect());
        QVERIFY(!panel->input().data->frames.empty());
    }
    QCOMPARE(m_desk->page()->session()->variables().at(0).current, QStringList {u"b"_s});
    QCOMPARE(m_desk->page()->session()->rawTimeRange().from, u"now-30m"_s);
}

void TestSessionRestore::everythingCanBeSwitchedOff()
{
    openFirst();
    waitForFiles();
    QTest::keyClick(m_desk->window.get(), Qt::Key_F10);
    auto* menu = m_desk->window->findChild<QMenu*>(u"nextStartMenu"_s);
    QVERIFY(menu);
    auto* restore = menu->findChild<QAction*>(u"restoreSession"_s);
    auto* keep = menu->findChild<QAction*>(u"keepLastData"_s);
    QVERIFY(restore->isChecked() && keep->isChecked());
    keep->trigger();
    restore->trigger();
    delete m_desk->window->findChild<QMenu*>(u"mainMenuPopup"_s);
    QTRY_VERIFY(QDir(file(u"last-data"_s)).entryList({u"*.data"_s}, QDir::Files).isEmpty());
    QVERIFY(!QFile::exists(file(u"session.json"_s)));
    m_desk->page()->refresh();
    QTRY_VERIFY_WITH_TIMEOUT(m_desk->page()->view()->isSettled(), kPatienceMs);
    m_desk->window->close();
    cleanup();
    QVERIFY(!QFile::exists(file(u"session.json"_s)));
    QVERIFY(QDir(file(u"last-data"_s)).entryList({u"*.data"_s}, QDir::Files).isEmpty());
    m_desk = std::make_unique<Desk>(folder());
    m_desk->window->start({});
    QTRY_VERIFY(m_desk->window->welcomePage()->isVisible());
    QVERIFY(!m_desk->page()->session());
}

void TestSessionRestore::goingHomeIsRemembered()
{
    openFirst();
    waitForFiles();
    QTest::keyClick(m_desk->window.get(), Qt::Key_G);
    QTest::keyClick(m_desk->window.get(), Qt::Key_H);
    QTRY_VERIFY(m_desk->window->welcomePage()->isVisible());
    QTRY_VERIFY_WITH_TIMEOUT(!readFile(file(u"session.json"_s)).contains("left.json\",\n      \"from"), kPatienceMs);
    m_desk->window->close();
    cleanup();
    m_desk = std::make_unique<Desk>(folder());
    m_desk->window->start({});
    QTRY_VERIFY(m_desk->window->welcomePage()->isVisible());
}

namespace {

/// The process that killedProcessComesBack() kills.
int workForever(int argc, char** argv)
{
    QApplication app(argc, argv);
    Theme::instance().install(app);
    const QString folder = QString::fromLocal8Bit(argv[5]);
    Desk desk(folder);
    WindowRequest request;
    request.url = QUrl(QString::fromLocal8Bit(argv[2]));
    request.dashboard = QString::fromLocal8Bit(argv[3]);
    desk.window->start(request);
    const auto wait = [](auto&& what) { return QTest::qWaitFor(what, 20000); };
    if (!wait([&] { return desk.page()->session() && desk.page()->view()->panel(u"1"_s) && desk.page()->view()->isSettled(); }))
        return 1;
    desk.page()->session()->setTimeRange({u"now-45m"_s, u"now"_s});
    desk.page()->session()->setVariable(u"instance"_s, {u"a"_s, u"c"_s});
    desk.page()->session()->setAnnotationEnabled(kAlertLayer.toString(), true);
    desk.window->docks()->detach(desk.page(), u"2"_s);
    DashboardDock* dock = desk.window->docks()->openBeside(QString::fromLocal8Bit(argv[4]), desk.page()->session()->stack());
    if (!wait([&] { return dock->page()->session() && dock->page()->view()->panel(u"1"_s); }))
        return 1;
    dock->page()->session()->setTimeRange({u"now-20m"_s, u"now"_s});
    const bool kept = wait([&] {
        return dock->page()->view()->isSettled() && desk.page()->view()->isSettled()
            && QDir(folder + u"/last-data"_s).entryList({u"*.data"_s}, QDir::Files).size() == 2
            && readFile(folder + u"/session.json"_s).contains("now-20m");
    });
    QTest::qWait(1500); // what was asked last is on the disk too
    if (!kept) {
        std::fprintf(stderr, "docked settled %d, main settled %d, data files %d, session:\n%s\n", int(dock->page()->view()->isSettled()),
                     int(desk.page()->view()->isSettled()), int(QDir(folder + u"/last-data"_s).entryList({u"*.data"_s}, QDir::Files).size()),
                     readFile(folder + u"/session.json"_s).constData());
    }
    std::puts(kept ? "ready" : "lost");
    std::fflush(stdout);
    return QApplication::exec();
}

} // namespace

int main(int argc, char** argv)
{
    // The child works in the home of its parent.
    if (argc > 5 && std::strcmp(argv[1], "--work") == 0)
        return workForever(argc, argv);
    prepareEnvironment();
    QApplication app(argc, argv);
    TestSessionRestore test;
    return QTest::qExec(&test, argc, argv);
}
#include "tst_sessionrestore.moc"
