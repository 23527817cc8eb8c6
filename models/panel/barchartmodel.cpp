#include "models/panel/barchartmodel.h"

#include "models/panel/modelparts.h"

namespace Promdeck {

using namespace Qt::StringLiterals;

namespace {

const Field* named(const Frame& frame, const QString& name)
{
    for (const Field& field : frame.fields) {
        if (!name.isEmpty() && (shownName(field) == name || field.name == name))
            return &field;
    }
    return nullptr;
}

const Field* categoryField(const Frame& frame, const QString& wanted)
{
    if (const Field* field = named(frame, wanted))
        return field;
    if (const Field* text = frame.firstOf(FieldType::String))
        return text;
    return frame.firstOf(FieldType::Time);
}

void readCategories(BarChartModel& model, const Field& field, const PanelContext& context)
{
    model.categoryName = shownName(field);
    const DisplayProcessor display(field, context.theme, context.timeZone);
    for (qsizetype row = 0; row < field.values.size(); ++row)
        model.categories.push_back(display.at(row).toString());
    if (field.type == FieldType::Time && field.values.isTimes() && !field.config.unit)
        model.times = field.values.times();
}

BarSeries readBars(const Field& field, const PanelContext& context)
{
    BarSeries bars;
    const Json& custom = field.config.custom;
    bars.lineWidth = custom[u"lineWidth"].toDouble(1);
    bars.fillOpacity = std::clamp(custom[u"fillOpacity"].toDouble(80) / 100.0, 0.0, 1.0);
    bars.gradient = gradientMode(custom[u"gradientMode"].toString());
    const DisplayProcessor display(field, context.theme, context.timeZone);
    const Rgba own = seriesColor(field, context.theme);
    const bool each = colorsByValue(field) || !field.config.mappings.empty();
    for (qsizetype row = 0; row < field.values.size(); ++row) {
        const double value = field.values.isNumbers() ? field.values.numbers()[size_t(row)] : kNull;
        bars.values.push_back(std::isfinite(value) ? value : kNull);
        const DisplayValue shown = display(value);
        bars.texts.push_back(shown.toString());
        bars.colors.push_back(each && shown.hasColor ? shown.color : own);
    }
    return bars;
}

/// Another field's display colour for every bar of a category.
void colorByField(BarChartModel& model, const Field& field, const PanelContext& context)
{
    const DisplayProcessor display(field, context.theme, context.timeZone);
    for (qsizetype row = 0; row < field.values.size(); ++row) {
        const DisplayValue shown = display.at(row);
        if (!shown.hasColor)
            continue;
        for (BarSeries& bars : model.series) {
            if (size_t(row) < bars.colors.size())
                bars.colors[size_t(row)] = shown.color;
        }
    }
}

void readOptions(BarChartModel& model, const Json& options)
{
    const QString orientation = options[u"orientation"].toString();
    if (orientation == u"horizontal" || orientation == u"vertical")
        model.horizontal = orientation == u"horizontal";
    model.stacking = stackingMode(options[u"stacking"].toString());
    const QString values = options[u"showValue"].toString();
    model.values = values == u"always" ? ValueVisibility::Always
        : values == u"never"           ? ValueVisibility::Never
                                       : ValueVisibility::Auto;
    model.valuePx = options.path(u"text.valueSize").toDouble(0);
    model.groupWidth = std::clamp(options[u"groupWidth"].toDouble(0.7), 0.01, 1.0);
    model.barWidth = std::clamp(options[u"barWidth"].toDouble(0.97), 0.01, 1.0);
    model.barRadius = std::clamp(options[u"barRadius"].toDouble(0), 0.0, 0.5);
    model.labelRotation = int(std::clamp<qint64>(options[u"xTickLabelRotation"].toInt(0), -90, 90));
    model.labelMaxLength = int(std::max<qint64>(0, options[u"xTickLabelMaxLength"].toInt(0)));
    model.labelSpacing = int(options[u"xTickLabelSpacing"].toInt(0));
    model.fullHighlight = options[u"fullHighlight"].toBool();
}

} // namespace

BarChartModel barChartModel(const PanelSpec& panel, const PanelData& data, const PanelContext& context)
{
    BarChartModel model;
    model.chart.range = data.range;
    model.chart.legend = readLegend(panel.options);
    readTooltip(model.chart, panel.options);
    readOptions(model, panel.options);
    const Frame frame = joinFrames(data.frames);
    if (frame.length() == 0)
        return model;
    const QString xName = panel.options[u"xField"].toString();
    const Field* category = categoryField(frame, xName);
    if (!category) {
        model.problem = u"no-category"_s;
        return model;
    }
    readCategories(model, *category, context);
    const QString colorName = panel.options[u"colorByField"].toString();
    const Field* color = named(frame, colorName);
    for (const Field& field : frame.fields) {
        if (field.type != FieldType::Number || &field == category || isHiddenFromView(field))
            continue;
        BarSeries bars = readBars(field, context);
        bars.entry = int(model.chart.series.size());
        SeriesModel entry = legendEntry(field, frame.refId, model.chart.legend.calcs, context);
        entry.axis = axisFor(model.chart.axes, field, context.theme);
        model.chart.series.push_back(std::move(entry));
        model.series.push_back(std::move(bars));
    }
    if (model.series.empty())
        model.problem = u"no-number"_s;
    if (color)
        colorByField(model, *color, context);
    sortLegend(model.chart.legend, model.chart.series);
    return model;
}

std::vector<std::vector<BarSpan>> barSpans(const BarChartModel& model, const std::vector<char>& hidden)
{
    const BarSpan none {kNull, kNull};
    std::vector<std::vector<BarSpan>> spans(model.series.size(), std::vector<BarSpan>(model.categories.size(), none));
    const auto isHidden = [&](const BarSeries& bars) {
        return size_t(bars.entry) < hidden.size() && hidden[size_t(bars.entry)];
    };
    for (size_t category = 0; category < model.categories.size(); ++category) {
        double above = 0;
        double below = 0;
        double total = 0;
        for (const BarSeries& bars : model.series) {
            if (!isHidden(bars) && std::isfinite(bars.values[category]))
                total += std::abs(bars.values[category]);
        }
        for (size_t i = 0; i < model.series.size(); ++i) {
            double value = model.series[i].values[category];
            if (isHidden(model.series[i]) || !std::isfinite(value))
                continue;
            if (model.stacking == StackingMode::None) {
                spans[i][category] = {0, value};
                continue;
            }
            if (model.stacking == StackingMode::Percent)
                value = total > 0 ? value / total : 0;
            double& base = value < 0 ? below : above;
            spans[i][category] = {base, base + value};
            base += value;
        }
    }
    return spans;
}

} // namespace Promdeck
