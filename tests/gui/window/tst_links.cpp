#include "app/gui/mainwindow.h"
#include "models/dashboard/dashboardfile.h"
#include "models/library/dashboardcatalogue.h"
#include "tests/support/servers.h"
#include "tests/support/testsupport.h"
#include "widgets/common/prompt.h"
#include "widgets/common/theme.h"
#include "widgets/dashboard/dashboardpage.h"
#include "widgets/dashboard/dashboardsaving.h"
#include "widgets/dashboard/dashboardview.h"
#include "widgets/panels/panelwidget.h"
#include "widgets/stack/welcomepage.h"

#include <QAction>
#include <QApplication>
#include <QDir>
#include <QFile>
#include <QLabel>
#include <QMenu>
#include <QTemporaryDir>
#include <QThreadPool>
#include <QToolButton>
#include <QTreeWidget>

#include <algorithm>
#include <memory>

using namespace Promdeck;
using namespace Promdeck::Testing;
using namespace Qt::StringLiterals;

namespace {

constexpr int kPatienceMs = 20000;

void write(const QString& path, const QByteArray& text)
{
    QFile file(path);
    QVERIFY(file.open(QIODevice::WriteOnly));
    file.write(text);
}

QByteArray variable(const QByteArray& name, const QByteArray& values)
{
    return "{\"name\": \"" + name + "\", \"type\": \"custom\", \"query\": \"" + values + "\", \"current\": {\"value\": \""
        + values.split(',').first() + "\", \"text\": \"" + values.split(',').first() + "\"}}";
}

const QByteArray kHome = "{\"title\": \"Home\", \"uid\": \"home\", \"schemaVersion\": 39, \"time\": {\"from\": \"now-3h\", \"to\": \"now\"}, "
    "\"templating\": {\"list\": [" + variable("job", "api,web") + "]}, \"links\": ["
    "{\"title\": \"Team\", \"type\": \"dashboards\", \"tags\": [\"team\"], \"asDropdown\": true, \"includeVars\": true, \"keepTime\": true},"
    "{\"title\": \"Detail\", \"type\": \"link\", \"url\": \"/d/detail/x?var-job=$job\", \"keepTime\": true},"
    "{\"title\": \"Wiki\", \"type\": \"link\", \"url\": \"https://wiki.example.org/d\"},"
    "{\"title\": \"Narrow\", \"type\": \"link\", \"url\": \"/d/home/home?var-job=web&from=now-15m&to=now\"}],"
    "\"panels\": [{\"id\": 1, \"type\": \"dashlist\", \"title\": \"Boards\", \"gridPos\": {\"x\": 0, \"y\": 0, \"w\": 12, \"h\": 10}, \"options\": "
    "{\"showStarred\": true, \"showSearch\": true, \"query\": \"\", \"tags\": [\"team\"], \"maxItems\": 10}},"
    "{\"id\": 2, \"type\": \"text\", \"title\": \"linked\", \"gridPos\": {\"x\": 12, \"y\": 0, \"w\": 12, \"h\": 10}, \"links\": "
    "[{\"title\": \"there\", \"url\": \"/d/detail?viewPanel=12&var-job=api\"}], \"options\": {\"content\": \"[unknown](/d/elsewhere) \", \"mode\": \"markdown\"}}]}";

QByteArray detail()
{
    QByteArray panels;
    for (int i = 1; i <= 12; ++i)
        panels += QByteArray(i > 1 ? "," : "") + "{\"id\": " + QByteArray::number(i) + ", \"type\": \"text\", \"title\": \"panel " + QByteArray::number(i)
            + "\", \"gridPos\": {\"x\": 0, \"y\": " + QByteArray::number(i * 8) + ", \"w\": 24, \"h\": 8}}";
    return "{\"title\": \"Detail\", \"uid\": \"detail\", \"tags\": [\"team\"], \"schemaVersion\": 39, \"templating\": {\"list\": ["
        + variable("job", "db,api,web") + "]}, \"panels\": [" + panels + "]}";
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
    Settings settings;
    StackStore stacks;
    MainWindow window;
};

} // namespace

