// Plans and deployments to a real Prometheus on this machine.
#include "models/core/json.h"
#include "tests/integration/deploy/deployrig.h"

#include <csignal>
#include <sys/stat.h>

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

const QByteArray kMoreRules = "groups: [{name: more, rules: [{alert: AlwaysOn, expr: vector(1), labels: {severity: page}}, {record: 'x:y', expr: up}]}]\n";

} // namespace

class TestDeploy final : public QObject
{
    Q_OBJECT
private Q_SLOTS:
    void plansWithoutTouching();
    void deploysAndRollsBackToTheBeginning();
    void sameAgainDoesNothing();
    void hostRefusesBeforeTheSwitch();
    void halfAppliedReloadIsUndone();
    void deadTargetsRollBack();
    void editsOnTheHostAreNotLost();
    void editAfterThePlanStopsIt();
    void hostGoesBackWithoutUs();
    void afterARebootTheNextLookRecovers();
    void commitComesTooLate();
    void purgesOnlyWhatIsOurs();
    void linksStayAndAttributesToo();
    void cancellingRollsBack();
    void secondOperatorSeesTheFirst();
};

void TestDeploy::plansWithoutTouching()
{
    const auto rig = DeployRig::make();
    QVERIFY(rig);
    rig->put(u"prometheus.yml"_s, rig->config("- {job_name: more, static_configs: [{targets: ['127.0.0.1:1']}]}\n"));
    rig->put(u"rules/more.yml"_s, kMoreRules);
    const QByteArray before = rig->live(u"prometheus.yml"_s);
    const UnitPlan plan = rig->plan();
    QVERIFY2(!plan.refused(), qPrintable(told(plan)));
    QCOMPARE(plan.changes.size(), std::size_t(2));
    QCOMPARE(QFileInfo(QFile::decodeName(plan.changes[0].path)).fileName(), u"more.yml"_s); // rules before what names them
    QVERIFY(plan.changes[1].diff.contains("+- {job_name: more"));
    QVERIFY2(plan.validatedBy.contains(u"promtool"), qPrintable(plan.validatedBy + told(plan)));
    QVERIFY(plan.blast.known);
    QVERIFY(plan.blast.jobsAdded.contains(u"more"_s));
    QCOMPARE(plan.blast.rulesAdded, 2);
    QCOMPARE(plan.blast.wouldFire.size(), std::size_t(1));
    QCOMPARE(rig->live(u"prometheus.yml"_s), before);
    QVERIFY(!QFileInfo::exists(rig->server->path(u"rules/more.yml"_s)));
    QVERIFY(!QFileInfo::exists(rig->stateFolder()));
    DeployPlan whole;
    whole.units = {plan};
    DeployPlan again;
    again.units = {rig->plan()};
    QCOMPARE(whole.hash(), again.hash());
    rig->put(u"rules/more.yml"_s, kMoreRules + "# changed\n");
    again.units = {rig->plan()};
    QVERIFY(whole.hash() != again.hash());
    QCOMPARE(planToJson(whole)[u"units"].at(0)[u"changes"].size(), 2);
}

