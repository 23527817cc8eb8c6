#include "models/dashboard/dashboardfile.h"
#include "models/dashboard/ownannotations.h"
#include "tests/gui/editor/windowfixture.h"
#include "widgets/dashboard/annotationform.h"
#include "widgets/dashboard/annotationlist.h"
#include "widgets/dashboard/dashboardannotating.h"
#include "widgets/dashboard/dashboardediting.h"
#include "widgets/panels/timeseriesbody.h"
#include "widgets/plot/plotcanvas.h"
#include "widgets/plot/plottooltip.h"
#include "widgets/plot/timeseriesview.h"

#include <QAction>
#include <QCheckBox>
#include <QContextMenuEvent>
#include <QFile>
#include <QLabel>
#include <QLineEdit>
#include <QMenu>
#include <QPlainTextEdit>
#include <QPushButton>
#include <QSignalSpy>
#include <QThreadPool>
#include <QToolButton>
#include <QTreeWidget>
#include <QWheelEvent>

using namespace Promdeck;
using namespace Promdeck::Testing;
using namespace Qt::StringLiterals;

namespace {

Json board(qint64 endSeconds)
{
    Json panels = Json::array();
    for (int id = 1; id <= 2; ++id) {
        const Json target = Json::object({{u"refId"_s, u"A"_s}, {u"expr"_s, u"demo_value"_s}});
        panels.append(Json::object(
            {{u"id"_s, id},
             {u"type"_s, u"timeseries"_s},
             {u"title"_s, id == 1 ? u"Left"_s : u"Right"_s},
             {u"gridPos"_s, Json::object({{u"h"_s, 10}, {u"w"_s, 12}, {u"x"_s, (id - 1) * 12}, {u"y"_s, 0}})},
             {u"targets"_s, Json::array({target})}}));
    }
    Json board = Json::object({{u"title"_s, u"Marks"_s}, {u"uid"_s, u"marks"_s}, {u"schemaVersion"_s, 42}, {u"panels"_s, panels}});
    board.setPath(u"time.from", QString::number((endSeconds - 2400) * 1000));
    board.setPath(u"time.to", QString::number(endSeconds * 1000));
    return board;
}

QByteArray alerts(qint64 endSeconds)
{
    // Pending for four minutes, then firing for ten; active since a moment between two samples.
    QByteArray text;
    const qint64 since = endSeconds - 1800;
    for (qint64 at = since + 7; at < since + 240; at += 15)
        text += "ALERTS{alertname=\"Full\",alertstate=\"pending\",instance=\"a\",severity=\"page\"} 1 " + QByteArray::number(at) + '\n';
    for (qint64 at = since + 247; at < since + 840; at += 15)
        text += "ALERTS{alertname=\"Full\",alertstate=\"firing\",instance=\"a\",severity=\"page\"} 1 " + QByteArray::number(at) + '\n';
    for (qint64 at = since + 7; at < since + 840; at += 15)
        text += "ALERTS_FOR_STATE{alertname=\"Full\",instance=\"a\",severity=\"page\"} " + QByteArray::number(since) + ' ' + QByteArray::number(at) + '\n';
    return text;
}

} // namespace

