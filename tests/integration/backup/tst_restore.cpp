#include "tests/integration/backup/backupfixture.h"

#include "provisioning/backup/drill.h"
#include "provisioning/backup/restorescripts.h"

#include <QProcess>
#include <QRandomGenerator>

#include <algorithm>

#include <signal.h>
#include <sys/wait.h>

using namespace Promdeck;
using namespace Promdeck::Backup;
using namespace Promdeck::Testing;
using namespace Qt::StringLiterals;

namespace {

std::shared_ptr<Host> here()
{
    return std::make_shared<LocalHost>();
}

/// A Prometheus that commands stop and start, as a service manager would.
class Service
{
public:
    /// Over the data that a server of the tests has made.
    bool begin(const QByteArray& samples)
    {
        const auto donor = TestServer::prometheus({.samples = samples});
        if (!donor)
            return false;
        donor->stop();
        QDir().mkpath(path(u"etc"_s));
        const bool moved = QFile::rename(donor->path(u"data"_s), path(u"data"_s)) && writeText(path(u"etc/prometheus.yml"_s), "global: {}\n");
        port = freePort();
        const QByteArray root = QFile::encodeName(m_folder.path());
        const QByteArray program = QFile::encodeName(serverBinary(u"prometheus"_s));
        return moved
            && fakeProgram(m_folder.path(), u"start"_s,
                           "cd '" + root + "'\n[ ! -e refuse ] || exit 1\nsetsid '" + program + "' --config.file=etc/prometheus.yml --storage.tsdb.path=data "
                           "--storage.tsdb.retention.time=100y --web.enable-admin-api --web.listen-address=127.0.0.1:" + QByteArray::number(port)
                           + " </dev/null >>log 2>&1 &\necho $! >pid\n")
            && fakeProgram(m_folder.path(), u"stop"_s,
                           "cd '" + root + "'\n[ -f pid ] || exit 0\nkill \"$(cat pid)\" 2>/dev/null\n"
                           "while kill -0 \"$(cat pid)\" 2>/dev/null; do sleep 0.05; done\nrm -f pid\n")
            && QProcess::execute(path(u"start"_s), {}) == 0 && ready();
    }
    ~Service()
    {
        if (QFile::exists(path(u"pid"_s)))
            QProcess::execute(path(u"stop"_s), {});
    }

    bool ready()
    {
        for (int i = 0; i < 200; ++i) {
            HttpRequest request;
            request.url = urlBelow(url(), u"-/ready"_s);
            const auto response = m_http.send(request);
            if (response && response->status == 200)
                return true;
            QTest::qWait(50);
        }
        return false;
    }
    /// What count_over_time says about all samples of `up`.
    double samples()
    {
        const auto answer = askGolden(m_http, url(), u"sum(count_over_time(up[30d]))"_s, QDateTime::currentMSecsSinceEpoch(), {});
        return answer ? answer->at(0)[u"value"].toString().toDouble() : -1;
    }

    [[nodiscard]] QUrl url() const { return QUrl(u"http://127.0.0.1:%1/"_s.arg(port)); }
    [[nodiscard]] QString path(const QString& name) const { return m_folder.filePath(name); }
    [[nodiscard]] QStringList leftovers() const
    {
        QStringList names = QDir(m_folder.path()).entryList(QDir::AllEntries | QDir::Hidden | QDir::NoDotAndDotDot);
        names.removeIf([](const QString& name) { return !name.contains(u"restore-"_s); });
        return names;
    }
    [[nodiscard]] QStringList olds() const { return QDir(m_folder.path()).entryList({u"*.old-*"_s}, QDir::Dirs); }

    [[nodiscard]] ComponentSpec spec() const
    {
        ComponentSpec spec;
        spec.id = u"prometheus"_s;
        spec.kind = u"prometheus"_s;
        spec.name = u"Prometheus"_s;
        spec.url = url();
        spec.trees = {{u"config"_s, QFile::encodeName(path(u"etc"_s)), {}, {}}};
        spec.tsdb = ComponentSpec::Tsdb::Snapshot;
        spec.dataFolder = QFile::encodeName(path(u"data"_s));
        return spec;
    }
    [[nodiscard]] RestoreOptions options() const
    {
        RestoreOptions out;
        RestoreTarget& target = out.targets[u"prometheus"_s];
        target.stop = {QFile::encodeName(path(u"stop"_s))};
        target.start = {QFile::encodeName(path(u"start"_s))};
        target.url = url();
        out.readyWithin = std::chrono::seconds(20);
        return out;
    }

