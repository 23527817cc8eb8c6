#include "provisioning/backup/restore.h"

#include "models/core/clock.h"
#include "provisioning/backup/archivereader.h"
#include "provisioning/backup/bytepipe.h"
#include "provisioning/backup/hosttree.h"
#include "provisioning/backup/restoreplan.h"
#include "provisioning/backup/restorescripts.h"
#include "provisioning/backup/sha256.h"
#include "provisioning/backup/tarvisitor.h"

#include <QElapsedTimer>
#include <QSet>

#include <algorithm>
#include <thread>

namespace Promdeck::Backup {

using namespace Qt::StringLiterals;

namespace {

constexpr qsizetype kMostShown = 200;

Error cancelled()
{
    return makeError(ErrorCode::Cancelled, u"Cancelled"_s);
}

/// An open archive in a repository.
struct OpenArchive
{
    std::unique_ptr<ByteSource> source;
    std::unique_ptr<HashingSource> hashed;
    std::unique_ptr<ArchiveReader> reader;
};

Result<OpenArchive> openArchive(Repository& repository, const BackupRecord& record, const ArchiveKeys& keys, const CancelToken& cancel)
{
    OpenArchive out;
    Result<std::unique_ptr<ByteSource>> source = repository.open(record.name + kBackupSuffix, cancel);
    if (!source)
        return source.error();
    out.source = std::move(*source);
    out.hashed = std::make_unique<HashingSource>(*out.source);
    out.reader = std::make_unique<ArchiveReader>(*out.hashed);
    if (const Status opened = out.reader->open(keys); !opened)
        return opened.error();
    return out;
}

/// The rest of the file behind the archive's end (there is none), and the hash of all of it.
Status checkOuterHash(OpenArchive& archive, const QByteArray& expected)
{
    char byte = 0;
    const Result<qint64> more = archive.hashed->read(&byte, 1);
    if (!more)
        return more.error();
    if (*more == 0 && (expected.isEmpty() || archive.hashed->takeHex() == expected))
        return Done {};
    return makeError(ErrorCode::Decode, u"The archive is damaged"_s, u"its SHA-256 hash is another than when it was written"_s, u"Use another backup"_s);
}

std::vector<RestoreTarget> targetsOf(const RestorePlan& plan, const RestoreOptions& options)
{
    std::vector<RestoreTarget> out;
    QStringList seen;
    for (const RestorePlan::Tree& tree : plan.trees) {
        const auto target = options.targets.find(tree.component->id);
        if (target == options.targets.end() || seen.contains(tree.component->id))
            continue;
        seen << tree.component->id;
        out.push_back(target->second);
    }
    return out;
}

Result<CommandOutput> script(Host& host, const QByteArray& text, const QList<QByteArray>& args, bool asRoot, const CancelToken& cancel)
{
    Command how;
    how.asRoot = asRoot;
    how.deadline = std::chrono::minutes(10);
    Result<CommandOutput> output = host.runScript(text, args, how, cancel);
    if (output && !output->ok())
        return makeError(ErrorCode::RemoteExit, u"A step of the restore failed on the host"_s, QString::fromUtf8(output->standardError.left(400)).trimmed());
    return output;
}

/// The unpacked folders, until they are in their places; and the journal. Whatever goes wrong, they are removed.
class FreshFolders
{
public:
    FreshFolders(Host& host, const RestorePlan& plan, bool asRoot) : m_host(host), m_plan(plan), m_asRoot(asRoot) {}
    ~FreshFolders()
    {
        if (m_made)
            static_cast<void>(remove());
    }
    Q_DISABLE_COPY_MOVE(FreshFolders)

    [[nodiscard]] QByteArray journal() const { return journalFolder(m_plan.trees.front().live, m_plan.id); }

