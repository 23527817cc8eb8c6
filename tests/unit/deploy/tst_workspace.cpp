// promdeck.yaml: what it may say, where it is wrong, and what comes out of it.
#include "models/config/filechecker.h"
#include "models/core/files.h"
#include "provisioning/workspace/rendered.h"
#include "tests/support/testsupport.h"

#include <QDir>
#include <QTemporaryDir>

using namespace Promdeck;
using namespace Promdeck::Deploy;
using namespace Qt::StringLiterals;

namespace {

const char* const kWorkspace = "version: 1\n"
                               "name: production\n"
                               "hosts:\n"
                               "  prom-a: {address: root@10.0.0.1:2222, groups: [prom]}\n"
                               "  prom-b: {groups: [prom], sudo: never}\n"
                               "  edge: {address: local, state_dir: /tmp/state}\n"
                               "ha_pairs: [[prom-a, prom-b]]\n"
                               "rollout: {canary: [edge], batch: 50%, stop_after: 2, confirm_within: 2m}\n"
                               "secrets: {smtp: 'env:PROMDECK_TEST_SMTP', token: 'file:token.txt'}\n"
                               "units:\n"
                               "  prometheus:\n"
                               "    component: prometheus\n"
                               "    hosts: [prom]\n"
                               "    service: prometheus\n"
                               "    url: http://127.0.0.1:9090/\n"
                               "    group: prometheus\n"
                               "    mode: \"0640\"\n"
                               "    files:\n"
                               "      - {source: prometheus.yml}\n"
                               "      - {source: rules/, target: rules/}\n"
                               "  node:\n"
                               "    component: node_exporter\n"
                               "    hosts: [edge]\n"
                               "    process: {pid_file: /run/node.pid, restart: [systemctl, restart, node]}\n"
                               "    files: [{source: web.yml, target: /etc/web/web.yml, mode: \"0600\"}]\n";

QString writeWorkspace(const QTemporaryDir& folder, const QByteArray& text)
{
    QDir(folder.path()).mkpath(u"rules/deep"_s);
    const auto put = [&](const QString& name, const QByteArray& content) {
        const Status written = writeFileAtomically(folder.filePath(name), content);
        if (!written)
            qFatal("%s", qPrintable(written.error().toString()));
    };
    put(u"promdeck.yaml"_s, text);
    put(u"prometheus.yml"_s, "global: {}\nscrape_configs: [{job_name: a, basic_auth: {username: x, password: <secret:token>}}]\n");
    put(u"rules/b.yml"_s, "groups: []\n");
    put(u"rules/deep/a.yml"_s, "groups: []\n");
    put(u"rules/b.yml~"_s, "left by an editor\n");
    put(u"web.yml"_s, "basic_auth_users: {}\n");
    put(u"token.txt"_s, "t0p-secret\n");
    return folder.path();
}

} // namespace

class TestWorkspace final : public QObject
{
    Q_OBJECT
private Q_SLOTS:
    void reads();
    void refusesWithPlace_data();
    void refusesWithPlace();
    void rendersFilesWithSecrets();
    void refusesLinksOutOfTheWorkspace();
    void missingSecretIsNamed();
};

