#include "provisioning/deploy/audit.h"

#include "provisioning/workspace/rendered.h"

#include <QDir>
#include <QFile>
#include <QFileInfo>
#include <QLockFile>

namespace Promdeck::Deploy {

using namespace Qt::StringLiterals;

namespace {

constexpr int kPatienceMs = 10'000;
constexpr qint64 kTail = 1 << 20;

/// The last line of a file, without its line end; and whether it ends with one.
QByteArray lastLine(QFile& file, bool& ended)
{
    file.seek(std::max<qint64>(0, file.size() - kTail));
    QByteArray tail = file.readAll();
    ended = tail.isEmpty() || tail.endsWith('\n');
    if (tail.endsWith('\n'))
        tail.chop(1);
    return tail.mid(tail.lastIndexOf('\n') + 1);
}

} // namespace

QString workstationAuditPath()
{
    QString state = qEnvironmentVariable("XDG_STATE_HOME");
    if (state.isEmpty())
        state = QDir::homePath() + u"/.local/state"_s;
    return state + u"/promdeck/audit.jsonl"_s;
}

Status appendAudit(const QString& path, const Json& entry, qint64 timeS)
{
    QDir().mkpath(QFileInfo(path).path());
    QLockFile lock(path + u".lock"_s);
    if (!lock.tryLock(kPatienceMs))
        return makeError(ErrorCode::Timeout, u"The audit log is in use"_s, path);
    QFile file(path);
    if (!file.open(QIODevice::ReadWrite))
        return makeError(ErrorCode::Io, u"The audit log cannot be written"_s, file.errorString());
    file.setPermissions(QFile::ReadOwner | QFile::WriteOwner);
    bool ended = true;
    const QByteArray last = lastLine(file, ended);
    const Result<Json> before = Json::parse(last);
    Json line = Json::object({{u"seq"_s, last.isEmpty() ? qint64(0) : (before ? (*before)[u"seq"].toInt(-1) : qint64(-1)) + 1}, {u"time"_s, timeS}});
    for (const Json::Member& member : entry.members())
        line.set(member.first, member.second);
    line.set(u"prev"_s, last.isEmpty() ? u"-"_s : QString::fromLatin1(sha256Hex(last)));
    file.seek(file.size());
    const QByteArray text = (ended ? QByteArray() : QByteArray("\n")) + line.toUtf8() + '\n';
    if (file.write(text) != text.size() || !file.flush())
        return makeError(ErrorCode::Io, u"The audit log cannot be written"_s, file.errorString());
    return Done {};
}

AuditVerdict verifyAudit(const QByteArray& log, const QByteArray& knownHead)
{
    AuditVerdict verdict;
    QByteArray before;
    bool seen = knownHead.isEmpty();
    qint64 sequence = 0;
    const auto bad = [&](const QString& why) {
        if (verdict.badLine != 0)
            return;
        verdict.badLine = verdict.entries;
        verdict.reason = why;
    };
    QList<QByteArray> lines = log.split('\n');
    if (!lines.isEmpty() && lines.constLast().isEmpty())
        lines.removeLast();
    for (const QByteArray& line : lines) {
        ++verdict.entries;
        const Result<Json> entry = Json::parse(line);
        if (!entry || !entry->isObject())
            bad(u"not an entry"_s);
        else if ((*entry)[u"prev"].toString() != (before.isEmpty() ? u"-"_s : QString::fromLatin1(sha256Hex(before))))
            bad(u"the line before it was changed, or lines are missing"_s);
        else if ((*entry)[u"seq"].toInt(-1) != sequence)
            bad(u"its number does not follow"_s);
        ++sequence;
        before = line;
        verdict.head = sha256Hex(line);
        seen = seen || verdict.head == knownHead;
    }
    if (!seen) {
        verdict.entries = std::max(verdict.entries, 1);
        bad(u"an entry that was there before is gone"_s);
    }
    return verdict;
}

} // namespace Promdeck::Deploy