    /// The journal first: it names what is made next, so that a killed run is found.
    Status make(const CancelToken& cancel)
    {
        QList<QByteArray> args {journal()};
        for (const RestorePlan::Tree& tree : m_plan.trees)
            args << tree.fresh;
        m_made = true;
        const Result<CommandOutput> output = script(m_host, R"sh(
umask 077
mkdir -- "$1" && : >"$1/fresh" || exit 1
journal=$1
shift
for path; do printf '%s\0' "$path" >>"$journal/fresh"; done
printf 'preparing\n' >"$journal/state"
for path; do mkdir -p -- "$path" || exit 1; done
)sh",
                                                    args, m_asRoot, cancel);
        return output ? Status(Done {}) : Status(output.error());
    }

    /// The journal first, which says that all is in its place. Of what was there, only folders without anything in them.
    Status remove()
    {
        m_made = false;
        QList<QByteArray> args {journal(), QByteArray::number(m_plan.trees.size())};
        for (const RestorePlan::Tree& tree : m_plan.trees)
            args << tree.fresh;
        for (const RestorePlan::Tree& tree : m_plan.trees) {
            if (!tree.wholeFolder)
                args << tree.old;
        }
        const Result<CommandOutput> output = script(m_host, R"sh(
rm -rf -- "$1" || exit 1
count=$2
shift 2
while [ "$count" -gt 0 ]; do
    rm -rf -- "$1" || exit 1
    shift
    count=$((count - 1))
done
for old; do [ ! -d "$old" ] || find "$old" -depth -type d -exec rmdir {} \; 2>/dev/null; done
exit 0
)sh",
                                                    args, m_asRoot, {});
        return output ? Status(Done {}) : Status(output.error());
    }

    void keep() { m_made = false; }

private:
    Host& m_host;
    const RestorePlan& m_plan;
    bool m_asRoot;
    bool m_made = false;
};

Status sendFiles(Host& host, OpenArchive& archive, const RestorePlan& plan, const RestoreOptions& options, const CancelToken& cancel,
                 const StepReport& report)
{
    std::stop_source stop;
    const std::stop_callback passOn(cancel, [&stop] { stop.request_stop(); });
    BytePipe pipe(stop.get_token());
    Status read;
    std::thread reading([&] {
        const Manifest& manifest = archive.reader->manifest();
        TarVisitor visitor(pipe.sink(), [&](const ManifestFile& file) { return plan.freshPath(manifest, file).mid(1); });
        read = archive.reader->readAll(&visitor, stop.get_token(), [&](qint64 done, qint64 total) {
            if (report)
                report(u"unpack"_s, {}, done, total);
        });
        if (read)
            read = visitor.finish();
        pipe.closeWriting(read);
    });
    Command command;
    command.argv = {"tar", "-xpf", "-", "-C", "/"};
    command.asRoot = options.asRoot;
    command.deadline = std::chrono::milliseconds(0);
    QByteArray said;
    const Result<int> code = host.stream(command, &pipe.source(), nullptr, {}, cancel, &said);
    pipe.closeReading(cancelled());
    if (!code)
        stop.request_stop();
    reading.join();
    // What the archive says about itself counts more than the command that it ended.
    if (!read && read.error().code != ErrorCode::Cancelled)
        return read;
    if (!code)
        return code.error();
    if (*code != 0)
        return makeError(ErrorCode::RemoteExit, u"The files cannot be unpacked on the host"_s, QString::fromUtf8(said.left(400)).trimmed());
    return read;
}

