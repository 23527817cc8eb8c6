#include "models/query/prometheusvariablesource.h"

#include <QLocale>

#include <cmath>

namespace Promdeck {

using namespace Qt::StringLiterals;

namespace {

QStringList resultTexts(const QueryResult& result)
{
    if (result.type == QueryResult::Type::String)
        return {result.text};
    QStringList texts;
    for (const SeriesData& series : result.series) {
        if (series.values.size() == 0)
            continue;
        const QString value = sampleText(series.values.numbers().back());
        if (result.type == QueryResult::Type::Scalar) {
            texts.append(value);
            continue;
        }
        QStringList pairs;
        for (const auto& [name, label] : series.labels) {
            if (name != u"__name__")
                pairs.append(name + u"=\""_s + label + u'"');
        }
        texts.append(series.labels.value(u"__name__"_s) + u'{' + pairs.join(u',') + u"} "_s + value + u' '
                     + QString::number(series.times.times().back()));
    }
    return texts;
}

QCoro::Task<Result<QStringList>> runQueryResult(std::shared_ptr<StackConnection> stack, QString expr, qint64 timeMs)
{
    const Result<QueryAnswer> answer = co_await stack->prometheus().queryInstant(expr, timeMs);
    if (!answer)
        co_return answer.error();
    co_return resultTexts(answer->result);
}

} // namespace

QString sampleText(double value)
{
    if (std::isnan(value))
        return u"NaN"_s;
    if (std::isinf(value))
        return value > 0 ? u"+Inf"_s : u"-Inf"_s;
    const double size = std::abs(value);
    const bool exponent = size != 0 && (size < 1e-6 || size >= 1e21);
    return QString::number(value, exponent ? 'e' : 'f', QLocale::FloatingPointShortest);
}

VariableSource* PrometheusVariableSource::forType(const QString& type)
{
    return type == u"loki" ? static_cast<VariableSource*>(&m_loki) : this;
}

QCoro::Task<Result<QStringList>> PrometheusVariableSource::labelNames(QStringList matchers, TimeRange range)
{
    return m_stack->prometheus().labelNames(std::move(matchers), range);
}

QCoro::Task<Result<QStringList>> PrometheusVariableSource::labelValues(QString label, QStringList matchers, TimeRange range)
{
    return m_stack->prometheus().labelValues(std::move(label), std::move(matchers), range);
}

QCoro::Task<Result<std::vector<Labels>>> PrometheusVariableSource::series(QString matcher, TimeRange range)
{
    return m_stack->prometheus().series({std::move(matcher)}, range);
}

QCoro::Task<Result<QStringList>> PrometheusVariableSource::queryResult(QString expr, TimeRange range)
{
    return runQueryResult(m_stack, std::move(expr), range.toMs);
}

} // namespace Promdeck
