#include "models/frame/reducers.h"
#include "models/panel/panelmodels.h"

#include <QHash>

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

GradientMode gradientMode(const QString& text)
{
    if (text == u"opacity")
        return GradientMode::Opacity;
    if (text == u"hue")
        return GradientMode::Hue;
    return text == u"scheme" ? GradientMode::Scheme : GradientMode::None;
}

StackingMode stackingMode(const QString& text)
{
    if (text == u"normal")
        return StackingMode::Normal;
    return text == u"percent" ? StackingMode::Percent : StackingMode::None;
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

/// Colours by value, for the scheme gradient: a continuous scheme over min..max, or the thresholds as steps.
void readColorScale(SeriesStyle& style, const Field& field, ThemeKind theme)
{
    if (style.gradient != GradientMode::Scheme || !field.config.color)
        return;
    const double low = field.config.min.value_or(field.state.min.value_or(0));
    const double high = field.config.max.value_or(field.state.max.value_or(100));
    const QString& mode = field.config.color->mode;
    if (mode.startsWith(u"continuous-")) {
        constexpr int kStops = 16;
        for (int i = 0; i <= kStops; ++i) {
            const double fraction = double(i) / kStops;
            if (const auto color = continuousColor(mode, fraction, theme))
                style.colorScale.emplace_back(low + (high - low) * fraction, *color);
        }
    } else if (mode == u"thresholds" && field.config.thresholds) {
        style.colorScaleSteps = true;
        for (const ThresholdStep& step : field.config.thresholds->steps) {
            const bool relative = field.config.thresholds->mode == Thresholds::Mode::Percentage && std::isfinite(step.value);
            const double value = relative ? low + (high - low) * step.value / 100.0 : step.value;
            style.colorScale.emplace_back(value, parseColor(step.color, theme).value_or(Rgba {128, 128, 128, 255}));
        }
    }
}

ThresholdDisplay::Mode thresholdMode(const QString& text)
{
    using Mode = ThresholdDisplay::Mode;
    static const QHash<QString, Mode> modes {{u"line"_s, Mode::Line},
                                             {u"dashed"_s, Mode::DashedLine},
                                             {u"area"_s, Mode::Area},
                                             {u"line+area"_s, Mode::LineAndArea},
                                             {u"dashed+area"_s, Mode::DashedLineAndArea}};
    return modes.value(text, Mode::Off);
}

ThresholdDisplay readThresholds(const Field& field, ThemeKind theme)
{
    ThresholdDisplay out;
    out.mode = thresholdMode(field.config.custom.path(u"thresholdsStyle.mode").toString());
    if (out.mode == ThresholdDisplay::Mode::Off || !field.config.thresholds)
        return out;
    const double low = field.config.min.value_or(field.state.min.value_or(0));
    const double high = field.config.max.value_or(field.state.max.value_or(100));
    for (const ThresholdStep& step : field.config.thresholds->steps) {
        double value = step.value;
        if (field.config.thresholds->mode == Thresholds::Mode::Percentage && std::isfinite(value))
            value = low + (high - low) * value / 100.0;
        out.steps.emplace_back(value, parseColor(step.color, theme).value_or(Rgba {128, 128, 128, 255}));
    }
    return out;
}

QString optionalText(const std::optional<double>& value)
{
    return value ? QString::number(*value, 'g', 17) : u"na"_s;
}

std::optional<double> optionalNumber(const Json& value)
{
    return value.isNumber() ? std::optional<double>(value.toDouble()) : std::nullopt;
}

AxisPlacement axisPlacement(const QString& text)
{
    if (text == u"left")
        return AxisPlacement::Left;
    if (text == u"right")
        return AxisPlacement::Right;
    return text == u"hidden" ? AxisPlacement::Hidden : AxisPlacement::Auto;
}

/// Fields share a scale only when everything that shapes it agrees: unit, limits, placement, distribution,
/// label.
AxisModel readAxis(const Field& field, ThemeKind theme)
{
    const Json& custom = field.config.custom;
    AxisModel axis;
    axis.label = custom[u"axisLabel"].toString();
    axis.unit = field.config.unit.value_or(QString());
    axis.decimals = field.config.decimals;
    axis.placement = axisPlacement(custom[u"axisPlacement"].toString());
    axis.min = field.config.min;
    axis.max = field.config.max;
    axis.softMin = optionalNumber(custom[u"axisSoftMin"]);
    axis.softMax = optionalNumber(custom[u"axisSoftMax"]);
    const Json& scale = custom[u"scaleDistribution"];
    const QString scaleType = scale[u"type"].toString();
    if (scaleType == u"log" || scaleType == u"symlog") {
        axis.logBase = scale[u"log"].toDouble(2);
        axis.symlog = scaleType == u"symlog";
        axis.linearThreshold = scale[u"linearThreshold"].toDouble(1);
    }
    axis.centeredZero = custom[u"axisCenteredZero"].toBool();
    axis.showGrid = custom[u"axisGridShow"].toBool(true);
    axis.showBorder = custom[u"axisBorderShow"].toBool();
    axis.colorFromSeries = custom[u"axisColorMode"].toString() == u"series";
    axis.widthPx = int(custom[u"axisWidth"].toInt());
    axis.thresholds = readThresholds(field, theme);
    axis.format = field;
    axis.format.values = {};
    axis.key = QStringList {axis.unit, optionalText(axis.min), optionalText(axis.max), optionalText(axis.softMin),
                            optionalText(axis.softMax), custom[u"axisPlacement"].toString(),
                            scaleType + QString::number(axis.logBase), axis.label}
                   .join(u'/');
    return axis;
}

int axisFor(std::vector<AxisModel>& axes, const Field& field, ThemeKind theme)
{
    AxisModel axis = readAxis(field, theme);
    for (size_t i = 0; i < axes.size(); ++i) {
        if (axes[i].key == axis.key) {
            if (axes[i].thresholds.mode == ThresholdDisplay::Mode::Off)
                axes[i].thresholds = axis.thresholds;
            return int(i);
        }
    }
    if (axis.placement == AxisPlacement::Auto) {
        const bool leftTaken = std::any_of(axes.begin(), axes.end(), [](const AxisModel& other) {
            return other.placement == AxisPlacement::Left;
        });
        axis.placement = leftTaken ? AxisPlacement::Right : AxisPlacement::Left;
    }
    axes.push_back(std::move(axis));
    return int(axes.size()) - 1;
}

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

} // namespace

TimeSeriesModel timeSeriesModel(const PanelSpec& panel, const PanelData& data, const PanelContext& context)
{
    TimeSeriesModel model;
    model.range = data.range;
    model.legend = readLegend(panel.options);
    const Json& tooltip = panel.options[u"tooltip"];
    const QString tooltipMode = tooltip[u"mode"].toString();
    model.tooltip = tooltipMode == u"multi" ? TooltipMode::All
        : tooltipMode == u"none"            ? TooltipMode::None
                                            : TooltipMode::Single;
    const QString sort = tooltip[u"sort"].toString();
    model.tooltipSort = sort == u"asc" ? TooltipSort::Ascending
        : sort == u"desc"              ? TooltipSort::Descending
                                       : TooltipSort::None;
    model.tooltipHideZeros = tooltip[u"hideZeros"].toBool();

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
            series.name = field.state.displayName.isEmpty() ? field.name : field.state.displayName;
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
    sortLegend(model.legend, model.series);
    return model;
}

} // namespace Promdeck
