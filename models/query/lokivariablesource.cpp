#include "models/query/lokivariablesource.h"

namespace Promdeck {

using namespace Qt::StringLiterals;

namespace {

template <typename T>
QCoro::Task<Result<T>> refuse(QString sentence, QString advice)
{
    co_return makeError(ErrorCode::Unsupported, sentence, {}, advice);
}

template <typename T>
QCoro::Task<Result<T>> noLoki()
{
    return refuse<T>(u"The stack has no Loki"_s, u"Add its address to the stack"_s);
}

} // namespace

QCoro::Task<Result<QStringList>> LokiVariableSource::labelNames(QStringList matchers, TimeRange range)
{
    return m_client ? m_client->labelNames(matchers.value(0), range) : noLoki<QStringList>();
}

QCoro::Task<Result<QStringList>> LokiVariableSource::labelValues(QString label, QStringList matchers, TimeRange range)
{
    return m_client ? m_client->labelValues(std::move(label), matchers.value(0), range) : noLoki<QStringList>();
}

QCoro::Task<Result<std::vector<Labels>>> LokiVariableSource::series(QString matcher, TimeRange range)
{
    return m_client ? m_client->series(std::move(matcher), range) : noLoki<std::vector<Labels>>();
}

QCoro::Task<Result<QStringList>> LokiVariableSource::queryResult(QString, TimeRange)
{
    return refuse<QStringList>(u"Loki answers no query_result() of a variable"_s, u"Use label_values(stream selector, label)"_s);
}

} // namespace Promdeck
