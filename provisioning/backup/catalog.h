#pragma once

#include "provisioning/backup/archivekeys.h"
#include "provisioning/backup/manifest.h"
#include "provisioning/backup/repository.h"
#include "provisioning/backup/retention.h"

#include <optional>

namespace Promdeck::Backup {

/// What is known about a component of a backup without opening it.
struct RecordedComponent
{
    QString id;
    QString kind;
    QString name;
    QString version;
    QString method;
    qint64 bytes = 0;
    qint64 dataFromMs = 0;
    qint64 dataUntilMs = 0;
    QStringList notes;
};

struct Verification
{
    qint64 atMs = 0;
    bool content = false; ///< every file was unpacked and compared; else only the hash of the whole
};

/// The side file NAME.json of a backup: what lists and timelines show, also of encrypted ones.
struct BackupRecord
{
    QString name;  ///< of the object, without suffix
    QString id;
    QString stack;
    QString host;
    qint64 createdAtMs = 0;
    qint64 finishedAtMs = 0;
    qint64 size = 0;         ///< bytes in the repository
    qint64 contentBytes = 0; ///< unpacked
    qint64 files = 0;
    QByteArray sha256;       ///< of the object
    QString protection;      ///< "none", "passphrase", "public-key"
    QStringList tags;
    std::vector<RecordedComponent> components;
    std::vector<Verification> verified;
    bool hasRecord = true;   ///< false: only the archive is there, brought by hand
    [[nodiscard]] qint64 verifiedAtMs() const; ///< last time; 0 = never
};

[[nodiscard]] BackupRecord recordFor(const QString& name, const Manifest& manifest, ArchiveProtection::Method method);
[[nodiscard]] QByteArray writeRecord(const BackupRecord& record);
Result<BackupRecord> readRecord(const QByteArray& json);
/// The same as a value, for machine output.
[[nodiscard]] Json recordToJson(const BackupRecord& record);

/// Every complete backup, newest first.
Result<std::vector<BackupRecord>> listBackups(Repository& repository, const CancelToken& cancel);

/// One backup by name, id, or "latest" (of a stack, where one is given). Errors: NotFound; InvalidArgument when the beginning
/// of an id fits several.
Result<BackupRecord> findBackup(const std::vector<BackupRecord>& backups, const QString& wanted, const QString& stack = {});

/// Reads a backup to its end. With keys (or when it is not encrypted) every file is unpacked and compared; without them, only
/// the hash of the whole is. When all was right and `remember` is set, that is written into the record.
/// Errors: Decode when anything is wrong; Secret and Auth for keys; those of the repository.
Result<Verification> verifyBackup(Repository& repository, BackupRecord& record, const ArchiveKeys& keys, bool remember,
                                  const CancelToken& cancel, const Progress& progress = {});

/// Reads `source` to its end; the hash must be `sha256`. `content`: unpack and compare every file too.
Status verifyStream(ByteSource& source, const QByteArray& sha256, const ArchiveKeys& keys, bool content,
                    const CancelToken& cancel, const Progress& progress);

/// The n-th of t parts of all backups, so that t runs read everything: a backup's part depends on its name alone.
[[nodiscard]] bool isInPart(const QString& name, int n, int t);

/// What pruning would do, with reasons.
struct PrunePlan
{
    std::vector<RetentionDecision> decisions; ///< newest first; the id is the backup's name
    qint64 freedBytes = 0;
    [[nodiscard]] int removed() const;
};
[[nodiscard]] PrunePlan planPrune(const std::vector<BackupRecord>& backups, const RetentionPolicy& policy, qint64 nowMs,
                                  const QTimeZone& zone);
/// Removes what the plan does not keep. Stops at the first error; what was removed until then is gone.
Status prune(Repository& repository, const PrunePlan& plan, const CancelToken& cancel);

} // namespace Promdeck::Backup
