#pragma once

#include "models/core/types.h"
#include "models/query/timegrammar.h"

#include <QString>

namespace Promdeck {

// The arithmetic of steps and intervals, as pure functions. Intervals are ms. Source of semantics: Grafana's
// front end (the interval of a panel) and its Prometheus data source's back end (the step of a query); the two
// round differently at the limits, so there are two roundings.

/// Rounds down to a "nice" interval: 1s, 2s, 5s, 10s, 15s, 20s, 30s, 1m, 2m... A value equal to a limit goes up
/// in the front end's rounding and stays in the back end's.
[[nodiscard]] qint64 roundIntervalUi(double ms);
[[nodiscard]] qint64 roundIntervalServer(double ms);

/// A panel's interval: range / points, rounded, at least minMs. golden/intervals.json.
[[nodiscard]] qint64 panelIntervalMs(qint64 rangeMs, double maxDataPoints, qint64 minMs);

/// How one query's step comes about.
struct StepRequest
{
    qint64 rangeMs = 0;
    double maxDataPoints = 500;
    qint64 intervalMs = 15000;       ///< of the panel (panelIntervalMs)
    QString minStep;                 ///< the target's, variables expanded, except $__interval and $__rate_interval
    double intervalFactor = 1;       ///< 0 counts as 1
    qint64 scrapeIntervalMs = 15000; ///< of the data source
};

struct StepResult
{
    qint64 stepMs = 0;         ///< also $__interval
    qint64 rateIntervalMs = 0; ///< $__rate_interval
};

/// A min step that cannot be parsed counts as unset. No query asks for more than 11,000 points.
[[nodiscard]] StepResult calculateStep(const StepRequest& request);

/// Floors to a multiple of the step, counted from local midnight of the zone with this offset.
[[nodiscard]] qint64 alignToStep(qint64 timeMs, qint64 stepMs, qint64 utcOffsetSeconds = 0);
/// The offset from UTC that a zone has at a moment. Zone names as parseTime takes them.
[[nodiscard]] qint64 utcOffsetSeconds(qint64 timeMs, const QString& timeZone);

/// "1m0s", "1h15m0s", "1.5s": a duration as Go prints it, which is how $__rate_interval reaches the server.
[[nodiscard]] QString goDurationText(qint64 ms);

/// A panel's own range: timeFrom ("1h", "now/d") replaces a relative range, timeShift ("1d") moves it back.
/// Texts that cannot be parsed are ignored.
[[nodiscard]] TimeRange panelTimeRange(const RawTimeRange& raw, TimeRange resolved, const QString& timeFrom,
                                       const QString& timeShift, qint64 nowMs, const QString& timeZone);

} // namespace Promdeck
