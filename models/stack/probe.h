#pragma once

#include "models/core/http.h"
#include "models/core/json.h"
#include "models/core/secrets.h"
#include "models/stack/stackprofile.h"

#include <optional>
#include <vector>

namespace Promdeck {

/// What answers at an address.
enum class Product {
    Unknown,
    // speak the Prometheus API
    Prometheus,
    Thanos,
    Mimir,
    VictoriaMetrics,
    Compatible, ///< answers queries, but does not say what it is
    // given by mistake, or found beside
    Alertmanager,
    Grafana,
    Loki,
    Pushgateway,
    Exporter, ///< a page of metrics
    Website   ///< HTML of something else
};

[[nodiscard]] QString productName(Product product); ///< "VictoriaMetrics"
[[nodiscard]] QString productId(Product product);   ///< "victoriametrics", as machine output prints it
[[nodiscard]] bool speaksPrometheus(Product product);

/// Empty = the server does not tell.
struct StackCapabilities
{
    std::optional<bool> adminApi;
    std::optional<bool> lifecycle;
    std::optional<bool> remoteWriteReceiver;
    std::optional<bool> otlpReceiver;
    std::optional<bool> agent; ///< forwards samples only, answers no queries
    QStringList features;      ///< --enable-feature
    QString retention;         ///< "15d", "512MB"
};

/// An Alertmanager that Prometheus sends to.
struct KnownAlertmanager
{
    QUrl url; ///< base URL
    bool active = true;
};

struct ProbeReport
{
    QUrl url;
    bool reachable = false; ///< something spoke HTTP
    bool ready = false;     ///< answers queries
    Product product = Product::Unknown;
    QString version;
    double seconds = 0;     ///< the first round trip
    StackCapabilities capabilities;
    std::optional<qint64> clockOffsetMs;  ///< the server's clock minus ours
    qint64 clockUncertaintyMs = 0;        ///< half a round trip
    std::optional<qint64> scrapeIntervalMs; ///< the global one of its configuration
    std::vector<KnownAlertmanager> alertmanagers;
    std::optional<Error> error; ///< why it cannot be used, and what to do
    QUrl suggestedUrl;          ///< where a Prometheus API was found instead; empty = nowhere
    QStringList notes;          ///< what could not be found out
    [[nodiscard]] bool usable() const { return ready && !error; }
};

/// Asks an address what it is. Never fails as a whole: what is wrong is in the report. Takes at most about three
/// times `limit`, usually two round trips. Only GET requests that change nothing.
QCoro::Task<ProbeReport> probe(QUrl url, HttpOptions options,
                               std::chrono::milliseconds limit = std::chrono::seconds(10), std::stop_token stop = {});

/// The same for a profile, with its secrets resolved first.
QCoro::Task<ProbeReport> probeProfile(StackProfile profile, std::shared_ptr<SecretStore> store,
                                      std::chrono::milliseconds limit = std::chrono::seconds(10),
                                      std::stop_token stop = {});

/// {"url","reachable","ready","product","version","seconds","capabilities":{...},"clockOffsetMs",
/// "scrapeIntervalMs","alertmanagers":[{"url","active"}],"notes":[...],
/// "error":null|{"code","summary","detail","hint"},"suggestedUrl"?}
[[nodiscard]] Json probeToJson(const ProbeReport& report);

/// The global scrape interval (ms) of a configuration as /api/v1/status/config prints it: defaults filled in,
/// one key per line. Nothing when it is not there.
[[nodiscard]] std::optional<qint64> globalScrapeInterval(const QString& configYaml);

} // namespace Promdeck
