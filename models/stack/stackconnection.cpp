#include "models/stack/stackconnection.h"

namespace Promdeck {

namespace {

constexpr qint64 kDefaultScrapeIntervalMs = 15000;

bool sameHost(const QUrl& a, const QUrl& b)
{
    return !a.host().isEmpty() && a.host() == b.host();
}

} // namespace

StackConnection::StackConnection(StackProfile profile, HttpOptions options)
    : m_profile(std::move(profile))
    , m_options(std::move(options))
    , m_prometheus(std::make_unique<PrometheusClient>(m_profile.prometheus, m_options))
{
}

std::shared_ptr<StackConnection> StackConnection::forUrl(const QUrl& url)
{
    const StackProfile profile = profileForUrl(url);
    HttpOptions options;
    options.compress = profile.compress;
    options.timeout = std::chrono::milliseconds(profile.timeoutMs);
    options.maxBytes = profile.maxResponseBytes;
    if (!url.userInfo().isEmpty()) {
        const QString pair = url.userName(QUrl::FullyDecoded) + u':' + url.password(QUrl::FullyDecoded);
        options.headers.emplace_back("Authorization", "Basic " + pair.toUtf8().toBase64());
    }
    return std::make_shared<StackConnection>(profile, options);
}

qint64 StackConnection::scrapeIntervalMs() const
{
    if (m_profile.scrapeIntervalMs > 0)
        return m_profile.scrapeIntervalMs;
    return m_serverScrapeIntervalMs > 0 ? m_serverScrapeIntervalMs : kDefaultScrapeIntervalMs;
}

HttpOptions StackConnection::optionsFor(const QUrl& url) const
{
    const bool named = url == m_profile.grafana || url == m_profile.loki || m_profile.alertmanagers.contains(url);
    if (named || sameHost(url, m_profile.prometheus))
        return m_options;
    HttpOptions out = m_options;
    out.headers.clear();
    out.clientCertPem.clear();
    out.clientKeyPem.clear();
    return out;
}

} // namespace Promdeck
