#include "models/frame/transform.h"
#include "models/panel/panelmodels.h"

#include <QHash>
#include <QRegularExpression>
#include <QSet>

namespace Promdeck {

using namespace Qt::StringLiterals;

namespace {

// What each panel type honours, one path a line: "path" any value, "path=a|b" these values only, "path.*" the
// whole subtree. Anything a dashboard asks for beyond these lines is reported. Values that ask for nothing
// (null, false, empty text, empty list) never are. A "-" line has no effect on what is shown in any Grafana
// version (editor state, left-overs of migrations), so there is nothing to honour.

constexpr const char16_t* kCommonDefaults = uR"(
color.mode=thresholds|palette-classic|palette-classic-by-name|fixed|shades|continuous-GrYlRd|continuous-RdYlGr|continuous-BlYlRd|continuous-YlRd|continuous-BlPu|continuous-YlBl|continuous-blues|continuous-reds|continuous-greens|continuous-purples|continuous-viridis|continuous-magma|continuous-plasma|continuous-inferno|continuous-cividis
color.fixedColor
color.seriesBy=last|min|max
decimals
description
displayName
displayNameFromDS
fieldMinMax
mappings
max
min
noValue
thresholds.mode=absolute|percentage
thresholds.steps
unit
-unitScale
-nullValueMode
-filterable
-path
-writeable
-interval
-title
-custom.hideFrom.*
)";

constexpr const char16_t* kLegend = uR"(
options.legend.displayMode=list|table|hidden
options.legend.placement=bottom|right
options.legend.showLegend
options.legend.calcs
options.legend.sortBy
options.legend.sortDesc
options.legend.width
-options.legend.asTable
-options.legend.isVisible
-options.legend.values
options.tooltip.mode=single|multi|none
options.tooltip.sort=none|asc|desc
options.tooltip.hideZeros
-options.tooltip.maxHeight
-options.tooltip.maxWidth
-options.tooltipOptions.*
)";

constexpr const char16_t* kTimeSeries = uR"(
custom.axisBorderShow
custom.axisCenteredZero
custom.axisColorMode=text|series
custom.axisGridShow
custom.axisLabel
custom.axisPlacement=auto|left|right|hidden
custom.axisSoftMax
custom.axisSoftMin
custom.axisWidth
custom.barAlignment=-1|0|1
custom.barMaxWidth
custom.barWidthFactor
custom.drawStyle=line|bars|points
custom.fillBelowTo
custom.fillOpacity
custom.gradientMode=none|opacity|hue|scheme
custom.hideFrom.*
custom.insertNulls
custom.lineInterpolation=linear|smooth|stepBefore|stepAfter
custom.lineStyle.fill=solid|dash|dot|square
custom.lineStyle.dash
custom.lineWidth
custom.pointSize
custom.scaleDistribution.type=linear|log|symlog
custom.scaleDistribution.log
custom.scaleDistribution.linearThreshold
custom.showPoints=auto|always|never
custom.spanNulls
custom.stacking.mode=none|normal|percent
custom.stacking.group
custom.thresholdsStyle.mode=off|line|dashed|area|line+area|dashed+area
custom.transform=negative-Y|constant
links
-custom.pointShape
-options.annotations.*
-options.graph.*
-options.dataLinks
-options.alertThreshold
-options.dataWarningDisabled
)";

constexpr const char16_t* kReduce = uR"(
options.reduceOptions.calcs
options.reduceOptions.fields
options.reduceOptions.limit
options.reduceOptions.values
options.orientation=auto|horizontal|vertical
options.text.titleSize
options.text.valueSize
options.text.percentSize
links
-options.fieldOptions.*
)";

constexpr const char16_t* kStat = uR"(
options.colorMode=value|background|background_solid|none|fixed
options.graphMode=none|area
options.justifyMode=auto|center
options.textMode=auto|value|value_and_name|name|none
options.showPercentChange
options.percentChangeColorMode=standard|inverted|same_as_value
options.wideLayout
-custom.lineWidth
-custom.fillOpacity
)";

constexpr const char16_t* kGauge = uR"(
options.showThresholdLabels
options.showThresholdMarkers
options.minVizHeight
options.minVizWidth
options.sizing=auto|manual
)";

constexpr const char16_t* kBarGauge = uR"(
options.displayMode=basic|gradient|lcd
options.maxVizHeight
options.minVizHeight
options.minVizWidth
options.namePlacement=auto|top|left|hidden
options.showUnfilled
options.sizing=auto|manual
options.valueMode=color|text|hidden
-options.legend.*
)";

