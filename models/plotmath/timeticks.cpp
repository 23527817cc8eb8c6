#include "models/plotmath/timeticks.h"

#include <QDateTime>
#include <QLocale>

#include <array>

using namespace Qt::StringLiterals;

namespace Promdeck {

namespace {

constexpr qint64 Second = 1000;
constexpr qint64 Minute = 60 * Second;
constexpr qint64 Hour = 60 * Minute;
constexpr qint64 Day = 24 * Hour;
constexpr qint64 Month = 30 * Day;
constexpr qint64 Year = 365 * Day;
constexpr size_t MaxTicks = 500;

constexpr std::array Steps{
    1 * qint64(1),  qint64(2),       qint64(5),   qint64(10), qint64(20), qint64(50), qint64(100), qint64(200), qint64(500),
    Second,         2 * Second,  5 * Second,  10 * Second, 15 * Second, 30 * Second,
    Minute,         2 * Minute,  5 * Minute,  10 * Minute, 15 * Minute, 30 * Minute,
    Hour,           2 * Hour,    3 * Hour,    4 * Hour,   6 * Hour,   8 * Hour,   12 * Hour,
    Day,            2 * Day,     3 * Day,     5 * Day,    7 * Day,    14 * Day,
    Month,          2 * Month,   3 * Month,   6 * Month,
    Year,           2 * Year,    5 * Year,    10 * Year,  20 * Year,  50 * Year,  100 * Year};

QString formatFor(qint64 step, qint64 span)
{
    if (step < Second)
        return u"HH:mm:ss.zzz"_s;
    if (step < Minute)
        return u"HH:mm:ss"_s;
    if (span <= Day)
        return u"HH:mm"_s;
    if (step < Day)
        return u"MM/dd HH:mm"_s;
    if (step < Month && span < Year)
        return u"MM/dd"_s;
    if (step < Month)
        return u"yyyy-MM-dd"_s;
    return step < Year ? u"yyyy-MM"_s : u"yyyy"_s;
}

qint64 startOfDay(const QDate& date, const QTimeZone& zone)
{
    return date.startOfDay(zone).toMSecsSinceEpoch();
}

/// Fractions of an hour and less: zones are offset by whole quarters, so arithmetic on shifted time suffices.
void shortTicks(TimeTicks& ticks, const TimeRange& range, const QTimeZone& zone)
{
    const qint64 step = ticks.stepMs;
    const auto offset = [&zone](qint64 time) {
        return qint64(zone.offsetFromUtc(QDateTime::fromMSecsSinceEpoch(time, Qt::UTC))) * Second;
    };
    const qint64 shift = offset(range.fromMs);
    qint64 at = range.fromMs + shift;
    at += (step - at % step) % step;
    for (at -= shift; at <= range.toMs && ticks.at.size() < MaxTicks; at += step)
        ticks.at.push_back(at);
}

/// Whole hours: by the clock on the wall, so that 06:00 stays 06:00 over a change of daylight saving.
void hourTicks(TimeTicks& ticks, const TimeRange& range, const QTimeZone& zone)
{
    QDate date = QDateTime::fromMSecsSinceEpoch(range.fromMs, zone).date();
    const int hours = int(ticks.stepMs / Hour);
    qint64 last = std::numeric_limits<qint64>::min();
    for (; ticks.at.size() < MaxTicks; date = date.addDays(1)) {
        const qint64 midnight = startOfDay(date, zone);
        if (midnight > range.toMs)
            break;
        for (int hour = 0; hour < 24; hour += hours) {
            const qint64 at = hour == 0 ? midnight : QDateTime(date, QTime(hour, 0), zone).toMSecsSinceEpoch();
            // A wall-clock time that does not exist that day maps onto its neighbour: keep one of them.
            if (at >= range.fromMs && at <= range.toMs && at > last) {
                ticks.at.push_back(at);
                last = at;
            }
        }
    }
}

void dayTicks(TimeTicks& ticks, const TimeRange& range, const QTimeZone& zone)
{
    const qint64 days = ticks.stepMs / Day;
    QDate date = QDateTime::fromMSecsSinceEpoch(range.fromMs, zone).date();
    // Counting from a fixed Monday keeps ticks in place while the range moves, and weeks on Mondays.
    const qint64 since = QDate(2001, 1, 1).daysTo(date);
    date = date.addDays((days - ((since % days) + days) % days) % days);
    for (; ticks.at.size() < MaxTicks; date = date.addDays(days)) {
        const qint64 at = startOfDay(date, zone);
        if (at > range.toMs)
            break;
        if (at >= range.fromMs)
            ticks.at.push_back(at);
    }
}

void monthTicks(TimeTicks& ticks, const TimeRange& range, const QTimeZone& zone)
{
    const int months = ticks.stepMs >= Year ? int(ticks.stepMs / Year) * 12 : int(ticks.stepMs / Month);
    const QDate first = QDateTime::fromMSecsSinceEpoch(range.fromMs, zone).date();
    int index = first.year() * 12 + first.month() - 1;
    index -= index % months;
    for (; ticks.at.size() < MaxTicks; index += months) {
        const qint64 at = startOfDay(QDate(index / 12, index % 12 + 1, 1), zone);
        if (at > range.toMs)
            break;
        if (at >= range.fromMs)
            ticks.at.push_back(at);
    }
}

} // namespace

TimeTicks timeTicks(const TimeRange& range, const QTimeZone& zone, double width,
                    const std::function<double(const QString& format)>& labelWidth, double gap)
{
    TimeTicks ticks;
    const qint64 span = range.spanMs();
    if (span <= 0 || width <= 0)
        return ticks;
    ticks.stepMs = Steps.back();
    for (const qint64 step : Steps) {
        const double distance = width * double(step) / double(span);
        if (distance < gap)
            continue;
        if (distance >= labelWidth(formatFor(step, span)) + gap) {
            ticks.stepMs = step;
            break;
        }
    }
    ticks.format = formatFor(ticks.stepMs, span);
    if (ticks.stepMs < Hour)
        shortTicks(ticks, range, zone);
    else if (ticks.stepMs < Day)
        hourTicks(ticks, range, zone);
    else if (ticks.stepMs < Month)
        dayTicks(ticks, range, zone);
    else
        monthTicks(ticks, range, zone);
    return ticks;
}

QTimeZone timeZoneByName(const QString& name)
{
    if (name.isEmpty() || name.compare("utc"_L1, Qt::CaseInsensitive) == 0)
        return QTimeZone::utc();
    if (name == "browser"_L1 || name == "local"_L1)
        return QTimeZone::systemTimeZone();
    const QTimeZone zone(name.toUtf8());
    return zone.isValid() ? zone : QTimeZone::utc();
}

QString timeText(qint64 timeMs, const QTimeZone& zone, const QString& format)
{
    return QLocale::c().toString(QDateTime::fromMSecsSinceEpoch(timeMs, zone), format);
}

QString zoneName(const QTimeZone& zone, qint64 timeMs)
{
    return zone.abbreviation(QDateTime::fromMSecsSinceEpoch(timeMs, Qt::UTC));
}

} // namespace Promdeck
