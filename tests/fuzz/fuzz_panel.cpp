// One panel as a dashboard file may hold it: its transformations, field configuration and options over data that
// servers do send, down to what is shown. The panel's id chooses among the data, so that every type of panel meets series,
// tables, histograms, states, logs and alerts.

#include "models/frame/overrides.h"
#include "models/frame/transform.h"
#include "models/panel/renderjson.h"
#include "models/query/otherqueries.h"

#include <cstdint>
#include <cstdlib>
#include <limits>

using namespace Promdeck;
using namespace Qt::StringLiterals;

namespace {

Field field(const QString& name, FieldType type, Column values, Labels labels = {})
{
    Field out;
    out.name = name;
    out.type = type;
    out.labels = std::move(labels);
    out.values = std::move(values);
    return out;
}

Field times(std::size_t rows)
{
    Column::Times values;
    for (std::size_t i = 0; i < rows; ++i)
        values.push_back(1700000000000 + qint64(i * i) * 15000);
    return field(u"Time"_s, FieldType::Time, Column(std::move(values)));
}

Frame series(const QString& refId, Column::Numbers values, const QString& le)
{
    Frame frame;
    frame.refId = refId;
    frame.meta.stepMs = 15000;
    frame.meta.resultType = u"matrix"_s;
    frame.fields = {times(values.size()),
                    field(u"Value"_s, FieldType::Number, Column(std::move(values)), {{u"job"_s, u"node"_s}, {u"le"_s, le}})};
    return frame;
}

Frames seriesAndTable()
{
    const double inf = std::numeric_limits<double>::infinity();
    const double nan = std::numeric_limits<double>::quiet_NaN();
    Frames out {series(u"A"_s, {1, 2.5, kNull, -4}, u"0"_s), series(u"A"_s, {nan, inf, -inf, 1e308}, u"1"_s),
                series(u"B"_s, {0, 0, 0, 0}, u"2"_s), series(u"B"_s, {1e-9, 7, 7, 1e15}, u"+Inf"_s)};
    Frame table;
    table.refId = u"C"_s;
    table.meta.type = u"table"_s;
    table.fields = {times(4),
                    field(u"instance"_s, FieldType::String, Column(Column::Strings {u"a"_s, u"b"_s, QString(), u"{\"x\":1}"_s})),
                    field(u"Value"_s, FieldType::Number, Column(Column::Numbers {3, 1, kNull, 2}))};
    out.push_back(std::move(table));
    return out;
}

Frames buckets()
{
    Frame rows;
    rows.refId = u"A"_s;
    rows.meta.type = u"heatmap-rows"_s;
    rows.meta.stepMs = 15000;
    rows.fields = {times(3), field(u"0.1"_s, FieldType::Number, Column(Column::Numbers {1, 0, kNull})),
                   field(u"10"_s, FieldType::Number, Column(Column::Numbers {5, 2, 1e9})),
                   field(u"+Inf"_s, FieldType::Number, Column(Column::Numbers {0, 0, 3}))};
    Frame cells;
    cells.refId = u"B"_s;
    cells.meta.type = u"heatmap-cells"_s;
    cells.fields = {field(u"xMax"_s, FieldType::Time, times(3).values),
                    field(u"yMin"_s, FieldType::Number, Column(Column::Numbers {-1, 0, 0.001})),
                    field(u"yMax"_s, FieldType::Number, Column(Column::Numbers {0, 0.001, 2})),
                    field(u"count"_s, FieldType::Number, Column(Column::Numbers {4, kNull, 1}))};
    return {rows, cells, series(u"C"_s, {1, 4, 9}, u"0.5"_s), series(u"C"_s, {1, 5, 11}, u"+Inf"_s)};
}

Frames states()
{
    Frame frame;
    frame.refId = u"A"_s;
    frame.fields = {times(5),
                    field(u"text"_s, FieldType::String, Column(Column::Strings {u"up"_s, u"up"_s, QString(), u"down"_s, u"down"_s})),
                    field(u"number"_s, FieldType::Number, Column(Column::Numbers {1, 1, 0, kNull, 2})),
                    field(u"flag"_s, FieldType::Boolean, Column(Column::Numbers {1, 0, 0, kNull, 1}))};
    return {frame, Frame {}};
}

Json parsed(const char* text)
{
    return Json::parse(QByteArray(text)).valueOr({});
}

Frames logs()
{
    LogAnswer answer = decodeLogs(parsed("{\"resultType\":\"streams\",\"result\":[{\"stream\":{\"job\":\"a\",\"level\":\"warn\"},"
                                         "\"values\":[[\"1700000000000000001\",\"level=error a\"],[\"1700000000000000000\",\"{\\\"x\\\":1}\"]]},"
                                         "{\"stream\":{},\"values\":[[\"1700000030000000000\",\"\"]]}]}"),
                                  true).valueOr({});
    return {logFrame(answer, u"A"_s, u"{job=\"a\"}"_s)};
}

Frames alerts()
{
    const Json rules = parsed("{\"groups\":[{\"name\":\"g\",\"rules\":[{\"type\":\"alerting\",\"name\":\"Down\",\"health\":\"ok\",\"labels\":{},"
                              "\"alerts\":[{\"labels\":{\"alertname\":\"Down\",\"a\":\"b\"},\"annotations\":{\"summary\":\"s\"},\"state\":\"firing\","
                              "\"activeAt\":\"2023-11-14T22:13:20Z\",\"value\":\"1e+00\"}]},"
                              "{\"type\":\"alerting\",\"name\":\"Fine\",\"health\":\"err\",\"lastError\":\"e\",\"alerts\":[]}]}]}");
    return {alertFrame(rules, {}, u"A"_s).valueOr({})};
}

const Frames& samples(const PanelSpec& panel)
{
    static const std::vector<Frames> all {seriesAndTable(), buckets(), states(), logs(), alerts(), Frames {}};
    return all[std::size_t(panel.id) % all.size()];
}

} // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size)
{
    const Result<Json> panel = Json::parse(QByteArray(reinterpret_cast<const char*>(data), qsizetype(size)));
    if (!panel || !panel->isObject())
        return 0;
    const Result<Dashboard> dashboard = dashboardFromJson(
        Json::object({{u"schemaVersion"_s, 39}, {u"panels"_s, Json::array({*panel})}}));
    if (!dashboard || dashboard->panels.empty())
        return 0;
    PlacedPanel placed;
    placed.panel = dashboard->panels.front();

    TransformResult run = runTransformations(samples(placed.panel), placed.panel.transformations);
    for (const Frame& frame : run.frames) {
        for (const Field& one : frame.fields) {
            if (one.values.size() != frame.length())
                std::abort();
        }
    }
    OverrideContext overrides;
    overrides.defaultColorMode = defaultColorMode(placed.panel.type);
    PanelData shown;
    shown.state = PanelData::State::Done;
    shown.range = {1700000000000, 1700000060000};
    shown.intervalMs = 15000;
    shown.unsupported = applyFieldConfig(run.frames, placed.panel.fieldConfig, overrides);
    shown.frames = std::move(run.frames);
    for (const ThemeKind theme : {ThemeKind::Dark, ThemeKind::Light}) {
        const PanelContext context {theme, u"Europe/Berlin"_s};
        (void)panelToJson(placed, shown, context, [](const QString& text) { return text; }).toUtf8();
    }
    return 0;
}
