#include "tests/integration/backup/backupfixture.h"

#include <QProcess>

using namespace Promdeck;
using namespace Promdeck::Testing;
using namespace Qt::StringLiterals;

namespace {

struct Output
{
    int exitCode = -1;
    QByteArray out;
    QByteArray err;
    [[nodiscard]] Json json() const { return Json::parse(out).valueOr({}); }
};

/// `promdeck backup WORDS...`, as a script runs it.
Output backup(const QStringList& words, const QStringList& environment = {})
{
    QProcess process;
    QProcessEnvironment variables = QProcessEnvironment::systemEnvironment();
    for (const QString& each : environment)
        variables.insert(each.section(u'=', 0, 0), each.section(u'=', 1));
    process.setProcessEnvironment(variables);
    process.start(QStringLiteral(PROMDECK_HOSTS_PROGRAM), QStringList {u"backup"_s} + words);
    if (!QTest::qWaitFor([&] { return process.state() == QProcess::NotRunning; }, 60000) || process.exitStatus() != QProcess::NormalExit)
        return {-1, process.readAllStandardOutput(), process.readAllStandardError()};
    return {process.exitCode(), process.readAllStandardOutput(), process.readAllStandardError()};
}

} // namespace

class TestBackupVerb final : public QObject
{
    Q_OBJECT

private Q_SLOTS:
    void goesAllTheWay();
    void hasTheExitCodes();
    void keepsSecretsToItself();
    void takesAWorkspace();
    void drills();
};

void TestBackupVerb::goesAllTheWay()
{
    QTemporaryDir folder;
    const QString place = folder.filePath(u"backups"_s);
    const QString tree = folder.filePath(u"tree"_s);
    QVERIFY(writeText(tree + u"/a.yml"_s, "first\n"));
    const Output made = backup({u"create"_s, u"--repository"_s, place, u"--files"_s, u"etc="_s + tree, u"--stack"_s, u"prod"_s, u"--tag"_s, u"gold"_s, u"--json"_s});
    QVERIFY2(made.exitCode == 0, made.err.constData());
    const QString name = made.json()[u"backup"][u"name"].toString();
    QVERIFY(name.startsWith(u"prod-localhost-"_s));
    QVERIFY(made.err.contains("transfer etc"));
    const Output listed = backup({u"list"_s, u"--repository"_s, place, u"--json"_s});
    QCOMPARE(listed.json()[u"backups"].at(0)[u"tags"].at(0).toString(), u"gold"_s);
    const Output verified = backup({u"verify"_s, u"--repository"_s, place, u"latest"_s, u"--json"_s});
    QCOMPARE(verified.exitCode, 0);
    QCOMPARE(verified.json()[u"results"].at(0)[u"how"].toString(), u"content"_s);
    QVERIFY(writeText(tree + u"/a.yml"_s, "second\n"));
    // Without a terminal and without --yes nothing happens.
    const Output asked = backup({u"restore"_s, u"--repository"_s, place, name});
    QCOMPARE(asked.exitCode, 1);
    QVERIFY(asked.out.contains("~ a.yml"));
    QCOMPARE(Testing::readFile(tree + u"/a.yml"_s), QByteArray("second\n"));
    const Output restored = backup({u"restore"_s, u"--repository"_s, place, name, u"--yes"_s, u"--json"_s});
    QVERIFY2(restored.exitCode == 0, restored.err.constData());
    QVERIFY(restored.json()[u"restored"].toBool());
    QCOMPARE(Testing::readFile(tree + u"/a.yml"_s), QByteArray("first\n"));
    QCOMPARE(Testing::readFile(restored.json()[u"swapped"].at(0)[u"old"].toString() + u"/a.yml"_s), QByteArray("second\n"));
    const Output contents = backup({u"restore"_s, u"--repository"_s, place, name, u"--contents"_s});
    QVERIFY(contents.out.contains("etc/files/a.yml"));
    const QString out = folder.filePath(u"out"_s);
    QCOMPARE(backup({u"restore"_s, u"--repository"_s, place, name, u"--extract"_s, out}).exitCode, 0);
    QCOMPARE(Testing::readFile(out + u"/etc/files/a.yml"_s), QByteArray("first\n"));
    QCOMPARE(backup({u"restore"_s, u"--repository"_s, place, name, u"--extract"_s, out}).exitCode, 2);
    QCOMPARE(backup({u"create"_s, u"--repository"_s, place, u"--files"_s, u"etc="_s + tree, u"--stack"_s, u"prod"_s}).exitCode, 0);
    const Output dry = backup({u"prune"_s, u"--repository"_s, place, u"--keep-last"_s, u"1"_s, u"--dry-run"_s, u"--json"_s});
    QCOMPARE(dry.json()[u"removed"].toInt(), 1);
    QCOMPARE(backup({u"list"_s, u"--repository"_s, place, u"--json"_s}).json()[u"backups"].size(), 2);
    QCOMPARE(backup({u"prune"_s, u"--repository"_s, place, u"--keep-last"_s, u"1"_s}).exitCode, 0);
    QCOMPARE(backup({u"list"_s, u"--repository"_s, place, u"--json"_s}).json()[u"backups"].size(), 1);
}

