#include "models/config/filekind.h"

#include <QFileInfo>

#include <array>
#include <initializer_list>
#include <set>
#include <string_view>

namespace Promdeck::Config {

using namespace Qt::StringLiterals;

namespace {

struct KindName
{
    FileKind kind;
    const char16_t* name;
};
constexpr std::array<KindName, 11> kNames {{{FileKind::Prometheus, u"prometheus"},
                                           {FileKind::Rules, u"rules"},
                                           {FileKind::RuleTest, u"rule-test"},
                                           {FileKind::Alertmanager, u"alertmanager"},
                                           {FileKind::FileSd, u"file-sd"},
                                           {FileKind::Blackbox, u"blackbox"},
                                           {FileKind::Web, u"web"},
                                           {FileKind::ScrapeConfigs, u"scrape-configs"},
                                           {FileKind::Dashboard, u"dashboard"},
                                           {FileKind::Workspace, u"workspace"},
                                           {FileKind::Template, u"template"}}};

bool hasAny(const YamlNode& mapping, std::initializer_list<std::string_view> keys)
{
    for (const std::string_view key : keys) {
        if (mapping.find(key))
            return true;
    }
    return false;
}

/// The mappings of a list; what is none is left out.
std::vector<const YamlNode*> mappings(const YamlNode* list)
{
    std::vector<const YamlNode*> out;
    for (const YamlItem& item : list->items) {
        if (item.value->isMapping())
            out.push_back(item.value);
    }
    return out;
}

FileKind kindOfList(const YamlNode& root)
{
    for (const YamlNode* item : mappings(&root)) {
        if (hasAny(*item, {"alert", "record", "expr"}))
            return FileKind::Rules;
        if (hasAny(*item, {"targets", "labels"}))
            return FileKind::FileSd;
    }
    return FileKind::Unknown;
}

FileKind kindOfMapping(const YamlNode& root)
{
    if (hasAny(root, {"panels", "templating", "schemaVersion"}) && hasAny(root, {"title", "panels", "uid"}))
        return FileKind::Dashboard;
    if (hasAny(root, {"groups"}) && !hasAny(root, {"scrape_configs", "global"}))
        return FileKind::Rules;
    if (hasAny(root, {"tests"}) && hasAny(root, {"rule_files", "evaluation_interval", "group_eval_order", "fuzzy_compare"}))
        return FileKind::RuleTest;
    if (const YamlEntry* tests = root.find("tests")) {
        for (const YamlNode* test : mappings(tests->value)) {
            if (hasAny(*test, {"input_series", "alert_rule_test", "promql_expr_test"}))
                return FileKind::RuleTest;
        }
    }
    if (hasAny(root, {"route", "receivers", "inhibit_rules", "time_intervals", "mute_time_intervals"}))
        return FileKind::Alertmanager;
    if (const YamlEntry* modules = root.find("modules"); modules && modules->value->isMapping()) {
        for (const YamlEntry& module : modules->value->entries) {
            if (module.value->isMapping() && module.value->find("prober"))
                return FileKind::Blackbox;
        }
        if (root.entries.size() == 1)
            return FileKind::Blackbox;
    }
    if (hasAny(root, {"tls_server_config", "basic_auth_users", "http_server_config"})
        || (root.entries.size() == 1 && hasAny(root, {"rate_limit"})))
        return FileKind::Web;
    if (root.entries.size() == 1 && root.find("scrape_configs"))
        return FileKind::Prometheus;
    if (hasAny(root, {"scrape_configs", "scrape_config_files", "rule_files", "alerting", "remote_write", "remote_read", "otlp"}))
        return FileKind::Prometheus;
    if (const YamlEntry* global = root.find("global"); global && global->value->isMapping()) {
        for (const YamlEntry& entry : global->value->entries) {
            const std::string_view key = entry.key->value;
            if (key == "resolve_timeout" || key.starts_with("smtp_") || key.starts_with("slack_") || key == "http_config"
                || key.starts_with("opsgenie_") || key.starts_with("pagerduty_"))
                return FileKind::Alertmanager;
        }
        return FileKind::Prometheus;
    }
    if (hasAny(root, {"alert", "record"}) && root.find("expr"))
        return FileKind::Rules;
    return FileKind::Unknown;
}

FileKind kindOfName(QStringView fileName)
{
    const QString name = QFileInfo(fileName.toString()).fileName().toLower();
    if (name == u"promdeck.yaml" || name == u"promdeck.yml")
        return FileKind::Workspace;
    if (!mayBeConfig(name))
        return FileKind::Unknown;
    if (name.endsWith(u".rules") || name.endsWith(u".rule"))
        return FileKind::Rules;
    if (name.startsWith(u"alertmanager"))
        return FileKind::Alertmanager;
    if (name.startsWith(u"blackbox"))
        return FileKind::Blackbox;
    if (name.startsWith(u"web") && (name.contains(u"config") || name.startsWith(u"web.")))
        return FileKind::Web;
    if (name.contains(u"rules") || name.contains(u"alerts"))
        return name.contains(u"test") ? FileKind::RuleTest : FileKind::Rules;
    if (name.startsWith(u"prometheus"))
        return FileKind::Prometheus;
    return FileKind::Unknown;
}

} // namespace

QString kindName(FileKind kind)
{
    for (const KindName& row : kNames) {
        if (row.kind == kind)
            return QString::fromUtf16(row.name);
    }
    return u"unknown"_s;
}

std::optional<FileKind> kindFromName(QStringView name)
{
    for (const KindName& row : kNames) {
        if (name == QStringView(row.name))
            return row.kind;
    }
    return {};
}

QStringList kindNames()
{
    QStringList names;
    for (const KindName& row : kNames)
        names.append(QString::fromUtf16(row.name));
    return names;
}

FileKind guessKind(QStringView fileName, const YamlDocument& document)
{
    if (fileName.endsWith(u".tmpl", Qt::CaseInsensitive))
        return FileKind::Template;
    FileKind kind = FileKind::Unknown;
    if (const YamlNode* root = document.root()) {
        if (root->isMapping())
            kind = kindOfMapping(*root);
        else if (root->isSequence())
            kind = kindOfList(*root);
    }
    if (kind == FileKind::Unknown || QFileInfo(fileName.toString()).fileName().startsWith(u"promdeck.y"))
        kind = kindOfName(fileName) == FileKind::Unknown ? kind : kindOfName(fileName);
    return kind;
}

bool mayBeConfig(QStringView fileName)
{
    for (const QStringView extension : {u".yml", u".yaml", u".json", u".rules", u".rule"}) {
        if (fileName.endsWith(extension, Qt::CaseInsensitive))
            return true;
    }
    return false;
}

} // namespace Promdeck::Config
