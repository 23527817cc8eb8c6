#pragma once

#include "models/panel/panelmodels.h"
#include "models/plotmath/valueticks.h"

#include <QStringList>

namespace Promdeck {

/// Labels of the ticks of one axis, in its unit: as few decimals as tell them apart, none that are zero,
/// unless the axis asks for a number of decimals. percent: values are parts of a 100 % stack.
[[nodiscard]] QStringList axisTexts(const AxisModel& axis, const ValueTicks& ticks, bool percent,
                                    const QString& timeZone);

/// Whether labels with the axis's number of decimals still show what a step is worth: not 2.5 as "3".
[[nodiscard]] bool labelsCanShow(double step, const AxisModel& axis, bool percent, const QString& timeZone);

/// One value of a series as tooltips and announcements show it.
[[nodiscard]] QString valueText(const SeriesModel& series, const AxisModel* axis, double value, const QString& timeZone);

} // namespace Promdeck
