#include "app/gui/mainwindow.h"
#include "tests/support/servers.h"
#include "tests/support/testsupport.h"
#include "widgets/common/theme.h"
#include "widgets/dashboard/dashboardediting.h"
#include "widgets/dashboard/dashboardpage.h"
#include "widgets/dashboard/dashboardview.h"
#include "widgets/dashboard/gridediting.h"
#include "widgets/dashboard/rowheader.h"
#include "widgets/panels/panelwidget.h"
#include "widgets/stack/welcomepage.h"

#include <QAction>
#include <QApplication>
#include <QFile>
#include <QLineEdit>
#include <QMenu>
#include <QScrollBar>
#include <QSignalSpy>
#include <QTemporaryDir>
#include <QToolButton>

#include <memory>

using namespace Promdeck;
using namespace Promdeck::Testing;
using namespace Qt::StringLiterals;

namespace {

constexpr int kPatienceMs = 20000;

Json panel(int id, const QString& title, int x, int y, int w, int h)
{
    const Json target = Json::object({{u"refId"_s, u"A"_s}, {u"expr"_s, u"vector(%1)"_s.arg(id)}});
    return Json::object({{u"id"_s, id},
                         {u"type"_s, u"stat"_s},
                         {u"title"_s, title},
                         {u"gridPos"_s, Json::object({{u"h"_s, h}, {u"w"_s, w}, {u"x"_s, x}, {u"y"_s, y}})},
                         {u"targets"_s, Json::array({target})}});
}

Json row(int id, const QString& title, int y)
{
    return Json::object({{u"collapsed"_s, false},
                         {u"gridPos"_s, Json::object({{u"h"_s, 1}, {u"w"_s, 24}, {u"x"_s, 0}, {u"y"_s, y}})},
                         {u"id"_s, id},
                         {u"panels"_s, Json::array()},
                         {u"title"_s, title},
                         {u"type"_s, u"row"_s}});
}

// two side by side, one below, a row with one, a row with many
QByteArray board()
{
    Json panels = Json::array({panel(1, u"one"_s, 0, 0, 12, 5), panel(2, u"two"_s, 12, 0, 12, 5), panel(3, u"three"_s, 0, 5, 12, 4),
                               row(4, u"first"_s, 9), panel(5, u"five"_s, 0, 10, 12, 4), row(6, u"second"_s, 14)});
    for (int i = 0; i < 12; ++i)
        panels.append(panel(10 + i, u"many %1"_s.arg(i), 0, 15 + i * 6, 24, 6));
    return Json::object({{u"title"_s, u"Grid"_s}, {u"schemaVersion"_s, 42}, {u"panels"_s, panels}}).toUtf8(Json::Format::Indented);
}

} // namespace

/// Panels and rows of a real window, moved and resized by mouse and keyboard.
class TestGridEditing final : public QObject
{
    Q_OBJECT

private Q_SLOTS:
    void initTestCase();
    void init();
    void cleanup();
    void dragsByTheHeader();
    void escapeCancels();
    void clickIsNoDrag();
    void resizesByCornerAndEdges();
    void dropsIntoAnotherRow();
    void dropsUnderAClosedRow();
    void scrollsAtTheEnd();
    void rowsDrag();
    void rowMenu();
    void keysMoveAndResize();
    void menuArranges();
    void undoHasNames();
    void lockedAndMaximisedStay();
    void dataArrivesWhileDragging();

private:
    [[nodiscard]] DashboardPage* page() const { return m_window->dashboardPage(); }
    [[nodiscard]] DashboardView* view() const { return page()->view(); }
    [[nodiscard]] DashboardEditor* editor() const { return page()->editing()->editor(); }
    [[nodiscard]] PanelWidget* widget(int id) const { return view()->panel(QString::number(id)); }
    [[nodiscard]] RowHeader* header(int id) const { return view()->findChild<RowHeader*>(u"row:%1"_s.arg(id)); }
    [[nodiscard]] GridPos placeOf(int id) const { return editor()->panelSpec(id) ? editor()->panelSpec(id)->gridPos : GridPos(); }
    /// Presses in the middle of a panel's header or a row's.
    void grab(QWidget* held, QPoint at = {60, 12});
    /// Moves the mouse by grid cells, in small steps, from where it was pressed.
    void pull(double columns, double rows);
    void drop() { QTest::mouseRelease(m_held, Qt::LeftButton, {}, m_held->mapFromGlobal(m_mouse)); }
    void moveMouse(const QPoint& global);

