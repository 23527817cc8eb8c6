#include "provisioning/backup/archivereader.h"

#include "provisioning/backup/archivewriter.h"
#include "provisioning/backup/container.h"
#include "provisioning/backup/sha256.h"
#include "provisioning/backup/zstdstream.h"

#include <archive.h>
#include <archive_entry.h>

#include <algorithm>
#include <optional>

namespace Promdeck::Backup {

using namespace Qt::StringLiterals;

namespace {

constexpr qint64 kMostEnd = 4096;
constexpr qint64 kMostPadding = 1 << 20;

Error damaged(const QString& detail)
{
    return makeError(ErrorCode::Decode, u"The archive is damaged"_s, detail, u"Use another backup"_s);
}

Error hostile(const QString& detail)
{
    return makeError(ErrorCode::Decode, u"The archive holds something else than its manifest says"_s, detail,
                     u"Do not trust this file"_s);
}

} // namespace

struct ArchiveReader::Private
{
    explicit Private(ByteSource& source) : container(source), plain(container) {}

    ContainerSource container;
    ZstdSource plain;
    archive* tar = nullptr;
    std::optional<Error> failure; ///< of the source, which libarchive cannot carry
    QByteArray buffer = QByteArray(256 << 10, Qt::Uninitialized);
    ContainerHeader header;
    Manifest manifest;
    QByteArray manifestHash;
    bool read = false;
    qint64 done = 0;
    qint64 total = 0;
    qint64 delivered = 0; ///< bytes that libarchive got
    qint64 lastPart = 0;  ///< of them in the buffer

    ~Private()
    {
        if (tar)
            archive_read_free(tar);
    }

    static la_ssize_t onRead(archive* tar, void* self, const void** data)
    {
        auto* d = static_cast<Private*>(self);
        const Result<qint64> got = d->plain.read(d->buffer.data(), d->buffer.size());
        *data = d->buffer.constData();
        if (got) {
            d->delivered += *got;
            d->lastPart = *got > 0 ? *got : d->lastPart;
            return la_ssize_t(*got);
        }
        d->failure = got.error();
        archive_set_error(tar, ARCHIVE_FATAL, "the source failed");
        return -1;
    }

    Error problem()
    {
        if (failure)
            return *failure;
        const char* text = archive_error_string(tar);
        return damaged(text ? QString::fromUtf8(text) : u"the tar stream makes no sense"_s);
    }

    Status openTar()
    {
        tar = archive_read_new();
        archive_read_support_format_tar(tar);
        archive_read_set_format_option(tar, "tar", "hdrcharset", "BINARY");
        return archive_read_open(tar, this, nullptr, &onRead, nullptr) < ARCHIVE_WARN ? Status(problem()) : Done {};
    }

    /// Null at the end of the archive.
    Result<archive_entry*> nextEntry()
    {
        archive_entry* entry = nullptr;
        const int code = archive_read_next_header(tar, &entry);
        if (code == ARCHIVE_EOF)
            return static_cast<archive_entry*>(nullptr);
        if (code != ARCHIVE_OK)
            return problem();
        return entry;
    }

    /// Passes exactly `size` bytes of content on.
    template <typename Take>
    Status content(qint64 size, Take&& take)
    {
        qint64 got = 0;
        for (;;) {
            const void* bytes = nullptr;
            size_t length = 0;
            la_int64_t offset = 0;
            const int code = archive_read_data_block(tar, &bytes, &length, &offset);
            if (code == ARCHIVE_EOF)
                break;
            if (code != ARCHIVE_OK)
                return problem();
            if (length == 0)
                continue;
            if (offset != got || qint64(length) > size - got)
                return hostile(u"content with holes, or more of it than announced"_s);
            got += qint64(length);
            if (const Status taken = take(static_cast<const char*>(bytes), qint64(length)); !taken)
                return taken;
        }
        return got == size ? Status(Done {}) : damaged(u"a file ends too early"_s);
    }

    /// The whole content of one of our own two members.
    Result<QByteArray> ownMember(const char* name, qint64 limit)
    {
        const Result<archive_entry*> entry = nextEntry();
        if (!entry)
            return entry.error();
        if (!*entry)
            return damaged(u"%1 is missing: the archive was cut off"_s.arg(QLatin1StringView(name)));
        const char* path = archive_entry_pathname(*entry);
        if (!path || QByteArray(path) != name || archive_entry_filetype(*entry) != AE_IFREG
            || archive_entry_hardlink(*entry) || archive_entry_size(*entry) > limit || archive_entry_size(*entry) < 0)
            return hostile(u"\"%1\" stands where %2 should"_s.arg(bytesToText(path ? path : ""), QLatin1StringView(name)));
        QByteArray out;
        const Status whole = content(archive_entry_size(*entry), [&](const char* data, qint64 size) -> Status {
            out.append(data, size);
            return Done {};
        });
        if (!whole)
            return whole.error();
        return out;
    }

