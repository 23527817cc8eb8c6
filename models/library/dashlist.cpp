#include "models/library/dashlist.h"

#include <algorithm>

namespace Promdeck {

using namespace Qt::StringLiterals;

DashListOptions dashListOptions(const Json& panel)
{
    const Json& options = panel[u"options"];
    const bool old = !options.contains(u"showStarred") && !options.contains(u"showSearch") && panel.contains(u"starred");
    const auto flag = [&](const char16_t* now, const char16_t* before, bool fallback) {
        const Json& value = old ? panel[before] : options[now];
        return value.isBool() ? value.toBool() : fallback;
    };
    DashListOptions out;
    out.starred = flag(u"showStarred", u"starred", true);
    out.recent = flag(u"showRecentlyViewed", u"recent", false);
    out.search = flag(u"showSearch", u"search", false);
    out.headings = flag(u"showHeadings", u"headings", true);
    out.keepTime = options[u"keepTime"].toBool();
    out.includeVars = options[u"includeVars"].toBool();
    const Json& most = old ? panel[u"limit"] : options[u"maxItems"];
    out.most = most.isNumber() ? int(std::clamp(most.toDouble(), 1., 1000.)) : 10;
    out.query = (old ? panel[u"query"] : options[u"query"]).toString().trimmed();
    for (const Json& tag : (old ? panel[u"tags"] : options[u"tags"]).items())
        out.tags << tag.scalarText();
    out.folderUid = options[u"folderUID"].toString();
    return out;
}

std::vector<DashListSection> dashList(const DashListOptions& options, const LibraryIndex& index, const QStringList& starred,
                                      const QStringList& recents)
{
    using Kind = DashListSection::Kind;
    std::vector<DashListSection> sections;
    const auto most = size_t(options.most);
    const auto named = [&](Kind kind, const QStringList& references) {
        DashListSection section {kind, {}};
        for (const QString& reference : references) {
            if (const LibraryEntryPtr entry = index.find(reference); entry && !entry->error)
                section.entries.push_back(entry);
        }
        if (kind == Kind::Starred) {
            std::ranges::stable_sort(section.entries, [](const LibraryEntryPtr& a, const LibraryEntryPtr& b) {
                return a->digest.title.compare(b->digest.title, Qt::CaseInsensitive) < 0;
            });
        }
        section.entries.resize(std::min(section.entries.size(), most));
        sections.push_back(std::move(section));
    };
    if (options.starred)
        named(Kind::Starred, starred);
    if (options.recent)
        named(Kind::Recent, recents);
    if (!options.search)
        return sections;
    const auto folderOf = [](const LibraryEntry& entry) { return entry.digest.origin ? entry.digest.origin->folderUid : QString(); };
    // A folder that nothing here knows would empty the list: dashboards that were never on that server have none.
    const bool byFolder = !options.folderUid.isEmpty()
        && std::ranges::any_of(index.entries(), [&](const LibraryEntryPtr& entry) { return folderOf(*entry) == options.folderUid; });
    DashListSection found {Kind::Search, {}};
    for (const LibraryEntryPtr& entry : index.withTags(options.tags)) {
        if (found.entries.size() >= most)
            break;
        if (entry->digest.title.contains(options.query, Qt::CaseInsensitive) && (!byFolder || folderOf(*entry) == options.folderUid))
            found.entries.push_back(entry);
    }
    sections.push_back(std::move(found));
    return sections;
}

} // namespace Promdeck
