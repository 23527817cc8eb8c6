// Kills everything that takes part in a deployment, at every step: the host is valid afterwards, holds the old version or
// the new one as a whole, nothing is left over and nothing is lost. PROMDECK_KILLS=N runs N of them, with
// PROMDECK_KILLS_SEED others than the last time; else some seconds' worth.
#include "provisioning/deploy/audit.h"
#include "tests/integration/deploy/deployrig.h"
#include "tests/integration/deploy/flakyhost.h"
#include "tests/support/fakeprograms.h"

#include <QElapsedTimer>
#include <QProcess>
#include <QRandomGenerator>

#include <csignal>

using namespace Promdeck;
using namespace Promdeck::Deploy;
using namespace Promdeck::Testing;
using namespace Qt::StringLiterals;
using End = UnitOutcome::End;

namespace {

/// A tool that counts its calls and, at one of them, kills every shell above it: before it does its work, or after.
QByteArray killingTool(const QByteArray& name)
{
    return "if [ -n \"$PD_TEST_COUNT\" ]; then\n"
           "  printf x >>\"$PD_TEST_COUNT\"; n=$(/usr/bin/wc -c <\"$PD_TEST_COUNT\")\n"
           "  if [ \"$n\" -eq \"$PD_TEST_AT\" ]; then\n"
           "    [ -z \"$PD_TEST_AFTER\" ] || /usr/bin/" + name + " \"$@\"\n"
           "    p=$PPID; : >\"$PD_TEST_COUNT.hit\"\n"
           "    while read -r c </proc/$p/comm && case $c in sh|dash) : ;; *) false ;; esac; do\n"
           "      q=$(/usr/bin/awk '{ print $4 }' /proc/$p/stat); kill -9 $p; p=$q\n"
           "    done\n"
           "    exit 1\n"
           "  fi\n"
           "fi\n"
           "exec /usr/bin/" + name + " \"$@\"\n";
}

} // namespace

class TestDeployKills final : public QObject
{
    Q_OBJECT

    QTemporaryDir m_fakes;
    std::unique_ptr<DeployRig> m_rig;
    QRandomGenerator m_random {quint32(20260101 + qEnvironmentVariableIntValue("PROMDECK_KILLS_SEED"))};
    int m_version = 0;
    std::map<QString, int> m_seen; ///< how it ended, by kind of kill

    using Tree = std::map<QString, QByteArray>;

    [[nodiscard]] Tree liveTree() const
    {
        Tree tree;
        for (const QString& folder : {QString(), u"rules/"_s}) {
            const QDir dir(m_rig->server->path(folder));
            for (const QString& name : dir.entryList(QDir::Files | QDir::Hidden)) {
                if (name.endsWith(u".yml") || name.contains(u"promdeck"))
                    tree[folder + name] = m_rig->live(folder + name);
            }
        }
        return tree;
    }

    /// The next version: one file changes each way there is.
    Tree nextVersion()
    {
        ++m_version;
        const QByteArray number = QByteArray::number(m_version);
        m_rig->put(u"prometheus.yml"_s, m_rig->config() + "# version " + number + '\n');
        m_rig->put(u"rules/base.yml"_s, QByteArray(kBaseRules).replace("base:up", "base:up" + number));
        m_rig->remove(u"rules/only%1.yml"_s.arg(m_version - 1));
        m_rig->remove(u"rules/only%1.yml"_s.arg(m_version - 2));
        m_rig->put(u"rules/only%1.yml"_s.arg(m_version), "groups: [{name: only, rules: [{record: 'only:" + number + "', expr: up}]}]\n");
        Tree tree;
        for (const QString& name : {u"prometheus.yml"_s, u"rules/base.yml"_s, u"rules/only%1.yml"_s.arg(m_version)})
            tree[name] = readFile(m_rig->file(name));
        tree[u"rules/foreign.yml"_s] = m_rig->live(u"rules/foreign.yml"_s);
        return tree;
    }

    void killWatchdogs() const
    {
        const QDir transactions(m_rig->stateFolder() + u"/prom/tx"_s);
        for (const QString& id : transactions.entryList(QDir::Dirs | QDir::NoDotAndDotDot)) {
            QFile pid(transactions.filePath(id + u"/watchdog"_s));
            if (pid.open(QIODevice::ReadOnly))
                ::kill(pid_t(pid.readAll().trimmed().toInt()), SIGKILL);
        }
    }

