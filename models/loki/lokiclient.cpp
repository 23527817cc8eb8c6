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

QString nanoseconds(qint64 ms)
{
    return QString::number(ms) + u"000000"_s;
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

Result<LogAnswer> decodeLogs(const Json& data, bool backward)
{
    const auto broken = [](const QString& detail) {
        return makeError(ErrorCode::Decode, u"The answer is not what Loki's API promises"_s, detail,
                         u"Check the address of Loki in the stack"_s);
    };
    if (data[u"resultType"].toString() != u"streams")
        return broken(u"resultType "_s + data[u"resultType"].toString());
    LogAnswer answer;
    for (const Json& stream : data[u"result"].items()) {
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
    std::stable_sort(answer.lines.begin(), answer.lines.end(), [backward](const LogLine& a, const LogLine& b) {
        return backward ? a.timeNs > b.timeNs : a.timeNs < b.timeNs;
    });
    return answer;
}

LokiClient::LokiClient(const QUrl& baseUrl, HttpOptions options)
    : m_api(std::make_shared<PrometheusClient>(apiBase(baseUrl), std::move(options)))
{
}

QCoro::Task<Result<LogAnswer>> LokiClient::logs(QString expr, qint64 startMs, qint64 endMs, int limit, bool backward,
                                                std::stop_token stop)
{
    return askLogs(m_api,
                   {{u"query"_s, expr},
                    {u"start"_s, nanoseconds(startMs)},
                    {u"end"_s, nanoseconds(endMs)},
                    {u"limit"_s, QString::number(limit)},
                    {u"direction"_s, backward ? u"backward"_s : u"forward"_s}},
                   backward, std::move(stop));
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
