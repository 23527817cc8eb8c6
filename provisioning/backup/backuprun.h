#pragma once

#include "provisioning/backup/catalog.h"
#include "provisioning/backup/sources.h"

namespace Promdeck::Backup {

struct BackupOptions
{
    QString stack;
    QStringList tags {};
    ArchiveProtection protection {};
    int compressionLevel = 3;
    bool verifyContent = true; ///< unpack and compare what was stored; else only its hash is read back
};

/// Makes one backup of one host: prepares every component, streams all of it into the repository, reads it back, and only
/// then lists it. Blocks; cancelling or failing at any moment leaves nothing, neither on the host nor in the repository; a
/// run that was killed is cleaned up after by the next one.
/// A component whose files changed meanwhile is prepared again, twice at most.
Result<BackupRecord> runBackup(std::shared_ptr<Host> host, const std::vector<ComponentSpec>& components, Repository& repository,
                               const BackupOptions& options, const CancelToken& cancel, const StepReport& report = {});

} // namespace Promdeck::Backup
