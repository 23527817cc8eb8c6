#pragma once

#include "provisioning/host/process.h"
#include "provisioning/ssh/blockqueue.h"

#include <condition_variable>
#include <memory>
#include <mutex>

#include <libssh/callbacks.h>
#include <libssh/libssh.h>

namespace Promdeck {

/// Wakes whoever waits for one of several channels.
struct SshSignal
{
    std::mutex mutex; ///< also of the state of the channels that use it
    std::condition_variable_any changed;
    quint64 generation = 0;
};

/// A channel as both sides see it: the thread that uses it and the thread of the session.
struct SshChannelState
{
    enum class Kind { Exec, Subsystem };
    explicit SshChannelState(std::shared_ptr<SshSignal> givenSignal) : signal(std::move(givenSignal)) {}

    const std::shared_ptr<SshSignal> signal;
    // Set before the session sees it.
    Kind kind = Kind::Exec;
    QByteArray text; ///< command line, or the subsystem's name
    qsizetype window = 0; ///< bytes the host may send ahead; 0 = libssh's

    // Under signal->mutex.
    BlockQueue toHost;
    BlockQueue fromHost[2];
    bool inputClosed = false;
    bool abandoned = false;
    bool opened = false;
    bool ended[2] = {false, false};
    bool throttled = false; ///< the session waits for room in fromHost
    std::optional<int> exitCode;
    std::optional<Error> error;
    bool closed = false;

    void notify() { ++signal->generation; signal->changed.notify_all(); } ///< under the mutex
};

/// The session's side of it, on the session's thread only.
class SshChannelPump final
{
public:
    SshChannelPump(ssh_session session, std::shared_ptr<SshChannelState> state);
    ~SshChannelPump();
    Q_DISABLE_COPY_MOVE(SshChannelPump)

    /// Moves what can be moved, of which at most `budget` bytes to the host; takes those off. False when the channel is
    /// done and can go.
    bool pump(qsizetype& budget);
    void fail(const Error& error);
    [[nodiscard]] const std::shared_ptr<SshChannelState>& state() const { return m_state; }

private:
    bool advance();
    void send(qsizetype& budget);
    void receive();
    bool receive(int stream);
    void finish();

    ssh_session m_session;
    ssh_channel m_channel = nullptr;
    ssh_channel_callbacks_struct m_callbacks {};
    std::shared_ptr<SshChannelState> m_state;
    enum class Phase { Opening, Requesting, Running, Over } m_phase = Phase::Opening;
    std::optional<int> m_exitCode;
    QByteArray m_block; ///< on its way into the channel
    qsizetype m_sent = 0;
    bool m_eofSent = false;
    qsizetype m_sinceGrowth = 0;
};

/// What the session offers to channels, from any thread.
class SshWaker
{
public:
    virtual ~SshWaker() = default;
    virtual void wake() = 0;
};

/// The user's side of a channel: a command, or a subsystem, on the host.
class SshChannel final : public Process
{
public:
    SshChannel(std::shared_ptr<SshChannelState> state, std::shared_ptr<SshWaker> session);
    ~SshChannel() override;

    Result<qint64> write(const char* data, qint64 size) override;
    /// Without a copy; takes the whole block. Room is for the caller to keep an eye on: see queued().
    Status writeBlock(QByteArray block);
    [[nodiscard]] qsizetype queued() const;
    void closeInput() override;
    Result<qint64> read(Stream stream, char* data, qint64 capacity) override;
    [[nodiscard]] bool atEnd(Stream stream) const override;
    [[nodiscard]] std::optional<int> exitCode() override;
    Status wait(bool wantRoom, std::chrono::milliseconds limit, const CancelToken& cancel) override;
    /// Until the host has agreed to it. Errors: Unsupported (the host refuses), Timeout, Cancelled, ConnectionLost.
    Status waitOpen(std::chrono::milliseconds limit, const CancelToken& cancel);

private:
    std::shared_ptr<SshChannelState> m_state;
    std::shared_ptr<SshWaker> m_session;
};

} // namespace Promdeck
