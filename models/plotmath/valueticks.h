#pragma once

#include "models/plotmath/valuescale.h"

#include <QString>

#include <vector>

namespace Promdeck {

/// Which steps read well on an axis.
enum class TickSteps {
    Decimal, ///< 1, 2, 2.5 and 5 times a power of ten
    Binary,  ///< powers of two, for units counted in 1024s
    Seconds, ///< decimal below a second, then 1 2 5 10 15 30 s and min, 1 2 3 6 12 h, days
};

struct ValueTicks
{
    std::vector<double> at; ///< ascending, all within the scale
    double step = 0;        ///< 0 on logarithmic scales
};

/// Steps for a unit id, and how many seconds one of it is (1 for "s", 0.001 for "ms").
struct UnitSteps
{
    TickSteps steps = TickSteps::Decimal;
    double seconds = 1;
};
[[nodiscard]] UnitSteps stepsForUnit(const QString& unit);

/// The densest round ticks that are at least minDistance apart (a fraction of the axis length).
[[nodiscard]] ValueTicks valueTicks(const ValueScale& scale, double minDistance, UnitSteps unit = {});

} // namespace Promdeck
