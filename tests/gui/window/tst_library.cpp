#include "app/gui/librarydesk.h"
#include "app/gui/mainwindow.h"
#include "models/dashboard/dashboardfile.h"
#include "models/library/dashboardcatalogue.h"
#include "tests/support/servers.h"
#include "tests/support/testsupport.h"
#include "widgets/command/commandpalette.h"
#include "widgets/common/noticebar.h"
#include "widgets/common/prompt.h"
#include "widgets/common/theme.h"
#include "widgets/dashboard/dashboardpage.h"
#include "widgets/dashboard/dashboardsaving.h"
#include "widgets/dashboard/dashboardview.h"
#include "widgets/library/librarypage.h"
#include "widgets/library/librarypainter.h"
#include "widgets/panels/panelwidget.h"
#include "widgets/stack/welcomepage.h"

#include <QApplication>
#include <QDir>
#include <QFile>
#include <QLabel>
#include <QLineEdit>
#include <QListView>
#include <QPushButton>
#include <QTemporaryDir>
#include <QThreadPool>
#include <QTreeView>
#include <QTreeWidget>

#include <memory>

using namespace Promdeck;
using namespace Promdeck::Testing;
using namespace Qt::StringLiterals;

namespace {

constexpr int kPatienceMs = 20000;

void write(const QString& path, const QByteArray& text)
{
    QDir().mkpath(QFileInfo(path).absolutePath());
    QFile file(path);
    QVERIFY(file.open(QIODevice::WriteOnly));
    file.write(text);
}

/// Panels below each other, the last one in a closed row.
QByteArray board(const QByteArray& title, const QByteArray& metric)
{
    QByteArray panels;
    for (int i = 1; i <= 12; ++i) {
        panels += "{\"id\": " + QByteArray::number(i) + ", \"type\": \"text\", \"title\": \"filler " + QByteArray::number(i)
            + "\", \"gridPos\": {\"x\": 0, \"y\": " + QByteArray::number(i * 8) + ", \"w\": 24, \"h\": 8}},\n";
    }
    panels += "{\"id\": 20, \"type\": \"row\", \"title\": \"Closed\", \"collapsed\": true, \"gridPos\": {\"x\": 0, \"y\": 200, \"w\": 24, \"h\": 1}, "
              "\"panels\": [{\"id\": 21, \"type\": \"timeseries\", \"title\": \"Deep " + metric + "\", \"gridPos\": {\"x\": 0, \"y\": 201, "
              "\"w\": 24, \"h\": 8}, \"targets\": [{\"refId\": \"A\", \"expr\": \"rate(" + metric + "{job=\\\"x\\\"}[5m])\"}]}]}";
    return "{\"title\": \"" + title + "\", \"uid\": \"" + title.toLower().replace(' ', '-') + "\", \"schemaVersion\": 39, \"tags\": "
           "[\"team\", \"" + metric + "\"], \"panels\": [" + panels + "]}";
}

struct Desk
{
    explicit Desk(const QString& folder)
        : settings(folder + u"/settings.json"_s), stacks(folder + u"/stacks.json"_s), window(Services {&settings, &stacks, noSecretStore()})
    {
        window.welcomePage()->setPlaces({});
        window.resize(1280, 760);
        window.show();
    }
    Settings settings;
    StackStore stacks;
    MainWindow window;
};

} // namespace

