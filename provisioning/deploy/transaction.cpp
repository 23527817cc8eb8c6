#include "provisioning/deploy/transaction.h"

#include "models/core/json.h"
#include "provisioning/deploy/planchecks.h"

#include <QElapsedTimer>
#include <QFile>

#include <algorithm>
#include <thread>

namespace Promdeck::Deploy {

using namespace Qt::StringLiterals;
using namespace std::chrono_literals;

namespace {

enum AgentExit { ExitDrift = 40, ExitDamaged = 41, ExitNotArmed = 42, ExitOpen = 43, ExitLocked = 44, ExitCannot = 45, ExitReload = 47, ExitNoWatchdog = 48 };

constexpr qint64 kReloadPatienceMs = 12'000;
constexpr qint64 kSettleMs = 5'500;
constexpr int kMarginS = 12; ///< of the deadline, kept for going back ourselves

QString text(const QByteArray& bytes)
{
    return QString::fromUtf8(bytes).trimmed();
}

/// Sleeps in small steps, so that cancelling does not wait.
bool pause(std::chrono::milliseconds time, const CancelToken& cancel)
{
    for (auto left = time; left > 0ms && !cancel.stop_requested(); left -= 50ms)
        std::this_thread::sleep_for(std::min(left, 50ms));
    return !cancel.stop_requested();
}

Error agentError(const AgentAnswer& answer, const QString& doing)
{
    const QString said = text(answer.err.left(1000));
    switch (answer.exitCode) {
    case ExitDrift: {
        QStringList files;
        for (const QByteArray& line : answer.values("DRIFT"))
            files << QFile::decodeName(decodePath(line.split(' ').value(0)));
        return makeError(ErrorCode::Conflict, u"Somebody changed files on the host after the plan was made"_s, files.join(u", "_s), u"plan again: promdeck plan"_s);
    }
    case ExitDamaged: return makeError(ErrorCode::ConnectionLost, u"What arrived on the host is not what was sent"_s, said, u"try again; nothing live was touched"_s);
    case ExitNotArmed: return makeError(ErrorCode::Conflict, u"The host has gone back by itself"_s, said);
    case ExitOpen: return makeError(ErrorCode::Conflict, u"Another deployment is not finished on the host"_s, text(answer.value("tx")), u"wait for its deadline"_s);
    case ExitLocked: {
        const QList<QByteArray> held = answer.value("held").split(' ');
        return makeError(ErrorCode::Conflict, held.size() > 3 ? u"%1 is deploying to this unit"_s.arg(text(held.mid(3).join(' '))) : u"The lock of this deployment is gone"_s, said,
                         u"wait until it ends, then plan again"_s);
    }
    case ExitNoWatchdog: return makeError(ErrorCode::Unsupported, u"The host's own rollback could not be started"_s, said, u"nothing was left changed"_s);
    default: return makeError(ErrorCode::RemoteExit, u"%1 failed on the host"_s.arg(doing), said.isEmpty() ? u"exit code %1"_s.arg(answer.exitCode) : said);
    }
}

QByteArray auditFragment(const DeployOptions& options, const UnitPlan& plan)
{
    Json::Array files;
    for (const FileChange& change : plan.changes)
        files.push_back(Json::object({{u"path"_s, QString::fromUtf8(encodePath(change.path))}, {u"before"_s, QString::fromLatin1(change.oldHash)}, {u"after"_s, QString::fromLatin1(change.newHash)}}));
    DeployPlan whole;
    whole.units.push_back(plan);
    const Json json = Json::object({{u"who"_s, options.who}, {u"plan"_s, QString::fromLatin1(whole.hash())}, {u"files"_s, Json::array(std::move(files))}});
    QByteArray fragment = json.toUtf8();
    return fragment.mid(1, fragment.size() - 2);
}

class Transaction
{
public:
    Transaction(HostAgent& agent, const UnitPlan& plan, const DeployOptions& options, const DeployEvents& events, const CancelToken& cancel)
        : m_agent(agent), m_plan(plan), m_options(options), m_events(events), m_cancel(cancel)
    {
        m_out.host = plan.host;
        m_out.unit = plan.unit;
        m_out.release = plan.snapshot.release;
        m_out.previous = plan.snapshot.release;
    }

