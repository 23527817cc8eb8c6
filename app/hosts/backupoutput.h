#pragma once

#include "models/core/result.h"
#include "provisioning/backup/backuprun.h"

#include <QElapsedTimer>

namespace Promdeck::Cli {

/// Progress on stderr: one line per step; on a terminal the line lives, with bytes, rate and time left.
class ProgressLine final
{
public:
    ProgressLine();
    /// To be given to the engine.
    [[nodiscard]] Backup::StepReport report();
    /// Ends a living line.
    void finish();

private:
    void show(const QString& step, const QString& about, qint64 done, qint64 total);
    bool m_isTerminal;
    bool m_lineOpen = false;
    QString m_last;
    QElapsedTimer m_sinceStep;
    QElapsedTimer m_sinceShown;
};

/// "1.5 GiB".
[[nodiscard]] QString byteText(qint64 bytes);
/// "2026-01-31 12:00:00 UTC"; "-" for 0.
[[nodiscard]] QString timeText(qint64 ms);
/// As scripts branch on it: 1 for damage and refusals, 2 for wrong input, 3 for hosts and networks.
[[nodiscard]] int exitCodeFor(const Error& error);
[[nodiscard]] Json errorToJson(const Error& error);
/// What an action ends with; said by the main thread.
struct Outcome
{
    int exitCode = 0;
    QString text;            ///< for people, on stdout
    Json json {};            ///< with --json, on stdout
    QStringList messages {}; ///< on stderr
};
[[nodiscard]] Outcome failed(const Error& error);

/// The backups of a repository, of one stack where it is named.
[[nodiscard]] Result<std::vector<Backup::BackupRecord>> loadBackups(Backup::Repository& repository, const CancelToken& cancel, const QString& stack);

/// A table of backups for people.
[[nodiscard]] QString listText(const std::vector<Backup::BackupRecord>& backups);

} // namespace Promdeck::Cli
