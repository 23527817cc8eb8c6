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
