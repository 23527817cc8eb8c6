#pragma once

#include "models/dashboard/variables.h"
#include "models/stack/stackconnection.h"

namespace Promdeck {

/// Variable queries answered by a stack's Prometheus. Keeps the connection alive; its tasks do not need it after
/// they were started.
class PrometheusVariableSource final : public VariableSource
{
public:
    explicit PrometheusVariableSource(std::shared_ptr<StackConnection> stack) : m_stack(std::move(stack)) {}

    QCoro::Task<Result<QStringList>> labelNames(QStringList matchers, TimeRange range) override;
    QCoro::Task<Result<QStringList>> labelValues(QString label, QStringList matchers, TimeRange range) override;
    QCoro::Task<Result<std::vector<Labels>>> series(QString matcher, TimeRange range) override;
    QCoro::Task<Result<QStringList>> queryResult(QString expr, TimeRange range) override;

private:
    std::shared_ptr<StackConnection> m_stack;
};

/// A sample value as Prometheus prints it ("1.5", "+Inf", "1e+21").
[[nodiscard]] QString sampleText(double value);

} // namespace Promdeck
