#include "app/gui/librarydesk.h"
#include "app/gui/mainwindow.h"
#include "models/dashboard/dashboardfile.h"
#include "models/library/dashboardcatalogue.h"
#include "models/library/dashboardorigin.h"
#include "tests/support/fakegrafana.h"
#include "tests/support/testsupport.h"
#include "widgets/common/noticebar.h"
#include "widgets/common/prompt.h"
#include "widgets/common/theme.h"
#include "widgets/library/comparisonview.h"
#include "widgets/library/folderpicker.h"
#include "widgets/library/grafanapane.h"
#include "widgets/library/importpane.h"
#include "widgets/library/librarypage.h"
#include "widgets/library/textdiff.h"
#include "widgets/stack/welcomepage.h"

#include <QApplication>
#include <QDir>
#include <QDropEvent>
#include <QFile>
#include <QLabel>
#include <QMimeData>
#include <QPlainTextEdit>
#include <QPushButton>
#include <QTemporaryDir>
#include <QThreadPool>
#include <QTreeWidget>

#include <memory>

using namespace Promdeck;
using namespace Promdeck::Testing;
using namespace Qt::StringLiterals;

namespace {

constexpr int kPatienceMs = 20000;
const char* const kTokenVariable = "PROMDECK_TEST_GRAFANA_TOKEN";

QByteArray board(const QByteArray& title, const QByteArray& uid)
{
    return "{\n  \"title\": \"" + title + "\",\n  \"uid\": \"" + uid + "\",\n  \"schemaVersion\": 39,\n  \"panels\": [\n    {\n      \"id\": 1,\n"
           "      \"type\": \"text\",\n      \"title\": \"first\"\n    }\n  ]\n}\n";
}

void write(const QString& path, const QByteArray& text)
{
    QDir().mkpath(QFileInfo(path).absolutePath());
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
        window.resize(1280, 800);
        window.show();
    }
    Settings settings;
    StackStore stacks;
    MainWindow window;
};

} // namespace

/// Imports and a Grafana (a fake one: Debian has no package of it) in the real window.
class TestImport final : public QObject
{
    Q_OBJECT

private Q_SLOTS:
    void initTestCase();
    void init();
    void cleanup();
    void asksForAFolderFirst();
    void importsAPastedText();
    void importsAFolderAndReports();
    void takesDroppedFiles();
    void browsesAndPulls();
    void pushesAnEditedFile();
    void conflictsAskAndShowBoth();
    void pullsNeverOverEdits();
    void readOnlyStacksGetNothing();
    void saysWhatTheServerSays();
    void comparesTexts();

private:
    [[nodiscard]] MainWindow* window() const { return &m_desk->window; }
    [[nodiscard]] LibraryDesk* desk() const { return window()->libraryDesk(); }
    [[nodiscard]] QTreeWidget* tree() const { return desk()->grafanaPane()->findChild<QTreeWidget*>(u"grafanaTree"_s); }
    [[nodiscard]] QPushButton* button(const QString& name) const { return window()->findChild<QPushButton*>(name); }
    [[nodiscard]] QTreeWidgetItem* row(const QString& title) const
    {
        const QList<QTreeWidgetItem*> found = tree()->findItems(title, Qt::MatchExactly | Qt::MatchRecursive);
        return found.isEmpty() ? nullptr : found.constFirst();
    }
    void press(const QString& name)
    {
        QTRY_VERIFY_WITH_TIMEOUT(button(name) && button(name)->isVisible() && button(name)->isEnabled(), kPatienceMs);
        QTest::mouseClick(button(name), Qt::LeftButton);
    }
    void addStack(bool readOnly = false, const QByteArray& token = "secret-token");
    void showGrafana(bool readOnly = false);
    void pullAlpha();
    void edit(const QByteArray& title)
    {
        write(m_alpha, readFile(m_alpha).replace("\"title\": \"Alpha\"", "\"title\": \"" + title + "\""));
        QTRY_VERIFY_WITH_TIMEOUT(row(u"Alpha"_s) && row(u"Alpha"_s)->text(1) == u"edited here", kPatienceMs);
    }

    std::unique_ptr<QTemporaryDir> m_folder;
    std::unique_ptr<FakeGrafana> m_server;
    std::unique_ptr<Desk> m_desk;
    QString m_alpha; ///< where the pulled dashboard is
};

void TestImport::initTestCase()
{
    Theme::instance().install(*qobject_cast<QApplication*>(QCoreApplication::instance()));
}

