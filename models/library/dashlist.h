#pragma once

#include "models/library/libraryindex.h"

namespace Promdeck {

/// What a "dashlist" panel asks for. Source: Grafana's dashboard list panel; older files have the same at the panel itself.
struct DashListOptions
{
    bool starred = true;
    bool recent = false;
    bool search = false;
    bool headings = true;
    bool keepTime = false;
    bool includeVars = false;
    int most = 10;
    QString query;
    QStringList tags;
    QString folderUid; ///< "general" = none; only dashboards pulled from a Grafana know theirs
    bool operator==(const DashListOptions&) const = default;
};
[[nodiscard]] DashListOptions dashListOptions(const Json& panel);

struct DashListSection
{
    enum class Kind { Starred, Recent, Search };
    Kind kind = Kind::Search;
    std::vector<LibraryEntryPtr> entries;
};

/// The sections the options show, each with as many dashboards as they allow. Recent ones keep their order, the others
/// are sorted by title.
[[nodiscard]] std::vector<DashListSection> dashList(const DashListOptions& options, const LibraryIndex& index, const QStringList& starred,
                                                    const QStringList& recents);

} // namespace Promdeck
