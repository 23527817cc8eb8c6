#include "tests/integration/backup/backupfixture.h"
#include "tests/support/fakehttp.h"

#include <QRandomGenerator>

#include <thread>

#include <signal.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <unistd.h>

using namespace Promdeck;
using namespace Promdeck::Backup;
using namespace Promdeck::Testing;
using namespace Qt::StringLiterals;

namespace {

std::shared_ptr<Host> here()
{
    return std::make_shared<LocalHost>();
}

BackupOptions options()
{
    BackupOptions out;
    out.stack = u"Produktion / 1"_s;
    out.tags = {u"test"_s};
    return out;
}

/// What the archive of a record holds, by path.
std::map<QByteArray, QByteArray> contentsOf(Repository& repository, const BackupRecord& record, Manifest* manifest = nullptr,
                                            const ArchiveKeys& keys = {})
{
    class Visitor final : public ArchiveVisitor
    {
    public:
        Result<bool> beginFile(const ManifestFile& file) override
        {
            current = file.path;
            found[current] = file.linkTarget;
            return true;
        }
        Status write(const char* data, qint64 size) override
        {
            found[current].append(data, size);
            return Done {};
        }
        Status finishFile(const ManifestFile&) override { return Done {}; }
        QByteArray current;
        std::map<QByteArray, QByteArray> found;
    };
    const auto source = repository.open(record.name + kBackupSuffix, {});
    if (!source)
        return {};
    ArchiveReader reader(**source);
    Visitor visitor;
    Status read = reader.open(keys);
    if (read)
        read = reader.readAll(&visitor);
    if (!read)
        QTest::qFail(qPrintable(read.error().toString()), __FILE__, __LINE__);
    if (manifest)
        *manifest = reader.manifest();
    return visitor.found;
}

QStringList filesIn(const QString& folder)
{
    return QDir(folder).entryList(QDir::Files | QDir::Hidden, QDir::Name);
}

} // namespace

class TestBackupRun final : public QObject
{
    Q_OBJECT

private Q_SLOTS:
    void backsUpAPrometheus();
    void takesBlocksWhereThereIsNoApi();
    void saysWhatToDoWithoutTheApi();
    void removesWhatAKilledRunLeft();
    void leavesOtherPeoplesSnapshots();
    void keepsSilences();
    void keepsGrafanasObjects();
    void keepsAnyFiles();
    void worksWithSimpleTools();
    void asksDockerAndDatabases();
    void noticesFilesThatChange();
    void leavesNothingWhenCancelled();
    void cleansUpAfterKilledUploads();
    void survivesKills();
    void storesOnAnotherHost();
    void verifiesAndPrunes();
};

void TestBackupRun::backsUpAPrometheus()
{
    const auto server = TestServer::prometheus({.samples = someSamples()});
    QVERIFY(server);
    QTemporaryDir folder;
    auto repository = openFolderRepository(folder.filePath(u"backups"_s));
    QVERIFY_RESULT(repository);
    QStringList steps;
    const auto record = runBackup(here(), {prometheusSpec(*server)}, **repository, options(), {}, [&](const QString& step, const QString&, qint64, qint64) {
        if (!steps.contains(step))
            steps << step;
    });
    QVERIFY_RESULT(record);
    QCOMPARE(steps, QStringList({u"snapshot"_s, u"list"_s, u"transfer"_s, u"verify"_s, u"publish"_s}));
    QVERIFY(record->name.startsWith(u"produktion---1-localhost-"_s));
    QVERIFY(record->verifiedAtMs() > 0 && record->verified.front().content);
    QCOMPARE(filesIn(folder.filePath(u"backups"_s)),
             QStringList({record->name + u".json"_s, record->name + u".mgrb"_s, record->name + u".mgrb.sha256"_s}));
    QVERIFY(snapshotsOf(*server).isEmpty());
    Manifest manifest;
    const auto contents = contentsOf(**repository, *record, &manifest);
    QVERIFY(contents.contains("prometheus/config/prometheus.yml"));
    QVERIFY(std::any_of(contents.begin(), contents.end(), [](const auto& file) { return file.first.endsWith("/chunks/000001") && !file.second.isEmpty(); }));
    const ManifestComponent& component = manifest.components.front();
    QCOMPARE(component.version, u"2.42.0+ds"_s);
    QCOMPARE(component.method, u"snapshot"_s);
    QVERIFY(component.dataUntilMs > component.dataFromMs && component.dataFromMs > 0);
    // The samples that were loaded, and what the server says about itself.
    QCOMPARE(component.golden.front().expr, u"count(up)"_s);
    QVERIFY(component.golden.front().result.at(0)[u"value"].toString().toInt() >= 3);
    // The sidecar is one that sha256sum reads.
    const QByteArray checked = runTool(u"/usr/bin/sha256sum"_s, {u"-c"_s, record->name + u".mgrb.sha256"_s}, folder.filePath(u"backups"_s));
    QVERIFY(checked.endsWith(": OK\n"));
}

