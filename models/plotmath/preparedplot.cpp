#include "models/plotmath/preparedplot.h"
#include "models/plotmath/stack.h"

#include <QHash>

#include <algorithm>
#include <cmath>
#include <deque>
#include <map>
#include <tuple>

namespace Promdeck {

namespace {

bool isHidden(const TimeSeriesModel& model, size_t index, const std::vector<char>& hidden)
{
    return model.series[index].style.hideViz || (index < hidden.size() && hidden[index]);
}

Column negated(const Column& column)
{
    Column::Numbers values = column.numbers();
    for (double& value : values) {
        if (!std::isnan(value))
            value = -value;
    }
    return Column(std::move(values));
}

/// The first value all along: a series that marks a level.
Column levelled(const Column& column)
{
    const Column::Numbers& values = column.numbers();
    const auto first = std::ranges::find_if(values, [](double value) { return !std::isnan(value); });
    return first == values.end() ? column : Column(Column::Numbers(values.size(), *first));
}

Column drawnValues(const SeriesModel& series)
{
    return series.style.constantFill ? levelled(series.values)
        : series.style.negativeY     ? negated(series.values)
                                     : series.values;
}

/// Series stack on each other when they agree in everything that decides what "below" means.
auto stackKey(const SeriesModel& series)
{
    const SeriesStyle& style = series.style;
    return std::make_tuple(int(style.stacking), style.stackGroup, series.axis, int(style.draw),
                           style.draw == DrawStyle::Line ? int(style.interpolation) : 0,
                           style.draw == DrawStyle::Bars ? int(style.barAlignment) : 0, style.negativeY);
}

std::vector<PreparedSeries> prepareSeries(const TimeSeriesModel& model, const std::vector<char>& hidden)
{
    using Key = decltype(stackKey(model.series.front()));
    std::map<Key, std::vector<size_t>> groups;
    std::vector<PreparedSeries> result;
    for (size_t index = 0; index < model.series.size(); ++index) {
        if (isHidden(model, index, hidden))
            continue;
        const SeriesModel& series = model.series[index];
        PreparedSeries prepared;
        prepared.index = int(index);
        prepared.times = series.times;
        if (series.style.stacking != StackingMode::None)
            groups[stackKey(series)].push_back(result.size());
        else
            prepared.values = drawnValues(series);
        result.push_back(std::move(prepared));
    }
    for (const auto& [key, members] : groups) {
        std::vector<const SeriesModel*> series;
        std::deque<SeriesModel> levels; // stay where they are while more come
        for (const size_t member : members) {
            const SeriesModel* one = &model.series[size_t(result[member].index)];
            if (one->style.constantFill) {
                levels.push_back(*one);
                levels.back().values = levelled(one->values);
                one = &levels.back();
            }
            series.push_back(one);
        }
        const StackingMode mode = series.front()->style.stacking;
        std::vector<StackedSeries> stacked = stackSeries(series, mode);
        for (size_t index = 0; index < members.size(); ++index) {
            PreparedSeries& prepared = result[members[index]];
            prepared.times = std::move(stacked[index].times);
            prepared.values = std::move(stacked[index].values);
            prepared.lower = std::move(stacked[index].lower);
            prepared.stacked = true;
            prepared.percent = mode == StackingMode::Percent;
        }
    }
    return result;
}

void findBands(PreparedPlot& plot, const TimeSeriesModel& model)
{
    QHash<QString, int> byName;
    for (size_t index = 0; index < plot.series.size(); ++index)
        byName.insert(model.series[size_t(plot.series[index].index)].name, int(index));
    for (PreparedSeries& series : plot.series) {
        const QString& target = model.series[size_t(series.index)].style.fillBelowTo;
        if (!target.isEmpty())
            series.bandTo = byName.value(target, -1);
    }
}

struct Extent
{
    double min = std::numeric_limits<double>::infinity();
    double max = -std::numeric_limits<double>::infinity();
    double smallestPositive = std::numeric_limits<double>::infinity();
};

void widen(Extent& extent, const PreparedSeries& series, const TimeRange& range, bool wantPositive)
{
    const auto& times = series.times.times();
    const auto& values = series.values.numbers();
    const auto first = std::lower_bound(times.begin(), times.end(), range.fromMs) - times.begin();
    const auto last = std::upper_bound(times.begin() + first, times.end(), range.toMs) - times.begin();
    const auto end = std::min<std::ptrdiff_t>(last, std::ptrdiff_t(values.size()));
    double min = extent.min;
    double max = extent.max;
    for (auto index = first; index < end; ++index) {
        const double value = values[size_t(index)];
        // Comparisons with NaN are false, and infinities must not stretch an axis.
        if (value < min && value > -std::numeric_limits<double>::infinity())
            min = value;
        if (value > max && value < std::numeric_limits<double>::infinity())
            max = value;
    }
    extent.min = min;
    extent.max = max;
    if (!wantPositive)
        return;
    for (auto index = first; index < end; ++index) {
        const double value = values[size_t(index)];
        if (value > 0 && value < extent.smallestPositive)
            extent.smallestPositive = value;
    }
}

} // namespace

RangeRules rangeRules(const AxisModel& axis)
{
    RangeRules rules;
    if (axis.symlog)
        rules.kind = ValueScale::Kind::Symlog;
    else if (axis.logBase > 1)
        rules.kind = ValueScale::Kind::Log;
    rules.base = axis.logBase > 1 ? axis.logBase : 10;
    rules.linearThreshold = axis.linearThreshold > 0 ? axis.linearThreshold : 1;
    rules.hardMin = axis.min;
    rules.hardMax = axis.max;
    rules.softMin = axis.softMin;
    rules.softMax = axis.softMax;
    rules.centeredZero = axis.centeredZero;
    return rules;
}

PreparedPlot preparePlot(const TimeSeriesModel& model, const std::vector<char>& hidden, const ValueWindows& windows)
{
    PreparedPlot plot;
    plot.range = model.range;
    plot.series = prepareSeries(model, hidden);
    findBands(plot, model);

    const size_t axes = std::max<size_t>(model.axes.size(), 1);
    plot.axisUsed.assign(axes, 0);
    plot.axisPercent.assign(axes, 1);
    std::vector<Extent> extents(axes);
    for (const PreparedSeries& series : plot.series) {
        const SeriesModel& source = model.series[size_t(series.index)];
        const size_t axis = std::min(size_t(std::max(source.axis, 0)), axes - 1);
        const bool log = axis < model.axes.size() && model.axes[axis].logBase > 1 && !model.axes[axis].symlog;
        widen(extents[axis], series, plot.range, log);
        // Stacks and bars stand on zero, so zero belongs to what they show.
        if (source.style.draw == DrawStyle::Bars && !log && extents[axis].min <= extents[axis].max) {
            extents[axis].min = std::min(extents[axis].min, 0.0);
            extents[axis].max = std::max(extents[axis].max, 0.0);
        }
        plot.axisUsed[axis] = 1;
        if (!series.percent)
            plot.axisPercent[axis] = 0;
    }
    for (size_t axis = 0; axis < axes; ++axis) {
        if (!plot.axisUsed[axis])
            plot.axisPercent[axis] = 0;
        const AxisModel description = axis < model.axes.size() ? model.axes[axis] : AxisModel();
        RangeRules rules = rangeRules(description);
        Extent extent = extents[axis];
        if (rules.kind == ValueScale::Kind::Log && extent.smallestPositive <= extent.max)
            extent.min = extent.smallestPositive;
        if (plot.axisPercent[axis] && rules.kind == ValueScale::Kind::Linear) {
            rules.hardMin = rules.hardMin.value_or(extent.min < 0 ? -1 : 0);
            rules.hardMax = rules.hardMax.value_or(extent.max > 0 ? 1 : 0);
        }
        plot.scales.push_back(autoScale(extent.min, extent.max, rules));
        if (axis < windows.size() && windows[axis] && windows[axis]->first < windows[axis]->second)
            plot.scales.back() = ValueScale(rules.kind, windows[axis]->first, windows[axis]->second, rules.base, rules.linearThreshold);
    }
    return plot;
}

} // namespace Promdeck