/// The library page in the real window, by mouse and by keyboard.
class TestLibrary final : public QObject
{
    Q_OBJECT

private Q_SLOTS:
    void initTestCase();
    void init();
    void cleanup();
    void saysWhatToDoWhenEmpty();
    void addsAFolderAndWatchesIt();
    void opensTheDashboardAtThePanel();
    void worksByKeyboardAlone();
    void starsByMouseAndKey();
    void listsBrokenFiles();
    void copiesABuiltinBoard();
    void removedFoldersCanComeBack();
    void paletteFindsPanelsOfTheLibrary();

private:
    [[nodiscard]] MainWindow* window() const { return &m_desk->window; }
    [[nodiscard]] LibraryPage* page() const { return window()->libraryDesk()->page(); }
    [[nodiscard]] LibraryModel* model() const { return page()->model(); }
    [[nodiscard]] QTreeView* list() const { return page()->findChild<QTreeView*>(u"libraryList"_s); }
    [[nodiscard]] QLineEdit* field() const { return page()->findChild<QLineEdit*>(u"librarySearch"_s); }
    [[nodiscard]] QStringList rows() const
    {
        QStringList out;
        for (int i = 0; i < model()->rowCount(); ++i)
            out << (model()->index(i, 0).data(LibraryModel::IsPartRole).toBool() ? u"  "_s : QString()) + model()->index(i, 0).data().toString();
        return out;
    }
    void showLibrary();
    void addFolder();
    void press(const QString& name)
    {
        QTRY_VERIFY_WITH_TIMEOUT(window()->findChild<QPushButton*>(name) && window()->findChild<QPushButton*>(name)->isVisible(), kPatienceMs);
        QTest::mouseClick(window()->findChild<QPushButton*>(name), Qt::LeftButton);
    }

    std::unique_ptr<TestServer> m_server;
    std::unique_ptr<QTemporaryDir> m_folder;
    QString m_root;
    std::unique_ptr<Desk> m_desk;
};

void TestLibrary::initTestCase()
{
    Theme::instance().install(*qobject_cast<QApplication*>(QCoreApplication::instance()));
    m_server = TestServer::prometheus();
    QVERIFY(m_server);
}

void TestLibrary::init()
{
    QDir(stateFolder()).removeRecursively();
    m_folder = std::make_unique<QTemporaryDir>();
    m_root = m_folder->filePath(u"boards"_s);
    write(m_root + u"/web.json"_s, board("Web servers", "nginx_hits_total"));
    write(m_root + u"/team/db.json"_s, board("Databases", "pg_up"));
    write(m_root + u"/broken.json"_s, "{\n  \"title\": \"x\",\n  \"panels\": [,]\n}");
    m_desk = std::make_unique<Desk>(m_folder->path());
    WindowRequest request;
    request.url = m_server->url();
    request.dashboard = u"builtin:prometheus"_s;
    window()->start(request);
    QVERIFY(QTest::qWaitForWindowActive(window()));
    QTRY_VERIFY_WITH_TIMEOUT(window()->dashboardPage()->session(), kPatienceMs);
}

void TestLibrary::cleanup()
{
    m_desk.reset();
    QThreadPool::globalInstance()->waitForDone();
}

void TestLibrary::showLibrary()
{
    QTest::keyClick(window(), Qt::Key_G);
    QTest::keyClick(window(), Qt::Key_L);
    QTRY_VERIFY(window()->libraryDesk()->isShown());
    QTRY_VERIFY_WITH_TIMEOUT(model()->rowCount() > 0, kPatienceMs);
}

void TestLibrary::addFolder()
{
    showLibrary();
    Prompt::setNextFileName(m_root);
    press(u"libraryAddFolder"_s);
    QTRY_VERIFY_WITH_TIMEOUT(rows().contains(u"Databases"_s) && rows().contains(u"broken.json"_s), kPatienceMs);
}

void TestLibrary::saysWhatToDoWhenEmpty()
{
    showLibrary();
    QVERIFY(rows().contains(u"Prometheus"_s));
    const auto* hint = page()->findChild<QLabel*>(u"libraryEmptyText"_s);
    QVERIFY(hint->isVisible() && hint->text().contains(u"add the folder"_s));
    Prompt::setNextFileName(m_root);
    press(u"libraryEmptyAdd"_s);
    QTRY_VERIFY_WITH_TIMEOUT(rows().contains(u"Web servers"_s), kPatienceMs);
    QVERIFY(!hint->isVisible());
    field()->setText(u"no such thing anywhere"_s);
    QTRY_VERIFY(hint->isVisible() && hint->text().contains(u"no such thing"_s));
}

