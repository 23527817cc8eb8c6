#include "models/frame/transform.h"
#include "models/panel/heatmapcolors.h"
#include "models/panel/heatmapmodel.h"
#include "models/panel/histogrammodel.h"
#include "models/panel/renderjson.h"
#include "tests/support/panelsamples.h"

using namespace Promdeck;
using namespace Promdeck::Testing;
using namespace Qt::StringLiterals;

namespace {

/// Own counts of three buckets, as the data source makes them for the format "heatmap".
Frame bucketRows()
{
    Frame frame;
    frame.refId = u"A"_s;
    frame.meta.type = u"heatmap-rows"_s;
    frame.meta.stepMs = kSampleStep;
    frame.fields = {timeColumn(3), numberColumn(u"0.1"_s, {1, 2, 3}, {{u"le"_s, u"0.1"_s}}),
                    numberColumn(u"1"_s, {0, 4, 8}, {{u"le"_s, u"1"_s}}), numberColumn(u"+Inf"_s, {0, 0, kNull}, {{u"le"_s, u"+Inf"_s}})};
    return frame;
}

/// A native histogram's cells: times, bounds and counts row by row.
Frame nativeCells()
{
    Field time;
    time.name = u"xMax"_s;
    time.type = FieldType::Time;
    time.values = Column(Column::Times {kSampleStart, kSampleStart, kSampleStart + kSampleStep});
    Frame frame;
    frame.meta.type = u"heatmap-cells"_s;
    frame.meta.stepMs = kSampleStep;
    const Labels labels {{u"controller"_s, u"web"_s}};
    frame.fields = {time, numberColumn(u"yMin"_s, {1, 2, 2}, labels), numberColumn(u"yMax"_s, {2, 4, 4}, labels),
                    numberColumn(u"count"_s, {5, 7, 1}, labels), numberColumn(u"yLayout"_s, {0, 0, 0}, labels)};
    return frame;
}

} // namespace

class TestHeatmapModels : public QObject
{
    Q_OBJECT
private Q_SLOTS:
    void countsSamples();
    void takesCountedBuckets();
    void readsBucketRows();
    void sortsBucketSeriesByName();
    void readsNativeHistograms();
    void calculates();
    void calculatesLogarithmicBuckets();
    void numericRowsOnALogAxis();
    void coloursAndLimits();
    void palettes();
    void jsonHoldsWhatIsShown();
};

void TestHeatmapModels::countsSamples()
{
    const PanelSpec panel = panelOf(u"histogram"_s, "{\"bucketSize\":10,\"legend\":{\"calcs\":[\"max\"]}}",
                                    "{\"defaults\":{\"unit\":\"s\",\"custom\":{\"stacking\":{\"mode\":\"normal\"}}}}");
    const PanelData data = preparedData({seriesFrame(u"a"_s, {1, 5, 12, 31}), seriesFrame(u"b"_s, {13, kNull})}, panel);
    const HistogramModel model = histogramModel(panel, data, {});
    QCOMPARE(model.lower, (std::vector<double> {0, 10, 20, 30}));
    QCOMPARE(model.series[0].counts, (std::vector<double> {2, 1, 0, 1}));
    QCOMPARE(model.series[1].counts, (std::vector<double> {0, 1, 0, 0}));
    QVERIFY(model.equalWidths);
    QVERIFY(model.stacking == StackingMode::Normal);
    QCOMPARE(model.boundText(30, {}), u"30 s"_s);
    // Calculations are those of the samples, colours and names those of the series.
    QCOMPARE(model.chart.series[0].calcs[0].value, 31.0);
    QCOMPARE(model.chart.series[1].name, u"b"_s);
    QVERIFY(model.chart.series[0].color != model.chart.series[1].color);
}

void TestHeatmapModels::takesCountedBuckets()
{
    const PanelSpec panel = panelOf(u"histogram"_s, "{}", "{\"defaults\":{\"displayName\":\"${__field.labels.controller}\"}}");
    const HistogramModel native = histogramModel(panel, preparedData({nativeCells()}, panel), {});
    QCOMPARE(native.lower, (std::vector<double> {1, 2}));
    QCOMPARE(native.series[0].counts, (std::vector<double> {5, 8})); // summed over the range
    QVERIFY(!native.equalWidths);
    const PanelSpec plain = panelOf(u"histogram"_s, "{}");
    const HistogramModel rows = histogramModel(plain, preparedData({bucketRows()}, plain), {});
    QCOMPARE(rows.upper.size(), size_t(3));
    QCOMPARE(rows.series[0].counts, (std::vector<double> {6, 12, 0}));
    QCOMPARE(rows.boundText(rows.upper[2], {}), u"+Inf"_s);
}