void TestWorkspace::reads()
{
    const QTemporaryDir folder;
    const Result<Workspace> workspace = readWorkspace(writeWorkspace(folder, kWorkspace));
    QVERIFY_RESULT(workspace);
    QCOMPARE(workspace->name, u"production"_s);
    QCOMPARE(workspace->hosts.size(), std::size_t(3));
    QCOMPARE(workspace->host(u"prom-a"_s)->address, u"root@10.0.0.1:2222"_s);
    QCOMPARE(workspace->host(u"prom-b"_s)->address, u"prom-b"_s);
    QVERIFY(workspace->host(u"prom-b"_s)->sudo == WorkspaceHost::Sudo::Never);
    const WorkspaceUnit* unit = workspace->unit(u"prometheus"_s);
    QCOMPARE(unit->hosts, QStringList({u"prom-a"_s, u"prom-b"_s}));
    QCOMPARE(unit->directory, u"/etc/prometheus"_s);
    QCOMPARE(unit->config, u"prometheus.yml"_s);
    QVERIFY(unit->runner == WorkspaceUnit::Runner::Service);
    QCOMPARE(unit->files.at(0).mode, u"0640"_s);
    QCOMPARE(workspace->haPairs.at(0), QStringList({u"prom-a"_s, u"prom-b"_s}));
    QCOMPARE(workspace->rollout.batchPercent, 50);
    QCOMPARE(workspace->rollout.stopAfter, 2);
    QCOMPARE(workspace->rollout.confirmWithinS, 120);
    QCOMPARE(workspace->unitsOn(u"edge"_s).size(), std::size_t(1));
    QCOMPARE(workspace->unit(u"node"_s)->restart.join(u' '), u"systemctl restart node"_s);
}

void TestWorkspace::refusesWithPlace_data()
{
    QTest::addColumn<QByteArray>("from");
    QTest::addColumn<QByteArray>("to");
    QTest::addColumn<QString>("code");
    QTest::addColumn<int>("line");
    QTest::newRow("version") << QByteArray("version: 1") << QByteArray("version: 2") << u"workspace/version"_s << 1;
    QTest::newRow("unknown key") << QByteArray("sudo: never") << QByteArray("sudoo: never") << u"prometheus/unknown-key"_s << 5;
    QTest::newRow("sudo word") << QByteArray("sudo: never") << QByteArray("sudo: maybe") << u"workspace/sudo"_s << 5;
    QTest::newRow("pair of nobody") << QByteArray("[[prom-a, prom-b]]") << QByteArray("[[prom-a, prom-c]]") << u"workspace/unknown-host"_s << 7;
    QTest::newRow("batch") << QByteArray("batch: 50%") << QByteArray("batch: 0%") << u"workspace/batch"_s << 8;
    QTest::newRow("secret in plain text") << QByteArray("env:PROMDECK_TEST_SMTP") << QByteArray("hunter2") << u"workspace/secret"_s << 9;
    QTest::newRow("component") << QByteArray("component: prometheus") << QByteArray("component: promethus") << u"workspace/component"_s << 12;
    QTest::newRow("host of a unit") << QByteArray("hosts: [prom]") << QByteArray("hosts: [promm]") << u"workspace/unknown-host"_s << 13;
    QTest::newRow("credentials in url") << QByteArray("http://127.0.0.1") << QByteArray("http://u:p@127.0.0.1") << u"workspace/url"_s << 15;
    QTest::newRow("mode") << QByteArray("mode: \"0640\"") << QByteArray("mode: \"0988\"") << u"workspace/mode"_s << 17;
    QTest::newRow("source outside") << QByteArray("{source: prometheus.yml}") << QByteArray("{source: ../x.yml}") << u"workspace/source"_s << 19;
    QTest::newRow("source missing") << QByteArray("{source: prometheus.yml}") << QByteArray("{source: gone.yml}") << u"workspace/missing-file"_s << 19;
    QTest::newRow("SIGHUP ends it") << QByteArray("    process: {") << QByteArray("    reload: signal\n    process: {") << u"workspace/reload"_s << 24;
    QTest::newRow("no way to restart") << QByteArray(", restart: [systemctl, restart, node]") << QByteArray() << u"workspace/reload"_s << 22;
}

