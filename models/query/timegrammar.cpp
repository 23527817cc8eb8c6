#include "models/query/timegrammar.h"

#include <QDateTime>
#include <QHash>
#include <QTimeZone>

namespace Promdeck {

using namespace Qt::StringLiterals;

namespace {

QTimeZone zoneFor(const QString& name)
{
    if (name.isEmpty() || name == u"browser")
        return QTimeZone::systemTimeZone();
    if (name.compare(u"utc", Qt::CaseInsensitive) == 0)
        return QTimeZone::utc();
    const QTimeZone zone(name.toLatin1());
    return zone.isValid() ? zone : QTimeZone::systemTimeZone();
}

Error syntaxError(const QString& text, const QString& why)
{
    return makeError(ErrorCode::Syntax, u"\"%1\" is not a time"_s.arg(text), why,
                     u"Examples: now, now-6h, now/d, 2026-01-31 10:00:00, 1767225600000"_s);
}

/// What a unit letter of the grammar means. Fiscal units count from the fiscal year's first month.
enum class TimeUnit { Second, Minute, Hour, Day, Week, Month, Quarter, Year };

struct Rounding
{
    int weekStart = 1;        ///< 0 Sunday, 1 Monday, 6 Saturday
    int fiscalYearStartMonth = 0;
};

std::optional<TimeUnit> unitFor(QChar letter)
{
    switch (letter.unicode()) {
    case u's': return TimeUnit::Second;
    case u'm': return TimeUnit::Minute;
    case u'h': return TimeUnit::Hour;
    case u'd': return TimeUnit::Day;
    case u'w': return TimeUnit::Week;
    case u'M': return TimeUnit::Month;
    case u'Q': return TimeUnit::Quarter;
    case u'y': return TimeUnit::Year;
    default: return {};
    }
}

/// Hours and shorter are exact; days and longer follow the calendar of the zone.
QDateTime shifted(const QDateTime& time, int count, TimeUnit unit)
{
    switch (unit) {
    case TimeUnit::Second: return time.addSecs(count);
    case TimeUnit::Minute: return time.addSecs(qint64(count) * 60);
    case TimeUnit::Hour: return time.addSecs(qint64(count) * 3600);
    case TimeUnit::Day: return time.addDays(count);
    case TimeUnit::Week: return time.addDays(qint64(count) * 7);
    case TimeUnit::Month: return time.addMonths(count);
    case TimeUnit::Quarter: return time.addMonths(count * 3);
    case TimeUnit::Year: return time.addYears(count);
    }
    return time;
}

QDateTime startOf(const QDateTime& time, TimeUnit unit, const Rounding& rounding, bool fiscal)
{
    const QDate date = time.date();
    const auto midnight = [&](QDate day) { return day.startOfDay(time.timeZone()); };
    const int firstMonth = fiscal ? rounding.fiscalYearStartMonth : 0;
    switch (unit) {
    case TimeUnit::Second: return time.addMSecs(-time.time().msec());
    case TimeUnit::Minute: return time.addMSecs(-(time.time().msecsSinceStartOfDay() % 60000));
    case TimeUnit::Hour: return time.addMSecs(-(time.time().msecsSinceStartOfDay() % 3600000));
    case TimeUnit::Day: return midnight(date);
    case TimeUnit::Week: return midnight(date.addDays(-((date.dayOfWeek() - rounding.weekStart + 7) % 7)));
    case TimeUnit::Month: return midnight(QDate(date.year(), date.month(), 1));
    case TimeUnit::Quarter: {
        const int back = (date.month() - 1 - firstMonth + 12) % 3;
        return midnight(QDate(date.year(), date.month(), 1).addMonths(-back));
    }
    case TimeUnit::Year: {
        const int back = (date.month() - 1 - firstMonth + 12) % 12;
        return midnight(QDate(date.year(), date.month(), 1).addMonths(-back));
    }
    }
    return time;
}

QDateTime endOf(const QDateTime& time, TimeUnit unit, const Rounding& rounding, bool fiscal)
{
    return shifted(startOf(time, unit, rounding, fiscal), 1, unit).addMSecs(-1);
}

/// Applies "-6h/d" and the like.
Result<qint64> applyMath(QDateTime time, QStringView math, bool roundUp, const Rounding& rounding, const QString& text)
{
    qsizetype at = 0;
    while (at < math.size()) {
        const QChar operation = math[at++];
        if (operation.isSpace())
            continue;
        if (operation != u'/' && operation != u'+' && operation != u'-')
            return syntaxError(text, u"expected +, - or / instead of \"%1\""_s.arg(operation));
        const qsizetype digits = at;
        while (at < math.size() && math[at].isDigit())
            ++at;
        bool numeric = true;
        const int count = at > digits ? math.mid(digits, at - digits).toInt(&numeric) : 1;
        if (!numeric || count > 100000)
            return syntaxError(text, u"the number is too large"_s);
        const bool fiscal = at + 1 < math.size() && math[at] == u'f';
        at += fiscal;
        const auto unit = at < math.size() ? unitFor(math[at++]) : std::nullopt;
        if (!unit || (fiscal && *unit != TimeUnit::Quarter && *unit != TimeUnit::Year))
            return syntaxError(text, u"expected a unit: s m h d w M Q y fQ fy"_s);
        if (operation == u'/') {
            if (count != 1)
                return syntaxError(text, u"only single units can be rounded to"_s);
            time = roundUp ? endOf(time, *unit, rounding, fiscal) : startOf(time, *unit, rounding, fiscal);
        } else {
            time = shifted(time, operation == u'+' ? count : -count, *unit);
        }
        if (!time.isValid())
            return syntaxError(text, u"out of range"_s);
    }
    return time.toMSecsSinceEpoch();
}

/// ISO dates and times; without a zone they are read in `zone`.
std::optional<QDateTime> parseAbsolute(const QString& text, const QTimeZone& zone)
{
    QString iso = text.trimmed();
    if (iso.size() > 10 && iso[10] == u' ')
        iso[10] = u'T';
    QDateTime time = QDateTime::fromString(iso, Qt::ISODateWithMs);
    if (!time.isValid())
        time = QDateTime::fromString(iso, Qt::ISODate);
    if (!time.isValid())
        return {};
    if (time.timeSpec() == Qt::LocalTime)
        return QDateTime(time.date(), time.time(), zone);
    return time;
}

struct IntervalUnit
{
    QStringView name;
    qint64 ms;
    QStringView word;
};

constexpr qint64 kSecond = 1000;
constexpr qint64 kMinute = 60 * kSecond;
constexpr qint64 kHour = 60 * kMinute;
constexpr qint64 kDay = 24 * kHour;

/// Longest first. Months and years as Grafana's interval arithmetic has them: 30 and 365 days.
const IntervalUnit kUnits[] = {
    {u"y", 365 * kDay, u"year"}, {u"M", 30 * kDay, u"month"}, {u"w", 7 * kDay, u"week"}, {u"d", kDay, u"day"},
    {u"h", kHour, u"hour"}, {u"m", kMinute, u"minute"}, {u"s", kSecond, u"second"}, {u"ms", 1, u"millisecond"},
};

QString lastN(QStringView span)
{
    qsizetype digits = 0;
    while (digits < span.size() && span[digits].isDigit())
        ++digits;
    const QStringView unit = span.mid(digits);
    const QString count = digits ? span.left(digits).toString() : u"1"_s;
    for (const IntervalUnit& known : kUnits) {
        if (known.name == unit)
            return u"Last %1 %2%3"_s.arg(count, known.word, count == u"1" ? QString() : u"s"_s);
    }
    return {};
}

} // namespace

Result<qint64> parseTime(const QString& text, qint64 nowMs, bool roundUp, const QString& timeZone, int weekStart,
                         int fiscalYearStartMonth)
{
    const QString trimmed = text.trimmed();
    const QTimeZone zone = zoneFor(timeZone);
    const Rounding rounding {weekStart, fiscalYearStartMonth};
    if (trimmed.startsWith(u"now")) {
        const QDateTime now = QDateTime::fromMSecsSinceEpoch(nowMs, zone);
        return applyMath(now, QStringView(trimmed).mid(3), roundUp, rounding, trimmed);
    }
    bool numeric = false;
    const qint64 epoch = trimmed.toLongLong(&numeric);
    if (numeric)
        return epoch;
    const qsizetype bars = trimmed.indexOf(u"||");
    const auto absolute = parseAbsolute(bars < 0 ? trimmed : trimmed.left(bars), zone);
    if (!absolute)
        return syntaxError(trimmed, {});
    if (bars < 0)
        return absolute->toMSecsSinceEpoch();
    return applyMath(*absolute, QStringView(trimmed).mid(bars + 2), roundUp, rounding, trimmed);
}

Result<TimeRange> parseTimeRange(const RawTimeRange& range, qint64 nowMs, const QString& timeZone)
{
    const Result<qint64> from = parseTime(range.from, nowMs, false, timeZone);
    if (!from)
        return from.error();
    const Result<qint64> to = parseTime(range.to, nowMs, true, timeZone);
    if (!to)
        return to.error();
    // A range written backwards is shown the right way round, as Grafana's picker does.
    return TimeRange {std::min(*from, *to), std::max(*from, *to)};
}

Result<qint64> parseInterval(const QString& text)
{
    QString rest = text.trimmed();
    if (rest.startsWith(u'>') || rest.startsWith(u'<'))
        rest = rest.mid(1).trimmed();
    const auto error = [&] {
        return makeError(ErrorCode::Syntax, u"\"%1\" is not an interval"_s.arg(text), {},
                         u"Examples: 15s, 1m, 1h30m, 1d"_s);
    };
    bool numeric = false;
    const double bare = rest.toDouble(&numeric);
    if (numeric && bare >= 0 && bare < 1e12)
        return qint64(bare * 1000);
    if (rest.isEmpty())
        return error();
    double total = 0;
    QStringView left = rest;
    while (!left.isEmpty()) {
        qsizetype end = 0;
        while (end < left.size() && (left[end].isDigit() || left[end] == u'.'))
            ++end;
        bool ok = false;
        const double count = left.left(end).toDouble(&ok);
        qsizetype unitEnd = end;
        while (unitEnd < left.size() && left[unitEnd].isLetter())
            ++unitEnd;
        const QStringView unit = left.mid(end, unitEnd - end);
        const auto* known = std::find_if(std::begin(kUnits), std::end(kUnits), [&](const IntervalUnit& u) { return u.name == unit; });
        if (!ok || known == std::end(kUnits))
            return error();
        total += count * double(known->ms);
        left = left.mid(unitEnd);
    }
    if (!(total < 9e15))
        return error();
    return qint64(total);
}

QString intervalText(qint64 ms)
{
    // Only whole units of the largest fitting one, as Grafana prints them: 90 s is "1m".
    for (const IntervalUnit& unit : kUnits) {
        if (unit.name == u"M" || unit.name == u"w")
            continue;
        if (ms >= unit.ms)
            return QString::number(ms / unit.ms) + unit.name.toString();
    }
    return u"1ms"_s;
}

QString describeRange(const RawTimeRange& range)
{
    static const QHash<QString, QString> known {
        {u"now-1d/d now-1d/d"_s, u"Yesterday"_s},
        {u"now-2d/d now-2d/d"_s, u"Day before yesterday"_s},
        {u"now-7d/d now-7d/d"_s, u"This day last week"_s},
        {u"now-1w/w now-1w/w"_s, u"Previous week"_s},
        {u"now-1M/M now-1M/M"_s, u"Previous month"_s},
        {u"now-1Q/fQ now-1Q/fQ"_s, u"Previous fiscal quarter"_s},
        {u"now-1y/y now-1y/y"_s, u"Previous year"_s},
        {u"now-1y/fy now-1y/fy"_s, u"Previous fiscal year"_s},
        {u"now/d now/d"_s, u"Today"_s},
        {u"now/d now"_s, u"Today so far"_s},
        {u"now/w now/w"_s, u"This week"_s},
        {u"now/w now"_s, u"This week so far"_s},
        {u"now/M now/M"_s, u"This month"_s},
        {u"now/M now"_s, u"This month so far"_s},
        {u"now/y now/y"_s, u"This year"_s},
        {u"now/y now"_s, u"This year so far"_s},
        {u"now/fQ now/fQ"_s, u"This fiscal quarter"_s},
        {u"now/fQ now"_s, u"This fiscal quarter so far"_s},
        {u"now/fy now/fy"_s, u"This fiscal year"_s},
        {u"now/fy now"_s, u"This fiscal year so far"_s},
    };
    const QString from = range.from.trimmed();
    const QString to = range.to.trimmed();
    const auto it = known.find(from + u' ' + to);
    if (it != known.end())
        return *it;
    if (to == u"now" && from.startsWith(u"now-")) {
        const QString text = lastN(QStringView(from).mid(4));
        if (!text.isEmpty())
            return text;
    }
    return u"%1 to %2"_s.arg(from, to);
}

} // namespace Promdeck
