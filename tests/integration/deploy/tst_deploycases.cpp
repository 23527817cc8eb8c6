// What goes wrong on hosts, one by one: mounts, links, full disks, names out of hell, services that die of a reload.
#include "models/core/json.h"
#include "provisioning/deploy/adopt.h"
#include "provisioning/deploy/planchecks.h"
#include "tests/integration/deploy/deployrig.h"
#include "tests/support/fakeprograms.h"

#include <QProcess>

#include <csignal>
#include <sys/mount.h>
#include <sys/stat.h>
#include <unistd.h>

#include <atomic>
#include <thread>

using namespace Promdeck;
using namespace Promdeck::Deploy;
using namespace Promdeck::Testing;
using namespace Qt::StringLiterals;
using End = UnitOutcome::End;

namespace {

bool hasFinding(const UnitPlan& plan, const QString& code)
{
    return std::any_of(plan.findings.begin(), plan.findings.end(), [&](const PlanFinding& one) { return one.code == code; });
}

/// Root alone does not do: containers often lack the right.
bool canMount()
{
    return ::geteuid() == 0 && ::system("unshare -m true 2>/dev/null") == 0; // NOLINT: a fixed command
}

/// A unit of which only files and a way to reload are known.
struct PlainRig
{
    QTemporaryDir folder;
    LocalHost host;
    QByteArray unit; ///< further lines of the unit
    SecretValues values;
    QByteArray secrets;

    PlainRig() { QDir(folder.path()).mkpath(u"live"_s); }
    [[nodiscard]] QString live(const QString& name) const { return folder.filePath(u"live/"_s + name); }
    [[nodiscard]] QByteArray content(const QString& name) const
    {
        QFile in(live(name));
        return in.open(QIODevice::ReadOnly) ? in.readAll() : QByteArray("(absent)");
    }
    static void write(const QString& path, const QByteArray& bytes)
    {
        QDir().mkpath(QFileInfo(path).path());
        QFile out(path);
        if (!out.open(QIODevice::WriteOnly) || out.write(bytes) != bytes.size())
            qFatal("cannot write %s", qPrintable(path));
    }
    void put(const QString& name, const QByteArray& bytes) const { write(folder.filePath(u"ws/files/"_s + name), bytes); }
    [[nodiscard]] Workspace workspace() const
    {
        write(folder.filePath(u"ws/promdeck.yaml"_s),
              "version: 1\nhosts: {here: {address: local, sudo: never, state_dir: " + folder.filePath(u"state"_s).toUtf8() + "}}\nsecrets: {" + secrets
                  + "}\nunits:\n  u:\n" + unit + "    directory: " + folder.filePath(u"live"_s).toUtf8() + "\n    files: [{source: files, target: '.'}]\n");
        const Result<Workspace> read = readWorkspace(folder.filePath(u"ws"_s));
        if (!read)
            qFatal("%s", qPrintable(read.error().toString()));
        return *read;
    }
    [[nodiscard]] HostAgent agent()
    {
        const Workspace ws = workspace();
        return {host, ws.hosts.at(0), ws.units.at(0), values};
    }
    UnitPlan plan()
    {
        HostAgent with = agent();
        return planUnit(with, workspace(), values, {.overwriteEdits = true});
    }
    UnitOutcome deploy(DeployOptions options = {})
    {
        HostAgent with = agent();
        options.who = u"tester"_s;
        options.confirmWithinS = 20;
        return deployUnit(with, plan(), options);
    }
};

const QByteArray kFilesOnly = "    component: other\n    reload: none\n";

} // namespace

class TestDeployCases final : public QObject
{
    Q_OBJECT
private Q_SLOTS:
    void namesAndContentsOfAnyBytes();
    void symlinkLayoutSwitchesAtOnce();
    void fullDiskTouchesNothing();
    void singleFileMountIsRefusedAndWrittenInPlace();
    void processKeepsAnOldFile();
    void servicesReloadThroughFakes_data();
    void servicesReloadThroughFakes();
    void composeProjectsGoUpAgain();
    void whatProgramsSayIsMasked();
    void backToNothing();
    void restartOnlyComponentsGetNoSignal();
    void aReloadThatKillsIsRolledBack();
    void damagedUploadStopsBeforeTheSwitch();
    void foreignEditBeforeRollbackIsKept();
    void staleLockIsBroken();
    void missingToolsAndRights();
    void secretsStayHidden();
    void modesOwnersAndFolders();
};