void TestBackupVerb::hasTheExitCodes()
{
    QTemporaryDir folder;
    QCOMPARE(backup({}).exitCode, 2);
    QCOMPARE(backup({u"fly"_s}).exitCode, 2);
    QCOMPARE(backup({u"--help"_s}).exitCode, 0);
    QCOMPARE(backup({u"create"_s, u"--help"_s}).exitCode, 0);
    QCOMPARE(backup({u"create"_s, u"--repository"_s, folder.path()}).exitCode, 2);
    QCOMPARE(backup({u"list"_s, u"--repository"_s, folder.filePath(u"none"_s)}).exitCode, 2);
    QCOMPARE(backup({u"list"_s, u"--no-such-option"_s}).exitCode, 2);
    QVERIFY(!QFile::exists(folder.filePath(u"none"_s)));
    // Nothing listens there.
    const Output refused = backup({u"create"_s, u"--repository"_s, folder.path(), u"--prometheus"_s, u"http://127.0.0.1:%1"_s.arg(freePort()), u"--json"_s});
    QCOMPARE(refused.exitCode, 3);
    QCOMPARE(refused.json()[u"error"][u"code"].toString(), u"connection-refused"_s);
    QVERIFY(writeText(folder.filePath(u"tree/a"_s), "a"));
    const Output made = backup({u"create"_s, u"--repository"_s, folder.path(), u"--files"_s, u"a="_s + folder.filePath(u"tree"_s), u"--json"_s});
    QCOMPARE(made.exitCode, 0);
    QFile file(folder.filePath(made.json()[u"backup"][u"name"].toString() + u".mgrb"_s));
    QVERIFY(file.open(QIODevice::ReadWrite) && file.resize(file.size() - 1));
    file.close();
    QCOMPARE(backup({u"verify"_s, u"--repository"_s, folder.path()}).exitCode, 1);
    QCOMPARE(backup({u"restore"_s, u"--repository"_s, folder.path(), u"latest"_s, u"--yes"_s}).exitCode, 1);
    QCOMPARE(Testing::readFile(folder.filePath(u"tree/a"_s)), QByteArray("a"));
}