/// The operator's own annotations and alert states in the plots of the real window.
class TestAnnotating final : public QObject
{
    Q_OBJECT

private Q_SLOTS:
    void initTestCase();
    void init();
    void cleanup();
    void ctrlClickNotesAMoment();
    void ctrlDragNotesASpan();
    void menuAndKeysNoteToo();
    void editedDeletedAndUndone();
    void onlyInThisPanel();
    void anotherPageShowsThemAtOnce();
    void theListFindsAndRemoves();
    void builtInBoardsKeepThemInTheDataFolder();
    void alertStatesAreMarked();
    void valuesZoomAndComeBack();
    void shiftWheelZoomsTime();
    void resizingHidesTheTooltip();

private:
    [[nodiscard]] PlotCanvas* canvas(const QString& title) const
    {
        return static_cast<TimeSeriesBody*>(m_fixture.panel(title)->body())->view()->canvas();
    }
    [[nodiscard]] QPoint placeAt(const QString& title, double x, double y) const
    {
        const QRectF area = canvas(title)->rendered().layout.area;
        return QPointF(area.left() + area.width() * x, area.top() + area.height() * y).toPoint();
    }
    [[nodiscard]] qint64 timeAt(const QString& title, double x) const
    {
        const RenderedPlot& plot = canvas(title)->rendered();
        return plot.layout.timeAt(placeAt(title, x, 0).x(), plot.plot.range);
    }
    /// The keyboard is there, also after a popup had it.
    void activate(const QString& title) const
    {
        m_fixture.focus(title);
        QVERIFY(QTest::qWaitForWindowActive(m_fixture.window.get()));
        QTRY_VERIFY(m_fixture.panel(title)->hasFocus());
    }
    [[nodiscard]] DashboardAnnotating* annotating() const { return m_fixture.page()->annotating(); }
    [[nodiscard]] size_t marksIn(const QString& title) const
    {
        const auto& model = canvas(title)->model();
        return model && model->annotations ? model->annotations->size() : 0;
    }
    /// Ctrl+click and what is typed into the form.
    void note(const QString& title, double x, const QString& text, const QString& tags = {})
    {
        QTest::mouseClick(canvas(title), Qt::LeftButton, Qt::ControlModifier, placeAt(title, x, 0.4));
        QVERIFY(annotating()->form());
        QTest::keyClicks(annotating()->form()->findChild<QPlainTextEdit*>(u"annotationText"_s), text);
        QTest::keyClicks(annotating()->form()->findChild<QLineEdit*>(u"annotationTags"_s), tags);
        QTest::mouseClick(annotating()->form()->findChild<QPushButton*>(u"annotationSave"_s), Qt::LeftButton);
        QTRY_VERIFY(!annotating()->form());
    }

    WindowFixture m_fixture;
    QByteArray m_board;
};

void TestAnnotating::initTestCase()
{
    Theme::instance().install(*qobject_cast<QApplication*>(QCoreApplication::instance()));
    m_fixture.end = QDateTime::currentSecsSinceEpoch() / WindowFixture::kStep * WindowFixture::kStep - 60;
    QByteArray text = WindowFixture::samples(m_fixture.end);
    text.chop(6);
    m_fixture.server = TestServer::prometheus({.samples = text + alerts(m_fixture.end) + "# EOF\n"});
    QVERIFY(m_fixture.server);
}

void TestAnnotating::init()
{
    QFile::remove(m_fixture.folder.filePath(u"board.promdeck-annotations"_s));
    Theme::instance().setMode(ThemeMode::Dark);
    m_fixture.makeWindow();
    m_fixture.open(board(m_fixture.end));
    QVERIFY(QTest::qWaitForWindowActive(m_fixture.window.get()));
    QTRY_VERIFY(canvas(u"Left"_s)->isCurrent() && canvas(u"Right"_s)->isCurrent());
}

void TestAnnotating::cleanup()
{
    QTRY_VERIFY(!annotating()->book() || annotating()->book()->isSaved());
    m_fixture.page()->editing()->editor()->setClean();
    m_fixture.closeWindow();
    QThreadPool::globalInstance()->waitForDone();
}

