#include "app/gui/mainwindow.h"
#include "tests/support/servers.h"
#include "tests/support/testsupport.h"
#include "widgets/common/noticebar.h"
#include "widgets/common/prompt.h"
#include "widgets/common/theme.h"
#include "widgets/dashboard/dashboardediting.h"
#include "widgets/dashboard/dashboardpage.h"
#include "widgets/dashboard/dashboardsaving.h"
#include "widgets/dashboard/dashboardview.h"
#include "widgets/stack/welcomepage.h"

#include <QAction>
#include <QApplication>
#include <QDir>
#include <QFile>
#include <QProcess>
#include <QPushButton>
#include <QSignalSpy>
#include <QTemporaryDir>
#include <QThreadPool>
#include <QTimer>

#include <cstdio>
#include <memory>

using namespace Promdeck;
using namespace Promdeck::Testing;
using namespace Qt::StringLiterals;

namespace {

constexpr int kPatienceMs = 20000;

// Four blanks, as somebody's own tool writes it.
const QByteArray kBoard = R"json({
    "schemaVersion": 42,
    "title": "Saving",
    "uid": "mine",
    "panels": [
        {"id": 1, "type": "text", "title": "one", "gridPos": {"h": 5, "w": 12, "x": 0, "y": 0}},
        {"id": 2, "type": "text", "title": "two", "gridPos": {"h": 5, "w": 12, "x": 12, "y": 0}}
    ]
}
)json";

void writeFile(const QString& path, const QByteArray& text)
{
    QFile file(path);
    QVERIFY(file.open(QIODevice::WriteOnly));
    file.write(text);
}

struct Desk
{
    explicit Desk(const QString& folder)
        : settings(folder + u"/settings.json"_s), stacks(folder + u"/stacks.json"_s), window(Services {&settings, &stacks, noSecretStore()})
    {
        window.welcomePage()->setPlaces({});
        window.resize(1200, 700);
        window.show();
    }

    void open(const QUrl& url, const QString& dashboard)
    {
        WindowRequest request;
        request.url = url;
        request.dashboard = dashboard;
        window.start(request);
    }

    Settings settings;
    StackStore stacks;
    MainWindow window;
};

} // namespace

/// Saving, drafts and questions in the real window, and a process that is killed in the middle of the work.
class TestSaving final : public QObject
{
    Q_OBJECT

private Q_SLOTS:
    void initTestCase();
    void init();
    void cleanup();
    void savesByKey();
    void undoesAfterASave();
    void savesACopyOfABuiltinBoard();
    void noticesAFileChangedMeanwhile();
    void reloadsWhatChangedOnTheDisk();
    void asksOnceBeforeClosing();
    void asksBeforeAnotherBoard();
    void draftIsOfferedAtTheNextStart();
    void newEditsPutAnOldDraftAside();
    void killedProcessLosesNothing();
    void saysWhyItCannotSave();

private:
    void openBoard(const QString& reference);
    [[nodiscard]] DashboardPage* page() const { return m_desk->window.dashboardPage(); }
    [[nodiscard]] DashboardEditor* editor() const { return page()->editing()->editor(); }
    [[nodiscard]] GridPos placeOf(int id) const { return editor()->panelSpec(id)->gridPos; }
    [[nodiscard]] QPushButton* button(const QString& name) const { return m_desk->window.findChild<QPushButton*>(name); }
    void press(const QString& name)
    {
        QTRY_VERIFY_WITH_TIMEOUT(button(name) && button(name)->isVisible(), kPatienceMs);
        QTest::mouseClick(button(name), Qt::LeftButton);
    }
    void restart();

    std::unique_ptr<TestServer> m_server;
    std::unique_ptr<QTemporaryDir> m_folder;
    QString m_file;
    std::unique_ptr<Desk> m_desk;
};

void TestSaving::initTestCase()
{
    Theme::instance().install(*qobject_cast<QApplication*>(QCoreApplication::instance()));
    m_server = TestServer::prometheus();
    QVERIFY(m_server);
}