void TestBackupRun::takesBlocksWhereThereIsNoApi()
{
    const auto server = TestServer::prometheus({.samples = someSamples(), .adminApi = false});
    QVERIFY(server);
    QTemporaryDir folder;
    auto repository = openFolderRepository(folder.path());
    QVERIFY_RESULT(repository);
    const auto record = runBackup(here(), {prometheusSpec(*server, ComponentSpec::Tsdb::Blocks)}, **repository, options(), {});
    QVERIFY_RESULT(record);
    const auto contents = contentsOf(**repository, *record);
    QVERIFY(std::any_of(contents.begin(), contents.end(), [](const auto& file) { return file.first.endsWith("/meta.json"); }));
    QVERIFY(std::none_of(contents.begin(), contents.end(), [](const auto& file) { return file.first.contains("wal") || file.first.contains("chunks_head"); }));
    QCOMPARE(record->components.front().method, u"blocks"_s);
    QVERIFY(!record->components.front().notes.isEmpty());
    QVERIFY(snapshotsOf(*server).isEmpty());
}

void TestBackupRun::saysWhatToDoWithoutTheApi()
{
    const auto server = TestServer::prometheus({.adminApi = false});
    QVERIFY(server);
    QTemporaryDir folder;
    auto repository = openFolderRepository(folder.path());
    QVERIFY_RESULT(repository);
    const auto record = runBackup(here(), {prometheusSpec(*server)}, **repository, options(), {});
    QVERIFY(!record.ok());
    QCOMPARE(record.error().code, ErrorCode::Unsupported);
    QVERIFY(record.error().hint.contains(u"--web.enable-admin-api"_s) && record.error().hint.contains(u"blocks"_s));
    QVERIFY(filesIn(folder.path()).isEmpty());
    QVERIFY(snapshotsOf(*server).isEmpty());
}

