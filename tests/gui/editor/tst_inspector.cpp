#include "tests/gui/editor/windowfixture.h"
#include "widgets/common/prompt.h"
#include "widgets/dashboard/dashboardpdf.h"
#include "widgets/dashboard/dashboardtools.h"
#include "widgets/panels/datatablemodel.h"
#include "widgets/inspect/inspectortabs.h"
#include "widgets/inspect/panelexport.h"

#include <QAbstractItemModelTester>
#include <QCheckBox>
#include <QClipboard>
#include <QComboBox>
#include <QImage>
#include <QMenu>
#include <QPainter>
#include <QPlainTextEdit>
#include <QPushButton>
#include <QSignalSpy>
#include <QSvgRenderer>
#include <QTableView>
#include <QTabWidget>
#include <QTextBrowser>
#include <QToolButton>
#include <QTreeWidget>

using namespace Promdeck;
using namespace Promdeck::Testing;
using namespace Qt::StringLiterals;

class TestInspector final : public QObject
{
    Q_OBJECT

private Q_SLOTS:
    void initTestCase() { QVERIFY(m_fixture.startServer()); }
    void init() { m_fixture.makeWindow(); }
    void cleanup() { m_fixture.closeWindow(); }
    void opensOnTheFocusedPanel();
    void panesLeaveRoomForTheDashboard();
    void showsDataBeforeAndAfter();
    void tellsTheCost();
    void showsQueriesWithoutSecrets();
    void showsTheJson();
    void opensErrorsFromTheBadge();
    void followsRefreshes();
    void savesCsv();
    void saysWhenAFileCannotBeWritten();
    void copiesMarkdown();
    void savesPictures();
    void drawsVectors();
    void printsTheDashboard();
    void breaksPagesBetweenPanels();

private:
    [[nodiscard]] DashboardTools* tools() const { return m_fixture.page()->tools(); }
    template <typename Widget>
    [[nodiscard]] Widget* part(const QString& name) const
    {
        return tools()->inspector() ? tools()->inspector()->findChild<Widget*>(name) : nullptr;
    }
    void inspect(const QString& title, InspectorPane::Tab tab) const { tools()->inspect(m_fixture.key(title), tab); }

    WindowFixture m_fixture;
};

void TestInspector::opensOnTheFocusedPanel()
{
    m_fixture.openKnown();
    QVERIFY(!tools()->inspector());
    m_fixture.focus(u"Both"_s);
    QTest::keyClick(m_fixture.window.get(), Qt::Key_I);
    QVERIFY(tools()->inspector() && tools()->inspector()->isVisible());
    QCOMPARE(tools()->inspector()->currentTab(), InspectorPane::Data);
    auto* view = part<QTableView>(u"inspectTable"_s);
    QTRY_COMPARE_WITH_TIMEOUT(view->model()->columnCount(), 3, kPatienceMs);
    QCOMPARE(view->model()->headerData(1, Qt::Horizontal).toString(), u"a"_s);
    QVERIFY(view->model()->rowCount() > 100);
    const QAbstractItemModelTester tester(view->model(), QAbstractItemModelTester::FailureReportingMode::QtTest);
    // The last row holds the last samples.
    const int last = view->model()->rowCount() - 1;
    QCOMPARE(view->model()->index(last, 1).data().toString(), QString::number(WindowFixture::kSamples - 1));
    QVERIFY(m_fixture.panel(u"Both"_s)->isVisible()); // beside the dashboard, not over it
    m_fixture.keepPicture(u"inspector-data"_s);
    // Tab by tab with the keyboard; Esc goes back to the panel.
    QTest::keyClick(part<QTabWidget>(u"inspectorTabs"_s)->tabBar(), Qt::Key_Right);
    QCOMPARE(tools()->inspector()->currentTab(), InspectorPane::Statistics);
    QTest::keyClick(m_fixture.window.get(), Qt::Key_Escape);
    QVERIFY(!tools()->inspector());
}

void TestInspector::panesLeaveRoomForTheDashboard()
{
    m_fixture.openKnown();
    inspect(u"Both"_s, InspectorPane::Data);
    tools()->toggleMetrics();
    QTest::qWait(1);
    const int pane = tools()->inspector()->width();
    QVERIFY2(pane < 760, qPrintable(QString::number(pane)));
    QVERIFY(m_fixture.view()->width() > 350);
    tools()->toggleMetrics();
    QTest::qWait(1);
    QCOMPARE(tools()->inspector()->width(), pane);
}

