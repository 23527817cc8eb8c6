#include "provisioning/backup/tarvisitor.h"

#include <archive.h>
#include <archive_entry.h>

#include <optional>

namespace Promdeck::Backup {

using namespace Qt::StringLiterals;

struct TarVisitor::Private
{
    Private(ByteSink& sink, PathFor how) : out(sink), pathFor(std::move(how)) {}
    ByteSink& out;
    PathFor pathFor;
    archive* tar = archive_write_new();
    std::optional<Error> failure;

    static la_ssize_t onWrite(archive* tar, void* self, const void* data, size_t size)
    {
        auto* d = static_cast<Private*>(self);
        const Status done = d->out.write(static_cast<const char*>(data), qint64(size));
        if (done)
            return la_ssize_t(size);
        d->failure = done.error();
        archive_set_error(tar, ARCHIVE_FATAL, "the sink failed");
        return -1;
    }

    Status result(int code)
    {
        if (failure)
            return *failure;
        if (code < ARCHIVE_WARN)
            return makeError(ErrorCode::Internal, u"The files cannot be sent"_s, QString::fromUtf8(archive_error_string(tar)));
        return Done {};
    }
};

TarVisitor::TarVisitor(ByteSink& out, PathFor pathFor) : d(std::make_unique<Private>(out, std::move(pathFor)))
{
    archive_write_set_format_gnutar(d->tar);
    archive_write_set_bytes_per_block(d->tar, 0);
    archive_write_open(d->tar, d.get(), nullptr, &Private::onWrite, nullptr);
}

TarVisitor::~TarVisitor()
{
    archive_write_free(d->tar);
}

Result<bool> TarVisitor::beginFile(const ManifestFile& file)
{
    const QByteArray path = d->pathFor(file);
    if (path.isEmpty())
        return false;
    const std::unique_ptr<archive_entry, void (*)(archive_entry*)> entry(archive_entry_new(), &archive_entry_free);
    archive_entry_set_pathname(entry.get(), path.constData());
    archive_entry_set_filetype(entry.get(), file.type == ManifestFile::Type::File  ? AE_IFREG
                                   : file.type == ManifestFile::Type::Folder ? AE_IFDIR
                                                                             : AE_IFLNK);
    archive_entry_set_perm(entry.get(), mode_t(file.mode));
    archive_entry_set_size(entry.get(), file.size);
    archive_entry_set_uid(entry.get(), file.uid);
    archive_entry_set_gid(entry.get(), file.gid);
    archive_entry_set_uname(entry.get(), file.owner.constData());
    archive_entry_set_gname(entry.get(), file.group.constData());
    archive_entry_set_mtime(entry.get(), time_t(file.modifiedS), 0);
    if (file.type == ManifestFile::Type::Link)
        archive_entry_set_symlink(entry.get(), file.linkTarget.constData());
    if (const Status written = d->result(archive_write_header(d->tar, entry.get())); !written)
        return written.error();
    return true;
}

Status TarVisitor::write(const char* data, qint64 size)
{
    while (size > 0) {
        const la_ssize_t done = archive_write_data(d->tar, data, size_t(size));
        if (done <= 0)
            return d->result(done == 0 ? ARCHIVE_FATAL : int(done));
        data += done;
        size -= done;
    }
    return Done {};
}

Status TarVisitor::finishFile(const ManifestFile&)
{
    return Done {};
}

Status TarVisitor::finish()
{
    return d->result(archive_write_close(d->tar));
}

} // namespace Promdeck::Backup
