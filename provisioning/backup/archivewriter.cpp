#include "provisioning/backup/archivewriter.h"

#include "provisioning/backup/container.h"
#include "provisioning/backup/sha256.h"
#include "provisioning/backup/tarwriter.h"
#include "provisioning/backup/zstdstream.h"

#include <archive.h>

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
    TarWriter tar {compressed, u"The archive cannot be written"_s};
    QByteArray manifestHash;
    size_t next = 0;
    bool inFile = false;
    qint64 written = 0;
    Sha256 hash;

    Status open()
    {
        archive_write_set_format_pax_restricted(tar.handle());
        // File names are bytes, in no particular encoding.
        archive_write_set_format_option(tar.handle(), "pax", "hdrcharset", "BINARY");
        return tar.open();
    }

    Status header(const ManifestFile& file) { return tar.header(file, file.path); }
    Status data(const char* bytes, qint64 size) { return tar.data(bytes, size); }

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
    if (const Status closed = d->tar.close(); !closed)
        return closed;
    if (const Status flushed = d->compressed.finish(); !flushed)
        return flushed;
    return d->container.finish();
}

} // namespace Promdeck::Backup
