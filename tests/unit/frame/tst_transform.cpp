#include "models/frame/transform.h"

#include "models/frame/display.h"
#include "models/frame/matchers.h"
#include "models/frame/reducers.h"
#include "models/frame/transformutil.h"
#include "tests/support/testsupport.h"

using namespace Promdeck;
using namespace Qt::StringLiterals;

class TestTransform : public QObject
{
    Q_OBJECT

private Q_SLOTS:
    void golden();
    void stepsFiltersAndErrors();
    void calculations_data();
    void calculations();
    void shapes_data();
    void shapes();
    void sparklines();
    void binning();
    void seriesBecomeColumns();
    void hostileOptions();
};

namespace {

Json json(const QByteArray& text)
{
    return Json::parse(text).valueOr({});
}

Frame readFrame(const Json& json)
{
    Frame frame;
    frame.name = json[u"name"].toString();
    frame.refId = json[u"refId"].toString();
    for (const Json& item : json[u"fields"].items()) {
        Field field = Transforms::makeField(item[u"name"].toString(), *fieldTypeFromName(item[u"type"].toString()),
                                            item[u"values"].items());
        for (const auto& [name, value] : item[u"labels"].members())
            field.labels.insert(name, value.toString());
        if (const QString shown = item[u"displayName"].toString(); !shown.isEmpty() && shown != field.name)
            field.config.displayNameFromDS = shown;
        frame.fields.push_back(field);
    }
    return frame;
}

Json writeFrame(const Frame& frame)
{
    Json fields = Json::array();
    for (const Field& field : frame.fields) {
        Json item = Json::object({{u"name"_s, field.name}});
        item.set(u"displayName"_s, field.state.displayName);
        item.set(u"type"_s, fieldTypeName(field.type));
        if (!field.labels.isEmpty()) {
            Json labels = Json::object();
            for (const auto& [name, value] : field.labels)
                labels.set(name, value);
            item.set(u"labels"_s, labels);
        }
        item.set(u"values"_s, Json::array(Transforms::cells(field)));
        fields.append(item);
    }
    Json out = Json::object();
    if (!frame.name.isEmpty())
        out.set(u"name"_s, frame.name);
    if (!frame.refId.isEmpty())
        out.set(u"refId"_s, frame.refId);
    out.set(u"length"_s, qint64(frame.length()));
    out.set(u"fields"_s, fields);
    return out;
}

/// The golden file writes empty label sets and names too.
Json withoutEmpty(const Json& frame)
{
    Json out = frame;
    for (const QString& key : {u"name"_s, u"refId"_s}) {
        if (out[key].toString().isEmpty())
            out.remove(key);
    }
    Json fields = Json::array();
    for (Json field : frame[u"fields"].items()) {
        if (field[u"labels"].size() == 0)
            field.remove(u"labels");
        fields.append(field);
    }
    out.set(u"fields"_s, fields);
    return out;
}

/// Runs one step over one table and prints it as rows: "a|b\n1|2".
QString run(const QByteArray& steps, const Frames& input)
{
    TransformResult result = runTransformations(input, json(steps));
    if (!result.errors.empty())
        return u"error: "_s + result.errors.front().summary;
    computeDisplayNames(result.frames);
    QStringList frames;
    for (const Frame& frame : result.frames) {
        QStringList lines;
        QStringList names;
        for (const Field& field : frame.fields)
            names += field.state.displayName;
        lines += names.join(u'|');
        for (qsizetype row = 0; row < frame.length(); ++row) {
            QStringList values;
            for (const Field& field : frame.fields) {
                const Json value = Transforms::cell(field, row);
                values += value.isNull() ? u"-"_s : Transforms::jsText(value);
            }
            lines += values.join(u'|');
        }
        frames += (frame.name.isEmpty() ? QString() : frame.name + u": "_s) + lines.join(u' ');
    }
    return frames.join(u" ; "_s);
}

Frames table()
{
    return {readFrame(json(R"({"refId":"A","fields":[
        {"name":"host","type":"string","values":["b10","a2","b9"]},
        {"name":"x","type":"number","values":[4,null,-1.5]},
        {"name":"y","type":"number","values":[1,2,3]}]})"))};
}

Frames series()
{
    return {readFrame(json(R"({"refId":"A","fields":[{"name":"Time","type":"time","values":[1000,2000]},
                {"name":"Value","type":"number","labels":{"host":"a","mode":"u"},"values":[1,3]}]})")),
            readFrame(json(R"({"refId":"B","fields":[{"name":"Time","type":"time","values":[2000,3000]},
                {"name":"Value","type":"number","labels":{"host":"b","mode":"u"},"values":[5,7]}]})"))};
}

} // namespace

