#include "models/config/lint/rulelint.h"
#include "models/config/embedded.h"
#include "models/config/gotypes.h"
#include "models/config/lint/expressionlints.h"
#include "models/config/lint/templatelints.h"
#include "models/config/text.h"

#include <algorithm>

namespace Promdeck::Config {

using namespace Qt::StringLiterals;

namespace {

constexpr std::int64_t kLookbackMs = 300000;

} // namespace

void RuleLint::warn(const char* check, const QString& message, const TextSpan& span, const QString& hint, const YamlNode* scope)
{
    const std::size_t where = scope ? scope->span.start.offset : span.start.offset;
    const std::string identity = std::string(check) + '@' + std::to_string(where) + message.toStdString();
    if (m_said.insert(identity).second)
        m_checker.warning(check, message, span, hint);
}

void RuleLint::info(const char* check, const QString& message, const TextSpan& span, const QString& hint)
{
    m_checker.info(check, message, span, hint);
}

TextSpan RuleLint::placeOf(const LintRule& rule, Promql::ByteRange range) const
{
    return spanInScalar(m_checker.document(), *rule.expression, range.start, range.end);
}

void RuleLint::addRules(const StructView& group, const YamlNode& list)
{
    const SchemaStruct* type = Schema::instance().find("rules.Rule");
    for (const YamlItem& item : list.items) {
        if (!item.value->isMapping())
            continue;
        LintRule rule;
        rule.view = viewOf(*type, item.value, item.span, YamlDialect::V3);
        rule.group = group.node ? &group : nullptr;
        rule.isAlert = !rule.view.string("alert").empty();
        rule.name = rule.view.string(rule.isAlert ? "alert" : "record");
        const FoundValue* expression = rule.view.find("expr");
        if (!expression || !expression->node->isScalar())
            continue;
        rule.expression = expression->node;
        rule.parsed = Promql::parse(rule.expression->value, promqlOptions(m_checker.options()));
        m_rules.push_back(std::move(rule));
    }
}

void RuleLint::collect()
{
    const YamlNode* root = m_checker.document().root();
    if (root && root->isSequence()) {
        // Fragments: rules without a group, or groups without their key.
        addRules({}, *root);
        for (const YamlItem& item : root->items) {
            if (item.value->find("rules"))
                m_groups.push_back(viewOf(*Schema::instance().find("rules.RuleGroup"), item.value, item.span, YamlDialect::V3));
        }
    } else {
        m_groups = m_checker.root().structsAt("groups");
    }
    for (const StructView& group : m_groups) {
        const FoundValue* rules = group.find("rules");
        if (rules && rules->node->isSequence())
            addRules(group, *rules->node);
    }
}

void RuleLint::lintGroup(const StructView& group)
{
    const auto interval = group.durationMs("interval");
    if (!interval || *interval <= kLookbackMs)
        return;
    // An alert that is kept firing for longer than the gap does not flap.
    bool bridged = true;
    for (const StructView& rule : group.structsAt("rules"))
        bridged = bridged && !rule.string("alert").empty() && rule.durationMs("keep_firing_for").value_or(0) > *interval;
    if (!bridged)
        warn("group/interval", u"Using group interval > 5m will cause gaps in recording rule results and flapping alerts."_s,
             group.spanOf("interval"), u"make it 5m at most"_s);
}

void RuleLint::lintRule(const LintRule& rule)
{
    if (rule.isAlert) {
        for (const char* key : {"for", "keep_firing_for"}) {
            const auto value = rule.view.durationMs(key);
            if (value && *value == 0)
                info("alerts/for", u"`%1` is the default value of `%2`, this line is unnecessary."_s.arg(fromUtf8(rule.view.string(key)), fromUtf8(key)),
                     rule.view.spanOf(key), u"remove the line"_s);
        }
    }
    if (!rule.parsed.ok())
        return;
    ExpressionLints(*this, rule).run();
    if (rule.isAlert)
        TemplateLints(*this, rule).run();
}

/// A recording rule is unsafe when it divides by what may be zero, or uses one that is.
void RuleLint::findUnsafe()
{
    for (const LintRule& rule : m_rules) {
        if (!rule.isAlert && rule.parsed.ok() && dividesByZero(rule.parsed.ast))
            m_unsafe.insert(rule.name);
    }
    for (bool changed = !m_unsafe.empty(); changed;) {
        changed = false;
        for (const LintRule& rule : m_rules) {
            if (rule.isAlert || !rule.parsed.ok() || m_unsafe.contains(rule.name))
                continue;
            const auto& selectors = rule.parsed.ast.selectors;
            if (std::any_of(selectors.begin(), selectors.end(), [this](const Promql::SelectorData& one) { return m_unsafe.contains(one.name); }))
                changed = m_unsafe.insert(rule.name).second || changed;
        }
    }
}

void RuleLint::run()
{
    collect();
    findUnsafe();
    for (const StructView& group : m_groups)
        lintGroup(group);
    for (const LintRule& rule : m_rules)
        lintRule(rule);
}

} // namespace Promdeck::Config
