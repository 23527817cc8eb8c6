#include "models/panel/xychartmodel.h"

#include "models/panel/modelparts.h"

namespace Promdeck {

using namespace Qt::StringLiterals;

namespace {

/// One series as the file describes it; empty names are found in the data.
struct Wanted
{
    int frame = -1; ///< -1 = every one
    QString x;
    QString y;
    QString color;
    QString size;
    QString name;
    QStringList exclude;
};

QString matcherName(const Json& part)
{
    return part.path(u"matcher.id").toString() == u"byName" ? part.path(u"matcher.options").toString() : QString();
}

Wanted readModern(const Json& json)
{
    Wanted wanted;
    if (json.path(u"frame.matcher.id").toString() == u"byIndex")
        wanted.frame = int(json.path(u"frame.matcher.options").toInt(-1));
    wanted.x = matcherName(json[u"x"]);
    wanted.y = matcherName(json[u"y"]);
    wanted.color = matcherName(json[u"color"]);
    wanted.size = matcherName(json[u"size"]);
    wanted.name = json.path(u"name.fixed").toString();
    return wanted;
}

Wanted readOld(const Json& json)
{
    Wanted wanted;
    if (json[u"frame"].isNumber())
        wanted.frame = int(json[u"frame"].toInt());
    wanted.x = json[u"x"].toString();
    wanted.y = json[u"y"].toString();
    wanted.color = json.path(u"pointColor.field").toString();
    wanted.size = json.path(u"pointSize.field").toString();
    wanted.name = json[u"name"].toString();
    return wanted;
}

std::vector<Wanted> readWanted(const Json& options)
{
    std::vector<Wanted> all;
    const bool old = options.contains(u"seriesMapping") || options.contains(u"dims");
    const bool manual = options[u"mapping"].toString() == u"manual" || options[u"seriesMapping"].toString() == u"manual";
    if (manual) {
        for (const Json& one : options[u"series"].items())
            all.push_back(old ? readOld(one) : readModern(one));
        return all;
    }
    Wanted automatic;
    if (old) {
        const Json& dims = options[u"dims"];
        automatic.frame = dims[u"frame"].isNumber() ? int(dims[u"frame"].toInt()) : -1;
        automatic.x = dims[u"x"].toString();
        for (const Json& name : dims[u"exclude"].items())
            automatic.exclude << name.toString();
    } else if (options[u"series"].size() > 0) {
        automatic = readModern(options[u"series"].at(0));
        automatic.y.clear();
    }
    all.push_back(automatic);
    return all;
}

bool isPlotted(const Field& field)
{
    return (field.type == FieldType::Number && field.values.isNumbers()) || (field.type == FieldType::Time && field.values.isTimes());
}

const Field* named(const Frame& frame, const QString& name)
{
    for (const Field& field : frame.fields) {
        if (!name.isEmpty() && isPlotted(field) && (shownName(field) == name || field.name == name))
            return &field;
    }
    return nullptr;
}

double at(const Field& field, size_t row)
{
    return field.values.isTimes() ? double(field.values.times()[row]) : field.values.numbers()[row];
}

void readPoints(XySeries& series, const Field& x, const Field& y, const Field* color, const Field* size, const PanelContext& context)
{
    const DisplayProcessor xDisplay(x, context.theme, context.timeZone);
    const DisplayProcessor yDisplay(y, context.theme, context.timeZone);
    std::optional<DisplayProcessor> colors;
    if (color)
        colors.emplace(*color, context.theme, context.timeZone);
    const Json& pointSize = y.config.custom[u"pointSize"];
    const double fixed = pointSize[u"fixed"].toDouble(pointSize.isNumber() ? pointSize.toDouble() : 5);
    const double smallest = pointSize[u"min"].toDouble(1);
    const double largest = pointSize[u"max"].toDouble(100);
    double low = std::numeric_limits<double>::infinity();
    double high = -low;
    for (size_t row = 0; size && row < size_t(size->values.size()); ++row) {
        low = std::min(low, at(*size, row));
        high = std::max(high, at(*size, row));
    }
    const Rgba own = seriesColor(y, context.theme);
    const bool byValue = colorsByValue(y);
    for (size_t row = 0; row < size_t(std::min(x.values.size(), y.values.size())); ++row) {
        XyPoint point;
        point.x = at(x, row);
        point.y = at(y, row);
        if (!std::isfinite(point.x) || !std::isfinite(point.y))
            continue;
        point.xText = xDisplay.at(qsizetype(row)).toString();
        const DisplayValue shown = yDisplay.at(qsizetype(row));
        point.yText = shown.toString();
        point.color = byValue && shown.hasColor ? shown.color : own;
        if (colors) {
            const DisplayValue hue = colors->at(qsizetype(row));
            point.color = hue.hasColor ? hue.color : point.color;
        }
        point.size = fixed;
        if (size && high > low) {
            // The area, not the width, is what the eye compares.
            const double part = (at(*size, row) - low) / (high - low);
            point.size = std::sqrt(smallest * smallest + part * (largest * largest - smallest * smallest));
        }
        series.points.push_back(std::move(point));
    }
}

} // namespace

XyChartModel xyChartModel(const PanelSpec& panel, const PanelData& data, const PanelContext& context)
{
    XyChartModel model;
    model.chart.range = data.range;
    model.chart.legend = readLegend(panel.options);
    readTooltip(model.chart, panel.options);
    const Field* firstX = nullptr;
    for (const Wanted& wanted : readWanted(panel.options)) {
        for (size_t index = 0; index < data.frames.size(); ++index) {
            const Frame& frame = data.frames[index];
            if (wanted.frame >= 0 && size_t(wanted.frame) != index)
                continue;
            const Field* x = wanted.x.isEmpty() ? frame.firstOf(FieldType::Number) : named(frame, wanted.x);
            if (!x || !isPlotted(*x))
                continue;
            for (const Field& y : frame.fields) {
                const bool chosen = wanted.y.isEmpty() ? !wanted.exclude.contains(shownName(y)) : &y == named(frame, wanted.y);
                const bool helper = &y == named(frame, wanted.color) || &y == named(frame, wanted.size);
                if (&y == x || y.type != FieldType::Number || !isPlotted(y) || !chosen || isHiddenFromView(y)
                    || (helper && wanted.y.isEmpty()))
                    continue;
                XySeries series;
                const Json& custom = y.config.custom;
                const QString show = custom[u"show"].toString();
                series.showPoints = show != u"lines";
                series.showLines = show == u"lines" || show == u"points+lines";
                series.square = custom[u"pointShape"].toString() == u"square";
                series.lineWidth = custom[u"lineWidth"].toDouble(custom[u"pointStrokeWidth"].toDouble(1));
                series.fillOpacity = std::clamp(custom[u"fillOpacity"].toDouble(50) / 100.0, 0.0, 1.0);
                series.xName = shownName(*x);
                readPoints(series, *x, y, named(frame, wanted.color), named(frame, wanted.size), context);
                SeriesModel entry = legendEntry(y, frame.refId, model.chart.legend.calcs, context);
                if (!wanted.name.isEmpty())
                    entry.name = wanted.name;
                entry.axis = axisFor(model.chart.axes, y, context.theme);
                series.entry = int(model.chart.series.size());
                model.chart.series.push_back(std::move(entry));
                model.series.push_back(std::move(series));
                firstX = firstX ? firstX : x;
            }
        }
    }
    if (firstX) {
        model.xAxis = readAxis(*firstX, context.theme);
        if (model.xAxis.label.isEmpty())
            model.xAxis.label = shownName(*firstX);
        if (firstX->type == FieldType::Time && model.xAxis.unit.isEmpty())
            model.xAxis.unit = u"dateTimeAsIso"_s;
    }
    sortLegend(model.chart.legend, model.chart.series);
    return model;
}

} // namespace Promdeck
