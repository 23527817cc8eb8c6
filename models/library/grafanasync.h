#pragma once

#include "models/grafana/grafanaclient.h"
#include "models/library/dashboardorigin.h"

#include <memory>

namespace Promdeck {

/// A file and the dashboard of a Grafana it belongs to, before anything is changed.
struct SyncComparison
{
    Json here;   ///< the file's dashboard; null when there is no file
    Json there;  ///< the server's; null when it has none
    std::optional<DashboardOrigin> origin; ///< what the file remembers
    GrafanaDashboard server;
    bool isEditedHere = false;  ///< since it was pulled; true when the file remembers nothing
    bool isNewerThere = false;
    bool isSame = false;        ///< they say the same
};

/// Where a pulled dashboard goes, and what may be lost.
struct PullRequest
{
    QString uid;
    QString path;           ///< the file
    bool overEdits = false; ///< replaces what was edited in the file
};

struct PushRequest
{
    QString path;
    QString folderUid;      ///< for dashboards that are new to the server; others stay where they are
    QString message;
    bool overwrite = false; ///< over a version that nobody here has seen
};

/// Reads both sides. Errors: those of GrafanaClient (a dashboard the server does not have is none) and of reading the file.
QCoro::Task<Result<SyncComparison>> compareWithServer(std::shared_ptr<GrafanaClient> client, QString uid, QString path,
                                                      std::stop_token stop = {});
/// Writes the server's dashboard into the file, with its origin; what Promdeck itself keeps in the file stays. Gives the
/// version pulled. Errors: those of GrafanaClient, Conflict (the file was edited here, or holds another dashboard), Io.
QCoro::Task<Result<qint64>> pullDashboard(std::shared_ptr<GrafanaClient> client, PullRequest request, std::stop_token stop = {});
/// Sends the file's dashboard with the version it was edited on, and remembers the new one in the file. Errors: those of
/// GrafanaClient (Conflict: somebody changed it there), those of reading the file, Io.
QCoro::Task<Result<GrafanaPushed>> pushDashboard(std::shared_ptr<GrafanaClient> client, PushRequest request, std::stop_token stop = {});

} // namespace Promdeck
