#include "models/query/interval.h"

#include <QDateTime>
#include <QTimeZone>

#include <cmath>

namespace Promdeck {

using namespace Qt::StringLiterals;

namespace {

constexpr double kSecond = 1000;
constexpr double kMinute = 60 * kSecond;
constexpr double kHour = 60 * kMinute;
constexpr double kDay = 24 * kHour;

struct RoundingStep
{
    double limit;
    double value;
};

constexpr RoundingStep kRounding[] = {
    {10, 1}, {15, 10}, {35, 20}, {75, 50}, {150, 100}, {350, 200}, {750, 500},
    {1.5 * kSecond, kSecond}, {3.5 * kSecond, 2 * kSecond}, {7.5 * kSecond, 5 * kSecond},
    {12.5 * kSecond, 10 * kSecond}, {17.5 * kSecond, 15 * kSecond}, {25 * kSecond, 20 * kSecond},
    {45 * kSecond, 30 * kSecond},
    {1.5 * kMinute, kMinute}, {3.5 * kMinute, 2 * kMinute}, {7.5 * kMinute, 5 * kMinute},
    {12.5 * kMinute, 10 * kMinute}, {17.5 * kMinute, 15 * kMinute}, {25 * kMinute, 20 * kMinute},
    {45 * kMinute, 30 * kMinute},
    {1.5 * kHour, kHour}, {2.5 * kHour, 2 * kHour}, {4.5 * kHour, 3 * kHour}, {9 * kHour, 6 * kHour},
    {kDay, 12 * kHour}, {7 * kDay, kDay}, {21 * kDay, 7 * kDay}, {365 * kDay, 30 * kDay},
};
constexpr double kLongest = 365 * kDay;
constexpr qint64 kMostPoints = 11000;
constexpr double kDefaultResolution = 1500;

bool isIntervalVariable(const QString& text)
{
    return text == u"$__interval" || text == u"${__interval}" || text == u"$__interval_ms" || text == u"${__interval_ms}";
}

bool isRateIntervalVariable(const QString& text)
{
    return text == u"$__rate_interval" || text == u"${__rate_interval}" || text == u"$__rate_interval_ms"
        || text == u"${__rate_interval_ms}";
}

qint64 rateInterval(qint64 intervalMs, qint64 scrapeMs)
{
    return std::max(intervalMs + scrapeMs, 4 * scrapeMs);
}

} // namespace

qint64 roundIntervalUi(double ms)
{
    for (const RoundingStep& step : kRounding) {
        if (ms < step.limit)
            return qint64(step.value);
    }
    return qint64(kLongest);
}

qint64 roundIntervalServer(double ms)
{
    for (const RoundingStep& step : kRounding) {
        if (ms <= step.limit)
            return qint64(step.value);
    }
    return qint64(kLongest);
}

qint64 panelIntervalMs(qint64 rangeMs, double maxDataPoints, qint64 minMs)
{
    const double points = maxDataPoints > 0 ? maxDataPoints : kDefaultResolution;
    return std::max(roundIntervalUi(double(rangeMs) / points), minMs);
}

StepResult calculateStep(const StepRequest& request)
{
    const QString minStep = request.minStep.trimmed();
    const bool wantsRate = isRateIntervalVariable(minStep);
    const bool isVariable = wantsRate || isIntervalVariable(minStep);
    const Result<qint64> parsed = isVariable || minStep.isEmpty() ? Result<qint64>(0) : parseInterval(minStep);
    const qint64 given = parsed.valueOr(0);
    qint64 minimum = given > 0 ? given : request.intervalMs;
    if (minimum <= 0)
        minimum = request.scrapeIntervalMs;

    const double points = request.maxDataPoints >= 1 ? std::floor(request.maxDataPoints) : kDefaultResolution;
    const double calculated = double(request.rangeMs) / points;
    const qint64 interval = calculated < double(minimum) ? minimum : roundIntervalServer(calculated);
    const qint64 safe = roundIntervalServer(double(request.rangeMs) / double(kMostPoints));
    const qint64 adjusted = std::max({interval, safe, qint64(1)});

    StepResult result;
    if (wantsRate) {
        result.stepMs = rateInterval(adjusted, request.scrapeIntervalMs);
        result.rateIntervalMs = result.stepMs;
        return result;
    }
    const qint64 factor = std::max<qint64>(1, qint64(request.intervalFactor));
    result.stepMs = adjusted * factor;
    const qint64 scrape = given > 0 ? given : isVariable ? result.stepMs : request.scrapeIntervalMs;
    result.rateIntervalMs = rateInterval(request.intervalMs, scrape);
    return result;
}

qint64 alignToStep(qint64 timeMs, qint64 stepMs, qint64 utcOffset)
{
    if (stepMs <= 0)
        return timeMs;
    const qint64 shifted = timeMs + utcOffset * 1000;
    const qint64 rest = ((shifted % stepMs) + stepMs) % stepMs;
    return timeMs - rest;
}

qint64 utcOffsetSeconds(qint64 timeMs, const QString& timeZone)
{
    if (timeZone.compare(u"utc", Qt::CaseInsensitive) == 0)
        return 0;
    QTimeZone zone = timeZone.isEmpty() || timeZone == u"browser" ? QTimeZone::systemTimeZone()
                                                                 : QTimeZone(timeZone.toLatin1());
    if (!zone.isValid())
        zone = QTimeZone::systemTimeZone();
    return zone.offsetFromUtc(QDateTime::fromMSecsSinceEpoch(timeMs, Qt::UTC));
}

QString goDurationText(qint64 ms)
{
    if (ms < 1000)
        return ms == 0 ? u"0s"_s : QString::number(ms) + u"ms"_s;
    const qint64 seconds = ms / 1000;
    QString rest = QString::number(seconds % 60);
    if (const qint64 fraction = ms % 1000) {
        QString digits = QString::number(fraction).rightJustified(3, u'0');
        while (digits.endsWith(u'0'))
            digits.chop(1);
        rest += u'.' + digits;
    }
    QString text;
    if (seconds >= 3600)
        text = QString::number(seconds / 3600) + u'h';
    if (seconds >= 60)
        text += QString::number(seconds / 60 % 60) + u'm';
    return text + rest + u's';
}

TimeRange panelTimeRange(const RawTimeRange& raw, TimeRange resolved, const QString& timeFrom, const QString& timeShift,
                         qint64 nowMs, const QString& timeZone)
{
    TimeRange range = resolved;
    const QString span = timeFrom.trimmed();
    if (!span.isEmpty() && raw.from.contains(u"now")) {
        // "now/d" names both ends; a bare span counts back from now.
        const bool whole = span.startsWith(u"now");
        const RawTimeRange own = whole ? RawTimeRange {span, span.contains(u'/') ? span : u"now"_s}
                                       : RawTimeRange {u"now-"_s + span, span.contains(u'/') ? u"now-"_s + span : u"now"_s};
        if (const auto parsed = parseTimeRange(own, nowMs, timeZone))
            range = *parsed;
    }
    const QString shift = timeShift.trimmed();
    if (!shift.isEmpty()) {
        const auto from = parseTime(u"now-"_s + shift, range.fromMs, false, timeZone);
        const auto to = parseTime(u"now-"_s + shift, range.toMs, true, timeZone);
        if (from && to)
            range = {*from, *to};
    }
    return range;
}

} // namespace Promdeck
