#include "models/config/alertmanager/routing.h"
#include "models/config/online/exposition.h"
#include "tests/support/testsupport.h"

using namespace Promdeck;
using namespace Promdeck::Config;
using namespace Qt::StringLiterals;

/// What the views of the workbench compute: routing of one alert, a target's answer.
class TestConfigViews : public QObject
{
    Q_OBJECT

private Q_SLOTS:
    void readsLabelSets();
    void routes();
    void readsExpositions_data();
    void readsExpositions();
    void countsSeries();
};

void TestConfigViews::readsLabelSets()
{
    const auto read = readLabelSet(R"({severity="page", team=db note="a \"b\""})");
    QVERIFY(read);
    QCOMPARE(*read, (AlertLabels {{"severity", "page"}, {"team", "db"}, {"note", "a \"b\""}}));
    QVERIFY(readLabelSet("")->empty());
    QVERIFY(!readLabelSet("severity"));
    QVERIFY(!readLabelSet("a=\"b"));
}

void TestConfigViews::routes()
{
    const RoutingPlan plan = readRouting("route:\n  receiver: all\n  routes:\n  - matchers: [team=db]\n    receiver: db\n    mute_time_intervals: [nights]\n"
                                         "receivers:\n- name: all\n- name: db\n"
                                         "inhibit_rules:\n- source_matchers: [severity=critical]\n  target_matchers: [severity=warning]\n  equal: [cluster]\n"
                                         "time_intervals:\n- name: nights\n  time_intervals:\n  - times: [{start_time: '00:00', end_time: '06:00'}]\n");
    QVERIFY2(plan.tree, qPrintable(plan.problem));
    const QDateTime night(QDate(2026, 11, 21), QTime(3, 0), Qt::UTC);
    const AlertLabels alert {{"team", "db"}, {"severity", "warning"}, {"cluster", "a"}};
    auto outcome = plan.outcome(alert, night, {});
    QCOMPARE(outcome.ends.size(), size_t(1));
    QCOMPARE(outcome.ends[0].route->receiver, "db");
    QVERIFY(outcome.ends[0].mute.isMuted);
    QVERIFY(!outcome.inhibitedBy);
    outcome = plan.outcome(alert, night.addSecs(6 * 3600), {{{"severity", "critical"}, {"cluster", "a"}}});
    QVERIFY(!outcome.ends[0].mute.isMuted);
    QVERIFY(outcome.inhibitedBy);
    const RoutingPlan broken = readRouting("route:\n  receiver: nobody\nreceivers: []\n");
    QVERIFY(!broken.tree);
    QCOMPARE(broken.problemLine, 2);
}

void TestConfigViews::readsExpositions_data()
{
    QTest::addColumn<QByteArray>("text");
    QTest::addColumn<QString>("problem");
    QTest::newRow("fine") << QByteArray("# HELP a_total What.\n# TYPE a_total counter\na_total{x=\"1\"} 5 1700000000000\na_total{x=\"a\\\"b}\"} +Inf\n") << QString();
    QTest::newRow("no value") << QByteArray("# HELP a b\na\n") << u"value"_s;
    QTest::newRow("open quote") << QByteArray("a{x=\"1} 5\n") << u"quote"_s;
    QTest::newRow("no quotes") << QByteArray("a{x=1} 5\n") << u"quotes"_s;
    QTest::newRow("twice") << QByteArray("a{x=\"1\"} 5\na{x=\"1\"} 6\n") << u"second time"_s;
    QTest::newRow("late type") << QByteArray("a 5\n# TYPE a gauge\n") << u"behind its samples"_s;
    QTest::newRow("odd type") << QByteArray("# TYPE a thing\na 5\n") << u"metric type"_s;
    QTest::newRow("no break") << QByteArray("a 5") << u"line break"_s;
    QTest::newRow("html") << QByteArray("<html>\n") << u"metric name"_s;
    QTest::newRow("label twice") << QByteArray("a{x=\"1\",x=\"2\"} 5\n") << u"twice"_s;
}

void TestConfigViews::readsExpositions()
{
    QFETCH(QByteArray, text);
    QFETCH(QString, problem);
    const Exposition found = readExposition(text, {});
    QCOMPARE(found.ok(), problem.isEmpty());
    if (!problem.isEmpty())
        QVERIFY2(found.problems[0].message.contains(problem), qPrintable(found.problems[0].message));
}

void TestConfigViews::countsSeries()
{
    const QByteArray text = "# HELP h Time.\n# TYPE h histogram\nh_bucket{le=\"1\"} 1\nh_bucket{le=\"+Inf\"} 2\nh_sum 3\nh_count 2\n# HELP g G\n# TYPE g gauge\ng 1\n";
    const Exposition found = readExposition(text, {});
    QVERIFY(found.problems.empty());
    QCOMPARE(found.series, 5);
    QCOMPARE(found.families.size(), size_t(2));
    QCOMPARE(found.families[0].name, u"h"_s);
    QCOMPARE(found.families[0].series, 4);
    const Exposition open = readExposition("a 1\n", u"application/openmetrics-text; version=1.0.0"_s);
    QVERIFY(!open.ok());
    QVERIFY(readExposition("# HELP a A\n# TYPE a gauge\na 1\n# EOF\n", u"application/openmetrics-text"_s).ok());
}

PROMDECK_TEST_MAIN(TestConfigViews)
#include "tst_configviews.moc"
