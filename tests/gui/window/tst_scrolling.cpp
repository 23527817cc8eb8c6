#include "app/gui/mainwindow.h"
#include "tests/support/servers.h"
#include "tests/support/testsupport.h"
#include "widgets/common/theme.h"
#include "widgets/dashboard/dashboardpage.h"
#include "widgets/dashboard/dashboardview.h"
#include "widgets/panels/panelwidget.h"
#include "widgets/stack/welcomepage.h"

#include <QApplication>
#include <QFile>
#include <QScrollBar>
#include <QTemporaryDir>
#include <QTimer>

#include <memory>

using namespace Promdeck;
using namespace Promdeck::Testing;
using namespace Qt::StringLiterals;

namespace {

constexpr int kPatienceMs = 20000;
constexpr int kPanels = 60;

// One panel below the other, each with a query of its own.
QByteArray tallDashboard()
{
    Json panels = Json::array();
    for (int index = 0; index < kPanels; ++index) {
        Json target = Json::object({{u"refId"_s, u"A"_s}, {u"expr"_s, u"vector(%1)"_s.arg(index)}});
        panels.append(Json::object({{u"id"_s, index + 1},
                                    {u"type"_s, u"timeseries"_s},
                                    {u"title"_s, u"panel %1"_s.arg(index)},
                                    {u"gridPos"_s, Json::object({{u"x"_s, 0}, {u"y"_s, index * 8}, {u"w"_s, 24}, {u"h"_s, 8}})},
                                    {u"targets"_s, Json::array({target})}}));
    }
    return Json::object({{u"title"_s, u"Tall"_s}, {u"schemaVersion"_s, 41}, {u"panels"_s, panels}}).toUtf8();
}

} // namespace

class TestScrolling final : public QObject
{
    Q_OBJECT

private Q_SLOTS:
    void initTestCase();
    void init();
    void cleanup();
    void loadsWhileScrolling();
    void asksForNothingItFliesPast();
    void looksAhead();

private:
    [[nodiscard]] DashboardView* view() const { return m_window->dashboardPage()->view(); }
    [[nodiscard]] DashboardSession* session() const { return m_window->dashboardPage()->session(); }
    [[nodiscard]] PanelData::State stateOf(int panel) const
    {
        return session()->panelData(session()->panels()[size_t(panel)].key)->state;
    }

    std::unique_ptr<TestServer> m_server;
    QTemporaryDir m_folder;
    std::unique_ptr<Settings> m_settings;
    std::unique_ptr<StackStore> m_stacks;
    std::unique_ptr<MainWindow> m_window;
};

void TestScrolling::initTestCase()
{
    Theme::instance().install(*qobject_cast<QApplication*>(QCoreApplication::instance()));
    m_server = TestServer::prometheus();
    QVERIFY(m_server);
    QFile file(m_folder.filePath(u"tall.json"_s));
    QVERIFY(file.open(QIODevice::WriteOnly));
    file.write(tallDashboard());
}

void TestScrolling::init()
{
    m_settings = std::make_unique<Settings>(m_folder.filePath(u"settings.json"_s));
    m_stacks = std::make_unique<StackStore>(m_folder.filePath(u"stacks.json"_s));
    m_window = std::make_unique<MainWindow>(Services {m_settings.get(), m_stacks.get(), noSecretStore()});
    m_window->welcomePage()->setPlaces({});
    m_window->resize(1000, 700);
    m_window->show();
    WindowRequest request;
    request.url = m_server->url();
    request.dashboard = m_folder.filePath(u"tall.json"_s);
    m_window->start(request);
    QTRY_VERIFY_WITH_TIMEOUT(session() && session()->panels().size() == size_t(kPanels) && view()->isSettled(), kPatienceMs);
}

void TestScrolling::cleanup()
{
    m_window.reset();
    m_stacks.reset();
    m_settings.reset();
}

// A hand that keeps the wheel turning still sees data: a step every 10 ms never lets the view rest.
void TestScrolling::loadsWhileScrolling()
{
    QScrollBar* bar = view()->verticalScrollBar();
    bar->setValue(3000);
    QTimer hand;
    int step = 1;
    connect(&hand, &QTimer::timeout, this, [&] {
        bar->setValue(bar->value() + step);
        step = -step;
    });
    hand.start(10);
    const int inView = 3000 / 304 + 1;
    QCOMPARE(stateOf(inView), PanelData::State::Idle);
    QTRY_COMPARE_WITH_TIMEOUT(stateOf(inView), PanelData::State::Done, kPatienceMs);
    QVERIFY(hand.isActive());
}

// Dragging the bar over everything asks for what is there in the end, not for what was passed.
void TestScrolling::asksForNothingItFliesPast()
{
    QScrollBar* bar = view()->verticalScrollBar();
    QTimer hand;
    connect(&hand, &QTimer::timeout, this, [&] {
        bar->setValue(bar->value() + 500);
        if (bar->value() == bar->maximum())
            hand.stop();
    });
    hand.start(10);
    QTRY_VERIFY_WITH_TIMEOUT(!hand.isActive(), kPatienceMs);
    QTRY_COMPARE_WITH_TIMEOUT(stateOf(kPanels - 1), PanelData::State::Done, kPatienceMs);
    QTRY_VERIFY_WITH_TIMEOUT(view()->isSettled(), kPatienceMs);
    QCOMPARE(stateOf(kPanels / 2), PanelData::State::Idle);
}

// Told to look as far as the content reaches, the view loads and draws all of it without being scrolled.
void TestScrolling::looksAhead()
{
    QCOMPARE(stateOf(kPanels - 1), PanelData::State::Idle);
    view()->setLookAhead(view()->contentHeight());
    QVERIFY(!view()->isSettled());
    QTRY_VERIFY_WITH_TIMEOUT(view()->isSettled(), kPatienceMs);
    QCOMPARE(view()->panels().size(), kPanels);
    for (int panel = 0; panel < kPanels; ++panel)
        QCOMPARE(stateOf(panel), PanelData::State::Done);
}

PROMDECK_GUI_TEST_MAIN(TestScrolling)
#include "tst_scrolling.moc"
