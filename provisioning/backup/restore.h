#pragma once

#include "provisioning/backup/catalog.h"
#include "provisioning/backup/sources.h"

#include <map>

namespace Promdeck::Backup {

/// How a component runs where it is restored.
struct RestoreTarget
{
    QList<QByteArray> stop {};  ///< command before the swap; empty = it is not running, or need not stop
    QList<QByteArray> start {}; ///< command after it
    QUrl url {};                ///< of its API as we reach it: readiness, golden queries, silences
    HttpOptions http {};
    std::map<QString, QByteArray> roots {}; ///< tree name -> other folder than where it came from
};

struct RestoreOptions
{
    QStringList components {};    ///< ids; empty = all
    QList<QByteArray> paths {};   ///< of the archive, files or folders; then only these files are put back, one by one
    std::map<QString, RestoreTarget> targets {}; ///< by component id
    bool asRoot = false;
    bool allowOtherVersion = false;
    bool checkGolden = true;
    std::chrono::milliseconds readyWithin {120000};
};

/// One rename pair of a restore: what is there now goes to `old`, what was made beside it takes its place.
struct RestoreSwap
{
    QString component;
    QByteArray live;
    QByteArray fresh;
    QByteArray old;
};

/// What a restore would do, before it does anything.
struct RestorePreview
{
    struct Tree
    {
        QString component;
        QString tree;
        QByteArray live;
        bool wholeFolder = true; ///< else file by file
        qint64 files = 0;
        qint64 bytes = 0;
        QStringList added;   ///< relative paths, 200 at most of each
        QStringList changed;
        QStringList removed; ///< there now, not in the backup (whole folders only)
        qsizetype addedCount = 0;
        qsizetype changedCount = 0;
        qsizetype removedCount = 0;
    };
    std::vector<Tree> trees;
    qint64 lossFromMs = 0;  ///< samples between these are lost: the backup's newest, and now; 0 = no samples are involved
    qint64 lossUntilMs = 0;
    QStringList notes;      ///< what is not put back by files (APIs, dumps), versions that differ
    std::optional<Error> refused; ///< the version gate, or a folder that cannot be swapped
};

struct GoldenResult
{
    QString component;
    QString expr;
    bool same = false;
    QString detail; ///< expected and found, when they differ
};

struct RestoreReport
{
    QString id;
    bool undone = false;  ///< it did not verify, and the old state is back
    std::optional<Error> failure;
    std::vector<RestoreSwap> swapped; ///< `old` is kept until somebody removes it
    std::vector<GoldenResult> golden;
    int silencesAdded = 0;
    int silencesThere = 0;
    int silencesExpired = 0;
    QStringList notes;
    double seconds = 0;
};

/// Reads the manifest and compares it with the host. Nothing is written.
Result<RestorePreview> previewRestore(Host& host, Repository& repository, const BackupRecord& record, const ArchiveKeys& keys,
                                      const RestoreOptions& options, const CancelToken& cancel);

/// Restores. Everything is unpacked beside what is there and checked to its last byte before a live file is touched; then a
/// script on the host stops, renames, starts, whatever becomes of us meanwhile; then the server must be ready and answer the
/// golden queries as it did when the backup was made, or the renames are taken back. What was there stays beside it.
/// Errors: those before the swap, with nothing changed. After it: a report, with `undone` when it was taken back.
Result<RestoreReport> runRestore(Host& host, Repository& repository, const BackupRecord& record, const ArchiveKeys& keys,
                                 const RestoreOptions& options, const CancelToken& cancel, const StepReport& report = {});

/// Finishes or takes back what a restore of these folders left that was killed; nothing to do is fine. What it did, a line each.
Result<QStringList> recoverRestores(Host& host, const QList<QByteArray>& folders, bool asRoot, const CancelToken& cancel);

/// Puts silences back over the API: those that are not over, and are not there already (same matchers, same end).
struct SilenceCounts
{
    int added = 0;
    int there = 0;
    int expired = 0;
};
Result<SilenceCounts> restoreSilences(BlockingHttp& http, const QUrl& base, const Json& silences, qint64 nowMs, const CancelToken& cancel);

/// Whether data of `made` may be put under a server of version `running` (texts such as "2.42.0+ds"). Empty texts are unknown
/// and pass. Errors: Conflict, saying why.
Status checkVersions(const QString& kind, const QString& made, const QString& running);

/// Waits for /-/ready, then asks; `restored`: the component as the backup describes it. For restores and drills.
Result<std::vector<GoldenResult>> checkGolden(BlockingHttp& http, const QUrl& base, const ManifestComponent& restored,
                                              std::chrono::milliseconds readyWithin, const CancelToken& cancel);

} // namespace Promdeck::Backup
