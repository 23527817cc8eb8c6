// The verbs as somebody meets them who has a running Prometheus and nothing else: adopt it, change a rule, deploy,
// break it on purpose, go back.
#include "provisioning/deploy/audit.h"
#include "models/core/json.h"
#include "tests/integration/deploy/deployrig.h"

#include <QProcess>

using namespace Promdeck;
using namespace Promdeck::Testing;
using namespace Qt::StringLiterals;

namespace {

struct Said
{
    int code = -1;
    QByteArray out, err;
    [[nodiscard]] Json json() const { return Json::parse(out).valueOr(Json()); }
};

} // namespace

class TestDeployVerbs final : public QObject
{
    Q_OBJECT

    QTemporaryDir m_state;

    [[nodiscard]] Said promdeck(const QStringList& arguments, const QHash<QString, QString>& variables = {}) const
    {
        QProcess process;
        QProcessEnvironment environment = QProcessEnvironment::systemEnvironment();
        environment.insert(u"XDG_STATE_HOME"_s, m_state.path());
        environment.insert(u"DBUS_SESSION_BUS_ADDRESS"_s, u"unix:path=/nonexistent"_s);
        for (auto it = variables.begin(); it != variables.end(); ++it)
            environment.insert(it.key(), it.value());
        process.setProcessEnvironment(environment);
        // A session of its own: no terminal to ask on.
        process.start(u"setsid"_s, QStringList {u"-w"_s, QStringLiteral(PROMDECK_PROGRAM)} + arguments);
        if (!QTest::qWaitFor([&] { return process.state() == QProcess::NotRunning; }, 90000))
            return {};
        return {process.exitCode(), process.readAllStandardOutput(), process.readAllStandardError()};
    }

