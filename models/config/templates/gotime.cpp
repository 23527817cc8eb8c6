#include "models/config/templates/gotime.h"
#include "models/promql/gotext.h"

#include <QDateTime>
#include <QTimeZone>

#include <array>
#include <limits>

namespace Promdeck::Config {

namespace {

constexpr std::array<std::string_view, 12> kMonths {"January", "February", "March",     "April",   "May",      "June",
                                                    "July",    "August",   "September", "October", "November", "December"};
constexpr std::array<std::string_view, 7> kDays {"Sunday", "Monday", "Tuesday", "Wednesday", "Thursday", "Friday", "Saturday"};
constexpr std::int64_t kNano = 1000000000;

std::int64_t floorDiv(std::int64_t a, std::int64_t b)
{
    return a / b - (a % b != 0 && (a % b < 0) != (b < 0) ? 1 : 0);
}

/// Days since 1970-01-01 of a date of the proleptic Gregorian calendar.
std::int64_t daysOf(std::int64_t year, int month, int day)
{
    const std::int64_t shifted = std::int64_t(month) - 1;
    year += floorDiv(shifted, 12);
    const int m = int(shifted - floorDiv(shifted, 12) * 12); // 0 = January
    // Years that begin in March put the leap day last.
    const std::int64_t y = m < 2 ? year - 1 : year;
    const std::int64_t fromMarch = (m + 10) % 12;
    const std::int64_t era = floorDiv(y, 400);
    const std::int64_t ofEra = y - era * 400;
    const std::int64_t dayOfYear = (153 * fromMarch + 2) / 5 + day - 1;
    return era * 146097 + ofEra * 365 + ofEra / 4 - ofEra / 100 + dayOfYear - 719468;
}

enum class Part {
    None, LongMonth, ShortMonth, NumMonth, ZeroMonth, LongDay, ShortDay, Day, UnderDay, ZeroDay, ZeroYearDay, UnderYearDay,
    Hour, Hour12, ZeroHour12, Minute, ZeroMinute, Second, ZeroSecond, LongYear, Year, UpperPm, LowerPm, Zone, IsoZone, IsoZoneColon,
    IsoZoneShort, NumZone, NumZoneColon, NumZoneShort, FractionZero, FractionNine
};

struct Found
{
    Part part = Part::None;
    std::size_t at = 0;     ///< where it begins
    std::size_t length = 0; ///< of the piece of the layout
};

bool isDigitAt(std::string_view text, std::size_t at)
{
    return at < text.size() && text[at] >= '0' && text[at] <= '9';
}

/// The first piece of a layout that stands for a part of the time.
Found nextPart(std::string_view layout, std::size_t from)
{
    struct Fixed
    {
        std::string_view text;
        Part part;
    };
    // Longer ones first.
    static constexpr std::array<Fixed, 37> fixed {{{"January", Part::LongMonth}, {"Jan", Part::ShortMonth}, {"Monday", Part::LongDay},
        {"Mon", Part::ShortDay}, {"MST", Part::Zone}, {"2006", Part::LongYear}, {"002", Part::ZeroYearDay}, {"01", Part::ZeroMonth},
        {"02", Part::ZeroDay}, {"03", Part::ZeroHour12}, {"04", Part::ZeroMinute}, {"05", Part::ZeroSecond}, {"06", Part::Year}, {"15", Part::Hour},
        {"1", Part::NumMonth}, {"_2006", Part::LongYear}, {"__2", Part::UnderYearDay}, {"_2", Part::UnderDay}, {"2", Part::Day}, {"3", Part::Hour12}, {"4", Part::Minute},
        {"5", Part::Second}, {"PM", Part::UpperPm}, {"pm", Part::LowerPm}, {"-07:00:00", Part::NumZoneColon}, {"-07:00", Part::NumZoneColon},
        {"-0700", Part::NumZone}, {"-07", Part::NumZoneShort}, {"Z07:00:00", Part::IsoZoneColon}, {"Z07:00", Part::IsoZoneColon}, {"Z0700", Part::IsoZone}, {"Z07", Part::IsoZoneShort},
        {".0", Part::FractionZero}, {",0", Part::FractionZero}, {".9", Part::FractionNine}, {",9", Part::FractionNine}, {"\xff", Part::None}}};
    for (std::size_t at = from; at < layout.size(); ++at) {
        for (const Fixed& one : fixed) {
            if (!layout.substr(at).starts_with(one.text))
                continue;
            if (one.part == Part::FractionZero || one.part == Part::FractionNine) {
                const char digit = layout[at + 1];
                std::size_t end = at + 1;
                while (end < layout.size() && layout[end] == digit)
                    ++end;
                if (isDigitAt(layout, end))
                    continue; // ".000123" is text
                return {one.part, at, end - at};
            }
            if (one.part == Part::ShortMonth && at + 3 < layout.size() && layout[at + 3] >= 'a' && layout[at + 3] <= 'z')
                continue; // "Janus"
            if (one.part == Part::ShortDay && at + 3 < layout.size() && layout[at + 3] >= 'a' && layout[at + 3] <= 'z')
                continue;
            if (one.text == "_2006")
                return {Part::LongYear, at + 1, 4}; // the line is text
            return {one.part, at, one.text.size()};
        }
    }
    return {Part::None, layout.size(), 0};
}

std::string padded(std::int64_t value, int width, char fill = '0')
{
    const bool negative = value < 0;
    std::string digits = std::to_string(negative ? -value : value);
    while (int(digits.size()) < width)
        digits.insert(digits.begin(), fill);
    return (negative ? "-" : "") + digits;
}

std::string zoneText(std::int32_t offset, bool colon, bool minutes)
{
    const std::int32_t whole = offset < 0 ? -offset : offset;
    std::string out = (offset < 0 ? "-" : "+") + padded(whole / 3600, 2);
    if (minutes)
        out += (colon ? ":" : "") + padded(whole % 3600 / 60, 2);
    return out;
}

std::string fraction(std::int32_t nanoseconds, std::string_view piece, bool trim)
{
    std::string digits = padded(nanoseconds, 9).substr(0, piece.size() - 1);
    if (trim) {
        while (!digits.empty() && digits.back() == '0')
            digits.pop_back();
        if (digits.empty())
            return {};
    }
    return piece.front() + digits;
}

/// Reads a time along a layout.
class Reader
{
public:
    Reader(std::string_view layout, std::string_view text) : m_layout(layout), m_text(text), m_rest(text) {}