/// What a run leaves that was killed between asking for a snapshot and hearing its name, and after that.
void TestBackupRun::removesWhatAKilledRunLeft()
{
    const auto server = TestServer::prometheus({.samples = someSamples()});
    QVERIFY(server);
    QTemporaryDir folder;
    auto repository = openFolderRepository(folder.path());
    QVERIFY_RESULT(repository);
    const QString snapshots = server->path(u"data/snapshots"_s);
    const QString now = QDateTime::currentDateTimeUtc().toString(u"yyyyMMdd'T'HHmmss'Z'"_s);
    const QString mine = now + u"-1234567890abcdef"_s;
    const QString theirs = u"20200101T000000Z-1234567890abcdef"_s;
    for (const bool named : {false, true}) {
        QVERIFY(writeText(snapshots + u'/' + mine + u"/block/meta.json"_s, "{}"));
        QVERIFY(writeText(snapshots + u'/' + theirs + u"/block/meta.json"_s, "{}"));
        const QByteArray owner = QSysInfo::machineUniqueId() + ' ' + QSysInfo::machineHostName().toUtf8() + ' ' + QByteArray::number(::getuid());
        QVERIFY(writeText(snapshots + u"/.promdeck-backup"_s,
                          owner + '\n' + now.toUtf8() + '\n' + (named ? mine.toUtf8() : QByteArray()) + '\n' + (named ? QByteArray() : theirs.toUtf8())));
        QStringList cleaned;
        const auto record = runBackup(here(), {prometheusSpec(*server)}, **repository, options(), {}, [&](const QString& step, const QString& about, qint64, qint64) {
            if (step == u"clean")
                cleaned << about;
        });
        QVERIFY_RESULT(record);
        QCOMPARE(cleaned, QStringList {mine});
        QCOMPARE(snapshotsOf(*server), QStringList {theirs});
    }
    // Somebody else's run, which may be alive.
    QVERIFY(writeText(snapshots + u"/.promdeck-backup"_s, "other-machine elsewhere 0\n" + now.toUtf8() + "\n" + theirs.toUtf8() + "\n"));
    const auto refused = runBackup(here(), {prometheusSpec(*server)}, **repository, options(), {});
    QCOMPARE(refused.error().code, ErrorCode::Conflict);
    QVERIFY(refused.error().detail.contains(u"elsewhere"_s));
    QVERIFY(snapshotsOf(*server).contains(theirs));
}

void TestBackupRun::leavesOtherPeoplesSnapshots()
{
    const auto server = TestServer::prometheus({.samples = someSamples()});
    QVERIFY(server);
    QTemporaryDir folder;
    auto repository = openFolderRepository(folder.path());
    QVERIFY_RESULT(repository);
    BlockingHttp http;
    HttpRequest request;
    request.method = HttpRequest::Method::Post;
    request.url = urlBelow(server->url(), u"api/v1/admin/tsdb/snapshot"_s);
    QVERIFY_RESULT(http.sendOk(request));
    const QStringList before = snapshotsOf(*server);
    QCOMPARE(before.size(), 1);
    QVERIFY_RESULT(runBackup(here(), {prometheusSpec(*server)}, **repository, options(), {}));
    QCOMPARE(snapshotsOf(*server), before);
}

void TestBackupRun::keepsSilences()
{
    const auto server = TestServer::alertmanager();
    QVERIFY(server);
    BlockingHttp http;
    HttpRequest request;
    request.method = HttpRequest::Method::Post;
    request.url = urlBelow(server->url(), u"api/v2/silences"_s);
    request.contentType = "application/json";
    request.body = "{\"matchers\":[{\"name\":\"a\",\"value\":\"b\",\"isRegex\":false,\"isEqual\":true}],\"startsAt\":\"2026-01-01T00:00:00Z\","
                   "\"endsAt\":\"2099-01-01T00:00:00Z\",\"createdBy\":\"me\",\"comment\":\"planned work\"}";
    QVERIFY_RESULT(http.sendOk(request));
    QTemporaryDir folder;
    auto repository = openFolderRepository(folder.path());
    QVERIFY_RESULT(repository);
    ComponentSpec spec;
    spec.id = u"alertmanager"_s;
    spec.kind = u"alertmanager"_s;
    spec.name = u"Alertmanager"_s;
    spec.url = server->url();
    spec.trees = {{u"config"_s, QFile::encodeName(server->path(u"alertmanager.yml"_s)), {}, {}}};
    Manifest manifest;
    const auto record = runBackup(here(), {spec}, **repository, options(), {});
    QVERIFY_RESULT(record);
    const auto contents = contentsOf(**repository, *record, &manifest);
    const Result<Json> silences = Json::parse(contents.at("alertmanager/api/silences.json"));
    QVERIFY_RESULT(silences);
    QCOMPARE(silences->size(), 1);
    QCOMPARE(silences->at(0)[u"comment"].toString(), u"planned work"_s);
    QVERIFY(contents.contains("alertmanager/config/alertmanager.yml"));
    QVERIFY(manifest.components.front().version.startsWith(u"0.25"_s));
}

