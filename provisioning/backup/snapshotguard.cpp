#include "provisioning/backup/snapshotguard.h"

#include "provisioning/backup/sha256.h"

#include <QDateTime>
#include <QDir>
#include <QSysInfo>

#include <algorithm>

#include <fcntl.h>
#include <sys/file.h>
#include <unistd.h>

namespace Promdeck::Backup {

using namespace Qt::StringLiterals;

namespace {

constexpr qint64 kNoteLivesS = 6 * 3600;
constexpr qint64 kCreationS = 15 * 60; ///< how long a server may take to make one

constexpr char kLookScript[] = R"sh(
cd -- "$1" || exit 45
date -u +%Y%m%dT%H%M%SZ
mkdir -p snapshots && cd snapshots || exit 46
[ -w . ] || exit 46
if [ -f .promdeck-backup ]; then printf 'note\n'; cat .promdeck-backup; printf '\n'; else printf 'none\n'; fi
printf 'names\n'
for d in *; do [ -d "$d" ] && printf '%s\n' "$d"; done
exit 0
)sh";

constexpr char kNoteScript[] = R"sh(
cd -- "$1/snapshots" || exit 45
printf '%s' "$2" >.promdeck-backup.new && mv -f .promdeck-backup.new .promdeck-backup || exit 46
)sh";

// Names come from the listing above; a '/' in one would be somebody's trick.
constexpr char kRemoveScript[] = R"sh(
cd -- "$1/snapshots" || exit 45
shift
for name; do
    case $name in */*|.|..|'') exit 47;; esac
    rm -rf -- "./$name" || exit 46
done
)sh";

constexpr char kFinishScript[] = R"sh(
cd -- "$1/snapshots" || exit 0
[ -z "$2" ] || rm -rf -- "./$2" || exit 46
rm -f .promdeck-backup .promdeck-backup.new
cd .. && rmdir snapshots 2>/dev/null
exit 0
)sh";

// A block counts when it is complete; one whose successor is there too is left out by Prometheus itself.
constexpr char kLinkScript[] = R"sh(
cd -- "$1" || exit 45
name=$2
try=0
while [ $try -lt 5 ]; do
    try=$((try + 1))
    rm -rf -- "./snapshots/$name" && mkdir "./snapshots/$name" || exit 46
    whole=yes
    for block in ??????????????????????????; do
        [ -f "$block/meta.json" ] || continue
        case $block in *[!0-9A-Z]*) continue;; esac
        cp -al -- "$block" "./snapshots/$name/$block" 2>/dev/null || { whole=no; break; }
        [ -f "./snapshots/$name/$block/meta.json" ] && [ -f "./snapshots/$name/$block/index" ] || { whole=no; break; }
    done
    # Gone meanwhile: compaction replaced it by a block that this pass may have missed.
    if [ $whole = yes ]; then
        for block in "./snapshots/$name"/*; do
            [ -d "$block" ] || continue
            [ -f "./${block##*/}/meta.json" ] || whole=no
        done
    fi
    [ $whole = yes ] && exit 0
    sleep 1
done
exit 48
)sh";

qint64 secondsOf(const QByteArray& stamp)
{
    QDateTime time = QDateTime::fromString(QString::fromLatin1(stamp.left(16)), u"yyyyMMdd'T'HHmmss'Z'"_s);
    time.setTimeSpec(Qt::UTC);
    return time.isValid() ? time.toSecsSinceEpoch() : -1;
}

/// The note: "owner", "started", "made" (empty while unknown), then "before" and a name a line.
struct Note
{
    QByteArray owner;
    QByteArray started;
    QByteArray made;
    QList<QByteArray> before;
};

Note readNote(const QList<QByteArray>& lines)
{
    Note note {lines.value(0), lines.value(1), lines.value(2), {}};
    note.before = lines.mid(3);
    return note;
}

QByteArray thisMachine()
{
    return QSysInfo::machineUniqueId() + ' ' + QSysInfo::machineHostName().toUtf8() + ' ' + QByteArray::number(::getuid());
}

} // namespace

SnapshotGuard::SnapshotGuard(Host& host, QByteArray dataFolder, bool asRoot)
    : m_host(host), m_data(std::move(dataFolder)), m_asRoot(asRoot)
{
}

SnapshotGuard::~SnapshotGuard()
{
    static_cast<void>(release().ok());
    if (m_lock >= 0)
        ::close(m_lock);
}

Result<CommandOutput> SnapshotGuard::script(const QByteArray& text, const QList<QByteArray>& args, const CancelToken& cancel)
{
    Command how;
    how.asRoot = m_asRoot;
    how.deadline = std::chrono::minutes(10);
    Result<CommandOutput> output = m_host.runScript(text, args, how, cancel);
    if (!output || output->ok())
        return output;
    const QString said = QString::fromUtf8(output->standardError.left(400)).trimmed();
    Error error = output->exitCode == 45 ? makeError(ErrorCode::NotFound, u"The data folder of Prometheus cannot be entered"_s, said)
        : output->exitCode == 46         ? makeError(ErrorCode::Forbidden, u"Snapshots cannot be written or removed there"_s, said,
                                                     u"Back up as root, or as the user that Prometheus runs as"_s)
        : output->exitCode == 48         ? makeError(ErrorCode::Conflict, u"Prometheus compacts its blocks all the time"_s, {},
                                                     u"Try again later"_s)
                                         : makeError(ErrorCode::RemoteExit, u"A step of the backup failed on the host"_s, said);
    error.target = QString::fromUtf8(m_data);
    return error;
}

