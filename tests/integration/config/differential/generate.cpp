#include "tests/integration/config/differential/generate.h"

#include "models/config/schema.h"
#include "tests/integration/config/differential/mutate.h"

#include <algorithm>

namespace Promdeck::Testing {

using Config::SchemaField;
using Config::SchemaStruct;
using Config::TypeRef;

namespace {

using Words = std::vector<std::string>;

/// Values that let a key take part in the rules of its struct.
const Words* valuesFor(const std::string& key)
{
    static const std::map<std::string, Words> values {
        {"role", {"pod", "node", "service", "instance", "hcloud", "robot", "tasks", "hypervisor", "container", "baremetal", "x"}},
        {"action", {"replace", "keep", "drop", "hashmod", "labelmap", "labeldrop", "labelkeep", "lowercase", "uppercase", "KEEP", "keepequal"}},
        {"regex", {"(.*)", "a|b", "(", "[a", "a{1001}", "\\d+", "(?P<x>a)", "(?<x>a)", "", "1"}},
        {"target_label", {"a", "${1}", "$1_x", "a-b", "__a", "1a", "", "a$", "${a", "x$$y"}},
        {"replacement", {"$1", "x", "", "${1}", "a-b", "$"}},
        {"source_labels", {"[a]", "[a, b]", "[]", "[__name__]", "[1a]", "[a-b]", "a", "['']"}},
        {"separator", {";", "", "-"}},
        {"modulus", {"8", "0", "1", "-1"}},
        {"receiver", {"a", "b", "c", "''"}},
        {"name", {"a", "b", "c", "''", "a"}},
        {"group_by", {"[a]", "['...']", "['...', a]", "[a, a]", "[a-b]", "[]"}},
        {"group_wait", {"0s", "1m", "10"}},
        {"group_interval", {"0s", "1m", "5m"}},
        {"repeat_interval", {"0s", "1h", "0"}},
        {"matchers", {"['a=b']", "['a=~b', c!=d]", "['a=~\"(\"']", "[a]", "['{a=\"b\"}']", "['a=b,c=d']", "a=b", "['']"}},
        {"match", {"{a: b}", "{a-b: c}", "{}"}},
        {"match_re", {"{a: b.*}", "{a: '('}", "{a-b: c}"}},
        {"weekdays", {"[monday]", "['monday:friday']", "['friday:monday']", "[mon]", "[Monday]", "['saturday:sunday']"}},
        {"days_of_month", {"['1']", "['1:5']", "['-1']", "['-5:-1']", "['31:-1']", "['5:1']", "['0']", "['-1:5']", "['32']", "['1:-31']", "[1]", "['-31:1']", "['01']", "['+1']"}},
        {"months", {"[january]", "['1:3']", "['3:1']", "['january:march']", "['13']", "[jan]", "['0']", "[May]"}},
        {"years", {"['2020']", "['2020:2022']", "['2022:2020']", "[x]", "[2020]", "['-1']"}},
        {"start_time", {"08:00", "'08:00'", "24:00", "'24:00'", "8:00", "'25:00'", "''"}},
        {"end_time", {"17:00", "'17:00'", "'24:00'", "'07:59'", "'08:00'", "'8:00'"}},
        {"location", {"UTC", "Europe/Berlin", "Local", "Mars/Base", "''", "EST", "europe/berlin", "US/Eastern", "posixrules", "EST5EDT"}},
        {"targets", {"['a:1']", "[a]", "['a/b']", "['http://a']", "[]", "['']", "[1]"}},
        {"files", {"[a.json]", "['*.yml']", "['a*b/*.json']", "[a.txt]", "[]", "['a/*.yaml']", "[a.YML]"}},
        {"names", {"[a]", "[]", "['']"}},
        {"servers", {"['a:1']", "[]", "['http://a']"}},
        {"paths", {"[/a]", "[a]", "[]"}},
        {"type", {"SRV", "A", "a", "mx", "Bearer", "basic", "Basic", "' basic '", "x", "''"}},
        {"port", {"80", "0", "-1", "'80'"}},
        {"url", {"http://a/b", "https://a", "a", "ftp://a", "'http://[::1'", "'http://a:b'", "''", "'%zz'", "http://a b"}},
        {"proxy_url", {"http://p", "socks5://p", "':'", "''"}},
        {"server", {"http://a", "a:1", "''", "a", "https://a/b"}},
        {"host", {"unix:///var/run/docker.sock", "tcp://a", "''", "a b"}},
        {"endpoint", {"http://a", "''", "a"}},
        {"scheme", {"http", "https", "x", "''"}},
        {"metrics_path", {"/m", "m", "''"}},
        {"scrape_interval", {"1m", "5s", "10m", "0s", "15"}},
        {"scrape_timeout", {"10s", "1m", "2m", "0s"}},
        {"evaluation_interval", {"1m", "0s"}},
        {"min_version", {"TLS12", "TLS13", "TLS9", "tls12", "''"}},
        {"max_version", {"TLS12", "TLS10", "x"}},
        {"rule_files", {"[a.yml]", "['*.yml']", "['a*/b*.yml']", "[]", "['a*/b.yml']"}},
        {"api_version", {"v1", "v2", "v3"}},
        {"grant_type", {"client_credentials", "''"}},
        {"compression", {"gzip", "x", "none", "deflate"}},
        {"client_type", {"http", "grpc", "x"}},
        {"headers", {"{a: b}", "{Authorization: x}", "{host: x}", "{X-Amz-Date: x}", "{}"}},
        {"query_type", {"A", "a", "AAAA", "X", "CNAME"}},
        {"query_name", {"a", "''"}},
        {"query_class", {"IN", "in", "X"}},
        {"preferred_ip_protocol", {"ip4", "ip6", "x"}},
        {"prober", {"http", "tcp", "icmp", "dns", "grpc", "x", "''"}},
        {"method", {"GET", "POST", "get", "x y"}},
        {"body_size_limit", {"10MB", "0", "10", "1GB"}},
        {"client_auth_type", {"NoClientCert", "RequireAndVerifyClientCert", "x", "''"}},
        {"cipher_suites", {"[TLS_RSA_WITH_AES_128_CBC_SHA]", "[x]", "[TLS_AES_128_GCM_SHA256]", "[]"}},
        {"curve_preferences", {"[X25519]", "[CurveP256]", "[x]"}},
        {"smarthost", {"a:25", "a", "''", "a:b", "':25'", "'a:'", "'[::1]:25'"}},
        {"smtp_smarthost", {"a:25", "a", "''", "':25'", "'a:'"}},
        {"expr", {"up", "up ==", "rate(up[5m])", "''", "5", "foo{"}},
        {"record", {"a:b", "a-b", "''", "1a", "ä"}},
        {"alert", {"A", "''", "a b"}},
        {"for", {"5m", "0s", "5", "1h"}},
        {"keep_firing_for", {"5m", "0s"}},
        {"labels", {"{a: b}", "{__name__: b}", "{a-b: c}", "{a: '{{ $x }}'}", "{a: 5}", "{a: null}", "{1: b}"}},
        {"annotations", {"{a: b}", "{a-b: c}", "{a: '{{ $labels.x }}'}", "{a: '{{ x }}'}"}},
        {"external_labels", {"{a: b}", "{a-b: c}", "{}", "{a: $X}", "{__a: b}"}},
        {"username", {"a", "''", "5"}},
        {"password", {"a", "''"}},
        {"mute_time_intervals", {"[a]", "[a, b]", "[c]", "[]"}},
        {"active_time_intervals", {"[a]", "[b]", "[c]", "[]"}},
        {"source_matchers", {"['a=b']", "['a=~b', c!=d]", "[a]"}},
        {"target_matchers", {"['a=b']", "['{a=\"b\"}']", "['a=~(']"}},
        {"source_match", {"{a: b}", "{a-b: c}"}},
        {"target_match", {"{a: b}", "{a-b: c}"}},
        {"basic_auth_users", {"{a: $2y$10$QOauhQNbBCuQDKes6eFzPeMqBSjb7Mr5DUmpZ/VcEd00UAV/LDeSi}", "{a: b}", "{}", "{a: ''}"}},
        {"authentication_method", {"OAuth", "ManagedIdentity", "SDK", "x"}},
        {"availability", {"public", "admin", "x"}},
        {"service", {"vps", "dedicated_server", "x"}},
        {"equal", {"[a]", "[a-b]", "[]"}},
        {"parse_mode", {"Markdown", "HTML", "MarkdownV2", "x", "''"}},
        {"priority", {"P1", "x", "'{{ .x }}'"}},
        {"update_alerts", {"true", "x"}},
        {"message_type", {"text", "markdown", "x"}},
        {"topic_arn", {"a", "''"}},
        {"responders", {"[{type: team, name: a}]", "[{type: x, name: a}]", "[{type: user}]", "[{name: a}]", "[{type: '{{ .x }}', name: a}]"}},
        {"fields", {"[{title: a, value: b}]", "[{title: a}]", "[{value: b}]"}},
        {"actions", {"[{type: button, text: a, url: b}]", "[{type: button}]", "[{text: a, type: b, name: c}]", "[{type: a, text: b}]"}},
        {"user_key", {"a", "''"}},
        {"token", {"a", "''"}},
        {"chat_id", {"5", "0", "-5", "a"}},
        {"retry", {"1m", "1d", "5", "30s"}},
        {"expire", {"1h", "x"}},
        {"details", {"{a: b}", "{}"}},
        {"custom_fields", {"{a: b}", "{routing_key: b}", "{message_type: x}"}},
        {"valid_status_codes", {"[200]", "[]", "[x]"}},
        {"payload_size", {"5", "-1", "70000"}},
    };
    const auto found = values.find(key);
    return found == values.end() ? nullptr : &found->second;
}

bool isOld(const SchemaField& field)
{
    return field.prometheus.version <= Config::ServerVersion {2, 42} && field.alertmanager.version <= Config::ServerVersion {0, 25}
        && field.prometheus.exact && field.alertmanager.exact;
}

class Generator
{
public:
    explicit Generator(Dice& dice) : m_dice(dice) {}

