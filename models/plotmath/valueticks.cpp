#include "models/plotmath/valueticks.h"

#include <algorithm>
#include <array>
#include <cmath>

using namespace Qt::StringLiterals;

namespace Promdeck {

namespace {

double decimalStep(double least)
{
    const double power = std::pow(10, std::floor(std::log10(least) + 1e-12));
    for (const double factor : {1.0, 2.0, 2.5, 5.0}) {
        if (factor * power >= least * (1 - 1e-9))
            return factor * power;
    }
    return 10 * power;
}

double binaryStep(double least)
{
    return std::exp2(std::ceil(std::log2(least) - 1e-9));
}

double secondsStep(double least)
{
    if (least < 0.75)
        return decimalStep(least);
    static constexpr std::array<double, 24> Steps{1, 2, 5, 10, 15, 30, 60, 120, 300, 600, 900, 1800,
                                                  3600, 7200, 10800, 21600, 43200, 86400, 172800, 432000,
                                                  864000, 2592000, 5184000, 15552000};
    for (const double step : Steps) {
        if (step >= least * (1 - 1e-9))
            return step;
    }
    constexpr double Year = 31536000;
    return decimalStep(std::max(least / Year, 1.0)) * Year;
}

ValueTicks linearTicks(const ValueScale& scale, double minDistance, UnitSteps unit)
{
    const double span = scale.max() - scale.min();
    const double least = span * minDistance;
    ValueTicks ticks;
    switch (unit.steps) {
    case TickSteps::Decimal:
        ticks.step = decimalStep(least);
        break;
    case TickSteps::Binary:
        ticks.step = binaryStep(least);
        break;
    case TickSteps::Seconds:
        ticks.step = secondsStep(least * unit.seconds) / unit.seconds;
        break;
    }
    if (!(ticks.step > 0) || !std::isfinite(ticks.step) || span / ticks.step > 1000)
        return ticks;
    const double slack = ticks.step * 1e-6;
    for (double index = std::ceil((scale.min() - slack) / ticks.step); index * ticks.step <= scale.max() + slack; ++index)
        ticks.at.push_back(index == 0 ? 0 : index * ticks.step);
    return ticks;
}

ValueTicks logTicks(const ValueScale& scale, double minDistance)
{
    ValueTicks ticks;
    const double logBase = std::log(scale.base());
    const double from = std::ceil(std::log(scale.min()) / logBase - 1e-9);
    const double to = std::floor(std::log(scale.max()) / logBase + 1e-9);
    const double powers = (std::log(scale.max()) - std::log(scale.min())) / logBase;
    const int every = std::max(1, int(std::ceil(minDistance * powers - 1e-9)));
    for (double exponent = std::ceil(from / every) * every; exponent <= to; exponent += every)
        ticks.at.push_back(std::pow(scale.base(), exponent));
    // Few decades on a tall axis: 2 and 5 in between make it readable.
    if (scale.base() == 10 && every == 1 && minDistance * powers < 0.3) {
        std::vector<double> between;
        for (double exponent = from - 1; exponent <= to; ++exponent) {
            for (const double factor : {2.0, 5.0}) {
                const double value = factor * std::pow(10, exponent);
                if (value > scale.min() && value < scale.max())
                    between.push_back(value);
            }
        }
        ticks.at.insert(ticks.at.end(), between.begin(), between.end());
        std::sort(ticks.at.begin(), ticks.at.end());
    }
    return ticks;
}

ValueTicks symlogTicks(const ValueScale& scale, double minDistance)
{
    const double base = scale.base() > 1 ? scale.base() : 10;
    std::vector<double> candidates;
    const double largest = std::max(std::abs(scale.min()), std::abs(scale.max()));
    for (double value = scale.linearThreshold(); value <= largest * (1 + 1e-9); value *= base)
        candidates.push_back(value);
    ValueTicks ticks;
    if (scale.min() <= 0 && scale.max() >= 0)
        ticks.at.push_back(0);
    for (const double sign : {1.0, -1.0}) {
        double last = scale.place(0);
        for (const double candidate : candidates) {
            const double place = scale.place(sign * candidate);
            if (place < -1e-9 || place > 1 + 1e-9 || std::abs(place - last) < minDistance)
                continue;
            ticks.at.push_back(sign * candidate);
            last = place;
        }
    }
    std::sort(ticks.at.begin(), ticks.at.end());
    return ticks;
}

} // namespace

UnitSteps stepsForUnit(const QString& unit)
{
    // The ids that Grafana's registry scales by 1024.
    static const std::array Binary{u"bytes"_s, u"bits"_s, u"kbytes"_s, u"mbytes"_s, u"gbytes"_s, u"tbytes"_s,
                                   u"pbytes"_s, u"binBps"_s, u"binbps"_s, u"KiBs"_s, u"Kibits"_s, u"MiBs"_s,
                                   u"Mibits"_s, u"GiBs"_s, u"Gibits"_s, u"TiBs"_s, u"Tibits"_s, u"PiBs"_s, u"Pibits"_s};
    if (std::find(Binary.begin(), Binary.end(), unit) != Binary.end())
        return {TickSteps::Binary, 1};
    static const std::array<std::pair<QString, double>, 9> Times{{{u"ns"_s, 1e-9},
                                                                 {QString(QChar(0xb5)) + u's', 1e-6},
                                                                 {u"ms"_s, 1e-3},
                                                                 {u"s"_s, 1},
                                                                 {u"m"_s, 60},
                                                                 {u"h"_s, 3600},
                                                                 {u"d"_s, 86400},
                                                                 {u"dtdurations"_s, 1},
                                                                 {u"dtdurationms"_s, 1e-3}}};
    for (const auto& [id, seconds] : Times) {
        if (id == unit)
            return {TickSteps::Seconds, seconds};
    }
    return {};
}

ValueTicks valueTicks(const ValueScale& scale, double minDistance, UnitSteps unit)
{
    switch (scale.kind()) {
    case ValueScale::Kind::Linear:
        break;
    case ValueScale::Kind::Log:
        return logTicks(scale, minDistance);
    case ValueScale::Kind::Symlog:
        return symlogTicks(scale, minDistance);
    }
    return linearTicks(scale, minDistance, unit);
}

} // namespace Promdeck