/// Links of dashboards and lists of dashboards in the real window.
class TestLinks final : public QObject
{
    Q_OBJECT

private Q_SLOTS:
    void initTestCase();
    void init();
    void cleanup();
    void linksOpenHereWithTheirVariables();
    void tagsOfferAMenu();
    void panelLinksShowTheirPanel();
    void otherLinksGoToTheBrowser();
    void linksToItselfNarrowDown();
    void listsDashboardsAndStars();
    void filesWithoutAUidOpenFromTheList();

private:
    [[nodiscard]] DashboardPage* page() const { return m_desk->window.dashboardPage(); }
    [[nodiscard]] QString shown() const { return QFileInfo(page()->saving()->reference()).fileName(); }
    [[nodiscard]] QStringList job() const
    {
        for (const VariableState& state : page()->session()->variables()) {
            if (state.spec.name == u"job")
                return state.current;
        }
        return {};
    }
    void click(const QString& link)
    {
        auto* button = page()->findChild<QToolButton*>(u"link:"_s + link);
        QVERIFY(button);
        QTest::mouseClick(button, Qt::LeftButton);
    }
    [[nodiscard]] QTreeWidget* list() const { return page()->findChild<QTreeWidget*>(u"dashList"_s); }
    void clickRow(const QString& title, int column)
    {
        QTRY_VERIFY_WITH_TIMEOUT(list() && !list()->findItems(title, Qt::MatchExactly).isEmpty(), kPatienceMs);
        QTreeWidgetItem* item = list()->findItems(title, Qt::MatchExactly).constLast();
        QTest::mouseClick(list()->viewport(), Qt::LeftButton, {}, list()->visualRect(list()->indexFromItem(item, column)).center());
    }

    std::unique_ptr<TestServer> m_server;
    std::unique_ptr<QTemporaryDir> m_folder;
    std::unique_ptr<Desk> m_desk;
    QList<QUrl> m_browsed;
};

void TestLinks::initTestCase()
{
    Theme::instance().install(*qobject_cast<QApplication*>(QCoreApplication::instance()));
    m_server = TestServer::prometheus();
    QVERIFY(m_server);
    Prompt::setUrlOpener([this](const QUrl& url) { m_browsed << url; });
}

void TestLinks::init()
{
    QDir(stateFolder()).removeRecursively();
    m_browsed.clear();
    m_folder = std::make_unique<QTemporaryDir>();
    QVERIFY(QDir(m_folder->path()).mkdir(u"boards"_s));
    const QString root = m_folder->filePath(u"boards"_s);
    write(root + u"/home.json"_s, kHome);
    write(root + u"/detail.json"_s, detail());
    write(root + u"/nouid.json"_s, "{\"title\": \"No uid\", \"tags\": [\"team\"], \"panels\": []}");
    m_desk = std::make_unique<Desk>(m_folder->path());
    QVERIFY_RESULT(m_desk->window.findChild<DashboardCatalogue*>()->addFolder(root));
    QTRY_VERIFY_WITH_TIMEOUT(m_desk->window.findChild<DashboardCatalogue*>()->index()->withUid(u"detail"_s), kPatienceMs);
    WindowRequest request;
    request.url = m_server->url();
    request.dashboard = root + u"/home.json"_s;
    m_desk->window.start(request);
    QVERIFY(QTest::qWaitForWindowActive(&m_desk->window));
    QTRY_VERIFY_WITH_TIMEOUT(page()->session() && shown() == u"home.json" && !page()->session()->panels().empty(), kPatienceMs);
}

void TestLinks::cleanup()
{
    m_desk.reset();
    QThreadPool::globalInstance()->waitForDone();
}

void TestLinks::linksOpenHereWithTheirVariables()
{
    page()->session()->setVariable(u"job"_s, {u"web"_s});
    QTRY_COMPARE(job(), QStringList {u"web"_s});
    click(u"Detail"_s);
    QTRY_COMPARE_WITH_TIMEOUT(shown(), u"detail.json"_s, kPatienceMs);
    QTRY_COMPARE_WITH_TIMEOUT(job(), QStringList {u"web"_s}, kPatienceMs);
    QCOMPARE(page()->session()->rawTimeRange().from, u"now-3h"_s);
    QVERIFY(m_browsed.isEmpty());
}

