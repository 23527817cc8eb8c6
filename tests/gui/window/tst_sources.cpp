#include "app/gui/mainwindow.h"
#include "models/dashboard/dashboardfile.h"
#include "tests/support/fakehttp.h"
#include "tests/support/servers.h"
#include "tests/support/testsupport.h"
#include "widgets/common/noticebar.h"
#include "widgets/common/theme.h"
#include "widgets/dashboard/dashboardpage.h"
#include "widgets/dashboard/dashboardsaving.h"
#include "widgets/dashboard/dashboardview.h"
#include "widgets/dashboard/sourcebanner.h"
#include "widgets/panels/panelwidget.h"
#include "widgets/stack/welcomepage.h"

#include <QAction>
#include <QApplication>
#include <QComboBox>
#include <QDir>
#include <QFile>
#include <QPushButton>
#include <QTemporaryDir>
#include <QThreadPool>

#include <algorithm>
#include <memory>

using namespace Promdeck;
using namespace Promdeck::Testing;
using namespace Qt::StringLiterals;

namespace {

constexpr int kPatienceMs = 20000;

const QByteArray kBoard = "{\"title\": \"Shared\", \"uid\": \"shared\", \"schemaVersion\": 39, \"__inputs\": [{\"name\": \"DS_PROM\", \"label\": \"Our metrics\", "
    "\"type\": \"datasource\", \"pluginId\": \"prometheus\"}, {\"name\": \"VAR_LIMIT\", \"type\": \"constant\", \"label\": \"Limit\", \"value\": \"7\"}], "
    "\"panels\": ["
    "{\"id\": 1, \"type\": \"timeseries\", \"title\": \"numbers ${VAR_LIMIT}\", \"gridPos\": {\"x\": 0, \"y\": 0, \"w\": 12, \"h\": 8}, "
    "\"datasource\": {\"type\": \"prometheus\", \"uid\": \"${DS_PROM}\"}, \"targets\": [{\"refId\": \"A\", \"expr\": \"up + ${VAR_LIMIT}\"}]},"
    "{\"id\": 2, \"type\": \"logs\", \"title\": \"lines\", \"gridPos\": {\"x\": 12, \"y\": 0, \"w\": 12, \"h\": 8}, "
    "\"datasource\": {\"type\": \"loki\", \"uid\": \"P8E80F9AEF21F6940\"}, \"targets\": [{\"refId\": \"A\", \"expr\": \"{job=\\\"x\\\"}\"}]}]}";

void write(const QString& path, const QByteArray& text)
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
    Settings settings;
    StackStore stacks;
    MainWindow window;
};

} // namespace

/// Data sources that nobody knows, in the real window.
class TestSources final : public QObject
{
    Q_OBJECT

private Q_SLOTS:
    void initTestCase();
    void init();
    void cleanup();
    void asksOnceAndShowsWhatItCan();
    void asksTheChosenStackAndRemembers();
    void knownNamesAskNothing();
    void stacksThatAreGoneAskAgain();

private:
    void openBoard();
    [[nodiscard]] DashboardPage* page() const { return m_desk->window.dashboardPage(); }
    [[nodiscard]] SourceBanner* banner() const { return page()->findChild<SourceBanner*>(); }
    [[nodiscard]] QComboBox* picker(const QString& reference) const { return banner()->findChild<QComboBox*>(u"source:"_s + reference); }
    [[nodiscard]] int askedOther() const
    {
        return int(std::ranges::count_if(m_other->requests(), [](const FakeHttpServer::Request& request) { return request.path.contains("query_range"); }));
    }
    void choose(const QString& reference, const QString& value)
    {
        QVERIFY(picker(reference));
        const int index = picker(reference)->findData(value);
        QVERIFY(index >= 0);
        picker(reference)->setCurrentIndex(index);
    }

    std::unique_ptr<TestServer> m_server;
    std::unique_ptr<FakeHttpServer> m_other; ///< a fake: only whether it is asked matters
    std::unique_ptr<QTemporaryDir> m_folder;
    QString m_file;
    std::unique_ptr<Desk> m_desk;
};

void TestSources::initTestCase()
{
    Theme::instance().install(*qobject_cast<QApplication*>(QCoreApplication::instance()));
    m_server = TestServer::prometheus();
    QVERIFY(m_server);
}

void TestSources::init()
{
    QDir(stateFolder()).removeRecursively();
    m_other = std::make_unique<FakeHttpServer>([](const FakeHttpServer::Request&) {
        return FakeHttpServer::answer("{\"status\":\"success\",\"data\":{\"resultType\":\"matrix\",\"result\":[]}}");
    });
    m_folder = std::make_unique<QTemporaryDir>();
    m_file = m_folder->filePath(u"shared.json"_s);
    write(m_file, kBoard);
    m_desk = std::make_unique<Desk>(m_folder->path());
    StackProfile other = profileForUrl(m_other->url());
    other.name = u"other"_s;
    QVERIFY_RESULT(m_desk->stacks.put(other));
    openBoard();
}

