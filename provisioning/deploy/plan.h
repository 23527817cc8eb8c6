#pragma once

#include "models/config/diagnostic.h"
#include "provisioning/deploy/secretmask.h"
#include "provisioning/deploy/semanticdiff.h"
#include "provisioning/deploy/serverstate.h"

class QString;

namespace Promdeck {
class Json;
}

namespace Promdeck::Deploy {

struct FileChange
{
    enum class Action { Create, Change, Remove, Attributes } action = Action::Change;
    QByteArray path;
    QString source;
    QByteArray oldHash = "-"; ///< on the host now
    QByteArray newHash = "-";
    QString mode, owner, group; ///< to be set; empty = as it is
    bool inPlace = false;
    bool edited = false;  ///< somebody changed it on the host since the last deployment
    Config::FileKind kind = Config::FileKind::Unknown;
    QByteArray diff;      ///< unified, secrets hidden
    std::vector<SemanticChange> semantic;
};

/// Something to know about a plan. Errors refuse it.
struct PlanFinding
{
    Config::Severity severity = Config::Severity::Error;
    QString code; ///< stable, "area/kebab-case"
    QString message;
    QString hint;
    QString file; ///< of the workspace or the host
    int line = 0;
    int column = 0;
};

/// What would change in the running server.
struct BlastRadius
{
    bool known = false;
    QStringList jobsAdded, jobsRemoved, jobsChanged;
    QStringList targetsAdded, targetsLost; ///< "JOB ADDRESS" of static targets and discovery files
    int targetsLostUp = 0;                 ///< of the lost ones, how many are up now
    int rulesAdded = 0, rulesRemoved = 0, rulesChanged = 0;
    struct Alert { QString name; int series = 0; };
    std::vector<Alert> wouldFire;          ///< new or changed alerts whose expression is true now
};

/// The plan for one unit on one host.
struct UnitPlan
{
    QString host, unit;
    UnitSnapshot snapshot;
    std::vector<RenderedFile> files;       ///< all that will be ours, with content
    std::vector<FileChange> changes;       ///< in the order of the switch
    std::vector<PlanFinding> findings;
    QString validatedBy;                   ///< "promtool 2.42.0 (bind)"; empty = by our engine alone
    BlastRadius blast;
    ServerState server;                    ///< as it is now
    ExpectedState expected;                ///< as it is going to be
    QString fromRelease;                   ///< a rollback: its contents come from there, on the host
    std::optional<Error> unreachable;
    [[nodiscard]] bool refused() const;
    [[nodiscard]] bool changesAnything() const { return !changes.empty(); }
};

struct PlanOptions
{
    bool overwriteEdits = false; ///< replace what was edited on the host (it is kept)
    bool hostValidation = true;
    bool engineValidation = true;
};

/// A plan for hosts of a workspace, signed by a hash over what it would do: the same hash, the same deployment.
struct DeployPlan
{
    QString workspace;
    std::vector<UnitPlan> units;
    [[nodiscard]] QByteArray hash() const;
    [[nodiscard]] bool refused() const;
    [[nodiscard]] bool changesAnything() const;
};

/// Plans one unit on one host: looks, compares, checks, touches nothing (a candidate is checked in a folder that is
/// gone afterwards). BLOCKS. Never fails as such: what is wrong is a finding, or `unreachable`.
[[nodiscard]] UnitPlan planUnit(HostAgent& agent, const Workspace& workspace, const SecretValues& secrets, const PlanOptions& options = {},
                                const CancelToken& cancel = {});
/// Plans going back to a release of the host.
[[nodiscard]] UnitPlan planRollback(HostAgent& agent, const Workspace& workspace, const SecretValues& secrets, const QString& release,
                                    const CancelToken& cancel = {});

/// For the script on the host. Lines: op index sha_old sha_new mode owner group how path
[[nodiscard]] QByteArray planLines(const UnitPlan& plan);
/// Lines: index sha mode owner group path
[[nodiscard]] QByteArray manifestLines(const UnitPlan& plan);

[[nodiscard]] Json planToJson(const DeployPlan& plan);
[[nodiscard]] QString planToText(const DeployPlan& plan);

} // namespace Promdeck::Deploy