void TestTransform::golden()
{
    PROMDECK_NEED_SHARED();
    const Json golden = Testing::readJson(Testing::sharedFolder() + u"/golden/transforms.json"_s);
    QStringList wrong;
    for (const Json& item : golden[u"cases"].items()) {
        if (item.contains(u"error"))
            continue;
        Frames input;
        for (const Json& frame : item[u"input"].items())
            input.push_back(readFrame(frame));
        TransformResult result = runTransformations(input, item[u"transformations"]);
        QVERIFY2(result.errors.empty(), qPrintable(item[u"case"].toString()));
        Json got = Json::array();
        Json expected = Json::array();
        for (const Frame& frame : result.frames) {
            Frames alone {frame}; // the golden names were computed frame by frame
            computeDisplayNames(alone);
            got.append(writeFrame(alone.front()));
        }
        for (const Json& frame : item[u"output"].items())
            expected.append(withoutEmpty(frame));
        if (!(got == expected)) {
            wrong += item[u"case"].toString();
            qWarning().noquote() << item[u"case"].toString() << "\n got" << got.toUtf8() << "\n exp" << expected.toUtf8();
        }
    }
    QCOMPARE(wrong, QStringList());
}

void TestTransform::stepsFiltersAndErrors()
{
    const Json steps = json(R"([{"id":"sparkle"},{"id":"limit","options":{"limitField":1}},
        {"id":"limit","disabled":true,"options":{"limitField":0}},
        {"id":"limit","topic":"annotations","options":{"limitField":0}},
        {"id":"renameByRegex","filter":{"id":"byRefId","options":"B"},"options":{"regex":"/V.*/","renamePattern":"W"}}])");
    const std::vector<TransformStep> trace = traceTransformations(series(), steps);
    QCOMPARE(trace.size(), size_t(5));
    QCOMPARE(trace[0].error->code, ErrorCode::Unsupported);
    QCOMPARE(trace[0].error->target, u"0"_s);
    QCOMPARE(trace[0].output[0].length(), 2);
    QCOMPARE(trace[1].output[0].length(), 1);
    QVERIFY(trace[2].disabled);
    QCOMPARE(trace[3].output[0].length(), 1);
    QVERIFY(!trace[4].output[0].fields[1].config.displayName);
    QVERIFY(!supportedTransformations().contains(u"spatial"_s));
    QVERIFY(supportedTransformations().contains(u"seriesToColumns"_s));

    TransformContext context;
    context.interpolate = [](QString text) { return text.replace(u"$n"_s, u"1"_s); };
    QCOMPARE(runTransformations(series(), json(R"([{"id":"limit","options":{"limitField":"$n"}}])"), context).frames[0].length(), 1);
}

void TestTransform::calculations_data()
{
    QTest::addColumn<QByteArray>("options");
    QTest::addColumn<QString>("expected");
    const auto row = [](const char* name, const char* options, const QString& expected) {
        QTest::newRow(name) << QByteArray(options) << expected;
    };
    row("binary fields", R"({"mode":"binary","binary":{"left":"x","operator":"-","right":"y"}})", u"x - y: 3 -2 -4.5"_s);
    row("binary matcher", R"({"mode":"binary","binary":{"left":{"matcher":{"id":"byName","options":"x"}},"operator":"*","right":{"fixed":"2"}}})", u"x * 2: 8 0 -3"_s);
    row("power", R"({"mode":"binary","binary":{"left":"y","operator":"**","right":"2"}})", u"y ** 2: 1 4 9"_s);
    row("unary", R"({"mode":"unary","unary":{"operator":"abs","fieldName":"x"}})", u"abs(x): 4 0 1.5"_s);
    row("index", R"({"mode":"index"})", u"Row: 0 1 2"_s);
    row("cumulative", R"({"mode":"cumulativeFunctions","cumulative":{"field":"y","reducer":"sum"}})", u"cumulative sum(y): 1 3 6"_s);
    row("cumulative mean", R"({"mode":"cumulativeFunctions","cumulative":{"field":"y","reducer":"mean"}})", u"cumulative mean(y): 1 1.5 2"_s);
    row("window", R"({"mode":"windowFunctions","window":{"field":"y","reducer":"mean","windowSizeMode":"fixed","windowSize":2,"windowAlignment":"trailing"}})", u"trailing moving mean(y): 1 1.5 2.5"_s);
    row("row mean", R"({"mode":"reduceRow","reduce":{"reducer":"mean"}})", u"Mean: 2.5 2 0.75"_s);
    row("row alias", R"({"reduce":{"reducer":"max","include":["y"]},"alias":"m"})", u"m: 1 2 3"_s);
}