void TestDeploy::deploysAndRollsBackToTheBeginning()
{
    const auto rig = DeployRig::make();
    QVERIFY(rig);
    const QByteArray before = rig->live(u"prometheus.yml"_s);
    rig->put(u"rules/more.yml"_s, kMoreRules);
    const UnitOutcome outcome = rig->deploy();
    QVERIFY2(outcome.end == End::Committed, qPrintable(told(outcome)));
    QCOMPARE(rig->live(u"rules/more.yml"_s), kMoreRules);
    QVERIFY(rig->live(u"prometheus.yml"_s) != before);
    QCOMPARE(rig->leftovers(), QStringList());
    QCOMPARE(rig->states(), QStringList({u"committed"_s, u"committed"_s})); // release 0, and this one
    const ServerState state = rig->serverState();
    QVERIFY(state.jobs.contains(u"self"_s));
    QCOMPARE(state.rules.size(), std::size_t(3));
    QVERIFY(!QFileInfo::exists(rig->stateFolder() + u"/prom/lock"_s));
    for (const char* name : {"recover.sh", "README", "audit.log"})
        QVERIFY(QFileInfo::exists(rig->stateFolder() + u'/' + QString::fromLatin1(name)));

    const QString first = QDir(rig->stateFolder() + u"/prom/tx"_s).entryList(QDir::Dirs | QDir::NoDotAndDotDot, QDir::Name).value(0);
    const auto agent = rig->agent();
    const UnitPlan back = planRollback(*agent, rig->workspace(), {}, first);
    QVERIFY2(!back.refused(), qPrintable(told(back)));
    QCOMPARE(back.changes.size(), std::size_t(2)); // the configuration, and one file that goes
    const UnitOutcome undone = deployUnit(*agent, back, rig->deployOptions());
    QVERIFY2(undone.end == End::Committed, qPrintable(told(undone)));
    QCOMPARE(rig->live(u"prometheus.yml"_s), before);
    QVERIFY(!QFileInfo::exists(rig->server->path(u"rules/more.yml"_s)));
    QCOMPARE(rig->serverState().rules.size(), std::size_t(1));
}

void TestDeploy::sameAgainDoesNothing()
{
    const auto rig = DeployRig::make();
    QVERIFY(rig);
    QVERIFY(rig->deploy().end == End::Committed);
    const double reloadedAt = rig->serverState().reloadedAt;
    const UnitOutcome again = rig->deploy();
    QVERIFY2(again.end == End::Unchanged, qPrintable(told(again)));
    QCOMPARE(rig->serverState().reloadedAt, reloadedAt);
    QCOMPARE(rig->states().size(), 2);
}

void TestDeploy::hostRefusesBeforeTheSwitch()
{
    const auto rig = DeployRig::make();
    QVERIFY(rig);
    // Only the whole tree shows it: the rule file is wrong, the main file is not.
    rig->put(u"rules/broken.yml"_s, "groups: [{name: x, rules: [{record: a, expr: 'sum('}]}]\n");
    PlanOptions options;
    options.engineValidation = false;
    const UnitPlan plan = rig->plan(options);
    QVERIFY2(hasFinding(plan, u"host/validation"_s), qPrintable(told(plan)));
    const UnitOutcome outcome = deployUnit(*rig->agent(), plan, rig->deployOptions());
    QVERIFY(outcome.end == End::Refused);
    QVERIFY(!QFileInfo::exists(rig->stateFolder()));
    // Our own engine sees it as well, with its place.
    const UnitPlan engine = rig->plan();
    QVERIFY(engine.refused());
    QVERIFY(std::any_of(engine.findings.begin(), engine.findings.end(), [](const PlanFinding& one) { return one.file == u"rules/broken.yml" && one.line == 1; }));
}

void TestDeploy::halfAppliedReloadIsUndone()
{
    const auto rig = DeployRig::make();
    QVERIFY(rig);
    QVERIFY(rig->deploy().end == End::Committed);
    const QByteArray before = rig->live(u"prometheus.yml"_s);
    rig->put(u"prometheus.yml"_s, rig->config("- {job_name: half, static_configs: [{targets: ['" + rig->server->hostPort().toUtf8() + "']}]}\n"));
    rig->put(u"rules/broken.yml"_s, "groups: [{name: x, rules: [{record: a, expr: 'sum('}]}]\n");
    PlanOptions options;
    options.engineValidation = options.hostValidation = false;
    const UnitOutcome outcome = rig->deploy(options);
    QVERIFY2(outcome.end == End::RolledBack, qPrintable(told(outcome)));
    QVERIFY2(outcome.halfApplied, qPrintable(told(outcome)));
    QCOMPARE(rig->live(u"prometheus.yml"_s), before);
    QCOMPARE(rig->leftovers(), QStringList());
    const ServerState state = rig->serverState();
    QVERIFY(state.reloadSuccessful.value_or(false));
    QVERIFY(!state.jobs.contains(u"half"_s));
    QVERIFY(!QFileInfo::exists(rig->server->path(u"rules/broken.yml"_s)));
}

