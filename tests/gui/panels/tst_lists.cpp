#include "tests/gui/panels/chartfixture.h"
#include "widgets/panels/alertlistbody.h"
#include "widgets/panels/logsbody.h"
#include "widgets/panels/tablebody.h"
#include "widgets/panels/textbody.h"
#include "widgets/panels/valuebodies.h"

#include <QLabel>
#include <QPlainTextEdit>
#include <QTextBlock>
#include <QTreeWidget>

using namespace Promdeck;
using namespace Promdeck::Testing;
using namespace Qt::StringLiterals;

namespace {

Field jsonColumn(const QString& name, Column::Mixed values)
{
    Field field;
    field.name = name;
    field.type = FieldType::Other;
    field.values = Column(std::move(values));
    return field;
}

Frame alerts()
{
    Frame frame;
    frame.meta.type = u"alerts"_s;
    frame.fields = {timeColumn(4), textColumn(u"alertname"_s, {u"DiskFull"_s, u"DiskFull"_s, u"HighLoad"_s, u"Backup"_s}),
                    textColumn(u"state"_s, {u"firing"_s, u"firing"_s, u"pending"_s, u"normal"_s}),
                    textColumn(u"group"_s, {u"host"_s, u"host"_s, u"host"_s, u"host"_s}),
                    jsonColumn(u"labels"_s, {jsonOf("{\"alertname\":\"DiskFull\",\"instance\":\"web-1\",\"mountpoint\":\"/var\"}"),
                                             jsonOf("{\"alertname\":\"DiskFull\",\"instance\":\"db-1\",\"mountpoint\":\"/\"}"),
                                             jsonOf("{\"alertname\":\"HighLoad\",\"instance\":\"web-2\"}"), jsonOf("{}")}),
                    jsonColumn(u"annotations"_s, {jsonOf("{\"summary\":\"95 % full\"}"), jsonOf("{}"), jsonOf("{}"), jsonOf("{}")})};
    return frame;
}

Frame logLines()
{
    const Column::Strings texts {u"level=info msg=\"server started\" port=8080"_s, u"level=warn msg=\"slow query\" took=2.3s"_s,
                                 u"level=error msg=\"connection refused\" host=db-1 <b>no markup</b>"_s, u"level=debug msg=\"cache miss\""_s,
                                 u"GET /index.html 200"_s};
    Frame frame;
    frame.meta.type = u"log-lines"_s;
    frame.fields = {timeColumn(texts.size()), textColumn(u"Line"_s, texts),
                    jsonColumn(u"labels"_s, Column::Mixed(texts.size(), jsonOf("{\"job\":\"web\",\"pod\":\"web-7f9\"}")))};
    return frame;
}

} // namespace

/// Panels that list things, and those that stand in for others.
class TestLists final : public QObject
{
    Q_OBJECT

private Q_SLOTS:
    void initTestCase();
    void unknownTypesListTheirData();
    void polystatIsAGrid();
    void alertsOpenAndClose();
    void alertsAsANumber();
    void logsShowLevelsAsText();
    void gallery_data();
    void gallery();
};

void TestLists::initTestCase()
{
    Theme::instance().install(*qobject_cast<QApplication*>(QCoreApplication::instance()));
    Theme::instance().setMode(ThemeMode::Dark);
}

void TestLists::unknownTypesListTheirData()
{
    Frame frame;
    frame.fields = {textColumn(u"country"_s, {u"DE"_s, u"FR"_s}), numberColumn(u"requests"_s, {12, 7})};
    PanelOnScreen shown(panelOf(u"geomap"_s, "{\"basemap\":{\"type\":\"esri-xyz\"}}"), {frame});
    auto* body = shown.body<PlaceholderBody>();
    QVERIFY(body);
    QVERIFY(body->plainText().contains(u"geomap"));
    QVERIFY(body->table()->isVisible());
    QCOMPARE(body->table()->model()->rowCount(), 2);
    QVERIFY(body->plainText().contains(u"FR"));
    keepPicture(shown.picture(), u"placeholder"_s);
    PanelOnScreen empty(panelOf(u"geomap"_s, "{}"), {});
    QVERIFY(!empty.body<PlaceholderBody>()->table()->isVisible());
    QVERIFY(empty.body<PlaceholderBody>()->plainText().contains(u"geomap"));
}

void TestLists::polystatIsAGrid()
{
    Frames frames;
    for (int i = 0; i < 12; ++i)
        frames.push_back(seriesFrame(u"host-%1"_s.arg(i), {double(i * 9)}));
    PanelOnScreen shown(panelOf(u"grafana-polystat-panel"_s,
                                "{\"globalUnitFormat\":\"percent\",\"globalThresholdsConfig\":[{\"color\":\"#299c46\",\"value\":0,\"state\":0},"
                                "{\"color\":\"#d44a3a\",\"value\":80,\"state\":2}]}"),
                        frames);
    QVERIFY(shown.body<PolystatBody>());
    const QImage picture = shown.picture();
    keepPicture(picture, u"polystat"_s);
    const int green = countColor(picture, QColor(0x29, 0x9c, 0x46));
    const int red = countColor(picture, QColor(0xd4, 0x4a, 0x3a));
    QVERIFY2(green > red && red > 1000, qPrintable(QString::number(green) + u' ' + QString::number(red)));
}