void TestLinks::tagsOfferAMenu()
{
    page()->session()->setVariable(u"job"_s, {u"web"_s});
    QTRY_COMPARE(job(), QStringList {u"web"_s});
    click(u"Team"_s);
    auto* menu = m_desk->window.findChild<QMenu*>(u"linkedDashboards"_s);
    QVERIFY(menu);
    QCOMPARE(menu->actions().size(), 2);
    QCOMPARE(menu->actions().constFirst()->text(), u"Detail"_s);
    menu->actions().constFirst()->trigger();
    menu->close();
    QTRY_COMPARE_WITH_TIMEOUT(shown(), u"detail.json"_s, kPatienceMs);
    QTRY_COMPARE_WITH_TIMEOUT(job(), QStringList {u"web"_s}, kPatienceMs);
    QCOMPARE(page()->session()->rawTimeRange().from, u"now-3h"_s);
}

void TestLinks::panelLinksShowTheirPanel()
{
    QTRY_VERIFY_WITH_TIMEOUT(page()->view()->panelTitled(u"linked"_s), kPatienceMs);
    auto* button = page()->view()->panelTitled(u"linked"_s)->findChild<QToolButton*>(u"panelLinks"_s);
    QVERIFY(button);
    QTest::mouseClick(button, Qt::LeftButton);
    QTRY_COMPARE_WITH_TIMEOUT(shown(), u"detail.json"_s, kPatienceMs);
    QTRY_VERIFY_WITH_TIMEOUT(page()->view()->panelTitled(u"panel 12"_s) && page()->view()->panelTitled(u"panel 12"_s)->hasFocus(), kPatienceMs);
    QCOMPARE(job(), QStringList {u"api"_s});
}

void TestLinks::otherLinksGoToTheBrowser()
{
    click(u"Wiki"_s);
    QCOMPARE(m_browsed, QList<QUrl> {QUrl(u"https://wiki.example.org/d"_s)});
    // a page of Grafana that is no dashboard here: what to do is said
    Q_EMIT page()->linkActivated(QUrl(u"/d/elsewhere"_s));
    QCOMPARE(m_browsed.size(), 1);
    const QList<QLabel*> labels = page()->findChildren<QLabel*>();
    QVERIFY(std::ranges::any_of(labels, [](const QLabel* label) { return label->isVisible() && label->text().contains(u"no dashboard of the library"_s); }));
    QCOMPARE(shown(), u"home.json"_s);
}

void TestLinks::linksToItselfNarrowDown()
{
    const DashboardSession* before = page()->session();
    click(u"Narrow"_s);
    QTRY_COMPARE(job(), QStringList {u"web"_s});
    QCOMPARE(page()->session()->rawTimeRange().from, u"now-15m"_s);
    QCOMPARE(page()->session(), before);
}

void TestLinks::listsDashboardsAndStars()
{
    QTRY_VERIFY_WITH_TIMEOUT(list() && !list()->findItems(u"Detail"_s, Qt::MatchExactly).isEmpty(), kPatienceMs);
    QCOMPARE(list()->findItems(u"Detail"_s, Qt::MatchExactly).size(), 1);
    clickRow(u"Detail"_s, 1);
    QTRY_COMPARE(list()->findItems(u"Detail"_s, Qt::MatchExactly).size(), 2); // among the starred as well
    QCOMPARE(m_desk->settings.value(Settings::Key::StarredDashboards).size(), 1);
    QCOMPARE(shown(), u"home.json"_s);
    clickRow(u"Detail"_s, 0);
    QTRY_COMPARE_WITH_TIMEOUT(shown(), u"detail.json"_s, kPatienceMs);
}

void TestLinks::filesWithoutAUidOpenFromTheList()
{
    QTRY_VERIFY_WITH_TIMEOUT(list() && !list()->findItems(u"No uid"_s, Qt::MatchExactly).isEmpty(), kPatienceMs);
    list()->setFocus();
    list()->setCurrentItem(list()->findItems(u"No uid"_s, Qt::MatchExactly).constFirst());
    QTest::keyClick(list(), Qt::Key_Return);
    QTRY_COMPARE_WITH_TIMEOUT(shown(), u"nouid.json"_s, kPatienceMs);
}

PROMDECK_GUI_TEST_MAIN(TestLinks)
#include "tst_links.moc"
