#pragma once

#include "provisioning/ssh/sshchannel.h"
#include "provisioning/ssh/sshquestion.h"
#include "provisioning/ssh/sshtarget.h"

#include <thread>

namespace Promdeck {

namespace Internal {
class SshCore;
}

/// A connection to one host, with a thread of its own on which the session lives. Commands, files and tunnels share
/// it. It connects when it is first needed and again after it was lost; questions are asked then. Every function is
/// safe from any thread; those with a limit block, and belong on worker threads.
class SshConnection final
{
public:
    /// `via`: the host to pass (ProxyJump), whose connection carries this one.
    SshConnection(SshTarget target, std::shared_ptr<SshPrompter> prompter, std::shared_ptr<SshConnection> via = {});
    /// Ends everything that runs over it, at once.
    ~SshConnection();
    Q_DISABLE_COPY_MOVE(SshConnection)

    [[nodiscard]] const SshTarget& target() const { return m_target; }
    [[nodiscard]] bool isConnected() const;

    /// Errors: DnsFailure, ConnectionRefused, ConnectionLost, Timeout, HostKey, Auth, Ssh, Cancelled. The time people
    /// take for answers does not count against deadlines.
    Status connect(const CancelToken& cancel = {});
    /// The same without blocking; `done` is called on the session's thread, or at once when it is connected.
    void connectLater(std::function<void(const Status&)> done);

    /// Runs a command line in the user's shell. `window`: bytes the host may send ahead; large for files over long lines.
    Result<std::unique_ptr<SshChannel>> start(const QByteArray& commandLine, std::chrono::milliseconds limit,
                                             const CancelToken& cancel, qsizetype window = 0);
    /// Errors: Unsupported when the host has no such subsystem. Channels with one signal can be waited for together.
    Result<std::unique_ptr<SshChannel>> subsystem(const QByteArray& name, std::chrono::milliseconds limit, const CancelToken& cancel,
                                                  qsizetype window = 0, std::shared_ptr<SshSignal> signal = {});
    /// Joins a socket, which is taken, with an address that the host connects to. Errors: ConnectionRefused.
    Status forward(int socket, const QByteArray& host, int port, const CancelToken& cancel);

    /// A SOCKS5 port of this machine whose connections the host makes; the same each time.
    struct Proxy
    {
        quint16 port = 0;
        QString user;
        QString password;
    };
    Result<Proxy> proxy();

    /// Closes the session; the next use connects again.
    void disconnect();

private:
    Result<std::unique_ptr<SshChannel>> open(std::shared_ptr<SshChannelState> state, std::chrono::milliseconds limit, const CancelToken& cancel);

    SshTarget m_target;
    std::shared_ptr<Internal::SshCore> m_core;
    std::thread m_thread;
};

} // namespace Promdeck
