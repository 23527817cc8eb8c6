#include "models/config/lint/templatelints.h"
#include "models/config/embedded.h"
#include "models/config/configtext.h"

#include <algorithm>
#include <array>

namespace Promdeck::Config {

using namespace Qt::StringLiterals;

namespace {

using Kind = TemplateNode::Kind;
using Promql::Tok;

constexpr int kDeepest = 200;

/// Results of these change all the time and by odd numbers.
bool isRate(const std::string& name)
{
    static constexpr std::array<std::string_view, 3> kNames {"rate", "irate", "deriv"};
    return std::find(kNames.begin(), kNames.end(), name) != kNames.end();
}

bool isValue(const TemplateNode& node)
{
    return (node.kind == Kind::Variable && node.text == "$value" && node.path.empty())
        || (node.kind == Kind::Field && node.path.size() == 1 && node.path.front() == "Value");
}

/// Filters that make a number readable, or take it for something else.
bool formats(const TemplateNode& command)
{
    if (command.children.empty() || command.children.front()->kind != Kind::Function)
        return false;
    const std::string& name = command.children.front()->text;
    return name.starts_with("humanize") || name == "toTime" || name == "parseDuration" || name == "toDuration" || name == "printf";
}

} // namespace

void TemplateLints::run()
{
    m_unreadable = unreadableFunction(m_rule.parsed.ast.root, 0);
    lintMap("labels");
    lintMap("annotations");
}

void TemplateLints::lintMap(const char* key)
{
    const FoundValue* map = m_rule.view.find(key);
    if (!map || !map->node->isMapping())
        return;
    for (const YamlEntry& entry : MapEntries(*map->node, m_rule.view.dialect)) {
        if (entry.value->isScalar() && entry.value->value.find("{{") != std::string::npos)
            lintValue(*entry.value, std::string_view(key) == "labels");
    }
}

void TemplateLints::lintValue(const YamlNode& scalar, bool isLabel)
{
    const CheckOptions::Version version = m_lint.m_checker.options().prometheus;
    const auto kept = parsedTemplate(scalar.value, ruleTemplateDialect(version.major * 1000 + version.minor));
    const ParsedTemplate& parsed = *kept;
    if (!parsed.ok())
        return; // an error already
    labelsIn(parsed.nodes, true, scalar);
    queries(parsed.nodes, scalar);
    notACommand(parsed.nodes, scalar);
    if (isLabel)
        valueInLabel(parsed.nodes, scalar);
    else if (!m_unreadable.empty())
        unreadableValue(parsed.nodes, scalar);
}

void TemplateLints::labelsIn(const Nodes& nodes, bool rootDot, const YamlNode& scalar)
{
    for (const auto& node : nodes) {
        if (node->kind == Kind::Variable && node->text == "$labels" && !node->path.empty())
            missingLabel(node->path.front(), *node, scalar);
        else if (node->kind == Kind::Field && rootDot && node->path.size() >= 2 && node->path.front() == "Labels")
            missingLabel(node->path[1], *node, scalar);
        // Inside of these the dot is something else.
        const bool moves = node->kind == Kind::Range || node->kind == Kind::With || node->kind == Kind::Define || node->kind == Kind::Block;
        labelsIn(node->children, rootDot, scalar);
        labelsIn(node->body, rootDot && !moves, scalar);
        labelsIn(node->elseBody, rootDot, scalar);
    }
}

void TemplateLints::missingLabel(const std::string& label, const TemplateNode& node, const YamlNode& scalar)
{
    if (m_rule.groupLabels && m_rule.groupLabels->find(label))
        return;
    for (const LabelSource& source : m_rule.sources.at(m_rule.parsed.ast.root)) {
        if (source.canHave(label))
            continue;
        const std::size_t at = scalar.value.find('.' + label, node.offset);
        const std::size_t start = at == std::string::npos ? node.offset : at; // with its dot, as pint marks it
        m_lint.warn("alerts/template",
                    u"The template is using `%1` label but the query results won't have this label. %2"_s.arg(Config::text(label), source.reason.text()),
                    spanInScalar(m_lint.m_checker.document(), scalar, start, start + label.size() + 1), {}, &scalar);
        return;
    }
}

void TemplateLints::valueInLabel(const Nodes& nodes, const YamlNode& scalar)
{
    std::set<std::string> aliases;
    QString used;
    visitTemplate(nodes, [&](const TemplateNode& node) {
        if (node.kind == Kind::Pipeline && !node.variables.empty()) {
            bool holdsValue = false;
            visitTemplate(node.children, [&](const TemplateNode& inner) { holdsValue = holdsValue || isValue(inner); });
            if (holdsValue)
                aliases.insert(node.variables.begin(), node.variables.end());
        }
    });
    // An alias that is only compared is fine; printing the value is what makes a new alert each time.
    for (const auto& node : nodes) {
        if (node->kind != Kind::Action || !node->children.front()->variables.empty())
            continue;
        visitTemplate(node->children, [&](const TemplateNode& inner) {
            if (!used.isEmpty())
                return;
            if (isValue(inner))
                used = inner.kind == Kind::Field ? u".Value"_s : u"$value"_s;
            else if (inner.kind == Kind::Variable && aliases.contains(inner.text))
                used = Config::text(inner.text);
        });
    }
    if (!used.isEmpty())
        m_lint.warn("alerts/template",
                    u"Using `%1` in labels will generate a new alert on every value change, move it to annotations."_s.arg(used),
                    spanInScalar(m_lint.m_checker.document(), scalar, 0, scalar.value.size()));
}

void TemplateLints::unreadableValue(const Nodes& nodes, const YamlNode& scalar)
{
    visitTemplate(nodes, [&](const TemplateNode& node) {
        if (node.kind != Kind::Pipeline)
            return;
        const bool formatted = std::any_of(node.children.begin(), node.children.end(), [](const auto& command) { return formats(*command); });
        if (formatted)
            return;
        for (const auto& command : node.children) {
            for (const auto& operand : command->children) {
                if (isValue(*operand))
                    m_lint.info("alerts/template",
                                u"`%1()` will produce results that are hard for humans to read."_s.arg(Config::text(m_unreadable)),
                                spanInScalar(m_lint.m_checker.document(), scalar, operand->offset, operand->end),
                                u"use one of the humanize functions"_s);
            }
        }
    });
}

/// Expressions that the template asks the server for, where they are written out.
void TemplateLints::queries(const Nodes& nodes, const YamlNode& scalar)
{
    visitTemplate(nodes, [&](const TemplateNode& node) {
        const bool isBlock = node.kind == Kind::Range || node.kind == Kind::With;
        const bool isAction = node.kind == Kind::Action || node.kind == Kind::If;
        if ((isBlock || isAction) && !node.children.empty())
            query(*node.children.front(), isBlock ? &node : nullptr, scalar);
    });
}

void TemplateLints::query(const TemplateNode& pipeline, const TemplateNode* block, const YamlNode& scalar)
{
    for (std::size_t i = 0; i < pipeline.children.size(); ++i) {
        const TemplateNode& command = *pipeline.children[i];
        if (command.children.empty() || command.children.front()->kind != Kind::Function || command.children.front()->text != "query")
            continue;
        // query "text", "text" | query, or printf "text" x | query with something in place of x.
        const TemplateNode* literal = command.children.size() > 1 ? command.children[1].get() : nullptr;
        bool isFormat = false;
        if (!literal && i > 0) {
            const TemplateNode& before = *pipeline.children[i - 1];
            isFormat = before.children.size() > 1 && before.children.front()->kind == Kind::Function && before.children.front()->text == "printf";
            literal = isFormat ? before.children[1].get() : before.children.front().get();
        }
        if (!literal || literal->kind != Kind::String)
            return;
        std::string text = literal->text;
        for (std::size_t at = text.find('%'); isFormat && at != std::string::npos; at = text.find('%', at + 1)) {
            const std::size_t end = text.find_first_of("sdvqfg%", at + 1);
            if (end != std::string::npos)
                text.replace(at, end - at + 1, text[end] == '%' ? "%" : text[end] == 'q' ? "\"1\"" : "1");
        }
        const Promql::ParseResult parsed = Promql::parse(text, promqlOptions(m_lint.m_checker.options()));
        if (!parsed.ok()) {
            m_lint.warn("alerts/template",
                        u"Template query failed to parse with this error: `%1`."_s.arg(Config::text(Promql::formatProblem(text, parsed.problems.front()))),
                        spanInScalar(m_lint.m_checker.document(), scalar, literal->offset, literal->end), {}, &scalar);
        } else if (block) {
            queryLabels(*block, labelSources(parsed.ast, parsed.ast.root, text), scalar);
        }
        return;
    }
}

/// Labels of the query's own results: .Labels.x in a range, label "x" behind the dot.
void TemplateLints::queryLabels(const TemplateNode& block, const std::vector<LabelSource>& sources, const YamlNode& scalar)
{
    const auto report = [&](const std::string& label, const TemplateNode& node) {
        for (const LabelSource& source : sources) {
            if (source.canHave(label))
                continue;
            m_lint.warn("alerts/template",
                        u"The template query is using `%1` label but the query results won't have this label. %2"_s.arg(Config::text(label), source.reason.text()),
                        spanInScalar(m_lint.m_checker.document(), scalar, node.offset, node.end), {}, &scalar);
            return;
        }
    };
    visitTemplate(block.body, [&](const TemplateNode& node) {
        if (node.kind == Kind::Field && block.kind == Kind::Range && node.path.size() >= 2 && node.path.front() == "Labels")
            report(node.path[1], node);
        if (node.kind != Kind::Command || node.children.size() < 2 || node.children.front()->kind != Kind::Function
            || node.children.front()->text != "label" || node.children[1]->kind != Kind::String)
            return;
        report(node.children[1]->text, *node.children[1]);
    });
}

/// Parses, and fails whenever it is run.
void TemplateLints::notACommand(const Nodes& nodes, const YamlNode& scalar)
{
    visitTemplate(nodes, [&](const TemplateNode& node) {
        if (node.kind == Kind::Command && node.children.size() == 1 && node.children.front()->kind == Kind::Nil)
            m_lint.warn("alerts/template", u"nil is not a command"_s,
                        spanInScalar(m_lint.m_checker.document(), scalar, node.offset, node.end), {}, &scalar);
    });
}

std::string TemplateLints::unreadableFunction(Promql::NodeId id, int depth) const
{
    const Promql::Ast& ast = m_rule.parsed.ast;
    if (id == Promql::kNoNode || depth > kDeepest)
        return {};
    const Promql::Node& node = ast.at(id);
    if (node.kind == Promql::NodeKind::Call) {
        const std::string& name = ast.call(node).name;
        if (isRate(name))
            return name;
        if (name == "round" || name == "ceil" || name == "floor" || name == "absent" || name == "absent_over_time")
            return {};
    }
    if (node.kind == Promql::NodeKind::Aggregate && (node.op == Tok::Count || node.op == Tok::CountValues || node.op == Tok::Group))
        return {};
    const bool onlyLeft = node.kind == Promql::NodeKind::Binary && (Promql::isSetOperator(node.op) || Promql::isComparison(node.op));
    for (const Promql::NodeId child : ast.children(id)) {
        if (onlyLeft && child != node.lhs)
            continue;
        if (std::string found = unreadableFunction(child, depth + 1); !found.empty())
            return found;
    }
    return {};
}

} // namespace Promdeck::Config
