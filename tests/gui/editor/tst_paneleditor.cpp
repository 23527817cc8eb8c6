#include "tests/gui/editor/windowfixture.h"
#include "widgets/dashboard/dashboardediting.h"
#include "widgets/dashboard/dashboardtools.h"
#include "widgets/editor/colorbutton.h"
#include "widgets/editor/listeditors.h"
#include "widgets/editor/optionspane.h"
#include "widgets/editor/overridesediting.h"
#include "widgets/editor/paneleditor.h"
#include "widgets/editor/queryrows.h"
#include "widgets/editor/thresholdhandles.h"
#include "widgets/editor/transformationlist.h"
#include "widgets/editor/transformationspecs.h"
#include "widgets/editor/unitpicker.h"
#include "widgets/panels/datatablemodel.h"
#include "widgets/panels/timeseriesbody.h"
#include "widgets/panels/valuebodies.h"
#include "widgets/plot/plotcanvas.h"
#include "widgets/plot/timeseriesview.h"

#include <QAction>
#include <QCheckBox>
#include <QComboBox>
#include <QElapsedTimer>
#include <QLabel>
#include <QLineEdit>
#include <QListView>
#include <QMenu>
#include <QPlainTextEdit>
#include <QPushButton>
#include <QSignalSpy>
#include <QTabWidget>
#include <QToolButton>
#include <QTreeWidget>

using namespace Promdeck;
using namespace Promdeck::Testing;
using namespace Qt::StringLiterals;

class TestPanelEditor final : public QObject
{
    Q_OBJECT

private Q_SLOTS:
    void initTestCase() { QVERIFY(m_fixture.startServer()); }
    void init() { m_fixture.makeWindow(); }
    void cleanup() { m_fixture.closeWindow(); }
    void opensWithAKeyAndGoesBack();
    void previewFollowsTheQuery();
    void saysWhatIsWrongInTheText();
    void completesFromTheStack();
    void arrangesQueries();
    void leavesOtherLanguagesAlone();
    void setsOptions();
    void searchesOptions();
    void wheelScrollsAndChangesNothing();
    void picksUnits();
    void editsThresholds();
    void dragsThresholds();
    void mapsValues();
    void overridesFields();
    void switchesTypes();
    void transformsWithFramesBeforeAndAfter();
    void organisesFields();
    void groupsSortsAndFilters();
    void editsJson();
    void everyChangeIsOneStep();
    void discards();
    void undoWhileEditing();
    void editsRepeatedPanels();
    void addsPanels();

private:
    void edit(const QString& title);
    [[nodiscard]] DashboardTools* tools() const { return m_fixture.page()->tools(); }
    [[nodiscard]] PanelEditor* editor() const { return tools()->editor(); }
    [[nodiscard]] DashboardEditor* history() const { return m_fixture.page()->editing()->editor(); }
    [[nodiscard]] Json panel() const { return editor()->draft()->json(); }
    [[nodiscard]] QueryRow* query(int index) const { return editor()->queries()->rows().value(index); }
    template <typename Widget>
    [[nodiscard]] Widget* option(const QString& path) const
    {
        OptionEditor* found = editor()->options()->editor(path);
        return found ? found->findChild<Widget*>() : nullptr;
    }
    template <typename Body>
    [[nodiscard]] Body* preview() const
    {
        return qobject_cast<Body*>(editor()->preview()->body());
    }
    [[nodiscard]] QStringList seriesNames() const;
    void typeExpression(int index, const QString& text) const;

    WindowFixture m_fixture;
};

void TestPanelEditor::edit(const QString& title)
{
    if (!m_fixture.page()->session())
        m_fixture.openKnown();
    m_fixture.focus(title);
    QTest::keyClick(m_fixture.window.get(), Qt::Key_E);
    QVERIFY(editor());
    QTRY_VERIFY_WITH_TIMEOUT(!m_fixture.page()->session()->isBusy() && editor()->preview()->isSettled(), kPatienceMs);
}

QStringList TestPanelEditor::seriesNames() const
{
    QStringList names;
    const auto* body = preview<TimeSeriesBody>();
    if (!body || !body->view()->model())
        return names;
    for (const SeriesModel& series : body->view()->model()->series)
        names << series.name;
    return names;
}

void TestPanelEditor::typeExpression(int index, const QString& text) const
{
    PromqlEdit* edit = query(index)->edit();
    edit->setFocus();
    edit->selectAll();
    QTest::keyClick(edit, Qt::Key_Delete);
    QTest::keyClicks(edit, text);
    if (edit->isCompleting())
        QTest::keyClick(edit, Qt::Key_Escape);
    QTest::keyClick(edit, Qt::Key_Return);
}

void TestPanelEditor::opensWithAKeyAndGoesBack()
{
    m_fixture.openKnown();
    m_fixture.focus(u"Both"_s);
    QElapsedTimer opening;
    opening.start();
    QTest::keyClick(m_fixture.window.get(), Qt::Key_E);
    QVERIFY(editor() && editor()->isVisible());
    qInfo("opened in %lld ms", opening.elapsed());
    QVERIFY(!m_fixture.view()->isVisible());
    QTRY_COMPARE_WITH_TIMEOUT(seriesNames(), (QStringList {u"a"_s, u"b"_s}), kPatienceMs);
    QCOMPARE(query(0)->edit()->expression(), u"demo_value{instance=~\"$instance\"}"_s);
    QVERIFY(query(0)->edit()->problems().empty()); // the variable stands for something
    QTRY_VERIFY(query(0)->findChild<QLabel*>(u"queryCost"_s)->text().startsWith(u"2 series"_s));
    m_fixture.keepPicture(u"editor"_s);
    // Out of the text, then out of the editor, back on the panel.
    QTest::keyClick(query(0)->edit(), Qt::Key_Escape);
    QVERIFY(editor() && !query(0)->edit()->hasFocus());
    QTest::keyClick(m_fixture.window.get(), Qt::Key_Escape);
    QVERIFY(!editor());
    QVERIFY(m_fixture.view()->isVisible());
    QVERIFY(history()->isClean());
}

