#include "tests/integration/backup/backupfixture.h"
#include "tests/integration/ssh/sshtest.h"

#include "provisioning/backup/restore.h"
#include "provisioning/ssh/sshtunnels.h"

using namespace Promdeck;
using namespace Promdeck::Backup;
using namespace Promdeck::Testing;
using namespace Qt::StringLiterals;

/// The same over a real sshd: files by SFTP and commands, the API through a tunnel, the repository on the host.
class TestBackupSsh final : public QObject
{
    Q_OBJECT

private Q_SLOTS:
    void backsUpAndRestores();
};

void TestBackupSsh::backsUpAndRestores()
{
    const auto sshd = TestSshd::start();
    QVERIFY(sshd);
    sshd->trust();
    const auto hosts = std::make_shared<SshHosts>(std::make_shared<ScriptedPrompter>(), sourceFor(*sshd));
    const auto host = hosts->host(u"srv"_s);
    QVERIFY_RESULT(host);
    const auto server = TestServer::prometheus({.samples = someSamples()});
    QVERIFY(server);
    QTemporaryDir folder;
    const auto repository = openHostRepository(*host, QFile::encodeName(folder.filePath(u"far/backups"_s)));
    ComponentSpec spec = prometheusSpec(*server);
    const auto tunnel = SshTunnels(hosts).tunnel(u"srv"_s);
    QVERIFY_RESULT(tunnel);
    spec.http.tunnel = *tunnel;
    QVERIFY(writeText(folder.filePath(u"tree/a b/file"_s), QByteArray(3000000, 'x')));
    auto record = runBackup(*host, {spec, folderSpec(u"any"_s, folder.filePath(u"tree"_s))}, *repository, {}, {});
    QVERIFY_RESULT(record);
    QCOMPARE(record->host, u"srv"_s);
    QVERIFY(snapshotsOf(*server).isEmpty());
    QVERIFY_RESULT(verifyBackup(*repository, *record, {}, true, {}));
    QVERIFY(writeText(folder.filePath(u"tree/a b/file"_s), "spoilt"));
    RestoreOptions options;
    options.components = {u"any"_s};
    const auto report = runRestore(**host, *repository, *record, {}, options, {});
    QVERIFY_RESULT(report);
    QVERIFY(!report->failure);
    QCOMPARE(Testing::readFile(folder.filePath(u"tree/a b/file"_s)).size(), 3000000);
    // The line is cut in the middle: an error, and nothing listed.
    bool cut = false;
    const auto broken = runBackup(*host, {folderSpec(u"any"_s, folder.filePath(u"tree"_s))}, *repository, {}, {}, [&](const QString& step, const QString&, qint64, qint64) {
        if (step == u"transfer" && !cut) {
            cut = true;
            sshd->killSessions();
        }
    });
    QVERIFY(cut);
    const auto all = listBackups(*repository, {});
    QVERIFY_RESULT(all);
    QCOMPARE(all->size(), broken ? size_t(2) : size_t(1));
}

PROMDECK_TEST_MAIN(TestBackupSsh)
#include "tst_backupssh.moc"