void TestBackupRun::keepsGrafanasObjects()
{
    // A fake: Debian has no Grafana. It answers what a backup asks for, and has no contact points, as old ones.
    FakeHttpServer grafana([](const FakeHttpServer::Request& request) {
        const QByteArray path = request.path.split('?').first();
        if (request.header("Authorization") != "Bearer t0ken")
            return FakeHttpServer::answer("{\"message\":\"Unauthorized\"}", 401);
        if (path == "/api/health")
            return FakeHttpServer::answer("{\"version\":\"10.4.1\"}");
        if (path == "/api/search")
            return FakeHttpServer::answer("[{\"uid\":\"ab/c\"},{\"uid\":\"d\"}]");
        if (path == "/api/dashboards/uid/ab/c" || path == "/api/dashboards/uid/d")
            return FakeHttpServer::answer("{\"dashboard\":{\"title\":\"x\"},\"meta\":{}}");
        if (path == "/api/v1/provisioning/contact-points")
            return FakeHttpServer::answer("{\"message\":\"Not found\"}", 404);
        return FakeHttpServer::answer("[]");
    });
    QTemporaryDir folder;
    auto repository = openFolderRepository(folder.path());
    QVERIFY_RESULT(repository);
    ComponentSpec spec;
    spec.id = u"grafana"_s;
    spec.kind = u"grafana"_s;
    spec.name = u"Grafana"_s;
    spec.url = grafana.url();
    spec.http.headers = {{"Authorization", "Bearer t0ken"}};
    // The fake lives in this thread, so the backup needs another.
    Result<BackupRecord> record;
    std::atomic<bool> done = false;
    std::thread worker([&] {
        record = runBackup(here(), {spec}, **repository, options(), {});
        done = true;
    });
    QTRY_VERIFY_WITH_TIMEOUT(done.load(), 20000);
    worker.join();
    QVERIFY_RESULT(record);
    const auto contents = contentsOf(**repository, *record);
    QVERIFY(contents.contains("grafana/api/datasources.json") && contents.contains("grafana/api/folders.json"));
    QVERIFY(contents.contains("grafana/api/dashboard-ab%2Fc.json") && contents.contains("grafana/api/dashboard-d.json"));
    QVERIFY(!contents.contains("grafana/api/contact-points.json"));
    QVERIFY(record->components.front().notes.join(u' ').contains(u"contact-points"_s));
    QVERIFY(!Testing::readFile(folder.filePath(record->name + u".json"_s)).contains("t0ken"));
}

