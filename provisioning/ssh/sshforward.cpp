#include "provisioning/ssh/sshforward.h"

#include <algorithm>
#include <cerrno>

#include <fcntl.h>
#include <poll.h>
#include <sys/socket.h>
#include <unistd.h>

namespace Promdeck {

using namespace Qt::StringLiterals;

namespace {

constexpr qsizetype kBlock = 128 << 10;
constexpr quint32 kWindow = 8 << 20;

} // namespace

SshForward::SshForward(ssh_session session, int socket, QByteArray host, int port, Opened opened)
    : m_session(session)
    , m_channel(ssh_channel_new(session))
    , m_socket(socket)
    , m_host(std::move(host))
    , m_port(port)
    , m_opened(std::move(opened))
{
    ::fcntl(m_socket, F_SETFL, ::fcntl(m_socket, F_GETFL) | O_NONBLOCK);
}

SshForward::~SshForward()
{
    if (m_channel)
        ssh_channel_free(m_channel);
    ::close(m_socket);
}

void SshForward::fail(const Error& error)
{
    if (auto opened = std::exchange(m_opened, nullptr))
        opened(error);
}

bool SshForward::open()
{
    const int rc = m_channel ? ssh_channel_open_forward(m_channel, m_host.constData(), m_port, "127.0.0.1", 0) : SSH_ERROR;
    if (rc == SSH_AGAIN)
        return true;
    if (rc != SSH_OK) {
        fail(makeError(ErrorCode::ConnectionRefused, u"The host cannot connect to %1 port %2"_s.arg(QString::fromUtf8(m_host)).arg(m_port),
                       QString::fromUtf8(ssh_get_error(m_session)),
                       u"Check the address as seen from the host, and that its sshd allows forwarding"_s));
        return false;
    }
    m_isOpen = true;
    if (auto opened = std::exchange(m_opened, nullptr))
        opened(Done {});
    return true;
}

bool SshForward::pump()
{
    if (!m_isOpen && !open())
        return false;
    if (!m_isOpen)
        return true;
    if (!toSocket() || !toHost())
        return false;
    const bool gone = ssh_channel_is_closed(m_channel) && m_hostEnded;
    return !gone && !(m_hostEnded && m_eofSent);
}

bool SshForward::toSocket()
{
    for (int round = 0; round < 4; ++round) {
        if (m_toSocketDone == m_toSocket.size()) {
            const int waiting = ssh_channel_poll(m_channel, 0);
            if (waiting == SSH_EOF && !m_hostEnded) {
                m_hostEnded = true;
                ::shutdown(m_socket, SHUT_WR);
            }
            if (waiting <= 0)
                return waiting != SSH_ERROR;
            m_toSocket.resize(waiting);
            quint32 wanted = quint32(waiting);
            if (m_sinceGrowth >= qsizetype(kWindow / 4)) {
                wanted = std::max(wanted, kWindow); // widens libssh's window
                m_sinceGrowth = 0;
            }
            const int count = ssh_channel_read_timeout(m_channel, m_toSocket.data(), wanted, 0, 0);
            if (count < 0)
                return false;
            m_toSocket.truncate(count);
            m_toSocketDone = 0;
            m_sinceGrowth += count;
        }
        const ssize_t sent = ::send(m_socket, m_toSocket.constData() + m_toSocketDone,
                                    size_t(m_toSocket.size() - m_toSocketDone), MSG_DONTWAIT | MSG_NOSIGNAL);
        if (sent < 0)
            return errno == EAGAIN || errno == EINTR;
        m_toSocketDone += sent;
        if (m_toSocketDone < m_toSocket.size())
            return true;
    }
    return true;
}

bool SshForward::toHost()
{
    if (m_toHostDone == m_toHost.size() && !m_socketEnded) {
        m_toHost.resize(kBlock);
        m_toHostDone = 0;
        const ssize_t got = ::recv(m_socket, m_toHost.data(), size_t(kBlock), MSG_DONTWAIT);
        const bool nothing = got < 0 && (errno == EAGAIN || errno == EINTR);
        m_toHost.resize(std::max<qsizetype>(got, 0));
        if (got < 0 && !nothing)
            return false;
        m_socketEnded = got == 0;
    }
    if (m_toHostDone < m_toHost.size()) {
        const int sent = ssh_channel_write(m_channel, m_toHost.constData() + m_toHostDone, quint32(m_toHost.size() - m_toHostDone));
        if (sent < 0)
            return false;
        m_toHostDone += sent;
    }
    if (m_socketEnded && !m_eofSent && m_toHostDone == m_toHost.size())
        m_eofSent = ssh_channel_send_eof(m_channel) == SSH_OK;
    return true;
}

short SshForward::pollEvents() const
{
    short events = 0;
    if (m_isOpen && !m_socketEnded && m_toHostDone == m_toHost.size())
        events |= POLLIN;
    if (m_toSocketDone < m_toSocket.size())
        events |= POLLOUT;
    return events;
}

} // namespace Promdeck