void TestInspector::showsDataBeforeAndAfter()
{
    Json board = readJson(dataFile(u"dashboards/known-values.json"_s));
    Json panels = board[u"panels"];
    Json panel = panels.at(1);
    QCOMPARE(panel[u"title"].toString(), u"Both"_s);
    panel.set(u"transformations"_s, *Json::parse("[{\"id\":\"limit\",\"options\":{\"limitField\":2}}]"));
    panel.setPath(u"fieldConfig.defaults.unit", Json(u"bytes"_s));
    panels.setAt(1, panel);
    board.set(u"panels"_s, panels);
    m_fixture.open(board);
    inspect(u"Both"_s, InspectorPane::Data);
    auto* view = part<QTableView>(u"inspectTable"_s);
    QTRY_COMPARE_WITH_TIMEOUT(view->model()->rowCount(), 2, kPatienceMs);
    auto* transform = part<QCheckBox>(u"inspectTransform"_s);
    QVERIFY(transform->isVisible());
    QTest::keyClick(transform, Qt::Key_Space);
    QTRY_VERIFY_WITH_TIMEOUT(view->model()->rowCount() > 100, kPatienceMs);
    // The unit is the panel's in both; full precision knows none.
    QVERIFY(view->model()->index(5, 1).data().toString().endsWith(u" B"_s));
    QTest::keyClick(part<QCheckBox>(u"inspectFormatted"_s), Qt::Key_Space);
    QVERIFY(!view->model()->index(5, 1).data().toString().contains(u'B'));
    QVERIFY(view->model()->index(5, 0).data().toString().contains(u'T'));
    // One series alone.
    auto* frame = part<QComboBox>(u"inspectFrame"_s);
    QCOMPARE(frame->count(), 3);
    frame->setCurrentIndex(2);
    Q_EMIT frame->activated(2);
    QCOMPARE(view->model()->columnCount(), 2);
    QCOMPARE(view->model()->headerData(1, Qt::Horizontal).toString(), u"b"_s);
}

void TestInspector::tellsTheCost()
{
    m_fixture.openKnown();
    inspect(u"Both"_s, InspectorPane::Statistics);
    const auto* list = part<QTreeWidget>(u"inspectStatistics"_s);
    QHash<QString, QString> facts;
    for (int i = 0; i < list->topLevelItem(0)->childCount(); ++i)
        facts.insert(list->topLevelItem(0)->child(i)->text(0), list->topLevelItem(0)->child(i)->text(1));
    QCOMPARE(facts.value(u"Queries"_s), u"1"_s);
    QCOMPARE(facts.value(u"Series"_s), u"2"_s);
    QVERIFY(facts.value(u"Samples"_s).toInt() > 200);
    QVERIFY(facts.value(u"Time for processing"_s).endsWith(u" ms"_s));
    QCOMPARE(list->topLevelItemCount(), 2); // the panel and its query
    m_fixture.keepPicture(u"inspector-statistics"_s);
}

void TestInspector::showsQueriesWithoutSecrets()
{
    m_fixture.openKnown();
    inspect(u"Both"_s, InspectorPane::Query);
    const QString text = part<QTextBrowser>(u"inspectQueries"_s)->toPlainText();
    QVERIFY2(text.contains(u"demo_value"_s), qPrintable(text));
    QVERIFY2(text.contains(u"/api/v1/query_range?query=demo_value"_s), qPrintable(text));
    m_fixture.keepPicture(u"inspector-query"_s);

    SentQuery query;
    query.expr = u"rate(x{a=\"b+c&d\"}[5m])"_s;
    query.apiPath = u"api/v1/query_range"_s;
    query.startMs = 1000;
    query.endMs = 2500;
    query.stepMs = 15000;
    const QUrl url = queryUrl(QUrl(u"http://user:secret@host:9090/prefix/?token=1"_s), query);
    QCOMPARE(url.toString(QUrl::FullyEncoded),
             u"http://host:9090/prefix/api/v1/query_range?query=rate%28x%7Ba%3D%22b%2Bc%26d%22%7D%5B5m%5D%29&start=1&end=2.500&step=15"_s);
}

void TestInspector::showsTheJson()
{
    m_fixture.openKnown();
    inspect(u"Both"_s, InspectorPane::JsonTab);
    auto* text = part<QPlainTextEdit>(u"inspectJson"_s);
    QTRY_VERIFY_WITH_TIMEOUT(text->toPlainText().contains(u"\"title\": \"Both\""_s), kPatienceMs);
    part<QComboBox>(u"inspectJsonWhat"_s)->setCurrentIndex(1);
    QTRY_VERIFY_WITH_TIMEOUT(text->toPlainText().contains(u"\"displayName\": \"b\""_s), kPatienceMs);
    QVERIFY(Json::parse(text->toPlainText().toUtf8()).ok());
}

