#include "tests/gui/panels/chartfixture.h"
#include "widgets/panels/heatmapbody.h"
#include "widgets/panels/histogrambody.h"
#include "widgets/plot/legendview.h"
#include "widgets/plot/plottooltip.h"

using namespace Promdeck;
using namespace Promdeck::Testing;
using namespace Qt::StringLiterals;

namespace {

/// Latencies that wander up and down, as classic buckets.
Frame latencies(int columns = 60, int rows = 12)
{
    Frame frame;
    frame.refId = u"A"_s;
    frame.meta.type = u"heatmap-rows"_s;
    frame.meta.stepMs = kSampleStep;
    frame.fields = {timeColumn(size_t(columns))};
    double bound = 0.005;
    for (int row = 0; row < rows; ++row) {
        Column::Numbers counts;
        for (int column = 0; column < columns; ++column) {
            const double middle = rows / 2.0 + rows / 4.0 * std::sin(column / 7.0);
            counts.push_back(std::floor(100 * std::exp(-std::pow((row - middle) / 1.6, 2))));
        }
        const QString name = row + 1 == rows ? u"+Inf"_s : QString::number(bound);
        frame.fields.push_back(numberColumn(name, std::move(counts), {{u"le"_s, name}}));
        bound *= 2;
    }
    return frame;
}

Frame noise(const QString& name, int count, double middle)
{
    Column::Numbers values;
    quint32 seed = 7;
    for (int i = 0; i < count; ++i) {
        double sum = 0;
        for (int j = 0; j < 6; ++j) {
            seed = seed * 1664525u + 1013904223u;
            sum += double(seed >> 8) / double(1 << 24);
        }
        values.push_back(middle + 10 * (sum - 3));
    }
    return seriesFrame(name, std::move(values));
}

} // namespace

class TestHeatmaps final : public QObject
{
    Q_OBJECT

private Q_SLOTS:
    void initTestCase();
    void cellsHaveTheirColours();
    void tooltipListsTheColumn();
    void exemplarsStandInTheirRows();
    void reversedAndCalculated();
    void manyCellsStayQuickToFind();
    void histogramBarsAreProportional();
    void histogramLegendAndKeys();
    void gallery_data();
    void gallery();
};

void TestHeatmaps::initTestCase()
{
    Theme::instance().install(*qobject_cast<QApplication*>(QCoreApplication::instance()));
    Theme::instance().setMode(ThemeMode::Dark);
}

void TestHeatmaps::cellsHaveTheirColours()
{
    PanelOnScreen shown(panelOf(u"heatmap"_s, "{\"color\":{\"scheme\":\"Blues\"}}"), {latencies()});
    auto* map = shown.body<HeatmapBody>();
    QVERIFY(map);
    const QImage picture = shown.picture();
    int seen = 0;
    for (int row = 0; row < 12; ++row) {
        const double count = map->model()->count(30, row);
        const QPoint at = map->canvas()->mapTo(&shown.widget(), map->cellRect(30, row).center().toPoint());
        const QColor expected = map->model()->isDrawn(count)
            ? toColor(map->model()->palette[size_t(map->model()->shade(count))])
            : Theme::instance().colors().panel;
        if (!map->model()->isDrawn(count))
            continue; // grid lines may cross an empty cell
        QCOMPARE(picture.pixelColor(at), expected);
        ++seen;
    }
    QVERIFY(seen > 3);
    // Higher buckets lie above lower ones.
    QVERIFY(map->cellRect(0, 5).bottom() <= map->cellRect(0, 4).top() + 0.5);
}

void TestHeatmaps::tooltipListsTheColumn()
{
    PanelOnScreen shown(panelOf(u"heatmap"_s, "{\"tooltip\":{\"mode\":\"single\",\"yHistogram\":true},\"yAxis\":{\"unit\":\"s\"}}"),
                        {latencies()});
    auto* map = shown.body<HeatmapBody>();
    QTest::mouseMove(map->canvas(), map->cellRect(30, 6).center().toPoint());
    QTRY_VERIFY(PlotTooltip::instance() && PlotTooltip::instance()->isVisible());
    const TooltipContent& content = PlotTooltip::instance()->content();
    QVERIFY(content.rows.size() > 3);
    const auto strong = std::find_if(content.rows.begin(), content.rows.end(), [](const TooltipRow& row) { return row.strong; });
    QVERIFY(strong != content.rows.end());
    QCOMPARE(strong->name, u"160 ms \u2013 320 ms"_s);
    map->canvas()->setFocus();
    QTest::keyClick(map->canvas(), Qt::Key_Up);
    QTRY_VERIFY(map->canvas()->accessibleDescription().contains(u"320 ms"));
}

