#ifndef Q_MOC_RUN // it cannot read the standard headers behind it
#include "models/query/expressiontext.h"
#endif
#include "models/query/metricpanel.h"
#include "tests/support/testsupport.h"

using namespace Promdeck;
using namespace Qt::StringLiterals;

class TestMetricPanel final : public QObject
{
    Q_OBJECT

private Q_SLOTS:
    void asksWhatFits_data();
    void asksWhatFits();
    void drawsQuantiles();
    void writesPanels();
    void knowsUnits_data();
    void knowsUnits();
    void everyQueryParses();
    void mapsPlaces();
    void findsProblems();
};

void TestMetricPanel::asksWhatFits_data()
{
    QTest::addColumn<QString>("name");
    QTest::addColumn<QString>("type");
    QTest::addColumn<QString>("expr");
    const auto row = [](const QString& name, const QString& type, const QString& expr) {
        QTest::newRow(qPrintable(name + u' ' + type)) << name << type << expr;
    };
    row(u"up"_s, u"gauge"_s, u"up"_s);
    row(u"x_total"_s, u"counter"_s, u"rate(x_total[$__rate_interval])"_s);
    row(u"x_total"_s, QString(), u"rate(x_total[$__rate_interval])"_s);
    row(u"x_total"_s, u"gauge"_s, u"x_total"_s); // the server knows better than the name
    row(u"x_count"_s, u"summary"_s, u"rate(x_count[$__rate_interval])"_s);
    row(u"x"_s, u"summary"_s, u"x"_s);
    row(u"x_sum"_s, u"histogram"_s, u"rate(x_sum[$__rate_interval])"_s);
    row(u"x"_s, QString(), u"x"_s);
    row(u"a.dotted-name"_s, u"gauge"_s, u"{\"a.dotted-name\"}"_s);
}

void TestMetricPanel::asksWhatFits()
{
    QFETCH(QString, name);
    QFETCH(QString, type);
    QFETCH(QString, expr);
    const MetricQuery query = queryForMetric({name, type, {}, {}}, false);
    QCOMPARE(query.queries.size(), size_t(1));
    QCOMPARE(query.queries.front().expr, expr);
}

void TestMetricPanel::drawsQuantiles()
{
    const MetricQuery classic = queryForMetric({u"http_seconds"_s, u"histogram"_s, {}, {}}, true, u"job=\"a\""_s);
    QCOMPARE(classic.queries.size(), size_t(3));
    QCOMPARE(classic.queries[0].expr,
             u"histogram_quantile(0.99, sum by (le) (rate(http_seconds_bucket{job=\"a\"}[$__rate_interval])))"_s);
    QCOMPARE(classic.queries[0].legend, u"p99"_s);
    QCOMPARE(classic.unit, u"s"_s);
    QCOMPARE(queryForMetric({u"http_seconds_bucket"_s, {}, {}, {}}, false).queries, queryForMetric({u"http_seconds"_s, u"histogram"_s, {}, {}}, true).queries);
    const MetricQuery native = queryForMetric({u"http_seconds"_s, u"histogram"_s, {}, {}}, false);
    QCOMPARE(native.queries[2].expr, u"histogram_quantile(0.5, sum(rate(http_seconds[$__rate_interval])))"_s);
}

void TestMetricPanel::writesPanels()
{
    const Json panel = panelForMetric({u"node_network_receive_bytes_total"_s, u"counter"_s, u"Bytes received."_s, {}}, false);
    QCOMPARE(panel[u"type"].toString(), u"timeseries"_s);
    QCOMPARE(panel[u"description"].toString(), u"Bytes received."_s);
    QCOMPARE(panel.path(u"fieldConfig.defaults.unit").toString(), u"Bps"_s);
    QCOMPARE(panel[u"targets"].at(0)[u"refId"].toString(), u"A"_s);
}