void TestImport::init()
{
    QDir(stateFolder()).removeRecursively();
    m_folder = std::make_unique<QTemporaryDir>();
    m_server = std::make_unique<FakeGrafana>();
    m_server->addFolder(u"ops"_s, u"Operations"_s);
    m_server->store(*Json::parse(board("Alpha", "a")), u"ops"_s);
    m_server->store(*Json::parse(board("Beta", "b")));
    m_alpha = m_folder->filePath(u"pulled/Operations/alpha.json"_s);
    m_desk = std::make_unique<Desk>(m_folder->path());
    QVERIFY(QTest::qWaitForWindowActive(window()));
}

void TestImport::cleanup()
{
    m_desk.reset();
    QThreadPool::globalInstance()->waitForDone();
}

void TestImport::addStack(bool readOnly, const QByteArray& token)
{
    qputenv(kTokenVariable, token);
    StackProfile profile = profileForUrl(QUrl(u"http://127.0.0.1:9/"_s));
    profile.name = u"eu"_s;
    profile.grafana = m_server->url();
    profile.grafanaToken = {SecretRef::Source::Environment, QString::fromLatin1(kTokenVariable)};
    profile.readOnly = readOnly;
    QVERIFY_RESULT(m_desk->stacks.put(profile));
}

void TestImport::showGrafana(bool readOnly)
{
    addStack(readOnly);
    desk()->showGrafana();
    QTRY_VERIFY_WITH_TIMEOUT(row(u"Alpha"_s), kPatienceMs);
    desk()->grafanaPane()->findChild<FolderPicker*>()->setFolder(m_folder->filePath(u"pulled"_s));
}

void TestImport::pullAlpha()
{
    tree()->clearSelection();
    row(u"Alpha"_s)->setSelected(true);
    press(u"grafanaPullButton"_s);
    QTRY_VERIFY_WITH_TIMEOUT(row(u"Alpha"_s) && row(u"Alpha"_s)->text(1) == u"the same", kPatienceMs);
}

void TestImport::asksForAFolderFirst()
{
    desk()->showImport();
    QVERIFY(!button(u"importFile"_s)->isEnabled());
    QVERIFY(window()->findChild<QLabel*>(u"importSummary"_s)->text().contains(u"folder"_s));
    desk()->importPane()->target()->setFolder(m_folder->filePath(u"mine"_s));
    QVERIFY(button(u"importFile"_s)->isEnabled());
    QVERIFY(!button(u"importPaste"_s)->isEnabled()); // nothing is pasted yet
}

void TestImport::importsAPastedText()
{
    desk()->showImport();
    desk()->importPane()->target()->setFolder(m_folder->filePath(u"mine"_s));
    auto* text = window()->findChild<QPlainTextEdit*>(u"importText"_s);
    text->setPlainText(u"{\"title\": \"x\" \"panels\"}"_s);
    press(u"importPaste"_s);
    auto* report = window()->findChild<QTreeWidget*>(u"importReport"_s);
    QTRY_VERIFY(report->topLevelItemCount() == 1 && report->topLevelItem(0)->text(1) == u"Failed");
    QVERIFY(report->topLevelItem(0)->text(3).startsWith(u"1:"_s));
    text->setPlainText(u"{\"meta\": {\"version\": 2}, \"dashboard\": %1}"_s.arg(QString::fromUtf8(board("Pasted", "p"))));
    press(u"importPaste"_s);
    QTRY_COMPARE(report->topLevelItem(0)->text(1), u"Imported"_s);
    const QString path = m_folder->filePath(u"mine/pasted.json"_s);
    QVERIFY(QFile::exists(path));
    QVERIFY(readFile(path).startsWith("{\n  \"title\""));
    // the folder is part of the library now
    QTRY_VERIFY_WITH_TIMEOUT(window()->findChild<DashboardCatalogue*>()->index()->find(path), kPatienceMs);
}

void TestImport::importsAFolderAndReports()
{
    const QString source = m_folder->filePath(u"source"_s);
    write(source + u"/a.json"_s, board("A", "a1"));
    write(source + u"/deep/b.json"_s, board("B", "b1"));
    write(source + u"/deep/broken.json"_s, "{\n  \"panels\": [,]\n}");
    write(source + u"/package.json"_s, "{\"name\": \"x\"}");
    desk()->showImport();
    desk()->importPane()->target()->setFolder(m_folder->filePath(u"mine"_s));
    Prompt::setNextFileName(source);
    press(u"importFolder"_s);
    auto* report = window()->findChild<QTreeWidget*>(u"importReport"_s);
    QTRY_COMPARE_WITH_TIMEOUT(report->topLevelItemCount(), 4, kPatienceMs);
    QCOMPARE(readFile(m_folder->filePath(u"mine/deep/b.json"_s)), board("B", "b1"));
    const auto of = [report](const QString& file) { return report->findItems(file, Qt::MatchExactly, 0).constFirst(); };
    QCOMPARE(of(u"deep/broken.json"_s)->text(1), u"Failed"_s);
    QVERIFY(of(u"deep/broken.json"_s)->text(3).startsWith(u"2:"_s));
    QCOMPARE(of(u"package.json"_s)->text(1), u"Skipped"_s);
    QVERIFY(window()->findChild<QLabel*>(u"importSummary"_s)->text().startsWith(u"2 imported, 1 skipped, 1 failed"_s));
}

