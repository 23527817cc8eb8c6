#pragma once

#include "app/hosts/backuparguments.h"

namespace Promdeck::Cli {

/// One backup to make: of one host.
struct BackupJob
{
    std::shared_ptr<Host> host;
    QString stack;
    std::vector<Backup::ComponentSpec> components;
};

/// What `promdeck backup create` was asked for: the components that were named, or, with --workspace, the units of a workspace,
/// host by host (--host: only of this one). Of a unit its folder is taken; of Prometheus and Alertmanager with an address also
/// what their APIs give.
Result<std::vector<BackupJob>> backupJobs(BackupArguments& arguments);

} // namespace Promdeck::Cli
