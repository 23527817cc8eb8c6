#include "tests/gui/panels/chartfixture.h"
#include "widgets/panels/barchartbody.h"
#include "widgets/panels/piechartbody.h"
#include "widgets/panels/xychartbody.h"
#include "widgets/plot/legendview.h"
#include "widgets/plot/plottooltip.h"

using namespace Promdeck;
using namespace Promdeck::Testing;
using namespace Qt::StringLiterals;

namespace {

Frame hosts()
{
    Frame frame;
    frame.refId = u"A"_s;
    frame.fields = {textColumn(u"host"_s, {u"web-1"_s, u"web-2"_s, u"db-1"_s, u"cache"_s}),
                    numberColumn(u"received"_s, {420, 380, 610, 95}), numberColumn(u"sent"_s, {310, 520, 240, 180})};
    return frame;
}

Frames shares()
{
    return {seriesFrame(u"GET"_s, {61, 62}), seriesFrame(u"POST"_s, {23, 24}), seriesFrame(u"PUT"_s, {9, 9}),
            seriesFrame(u"DELETE"_s, {3, 3})};
}

} // namespace

class TestBarsAndPies final : public QObject
{
    Q_OBJECT

private Q_SLOTS:
    void initTestCase();
    void barsStandAndLie();
    void barsAreHoveredAndWalked();
    void legendSwitchesBarsOff();
    void slicesAreFound();
    void donutHasAHole();
    void pointsAreFound();
    void gallery_data();
    void gallery();
};

void TestBarsAndPies::initTestCase()
{
    Theme::instance().install(*qobject_cast<QApplication*>(QCoreApplication::instance()));
    Theme::instance().setMode(ThemeMode::Dark);
}

void TestBarsAndPies::barsStandAndLie()
{
    PanelOnScreen wide(panelOf(u"barchart"_s, "{}"), {hosts()}, {900, 320});
    auto* bars = wide.body<BarChartBody>();
    QVERIFY(bars);
    QVERIFY(!bars->isHorizontal());
    // Bars grow upwards from one line; heights are proportional.
    const QRectF tall = bars->barRect(0, 2);
    const QRectF low = bars->barRect(0, 3);
    QCOMPARE(tall.bottom(), low.bottom());
    QVERIFY(std::abs(tall.height() / low.height() - 610.0 / 95.0) < 0.1);
    // The two series of a category stand beside each other.
    QVERIFY(bars->barRect(1, 0).left() >= bars->barRect(0, 0).right());
    QVERIFY(countColor(wide.picture(), toColor(bars->model()->chart.series[0].color)) > 50);

    PanelOnScreen narrow(panelOf(u"barchart"_s, "{}"), {hosts()}, {420, 320});
    QVERIFY(narrow.body<BarChartBody>()->isHorizontal());
    const QRectF lying = narrow.body<BarChartBody>()->barRect(0, 2);
    QVERIFY(lying.width() > lying.height());
}

void TestBarsAndPies::barsAreHoveredAndWalked()
{
    PanelOnScreen shown(panelOf(u"barchart"_s, "{\"tooltip\":{\"mode\":\"multi\",\"sort\":\"desc\"}}", "{\"defaults\":{\"unit\":\"bytes\"}}"),
                        {hosts()}, {900, 320});
    auto* bars = shown.body<BarChartBody>();
    const std::optional<ChartHit> hit = bars->hitAt(bars->barRect(0, 1).center());
    QVERIFY(hit);
    QCOMPARE(hit->content.title, u"web-2"_s);
    QCOMPARE(hit->content.rows.size(), size_t(2));
    QCOMPARE(hit->content.rows[0].name, u"sent"_s);
    QCOMPARE(hit->content.rows[0].value, u"520 B"_s);
    QTest::mouseMove(bars->canvas(), bars->barRect(0, 1).center().toPoint());
    QTRY_VERIFY(PlotTooltip::instance() && PlotTooltip::instance()->isVisible());
    QCOMPARE(PlotTooltip::instance()->content().title, u"web-2"_s);
    bars->canvas()->setFocus();
    QTest::keyClick(bars->canvas(), Qt::Key_Right);
    QTest::keyClick(bars->canvas(), Qt::Key_Right);
    QTRY_VERIFY(bars->canvas()->accessibleDescription().contains(u"received"));
    QVERIFY(bars->plainText().contains(u"db-1, received 610 B"_s));
}