    std::unique_ptr<TestServer> m_server;
    QTemporaryDir m_folder;
    std::unique_ptr<Settings> m_settings;
    std::unique_ptr<StackStore> m_stacks;
    std::unique_ptr<MainWindow> m_window;
    QWidget* m_held = nullptr;
    QPoint m_mouse;
};

void TestGridEditing::initTestCase()
{
    Theme::instance().install(*qobject_cast<QApplication*>(QCoreApplication::instance()));
    m_server = TestServer::prometheus();
    QVERIFY(m_server);
}

void TestGridEditing::init()
{
    QFile file(m_folder.filePath(u"grid.json"_s));
    QVERIFY(file.open(QIODevice::WriteOnly));
    file.write(board());
    file.close();
    m_settings = std::make_unique<Settings>(m_folder.filePath(u"settings.json"_s));
    m_stacks = std::make_unique<StackStore>(m_folder.filePath(u"stacks.json"_s));
    m_window = std::make_unique<MainWindow>(Services {m_settings.get(), m_stacks.get(), noSecretStore()});
    m_window->welcomePage()->setPlaces({});
    m_window->resize(1300, 700);
    m_window->show();
    WindowRequest request;
    request.url = m_server->url();
    request.dashboard = file.fileName();
    m_window->start(request);
    QVERIFY(QTest::qWaitForWindowActive(m_window.get()));
    QTRY_VERIFY_WITH_TIMEOUT(page()->session() && widget(1) && view()->isSettled(), kPatienceMs);
}

void TestGridEditing::cleanup()
{
    m_window.reset();
    m_stacks.reset();
    m_settings.reset();
}

void TestGridEditing::grab(QWidget* held, QPoint at)
{
    m_held = held;
    QTest::mousePress(held, Qt::LeftButton, {}, at);
    m_mouse = held->mapToGlobal(at);
}

void TestGridEditing::moveMouse(const QPoint& global)
{
    m_mouse = global;
    QTest::mouseMove(m_held, m_held->mapFromGlobal(global));
}

void TestGridEditing::pull(double columns, double rows)
{
    const QPoint start = m_mouse;
    const double column = (view()->gridWidth() + kGridGapPx) / double(kGridColumns);
    constexpr int kSteps = 5;
    for (int step = 1; step <= kSteps; ++step) {
        moveMouse(start + QPoint(int(columns * column * step / kSteps), int(rows * (kGridRowPx + kGridGapPx) * step / kSteps)));
        QTest::qWait(1);
    }
}

void TestGridEditing::dragsByTheHeader()
{
    const QRect before = widget(2)->geometry();
    grab(widget(1));
    pull(12, 0);
    QVERIFY(view()->editing()->isDragging());
    // the place it would take, and the other making way already
    const auto* placeholder = view()->viewport()->findChild<QWidget*>(u"dropPlaceholder"_s);
    QVERIFY(placeholder && placeholder->isVisible());
    QCOMPARE(placeholder->geometry(), before);
    QTRY_COMPARE(widget(2)->geometry().top(), before.top() + 5 * (kGridRowPx + kGridGapPx));
    QVERIFY(editor()->isClean()); // only shown so far
    drop();
    QCOMPARE(placeOf(1), (GridPos {12, 0, 12, 5}));
    QCOMPARE(placeOf(2), (GridPos {12, 5, 12, 5}));
    QCOMPARE(placeOf(3), (GridPos {0, 0, 12, 4}));
    QVERIFY(!view()->viewport()->findChild<QWidget*>(u"dropPlaceholder"_s));
    QCOMPARE(widget(1)->geometry(), before);
    QVERIFY(!editor()->isClean());
    QVERIFY(m_window->windowTitle().startsWith(u'●'));
    QTest::keyClick(m_window.get(), Qt::Key_Z, Qt::ControlModifier);
    QCOMPARE(placeOf(1), (GridPos {0, 0, 12, 5}));
    QVERIFY(!m_window->windowTitle().startsWith(u'●'));
    QTest::keyClick(m_window.get(), Qt::Key_Z, Qt::ControlModifier | Qt::ShiftModifier);
    QCOMPARE(placeOf(1), (GridPos {12, 0, 12, 5}));
}

