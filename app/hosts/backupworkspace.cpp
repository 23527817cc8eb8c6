#include "app/hosts/backupworkspace.h"

#include "app/hosts/hostmachines.h"
#include "provisioning/workspace/workspace.h"

namespace Promdeck::Cli {

using namespace Qt::StringLiterals;
using namespace Promdeck::Backup;

namespace {

QString identifier(const QString& name)
{
    QString out;
    for (const QChar c : name.toLower())
        out += (c >= u'a' && c <= u'z') || (c >= u'0' && c <= u'9') || c == u'.' || c == u'_' ? c : u'-';
    return out.startsWith(u'.') ? u'x' + out : out;
}

QString reference(const Deploy::SecretSource& source)
{
    using Kind = Deploy::SecretSource::Kind;
    switch (source.kind) {
    case Kind::Environment:
        return u"env:"_s + source.key;
    case Kind::File:
        return u"file:"_s + source.key;
    case Kind::Command:
        return u"command:"_s + source.key;
    case Kind::Keychain:
        break;
    }
    return u"keychain:"_s + source.key;
}

Result<ComponentSpec> specOf(BackupArguments& arguments, const Deploy::Workspace& workspace, const Deploy::WorkspaceHost& host,
                             const Deploy::WorkspaceUnit& unit)
{
    ComponentSpec spec;
    spec.id = identifier(unit.name);
    spec.name = unit.name;
    spec.kind = unit.component ? QString::fromLatin1(unit.component->name.data(), qsizetype(unit.component->name.size())) : u"files"_s;
    spec.asRoot = host.sudo == Deploy::WorkspaceHost::Sudo::Always || arguments.isSet(u"sudo"_s);
    spec.trees = {{u"config"_s, QFile::encodeName(Deploy::Workspace::liveFolder(unit)), {}, {}}};
    if (unit.url.isEmpty() || (spec.kind != u"prometheus" && spec.kind != u"alertmanager"))
        return spec;
    spec.url = unit.url;
    const Result<std::shared_ptr<HttpTunnel>> tunnel = arguments.tunnelTo(host.address);
    if (!tunnel)
        return tunnel.error();
    spec.http.tunnel = *tunnel;
    if (!unit.user.isEmpty()) {
        const auto source = workspace.secrets.find(unit.passwordSecret);
        const Result<QString> password = source == workspace.secrets.end() ? Result<QString>(QString())
                                                                           : arguments.secret(reference(source->second), u"Password of %1"_s.arg(unit.user));
        if (!password)
            return password.error();
        spec.http.headers.append({"Authorization", "Basic " + (unit.user + u':' + *password).toUtf8().toBase64()});
    }
    if (spec.kind == u"prometheus") {
        const QString how = arguments.isSet(u"tsdb"_s) ? arguments.value(u"tsdb"_s) : u"snapshot"_s;
        spec.tsdb = how == u"blocks" ? ComponentSpec::Tsdb::Blocks : how == u"none" ? ComponentSpec::Tsdb::None : ComponentSpec::Tsdb::Snapshot;
        spec.goldenQueries = arguments.values(u"golden"_s);
        spec.dataFolder = QFile::encodeName(arguments.value(u"prometheus-data"_s));
    }
    return spec;
}

Result<std::vector<BackupJob>> jobsOfWorkspace(BackupArguments& arguments)
{
    const Result<Deploy::Workspace> workspace = Deploy::readWorkspace(arguments.value(u"workspace"_s));
    if (!workspace)
        return workspace.error();
    const Deploy::HostFactory machines = hostMachines();
    const QString only = arguments.value(u"host"_s);
    std::vector<BackupJob> jobs;
    for (const Deploy::WorkspaceHost& host : workspace->hosts) {
        if (!only.isEmpty() && host.name != only)
            continue;
        BackupJob job;
        job.stack = arguments.isSet(u"stack"_s) ? arguments.value(u"stack"_s) : workspace->name;
        for (const Deploy::WorkspaceUnit* unit : workspace->unitsOn(host.name)) {
            Result<ComponentSpec> spec = specOf(arguments, *workspace, host, *unit);
            if (!spec)
                return spec.error();
            job.components.push_back(std::move(*spec));
        }
        if (job.components.empty())
            continue;
        const Result<std::shared_ptr<Host>> machine = machines(host);
        if (!machine)
            return machine.error();
        job.host = *machine;
        jobs.push_back(std::move(job));
    }
    if (jobs.empty())
        return makeError(ErrorCode::InvalidArgument, only.isEmpty() ? u"The workspace has no units on any host"_s : u"The workspace has no units on a host \"%1\""_s.arg(only));
    return jobs;
}

} // namespace

Result<std::vector<BackupJob>> backupJobs(BackupArguments& arguments)
{
    if (arguments.isSet(u"workspace"_s))
        return jobsOfWorkspace(arguments);
    Result<std::vector<ComponentSpec>> components = arguments.components();
    if (!components)
        return components.error();
    const Result<std::shared_ptr<Host>> host = arguments.host();
    if (!host)
        return host.error();
    return std::vector<BackupJob> {{*host, arguments.isSet(u"stack"_s) ? arguments.value(u"stack"_s) : u"default"_s, std::move(*components)}};
}

} // namespace Promdeck::Cli
