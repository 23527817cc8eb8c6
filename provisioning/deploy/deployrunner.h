#pragma once

#include "provisioning/deploy/drift.h"
#include "provisioning/deploy/fleet.h"

#include <QObject>

#include <stop_token>

namespace Promdeck::Deploy {

/// Plans and deploys off the thread it lives on, and says by signals how it goes: for the window and the command line
/// alike. One piece of work at a time. Destroying it cancels what runs, which then rolls back by itself.
class DeployRunner final : public QObject
{
    Q_OBJECT
public:
    DeployRunner(Workspace workspace, SecretValues secrets, HostFactory factory, QObject* parent = nullptr);
    ~DeployRunner() override;
    Q_DISABLE_COPY_MOVE(DeployRunner)

    void plan(const QStringList& hosts, const FleetOptions& options);
    /// Plans going back to a release on each of the hosts; an empty release means the one before the present.
    void planRollback(const QStringList& hosts, const QString& release, const FleetOptions& options);
    void deploy(const DeployPlan& plan, const FleetOptions& options);
    void drift(const QStringList& hosts);
    void cancel();
    [[nodiscard]] bool isRunning() const { return m_running; }
    [[nodiscard]] const Workspace& workspace() const { return m_work->workspace; }

Q_SIGNALS:
    void planned(const Promdeck::Deploy::DeployPlan& plan);
    void progressed(const Promdeck::Deploy::DeployEvent& event);
    void deployed(const Promdeck::Deploy::FleetReport& report);
    void drifted(const std::vector<Promdeck::Deploy::UnitDrift>& drift);

private:
    struct Work
    {
        Workspace workspace;
        SecretValues secrets;
        HostFactory factory;
    };
    std::shared_ptr<const Work> m_work;
    std::stop_source m_stop;
    bool m_running = false;
};

} // namespace Promdeck::Deploy
