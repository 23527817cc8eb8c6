#include "models/plotmath/valuescale.h"

#include <algorithm>
#include <cmath>

namespace Promdeck {

ValueScale::ValueScale(Kind kind, double min, double max, double base, double linearThreshold)
    : m_kind(kind)
    , m_min(min)
    , m_max(max)
    , m_base(base)
    , m_linearThreshold(linearThreshold > 0 ? linearThreshold : 1)
{
    m_start = transform(m_min);
    const double length = transform(m_max) - m_start;
    m_factor = length > 0 && std::isfinite(length) ? 1 / length : 1;
}

double ValueScale::transform(double value) const
{
    switch (m_kind) {
    case Kind::Linear:
        break;
    case Kind::Log:
        return std::log(value);
    case Kind::Symlog:
        return std::asinh(value / m_linearThreshold);
    }
    return value;
}

double ValueScale::curvedPlace(double value) const
{
    if (m_kind == Kind::Log && value <= 0)
        return -1;
    return (transform(value) - m_start) * m_factor;
}

double ValueScale::value(double place) const
{
    const double transformed = m_start + place / m_factor;
    switch (m_kind) {
    case Kind::Linear:
        break;
    case Kind::Log:
        return std::exp(transformed);
    case Kind::Symlog:
        return std::sinh(transformed) * m_linearThreshold;
    }
    return transformed;
}

double ValueScale::baseline() const
{
    return m_kind == Kind::Log ? m_min : std::clamp(0.0, m_min, m_max);
}

namespace {

constexpr double Air = 0.1;

double roundDown(double value, double unit)
{
    return std::floor(value / unit + 1e-9) * unit;
}

double roundUp(double value, double unit)
{
    return std::ceil(value / unit - 1e-9) * unit;
}

std::pair<double, double> linearRange(double low, double high, const RangeRules& rules)
{
    double span = high - low;
    const double largest = std::max(std::abs(low), std::abs(high));
    // Values that differ only in their last digits are one value: zooming into rounding noise helps nobody.
    const bool flat = span <= largest * 1e-10;
    if (flat && largest == 0)
        return {rules.softMin.value_or(0), rules.softMax.value_or(100)};
    if (flat)
        span = largest;
    const double air = flat ? largest : span * Air;
    const double unit = std::pow(10, std::floor(std::log10(span))) / 10;

    double min = roundDown(low - air, unit);
    double max = roundUp(high + air, unit);
    if (low >= 0 && min < 0)
        min = 0;
    if (high <= 0 && max > 0)
        max = 0;
    if (rules.softMin && low >= *rules.softMin)
        min = *rules.softMin;
    if (rules.softMax && high <= *rules.softMax)
        max = *rules.softMax;
    return {min, max};
}

std::pair<double, double> logRange(double low, double high, const RangeRules& rules)
{
    const double base = rules.base > 1 ? rules.base : 10;
    const auto power = [base](double exponent) { return std::pow(base, exponent); };
    const auto exponent = [base](double value) { return std::log(value) / std::log(base); };
    if (rules.softMin && *rules.softMin > 0)
        low = std::min(low, *rules.softMin);
    if (rules.softMax && *rules.softMax > 0)
        high = std::max(high, *rules.softMax);
    if (!(high > 0))
        return {1, base};
    if (!(low > 0))
        low = high / power(3);
    double from = std::floor(exponent(low) + 1e-9);
    double to = std::ceil(exponent(high) - 1e-9);
    if (from == to) {
        from -= 1;
        to += 1;
    }
    return {power(from), power(to)};
}

std::pair<double, double> symlogRange(double low, double high, const RangeRules& rules)
{
    const double base = rules.base > 1 ? rules.base : 10;
    const double threshold = rules.linearThreshold > 0 ? rules.linearThreshold : 1;
    const auto away = [&](double value) {
        if (value == 0)
            return 0.0;
        const double exponent = std::ceil(std::log(std::max(std::abs(value), threshold)) / std::log(base) - 1e-9);
        return std::copysign(std::pow(base, exponent), value);
    };
    if (rules.softMin)
        low = std::min(low, *rules.softMin);
    if (rules.softMax)
        high = std::max(high, *rules.softMax);
    double min = low < 0 ? away(low) : 0;
    double max = high > 0 ? away(high) : 0;
    if (min == max)
        max = threshold;
    return {min, max};
}

} // namespace

ValueScale autoScale(double dataMin, double dataMax, const RangeRules& rules)
{
    const bool noData = !(dataMin <= dataMax);
    double min = 0;
    double max = 0;
    if (noData) {
        min = rules.softMin.value_or(rules.kind == ValueScale::Kind::Log ? 1 : 0);
        max = std::max(rules.softMax.value_or(100), min);
    } else if (rules.kind == ValueScale::Kind::Log) {
        std::tie(min, max) = logRange(dataMin, dataMax, rules);
    } else if (rules.kind == ValueScale::Kind::Symlog) {
        std::tie(min, max) = symlogRange(dataMin, dataMax, rules);
    } else {
        std::tie(min, max) = linearRange(dataMin, dataMax, rules);
    }
    if (rules.centeredZero && rules.kind != ValueScale::Kind::Log) {
        max = std::max(std::abs(min), std::abs(max));
        min = -max;
    }
    if (rules.hardMin && (rules.kind != ValueScale::Kind::Log || *rules.hardMin > 0))
        min = *rules.hardMin;
    if (rules.hardMax && (rules.kind != ValueScale::Kind::Log || *rules.hardMax > 0))
        max = *rules.hardMax;
    if (!(min < max)) {
        // Contradicting limits (a hard minimum above all data): keep the one that was asked for.
        const double reach = std::max(std::abs(min) * Air, 1.0);
        if (rules.hardMax && !rules.hardMin)
            min = rules.kind == ValueScale::Kind::Log ? max / 10 : max - reach;
        else
            max = rules.kind == ValueScale::Kind::Log ? min * 10 : min + reach;
    }
    return {rules.kind, min, max, rules.base, rules.linearThreshold};
}

} // namespace Promdeck