void TestBackupRun::keepsAnyFiles()
{
    QTemporaryDir folder;
    const QString tree = folder.filePath(u"tree"_s);
    QByteArray odd("it's \"$(id)\" \\ \n ");
    for (int c = 128; c < 200; ++c)
        odd += char(c);
    QVERIFY(writeText(tree + u"/a/b/c.txt"_s, "content\n"));
    QVERIFY(writeText(tree + u"/empty"_s, {}));
    QVERIFY(writeText(tree + u"/skip/me"_s, "not wanted"));
    const QByteArray oddPath = QFile::encodeName(tree) + '/' + odd;
    const std::unique_ptr<FILE, int (*)(FILE*)> file(std::fopen(oddPath.constData(), "wb"), &std::fclose);
    QVERIFY(file && std::fwrite(odd.constData(), 1, size_t(odd.size()), file.get()) == size_t(odd.size()));
    std::fflush(file.get());
    QVERIFY(QFile::link(u"../elsewhere"_s, tree + u"/link"_s));
    QCOMPARE(::mkfifo((QFile::encodeName(tree) + "/pipe").constData(), 0600), 0);
    QCOMPARE(::chmod((QFile::encodeName(tree) + "/a/b/c.txt").constData(), 0640), 0);
    auto repository = openFolderRepository(folder.filePath(u"repository"_s));
    QVERIFY_RESULT(repository);
    ComponentSpec spec = folderSpec(u"any"_s, tree);
    spec.trees.front().exclude = {"./skip"};
    BackupOptions locked = options();
    locked.protection = {ArchiveProtection::Method::Passphrase, SecretBytes(QByteArray("pass")), {}};
    const auto record = runBackup(here(), {spec}, **repository, locked, {});
    QVERIFY_RESULT(record);
    QCOMPARE(record->protection, u"passphrase"_s);
    Manifest manifest;
    const auto contents = contentsOf(**repository, *record, &manifest, {SecretBytes(QByteArray("pass")), {}});
    QCOMPARE(contents.at("any/files/a/b/c.txt"), QByteArray("content\n"));
    QCOMPARE(contents.at("any/files/empty"), QByteArray());
    QCOMPARE(contents.at("any/files/" + odd), odd);
    QCOMPARE(contents.at("any/files/link"), QByteArray("../elsewhere"));
    QVERIFY(!contents.contains("any/files/skip/me") && !contents.contains("any/files/pipe"));
    QVERIFY(record->components.front().notes.join(u' ').contains(u"/pipe"_s));
    const auto entry = std::find_if(manifest.files.begin(), manifest.files.end(), [](const ManifestFile& each) { return each.path.endsWith("c.txt"); });
    QCOMPARE(entry->mode, 0640);
    QCOMPARE(entry->uid, qint64(::getuid()));
    ::unlink(oddPath.constData());
}

/// Where find, xargs and sha256sum know nothing of NULs and formats: busybox.
void TestBackupRun::worksWithSimpleTools()
{
    QTemporaryDir folder;
    const QString tools = folder.filePath(u"tools"_s);
    QVERIFY(QDir().mkpath(tools));
    for (const QString& tool : {u"find"_s, u"sha256sum"_s, u"stat"_s, u"readlink"_s, u"xargs"_s, u"cat"_s})
        QVERIFY(fakeProgram(tools, tool, "exec busybox " + tool.toUtf8() + " \"$@\"\n"));
    const QString tree = folder.filePath(u"tree"_s);
    QVERIFY(writeText(tree + u"/a b/c's.txt"_s, "content\n"));
    QVERIFY(writeText(tree + u"/x/y"_s, "skipped\n"));
    QVERIFY(QFile::link(u"a b"_s, tree + u"/link"_s));
    auto repository = openFolderRepository(folder.filePath(u"repository"_s));
    QVERIFY_RESULT(repository);
    const QByteArray path = qgetenv("PATH");
    qputenv("PATH", QFile::encodeName(tools) + ':' + path);
    ComponentSpec spec = folderSpec(u"any"_s, tree);
    spec.trees.front().exclude = {"./x"};
    const auto record = runBackup(here(), {spec}, **repository, options(), {});
    qputenv("PATH", path);
    QVERIFY_RESULT(record);
    const auto contents = contentsOf(**repository, *record);
    QCOMPARE(contents.at("any/files/a b/c's.txt"), QByteArray("content\n"));
    QCOMPARE(contents.at("any/files/link"), QByteArray("a b"));
    QVERIFY(!contents.contains("any/files/x/y"));
}