/// What lies there now is what the manifest says, as the host itself reads it.
Status checkUnpacked(Host& host, const RestorePlan& plan, const RestoreOptions& options, const CancelToken& cancel)
{
    for (const RestorePlan::Tree& tree : plan.trees) {
        const Result<TreeListing> listing = listTree(host, {tree.fresh, {}, options.asRoot}, cancel);
        if (!listing)
            return listing.error();
        std::map<QByteArray, const ManifestFile*> found;
        for (const ManifestFile& entry : listing->entries)
            found[entry.path] = &entry;
        const qsizetype prefix = tree.component->id.toUtf8().size() + 1 + tree.name.toUtf8().size();
        for (const ManifestFile* file : tree.files) {
            const QByteArray inner = file->path.mid(prefix + 1);
            const auto it = found.find(inner);
            const bool same = it != found.end() && it->second->type == file->type && it->second->sha256 == file->sha256
                && it->second->linkTarget == file->linkTarget;
            if (!same)
                return makeError(ErrorCode::Conflict, u"A file did not reach the host as it is in the backup"_s, bytesToText(file->path));
        }
    }
    return Done {};
}

/// The host's own tools on what was unpacked, where it has them.
Status checkWithTools(Host& host, const RestorePlan& plan, const RestoreOptions& options, QStringList& notes, const CancelToken& cancel)
{
    for (const RestorePlan::Tree& tree : plan.trees) {
        if (!tree.wholeFolder)
            continue;
        const QByteArray kind = tree.component->kind.toUtf8();
        Command how;
        how.asRoot = options.asRoot;
        how.deadline = std::chrono::minutes(30);
        const Result<CommandOutput> output = host.runScript(R"sh(
case $1/$2 in
    prometheus/data) command -v promtool >/dev/null || exit 90; exec promtool tsdb list "$3" >/dev/null;;
    prometheus/config) command -v promtool >/dev/null || exit 90; [ -f "$3/prometheus.yml" ] || exit 91
        exec promtool check config "$3/prometheus.yml" >&2;;
    alertmanager/config) command -v amtool >/dev/null || exit 90; [ -f "$3/alertmanager.yml" ] || exit 91
        exec amtool check-config "$3/alertmanager.yml" >&2;;
esac
exit 91
)sh",
                                                            {kind, tree.name.toUtf8(), tree.fresh}, how, cancel);
        if (!output)
            return output.error();
        if (output->exitCode == 90)
            notes << u"not checked by the host's own tools, which are missing: %1/%2"_s.arg(tree.component->id, tree.name);
        else if (output->exitCode != 0 && output->exitCode != 91)
            return makeError(ErrorCode::Conflict, u"The host's own tool refuses what is in the backup"_s,
                             QString::fromUtf8(output->standardError.right(600)).trimmed());
    }
    return Done {};
}

Status putScripts(Host& host, const QByteArray& journal, const RestorePlan& plan, const std::vector<RestoreTarget>& targets, bool asRoot,
                  const CancelToken& cancel)
{
    for (const auto& [name, text] : {std::pair(QByteArray("undo.sh"), undoScript(plan.swaps, targets)),
                                     std::pair(QByteArray("swap.sh"), swapScript(plan.swaps, targets))}) {
        BufferSource source(text);
        PutOptions put;
        put.mode = 0700;
        put.asRoot = asRoot;
        if (const Status written = host.putFile(source, journal + '/' + name, put, cancel); !written)
            return written;
    }
    return Done {};
}

/// Starts a script of the journal detached and waits for its last word. Not cancellable: it would go on anyway.
Result<QByteArray> runDetached(Host& host, const QByteArray& journal, const QByteArray& name, bool asRoot)
{
    const Result<CommandOutput> started = script(host, R"sh(
cd -- "$1" || exit 1
if command -v setsid >/dev/null; then setsid sh "$1/$2" </dev/null >log 2>&1 & else sh "$1/$2" </dev/null >log 2>&1 & fi
printf '%s\n' "$!" >pid
)sh",
                                                 {journal, name}, asRoot, {});
    if (!started)
        return started.error();
    for (;;) {
        const Result<CommandOutput> state = script(host, R"sh(
cd -- "$1" || exit 1
for i in 1 2 3 4 5 6 7 8 9 10; do
    kill -0 "$(cat pid)" 2>/dev/null || break
    sleep 0.1 2>/dev/null || sleep 1
done
kill -0 "$(cat pid)" 2>/dev/null && exit 0
cat state; cat log >&2
)sh",
                                                   {journal}, asRoot, {});
        if (!state)
            return state.error();
        if (!state->standardOutput.isEmpty())
            return state->standardOutput.trimmed();
    }
}

