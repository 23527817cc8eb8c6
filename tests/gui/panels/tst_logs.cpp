#include "models/query/dashboardsession.h"
#include "tests/gui/panels/chartfixture.h"
#include "tests/support/fakehttp.h"
#include "tests/support/fakeloki.h"
#include "widgets/dashboard/dashboardview.h"
#include "widgets/panels/logcontext.h"
#include "widgets/panels/logsbody.h"
#include "widgets/panels/logview.h"

#include <QClipboard>
#include <QLabel>
#include <QLineEdit>
#include <QMenu>
#include <QPushButton>
#include <QScrollBar>
#include <QTextBlock>
#include <QTreeWidget>

using namespace Promdeck;
using namespace Promdeck::Testing;
using namespace Qt::StringLiterals;

namespace {

const char kDashboard[] = "{\"title\": \"Logs\", \"schemaVersion\": 39, \"timezone\": \"utc\", \"time\": {\"from\": \"now-1h\", \"to\": \"now\"},"
                          "\"templating\": {\"list\": [{\"name\": \"pod\", \"type\": \"query\", \"datasource\": {\"type\": \"loki\", \"uid\": \"l\"},"
                          "\"query\": {\"type\": 1, \"label\": \"pod\", \"stream\": \"{job=\\\"web\\\"}\"}, \"sort\": 1},"
                          "{\"name\": \"names\", \"type\": \"query\", \"datasource\": {\"type\": \"loki\", \"uid\": \"l\"}, \"query\": \"label_names()\"}]},"
                          "\"panels\": [{\"id\": 1, \"type\": \"logs\", \"title\": \"Web\", \"datasource\": {\"type\": \"loki\", \"uid\": \"l\"},"
                          "\"gridPos\": {\"x\": 0, \"y\": 0, \"w\": 24, \"h\": 14}, \"options\": {\"showTime\": true},"
                          "\"targets\": [{\"refId\": \"A\", \"expr\": \"{job=\\\"web\\\"} |= \\\"request\\\"\", \"maxLines\": 100}]},"
                          "{\"id\": 2, \"type\": \"logs\", \"title\": \"Other\", \"datasource\": {\"type\": \"loki\", \"uid\": \"l\"},"
                          "\"gridPos\": {\"x\": 0, \"y\": 14, \"w\": 24, \"h\": 6},"
                          "\"targets\": [{\"refId\": \"A\", \"expr\": \"{job=\\\"db\\\"}\"}]}]}";

constexpr qint64 kNsPerMs = 1'000'000;
constexpr int kLines = 250;

const Labels kWeb {{u"job"_s, u"web"_s}, {u"pod"_s, u"web-1"_s}};

/// A dashboard view over the fake Loki, as in the window.
class Desk
{
public:
    explicit Desk(FakeLoki& loki)
        : m_prometheus([](const FakeHttpServer::Request&) { return FakeHttpServer::answer("{\"status\":\"success\",\"data\":[]}"); })
    {
        StackProfile profile;
        profile.prometheus = m_prometheus.url();
        profile.loki = loki.url();
        session = std::make_unique<DashboardSession>(readDashboard(kDashboard).valueOr({}),
                                                     std::make_shared<StackConnection>(profile, HttpOptions {}));
        session->setRefreshInterval(0);
        view.resize(1200, 800);
        view.setSession(session.get());
        view.show();
        session->start();
    }
    ~Desk() { view.setSession(nullptr); }
    Q_DISABLE_COPY_MOVE(Desk)
    [[nodiscard]] LogsBody* logs(const QString& title = u"Web"_s)
    {
        PanelWidget* panel = view.panelTitled(title);
        return panel ? qobject_cast<LogsBody*>(panel->body()) : nullptr;
    }
    [[nodiscard]] int rows(const QString& title = u"Web"_s) { return logs(title) ? int(logs(title)->model().rows.size()) : -1; }
    template <typename Widget = QToolButton>
    [[nodiscard]] Widget* part(const QString& name)
    {
        return logs()->findChild<Widget*>(name);
    }
    void clickRow(int row)
    {
        auto* lines = part<LogView>(u"logView"_s);
        const QTextBlock block = lines->document()->findBlockByNumber(row);
        QTest::mouseClick(lines->viewport(), Qt::LeftButton, {}, lines->cursorRect(QTextCursor(block)).center());
        QApplication::processEvents(); // its details take their place
    }
    /// Chooses a label or field of the line that is shown.
    bool choose(const QString& name)
    {
        auto* fields = part<QTreeWidget>(u"logFields"_s);
        const auto found = fields->findItems(name, Qt::MatchExactly | Qt::MatchRecursive);
        fields->setCurrentItem(found.value(0));
        return !found.isEmpty();
    }