void TestSources::cleanup()
{
    m_desk.reset();
    QThreadPool::globalInstance()->waitForDone();
}

void TestSources::openBoard()
{
    WindowRequest request;
    request.url = m_server->url();
    request.dashboard = m_file;
    m_desk->window.start(request);
    QVERIFY(QTest::qWaitForWindowActive(&m_desk->window));
    QTRY_VERIFY_WITH_TIMEOUT(page()->session() && page()->saving()->reference() == m_file, kPatienceMs);
}

void TestSources::asksOnceAndShowsWhatItCan()
{
    QTRY_VERIFY(banner()->isVisible());
    QCOMPARE(banner()->rows().size(), size_t(2));
    QCOMPARE(banner()->rows()[0].label, u"Our metrics (Prometheus, 1 panel)"_s);
    QCOMPARE(banner()->rows()[1].label, u"P8E80F9AEF21F6940 (Loki, 1 panel)"_s);
    QCOMPARE(picker(u"${DS_PROM}"_s)->currentData().toString(), u"prometheus"_s);
    // the numbers are there already, and no panel has an error; constants of the export have their value
    QTRY_VERIFY_WITH_TIMEOUT(page()->view()->panelTitled(u"lines"_s) && page()->view()->isSettled(), kPatienceMs);
    const PanelWidget* numbers = page()->view()->panelTitled(u"numbers 7"_s);
    QVERIFY(numbers);
    QVERIFY(!numbers->input().data->error);
    QCOMPARE(numbers->input().data->queries.front().expr, u"up + 7"_s);
    QVERIFY(!page()->view()->panelTitled(u"lines"_s)->input().data->error);
    QTest::mouseClick(banner()->findChild<QPushButton*>(u"useSources"_s), Qt::LeftButton);
    QVERIFY(!banner()->isVisible());
    QCOMPARE(askedOther(), 0);
    // it can be asked again, with what was chosen
    m_desk->window.findChild<QAction*>(u"chooseSources"_s)->trigger();
    QVERIFY(banner()->isVisible());
    QCOMPARE(picker(u"P8E80F9AEF21F6940"_s)->currentData().toString(), u"none"_s);
    // looking at a dashboard does not change it
    QVERIFY(page()->saving()->isClean());
    QCOMPARE(readFile(m_file), kBoard);
}

void TestSources::asksTheChosenStackAndRemembers()
{
    QTRY_VERIFY(banner()->isVisible());
    choose(u"${DS_PROM}"_s, u"prometheus@other"_s);
    choose(u"P8E80F9AEF21F6940"_s, u"none"_s);
    QTest::mouseClick(banner()->findChild<QPushButton*>(u"useSources"_s), Qt::LeftButton);
    QTRY_VERIFY_WITH_TIMEOUT(askedOther() > 0, kPatienceMs);
    QTRY_VERIFY_WITH_TIMEOUT(page()->view()->isSettled(), kPatienceMs);
    const int before = askedOther();
    page()->refresh();
    QTRY_VERIFY_WITH_TIMEOUT(askedOther() > before, kPatienceMs);
    // the next start asks nobody but the stack
    QVERIFY_RESULT(m_desk->settings.flush());
    const Json settings = m_desk->settings.value(Settings::Key::DatasourceChoices);
    QCOMPARE(settings[u"shared"][u"${DS_PROM}"].toString(), u"prometheus@other"_s);
    cleanup();
    m_desk = std::make_unique<Desk>(m_folder->path());
    QVERIFY_RESULT(m_desk->settings.load());
    QVERIFY_RESULT(m_desk->stacks.load());
    const int again = askedOther();
    openBoard();
    QTRY_VERIFY_WITH_TIMEOUT(askedOther() > again, kPatienceMs);
    QVERIFY(!banner()->isVisible());
}

void TestSources::knownNamesAskNothing()
{
    write(m_file, QByteArray(kBoard).replace("${DS_PROM}", "OTHER").replace("P8E80F9AEF21F6940", "Loki"));
    m_desk->window.openDashboard(m_file);
    QTRY_VERIFY_WITH_TIMEOUT(!banner()->isVisible(), kPatienceMs);
}

void TestSources::stacksThatAreGoneAskAgain()
{
    QTRY_VERIFY(banner()->isVisible());
    choose(u"${DS_PROM}"_s, u"prometheus@other"_s);
    QTest::mouseClick(banner()->findChild<QPushButton*>(u"useSources"_s), Qt::LeftButton);
    QVERIFY_RESULT(m_desk->stacks.remove(u"other"_s));
    m_desk->window.openDashboard(m_file);
    QTRY_VERIFY_WITH_TIMEOUT(page()->notices()->text().contains(u"no stack named “other”"_s), kPatienceMs);
    QTest::mouseClick(page()->findChild<QPushButton*>(u"askSources"_s), Qt::LeftButton);
    QVERIFY(banner()->isVisible());
}

PROMDECK_GUI_TEST_MAIN(TestSources)
#include "tst_sources.moc"