    UnitOutcome run()
    {
        m_clock.start();
        if (m_plan.unreachable)
            refuse(*m_plan.unreachable);
        else if (m_plan.refused())
            refuse(makeError(ErrorCode::InvalidArgument, u"The plan has errors"_s, {}, u"promdeck plan shows them"_s));
        else if (!m_plan.changesAnything())
            m_out.end = UnitOutcome::End::Unchanged;
        else
            carryOut();
        if (m_out.error) {
            m_out.error->summary = m_agent.masked(m_out.error->summary);
            m_out.error->detail = m_agent.masked(m_out.error->detail);
        }
        for (QString& note : m_out.notes)
            note = m_agent.masked(note);
        m_out.seconds = double(m_clock.elapsed()) / 1000;
        return m_out;
    }

private:
    using State = DeployEvent::State;

    void tell(const char* step, State state, const QString& what = {})
    {
        if (!m_events)
            return;
        DeployEvent event;
        event.state = state;
        event.host = m_plan.host;
        event.unit = m_plan.unit;
        event.step = QString::fromLatin1(step);
        event.text = m_agent.masked(what);
        event.secondsLeft = m_armed.isValid() ? std::max(0, m_options.confirmWithinS - int(m_armed.elapsed() / 1000)) : -1;
        m_events(event);
    }

    void refuse(const Error& error)
    {
        m_out.end = UnitOutcome::End::Refused;
        m_out.error = error;
    }

    QByteArray id() const { return m_out.transaction.toUtf8(); }

    void carryOut()
    {
        if (!clearOld() || !takeLock())
            return;
        if (!stage() || !prepare()) {
            giveUp();
            return;
        }
        switchOver();
    }

    bool clearOld()
    {
        const bool anythingOpen = std::any_of(m_plan.snapshot.transactions.begin(), m_plan.snapshot.transactions.end(), [](const HostTransaction& one) { return one.isOpen(); });
        if (anythingOpen || m_plan.snapshot.lock) {
            tell("recover", State::Running);
            const Result<RecoverReport> report = recoverUnit(m_agent, false, m_cancel);
            if (!report) {
                refuse(report.error());
                return false;
            }
        }
        if (!m_plan.snapshot.release.isEmpty())
            return true;
        // The very first deployment: what is there becomes release 0, so that everything can be undone.
        tell("adopt", State::Running);
        const Result<QString> release = adoptUnit(m_agent, m_plan.snapshot, m_plan.snapshot.files, m_options, m_cancel);
        if (!release) {
            refuse(release.error());
            return false;
        }
        m_out.release = *release;
        m_out.previous = *release;
        return true;
    }

    bool takeLock()
    {
        tell("lock", State::Running);
        const Result<AgentAnswer> answer = m_agent.call("begin", {m_options.who.toUtf8(), QByteArray::number(m_options.leaseS)}, m_cancel);
        if (!answer || answer->exitCode != 0) {
            refuse(answer ? agentError(*answer, u"Taking the lock"_s) : answer.error());
            tell("lock", State::Failed, m_out.error->summary);
            return false;
        }
        m_out.transaction = text(answer->value("id"));
        return true;
    }

    bool stage()
    {
        tell("stage", State::Running, u"%1 files"_s.arg(m_plan.files.size()));
        const QByteArray folder = m_agent.transactionFolder(m_out.transaction);
        const Status put = m_agent.put(stagedFiles(m_agent, m_plan, auditFragment(m_options, m_plan), true), folder, m_cancel);
        if (!put) {
            refuse(put.error());
            tell("stage", State::Failed, m_out.error->summary);
            return false;
        }
        if (m_plan.fromRelease.isEmpty())
            return true;
        const Result<AgentAnswer> taken = m_agent.call("take", {id(), m_plan.fromRelease.toUtf8()}, m_cancel);
        if (taken && taken->exitCode == 0)
            return true;
        refuse(taken ? agentError(*taken, u"Fetching the release"_s) : taken.error());
        tell("stage", State::Failed, m_out.error->summary);
        return false;
    }

    bool prepare()
    {
        tell("prepare", State::Running);
        const Result<AgentAnswer> answer = m_agent.call("prepare", {id()}, m_cancel);
        if (answer && answer->exitCode == 0) {
            tell("prepare", State::Done);
            return true;
        }
        refuse(answer ? agentError(*answer, u"Preparing"_s) : answer.error());
        tell("prepare", State::Failed, m_out.error->summary);
        return false;
    }

    /// Nothing live was touched: best effort now, recovery on the next connect else.
    void giveUp()
    {
        const Result<AgentAnswer> answer = m_agent.call("giveup", {id()});
        if (!answer)
            m_out.notes << u"the host could not be told to clean up; the next connection does"_s;
    }

