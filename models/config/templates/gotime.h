#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

namespace Promdeck::Config {

/// A moment with the zone it is shown in, as Go's time.Time. The default is Go's zero time, 1 January of year 1, UTC.
struct GoTime
{
    std::int64_t seconds = -62135596800; ///< since 1970-01-01 UTC
    std::int32_t nanoseconds = 0;        ///< 0 to 999999999
    std::int32_t offset = 0;             ///< of the zone, seconds east of UTC
    std::string zone = "UTC";            ///< its abbreviation

    [[nodiscard]] static GoTime fromMs(std::int64_t ms);
    [[nodiscard]] bool isZero() const { return seconds == -62135596800 && nanoseconds == 0; }
    [[nodiscard]] std::int64_t toMs() const;
    [[nodiscard]] GoTime plus(std::int64_t nanosecondsMore) const;
    /// Nanoseconds from other to this one, saturated.
    [[nodiscard]] std::int64_t minus(const GoTime& other) const;
    [[nodiscard]] GoTime utc() const;
    /// The same moment in a zone of the tz database; nothing when there is no such zone.
    [[nodiscard]] std::optional<GoTime> in(const std::string& zone) const;
    [[nodiscard]] bool operator==(const GoTime&) const = default;
};

/// Calendar fields in the time's own zone.
struct GoCivil
{
    std::int64_t year = 1;
    int month = 1;
    int day = 1;
    int hour = 0;
    int minute = 0;
    int second = 0;
    int weekday = 1; ///< Sunday is 0
    int yearDay = 1;
};
[[nodiscard]] GoCivil civilOf(const GoTime& time);
/// Seconds since the epoch of a date in UTC; days and months may lie outside of their ranges.
[[nodiscard]] std::int64_t secondsOf(std::int64_t year, int month, int day, int hour, int minute, int second);

[[nodiscard]] std::string_view monthName(int month);
[[nodiscard]] std::string_view weekdayName(int weekday);

/// time.Format.
[[nodiscard]] std::string formatTime(const GoTime& time, std::string_view layout);
/// "2006-01-02 15:04:05.999999999 -0700 MST"
[[nodiscard]] std::string printTime(const GoTime& time);
/// time.Parse in UTC; error is Go's sentence.
struct GoTimeParsed
{
    GoTime time;
    std::string error;
};
[[nodiscard]] GoTimeParsed parseTime(std::string_view layout, std::string_view text);
/// Duration.String: "1h2m3.5s".
[[nodiscard]] std::string printDuration(std::int64_t nanoseconds);

} // namespace Promdeck::Config
