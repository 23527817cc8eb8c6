#include "models/frame/overrides.h"
#include "models/panel/panelmodels.h"
#include "models/panel/renderjson.h"
#include "tests/support/testsupport.h"

using namespace Promdeck;
using namespace Qt::StringLiterals;

namespace {

Json json(const char* text)
{
    const Result<Json> parsed = Json::parse(QByteArray(text));
    if (!parsed)
        qFatal("test JSON: %s", qPrintable(parsed.error().toString()));
    return *parsed;
}

Frame series(const QString& name, Column::Numbers values, Labels labels = {})
{
    Column::Times times;
    for (size_t i = 0; i < values.size(); ++i)
        times.push_back(1700000000000 + qint64(i) * 60000);
    Field time;
    time.name = u"Time"_s;
    time.type = FieldType::Time;
    time.values = Column(std::move(times));
    Field value;
    value.name = u"Value"_s;
    value.labels = std::move(labels);
    value.values = Column(std::move(values));
    value.config.displayNameFromDS = name;
    Frame frame;
    frame.refId = u"A"_s;
    frame.fields = {time, value};
    return frame;
}

PanelData prepared(Frames frames, const PanelSpec& panel)
{
    OverrideContext context;
    context.timeSeriesDefaults = panel.type == u"timeseries";
    applyFieldConfig(frames, panel.fieldConfig, context);
    PanelData data;
    data.state = PanelData::State::Done;
    data.range = {1700000000000, 1700000240000};
    data.frames = std::move(frames);
    return data;
}

PanelSpec panelOf(const QString& type, const char* options, const char* fieldConfig)
{
    PanelSpec panel;
    panel.id = 1;
    panel.type = type;
    panel.options = json(options);
    panel.fieldConfig = json(fieldConfig);
    return panel;
}

} // namespace

class TestPanelModels : public QObject
{
    Q_OBJECT
private Q_SLOTS:
    void legendCalcsUseUnitAndSort()
    {
        const PanelSpec panel = panelOf(
            u"timeseries"_s,
            R"({"legend":{"displayMode":"table","placement":"right","showLegend":true,"calcs":["mean","max","count"],"sortBy":"Max","sortDesc":true}})",
            R"({"defaults":{"unit":"bytes","decimals":1},"overrides":[]})");
        const PanelData data = prepared({series(u"small"_s, {1024, 2048}), series(u"big"_s, {4096, kNull, 8192})}, panel);
        const TimeSeriesModel model = timeSeriesModel(panel, data, {});
        QCOMPARE(model.series.size(), size_t(2));
        QVERIFY(model.legend.table && model.legend.right);
        QCOMPARE(model.legend.order, (std::vector<int> {1, 0}));
        QCOMPARE(model.series[0].calcs[0].text, u"1.5 KiB"_s);
        QCOMPARE(model.series[1].calcs[1].text, u"8.0 KiB"_s);
        // Counts are numbers of samples, not bytes.
        QVERIFY(!model.series[0].calcs[2].text.contains(u'B'));
        QVERIFY(model.series[0].color != model.series[1].color);
    }

