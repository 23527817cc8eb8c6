// Several hosts: folders of this machine, and one that nobody can reach.
#include "models/core/json.h"
#include "provisioning/deploy/audit.h"
#include "provisioning/deploy/deployrunner.h"
#include "provisioning/host/localhost.h"
#include "tests/support/testsupport.h"

#include <QDir>
#include <QSignalSpy>
#include <QTemporaryDir>

#include <mutex>

using namespace Promdeck;
using namespace Promdeck::Deploy;
using namespace Promdeck::Testing;
using namespace Qt::StringLiterals;

namespace {

/// Hosts a, b, c... whose unit reloads by a command of its own: it fails where a file named "broken" is.
struct Fleet
{
    QTemporaryDir folder;

    [[nodiscard]] QString path(const QString& name) const { return folder.filePath(name); }
    static void write(const QString& path, const QByteArray& text)
    {
        QDir().mkpath(QFileInfo(path).path());
        QFile out(path);
        if (!out.open(QIODevice::WriteOnly) || out.write(text) != text.size())
            qFatal("cannot write %s", qPrintable(path));
    }

    Workspace make(const QStringList& hosts, const QByteArray& rollout) const
    {
        QByteArray text = "version: 1\nrollout: " + rollout + "\nhosts:\n";
        QByteArray units;
        for (const QString& host : hosts) {
            QDir().mkpath(path(host));
            text += "  " + host.toUtf8() + ": {address: local, sudo: never, state_dir: " + path(u"state-"_s + host).toUtf8() + "}\n";
            for (const char* unit : {"first", "second"}) {
                const QByteArray live = path(host + u'/' + QString::fromLatin1(unit)).toUtf8();
                QDir().mkpath(QString::fromUtf8(live));
                units += "  " + QByteArray(unit) + '-' + host.toUtf8() + ":\n    component: other\n    hosts: [" + host.toUtf8() + "]\n    directory: " + live
                    + "\n    process: {match: nothing-runs-like-this, restart: [sh, -c, '! grep -q bad " + live + "/a || test ! -e " + path(host + u"/broken"_s).toUtf8()
                    + "']}\n    files: [{source: a}]\n";
            }
        }
        write(path(u"ws/promdeck.yaml"_s), text + "units:\n" + units);
        const Result<Workspace> read = readWorkspace(path(u"ws"_s));
        if (!read)
            qFatal("%s", qPrintable(read.error().toString()));
        return *read;
    }

    [[nodiscard]] QByteArray live(const QString& host, const QString& unit = u"first"_s) const
    {
        QFile in(path(host + u'/' + unit + u"/a"_s));
        return in.open(QIODevice::ReadOnly) ? in.readAll() : QByteArray("-");
    }
};

HostFactory localHosts(const QString& unreachable = {})
{
    return [unreachable](const WorkspaceHost& spec) -> Result<std::shared_ptr<Host>> {
        if (spec.name == unreachable)
            return makeError(ErrorCode::ConnectionRefused, u"Nothing listens there"_s);
        return std::shared_ptr<Host>(std::make_shared<LocalHost>(spec.name));
    };
}

FleetOptions options()
{
    FleetOptions out;
    out.deploy.who = u"tester"_s;
    out.deploy.confirmWithinS = 30;
    return out;
}

QStringList verdicts(const FleetReport& report)
{
    QStringList out;
    for (const HostTruth& truth : report.hosts)
        out << truth.host + u' ' + truth.verdict();
    return out;
}

FleetReport roll(const Workspace& workspace, const FleetOptions& with, const HostFactory& factory = localHosts())
{
    QStringList hosts;
    for (const WorkspaceHost& host : workspace.hosts)
        hosts << host.name;
    const DeployPlan plan = planFleet(workspace, {}, factory, hosts, with);
    return deployFleet(workspace, {}, factory, plan, with);
}

} // namespace

class TestFleet final : public QObject
{
    Q_OBJECT
    QTemporaryDir m_state;
private Q_SLOTS:
    void initTestCase() { qputenv("XDG_STATE_HOME", m_state.path().toUtf8()); }
    void rollsOut();
    void canaryStopsEverything();
    void stopsByItsRuleAndGoesBack();
    void aHostGoesBackAsAWhole();
    void unreachableHostFailsAlone();
    void runnerSaysHowItGoes();
};

void TestFleet::rollsOut()
{
    const Fleet fleet;
    Fleet::write(fleet.path(u"ws/a"_s), "good");
    const Workspace workspace = fleet.make({u"a"_s, u"b"_s, u"c"_s, u"d"_s}, "{batch: 2}");
    const FleetReport report = roll(workspace, options());
    QVERIFY2(report.ok(), qPrintable(fleetToText(report)));
    QCOMPARE(verdicts(report), QStringList({u"a new"_s, u"b new"_s, u"c new"_s, u"d new"_s}));
    QCOMPARE(report.hosts.at(3).batch, 2);
    for (const WorkspaceHost& host : workspace.hosts)
        QCOMPARE(fleet.live(host.name, u"second"_s), QByteArray("good"));
    const FleetReport again = roll(workspace, options());
    QCOMPARE(verdicts(again).at(0), u"a unchanged"_s);
    QVERIFY(verifyAudit(readFile(workstationAuditPath())).ok());
}

