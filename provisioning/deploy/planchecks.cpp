#include "provisioning/deploy/planchecks.h"

#include "models/config/configtext.h"
#include "models/config/filechecker.h"
#include "models/config/targets.h"
#include "models/core/json.h"
#include "provisioning/deploy/textdiff.h"
#include "provisioning/host/shellquote.h"

#include <QDir>
#include <QFile>
#include <QRegularExpression>

#include <algorithm>

namespace Promdeck::Deploy {

using namespace Qt::StringLiterals;
using Config::FileKind;
using Config::Severity;

namespace {

constexpr qint64 kReserveKb = 16 << 10;
constexpr qint64 kSkewS = 5;

void add(UnitPlan& plan, Severity severity, const char* code, const QString& message, const QString& hint = {}, const QString& file = {})
{
    plan.findings.push_back({severity, QString::fromLatin1(code), message, hint, file, 0, 0});
}

QString name(const QByteArray& path)
{
    return QFile::decodeName(path);
}

void checkTools(const WorkspaceUnit& unit, UnitPlan& plan)
{
    for (const char* tool : {"sha256sum", "flock", "tar", "od", "stat", "awk"}) {
        if (!plan.snapshot.has(tool))
            add(plan, Severity::Error, "host/tool", u"The host has no %1, which a deployment needs"_s.arg(QString::fromLatin1(tool)), u"install coreutils, util-linux and tar, or busybox with them"_s);
    }
    using Runner = WorkspaceUnit::Runner;
    if (unit.runner == Runner::Service && !plan.snapshot.has("systemctl"))
        add(plan, Severity::Error, "host/tool", u"The unit is a service, and the host has no systemctl"_s);
    if (unit.runner == Runner::Compose && !plan.snapshot.has("docker"))
        add(plan, Severity::Error, "host/tool", u"The unit runs in compose, and the host has no docker"_s);
    if (!unit.url.isEmpty() && !plan.snapshot.has("curl") && !plan.snapshot.has("wget"))
        add(plan, Severity::Warning, "host/tool", u"The host has neither curl nor wget: bash is tried for asking the component"_s, u"install curl"_s);
}

void checkRoom(UnitPlan& plan)
{
    qint64 bytes = 0;
    for (const RenderedFile& file : plan.files)
        bytes += file.content.size() + 4096;
    const qint64 need = 2 * bytes / 1024 + kReserveKb;
    const auto complain = [&](const char* where, qint64 has) {
        add(plan, Severity::Error, "host/disk-full", u"%1 MB are free %2, and %3 MB are needed"_s.arg(has / 1024).arg(QString::fromLatin1(where)).arg(need / 1024 + 1), u"make room on the host"_s);
    };
    if (plan.snapshot.stateFreeKb < need)
        complain("for Promdeck's own files", plan.snapshot.stateFreeKb);
    else if (plan.snapshot.liveFreeKb < need)
        complain("beside the configuration", plan.snapshot.liveFreeKb);
    if (!plan.snapshot.stateWritable)
        add(plan, Severity::Error, "host/not-writable", u"Promdeck cannot keep its state on the host"_s, u"allow sudo, or set state_dir"_s);
}

void checkLive(const LiveFile& live, bool inPlace, bool symlinkLayout, UnitPlan& plan)
{
    const QString path = name(live.path);
    if (live.kind == LiveFile::Kind::Folder || live.kind == LiveFile::Kind::Other)
        add(plan, Severity::Error, "host/not-a-file", u"%1 is no file on the host"_s.arg(path), {}, path);
    if (live.link == "broken")
        add(plan, Severity::Error, "host/broken-link", u"%1 is a link that leads nowhere"_s.arg(path), {}, path);
    else if (!live.link.isEmpty() && !symlinkLayout)
        add(plan, Severity::Info, "host/link", u"%1 is a link; the file behind it, %2, is replaced and the link stays"_s.arg(path, name(live.link)), {}, path);
    if (live.hash == "unreadable")
        add(plan, Severity::Error, "host/unreadable", u"%1 cannot be read"_s.arg(path), u"allow sudo, or log in as a user who may"_s, path);
    if (!live.writable && !symlinkLayout)
        add(plan, Severity::Error, "host/not-writable", u"The folder of %1 cannot be written to"_s.arg(path), u"allow sudo, or log in as its owner"_s, path);
    if (live.mountPoint && !inPlace)
        add(plan, Severity::Error, "host/single-file-bind", u"%1 is mounted by itself: whoever mounted it would keep the old file after a rename"_s.arg(path),
            u"mount its folder instead, or set write: in-place for it"_s, path);
    else if (live.mountPoint)
        add(plan, Severity::Warning, "host/single-file-bind", u"%1 is mounted by itself and is written in place, which is no single step"_s.arg(path), u"mount its folder instead"_s, path);
}

void checkTransactions(UnitPlan& plan)
{
    for (const HostTransaction& one : plan.snapshot.transactions) {
        if (one.state == u"armed" && one.deadline > plan.snapshot.now)
            add(plan, Severity::Error, "host/armed", u"Transaction %1 is being verified; without a confirmation the host goes back in %2 s"_s.arg(one.id).arg(one.deadline - plan.snapshot.now), u"wait for it"_s);
        else if (one.state == u"armed" || one.state == u"rollingback")
            add(plan, Severity::Warning, "host/open-transaction", u"Transaction %1 was left open; it is rolled back first"_s.arg(one.id));
        if (!one.needsYou.isEmpty())
            add(plan, Severity::Warning, "host/needs-you", u"Transaction %1: %2"_s.arg(one.id, one.needsYou));
    }
    if (const std::optional<HostLock>& lock = plan.snapshot.lock; lock && lock->takenAt + lock->leaseS > plan.snapshot.now)
        add(plan, Severity::Error, "host/locked", u"%1 is deploying to this unit (transaction %2, last heard of %3 s ago)"_s.arg(lock->who, lock->transaction).arg(plan.snapshot.now - lock->takenAt),
            u"wait until it ends; the lock runs out %1 s after the last sign of life"_s.arg(lock->leaseS));
}

/// Files in memory in front of what is known to be on the host.
class CandidateFiles final : public Config::FileSource
{
public:
    CandidateFiles(const UnitPlan& plan, QString live) : m_live(std::move(live) + u'/')
    {
        for (const RenderedFile& file : plan.files)
            m_files[QDir::cleanPath(name(file.path))] = file.content;
        for (const QByteArray& path : plan.snapshot.tree)
            m_others.insert(QDir::cleanPath(name(path)));
        for (const FileChange& change : plan.changes) {
            if (change.action == FileChange::Action::Remove)
                m_others.erase(QDir::cleanPath(name(change.path)));
        }
    }

