#include "models/panel/barchartmodel.h"
#include "models/panel/piechartmodel.h"
#include "models/panel/polystatmodel.h"
#include "models/panel/renderjson.h"
#include "models/panel/timelinemodel.h"
#include "models/panel/xychartmodel.h"
#include "tests/support/panelsamples.h"

using namespace Promdeck;
using namespace Promdeck::Testing;
using namespace Qt::StringLiterals;

class TestChartModels : public QObject
{
    Q_OBJECT
private Q_SLOTS:
    void barsTakeTheFirstTextColumn();
    void barsJoinSeriesOnTime();
    void barsStack();
    void barsColourByValueAndByField();
    void barsSayWhatIsMissing();
    void pieSharesAndSorts();
    void pieColoursRowsFromThePalette();
    void pieLegendHasItsOwnColumns();
    void statesMergeAndEndAtGaps();
    void statesFollowThresholds();
    void statesBridgeNulls();
    void statesOfText();
    void statusHistoryKeepsEverySample();
    void xyFindsItsFields();
    void xyTakesNamedFields();
    void polystatReducesColoursAndLimits();
    void hostileOptionsAndData();
    void jsonHoldsWhatIsShown();
};

void TestChartModels::barsTakeTheFirstTextColumn()
{
    Frame frame;
    frame.fields = {timeColumn(3), textColumn(u"host"_s, {u"a"_s, u"b"_s, u"c"_s}), numberColumn(u"in"_s, {1024, 2048, kNull}),
                    numberColumn(u"out"_s, {1, 2, 3})};
    const PanelSpec panel = panelOf(u"barchart"_s, "{\"orientation\":\"horizontal\",\"showValue\":\"always\"}",
                                    "{\"defaults\":{\"unit\":\"bytes\"}}");
    const BarChartModel model = barChartModel(panel, preparedData({frame}, panel), {});
    QCOMPARE(model.categoryName, u"host"_s);
    QCOMPARE(model.categories, (std::vector<QString> {u"a"_s, u"b"_s, u"c"_s}));
    QCOMPARE(model.series.size(), size_t(2));
    QCOMPARE(model.series[0].texts[1], u"2 KiB"_s);
    QVERIFY(isNull(model.series[0].values[2]));
    QCOMPARE(*model.horizontal, true);
    QVERIFY(model.values == ValueVisibility::Always);
    // Both bars share unit and scale.
    QCOMPARE(model.chart.axes.size(), size_t(1));
}

void TestChartModels::barsJoinSeriesOnTime()
{
    const PanelSpec panel = panelOf(u"barchart"_s, "{}", "{}");
    const PanelData data = preparedData({seriesFrame(u"up"_s, {1, 2, 3}), seriesFrame(u"down"_s, {4, 5})}, panel);
    const BarChartModel model = barChartModel(panel, data, {});
    QCOMPARE(model.categories.size(), size_t(3));
    QCOMPARE(model.times.front(), kSampleStart);
    QCOMPARE(model.chart.series[1].name, u"down"_s);
    QCOMPARE(model.series[1].values[1], 5.0);
    QVERIFY(isNull(model.series[1].values[2]));
    // Colours are those of the fields before the join.
    QVERIFY(model.chart.series[0].color != model.chart.series[1].color);
}

void TestChartModels::barsStack()
{
    Frame frame;
    frame.fields = {textColumn(u"host"_s, {u"a"_s, u"b"_s}), numberColumn(u"x"_s, {1, -2}), numberColumn(u"y"_s, {3, -6})};
    const PanelSpec normal = panelOf(u"barchart"_s, "{\"stacking\":\"normal\"}");
    const auto spans = barSpans(barChartModel(normal, preparedData({frame}, normal), {}), {});
    QCOMPARE(spans[1][0].low, 1.0);
    QCOMPARE(spans[1][0].high, 4.0);
    // Negative values stack downwards, apart.
    QCOMPARE(spans[1][1].low, -2.0);
    QCOMPARE(spans[1][1].high, -8.0);
    const PanelSpec percent = panelOf(u"barchart"_s, "{\"stacking\":\"percent\"}");
    const BarChartModel model = barChartModel(percent, preparedData({frame}, percent), {});
    QCOMPARE(barSpans(model, {})[1][0].high, 1.0);
    QCOMPARE(barSpans(model, {})[1][0].low, 0.25);
    // What the legend switched off takes no part in the whole.
    QCOMPARE(barSpans(model, {1, 0})[1][0].low, 0.0);
    QVERIFY(isNull(barSpans(model, {1, 0})[0][0].high));
}

