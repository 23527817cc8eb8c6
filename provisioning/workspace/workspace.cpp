#include "provisioning/workspace/workspace.h"

#include "models/config/configtext.h"
#include "models/config/filechecker.h"
#include "models/core/files.h"

#include <QDir>
#include <QFileInfo>

#include <algorithm>

namespace Promdeck::Deploy {

using namespace Qt::StringLiterals;
using Config::StructView;

namespace {

QString str(const StructView& view, std::string_view key)
{
    return Config::text(view.string(key));
}

QStringList strings(const StructView& view, std::string_view key)
{
    QStringList out;
    for (const Config::FoundValue& one : view.listAt(key))
        out << Config::text(one.node->value);
    return out;
}

/// The structs of a map<T> with their names, in the order of the file.
std::vector<std::pair<QString, StructView>> namedStructs(const StructView& view, std::string_view key)
{
    std::vector<std::pair<QString, StructView>> out;
    const Config::FoundValue* map = view.find(key);
    const Config::SchemaField* field = view.type->find(key);
    if (!map || !map->node->isMapping() || !field->type.element || !field->type.element->target)
        return out;
    for (const Config::YamlEntry& entry : Config::MapEntries(*map->node, view.dialect))
        out.emplace_back(Config::text(entry.key->value), Config::viewOf(*field->type.element->target, entry.value, entry.valueSpan, view.dialect));
    return out;
}

WorkspaceHost readHost(const QString& name, const StructView& view)
{
    WorkspaceHost host;
    host.name = name;
    host.address = view.has("address") ? str(view, "address") : name;
    host.groups = strings(view, "groups");
    const std::string sudo = view.string("sudo");
    host.sudo = sudo == "never" ? WorkspaceHost::Sudo::Never : sudo == "always" ? WorkspaceHost::Sudo::Always : WorkspaceHost::Sudo::Auto;
    host.stateDir = str(view, "state_dir");
    return host;
}

void readRunner(const StructView& view, WorkspaceUnit& unit)
{
    using Runner = WorkspaceUnit::Runner;
    const StructView compose = view.structAt("compose");
    const StructView process = view.structAt("process");
    unit.service = str(view, "service");
    unit.composeDirectory = str(compose, "directory");
    unit.composeFile = str(compose, "file");
    unit.composeService = str(compose, "service");
    unit.containerConfig = str(compose, "config_in_container");
    unit.pidFile = str(process, "pid_file");
    unit.match = str(process, "match");
    unit.restart = strings(process, "restart");
    unit.runner = !unit.service.isEmpty() ? Runner::Service : view.has("compose") ? Runner::Compose : view.has("process") ? Runner::Process : Runner::None;
}

void readVerify(const StructView& view, WorkspaceUnit& unit)
{
    unit.verifyWindowMs = view.durationMs("window").value_or(-1);
    unit.newTargetsMayFail = view.string("new_targets") == "warn";
    unit.maxNewAlerts = int(view.integer("max_new_alerts").value_or(-1));
    unit.ignoreJobs = strings(view, "ignore_jobs");
}

WorkspaceUnit::Reload reloadOf(const std::string& word)
{
    using Reload = WorkspaceUnit::Reload;
    return word == "http" ? Reload::Http
        : word == "signal" ? Reload::Signal
        : word == "service" ? Reload::Service
        : word == "restart" ? Reload::Restart
        : word == "none" ? Reload::None
                         : Reload::Auto;
}

QStringList resolveHosts(const QStringList& wanted, const Workspace& workspace)
{
    QStringList out;
    for (const WorkspaceHost& host : workspace.hosts) {
        const bool chosen = wanted.isEmpty() || wanted.contains(host.name)
            || std::any_of(host.groups.begin(), host.groups.end(), [&](const QString& group) { return wanted.contains(group); });
        if (chosen)
            out << host.name;
    }
    return out;
}

WorkspaceUnit readUnit(const QString& name, const StructView& view, const Workspace& workspace)
{
    WorkspaceUnit unit;
    unit.name = name;
    unit.component = Config::findComponent(view.string("component"));
    unit.hosts = resolveHosts(strings(view, "hosts"), workspace);
    const auto known = [](std::string_view text) { return QString::fromUtf8(text.data(), qsizetype(text.size())); };
    unit.directory = QDir::cleanPath(view.has("directory") ? str(view, "directory") : known(unit.component->directory));
    unit.symlinkLayout = view.string("layout") == "symlink";
    unit.config = view.has("config") ? str(view, "config") : known(unit.component->config);
    unit.url = QUrl(str(view, "url"));
    unit.user = str(view.structAt("auth"), "user");
    unit.passwordSecret = str(view.structAt("auth"), "password");
    unit.reload = reloadOf(view.string("reload"));
    unit.owner = str(view, "owner");
    unit.group = str(view, "group");
    unit.mode = str(view, "mode");
    unit.purge = view.boolean("purge", true);
    unit.validateOnHost = view.string("validate") != "none";
    readRunner(view, unit);
    readVerify(view.structAt("verify"), unit);
    for (const StructView& each : view.structsAt("files")) {
        WorkspaceFile file;
        file.source = str(each, "source");
        file.target = each.has("target") ? str(each, "target") : file.source;
        file.owner = each.has("owner") ? str(each, "owner") : unit.owner;
        file.group = each.has("group") ? str(each, "group") : unit.group;
        file.mode = each.has("mode") ? str(each, "mode") : unit.mode;
        file.inPlace = each.string("write") == "in-place";
        unit.files.push_back(file);
    }
    return unit;
}

Rollout readRollout(const StructView& view)
{
    Rollout rollout;
    rollout.canary = strings(view, "canary");
    QString batch = str(view, "batch");
    if (batch.endsWith(u'%')) {
        batch.chop(1);
        rollout.batchPercent = batch.toInt();
    } else if (!batch.isEmpty()) {
        rollout.batchHosts = batch.toInt();
    }
    rollout.stopAfter = int(view.integer("stop_after").value_or(1));
    rollout.confirmWithinS = int(view.durationMs("confirm_within").value_or(90'000) / 1000);
    return rollout;
}

std::map<QString, SecretSource> readSecrets(const StructView& root)
{
    std::map<QString, SecretSource> out;
    const Config::FoundValue* map = root.find("secrets");
    if (!map || !map->node->isMapping())
        return out;
    for (const Config::YamlEntry& entry : Config::MapEntries(*map->node, root.dialect)) {
        using Kind = SecretSource::Kind;
        const QString value = Config::text(entry.value->value);
        const QString source = value.section(u':', 0, 0);
        const Kind kind = source == u"file" ? Kind::File : source == u"command" ? Kind::Command : source == u"keychain" ? Kind::Keychain : Kind::Environment;
        out[Config::text(entry.key->value)] = {kind, value.section(u':', 1)};
    }
    return out;
}

Workspace build(const StructView& root, const QString& folder)
{
    Workspace workspace;
    workspace.folder = folder;
    workspace.name = root.has("name") ? str(root, "name") : QFileInfo(folder).fileName();
    for (const auto& [name, view] : namedStructs(root, "hosts"))
        workspace.hosts.push_back(readHost(name, view));
    for (const auto& [name, view] : namedStructs(root, "units"))
        workspace.units.push_back(readUnit(name, view, workspace));
    if (const Config::FoundValue* pairs = root.find("ha_pairs")) {
        for (const Config::YamlItem& pair : pairs->node->items) {
            QStringList names;
            for (const Config::YamlItem& item : pair.value->items)
                names << Config::text(item.value->value);
            workspace.haPairs.push_back(names);
        }
    }
    workspace.rollout = readRollout(root.structAt("rollout"));
    workspace.secrets = readSecrets(root);
    return workspace;
}

Error asError(const QString& path, const Config::Diagnostic& problem)
{
    Error error = makeError(ErrorCode::Schema, problem.message, {}, problem.hint);
    error.where = {path, problem.span.start.line, problem.span.start.column, problem.span.end.line, problem.span.end.column};
    return error;
}

} // namespace

const WorkspaceHost* Workspace::host(const QString& wanted) const
{
    const auto found = std::find_if(hosts.begin(), hosts.end(), [&](const WorkspaceHost& one) { return one.name == wanted; });
    return found == hosts.end() ? nullptr : &*found;
}

const WorkspaceUnit* Workspace::unit(const QString& wanted) const
{
    const auto found = std::find_if(units.begin(), units.end(), [&](const WorkspaceUnit& one) { return one.name == wanted; });
    return found == units.end() ? nullptr : &*found;
}

std::vector<const WorkspaceUnit*> Workspace::unitsOn(const QString& host) const
{
    std::vector<const WorkspaceUnit*> out;
    for (const WorkspaceUnit& unit : units) {
        if (unit.hosts.contains(host))
            out.push_back(&unit);
    }
    return out;
}

QString Workspace::liveFolder(const WorkspaceUnit& unit)
{
    return unit.symlinkLayout ? unit.directory + u"/current"_s : unit.directory;
}

Result<Workspace> readWorkspace(const QString& path)
{
    QFileInfo info(path);
    if (info.isDir()) {
        const QString folder = info.absoluteFilePath();
        info = QFileInfo(folder + u"/promdeck.yaml"_s);
        if (!info.exists())
            info = QFileInfo(folder + u"/promdeck.yml"_s);
        if (!info.exists())
            return makeError(ErrorCode::Io, u"There is no promdeck.yaml in %1"_s.arg(path), {}, u"promdeck adopt makes one from a running host"_s);
    }
    const Result<QByteArray> text = readWholeFile(info.absoluteFilePath());
    if (!text)
        return text.error();
    Config::FileChecker checker({});
    checker.checkText(info.absoluteFilePath(), *text, Config::FileKind::Workspace);
    for (const Config::FileReport& report : checker.reports()) {
        for (const Config::Diagnostic& one : report.diagnostics) {
            if (one.severity == Config::Severity::Error)
                return asError(info.absoluteFilePath(), one);
        }
    }
    const Config::YamlDocument document = Config::YamlDocument::parse({text->constData(), std::size_t(text->size())});
    const Config::SchemaStruct* type = Config::Schema::instance().find("promdeck.Workspace");
    return build(Config::viewOf(*type, document.root(), document.root()->span, Config::YamlDialect::V3), info.absolutePath());
}

} // namespace Promdeck::Deploy
