#pragma once

#include "models/config/lint/labelsources.h"
#include "models/config/lint/rulelint.h"

namespace Promdeck::Config {

/// Whether a division in the expression may have a zero below it.
[[nodiscard]] bool dividesByZero(const Promql::Ast& ast);

/// What can be said about one rule's expression without a server.
class ExpressionLints
{
public:
    ExpressionLints(RuleLint& lint, const LintRule& rule) : m_lint(lint), m_rule(rule), m_ast(rule.parsed.ast) {}
    void run();

private:
    void regexp(const Promql::Node& selector);
    void absent(const Promql::Node& call);
    void comparison();
    void fragileSources(Promql::NodeId id, bool isAggregated, int depth);
    void fragileOperation(const Promql::Node& binary);
    void nan(const Promql::Node& aggregate);
    void nanBelow(Promql::NodeId id, int depth);
    void constantComparison(const Promql::Node& binary);
    void impossibleJoin(const Promql::Node& binary);
    void impossibleInclude(const Promql::Node& binary);
    void lostJoins();
    void impossibleGrouping(const Promql::Node& aggregate);
    [[nodiscard]] const std::vector<LabelSource>& sources(Promql::NodeId id) const;
    [[nodiscard]] std::string_view textOf(Promql::ByteRange range) const;
    [[nodiscard]] Promql::NodeId leafOf(Promql::NodeId id) const;
    void warn(const char* check, const QString& message, Promql::ByteRange range, const QString& hint = {});

    RuleLint& m_lint;
    const LintRule& m_rule;
    const Promql::Ast& m_ast;
};

} // namespace Promdeck::Config
