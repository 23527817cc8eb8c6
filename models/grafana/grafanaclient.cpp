#include "models/grafana/grafanaclient.h"

#include "models/core/completion.h"

#include <QDateTime>
#include <QThreadPool>

namespace Promdeck {

using namespace Qt::StringLiterals;

struct GrafanaClient::Private
{
    Private(const QUrl& url, const HttpOptions& options, bool readOnlyStack)
        : base(url.adjusted(QUrl::RemoveUserInfo | QUrl::RemoveQuery | QUrl::RemoveFragment)), client(options), readOnly(readOnlyStack)
    {
        if (!base.path().endsWith(u'/'))
            base.setPath(base.path() + u'/');
    }

    QUrl base;
    HttpClient client;
    bool readOnly;
};

namespace {

constexpr int kPage = 1000;     // the API's own default limit
constexpr int kMostPages = 50;
constexpr int kDeepestFolder = 6; // Grafana nests four deep

QString words(const HttpResponse& answer, const Result<Json>& json)
{
    if (json && json->isObject())
        return (*json)[u"message"].toString();
    const QString text = QString::fromUtf8(answer.body.left(300)).simplified();
    return text.startsWith(u'<') ? QString() : text;
}

Error conflict(const QString& status, const QString& message)
{
    if (status == u"name-exists")
        return makeError(ErrorCode::Conflict, u"The folder has another dashboard of this title"_s, message,
                         u"Push it under another title or into another folder"_s);
    if (status == u"plugin-dashboard")
        return makeError(ErrorCode::Forbidden, u"The dashboard belongs to a plug-in of the server"_s, message,
                         u"Save it under another uid"_s);
    return makeError(ErrorCode::Conflict, u"The dashboard was changed on the server since it was pulled"_s, message);
}

Error errorOf(const HttpResponse& answer, const Result<Json>& json)
{
    const QString message = words(answer, json);
    switch (answer.status) {
    case 400:
    case 422:
        if (message.contains(u"provisioned", Qt::CaseInsensitive))
            return makeError(ErrorCode::Forbidden, u"The dashboard is provisioned from files on the server"_s, message,
                             u"Change it where those files come from"_s);
        return makeError(ErrorCode::InvalidArgument, u"Grafana refuses the request"_s, message);
    case 401:
        return makeError(ErrorCode::Unauthorized, u"Grafana does not accept the credentials"_s, message,
                         u"Give the stack a token of a service account of this Grafana"_s);
    case 403:
        return makeError(ErrorCode::Forbidden, u"Grafana does not allow this"_s, message,
                         u"The token's role has to be Editor to save, Viewer to read"_s);
    case 404: return makeError(ErrorCode::NotFound, u"Grafana does not know this"_s, message, u"Check the address, with its path prefix"_s);
    case 409:
    case 412: return conflict(json ? (*json)[u"status"].toString() : QString(), message);
    case 429: return makeError(ErrorCode::RateLimited, u"Grafana limits the number of requests"_s, message);
    default: return makeError(ErrorCode::HttpStatus, u"Grafana answers with status %1"_s.arg(answer.status), message);
    }
}

Result<Json> decode(const HttpResponse& answer)
{
    const Result<Json> json = Json::parse(answer.body);
    if (answer.status < 200 || answer.status >= 300)
        return errorOf(answer, json);
    if (json)
        return json;
    // A login page comes with status 200.
    return makeError(ErrorCode::WrongProduct, u"The answer is not that of Grafana's API"_s, json.error().summary,
                     u"Check that the address is that of a Grafana, and that the token is valid"_s);
}

/// Sends, and reads the answer on a worker. Free function: the client may be gone meanwhile, which finishes the request
/// with Cancelled.
template <typename T, typename Owner>
QCoro::Task<Result<T>> exchange(std::weak_ptr<Owner> owner, HttpRequest request, std::stop_token stop, Result<T> (*read)(const Json&))
{
    // Not held while it waits: a client that goes cancels what it sent.
    std::shared_ptr<Owner> held = owner.lock();
    if (!held)
        co_return Result<T>();
    QCoro::Task<Result<HttpResponse>> sending = held->client.send(request, stop);
    held.reset();
    Result<HttpResponse> answer = co_await sending;
    if (!answer)
        co_return Result<T>(answer.error());
    const Completion<Result<T>> done;
    const QString target = request.url.toString(QUrl::RemoveQuery);
    QThreadPool::globalInstance()->start([done, read, target, response = *std::move(answer)] {
        const Result<Json> json = decode(response);
        Result<T> value = json ? read(*json) : Result<T>(json.error());
        if (!value)
            value.error().target = target;
        done.finish(std::move(value));
    });
    co_return co_await done.wait();
}

HttpRequest getRequest(const QUrl& base, const QString& path, const QList<std::pair<QString, QString>>& query = {})
{
    HttpRequest request;
    request.url = base.resolved(QUrl(path));
    QString text;
    for (const auto& [name, value] : query)
        text += (text.isEmpty() ? u""_s : u"&"_s) + name + u'=' + QString::fromLatin1(QUrl::toPercentEncoding(value));
    if (!text.isEmpty())
        request.url.setQuery(text);
    request.headers.emplace_back("Accept", "application/json");
    return request;
}

Error noList()
{
    return makeError(ErrorCode::WrongProduct, u"The answer is not that of Grafana's API"_s, u"not a list"_s);
}

Result<std::vector<GrafanaListing>> readListing(const Json& json)
{
    if (!json.isArray())
        return noList();
    std::vector<GrafanaListing> out;
    for (const Json& item : json.items()) {
        if (item[u"type"].toString(u"dash-db"_s) != u"dash-db" || item[u"uid"].toString().isEmpty())
            continue;
        GrafanaListing one {item[u"uid"].toString(), item[u"title"].toString(), {}, item[u"folderUid"].toString(),
                            item[u"folderTitle"].toString(), item[u"url"].toString()};
        for (const Json& tag : item[u"tags"].items())
            one.tags << tag.toString();
        out.push_back(std::move(one));
    }
    return out;
}

Result<std::vector<GrafanaFolder>> readFolders(const Json& json)
{
    if (!json.isArray())
        return noList();
    std::vector<GrafanaFolder> out;
    for (const Json& item : json.items())
        out.push_back({item[u"uid"].toString(), item[u"title"].toString(), item[u"parentUid"].toString()});
    return out;
}

Result<GrafanaDashboard> readDashboardAnswer(const Json& json)
{
    if (!json[u"dashboard"].isObject() || !json[u"meta"].isObject())
        return makeError(ErrorCode::Decode, u"Grafana's answer has no dashboard in it"_s);
    const Json& meta = json[u"meta"];
    GrafanaDashboard out;
    out.dashboard = json[u"dashboard"];
    out.version = meta[u"version"].isNumber() ? meta[u"version"].toInt() : out.dashboard[u"version"].toInt();
    out.folderUid = meta[u"folderUid"].toString();
    out.folderTitle = meta[u"folderTitle"].toString();
    out.path = meta[u"url"].toString();
    out.updatedBy = meta[u"updatedBy"].toString();
    const QDateTime updated = QDateTime::fromString(meta[u"updated"].toString(), Qt::ISODateWithMs);
    out.updatedMs = updated.isValid() && updated.date().year() > 1 ? updated.toMSecsSinceEpoch() : 0;
    out.canSave = meta[u"canSave"].toBool(true);
    out.provisioned = meta[u"provisioned"].toBool();
    return out;
}

Result<GrafanaPushed> readPushed(const Json& json)
{
    GrafanaPushed out {json[u"uid"].toString(), json[u"version"].toInt(), json[u"url"].toString()};
    if (out.uid.isEmpty() || out.version <= 0)
        return makeError(ErrorCode::Decode, u"Grafana did not say which version was saved"_s);
    return out;
}

Error readOnlyError()
{
    return makeError(ErrorCode::Forbidden, u"This stack is read-only"_s, {}, u"Switch read-only off in the stack's settings to push dashboards"_s);
}

template <typename Owner>
QCoro::Task<Result<std::vector<GrafanaListing>>> searchAll(std::weak_ptr<Owner> owner, QUrl base, QString text, std::stop_token stop)
{
    std::vector<GrafanaListing> all;
    for (int page = 1; page <= kMostPages; ++page) {
        QList<std::pair<QString, QString>> query {{u"type"_s, u"dash-db"_s}, {u"limit"_s, QString::number(kPage)}, {u"page"_s, QString::number(page)}};
        if (!text.isEmpty())
            query.emplace_back(u"query"_s, text);
        const HttpRequest request = getRequest(base, u"api/search"_s, query);
        const Result<std::vector<GrafanaListing>> found = co_await exchange<std::vector<GrafanaListing>>(owner, request, stop, readListing);
        if (!found)
            co_return found.error();
        all.insert(all.end(), found->begin(), found->end());
        if (found->size() < size_t(kPage))
            break;
    }
    co_return Result<std::vector<GrafanaListing>>(std::move(all));
}

template <typename Owner>
QCoro::Task<Result<std::vector<GrafanaFolder>>> foldersBelow(std::weak_ptr<Owner> owner, QUrl base, QString parent, int depth,
                                                             std::stop_token stop)
{
    QList<std::pair<QString, QString>> query {{u"limit"_s, QString::number(kPage)}};
    if (!parent.isEmpty())
        query.emplace_back(u"parentUid"_s, parent);
    const HttpRequest request = getRequest(base, u"api/folders"_s, query);
    const Result<std::vector<GrafanaFolder>> found = co_await exchange<std::vector<GrafanaFolder>>(owner, request, stop, readFolders);
    if (!found)
        co_return found.error();
    std::vector<GrafanaFolder> all;
    for (const GrafanaFolder& folder : *found) {
        // A server without nested folders answers with the same list for every parent.
        if (!parent.isEmpty() && folder.parentUid != parent)
            continue;
        all.push_back(folder);
        if (depth >= kDeepestFolder)
            continue;
        const Result<std::vector<GrafanaFolder>> inner = co_await foldersBelow(owner, base, folder.uid, depth + 1, stop);
        if (inner)
            all.insert(all.end(), inner->begin(), inner->end());
    }
    co_return Result<std::vector<GrafanaFolder>>(std::move(all));
}

} // namespace

GrafanaClient::GrafanaClient(QUrl baseUrl, HttpOptions options, bool readOnly)
    : d(std::make_shared<Private>(baseUrl, options, readOnly))
{
}

GrafanaClient::~GrafanaClient() = default;

QCoro::Task<Result<std::vector<GrafanaListing>>> GrafanaClient::search(QString text, std::stop_token stop)
{
    return searchAll(std::weak_ptr(d), d->base, text, stop);
}

QCoro::Task<Result<std::vector<GrafanaFolder>>> GrafanaClient::folders(std::stop_token stop)
{
    return foldersBelow(std::weak_ptr(d), d->base, {}, 0, stop);
}

QCoro::Task<Result<GrafanaDashboard>> GrafanaClient::dashboard(QString uid, std::stop_token stop)
{
    const QString path = u"api/dashboards/uid/"_s + QString::fromLatin1(QUrl::toPercentEncoding(uid));
    return exchange<GrafanaDashboard>(std::weak_ptr(d), getRequest(d->base, path), stop, readDashboardAnswer);
}

QCoro::Task<Result<GrafanaPushed>> GrafanaClient::push(GrafanaPush push, std::stop_token stop)
{
    if (d->readOnly)
        co_return Result<GrafanaPushed>(readOnlyError());
    HttpRequest request = getRequest(d->base, u"api/dashboards/db"_s);
    request.method = HttpRequest::Method::Post;
    request.idempotent = false; // sent twice, the second would find the version of the first
    request.contentType = "application/json";
    Json body = Json::object({{u"dashboard"_s, push.dashboard}, {u"message"_s, push.message}, {u"overwrite"_s, push.overwrite}});
    if (!push.folderUid.isEmpty())
        body.set(u"folderUid"_s, push.folderUid);
    request.body = body.toUtf8();
    co_return co_await exchange<GrafanaPushed>(std::weak_ptr(d), request, stop, readPushed);
}

QUrl GrafanaClient::baseUrl() const
{
    return d->base;
}

bool GrafanaClient::isReadOnly() const
{
    return d->readOnly;
}

} // namespace Promdeck