void TestBackupRun::asksDockerAndDatabases()
{
    QTemporaryDir folder;
    QVERIFY(writeText(folder.filePath(u"volume/file"_s), "in a volume"));
    QVERIFY(fakeProgram(folder.path(), u"docker"_s, "[ \"$1 $2 $5\" = 'volume inspect grafana-data' ] && echo '" + QFile::encodeName(folder.filePath(u"volume"_s)) + "'\n"));
    QVERIFY(fakeProgram(folder.path(), u"pg_dump"_s, "[ \"$1\" = broken ] && { echo 'half a dump'; echo 'no such database' >&2; exit 1; }\nseq 100000\n"));
    const QByteArray path = qgetenv("PATH");
    qputenv("PATH", QFile::encodeName(folder.path()) + ':' + path);
    auto repository = openFolderRepository(folder.filePath(u"repository"_s));
    QVERIFY_RESULT(repository);
    ComponentSpec volume = folderSpec(u"volume"_s, {});
    volume.trees.front().dockerVolume = u"grafana-data"_s;
    ComponentSpec database;
    database.id = u"database"_s;
    database.kind = u"command"_s;
    database.name = u"PostgreSQL"_s;
    database.dumps = {{"all.sql", {"pg_dump", "all"}}};
    const auto record = runBackup(here(), {volume, database}, **repository, options(), {});
    ComponentSpec broken = database;
    broken.dumps.front().argv = {"pg_dump", "broken"};
    const auto failed = runBackup(here(), {broken}, **repository, options(), {});
    qputenv("PATH", path);
    QVERIFY_RESULT(record);
    const auto contents = contentsOf(**repository, *record);
    QCOMPARE(contents.at("volume/files/file"), QByteArray("in a volume"));
    QVERIFY(contents.at("database/dump/all.sql").endsWith("99999\n100000\n"));
    // A dump that failed is no backup, whatever it printed.
    QCOMPARE(failed.error().code, ErrorCode::RemoteExit);
    QVERIFY(failed.error().detail.contains(u"no such database"_s));
    QCOMPARE(listBackups(**repository, {})->size(), size_t(1));
}

void TestBackupRun::noticesFilesThatChange()
{
    QTemporaryDir folder;
    // Something else arrives than was hashed, the first time only.
    QVERIFY(writeText(folder.filePath(u"tree/file"_s), "first"));
    const QByteArray flag = QFile::encodeName(folder.filePath(u"flag"_s));
    QVERIFY(fakeProgram(folder.path(), u"xargs"_s, "case \"$*\" in *cat*) [ -e '" + flag + "' ] || { : >'" + flag + "'; echo other; exit 0; };; esac\nexec /usr/bin/xargs \"$@\"\n"));
    const QByteArray path = qgetenv("PATH");
    auto repository = openFolderRepository(folder.filePath(u"repository"_s));
    QVERIFY_RESULT(repository);
    qputenv("PATH", QFile::encodeName(folder.path()) + ':' + path);
    const auto record = runBackup(here(), {folderSpec(u"any"_s, folder.filePath(u"tree"_s))}, **repository, options(), {});
    qputenv("PATH", path);
    QVERIFY_RESULT(record); // the second attempt
    QCOMPARE(contentsOf(**repository, *record).at("any/files/file"), QByteArray("first"));
    QCOMPARE(listBackups(**repository, {})->size(), size_t(1));
    QVERIFY(QFile::remove(folder.filePath(u"flag"_s)));
    QVERIFY(fakeProgram(folder.path(), u"xargs"_s, "case \"$*\" in *cat*) echo other; exit 0;; esac\nexec /usr/bin/xargs \"$@\"\n"));
    qputenv("PATH", QFile::encodeName(folder.path()) + ':' + path);
    const auto never = runBackup(here(), {folderSpec(u"any"_s, folder.filePath(u"tree"_s))}, **repository, options(), {});
    qputenv("PATH", path);
    QCOMPARE(never.error().code, ErrorCode::Conflict);
    QCOMPARE(listBackups(**repository, {})->size(), size_t(1));
}

