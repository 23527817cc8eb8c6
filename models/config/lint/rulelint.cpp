#include "models/config/lint/rulelint.h"
#include "models/config/embedded.h"
#include "models/config/gotypes.h"
#include "models/config/lint/expressionlints.h"
#include "models/config/lint/templatelints.h"
#include "models/config/configtext.h"

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

void RuleLint::forEachGroup(const std::function<void(const YamlItem&)>& visit) const
{
    const YamlNode* root = m_checker.document().root();
    if (!root)
        return;
    // Fragments have their groups, or only rules, at the root.
    const YamlEntry* groups = root->find("groups");
    const YamlNode& list = groups ? *groups->value : *root;
    for (const YamlItem& item : list.items) {
        if (item.value->isMapping())
            visit(item);
    }
}

RuleLint::RuleLint(Checker& checker) : m_checker(checker)
{
    forEachGroup([this](const YamlItem& group) {
        const YamlEntry* labels = group.value->find("labels");
        const YamlEntry* rules = group.value->find("rules");
        if (!labels || !rules)
            return;
        for (const YamlItem& rule : rules->value->items)
            m_groupLabels.emplace(rule.value, labels->value);
    });
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

void RuleLint::lintDurations(const LintRule& rule)
{
    for (const char* key : {"for", "keep_firing_for"}) {
        const auto value = rule.view.durationMs(key);
        if (value && *value == 0)
            info("alerts/for", u"`%1` is the default value of `%2`, this line is unnecessary."_s.arg(Config::text(rule.view.string(key)), Config::text(key)),
                 rule.view.spanOf(key), u"remove the line"_s);
    }
}

void RuleLint::rule(const StructView& view, const YamlNode& expression, const Promql::ParseResult& parsed)
{
    const auto labels = m_groupLabels.find(view.node);
    LintRule rule(view, expression, parsed);
    rule.groupLabels = labels == m_groupLabels.end() ? nullptr : labels->second;
    rule.isAlert = !view.string("alert").empty();
    rule.name = view.string(rule.isAlert ? "alert" : "record");
    if (rule.isAlert)
        lintDurations(rule);
    if (!parsed.ok())
        return;
    ExpressionLints(*this, rule).run();
    if (rule.isAlert) {
        TemplateLints(*this, rule).run();
        return;
    }
    Recording recording {rule.name, dividesByZero(parsed.ast), {}};
    for (const Promql::SelectorData& selector : parsed.ast.selectors) {
        if (!selector.name.empty())
            recording.reads.push_back(selector.name);
    }
    m_recordings.push_back(std::move(recording));
}

void RuleLint::absorb(RuleLint&& other)
{
    std::move(other.m_recordings.begin(), other.m_recordings.end(), std::back_inserter(m_recordings));
    std::move(other.m_pending.begin(), other.m_pending.end(), std::back_inserter(m_pending));
    m_said.merge(other.m_said);
}

/// A recording rule is unsafe when it divides by what may be zero, or uses one that is.
void RuleLint::findUnsafe()
{
    for (const Recording& recording : m_recordings) {
        if (recording.isUnsafe)
            m_unsafe.insert(recording.name);
    }
    for (bool changed = !m_unsafe.empty(); changed;) {
        changed = false;
        for (const Recording& recording : m_recordings) {
            if (m_unsafe.contains(recording.name))
                continue;
            if (std::any_of(recording.reads.begin(), recording.reads.end(), [this](const std::string& name) { return m_unsafe.contains(name); }))
                changed = m_unsafe.insert(recording.name).second || changed;
        }
    }
}

void RuleLint::finish()
{
    forEachGroup([this](const YamlItem& group) {
        if (group.value->find("rules"))
            lintGroup(viewOf(*Schema::instance().find("rules.RuleGroup"), group.value, group.span, YamlDialect::V3));
    });
    findUnsafe();
    for (const PendingNan& one : m_pending) {
        if (m_unsafe.contains(one.metric))
            warn("promql/nan",
                 u"This aggregation can return NaN or Inf because recording rule `%1` can produce it."_s.arg(Config::text(one.metric)),
                 spanInScalar(m_checker.document(), *one.expression, one.range.start, one.range.end), {}, one.expression);
    }
}

} // namespace Promdeck::Config
