#include "app/gui/commands.h"
#include "app/gui/dashboarddock.h"
#include "app/gui/dockdesk.h"
#include "app/gui/walldesk.h"
#include "tests/gui/editor/windowfixture.h"
#include "widgets/command/keyeditor.h"
#include "widgets/command/keymap.h"
#include "widgets/command/keysheet.h"
#include "widgets/command/keytext.h"
#include "widgets/common/displayoptions.h"
#include "widgets/common/prompt.h"
#include "widgets/dashboard/dashboardediting.h"
#include "widgets/dashboard/dashboardsettings.h"
#include "widgets/dashboard/dashboardtools.h"
#include "widgets/editor/paneleditor.h"
#include "widgets/panels/astablebody.h"
#include "widgets/panels/timeseriesbody.h"
#include "widgets/plot/plotcanvas.h"
#include "widgets/plot/plottooltip.h"
#include "widgets/plot/timeseriesview.h"

#include <QAction>
#include <QClipboard>
#include <QKeySequenceEdit>
#include <QLabel>
#include <QLineEdit>
#include <QMenu>
#include <QPushButton>
#include <QSignalSpy>
#include <QTableView>
#include <QThreadPool>
#include <QToolButton>
#include <QTreeWidget>
#include <QWheelEvent>

using namespace Promdeck;
using namespace Promdeck::Testing;
using namespace Qt::StringLiterals;

namespace {

Json board(const QString& title, qint64 endSeconds)
{
    Json panels = Json::array();
    const char* const types[] {"timeseries", "piechart", "timeseries", "stat"};
    for (int id = 1; id <= 4; ++id) {
        const Json target = Json::object({{u"refId"_s, u"A"_s}, {u"expr"_s, u"demo_value"_s}});
        panels.append(Json::object(
            {{u"id"_s, id},
             {u"type"_s, QString::fromLatin1(types[id - 1])},
             {u"title"_s, u"%1 %2"_s.arg(title).arg(id)},
             {u"gridPos"_s, Json::object({{u"h"_s, 9}, {u"w"_s, 12}, {u"x"_s, (id - 1) % 2 * 12}, {u"y"_s, (id - 1) / 2 * 9}})},
             {u"targets"_s, Json::array({target})}}));
    }
    Json board = Json::object({{u"title"_s, title}, {u"uid"_s, title}, {u"schemaVersion"_s, 42}, {u"panels"_s, panels}});
    board.setPath(u"time.from", QString::number((endSeconds - 2400) * 1000));
    board.setPath(u"time.to", QString::number(endSeconds * 1000));
    return board;
}

} // namespace

/// Keys, what they do in docks too, and how the user changes them; the crosshair; how one reads; the wall.
class TestDeskKeys final : public QObject
{
    Q_OBJECT

private Q_SLOTS:
    void initTestCase();
    void init();
    void cleanup();
    void grafanasKeysAreThere_data();
    void grafanasKeysAreThere();
    void noTwoKeysClash();
    void keysWorkInADockedDashboard();
    void panelKeysDoWhatTheySay();
    void settingsAreOneStep();
    void keysAreChangedInADialog();
    void crosshairIsSharedAndHeld();
    void textGrowsWithTheWheel();
    void seriesHavePatterns();
    void twoTimeZones();
    void chartsAreTablesAndSentences();
    void rangesTravelBetweenWindows();
    void inspectorTakesTheEditorsPlace();
    void playlistRuns();

private:
    void press(std::initializer_list<QKeyCombination> keys)
    {
        for (const QKeyCombination key : keys)
            QTest::keyClick(m_fixture.window.get(), key.key(), key.keyboardModifiers());
    }
    void activate(const QString& title)
    {
        m_fixture.focus(title);
        QVERIFY(QTest::qWaitForWindowActive(m_fixture.window.get()));
    }
    [[nodiscard]] PlotCanvas* canvas(const QString& title) const
    {
        return static_cast<TimeSeriesBody*>(m_fixture.panel(title)->body())->view()->canvas();
    }
    void hover(const QString& title, double part)
    {
        const QRectF area = canvas(title)->rendered().layout.area;
        const QPointF place(area.left() + area.width() * part, area.center().y());
        QMouseEvent move(QEvent::MouseMove, place, canvas(title)->mapToGlobal(place), Qt::NoButton, Qt::NoButton, Qt::NoModifier);
        QApplication::sendEvent(canvas(title), &move);
    }
    [[nodiscard]] DashboardEditor* editor() const { return m_fixture.page()->editing()->editor(); }