    [[nodiscard]] QString check(const Tree& old, const Tree& fresh, const UnitOutcome& outcome) const
    {
        const Tree now = liveTree();
        if (now != old && now != fresh) {
            QStringList names;
            for (const auto& [name, content] : now)
                names << name;
            return u"neither old nor new: %1"_s.arg(names.join(u' '));
        }
        if (outcome.end == End::Committed && now != fresh)
            return u"said to be new, and is old"_s;
        if ((outcome.end == End::RolledBack || outcome.end == End::Refused) && now != old)
            return u"said to be old, and is new"_s;
        if (!m_rig->leftovers().isEmpty())
            return u"left over: "_s + m_rig->leftovers().join(u' ');
        if (QFileInfo::exists(m_rig->stateFolder() + u"/prom/lock"_s))
            return u"the lock is left"_s;
        for (const QString& state : m_rig->states()) {
            if (state != u"committed" && state != u"rolledback" && state != u"abandoned")
                return u"a transaction is left "_s + state;
        }
        QProcess promtool;
        promtool.start(serverBinary(u"promtool"_s), {u"check"_s, u"config"_s, m_rig->server->path(u"prometheus.yml"_s)});
        if (!QTest::qWaitFor([&] { return promtool.state() == QProcess::NotRunning; }, 20000) || promtool.exitCode() != 0)
            return u"promtool refuses what is there"_s;
        const AuditVerdict audit = verifyAudit(readFile(m_rig->stateFolder() + u"/audit.log"_s));
        return audit.ok() ? QString() : u"audit line %1: %2"_s.arg(audit.badLine).arg(audit.reason);
    }

    /// One deployment with one accident in it; empty when the promise holds.
    QString once()
    {
        const Tree old = liveTree();
        const Tree fresh = nextVersion();
        PlanOptions planning;
        planning.hostValidation = false;
        const UnitPlan plan = m_rig->plan(planning);
        if (plan.refused())
            return u"no plan: "_s + told(plan);
        DeployOptions options = m_rig->deployOptions();
        options.confirmWithinS = 2;
        options.leaseS = 2;
        options.verifyServer = m_random.bounded(4) == 0;
        FlakyHost host(m_rig->host);
        const auto agent = m_rig->agent(host);
        const QString counter = m_fakes.filePath(u"count"_s);
        QFile::remove(counter);
        QFile::remove(counter + u".hit"_s);
        QString kind;
        const auto killShell = [&] {
            qputenv("PD_TEST_COUNT", counter.toUtf8());
            qputenv("PD_TEST_AT", QByteArray::number(m_random.bounded(1, 110)));
            qputenv("PD_TEST_AFTER", m_random.bounded(2) ? "yes" : "");
        };
        bool watchdogs = false;
        switch (m_random.bounded(6)) {
        case 0: kind = u"connection before a call"_s; host.loseBefore = int(m_random.bounded(7)); break;
        case 1: kind = u"connection after a call"_s; host.loseAfter = int(m_random.bounded(7)); break;
        case 2: kind = u"connection and watchdog"_s; host.loseAfter = int(m_random.bounded(3, 7)); watchdogs = true; break;
        case 3: kind = u"remote shell"_s; killShell(); break;
        case 4:
            kind = u"remote shell and connection"_s;
            killShell();
            host.loseWhen = [&counter] { return QFile::exists(counter + u".hit"_s); };
            break;
        case 5:
            kind = u"remote shell, connection and watchdog"_s;
            killShell();
            host.loseWhen = [&counter] { return QFile::exists(counter + u".hit"_s); };
            watchdogs = true;
            break;
        }
        UnitOutcome outcome = deployUnit(*agent, plan, options);
        qunsetenv("PD_TEST_COUNT");
        if (host.lost)
            outcome.end = End::NeedsYou; // nobody is there to hear what it says
        if (watchdogs)
            killWatchdogs();
        QFile::remove(counter);
        // The next connection, when the deadline and the lease have passed.
        const auto fresher = m_rig->agent();
        for (int i = 0; i < 60; ++i) {
            const Result<RecoverReport> report = recoverUnit(*fresher);
            if (!report)
                return kind + u": recovery failed: "_s + report.error().toString();
            const bool locked = QFileInfo::exists(m_rig->stateFolder() + u"/prom/lock"_s);
            if (report->open.empty() && !locked)
                break;
            QTest::qWait(200);
        }
        const QString problem = check(old, fresh, outcome);
        ++m_seen[kind + (liveTree() == fresh ? u": new"_s : u": old"_s)];
        return problem.isEmpty() ? QString() : kind + u" in version %1, told %2: "_s.arg(m_version).arg(told(outcome)) + problem;
    }

private Q_SLOTS:
    void initTestCase()
    {
        for (const char* name : {"mv", "cp", "cat", "sync", "rm", "mkdir", "ln", "chmod", "sha256sum", "readlink", "stat"})
            QVERIFY(fakeProgram(m_fakes.path(), QString::fromLatin1(name), killingTool(name)));
        prepareTools(m_fakes.path());
        m_rig = DeployRig::make();
        QVERIFY(m_rig);
        m_rig->putLive(u"rules/foreign.yml"_s, "groups: [{name: foreign, rules: [{record: f, expr: up}]}]\n");
        nextVersion();
        const UnitOutcome first = m_rig->deploy();
        QVERIFY2(first.end == End::Committed, qPrintable(told(first)));
    }

