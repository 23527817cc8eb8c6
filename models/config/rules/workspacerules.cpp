#include "models/config/components.h"
#include "models/config/configtext.h"
#include "models/config/gotypes.h"
#include "models/config/rules/rules.h"

#include <algorithm>
#include <set>

namespace Promdeck::Config {

using namespace Qt::StringLiterals;

namespace {

using Names = std::set<std::string, std::less<>>;

/// A value out of a few words.
ValueCheck oneOf(std::vector<std::string> words, const char* code)
{
    return [words = std::move(words), code](const YamlNode& node, const TextSpan& span, Checker& checker) {
        if (node.isScalar() && std::find(words.begin(), words.end(), node.value) != words.end())
            return;
        QStringList list;
        for (const std::string& word : words)
            list << text(word);
        checker.error(code, u"%1 is none of %2"_s.arg(node.isScalar() ? quoted(node.value) : u"this"_s, list.join(u", "_s)), span);
    };
}

void checkComponent(const YamlNode& node, const TextSpan& span, Checker& checker)
{
    if (node.isScalar() && findComponent(node.value))
        return;
    QStringList names;
    for (const Component& one : components())
        names << QString::fromUtf8(one.name.data(), qsizetype(one.name.size()));
    checker.error("workspace/component", u"unknown component %1"_s.arg(node.isScalar() ? quoted(node.value) : QString()), span,
                  u"one of %1"_s.arg(names.join(u", "_s)));
}

void checkMode(const YamlNode& node, const TextSpan& span, Checker& checker)
{
    const std::string& value = node.value;
    const bool octal = node.isScalar() && value.size() >= 3 && value.size() <= 4 && value.find_first_not_of("01234567") == std::string::npos;
    if (!octal)
        checker.error("workspace/mode", u"a mode is three or four octal digits"_s, span, u"such as \"0640\""_s);
    else if (value.size() == 4 && value[0] != '0')
        checker.error("workspace/mode", u"set-id and sticky bits are not for configuration"_s, span, u"such as \"0640\""_s);
    else if ((value.back() - '0') & 2)
        checker.warning("workspace/world-writable", u"everybody on the host could write this file"_s, span, u"such as \"0640\""_s);
}

void checkAccount(const YamlNode& node, const TextSpan& span, Checker& checker)
{
    static const std::string allowed = "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789_.-$";
    if (!node.isScalar() || node.value.empty() || node.value[0] == '-' || node.value.find_first_not_of(allowed) != std::string::npos)
        checker.error("workspace/account", u"not the name or number of an account"_s, span);
}

void checkBatch(const YamlNode& node, const TextSpan& span, Checker& checker)
{
    std::string digits = node.isScalar() ? node.value : std::string();
    const bool percent = digits.ends_with('%');
    if (percent)
        digits.pop_back();
    const bool number = !digits.empty() && digits.size() < 5 && digits.find_first_not_of("0123456789") == std::string::npos;
    const int value = number ? std::stoi(digits) : 0;
    if (value < 1 || (percent && value > 100))
        checker.error("workspace/batch", u"a batch is a number of hosts, or a share such as 25%"_s, span);
}

void checkSecret(const YamlNode& node, const TextSpan& span, Checker& checker)
{
    if (node.isScalar()) {
        for (const std::string_view source : {"env:", "file:", "command:", "keychain:"}) {
            if (node.value.starts_with(source) && node.value.size() > source.size())
                return;
        }
    }
    // What stands there may be the secret itself: it is not repeated.
    checker.error("workspace/secret", u"a secret names where it comes from, never the secret itself"_s, span,
                  u"env:VARIABLE, file:PATH, command:LINE or keychain:ENTRY"_s);
}

bool isSafeName(std::string_view name)
{
    static const std::string allowed = "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789_.-";
    return !name.empty() && name.size() <= 100 && name[0] != '.' && name[0] != '-' && name.find_first_not_of(allowed) == std::string_view::npos;
}

/// Names become folders on hosts and words of messages.
void checkNames(const StructView& view, const char* key, const QString& what, Checker& checker)
{
    const FoundValue* map = view.find(key);
    if (!map || !map->node->isMapping())
        return;
    for (const YamlEntry& entry : MapEntries(*map->node, view.dialect)) {
        if (!isSafeName(entry.key->value))
            checker.error("workspace/name", u"%1 is no name for a %2"_s.arg(quoted(entry.key->value), what), entry.key->span,
                          u"letters, digits, \"_\", \"-\" and \".\""_s);
    }
}

Names keysOf(const StructView& view, const char* key)
{
    Names names;
    if (const FoundValue* map = view.find(key); map && map->node->isMapping()) {
        for (const YamlEntry& entry : MapEntries(*map->node, view.dialect))
            names.insert(entry.key->value);
    }
    return names;
}

Names groupsOf(const StructView& root)
{
    Names groups;
    const FoundValue* hosts = root.find("hosts");
    if (!hosts || !hosts->node->isMapping())
        return groups;
    for (const YamlEntry& entry : MapEntries(*hosts->node, root.dialect)) {
        const YamlEntry* list = entry.value->find("groups");
        if (!list || !list->value->isSequence())
            continue;
        for (const YamlItem& item : list->value->items)
            groups.insert(item.value->value);
    }
    return groups;
}

void checkHostNames(const std::vector<FoundValue>& list, const Names& hosts, const Names& groups, Checker& checker)
{
    for (const FoundValue& one : list) {
        if (!hosts.contains(one.node->value) && !groups.contains(one.node->value))
            checker.error("workspace/unknown-host", u"there is no host%1 %2"_s.arg(groups.empty() ? QString() : u" and no group"_s, quoted(one.node->value)),
                          one.span);
    }
}

void checkPairs(const StructView& view, const Names& hosts, Checker& checker)
{
    const FoundValue* pairs = view.find("ha_pairs");
    if (!pairs || !pairs->node->isSequence())
        return;
    for (const YamlItem& pair : pairs->node->items) {
        if (!pair.value->isSequence())
            continue;
        if (pair.value->items.size() < 2)
            checker.error("workspace/ha-pair", u"a pair has at least two hosts"_s, pair.span);
        for (const YamlItem& item : pair.value->items) {
            if (!hosts.contains(item.value->value))
                checker.error("workspace/unknown-host", u"there is no host %1"_s.arg(quoted(item.value->value)), item.span);
        }
    }
}

bool leavesFolder(const std::string& path)
{
    return path == ".." || path.starts_with("../") || path.ends_with("/..") || path.find("/../") != std::string::npos;
}

void checkWorkspace(const StructView& view, Checker& checker)
{
    if (!view.node) {
        checker.error("workspace/empty", u"a workspace has hosts and units"_s, view.span);
        return;
    }
    if (view.integer("version").value_or(0) != 1)
        checker.error("workspace/version", u"the version of a workspace is 1"_s, view.spanOf("version"), u"add version: 1"_s);
    for (const char* needed : {"hosts", "units"}) {
        if (keysOf(view, needed).empty())
            checker.error("workspace/missing", u"a workspace has %1"_s.arg(QString::fromLatin1(needed)), view.spanOf(needed));
    }
    checkNames(view, "hosts", u"host"_s, checker);
    checkNames(view, "units", u"unit"_s, checker);
    checkNames(view, "secrets", u"secret"_s, checker);
    const Names hosts = keysOf(view, "hosts");
    const Names groups = groupsOf(view);
    for (const std::string& group : groups) {
        if (hosts.contains(group))
            checker.error("workspace/name", u"%1 is a host and a group"_s.arg(quoted(group)), view.spanOf("hosts"));
    }
    checkPairs(view, hosts, checker);
    checkHostNames(view.structAt("rollout").listAt("canary"), hosts, {}, checker);
    const FoundValue* units = view.find("units");
    if (!units || !units->node->isMapping())
        return;
    const SchemaStruct* type = Schema::instance().find("promdeck.Unit");
    for (const YamlEntry& entry : MapEntries(*units->node, view.dialect)) {
        const StructView unit = viewOf(*type, entry.value, entry.valueSpan, view.dialect);
        checkHostNames(unit.listAt("hosts"), hosts, groups, checker);
        const StructView auth = unit.structAt("auth");
        if (auth.has("password") && !keysOf(view, "secrets").contains(auth.string("password")))
            checker.error("workspace/unknown-secret", u"there is no secret %1"_s.arg(quoted(auth.string("password"))), auth.spanOf("password"),
                          u"auth.password names an entry of secrets"_s);
    }
}

void checkHost(const StructView& view, Checker& checker)
{
    const std::string state = view.string("state_dir");
    if (!state.empty() && (state[0] != '/' || leavesFolder(state) || state == "/"))
        checker.error("workspace/path", u"state_dir is an absolute path"_s, view.spanOf("state_dir"));
    const std::string address = view.string("address");
    if (address.starts_with('-'))
        checker.error("workspace/address", u"an address does not begin with \"-\""_s, view.spanOf("address"));
}

/// What the component can be told, given how the unit runs.
void checkReload(const StructView& view, const Component& component, Checker& checker)
{
    const std::string reload = view.string("reload");
    const bool hasRestart = view.has("service") || view.has("compose") || !view.structAt("process").listAt("restart").empty();
    const QString name = QString::fromUtf8(component.name.data(), qsizetype(component.name.size()));
    if (reload == "signal" && !component.survivesHup && component.name != "other")
        checker.error("workspace/reload", u"SIGHUP ends %1 instead of reloading it"_s.arg(name), view.spanOf("reload"), u"reload: restart"_s);
    if (reload == "http" && !component.reloadsByHttp && component.name != "other")
        checker.error("workspace/reload", u"%1 cannot be reloaded over HTTP"_s.arg(name), view.spanOf("reload"), u"reload: restart"_s);
    if (reload == "http" && !view.has("url"))
        checker.error("workspace/reload", u"reloading over HTTP needs the unit's url"_s, view.spanOf("reload"), u"add url"_s);
    const bool reloads = component.reloadsByHttp || component.survivesHup;
    const bool restarts = reload == "restart" || (!reloads && reload.empty());
    if (restarts && !hasRestart)
        checker.error("workspace/reload", u"%1 takes a new configuration only by a restart, and nothing says how it is restarted"_s.arg(name),
                      view.span, u"add service, compose, or process.restart; or reload: none"_s);
}

void checkUnit(const StructView& view, Checker& checker)
{
    const Component* component = findComponent(view.string("component"));
    if (!view.has("component"))
        checker.error("workspace/component", u"a unit names its component"_s, view.span, u"component: prometheus"_s);
    const int runners = int(view.has("service")) + int(view.has("compose")) + int(view.has("process"));
    if (runners > 1)
        checker.error("workspace/runner", u"a unit runs as a service, in compose or as a process: only one of them"_s, view.span);
    const std::string directory = view.string("directory");
    if (!directory.empty() && (directory[0] != '/' || leavesFolder(directory) || directory == "/"))
        checker.error("workspace/path", u"directory is an absolute path on the host"_s, view.spanOf("directory"));
    if (directory.empty() && component && component->directory.empty())
        checker.error("workspace/path", u"this component needs a directory"_s, view.span, u"directory: /etc/..."_s);
    if (component)
        checkReload(view, *component, checker);
    const std::string url = view.string("url");
    if (!url.empty() && !url.starts_with("http://") && !url.starts_with("https://"))
        checker.error("workspace/url", u"the address of the unit as the host reaches it begins with http:// or https://"_s, view.spanOf("url"));
    if (url.find('@') != std::string::npos)
        checker.error("workspace/url", u"the address holds credentials"_s, view.spanOf("url"), u"use auth"_s);
    if (view.structsAt("files").empty())
        checker.error("workspace/files", u"a unit has files"_s, view.span, u"files: [{source: ..., target: ...}]"_s);
    Names targets;
    for (const StructView& file : view.structsAt("files")) {
        const std::string target = file.string("target").empty() ? file.string("source") : file.string("target");
        if (!target.empty() && !targets.insert(target).second)
            checker.error("workspace/twice", u"two files go to %1"_s.arg(quoted(target)), file.spanOf("target"));
    }
}

void checkFile(const StructView& view, Checker& checker)
{
    const std::string source = view.string("source");
    const std::string target = view.string("target");
    if (source.empty())
        checker.error("workspace/source", u"a file has a source"_s, view.span, u"source: a path in the workspace"_s);
    else if (source[0] == '/' || leavesFolder(source))
        checker.error("workspace/source", u"a source is a path inside the workspace"_s, view.spanOf("source"));
    if (leavesFolder(target))
        checker.error("workspace/target", u"a target does not lead out of its folder"_s, view.spanOf("target"));
    if (!target.empty() && target[0] == '/' && target.size() < 2)
        checker.error("workspace/target", u"not a file"_s, view.spanOf("target"));
}

void checkProcess(const StructView& view, Checker& checker)
{
    if (view.node && view.string("pid_file").empty() && view.string("match").empty())
        checker.error("workspace/process", u"a process is found by pid_file or match"_s, view.span);
}

void checkCompose(const StructView& view, Checker& checker)
{
    if (!view.node)
        return;
    for (const char* needed : {"directory", "service"}) {
        if (view.string(needed).empty())
            checker.error("workspace/compose", u"a compose unit needs its %1"_s.arg(QString::fromLatin1(needed)), view.span);
    }
}

void checkRollout(const StructView& view, Checker& checker)
{
    constexpr std::int64_t kLeast = 10'000;
    constexpr std::int64_t kMost = 1'800'000;
    const auto within = view.durationMs("confirm_within");
    if (within && (*within < kLeast || *within > kMost))
        checker.error("workspace/confirm", u"confirm_within is between 10s and 30m"_s, view.spanOf("confirm_within"));
    if (view.integer("stop_after").value_or(1) < 1)
        checker.error("workspace/stop", u"stop_after is the number of failed hosts that stops a rollout, 1 or more"_s, view.spanOf("stop_after"));
}

} // namespace

const CheckRules& workspaceRules()
{
    static const CheckRules rules = [] {
        CheckRules all;
        all.structs["promdeck.Workspace"].push_back(checkWorkspace);
        all.structs["promdeck.Host"].push_back(checkHost);
        all.structs["promdeck.Unit"].push_back(checkUnit);
        all.structs["promdeck.File"].push_back(checkFile);
        all.structs["promdeck.Process"].push_back(checkProcess);
        all.structs["promdeck.Compose"].push_back(checkCompose);
        all.structs["promdeck.Rollout"].push_back(checkRollout);
        all.values["@component"] = checkComponent;
        all.values["@file-mode"] = checkMode;
        all.values["@deploy-account"] = checkAccount;
        all.values["@deploy-batch"] = checkBatch;
        all.values["@secret-source"] = checkSecret;
        all.values["@deploy-sudo"] = oneOf({"auto", "never", "always"}, "workspace/sudo");
        all.values["@deploy-layout"] = oneOf({"in-place", "symlink"}, "workspace/layout");
        all.values["@deploy-reload"] = oneOf({"auto", "http", "signal", "service", "restart", "none"}, "workspace/reload");
        all.values["@deploy-validate"] = oneOf({"auto", "none"}, "workspace/validate");
        all.values["@deploy-write"] = oneOf({"rename", "in-place"}, "workspace/write");
        all.values["@deploy-new-targets"] = oneOf({"fail", "warn"}, "workspace/new-targets");
        return all;
    }();
    return rules;
}

} // namespace Promdeck::Config