    static QString words(const Said& said) { return QString::number(said.code) + u": "_s + QString::fromUtf8(said.out + said.err); }

private Q_SLOTS:
    void aNewUserFromAdoptingToGoingBack()
    {
        prepareTools();
        const auto server = TestServer::prometheus({.config = "global: {scrape_interval: 1s, scrape_timeout: 1s}\nrule_files: ['rules/*.yml']\n"
                                                              "remote_read: [{url: 'http://127.0.0.1:1/', basic_auth: {username: u, password: 'long-lost'}}]\n",
                                                    .files = {{u"rules/base.yml"_s, kBaseRules}}});
        QVERIFY(server);
        const QTemporaryDir folder;
        const QString ws = folder.filePath(u"ws"_s);
        const Said adopted = promdeck({u"adopt"_s, u"local"_s, ws, u"--config"_s, server->path(u"prometheus.yml"_s), u"--state-dir"_s, folder.filePath(u"state"_s), u"--sudo"_s, u"never"_s});
        QVERIFY2(adopted.code == 0, qPrintable(words(adopted)));
        // The password became a reference, and the workspace knows where it would come from.
        QVERIFY(!readFile(ws + u"/prometheus/prometheus.yml"_s).contains("long-lost"));
        QFile promdeckYaml(ws + u"/promdeck.yaml"_s);
        QVERIFY(promdeckYaml.open(QIODevice::ReadWrite));
        QByteArray text = promdeckYaml.readAll();
        QVERIFY2(text.contains("prometheus_password: 'keychain:promdeck/prometheus_password'"), text.constData());
        text.replace("keychain:promdeck/prometheus_password", "env:TEST_PASSWORD");
        promdeckYaml.resize(0);
        promdeckYaml.seek(0);
        promdeckYaml.write(text);
        promdeckYaml.close();
        const QHash<QString, QString> secret {{u"TEST_PASSWORD"_s, u"long-lost"_s}};
        QCOMPARE(promdeck({u"check"_s, ws + u"/promdeck.yaml"_s}).code, 0);
        QCOMPARE(promdeck({u"plan"_s, ws}).code, 2); // without the secret

        const Said same = promdeck({u"plan"_s, ws, u"--json"_s}, secret);
        QVERIFY2(same.code == 0, qPrintable(words(same)));
        QVERIFY2(!same.json()[u"changes"].toBool(true), same.out.constData());
        QCOMPARE(promdeck({u"drift"_s, ws}, secret).code, 0);

        const auto put = [&](const QString& name, const QByteArray& content) { QVERIFY_RESULT(writeFileAtomically(ws + u'/' + name, content)); };
        put(u"prometheus/rules/base.yml"_s, "groups: [{name: base, rules: [{record: 'base:up2', expr: up}]}]\n");
        const Said plan = promdeck({u"plan"_s, ws, u"--json"_s}, secret);
        QVERIFY2(plan.code == 0, qPrintable(words(plan)));
        const Json change = plan.json()[u"units"].at(0)[u"changes"].at(0);
        QCOMPARE(change[u"action"].toString(), u"change"_s);
        QCOMPARE(change[u"semantic"].size(), 2);

        QCOMPARE(promdeck({u"deploy"_s, ws}, secret).code, 2); // nobody to ask
        QCOMPARE(promdeck({u"deploy"_s, ws, u"--yes"_s, u"--plan"_s, u"0000"_s}, secret).code, 1);
        const Said done = promdeck({u"deploy"_s, ws, u"--yes"_s, u"--json"_s, u"--plan"_s, plan.json()[u"hash"].toString(), u"--confirm-within"_s, u"30s"_s}, secret);
        QVERIFY2(done.code == 0, qPrintable(words(done)));
        QCOMPARE(done.json()[u"hosts"].at(0)[u"verdict"].toString(), u"new"_s);
        QVERIFY(done.err.contains("verify"));
        QVERIFY(readFile(server->path(u"rules/base.yml"_s)).contains("base:up2"));

        // Broken for the engine: refused. Broken only in what it does: rolled back.
        put(u"prometheus/rules/base.yml"_s, "groups: [{name: base, rules: [{record: 'base:up2', expr: 'sum('}]}]\n");
        const Said refused = promdeck({u"deploy"_s, ws, u"--yes"_s, u"--json"_s}, secret);
        QVERIFY2(refused.code == 1, qPrintable(words(refused)));
        put(u"prometheus/rules/base.yml"_s, "groups: [{name: base, rules: [{record: 'base:up2', expr: up}]}]\n");
        put(u"prometheus/prometheus.yml"_s, readFile(ws + u"/prometheus/prometheus.yml"_s) + "scrape_configs: [{job_name: dead, static_configs: [{targets: ['127.0.0.1:1']}]}]\n");
        const Said back = promdeck({u"deploy"_s, ws, u"--yes"_s, u"--json"_s, u"--confirm-within"_s, u"30s"_s}, secret);
        QVERIFY2(back.code == 3, qPrintable(words(back)));
        QCOMPARE(back.json()[u"hosts"].at(0)[u"verdict"].toString(), u"old"_s);
        QVERIFY(!readFile(server->path(u"prometheus.yml"_s)).contains("dead"));

        // Somebody edits on the host; it comes into the workspace with the secret still hidden.
        QFile live(server->path(u"prometheus.yml"_s));
        QVERIFY(live.open(QIODevice::Append));
        live.write("# an edit\n");
        live.close();
        const Said drift = promdeck({u"drift"_s, ws, u"--json"_s}, secret);
        QCOMPARE(drift.code, 1);
        QVERIFY2(drift.out.contains("\"conflict\""), drift.out.constData());
        const Said merged = promdeck({u"drift"_s, ws, u"--merge"_s}, secret);
        QVERIFY2(merged.code == 0 || merged.code == 1, qPrintable(words(merged)));
        const QByteArray mergedText = readFile(ws + u"/prometheus/prometheus.yml"_s);
        QVERIFY(mergedText.contains("# an edit") && mergedText.contains("dead") && !mergedText.contains("long-lost"));

        const Said list = promdeck({u"rollback"_s, ws, u"--host"_s, u"local"_s, u"--list"_s, u"--json"_s}, secret);
        QCOMPARE(list.json()[u"units"].at(0)[u"releases"].size(), 2);
        const Said undone = promdeck({u"rollback"_s, ws, u"--host"_s, u"local"_s, u"--yes"_s, u"--json"_s}, secret);
        QVERIFY2(undone.code == 0, qPrintable(words(undone)));
        QCOMPARE(readFile(server->path(u"rules/base.yml"_s)), kBaseRules);
        QVERIFY(!readFile(server->path(u"prometheus.yml"_s)).contains("# an edit"));

        // Nobody wrote the secret anywhere but where it belongs.
        for (const Said& said : {adopted, plan, done, back, drift, merged, undone})
            QVERIFY(!said.out.contains("long-lost") && !said.err.contains("long-lost"));
        const Deploy::AuditVerdict here = Deploy::verifyAudit(readFile(m_state.filePath(u"promdeck/audit.jsonl"_s)));
        QVERIFY2(here.ok() && here.entries == 3, qPrintable(here.reason));
        const Deploy::AuditVerdict there = Deploy::verifyAudit(readFile(folder.filePath(u"state/audit.log"_s)));
        QVERIFY2(there.ok() && there.entries >= 6, qPrintable(there.reason));
    }

    void wrongUsage()
    {
        QCOMPARE(promdeck({u"plan"_s}).code, 2);
        QCOMPARE(promdeck({u"plan"_s, u"/nonexistent"_s}).code, 2);
        QCOMPARE(promdeck({u"deploy"_s, u"."_s, u"--confirm-within"_s, u"1s"_s}).code, 2);
        QCOMPARE(promdeck({u"rollback"_s, u"."_s}).code, 2);
        const Said help = promdeck({u"deploy"_s, u"--help"_s});
        QCOMPARE(help.code, 0);
        QVERIFY(help.out.contains("--confirm-within"));
    }

    void unreachableHost()
    {
        const QTemporaryDir folder;
        QVERIFY_RESULT(writeFileAtomically(folder.filePath(u"promdeck.yaml"_s), "version: 1\nhosts: {far: {address: '127.0.0.1:1'}}\nunits: {p: {component: prometheus, files: [{source: prometheus.yml}]}}\n"));
        QVERIFY_RESULT(writeFileAtomically(folder.filePath(u"prometheus.yml"_s), "global: {}\n"));
        const Said plan = promdeck({u"plan"_s, folder.path(), u"--json"_s});
        QVERIFY2(plan.code == 3, qPrintable(words(plan)));
        QVERIFY(!plan.json()[u"units"].at(0)[u"error"][u"summary"].toString().isEmpty());
        QCOMPARE(promdeck({u"deploy"_s, folder.path(), u"--yes"_s}).code, 3);
    }
};

PROMDECK_TEST_MAIN(TestDeployVerbs)
#include "tst_deployverbs.moc"
