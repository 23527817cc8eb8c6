#include "models/config/configtext.h"
#include "models/config/gotypes.h"
#include "models/config/rules/rules.h"
#include "models/config/templates/gotemplate.h"

#include <set>

namespace Promdeck::Config {

using namespace Qt::StringLiterals;

namespace {

void refuse(const StructView& view, Checker& checker, const char* key, const QString& message, const QString& hint = {})
{
    checker.error("alertmanager/receiver", message, view.keySpan(key), hint);
}

bool set(const StructView& view, const char* key)
{
    return !view.string(key).empty();
}

void require(const StructView& view, Checker& checker, const char* key, const QString& message)
{
    if (!set(view, key))
        refuse(view, checker, key, message, u"add "_s + text(key));
}

void atMostOne(const StructView& view, Checker& checker, const char* plain, const char* file)
{
    if (set(view, plain) && set(view, file))
        refuse(view, checker, file, u"at most one of %1 & %2 must be configured"_s.arg(text(plain), text(file)),
               u"keep one of them"_s);
}

void exactlyOne(const StructView& view, Checker& checker, const char* plain, const char* file)
{
    if (!set(view, plain) && !set(view, file))
        refuse(view, checker, plain, u"one of %1 or %2 must be configured"_s.arg(text(plain), text(file)),
               u"add "_s + text(plain));
    atMostOne(view, checker, plain, file);
}

void checkWebhook(const StructView& view, Checker& checker)
{
    // A masked secret counts as configured, as it does for the server.
    exactlyOne(view, checker, "url", "url_file");
}

void checkEmail(const StructView& view, Checker& checker)
{
    require(view, checker, "to", u"missing to address in email config"_s);
    std::set<std::string> seen;
    if (const FoundValue* headers = view.find("headers")) {
        for (const YamlEntry& entry : MapEntries(*headers->node, view.dialect)) {
            if (!seen.insert(lower(entry.key->value)).second)
                checker.error("alertmanager/receiver",
                              u"duplicate header %1 in email config"_s.arg(quoted(entry.key->value)), entry.key->span);
        }
    }
    const StructView threading = view.structAt("threading");
    if (!threading.boolean("enabled"))
        return;
    if (seen.contains("references"))
        refuse(view, checker, "headers", u"conflicting configuration: threading.enabled conflicts with custom References header"_s);
    if (seen.contains("in-reply-to"))
        refuse(view, checker, "headers", u"conflicting configuration: threading.enabled conflicts with custom In-Reply-To header"_s);
    const std::string by = threading.string("thread_by_date");
    if (by != "none" && by != "daily")
        refuse(threading, checker, "thread_by_date", u"threading.thread_by_date must be either 'none' or 'daily'"_s);
}

void checkSlack(const StructView& view, Checker& checker)
{
    atMostOne(view, checker, "api_url", "api_url_file");
    atMostOne(view, checker, "app_token", "app_token_file");
    const bool url = set(view, "api_url") || set(view, "api_url_file");
    const bool token = set(view, "app_token") || set(view, "app_token_file");
    if (url && token)
        refuse(view, checker, set(view, "app_token") ? "app_token" : "app_token_file",
               u"at most one of api_url/api_url_file & app_token/app_token_file must be configured"_s);
    if (view.boolean("update_message") && set(view, "api_url")
        && view.string("api_url") != "https://slack.com/api/chat.postMessage")
        refuse(view, checker, "update_message",
               u"update_message can only be used with bot tokens. api_url must be set to https://slack.com/api/chat.postMessage"_s);
}

void checkSlackAction(const StructView& view, Checker& checker)
{
    require(view, checker, "type", u"missing type in Slack action configuration"_s);
    require(view, checker, "text", u"missing text in Slack action configuration"_s);
    if (!set(view, "url") && !set(view, "name"))
        refuse(view, checker, "name", u"missing name or url in Slack action configuration"_s);
}

void checkWechat(const StructView& view, Checker& checker)
{
    const std::string type = view.string("message_type");
    if (!type.empty() && type != "text" && type != "markdown")
        refuse(view, checker, "message_type",
               u"weChat message type %1 does not match valid options text|markdown"_s.arg(quoted(type)));
    atMostOne(view, checker, "api_secret", "api_secret_file");
}

void checkVictorOps(const StructView& view, Checker& checker)
{
    static const std::set<std::string> reserved {"routing_key", "message_type", "state_message", "entity_display_name",
                                                 "monitoring_tool", "entity_id", "entity_state"};
    require(view, checker, "routing_key", u"missing Routing key in VictorOps config"_s);
    atMostOne(view, checker, "api_key", "api_key_file");
    if (const FoundValue* fields = view.find("custom_fields")) {
        for (const YamlEntry& entry : MapEntries(*fields->node, view.dialect)) {
            if (reserved.contains(entry.key->value))
                checker.error("alertmanager/receiver",
                              u"victorOps config contains custom field %1 which cannot be used as it conflicts with the fixed/static fields"_s.arg(text(entry.key->value)),
                              entry.key->span);
        }
    }
}

void checkIncidentio(const StructView& view, Checker& checker)
{
    exactlyOne(view, checker, "url", "url_file");
    atMostOne(view, checker, "alert_source_token", "alert_source_token_file");
    const bool token = set(view, "alert_source_token") || set(view, "alert_source_token_file");
    const bool authorization = view.structAt("http_config").has("authorization");
    if (token && authorization)
        refuse(view, checker, "http_config",
               u"cannot specify alert_source_token or alert_source_token_file when using http_config.authorization"_s);
    if (!token && !authorization)
        refuse(view, checker, "alert_source_token",
               u"at least one of alert_source_token, alert_source_token_file or http_config.authorization must be configured"_s);
}

void checkOpsgenie(const StructView& view, Checker& checker)
{
    static const std::set<std::string> types {"team", "teams", "user", "escalation", "schedule"};
    atMostOne(view, checker, "api_key", "api_key_file");
    for (const StructView& responder : view.structsAt("responders")) {
        if (!set(responder, "id") && !set(responder, "username") && !set(responder, "name"))
            refuse(responder, checker, "id",
                   u"opsGenieConfig responder has to have at least one of id, username or name specified"_s);
        const std::string type = responder.string("type");
        if (type.find("{{") != std::string::npos) {
            // Read without the functions of notifications, so that even amtool sees what is wrong.
            const ParsedTemplate parsed = parseTemplate(type, TemplateDialect {});
            for (const TemplateProblem& problem : parsed.problems)
                checker.error("alertmanager/receiver",
                              u"opsGenieConfig responder type is not a valid template: %1"_s.arg(text(problem.message)), responder.spanOf("type"));
        } else if (!types.contains(lower(type)))
            refuse(responder, checker, "type",
                   u"opsGenieConfig responder type %1 does not match valid options team, teams, user, escalation, schedule"_s.arg(quoted(type)));
    }
}

void checkPagerduty(const StructView& view, Checker& checker)
{
    if (!set(view, "routing_key") && !set(view, "routing_key_file") && !set(view, "service_key")
        && !set(view, "service_key_file"))
        refuse(view, checker, "routing_key", u"missing service or routing key in PagerDuty config"_s, u"add routing_key"_s);
    atMostOne(view, checker, "routing_key", "routing_key_file");
    atMostOne(view, checker, "service_key", "service_key_file");
}

void checkPushover(const StructView& view, Checker& checker)
{
    exactlyOne(view, checker, "user_key", "user_key_file");
    exactlyOne(view, checker, "token", "token_file");
    if (view.boolean("html") && view.boolean("monospace"))
        refuse(view, checker, "monospace", u"at most one of monospace & html must be configured"_s);
}

void checkTelegram(const StructView& view, Checker& checker)
{
    atMostOne(view, checker, "bot_token", "bot_token_file");
    const bool chat = view.integer("chat_id").value_or(0) != 0;
    if (!chat && !set(view, "chat_id_file"))
        refuse(view, checker, "chat_id", u"missing chat_id or chat_id_file on telegram_config"_s, u"add chat_id"_s);
    if (chat && set(view, "chat_id_file"))
        refuse(view, checker, "chat_id_file", u"at most one of chat_id & chat_id_file must be configured"_s);
    const std::string mode = view.string("parse_mode");
    if (!mode.empty() && mode != "Markdown" && mode != "MarkdownV2" && mode != "HTML")
        refuse(view, checker, "parse_mode",
               u"unknown parse_mode on telegram_config, must be Markdown, MarkdownV2, HTML or empty string"_s);
}

void checkSns(const StructView& view, Checker& checker)
{
    // The server compares the three by exclusive or: one of them, or all three.
    const int given = int(set(view, "target_arn")) + int(set(view, "topic_arn")) + int(set(view, "phone_number"));
    if (given % 2 == 0)
        checker.error("alertmanager/receiver",
                      u"must provide either a Target ARN, Topic ARN, or Phone Number for SNS config"_s, view.span);
}

void checkJira(const StructView& view, Checker& checker)
{
    require(view, checker, "project", u"missing project in jira_config"_s);
    require(view, checker, "issue_type", u"missing issue_type in jira_config"_s);
    const std::string type = view.has("api_type") ? view.string("api_type") : "auto";
    if (type != "auto" && type != "cloud" && type != "datacenter")
        refuse(view, checker, "api_type", u"unknown api_type on jira_config, must be auto, cloud or datacenter"_s);
}

void checkWebex(const StructView& view, Checker& checker)
{
    require(view, checker, "room_id", u"missing room_id on webex_config"_s);
    // A bearer token becomes an authorization when it is read.
    const StructView http = view.structAt("http_config");
    if (!http.has("authorization") && http.string("bearer_token").empty() && http.string("bearer_token_file").empty())
        refuse(view, checker, "http_config", u"missing webex_configs.http_config.authorization"_s);
}

void checkTracing(const StructView& view, Checker& checker)
{
    require(view, checker, "endpoint", u"tracing endpoint must be set"_s);
    const std::string compression = view.string("compression");
    if (!compression.empty() && compression != "gzip")
        refuse(view, checker, "compression",
               u"invalid compression type %1 provided, valid options: gzip"_s.arg(text(compression)));
}

void checkRecorderWebhook(const StructView& view, Checker& checker)
{
    if (!view.has("url"))
        refuse(view, checker, "url", u"event_recorder webhook output requires a url"_s);
    for (const char* key : {"batch_max_events", "batch_max_bytes", "batch_flush_interval"}) {
        if (!view.has(key))
            continue;
        if (view.integer(key).value_or(0) < 0)
            refuse(view, checker, key, u"event_recorder webhook batch settings cannot be negative"_s);
        else if (!view.boolean("batch"))
            refuse(view, checker, key, u"event_recorder webhook batch settings require batch: true"_s);
    }
}

} // namespace

void addReceiverRules(CheckRules& rules)
{
    const auto on = [&rules](const char* name, StructCheck check) { rules.structs[name].push_back(std::move(check)); };
    const auto urlPair = [](const StructView& view, Checker& checker) {
        exactlyOne(view, checker, "webhook_url", "webhook_url_file");
    };
    on("alertmanager.WebhookConfig", checkWebhook);
    on("alertmanager.EmailConfig", checkEmail);
    on("alertmanager.SlackConfig", checkSlack);
    on("alertmanager.SlackAction", checkSlackAction);
    on("alertmanager.SlackConfirmationField", [](const StructView& view, Checker& checker) {
        require(view, checker, "text", u"missing text in Slack confirmation configuration"_s);
    });
    on("alertmanager.SlackField", [](const StructView& view, Checker& checker) {
        require(view, checker, "title", u"missing title in Slack field configuration"_s);
        require(view, checker, "value", u"missing value in Slack field configuration"_s);
    });
    on("alertmanager.MattermostField", [](const StructView& view, Checker& checker) {
        require(view, checker, "title", u"missing title in Mattermost field configuration"_s);
        require(view, checker, "value", u"missing value in Mattermost field configuration"_s);
    });
    on("alertmanager.MattermostConfig", [](const StructView& view, Checker& checker) {
        atMostOne(view, checker, "webhook_url", "webhook_url_file");
    });
    on("alertmanager.RocketchatConfig", [](const StructView& view, Checker& checker) {
        atMostOne(view, checker, "token", "token_file");
        atMostOne(view, checker, "token_id", "token_id_file");
    });
    on("alertmanager.WechatConfig", checkWechat);
    on("alertmanager.VictorOpsConfig", checkVictorOps);
    on("alertmanager.DiscordConfig", urlPair);
    on("alertmanager.MSTeamsConfig", urlPair);
    on("alertmanager.MSTeamsV2Config", urlPair);
    on("alertmanager.IncidentioConfig", checkIncidentio);
    on("alertmanager.OpsGenieConfig", checkOpsgenie);
    on("alertmanager.PagerdutyConfig", checkPagerduty);
    on("alertmanager.PushoverConfig", checkPushover);
    on("alertmanager.TelegramConfig", checkTelegram);
    on("alertmanager.SNSConfig", checkSns);
    on("alertmanager.JiraConfig", checkJira);
    on("alertmanager.WebexConfig", checkWebex);
    on("tracing.TracingConfig", checkTracing);
    on("eventrecorder.FileOutputConfig", [](const StructView& view, Checker& checker) {
        require(view, checker, "path", u"event_recorder file output requires a path"_s);
    });
    on("eventrecorder.KafkaOutputConfig", [](const StructView& view, Checker& checker) {
        if (view.listAt("brokers").empty())
            refuse(view, checker, "brokers", u"event_recorder kafka output requires brokers"_s);
        require(view, checker, "topic", u"event_recorder kafka output requires a topic"_s);
    });
    on("eventrecorder.WebhookOutputConfig", checkRecorderWebhook);
    rules.values["@tracing-client"] = [](const YamlNode& node, const TextSpan& span, Checker& checker) {
        if (node.value != "http" && node.value != "grpc")
            checker.error("alertmanager/tracing",
                          u"expected tracing client type to be http or grpc, but got %1"_s.arg(text(node.value)), span);
    };
}

} // namespace Promdeck::Config