void TestChartModels::barsColourByValueAndByField()
{
    Frame frame;
    frame.fields = {textColumn(u"host"_s, {u"a"_s, u"b"_s}), numberColumn(u"load"_s, {10, 90}), numberColumn(u"state"_s, {90, 10})};
    const char* config = "{\"defaults\":{\"color\":{\"mode\":\"thresholds\"},\"thresholds\":{\"mode\":\"absolute\",\"steps\":["
                         "{\"value\":null,\"color\":\"green\"},{\"value\":80,\"color\":\"red\"}]}},"
                         "\"overrides\":[{\"matcher\":{\"id\":\"byName\",\"options\":\"state\"},"
                         "\"properties\":[{\"id\":\"custom.hideFrom\",\"value\":{\"viz\":true}}]}]}";
    const PanelSpec panel = panelOf(u"barchart"_s, "{}", config);
    const BarChartModel model = barChartModel(panel, preparedData({frame}, panel), {});
    QCOMPARE(model.series.size(), size_t(1));
    const Rgba green = *parseColor(u"green"_s, ThemeKind::Dark);
    const Rgba red = *parseColor(u"red"_s, ThemeKind::Dark);
    QCOMPARE(model.series[0].colors, (std::vector<Rgba> {green, red}));
    const PanelSpec other = panelOf(u"barchart"_s, "{\"colorByField\":\"state\"}", config);
    QCOMPARE(barChartModel(other, preparedData({frame}, other), {}).series[0].colors, (std::vector<Rgba> {red, green}));
}

void TestChartModels::barsSayWhatIsMissing()
{
    Frame frame;
    frame.fields = {numberColumn(u"x"_s, {1})};
    const PanelSpec panel = panelOf(u"barchart"_s, "{}");
    QCOMPARE(barChartModel(panel, preparedData({frame}, panel), {}).problem, u"no-category"_s);
    frame.fields = {textColumn(u"x"_s, {u"a"_s})};
    QCOMPARE(barChartModel(panel, preparedData({frame}, panel), {}).problem, u"no-number"_s);
    QVERIFY(barChartModel(panel, preparedData({}, panel), {}).problem.isEmpty());
}

void TestChartModels::pieSharesAndSorts()
{
    const char* options = "{\"pieType\":\"donut\",\"displayLabels\":[\"percent\"],\"reduceOptions\":{\"calcs\":[\"mean\"]}}";
    const PanelSpec panel = panelOf(u"piechart"_s, options, "{\"defaults\":{\"unit\":\"reqps\"}}");
    const PanelData data = preparedData({seriesFrame(u"small"_s, {1, 1}), seriesFrame(u"big"_s, {2, 4}), seriesFrame(u"none"_s, {})}, panel);
    const PieChartModel model = pieChartModel(panel, data, {});
    QVERIFY(model.donut && model.showPercent && !model.showName);
    QCOMPARE(model.slices.size(), size_t(2));
    QCOMPARE(model.chart.series[0].name, u"big"_s);
    QCOMPARE(model.slices[0].share, 0.75);
    QCOMPARE(model.slices[0].display.toString(), u"3 req/s"_s);
    QVERIFY(model.slices[0].color != model.slices[1].color);
    PanelSpec unsorted = panel;
    unsorted.options.set(u"sort"_s, u"none"_s);
    QCOMPARE(pieChartModel(unsorted, data, {}).chart.series[0].name, u"small"_s);
}

