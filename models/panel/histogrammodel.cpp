#include "models/panel/histogrammodel.h"

#include "models/frame/transform.h"
#include "models/panel/modelparts.h"

#include <map>

namespace Promdeck {

using namespace Qt::StringLiterals;

namespace {

using Bounds = std::pair<double, double>;

HistogramSeries readStyle(const Field& field)
{
    HistogramSeries series;
    const Json& custom = field.config.custom;
    series.lineWidth = custom[u"lineWidth"].toDouble(1);
    series.fillOpacity = std::clamp(custom[u"fillOpacity"].toDouble(80) / 100.0, 0.0, 1.0);
    series.gradient = gradientMode(custom[u"gradientMode"].toString());
    return series;
}

const Field* named(const Frame& frame, QStringView name)
{
    for (const Field& field : frame.fields) {
        if (field.name == name && field.values.isNumbers())
            return &field;
    }
    return nullptr;
}

/// Buckets that came counted: a frame with both bounds and counts.
struct Counted
{
    const Field* lower = nullptr;
    const Field* upper = nullptr;
    std::vector<const Field*> counts;
};

Counted countedBuckets(const Frame& frame)
{
    Counted counted;
    counted.lower = named(frame, u"xMin");
    counted.upper = named(frame, u"xMax");
    if (!counted.lower || !counted.upper) {
        counted.lower = named(frame, u"yMin");
        counted.upper = named(frame, u"yMax");
    }
    if (!counted.lower || !counted.upper)
        return {};
    for (const Field& field : frame.fields) {
        const bool bound = &field == counted.lower || &field == counted.upper || field.name == u"yLayout";
        if (!bound && field.type == FieldType::Number && field.values.isNumbers() && !isHiddenFromView(field))
            counted.counts.push_back(&field);
    }
    return counted;
}

/// Upper bound that a classic bucket's label or name says.
std::optional<double> bucketBound(const Field& field)
{
    const QString* le = field.labels.find(u"le"_s);
    const QString text = le ? *le : shownName(field);
    if (text == u"+Inf" || text == u"Inf")
        return std::numeric_limits<double>::infinity();
    bool ok = false;
    const double bound = text.toDouble(&ok);
    return ok ? std::optional(bound) : std::nullopt;
}

double total(const Field& field)
{
    double sum = 0;
    for (const double value : field.values.numbers())
        sum += std::isfinite(value) ? value : 0;
    return sum;
}

class Builder
{
public:
    Builder(HistogramModel& model, const PanelContext& context) : m_model(model), m_context(context) {}

