#include "models/frame/overrides.h"

#include "models/frame/display.h"
#include "models/frame/matchers.h"
#include "tests/support/testsupport.h"

using namespace Promdeck;
using namespace Qt::StringLiterals;

class TestOverrides : public QObject
{
    Q_OBJECT

private Q_SLOTS:
    void defaultsAndOrder();
    void matchers_data();
    void matchers();
    void displayNamesAndVariables();
    void rangesAndIndexes();
    void unknownIds();
    void hiddenSeries();
    void customPaths();
};

namespace {

Json json(const char* text)
{
    return Json::parse(QByteArray(text)).valueOr({});
}

Frame series(const QString& refId, const QString& job, Column::Numbers values)
{
    Frame frame;
    frame.refId = refId;
    Field time;
    time.name = u"Time"_s;
    time.type = FieldType::Time;
    time.values = Column(Column::Times(values.size(), 1));
    Field value;
    value.name = u"Value"_s;
    value.labels = {{u"job"_s, job}};
    value.values = Column(std::move(values));
    frame.fields = {time, value};
    return frame;
}

Frames sample()
{
    return {series(u"A"_s, u"node"_s, {1, 2}), series(u"A"_s, u"prom"_s, {0, 0}), series(u"B"_s, u"am"_s, {kNull, 50})};
}

/// Which of the three value fields carry the unit of the rule.
QString marked(const Json& matcher)
{
    Frames frames = sample();
    Json rule = Json::object({{u"matcher"_s, matcher},
                              {u"properties"_s, json(R"([{"id":"unit","value":"bytes"}])")}});
    applyFieldConfig(frames, Json::object({{u"overrides"_s, Json::array({rule})}}), {});
    QString out;
    for (const Frame& frame : frames) {
        for (const Field& field : frame.fields)
            out += field.config.unit == u"bytes"_s ? u'1' : u'0';
    }
    return out;
}

} // namespace

void TestOverrides::defaultsAndOrder()
{
    Frames frames = sample();
    frames[0].fields[1].config.unit = u"s"_s; // from the data source: defaults do not touch it
    const QStringList unknown = applyFieldConfig(frames, json(R"({
        "defaults":{"unit":"short","decimals":1,"custom":{"lineWidth":2}},
        "overrides":[
            {"matcher":{"id":"byName","options":"prom"},"properties":[{"id":"decimals","value":3},{"id":"custom.lineWidth","value":5}]},
            {"matcher":{"id":"byRegexp","options":"/^pr/"},"properties":[{"id":"decimals","value":null}]}]})"), {});
    QCOMPARE(unknown, QStringList());
    QCOMPARE(*frames[0].fields[1].config.unit, u"s"_s);
    QCOMPARE(*frames[1].fields[1].config.unit, u"short"_s);
    QVERIFY(!frames[1].fields[1].config.decimals);
    QCOMPARE(*frames[2].fields[1].config.decimals, 1);
    QCOMPARE(frames[1].fields[1].config.custom[u"lineWidth"].toInt(), 5);
    QCOMPARE(frames[2].fields[1].config.custom[u"lineWidth"].toInt(), 2);
    QVERIFY(!frames[0].fields[0].config.decimals); // times have none
    QCOMPARE(frames[0].fields[1].config.color->mode, u"thresholds"_s);
    OverrideContext context;
    context.timeSeriesDefaults = true;
    Frames again = sample();
    applyFieldConfig(again, json("{}"), context);
    QCOMPARE(again[0].fields[1].config.color->mode, u"palette-classic"_s);
}

