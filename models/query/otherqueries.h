#pragma once

#include "models/loki/lokiclient.h"
#include "models/query/queryplanner.h"
#include "models/query/queryscheduler.h"

namespace Promdeck {

/// What a panel asks for that is no PromQL: log lines and counts from Loki, the alerts of Prometheus. Finishes
/// with frames (or a result, for counts). Never touches its caller: everything it needs is handed over.
QCoro::Task<QueryOutcome> runOtherQuery(std::shared_ptr<StackConnection> stack, std::shared_ptr<LokiClient> loki,
                                        PlannedQuery query);

/// Log lines as a frame (meta.type "log-lines"): Time, Line, labels (objects) and tsNs.
[[nodiscard]] Frame logFrame(const LogAnswer& answer, const QString& refId, const QString& expr);
/// Alerts as a frame (meta.type "alerts"), one row each: Time (since when), alertname, state (firing, pending,
/// normal, error), group, labels, annotations, value. Rules without alerts have a row as "normal", or "error"
/// when they cannot be evaluated. `selector` (`ALERTS{job="x"}`) keeps those whose labels match.
[[nodiscard]] Result<Frame> alertFrame(const Json& rules, const QString& selector, const QString& refId);

} // namespace Promdeck