    WindowFixture m_fixture;
};

void TestDeskKeys::initTestCase()
{
    QVERIFY(m_fixture.startServer());
}

void TestDeskKeys::init()
{
    Theme::instance().setMode(ThemeMode::Dark);
    QFile::remove(m_fixture.folder.filePath(u"session.json"_s));
    m_fixture.makeWindow();
    m_fixture.open(board(u"Desk"_s, m_fixture.end));
    QVERIFY(QTest::qWaitForWindowActive(m_fixture.window.get()));
    Theme::instance().setMode(ThemeMode::Dark);
    QTRY_VERIFY_WITH_TIMEOUT(m_fixture.view()->isSettled() && canvas(u"Desk 1"_s)->isCurrent(), kPatienceMs);
    activate(u"Desk 1"_s);
}

void TestDeskKeys::cleanup()
{
    DisplayOptions::instance().setTextScale(1);
    DisplayOptions::instance().setDistinctSeries(false);
    DisplayOptions::instance().setSecondTimeZone({});
    if (editor())
        editor()->setClean();
    m_fixture.closeWindow();
    QThreadPool::globalInstance()->waitForDone();
    QFile::remove(m_fixture.folder.filePath(u"settings.json"_s));
}

void TestDeskKeys::grafanasKeysAreThere_data()
{
    QTest::addColumn<QString>("keys");
    // Those of Grafana's map that mean something here; Ctrl+Z stays undo, snapshots and logins do not exist.
    for (const char* keys : {"?", "Ctrl+K", "Esc", "g h", "g d", "g e", "c t", "t +", "t =", "t -", "t z", "t Left", "t Right", "t a", "t c", "t v",
                             "Ctrl+S", "d r", "d s", "d k", "d p", "d v", "d Shift+E", "d Shift+C", "d l", "d x", "Ctrl+O", "v", "e", "i",
                             "p x", "p l", "p d", "p c", "p v", "p r", "p u", "p e", "p s"})
        QTest::newRow(keys) << QString::fromLatin1(keys);
}

void TestDeskKeys::grafanasKeysAreThere()
{
    QFETCH(QString, keys);
    bool found = false;
    for (const QAction* action : m_fixture.window->findChildren<QAction*>()) {
        for (const QKeySequence& one : action->shortcuts())
            found = found || keyText(one) == keys;
    }
    QVERIFY(found);
}

void TestDeskKeys::noTwoKeysClash()
{
    QList<std::pair<QString, QKeySequence>> all;
    QList<QAction*> actions = m_fixture.window->actions();
    actions += m_fixture.page()->findChildren<QAction*>();
    QStringList names;
    for (const QAction* action : std::as_const(actions)) {
        if (action->objectName().isEmpty() || names.contains(action->objectName()))
            continue;
        names << action->objectName();
        for (const QKeySequence& keys : action->shortcuts()) {
            for (const auto& [name, other] : std::as_const(all)) {
                if (name != action->objectName() && keysConflict(keys, other))
                    QFAIL(qPrintable(u"%1 and %2: %3"_s.arg(name, action->objectName(), keyText(keys))));
            }
            all.append({action->objectName(), keys});
        }
    }
    QVERIFY(all.size() > 40);
}

