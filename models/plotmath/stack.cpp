#include "models/plotmath/stack.h"

#include <algorithm>
#include <cmath>

namespace Promdeck {

namespace {

using Times = Column::Times;
using Numbers = Column::Numbers;

Times unionOfTimes(const std::vector<const SeriesModel*>& series)
{
    Times all = series.front()->times.times();
    Times merged;
    for (size_t index = 1; index < series.size(); ++index) {
        const Column& column = series[index]->times;
        const Times& times = column.times();
        if (column.sharesWith(series.front()->times) || times == all)
            continue;
        merged.clear();
        merged.reserve(all.size() + times.size());
        std::set_union(all.begin(), all.end(), times.begin(), times.end(), std::back_inserter(merged));
        all.swap(merged);
    }
    return all;
}

/// The usual distance of neighbouring samples; 0 for fewer than two.
qint64 medianStep(const Times& times)
{
    if (times.size() < 2)
        return 0;
    Times steps(times.size() - 1);
    for (size_t index = 0; index + 1 < times.size(); ++index)
        steps[index] = times[index + 1] - times[index];
    const auto middle = steps.begin() + std::ptrdiff_t(steps.size() / 2);
    std::nth_element(steps.begin(), middle, steps.end());
    return *middle;
}

/// Values of one series at the common timestamps, upside down where the style says so.
Numbers valuesAt(const SeriesModel& series, const Times& common, qint64 commonStep)
{
    const Times& times = series.times.times();
    const Numbers& values = series.values.numbers();
    const size_t count = std::min(times.size(), values.size());
    const double sign = series.style.negativeY ? -1 : 1;
    if (count == common.size() && times == common) {
        Numbers result(values.begin(), values.begin() + std::ptrdiff_t(count));
        for (double& value : result)
            value = std::isnan(value) ? kNull : sign * value;
        return result;
    }
    Numbers result(common.size(), kNull);
    const qint64 step = medianStep(times);
    const bool coarser = step > commonStep;
    size_t next = 0;
    for (size_t index = 0; index < common.size(); ++index) {
        while (next < count && times[next] < common[index])
            ++next;
        if (next < count && times[next] == common[index]) {
            result[index] = std::isnan(values[next]) ? kNull : sign * values[next];
        } else if (coarser && next > 0 && next < count && times[next] - times[next - 1] <= step * 3 / 2) {
            const double part = double(common[index] - times[next - 1]) / double(times[next] - times[next - 1]);
            const double between = values[next - 1] + (values[next] - values[next - 1]) * part;
            result[index] = std::isnan(between) ? kNull : sign * between;
        }
    }
    return result;
}

bool stacksDown(const Numbers& values)
{
    bool negative = false;
    for (const double value : values) {
        if (value > 0)
            return false;
        negative = negative || value < 0;
    }
    return negative;
}

} // namespace

std::vector<StackedSeries> stackSeries(const std::vector<const SeriesModel*>& series, StackingMode mode)
{
    std::vector<StackedSeries> result;
    if (series.empty())
        return result;
    const Column common(unionOfTimes(series));
    const Times& times = common.times();
    const bool sameTimes = std::all_of(series.begin(), series.end(), [&](const SeriesModel* one) {
        return one->times.times() == times && one->values.numbers().size() >= times.size();
    });
    const qint64 step = sameTimes ? 0 : medianStep(times);

    std::vector<Numbers> inputs;
    std::vector<char> down;
    Numbers totals[2] = {Numbers(times.size(), 0), Numbers(times.size(), 0)};
    for (const SeriesModel* one : series) {
        inputs.push_back(valuesAt(*one, times, step));
        down.push_back(stacksDown(inputs.back()) ? 1 : 0);
        Numbers& total = totals[size_t(down.back())];
        for (size_t index = 0; index < times.size(); ++index) {
            if (!std::isnan(inputs.back()[index]))
                total[index] += std::abs(inputs.back()[index]);
        }
    }

    const Column ground{Numbers(times.size(), 0)};
    Column reached[2] = {ground, ground};
    for (size_t which = 0; which < series.size(); ++which) {
        const auto side = size_t(down[which]);
        const Column lower = reached[side];
        const Numbers& below = lower.numbers();
        Numbers upper = std::move(inputs[which]);
        bool whole = true;
        for (size_t index = 0; index < times.size(); ++index) {
            double value = upper[index];
            if (std::isnan(value)) {
                whole = false;
                continue;
            }
            if (mode == StackingMode::Percent)
                value = totals[side][index] > 0 ? value / totals[side][index] : 0;
            upper[index] = below[index] + value;
        }
        const Column top(std::move(upper));
        // Without gaps the upper edge is the next one's lower edge: one column for both, which the painter
        // recognises.
        if (whole) {
            reached[side] = top;
        } else {
            Numbers sum = top.numbers();
            for (size_t index = 0; index < times.size(); ++index)
                sum[index] = std::isnan(sum[index]) ? below[index] : sum[index];
            reached[side] = Column(std::move(sum));
        }
        result.push_back({common, top, lower});
    }
    return result;
}

} // namespace Promdeck
