#pragma once

#include "app/hosts/backuparguments.h"
#include "app/hosts/backupoutput.h"

namespace Promdeck::Cli {

/// `promdeck backup restore` and `drill`, on a worker thread.
[[nodiscard]] Outcome restoreBackup(BackupArguments& arguments, const CancelToken& cancel, const Backup::StepReport& report);
[[nodiscard]] Outcome drillBackup(BackupArguments& arguments, const CancelToken& cancel, const Backup::StepReport& report);

} // namespace Promdeck::Cli
