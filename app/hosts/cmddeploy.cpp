#include "app/hosts/cmddeploy.h"

#include "app/hosts/consoleprompter.h"
#include "app/hosts/hostmachines.h"
#include "models/core/background.h"
#include "models/core/duration.h"
#include "models/core/json.h"
#include "provisioning/deploy/adopt.h"

#include <QCoreApplication>
#include <QDir>
#include <QSocketNotifier>
#include <QSysInfo>

#include <csignal>
#include <pwd.h>
#include <unistd.h>

#include <array>
#include <cstdio>

namespace Promdeck::Cli {

using namespace Qt::StringLiterals;
using namespace Promdeck::Deploy;

struct DeployVerb::Request
{
    QString target;  ///< workspace; of adopt the address
    QString folder;  ///< of adopt
    QStringList hosts;
    QString release;
    QString planHash;
    QString stateDir;
    QString sudo;
    QString name;
    QString unit;   ///< only this one; empty = all
    QString config; ///< of adopt: only the component with this file
    bool json = false;
    bool yes = false;
    bool list = false;
    bool adopt = false;
    bool merge = false;
    FleetOptions options;
    Workspace workspace;
};

namespace {

std::array<int, 2> interruptPipe {-1, -1};

void onInterrupt(int)
{
    const char byte = 1;
    const ssize_t written = ::write(interruptPipe[1], &byte, 1);
    Q_UNUSED(written)
}

QString whoAmI()
{
    const passwd* entry = ::getpwuid(::getuid());
    const QString user = entry ? QString::fromLocal8Bit(entry->pw_name) : QString::number(::getuid());
    return user + u'@' + QSysInfo::machineHostName();
}

bool anyUnreachable(const DeployPlan& plan)
{
    return std::any_of(plan.units.begin(), plan.units.end(), [](const UnitPlan& one) { return one.unreachable.has_value(); });
}

/// Findings refuse with 1; hosts that cannot be reached are 3.
int refusalCode(const DeployPlan& plan)
{
    return anyUnreachable(plan) ? ExitRemote : plan.refused() ? ExitFindings : ExitOk;
}

bool neverTouched(const FleetReport& report)
{
    return std::all_of(report.hosts.begin(), report.hosts.end(), [](const HostTruth& truth) {
        return std::all_of(truth.units.begin(), truth.units.end(), [](const UnitOutcome& one) {
            return one.ok() || (one.end == UnitOutcome::End::Refused && one.error && (one.error->code == ErrorCode::Conflict || one.error->code == ErrorCode::InvalidArgument));
        });
    });
}

} // namespace

DeployVerb::DeployVerb(Kind kind, std::shared_ptr<SecretStore> secrets) : m_kind(kind), m_secrets(std::move(secrets)) {}
DeployVerb::~DeployVerb() = default;

QString DeployVerb::name() const
{
    switch (m_kind) {
    case Kind::Plan: return u"plan"_s;
    case Kind::Deploy: return u"deploy"_s;
    case Kind::Rollback: return u"rollback"_s;
    case Kind::Drift: return u"drift"_s;
    case Kind::Adopt: break;
    }
    return u"adopt"_s;
}

QString DeployVerb::summary() const
{
    switch (m_kind) {
    case Kind::Plan: return u"what a deployment would change, validated, with nothing touched"_s;
    case Kind::Deploy: return u"configuration to hosts, verified, or back as it was"_s;
    case Kind::Rollback: return u"back to an earlier release of a host"_s;
    case Kind::Drift: return u"what hosts have, run and should have"_s;
    case Kind::Adopt: break;
    }
    return u"a workspace from a running host"_s;
}

QString DeployVerb::usage() const
{
    switch (m_kind) {
    case Kind::Plan: return u"promdeck plan WORKSPACE [--host H]... [--unit U] [--overwrite-edits] [--json]"_s;
    case Kind::Deploy:
        return u"promdeck deploy WORKSPACE [--host H]... [--unit U] [--yes] [--confirm-within 90s] [--plan HASH] [--overwrite-edits]\n"
               "                [--roll-back-all] [--json]"_s;
    case Kind::Rollback: return u"promdeck rollback WORKSPACE --host H [--unit U] [--to RELEASE] [--list] [--yes]\n"
               "                  [--confirm-within 90s] [--json]"_s;
    case Kind::Drift: return u"promdeck drift WORKSPACE [--host H]... [--adopt|--merge] [--json]"_s;
    case Kind::Adopt: break;
    }
    return u"promdeck adopt ADDRESS FOLDER [--name HOST] [--config FILE] [--state-dir DIR]\n"
           "               [--sudo auto|never|always] [--json]"_s;
}

std::optional<QString> DeployVerb::readArguments(const QStringList& args)
{
    m_request = std::make_unique<Request>();
    Request& request = *m_request;
    QStringList words;
    const QHash<QString, bool*> switches {{u"--json"_s, &request.json}, {u"--yes"_s, &request.yes}, {u"--list"_s, &request.list}, {u"--adopt"_s, &request.adopt}, {u"--merge"_s, &request.merge},
                                          {u"--overwrite-edits"_s, &request.options.planning.overwriteEdits}, {u"--roll-back-all"_s, &request.options.rollBackAll}};
    QString within;
    QString host;
    const QHash<QString, QString*> values {{u"--host"_s, &host}, {u"--to"_s, &request.release}, {u"--confirm-within"_s, &within}, {u"--plan"_s, &request.planHash},
                                           {u"--state-dir"_s, &request.stateDir}, {u"--sudo"_s, &request.sudo}, {u"--name"_s, &request.name}, {u"--config"_s, &request.config}, {u"--unit"_s, &request.unit}};
    for (qsizetype i = 0; i < args.size(); ++i) {
        const QString option = args[i].section(u'=', 0, 0);
        if (!args[i].startsWith(u"--")) {
            words << args[i];
        } else if (bool* flag = switches.value(args[i])) {
            *flag = true;
        } else if (QString* value = values.value(option)) {
            if (!args[i].contains(u'=') && i + 1 >= args.size())
                return option + u" needs a value"_s;
            *value = args[i].contains(u'=') ? args[i].section(u'=', 1) : args[++i];
            if (value == &host)
                request.hosts << host;
        } else {
            return u"unknown option "_s + args[i];
        }
    }
    if (words.size() != (m_kind == Kind::Adopt ? 2 : 1))
        return m_kind == Kind::Adopt ? u"needs an address and a folder"_s : u"needs a workspace"_s;
    request.target = words.at(0);
    request.folder = words.value(1);
    if (m_kind == Kind::Rollback && request.hosts.isEmpty())
        return u"needs a host"_s;
    request.options.deploy.who = whoAmI();
    if (!within.isEmpty()) {
        const auto ms = parsePrometheusDuration(within.toStdString());
        if (!ms || *ms < 10'000 || *ms > 1'800'000)
            return u"--confirm-within takes a duration between 10s and 30m"_s;
        request.options.deploy.confirmWithinS = int(*ms / 1000);
    }
    if (m_kind == Kind::Adopt)
        return {};
    const Result<Workspace> workspace = readWorkspace(request.target);
    if (!workspace)
        return workspace.error().toString();
    request.workspace = *workspace;
    if (!request.unit.isEmpty() && !workspace->unit(request.unit))
        return u"the workspace has no unit "_s + request.unit;
    if (within.isEmpty())
        request.options.deploy.confirmWithinS = workspace->rollout.confirmWithinS;
    const Result<QStringList> hosts = selectHosts(*workspace, request.hosts);
    if (!hosts)
        return hosts.error().toString();
    request.hosts = *hosts;
    return {};
}

void DeployVerb::run(const QStringList& args)
{
    if (const std::optional<QString> wrong = readArguments(args))
        return finishWrongUsage(*wrong);
    const bool asks = m_kind == Kind::Deploy || m_kind == Kind::Rollback;
    if (asks && !m_request->yes && !m_request->list && !hasTerminal())
        return finishWrongUsage(u"there is no terminal to ask on: --yes goes ahead"_s);
    m_factory = hostMachines();
    if (m_kind == Kind::Adopt)
        return adopt();
    resolveSecrets(m_request->workspace, m_secrets).then([this](const Result<SecretValues>& values) {
        if (!values) {
            err(u"promdeck: "_s + values.error().toString());
            finish(ExitUsage);
            return;
        }
        begin(*values);
    });
}

void DeployVerb::begin(const SecretValues& secrets)
{
    m_values = secrets;
    m_runner = std::make_unique<DeployRunner>(m_request->workspace, secrets, m_factory);
    DeployRunner* runner = m_runner.get();
    QObject::connect(runner, &DeployRunner::planned, runner, [this](const DeployPlan& plan) { planned(plan); });
    QObject::connect(runner, &DeployRunner::progressed, runner, [this](const DeployEvent& event) { progressed(event); });
    QObject::connect(runner, &DeployRunner::deployed, runner, [this](const FleetReport& report) { deployed(report); });
    QObject::connect(runner, &DeployRunner::drifted, runner, [this](const std::vector<UnitDrift>& drift) { drifted(drift); });
    listenForInterrupts();
    if (m_kind == Kind::Drift)
        runner->drift(m_request->hosts);
    else if (m_kind == Kind::Rollback)
        runner->planRollback(m_request->hosts, m_request->release, m_request->options);
    else
        runner->plan(m_request->hosts, m_request->options);
}

/// Ctrl+C takes back what is not confirmed; without us the host does it by itself.
void DeployVerb::listenForInterrupts()
{
    if (::pipe(interruptPipe.data()) != 0)
        return;
    m_interrupts = std::make_unique<QSocketNotifier>(interruptPipe[0], QSocketNotifier::Read);
    QObject::connect(m_interrupts.get(), &QSocketNotifier::activated, m_runner.get(), [this] {
        char byte = 0;
        const ssize_t got = ::read(interruptPipe[0], &byte, 1);
        Q_UNUSED(got)
        err(u"promdeck: cancelling; what was switched goes back"_s);
        m_runner->cancel();
    });
    std::signal(SIGINT, onInterrupt);
    std::signal(SIGTERM, onInterrupt);
}

void DeployVerb::planned(const DeployPlan& all)
{
    const Request& request = *m_request;
    DeployPlan plan = all;
    if (!request.unit.isEmpty())
        std::erase_if(plan.units, [&](const UnitPlan& one) { return one.unit != request.unit; });
    if (m_kind == Kind::Rollback && request.list) {
        Json::Array hosts;
        for (const UnitPlan& unit : plan.units) {
            QStringList releases;
            for (const HostTransaction& one : unit.snapshot.transactions) {
                if (one.state == u"committed")
                    releases << one.id;
            }
            hosts.push_back(Json::object({{u"host"_s, unit.host}, {u"unit"_s, unit.unit}, {u"current"_s, unit.snapshot.release}, {u"releases"_s, Json::strings(releases)}}));
            if (!request.json)
                out(u"%1 / %2: %3 (now %4)"_s.arg(unit.host, unit.unit, releases.join(u", "_s), unit.snapshot.release));
        }
        if (request.json)
            outBytes(Json::object({{u"units"_s, Json::array(std::move(hosts))}}).toUtf8() + '\n');
        return finish(anyUnreachable(plan) ? ExitRemote : ExitOk);
    }
    const bool only = m_kind == Kind::Plan;
    if (only && request.json)
        outBytes(planToJson(plan).toUtf8(Json::Format::Indented) + '\n');
    else if (only)
        out(planToText(plan).trimmed());
    else
        err(planToText(plan).trimmed());
    if (only)
        return finish(refusalCode(plan));
    const auto end = [&](int code) {
        if (request.json)
            outBytes(Json::object({{u"ok"_s, code == ExitOk}, {u"plan"_s, planToJson(plan)}, {u"hosts"_s, Json::array()}}).toUtf8(Json::Format::Indented) + '\n');
        finish(code);
    };
    if (plan.refused())
        return end(refusalCode(plan));
    if (!plan.changesAnything())
        return end(ExitOk);
    if (!request.planHash.isEmpty() && !QString::fromLatin1(plan.hash()).startsWith(request.planHash)) {
        err(u"promdeck: this is another plan than the one that was approved"_s);
        return end(ExitFindings);
    }
    carryOut(plan);
}

void DeployVerb::carryOut(const DeployPlan& plan)
{
    if (m_request->yes)
        return m_runner->deploy(plan, m_request->options);
    // The terminal is read on a thread of its own, so that Ctrl+C still works.
    runInBackground(
        m_runner.get(), [] { return askTerminal(u"Deploy this? [y/N] "_s, true); },
        [this, plan](const QString& answer) {
            if (answer.trimmed().compare(u"y"_s, Qt::CaseInsensitive) == 0 || answer.trimmed().compare(u"yes"_s, Qt::CaseInsensitive) == 0)
                return m_runner->deploy(plan, m_request->options);
            err(u"promdeck: nothing was changed"_s);
            finish(ExitFindings);
        });
}

void DeployVerb::progressed(const DeployEvent& event)
{
    using State = DeployEvent::State;
    QString line = u"%1 / %2: %3"_s.arg(event.host, event.unit, event.step);
    line += event.state == State::Failed ? u" failed"_s : event.state == State::Done ? u" done"_s : QString();
    if (!event.text.isEmpty())
        line += u": "_s + event.text;
    if (line == m_last)
        return;
    m_last = line;
    err(event.secondsLeft >= 0 ? line + u" (the host goes back in %1 s)"_s.arg(event.secondsLeft) : line);
}

void DeployVerb::deployed(const FleetReport& report)
{
    if (m_request->json)
        outBytes(fleetToJson(report).toUtf8(Json::Format::Indented) + '\n');
    else
        out(fleetToText(report).trimmed());
    finish(report.ok() ? ExitOk : neverTouched(report) ? ExitFindings : ExitRemote);
}

void DeployVerb::drifted(const std::vector<UnitDrift>& drift)
{
    if (m_request->adopt || m_request->merge)
        return takeOver(drift);
    if (m_request->json)
        outBytes(driftToJson(drift).toUtf8(Json::Format::Indented) + '\n');
    else
        out(driftToText(drift).trimmed());
    const bool unreachable = std::any_of(drift.begin(), drift.end(), [](const UnitDrift& one) { return one.unreachable.has_value(); });
    const bool any = std::any_of(drift.begin(), drift.end(), [](const UnitDrift& one) { return one.drifted(); });
    finish(unreachable ? ExitRemote : any ? ExitFindings : ExitOk);
}

/// Brings edits of hosts into the workspace: as they are, or merged with what changed here.
void DeployVerb::takeOver(const std::vector<UnitDrift>& drift)
{
    struct Taken
    {
        QStringList lines;
        bool conflicts = false;
        bool failed = false;
    };
    runInBackground(
        m_runner.get(),
        [drift, workspace = m_request->workspace, values = m_values, factory = m_factory, merge = m_request->merge] {
            Taken taken;
            for (const UnitDrift& unit : drift) {
                const Result<std::shared_ptr<Host>> host = factory(*workspace.host(unit.host));
                if (!host || unit.unreachable) {
                    taken.failed = true;
                    taken.lines << u"%1: %2"_s.arg(unit.host, host ? unit.unreachable->toString() : host.error().toString());
                    continue;
                }
                HostAgent agent(**host, *workspace.host(unit.host), *workspace.unit(unit.unit), values);
                for (const FileTruth& file : unit.files) {
                    using State = FileTruth::State;
                    if (file.state != State::Edited && file.state != State::Conflict && file.state != State::Foreign)
                        continue;
                    const Result<ThreeVersions> versions = readVersions(agent, workspace, values, file.path);
                    if (!versions || file.source.isEmpty()) {
                        taken.lines << u"%1: left alone"_s.arg(QFile::decodeName(file.path));
                        continue;
                    }
                    const Merged merged = merge ? mergeThreeWay(versions->base, versions->mine, versions->theirs) : Merged {versions->theirs, 0};
                    const Status written = takeIntoWorkspace(workspace, file.source, merged.text, values);
                    taken.conflicts = taken.conflicts || merged.conflicts > 0;
                    taken.failed = taken.failed || !written;
                    taken.lines << (written ? u"%1: taken from %2%3"_s.arg(file.source, unit.host, merged.conflicts > 0 ? u", %1 conflicts are marked in it"_s.arg(merged.conflicts) : QString()) : written.error().toString());
                }
            }
            return taken;
        },
        [this](const Taken& taken) {
            for (const QString& line : taken.lines)
                err(line);
            if (m_request->json)
                outBytes(Json::object({{u"conflicts"_s, taken.conflicts}, {u"files"_s, Json::strings(taken.lines)}}).toUtf8() + '\n');
            finish(taken.failed ? ExitRemote : taken.conflicts ? ExitFindings : ExitOk);
        });
}

void DeployVerb::adopt()
{
    WorkspaceHost spec;
    spec.address = m_request->target;
    spec.name = m_request->name.isEmpty() ? (spec.address == u"local" ? u"local"_s : spec.address.section(u'@', -1).section(u':', 0, 0)) : m_request->name;
    spec.stateDir = m_request->stateDir;
    spec.sudo = m_request->sudo == u"never" ? WorkspaceHost::Sudo::Never : m_request->sudo == u"always" ? WorkspaceHost::Sudo::Always : WorkspaceHost::Sudo::Auto;
    const QString folder = QFileInfo(m_request->folder).absoluteFilePath();
    runInBackground(
        qApp,
        [spec, folder, only = QFile::encodeName(m_request->config), factory = m_factory, options = m_request->options.deploy]() -> Result<AdoptResult> {
            const Result<std::shared_ptr<Host>> host = factory(spec);
            if (!host)
                return host.error();
            Result<std::vector<FoundComponent>> found = discoverComponents(**host, spec);
            if (!found)
                return found.error();
            if (!only.isEmpty())
                std::erase_if(*found, [&only](const FoundComponent& one) { return one.configFile != only; });
            if (found->empty())
                return makeError(ErrorCode::NotFound, u"No Prometheus, Alertmanager or blackbox exporter runs there"_s);
            return adoptHost(**host, spec, *found, folder, options);
        },
        [this, folder](const Result<AdoptResult>& result) {
            if (!result) {
                err(u"promdeck: "_s + result.error().toString());
                finish(result.error().code == ErrorCode::Conflict ? ExitUsage : ExitRemote);
                return;
            }
            static constexpr auto keep = [](DeployVerb& self, SecretValues secrets, QString where, AdoptResult adopted) -> QCoro::Task<void> {
                for (const auto& [name, value] : secrets) {
                    const Status kept = co_await self.m_secrets->write(u"promdeck/"_s + name, QString::fromUtf8(value));
                    if (!kept) {
                        self.err(u"promdeck: the secret %1 could not be kept (%2): name another source in promdeck.yaml"_s.arg(name, kept.error().summary));
                        break;
                    }
                }
                for (const QString& note : adopted.notes)
                    self.err(note);
                if (self.m_request->json)
                    self.outBytes(Json::object({{u"workspace"_s, where}, {u"files"_s, Json::strings(adopted.files)}, {u"notes"_s, Json::strings(adopted.notes)}}).toUtf8() + '\n');
                else
                    self.out(u"%1: %2 files adopted"_s.arg(where).arg(adopted.files.size()));
                self.finish(ExitOk);
            };
            keep(*this, result->secrets, folder, *result);
        });
}

} // namespace Promdeck::Cli