void TestGridEditing::escapeCancels()
{
    const QRect before = widget(1)->geometry();
    const QRect neighbour = widget(2)->geometry();
    grab(widget(1));
    pull(9, 3);
    QVERIFY(widget(1)->geometry() != before);
    QTest::keyClick(m_window.get(), Qt::Key_Escape);
    QVERIFY(!view()->editing()->isDragging());
    QCOMPARE(widget(1)->geometry(), before);
    QCOMPARE(widget(2)->geometry(), neighbour);
    drop();
    QVERIFY(editor()->isClean());
    QCOMPARE(editor()->stepCount(), 0);
}

void TestGridEditing::clickIsNoDrag()
{
    grab(widget(1));
    moveMouse(m_mouse + QPoint(2, 1));
    drop();
    QVERIFY(!view()->editing()->isDragging());
    QVERIFY(editor()->isClean());
    // the body's mouse is its own
    grab(widget(1), widget(1)->rect().center());
    moveMouse(m_mouse + QPoint(200, 0));
    QVERIFY(!view()->editing()->isDragging());
    drop();
    QTest::mouseDClick(widget(1), Qt::LeftButton, {}, {60, 12});
    QCOMPARE(view()->maximised(), u"1"_s);
}

void TestGridEditing::resizesByCornerAndEdges()
{
    grab(widget(3), widget(3)->rect().bottomRight() - QPoint(2, 2));
    pull(6, 2);
    // what it covers makes way, what is beside it does not
    QTRY_COMPARE(widget(3)->width(), gridRect({0, 5, 18, 6}, view()->gridWidth()).width);
    drop();
    QCOMPARE(placeOf(3), (GridPos {0, 5, 18, 6}));
    QCOMPARE(editor()->undoStep().kind, EditStep::Kind::ResizePanel);
    grab(widget(1), {widget(1)->width() - 2, 60});
    pull(-4, 3);
    drop();
    QCOMPARE(placeOf(1), (GridPos {0, 0, 8, 5}));
    grab(widget(2), {1, 80});
    pull(-4, 0);
    drop();
    QCOMPARE(placeOf(2), (GridPos {8, 0, 16, 5}));
    grab(widget(2), {60, widget(2)->height() - 2});
    pull(0, -100);
    drop();
    QCOMPARE(placeOf(2), (GridPos {8, 0, 16, 1}));
    // the grip shows itself under the mouse
    QHoverEvent enter(QEvent::HoverEnter, QPointF(60, 60), QPointF(60, 60), QPointF(-1, -1));
    QApplication::sendEvent(widget(1), &enter);
    auto* grip = widget(1)->findChild<QWidget*>(u"resizeGrip"_s);
    QVERIFY(grip && grip->isVisible());
    grab(grip, {5, 5});
    pull(2, 1);
    drop();
    QCOMPARE(placeOf(1), (GridPos {0, 0, 10, 6}));
}

void TestGridEditing::dropsIntoAnotherRow()
{
    grab(widget(3));
    pull(12, 5);
    drop();
    QCOMPARE(placeOf(3), (GridPos {12, 6, 12, 4}));
    QCOMPARE(editor()->grid().sectionOf(3), editor()->grid().sectionOfRow(4));
    QCOMPARE(placeOf(4).y, 5.);
}

void TestGridEditing::dropsUnderAClosedRow()
{
    QTest::mouseClick(header(4), Qt::LeftButton, {}, {60, 12});
    QTRY_VERIFY(header(4)->isCollapsed());
    QVERIFY(editor()->isClean()); // looking is no edit
    // held at the row's own line: below it, and of no row
    grab(widget(3));
    pull(0, 5);
    drop();
    QCOMPARE(placeOf(3).y, 6.);
    QVERIFY(editor()->panelSpec(4)->collapsed);
    QCOMPARE(editor()->grid().sections[size_t(editor()->grid().sectionOf(3))].rowId, 0);
    QVERIFY(header(4)->isCollapsed());
    editor()->undo();
    QVERIFY(!editor()->panelSpec(4)->collapsed);
    QCOMPARE(placeOf(3), (GridPos {0, 5, 12, 4}));
}

