#include "tests/gui/editor/windowfixture.h"
#include "widgets/dashboard/dashboardediting.h"
#include "widgets/panels/timeseriesbody.h"
#include "widgets/plot/plotcanvas.h"
#include "widgets/plot/timeseriesview.h"

#include <QAction>
#include <QContextMenuEvent>
#include <QMenu>
#include <QThreadPool>
#include <QToolButton>

using namespace Promdeck;
using namespace Promdeck::Testing;
using namespace Qt::StringLiterals;

namespace {

QByteArray samplesOf(double offset, qint64 end)
{
    QByteArray text = "# TYPE load gauge\n";
    for (const char* instance : {"a", "b"}) {
        for (int i = 0; i < 100; ++i)
            text += QByteArray("load{instance=\"") + instance + "\"} " + QByteArray::number(offset + i % 20 + (instance[0] - 'a') * 40) + ' '
                + QByteArray::number(end - (100 - i) * 15) + '\n';
    }
    return text + "# EOF\n";
}

StackProfile profileOf(const QString& name, const QUrl& url)
{
    StackProfile profile = profileForUrl(url);
    profile.name = name;
    return profile;
}

} // namespace

/// One panel on several stacks at once, chosen in its menu.
class TestFanOut final : public QObject
{
    Q_OBJECT

private Q_SLOTS:
    void initTestCase();
    void init();
    void cleanup();
    void panelsRunOnSeveralStacks();
    void aFailedStackHasABadge();
    void wholeDashboardsRunOnSeveralStacks();

private:
    [[nodiscard]] const TimeSeriesModel& model() const
    {
        return *static_cast<TimeSeriesBody*>(m_fixture.panel(u"Load"_s)->body())->view()->canvas()->model();
    }
    [[nodiscard]] QStringList names() const
    {
        QStringList all;
        for (const SeriesModel& series : model().series)
            all << series.name;
        return all;
    }
    /// Ticks an entry of the panel's menu, as a click would.
    void choose(const QString& name);

    WindowFixture m_fixture;
    std::unique_ptr<TestServer> m_us;
    qint64 m_end = 0;
};

void TestFanOut::initTestCase()
{
    Theme::instance().install(*qobject_cast<QApplication*>(QCoreApplication::instance()));
    m_end = QDateTime::currentSecsSinceEpoch();
    m_fixture.server = TestServer::prometheus({.samples = samplesOf(0, m_end)});
    m_us = TestServer::prometheus({.samples = samplesOf(100, m_end)});
    QVERIFY(m_fixture.server && m_us);
}

void TestFanOut::init()
{
    Theme::instance().setMode(ThemeMode::Dark);
    m_fixture.makeWindow();
    QVERIFY_RESULT(m_fixture.stacks->put(profileOf(u"EU"_s, m_fixture.server->url())));
    QVERIFY_RESULT(m_fixture.stacks->put(profileOf(u"US"_s, m_us->url())));
    QVERIFY_RESULT(m_fixture.stacks->put(profileOf(u"Moon"_s, QUrl(u"http://127.0.0.1:1/"_s))));
    const Json target = Json::object({{u"refId"_s, u"A"_s}, {u"expr"_s, u"load"_s}, {u"legendFormat"_s, u"{{instance}}"_s}});
    Json board = Json::object({{u"title"_s, u"Fan"_s}, {u"schemaVersion"_s, 42}});
    Json panels = Json::array();
    const char* const types[] {"timeseries", "stat"};
    for (int i = 0; i < 2; ++i)
        panels.append(Json::object({{u"id"_s, i + 1},
                                    {u"type"_s, QString::fromLatin1(types[i])},
                                    {u"title"_s, i == 0 ? u"Load"_s : u"Now"_s},
                                    {u"gridPos"_s, Json::object({{u"h"_s, 12}, {u"w"_s, 12}, {u"x"_s, 12 * i}, {u"y"_s, 0}})},
                                    {u"targets"_s, Json::array({target})}}));
    board.set(u"panels"_s, panels);
    board.setPath(u"time.from", QString::number((m_end - 1400) * 1000));
    board.setPath(u"time.to", QString::number(m_end * 1000));
    m_fixture.file = m_fixture.folder.filePath(u"fan.json"_s);
    QFile out(m_fixture.file);
    QVERIFY(out.open(QIODevice::WriteOnly));
    out.write(board.toUtf8());
    out.close();
    WindowRequest request;
    request.stack = u"EU"_s;
    request.dashboard = m_fixture.file;
    m_fixture.window->start(request);
    QTRY_VERIFY_WITH_TIMEOUT(m_fixture.page()->session() && m_fixture.panel(u"Load"_s) && m_fixture.view()->isSettled(), kPatienceMs);
    QCOMPARE(names(), QStringList({u"a"_s, u"b"_s}));
}

void TestFanOut::cleanup()
{
    if (m_fixture.page()->editing()->editor())
        m_fixture.page()->editing()->editor()->setClean();
    m_fixture.closeWindow();
    QThreadPool::globalInstance()->waitForDone();
    QFile::remove(m_fixture.folder.filePath(u"stacks.json"_s));
    QFile::remove(m_fixture.folder.filePath(u"session.json"_s));
}

