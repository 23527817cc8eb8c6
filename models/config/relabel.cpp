#include "models/config/relabel.h"
#include "models/config/goregexp.h"
#include "models/config/gotypes.h"

#include <QCryptographicHash>
#include <QString>

#include <re2/re2.h>

#include <algorithm>
#include <array>

namespace Promdeck::Config {

namespace {

using Action = RelabelRule::Action;

constexpr std::array<std::pair<std::string_view, Action>, 11> kActions {{{"replace", Action::Replace},
                                                                       {"keep", Action::Keep},
                                                                       {"drop", Action::Drop},
                                                                       {"keepequal", Action::KeepEqual},
                                                                       {"dropequal", Action::DropEqual},
                                                                       {"hashmod", Action::HashMod},
                                                                       {"labelmap", Action::LabelMap},
                                                                       {"labeldrop", Action::LabelDrop},
                                                                       {"labelkeep", Action::LabelKeep},
                                                                       {"lowercase", Action::Lowercase},
                                                                       {"uppercase", Action::Uppercase}}};

using Groups = std::vector<re2::StringPiece>;

/// All groups of an anchored match, the whole text first; empty when it does not match.
Groups match(const RE2& expression, std::string_view text)
{
    Groups groups(std::size_t(expression.NumberOfCapturingGroups()) + 1);
    const re2::StringPiece piece(text.data(), text.size());
    if (!expression.Match(piece, 0, text.size(), RE2::ANCHOR_BOTH, groups.data(), int(groups.size())))
        groups.clear();
    return groups;
}

std::string valueOf(const LabelMap& labels, const std::string& name)
{
    const auto found = labels.find(name);
    return found == labels.end() ? std::string() : found->second;
}

void set(LabelMap& labels, const std::string& name, const std::string& value)
{
    if (value.empty())
        labels.erase(name);
    else
        labels[name] = value;
}

std::string changeCase(const std::string& text, bool upper)
{
    // Go changes one character for one: "\u00df" has no single capital and stays.
    QList<uint> characters = QString::fromStdString(text).toUcs4();
    for (uint& one : characters)
        one = upper ? QChar::toUpper(one) : QChar::toLower(one);
    return QString::fromUcs4(reinterpret_cast<const char32_t*>(characters.constData()), characters.size()).toStdString();
}

std::uint64_t hashOf(const std::string& value)
{
    const QByteArray digest = QCryptographicHash::hash(QByteArray::fromStdString(value), QCryptographicHash::Md5);
    std::uint64_t number = 0;
    for (int i = 8; i < 16; ++i)
        number = (number << 8) | static_cast<unsigned char>(digest[i]);
    return number;
}

void replace(LabelMap& labels, const RelabelRule& rule, const std::string& value, bool legacyNames)
{
    const Groups groups = match(*rule.compiled, value);
    if (groups.empty())
        return;
    const std::string target = expandGroups(*rule.compiled, groups, rule.targetLabel);
    if (target.empty() || (legacyNames ? !isLegacyLabelName(target) : !isValidUtf8(target)))
        return;
    set(labels, target, expandGroups(*rule.compiled, groups, rule.replacement));
}

void renameLabels(LabelMap& labels, const RelabelRule& rule)
{
    const LabelMap before = labels;
    for (const auto& [name, value] : before) {
        const Groups groups = match(*rule.compiled, name);
        if (!groups.empty())
            set(labels, expandGroups(*rule.compiled, groups, rule.replacement), value);
    }
}

/// One step; false when the labels are dropped.
bool apply(LabelMap& labels, const RelabelRule& rule, bool legacyNames)
{
    std::string value;
    for (std::size_t i = 0; i < rule.sourceLabels.size(); ++i)
        value += (i > 0 ? rule.separator : std::string()) + valueOf(labels, rule.sourceLabels[i]);
    switch (rule.action) {
    case Action::Keep: return !match(*rule.compiled, value).empty();
    case Action::Drop: return match(*rule.compiled, value).empty();
    case Action::KeepEqual: return valueOf(labels, rule.targetLabel) == value;
    case Action::DropEqual: return valueOf(labels, rule.targetLabel) != value;
    case Action::Replace: replace(labels, rule, value, legacyNames); break;
    case Action::Lowercase: set(labels, rule.targetLabel, changeCase(value, false)); break;
    case Action::Uppercase: set(labels, rule.targetLabel, changeCase(value, true)); break;
    case Action::HashMod:
        if (rule.modulus > 0)
            set(labels, rule.targetLabel, std::to_string(hashOf(value) % rule.modulus));
        break;
    case Action::LabelMap: renameLabels(labels, rule); break;
    case Action::LabelDrop:
    case Action::LabelKeep: {
        const bool drops = rule.action == Action::LabelDrop;
        std::erase_if(labels, [&](const auto& label) { return match(*rule.compiled, label.first).empty() != drops; });
        break;
    }
    }
    return true;
}

} // namespace

bool RelabelRule::compile()
{
    // Wrapped as the servers do, which decides about `a)|(b`.
    auto expression = std::make_shared<RE2>("^(?s:" + regex + ")$", RE2::Quiet);
    if (!expression->ok())
        return false;
    compiled = std::move(expression);
    return true;
}

std::optional<RelabelRule::Action> relabelActionFromName(std::string_view name)
{
    const std::string lower = changeCase(std::string(name), false);
    for (const auto& [text, action] : kActions) {
        if (lower == text)
            return action;
    }
    return {};
}

std::optional<RelabelRule> relabelRuleOf(const StructView& view)
{
    RelabelRule rule;
    const auto action = relabelActionFromName(view.has("action") ? view.string("action") : "replace");
    if (!action)
        return {};
    rule.action = *action;
    for (const FoundValue& label : view.listAt("source_labels"))
        rule.sourceLabels.push_back(label.node->value);
    const auto take = [&view](const char* key, std::string& into) {
        if (view.has(key))
            into = view.string(key);
    };
    take("separator", rule.separator);
    take("regex", rule.regex);
    take("target_label", rule.targetLabel);
    take("replacement", rule.replacement);
    rule.modulus = view.unsignedInteger("modulus").value_or(0);
    return rule.compile() ? std::optional(rule) : std::nullopt;
}

std::optional<std::vector<RelabelRule>> relabelRulesOf(const StructView& view, std::string_view key)
{
    std::vector<RelabelRule> rules;
    for (const StructView& config : view.structsAt(key)) {
        auto rule = relabelRuleOf(config);
        if (!rule)
            return {};
        rules.push_back(std::move(*rule));
    }
    return rules;
}

std::optional<LabelMap> relabel(LabelMap labels, const std::vector<RelabelRule>& rules, bool legacyNames)
{
    for (const RelabelRule& rule : rules) {
        if (!rule.compiled || !apply(labels, rule, legacyNames))
            return {};
    }
    return labels;
}

} // namespace Promdeck::Config