constexpr const char16_t* kTable = uR"(
custom.align=auto|left|center|right
custom.cellOptions.type=auto|color-text|color-background|gauge|sparkline|json-view|data-links
custom.cellOptions.mode=basic|gradient|lcd
custom.cellOptions.applyToRow
custom.cellOptions.valueDisplayMode=color|text|hidden
custom.cellOptions.wrapText
custom.displayMode=auto|color-text|color-background|color-background-solid|gradient-gauge|lcd-gauge|basic|json-view
custom.filterable
custom.hidden
custom.hideFrom.*
custom.minWidth
custom.width
custom.wrapText
-custom.inspect
-custom.footer.*
links
options.cellHeight=sm|md|lg
options.filterable
options.footer.countRows
options.footer.enablePagination
options.footer.fields
options.footer.reducer
options.footer.show
options.frameIndex
options.showHeader
options.showSearch
options.sortBy
-options.showTypeIcons
)";

constexpr const char16_t* kText = uR"(
options.content
options.mode=markdown|html|code
-options.code.*
)";

constexpr const char16_t* kAxis = uR"(
custom.axisBorderShow
custom.axisCenteredZero
custom.axisColorMode=text
custom.axisGridShow
custom.axisLabel
custom.axisPlacement=auto|left|right|hidden
custom.axisSoftMax
custom.axisSoftMin
custom.axisWidth
custom.hideFrom.*
custom.scaleDistribution.type=linear|log|symlog
custom.scaleDistribution.log
custom.scaleDistribution.linearThreshold
custom.thresholdsStyle.mode=off|line|dashed|area|line+area|dashed+area
)";

constexpr const char16_t* kBarChart = uR"(
custom.fillOpacity
custom.gradientMode=none|opacity|hue
custom.lineWidth
options.barRadius
options.barWidth
options.colorByField
options.fullHighlight
options.groupWidth
options.orientation=auto|horizontal|vertical
options.showValue=auto|always|never
options.stacking=none|normal|percent
options.text.valueSize
options.xField
options.xTickLabelMaxLength
options.xTickLabelRotation
options.xTickLabelSpacing
-options.clusterWidth
)";

constexpr const char16_t* kPieChart = uR"(
links
options.displayLabels
options.legend.values
options.pieType=pie|donut
options.reduceOptions.calcs
options.reduceOptions.fields
options.reduceOptions.limit
options.reduceOptions.values
options.sort=asc|desc|none
options.text.titleSize
)";

constexpr const char16_t* kTimeline = uR"(
links
custom.axisPlacement=auto|left|hidden
custom.axisWidth
custom.fillOpacity
custom.hideFrom.*
custom.lineWidth
options.alignValue=left|center|right
options.rowHeight
options.showValue=auto|always|never
options.perPage
)";

constexpr const char16_t* kStateTimeline = uR"(
custom.insertNulls
custom.spanNulls
options.mergeValues
)";

constexpr const char16_t* kStatusHistory = uR"(
options.colWidth
)";

constexpr const char16_t* kHistogram = uR"(
custom.fillOpacity
custom.gradientMode=none|opacity|hue
custom.lineWidth
custom.stacking.mode=none|normal|percent
custom.stacking.group
options.bucketCount
options.bucketOffset
options.bucketSize
options.combine
)";

constexpr const char16_t* kHeatmap = uR"(
custom.hideFrom.*
custom.scaleDistribution.type=linear|log
custom.scaleDistribution.log
options.calculate
options.calculation.xBuckets.mode=size|count
options.calculation.xBuckets.value
options.calculation.xBuckets.scale.type=linear
options.calculation.yBuckets.mode=size|count
options.calculation.yBuckets.value
options.calculation.yBuckets.scale.type=linear|log
options.calculation.yBuckets.scale.log
options.cellGap
options.cellRadius
options.cellValues.unit
options.cellValues.decimals
options.color.*
-options.exemplars.*
options.filterValues.ge
options.filterValues.le
options.legend.show
options.rowsFrame.layout=auto|le|ge|unknown
-options.rowsFrame.value
-options.selectionMode
options.showValue=auto|always|never
options.tooltip.mode=single|multi|none
options.tooltip.show
options.tooltip.showColorScale
options.tooltip.yHistogram
-options.tooltip.maxHeight
-options.tooltip.maxWidth
options.yAxis.axisLabel
options.yAxis.axisPlacement=left|right|hidden
options.yAxis.axisWidth
options.yAxis.decimals
options.yAxis.max
options.yAxis.min
options.yAxis.reverse
options.yAxis.unit
)";

