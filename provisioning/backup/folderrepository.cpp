#include "models/core/files.h"
#include "provisioning/backup/repository.h"

#include <QDateTime>
#include <QDir>
#include <QSet>

#include <cerrno>
#include <cstring>

#include <fcntl.h>
#include <sys/file.h>
#include <sys/stat.h>
#include <unistd.h>

namespace Promdeck::Backup {

using namespace Qt::StringLiterals;

namespace {

constexpr QLatin1StringView kPartSuffix(".part");

Error systemError(const QString& what, const QString& path)
{
    const int number = errno;
    Error error = makeError(number == ENOENT       ? ErrorCode::NotFound
                                : number == EACCES ? ErrorCode::Forbidden
                                                   : ErrorCode::Io,
                            what, QString::fromLocal8Bit(std::strerror(number)));
    if (number == ENOSPC)
        error.hint = u"Make room there, or prune old backups"_s;
    error.target = path;
    return error;
}

Status syncFolder(const QString& folder)
{
    const int fd = ::open(QFile::encodeName(folder).constData(), O_RDONLY | O_DIRECTORY | O_CLOEXEC);
    if (fd < 0)
        return systemError(u"The folder cannot be opened"_s, folder);
    const bool synced = ::fsync(fd) == 0;
    ::close(fd);
    return synced ? Status(Done {}) : systemError(u"The folder cannot be written"_s, folder);
}

/// The file is written under another name and locked meanwhile, so that nobody takes it for a leftover.
class FolderUpload final : public RepositoryUpload
{
public:
    FolderUpload(QString folder, QString name) : m_folder(std::move(folder)), m_name(std::move(name)) {}

    ~FolderUpload() override
    {
        if (m_fd < 0)
            return;
        ::unlink(encoded(partPath()).constData());
        for (const QString& side : m_sideFiles)
            ::unlink(encoded(m_folder + u'/' + side).constData());
        ::close(m_fd);
    }
    Q_DISABLE_COPY_MOVE(FolderUpload)

    Status open()
    {
        m_fd = ::open(encoded(partPath()).constData(), O_RDWR | O_CREAT | O_EXCL | O_CLOEXEC, 0600);
        if (m_fd < 0)
            return systemError(u"The backup cannot be written"_s, partPath());
        ::flock(m_fd, LOCK_EX);
        return Done {};
    }

    Status write(const char* data, qint64 size) override
    {
        while (size > 0) {
            const ssize_t done = ::write(m_fd, data, size_t(size));
            if (done < 0 && errno == EINTR)
                continue;
            if (done < 0)
                return systemError(u"The backup cannot be written"_s, partPath());
            data += done;
            size -= done;
        }
        return Done {};
    }

    Status finishWriting(const CancelToken&) override
    {
        if (::fsync(m_fd) != 0)
            return systemError(u"The backup cannot be written"_s, partPath());
        // What is read back comes from the disk as far as the system lets us ask for that.
        ::posix_fadvise(m_fd, 0, 0, POSIX_FADV_DONTNEED);
        return Done {};
    }

    Result<std::unique_ptr<ByteSource>> readBack(const CancelToken&) override
    {
        auto source = std::make_unique<FileSource>(partPath());
        if (const Status opened = source->open(); !opened)
            return opened.error();
        return std::unique_ptr<ByteSource>(std::move(source));
    }

    /// The side files first: without the backup itself nobody looks at them, and its rename decides.
    Status publish(const std::vector<SideFile>& sideFiles, const CancelToken&) override
    {
        for (const SideFile& side : sideFiles) {
            m_sideFiles << side.name;
            if (const Status written = writeFileAtomically(m_folder + u'/' + side.name, side.content); !written)
                return written;
        }
        if (::rename(encoded(partPath()).constData(), encoded(m_folder + u'/' + m_name).constData()) != 0)
            return systemError(u"The backup cannot be written"_s, m_folder + u'/' + m_name);
        ::close(m_fd);
        m_fd = -1;
        return syncFolder(m_folder);
    }

private:
    [[nodiscard]] QString partPath() const { return m_folder + u'/' + m_name + kPartSuffix; }
    static QByteArray encoded(const QString& path) { return QFile::encodeName(path); }

    QString m_folder;
    QString m_name;
    QStringList m_sideFiles;
    int m_fd = -1;
};

class FolderRepository final : public Repository
{
public:
    explicit FolderRepository(QString folder) : m_folder(std::move(folder)) {}

    [[nodiscard]] QString description() const override { return m_folder; }

