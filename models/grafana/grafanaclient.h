#pragma once

#include "models/core/http.h"
#include "models/core/json.h"

#include <optional>
#include <vector>

namespace Promdeck {

/// A dashboard as the server's search lists it.
struct GrafanaListing
{
    QString uid;
    QString title;
    QStringList tags;
    QString folderUid; ///< empty = the general folder
    QString folderTitle;
    QString path;      ///< of its page, "/d/UID/slug"
    bool operator==(const GrafanaListing&) const = default;
};

struct GrafanaFolder
{
    QString uid;
    QString title;
    QString parentUid; ///< empty = top level
    bool operator==(const GrafanaFolder&) const = default;
};

/// One dashboard with what the server says about it.
struct GrafanaDashboard
{
    Json dashboard;
    qint64 version = 0;
    QString folderUid;
    QString folderTitle;
    QString path;
    QString updatedBy;
    qint64 updatedMs = 0; ///< since the epoch; 0 = not told
    bool canSave = true;
    bool provisioned = false; ///< from files on the server: saving over the API is refused there
};

struct GrafanaPush
{
    Json dashboard; ///< with its uid, and as "version" the one it was edited on
    QString folderUid;
    QString message; ///< of the server's version history
    bool overwrite = false; ///< over whatever is there
};

struct GrafanaPushed
{
    QString uid;
    qint64 version = 0;
    QString path;
};

/// The HTTP API of Grafana (search, folders, dashboards by uid, saving), as documented for versions 8 to 12. Errors:
/// the transport's (HttpClient), Unauthorized, Forbidden (also for pushes while the stack is read-only, and for
/// provisioned dashboards), NotFound, RateLimited, Conflict (412: another version is there, or another dashboard of
/// this name), InvalidArgument (the server's own words in `detail`), HttpStatus, Decode, WrongProduct.
class GrafanaClient final
{
public:
    /// `readOnly`: pushes are refused here, before anything is sent.
    GrafanaClient(QUrl baseUrl, HttpOptions options, bool readOnly = true);
    ~GrafanaClient();
    Q_DISABLE_COPY_MOVE(GrafanaClient)

    /// All dashboards whose title has the text, page by page.
    QCoro::Task<Result<std::vector<GrafanaListing>>> search(QString text = {}, std::stop_token stop = {});
    /// The folders one may see, nested ones included where the server has them.
    QCoro::Task<Result<std::vector<GrafanaFolder>>> folders(std::stop_token stop = {});
    QCoro::Task<Result<GrafanaDashboard>> dashboard(QString uid, std::stop_token stop = {});
    QCoro::Task<Result<GrafanaPushed>> push(GrafanaPush push, std::stop_token stop = {});

    [[nodiscard]] QUrl baseUrl() const; ///< ends with '/'
    [[nodiscard]] bool isReadOnly() const;

private:
    struct Private;
    std::shared_ptr<Private> d;
};

} // namespace Promdeck
