#pragma once

#include "models/prometheus/prometheusclient.h"
#include "models/stack/stackprofile.h"

#include <memory>

namespace Promdeck {

/// A profile brought to life: resolved secrets, one client per endpoint, and what the server told about
/// itself. Shared by everything that queries one stack.
class StackConnection final
{
public:
    /// Resolves nothing by itself: `options` already carries the secrets (see stackopener.h).
    StackConnection(StackProfile profile, HttpOptions options);
    /// A connection from just a URL; credentials in it are used, and kept out of the profile.
    [[nodiscard]] static std::shared_ptr<StackConnection> forUrl(const QUrl& url);

    [[nodiscard]] const StackProfile& profile() const { return m_profile; }
    [[nodiscard]] PrometheusClient& prometheus() { return *m_prometheus; }
    /// The scrape interval: the profile's, else the server's global one once known, else 15 s.
    [[nodiscard]] qint64 scrapeIntervalMs() const;
    void setServerScrapeIntervalMs(qint64 ms) { m_serverScrapeIntervalMs = ms; }
    [[nodiscard]] const HttpOptions& httpOptions() const { return m_options; }
    /// For another endpoint of the stack. Credentials go only to what the profile names and to the host of its
    /// Prometheus, not to addresses that a server has told.
    [[nodiscard]] HttpOptions optionsFor(const QUrl& url) const;

private:
    StackProfile m_profile;
    HttpOptions m_options;
    std::unique_ptr<PrometheusClient> m_prometheus;
    qint64 m_serverScrapeIntervalMs = 0;
};

} // namespace Promdeck
