#include "models/frame/dateformat.h"

#include <QHash>
#include <QLocale>
#include <QTimeZone>

#include <cmath>

using namespace Qt::StringLiterals;

namespace Promdeck {

namespace {

constexpr double kLimitMs = 8.64e15; // what a JavaScript Date can hold, either side of the epoch

/// Making a QTimeZone reads a file, so each thread keeps those it met.
const QTimeZone& zoneFor(const QString& name)
{
    thread_local QHash<QString, QTimeZone> zones;
    auto it = zones.find(name);
    if (it == zones.end()) {
        QTimeZone zone = QTimeZone::utc();
        if (name == "browser"_L1 || name == "local"_L1) {
            zone = QTimeZone::systemTimeZone();
        } else if (!name.isEmpty() && name.compare("utc"_L1, Qt::CaseInsensitive) != 0) {
            const QTimeZone named(name.toUtf8());
            if (named.isValid())
                zone = named;
        }
        it = zones.insert(name, zone);
    }
    return *it;
}

struct Broken
{
    qint64 ms = 0;
    QDate date;
    int hour = 0;
    int minute = 0;
    int second = 0;
    int milli = 0;
    int offsetSeconds = 0;
    QString abbreviation;
};

Broken breakDown(qint64 ms, const QTimeZone& zone)
{
    Broken parts;
    parts.ms = ms;
    if (zone != QTimeZone::utc()) {
        const QTimeZone::OffsetData data = zone.offsetData(QDateTime::fromMSecsSinceEpoch(ms, Qt::UTC));
        parts.offsetSeconds = data.offsetFromUtc;
        parts.abbreviation = data.abbreviation;
    } else {
        parts.abbreviation = u"UTC"_s;
    }
    constexpr qint64 day = 86'400'000;
    const qint64 local = ms + qint64(parts.offsetSeconds) * 1000;
    qint64 days = local / day;
    qint64 rest = local % day;
    if (rest < 0) {
        rest += day;
        --days;
    }
    parts.date = QDate::fromJulianDay(days + 2'440'588);
    parts.hour = int(rest / 3'600'000);
    parts.minute = int(rest / 60'000 % 60);
    parts.second = int(rest / 1000 % 60);
    parts.milli = int(rest % 1000);
    return parts;
}

QString padded(qint64 value, int width)
{
    QString text = QString::number(std::abs(value)).rightJustified(width, u'0');
    return value < 0 ? u'-' + text : text;
}

QString ordinal(int value)
{
    const int tail = value % 10;
    const bool teen = value % 100 / 10 == 1;
    const QString suffix = teen ? u"th"_s : tail == 1 ? u"st"_s : tail == 2 ? u"nd"_s : tail == 3 ? u"rd"_s : u"th"_s;
    return QString::number(value) + suffix;
}

/// English week of the year: weeks begin on Sunday and week 1 holds January 1st.
std::pair<int, int> usWeek(const QDate& date)
{
    const auto firstSunday = [](int year) {
        const QDate january(year, 1, 1);
        return january.addDays(-(january.dayOfWeek() % 7));
    };
    int year = date.year();
    if (date >= firstSunday(year + 1))
        ++year;
    else if (date < firstSunday(year))
        --year;
    return {int(firstSunday(year).daysTo(date) / 7) + 1, year};
}

QString offsetText(int seconds, const QString& separator)
{
    const int minutes = std::abs(seconds) / 60;
    return (seconds < 0 ? u"-"_s : u"+"_s) + padded(minutes / 60, 2) + separator + padded(minutes % 60, 2);
}

/// The longest token at the beginning of the pattern, as Moment.js tokenises.
qsizetype tokenLength(QStringView pattern)
{
    const QChar first = pattern[0];
    qsizetype run = 1;
    while (run < pattern.size() && pattern[run] == first)
        ++run;
    const bool withOrdinal = run < pattern.size() && pattern[run] == u'o';
    switch (first.unicode()) {
    case 'M': return run == 1 && withOrdinal ? 2 : std::min<qsizetype>(run, 4);
    case 'D':
        if (withOrdinal && (run == 1 || run == 3))
            return run + 1;
        return std::min<qsizetype>(run, 4);
    case 'd': return run == 1 && withOrdinal ? 2 : std::min<qsizetype>(run, 4);
    case 'Q': case 'w': case 'W':
        if (run == 1 && withOrdinal)
            return 2;
        return std::min<qsizetype>(run, first == u'Q' ? 1 : 2);
    case 'Y': return run >= 6 ? 6 : run >= 4 ? 4 : run >= 2 ? 2 : 1;
    case 'g': case 'G': return run >= 4 ? 4 : run >= 2 ? 2 : 1;
    case 'S': return std::min<qsizetype>(run, 9);
    case 'H': case 'h': case 'k': case 'm': case 's': case 'Z': case 'z': return std::min<qsizetype>(run, 2);
    case 'L':
        if (pattern.startsWith(u"LTS"))
            return 3;
        if (pattern.startsWith(u"LT"))
            return 2;
        return std::min<qsizetype>(run, 4);
    case 'l': return std::min<qsizetype>(run, 4);
    default: return 1;
    }
}

/// Patterns behind the locale tokens (English).
QStringView localePattern(QStringView token)
{
    if (token == u"LTS") return u"h:mm:ss A";
    if (token == u"LT") return u"h:mm A";
    if (token == u"L") return u"MM/DD/YYYY";
    if (token == u"LL") return u"MMMM D, YYYY";
    if (token == u"LLL") return u"MMMM D, YYYY h:mm A";
    if (token == u"LLLL") return u"dddd, MMMM D, YYYY h:mm A";
    if (token == u"l") return u"M/D/YYYY";
    if (token == u"ll") return u"MMM D, YYYY";
    if (token == u"lll") return u"MMM D, YYYY h:mm A";
    return u"ddd, MMM D, YYYY h:mm A";
}

QString writePattern(const Broken& parts, QStringView pattern);

QString dateToken(const Broken& parts, QStringView token)
{
    static const QLocale english = QLocale::c();
    const QDate& date = parts.date;
    const int weekday = date.dayOfWeek() % 7;
    switch (token[0].unicode()) {
    case 'Y':
        if (token.size() == 2) return padded(((date.year() % 100) + 100) % 100, 2);
        if (token.size() == 6) return (date.year() < 0 ? u'-' : u'+') + padded(std::abs(date.year()), 6);
        if (token.size() == 1) return date.year() > 9999 ? u'+' + QString::number(date.year()) : QString::number(date.year());
        return date.year() > 9999 ? u'+' + QString::number(date.year()) : padded(date.year(), 4);
    case 'Q': return token.size() == 2 ? ordinal((date.month() + 2) / 3) : QString::number((date.month() + 2) / 3);
    case 'M':
        if (token == u"Mo") return ordinal(date.month());
        if (token.size() == 4) return english.standaloneMonthName(date.month(), QLocale::LongFormat);
        if (token.size() == 3) return english.standaloneMonthName(date.month(), QLocale::ShortFormat);
        return padded(date.month(), int(token.size()));
    case 'D':
        if (token == u"Do") return ordinal(date.day());
        if (token == u"DDDo") return ordinal(date.dayOfYear());
        return token.size() >= 3 ? padded(date.dayOfYear(), token.size() == 4 ? 3 : 1)
                                 : padded(date.day(), int(token.size()));
    case 'd':
        if (token == u"do") return ordinal(weekday);
        if (token.size() == 1) return QString::number(weekday);
        if (token.size() == 4) return english.standaloneDayName(date.dayOfWeek(), QLocale::LongFormat);
        return english.standaloneDayName(date.dayOfWeek(), QLocale::ShortFormat).left(token.size());
    case 'e': return QString::number(weekday);
    case 'E': return QString::number(date.dayOfWeek());
    case 'w': return token == u"wo" ? ordinal(usWeek(date).first) : padded(usWeek(date).first, int(token.size()));
    case 'W': return token == u"Wo" ? ordinal(date.weekNumber()) : padded(date.weekNumber(), int(token.size()));
    case 'g': {
        const int year = usWeek(date).second;
        return token.size() == 2 ? padded(year % 100, 2) : padded(year, 4);
    }
    default: {
        int year = 0;
        std::ignore = date.weekNumber(&year);
        return token.size() == 2 ? padded(year % 100, 2) : padded(year, 4);
    }
    }
}

QString timeToken(const Broken& parts, QStringView token)
{
    const int width = int(token.size());
    const int twelve = parts.hour % 12 == 0 ? 12 : parts.hour % 12;
    switch (token[0].unicode()) {
    case 'H': return padded(parts.hour, width);
    case 'h': return padded(twelve, width);
    case 'k': return padded(parts.hour == 0 ? 24 : parts.hour, width);
    case 'm': return padded(parts.minute, width);
    case 's': return padded(parts.second, width);
    case 'S': return padded(parts.milli, 3).leftJustified(9, u'0').left(width);
    case 'A': return parts.hour < 12 ? u"AM"_s : u"PM"_s;
    case 'a': return parts.hour < 12 ? u"am"_s : u"pm"_s;
    case 'Z': return offsetText(parts.offsetSeconds, width == 1 ? u":"_s : QString());
    case 'z': return parts.abbreviation;
    case 'X': return QString::number(qint64(std::floor(double(parts.ms) / 1000)));
    default: return QString::number(parts.ms); // x
    }
}

QString writePattern(const Broken& parts, QStringView pattern)
{
    QString text;
    qsizetype at = 0;
    while (at < pattern.size()) {
        const QChar c = pattern[at];
        if (c == u'[') {
            const qsizetype end = pattern.indexOf(u']', at);
            if (end > at) {
                text += pattern.mid(at + 1, end - at - 1);
                at = end + 1;
                continue;
            }
        }
        if (c == u'\\' && at + 1 < pattern.size()) {
            text += pattern[at + 1];
            at += 2;
            continue;
        }
        if (!QStringView(u"MDdQwWYgGSHhkmsZzLlAaeEXx").contains(c)) {
            text += c;
            ++at;
            continue;
        }
        const QStringView token = pattern.mid(at, tokenLength(pattern.mid(at)));
        if (c == u'L' || c == u'l')
            text += writePattern(parts, localePattern(token));
        else if (QStringView(u"HhkmsSAaZzXx").contains(c))
            text += timeToken(parts, token);
        else
            text += dateToken(parts, token);
        at += token.size();
    }
    return text;
}

} // namespace

QString formatMoment(double ms, QStringView pattern, const QString& timeZone)
{
    if (!(std::abs(ms) <= kLimitMs))
        return u"Invalid date"_s;
    return writePattern(breakDown(qint64(ms), zoneFor(timeZone)), pattern);
}

QString formatFromNow(double ms, double nowMs)
{
    if (!(std::abs(ms) <= kLimitMs))
        return u"Invalid date"_s;
    const double distance = std::abs(ms - nowMs);
    const auto rounded = [&](double unit) { return qint64(std::floor(distance / unit + 0.5)); };
    const qint64 seconds = rounded(1000);
    const qint64 minutes = rounded(60'000);
    const qint64 hours = rounded(3'600'000);
    const qint64 days = rounded(86'400'000);
    // Months and years as the Gregorian average, 4800 months in 146097 days.
    const qint64 months = rounded(86'400'000 * 146'097.0 / 4800);
    const qint64 years = rounded(86'400'000 * 146'097.0 / 400);
    const auto count = [](qint64 n, const QString& unit) { return QString::number(n) + u' ' + unit; };
    const QString words = seconds <= 44 ? u"a few seconds"_s
        : minutes <= 1 ? u"a minute"_s
        : minutes < 45 ? count(minutes, u"minutes"_s)
        : hours <= 1   ? u"an hour"_s
        : hours < 22   ? count(hours, u"hours"_s)
        : days <= 1    ? u"a day"_s
        : days < 26    ? count(days, u"days"_s)
        : months <= 1  ? u"a month"_s
        : months < 11  ? count(months, u"months"_s)
        : years <= 1   ? u"a year"_s
                       : count(years, u"years"_s);
    return ms > nowMs ? u"in "_s + words : words + u" ago"_s;
}

namespace {

/// Reads digits; false when there are none.
bool takeNumber(const QString& text, qsizetype& at, int maxDigits, qint64& value)
{
    const qsizetype start = at;
    value = 0;
    while (at < text.size() && at - start < maxDigits && text[at].isDigit())
        value = value * 10 + text[at++].digitValue();
    return at > start;
}

struct Reading
{
    qint64 year = QDate::currentDate().year();
    qint64 month = 1;
    qint64 day = 1;
    qint64 hour = 0;
    qint64 minute = 0;
    qint64 second = 0;
    qint64 milli = 0;
    std::optional<bool> afternoon;
    std::optional<qint64> offsetSeconds;
    std::optional<qint64> instantMs;
};

bool takeName(const QString& text, qsizetype& at, qint64& month)
{
    const QLocale english = QLocale::c();
    for (int number = 1; number <= 12; ++number) {
        for (const auto format : {QLocale::LongFormat, QLocale::ShortFormat}) {
            const QString name = english.standaloneMonthName(number, format);
            if (QStringView(text).mid(at).startsWith(name, Qt::CaseInsensitive)) {
                at += name.size();
                month = number;
                return true;
            }
        }
    }
    return false;
}

bool takeOffset(const QString& text, qsizetype& at, Reading& reading)
{
    if (at < text.size() && (text[at] == u'Z' || text[at] == u'z')) {
        ++at;
        reading.offsetSeconds = 0;
        return true;
    }
    if (at >= text.size() || (text[at] != u'+' && text[at] != u'-'))
        return false;
    const int sign = text[at++] == u'-' ? -1 : 1;
    qint64 hours = 0;
    qint64 minutes = 0;
    if (!takeNumber(text, at, 2, hours))
        return false;
    if (at < text.size() && text[at] == u':')
        ++at;
    takeNumber(text, at, 2, minutes);
    reading.offsetSeconds = sign * (hours * 3600 + minutes * 60);
    return true;
}

bool takeToken(const QString& text, qsizetype& at, QStringView token, Reading& reading)
{
    const auto skipLetters = [&] {
        while (at < text.size() && text[at].isLetter())
            ++at;
        return true;
    };
    qint64 value = 0;
    switch (token[0].unicode()) {
    case 'Y':
        if (!takeNumber(text, at, token.size() == 2 ? 2 : 4, reading.year))
            return false;
        if (token.size() == 2)
            reading.year += reading.year > 68 ? 1900 : 2000;
        return true;
    case 'M': return token.size() > 2 ? takeName(text, at, reading.month) : takeNumber(text, at, 2, reading.month);
    case 'D':
        if (!takeNumber(text, at, 2, reading.day))
            return false;
        return token.endsWith(u'o') ? skipLetters() : true;
    case 'H': case 'h': case 'k': return takeNumber(text, at, 2, reading.hour);
    case 'm': return takeNumber(text, at, 2, reading.minute);
    case 's': return takeNumber(text, at, 2, reading.second);
    case 'S': {
        const qsizetype start = at;
        if (!takeNumber(text, at, 9, value))
            return false;
        reading.milli = QStringView(text).mid(start, at - start).toString().leftJustified(3, u'0').left(3).toLongLong();
        return true;
    }
    case 'A': case 'a':
        if (at + 1 >= text.size())
            return false;
        reading.afternoon = text[at].toLower() == u'p';
        at += 2;
        return true;
    case 'd': return skipLetters();
    case 'Z': return takeOffset(text, at, reading);
    case 'X': case 'x':
        if (!takeNumber(text, at, 18, value))
            return false;
        reading.instantMs = token[0] == u'X' ? value * 1000 : value;
        return true;
    default: return false;
    }
}

std::optional<qint64> finishReading(const Reading& reading, const QString& timeZone)
{
    if (reading.instantMs)
        return reading.instantMs;
    qint64 hour = reading.hour;
    if (reading.afternoon)
        hour = hour % 12 + (*reading.afternoon ? 12 : 0);
    const QDate date(int(reading.year), int(reading.month), int(reading.day));
    const QTime time(int(hour == 24 ? 0 : hour), int(reading.minute), int(reading.second), int(reading.milli));
    if (!date.isValid() || !time.isValid())
        return std::nullopt;
    if (reading.offsetSeconds)
        return QDateTime(date, time, Qt::UTC).toMSecsSinceEpoch() - *reading.offsetSeconds * 1000;
    const QTimeZone& zone = zoneFor(timeZone);
    const QDateTime moment = zone == QTimeZone::utc() ? QDateTime(date, time, Qt::UTC) : QDateTime(date, time, zone);
    return moment.isValid() ? std::optional(moment.toMSecsSinceEpoch()) : std::nullopt;
}

std::optional<qint64> readWith(const QString& text, QStringView pattern, const QString& timeZone, bool whole)
{
    Reading reading;
    qsizetype at = 0;
    qsizetype from = 0;
    while (from < pattern.size()) {
        const QChar c = pattern[from];
        if (c == u'[') {
            const qsizetype end = pattern.indexOf(u']', from);
            const qsizetype count = end < 0 ? 0 : end - from - 1;
            if (!QStringView(text).mid(at).startsWith(pattern.mid(from + 1, count)))
                return std::nullopt;
            at += count;
            from = end < 0 ? pattern.size() : end + 1;
            continue;
        }
        if (!QStringView(u"MDdYSHhkmsZAaXx").contains(c)) {
            // Separators may differ, as Moment.js allows.
            if (at < text.size() && !text[at].isLetterOrNumber())
                ++at;
            ++from;
            continue;
        }
        const QStringView token = pattern.mid(from, tokenLength(pattern.mid(from)));
        if (!takeToken(text, at, token, reading))
            return std::nullopt;
        from += token.size();
    }
    if (whole && at != text.size())
        return std::nullopt;
    return finishReading(reading, timeZone);
}

} // namespace

std::optional<qint64> parseMoment(const QString& text, QStringView pattern, const QString& timeZone)
{
    const QString trimmed = text.trimmed();
    if (trimmed.isEmpty())
        return std::nullopt;
    if (!pattern.isEmpty())
        return readWith(trimmed, pattern, timeZone, false);
    QString iso = trimmed;
    if (iso.size() > 10 && iso[10] == u'T')
        iso[10] = u' ';
    for (const QStringView form : {QStringView(u"YYYY-MM-DD HH:mm:ss.SSSZ"), QStringView(u"YYYY-MM-DD HH:mm:ss.SSS"),
                                   QStringView(u"YYYY-MM-DD HH:mm:ssZ"), QStringView(u"YYYY-MM-DD HH:mm:ss"),
                                   QStringView(u"YYYY-MM-DD HH:mm"), QStringView(u"YYYY-MM-DD"),
                                   QStringView(u"YYYY-MM"), QStringView(u"MM/DD/YYYY HH:mm:ss"),
                                   QStringView(u"MM/DD/YYYY"), QStringView(u"YYYY")}) {
        if (const std::optional<qint64> ms = readWith(iso, form, timeZone, true))
            return ms;
    }
    return std::nullopt;
}

} // namespace Promdeck
