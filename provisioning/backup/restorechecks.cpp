#include "provisioning/backup/restore.h"

#include "provisioning/backup/sha256.h"

#include <QDateTime>
#include <QRegularExpression>
#include <QSet>

#include <algorithm>
#include <thread>

namespace Promdeck::Backup {

using namespace Qt::StringLiterals;

namespace {

struct Version
{
    int major = -1;
    int minor = -1;
};

Version versionFrom(const QString& text)
{
    static const QRegularExpression form(u"^v?(\\d+)\\.(\\d+)"_s);
    const QRegularExpressionMatch match = form.match(text);
    return match.hasMatch() ? Version {match.captured(1).toInt(), match.captured(2).toInt()} : Version {};
}

/// The same for two silences that silence the same until the same moment. Their start is not part of it: the server moves it
/// to now when it lies in the past.
QByteArray silenceKey(const Json& silence)
{
    QList<QByteArray> matchers;
    for (const Json& matcher : silence[u"matchers"].items())
        matchers << Json::object({{u"n"_s, matcher[u"name"]}, {u"v"_s, matcher[u"value"]}, {u"r"_s, matcher[u"isRegex"].toBool()},
                                  {u"e"_s, matcher[u"isEqual"].toBool(true)}})
                        .toUtf8();
    std::sort(matchers.begin(), matchers.end());
    const QDateTime end = QDateTime::fromString(silence[u"endsAt"].toString(), Qt::ISODateWithMs);
    return sha256Hex(matchers.join('\n') + '\n' + QByteArray::number(end.toMSecsSinceEpoch()));
}

bool isOver(const Json& silence, qint64 nowMs)
{
    return QDateTime::fromString(silence[u"endsAt"].toString(), Qt::ISODateWithMs).toMSecsSinceEpoch() <= nowMs
        || silence.path(u"status.state").toString() == u"expired";
}

/// Sleeps unless it is cancelled.
bool pauseFor(std::chrono::milliseconds time, const CancelToken& cancel)
{
    const auto until = std::chrono::steady_clock::now() + time;
    while (std::chrono::steady_clock::now() < until) {
        if (cancel.stop_requested())
            return false;
        std::this_thread::sleep_for(std::chrono::milliseconds(20));
    }
    return true;
}

} // namespace

Status checkVersions(const QString& kind, const QString& made, const QString& running)
{
    const Version from = versionFrom(made);
    const Version to = versionFrom(running);
    if (from.major < 0 || to.major < 0)
        return Done {};
    const auto refuse = [&](const QString& why) {
        return makeError(ErrorCode::Conflict, u"The backup is of version %1, and %2 is running"_s.arg(made, running), why,
                         u"Install the version of the backup first, or insist"_s);
    };
    // The block format of 3.x is read from 2.55 on; the other way round everything is.
    if (kind == u"prometheus" && from.major >= 3 && to.major < 3 && (to.major < 2 || to.minor < 55))
        return refuse(u"only Prometheus 2.55 and later reads the data of 3.x"_s);
    if (from.major > to.major && !(kind == u"prometheus" && from.major == 3 && to.major == 2))
        return refuse(u"older servers do not promise to read the data of later ones"_s);
    return Done {};
}

Result<SilenceCounts> restoreSilences(BlockingHttp& http, const QUrl& base, const Json& silences, qint64 nowMs, const CancelToken& cancel)
{
    const QUrl url = urlBelow(base, u"api/v2/silences"_s);
    HttpRequest request;
    request.url = url;
    const Result<HttpResponse> response = http.sendOk(request, cancel);
    if (!response)
        return response.error();
    const Result<Json> present = Json::parse(response->body);
    if (!present)
        return present.error();
    QSet<QByteArray> known;
    for (const Json& silence : present->items()) {
        if (!isOver(silence, nowMs))
            known.insert(silenceKey(silence));
    }
    SilenceCounts counts;
    for (const Json& silence : silences.items()) {
        if (isOver(silence, nowMs)) {
            ++counts.expired;
            continue;
        }
        const QByteArray key = silenceKey(silence);
        if (known.contains(key)) {
            ++counts.there;
            continue;
        }
        Json fresh = silence;
        for (const QString& name : {u"id"_s, u"status"_s, u"updatedAt"_s})
            fresh.remove(name);
        HttpRequest post;
        post.method = HttpRequest::Method::Post;
        post.url = url;
        post.contentType = "application/json";
        post.body = fresh.toUtf8();
        post.idempotent = false;
        const Result<HttpResponse> posted = http.sendOk(post, cancel);
        if (!posted)
            return posted.error();
        known.insert(key);
        ++counts.added;
    }
    return counts;
}

Result<std::vector<GoldenResult>> checkGolden(BlockingHttp& http, const QUrl& base, const ManifestComponent& restored,
                                              std::chrono::milliseconds readyWithin, const CancelToken& cancel)
{
    const auto until = std::chrono::steady_clock::now() + readyWithin;
    HttpRequest ready;
    ready.url = urlBelow(base, u"-/ready"_s);
    ready.timeout = std::chrono::seconds(5);
    for (;;) {
        const Result<HttpResponse> response = http.send(ready, cancel);
        if (response && response->status == 200)
            break;
        if (!response && response.error().code == ErrorCode::Cancelled)
            return response.error();
        if (std::chrono::steady_clock::now() > until)
            return makeError(ErrorCode::Timeout, u"The server did not become ready"_s,
                             response ? u"status %1"_s.arg(response->status) : response.error().summary);
        if (!pauseFor(std::chrono::milliseconds(100), cancel))
            return makeError(ErrorCode::Cancelled, u"Cancelled"_s);
    }
    std::vector<GoldenResult> results;
    for (const GoldenQuery& query : restored.golden) {
        const Result<Json> answer = askGolden(http, base, query.expr, query.timeMs, cancel);
        GoldenResult result {restored.id, query.expr, answer && *answer == query.result, {}};
        if (!answer)
            result.detail = answer.error().toString();
        else if (!result.same)
            result.detail = u"expected %1, found %2"_s.arg(QString::fromUtf8(query.result.toUtf8().left(300)), QString::fromUtf8(answer->toUtf8().left(300)));
        results.push_back(result);
    }
    return results;
}

} // namespace Promdeck::Backup