    quint16 port = 0;

private:
    QTemporaryDir m_folder;
    BlockingHttp m_http;
};

} // namespace

class TestRestore final : public QObject
{
    Q_OBJECT

private Q_SLOTS:
    void bringsBackWhatWasDestroyed();
    void previewsAndTouchesNothing();
    void takesBackWhatDoesNotVerify();
    void refusesWhatIsDamaged();
    void putsSingleFilesBack();
    void restoresSilencesOnce();
    void gatesVersions();
    void survivesKills();
    void drills();
    void drillsFindRottenData();
};

void TestRestore::bringsBackWhatWasDestroyed()
{
    Service service;
    QVERIFY(service.begin(someSamples()));
    QTemporaryDir folder;
    auto repository = openFolderRepository(folder.path());
    QVERIFY_RESULT(repository);
    const double before = service.samples();
    QVERIFY(before > 1000);
    const auto record = runBackup(here(), {service.spec()}, **repository, {}, {});
    QVERIFY_RESULT(record);
    // Destroyed: configuration overwritten, blocks gone.
    QVERIFY(writeText(service.path(u"etc/prometheus.yml"_s), "global: {scrape_interval: 7s}\n"));
    QVERIFY(writeText(service.path(u"etc/extra.yml"_s), "not in the backup"));
    QProcess::execute(service.path(u"stop"_s), {});
    QVERIFY(QDir(service.path(u"data"_s)).removeRecursively());
    QCOMPARE(QProcess::execute(service.path(u"start"_s), {}), 0);
    QVERIFY(service.ready());
    QVERIFY(service.samples() < 100);
    QStringList steps;
    const auto report = runRestore(*here(), **repository, *record, {}, service.options(), {}, [&](const QString& step, const QString&, qint64, qint64) {
        if (!steps.contains(step))
            steps << step;
    });
    QVERIFY_RESULT(report);
    QVERIFY2(!report->failure, report->failure ? qPrintable(report->failure->toString()) : "");
    QCOMPARE(steps, QStringList({u"unpack"_s, u"check"_s, u"swap"_s, u"verify"_s}));
    QCOMPARE(service.samples(), before);
    QCOMPARE(Testing::readFile(service.path(u"etc/prometheus.yml"_s)), QByteArray("global: {}\n"));
    QVERIFY(!QFile::exists(service.path(u"etc/extra.yml"_s)));
    QVERIFY(report->golden.size() >= 3 && std::all_of(report->golden.begin(), report->golden.end(), [](const GoldenResult& each) { return each.same; }));
    // Nothing of before is lost, and nothing else is left.
    QCOMPARE(service.olds().size(), 2);
    const auto config = std::find_if(report->swapped.begin(), report->swapped.end(), [](const RestoreSwap& swap) { return swap.live.endsWith("/etc"); });
    QVERIFY(config != report->swapped.end() && QFile::exists(QString::fromUtf8(config->old) + u"/extra.yml"_s));
    QVERIFY2(service.leftovers().isEmpty(), qPrintable(service.leftovers().join(u' ')));
}

