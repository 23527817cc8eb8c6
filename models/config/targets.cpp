#include "models/config/targets.h"
#include "models/core/duration.h"
#include "models/config/gotypes.h"
#include "models/config/rules/rules.h"
#include "models/config/configtext.h"

namespace Promdeck::Config {

using namespace Qt::StringLiterals;

namespace {

std::string valueOf(const LabelMap& labels, std::string_view name)
{
    const auto found = labels.find(name);
    return found == labels.end() ? std::string() : found->second;
}

std::string firstOf(const StructView& own, const StructView& global, const char* key, const char* byDefault)
{
    const std::string text = own.string(key);
    if (!text.empty())
        return text;
    const std::string inherited = global.string(key);
    return inherited.empty() ? byDefault : inherited;
}

QString addressProblem(const std::string& address)
{
    return address.find('/') == std::string::npos ? QString() : u"%1 is not a valid hostname"_s.arg(quoted(address));
}

QString intervalProblem(const LabelMap& labels)
{
    std::int64_t values[2] {};
    int index = 0;
    for (const auto& [label, what] : {std::pair("__scrape_interval__", "interval"), std::pair("__scrape_timeout__", "timeout")}) {
        const std::string text = valueOf(labels, label);
        const auto parsed = parsePrometheusDuration(text);
        if (!parsed)
            return u"error parsing scrape %1: not a valid duration string: %2"_s.arg(Config::text(what), quoted(text));
        if (*parsed == 0)
            return u"scrape %1 cannot be 0"_s.arg(Config::text(what));
        values[index++] = *parsed;
    }
    if (values[1] > values[0])
        return u"scrape timeout cannot be greater than scrape interval (%1 > %2)"_s.arg(
            quoted(valueOf(labels, "__scrape_timeout__")), quoted(valueOf(labels, "__scrape_interval__")));
    return {};
}

} // namespace

std::vector<TargetGroup> targetGroupsOf(const std::vector<StructView>& groups)
{
    std::vector<TargetGroup> out;
    for (const StructView& view : groups) {
        TargetGroup group;
        for (const FoundValue& target : view.listAt("targets"))
            group.targets.push_back({isNullNode(target.node, view.dialect) ? std::string() : target.node->value, target.span});
        if (const FoundValue* labels = view.find("labels")) {
            for (const YamlEntry& entry : MapEntries(*labels->node, view.dialect)) {
                if (entry.value->isScalar())
                    group.labels[entry.key->value] = isNullNode(entry.value, view.dialect) ? std::string() : entry.value->value;
            }
        }
        out.push_back(std::move(group));
    }
    return out;
}

std::vector<TargetGroup> targetGroupsIn(const QByteArray& text)
{
    const YamlDocument document = YamlDocument::parse({text.constData(), std::size_t(text.size())});
    const SchemaStruct* type = Schema::instance().find("prometheus.TargetGroup");
    std::vector<StructView> views;
    if (const YamlNode* root = document.root(); root && document.ok()) {
        for (const YamlItem& item : root->items) {
            if (item.value->isMapping())
                views.push_back(viewOf(*type, item.value, item.span, YamlDialect::V2));
        }
    }
    return targetGroupsOf(views);
}

ScrapeTargets::ScrapeTargets(const StructView& scrape, const StructView& global, const std::vector<RelabelRule>& rules,
                             const Checker& checker)
    : m_rules(rules), m_legacyNames(usesLegacyNames(checker)),
      m_addsPort(checker.options().prometheus < CheckOptions::Version {3, 0})
{
    const auto set = [this](const char* name, const std::string& value) {
        if (!value.empty())
            m_defaults[name] = value;
    };
    set("job", scrape.string("job_name"));
    const std::string interval = firstOf(scrape, global, "scrape_interval", "1m");
    set("__scrape_interval__", interval);
    // A timeout that was not given for the job shrinks to its interval.
    std::string timeout = scrape.string("scrape_timeout");
    if (timeout.empty()) {
        timeout = firstOf(scrape, global, "scrape_timeout", "10s");
        if (parsePrometheusDuration(timeout).value_or(0) > parsePrometheusDuration(interval).value_or(0))
            timeout = interval;
    }
    set("__scrape_timeout__", timeout);
    set("__metrics_path__", scrape.has("metrics_path") ? scrape.string("metrics_path") : "/metrics");
    set("__scheme__", scrape.has("scheme") ? scrape.string("scheme") : "http");
    if (const FoundValue* params = scrape.find("params")) {
        for (const YamlEntry& entry : MapEntries(*params->node, scrape.dialect)) {
            if (!entry.value->items.empty() && entry.value->items.front().value->isScalar())
                m_defaults["__param_" + entry.key->value] = entry.value->items.front().value->value;
        }
    }
}

LabelMap ScrapeTargets::discovered(const TargetGroup& group, std::size_t index) const
{
    LabelMap labels = group.labels;
    labels["__address__"] = group.targets[index].address;
    for (const auto& [name, value] : m_defaults) {
        if (valueOf(labels, name).empty())
            labels[name] = value;
    }
    return labels;
}

QString ScrapeTargets::problem(const TargetGroup& group, std::size_t index) const
{
    const auto labels = relabel(discovered(group, index), m_rules, m_legacyNames);
    if (!labels)
        return {};
    const std::string address = valueOf(*labels, "__address__");
    if (address.empty())
        return u"no address"_s;
    const std::string scheme = valueOf(*labels, "__scheme__");
    if (m_addsPort && address.find(':') == std::string::npos && !scheme.empty() && scheme != "http" && scheme != "https")
        return u"invalid scheme: %1"_s.arg(quoted(scheme));
    if (const QString found = addressProblem(address); !found.isEmpty())
        return found;
    if (const QString found = intervalProblem(*labels); !found.isEmpty())
        return found;
    for (const auto& [name, value] : *labels) {
        if (!isValidUtf8(value))
            return u"invalid label value for %1: %2"_s.arg(quoted(name), quoted(value));
    }
    return {};
}

QString alertmanagerTargetProblem(const StructView& config, const TargetGroup& group, const GroupTarget& target,
                                  const std::vector<RelabelRule>& rules, const Checker& checker)
{
    LabelMap labels = group.labels;
    labels["__address__"] = target.address;
    labels["__scheme__"] = config.has("scheme") ? config.string("scheme") : "http";
    labels["__alerts_path__"] = config.string("path_prefix") + "/api/v2/alerts";
    const auto kept = relabel(std::move(labels), rules, usesLegacyNames(checker));
    return kept ? addressProblem(valueOf(*kept, "__address__")) : QString();
}

} // namespace Promdeck::Config