    GoTimeParsed run()
    {
        std::size_t from = 0;
        while (m_error.empty()) {
            const Found found = nextPart(m_layout, from);
            const std::string_view plain = m_layout.substr(from, found.at - from);
            if (!m_rest.starts_with(plain)) {
                // Go names the plain text that it missed.
                fail(plain);
                break;
            }
            m_rest.remove_prefix(plain.size());
            if (found.part == Part::None) {
                if (!m_rest.empty())
                    m_error = head() + ": extra text: " + Promql::goQuote(m_rest);
                break;
            }
            from = found.at + found.length;
            read(found.part, m_layout.substr(found.at, found.length));
        }
        if (m_error.empty())
            finish();
        return {m_error.empty() ? m_time : GoTime(), m_error};
    }

private:
    [[nodiscard]] std::string head() const
    {
        return "parsing time " + Promql::goQuote(m_text);
    }
    void fail(std::string_view piece)
    {
        m_error = head() + " as " + Promql::goQuote(m_layout) + ": cannot parse " + Promql::goQuote(m_rest) + " as " + Promql::goQuote(piece);
    }
    void outOfRange(const char* what)
    {
        m_error = head() + ": " + what + " out of range";
    }
    int digits(std::string_view piece, std::size_t least, std::size_t most)
    {
        std::size_t count = 0;
        int value = 0;
        while (count < most && isDigitAt(m_rest, count))
            value = value * 10 + (m_rest[count++] - '0');
        if (count < least) {
            fail(piece);
            return 0;
        }
        m_rest.remove_prefix(count);
        return value;
    }
    template <typename Names>
    int named(const Names& names, std::size_t shortTo, std::string_view piece)
    {
        for (std::size_t i = 0; i < names.size(); ++i) {
            const std::string_view name = shortTo ? names[i].substr(0, shortTo) : names[i];
            if (m_rest.size() >= name.size()
                && QString::fromUtf8(m_rest.data(), qsizetype(name.size())).compare(QLatin1String(name.data(), qsizetype(name.size())), Qt::CaseInsensitive) == 0) {
                m_rest.remove_prefix(name.size());
                return int(i);
            }
        }
        fail(piece);
        return 0;
    }
    void zoneOffset(std::string_view piece, bool colon, bool minutes, bool iso)
    {
        if (iso && m_rest.starts_with("Z")) {
            m_rest.remove_prefix(1);
            m_offset = 0;
            return;
        }
        if (m_rest.empty() || (m_rest.front() != '+' && m_rest.front() != '-'))
            return fail(piece);
        const int sign = m_rest.front() == '-' ? -1 : 1;
        m_rest.remove_prefix(1);
        const int hours = digits(piece, 2, 2);
        int rest = 0;
        if (minutes && m_error.empty()) {
            if (colon) {
                if (!m_rest.starts_with(":"))
                    return fail(piece);
                m_rest.remove_prefix(1);
            }
            rest = digits(piece, 2, 2);
        }
        m_offset = sign * (hours * 3600 + rest * 60);
    }
    void fractionDigits(std::string_view piece, bool optional)
    {
        if (m_rest.empty() || (m_rest.front() != '.' && m_rest.front() != ',')) {
            if (!optional)
                fail(piece);
            return;
        }
        std::size_t end = 1;
        std::int64_t value = 0;
        int scale = 9;
        while (isDigitAt(m_rest, end) && scale > 0) {
            value = value * 10 + (m_rest[end++] - '0');
            --scale;
        }
        while (scale-- > 0)
            value *= 10;
        m_nano = std::int32_t(value);
        m_rest.remove_prefix(end);
    }