void TestOverrides::matchers_data()
{
    QTest::addColumn<QByteArray>("matcher");
    QTest::addColumn<QString>("expected");
    QTest::newRow("byName display name") << QByteArray(R"({"id":"byName","options":"node"})") << u"010000"_s;
    QTest::newRow("byName field name") << QByteArray(R"({"id":"byName","options":"Value"})") << u"010101"_s;
    QTest::newRow("byName time") << QByteArray(R"({"id":"byName","options":"Time"})") << u"101010"_s;
    QTest::newRow("byNames") << QByteArray(R"({"id":"byNames","options":{"names":["node","am"]}})") << u"010001"_s;
    QTest::newRow("byNames exclude") << QByteArray(R"({"id":"byNames","options":{"mode":"exclude","names":["node"]}})") << u"101111"_s;
    QTest::newRow("byRegexp bare is anchored") << QByteArray(R"({"id":"byRegexp","options":"o.e"})") << u"000000"_s;
    QTest::newRow("byRegexp") << QByteArray(R"({"id":"byRegexp","options":"/O.E/i"})") << u"010000"_s;
    QTest::newRow("byRegexpOrNames") << QByteArray(R"({"id":"byRegexpOrNames","options":{"pattern":"/^p/","names":["am"]}})") << u"000101"_s;
    QTest::newRow("byFrameRefID") << QByteArray(R"({"id":"byFrameRefID","options":"B"})") << u"000011"_s;
    QTest::newRow("byType") << QByteArray(R"({"id":"byType","options":"time"})") << u"101010"_s;
    QTest::newRow("byTypes") << QByteArray(R"({"id":"byTypes","options":["number","string"]})") << u"010101"_s;
    QTest::newRow("numeric") << QByteArray(R"({"id":"numeric"})") << u"010101"_s;
    QTest::newRow("firstTimeField") << QByteArray(R"({"id":"firstTimeField"})") << u"101010"_s;
    QTest::newRow("byValue bool") << QByteArray(R"({"id":"byValue","options":{"reducer":"allIsZero","op":">=","value":0}})") << u"000100"_s;
    QTest::newRow("byValue") << QByteArray(R"({"id":"byValue","options":{"reducer":"max","op":">","value":10}})") << u"000001"_s;
    QTest::newRow("anyMatch") << QByteArray(R"({"id":"anyMatch","options":[{"id":"byName","options":"am"},{"id":"byName","options":"node"}]})") << u"010001"_s;
    QTest::newRow("allMatch") << QByteArray(R"({"id":"allMatch","options":[{"id":"numeric"},{"id":"byFrameRefID","options":"A"}]})") << u"010100"_s;
    QTest::newRow("invertMatch") << QByteArray(R"({"id":"invertMatch","options":{"id":"numeric"}})") << u"101010"_s;
    QTest::newRow("bad pattern") << QByteArray(R"({"id":"byRegexp","options":"/(/"})") << u"000000"_s;
}

void TestOverrides::matchers()
{
    QFETCH(QByteArray, matcher);
    QFETCH(QString, expected);
    QCOMPARE(marked(Json::parse(matcher).valueOr({})), expected);
}

void TestOverrides::displayNamesAndVariables()
{
    Frames frames = sample();
    OverrideContext context;
    context.interpolate = [](QString text, const Frame&, const Field&) { return text.replace(u"$site"_s, u"lab"_s); };
    applyFieldConfig(frames, json(R"({"defaults":{"displayName":"${__field.labels.job} at $site",
            "links":[{"title":"${__field.name}","url":"/d?var-job=${__field.labels.job}&t=${__value.time}"}]},
        "overrides":[
            {"matcher":{"id":"byName","options":"prom at lab"},"properties":[{"id":"displayName","value":"renamed"}]},
            {"matcher":{"id":"byName","options":"renamed"},"properties":[{"id":"unit","value":"bytes"}]}]})"), context);
    QCOMPARE(frames[0].fields[1].state.displayName, u"node at lab"_s);
    QCOMPARE(frames[1].fields[1].state.displayName, u"renamed"_s);
    QCOMPARE(*frames[1].fields[1].config.unit, u"bytes"_s);
    QCOMPARE(frames[0].fields[1].config.links[0].title, u"Value"_s);
    QCOMPARE(frames[0].fields[1].config.links[0].url, u"/d?var-job=node&t=${__value.time}"_s);
    QCOMPARE(expandFieldVariables(u"${__series.name} ${__field.labels} ${__field.labels[\"job\"]} $x"_s, frames[0],
                                  frames[0].fields[1], u"S"_s),
             u"S job=\"node\" node $x"_s);
}

