#pragma once

#include "provisioning/deploy/transaction.h"

namespace Promdeck::Deploy {

/// Finds the machine behind a host of a workspace. Called from several threads. Errors: those of connecting.
using HostFactory = std::function<Result<std::shared_ptr<Host>>(const WorkspaceHost&)>;

struct FleetOptions
{
    QStringList hosts;    ///< only these (names or groups); empty = all
    int parallel = 16;    ///< hosts at a time within a batch
    bool rollBackAll = false; ///< when it stops, hosts that have the new version go back as well
    PlanOptions planning;
    DeployOptions deploy;
};

/// One row of the truth table.
struct HostTruth
{
    QString host;
    int batch = 0;          ///< 0 = canary
    bool tried = false;
    std::vector<UnitOutcome> units;
    [[nodiscard]] bool ok() const;
    /// "new", "old", "unchanged", "not tried" or "needs you"
    [[nodiscard]] QString verdict() const;
};

struct FleetReport
{
    std::vector<HostTruth> hosts;
    bool stopped = false;  ///< before all hosts had their turn
    QString reason;
    bool rolledBackAll = false;
    [[nodiscard]] bool ok() const;
};

/// Hosts in the order of a rollout: the canary, then batches, never two of a pair at a time. Without a batch size in
/// the workspace: the canary, a quarter, the rest.
[[nodiscard]] std::vector<QStringList> rolloutBatches(const Workspace& workspace, const QStringList& hosts);

/// Hosts of a workspace that a selection means. Errors: InvalidArgument (no such host or group).
[[nodiscard]] Result<QStringList> selectHosts(const Workspace& workspace, const QStringList& wanted);

/// Plans every unit of every chosen host, several at a time. BLOCKS. Hosts that cannot be reached are in the plan.
[[nodiscard]] DeployPlan planFleet(const Workspace& workspace, const SecretValues& secrets, const HostFactory& factory, const QStringList& hosts,
                                   const FleetOptions& options, const CancelToken& cancel = {});

/// Carries out a plan batch by batch and stops by the workspace's rules. `events` is called from several threads, one
/// at a time. BLOCKS. Every step goes into the workstation's audit log.
[[nodiscard]] FleetReport deployFleet(const Workspace& workspace, const SecretValues& secrets, const HostFactory& factory, const DeployPlan& plan,
                                      const FleetOptions& options, const DeployEvents& events = {}, const CancelToken& cancel = {});

[[nodiscard]] Json fleetToJson(const FleetReport& report);
[[nodiscard]] QString fleetToText(const FleetReport& report);

} // namespace Promdeck::Deploy