void TestRestore::previewsAndTouchesNothing()
{
    Service service;
    QVERIFY(service.begin(someSamples()));
    QTemporaryDir folder;
    auto repository = openFolderRepository(folder.path());
    QVERIFY_RESULT(repository);
    QVERIFY(writeText(service.path(u"etc/gone.yml"_s), "later removed"));
    const auto record = runBackup(here(), {service.spec()}, **repository, {}, {});
    QVERIFY_RESULT(record);
    QVERIFY(QFile::remove(service.path(u"etc/gone.yml"_s)));
    QVERIFY(writeText(service.path(u"etc/prometheus.yml"_s), "global: {scrape_interval: 7s}\n"));
    QVERIFY(writeText(service.path(u"etc/new.yml"_s), "x"));
    const auto preview = previewRestore(*here(), **repository, *record, {}, service.options(), {});
    QVERIFY_RESULT(preview);
    QVERIFY(!preview->refused);
    const auto config = std::find_if(preview->trees.begin(), preview->trees.end(), [](const auto& tree) { return tree.tree == u"config"; });
    QVERIFY(config != preview->trees.end());
    QCOMPARE(config->added, QStringList {u"gone.yml"_s});
    QCOMPARE(config->changed, QStringList {u"prometheus.yml"_s});
    QCOMPARE(config->removed, QStringList {u"new.yml"_s});
    QVERIFY(preview->lossFromMs > 0 && preview->lossUntilMs >= preview->lossFromMs);
    QVERIFY(QFile::exists(service.path(u"etc/new.yml"_s)));
    QVERIFY(service.leftovers().isEmpty() && service.olds().isEmpty());
    RestoreOptions wrong = service.options();
    wrong.components = {u"nothing"_s};
    QCOMPARE(previewRestore(*here(), **repository, *record, {}, wrong, {}).error().code, ErrorCode::InvalidArgument);
}

void TestRestore::takesBackWhatDoesNotVerify()
{
    Service service;
    QVERIFY(service.begin(someSamples()));
    QTemporaryDir folder;
    auto repository = openFolderRepository(folder.path());
    QVERIFY_RESULT(repository);
    const auto record = runBackup(here(), {service.spec()}, **repository, {}, {});
    QVERIFY_RESULT(record);
    QVERIFY(writeText(service.path(u"etc/mark"_s), "present state"));
    // The server does not become ready at the address that is asked.
    RestoreOptions options = service.options();
    options.targets[u"prometheus"_s].url = QUrl(u"http://127.0.0.1:%1/"_s.arg(freePort()));
    options.readyWithin = std::chrono::seconds(1);
    const auto report = runRestore(*here(), **repository, *record, {}, options, {});
    QVERIFY_RESULT(report);
    QVERIFY(report->undone && report->failure);
    QCOMPARE(report->failure->code, ErrorCode::Timeout);
    QCOMPARE(Testing::readFile(service.path(u"etc/mark"_s)), QByteArray("present state"));
    QVERIFY(service.ready() && service.samples() > 1000);
    QVERIFY2(service.leftovers().isEmpty(), qPrintable(service.leftovers().join(u' ')));
    QVERIFY(service.olds().isEmpty());
    // A start command that fails is taken back by the host itself.
    options = service.options();
    options.targets[u"prometheus"_s].start = {"false"};
    const auto failed = runRestore(*here(), **repository, *record, {}, options, {});
    QCOMPARE(failed.error().code, ErrorCode::RemoteExit);
    QCOMPARE(Testing::readFile(service.path(u"etc/mark"_s)), QByteArray("present state"));
    QVERIFY(service.leftovers().isEmpty() && service.olds().isEmpty());
}

void TestRestore::refusesWhatIsDamaged()
{
    QTemporaryDir folder;
    QVERIFY(writeText(folder.filePath(u"tree/file"_s), QByteArray(20000, 'a')));
    auto repository = openFolderRepository(folder.filePath(u"r"_s));
    QVERIFY_RESULT(repository);
    const auto record = runBackup(here(), {folderSpec(u"any"_s, folder.filePath(u"tree"_s))}, **repository, {}, {});
    QVERIFY_RESULT(record);
    QVERIFY(writeText(folder.filePath(u"tree/file"_s), "now"));
    const QString path = folder.filePath(u"r/"_s + record->name + u".mgrb"_s);
    const QByteArray whole = Testing::readFile(path);
    for (int i = 0; i < 16; ++i) {
        QByteArray damaged = whole;
        const qsizetype at = QRandomGenerator::global()->bounded(int(whole.size()));
        if (i % 2)
            damaged.truncate(at);
        else
            damaged[at] = char(damaged.at(at) ^ (1 << (i % 8)));
        QVERIFY(writeText(path, damaged));
        const auto report = runRestore(*here(), **repository, *record, {}, {}, {});
        QVERIFY2(!report.ok(), qPrintable(QString::number(at)));
        QCOMPARE(Testing::readFile(folder.filePath(u"tree/file"_s)), QByteArray("now"));
        QCOMPARE(QDir(folder.path()).entryList(QDir::AllEntries | QDir::Hidden | QDir::NoDotAndDotDot), QStringList({u"r"_s, u"tree"_s}));
    }
    QVERIFY(writeText(path, whole));
    QVERIFY_RESULT(runRestore(*here(), **repository, *record, {}, {}, {}));
    QCOMPARE(Testing::readFile(folder.filePath(u"tree/file"_s)).size(), 20000);
}