    static Status compare(archive_entry* entry, const ManifestFile& file)
    {
        const char* path = archive_entry_pathname(entry);
        QByteArray name(path ? path : "");
        if (file.type == ManifestFile::Type::Folder && name.endsWith('/'))
            name.chop(1);
        if (name != file.path)
            return hostile(u"\"%1\" stands where \"%2\" should"_s.arg(bytesToText(name), bytesToText(file.path)));
        const auto type = archive_entry_filetype(entry);
        const auto wanted = file.type == ManifestFile::Type::File ? AE_IFREG
            : file.type == ManifestFile::Type::Folder              ? AE_IFDIR
                                                                   : AE_IFLNK;
        if (type != wanted || archive_entry_hardlink(entry))
            return hostile(u"\"%1\" is another kind of thing than announced"_s.arg(bytesToText(name)));
        if (file.type == ManifestFile::Type::Link) {
            const char* target = archive_entry_symlink(entry);
            if (QByteArray(target ? target : "") != file.linkTarget)
                return hostile(u"\"%1\" leads elsewhere than announced"_s.arg(bytesToText(name)));
        }
        if (file.type == ManifestFile::Type::File && archive_entry_size(entry) != file.size)
            return hostile(u"\"%1\" has another size than announced"_s.arg(bytesToText(name)));
        return Done {};
    }

    Status member(const ManifestFile& file, ArchiveVisitor* visitor, const CancelToken& cancel, const Progress& progress)
    {
        const Result<archive_entry*> entry = nextEntry();
        if (!entry)
            return entry.error();
        if (!*entry)
            return damaged(u"\"%1\" and all behind it is missing: the archive was cut off"_s.arg(bytesToText(file.path)));
        if (const Status same = compare(*entry, file); !same)
            return same;
        bool wanted = false;
        if (visitor) {
            const Result<bool> begun = visitor->beginFile(file);
            if (!begun)
                return begun.error();
            wanted = *begun;
        }
        if (file.type == ManifestFile::Type::File) {
            Sha256 hash;
            const Status whole = content(file.size, [&](const char* data, qint64 size) -> Status {
                if (cancel.stop_requested())
                    return makeError(ErrorCode::Cancelled, u"Cancelled"_s);
                hash.add(data, size);
                done += size;
                if (progress)
                    progress(done, total);
                return wanted ? visitor->write(data, size) : Status(Done {});
            });
            if (!whole)
                return whole;
            if (hash.takeHex() != file.sha256)
                return damaged(u"\"%1\" has another content than its hash says"_s.arg(bytesToText(file.path)));
        }
        return wanted ? visitor->finishFile(file) : Status(Done {});
    }

    /// After END: the end of the tar stream, and zeros up to the end of everything.
    Status end()
    {
        const Result<archive_entry*> more = nextEntry();
        if (!more)
            return more.error();
        if (*more)
            return hostile(u"something follows the end record"_s);
        // What libarchive took and did not look at stands at the end of the buffer.
        const qint64 unread = std::clamp<qint64>(delivered - archive_filter_bytes(tar, 0), 0, lastPart);
        const char* at = buffer.constData() + lastPart - unread;
        qint64 size = unread;
        for (qint64 padding = 0;;) {
            padding += size;
            if (padding > kMostPadding || std::any_of(at, at + size, [](char c) { return c != '\0'; }))
                return hostile(u"something follows the end of the tar stream"_s);
            const Result<qint64> got = plain.read(buffer.data(), buffer.size());
            if (!got)
                return got.error();
            if (*got == 0)
                return Done {};
            at = buffer.constData();
            size = *got;
        }
    }
};

ArchiveReader::ArchiveReader(ByteSource& from) : d(std::make_unique<Private>(from)) {}

ArchiveReader::~ArchiveReader() = default;

const Manifest& ArchiveReader::manifest() const
{
    return d->manifest;
}

ArchiveProtection::Method ArchiveReader::protection() const
{
    return d->header.method;
}

Status ArchiveReader::open(const ArchiveKeys& keys)
{
    const Result<ContainerHeader> header = d->container.readHeader();
    if (!header)
        return header.error();
    d->header = *header;
    if (const Status unlocked = d->container.unlock(keys); !unlocked)
        return unlocked;
    if (const Status opened = d->openTar(); !opened)
        return opened;
    const Result<QByteArray> json = d->ownMember(kManifestName, kMostManifestBytes);
    if (!json)
        return json.error();
    Result<Manifest> manifest = readManifest(*json);
    if (!manifest)
        return manifest.error();
    d->manifest = std::move(*manifest);
    d->manifestHash = sha256Hex(*json);
    d->total = d->manifest.totalBytes();
    return Done {};
}

Status ArchiveReader::readAll(ArchiveVisitor* visitor, const CancelToken& cancel, const Progress& progress)
{
    if (d->read || !d->tar)
        return makeError(ErrorCode::Internal, u"An archive is opened and read once"_s);
    d->read = true;
    for (const ManifestFile& file : d->manifest.files) {
        if (cancel.stop_requested())
            return makeError(ErrorCode::Cancelled, u"Cancelled"_s);
        if (const Status done = d->member(file, visitor, cancel, progress); !done)
            return done;
    }
    const Result<QByteArray> end = d->ownMember(kEndName, kMostEnd);
    if (!end)
        return end.error();
    const Result<Json> json = Json::parse(*end);
    if (!json)
        return damaged(u"the end record makes no sense"_s);
    if ((*json)[u"manifestSha256"].toString().toLatin1() != d->manifestHash
        || (*json)[u"fileCount"].toInt(-1) != qint64(d->manifest.files.size())
        || (*json)[u"totalBytes"].toInt(-1) != d->total)
        return damaged(u"the end record belongs to another manifest"_s);
    return d->end();
}

} // namespace Promdeck::Backup