void TestDeskKeys::keysWorkInADockedDashboard()
{
    QFile file(m_fixture.folder.filePath(u"beside.json"_s));
    QVERIFY(file.open(QIODevice::WriteOnly));
    file.write(board(u"Beside"_s, m_fixture.end).toUtf8());
    file.close();
    DashboardDock* dock = m_fixture.window->docks()->openBeside(file.fileName(), m_fixture.page()->session()->stack());
    QTRY_VERIFY_WITH_TIMEOUT(dock->page()->session() && dock->page()->view()->panel(u"1"_s) && dock->page()->view()->isSettled(), kPatienceMs);
    QTest::mouseMove(m_fixture.window.get(), QPoint(2, 2)); // over none of them
    dock->page()->view()->panel(u"1"_s)->setFocus(Qt::TabFocusReason);
    QCOMPARE(m_fixture.window->docks()->currentPage(), dock->page());
    const TimeRange mine = m_fixture.page()->session()->timeRange();
    const TimeRange theirs = dock->page()->session()->timeRange();
    press({Qt::Key_T, Qt::Key_Minus});
    QCOMPARE(m_fixture.page()->session()->timeRange(), mine);
    QCOMPARE(dock->page()->session()->timeRange().spanMs(), 2 * theirs.spanMs());
    press({Qt::Key_V});
    QCOMPARE(dock->page()->view()->maximised(), u"1"_s);
    QVERIFY(m_fixture.view()->maximised().isEmpty());
    press({Qt::Key_Escape});
    QVERIFY(dock->page()->view()->maximised().isEmpty());
    dock->page()->view()->panel(u"1"_s)->setFocus(Qt::TabFocusReason);
    press({Qt::Key_P, Qt::Key_D});
    QCOMPARE(dock->page()->session()->panels().size(), size_t(5));
    QCOMPARE(m_fixture.page()->session()->panels().size(), size_t(4));
    dock->page()->editing()->editor()->undo();
}

void TestDeskKeys::panelKeysDoWhatTheySay()
{
    press({Qt::Key_P, Qt::Key_L});
    QCOMPARE(editor()->panelJson(1).path(u"options.legend.showLegend").toBool(true), false);
    press({Qt::CTRL | Qt::Key_Z});
    QVERIFY(editor()->isClean());
    press({Qt::Key_D, Qt::Key_L});
    for (const int id : {1, 2, 3})
        QCOMPARE(editor()->panelJson(id).path(u"options.legend.showLegend").toBool(true), false);
    press({Qt::Key_D, Qt::Key_L});
    QCOMPARE(editor()->panelJson(3).path(u"options.legend.showLegend").toBool(false), true);
    QCOMPARE(editor()->stepCount(), 2);
    press({Qt::Key_D, Qt::Key_X});
    QVERIFY(editor()->panelJson(1)[u"targets"].at(0)[u"exemplar"].toBool());
    QVERIFY(!editor()->panelJson(4)[u"targets"].at(0)[u"exemplar"].toBool());
    press({Qt::Key_D, Qt::Key_X});
    QVERIFY(!editor()->panelJson(1)[u"targets"].at(0)[u"exemplar"].toBool(true));
    // A panel through the clipboard.
    activate(u"Desk 4"_s);
    press({Qt::Key_P, Qt::Key_C});
    QCOMPARE(Json::parse(QGuiApplication::clipboard()->text().toUtf8()).valueOr({})[u"title"].toString(), u"Desk 4"_s);
    press({Qt::Key_P, Qt::Key_V});
    QTRY_COMPARE(m_fixture.page()->session()->panels().size(), size_t(5));
    activate(u"Desk 1"_s);
    press({Qt::Key_P, Qt::Key_U});
    QVERIFY2(QGuiApplication::clipboard()->text().startsWith(u"promdeck --url "_s), qPrintable(QGuiApplication::clipboard()->text()));
    press({Qt::Key_P, Qt::Key_V}); // that is none
    QCOMPARE(m_fixture.page()->session()->panels().size(), size_t(5));
    QVERIFY(m_fixture.page()->findChild<QLabel*>(u"dashboardNotice"_s)->isVisible());
    Prompt::setNextFileName(m_fixture.folder.filePath(u"panel.png"_s));
    press({Qt::Key_P, Qt::Key_S});
    QTRY_VERIFY(QFile::exists(m_fixture.folder.filePath(u"panel.png"_s)));
    // Looking only, and without controls.
    auto* bar = m_fixture.page()->findChild<QWidget*>(u"dashboardToolBar"_s);
    press({Qt::Key_D, Qt::Key_V});
    QVERIFY(!bar->isVisible());
    press({Qt::Key_Escape});
    QVERIFY(bar->isVisible());
    press({Qt::Key_D, Qt::Key_P});
    QVERIFY(m_fixture.page()->editing()->isLocked());
    const int steps = editor()->stepCount();
    press({Qt::Key_P, Qt::Key_L});
    QCOMPARE(editor()->stepCount(), steps);
    press({Qt::Key_D, Qt::Key_P});
    QVERIFY(!m_fixture.page()->editing()->isLocked());
    press({Qt::Key_P, Qt::Key_X});
    QVERIFY(m_fixture.page()->tools()->inspector());
}

