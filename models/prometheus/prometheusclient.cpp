#include "models/prometheus/prometheusclient.h"

#include "models/prometheus/apierrors.h"

#include <QCoroFuture>
#include <QElapsedTimer>
#include <QThreadPool>
#include <QtConcurrent>

#include <atomic>

namespace Promdeck {

using namespace Qt::StringLiterals;
using Internal::errorFromAnswer;
using Internal::shownTarget;

namespace {

using Parameters = QList<std::pair<QString, QString>>;

/// A request line above this goes as a form: servers and proxies cut lines at 4 to 8 KiB.
constexpr qsizetype kLongestQueryLine = 2000;
/// Answers up to this size are decoded where they arrive: less work than the way to another thread.
constexpr qsizetype kInlineBytes = 8192;

QByteArray encode(const Parameters& parameters)
{
    QByteArray text;
    for (const auto& [key, value] : parameters) {
        if (!text.isEmpty())
            text += '&';
        text += QUrl::toPercentEncoding(key) + '=' + QUrl::toPercentEncoding(value);
    }
    return text;
}

QString secondsText(qint64 ms)
{
    QString text = QString::number(ms / 1000);
    if (const qint64 rest = std::abs(ms % 1000)) {
        if (ms < 0 && ms > -1000)
            text.prepend(u'-');
        text += u'.' + QString::number(rest).rightJustified(3, u'0');
    }
    return text;
}

Parameters selection(const QStringList& matchers, TimeRange range)
{
    Parameters parameters;
    for (const QString& matcher : matchers)
        parameters.append({u"match[]"_s, matcher});
    if (range.toMs > 0) {
        parameters.append({u"start"_s, secondsText(range.fromMs)});
        parameters.append({u"end"_s, secondsText(range.toMs)});
    }
    return parameters;
}

/// Decoding has threads of its own: a long transformation elsewhere must not hold answers back.
QThreadPool& decodingPool()
{
    static QThreadPool pool;
    return pool;
}

/// Runs a decoder over a body, on a worker when it is large. `decode` must not refer to the caller.
template <typename T>
QCoro::Task<Result<T>> decodeElsewhere(QByteArray body, Result<T> (*decode)(const QByteArray&))
{
    if (body.size() <= kInlineBytes)
        co_return decode(body);
    const auto result = std::make_shared<Result<T>>();
    QFuture<void> future = QtConcurrent::run(&decodingPool(), [result, body, decode] { *result = decode(body); });
    co_await future;
    co_return std::move(*result);
}

Error notTheApi(const QString& detail)
{
    return makeError(ErrorCode::Decode, u"The answer is not what the Prometheus API promises"_s, detail,
                     u"Check that the URL points at a Prometheus-compatible API"_s);
}

Result<Json> decodeData(const QByteArray& body)
{
    const Result<Json> json = Json::parse(body);
    if (!json)
        return notTheApi(json.error().toString());
    const QString status = (*json)[u"status"].toString();
    if (status == u"error")
        return makeError(ErrorCode::Query, (*json)[u"error"].toString(), (*json)[u"errorType"].toString());
    if (status != u"success")
        return notTheApi(u"no status"_s);
    return (*json)[u"data"];
}

Result<QStringList> decodeStrings(const QByteArray& body)
{
    const Result<Json> data = decodeData(body);
    if (!data)
        return data.error();
    QStringList list;
    list.reserve(data->size());
    for (const Json& item : data->items())
        list.append(item.toString());
    return list;
}

Result<std::vector<Labels>> decodeLabelSets(const QByteArray& body)
{
    const Result<Json> data = decodeData(body);
    if (!data)
        return data.error();
    std::vector<Labels> list;
    list.reserve(std::size_t(data->size()));
    for (const Json& item : data->items()) {
        Labels labels;
        for (const auto& [name, value] : item.members())
            labels.insert(name, value.toString());
        list.push_back(std::move(labels));
    }
    return list;
}

bool refusesPost(int status)
{
    return status == 403 || status == 404 || status == 405 || status == 501;
}

QUrl withSlash(QUrl url)
{
    url.setQuery(QString());
    url.setFragment({});
    if (!url.path().endsWith(u'/'))
        url.setPath(url.path() + u'/');
    return url;
}

} // namespace

/// Shared with every running task, so that a task never touches a client that is gone.
struct PrometheusClient::Private
{
    struct Link
    {
        QUrl base;
        std::unique_ptr<HttpClient> http; ///< null once the client is gone
        std::atomic_bool postRefused = false;
    };
    std::shared_ptr<Link> link = std::make_shared<Link>();

