#include "provisioning/deploy/deployrunner.h"

#include "models/core/background.h"

#include <QCoreApplication>
#include <QPointer>

namespace Promdeck::Deploy {

using namespace Qt::StringLiterals;

namespace {

/// The release before the present one; empty when there is none.
QString releaseBefore(const UnitSnapshot& snapshot)
{
    QString before;
    for (const HostTransaction& one : snapshot.transactions) {
        if (one.id == snapshot.release)
            break;
        if (one.state == u"committed")
            before = one.id;
    }
    return before;
}

} // namespace

DeployRunner::DeployRunner(Workspace workspace, SecretValues secrets, HostFactory factory, QObject* parent)
    : QObject(parent), m_work(std::make_shared<const Work>(Work {std::move(workspace), std::move(secrets), std::move(factory)}))
{
}

DeployRunner::~DeployRunner()
{
    m_stop.request_stop();
}

void DeployRunner::cancel()
{
    m_stop.request_stop();
}

void DeployRunner::plan(const QStringList& hosts, const FleetOptions& options)
{
    m_running = true;
    m_stop = {};
    runInBackground(
        this, [work = m_work, hosts, options, stop = m_stop.get_token()] { return planFleet(work->workspace, work->secrets, work->factory, hosts, options, stop); },
        [this](const DeployPlan& plan) {
            m_running = false;
            Q_EMIT planned(plan);
        });
}

void DeployRunner::planRollback(const QStringList& hosts, const QString& release, const FleetOptions&)
{
    m_running = true;
    m_stop = {};
    runInBackground(
        this,
        [work = m_work, hosts, release, stop = m_stop.get_token()] {
            DeployPlan plan;
            plan.workspace = work->workspace.name;
            for (const QString& name : hosts) {
                const WorkspaceHost& spec = *work->workspace.host(name);
                const Result<std::shared_ptr<Host>> host = work->factory(spec);
                for (const WorkspaceUnit* unit : work->workspace.unitsOn(name)) {
                    UnitPlan one;
                    one.host = name;
                    one.unit = unit->name;
                    if (!host) {
                        one.unreachable = host.error();
                        plan.units.push_back(one);
                        continue;
                    }
                    HostAgent agent(**host, spec, *unit, work->secrets);
                    QString to = release;
                    if (to.isEmpty()) {
                        const Result<UnitSnapshot> snapshot = agent.inspect({}, stop);
                        to = snapshot ? releaseBefore(*snapshot) : QString();
                    }
                    plan.units.push_back(Deploy::planRollback(agent, work->workspace, work->secrets, to, stop));
                }
            }
            return plan;
        },
        [this](const DeployPlan& plan) {
            m_running = false;
            Q_EMIT planned(plan);
        });
}

void DeployRunner::deploy(const DeployPlan& plan, const FleetOptions& options)
{
    m_running = true;
    m_stop = {};
    const QPointer<DeployRunner> self(this);
    const DeployEvents events = [self](const DeployEvent& event) {
        // From a worker: the object may be gone by the time its thread looks.
        QMetaObject::invokeMethod(qApp, [self, event] {
            if (self)
                Q_EMIT self->progressed(event);
        }, Qt::QueuedConnection);
    };
    runInBackground(
        this,
        [work = m_work, plan, options, events, stop = m_stop.get_token()] {
            return deployFleet(work->workspace, work->secrets, work->factory, plan, options, events, stop);
        },
        [this](const FleetReport& report) {
            m_running = false;
            Q_EMIT deployed(report);
        });
}

void DeployRunner::drift(const QStringList& hosts)
{
    m_running = true;
    m_stop = {};
    runInBackground(
        this,
        [work = m_work, hosts, stop = m_stop.get_token()] {
            std::vector<UnitDrift> out;
            for (const QString& name : hosts) {
                const WorkspaceHost& spec = *work->workspace.host(name);
                const Result<std::shared_ptr<Host>> host = work->factory(spec);
                for (const WorkspaceUnit* unit : work->workspace.unitsOn(name)) {
                    if (host) {
                        HostAgent agent(**host, spec, *unit, work->secrets);
                        out.push_back(driftUnit(agent, work->workspace, work->secrets, stop));
                        continue;
                    }
                    UnitDrift one;
                    one.host = name;
                    one.unit = unit->name;
                    one.unreachable = host.error();
                    out.push_back(one);
                }
            }
            return out;
        },
        [this](const std::vector<UnitDrift>& drift) {
            m_running = false;
            Q_EMIT drifted(drift);
        });
}

} // namespace Promdeck::Deploy
