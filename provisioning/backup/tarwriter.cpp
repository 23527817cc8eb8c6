#include "provisioning/backup/tarwriter.h"

#include <archive.h>
#include <archive_entry.h>

#include <memory>

namespace Promdeck::Backup {

struct TarWriter::Callback
{
    static la_ssize_t onWrite(archive* tar, void* self, const void* data, size_t size)
    {
        auto* writer = static_cast<TarWriter*>(self);
        const Status done = writer->m_out.write(static_cast<const char*>(data), qint64(size));
        if (done)
            return la_ssize_t(size);
        writer->m_failure = done.error();
        archive_set_error(tar, ARCHIVE_FATAL, "the sink failed");
        return -1;
    }
};

TarWriter::TarWriter(ByteSink& out, QString failing) : m_out(out), m_failing(std::move(failing)), m_tar(archive_write_new()) {}

TarWriter::~TarWriter()
{
    archive_write_free(m_tar);
}

Status TarWriter::result(int code) const
{
    if (m_failure)
        return *m_failure;
    if (code < ARCHIVE_WARN)
        return makeError(ErrorCode::Internal, m_failing, QString::fromUtf8(archive_error_string(m_tar)));
    return Done {};
}

Status TarWriter::open()
{
    archive_write_set_bytes_per_block(m_tar, 0);
    return result(archive_write_open(m_tar, this, nullptr, &Callback::onWrite, nullptr));
}

Status TarWriter::header(const ManifestFile& file, const QByteArray& path)
{
    using Type = ManifestFile::Type;
    const std::unique_ptr<archive_entry, void (*)(archive_entry*)> entry(archive_entry_new(), &archive_entry_free);
    archive_entry_set_pathname(entry.get(), path.constData());
    archive_entry_set_filetype(entry.get(), file.type == Type::File ? AE_IFREG : file.type == Type::Folder ? AE_IFDIR : AE_IFLNK);
    archive_entry_set_perm(entry.get(), mode_t(file.mode));
    archive_entry_set_size(entry.get(), file.size);
    archive_entry_set_uid(entry.get(), file.uid);
    archive_entry_set_gid(entry.get(), file.gid);
    archive_entry_set_uname(entry.get(), file.owner.constData());
    archive_entry_set_gname(entry.get(), file.group.constData());
    archive_entry_set_mtime(entry.get(), time_t(file.modifiedS), 0);
    if (file.type == Type::Link)
        archive_entry_set_symlink(entry.get(), file.linkTarget.constData());
    return result(archive_write_header(m_tar, entry.get()));
}

Status TarWriter::data(const char* bytes, qint64 size)
{
    while (size > 0) {
        const la_ssize_t done = archive_write_data(m_tar, bytes, size_t(size));
        if (done <= 0)
            return result(done == 0 ? ARCHIVE_FATAL : int(done));
        bytes += done;
        size -= done;
    }
    return Done {};
}

Status TarWriter::close()
{
    return result(archive_write_close(m_tar));
}

} // namespace Promdeck::Backup
