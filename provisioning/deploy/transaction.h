#pragma once

#include "provisioning/deploy/plan.h"

#include <functional>

namespace Promdeck::Deploy {

/// What happens on a host, as it happens. Called on the thread that runs the deployment.
struct DeployEvent
{
    enum class State { Running, Done, Failed } state = State::Running;
    QString host, unit;
    QString step;         ///< "recover", "lock", "stage", "prepare", "switch", "verify", "commit", "rollback"
    QString text;         ///< what about it, secrets hidden
    int secondsLeft = -1; ///< until the host goes back by itself; -1 = it is not armed
};
using DeployEvents = std::function<void(const DeployEvent&)>;

struct DeployOptions
{
    QString who;               ///< "user@workstation"
    int confirmWithinS = 90;   ///< deadline of the host's own rollback
    int leaseS = 120;
    bool verifyServer = true;
    /// Asked when all is verified; false rolls back. Null = commit.
    std::function<bool(const UnitPlan&)> confirm {};
};

/// How a deployment to one unit of one host ended. Exactly one of old, new, or "needs you" is true.
struct UnitOutcome
{
    enum class End {
        Unchanged,  ///< the host had it all
        Committed,  ///< new
        RolledBack, ///< old again, verified
        Refused,    ///< old; nothing live was touched
        NeedsYou    ///< a person has to look: error says at what
    } end = End::Refused;
    QString host, unit;
    QString transaction;
    QString release;       ///< that is in effect now; empty = unknown
    QString previous;      ///< that was in effect before; release 0 after a first deployment
    std::optional<Error> error;
    QStringList notes;     ///< warnings of the verification, foreign edits that were kept
    bool halfApplied = false; ///< the component ran parts of a configuration that it had refused
    double seconds = 0;
    [[nodiscard]] bool ok() const { return end == End::Unchanged || end == End::Committed; }
};

/// Carries out a plan: lock, stage, prepare, arm, switch, reload, verify, then commit or roll back. At every moment
/// the host can finish or undo it without us. BLOCKS. Cancelling rolls back.
[[nodiscard]] UnitOutcome deployUnit(HostAgent& agent, const UnitPlan& plan, const DeployOptions& options, const DeployEvents& events = {},
                                     const CancelToken& cancel = {});

struct RecoverReport
{
    std::vector<HostTransaction> open; ///< what is left to wait for
    int secondsLeft = 0;               ///< until the last of them rolls back
};
/// Brings what crashed deployments left to a state that can stay. Run on every connect.
[[nodiscard]] Result<RecoverReport> recoverUnit(HostAgent& agent, bool force = false, const CancelToken& cancel = {});

/// Makes what is on the host release 0, so that the first deployment can be undone and edits be seen. `paths`: what
/// belongs to the unit; those that are absent count as such. The release's name.
[[nodiscard]] Result<QString> adoptUnit(HostAgent& agent, const UnitSnapshot& snapshot, const std::vector<LiveFile>& files, const DeployOptions& options,
                                        const CancelToken& cancel = {});

[[nodiscard]] QString outcomeName(UnitOutcome::End end);
[[nodiscard]] Json outcomeToJson(const UnitOutcome& outcome);

} // namespace Promdeck::Deploy
