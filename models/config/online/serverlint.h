#pragma once

#include "models/config/diagnostic.h"
#include "models/prometheus/prometheusclient.h"
#include "models/promql/ast.h"

#include <QHash>

#include <map>
#include <set>
#include <string>

namespace Promdeck::Config {

/// What only a running server can tell about the rules of a file: pint's checks promql/series, promql/rate,
/// promql/counter, labels/conflict, alerts/external_labels, alerts/count and query/cost. Every question is asked once,
/// however many rules need its answer. What the server does not answer is left out, with one finding that says so.
class ServerLint final
{
public:
    struct Options
    {
        qint64 nowMs = 0;                  ///< what "now" is to the queries
        qint64 lookBackMs = 7LL * 86400000; ///< how long ago a metric may have been seen last
        qint64 countRangeMs = 86400000;    ///< for alerts/count
        qint64 countStepMs = 60000;
    };

    ServerLint(PrometheusClient& client, Options options) : m_client(client), m_options(options) {}

    /// Findings for one rule file, suppressed ones left out; nothing where it does not parse. The object must outlive
    /// the task.
    QCoro::Task<Diagnostics> check(QByteArray text);

private:
    struct Rule;
    class File;
    QCoro::Task<void> learnServer();
    QCoro::Task<void> checkRule(File& file, const Rule& rule);
    QCoro::Task<void> checkSelector(File& file, const Rule& rule, Promql::NodeId node);
    QCoro::Task<void> checkCost(File& file, const Rule& rule);
    QCoro::Task<void> countAlerts(File& file, const Rule& rule);
    void checkFunctions(File& file, const Rule& rule) const;
    void checkLabels(File& file, const Rule& rule) const;
    /// How many series an instant query gives; nothing when the server did not answer.
    QCoro::Task<std::optional<double>> countOf(std::string expression);
    /// When something was last there, ms since the epoch; nothing when it was not within the look-back.
    QCoro::Task<std::optional<qint64>> lastSeen(std::string expression);

    PrometheusClient& m_client;
    Options m_options;
    bool m_knowsServer = false;
    qint64 m_scrapeIntervalMs = 0;
    std::set<std::string> m_externalLabels;
    std::map<std::string, std::string> m_types; ///< metric family to "counter", "gauge"...
    std::map<std::string, double> m_counts;     ///< answers of countOf()
    QString m_failure;                          ///< the first question that was not answered
};

} // namespace Promdeck::Config
