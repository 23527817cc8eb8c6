#include "models/panel/alertlistmodel.h"
#include "models/panel/barchartmodel.h"
#include "models/panel/heatmapmodel.h"
#include "models/panel/histogrammodel.h"
#include "models/panel/logsmodel.h"
#include "models/panel/piechartmodel.h"
#include "models/panel/polystatmodel.h"
#include "models/panel/renderjsonparts.h"
#include "models/panel/timelinemodel.h"
#include "models/panel/xychartmodel.h"

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

Json numbersToJson(const std::vector<double>& values)
{
    Json out = Json::array();
    for (const double value : values)
        out.append(numberToJson(value));
    return out;
}

Json histogramToJson(const HistogramModel& model)
{
    Json buckets = Json::array();
    for (size_t i = 0; i < model.lower.size(); ++i)
        buckets.append(Json::array({numberToJson(model.lower[i]), numberToJson(model.upper[i])}));
    Json series = Json::array();
    for (const HistogramSeries& one : model.series) {
        const SeriesModel& entry = model.chart.series[size_t(one.entry)];
        series.append(Json::object({{u"name"_s, entry.name}, {u"color"_s, entry.color.name()}, {u"counts"_s, numbersToJson(one.counts)}}));
    }
    return Json::object({{u"buckets"_s, buckets}, {u"series"_s, series}});
}

Json heatmapToJson(const HeatmapModel& model)
{
    Json rows = Json::array();
    for (int row = 0; row < model.rows; ++row) {
        Json one = Json::object({{u"name"_s, model.rowText(row)}});
        if (!model.ordinal) {
            one.set(u"lower"_s, numberToJson(model.lower[size_t(row)]));
            one.set(u"upper"_s, numberToJson(model.upper[size_t(row)]));
        }
        rows.append(std::move(one));
    }
    Json columns = Json::array();
    for (size_t column = 0; column < model.starts.size(); ++column) {
        const auto first = model.counts.begin() + std::ptrdiff_t(column) * model.rows;
        columns.append(Json::object({{u"from"_s, model.starts[column]},
                                     {u"counts"_s, numbersToJson(std::vector<double>(first, first + model.rows))}}));
    }
    return Json::object({{u"rows"_s, rows},
                         {u"columnMs"_s, model.columnMs},
                         {u"columns"_s, columns},
                         {u"min"_s, numberToJson(model.minCount)},
                         {u"max"_s, numberToJson(model.maxCount)},
                         {u"colors"_s, Json::array({model.palette.front().name(), model.palette.back().name()})}});
}

Json alertsToJson(const AlertListModel& model)
{
    Json out = Json::array();
    for (const AlertGroupItem& group : model.groups) {
        for (const AlertItem& alert : group.alerts) {
            out.append(Json::object({{u"name"_s, alert.name},
                                     {u"group"_s, group.title},
                                     {u"state"_s, alert.state},
                                     {u"since"_s, alert.sinceMs > 0 ? Json(alert.sinceMs) : Json()},
                                     {u"labels"_s, labelsToJson(alert.labels)},
                                     {u"summary"_s, alert.summary()}}));
        }
    }
    return out;
}

Json logsToJson(const LogsModel& model)
{
    Json out = Json::array();
    for (const LogRow& row : model.rows) {
        out.append(Json::object({{u"time"_s, row.timeMs},
                                 {u"level"_s, logLevelName(row.level)},
                                 {u"line"_s, row.line},
                                 {u"labels"_s, labelsToJson(row.labels)},
                                 {u"duplicates"_s, row.duplicates}}));
    }
    return out;
}

Json pointsToJson(const XyChartModel& model)
{
    Json out = Json::array();
    for (const XySeries& series : model.series) {
        const SeriesModel& entry = model.chart.series[size_t(series.entry)];
        Json points = Json::array();
        for (const XyPoint& point : series.points)
            points.append(Json::array({numberToJson(point.x), numberToJson(point.y)}));
        out.append(Json::object({{u"name"_s, entry.name}, {u"x"_s, series.xName}, {u"color"_s, entry.color.name()}, {u"points"_s, points}}));
    }
    return out;
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
    else if (panel.type == u"grafana-polystat-panel")
        out.set(u"values"_s, singleValuesToJson(polystatModel(panel, data, context)));
    else if (panel.type == u"alertlist")
        out.set(u"alerts"_s, alertsToJson(alertListModel(panel, data)));
    else if (panel.type == u"logs")
        out.set(u"logs"_s, logsToJson(logsModel(panel, data)));
    else if (panel.type == u"xychart")
        out.set(u"xy"_s, pointsToJson(xyChartModel(panel, data, context)));
    else if (panel.type == u"histogram")
        out.set(u"histogram"_s, histogramToJson(histogramModel(panel, data, context)));
    else if (panel.type == u"heatmap")
        out.set(u"heatmap"_s, heatmapToJson(heatmapModel(panel, data, context)));
}

} // namespace Promdeck
