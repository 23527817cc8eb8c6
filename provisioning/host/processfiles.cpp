// Files through command lines: cat, mv, tar. What went wrong is said by exit codes of our own, as the texts of
// the tools differ by language and by implementation.
#include "provisioning/host/processhost.h"
#include "provisioning/host/tarstream.h"

#include <QRandomGenerator>

namespace Promdeck {

using namespace Qt::StringLiterals;
using namespace std::chrono_literals;

namespace {

constexpr int kNotFound = 81;
constexpr int kForbidden = 82;
constexpr int kNoFile = 84;
constexpr int kIncomplete = 85;

/// $1 target, $2 where to write (the same when in place), $3 mode, $4 size or empty, $5 "keep" to stop there.
const QByteArray kPut = R"sh(umask 077
case $1 in */*) d=${1%/*}/ ;; *) d=./ ;; esac
[ -d "$d" ] || exit 81
[ -d "$1" ] && exit 84
if [ "$1" != "$2" ] || [ ! -e "$1" ]; then [ -w "$d" ] || exit 82; else [ -w "$1" ] || exit 82; fi
fail() { rc=$?; [ "$1" = "$2" ] || rm -f -- "$2"; exit "${3:-$rc}"; }
cat >"$2" || fail "$1" "$2" 83
if [ "$5" = keep ]; then exit 0; fi
[ "$(($(wc -c <"$2")))" -eq "$4" ] || fail "$1" "$2" 85
chmod "$3" "$2" || fail "$1" "$2" 83
sync "$2" 2>/dev/null || sync
[ "$1" = "$2" ] || mv -f "$2" "$1" || fail "$1" "$2" 83
)sh";

/// The second half for a size that was not known before. Arguments as above.
const QByteArray kFinishPut = R"sh(
fail() { [ "$1" = "$2" ] || rm -f -- "$2"; exit "$3"; }
[ ! -d "$1" ] || fail "$1" "$2" 84
[ "$(($(wc -c <"$2")))" -eq "$4" ] || fail "$1" "$2" 85
chmod "$3" "$2" || fail "$1" "$2" 83
sync "$2" 2>/dev/null || sync
[ "$1" = "$2" ] || mv -f "$2" "$1" || fail "$1" "$2" 83
)sh";

const QByteArray kGet = R"sh([ -e "$1" ] || exit 81
[ -d "$1" ] && exit 84
[ -r "$1" ] || exit 82
exec cat "$1"
)sh";

/// A path that no tool takes for an option.
QByteArray safePath(const QByteArray& path)
{
    return path.startsWith('-') ? "./" + path : path;
}

Error fileError(int code, const QByteArray& path, const QByteArray& said)
{
    const QString detail = QString::fromUtf8(said.trimmed().right(500));
    const QString file = QString::fromUtf8(path);
    switch (code) {
    case kNotFound:
        return makeError(ErrorCode::NotFound, u"There is no %1 on the host"_s.arg(file), detail);
    case kForbidden:
        return makeError(ErrorCode::Forbidden, u"This user may not access %1"_s.arg(file), detail,
                         u"Use a user who may, or become root"_s);
    case kNoFile:
        return makeError(ErrorCode::Io, u"%1 is a folder"_s.arg(file), detail);
    case kIncomplete:
        return makeError(ErrorCode::Io, u"%1 arrived incomplete and was removed"_s.arg(file), detail);
    default:
        return makeError(ErrorCode::Io, u"%1 could not be transferred"_s.arg(file), detail);
    }
}

/// Counts what really was sent.
class CountingSource final : public ByteSource
{
public:
    explicit CountingSource(ByteSource& source) : m_source(source) {}

    Result<qint64> read(char* data, qint64 capacity) override
    {
        Result<qint64> count = m_source.read(data, capacity);
        if (count)
            m_count += *count;
        return count;
    }

    [[nodiscard]] qint64 size() const override { return m_source.size(); }
    [[nodiscard]] qint64 count() const { return m_count; }

private:
    ByteSource& m_source;
    qint64 m_count = 0;
};

Command shellCommand(const QByteArray& script, const QList<QByteArray>& args, bool asRoot)
{
    Command command;
    command.argv = QList<QByteArray> {"/bin/sh", "-c", script, "promdeck"} + args;
    command.asRoot = asRoot;
    command.deadline = 0ms;
    command.outputLimit = 64 << 10;
    return command;
}

} // namespace

QByteArray ProcessHost::temporaryBeside(const QByteArray& path)
{
    // A name has at most 255 bytes.
    const qsizetype name = path.lastIndexOf('/') + 1;
    return path.left(name) + path.mid(name, 200) + ".promdeck-" + QByteArray::number(QRandomGenerator::system()->generate(), 16) + '~';
}

Status ProcessHost::putFile(ByteSource& source, const QByteArray& givenPath, const PutOptions& options,
                            const CancelToken& cancel)
{
    const QByteArray path = safePath(givenPath);
    const QByteArray written = options.replace ? temporaryBeside(path) : path;
    const QByteArray mode = QByteArray::number(options.mode & 07777, 8);
    const bool sizeKnown = source.size() >= 0;
    QList<QByteArray> args {path, written, mode, QByteArray::number(source.size()), sizeKnown ? "" : "keep"};
    CountingSource counted(source);
    StreamOptions how;
    how.sent = options.progress;
    how.stall = options.stall;
    QByteArray said;
    const Result<int> code = stream(shellCommand(kPut, args, options.asRoot), &counted, nullptr, how, cancel, &said);
    Error error;
    if (!code) {
        error = code.error();
    } else if (*code != 0) {
        return withTarget(fileError(*code, givenPath, said));
    } else if (sizeKnown) {
        return Done {};
    } else {
        return finishPut(path, written, counted.count(), options, cancel);
    }
    // The shell's own clean-up does not run when the transfer was stopped from here.
    if (options.replace && error.code != ErrorCode::ConnectionLost)
        removeTemporary(written, options.asRoot);
    return error;
}

Status ProcessHost::finishPut(const QByteArray& path, const QByteArray& written, qint64 size, const PutOptions& options, const CancelToken& cancel)
{
    const QList<QByteArray> args {path, written, QByteArray::number(options.mode & 07777, 8), QByteArray::number(size)};
    QByteArray said;
    const Result<int> finished = stream(shellCommand(kFinishPut, args, options.asRoot), nullptr, nullptr, {}, cancel, &said);
    if (finished && *finished == 0)
        return Done {};
    if (!finished && written != path && finished.error().code != ErrorCode::ConnectionLost)
        removeTemporary(written, options.asRoot);
    return finished ? withTarget(fileError(*finished, path, said)) : finished.error();
}

void ProcessHost::removeTemporary(const QByteArray& written, bool asRoot)
{
    Command remove = shellCommand("rm -f -- \"$1\"", {written}, asRoot);
    remove.deadline = 5s;
    (void)run(remove);
}

Status ProcessHost::getFile(const QByteArray& path, ByteSink& sink, const GetOptions& options, const CancelToken& cancel)
{
    StreamOptions how;
    how.received = options.progress;
    how.stall = options.stall;
    QByteArray said;
    const Result<int> code
        = stream(shellCommand(kGet, {safePath(path)}, options.asRoot), nullptr, &sink, how, cancel, &said);
    if (!code)
        return code.error();
    if (*code != 0)
        return withTarget(fileError(*code, path, said));
    return Done {};
}

Result<QByteArray> ProcessHost::readFile(const QByteArray& path, qint64 limit, bool asRoot, const CancelToken& cancel)
{
    BufferSink sink(limit);
    GetOptions options;
    options.asRoot = asRoot;
    if (const Status got = getFile(path, sink, options, cancel); !got)
        return withTarget(got.error());
    return sink.take();
}

Status ProcessHost::putFiles(const std::vector<FileEntry>& files, const QByteArray& folder, bool asRoot,
                             const CancelToken& cancel)
{
    for (const FileEntry& file : files) {
        if (!isInnerPath(file.path))
            return makeError(ErrorCode::InvalidArgument, u"A path leaves its folder"_s, QString::fromUtf8(file.path));
    }
    // tar is content with an archive that ends between two members; the last one proves that all came through.
    std::vector<FileEntry> all = files;
    const QByteArray last = temporaryBeside("end");
    all.push_back({last, {}, 0600});
    TarSource source(all);
    const QByteArray script = "umask 0; [ -d \"$1\" ] || exit 81; [ -w \"$1\" ] || exit 82; cd \"$1\" || exit 82\n"
                              "tar -xof - || exit 83; [ -e \"$2\" ] || exit 85; rm -f -- \"$2\"";
    QByteArray said;
    const Result<int> code
        = stream(shellCommand(script, {safePath(folder), last}, asRoot), &source, nullptr, {}, cancel, &said);
    if (!code)
        return code.error();
    if (*code != 0)
        return withTarget(fileError(*code, folder, said));
    return Done {};
}

Result<std::vector<FileEntry>> ProcessHost::getFiles(const QList<QByteArray>& paths, const QByteArray& folder,
                                                     qint64 limit, bool asRoot, const CancelToken& cancel)
{
    QList<QByteArray> args {safePath(folder)};
    for (const QByteArray& path : paths)
        args << safePath(path);
    const QByteArray script = "[ -d \"$1\" ] || exit 81; cd \"$1\" || exit 82; shift\n"
                              "for p; do [ -e \"$p\" ] || exit 81; [ -r \"$p\" ] || exit 82; done\n"
                              "exec tar -chf - \"$@\"";
    TarSink sink(limit);
    QByteArray said;
    const Result<int> code = stream(shellCommand(script, args, asRoot), nullptr, &sink, {}, cancel, &said);
    if (!code)
        return code.error();
    if (*code != 0)
        return withTarget(fileError(*code, folder, said));
    Result<std::vector<FileEntry>> files = sink.finish();
    if (!files)
        return withTarget(files.error());
    return files;
}

} // namespace Promdeck
