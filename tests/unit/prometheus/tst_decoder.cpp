#include "models/prometheus/decoder.h"
#include "tests/support/testsupport.h"

#include <cmath>
#include <limits>

using namespace Promdeck;
using namespace Qt::StringLiterals;

namespace {

QByteArray success(const QByteArray& data, const QByteArray& rest = {})
{
    return R"({"status":"success","data":)" + data + rest + '}';
}

QByteArray matrixOf(const QByteArray& samples)
{
    return success(R"({"resultType":"matrix","result":[{"metric":{},"values":[)" + samples + "]}]}");
}

} // namespace

// moc 6.4 loses the class behind a raw literal that holds an escaped quote: such texts are plain literals here.
class TestDecoder : public QObject
{
    Q_OBJECT
private Q_SLOTS:
    void matrix()
    {
        const auto result = decodeQueryResult(success(
            R"({"resultType":"matrix","result":[
                {"metric":{"__name__":"up","job":"a"},"values":[[1700000000,"1"],[1700000015.5,"2.5"]]},
                {"metric":{"__name__":"up","job":"b"},"values":[[1700000000,"-3e-7"],[1700000015.5,"1e+06"]]},
                {"metric":{"__name__":"up","job":"c"},"values":[[1700000000,"7"]]},
                {"metric":{},"values":[]}]})"));
        QVERIFY_RESULT(result);
        QCOMPARE(result->type, QueryResult::Type::Matrix);
        QCOMPARE(result->series.size(), 4u);
        const SeriesData& a = result->series[0];
        QCOMPARE(a.labels.value(u"__name__"_s), u"up"_s);
        QCOMPARE(a.labels.value(u"job"_s), u"a"_s);
        QCOMPARE(a.times.times(), (Column::Times {1700000000000, 1700000015500}));
        QCOMPARE(a.values.numbers(), (Column::Numbers {1, 2.5}));
        const SeriesData& b = result->series[1];
        QCOMPARE(b.values.numbers(), (Column::Numbers {-3e-7, 1e6}));
        QVERIFY(b.times.sharesWith(a.times));
        QCOMPARE(result->series[2].times.times(), (Column::Times {1700000000000}));
        QCOMPARE(result->series[3].times.size(), 0);
        QCOMPARE(result->sampleCount(), 5);
    }

    void timesAreSharedAgainAfterAnOddSeries()
    {
        const auto result = decodeQueryResult(success(
            R"({"resultType":"matrix","result":[
                {"metric":{"i":"1"},"values":[[1,"1"],[2,"1"],[3,"1"]]},
                {"metric":{"i":"2"},"values":[[1,"1"],[3,"1"]]},
                {"metric":{"i":"3"},"values":[[1,"1"],[3,"1"],[4,"1"]]},
                {"metric":{"i":"4"},"values":[[1,"1"],[3,"1"],[4,"1"]]}]})"));
        QVERIFY_RESULT(result);
        QCOMPARE(result->series[1].times.times(), (Column::Times {1000, 3000}));
        QCOMPARE(result->series[2].times.times(), (Column::Times {1000, 3000, 4000}));
        QVERIFY(result->series[3].times.sharesWith(result->series[2].times));
    }

    void numbers_data()
    {
        QTest::addColumn<QByteArray>("text");
        QTest::addColumn<double>("expected");
        const double inf = std::numeric_limits<double>::infinity();
        QTest::newRow("zero") << QByteArray("0") << 0.0;
        QTest::newRow("integer") << QByteArray("12345678") << 12345678.0;
        QTest::newRow("53 bits") << QByteArray("9007199254740992") << 9007199254740992.0;
        QTest::newRow("more than 53 bits") << QByteArray("9007199254740993") << 9007199254740992.0;
        QTest::newRow("decimal") << QByteArray("0.1") << 0.1;
        QTest::newRow("long decimal") << QByteArray("0.033333333333333333333") << 1.0 / 30;
        QTest::newRow("17 digits") << QByteArray("3.1415926535897931") << 3.1415926535897931;
        QTest::newRow("exponent") << QByteArray("6.02e+23") << 6.02e23;
        QTest::newRow("negative") << QByteArray("-273.15") << -273.15;
        QTest::newRow("denormal") << QByteArray("5e-324") << 5e-324;
        QTest::newRow("+Inf") << QByteArray("+Inf") << inf;
        QTest::newRow("Inf") << QByteArray("Inf") << inf;
        QTest::newRow("-Inf") << QByteArray("-Inf") << -inf;
        QTest::newRow("too large") << QByteArray("1e999") << inf;
        QTest::newRow("too small") << QByteArray("-1e-999") << -0.0;
        QTest::newRow("plus") << QByteArray("+4.5") << 4.5;
    }

    void numbers()
    {
        QFETCH(QByteArray, text);
        QFETCH(double, expected);
        const auto result = decodeQueryResult(matrixOf("[1,\"" + text + "\"]"));
        QVERIFY_RESULT(result);
        const double value = result->series[0].values.numbers()[0];
        QCOMPARE(std::bit_cast<quint64>(value), std::bit_cast<quint64>(expected));
    }

    void notANumberIsNoGap()
    {
        const auto result = decodeQueryResult(matrixOf(R"([1,"NaN"])"));
        QVERIFY_RESULT(result);
        const double value = result->series[0].values.numbers()[0];
        QVERIFY(std::isnan(value));
        QVERIFY(!isNull(value));
    }

    void everyShortDecimalIsExact()
    {
        // The short conversion against the library's, over the shapes that samples have.
        quint64 random = 0x9e3779b97f4a7c15ULL;
        for (int i = 0; i < 20000; ++i) {
            random ^= random << 13;
            random ^= random >> 7;
            random ^= random << 17;
            const double number = double(random % 100000000) / std::pow(10.0, double(random % 9));
            const QByteArray text = QByteArray::number(number, 'f', int(random % 12));
            const auto result = decodeQueryResult(matrixOf("[1,\"" + text + "\"]"));
            QVERIFY_RESULT(result);
            QCOMPARE(result->series[0].values.numbers()[0], text.toDouble());
        }
    }

    void times_data()
    {
        QTest::addColumn<QByteArray>("text");
        QTest::addColumn<qint64>("expected");
        QTest::newRow("whole") << QByteArray("1700000000") << qint64(1700000000000);
        QTest::newRow("one decimal") << QByteArray("1700000000.5") << qint64(1700000000500);
        QTest::newRow("three decimals") << QByteArray("1700000000.007") << qint64(1700000000007);
        QTest::newRow("more decimals round") << QByteArray("1700000000.0076") << qint64(1700000000008);
        QTest::newRow("exponent") << QByteArray("1.7e9") << qint64(1700000000000);
        QTest::newRow("exponent after decimals") << QByteArray("1.700e9") << qint64(1700000000000);
        QTest::newRow("zero") << QByteArray("0") << qint64(0);
        QTest::newRow("below one") << QByteArray("0.25") << qint64(250);
        QTest::newRow("before the epoch") << QByteArray("-1.5") << qint64(-1500);
        QTest::newRow("space behind") << QByteArray("1700000000 ") << qint64(1700000000000);
        QTest::newRow("fourteen digits") << QByteArray("12345678901234") << qint64(12345678901234000);
        QTest::newRow("fifteen digits") << QByteArray("100000000000000") << qint64(100000000000000000);
    }
    void times()
    {
        QFETCH(QByteArray, text);
        QFETCH(qint64, expected);
        const auto result = decodeQueryResult(matrixOf("[" + text + ",\"1\"]"));
        QVERIFY_RESULT(result);
        QCOMPARE(result->series[0].times.times(), (Column::Times {expected}));
        QCOMPARE(result->series[0].values.numbers(), (Column::Numbers {1}));
    }

    void oddTimesAreRefused()
    {
        for (const char* text : {"01700000000", "1700000000.", "1700000000x", "1.7.5", "", "\"1\"", "--1"})
            QVERIFY2(!decodeQueryResult(matrixOf("[" + QByteArray(text) + ",\"1\"]")).ok(), text);
    }

    void vectorScalarString()
    {
        const auto vector = decodeQueryResult(success(
            R"({"resultType":"vector","result":[{"metric":{"a":"x"},"value":[1700000000.123,"5"]},
                                                {"metric":{"a":"y"},"value":[1700000000.123,"6"]}]})"));
        QVERIFY_RESULT(vector);
        QCOMPARE(vector->type, QueryResult::Type::Vector);
        QCOMPARE(vector->series[0].times.times().front(), 1700000000123);
        QVERIFY(vector->series[1].times.sharesWith(vector->series[0].times));
        const auto scalar = decodeQueryResult(success(R"({"resultType":"scalar","result":[1.5,"+Inf"]})"));
        QVERIFY_RESULT(scalar);
        QCOMPARE(scalar->type, QueryResult::Type::Scalar);
        QCOMPARE(scalar->series.size(), 1u);
        QVERIFY(std::isinf(scalar->series[0].values.numbers()[0]));
        const auto string = decodeQueryResult(success("{\"resultType\":\"string\",\"result\":[1,\"h\\u00e9 \\\"q\\\"\"]}"));
        QVERIFY_RESULT(string);
        QCOMPARE(string->type, QueryResult::Type::String);
        QCOMPARE(string->text, u"hé \"q\""_s);
        const auto empty = decodeQueryResult(success(R"({"resultType":"vector","result":[]})"));
        QVERIFY_RESULT(empty);
        QCOMPARE(empty->type, QueryResult::Type::Vector);
        QVERIFY(empty->series.empty());
    }

    void membersInAnyOrder()
    {
        const auto scalar = decodeQueryResult(
            R"({"data":{"stats":{"x":[1,{"y":2}]},"result":[1,"42"],"resultType":"scalar"},"warnings":["w"],"status":"success"})");
        QVERIFY_RESULT(scalar);
        QCOMPARE(scalar->type, QueryResult::Type::Scalar);
        QCOMPARE(scalar->warnings, QStringList {u"w"_s});
        const auto matrix = decodeQueryResult(
            R"({"data":{"result":[{"values":[[1,"2"]],"metric":{"b":"2","a":"1"}}],"resultType":"matrix"},"status":"success"})");
        QVERIFY_RESULT(matrix);
        QCOMPARE(matrix->series[0].labels, (Labels {{u"a"_s, u"1"_s}, {u"b"_s, u"2"_s}}));
    }

    void escapedLabels()
    {
        const auto result = decodeQueryResult(success(
            "{\"resultType\":\"vector\",\"result\":[{\"metric\":{\"path\":\"C:\\\\dir \\\"x\\\" \\u20ac\",\"q\\\"k\":\"\u00e9\"},"
            "\"value\":[1,\"1\"]}]}"));
        QVERIFY_RESULT(result);
        QCOMPARE(result->series[0].labels.value(u"path"_s), u"C:\\dir \"x\" €"_s);
        QCOMPARE(result->series[0].labels.value(u"q\"k"_s), u"é"_s);
    }

    void nativeHistograms()
    {
        const auto result = decodeQueryResult(success(
            R"({"resultType":"matrix","result":[{"metric":{"a":"b"},"histograms":[
                [1700000000,{"count":"3","sum":"4.5","buckets":[[0,"0.5","1","2"],[3,"-1","1","1"]]}],
                [1700000015,{"count":"0","sum":"NaN"}]]}]})"));
        QVERIFY_RESULT(result);
        const auto& samples = result->series[0].histograms;
        QCOMPARE(samples.size(), 2u);
        QCOMPARE(samples[0].timeMs, 1700000000000);
        QCOMPARE(samples[0].count, 3.0);
        QCOMPARE(samples[0].sum, 4.5);
        QCOMPARE(samples[0].buckets.size(), 2u);
        QCOMPARE(samples[0].buckets[1], (HistogramSample::Bucket {3, -1, 1, 1}));
        const auto single = decodeQueryResult(success(
            R"({"resultType":"vector","result":[{"metric":{},"histogram":[1,{"count":"1","sum":"2","buckets":[]}]}]})"));
        QVERIFY_RESULT(single);
        QCOMPARE(single->series[0].histograms.size(), 1u);
    }

    void noticesAndPartialAnswers()
    {
        const auto result = decodeQueryResult(success(R"({"resultType":"vector","result":[]})",
                                                      R"(,"warnings":["store down"],"infos":["PromQL info: x"],"isPartial":true)"));
        QVERIFY_RESULT(result);
        QCOMPARE(result->warnings, QStringList {u"store down"_s});
        QCOMPARE(result->infos, QStringList {u"PromQL info: x"_s});
        QVERIFY(result->partial);
    }

    void serverErrors()
    {
        const auto refused = decodeQueryResult(
            R"({"status":"error","errorType":"bad_data","error":"invalid parameter 'query': 1:3: parse error"})");
        QCOMPARE(refused.error().code, ErrorCode::Query);
        QCOMPARE(refused.error().summary, u"invalid parameter 'query': 1:3: parse error"_s);
        QCOMPARE(refused.error().detail, u"bad_data"_s);
        const auto slow = decodeQueryResult(R"({"status":"error","errorType":"timeout","error":"query timed out","data":null})");
        QCOMPARE(slow.error().code, ErrorCode::QueryTimeout);
    }

    void hostileInput_data()
    {
        QTest::addColumn<QByteArray>("text");
        const QList<QByteArray> texts {
            "", " ", "null", "[]", "{}", "<html>no</html>", "{\"status\":\"success\"}", R"({"status":"success","data":{}})",
            R"({"status":"success","data":null})", R"({"status":"success","data":{"resultType":"matrix","result":{}}})",
            matrixOf("[1]"), matrixOf("[]"), matrixOf(R"([1,"2",3])"), matrixOf(R"([1,2])"), matrixOf(R"(["1","2"])"),
            matrixOf(R"([1,"x"])"), matrixOf(R"([1,""])"), matrixOf(R"([1,"1x"])"), matrixOf(R"([1e300,"1"])"),
            matrixOf(R"([1,"1"],null)"), matrixOf(R"([1,"1")"), matrixOf(R"([1,"1"]]])"),
            success(R"({"resultType":"matrix","result":[{"metric":{"a":1},"values":[]}]})"),
            success(R"({"resultType":"matrix","result":[{"metric":[],"values":[]}]})"),
            success(R"({"resultType":"vector","result":[1]})"), success(R"({"resultType":"scalar","result":[1,"x"]})"),
            success(R"({"resultType":"scalar","result":[1,"2",3]})"), success(R"({"resultType":"tensor","result":[]})"),
            success(R"({"resultType":"vector","result":[{"metric":{},"value":[1,"1"]},5]})"),
            success(R"({"resultType":"vector","result":[{"metric":{},"value":[1,"1"]},{"metric":{},"values":[]}]})"),
            success(R"({"resultType":"vector","result":[]})") + "{}", "{\"status\":\"success\",\"data\":\xff}",
            QByteArray(5000, '['), QByteArray(3000, '{'), "{\"status\":\"success\",\"data\":\"", "\"", "{\"a",
        };
        for (const QByteArray& text : texts)
            QTest::newRow(text.left(90).constData()) << text;
    }

    void hostileInput()
    {
        QFETCH(QByteArray, text);
        const auto result = decodeQueryResult(text);
        QVERIFY(!result);
        QCOMPARE(result.error().code, ErrorCode::Decode);
    }

    void everyPrefixIsAnError()
    {
        const QByteArray text = success(
            R"({"resultType":"matrix","result":[{"metric":{"a":"b\n"},"values":[[1,"2"],[3.5,"NaN"]],"histograms":[[1,{"count":"1","sum":"2","buckets":[[0,"1","2","3"]]}]]}]})");
        QVERIFY_RESULT(decodeQueryResult(text));
        for (qsizetype length = 0; length < text.size(); ++length)
            QVERIFY(!decodeQueryResult(text.left(length)));
    }

    void unpaddedAndPaddedAgree()
    {
        const QByteArray text = matrixOf(R"([1,"2"],[2,"3"])");
        QByteArray padded = text;
        padded.reserve(text.size() + 200);
        const auto a = decodeQueryResult(QByteArray::fromRawData(text.constData(), text.size()));
        const auto b = decodeQueryResult(padded);
        QVERIFY_RESULT(a);
        QVERIFY_RESULT(b);
        QCOMPARE(a->series[0].values.numbers(), b->series[0].values.numbers());
    }
};

PROMDECK_TEST_MAIN(TestDecoder)
#include "tst_decoder.moc"
