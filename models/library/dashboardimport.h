#pragma once

#include "models/core/json.h"

#include <QUrl>

#include <atomic>
#include <functional>
#include <optional>
#include <vector>

namespace Promdeck {

/// Which dashboard of a Grafana server a file came from; kept in the file under "promdeck", "origin".
struct DashboardOrigin
{
    QUrl server; ///< base URL, without credentials; empty when the file did not say
    QString uid;
    qint64 version = 0; ///< of the server when it was pulled or pushed last
    QString folderUid;  ///< empty = Grafana's general folder
    QByteArray content; ///< contentFingerprint() then: another one now means that it was edited here
    bool operator==(const DashboardOrigin&) const = default;
};

[[nodiscard]] std::optional<DashboardOrigin> originOf(const Json& dashboard);
[[nodiscard]] Json withOrigin(Json dashboard, const DashboardOrigin& origin);
/// What the server gets: without what is Promdeck's own and without the number that the server's database gave.
[[nodiscard]] Json forServer(Json dashboard);
/// Tells whether two dashboards say the same: member order, formatting, versions and what is Promdeck's own do not count.
[[nodiscard]] QByteArray contentFingerprint(const Json& dashboard);

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
