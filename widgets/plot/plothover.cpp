#include "widgets/plot/plothover.h"

#include "widgets/plot/axistext.h"

#include <algorithm>
#include <cmath>

using namespace Qt::StringLiterals;

namespace Promdeck {

namespace {

struct Found
{
    qsizetype row = -1;
    qint64 spacing = 0; ///< how far away a sample still counts
};

/// The nearest row with a value: rows are equally good left and right, gaps are stepped over once.
Found nearestRow(const Column::Times& times, const Column::Numbers& values, qint64 timeMs)
{
    const auto count = std::min(times.size(), values.size());
    if (count == 0)
        return {};
    const auto end = times.begin() + std::ptrdiff_t(count);
    auto row = size_t(std::lower_bound(times.begin(), end, timeMs) - times.begin());
    if (row == count || (row > 0 && timeMs - times[row - 1] < times[row] - timeMs))
        --row;
    Found found{qsizetype(row), std::numeric_limits<qint64>::max()};
    if (row > 0)
        found.spacing = times[row] - times[row - 1];
    if (row + 1 < count)
        found.spacing = std::min(found.spacing, times[row + 1] - times[row]);
    return found;
}

} // namespace

std::optional<HoverSet> samplesAt(const TimeSeriesModel& model, const RenderedPlot& rendered, qint64 timeMs,
                                  double cursorY)
{
    HoverSet hover;
    qint64 closest = std::numeric_limits<qint64>::max();
    std::vector<Found> rows(rendered.plot.series.size());
    for (size_t index = 0; index < rows.size(); ++index) {
        const PreparedSeries& series = rendered.plot.series[index];
        const auto& times = series.times.times();
        const bool sameTimes = index > 0 && series.times.sharesWith(rendered.plot.series[index - 1].times)
            && series.values.size() == rendered.plot.series[index - 1].values.size();
        rows[index] = sameTimes ? rows[index - 1] : nearestRow(times, series.values.numbers(), timeMs);
        if (rows[index].row < 0 || model.series[size_t(series.index)].style.hideTooltip)
            continue;
        const qint64 at = times[size_t(rows[index].row)];
        if (std::abs(at - timeMs) < closest && at >= rendered.plot.range.fromMs && at <= rendered.plot.range.toMs) {
            closest = std::abs(at - timeMs);
            hover.timeMs = at;
        }
    }
    if (closest == std::numeric_limits<qint64>::max())
        return {};
    double best = std::numeric_limits<double>::infinity();
    for (size_t index = 0; index < rows.size(); ++index) {
        const PreparedSeries& series = rendered.plot.series[index];
        const SeriesModel& source = model.series[size_t(series.index)];
        if (rows[index].row < 0 || source.style.hideTooltip)
            continue;
        const auto row = size_t(rows[index].row);
        const qint64 at = series.times.times()[row];
        double drawn = series.values.numbers()[row];
        if (std::isnan(drawn) || std::abs(at - hover.timeMs) > rows[index].spacing)
            continue;
        HoverSample sample;
        sample.prepared = int(index);
        sample.series = series.index;
        sample.row = rows[index].row;
        sample.timeMs = at;
        const size_t axis = std::min(size_t(std::max(source.axis, 0)), rendered.plot.scales.size() - 1);
        sample.place = QPointF(rendered.layout.xOf(at, rendered.plot.range),
                               rendered.layout.yOf(drawn, rendered.plot.scales[axis]));
        if (series.stacked)
            drawn -= series.lower.numbers()[row];
        sample.value = source.style.negativeY ? -drawn : drawn;
        const double distance = std::abs(sample.place.y() - cursorY);
        if (distance < best) {
            best = distance;
            hover.nearest = int(hover.samples.size());
        }
        hover.samples.push_back(sample);
    }
    if (hover.samples.empty())
        return {};
    return hover;
}

TooltipContent tooltipContent(const TimeSeriesModel& model, const HoverSet& hover, const QString& timeZone, int maxRows,
                              bool fromOtherPanel)
{
    const bool all = fromOtherPanel || model.tooltip != TooltipMode::Single;
    TooltipContent content;
    content.title = timeText(hover.timeMs, timeZoneByName(timeZone), u"yyyy-MM-dd HH:mm:ss"_s);
    std::vector<int> order;
    for (int index = 0; index < int(hover.samples.size()); ++index) {
        const bool wanted = all || index == hover.nearest;
        const bool zero = model.tooltipHideZeros && hover.samples[size_t(index)].value == 0 && all;
        if (wanted && !zero)
            order.push_back(index);
    }
    if (model.tooltipSort != TooltipSort::None) {
        std::stable_sort(order.begin(), order.end(), [&](int left, int right) {
            const double a = hover.samples[size_t(left)].value;
            const double b = hover.samples[size_t(right)].value;
            return model.tooltipSort == TooltipSort::Ascending ? a < b : a > b;
        });
    }
    size_t first = 0;
    if (order.size() > size_t(maxRows)) {
        const auto nearest = fromOtherPanel ? 0 : std::find(order.begin(), order.end(), hover.nearest) - order.begin();
        const auto start = std::clamp<std::ptrdiff_t>(nearest - maxRows / 2, 0, std::ptrdiff_t(order.size()) - maxRows);
        first = size_t(start);
        content.left = int(order.size()) - maxRows;
        order.resize(first + size_t(maxRows));
    }
    for (size_t place = first; place < order.size(); ++place) {
        const HoverSample& sample = hover.samples[size_t(order[place])];
        const SeriesModel& series = model.series[size_t(sample.series)];
        const AxisModel* axis = series.axis >= 0 && size_t(series.axis) < model.axes.size()
            ? &model.axes[size_t(series.axis)] : nullptr;
        content.rows.push_back({toQColor(series.color), series.name, valueText(series, axis, sample.value, timeZone),
                                order[place] == hover.nearest && all && !fromOtherPanel});
    }
    return content;
}

} // namespace Promdeck
