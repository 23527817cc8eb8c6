#include "models/panel/barchartmodel.h"
#include "models/panel/piechartmodel.h"
#include "models/panel/renderjsonparts.h"
#include "models/panel/timelinemodel.h"

#include <QHash>

namespace Promdeck {

using namespace Qt::StringLiterals;

namespace {

Json barsToJson(const BarChartModel& model)
{
    Json categories = Json::array();
    for (const QString& category : model.categories)
        categories.append(category);
    Json series = Json::array();
    for (const BarSeries& bars : model.series) {
        Json values = Json::array();
        Json texts = Json::array();
        Json colors = Json::array();
        for (size_t i = 0; i < bars.values.size(); ++i) {
            values.append(numberToJson(bars.values[i]));
            texts.append(bars.texts[i]);
            colors.append(bars.colors[i].name());
        }
        const SeriesModel& entry = model.chart.series[size_t(bars.entry)];
        series.append(Json::object({{u"name"_s, entry.name},
                                    {u"color"_s, entry.color.name()},
                                    {u"values"_s, values},
                                    {u"texts"_s, texts},
                                    {u"colors"_s, colors}}));
    }
    return Json::object({{u"category"_s, model.categoryName}, {u"categories"_s, categories}, {u"series"_s, series}});
}

Json slicesToJson(const PieChartModel& model)
{
    Json out = Json::array();
    for (const PieSlice& slice : model.slices) {
        out.append(Json::object({{u"name"_s, slice.field.state.displayName},
                                 {u"value"_s, numberToJson(slice.display.numeric)},
                                 {u"text"_s, slice.display.toString()},
                                 {u"color"_s, slice.color.name()},
                                 {u"share"_s, numberToJson(slice.share)}}));
    }
    return out;
}

Json statesToJson(const TimelineModel& model)
{
    Json rows = Json::array();
    for (const TimelineRow& row : model.rows) {
        Json boxes = Json::array();
        for (const TimelineBox& box : row.boxes) {
            boxes.append(Json::object({{u"from"_s, box.fromMs},
                                       {u"to"_s, box.toMs},
                                       {u"value"_s, numberToJson(box.value)},
                                       {u"text"_s, box.text},
                                       {u"color"_s, box.color.name()}}));
        }
        rows.append(Json::object({{u"name"_s, row.name}, {u"labels"_s, labelsToJson(row.labels)}, {u"boxes"_s, boxes}}));
    }
    Json legend = Json::array();
    for (const SeriesModel& entry : model.chart.series)
        legend.append(Json::object({{u"text"_s, entry.name}, {u"color"_s, entry.color.name()}}));
    return Json::object({{u"rows"_s, rows}, {u"legend"_s, legend}});
}

} // namespace

void addChartParts(Json& out, const PanelSpec& panel, const PanelData& data, const PanelContext& context)
{
    if (panel.type == u"barchart")
        out.set(u"bars"_s, barsToJson(barChartModel(panel, data, context)));
    else if (panel.type == u"piechart")
        out.set(u"values"_s, slicesToJson(pieChartModel(panel, data, context)));
    else if (panel.type == u"state-timeline" || panel.type == u"status-history")
        out.set(u"states"_s, statesToJson(timelineModel(panel, data, context)));
}

} // namespace Promdeck