void TestBackupRun::leavesNothingWhenCancelled()
{
    const auto server = TestServer::prometheus({.samples = someSamples()});
    QVERIFY(server);
    QTemporaryDir folder;
    auto repository = openFolderRepository(folder.path());
    QVERIFY_RESULT(repository);
    for (const QString& moment : {u"snapshot"_s, u"list"_s, u"transfer"_s, u"verify"_s}) {
        std::stop_source stop;
        const auto record = runBackup(here(), {prometheusSpec(*server)}, **repository, options(), stop.get_token(), [&](const QString& step, const QString&, qint64, qint64) {
            if (step == moment)
                stop.request_stop();
        });
        QVERIFY2(!record.ok() && record.error().code == ErrorCode::Cancelled, qPrintable(moment + u": "_s + (record ? QString() : record.error().toString())));
        QVERIFY2(snapshotsOf(*server).isEmpty(), qPrintable(moment));
        QVERIFY2(filesIn(folder.path()).isEmpty(), qPrintable(moment));
    }
}

void TestBackupRun::cleansUpAfterKilledUploads()
{
    QTemporaryDir folder;
    auto repository = openFolderRepository(folder.path());
    QVERIFY_RESULT(repository);
    QVERIFY(writeText(folder.filePath(u"dead.mgrb.part"_s), "half"));
    QVERIFY(writeText(folder.filePath(u"dead2.mgrb.sha256"_s), "abc"));
    QVERIFY(writeText(folder.filePath(u"dead2.json"_s), "{\"promdeckBackup\":1}"));
    QVERIFY(writeText(folder.filePath(u"mine.json"_s), "{}")); // not ours
    const auto alive = (*repository)->upload(u"alive.mgrb"_s, {});
    QVERIFY_RESULT(alive);
    auto second = openFolderRepository(folder.path());
    QVERIFY_RESULT(second);
    QVERIFY_RESULT((*second)->removeLeftovers({}));
    QCOMPARE(filesIn(folder.path()), QStringList({u"alive.mgrb.part"_s, u"mine.json"_s}));
}

/// The program dies at random moments of a backup: what is listed is whole, and the next run takes the rest away.
void TestBackupRun::survivesKills()
{
    const auto server = TestServer::prometheus({.samples = someSamples()});
    QVERIFY(server);
    QTemporaryDir folder;
    const int rounds = qEnvironmentVariableIsSet("PROMDECK_LONG_TESTS") ? 500 : 12;
    int finished = 0;
    for (int round = 0; round < rounds; ++round) {
        const pid_t child = ::fork();
        QVERIFY(child >= 0);
        if (child == 0) {
            auto mine = openFolderRepository(folder.path());
            const auto made = runBackup(here(), {prometheusSpec(*server)}, **mine, options(), {});
            ::_exit(made ? 0 : 1);
        }
        QTest::qWait(QRandomGenerator::global()->bounded(500));
        ::kill(child, SIGKILL);
        int status = 0;
        ::waitpid(child, &status, 0);
        finished += int(WIFEXITED(status));
    }
    QVERIFY2(finished < rounds, "every backup was done before it was killed");
    auto repository = openFolderRepository(folder.path());
    QVERIFY_RESULT(repository);
    QVERIFY_RESULT(runBackup(here(), {prometheusSpec(*server)}, **repository, options(), {}));
    QVERIFY2(snapshotsOf(*server).isEmpty(), qPrintable(snapshotsOf(*server).join(u' ')));
    auto all = listBackups(**repository, {});
    QVERIFY_RESULT(all);
    QCOMPARE(filesIn(folder.path()).size(), qsizetype(3 * all->size()));
    for (BackupRecord& record : *all)
        QVERIFY_RESULT(verifyBackup(**repository, record, {}, false, {}));
}

