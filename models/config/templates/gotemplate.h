#pragma once

#include <cstddef>
#include <memory>
#include <set>
#include <string>
#include <string_view>
#include <vector>

namespace Promdeck::Config {

/// One node of a parsed Go text template. offset and end are bytes of the template's text.
struct TemplateNode
{
    enum class Kind {
        Text, Comment,
        Action,     ///< {{ pipeline }}: children[0]
        If, Range, With, ///< children[0] is the pipeline; body and elseBody are lists
        Invoke,     ///< {{ template "name" pipeline }}: text is the name, children[0] if any
        Define,     ///< {{ define "name" }}: text is the name, body the content
        Block,      ///< {{ block "name" pipeline }}: like Define and Invoke in one
        Break, Continue,
        Pipeline,   ///< children: the commands; variables: what it declares (text is ":=") or assigns ("=")
        Command,    ///< children: the operands
        Dot, Nil, Bool, Number, String,
        Field,      ///< ".a.b": path
        Variable,   ///< "$x.a": text is "$x", path the fields
        Function,   ///< an identifier: text
        Chain       ///< (operand).a: children[0] and path
    };
    Kind kind = Kind::Text;
    std::size_t offset = 0;
    std::size_t end = 0;
    std::string text;              ///< of strings: the value, unquoted
    std::vector<std::string> path;
    std::vector<std::string> variables;
    std::vector<std::unique_ptr<TemplateNode>> children;
    std::vector<std::unique_ptr<TemplateNode>> body;
    std::vector<std::unique_ptr<TemplateNode>> elseBody;
};

struct TemplateProblem
{
    std::string message; ///< as Go words it, without "template: name:line:"
    std::size_t offset = 0;
    std::size_t end = 0;
};

/// What a template may use besides the functions that every Go template has.
struct TemplateDialect
{
    std::set<std::string, std::less<>> functions;
    std::vector<std::string> variables; ///< declared in front of the text, "$labels"
    bool elseWith = true; ///< Go 1.23 reads {{else with}}
};

struct ParsedTemplate
{
    std::vector<std::unique_ptr<TemplateNode>> nodes;
    std::vector<TemplateProblem> problems; ///< at most one: Go stops at the first
    [[nodiscard]] bool ok() const { return problems.empty(); }
};

/// Parses a template's text as text/template does (delimiters {{ and }}): undefined variables and functions,
/// unbalanced blocks and every syntax error are found; nothing is executed.
[[nodiscard]] ParsedTemplate parseTemplate(std::string_view text, const TemplateDialect& dialect);

/// The same, kept for a while: a template is looked at for its syntax and then by the lints, and files repeat theirs.
/// `dialect` is one of those below. Valid for as long as the caller holds it.
[[nodiscard]] std::shared_ptr<const ParsedTemplate> parsedTemplate(const std::string& text, const TemplateDialect& dialect);

/// Calls visit for every node, parents first.
template <typename Visit>
void visitTemplate(const std::vector<std::unique_ptr<TemplateNode>>& nodes, const Visit& visit)
{
    for (const auto& node : nodes) {
        visit(*node);
        visitTemplate(node->children, visit);
        visitTemplate(node->body, visit);
        visitTemplate(node->elseBody, visit);
    }
}

/// Templates in labels and annotations of alerting rules: 29 functions, $labels, $externalLabels,
/// $externalURL and $value. Version of the Prometheus server, as major * 1000 + minor.
[[nodiscard]] const TemplateDialect& ruleTemplateDialect(int version);
/// Templates of Alertmanager notifications, as major * 1000 + minor.
[[nodiscard]] const TemplateDialect& notificationTemplateDialect(int version);

} // namespace Promdeck::Config
