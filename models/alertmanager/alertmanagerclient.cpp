#include "models/alertmanager/alertmanagerclient.h"

#include "models/core/completion.h"

#include <QDateTime>
#include <QThreadPool>
#include <QUrlQuery>

namespace Promdeck {

using namespace Qt::StringLiterals;

struct AlertmanagerClient::Private
{
    Private(const QUrl& url, const HttpOptions& options, bool readOnlyStack)
        : base(url.adjusted(QUrl::RemoveUserInfo | QUrl::RemoveQuery | QUrl::RemoveFragment))
        , client(options)
        , readOnly(readOnlyStack)
    {
        if (!base.path().endsWith(u'/'))
            base.setPath(base.path() + u'/');
    }

    QUrl base;
    HttpClient client;
    bool readOnly;
};

namespace {

using Query = QList<std::pair<QString, QString>>;

qint64 timeOf(const Json& value)
{
    const QDateTime time = QDateTime::fromString(value.toString(), Qt::ISODateWithMs);
    return time.isValid() && time.date().year() > 1 ? time.toMSecsSinceEpoch() : 0;
}

Json timeJson(qint64 ms)
{
    return QDateTime::fromMSecsSinceEpoch(ms, Qt::UTC).toString(Qt::ISODateWithMs);
}

Labels labelsOf(const Json& json)
{
    Labels out;
    for (const auto& [name, value] : json.members())
        out.insert(name, value.toString());
    return out;
}

QStringList stringsOf(const Json& list, const char16_t* member = nullptr)
{
    QStringList out;
    for (const Json& item : list.items())
        out << (member ? item[QStringView(member)] : item).toString();
    return out;
}

ActiveAlert alertOf(const Json& json)
{
    ActiveAlert out;
    out.fingerprint = json[u"fingerprint"].toString();
    out.labels = labelsOf(json[u"labels"]);
    out.annotations = labelsOf(json[u"annotations"]);
    const Json& status = json[u"status"];
    const QString state = status[u"state"].toString();
    out.state = state == u"active" ? ActiveAlert::State::Active
        : state == u"suppressed"   ? ActiveAlert::State::Suppressed
                                   : ActiveAlert::State::Unprocessed;
    out.startsAtMs = timeOf(json[u"startsAt"]);
    out.endsAtMs = timeOf(json[u"endsAt"]);
    out.updatedAtMs = timeOf(json[u"updatedAt"]);
    out.generatorUrl = QUrl(json[u"generatorURL"].toString());
    out.receivers = stringsOf(json[u"receivers"], u"name");
    out.silencedBy = stringsOf(status[u"silencedBy"]);
    out.inhibitedBy = stringsOf(status[u"inhibitedBy"]);
    out.mutedBy = stringsOf(status[u"mutedBy"]);
    return out;
}

AlertGroup groupOf(const Json& json)
{
    AlertGroup out;
    out.labels = labelsOf(json[u"labels"]);
    out.receiver = json[u"receiver"][u"name"].toString();
    for (const Json& alert : json[u"alerts"].items())
        out.alerts.push_back(alertOf(alert));
    return out;
}

Silence silenceOf(const Json& json)
{
    Silence out;
    out.id = json[u"id"].toString();
    const QString state = json[u"status"][u"state"].toString();
    out.state = state == u"active" ? Silence::State::Active
        : state == u"expired"      ? Silence::State::Expired
                                   : Silence::State::Pending;
    for (const Json& matcher : json[u"matchers"].items()) {
        out.matchers.push_back({matcher[u"name"].toString(), matcher[u"value"].toString(),
                                matcher[u"isRegex"].toBool(), matcher[u"isEqual"].toBool(true)});
    }
    out.startsAtMs = timeOf(json[u"startsAt"]);
    out.endsAtMs = timeOf(json[u"endsAt"]);
    out.updatedAtMs = timeOf(json[u"updatedAt"]);
    out.createdBy = json[u"createdBy"].toString();
    out.comment = json[u"comment"].toString();
    return out;
}

Json silenceJson(const Silence& silence)
{
    Json matchers = Json::array();
    for (const SilenceMatcher& matcher : silence.matchers) {
        matchers.append(Json::object({{u"name"_s, matcher.name},
                                      {u"value"_s, matcher.value},
                                      {u"isRegex"_s, matcher.isRegex},
                                      {u"isEqual"_s, matcher.isEqual}}));
    }
    Json out = Json::object({{u"matchers"_s, matchers},
                             {u"startsAt"_s, timeJson(silence.startsAtMs)},
                             {u"endsAt"_s, timeJson(silence.endsAtMs)},
                             {u"createdBy"_s, silence.createdBy},
                             {u"comment"_s, silence.comment}});
    if (!silence.id.isEmpty())
        out.set(u"id"_s, silence.id);
    return out;
}

AlertmanagerStatus statusOf(const Json& json)
{
    AlertmanagerStatus out;
    out.version = json[u"versionInfo"][u"version"].toString();
    out.clusterStatus = json[u"cluster"][u"status"].toString();
    out.peers = stringsOf(json[u"cluster"][u"peers"], u"address");
    out.startedAtMs = timeOf(json[u"uptime"]);
    out.config = json[u"config"][u"original"].toString();
    return out;
}

template <typename T>
Result<std::vector<T>> listOf(const Json& json, T (*read)(const Json&))
{
    if (!json.isArray())
        return makeError(ErrorCode::Decode, u"The Alertmanager's answer is not a list"_s);
    std::vector<T> out;
    out.reserve(size_t(json.size()));
    for (const Json& item : json.items())
        out.push_back(read(item));
    return out;
}

Query queryOf(const AlertFilter& filter)
{
    const auto flag = [](bool value) { return value ? u"true"_s : u"false"_s; };
    Query out {{u"active"_s, flag(filter.active)},
               {u"silenced"_s, flag(filter.silenced)},
               {u"inhibited"_s, flag(filter.inhibited)}};
    for (const QString& matcher : filter.matchers)
        out.emplace_back(u"filter"_s, matcher);
    if (!filter.receiver.isEmpty())
        out.emplace_back(u"receiver"_s, filter.receiver);
    return out;
}

/// The body as JSON, or what its status means.
Result<Json> decode(const HttpResponse& answer)
{
    const Result<Json> json = Json::parse(answer.body);
    if (answer.status >= 200 && answer.status < 300) {
        if (json || answer.body.isEmpty())
            return json.valueOr({});
        return makeError(ErrorCode::Decode, u"The Alertmanager's answer is not JSON"_s, json.error().summary,
                         u"Check that the URL is that of an Alertmanager"_s);
    }
    const QString words = json && json->isString() ? json->toString()
        : json && json->isObject()                 ? (*json)[u"message"].toString()
                                                   : QString::fromUtf8(answer.body.left(300)).simplified();
    switch (answer.status) {
    case 400:
    case 422: return makeError(ErrorCode::InvalidArgument, u"The Alertmanager refuses the request"_s, words);
    case 401:
        return makeError(ErrorCode::Unauthorized, u"The Alertmanager does not accept the credentials"_s, words,
                         u"Check user, password or token of the stack"_s);
    case 403: return makeError(ErrorCode::Forbidden, u"The Alertmanager does not allow this"_s, words);
    case 404:
        return makeError(ErrorCode::NotFound, u"The Alertmanager does not know this"_s, words,
                         u"Check the path prefix; the v2 API came with Alertmanager 0.16"_s);
    case 429: return makeError(ErrorCode::RateLimited, u"The Alertmanager limits the number of requests"_s, words);
    default:
        return makeError(ErrorCode::HttpStatus, u"The Alertmanager answers with status %1"_s.arg(answer.status), words);
    }
}

/// Sends and turns the answer into a T on a worker thread. Free function: the client may be gone meanwhile, which
/// finishes the request with Cancelled.
template <typename T, typename Owner>
QCoro::Task<Result<T>> exchange(std::weak_ptr<Owner> owner, HttpRequest request, std::stop_token stop,
                                Result<T> (*read)(const Json&))
{
    QCoro::Task<Result<HttpResponse>> sending = owner.lock()->client.send(request, stop);
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

HttpRequest getRequest(const QUrl& base, const QString& path, const Query& query = {})
{
    HttpRequest request;
    request.url = base.resolved(QUrl(path));
    QString text;
    for (const auto& [name, value] : query) {
        // QUrlQuery leaves "+" as it is, which servers read as a blank.
        text += (text.isEmpty() ? u""_s : u"&"_s) + name + u'=' + QString::fromLatin1(QUrl::toPercentEncoding(value));
    }
    request.url.setQuery(text);
    return request;
}

Error readOnlyError()
{
    return makeError(ErrorCode::Forbidden, u"This stack is read-only"_s, {},
                     u"Switch read-only off in the stack's settings to change silences"_s);
}

} // namespace

AlertmanagerClient::AlertmanagerClient(QUrl baseUrl, HttpOptions options, bool readOnly)
    : d(std::make_shared<Private>(baseUrl, options, readOnly))
{
}

AlertmanagerClient::~AlertmanagerClient() = default;

QCoro::Task<Result<std::vector<ActiveAlert>>> AlertmanagerClient::alerts(AlertFilter filter, std::stop_token stop)
{
    Query query = queryOf(filter);
    query.emplace_back(u"unprocessed"_s, filter.unprocessed ? u"true"_s : u"false"_s);
    return exchange<std::vector<ActiveAlert>>(std::weak_ptr(d), getRequest(d->base, u"api/v2/alerts"_s, query), stop,
                                              +[](const Json& json) { return listOf(json, alertOf); });
}

QCoro::Task<Result<std::vector<AlertGroup>>> AlertmanagerClient::groups(AlertFilter filter, std::stop_token stop)
{
    return exchange<std::vector<AlertGroup>>(
        std::weak_ptr(d), getRequest(d->base, u"api/v2/alerts/groups"_s, queryOf(filter)), stop,
        +[](const Json& json) { return listOf(json, groupOf); });
}

QCoro::Task<Result<std::vector<Silence>>> AlertmanagerClient::silences(QStringList matchers, std::stop_token stop)
{
    Query query;
    for (const QString& matcher : matchers)
        query.emplace_back(u"filter"_s, matcher);
    return exchange<std::vector<Silence>>(std::weak_ptr(d), getRequest(d->base, u"api/v2/silences"_s, query), stop,
                                          +[](const Json& json) { return listOf(json, silenceOf); });
}

QCoro::Task<Result<QString>> AlertmanagerClient::putSilence(Silence silence, std::stop_token stop)
{
    if (d->readOnly)
        co_return Result<QString>(readOnlyError());
    HttpRequest request = getRequest(d->base, u"api/v2/silences"_s);
    request.method = HttpRequest::Method::Post;
    request.idempotent = false; // sent twice, there would be two
    request.contentType = "application/json";
    request.body = silenceJson(silence).toUtf8();
    co_return co_await exchange<QString>(std::weak_ptr(d), request, stop, +[](const Json& json) -> Result<QString> {
        const QString id = json[u"silenceID"].toString();
        if (id.isEmpty())
            return makeError(ErrorCode::Decode, u"The Alertmanager did not say which id the silence has"_s);
        return id;
    });
}

QCoro::Task<Status> AlertmanagerClient::expireSilence(QString id, std::stop_token stop)
{
    if (d->readOnly)
        co_return Status(readOnlyError());
    HttpRequest request = getRequest(d->base, u"api/v2/silence/"_s + QString::fromLatin1(QUrl::toPercentEncoding(id)));
    request.method = HttpRequest::Method::Delete;
    co_return co_await exchange<Done>(std::weak_ptr(d), request, stop,
                                      +[](const Json&) -> Status { return Done {}; });
}

QCoro::Task<Result<QStringList>> AlertmanagerClient::receivers(std::stop_token stop)
{
    return exchange<QStringList>(std::weak_ptr(d), getRequest(d->base, u"api/v2/receivers"_s), stop,
                                 +[](const Json& json) -> Result<QStringList> { return stringsOf(json, u"name"); });
}

QCoro::Task<Result<AlertmanagerStatus>> AlertmanagerClient::status(std::stop_token stop)
{
    return exchange<AlertmanagerStatus>(std::weak_ptr(d), getRequest(d->base, u"api/v2/status"_s), stop,
                                        +[](const Json& json) -> Result<AlertmanagerStatus> {
                                            if (json[u"versionInfo"].isObject())
                                                return statusOf(json);
                                            return makeError(ErrorCode::WrongProduct, u"This is not an Alertmanager"_s);
                                        });
}

QUrl AlertmanagerClient::baseUrl() const
{
    return d->base;
}

bool AlertmanagerClient::isReadOnly() const
{
    return d->readOnly;
}

} // namespace Promdeck
