#pragma once

#include "models/stack/probe.h"

namespace Promdeck::Internal {

/// One address with its client: what all steps of a probe share.
struct ProbeTarget
{
    ProbeTarget(const QUrl& base, const HttpOptions& options, std::stop_token token)
        : base(base)
        , client(options)
        , stop(std::move(token))
    {
    }

    QUrl base; ///< path ends with a slash
    HttpClient client;
    std::stop_token stop;
};

using ProbeTargetPtr = std::shared_ptr<ProbeTarget>;

[[nodiscard]] QUrl withSlash(QUrl url);
/// GET below the base URL ("api/v1/query?query=up"), or at an absolute path of its host ("/metrics").
QCoro::Task<Result<HttpResponse>> probeGet(ProbeTargetPtr target, QString path, bool followRedirects = true);
/// `data` of a successful answer of the Prometheus API; null otherwise.
[[nodiscard]] Json apiData(const Result<HttpResponse>& answer);

/// After the Prometheus API did not answer as it should: fills product, version, error and suggestedUrl.
/// `first` is what the server said to api/v1/status/buildinfo.
QCoro::Task<ProbeReport> explainNoPrometheus(ProbeTargetPtr target, ProbeReport report, HttpResponse first);

} // namespace Promdeck::Internal
