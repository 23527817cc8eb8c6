#pragma once

#include "models/stack/probe.h"

namespace Promdeck {

/// An address worth asking at the first start.
struct UsualPlace
{
    quint16 port;
    QString path; ///< prefix, "" = none
};

/// Where the products of a monitoring stack listen by default.
[[nodiscard]] const std::vector<UsualPlace>& usualPlaces();

/// Asks those places on the loopback interface, all at once, and reports what is a product of a monitoring stack:
/// Prometheus-compatible ones first, then the rest, each by port. Takes at most a few seconds.
QCoro::Task<std::vector<ProbeReport>> discoverStacks(std::vector<UsualPlace> places = usualPlaces(),
                                                     std::chrono::milliseconds limit = std::chrono::seconds(2),
                                                     std::stop_token stop = {});

/// One instant query whose answer tells which built-in boards have data: by job and metric name.
[[nodiscard]] QString boardEvidenceQuery();

/// Built-in boards ("linux-host", "prometheus", "alertmanager", "blackbox", "stack-overview") that will show
/// something, the most telling first. Metric names decide; a job's name only where no metric names are known.
[[nodiscard]] QStringList suggestBoards(const QStringList& jobs, const QStringList& metricNames);

} // namespace Promdeck
