#include "models/config/edit/textdraft.h"

#include "models/core/files.h"
#include "models/core/json.h"

#include <QCryptographicHash>
#include <QDir>
#include <QFile>
#include <QFileInfo>
#include <QStringDecoder>

namespace Promdeck::Config {

using namespace Qt::StringLiterals;

namespace {

constexpr char kBom[] = "\xef\xbb\xbf";
constexpr qint64 kMostBytes = 64LL << 20;

QString draftFolder()
{
    const QString state = qEnvironmentVariable("XDG_STATE_HOME");
    return (state.isEmpty() ? QDir::homePath() + u"/.local/state"_s : state) + u"/promdeck/drafts"_s;
}

QString draftFile(const QString& path)
{
    const QByteArray hash = QCryptographicHash::hash(QFileInfo(path).absoluteFilePath().toUtf8(), QCryptographicHash::Sha256);
    return draftFolder() + u'/' + QString::fromLatin1(hash.toHex().left(32)) + u".config-draft"_s;
}

std::optional<TextDraft> readDraft(const QString& file)
{
    const Result<QByteArray> content = readWholeFile(file, 2 * kMostBytes);
    if (!content)
        return {};
    const Result<Json> json = Json::parse(*content);
    if (!json)
        return {};
    TextDraft draft;
    draft.path = (*json)[u"path"].toString();
    draft.base = (*json)[u"base"].toString().toUtf8();
    draft.text = (*json)[u"text"].toString().toUtf8();
    draft.savedMs = (*json)[u"savedMs"].toInt();
    return draft;
}

} // namespace

Result<TextFile> readTextFile(const QString& path)
{
    Result<QByteArray> content = readWholeFile(path, kMostBytes);
    if (!content)
        return content.error();
    TextFile file;
    file.bom = content->startsWith(kBom);
    file.text = file.bom ? content->mid(3) : std::move(*content);
    QStringDecoder decoder(QStringDecoder::Utf8, QStringDecoder::Flag::Stateless);
    const QString decoded = decoder(file.text);
    Q_UNUSED(decoded)
    if (decoder.hasError() || file.text.contains('\0'))
        return makeError(ErrorCode::Unsupported, u"the file is no UTF-8 text"_s, {}, u"convert it first; saving it from here would spoil it"_s);
    file.crlf = 2 * file.text.count("\r\n") > file.text.count('\n');
    return file;
}

Status saveTextFile(const QString& path, const TextFile& file, const QByteArray& known, bool isNew)
{
    const QFileInfo info(path);
    if (info.exists()) {
        const Result<TextFile> now = readTextFile(path);
        if (!now)
            return now.error();
        if (isNew || now->text != known)
            return makeError(ErrorCode::Conflict, u"the file was changed by somebody else"_s);
    }
    const QFileDevice::Permissions permissions = info.exists()
        ? QFile::permissions(path)
        : QFileDevice::ReadOwner | QFileDevice::WriteOwner | QFileDevice::ReadGroup | QFileDevice::ReadOther;
    return writeFileAtomically(path, (file.bom ? QByteArray(kBom, 3) : QByteArray()) + file.text, permissions);
}

Status writeTextDraft(const TextDraft& draft)
{
    const Json json = Json::object({{u"path"_s, QFileInfo(draft.path).absoluteFilePath()},
                                    {u"base"_s, QString::fromUtf8(draft.base)},
                                    {u"text"_s, QString::fromUtf8(draft.text)},
                                    {u"savedMs"_s, double(draft.savedMs)}});
    return writeFileAtomically(draftFile(draft.path), json.toUtf8());
}

std::optional<TextDraft> readTextDraft(const QString& path)
{
    return readDraft(draftFile(path));
}

void removeTextDraft(const QString& path)
{
    QFile::remove(draftFile(path));
}

QStringList textDrafts()
{
    QStringList paths;
    const QDir folder(draftFolder());
    for (const QString& name : folder.entryList({u"*.config-draft"_s}, QDir::Files, QDir::Time)) {
        if (const std::optional<TextDraft> draft = readDraft(folder.filePath(name)))
            paths << draft->path;
    }
    return paths;
}

} // namespace Promdeck::Config
