#pragma once

#include "provisioning/backup/restore.h"

namespace Promdeck::Backup {

/// Where the trees of an archive go on a host.
struct RestorePlan
{
    struct Tree
    {
        const ManifestComponent* component = nullptr;
        QString name;
        QByteArray live;         ///< links resolved
        QByteArray fresh;        ///< folder to unpack into, on the same file system
        QByteArray old;
        bool wholeFolder = true;
        bool exists = false;
        std::vector<const ManifestFile*> files;
    };
    QByteArray id;
    std::vector<Tree> trees;
    std::vector<RestoreSwap> swaps;
    QStringList notes;
    /// Path of a file of the archive while it is unpacked; empty when it is not part of the restore.
    [[nodiscard]] QByteArray freshPath(const Manifest& manifest, const ManifestFile& file) const;
};

/// Errors: InvalidArgument for unknown components and paths; Unsupported for folders that are mount points; Io when there is
/// not enough room; those of the host.
Result<RestorePlan> planRestore(Host& host, const Manifest& manifest, const RestoreOptions& options, const CancelToken& cancel);

} // namespace Promdeck::Backup