void TestInspector::opensErrorsFromTheBadge()
{
    m_fixture.openKnown();
    auto* badge = m_fixture.panel(u"Wrong"_s)->findChild<QToolButton*>(u"panelAlert"_s);
    QVERIFY(badge);
    QTest::mouseClick(badge, Qt::LeftButton);
    QCOMPARE(tools()->inspector()->currentTab(), InspectorPane::Errors);
    const QString text = part<QTextBrowser>(u"inspectErrors"_s)->toPlainText();
    QVERIFY2(text.contains(u"parse error"_s), qPrintable(text));
    QVERIFY(part<QTabWidget>(u"inspectorTabs"_s)->tabText(InspectorPane::Errors).contains(u'1'));
    // From the menu of another panel.
    PanelWidget* both = m_fixture.panel(u"Both"_s);
    QContextMenuEvent event(QContextMenuEvent::Keyboard, QPoint(20, 20), both->mapToGlobal(QPoint(20, 20)));
    QApplication::sendEvent(both, &event);
    auto* menu = both->findChild<QMenu*>(u"panelInspectMenu"_s);
    QVERIFY(menu);
    menu->actions().at(3)->trigger();
    QCOMPARE(tools()->inspector()->currentTab(), InspectorPane::JsonTab);
    QCOMPARE(tools()->inspectedPanel(), m_fixture.key(u"Both"_s));
    both->findChild<QMenu*>(u"panelMenuPopup"_s)->close();
}

void TestInspector::followsRefreshes()
{
    m_fixture.openKnown();
    inspect(u"Both"_s, InspectorPane::Data);
    QTRY_VERIFY_WITH_TIMEOUT(part<QTableView>(u"inspectTable"_s)->model()->rowCount() > 100, kPatienceMs);
    const TimeRange range = m_fixture.page()->session()->timeRange();
    const qint64 from = range.toMs - 600'000;
    m_fixture.page()->session()->setTimeRange({QString::number(from), QString::number(range.toMs)});
    const auto rows = [this] { return part<QTableView>(u"inspectTable"_s)->model()->rowCount(); };
    QTRY_VERIFY_WITH_TIMEOUT(rows() > 10 && rows() < 60, kPatienceMs);
    // Another dashboard has other panels.
    m_fixture.page()->close();
    QVERIFY(!tools()->inspector());
}

void TestInspector::savesCsv()
{
    m_fixture.openKnown();
    inspect(u"Both"_s, InspectorPane::Data);
    QTRY_VERIFY_WITH_TIMEOUT(part<QPushButton>(u"inspectCsv"_s)->isEnabled(), kPatienceMs);
    QTest::keyClick(part<QCheckBox>(u"inspectFormatted"_s), Qt::Key_Space);
    const QString path = m_fixture.folder.filePath(u"out.csv"_s);
    Prompt::setNextFileName(path);
    QTest::mouseClick(part<QPushButton>(u"inspectCsv"_s), Qt::LeftButton);
    QTRY_VERIFY_WITH_TIMEOUT(QFile::exists(path), kPatienceMs);
    const QList<QByteArray> lines = readFile(path).split('\n');
    QCOMPARE(lines.first(), QByteArray("Time,a,b\r"));
    QVERIFY2(lines.at(lines.size() - 2).endsWith(",199,1990\r"), lines.at(lines.size() - 2).constData());
    // For Excel, from the panel's own menu.
    const QString excel = m_fixture.folder.filePath(u"excel.csv"_s);
    Prompt::setNextFileName(excel);
    tools()->request(m_fixture.key(u"Both"_s), PanelRequest::SaveExcel);
    QTRY_VERIFY_WITH_TIMEOUT(QFile::exists(excel), kPatienceMs);
    QVERIFY(readFile(excel).startsWith("\xEF\xBB\xBFsep=,\r\nTime,a,b\r\n"));
}

void TestInspector::saysWhenAFileCannotBeWritten()
{
    m_fixture.openKnown();
    QSignalSpy notice(tools(), &DashboardTools::notice);
    Prompt::setNextFileName(m_fixture.folder.filePath(u"no/such/folder.csv"_s));
    tools()->request(m_fixture.key(u"Both"_s), PanelRequest::SaveCsv);
    QTRY_COMPARE_WITH_TIMEOUT(notice.count(), 1, kPatienceMs);
    QVERIFY(notice.first().at(1).toBool());
    Prompt::setNextFileName(m_fixture.folder.filePath(u"no/such/folder.png"_s));
    tools()->request(m_fixture.key(u"Both"_s), PanelRequest::SavePng);
    QTRY_COMPARE_WITH_TIMEOUT(notice.count(), 2, kPatienceMs);
    QVERIFY(notice.last().at(1).toBool());
}

void TestInspector::copiesMarkdown()
{
    m_fixture.openKnown();
    QApplication::clipboard()->clear();
    tools()->request(m_fixture.key(u"Now"_s), PanelRequest::CopyMarkdown);
    QTRY_VERIFY_WITH_TIMEOUT(QApplication::clipboard()->text().startsWith(u"| Time |"_s), kPatienceMs);
    QVERIFY(QApplication::clipboard()->text().contains(u"| --- |"_s));
    QCOMPARE(QApplication::clipboard()->text().count(u'\n'), 4);
}