void TestWorkspace::refusesWithPlace()
{
    QFETCH(const QByteArray, from);
    QFETCH(const QByteArray, to);
    QFETCH(const QString, code);
    QFETCH(const int, line);
    const QTemporaryDir folder;
    QByteArray text = kWorkspace;
    QVERIFY(text.contains(from));
    text.replace(text.indexOf(from), from.size(), to);
    const QString path = writeWorkspace(folder, text) + u"/promdeck.yaml"_s;
    Config::FileChecker checker({});
    QVERIFY_RESULT(checker.checkFile(path));
    QVERIFY(checker.reports().at(0).kind == Config::FileKind::Workspace);
    const Config::Diagnostics& found = checker.reports().at(0).diagnostics;
    const auto hit = std::find_if(found.begin(), found.end(), [&](const Config::Diagnostic& one) { return one.code == code || (code.endsWith(u"unknown-key") && one.code.endsWith(u"unknown-key")); });
    QStringList all;
    for (const Config::Diagnostic& one : found)
        all << one.code + u" in "_s + QString::number(one.span.start.line);
    QVERIFY2(hit != found.end(), qPrintable(all.join(u", "_s)));
    QCOMPARE(hit->span.start.line, line);
    const Result<Workspace> workspace = readWorkspace(path);
    QVERIFY(!workspace.ok());
    QVERIFY(!workspace.error().toString().contains(u"hunter2"));
}

void TestWorkspace::rendersFilesWithSecrets()
{
    const QTemporaryDir folder;
    const Result<Workspace> workspace = readWorkspace(writeWorkspace(folder, kWorkspace));
    QVERIFY_RESULT(workspace);
    const auto files = renderUnit(*workspace, *workspace->unit(u"prometheus"_s), {{u"token"_s, "t0p-secret"}});
    QVERIFY_RESULT(files);
    QCOMPARE(files->size(), std::size_t(3)); // and not what the editor left
    QCOMPARE(files->at(0).path, QByteArray("/etc/prometheus/prometheus.yml"));
    QVERIFY(files->at(0).content.contains("password: t0p-secret}"));
    QVERIFY(files->at(0).hasSecrets);
    QCOMPARE(files->at(1).path, QByteArray("/etc/prometheus/rules/b.yml"));
    QCOMPARE(files->at(2).path, QByteArray("/etc/prometheus/rules/deep/a.yml"));
    const auto node = renderUnit(*workspace, *workspace->unit(u"node"_s), {});
    QVERIFY_RESULT(node);
    QCOMPARE(node->at(0).path, QByteArray("/etc/web/web.yml"));
    const auto without = renderUnit(*workspace, *workspace->unit(u"prometheus"_s), {});
    QVERIFY(!without.ok() && without.error().code == ErrorCode::Reference);
    QCOMPARE(without.error().where.line, 2);
}

void TestWorkspace::refusesLinksOutOfTheWorkspace()
{
    const QTemporaryDir folder;
    const Result<Workspace> workspace = readWorkspace(writeWorkspace(folder, kWorkspace));
    QVERIFY_RESULT(workspace);
    QVERIFY(QFile::link(u"/etc/hostname"_s, folder.filePath(u"rules/link.yml"_s)));
    const auto files = renderUnit(*workspace, *workspace->unit(u"prometheus"_s), {{u"token"_s, "t"}});
    QVERIFY(!files.ok());
    QVERIFY(files.error().summary.contains(u"rules/link.yml"));
}

void TestWorkspace::missingSecretIsNamed()
{
    const QTemporaryDir folder;
    const Result<Workspace> workspace = readWorkspace(writeWorkspace(folder, kWorkspace));
    QVERIFY_RESULT(workspace);
    std::optional<Result<SecretValues>> answer;
    resolveSecrets(*workspace, nullptr).then([&](const Result<SecretValues>& values) { answer = values; });
    QTRY_VERIFY(answer.has_value());
    QVERIFY(!answer->ok());
    QVERIFY(answer->error().toString().contains(u"smtp"));
    qputenv("PROMDECK_TEST_SMTP", "mail-pass");
    answer.reset();
    resolveSecrets(*workspace, nullptr).then([&](const Result<SecretValues>& values) { answer = values; });
    QTRY_VERIFY(answer.has_value());
    QVERIFY_RESULT(*answer);
    QCOMPARE(answer->value().at(u"smtp"_s), QByteArray("mail-pass"));
    QCOMPARE(answer->value().at(u"token"_s), QByteArray("t0p-secret"));
}

PROMDECK_TEST_MAIN(TestWorkspace)
#include "tst_workspace.moc"