void TestImport::takesDroppedFiles()
{
    const QString source = m_folder->filePath(u"dropped.json"_s);
    write(source, board("Dropped", "d"));
    desk()->showImport();
    desk()->importPane()->target()->setFolder(m_folder->filePath(u"mine"_s));
    QMimeData data;
    data.setUrls({QUrl::fromLocalFile(source)});
    QDragEnterEvent enter(QPoint(20, 20), Qt::CopyAction, &data, Qt::LeftButton, {});
    QCoreApplication::sendEvent(desk()->importPane(), &enter);
    QVERIFY(enter.isAccepted());
    QDropEvent drop(QPointF(20, 20), Qt::CopyAction, &data, Qt::LeftButton, {});
    QCoreApplication::sendEvent(desk()->importPane(), &drop);
    QTRY_VERIFY_WITH_TIMEOUT(QFile::exists(m_folder->filePath(u"mine/dropped.json"_s)), kPatienceMs);
}

void TestImport::browsesAndPulls()
{
    showGrafana();
    QCOMPARE(row(u"Alpha"_s)->parent()->text(0), u"Operations"_s);
    QCOMPARE(row(u"Alpha"_s)->text(1), u"not here"_s);
    QVERIFY(!button(u"grafanaPushButton"_s)->isEnabled());
    pullAlpha();
    QVERIFY(QFile::exists(m_alpha));
    const auto origin = originOf(*Json::parse(readFile(m_alpha)));
    QVERIFY(origin);
    QCOMPARE(origin->version, 1);
    QVERIFY(row(u"Alpha"_s)->text(2).startsWith(u"version 1 by admin"_s));
    // somebody saves it in the browser
    m_server->store(*Json::parse(board("Alpha", "a")), u"ops"_s, u"alice"_s);
    m_server->store(*Json::parse(board("Alpha", "a").replace("first", "second")), u"ops"_s, u"alice"_s);
    press(u"grafanaRefresh"_s);
    QTRY_VERIFY_WITH_TIMEOUT(row(u"Alpha"_s) && row(u"Alpha"_s)->text(1) == u"newer on the server", kPatienceMs);
    QVERIFY(row(u"Alpha"_s)->text(2).startsWith(u"version 3 by alice"_s));
    pullAlpha();
    QVERIFY(readFile(m_alpha).contains("second"));
}

void TestImport::pushesAnEditedFile()
{
    showGrafana();
    pullAlpha();
    edit("Mine");
    tree()->clearSelection();
    row(u"Alpha"_s)->setSelected(true);
    press(u"grafanaPushButton"_s);
    QTRY_COMPARE_WITH_TIMEOUT(m_server->find(u"a"_s)->dashboard[u"title"].toString(), u"Mine"_s, kPatienceMs);
    QTRY_COMPARE_WITH_TIMEOUT(originOf(*Json::parse(readFile(m_alpha)))->version, 2, kPatienceMs);
    QTRY_VERIFY_WITH_TIMEOUT(row(u"Alpha"_s) && row(u"Alpha"_s)->text(1) == u"the same", kPatienceMs);
}