Result<QString> runningVersion(const ManifestComponent& component, const RestoreTarget& target, const CancelToken& cancel)
{
    if (target.url.isEmpty() || component.kind != u"prometheus")
        return QString();
    BlockingHttp http(target.http);
    HttpRequest request;
    request.url = urlBelow(target.url, u"api/v1/status/buildinfo"_s);
    request.timeout = std::chrono::seconds(5);
    // A server that is down says nothing, which is how many a restore begins.
    const Result<HttpResponse> response = http.sendOk(request, cancel);
    const Result<Json> json = response ? Json::parse(response->body) : Result<Json>(response.error());
    return json ? (*json)[u"data"][u"version"].toString() : QString();
}

Status versionGate(const RestorePlan& plan, const RestoreOptions& options, const CancelToken& cancel, QStringList& notes)
{
    for (const RestorePlan::Tree& tree : plan.trees) {
        const auto target = options.targets.find(tree.component->id);
        if (target == options.targets.end() || tree.name != u"data")
            continue;
        const Result<QString> running = runningVersion(*tree.component, target->second, cancel);
        if (!running)
            return running.error();
        const Status checked = checkVersions(tree.component->kind, tree.component->version, *running);
        if (!checked && !options.allowOtherVersion)
            return checked;
        if (!checked)
            notes << checked.error().summary;
    }
    return Done {};
}

/// What is done over APIs: silences.
Status restoreApis(OpenArchive& archive, const std::map<QByteArray, QByteArray>& apiFiles, const RestoreOptions& options, RestoreReport& report,
                   const CancelToken& cancel)
{
    for (const auto& [path, content] : apiFiles) {
        const Manifest::Place place = archive.reader->manifest().placeOf(path);
        const auto target = options.targets.find(place.component->id);
        if (place.component->kind != u"alertmanager" || place.inner != "silences.json") {
            report.notes << u"not put back over the API: %1 (--extract takes it out)"_s.arg(bytesToText(path));
            continue;
        }
        if (target == options.targets.end() || target->second.url.isEmpty()) {
            report.notes << u"the silences were not put back: no address of an Alertmanager was given"_s;
            continue;
        }
        const Result<Json> silences = Json::parse(content);
        if (!silences)
            return silences.error();
        BlockingHttp http(target->second.http);
        const Result<SilenceCounts> counts = restoreSilences(http, target->second.url, *silences, Clock::system().nowMs(), cancel);
        if (!counts)
            return counts.error();
        report.silencesAdded += counts->added;
        report.silencesThere += counts->there;
        report.silencesExpired += counts->expired;
    }
    return Done {};
}

/// Collects small files of trees without a folder.
class ApiCollector final : public ArchiveVisitor
{
public:
    ApiCollector(const Manifest& manifest, const RestoreOptions& options) : m_manifest(manifest), m_options(options) {}
    Result<bool> beginFile(const ManifestFile& file) override
    {
        const Manifest::Place place = m_manifest.placeOf(file.path);
        m_current = file.path;
        constexpr qint64 kMost = 32 << 20;
        return place.tree && place.tree->name == u"api" && place.tree->root.isEmpty() && file.size < kMost && m_options.paths.isEmpty()
            && (m_options.components.isEmpty() || m_options.components.contains(place.component->id));
    }
    Status write(const char* data, qint64 size) override
    {
        files[m_current].append(data, size);
        return Done {};
    }
    Status finishFile(const ManifestFile&) override { return Done {}; }
    std::map<QByteArray, QByteArray> files;

private:
    const Manifest& m_manifest;
    const RestoreOptions& m_options;
    QByteArray m_current;
};