void TestDeploy::deadTargetsRollBack()
{
    const auto rig = DeployRig::make({});
    QVERIFY(rig);
    QVERIFY(rig->deploy().end == End::Committed);
    const QByteArray before = rig->live(u"prometheus.yml"_s);
    QTRY_VERIFY_WITH_TIMEOUT(rig->serverState().health[u"self"_s].up == 1, 10000);
    rig->put(u"prometheus.yml"_s, rig->config().replace(rig->server->hostPort().toUtf8(), "127.0.0.1:1"));
    const UnitOutcome outcome = rig->deploy();
    QVERIFY2(outcome.end == End::RolledBack, qPrintable(told(outcome)));
    QVERIFY2(outcome.error->detail.contains(u"job self: 0 of 1 up"), qPrintable(told(outcome)));
    QCOMPARE(rig->live(u"prometheus.yml"_s), before);
    QTRY_VERIFY_WITH_TIMEOUT(rig->serverState().health[u"self"_s].up == 1, 10000);
}

void TestDeploy::editsOnTheHostAreNotLost()
{
    const auto rig = DeployRig::make();
    QVERIFY(rig);
    QVERIFY(rig->deploy().end == End::Committed);
    rig->putLive(u"rules/base.yml"_s, kBaseRules + "# by hand\n");
    rig->put(u"rules/base.yml"_s, kBaseRules + "# by us\n");
    const UnitPlan plan = rig->plan();
    QVERIFY(plan.refused());
    QVERIFY(hasFinding(plan, u"host/edited"_s));
    PlanOptions overwrite;
    overwrite.overwriteEdits = true;
    const UnitOutcome outcome = rig->deploy(overwrite);
    QVERIFY2(outcome.end == End::Committed, qPrintable(told(outcome)));
    QCOMPARE(rig->live(u"rules/base.yml"_s), kBaseRules + "# by us\n");
    const QDir old(rig->stateFolder() + u"/prom/tx/"_s + outcome.transaction + u"/old"_s);
    QStringList kept;
    for (const QString& name : old.entryList(QDir::Files))
        kept << QString::fromUtf8(readFile(old.filePath(name)));
    QVERIFY(kept.join(QString()).contains(u"# by hand"));
}

void TestDeploy::editAfterThePlanStopsIt()
{
    const auto rig = DeployRig::make();
    QVERIFY(rig);
    QVERIFY(rig->deploy().end == End::Committed);
    rig->put(u"rules/base.yml"_s, kBaseRules + "# by us\n");
    const UnitPlan plan = rig->plan();
    rig->putLive(u"rules/base.yml"_s, kBaseRules + "# meanwhile\n");
    const UnitOutcome outcome = deployUnit(*rig->agent(), plan, rig->deployOptions());
    QVERIFY2(outcome.end == End::Refused && outcome.error->code == ErrorCode::Conflict, qPrintable(told(outcome)));
    QVERIFY(outcome.error->detail.contains(u"base.yml"));
    QCOMPARE(rig->live(u"rules/base.yml"_s), kBaseRules + "# meanwhile\n");
    QCOMPARE(rig->leftovers(), QStringList());
    QVERIFY(!QFileInfo::exists(rig->stateFolder() + u"/prom/lock"_s));
}

