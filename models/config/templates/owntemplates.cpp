#include "models/config/templates/templateset.h"

#include <algorithm>
#include <array>

// What Alertmanager brings along. Its users call these by name; here they are computed from the data, to the same text.

namespace Promdeck::Config {

namespace {

using Pairs = std::vector<std::pair<std::string, std::string>>;

const GoValue& field(const GoValue& data, const char* name)
{
    const GoValue* found = data.field(name);
    if (!found)
        throw GoFunctionError {std::string("can't evaluate field ") + name + " in type " + (data.isValid() ? data.type() : "<nil>")};
    return *found;
}

std::string values(const Pairs& pairs)
{
    std::string out;
    for (const auto& [name, value] : pairs)
        out += (&name == &pairs.front().first ? "" : " ") + value;
    return out;
}

GoValue::Items alertsWith(const GoValue& alerts, std::string_view status)
{
    GoValue::Items out;
    for (const GoValue& alert : alerts.items()) {
        if (field(alert, "Status").toString() == status)
            out.push_back(alert);
    }
    return out;
}

std::string upper(std::string text)
{
    std::transform(text.begin(), text.end(), text.begin(), [](char c) { return char(c >= 'a' && c <= 'z' ? c - 32 : c); });
    return text;
}

std::string product(const GoValue&)
{
    return "Alertmanager";
}

std::string address(const GoValue& data)
{
    return field(data, "ExternalURL").toString() + "/#/alerts?receiver=" + queryEscape(field(data, "Receiver").toString());
}

std::string nothing(const GoValue&)
{
    return {};
}

std::string subject(const GoValue& data)
{
    const std::string& status = field(data, "Status").toString();
    std::string out = '[' + upper(status);
    if (status == "firing")
        out += ':' + std::to_string(alertsWith(field(data, "Alerts"), "firing").size());
    const Pairs group = sortedPairsOf(field(data, "GroupLabels"));
    Pairs rest = sortedPairsOf(field(data, "CommonLabels"));
    const bool more = rest.size() > group.size();
    out += "] " + values(group) + ' ';
    if (!more)
        return out;
    std::erase_if(rest, [&group](const auto& one) {
        return std::any_of(group.begin(), group.end(), [&one](const auto& other) { return other.first == one.first; });
    });
    return out + '(' + values(rest) + ')';
}

std::string lines(const GoValue& kv, const char* indent)
{
    std::string out;
    for (const auto& [name, value] : sortedPairsOf(kv))
        out += indent + name + " = " + value + '\n';
    return out;
}

std::string plainList(const GoValue& alerts)
{
    std::string out;
    for (const GoValue& alert : alerts.items())
        out += "Labels:\n" + lines(field(alert, "Labels"), " - ") + "Annotations:\n" + lines(field(alert, "Annotations"), " - ")
            + "Source: " + field(alert, "GeneratorURL").toString() + '\n';
    return out;
}

std::string markdownList(const GoValue& alerts)
{
    std::string out;
    for (const GoValue& alert : alerts.items())
        out += "\nLabels:\n" + lines(field(alert, "Labels"), "  - ") + "\nAnnotations:\n" + lines(field(alert, "Annotations"), "  - ")
            + "\nSource: " + field(alert, "GeneratorURL").toString() + '\n';
    return out + '\n';
}

/// "Alerts Firing:" and "Alerts Resolved:" with their lists; `open` and `close` are the blank lines around them.
std::string sections(const GoValue& data, std::string (*list)(const GoValue&), const char* open, const char* between, const char* close)
{
    std::string out;
    const GoValue& alerts = field(data, "Alerts");
    for (const auto& [status, title] : {std::pair("firing", "Alerts Firing:"), std::pair("resolved", "Alerts Resolved:")}) {
        GoValue::Items items = alertsWith(alerts, status);
        if (!items.empty())
            out += open + std::string(title) + '\n' + list(GoValue::list(std::move(items), "template.Alert")) + close;
        out += between;
    }
    return out;
}

std::string annotationsThenList(const GoValue& data)
{
    return values(sortedPairsOf(field(data, "CommonAnnotations"))) + '\n' + sections(data, plainList, "", "\n", "");
}

std::string pushoverText(const GoValue& data)
{
    return values(sortedPairsOf(field(data, "CommonAnnotations"))) + '\n' + sections(data, plainList, "\n", "\n", "\n");
}

std::string listOnly(const GoValue& data)
{
    return '\n' + sections(data, plainList, "", "\n", "");
}

std::string markdownText(const GoValue& data)
{
    return '\n' + sections(data, markdownList, "\n", "\n", "\n");
}

std::string instances(const GoValue& data)
{
    return plainList(data);
}

std::string titleAndAddress(const GoValue& data)
{
    return subject(data) + " | " + address(data);
}

/// A plain page in place of the long one that Alertmanager mails: the same facts.
std::string mailPage(const GoValue& data)
{
    const auto rows = [](const GoValue& kv) {
        std::string out;
        for (const auto& [name, value] : sortedPairsOf(kv))
            out += htmlEscape(name) + " = " + htmlEscape(value) + "<br>\n";
        return out;
    };
    std::string out = "<html><body><h1>" + htmlEscape(subject(data)) + "</h1>\n<p><a href=\"" + htmlEscape(address(data)) + "\">View in Alertmanager</a></p>\n";
    for (const auto& [status, title] : {std::pair("firing", "Firing"), std::pair("resolved", "Resolved")}) {
        const GoValue::Items alerts = alertsWith(field(data, "Alerts"), status);
        if (alerts.empty())
            continue;
        out += "<h2>[" + std::to_string(alerts.size()) + "] " + title + "</h2>\n";
        for (const GoValue& alert : alerts)
            out += "<p><b>Labels</b><br>\n" + rows(field(alert, "Labels")) + "<b>Annotations</b><br>\n" + rows(field(alert, "Annotations"))
                + "<a href=\"" + htmlEscape(field(alert, "GeneratorURL").toString()) + "\">Source</a></p>\n";
    }
    return out + "</body></html>\n";
}

struct Own
{
    std::string_view name;
    OwnTemplate run;
    int since = 0; ///< minor version of Alertmanager
};

constexpr std::array<Own, 58> kOwn {{{"__alertmanager", product},
                                     {"__alertmanagerURL", address},
                                     {"__subject", subject},
                                     {"__description", nothing},
                                     {"__text_alert_list", plainList},
                                     {"__text_alert_list_markdown", markdownList, 26},
                                     {"slack.default.title", subject},
                                     {"slack.default.username", product},
                                     {"slack.default.fallback", titleAndAddress},
                                     {"slack.default.callbackid", nothing},
                                     {"slack.default.pretext", nothing},
                                     {"slack.default.titlelink", address},
                                     {"slack.default.iconemoji", nothing},
                                     {"slack.default.iconurl", nothing},
                                     {"slack.default.text", nothing},
                                     {"slack.default.footer", nothing},
                                     {"pagerduty.default.description", subject},
                                     {"pagerduty.default.client", product},
                                     {"pagerduty.default.clientURL", address},
                                     {"pagerduty.default.instances", instances},
                                     {"opsgenie.default.message", subject},
                                     {"opsgenie.default.description", annotationsThenList},
                                     {"opsgenie.default.source", address},
                                     {"wechat.default.message", annotationsThenList},
                                     {"wechat.default.to_user", nothing},
                                     {"wechat.default.to_party", nothing},
                                     {"wechat.default.to_tag", nothing},
                                     {"wechat.default.agent_id", nothing},
                                     {"wechat.default.api_secret", nothing},
                                     {"victorops.default.state_message", annotationsThenList},
                                     {"victorops.default.entity_display_name", subject},
                                     {"victorops.default.monitoring_tool", product},
                                     {"email.default.subject", subject},
                                     {"email.default.html", mailPage},
                                     {"pushover.default.title", subject},
                                     {"pushover.default.message", pushoverText},
                                     {"pushover.default.url", address},
                                     {"sns.default.subject", subject},
                                     {"sns.default.message", pushoverText},
                                     {"telegram.default.message", listOnly},
                                     {"discord.default.title", subject, 25},
                                     {"discord.default.message", listOnly, 25},
                                     {"discord.default.content", nothing, 28},
                                     {"webex.default.message", pushoverText, 25},
                                     {"msteams.default.summary", subject, 26},
                                     {"msteams.default.title", subject, 26},
                                     {"msteams.default.text", markdownText, 26},
                                     {"msteamsv2.default.title", subject, 28},
                                     {"msteamsv2.default.text", markdownText, 28},
                                     {"jira.default.summary", subject, 28},
                                     {"jira.default.description", markdownText, 28},
                                     {"jira.default.priority", nothing, 28},
                                     {"rocketchat.default.title", subject, 28},
                                     {"rocketchat.default.alias", product, 28},
                                     {"rocketchat.default.titlelink", address, 28},
                                     {"rocketchat.default.text", nothing, 28},
                                     {"rocketchat.default.emoji", nothing, 28},
                                     {"rocketchat.default.iconurl", nothing, 28}}};

} // namespace

OwnTemplate findOwnTemplate(std::string_view name, int version)
{
    const auto found = std::find_if(kOwn.begin(), kOwn.end(), [&](const Own& one) { return one.name == name && version >= one.since; });
    return found == kOwn.end() ? nullptr : found->run;
}

std::vector<std::string> ownTemplateNames(int version)
{
    std::vector<std::string> out;
    for (const Own& one : kOwn) {
        if (version >= one.since)
            out.emplace_back(one.name);
    }
    return out;
}

} // namespace Promdeck::Config
