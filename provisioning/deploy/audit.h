#pragma once

#include "models/core/json.h"

namespace Promdeck::Deploy {

/// Adds a line to an audit log: the entry with "seq", "time" (seconds since the epoch) in front and "prev", the hash of
/// the line before it, behind. Waits for others who write it. Errors: Io, Timeout.
Status appendAudit(const QString& path, const Json& entry, qint64 timeS);

/// What a log is worth.
struct AuditVerdict
{
    int entries = 0;
    int badLine = 0; ///< 1-based; 0 = the chain is whole
    QString reason;
    QByteArray head; ///< hash of the last line: kept elsewhere, it shows when lines at the end are gone
    [[nodiscard]] bool ok() const { return badLine == 0; }
};
/// Holds the chain of an audit log, of a host or of this workstation, against its hashes. `knownHead`: a hash that
/// some line has to have, because it was seen before; empty = none.
[[nodiscard]] AuditVerdict verifyAudit(const QByteArray& log, const QByteArray& knownHead = {});

/// "~/.local/state/promdeck/audit.jsonl"
[[nodiscard]] QString workstationAuditPath();

} // namespace Promdeck::Deploy
