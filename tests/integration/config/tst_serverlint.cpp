#include "models/config/online/backtest.h"
#include "models/config/online/serverlint.h"
#include "tests/integration/config/differential/dice.h"
#include "tests/support/servers.h"
#include "tests/support/testsupport.h"

#include <QCoroTask>
#include <QDateTime>

using namespace Promdeck;
using namespace Promdeck::Config;
using namespace Promdeck::Testing;
using namespace Qt::StringLiterals;

/// Lints and backtests that need a server, with a real one.
class TestServerLint : public QObject
{
    Q_OBJECT

    std::unique_ptr<TestServer> m_exporter;
    std::unique_ptr<TestServer> m_server;

    QStringList lint(const QByteArray& rules, ServerLint::Options options = {}) const
    {
        PrometheusClient client(m_server->url(), {});
        options.nowMs = QDateTime::currentMSecsSinceEpoch();
        ServerLint lint(client, options);
        QStringList out;
        for (const Diagnostic& one : QCoro::waitFor(lint.check("groups:\n- name: a\n  rules:\n" + rules))) {
            if (one.code != u"query/cost" || one.severity != Severity::Info)
                out.append(u"%1:%2 %3 %4"_s.arg(one.span.start.line).arg(one.span.start.column).arg(one.code, one.message));
        }
        return out;
    }

private Q_SLOTS:
    void initTestCase()
    {
        m_exporter = TestServer::nodeExporter();
        QVERIFY(m_exporter);
        PrometheusOptions options;
        options.config = "global: {scrape_interval: 1s, external_labels: {cluster: c}}\nscrape_configs:\n- job_name: node\n"
                         "  static_configs: [{targets: ['" + m_exporter->hostPort().toUtf8() + "']}]\n";
        m_server = TestServer::prometheus(options);
        QVERIFY(m_server);
        PrometheusClient client(m_server->url(), {});
        QTRY_VERIFY_WITH_TIMEOUT(QCoro::waitFor(client.data(u"metadata"_s)).valueOr({}).contains(u"node_cpu_seconds_total"), 20000);
        QTRY_VERIFY_WITH_TIMEOUT(!QCoro::waitFor(client.queryInstant(u"node_cpu_seconds_total"_s, QDateTime::currentMSecsSinceEpoch()))->result.series.empty(), 20000);
    }

    void findings_data()
    {
        QTest::addColumn<QByteArray>("rule");
        QTest::addColumn<QString>("finding"); // the first line is 4; empty for none
        const auto row = [](const char* rule, const char* finding) { QTest::newRow(rule) << QByteArray(rule) << QString::fromLatin1(finding); };
        row("- {record: a, expr: rate(node_cpu_seconds_total[5m])}", "");
        row("- {record: a, expr: nosuch_metric}", "4:23 promql/series The server has no series of `nosuch_metric`, and had none in the last 7 days.");
        row("- {record: a, expr: absent(nosuch_metric)}", "");
        row("- {record: a, expr: 'node_load1{rack=\"x\"}'}", "4:35 promql/series No series of `node_load1` has the label `rack`.");
        row("- {record: a, expr: 'node_load1{job=\"x\"}'}", "4:35 promql/series No series of `node_load1` matches `{job=\"x\"}` now.");
        row("- {record: a, expr: 'node_load1{job!=\"x\"}'}", "");
        row("- {record: a, expr: 'rate(node_load1[5m])'}",
            "4:29 promql/rate `rate()` and its kin work on counters, but `node_load1` is a gauge according to metrics metadata.");
        row("- {record: a, expr: sum(node_cpu_seconds_total)}",
            "4:27 promql/counter `node_cpu_seconds_total` is a counter according to metrics metadata, its value as such only says when the target started.");
        row("- {record: a, expr: count(node_cpu_seconds_total)}", "");
        row("- {record: a, expr: 'rate(node_cpu_seconds_total[1s])'}",
            "4:29 promql/rate Duration for `rate()` must be at least 2 x scrape_interval, which is 1s on this server.");
        row("- {record: a, expr: node_load1, labels: {cluster: x}}",
            "4:44 labels/conflict The server has `cluster` among its external_labels, which this label would replace.");
        row("- {record: a, expr: 'node_load1 * on() node_cpu_seconds_total > 0'}", "many-to-many");
        row("# pint disable promql/series\n  - {record: a, expr: nosuch_metric}", "");
        row("- {record: b, expr: node_load1}\n  - {record: a, expr: b + 1}", "");
        row("- {alert: A, expr: node_load1 < 0, annotations: {a: '{{ $externalLabels.cluster }}'}}",
            "4:13 alerts/count This alert would have fired 0 times in the last day.");
        row("- {alert: A, expr: 'up{job=\"node\"} == 1', annotations: {a: '{{ $externalLabels.region }}'}}",
            "4:13 alerts/count This alert would have fired 1 times in the last day.\n"
            "4:66 alerts/external_labels The template uses `region` of external_labels, which this server does not have.");
    }

    void findings()
    {
        QFETCH(QByteArray, rule);
        QFETCH(QString, finding);
        // A minute has not passed yet: the count needs a finer step.
        ServerLint::Options options;
        options.countStepMs = 10000;
        QStringList found = lint("  " + rule + "\n", options);
        found.sort();
        if (finding == u"many-to-many")
            QVERIFY2(found.join(u'\n').contains(u"query/cost The server refuses this query"), qPrintable(found.join(u'\n')));
        else
            QCOMPARE(found.join(u'\n'), finding);
    }

