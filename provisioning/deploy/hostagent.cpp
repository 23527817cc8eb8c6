#include "provisioning/deploy/hostagent.h"

#include "provisioning/deploy/secretmask.h"
#include "provisioning/host/shellquote.h"

#include <QFile>

namespace Promdeck::Deploy {

using namespace Qt::StringLiterals;

namespace {

QByteArray resource(const QString& name)
{
    QFile file(u":/promdeck/deploy/"_s + name);
    return file.open(QIODevice::ReadOnly) ? file.readAll() : QByteArray();
}

QByteArray viewBytes(std::string_view text)
{
    return {text.data(), qsizetype(text.size())};
}

/// How the unit's component takes new files, the best way first. Only ways that are known to be safe for it.
QByteArray reloadWays(const WorkspaceUnit& unit)
{
    using Reload = WorkspaceUnit::Reload;
    using Runner = WorkspaceUnit::Runner;
    const Config::Component& component = *unit.component;
    const QByteArray hup = unit.runner == Runner::Service ? "servicehup" : unit.runner == Runner::Compose ? "composehup" : "signal";
    const QByteArray restart = unit.runner == Runner::Service ? "restartservice" : unit.runner == Runner::Compose ? "restartcompose" : "restartcommand";
    switch (unit.reload) {
    case Reload::None: return "none";
    case Reload::Restart: return restart;
    case Reload::Http: return "http";
    case Reload::Signal: return hup;
    case Reload::Service: return "service";
    case Reload::Auto: break;
    }
    QByteArrayList ways;
    if (component.reloadsByHttp && !unit.url.isEmpty())
        ways << "http"; // says at once what it thinks of the files
    if (component.survivesHup && unit.runner == Runner::Service)
        ways << "service" << hup;
    else if (component.survivesHup && unit.runner != Runner::None)
        ways << hup;
    if (ways.isEmpty())
        ways << (unit.runner == Runner::None && unit.restart.isEmpty() ? QByteArray("none") : restart);
    return ways.join(' ');
}

LiveFile readFacts(const QList<QByteArray>& words, const QByteArray& path)
{
    // index kind hash mode owner group writable mounted link
    LiveFile file;
    file.path = path;
    file.kind = words.value(1) == "file" ? LiveFile::Kind::File
        : words.value(1) == "folder"     ? LiveFile::Kind::Folder
        : words.value(1) == "other"      ? LiveFile::Kind::Other
                                         : LiveFile::Kind::Absent;
    file.hash = words.value(2);
    file.mode = words.value(3);
    file.owner = words.value(4);
    file.group = words.value(5);
    file.writable = words.value(6) == "yes";
    file.mountPoint = words.value(7) == "yes";
    file.link = words.value(8) == "-" ? QByteArray() : decodePath(words.value(8));
    return file;
}

/// The two "disk" lines: that of our state, then that of the configuration.
struct Disks
{
    int seen = 0;
    QByteArray first; ///< device number
};

void readLine(const QByteArray& line, const QList<QByteArray>& paths, UnitSnapshot& out, Disks& disks)
{
    const QList<QByteArray> words = line.split(' ');
    const QByteArray key = words.value(0);
    const QByteArray rest = line.mid(key.size() + 1);
    if (key == "now") {
        out.now = rest.toLongLong();
    } else if (key == "uid") {
        out.uid = rest.toLongLong();
    } else if (key == "tool") {
        out.tools[words.value(1)] = rest.mid(words.value(1).size() + 1);
    } else if (key == "disk") {
        const bool state = disks.seen++ == 0;
        (state ? out.stateFreeKb : out.liveFreeKb) = words.value(1).toLongLong();
        (state ? out.stateWritable : out.liveWritable) = words.value(2) == "yes";
        if (state)
            disks.first = words.value(3);
        else
            out.sameDisk = disks.first == words.value(3);
    } else if (key == "live") {
        out.liveKind = rest;
    } else if (key == "pid") {
        out.pid = rest.toLongLong();
    } else if (key == "lock") {
        out.lock = HostLock {QString::fromUtf8(words.value(1)), QString::fromUtf8(words.mid(4).join(' ')), words.value(2).toLongLong(), words.value(3).toLongLong()};
    } else if (key == "tx") {
        out.transactions.push_back({QString::fromUtf8(words.value(1)), QString::fromUtf8(words.value(2)), words.value(3).toLongLong(), QString::fromUtf8(words.mid(4).join(' ')).trimmed()});
    } else if (key == "current") {
        out.release = QString::fromUtf8(rest);
    } else if (key == "owned") {
        OwnedFile file {words.value(1).toInt(), decodePath(words.value(6)), words.value(2), words.value(3), words.value(4), words.value(5), {}};
        out.owned.push_back(file);
    } else if (key == "file") {
        out.files.push_back(readFacts(words.mid(1), paths.value(words.value(1).toInt())));
    } else if (key == "have") {
        for (OwnedFile& file : out.owned) {
            if (file.index == words.value(1).toInt())
                file.live = readFacts(words.mid(1), file.path);
        }
    }
}

} // namespace

QByteArray encodePath(const QByteArray& path)
{
    QByteArray out;
    for (const char c : path) {
        const bool plain = (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') || QByteArrayView("._/+=@,:-").contains(c);
        if (plain) {
            out += c;
        } else {
            const auto byte = static_cast<unsigned char>(c);
            out += "\\0";
            out += char('0' + (byte >> 6));
            out += char('0' + ((byte >> 3) & 7));
            out += char('0' + (byte & 7));
        }
    }
    return out;
}

QByteArray decodePath(const QByteArray& encoded)
{
    QByteArray out;
    for (qsizetype i = 0; i < encoded.size(); ++i) {
        if (encoded[i] != '\\' || i + 4 >= encoded.size() || encoded[i + 1] != '0') {
            out += encoded[i];
            continue;
        }
        // "\0" and three digits, as both sides write it
        out += char((encoded[i + 2] - '0') * 64 + (encoded[i + 3] - '0') * 8 + (encoded[i + 4] - '0'));
        i += 4;
    }
    return out;
}

QByteArray agentScript()
{
    static const QByteArray text = resource(u"agent.sh"_s);
    return text;
}

QByteArray rescueScript()
{
    return resource(u"recover.sh"_s);
}

QByteArray rescueReadme()
{
    return resource(u"README"_s);
}

QByteArray AgentAnswer::value(QByteArrayView word) const
{
    return values(word).value(0);
}

QList<QByteArray> AgentAnswer::values(QByteArrayView word) const
{
    QList<QByteArray> found;
    for (const QByteArray& line : out.split('\n')) {
        if (line == word)
            found << QByteArray("");
        else if (line.startsWith(word) && line.at(word.size()) == ' ')
            found << line.mid(word.size() + 1);
    }
    return found;
}

HostAgent::HostAgent(Host& host, const WorkspaceHost& spec, const WorkspaceUnit& unit, SecretValues secrets)
    : m_host(host), m_spec(spec), m_unit(unit), m_secrets(std::move(secrets))
{
    if (!unit.user.isEmpty())
        m_auth = unit.user.toUtf8() + ':' + m_secrets[unit.passwordSecret];
}

QString HostAgent::masked(const QString& text) const
{
    return SecretMask(m_secrets).maskValues(text);
}

Status HostAgent::open(const CancelToken& cancel)
{
    if (m_open)
        return Done {};
    const Result<HostFacts> facts = m_host.facts(cancel);
    if (!facts)
        return facts.error();
    using Root = HostFacts::Root;
    m_asRoot = m_spec.sudo != WorkspaceHost::Sudo::Never && facts->root != Root::None && facts->root != Root::IsRoot;
    if (m_spec.sudo == WorkspaceHost::Sudo::Always && facts->root == Root::None)
        return makeError(ErrorCode::Auth, u"%1 has no sudo, and the workspace asks for root"_s.arg(m_host.name()));
    const bool root = m_asRoot || facts->root == Root::IsRoot;
    m_state = !m_spec.stateDir.isEmpty() ? QFile::encodeName(m_spec.stateDir) : root ? QByteArray("/var/lib/promdeck") : facts->home + "/.local/state/promdeck";
    m_aheadMs = facts->clockAheadMs;
    m_open = true;
    return Done {};
}

QByteArray HostAgent::transactionFolder(const QString& id) const
{
    return m_state + '/' + m_unit.name.toUtf8() + "/tx/" + id.toUtf8();
}

QByteArray HostAgent::conf(const QByteArray& audit) const
{
    const Config::Component& component = *m_unit.component;
    using Runner = WorkspaceUnit::Runner;
    QByteArray url = m_unit.url.toEncoded(QUrl::RemoveUserInfo | QUrl::RemoveQuery | QUrl::RemoveFragment);
    if (!url.isEmpty() && !url.endsWith('/'))
        url += '/';
    const QByteArray live = QFile::encodeName(Workspace::liveFolder(m_unit));
    const QByteArray runner = m_unit.runner == Runner::Service ? "service" : m_unit.runner == Runner::Compose ? "compose" : m_unit.runner == Runner::Process ? "process" : "none";
    const QByteArray check = !m_unit.validateOnHost ? QByteArray() : component.name == "blackbox_exporter" ? QByteArray("blackbox") : viewBytes(component.tool);
    // Whether the process sees what we wrote is asked through /proc: a container may hold on to an older file.
    const QByteArray seenAs = !m_unit.containerConfig.isEmpty() ? QFile::encodeName(m_unit.containerConfig)
        : m_unit.runner == Runner::Compose                      ? viewBytes(component.directory)
        : m_unit.runner == Runner::None                         ? QByteArray()
                                                                : live;
    const std::pair<const char*, QByteArray> values[] {
        {"LAYOUT", m_unit.symlinkLayout ? "symlink" : "inplace"},
        {"LIVE", live},
        {"RUNNER", runner},
        {"SERVICE", m_unit.service.toUtf8()},
        {"COMPOSE_DIR", QFile::encodeName(m_unit.composeDirectory)},
        {"COMPOSE_FILE", QFile::encodeName(m_unit.composeFile)},
        {"COMPOSE_SERVICE", m_unit.composeService.toUtf8()},
        {"PID_FILE", QFile::encodeName(m_unit.pidFile)},
        {"MATCH", m_unit.match.toUtf8()},
        {"URL", url},
        {"RELOAD", reloadWays(m_unit)},
        {"METRIC", viewBytes(component.metricPrefix)},
        {"CHECK", check},
        {"MAIN", QFile::encodeName(m_unit.config)},
        {"AGENT", component.name == "prometheus-agent" ? "yes" : ""},
        {"SEEN_AS", seenAs},
        {"AUDIT", audit},
    };
    QByteArray out;
    for (const auto& [name, value] : values)
        out += QByteArray(name) + '=' + shellQuote(value.isEmpty() ? QByteArray("") : value) + '\n';
    return out;
}

Result<AgentAnswer> HostAgent::call(const QByteArray& verb, const QList<QByteArray>& args, const CancelToken& cancel, std::chrono::milliseconds deadline)
{
    if (const Status opened = open(cancel); !opened)
        return opened.error();
    QByteArray script = conf();
    if (!m_auth.isEmpty())
        script += "PD_AUTH=" + shellQuote(m_auth) + '\n';
    script += agentScript();
    Command how;
    how.asRoot = m_asRoot;
    how.deadline = deadline;
    how.outputLimit = 256 << 20;
    const Result<CommandOutput> output = m_host.runScript(script, QList<QByteArray> {verb, m_state, m_unit.name.toUtf8()} + args, how, cancel);
    if (!output)
        return output.error();
    if (output->exitCode == 126 || output->exitCode == 127)
        return makeError(ErrorCode::Unsupported, u"The host lacks a tool that a deployment needs"_s, QString::fromUtf8(output->standardError.left(500)));
    return AgentAnswer {output->exitCode, output->standardOutput, output->standardError};
}

Result<UnitSnapshot> HostAgent::inspect(const QList<QByteArray>& paths, const CancelToken& cancel)
{
    QList<QByteArray> args;
    for (const QByteArray& path : paths)
        args << encodePath(path);
    const Result<AgentAnswer> answer = call("inspect", args, cancel);
    if (!answer)
        return answer.error();
    if (answer->exitCode != 0)
        return makeError(ErrorCode::RemoteExit, u"The host could not be looked at"_s, QString::fromUtf8(answer->err.left(500)));
    UnitSnapshot out;
    Disks disks;
    const qsizetype treeAt = answer->out.indexOf("\ntree\n");
    for (const QByteArray& line : answer->out.left(treeAt).split('\n'))
        readLine(line, paths, out, disks);
    // Files that were asked for are not told a second time.
    for (OwnedFile& owned : out.owned) {
        for (const LiveFile& live : out.files) {
            if (live.path == owned.path)
                owned.live = live;
        }
    }
    for (HostTransaction& one : out.transactions)
        one.needsYou = masked(one.needsYou);
    out.aheadS = m_aheadMs / 1000;
    const QByteArray live = QFile::encodeName(Workspace::liveFolder(m_unit));
    if (treeAt >= 0) {
        for (const QByteArray& path : answer->out.mid(treeAt + 6).split('\0')) {
            if (path.startsWith(live + "/./"))
                out.tree << live + path.mid(live.size() + 2);
        }
    }
    return out;
}

std::vector<HttpReply> HostAgent::replies(const QByteArray& out)
{
    std::vector<HttpReply> found;
    qsizetype at = out.startsWith("reply ") ? 0 : out.indexOf("\nreply ") + 1;
    while (at >= 0 && QByteArrayView(out).sliced(at).startsWith("reply ")) {
        const qsizetype end = out.indexOf('\n', at);
        const QList<QByteArray> words = out.mid(at, end - at).split(' ');
        const qsizetype length = words.value(2).toLongLong();
        found.push_back({words.value(1).toInt(), out.mid(end + 1, length)});
        at = end + 1 + length + 1;
        if (at >= out.size())
            break;
    }
    return found;
}

Result<std::vector<HttpReply>> HostAgent::get(const QList<QByteArray>& urls, const CancelToken& cancel)
{
    const Result<AgentAnswer> answer = call("get", urls, cancel);
    if (!answer)
        return answer.error();
    std::vector<HttpReply> found = replies(answer->out);
    found.resize(std::size_t(urls.size()));
    return found;
}

Status HostAgent::put(const std::vector<FileEntry>& files, const QByteArray& folder, const CancelToken& cancel)
{
    if (const Status opened = open(cancel); !opened)
        return opened.error();
    return m_host.putFiles(files, folder, m_asRoot, cancel);
}

Result<std::map<QByteArray, QByteArray>> HostAgent::read(const QList<QByteArray>& paths, const CancelToken& cancel)
{
    std::map<QByteArray, QByteArray> out;
    if (paths.isEmpty())
        return out;
    QList<QByteArray> relative;
    for (const QByteArray& path : paths)
        relative << path.mid(1);
    constexpr qint64 kMost = 128LL << 20;
    const Result<std::vector<FileEntry>> files = m_host.getFiles(relative, "/", kMost, m_asRoot, cancel);
    if (!files)
        return files.error();
    for (const FileEntry& file : *files)
        out['/' + file.path] = file.content;
    return out;
}

} // namespace Promdeck::Deploy
