#include "models/config/lint/lint.h"
#include "models/config/gotypes.h"
#include "models/config/rules/rules.h"
#include "models/config/configtext.h"
#include "models/core/duration.h"

#include <map>

namespace Promdeck::Config {

using namespace Qt::StringLiterals;

namespace {

void lint(Checker& checker, const char* code, const QString& message, const TextSpan& span, const QString& hint)
{
    if (checker.options().strict)
        checker.error(code, message, span, hint);
    else
        checker.warning(code, message, span, hint);
}

void addLabels(const StructView& view, std::map<std::string, std::string>& labels)
{
    const FoundValue* map = view.find("labels");
    if (!map)
        return;
    for (const YamlEntry& entry : MapEntries(*map->node, view.dialect)) {
        if (entry.value->isScalar())
            labels[entry.key->value] = entry.value->value;
    }
}

} // namespace

void lintDuplicateRules(const StructView& groups, Checker& checker)
{
    using Identity = std::pair<std::string, std::map<std::string, std::string>>;
    std::map<Identity, int> seen; // line of the first
    for (const StructView& group : groups.structsAt("groups")) {
        for (const StructView& rule : group.structsAt("rules")) {
            Identity identity;
            const char* key = rule.string("alert").empty() ? "record" : "alert";
            identity.first = rule.string(key);
            addLabels(group, identity.second);
            addLabels(rule, identity.second);
            if (identity.first.empty())
                continue;
            const auto [first, isNew] = seen.try_emplace(std::move(identity), rule.spanOf(key).start.line);
            if (!isNew)
                lint(checker, "lint/duplicate-rules",
                     u"duplicate rule %1 with the same labels"_s.arg(Config::quoted(rule.string(key))), rule.spanOf(key),
                     u"the first one is in line %1; which of them wins is not defined"_s.arg(first->second));
        }
    }
}

void lintScrapeIntervals(const StructView& config, Checker& checker)
{
    constexpr std::int64_t kLookbackMs = 300000;
    const std::int64_t global = globalOf(checker).durationMs("scrape_interval").value_or(60000);
    for (const StructView& scrape : config.structsAt("scrape_configs")) {
        const std::int64_t own = scrape.durationMs("scrape_interval").value_or(0);
        if ((own > 0 ? own : global) < kLookbackMs)
            continue;
        lint(checker, "lint/too-long-scrape-interval",
             u"too long scrape interval found, data point will be marked as stale: job %1"_s.arg(Config::quoted(scrape.string("job_name"))),
             own > 0 ? scrape.spanOf("scrape_interval") : scrape.spanOf("job_name"),
             u"queries look back 5m; scrape more often"_s);
    }
}

} // namespace Promdeck::Config
