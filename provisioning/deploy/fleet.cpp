#include "provisioning/deploy/fleet.h"

#include "models/core/json.h"
#include "provisioning/deploy/audit.h"

#include <QDateTime>

#include <algorithm>
#include <atomic>
#include <mutex>
#include <thread>

namespace Promdeck::Deploy {

using namespace Qt::StringLiterals;
using End = UnitOutcome::End;

namespace {

/// Runs work(0) ... work(count - 1), some at a time.
void inParallel(std::size_t count, int most, const std::function<void(std::size_t)>& work)
{
    std::atomic<std::size_t> next = 0;
    std::vector<std::jthread> threads;
    const std::size_t wanted = std::min(count, std::size_t(std::max(1, most)));
    for (std::size_t i = 0; i < wanted; ++i) {
        threads.emplace_back([&] {
            for (std::size_t at = next++; at < count; at = next++)
                work(at);
        });
    }
}

UnitPlan unreachable(const QString& host, const QString& unit, const Error& error)
{
    UnitPlan plan;
    plan.host = host;
    plan.unit = unit;
    plan.unreachable = error;
    return plan;
}

bool isPair(const Workspace& workspace, const QString& a, const QString& b)
{
    return std::any_of(workspace.haPairs.begin(), workspace.haPairs.end(), [&](const QStringList& pair) { return pair.contains(a) && pair.contains(b); });
}

void audit(const UnitOutcome& outcome, const QString& workspace, const QString& who, const QByteArray& plan)
{
    Json entry = Json::object({{u"who"_s, who}, {u"workspace"_s, workspace}, {u"plan"_s, QString::fromLatin1(plan)}});
    const Json told = outcomeToJson(outcome);
    for (const Json::Member& member : told.members())
        entry.set(member.first, member.second);
    const Status written = appendAudit(workstationAuditPath(), entry, QDateTime::currentSecsSinceEpoch());
    Q_UNUSED(written) // a full disk here must not stop a rollback there
}

/// Everything that happens to one host.
class HostRun
{
public:
    HostRun(const Workspace& workspace, const SecretValues& secrets, const HostFactory& factory, const FleetOptions& options, DeployEvents events, CancelToken cancel)
        : m_workspace(workspace), m_secrets(secrets), m_factory(factory), m_options(options), m_events(std::move(events)), m_cancel(std::move(cancel))
    {
    }

    void deploy(HostTruth& truth, const std::vector<const UnitPlan*>& plans)
    {
        truth.tried = true;
        const Result<std::shared_ptr<Host>> host = m_factory(*m_workspace.host(truth.host));
        for (const UnitPlan* plan : plans) {
            UnitOutcome outcome;
            if (host) {
                HostAgent agent(**host, *m_workspace.host(truth.host), *m_workspace.unit(plan->unit), m_secrets);
                outcome = deployUnit(agent, *plan, m_options.deploy, m_events, m_cancel);
            } else {
                outcome.host = truth.host;
                outcome.unit = plan->unit;
                outcome.error = host.error();
            }
            DeployPlan single;
            single.units.push_back(*plan);
            audit(outcome, m_workspace.name, m_options.deploy.who, single.hash());
            truth.units.push_back(outcome);
            if (!outcome.ok()) {
                // A host's units belong together: those that came before go back with the one that failed.
                truth.units.pop_back();
                if (host)
                    goBack(truth, **host);
                truth.units.push_back(outcome);
                return;
            }
        }
    }

    void undo(HostTruth& truth)
    {
        const Result<std::shared_ptr<Host>> host = m_factory(*m_workspace.host(truth.host));
        if (host)
            goBack(truth, **host);
    }

private:
    void goBack(HostTruth& truth, Host& host)
    {
        for (auto outcome = truth.units.rbegin(); outcome != truth.units.rend(); ++outcome) {
            if (outcome->end != End::Committed || outcome->previous.isEmpty())
                continue;
            HostAgent agent(host, *m_workspace.host(truth.host), *m_workspace.unit(outcome->unit), m_secrets);
            const UnitPlan back = planRollback(agent, m_workspace, m_secrets, outcome->previous);
            DeployOptions options = m_options.deploy;
            options.confirm = {};
            UnitOutcome undone = deployUnit(agent, back, options, m_events);
            audit(undone, m_workspace.name, m_options.deploy.who, {});
            outcome->notes << undone.notes;
            if (undone.ok()) {
                outcome->end = End::RolledBack;
                outcome->release = undone.release;
            } else {
                outcome->end = End::NeedsYou;
                outcome->error = undone.error;
            }
        }
    }

