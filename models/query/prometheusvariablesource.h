#pragma once

#include "models/dashboard/variables.h"
#include "models/query/lokivariablesource.h"
#include "models/stack/stackconnection.h"

namespace Promdeck {

/// Variable queries answered by a stack's Prometheus, and by its Loki where they are meant for that. Keeps the connection alive; its tasks do not need it after
/// they were started.
class PrometheusVariableSource final : public VariableSource
{
public:
    explicit PrometheusVariableSource(std::shared_ptr<StackConnection> stack, std::shared_ptr<LokiClient> loki = nullptr)
        : m_stack(std::move(stack))
        , m_loki(std::move(loki))
    {
    }

    QCoro::Task<Result<QStringList>> labelNames(QStringList matchers, TimeRange range) override;
    QCoro::Task<Result<QStringList>> labelValues(QString label, QStringList matchers, TimeRange range) override;
    QCoro::Task<Result<std::vector<Labels>>> series(QString matcher, TimeRange range) override;
    QCoro::Task<Result<QStringList>> queryResult(QString expr, TimeRange range) override;
    [[nodiscard]] VariableSource* forType(const QString& type) override;

private:
    std::shared_ptr<StackConnection> m_stack;
    LokiVariableSource m_loki;
};

/// A sample value as Prometheus prints it ("1.5", "+Inf", "1e+21").
[[nodiscard]] QString sampleText(double value);

} // namespace Promdeck
