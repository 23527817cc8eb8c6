#include "models/core/files.h"

#include <QDir>
#include <QFile>
#include <QFileInfo>
#include <QSaveFile>
#include <QStandardPaths>

namespace Promdeck {

using namespace Qt::StringLiterals;

namespace {

Error ioError(const QString& path, const QString& summary, const QString& detail, const QString& hint)
{
    Error error = makeError(ErrorCode::Io, summary, detail, hint);
    error.target = path;
    return error;
}

/// Like mkpath, but what it makes is for the user alone.
bool makePrivateFolder(const QString& folder)
{
    if (QDir(folder).exists())
        return true;
    // Two who write at once both want it; one of them finds it made.
    return makePrivateFolder(QFileInfo(folder).absolutePath())
        && (QDir().mkdir(folder, kPrivateFile | QFileDevice::ExeOwner) || QDir(folder).exists());
}

} // namespace

Status writeFileAtomically(const QString& path, const QByteArray& content, QFileDevice::Permissions permissions)
{
    const QString folder = QFileInfo(path).absolutePath();
    if (!makePrivateFolder(folder))
        return ioError(path, u"Cannot make the folder %1"_s.arg(folder), {}, u"Check its permissions"_s);
    QSaveFile file(path);
    if (file.open(QIODevice::WriteOnly) && file.setPermissions(permissions) && file.write(content) == content.size()
        && file.commit()) {
        return Done {};
    }
    return ioError(path, u"Cannot write %1"_s.arg(path), file.errorString(),
                   u"Check free space and the permissions of the folder"_s);
}

Result<QByteArray> readWholeFile(const QString& path, qint64 maxBytes)
{
    QFile file(path);
    if (QFileInfo(path).isDir())
        return ioError(path, u"%1 is a folder, not a file"_s.arg(path), {}, {});
    if (!file.open(QIODevice::ReadOnly)) {
        return ioError(path, u"Cannot read %1"_s.arg(path), file.errorString(),
                       file.exists() ? u"Check its permissions"_s : u"Check the path"_s);
    }
    QByteArray content = file.read(maxBytes + 1);
    if (file.error() != QFileDevice::NoError)
        return ioError(path, u"Cannot read %1"_s.arg(path), file.errorString(), {});
    if (content.size() > maxBytes)
        return ioError(path, u"%1 is larger than %2 bytes"_s.arg(path).arg(maxBytes), {}, u"Is it the right file?"_s);
    return content;
}

QString configFolder()
{
    return QStandardPaths::writableLocation(QStandardPaths::GenericConfigLocation) + u"/promdeck"_s;
}

} // namespace Promdeck