void TestDeployCases::namesAndContentsOfAnyBytes()
{
    PlainRig rig;
    rig.unit = kFilesOnly;
    QByteArray everything;
    for (int round = 0; round < 3; ++round) {
        for (int byte = 0; byte < 256; ++byte)
            everything += char(byte);
    }
    const QByteArray names[] {"plain.txt", "quote'\"`.txt", "$(touch pwned)", "new\nline\n", " blank ", "-rf", "*", "back\\slash\\n", "a;b|c&d", "%s%b", "..dots", "\xff\xfe.bin", "tab\there", "deep/$HOME/{a,b}/~x"};
    for (const QByteArray& name : names)
        rig.put(QFile::decodeName(name), everything + name);
    rig.write(rig.live(u"new\nline\n"_s), "foreign, was there before");
    const UnitPlan first = rig.plan();
    QVERIFY2(!first.refused(), qPrintable(told(first)));
    const UnitOutcome outcome = rig.deploy();
    // Names that are no UTF-8 cannot come from a workspace; everything else arrives unchanged.
    QVERIFY2(outcome.end == End::Committed, qPrintable(told(outcome)));
    int arrived = 0;
    for (const QByteArray& name : names)
        arrived += rig.content(QFile::decodeName(name)) == everything + name ? 1 : 0;
    QVERIFY2(arrived >= int(std::size(names)) - 1, qPrintable(QString::number(arrived)));
    QVERIFY(!QFileInfo::exists(rig.live(u"pwned"_s)) && !QFileInfo::exists(u"pwned"_s));
    // And back, and gone again.
    QDir(rig.folder.filePath(u"ws/files"_s)).removeRecursively();
    rig.put(u"plain.txt"_s, "alone");
    const UnitOutcome purged = rig.deploy();
    QVERIFY2(purged.end == End::Committed, qPrintable(told(purged)));
    QCOMPARE(QDir(rig.folder.filePath(u"live"_s)).entryList(QDir::Files | QDir::Hidden), QStringList {u"plain.txt"_s});
    const QDir tx(rig.folder.filePath(u"state/u/tx"_s));
    HostAgent agent = rig.agent();
    const UnitPlan back = planRollback(agent, rig.workspace(), {}, tx.entryList(QDir::Dirs | QDir::NoDotAndDotDot, QDir::Name).at(0));
    const UnitOutcome undone = deployUnit(agent, back, {});
    QVERIFY2(undone.end == End::Committed, qPrintable(told(undone)));
    QCOMPARE(rig.content(u"new\nline\n"_s), QByteArray("foreign, was there before"));
    QCOMPARE(QDir(rig.folder.filePath(u"live"_s)).entryList(QDir::Files | QDir::Hidden).size(), 1);
}

void TestDeployCases::symlinkLayoutSwitchesAtOnce()
{
    PlainRig rig;
    rig.unit = kFilesOnly + "    layout: symlink\n";
    rig.put(u"a.yml"_s, "one");
    rig.put(u"sub/b.yml"_s, "one");
    const UnitOutcome first = rig.deploy();
    QVERIFY2(first.end == End::Committed, qPrintable(told(first)));
    const QString current = QFile::symLinkTarget(rig.live(u"current"_s));
    QVERIFY2(current.contains(u"/releases/"), qPrintable(current));
    QCOMPARE(rig.content(u"current/sub/b.yml"_s), QByteArray("one"));
    rig.write(rig.live(u"current/foreign.yml"_s), "foreign");
    rig.put(u"a.yml"_s, "two");
    QFile::remove(rig.folder.filePath(u"ws/files/sub/b.yml"_s));
    DeployOptions no;
    no.confirm = [&](const UnitPlan&) {
        // Everything has changed with one rename, and what is not ours came along.
        return rig.content(u"current/a.yml"_s) == "two" && rig.content(u"current/sub/b.yml"_s) == "(absent)" && rig.content(u"current/foreign.yml"_s) == "foreign" ? false : true;
    };
    const UnitOutcome back = rig.deploy(no);
    QVERIFY2(back.end == End::RolledBack, qPrintable(told(back)));
    QCOMPARE(QFile::symLinkTarget(rig.live(u"current"_s)), current);
    QCOMPARE(rig.content(u"current/a.yml"_s), QByteArray("one"));
    const UnitOutcome second = rig.deploy();
    QVERIFY2(second.end == End::Committed, qPrintable(told(second)));
    QCOMPARE(rig.content(u"current/a.yml"_s), QByteArray("two"));
    QCOMPARE(rig.content(u"current/foreign.yml"_s), QByteArray("foreign"));
}