    void axesAreSharedByEqualScalesOnly()
    {
        const PanelSpec panel = panelOf(
            u"timeseries"_s, "{}",
            R"({"defaults":{"unit":"bytes"},"overrides":[{"matcher":{"id":"byName","options":"errors"},
               "properties":[{"id":"unit","value":"short"}]}]})");
        const PanelData data
            = prepared({series(u"in"_s, {1, 2}), series(u"errors"_s, {1, 2}), series(u"out"_s, {3, 4})}, panel);
        const TimeSeriesModel model = timeSeriesModel(panel, data, {});
        QCOMPARE(model.axes.size(), size_t(2));
        QCOMPARE(model.series[0].axis, model.series[2].axis);
        QVERIFY(model.axes[0].placement == AxisPlacement::Left);
        QVERIFY(model.axes[1].placement == AxisPlacement::Right);
    }

    void styleComesFromOverrides()
    {
        const PanelSpec panel = panelOf(u"timeseries"_s, "{}",
                                        R"({"defaults":{"custom":{"lineWidth":2,"fillOpacity":40,"spanNulls":3600000,
               "stacking":{"mode":"normal","group":"A"}}},
               "overrides":[{"matcher":{"id":"byRegexp","options":"/out/"},
               "properties":[{"id":"custom.transform","value":"negative-Y"},{"id":"custom.lineStyle","value":{"fill":"dash","dash":[10,10]}}]}]})");
        const PanelData data = prepared({series(u"in"_s, {1, 2}), series(u"out"_s, {1, 2})}, panel);
        const TimeSeriesModel model = timeSeriesModel(panel, data, {});
        QCOMPARE(model.series[0].style.lineWidth, 2.0);
        QCOMPARE(model.series[0].style.fillOpacity, 0.4);
        QCOMPARE(*model.series[0].style.spanNullsMs, qint64(3600000));
        QVERIFY(model.series[0].style.stacking == StackingMode::Normal);
        QVERIFY(!model.series[0].style.negativeY && model.series[1].style.negativeY);
        QCOMPARE(model.series[1].style.dash, (QList<double> {10, 10}));
    }

    void statReducesAndColours()
    {
        const PanelSpec panel = panelOf(
            u"stat"_s, R"({"reduceOptions":{"calcs":["lastNotNull"],"fields":"","values":false},"graphMode":"area"})",
            R"({"defaults":{"unit":"percent","thresholds":{"mode":"absolute","steps":[{"value":null,"color":"green"},{"value":80,"color":"red"}]},"color":{"mode":"thresholds"}},"overrides":[]})");
        const PanelData data = prepared({series(u"cpu"_s, {10, 91.26, kNull})}, panel);
        const SingleValueModel model = singleValueModel(panel, data, {});
        QCOMPARE(model.values.size(), size_t(1));
        QCOMPARE(model.values[0].display.toString(), u"91.3%"_s);
        QCOMPARE(model.values[0].display.color.name(), u"#f2495c"_s);
        QCOMPARE(model.values[0].values.size(), 3);
    }

    void statWithoutDataShowsNoValue()
    {
        const PanelSpec panel = panelOf(u"stat"_s, "{}", R"({"defaults":{"noValue":"0"},"overrides":[]})");
        const SingleValueModel model = singleValueModel(panel, prepared({}, panel), {});
        QVERIFY(model.values.empty());
        QCOMPARE(model.noValueText, u"0"_s);
    }

    void allRowsOfATableBecomeValues()
    {
        Field device;
        device.name = u"device"_s;
        device.type = FieldType::String;
        device.values = Column(Column::Strings {u"sda"_s, u"sdb"_s, u"sdc"_s});
        Field value;
        value.name = u"Value"_s;
        value.values = Column(Column::Numbers {1, 2, 3});
        Frame frame;
        frame.fields = {device, value};
        const PanelSpec panel
            = panelOf(u"bargauge"_s, R"({"reduceOptions":{"values":true,"limit":2,"calcs":[]}})", R"({"defaults":{}})");
        const SingleValueModel model = singleValueModel(panel, prepared({frame}, panel), {});
        QCOMPARE(model.values.size(), size_t(2));
        QCOMPARE(model.values[1].name, u"sdb"_s);
    }

    void tableSortsHidesAndSums()
    {
        Field host;
        host.name = u"host"_s;
        host.type = FieldType::String;
        host.values = Column(Column::Strings {u"a"_s, u"b"_s, u"c"_s});
        Field load;
        load.name = u"load"_s;
        load.values = Column(Column::Numbers {1, 3, 2});
        Field secret = load;
        secret.name = u"hidden"_s;
        Frame frame;
        frame.fields = {host, load, secret};
        const PanelSpec panel = panelOf(
            u"table"_s,
            R"({"sortBy":[{"displayName":"load","desc":true}],"footer":{"show":true,"reducer":["sum"],"fields":""}})",
            R"({"defaults":{"decimals":1},"overrides":[{"matcher":{"id":"byName","options":"hidden"},"properties":[{"id":"custom.hidden","value":true}]}]})");
        const TableModelData model = tableModel(panel, prepared({frame}, panel), {});
        QCOMPARE(model.columns.size(), size_t(2));
        QCOMPARE(model.cell(0, 0).toString(), u"b"_s);
        QCOMPARE(model.cell(2, 1).toString(), u"1.0"_s);
        QCOMPARE(model.footer[1], u"6.0"_s);
        QCOMPARE(model.cell(99, 0).toString(), QString());
    }

    void jsonKeepsWhatDoublesCannotSay()
    {
        PlacedPanel placed;
        placed.panel = panelOf(u"timeseries"_s, R"({"legend":{"calcs":["last"]}})", R"({"defaults":{}})");
        const PanelData data
            = prepared({series(u"x"_s, {1.5, kNull, std::numeric_limits<double>::infinity()})}, placed.panel);
        const Json out = panelToJson(placed, data, {}, [](const QString& text) { return text; });
        const Json& one = out[u"series"].at(0);
        QCOMPARE(one[u"points"].toInt(), 2);
        QCOMPARE(one[u"last"].at(1).toString(), u"+Inf"_s);
        QCOMPARE(one[u"first"].at(1).toDouble(), 1.5);
        QVERIFY(one[u"calcs"].contains(u"last"));
    }
};

PROMDECK_TEST_MAIN(TestPanelModels)
#include "tst_panelmodels.moc"