    std::string structText(const SchemaStruct& type, int indent, int depth)
    {
        std::vector<const SchemaField*> chosen;
        // Large structs with few keys each: the more there is, the likelier that one fault hides another.
        const unsigned wanted = depth > 4 ? 10 : type.fields.size() > 30 ? 5 : type.fields.size() > 12 ? 12 : 35;
        for (const SchemaField& field : type.fields) {
            const bool likely = isLikely(field.key);
            if ((isOld(field) || m_dice.chance(1)) && m_dice.chance(likely ? 93 : wanted))
                chosen.push_back(&field);
        }
        std::string out;
        for (const SchemaField* field : chosen)
            out += std::string(std::size_t(indent), ' ') + field->key + ':' + valueText(*field, indent, depth) + '\n';
        if (type.any && m_dice.chance(60))
            out += std::string(std::size_t(indent), ' ') + m_dice.pick({"a", "b", "X-Frame-Options", "Host"}) + ':' + value(*type.any, "", indent, depth) + '\n';
        return out;
    }

private:
    static bool isLikely(const std::string& key)
    {
        static const std::vector<std::string> likely {"job_name", "name", "receiver", "receivers", "route", "url", "expr", "to", "groups", "rules",
                                                      "client_id", "token_url", "names", "servers", "paths", "files", "account", "project", "zone",
                                                      "region", "prober", "modules", "query_name", "times", "start_time", "end_time", "source_labels",
                                                      "webhook_url", "access_key", "secret_key", "application_key", "application_secret", "consumer_key",
                                                      "endpoint", "service", "role", "host", "port", "datacenter_id", "query", "username", "password",
                                                      "server", "dns_suffix", "subscription_id", "tenant_id", "client_secret", "routing_key", "room_id",
                                                      "http_config", "authorization", "credentials", "topic_arn", "user_key", "token", "bot_token", "chat_id", "cert_file", "key_file", "project_id"};
        return std::find(likely.begin(), likely.end(), key) != likely.end();
    }

