#include "models/panel/heatmapmodel.h"

#include "models/frame/transform.h"
#include "models/panel/heatmapcolors.h"
#include "models/panel/modelparts.h"

#include <map>

namespace Promdeck {

using namespace Qt::StringLiterals;

namespace {

constexpr double kInfinity = std::numeric_limits<double>::infinity();

std::optional<double> numberOf(const Json& value)
{
    if (value.isNumber())
        return value.toDouble();
    bool ok = false;
    const double number = value.isString() ? value.toString().toDouble(&ok) : 0;
    return ok ? std::optional(number) : std::nullopt;
}

/// A bucket's name as a number; nothing when it is none.
std::optional<double> boundOf(const QString& name)
{
    if (name == u"+Inf" || name == u"Inf" || name == u"Infinity")
        return kInfinity;
    if (name == u"-Inf")
        return -kInfinity;
    bool ok = false;
    const double bound = name.toDouble(&ok);
    return ok ? std::optional(bound) : std::nullopt;
}

/// A row is called what the query or the panel calls it, else by its bound.
QString rowName(const Field& field)
{
    const QString* le = field.labels.find(u"le"_s);
    return le && !field.config.displayName && !field.config.displayNameFromDS ? *le : shownName(field);
}

qint64 columnWidth(const std::vector<qint64>& times, qint64 stepMs)
{
    if (stepMs > 0)
        return stepMs;
    qint64 least = 0;
    for (size_t i = 1; i < times.size(); ++i) {
        const qint64 distance = times[i] - times[i - 1];
        if (distance > 0 && (least == 0 || distance < least))
            least = distance;
    }
    return least > 0 ? least : 60'000;
}

// --- a field per row -----------------------------------------------------------------------------------

void readNames(HeatmapModel& model, const std::vector<const Field*>& rows, const Json& options)
{
    const QString unit = options.path(u"yAxis.unit").toString();
    const std::optional<double> decimals = numberOf(options.path(u"yAxis.decimals"));
    const bool formats = !unit.isEmpty() || decimals;
    const auto digits = decimals ? std::optional<int>(int(*decimals)) : std::nullopt;
    const auto written = [&](double bound) {
        return std::isinf(bound) ? QString(bound > 0 ? u"+Inf"_s : u"-Inf"_s)
                                 : formatValue(bound, unit.isEmpty() ? u"short"_s : unit, digits).toString();
    };
    for (const Field* row : rows) {
        const QString name = rowName(*row);
        const std::optional<double> bound = boundOf(name);
        model.names.push_back(formats && bound ? written(*bound) : name);
        model.bounds.push_back(bound.value_or(std::numeric_limits<double>::quiet_NaN()));
    }
    const QString layout = options.path(u"rowsFrame.layout").toString();
    const bool byLe = !rows.empty() && rows.front()->labels.contains(u"le"_s);
    if (layout == u"le" || (layout != u"ge" && layout != u"unknown" && byLe))
        model.layout = HeatmapModel::Layout::Upper;
    else
        model.layout = layout == u"ge" ? HeatmapModel::Layout::Lower : HeatmapModel::Layout::Middle;
    if (byLe)
        model.zeroName = formats ? written(0) : u"0.0"_s;
}

/// Named buckets on a logarithmic axis: possible where all names are bounds.
bool makeNumeric(HeatmapModel& model, const std::vector<const Field*>& rows, double base)
{
    std::vector<double> bounds;
    for (const Field* row : rows) {
        const std::optional<double> bound = boundOf(rowName(*row));
        if (!bound || *bound <= 0 || (!bounds.empty() && *bound <= bounds.back()))
            return false;
        bounds.push_back(*bound);
    }
    if (bounds.empty() || std::isinf(bounds.front()))
        return false;
    for (size_t i = 0; i < bounds.size(); ++i) {
        const double below = i > 0 ? bounds[i - 1] : bounds[i] / base;
        model.lower.push_back(below);
        model.upper.push_back(std::isinf(bounds[i]) ? below * base : bounds[i]);
    }
    model.ordinal = false;
    model.logBase = base;
    return true;
}

void readRows(HeatmapModel& model, const Frame& frame, const Json& options)
{
    const Field* time = frame.firstOf(FieldType::Time);
    if (!time || !time->values.isTimes())
        return;
    std::vector<const Field*> rows;
    for (const Field& field : frame.fields) {
        if (field.type == FieldType::Number && field.values.isNumbers() && !isHiddenFromView(field))
            rows.push_back(&field);
    }
    const bool allNumeric = std::all_of(rows.begin(), rows.end(), [](const Field* row) { return boundOf(rowName(*row)); });
    if (allNumeric && frame.meta.type != u"heatmap-rows") {
        std::stable_sort(rows.begin(), rows.end(),
                         [](const Field* a, const Field* b) { return *boundOf(rowName(*a)) < *boundOf(rowName(*b)); });
    }
    if (rows.empty())
        return;
    model.rows = int(rows.size());
    readNames(model, rows, options);
    const Json& scale = rows.front()->config.custom[u"scaleDistribution"];
    if (scale[u"type"].toString() == u"log")
        makeNumeric(model, rows, scale[u"log"].toDouble(2));
    const Column::Times& times = time->values.times();
    model.columnMs = columnWidth(times, frame.meta.stepMs);
    // A sample stands for what was counted up to it.
    for (const qint64 at : times)
        model.starts.push_back(at - model.columnMs);
    model.counts.assign(times.size() * rows.size(), kNull);
    for (size_t row = 0; row < rows.size(); ++row) {
        const Column::Numbers& values = rows[row]->values.numbers();
        for (size_t column = 0; column < times.size(); ++column)
            model.counts[column * rows.size() + row] = values[column];
    }
    model.countFormat = *rows.front();
    model.countFormat.values = {};
    model.valueFormat = model.countFormat;
}

// --- cells with bounds ---------------------------------------------------------------------------------

struct CellFields
{
    const Field* time = nullptr;
    const Field* lower = nullptr;
    const Field* upper = nullptr;
    const Field* count = nullptr;
    bool timeIsEnd = true;
};

CellFields cellFields(const Frame& frame)
{
    CellFields fields;
    for (const Field& field : frame.fields) {
        if (field.type == FieldType::Time && field.values.isTimes() && !fields.time) {
            fields.time = &field;
            fields.timeIsEnd = field.name != u"xMin";
        } else if (!field.values.isNumbers()) {
            continue;
        } else if (field.name == u"yMin") {
            fields.lower = &field;
        } else if (field.name == u"yMax") {
            fields.upper = &field;
        } else if (!fields.count && field.name != u"yLayout") {
            fields.count = &field;
        }
    }
    return fields;
}

/// Buckets that differ from sample to sample become rows of their own; several series are added up.
void readCells(HeatmapModel& model, const std::vector<const Frame*>& frames)
{
    using Bounds = std::pair<double, double>;
    std::map<Bounds, int> rows;
    std::map<qint64, int> columns;
    qint64 stepMs = 0;
    bool timeIsEnd = true;
    for (const Frame* frame : frames) {
        const CellFields fields = cellFields(*frame);
        if (!fields.time || !fields.lower || !fields.upper || !fields.count)
            continue;
        stepMs = std::max(stepMs, frame->meta.stepMs);
        timeIsEnd = fields.timeIsEnd;
        for (size_t i = 0; i < fields.time->values.times().size(); ++i) {
            rows.try_emplace({fields.lower->values.numbers()[i], fields.upper->values.numbers()[i]});
            columns.try_emplace(fields.time->values.times()[i]);
        }
        model.countFormat = *fields.count;
        model.valueFormat = *fields.lower;
    }
    model.countFormat.values = model.valueFormat.values = {};
    if (rows.empty() || columns.empty())
        return;
    model.ordinal = false;
    std::vector<qint64> times;
    for (auto& [time, index] : columns) {
        index = int(times.size());
        times.push_back(time);
    }
    for (auto& [bounds, index] : rows) {
        index = int(model.lower.size());
        model.lower.push_back(bounds.first);
        model.upper.push_back(bounds.second);
    }
    model.rows = int(rows.size());
    model.columnMs = columnWidth(times, stepMs);
    for (const qint64 time : times)
        model.starts.push_back(timeIsEnd ? time - model.columnMs : time);
    model.counts.assign(columns.size() * rows.size(), kNull);
    for (const Frame* frame : frames) {
        const CellFields fields = cellFields(*frame);
        if (!fields.time || !fields.lower || !fields.upper || !fields.count)
            continue;
        for (size_t i = 0; i < fields.time->values.times().size(); ++i) {
            const int row = rows.at({fields.lower->values.numbers()[i], fields.upper->values.numbers()[i]});
            const int column = columns.at(fields.time->values.times()[i]);
            double& cell = model.counts[size_t(column) * rows.size() + size_t(row)];
            const double count = fields.count->values.numbers()[i];
            cell = std::isnan(cell) ? count : cell + count;
        }
    }
}

/// Native histograms grow by a factor from bucket to bucket; with a zero bucket or negative ones the axis is
/// linear around zero.
void chooseNativeScale(HeatmapModel& model)
{
    double least = kInfinity;
    bool crosses = false;
    for (int row = 0; row < model.rows; ++row) {
        crosses = crosses || model.lower[size_t(row)] <= 0;
        if (model.lower[size_t(row)] > 0)
            least = std::min(least, model.lower[size_t(row)]);
    }
    model.logBase = 2;
    if (crosses)
        model.linearThreshold = std::isfinite(least) ? least : 1;
}

// --- options -------------------------------------------------------------------------------------------

void readColors(HeatmapModel& model, const Json& options, ThemeKind theme)
{
    model.palette = heatmapPalette(options[u"color"], theme);
    model.hideAtMost = numberOf(options.path(u"filterValues.le")).value_or(1e-9);
    model.hideAtLeast = numberOf(options.path(u"filterValues.ge")).value_or(kInfinity);
    double low = kInfinity;
    double high = -kInfinity;
    for (const double count : model.counts) {
        if (model.isDrawn(count) && std::isfinite(count)) {
            low = std::min(low, count);
            high = std::max(high, count);
        }
    }
    model.minCount = numberOf(options.path(u"color.min")).value_or(low <= high ? low : 0);
    model.maxCount = numberOf(options.path(u"color.max")).value_or(low <= high ? high : 1);
}

void applyFormat(Field& field, const Json& options)
{
    const QString unit = options[u"unit"].toString();
    if (!unit.isEmpty())
        field.config.unit = unit;
    if (const auto decimals = numberOf(options[u"decimals"]))
        field.config.decimals = int(*decimals);
}

void readOptions(HeatmapModel& model, const Json& options, const PanelContext& context)
{
    readColors(model, options, context.theme);
    applyFormat(model.countFormat, options[u"cellValues"]);
    applyFormat(model.valueFormat, options[u"yAxis"]);
    const Json& y = options[u"yAxis"];
    model.axis = readAxis(model.valueFormat, context.theme);
    model.axis.label = y[u"axisLabel"].toString();
    model.axis.unit = model.valueFormat.config.unit.value_or(QString());
    model.axis.decimals = model.valueFormat.config.decimals;
    model.axis.widthPx = int(numberOf(y[u"axisWidth"]).value_or(0));
    const QString placement = y[u"axisPlacement"].toString();
    model.axis.placement = placement == u"right" ? AxisPlacement::Right
        : placement == u"hidden"                 ? AxisPlacement::Hidden
                                                 : AxisPlacement::Left;
    model.yMin = numberOf(y[u"min"]);
    model.yMax = numberOf(y[u"max"]);
    model.reverse = y[u"reverse"].toBool();
    model.cellGap = std::clamp(options[u"cellGap"].toDouble(1), 0.0, 25.0);
    model.cellRadius = std::clamp(options[u"cellRadius"].toDouble(0), 0.0, 100.0);
    const QString values = options[u"showValue"].toString();
    model.values = values == u"always" ? ValueVisibility::Always
        : values == u"auto"            ? ValueVisibility::Auto
                                       : ValueVisibility::Never;
    // A tooltip with the scale in it is served by the scale below the cells.
    model.showLegend = options.path(u"legend.show").toBool(true) || options.path(u"tooltip.showColorScale").toBool();
    model.tooltipColumn = options.path(u"tooltip.yHistogram").toBool();
    readTooltip(model.chart, options);
    if (options[u"tooltip"].contains(u"show") && !options.path(u"tooltip.show").toBool())
        model.chart.tooltip = TooltipMode::None;
    model.chart.legend.show = false;
}

} // namespace

int HeatmapModel::shade(double value) const
{
    const auto size = int(palette.size());
    // Where all counts are equal there is no few and many: they had better be seen.
    if (maxCount <= minCount)
        return value < minCount ? 0 : size - 1;
    const double range = maxCount - minCount;
    return std::clamp(int(std::floor(double(size) * (value - minCount) / range)), 0, size - 1);
}

QString HeatmapModel::countText(double value) const
{
    return DisplayProcessor(countFormat, ThemeKind::Dark)(value).toString();
}

double HeatmapModel::ordinalPlace(double value) const
{
    const bool isUpper = layout != Layout::Lower;
    for (int row = 0; row < rows && size_t(row) < bounds.size(); ++row) {
        const double low = isUpper ? (row > 0 ? bounds[size_t(row) - 1] : 0.0) : bounds[size_t(row)];
        const double high = isUpper               ? bounds[size_t(row)]
            : size_t(row) + 1 < bounds.size() ? bounds[size_t(row) + 1]
                                              : std::numeric_limits<double>::infinity();
        if (!(value <= high))
            continue;
        const bool whole = std::isfinite(low) && std::isfinite(high) && high > low;
        return row + (whole ? std::clamp((value - low) / (high - low), 0.0, 1.0) : 0.5);
    }
    return std::numeric_limits<double>::quiet_NaN();
}

QString HeatmapModel::rowText(int row) const
{
    if (!ordinal) {
        const auto text = [this](double bound) {
            return std::isinf(bound) ? QString(bound > 0 ? u"+Inf"_s : u"-Inf"_s)
                                     : formatValue(bound, valueFormat.config.unit.value_or(QString()), valueFormat.config.decimals)
                                           .toString();
        };
        return text(lower[size_t(row)]) + u" \u2013 "_s + text(upper[size_t(row)]);
    }
    const QString& name = names[size_t(row)];
    if (layout == Layout::Upper) {
        const QString below = row > 0 ? names[size_t(row) - 1] : zeroName;
        return below.isEmpty() ? name : below + u" \u2013 "_s + name;
    }
    if (layout == Layout::Lower && row + 1 < rows)
        return name + u" \u2013 "_s + names[size_t(row) + 1];
    return name;
}

HeatmapModel heatmapModel(const PanelSpec& panel, const PanelData& data, const PanelContext& context)
{
    HeatmapModel model;
    model.chart.range = data.range;
    addExemplars(model.chart, data);
    const Json& options = panel.options;
    if (options[u"calculate"].toBool()) {
        const Json steps = Json::array({Json::object({{u"id"_s, u"heatmap"_s}, {u"options"_s, options[u"calculation"]}})});
        const TransformResult result = runTransformations(data.frames, steps);
        if (!result.errors.empty())
            model.problem = result.errors.front().summary;
        else if (!result.frames.empty())
            readCells(model, {&result.frames.front()});
        model.countFormat.config = {};
        model.countFormat.config.unit = u"short"_s;
        for (const Frame& frame : data.frames) {
            if (const Field* field = frame.firstOf(FieldType::Number)) {
                model.valueFormat.config = field->config;
                break;
            }
        }
        if (options.path(u"calculation.yBuckets.scale.type").toString() == u"log")
            model.logBase = options.path(u"calculation.yBuckets.scale.log").toDouble(2);
        readOptions(model, options, context);
        return model;
    }
    std::vector<const Frame*> cells;
    const Frame* rows = nullptr;
    for (const Frame& frame : data.frames) {
        if (frame.meta.type == u"heatmap-cells")
            cells.push_back(&frame);
        else if (frame.meta.type == u"heatmap-rows" && !rows)
            rows = &frame;
    }
    if (!cells.empty()) {
        readCells(model, cells);
        if (cells.front()->fields.front().name != u"xMin")
            chooseNativeScale(model);
    } else if (rows) {
        readRows(model, *rows, options);
    } else {
        readRows(model, joinFrames(data.frames), options);
    }
    readOptions(model, options, context);
    return model;
}

} // namespace Promdeck
