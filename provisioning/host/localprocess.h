#pragma once

#include "provisioning/host/process.h"

#include <memory>

namespace Promdeck {

/// A child of this process: /bin/sh with a command line, in a process group of its own, with no descriptors but
/// its three pipes. Errors of start: Io.
class LocalProcess final : public Process
{
public:
    static Result<std::unique_ptr<Process>> start(const QByteArray& commandLine);
    ~LocalProcess() override; ///< kills the group when the child still runs

    Result<qint64> write(const char* data, qint64 size) override;
    void closeInput() override;
    Result<qint64> read(Stream stream, char* data, qint64 capacity) override;
    [[nodiscard]] bool atEnd(Stream stream) const override;
    [[nodiscard]] std::optional<int> exitCode() override;
    Status wait(bool wantRoom, std::chrono::milliseconds limit, const CancelToken& cancel) override;

private:
    LocalProcess() = default;
    int& descriptor(Stream stream) { return stream == Stream::Output ? m_output : m_error; }

    int m_pid = -1;
    int m_input = -1;
    int m_output = -1;
    int m_error = -1;
    int m_child = -1; ///< pidfd: readable once the child has ended
    int m_wake = -1;  ///< eventfd that cancelling writes to
    std::optional<int> m_exitCode;
};

} // namespace Promdeck
