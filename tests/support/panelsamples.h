#pragma once

#include "models/frame/overrides.h"
#include "models/panel/panelmodels.h"
#include "tests/support/testsupport.h"

// Small panels and their data, for tests of panel models and painters.
namespace Promdeck::Testing {

inline constexpr qint64 kSampleStart = 1700000000000;
inline constexpr qint64 kSampleStep = 60000;

inline Json jsonOf(const char* text)
{
    const Result<Json> parsed = Json::parse(QByteArray(text));
    if (!parsed)
        qFatal("test JSON: %s", qPrintable(parsed.error().toString()));
    return *parsed;
}

inline Field timeColumn(size_t rows, qint64 step = kSampleStep)
{
    Column::Times times;
    for (size_t i = 0; i < rows; ++i)
        times.push_back(kSampleStart + qint64(i) * step);
    Field time;
    time.name = QStringLiteral("Time");
    time.type = FieldType::Time;
    time.values = Column(std::move(times));
    return time;
}

inline Field numberColumn(const QString& name, Column::Numbers values, Labels labels = {})
{
    Field field;
    field.name = name;
    field.labels = std::move(labels);
    field.values = Column(std::move(values));
    return field;
}

inline Field textColumn(const QString& name, Column::Strings values)
{
    Field field;
    field.name = name;
    field.type = FieldType::String;
    field.values = Column(std::move(values));
    return field;
}

/// A series as a range query brings it.
inline Frame seriesFrame(const QString& name, Column::Numbers values, Labels labels = {}, qint64 step = kSampleStep)
{
    Frame frame;
    frame.refId = QStringLiteral("A");
    frame.meta.stepMs = step;
    const size_t rows = values.size();
    Field value = numberColumn(QStringLiteral("Value"), std::move(values), std::move(labels));
    value.config.displayNameFromDS = name;
    frame.fields = {timeColumn(rows, step), value};
    return frame;
}

inline PanelSpec panelOf(const QString& type, const char* options, const char* fieldConfig = "{}")
{
    PanelSpec panel;
    panel.id = 1;
    panel.type = type;
    panel.options = jsonOf(options);
    panel.fieldConfig = jsonOf(fieldConfig);
    return panel;
}

/// Data as the panel gets it: field configuration applied, a range that holds all samples.
inline PanelData preparedData(Frames frames, const PanelSpec& panel, ThemeKind theme = ThemeKind::Dark)
{
    OverrideContext context;
    context.theme = theme;
    context.defaultColorMode = defaultColorMode(panel.type);
    applyFieldConfig(frames, panel.fieldConfig, context);
    qint64 last = kSampleStart;
    for (const Frame& frame : frames) {
        for (const Field& field : frame.fields) {
            if (field.values.isTimes() && field.values.size() > 0)
                last = std::max(last, field.values.times().back());
        }
    }
    PanelData data;
    data.state = PanelData::State::Done;
    data.range = {kSampleStart, std::max(last, kSampleStart + kSampleStep)};
    data.frames = std::move(frames);
    return data;
}

} // namespace Promdeck::Testing