    static QUrl address(const Link& link, const QString& path, const QByteArray& query)
    {
        QUrl url = link.base;
        url.setPath(link.base.path(QUrl::FullyEncoded) + path, QUrl::TolerantMode);
        if (!query.isEmpty())
            url.setQuery(QString::fromLatin1(query), QUrl::StrictMode);
        return url;
    }

    static QCoro::Task<Result<HttpResponse>> sendGet(std::shared_ptr<Link> link, QString path, QByteArray query,
                                                     int priority, std::stop_token stop)
    {
        if (!link->http)
            co_return Error {};
        HttpRequest request;
        request.url = address(*link, path, query);
        request.priority = priority;
        request.headers = {{"Accept", "application/json"}};
        co_return co_await link->http->send(std::move(request), std::move(stop));
    }

    static QCoro::Task<Result<HttpResponse>> sendForm(std::shared_ptr<Link> link, QString path, QByteArray form,
                                                      int priority, std::stop_token stop)
    {
        if (!link->http)
            co_return Error {};
        HttpRequest request;
        request.method = HttpRequest::Method::Post;
        request.url = address(*link, path, {});
        request.body = std::move(form);
        request.contentType = "application/x-www-form-urlencoded";
        request.priority = priority;
        request.headers = {{"Accept", "application/json"}};
        co_return co_await link->http->send(std::move(request), std::move(stop));
    }

    /// One API call. Long parameters go as a form where the server takes forms; reading calls only.
    static QCoro::Task<Result<HttpResponse>> call(std::shared_ptr<Link> link, QString path, Parameters parameters,
                                                  bool mayPost, int priority, std::stop_token stop)
    {
        const QByteArray query = encode(parameters);
        Result<HttpResponse> answer;
        const bool asForm = mayPost && query.size() > kLongestQueryLine && !link->postRefused;
        if (asForm) {
            answer = co_await sendForm(link, path, query, priority, stop);
            if (answer && refusesPost(answer->status)) {
                Result<HttpResponse> second = co_await sendGet(link, path, query, priority, stop);
                // Only a GET that works proves that the form was the problem.
                if (second && second->status / 100 == 2) {
                    link->postRefused = true;
                    answer = std::move(second);
                }
            }
        } else {
            answer = co_await sendGet(link, path, query, priority, stop);
        }
        if (!answer)
            co_return answer.error();
        const bool isApi = answer->status / 100 == 2 && !Internal::looksLikeHtml(*answer);
        if (!isApi)
            co_return errorFromAnswer(*answer, address(*link, path, {}));
        co_return answer;
    }

    static QCoro::Task<Result<QueryAnswer>> query(std::shared_ptr<Link> link, QString path, Parameters parameters,
                                                  int priority, std::stop_token stop)
    {
        QElapsedTimer clock;
        clock.start();
        Result<HttpResponse> answer = co_await call(link, path, std::move(parameters), true, priority, stop);
        if (!answer)
            co_return answer.error();
        QueryAnswer full;
        full.bytes = answer->body.size();
        Result<QueryResult> result = co_await decodeElsewhere<QueryResult>(std::move(answer->body), &decodeQueryResult);
        if (!link->http || stop.stop_requested())
            co_return Error {};
        if (!result) {
            Error error = result.error();
            error.target = shownTarget(address(*link, path, {}));
            co_return error;
        }
        full.result = std::move(*result);
        full.seconds = double(clock.nsecsElapsed()) / 1e9;
        co_return full;
    }