    /// The state before, as close to the switch as can be.
    void takeBaseline()
    {
        m_before = m_plan.server;
        const QList<QByteArray> urls = stateUrls(m_agent.unit());
        if (urls.isEmpty())
            return;
        const Result<std::vector<HttpReply>> replies = m_agent.get(urls, m_cancel);
        if (replies)
            m_before = readState(m_agent.unit(), *replies);
    }

    void switchOver()
    {
        if (m_options.verifyServer)
            takeBaseline();
        if (m_cancel.stop_requested()) {
            refuse(makeError(ErrorCode::Cancelled, u"Cancelled"_s));
            giveUp();
            return;
        }
        m_armed.start();
        tell("switch", State::Running);
        const Result<AgentAnswer> answer = m_agent.call("go", {id(), QByteArray::number(m_options.confirmWithinS)}, m_cancel);
        if (!answer) {
            goBack(answer.error());
            return;
        }
        m_t0 = answer->value("t0").toLongLong();
        if (answer->exitCode == ExitReload) {
            const QByteArray said = answer->out.mid(answer->out.indexOf("reload failed") + 14);
            noteHalfApplied();
            goBack(makeError(ErrorCode::RemoteExit, u"The component refuses the new configuration"_s, text(said.left(2000))));
            return;
        }
        if (answer->exitCode != 0) {
            goBack(agentError(*answer, u"The switch"_s));
            return;
        }
        m_reload = answer->value("reload").mid(3);
        tell("switch", State::Done, u"reloaded by %1"_s.arg(text(m_reload)));
        const std::optional<Error> problem = m_options.verifyServer ? verify() : std::nullopt;
        if (problem) {
            tell("verify", State::Failed, problem->summary);
            goBack(*problem);
            return;
        }
        if (m_options.confirm && !m_options.confirm(m_plan)) {
            goBack(makeError(ErrorCode::Cancelled, u"It was not confirmed"_s));
            return;
        }
        commit();
    }

    /// A refused configuration may run in part: only another reload of the old one undoes that.
    void noteHalfApplied()
    {
        if (m_before.config.isEmpty())
            return;
        const Result<std::vector<HttpReply>> replies = m_agent.get(stateUrls(m_agent.unit()));
        if (!replies)
            return;
        const ServerState now = readState(m_agent.unit(), *replies);
        m_out.halfApplied = now.answers && now.config != m_before.config;
        if (m_out.halfApplied)
            m_out.notes << u"the component ran parts of the configuration that it had refused; the old one was loaded again"_s;
    }

    /// The longest we may look on before the host's own deadline.
    qint64 mostMs() const { return std::max<qint64>(1000, qint64(m_options.confirmWithinS - kMarginS) * 1000); }
    bool hasOwnWindow() const { return m_agent.unit().verifyWindowMs >= 0; }
    qint64 windowMs(const ServerState& now) const
    {
        const qint64 wanted = m_agent.unit().verifyWindowMs >= 0 ? m_agent.unit().verifyWindowMs : std::max(now.longestScrapeMs, m_before.longestScrapeMs) + 3000;
        return std::min(wanted, mostMs());
    }
    /// How long new targets may still be missing: discovery hands them on every five seconds, whatever was scraped before.
    qint64 settleMs(const FreshTargets& fresh) const
    {
        return fresh.any() ? std::min(kSettleMs, hasOwnWindow() ? windowMs({}) : mostMs()) : 0;
    }
    /// When what is still unknown stays so: after new targets had the time to be scraped.
    qint64 endMs(const FreshTargets& fresh, const ServerState& now) const
    {
        const qint64 settle = settleMs(fresh);
        return hasOwnWindow() ? std::max(settle, windowMs(now)) : std::min(settle + windowMs(now), mostMs());
    }

    std::optional<Error> processProblem(const AgentAnswer& look) const
    {
        const QList<QByteArray> pids = look.value("pid").split(' ');
        const QByteArray before = pids.value(1);
        const bool restarts = m_reload.startsWith("restart") || m_reload == "composeup";
        if (m_agent.unit().runner == WorkspaceUnit::Runner::None || before == "-" || before.isEmpty())
            return {};
        if (pids.value(0) == "-")
            return makeError(ErrorCode::RemoteExit, u"The component's process is gone"_s, u"it was %1"_s.arg(text(before)));
        if (!restarts && pids.value(0) != before)
            return makeError(ErrorCode::RemoteExit, u"The component ended and was started again instead of reloading"_s, u"process %1 became %2"_s.arg(text(before), text(pids.value(0))));
        if (!look.values("stale").isEmpty())
            return makeError(ErrorCode::RemoteExit, u"The component still sees an old file: %1"_s.arg(QFile::decodeName(decodePath(look.value("stale").split(' ').value(0)))),
                             u"a file that is mounted by itself keeps its old content"_s, u"mount its folder, or set write: in-place"_s);
        return {};
    }