void TestDeskKeys::settingsAreOneStep()
{
    press({Qt::Key_D, Qt::Key_S});
    auto* dialog = m_fixture.page()->findChild<DashboardSettings*>(u"dashboardSettings"_s);
    QVERIFY(dialog && dialog->isVisible());
    m_fixture.keepPicture(u"settings"_s, dialog);
    dialog->findChild<QLineEdit*>(u"settingsTitle"_s)->setText(u"Renamed"_s);
    dialog->findChild<QLineEdit*>(u"settingsFrom"_s)->setText(u"nonsense"_s);
    QVERIFY(!dialog->findChild<QPushButton*>(u"settingsApply"_s)->isEnabled());
    dialog->findChild<QLineEdit*>(u"settingsFrom"_s)->setText(u"now-3h"_s);
    dialog->findChild<QLineEdit*>(u"settingsTo"_s)->setText(u"now"_s);
    dialog->findChild<QLineEdit*>(u"settingsTags"_s)->setText(u"a, b"_s);
    QTest::mouseClick(dialog->findChild<QPushButton*>(u"settingsApply"_s), Qt::LeftButton);
    QCOMPARE(editor()->stepCount(), 1);
    QCOMPARE(editor()->dashboard().title, u"Renamed"_s);
    QCOMPARE(editor()->dashboard().tags, QStringList({u"a"_s, u"b"_s}));
    QCOMPARE(m_fixture.page()->session()->rawTimeRange().from, u"now-3h"_s);
    QVERIFY(!editor()->dashboard().migrated.contains(u"promdeck")); // what was not touched stays away
    editor()->undo();
    QVERIFY(editor()->isClean());
}