void TestSaving::init()
{
    QDir(stateFolder()).removeRecursively();
    m_folder = std::make_unique<QTemporaryDir>();
    m_file = m_folder->filePath(u"board.json"_s);
    writeFile(m_file, kBoard);
    m_desk = std::make_unique<Desk>(m_folder->path());
    openBoard(m_file);
}

void TestSaving::cleanup()
{
    m_desk.reset();
    QThreadPool::globalInstance()->waitForDone();
}

void TestSaving::openBoard(const QString& reference)
{
    m_desk->open(m_server->url(), reference);
    QVERIFY(QTest::qWaitForWindowActive(&m_desk->window));
    QTRY_VERIFY_WITH_TIMEOUT(page()->session() && page()->saving()->reference() == reference, kPatienceMs);
}

void TestSaving::restart()
{
    cleanup();
    m_desk = std::make_unique<Desk>(m_folder->path());
}

void TestSaving::savesByKey()
{
    QVERIFY(editor()->resizePanel(1, {0, 0, 12, 9}));
    QTest::keyClick(&m_desk->window, Qt::Key_S, Qt::ControlModifier);
    QTRY_VERIFY_WITH_TIMEOUT(editor()->isClean(), kPatienceMs);
    QCOMPARE(readFile(m_file), QByteArray(kBoard).replace("{\"h\": 5, \"w\": 12, \"x\": 0,", "{\"h\": 9, \"w\": 12, \"x\": 0,"));
    QVERIFY(!m_desk->window.windowTitle().startsWith(u'●'));
    // nothing is left of the work between
    QTRY_COMPARE(QDir(m_folder->path()).entryList({u".*draft*"_s}, QDir::Files | QDir::Hidden), QStringList());
}

void TestSaving::undoesAfterASave()
{
    const GridPos before = placeOf(1);
    QVERIFY(editor()->movePanel(1, {0, 12, 0}));
    page()->saving()->save();
    QTRY_VERIFY_WITH_TIMEOUT(editor()->isClean(), kPatienceMs);
    QTest::keyClick(&m_desk->window, Qt::Key_Z, Qt::ControlModifier);
    QCOMPARE(placeOf(1), before);
    QVERIFY(!editor()->isClean());
    page()->saving()->save();
    QTRY_VERIFY_WITH_TIMEOUT(editor()->isClean(), kPatienceMs);
    QCOMPARE(readFile(m_file), kBoard);
    QTest::keyClick(&m_desk->window, Qt::Key_Z, Qt::ControlModifier | Qt::ShiftModifier);
    QCOMPARE(placeOf(1).x, 12.);
    QVERIFY(!editor()->isClean());
    editor()->undo();
}

void TestSaving::savesACopyOfABuiltinBoard()
{
    openBoard(u"builtin:prometheus"_s);
    QCOMPARE(page()->saving()->saveAction()->text(), u"Save a copy…"_s);
    const QString uid = editor()->dashboard().uid;
    const int first = editor()->dashboard().panels.front().id;
    const QString copy = m_folder->filePath(u"copy.json"_s);
    editor()->resizePanel(first, {0, 0, 24, 3});
    Prompt::setNextFileName(copy);
    QTest::keyClick(&m_desk->window, Qt::Key_S, Qt::ControlModifier);
    QTRY_COMPARE_WITH_TIMEOUT(page()->saving()->reference(), copy, kPatienceMs);
    QVERIFY(editor()->isClean());
    const auto saved = readDashboard(readFile(copy));
    QVERIFY_RESULT(saved);
    QVERIFY(saved->migrated == editor()->dashboard().migrated);
    QVERIFY(saved->uid != uid);
    QCOMPARE(page()->saving()->saveAction()->text(), u"Save"_s);
    QTRY_VERIFY(unsavedDrafts().empty());
}

void TestSaving::noticesAFileChangedMeanwhile()
{
    QVERIFY(editor()->movePanel(1, {0, 12, 0}));
    const QByteArray theirs = QByteArray(kBoard).replace("Saving", "Theirs");
    writeFile(m_file, theirs);
    page()->saving()->save();
    QTRY_VERIFY_WITH_TIMEOUT(button(u"overwriteFile"_s), kPatienceMs);
    QCOMPARE(readFile(m_file), theirs);
    QVERIFY(!editor()->isClean());
    press(u"overwriteFile"_s);
    QTRY_VERIFY_WITH_TIMEOUT(editor()->isClean(), kPatienceMs);
    QVERIFY(readFile(m_file).contains("Saving"));
}

