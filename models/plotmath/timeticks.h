#pragma once

#include "models/core/types.h"

#include <QString>
#include <QTimeZone>

#include <functional>
#include <vector>

namespace Promdeck {

struct TimeTicks
{
    std::vector<qint64> at; ///< ms since the epoch, ascending, within the range
    qint64 stepMs = 0;      ///< nominal: months and years have their own lengths
    QString format;         ///< as QDateTime::toString takes it
};

/// Ticks on round wall-clock times of a zone (daylight saving included), as dense as labels allow.
/// labelWidth gives the width of one label of a format, in the same unit as width; gap is kept between labels.
[[nodiscard]] TimeTicks timeTicks(const TimeRange& range, const QTimeZone& zone, double width,
                                  const std::function<double(const QString& format)>& labelWidth, double gap = 18);

/// The zone of an IANA name; UTC when empty or unknown.
[[nodiscard]] QTimeZone timeZoneByName(const QString& name);

/// One tick label.
/// What a clock at that place is called then: "CET", "UTC".
[[nodiscard]] QString zoneName(const QTimeZone& zone, qint64 timeMs);
[[nodiscard]] QString timeText(qint64 timeMs, const QTimeZone& zone, const QString& format);

} // namespace Promdeck
