#include "models/panel/modelparts.h"

#include <iterator>

#include <algorithm>

namespace Promdeck {

using namespace Qt::StringLiterals;

namespace {

DrawStyle drawStyle(const QString& text)
{
    if (text == u"bars")
        return DrawStyle::Bars;
    return text == u"points" ? DrawStyle::Points : DrawStyle::Line;
}

LineInterpolation lineInterpolation(const QString& text)
{
    if (text == u"smooth")
        return LineInterpolation::Smooth;
    if (text == u"stepBefore")
        return LineInterpolation::StepBefore;
    return text == u"stepAfter" ? LineInterpolation::StepAfter : LineInterpolation::Linear;
}

PointMode pointMode(const QString& text)
{
    if (text == u"always")
        return PointMode::Always;
    return text == u"never" ? PointMode::Never : PointMode::Auto;
}

QList<double> dashPattern(const Json& lineStyle)
{
    const QString fill = lineStyle[u"fill"].toString();
    if (fill.isEmpty() || fill == u"solid")
        return {};
    QList<double> dash;
    for (const Json& part : lineStyle[u"dash"].items())
        dash.append(part.toDouble());
    if (!dash.isEmpty())
        return dash;
    if (fill == u"dot")
        return {0, 10};
    return fill == u"square" ? QList<double> {10, 10} : QList<double> {10, 10};
}

std::optional<qint64> nullSpan(const Json& value)
{
    if (value.isBool())
        return value.toBool() ? std::optional<qint64>(-1) : std::nullopt;
    if (value.isNumber() && value.toDouble() > 0)
        return value.toInt();
    return {};
}

/// Lines that are solid otherwise, each unlike its neighbours whatever their colours.
void addPatterns(std::vector<SeriesModel>& all)
{
    static const QList<double> patterns[] {{}, {10, 5}, {2, 4}, {12, 4, 2, 4}, {18, 6}, {8, 3, 2, 3, 2, 3}};
    size_t number = 0;
    for (SeriesModel& series : all) {
        if (series.style.draw != DrawStyle::Line || !series.style.dash.isEmpty())
            continue;
        series.style.dash = patterns[number++ % std::size(patterns)];
        series.style.lineWidth = std::max(series.style.lineWidth, 1.5);
    }
}

SeriesStyle readStyle(const Json& custom)
{
    SeriesStyle style;
    style.draw = drawStyle(custom[u"drawStyle"].toString());
    style.interpolation = lineInterpolation(custom[u"lineInterpolation"].toString());
    style.lineWidth = custom[u"lineWidth"].toDouble(1);
    style.fillOpacity = std::clamp(custom[u"fillOpacity"].toDouble(0) / 100.0, 0.0, 1.0);
    style.gradient = gradientMode(custom[u"gradientMode"].toString());
    style.dash = dashPattern(custom[u"lineStyle"]);
    style.points = pointMode(custom[u"showPoints"].toString());
    style.pointSize = custom[u"pointSize"].toDouble(5);
    const qint64 alignment = custom[u"barAlignment"].toInt(0);
    style.barAlignment = alignment < 0 ? BarAlignment::Before : alignment > 0 ? BarAlignment::After : BarAlignment::Center;
    style.barWidthFactor = custom[u"barWidthFactor"].toDouble(0.6);
    style.barMaxWidth = custom[u"barMaxWidth"].toDouble(0);
    style.stacking = stackingMode(custom.path(u"stacking.mode").toString());
    style.stackGroup = custom.path(u"stacking.group").scalarText();
    style.spanNullsMs = nullSpan(custom[u"spanNulls"]);
    style.insertNullsMs = nullSpan(custom[u"insertNulls"]);
    const QString transform = custom[u"transform"].toString();
    style.negativeY = transform == u"negative-Y";
    style.constantFill = transform == u"constant";
    style.fillBelowTo = custom[u"fillBelowTo"].toString();
    const Json& hideFrom = custom[u"hideFrom"];
    style.hideViz = hideFrom[u"viz"].toBool() || hideFrom[u"graph"].toBool();
    style.hideLegend = hideFrom[u"legend"].toBool();
    style.hideTooltip = hideFrom[u"tooltip"].toBool();
    return style;
}

} // namespace

namespace {

/// The series that an exemplar was recorded with: its query's, with no label that says otherwise.
int seriesOf(const Exemplar& exemplar, const std::vector<SeriesModel>& all)
{
    for (size_t i = 0; i < all.size(); ++i) {
        const Labels& labels = all[i].labels;
        const bool fits = std::all_of(labels.begin(), labels.end(), [&](const auto& label) {
            return label.first == u"__name__" || exemplar.series.value(label.first) == label.second;
        });
        if (fits && all[i].refId == exemplar.refId && !labels.isEmpty())
            return int(i);
    }
    return -1;
}

} // namespace

void addExemplars(TimeSeriesModel& model, const PanelData& data)
{
    for (const Exemplar& exemplar : data.exemplars) {
        if (exemplar.timeMs < data.range.fromMs || exemplar.timeMs > data.range.toMs)
            continue;
        ExemplarModel point {exemplar, seriesOf(exemplar, model.series), 0};
        if (point.series >= 0)
            point.axis = model.series[size_t(point.series)].axis;
        model.exemplars.push_back(std::move(point));
    }
    std::stable_sort(model.exemplars.begin(), model.exemplars.end(), [](const ExemplarModel& a, const ExemplarModel& b) {
        return a.exemplar.timeMs < b.exemplar.timeMs;
    });
}

TimeSeriesModel timeSeriesModel(const PanelSpec& panel, const PanelData& data, const PanelContext& context)
{
    TimeSeriesModel model;
    model.range = data.range;
    model.legend = readLegend(panel.options);
    readTooltip(model, panel.options);
    for (size_t frameIndex = 0; frameIndex < data.frames.size(); ++frameIndex) {
        const Frame& frame = data.frames[frameIndex];
        const Field* time = frame.firstOf(FieldType::Time);
        if (!time)
            continue;
        for (size_t fieldIndex = 0; fieldIndex < frame.fields.size(); ++fieldIndex) {
            const Field& field = frame.fields[fieldIndex];
            if (field.type != FieldType::Number || !field.values.isNumbers())
                continue;
            SeriesModel series;
            series.name = shownName(field);
            series.refId = frame.refId;
            series.labels = field.labels;
            series.unit = field.config.unit.value_or(QString());
            series.color = seriesColor(field, context.theme);
            series.style = readStyle(field.config.custom);
            // A range query answers once a step: neighbours further apart have a gap between them.
            if (!series.style.insertNullsMs && frame.meta.stepMs > 0)
                series.style.insertNullsMs = frame.meta.stepMs;
            readColorScale(series.style, field, context.theme);
            series.times = time->values;
            series.values = field.values;
            series.frameIndex = int(frameIndex);
            series.fieldIndex = int(fieldIndex);
            series.calcs = legendCells(field, model.legend.calcs, context);
            series.axis = axisFor(model.axes, field, context.theme);
            model.series.push_back(std::move(series));
        }
    }
    if (distinctPalette())
        addPatterns(model.series);
    sortLegend(model.legend, model.series);
    model.annotations = data.annotations;
    addExemplars(model, data);
    return model;
}

} // namespace Promdeck
