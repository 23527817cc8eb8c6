#include "models/frame/transformutil.h"
#include "models/panel/modelparts.h"

#include <QHash>

namespace Promdeck {

using namespace Qt::StringLiterals;

namespace {

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

} // namespace

std::vector<std::pair<double, Rgba>> absoluteThresholds(const Field& field, ThemeKind theme)
{
    std::vector<std::pair<double, Rgba>> steps;
    if (!field.config.thresholds)
        return steps;
    const double low = field.config.min.value_or(field.state.min.value_or(0));
    const double high = field.config.max.value_or(field.state.max.value_or(100));
    for (const ThresholdStep& step : field.config.thresholds->steps) {
        double value = step.value;
        if (field.config.thresholds->mode == Thresholds::Mode::Percentage && std::isfinite(value))
            value = low + (high - low) * value / 100.0;
        steps.emplace_back(value, parseColor(step.color, theme).value_or(Rgba {128, 128, 128, 255}));
    }
    return steps;
}

ThresholdDisplay readThresholds(const Field& field, ThemeKind theme)
{
    ThresholdDisplay out;
    out.mode = thresholdMode(field.config.custom.path(u"thresholdsStyle.mode").toString());
    if (out.mode == ThresholdDisplay::Mode::Off || !field.config.thresholds)
        return out;
    out.steps = absoluteThresholds(field, theme);
    return out;
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
        style.colorScale = absoluteThresholds(field, theme);
    }
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

bool isHiddenFromView(const Field& field)
{
    const Json& hideFrom = field.config.custom[u"hideFrom"];
    return hideFrom[u"viz"].toBool() || hideFrom[u"graph"].toBool();
}

Frame joinFrames(const Frames& frames)
{
    Frames filled;
    for (const Frame& frame : frames) {
        if (frame.length() > 0)
            filled.push_back(frame);
    }
    if (filled.empty())
        return {};
    if (filled.size() == 1)
        return filled.front();
    const auto keyOf = [](const Frame& frame) -> const Field* {
        const Field* time = frame.firstOf(FieldType::Time);
        return time ? time : &frame.fields.front();
    };
    Frame out = Transforms::outerJoin(filled, keyOf);
    // A join makes new fields; here they are the ones that the panel's configuration was applied to.
    size_t at = 1;
    for (const Frame& frame : filled) {
        for (const Field& field : frame.fields) {
            if (&field == keyOf(frame) || at >= out.fields.size())
                continue;
            out.fields[at].name = field.name;
            out.fields[at].labels = field.labels;
            out.fields[at].state = field.state;
            ++at;
        }
    }
    return out;
}

bool colorsByValue(const Field& field)
{
    if (!field.config.color)
        return false;
    const QString& mode = field.config.color->mode;
    return mode == u"thresholds" || mode.startsWith(u"continuous-");
}

} // namespace Promdeck