void TestHeatmaps::exemplarsStandInTheirRows()
{
    PanelData data = preparedData({latencies()}, panelOf(u"heatmap"_s, "{}"), Theme::instance().kind());
    data.range = {kSampleStart, kSampleStart + 60 * kSampleStep};
    Exemplar one;
    one.timeMs = kSampleStart + 30 * kSampleStep;
    one.value = 0.015; // between the bounds 0.01 and 0.02: in the middle of the third row, where the column of its time ends
    one.labels = {{u"trace_id"_s, u"abc"_s}};
    data.exemplars = {one};
    PanelInput input;
    input.spec = panelOf(u"heatmap"_s, "{}");
    input.data = std::make_shared<const PanelData>(data);
    input.context.theme = Theme::instance().kind();
    PanelWidget widget;
    widget.resize(640, 320);
    widget.setInput(input);
    widget.show();
    QTRY_VERIFY(widget.isSettled());
    QApplication::processEvents();
    auto* body = qobject_cast<HeatmapBody*>(widget.body());
    QVERIFY(body && body->model());
    QCOMPARE(body->model()->ordinalPlace(0.015), 2.5);
    QCOMPARE(body->model()->ordinalPlace(1e9), 11.5);
    const auto hit = body->hitAt(QPointF(body->cellRect(30, 2).right(), body->cellRect(30, 2).center().y()));
    QVERIFY(hit);
    QCOMPARE(hit->content.rows.size(), size_t(2));
    QCOMPARE(hit->content.rows[1].value, u"abc"_s);
}

void TestHeatmaps::reversedAndCalculated()
{
    PanelOnScreen reversed(panelOf(u"heatmap"_s, "{\"yAxis\":{\"reverse\":true}}"), {latencies()});
    auto* map = reversed.body<HeatmapBody>();
    QVERIFY(map->cellRect(0, 5).top() >= map->cellRect(0, 4).bottom() - 0.5);
    PanelOnScreen counted(panelOf(u"heatmap"_s, "{\"calculate\":true}"), {noise(u"x"_s, 600, 50)});
    auto* made = counted.body<HeatmapBody>();
    QVERIFY(made->model()->rows > 3);
    QVERIFY(!made->isEmpty());
    const QSignalSpy zoomed(made, &PanelBody::zoomed);
    QTest::mousePress(made->canvas(), Qt::LeftButton, {}, QPoint(100, 60));
    QTest::mouseMove(made->canvas(), QPoint(200, 60));
    QTest::mouseRelease(made->canvas(), Qt::LeftButton, {}, QPoint(200, 60));
    QCOMPARE(zoomed.count(), 1);
}

void TestHeatmaps::manyCellsStayQuickToFind()
{
    PanelOnScreen shown(panelOf(u"heatmap"_s, "{\"cellGap\":0}"), {latencies(2000, 200)}, {1000, 400});
    auto* map = shown.body<HeatmapBody>();
    const std::optional<ChartHit> hit = map->hitAt(map->cellRect(1000, 100).center());
    QVERIFY(hit);
    QVERIFY(std::abs(int(hit->item / 200) - 1000) <= 2);
    QVERIFY(countColor(shown.picture(), Theme::instance().colors().panel) < 1000 * 400);
}

void TestHeatmaps::histogramBarsAreProportional()
{
    PanelOnScreen shown(panelOf(u"histogram"_s, "{\"bucketSize\":10}"), {seriesFrame(u"a"_s, {1, 2, 3, 4, 11, 12, 31})});
    auto* bars = shown.body<HistogramBody>();
    QVERIFY(bars);
    const QRectF first = bars->barRect(0, 0);
    const QRectF second = bars->barRect(0, 1);
    QCOMPARE(first.bottom(), second.bottom());
    QVERIFY(std::abs(first.height() / second.height() - 2) < 0.05);
    QCOMPARE(first.right(), second.left());
    QVERIFY(bars->barRect(0, 2).isNull());
    QVERIFY(countColor(shown.picture(), toColor(bars->model()->chart.series[0].color)) > 20);
}

