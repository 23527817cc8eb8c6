#pragma once

#include "models/dashboard/variables.h"
#include "models/loki/lokiclient.h"

namespace Promdeck {

/// Variable queries answered by Loki: names and values of labels, and streams. Without a Loki, says that there is none.
class LokiVariableSource final : public VariableSource
{
public:
    explicit LokiVariableSource(std::shared_ptr<LokiClient> client) : m_client(std::move(client)) {}

    QCoro::Task<Result<QStringList>> labelNames(QStringList matchers, TimeRange range) override;
    QCoro::Task<Result<QStringList>> labelValues(QString label, QStringList matchers, TimeRange range) override;
    QCoro::Task<Result<std::vector<Labels>>> series(QString matcher, TimeRange range) override;
    QCoro::Task<Result<QStringList>> queryResult(QString expr, TimeRange range) override;

private:
    std::shared_ptr<LokiClient> m_client; ///< null = the stack has none
};

} // namespace Promdeck
