#include "tests/support/servers.h"
#include "tests/support/verbtest.h"

#include <QDir>
#include <QFile>
#include <QTemporaryDir>

using namespace Promdeck;
using namespace Promdeck::Testing;
using namespace Qt::StringLiterals;

/// `promdeck check` as a script uses it.
class TestCheckVerb : public QObject
{
    Q_OBJECT

    [[nodiscard]] VerbOutput promdeck(const QStringList& arguments) const { return runVerb(arguments, m_folder.path()); }

    void write(const QString& name, const QByteArray& text) const
    {
        const QString path = m_folder.filePath(name);
        QVERIFY(QDir().mkpath(QFileInfo(path).path()));
        QFile file(path);
        QVERIFY(file.open(QIODevice::WriteOnly));
        file.write(text);
    }

    QTemporaryDir m_folder;

private Q_SLOTS:
    void showsThePlace()
    {
        write(u"a.yml"_s, "groups:\n- name: a\n  rules:\n  - record: x\n    expr: rate(up)\n");
        const VerbOutput text = promdeck({u"check"_s, u"a.yml"_s});
        QCOMPARE(text.exitCode, 1);
        QVERIFY2(text.out.contains("a.yml:5:16: error: could not parse expression: expected type range vector in call to "
                                   "function \"rate\", got instant vector [promql/syntax]\n"
                                   "        expr: rate(up)\n"
                                   "                   ^^\n"),
                 text.out.constData());
        const VerbOutput json = promdeck({u"check"_s, u"--json"_s, u"a.yml"_s});
        QCOMPARE(json.exitCode, 1);
        const Json result = Json::parse(json.out).valueOr({});
        QCOMPARE(result[u"errors"].toInt(), 1);
        const Json& file = result[u"files"].at(0);
        QCOMPARE(file[u"kind"].toString(), u"rules"_s);
        const Json& one = file[u"diagnostics"].at(0);
        QCOMPARE(one[u"severity"].toString(), u"error"_s);
        QCOMPARE(one[u"line"].toInt(), 5);
        QCOMPARE(one[u"column"].toInt(), 16);
        QCOMPARE(one[u"endColumn"].toInt(), 18);
    }

    void walksFoldersAndFollowsReferences()
    {
        write(u"stack/prometheus.yml"_s, "rule_files: [rules/*.txt]\n");
        write(u"stack/rules/one.txt"_s, "groups:\n- name: a\n  rules: [{alert: A, expr: 'up{'}]\n");
        write(u"stack/notes.yml"_s, "services: {}\n");
        write(u"stack/README.md"_s, "groups: 5");
        const Json result = Json::parse(promdeck({u"check"_s, u"--json"_s, u"stack"_s}).out).valueOr({});
        QCOMPARE(result[u"files"].size(), 2);
        QCOMPARE(result[u"files"].at(1)[u"path"].toString(), u"stack/rules/one.txt"_s);
        QVERIFY(result[u"errors"].toInt() > 0);
    }

    void testsRoutesAtATime()
    {
        write(u"am.yml"_s, "route:\n  receiver: all\n  routes:\n  - {matchers: [team=db], receiver: db, mute_time_intervals: [night]}\n"
                           "inhibit_rules:\n- {source_matchers: [severity=page], target_matchers: [severity=ticket], equal: [team]}\n"
                           "receivers: [{name: all}, {name: db}]\n"
                           "time_intervals: [{name: night, time_intervals: [{times: [{start_time: '00:00', end_time: '06:00'}]}]}]\n");
        const auto route = [this](const QStringList& more) { return promdeck(QStringList {u"routes"_s, u"test"_s, u"am.yml"_s, u"team=db"_s, u"severity=ticket"_s} + more); };
        QCOMPARE(route({}).out, QByteArray("db\n"));
        QCOMPARE(route({u"--at"_s, u"2026-11-21T03:00:00Z"_s}).out, QByteArray("db\ndb: muted by night\n"));
        QCOMPARE(route({u"--at=2026-11-21T07:00:00Z"_s}).out, QByteArray("db\n"));
        QCOMPARE(route({u"--firing"_s, u"team=db,severity=page"_s}).out, QByteArray("db\ninhibited by the rule in line 6\n"));
        QCOMPARE(route({u"--firing"_s, u"team=web,severity=page"_s}).out, QByteArray("db\n"));
        const Json json = Json::parse(route({u"--json"_s, u"--at"_s, u"1795230000"_s, u"--firing"_s, u"team=db,severity=page"_s}).out).valueOr({});
        QCOMPARE(json[u"routes"].at(0)[u"muted"].toBool(), true);
        QCOMPARE(json[u"routes"].at(0)[u"mutedBy"].at(0).toString(), u"night"_s);
        QCOMPARE(json[u"inhibitedBy"][u"line"].toInt(), 6);
        QCOMPARE(route({u"--at"_s, u"tomorrow"_s}).exitCode, 2);
        QCOMPARE(route({u"--at"_s, u"nan"_s}).exitCode, 2);
        QCOMPARE(route({u"--at"_s, u"1e300"_s}).exitCode, 2);
    }