    FakeHttpServer m_prometheus;
    std::unique_ptr<DashboardSession> session;
    DashboardView view;
};

QString lastQuery(const FakeLoki& loki)
{
    return loki.asked().isEmpty() ? QString() : loki.asked().back().queryItemValue(u"query"_s, QUrl::FullyDecoded);
}

} // namespace

/// The logs panel against a fake Loki (no package of the real one exists).
class TestLogs final : public QObject
{
    Q_OBJECT

    std::unique_ptr<FakeLoki> m_loki;
    qint64 m_firstMs = 0;

    void restart(bool takesLive)
    {
        m_loki = std::make_unique<FakeLoki>(takesLive);
        m_firstMs = QDateTime::currentMSecsSinceEpoch() - 1'800'000;
        for (int i = 0; i < kLines; ++i) {
            const QString level = i % 50 == 7 ? u"error"_s : u"info"_s;
            m_loki->add((m_firstMs + i * 1000) * kNsPerMs, u"level=%1 msg=\"request %2\" path=/p%3 status=%4"_s.arg(level).arg(i).arg(i % 5).arg(i % 50 == 7 ? 500 : 200), kWeb);
            if (i % 10 == 0)
                m_loki->add((m_firstMs + i * 1000 + 1) * kNsPerMs, u"tick %1"_s.arg(i), kWeb);
        }
        m_loki->add((m_firstMs + 20'500) * kNsPerMs, u"slow statement"_s, {{u"job"_s, u"db"_s}});
    }

private Q_SLOTS:
    void initTestCase()
    {
        Theme::instance().install(*qobject_cast<QApplication*>(QCoreApplication::instance()));
        Theme::instance().setMode(ThemeMode::Dark);
    }

    void init() { restart(true); }
    void cleanup() { m_loki.reset(); }

    void olderLinesComeByPages()
    {
        Desk desk(*m_loki);
        QTRY_COMPARE_WITH_TIMEOUT(desk.rows(), 100, kPanelPatienceMs);
        auto* lines = desk.part<LogView>(u"logView"_s);
        QVERIFY(lines->lines().front().text.contains(u"request 249"_s));
        QVERIFY(desk.part(u"logOlder"_s)->isVisible());
        // Scrolled to the end: what stood there is still in view when older lines are below it.
        QTest::keyClick(lines->verticalScrollBar(), Qt::Key_End);
        QTRY_COMPARE_WITH_TIMEOUT(desk.rows(), kLines, kPanelPatienceMs);
        QCOMPARE(lines->document()->blockCount(), kLines);
        const int firstRow = lines->cursorForPosition({2, 12}).blockNumber();
        QVERIFY2(firstRow > 40 && firstRow < 100, qPrintable(QString::number(firstRow)));
        QTest::mouseClick(desk.part(u"logOlder"_s), Qt::LeftButton);
        QTRY_VERIFY_WITH_TIMEOUT(!desk.part(u"logOlder"_s)->isVisible(), kPanelPatienceMs); // there are none
        QCOMPARE(desk.rows(), kLines);
    }

    void linesComeLive_data()
    {
        QTest::addColumn<bool>("socket");
        QTest::newRow("web socket") << true;
        QTest::newRow("asked for") << false;
    }

    void linesComeLive()
    {
        QFETCH(bool, socket);
        if (!socket)
            restart(false);
        Desk desk(*m_loki);
        QTRY_COMPARE_WITH_TIMEOUT(desk.rows(), 100, kPanelPatienceMs);
        QTest::mouseClick(desk.part(u"logFollow"_s), Qt::LeftButton);
        auto* note = desk.part<QLabel>(u"logNote"_s);
        QTRY_VERIFY_WITH_TIMEOUT(note->text().startsWith(u"Live"_s), kPanelPatienceMs);
        if (socket)
            QTRY_COMPARE_WITH_TIMEOUT(m_loki->followers(), 1, kPanelPatienceMs);
        else
            QVERIFY(note->text().contains(u"every two seconds"_s) || QTest::qWaitFor([&] { return note->text().contains(u"every two seconds"_s); }, kPanelPatienceMs));
        m_loki->say(u"level=warn request live <b>"_s, kWeb);
        m_loki->say(u"no such word"_s, kWeb);
        QTRY_COMPARE_WITH_TIMEOUT(desk.rows(), 101, kPanelPatienceMs);
        QCOMPARE(desk.logs()->model().rows.front().level, LogLevel::Warning);
        if (socket) {
            // Servers end such connections after a while: nothing is lost, nothing comes twice.
            m_loki->hangUp();
            QTRY_COMPARE_WITH_TIMEOUT(m_loki->followers(), 0, kPanelPatienceMs);
            QTRY_COMPARE_WITH_TIMEOUT(m_loki->followers(), 1, kPanelPatienceMs);
            m_loki->say(u"request after the break"_s, kWeb);
            QTRY_COMPARE_WITH_TIMEOUT(desk.rows(), 102, kPanelPatienceMs);
        }
        QTest::mouseClick(desk.part(u"logFollow"_s), Qt::LeftButton);
        if (socket)
            QTRY_COMPARE_WITH_TIMEOUT(m_loki->followers(), 0, kPanelPatienceMs);
        QVERIFY(!desk.part(u"logFollow"_s)->isChecked());
    }

    void levelsAndTextsFilter()
    {
        Desk desk(*m_loki);
        QTRY_COMPARE_WITH_TIMEOUT(desk.rows(), 100, kPanelPatienceMs);
        QMenu* levels = desk.part(u"logLevels"_s)->menu();
        Q_EMIT levels->aboutToShow();
        QCOMPARE(levels->actions().size(), 2);
        QCOMPARE(levels->actions().constLast()->text(), u"info (98)"_s);
        levels->findChild<QAction*>(u"info"_s)->trigger();
        QTRY_COMPARE_WITH_TIMEOUT(desk.rows(), 2, kPanelPatienceMs);
        QTRY_COMPARE(desk.part<QLabel>(u"logNote"_s)->text(), u"2 of 100 lines"_s);
        auto* text = desk.part<QLineEdit>(u"logText"_s);
        text->setFocus();
        QTest::keyClicks(text, u"nothing has this"_s);
        QTRY_COMPARE_WITH_TIMEOUT(desk.rows(), 0, kPanelPatienceMs);
        QVERIFY(desk.logs()->isVisible()); // the way back stays
        QTest::mouseClick(desk.part(u"logShowAll"_s), Qt::LeftButton);
        QTRY_COMPARE_WITH_TIMEOUT(desk.rows(), 100, kPanelPatienceMs);
        QVERIFY(text->text().isEmpty());
        QTest::keyClicks(text, u"/REQUEST 24[0-4]/"_s);
        QTRY_COMPARE_WITH_TIMEOUT(desk.rows(), 5, kPanelPatienceMs);
        auto* lines = desk.part<LogView>(u"logView"_s);
        const QTextBlock block = lines->document()->firstBlock();
        const auto formats = block.layout()->formats();
        QVERIFY(std::any_of(formats.begin(), formats.end(), [&](const QTextLayout::FormatRange& range) {
            return range.format.background().style() != Qt::NoBrush && block.text().mid(range.start, range.length) == u"request 244"_s;
        }));
    }

    void orderWrapAndDuplicates()
    {
        Desk desk(*m_loki);
        QTRY_COMPARE_WITH_TIMEOUT(desk.rows(), 100, kPanelPatienceMs);
        auto* lines = desk.part<LogView>(u"logView"_s);
        QTest::mouseClick(desk.part(u"logOrder"_s), Qt::LeftButton);
        QTRY_VERIFY_WITH_TIMEOUT(lines->lines().back().text.contains(u"request 249"_s), kPanelPatienceMs);
        QTest::mouseClick(desk.part(u"logWrap"_s), Qt::LeftButton);
        QTRY_COMPARE_WITH_TIMEOUT(lines->lineWrapMode(), QPlainTextEdit::WidgetWidth, kPanelPatienceMs);
        QMenu* dedup = desk.part(u"logDedup"_s)->menu();
        Q_EMIT dedup->aboutToShow();
        dedup->findChild<QAction*>(u"numbers"_s)->trigger();
        QTRY_VERIFY_WITH_TIMEOUT(desk.rows() < 10, kPanelPatienceMs);
        QVERIFY(lines->lines().front().text.contains(u"×"_s));
    }

    void aLineHasDetails()
    {
        Desk desk(*m_loki);
        QTRY_COMPARE_WITH_TIMEOUT(desk.rows(), 100, kPanelPatienceMs);
        desk.clickRow(3);
        QVERIFY(desk.part<QWidget>(u"logDetails"_s)->isVisible());
        QVERIFY(desk.choose(u"msg"_s));
        QTest::mouseClick(desk.part(u"logCopyValue"_s), Qt::LeftButton);
        QCOMPARE(QApplication::clipboard()->text(), u"request 246"_s);
        QTest::mouseClick(desk.part(u"logCopyLine"_s), Qt::LeftButton);
        QVERIFY(QApplication::clipboard()->text().startsWith(u"level=info msg="_s));
        // A field of the line: the server is asked for more lines with it than the panel's own query brought.
        QVERIFY(desk.choose(u"path"_s));
        QTest::mouseClick(desk.part(u"logOnly"_s), Qt::LeftButton);
        QTRY_COMPARE_WITH_TIMEOUT(desk.rows(), kLines / 5, kPanelPatienceMs);
        QCOMPARE(lastQuery(*m_loki), u"{job=\"web\"} |= \"request\"\n| logfmt\n| path = \"/p1\""_s);
        desk.clickRow(0);
        QVERIFY(desk.choose(u"status"_s));
        QTest::keyClick(desk.part<QTreeWidget>(u"logFields"_s), Qt::Key_Minus);
        QTRY_COMPARE_WITH_TIMEOUT(desk.rows(), 0, kPanelPatienceMs);
        QCOMPARE(desk.logs()->findChildren<QToolButton*>(u"logFilter"_s).size(), 2);
        QTest::mouseClick(desk.logs()->findChildren<QToolButton*>(u"logFilter"_s).constLast(), Qt::LeftButton);
        QTRY_COMPARE_WITH_TIMEOUT(desk.rows(), kLines / 5, kPanelPatienceMs);
    }

    void contextIsOfTheSameStream()
    {
        Desk desk(*m_loki);
        QTRY_COMPARE_WITH_TIMEOUT(desk.rows(), 100, kPanelPatienceMs);
        desk.clickRow(0);
        QTest::mouseClick(desk.part(u"logContext"_s), Qt::LeftButton);
        QPointer<LogContext> dialog = desk.logs()->findChild<LogContext*>();
        QVERIFY(dialog);
        QTRY_VERIFY_WITH_TIMEOUT(dialog->view()->lines().size() >= 50, kPanelPatienceMs);
        const auto& lines = dialog->view()->lines();
        QVERIFY(lines.back().text.contains(u"request 249"_s)); // in the order of time
        QVERIFY(std::any_of(lines.begin(), lines.end(), [](const LogView::Line& line) { return line.text.contains(u"tick 240"_s); }));
        QCOMPARE(dialog->view()->marked(), int(lines.size()) - 1);
        const size_t before = lines.size();
        QTRY_VERIFY(dialog->findChild<QPushButton*>(u"logEarlier"_s)->isEnabled());
        QTest::mouseClick(dialog->findChild<QPushButton*>(u"logEarlier"_s), Qt::LeftButton);
        QTRY_VERIFY_WITH_TIMEOUT(dialog->view()->lines().size() > before, kPanelPatienceMs);
        QTest::keyClick(dialog, Qt::Key_Escape);
        QTRY_VERIFY(!dialog);
    }

    void timeIsShared()
    {
        Desk desk(*m_loki);
        QTRY_COMPARE_WITH_TIMEOUT(desk.rows(), 100, kPanelPatienceMs);
        QTRY_COMPARE_WITH_TIMEOUT(desk.rows(u"Other"_s), 1, kPanelPatienceMs);
        auto* lines = desk.part<LogView>(u"logView"_s);
        desk.logs()->setSharedTime(m_firstMs + 200'400, false); // the line until then, brought into view
        QCOMPARE(lines->marked(), 49);
        QVERIFY(lines->viewport()->rect().contains(lines->cursorRect(QTextCursor(lines->document()->findBlockByNumber(49))).center()));
        desk.logs()->setSharedTime(std::nullopt, false);
        QCOMPARE(lines->marked(), -1);
        // A click is shared whatever the dashboard says about crosshairs, and taken back by Esc.
        auto* other = desk.logs(u"Other"_s)->findChild<LogView*>();
        lines->verticalScrollBar()->setValue(0);
        desk.clickRow(2);
        QCOMPARE(other->marked(), 0);
        QTest::keyClick(lines, Qt::Key_Escape);
        QCOMPARE(other->marked(), -1);
        QVERIFY(!desk.part<QWidget>(u"logDetails"_s)->isVisible());
        desk.logs()->setPinnedTime(m_firstMs + 200'400); // a locked crosshair
        QCOMPARE(lines->marked(), 49);
        desk.logs()->setSharedTime(m_firstMs + 210'400, false);
        desk.logs()->setSharedTime(std::nullopt, false);
        QCOMPARE(lines->marked(), 49);
    }

    void variablesAskLoki()
    {
        m_loki->add(m_firstMs * kNsPerMs, u"x"_s, {{u"job"_s, u"web"_s}, {u"pod"_s, u"web-2"_s}});
        Desk desk(*m_loki);
        QTRY_COMPARE_WITH_TIMEOUT(desk.rows(), 100, kPanelPatienceMs);
        const auto& states = desk.session->variables();
        QCOMPARE(states.size(), size_t(2));
        QVERIFY2(!states[0].error, states[0].error ? qPrintable(states[0].error->toString()) : "");
        QCOMPARE(states[0].options.size(), size_t(2));
        QCOMPARE(states[0].options[1].value, u"web-2"_s);
        QCOMPARE(states[1].options.size(), size_t(2));
        QCOMPARE(states[1].options[0].value, u"job"_s);
    }

    void errorsStandInThePanel()
    {
        m_loki->fails = true;
        Desk desk(*m_loki);
        QTRY_VERIFY_WITH_TIMEOUT(desk.logs() && !desk.view.panelTitled(u"Web"_s)->stateText().isEmpty(), kPanelPatienceMs);
        m_loki->fails = false;
        desk.session->refresh();
        QTRY_COMPARE_WITH_TIMEOUT(desk.rows(), 100, kPanelPatienceMs);
        // An error of an older page leaves what is there.
        m_loki->fails = true;
        QTest::mouseClick(desk.part(u"logOlder"_s), Qt::LeftButton);
        QTRY_VERIFY_WITH_TIMEOUT(desk.part<QLabel>(u"logNote"_s)->isVisible() && !desk.part<QLabel>(u"logNote"_s)->text().isEmpty()
                                     && !desk.part<QLabel>(u"logNote"_s)->text().contains(u"Asking"_s),
                                 kPanelPatienceMs);
        QCOMPARE(desk.rows(), 100);
    }

    void looks_data()
    {
        QTest::addColumn<ThemeMode>("mode");
        QTest::newRow("dark") << ThemeMode::Dark;
        QTest::newRow("light") << ThemeMode::Light;
    }

    void looks()
    {
        QFETCH(ThemeMode, mode);
        Theme::instance().setMode(mode);
        Desk desk(*m_loki);
        QTRY_COMPARE_WITH_TIMEOUT(desk.rows(), 100, kPanelPatienceMs);
        desk.clickRow(3);
        QVERIFY(desk.choose(u"path"_s));
        QTest::mouseClick(desk.part(u"logOnly"_s), Qt::LeftButton);
        QTRY_COMPARE_WITH_TIMEOUT(desk.rows(), kLines / 5, kPanelPatienceMs);
        QApplication::processEvents();
        keepPicture(desk.view.grab().toImage(), u"logs-"_s + QString::fromLatin1(QTest::currentDataTag()));
        QVERIFY(countColor(desk.view.grab().toImage(), toColor(logLevelColor(LogLevel::Info, Theme::instance().kind())), 2) > 100);
    }
};

PROMDECK_GUI_TEST_MAIN(TestLogs)
#include "tst_logs.moc"