void TestSaving::reloadsWhatChangedOnTheDisk()
{
    writeFile(m_file, QByteArray(kBoard).replace("Saving", "Theirs"));
    press(u"reloadFile"_s);
    QCOMPARE(editor()->dashboard().title, u"Theirs"_s);
    QVERIFY(editor()->isClean());
    QTRY_COMPARE(page()->title(), u"Theirs"_s);
    editor()->undo();
    QCOMPARE(page()->title(), u"Saving"_s);
    editor()->redo();
}

void TestSaving::asksOnceBeforeClosing()
{
    QVERIFY(editor()->movePanel(1, {0, 12, 0}));
    m_desk->window.close();
    QVERIFY(m_desk->window.isVisible());
    press(u"leaveCancel"_s);
    QVERIFY(m_desk->window.isVisible());
    m_desk->window.close();
    press(u"leaveSave"_s);
    QTRY_VERIFY_WITH_TIMEOUT(!m_desk->window.isVisible(), kPatienceMs);
    QVERIFY(readFile(m_file) != kBoard);
    // and discarded, nothing stays behind
    restart();
    openBoard(m_file);
    const QByteArray saved = readFile(m_file);
    QVERIFY(editor()->removePanel(1));
    QTRY_VERIFY_WITH_TIMEOUT(QFile::exists(draftPath(m_file)), kPatienceMs);
    m_desk->window.close();
    press(u"leaveDiscard"_s);
    QVERIFY(!m_desk->window.isVisible());
    cleanup();
    QCOMPARE(readFile(m_file), saved);
    QVERIFY(!QFile::exists(draftPath(m_file)));
    QVERIFY(unsavedDrafts().empty());
    // with nothing to lose it does not ask
    m_desk = std::make_unique<Desk>(m_folder->path());
    openBoard(m_file);
    m_desk->window.close();
    QVERIFY(!m_desk->window.isVisible());
}

void TestSaving::asksBeforeAnotherBoard()
{
    QVERIFY(editor()->movePanel(1, {0, 12, 0}));
    m_desk->window.openDashboard(u"builtin:prometheus"_s);
    QVERIFY(page()->notices()->isPosted(u"leave"_s));
    press(u"leaveDiscard"_s);
    QTRY_COMPARE_WITH_TIMEOUT(page()->saving()->reference(), u"builtin:prometheus"_s, kPatienceMs);
    QCOMPARE(readFile(m_file), kBoard);
}

void TestSaving::draftIsOfferedAtTheNextStart()
{
    QVERIFY(editor()->movePanel(1, {0, 12, 0}));
    QTRY_VERIFY_WITH_TIMEOUT(QFile::exists(draftPath(m_file)), kPatienceMs);
    // gone without a word, as after a crash; the next start shows another board
    restart();
    openBoard(u"builtin:prometheus"_s);
    press(u"openDraft"_s);
    QTRY_COMPARE_WITH_TIMEOUT(page()->saving()->reference(), m_file, kPatienceMs);
    QVERIFY(editor()->isClean()); // offered, not imposed
    QCOMPARE(placeOf(1).x, 0.);
    press(u"restoreDraft"_s);
    QCOMPARE(placeOf(1).x, 12.);
    QVERIFY(!editor()->isClean());
    editor()->undo();
    QVERIFY(editor()->isClean());
    // undone, there is nothing unsaved any more
    QTRY_VERIFY_WITH_TIMEOUT(!QFile::exists(draftPath(m_file)), kPatienceMs);
    QCOMPARE(readFile(m_file), kBoard);
}

