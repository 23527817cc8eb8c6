#pragma once

#include "models/config/lint/labelsources.h"
#include "models/config/lint/rulelint.h"
#include "models/config/templates/gotemplate.h"

namespace Promdeck::Config {

/// pint's alerts/template: labels that results cannot have, the value in labels, values nobody can read.
class TemplateLints
{
public:
    TemplateLints(RuleLint& lint, const LintRule& rule) : m_lint(lint), m_rule(rule) {}
    void run();

private:
    using Nodes = std::vector<std::unique_ptr<TemplateNode>>;
    void lintMap(const char* key);
    void lintValue(const YamlNode& scalar, bool isLabel);
    void labelsIn(const Nodes& nodes, bool rootDot, const YamlNode& scalar);
    void missingLabel(const std::string& label, const TemplateNode& node, const YamlNode& scalar);
    void valueInLabel(const Nodes& nodes, const YamlNode& scalar);
    void unreadableValue(const Nodes& nodes, const YamlNode& scalar);
    void queries(const Nodes& nodes, const YamlNode& scalar);
    void query(const TemplateNode& pipeline, const TemplateNode* block, const YamlNode& scalar);
    void queryLabels(const TemplateNode& block, const std::vector<LabelSource>& sources, const YamlNode& scalar);
    void notACommand(const Nodes& nodes, const YamlNode& scalar);
    [[nodiscard]] std::string unreadableFunction(Promql::NodeId id, int depth) const;

    RuleLint& m_lint;
    const LintRule& m_rule;
    std::string m_unreadable; ///< function whose results want a humanize filter
};

} // namespace Promdeck::Config