    Result<std::vector<StoredObject>> list(const CancelToken&) override
    {
        const QDir folder(m_folder);
        if (!folder.exists())
            return makeError(ErrorCode::NotFound, u"The folder of the backups is not there"_s, m_folder);
        std::vector<StoredObject> found;
        for (const QFileInfo& info : folder.entryInfoList(QDir::Files | QDir::NoSymLinks, QDir::Name)) {
            if (isObjectName(info.fileName()) && !info.fileName().endsWith(kPartSuffix))
                found.push_back({info.fileName(), info.size(), info.lastModified().toMSecsSinceEpoch()});
        }
        return found;
    }

    Result<std::unique_ptr<RepositoryUpload>> upload(const QString& name, const CancelToken&) override
    {
        if (!isObjectName(name))
            return makeError(ErrorCode::InvalidArgument, u"\"%1\" is no name for a backup"_s.arg(name));
        auto upload = std::make_unique<FolderUpload>(m_folder, name);
        if (const Status opened = upload->open(); !opened)
            return opened.error();
        return std::unique_ptr<RepositoryUpload>(std::move(upload));
    }

    Result<std::unique_ptr<ByteSource>> open(const QString& name, const CancelToken&) override
    {
        auto source = std::make_unique<FileSource>(path(name));
        if (!isObjectName(name) || !QFileInfo(path(name)).isFile())
            return makeError(ErrorCode::NotFound, u"There is no backup named \"%1\""_s.arg(name));
        if (const Status opened = source->open(); !opened)
            return opened.error();
        return std::unique_ptr<ByteSource>(std::move(source));
    }

    Result<QByteArray> readSmall(const QString& name, qint64 limit, const CancelToken&) override
    {
        if (!isObjectName(name) || !QFileInfo(path(name)).isFile())
            return makeError(ErrorCode::NotFound, u"There is no \"%1\""_s.arg(name));
        return readWholeFile(path(name), limit);
    }

    Status writeSmall(const SideFile& file, const CancelToken&) override
    {
        return writeFileAtomically(path(file.name), file.content);
    }

    Status remove(const QString& name, const CancelToken&) override
    {
        if (!isObjectName(name) || (::unlink(QFile::encodeName(path(name)).constData()) != 0 && errno != ENOENT))
            return systemError(u"The backup cannot be removed"_s, path(name));
        return Done {};
    }

    Status removeLeftovers(const CancelToken&) override
    {
        QSet<QString> alive;
        QSet<QString> complete;
        QStringList names = QDir(m_folder).entryList(QDir::Files | QDir::NoSymLinks);
        for (const QString& name : names) {
            if (name.endsWith(kBackupSuffix))
                complete.insert(name.chopped(kBackupSuffix.size()));
            const QString part = QString(kBackupSuffix) + kPartSuffix;
            if (!name.endsWith(part))
                continue;
            const int fd = ::open(QFile::encodeName(path(name)).constData(), O_RDWR | O_CLOEXEC | O_NOFOLLOW);
            if (fd < 0)
                continue;
            if (::flock(fd, LOCK_EX | LOCK_NB) == 0)
                ::unlink(QFile::encodeName(path(name)).constData());
            else
                alive.insert(name.chopped(part.size()));
            ::close(fd);
        }
        for (const QString& name : names) {
            for (const QString& suffix : {QString(kHashSuffix), QString(kRecordSuffix)}) {
                if (!name.endsWith(suffix))
                    continue;
                const QString id = name.chopped(suffix.size());
                if (!complete.contains(id) && !alive.contains(id) && isOurs(name))
                    ::unlink(QFile::encodeName(path(name)).constData());
            }
        }
        return Done {};
    }

private:
    [[nodiscard]] QString path(const QString& name) const { return m_folder + u'/' + name; }

    /// Other people's files may lie in the folder too.
    [[nodiscard]] bool isOurs(const QString& name) const
    {
        if (name.endsWith(kHashSuffix))
            return true;
        const Result<QByteArray> text = readWholeFile(path(name), 1 << 20);
        return text && text->contains("\"promdeckBackup\"");
    }

    QString m_folder;
};

} // namespace

bool isObjectName(const QString& name)
{
    return !name.isEmpty() && name.size() <= 200 && !name.startsWith(u'.') && !name.contains(u'/') && !name.contains(QChar(0));
}

Result<std::unique_ptr<Repository>> openFolderRepository(const QString& folder, bool make)
{
    const QString absolute = QDir::cleanPath(QDir::current().absoluteFilePath(folder));
    if (make && !QFileInfo::exists(absolute)
        && (!QDir().mkpath(QFileInfo(absolute).path()) || ::mkdir(QFile::encodeName(absolute).constData(), 0700) != 0))
        return systemError(u"The folder for backups cannot be made"_s, absolute);
    return std::unique_ptr<Repository>(std::make_unique<FolderRepository>(absolute));
}

} // namespace Promdeck::Backup
