// One panel as a dashboard file may hold it: its transformations, field configuration and options over data that
// servers do send, down to what is shown.

#include "models/frame/overrides.h"
#include "models/frame/transform.h"
#include "models/panel/renderjson.h"

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

const Frames& samples()
{
    static const Frames frames = [] {
        const double inf = std::numeric_limits<double>::infinity();
        const double nan = std::numeric_limits<double>::quiet_NaN();
        const Column times(Column::Times {1700000000000, 1700000015000, 1700000030000, 1700000060000});
        Frames out;
        const std::vector<Column::Numbers> values {{1, 2.5, kNull, -4}, {nan, inf, -inf, 1e308}, {0, 0, 0, 0}, {1e-9, 7, 7, 1e15}};
        for (std::size_t i = 0; i < values.size(); ++i) {
            Frame frame;
            frame.refId = i < 2 ? u"A"_s : u"B"_s;
            frame.meta.stepMs = 15000;
            frame.meta.resultType = u"matrix"_s;
            frame.fields = {field(u"Time"_s, FieldType::Time, times),
                            field(u"Value"_s, FieldType::Number, Column(values[i]),
                                  {{u"job"_s, u"node"_s}, {u"le"_s, i == 3 ? u"+Inf"_s : QString::number(i)}})};
            out.push_back(std::move(frame));
        }
        Frame table;
        table.refId = u"C"_s;
        table.meta.type = u"table"_s;
        table.fields = {field(u"Time"_s, FieldType::Time, times),
                        field(u"instance"_s, FieldType::String, Column(Column::Strings {u"a"_s, u"b"_s, QString(), u"{\"x\":1}"_s})),
                        field(u"Value"_s, FieldType::Number, Column(Column::Numbers {3, 1, kNull, 2}))};
        out.push_back(std::move(table));
        return out;
    }();
    return frames;
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

    TransformResult run = runTransformations(samples(), placed.panel.transformations);
    for (const Frame& frame : run.frames) {
        for (const Field& one : frame.fields) {
            if (one.values.size() != frame.length())
                std::abort();
        }
    }
    OverrideContext overrides;
    overrides.timeSeriesDefaults = placed.panel.type == u"timeseries";
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