void TestChartModels::pieColoursRowsFromThePalette()
{
    Frame frame;
    frame.fields = {textColumn(u"device"_s, {u"sda"_s, u"sdb"_s}), numberColumn(u"Value"_s, {3, 5})};
    const PanelSpec panel = panelOf(u"piechart"_s, "{\"reduceOptions\":{\"values\":true}}",
                                    "{\"defaults\":{\"color\":{\"mode\":\"palette-classic\"}}}");
    const PieChartModel model = pieChartModel(panel, preparedData({frame}, panel), {});
    QCOMPARE(model.slices.size(), size_t(2));
    QCOMPARE(model.chart.series[0].name, u"sdb"_s);
    QCOMPARE(model.slices[0].color, classicPalette(1, ThemeKind::Dark));
    QCOMPARE(model.slices[1].color, classicPalette(0, ThemeKind::Dark));
}

void TestChartModels::pieLegendHasItsOwnColumns()
{
    const PanelSpec panel = panelOf(u"piechart"_s,
                                    "{\"legend\":{\"displayMode\":\"table\",\"placement\":\"right\",\"values\":[\"value\",\"percent\"],"
                                    "\"sortBy\":\"Value\",\"sortDesc\":false}}");
    const PieChartModel model
        = pieChartModel(panel, preparedData({seriesFrame(u"a"_s, {1}), seriesFrame(u"b"_s, {3})}, panel), {});
    QCOMPARE(model.chart.legend.calcs, (QStringList {u"value"_s, u"percent"_s}));
    QCOMPARE(model.chart.series[0].calcs[1].text, u"75%"_s);
    QCOMPARE(model.chart.legend.order, (std::vector<int> {1, 0}));
}

void TestChartModels::statesMergeAndEndAtGaps()
{
    const PanelSpec panel = panelOf(u"state-timeline"_s, "{}",
                                    "{\"defaults\":{\"mappings\":[{\"type\":\"value\",\"options\":{\"0\":{\"text\":\"Down\","
                                    "\"color\":\"red\"},\"1\":{\"text\":\"Up\",\"color\":\"green\"}}}]}}");
    // One minute apart; the sample after the third is missing.
    Frame frame = seriesFrame(u"web"_s, {1, 1, 0, 0, 1});
    frame.fields[0].values = Column(Column::Times {kSampleStart, kSampleStart + 60000, kSampleStart + 120000,
                                                   kSampleStart + 240000, kSampleStart + 300000});
    PanelData data = preparedData({frame}, panel);
    data.range.toMs = kSampleStart + 600000;
    const TimelineModel model = timelineModel(panel, data, {});
    QCOMPARE(model.rows.size(), size_t(1));
    const std::vector<TimelineBox>& boxes = model.rows[0].boxes;
    QCOMPARE(boxes.size(), size_t(4));
    QCOMPARE(boxes[0].text, u"Up"_s);
    QCOMPARE(boxes[0].color, *parseColor(u"green"_s, ThemeKind::Dark));
    QCOMPARE(boxes[0].toMs, kSampleStart + 120000);
    // The gap stays, and the last state ends a step after its sample, not at the end of the range.
    QCOMPARE(boxes[1].toMs, kSampleStart + 180000);
    QCOMPARE(boxes[2].fromMs, kSampleStart + 240000);
    QCOMPARE(boxes[3].toMs, kSampleStart + 360000);
    QCOMPARE(model.chart.series.size(), size_t(2));
    QCOMPARE(boxes[1].entry, 1);

    PanelSpec apart = panel;
    apart.options.set(u"mergeValues"_s, Json(false));
    QCOMPARE(timelineModel(apart, data, {}).rows[0].boxes.size(), size_t(5));
}

void TestChartModels::statesFollowThresholds()
{
    const PanelSpec panel = panelOf(u"state-timeline"_s, "{}",
                                    "{\"defaults\":{\"unit\":\"percent\",\"color\":{\"mode\":\"thresholds\"},\"thresholds\":"
                                    "{\"mode\":\"absolute\",\"steps\":[{\"value\":null,\"color\":\"green\"},{\"value\":80,\"color\":\"red\"}]}}}");
    const TimelineModel model = timelineModel(panel, preparedData({seriesFrame(u"cpu"_s, {10, 20, 85, 95, 30})}, panel), {});
    const std::vector<TimelineBox>& boxes = model.rows[0].boxes;
    QCOMPARE(boxes.size(), size_t(3));
    QCOMPARE(boxes[0].text, u"< 80%"_s);
    QCOMPARE(boxes[1].text, u"80%+"_s);
    QCOMPARE(boxes[1].entry, 1);
    QCOMPARE(model.chart.series[1].name, u"80%+"_s);
    QCOMPARE(model.chart.series[1].color, *parseColor(u"red"_s, ThemeKind::Dark));
}