bool hasApi(const Manifest& manifest, const RestoreOptions& options)
{
    return std::any_of(manifest.components.begin(), manifest.components.end(), [&](const ManifestComponent& component) {
        const ManifestTree* api = component.tree(u"api");
        return api && api->root.isEmpty() && options.paths.isEmpty()
            && (options.components.isEmpty() || options.components.contains(component.id));
    });
}

/// After the swap: is the server up, and does it know what it knew?
Status verifyServers(const Manifest& manifest, const RestorePlan& plan, const RestoreOptions& options, RestoreReport& report, const CancelToken& cancel)
{
    QStringList seen;
    for (const RestorePlan::Tree& tree : plan.trees) {
        const auto target = options.targets.find(tree.component->id);
        if (target == options.targets.end() || target->second.url.isEmpty() || seen.contains(tree.component->id))
            continue;
        seen << tree.component->id;
        ManifestComponent component = *manifest.component(tree.component->id);
        const bool withData = std::any_of(plan.trees.begin(), plan.trees.end(), [&](const RestorePlan::Tree& each) {
            return each.component == tree.component && each.name == u"data" && each.wholeFolder;
        });
        if (!options.checkGolden || !withData)
            component.golden.clear();
        BlockingHttp http(target->second.http);
        const Result<std::vector<GoldenResult>> golden = checkGolden(http, target->second.url, component, options.readyWithin, cancel);
        if (!golden)
            return golden.error();
        for (const GoldenResult& result : *golden) {
            report.golden.push_back(result);
            if (!result.same)
                return makeError(ErrorCode::Conflict, u"The restored server does not know what it knew"_s, result.expr + u": "_s + result.detail);
        }
    }
    return Done {};
}

QStringList shortened(const QStringList& all)
{
    return all.mid(0, kMostShown);
}

} // namespace

Result<RestorePreview> previewRestore(Host& host, Repository& repository, const BackupRecord& record, const ArchiveKeys& keys,
                                      const RestoreOptions& options, const CancelToken& cancel)
{
    const Result<OpenArchive> archive = openArchive(repository, record, keys, cancel);
    if (!archive)
        return archive.error();
    const Manifest& manifest = archive->reader->manifest();
    RestorePreview preview;
    const Result<RestorePlan> plan = planRestore(host, manifest, options, cancel);
    if (!plan) {
        if (plan.error().code != ErrorCode::Unsupported && plan.error().code != ErrorCode::Io)
            return plan.error();
        preview.refused = plan.error();
        return preview;
    }
    preview.notes = plan->notes;
    if (const Status gate = versionGate(*plan, options, cancel, preview.notes); !gate)
        preview.refused = gate.error();
    for (const RestorePlan::Tree& tree : plan->trees) {
        RestorePreview::Tree out {tree.component->id, tree.name, tree.live, tree.wholeFolder, 0, 0, {}, {}, {}, 0, 0, 0};
        std::map<QByteArray, ManifestFile> there;
        if (tree.exists) {
            const Result<TreeListing> listing = listTree(host, {tree.live, {"./snapshots", "./wal", "./chunks_head", "./.promdeck*"}, options.asRoot}, cancel);
            if (!listing)
                return listing.error();
            for (const ManifestFile& entry : listing->entries)
                there[entry.path] = entry;
        }
        const qsizetype prefix = tree.component->id.toUtf8().size() + 1 + tree.name.toUtf8().size() + 1;
        for (const ManifestFile* file : tree.files) {
            if (file->type == ManifestFile::Type::Folder) {
                there.erase(file->path.mid(prefix));
                continue;
            }
            ++out.files;
            out.bytes += file->size;
            const auto it = there.find(file->path.mid(prefix));
            if (it == there.end())
                out.added << bytesToText(file->path.mid(prefix));
            else if (it->second.sha256 != file->sha256 || it->second.linkTarget != file->linkTarget || it->second.mode != file->mode)
                out.changed << bytesToText(file->path.mid(prefix));
            if (it != there.end())
                there.erase(it);
        }
        if (tree.wholeFolder) {
            for (const auto& [path, entry] : there) {
                if (entry.type != ManifestFile::Type::Folder)
                    out.removed << bytesToText(path);
            }
        }
        out.addedCount = out.added.size();
        out.changedCount = out.changed.size();
        out.removedCount = out.removed.size();
        out.added = shortened(out.added);
        out.changed = shortened(out.changed);
        out.removed = shortened(out.removed);
        if (tree.name == u"data" && tree.component->dataUntilMs > 0) {
            preview.lossFromMs = preview.lossFromMs == 0 ? tree.component->dataUntilMs : std::min(preview.lossFromMs, tree.component->dataUntilMs);
            preview.lossUntilMs = Clock::system().nowMs();
        }
        preview.trees.push_back(std::move(out));
    }
    return preview;
}

