#pragma once

#include "models/prometheus/prometheusclient.h"

namespace Promdeck {

/// One log line. Times are ns since the epoch: lines of one millisecond keep their order.
struct LogLine
{
    qint64 timeNs = 0;
    QString line;
    int stream = 0; ///< index into LogAnswer::streams
};

struct LogAnswer
{
    std::vector<Labels> streams;
    std::vector<LogLine> lines; ///< newest first when asked backward
    double seconds = 0;
    qsizetype bytes = 0;        ///< of lines, as counted here
};

/// Loki's query API (loki/api/v1). Metric queries come back as Prometheus results. Errors as PrometheusClient's.
class LokiClient final
{
public:
    /// baseUrl is Loki's own address; a path prefix stays.
    LokiClient(const QUrl& baseUrl, HttpOptions options);
    Q_DISABLE_COPY_MOVE(LokiClient)

    /// Log lines of a stream selector with its pipeline; at most `limit`, the newest where `backward`.
    QCoro::Task<Result<LogAnswer>> logs(QString expr, qint64 startMs, qint64 endMs, int limit, bool backward,
                                        std::stop_token stop = {});
    /// The same with exact ends, in ns: from `startNs` on, before `endNs`. Pages are asked with it.
    QCoro::Task<Result<LogAnswer>> page(QString expr, qint64 startNs, qint64 endNs, int limit, bool backward,
                                        std::stop_token stop = {});
    /// Names and values of labels in a range, within a stream selector where one is given, and the streams themselves.
    QCoro::Task<Result<QStringList>> labelNames(QString selector, TimeRange range);
    QCoro::Task<Result<QStringList>> labelValues(QString label, QString selector, TimeRange range);
    QCoro::Task<Result<std::vector<Labels>>> series(QString selector, TimeRange range);
    /// The same for an expression that counts something.
    QCoro::Task<Result<QueryAnswer>> queryRange(QString expr, qint64 startMs, qint64 endMs, qint64 stepMs,
                                                std::stop_token stop = {});
    QCoro::Task<Result<QueryAnswer>> queryInstant(QString expr, qint64 timeMs, std::stop_token stop = {});

    /// Where lines are followed live (loki/api/v1/tail), from `startNs` on.
    [[nodiscard]] QUrl tailUrl(const QString& expr, qint64 startNs) const;
    [[nodiscard]] const HttpOptions& options() const { return m_options; }

private:
    HttpOptions m_options;
    std::shared_ptr<PrometheusClient> m_api;
};

/// True when an expression selects lines rather than counting them.
[[nodiscard]] bool isLogQuery(const QString& expr);
/// Reads the `data` of an answer with streams. Errors: Decode.
[[nodiscard]] Result<LogAnswer> decodeLogs(const Json& data, bool backward);
/// Reads one message of a live tail, oldest line first. `dropped` counts the lines that the server left out.
/// Errors: Decode.
[[nodiscard]] Result<LogAnswer> decodeTail(const Json& message, int* dropped = nullptr);

} // namespace Promdeck