void TestHeatmapModels::readsBucketRows()
{
    const PanelSpec panel = panelOf(u"heatmap"_s, "{\"yAxis\":{\"unit\":\"s\"}}");
    const HeatmapModel model = heatmapModel(panel, preparedData({bucketRows()}, panel), {});
    QCOMPARE(model.rows, 3);
    QVERIFY(model.ordinal);
    QVERIFY(model.layout == HeatmapModel::Layout::Upper);
    QCOMPARE(model.names, (std::vector<QString> {u"100 ms"_s, u"1 s"_s, u"+Inf"_s}));
    QCOMPARE(model.rowText(1), u"100 ms \u2013 1 s"_s);
    // A sample counts what happened up to its time.
    QCOMPARE(model.starts[0], kSampleStart - kSampleStep);
    QCOMPARE(model.count(2, 1), 8.0);
    QVERIFY(std::isnan(model.count(2, 2)));
    QVERIFY(!model.isDrawn(model.count(0, 1)));
    QCOMPARE(model.maxCount, 8.0);
    QCOMPARE(model.minCount, 1.0);
}

void TestHeatmapModels::sortsBucketSeriesByName()
{
    const PanelSpec panel = panelOf(u"heatmap"_s, "{\"rowsFrame\":{\"layout\":\"auto\"}}");
    const Frames frames {seriesFrame(u"+Inf"_s, {3, 3}), seriesFrame(u"10"_s, {2, 2}), seriesFrame(u"2"_s, {1, 1})};
    const HeatmapModel model = heatmapModel(panel, preparedData(frames, panel), {});
    QCOMPARE(model.names, (std::vector<QString> {u"2"_s, u"10"_s, u"+Inf"_s}));
    QCOMPARE(model.count(0, 0), 1.0);
    // Names that are no numbers keep their order and stand in the middle.
    const Frames named {seriesFrame(u"web"_s, {3, 3}), seriesFrame(u"db"_s, {2, 2})};
    const HeatmapModel other = heatmapModel(panel, preparedData(named, panel), {});
    QCOMPARE(other.names, (std::vector<QString> {u"web"_s, u"db"_s}));
    QVERIFY(other.layout == HeatmapModel::Layout::Middle);
}

void TestHeatmapModels::readsNativeHistograms()
{
    const PanelSpec panel = panelOf(u"heatmap"_s, "{}");
    const HeatmapModel model = heatmapModel(panel, preparedData({nativeCells()}, panel), {});
    QVERIFY(!model.ordinal);
    QCOMPARE(model.rows, 2);
    QCOMPARE(model.starts.size(), size_t(2));
    QCOMPARE(model.count(0, 1), 7.0);
    QVERIFY(std::isnan(model.count(1, 0)));
    QCOMPARE(model.logBase, 2.0);
    QCOMPARE(model.linearThreshold, 0.0);
    Frame crossing = nativeCells();
    crossing.fields[1].values = Column(Column::Numbers {-0.001, 2, 2});
    const HeatmapModel symmetric = heatmapModel(panel, preparedData({crossing}, panel), {});
    QCOMPARE(symmetric.linearThreshold, 2.0);
}

void TestHeatmapModels::calculates()
{
    const PanelSpec panel = panelOf(u"heatmap"_s,
                                    "{\"calculate\":true,\"calculation\":{\"xBuckets\":{\"mode\":\"size\",\"value\":\"2m\"},"
                                    "\"yBuckets\":{\"mode\":\"size\",\"value\":\"10\"}}}",
                                    "{\"defaults\":{\"unit\":\"bytes\"}}");
    const HeatmapModel model = heatmapModel(panel, preparedData({seriesFrame(u"a"_s, {5, 15, 6, 25})}, panel), {});
    QVERIFY(!model.ordinal);
    QCOMPARE(model.columnMs, qint64(120000));
    QCOMPARE(model.rows, 3);
    QCOMPARE(model.lower, (std::vector<double> {0, 10, 20}));
    double all = 0;
    for (const double count : model.counts)
        all += count;
    QCOMPARE(all, 4.0);
    QCOMPARE(model.starts.front() % 120000, qint64(0));
    QCOMPARE(model.axis.unit, u"bytes"_s);
}

void TestHeatmapModels::calculatesLogarithmicBuckets()
{
    const char* options = "{\"calculate\":true,\"calculation\":{\"yBuckets\":{\"scale\":{\"type\":\"log\",\"log\":2}}}}";
    const PanelSpec panel = panelOf(u"heatmap"_s, options);
    const HeatmapModel model = heatmapModel(panel, preparedData({seriesFrame(u"a"_s, {1, 3, 8, 9})}, panel), {});
    QCOMPARE(model.lower, (std::vector<double> {1, 2, 4, 8}));
    QCOMPARE(model.upper.back(), 16.0);
    QCOMPARE(model.logBase, 2.0);
    const HeatmapModel wrong = heatmapModel(panel, preparedData({seriesFrame(u"a"_s, {0, 3})}, panel), {});
    QVERIFY(wrong.problem.contains(u"above zero"));
}

