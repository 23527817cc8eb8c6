#pragma once

#include "provisioning/backup/restore.h"

namespace Promdeck::Backup {

/// The shell script that does a restore's renames on the host, and the one that takes them back. They write their progress
/// into files beside them, so that anybody can see, and finish, what was going on.
[[nodiscard]] QByteArray swapScript(const std::vector<RestoreSwap>& swaps, const std::vector<RestoreTarget>& targets);
[[nodiscard]] QByteArray undoScript(const std::vector<RestoreSwap>& swaps, const std::vector<RestoreTarget>& targets);

/// Where the scripts of a restore are: beside the first folder it touches.
[[nodiscard]] QByteArray journalFolder(const QByteArray& live, const QByteArray& id);
inline constexpr char kJournalPrefix[] = ".promdeck-restore-";

} // namespace Promdeck::Backup
