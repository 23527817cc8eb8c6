#pragma once

#include "provisioning/backup/restore.h"

namespace Promdeck::Backup {

struct DrillOptions
{
    QString component {};       ///< id of a Prometheus in the backup; empty = the first one with data
    QString prometheusProgram = QStringLiteral("prometheus");
    QString promtoolProgram = QStringLiteral("promtool");
    QString folder {};          ///< for the unpacked data; empty = the user's cache
    std::chrono::milliseconds readyWithin {300000};
};

/// What a drill proves: the backup can be read, its data starts, and the server says what it said.
struct DrillReport
{
    QString component;
    bool passed = false;
    std::optional<Error> failure;
    double unpackSeconds = 0;
    double startSeconds = 0;      ///< from start to the last golden answer
    double rtoSeconds = 0;        ///< measured: all of it, from reading the first byte on
    qint64 newestSampleMs = 0;
    qint64 rpoAtBackupMs = 0;     ///< measured: age of the newest sample when the backup was made
    qint64 rpoNowMs = 0;          ///< what would be lost if the original were gone now
    qint64 bytes = 0;
    std::vector<GoldenResult> golden;
    QStringList notes;
};

/// Restores the data of a Prometheus into a folder of its own, starts a real server over it on loopback, asks the golden
/// queries, and throws all of it away. Nothing of the original is touched; nothing stays, also not of a drill that was killed
/// (its server ends with it, its folder goes with the next drill).
/// Errors: those of reading the backup. What the drill finds out is in the report.
Result<DrillReport> runDrill(Repository& repository, const BackupRecord& record, const ArchiveKeys& keys, const DrillOptions& options,
                             const CancelToken& cancel, const StepReport& report = {});

} // namespace Promdeck::Backup
