#include "provisioning/backup/archivereader.h"

#include <array>
#include <cerrno>
#include <cstring>

#include <fcntl.h>
#include <sys/stat.h>
#include <unistd.h>

namespace Promdeck::Backup {

using namespace Qt::StringLiterals;

namespace {

Error failed(const QString& what, const QByteArray& path)
{
    Error error = makeError(ErrorCode::Io, what, QString::fromLocal8Bit(std::strerror(errno)));
    error.target = bytesToText(path);
    return error;
}

/// Every folder above a path, private until finish() sets what the manifest says.
Status makeFoldersAbove(const QByteArray& path)
{
    for (qsizetype slash = path.indexOf('/', 1); slash > 0; slash = path.indexOf('/', slash + 1)) {
        const QByteArray folder = path.left(slash);
        if (::mkdir(folder.constData(), 0700) != 0 && errno != EEXIST)
            return failed(u"A folder cannot be made"_s, folder);
    }
    return Done {};
}

} // namespace

ExtractingVisitor::~ExtractingVisitor()
{
    if (m_fd >= 0)
        ::close(m_fd);
}

Result<bool> ExtractingVisitor::beginFile(const ManifestFile& file)
{
    m_path = m_pathFor(file);
    if (m_path.isEmpty())
        return false;
    if (const Status above = makeFoldersAbove(m_path); !above)
        return above.error();
    switch (file.type) {
    case ManifestFile::Type::Folder:
        if (::mkdir(m_path.constData(), 0700) != 0 && errno != EEXIST)
            return failed(u"A folder cannot be made"_s, m_path);
        m_late.push_back({file, m_path});
        break;
    case ManifestFile::Type::Link:
        m_late.push_back({file, m_path});
        break;
    case ManifestFile::Type::File:
        m_fd = ::open(m_path.constData(), O_WRONLY | O_CREAT | O_EXCL | O_NOFOLLOW | O_CLOEXEC, 0600);
        if (m_fd < 0)
            return failed(u"A file cannot be made"_s, m_path);
    }
    return true;
}

Status ExtractingVisitor::write(const char* data, qint64 size)
{
    while (size > 0) {
        const ssize_t done = ::write(m_fd, data, size_t(size));
        if (done < 0 && errno == EINTR)
            continue;
        if (done < 0)
            return failed(u"A file cannot be written"_s, m_path);
        data += done;
        size -= done;
    }
    return Done {};
}

Status ExtractingVisitor::finishFile(const ManifestFile& file)
{
    if (file.type != ManifestFile::Type::File)
        return Done {};
    ++m_count;
    const std::array<timespec, 2> times {{{time_t(file.modifiedS), 0}, {time_t(file.modifiedS), 0}}};
    const bool dressed = ::fchmod(m_fd, mode_t(file.mode)) == 0 && ::futimens(m_fd, times.data()) == 0;
    const bool closed = ::close(m_fd) == 0;
    m_fd = -1;
    return dressed && closed ? Status(Done {}) : failed(u"A file cannot be written"_s, m_path);
}

Status ExtractingVisitor::finish()
{
    // Links first: the folder they go into may end up read-only. Deep folders before those above them.
    for (const Late& late : m_late) {
        if (late.file.type == ManifestFile::Type::Link
            && ::symlink(late.file.linkTarget.constData(), late.path.constData()) != 0)
            return failed(u"A link cannot be made"_s, late.path);
    }
    for (auto late = m_late.rbegin(); late != m_late.rend(); ++late) {
        if (late->file.type != ManifestFile::Type::Folder)
            continue;
        const std::array<timespec, 2> times {{{time_t(late->file.modifiedS), 0}, {time_t(late->file.modifiedS), 0}}};
        if (::chmod(late->path.constData(), mode_t(late->file.mode)) != 0
            || ::utimensat(AT_FDCWD, late->path.constData(), times.data(), AT_SYMLINK_NOFOLLOW) != 0)
            return failed(u"A folder cannot be given its mode"_s, late->path);
    }
    return Done {};
}

} // namespace Promdeck::Backup