void TestDeskKeys::keysAreChangedInADialog()
{
    press({Qt::Key_Question});
    auto* sheet = m_fixture.window->findChild<KeySheet*>(u"keySheet"_s);
    QVERIFY(sheet);
    QTest::mouseClick(sheet->findChild<QPushButton*>(u"editKeys"_s), Qt::LeftButton);
    QPointer<KeyEditor> dialog = m_fixture.window->findChild<KeyEditor*>(u"keyEditor"_s);
    QVERIFY(dialog && dialog->isVisible());
    dialog->choose(u"viewPanel"_s);
    auto* keys = dialog->findChild<QKeySequenceEdit*>(u"keyEditorKeys"_s);
    auto* message = dialog->findChild<QLabel*>(u"keyEditorMessage"_s);
    keys->setKeySequence(QKeySequence(Qt::Key_D)); // "d r" and many others begin with it
    QVERIFY2(message->text().contains(u"Refresh"_s), qPrintable(message->text()));
    m_fixture.keepPicture(u"key-editor"_s, dialog);
    keys->setKeySequence(QKeySequence(Qt::Key_X, Qt::Key_X));
    QVERIFY(message->text().contains(u"No other"_s));
    QTest::mouseClick(dialog->findChild<QPushButton*>(u"keyEditorSet"_s), Qt::LeftButton);
    QCOMPARE(m_fixture.window->findChild<QAction*>(u"viewPanel"_s)->shortcut(), QKeySequence(Qt::Key_X, Qt::Key_X));
    // Taking one from another action.
    dialog->choose(u"editPanel"_s);
    keys->setKeySequence(QKeySequence(Qt::Key_I));
    QVERIFY(message->text().contains(u"Inspect panel"_s));
    QTest::mouseClick(dialog->findChild<QPushButton*>(u"keyEditorAdd"_s), Qt::LeftButton);
    QVERIFY(m_fixture.window->findChild<QAction*>(u"inspectPanel"_s)->shortcuts().isEmpty());
    QCOMPARE(m_fixture.window->findChild<QAction*>(u"editPanel"_s)->shortcuts().size(), 2);
    // Keys of pages change as well, those of docks to come too.
    dialog->choose(u"duplicatePanel"_s);
    keys->setKeySequence(QKeySequence(u"Ctrl+D"_s));
    QTest::mouseClick(dialog->findChild<QPushButton*>(u"keyEditorSet"_s), Qt::LeftButton);
    dialog->close();
    activate(u"Desk 1"_s);
    press({Qt::Key_X, Qt::Key_X});
    QCOMPARE(m_fixture.view()->maximised(), u"1"_s);
    press({Qt::Key_X, Qt::Key_X});
    activate(u"Desk 1"_s);
    press({Qt::CTRL | Qt::Key_D});
    QTRY_COMPARE(m_fixture.page()->session()->panels().size(), size_t(5));
    // The sheet is made from what holds now, and the next start has it.
    editor()->setClean();
    QVERIFY_RESULT(m_fixture.settings->flush());
    m_fixture.closeWindow();
    QThreadPool::globalInstance()->waitForDone();
    m_fixture.makeWindow();
    QVERIFY_RESULT(m_fixture.settings->load());
    m_fixture.window.reset();
    m_fixture.window = std::make_unique<MainWindow>(Services {m_fixture.settings.get(), m_fixture.stacks.get(), noSecretStore()});
    QCOMPARE(m_fixture.window->findChild<QAction*>(u"viewPanel"_s)->shortcut(), QKeySequence(Qt::Key_X, Qt::Key_X));
    QCOMPARE(m_fixture.window->findChild<QAction*>(u"duplicatePanel"_s)->shortcut(), QKeySequence(u"Ctrl+D"_s));
    m_fixture.window->commands()->keys()->resetAll();
    QCOMPARE(m_fixture.window->findChild<QAction*>(u"viewPanel"_s)->shortcut(), QKeySequence(Qt::Key_V));
}