void TestDeploy::hostGoesBackWithoutUs()
{
    const auto rig = DeployRig::make();
    QVERIFY(rig);
    QVERIFY(rig->deploy().end == End::Committed);
    rig->put(u"rules/base.yml"_s, kBaseRules + "# never confirmed\n");
    const UnitPlan plan = rig->plan();
    // Everything up to the switch, and then not a word: the connection is gone.
    struct Gone final : std::exception {};
    DeployOptions options = rig->deployOptions();
    options.confirmWithinS = 3;
    options.verifyServer = false;
    bool switched = false;
    options.confirm = [&](const UnitPlan&) -> bool {
        switched = rig->live(u"rules/base.yml"_s).contains("never confirmed");
        throw Gone();
    };
    QVERIFY_THROWS_EXCEPTION(Gone, (void)deployUnit(*rig->agent(), plan, options));
    QVERIFY(switched);
    QTRY_COMPARE_WITH_TIMEOUT(rig->states().constLast(), u"rolledback"_s, 15000);
    QCOMPARE(rig->live(u"rules/base.yml"_s), kBaseRules);
    QCOMPARE(rig->leftovers(), QStringList());
    QTRY_VERIFY(!QFileInfo::exists(rig->stateFolder() + u"/prom/lock"_s));
    QVERIFY(rig->serverState().reloadSuccessful.value_or(false));
    const Result<RecoverReport> report = recoverUnit(*rig->agent());
    QVERIFY_RESULT(report);
    QVERIFY(report->open.empty());
}

void TestDeploy::afterARebootTheNextLookRecovers()
{
    const auto rig = DeployRig::make();
    QVERIFY(rig);
    QVERIFY(rig->deploy().end == End::Committed);
    rig->put(u"rules/base.yml"_s, kBaseRules + "# before the reboot\n");
    const UnitPlan plan = rig->plan();
    struct Gone final : std::exception {};
    DeployOptions options = rig->deployOptions();
    options.confirmWithinS = 2;
    options.leaseS = 2;
    options.verifyServer = false;
    QString transaction;
    options.confirm = [&](const UnitPlan&) -> bool {
        // What a reboot does: nobody is left to go back.
        const QDir all(rig->stateFolder() + u"/prom/tx"_s);
        transaction = all.entryList(QDir::Dirs | QDir::NoDotAndDotDot, QDir::Name).constLast();
        ::kill(pid_t(readFile(all.filePath(transaction + u"/watchdog"_s)).trimmed().toInt()), SIGKILL);
        throw Gone();
    };
    QVERIFY_THROWS_EXCEPTION(Gone, (void)deployUnit(*rig->agent(), plan, options));
    QVERIFY(rig->plan().refused()); // until the deadline has passed, it may yet be confirmed
    QTest::qWait(3000);
    QVERIFY(rig->live(u"rules/base.yml"_s).contains("before the reboot"));
    const UnitPlan look = rig->plan();
    QVERIFY2(hasFinding(look, u"host/recovered"_s) && !look.refused(), qPrintable(told(look)));
    QCOMPARE(rig->live(u"rules/base.yml"_s), kBaseRules);
    QCOMPARE(look.changes.size(), std::size_t(1)); // the change is still to be made
    QCOMPARE(rig->states().constLast(), u"rolledback"_s);
}

void TestDeploy::commitComesTooLate()
{
    const auto rig = DeployRig::make();
    QVERIFY(rig);
    QVERIFY(rig->deploy().end == End::Committed);
    rig->put(u"rules/base.yml"_s, kBaseRules + "# too late\n");
    const UnitPlan plan = rig->plan();
    DeployOptions options = rig->deployOptions();
    options.confirmWithinS = 2;
    options.verifyServer = false;
    options.confirm = [&](const UnitPlan&) {
        for (int i = 0; i < 100 && rig->live(u"rules/base.yml"_s) != kBaseRules; ++i)
            std::this_thread::sleep_for(std::chrono::milliseconds(100));
        return true;
    };
    const UnitOutcome outcome = deployUnit(*rig->agent(), plan, options);
    QVERIFY2(outcome.end == End::RolledBack, qPrintable(told(outcome)));
    QCOMPARE(rig->live(u"rules/base.yml"_s), kBaseRules);
}

