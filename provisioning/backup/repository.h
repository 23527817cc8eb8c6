#pragma once

#include "provisioning/host/host.h"

#include <memory>
#include <vector>

namespace Promdeck::Backup {

/// Something a repository holds, complete; what is still being written is not listed.
struct StoredObject
{
    QString name;
    qint64 size = 0;       ///< bytes
    qint64 modifiedMs = 0; ///< 0 = not known
};

/// A small file that belongs to a backup ("NAME.mgrb.sha256").
struct SideFile
{
    QString name;
    QByteArray content;
};

/// A backup on its way into a repository. Destroyed before publish() it leaves nothing behind.
class RepositoryUpload : public ByteSink
{
public:
    /// After the last byte: everything is stored, though not listed yet.
    virtual Status finishWriting(const CancelToken& cancel) = 0;
    /// What is stored, read from where it is stored. After finishWriting().
    virtual Result<std::unique_ptr<ByteSource>> readBack(const CancelToken& cancel) = 0;
    /// Makes the backup and its side files visible. Killed in between, the backup is not listed and the next
    /// removeLeftovers() takes the rest away.
    virtual Status publish(const std::vector<SideFile>& sideFiles, const CancelToken& cancel) = 0;
};

/// Where backups are kept: flat names, no folders. Everything blocks; one thread at a time.
/// Errors: Io, NotFound, Forbidden, Cancelled, and those of the way there (host, HTTP).
class Repository
{
public:
    virtual ~Repository() = default;
    Repository() = default;
    Q_DISABLE_COPY_MOVE(Repository)

    /// For people; holds no secret.
    [[nodiscard]] virtual QString description() const = 0;
    virtual Result<std::vector<StoredObject>> list(const CancelToken& cancel) = 0;
    virtual Result<std::unique_ptr<RepositoryUpload>> upload(const QString& name, const CancelToken& cancel) = 0;
    virtual Result<std::unique_ptr<ByteSource>> open(const QString& name, const CancelToken& cancel) = 0;
    virtual Result<QByteArray> readSmall(const QString& name, qint64 limit, const CancelToken& cancel) = 0;
    /// Replaces a side file in one step.
    virtual Status writeSmall(const SideFile& file, const CancelToken& cancel) = 0;
    /// Removing what is not there succeeds.
    virtual Status remove(const QString& name, const CancelToken& cancel) = 0;
    /// Takes away what uploads that were killed left; never what another one is writing now.
    virtual Status removeLeftovers(const CancelToken& cancel) = 0;
};

inline constexpr QLatin1StringView kBackupSuffix(".mgrb");
inline constexpr QLatin1StringView kHashSuffix(".mgrb.sha256");
inline constexpr QLatin1StringView kRecordSuffix(".json");

/// A folder of this machine; `make`: made when it is missing.
[[nodiscard]] Result<std::unique_ptr<Repository>> openFolderRepository(const QString& folder, bool make = true);

/// A folder on a host, over its commands and SFTP. The folder is made when it is missing.
[[nodiscard]] std::unique_ptr<Repository> openHostRepository(std::shared_ptr<Host> host, const QByteArray& folder);

/// Names that may stand in a repository: no '/', nothing hidden, at most 200 characters.
[[nodiscard]] bool isObjectName(const QString& name);

} // namespace Promdeck::Backup