void TestRestore::putsSingleFilesBack()
{
    QTemporaryDir folder;
    QVERIFY(writeText(folder.filePath(u"tree/rules/a.yml"_s), "a"));
    QVERIFY(writeText(folder.filePath(u"tree/rules/it's b.yml"_s), "b"));
    QVERIFY(writeText(folder.filePath(u"tree/c.yml"_s), "c"));
    auto repository = openFolderRepository(folder.filePath(u"r"_s));
    QVERIFY_RESULT(repository);
    const auto record = runBackup(here(), {folderSpec(u"any"_s, folder.filePath(u"tree"_s))}, **repository, {}, {});
    QVERIFY_RESULT(record);
    QVERIFY(writeText(folder.filePath(u"tree/rules/a.yml"_s), "changed"));
    QVERIFY(QFile::remove(folder.filePath(u"tree/rules/it's b.yml"_s)));
    QVERIFY(writeText(folder.filePath(u"tree/c.yml"_s), "changed too"));
    RestoreOptions options;
    options.paths = {"any/files/rules"};
    const auto report = runRestore(*here(), **repository, *record, {}, options, {});
    QVERIFY_RESULT(report);
    QCOMPARE(Testing::readFile(folder.filePath(u"tree/rules/a.yml"_s)), QByteArray("a"));
    QCOMPARE(Testing::readFile(folder.filePath(u"tree/rules/it's b.yml"_s)), QByteArray("b"));
    QCOMPARE(Testing::readFile(folder.filePath(u"tree/c.yml"_s)), QByteArray("changed too"));
    const QStringList hidden = QDir(folder.filePath(u"tree"_s)).entryList(QDir::AllEntries | QDir::Hidden | QDir::NoDotAndDotDot);
    QVERIFY2(std::none_of(hidden.begin(), hidden.end(), [](const QString& name) { return name.contains(u"restore-"_s); }), qPrintable(hidden.join(u' ')));
    const auto swap = std::find_if(report->swapped.begin(), report->swapped.end(), [](const RestoreSwap& each) { return each.live.endsWith("a.yml"); });
    QVERIFY(swap != report->swapped.end());
    QCOMPARE(Testing::readFile(QString::fromUtf8(swap->old)), QByteArray("changed"));
    options.paths = {"any/files/nothing"};
    QCOMPARE(runRestore(*here(), **repository, *record, {}, options, {}).error().code, ErrorCode::InvalidArgument);
    // Somewhere else as a whole.
    options = {};
    options.targets[u"any"_s].roots[u"files"_s] = QFile::encodeName(folder.filePath(u"elsewhere"_s));
    QVERIFY_RESULT(runRestore(*here(), **repository, *record, {}, options, {}));
    QCOMPARE(Testing::readFile(folder.filePath(u"elsewhere/c.yml"_s)), QByteArray("c"));
}