void TestBackupVerb::keepsSecretsToItself()
{
    QTemporaryDir folder;
    const QString place = folder.filePath(u"backups"_s);
    QVERIFY(writeText(folder.filePath(u"tree/a"_s), "hidden content"));
    const QStringList environment {u"PASS=correct-horse-battery"_s};
    const Output made = backup({u"create"_s, u"--repository"_s, place, u"--files"_s, u"a="_s + folder.filePath(u"tree"_s), u"--passphrase"_s, u"env:PASS"_s}, environment);
    QVERIFY2(made.exitCode == 0, made.err.constData());
    const Output wrong = backup({u"verify"_s, u"--repository"_s, place, u"--passphrase"_s, u"env:PASS"_s}, {u"PASS=another"_s});
    QCOMPARE(wrong.exitCode, 2);
    QVERIFY(wrong.err.contains("passphrase is wrong"));
    QCOMPARE(backup({u"verify"_s, u"--repository"_s, place, u"--passphrase"_s, u"env:PASS"_s}, environment).exitCode, 0);
    // Sealed: who made it cannot read it again.
    const QString key = folder.filePath(u"key"_s);
    QCOMPARE(backup({u"keygen"_s, key}).exitCode, 0);
    QCOMPARE(backup({u"keygen"_s, key}).exitCode, 1);
    QVERIFY(!(QFile::permissions(key) & (QFile::ReadGroup | QFile::ReadOther)));
    QCOMPARE(backup({u"create"_s, u"--repository"_s, place, u"--files"_s, u"b="_s + folder.filePath(u"tree"_s), u"--public-key"_s, key + u".pub"_s}).exitCode, 0);
    QCOMPARE(backup({u"restore"_s, u"--repository"_s, place, u"latest"_s, u"--contents"_s}).exitCode, 2);
    const Output opened = backup({u"restore"_s, u"--repository"_s, place, u"latest"_s, u"--contents"_s, u"--secret-key"_s, key});
    QVERIFY2(opened.out.contains("b/files/a"), opened.err.constData());
    QDir backups(place);
    const QByteArray secret = Testing::readFile(key).trimmed().split(' ').last();
    for (const QString& name : backups.entryList(QDir::Files)) {
        const QByteArray content = Testing::readFile(backups.filePath(name));
        QVERIFY2(!content.contains("correct-horse-battery") && !content.contains("hidden content") && !content.contains(secret), qPrintable(name));
    }
    for (const QByteArray& said : {made.out, made.err, wrong.out, wrong.err})
        QVERIFY(!said.contains("correct-horse-battery"));
}

void TestBackupVerb::takesAWorkspace()
{
    const auto server = TestServer::prometheus({.samples = someSamples()});
    QVERIFY(server);
    QTemporaryDir folder;
    const QString etc = folder.filePath(u"etc"_s);
    QVERIFY(writeText(etc + u"/prometheus.yml"_s, "global: {}\n"));
    QVERIFY(writeText(folder.filePath(u"workspace/prometheus/prometheus.yml"_s), "global: {}\n"));
    QVERIFY(writeText(folder.filePath(u"workspace/promdeck.yaml"_s),
                      "version: 1\nhosts:\n  here: {address: local}\nunits:\n  main-prometheus:\n    component: prometheus\n    directory: " + etc.toUtf8()
                          + "\n    url: " + server->url().toEncoded() + "\n    files:\n      - {source: prometheus/prometheus.yml, target: prometheus.yml}\n"));
    const Output made = backup({u"create"_s, u"--repository"_s, folder.filePath(u"backups"_s), u"--workspace"_s, folder.filePath(u"workspace"_s), u"--json"_s});
    QVERIFY2(made.exitCode == 0, made.err.constData());
    const Json record = made.json()[u"backups"].at(0);
    QCOMPARE(record[u"host"].toString(), u"here"_s);
    QCOMPARE(record[u"components"].at(0)[u"id"].toString(), u"main-prometheus"_s);
    QCOMPARE(record[u"components"].at(0)[u"method"].toString(), u"snapshot"_s);
    QVERIFY(snapshotsOf(*server).isEmpty());
    QCOMPARE(backup({u"create"_s, u"--repository"_s, folder.filePath(u"backups"_s), u"--workspace"_s, folder.filePath(u"workspace"_s), u"--host"_s, u"other"_s}).exitCode, 2);
}

void TestBackupVerb::drills()
{
    const auto server = TestServer::prometheus({.samples = someSamples()});
    QVERIFY(server);
    QTemporaryDir folder;
    const Output made = backup({u"create"_s, u"--repository"_s, folder.path(), u"--prometheus"_s, server->url().toString(), u"--golden"_s, u"sum(up)"_s});
    QVERIFY2(made.exitCode == 0, made.err.constData());
    const Output drill = backup({u"drill"_s, u"--repository"_s, folder.path(), u"--prometheus-program"_s, serverBinary(u"prometheus"_s), u"--promtool-program"_s,
                                 serverBinary(u"promtool"_s), u"--json"_s});
    QVERIFY2(drill.exitCode == 0, drill.err.constData());
    const Json report = drill.json();
    QVERIFY(report[u"passed"].toBool() && report[u"rtoSeconds"].toDouble() > 0);
    QCOMPARE(report[u"golden"].at(report[u"golden"].size() - 1)[u"expr"].toString(), u"sum(up)"_s);
}

PROMDECK_TEST_MAIN(TestBackupVerb)
#include "tst_backupverb.moc"
