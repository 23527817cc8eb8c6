#include "models/config/embedded.h"
#include "models/config/gotypes.h"
#include "models/config/rules/rules.h"
#include "models/config/configtext.h"

#include <map>
#include <unordered_map>

namespace Promdeck::Config {

using namespace Qt::StringLiterals;

namespace {

using Version = CheckOptions::Version;

constexpr Version kUtf8Names {3, 0};

bool isRuleLabelName(std::string_view name, const Checker& checker)
{
    if (checker.options().prometheus < kUtf8Names)
        return isLegacyLabelName(name);
    return !name.empty() && isValidUtf8(name);
}

void checkLabelMap(const StructView& view, const char* key, bool isAnnotation, Checker& checker)
{
    const FoundValue* map = view.find(key);
    if (!map || !map->node->isMapping())
        return;
    for (const YamlEntry& entry : MapEntries(*map->node, view.dialect)) {
        if (isNullNode(entry.key, view.dialect))
            continue; // go-yaml leaves such an entry out
        const std::string& name = entry.key->value;
        if (!isRuleLabelName(name, checker) || (!isAnnotation && name == "__name__"))
            checker.error(isAnnotation ? "rules/annotation-name" : "rules/label-name",
                          (isAnnotation ? u"invalid annotation name: %1"_s : u"invalid label name: %1"_s).arg(Config::text(name)),
                          entry.key->span,
                          name == "__name__" ? u"the metric name comes from record or alert"_s : QString());
        if (!isAnnotation && entry.value->isScalar() && !isValidUtf8(entry.value->value))
            checker.error("rules/label-value", u"invalid label value: %1"_s.arg(Config::text(entry.value->value)), entry.valueSpan);
    }
}

void checkTemplates(const StructView& view, const char* key, const QString& kind, Checker& checker)
{
    const FoundValue* map = view.find(key);
    if (!map || !map->node->isMapping())
        return;
    const Version version = checker.options().prometheus;
    const TemplateDialect& dialect = ruleTemplateDialect(version.major * 1000 + version.minor);
    for (const YamlEntry& entry : MapEntries(*map->node, view.dialect)) {
        if (entry.value->isScalar())
            checkTemplate(*entry.value, dialect, "alerts/template",
                          u"%1 %2: "_s.arg(kind, quoted(entry.key->value)), checker);
    }
}

/// record, alert or expr as the server reads it. Before 3.0 these were YAML nodes whose text counted as written: a
/// null is the word it was written with, an alias its own name.
std::string ruleText(const StructView& view, const char* key, const Checker& checker)
{
    const auto found = view.values.find(key);
    if (found == view.values.end() || checker.options().prometheus >= kUtf8Names)
        return view.string(key);
    const FoundValue& value = found->second;
    const bool isAlias = value.span.start != value.node->span.start;
    if (!isAlias)
        return value.node->isScalar() ? value.node->value : std::string();
    const std::string& text = checker.document().text();
    return text.substr(value.span.start.offset + 1, value.span.end.offset - value.span.start.offset - 1);
}

bool isOldAlias(const FoundValue& value, const Checker& checker)
{
    return checker.options().prometheus < kUtf8Names && value.span.start != value.node->span.start;
}

void checkRecord(const StructView& view, Checker& checker)
{
    const std::string name = ruleText(view, "record", checker);
    const auto forbid = [&](const char* key) {
        checker.error("rules/recording-rule", u"invalid field '%1' in recording rule"_s.arg(Config::text(key)),
                      view.keySpan(key), u"remove it, or make this an alert"_s);
    };
    if (const FoundValue* annotations = view.find("annotations"); annotations && !annotations->node->entries.empty())
        forbid("annotations");
    for (const char* key : {"for", "keep_firing_for"}) {
        if (view.durationMs(key).value_or(0) != 0)
            forbid(key);
    }
    const bool utf8 = checker.options().prometheus >= kUtf8Names;
    if (utf8 ? !isValidUtf8(name) : !isLegacyMetricName(name))
        checker.error("rules/record-name", u"invalid recording rule name: %1"_s.arg(Config::text(name)), view.spanOf("record"),
                      utf8 ? QString() : u"letters, digits, underscores and colons; no digit first"_s);
    else if (utf8 && name.find_first_of("{}") != std::string::npos)
        checker.error("rules/record-name",
                      u"braces present in the recording rule name; should it be in expr?: %1"_s.arg(Config::text(name)),
                      view.spanOf("record"), u"write the name here and the labels under labels"_s);
}

void checkRule(const StructView& view, Checker& checker)
{
    const bool record = !ruleText(view, "record", checker).empty();
    const bool alert = !ruleText(view, "alert", checker).empty();
    if (record && alert)
        checker.error("rules/record-or-alert", u"only one of 'record' and 'alert' must be set"_s, view.keySpan("record"),
                      u"split it into two rules"_s);
    else if (!record && !alert)
        checker.error("rules/record-or-alert", u"one of 'record' or 'alert' must be set"_s,
                      view.has("record") ? view.spanOf("record") : view.has("alert") ? view.spanOf("alert") : view.span,
                      u"add record or alert"_s);
    const auto written = view.values.find("expr");
    const FoundValue* expression = written == view.values.end() ? nullptr : &written->second;
    if (ruleText(view, "expr", checker).empty())
        checker.error("rules/missing-expr", u"field 'expr' must be set in rule"_s,
                      expression ? expression->span : view.span, u"add expr"_s);
    Promql::ParseResult parsed;
    if (expression && isOldAlias(*expression, checker)) {
        checker.warning("rules/alias", u"Prometheus before 3.0 reads the name of the alias, not what it stands for"_s, expression->span,
                        u"write the expression out, or target 3.0"_s);
    } else if (expression && expression->node->isScalar() && !ruleText(view, "expr", checker).empty()) {
        checkExpression(*expression->node, checker, &parsed);
        if (checker.onExpression)
            checker.onExpression(view, *expression->node, parsed);
    }
    if (record)
        checkRecord(view, checker);
    checkLabelMap(view, "labels", false, checker);
    checkLabelMap(view, "annotations", true, checker);
    if (alert) {
        checkTemplates(view, "labels", u"label"_s, checker);
        checkTemplates(view, "annotations", u"annotation"_s, checker);
    }
}

void checkGroup(const StructView& view, Checker& checker)
{
    if (view.string("name").empty())
        checker.error("rules/group-name", u"Groupname must not be empty"_s, view.keySpan("name"), u"add name"_s);
    checkLabelMap(view, "labels", false, checker);
}

void checkGroups(const StructView& view, Checker& checker)
{
    std::map<std::string, TextSpan> seen;
    for (const StructView& group : view.structsAt("groups")) {
        const std::string name = group.string("name");
        const auto [first, isNew] = seen.try_emplace(name, group.spanOf("name"));
        if (!isNew)
            checker.error("rules/duplicate-group", u"groupname: %1 is repeated in the same file"_s.arg(quoted(name)),
                          group.spanOf("name"), u"the first one is in line %1"_s.arg(first->second.start.line));
    }
}

} // namespace

const CheckRules& ruleFileRules()
{
    static const CheckRules rules = [] {
        CheckRules all;
        all.structs["rules.RuleGroups"].push_back(checkGroups);
        all.structs["rules.RuleGroup"].push_back(checkGroup);
        all.structs["rules.Rule"].push_back(checkRule);
        all.values["@rule-text"] = [](const YamlNode& node, const TextSpan& span, Checker& checker) {
            if (!node.isScalar() && checker.options().prometheus >= kUtf8Names)
                checker.wrongType(node, span, u"string"_s);
        };
        return all;
    }();
    return rules;
}

} // namespace Promdeck::Config
