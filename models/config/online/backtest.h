#pragma once

#include "models/prometheus/decoder.h"
#include "models/promql/parser.h"

#include <optional>
#include <string>
#include <vector>

namespace Promdeck::Config {

/// What decides whether an alert fires, beside its expression. Durations are ms.
struct BacktestRule
{
    qint64 forMs = 0;
    qint64 keepFiringMs = 0;
    /// With a threshold the series are those of its left side, and these are compared; else a sample is a result.
    struct Threshold
    {
        Promql::Tok op = Promql::Tok::Gtr;
        double value = 0;
        [[nodiscard]] bool holds(double sample) const;
    };
    std::optional<Threshold> threshold;
};

/// The time from the first result of a series until it was gone. Times are ms since the epoch, at evaluations.
struct AlertPeriod
{
    Labels labels;
    qint64 activeMs = 0;              ///< pending from here on
    std::optional<qint64> firingMs;   ///< firing from here on; nothing when it never did
    qint64 endMs = 0;                 ///< first evaluation at which it was gone, or the end of the range
    bool isOpen = false;              ///< still there at the end of the range
};

/// The periods in which an alerting rule would have been pending and firing, from a range query with the rule's
/// evaluation interval as its step; in the order in which they begin. Semantics: Prometheus rules/alerting.go.
[[nodiscard]] std::vector<AlertPeriod> backtest(const QueryResult& result, const BacktestRule& rule, qint64 startMs, qint64 endMs, qint64 stepMs);

/// `expression > 5` taken apart, so that the threshold can be moved without asking the server again. Nothing when the
/// outermost operator is no comparison with a number.
struct ThresholdParts
{
    std::string left;
    BacktestRule::Threshold threshold;
    Promql::ByteRange numberRange; ///< of the number in the expression
};
[[nodiscard]] std::optional<ThresholdParts> splitThreshold(std::string_view expression);

} // namespace Promdeck::Config