void TestLibrary::addsAFolderAndWatchesIt()
{
    addFolder();
    const auto* sections = page()->findChild<QTreeWidget*>(u"librarySections"_s);
    QTRY_VERIFY(!sections->findItems(u"team"_s, Qt::MatchExactly | Qt::MatchRecursive).isEmpty());
    write(m_root + u"/team/cache.json"_s, board("Caches", "redis_up"));
    QTRY_VERIFY_WITH_TIMEOUT(rows().contains(u"Caches"_s), kPatienceMs);
    auto* folders = page()->findChild<QTreeWidget*>(u"librarySections"_s);
    folders->setCurrentItem(folders->findItems(u"team"_s, Qt::MatchExactly | Qt::MatchRecursive).constFirst());
    QTRY_COMPARE(rows(), QStringList({u"Caches"_s, u"Databases"_s}));
    // and the next start knows it
    QVERIFY_RESULT(m_desk->settings.flush());
    Settings again(m_folder->filePath(u"settings.json"_s));
    QVERIFY_RESULT(again.load());
    QCOMPARE(again.value(Settings::Key::LibraryFolders), Json::strings({m_root}));
}

void TestLibrary::opensTheDashboardAtThePanel()
{
    addFolder();
    field()->setText(u"metric:pg_up"_s);
    QTRY_COMPARE(rows(), QStringList({u"Databases"_s, u"  Deep pg_up"_s}));
    QCOMPARE(model()->index(1, LibraryModel::TagsColumn).data().toString(), u"uses pg_up"_s);
    const QRect row = list()->visualRect(model()->index(1, 0));
    QTest::mouseClick(list()->viewport(), Qt::LeftButton, {}, row.center());
    QTest::mouseDClick(list()->viewport(), Qt::LeftButton, {}, row.center());
    DashboardPage* dashboard = window()->dashboardPage();
    QTRY_COMPARE_WITH_TIMEOUT(dashboard->saving()->reference(), m_root + u"/team/db.json"_s, kPatienceMs);
    QVERIFY(!window()->libraryDesk()->isShown());
    // its row was closed, and it is far below
    QTRY_VERIFY_WITH_TIMEOUT(dashboard->view()->panelTitled(u"Deep pg_up"_s), kPatienceMs);
    const PanelWidget* panel = dashboard->view()->panelTitled(u"Deep pg_up"_s);
    QTRY_VERIFY(panel->hasFocus() && dashboard->view()->viewport()->rect().intersects(panel->geometry()));
}

void TestLibrary::worksByKeyboardAlone()
{
    addFolder();
    QTest::keyClick(list(), Qt::Key_Slash);
    QTRY_VERIFY(field()->hasFocus());
    QTest::keyClicks(field(), u"nginx_hits"_s);
    QTest::keyClick(field(), Qt::Key_Down); // from the dashboard to its panel
    QTRY_COMPARE(rows().size(), 2);
    QTest::keyClick(field(), Qt::Key_Escape); // clears the search
    QTRY_VERIFY(field()->text().isEmpty() && window()->libraryDesk()->isShown());
    QTest::keyClicks(field(), u"web serv"_s);
    QTest::keyClick(field(), Qt::Key_Return); // at once, whether the list has been filled or not
    QTRY_COMPARE_WITH_TIMEOUT(window()->dashboardPage()->saving()->reference(), m_root + u"/web.json"_s, kPatienceMs);
    showLibrary();
    QTest::keyClick(field(), Qt::Key_Escape);
    QTest::keyClick(field(), Qt::Key_Escape);
    QTRY_VERIFY(!window()->libraryDesk()->isShown());
}

void TestLibrary::starsByMouseAndKey()
{
    addFolder();
    const auto rowOf = [this](const QString& title) { return int(rows().indexOf(title)); };
    const QModelIndex web = model()->index(rowOf(u"Web servers"_s), 0);
    QTest::mouseClick(list()->viewport(), Qt::LeftButton, {}, LibraryPainter::starRect(list()->visualRect(web)).center());
    QTRY_VERIFY(m_desk->settings.value(Settings::Key::StarredDashboards) == Json::strings({m_root + u"/web.json"_s}));
    list()->setFocus();
    list()->setCurrentIndex(model()->index(rowOf(u"Databases"_s), 0));
    QTest::keyClick(list(), Qt::Key_Space);
    auto* sections = page()->findChild<QTreeWidget*>(u"librarySections"_s);
    sections->setCurrentItem(sections->findItems(u"Starred"_s, Qt::MatchExactly).constFirst());
    QTRY_COMPARE(rows(), QStringList({u"Databases"_s, u"Web servers"_s}));
    list()->setCurrentIndex(model()->index(0, 0));
    QTest::keyClick(list(), Qt::Key_Space);
    QTRY_COMPARE(rows(), QStringList {u"Web servers"_s});
}

