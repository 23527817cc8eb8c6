#include "provisioning/ssh/agentbridge.h"

#include <QtEndian>

#include <cerrno>
#include <cstring>

#include <poll.h>
#include <sys/eventfd.h>
#include <sys/socket.h>
#include <sys/un.h>
#include <unistd.h>

namespace Promdeck {

using namespace Qt::StringLiterals;

namespace {

constexpr char kRequestIdentities = 11;
constexpr char kIdentitiesAnswer = 12;
constexpr quint32 kMaxMessage = 256 << 10;

/// Takes a string with its length in front.
bool takeString(QByteArray& from, QByteArray& out)
{
    if (from.size() < 4)
        return false;
    const quint32 length = qFromBigEndian<quint32>(from.constData());
    if (length > quint32(from.size() - 4))
        return false;
    out = from.mid(4, length);
    from.remove(0, 4 + qsizetype(length));
    return true;
}

QByteArray packed(const QByteArray& text)
{
    QByteArray out(4, Qt::Uninitialized);
    qToBigEndian(quint32(text.size()), out.data());
    return out + text;
}

} // namespace

QByteArray AgentBridge::reorder(const QByteArray& answer, const QByteArrayList& first, bool only, QByteArrayList* kept)
{
    if (answer.size() < 5 || answer.at(0) != kIdentitiesAnswer)
        return answer;
    QByteArray rest = answer.mid(5);
    struct Key
    {
        qsizetype rank;
        QByteArray blob;
        QByteArray comment;
    };
    std::vector<Key> keys;
    const quint32 given = qFromBigEndian<quint32>(answer.constData() + 1);
    for (quint32 i = 0; i < given; ++i) {
        QByteArray blob;
        QByteArray comment;
        if (!takeString(rest, blob) || !takeString(rest, comment))
            return answer;
        const qsizetype rank = first.indexOf(blob);
        if (rank >= 0 || !only)
            keys.push_back({rank >= 0 ? rank : first.size(), blob, comment});
    }
    std::stable_sort(keys.begin(), keys.end(), [](const Key& a, const Key& b) { return a.rank < b.rank; });
    QByteArray out(5, Qt::Uninitialized);
    out[0] = kIdentitiesAnswer;
    qToBigEndian(quint32(keys.size()), out.data() + 1);
    for (const Key& key : keys) {
        out += packed(key.blob) + packed(key.comment);
        *kept << key.blob;
    }
    return out;
}

Result<std::unique_ptr<AgentBridge>> AgentBridge::connect(const QString& path, const CancelToken& cancel)
{
    std::unique_ptr<AgentBridge> bridge(new AgentBridge);
    const QByteArray name = path.toLocal8Bit();
    sockaddr_un address {};
    address.sun_family = AF_UNIX;
    if (name.isEmpty() || name.size() >= qsizetype(sizeof address.sun_path))
        return makeError(ErrorCode::Auth, u"There is no agent"_s, path);
    std::memcpy(address.sun_path, name.constData(), size_t(name.size()));
    bridge->m_agent = ::socket(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0);
    if (::connect(bridge->m_agent, reinterpret_cast<const sockaddr*>(&address), sizeof address) != 0)
        return makeError(ErrorCode::Auth, u"There is no agent"_s, QString::fromLocal8Bit(std::strerror(errno)));
    int pair[2] = {-1, -1};
    if (::socketpair(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0, pair) != 0)
        return makeError(ErrorCode::Auth, u"There is no agent"_s, QString::fromLocal8Bit(std::strerror(errno)));
    bridge->m_ours = pair[0];
    bridge->m_theirs = pair[1];
    bridge->m_wake = ::eventfd(0, EFD_CLOEXEC | EFD_NONBLOCK);
    bridge->m_cancel = cancel;
    bridge->m_thread = std::thread([raw = bridge.get()] { raw->serve(); });
    return bridge;
}

AgentBridge::~AgentBridge()
{
    if (m_wake >= 0)
        (void)::eventfd_write(m_wake, 1);
    if (m_thread.joinable())
        m_thread.join();
    for (const int fd : {m_agent, m_ours, m_theirs, m_wake}) {
        if (fd >= 0)
            ::close(fd);
    }
}

QByteArrayList AgentBridge::offered() const
{
    const std::lock_guard lock(m_mutex);
    return m_offered;
}

void AgentBridge::prefer(const QByteArrayList& blobs, bool only)
{
    m_first = blobs;
    m_only = only;
}

int AgentBridge::takeSocket()
{
    return std::exchange(m_theirs, -1);
}

bool AgentBridge::wait(int fd, short events) const
{
    pollfd list[] = {{fd, events, 0}, {m_wake, POLLIN, 0}};
    while (::poll(list, 2, -1) < 0 && errno == EINTR) { }
    return list[1].revents == 0;
}

bool AgentBridge::readMessage(int fd, QByteArray& message) const
{
    message.clear();
    qsizetype wanted = 4;
    while (message.size() < wanted) {
        if (!wait(fd, POLLIN))
            return false;
        char buffer[4096];
        const ssize_t count = ::recv(fd, buffer, size_t(std::min<qsizetype>(wanted - message.size(), sizeof buffer)), MSG_DONTWAIT);
        if (count < 0 && (errno == EAGAIN || errno == EINTR))
            continue;
        if (count <= 0)
            return false;
        message.append(buffer, count);
        if (message.size() == 4 && wanted == 4) {
            const quint32 length = qFromBigEndian<quint32>(message.constData());
            if (length == 0 || length > kMaxMessage)
                return false;
            wanted += length;
        }
    }
    message.remove(0, 4);
    return true;
}

bool AgentBridge::writeMessage(int fd, const QByteArray& message) const
{
    const QByteArray bytes = packed(message);
    qsizetype sent = 0;
    while (sent < bytes.size()) {
        if (!wait(fd, POLLOUT))
            return false;
        const ssize_t count = ::send(fd, bytes.constData() + sent, size_t(bytes.size() - sent), MSG_DONTWAIT | MSG_NOSIGNAL);
        if (count < 0 && (errno == EAGAIN || errno == EINTR))
            continue;
        if (count <= 0)
            return false;
        sent += count;
    }
    return true;
}

void AgentBridge::serve()
{
    const std::stop_callback onCancel(m_cancel, [wake = m_wake] { (void)::eventfd_write(wake, 1); });
    QByteArray message;
    while (readMessage(m_ours, message)) {
        const bool list = message.at(0) == kRequestIdentities;
        if (!writeMessage(m_agent, message) || !readMessage(m_agent, message))
            break;
        if (list) {
            QByteArrayList kept;
            message = reorder(message, m_first, m_only, &kept);
            const std::lock_guard lock(m_mutex);
            m_offered = kept;
        }
        if (!writeMessage(m_ours, message))
            break;
    }
    // libssh waits in a read: the end of the stream wakes it.
    ::shutdown(m_ours, SHUT_RDWR);
}

} // namespace Promdeck
