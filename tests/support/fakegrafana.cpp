#include "tests/support/fakegrafana.h"

#include <QUrlQuery>

namespace Promdeck::Testing {

using namespace Qt::StringLiterals;

namespace {

FakeHttpServer::Reply json(const Json& body, int status = 200)
{
    return FakeHttpServer::answer(body.toUtf8(), status);
}

QString pageOf(const QString& uid)
{
    return u"/d/"_s + uid + u"/page"_s;
}

} // namespace

FakeGrafana::FakeGrafana(const QByteArray& token)
    : m_token(token), m_server([this](const FakeHttpServer::Request& request) { return answer(request); })
{
}

void FakeGrafana::addFolder(const QString& uid, const QString& title, const QString& parentUid)
{
    m_folders.insert(uid, {title, parentUid});
}

void FakeGrafana::store(const Json& dashboard, const QString& folderUid, const QString& by)
{
    const QString uid = dashboard[u"uid"].toString();
    const auto before = m_dashboards.constFind(uid);
    const bool known = before != m_dashboards.constEnd();
    Stored stored {dashboard, known ? before->version + 1 : 1, known && folderUid.isEmpty() ? before->folderUid : folderUid, by};
    stored.dashboard.set(u"version"_s, stored.version);
    stored.dashboard.set(u"id"_s, 100 + int(m_dashboards.size()));
    m_dashboards.insert(uid, stored);
}

const FakeGrafana::Stored* FakeGrafana::find(const QString& uid) const
{
    const auto it = m_dashboards.constFind(uid);
    return it == m_dashboards.constEnd() ? nullptr : &*it;
}

FakeHttpServer::Reply FakeGrafana::say(int status, const QString& message, const QString& more)
{
    Json body = Json::object({{u"message"_s, message}});
    if (!more.isEmpty())
        body.set(u"status"_s, more);
    return json(body, status);
}

FakeHttpServer::Reply FakeGrafana::answer(const FakeHttpServer::Request& request)
{
    const QUrl url(QString::fromUtf8(request.path));
    const QUrlQuery query(url);
    if (request.header("Authorization") != "Bearer " + m_token)
        return say(401, u"Invalid API key"_s);
    if (request.method == "POST" && url.path() == u"/api/dashboards/db") {
        ++m_pushes;
        return save(Json::parse(request.body).valueOr({}));
    }
    if (url.path() == u"/api/search")
        return query.queryItemValue(u"page"_s).toInt() > 1 ? json(Json::array()) : listed(query.queryItemValue(u"query"_s, QUrl::FullyDecoded));
    if (url.path() == u"/api/folders")
        return folders(query.queryItemValue(u"parentUid"_s));
    if (url.path().startsWith(u"/api/dashboards/uid/"))
        return one(url.path().section(u'/', -1));
    return say(404, u"Not found"_s);
}

FakeHttpServer::Reply FakeGrafana::listed(const QString& text) const
{
    Json list = Json::array();
    for (auto it = m_dashboards.begin(); it != m_dashboards.end(); ++it) {
        const QString title = it->dashboard[u"title"].toString();
        if (!title.contains(text, Qt::CaseInsensitive))
            continue;
        Json one = Json::object({{u"id"_s, it->dashboard[u"id"]},
                                 {u"uid"_s, it.key()},
                                 {u"title"_s, title},
                                 {u"url"_s, pageOf(it.key())},
                                 {u"type"_s, u"dash-db"_s},
                                 {u"tags"_s, it->dashboard[u"tags"].isArray() ? it->dashboard[u"tags"] : Json::array()},
                                 {u"isStarred"_s, false}});
        if (!it->folderUid.isEmpty()) {
            one.set(u"folderUid"_s, it->folderUid);
            one.set(u"folderTitle"_s, m_folders.value(it->folderUid).title);
        }
        list.append(one);
    }
    return json(list);
}

FakeHttpServer::Reply FakeGrafana::folders(const QString& parent) const
{
    Json list = Json::array();
    for (auto it = m_folders.begin(); it != m_folders.end(); ++it) {
        if (it->parentUid != parent)
            continue;
        Json one = Json::object({{u"id"_s, 1}, {u"uid"_s, it.key()}, {u"title"_s, it->title}});
        if (!parent.isEmpty())
            one.set(u"parentUid"_s, parent);
        list.append(one);
    }
    return json(list);
}

FakeHttpServer::Reply FakeGrafana::one(const QString& uid) const
{
    const Stored* stored = find(uid);
    if (!stored)
        return say(404, u"Dashboard not found"_s);
    Json meta = Json::object({{u"type"_s, u"db"_s},
                              {u"canSave"_s, true},
                              {u"url"_s, pageOf(uid)},
                              {u"version"_s, stored->version},
                              {u"updated"_s, u"2026-02-03T10:00:00Z"_s},
                              {u"updatedBy"_s, stored->updatedBy},
                              {u"folderUid"_s, stored->folderUid},
                              {u"folderTitle"_s, m_folders.value(stored->folderUid).title},
                              {u"provisioned"_s, false}});
    return json(Json::object({{u"dashboard"_s, stored->dashboard}, {u"meta"_s, meta}}));
}

FakeHttpServer::Reply FakeGrafana::save(const Json& body)
{
    const Json& dashboard = body[u"dashboard"];
    const QString uid = dashboard[u"uid"].toString();
    const QString title = dashboard[u"title"].toString();
    if (title.isEmpty())
        return say(400, u"Dashboard title cannot be empty"_s);
    const QString folder = body[u"folderUid"].toString();
    if (!folder.isEmpty() && !m_folders.contains(folder))
        return say(400, u"folder not found"_s);
    const bool overwrite = body[u"overwrite"].toBool();
    const Stored* known = find(uid);
    if (known && !overwrite && known->version != dashboard[u"version"].toInt())
        return say(412, u"The dashboard has been changed by someone else"_s, u"version-mismatch"_s);
    for (auto it = m_dashboards.begin(); it != m_dashboards.end(); ++it) {
        if (it.key() != uid && it->folderUid == folder && it->dashboard[u"title"].toString() == title)
            return say(412, u"A dashboard with the same name in the folder already exists"_s, u"name-exists"_s);
    }
    store(dashboard, folder, u"token"_s);
    return json(Json::object({{u"id"_s, find(uid)->dashboard[u"id"]},
                              {u"uid"_s, uid},
                              {u"url"_s, pageOf(uid)},
                              {u"status"_s, u"success"_s},
                              {u"version"_s, find(uid)->version}}));
}

} // namespace Promdeck::Testing