void TestGridEditing::scrollsAtTheEnd()
{
    QScrollBar* bar = view()->verticalScrollBar();
    QVERIFY(bar->maximum() > 1000);
    grab(widget(1));
    const QPoint low = view()->viewport()->mapToGlobal(QPoint(100, view()->viewport()->height() - 4));
    moveMouse(m_mouse + QPoint(0, 40));
    moveMouse(low);
    QTRY_VERIFY_WITH_TIMEOUT(bar->value() > 600, kPatienceMs);
    // wherever the view is, the panel stays under the mouse
    QVERIFY(widget(1)->geometry().contains(view()->viewport()->mapFromGlobal(low)));
    drop();
    QVERIFY(placeOf(1).y > 15);
    QCOMPARE(editor()->grid().sectionOf(1), editor()->grid().sectionOfRow(6));
}

void TestGridEditing::rowsDrag()
{
    view()->verticalScrollBar()->setValue(100);
    grab(header(6));
    pull(0, -4);
    QVERIFY(view()->editing()->isDragging());
    pull(0, -3);
    drop();
    QCOMPARE(placeOf(6).y, 9.);
    QVERIFY(placeOf(4).y > 70);
    QCOMPARE(editor()->undoStep(), (EditStep {EditStep::Kind::MoveRow, u"second"_s}));
    QVERIFY(!header(6)->isCollapsed()); // a drag is no click
}

void TestGridEditing::rowMenu()
{
    const auto choose = [this](int row, const QString& text) {
        Q_EMIT header(row)->menuRequested(m_window->mapToGlobal(QPoint(100, 100)));
        auto* menu = view()->findChild<QMenu*>(u"rowMenuPopup"_s);
        QVERIFY(menu);
        for (QAction* action : menu->actions()) {
            if (action->text() == text)
                action->trigger();
        }
        delete menu;
    };
    choose(4, u"Rename"_s);
    auto* field = header(4)->findChild<QLineEdit*>(u"rowTitle"_s);
    QVERIFY(field);
    field->setText(u"renamed"_s);
    QTest::keyClick(field, Qt::Key_Return);
    QCOMPARE(header(4)->title(), u"renamed"_s);
    choose(4, u"Rename"_s);
    field = header(4)->findChild<QLineEdit*>(u"rowTitle"_s);
    QVERIFY(field);
    field->setText(u"given up"_s);
    QTest::keyClick(field, Qt::Key_Escape);
    QVERIFY(!field->isVisible());
    QCOMPARE(header(4)->title(), u"renamed"_s);
    choose(4, u"Move down"_s);
    QVERIFY(placeOf(4).y > 70);
    choose(4, u"Move up"_s);
    QCOMPARE(placeOf(4).y, 9.);
    choose(4, u"Opens collapsed"_s);
    QVERIFY(editor()->panelSpec(4)->collapsed);
    QTRY_VERIFY(header(4)->isCollapsed());
    choose(4, u"Remove the row and its panels"_s);
    QVERIFY(!editor()->panelSpec(5));
    choose(6, u"Remove the row, keep its panels"_s);
    QCOMPARE(placeOf(10).y, 9.);
    page()->editing()->addRowAction()->trigger();
    QCOMPARE(editor()->dashboard().panels.back().title, u"New row"_s);
    for (int i = 0; i < 7; ++i)
        QTest::keyClick(m_window.get(), Qt::Key_Z, Qt::ControlModifier);
    QVERIFY(editor()->isClean());
}