void TestBackupRun::storesOnAnotherHost()
{
    QTemporaryDir folder;
    QVERIFY(writeText(folder.filePath(u"tree/file"_s), "content"));
    const QString stored = folder.filePath(u"far/away"_s);
    const auto repository = openHostRepository(here(), QFile::encodeName(stored));
    auto record = runBackup(here(), {folderSpec(u"any"_s, folder.filePath(u"tree"_s))}, *repository, options(), {});
    QVERIFY_RESULT(record);
    QCOMPARE(filesIn(stored).size(), 3);
    const auto all = listBackups(*repository, {});
    QVERIFY_RESULT(all);
    QCOMPARE(all->front().name, record->name);
    QCOMPARE(contentsOf(*repository, all->front()).at("any/files/file"), QByteArray("content"));
    QVERIFY_RESULT(verifyBackup(*repository, *record, {}, true, {}));
    QCOMPARE(listBackups(*repository, {})->front().verified.size(), size_t(2));
    // A process that is gone left a part; one that lives did not.
    QVERIFY(writeText(stored + u"/dead.mgrb."_s + QString::fromLatin1(QSysInfo::machineUniqueId().left(8).toHex().left(8)) + u"-999999.part"_s, "half"));
    QVERIFY(writeText(stored + u"/orphan.mgrb.sha256"_s, "x"));
    QVERIFY_RESULT(repository->removeLeftovers({}));
    QCOMPARE(filesIn(stored).size(), 3);
    std::stop_source stop;
    const auto cancelled = runBackup(here(), {folderSpec(u"any"_s, folder.filePath(u"tree"_s))}, *repository, options(), stop.get_token(),
                                     [&](const QString& step, const QString&, qint64, qint64) {
                                         if (step == u"verify")
                                             stop.request_stop();
                                     });
    QVERIFY(!cancelled.ok());
    QCOMPARE(filesIn(stored).size(), 3);
    QVERIFY_RESULT(repository->remove(record->name + kBackupSuffix, {}));
    QVERIFY(listBackups(*repository, {})->empty());
}

void TestBackupRun::verifiesAndPrunes()
{
    QTemporaryDir folder;
    QVERIFY(writeText(folder.filePath(u"tree/file"_s), QByteArray(5000, 'x')));
    auto repository = openFolderRepository(folder.filePath(u"r"_s));
    QVERIFY_RESULT(repository);
    std::vector<BackupRecord> made;
    for (int i = 0; i < 3; ++i) {
        auto record = runBackup(here(), {folderSpec(u"any"_s, folder.filePath(u"tree"_s))}, **repository, options(), {});
        QVERIFY_RESULT(record);
        made.push_back(*record);
    }
    QVERIFY_RESULT(verifyBackup(**repository, made[1], {}, true, {}));
    // Every byte of the file counts.
    const QString path = folder.filePath(u"r/"_s + made[2].name + u".mgrb"_s);
    QByteArray bytes = Testing::readFile(path);
    bytes[bytes.size() / 2] = char(bytes.at(bytes.size() / 2) ^ 4);
    QVERIFY(writeText(path, bytes));
    QCOMPARE(verifyBackup(**repository, made[2], {}, true, {}).error().code, ErrorCode::Decode);
    const auto all = listBackups(**repository, {});
    QVERIFY_RESULT(all);
    QCOMPARE(all->front().name, made[2].name);
    QVERIFY(findBackup(*all, u"latest"_s)->name == made[2].name);
    QVERIFY(!findBackup(*all, u"produktion"_s).ok()); // fits all
    int inParts = 0;
    for (const BackupRecord& record : *all)
        inParts += int(isInPart(record.name, 1, 3)) + int(isInPart(record.name, 2, 3)) + int(isInPart(record.name, 3, 3));
    QCOMPARE(inParts, 3);
    RetentionPolicy policy;
    policy.last = 1;
    const PrunePlan plan = planPrune(*all, policy, QDateTime::currentMSecsSinceEpoch() + 1000, QTimeZone::utc());
    QCOMPARE(plan.removed(), 2);
    QVERIFY_RESULT(prune(**repository, plan, {}));
    QCOMPARE(filesIn(folder.filePath(u"r"_s)).size(), 3);
}

PROMDECK_TEST_MAIN(TestBackupRun)
#include "tst_backuprun.moc"