void TestHeatmaps::histogramLegendAndKeys()
{
    PanelOnScreen shown(panelOf(u"histogram"_s, "{\"tooltip\":{\"mode\":\"multi\"}}"), {noise(u"a"_s, 400, 20), noise(u"b"_s, 400, 35)});
    auto* bars = shown.body<HistogramBody>();
    bars->canvas()->setFocus();
    QTest::keyClick(bars->canvas(), Qt::Key_Right);
    QTest::keyClick(bars->canvas(), Qt::Key_Right);
    QTRY_VERIFY(bars->canvas()->accessibleDescription().contains(u'\u2013'));
    QTest::mouseClick(bars->legend(), Qt::LeftButton, Qt::ControlModifier, bars->legend()->entryRect(0).center().toPoint());
    bars->grab();
    QCOMPARE(bars->hiddenEntries(), QStringList {u"a"_s});
    for (int bucket = 0; bucket < int(bars->model()->lower.size()); ++bucket)
        QVERIFY(bars->barRect(0, bucket).isNull());
}

void TestHeatmaps::gallery_data()
{
    QTest::addColumn<ThemeMode>("mode");
    QTest::newRow("dark") << ThemeMode::Dark;
    QTest::newRow("light") << ThemeMode::Light;
}

void TestHeatmaps::gallery()
{
    QFETCH(ThemeMode, mode);
    Theme::instance().setMode(mode);
    Frame native;
    native.meta.type = u"heatmap-cells"_s;
    native.meta.stepMs = kSampleStep;
    Column::Times times;
    Column::Numbers lower;
    Column::Numbers upper;
    Column::Numbers counts;
    for (int column = 0; column < 50; ++column) {
        for (int bucket = -8; bucket < 8; ++bucket) {
            const double weight = 50 * std::exp(-std::pow((bucket - 3 * std::sin(column / 6.0)) / 2.0, 2));
            if (weight < 1)
                continue;
            times.push_back(kSampleStart + column * kSampleStep);
            lower.push_back(std::pow(2, bucket / 2.0));
            upper.push_back(std::pow(2, (bucket + 1) / 2.0));
            counts.push_back(std::floor(weight));
        }
    }
    Field time;
    time.name = u"xMax"_s;
    time.type = FieldType::Time;
    time.values = Column(std::move(times));
    native.fields = {time, numberColumn(u"yMin"_s, std::move(lower)), numberColumn(u"yMax"_s, std::move(upper)),
                     numberColumn(u"count"_s, std::move(counts))};
    Gallery gallery(3);
    gallery.add(panelOf(u"heatmap"_s, "{\"yAxis\":{\"unit\":\"s\"}}"), {latencies()});
    gallery.add(panelOf(u"heatmap"_s, "{\"color\":{\"scheme\":\"Spectral\"},\"yAxis\":{\"unit\":\"s\",\"axisLabel\":\"latency\"},\"cellGap\":2}"), {latencies()});
    gallery.add(panelOf(u"heatmap"_s, "{\"color\":{\"mode\":\"opacity\",\"fill\":\"dark-orange\",\"exponent\":0.5},\"showValue\":\"auto\",\"cellGap\":2}"),
                {latencies(12, 8)});
    gallery.add(panelOf(u"heatmap"_s, "{\"color\":{\"scheme\":\"Turbo\"},\"cellRadius\":4,\"yAxis\":{\"unit\":\"s\"}}"), {native});
    gallery.add(panelOf(u"heatmap"_s, "{\"calculate\":true,\"color\":{\"scheme\":\"Viridis\"}}", "{\"defaults\":{\"unit\":\"ms\"}}"),
                {noise(u"x"_s, 800, 50)});
    gallery.add(panelOf(u"heatmap"_s, "{\"cellGap\":0,\"legend\":{\"show\":false}}"), {latencies(900, 60)});
    gallery.add(panelOf(u"histogram"_s, "{}", "{\"defaults\":{\"unit\":\"ms\"}}"), {noise(u"requests"_s, 900, 50)});
    gallery.add(panelOf(u"histogram"_s, "{\"legend\":{\"calcs\":[\"mean\",\"max\"],\"displayMode\":\"table\"}}",
                        "{\"defaults\":{\"custom\":{\"fillOpacity\":50,\"gradientMode\":\"opacity\"}}}"),
                {noise(u"api"_s, 900, 40), noise(u"web"_s, 900, 52)});
    gallery.add(panelOf(u"histogram"_s, "{}", "{\"defaults\":{\"unit\":\"s\"}}"), {native});
    const QImage image = gallery.image();
    keepPicture(image, u"heatmaps-"_s + QString::fromLatin1(QTest::currentDataTag()));
    QVERIFY(countColor(image, Theme::instance().colors().panel) > image.width() * image.height() / 8);
}

PROMDECK_GUI_TEST_MAIN(TestHeatmaps)
#include "tst_heatmaps.moc"
