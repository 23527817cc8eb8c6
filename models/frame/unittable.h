#pragma once

#include <QStringView>

#include <span>

namespace Promdeck::Units {

/// The rule a unit follows; symbol and offset are its parameters.
enum class Kind {
    Fixed,          ///< number, blank, symbol
    Prefix,         ///< symbol, number
    Si,             ///< thousands with SI prefixes; offset = prefix of the unit itself (1 = kilo, -1 = milli)
    Binary,         ///< 1024s with Ki Mi Gi; offset as above
    Count,          ///< K M B T, blank, symbol
    CurrencyPrefix, ///< symbol in front of a K M B T number
    CurrencySuffix,
    Boolean,        ///< symbol = "yes/no"
    Text, Short, Psi, Percent, PercentUnit, Hex, Hex0x, Scientific, Locale,
    DateIso, DateIsoToday, DateUs, DateUsToday, DateLocal, DateLocalToday, DateSystem, DateFromNow,
    DatePattern,    ///< symbol = a Moment.js pattern
    Nanoseconds, Microseconds, Milliseconds, Seconds, Minutes, Hours, Days,
    DurationMs, DurationS, DurationHms, DurationDhms, TimeTicks, ClockMs, ClockS
};

struct Entry
{
    const char16_t* id;
    Kind kind;
    const char16_t* symbol;
    int offset;
};

struct Category
{
    const char16_t* name;
    std::span<const Entry> entries;
};

/// Every unit id Grafana knows, by category, in its picker's order.
[[nodiscard]] std::span<const Category> categories();

} // namespace Promdeck::Units