/// One backup of the same data at a time on this machine; the system drops the lock of whoever is killed.
Status SnapshotGuard::takeLock()
{
    const QString given = qEnvironmentVariable("XDG_STATE_HOME");
    const QString folder = (given.startsWith(u'/') ? given : QDir::homePath() + u"/.local/state"_s) + u"/promdeck/backup"_s;
    QDir().mkpath(folder);
    const QByteArray name = sha256Hex(m_host.address().toUtf8() + '\n' + m_data).left(32) + ".lock";
    m_lock = ::open((QFile::encodeName(folder) + '/' + name).constData(), O_RDWR | O_CREAT | O_CLOEXEC, 0600);
    if (m_lock < 0)
        return makeError(ErrorCode::Io, u"The lock of this backup cannot be made"_s, folder);
    if (::flock(m_lock, LOCK_EX | LOCK_NB) != 0)
        return makeError(ErrorCode::Conflict, u"Another backup of the same data is running on this machine"_s, {},
                         u"Wait until it is done"_s);
    return Done {};
}

Status SnapshotGuard::begin(const CancelToken& cancel)
{
    if (const Status locked = takeLock(); !locked)
        return locked;
    const Result<CommandOutput> output = script(kLookScript, {m_data}, cancel);
    if (!output)
        return output.error();
    QList<QByteArray> lines = output->standardOutput.split('\n');
    if (!lines.isEmpty() && lines.last().isEmpty())
        lines.removeLast();
    m_started = lines.value(0);
    const qsizetype names = lines.lastIndexOf("names");
    if (names < 1)
        return makeError(ErrorCode::Decode, u"The host answered in no known form"_s);
    QList<QByteArray> there = lines.mid(names + 1);
    if (lines.value(1) == "note") {
        const Note note = readNote(lines.mid(2, names - 2));
        const qint64 age = secondsOf(m_started) - secondsOf(note.started);
        if (note.owner != thisMachine() && age < kNoteLivesS)
            return makeError(ErrorCode::Conflict, u"Another machine is backing up the same data"_s,
                             u"%1, for %2 s"_s.arg(QString::fromUtf8(note.owner.split(' ').value(1))).arg(age),
                             u"Wait until it is done; a note that is older than six hours is ignored"_s);
        for (const QByteArray& name : there) {
            // Ours by name; else what appeared while that run was asking for one and never learned the name.
            const qint64 madeAt = secondsOf(name);
            const bool unnamed = note.made.isEmpty() && !note.before.contains(name) && madeAt >= secondsOf(note.started)
                && madeAt <= secondsOf(note.started) + kCreationS;
            if (name == note.made || unnamed)
                m_removed << name;
        }
        if (const Status removed = removeFolders(m_removed, cancel); !removed)
            return removed;
        there.removeIf([&](const QByteArray& name) { return m_removed.contains(name); });
    }
    m_before = there.join('\n');
    return writeNote({}, cancel);
}

Status SnapshotGuard::writeNote(const QByteArray& name, const CancelToken& cancel)
{
    const QByteArray text = thisMachine() + '\n' + m_started + '\n' + name + '\n' + m_before;
    const Result<CommandOutput> output = script(kNoteScript, {m_data, text}, cancel);
    if (!output)
        return output.error();
    m_noted = true;
    return Done {};
}

Status SnapshotGuard::removeFolders(const QList<QByteArray>& names, const CancelToken& cancel)
{
    if (names.isEmpty())
        return Done {};
    const Result<CommandOutput> output = script(kRemoveScript, QList<QByteArray> {m_data} + names, cancel);
    return output ? Status(Done {}) : Status(output.error());
}

Status SnapshotGuard::made(const QByteArray& name, const CancelToken& cancel)
{
    if (name.isEmpty() || name.contains('/') || name.startsWith('.'))
        return makeError(ErrorCode::Decode, u"The server named no snapshot"_s, QString::fromUtf8(name.left(80)));
    m_name = name;
    return writeNote(name, cancel);
}

Result<QByteArray> SnapshotGuard::linkBlocks(const CancelToken& cancel)
{
    // Noted before it exists.
    if (const Status noted = made("promdeck-" + m_started, cancel); !noted)
        return noted.error();
    const Result<CommandOutput> output = script(kLinkScript, {m_data, m_name}, cancel);
    if (!output)
        return output.error();
    return m_name;
}

QByteArray SnapshotGuard::folder() const
{
    return m_data + "/snapshots/" + m_name;
}

Status SnapshotGuard::release()
{
    if (!m_noted)
        return Done {};
    const Result<CommandOutput> output = script(kFinishScript, {m_data, m_name}, {});
    if (!output)
        return output.error();
    m_noted = false;
    return Done {};
}

} // namespace Promdeck::Backup