void TestTransform::calculations()
{
    QFETCH(QByteArray, options);
    QFETCH(QString, expected);
    const TransformResult result = runTransformations(table(), json("[{\"id\":\"calculateField\",\"options\":" + options + "}]"));
    QVERIFY(result.errors.empty());
    const Field& field = result.frames[0].fields.back();
    QStringList values;
    for (const Json& value : Transforms::cells(field))
        values += Transforms::jsText(value);
    QCOMPARE(field.name + u": "_s + values.join(u' '), expected);
}

void TestTransform::shapes_data()
{
    QTest::addColumn<QByteArray>("steps");
    QTest::addColumn<bool>("useSeries");
    QTest::addColumn<QString>("expected");
    const auto row = [](const char* name, const char* steps, bool useSeries, const QString& expected) {
        QTest::newRow(name) << QByteArray(steps) << useSeries << expected;
    };
    row("sort text by its numbers", R"([{"id":"sortBy","options":{"sort":[{"field":"host"}]}}])", false, u"host|x|y a2|-|2 b9|-1.5|3 b10|4|1"_s);
    row("sort numbers, nulls first", R"([{"id":"sortBy","options":{"sort":[{"field":"x"}]}}])", false, u"host|x|y a2|-|2 b9|-1.5|3 b10|4|1"_s);
    row("limit tail", R"([{"id":"limit","options":{"limitField":1,"limitPosition":"tail"}}])", false, u"host|x|y b9|-1.5|3"_s);
    row("seriesToColumns", R"([{"id":"seriesToColumns","options":{"byField":"Time"}}])", true, u"Time|{host=\"a\", mode=\"u\"}|{host=\"b\", mode=\"u\"} 1000|1|- 2000|3|5 3000|-|7"_s);
    row("inner join", R"([{"id":"joinByField","options":{"byField":"Time","mode":"inner"}}])", true, u"Time|{host=\"a\", mode=\"u\"}|{host=\"b\", mode=\"u\"} 2000|3|5"_s);
    row("wide", R"([{"id":"prepareTimeSeries","options":{"format":"wide"}},{"id":"limit","options":{"limitField":1}}])", true, u"Time|{host=\"a\", mode=\"u\"}|{host=\"b\", mode=\"u\"} 1000|1|-"_s);
    row("long", R"([{"id":"prepareTimeSeries","options":{"format":"long"}},{"id":"limit","options":{"limitField":1}}])", true, u"Time|Value|host|mode 1000|1|a|u"_s);
    row("joinByLabels", R"([{"id":"joinByLabels","options":{"value":"host","join":["mode"]}}])", true, u"mode|a|b u|1|5 u|3|7"_s);
    row("transpose", R"([{"id":"transpose","options":{}}])", false, u"host|b10|a2|b9 x|4|-|-1.5 y|1|2|3"_s);
    row("rowsToFields", R"([{"id":"organize","options":{"excludeByName":{"x":true}}},{"id":"rowsToFields","options":{}}])", false, u"b10|a2|b9 1|2|3"_s);
    row("partition", R"([{"id":"partitionByValues","options":{"fields":["host"]}},{"id":"filterFieldsByName","options":{"include":{"names":["y"]}}},{"id":"limit","options":{}}])", false, u"b10: b10 y 1 ; a2: a2 y 2 ; b9: b9 y 3"_s);
    row("filter regex", R"([{"id":"filterByValue","options":{"type":"include","match":"all","filters":[{"fieldName":"host","config":{"id":"regex","options":{"value":"^b"}}},{"fieldName":"x","config":{"id":"isNotNull"}}]}}])", false, u"host|x|y b10|4|1 b9|-1.5|3"_s);
    row("filter between", R"([{"id":"filterByValue","options":{"type":"include","match":"any","filters":[{"fieldName":"y","config":{"id":"between","options":{"from":"1.5","to":2.5}}}]}}])", false, u"host|x|y a2|-|2"_s);
    row("filter unknown", R"([{"id":"filterByValue","options":{"filters":[{"fieldName":"y","config":{"id":"magic"}}]}}])", false, u"error: Unknown condition in filterByValue"_s);
    row("convert", R"([{"id":"convertFieldType","options":{"conversions":[{"targetField":"y","destinationType":"boolean"},{"targetField":"x","destinationType":"string"}]}}])", false, u"host|x|y b10|4|true a2|-|true b9|-1.5|true"_s);
    row("format string", R"([{"id":"formatString","options":{"stringField":"host","outputFormat":"Upper Case"}}])", false, u"host|x|y B10|4|1 A2|-|2 B9|-1.5|3"_s);
    row("format time", R"([{"id":"formatTime","options":{"timeField":"Time","outputFormat":"mm:ss"}},{"id":"filterByRefId","options":{"include":"A"}}])", true, u"Time|{host=\"a\", mode=\"u\"} 00:01|1 00:02|3"_s);
    row("extract", R"([{"id":"extractFields","options":{"source":"host","format":"regexp","regExp":"/(?<letter>[a-z])(?<num>\\d+)/","replace":true}}])", false, u"letter|num b|10 a|2 b|9"_s);
    row("groupBy", R"([{"id":"calculateField","options":{"mode":"binary","binary":{"left":"y","operator":"%","right":"2"},"alias":"odd"}},{"id":"groupBy","options":{"fields":{"odd":{"operation":"groupby"},"y":{"operation":"aggregate","aggregations":["sum","max"]}}}}])", false, u"odd|y (sum)|y (max) 1|4|3 0|2|2"_s);
    row("config from data", R"([{"id":"configFromData","options":{"configRefId":"B","mappings":[{"fieldName":"Value","handlerKey":"max"},{"fieldName":"{host=\"b\", mode=\"u\"}","handlerKey":"displayName","reducerId":"max"}]}}])", true, u"Time|7 1000|1 2000|3"_s);
}

