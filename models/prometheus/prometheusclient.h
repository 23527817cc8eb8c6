#pragma once

#include "models/core/http.h"
#include "models/core/types.h"
#include "models/prometheus/decoder.h"

#include <memory>
#include <stop_token>

namespace Promdeck {

/// Answer of a query with what it cost.
struct QueryAnswer
{
    QueryResult result;
    double seconds = 0;   ///< network plus decoding
    qsizetype bytes = 0;  ///< decoded body
};

/// The HTTP API of Prometheus and of everything that speaks it. All calls are asynchronous; decoding runs on
/// a worker thread. Times are ms since the epoch. Errors: the transport's (HttpClient), Unauthorized,
/// Forbidden, NotFound, RateLimited, HttpStatus, Decode, WrongProduct, Query, QueryTimeout.
/// The client must outlive its tasks' callers; destroying it finishes them with Cancelled.
class PrometheusClient final
{
public:
    /// baseUrl may have a path prefix ("https://host/prometheus/").
    PrometheusClient(QUrl baseUrl, HttpOptions options);
    ~PrometheusClient();
    Q_DISABLE_COPY_MOVE(PrometheusClient)

    QCoro::Task<Result<QueryAnswer>> queryRange(QString expr, qint64 startMs, qint64 endMs, qint64 stepMs,
                                                int priority = 0, std::stop_token stop = {});
    QCoro::Task<Result<QueryAnswer>> queryInstant(QString expr, qint64 timeMs, int priority = 0,
                                                  std::stop_token stop = {});
    QCoro::Task<Result<QStringList>> labelNames(QStringList matchers, TimeRange range, std::stop_token stop = {});
    QCoro::Task<Result<QStringList>> labelValues(QString label, QStringList matchers, TimeRange range,
                                                 std::stop_token stop = {});
    QCoro::Task<Result<std::vector<Labels>>> series(QStringList matchers, TimeRange range, std::stop_token stop = {});
    /// Any GET below /api/v1/ whose `data` is wanted as JSON (status/config, rules, targets, metadata...).
    QCoro::Task<Result<Json>> data(QString path, QList<std::pair<QString, QString>> query = {}, std::stop_token stop = {});
    /// Any GET below the base URL, as bytes ("-/ready", "metrics").
    QCoro::Task<Result<HttpResponse>> get(QString path, std::stop_token stop = {});
    [[nodiscard]] QUrl baseUrl() const;

private:
    struct Private;
    std::unique_ptr<Private> d;
};

} // namespace Promdeck
