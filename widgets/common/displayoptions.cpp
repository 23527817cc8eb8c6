#include "widgets/common/displayoptions.h"

#include <algorithm>
#include <cmath>

namespace Promdeck {

DisplayOptions& DisplayOptions::instance()
{
    static DisplayOptions options;
    return options;
}

void DisplayOptions::setSecondTimeZone(const QString& zone)
{
    if (zone == m_secondTimeZone)
        return;
    m_secondTimeZone = zone;
    Q_EMIT changed();
}

void DisplayOptions::setDistinctSeries(bool on)
{
    if (on == m_distinctSeries)
        return;
    m_distinctSeries = on;
    Q_EMIT changed();
}

void DisplayOptions::setTextScale(double scale)
{
    const double wanted = std::clamp(std::round(scale * 20) / 20, kSmallest, kLargest);
    if (wanted == m_textScale)
        return;
    m_textScale = wanted;
    Q_EMIT textScaleChanged();
    Q_EMIT changed();
}

} // namespace Promdeck
