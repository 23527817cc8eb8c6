#include "tests/gui/panels/chartfixture.h"
#include "widgets/panels/tablebody.h"
#include "widgets/panels/textbody.h"
#include "widgets/panels/valuebodies.h"

using namespace Promdeck;
using namespace Promdeck::Testing;
using namespace Qt::StringLiterals;

/// Panels that list things, and those that stand in for others.
class TestLists final : public QObject
{
    Q_OBJECT

private Q_SLOTS:
    void initTestCase();
    void unknownTypesListTheirData();
    void polystatIsAGrid();
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

PROMDECK_GUI_TEST_MAIN(TestLists)
#include "tst_lists.moc"
