#include "models/stack/discovery.h"

#include <QRegularExpression>

namespace Promdeck {

using namespace Qt::StringLiterals;

namespace {

struct Board
{
    const char16_t* id;
    const char16_t* metric;     ///< its presence means the board has data
    const char16_t* jobPattern; ///< usual job names
};

/// In the order in which they are offered.
constexpr Board kBoards[] = {
    {u"linux-host", u"node_uname_info", u"\\bnode"},
    {u"prometheus", u"prometheus_build_info", u"prometheus"},
    {u"alertmanager", u"alertmanager_build_info", u"alert-?_?manager"},
    {u"blackbox", u"probe_success", u"blackbox|probe"},
    {u"stack-overview", u"up", u"."},
};

} // namespace

const std::vector<UsualPlace>& usualPlaces()
{
    static const std::vector<UsualPlace> places {
        {9090, u""_s},                        // Prometheus
        {9091, u""_s},                        // Pushgateway, or a second Prometheus
        {9093, u""_s},                        // Alertmanager
        {3000, u""_s},                        // Grafana
        {3100, u""_s},                        // Loki
        {8428, u""_s},                        // VictoriaMetrics, single node
        {8481, u"/select/0/prometheus"_s},    // VictoriaMetrics, cluster
        {8427, u""_s},                        // vmauth
        {9009, u"/prometheus"_s},             // Mimir, packages
        {8080, u"/prometheus"_s},             // Mimir, containers
        {10902, u""_s},                       // Thanos query
        {19192, u""_s},                       // Thanos query, as its tutorials run it
    };
    return places;
}

QCoro::Task<std::vector<ProbeReport>> discoverStacks(std::vector<UsualPlace> places, std::chrono::milliseconds limit,
                                                     std::stop_token stop)
{
    std::vector<QCoro::Task<ProbeReport>> asked;
    for (const UsualPlace& place : places) {
        QUrl url(u"http://127.0.0.1"_s);
        url.setPort(place.port);
        url.setPath(place.path);
        asked.push_back(probe(url, HttpOptions {}, limit, stop));
    }
    std::vector<ProbeReport> found;
    for (QCoro::Task<ProbeReport>& task : asked) {
        ProbeReport report = co_await task;
        // One that wants a password counts: the user knows what it is.
        const bool locked = report.error
            && (report.error->code == ErrorCode::Unauthorized || report.error->code == ErrorCode::Forbidden);
        const bool product = report.product > Product::Unknown && report.product < Product::Exporter;
        if (product || locked)
            found.push_back(std::move(report));
    }
    std::stable_sort(found.begin(), found.end(), [](const ProbeReport& a, const ProbeReport& b) {
        return speaksPrometheus(a.product) > speaksPrometheus(b.product);
    });
    co_return found;
}

QString boardEvidenceQuery()
{
    QStringList metrics;
    for (const Board& board : kBoards)
        metrics << QString::fromUtf16(board.metric);
    return u"group by (job, __name__) ({__name__=~\"%1\"})"_s.arg(metrics.join(u'|'));
}

QStringList suggestBoards(const QStringList& jobs, const QStringList& metricNames)
{
    QStringList out;
    for (const Board& board : kBoards) {
        const QRegularExpression pattern(QString::fromUtf16(board.jobPattern), QRegularExpression::CaseInsensitiveOption);
        const bool byJob = std::any_of(jobs.begin(), jobs.end(),
                                       [&](const QString& job) { return pattern.match(job).hasMatch(); });
        if (metricNames.isEmpty() ? byJob : metricNames.contains(QString::fromUtf16(board.metric)))
            out << QString::fromUtf16(board.id);
    }
    return out;
}

} // namespace Promdeck
