// The same deployments through a real sshd, with connections that are cut on the server's side.
#include "provisioning/deploy/fleet.h"
#include "tests/integration/deploy/deployrig.h"
#include "tests/integration/ssh/sshtest.h"

#include <QElapsedTimer>

using namespace Promdeck;
using namespace Promdeck::Deploy;
using namespace Promdeck::Testing;
using namespace Qt::StringLiterals;
using End = UnitOutcome::End;

class TestDeploySsh final : public QObject
{
    Q_OBJECT

    std::unique_ptr<TestSshd> m_sshd;

    [[nodiscard]] std::shared_ptr<SshHost> connect() const
    {
        SshHosts hosts(std::make_shared<ScriptedPrompter>(), sourceFor(*m_sshd));
        const Result<std::shared_ptr<SshHost>> host = hosts.host(u"srv"_s);
        if (!host)
            qFatal("%s", qPrintable(host.error().toString()));
        return *host;
    }

private Q_SLOTS:
    void initTestCase()
    {
        prepareTools();
        SshdOptions options;
        options.path = QFileInfo(serverBinary(u"promtool"_s)).path().toUtf8();
        m_sshd = TestSshd::start(options);
        QVERIFY(m_sshd);
        m_sshd->trust();
    }

    void deploysOverSsh()
    {
        const auto rig = DeployRig::make();
        QVERIFY(rig);
        rig->put(u"rules/more.yml"_s, "groups: [{name: more, rules: [{record: 'x:y', expr: up}]}]\n");
        const auto host = connect();
        const auto agent = rig->agent(*host);
        const UnitPlan plan = planUnit(*agent, rig->workspace(), {});
        QVERIFY2(!plan.refused(), qPrintable(told(plan)));
        QVERIFY2(plan.validatedBy.contains(u"promtool"), qPrintable(told(plan)));
        QElapsedTimer clock;
        clock.start();
        const UnitOutcome outcome = deployUnit(*agent, plan, rig->deployOptions());
        QVERIFY2(outcome.end == End::Committed, qPrintable(told(outcome)));
        qInfo("over SSH, first deployment: %lld ms", clock.elapsed());
        QCOMPARE(rig->serverState().rules.size(), std::size_t(2));
        QCOMPARE(rig->leftovers(), QStringList());
    }

    /// The server ends the connection while the new version is live and unconfirmed.
    void cutWhileArmed()
    {
        const auto rig = DeployRig::make();
        QVERIFY(rig);
        QVERIFY(rig->deploy().end == End::Committed);
        rig->put(u"rules/base.yml"_s, kBaseRules + "# cut\n");
        const auto host = connect();
        const auto agent = rig->agent(*host);
        const UnitPlan plan = planUnit(*agent, rig->workspace(), {});
        DeployOptions options = rig->deployOptions();
        options.confirmWithinS = 4;
        options.verifyServer = false;
        QByteArray armed;
        options.confirm = [&](const UnitPlan&) {
            armed = rig->live(u"rules/base.yml"_s);
            m_sshd->killSessions();
            // Long enough for the host to act by itself.
            for (int i = 0; i < 100 && rig->live(u"rules/base.yml"_s) != kBaseRules; ++i)
                std::this_thread::sleep_for(std::chrono::milliseconds(100));
            return true;
        };
        const UnitOutcome outcome = deployUnit(*agent, plan, options);
        QVERIFY(armed.contains("# cut"));
        QCOMPARE(rig->live(u"rules/base.yml"_s), kBaseRules);
        QVERIFY2(outcome.end == End::RolledBack || outcome.end == End::NeedsYou, qPrintable(told(outcome)));
        QTRY_COMPARE(rig->states().constLast(), u"rolledback"_s);
        QCOMPARE(rig->leftovers(), QStringList());
        // The next connection finds nothing to do.
        const auto again = connect();
        const auto fresh = rig->agent(*again);
        const Result<RecoverReport> report = recoverUnit(*fresh);
        QVERIFY_RESULT(report);
        QVERIFY(report->open.empty());
        QVERIFY(rig->serverState().reloadSuccessful.value_or(false));
    }

    /// Cut at every step: afterwards it is old or new, and the deployment says which where it still can.
    void cutAtEveryStep_data()
    {
        QTest::addColumn<QString>("step");
        for (const char* step : {"lock", "stage", "prepare", "switch", "verify", "commit"})
            QTest::newRow(step) << QString::fromLatin1(step);
    }

    void cutAtEveryStep()
    {
        QFETCH(const QString, step);
        const auto rig = DeployRig::make();
        QVERIFY(rig);
        QVERIFY(rig->deploy().end == End::Committed);
        const QByteArray fresh = kBaseRules + "# cut\n";
        rig->put(u"rules/base.yml"_s, fresh);
        const auto host = connect();
        const auto agent = rig->agent(*host);
        const UnitPlan plan = planUnit(*agent, rig->workspace(), {});
        DeployOptions options = rig->deployOptions();
        options.confirmWithinS = 4;
        options.leaseS = 3;
        std::thread killer;
        bool cut = false;
        const UnitOutcome outcome = deployUnit(*agent, plan, options, [&](const DeployEvent& event) {
            if (cut || event.step != step || event.state != DeployEvent::State::Running)
                return;
            cut = true;
            // In the middle of what this step does on the host.
            killer = std::thread([this] {
                std::this_thread::sleep_for(std::chrono::milliseconds(60));
                m_sshd->killSessions();
            });
        });
        QVERIFY(cut);
        killer.join();
        const auto again = connect();
        const auto recovering = rig->agent(*again);
        for (int i = 0; i < 60; ++i) {
            const Result<RecoverReport> report = recoverUnit(*recovering);
            QVERIFY_RESULT(report);
            if (report->open.empty() && !QFileInfo::exists(rig->stateFolder() + u"/prom/lock"_s))
                break;
            QTest::qWait(200);
        }
        const QByteArray now = rig->live(u"rules/base.yml"_s);
        QVERIFY2(now == kBaseRules || now == fresh, now.constData());
        if (outcome.end == End::Committed)
            QCOMPARE(now, fresh);
        if (outcome.end == End::RolledBack || outcome.end == End::Refused)
            QVERIFY2(now == kBaseRules, qPrintable(told(outcome)));
        QCOMPARE(rig->leftovers(), QStringList());
        QVERIFY(!QFileInfo::exists(rig->stateFolder() + u"/prom/lock"_s));
        for (const QString& state : rig->states())
            QVERIFY2(state == u"committed" || state == u"rolledback" || state == u"abandoned", qPrintable(state));
    }