void TestDeployCases::fullDiskTouchesNothing()
{
    if (!canMount()) {
        qInfo("left out: a small file system needs root");
        return;
    }
    PlainRig rig;
    rig.unit = kFilesOnly;
    const QByteArray live = rig.folder.filePath(u"live"_s).toUtf8();
    QCOMPARE(::mount("tmpfs", live.constData(), "tmpfs", 0, "size=24m"), 0);
    const auto unmounted = qScopeGuard([&live] { ::umount2(live.constData(), MNT_DETACH); });
    rig.write(rig.live(u"a.yml"_s), "old");
    rig.put(u"a.yml"_s, QByteArray(200'000, 'n'));
    QVERIFY(!rig.plan().refused());
    // Seen beforehand where it can be.
    rig.write(rig.live(u"filler"_s), QByteArray(22 << 20, 'f'));
    const UnitPlan plan = rig.plan();
    QVERIFY2(hasFinding(plan, u"host/disk-full"_s), qPrintable(told(plan)));
    // It fills up after the plan was made: the copy beside does not fit.
    QFile::remove(rig.live(u"filler"_s));
    const UnitPlan early = rig.plan();
    rig.write(rig.live(u"filler"_s), QByteArray((24 << 20) - 100'000, 'f'));
    HostAgent agent = rig.agent();
    const UnitOutcome outcome = deployUnit(agent, early, {});
    QVERIFY2(outcome.end == End::Refused, qPrintable(told(outcome)));
    QCOMPARE(rig.content(u"a.yml"_s), QByteArray("old"));
    QCOMPARE(QDir(rig.folder.filePath(u"live"_s)).entryList(QDir::Files | QDir::Hidden), QStringList({u"a.yml"_s, u"filler"_s}));
    // Not a byte is left while it is armed: going back needs none.
    QFile::remove(rig.live(u"filler"_s));
    DeployOptions no;
    no.confirm = [&](const UnitPlan&) {
        QFile filler(rig.live(u"filler"_s));
        if (filler.open(QIODevice::WriteOnly | QIODevice::Unbuffered)) {
            while (filler.write(QByteArray(4096, 'x')) == 4096)
                continue;
        }
        return false;
    };
    const UnitOutcome back = rig.deploy(no);
    QVERIFY2(back.end == End::RolledBack, qPrintable(told(back)));
    QCOMPARE(rig.content(u"a.yml"_s), QByteArray("old"));
}

void TestDeployCases::singleFileMountIsRefusedAndWrittenInPlace()
{
    if (!canMount()) {
        qInfo("left out: mounts need root");
        return;
    }
    PlainRig rig;
    rig.unit = kFilesOnly;
    rig.write(rig.live(u"a.yml"_s), "old");
    const QString real = rig.folder.filePath(u"real.yml"_s);
    rig.write(real, "old");
    const QByteArray path = rig.live(u"a.yml"_s).toUtf8();
    QCOMPARE(::mount(real.toUtf8().constData(), path.constData(), nullptr, MS_BIND, nullptr), 0);
    const auto unmounted = qScopeGuard([&path] { ::umount2(path.constData(), MNT_DETACH); });
    rig.put(u"a.yml"_s, "new and longer");
    const UnitPlan plan = rig.plan();
    QVERIFY2(plan.refused() && hasFinding(plan, u"host/single-file-bind"_s), qPrintable(told(plan)));
    rig.write(rig.folder.filePath(u"ws/x"_s), {});
    // Allowed on purpose: the same inode gets the new content, and the old one again.
    Workspace ws = rig.workspace();
    ws.units[0].files[0].inPlace = true;
    HostAgent agent(rig.host, ws.hosts[0], ws.units[0]);
    DeployOptions no;
    no.confirm = [&](const UnitPlan&) { return readFile(real) != "new and longer"; };
    const UnitOutcome back = deployUnit(agent, planUnit(agent, ws, {}), no);
    QVERIFY2(back.end == End::RolledBack, qPrintable(told(back)));
    QCOMPARE(readFile(real), QByteArray("old"));
    const UnitOutcome done = deployUnit(agent, planUnit(agent, ws, {}), {});
    QVERIFY2(done.end == End::Committed, qPrintable(told(done)));
    QCOMPARE(readFile(real), QByteArray("new and longer"));
}

void TestDeployCases::processKeepsAnOldFile()
{
    if (!canMount()) {
        qInfo("left out: mounts need root");
        return;
    }
    // As a container does: its own mount of one file, which a rename outside does not reach.
    PlainRig rig;
    rig.write(rig.live(u"a.yml"_s), "old");
    rig.write(rig.folder.filePath(u"container/a.yml"_s), {});
    QProcess process;
    process.start(u"unshare"_s, {u"-m"_s, u"sh"_s, u"-c"_s, u"mount --bind \"$1\" \"$2\" && echo $$ >\"$3\" && exec sleep 600"_s, u"sh"_s, rig.live(u"a.yml"_s),
                                 rig.folder.filePath(u"container/a.yml"_s), rig.folder.filePath(u"pid"_s)});
    QTRY_VERIFY(QFileInfo(rig.folder.filePath(u"pid"_s)).size() > 0);
    const auto ended = qScopeGuard([&process] {
        process.kill();
        (void)QTest::qWaitFor([&process] { return process.state() == QProcess::NotRunning; }, 5000);
    });
    QDir(rig.folder.path()).mkpath(u"fakes"_s);
    QVERIFY(fakeProgram(rig.folder.filePath(u"fakes"_s), u"docker"_s, "case \"$*\" in *ps\\ -q*) echo c0ffee ;; *State.Pid*) cat " + rig.folder.filePath(u"pid"_s).toUtf8() + " ;; esac\n"));
    const QByteArray path = qgetenv("PATH");
    qputenv("PATH", rig.folder.filePath(u"fakes"_s).toUtf8() + ':' + path);
    const auto restored = qScopeGuard([&path] { qputenv("PATH", path); });
    rig.unit = "    component: other\n    reload: none\n    compose: {directory: /srv, service: s, config_in_container: " + rig.folder.filePath(u"container"_s).toUtf8() + "}\n";
    rig.put(u"a.yml"_s, "new");
    const UnitPlan plan = rig.plan();
    QVERIFY2(hasFinding(plan, u"host/single-file-bind"_s), qPrintable(told(plan)));
    // Even if nobody had looked: the component's own view tells.
    UnitPlan blind = plan;
    blind.findings.clear();
    HostAgent agent = rig.agent();
    DeployOptions options;
    options.confirmWithinS = 20;
    const UnitOutcome outcome = deployUnit(agent, blind, options);
    QVERIFY2(outcome.end == End::RolledBack && outcome.error->summary.contains(u"old file"), qPrintable(told(outcome)));
    QCOMPARE(rig.content(u"a.yml"_s), QByteArray("old"));
}

void TestDeployCases::servicesReloadThroughFakes_data()
{
    QTest::addColumn<QByteArray>("unit");
    QTest::addColumn<QByteArray>("called");
    QTest::newRow("reload") << QByteArray("    component: alertmanager\n    service: am\n    validate: none\n") << QByteArray("systemctl reload am");
    QTest::newRow("restart only") << QByteArray("    component: node_exporter\n    service: node\n") << QByteArray("systemctl restart node");
    QTest::newRow("compose") << QByteArray("    component: alertmanager\n    validate: none\n    compose: {directory: /srv/mon, service: am}\n")
                             << QByteArray("docker compose --project-directory /srv/mon kill -s HUP am");
    QTest::newRow("compose, restart") << QByteArray("    component: grafana\n    compose: {directory: /srv/mon, file: /srv/mon/c.yml, service: g}\n")
                                      << QByteArray("docker compose --project-directory /srv/mon -f /srv/mon/c.yml restart g");
}

void TestDeployCases::servicesReloadThroughFakes()
{
    QFETCH(const QByteArray, unit);
    QFETCH(const QByteArray, called);
    PlainRig rig;
    rig.unit = unit;
    const QString log = rig.folder.filePath(u"calls"_s);
    QDir(rig.folder.path()).mkpath(u"fakes"_s);
    for (const char* tool : {"systemctl", "docker"})
        QVERIFY(fakeProgram(rig.folder.filePath(u"fakes"_s), QString::fromLatin1(tool), "case \"$*\" in show*|*ps\\ -q*|inspect*) ;; *) echo \"" + QByteArray(tool) + " $*\" >>" + log.toUtf8() + " ;; esac\n"));
    const QByteArray path = qgetenv("PATH");
    qputenv("PATH", rig.folder.filePath(u"fakes"_s).toUtf8() + ':' + path);
    const auto restored = qScopeGuard([&path] { qputenv("PATH", path); });
    rig.put(u"note.txt"_s, "one");
    const UnitOutcome outcome = rig.deploy();
    QVERIFY2(outcome.end == End::Committed, qPrintable(told(outcome)));
    QCOMPARE(readFile(log).trimmed(), called);
}

void TestDeployCases::whatProgramsSayIsMasked()
{
    PlainRig rig;
    rig.unit = "    component: alertmanager\n    validate: none\n    service: am\n";
    rig.secrets = "hook: 'env:NOWHERE'";
    rig.values = {{u"hook"_s, "https://hooks.example/T0/secret-part"}};
    QDir(rig.folder.path()).mkpath(u"fakes"_s);
    QVERIFY(fakeProgram(rig.folder.filePath(u"fakes"_s), u"systemctl"_s, "echo 'cannot parse https://hooks.example/T0/secret-part' >&2; exit 1\n"));
    const QByteArray path = qgetenv("PATH");
    qputenv("PATH", rig.folder.filePath(u"fakes"_s).toUtf8() + ':' + path);
    const auto restored = qScopeGuard([&path] { qputenv("PATH", path); });
    rig.put(u"alertmanager.yml"_s, "route: {receiver: a}\nreceivers: [{name: a, slack_configs: [{api_url: <secret:hook>, channel: x}]}]\n");
    const UnitOutcome outcome = rig.deploy();
    QVERIFY2(!outcome.ok(), qPrintable(told(outcome)));
    QVERIFY2(told(outcome).contains(u"cannot parse <secret:hook>") && !told(outcome).contains(u"secret-part"), qPrintable(told(outcome)));
    // The old state, which was nothing at all, is back; what did not reload is told.
    QCOMPARE(rig.content(u"alertmanager.yml"_s), QByteArray("(absent)"));
    QVERIFY(outcome.end == End::NeedsYou);
}

void TestDeployCases::backToNothing()
{
    PlainRig rig;
    rig.unit = "    component: prometheus\n    reload: none\n";
    rig.put(u"prometheus.yml"_s, "global: {}\n");
    QVERIFY(rig.deploy().end == End::Committed);
    HostAgent agent = rig.agent();
    const QDir tx(rig.folder.filePath(u"state/u/tx"_s));
    const UnitPlan back = planRollback(agent, rig.workspace(), {}, tx.entryList(QDir::Dirs | QDir::NoDotAndDotDot, QDir::Name).at(0));
    QVERIFY2(!back.refused() && hasFinding(back, u"host/no-main-file"_s), qPrintable(told(back)));
    const UnitOutcome outcome = deployUnit(agent, back, {});
    QVERIFY2(outcome.end == End::Committed, qPrintable(told(outcome)));
    QCOMPARE(rig.content(u"prometheus.yml"_s), QByteArray("(absent)"));
}

void TestDeployCases::composeProjectsGoUpAgain()
{
    PlainRig rig;
    const QByteArray folder = rig.folder.filePath(u"live"_s).toUtf8();
    rig.unit = "    component: other\n    compose: {directory: " + folder + ", service: s}\n";
    const QString log = rig.folder.filePath(u"calls"_s);
    QDir(rig.folder.path()).mkpath(u"fakes"_s);
    QVERIFY(fakeProgram(rig.folder.filePath(u"fakes"_s), u"docker"_s,
                        "case \"$*\" in *ps\\ -q*) echo c0ffee ;; *State.Pid*) echo 0 ;; inspect*) echo /s sha256:$(wc -c <" + log.toUtf8() + " 2>/dev/null) ;; *) echo \"$*\" >>" + log.toUtf8() + " ;; esac\n"));
    const QByteArray path = qgetenv("PATH");
    qputenv("PATH", rig.folder.filePath(u"fakes"_s).toUtf8() + ':' + path);
    const auto restored = qScopeGuard([&path] { qputenv("PATH", path); });
    rig.put(u"compose.yaml"_s, "services: {s: {image: x}}\n");
    const UnitOutcome outcome = rig.deploy();
    QVERIFY2(outcome.end == End::Committed, qPrintable(told(outcome)));
    const QByteArray project = "compose --project-directory " + folder;
    QCOMPARE(readFile(log), project + " config -q\n" + project + " up -d\n");
    QVERIFY(readFile(rig.folder.filePath(u"state/u/tx/"_s + outcome.transaction + u"/images.after"_s)).startsWith("/s sha256:"));
}

void TestDeployCases::restartOnlyComponentsGetNoSignal()
{
    PlainRig rig;
    const auto exporter = TestServer::nodeExporter();
    QVERIFY(exporter);
    rig.unit = "    component: node_exporter\n    url: " + exporter->url().toEncoded() + "\n    process: {match: '" + exporter->hostPort().toUtf8() + "', restart: [sh, -c, 'echo restarted >>"
        + rig.folder.filePath(u"restarts"_s).toUtf8() + "']}\n";
    rig.put(u"web.yml"_s, "basic_auth_users: {}\n");
    const UnitOutcome outcome = rig.deploy();
    QVERIFY2(outcome.end == End::Committed, qPrintable(told(outcome)));
    QCOMPARE(readFile(rig.folder.filePath(u"restarts"_s)), QByteArray("restarted\n"));
    QCOMPARE(::kill(pid_t(exporter->pid()), 0), 0);
}

void TestDeployCases::aReloadThatKillsIsRolledBack()
{
    PlainRig rig;
    // What SIGHUP does to exporters that do not expect it.
    QProcess process;
    process.start(u"sleep"_s, {u"600.125"_s});
    QTRY_VERIFY(process.processId() > 0);
    rig.write(rig.folder.filePath(u"pid"_s), QByteArray::number(process.processId()));
    rig.unit = "    component: other\n    reload: signal\n    process: {pid_file: " + rig.folder.filePath(u"pid"_s).toUtf8() + "}\n";
    rig.write(rig.live(u"a"_s), "old");
    rig.put(u"a"_s, "new");
    // The test is its parent: the dead process stays until it is waited for.
    std::atomic<bool> done = false;
    UnitOutcome outcome;
    std::thread worker([&] { outcome = rig.deploy(); done = true; });
    QTRY_VERIFY_WITH_TIMEOUT(done, 60000);
    worker.join();
    QVERIFY2(outcome.end == End::NeedsYou || outcome.end == End::RolledBack, qPrintable(told(outcome)));
    QCOMPARE(rig.content(u"a"_s), QByteArray("old"));
    QVERIFY(outcome.error.has_value());
}

void TestDeployCases::damagedUploadStopsBeforeTheSwitch()
{
    PlainRig rig;
    rig.unit = kFilesOnly;
    rig.write(rig.live(u"a"_s), "old");
    rig.put(u"a"_s, "new");
    UnitPlan plan = rig.plan();
    plan.changes[0].newHash = QByteArray(64, '0'); // as if half of it had arrived
    HostAgent agent = rig.agent();
    const UnitOutcome outcome = deployUnit(agent, plan, {});
    QVERIFY2(outcome.end == End::Refused, qPrintable(told(outcome)));
    QCOMPARE(rig.content(u"a"_s), QByteArray("old"));
    QCOMPARE(QDir(rig.folder.filePath(u"live"_s)).entryList(QDir::Files | QDir::Hidden), QStringList {u"a"_s});
}

void TestDeployCases::foreignEditBeforeRollbackIsKept()
{
    PlainRig rig;
    rig.unit = kFilesOnly;
    rig.write(rig.live(u"a"_s), "old");
    rig.put(u"a"_s, "new");
    DeployOptions no;
    no.confirm = [&](const UnitPlan&) {
        rig.write(rig.live(u"a"_s), "by somebody else");
        return false;
    };
    const UnitOutcome outcome = rig.deploy(no);
    QVERIFY2(outcome.end == End::RolledBack, qPrintable(told(outcome)));
    QCOMPARE(rig.content(u"a"_s), QByteArray("old"));
    QVERIFY(outcome.notes.join(u' ').contains(u"foreign"));
    const QDir foreign(rig.folder.filePath(u"state/u/tx/"_s + outcome.transaction + u"/foreign"_s));
    bool kept = false;
    for (const QString& name : foreign.entryList(QDir::Files))
        kept = kept || readFile(foreign.filePath(name)) == "by somebody else";
    QVERIFY(kept);
}

void TestDeployCases::staleLockIsBroken()
{
    PlainRig rig;
    rig.unit = kFilesOnly;
    rig.put(u"a"_s, "one");
    QVERIFY(rig.deploy().end == End::Committed);
    rig.put(u"a"_s, "two");
    // Somebody who died with the lock: alive it refuses, after its lease it does not.
    rig.write(rig.folder.filePath(u"state/u/lock/owner"_s), "000077-dead " + QByteArray::number(QDateTime::currentSecsSinceEpoch()) + " 2 ghost@desk\n");
    const UnitPlan held = rig.plan();
    QVERIFY(held.refused() && told(held).contains(u"ghost@desk"));
    QTest::qWait(3000);
    const UnitOutcome outcome = rig.deploy();
    QVERIFY2(outcome.end == End::Committed, qPrintable(told(outcome)));
}

void TestDeployCases::missingToolsAndRights()
{
    PlainRig rig;
    rig.unit = kFilesOnly;
    rig.put(u"a"_s, "one");
    UnitPlan plan = rig.plan();
    QVERIFY(!plan.refused());
    // A host without flock, with a clock of its own, and with no right to write.
    plan.snapshot.tools.erase("flock");
    plan.snapshot.aheadS = -90;
    plan.snapshot.files[0].writable = plan.snapshot.stateWritable = false;
    checkHost(rig.workspace().units.at(0), plan);
    for (const char* code : {"host/tool", "host/clock", "host/not-writable"})
        QVERIFY2(hasFinding(plan, QString::fromLatin1(code)), code);
    QVERIFY(plan.refused());
    QProcess process; // as a user who owns nothing there
    if (::geteuid() == 0) {
        QVERIFY(QFile::setPermissions(rig.folder.path(), QFile::ReadOwner | QFile::WriteOwner | QFile::ExeOwner | QFile::ReadOther | QFile::ExeOther));
        QVERIFY(QFile::setPermissions(rig.folder.filePath(u"live"_s), QFile::ReadOwner | QFile::WriteOwner | QFile::ExeOwner | QFile::ReadOther | QFile::ExeOther));
        const QString script = rig.folder.filePath(u"agent.sh"_s);
        rig.write(script, "LAYOUT=inplace LIVE='" + rig.folder.filePath(u"live"_s).toUtf8() + "' RUNNER=none SEEN_AS=\n" + agentScript());
        QVERIFY(QFile::setPermissions(script, QFile::ReadOwner | QFile::ReadOther));
        process.start(u"setpriv"_s, {u"--reuid=65534"_s, u"--regid=65534"_s, u"--clear-groups"_s, u"sh"_s, script, u"inspect"_s, rig.folder.filePath(u"state"_s), u"u"_s, rig.live(u"a"_s)});
        QVERIFY(QTest::qWaitFor([&] { return process.state() == QProcess::NotRunning; }, 20000));
        const QByteArray said = process.readAllStandardOutput();
        QVERIFY2(said.contains("file 0 absent - - - - no no -"), said.constData());
    }
}

void TestDeployCases::secretsStayHidden()
{
    const QByteArray secret = "Sw0rdf1sh-and-chips";
    PlainRig rig;
    rig.unit = kFilesOnly;
    rig.secrets = "pw: 'env:NOWHERE'";
    rig.values = {{u"pw"_s, secret}};
    rig.put(u"app.yml"_s, "user: me\npassword: <secret:pw>\n");
    // Command lines of everything that runs meanwhile.
    std::atomic<bool> stop = false;
    std::atomic<int> looks = 0;
    QByteArray seenIn;
    std::thread watcher([&] {
        while (!stop) {
            for (const QString& pid : QDir(u"/proc"_s).entryList({u"[0-9]*"_s}, QDir::Dirs)) {
                for (const char* what : {"/cmdline", "/environ"}) {
                    QFile file(u"/proc/"_s + pid + QString::fromLatin1(what));
                    if (file.open(QIODevice::ReadOnly) && file.readAll().contains(secret))
                        seenIn = file.fileName().toUtf8();
                }
            }
            ++looks;
        }
    });
    std::vector<UnitPlan> plans {rig.plan()};
    QStringList texts;
    const UnitOutcome outcome = rig.deploy();
    rig.put(u"app.yml"_s, "user: you\npassword: <secret:pw>\n");
    plans.push_back(rig.plan());
    DeployOptions no;
    no.confirm = [](const UnitPlan&) { return false; };
    const UnitOutcome back = rig.deploy(no);
    stop = true;
    watcher.join();
    QVERIFY2(outcome.end == End::Committed, qPrintable(told(outcome)));
    QVERIFY2(back.end == End::RolledBack, qPrintable(told(back)));
    QVERIFY(looks > 3);
    QVERIFY2(seenIn.isEmpty(), seenIn.constData());
    QVERIFY(rig.content(u"app.yml"_s).contains(secret));
    for (const UnitPlan& plan : plans) {
        DeployPlan whole;
        whole.units = {plan};
        texts << planToText(whole) << QString::fromUtf8(planToJson(whole).toUtf8());
    }
    texts << told(outcome) << told(back);
    for (const QString& text : texts)
        QVERIFY2(!text.contains(QString::fromUtf8(secret)), qPrintable(text));
    QVERIFY(texts.at(0).contains(u"password: <secret:pw>"));
    // On the host: in the file itself and in the releases, which are for their owner alone; not in logs, plans or settings.
    QDirIterator walk(rig.folder.filePath(u"state"_s), QDir::Files | QDir::Hidden, QDirIterator::Subdirectories);
    while (walk.hasNext()) {
        const QString path = walk.next();
        if (readFile(path).contains(secret))
            QVERIFY2(path.contains(u"/stage/") || path.contains(u"/old/"), qPrintable(path));
    }
    struct stat state {};
    QCOMPARE(::stat(rig.folder.filePath(u"state"_s).toUtf8().constData(), &state), 0);
    QCOMPARE(int(state.st_mode & 0777), 0700);
    for (const QString& name : QDir(QDir::tempPath()).entryList({u"promdeck.*"_s}, QDir::Dirs | QDir::Files))
        QVERIFY2(!name.startsWith(u"promdeck."), qPrintable(name));
}

void TestDeployCases::modesOwnersAndFolders()
{
    PlainRig rig;
    rig.unit = kFilesOnly + "    mode: \"0644\"\n";
    QVERIFY(QFile::setPermissions(rig.folder.filePath(u"live"_s), QFile::ReadOwner | QFile::WriteOwner | QFile::ExeOwner | QFile::ReadGroup | QFile::ExeGroup | QFile::ReadOther | QFile::ExeOther));
    rig.put(u"new/deep/a.yml"_s, "x");
    const UnitOutcome outcome = rig.deploy();
    QVERIFY2(outcome.end == End::Committed, qPrintable(told(outcome)));
    struct stat file {};
    struct stat folder {};
    QCOMPARE(::stat(rig.live(u"new/deep/a.yml"_s).toUtf8().constData(), &file), 0);
    QCOMPARE(::stat(rig.live(u"new/deep"_s).toUtf8().constData(), &folder), 0);
    QCOMPARE(int(file.st_mode & 0777), 0644);
    QCOMPARE(int(folder.st_mode & 0777), 0755); // as the folder above
    rig.unit = kFilesOnly + "    mode: \"0600\"\n";
    const UnitPlan plan = rig.plan();
    QCOMPARE(plan.changes.size(), std::size_t(1));
    QVERIFY(plan.changes[0].action == FileChange::Action::Attributes);
    QVERIFY(rig.deploy().end == End::Committed);
    QCOMPARE(::stat(rig.live(u"new/deep/a.yml"_s).toUtf8().constData(), &file), 0);
    QCOMPARE(int(file.st_mode & 0777), 0600);
    // New folders go again when it is rolled back.
    rig.put(u"other/b.yml"_s, "y");
    DeployOptions no;
    no.confirm = [](const UnitPlan&) { return false; };
    QVERIFY(rig.deploy(no).end == End::RolledBack);
    QVERIFY(!QFileInfo::exists(rig.live(u"other"_s)));
}

PROMDECK_TEST_MAIN(TestDeployCases)
#include "tst_deploycases.moc"