void TestInspector::savesPictures()
{
    m_fixture.openKnown();
    PanelWidget* both = m_fixture.panel(u"Both"_s);
    const QString path = m_fixture.folder.filePath(u"both.png"_s);
    Prompt::setNextFileName(path);
    tools()->request(m_fixture.key(u"Both"_s), PanelRequest::SavePng);
    QTRY_VERIFY_WITH_TIMEOUT(QFile::exists(path), kPatienceMs);
    const QImage picture(path);
    QCOMPARE(picture.size(), both->size() * 2);
    // Something of the series' colour is in it: palette-classic begins with green.
    bool found = false;
    for (int y = 0; y < picture.height() && !found; ++y) {
        for (int x = 0; x < picture.width() && !found; ++x) {
            const QColor pixel = picture.pixelColor(x, y);
            found = pixel.green() > 150 && pixel.red() < 140 && pixel.blue() < 140;
        }
    }
    QVERIFY(found);
}

void TestInspector::drawsVectors()
{
    Json board = readJson(dataFile(u"dashboards/known-values.json"_s));
    Json panels = board[u"panels"];
    Json panel = panels.at(1);
    panel.set(u"description"_s, Json(u"With a button in its header"_s));
    panel.setPath(u"fieldConfig.defaults.custom.fillOpacity", Json(25));
    panel.setPath(u"fieldConfig.defaults.custom.stacking.mode", Json(u"normal"_s));
    panels.setAt(1, panel);
    board.set(u"panels"_s, panels);
    m_fixture.open(board);
    QVERIFY(m_fixture.panel(u"Both"_s)->findChild<QToolButton*>(u"panelInfo"_s));
    const QString path = m_fixture.folder.filePath(u"both.svg"_s);
    Prompt::setNextFileName(path);
    tools()->request(m_fixture.key(u"Both"_s), PanelRequest::SaveSvg);
    QTRY_VERIFY_WITH_TIMEOUT(QFile::exists(path), kPatienceMs);
    const QByteArray svg = readFile(path);
    QVERIFY(svg.contains("<svg"));
    QVERIFY(svg.contains("polyline"));
    QVERIFY(m_fixture.panel(u"Both"_s)->findChild<QToolButton*>(u"panelInfo"_s)->isVisible()); // left out, not lost
    QSvgRenderer renderer(svg);
    QVERIFY(renderer.isValid());
    QImage picture(renderer.defaultSize(), QImage::Format_ARGB32);
    picture.fill(Qt::transparent);
    QPainter painter(&picture);
    renderer.render(&painter);
    painter.end();
    if (const QString shots = qEnvironmentVariable("PROMDECK_SHOTS"); !shots.isEmpty())
        picture.save(QDir(shots).filePath(u"vector.png"_s));
    QVERIFY(svg.contains("Both"));     // the title is a text
    QVERIFY2(!svg.contains("<image"), svg.mid(svg.indexOf("<image"), 300).constData());  // nothing in it is a picture
}

void TestInspector::printsTheDashboard()
{
    m_fixture.openKnown();
    QSignalSpy notice(tools(), &DashboardTools::notice);
    const QString path = m_fixture.folder.filePath(u"board.pdf"_s);
    Prompt::setNextFileName(path);
    tools()->askPdf();
    QTRY_VERIFY_WITH_TIMEOUT(QFile::exists(path), kPatienceMs);
    QTRY_COMPARE_WITH_TIMEOUT(notice.count(), 2, kPatienceMs);
    QVERIFY2(!notice.last().at(1).toBool(), qPrintable(notice.last().at(0).toString()));
    const QByteArray pdf = readFile(path);
    QVERIFY(pdf.startsWith("%PDF-"));
    QVERIFY(pdf.contains("/Type /Page"));
    // A dashboard that is closed meanwhile takes its job along.
    Prompt::setNextFileName(m_fixture.folder.filePath(u"never.pdf"_s));
    tools()->askPdf();
    m_fixture.closeWindow();
    m_fixture.makeWindow();
}

void TestInspector::breaksPagesBetweenPanels()
{
    QCOMPARE(pageTops({{0, 300}, {0, 300}, {308, 600}, {608, 900}}, 700), (std::vector<int> {0, 608}));
    QCOMPARE(pageTops({{0, 2000}, {2008, 2300}}, 700), (std::vector<int> {0, 2008}));
    QCOMPARE(pageTops({{8, 300}}, 700), (std::vector<int> {8}));
    QCOMPARE(pageTops({}, 700), (std::vector<int> {0}));
}

PROMDECK_GUI_TEST_MAIN(TestInspector)
#include "tst_inspector.moc"