    std::string valueText(const SchemaField& field, int indent, int depth)
    {
        if (field.key.ends_with("_file") && m_dice.chance(85))
            return " ''";
        if (const Words* known = valuesFor(field.key); known && m_dice.chance(known->size() > 1 ? 85 : 0)) {
            // The first ones of a list fit best.
            const std::size_t index = m_dice.chance(80) ? m_dice.below(2) : m_dice.below(known->size());
            return ' ' + (*known)[std::min(index, known->size() - 1)];
        }
        return value(field.type, field.key, indent, depth);
    }

    std::string value(const TypeRef& type, const std::string& key, int indent, int depth)
    {
        if (m_dice.chance(1))
            return ' ' + m_dice.pick({"null", "", "[]", "{}", "5", "x", "true", "[null]", "\"5\"", "-1", "1.5"});
        using Kind = TypeRef::Kind;
        switch (type.kind) {
        case Kind::Bool: return ' ' + m_dice.pick({"true", "false", "yes", "off"});
        case Kind::Int:
        case Kind::Uint: return ' ' + m_dice.pick({"0", "1", "5", "100", "1_0", "0x1f"});
        case Kind::Float: return ' ' + m_dice.pick({"0", "1.5", "1e3", ".5"});
        case Kind::Duration: return ' ' + m_dice.pick({"1m", "30s", "1h30m", "0s", "1d"});
        case Kind::GoDuration:
        case Kind::AmDuration: return ' ' + m_dice.pick({"1m", "30s", "1.5h", "0", "100ms"});
        case Kind::Bytes: return ' ' + m_dice.pick({"10MB", "1GB", "0"});
        case Kind::Url: return ' ' + m_dice.pick({"http://a/b", "https://x:1", "/x"});
        case Kind::Regexp: return ' ' + m_dice.pick({"a.*", "(a|b)", "x"});
        case Kind::Labels:
        case Kind::LabelSet: return ' ' + m_dice.pick({"{a: b}", "{}", "{a: b, c: d}"});
        case Kind::LabelName: return ' ' + m_dice.pick({"a", "__b", "c1"});
        case Kind::Any: return " x";
        case Kind::List: return listText(type, key, indent, depth);
        case Kind::Map: return "\n" + std::string(std::size_t(indent) + 2, ' ') + "a:" + value(*type.element, "", indent + 2, depth + 1);
        case Kind::Struct: return nested(type, indent, depth);
        default: return ' ' + m_dice.pick({"a", "b", "http://a", "x:1", "'*'"});
        }
    }

