#include "widgets/editor/optionspecs.h"

#include <QCoreApplication>

#include <map>

using namespace Qt::StringLiterals;

namespace Promdeck {

namespace {

using Kind = OptionSpec::Kind;
using Choices = std::vector<std::pair<Json, QString>>;

const QString kDefaults = u"fieldConfig.defaults."_s;
const QString kCustom = u"fieldConfig.defaults.custom."_s;

Json text(const QString& value)
{
    return Json(value);
}

/// Makes the table of one panel type.
struct Table
{
    Q_DECLARE_TR_FUNCTIONS(Promdeck::PanelOptions)
public:
    std::vector<OptionSpec> all;
    QString section;

    OptionSpec& add(const QString& path, const QString& label, Kind kind, const Json& fallback = {})
    {
        all.push_back({.path = path, .section = section, .label = label, .kind = kind, .fallback = fallback});
        return all.back();
    }
    OptionSpec& choice(const QString& path, const QString& label, const Choices& choices, const Json& fallback)
    {
        OptionSpec& spec = add(path, label, Kind::Choice, fallback);
        spec.choices = choices;
        return spec;
    }
    OptionSpec& slider(const QString& path, const QString& label, double min, double max, double fallback)
    {
        OptionSpec& spec = add(path, label, Kind::Slider, Json(fallback));
        spec.min = min;
        spec.max = max;
        return spec;
    }
    OptionSpec& flag(const QString& path, const QString& label, bool fallback = false)
    {
        return add(path, label, Kind::Bool, Json(fallback));
    }

    void panel();
    void repeat();
    void legend(bool withCalcs = true);
    void tooltip();
    void axis();
    void graphStyles();
    void standard(const QString& type);
    void thresholds(bool withDisplay);
    void reduction();
    void orientation();
    void textSize(bool title);

    void timeseries();
    void stat();
    void gauge();
    void bargauge();
    void table();
    void piechart();
    void barchart();
    void heatmap();
    void histogram();
    void timeline(bool status);
    void logs();
    void textPanel();
    void xychart();
    void alertlist();
    void dashlist();

