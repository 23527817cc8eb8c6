#pragma once

#include "provisioning/host/host.h"

#include <QStringList>

namespace Promdeck::Backup {

/// Snapshots of a Prometheus that this program makes below <data>/snapshots, and their removal, whatever happens. Before one is
/// made, a small file there says so and lists what was there already; so a run that was killed, even between asking for a
/// snapshot and learning its name, is found by the next one, and nobody else's snapshot is ever touched.
class SnapshotGuard final
{
public:
    SnapshotGuard(Host& host, QByteArray dataFolder, bool asRoot);
    ~SnapshotGuard();
    Q_DISABLE_COPY_MOVE(SnapshotGuard)

    /// Takes away what a killed run left, and announces a new snapshot. Errors: Conflict when another backup of this data
    /// is running, here or (by its note, younger than six hours) elsewhere; Forbidden; those of the host.
    Status begin(const CancelToken& cancel);
    /// The server's name of the snapshot.
    Status made(const QByteArray& name, const CancelToken& cancel);
    /// Blocks without their head, hard-linked beside each other: what is left when there is no snapshot API. Blocks that the
    /// server deletes meanwhile (compaction) make it start again.
    Result<QByteArray> linkBlocks(const CancelToken& cancel);
    [[nodiscard]] QByteArray folder() const; ///< of the snapshot
    /// Removes the snapshot and the note.
    Status release();
    /// What begin() removed.
    [[nodiscard]] QList<QByteArray> removedLeftovers() const { return m_removed; }

private:
    Status writeNote(const QByteArray& name, const CancelToken& cancel);
    Status removeFolders(const QList<QByteArray>& names, const CancelToken& cancel);
    Result<CommandOutput> script(const QByteArray& text, const QList<QByteArray>& args, const CancelToken& cancel);
    Status takeLock();

    Host& m_host;
    QByteArray m_data;
    bool m_asRoot;
    QByteArray m_before;  ///< names that were there, a line each
    QByteArray m_started; ///< host clock, as snapshots are named
    QByteArray m_name;
    QList<QByteArray> m_removed;
    bool m_noted = false;
    int m_lock = -1;
};

} // namespace Promdeck::Backup
