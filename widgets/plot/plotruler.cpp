#include "widgets/plot/plotruler.h"

#include "widgets/plot/axistext.h"

#include <QCoreApplication>

#include <algorithm>
#include <cmath>

using namespace Qt::StringLiterals;

namespace Promdeck {

namespace {

QString tr(const char* text)
{
    return QCoreApplication::translate("PlotCanvas", text);
}

/// "2 d 3 h", "5 min 12 s", "340 ms": the two largest units.
QString spanText(qint64 ms)
{
    struct Unit
    {
        qint64 ms;
        const char* name;
    };
    static constexpr Unit kUnits[] {{86'400'000, QT_TRANSLATE_NOOP("PlotCanvas", "d")}, {3'600'000, QT_TRANSLATE_NOOP("PlotCanvas", "h")},
                                    {60'000, QT_TRANSLATE_NOOP("PlotCanvas", "min")}, {1000, QT_TRANSLATE_NOOP("PlotCanvas", "s")},
                                    {1, QT_TRANSLATE_NOOP("PlotCanvas", "ms")}};
    QStringList parts;
    for (const Unit& unit : kUnits) {
        const qint64 count = ms / unit.ms;
        ms %= unit.ms;
        if (count > 0)
            parts << QString::number(count) + u' ' + tr(unit.name);
        else if (!parts.isEmpty())
            break;
        if (parts.size() == 2)
            break;
    }
    return parts.isEmpty() ? u"0 s"_s : parts.join(u' ');
}

QString signedText(const SeriesModel& series, const AxisModel* axis, double value, const QString& timeZone)
{
    const QString text = valueText(series, axis, std::abs(value), timeZone);
    return (value < 0 ? u"\u2212"_s : value > 0 ? u"+"_s : u"\u00b1"_s) + text;
}

/// The largest unit of time that fits twice into a span: a slope per second says little about a day.
std::pair<double, QString> slopeUnit(qint64 spanMs)
{
    if (spanMs >= 2 * 86'400'000LL)
        return {86'400, tr("per d")};
    if (spanMs >= 2 * 3'600'000)
        return {3600, tr("per h")};
    if (spanMs >= 2 * 60'000)
        return {60, tr("per min")};
    return {1, tr("per s")};
}

} // namespace

std::vector<Measure> measures(const TimeSeriesModel& model, const RenderedPlot& rendered, qint64 a, qint64 b)
{
    const qint64 from = std::min(a, b);
    const qint64 to = std::max(a, b);
    std::vector<Measure> all;
    for (const PreparedSeries& prepared : rendered.plot.series) {
        const SeriesModel& series = model.series[size_t(prepared.index)];
        const auto& times = series.times.times();
        const auto& values = series.values.numbers();
        const size_t count = std::min(times.size(), values.size());
        if (series.style.hideTooltip || count < 2)
            continue;
        const auto end = times.begin() + std::ptrdiff_t(count);
        auto begin = size_t(std::lower_bound(times.begin(), end, from) - times.begin());
        auto past = size_t(std::upper_bound(times.begin(), end, to) - times.begin());
        // The nearer neighbour outside is as good an end as the one inside.
        if (begin > 0 && begin < count && from - times[begin - 1] < times[begin] - from)
            --begin;
        if (past > 0 && past < count && times[past] - to < to - times[past - 1])
            ++past;
        Measure measure;
        measure.series = prepared.index;
        double seconds = 0;
        std::optional<size_t> before;
        bool any = false;
        for (size_t row = begin; row < past; ++row) {
            if (std::isnan(values[row])) {
                before.reset();
                continue;
            }
            if (!any) {
                measure.first = values[row];
                measure.firstMs = times[row];
                any = true;
            }
            measure.last = values[row];
            measure.lastMs = times[row];
            if (before) {
                const double width = double(times[row] - times[*before]) / 1000;
                measure.area += (values[row] + values[*before]) / 2 * width;
                seconds += width;
            }
            before = row;
        }
        if (!any || measure.lastMs <= measure.firstMs)
            continue;
        measure.perSecond = (measure.last - measure.first) / (double(measure.lastMs - measure.firstMs) / 1000);
        measure.mean = seconds > 0 ? measure.area / seconds : (measure.first + measure.last) / 2;
        all.push_back(measure);
    }
    return all;
}

TooltipContent rulerContent(const TimeSeriesModel& model, const RenderedPlot& rendered, qint64 a, qint64 b,
                            const QString& timeZone, int nearestSeries, int maxRows)
{
    const QTimeZone zone = timeZoneByName(timeZone);
    const QString format = u"yyyy-MM-dd HH:mm:ss"_s;
    TooltipContent content;
    content.title = timeText(std::min(a, b), zone, format) + u" \u2013 "_s + timeText(std::max(a, b), zone, format) + u"  \u00b7  "_s
        + spanText(std::abs(b - a));
    std::vector<Measure> all = measures(model, rendered, a, b);
    std::stable_partition(all.begin(), all.end(), [&](const Measure& one) { return one.series == nearestSeries; });
    const auto [seconds, per] = slopeUnit(std::abs(b - a));
    const size_t most = size_t(std::max(1, maxRows / 2));
    for (size_t i = 0; i < std::min(all.size(), most); ++i) {
        const Measure& one = all[i];
        const SeriesModel& series = model.series[size_t(one.series)];
        const AxisModel* axis = series.axis >= 0 && size_t(series.axis) < model.axes.size() ? &model.axes[size_t(series.axis)] : nullptr;
        const auto text = [&](double value) { return valueText(series, axis, value, timeZone); };
        content.rows.push_back({toQColor(series.color), series.name, signedText(series, axis, one.last - one.first, timeZone),
                                one.series == nearestSeries && all.size() > 1});
        content.rows.push_back({QColor(Qt::transparent), text(one.first) + u" \u2192 "_s + text(one.last),
                                tr("%1 %2, mean %3, area %4 s")
                                    .arg(signedText(series, axis, one.perSecond * seconds, timeZone), per, text(one.mean),
                                         QString::number(one.area, 'g', 4)),
                                false});
    }
    content.left = int(all.size() - std::min(all.size(), most));
    return content;
}

} // namespace Promdeck
