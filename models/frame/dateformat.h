#pragma once

#include <QDateTime>
#include <QString>

#include <optional>

namespace Promdeck {

/// Writes an instant with a Moment.js pattern ("YYYY-MM-DD HH:mm:ss", "[escaped]", "Do", "x", "Z"...), in
/// English. ms is since the epoch, UTC; a fraction is dropped. timeZone: IANA name, empty or "utc" = UTC,
/// "browser" = the system's. "Invalid date" outside of what JavaScript dates can hold.
[[nodiscard]] QString formatMoment(double ms, QStringView pattern, const QString& timeZone = {});

/// "a few seconds ago", "in 3 hours": the distance as Moment.js words it.
[[nodiscard]] QString formatFromNow(double ms, double nowMs);

/// Reads a text with a Moment.js pattern; an empty pattern reads ISO 8601 and the usual date texts.
/// Nothing when the text does not fit.
[[nodiscard]] std::optional<qint64> parseMoment(const QString& text, QStringView pattern,
                                                const QString& timeZone = {});

} // namespace Promdeck
