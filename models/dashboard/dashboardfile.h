#pragma once

#include "models/dashboard/dashboard.h"

#include <QStringList>

namespace Promdeck {

/// Unsaved work on a dashboard, kept outside of its file until it is saved or discarded.
struct DashboardDraft
{
    QString reference; ///< of the dashboard: a file, or "builtin:NAME"
    QString title;
    qint64 savedMs = 0; ///< since the epoch
    QByteArray base;    ///< fingerprint() of the file's text that was edited
    Json migrated;      ///< the dashboard as it was last
    bool operator==(const DashboardDraft&) const = default;
};

/// A dashboard as it was read, and what is needed to save it again.
struct OpenedDashboard
{
    QString reference;
    QByteArray text; ///< of the file; of built-in ones too
    Dashboard dashboard;
    std::optional<DashboardDraft> draft; ///< left behind by an earlier run
};

[[nodiscard]] QByteArray fingerprint(const QByteArray& text);

/// Reads a dashboard's text (of the file `reference`, unless given), and the draft that belongs to it.
/// Errors: Io, and those of readDashboard().
[[nodiscard]] Result<OpenedDashboard> openDashboard(const QString& reference, const QByteArray& builtinText = {});

/// Writes the migrated document over the file in one step, keeping the bytes of what did not change and the
/// file's permissions. `known` is the text that the edits were made on; when the file holds another one by now
/// and `overwrite` is not set, nothing is written. A missing file is made. Gives the text written.
/// Errors: Conflict (the file was changed meanwhile), Io.
[[nodiscard]] Result<QByteArray> saveDashboard(const QString& path, const QByteArray& known, const Json& migrated,
                                               bool overwrite = false);

/// Where a draft is kept: beside the file (".NAME.promdeck-draft"), or in the state folder where that cannot be
/// written, as for built-in dashboards.
[[nodiscard]] QString draftPath(const QString& reference);
/// Keeps a draft, and remembers in the state folder that there is one. Errors: Io.
Status writeDraft(const DashboardDraft& draft);
void removeDraft(const QString& reference);
/// All drafts there are, the newest first. Reads files.
[[nodiscard]] std::vector<DashboardDraft> unsavedDrafts();
/// The user's folder for what is not configuration ("~/.local/state/promdeck").
[[nodiscard]] QString stateFolder();

} // namespace Promdeck