void TestPanelEditor::previewFollowsTheQuery()
{
    edit(u"Both"_s);
    typeExpression(0, u"demo_value{instance=\"b\"} * 2"_s);
    QTRY_COMPARE_WITH_TIMEOUT(seriesNames(), QStringList {u"b"_s}, kPatienceMs);
    QCOMPARE(panel()[u"targets"].at(0)[u"expr"].toString(), u"demo_value{instance=\"b\"} * 2"_s);
    QTRY_COMPARE_WITH_TIMEOUT(preview<TimeSeriesBody>()->view()->model()->series[0].calcs.at(0).value, 3980.0, kPatienceMs);
    // Its own options.
    auto* legend = query(0)->findChild<QComboBox*>(u"legendFormat"_s);
    legend->lineEdit()->selectAll();
    QTest::keyClicks(legend->lineEdit(), u"of {{instance}}"_s);
    QTRY_COMPARE_WITH_TIMEOUT(seriesNames(), QStringList {u"of b"_s}, kPatienceMs);
    QTest::keyClicks(query(0)->findChild<QLineEdit*>(u"minStep"_s), u"5m"_s);
    QTRY_COMPARE_WITH_TIMEOUT(editor()->preview()->input().data->queries.at(0).stepMs, 300'000, kPatienceMs);
    auto* kind = query(0)->findChild<QComboBox*>(u"queryKind"_s);
    kind->setCurrentIndex(1);
    Q_EMIT kind->activated(1);
    QTRY_VERIFY_WITH_TIMEOUT(editor()->preview()->input().data->queries.at(0).instant, kPatienceMs);
}

void TestPanelEditor::saysWhatIsWrongInTheText()
{
    edit(u"Both"_s);
    PromqlEdit* text = query(0)->edit();
    text->setFocus();
    text->setExpression(u"rate(demo_total)"_s);
    QTRY_COMPARE(text->problems().size(), size_t(1));
    QVERIFY2(query(0)->diagnostics().contains(u"range vector"_s), qPrintable(query(0)->diagnostics()));
    QVERIFY(query(0)->diagnostics().startsWith(u"1:6: "_s));
    QVERIFY(!text->extraSelections().isEmpty());
    m_fixture.keepPicture(u"editor-diagnostics"_s);
    // The signature at the cursor once it is right.
    text->setExpression(u"rate(demo_total[5m])"_s);
    QTextCursor cursor = text->textCursor();
    cursor.setPosition(2);
    text->setTextCursor(cursor);
    QTRY_VERIFY(query(0)->diagnostics().isEmpty() || query(0)->diagnostics().startsWith(u"rate("_s));
    QVERIFY(text->hoverText().startsWith(u"rate("_s));
    // What only the server can know.
    typeExpression(0, u"demo_value{instance=~\"a\"} / on() demo_value"_s);
    QTRY_VERIFY_WITH_TIMEOUT(!query(0)->diagnostics().isEmpty(), kPatienceMs);
}

void TestPanelEditor::completesFromTheStack()
{
    edit(u"Both"_s);
    PromqlEdit* text = query(0)->edit();
    const auto proposals = [text] {
        QStringList all;
        for (int row = 0; row < text->completionList()->model()->rowCount(); ++row)
            all << text->completionList()->model()->index(row, 0).data().toString();
        return all;
    };
    text->setFocus();
    text->selectAll();
    QTest::keyClick(text, Qt::Key_Delete);
    QTest::keyClicks(text, u"demo_val"_s);
    QTRY_VERIFY_WITH_TIMEOUT(text->isCompleting() && proposals().contains(u"demo_value"_s), kPatienceMs);
    QTest::keyClick(text, Qt::Key_Return);
    QCOMPARE(text->expression(), u"demo_value"_s);
    // Labels and their values come from the server while one looks.
    QTest::keyClicks(text, u"{in"_s);
    QTRY_VERIFY_WITH_TIMEOUT(text->isCompleting() && proposals().contains(u"instance"_s), kPatienceMs);
    QTest::keyClick(text, Qt::Key_Tab);
    QTest::keyClicks(text, u"=\""_s);
    QTRY_VERIFY_WITH_TIMEOUT(text->isCompleting() && proposals().contains(u"b"_s), kPatienceMs);
    QTest::keyClick(text, Qt::Key_Escape);
    QVERIFY(!text->isCompleting());
    QVERIFY(editor()); // Esc closed the list, not the editor
    // Functions bring their parentheses, variables their names.
    text->setExpression(QString());
    QTest::keyClicks(text, u"histogram_quan"_s);
    QTRY_VERIFY(text->isCompleting());
    m_fixture.keepPicture(u"editor-completion"_s);
    QTest::keyClick(text, Qt::Key_Tab);
    QCOMPARE(text->expression(), u"histogram_quantile()"_s);
    QCOMPARE(text->textCursor().position(), 19);
    QTest::keyClicks(text, u"$__ra"_s);
    QTRY_VERIFY(text->isCompleting());
    QCOMPARE(proposals().first(), u"$__rate_interval"_s);
    QTest::keyClick(text, Qt::Key_Escape);
    QTest::keyClick(text, Qt::Key_Space, Qt::ControlModifier);
    QVERIFY(text->isCompleting());
    QTest::keyClick(text, Qt::Key_Escape);
}

void TestPanelEditor::arrangesQueries()
{
    edit(u"Both"_s);
    QTest::mouseClick(editor()->queries()->findChild<QPushButton*>(u"queryAdd"_s), Qt::LeftButton);
    QCOMPARE(editor()->queries()->rows().size(), 2);
    QVERIFY(query(1)->edit()->hasFocus());
    typeExpression(1, u"vector(7)"_s);
    QTRY_COMPARE_WITH_TIMEOUT(seriesNames().size(), 3, kPatienceMs);
    const auto click = [this](int row, const QString& name) { QTest::mouseClick(query(row)->findChild<QToolButton*>(name), Qt::LeftButton); };
    click(1, u"queryHide"_s);
    QTRY_COMPARE_WITH_TIMEOUT(seriesNames().size(), 2, kPatienceMs);
    QVERIFY(panel()[u"targets"].at(1)[u"hide"].toBool());
    click(1, u"queryHide"_s);
    click(0, u"queryDuplicate"_s);
    QCOMPARE(panel()[u"targets"].at(1)[u"refId"].toString(), u"C"_s);
    QTRY_COMPARE_WITH_TIMEOUT(seriesNames().size(), 5, kPatienceMs);
    click(2, u"queryUp"_s);
    click(1, u"queryUp"_s);
    QCOMPARE(panel()[u"targets"].at(0)[u"expr"].toString(), u"vector(7)"_s);
    QCOMPARE(query(0)->edit()->expression(), u"vector(7)"_s);
    QVERIFY(!query(0)->findChild<QToolButton*>(u"queryUp"_s)->isEnabled());
    click(1, u"queryRemove"_s);
    QCOMPARE(panel()[u"targets"].size(), 2);
    QTRY_COMPARE_WITH_TIMEOUT(seriesNames().size(), 3, kPatienceMs);
}

void TestPanelEditor::leavesOtherLanguagesAlone()
{
    edit(u"Both"_s);
    auto* source = editor()->queries()->findChild<QComboBox*>(u"panelSource"_s);
    QCOMPARE(source->currentText(), u"Prometheus"_s);
    query(0)->edit()->setExpression(u"{job=\"x\"} |= \"error\""_s);
    QVERIFY(!query(0)->edit()->problems().empty());
    source->setCurrentIndex(1);
    Q_EMIT source->activated(1);
    QCOMPARE(panel().path(u"datasource.type").toString(), u"loki"_s);
    query(0)->edit()->setExpression(u"{job=\"x\"} |= \"error\""_s);
    QVERIFY(query(0)->edit()->problems().empty());
    // The stack has no Loki, and says so where the query is.
    QTRY_VERIFY_WITH_TIMEOUT(!editor()->preview()->stateText().isEmpty(), kPatienceMs);
    history()->undo();
    QCOMPARE(source->currentText(), u"Prometheus"_s);
    QTRY_COMPARE_WITH_TIMEOUT(seriesNames().size(), 2, kPatienceMs);
}

void TestPanelEditor::setsOptions()
{
    edit(u"Both"_s);
    auto* title = option<QLineEdit>(u"title"_s);
    title->selectAll();
    QTest::keyClicks(title, u"Renamed"_s);
    QTRY_COMPARE(editor()->preview()->title(), u"Renamed"_s);
    auto* fill = option<QLineEdit>(u"fieldConfig.defaults.custom.fillOpacity"_s);
    fill->selectAll();
    QTest::keyClicks(fill, u"40"_s);
    QTRY_COMPARE_WITH_TIMEOUT(preview<TimeSeriesBody>()->view()->model()->series[0].style.fillOpacity, 0.4, kPatienceMs);
    auto* style = option<QComboBox>(u"fieldConfig.defaults.custom.drawStyle"_s);
    style->setCurrentIndex(1);
    Q_EMIT style->activated(1);
    QTRY_COMPARE_WITH_TIMEOUT(preview<TimeSeriesBody>()->view()->model()->series[0].style.draw, DrawStyle::Bars, kPatienceMs);
    // Options that make no sense for bars go away, those for bars come.
    QVERIFY(!editor()->options()->editor(u"fieldConfig.defaults.custom.lineInterpolation"_s)->isVisibleTo(editor()));
    QVERIFY(editor()->options()->editor(u"fieldConfig.defaults.custom.barAlignment"_s)->isVisibleTo(editor()));
    QTest::mouseClick(option<QCheckBox>(u"options.legend.showLegend"_s), Qt::LeftButton, {}, QPoint(8, 8));
    QCOMPARE(panel().path(u"options.legend.showLegend"), Json(false));
    // What is no number is not taken.
    auto* decimals = option<QLineEdit>(u"fieldConfig.defaults.decimals"_s);
    QTest::keyClicks(decimals, u"2x"_s);
    QCOMPARE(panel().path(u"fieldConfig.defaults.decimals"), Json(2));
    QTest::keyClick(decimals, Qt::Key_Backspace);
    QTest::keyClick(decimals, Qt::Key_Backspace);
    QVERIFY(panel().path(u"fieldConfig.defaults.decimals").isNull());
    m_fixture.keepPicture(u"editor-options"_s);
}

void TestPanelEditor::searchesOptions()
{
    edit(u"Both"_s);
    auto* search = editor()->options()->findChild<QLineEdit*>(u"optionSearch"_s);
    QVERIFY(editor()->options()->editor(u"title"_s)->isVisibleTo(editor()));
    QTest::keyClicks(search, u"soft max"_s);
    QTRY_VERIFY(!editor()->options()->editor(u"title"_s)->isVisibleTo(editor()));
    QVERIFY(editor()->options()->editor(u"fieldConfig.defaults.custom.axisSoftMax"_s)->isVisibleTo(editor()));
    QVERIFY(!editor()->options()->editor(u"fieldConfig.defaults.custom.axisSoftMin"_s)->isVisibleTo(editor()));
    search->clear();
    QTRY_VERIFY(editor()->options()->editor(u"title"_s)->isVisibleTo(editor()));
}

void TestPanelEditor::wheelScrollsAndChangesNothing()
{
    edit(u"Both"_s);
    const Json before = panel();
    auto* combo = option<QComboBox>(u"fieldConfig.defaults.custom.drawStyle"_s);
    QWheelEvent wheel(QPointF(5, 5), combo->mapToGlobal(QPointF(5, 5)), {}, QPoint(0, -120), Qt::NoButton, {}, Qt::NoScrollPhase, false);
    QApplication::sendEvent(combo, &wheel);
    QCOMPARE(panel(), before);
    QVERIFY(!wheel.isAccepted()); // goes on to the pane
    // Once it was clicked, the wheel is its own.
    combo->setFocus();
    combo->setCurrentIndex(0);
    QWheelEvent again(QPointF(5, 5), combo->mapToGlobal(QPointF(5, 5)), {}, QPoint(0, -120), Qt::NoButton, {}, Qt::NoScrollPhase, false);
    QApplication::sendEvent(combo, &again);
    QCOMPARE(panel().path(u"fieldConfig.defaults.custom.drawStyle").toString(), u"bars"_s);
}

void TestPanelEditor::picksUnits()
{
    edit(u"Both"_s);
    auto* picker = option<UnitPicker>(u"fieldConfig.defaults.unit"_s);
    QVERIFY(picker);
    const auto choose = [picker](const QString& text) {
        picker->openPopup();
        auto* search = picker->findChild<QLineEdit*>(u"unitSearch"_s);
        QTest::keyClicks(search, text);
        QTest::keyClick(search, Qt::Key_Return);
        QTest::qWait(0);
    };
    picker->openPopup();
    m_fixture.keepPicture(u"editor-units"_s, picker->findChild<QTreeWidget*>(u"unitList"_s)->window());
    picker->findChild<QTreeWidget*>(u"unitList"_s)->window()->close();
    QTRY_VERIFY(!picker->findChild<QLineEdit*>(u"unitSearch"_s));
    choose(u"bytes"_s);
    QCOMPARE(panel().path(u"fieldConfig.defaults.unit").toString(), u"bytes"_s);
    QTRY_VERIFY(!picker->findChild<QLineEdit*>(u"unitSearch"_s));
    // A unit of one's own stands last.
    picker->openPopup();
    QTest::keyClicks(picker->findChild<QLineEdit*>(u"unitSearch"_s), u"rows/s"_s);
    for (int step = 0; step < 40; ++step)
        QTest::keyClick(picker->findChild<QLineEdit*>(u"unitSearch"_s), Qt::Key_Down);
    QTest::keyClick(picker->findChild<QLineEdit*>(u"unitSearch"_s), Qt::Key_Return);
    QCOMPARE(panel().path(u"fieldConfig.defaults.unit").toString(), u"rows/s"_s);
    QTRY_COMPARE_WITH_TIMEOUT(preview<TimeSeriesBody>()->view()->model()->series[0].unit, u"rows/s"_s, kPatienceMs);
}

void TestPanelEditor::editsThresholds()
{
    edit(u"Last of a"_s);
    OptionEditor* thresholds = editor()->options()->editor(u"fieldConfig.defaults.thresholds"_s);
    auto* add = thresholds->findChild<QPushButton*>(u"thresholdAdd"_s);
    QTest::mouseClick(add, Qt::LeftButton);
    QTest::mouseClick(add, Qt::LeftButton);
    QTest::qWait(1); // rows that went are gone
    const auto steps = [this] { return panel().path(u"fieldConfig.defaults.thresholds.steps"); };
    QCOMPARE(steps().size(), 3);
    QVERIFY(steps().at(0)[u"value"].isNull());
    QCOMPARE(steps().at(2)[u"value"].toDouble(), 90.0);
    // The highest stands on top; below its neighbour it changes places with it.
    auto* value = thresholds->findChildren<QLineEdit*>(u"thresholdValue"_s).at(0);
    value->setFocus();
    value->selectAll();
    QTest::keyClicks(value, u"5"_s);
    QCOMPARE(steps().at(2)[u"value"].toDouble(), 5.0);
    QTest::keyClick(value, Qt::Key_Return);
    QTRY_COMPARE(steps().at(1)[u"value"].toDouble(), 5.0);
    QCOMPARE(steps().at(2)[u"value"].toDouble(), 80.0);
    QTest::qWait(1);
    // A colour from the palette.
    auto* color = thresholds->findChildren<ColorButton*>().at(0);
    QTest::mouseClick(color, Qt::LeftButton);
    QTest::mouseClick(color->findChild<QToolButton*>(u"color:semi-dark-purple"_s), Qt::LeftButton);
    QCOMPARE(steps().at(2)[u"color"].toString(), u"semi-dark-purple"_s);
    QTest::qWait(1);
    QTest::mouseClick(thresholds->findChildren<QToolButton*>(u"thresholdRemove"_s).at(0), Qt::LeftButton);
    QCOMPARE(steps().size(), 2);
}

void TestPanelEditor::dragsThresholds()
{
    edit(u"Both"_s);
    const Json thresholds = *Json::parse("{\"mode\":\"absolute\",\"steps\":[{\"color\":\"green\",\"value\":null},{\"color\":\"red\",\"value\":1000}]}");
    editor()->draft()->set(u"fieldConfig.defaults.thresholds"_s, thresholds);
    ThresholdHandles* handles = editor()->thresholds();
    QTRY_VERIFY_WITH_TIMEOUT(handles->isVisible() && !handles->handleRect(1).isEmpty(), kPatienceMs);
    m_fixture.keepPicture(u"editor-threshold"_s);
    const int before = history()->stepCount();
    const QPoint from = handles->handleRect(1).center();
    QTest::mousePress(handles, Qt::LeftButton, {}, from);
    for (int y = 5; y <= 30; y += 5) {
        QMouseEvent move(QEvent::MouseMove, QPointF(from.x(), from.y() - y), handles->mapToGlobal(QPointF(from.x(), from.y() - y)), Qt::NoButton, Qt::LeftButton, {});
        QApplication::sendEvent(handles, &move);
    }
    QTest::mouseRelease(handles, Qt::LeftButton, {}, from - QPoint(0, 30));
    const double value = panel().path(u"fieldConfig.defaults.thresholds.steps").at(1)[u"value"].toDouble();
    QVERIFY2(value > 1000 && value < 2400, qPrintable(QString::number(value)));
    QCOMPARE(history()->stepCount(), before + 1); // the whole drag is one step
    history()->undo();
    QCOMPARE(panel().path(u"fieldConfig.defaults.thresholds.steps").at(1)[u"value"].toDouble(), 1000.0);
}

void TestPanelEditor::mapsValues()
{
    edit(u"Last of a"_s);
    OptionEditor* mappings = editor()->options()->editor(u"fieldConfig.defaults.mappings"_s);
    QTest::mouseClick(mappings->findChild<QPushButton*>(u"mappingAdd"_s), Qt::LeftButton);
    QTest::keyClicks(mappings->findChild<QLineEdit*>(u"mappingFirst"_s), QString::number(WindowFixture::kSamples - 1));
    QTest::keyClicks(mappings->findChild<QLineEdit*>(u"mappingText"_s), u"full"_s);
    const auto shown = [this] {
        const auto* stat = preview<StatBody>();
        return stat && !stat->model().values.empty() ? stat->model().values.front().display.toString() : QString();
    };
    QTRY_COMPARE_WITH_TIMEOUT(shown(), u"full"_s, kPatienceMs);
    auto* type = mappings->findChild<QComboBox*>(u"mappingType"_s);
    type->setCurrentIndex(1);
    Q_EMIT type->activated(1);
    QTest::qWait(1);
    QTest::keyClicks(mappings->findChild<QLineEdit*>(u"mappingFirst"_s), u"100"_s);
    QTRY_COMPARE_WITH_TIMEOUT(shown(), u"full"_s, kPatienceMs);
    QCOMPARE(panel().path(u"fieldConfig.defaults.mappings").at(0).path(u"options.from"), Json(100.0));
    QTest::mouseClick(mappings->findChild<QToolButton*>(u"mappingRemove"_s), Qt::LeftButton);
    QTRY_COMPARE_WITH_TIMEOUT(shown(), QString::number(WindowFixture::kSamples - 1), kPatienceMs);
}

void TestPanelEditor::overridesFields()
{
    edit(u"Both"_s);
    OverridesEditing* overrides = editor()->options()->overrides();
    QTRY_COMPARE_WITH_TIMEOUT(seriesNames().size(), 2, kPatienceMs);
    overrides->findChild<QAction*>(u"addOverride:byName"_s)->trigger();
    QCOMPARE(overrides->ruleCount(), 1);
    auto* value = overrides->findChild<QComboBox*>(u"overrideValue"_s);
    value->lineEdit()->selectAll();
    QTest::keyClicks(value->lineEdit(), u"b"_s);
    QCOMPARE(panel().path(u"fieldConfig.overrides").at(0).path(u"matcher.options").toString(), u"b"_s);
    const auto spec = [](const QString& path) {
        const auto& all = optionsFor(u"timeseries"_s);
        return *std::find_if(all.begin(), all.end(), [&](const OptionSpec& one) { return one.path == path; });
    };
    overrides->addProperty(0, spec(u"fieldConfig.defaults.custom.lineWidth"_s));
    auto* width = overrides->findChild<OptionEditor*>(u"override:0:fieldConfig.defaults.custom.lineWidth"_s);
    QVERIFY(width);
    QTest::qWait(1);
    width = overrides->findChild<OptionEditor*>(u"override:0:fieldConfig.defaults.custom.lineWidth"_s);
    auto* number = width->findChild<QLineEdit*>();
    number->selectAll();
    QTest::keyClicks(number, u"4"_s);
    QTRY_COMPARE_WITH_TIMEOUT(preview<TimeSeriesBody>()->view()->model()->series[1].style.lineWidth, 4.0, kPatienceMs);
    QCOMPARE(preview<TimeSeriesBody>()->view()->model()->series[0].style.lineWidth, 1.0);
    // Colours are one property with several members, as files have it.
    overrides->addProperty(0, spec(u"fieldConfig.defaults.color.fixedColor"_s));
    const Json rule = panel().path(u"fieldConfig.overrides").at(0);
    QCOMPARE(rule[u"properties"].at(1)[u"id"].toString(), u"color"_s);
    QCOMPARE(rule[u"properties"].at(1).path(u"value.mode").toString(), u"fixed"_s);
    QTRY_COMPARE_WITH_TIMEOUT(preview<TimeSeriesBody>()->view()->model()->series[1].color, parseColor(u"green"_s, Theme::instance().kind()).value(), kPatienceMs);
    QTest::mouseClick(overrides->findChild<QToolButton*>(u"overrideRemove"_s), Qt::LeftButton);
    QCOMPARE(overrides->ruleCount(), 0);
}

void TestPanelEditor::switchesTypes()
{
    edit(u"Both"_s);
    editor()->draft()->set(u"fieldConfig.defaults.unit"_s, Json(u"bytes"_s));
    editor()->draft()->set(u"fieldConfig.defaults.custom.lineWidth"_s, Json(3));
    QComboBox* type = editor()->options()->typeBox();
    const auto choose = [type](const QString& id) {
        const int index = type->findData(id);
        type->setCurrentIndex(index);
        Q_EMIT type->activated(index);
    };
    choose(u"stat"_s);
    QTRY_VERIFY_WITH_TIMEOUT(preview<StatBody>() && preview<StatBody>()->model().values.size() == 2, kPatienceMs);
    QCOMPARE(panel().path(u"fieldConfig.defaults.unit").toString(), u"bytes"_s);
    QVERIFY(editor()->options()->editor(u"options.graphMode"_s));
    QVERIFY(!editor()->options()->editor(u"options.legend.placement"_s));
    m_fixture.keepPicture(u"editor-stat"_s);
    choose(u"timeseries"_s);
    QTRY_COMPARE_WITH_TIMEOUT(seriesNames().size(), 2, kPatienceMs);
    QTRY_COMPARE_WITH_TIMEOUT(preview<TimeSeriesBody>()->view()->model()->series[0].style.lineWidth, 3.0, kPatienceMs);
    for (const PanelTypeInfo& info : panelTypes()) {
        choose(info.type);
        QCOMPARE(panel()[u"type"].toString(), info.type);
        QTRY_VERIFY_WITH_TIMEOUT(editor()->preview()->isSettled(), kPatienceMs);
    }
}

void TestPanelEditor::transformsWithFramesBeforeAndAfter()
{
    edit(u"Both"_s);
    auto* tabs = editor()->findChild<QTabWidget*>(u"panelEditorTabs"_s);
    tabs->setCurrentIndex(1);
    TransformationList* list = editor()->transformations();
    list->findChild<QAction*>(u"addTransformation:reduce"_s)->trigger();
    QCOMPARE(list->steps().size(), 1);
    QVERIFY(tabs->tabText(1).contains(u'1'));
    TransformationStep* step = list->steps().first();
    QTest::mouseClick(step->findChild<QToolButton*>(u"stepDebug"_s), Qt::LeftButton);
    QTRY_COMPARE_WITH_TIMEOUT(step->after()->rowCount(), 2, kPatienceMs);
    QVERIFY(step->before()->rowCount() > 100);
    QCOMPARE(step->after()->headerData(1, Qt::Horizontal, Qt::DisplayRole).toString(), u"Max"_s);
    m_fixture.keepPicture(u"editor-transformations"_s);
    // A second step that cannot work says so where it stands.
    list->findChild<QAction*>(u"addTransformation:limit"_s)->trigger();
    auto* rows = list->steps().last()->findChild<OptionEditor*>(u"step:limitField"_s)->findChild<QLineEdit*>();
    rows->selectAll();
    QTest::keyClicks(rows, u"1"_s);
    QTRY_VERIFY_WITH_TIMEOUT(list->steps().last()->findChild<QLabel*>(u"stepCounts"_s)->text().endsWith(u"1 rows"_s), kPatienceMs);
    // Off, on, up, away.
    QTest::mouseClick(list->steps().last()->findChild<QToolButton*>(u"stepEnabled"_s), Qt::LeftButton);
    QVERIFY(panel()[u"transformations"].at(1)[u"disabled"].toBool());
    QTRY_VERIFY_WITH_TIMEOUT(list->steps().last()->findChild<QLabel*>(u"stepCounts"_s)->text().endsWith(u"2 rows"_s), kPatienceMs);
    QTest::mouseClick(list->steps().last()->findChild<QToolButton*>(u"stepUp"_s), Qt::LeftButton);
    QCOMPARE(panel()[u"transformations"].at(0)[u"id"].toString(), u"limit"_s);
    QTest::mouseClick(list->steps().first()->findChild<QToolButton*>(u"stepRemove"_s), Qt::LeftButton);
    QCOMPARE(list->steps().size(), 1);
    // What can be added can run.
    QVERIFY(transformationSpecs().size() >= 29);
    for (const TransformationSpec& spec : transformationSpecs())
        QVERIFY2(supportedTransformations().contains(spec.id), qPrintable(spec.id));
}

void TestPanelEditor::organisesFields()
{
    edit(u"Now"_s);
    editor()->findChild<QTabWidget*>(u"panelEditorTabs"_s)->setCurrentIndex(1);
    TransformationList* list = editor()->transformations();
    list->add(u"organize"_s);
    TransformationStep* step = list->steps().first();
    QTRY_VERIFY_WITH_TIMEOUT(step->findChild<QCheckBox*>(u"organizeShow:instance"_s), kPatienceMs);
    QTest::mouseClick(step->findChild<QCheckBox*>(u"organizeShow:Time"_s), Qt::LeftButton, {}, QPoint(8, 8));
    QTest::keyClicks(step->findChild<QLineEdit*>(u"organizeRename:instance"_s), u"Host"_s);
    QTest::mouseClick(step->findChild<QToolButton*>(u"organizeUp:Value"_s), Qt::LeftButton);
    const Json options = panel()[u"transformations"].at(0)[u"options"];
    QCOMPARE(options.path(u"excludeByName.Time"), Json(true));
    QCOMPARE(options.path(u"renameByName.instance").toString(), u"Host"_s);
    QVERIFY(options[u"indexByName"][u"Value"].toInt() < options[u"indexByName"][u"instance"].toInt());
    QTRY_COMPARE_WITH_TIMEOUT(editor()->preview()->input().data->frames.at(0).fields.size(), size_t(2), kPatienceMs);
    QTRY_COMPARE_WITH_TIMEOUT(editor()->preview()->input().data->frames.at(0).fields[1].state.displayName, u"Host"_s, kPatienceMs);
}

void TestPanelEditor::groupsSortsAndFilters()
{
    edit(u"Now"_s);
    editor()->findChild<QTabWidget*>(u"panelEditorTabs"_s)->setCurrentIndex(1);
    TransformationList* list = editor()->transformations();
    const auto frame = [this] { return editor()->preview()->input().data->frames.at(0); };
    // Only the larger value.
    list->add(u"filterByValue"_s);
    const auto step = [list] { return list->steps().first(); };
    QTest::mouseClick(step()->findChild<QPushButton*>(u"rowAdd"_s), Qt::LeftButton);
    QTRY_VERIFY_WITH_TIMEOUT(step()->findChild<OptionEditor*>(u"cell:0:fieldName"_s), kPatienceMs);
    auto* field = step()->findChild<OptionEditor*>(u"cell:0:fieldName"_s)->findChild<QComboBox*>();
    QTRY_VERIFY_WITH_TIMEOUT(field->findText(u"Value"_s) > 0, kPatienceMs);
    field->setCurrentIndex(field->findText(u"Value"_s));
    Q_EMIT field->activated(field->currentIndex());
    auto* value = step()->findChild<OptionEditor*>(u"cell:0:config.options.value"_s)->findChild<QLineEdit*>();
    value->selectAll();
    QTest::keyClicks(value, u"500"_s);
    QCOMPARE(panel()[u"transformations"].at(0).path(u"options.filters").at(0).path(u"config.options.value"), Json(500.0));
    QTRY_COMPARE_WITH_TIMEOUT(frame().length(), 1, kPatienceMs);
    QTest::mouseClick(step()->findChild<QToolButton*>(u"rowRemove"_s), Qt::LeftButton);
    QTRY_COMPARE_WITH_TIMEOUT(frame().length(), 2, kPatienceMs);
    QTest::mouseClick(step()->findChild<QToolButton*>(u"stepRemove"_s), Qt::LeftButton);
    // The order of a field.
    list->add(u"sortBy"_s);
    field = step()->findChild<OptionEditor*>(u"cell:0:field"_s)->findChild<QComboBox*>();
    field->setEditText(u"Value"_s);
    Q_EMIT field->lineEdit()->editingFinished();
    QTest::mouseClick(step()->findChild<OptionEditor*>(u"cell:0:desc"_s)->findChild<QCheckBox*>(), Qt::LeftButton, {}, QPoint(8, 12));
    QCOMPARE(panel()[u"transformations"].at(0).path(u"options.sort").at(0)[u"desc"], Json(true));
    QTRY_COMPARE_WITH_TIMEOUT(frame().fields.back().values.numbers().front(), 1990.0, kPatienceMs);
    QTest::mouseClick(step()->findChild<QToolButton*>(u"stepRemove"_s), Qt::LeftButton);
    // One row of both.
    list->add(u"groupBy"_s);
    QTRY_VERIFY_WITH_TIMEOUT(step()->findChild<QComboBox*>(u"groupOperation:Time"_s), kPatienceMs);
    const auto operation = [&](const QString& name, int index) {
        auto* combo = step()->findChild<QComboBox*>(u"groupOperation:"_s + name);
        combo->setCurrentIndex(index);
        Q_EMIT combo->activated(index);
    };
    operation(u"Time"_s, 1);
    operation(u"Value"_s, 2);
    const auto calcs = [&] { return step()->findChild<OptionEditor*>(u"groupCalcs:Value"_s); };
    QTRY_VERIFY_WITH_TIMEOUT(calcs() && calcs()->isVisibleTo(step()), kPatienceMs);
    for (QAction* action : calcs()->findChild<QMenu*>()->actions()) {
        if (action->data().toString() == u"sum")
            action->trigger();
    }
    QTRY_COMPARE_WITH_TIMEOUT(frame().length(), 1, kPatienceMs);
    QCOMPARE(frame().fields.back().values.numbers().front(), 2189.0);
    m_fixture.keepPicture(u"editor-groupby"_s);
}

void TestPanelEditor::editsJson()
{
    edit(u"Both"_s);
    editor()->findChild<QTabWidget*>(u"panelEditorTabs"_s)->setCurrentIndex(2);
    auto* text = editor()->findChild<QPlainTextEdit*>(u"panelJson"_s);
    QVERIFY(text->toPlainText().contains(u"\"title\": \"Both\""_s));
    text->setFocus();
    QTextCursor cursor = text->document()->find(u"\"Both\""_s);
    QVERIFY(!cursor.isNull());
    cursor.insertText(u"\"Typed\""_s);
    QCOMPARE(panel()[u"title"].toString(), u"Typed"_s);
    text->moveCursor(QTextCursor::End);
    QTest::keyClicks(text, u"}"_s);
    QVERIFY(editor()->findChild<QLabel*>(u"panelJsonProblem"_s)->isVisible());
    QCOMPARE(panel()[u"title"].toString(), u"Typed"_s);
}

void TestPanelEditor::everyChangeIsOneStep()
{
    edit(u"Both"_s);
    const int before = history()->stepCount();
    QTest::keyClicks(option<QLineEdit>(u"title"_s), u" and more"_s); // typed in one go
    QCOMPARE(history()->stepCount(), before + 1);
    QTest::keyClicks(option<QLineEdit>(u"fieldConfig.defaults.min"_s), u"12"_s);
    QCOMPARE(history()->stepCount(), before + 2);
    typeExpression(0, u"demo_value"_s);
    QCOMPARE(history()->stepCount(), before + 3);
    history()->undo();
    QCOMPARE(query(0)->edit()->expression(), u"demo_value{instance=~\"$instance\"}"_s);
    history()->undo();
    QVERIFY(option<QLineEdit>(u"fieldConfig.defaults.min"_s)->text().isEmpty());
    history()->undo();
    QCOMPARE(option<QLineEdit>(u"title"_s)->text(), u"Both"_s);
    QVERIFY(history()->isClean());
    history()->redo();
    QCOMPARE(panel()[u"title"].toString(), u"Both and more"_s);
}

void TestPanelEditor::discards()
{
    edit(u"Both"_s);
    const Json before = panel();
    QVERIFY(!editor()->findChild<QPushButton*>(u"panelDiscard"_s)->isEnabled());
    editor()->draft()->set(u"title"_s, Json(u"Other"_s));
    editor()->draft()->set(u"description"_s, Json(u"Text"_s));
    QTest::mouseClick(editor()->findChild<QPushButton*>(u"panelDiscard"_s), Qt::LeftButton);
    QVERIFY(!editor());
    QVERIFY(m_fixture.panel(u"Both"_s));
    QCOMPARE(history()->panelJson(2), before);
    // Even that can be taken back.
    history()->undo();
    QCOMPARE(history()->panelJson(2)[u"title"].toString(), u"Other"_s);
    // Apply keeps.
    m_fixture.focus(u"Other"_s);
    QTest::keyClick(m_fixture.window.get(), Qt::Key_E);
    editor()->draft()->set(u"title"_s, Json(u"Kept"_s));
    QTest::mouseClick(editor()->findChild<QPushButton*>(u"panelApply"_s), Qt::LeftButton);
    QVERIFY(!editor() && m_fixture.panel(u"Kept"_s));
}

void TestPanelEditor::undoWhileEditing()
{
    m_fixture.openKnown();
    const QString key = tools()->addPanel(*Json::parse("{\"type\":\"stat\",\"title\":\"New\",\"targets\":[{\"refId\":\"A\",\"expr\":\"vector(1)\"}]}"));
    QVERIFY(!key.isEmpty());
    tools()->edit(key);
    QVERIFY(editor());
    history()->undo(); // the panel is gone
    QVERIFY(!editor());
    QVERIFY(m_fixture.view()->isVisible());
}

void TestPanelEditor::editsRepeatedPanels()
{
    Json board = readJson(dataFile(u"dashboards/known-values.json"_s));
    Json panels = board[u"panels"];
    Json repeated = panels.at(1);
    repeated.set(u"repeat"_s, Json(u"instance"_s));
    repeated.set(u"title"_s, Json(u"Of $instance"_s));
    panels.setAt(1, repeated);
    board.set(u"panels"_s, panels);
    m_fixture.open(board);
    QTRY_VERIFY_WITH_TIMEOUT(m_fixture.panel(u"Of b"_s), kPatienceMs);
    edit(u"Of b"_s);
    QTRY_COMPARE_WITH_TIMEOUT(seriesNames(), QStringList {u"b"_s}, kPatienceMs);
    editor()->draft()->set(u"title"_s, Json(u"For $instance"_s));
    QTRY_COMPARE(editor()->preview()->title(), u"For b"_s);
    auto* repeat = option<QComboBox>(u"repeat"_s);
    repeat->setEditText(QString());
    Q_EMIT repeat->lineEdit()->editingFinished();
    QTRY_COMPARE_WITH_TIMEOUT(seriesNames().size(), 2, kPatienceMs);
    tools()->closeEditor();
    QVERIFY(m_fixture.view()->isVisible());
}

void TestPanelEditor::addsPanels()
{
    m_fixture.openKnown();
    QTest::keyClicks(m_fixture.window.get(), u"pn"_s);
    QVERIFY(editor());
    QCOMPARE(panel()[u"title"].toString(), u"New panel"_s);
    QVERIFY(query(0)->edit()->hasFocus());
    typeExpression(0, u"demo_value"_s);
    QTRY_COMPARE_WITH_TIMEOUT(seriesNames().size(), 2, kPatienceMs);
    // Nothing of a locked dashboard can be edited.
    tools()->closeEditor();
    m_fixture.page()->editing()->setLocked(true);
    tools()->edit(m_fixture.key(u"Both"_s));
    QVERIFY(!editor());
}

PROMDECK_GUI_TEST_MAIN(TestPanelEditor)
#include "tst_paneleditor.moc"