void TestSaving::newEditsPutAnOldDraftAside()
{
    QVERIFY(editor()->movePanel(1, {0, 12, 0}));
    QTRY_VERIFY_WITH_TIMEOUT(QFile::exists(draftPath(m_file)), kPatienceMs);
    restart();
    openBoard(m_file);
    QVERIFY(page()->notices()->isPosted(u"draft"_s));
    QVERIFY(editor()->removePanel(2));
    QTRY_VERIFY_WITH_TIMEOUT(!page()->notices()->isPosted(u"draft"_s), kPatienceMs);
    QTRY_COMPARE_WITH_TIMEOUT(QDir(m_folder->path()).entryList({u".*draft*"_s}, QDir::Files | QDir::Hidden).size(), 2, kPatienceMs);
    editor()->undo();
}

// A process of its own edits and is killed where it stands. The next one gets all of it back.
void TestSaving::killedProcessLosesNothing()
{
    cleanup();
    QProcess process;
    process.setProcessChannelMode(QProcess::ForwardedErrorChannel);
    process.start(QCoreApplication::applicationFilePath(), {u"--edit"_s, m_server->url().toString(), m_file, m_folder->path()});
    QTRY_VERIFY_WITH_TIMEOUT(process.canReadLine(), 3 * kPatienceMs);
    QCOMPARE(process.readLine(), QByteArray("edited\n"));
    QTRY_VERIFY_WITH_TIMEOUT(QFile::exists(draftPath(m_file)), kPatienceMs);
    process.kill();
    QTRY_COMPARE_WITH_TIMEOUT(process.state(), QProcess::NotRunning, kPatienceMs);
    QCOMPARE(process.exitStatus(), QProcess::CrashExit);
    QCOMPARE(readFile(m_file), kBoard);
    m_desk = std::make_unique<Desk>(m_folder->path());
    openBoard(m_file);
    press(u"restoreDraft"_s);
    QCOMPARE(placeOf(1), (GridPos {12, 0, 12, 5}));
    QCOMPARE(editor()->dashboard().title, u"Edited"_s);
    page()->saving()->save();
    QTRY_VERIFY_WITH_TIMEOUT(editor()->isClean(), kPatienceMs);
    QTRY_VERIFY_WITH_TIMEOUT(!QFile::exists(draftPath(m_file)), kPatienceMs);
}

void TestSaving::saysWhyItCannotSave()
{
    QVERIFY(editor()->movePanel(1, {0, 12, 0}));
    Prompt::setNextFileName(u"/proc/nowhere/board.json"_s);
    QTest::keyClick(&m_desk->window, Qt::Key_S, Qt::ControlModifier | Qt::ShiftModifier);
    QTRY_VERIFY_WITH_TIMEOUT(button(u"saveElsewhere"_s), kPatienceMs);
    QVERIFY(!editor()->isClean());
    Prompt::setNextFileName(m_folder->filePath(u"elsewhere.json"_s));
    press(u"saveElsewhere"_s);
    QTRY_VERIFY_WITH_TIMEOUT(editor()->isClean(), kPatienceMs);
    QCOMPARE(page()->saving()->reference(), m_folder->filePath(u"elsewhere.json"_s));
}

namespace {

/// The process that killedProcessLosesNothing() kills: a real window that edits and then stands there.
int editForever(int argc, char** argv)
{
    QApplication app(argc, argv);
    Theme::instance().install(app);
    const QStringList arguments = QCoreApplication::arguments();
    Desk desk(arguments.value(4));
    desk.open(QUrl(arguments.value(2)), arguments.value(3));
    QTimer wait;
    QObject::connect(&wait, &QTimer::timeout, &app, [&] {
        DashboardEditor* editor = desk.window.dashboardPage()->editing()->editor();
        if (!editor)
            return;
        wait.stop();
        editor->movePanel(1, {0, 12, 0});
        editor->changeMembers({{u"title"_s, u"Edited"_s}});
        std::puts("edited");
        std::fflush(stdout);
    });
    wait.start(20);
    return QApplication::exec();
}

} // namespace

int main(int argc, char** argv)
{
    // The child works in the home of its parent.
    const bool edits = argc == 5 && qstrcmp(argv[1], "--edit") == 0;
    if (edits)
        return editForever(argc, argv);
    prepareEnvironment();
    QApplication app(argc, argv);
    TestSaving test;
    return QTest::qExec(&test, argc, argv);
}

#include "tst_saving.moc"