void TestMetricPanel::knowsUnits_data()
{
    QTest::addColumn<QString>("name");
    QTest::addColumn<bool>("rate");
    QTest::addColumn<QString>("unit");
    QTest::newRow("memory") << u"node_memory_MemFree_bytes"_s << false << u"bytes"_s;
    QTest::newRow("cpu") << u"node_cpu_seconds_total"_s << true << u"percentunit"_s;
    QTest::newRow("sum of seconds") << u"x_seconds_sum"_s << true << u"percentunit"_s;
    QTest::newRow("count") << u"x_seconds_count"_s << true << u"cps"_s;
    QTest::newRow("ratio") << u"x_ratio"_s << false << u"percentunit"_s;
    QTest::newRow("boot time") << u"node_boot_timestamp_seconds"_s << false << u"short"_s;
    QTest::newRow("nothing known") << u"go_goroutines"_s << false << u"short"_s;
}

void TestMetricPanel::knowsUnits()
{
    QFETCH(QString, name);
    QFETCH(bool, rate);
    QTEST(unitOfMetric(name, rate), "unit");
}

void TestMetricPanel::everyQueryParses()
{
    const auto expand = [](const QString&) { return u"5m"_s; };
    for (const QString& name : {u"x"_s, u"x_total"_s, u"x_bucket"_s, u"a \"b\\"_s}) {
        for (const QString& type : {u"counter"_s, u"gauge"_s, u"histogram"_s, u"summary"_s, QString()}) {
            for (const MetricQuery::Query& query : queryForMetric({name, type, {}, {}}, true, u"a=~\"b\""_s).queries) {
                const auto problems = checkExpression(ExpressionText(query.expr, expand));
                QVERIFY2(problems.empty(), qPrintable(query.expr + u": "_s + (problems.empty() ? QString() : problems[0].message)));
            }
        }
    }
}

void TestMetricPanel::mapsPlaces()
{
    const auto expand = [](const QString& reference) {
        return reference == u"$job" ? u"\u00e4b"_s : reference == u"${n:raw}" ? u"7"_s : reference;
    };
    const ExpressionText text(u"\u00e9{a=\"$job\"} + ${n:raw} $other"_s, expand);
    QCOMPARE(QString::fromStdString(text.sent()), u"\u00e9{a=\"\u00e4b\"} + 7 $other"_s);
    // Every place outside of variables goes there and back.
    for (qsizetype place = 0; place <= text.written().size(); ++place) {
        const bool inVariable = (place > 5 && place < 9) || (place > 14 && place < 22);
        if (!inVariable)
            QCOMPARE(text.toWritten(text.toSent(place)), place);
    }
    QCOMPARE(text.toSent(7), text.toSent(5));        // inside: the start
    QCOMPARE(text.toSent(7, true), text.toSent(9));  // or the end
    QCOMPARE(text.toWritten(text.toSent(5) + 1, true), 9);
    QCOMPARE(ExpressionText(QString(), expand).toSent(3), 0u);
}

void TestMetricPanel::findsProblems()
{
    const auto expand = [](const QString& reference) { return reference == u"$__rate_interval" ? u"1m0s"_s : reference; };
    QVERIFY(checkExpression(ExpressionText(u"rate(x[$__rate_interval])"_s, expand)).empty());
    QVERIFY(checkExpression(ExpressionText(u"  "_s, expand)).empty());
    const auto unknown = checkExpression(ExpressionText(u"rate(x[$nobody])"_s, expand));
    QVERIFY(!unknown.empty());
    QVERIFY(unknown.front().start >= 7);
    const auto types = checkExpression(ExpressionText(u"rate(x{a=\"\u00fc\"}[$__rate_interval]) + rate(y)"_s, expand));
    QCOMPARE(types.size(), size_t(1));
    QCOMPARE(u"rate(x{a=\"\u00fc\"}[$__rate_interval]) + rate(y)"_s.mid(types[0].start, types[0].end - types[0].start), u"y"_s);
}

PROMDECK_TEST_MAIN(TestMetricPanel)
#include "tst_metricpanel.moc"
