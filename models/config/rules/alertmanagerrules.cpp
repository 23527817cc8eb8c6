#include "models/config/alertmanager/matchers.h"
#include "models/config/configtext.h"
#include "models/config/gotypes.h"
#include "models/config/rules/notificationtemplates.h"
#include "models/config/rules/rules.h"

#include <map>
#include <set>

namespace Promdeck::Config {

using namespace Qt::StringLiterals;

namespace {

bool legacyNames(const Checker& checker)
{
    return checker.options().alertmanager < CheckOptions::Version {0, 27};
}

bool isLabelName(std::string_view name, const Checker& checker)
{
    return legacyNames(checker) ? isLegacyLabelName(name) : !name.empty() && isValidUtf8(name);
}

void checkLabelKeys(const StructView& view, Checker& checker, const char* key)
{
    const FoundValue* map = view.find(key);
    if (!map)
        return;
    for (const YamlEntry& entry : MapEntries(*map->node, view.dialect)) {
        if (entry.key->isScalar() && !isLabelName(entry.key->value, checker))
            checker.error("alertmanager/label-name", u"invalid label name %1"_s.arg(quoted(entry.key->value)), entry.key->span);
    }
}

void refuse(const StructView& view, Checker& checker, const char* key, const QString& message, const QString& hint = {})
{
    checker.error("alertmanager/route", message, view.keySpan(key), hint);
}

void checkGroupBy(const StructView& view, Checker& checker)
{
    std::set<std::string> seen;
    bool wildcard = false;
    bool others = false;
    for (const FoundValue& label : view.listAt("group_by")) {
        const std::string& name = label.node->value;
        if (name == "...") {
            wildcard = true;
            continue;
        }
        others = true;
        if (!isLabelName(name, checker))
            checker.error("alertmanager/label-name", u"invalid label name %1 in group_by list"_s.arg(quoted(name)), label.span);
        else if (!seen.insert(name).second)
            checker.error("alertmanager/route", u"duplicated label %1 in group_by"_s.arg(quoted(name)), label.span,
                          u"remove one of the two"_s);
    }
    if (wildcard && others)
        refuse(view, checker, "group_by", u"cannot have wildcard group_by (`...`) and other labels at the same time"_s);
}

void checkRoute(const StructView& view, Checker& checker)
{
    checkLabelKeys(view, checker, "match");
    checkGroupBy(view, checker);
    for (const char* key : {"group_interval", "repeat_interval"}) {
        const auto value = view.durationMs(key);
        if (value && *value == 0)
            refuse(view, checker, key, u"%1 cannot be zero"_s.arg(text(key)));
    }
    // A null sub-route makes amtool 0.25 crash; the server refuses or crashes as well.
    if (const FoundValue* routes = view.find("routes")) {
        for (const YamlItem& item : routes->node->items) {
            if (isNullNode(item.value, view.dialect))
                checker.error("alertmanager/route", u"empty or null route"_s, item.span, u"remove the empty item"_s);
        }
    }
}

/// Walks the route tree once for what only the whole file can tell.
void checkReferences(const StructView& route, Checker& checker, const std::set<std::string>& receivers,
                     const std::set<std::string>& intervals, int depth = 0)
{
    const std::string receiver = route.string("receiver");
    if (!receiver.empty() && !receivers.contains(receiver))
        checker.error("alertmanager/undefined-receiver",
                      u"undefined receiver %1 used in route"_s.arg(quoted(receiver)), route.spanOf("receiver"),
                      u"define it under receivers"_s);
    for (const char* key : {"mute_time_intervals", "active_time_intervals"}) {
        for (const FoundValue& name : route.listAt(key)) {
            if (!intervals.contains(name.node->value))
                checker.error("alertmanager/undefined-time-interval",
                              u"undefined time interval %1 used in route"_s.arg(quoted(name.node->value)), name.span,
                              u"define it under time_intervals"_s);
        }
    }
    if (depth < 500) {
        for (const StructView& child : route.structsAt("routes"))
            checkReferences(child, checker, receivers, intervals, depth + 1);
    }
}

void checkRootRoute(const StructView& route, Checker& checker)
{
    if (route.string("receiver").empty())
        refuse(route, checker, "receiver", u"root route must specify a default receiver"_s, u"add receiver"_s);
    for (const char* key : {"match", "match_re", "matchers"}) {
        const FoundValue* found = route.find(key);
        if (found && (!found->node->entries.empty() || !found->node->items.empty()))
            refuse(route, checker, key, u"root route must not have any matchers"_s);
    }
    if (!route.listAt("mute_time_intervals").empty())
        refuse(route, checker, "mute_time_intervals", u"root route must not have any mute time intervals"_s);
    if (!route.listAt("active_time_intervals").empty())
        refuse(route, checker, "active_time_intervals", u"root route must not have any active time intervals"_s);
    if (route.boolean("continue"))
        refuse(route, checker, "continue", u"cannot have continue in root route"_s);
}

std::set<std::string> intervalNames(const StructView& view, Checker& checker)
{
    std::set<std::string> names;
    for (const char* key : {"mute_time_intervals", "time_intervals"}) {
        for (const StructView& interval : view.structsAt(key)) {
            const std::string name = interval.string("name");
            if (!name.empty() && !names.insert(name).second)
                checker.error("alertmanager/duplicate-name",
                              u"time interval %1 is not unique"_s.arg(quoted(name)), interval.spanOf("name"));
        }
    }
    return names;
}

void globalConflicts(const StructView& global, Checker& checker)
{
    for (const auto& [plain, file] : std::initializer_list<std::pair<const char*, const char*>> {
             {"slack_app_token", "slack_app_token_file"},
             {"slack_api_url", "slack_api_url_file"},
             {"opsgenie_api_key", "opsgenie_api_key_file"},
             {"victorops_api_key", "victorops_api_key_file"},
             {"telegram_bot_token", "telegram_bot_token_file"},
             {"smtp_auth_password", "smtp_auth_password_file"},
             {"smtp_auth_secret", "smtp_auth_secret_file"},
             {"rocketchat_token", "rocketchat_token_file"},
             {"rocketchat_token_id", "rocketchat_token_id_file"},
             {"wechat_api_secret", "wechat_api_secret_file"},
             {"mattermost_webhook_url", "mattermost_webhook_url_file"}}) {
        if (!global.string(plain).empty() && !global.string(file).empty())
            checker.error("alertmanager/conflict",
                          u"at most one of %1 & %2 must be configured"_s.arg(text(plain), text(file)),
                          global.keySpan(file), u"keep one of them"_s);
    }
    const bool token = !global.string("slack_app_token").empty() || !global.string("slack_app_token_file").empty();
    const bool url = !global.string("slack_api_url").empty() || !global.string("slack_api_url_file").empty();
    if (token && url && global.string("slack_api_url") != "https://slack.com/api/chat.postMessage")
        checker.error("alertmanager/conflict",
                      u"at most one of slack_app_token/slack_app_token_file & slack_api_url/slack_api_url_file must be configured"_s,
                      global.keySpan("slack_app_token"));
}

/// Things a receiver may inherit from the global section; without either, the file does not load.
void inherited(const StructView& receiver, const StructView& global, Checker& checker)
{
    const auto need = [&](const char* list, std::initializer_list<const char*> own,
                          std::initializer_list<const char*> fromGlobal, const QString& message) {
        for (const StructView& config : receiver.structsAt(list)) {
            const bool given = std::any_of(own.begin(), own.end(), [&](const char* key) { return !config.string(key).empty(); })
                || std::any_of(fromGlobal.begin(), fromGlobal.end(), [&](const char* key) { return !global.string(key).empty(); });
            if (!given)
                checker.error("alertmanager/missing-setting", message, config.span,
                              u"set it here or under global"_s);
        }
    };
    need("email_configs", {"smarthost"}, {"smtp_smarthost"}, u"no global SMTP smarthost set"_s);
    need("email_configs", {"from"}, {"smtp_from"}, u"no global SMTP from set"_s);
    need("slack_configs", {"api_url", "api_url_file", "app_token", "app_token_file"},
         {"slack_api_url", "slack_api_url_file", "slack_app_token", "slack_app_token_file"},
         u"no Slack API URL nor App token set either inline or in a file"_s);
    need("opsgenie_configs", {"api_key", "api_key_file"}, {"opsgenie_api_key", "opsgenie_api_key_file"},
         u"no global OpsGenie API Key set either inline or in a file"_s);
    need("wechat_configs", {"api_secret", "api_secret_file"}, {"wechat_api_secret", "wechat_api_secret_file"},
         u"no global Wechat Api Secret set either inline or in a file"_s);
    need("wechat_configs", {"corp_id"}, {"wechat_api_corp_id"}, u"no global Wechat CorpID set"_s);
    need("victorops_configs", {"api_key", "api_key_file"}, {"victorops_api_key", "victorops_api_key_file"},
         u"no global VictorOps API Key set"_s);
    need("telegram_configs", {"bot_token", "bot_token_file"}, {"telegram_bot_token", "telegram_bot_token_file"},
         u"missing bot_token or bot_token_file on telegram_config"_s);
    need("discord_configs", {"webhook_url", "webhook_url_file"}, {}, u"no discord webhook URL or URLFile provided"_s);
    need("msteamsv2_configs", {"webhook_url", "webhook_url_file"}, {}, u"no msteamsv2 webhook URL or URLFile provided"_s);
    need("jira_configs", {"api_url"}, {"jira_api_url"}, u"no global Jira Cloud URL set"_s);
    need("mattermost_configs", {"webhook_url", "webhook_url_file"}, {"mattermost_webhook_url", "mattermost_webhook_url_file"},
         u"missing webhook_url or webhook_url_file on mattermost_config"_s);
    need("rocketchat_configs", {"token_id", "token_id_file"}, {"rocketchat_token_id", "rocketchat_token_id_file"},
         u"no global Rocketchat TokenID set either inline or in a file"_s);
    need("rocketchat_configs", {"token", "token_file"}, {"rocketchat_token", "rocketchat_token_file"},
         u"no global Rocketchat Token set either inline or in a file"_s);
    // These have defaults, which a written null takes away.
    const auto defaulted = [&](const char* list, const char* own, const char* key, const QString& message) {
        const auto written = global.values.find(key);
        if (written == global.values.end() || !isNullNode(written->second.node, global.dialect))
            return;
        for (const StructView& config : receiver.structsAt(list)) {
            if (config.string(own).empty())
                checker.error("alertmanager/missing-setting", message, config.span, u"remove the null under global, or set it here"_s);
        }
    };
    defaulted("pagerduty_configs", "url", "pagerduty_url", u"no global PagerDuty URL set"_s);
    defaulted("opsgenie_configs", "api_url", "opsgenie_api_url", u"no global OpsGenie URL set"_s);
    defaulted("wechat_configs", "api_url", "wechat_api_url", u"no global Wechat URL set"_s);
    defaulted("victorops_configs", "api_url", "victorops_api_url", u"no global VictorOps URL set"_s);
    defaulted("webex_configs", "api_url", "webex_api_url", u"no global Webex URL set"_s);
    for (const StructView& slack : receiver.structsAt("slack_configs")) {
        const bool ownUrl = !slack.string("api_url").empty() || !slack.string("api_url_file").empty();
        const bool token = !slack.string("app_token").empty() || !slack.string("app_token_file").empty()
            || (!ownUrl && (!global.string("slack_app_token").empty() || !global.string("slack_app_token_file").empty()));
        const StructView http = slack.structAt("http_config");
        // A bearer token becomes an authorization when it is read.
        if (token && (http.has("authorization") || !http.string("bearer_token").empty() || !http.string("bearer_token_file").empty()))
            checker.error("alertmanager/conflict", u"http authorization can't be set when using Slack App tokens"_s,
                          slack.keySpan("http_config"));
    }
}

void refuseNullConfigs(const StructView& receiver, Checker& checker)
{
    for (const auto& [key, value] : receiver.values) {
        if (!key.ends_with("_configs") || !value.node->isSequence())
            continue;
        for (const YamlItem& item : value.node->items) {
            if (isNullNode(item.value, receiver.dialect))
                checker.error("alertmanager/null-section", u"missing %1 config"_s.arg(text(key.substr(0, key.size() - 8))),
                              item.span, u"remove the empty item"_s);
        }
    }
}

void checkConfig(const StructView& view, Checker& checker)
{
    const StructView global = view.structAt("global");
    globalConflicts(global, checker);
    std::set<std::string> receivers;
    for (const StructView& receiver : view.structsAt("receivers")) {
        const std::string name = receiver.string("name");
        if (!name.empty() && !receivers.insert(name).second)
            checker.error("alertmanager/duplicate-name",
                          u"notification config name %1 is not unique"_s.arg(quoted(name)), receiver.spanOf("name"));
        refuseNullConfigs(receiver, checker);
        inherited(receiver, global, checker);
    }
    const std::set<std::string> intervals = intervalNames(view, checker);
    const StructView route = view.structAt("route");
    if (!route.node) {
        checker.error("alertmanager/route", u"no route provided in config"_s, view.span, u"add a route with a receiver"_s);
        return;
    }
    checkRootRoute(route, checker);
    checkReferences(route, checker, receivers, intervals);
}

void checkInhibit(const StructView& view, Checker& checker)
{
    checkLabelKeys(view, checker, "source_match");
    checkLabelKeys(view, checker, "target_match");
    for (const FoundValue& label : view.listAt("equal")) {
        if (!isLabelName(label.node->value, checker))
            checker.error("alertmanager/label-name",
                          u"invalid label name %1 in equal list"_s.arg(quoted(label.node->value)), label.span);
    }
}

void checkMatchersValue(const YamlNode& node, const TextSpan& span, Checker& checker)
{
    const MatcherMode mode = legacyNames(checker) ? MatcherMode::Classic : MatcherMode::Fallback;
    if (!node.isSequence()) {
        checker.error("yaml/type", u"cannot unmarshal %1 into a list of matchers"_s.arg(text(shortTag(node, checker.dialect()))), span);
        return;
    }
    for (const YamlItem& item : node.items) {
        if (!item.value->isScalar()) {
            checker.error("yaml/type", u"cannot unmarshal %1 into string"_s.arg(text(shortTag(*item.value, checker.dialect()))), item.span);
            continue;
        }
        const MatcherResult result = parseMatchers(item.value->value, mode);
        if (!result.ok()) {
            TextSpan place = item.span;
            place.start = checker.document().posInScalar(*item.value, result.errorOffset);
            checker.error("alertmanager/matcher", result.error, result.errorOffset > 0 ? place : item.span);
        } else if (result.disagreement) {
            checker.warning("alertmanager/matcher-disagreement",
                            u"the UTF-8 and the classic parser read this matcher differently; the classic reading counts"_s,
                            item.span, u"put the value in double quotes"_s);
        }
    }
}

void checkMatchRe(const YamlNode& node, const TextSpan& span, Checker& checker)
{
    if (!node.isMapping()) {
        checker.error("yaml/type", u"cannot unmarshal %1 into map[string]string"_s.arg(text(shortTag(node, checker.dialect()))), span);
        return;
    }
    (void)checker.checkMerges(node);
    std::set<std::string_view> seen;
    for (const YamlEntry& entry : MapEntries(node, checker.dialect())) {
        if (entry.key->isScalar() && !seen.insert(entry.key->value).second)
            checker.error("yaml/duplicate-key", u"key %1 already set in map"_s.arg(quoted(entry.key->value)), entry.key->span, u"remove one of the two"_s);
        if (entry.key->isScalar() && !isLabelName(entry.key->value, checker))
            checker.error("alertmanager/label-name", u"invalid label name %1"_s.arg(quoted(entry.key->value)), entry.key->span);
        if (!entry.value->isScalar()) {
            checker.error("yaml/type", u"cannot unmarshal %1 into string"_s.arg(text(shortTag(*entry.value, checker.dialect()))), entry.valueSpan);
            continue;
        }
        if (isNullNode(entry.value, checker.dialect())) {
            checker.error("alertmanager/matcher", u"invalid regexp value for %1"_s.arg(quoted(entry.key->value)), entry.valueSpan);
            continue;
        }
        const QString problem = regexpProblem(entry.value->value);
        if (!problem.isEmpty())
            checker.error("alertmanager/matcher", u"error parsing regexp: %1"_s.arg(problem), entry.valueSpan);
    }
}

void checkReceiver(const StructView& view, Checker& checker)
{
    forEachNotificationTemplate(view, [&checker](const YamlNode& scalar) { checkNotificationTemplate(scalar, checker); });
    const std::string name = view.string("name");
    if (name.empty())
        checker.error("alertmanager/receiver", u"missing name in receiver"_s, view.keySpan("name"), u"add name"_s);
    if (const FoundValue* labels = view.find("labels")) {
        for (const YamlEntry& entry : MapEntries(*labels->node, view.dialect)) {
            if (entry.key->value == "name" && entry.value->value != name)
                checker.error("alertmanager/receiver",
                              u"receiver label \"name\" must match receiver name %1, got %2"_s.arg(quoted(name), quoted(entry.value->value)),
                              entry.valueSpan);
        }
    }
}

ValueCheck absoluteUrl(bool maskedAllowed)
{
    return [maskedAllowed](const YamlNode& node, const TextSpan& span, Checker& checker) {
        if (!node.isScalar()) {
            checker.error("yaml/type", u"cannot unmarshal %1 into string"_s.arg(text(shortTag(node, checker.dialect()))), span);
            return;
        }
        // What the server prints in place of a secret loads as an empty URL.
        if (maskedAllowed && node.value == "<secret>")
            return;
        const QString problem = urlProblem(node.value);
        const UrlParts parts = splitUrl(node.value);
        if (!problem.isEmpty())
            checker.error("alertmanager/url", u"parse %1: %2"_s.arg(maskedAllowed ? u"the URL"_s : quoted(node.value), problem), span);
        else if (parts.scheme != "http" && parts.scheme != "https")
            checker.error("alertmanager/url", u"unsupported scheme %1 for URL"_s.arg(quoted(parts.scheme)), span);
        else if (parts.host.empty())
            checker.error("alertmanager/url", u"missing host for URL"_s, span);
    };
}

/// A URL that may hold template actions; without any it must be an absolute URL already.
void checkTemplateUrl(const YamlNode& node, const TextSpan& span, Checker& checker)
{
    if (checker.options().alertmanager < CheckOptions::Version {0, 26}) {
        absoluteUrl(false)(node, span, checker);
        return;
    }
    if (!node.isScalar() || node.value.find("{{") == std::string::npos) {
        absoluteUrl(true)(node, span, checker);
        return;
    }
    checkNotificationTemplate(node, checker);
}

void checkHostPort(const YamlNode& node, const TextSpan& span, Checker& checker)
{
    const std::string& address = node.value;
    if (!node.isScalar()) {
        checker.error("yaml/type", u"cannot unmarshal %1 into string"_s.arg(text(shortTag(node, checker.dialect()))), span);
        return;
    }
    if (address.empty())
        return;
    const std::size_t colon = address.rfind(':');
    const bool bracketed = address.front() == '[';
    const bool tooMany = !bracketed && colon != address.find(':');
    if (colon == std::string::npos || tooMany || (bracketed && (colon == 0 || address[colon - 1] != ']')))
        checker.error("alertmanager/address",
                      u"address %1: %2"_s.arg(text(address), tooMany ? u"too many colons in address"_s : u"missing port in address"_s),
                      span, u"write host:port"_s);
    else if (address.find('[', bracketed ? 1 : 0) != std::string::npos || address.find(']', bracketed ? colon : 0) != std::string::npos)
        checker.error("alertmanager/address", u"address %1: unexpected bracket in address"_s.arg(text(address)), span, u"write host:port"_s);
    else if (colon + 1 == address.size())
        checker.error("alertmanager/address", u"address %1: port cannot be empty"_s.arg(quoted(address)), span);
}

} // namespace

void addAlertmanagerRules(CheckRules& rules)
{
    rules.structs["alertmanager.Config"].push_back(checkConfig);
    rules.structs["alertmanager.Route"].push_back(checkRoute);
    rules.structs["alertmanager.InhibitRule"].push_back(checkInhibit);
    rules.structs["alertmanager.Receiver"].push_back(checkReceiver);
    rules.values["@matchers"] = checkMatchersValue;
    rules.values["@match-re"] = checkMatchRe;
    rules.values["@am-url"] = absoluteUrl(false);
    rules.values["@am-secret-url"] = absoluteUrl(true);
    rules.values["@am-template-url"] = checkTemplateUrl;
    rules.values["@host-port"] = checkHostPort;
    rules.values["@label-name"] = [](const YamlNode& node, const TextSpan& span, Checker& checker) {
        if (!isLabelName(node.value, checker))
            checker.error("alertmanager/label-name", u"invalid label name %1"_s.arg(quoted(node.value)), span);
    };
}

const CheckRules& alertmanagerRules()
{
    static const CheckRules rules = [] {
        CheckRules all;
        addHttpRules(all);
        addAlertmanagerRules(all);
        addReceiverRules(all);
        addTimeIntervalRules(all);
        return all;
    }();
    return rules;
}

} // namespace Promdeck::Config