    /// Whose targets may be others now.
    FreshTargets freshTargets() const
    {
        FreshTargets fresh;
        fresh.since = m_t0;
        for (const FileChange& change : m_plan.changes) {
            fresh.all = fresh.all || change.kind == Config::FileKind::FileSd;
            const bool scrapes = change.kind == Config::FileKind::Prometheus || change.kind == Config::FileKind::ScrapeConfigs;
            for (const SemanticChange& one : change.semantic) {
                if (scrapes && one.what == u"job")
                    fresh.jobs.insert(one.name);
                else if (scrapes && (one.what == u"global setting" || one.name == u"scrape_config_files"))
                    fresh.all = true;
            }
        }
        return fresh;
    }

    /// What is loaded. Null when it is right, an empty error when it may yet become right.
    std::optional<Error> loadProblem(const ServerState& now) const
    {
        const Error notYet;
        if (!now.answers)
            return notYet;
        if (now.reloadSuccessful && !*now.reloadSuccessful)
            return makeError(ErrorCode::RemoteExit, u"The component says that it could not load the new configuration"_s);
        if (now.reloadSuccessful && (now.reloadedAt + 1 <= double(m_t0) || (now.reloadedAt == m_before.reloadedAt && m_before.answers)) && m_reload != "none")
            return notYet;
        if (!loadedProblems(m_agent.unit(), m_plan.expected, now).isEmpty() && m_reload != "none")
            return notYet;
        return {};
    }

    std::optional<Error> verify()
    {
        tell("verify", State::Running);
        const QList<QByteArray> urls = stateUrls(m_agent.unit());
        const bool ask = !urls.isEmpty() && m_before.answers;
        if (!urls.isEmpty() && !m_before.answers)
            m_out.notes << u"the component did not answer before the switch; only its process was watched"_s;
        QElapsedTimer since;
        since.start();
        ServerState now;
        const FreshTargets fresh = freshTargets();
        const qint64 settle = settleMs(fresh);
        while (true) {
            if (m_cancel.stop_requested())
                return makeError(ErrorCode::Cancelled, u"Cancelled"_s);
            const Result<AgentAnswer> look = m_agent.call("look", QList<QByteArray> {id()} + (ask ? urls : QList<QByteArray>()), m_cancel, 60s);
            if (!look)
                return look.error();
            if (look->exitCode != 0)
                return agentError(*look, u"Looking at the component"_s);
            if (const std::optional<Error> problem = processProblem(*look))
                return problem;
            if (text(look->value("tx")).section(u' ', 1, 1) != u"armed")
                return makeError(ErrorCode::Conflict, u"The host has gone back by itself"_s);
            if (!ask)
                return {};
            now = readState(m_agent.unit(), HostAgent::replies(look->out), fresh);
            const std::optional<Error> load = loadProblem(now);
            if (load && load->summary.isEmpty()) {
                const qint64 patience = std::max(kReloadPatienceMs, windowMs(now)); // large rule files take their time
                if (since.elapsed() > std::min(patience, qint64(m_options.confirmWithinS - kMarginS) * 1000 + 500)) {
                    const QStringList what = loadedProblems(m_agent.unit(), m_plan.expected, now);
                    return makeError(ErrorCode::RemoteExit, now.answers ? u"The component did not load what was deployed"_s : u"The component no longer answers"_s, what.join(u"; "_s));
                }
                pause(300ms, m_cancel);
                continue;
            }
            if (load) {
                m_out.halfApplied = now.config != m_before.config;
                return load;
            }
            const bool final = since.elapsed() >= endMs(fresh, now);
            QStringList notes;
            const std::optional<QStringList> worse = targetProblems(m_agent.unit(), m_before, now, final, &notes);
            if (worse && worse->isEmpty() && since.elapsed() >= settle) {
                m_out.notes << notes;
                return alertProblem(now);
            }
            if (worse && final)
                return makeError(ErrorCode::RemoteExit, u"Targets got worse"_s, worse->join(u"; "_s), u"in promdeck.yaml, verify: {new_targets: warn} lets new jobs begin with dead targets, ignore_jobs: [...] leaves jobs out"_s);
            tell("verify", State::Running, worse && !worse->isEmpty() ? u"waiting for %1"_s.arg(worse->join(u"; "_s)) : u"waiting for the first scrapes"_s);
            pause(700ms, m_cancel);
        }
    }