void TestChartModels::statesBridgeNulls()
{
    const char* config = "{\"defaults\":{\"custom\":{\"spanNulls\":true}}}";
    const PanelSpec panel = panelOf(u"state-timeline"_s, "{}", config);
    const TimelineModel model = timelineModel(panel, preparedData({seriesFrame(u"x"_s, {5, kNull, 5, 7})}, panel), {});
    QCOMPARE(model.rows[0].boxes.size(), size_t(2));
    QCOMPARE(model.rows[0].boxes[0].toMs, kSampleStart + 3 * kSampleStep);
}

void TestChartModels::statesOfText()
{
    Frame frame;
    frame.fields = {timeColumn(3), textColumn(u"leader"_s, {u"a"_s, u"a"_s, u"b"_s})};
    const PanelSpec panel = panelOf(u"state-timeline"_s, "{\"alignValue\":\"center\",\"rowHeight\":0.5}");
    const TimelineModel model = timelineModel(panel, preparedData({frame}, panel), {});
    QCOMPARE(model.rows[0].boxes.size(), size_t(2));
    QCOMPARE(model.rows[0].boxes[1].text, u"b"_s);
    QVERIFY(model.align == Qt::AlignHCenter);
    Frame noTime;
    noTime.fields = {textColumn(u"leader"_s, {u"a"_s})};
    QCOMPARE(timelineModel(panel, preparedData({noTime}, panel), {}).problem, u"no-time"_s);
}

void TestChartModels::statusHistoryKeepsEverySample()
{
    const PanelSpec panel = panelOf(u"status-history"_s, "{\"colWidth\":0.5}");
    const PanelData data = preparedData({seriesFrame(u"x"_s, {1, 1, kNull, 1})}, panel);
    const TimelineModel model = timelineModel(panel, data, {});
    QVERIFY(model.samples);
    QCOMPARE(model.rows[0].boxes.size(), size_t(3));
    QCOMPARE(model.columnMs, kSampleStep);
    QCOMPARE(model.chart.range.fromMs, data.range.fromMs - kSampleStep / 2);
    QCOMPARE(model.chart.range.toMs, data.range.toMs + kSampleStep / 2);
}

void TestChartModels::xyFindsItsFields()
{
    Frame frame;
    frame.fields = {textColumn(u"host"_s, {u"a"_s, u"b"_s, u"c"_s}), numberColumn(u"load"_s, {1, 2, kNull}),
                    numberColumn(u"temp"_s, {40, 50, 60}), numberColumn(u"fans"_s, {3, 4, 5})};
    const PanelSpec panel = panelOf(u"xychart"_s, "{\"mapping\":\"auto\"}", "{\"defaults\":{\"custom\":{\"show\":\"points+lines\"}}}");
    const XyChartModel model = xyChartModel(panel, preparedData({frame}, panel), {});
    QCOMPARE(model.series.size(), size_t(2));
    QCOMPARE(model.series[0].xName, u"load"_s);
    QCOMPARE(model.chart.series[0].name, u"temp"_s);
    QCOMPARE(model.series[0].points.size(), size_t(2)); // a missing x is no point
    QVERIFY(model.series[0].showPoints && model.series[0].showLines);
    QCOMPARE(model.xAxis.label, u"load"_s);
    const PanelSpec old = panelOf(u"xychart"_s, "{\"seriesMapping\":\"auto\",\"dims\":{\"frame\":0,\"x\":\"temp\",\"exclude\":[\"fans\"]}}");
    const XyChartModel other = xyChartModel(old, preparedData({frame}, old), {});
    QCOMPARE(other.series.size(), size_t(1));
    QCOMPARE(other.series[0].xName, u"temp"_s);
}

