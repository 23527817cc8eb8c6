#pragma once

#include "models/library/dashboardorigin.h"

#include <atomic>
#include <functional>
#include <optional>
#include <vector>

namespace Promdeck {

/// What became of one file of an import.
struct ImportItem
{
    enum class Outcome { Imported, Replaced, Skipped, Failed };
    enum class Reason { None, Same, OtherContent, NotADashboard };
    Outcome outcome = Outcome::Failed;
    Reason reason = Reason::None; ///< of a skipped one
    QString source; ///< path below the folder that is imported; empty for a pasted text
    QString target; ///< the file written, or the one that stood in the way
    QString title;
    bool wrapped = false; ///< it was an answer of Grafana's API and is now the dashboard alone
    std::optional<Error> error;
};

struct ImportReport
{
    std::vector<ImportItem> items;
    [[nodiscard]] int count(ImportItem::Outcome outcome) const;
};

struct ImportOptions
{
    QString folder;       ///< where to; made when it is missing
    bool replace = false; ///< over files of the same name with other content
};

/// Brings one text in under a file name of that stem (made from the title when empty). Plain dashboards are written
/// byte for byte; answers of Grafana's API without their wrapping, with where they came from. `__inputs` and
/// `__elements` stay for the reader. Blocks; for workers.
[[nodiscard]] ImportItem importText(const QByteArray& text, const QString& relativePath, const ImportOptions& options);
[[nodiscard]] ImportItem importFile(const QString& path, const ImportOptions& options);
/// A folder with everything below it, into the same subfolders. Every JSON file is in the report. `progress` gets how
/// many are done; it is called on the worker. Errors of single files are in their items; an unreadable folder fails.
[[nodiscard]] Result<ImportReport> importFolder(const QString& path, const ImportOptions& options, const std::atomic<bool>& stop,
                                                const std::function<void(int)>& progress = {});

/// "My Board / 2" as a file name: my-board-2.json.
[[nodiscard]] QString dashboardFileName(const QString& title);

} // namespace Promdeck
