#pragma once

#include "models/core/json.h"

#include <QUrl>

#include <optional>

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

} // namespace Promdeck
