#include "app/gui/dashboardlibrary.h"

#include "models/core/background.h"
#include "models/library/dashboardcatalogue.h"
#include "resources/dashboards/builtindashboards.h"

#include <QFileInfo>
#include <QFuture>
#include <QSet>

using namespace Qt::StringLiterals;

namespace Promdeck {

namespace {

constexpr int kMostRecent = 12;

Result<OpenedDashboard> read(const QString& reference)
{
    if (!isBuiltinDashboard(reference))
        return openDashboard(reference);
    const QByteArray bytes = builtinDashboard(reference);
    if (bytes.isEmpty())
        return makeError(ErrorCode::Reference, u"There is no built-in dashboard named %1"_s.arg(reference.section(u':', 1)));
    return openDashboard(reference, bytes);
}

QString builtinTitle(const QString& id)
{
    const auto json = Json::parse(builtinDashboard(id));
    return json.ok() ? (*json)[u"title"].toString(id) : id;
}

std::vector<BuiltinBoard> builtinBoards()
{
    std::vector<BuiltinBoard> boards;
    for (const QString& id : builtinDashboardIds())
        boards.push_back({id, builtinDashboard(id)});
    return boards;
}

QString detailOf(const LibraryEntry& entry)
{
    const QString tags = entry.digest.tags.join(u", "_s);
    return entry.isBuiltin() ? DashboardLibrary::tr("built in") : tags.isEmpty() ? entry.reference : tags + u" – "_s + entry.reference;
}

} // namespace

DashboardLibrary::DashboardLibrary(Settings* settings, QObject* parent)
    : QObject(parent), m_settings(settings), m_catalogue(new DashboardCatalogue(settings, builtinBoards(), this))
{
}

QList<DashboardEntry> DashboardLibrary::entries() const
{
    QList<DashboardEntry> entries;
    QSet<QString> listed;
    const std::shared_ptr<const LibraryIndex> index = m_catalogue->index();
    const auto add = [&](const LibraryEntry& entry) {
        if (!entry.error && !listed.contains(entry.reference))
            entries.append({entry.reference, entry.digest.title, detailOf(entry)});
        listed.insert(entry.reference);
    };
    for (const QString& path : m_catalogue->recents()) {
        if (path.isEmpty() || isBuiltinDashboard(path))
            continue;
        if (const LibraryEntryPtr entry = index->find(path)) {
            add(*entry);
        } else {
            entries.append({path, QFileInfo(path).completeBaseName(), path});
            listed.insert(path);
        }
    }
    // The boards of the program are few and stand before the many.
    for (const QString& id : builtinDashboardIds()) {
        const QString reference = u"builtin:"_s + id;
        const LibraryEntryPtr entry = index->find(reference);
        entries.append({reference, entry ? entry->digest.title : builtinTitle(id), tr("built in")});
        listed.insert(reference);
    }
    for (const LibraryEntryPtr& entry : index->entries()) {
        if (!entry->isOther)
            add(*entry);
    }
    return entries;
}

void DashboardLibrary::load(const QString& reference, QObject* context, std::function<void(Result<OpenedDashboard>)> done) const
{
    runInBackground(
        context, [reference] { return read(reference); },
        [done = std::move(done)](Result<OpenedDashboard> opened) { done(std::move(opened)); });
}

void DashboardLibrary::remember(const QString& reference)
{
    QStringList recent {reference};
    for (const Json& item : m_settings->value(Settings::Key::RecentDashboards).items()) {
        if (item.toString() != reference && recent.size() < kMostRecent)
            recent << item.toString();
    }
    m_settings->set(Settings::Key::RecentDashboards, Json::strings(recent));
    m_settings->set(Settings::Key::LastDashboard, Json(reference));
}

} // namespace Promdeck