void TestLists::alertsOpenAndClose()
{
    PanelOnScreen shown(panelOf(u"alertlist"_s, "{\"stateFilter\":{\"firing\":true,\"pending\":true}}"), {alerts()});
    auto* body = shown.body<AlertListBody>();
    QVERIFY(body);
    QTreeWidget* tree = body->tree();
    QCOMPARE(tree->topLevelItemCount(), 2);
    QCOMPARE(tree->topLevelItem(0)->text(0), u"DiskFull (2)"_s);
    QCOMPARE(tree->topLevelItem(0)->text(2), u"for 3 min"_s);
    QCOMPARE(tree->topLevelItem(1)->text(1).trimmed(), u"Pending"_s);
    tree->setFocus();
    tree->setCurrentItem(tree->topLevelItem(0));
    QTest::keyClick(tree, Qt::Key_Right);
    QVERIFY(tree->topLevelItem(0)->isExpanded());
    QCOMPARE(tree->topLevelItem(0)->child(0)->text(0), u"instance=web-1, mountpoint=/var"_s);
    QVERIFY(tree->topLevelItem(0)->child(0)->toolTip(0).contains(u"95 % full"));
    QVERIFY(body->plainText().contains(u"mountpoint=/var"_s));
    PanelOnScreen none(panelOf(u"alertlist"_s, "{\"stateFilter\":{\"error\":true}}"), {alerts()});
    QVERIFY(none.body<AlertListBody>()->isEmpty());
}

void TestLists::alertsAsANumber()
{
    PanelOnScreen shown(panelOf(u"alertlist"_s, "{\"viewMode\":\"stat\",\"stateFilter\":{\"firing\":true}}"), {alerts()});
    auto* body = shown.body<AlertListBody>();
    QVERIFY(body->count()->isVisible());
    QCOMPARE(body->count()->text(), u"2"_s);
    QVERIFY(!body->tree()->isVisible());
}

void TestLists::logsShowLevelsAsText()
{
    PanelOnScreen shown(panelOf(u"logs"_s, "{\"showTime\":true,\"showCommonLabels\":true,\"wrapLogMessage\":true}"), {logLines()});
    auto* body = shown.body<LogsBody>();
    QVERIFY(body);
    QCOMPARE(body->view()->blockCount(), 5);
    const QString newest = body->view()->document()->firstBlock().text();
    QVERIFY(newest.contains(u"GET /index.html"_s) && newest.contains(u"2023-11-14 22:17:20"_s));
    QVERIFY(body->view()->toPlainText().contains(u"<b>no markup</b>"_s));
    QCOMPARE(body->view()->lineWrapMode(), QPlainTextEdit::WidgetWidth);
    QVERIFY(shown.widget().findChild<QLabel*>(u"commonLabels"_s)->text().contains(u"job=web"_s));
    QCOMPARE(body->rowAt(body->view()->cursorRect(QTextCursor(body->view()->document()->findBlockByNumber(2))).center()), 2);
    QVERIFY(body->plainText().contains(u"\terror\t"_s));
    QVERIFY(countColor(shown.picture(), toColor(logLevelColor(LogLevel::Error, ThemeKind::Dark)), 30) > 3);
}

void TestLists::gallery_data()
{
    QTest::addColumn<ThemeMode>("mode");
    QTest::newRow("dark") << ThemeMode::Dark;
    QTest::newRow("light") << ThemeMode::Light;
}

void TestLists::gallery()
{
    QFETCH(ThemeMode, mode);
    Theme::instance().setMode(mode);
    Gallery gallery(2, {620, 220});
    gallery.add(panelOf(u"alertlist"_s, "{\"showInstances\":true,\"sortOrder\":3,\"stateFilter\":{\"firing\":true,\"pending\":true,\"normal\":true}}"),
                {alerts()});
    gallery.add(panelOf(u"alertlist"_s, "{\"viewMode\":\"stat\"}"), {alerts()});
    gallery.add(panelOf(u"logs"_s, "{\"showTime\":true,\"showCommonLabels\":true}"), {logLines()});
    Frames hosts;
    for (int i = 0; i < 14; ++i)
        hosts.push_back(seriesFrame(u"host-%1"_s.arg(i), {double(i * 7)}));
    gallery.add(panelOf(u"grafana-polystat-panel"_s,
                        "{\"globalUnitFormat\":\"percent\",\"globalThresholdsConfig\":[{\"color\":\"#299c46\",\"value\":0,\"state\":0},"
                        "{\"color\":\"#d44a3a\",\"value\":80,\"state\":2}]}"),
                hosts);
    const QImage image = gallery.image();
    keepPicture(image, u"lists-"_s + QString::fromLatin1(QTest::currentDataTag()));
    QVERIFY(countColor(image, Theme::instance().colors().panel) > image.width() * image.height() / 8);
}

PROMDECK_GUI_TEST_MAIN(TestLists)
#include "tst_lists.moc"
