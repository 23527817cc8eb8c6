#include "models/frame/reducers.h"

#include "models/frame/jsnumber.h"
#include "tests/support/testsupport.h"

#include <cmath>

using namespace Promdeck;
using namespace Qt::StringLiterals;

class TestReducers : public QObject
{
    Q_OBJECT

private Q_SLOTS:
    void goldenReducers();
    void namesAndAliases();
    void emptyColumns();
    void textColumns();
};

namespace {

double goldenNumber(const Json& value)
{
    if (value.isNull())
        return kNull;
    return value.isString() ? Js::toNumber(value.toString()) : value.toDouble();
}

/// NaN is written as text (or as null inside arrays) in the golden file.
bool same(const Json& got, const Json& expected)
{
    if (got.isArray() && expected.isArray()) {
        bool all = got.size() == expected.size();
        for (qsizetype at = 0; all && at < got.size(); ++at)
            all = same(got.at(at), expected.at(at));
        return all;
    }
    if (got.type() == Json::Type::Double && std::isnan(got.toDouble()))
        return expected.isNull() || expected.toString() == "NaN"_L1;
    return got == expected;
}

} // namespace

void TestReducers::goldenReducers()
{
    PROMDECK_NEED_SHARED();
    const Json golden = Testing::readJson(Testing::sharedFolder() + u"/golden/reducers.json"_s);
    int checked = 0;
    for (const Json& row : golden[u"rows"].items()) {
        Column::Numbers numbers;
        for (const Json& value : row[u"values"].items())
            numbers.push_back(goldenNumber(value));
        const Column column(numbers);
        for (const auto& [id, expected] : row[u"result"].members()) {
            if (id == "nonNullCount"_L1 || id == "previousDeltaUp"_L1)
                continue; // inner workings of the original
            const Json got = reduceColumn(column, id);
            QVERIFY2(same(got, expected),
                     qPrintable(id + u' ' + QString::fromUtf8(row[u"values"].toUtf8()) + u" got "_s
                                + QString::fromUtf8(got.toUtf8()) + u" expected "_s + QString::fromUtf8(expected.toUtf8())));
            ++checked;
        }
    }
    QVERIFY(checked > 200);
    for (const Json& id : golden[u"reducerIds"].items())
        QCOMPARE(canonicalReducer(id.toString()), id.toString());
}

void TestReducers::namesAndAliases()
{
    QCOMPARE(canonicalReducer(u"current"_s), u"lastNotNull"_s);
    QCOMPARE(canonicalReducer(u"avg"_s), u"mean"_s);
    QCOMPARE(canonicalReducer(u"total"_s), u"sum"_s);
    QCOMPARE(canonicalReducer(u"p95"_s), u"p95"_s);
    QCOMPARE(canonicalReducer(u"p100"_s), QString());
    QCOMPARE(reducerLabel(u"lastNotNull"_s), u"Last *"_s);
    QCOMPARE(reducerLabel(u"total"_s), u"Total"_s);
    QCOMPARE(reducerLabel(u"p95"_s), u"95th %"_s);
    QCOMPARE(reducerLabel(u"p11"_s), u"11th %"_s);
    QCOMPARE(reducerLabel(u"p2"_s), u"2nd %"_s);
    QCOMPARE(reducerLabel(u"mine"_s), u"mine"_s);
    QCOMPARE(allReducers().size(), 24 + 99);
}

void TestReducers::emptyColumns()
{
    const Column none {Column::Numbers()};
    QCOMPARE(reduceColumn(none, u"sum"_s), Json(0));
    QCOMPARE(reduceColumn(none, u"count"_s), Json(0));
    QVERIFY(reduceColumn(none, u"allIsNull"_s).toBool());
    QVERIFY(!reduceColumn(none, u"allIsZero"_s).toBool(true));
    QVERIFY(reduceColumn(none, u"lastNotNull"_s).isNull());
    QVERIFY(isNull(reduceNumber(none, u"mean"_s)));
    QVERIFY(reduceColumn(none, u"median"_s).isNull());
}

void TestReducers::textColumns()
{
    const Column column {Column::Strings {u"b"_s, {}, u"a"_s, u"b"_s}};
    QCOMPARE(reduceColumn(column, u"lastNotNull"_s).toString(), u"b"_s);
    QCOMPARE(reduceColumn(column, u"count"_s), Json(3));
    QCOMPARE(reduceColumn(column, u"distinctCount"_s), Json(2));
    QCOMPARE(reduceColumn(column, u"changeCount"_s), Json(2));
    QVERIFY(reduceColumn(column, u"max"_s).isNull());
}

PROMDECK_TEST_MAIN(TestReducers)
#include "tst_reducers.moc"
