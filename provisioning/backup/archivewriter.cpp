#include "provisioning/backup/archivewriter.h"

#include "provisioning/backup/container.h"
#include "provisioning/backup/sha256.h"
#include "provisioning/backup/zstdstream.h"

#include <archive.h>
#include <archive_entry.h>

#include <optional>

namespace Promdeck::Backup {

using namespace Qt::StringLiterals;

struct ArchiveWriter::Private
{
    Private(ByteSink& out, Manifest what, ArchiveProtection protection, int level)
        : manifest(std::move(what)), container(out, std::move(protection)), compressed(container, level)
    {
    }

    Manifest manifest;
    ContainerSink container;
    ZstdSink compressed;
    archive* tar = nullptr;
    std::optional<Error> failure; ///< of the sink, which libarchive cannot carry
    QByteArray manifestHash;
    size_t next = 0;
    bool inFile = false;
    qint64 written = 0;
    Sha256 hash;

    ~Private()
    {
        if (tar)
            archive_write_free(tar);
    }

    static la_ssize_t onWrite(archive* tar, void* self, const void* data, size_t size)
    {
        auto* d = static_cast<Private*>(self);
        const Status done = d->compressed.write(static_cast<const char*>(data), qint64(size));
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
            return makeError(ErrorCode::Internal, u"The archive cannot be written"_s,
                             QString::fromUtf8(archive_error_string(tar)));
        return Done {};
    }

    Status open()
    {
        tar = archive_write_new();
        archive_write_set_format_pax_restricted(tar);
        // File names are bytes, in no particular encoding.
        archive_write_set_format_option(tar, "pax", "hdrcharset", "BINARY");
        archive_write_set_bytes_per_block(tar, 0);
        return result(archive_write_open(tar, this, nullptr, &onWrite, nullptr));
    }

    Status header(const ManifestFile& file)
    {
        const std::unique_ptr<archive_entry, void (*)(archive_entry*)> entry(archive_entry_new(), &archive_entry_free);
        archive_entry_set_pathname(entry.get(), file.path.constData());
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
        return result(archive_write_header(tar, entry.get()));
    }

    Status data(const char* bytes, qint64 size)
    {
        while (size > 0) {
            const la_ssize_t done = archive_write_data(tar, bytes, size_t(size));
            if (done <= 0)
                return result(done == 0 ? ARCHIVE_FATAL : int(done));
            bytes += done;
            size -= done;
        }
        return Done {};
    }

    Status member(const char* name, const QByteArray& content)
    {
        ManifestFile file;
        file.path = name;
        file.size = content.size();
        file.mode = 0644;
        file.modifiedS = manifest.createdAtMs / 1000;
        if (const Status begun = header(file); !begun)
            return begun;
        return data(content.constData(), content.size());
    }

    /// Folders and links have no content, so they come by themselves.
    Status passOthers()
    {
        while (next < manifest.files.size() && manifest.files[next].type != ManifestFile::Type::File) {
            if (const Status written = header(manifest.files[next]); !written)
                return written;
            ++next;
        }
        return Done {};
    }
};

ArchiveWriter::ArchiveWriter(ByteSink& out, Manifest manifest, ArchiveProtection protection, int compressionLevel)
    : d(std::make_unique<Private>(out, std::move(manifest), std::move(protection), compressionLevel))
{
}

ArchiveWriter::~ArchiveWriter() = default;

const Manifest& ArchiveWriter::manifest() const
{
    return d->manifest;
}

Status ArchiveWriter::begin()
{
    if (const Status checked = checkManifest(d->manifest); !checked)
        return checked;
    if (const Status begun = d->container.begin(); !begun)
        return begun;
    if (const Status opened = d->open(); !opened)
        return opened;
    const QByteArray json = writeManifest(d->manifest);
    d->manifestHash = sha256Hex(json);
    return d->member(kManifestName, json);
}

Status ArchiveWriter::beginFile(const QByteArray& path)
{
    if (const Status passed = d->passOthers(); !passed)
        return passed;
    if (d->inFile || d->next >= d->manifest.files.size() || d->manifest.files[d->next].path != path)
        return makeError(ErrorCode::Internal, u"Files reached the archive out of order"_s, bytesToText(path));
    d->inFile = true;
    d->written = 0;
    return d->header(d->manifest.files[d->next]);
}

Status ArchiveWriter::write(const char* data, qint64 size)
{
    const ManifestFile& file = d->manifest.files[d->next];
    d->written += size;
    if (d->written > file.size)
        return makeError(ErrorCode::Conflict, u"A file changed while it was backed up"_s, bytesToText(file.path),
                         u"Run the backup again"_s);
    d->hash.add(data, size);
    return d->data(data, size);
}

Status ArchiveWriter::endFile()
{
    const ManifestFile& file = d->manifest.files[d->next];
    if (d->hash.takeHex() != file.sha256 || d->written != file.size)
        return makeError(ErrorCode::Conflict, u"A file changed while it was backed up"_s, bytesToText(file.path),
                         u"Run the backup again"_s);
    d->inFile = false;
    ++d->next;
    return Done {};
}

Status ArchiveWriter::finish()
{
    if (const Status passed = d->passOthers(); !passed)
        return passed;
    if (d->next != d->manifest.files.size())
        return makeError(ErrorCode::Conflict, u"A file vanished while it was backed up"_s,
                         bytesToText(d->manifest.files[d->next].path), u"Run the backup again"_s);
    const QByteArray end = Json::object({{u"manifestSha256"_s, QString::fromLatin1(d->manifestHash)},
                                         {u"fileCount"_s, qint64(d->manifest.files.size())},
                                         {u"totalBytes"_s, d->manifest.totalBytes()}})
                               .toUtf8();
    if (const Status ended = d->member(kEndName, end); !ended)
        return ended;
    if (const Status closed = d->result(archive_write_close(d->tar)); !closed)
        return closed;
    if (const Status flushed = d->compressed.finish(); !flushed)
        return flushed;
    return d->container.finish();
}

} // namespace Promdeck::Backup