    [[nodiscard]] Result<QByteArray> read(const QString& path) const override
    {
        const auto found = m_files.find(QDir::cleanPath(path));
        if (found == m_files.end())
            return makeError(ErrorCode::Io, u"%1 is not part of the workspace"_s.arg(path));
        return found->second;
    }

    [[nodiscard]] bool exists(const QString& path) const override
    {
        const QString clean = QDir::cleanPath(path);
        // What lies outside of the unit's folder is not known here: the host's own tool judges it.
        return m_files.contains(clean) || m_others.contains(clean) || !clean.startsWith(m_live);
    }

    [[nodiscard]] QStringList glob(const QString& pattern) const override
    {
        const QRegularExpression expression(QRegularExpression::wildcardToRegularExpression(QDir::cleanPath(pattern)));
        QStringList out;
        for (const auto& [path, content] : m_files) {
            if (expression.match(path).hasMatch())
                out << path;
        }
        return out;
    }

private:
    QString m_live;
    std::map<QString, QByteArray> m_files;
    std::set<QString> m_others;
};

Config::CheckOptions optionsFor(const WorkspaceUnit& unit, const UnitSnapshot& snapshot)
{
    Config::CheckOptions options;
    options.agent = unit.component->name == "prometheus-agent";
    static const QRegularExpression version(u"version (\\d+)\\.(\\d+)"_s);
    for (const char* tool : {"promtool", "amtool"}) {
        const auto found = snapshot.tools.find(tool);
        if (found == snapshot.tools.end())
            continue;
        const QRegularExpressionMatch match = version.match(QString::fromUtf8(found->second));
        if (!match.hasMatch())
            continue;
        const Config::ServerVersion has {match.captured(1).toInt(), match.captured(2).toInt()};
        (tool[0] == 'p' ? options.prometheus : options.alertmanager) = has;
        if (tool[0] == 'p' && found->second.contains("+ds"))
            options.debian = true;
    }
    return options;
}

void takeReport(const Config::FileReport& report, UnitPlan& plan, const SecretMask& mask)
{
    QString file = report.path;
    for (const RenderedFile& one : plan.files) {
        if (QDir::cleanPath(name(one.path)) == QDir::cleanPath(report.path))
            file = one.source;
    }
    for (const Config::Diagnostic& one : report.diagnostics) {
        const bool lint = one.severity != Severity::Error && (one.code.startsWith(u"alerts/") || one.code.startsWith(u"promql/"));
        if (one.severity == Severity::Info || lint)
            continue; // those are for the editor
        plan.findings.push_back({one.severity, one.code, mask.maskValues(one.message), mask.maskValues(one.hint), file, one.span.start.line, one.span.start.column});
    }
}

/// "JOB ADDRESS" of static targets and of discovery files that are part of the texts.
std::set<QString> targetsOf(const QByteArray& main, const QString& folder, const std::map<QByteArray, QByteArray>& files)
{
    std::set<QString> out;
    const Config::YamlDocument document = Config::YamlDocument::parse({main.constData(), std::size_t(main.size())});
    const Config::SchemaStruct* type = Config::Schema::instance().find("prometheus.Config");
    if (!document.ok() || !document.root() || !type)
        return out;
    const Config::StructView root = Config::viewOf(*type, document.root(), document.root()->span, Config::YamlDialect::V2);
    for (const Config::StructView& scrape : root.structsAt("scrape_configs")) {
        const QString job = Config::text(scrape.string("job_name"));
        const auto take = [&](const std::vector<Config::TargetGroup>& groups) {
            for (const Config::TargetGroup& group : groups) {
                for (const Config::GroupTarget& target : group.targets)
                    out.insert(job + u' ' + Config::text(target.address));
            }
        };
        take(Config::targetGroupsOf(scrape.structsAt("static_configs")));
        for (const Config::StructView& discovery : scrape.structsAt("file_sd_configs")) {
            for (const Config::FoundValue& pattern : discovery.listAt("files")) {
                const QString full = QDir::cleanPath(Config::resolvePath(folder, Config::text(pattern.node->value)));
                const QRegularExpression expression(QRegularExpression::wildcardToRegularExpression(full));
                for (const auto& [path, content] : files) {
                    if (expression.match(QDir::cleanPath(name(path))).hasMatch())
                        take(Config::targetGroupsIn(content));
                }
            }
        }
    }
    return out;
}

/// Expressions of alerts that are new, or whose expression changed.
std::vector<std::pair<QString, QString>> newAlerts(const UnitPlan& plan)
{
    std::vector<std::pair<QString, QString>> out;
    for (const FileChange& change : plan.changes) {
        for (const SemanticChange& one : change.semantic) {
            const bool counts = one.what == u"alert" && (one.kind == SemanticChange::Kind::Added || (one.kind == SemanticChange::Kind::Changed && one.keys.contains(u"expr")));
            if (!counts)
                continue;
            for (const RenderedFile& file : plan.files) {
                if (file.path != change.path)
                    continue;
                const Config::YamlDocument document = Config::YamlDocument::parse({file.content.constData(), std::size_t(file.content.size())});
                const Config::SchemaStruct* type = Config::Schema::instance().find("rules.RuleGroups");
                const Config::StructView root = Config::viewOf(*type, document.root(), {}, Config::YamlDialect::V3);
                for (const Config::StructView& group : root.structsAt("groups")) {
                    for (const Config::StructView& rule : group.structsAt("rules")) {
                        if (Config::text(group.string("name")) + u'/' + Config::text(rule.string("alert")) == one.name)
                            out.emplace_back(one.name, Config::text(rule.string("expr")));
                    }
                }
            }
        }
    }
    return out;
}

void countFiring(HostAgent& agent, UnitPlan& plan, const CancelToken& cancel)
{
    constexpr std::size_t kMostAsked = 200;
    std::vector<std::pair<QString, QString>> alerts = newAlerts(plan);
    if (alerts.empty())
        return;
    if (alerts.size() > kMostAsked)
        alerts.resize(kMostAsked);
    QByteArray base = agent.unit().url.toEncoded();
    if (!base.endsWith('/'))
        base += '/';
    QList<QByteArray> urls;
    for (const auto& [alert, expression] : alerts)
        urls << base + "api/v1/query?query=" + QUrl::toPercentEncoding(expression);
    const Result<std::vector<HttpReply>> replies = agent.get(urls, cancel);
    if (!replies)
        return;
    for (std::size_t i = 0; i < alerts.size(); ++i) {
        const Result<Json> answer = Json::parse((*replies)[i].body);
        if (!answer || (*replies)[i].status != 200)
            continue;
        const Json& data = (*answer)[u"data"];
        const int series = data[u"resultType"].toString() == u"vector" ? int(data[u"result"].size()) : 0;
        if (series > 0)
            plan.blast.wouldFire.push_back({alerts[i].first, series});
    }
}

} // namespace

QByteArray unifiedDiffOf(SecretMask& mask, const QByteArray& before, const QByteArray& after)
{
    const QByteArray a = mask.mask(before);
    const QByteArray b = mask.mask(after);
    return a == b && before != after ? QByteArray("@@ only hidden values or line ends differ @@\n") : unifiedDiff(a, b);
}

std::vector<FileEntry> stagedFiles(const HostAgent& agent, const UnitPlan& plan, const QByteArray& audit, bool withRescue)
{
    std::vector<FileEntry> out;
    QByteArray sums;
    for (std::size_t i = 0; i < plan.files.size(); ++i) {
        const QByteArray place = "stage/" + QByteArray::number(qulonglong(i));
        sums += plan.files[i].hash() + "  " + place + '\n';
        if (plan.fromRelease.isEmpty() || !withRescue)
            out.push_back({place, plan.files[i].content, 0600});
    }
    out.push_back({"SHA256SUMS", sums, 0600});
    out.push_back({"files", manifestLines(plan), 0600});
    out.push_back({"plan", planLines(plan), 0600});
    if (withRescue) {
        out.push_back({"agent.sh", agentScript(), 0600});
        out.push_back({"recover.sh", rescueScript(), 0600});
        out.push_back({"README", rescueReadme(), 0600});
        QList<QByteArray> restart;
        for (const QString& word : agent.unit().restart)
            restart << word.toUtf8();
        if (!restart.isEmpty())
            out.push_back({"restart", "exec " + shellQuote(restart) + '\n', 0600});
    }
    // The settings come last: what has them is complete.
    out.push_back({"conf", agent.conf(audit), 0600});
    return out;
}

void checkHost(const WorkspaceUnit& unit, UnitPlan& plan)
{
    checkTools(unit, plan);
    checkTransactions(plan);
    if (plan.changes.empty())
        return;
    checkRoom(plan);
    for (std::size_t i = 0; i < plan.files.size(); ++i) {
        const bool changes = std::any_of(plan.changes.begin(), plan.changes.end(), [&](const FileChange& change) { return change.path == plan.files[i].path; });
        if (changes)
            checkLive(plan.snapshot.files[i], plan.files[i].inPlace, unit.symlinkLayout, plan);
    }
    for (const OwnedFile& owned : plan.snapshot.owned) {
        const bool removed = std::any_of(plan.changes.begin(), plan.changes.end(), [&](const FileChange& change) { return change.path == owned.path && change.action == FileChange::Action::Remove; });
        if (removed)
            checkLive(owned.live, false, unit.symlinkLayout, plan);
    }
    if (unit.symlinkLayout && plan.snapshot.liveKind != "link" && plan.snapshot.liveKind != "absent")
        add(plan, Severity::Error, "host/layout", u"%1 is no link, which the symlink layout needs"_s.arg(Workspace::liveFolder(unit)), u"move the folder away once, or use layout: in-place"_s);
    if (std::abs(plan.snapshot.aheadS) > kSkewS)
        add(plan, Severity::Warning, "host/clock", u"The host's clock is %1 s %2; deadlines go by it"_s.arg(std::abs(plan.snapshot.aheadS)).arg(plan.snapshot.aheadS > 0 ? u"ahead"_s : u"behind"_s));
    if (unit.runner != WorkspaceUnit::Runner::None && plan.snapshot.pid == 0)
        add(plan, Severity::Warning, "host/not-running", u"The component does not seem to run"_s);
    if (!unit.url.isEmpty() && !plan.server.answers)
        add(plan, Severity::Warning, "server/no-answer", u"%1 does not answer on the host"_s.arg(unit.url.toString()), u"without it, only the process can be watched after the switch"_s);
}

void checkWithEngine(const WorkspaceUnit& unit, UnitPlan& plan, const SecretValues& secrets)
{
    const SecretMask mask(secrets);
    const QString live = Workspace::liveFolder(unit);
    const CandidateFiles source(plan, live);
    Config::FileChecker checker(optionsFor(unit, plan.snapshot), &source);
    const QString main = QDir::cleanPath(live + u'/' + unit.config);
    const auto mainFile = std::find_if(plan.files.begin(), plan.files.end(), [&](const RenderedFile& file) { return QDir::cleanPath(name(file.path)) == main; });
    if (mainFile != plan.files.end() && unit.component->kind != FileKind::Unknown)
        checker.checkText(main, mainFile->content, unit.component->kind);
    for (const RenderedFile& file : plan.files) {
        const QString path = QDir::cleanPath(name(file.path));
        const FileKind kind = kindOfContent(file.path, file.content);
        const bool ours = kind == FileKind::Rules || kind == FileKind::FileSd || kind == FileKind::Web || kind == FileKind::Prometheus || kind == FileKind::Alertmanager || kind == FileKind::Blackbox;
        if (ours && Config::mayBeConfig(path) && !checker.wasChecked(path))
            checker.checkText(path, file.content, kind);
    }
    for (const Config::FileReport& report : checker.reports())
        takeReport(report, plan, mask);
}

void checkOnHost(HostAgent& agent, UnitPlan& plan, const SecretValues& secrets, const CancelToken& cancel)
{
    const SecretMask mask(secrets);
    if (!agent.unit().validateOnHost || (agent.unit().component->tool.empty() && agent.unit().component->name != "blackbox_exporter"))
        return;
    const QByteArray main = QFile::encodeName(QDir::cleanPath(Workspace::liveFolder(agent.unit()) + u'/' + agent.unit().config));
    const bool ours = std::any_of(plan.files.begin(), plan.files.end(), [&](const RenderedFile& file) { return file.path == main; });
    const bool goes = std::any_of(plan.changes.begin(), plan.changes.end(), [&](const FileChange& change) { return change.path == main && change.action == FileChange::Action::Remove; });
    if (!ours && (goes || !plan.snapshot.tree.contains(main))) {
        add(plan, Severity::Warning, "host/no-main-file", u"The component is left without %1"_s.arg(name(main)));
        return;
    }
    const Result<AgentAnswer> scratch = agent.call("scratch", {}, cancel);
    if (!scratch || scratch->exitCode != 0) {
        add(plan, Severity::Error, "host/scratch", u"The host has no room for a candidate"_s);
        return;
    }
    const QByteArray folder = scratch->out.trimmed();
    const Status put = agent.put(stagedFiles(agent, plan, {}, false), folder, cancel);
    Result<AgentAnswer> answer = makeError(ErrorCode::Io, u"The candidate could not be sent"_s);
    if (put)
        answer = agent.call("validate", {folder}, cancel);
    else
        answer = put.error();
    const Result<AgentAnswer> cleaned = agent.call("unscratch", {folder});
    Q_UNUSED(cleaned)
    if (!answer) {
        plan.unreachable = answer.error();
        return;
    }
    const QByteArray how = answer->value("checked");
    const QByteArray code = answer->value("rc");
    const QString tool = QString::fromUtf8(agent.unit().component->tool.data(), qsizetype(agent.unit().component->tool.size()));
    const qsizetype outputAt = answer->out.indexOf("\nrc " + code + '\n') + 5 + code.size();
    const QString output = mask.maskValues(QString::fromUtf8(answer->out.mid(outputAt).left(4000)).trimmed());
    if (answer->exitCode != 0)
        add(plan, Severity::Error, "host/validation", u"The candidate could not be checked on the host"_s, mask.maskValues(QString::fromUtf8(answer->err.left(500))).trimmed());
    else if (how == "notool")
        add(plan, Severity::Warning, "host/no-tool", u"%1 is not on the host; the candidate was checked by Promdeck alone"_s.arg(tool.isEmpty() ? u"the exporter's program"_s : tool), u"install it there"_s);
    else if (how == "toolarge")
        add(plan, Severity::Warning, "host/large-folder", u"The configuration's folder is too large to be checked as a whole on the host"_s);
    else if (how == "noimage")
        add(plan, Severity::Warning, "host/no-container", u"The container does not run, so that its image could not check the candidate"_s);
    else if (!code.isEmpty() && code != "0")
        add(plan, Severity::Error, "host/validation", u"The host's own %1 refuses the candidate"_s.arg(tool), output);
    if (how == "bind" || how == "tree" || how == "container")
        plan.validatedBy = (tool.isEmpty() ? u"blackbox_exporter"_s : tool) + (how == "bind" ? u" at the final path"_s : how == "tree" ? u" beside the final path"_s : u" in the container's image"_s);
    if (how == "tree" && code == "0")
        add(plan, Severity::Info, "host/absolute-paths", u"Checked beside its final path: absolute paths in it were not followed into the candidate"_s);
}

void estimateBlast(HostAgent& agent, UnitPlan& plan, const std::map<QByteArray, QByteArray>& old, const CancelToken& cancel)
{
    BlastRadius& blast = plan.blast;
    for (const FileChange& change : plan.changes) {
        for (const SemanticChange& one : change.semantic) {
            using Kind = SemanticChange::Kind;
            if (one.what == u"job")
                (one.kind == Kind::Added ? blast.jobsAdded : one.kind == Kind::Removed ? blast.jobsRemoved : blast.jobsChanged) << one.name;
            if (one.what == u"alert" || one.what == u"record")
                ++(one.kind == Kind::Added ? blast.rulesAdded : one.kind == Kind::Removed ? blast.rulesRemoved : blast.rulesChanged);
        }
    }
    if (agent.unit().component->kind != FileKind::Prometheus || !plan.server.answers)
        return;
    blast.known = true;
    const QString main = QDir::cleanPath(Workspace::liveFolder(agent.unit()) + u'/' + agent.unit().config);
    const QString folder = main.section(u'/', 0, -2);
    std::map<QByteArray, QByteArray> after;
    for (const RenderedFile& file : plan.files)
        after[file.path] = file.content;
    // Files that stay are the same on both sides.
    std::map<QByteArray, QByteArray> before = after;
    for (const FileChange& change : plan.changes)
        before.erase(change.path);
    for (const auto& [path, content] : old)
        before[path] = content;
    const QByteArray mainPath = QFile::encodeName(main);
    const std::set<QString> was = targetsOf(before[mainPath], folder, before);
    const std::set<QString> is = targetsOf(after[mainPath], folder, after);
    for (const QString& target : is) {
        if (!was.contains(target))
            blast.targetsAdded << target;
    }
    for (const QString& target : was) {
        if (!is.contains(target))
            blast.targetsLost << target;
    }
    for (const QString& job : blast.jobsRemoved) {
        if (const auto health = plan.server.health.find(job); health != plan.server.health.end())
            blast.targetsLostUp += health->second.up;
    }
    countFiring(agent, plan, cancel);
}

} // namespace Promdeck::Deploy
