#include "provisioning/backup/hosttree.h"

#include <QHash>

#include <algorithm>

namespace Promdeck::Backup {

using namespace Qt::StringLiterals;

namespace {

// First all names with their attributes, then a record of one field, then hashes with names; fields end with NUL.
// GNU's tools do it at once; elsewhere a loop asks stat and sha256sum for each file. Eight names per sha256sum keep what
// one of them writes below the size that a pipe takes in one piece, so that two can run side by side.
constexpr char kListScript[] = R"sh(
root=$1; shift
[ -e "$root" ] || exit 44
if [ -d "$root" ]; then cd -- "$root" || exit 45; else
    cd -- "${root%/*}/" || exit 45
    only=${root##*/}
fi
find_them() {
    if [ -n "${only-}" ]; then find "./$only" -prune "$@"; return; fi
    if [ -n "$excluded" ]; then
        eval "find . \\( $excluded \\) -prune -o \\( \"\$@\" \\)"
    else
        find . "$@"
    fi
}
excluded=
i=0
if [ -z "${only-}" ]; then
    for pattern in "$@"; do
        i=$((i + 1))
        eval "pattern_$i=\$pattern"
        excluded="$excluded${excluded:+ -o }-path \"\$pattern_$i\""
    done
fi
if find . -maxdepth 0 -printf '' 2>/dev/null && sha256sum -z /dev/null >/dev/null 2>&1; then
    find_them -printf '%y\0%s\0%m\0%U\0%G\0%u\0%g\0%T@\0%p\0%l\0' || exit 46
    printf '%s\0' =
    find_them -type f -print0 | xargs -0 -r -n 8 -P 2 sha256sum -z -- || exit 46
else
    find_them -print0 | xargs -0 sh -c '
        for path; do
            if [ -h "$path" ]; then kind=l; target=$(readlink "$path"; printf x); target=${target%?x}
            elif [ -f "$path" ]; then kind=f; target=; elif [ -d "$path" ]; then kind=d; target=; else kind=s; target=; fi
            set -- $(stat -c "%s %a %u %g %U %G %Y" "$path") || exit 1
            [ $# = 7 ] || exit 1
            printf "%s\0%s\0%s\0%s\0%s\0%s\0%s\0%s\0%s\0%s\0" "$kind" "$1" "$2" "$3" "$4" "$5" "$6" "$7" "$path" "$target"
        done' sh || exit 46
    printf '%s\0' =
    find_them -type f -print0 | xargs -0 sh -c '
        for path; do
            hash=$(sha256sum <"$path") || exit 1
            printf "%s  %s\0" "${hash%% *}" "$path"
        done' sh || exit 46
fi
)sh";

constexpr qsizetype kFields = 10;
constexpr qint64 kMostListing = 128LL << 20;

Error changed(const QByteArray& path)
{
    return makeError(ErrorCode::Conflict, u"A file changed while it was backed up"_s, bytesToText(path),
                     u"Run the backup again"_s);
}

QByteArray withoutDot(const QByteArray& path)
{
    return path == "." ? QByteArray() : path.startsWith("./") ? path.mid(2) : path;
}

Error listingFailed(const HostTree& tree, const CommandOutput& output)
{
    const QString said = QString::fromUtf8(output.standardError.left(400)).trimmed();
    Error error = output.exitCode == 44 ? makeError(ErrorCode::NotFound, u"There is no such file or folder on the host"_s)
        : output.exitCode == 45         ? makeError(ErrorCode::Forbidden, u"The folder cannot be read"_s, said)
                                        : makeError(ErrorCode::RemoteExit, u"The files of the folder cannot all be read"_s, said,
                                                    u"Read it as root, or leave out what is not meant to be in it"_s);
    error.target = bytesToText(tree.root);
    return error;
}

ManifestFile entryOf(const QByteArray* fields)
{
    ManifestFile entry;
    entry.type = fields[0] == "f" ? ManifestFile::Type::File
        : fields[0] == "d"        ? ManifestFile::Type::Folder
                                  : ManifestFile::Type::Link;
    entry.size = entry.type == ManifestFile::Type::File ? fields[1].toLongLong() : 0;
    entry.mode = fields[2].toInt(nullptr, 8);
    entry.uid = fields[3].toLongLong();
    entry.gid = fields[4].toLongLong();
    // find and stat write the number, or UNKNOWN, where there is no name.
    entry.owner = fields[5] == fields[3] || fields[5] == "UNKNOWN" ? QByteArray() : fields[5];
    entry.group = fields[6] == fields[4] || fields[6] == "UNKNOWN" ? QByteArray() : fields[6];
    entry.modifiedS = fields[7].split('.').first().toLongLong();
    entry.path = withoutDot(fields[8]);
    entry.linkTarget = entry.type == ManifestFile::Type::Link ? fields[9] : QByteArray();
    return entry;
}

/// Cuts one stream into the files of the manifest.
class SplittingSink final : public ByteSink
{
public:
    SplittingSink(const std::vector<ManifestFile>& files, ArchiveWriter& writer, const CancelToken& cancel, const Progress& progress)
        : m_files(files), m_writer(writer), m_cancel(cancel), m_progress(progress)
    {
    }

    Status write(const char* data, qint64 size) override
    {
        while (size > 0) {
            if (m_cancel.stop_requested())
                return makeError(ErrorCode::Cancelled, u"Cancelled"_s);
            if (const Status ready = nextFile(); !ready)
                return ready;
            if (m_index == m_files.size())
                return changed({});
            const qint64 part = std::min(size, m_left);
            if (const Status written = m_writer.write(data, part); !written)
                return written;
            data += part;
            size -= part;
            m_left -= part;
            m_done += part;
            if (m_progress)
                m_progress(m_done, -1);
            if (m_left == 0) {
                if (const Status ended = end(); !ended)
                    return ended;
            }
        }
        return Done {};
    }

    Status finish()
    {
        if (const Status ready = nextFile(); !ready)
            return ready;
        return m_index == m_files.size() ? Status(Done {}) : changed(m_files[m_index].path);
    }

private:
    /// Begins the next file that has content; what has none passes by.
    Status nextFile()
    {
        while (m_index < m_files.size() && !m_open) {
            const ManifestFile& file = m_files[m_index];
            if (file.type != ManifestFile::Type::File) {
                ++m_index;
                continue;
            }
            if (const Status begun = m_writer.beginFile(file.path); !begun)
                return begun;
            m_open = true;
            m_left = file.size;
            if (m_left == 0) {
                if (const Status ended = end(); !ended)
                    return ended;
            }
        }
        return Done {};
    }

    Status end()
    {
        m_open = false;
        ++m_index;
        return m_writer.endFile();
    }

    const std::vector<ManifestFile>& m_files;
    ArchiveWriter& m_writer;
    const CancelToken& m_cancel;
    const Progress& m_progress;
    size_t m_index = 0;
    bool m_open = false;
    qint64 m_left = 0;
    qint64 m_done = 0;
};

} // namespace

Result<TreeListing> listTree(Host& host, const HostTree& tree, const CancelToken& cancel)
{
    Command how;
    how.asRoot = tree.asRoot;
    how.deadline = std::chrono::milliseconds(0);
    how.outputLimit = kMostListing;
    Result<CommandOutput> output = host.runScript(kListScript, QList<QByteArray> {tree.root} + tree.exclude, how, cancel);
    if (!output)
        return output.error();
    if (!output->ok())
        return listingFailed(tree, *output);
    const QList<QByteArray> fields = output->standardOutput.split('\0');
    output->standardOutput.clear();
    TreeListing listing;
    qsizetype at = 0;
    for (; at + kFields <= fields.size() && fields[at] != "="; at += kFields) {
        const QByteArray& kind = fields[at];
        if (kind == "f" || kind == "d" || kind == "l")
            listing.entries.push_back(entryOf(fields.constData() + at));
        else
            listing.skipped << withoutDot(fields[at + 8]);
    }
    if (at >= fields.size() || fields[at] != "=")
        return makeError(ErrorCode::Decode, u"The host listed its files in no known form"_s);
    QHash<QByteArray, QByteArray> hashes;
    for (++at; at < fields.size(); ++at) {
        // "HASH  ./path"
        if (fields[at].size() > 66)
            hashes.insert(withoutDot(fields[at].mid(66)), fields[at].left(64));
    }
    for (ManifestFile& entry : listing.entries) {
        if (entry.type != ManifestFile::Type::File)
            continue;
        entry.sha256 = hashes.value(entry.path);
        if (entry.sha256.isEmpty())
            return changed(entry.path);
    }
    std::sort(listing.entries.begin(), listing.entries.end(), [](const ManifestFile& a, const ManifestFile& b) { return a.path < b.path; });
    return listing;
}

Status streamTree(Host& host, const HostTree& tree, const std::vector<ManifestFile>& files, const QByteArray& prefix,
                  ArchiveWriter& writer, const CancelToken& cancel, const Progress& progress)
{
    QByteArray names;
    for (const ManifestFile& file : files) {
        if (file.type == ManifestFile::Type::File && file.size > 0)
            names += "./" + file.path.mid(prefix.size()) + '\0';
    }
    SplittingSink sink(files, writer, cancel, progress);
    if (!names.isEmpty()) {
        Command command;
        // The file of a tree that is one file has the folder above as its root.
        command.argv = {"sh", "-c", "if [ -d \"$1\" ]; then cd -- \"$1\"; else cd -- \"${1%/*}/\"; fi && exec xargs -0 cat --",
                        "sh", tree.root};
        command.asRoot = tree.asRoot;
        command.deadline = std::chrono::milliseconds(0);
        command.outputLimit = 4096;
        BufferSource in(names);
        QByteArray said;
        const Result<int> code = host.stream(command, &in, &sink, {}, cancel, &said);
        if (!code)
            return code.error();
        if (*code != 0) {
            Error error = makeError(ErrorCode::Conflict, u"A file could not be read to its end"_s,
                                    QString::fromUtf8(said.left(400)).trimmed(), u"Run the backup again"_s);
            error.target = bytesToText(tree.root);
            return error;
        }
    }
    return sink.finish();
}

} // namespace Promdeck::Backup
