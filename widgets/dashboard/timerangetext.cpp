#include "widgets/dashboard/timerangetext.h"

#include <QCoreApplication>
#include <QDateTime>
#include <QTimeZone>

using namespace Qt::StringLiterals;

namespace Promdeck {

namespace {

struct Text
{
    Q_DECLARE_TR_FUNCTIONS(Promdeck::TimeRange)
};

QTimeZone zoneOf(const QString& name)
{
    if (name.isEmpty() || name == u"browser")
        return QTimeZone::systemTimeZone();
    if (name.compare(u"utc", Qt::CaseInsensitive) == 0)
        return QTimeZone::utc();
    const QTimeZone zone(name.toUtf8());
    return zone.isValid() ? zone : QTimeZone::utc();
}

std::vector<QuickRange> makeQuickRanges()
{
    const auto last = [](const QString& span, const QString& text) {
        return QuickRange {{u"now-"_s + span, u"now"_s}, text};
    };
    return {last(u"5m"_s, Text::tr("Last 5 minutes")),
            last(u"15m"_s, Text::tr("Last 15 minutes")),
            last(u"30m"_s, Text::tr("Last 30 minutes")),
            last(u"1h"_s, Text::tr("Last 1 hour")),
            last(u"3h"_s, Text::tr("Last 3 hours")),
            last(u"6h"_s, Text::tr("Last 6 hours")),
            last(u"12h"_s, Text::tr("Last 12 hours")),
            last(u"24h"_s, Text::tr("Last 24 hours")),
            last(u"2d"_s, Text::tr("Last 2 days")),
            last(u"7d"_s, Text::tr("Last 7 days")),
            last(u"30d"_s, Text::tr("Last 30 days")),
            last(u"90d"_s, Text::tr("Last 90 days")),
            last(u"6M"_s, Text::tr("Last 6 months")),
            last(u"1y"_s, Text::tr("Last 1 year")),
            {{u"now-1d/d"_s, u"now-1d/d"_s}, Text::tr("Yesterday")},
            {{u"now-7d/d"_s, u"now-7d/d"_s}, Text::tr("This day last week")},
            {{u"now-1w/w"_s, u"now-1w/w"_s}, Text::tr("Previous week")},
            {{u"now-1M/M"_s, u"now-1M/M"_s}, Text::tr("Previous month")},
            {{u"now/d"_s, u"now/d"_s}, Text::tr("Today")},
            {{u"now/d"_s, u"now"_s}, Text::tr("Today so far")},
            {{u"now/w"_s, u"now/w"_s}, Text::tr("This week")},
            {{u"now/w"_s, u"now"_s}, Text::tr("This week so far")},
            {{u"now/M"_s, u"now/M"_s}, Text::tr("This month")},
            {{u"now/M"_s, u"now"_s}, Text::tr("This month so far")},
            {{u"now/y"_s, u"now"_s}, Text::tr("This year so far")}};
}

} // namespace

const std::vector<QuickRange>& quickRanges()
{
    static const std::vector<QuickRange> ranges = makeQuickRanges();
    return ranges;
}

QString momentText(qint64 ms, const QString& timeZone)
{
    return QDateTime::fromMSecsSinceEpoch(ms, zoneOf(timeZone)).toString(u"yyyy-MM-dd HH:mm:ss"_s);
}

QString endText(const QString& end, const QString& timeZone)
{
    bool isNumber = false;
    const qint64 ms = end.toLongLong(&isNumber);
    return isNumber ? momentText(ms, timeZone) : end;
}

QString rangeText(const RawTimeRange& range, const QString& timeZone)
{
    for (const QuickRange& quick : quickRanges()) {
        if (quick.range == range)
            return quick.text;
    }
    return Text::tr("%1 to %2").arg(endText(range.from, timeZone), endText(range.to, timeZone));
}

} // namespace Promdeck