void TestBarsAndPies::legendSwitchesBarsOff()
{
    PanelOnScreen shown(panelOf(u"barchart"_s, "{}"), {hosts()}, {900, 320});
    auto* bars = shown.body<BarChartBody>();
    const double before = bars->barRect(1, 0).width();
    QTest::mouseClick(bars->legend(), Qt::LeftButton, {}, bars->legend()->entryRect(1).center().toPoint());
    QApplication::processEvents();
    QCOMPARE(bars->hiddenEntries(), QStringList {u"received"_s});
    bars->grab();
    QVERIFY(bars->barRect(0, 0).isNull());
    QVERIFY(bars->barRect(1, 0).width() > before * 1.5);
    QTest::mouseClick(bars->legend(), Qt::LeftButton, {}, bars->legend()->entryRect(1).center().toPoint());
    QVERIFY(bars->hiddenEntries().isEmpty());
}

void TestBarsAndPies::slicesAreFound()
{
    PanelOnScreen shown(panelOf(u"piechart"_s, "{}"), shares(), {500, 360});
    auto* pie = shown.body<PieChartBody>();
    QVERIFY(pie);
    const QImage picture = shown.picture();
    for (int slice = 0; slice < 4; ++slice) {
        const std::optional<QPointF> center = pie->sliceCenter(slice);
        QVERIFY(center);
        const std::optional<ChartHit> hit = pie->hitAt(*center);
        QVERIFY(hit);
        QCOMPARE(hit->entry, slice);
        const QPoint at = pie->canvas()->mapTo(&shown.widget(), center->toPoint());
        QCOMPARE(picture.pixelColor(at), toColor(pie->model()->slices[size_t(slice)].color));
    }
    QVERIFY(pie->hitAt(*pie->sliceCenter(0))->content.rows[0].value.contains(u"63%"));
    // Without its largest slice the others share the whole.
    pie->toggleEntry(0);
    pie->grab();
    QVERIFY(!pie->sliceCenter(0));
    QVERIFY(pie->hitAt(*pie->sliceCenter(1))->content.rows[0].value.contains(u"67%"));
}

void TestBarsAndPies::donutHasAHole()
{
    PanelOnScreen shown(panelOf(u"piechart"_s, "{\"pieType\":\"donut\",\"legend\":{\"showLegend\":false}}"), shares(), {400, 360});
    auto* pie = shown.body<PieChartBody>();
    const QPoint middle(pie->canvas()->width() / 2, pie->canvas()->height() / 2);
    QVERIFY(!pie->hitAt(middle));
    QCOMPARE(shown.picture().pixelColor(pie->canvas()->mapTo(&shown.widget(), middle)), Theme::instance().colors().panel);
}

void TestBarsAndPies::pointsAreFound()
{
    Frame frame;
    frame.fields = {numberColumn(u"load"_s, {1, 2, 3}), numberColumn(u"temperature"_s, {40, 60, 50})};
    PanelOnScreen shown(panelOf(u"xychart"_s, "{}", "{\"defaults\":{\"unit\":\"celsius\",\"custom\":{\"pointSize\":{\"fixed\":12},\"fillOpacity\":100}}}"),
                        {frame});
    auto* chart = shown.body<XyChartBody>();
    QVERIFY(chart);
    QVERIFY(chart->pointAt(0, 1).y() < chart->pointAt(0, 0).y());
    QVERIFY(chart->pointAt(0, 2).x() > chart->pointAt(0, 1).x());
    const QPoint at = chart->canvas()->mapTo(&shown.widget(), chart->pointAt(0, 1).toPoint());
    QCOMPARE(shown.picture().pixelColor(at), toColor(chart->model()->chart.series[0].color));
    const std::optional<ChartHit> hit = chart->hitAt(chart->pointAt(0, 1) + QPointF(3, 3));
    QVERIFY(hit);
    QVERIFY(hit->content.rows[1].value.startsWith(u"60"));
    chart->canvas()->setFocus();
    QTest::keyClick(chart->canvas(), Qt::Key_Right);
    QTest::keyClick(chart->canvas(), Qt::Key_Right);
    QTRY_VERIFY(chart->canvas()->accessibleDescription().contains(u"60"));
}