    void anythingMayDie_data()
    {
        // In rows, because QtTest ends a function that takes minutes.
        constexpr int kPerRow = 20;
        QTest::addColumn<int>("kills");
        const int wanted = qEnvironmentVariableIntValue("PROMDECK_KILLS");
        for (int done = 0; done < wanted; done += kPerRow)
            QTest::addRow("from %d", done) << std::min(kPerRow, wanted - done);
        if (wanted <= 0)
            QTest::newRow("some seconds") << 0;
    }

    void anythingMayDie()
    {
        constexpr int kShortRunMs = 15'000;
        QFETCH(const int, kills);
        QElapsedTimer clock;
        clock.start();
        int done = 0;
        while (kills > 0 ? done < kills : clock.elapsed() < kShortRunMs) {
            const QString problem = once();
            QVERIFY2(problem.isEmpty(), qPrintable(problem));
            ++done;
        }
        QVERIFY(done >= 2);
    }

    void afterwardsWhatRunsIsWhatIsThere()
    {
        for (const auto& [kind, count] : m_seen)
            qInfo("%4d %s", count, qPrintable(kind));
        nextVersion();
        const UnitOutcome last = m_rig->deploy();
        QVERIFY2(last.ok(), qPrintable(told(last)));
        QCOMPARE(m_rig->serverState().rules.size(), std::size_t(3));
    }

    /// Without Promdeck: a person and the script, in every shell there is.
    void peopleCanUndoAndRestore_data()
    {
        QTest::addColumn<QStringList>("shell");
        QTest::newRow("dash") << QStringList {u"/bin/dash"_s};
        QTest::newRow("busybox") << QStringList {u"busybox"_s, u"sh"_s};
        QTest::newRow("bash") << QStringList {u"bash"_s};
    }

    void peopleCanUndoAndRestore()
    {
        QFETCH(const QStringList, shell);
        // What runs under `sh` is that shell as well.
        const QTemporaryDir folder;
        QVERIFY(fakeProgram(folder.path(), u"sh"_s, "exec " + shell.join(u' ').toUtf8() + " \"$@\"\n"));
        const QByteArray path = qgetenv("PATH");
        const auto script = [&](const QStringList& arguments) {
            QProcess process;
            QProcessEnvironment environment = QProcessEnvironment::systemEnvironment();
            environment.insert(u"PATH"_s, folder.path() + u':' + QString::fromUtf8(path));
            process.setProcessEnvironment(environment);
            process.setProcessChannelMode(QProcess::MergedChannels);
            process.start(shell.first(), shell.mid(1) + QStringList {m_rig->stateFolder() + u"/recover.sh"_s} + arguments);
            if (!QTest::qWaitFor([&] { return process.state() == QProcess::NotRunning; }, 60000))
                return u"does not end"_s;
            return QString::number(process.exitCode()) + u' ' + QString::fromUtf8(process.readAll());
        };
        const QByteArray before = m_rig->live(u"rules/base.yml"_s);
        const QString release = m_rig->plan().snapshot.release;
        nextVersion();
        const UnitPlan plan = m_rig->plan();
        DeployOptions options = m_rig->deployOptions();
        options.verifyServer = false;
        options.confirmWithinS = 600;
        struct Gone final : std::exception {};
        options.confirm = [](const UnitPlan&) -> bool { throw Gone(); };
        QVERIFY_THROWS_EXCEPTION(Gone, (void)deployUnit(*m_rig->agent(), plan, options));
        QVERIFY(m_rig->live(u"rules/base.yml"_s) != before);
        const QString shown = script({});
        QVERIFY2(shown.contains(u" armed "), qPrintable(shown));
        const QString undone = script({u"undo"_s});
        QVERIFY2(undone.startsWith(u"0 "), qPrintable(undone));
        QCOMPARE(m_rig->live(u"rules/base.yml"_s), before);
        QCOMPARE(m_rig->states().constLast(), u"rolledback"_s);

        const UnitOutcome next = m_rig->deploy();
        QVERIFY2(next.end == End::Committed, qPrintable(told(next)));
        const QString restored = script({u"restore"_s, u"prom"_s, release});
        QVERIFY2(restored.startsWith(u"0 "), qPrintable(restored));
        QCOMPARE(m_rig->live(u"rules/base.yml"_s), before);
        QCOMPARE(m_rig->leftovers(), QStringList());
        QCOMPARE(m_rig->states().constLast(), u"committed"_s);
    }
};

PROMDECK_TEST_MAIN(TestDeployKills)
#include "tst_deploykills.moc"