void TestOverrides::rangesAndIndexes()
{
    Frames frames = sample();
    applyFieldConfig(frames, json(R"({"overrides":[
        {"matcher":{"id":"byName","options":"prom"},"properties":[{"id":"max","value":7}]},
        {"matcher":{"id":"byName","options":"am"},"properties":[{"id":"fieldMinMax","value":true}]}]})"), {});
    QCOMPARE(*frames[0].fields[1].state.min, 0.0);
    QCOMPARE(*frames[0].fields[1].state.max, 50.0);
    QCOMPARE(*frames[1].fields[1].state.max, 7.0);
    QCOMPARE(*frames[2].fields[1].state.min, 50.0);
    QCOMPARE(frames[0].fields[1].state.seriesIndex, 0);
    QCOMPARE(frames[2].fields[1].state.seriesIndex, 2);
}

void TestOverrides::unknownIds()
{
    Frames frames = sample();
    const QStringList unknown = applyFieldConfig(frames, json(R"({"overrides":[
        {"matcher":{"id":"byMood","options":"x"},"properties":[{"id":"unit","value":"s"}]},
        {"matcher":{"id":"numeric"},"properties":[{"id":"sparkle","value":1},{"id":"custom.glitter","value":2}]}]})"), {});
    QCOMPARE(unknown, (QStringList {u"matcher:byMood"_s, u"property:sparkle"_s, u"property:custom.glitter"_s}));
    QCOMPARE(frames[0].fields[1].config.custom[u"glitter"].toInt(), 2); // kept all the same
}

void TestOverrides::hiddenSeries()
{
    Frames frames = sample();
    applyFieldConfig(frames, json(R"({"overrides":[{"__systemRef":"hideSeriesFrom",
        "matcher":{"id":"byNames","options":{"mode":"exclude","names":["node"],"prefix":"All except:","readOnly":true}},
        "properties":[{"id":"custom.hideFrom","value":{"legend":false,"tooltip":false,"viz":true}}]}]})"), {});
    QVERIFY(!frames[0].fields[1].config.custom.path(u"hideFrom.viz").toBool());
    QVERIFY(frames[1].fields[1].config.custom.path(u"hideFrom.viz").toBool());
}

void TestOverrides::customPaths()
{
    Frames frames = sample();
    const QStringList unknown = applyFieldConfig(frames, json(R"({"defaults":{"custom":{"stacking":{"mode":"none","group":"A"}}},
        "overrides":[{"matcher":{"id":"byName","options":"am"},"properties":[
            {"id":"custom.stacking.mode","value":"normal"},{"id":"custom.lineStyle","value":{"fill":"dash","dash":[10,10]}},
            {"id":"color.mode","value":"fixed"},{"id":"color.fixedColor","value":"red"}]}]})"), {});
    QCOMPARE(unknown, QStringList());
    const FieldConfig& config = frames[2].fields[1].config;
    QCOMPARE(config.custom.path(u"stacking.mode").toString(), u"normal"_s);
    QCOMPARE(config.custom.path(u"stacking.group").toString(), u"A"_s);
    QCOMPARE(config.custom.path(u"lineStyle.fill").toString(), u"dash"_s);
    QCOMPARE(config.color->fixedColor, u"red"_s);
    QCOMPARE(frames[0].fields[1].config.custom.path(u"stacking.mode").toString(), u"none"_s);
}

PROMDECK_TEST_MAIN(TestOverrides)
#include "tst_overrides.moc"
