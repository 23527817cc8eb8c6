#pragma once

#include "models/config/checker.h"
#include "models/config/lint/labelsources.h"
#include "models/promql/parser.h"

#include <set>
#include <string>
#include <unordered_map>
#include <vector>

namespace Promdeck::Config {

/// One rule with its expression, as the lints look at it.
struct LintRule
{
    LintRule(const StructView& of, const YamlNode& text, const Promql::ParseResult& tree)
        : view(of), expression(&text), parsed(tree), sources(tree.ast, text.value)
    {
    }
    const StructView& view;
    const YamlNode* groupLabels = nullptr; ///< of its group, if any
    bool isAlert = false;
    const YamlNode* expression = nullptr;
    const Promql::ParseResult& parsed;
    std::string name;
    mutable LabelSources sources; ///< of the nodes of the expression, found out when first asked for
};

/// Findings of one rule file. The names of checks and what they mean are pint's, so are the suppression comments
/// ("# pint disable promql/regexp"), which belong to the rule they are in or above, or to the file.
class RuleLint
{
public:
    explicit RuleLint(Checker& checker);
    /// One rule, as it comes by.
    void rule(const StructView& view, const YamlNode& expression, const Promql::ParseResult& parsed);
    /// Takes over what another one has seen of the same file.
    void absorb(RuleLint&& other);
    /// What only the whole file can tell.
    void finish();

private:
    friend class ExpressionLints;
    friend class TemplateLints;

    /// An aggregation of something that a recording rule may make NaN or Inf.
    struct PendingNan
    {
        std::string metric;
        const YamlNode* expression = nullptr;
        Promql::ByteRange range;
    };
    /// What a recording rule reads, and whether its own expression is unsafe.
    struct Recording
    {
        std::string name;
        bool isUnsafe = false;
        std::vector<std::string> reads;
    };

    void forEachGroup(const std::function<void(const YamlItem&)>& visit) const;
    void findUnsafe();
    void lintGroup(const StructView& group);
    void lintDurations(const LintRule& rule);

    /// `scope` is what a message is told once for: a rule's expression, a template.
    void warn(const char* check, const QString& message, const TextSpan& span, const QString& hint = {}, const YamlNode* scope = nullptr);
    void info(const char* check, const QString& message, const TextSpan& span, const QString& hint = {});
    [[nodiscard]] TextSpan placeOf(const LintRule& rule, Promql::ByteRange range) const;

    Checker& m_checker;
    std::unordered_map<const YamlNode*, const YamlNode*> m_groupLabels; ///< of each rule
    std::vector<Recording> m_recordings;
    std::vector<PendingNan> m_pending;
    std::set<std::string> m_unsafe; ///< recording rules whose results can be NaN or Inf
    std::set<std::string> m_said; ///< one finding is told once
};

/// Removes findings of lints that comments in the text switch off.
void applySuppressions(const YamlDocument& document, Diagnostics& diagnostics);

} // namespace Promdeck::Config