void TestHeatmapModels::numericRowsOnALogAxis()
{
    Frame frame = bucketRows();
    const PanelSpec panel
        = panelOf(u"heatmap"_s, "{}", "{\"defaults\":{\"custom\":{\"scaleDistribution\":{\"type\":\"log\",\"log\":10}}}}");
    const HeatmapModel model = heatmapModel(panel, preparedData({frame}, panel), {});
    QVERIFY(!model.ordinal);
    QCOMPARE(model.logBase, 10.0);
    QCOMPARE(model.lower[0], 0.01);
    QCOMPARE(model.upper[2], 10.0);
}

void TestHeatmapModels::coloursAndLimits()
{
    const PanelSpec panel = panelOf(u"heatmap"_s,
                                    "{\"color\":{\"mode\":\"scheme\",\"scheme\":\"Blues\",\"steps\":10,\"min\":0,\"max\":10},"
                                    "\"filterValues\":{\"le\":1,\"ge\":8},\"showValue\":\"auto\",\"yAxis\":{\"reverse\":true,\"axisPlacement\":\"right\"}}");
    const HeatmapModel model = heatmapModel(panel, preparedData({bucketRows()}, panel), {});
    QCOMPARE(model.palette.size(), size_t(10));
    QCOMPARE(model.shade(0), 0);
    QCOMPARE(model.shade(5), 5);
    QCOMPARE(model.shade(99), 9);
    HeatmapModel flat = model;
    flat.minCount = flat.maxCount = 3;
    QCOMPARE(flat.shade(3), 9); // equal counts stand out from the background
    QVERIFY(!model.isDrawn(1) && model.isDrawn(2) && !model.isDrawn(8));
    QVERIFY(model.reverse && model.axis.placement == AxisPlacement::Right);
    QVERIFY(model.values == ValueVisibility::Auto);
}

void TestHeatmapModels::palettes()
{
    const Json oranges = jsonOf("{\"scheme\":\"Oranges\",\"steps\":3}");
    // Few is close to the background: dark brown on dark, near white on light.
    QCOMPARE(heatmapPalette(oranges, ThemeKind::Dark).front().name(), u"#7f2704"_s);
    QCOMPARE(heatmapPalette(oranges, ThemeKind::Light).front().name(), u"#fff5eb"_s);
    const Json reversed = jsonOf("{\"scheme\":\"Oranges\",\"steps\":3,\"reverse\":true}");
    QCOMPARE(heatmapPalette(reversed, ThemeKind::Dark).front().name(), u"#fff5eb"_s);
    const Json opacity = jsonOf("{\"mode\":\"opacity\",\"fill\":\"#ff0000\",\"steps\":5,\"scale\":\"exponential\",\"exponent\":0.5}");
    const std::vector<Rgba> fades = heatmapPalette(opacity, ThemeKind::Dark);
    QCOMPARE(int(fades.front().alpha), 0);
    QCOMPARE(int(fades[1].alpha), 128); // the root of a quarter
    QCOMPARE(int(fades.back().alpha), 255);
    for (const QString& scheme : heatmapSchemes()) {
        QVERIFY2(heatmapSchemeColor(scheme, 0) != heatmapSchemeColor(scheme, 0.5), qPrintable(scheme));
        QCOMPARE(int(heatmapSchemeColor(scheme, 0.3).alpha), 255);
    }
    QVERIFY(heatmapSchemes().size() >= 38);
    QCOMPARE(heatmapSchemeColor(u"Viridis"_s, 0).name(), u"#440154"_s);
    QCOMPARE(heatmapSchemeColor(u"NoSuchScheme"_s, 0).name(), heatmapSchemeColor(u"Spectral"_s, 0).name());
}

void TestHeatmapModels::jsonHoldsWhatIsShown()
{
    PlacedPanel placed;
    placed.panel = panelOf(u"heatmap"_s, "{}");
    const auto same = [](const QString& text) { return text; };
    const Json map = panelToJson(placed, preparedData({bucketRows()}, placed.panel), {}, same)[u"heatmap"];
    QCOMPARE(map[u"rows"].size(), 3);
    QCOMPARE(map[u"columns"].at(1)[u"counts"].at(1).toDouble(), 4.0);
    QCOMPARE(map[u"max"].toDouble(), 8.0);
    placed.panel = panelOf(u"histogram"_s, "{\"bucketSize\":1}");
    const Json bars = panelToJson(placed, preparedData({seriesFrame(u"x"_s, {2, 2, 3})}, placed.panel), {}, same)[u"histogram"];
    QCOMPARE(bars[u"series"].at(0)[u"counts"].at(0).toDouble(), 2.0);
    QCOMPARE(bars[u"buckets"].at(1).at(1).toDouble(), 4.0);
}

PROMDECK_TEST_MAIN(TestHeatmapModels)
#include "tst_heatmapmodels.moc"
