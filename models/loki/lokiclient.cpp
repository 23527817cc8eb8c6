#include "models/loki/lokiclient.h"

#include <QElapsedTimer>

#include <algorithm>

namespace Promdeck {

using namespace Qt::StringLiterals;

namespace {

QUrl apiBase(QUrl url)
{
    QString path = url.path();
    if (!path.endsWith(u'/'))
        path += u'/';
    url.setPath(path + u"loki/"_s);
    return url;
}

constexpr qint64 kNsPerMs = 1'000'000;

QList<std::pair<QString, QString>> within(const QString& name, const QString& selector, TimeRange range)
{
    QList<std::pair<QString, QString>> parameters;
    if (!selector.trimmed().isEmpty())
        parameters.emplaceBack(name, selector);
    parameters.emplaceBack(u"start"_s, QString::number(range.fromMs * kNsPerMs));
    parameters.emplaceBack(u"end"_s, QString::number(range.toMs * kNsPerMs));
    return parameters;
}

QCoro::Task<Result<QStringList>> askTexts(std::shared_ptr<PrometheusClient> api, QString path,
                                          QList<std::pair<QString, QString>> query)
{
    const Result<Json> data = co_await api->data(std::move(path), std::move(query));
    if (!data)
        co_return data.error();
    QStringList texts;
    for (const Json& item : data->items())
        texts << item.toString();
    co_return texts;
}

QCoro::Task<Result<std::vector<Labels>>> askSeries(std::shared_ptr<PrometheusClient> api, QList<std::pair<QString, QString>> query)
{
    const Result<Json> data = co_await api->data(u"series"_s, std::move(query));
    if (!data)
        co_return data.error();
    std::vector<Labels> all;
    for (const Json& item : data->items()) {
        Labels labels;
        for (const auto& [name, value] : item.members())
            labels.insert(name, value.toString());
        all.push_back(std::move(labels));
    }
    co_return all;
}

/// Holds the client it asks: the answer may outlive the caller.
QCoro::Task<Result<LogAnswer>> askLogs(std::shared_ptr<PrometheusClient> api, QList<std::pair<QString, QString>> query,
                                       bool backward, std::stop_token stop)
{
    QElapsedTimer timer;
    timer.start();
    const Result<Json> data = co_await api->data(u"query_range"_s, std::move(query), std::move(stop));
    if (!data)
        co_return data.error();
    Result<LogAnswer> answer = decodeLogs(*data, backward);
    if (answer)
        answer->seconds = double(timer.elapsed()) / 1000;
    co_return answer;
}

QCoro::Task<Result<QueryAnswer>> askRange(std::shared_ptr<PrometheusClient> api, QString expr, qint64 startMs, qint64 endMs,
                                          qint64 stepMs, std::stop_token stop)
{
    co_return co_await api->queryRange(expr, startMs, endMs, stepMs, 0, stop);
}

QCoro::Task<Result<QueryAnswer>> askInstant(std::shared_ptr<PrometheusClient> api, QString expr, qint64 timeMs, std::stop_token stop)
{
    co_return co_await api->queryInstant(expr, timeMs, 0, stop);
}

} // namespace

bool isLogQuery(const QString& expr)
{
    return expr.trimmed().startsWith(u'{');
}

namespace {

Error broken(const QString& detail)
{
    return makeError(ErrorCode::Decode, u"The answer is not what Loki's API promises"_s, detail,
                     u"Check the address of Loki in the stack"_s);
}

Result<LogAnswer> readStreams(const Json& streams)
{
    LogAnswer answer;
    for (const Json& stream : streams.items()) {
        Labels labels;
        for (const auto& [name, value] : stream[u"stream"].members())
            labels.insert(name, value.toString());
        const auto index = int(answer.streams.size());
        answer.streams.push_back(std::move(labels));
        for (const Json& entry : stream[u"values"].items()) {
            bool ok = false;
            const qint64 timeNs = entry.at(0).toString().toLongLong(&ok);
            if (!ok)
                return broken(u"time "_s + entry.at(0).toString());
            LogLine line {timeNs, entry.at(1).toString(), index};
            answer.bytes += line.line.size();
            answer.lines.push_back(std::move(line));
        }
    }
    return answer;
}

void sortLines(LogAnswer& answer, bool backward)
{
    std::stable_sort(answer.lines.begin(), answer.lines.end(), [backward](const LogLine& a, const LogLine& b) {
        return backward ? a.timeNs > b.timeNs : a.timeNs < b.timeNs;
    });
}

} // namespace

Result<LogAnswer> decodeLogs(const Json& data, bool backward)
{
    if (data[u"resultType"].toString() != u"streams")
        return broken(u"resultType "_s + data[u"resultType"].toString());
    Result<LogAnswer> answer = readStreams(data[u"result"]);
    if (answer)
        sortLines(*answer, backward);
    return answer;
}

Result<LogAnswer> decodeTail(const Json& message, int* dropped)
{
    if (!message[u"streams"].isArray() && !message[u"dropped_entries"].isArray())
        return broken(u"a live message without streams"_s);
    if (dropped)
        *dropped = int(message[u"dropped_entries"].size());
    Result<LogAnswer> answer = readStreams(message[u"streams"]);
    if (answer)
        sortLines(*answer, false);
    return answer;
}

LokiClient::LokiClient(const QUrl& baseUrl, HttpOptions options)
    : m_options(options)
    , m_api(std::make_shared<PrometheusClient>(apiBase(baseUrl), std::move(options)))
{
}

QCoro::Task<Result<LogAnswer>> LokiClient::logs(QString expr, qint64 startMs, qint64 endMs, int limit, bool backward,
                                                std::stop_token stop)
{
    return page(std::move(expr), startMs * kNsPerMs, endMs * kNsPerMs, limit, backward, std::move(stop));
}

QCoro::Task<Result<LogAnswer>> LokiClient::page(QString expr, qint64 startNs, qint64 endNs, int limit, bool backward,
                                                std::stop_token stop)
{
    return askLogs(m_api,
                   {{u"query"_s, expr},
                    {u"start"_s, QString::number(startNs)},
                    {u"end"_s, QString::number(endNs)},
                    {u"limit"_s, QString::number(limit)},
                    {u"direction"_s, backward ? u"backward"_s : u"forward"_s}},
                   backward, std::move(stop));
}

QCoro::Task<Result<QStringList>> LokiClient::labelNames(QString selector, TimeRange range)
{
    return askTexts(m_api, u"labels"_s, within(u"query"_s, selector, range));
}

QCoro::Task<Result<QStringList>> LokiClient::labelValues(QString label, QString selector, TimeRange range)
{
    return askTexts(m_api, u"label/"_s + QString::fromLatin1(QUrl::toPercentEncoding(label)) + u"/values"_s,
                    within(u"query"_s, selector, range));
}

QCoro::Task<Result<std::vector<Labels>>> LokiClient::series(QString selector, TimeRange range)
{
    return askSeries(m_api, within(u"match[]"_s, selector, range));
}

QUrl LokiClient::tailUrl(const QString& expr, qint64 startNs) const
{
    QUrl url = m_api->baseUrl();
    url.setScheme(url.scheme() == u"https" ? u"wss"_s : u"ws"_s);
    url.setPath(url.path() + u"api/v1/tail"_s);
    const auto encoded = [](const QString& text) { return QString::fromLatin1(QUrl::toPercentEncoding(text)); };
    url.setQuery(u"query="_s + encoded(expr) + u"&start="_s + QString::number(startNs) + u"&limit=1000"_s, QUrl::StrictMode);
    return url;
}

QCoro::Task<Result<QueryAnswer>> LokiClient::queryRange(QString expr, qint64 startMs, qint64 endMs, qint64 stepMs,
                                                        std::stop_token stop)
{
    return askRange(m_api, std::move(expr), startMs, endMs, stepMs, std::move(stop));
}

QCoro::Task<Result<QueryAnswer>> LokiClient::queryInstant(QString expr, qint64 timeMs, std::stop_token stop)
{
    return askInstant(m_api, std::move(expr), timeMs, std::move(stop));
}

} // namespace Promdeck
