#include "models/frame/reducers.h"
#include "models/panel/modelparts.h"

namespace Promdeck {

using namespace Qt::StringLiterals;

namespace {

/// Counts are numbers of samples and a relative difference is a percentage, whatever the field's unit is.
Field legendFormatField(const Field& field, const QString& reducer)
{
    Field format = field;
    if (reducer == u"count" || reducer == u"changeCount" || reducer == u"distinctCount") {
        format.config.unit = u"none"_s;
        format.config.mappings.clear();
        format.config.decimals = 0;
    } else if (reducer == u"diffperc") {
        format.config.unit = u"percent"_s;
        format.config.mappings.clear();
    }
    return format;
}

} // namespace

std::vector<CalcCell> legendCells(const Field& field, const QStringList& calcs, const PanelContext& context)
{
    std::vector<CalcCell> cells;
    if (calcs.isEmpty())
        return cells;
    const DisplayProcessor plain(field, context.theme, context.timeZone);
    for (const QString& id : calcs) {
        CalcCell cell;
        cell.id = id;
        cell.value = reduceNumber(field.values, id);
        const bool special = id == u"count" || id == u"changeCount" || id == u"distinctCount" || id == u"diffperc";
        const DisplayValue shown = special
            ? DisplayProcessor(legendFormatField(field, id), context.theme, context.timeZone)(cell.value)
            : plain(cell.value);
        cell.text = shown.toString();
        cells.push_back(std::move(cell));
    }
    return cells;
}

LegendModel readLegend(const Json& options)
{
    LegendModel legend;
    const Json& json = options[u"legend"];
    const QString mode = json[u"displayMode"].toString();
    legend.show = json[u"showLegend"].toBool(true) && mode != u"hidden";
    legend.table = mode == u"table";
    legend.right = json[u"placement"].toString() == u"right";
    legend.width = json[u"width"].toDouble(0);
    for (const Json& calc : json[u"calcs"].items()) {
        const QString id = canonicalReducer(calc.toString());
        if (!id.isEmpty() && !legend.calcs.contains(id))
            legend.calcs.append(id);
    }
    legend.sortBy = json[u"sortBy"].toString();
    legend.sortDesc = json[u"sortDesc"].toBool();
    return legend;
}

void sortLegend(LegendModel& legend, const std::vector<SeriesModel>& series)
{
    for (size_t i = 0; i < series.size(); ++i) {
        if (!series[i].style.hideLegend)
            legend.order.push_back(int(i));
    }
    if (!legend.table || legend.sortBy.isEmpty())
        return;
    if (legend.sortBy == u"Name") {
        std::stable_sort(legend.order.begin(), legend.order.end(), [&](int a, int b) {
            const int order = series[size_t(a)].name.localeAwareCompare(series[size_t(b)].name);
            return legend.sortDesc ? order > 0 : order < 0;
        });
        return;
    }
    const auto column = std::find_if(legend.calcs.begin(), legend.calcs.end(), [&](const QString& id) {
        return reducerLabel(id).compare(legend.sortBy, Qt::CaseInsensitive) == 0
            || id == canonicalReducer(legend.sortBy);
    });
    if (column == legend.calcs.end())
        return;
    const auto index = size_t(column - legend.calcs.begin());
    std::stable_sort(legend.order.begin(), legend.order.end(), [&](int a, int b) {
        const double left = series[size_t(a)].calcs[index].value;
        const double right = series[size_t(b)].calcs[index].value;
        // Missing values go last, whichever way the column is sorted.
        if (std::isnan(left) || std::isnan(right))
            return !std::isnan(left) && std::isnan(right);
        return legend.sortDesc ? left > right : left < right;
    });
}

void readTooltip(TimeSeriesModel& model, const Json& options)
{
    const Json& tooltip = options[u"tooltip"];
    const QString mode = tooltip[u"mode"].toString();
    model.tooltip = mode == u"multi" ? TooltipMode::All : mode == u"none" ? TooltipMode::None : TooltipMode::Single;
    const QString sort = tooltip[u"sort"].toString();
    model.tooltipSort = sort == u"asc" ? TooltipSort::Ascending
        : sort == u"desc"              ? TooltipSort::Descending
                                       : TooltipSort::None;
    model.tooltipHideZeros = tooltip[u"hideZeros"].toBool();
}

SeriesModel legendEntry(const Field& field, const QString& refId, const QStringList& calcs, const PanelContext& context)
{
    SeriesModel entry;
    entry.name = shownName(field);
    entry.refId = refId;
    entry.labels = field.labels;
    entry.unit = field.config.unit.value_or(QString());
    entry.color = seriesColor(field, context.theme);
    const Json& hideFrom = field.config.custom[u"hideFrom"];
    entry.style.hideLegend = hideFrom[u"legend"].toBool();
    entry.style.hideTooltip = hideFrom[u"tooltip"].toBool();
    entry.calcs = legendCells(field, calcs, context);
    return entry;
}

} // namespace Promdeck