void TestChartModels::xyTakesNamedFields()
{
    Frame frame;
    frame.fields = {numberColumn(u"a"_s, {1, 2}), numberColumn(u"b"_s, {3, 4}), numberColumn(u"c"_s, {0, 10})};
    const PanelSpec panel = panelOf(u"xychart"_s,
                                    "{\"mapping\":\"manual\",\"series\":[{\"name\":{\"fixed\":\"mine\"},\"frame\":{\"matcher\":{\"id\":\"byIndex\",\"options\":0}},"
                                    "\"x\":{\"matcher\":{\"id\":\"byName\",\"options\":\"b\"}},\"y\":{\"matcher\":{\"id\":\"byName\",\"options\":\"a\"}},"
                                    "\"size\":{\"matcher\":{\"id\":\"byName\",\"options\":\"c\"}}}]}",
                                    "{\"defaults\":{\"custom\":{\"pointSize\":{\"min\":4,\"max\":20}}}}");
    const XyChartModel model = xyChartModel(panel, preparedData({frame}, panel), {});
    QCOMPARE(model.series.size(), size_t(1));
    QCOMPARE(model.chart.series[0].name, u"mine"_s);
    QCOMPARE(model.series[0].points[1].x, 4.0);
    QCOMPARE(model.series[0].points[0].size, 4.0);
    QCOMPARE(model.series[0].points[1].size, 20.0);
}

void TestChartModels::polystatReducesColoursAndLimits()
{
    PanelSpec panel = panelOf(u"grafana-polystat-panel"_s,
                              "{\"globalOperator\":\"max\",\"globalUnitFormat\":\"percent\",\"globalDecimals\":0,\"layoutDisplayLimit\":2,"
                              "\"globalFillColor\":\"#0000ff\",\"globalThresholdsConfig\":[{\"color\":\"#ff0000\",\"state\":2,\"value\":90},"
                              "{\"color\":\"#00ff00\",\"state\":0,\"value\":0}],"
                              "\"overrideConfig\":{\"overrides\":[{\"metricName\":\"^b$\",\"unitFormat\":\"short\",\"operatorName\":\"min\"}]}}");
    const Frames frames {seriesFrame(u"c"_s, {1, 2}), seriesFrame(u"b"_s, {95, 50}), seriesFrame(u"a"_s, {95, 50})};
    const SingleValueModel model = polystatModel(panel, preparedData(frames, panel), {});
    QCOMPARE(model.values.size(), size_t(2));
    QCOMPARE(model.values[0].name, u"a"_s);
    QCOMPARE(model.values[0].display.toString(), u"95%"_s);
    QCOMPARE(model.values[0].display.color.name(), u"#ff0000"_s);
    QCOMPARE(model.values[1].display.toString(), u"50"_s);
    QCOMPARE(model.values[1].display.color.name(), u"#00ff00"_s);
    panel.options.set(u"globalDisplayMode"_s, Json(u"triggered"_s));
    QCOMPARE(polystatModel(panel, preparedData(frames, panel), {}).values.size(), size_t(1));
    // Files of its first version keep everything elsewhere.
    PanelSpec old = panelOf(u"grafana-polystat-panel"_s, "{}");
    old.raw = jsonOf("{\"polystat\":{\"globalOperatorName\":\"current\",\"globalUnitFormat\":\"s\",\"hexagonSortByField\":\"value\","
                     "\"hexagonSortByDirection\":2}}");
    const SingleValueModel first = polystatModel(old, preparedData(frames, old), {});
    QCOMPARE(first.values.size(), size_t(3));
    QCOMPARE(first.values.back().name, u"c"_s);
    QCOMPARE(first.values.back().display.toString(), u"2 s"_s);
}

