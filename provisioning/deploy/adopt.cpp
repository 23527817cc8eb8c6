#include "provisioning/deploy/adopt.h"

#include "models/core/files.h"

#include <QDir>
#include <QFile>
#include <QFileInfo>

#include <algorithm>

namespace Promdeck::Deploy {

using namespace Qt::StringLiterals;

namespace {

constexpr qsizetype kMostFiles = 500;

const Config::Component* componentOf(const QByteArray& process, const QList<QByteArray>& args)
{
    if (process == "prometheus")
        return Config::findComponent(args.contains("--agent") || args.contains("--enable-feature=agent") ? "prometheus-agent" : "prometheus");
    if (process == "alertmanager" || process.startsWith("prometheus-aler"))
        return Config::findComponent("alertmanager");
    return Config::findComponent("blackbox_exporter");
}

/// Value of a flag, "--name=value" or "--name value".
QByteArray flag(const QList<QByteArray>& args, const QByteArray& name)
{
    for (qsizetype i = 0; i < args.size(); ++i) {
        if (args[i].startsWith("--" + name + '=') || args[i].startsWith('-' + name + '='))
            return args[i].mid(args[i].indexOf('=') + 1);
        if ((args[i] == "--" + name || args[i] == '-' + name) && i + 1 < args.size())
            return args[i + 1];
    }
    return {};
}

QByteArray urlOf(const QList<QByteArray>& args, const Config::Component& component)
{
    QByteArray address = flag(args, "web.listen-address");
    if (address.isEmpty())
        address = ':' + QByteArray::number(component.port);
    const qsizetype colon = address.lastIndexOf(':');
    QByteArray host = address.left(colon);
    if (host.isEmpty() || host == "0.0.0.0" || host == "[::]")
        host = "127.0.0.1";
    QByteArray prefix = flag(args, "web.route-prefix");
    if (prefix.isEmpty()) {
        const QByteArray external = flag(args, "web.external-url");
        prefix = external.isEmpty() ? QByteArray() : QUrl::fromEncoded(external).path(QUrl::FullyEncoded).toUtf8();
    }
    while (prefix.endsWith('/'))
        prefix.chop(1);
    const QByteArray scheme = flag(args, "web.config.file").isEmpty() ? "http://" : "https://";
    return scheme + host + address.mid(colon) + prefix + '/';
}

bool isConfiguration(const QByteArray& path)
{
    static const QList<QByteArray> ends {".yml", ".yaml", ".json", ".rules", ".rule", ".tmpl"};
    return std::any_of(ends.begin(), ends.end(), [&](const QByteArray& end) { return path.endsWith(end); });
}

/// The files that belong to a component: those of its folder that look like configuration. Another component's main
/// file in the same folder is that one's.
QList<QByteArray> filesOf(const FoundComponent& one, const std::vector<FoundComponent>& all, const UnitSnapshot& snapshot)
{
    QList<QByteArray> out {one.configFile};
    const QByteArray folder = one.configFile.left(one.configFile.lastIndexOf('/') + 1);
    const bool takesFolder = std::none_of(all.begin(), all.end(), [&](const FoundComponent& other) {
        return &other < &one && other.configFile.startsWith(folder) && other.configFile.indexOf('/', folder.size()) < 0;
    });
    for (const QByteArray& path : snapshot.tree) {
        const bool othersMain = std::any_of(all.begin(), all.end(), [&](const FoundComponent& other) { return other.configFile == path; });
        const bool hidden = path.contains("/.") || path.contains("/data/") || path.contains("/chunks_head/") || path.contains("/wal/");
        if (takesFolder && !othersMain && !hidden && isConfiguration(path) && out.size() < kMostFiles)
            out << path;
    }
    return out;
}

QByteArray yamlText(const QByteArray& text)
{
    return '\'' + QByteArray(text).replace('\'', "''") + '\'';
}

} // namespace

Result<std::vector<FoundComponent>> discoverComponents(Host& host, const WorkspaceHost& spec, const CancelToken& cancel)
{
    WorkspaceUnit none;
    none.name = u"discover"_s;
    none.component = Config::findComponent("other");
    HostAgent agent(host, spec, none);
    const Result<AgentAnswer> answer = agent.call("discover", {}, cancel);
    if (!answer)
        return answer.error();
    std::vector<FoundComponent> found;
    const QList<QByteArray> processes = answer->values("found");
    const QList<QByteArray> commands = answer->values("args");
    for (qsizetype i = 0; i < processes.size() && i < commands.size(); ++i) {
        const QList<QByteArray> words = processes[i].split(' ');
        QList<QByteArray> args;
        for (const QByteArray& word : commands[i].split(' ')) {
            QByteArray arg = decodePath(word);
            args << arg;
        }
        FoundComponent one;
        one.pid = words.value(0).toLongLong();
        one.component = componentOf(words.value(1), args);
        one.service = words.value(2) == "-" ? QString() : QString::fromUtf8(words.value(2));
        one.configFile = flag(args, "config.file");
        if (one.configFile.isEmpty())
            one.configFile = QByteArray(one.component->config.data(), qsizetype(one.component->config.size()));
        if (!one.configFile.startsWith('/'))
            one.configFile = decodePath(words.value(3)) + '/' + one.configFile;
        one.configFile = QFile::encodeName(QDir::cleanPath(QFile::decodeName(one.configFile)));
        one.url = urlOf(args, *one.component);
        for (const QByteArray& arg : args) {
            if (arg.startsWith("--web.listen-address=") || (arg.startsWith("--config.file=") && one.match.isEmpty()))
                one.match = arg;
        }
        found.push_back(one);
    }
    return found;
}

Result<AdoptResult> adoptHost(Host& host, const WorkspaceHost& spec, const std::vector<FoundComponent>& found, const QString& folder, const DeployOptions& options,
                              const CancelToken& cancel)
{
    if (QFileInfo::exists(folder + u"/promdeck.yaml"_s))
        return makeError(ErrorCode::Conflict, u"%1 is a workspace already"_s.arg(folder));
    AdoptResult out;
    QByteArray units;
    for (std::size_t i = 0; i < found.size(); ++i) {
        const FoundComponent& one = found[i];
        WorkspaceUnit unit;
        unit.name = QString::fromUtf8(one.component->name.data(), qsizetype(one.component->name.size()));
        const auto same = std::count_if(found.begin(), found.begin() + qptrdiff(i), [&](const FoundComponent& other) { return other.component == one.component; });
        if (same > 0)
            unit.name += u'-' + QString::number(same + 1);
        unit.component = one.component;
        unit.directory = QFileInfo(QFile::decodeName(one.configFile)).path();
        unit.config = QFileInfo(QFile::decodeName(one.configFile)).fileName();
        unit.url = QUrl::fromEncoded(one.url);
        unit.service = one.service;
        unit.match = QString::fromUtf8(one.match);
        unit.runner = one.service.isEmpty() ? WorkspaceUnit::Runner::Process : WorkspaceUnit::Runner::Service;
        HostAgent agent(host, spec, unit);
        const Result<UnitSnapshot> first = agent.inspect({}, cancel);
        if (!first)
            return first.error();
        const QList<QByteArray> paths = filesOf(one, found, *first);
        const Result<UnitSnapshot> snapshot = agent.inspect(paths, cancel);
        if (!snapshot)
            return snapshot.error();
        const Result<std::map<QByteArray, QByteArray>> contents = agent.read(paths, cancel);
        if (!contents)
            return contents.error();
        QByteArray files;
        for (const auto& [path, original] : *contents) {
            QByteArray content = original;
            const int left = extractSecrets(content, unit.name, out.secrets);
            if (left > 0)
                out.notes << u"%1 holds %2 secrets that could not be taken out of the text"_s.arg(QFile::decodeName(path)).arg(left);
            const QString target = QFile::decodeName(path).mid(unit.directory.size() + 1);
            const QString source = unit.name + u'/' + target;
            QDir().mkpath(QFileInfo(folder + u'/' + source).path());
            if (const Status written = writeFileAtomically(folder + u'/' + source, content); !written)
                return written.error();
            out.files << source;
            files += "      - {source: " + yamlText(source.toUtf8()) + ", target: " + yamlText(target.toUtf8()) + "}\n";
        }
        units += "  " + unit.name.toUtf8() + ":\n    component: " + QByteArray(one.component->name.data(), qsizetype(one.component->name.size())) + "\n    directory: "
            + yamlText(unit.directory.toUtf8()) + "\n    config: " + yamlText(unit.config.toUtf8()) + "\n    url: " + one.url + '\n'
            + (one.service.isEmpty() ? "    process: {match: " + yamlText(one.match) + "}\n" : "    service: " + yamlText(one.service.toUtf8()) + '\n') + "    files:\n" + files;
        if (snapshot->release.isEmpty()) {
            const Result<QString> release = adoptUnit(agent, *snapshot, snapshot->files, options, cancel);
            if (!release)
                return release.error();
        }
    }
    QByteArray text = "version: 1\nhosts:\n  " + spec.name.toUtf8() + ":\n    address: " + yamlText(spec.address.toUtf8()) + '\n';
    if (!spec.stateDir.isEmpty())
        text += "    state_dir: " + yamlText(spec.stateDir.toUtf8()) + '\n';
    if (spec.sudo == WorkspaceHost::Sudo::Never)
        text += "    sudo: never\n";
    if (!out.secrets.empty()) {
        text += "secrets:\n";
        for (const auto& [name, value] : out.secrets)
            text += "  " + name.toUtf8() + ": 'keychain:promdeck/" + name.toUtf8() + "'\n";
    }
    text += "units:\n" + units;
    if (const Status written = writeFileAtomically(folder + u"/promdeck.yaml"_s, text); !written)
        return written.error();
    return out;
}

} // namespace Promdeck::Deploy