void TestFanOut::choose(const QString& name)
{
    PanelWidget* panel = m_fixture.panel(u"Load"_s);
    QContextMenuEvent ask(QContextMenuEvent::Keyboard, QPoint(20, 20), panel->mapToGlobal(QPoint(20, 20)));
    QApplication::sendEvent(panel, &ask);
    auto* menu = panel->findChild<QMenu*>(u"panelMenuPopup"_s);
    QVERIFY(menu);
    auto* stacks = menu->findChild<QMenu*>(u"panelStacks"_s);
    QVERIFY(stacks);
    auto* entry = stacks->findChild<QAction*>(name);
    QVERIFY(entry && entry->isEnabled());
    entry->trigger();
    delete menu;
}

void TestFanOut::panelsRunOnSeveralStacks()
{
    const Rgba first = model().series[0].color;
    choose(u"fanOut:US"_s);
    QTRY_COMPARE_WITH_TIMEOUT(names(), QStringList({u"a · EU"_s, u"b · EU"_s, u"a · US"_s, u"b · US"_s}), kPatienceMs);
    QTRY_VERIFY(m_fixture.view()->isSettled());
    // The same colours, told apart by dashes; the values are those of the other stack.
    QCOMPARE(model().series[0].color, first);
    QCOMPARE(model().series[2].color, first);
    QVERIFY(model().series[0].style.dash.isEmpty() && !model().series[2].style.dash.isEmpty());
    QVERIFY(model().series[2].values.numbers().back() >= 100);
    QCOMPARE(m_fixture.page()->editing()->editor()->panelJson(1).path(u"promdeck.stacks").at(0).toString(), u"US"_s);
    m_fixture.keepPicture(u"fanout-dash"_s);
    choose(u"fanOutByColor"_s);
    QTRY_VERIFY_WITH_TIMEOUT(!(model().series[2].color == first), kPatienceMs);
    QVERIFY(model().series[2].style.dash.isEmpty());
    QTRY_VERIFY(m_fixture.view()->isSettled());
    Theme::instance().setMode(ThemeMode::Light);
    QTRY_VERIFY(m_fixture.view()->isSettled());
    m_fixture.keepPicture(u"fanout-color-light"_s);
    Theme::instance().setMode(ThemeMode::Dark);
    // Undo takes it back like any edit.
    m_fixture.page()->editing()->editor()->undo();
    m_fixture.page()->editing()->editor()->undo();
    QTRY_COMPARE_WITH_TIMEOUT(names(), QStringList({u"a"_s, u"b"_s}), kPatienceMs);
}

void TestFanOut::aFailedStackHasABadge()
{
    choose(u"fanOut:US"_s);
    choose(u"fanOut:Moon"_s);
    QTRY_VERIFY_WITH_TIMEOUT(m_fixture.panel(u"Load"_s)->findChild<QToolButton*>(u"panelStacksFailed"_s), kPatienceMs);
    QTRY_VERIFY_WITH_TIMEOUT(m_fixture.view()->isSettled(), kPatienceMs);
    QCOMPARE(names(), QStringList({u"a · EU"_s, u"b · EU"_s, u"a · US"_s, u"b · US"_s}));
    auto* badge = m_fixture.panel(u"Load"_s)->findChild<QToolButton*>(u"panelStacksFailed"_s);
    QVERIFY(badge && badge->isVisible());
    QVERIFY2(badge->accessibleName().contains(u"Moon"_s), qPrintable(badge->accessibleName()));
    m_fixture.keepPicture(u"fanout-failed"_s);
    choose(u"fanOut:Moon"_s);
    QTRY_VERIFY_WITH_TIMEOUT(!m_fixture.panel(u"Load"_s)->findChild<QToolButton*>(u"panelStacksFailed"_s), kPatienceMs);
}

void TestFanOut::wholeDashboardsRunOnSeveralStacks()
{
    QTest::keyClick(m_fixture.window.get(), Qt::Key_F10);
    auto* stacks = m_fixture.window->findChild<QMenu*>(u"dashboardStacks"_s);
    QVERIFY(stacks);
    stacks->findChild<QAction*>(u"fanOut:US"_s)->trigger();
    delete m_fixture.window->findChild<QMenu*>(u"mainMenuPopup"_s);
    QTRY_COMPARE_WITH_TIMEOUT(model().series.size(), size_t(4), kPatienceMs);
    QTRY_COMPARE_WITH_TIMEOUT(m_fixture.panel(u"Now"_s)->input().data->frames.size(), size_t(4), kPatienceMs);
    QTRY_VERIFY(m_fixture.view()->isSettled());
    // A panel may stay at home.
    choose(u"fanOut:US"_s);
    QTRY_COMPARE_WITH_TIMEOUT(model().series.size(), size_t(2), kPatienceMs);
    QCOMPARE(m_fixture.panel(u"Now"_s)->input().data->frames.size(), size_t(4));
    choose(u"fanOutInherit"_s);
    QTRY_COMPARE_WITH_TIMEOUT(model().series.size(), size_t(4), kPatienceMs);
}

PROMDECK_GUI_TEST_MAIN(TestFanOut)
#include "tst_fanout.moc"
