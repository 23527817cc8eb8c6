#include "models/panel/renderjson.h"

#include "models/panel/renderjsonparts.h"

namespace Promdeck {

using namespace Qt::StringLiterals;

Json numberToJson(double value)
{
    if (isNull(value))
        return {};
    if (std::isnan(value))
        return u"NaN"_s;
    if (std::isinf(value))
        return value > 0 ? u"+Inf"_s : u"-Inf"_s;
    if (value == std::floor(value) && std::abs(value) < 9e15)
        return Json(qint64(value));
    return value;
}

Json labelsToJson(const Labels& labels)
{
    Json out = Json::object();
    for (const auto& [name, value] : labels)
        out.set(name, value);
    return out;
}

Json singleValuesToJson(const SingleValueModel& model)
{
    Json out = Json::array();
    for (const SingleValue& value : model.values) {
        out.append(Json::object({{u"name"_s, value.name},
                                 {u"value"_s, numberToJson(value.display.numeric)},
                                 {u"text"_s, value.display.toString()},
                                 {u"color"_s, value.display.color.name()}}));
    }
    if (model.values.empty() && !model.noValueText.isEmpty()) {
        out.append(Json::object({{u"name"_s, QString()},
                                 {u"value"_s, Json()},
                                 {u"text"_s, model.noValueText},
                                 {u"color"_s, Json()}}));
    }
    return out;
}

namespace {

Json queryToJson(const SentQuery& query)
{
    return Json::object({{u"refId"_s, query.refId},
                         {u"datasource"_s, query.datasource},
                         {u"expr"_s, query.expr},
                         {u"kind"_s, query.instant ? u"instant"_s : u"range"_s},
                         {u"start"_s, numberToJson(double(query.startMs) / 1000)},
                         {u"end"_s, numberToJson(double(query.endMs) / 1000)},
                         {u"step"_s, numberToJson(double(query.stepMs) / 1000)}});
}

Json seriesToJson(const SeriesModel& series)
{
    const Column::Numbers& values = series.values.numbers();
    const Column::Times& times = series.times.times();
    qint64 points = 0;
    Json first;
    Json last;
    for (size_t i = 0; i < values.size() && i < times.size(); ++i) {
        if (isNull(values[i]))
            continue;
        last = Json::array({times[i], numberToJson(values[i])});
        if (points++ == 0)
            first = last;
    }
    Json calcs = Json::object();
    for (const CalcCell& cell : series.calcs)
        calcs.set(cell.id, Json::object({{u"value"_s, numberToJson(cell.value)}, {u"text"_s, cell.text}}));
    return Json::object({{u"name"_s, series.name},
                         {u"refId"_s, series.refId},
                         {u"labels"_s, labelsToJson(series.labels)},
                         {u"unit"_s, series.unit},
                         {u"color"_s, series.color.name()},
                         {u"points"_s, points},
                         {u"first"_s, first},
                         {u"last"_s, last},
                         {u"calcs"_s, calcs}});
}

QString columnTypeName(FieldType type)
{
    switch (type) {
    case FieldType::Time: return u"time"_s;
    case FieldType::Number: return u"number"_s;
    case FieldType::String: return u"string"_s;
    case FieldType::Boolean: return u"boolean"_s;
    case FieldType::Frame: return u"frame"_s;
    case FieldType::Other: break;
    }
    return u"other"_s;
}

Json rawCell(const Column& values, qsizetype row)
{
    if (values.isNumbers())
        return numberToJson(values.numbers()[size_t(row)]);
    if (values.isTimes())
        return Json(values.times()[size_t(row)]);
    if (values.isStrings()) {
        const QString& text = values.strings()[size_t(row)];
        return text.isNull() ? Json() : Json(text);
    }
    return values.isMixed() ? values.mixed()[size_t(row)] : Json();
}

Json tableToJson(const PanelSpec& panel, const PanelData& data, const PanelContext& context)
{
    const int frame = int(panel.options[u"frameIndex"].toInt());
    const bool frameExists = frame >= 0 && size_t(frame) < data.frames.size();
    const TableModelData model = tableModel(panel, data, context, frameExists ? frame : 0);
    Json columns = Json::array();
    for (const TableColumn& column : model.columns)
        columns.append(Json::object({{u"name"_s, column.name}, {u"type"_s, columnTypeName(column.type)}}));
    Json rows = Json::array();
    for (qsizetype row = 0; row < model.rows; ++row) {
        Json cells = Json::array();
        for (size_t column = 0; column < model.columns.size(); ++column) {
            const DisplayValue shown = model.cell(row, int(column));
            Json cell = Json::object({{u"value"_s, rawCell(model.fields[column].values, model.order[size_t(row)])},
                                      {u"text"_s, shown.toString()}});
            if (model.columns[column].cellType.startsWith(u"color-") && shown.hasColor)
                cell.set(u"color"_s, shown.color.name());
            cells.append(std::move(cell));
        }
        rows.append(std::move(cells));
    }
    return Json::object({{u"columns"_s, columns}, {u"rows"_s, rows}});
}

Json exemplarsToJson(const std::vector<Exemplar>& exemplars)
{
    Json out = Json::array();
    for (const Exemplar& one : exemplars) {
        out.append(Json::object({{u"refId"_s, one.refId},
                                 {u"time"_s, one.timeMs},
                                 {u"value"_s, numberToJson(one.value)},
                                 {u"labels"_s, labelsToJson(one.labels)},
                                 {u"series"_s, labelsToJson(one.series)}}));
    }
    return out;
}

Json repeatToJson(const PanelSpec& panel)
{
    if (panel.scopedVars.empty())
        return {};
    Json out = Json::object();
    for (const auto& [name, value] : panel.scopedVars)
        out.set(name, value);
    return out;
}

bool showsSingleValues(const QString& type)
{
    return type == u"stat" || type == u"gauge" || type == u"bargauge";
}

} // namespace

Json annotationsToJson(const std::vector<Annotation>& annotations)
{
    Json out = Json::array();
    for (const Annotation& one : annotations) {
        out.append(Json::object({{u"layer"_s, one.layer},
                                 {u"from"_s, one.fromMs},
                                 {u"to"_s, one.toMs},
                                 {u"title"_s, one.title},
                                 {u"text"_s, one.text},
                                 {u"tags"_s, Json::strings(one.tags)},
                                 {u"color"_s, one.color.name()}}));
    }
    return out;
}

Json panelToJson(const PlacedPanel& placed, const PanelData& data, const PanelContext& context,
                 const std::function<QString(const QString&)>& expand)
{
    const PanelSpec& panel = placed.panel;
    QStringList unsupported = unsupportedFeatures(panel);
    unsupported += data.unsupported;
    unsupported.removeDuplicates();
    Json queries = Json::array();
    for (const SentQuery& query : data.queries)
        queries.append(queryToJson(query));
    Json out = Json::object(
        {{u"id"_s, panel.repeatSourceId > 0 ? panel.repeatSourceId : panel.id},
         {u"title"_s, expand(panel.title)},
         {u"type"_s, panel.type},
         {u"gridPos"_s,
          Json::object({{u"x"_s, numberToJson(panel.gridPos.x)},
                        {u"y"_s, numberToJson(panel.gridPos.y)},
                        {u"w"_s, numberToJson(panel.gridPos.w)},
                        {u"h"_s, numberToJson(panel.gridPos.h)}})},
         {u"row"_s, placed.rowId == 0 ? Json() : Json(expand(placed.rowTitle))},
         {u"repeat"_s, repeatToJson(panel)},
         {u"unsupported"_s, Json::strings(unsupported)},
         {u"error"_s, Json()},
         {u"queries"_s, queries},
         {u"series"_s, Json::array()}});
    if (data.error) {
        const QString summary
            = data.error->detail.isEmpty() ? data.error->summary : data.error->summary + u": "_s + data.error->detail;
        out.set(u"error"_s, Json::object({{u"code"_s, errorCodeName(data.error->code)}, {u"summary"_s, summary}}));
    }
    // What is not drawn is listed, as its panel does.
    if (panel.type == u"table" || unsupported.contains(u"type:"_s + panel.type)) {
        out.set(u"table"_s, tableToJson(panel, data, context));
        return out;
    }
    addChartParts(out, panel, data, context);
    Json series = Json::array();
    for (const SeriesModel& one : timeSeriesModel(panel, data, context).series)
        series.append(seriesToJson(one));
    out.set(u"series"_s, std::move(series));
    if (!data.exemplars.empty())
        out.set(u"exemplars"_s, exemplarsToJson(data.exemplars));
    if (showsSingleValues(panel.type))
        out.set(u"values"_s, singleValuesToJson(singleValueModel(panel, data, context)));
    return out;
}

} // namespace Promdeck
