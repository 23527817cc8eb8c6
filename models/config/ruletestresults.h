#pragma once

#include "models/config/diagnostic.h"

#include <QByteArray>

#include <string>
#include <vector>

namespace Promdeck::Config {

/// One expectation of a rule unit test that was not met, as `promtool test rules` prints it.
struct RuleTestFailure
{
    std::string test;       ///< the name of the group of tests, if it has one
    std::string alert;      ///< of an alert_rule_test
    std::string expression; ///< of a promql_expr_test
    std::string time;       ///< eval_time, as promtool writes it
    QString expected;
    QString got;
    QString other;          ///< anything else that stopped the tests: nothing of the above is set then
};

/// Reads what promtool prints for one file; nothing when all of its tests passed.
[[nodiscard]] std::vector<RuleTestFailure> parseRuleTestOutput(const QByteArray& output);

/// Errors at the expectations in the file; what cannot be placed stands at its beginning.
[[nodiscard]] Diagnostics placeRuleTestFailures(const std::vector<RuleTestFailure>& failures, const YamlDocument& document);

} // namespace Promdeck::Config