    void read(Part part, std::string_view piece)
    {
        switch (part) {
        case Part::LongYear: m_year = digits(piece, 4, 4); break;
        case Part::Year:
            m_year = digits(piece, 2, 2);
            m_year += m_year >= 69 ? 1900 : 2000;
            break;
        case Part::LongMonth: m_month = named(kMonths, 0, piece) + 1; break;
        case Part::ShortMonth: m_month = named(kMonths, 3, piece) + 1; break;
        case Part::NumMonth: m_month = digits(piece, 1, 2); break;
        case Part::ZeroMonth: m_month = digits(piece, 2, 2); break;
        case Part::LongDay: named(kDays, 0, piece); break;
        case Part::ShortDay: named(kDays, 3, piece); break;
        case Part::UnderDay:
            if (m_rest.starts_with(" "))
                m_rest.remove_prefix(1);
            [[fallthrough]];
        case Part::Day: m_day = digits(piece, 1, 2); break;
        case Part::ZeroDay: m_day = digits(piece, 2, 2); break;
        case Part::ZeroYearDay: m_yearDay = digits(piece, 3, 3); break;
        case Part::UnderYearDay:
            while (m_rest.starts_with(" "))
                m_rest.remove_prefix(1);
            m_yearDay = digits(piece, 1, 3);
            break;
        case Part::Hour: m_hour = digits(piece, 2, 2); break;
        case Part::Hour12: m_hour = digits(piece, 1, 2); break;
        case Part::ZeroHour12: m_hour = digits(piece, 2, 2); break;
        case Part::Minute: m_minute = digits(piece, 1, 2); break;
        case Part::ZeroMinute: m_minute = digits(piece, 2, 2); break;
        case Part::Second:
        case Part::ZeroSecond:
            m_second = digits(piece, part == Part::Second ? 1 : 2, 2);
            // A fraction may follow although the layout has none.
            if (m_rest.size() > 1 && (m_rest[0] == '.' || m_rest[0] == ',') && isDigitAt(m_rest, 1)) {
                const Found next = nextPart(m_layout, std::size_t(piece.data() - m_layout.data()) + piece.size());
                if (next.part != Part::FractionZero && next.part != Part::FractionNine)
                    fractionDigits(piece, true);
            }
            break;
        case Part::UpperPm:
        case Part::LowerPm: {
            const bool upper = part == Part::UpperPm;
            if (!m_rest.starts_with(upper ? "PM" : "pm") && !m_rest.starts_with(upper ? "AM" : "am"))
                return fail(piece);
            m_isPm = (m_rest[0] | 0x20) == 'p';
            m_isAm = !m_isPm;
            m_rest.remove_prefix(2);
            break;
        }
        case Part::NumZone: zoneOffset(piece, false, true, false); break;
        case Part::NumZoneColon: zoneOffset(piece, true, true, false); break;
        case Part::NumZoneShort: zoneOffset(piece, false, false, false); break;
        case Part::IsoZone: zoneOffset(piece, false, true, true); break;
        case Part::IsoZoneColon: zoneOffset(piece, true, true, true); break;
        case Part::IsoZoneShort: zoneOffset(piece, false, false, true); break;
        case Part::Zone: {
            std::size_t end = 0;
            while (end < m_rest.size() && m_rest[end] >= 'A' && m_rest[end] <= 'Z')
                ++end;
            if (end < 3 || end > 5)
                return fail(piece);
            m_zone = std::string(m_rest.substr(0, end));
            m_rest.remove_prefix(end);
            break;
        }
        case Part::FractionZero: fractionDigits(piece, false); break;
        case Part::FractionNine: fractionDigits(piece, true); break;
        case Part::None: break;
        }
    }

