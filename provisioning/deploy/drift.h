#pragma once

#include "provisioning/deploy/plan.h"

namespace Promdeck::Deploy {

/// One file in its three versions: what the workspace intends, what was deployed, what is on the host's disk.
struct FileTruth
{
    enum class State {
        Same,        ///< all agree
        Pending,     ///< the workspace changed: a deployment would bring it
        Edited,      ///< the host changed
        Conflict,    ///< both changed, differently
        Missing,     ///< gone from the host
        NotDeployed, ///< in the workspace, never deployed, not on the host
        Foreign,     ///< there already, and never deployed by us
        Dropped      ///< deployed once, no longer in the workspace
    } state = State::Same;
    QByteArray path;
    QString source;
    QByteArray intended = "-", deployed = "-", onDisk = "-"; ///< SHA-256 or "-"
    QByteArray diff; ///< from deployed (or intended) to the disk, secrets hidden; of edited files
};

struct UnitDrift
{
    QString host, unit, release;
    std::vector<FileTruth> files;
    /// Why what runs is not what is on disk: a restart would change behaviour. Empty = it is, or cannot be known.
    QStringList loaded;
    bool loadedKnown = false;
    std::optional<Error> unreachable;
    std::vector<HostTransaction> open;
    [[nodiscard]] bool drifted() const; ///< somebody else changed something, or what runs is not what is there
};

/// Compares a unit's three versions. Changes nothing. BLOCKS.
[[nodiscard]] UnitDrift driftUnit(HostAgent& agent, const Workspace& workspace, const SecretValues& secrets, const CancelToken& cancel = {});

/// The contents of one file: as deployed last, in the workspace (secrets in it), on the host.
struct ThreeVersions
{
    QByteArray base, mine, theirs;
};
[[nodiscard]] Result<ThreeVersions> readVersions(HostAgent& agent, const Workspace& workspace, const SecretValues& secrets, const QByteArray& path, const CancelToken& cancel = {});

/// Lines that both sides changed differently are marked as git does ("<<<<<<<").
struct Merged
{
    QByteArray text;
    int conflicts = 0;
};
[[nodiscard]] Merged mergeThreeWay(const QByteArray& base, const QByteArray& mine, const QByteArray& theirs, const QByteArray& myName = "workspace",
                                   const QByteArray& theirName = "host");

/// Takes the host's version (or a merged text) into the workspace: secrets that are known become references again.
/// Errors: Io; Secret when a hidden value would be written.
Status takeIntoWorkspace(const Workspace& workspace, const QString& source, const QByteArray& content, const SecretValues& secrets);

[[nodiscard]] QString fileStateName(FileTruth::State state);
[[nodiscard]] Json driftToJson(const std::vector<UnitDrift>& drift);
[[nodiscard]] QString driftToText(const std::vector<UnitDrift>& drift);

} // namespace Promdeck::Deploy