void TestDeploy::purgesOnlyWhatIsOurs()
{
    const auto rig = DeployRig::make();
    QVERIFY(rig);
    rig->put(u"rules/more.yml"_s, kMoreRules);
    QVERIFY(rig->deploy().end == End::Committed);
    rig->putLive(u"rules/foreign.yml"_s, "groups: [{name: foreign, rules: [{record: f, expr: up}]}]\n");
    rig->remove(u"rules/more.yml"_s);
    const UnitOutcome outcome = rig->deploy();
    QVERIFY2(outcome.end == End::Committed, qPrintable(told(outcome)));
    QVERIFY(!QFileInfo::exists(rig->server->path(u"rules/more.yml"_s)));
    QVERIFY(QFileInfo::exists(rig->server->path(u"rules/foreign.yml"_s)));
    QCOMPARE(rig->serverState().rules.size(), std::size_t(2));
}

void TestDeploy::linksStayAndAttributesToo()
{
    const auto rig = DeployRig::make();
    QVERIFY(rig);
    const QString real = rig->folder.filePath(u"real.yml"_s);
    QVERIFY(QFile::rename(rig->server->path(u"rules/base.yml"_s), real));
    QVERIFY(QFile::link(real, rig->server->path(u"rules/base.yml"_s)));
    QCOMPARE(::chmod(QFile::encodeName(real).constData(), 0604), 0);
    rig->put(u"rules/base.yml"_s, kBaseRules + "# through the link\n");
    const UnitOutcome outcome = rig->deploy();
    QVERIFY2(outcome.end == End::Committed, qPrintable(told(outcome)));
    QVERIFY(QFileInfo(rig->server->path(u"rules/base.yml"_s)).isSymLink());
    QVERIFY(readFile(real).endsWith("# through the link\n"));
    struct stat found {};
    QCOMPARE(::stat(QFile::encodeName(real).constData(), &found), 0);
    QCOMPARE(int(found.st_mode & 07777), 0604);
}

void TestDeploy::cancellingRollsBack()
{
    const auto rig = DeployRig::make();
    QVERIFY(rig);
    QVERIFY(rig->deploy().end == End::Committed);
    rig->put(u"rules/base.yml"_s, kBaseRules + "# cancelled\n");
    const UnitPlan plan = rig->plan();
    std::stop_source stop;
    const UnitOutcome outcome = deployUnit(*rig->agent(), plan, rig->deployOptions(), [&](const DeployEvent& event) {
        if (event.step == u"verify")
            stop.request_stop();
    }, stop.get_token());
    QVERIFY2(outcome.end == End::RolledBack, qPrintable(told(outcome)));
    QCOMPARE(rig->live(u"rules/base.yml"_s), kBaseRules);
}

void TestDeploy::secondOperatorSeesTheFirst()
{
    const auto rig = DeployRig::make();
    QVERIFY(rig);
    QVERIFY(rig->deploy().end == End::Committed);
    rig->put(u"rules/base.yml"_s, kBaseRules + "# one of two\n");
    const UnitPlan plan = rig->plan();
    DeployOptions options = rig->deployOptions();
    std::optional<UnitPlan> seen;
    std::optional<UnitOutcome> second;
    options.confirm = [&](const UnitPlan&) {
        LocalHost other;
        const auto agent = rig->agent(other);
        seen = planUnit(*agent, rig->workspace(), {});
        DeployOptions theirs = rig->deployOptions();
        theirs.who = u"second@desk"_s;
        second = deployUnit(*agent, plan, theirs);
        return true;
    };
    const UnitOutcome outcome = deployUnit(*rig->agent(), plan, options);
    QVERIFY2(outcome.end == End::Committed, qPrintable(told(outcome)));
    QVERIFY(seen && hasFinding(*seen, u"host/locked"_s));
    QVERIFY(told(*seen).contains(u"tester@desk"));
    QVERIFY(second && second->end == End::Refused);
}

PROMDECK_TEST_MAIN(TestDeploy)
#include "tst_deploy.moc"