void TestGridEditing::keysMoveAndResize()
{
    widget(1)->setFocus(Qt::TabFocusReason);
    QTest::keyClick(widget(1), Qt::Key_Right, Qt::AltModifier);
    QTest::keyClick(widget(1), Qt::Key_Right, Qt::AltModifier);
    QCOMPARE(placeOf(1).x, 2.);
    QCOMPARE(editor()->stepCount(), 1); // one walk, one step
    QTest::keyClick(widget(1), Qt::Key_Down, Qt::AltModifier | Qt::ShiftModifier);
    QTest::keyClick(widget(1), Qt::Key_Left, Qt::AltModifier | Qt::ShiftModifier);
    QCOMPARE(placeOf(1).w, 11.);
    QCOMPARE(placeOf(1).h, 6.);
    QTest::keyClick(m_window.get(), Qt::Key_Z, Qt::ControlModifier);
    QTest::keyClick(m_window.get(), Qt::Key_Z, Qt::ControlModifier);
    QVERIFY(editor()->isClean());
    // down: past the one below, then into the row, then to the row after it
    widget(1)->setFocus(Qt::TabFocusReason);
    QTest::keyClick(widget(1), Qt::Key_Down, Qt::AltModifier);
    QCOMPARE(placeOf(1), (GridPos {0, 4, 12, 5}));
    QTest::keyClick(widget(1), Qt::Key_Down, Qt::AltModifier);
    QCOMPARE(editor()->grid().sectionOf(1), editor()->grid().sectionOfRow(4));
    QTest::keyClick(widget(1), Qt::Key_Up, Qt::AltModifier);
    QCOMPARE(editor()->grid().sectionOf(1), 0);
    header(4)->setFocus(Qt::TabFocusReason);
    QTest::keyClick(header(4), Qt::Key_Down, Qt::AltModifier);
    QVERIFY(placeOf(4).y > placeOf(6).y);
}

void TestGridEditing::menuArranges()
{
    QContextMenuEvent event(QContextMenuEvent::Keyboard, QPoint(10, 10), widget(3)->mapToGlobal(QPoint(10, 10)));
    QApplication::sendEvent(widget(3), &event);
    auto* menu = widget(3)->findChild<QMenu*>(u"panelMenuPopup"_s);
    QVERIFY(menu);
    auto* arrange = menu->findChild<QMenu*>(u"panelArrangeMenu"_s);
    QVERIFY(arrange);
    QCOMPARE(arrange->actions().size(), 9);
    arrange->actions().at(1)->trigger();
    QCOMPARE(placeOf(3).x, 1.);
    menu->close();
    widget(3)->setFocus(Qt::TabFocusReason);
    QTest::keyClick(widget(3), Qt::Key_P);
    QTest::keyClick(widget(3), Qt::Key_D);
    const int copy = editor()->dashboard().panels.back().id;
    QCOMPARE(editor()->panelSpec(copy)->title, u"three"_s);
    QTRY_VERIFY(widget(copy));
    widget(copy)->setFocus(Qt::TabFocusReason);
    QTest::keyClick(widget(copy), Qt::Key_P);
    QTest::keyClick(widget(copy), Qt::Key_R);
    QVERIFY(!editor()->panelSpec(copy));
}

void TestGridEditing::undoHasNames()
{
    editor()->movePanel(3, {0, 12, 0});
    QCOMPARE(page()->editing()->undoAction()->text(), u"Undo: Move “three”"_s);
    QVERIFY(!page()->editing()->redoAction()->isEnabled());
    page()->editing()->undoAction()->trigger();
    QCOMPARE(page()->editing()->redoAction()->text(), u"Redo: Move “three”"_s);
    QVERIFY(!page()->editing()->undoAction()->isEnabled());
}

void TestGridEditing::lockedAndMaximisedStay()
{
    page()->editing()->setLocked(true);
    grab(widget(1));
    pull(12, 0);
    drop();
    QVERIFY(editor()->isClean());
    page()->editing()->setLocked(false);
    view()->setMaximised(u"1"_s);
    grab(widget(1));
    pull(0, 5);
    drop();
    QVERIFY(editor()->isClean());
    view()->setMaximised({});
    // one column below the other: nothing to arrange
    m_window->resize(600, 700);
    QTRY_VERIFY(view()->gridWidth() < kSingleColumnBelowPx);
    QVERIFY(!view()->editing()->canArrange());
}

// A refresh while a panel is held neither ends the drag nor moves anything.
void TestGridEditing::dataArrivesWhileDragging()
{
    grab(widget(1));
    pull(12, 1);
    const QRect held = widget(1)->geometry();
    QSignalSpy arrived(page()->session(), &DashboardSession::panelChanged);
    page()->refresh();
    QTRY_VERIFY_WITH_TIMEOUT(!page()->session()->isBusy() && !arrived.isEmpty(), kPatienceMs);
    QVERIFY(view()->editing()->isDragging());
    QCOMPARE(widget(1)->geometry(), held);
    drop();
    QCOMPARE(placeOf(1).x, 12.);
}

PROMDECK_GUI_TEST_MAIN(TestGridEditing)
#include "tst_gridediting.moc"