    template <typename T>
    static QCoro::Task<Result<T>> ask(std::shared_ptr<Link> link, QString path, Parameters parameters, bool mayPost,
                                      Result<T> (*decode)(const QByteArray&), std::stop_token stop)
    {
        Result<HttpResponse> answer = co_await call(link, path, std::move(parameters), mayPost, 0, stop);
        if (!answer)
            co_return answer.error();
        Result<T> result = co_await decodeElsewhere<T>(std::move(answer->body), decode);
        if (!link->http || stop.stop_requested())
            co_return Error {};
        if (!result)
            result.error().target = shownTarget(address(*link, path, {}));
        co_return result;
    }
};

PrometheusClient::PrometheusClient(QUrl baseUrl, HttpOptions options) : d(std::make_unique<Private>())
{
    d->link->base = withSlash(std::move(baseUrl));
    d->link->http = std::make_unique<HttpClient>(std::move(options));
}

PrometheusClient::~PrometheusClient()
{
    d->link->http.reset();
}

QCoro::Task<Result<QueryAnswer>> PrometheusClient::queryRange(QString expr, qint64 startMs, qint64 endMs, qint64 stepMs,
                                                              int priority, std::stop_token stop)
{
    Parameters parameters {{u"query"_s, expr},
                           {u"start"_s, secondsText(startMs)},
                           {u"end"_s, secondsText(endMs)},
                           {u"step"_s, secondsText(stepMs)}};
    return Private::query(d->link, u"api/v1/query_range"_s, std::move(parameters), priority, std::move(stop));
}

QCoro::Task<Result<QueryAnswer>> PrometheusClient::queryInstant(QString expr, qint64 timeMs, int priority,
                                                                std::stop_token stop)
{
    Parameters parameters {{u"query"_s, expr}, {u"time"_s, secondsText(timeMs)}};
    return Private::query(d->link, u"api/v1/query"_s, std::move(parameters), priority, std::move(stop));
}

QCoro::Task<Result<QStringList>> PrometheusClient::labelNames(QStringList matchers, TimeRange range, std::stop_token stop)
{
    return Private::ask<QStringList>(d->link, u"api/v1/labels"_s, selection(matchers, range), true, &decodeStrings,
                                     std::move(stop));
}

QCoro::Task<Result<QStringList>> PrometheusClient::labelValues(QString label, QStringList matchers, TimeRange range,
                                                               std::stop_token stop)
{
    const QString path = u"api/v1/label/%1/values"_s.arg(QString::fromLatin1(QUrl::toPercentEncoding(label)));
    return Private::ask<QStringList>(d->link, path, selection(matchers, range), false, &decodeStrings, std::move(stop));
}

QCoro::Task<Result<std::vector<Labels>>> PrometheusClient::series(QStringList matchers, TimeRange range,
                                                                  std::stop_token stop)
{
    return Private::ask<std::vector<Labels>>(d->link, u"api/v1/series"_s, selection(matchers, range), true,
                                             &decodeLabelSets, std::move(stop));
}

QCoro::Task<Result<Json>> PrometheusClient::data(QString path, QList<std::pair<QString, QString>> query,
                                                 std::stop_token stop)
{
    return Private::ask<Json>(d->link, u"api/v1/"_s + path, std::move(query), false, &decodeData, std::move(stop));
}

QCoro::Task<Result<HttpResponse>> PrometheusClient::get(QString path, std::stop_token stop)
{
    return Private::sendGet(d->link, std::move(path), {}, 0, std::move(stop));
}

QUrl PrometheusClient::baseUrl() const
{
    return d->link->base;
}

} // namespace Promdeck
