#pragma once

#include "provisioning/backup/archivekeys.h"
#include "provisioning/backup/manifest.h"
#include "provisioning/host/host.h"

#include <functional>
#include <memory>

namespace Promdeck::Backup {

/// Takes the files of an archive as they are read. Content arrives before its hash is known: a visitor writes
/// beside what is there, never over it. finishFile() is called only when size and hash were right.
class ArchiveVisitor
{
public:
    virtual ~ArchiveVisitor() = default;
    /// False: not wanted; its content is checked and dropped.
    virtual Result<bool> beginFile(const ManifestFile& file) = 0;
    virtual Status write(const char* data, qint64 size) = 0;
    virtual Status finishFile(const ManifestFile& file) = 0;
};

/// Reads an archive as a stream and believes nothing: members must be those of the manifest, in its order, with its
/// sizes and hashes, none of them a device, a hard link or twice there; END must repeat the manifest's hash; after
/// it nothing may come.
class ArchiveReader final
{
public:
    explicit ArchiveReader(ByteSource& from);
    ~ArchiveReader();
    Q_DISABLE_COPY_MOVE(ArchiveReader)

    /// Unlocks and reads the manifest. Errors: Decode, Unsupported, Secret, Auth (see ContainerSource), and those of
    /// the source.
    Status open(const ArchiveKeys& keys = {});
    [[nodiscard]] const Manifest& manifest() const;
    [[nodiscard]] ArchiveProtection::Method protection() const;
    /// All the rest, once. Ok means that every byte was right, to the very end. Progress counts content bytes.
    /// Errors: Decode, Cancelled, the visitor's and the source's.
    Status readAll(ArchiveVisitor* visitor = nullptr, const CancelToken& cancel = {}, const Progress& progress = {});

private:
    struct Private;
    std::unique_ptr<Private> d;
};

/// Writes files below local folders that must be new (nothing may be there that could lead elsewhere).
/// `folderFor` gives the local path for a file of the archive, empty for those that are not wanted.
class ExtractingVisitor final : public ArchiveVisitor
{
public:
    using PathFor = std::function<QByteArray(const ManifestFile& file)>;
    explicit ExtractingVisitor(PathFor pathFor) : m_pathFor(std::move(pathFor)) {}
    ~ExtractingVisitor() override;
    Q_DISABLE_COPY_MOVE(ExtractingVisitor)
    Result<bool> beginFile(const ManifestFile& file) override;
    Status write(const char* data, qint64 size) override;
    Status finishFile(const ManifestFile& file) override;
    /// Links, and the modes and times of folders: when all content is there.
    Status finish();
    [[nodiscard]] qsizetype count() const { return m_count; } ///< files written

private:
    struct Late
    {
        ManifestFile file;
        QByteArray path;
    };
    PathFor m_pathFor;
    std::vector<Late> m_late;
    int m_fd = -1;
    QByteArray m_path;
    qsizetype m_count = 0;
};

} // namespace Promdeck::Backup
