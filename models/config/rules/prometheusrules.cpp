#include "models/config/configtext.h"
#include "models/config/gotypes.h"
#include "models/config/rules/rules.h"

#include <re2/re2.h>

#include <map>
#include <set>

namespace Promdeck::Config {

using namespace Qt::StringLiterals;

namespace {

/// Go decodes a null item of a list of pointers to nil, which every list of structs here refuses by name.
void refuseNullItems(const StructView& view, Checker& checker, const char* key, const QString& message)
{
    const FoundValue* list = view.find(key);
    if (!list)
        return;
    for (const YamlItem& item : list->node->items) {
        if (isNullNode(item.value, view.dialect))
            checker.error("prometheus/null-section", message, item.span, u"remove the empty item"_s);
    }
}

/// Reports the second and later configs that share a non-empty name.
void refuseSameNames(const std::vector<StructView>& configs, const char* key, Checker& checker, const QString& message)
{
    std::set<std::string> seen;
    for (const StructView& config : configs) {
        const std::string name = config.string(key);
        if (!name.empty() && !seen.insert(name).second)
            checker.error("prometheus/duplicate-name", message.arg(quoted(name)), config.spanOf(key));
    }
}

void checkGlobs(const StructView& view, Checker& checker, const char* key, const QString& message)
{
    static const RE2 pattern("^[^*]*(\\*[^/]*)?$");
    for (const FoundValue& path : view.listAt(key)) {
        if (!RE2::FullMatch(path.node->value, pattern))
            checker.error("prometheus/path-pattern", message.arg(quoted(path.node->value)), path.span,
                          u"a wildcard may stand in the last part of the path only"_s);
    }
}

void checkConfig(const StructView& view, Checker& checker)
{
    checkGlobs(view, checker, "rule_files", u"invalid rule file path %1"_s);
    checkGlobs(view, checker, "scrape_config_files", u"invalid scrape config file path %1"_s);
    refuseNullItems(view, checker, "scrape_configs", u"empty or null scrape config section"_s);
    refuseNullItems(view, checker, "remote_write", u"empty or null remote write config section"_s);
    refuseNullItems(view, checker, "remote_read", u"empty or null remote read config section"_s);
    refuseSameNames(view.structsAt("scrape_configs"), "job_name", checker,
                    u"found multiple scrape configs with job name %1"_s);
    refuseSameNames(view.structsAt("remote_write"), "name", checker,
                    u"found multiple remote write configs with job name %1"_s);
    refuseSameNames(view.structsAt("remote_read"), "name", checker,
                    u"found multiple remote read configs with job name %1"_s);
    if (checker.options().agent) {
        for (const char* key : {"alerting", "rule_files", "remote_read"}) {
            const FoundValue* found = view.find(key);
            if (found && (!found->node->items.empty() || !found->node->entries.empty()))
                checker.error("prometheus/agent", u"field %1 is not allowed in agent mode"_s.arg(text(key)),
                              view.keySpan(key));
        }
    }
}

void checkTimeout(const StructView& view, Checker& checker, std::int64_t interval, const QString& message)
{
    const auto timeout = view.durationMs("scrape_timeout");
    if (timeout && *timeout > interval)
        checker.error("prometheus/timeout", message, view.spanOf("scrape_timeout"),
                      u"make scrape_timeout at most the scrape interval"_s);
}

std::int64_t globalInterval(const StructView& global)
{
    const auto interval = global.durationMs("scrape_interval");
    return interval && *interval > 0 ? *interval : 60000;
}

void checkProtocols(const StructView& view, Checker& checker, const QString& where)
{
    const FoundValue* list = view.find("scrape_protocols");
    if (!list || !list->node->isSequence())
        return;
    if (list->node->items.empty())
        checker.error("prometheus/scrape-protocols", u"scrape_protocols cannot be empty"_s + where, list->span);
    std::set<std::string> seen;
    for (const YamlItem& item : list->node->items) {
        if (item.value->isScalar() && !seen.insert(item.value->value).second)
            checker.error("prometheus/scrape-protocols", u"duplicated protocol in scrape_protocols: %1"_s.arg(text(item.value->value)) + where, item.span);
    }
}

bool isEscapingScheme(const std::string& scheme)
{
    return scheme == "allow-utf-8" || scheme == "underscores" || scheme == "dots" || scheme == "values";
}

void checkEscaping(const StructView& view, Checker& checker, const std::string& validation)
{
    const std::string escaping = view.string("metric_name_escaping_scheme");
    if (escaping.empty())
        return;
    if (!isEscapingScheme(escaping))
        checker.error("prometheus/escaping-scheme",
                      u"unknown name escaping method specified, must be one of 'allow-utf-8', 'underscores', 'dots', or 'values', got %1"_s.arg(quoted(escaping)),
                      view.spanOf("metric_name_escaping_scheme"));
    else if (escaping == "allow-utf-8" && validation == "legacy")
        checker.error("prometheus/escaping-scheme",
                      u"utf8 metric names requested but validation scheme is not set to UTF8"_s,
                      view.spanOf("metric_name_escaping_scheme"));
}

void checkGlobal(const StructView& view, Checker& checker)
{
    if (const FoundValue* labels = view.find("external_labels")) {
        for (const YamlEntry& entry : MapEntries(*labels->node, view.dialect)) {
            if (entry.value->isScalar() && !isValidUtf8(entry.value->value))
                checker.error("prometheus/label-value",
                              u"%1 is not a valid label value"_s.arg(quoted(entry.value->value)), entry.valueSpan);
        }
    }
    checkTimeout(view, checker, globalInterval(view), u"global scrape timeout greater than scrape interval"_s);
    checkProtocols(view, checker, u" for global config"_s);
    checkEscaping(view, checker, view.string("metric_name_validation_scheme"));
}

void checkScrape(const StructView& view, Checker& checker)
{
    const StructView global = globalOf(checker);
    const std::string job = view.string("job_name");
    if (job.empty())
        checker.error("prometheus/job-name", u"job_name is empty"_s, view.keySpan("job_name"), u"add job_name"_s);
    refuseNullItems(view, checker, "relabel_configs", u"empty or null target relabeling rule in scrape config"_s);
    refuseNullItems(view, checker, "metric_relabel_configs", u"empty or null metric relabeling rule in scrape config"_s);
    const auto own = view.durationMs("scrape_interval");
    const std::int64_t interval = own && *own > 0 ? *own : globalInterval(global);
    checkTimeout(view, checker, interval,
                 u"scrape timeout greater than scrape interval for scrape config with job name %1"_s.arg(quoted(job)));
    // A global timeout longer than the job's interval is shortened by the server, so it is no error.
    checkProtocols(view, checker, u" for scrape config with job name %1"_s.arg(quoted(job)));
    std::string validation = view.string("metric_name_validation_scheme");
    if (validation.empty())
        validation = global.string("metric_name_validation_scheme");
    checkEscaping(view, checker, validation);
    if (view.string("metric_name_escaping_scheme").empty() && validation == "legacy"
        && global.string("metric_name_escaping_scheme") == "allow-utf-8"
        && global.string("metric_name_validation_scheme") != "legacy")
        checker.error("prometheus/escaping-scheme",
                      u"utf8 metric names requested but validation scheme is not set to UTF8"_s,
                      view.spanOf("metric_name_validation_scheme"));
    // Addresses are final only when nothing relabels them.
    if (view.listAt("relabel_configs").empty() && view.structsAt("relabel_configs").empty()) {
        for (const StructView& group : view.structsAt("static_configs")) {
            for (const FoundValue& target : group.listAt("targets")) {
                if (target.node->value.find('/') != std::string::npos)
                    checker.error("prometheus/target-address",
                                  u"%1 is not a valid hostname"_s.arg(quoted(target.node->value)), target.span,
                                  u"a target is host:port; scheme and metrics_path are keys of the job"_s);
            }
        }
    }
}

void checkDiscoveryLists(const StructView& view, Checker& checker)
{
    for (const auto& [key, value] : view.values) {
        if (!key.ends_with("_sd_configs") && key != "static_configs")
            continue;
        refuseNullItems(view, checker, key.data(), u"empty or null section in %1"_s.arg(text(key)));
    }
}

void checkStorage(const StructView& view, Checker& checker)
{
    const std::string floats = view.structAt("chunk_encoding").string("floats");
    if (!floats.empty() && floats != "xor" && floats != "xor2")
        checker.error("prometheus/tsdb",
                      u"'storage.tsdb.chunk_encoding.floats' must be 'xor' or 'xor2', or the field must be omitted entirely, got %1"_s.arg(quoted(floats)),
                      view.spanOf("chunk_encoding"));
}

void checkRetention(const StructView& view, Checker& checker)
{
    const std::string size = view.string("size");
    if (size.starts_with('-'))
        checker.error("prometheus/tsdb",
                      u"'storage.tsdb.retention.size' must be greater than or equal to 0, got %1"_s.arg(text(size)),
                      view.spanOf("size"));
    const auto percentage = view.number("percentage");
    if (percentage && (*percentage < 0 || *percentage > 100))
        checker.error("prometheus/tsdb",
                      u"'storage.tsdb.retention.percentage' must be in the range [0, 100], got %1"_s.arg(*percentage),
                      view.spanOf("percentage"));
}

void checkTracing(const StructView& view, Checker& checker)
{
    if (view.string("endpoint").empty())
        checker.error("prometheus/tracing", u"tracing endpoint must be set"_s, view.keySpan("endpoint"));
    const std::string compression = view.string("compression");
    if (!compression.empty() && compression != "gzip")
        checker.error("prometheus/tracing",
                      u"invalid compression type %1 provided, valid options: gzip"_s.arg(text(compression)),
                      view.spanOf("compression"));
    if (const FoundValue* headers = view.find("headers")) {
        for (const YamlEntry& entry : MapEntries(*headers->node, view.dialect)) {
            if (!isReservedHeader(entry.key->value))
                continue;
            const QString name = text(entry.key->value);
            checker.error("prometheus/header",
                          name.compare(u"authorization"_s, Qt::CaseInsensitive) == 0
                              ? u"custom authorization header configuration is not yet supported"_s
                              : u"%1 is a reserved header. It must not be changed"_s.arg(name),
                          entry.key->span);
        }
    }
}

void checkAlerting(const StructView& view, Checker& checker)
{
    refuseNullItems(view, checker, "alert_relabel_configs", u"empty or null alert relabeling rule"_s);
}

/// A bearer token becomes an authorization when it is read.
int countAuth(const StructView& view, std::initializer_list<const char*> keys)
{
    int count = 0;
    for (const char* key : keys) {
        const bool bearer = std::string_view(key) == "authorization" && (!view.string("bearer_token").empty() || !view.string("bearer_token_file").empty());
        count += bearer || view.has(key);
    }
    return count;
}

void checkAlertmanager(const StructView& view, Checker& checker)
{
    if (view.has("sigv4") && countAuth(view, {"basic_auth", "authorization", "oauth2"}) > 0)
        checker.error("prometheus/auth",
                      u"at most one of basic_auth, authorization, oauth2, & sigv4 must be configured"_s,
                      view.keySpan("sigv4"));
    refuseNullItems(view, checker, "relabel_configs", u"empty or null Alertmanager target relabeling rule"_s);
    refuseNullItems(view, checker, "alert_relabel_configs", u"empty or null Alertmanager alert relabeling rule"_s);
    if (!view.structsAt("relabel_configs").empty())
        return;
    for (const StructView& group : view.structsAt("static_configs")) {
        for (const FoundValue& target : group.listAt("targets")) {
            if (target.node->value.find('/') != std::string::npos)
                checker.error("prometheus/target-address",
                              u"%1 is not a valid hostname"_s.arg(quoted(target.node->value)), target.span);
        }
    }
}

void checkRemoteHeaders(const StructView& view, Checker& checker)
{
    const FoundValue* headers = view.find("headers");
    if (!headers)
        return;
    for (const YamlEntry& entry : MapEntries(*headers->node, view.dialect)) {
        if (!isReservedHeader(entry.key->value))
            continue;
        const QString name = text(entry.key->value);
        checker.error("prometheus/header",
                      name.compare(u"authorization"_s, Qt::CaseInsensitive) == 0
                          ? u"authorization header must be changed via the basic_auth, authorization, oauth2, sigv4, azuread or google_iam parameter"_s
                          : u"%1 is a reserved header. It must not be changed"_s.arg(name),
                      entry.key->span);
    }
}

void checkRemoteWrite(const StructView& view, Checker& checker)
{
    // An empty string is a URL to Go; only its absence is refused.
    if (!view.has("url"))
        checker.error("prometheus/remote-write", u"url for remote_write is empty"_s, view.keySpan("url"), u"add url"_s);
    refuseNullItems(view, checker, "write_relabel_configs", u"empty or null relabeling rule in remote write config"_s);
    checkRemoteHeaders(view, checker);
    const auto keys = {"basic_auth", "authorization", "oauth2", "sigv4", "azuread", "google_iam"};
    if (countAuth(view, keys) > 1 && countAuth(view, {"sigv4", "azuread", "google_iam"}) > 0)
        checker.error("prometheus/auth",
                      u"at most one of basic_auth, authorization, oauth2, sigv4, azuread or google_iam must be configured"_s,
                      view.keySpan(view.has("sigv4") ? "sigv4" : view.has("azuread") ? "azuread" : "google_iam"));
}

void checkRemoteRead(const StructView& view, Checker& checker)
{
    // An empty string is a URL to Go; only its absence is refused.
    if (!view.has("url"))
        checker.error("prometheus/remote-read", u"url for remote_read is empty"_s, view.keySpan("url"), u"add url"_s);
    checkRemoteHeaders(view, checker);
}

void checkQueue(const StructView& view, Checker& checker)
{
    // Older servers take any queue.
    if (checker.options().prometheus < CheckOptions::Version {3, 0})
        return;
    const auto value = [&view](const char* key, std::int64_t byDefault) { return view.integer(key).value_or(byDefault); };
    const auto require = [&](bool fine, const char* key, const QString& message) {
        if (!fine)
            checker.error("prometheus/queue", message, view.spanOf(key));
    };
    const std::int64_t minShards = value("min_shards", 1);
    const std::int64_t maxShards = value("max_shards", 50);
    require(maxShards > 0, "max_shards", u"remote write queue max_shards must be positive"_s);
    require(minShards > 0, "min_shards", u"remote write queue min_shards must be positive"_s);
    require(minShards <= maxShards || maxShards <= 0, view.has("min_shards") ? "min_shards" : "max_shards",
            u"remote write queue min_shards must not be greater than max_shards"_s);
    require(value("max_samples_per_send", 2000) > 0, "max_samples_per_send",
            u"remote write queue max_samples_per_send must be positive"_s);
    require(value("capacity", 10000) > 0, "capacity", u"remote write queue capacity must be positive"_s);
    const std::int64_t minBackoff = view.durationMs("min_backoff").value_or(30);
    const std::int64_t maxBackoff = view.durationMs("max_backoff").value_or(5000);
    require(maxBackoff >= minBackoff, view.has("max_backoff") ? "max_backoff" : "min_backoff",
            u"remote write queue max_backoff must not be less than min_backoff"_s);
}

void checkAttributes(const StructView& view, Checker& checker, const char* key)
{
    std::set<std::string> seen;
    for (const FoundValue& attribute : view.listAt(key)) {
        std::string name = attribute.node->value;
        const std::size_t first = name.find_first_not_of(" \t\n");
        name = first == std::string::npos ? "" : name.substr(first, name.find_last_not_of(" \t\n") - first + 1);
        if (name.empty())
            checker.error("prometheus/otlp", u"invalid '%1': empty attribute in the list"_s.arg(text(key)), attribute.span);
        else if (!seen.insert(name).second)
            checker.error("prometheus/otlp", u"invalid '%1': duplicated attribute %2"_s.arg(text(key), quoted(name)),
                          attribute.span);
    }
}

void checkOtlp(const StructView& view, Checker& checker)
{
    const bool all = view.boolean("promote_all_resource_attributes");
    if (all && !view.listAt("promote_resource_attributes").empty())
        checker.error("prometheus/otlp",
                      u"'promote_all_resource_attributes' and 'promote_resource_attributes' cannot be configured simultaneously"_s,
                      view.keySpan("promote_resource_attributes"));
    checkAttributes(view, checker, "ignore_resource_attributes");
    checkAttributes(view, checker, "promote_resource_attributes");
    if (!all && !view.listAt("ignore_resource_attributes").empty())
        checker.error("prometheus/otlp",
                      u"'ignore_resource_attributes' cannot be configured unless 'promote_all_resource_attributes' is true"_s,
                      view.keySpan("ignore_resource_attributes"));
    const std::string strategy = view.string("translation_strategy");
    const bool legacy = globalOf(checker).string("metric_name_validation_scheme") == "legacy";
    if (legacy && (strategy == "NoUTF8EscapingWithSuffixes" || strategy == "NoTranslation"))
        checker.error("prometheus/otlp",
                      u"OTLP translation strategy %1 is not allowed when UTF8 is disabled"_s.arg(quoted(strategy)),
                      view.spanOf("translation_strategy"));
}

ValueCheck oneOf(std::set<std::string> values, const char* code, QString message)
{
    return [values = std::move(values), code, message = std::move(message)](const YamlNode& node, const TextSpan& span,
                                                                          Checker& checker) {
        if (node.isScalar() && values.contains(node.value))
            return;
        QStringList list;
        for (const std::string& value : values) {
            if (!value.empty())
                list.append(QString::fromStdString(value));
        }
        checker.error(code, message.arg(quoted(node.value)), span, u"one of "_s + list.join(u", "_s));
    };
}

void checkLabelName(const YamlNode& node, const TextSpan& span, Checker& checker)
{
    const bool valid = usesLegacyNames(checker) ? isLegacyLabelName(node.value)
                                                : !node.value.empty() && isValidUtf8(node.value);
    if (!valid)
        checker.error("prometheus/label-name", u"%1 is not a valid label name"_s.arg(quoted(node.value)), span);
}

} // namespace

StructView globalOf(const Checker& checker)
{
    return checker.options().global ? *checker.options().global : checker.root().structAt("global");
}

bool usesLegacyNames(const Checker& checker)
{
    if (checker.options().prometheus < CheckOptions::Version {3, 0})
        return true;
    return globalOf(checker).string("metric_name_validation_scheme") == "legacy";
}

void addPrometheusRules(CheckRules& rules)
{
    // A file of scrape_config_files has unique jobs as well.
    rules.structs["prometheus.ScrapeConfigs"].push_back([](const StructView& view, Checker& checker) {
        refuseNullItems(view, checker, "scrape_configs", u"empty or null scrape config section"_s);
        refuseSameNames(view.structsAt("scrape_configs"), "job_name", checker,
                        u"found multiple scrape configs with job name %1"_s);
    });
    rules.structs["prometheus.Config"].push_back(checkConfig);
    rules.structs["prometheus.GlobalConfig"].push_back(checkGlobal);
    rules.structs["prometheus.ScrapeConfig"].push_back(checkScrape);
    rules.structs["prometheus.Discoveries"].push_back(checkDiscoveryLists);
    rules.structs["prometheus.TSDBConfig"].push_back(checkStorage);
    rules.structs["prometheus.TSDBRetentionConfig"].push_back(checkRetention);
    rules.structs["prometheus.TracingConfig"].push_back(checkTracing);
    rules.structs["prometheus.AlertingConfig"].push_back(checkAlerting);
    rules.structs["prometheus.AlertmanagerConfig"].push_back(checkAlertmanager);
    rules.structs["prometheus.RemoteWriteConfig"].push_back(checkRemoteWrite);
    rules.structs["prometheus.RemoteReadConfig"].push_back(checkRemoteRead);
    rules.structs["prometheus.QueueConfig"].push_back(checkQueue);
    rules.structs["prometheus.OTLPConfig"].push_back(checkOtlp);
    rules.values["@label-name"] = checkLabelName;
    rules.values["@scrape-protocol"]
        = oneOf({"OpenMetricsText0.0.1", "OpenMetricsText1.0.0", "PrometheusProto", "PrometheusText0.0.4", "PrometheusText1.0.0"},
                "prometheus/scrape-protocols", u"unknown scrape protocol %1"_s);
    rules.values["@validation-scheme"] = oneOf({"", "legacy", "utf8"}, "prometheus/validation-scheme",
                                               u"unknown name validation method specified, must be either '', 'legacy' or 'utf8', got %1"_s);
    rules.values["@tracing-client"] = oneOf({"http", "grpc"}, "prometheus/tracing",
                                            u"expected tracing client type to be http or grpc, but got %1"_s);
    rules.values["@write-message"]
        = oneOf({"prometheus.WriteRequest", "io.prometheus.write.v2.Request"}, "prometheus/remote-write",
                u"invalid protobuf_message value: %1"_s);
    rules.values["@otlp-strategy"]
        = oneOf({"", "NoUTF8EscapingWithSuffixes", "UnderscoreEscapingWithSuffixes", "UnderscoreEscapingWithoutSuffixes", "NoTranslation"},
                "prometheus/otlp", u"unsupported OTLP translation strategy %1"_s);
    rules.values["@am-api-version"] = [](const YamlNode& node, const TextSpan& span, Checker& checker) {
        const bool v1 = checker.options().prometheus < CheckOptions::Version {3, 0} && node.value == "v1";
        if (!node.isScalar() || (node.value != "v2" && !v1))
            checker.error("prometheus/api-version",
                          u"expected Alertmanager api version to be one of [v2] but got %1"_s.arg(text(node.value)), span);
    };
}

const CheckRules& prometheusRules()
{
    static const CheckRules rules = [] {
        CheckRules all;
        addHttpRules(all);
        addRelabelRules(all);
        addDiscoveryRules(all);
        addPrometheusRules(all);
        return all;
    }();
    return rules;
}

} // namespace Promdeck::Config