Result<RestoreReport> runRestore(Host& host, Repository& repository, const BackupRecord& record, const ArchiveKeys& keys,
                                 const RestoreOptions& options, const CancelToken& cancel, const StepReport& report)
{
    QElapsedTimer clock;
    clock.start();
    const auto say = [&](const QString& step) {
        if (report)
            report(step, {}, 0, -1);
    };
    Result<OpenArchive> archive = openArchive(repository, record, keys, cancel);
    if (!archive)
        return archive.error();
    const Manifest manifest = archive->reader->manifest();
    const Result<RestorePlan> plan = planRestore(host, archive->reader->manifest(), options, cancel);
    if (!plan)
        return plan.error();
    RestoreReport result;
    result.id = QString::fromLatin1(plan->id);
    result.notes = plan->notes;
    if (const Status gate = versionGate(*plan, options, cancel, result.notes); !gate)
        return gate.error();
    if (!plan->trees.empty()) {
        QList<QByteArray> folders;
        for (const RestorePlan::Tree& tree : plan->trees)
            folders << tree.live;
        const Result<QStringList> recovered = recoverRestores(host, folders, options.asRoot, cancel);
        if (!recovered)
            return recovered.error();
        result.notes << *recovered;
        FreshFolders fresh(host, *plan, options.asRoot);
        if (const Status made = fresh.make(cancel); !made)
            return made.error();
        say(u"unpack"_s);
        if (const Status sent = sendFiles(host, *archive, *plan, options, cancel, report); !sent)
            return sent.error();
        if (const Status outer = checkOuterHash(*archive, record.sha256); !outer)
            return outer.error();
        say(u"check"_s);
        if (const Status checked = checkUnpacked(host, *plan, options, cancel); !checked)
            return checked.error();
        if (const Status checked = checkWithTools(host, *plan, options, result.notes, cancel); !checked)
            return checked.error();
        const std::vector<RestoreTarget> targets = targetsOf(*plan, options);
        const QByteArray journal = fresh.journal();
        if (const Status put = putScripts(host, journal, *plan, targets, options.asRoot, cancel); !put)
            return put.error();
        if (cancel.stop_requested())
            return cancelled();
        // From here on the host finishes what is begun, and we only watch.
        say(u"swap"_s);
        const Result<QByteArray> swapped = runDetached(host, journal, "swap.sh", options.asRoot);
        if (!swapped) {
            fresh.keep();
            return swapped.error();
        }
        if (*swapped != "swapped")
            return makeError(ErrorCode::RemoteExit, u"The folders could not be swapped, and all is as it was"_s, QString::fromUtf8(*swapped),
                             u"See whether its stop and start commands work"_s);
        result.swapped = plan->swaps;
        for (const RestorePlan::Tree& tree : plan->trees) {
            for (RestoreSwap& swap : result.swapped) {
                if (swap.live == tree.live && !tree.exists)
                    swap.old.clear(); // there was nothing
            }
        }
        say(u"verify"_s);
        const Status verified = verifyServers(manifest, *plan, options, result, cancel);
        if (!verified) {
            result.failure = verified.error();
            say(u"undo"_s);
            const Result<QByteArray> undone = runDetached(host, journal, "undo.sh", options.asRoot);
            if (!undone) {
                fresh.keep();
                return undone.error();
            }
            result.undone = *undone == "undone";
            result.swapped.clear();
            result.seconds = double(clock.elapsed()) / 1000;
            if (result.undone)
                return result; // the fresh folders go with the guard
            fresh.keep();
            return makeError(ErrorCode::RemoteExit, u"The old state could not be put back by itself"_s, QString::fromUtf8(*undone),
                             u"The folder %1 on the host holds the script undo.sh"_s.arg(bytesToText(journal)));
        }
        // One removal decides: without its journal the restore stands.
        if (const Status committed = fresh.remove(); !committed)
            return committed.error();
    }
    if (hasApi(manifest, options)) {
        say(u"api"_s);
        Result<OpenArchive> again = openArchive(repository, record, keys, cancel);
        if (!again)
            return again.error();
        ApiCollector collector(again->reader->manifest(), options);
        Status read = again->reader->readAll(&collector, cancel);
        if (read)
            read = checkOuterHash(*again, record.sha256);
        if (read)
            read = restoreApis(*again, collector.files, options, result, cancel);
        if (!read)
            return read.error();
    }
    result.seconds = double(clock.elapsed()) / 1000;
    return result;
}