void TestRestore::restoresSilencesOnce()
{
    const auto server = TestServer::alertmanager();
    QVERIFY(server);
    BlockingHttp http;
    const auto post = [&](const QByteArray& value, const QByteArray& end) {
        HttpRequest request;
        request.method = HttpRequest::Method::Post;
        request.url = urlBelow(server->url(), u"api/v2/silences"_s);
        request.contentType = "application/json";
        request.body = "{\"matchers\":[{\"name\":\"a\",\"value\":\"" + value + "\",\"isRegex\":false,\"isEqual\":true}],"
                       "\"startsAt\":\"2026-01-01T00:00:00Z\",\"endsAt\":\"" + end + "\",\"createdBy\":\"me\",\"comment\":\"c\"}";
        return http.sendOk(request).ok();
    };
    const auto list = [&] {
        HttpRequest request;
        request.url = urlBelow(server->url(), u"api/v2/silences"_s);
        const auto response = http.sendOk(request);
        return response ? Json::parse(response->body).valueOr({}) : Json();
    };
    QVERIFY(post("one", "2099-01-01T00:00:00Z") && post("two", "2099-02-01T00:00:00Z"));
    const Json saved = list();
    QCOMPARE(saved.size(), 2);
    const qint64 now = QDateTime::currentMSecsSinceEpoch();
    const auto again = restoreSilences(http, server->url(), saved, now, {});
    QVERIFY_RESULT(again);
    QCOMPARE(again->added, 0);
    QCOMPARE(again->there, 2);
    // Gone, and put back; twice makes no second one.
    for (const Json& silence : saved.items()) {
        HttpRequest request;
        request.method = HttpRequest::Method::Delete;
        request.url = urlBelow(server->url(), u"api/v2/silence/"_s + silence[u"id"].toString());
        QVERIFY_RESULT(http.sendOk(request));
    }
    for (int i = 0; i < 2; ++i) {
        const auto counts = restoreSilences(http, server->url(), saved, now, {});
        QVERIFY_RESULT(counts);
        QCOMPARE(counts->added, i == 0 ? 2 : 0);
        int active = 0;
        const Json all = list();
        for (const Json& silence : all.items())
            active += int(silence.path(u"status.state").toString() == u"active");
        QCOMPARE(active, 2);
    }
    const auto late = restoreSilences(http, server->url(), saved, now + 100LL * 365 * 86400000, {});
    QVERIFY_RESULT(late);
    QCOMPARE(late->expired, 2);
}

void TestRestore::gatesVersions()
{
    QVERIFY(checkVersions(u"prometheus"_s, u"2.42.0+ds"_s, u"2.53.1"_s).ok());
    QVERIFY(checkVersions(u"prometheus"_s, u"2.42.0"_s, u"3.1.0"_s).ok());
    QVERIFY(!checkVersions(u"prometheus"_s, u"3.1.0"_s, u"2.42.0"_s).ok());
    QVERIFY(checkVersions(u"prometheus"_s, u"3.1.0"_s, u"2.55.0"_s).ok());
    QVERIFY(checkVersions(u"prometheus"_s, u""_s, u"2.55.0"_s).ok());
    QVERIFY(!checkVersions(u"grafana"_s, u"11.0.0"_s, u"10.4.0"_s).ok());
}

/// The program dies at random moments of a restore: afterwards the next run finds the old state or the new one, running, and
/// cleans up.
void TestRestore::survivesKills()
{
    QTemporaryDir folder;
    const QString tree = folder.filePath(u"tree"_s);
    auto repository = openFolderRepository(folder.filePath(u"r"_s));
    QVERIFY_RESULT(repository);
    for (int i = 0; i < 20; ++i)
        QVERIFY(writeText(tree + u"/file-%1"_s.arg(i), "new"));
    const auto record = runBackup(here(), {folderSpec(u"any"_s, tree)}, **repository, {}, {});
    QVERIFY_RESULT(record);
    RestoreOptions options;
    options.targets[u"any"_s].stop = {"sh", "-c", "rm -f \"$1\"", "sh", QFile::encodeName(folder.filePath(u"running"_s))};
    options.targets[u"any"_s].start = {"sh", "-c", ": >\"$1\"", "sh", QFile::encodeName(folder.filePath(u"running"_s))};
    const int rounds = qEnvironmentVariableIsSet("PROMDECK_LONG_TESTS") ? 500 : 15;
    int finished = 0;
    for (int round = 0; round < rounds; ++round) {
        for (int i = 0; i < 20; ++i)
            QVERIFY(writeText(tree + u"/file-%1"_s.arg(i), "old"));
        QVERIFY(writeText(folder.filePath(u"running"_s), {}));
        const pid_t child = ::fork();
        QVERIFY(child >= 0);
        if (child == 0) {
            auto mine = openFolderRepository(folder.filePath(u"r"_s));
            const auto report = runRestore(*here(), **mine, *record, {}, options, {});
            ::_exit(report && !report->failure ? 0 : 1);
        }
        QTest::qWait(QRandomGenerator::global()->bounded(300));
        ::kill(child, SIGKILL);
        int status = 0;
        ::waitpid(child, &status, 0);
        finished += int(WIFEXITED(status));
        // What was started on the host may still be finishing.
        Result<QStringList> recovered;
        for (int i = 0; i < 100; ++i) {
            recovered = recoverRestores(*here(), {QFile::encodeName(tree)}, false, {});
            if (recovered || recovered.error().code != ErrorCode::Conflict)
                break;
            QTest::qWait(50);
        }
        QVERIFY_RESULT(recovered);
        const QByteArray state = Testing::readFile(tree + u"/file-0"_s);
        QVERIFY2(state == "old" || state == "new", state.constData());
        for (int i = 0; i < 20; ++i)
            QCOMPARE(Testing::readFile(tree + u"/file-%1"_s.arg(i)), state);
        QVERIFY(QFile::exists(folder.filePath(u"running"_s)));
        QStringList names = QDir(folder.path()).entryList(QDir::AllEntries | QDir::Hidden | QDir::NoDotAndDotDot);
        // A restore that was completed keeps what was there.
        for (const QString& name : names) {
            if (name.contains(u".old-"_s))
                QVERIFY(state == "new" && QDir(folder.filePath(name)).removeRecursively());
        }
        names.removeIf([](const QString& name) { return name.contains(u".old-"_s); });
        QVERIFY2(names == QStringList({u"r"_s, u"running"_s, u"tree"_s}), qPrintable(names.join(u' ')));
    }
    QVERIFY2(finished < rounds, "every restore was done before it was killed");
}