constexpr const char16_t* kPolystat = uR"(
-options.autoSize*
-options.compositeConfig.animationSpeed
-options.ellipse*
-options.globalAutoScaleFonts
-options.globalFont*
-options.globalGradientsEnabled
-options.globalPolygon*
-options.globalShape
-options.globalText*
-options.globalTooltip*
-options.tooltip*
-options.valueEnabled
-options.layoutNumColumns
-options.layoutNumRows
options.globalDecimals
options.globalDisplayMode=all|triggered
options.globalDisplayTextTriggeredEmpty
options.globalFillColor
options.globalOperator
options.globalShowValueEnabled
options.globalThresholdsConfig
options.globalUnitFormat
options.layoutDisplayLimit
options.overrideConfig.overrides
options.sortByDirection
options.sortByField
)";

constexpr const char16_t* kAlertList = uR"(
options.alertInstanceLabelFilter
options.alertName
-options.datasource
options.groupBy
options.groupMode=default|custom
options.maxItems
options.showInstances
options.sortOrder
options.stateFilter.*
options.viewMode=list|stat
)";

constexpr const char16_t* kLogs = uR"(
options.dedupStrategy=none|exact|numbers|signature
options.enableLogDetails
options.prettifyLogMessage
options.showCommonLabels
options.showLabels
options.showTime
options.sortOrder=Ascending|Descending
options.wrapLogMessage
)";

constexpr const char16_t* kXyChart = uR"(
custom.fillOpacity
custom.lineWidth
custom.pointShape=circle|square
custom.pointSize.fixed
custom.pointSize.max
custom.pointSize.min
custom.pointStrokeWidth
custom.lineStyle.fill=solid
custom.show=points|lines|points+lines
options.dims.exclude
options.dims.frame
options.dims.x
options.mapping=auto|manual
options.series
options.seriesMapping=auto|manual
)";

constexpr const char16_t* kDashList = uR"(
options.showStarred
options.showRecentlyViewed
options.showSearch
options.showHeadings
options.showFolderNames
options.maxItems
options.query
options.tags
options.keepTime
options.includeVars
options.folderUID
options.folderId
options.folderTitle
)";

struct Rules
{
    QHash<QString, QSet<QString>> exact; ///< empty set: any value
    QStringList subtrees;

    void add(const char16_t* text)
    {
        for (QString line : QString::fromUtf16(text).split(u'\n', Qt::SkipEmptyParts)) {
            if (line.startsWith(u'-'))
                line.remove(0, 1);
            if (line.endsWith(u'*')) {
                subtrees.append(line.chopped(1));
                continue;
            }
            const qsizetype equals = line.indexOf(u'=');
            QSet<QString> values;
            if (equals >= 0) {
                const QStringList list = line.mid(equals + 1).split(u'|');
                values = QSet<QString>(list.begin(), list.end());
            }
            exact.insert(equals < 0 ? line : line.left(equals), values);
        }
    }

    [[nodiscard]] bool honours(const QString& path, const Json& value) const
    {
        for (const QString& subtree : subtrees) {
            if (path.startsWith(subtree))
                return true;
        }
        const auto found = exact.constFind(path);
        return found != exact.constEnd() && (found->isEmpty() || found->contains(value.scalarText()));
    }
};

Rules makeRules(std::initializer_list<const char16_t*> parts)
{
    Rules rules;
    rules.add(kCommonDefaults);
    for (const char16_t* part : parts)
        rules.add(part);
    return rules;
}