void TestImport::conflictsAskAndShowBoth()
{
    showGrafana();
    pullAlpha();
    edit("Mine");
    m_server->store(*Json::parse(board("Theirs", "a").replace("first", "second")), u"ops"_s, u"alice"_s);
    desk()->push(m_alpha);
    press(u"grafanaPushNow"_s);
    press(u"grafanaShowBoth"_s);
    auto* both = window()->findChild<ComparisonView*>();
    QTRY_VERIFY_WITH_TIMEOUT(both->isVisible(), kPatienceMs);
    QVERIFY(both->findChild<QPlainTextEdit*>(u"comparisonHere"_s)->toPlainText().contains(u"Mine"_s));
    QVERIFY(both->findChild<QPlainTextEdit*>(u"comparisonThere"_s)->toPlainText().contains(u"Theirs"_s));
    QVERIFY(both->findChild<QLabel*>(u"comparisonSummary"_s)->text().contains(u"title"_s));
    QCOMPARE(m_server->find(u"a"_s)->dashboard[u"title"].toString(), u"Theirs"_s);
    // the question still waits
    QVERIFY(desk()->grafanaPane()->notices()->text().contains(u"version 2 by alice"_s));
    press(u"grafanaOverwrite"_s);
    QTRY_COMPARE_WITH_TIMEOUT(m_server->find(u"a"_s)->dashboard[u"title"].toString(), u"Mine"_s, kPatienceMs);
    QVERIFY(!both->isVisible());
    QTRY_COMPARE_WITH_TIMEOUT(originOf(*Json::parse(readFile(m_alpha)))->version, 3, kPatienceMs);
}

void TestImport::pullsNeverOverEdits()
{
    showGrafana();
    pullAlpha();
    edit("Mine");
    m_server->store(*Json::parse(board("Theirs", "a")), u"ops"_s, u"alice"_s);
    tree()->clearSelection();
    row(u"Alpha"_s)->setSelected(true);
    press(u"grafanaPullButton"_s);
    QTRY_VERIFY_WITH_TIMEOUT(button(u"grafanaPullOver"_s), kPatienceMs);
    QVERIFY(readFile(m_alpha).contains("Mine"));
    press(u"grafanaPullOver"_s);
    QTRY_VERIFY_WITH_TIMEOUT(readFile(m_alpha).contains("Theirs"), kPatienceMs);
}

void TestImport::readOnlyStacksGetNothing()
{
    showGrafana(true);
    pullAlpha();
    edit("Mine");
    row(u"Alpha"_s)->setSelected(true);
    QVERIFY(!button(u"grafanaPushButton"_s)->isEnabled());
    QVERIFY(button(u"grafanaPushButton"_s)->toolTip().contains(u"read-only"_s));
    desk()->push(m_alpha);
    QTRY_VERIFY(desk()->grafanaPane()->notices()->text().contains(u"read-only"_s));
    QVERIFY(!button(u"grafanaPushNow"_s));
    QCOMPARE(m_server->pushes(), 0);
}

void TestImport::saysWhatTheServerSays()
{
    addStack(false, "wrong");
    desk()->showGrafana();
    const auto* state = desk()->grafanaPane()->findChild<QLabel*>(u"grafanaState"_s);
    QTRY_VERIFY_WITH_TIMEOUT(state->text().contains(u"token"_s), kPatienceMs);
    QVERIFY(!state->text().contains(u"wrong"_s));
    // and without any Grafana, what to do
    QVERIFY_RESULT(m_desk->stacks.remove(u"eu"_s));
    desk()->show();
    desk()->showGrafana();
    QVERIFY(button(u"grafanaManageStacks"_s));
}

void TestImport::comparesTexts()
{
    const std::vector<DiffRow> rows = sideBySide({u"a"_s, u"b"_s, u"c"_s, u"d"_s}, {u"a"_s, u"c"_s, u"x"_s, u"d"_s});
    const std::vector<DiffRow> wanted {{0, 0, true}, {1, -1, false}, {2, 1, true}, {-1, 2, false}, {3, 3, true}};
    QVERIFY(rows == wanted);
    QVERIFY(sideBySide({}, {}).empty());
    QCOMPARE(sideBySide({u"a"_s}, {}).size(), size_t(1));
    QCOMPARE(sideBySide({u"a"_s, u"b"_s}, {u"c"_s, u"d"_s}).size(), size_t(2)); // changed lines face each other
    // every line is on its side once, in order, whatever the texts
    for (int seed = 0; seed < 200; ++seed) {
        QStringList left;
        QStringList right;
        for (int i = 0; i < 30; ++i) {
            left << QString::number((seed * 7 + i * 5) % 11);
            right << QString::number((seed * 3 + i * 4) % 7);
        }
        int l = 0;
        int r = 0;
        for (const DiffRow& row : sideBySide(left, right)) {
            if (row.left >= 0)
                QCOMPARE(row.left, l++);
            if (row.right >= 0)
                QCOMPARE(row.right, r++);
            QCOMPARE(row.same, row.left >= 0 && row.right >= 0 && left.value(row.left) == right.value(row.right));
        }
        QVERIFY(l == left.size() && r == right.size());
    }
}

PROMDECK_GUI_TEST_MAIN(TestImport)
#include "tst_import.moc"