    std::string nested(const TypeRef& type, int indent, int depth)
    {
        if (!type.target || depth > 7)
            return " {}";
        const std::string inner = structText(*type.target, indent + 2, depth + 1);
        return inner.empty() ? " {}" : "\n" + inner.substr(0, inner.size() - 1);
    }

    std::string listText(const TypeRef& type, const std::string& key, int indent, int depth)
    {
        const std::size_t count = m_dice.chance(80) ? 1 : m_dice.below(4);
        std::string out;
        for (std::size_t i = 0; i < count; ++i) {
            std::string item = value(*type.element, key, indent + 2, depth + 1);
            if (item.starts_with('\n')) // the first key of a struct stands beside the dash
                item = item.substr(std::size_t(indent) + 4);
            out += '\n' + std::string(std::size_t(indent) + 2, ' ') + '-' + item;
        }
        return out.empty() ? " []" : out;
    }

    Dice& m_dice;
};

} // namespace

std::string configFor(const std::string& structName, Dice& dice)
{
    const SchemaStruct* type = Config::Schema::instance().find(structName);
    return type ? Generator(dice).structText(*type, 0, 0) : std::string();
}

namespace {

/// The list fields of a struct whose items are structs.
std::vector<const SchemaField*> sectionsOf(const char* structName)
{
    std::vector<const SchemaField*> out;
    for (const SchemaField& field : Config::Schema::instance().find(structName)->fields) {
        if (isOld(field) && field.type.element && field.type.element->target)
            out.push_back(&field);
    }
    return out;
}

std::string itemOf(const SchemaField& field, const std::string& margin, Dice& dice)
{
    const std::string inner = Generator(dice).structText(*field.type.element->target, int(margin.size()) + 2, 1);
    return margin + field.key + ":\n" + margin + "-" + (inner.empty() ? " {}\n" : '\n' + inner);
}

} // namespace

std::string prometheusSection(Dice& dice)
{
    static const std::vector<const SchemaField*> scrape = sectionsOf("prometheus.ScrapeConfig");
    static const std::vector<const SchemaField*> top = sectionsOf("prometheus.Config");
    if (dice.chance(25))
        return itemOf(*dice.pick(top), "", dice);
    return "scrape_configs:\n- job_name: a\n" + itemOf(*dice.pick(scrape), "  ", dice);
}

std::string alertmanagerSection(Dice& dice)
{
    static const std::vector<const SchemaField*> receivers = sectionsOf("alertmanager.Receiver");
    static const std::vector<const SchemaField*> route = sectionsOf("alertmanager.Route");
    static const std::vector<const SchemaField*> top = sectionsOf("alertmanager.Config");
    std::string out;
    if (dice.chance(80))
        out += "global: {smtp_smarthost: 'a:25', smtp_from: a, opsgenie_api_key: x, victorops_api_key: x, wechat_api_secret: x, "
               "wechat_api_corp_id: x, slack_api_url: 'http://x'}\n";
    const std::size_t kind = dice.below(4);
    out += "route:\n  receiver: a\n" + (kind == 0 ? itemOf(*dice.pick(route), "  ", dice) : std::string());
    out += "receivers:\n- name: b\n- name: c\n- name: a\n" + (kind > 1 ? itemOf(*dice.pick(receivers), "  ", dice) : std::string());
    const SchemaField* other = dice.pick(top);
    if (kind == 1 && other->key != "receivers")
        return out + itemOf(*other, "", dice);
    return out + "time_intervals:\n- name: a\n- name: b\n";
}

std::vector<std::string> keysOf(std::initializer_list<const char*> prefixes)
{
    std::vector<std::string> keys;
    std::vector<const SchemaStruct*> todo;
    for (const char* name : prefixes)
        todo.push_back(Config::Schema::instance().find(name));
    for (std::size_t i = 0; i < todo.size(); ++i) {
        for (const SchemaField& field : todo[i]->fields) {
            if (isOld(field) && std::find(keys.begin(), keys.end(), field.key) == keys.end())
                keys.push_back(field.key);
            const TypeRef* inner = &field.type;
            while (inner->element)
                inner = inner->element.get();
            if (inner->target && std::find(todo.begin(), todo.end(), inner->target) == todo.end())
                todo.push_back(inner->target);
        }
    }
    return keys;
}

} // namespace Promdeck::Testing