const Rules* rulesFor(const QString& type)
{
    static const QHash<QString, Rules> all {
        {u"timeseries"_s, makeRules({kTimeSeries, kLegend})},
        {u"stat"_s, makeRules({kReduce, kStat})},
        {u"gauge"_s, makeRules({kReduce, kGauge})},
        {u"bargauge"_s, makeRules({kReduce, kBarGauge})},
        {u"table"_s, makeRules({kTable})},
        {u"text"_s, makeRules({kText})},
        {u"state-timeline"_s, makeRules({kTimeline, kStateTimeline, kLegend})},
        {u"status-history"_s, makeRules({kTimeline, kStatusHistory, kLegend})},
        {u"histogram"_s, makeRules({kAxis, kHistogram, kLegend})},
        {u"heatmap"_s, makeRules({kHeatmap})},
        {u"grafana-polystat-panel"_s, makeRules({kPolystat})},
        {u"alertlist"_s, makeRules({kAlertList})},
        {u"dashlist"_s, makeRules({kDashList})},
        {u"logs"_s, makeRules({kLogs})},
        {u"xychart"_s, makeRules({kAxis, kXyChart, kLegend})},
        {u"barchart"_s, makeRules({kAxis, kBarChart, kLegend})},
        {u"piechart"_s, makeRules({kPieChart, kLegend})},
    };
    const auto found = all.constFind(type);
    return found == all.constEnd() ? nullptr : &*found;
}

bool asksForNothing(const Json& value)
{
    switch (value.type()) {
    case Json::Type::Null: return true;
    case Json::Type::Bool: return !value.toBool();
    case Json::Type::String: return value.toString().isEmpty();
    case Json::Type::Array:
    case Json::Type::Object: return value.size() == 0;
    default: return false;
    }
}

void collectLeaves(const Json& value, const QString& path, const Rules& rules, QStringList& out)
{
    if (asksForNothing(value))
        return;
    // An honoured path may hold an object (mappings, links): it is honoured as a whole.
    if (rules.exact.contains(path) || !value.isObject()) {
        if (!value.isObject() && !rules.honours(path, value))
            out.append(value.isString() || value.isNumber() ? path + u'=' + value.scalarText() : path);
        if (!value.isObject() || rules.exact.value(path).isEmpty())
            return;
    }
    for (const auto& [key, member] : value.members())
        collectLeaves(member, path.isEmpty() ? key : path + u'.' + key, rules, out);
}

void collectOverrides(const Json& overrides, const Rules& rules, QStringList& out)
{
    static const QSet<QString> matchers {u"byName"_s,       u"byNames"_s, u"byRegexp"_s,       u"byRegexpOrNames"_s,
                                         u"byFrameRefID"_s, u"byType"_s,  u"byTypes"_s,        u"byValue"_s,
                                         u"numeric"_s,      u"time"_s,    u"firstTimeField"_s, u"first"_s};
    for (const Json& rule : overrides.items()) {
        const QString matcher = rule.path(u"matcher.id").toString();
        if (!matchers.contains(matcher))
            out.append(u"override matcher:"_s + matcher);
        for (const Json& property : rule[u"properties"].items()) {
            QStringList leaves;
            collectLeaves(property[u"value"], property[u"id"].toString(), rules, leaves);
            for (const QString& leaf : leaves)
                out.append(u"override:"_s + leaf);
        }
    }
}

void collectQueries(const PanelSpec& panel, QStringList& out)
{
    static const QSet<QString> sources {QString(), u"prometheus"_s, u"loki"_s, u"-- Mixed --"_s, u"datasource"_s,
                                        u"grafana-amazonprometheus-datasource"_s};
    const auto check = [&out](const QString& type) {
        if (!sources.contains(type))
            out.append(u"datasource:"_s + type);
    };
    check(panel.datasource.type);
    for (const Target& target : panel.targets) {
        if (target.hide)
            continue;
        check(target.datasource.type);
        if (!target.format.isEmpty() && target.format != u"time_series" && target.format != u"table"
            && target.format != u"heatmap")
            out.append(u"target.format="_s + target.format);
    }
}

} // namespace

QStringList unsupportedFeatures(const PanelSpec& panel)
{
    QStringList out;
    if (panel.isRow())
        return out;
    const Rules* rules = rulesFor(panel.type);
    if (!rules) {
        out.append(u"type:"_s + panel.type);
    } else {
        collectLeaves(panel.options, u"options"_s, *rules, out);
        collectLeaves(panel.fieldConfig[u"defaults"], {}, *rules, out);
        collectOverrides(panel.fieldConfig[u"overrides"], *rules, out);
    }
    collectQueries(panel, out);
    const QStringList known = supportedTransformations();
    for (const Json& step : panel.transformations.items()) {
        const QString id = step[u"id"].toString();
        if (!step[u"disabled"].toBool() && !known.contains(id))
            out.append(u"transformation:"_s + id);
    }
    if (panel.raw[u"timeRegions"].size() > 0)
        out.append(u"timeRegions"_s);
    out.removeDuplicates();
    return out;
}

} // namespace Promdeck