void TestRestore::drills()
{
    const auto server = TestServer::prometheus({.samples = someSamples()});
    QVERIFY(server);
    QTemporaryDir folder;
    auto repository = openFolderRepository(folder.filePath(u"r"_s));
    QVERIFY_RESULT(repository);
    const auto record = runBackup(here(), {prometheusSpec(*server)}, **repository, {}, {});
    QVERIFY_RESULT(record);
    DrillOptions options;
    options.prometheusProgram = serverBinary(u"prometheus"_s);
    options.promtoolProgram = serverBinary(u"promtool"_s);
    options.folder = folder.filePath(u"drills"_s);
    // A drill that was killed left this.
    QVERIFY(writeText(folder.filePath(u"drills/drill-dead/data/x"_s), "x"));
    const auto drill = runDrill(**repository, *record, {}, options, {});
    QVERIFY_RESULT(drill);
    QVERIFY2(drill->passed, drill->failure ? qPrintable(drill->failure->toString()) : "");
    QVERIFY(drill->golden.size() >= 3);
    QVERIFY(drill->rtoSeconds > 0 && drill->rtoSeconds >= drill->startSeconds);
    QVERIFY(drill->rpoNowMs >= drill->rpoAtBackupMs && drill->newestSampleMs > 0);
    QVERIFY(QDir(folder.filePath(u"drills"_s)).isEmpty());
}

void TestRestore::drillsFindRottenData()
{
    const auto server = TestServer::prometheus({.samples = someSamples()});
    QVERIFY(server);
    QTemporaryDir folder;
    auto repository = openFolderRepository(folder.filePath(u"r"_s));
    QVERIFY_RESULT(repository);
    // Other data than the golden queries belong to: those of an emptier server.
    ComponentSpec spec = prometheusSpec(*server);
    spec.goldenQueries = {u"vector(time()) > bool 0 and on() count(up)"_s};
    const auto record = runBackup(here(), {spec}, **repository, {}, {});
    QVERIFY_RESULT(record);
    DrillOptions options;
    options.prometheusProgram = u"/nonexistent/prometheus"_s;
    options.folder = folder.filePath(u"drills"_s);
    const auto none = runDrill(**repository, *record, {}, options, {});
    QVERIFY_RESULT(none);
    QVERIFY(!none->passed && none->failure);
    QVERIFY(QDir(folder.filePath(u"drills"_s)).isEmpty());
    // Cancelled in the middle: nothing stays.
    std::stop_source stop;
    options.prometheusProgram = serverBinary(u"prometheus"_s);
    const auto cancelled = runDrill(**repository, *record, {}, options, stop.get_token(), [&](const QString& step, const QString&, qint64, qint64) {
        if (step == u"start")
            stop.request_stop();
    });
    QCOMPARE(cancelled.error().code, ErrorCode::Cancelled);
    QVERIFY(QDir(folder.filePath(u"drills"_s)).isEmpty());
}

PROMDECK_TEST_MAIN(TestRestore)
#include "tst_restore.moc"