    /// Twelve files to several hosts, validated there. PROMDECK_FLEET=N takes N hosts and says how long it took.
    void twelveFilesToAFleet()
    {
        const int count = std::max(3, qEnvironmentVariableIntValue("PROMDECK_FLEET"));
        const QTemporaryDir folder;
        qputenv("XDG_STATE_HOME", folder.filePath(u"desk"_s).toUtf8());
        const auto put = [&folder](const QString& name, const QByteArray& text) {
            QDir().mkpath(QFileInfo(folder.filePath(name)).path());
            const Status written = writeFileAtomically(folder.filePath(name), text);
            if (!written)
                qFatal("%s", qPrintable(written.error().toString()));
        };
        std::vector<std::unique_ptr<TestSshd>> servers;
        QByteArray hosts;
        QByteArray units;
        QStringList names;
        for (int i = 0; i < count; ++i) {
            SshdOptions options;
            options.path = QFileInfo(serverBinary(u"promtool"_s)).path().toUtf8();
            servers.push_back(TestSshd::start(options));
            QVERIFY(servers.back());
            servers.back()->trust();
            const QByteArray name = "h" + QByteArray::number(i);
            names << QString::fromUtf8(name);
            const QByteArray live = folder.filePath(QString::fromUtf8(name)).toUtf8();
            put(QString::fromUtf8(name) + u"/prometheus.yml"_s, "global: {}\n");
            hosts += "  " + name + ": {sudo: never, state_dir: " + live + "-state}\n";
            units += "  prom-" + name + ": {component: prometheus, hosts: [" + name + "], directory: " + live + ", reload: none, files: [{source: prometheus.yml}, {source: rules}]}\n";
        }
        put(u"ws/promdeck.yaml"_s, "version: 1\nrollout: {batch: 100%}\nhosts:\n" + hosts + "units:\n" + units);
        const auto version = [&](const QByteArray& number) {
            put(u"ws/prometheus.yml"_s, "global: {}\nrule_files: ['rules/*.yml']\n# " + number + '\n');
            for (int i = 0; i < 11; ++i)
                put(u"ws/rules/r%1.yml"_s.arg(i), "groups: [{name: g" + QByteArray::number(i) + ", rules: [{record: 'v:" + number + "', expr: up}]}]\n");
        };
        version("1");
        const Result<Workspace> workspace = readWorkspace(folder.filePath(u"ws"_s));
        QVERIFY_RESULT(workspace);
        std::map<QString, std::shared_ptr<SshHost>> machines;
        for (int i = 0; i < count; ++i) {
            SshHosts all(std::make_shared<ScriptedPrompter>(), sourceFor(*servers[std::size_t(i)]));
            machines[names.at(i)] = all.host(u"srv"_s).valueOr(nullptr);
        }
        const HostFactory factory = [&machines](const WorkspaceHost& spec) -> Result<std::shared_ptr<Host>> { return std::shared_ptr<Host>(machines.at(spec.name)); };
        FleetOptions options;
        options.deploy.who = u"tester"_s;
        options.parallel = 20;
        for (const char* number : {"1", "2"}) {
            version(number);
            QElapsedTimer clock;
            clock.start();
            const DeployPlan plan = planFleet(*workspace, {}, factory, names, options);
            const qint64 planned = clock.elapsed();
            QVERIFY2(!plan.refused(), qPrintable(planToText(plan)));
            QCOMPARE(plan.units.front().changes.size(), std::size_t(12));
            const FleetReport report = deployFleet(*workspace, {}, factory, plan, options);
            QVERIFY2(report.ok(), qPrintable(fleetToText(report)));
            qInfo("%d hosts, 12 files: plan %lld ms, deployment %lld ms", count, planned, clock.elapsed() - planned);
        }
        for (const QString& name : names)
            QVERIFY(readFile(folder.filePath(name + u"/rules/r10.yml"_s)).contains("v:2"));
    }

    void hostKeyThatChangedStopsBeforeAnything()
    {
        const auto rig = DeployRig::make();
        QVERIFY(rig);
        m_sshd->changeHostKey();
        const auto host = connect();
        const auto agent = rig->agent(*host);
        const UnitPlan plan = planUnit(*agent, rig->workspace(), {});
        QVERIFY(plan.unreachable && plan.unreachable->code == ErrorCode::HostKey);
        QVERIFY(!QFileInfo::exists(rig->stateFolder()));
    }
};

PROMDECK_TEST_MAIN(TestDeploySsh)
#include "tst_deployssh.moc"
