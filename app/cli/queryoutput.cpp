#include "app/cli/queryoutput.h"

#include "models/query/framebuilder.h"
#include "models/query/prometheusvariablesource.h"

#include <QDateTime>
#include <QTimeZone>

namespace Promdeck::Cli {

using namespace Qt::StringLiterals;

namespace {

QString isoTime(qint64 ms)
{
    const QDateTime time = QDateTime::fromMSecsSinceEpoch(ms, Qt::UTC);
    return time.toString(ms % 1000 ? Qt::ISODateWithMs : Qt::ISODate);
}

Json secondsOf(qint64 ms)
{
    return ms % 1000 ? Json(double(ms) / 1000.0) : Json(ms / 1000);
}

Json samplePair(qint64 ms, double value)
{
    return Json::array({secondsOf(ms), Json(sampleText(value))});
}

Json histogramPair(const HistogramSample& sample)
{
    Json buckets = Json::array();
    for (const HistogramSample::Bucket& bucket : sample.buckets) {
        buckets.append(Json::array({Json(bucket.boundaries), Json(sampleText(bucket.lower)),
                                    Json(sampleText(bucket.upper)), Json(sampleText(bucket.count))}));
    }
    Json body = Json::object({{u"count"_s, Json(sampleText(sample.count))}, {u"sum"_s, Json(sampleText(sample.sum))}});
    if (buckets.size() > 0)
        body.set(u"buckets"_s, buckets);
    return Json::array({secondsOf(sample.timeMs), body});
}

Json seriesJson(const SeriesData& series, bool range)
{
    Json metric = Json::object();
    for (const auto& [name, value] : series.labels)
        metric.set(name, Json(value));
    Json json = Json::object({{u"metric"_s, metric}});
    const Column::Times& times = series.times.times();
    const Column::Numbers& values = series.values.numbers();
    Json samples = Json::array();
    for (std::size_t i = 0; i < times.size(); ++i)
        samples.append(samplePair(times[i], values[i]));
    Json histograms = Json::array();
    for (const HistogramSample& sample : series.histograms)
        histograms.append(histogramPair(sample));
    if (samples.size() > 0)
        json.set(range ? u"values"_s : u"value"_s, range ? samples : samples.at(0));
    if (histograms.size() > 0)
        json.set(range ? u"histograms"_s : u"histogram"_s, range ? histograms : histograms.at(0));
    return json;
}

QString csvCell(const QString& text)
{
    if (!text.contains(u'"') && !text.contains(u',') && !text.contains(u'\n') && !text.contains(u'\r'))
        return text;
    QString quoted = text;
    return u'"' + quoted.replace(u'"', u"\"\""_s) + u'"';
}

QStringList labelNamesOf(const QueryResult& result)
{
    QStringList names;
    for (const SeriesData& series : result.series) {
        for (const auto& [name, value] : series.labels) {
            if (!names.contains(name))
                names.append(name);
        }
    }
    names.sort();
    return names;
}

} // namespace

QByteArray resultAsJson(const QueryResult& result)
{
    Json root = Json::object();
    Json list = Json::array();
    QString type;
    switch (result.type) {
    case QueryResult::Type::Matrix:
    case QueryResult::Type::Vector: {
        const bool range = result.type == QueryResult::Type::Matrix;
        type = range ? u"matrix"_s : u"vector"_s;
        for (const SeriesData& series : result.series)
            list.append(seriesJson(series, range));
        break;
    }
    case QueryResult::Type::Scalar:
        type = u"scalar"_s;
        if (!result.series.empty())
            list = samplePair(result.series.front().times.times().front(), result.series.front().values.numbers().front());
        break;
    case QueryResult::Type::String:
        type = u"string"_s;
        list = Json(result.text);
        break;
    }
    root.set(u"resultType"_s, Json(type));
    root.set(u"result"_s, list);
    if (!result.warnings.isEmpty())
        root.set(u"warnings"_s, Json::strings(result.warnings));
    if (!result.infos.isEmpty())
        root.set(u"infos"_s, Json::strings(result.infos));
    return root.toUtf8(Json::Format::Indented) + '\n';
}

QByteArray resultAsCsv(const QueryResult& result)
{
    if (result.type == QueryResult::Type::String)
        return "value\r\n" + csvCell(result.text).toUtf8() + "\r\n";
    const QStringList names = labelNamesOf(result);
    QStringList header {u"time"_s};
    for (const QString& name : names)
        header.append(csvCell(name));
    header.append(u"value"_s);
    QByteArray text = header.join(u',').toUtf8() + "\r\n";
    for (const SeriesData& series : result.series) {
        QString labels;
        for (const QString& name : names)
            labels += csvCell(series.labels.value(name)) + u',';
        for (qsizetype i = 0; i < series.values.size(); ++i) {
            text += (isoTime(series.times.times()[std::size_t(i)]) + u',' + labels
                     + sampleText(series.values.numbers()[std::size_t(i)]))
                        .toUtf8()
                + "\r\n";
        }
    }
    return text;
}

QString resultAsTable(const QueryResult& result)
{
    if (result.type == QueryResult::Type::String)
        return result.text;
    if (result.sampleCount() == 0)
        return u"no data"_s;
    QStringList lines;
    qsizetype width = 0;
    for (const SeriesData& series : result.series)
        width = std::max(width, metricText(series.labels).size());
    for (const SeriesData& series : result.series) {
        const QString name = result.type == QueryResult::Type::Scalar ? u"scalar"_s : metricText(series.labels);
        const Column::Times& times = series.times.times();
        if (result.type == QueryResult::Type::Matrix)
            lines.append(name);
        for (std::size_t i = 0; i < times.size(); ++i) {
            const QString value = sampleText(series.values.numbers()[i]);
            lines.append(result.type == QueryResult::Type::Matrix
                             ? u"  %1  %2"_s.arg(isoTime(times[i]), value)
                             : u"%1  %2  %3"_s.arg(name.leftJustified(width), isoTime(times[i]), value));
        }
        for (const HistogramSample& sample : series.histograms) {
            lines.append(u"  %1  histogram: count %2, sum %3, %4 buckets"_s.arg(
                isoTime(sample.timeMs), sampleText(sample.count), sampleText(sample.sum),
                QString::number(sample.buckets.size())));
        }
    }
    return lines.join(u'\n');
}

} // namespace Promdeck::Cli