    static Choices autoSides() { return {{text(u"auto"_s), tr("Automatic")}, {text(u"left"_s), tr("Left")}, {text(u"right"_s), tr("Right")}, {text(u"hidden"_s), tr("Hidden")}}; }
    static Choices autoAlwaysNever() { return {{text(u"auto"_s), tr("Automatic")}, {text(u"always"_s), tr("Always")}, {text(u"never"_s), tr("Never")}}; }
    static Choices stackings() { return {{text(u"none"_s), tr("Off")}, {text(u"normal"_s), tr("Normal")}, {text(u"percent"_s), tr("100 %")}}; }
    static Choices gradients(bool scheme)
    {
        Choices choices {{text(u"none"_s), tr("None")}, {text(u"opacity"_s), tr("Opacity")}, {text(u"hue"_s), tr("Hue")}};
        if (scheme)
            choices.emplace_back(text(u"scheme"_s), tr("Scheme"));
        return choices;
    }
};

void Table::panel()
{
    section = tr("Panel");
    add(u"title"_s, tr("Title"), Kind::Text);
    add(u"description"_s, tr("Description"), Kind::LongText).help = tr("Markdown; shown behind the title's information sign");
    flag(u"transparent"_s, tr("Transparent background"));
    add(u"links"_s, tr("Links"), Kind::PanelLinks);
}

void Table::repeat()
{
    section = tr("Repeat");
    add(u"repeat"_s, tr("Repeat by variable"), Kind::Variable).help = tr("One panel for every value of the variable");
    choice(u"repeatDirection"_s, tr("Direction"), {{text(u"h"_s), tr("Across")}, {text(u"v"_s), tr("Down")}}, text(u"h"_s)).visibleIf = u"!repeat="_s;
    OptionSpec& most = add(u"maxPerRow"_s, tr("At most in a row"), Kind::Integer, Json(4));
    most.min = 1;
    most.max = 24;
    most.visibleIf = u"repeatDirection=|h"_s;
}

void Table::legend(bool withCalcs)
{
    section = tr("Legend");
    flag(u"options.legend.showLegend"_s, tr("Show"), true);
    choice(u"options.legend.displayMode"_s, tr("As"), {{text(u"list"_s), tr("List")}, {text(u"table"_s), tr("Table")}}, text(u"list"_s)).visibleIf = u"!options.legend.showLegend=false"_s;
    choice(u"options.legend.placement"_s, tr("Placement"), {{text(u"bottom"_s), tr("Below")}, {text(u"right"_s), tr("Right")}}, text(u"bottom"_s)).visibleIf = u"!options.legend.showLegend=false"_s;
    add(u"options.legend.width"_s, tr("Width"), Kind::Number).visibleIf = u"options.legend.placement=right"_s;
    if (withCalcs)
        add(u"options.legend.calcs"_s, tr("Values"), Kind::Calcs).visibleIf = u"!options.legend.showLegend=false"_s;
}

void Table::tooltip()
{
    section = tr("Tooltip");
    choice(u"options.tooltip.mode"_s, tr("Shows"), {{text(u"single"_s), tr("One series")}, {text(u"multi"_s), tr("All")}, {text(u"none"_s), tr("Nothing")}}, text(u"single"_s));
    choice(u"options.tooltip.sort"_s, tr("Order"), {{text(u"none"_s), tr("As in the legend")}, {text(u"asc"_s), tr("Ascending")}, {text(u"desc"_s), tr("Descending")}}, text(u"none"_s)).visibleIf = u"options.tooltip.mode=multi"_s;
    flag(u"options.tooltip.hideZeros"_s, tr("Leave out zeros")).visibleIf = u"options.tooltip.mode=multi"_s;
}

void Table::axis()
{
    section = tr("Axis");
    choice(kCustom + u"axisPlacement"_s, tr("Placement"), autoSides(), text(u"auto"_s));
    add(kCustom + u"axisLabel"_s, tr("Label"), Kind::Text);
    add(kCustom + u"axisWidth"_s, tr("Width"), Kind::Number);
    choice(kCustom + u"axisGridShow"_s, tr("Grid lines"), {{Json(), tr("Automatic")}, {Json(true), tr("On")}, {Json(false), tr("Off")}}, {});
    choice(kCustom + u"axisColorMode"_s, tr("Colour"), {{text(u"text"_s), tr("Text")}, {text(u"series"_s), tr("Series")}}, text(u"text"_s));
    flag(kCustom + u"axisBorderShow"_s, tr("Border"));
    choice(kCustom + u"scaleDistribution.type"_s, tr("Scale"), {{text(u"linear"_s), tr("Linear")}, {text(u"log"_s), tr("Logarithmic")}, {text(u"symlog"_s), tr("Symlog")}}, text(u"linear"_s));
    choice(kCustom + u"scaleDistribution.log"_s, tr("Base"), {{Json(2), u"2"_s}, {Json(10), u"10"_s}}, Json(2)).visibleIf = kCustom + u"scaleDistribution.type=log|symlog"_s;
    add(kCustom + u"scaleDistribution.linearThreshold"_s, tr("Linear below"), Kind::Number, Json(1)).visibleIf = kCustom + u"scaleDistribution.type=symlog"_s;
    flag(kCustom + u"axisCenteredZero"_s, tr("Zero in the middle"));
    add(kCustom + u"axisSoftMin"_s, tr("Soft minimum"), Kind::Number).help = tr("The axis reaches at least this far down");
    add(kCustom + u"axisSoftMax"_s, tr("Soft maximum"), Kind::Number).help = tr("The axis reaches at least this far up");
}

void Table::graphStyles()
{
    section = tr("Graph styles");
    const QString line = kCustom + u"drawStyle=|line"_s;
    choice(kCustom + u"drawStyle"_s, tr("Style"), {{text(u"line"_s), tr("Lines")}, {text(u"bars"_s), tr("Bars")}, {text(u"points"_s), tr("Points")}}, text(u"line"_s));
    choice(kCustom + u"lineInterpolation"_s, tr("Interpolation"), {{text(u"linear"_s), tr("Straight")}, {text(u"smooth"_s), tr("Smooth")}, {text(u"stepBefore"_s), tr("Step before")}, {text(u"stepAfter"_s), tr("Step after")}}, text(u"linear"_s)).visibleIf = line;
    choice(kCustom + u"barAlignment"_s, tr("Bars stand"), {{Json(-1), tr("Before")}, {Json(0), tr("Around")}, {Json(1), tr("After")}}, Json(0)).visibleIf = kCustom + u"drawStyle=bars"_s;
    slider(kCustom + u"barWidthFactor"_s, tr("Bar width"), 0.1, 1, 0.6).visibleIf = kCustom + u"drawStyle=bars"_s;
    slider(kCustom + u"lineWidth"_s, tr("Line width"), 0, 10, 1).visibleIf = u'!' + kCustom + u"drawStyle=points"_s;
    slider(kCustom + u"fillOpacity"_s, tr("Fill opacity"), 0, 100, 0).visibleIf = u'!' + kCustom + u"drawStyle=points"_s;
    choice(kCustom + u"gradientMode"_s, tr("Gradient"), gradients(true), text(u"none"_s));
    choice(kCustom + u"lineStyle.fill"_s, tr("Line style"), {{text(u"solid"_s), tr("Solid")}, {text(u"dash"_s), tr("Dashed")}, {text(u"dot"_s), tr("Dotted")}}, text(u"solid"_s)).visibleIf = line;
    add(kCustom + u"fillBelowTo"_s, tr("Fill down to"), Kind::FieldName).visibleIf = line;
    add(kCustom + u"spanNulls"_s, tr("Connect gaps"), Kind::SpanNulls, Json(false)).visibleIf = line;
    choice(kCustom + u"showPoints"_s, tr("Points"), autoAlwaysNever(), text(u"auto"_s)).visibleIf = u'!' + kCustom + u"drawStyle=points"_s;
    slider(kCustom + u"pointSize"_s, tr("Point size"), 1, 40, 5).visibleIf = u'!' + kCustom + u"showPoints=never"_s;
    choice(kCustom + u"stacking.mode"_s, tr("Stack series"), stackings(), text(u"none"_s));
    add(kCustom + u"stacking.group"_s, tr("Stack group"), Kind::Text).visibleIf = kCustom + u"stacking.mode=normal|percent"_s;
    choice(kCustom + u"transform"_s, tr("Transform"), {{Json(), tr("None")}, {text(u"negative-Y"_s), tr("Upside down")}, {text(u"constant"_s), tr("Constant")}}, {});
}

void Table::standard(const QString& type)
{
    section = tr("Values");
    add(kDefaults + u"unit"_s, tr("Unit"), Kind::Unit);
    add(kDefaults + u"min"_s, tr("Minimum"), Kind::Number).help = tr("Empty: from the data");
    add(kDefaults + u"max"_s, tr("Maximum"), Kind::Number).help = tr("Empty: from the data");
    flag(kDefaults + u"fieldMinMax"_s, tr("Limits of each field")).help = tr("Minimum and maximum of each field instead of all");
    OptionSpec& decimals = add(kDefaults + u"decimals"_s, tr("Decimals"), Kind::Integer);
    decimals.max = 15;
    decimals.help = tr("Empty: as many as are of use");
    add(kDefaults + u"displayName"_s, tr("Display name"), Kind::Text).help = tr("Variables such as ${__field.labels.job} are expanded");
    add(kDefaults + u"color.mode"_s, tr("Colour scheme"), Kind::ColorMode);
    add(kDefaults + u"color.fixedColor"_s, tr("Colour"), Kind::Color).visibleIf = kDefaults + u"color.mode=fixed|shades"_s;
    if (type == u"timeseries") {
        choice(kDefaults + u"color.seriesBy"_s, tr("Colour series by"), {{text(u"last"_s), tr("Last value")}, {text(u"min"_s), tr("Smallest")}, {text(u"max"_s), tr("Largest")}}, text(u"last"_s))
            .visibleIf = u'!' + kDefaults + u"color.mode=|palette-classic|palette-classic-by-name|fixed|shades"_s;
    }
    add(kDefaults + u"noValue"_s, tr("No value"), Kind::Text).help = tr("Shown where there is none");
    section = tr("Data links");
    add(kDefaults + u"links"_s, tr("Links"), Kind::DataLinks);
    section = tr("Value mappings");
    add(kDefaults + u"mappings"_s, tr("Mappings"), Kind::Mappings);
}

void Table::thresholds(bool withDisplay)
{
    section = tr("Thresholds");
    add(kDefaults + u"thresholds"_s, tr("Thresholds"), Kind::Thresholds);
    if (withDisplay) {
        choice(kCustom + u"thresholdsStyle.mode"_s, tr("Show"),
               {{text(u"off"_s), tr("Off")}, {text(u"line"_s), tr("Lines")}, {text(u"dashed"_s), tr("Dashed lines")}, {text(u"area"_s), tr("Areas")}, {text(u"line+area"_s), tr("Lines and areas")}, {text(u"dashed+area"_s), tr("Dashed lines and areas")}},
               text(u"off"_s));
    }
}

void Table::reduction()
{
    section = tr("What to show");
    choice(u"options.reduceOptions.values"_s, tr("Show"), {{Json(false), tr("One value per field")}, {Json(true), tr("All values")}}, Json(false));
    add(u"options.reduceOptions.calcs"_s, tr("Calculation"), Kind::Calcs, Json::strings({u"lastNotNull"_s})).visibleIf = u"options.reduceOptions.values=|false"_s;
    OptionSpec& limit = add(u"options.reduceOptions.limit"_s, tr("At most"), Kind::Integer);
    limit.max = 5000;
    limit.visibleIf = u"options.reduceOptions.values=true"_s;
    add(u"options.reduceOptions.fields"_s, tr("Fields"), Kind::Text).help = tr("Empty: numbers; /.*/ for all; /regular expression/ or a name");
}

void Table::orientation()
{
    choice(u"options.orientation"_s, tr("Orientation"), {{text(u"auto"_s), tr("Automatic")}, {text(u"horizontal"_s), tr("Across")}, {text(u"vertical"_s), tr("Down")}}, text(u"auto"_s));
}

void Table::textSize(bool title)
{
    section = tr("Text size");
    if (title)
        add(u"options.text.titleSize"_s, tr("Title"), Kind::Number);
    add(u"options.text.valueSize"_s, tr("Value"), Kind::Number);
}

void Table::timeseries()
{
    tooltip();
    legend();
    axis();
    graphStyles();
    standard(u"timeseries"_s);
    thresholds(true);
}

void Table::stat()
{
    reduction();
    section = tr("Stat");
    orientation();
    choice(u"options.textMode"_s, tr("Text"), {{text(u"auto"_s), tr("Automatic")}, {text(u"value"_s), tr("Value")}, {text(u"value_and_name"_s), tr("Value and name")}, {text(u"name"_s), tr("Name")}, {text(u"none"_s), tr("None")}}, text(u"auto"_s));
    choice(u"options.wideLayout"_s, tr("Wide layout"), {{Json(true), tr("On")}, {Json(false), tr("Off")}}, Json(true));
    choice(u"options.colorMode"_s, tr("Colour"), {{text(u"value"_s), tr("Value")}, {text(u"background"_s), tr("Background, shaded")}, {text(u"background_solid"_s), tr("Background")}, {text(u"none"_s), tr("None")}}, text(u"value"_s));
    choice(u"options.graphMode"_s, tr("Graph"), {{text(u"area"_s), tr("Area")}, {text(u"none"_s), tr("None")}}, text(u"area"_s));
    choice(u"options.justifyMode"_s, tr("Alignment"), {{text(u"auto"_s), tr("Automatic")}, {text(u"center"_s), tr("Centre")}}, text(u"auto"_s));
    flag(u"options.showPercentChange"_s, tr("Show the change in percent"));
    choice(u"options.percentChangeColorMode"_s, tr("Colour of the change"), {{text(u"standard"_s), tr("More is green")}, {text(u"inverted"_s), tr("More is red")}, {text(u"same_as_value"_s), tr("As the value")}}, text(u"standard"_s)).visibleIf = u"options.showPercentChange=true"_s;
    textSize(true);
    standard(u"stat"_s);
    thresholds(false);
}

void Table::gauge()
{
    reduction();
    section = tr("Gauge");
    orientation();
    flag(u"options.showThresholdLabels"_s, tr("Threshold labels"));
    flag(u"options.showThresholdMarkers"_s, tr("Threshold markers"), true);
    choice(u"options.sizing"_s, tr("Size"), {{text(u"auto"_s), tr("Automatic")}, {text(u"manual"_s), tr("Manual")}}, text(u"auto"_s));
    add(u"options.minVizWidth"_s, tr("Least width"), Kind::Number, Json(75)).visibleIf = u"options.sizing=manual"_s;
    add(u"options.minVizHeight"_s, tr("Least height"), Kind::Number, Json(75)).visibleIf = u"options.sizing=manual"_s;
    textSize(true);
    standard(u"gauge"_s);
    thresholds(false);
}

void Table::bargauge()
{
    reduction();
    section = tr("Bar gauge");
    orientation();
    choice(u"options.displayMode"_s, tr("Style"), {{text(u"gradient"_s), tr("Gradient")}, {text(u"lcd"_s), tr("Cells")}, {text(u"basic"_s), tr("Plain")}}, text(u"gradient"_s));
    choice(u"options.valueMode"_s, tr("Value"), {{text(u"color"_s), tr("Coloured")}, {text(u"text"_s), tr("Text colour")}, {text(u"hidden"_s), tr("Hidden")}}, text(u"color"_s));
    choice(u"options.namePlacement"_s, tr("Name"), {{text(u"auto"_s), tr("Automatic")}, {text(u"top"_s), tr("Above")}, {text(u"left"_s), tr("Left")}, {text(u"hidden"_s), tr("Hidden")}}, text(u"auto"_s));
    flag(u"options.showUnfilled"_s, tr("Show the unfilled part"), true);
    textSize(true);
    standard(u"bargauge"_s);
    thresholds(false);
}

void Table::table()
{
    section = tr("Table");
    flag(u"options.showHeader"_s, tr("Header"), true);
    choice(u"options.cellHeight"_s, tr("Row height"), {{text(u"sm"_s), tr("Small")}, {text(u"md"_s), tr("Medium")}, {text(u"lg"_s), tr("Large")}}, text(u"sm"_s));
    add(kCustom + u"minWidth"_s, tr("Least column width"), Kind::Number);
    add(kCustom + u"width"_s, tr("Column width"), Kind::Number);
    choice(kCustom + u"align"_s, tr("Alignment"), {{text(u"auto"_s), tr("Automatic")}, {text(u"left"_s), tr("Left")}, {text(u"center"_s), tr("Centre")}, {text(u"right"_s), tr("Right")}}, text(u"auto"_s));
    flag(kCustom + u"filterable"_s, tr("Column filters"));
    flag(kCustom + u"hidden"_s, tr("Hide the column"));
    section = tr("Footer");
    flag(u"options.footer.show"_s, tr("Show"));
    add(u"options.footer.reducer"_s, tr("Calculation"), Kind::Calcs, Json::strings({u"sum"_s})).visibleIf = u"options.footer.show=true"_s;
    flag(u"options.footer.countRows"_s, tr("Count rows")).visibleIf = u"options.footer.show=true"_s;
    flag(u"options.footer.enablePagination"_s, tr("Pages"));
    section = tr("Cells");
    choice(kCustom + u"cellOptions.type"_s, tr("Type"),
           {{text(u"auto"_s), tr("Automatic")}, {text(u"color-text"_s), tr("Coloured text")}, {text(u"color-background"_s), tr("Coloured background")}, {text(u"gauge"_s), tr("Gauge")}, {text(u"sparkline"_s), tr("Sparkline")}, {text(u"data-links"_s), tr("Data links")}, {text(u"json-view"_s), u"JSON"_s}},
           text(u"auto"_s));
    choice(kCustom + u"cellOptions.mode"_s, tr("Style"), {{text(u"basic"_s), tr("Plain")}, {text(u"gradient"_s), tr("Gradient")}, {text(u"lcd"_s), tr("Cells")}}, text(u"basic"_s)).visibleIf = kCustom + u"cellOptions.type=gauge|color-background"_s;
    flag(kCustom + u"cellOptions.applyToRow"_s, tr("Whole row")).visibleIf = kCustom + u"cellOptions.type=color-background"_s;
    flag(kCustom + u"cellOptions.wrapText"_s, tr("Wrap text"));
    standard(u"table"_s);
    thresholds(false);
}

void Table::piechart()
{
    reduction();
    section = tr("Pie chart");
    choice(u"options.pieType"_s, tr("Shape"), {{text(u"pie"_s), tr("Pie")}, {text(u"donut"_s), tr("Ring")}}, text(u"pie"_s));
    choice(u"options.sort"_s, tr("Order"), {{text(u"desc"_s), tr("Descending")}, {text(u"asc"_s), tr("Ascending")}, {text(u"none"_s), tr("As received")}}, text(u"desc"_s));
    choice(u"options.displayLabels"_s, tr("Labels"),
           {{Json(), tr("None")}, {Json::strings({u"name"_s}), tr("Name")}, {Json::strings({u"value"_s}), tr("Value")}, {Json::strings({u"percent"_s}), tr("Percent")}, {Json::strings({u"name"_s, u"percent"_s}), tr("Name and percent")}, {Json::strings({u"name"_s, u"value"_s}), tr("Name and value")}},
           {});
    tooltip();
    legend(false);
    choice(u"options.legend.values"_s, tr("Values"), {{Json(), tr("None")}, {Json::strings({u"value"_s}), tr("Value")}, {Json::strings({u"percent"_s}), tr("Percent")}, {Json::strings({u"value"_s, u"percent"_s}), tr("Both")}}, {});
    standard(u"piechart"_s);
}

void Table::barchart()
{
    section = tr("Bar chart");
    add(u"options.xField"_s, tr("X axis"), Kind::FieldName);
    orientation();
    add(u"options.xTickLabelRotation"_s, tr("Turn labels"), Kind::Number, Json(0));
    choice(u"options.showValue"_s, tr("Values"), autoAlwaysNever(), text(u"auto"_s));
    choice(u"options.stacking"_s, tr("Stack"), stackings(), text(u"none"_s));
    slider(u"options.groupWidth"_s, tr("Group width"), 0, 1, 0.7);
    slider(u"options.barWidth"_s, tr("Bar width"), 0, 1, 0.97);
    slider(u"options.barRadius"_s, tr("Rounded corners"), 0, 0.5, 0);
    slider(kCustom + u"lineWidth"_s, tr("Line width"), 0, 10, 1);
    slider(kCustom + u"fillOpacity"_s, tr("Fill opacity"), 0, 100, 80);
    choice(kCustom + u"gradientMode"_s, tr("Gradient"), gradients(false), text(u"none"_s));
    tooltip();
    legend();
    axis();
    standard(u"barchart"_s);
    thresholds(true);
}

void Table::heatmap()
{
    section = tr("Heatmap");
    choice(u"options.calculate"_s, tr("Calculate from data"), {{Json(false), tr("No")}, {Json(true), tr("Yes")}}, Json(false));
    for (const auto& [axisPath, name] : {std::pair {u"options.calculation.xBuckets."_s, tr("X buckets")}, std::pair {u"options.calculation.yBuckets."_s, tr("Y buckets")}}) {
        choice(axisPath + u"mode"_s, name, {{text(u"size"_s), tr("By size")}, {text(u"count"_s), tr("By number")}}, text(u"size"_s)).visibleIf = u"options.calculate=true"_s;
        add(axisPath + u"value"_s, tr("Value"), Kind::Text).visibleIf = u"options.calculate=true"_s;
    }
    section = tr("Y axis");
    add(u"options.yAxis.unit"_s, tr("Unit"), Kind::Unit);
    add(u"options.yAxis.decimals"_s, tr("Decimals"), Kind::Integer).max = 15;
    choice(u"options.yAxis.axisPlacement"_s, tr("Placement"), {{text(u"left"_s), tr("Left")}, {text(u"right"_s), tr("Right")}, {text(u"hidden"_s), tr("Hidden")}}, text(u"left"_s));
    add(u"options.yAxis.axisLabel"_s, tr("Label"), Kind::Text);
    add(u"options.yAxis.min"_s, tr("Minimum"), Kind::Number);
    add(u"options.yAxis.max"_s, tr("Maximum"), Kind::Number);
    flag(u"options.yAxis.reverse"_s, tr("Upside down"));
    section = tr("Colours");
    choice(u"options.color.mode"_s, tr("Mode"), {{text(u"scheme"_s), tr("Scheme")}, {text(u"opacity"_s), tr("Opacity")}}, text(u"scheme"_s));
    Choices schemes;
    for (const QString& scheme : {u"Oranges"_s, u"Blues"_s, u"Greens"_s, u"Greys"_s, u"Purples"_s, u"Reds"_s, u"Turbo"_s, u"Cividis"_s, u"Viridis"_s, u"Magma"_s, u"Inferno"_s, u"Plasma"_s, u"Spectral"_s, u"RdYlGn"_s, u"RdYlBu"_s, u"YlOrRd"_s})
        schemes.emplace_back(text(scheme), scheme);
    choice(u"options.color.scheme"_s, tr("Scheme"), schemes, text(u"Oranges"_s)).visibleIf = u"!options.color.mode=opacity"_s;
    add(u"options.color.fill"_s, tr("Colour"), Kind::Color).visibleIf = u"options.color.mode=opacity"_s;
    OptionSpec& steps = slider(u"options.color.steps"_s, tr("Steps"), 2, 128, 64);
    steps.visibleIf = u"!options.color.mode=opacity"_s;
    flag(u"options.color.reverse"_s, tr("Reverse"));
    slider(u"options.cellGap"_s, tr("Gap between cells"), 0, 25, 1);
    flag(u"options.legend.show"_s, tr("Colour scale"), true);
    choice(u"options.showValue"_s, tr("Cell values"), autoAlwaysNever(), text(u"never"_s));
    add(u"options.filterValues.le"_s, tr("Leave out values below"), Kind::Number);
    choice(u"options.tooltip.mode"_s, tr("Tooltip"), {{text(u"single"_s), tr("One cell")}, {text(u"multi"_s), tr("All")}, {text(u"none"_s), tr("Nothing")}}, text(u"single"_s));
    flag(u"options.tooltip.yHistogram"_s, tr("Histogram in the tooltip"));
}

void Table::histogram()
{
    section = tr("Histogram");
    add(u"options.bucketCount"_s, tr("Buckets"), Kind::Number, Json(30));
    add(u"options.bucketSize"_s, tr("Bucket size"), Kind::Number);
    add(u"options.bucketOffset"_s, tr("Bucket offset"), Kind::Number);
    flag(u"options.combine"_s, tr("Combine series"));
    choice(kCustom + u"stacking.mode"_s, tr("Stack"), stackings(), text(u"none"_s));
    slider(kCustom + u"lineWidth"_s, tr("Line width"), 0, 10, 1);
    slider(kCustom + u"fillOpacity"_s, tr("Fill opacity"), 0, 100, 80);
    choice(kCustom + u"gradientMode"_s, tr("Gradient"), gradients(false), text(u"none"_s));
    tooltip();
    legend();
    standard(u"histogram"_s);
    thresholds(false);
}

void Table::timeline(bool status)
{
    section = status ? tr("Status history") : tr("State timeline");
    if (!status)
        flag(u"options.mergeValues"_s, tr("Merge equal neighbours"), true);
    choice(u"options.showValue"_s, tr("Values"), autoAlwaysNever(), text(u"auto"_s));
    if (!status)
        choice(u"options.alignValue"_s, tr("Alignment"), {{text(u"left"_s), tr("Left")}, {text(u"center"_s), tr("Centre")}, {text(u"right"_s), tr("Right")}}, text(u"left"_s));
    slider(u"options.rowHeight"_s, tr("Row height"), 0, 1, 0.9);
    if (status)
        slider(u"options.colWidth"_s, tr("Column width"), 0, 1, 0.9);
    slider(kCustom + u"lineWidth"_s, tr("Line width"), 0, 10, status ? 1 : 0);
    slider(kCustom + u"fillOpacity"_s, tr("Fill opacity"), 0, 100, 70);
    if (!status)
        add(kCustom + u"spanNulls"_s, tr("Connect gaps"), Kind::SpanNulls, Json(false));
    tooltip();
    legend(false);
    standard(u"state-timeline"_s);
    thresholds(false);
}

void Table::logs()
{
    section = tr("Logs");
    flag(u"options.showTime"_s, tr("Time"));
    flag(u"options.showLabels"_s, tr("Labels"));
    flag(u"options.wrapLogMessage"_s, tr("Wrap lines"));
    choice(u"options.sortOrder"_s, tr("Order"), {{text(u"Descending"_s), tr("Newest first")}, {text(u"Ascending"_s), tr("Oldest first")}}, text(u"Descending"_s));
}

void Table::textPanel()
{
    section = tr("Text");
    choice(u"options.mode"_s, tr("Format"), {{text(u"markdown"_s), u"Markdown"_s}, {text(u"html"_s), u"HTML"_s}, {text(u"code"_s), tr("Code")}}, text(u"markdown"_s));
    add(u"options.content"_s, tr("Content"), Kind::LongText);
}

void Table::xychart()
{
    tooltip();
    legend();
    axis();
    section = tr("Points");
    choice(kCustom + u"show"_s, tr("Show"), {{text(u"points"_s), tr("Points")}, {text(u"lines"_s), tr("Lines")}, {text(u"points+lines"_s), tr("Both")}}, text(u"points"_s));
    slider(kCustom + u"pointSize.fixed"_s, tr("Point size"), 1, 100, 5);
    slider(kCustom + u"lineWidth"_s, tr("Line width"), 0, 10, 1);
    standard(u"xychart"_s);
    thresholds(false);
}

void Table::alertlist()
{
    section = tr("Alerts");
    add(u"options.alertName"_s, tr("Name contains"), Kind::Text);
    add(u"options.alertInstanceLabelFilter"_s, tr("Labels"), Kind::Text).help = tr("A selector, for example {severity=\"critical\"}");
    add(u"options.maxItems"_s, tr("At most"), Kind::Integer, Json(20)).max = 1000;
    flag(u"options.stateFilter.firing"_s, tr("Firing"), true);
    flag(u"options.stateFilter.pending"_s, tr("Pending"), true);
}

void Table::dashlist()
{
    section = tr("Dashboards");
    flag(u"options.showStarred"_s, tr("Starred"), true);
    flag(u"options.showRecentlyViewed"_s, tr("Recently viewed"), false);
    flag(u"options.showSearch"_s, tr("Search"), false);
    flag(u"options.showHeadings"_s, tr("Headings"), true);
    add(u"options.query"_s, tr("Title contains"), Kind::Text);
    add(u"options.maxItems"_s, tr("At most"), Kind::Integer, Json(10)).max = 1000;
    flag(u"options.keepTime"_s, tr("Take the time range along"), false);
    flag(u"options.includeVars"_s, tr("Take the variables along"), false);
}

std::vector<OptionSpec> makeOptions(const QString& type)
{
    Table table;
    table.panel();
    if (type == u"timeseries")
        table.timeseries();
    else if (type == u"stat")
        table.stat();
    else if (type == u"gauge")
        table.gauge();
    else if (type == u"bargauge")
        table.bargauge();
    else if (type == u"table")
        table.table();
    else if (type == u"piechart")
        table.piechart();
    else if (type == u"barchart")
        table.barchart();
    else if (type == u"heatmap")
        table.heatmap();
    else if (type == u"histogram")
        table.histogram();
    else if (type == u"state-timeline" || type == u"status-history")
        table.timeline(type == u"status-history");
    else if (type == u"logs")
        table.logs();
    else if (type == u"text")
        table.textPanel();
    else if (type == u"xychart")
        table.xychart();
    else if (type == u"alertlist")
        table.alertlist();
    else if (type == u"dashlist")
        table.dashlist();
    else {
        table.standard(type);
        table.thresholds(false);
    }
    table.repeat();
    return table.all;
}

} // namespace

QString OptionSpec::propertyId() const
{
    if (!path.startsWith(kDefaults))
        return {};
    const QString below = path.mid(kDefaults.size());
    return below.startsWith(u"custom.") ? below.section(u'.', 0, 1) : below.section(u'.', 0, 0);
}

QString OptionSpec::propertyPath() const
{
    const QString id = propertyId();
    return id.isEmpty() ? QString() : path.mid(kDefaults.size() + id.size() + 1);
}

const std::vector<OptionSpec>& optionsFor(const QString& panelType)
{
    // A map: editors keep hold of single options while other types' tables come.
    static std::map<QString, std::vector<OptionSpec>> tables;
    const auto known = tables.find(panelType);
    return known != tables.end() ? known->second : tables.emplace(panelType, makeOptions(panelType)).first->second;
}

bool makesSense(const OptionSpec& spec, const Json& panel)
{
    if (spec.visibleIf.isEmpty())
        return true;
    const bool turned = spec.visibleIf.startsWith(u'!');
    const QString rule = spec.visibleIf.mid(turned ? 1 : 0);
    const QString value = panel.path(rule.section(u'=', 0, 0)).scalarText();
    const bool holds = rule.section(u'=', 1).split(u'|').contains(value);
    return holds != turned;
}

bool matchesSearch(const OptionSpec& spec, const QString& search)
{
    const QString all = spec.section + u' ' + spec.label + u' ' + spec.help + u' ' + spec.path;
    const QStringList words = search.split(u' ', Qt::SkipEmptyParts);
    return std::all_of(words.begin(), words.end(), [&](const QString& word) { return all.contains(word, Qt::CaseInsensitive); });
}

const std::vector<PanelTypeInfo>& panelTypes()
{
    static const std::vector<PanelTypeInfo> types {
        {u"timeseries"_s, Table::tr("Time series"), Table::tr("Lines, bars and points over time")},
        {u"stat"_s, Table::tr("Stat"), Table::tr("Large values with a small graph")},
        {u"gauge"_s, Table::tr("Gauge"), Table::tr("Values between limits, as dials")},
        {u"bargauge"_s, Table::tr("Bar gauge"), Table::tr("Values between limits, as bars")},
        {u"table"_s, Table::tr("Table"), Table::tr("Rows and columns")},
        {u"piechart"_s, Table::tr("Pie chart"), Table::tr("Shares of a whole")},
        {u"barchart"_s, Table::tr("Bar chart"), Table::tr("Values by category")},
        {u"heatmap"_s, Table::tr("Heatmap"), Table::tr("Distributions over time")},
        {u"histogram"_s, Table::tr("Histogram"), Table::tr("How often values occur")},
        {u"state-timeline"_s, Table::tr("State timeline"), Table::tr("States and how long they last")},
        {u"status-history"_s, Table::tr("Status history"), Table::tr("States at regular times")},
        {u"xychart"_s, Table::tr("XY chart"), Table::tr("One value over another")},
        {u"text"_s, Table::tr("Text"), Table::tr("Markdown or HTML")},
        {u"logs"_s, Table::tr("Logs"), Table::tr("Lines of Loki")},
        {u"alertlist"_s, Table::tr("Alert list"), Table::tr("Alerts and their states")},
        {u"dashlist"_s, Table::tr("Dashboard list"), Table::tr("Starred, recent or matching dashboards")},
    };
    return types;
}

QString panelTypeName(const QString& type)
{
    for (const PanelTypeInfo& info : panelTypes()) {
        if (info.type == type)
            return info.name;
    }
    return type;
}

} // namespace Promdeck