    void finish()
    {
        if (m_month < 1 || m_month > 12)
            return outOfRange("month");
        const std::int64_t monthDays = daysOf(m_year, m_month + 1, 1) - daysOf(m_year, m_month, 1);
        if (m_yearDay < 0 && (m_day < 1 || m_day > monthDays))
            return outOfRange("day");
        if (m_hour > 23)
            return outOfRange("hour");
        if (m_minute > 59)
            return outOfRange("minute");
        if (m_second > 59)
            return outOfRange("second");
        if (m_isPm && m_hour < 12)
            m_hour += 12;
        else if (m_isAm && m_hour == 12)
            m_hour = 0;
        m_time.seconds = m_yearDay > 0 ? secondsOf(m_year, 1, m_yearDay, m_hour, m_minute, m_second) : secondsOf(m_year, m_month, m_day, m_hour, m_minute, m_second);
        m_time.seconds -= m_offset;
        m_time.nanoseconds = m_nano;
        m_time.offset = m_offset;
        if (!m_zone.empty())
            m_time.zone = m_zone;
        else if (m_offset != 0)
            m_time.zone.clear();
    }

    std::string_view m_layout;
    std::string_view m_text;
    std::string_view m_rest;
    std::string m_error;
    GoTime m_time;
    std::string m_zone;
    std::int64_t m_year = 0;
    int m_month = 1;
    int m_day = 1;
    int m_yearDay = -1;
    int m_hour = 0;
    int m_minute = 0;
    int m_second = 0;
    std::int32_t m_nano = 0;
    std::int32_t m_offset = 0;
    bool m_isPm = false;
    bool m_isAm = false;
};

} // namespace

GoTime GoTime::fromMs(std::int64_t ms)
{
    GoTime out;
    out.seconds = floorDiv(ms, 1000);
    out.nanoseconds = std::int32_t((ms - out.seconds * 1000) * 1000000);
    return out;
}

std::int64_t GoTime::toMs() const
{
    return seconds * 1000 + nanoseconds / 1000000;
}

GoTime GoTime::plus(std::int64_t more) const
{
    GoTime out = *this;
    const std::int64_t total = nanoseconds + more % kNano;
    out.seconds += more / kNano + floorDiv(total, kNano);
    out.nanoseconds = std::int32_t(total - floorDiv(total, kNano) * kNano);
    return out;
}

std::int64_t GoTime::minus(const GoTime& other) const
{
    const std::int64_t whole = seconds - other.seconds;
    if (whole > 9223372035)
        return std::numeric_limits<std::int64_t>::max();
    if (whole < -9223372035)
        return std::numeric_limits<std::int64_t>::min();
    return whole * kNano + nanoseconds - other.nanoseconds;
}

GoTime GoTime::utc() const
{
    GoTime out = *this;
    out.offset = 0;
    out.zone = "UTC";
    return out;
}

std::optional<GoTime> GoTime::in(const std::string& name) const
{
    if (name.empty() || name == "UTC")
        return utc();
    const QTimeZone zone(QByteArray::fromStdString(name));
    if (!zone.isValid())
        return {};
    const QDateTime moment = QDateTime::fromSecsSinceEpoch(seconds, Qt::UTC);
    GoTime out = *this;
    out.offset = zone.offsetFromUtc(moment);
    out.zone = zone.abbreviation(moment).toStdString();
    return out;
}

std::int64_t secondsOf(std::int64_t year, int month, int day, int hour, int minute, int second)
{
    return (daysOf(year, month, 1) + day - 1) * 86400 + std::int64_t(hour) * 3600 + std::int64_t(minute) * 60 + second;
}

GoCivil civilOf(const GoTime& time)
{
    const std::int64_t local = time.seconds + time.offset;
    const std::int64_t days = floorDiv(local, 86400);
    const int rest = int(local - days * 86400);
    const std::int64_t shifted = days + 719468;
    const std::int64_t era = floorDiv(shifted, 146097);
    const std::int64_t ofEra = shifted - era * 146097;
    const std::int64_t yearOfEra = (ofEra - ofEra / 1460 + ofEra / 36524 - ofEra / 146096) / 365;
    const std::int64_t dayOfYear = ofEra - (365 * yearOfEra + yearOfEra / 4 - yearOfEra / 100);
    const std::int64_t fromMarch = (5 * dayOfYear + 2) / 153;
    GoCivil out;
    out.day = int(dayOfYear - (153 * fromMarch + 2) / 5 + 1);
    out.month = int(fromMarch < 10 ? fromMarch + 3 : fromMarch - 9);
    out.year = yearOfEra + era * 400 + (out.month <= 2 ? 1 : 0);
    out.hour = rest / 3600;
    out.minute = rest % 3600 / 60;
    out.second = rest % 60;
    const std::int64_t weekday = (days + 4) % 7;
    out.weekday = int(weekday < 0 ? weekday + 7 : weekday);
    out.yearDay = int(days - daysOf(out.year, 1, 1) + 1);
    return out;
}

std::string_view monthName(int month)
{
    return month >= 1 && month <= 12 ? kMonths[std::size_t(month - 1)] : std::string_view();
}

std::string_view weekdayName(int weekday)
{
    return weekday >= 0 && weekday < 7 ? kDays[std::size_t(weekday)] : std::string_view();
}

std::string formatTime(const GoTime& time, std::string_view layout)
{
    const GoCivil civil = civilOf(time);
    const int hour12 = civil.hour % 12 == 0 ? 12 : civil.hour % 12;
    std::string out;
    std::size_t from = 0;
    while (true) {
        const Found found = nextPart(layout, from);
        out += layout.substr(from, found.at - from);
        if (found.part == Part::None)
            return out;
        const std::string_view piece = layout.substr(found.at, found.length);
        from = found.at + found.length;
        switch (found.part) {
        case Part::LongYear: out += padded(civil.year, 4); break;
        case Part::Year: out += padded(civil.year % 100, 2); break;
        case Part::LongMonth: out += monthName(civil.month); break;
        case Part::ShortMonth: out += monthName(civil.month).substr(0, 3); break;
        case Part::NumMonth: out += std::to_string(civil.month); break;
        case Part::ZeroMonth: out += padded(civil.month, 2); break;
        case Part::LongDay: out += weekdayName(civil.weekday); break;
        case Part::ShortDay: out += weekdayName(civil.weekday).substr(0, 3); break;
        case Part::Day: out += std::to_string(civil.day); break;
        case Part::UnderDay: out += padded(civil.day, 2, ' '); break;
        case Part::ZeroDay: out += padded(civil.day, 2); break;
        case Part::ZeroYearDay: out += padded(civil.yearDay, 3); break;
        case Part::UnderYearDay: out += padded(civil.yearDay, 3, ' '); break;
        case Part::Hour: out += padded(civil.hour, 2); break;
        case Part::Hour12: out += std::to_string(hour12); break;
        case Part::ZeroHour12: out += padded(hour12, 2); break;
        case Part::Minute: out += std::to_string(civil.minute); break;
        case Part::ZeroMinute: out += padded(civil.minute, 2); break;
        case Part::Second: out += std::to_string(civil.second); break;
        case Part::ZeroSecond: out += padded(civil.second, 2); break;
        case Part::UpperPm: out += civil.hour >= 12 ? "PM" : "AM"; break;
        case Part::LowerPm: out += civil.hour >= 12 ? "pm" : "am"; break;
        case Part::Zone: out += time.zone.empty() ? zoneText(time.offset, false, time.offset % 3600 != 0) : time.zone; break;
        case Part::NumZone: out += zoneText(time.offset, false, true); break;
        case Part::NumZoneColon: out += zoneText(time.offset, true, true); break;
        case Part::NumZoneShort: out += zoneText(time.offset, false, false); break;
        case Part::IsoZone:
        case Part::IsoZoneColon:
        case Part::IsoZoneShort:
            out += time.offset == 0 ? "Z" : zoneText(time.offset, found.part == Part::IsoZoneColon, found.part != Part::IsoZoneShort);
            break;
        case Part::FractionZero: out += fraction(time.nanoseconds, piece, false); break;
        case Part::FractionNine: out += fraction(time.nanoseconds, piece, true); break;
        case Part::None: break;
        }
    }
}

std::string printTime(const GoTime& time)
{
    return formatTime(time, "2006-01-02 15:04:05.999999999 -0700 MST");
}

GoTimeParsed parseTime(std::string_view layout, std::string_view text)
{
    return Reader(layout, text).run();
}

std::string printDuration(std::int64_t nanoseconds)
{
    if (nanoseconds == 0)
        return "0s";
    const bool negative = nanoseconds < 0;
    const std::uint64_t all = negative ? 0 - std::uint64_t(nanoseconds) : std::uint64_t(nanoseconds);
    const auto decimals = [](std::uint64_t value, std::uint64_t unit) {
        std::string out = std::to_string(value / unit);
        std::string rest = std::to_string(value % unit + unit).substr(1);
        while (!rest.empty() && rest.back() == '0')
            rest.pop_back();
        return rest.empty() ? out : out + '.' + rest;
    };
    std::string out = negative ? "-" : "";
    if (all < 1000)
        return out + std::to_string(all) + "ns";
    if (all < 1000000)
        return out + decimals(all, 1000) + "\u00b5s";
    if (all < std::uint64_t(kNano))
        return out + decimals(all, 1000000) + "ms";
    const std::uint64_t seconds = all / std::uint64_t(kNano);
    if (seconds >= 3600)
        out += std::to_string(seconds / 3600) + 'h';
    if (seconds >= 60)
        out += std::to_string(seconds % 3600 / 60) + 'm';
    return out + decimals(all % (60 * std::uint64_t(kNano)), std::uint64_t(kNano)) + 's';
}

} // namespace Promdeck::Config