    std::optional<Error> alertProblem(const ServerState& now)
    {
        int fresh = 0;
        for (const QString& alert : now.firing)
            fresh += m_before.firing.contains(alert) ? 0 : 1;
        if (fresh > 0)
            m_out.notes << u"%1 alerts fire that did not before"_s.arg(fresh);
        const int most = m_agent.unit().maxNewAlerts;
        if (most >= 0 && fresh > most)
            return makeError(ErrorCode::RemoteExit, u"%1 alerts fire that did not before, and %2 are allowed"_s.arg(fresh).arg(most));
        return {};
    }

    /// The answer may be lost while the deed was done: the host is asked until it says how it stands.
    void commit()
    {
        tell("commit", State::Running);
        Error last;
        for (int attempt = 0; attempt < 5; ++attempt) {
            const Result<AgentAnswer> answer = m_agent.call("commit", {id()}, {}, 60s);
            if (answer && text(answer->value("state")) == u"committed") {
                m_out.end = UnitOutcome::End::Committed;
                m_out.release = m_out.transaction;
                m_armed.invalidate();
                tell("commit", State::Done);
                return;
            }
            if (answer && answer->exitCode == ExitNotArmed) {
                settle(agentError(*answer, u"Committing"_s));
                return;
            }
            last = answer ? agentError(*answer, u"Committing"_s) : answer.error();
            pause(500ms, {});
        }
        needYou(last);
    }

    void goBack(const Error& why)
    {
        tell("rollback", State::Running, why.summary);
        settle(why);
    }

    /// Brings the transaction to its end and reports which one it is.
    void settle(const Error& why)
    {
        m_out.error = why;
        Error last = why;
        for (int attempt = 0; attempt < 6; ++attempt) {
            const Result<AgentAnswer> answer = m_agent.call("rollback", {id()}, {}, 180s);
            if (answer) {
                const QList<QByteArray> tx = answer->value("tx").split(' ');
                const QString state = text(tx.value(1));
                const QString needs = text(tx.mid(3).join(' '));
                for (const QByteArray& foreign : answer->values("FOREIGN"))
                    m_out.notes << u"somebody changed %1 meanwhile; their version is kept in %2/foreign"_s.arg(QFile::decodeName(decodePath(foreign)), QFile::decodeName(m_agent.transactionFolder(m_out.transaction)));
                if (state == u"rolledback" || state == u"abandoned") {
                    m_armed.invalidate();
                    m_out.end = needs.isEmpty() ? UnitOutcome::End::RolledBack : UnitOutcome::End::NeedsYou;
                    if (!needs.isEmpty())
                        m_out.notes << needs;
                    tell("rollback", needs.isEmpty() ? State::Done : State::Failed, needs);
                    return;
                }
                if (state == u"committed") {
                    m_out.end = UnitOutcome::End::Committed;
                    m_out.release = m_out.transaction;
                    return;
                }
                if (state == u"prepared" || state == u"new") {
                    m_out.end = UnitOutcome::End::Refused;
                    giveUp();
                    return;
                }
                last = agentError(*answer, u"Going back"_s);
            } else {
                last = answer.error();
            }
            pause(std::chrono::milliseconds(500 * (attempt + 1)), {});
        }
        needYou(last);
    }

    void needYou(const Error& last)
    {
        m_out.end = UnitOutcome::End::NeedsYou;
        const int left = m_armed.isValid() ? std::max(0, m_options.confirmWithinS - int(m_armed.elapsed() / 1000)) : 0;
        m_out.notes << u"the host could not be asked how it stands (%1); without a word from us it goes back to the old version by itself in %2 s"_s.arg(last.summary).arg(left);
        if (!m_out.error)
            m_out.error = last;
        tell("rollback", State::Failed, last.summary);
    }

