#pragma once

#include "models/query/timegrammar.h"

#include <QStringList>

namespace Promdeck {

struct QuickRange
{
    RawTimeRange range;
    QString text; ///< translated
};

/// The quick ranges, in the order the picker lists them.
[[nodiscard]] const std::vector<QuickRange>& quickRanges();
/// What the picker's button says: the quick range's name, or both ends.
[[nodiscard]] QString rangeText(const RawTimeRange& range, const QString& timeZone);
/// "2026-01-31 10:00:00" in the zone, for the picker's fields; relative ends stay as they are.
[[nodiscard]] QString endText(const QString& end, const QString& timeZone);
/// An epoch time in the zone.
[[nodiscard]] QString momentText(qint64 ms, const QString& timeZone);

} // namespace Promdeck