void TestAnnotating::ctrlClickNotesAMoment()
{
    const qint64 at = timeAt(u"Left"_s, 0.5);
    QTest::mouseClick(canvas(u"Left"_s), Qt::LeftButton, Qt::ControlModifier, placeAt(u"Left"_s, 0.5, 0.4));
    AnnotationForm* form = annotating()->form();
    QVERIFY(form && form->isVisible());
    QVERIFY(form->findChild<QLabel*>(u"annotationTime"_s)->text().startsWith(QDateTime::fromMSecsSinceEpoch(at, Qt::UTC).toString(u"yyyy-MM-dd HH:mm:ss"_s)));
    QVERIFY(!form->findChild<QPushButton*>(u"annotationSave"_s)->isEnabled()); // nothing to say yet
    QTest::keyClicks(form->findChild<QPlainTextEdit*>(u"annotationText"_s), u"Deployed 2.3"_s);
    QTest::keyClicks(form->findChild<QLineEdit*>(u"annotationTags"_s), u"deploy, web"_s);
    m_fixture.keepPicture(u"annotation-form"_s, form);
    QTest::keyClick(form->findChild<QLineEdit*>(u"annotationTags"_s), Qt::Key_Return);
    QTRY_COMPARE(marksIn(u"Left"_s), size_t(1));
    QTRY_COMPARE(marksIn(u"Right"_s), size_t(1));
    const Annotation mark = canvas(u"Left"_s)->model()->annotations->front();
    QCOMPARE(mark.fromMs, at);
    QCOMPARE(mark.toMs, at);
    QCOMPARE(mark.tags, QStringList({u"deploy"_s, u"web"_s}));
    QVERIFY(m_fixture.page()->editing()->editor()->isClean()); // the dashboard itself is as it was
    // Beside the file, as JSON.
    QTRY_VERIFY(annotating()->book()->isSaved());
    const Json kept = readJson(m_fixture.folder.filePath(u"board.promdeck-annotations"_s));
    QCOMPARE(kept[u"annotations"].size(), 1);
    QCOMPARE(kept[u"annotations"].at(0)[u"text"].toString(), u"Deployed 2.3"_s);
    QCOMPARE(kept[u"annotations"].at(0)[u"time"].toInt(), at);
    // The switch hides it, and shows it again.
    auto* button = m_fixture.page()->findChild<QToolButton*>(u"annotation:promdeck:own"_s);
    QVERIFY(button && button->isVisible() && button->isChecked());
    QTest::mouseClick(button, Qt::LeftButton);
    QTRY_COMPARE(marksIn(u"Left"_s), size_t(0));
    QTest::mouseClick(button, Qt::LeftButton);
    QTRY_COMPARE(marksIn(u"Left"_s), size_t(1));
    QTRY_VERIFY(canvas(u"Left"_s)->isCurrent());
    m_fixture.keepPicture(u"annotation-mark"_s);
}

void TestAnnotating::ctrlDragNotesASpan()
{
    const qint64 from = timeAt(u"Left"_s, 0.25);
    const qint64 to = timeAt(u"Left"_s, 0.6);
    QSignalSpy zooms(canvas(u"Left"_s), &PlotCanvas::zoomRequested);
    QTest::mousePress(canvas(u"Left"_s), Qt::LeftButton, Qt::ControlModifier, placeAt(u"Left"_s, 0.25, 0.4));
    QTest::mouseMove(canvas(u"Left"_s), placeAt(u"Left"_s, 0.4, 0.42));
    QTest::mouseMove(canvas(u"Left"_s), placeAt(u"Left"_s, 0.6, 0.45));
    QTest::mouseRelease(canvas(u"Left"_s), Qt::LeftButton, Qt::ControlModifier, placeAt(u"Left"_s, 0.6, 0.45));
    QVERIFY(annotating()->form());
    QTest::keyClicks(annotating()->form()->findChild<QPlainTextEdit*>(u"annotationText"_s), u"Maintenance"_s);
    QTest::keyClick(annotating()->form()->findChild<QPlainTextEdit*>(u"annotationText"_s), Qt::Key_Return);
    QTRY_COMPARE(marksIn(u"Right"_s), size_t(1));
    const OwnAnnotation made = annotating()->book()->all().front();
    QCOMPARE(made.fromMs, from);
    QCOMPARE(made.toMs, to);
    QCOMPARE(zooms.count(), 0);
}

