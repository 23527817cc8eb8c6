#include "app/hosts/cmdbackup.h"

#include "app/hosts/backuparguments.h"
#include "app/hosts/backupoutput.h"
#include "app/hosts/backuprestore.h"
#include "app/hosts/backupworkspace.h"
#include "app/hosts/interruption.h"
#include "models/core/background.h"
#include "models/core/clock.h"
#include "models/core/files.h"

#include <QCoreApplication>

#include <algorithm>

namespace Promdeck::Cli {

using namespace Qt::StringLiterals;
using namespace Promdeck::Backup;

namespace {

using Work = Outcome (*)(BackupArguments&, const CancelToken&, const StepReport&);

Outcome create(BackupArguments& arguments, const CancelToken& cancel, const StepReport& report)
{
    const Result<std::vector<BackupJob>> jobs = backupJobs(arguments);
    if (!jobs)
        return failed(jobs.error());
    const Result<ArchiveProtection> protection = arguments.protection();
    if (!protection)
        return failed(protection.error());
    const Result<std::unique_ptr<Repository>> repository = arguments.repository(true);
    if (!repository)
        return failed(repository.error());
    Outcome outcome;
    Json made = Json::array();
    Json errors = Json::array();
    for (const BackupJob& job : *jobs) {
        BackupOptions options;
        options.stack = job.stack;
        options.tags = arguments.values(u"tag"_s);
        options.protection = *protection;
        options.verifyContent = arguments.value(u"verify"_s) != u"hash";
        const Result<BackupRecord> record = runBackup(job.host, job.components, **repository, options, cancel, report);
        if (!record) {
            if (jobs->size() == 1 || record.error().code == ErrorCode::Cancelled)
                return failed(record.error());
            // The other hosts get their backups all the same.
            outcome.exitCode = std::max(outcome.exitCode, exitCodeFor(record.error()));
            outcome.messages << job.host->name() + u": "_s + record.error().toString();
            Json error = errorToJson(record.error());
            error.set(u"host"_s, job.host->name());
            errors.append(error);
            continue;
        }
        outcome.text += listText({*record});
        made.append(recordToJson(*record));
        for (const RecordedComponent& component : record->components) {
            for (const QString& note : component.notes)
                outcome.messages << component.id + u": "_s + note;
        }
    }
    outcome.json = arguments.isSet(u"workspace"_s) ? Json::object({{u"backups"_s, made}, {u"errors"_s, errors}}) : Json::object({{u"backup"_s, made.at(0)}});
    return outcome;
}

Outcome list(BackupArguments& arguments, const CancelToken& cancel, const StepReport&)
{
    const Result<std::unique_ptr<Repository>> repository = arguments.repository();
    if (!repository)
        return failed(repository.error());
    const Result<std::vector<BackupRecord>> backups = loadBackups(**repository, cancel, arguments.value(u"stack"_s));
    if (!backups)
        return failed(backups.error());
    Json all = Json::array();
    for (const BackupRecord& record : *backups)
        all.append(recordToJson(record));
    Outcome outcome {ExitOk, listText(*backups), Json::object({{u"backups"_s, all}}), {}};
    if (backups->empty())
        outcome.messages << u"no backups yet"_s;
    return outcome;
}

/// "2/7": the second of seven parts.
Result<std::pair<int, int>> partFrom(const QString& text)
{
    bool first = false;
    bool second = false;
    const std::pair part(text.section(u'/', 0, 0).toInt(&first), text.section(u'/', 1).toInt(&second));
    if (!first || !second || part.first < 1 || part.first > part.second)
        return makeError(ErrorCode::InvalidArgument, u"--part takes N/T, such as 2/7"_s);
    return part;
}

Outcome verify(BackupArguments& arguments, const CancelToken& cancel, const StepReport& report)
{
    const Result<ArchiveKeys> keys = arguments.keys();
    if (!keys)
        return failed(keys.error());
    const Result<std::unique_ptr<Repository>> repository = arguments.repository();
    if (!repository)
        return failed(repository.error());
    const Result<std::vector<BackupRecord>> backups = loadBackups(**repository, cancel, arguments.value(u"stack"_s));
    if (!backups)
        return failed(backups.error());
    std::vector<BackupRecord> chosen;
    for (const QString& name : arguments.positional()) {
        const Result<BackupRecord> found = findBackup(*backups, name);
        if (!found)
            return failed(found.error());
        chosen.push_back(*found);
    }
    if (arguments.isSet(u"part"_s)) {
        const Result<std::pair<int, int>> part = partFrom(arguments.value(u"part"_s));
        if (!part)
            return failed(part.error());
        for (const BackupRecord& record : *backups) {
            if (isInPart(record.name, part->first, part->second))
                chosen.push_back(record);
        }
    } else if (arguments.positional().isEmpty()) {
        chosen = *backups;
    }
    Outcome outcome;
    Json results = Json::array();
    for (BackupRecord& record : chosen) {
        const Result<Verification> done = verifyBackup(**repository, record, *keys, true, cancel, [&](qint64 at, qint64 total) {
            report(u"verify"_s, record.name, at, total);
        });
        if (!done && done.error().code == ErrorCode::Cancelled)
            return failed(done.error());
        Json row = Json::object({{u"name"_s, record.name}, {u"ok"_s, done.ok()}});
        if (done) {
            row.set(u"how"_s, done->content ? u"content"_s : u"hash"_s);
            outcome.text += u"%1: right%2\n"_s.arg(record.name, done->content ? QString() : u" (its hash; without the key no file was looked at)"_s);
        } else {
            row.set(u"error"_s, errorToJson(done.error()));
            outcome.text += u"%1: NOT right\n"_s.arg(record.name);
            outcome.messages << record.name + u": "_s + done.error().toString();
            outcome.exitCode = std::max(outcome.exitCode, exitCodeFor(done.error()));
        }
        results.append(row);
    }
    outcome.json = Json::object({{u"results"_s, results}});
    return outcome;
}

Outcome prune(BackupArguments& arguments, const CancelToken& cancel, const StepReport&)
{
    const Result<RetentionPolicy> policy = arguments.retention();
    if (!policy)
        return failed(policy.error());
    const Result<std::unique_ptr<Repository>> repository = arguments.repository();
    if (!repository)
        return failed(repository.error());
    const Result<std::vector<BackupRecord>> backups = loadBackups(**repository, cancel, arguments.value(u"stack"_s));
    if (!backups)
        return failed(backups.error());
    const PrunePlan plan = planPrune(*backups, *policy, Clock::system().nowMs(), QTimeZone::systemTimeZone());
    const bool dryRun = arguments.isSet(u"dry-run"_s);
    if (!dryRun) {
        if (const Status done = prune(**repository, plan, cancel); !done)
            return failed(done.error());
    }
    Outcome outcome;
    Json rows = Json::array();
    for (const RetentionDecision& decision : plan.decisions) {
        rows.append(Json::object({{u"name"_s, decision.id}, {u"keep"_s, decision.keep}, {u"reasons"_s, Json::strings(decision.reasons)}}));
        outcome.text += u"%1  %2%3\n"_s.arg(decision.keep ? u"keep  "_s : u"remove"_s, decision.id,
                                           decision.keep ? u"  ("_s + decision.reasons.join(u", "_s) + u')' : QString());
    }
    outcome.text += u"%1 %2 of %3, %4\n"_s.arg(dryRun ? u"would remove"_s : u"removed"_s).arg(plan.removed()).arg(plan.decisions.size()).arg(byteText(plan.freedBytes));
    outcome.json = Json::object({{u"decisions"_s, rows}, {u"removed"_s, plan.removed()}, {u"freedBytes"_s, plan.freedBytes}, {u"dryRun"_s, dryRun}});
    return outcome;
}

/// The schedule of a host: shown, installed, or taken away.
Outcome schedule(BackupArguments& arguments, const CancelToken& cancel, const StepReport&)
{
    const Result<ScheduleSpec> spec = arguments.schedule();
    if (!spec)
        return failed(spec.error());
    const bool cron = arguments.isSet(u"cron"_s);
    Outcome outcome;
    if (arguments.isSet(u"rules"_s)) {
        outcome.text = QString::fromUtf8(freshnessRules(*spec));
        outcome.json = Json::object({{u"rules"_s, outcome.text}});
        return outcome;
    }
    if (arguments.isSet(u"show"_s)) {
        Json files = Json::array();
        for (const ScheduleFile& file : cron ? cronFiles(*spec) : systemdFiles(*spec)) {
            outcome.text += u"# %1\n%2\n"_s.arg(QString::fromUtf8(file.path), QString::fromUtf8(file.content));
            files.append(Json::object({{u"path"_s, QString::fromUtf8(file.path)}, {u"content"_s, QString::fromUtf8(file.content)}, {u"mode"_s, QString::number(file.mode, 8)}}));
        }
        outcome.json = Json::object({{u"files"_s, files}});
        return outcome;
    }
    const Result<std::shared_ptr<Host>> host = arguments.host();
    if (!host)
        return failed(host.error());
    const Result<QStringList> did = arguments.isSet(u"remove"_s) ? removeSchedule(**host, *spec, cancel)
                                                                 : installSchedule(**host, *spec, cron ? ScheduleKind::Cron : ScheduleKind::Automatic, cancel);
    if (!did)
        return failed(did.error());
    outcome.text = did->join(u'\n') + u'\n';
    outcome.json = Json::object({{u"done"_s, Json::strings(*did)}});
    return outcome;
}

Outcome keygen(BackupArguments& arguments, const CancelToken&, const StepReport&)
{
    const QString path = arguments.positional().value(0);
    if (path.isEmpty())
        return failed(makeError(ErrorCode::InvalidArgument, u"Name a file for the secret key; the public one goes beside it"_s));
    if (QFile::exists(path) || QFile::exists(path + u".pub"_s))
        return failed(makeError(ErrorCode::Conflict, u"There is a key already, and without it old backups cannot be read"_s, path));
    const ArchiveKeyPair pair = newArchiveKeyPair();
    if (const Status written = writeFileAtomically(path, secretKeyText(pair.secretKey)); !written)
        return failed(written.error());
    if (const Status written = writeFileAtomically(path + u".pub"_s, publicKeyText(pair.publicKey), kPrivateFile | QFileDevice::ReadGroup | QFileDevice::ReadOther); !written)
        return failed(written.error());
    return {ExitOk, u"%1: the secret key. Keep it where the backups are not.\n%1.pub: the public key, for hosts that make backups.\n"_s.arg(path),
            Json::object({{u"secretKey"_s, path}, {u"publicKey"_s, path + u".pub"_s}}), {}};
}

} // namespace

struct BackupVerb::Action
{
    QString name;
    QString usage;
    void (*addOptions)(QCommandLineParser&);
    Work work;
};

const std::vector<BackupVerb::Action>& BackupVerb::actions()
{
    static const std::vector<Action> all {
        {u"create"_s, u"promdeck backup create --repository PLACE (--workspace FOLDER | --prometheus URL...) [options]"_s,
         [](QCommandLineParser& parser) {
             addSourceOptions(parser);
             parser.addOption({u"tag"_s, u"label of the backup; repeatable"_s, u"TAG"_s});
             parser.addOption({u"passphrase"_s, u"encrypt; where the passphrase comes from: env:VAR, file:PATH, command:LINE, keychain:ENTRY, prompt"_s, u"SECRET"_s});
             parser.addOption({u"public-key"_s, u"encrypt to a public key, so that this host cannot read it again"_s, u"FILE"_s});
             parser.addOption({u"verify"_s, u"content (default: unpack and compare what was stored) or hash"_s, u"HOW"_s});
         },
         &create},
        {u"list"_s, u"promdeck backup list --repository PLACE [--stack NAME] [--json]"_s,
         [](QCommandLineParser& parser) { parser.addOption({u"stack"_s, u"only of this stack"_s, u"NAME"_s}); }, &list},
        {u"verify"_s, u"promdeck backup verify --repository PLACE [NAME|latest]... [--part N/T]"_s,
         [](QCommandLineParser& parser) {
             addKeyOptions(parser);
             parser.addOption({u"stack"_s, u"only of this stack"_s, u"NAME"_s});
             parser.addOption({u"part"_s, u"one of T parts of all backups, so that T runs read everything"_s, u"N/T"_s});
         },
         &verify},
        {u"prune"_s, u"promdeck backup prune --repository PLACE [--keep-daily N]... [--dry-run]"_s,
         [](QCommandLineParser& parser) {
             addRetentionOptions(parser);
             parser.addOption({u"stack"_s, u"only of this stack"_s, u"NAME"_s});
             parser.addOption({u"dry-run"_s, u"say what would be removed, and why the rest is kept"_s});
         },
         &prune},
        {u"restore"_s, u"promdeck backup restore --repository PLACE NAME|latest [--dry-run|--yes] [options]"_s,
         [](QCommandLineParser& parser) {
             addKeyOptions(parser);
             addRestoreOptions(parser);
         },
         &restoreBackup},
        {u"drill"_s, u"promdeck backup drill --repository PLACE [NAME|latest] [options]"_s,
         [](QCommandLineParser& parser) {
             addKeyOptions(parser);
             parser.addOption({u"stack"_s, u"only backups of this stack"_s, u"NAME"_s});
             parser.addOption({u"component"_s, u"Prometheus of the backup (default: the first)"_s, u"ID"_s});
             parser.addOption({u"prometheus-program"_s, u"program to start (default: prometheus)"_s, u"PATH"_s});
             parser.addOption({u"promtool-program"_s, u"program that lists the blocks (default: promtool)"_s, u"PATH"_s});
             parser.addOption({u"folder"_s, u"where to unpack (default: the user's cache)"_s, u"FOLDER"_s});
         },
         &drillBackup},
        {u"schedule"_s, u"promdeck backup schedule NAME --calendar daily [--host HOST] -- promdeck backup create ..."_s,
         [](QCommandLineParser& parser) {
             parser.addOption({u"host"_s, u"host that makes its own backups (default: this machine)"_s, u"HOST"_s});
             parser.addOption({u"calendar"_s, u"hourly, daily, weekly, or HH:MM of each day"_s, u"WHEN"_s});
             parser.addOption({u"user"_s, u"user that makes them (default: root)"_s, u"NAME"_s});
             parser.addOption({u"environment-file"_s, u"file on the host with what env: secrets name"_s, u"PATH"_s});
             parser.addOption({u"metrics"_s, u"folder of node_exporter's textfile collector"_s, u"FOLDER"_s});
             parser.addOption({u"cron"_s, u"cron instead of a systemd timer"_s});
             parser.addOption({u"show"_s, u"print the files, and touch nothing"_s});
             parser.addOption({u"rules"_s, u"print alert rules for old, failed and missing backups"_s});
             parser.addOption({u"remove"_s, u"take the schedule away"_s});
         },
         &schedule},
        {u"keygen"_s, u"promdeck backup keygen FILE"_s, [](QCommandLineParser&) {}, &keygen}};
    return all;
}

BackupVerb::BackupVerb(std::shared_ptr<SecretStore> secrets) : m_secrets(std::move(secrets)) {}

BackupVerb::~BackupVerb() = default;

QString BackupVerb::name() const
{
    return u"backup"_s;
}

QString BackupVerb::summary() const
{
    return u"make, list, verify, prune and restore backups"_s;
}

QString BackupVerb::usage() const
{
    QStringList lines;
    for (const Action& action : actions())
        lines << action.usage;
    return lines.join(u"\n       "_s);
}

void BackupVerb::run(const QStringList& args)
{
    const auto action = std::find_if(actions().begin(), actions().end(), [&](const Action& each) { return each.name == args.value(0); });
    if (action == actions().end()) {
        if (args.value(0) != u"--help")
            return finishWrongUsage(args.isEmpty() ? u"what shall be done?"_s : u"there is no \"%1\""_s.arg(args.first()));
        out(u"usage: "_s + usage() + u"\n       each with --help says more"_s);
        return finish(ExitOk);
    }
    const auto parser = std::make_shared<QCommandLineParser>();
    addRepositoryOptions(*parser);
    action->addOptions(*parser);
    if (!parser->parse(QStringList {u"promdeck backup "_s + action->name} + args.mid(1)))
        return finishWrongUsage(parser->errorText());
    if (parser->isSet(u"help"_s)) {
        parser->setApplicationDescription(u"usage: "_s + action->usage);
        out(parser->helpText());
        return finish(ExitOk);
    }
    const bool json = parser->isSet(u"json"_s);
    const Work work = action->work;
    const auto interruption = std::make_shared<Interruption>();
    runInBackground(
        &m_context,
        [this, parser, work, interruption] {
            ProgressLine progress;
            BackupArguments arguments(*parser, m_secrets);
            Outcome outcome = work(arguments, interruption->token(), progress.report());
            progress.finish();
            return outcome;
        },
        [json, interruption](const Outcome& outcome) {
            for (const QString& message : outcome.messages)
                err(message);
            if (json)
                out(QString::fromUtf8(outcome.json.toUtf8(Json::Format::Indented)));
            else if (!outcome.text.isEmpty())
                outBytes(outcome.text.toUtf8());
            finish(outcome.exitCode);
        });
}

} // namespace Promdeck::Cli
