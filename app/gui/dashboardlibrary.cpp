#include "app/gui/dashboardlibrary.h"

#include "models/core/background.h"
#include "resources/dashboards/builtindashboards.h"

#include <QFileInfo>
#include <QFuture>

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

} // namespace

DashboardLibrary::DashboardLibrary(Settings* settings, QObject* parent) : QObject(parent), m_settings(settings) {}

QList<DashboardEntry> DashboardLibrary::entries() const
{
    QList<DashboardEntry> entries;
    for (const Json& recent : m_settings->value(Settings::Key::RecentDashboards).items()) {
        const QString path = recent.toString();
        if (!isBuiltinDashboard(path) && !path.isEmpty())
            entries.append({path, QFileInfo(path).completeBaseName(), path});
    }
    for (const QString& id : builtinDashboardIds())
        entries.append({u"builtin:"_s + id, builtinTitle(id), tr("built in")});
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