void TestTransform::shapes()
{
    QFETCH(QByteArray, steps);
    QFETCH(bool, useSeries);
    QFETCH(QString, expected);
    QCOMPARE(run(steps, useSeries ? series() : table()), expected);
}

void TestTransform::sparklines()
{
    const TransformResult result = runTransformations(series(), json(R"([{"id":"timeSeriesTable","options":{"A":{"stat":"max"}}}])"));
    QCOMPARE(result.frames.size(), size_t(2));
    const Frame& first = result.frames[0];
    QCOMPARE(first.fields[0].name, u"host"_s);
    QCOMPARE(first.fields.back().name, u"Trend #A"_s);
    QCOMPARE(first.fields.back().type, FieldType::Frame);
    const Json trend = Transforms::cell(first.fields.back(), 0);
    QCOMPARE(trend[u"value"], Json(3));
    QCOMPARE(trend[u"fields"].at(1)[u"values"].size(), 2);
}

void TestTransform::binning()
{
    const TransformResult bars = runTransformations(table(), json(R"([{"id":"histogram","options":{"bucketSize":1,"combine":true}}])"));
    QCOMPARE(reduceNumber(bars.frames[0].fields[2].values, u"sum"_s), 5.0);
    QCOMPARE(bars.frames[0].fields[0].values.numbers().front(), -2.0);
    const TransformResult cells = runTransformations(series(), json(R"([{"id":"heatmap","options":{}}])"));
    QCOMPARE(reduceNumber(cells.frames[0].fields[3].values, u"sum"_s), 4.0);
    const TransformResult line = runTransformations(series(), json(R"([{"id":"regression","options":{"predictionCount":2}}])"));
    QCOMPARE(line.frames.back().fields[1].values.numbers().front(), 1.0);
    QCOMPARE(line.frames.back().fields[1].values.numbers().back(), 3.0);
}

void TestTransform::seriesBecomeColumns()
{
    const Frame one = series().front();
    Frames two {one, one};
    two.back().name = u"other"_s;
    const TransformResult wide = runTransformations(two, json(R"([{"id":"ensureColumns"}])"));
    QCOMPARE(wide.frames.size(), size_t(1));
    QCOMPARE(wide.frames[0].length(), two.front().length());
    // What is no time series stays as it is.
    two.push_back(table().front());
    QCOMPARE(runTransformations(two, json(R"([{"id":"ensureColumns"}])")).frames.size(), two.size());
}

void TestTransform::hostileOptions()
{
    const QByteArrayList options {"{}", "null", "[]", "7", R"({"fields":[1],"sort":{},"reducers":"x","conversions":[null]})",
                                  R"({"byField":7,"mode":[],"filters":[{}],"limitField":-3,"bucketSize":-1,"source":null})",
                                  R"({"limitField":1e300,"bucketSize":1e-300,"degree":99,"predictionCount":-5,"xBuckets":{"mode":"size","value":"1e-9"}})"};
    Frame ragged;
    ragged.fields.resize(3);
    ragged.fields[1].values = Column(Column::Numbers {1, 2, 3});
    ragged.fields[2] = Transforms::makeField(u"t"_s, FieldType::Time, {Json(1)});
    for (const QString& id : supportedTransformations()) {
        for (const QByteArray& option : options) {
            const Json steps = json("[{\"id\":\"" + id.toUtf8() + "\",\"options\":" + option + "}]");
            for (const Frames& input : {Frames(), Frames {Frame()}, Frames {ragged}, table(), series()})
                std::ignore = runTransformations(input, steps);
        }
    }
}

PROMDECK_TEST_MAIN(TestTransform)
#include "tst_transform.moc"
