#pragma once

#include "models/core/result.h"
#include "models/core/types.h"

#include <QString>

namespace Promdeck {

/// A range as the user wrote it, in Grafana's grammar: "now", "now-6h", "now-1d/d", "now/w", "now/fQ",
/// epoch milliseconds, ISO dates ("2026-01-31", "2026-01-31 10:00:00", with T and Z).
struct RawTimeRange
{
    QString from;
    QString to;
    bool operator==(const RawTimeRange&) const = default;
};

/// One end. roundUp: the end of a range, where "/d" means the end of the day.
/// timeZone: IANA name, "utc", "browser" or empty (= the machine's zone). Errors: Syntax.
[[nodiscard]] Result<qint64> parseTime(const QString& text, qint64 nowMs, bool roundUp, const QString& timeZone = {},
                                       int weekStart = 1, int fiscalYearStartMonth = 0);
[[nodiscard]] Result<TimeRange> parseTimeRange(const RawTimeRange& range, qint64 nowMs, const QString& timeZone = {});
/// "15s", "1m", "1h30m", "2d", "1w", "1M", "1y", "250ms" -> milliseconds. Errors: Syntax.
[[nodiscard]] Result<qint64> parseInterval(const QString& text);
/// Milliseconds -> the shortest text Grafana prints ("15s", "1m", "1h", "1d").
[[nodiscard]] QString intervalText(qint64 ms);
/// "Last 6 hours", "Yesterday", or the two ends, in English (widgets translate the known ones).
[[nodiscard]] QString describeRange(const RawTimeRange& range);

} // namespace Promdeck
