#include "models/config/configtext.h"
#include "models/config/gotypes.h"
#include "models/config/rules/rules.h"

#include <QFile>
#include <QTimeZone>

#include <re2/re2.h>

#include <charconv>

namespace Promdeck::Config {

using namespace Qt::StringLiterals;

namespace {

std::optional<int> toInt(const std::string& value)
{
    int out = 0;
    const char* begin = value.data() + (value.starts_with('+') ? 1 : 0);
    const auto result = std::from_chars(begin, value.data() + value.size(), out);
    if (value.empty() || result.ec != std::errc() || result.ptr != value.data() + value.size())
        return {};
    return out;
}

/// "a:b" or "a": both ends as written.
struct Ends
{
    std::string first;
    std::string last;
};

std::optional<Ends> splitRange(const YamlNode& node, const TextSpan& span, Checker& checker)
{
    if (!node.isScalar()) {
        checker.error("yaml/type", u"cannot unmarshal %1 into string"_s.arg(text(shortTag(node, checker.dialect()))), span);
        return {};
    }
    const std::string value = lower(node.value);
    const std::size_t colon = value.find(':');
    if (colon == std::string::npos)
        return Ends {value, value};
    if (value.find(':', colon + 1) != std::string::npos) {
        checker.error("alertmanager/time-range", u"couldn't parse range %1, invalid format"_s.arg(text(value)), span);
        return {};
    }
    return Ends {value.substr(0, colon), value.substr(colon + 1)};
}

void error(Checker& checker, const TextSpan& span, const QString& message)
{
    checker.error("alertmanager/time-range", message, span);
}

std::optional<int> named(const std::string& value, const std::vector<std::string>& names)
{
    const auto found = std::find(names.begin(), names.end(), value);
    return found == names.end() ? std::nullopt : std::optional<int>(int(found - names.begin()));
}

void checkWeekday(const YamlNode& node, const TextSpan& span, Checker& checker)
{
    static const std::vector<std::string> names {"sunday", "monday", "tuesday", "wednesday", "thursday", "friday", "saturday"};
    const auto ends = splitRange(node, span, checker);
    if (!ends)
        return;
    const auto first = named(ends->first, names);
    const auto last = named(ends->last, names);
    if (!first || !last)
        error(checker, span, u"%1 is not a valid weekday"_s.arg(text(first ? ends->last : ends->first)));
    else if (*first > *last)
        error(checker, span, u"start day cannot be before end day"_s);
}

void checkMonth(const YamlNode& node, const TextSpan& span, Checker& checker)
{
    static const std::vector<std::string> names {"january", "february", "march",     "april",   "may",      "june",
                                                 "july",    "august",   "september", "october", "november", "december"};
    const auto ends = splitRange(node, span, checker);
    if (!ends)
        return;
    // The oldest one we know takes any number.
    const bool anyNumber = checker.options().alertmanager <= CheckOptions::Version {0, 25};
    const auto month = [anyNumber](const std::string& value) -> std::optional<int> {
        if (const auto name = named(value, names))
            return *name + 1;
        const auto number = toInt(value);
        return number && (anyNumber || (*number >= 1 && *number <= 12)) ? number : std::nullopt;
    };
    const auto first = month(ends->first);
    const auto last = month(ends->last);
    if (!first || !last)
        error(checker, span, u"%1 is not a valid month"_s.arg(text(first ? ends->last : ends->first)));
    else if (*first > *last)
        error(checker, span, u"end month %1 is before start month %2"_s.arg(text(ends->last), text(ends->first)));
}

void checkDayOfMonth(const YamlNode& node, const TextSpan& span, Checker& checker)
{
    const auto ends = splitRange(node, span, checker);
    if (!ends)
        return;
    const auto first = toInt(ends->first);
    const auto last = toInt(ends->last);
    if (!first || !last) {
        error(checker, span, u"%1 is not a valid day of the month"_s.arg(text(first ? ends->last : ends->first)));
        return;
    }
    const auto inRange = [](int day) { return day != 0 && day >= -31 && day <= 31; };
    if (!inRange(*first) || !inRange(*last)) {
        error(checker, span, u"%1 is not a valid day of the month: out of range"_s.arg(inRange(*first) ? *last : *first));
        return;
    }
    if (*first < 0 && *last > 0) {
        error(checker, span, u"end day must be negative if start day is negative"_s);
        return;
    }
    // Days from the end of a month of 31 days; the server is off by one here, so "31:-1" is refused.
    const int start = *first < 0 ? 31 + *first : *first;
    const int end = *last < 0 ? 31 + *last : *last;
    if (start > end)
        error(checker, span, u"end day %1 is always before start day %2"_s.arg(*last).arg(*first));
}

void checkYear(const YamlNode& node, const TextSpan& span, Checker& checker)
{
    const auto ends = splitRange(node, span, checker);
    if (!ends)
        return;
    const auto first = toInt(ends->first);
    const auto last = toInt(ends->last);
    if (!first || !last)
        error(checker, span, u"%1 is not a valid year"_s.arg(text(first ? ends->last : ends->first)));
    else if (*first > *last)
        error(checker, span, u"end year %1 is before start year %2"_s.arg(*last).arg(*first));
}

std::optional<int> minutes(const std::string& value, const TextSpan& span, Checker& checker)
{
    static const RE2 pattern("^((([01][0-9])|(2[0-3])):[0-5][0-9])$|(^24:00$)");
    if (!RE2::PartialMatch(value, pattern)) {
        error(checker, span, u"couldn't parse timestamp %1, invalid format"_s.arg(text(value)));
        return {};
    }
    return *toInt(value.substr(0, 2)) * 60 + *toInt(value.substr(3));
}

void checkTimes(const StructView& view, Checker& checker)
{
    const std::string first = view.string("start_time");
    const std::string last = view.string("end_time");
    if (first.empty() || last.empty()) {
        error(checker, view.span, u"both start and end times must be provided"_s);
        return;
    }
    const auto start = minutes(first, view.spanOf("start_time"), checker);
    const auto end = minutes(last, view.spanOf("end_time"), checker);
    if (start && end && *start >= *end)
        error(checker, view.span, u"start time cannot be equal or greater than end time"_s);
}

/// Go takes any file of the time zone database, old names included, which Qt does not list.
bool isTimeZone(const std::string& name)
{
    if (name.starts_with('/') || name.starts_with('\\') || name.find("..") != std::string::npos)
        return false;
    QFile file(u"/usr/share/zoneinfo/"_s + text(name));
    if (file.open(QIODevice::ReadOnly) && file.read(4) == "TZif")
        return true;
    return QTimeZone::isTimeZoneIdAvailable(QByteArray::fromStdString(name));
}

void checkLocation(const YamlNode& node, const TextSpan& span, Checker& checker)
{
    if (!node.isScalar()) {
        checker.error("yaml/type", u"cannot unmarshal %1 into string"_s.arg(text(shortTag(node, checker.dialect()))), span);
        return;
    }
    if (node.value.empty() || node.value == "UTC" || node.value == "Local")
        return;
    if (!isTimeZone(node.value))
        error(checker, span, u"unknown time zone %1"_s.arg(text(node.value)));
}

} // namespace

void addTimeIntervalRules(CheckRules& rules)
{
    rules.values["@weekday-range"] = checkWeekday;
    rules.values["@month-range"] = checkMonth;
    rules.values["@day-range"] = checkDayOfMonth;
    rules.values["@year-range"] = checkYear;
    rules.values["@location"] = checkLocation;
    rules.structs["timeinterval.TimeRange"].push_back(checkTimes);
    rules.structs["alertmanager.TimeInterval"].push_back([](const StructView& view, Checker& checker) {
        if (view.string("name").empty())
            checker.error("alertmanager/time-interval", u"missing name in time interval"_s, view.keySpan("name"));
    });
    rules.structs["alertmanager.MuteTimeInterval"].push_back([](const StructView& view, Checker& checker) {
        if (view.string("name").empty())
            checker.error("alertmanager/time-interval", u"missing name in mute time interval"_s, view.keySpan("name"));
    });
}

} // namespace Promdeck::Config