void TestAnnotating::menuAndKeysNoteToo()
{
    // The menu, about the moment under the mouse.
    QTest::mouseMove(canvas(u"Left"_s), placeAt(u"Left"_s, 0.5, 0.5));
    const qint64 at = timeAt(u"Left"_s, 0.5);
    QContextMenuEvent ask(QContextMenuEvent::Mouse, QPoint(20, 20), m_fixture.panel(u"Left"_s)->mapToGlobal(QPoint(20, 20)));
    QApplication::sendEvent(m_fixture.panel(u"Left"_s), &ask);
    auto* menu = m_fixture.panel(u"Left"_s)->findChild<QMenu*>(u"panelMenuPopup"_s);
    QVERIFY(menu);
    auto* entry = menu->findChild<QAction*>(u"panelAddAnnotation"_s);
    QVERIFY(entry);
    QTest::mouseClick(menu, Qt::LeftButton, {}, menu->actionGeometry(entry).center());
    QTRY_VERIFY(annotating()->form());
    QTest::keyClicks(annotating()->form()->findChild<QPlainTextEdit*>(u"annotationText"_s), u"By menu"_s);
    QTest::keyClick(annotating()->form()->findChild<QPlainTextEdit*>(u"annotationText"_s), Qt::Key_Return);
    QTRY_COMPARE(marksIn(u"Left"_s), size_t(1));
    QCOMPARE(annotating()->book()->all().front().fromMs, at);
    // Keys alone: to a sample, from there to another one, and what lies between is noted.
    activate(u"Right"_s);
    canvas(u"Right"_s)->setFocus(Qt::TabFocusReason);
    QTest::keyClick(canvas(u"Right"_s), Qt::Key_Home);
    const qint64 first = *canvas(u"Right"_s)->cursorTime();
    QTest::keyClick(canvas(u"Right"_s), Qt::Key_Space);
    QTest::keyClick(canvas(u"Right"_s), Qt::Key_Right, Qt::ShiftModifier);
    const qint64 second = *canvas(u"Right"_s)->cursorTime();
    QVERIFY(second > first);
    QTest::keyClick(m_fixture.window.get(), Qt::Key_P);
    QTest::keyClick(m_fixture.window.get(), Qt::Key_A);
    QTRY_VERIFY(annotating()->form());
    QTest::keyClicks(annotating()->form()->findChild<QPlainTextEdit*>(u"annotationText"_s), u"By key"_s);
    QTest::keyClick(annotating()->form()->findChild<QPlainTextEdit*>(u"annotationText"_s), Qt::Key_Return);
    QTRY_COMPARE(marksIn(u"Right"_s), size_t(2));
    const auto& all = annotating()->book()->all();
    const auto byKey = std::ranges::find(all, u"By key"_s, &OwnAnnotation::text);
    QVERIFY(byKey != all.end());
    QVERIFY(std::abs(byKey->fromMs - first) < 15'000);
    QVERIFY(std::abs(byKey->toMs - second) < 15'000);
}

void TestAnnotating::editedDeletedAndUndone()
{
    note(u"Left"_s, 0.5, u"Befor"_s);
    QTRY_COMPARE(marksIn(u"Left"_s), size_t(1));
    QTRY_VERIFY(canvas(u"Left"_s)->isCurrent());
    // A click on its handle opens it again.
    const QPoint handle = placeAt(u"Left"_s, 0.5, 1.0);
    QTest::mouseClick(canvas(u"Left"_s), Qt::LeftButton, {}, handle);
    QVERIFY(annotating()->form());
    auto* text = annotating()->form()->findChild<QPlainTextEdit*>(u"annotationText"_s);
    QCOMPARE(text->toPlainText(), u"Befor"_s);
    text->setPlainText(u"After"_s);
    QTest::keyClick(text, Qt::Key_Return);
    QTRY_COMPARE(annotating()->book()->all().front().text, u"After"_s);
    QTRY_VERIFY(!annotating()->form());
    QTRY_VERIFY(canvas(u"Left"_s)->isCurrent());
    QTest::mouseClick(canvas(u"Left"_s), Qt::LeftButton, {}, handle);
    QTest::mouseClick(annotating()->form()->findChild<QPushButton*>(u"annotationDelete"_s), Qt::LeftButton);
    QTRY_COMPARE(marksIn(u"Left"_s), size_t(0));
    // One history for everything.
    QAction* undo = m_fixture.page()->editing()->undoAction();
    QVERIFY(undo->text().contains(u"After"_s));
    activate(u"Left"_s);
    QTest::keyClick(m_fixture.window.get(), Qt::Key_Z, Qt::ControlModifier);
    QTRY_COMPARE(marksIn(u"Left"_s), size_t(1));
    QTest::keyClick(m_fixture.window.get(), Qt::Key_Z, Qt::ControlModifier);
    QTRY_COMPARE(annotating()->book()->all().front().text, u"Befor"_s);
    QTest::keyClick(m_fixture.window.get(), Qt::Key_Z, Qt::ControlModifier);
    QTRY_COMPARE(marksIn(u"Left"_s), size_t(0));
    QVERIFY(!undo->isEnabled());
    QTest::keyClick(m_fixture.window.get(), Qt::Key_Z, Qt::ControlModifier | Qt::ShiftModifier);
    QTRY_COMPARE(marksIn(u"Left"_s), size_t(1));
    QVERIFY(m_fixture.page()->editing()->editor()->isClean());
    QTRY_VERIFY(annotating()->book()->isSaved());
    const auto kept = readOwnAnnotations(m_fixture.file);
    QVERIFY_RESULT(kept);
    QCOMPARE(kept->front().text, u"Befor"_s);
}

void TestAnnotating::onlyInThisPanel()
{
    QTest::mouseClick(canvas(u"Left"_s), Qt::LeftButton, Qt::ControlModifier, placeAt(u"Left"_s, 0.5, 0.4));
    auto* box = annotating()->form()->findChild<QCheckBox*>(u"annotationOnlyHere"_s);
    QVERIFY(box->isVisible() && box->text().contains(u"Left"_s));
    QTest::mouseClick(box, Qt::LeftButton, {}, QPoint(8, box->height() / 2));
    QVERIFY(box->isChecked());
    QTest::keyClicks(annotating()->form()->findChild<QPlainTextEdit*>(u"annotationText"_s), u"Here"_s);
    QTest::mouseClick(annotating()->form()->findChild<QPushButton*>(u"annotationSave"_s), Qt::LeftButton);
    QTRY_COMPARE(marksIn(u"Left"_s), size_t(1));
    QCOMPARE(marksIn(u"Right"_s), size_t(0));
}

void TestAnnotating::anotherPageShowsThemAtOnce()
{
    note(u"Left"_s, 0.3, u"One"_s);
    DashboardPage beside;
    beside.resize(900, 500);
    beside.show();
    const auto opened = openDashboard(m_fixture.file);
    QVERIFY_RESULT(opened);
    beside.open(*opened, m_fixture.page()->session()->stack());
    QTRY_COMPARE(beside.session()->annotations().size(), size_t(1));
    note(u"Right"_s, 0.6, u"Two"_s);
    QTRY_COMPARE(beside.session()->annotations().size(), size_t(2));
    // And what another program wrote is not lost by what this one writes.
    QTRY_VERIFY(annotating()->book()->isSaved());
    QVERIFY_RESULT(putOwnAnnotation(m_fixture.file, {u"foreign"_s, 1000, 2000, u"Elsewhere"_s, {}, 0}));
    note(u"Right"_s, 0.8, u"Three"_s);
    QTRY_COMPARE(annotating()->book()->all().size(), size_t(4));
    QVERIFY(annotating()->book()->find(u"foreign"_s));
}

void TestAnnotating::theListFindsAndRemoves()
{
    note(u"Left"_s, 0.3, u"Deploy of web"_s, u"deploy"_s);
    note(u"Left"_s, 0.7, u"Power cut"_s);
    activate(u"Left"_s);
    QTest::keyClick(m_fixture.window.get(), Qt::Key_D);
    QTest::keyClick(m_fixture.window.get(), Qt::Key_A);
    QPointer<AnnotationList> list;
    QTRY_VERIFY((list = m_fixture.page()->findChild<AnnotationList*>(u"annotationList"_s)));
    auto* tree = list->findChild<QTreeWidget*>(u"annotationTree"_s);
    QCOMPARE(tree->topLevelItemCount(), 2);
    QCOMPARE(tree->topLevelItem(0)->text(1), u"Power cut"_s); // the newest first
    m_fixture.keepPicture(u"annotation-list"_s, list);
    QTest::keyClicks(list->findChild<QLineEdit*>(u"annotationSearch"_s), u"deploy"_s);
    QCOMPARE(tree->topLevelItemCount(), 1);
    tree->topLevelItem(0)->setSelected(true);
    const qint64 at = annotating()->book()->all().front().fromMs;
    QTest::mouseClick(list->findChild<QPushButton*>(u"annotationShow"_s), Qt::LeftButton);
    const TimeRange range = m_fixture.page()->session()->timeRange();
    QVERIFY(std::abs((range.fromMs + range.toMs) / 2 - at) < 2000);
    tree->topLevelItem(0)->setSelected(true);
    QTest::mouseClick(list->findChild<QPushButton*>(u"annotationRemove"_s), Qt::LeftButton);
    QTRY_COMPARE(annotating()->book()->all().size(), size_t(1));
    list->close();
}

void TestAnnotating::builtInBoardsKeepThemInTheDataFolder()
{
    const QString path = ownAnnotationsPath(u"builtin:stack-overview"_s);
    QVERIFY2(path.contains(u"/promdeck/annotations/"_s), qPrintable(path));
    const auto put = putOwnAnnotation(u"builtin:stack-overview"_s, {u"x"_s, 5, 5, u"Note"_s, {}, 0});
    QVERIFY_RESULT(put);
    QVERIFY(QFile::exists(path));
    QCOMPARE(QFile::permissions(path) & (QFileDevice::ReadGroup | QFileDevice::ReadOther), QFileDevice::Permissions());
    const auto gone = removeOwnAnnotation(u"builtin:stack-overview"_s, u"x"_s);
    QVERIFY_RESULT(gone);
    QVERIFY(gone->empty());
    // What is no list of annotations is left as it is.
    QFile broken(path);
    QVERIFY(broken.open(QIODevice::WriteOnly));
    broken.write("[]");
    broken.close();
    QVERIFY(!putOwnAnnotation(u"builtin:stack-overview"_s, {u"y"_s, 5, 5, u"Note"_s, {}, 0}).ok());
    QCOMPARE(readFile(path), QByteArray("[]"));
    QFile::remove(path);
}

void TestAnnotating::alertStatesAreMarked()
{
    QCOMPARE(marksIn(u"Left"_s), size_t(0)); // nobody asked for them
    activate(u"Left"_s);
    QTest::keyClick(m_fixture.window.get(), Qt::Key_D);
    QTest::keyClick(m_fixture.window.get(), Qt::Key_M);
    QTRY_COMPARE_WITH_TIMEOUT(marksIn(u"Left"_s), size_t(2), kPatienceMs);
    const auto marks = canvas(u"Left"_s)->model()->annotations;
    const Annotation& pending = marks->at(0);
    const Annotation& firing = marks->at(1);
    QCOMPARE(pending.title, u"Full"_s);
    QCOMPARE(pending.tags, QStringList({u"pending"_s, u"page"_s}));
    QCOMPARE(pending.fromMs, (m_fixture.end - 1800) * 1000); // exactly, not at a step of the query
    QCOMPARE(pending.toMs, firing.fromMs);
    QCOMPARE(firing.tags, QStringList({u"firing"_s, u"page"_s}));
    QVERIFY(firing.toMs > firing.fromMs + 500'000);
    QTRY_VERIFY(canvas(u"Left"_s)->isCurrent());
    m_fixture.keepPicture(u"alert-states"_s);
    Theme::instance().setMode(ThemeMode::Light);
    QTRY_VERIFY(canvas(u"Left"_s)->isCurrent() && canvas(u"Right"_s)->isCurrent());
    m_fixture.keepPicture(u"alert-states-light"_s);
    Theme::instance().setMode(ThemeMode::Dark);
    auto* button = m_fixture.page()->findChild<QToolButton*>(u"annotation:promdeck:alerts"_s);
    QVERIFY(button && button->isChecked());
    QTest::mouseClick(button, Qt::LeftButton);
    QTRY_COMPARE(marksIn(u"Left"_s), size_t(0));
    // A dashboard may ask for them itself.
    Json wanting = board(m_fixture.end);
    wanting.setPath(u"promdeck.alertStates", true);
    m_fixture.open(wanting);
    QTRY_COMPARE_WITH_TIMEOUT(m_fixture.page()->session()->annotations().size(), size_t(2), kPatienceMs);
}

void TestAnnotating::valuesZoomAndComeBack()
{
    PlotCanvas* plot = canvas(u"Left"_s);
    const double all = plot->rendered().plot.scales[0].max();
    const AxisLayout axis = plot->rendered().layout.axes[0];
    QTest::mousePress(plot, Qt::LeftButton, {}, QPoint(int(axis.rect.center().x()), placeAt(u"Left"_s, 0, 0.75).y()));
    QTest::mouseMove(plot, QPoint(int(axis.rect.center().x()), placeAt(u"Left"_s, 0, 0.9).y()));
    QTest::mouseRelease(plot, Qt::LeftButton, {}, QPoint(int(axis.rect.center().x()), placeAt(u"Left"_s, 0, 1.0).y()));
    QTRY_VERIFY(plot->isCurrent());
    QVERIFY(std::abs(plot->rendered().plot.scales[0].max() - all / 4) < all / 50);
    QSignalSpy outs(plot, &PlotCanvas::zoomOutRequested);
    QTest::mouseDClick(plot, Qt::LeftButton, {}, placeAt(u"Left"_s, 0.5, 0.5));
    QTRY_VERIFY(plot->isCurrent());
    QCOMPARE(plot->rendered().plot.scales[0].max(), all);
    QCOMPARE(outs.count(), 0);
    // Ctrl+drag up and down does the same anywhere.
    QTest::mousePress(plot, Qt::LeftButton, Qt::ControlModifier, placeAt(u"Left"_s, 0.5, 0.5));
    QTest::mouseMove(plot, placeAt(u"Left"_s, 0.5, 0.6));
    QTest::mouseRelease(plot, Qt::LeftButton, Qt::ControlModifier, placeAt(u"Left"_s, 0.51, 1.0));
    QTRY_VERIFY(plot->isCurrent() && plot->rendered().plot.scales[0].max() < all * 0.6);
    QVERIFY(!annotating()->form());
    plot->setFocus(Qt::TabFocusReason);
    QTest::keyClick(plot, Qt::Key_Escape);
    QTRY_COMPARE(plot->rendered().plot.scales[0].max(), all);
    QTest::mouseDClick(plot, Qt::LeftButton, {}, placeAt(u"Left"_s, 0.5, 0.5));
    QCOMPARE(outs.count(), 1);
}

void TestAnnotating::shiftWheelZoomsTime()
{
    QSignalSpy zooms(canvas(u"Left"_s), &PlotCanvas::zoomRequested);
    const QPointF place = placeAt(u"Left"_s, 0.5, 0.5);
    const auto turn = [&](Qt::KeyboardModifiers keys) {
        QWheelEvent wheel(place, canvas(u"Left"_s)->mapToGlobal(place), {}, QPoint(0, 120), Qt::NoButton, keys, Qt::NoScrollPhase, false);
        QApplication::sendEvent(canvas(u"Left"_s), &wheel);
    };
    turn({});
    QCOMPARE(zooms.count(), 0);
    turn(Qt::ShiftModifier);
    QCOMPARE(zooms.count(), 1);
}

void TestAnnotating::resizingHidesTheTooltip()
{
    const QPointF place = placeAt(u"Left"_s, 0.5, 0.5);
    QMouseEvent move(QEvent::MouseMove, place, canvas(u"Left"_s)->mapToGlobal(place), Qt::NoButton, Qt::NoButton, Qt::NoModifier);
    QApplication::sendEvent(canvas(u"Left"_s), &move);
    QTRY_VERIFY(PlotTooltip::instance() && PlotTooltip::instance()->isVisible());
    // A pane opens beside the grid: the plot is somewhere else now.
    activate(u"Right"_s);
    QTest::keyClick(m_fixture.window.get(), Qt::Key_M, Qt::ControlModifier);
    QTRY_VERIFY(!PlotTooltip::instance()->isVisible());
}

PROMDECK_GUI_TEST_MAIN(TestAnnotating)
#include "tst_annotating.moc"
