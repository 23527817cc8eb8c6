#include "models/query/framebuilder.h"
#include "tests/support/testsupport.h"

using namespace Promdeck;
using namespace Qt::StringLiterals;

namespace {

SeriesData series(const Labels& labels, Column::Times times, Column::Numbers values)
{
    SeriesData data;
    data.labels = labels;
    data.times = Column(std::move(times));
    data.values = Column(std::move(values));
    return data;
}

AnsweredQuery answer(const QString& refId, const QString& format, QueryResult::Type type, std::vector<SeriesData> all,
                     const QString& legend = {})
{
    AnsweredQuery one;
    one.query.refId = refId;
    one.query.format = format;
    one.query.expr = u"up"_s;
    one.query.legendFormat = legend;
    one.query.stepMs = 15000;
    auto result = std::make_shared<QueryResult>();
    result->type = type;
    result->series = std::move(all);
    one.result = std::move(result);
    return one;
}

QStringList fieldNames(const Frame& frame)
{
    QStringList names;
    for (const Field& field : frame.fields)
        names.append(field.name);
    return names;
}

} // namespace

class TestFrameBuilder : public QObject
{
    Q_OBJECT
private Q_SLOTS:
    void seriesNames_data()
    {
        QTest::addColumn<QString>("legend");
        QTest::addColumn<Labels>("labels");
        QTest::addColumn<QString>("expected");
        const Labels job {{u"__name__"_s, u"up"_s}, {u"job"_s, u"a"_s}, {u"instance"_s, u"x:1"_s}};
        QTest::newRow("template") << u"{{job}} on {{ instance }}"_s << job << u"a on x:1"_s;
        QTest::newRow("missing label") << u"{{job}}-{{nope}}!"_s << job << u"a-!"_s;
        QTest::newRow("constant") << u"Total"_s << job << u"Total"_s;
        QTest::newRow("empty") << u""_s << job << u"up{instance=\"x:1\", job=\"a\"}"_s;
        QTest::newRow("only a name") << u""_s << Labels {{u"__name__"_s, u"up"_s}} << u"up"_s;
        QTest::newRow("no name") << u""_s << Labels {{u"job"_s, u"a"_s}} << u"{job=\"a\"}"_s;
        QTest::newRow("nothing") << u""_s << Labels {} << u"sum(up)"_s;
        QTest::newRow("auto") << u"__auto"_s << job << u""_s;
        QTest::newRow("auto without labels") << u"__auto"_s << Labels {} << u"sum(up)"_s;
        QTest::newRow("metric name") << u"{{__name__}}"_s << job << u"up"_s;
        QTest::newRow("unfinished") << u"{{job"_s << job << u"{{job"_s;
        QTest::newRow("quotes") << u""_s << Labels {{u"p"_s, u"a\"b\\c"_s}} << u"{p=\"a\\\"b\\\\c\"}"_s;
    }

    void seriesNames()
    {
        QFETCH(QString, legend);
        QFETCH(Labels, labels);
        QFETCH(QString, expected);
        QCOMPARE(seriesName(legend, u"sum(up)"_s, labels), expected);
    }

    void timeSeries()
    {
        const Frames frames = buildFrames({answer(u"A"_s, u"time_series"_s, QueryResult::Type::Matrix,
                                                  {series({{u"job"_s, u"a"_s}}, {1000, 2000}, {1, 2})}, u"{{job}}"_s)});
        QCOMPARE(frames.size(), 1u);
        QCOMPARE(fieldNames(frames[0]), (QStringList {u"Time"_s, u"Value"_s}));
        QCOMPARE(frames[0].refId, u"A"_s);
        QCOMPARE(frames[0].meta.stepMs, 15000);
        QCOMPARE(frames[0].fields[1].labels.value(u"job"_s), u"a"_s);
        QCOMPARE(frames[0].fields[1].config.displayNameFromDS.value_or(QString()), u"a"_s);
    }

    void tables()
    {
        const auto a = answer(u"A"_s, u"table"_s, QueryResult::Type::Vector,
                              {series({{u"job"_s, u"a"_s}, {u"le"_s, u"+Inf"_s}}, {1000}, {1}),
                               series({{u"job"_s, u"b"_s}, {u"zone"_s, u"z"_s}}, {1000}, {2})});
        Frames frames = buildFrames({a});
        QCOMPARE(frames.size(), 1u);
        QCOMPARE(fieldNames(frames[0]), (QStringList {u"Time"_s, u"job"_s, u"le"_s, u"zone"_s, u"Value"_s}));
        QCOMPARE(frames[0].length(), 2);
        QCOMPARE(frames[0].fields[3].values.strings(), (Column::Strings {u""_s, u"z"_s}));
        QCOMPARE(frames[0].fields[2].type, FieldType::Number);
        QVERIFY(std::isinf(frames[0].fields[2].values.numbers()[0]));
        QVERIFY(isNull(frames[0].fields[2].values.numbers()[1]));
        auto b = a;
        b.query.refId = u"B"_s;
        frames = buildFrames({a, b, answer(u"C"_s, u"time_series"_s, QueryResult::Type::Matrix, {series({}, {1}, {1})})});
        QCOMPARE(frames.size(), 3u);
        QCOMPARE(frames[0].refId, u"C"_s); // series come before tables
        QCOMPARE(frames[1].fields.back().name, u"Value #A"_s);
        QCOMPARE(frames[2].fields.back().name, u"Value #B"_s);
    }

    void heatmap()
    {
        const Frames frames = buildFrames({answer(
            u"A"_s, u"heatmap"_s, QueryResult::Type::Matrix,
            {series({{u"le"_s, u"+Inf"_s}}, {1000, 2000}, {30, 35}), series({{u"le"_s, u"10"_s}}, {1000, 2000}, {10, 0}),
             series({{u"le"_s, u"20"_s}}, {1000, 2000}, {10, 30})},
            u"{{le}}"_s)});
        QCOMPARE(frames.size(), 1u);
        QCOMPARE(frames[0].meta.type, u"heatmap-rows"_s);
        QCOMPARE(fieldNames(frames[0]), (QStringList {u"Time"_s, u"10"_s, u"20"_s, u"+Inf"_s}));
        QCOMPARE(frames[0].fields[1].values.numbers(), (Column::Numbers {10, 0}));
        QCOMPARE(frames[0].fields[2].values.numbers(), (Column::Numbers {0, 30}));
        QCOMPARE(frames[0].fields[3].values.numbers(), (Column::Numbers {20, 5}));
    }

    void heatmapWithGaps()
    {
        const Frames frames = buildFrames({answer(
            u"A"_s, u"heatmap"_s, QueryResult::Type::Matrix,
            {series({{u"le"_s, u"1"_s}}, {1000}, {4}), series({{u"le"_s, u"2"_s}}, {1000, 2000}, {6, 7})}, u"{{le}}"_s)});
        QCOMPARE(frames[0].length(), 2);
        QVERIFY(isNull(frames[0].fields[1].values.numbers()[1]));
        QCOMPARE(frames[0].fields[2].values.numbers(), (Column::Numbers {2, 7}));
    }

    void nothing()
    {
        QVERIFY(buildFrames({}).empty());
        QVERIFY(buildFrames({answer(u"A"_s, u"heatmap"_s, QueryResult::Type::Matrix, {})}).empty());
        AnsweredQuery failed;
        failed.query.format = u"table"_s;
        QVERIFY(buildFrames({failed}).empty());
    }
};

PROMDECK_TEST_MAIN(TestFrameBuilder)
#include "tst_framebuilder.moc"
