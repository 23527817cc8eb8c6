#include "models/config/configtext.h"
#include "models/config/gotypes.h"
#include "models/config/rules/rules.h"

#include <re2/re2.h>

#include <set>

namespace Promdeck::Config {

using namespace Qt::StringLiterals;

namespace {

/// "$1", "${name}", as Go's Regexp.Expand finds them.
bool hasTemplateVariable(const std::string& text)
{
    static const RE2 pattern("\\$(?:\\{\\w+\\}|\\w+)");
    return RE2::PartialMatch(text, pattern);
}

class RelabelRule
{
public:
    RelabelRule(const StructView& view, Checker& checker) : m_view(view), m_checker(checker)
    {
        const std::string written = lower(view.string("action"));
        m_action = view.has("action") ? written : "replace";
        m_target = view.string("target_label");
        m_legacy = usesLegacyNames(checker);
    }

    void run()
    {
        const bool needsTarget = is({"replace", "hashmod", "lowercase", "uppercase", "keepequal", "dropequal"});
        if (m_action == "hashmod" && m_view.unsignedInteger("modulus").value_or(0) == 0)
            error(u"relabel configuration for hashmod requires non-zero modulus"_s, "modulus", u"add modulus"_s);
        if (needsTarget && m_target.empty()) {
            error(u"relabel configuration for %1 action requires 'target_label' value"_s.arg(action()), "target_label",
                  u"add target_label"_s);
        } else if (needsTarget && !targetIsValid()) {
            error(u"%1 is invalid 'target_label' for %2 action"_s.arg(quoted(m_target), action()), "target_label");
        }
        if (is({"lowercase", "uppercase", "keepequal", "dropequal"}) && differs("replacement", "$1"))
            error(u"'replacement' can not be set for %1 action"_s.arg(action()), "replacement");
        if (m_action == "labelmap" && !replacementIsValid())
            error(u"%1 is invalid 'replacement' for %2 action"_s.arg(quoted(replacement()), action()), "replacement");
        if (is({"keepequal", "dropequal"})
            && (differs("regex", "(.*)") || m_view.unsignedInteger("modulus").value_or(0) != 0 || differs("separator", ";")
                || differs("replacement", "$1")))
            error(u"%1 action requires only 'source_labels' and `target_label`, and no other fields"_s.arg(action()),
                  "action");
        if (is({"labeldrop", "labelkeep"})
            && (m_view.has("source_labels") || !m_target.empty() || m_view.unsignedInteger("modulus").value_or(0) != 0
                || differs("separator", ";") || differs("replacement", "$1")))
            error(u"%1 action requires only 'regex', and no other fields"_s.arg(action()), "action");
    }

private:
    [[nodiscard]] bool is(std::initializer_list<const char*> actions) const
    {
        return std::any_of(actions.begin(), actions.end(), [this](const char* name) { return m_action == name; });
    }

    [[nodiscard]] QString action() const { return QString::fromStdString(m_action); }
    [[nodiscard]] std::string replacement() const
    {
        return m_view.has("replacement") ? m_view.string("replacement") : "$1";
    }

    [[nodiscard]] bool differs(const char* key, const char* byDefault) const
    {
        return m_view.has(key) && m_view.string(key) != byDefault;
    }

    [[nodiscard]] bool nameIsValid(const std::string& name) const
    {
        return m_legacy ? isLegacyLabelName(name) : !name.empty() && isValidUtf8(name);
    }

    [[nodiscard]] bool templateIsValid(const std::string& text) const
    {
        static const RE2 legacy("^(?:(?:[a-zA-Z_]|\\$(?:\\{\\w+\\}|\\w+))+\\w*)+$");
        return m_legacy ? RE2::FullMatch(text, legacy) : isValidUtf8(text);
    }

    [[nodiscard]] bool targetIsValid() const
    {
        // 2.42 let these two have variables in the name as well.
        const bool old = m_checker.options().prometheus <= CheckOptions::Version {2, 42};
        const bool expands = m_action == "replace" || (old && is({"lowercase", "uppercase"}));
        if (expands && hasTemplateVariable(m_target))
            return templateIsValid(m_target);
        return nameIsValid(m_target);
    }

    [[nodiscard]] bool replacementIsValid() const { return templateIsValid(replacement()); }

    void error(const QString& message, const char* key, const QString& hint = {})
    {
        m_checker.error("prometheus/relabel", message, m_view.keySpan(key), hint);
    }

    const StructView& m_view;
    Checker& m_checker;
    std::string m_action;
    std::string m_target;
    bool m_legacy = false;
};

} // namespace

void addRelabelRules(CheckRules& rules)
{
    rules.structs["relabel.Config"].push_back(
        [](const StructView& view, Checker& checker) { RelabelRule(view, checker).run(); });
    rules.values["@relabel-action"] = [](const YamlNode& node, const TextSpan& span, Checker& checker) {
        static const std::set<std::string, std::less<>> actions {"replace",  "keep",      "drop",      "hashmod",
                                                                 "labelmap", "labeldrop", "labelkeep", "lowercase",
                                                                 "uppercase", "keepequal", "dropequal"};
        const std::string action = lower(node.value);
        const bool known = node.isScalar() && actions.contains(action);
        if (!known)
            checker.error("prometheus/relabel-action", u"unknown relabel action %1"_s.arg(quoted(node.value)), span);
    };
}

} // namespace Promdeck::Config