    const Workspace& m_workspace;
    const SecretValues& m_secrets;
    const HostFactory& m_factory;
    const FleetOptions& m_options;
    DeployEvents m_events;
    CancelToken m_cancel;
};

} // namespace

bool HostTruth::ok() const
{
    return tried && std::all_of(units.begin(), units.end(), [](const UnitOutcome& one) { return one.ok(); });
}

QString HostTruth::verdict() const
{
    if (!tried)
        return u"not tried"_s;
    const auto any = [this](End end) { return std::any_of(units.begin(), units.end(), [end](const UnitOutcome& one) { return one.end == end; }); };
    if (any(End::NeedsYou))
        return u"needs you"_s;
    if (any(End::RolledBack) || any(End::Refused))
        return u"old"_s;
    return any(End::Committed) ? u"new"_s : u"unchanged"_s;
}

bool FleetReport::ok() const
{
    return !stopped && std::all_of(hosts.begin(), hosts.end(), [](const HostTruth& one) { return one.ok(); });
}

Result<QStringList> selectHosts(const Workspace& workspace, const QStringList& wanted)
{
    QStringList out;
    for (const QString& name : wanted) {
        const bool known = std::any_of(workspace.hosts.begin(), workspace.hosts.end(), [&](const WorkspaceHost& one) { return one.name == name || one.groups.contains(name); });
        if (!known)
            return makeError(ErrorCode::InvalidArgument, u"The workspace has no host and no group %1"_s.arg(name));
    }
    for (const WorkspaceHost& host : workspace.hosts) {
        const bool chosen = wanted.isEmpty() || wanted.contains(host.name) || std::any_of(host.groups.begin(), host.groups.end(), [&](const QString& group) { return wanted.contains(group); });
        if (chosen && !workspace.unitsOn(host.name).empty())
            out << host.name;
    }
    return out;
}

std::vector<QStringList> rolloutBatches(const Workspace& workspace, const QStringList& hosts)
{
    QStringList left = hosts;
    std::vector<QStringList> batches;
    const auto take = [&](int most, const QStringList& from) {
        QStringList batch;
        for (const QString& host : from) {
            const bool mate = std::any_of(batch.begin(), batch.end(), [&](const QString& other) { return isPair(workspace, host, other); });
            if (left.contains(host) && !mate && batch.size() < most)
                batch << host;
        }
        for (const QString& host : batch)
            left.removeAll(host);
        if (!batch.isEmpty())
            batches.push_back(batch);
    };
    if (hosts.size() > 1)
        take(int(hosts.size()), workspace.rollout.canary.isEmpty() ? QStringList {hosts.first()} : workspace.rollout.canary);
    const Rollout& rollout = workspace.rollout;
    const bool given = rollout.batchHosts > 0 || rollout.batchPercent > 0;
    const int size = rollout.batchHosts > 0 ? rollout.batchHosts : std::max(1, int(hosts.size()) * (rollout.batchPercent > 0 ? rollout.batchPercent : 25) / 100);
    bool first = true;
    while (!left.isEmpty()) {
        take(given || first ? size : int(left.size()), left);
        first = false;
    }
    return batches;
}

DeployPlan planFleet(const Workspace& workspace, const SecretValues& secrets, const HostFactory& factory, const QStringList& hosts, const FleetOptions& options,
                     const CancelToken& cancel)
{
    std::vector<std::vector<UnitPlan>> plans(std::size_t(hosts.size()));
    inParallel(plans.size(), options.parallel, [&](std::size_t i) {
        const WorkspaceHost& spec = *workspace.host(hosts.at(qsizetype(i)));
        const Result<std::shared_ptr<Host>> host = factory(spec);
        for (const WorkspaceUnit* unit : workspace.unitsOn(spec.name)) {
            if (!host) {
                plans[i].push_back(unreachable(spec.name, unit->name, host.error()));
                continue;
            }
            HostAgent agent(**host, spec, *unit, secrets);
            plans[i].push_back(planUnit(agent, workspace, secrets, options.planning, cancel));
        }
    });
    DeployPlan out;
    out.workspace = workspace.name;
    for (std::vector<UnitPlan>& each : plans)
        std::move(each.begin(), each.end(), std::back_inserter(out.units));
    return out;
}

FleetReport deployFleet(const Workspace& workspace, const SecretValues& secrets, const HostFactory& factory, const DeployPlan& plan, const FleetOptions& options,
                        const DeployEvents& events, const CancelToken& cancel)
{
    QStringList hosts;
    for (const UnitPlan& unit : plan.units) {
        if (!hosts.contains(unit.host))
            hosts << unit.host;
    }
    std::mutex telling;
    const DeployEvents tell = [&](const DeployEvent& event) {
        const std::lock_guard lock(telling);
        if (events)
            events(event);
    };
    FleetReport report;
    const std::vector<QStringList> batches = rolloutBatches(workspace, hosts);
    for (std::size_t b = 0; b < batches.size(); ++b) {
        for (const QString& host : batches[b]) {
            HostTruth truth;
            truth.host = host;
            truth.batch = int(b);
            report.hosts.push_back(truth);
        }
    }
    HostRun run(workspace, secrets, factory, options, tell, cancel);
    int failed = 0;
    for (std::size_t b = 0; b < batches.size() && !report.stopped; ++b) {
        std::vector<HostTruth*> now;
        for (HostTruth& truth : report.hosts) {
            if (truth.batch == int(b))
                now.push_back(&truth);
        }
        inParallel(now.size(), options.parallel, [&](std::size_t i) {
            std::vector<const UnitPlan*> plans;
            for (const UnitPlan& unit : plan.units) {
                if (unit.host == now[i]->host)
                    plans.push_back(&unit);
            }
            run.deploy(*now[i], plans);
        });
        failed += int(std::count_if(now.begin(), now.end(), [](const HostTruth* one) { return !one->ok(); }));
        const bool canary = b == 0 && batches.size() > 1;
        if (failed == 0 || b + 1 == batches.size())
            continue;
        if (canary || failed >= workspace.rollout.stopAfter || cancel.stop_requested()) {
            report.stopped = true;
            report.reason = canary ? u"the canary failed"_s : cancel.stop_requested() ? u"it was cancelled"_s : u"%1 hosts failed"_s.arg(failed);
        }
    }
    if (failed > 0 && options.rollBackAll) {
        report.rolledBackAll = true;
        inParallel(report.hosts.size(), options.parallel, [&](std::size_t i) {
            if (report.hosts[i].verdict() == u"new")
                run.undo(report.hosts[i]);
        });
    }
    return report;
}

Json fleetToJson(const FleetReport& report)
{
    Json::Array hosts;
    for (const HostTruth& truth : report.hosts) {
        Json::Array units;
        for (const UnitOutcome& one : truth.units)
            units.push_back(outcomeToJson(one));
        hosts.push_back(Json::object({{u"host"_s, truth.host}, {u"batch"_s, truth.batch}, {u"verdict"_s, truth.verdict()}, {u"units"_s, Json::array(std::move(units))}}));
    }
    return Json::object({{u"ok"_s, report.ok()}, {u"stopped"_s, report.stopped}, {u"reason"_s, report.reason}, {u"rolledBackAll"_s, report.rolledBackAll}, {u"hosts"_s, Json::array(std::move(hosts))}});
}

QString fleetToText(const FleetReport& report)
{
    QString out;
    for (const HostTruth& truth : report.hosts) {
        out += u"%1: %2\n"_s.arg(truth.host, truth.verdict());
        for (const UnitOutcome& one : truth.units) {
            out += u"  %1: %2%3, %4 s\n"_s.arg(one.unit, outcomeName(one.end), one.release.isEmpty() ? QString() : u" (release %1)"_s.arg(one.release)).arg(one.seconds, 0, 'f', 1);
            if (one.error)
                out += u"    "_s + one.error->toString() + u'\n';
            for (const QString& note : one.notes)
                out += u"    "_s + note + u'\n';
        }
    }
    if (report.stopped)
        out += u"stopped: %1\n"_s.arg(report.reason);
    return out;
}

} // namespace Promdeck::Deploy
