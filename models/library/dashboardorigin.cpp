#include "models/library/dashboardorigin.h"

#include <QCryptographicHash>

#include <algorithm>

namespace Promdeck {

using namespace Qt::StringLiterals;

namespace {

/// Members in the order of their names, all the way down.
Json sorted(const Json& value)
{
    if (value.isArray()) {
        Json out = Json::array();
        for (const Json& item : value.items())
            out.append(sorted(item));
        return out;
    }
    if (!value.isObject())
        return value;
    std::vector<Json::Member> members = value.members();
    std::ranges::sort(members, {}, [](const Json::Member& member) { return member.first; });
    Json out = Json::object();
    for (const auto& [name, member] : members)
        out.set(name, sorted(member));
    return out;
}

} // namespace

std::optional<DashboardOrigin> originOf(const Json& dashboard)
{
    const Json& json = dashboard[u"promdeck"][u"origin"];
    if (json[u"uid"].toString().isEmpty())
        return std::nullopt;
    return DashboardOrigin {QUrl(json[u"server"].toString()), json[u"uid"].toString(), json[u"version"].toInt(),
                            json[u"folderUid"].toString(), json[u"content"].toString().toLatin1()};
}

Json withOrigin(Json dashboard, const DashboardOrigin& origin)
{
    Json json = Json::object();
    if (!origin.server.isEmpty())
        json.set(u"server"_s, origin.server.toString(QUrl::RemoveUserInfo | QUrl::StripTrailingSlash));
    json.set(u"uid"_s, origin.uid);
    json.set(u"version"_s, origin.version);
    if (!origin.folderUid.isEmpty())
        json.set(u"folderUid"_s, origin.folderUid);
    json.set(u"content"_s, QString::fromLatin1(origin.content));
    Json own = dashboard[u"promdeck"].isObject() ? dashboard[u"promdeck"] : Json::object();
    own.set(u"origin"_s, json);
    dashboard.set(u"promdeck"_s, own);
    return dashboard;
}

Json forServer(Json dashboard)
{
    dashboard.remove(u"promdeck");
    if (dashboard.contains(u"id"))
        dashboard.set(u"id"_s, Json());
    return dashboard;
}

QByteArray contentFingerprint(const Json& dashboard)
{
    Json content = dashboard;
    for (const char16_t* member : {u"promdeck", u"id", u"version", u"iteration"})
        content.remove(QStringView(member));
    return QCryptographicHash::hash(sorted(content).toUtf8(), QCryptographicHash::Sha256).toHex();
}

} // namespace Promdeck