    void saysWhenTheServerIsAway()
    {
        PrometheusClient client(QUrl(u"http://127.0.0.1:%1/"_s.arg(freePort())), {});
        ServerLint lint(client, {});
        const Diagnostics found = QCoro::waitFor(lint.check("groups:\n- name: a\n  rules: [{record: a, expr: up}, {record: b, expr: up}]\n"));
        QCOMPARE(found.size(), 1U);
        QCOMPARE(found.front().code, u"query/server"_s);
    }

    /// Random ups and downs: promtool's unit tests must see an alert firing at exactly the minutes at which we say it does.
    void backtestAgreesWithPromtool_data()
    {
        QTest::addColumn<int>("forMinutes");
        QTest::addColumn<int>("keepMinutes");
        for (const int forMinutes : {0, 1, 3}) {
            for (const int keep : {0, 2})
                QTest::addRow("for %dm, keep %dm", forMinutes, keep) << forMinutes << keep;
        }
    }

    void backtestAgreesWithPromtool()
    {
        QFETCH(int, forMinutes);
        QFETCH(int, keepMinutes);
        constexpr qint64 kMinute = 60000;
        constexpr int kMinutes = 60;
        Dice dice(unsigned(forMinutes * 10 + keepMinutes));
        QueryResult result;
        QByteArray input;
        for (int i = 0; i < 4; ++i) {
            SeriesData series;
            series.labels = {{u"__name__"_s, u"m"_s}, {u"i"_s, QString::number(i)}};
            Column::Times times;
            input += "  - series: 'm{i=\"" + QByteArray::number(i) + "\"}'\n    values: '";
            bool down = false;
            for (int minute = 0; minute <= kMinutes; ++minute) {
                down = dice.chance(25) ? !down : down;
                const bool stale = dice.chance(8);
                input += stale ? "stale " : down ? "0 " : "1 ";
                if (down && !stale)
                    times.push_back(minute * kMinute);
            }
            input += "'\n";
            series.values = Column(Column::Numbers(times.size(), 0));
            series.times = Column(std::move(times));
            result.series.push_back(std::move(series));
        }
        BacktestRule rule;
        rule.forMs = forMinutes * kMinute;
        rule.keepFiringMs = keepMinutes * kMinute;
        const auto periods = backtest(result, rule, 0, kMinutes * kMinute, kMinute);
        QByteArray tests = "rule_files: [rules.yml]\nevaluation_interval: 1m\ntests:\n- interval: 1m\n  input_series:\n" + input + "  alert_rule_test:\n";
        for (int minute = 0; minute <= kMinutes; ++minute) {
            tests += "  - eval_time: " + QByteArray::number(minute) + "m\n    alertname: A\n    exp_alerts:\n";
            for (const AlertPeriod& one : periods) {
                const qint64 now = minute * kMinute;
                if (one.firingMs && *one.firingMs <= now && (now < one.endMs || one.isOpen))
                    tests += "    - exp_labels: {i: '" + one.labels.value(u"i"_s).toUtf8() + "'}\n";
            }
        }
        QTemporaryDir folder;
        const auto write = [&folder](const QString& name, const QByteArray& text) {
            QFile file(folder.filePath(name));
            QVERIFY(file.open(QIODevice::WriteOnly));
            file.write(text);
        };
        write(u"rules.yml"_s, "groups:\n- name: a\n  rules:\n  - {alert: A, expr: m == 0, for: " + QByteArray::number(forMinutes) + "m, keep_firing_for: "
                                  + QByteArray::number(keepMinutes) + "m}\n");
        write(u"tests.yml"_s, tests);
        QVERIFY(!periods.empty());
        QVERIFY(!runTool(serverBinary(u"promtool"_s), {u"test"_s, u"rules"_s, u"tests.yml"_s}, folder.path()).isNull());
    }

    void thresholdsAreTakenApart()
    {
        const auto parts = splitThreshold("(sum(rate(x[5m])) by (a)) / 2 > (-0.5)");
        QVERIFY(parts);
        QCOMPARE(parts->left, std::string("(sum(rate(x[5m])) by (a)) / 2"));
        QCOMPARE(parts->threshold.value, -0.5);
        QVERIFY(parts->threshold.op == Promql::Tok::Gtr);
        const auto turned = splitThreshold("10 > up");
        QVERIFY(turned && turned->threshold.op == Promql::Tok::Lss && turned->left == "up");
        for (const char* none : {"up", "up > bool 1", "up > up", "1 > bool 2", "up and up > 1"})
            QVERIFY2(!splitThreshold(none), none);
        SeriesData series;
        series.times = Column(Column::Times {0, 1000, 2000, 3000});
        series.values = Column(Column::Numbers {1, 5, 7, 1});
        QueryResult result;
        result.series.push_back(series);
        BacktestRule rule;
        rule.threshold = BacktestRule::Threshold {Promql::Tok::Gtr, 4};
        auto periods = backtest(result, rule, 0, 3000, 1000);
        QCOMPARE(periods.size(), 1U);
        QCOMPARE(periods.front().activeMs, 1000);
        QCOMPARE(periods.front().endMs, 3000);
        QVERIFY(!periods.front().isOpen);
        rule.threshold->value = 6;
        rule.forMs = 1000;
        periods = backtest(result, rule, 0, 3000, 1000);
        QCOMPARE(periods.front().activeMs, 2000);
        QVERIFY(!periods.front().firingMs);
    }
};

PROMDECK_TEST_MAIN(TestServerLint)
#include "tst_serverlint.moc"