void TestLibrary::listsBrokenFiles()
{
    addFolder();
    auto* sections = page()->findChild<QTreeWidget*>(u"librarySections"_s);
    sections->setCurrentItem(sections->findItems(u"Problems"_s, Qt::MatchExactly).constFirst());
    QTRY_COMPARE(rows(), QStringList {u"broken.json"_s});
    QVERIFY2(model()->index(0, LibraryModel::TagsColumn).data().toString().startsWith(u"3:15: "),
             qPrintable(model()->index(0, LibraryModel::TagsColumn).data().toString()));
    list()->setFocus();
    QTest::keyClick(list(), Qt::Key_Return);
    QTRY_VERIFY(page()->notices()->text().startsWith(m_root + u"/broken.json:3:15: "_s));
    QVERIFY(window()->libraryDesk()->isShown());
}

void TestLibrary::copiesABuiltinBoard()
{
    addFolder();
    field()->setText(u"title:prometheus"_s);
    QTRY_VERIFY(!rows().isEmpty() && model()->isSearch());
    QCOMPARE(rows().constFirst(), u"Prometheus"_s);
    Prompt::setNextFileName(m_root + u"/mine.json"_s);
    Q_EMIT page()->copyRequested(model()->index(0, 0).data(LibraryModel::ReferenceRole).toString());
    press(u"libraryOpenCopy"_s);
    QTRY_COMPARE_WITH_TIMEOUT(window()->dashboardPage()->saving()->reference(), m_root + u"/mine.json"_s, kPatienceMs);
    QVERIFY(window()->dashboardPage()->saving()->isFile());
}

void TestLibrary::removedFoldersCanComeBack()
{
    addFolder();
    auto* sections = page()->findChild<QTreeWidget*>(u"librarySections"_s);
    sections->setCurrentItem(sections->findItems(u"boards"_s, Qt::MatchExactly).constFirst());
    QTest::keyClick(sections, Qt::Key_Delete);
    QTRY_VERIFY(sections->findItems(u"boards"_s, Qt::MatchExactly).isEmpty());
    QVERIFY(QFile::exists(m_root + u"/web.json"_s));
    press(u"libraryUndoRemove"_s);
    QTRY_VERIFY_WITH_TIMEOUT(!sections->findItems(u"boards"_s, Qt::MatchExactly).isEmpty(), kPatienceMs);
}

void TestLibrary::paletteFindsPanelsOfTheLibrary()
{
    addFolder();
    QTest::keyClick(window(), Qt::Key_K, Qt::ControlModifier);
    QTRY_VERIFY(window()->findChild<CommandPalette*>());
    auto* palette = window()->findChild<CommandPalette*>();
    auto* text = palette->findChild<QLineEdit*>(u"paletteSearch"_s);
    const auto* found = palette->findChild<QListView*>(u"paletteList"_s);
    text->setText(u"nginx_hits_tot"_s);
    QTRY_VERIFY(found->model()->rowCount() > 0);
    QCOMPARE(found->model()->index(0, 0).data(PaletteModel::GroupRole).toString(), u"Panel"_s);
    QVERIFY(found->model()->index(0, 0).data(PaletteModel::DetailRole).toString().contains(u"Web servers"_s));
    QTest::keyClick(text, Qt::Key_Return);
    QTRY_COMPARE_WITH_TIMEOUT(window()->dashboardPage()->saving()->reference(), m_root + u"/web.json"_s, kPatienceMs);
    QTRY_VERIFY_WITH_TIMEOUT(window()->dashboardPage()->view()->panelTitled(u"Deep nginx_hits_total"_s), kPatienceMs);
}

PROMDECK_GUI_TEST_MAIN(TestLibrary)
#include "tst_library.moc"
