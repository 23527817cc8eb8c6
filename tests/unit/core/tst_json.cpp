#include "tests/support/testsupport.h"

using namespace Promdeck;
using namespace Qt::StringLiterals;

class TestJson : public QObject
{
    Q_OBJECT
private Q_SLOTS:
    void keepsOrderAndNumberKinds()
    {
        const QByteArray text = R"({"b":1,"a":[1.5,-2,1e+300,true,null,"x\ny"],"c":{}})";
        const auto json = Json::parse(text);
        QVERIFY_RESULT(json);
        QCOMPARE(json->toUtf8(), text);
        QVERIFY((*json)[u"b"].isInteger());
    }

    void integersBeyond64Bits()
    {
        const Result<Json> parsed
            = Json::parse("{\"a\": [18446744073709551616, -99999999999999999999, 9223372036854775807, 0.25],"
                          " \"18446744073709551616 \\\" 1\": 1}");
        QVERIFY_RESULT(parsed);
        QCOMPARE((*parsed)[u"a"].at(0).toDouble(), 18446744073709551616.0);
        QCOMPARE((*parsed)[u"a"].at(1).toDouble(), -1e20);
        QCOMPARE((*parsed)[u"a"].at(2).toInt(), 9223372036854775807);
        QCOMPARE((*parsed)[u"a"].at(3).toDouble(), 0.25);
        QCOMPARE((*parsed)[u"18446744073709551616 \" 1"].toInt(), 1);
    }

    void parseErrorNamesThePlace()
    {
        const auto json = Json::parse("{\n  \"a\": 1,\n  \"b\": oops\n}", u"x.json"_s);
        QVERIFY(!json);
        QCOMPARE(json.error().code, ErrorCode::Syntax);
        QCOMPARE(json.error().where.line, 3);
        QCOMPARE(json.error().where.file, u"x.json"_s);
    }

    void locatesByPath()
    {
        const QByteArray text = "{\n \"a\": {\"x\": [1,\n  {\"deep\": 7}]},\n \"b\": \"]}\\\"\", \"c\": 3\n}";
        QCOMPARE(locateJson(text, {u"a"_s, u"x"_s, u"1"_s, u"deep"_s}).line, 3);
        QCOMPARE(locateJson(text, {u"c"_s}).line, 4);
        QCOMPARE(locateJson(text, {u"c"_s}).column, 20);
    }

    void sharedUntilWritten()
    {
        Json a = Json::object({{u"k"_s, Json::array({1, 2})}});
        Json b = a;
        b.setPath(u"k2.deep", 5);
        b.rename(u"k", u"first"_s);
        QCOMPARE(a.toUtf8(), QByteArray(R"({"k":[1,2]})"));
        QCOMPARE(b.toUtf8(), QByteArray(R"({"first":[1,2],"k2":{"deep":5}})"));
    }

    void equalsAsValues()
    {
        QVERIFY(*Json::parse(R"({"a":1,"b":2})") == *Json::parse(R"({"b":2.0,"a":1})"));
        QVERIFY(!(*Json::parse("[1,2]") == *Json::parse("[2,1]")));
    }
};

PROMDECK_TEST_MAIN(TestJson)
#include "tst_json.moc"