    void runsRouteTests()
    {
        write(u"am.yml"_s, "route: {receiver: all, routes: [{matchers: [team=db], receiver: db, active_time_intervals: [day]}]}\n"
                           "receivers: [{name: all}, {name: db}]\n"
                           "time_intervals: [{name: day, time_intervals: [{times: [{start_time: '06:00', end_time: '20:00'}]}]}]\n");
        write(u"good.yml"_s, "- {labels: {team: db}, receivers: [db], at: 2026-11-21T03:00:00Z, muted: true}\n"
                             "- {labels: {team: db}, receivers: [db], at: 2026-11-21T13:00:00Z, muted: false}\n- {receivers: [all]}\n");
        write(u"bad.yml"_s, "- {labels: {team: db}, receivers: [all]}\n- {labels: {team: db}, receivers: [db], muted: true}\n");
        const auto run = [this](const QString& file) { return promdeck({u"routes"_s, u"test"_s, u"am.yml"_s, u"--tests"_s, file}); };
        QCOMPARE(run(u"good.yml"_s).exitCode, 0);
        const VerbOutput bad = run(u"bad.yml"_s);
        QCOMPARE(bad.exitCode, 1);
        QCOMPARE(bad.out, QByteArray("bad.yml:1: expected all, the alert goes to db\nbad.yml:2: expected silence, but nothing mutes it\n"));
        write(u"wrong.yml"_s, "- {labels: {team: db}, receiver: [all]}\n");
        QCOMPARE(run(u"wrong.yml"_s).exitCode, 2);
    }

    /// With promtool where it is installed; where it is not, that is said.
    void runsUnitTests()
    {
        write(u"rules.yml"_s, "groups:\n- name: a\n  rules:\n  - {alert: Down, expr: up == 0, for: 5m, labels: {severity: page}}\n  - {record: 'job:up', expr: sum by (job) (up)}\n");
        write(u"unit.yml"_s, "rule_files: [rules.yml]\nevaluation_interval: 1m\ntests:\n- interval: 1m\n  name: first\n"
                             "  input_series: [{series: 'up{job=\"j\"}', values: 0x20}]\n"
                             "  alert_rule_test:\n"
                             "  - {eval_time: 3m, alertname: Down}\n"
                             "  - eval_time: 10m\n    alertname: Down\n    exp_alerts: [{exp_labels: {severity: ticket, job: j}}]\n"
                             "  promql_expr_test:\n"
                             "  - expr: job:up\n    eval_time: 5m\n    exp_samples: [{labels: 'job:up{job=\"j\"}', value: 1}]\n"
                             "  - expr: job:up\n    eval_time: 6m\n    exp_samples: [{labels: 'job:up{job=\"j\"}', value: 0}]\n");
        QVERIFY(!serverBinary(u"promtool"_s).isEmpty());
        const QByteArray path = qgetenv("PATH");
        qputenv("PATH", QFileInfo(serverBinary(u"promtool"_s)).path().toLocal8Bit() + ':' + path);
        const VerbOutput ran = promdeck({u"check"_s, u"--run"_s, u"--json"_s, u"unit.yml"_s});
        qputenv("PATH", "/nonexistent");
        const VerbOutput absent = promdeck({u"check"_s, u"--run"_s, u"unit.yml"_s});
        qputenv("PATH", path);
        QCOMPARE(ran.exitCode, 1);
        QStringList places;
        const Json result = Json::parse(ran.out).valueOr({});
        for (const Json& one : result[u"files"].at(0)[u"diagnostics"].items()) {
            QCOMPARE(one[u"code"].toString(), u"rule-test/failed"_s);
            places.append(u"%1:%2"_s.arg(one[u"line"].toInt()).arg(one[u"column"].toInt()));
        }
        QCOMPARE(places.join(u' '), u"10:16 13:11"_s);
        QVERIFY2(ran.out.contains("alert Down at 10m: expected [") && ran.out.contains("], got ["), ran.out.constData());
        QCOMPARE(absent.exitCode, 0);
        QVERIFY2(absent.err.contains("promtool is not installed"), absent.err.constData());
    }

    void exitCodes()
    {
        write(u"good.yml"_s, "groups: []\n");
        write(u"what.yml"_s, "a: b\n");
        QCOMPARE(promdeck({u"check"_s, u"good.yml"_s}).exitCode, 0);
        QCOMPARE(promdeck({u"check"_s}).exitCode, 2);
        QCOMPARE(promdeck({u"check"_s, u"absent.yml"_s}).exitCode, 2);
        QCOMPARE(promdeck({u"check"_s, u"what.yml"_s}).exitCode, 2);
        QCOMPARE(promdeck({u"check"_s, u"--kind"_s, u"nonsense"_s, u"good.yml"_s}).exitCode, 2);
        QCOMPARE(promdeck({u"check"_s, u"--bad"_s, u"good.yml"_s}).exitCode, 2);
        QCOMPARE(promdeck({u"check"_s, u"--kind=prometheus"_s, u"good.yml"_s}).exitCode, 1);
        QCOMPARE(promdeck({u"check"_s, u"--server-version=x"_s, u"good.yml"_s}).exitCode, 2);
    }
};

PROMDECK_VERB_TEST_MAIN(TestCheckVerb)
#include "tst_checkverb.moc"
