#include "models/dashboard/dashboardfile.h"

#include "models/core/files.h"

#include <QCryptographicHash>
#include <QDir>
#include <QFile>
#include <QFileInfo>

#include <algorithm>

namespace Promdeck {

using namespace Qt::StringLiterals;

namespace {

constexpr qint64 kMaxDashboardBytes = 64 << 20;
constexpr QFileDevice::Permissions kNewFile = kPrivateFile | QFileDevice::ReadGroup | QFileDevice::ReadOther;

bool isFile(const QString& reference)
{
    return !reference.startsWith(u"builtin:");
}

QString draftFolder()
{
    return stateFolder() + u"/drafts"_s;
}

QString stateName(const QString& reference)
{
    return QString::fromLatin1(fingerprint(reference.toUtf8()).left(24));
}

/// The state folder's note of a draft; holds the draft itself where it cannot stand beside the file.
QString notePath(const QString& reference)
{
    return draftFolder() + u'/' + stateName(reference) + u".json"_s;
}

Json toJson(const DashboardDraft& draft)
{
    return Json::object({{u"promdeckDraft"_s, 1},
                         {u"reference"_s, draft.reference},
                         {u"title"_s, draft.title},
                         {u"savedMs"_s, draft.savedMs},
                         {u"base"_s, QString::fromLatin1(draft.base)},
                         {u"dashboard"_s, draft.migrated}});
}

std::optional<DashboardDraft> readDraft(const QString& path)
{
    const Result<QByteArray> text = readWholeFile(path, kMaxDashboardBytes);
    const Result<Json> json = text ? Json::parse(*text, path) : text.error();
    if (!json || (*json)[u"promdeckDraft"].toInt() != 1 || !(*json)[u"dashboard"].isObject())
        return std::nullopt;
    return DashboardDraft {(*json)[u"reference"].toString(), (*json)[u"title"].toString(), (*json)[u"savedMs"].toInt(),
                           (*json)[u"base"].toString().toLatin1(), (*json)[u"dashboard"]};
}

} // namespace

QByteArray fingerprint(const QByteArray& text)
{
    return QCryptographicHash::hash(text, QCryptographicHash::Sha256).toHex();
}

QString stateFolder()
{
    const QString given = qEnvironmentVariable("XDG_STATE_HOME");
    return (given.startsWith(u'/') ? given : QDir::homePath() + u"/.local/state"_s) + u"/promdeck"_s;
}

QString draftPath(const QString& reference)
{
    const QFileInfo info(reference);
    if (isFile(reference) && QFileInfo(info.absolutePath()).isWritable())
        return info.absolutePath() + u"/."_s + info.fileName() + u".promdeck-draft"_s;
    return draftFolder() + u'/' + stateName(reference) + u".draft"_s;
}

Result<OpenedDashboard> openDashboard(const QString& reference, const QByteArray& builtinText)
{
    QByteArray text = builtinText;
    if (text.isNull()) {
        Result<QByteArray> read = readWholeFile(reference, kMaxDashboardBytes);
        if (!read)
            return read.error();
        text = *read;
    }
    Result<Dashboard> dashboard = readDashboard(text, reference);
    if (!dashboard)
        return dashboard.error();
    OpenedDashboard opened {reference, text, std::move(*dashboard), std::nullopt};
    std::optional<DashboardDraft> draft = readDraft(draftPath(reference));
    if (draft && !(draft->migrated == opened.dashboard.migrated))
        opened.draft = std::move(draft);
    return opened;
}

Result<QByteArray> saveDashboard(const QString& path, const QByteArray& known, const Json& migrated, bool overwrite)
{
    const bool exists = QFileInfo::exists(path);
    if (exists && !overwrite) {
        const Result<QByteArray> now = readWholeFile(path, kMaxDashboardBytes);
        if (!now)
            return now.error();
        if (*now != known) {
            Error error = makeError(ErrorCode::Conflict, u"The file was changed by something else since it was opened"_s);
            error.target = path;
            return error;
        }
    }
    const QByteArray text = rewriteDashboard(known, migrated);
    const QFileDevice::Permissions permissions = exists ? QFile::permissions(path) : kNewFile;
    const Status written = writeFileAtomically(path, text, permissions);
    if (!written)
        return written.error();
    return text;
}

Status writeDraft(const DashboardDraft& draft)
{
    const QString path = draftPath(draft.reference);
    Status written = writeFileAtomically(path, toJson(draft).toUtf8());
    if (!written)
        return written;
    return writeFileAtomically(notePath(draft.reference), Json::object({{u"draft"_s, path}}).toUtf8());
}

void removeDraft(const QString& reference)
{
    QFile::remove(draftPath(reference));
    QFile::remove(notePath(reference));
}

std::vector<DashboardDraft> unsavedDrafts()
{
    std::vector<DashboardDraft> drafts;
    for (const QFileInfo& note : QDir(draftFolder()).entryInfoList({u"*.json"_s}, QDir::Files)) {
        const Result<QByteArray> text = readWholeFile(note.filePath(), kMaxDashboardBytes);
        const QString path = text ? Json::parse(*text).valueOr({})[u"draft"].toString() : QString();
        std::optional<DashboardDraft> draft = path.isEmpty() ? std::nullopt : readDraft(path);
        if (draft)
            drafts.push_back(std::move(*draft));
        else
            QFile::remove(note.filePath()); // its draft went with the folder it was in
    }
    std::ranges::sort(drafts, std::ranges::greater(), &DashboardDraft::savedMs);
    return drafts;
}

} // namespace Promdeck
