#pragma once

#include "provisioning/host/host.h"

#include <optional>

namespace Promdeck {

/// A running command line and its three streams. Nothing but wait() blocks. Destroying it ends the command as
/// well as the transport can (a signal to its group here, a closed channel over SSH). One thread.
class Process
{
public:
    enum class Stream { Output, Error };
    virtual ~Process() = default;
    Process() = default;
    Q_DISABLE_COPY_MOVE(Process)

    /// Bytes taken, 0 = no room now. What a command no longer reads is taken and dropped, as its exit code says
    /// more than a broken pipe.
    virtual Result<qint64> write(const char* data, qint64 size) = 0;
    virtual void closeInput() = 0; ///< after everything written before
    /// Bytes read, 0 = nothing now. Errors: ConnectionLost.
    virtual Result<qint64> read(Stream stream, char* data, qint64 capacity) = 0;
    [[nodiscard]] virtual bool atEnd(Stream stream) const = 0; ///< and everything was read
    /// Known once the command has ended.
    [[nodiscard]] virtual std::optional<int> exitCode() = 0;
    /// Until there is something to read, room to write (when asked), the end, or `limit` has passed.
    /// Errors: Cancelled, ConnectionLost.
    virtual Status wait(bool wantRoom, std::chrono::milliseconds limit, const CancelToken& cancel) = 0;
};

} // namespace Promdeck
