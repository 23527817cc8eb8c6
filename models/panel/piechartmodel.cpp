#include "models/panel/piechartmodel.h"

#include "models/panel/modelparts.h"

namespace Promdeck {

using namespace Qt::StringLiterals;

namespace {

/// The legend lists its own two columns, not reducers of a series.
void readPieLegend(PieChartModel& model, const Json& options)
{
    LegendModel& legend = model.chart.legend;
    legend = readLegend(options);
    legend.calcs.clear();
    for (const Json& value : options.path(u"legend.values").items()) {
        if (value.toString() == u"value" || value.toString() == u"percent")
            legend.calcs.append(value.toString());
    }
}

void sortSlices(std::vector<PieSlice>& slices, const QString& order)
{
    if (order == u"none")
        return;
    std::stable_sort(slices.begin(), slices.end(), [&](const PieSlice& a, const PieSlice& b) {
        return order == u"asc" ? a.display.numeric < b.display.numeric : a.display.numeric > b.display.numeric;
    });
}

void sortPieLegend(LegendModel& legend, const std::vector<SeriesModel>& entries)
{
    legend.order.clear();
    for (size_t i = 0; i < entries.size(); ++i) {
        if (!entries[i].style.hideLegend)
            legend.order.push_back(int(i));
    }
    if (!legend.table || legend.sortBy.isEmpty())
        return;
    const bool byName = legend.sortBy == u"Name";
    // Both columns order alike: a share grows with its value.
    std::stable_sort(legend.order.begin(), legend.order.end(), [&](int a, int b) {
        const SeriesModel& left = entries[size_t(legend.sortDesc ? b : a)];
        const SeriesModel& right = entries[size_t(legend.sortDesc ? a : b)];
        if (byName)
            return left.name.localeAwareCompare(right.name) < 0;
        return !left.calcs.empty() && !right.calcs.empty() && left.calcs.front().value < right.calcs.front().value;
    });
}

} // namespace

QString shareText(double share, std::optional<int> decimals)
{
    return formatValue(share * 100, u"percent"_s, decimals.value_or(0)).toString();
}

PieChartModel pieChartModel(const PanelSpec& panel, const PanelData& data, const PanelContext& context)
{
    PieChartModel model;
    model.chart.range = data.range;
    readTooltip(model.chart, panel.options);
    readPieLegend(model, panel.options);
    model.donut = panel.options[u"pieType"].toString() == u"donut";
    for (const Json& label : panel.options[u"displayLabels"].items()) {
        model.showName = model.showName || label.toString() == u"name";
        model.showValue = model.showValue || label.toString() == u"value";
        model.showPercent = model.showPercent || label.toString() == u"percent";
    }
    model.labelPx = panel.options.path(u"text.titleSize").toDouble(0);

    SingleValueModel values = singleValueModel(panel, data, context);
    model.noValueText = values.noValueText;
    // Rows of one field differ in the palette as the fields of several do.
    const bool rows = panel.options.path(u"reduceOptions.values").toBool();
    int row = -1;
    double total = 0;
    for (SingleValue& value : values.values) {
        ++row;
        if (!std::isfinite(value.display.numeric))
            continue;
        PieSlice slice;
        slice.display = value.display;
        slice.color = value.display.color;
        if (rows && value.colorConfig.mode == u"palette-classic" && value.field.config.mappings.empty())
            slice.color = classicPalette(row, context.theme);
        else if (rows && value.colorConfig.mode == u"palette-classic-by-name")
            slice.color = classicPaletteByName(value.name, context.theme);
        slice.field = value.field;
        slice.field.state.displayName = value.name;
        total += std::max(0.0, value.display.numeric);
        model.slices.push_back(std::move(slice));
    }
    sortSlices(model.slices, panel.options[u"sort"].toString());
    for (PieSlice& slice : model.slices) {
        slice.share = total > 0 ? std::max(0.0, slice.display.numeric) / total : 0;
        slice.entry = int(model.chart.series.size());
        SeriesModel entry = legendEntry(slice.field, {}, {}, context);
        entry.name = slice.field.state.displayName;
        entry.color = slice.color;
        for (const QString& column : std::as_const(model.chart.legend.calcs)) {
            const bool percent = column == u"percent";
            entry.calcs.push_back({column, percent ? slice.share : slice.display.numeric,
                                   percent ? shareText(slice.share, slice.field.config.decimals) : slice.display.toString()});
        }
        model.chart.series.push_back(std::move(entry));
    }
    sortPieLegend(model.chart.legend, model.chart.series);
    return model;
}

} // namespace Promdeck