void TestFleet::canaryStopsEverything()
{
    const Fleet fleet;
    Fleet::write(fleet.path(u"ws/a"_s), "good");
    const Workspace workspace = fleet.make({u"a"_s, u"b"_s, u"c"_s}, "{batch: 100%, stop_after: 3, canary: [b]}");
    QVERIFY(roll(workspace, options()).ok());
    Fleet::write(fleet.path(u"ws/a"_s), "bad");
    Fleet::write(fleet.path(u"b/broken"_s), {});
    const FleetReport report = roll(workspace, options());
    QVERIFY(report.stopped);
    QCOMPARE(verdicts(report).mid(1), QStringList({u"a not tried"_s, u"c not tried"_s}));
    QVERIFY(verdicts(report).at(0) != u"b new"_s);
    QCOMPARE(fleet.live(u"a"_s), QByteArray("good"));
    QCOMPARE(fleet.live(u"b"_s), QByteArray("good"));
}

void TestFleet::stopsByItsRuleAndGoesBack()
{
    const Fleet fleet;
    Fleet::write(fleet.path(u"ws/a"_s), "good");
    const Workspace workspace = fleet.make({u"a"_s, u"b"_s, u"c"_s, u"d"_s}, "{batch: 1, stop_after: 1}");
    QVERIFY(roll(workspace, options()).ok());
    Fleet::write(fleet.path(u"ws/a"_s), "bad");
    Fleet::write(fleet.path(u"c/broken"_s), {});
    FleetOptions keep = options();
    const FleetReport kept = roll(workspace, keep);
    QVERIFY(kept.stopped && !kept.rolledBackAll);
    QCOMPARE(fleet.live(u"b"_s), QByteArray("bad"));
    QCOMPARE(fleet.live(u"c"_s), QByteArray("good"));
    QCOMPARE(fleet.live(u"d"_s), QByteArray("good"));
    QVERIFY2(verdicts(kept).mid(0, 2) == QStringList({u"a new"_s, u"b new"_s}), qPrintable(fleetToText(kept)));
    // The other choice: everybody goes back.
    Fleet::write(fleet.path(u"ws/a"_s), "bad too");
    FleetOptions all = options();
    all.rollBackAll = true;
    const FleetReport undone = roll(workspace, all);
    QVERIFY(undone.rolledBackAll);
    QVERIFY2(verdicts(undone).mid(0, 2) == QStringList({u"a old"_s, u"b old"_s}), qPrintable(fleetToText(undone)));
    QCOMPARE(fleet.live(u"a"_s), QByteArray("bad"));
    QCOMPARE(fleet.live(u"d"_s), QByteArray("good"));
}

void TestFleet::aHostGoesBackAsAWhole()
{
    const Fleet fleet;
    Fleet::write(fleet.path(u"ws/a"_s), "good");
    Workspace workspace = fleet.make({u"a"_s}, "{}");
    QVERIFY(roll(workspace, options()).ok());
    Fleet::write(fleet.path(u"ws/a"_s), "bad");
    workspace.units.at(1).restart = QStringList {u"false"_s}; // the second of its units fails, the first has succeeded by then
    const FleetReport report = roll(workspace, options());
    QVERIFY(!report.ok());
    QCOMPARE(fleet.live(u"a"_s, u"first"_s), QByteArray("good"));
    QCOMPARE(fleet.live(u"a"_s, u"second"_s), QByteArray("good"));
}

void TestFleet::unreachableHostFailsAlone()
{
    const Fleet fleet;
    Fleet::write(fleet.path(u"ws/a"_s), "good");
    const Workspace workspace = fleet.make({u"a"_s, u"b"_s, u"c"_s}, "{batch: 1, stop_after: 9}");
    const FleetReport report = roll(workspace, options(), localHosts(u"b"_s));
    QVERIFY(!report.ok());
    QCOMPARE(verdicts(report), QStringList({u"a new"_s, u"b old"_s, u"c new"_s}));
    QVERIFY(report.hosts.at(1).units.at(0).error->code == ErrorCode::ConnectionRefused);
}

void TestFleet::runnerSaysHowItGoes()
{
    const Fleet fleet;
    Fleet::write(fleet.path(u"ws/a"_s), "good");
    const Workspace workspace = fleet.make({u"a"_s, u"b"_s}, "{}");
    DeployRunner runner(workspace, {}, localHosts());
    std::optional<DeployPlan> plan;
    std::optional<FleetReport> report;
    std::vector<UnitDrift> drift;
    QStringList steps;
    connect(&runner, &DeployRunner::planned, this, [&](const DeployPlan& made) { plan = made; });
    connect(&runner, &DeployRunner::progressed, this, [&](const DeployEvent& event) { steps << event.step; });
    connect(&runner, &DeployRunner::deployed, this, [&](const FleetReport& told) { report = told; });
    connect(&runner, &DeployRunner::drifted, this, [&](const std::vector<UnitDrift>& found) { drift = found; });
    runner.plan({u"a"_s, u"b"_s}, options());
    QVERIFY(runner.isRunning());
    QTRY_VERIFY_WITH_TIMEOUT(plan.has_value(), 30000);
    QCOMPARE(plan->units.size(), std::size_t(4));
    runner.deploy(*plan, options());
    QTRY_VERIFY_WITH_TIMEOUT(report.has_value(), 60000);
    QVERIFY2(report->ok(), qPrintable(fleetToText(*report)));
    QTRY_VERIFY(steps.contains(u"commit"_s) && steps.contains(u"lock"_s));
    Fleet::write(fleet.path(u"b/first/a"_s), "by hand");
    runner.drift({u"a"_s, u"b"_s});
    QTRY_COMPARE_WITH_TIMEOUT(drift.size(), std::size_t(4), 30000);
    QVERIFY(!drift[0].drifted() && drift[2].drifted());
    QVERIFY(drift[2].files.at(0).state == FileTruth::State::Edited);
    QVERIFY(drift[2].files.at(0).diff.contains("+by hand"));
    QVERIFY(driftToText(drift).contains(u"edited"));
}

PROMDECK_TEST_MAIN(TestFleet)
#include "tst_fleet.moc"