Result<QStringList> recoverRestores(Host& host, const QList<QByteArray>& folders, bool asRoot, const CancelToken& cancel)
{
    QSet<QByteArray> parents;
    for (const QByteArray& folder : folders)
        parents.insert(folder.left(qMax<qsizetype>(1, folder.lastIndexOf('/'))));
    const Result<CommandOutput> found = script(host, R"sh(
for parent; do
    for journal in "$parent"/.promdeck-restore-*; do
        [ -d "$journal" ] || continue
        if [ -f "$journal/pid" ] && kill -0 "$(cat "$journal/pid")" 2>/dev/null; then state=running; else state=$(cat "$journal/state" 2>/dev/null); fi
        printf '%s\0%s\0' "${state:-preparing}" "$journal"
    done
done
)sh",
                                               parents.values(), asRoot, cancel);
    if (!found)
        return found.error();
    const QList<QByteArray> fields = found->standardOutput.split('\0');
    QStringList did;
    for (qsizetype i = 0; i + 1 < fields.size(); i += 2) {
        const QByteArray& state = fields[i];
        const QByteArray& journal = fields[i + 1];
        if (state == "running")
            return makeError(ErrorCode::Conflict, u"A restore of the same folders is at work on the host"_s, bytesToText(journal), u"Wait until it is done"_s);
        // Not yet begun, or taken back already: only what was unpacked is left. Else nobody verified it, so the old state
        // comes back.
        if (state != "preparing" && !state.startsWith("undone")) {
            const Result<QByteArray> undone = runDetached(host, journal, "undo.sh", asRoot);
            if (!undone)
                return undone.error();
            if (*undone != "undone")
                return makeError(ErrorCode::RemoteExit, u"A restore that was interrupted cannot be taken back by itself"_s, QString::fromUtf8(*undone),
                                 u"The folder %1 on the host holds the script undo.sh"_s.arg(bytesToText(journal)));
            did << u"took back a restore that was interrupted (%1)"_s.arg(bytesToText(journal));
        } else {
            did << u"removed what an interrupted restore had unpacked (%1)"_s.arg(bytesToText(journal));
        }
        const Result<CommandOutput> removed = script(host, R"sh(
if [ -f "$1/fresh" ]; then xargs -0 rm -rf -- <"$1/fresh" || exit 1; fi
rm -rf -- "$1"
)sh",
                                                     {journal}, asRoot, {});
        if (!removed)
            return removed.error();
    }
    return did;
}

} // namespace Promdeck::Backup
