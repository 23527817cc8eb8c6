#pragma once

#include "models/library/libraryindex.h"
#include "models/query/timegrammar.h"

#include <QHash>
#include <QUrl>

namespace Promdeck {

/// Where a link into a Grafana leads.
struct DashboardTarget
{
    QString uid;  ///< of /d/UID; empty for the old /dashboard/db/SLUG
    QString slug;
    std::optional<RawTimeRange> range;      ///< from and to
    QHash<QString, QStringList> variables;  ///< var-NAME, in order
    int panelId = 0;                        ///< viewPanel or panelId; 0 = none
    bool operator==(const DashboardTarget&) const = default;
};

/// Reads the address of a dashboard page: relative, or on that Grafana, or with an unknown Grafana on any server.
/// Nothing for other pages and other servers. Source: Grafana's dashboard URL variables.
[[nodiscard]] std::optional<DashboardTarget> dashboardTarget(const QUrl& url, const QUrl& grafana);
/// The dashboard of the library that is meant; null = none.
[[nodiscard]] LibraryEntryPtr entryFor(const DashboardTarget& target, const LibraryIndex& index);
/// "Node Exporter / Nodes" as Grafana writes it into addresses: node-exporter-nodes.
[[nodiscard]] QString dashboardSlug(const QString& title);

} // namespace Promdeck
