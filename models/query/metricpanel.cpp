#include "models/query/metricpanel.h"

namespace Promdeck {

using namespace Qt::StringLiterals;

namespace {

const QStringList& partSuffixes()
{
    static const QStringList suffixes {u"_bucket"_s, u"_count"_s, u"_sum"_s};
    return suffixes;
}

/// `name{matchers}`; names that are not plain go into the braces.
QString selector(const QString& name, const QString& matchers)
{
    bool plain = !name.isEmpty() && !name.front().isDigit();
    for (const QChar c : name)
        plain = plain && c.unicode() < 128 && (c.isLetterOrNumber() || c == u'_' || c == u':');
    if (plain)
        return matchers.isEmpty() ? name : name + u'{' + matchers + u'}';
    QString quoted = name;
    quoted.replace(u'\\', u"\\\\"_s).replace(u'"', u"\\\""_s);
    return u"{\""_s + quoted + u'"' + (matchers.isEmpty() ? QString() : u", "_s + matchers) + u'}';
}

enum class Shape { AsItIs, Rate, ClassicHistogram, NativeHistogram };

Shape shapeOf(const MetricInfo& metric, bool hasBuckets)
{
    const QString& name = metric.name;
    // The parts of a histogram or summary count, whatever the type of the whole.
    if (name.endsWith(u"_bucket"))
        return Shape::ClassicHistogram;
    const bool part = name.endsWith(u"_count") || name.endsWith(u"_sum");
    if (metric.type == u"counter")
        return Shape::Rate;
    if (metric.type == u"histogram") {
        if (part)
            return Shape::Rate;
        return hasBuckets ? Shape::ClassicHistogram : Shape::NativeHistogram;
    }
    if (metric.type == u"summary")
        return part ? Shape::Rate : Shape::AsItIs;
    const bool told = !metric.type.isEmpty() && metric.type != u"unknown" && metric.type != u"untyped";
    if (!told && (part || name.endsWith(u"_total")))
        return Shape::Rate;
    return Shape::AsItIs;
}

} // namespace

QString metricFamily(const QString& name)
{
    for (const QString& suffix : partSuffixes()) {
        if (name.endsWith(suffix) && name.size() > suffix.size())
            return name.chopped(suffix.size());
    }
    return name;
}

QString unitOfMetric(const QString& name, bool rate)
{
    QString words = name;
    for (const QString& suffix : {u"_total"_s, u"_sum"_s, u"_bucket"_s}) {
        if (words.endsWith(suffix))
            words.chop(suffix.size());
    }
    if (name.endsWith(u"_count") || name.endsWith(u"_created"))
        return rate ? u"cps"_s : u"short"_s;
    const struct
    {
        const char16_t* word;
        const char16_t* value;
        const char16_t* rate;
    } known[] {{u"_timestamp_seconds", u"short", u"short"},
               {u"_bytes", u"bytes", u"Bps"},
               {u"_seconds", u"s", u"percentunit"}, // seconds a second: how much of the time
               {u"_milliseconds", u"ms", u"short"},
               {u"_ratio", u"percentunit", u"short"},
               {u"_percent", u"percent", u"short"},
               {u"_celsius", u"celsius", u"short"},
               {u"_volts", u"volt", u"short"},
               {u"_amperes", u"amp", u"short"},
               {u"_watts", u"watt", u"short"},
               {u"_joules", u"joule", u"watt"},
               {u"_hertz", u"hertz", u"short"},
               {u"_bits", u"bits", u"bps"},
               {u"_packets", u"short", u"pps"},
               {u"_requests", u"short", u"reqps"}};
    for (const auto& entry : known) {
        if (words.endsWith(QStringView(entry.word)))
            return QString::fromUtf16(rate ? entry.rate : entry.value);
    }
    return rate ? u"cps"_s : u"short"_s;
}

MetricQuery queryForMetric(const MetricInfo& metric, bool hasBuckets, const QString& matchers)
{
    MetricQuery query;
    const Shape shape = shapeOf(metric, hasBuckets);
    const QString& name = metric.name;
    switch (shape) {
    case Shape::AsItIs:
        query.queries.push_back({selector(name, matchers), u"__auto"_s});
        query.unit = unitOfMetric(name, false);
        query.title = name;
        break;
    case Shape::Rate:
        query.queries.push_back({u"rate("_s + selector(name, matchers) + u"[$__rate_interval])"_s, u"__auto"_s});
        query.unit = unitOfMetric(name, true);
        query.title = name + u" rate"_s;
        break;
    case Shape::ClassicHistogram:
    case Shape::NativeHistogram: {
        const bool classic = shape == Shape::ClassicHistogram;
        const QString base = classic ? metricFamily(name) : name;
        const QString rate = u"rate("_s + selector(classic ? base + u"_bucket"_s : base, matchers) + u"[$__rate_interval])"_s;
        const QString sum = classic ? u"sum by (le) ("_s + rate + u')' : u"sum("_s + rate + u')';
        for (const auto& [quantile, legend] : {std::pair {u"0.99"_s, u"p99"_s}, std::pair {u"0.9"_s, u"p90"_s}, std::pair {u"0.5"_s, u"p50"_s}})
            query.queries.push_back({u"histogram_quantile("_s + quantile + u", "_s + sum + u')', legend});
        query.unit = unitOfMetric(base, false);
        query.title = base + u" quantiles"_s;
        break;
    }
    }
    return query;
}

Json panelForMetric(const MetricInfo& metric, bool hasBuckets, const QString& matchers)
{
    const MetricQuery query = queryForMetric(metric, hasBuckets, matchers);
    Json targets = Json::array();
    char16_t refId = u'A';
    for (const MetricQuery::Query& one : query.queries) {
        targets.append(Json::object({{u"editorMode"_s, Json(u"code"_s)},
                                     {u"expr"_s, Json(one.expr)},
                                     {u"legendFormat"_s, Json(one.legend)},
                                     {u"range"_s, Json(true)},
                                     {u"refId"_s, Json(QString(QChar(refId++)))}}));
    }
    Json panel = Json::object({{u"type"_s, Json(u"timeseries"_s)}, {u"title"_s, Json(query.title)}});
    if (!metric.help.isEmpty())
        panel.set(u"description"_s, Json(metric.help));
    panel.setPath(u"fieldConfig.defaults.unit", Json(query.unit));
    panel.setPath(u"fieldConfig.defaults.custom.fillOpacity", Json(10));
    panel.setPath(u"fieldConfig.overrides", Json::array());
    panel.setPath(u"options.legend.showLegend", Json(true));
    panel.setPath(u"options.legend.displayMode", Json(u"list"_s));
    panel.setPath(u"options.legend.placement", Json(u"bottom"_s));
    panel.setPath(u"options.tooltip.mode", Json(u"multi"_s));
    panel.setPath(u"options.tooltip.sort", Json(u"desc"_s));
    panel.set(u"targets"_s, targets);
    return panel;
}

} // namespace Promdeck