void TestBarsAndPies::gallery_data()
{
    QTest::addColumn<ThemeMode>("mode");
    QTest::newRow("dark") << ThemeMode::Dark;
    QTest::newRow("light") << ThemeMode::Light;
}

void TestBarsAndPies::gallery()
{
    QFETCH(ThemeMode, mode);
    Theme::instance().setMode(mode);
    const char* bytes = "{\"defaults\":{\"unit\":\"bytes\",\"custom\":{\"fillOpacity\":80,\"lineWidth\":1}}}";
    const char* limits = "{\"defaults\":{\"color\":{\"mode\":\"thresholds\"},\"custom\":{\"fillOpacity\":60,\"gradientMode\":\"opacity\","
                         "\"thresholdsStyle\":{\"mode\":\"line+area\"}},\"thresholds\":{\"steps\":[{\"value\":null,\"color\":\"green\"},"
                         "{\"value\":400,\"color\":\"orange\"},{\"value\":500,\"color\":\"red\"}]}}}";
    Gallery gallery(3);
    gallery.add(panelOf(u"barchart"_s, "{\"orientation\":\"vertical\"}", bytes), {hosts()});
    gallery.add(panelOf(u"barchart"_s, "{\"orientation\":\"horizontal\",\"barRadius\":0.3}", bytes), {hosts()});
    gallery.add(panelOf(u"barchart"_s, "{\"orientation\":\"vertical\",\"stacking\":\"percent\"}", bytes), {hosts()});
    gallery.add(panelOf(u"barchart"_s, "{\"orientation\":\"vertical\",\"xTickLabelRotation\":-45}", limits), {hosts()});
    gallery.add(panelOf(u"barchart"_s, "{\"orientation\":\"vertical\",\"stacking\":\"normal\"}", "{}"),
                {seriesFrame(u"requests"_s, {3, 5, 8, 2, 9, 4, 7, 6, 3, 5, 8}), seriesFrame(u"errors"_s, {1, 0, 2, 1, 3, 0, 1, 2, 1, 0, 1})});
    gallery.add(panelOf(u"piechart"_s, "{\"displayLabels\":[\"name\",\"percent\"]}"), shares());
    gallery.add(panelOf(u"piechart"_s,
                        "{\"pieType\":\"donut\",\"displayLabels\":[\"percent\"],\"legend\":{\"displayMode\":\"table\",\"placement\":\"right\","
                        "\"values\":[\"value\",\"percent\"]}}",
                        "{\"defaults\":{\"unit\":\"reqps\"}}"),
                shares());
    gallery.add(panelOf(u"piechart"_s, "{\"legend\":{\"placement\":\"right\"}}"), {seriesFrame(u"only"_s, {4})});
    Frame cloud;
    Column::Numbers x;
    Column::Numbers y;
    for (int i = 0; i < 120; ++i) {
        x.push_back(i * 0.8 + 9 * std::sin(i * 1.7));
        y.push_back(20 + i * 0.5 + 12 * std::cos(i * 2.3));
    }
    cloud.fields = {numberColumn(u"requests"_s, std::move(x)), numberColumn(u"latency"_s, std::move(y))};
    gallery.add(panelOf(u"xychart"_s, "{}", "{\"defaults\":{\"unit\":\"ms\",\"custom\":{\"pointSize\":{\"fixed\":7}}}}"), {cloud});
    const QImage image = gallery.image();
    keepPicture(image, u"barsandpies-"_s + QString::fromLatin1(QTest::currentDataTag()));
    QVERIFY(countColor(image, Theme::instance().colors().panel) > image.width() * image.height() / 4);
}

PROMDECK_GUI_TEST_MAIN(TestBarsAndPies)
#include "tst_barsandpies.moc"
