#pragma once

#include "provisioning/backup/archivereader.h"
#include "provisioning/backup/archivewriter.h"
#include "provisioning/backup/manifest.h"
#include "provisioning/backup/sha256.h"

#include <QTemporaryDir>

#include <archive.h>
#include <archive_entry.h>
#include <zstd.h>

#include <filesystem>
#include <memory>
#include <vector>

namespace Promdeck::Testing {

/// A temporary folder that is removed whatever bytes its names are made of, which QTemporaryDir cannot do.
class BytesFolder
{
public:
    BytesFolder() { m_folder.setAutoRemove(false); }
    ~BytesFolder()
    {
        std::error_code ignored;
        std::filesystem::remove_all(m_folder.path().toStdString(), ignored);
    }
    Q_DISABLE_COPY_MOVE(BytesFolder)
    [[nodiscard]] QString path() const { return m_folder.path(); }
    [[nodiscard]] QString filePath(const QString& name) const { return m_folder.filePath(name); }

private:
    QTemporaryDir m_folder;
};

/// What archives are made of here: a manifest and the contents of its files, in order.
struct SampleTree
{
    Backup::Manifest manifest;
    std::vector<QByteArray> contents;
};

inline Backup::ManifestFile sampleFile(const QByteArray& path, const QByteArray& content)
{
    Backup::ManifestFile file;
    file.path = path;
    file.size = content.size();
    file.mode = 0640;
    file.uid = 65534;
    file.gid = 65534;
    file.owner = "nobody";
    file.group = "nogroup";
    file.modifiedS = 1700000000;
    file.sha256 = Backup::sha256Hex(content);
    return file;
}

inline Backup::Manifest sampleManifest()
{
    Backup::Manifest manifest;
    manifest.id = QStringLiteral("20260101T000000Z-abcd");
    manifest.stack = QStringLiteral("production");
    manifest.host = QStringLiteral("mon1");
    manifest.madeBy = QStringLiteral("promdeck test");
    manifest.createdAtMs = 1767225600000;
    manifest.hostClockMs = 1767225600250;
    Backup::ManifestComponent component;
    component.id = QStringLiteral("prometheus");
    component.kind = QStringLiteral("prometheus");
    component.name = QStringLiteral("Prometheus");
    component.version = QStringLiteral("2.42.0");
    component.method = QStringLiteral("files");
    component.trees = {{QStringLiteral("config"), "/etc/prometheus"}, {QStringLiteral("data"), "/var/lib/prometheus"}};
    component.golden = {{QStringLiteral("count(up)"), 1767225600000, Json::array()}};
    manifest.components = {component};
    return manifest;
}

/// Files of every kind of size and name: empty, one byte, a block of tar exactly, some hundred kilobytes that do
/// not compress, names with quotes, newlines and bytes that are no text, folders, links.
inline SampleTree sampleTree(int noise = 300000)
{
    SampleTree tree {sampleManifest(), {}};
    const auto add = [&](const QByteArray& path, const QByteArray& content) {
        tree.manifest.files.push_back(sampleFile(path, content));
        tree.contents.push_back(content);
    };
    const auto other = [&](const QByteArray& path, Backup::ManifestFile::Type type, const QByteArray& target = {}) {
        Backup::ManifestFile file;
        file.path = path;
        file.type = type;
        file.mode = 0750;
        file.modifiedS = 1700000001;
        file.linkTarget = target;
        tree.manifest.files.push_back(file);
    };
    other("prometheus/config", Backup::ManifestFile::Type::Folder);
    add("prometheus/config/prometheus.yml", "global: {}\n");
    add("prometheus/config/empty", {});
    add("prometheus/config/it's \"$(odd)\"\n\\name", "x");
    add(QByteArray("prometheus/config/\xff\xfe\x80 100%.yml"), "bytes\n");
    add(QByteArray("prometheus/config/gr\xc3\xbc\xc3\x9f""e.yml"), "utf8\n");
    other("prometheus/config/current", Backup::ManifestFile::Type::Link, "/etc/prometheus/../elsewhere");
    other("prometheus/data", Backup::ManifestFile::Type::Folder);
    add("prometheus/data/block", QByteArray(512, 'b'));
    QByteArray random(noise, Qt::Uninitialized);
    quint32 state = 12345;
    for (char& c : random) {
        state = state * 1664525 + 1013904223;
        c = char(state >> 24);
    }
    add("prometheus/data/01HZZZZZZZZZZZZZZZZZZZZZZZ/chunks/000001", random);
    add("prometheus/data/last", "the end");
    return tree;
}

class MemorySink final : public ByteSink
{
public:
    Status write(const char* data, qint64 size) override
    {
        bytes.append(data, size);
        return Done {};
    }
    QByteArray bytes;
};

inline Result<QByteArray> writeSample(const SampleTree& tree, const Backup::ArchiveProtection& protection = {})
{
    MemorySink sink;
    Backup::ArchiveWriter writer(sink, tree.manifest, protection);
    if (const Status begun = writer.begin(); !begun)
        return begun.error();
    size_t next = 0;
    for (const Backup::ManifestFile& file : tree.manifest.files) {
        if (file.type != Backup::ManifestFile::Type::File)
            continue;
        if (const Status begun = writer.beginFile(file.path); !begun)
            return begun.error();
        const QByteArray& content = tree.contents.at(next++);
        if (const Status written = writer.write(content.constData(), content.size()); !written)
            return written.error();
        if (const Status ended = writer.endFile(); !ended)
            return ended.error();
    }
    if (const Status finished = writer.finish(); !finished)
        return finished.error();
    return sink.bytes;
}

/// Collects what an archive holds.
class CollectingVisitor final : public Backup::ArchiveVisitor
{
public:
    Result<bool> beginFile(const Backup::ManifestFile&) override
    {
        current.clear();
        return true;
    }
    Status write(const char* data, qint64 size) override
    {
        current.append(data, size);
        return Done {};
    }
    Status finishFile(const Backup::ManifestFile& file) override
    {
        if (file.type == Backup::ManifestFile::Type::File)
            contents.push_back(current);
        return Done {};
    }
    QByteArray current;
    std::vector<QByteArray> contents;
};

inline Status readSample(const QByteArray& bytes, const Backup::ArchiveKeys& keys = {},
                         Backup::ArchiveVisitor* visitor = nullptr, Backup::Manifest* manifest = nullptr)
{
    BufferSource source(bytes);
    Backup::ArchiveReader reader(source);
    if (const Status opened = reader.open(keys); !opened)
        return opened;
    if (manifest)
        *manifest = reader.manifest();
    return reader.readAll(visitor);
}

/// A member of a tar stream that somebody else made.
struct RawMember
{
    QByteArray path;
    QByteArray content;
    unsigned type = AE_IFREG;
    QByteArray target {}; ///< of a link; with AE_IFREG: of a hard link
};

/// An archive as an attacker would make it: any members, in a container without encryption.
inline QByteArray rawArchive(const std::vector<RawMember>& members)
{
    QByteArray tar;
    archive* out = archive_write_new();
    archive_write_set_format_pax_restricted(out);
    archive_write_set_bytes_per_block(out, 0);
    archive_write_open(
        out, &tar, nullptr,
        [](archive*, void* self, const void* data, size_t size) -> la_ssize_t {
            static_cast<QByteArray*>(self)->append(static_cast<const char*>(data), qsizetype(size));
            return la_ssize_t(size);
        },
        nullptr);
    for (const RawMember& member : members) {
        archive_entry* entry = archive_entry_new();
        archive_entry_set_pathname(entry, member.path.constData());
        archive_entry_set_filetype(entry, member.type);
        archive_entry_set_perm(entry, 0644);
        archive_entry_set_size(entry, member.content.size());
        if (member.type == AE_IFLNK)
            archive_entry_set_symlink(entry, member.target.constData());
        else if (!member.target.isEmpty())
            archive_entry_set_hardlink(entry, member.target.constData());
        archive_write_header(out, entry);
        archive_write_data(out, member.content.constData(), size_t(member.content.size()));
        archive_entry_free(entry);
    }
    archive_write_free(out);
    QByteArray packed(qsizetype(ZSTD_compressBound(size_t(tar.size()))), Qt::Uninitialized);
    packed.resize(qsizetype(ZSTD_compress(packed.data(), size_t(packed.size()), tar.constData(), size_t(tar.size()), 3)));
    return QByteArray::fromHex("5b2a4d180c000000") + "promdeck" + QByteArray::fromHex("01000000") + packed;
}

/// The END record that belongs to a manifest.
inline QByteArray endFor(const QByteArray& manifest, qint64 files, qint64 bytes)
{
    return "{\"manifestSha256\":\"" + Backup::sha256Hex(manifest) + "\",\"fileCount\":" + QByteArray::number(files)
        + ",\"totalBytes\":" + QByteArray::number(bytes) + "}";
}

} // namespace Promdeck::Testing