void TestChartModels::hostileOptionsAndData()
{
    const QStringList types {u"barchart"_s, u"piechart"_s, u"state-timeline"_s, u"status-history"_s, u"histogram"_s, u"heatmap"_s,
                             u"alertlist"_s, u"logs"_s, u"xychart"_s, u"grafana-polystat-panel"_s, u"geomap"_s};
    const char* options[] = {"{}",
                             "{\"xField\":7,\"stacking\":[],\"groupWidth\":\"x\",\"legend\":3,\"tooltip\":[],\"calculate\":true,"
                             "\"calculation\":{\"xBuckets\":{\"value\":\"0\"},\"yBuckets\":{\"scale\":{\"type\":\"log\",\"log\":-1}}}}",
                             "{\"color\":{\"steps\":-5,\"scheme\":null,\"min\":\"a\",\"max\":-1},\"bucketSize\":-1,\"bucketCount\":0,"
                             "\"series\":[{}],\"mapping\":\"manual\",\"stateFilter\":7,\"groupBy\":{},\"reduceOptions\":{\"calcs\":[1]}}",
                             "{\"dims\":[],\"seriesMapping\":4,\"perPage\":-3,\"rowHeight\":99,\"colWidth\":-1,\"displayLabels\":7,"
                             "\"globalThresholdsConfig\":[{}],\"overrideConfig\":{\"overrides\":[{\"metricName\":\"(\"}]}}"};
    const char* config = "{\"defaults\":{\"min\":5,\"max\":5,\"custom\":{\"fillOpacity\":-9,\"stacking\":7,\"spanNulls\":-4,\"hideFrom\":1,"
                         "\"scaleDistribution\":{\"type\":\"log\",\"log\":0},\"pointSize\":[]}}}";
    Frame empty;
    Frame oneRow = seriesFrame(u"x"_s, {kNull});
    Frame odd;
    odd.meta.type = u"heatmap-cells"_s;
    odd.fields = {textColumn(u"yMin"_s, {u"a"_s}), numberColumn(u"yMax"_s, {std::numeric_limits<double>::infinity()})};
    Frame rows = seriesFrame(u"+Inf"_s, {-1, std::numeric_limits<double>::infinity(), 1e308});
    rows.meta.type = u"heatmap-rows"_s;
    Frame alerts;
    alerts.meta.type = u"alerts"_s;
    alerts.fields = {timeColumn(1), numberColumn(u"alertname"_s, {1}), textColumn(u"labels"_s, {u"x"_s})};
    const std::vector<Frames> data {{}, {empty}, {oneRow, oneRow}, {odd}, {rows}, {alerts}, {odd, rows, oneRow, empty}};
    for (const QString& type : types) {
        for (const char* option : options) {
            for (const Frames& frames : data) {
                PlacedPanel placed;
                placed.panel = panelOf(type, option, config);
                const Json out
                    = panelToJson(placed, preparedData(frames, placed.panel), {}, [](const QString& text) { return text; });
                QCOMPARE(out[u"type"].toString(), type);
            }
        }
    }
}

void TestChartModels::jsonHoldsWhatIsShown()
{
    Frame frame;
    frame.fields = {textColumn(u"host"_s, {u"a"_s, u"b"_s}), numberColumn(u"load"_s, {1.5, kNull})};
    PlacedPanel placed;
    placed.panel = panelOf(u"barchart"_s, "{}");
    const auto same = [](const QString& text) { return text; };
    const Json bars = panelToJson(placed, preparedData({frame}, placed.panel), {}, same)[u"bars"];
    QCOMPARE(bars[u"categories"].at(1).toString(), u"b"_s);
    QCOMPARE(bars.path(u"series").at(0)[u"values"].at(0).toDouble(), 1.5);
    QVERIFY(bars.path(u"series").at(0)[u"values"].at(1).isNull());
    placed.panel = panelOf(u"piechart"_s, "{}");
    const Json values = panelToJson(placed, preparedData({seriesFrame(u"x"_s, {2})}, placed.panel), {}, same)[u"values"];
    QCOMPARE(values.at(0)[u"share"].toDouble(), 1.0);
    QCOMPARE(values.at(0)[u"name"].toString(), u"x"_s);
    placed.panel = panelOf(u"geomap"_s, "{}");
    const Json listed = panelToJson(placed, preparedData({frame}, placed.panel), {}, same);
    QCOMPARE(listed[u"unsupported"].at(0).toString(), u"type:geomap"_s);
    QCOMPARE(listed.path(u"table.columns").at(1)[u"name"].toString(), u"load"_s);
    placed.panel = panelOf(u"state-timeline"_s, "{}");
    const Json states = panelToJson(placed, preparedData({seriesFrame(u"x"_s, {2, 3})}, placed.panel), {}, same)[u"states"];
    QCOMPARE(states[u"rows"].at(0)[u"boxes"].at(1)[u"text"].toString(), u"3"_s);
}

PROMDECK_TEST_MAIN(TestChartModels)
#include "tst_chartmodels.moc"