void TestDeskKeys::crosshairIsSharedAndHeld()
{
    QCOMPARE(m_fixture.view()->sharedCursor(), 0);
    hover(u"Desk 1"_s, 0.5);
    QVERIFY(!canvas(u"Desk 3"_s)->hover());
    press({Qt::CTRL | Qt::Key_O});
    QCOMPARE(m_fixture.view()->sharedCursor(), 1);
    hover(u"Desk 1"_s, 0.4);
    QVERIFY(canvas(u"Desk 3"_s)->hover());
    QVERIFY(editor()->isClean()); // how one looks at it is no change of it
    press({Qt::CTRL | Qt::Key_O});
    hover(u"Desk 1"_s, 0.45);
    auto* shared = canvas(u"Desk 3"_s)->findChild<PlotTooltip*>(u"sharedTooltip"_s);
    QVERIFY(shared && shared->isVisible());
    press({Qt::CTRL | Qt::Key_O});
    QCOMPARE(m_fixture.view()->sharedCursor(), 0);
    // Held, it stays where it was while the mouse is elsewhere.
    hover(u"Desk 1"_s, 0.3);
    const qint64 at = *canvas(u"Desk 1"_s)->cursorTime();
    press({Qt::Key_T, Qt::Key_L});
    QCOMPARE(m_fixture.view()->pinnedTime(), std::optional(at));
    hover(u"Desk 1"_s, 0.8);
    QCOMPARE(canvas(u"Desk 3"_s)->pinnedTime(), std::optional(at));
    QVERIFY(canvas(u"Desk 3"_s)->hover());
    QVERIFY(std::abs(canvas(u"Desk 3"_s)->hover()->timeMs - at) < 15'000);
    QEvent leave(QEvent::Leave);
    QApplication::sendEvent(canvas(u"Desk 1"_s), &leave);
    QVERIFY(canvas(u"Desk 1"_s)->hover());
    QVERIFY(std::abs(canvas(u"Desk 1"_s)->hover()->timeMs - at) < 15'000);
    m_fixture.keepPicture(u"pinned"_s);
    press({Qt::Key_T, Qt::Key_L});
    QVERIFY(!m_fixture.view()->pinnedTime());
    QVERIFY(!canvas(u"Desk 3"_s)->hover());
}

void TestDeskKeys::textGrowsWithTheWheel()
{
    const int before = m_fixture.panel(u"Desk 1"_s)->headerHeight();
    const int font = QApplication::font().pixelSize();
    const TimeRange range = m_fixture.page()->session()->timeRange();
    const QPointF place(40, 60);
    QWheelEvent wheel(place, canvas(u"Desk 1"_s)->mapToGlobal(place), {}, QPoint(0, 240), Qt::NoButton, Qt::ControlModifier, Qt::NoScrollPhase, false);
    QApplication::sendEvent(canvas(u"Desk 1"_s), &wheel);
    QCOMPARE(DisplayOptions::instance().textScale(), 1.2);
    QVERIFY(m_fixture.panel(u"Desk 1"_s)->headerHeight() > before);
    QVERIFY(QApplication::font().pixelSize() > font);
    QCOMPARE(m_fixture.page()->session()->timeRange(), range); // and nothing else
    for (int i = 0; i < 4; ++i)
        press({Qt::CTRL | Qt::Key_Equal});
    QCOMPARE(DisplayOptions::instance().textScale(), 1.6);
    QTRY_VERIFY(m_fixture.view()->isSettled() && canvas(u"Desk 1"_s)->isCurrent());
    QCOMPARE(canvas(u"Desk 1"_s)->rendered().plot.series.size(), size_t(2));
    m_fixture.keepPicture(u"text-160"_s);
    QCOMPARE(m_fixture.settings->value(Settings::Key::TextScale).toDouble(), 1.6);
    press({Qt::CTRL | Qt::Key_Minus});
    QCOMPARE(DisplayOptions::instance().textScale(), 1.5);
    press({Qt::CTRL | Qt::Key_0});
    QCOMPARE(DisplayOptions::instance().textScale(), 1.0);
    QCOMPARE(m_fixture.panel(u"Desk 1"_s)->headerHeight(), before);
}

void TestDeskKeys::seriesHavePatterns()
{
    const Rgba before = canvas(u"Desk 1"_s)->model()->series[1].color;
    QVERIFY(canvas(u"Desk 1"_s)->model()->series[1].style.dash.isEmpty());
    press({Qt::Key_C, Qt::Key_P});
    QTRY_VERIFY(!(canvas(u"Desk 1"_s)->model()->series[1].color == before));
    QVERIFY(canvas(u"Desk 1"_s)->model()->series[0].style.dash.isEmpty());
    QVERIFY(!canvas(u"Desk 1"_s)->model()->series[1].style.dash.isEmpty());
    QTRY_VERIFY(m_fixture.view()->isSettled() && canvas(u"Desk 1"_s)->isCurrent());
    m_fixture.keepPicture(u"distinct-dark"_s);
    Theme::instance().setMode(ThemeMode::Light);
    QTRY_VERIFY(m_fixture.view()->isSettled() && canvas(u"Desk 1"_s)->isCurrent());
    m_fixture.keepPicture(u"distinct-light"_s);
    Theme::instance().setMode(ThemeMode::Dark);
    press({Qt::Key_C, Qt::Key_P});
    QTRY_VERIFY(canvas(u"Desk 1"_s)->model()->series[1].color == before);
}

void TestDeskKeys::twoTimeZones()
{
    const double height = canvas(u"Desk 1"_s)->rendered().layout.area.height();
    DisplayOptions::instance().setSecondTimeZone(u"Asia/Tokyo"_s);
    QTRY_VERIFY(canvas(u"Desk 1"_s)->isCurrent());
    const PlotLayout& layout = canvas(u"Desk 1"_s)->rendered().layout;
    QVERIFY(layout.area.height() < height);
    QCOMPARE(layout.secondTexts.size(), layout.timeTexts.size());
    const QTime here = QTime::fromString(layout.timeTexts.first(), u"HH:mm"_s);
    QCOMPARE(QTime::fromString(layout.secondTexts.first(), u"HH:mm"_s), here.addSecs(9 * 3600));
    m_fixture.keepPicture(u"two-zones"_s);
    DisplayOptions::instance().setSecondTimeZone({});
    QTRY_COMPARE(canvas(u"Desk 1"_s)->rendered().layout.area.height(), height);
}

void TestDeskKeys::chartsAreTablesAndSentences()
{
    PanelWidget* panel = m_fixture.panel(u"Desk 1"_s);
    QTRY_VERIFY2(panel->accessibleDescription().startsWith(u"Desk 1: 2 series over 40 minutes, highest 1990 ("_s), qPrintable(panel->accessibleDescription()));
    QVERIFY(panel->accessibleDescription().contains(u", now 1990"_s));
    QVERIFY(!m_fixture.panel(u"Desk 4"_s)->sentence().isEmpty());
    QVERIFY(!m_fixture.panel(u"Desk 2"_s)->sentence().isEmpty());
    press({Qt::Key_P, Qt::Key_T});
    auto* table = qobject_cast<AsTableBody*>(panel->body());
    QVERIFY(table);
    QTRY_COMPARE(table->table()->model()->columnCount(), 3);
    QVERIFY(table->table()->model()->rowCount() > 100);
    // The newest first.
    QCOMPARE(table->table()->model()->index(0, 2).data().toString(), u"1990"_s);
    m_fixture.keepPicture(u"as-table"_s);
    press({Qt::Key_P, Qt::Key_T});
    QVERIFY(qobject_cast<TimeSeriesBody*>(panel->body()));
    QTRY_VERIFY(panel->isSettled() && panel->body()->isVisible());
}

void TestDeskKeys::rangesTravelBetweenWindows()
{
    m_fixture.page()->session()->setTimeRange({u"now-7h"_s, u"now-1h"_s});
    press({Qt::Key_T, Qt::Key_C});
    MainWindow other(Services {m_fixture.settings.get(), m_fixture.stacks.get(), noSecretStore()});
    other.show();
    other.dashboardPage()->open(m_fixture.page()->session()->dashboard(), m_fixture.page()->session()->stack());
    QVERIFY(QTest::qWaitForWindowActive(&other));
    QTest::keyClick(&other, Qt::Key_T);
    QTest::keyClick(&other, Qt::Key_V);
    QCOMPARE(other.dashboardPage()->session()->rawTimeRange().from, u"now-7h"_s);
    QCOMPARE(other.dashboardPage()->session()->rawTimeRange().to, u"now-1h"_s);
}

void TestDeskKeys::inspectorTakesTheEditorsPlace()
{
    press({Qt::Key_E});
    QVERIFY(m_fixture.page()->tools()->editor());
    m_fixture.page()->tools()->inspect(u"1"_s);
    QVERIFY(m_fixture.page()->tools()->inspector()->isVisible());
    QVERIFY(!m_fixture.page()->tools()->editor()->isVisible()); // in a window of 1500
    press({Qt::Key_Escape});
    QTRY_VERIFY(m_fixture.page()->tools()->editor()->isVisible());
    QVERIFY(!m_fixture.page()->tools()->inspector());
    m_fixture.page()->tools()->closeEditor();
    QVERIFY(m_fixture.view()->isVisible());
}

void TestDeskKeys::playlistRuns()
{
    QDir(m_fixture.folder.path()).mkpath(u"wall"_s);
    for (const QString& title : {u"a"_s, u"b"_s, u"c"_s}) {
        QFile file(m_fixture.folder.filePath(u"wall/%1.json"_s.arg(title)));
        QVERIFY(file.open(QIODevice::WriteOnly));
        file.write(board(title, m_fixture.end).toUtf8());
    }
    const auto all = WallDesk::expand({m_fixture.folder.filePath(u"wall"_s)});
    QVERIFY_RESULT(all);
    QCOMPARE(all->size(), 3);
    QVERIFY(!WallDesk::expand({u"/nowhere"_s}).ok());
    m_fixture.closeWindow();
    m_fixture.makeWindow();
    WindowRequest request;
    request.url = m_fixture.server->url();
    request.kiosk = true;
    request.playlist = *all;
    request.playlistMs = 3'600'000;
    request.screen = u"1"_s;
    m_fixture.window->start(request);
    WallDesk* wall = m_fixture.window->wall();
    QTRY_VERIFY_WITH_TIMEOUT(wall->isPlaying() && m_fixture.page()->session() && m_fixture.page()->title() == u"a", kPatienceMs);
    QVERIFY(wall->isKiosk() && m_fixture.window->isFullScreen());
    QVERIFY(!m_fixture.page()->findChild<QWidget*>(u"dashboardToolBar"_s)->isVisible());
    QTRY_VERIFY_WITH_TIMEOUT(m_fixture.view()->isSettled(), kPatienceMs);
    m_fixture.keepPicture(u"kiosk"_s);
    QVERIFY(QTest::qWaitForWindowActive(m_fixture.window.get()));
    press({Qt::CTRL | Qt::Key_Right});
    QTRY_COMPARE_WITH_TIMEOUT(m_fixture.page()->title(), u"b"_s, kPatienceMs);
    press({Qt::CTRL | Qt::Key_Left, Qt::CTRL | Qt::Key_Left});
    QTRY_COMPARE_WITH_TIMEOUT(m_fixture.page()->title(), u"c"_s, kPatienceMs); // round the corner
    press({Qt::Key_Pause});
    QVERIFY(wall->isPaused());
    press({Qt::Key_Pause});
    QVERIFY(!wall->isPaused());
    // By itself.
    wall->play(*all, 250);
    QTRY_COMPARE_WITH_TIMEOUT(m_fixture.page()->title(), u"b"_s, kPatienceMs);
    press({Qt::Key_Escape});
    QVERIFY(!wall->isKiosk() && !wall->isPlaying() && !m_fixture.window->isFullScreen());
    QVERIFY(m_fixture.page()->findChild<QWidget*>(u"dashboardToolBar"_s)->isVisible());
    QVERIFY(!wall->setScreen(u"99"_s));
}

PROMDECK_GUI_TEST_MAIN(TestDeskKeys)
#include "tst_deskkeys.moc"
