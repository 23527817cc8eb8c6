#include "app/hosts/backuprestore.h"

#include "app/cli/verb.h"
#include "app/hosts/consoleprompter.h"
#include "provisioning/backup/archivereader.h"
#include "provisioning/backup/drill.h"

#include <QDir>

namespace Promdeck::Cli {

using namespace Qt::StringLiterals;
using namespace Promdeck::Backup;

namespace {

Json goldenToJson(const std::vector<GoldenResult>& golden)
{
    Json out = Json::array();
    for (const GoldenResult& result : golden)
        out.append(Json::object({{u"component"_s, result.component}, {u"expr"_s, result.expr}, {u"same"_s, result.same}, {u"detail"_s, result.detail}}));
    return out;
}

Json previewToJson(const RestorePreview& preview)
{
    Json trees = Json::array();
    for (const RestorePreview::Tree& tree : preview.trees)
        trees.append(Json::object({{u"component"_s, tree.component}, {u"tree"_s, tree.tree}, {u"target"_s, bytesToText(tree.live)},
                                   {u"wholeFolder"_s, tree.wholeFolder}, {u"files"_s, tree.files}, {u"bytes"_s, tree.bytes},
                                   {u"added"_s, qint64(tree.addedCount)}, {u"changed"_s, qint64(tree.changedCount)},
                                   {u"removed"_s, qint64(tree.removedCount)}, {u"addedFiles"_s, Json::strings(tree.added)},
                                   {u"changedFiles"_s, Json::strings(tree.changed)}, {u"removedFiles"_s, Json::strings(tree.removed)}}));
    return Json::object({{u"trees"_s, trees}, {u"lossFromMs"_s, preview.lossFromMs}, {u"lossUntilMs"_s, preview.lossUntilMs},
                         {u"notes"_s, Json::strings(preview.notes)}, {u"refused"_s, preview.refused ? errorToJson(*preview.refused) : Json()}});
}

QString previewText(const RestorePreview& preview)
{
    constexpr qsizetype kShown = 20;
    QString out;
    for (const RestorePreview::Tree& tree : preview.trees) {
        out += u"%1/%2 -> %3 (%4): %5 files, %6\n"_s.arg(tree.component, tree.tree, bytesToText(tree.live),
                                                       tree.wholeFolder ? u"the whole folder"_s : u"file by file"_s)
                   .arg(tree.files)
                   .arg(byteText(tree.bytes));
        for (const auto& [sign, names, count] : {std::tuple(u"+"_s, tree.added, tree.addedCount), std::tuple(u"~"_s, tree.changed, tree.changedCount),
                                                 std::tuple(u"-"_s, tree.removed, tree.removedCount)}) {
            for (const QString& name : names.mid(0, kShown))
                out += u"    %1 %2\n"_s.arg(sign, name);
            if (count > kShown)
                out += u"    %1 and %2 more\n"_s.arg(sign).arg(count - kShown);
        }
    }
    if (preview.lossFromMs > 0)
        out += u"samples between %1 and %2 would be lost\n"_s.arg(timeText(preview.lossFromMs), timeText(preview.lossUntilMs));
    for (const QString& note : preview.notes)
        out += u"note: "_s + note + u'\n';
    return out;
}

Outcome restoreOutcome(const RestoreReport& report)
{
    Outcome outcome;
    Json swapped = Json::array();
    for (const RestoreSwap& swap : report.swapped)
        swapped.append(Json::object({{u"component"_s, swap.component}, {u"live"_s, bytesToText(swap.live)}, {u"old"_s, bytesToText(swap.old)}}));
    outcome.json = Json::object({{u"restored"_s, !report.failure.has_value()}, {u"undone"_s, report.undone},
                                 {u"failure"_s, report.failure ? errorToJson(*report.failure) : Json()}, {u"swapped"_s, swapped},
                                 {u"golden"_s, goldenToJson(report.golden)},
                                 {u"silences"_s, Json::object({{u"added"_s, report.silencesAdded}, {u"there"_s, report.silencesThere}, {u"expired"_s, report.silencesExpired}})},
                                 {u"notes"_s, Json::strings(report.notes)}, {u"seconds"_s, report.seconds}});
    if (report.failure) {
        outcome.exitCode = ExitFindings;
        outcome.messages << report.failure->toString() << u"the old state is back"_s;
    }
    QStringList olds;
    for (const RestoreSwap& swap : report.swapped) {
        if (!swap.old.isEmpty())
            olds << bytesToText(swap.old);
    }
    for (const QString& old : olds.mid(0, 20))
        outcome.text += u"kept, until you remove it: %1\n"_s.arg(old);
    for (const GoldenResult& result : report.golden)
        outcome.text += u"%1: %2\n"_s.arg(result.expr, result.same ? u"as at the time of the backup"_s : u"NOT as at the time of the backup"_s);
    if (report.silencesAdded + report.silencesThere + report.silencesExpired > 0)
        outcome.text += u"silences: %1 put back, %2 were there, %3 are over\n"_s.arg(report.silencesAdded).arg(report.silencesThere).arg(report.silencesExpired);
    for (const QString& note : report.notes)
        outcome.text += u"note: "_s + note + u'\n';
    if (!report.failure)
        outcome.text += u"restored in %1 s\n"_s.arg(report.seconds, 0, 'f', 1);
    return outcome;
}

bool isChosen(const ManifestFile& file, const RestoreOptions& options)
{
    const auto below = [&](const QByteArray& folder) { return file.path == folder || file.path.startsWith(folder + '/'); };
    const bool component = options.components.isEmpty()
        || std::any_of(options.components.begin(), options.components.end(), [&](const QString& id) { return below(id.toUtf8()); });
    return component && (options.paths.isEmpty() || std::any_of(options.paths.begin(), options.paths.end(), below));
}

/// --extract and --contents: reads the archive, and touches no host.
Outcome unpackHere(BackupArguments& arguments, Repository& repository, const BackupRecord& record, const ArchiveKeys& keys,
                   const RestoreOptions& options, const CancelToken& cancel, const StepReport& report)
{
    const Result<std::unique_ptr<ByteSource>> source = repository.open(record.name + kBackupSuffix, cancel);
    if (!source)
        return failed(source.error());
    ArchiveReader reader(**source);
    if (const Status opened = reader.open(keys); !opened)
        return failed(opened.error());
    Outcome outcome;
    Json files = Json::array();
    for (const ManifestFile& file : reader.manifest().files) {
        if (!isChosen(file, options))
            continue;
        outcome.text += u"%1  %2\n"_s.arg(file.size, 12).arg(bytesToText(file.path));
        files.append(Json::object({{u"path"_s, bytesToText(file.path)}, {u"size"_s, file.size}, {u"sha256"_s, QString::fromLatin1(file.sha256)}}));
    }
    outcome.json = Json::object({{u"files"_s, files}});
    if (!arguments.isSet(u"extract"_s))
        return outcome;
    const QString folder = QDir::cleanPath(QDir::current().absoluteFilePath(arguments.value(u"extract"_s)));
    if (QFileInfo::exists(folder))
        return failed(makeError(ErrorCode::InvalidArgument, u"The folder to unpack into is there already"_s, folder));
    ExtractingVisitor visitor([&](const ManifestFile& file) {
        return isChosen(file, options) ? QFile::encodeName(folder) + '/' + file.path : QByteArray();
    });
    Status read = reader.readAll(&visitor, cancel, [&](qint64 done, qint64 total) { report(u"unpack"_s, record.name, done, total); });
    if (read)
        read = visitor.finish();
    if (!read) {
        // Half a backup looks like a whole one.
        QDir(folder).removeRecursively();
        return failed(read.error());
    }
    outcome.text = u"unpacked %1 files into %2\n"_s.arg(visitor.count()).arg(folder);
    return outcome;
}

struct Chosen
{
    std::unique_ptr<Repository> repository;
    ArchiveKeys keys;
    BackupRecord record;
};

Result<Chosen> choose(BackupArguments& arguments, const CancelToken& cancel)
{
    Chosen chosen;
    Result<ArchiveKeys> keys = arguments.keys();
    if (!keys)
        return keys.error();
    chosen.keys = std::move(*keys);
    Result<std::unique_ptr<Repository>> repository = arguments.repository();
    if (!repository)
        return repository.error();
    chosen.repository = std::move(*repository);
    const Result<std::vector<BackupRecord>> backups = loadBackups(*chosen.repository, cancel, arguments.value(u"stack"_s));
    if (!backups)
        return backups.error();
    Result<BackupRecord> record = findBackup(*backups, arguments.positional().value(0, u"latest"_s));
    if (!record)
        return record.error();
    chosen.record = std::move(*record);
    return chosen;
}

} // namespace

Outcome restoreBackup(BackupArguments& arguments, const CancelToken& cancel, const StepReport& report)
{
    if (arguments.positional().size() != 1)
        return failed(makeError(ErrorCode::InvalidArgument, u"Name the backup to restore, or \"latest\""_s));
    const Result<RestoreOptions> options = arguments.restore();
    if (!options)
        return failed(options.error());
    const Result<Chosen> chosen = choose(arguments, cancel);
    if (!chosen)
        return failed(chosen.error());
    if (arguments.isSet(u"extract"_s) || arguments.isSet(u"contents"_s))
        return unpackHere(arguments, *chosen->repository, chosen->record, chosen->keys, *options, cancel, report);
    const Result<std::shared_ptr<Host>> host = arguments.host();
    if (!host)
        return failed(host.error());
    const bool sure = arguments.isSet(u"yes"_s);
    if (!sure || arguments.isSet(u"dry-run"_s)) {
        const Result<RestorePreview> preview = previewRestore(**host, *chosen->repository, chosen->record, chosen->keys, *options, cancel);
        if (!preview)
            return failed(preview.error());
        Outcome outcome {preview->refused ? ExitFindings : ExitOk, previewText(*preview), Json::object({{u"preview"_s, previewToJson(*preview)}}), {}};
        if (preview->refused)
            outcome.messages << preview->refused->toString();
        if (preview->refused || arguments.isSet(u"dry-run"_s))
            return outcome;
        if (!hasTerminal()) {
            outcome.exitCode = ExitFindings;
            outcome.messages << u"nothing was changed; --yes does it"_s;
            return outcome;
        }
        if (askTerminal(outcome.text + u"\nRestore %1 to %2? Type yes: "_s.arg(chosen->record.name, (*host)->name()), true).trimmed() != u"yes") {
            outcome.exitCode = ExitFindings;
            outcome.messages << u"nothing was changed"_s;
            return outcome;
        }
    }
    const Result<RestoreReport> done = runRestore(**host, *chosen->repository, chosen->record, chosen->keys, *options, cancel, report);
    return done ? restoreOutcome(*done) : failed(done.error());
}

Outcome drillBackup(BackupArguments& arguments, const CancelToken& cancel, const StepReport& report)
{
    const Result<Chosen> chosen = choose(arguments, cancel);
    if (!chosen)
        return failed(chosen.error());
    DrillOptions options;
    options.component = arguments.value(u"component"_s);
    options.folder = arguments.value(u"folder"_s);
    if (arguments.isSet(u"prometheus-program"_s))
        options.prometheusProgram = arguments.value(u"prometheus-program"_s);
    if (arguments.isSet(u"promtool-program"_s))
        options.promtoolProgram = arguments.value(u"promtool-program"_s);
    const Result<DrillReport> drill = runDrill(*chosen->repository, chosen->record, chosen->keys, options, cancel, report);
    if (!drill)
        return failed(drill.error());
    Outcome outcome;
    outcome.exitCode = drill->passed ? ExitOk : ExitFindings;
    outcome.json = Json::object({{u"backup"_s, chosen->record.name}, {u"component"_s, drill->component}, {u"passed"_s, drill->passed},
                                 {u"failure"_s, drill->failure ? errorToJson(*drill->failure) : Json()}, {u"unpackSeconds"_s, drill->unpackSeconds},
                                 {u"startSeconds"_s, drill->startSeconds}, {u"rtoSeconds"_s, drill->rtoSeconds},
                                 {u"newestSampleMs"_s, drill->newestSampleMs}, {u"rpoAtBackupSeconds"_s, double(drill->rpoAtBackupMs) / 1000},
                                 {u"rpoNowSeconds"_s, double(drill->rpoNowMs) / 1000}, {u"bytes"_s, drill->bytes},
                                 {u"golden"_s, goldenToJson(drill->golden)}, {u"notes"_s, Json::strings(drill->notes)}});
    outcome.text = u"%1: %2\n  RTO measured: %3 s (unpacking %4 s, start and queries %5 s, %6)\n  RPO measured: %7 s when the backup was made; "
                   "%8 s as of now\n"_s.arg(chosen->record.name, drill->passed ? u"the drill passed"_s : u"the drill FAILED"_s)
                       .arg(drill->rtoSeconds, 0, 'f', 1)
                       .arg(drill->unpackSeconds, 0, 'f', 1)
                       .arg(drill->startSeconds, 0, 'f', 1)
                       .arg(byteText(drill->bytes))
                       .arg(double(drill->rpoAtBackupMs) / 1000, 0, 'f', 0)
                       .arg(double(drill->rpoNowMs) / 1000, 0, 'f', 0);
    for (const GoldenResult& result : drill->golden)
        outcome.text += u"  %1 %2\n"_s.arg(result.same ? u"same"_s : u"DIFFERS"_s, result.expr);
    for (const QString& note : drill->notes)
        outcome.text += u"  note: "_s + note + u'\n';
    if (drill->failure)
        outcome.messages << drill->failure->toString();
    return outcome;
}

} // namespace Promdeck::Cli
