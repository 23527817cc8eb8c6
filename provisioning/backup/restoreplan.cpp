#include "provisioning/backup/restoreplan.h"

#include "models/core/clock.h"

#include <QDateTime>
#include <QRandomGenerator>

#include <algorithm>

namespace Promdeck::Backup {

using namespace Qt::StringLiterals;

namespace {

// One line per folder: whether it is there, whether it is a mount point, KiB that are free, and its path without links.
constexpr char kLookScript[] = R"sh(
for path; do
    real=$path
    if [ -e "$path" ]; then real=$(readlink -f -- "$path"; printf x); real=${real%?x}; there=1; else there=0; fi
    parent=${real%/*}; [ -n "$parent" ] || parent=/
    [ -d "$parent" ] || { printf 'lost 0 0 %s\0' "$real"; continue; }
    mount=0
    [ $there = 0 ] || [ "$(stat -c %d -- "$real")" = "$(stat -c %d -- "$parent")" ] || mount=1
    free=$(df -Pk -- "$parent" | awk 'NR > 1 { print $4 }')
    printf '%s %s %s %s\0' "$there" "$mount" "${free:-0}" "$real"
done
)sh";

bool isBelow(const QByteArray& path, const QByteArray& folder)
{
    return path == folder || path.startsWith(folder + '/');
}

bool isWanted(const ManifestFile& file, const RestoreOptions& options)
{
    return options.paths.isEmpty()
        || std::any_of(options.paths.begin(), options.paths.end(), [&](const QByteArray& path) { return isBelow(file.path, path); });
}

QByteArray newId()
{
    return QDateTime::fromMSecsSinceEpoch(Clock::system().nowMs(), Qt::UTC).toString(u"yyyyMMddHHmmss"_s).toLatin1() + '-'
        + QByteArray::number(QRandomGenerator::system()->generate(), 16);
}

void addSwaps(RestorePlan& plan, const RestorePlan::Tree& tree)
{
    if (tree.wholeFolder) {
        plan.swaps.push_back({tree.component->id, tree.live, tree.fresh, tree.old});
        return;
    }
    const qsizetype prefix = tree.component->id.toUtf8().size() + 1 + tree.name.toUtf8().size() + 1;
    for (const ManifestFile* file : tree.files) {
        if (file->type == ManifestFile::Type::Folder)
            continue;
        const QByteArray inner = file->path.mid(prefix);
        plan.swaps.push_back({tree.component->id, tree.live + '/' + inner, tree.fresh + '/' + inner, tree.old + '/' + inner});
    }
}

Status collectTrees(RestorePlan& plan, const Manifest& manifest, const RestoreOptions& options)
{
    for (const QString& id : options.components) {
        if (!manifest.component(id))
            return makeError(ErrorCode::InvalidArgument, u"The backup has no component \"%1\""_s.arg(id));
    }
    for (const QByteArray& path : options.paths) {
        if (std::none_of(manifest.files.begin(), manifest.files.end(), [&](const ManifestFile& file) { return isBelow(file.path, path); }))
            return makeError(ErrorCode::InvalidArgument, u"The backup has no \"%1\""_s.arg(bytesToText(path)));
    }
    for (const ManifestComponent& component : manifest.components) {
        if (!options.components.isEmpty() && !options.components.contains(component.id))
            continue;
        const auto target = options.targets.find(component.id);
        for (const ManifestTree& tree : component.trees) {
            RestorePlan::Tree entry;
            entry.component = &component;
            entry.name = tree.name;
            entry.live = tree.root;
            if (target != options.targets.end()) {
                if (const auto root = target->second.roots.find(tree.name); root != target->second.roots.end())
                    entry.live = root->second;
            }
            const QByteArray base = component.id.toUtf8() + '/' + tree.name.toUtf8();
            bool hasRoot = false;
            for (const ManifestFile& file : manifest.files) {
                if (!isBelow(file.path, base) || !isWanted(file, options))
                    continue;
                hasRoot = hasRoot || file.path == base;
                entry.files.push_back(&file);
            }
            if (entry.files.empty())
                continue;
            if (entry.live.isEmpty()) {
                if (tree.name != u"api")
                    plan.notes << u"%1/%2 belongs to no folder: take it out with --extract and load it by hand"_s.arg(component.id, tree.name);
                continue;
            }
            entry.wholeFolder = hasRoot && options.paths.isEmpty();
            plan.trees.push_back(std::move(entry));
        }
    }
    return Done {};
}

} // namespace

QByteArray RestorePlan::freshPath(const Manifest& manifest, const ManifestFile& file) const
{
    const Manifest::Place place = manifest.placeOf(file.path);
    for (const Tree& tree : trees) {
        if (tree.component != place.component || !place.tree || tree.name != place.tree->name
            || !std::binary_search(tree.files.begin(), tree.files.end(), &file, std::less<>()))
            continue;
        return place.inner.isEmpty() ? tree.fresh : tree.fresh + '/' + place.inner;
    }
    return {};
}

Result<RestorePlan> planRestore(Host& host, const Manifest& manifest, const RestoreOptions& options, const CancelToken& cancel)
{
    RestorePlan plan;
    plan.id = newId();
    if (const Status collected = collectTrees(plan, manifest, options); !collected)
        return collected.error();
    if (plan.trees.empty())
        return plan;
    QList<QByteArray> folders;
    for (const RestorePlan::Tree& tree : plan.trees)
        folders << tree.live;
    Command how;
    how.asRoot = options.asRoot;
    const Result<CommandOutput> output = host.runScript(kLookScript, folders, how, cancel);
    if (!output)
        return output.error();
    const QList<QByteArray> lines = output->standardOutput.split('\0');
    for (size_t i = 0; i < plan.trees.size(); ++i) {
        RestorePlan::Tree& tree = plan.trees[i];
        const QList<QByteArray> fields = lines.value(qsizetype(i)).split(' ');
        if (fields.size() < 4)
            return makeError(ErrorCode::Decode, u"The host answered in no known form"_s);
        const QString shown = bytesToText(tree.live);
        if (fields[0] == "lost")
            return makeError(ErrorCode::NotFound, u"The folder above \"%1\" is not there"_s.arg(shown), {}, u"Make it, or name another place"_s);
        tree.live = fields.mid(3).join(' ');
        tree.exists = fields[0] == "1";
        if (tree.wholeFolder && fields[1] == "1")
            return makeError(ErrorCode::Unsupported, u"\"%1\" is a mount point, which cannot be renamed"_s.arg(shown), {},
                             u"Restore into a folder below it, or file by file"_s);
        qint64 bytes = 0;
        for (const ManifestFile* file : tree.files)
            bytes += file->size;
        if (fields[2].toLongLong() * 1024 < bytes + bytes / 20 + (1 << 20))
            return makeError(ErrorCode::Io, u"There is not enough room beside \"%1\""_s.arg(shown),
                             u"%1 bytes are needed, %2 are free"_s.arg(bytes).arg(fields[2].toLongLong() * 1024));
        const QByteArray parent = tree.wholeFolder ? tree.live : tree.live + "/.promdeck";
        tree.fresh = parent + ".restore-" + plan.id;
        tree.old = parent + ".old-" + plan.id;
        addSwaps(plan, tree);
    }
    return plan;
}

} // namespace Promdeck::Backup
