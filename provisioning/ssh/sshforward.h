#pragma once

#include "models/core/result.h"

#include <functional>

#include <libssh/libssh.h>

namespace Promdeck {

/// A socket here and a connection that the host makes there, joined. On the session's thread only.
class SshForward final
{
public:
    using Opened = std::function<void(const Status&)>;
    /// Takes the socket. `opened` is called once: when the host has connected, or with its refusal
    /// (ConnectionRefused; the socket is then closed).
    SshForward(ssh_session session, int socket, QByteArray host, int port, Opened opened);
    ~SshForward();
    Q_DISABLE_COPY_MOVE(SshForward)

    /// False when it is over.
    bool pump();
    void fail(const Error& error);
    [[nodiscard]] int socket() const { return m_socket; }
    [[nodiscard]] short pollEvents() const; ///< of the socket

private:
    bool open();
    bool toSocket();
    bool toHost();

    ssh_session m_session;
    ssh_channel m_channel = nullptr;
    int m_socket;
    QByteArray m_host;
    int m_port;
    Opened m_opened;
    bool m_isOpen = false;
    QByteArray m_toSocket;
    qsizetype m_toSocketDone = 0;
    QByteArray m_toHost;
    qsizetype m_toHostDone = 0;
    qsizetype m_sinceGrowth = 0;
    bool m_socketEnded = false; ///< nothing more comes from it
    bool m_hostEnded = false;
    bool m_eofSent = false;
};

} // namespace Promdeck
