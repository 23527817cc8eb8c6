#include "models/query/framebuilder.h"

#include <algorithm>
#include <cmath>
#include <limits>
#include <map>

namespace Promdeck {

using namespace Qt::StringLiterals;

namespace {

constexpr double kInfinity = std::numeric_limits<double>::infinity();
/// Below this a bucket's own count is rounding noise of the subtraction.
constexpr double kEmptyBucket = 1e-9;

QString resultTypeName(QueryResult::Type type)
{
    switch (type) {
    case QueryResult::Type::Matrix: return u"matrix"_s;
    case QueryResult::Type::Vector: return u"vector"_s;
    case QueryResult::Type::Scalar: return u"scalar"_s;
    case QueryResult::Type::String: return u"string"_s;
    }
    return {};
}

Frame emptyFrame(const AnsweredQuery& answer, const QString& type)
{
    Frame frame;
    frame.refId = answer.query.refId;
    frame.meta.type = type;
    frame.meta.expr = answer.query.expr;
    frame.meta.stepMs = answer.query.instant ? 0 : answer.query.stepMs;
    frame.meta.resultType = resultTypeName(answer.result->type);
    frame.meta.preferredVisualisation = u"graph"_s;
    return frame;
}

Field timeField(Column values)
{
    Field field;
    field.name = u"Time"_s;
    field.type = FieldType::Time;
    field.values = std::move(values);
    return field;
}

Field valueField(const QString& name, Column values)
{
    Field field;
    field.name = name;
    field.type = FieldType::Number;
    field.values = std::move(values);
    return field;
}

Frame seriesFrame(const AnsweredQuery& answer, const SeriesData& series)
{
    Frame frame = emptyFrame(answer, answer.result->type == QueryResult::Type::Matrix ? u"timeseries-multi"_s
                                                                                      : u"numeric-multi"_s);
    Field value = valueField(u"Value"_s, series.values);
    value.labels = series.labels;
    const QString name = seriesName(answer.query.legendFormat, answer.query.expr, series.labels);
    if (!name.isEmpty())
        value.config.displayNameFromDS = name;
    frame.name = name;
    frame.fields = {timeField(series.times), std::move(value)};
    return frame;
}

/// Native histograms: one row per bucket, as Grafana's heatmap panel takes them.
Frame histogramFrame(const AnsweredQuery& answer, const SeriesData& series)
{
    Frame frame = emptyFrame(answer, u"heatmap-cells"_s);
    Column::Times times;
    Column::Numbers lower;
    Column::Numbers upper;
    Column::Numbers counts;
    Column::Numbers layouts;
    for (const HistogramSample& sample : series.histograms) {
        for (const HistogramSample::Bucket& bucket : sample.buckets) {
            times.push_back(sample.timeMs);
            lower.push_back(bucket.lower);
            upper.push_back(bucket.upper);
            counts.push_back(bucket.count);
            layouts.push_back(bucket.boundaries);
        }
    }
    Field time = timeField(Column(std::move(times)));
    time.name = u"xMax"_s;
    frame.name = seriesName(answer.query.legendFormat, answer.query.expr, series.labels);
    frame.fields = {std::move(time), valueField(u"yMin"_s, Column(std::move(lower))),
                    valueField(u"yMax"_s, Column(std::move(upper))), valueField(u"count"_s, Column(std::move(counts))),
                    valueField(u"yLayout"_s, Column(std::move(layouts)))};
    for (Field& field : frame.fields)
        field.labels = series.labels;
    return frame;
}

void addSeriesFrames(const AnsweredQuery& answer, Frames& frames)
{
    const QueryResult& result = *answer.result;
    if (result.type == QueryResult::Type::String) {
        Frame frame = emptyFrame(answer, u"table"_s);
        Field text;
        text.name = u"Value"_s;
        text.type = FieldType::String;
        text.values = Column(Column::Strings {result.text});
        frame.fields = {timeField(Column(Column::Times {answer.query.endMs})), std::move(text)};
        frames.push_back(std::move(frame));
        return;
    }
    for (const SeriesData& series : result.series) {
        if (!series.histograms.empty())
            frames.push_back(histogramFrame(answer, series));
        if (series.histograms.empty() || series.values.size() > 0)
            frames.push_back(seriesFrame(answer, series));
    }
}

/// A bucket's upper bound as a number; labels that are none count as missing.
double bucketBound(const QString& le)
{
    if (le == u"+Inf" || le == u"Inf")
        return kInfinity;
    bool ok = false;
    const double bound = le.toDouble(&ok);
    return ok ? bound : std::numeric_limits<double>::quiet_NaN();
}

// --- tables --------------------------------------------------------------------------------------------

/// Label names as columns: each series' own in order, new ones at the end.
QStringList labelColumns(const std::vector<const AnsweredQuery*>& answers)
{
    QStringList names;
    QSet<QString> known;
    for (const AnsweredQuery* answer : answers) {
        for (const SeriesData& series : answer->result->series) {
            for (const auto& [name, value] : series.labels) {
                if (!known.contains(name)) {
                    known.insert(name);
                    names.append(name);
                }
            }
        }
    }
    return names;
}

Field labelField(const QString& name, const std::vector<const AnsweredQuery*>& answers, std::size_t rows)
{
    Field field;
    field.name = name;
    field.config.filterable = true;
    const bool numeric = name == u"le";
    Column::Strings texts;
    Column::Numbers numbers;
    numeric ? numbers.reserve(rows) : texts.reserve(rows);
    for (const AnsweredQuery* answer : answers) {
        for (const SeriesData& series : answer->result->series) {
            const QString* value = series.labels.find(name);
            const auto count = std::size_t(series.values.size());
            if (numeric)
                numbers.insert(numbers.end(), count, value ? bucketBound(*value) : kNull);
            else
                texts.insert(texts.end(), count, value ? *value : u""_s);
        }
    }
    field.type = numeric ? FieldType::Number : FieldType::String;
    field.values = numeric ? Column(std::move(numbers)) : Column(std::move(texts));
    return field;
}

/// All series of one refId as rows.
Frame tableFrame(const std::vector<const AnsweredQuery*>& answers, bool severalTables)
{
    Frame frame = emptyFrame(*answers.front(), u"table"_s);
    frame.meta.preferredVisualisation = u"rawPrometheus"_s;
    Column::Times times;
    Column::Numbers values;
    for (const AnsweredQuery* answer : answers) {
        for (const SeriesData& series : answer->result->series) {
            times.insert(times.end(), series.times.times().begin(), series.times.times().end());
            values.insert(values.end(), series.values.numbers().begin(), series.values.numbers().end());
        }
    }
    const std::size_t rows = times.size();
    if (rows == 0)
        return frame; // no rows: no columns either
    frame.fields.push_back(timeField(Column(std::move(times))));
    for (const QString& name : labelColumns(answers))
        frame.fields.push_back(labelField(name, answers, rows));
    const QString name = severalTables ? u"Value #"_s + frame.refId : u"Value"_s;
    frame.fields.push_back(valueField(name, Column(std::move(values))));
    return frame;
}

void addTables(const std::vector<AnsweredQuery>& answers, Frames& frames)
{
    QStringList refIds;
    std::map<QString, std::vector<const AnsweredQuery*>> byRefId;
    for (const AnsweredQuery& answer : answers) {
        if (answer.query.format != u"table")
            continue;
        if (!refIds.contains(answer.query.refId))
            refIds.append(answer.query.refId);
        if (answer.result)
            byRefId[answer.query.refId].push_back(&answer);
    }
    for (const QString& refId : std::as_const(refIds)) {
        const auto it = byRefId.find(refId);
        if (it != byRefId.end())
            frames.push_back(tableFrame(it->second, refIds.size() > 1));
    }
}

// --- heatmaps ------------------------------------------------------------------------------------------

struct Bucket
{
    const SeriesData* series;
    double bound;
};

Column::Times unitedTimes(const std::vector<Bucket>& buckets)
{
    Column::Times times;
    for (const Bucket& bucket : buckets)
        times.insert(times.end(), bucket.series->times.times().begin(), bucket.series->times.times().end());
    std::sort(times.begin(), times.end());
    times.erase(std::unique(times.begin(), times.end()), times.end());
    return times;
}

/// The series' values at every one of `times`; kNull where it has none.
Column::Numbers spread(const SeriesData& series, const Column::Times& times)
{
    const Column::Times& own = series.times.times();
    const Column::Numbers& values = series.values.numbers();
    Column::Numbers all(times.size(), kNull);
    std::size_t at = 0;
    for (std::size_t i = 0; i < times.size() && at < own.size(); ++i) {
        if (own[at] == times[i])
            all[i] = values[at++];
    }
    return all;
}

/// Cumulative buckets of one label set -> each bucket's own count.
void addHeatmapGroup(const AnsweredQuery& answer, std::vector<Bucket>& buckets, Frame& frame, const Column& time)
{
    std::stable_sort(buckets.begin(), buckets.end(), [](const Bucket& a, const Bucket& b) { return a.bound < b.bound; });
    Column::Numbers below;
    for (const Bucket& bucket : buckets) {
        Column::Numbers counts = spread(*bucket.series, time.times());
        Column::Numbers own = counts;
        for (std::size_t i = 0; i < own.size() && !below.empty(); ++i) {
            if (isNull(own[i]))
                continue;
            own[i] -= isNull(below[i]) ? 0.0 : below[i];
            if (own[i] < kEmptyBucket)
                own[i] = 0;
        }
        const QString name = seriesName(answer.query.legendFormat, answer.query.expr, bucket.series->labels);
        Field field = valueField(name.isEmpty() ? metricText(bucket.series->labels) : name, Column(std::move(own)));
        field.labels = bucket.series->labels;
        if (!name.isEmpty())
            field.config.displayNameFromDS = name;
        frame.fields.push_back(std::move(field));
        below = std::move(counts);
    }
}

void addHeatmap(const AnsweredQuery& answer, Frames& frames)
{
    std::vector<Labels> order;
    std::map<Labels, std::vector<Bucket>> groups;
    std::vector<Bucket> all;
    for (const SeriesData& series : answer.result->series) {
        if (!series.histograms.empty()) {
            frames.push_back(histogramFrame(answer, series));
            continue;
        }
        Labels rest = series.labels;
        rest.remove(u"le"_s);
        const double bound = bucketBound(series.labels.value(u"le"_s));
        const Bucket bucket {&series, std::isnan(bound) ? kInfinity : bound};
        if (!groups.contains(rest))
            order.push_back(rest);
        groups[rest].push_back(bucket);
        all.push_back(bucket);
    }
    if (all.empty())
        return;
    Frame frame = emptyFrame(answer, u"heatmap-rows"_s);
    const bool sameTimes = std::all_of(all.begin(), all.end(), [&](const Bucket& bucket) {
        return bucket.series->times.sharesWith(all.front().series->times);
    });
    frame.fields.push_back(timeField(sameTimes ? all.front().series->times : Column(unitedTimes(all))));
    const Column time = frame.fields.front().values;
    for (const Labels& labels : order)
        addHeatmapGroup(answer, groups[labels], frame, time);
    frames.push_back(std::move(frame));
}

/// As Go's %q prints it.
QString quoted(const QString& value)
{
    QString text = value;
    text.replace(u'\\', u"\\\\"_s).replace(u'"', u"\\\""_s).replace(u'\n', u"\\n"_s).replace(u'\t', u"\\t"_s)
        .replace(u'\r', u"\\r"_s);
    return u'"' + text + u'"';
}

} // namespace

QString metricText(const Labels& labels)
{
    QStringList pairs;
    for (const auto& [name, value] : labels) {
        if (name != u"__name__")
            pairs.append(name + u'=' + quoted(value));
    }
    const QString metric = labels.value(u"__name__"_s);
    if (pairs.isEmpty())
        return metric.isEmpty() ? u"{}"_s : metric;
    return metric + u'{' + pairs.join(u", "_s) + u'}';
}

QString seriesName(const QString& legendFormat, const QString& expr, const Labels& labels)
{
    QString name;
    if (legendFormat.isEmpty() || (legendFormat == u"__auto" && labels.isEmpty())) {
        name = metricText(labels);
    } else if (legendFormat != u"__auto") {
        qsizetype at = 0;
        while (true) {
            const qsizetype open = legendFormat.indexOf(u"{{"_s, at);
            const qsizetype close = open < 0 ? -1 : legendFormat.indexOf(u"}}"_s, open + 2);
            if (close < 0)
                break;
            name += QStringView(legendFormat).mid(at, open - at);
            name += labels.value(legendFormat.mid(open + 2, close - open - 2).trimmed());
            at = close + 2;
        }
        name += QStringView(legendFormat).mid(at);
    }
    return name == u"{}" ? expr : name;
}

Frames buildFrames(const std::vector<AnsweredQuery>& answers)
{
    Frames frames;
    for (const AnsweredQuery& answer : answers) {
        if (answer.result && answer.query.format != u"table" && answer.query.format != u"heatmap")
            addSeriesFrames(answer, frames);
    }
    addTables(answers, frames);
    for (const AnsweredQuery& answer : answers) {
        if (answer.result && answer.query.format == u"heatmap")
            addHeatmap(answer, frames);
        if (answer.frames)
            frames.insert(frames.end(), answer.frames->begin(), answer.frames->end());
    }
    return frames;
}

} // namespace Promdeck
