#pragma once

#include "models/config/checker.h"
#include "models/promql/parser.h"

#include <set>
#include <string>
#include <vector>

namespace Promdeck::Config {

/// One rule with its expression, as the lints look at it.
struct LintRule
{
    StructView view;
    const StructView* group = nullptr; ///< null in a bare list of rules
    bool isAlert = false;
    const YamlNode* expression = nullptr;
    Promql::ParseResult parsed;
    std::string name;
};

/// Findings of one rule file. The names of checks and what they mean are pint's, so are the suppression comments
/// ("# pint disable promql/regexp"), which belong to the rule they are in or above, or to the file.
class RuleLint
{
public:
    explicit RuleLint(Checker& checker) : m_checker(checker) {}
    /// Rules of all groups; a bare list of rules is taken too.
    void run();

private:
    friend class ExpressionLints;
    friend class TemplateLints;

    void collect();
    void addRules(const StructView& group, const YamlNode& list);
    void findUnsafe();
    void lintGroup(const StructView& group);
    void lintRule(const LintRule& rule);

    /// `scope` is what a message is told once for: a rule's expression, a template.
    void warn(const char* check, const QString& message, const TextSpan& span, const QString& hint = {}, const YamlNode* scope = nullptr);
    void info(const char* check, const QString& message, const TextSpan& span, const QString& hint = {});
    [[nodiscard]] TextSpan placeOf(const LintRule& rule, Promql::ByteRange range) const;

    Checker& m_checker;
    std::vector<StructView> m_groups;
    std::vector<LintRule> m_rules;
    std::set<std::string> m_unsafe; ///< recording rules whose results can be NaN or Inf
    std::set<std::string> m_said; ///< one finding is told once
};

/// Removes findings of lints that comments in the text switch off.
void applySuppressions(const YamlDocument& document, Diagnostics& diagnostics);

} // namespace Promdeck::Config