    void addCounted(const Frame& frame, const Counted& counted)
    {
        m_model.valueFormat = *counted.lower;
        for (const Field* counts : counted.counts) {
            std::map<Bounds, double> sums;
            for (qsizetype row = 0; row < counts->values.size(); ++row) {
                const double count = counts->values.numbers()[size_t(row)];
                const Bounds bounds {counted.lower->values.numbers()[size_t(row)], counted.upper->values.numbers()[size_t(row)]};
                sums[bounds] += std::isfinite(count) ? count : 0;
            }
            add(*counts, frame.refId, std::move(sums));
        }
    }
    /// The rows of a heatmap: buckets with their own counts, by upper bound.
    bool addRows(const Frame& frame)
    {
        std::map<Bounds, double> sums;
        double below = 0;
        const Field* first = nullptr;
        for (const Field& field : frame.fields) {
            if (field.type != FieldType::Number || isHiddenFromView(field))
                continue;
            const std::optional<double> bound = bucketBound(field);
            if (!bound)
                return false;
            if (!first)
                first = &field;
            sums[{std::min(below, *bound), *bound}] += total(field);
            below = *bound;
        }
        if (!first)
            return false;
        m_model.valueFormat = *first;
        Field shown = *first;
        shown.state.displayName = frame.refId;
        add(shown, frame.refId, std::move(sums));
        return true;
    }
    void finish()
    {
        for (const auto& sums : m_sums) {
            for (const auto& [bounds, count] : sums)
                m_bounds[bounds] = 0;
        }
        for (const auto& [bounds, unused] : m_bounds) {
            m_model.lower.push_back(bounds.first);
            m_model.upper.push_back(bounds.second);
        }
        for (size_t i = 0; i < m_sums.size(); ++i) {
            for (const auto& [bounds, unused] : m_bounds) {
                const auto found = m_sums[i].find(bounds);
                m_model.series[i].counts.push_back(found == m_sums[i].end() ? 0 : found->second);
            }
        }
    }
    void add(const Field& field, const QString& refId, std::map<Bounds, double> sums)
    {
        HistogramSeries series = readStyle(field);
        series.entry = int(m_model.chart.series.size());
        SeriesModel entry = legendEntry(field, refId, m_model.chart.legend.calcs, m_context);
        m_model.chart.series.push_back(std::move(entry));
        m_model.series.push_back(std::move(series));
        m_sums.push_back(std::move(sums));
    }

private:
    HistogramModel& m_model;
    const PanelContext& m_context;
    std::vector<std::map<Bounds, double>> m_sums;
    std::map<Bounds, double> m_bounds;
};

/// Counts samples into buckets of one size, as the transformation of the same name does.
void countSamples(HistogramModel& model, const PanelSpec& panel, const Frames& frames, const PanelContext& context)
{
    Frames shown = frames;
    std::vector<const Field*> fields;
    for (size_t i = 0; i < shown.size(); ++i) {
        std::erase_if(shown[i].fields, [](const Field& field) { return isHiddenFromView(field) && field.type == FieldType::Number; });
        for (const Field& field : frames[i].fields) {
            if (field.type == FieldType::Number && !isHiddenFromView(field))
                fields.push_back(&field);
        }
    }
    const Json steps = Json::array({Json::object({{u"id"_s, u"histogram"_s}, {u"options"_s, panel.options}})});
    const TransformResult result = runTransformations(std::move(shown), steps);
    if (result.frames.empty() || !result.errors.empty() || fields.empty())
        return;
    const Frame& out = result.frames.front();
    const Counted counted = countedBuckets(out);
    if (!counted.lower)
        return;
    model.lower = counted.lower->values.numbers();
    model.upper = counted.upper->values.numbers();
    model.valueFormat = *fields.front();
    const bool combine = panel.options[u"combine"].toBool();
    for (size_t i = 0; i < counted.counts.size() && i < fields.size(); ++i) {
        HistogramSeries series = readStyle(*fields[i]);
        series.counts = counted.counts[i]->values.numbers();
        series.entry = int(i);
        // The legend's calculations are those of the samples, not of the counts.
        SeriesModel entry = legendEntry(*fields[i], {}, model.chart.legend.calcs, context);
        if (combine)
            entry.name = u"Count"_s;
        model.chart.series.push_back(std::move(entry));
        model.series.push_back(std::move(series));
    }
}

bool haveEqualWidths(const HistogramModel& model)
{
    for (size_t i = 0; i < model.lower.size(); ++i) {
        const double width = model.upper[i] - model.lower[i];
        const double first = model.upper[0] - model.lower[0];
        if (!std::isfinite(width) || std::abs(width - first) > first * 1e-6)
            return false;
    }
    return true;
}

} // namespace

QString HistogramModel::boundText(double bound, const QString& timeZone) const
{
    if (std::isinf(bound))
        return bound > 0 ? u"+Inf"_s : u"-Inf"_s;
    return formatValue(bound, valueFormat.config.unit.value_or(QString()), valueFormat.config.decimals, timeZone).toString();
}

HistogramModel histogramModel(const PanelSpec& panel, const PanelData& data, const PanelContext& context)
{
    HistogramModel model;
    model.chart.range = data.range;
    model.chart.legend = readLegend(panel.options);
    readTooltip(model.chart, panel.options);
    Builder builder(model, context);
    bool counted = false;
    for (const Frame& frame : data.frames) {
        const Counted buckets = countedBuckets(frame);
        if (buckets.lower) {
            builder.addCounted(frame, buckets);
            counted = true;
        } else if (frame.meta.type == u"heatmap-rows" && builder.addRows(frame)) {
            counted = true;
        }
    }
    if (counted)
        builder.finish();
    else
        countSamples(model, panel, data.frames, context);
    model.equalWidths = haveEqualWidths(model);
    AxisModel axis;
    if (!data.frames.empty() && !model.series.empty()) {
        const Json& custom = model.valueFormat.config.custom;
        model.stacking = stackingMode(custom.path(u"stacking.mode").toString());
        model.axisLabel = custom[u"axisLabel"].toString();
        // The value axis is the panel's x axis; counts have their own, in plain numbers.
        axis = readAxis(model.valueFormat, context.theme);
        axis.unit = u"short"_s;
        axis.label.clear();
        axis.decimals.reset();
        axis.min.reset();
        axis.max.reset();
        axis.thresholds = {};
        axis.format = {};
        axis.format.config.unit = axis.unit;
    }
    model.chart.axes = {axis};
    sortLegend(model.chart.legend, model.chart.series);
    return model;
}

} // namespace Promdeck
