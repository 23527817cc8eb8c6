#include "models/config/alertmanager/routing.h"

#include "models/config/rules/rules.h"

namespace Promdeck::Config {

RoutingPlan readRouting(std::string_view text)
{
    RoutingPlan plan;
    const YamlDocument document = YamlDocument::parse(text);
    Checker checker(document, YamlDialect::V2, alertmanagerRules());
    checker.checkRoot("alertmanager.Config");
    if (checker.hasErrors()) {
        for (const Diagnostic& one : checker.diagnostics()) {
            if (one.severity == Severity::Error) {
                plan.problem = one.message;
                plan.problemLine = one.span.start.line;
                break;
            }
        }
        return plan;
    }
    plan.tree = routingTree(checker.root());
    plan.intervals = timeIntervalsOf(checker.root());
    plan.inhibitRules = inhibitRulesOf(checker.root());
    return plan;
}

RoutingPlan::Outcome RoutingPlan::outcome(const AlertLabels& labels, const QDateTime& time, const std::vector<AlertLabels>& firing) const
{
    Outcome out;
    if (!tree)
        return out;
    for (const Route* route : tree->match(labels))
        out.ends.push_back({route, muteOf(*route, intervals, time)});
    for (const InhibitRule& rule : inhibitRules) {
        if (const AlertLabels* source = rule.inhibitor(labels, firing)) {
            out.inhibitedBy = &rule;
            out.inhibitor = *source;
            break;
        }
    }
    return out;
}

std::optional<AlertLabels> readLabelSet(std::string_view text)
{
    AlertLabels labels;
    std::size_t at = 0;
    const auto isBlank = [](char c) { return c == ' ' || c == ',' || c == '\t' || c == '{' || c == '}'; };
    while (at < text.size()) {
        if (isBlank(text[at])) {
            ++at;
            continue;
        }
        const std::size_t equals = text.find('=', at);
        if (equals == std::string_view::npos || equals == at)
            return {};
        std::string_view name = text.substr(at, equals - at);
        while (!name.empty() && name.back() == ' ')
            name.remove_suffix(1);
        if (name.find_first_of(" ,\"") != std::string_view::npos)
            return {};
        at = equals + 1;
        std::string value;
        if (at < text.size() && text[at] == '"') {
            for (++at; at < text.size() && text[at] != '"'; ++at) {
                if (text[at] == '\\' && at + 1 < text.size())
                    ++at;
                value += text[at];
            }
            if (at == text.size())
                return {};
            ++at;
        } else {
            while (at < text.size() && !isBlank(text[at]))
                value += text[at++];
        }
        labels[std::string(name)] = value;
    }
    return labels;
}

} // namespace Promdeck::Config
