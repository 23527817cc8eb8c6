#pragma once

#include "models/loki/lokiclient.h"
#include "models/query/queryplanner.h"
#include "models/query/queryscheduler.h"

#include <stop_token>

namespace Promdeck {

/// What panels ask for that is no PromQL: log lines and counts from Loki, the alerts of Prometheus, exemplars.
/// Outcomes carry frames (or a result, for counts).
class OtherQueries final
{
public:
    explicit OtherQueries(std::shared_ptr<StackConnection> stack);
    /// `done` is called later, from the event loop of the receiver's thread; not at all when that is gone by then.
    /// Stopping ends the request at once; the outcome is then Error{Cancelled}.
    void ask(const PlannedQuery& query, QObject* receiver, std::function<void(const QueryOutcome&)> done,
             std::stop_token stop = {});
    /// The stack's Loki; null when it has none.
    [[nodiscard]] const std::shared_ptr<LokiClient>& loki() const { return m_loki; }

private:
    std::shared_ptr<StackConnection> m_stack;
    std::shared_ptr<LokiClient> m_loki;
};

/// Log lines as a frame (meta.type "log-lines"): Time, Line, labels (objects) and tsNs.
[[nodiscard]] Frame logFrame(const LogAnswer& answer, const QString& refId, const QString& expr);
/// Alerts as a frame (meta.type "alerts"), one row each: Time (since when), alertname, state (firing, pending,
/// normal, error), group, labels, annotations, value. Rules without alerts have a row as "normal", or "error"
/// when they cannot be evaluated. `selector` (`ALERTS{job="x"}`) keeps those whose labels match.
[[nodiscard]] Result<Frame> alertFrame(const Json& rules, const QString& selector, const QString& refId);

} // namespace Promdeck