    HostAgent& m_agent;
    const UnitPlan& m_plan;
    const DeployOptions& m_options;
    const DeployEvents& m_events;
    CancelToken m_cancel;
    UnitOutcome m_out;
    ServerState m_before;
    QElapsedTimer m_clock;
    QElapsedTimer m_armed;
    qint64 m_t0 = 0;
    QByteArray m_reload;
};

} // namespace

UnitOutcome deployUnit(HostAgent& agent, const UnitPlan& plan, const DeployOptions& options, const DeployEvents& events, const CancelToken& cancel)
{
    return Transaction(agent, plan, options, events, cancel).run();
}

Result<RecoverReport> recoverUnit(HostAgent& agent, bool force, const CancelToken& cancel)
{
    const Result<AgentAnswer> answer = agent.call("recover", force ? QList<QByteArray> {"force"} : QList<QByteArray>(), cancel);
    if (!answer)
        return answer.error();
    if (answer->exitCode != 0)
        return agentError(*answer, u"Recovering"_s);
    RecoverReport report;
    for (const QByteArray& line : answer->values("tx")) {
        const QList<QByteArray> words = line.split(' ');
        report.open.push_back({text(words.value(0)), text(words.value(1)), words.value(2).toLongLong(), text(words.mid(3).join(' '))});
    }
    return report;
}

Result<QString> adoptUnit(HostAgent& agent, const UnitSnapshot&, const std::vector<LiveFile>& files, const DeployOptions& options, const CancelToken& cancel)
{
    const Result<AgentAnswer> begun = agent.call("begin", {options.who.toUtf8(), QByteArray::number(options.leaseS)}, cancel);
    if (!begun)
        return begun.error();
    if (begun->exitCode != 0)
        return agentError(*begun, u"Taking the lock"_s);
    const QByteArray id = begun->value("id");
    QByteArray manifest;
    for (std::size_t i = 0; i < files.size(); ++i) {
        const bool there = files[i].kind == LiveFile::Kind::File;
        const auto word = [there](const QByteArray& value) { return there && !value.isEmpty() && value != "UNKNOWN" ? value : QByteArray("-"); };
        manifest += QByteArray::number(qulonglong(i)) + ' ' + (there ? files[i].hash : QByteArray("-")) + ' ' + word(files[i].mode) + ' ' + word(files[i].owner) + ' ' + word(files[i].group) + ' '
            + encodePath(files[i].path) + '\n';
    }
    Json who = Json::object({{u"who"_s, options.who}});
    const QByteArray audit = who.toUtf8().mid(1).chopped(1);
    const std::vector<FileEntry> staged {{"files", manifest, 0600},
                                         {"plan", {}, 0600},
                                         {"agent.sh", agentScript(), 0600},
                                         {"recover.sh", rescueScript(), 0600},
                                         {"README", rescueReadme(), 0600},
                                         {"conf", agent.conf(audit), 0600}};
    Result<AgentAnswer> adopted = makeError(ErrorCode::Io, {});
    if (const Status put = agent.put(staged, agent.transactionFolder(QString::fromUtf8(id)), cancel); put)
        adopted = agent.call("adopt", {id}, cancel);
    else
        adopted = put.error();
    if (adopted && adopted->exitCode == 0)
        return QString::fromUtf8(id);
    const Result<AgentAnswer> gone = agent.call("giveup", {id});
    Q_UNUSED(gone)
    return adopted ? agentError(*adopted, u"Keeping the present files"_s) : adopted.error();
}

QString outcomeName(UnitOutcome::End end)
{
    using End = UnitOutcome::End;
    switch (end) {
    case End::Unchanged: return u"unchanged"_s;
    case End::Committed: return u"committed"_s;
    case End::RolledBack: return u"rolled-back"_s;
    case End::Refused: return u"refused"_s;
    case End::NeedsYou: break;
    }
    return u"needs-you"_s;
}

Json outcomeToJson(const UnitOutcome& outcome)
{
    Json json = Json::object({{u"host"_s, outcome.host},
                              {u"unit"_s, outcome.unit},
                              {u"outcome"_s, outcomeName(outcome.end)},
                              {u"transaction"_s, outcome.transaction},
                              {u"release"_s, outcome.release},
                              {u"previous"_s, outcome.previous},
                              {u"halfApplied"_s, outcome.halfApplied},
                              {u"seconds"_s, outcome.seconds},
                              {u"notes"_s, Json::strings(outcome.notes)}});
    json.set(u"error"_s, outcome.error ? Json::object({{u"code"_s, errorCodeName(outcome.error->code)}, {u"summary"_s, outcome.error->summary}, {u"detail"_s, outcome.error->detail}, {u"hint"_s, outcome.error->hint}}) : Json());
    return json;
}

} // namespace Promdeck::Deploy
