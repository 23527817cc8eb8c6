#include "provisioning/ssh/socksserver.h"

#include <QHostAddress>
#include <QRandomGenerator>
#include <QtEndian>

#include <cerrno>
#include <cstring>

#include <netinet/in.h>
#include <netinet/tcp.h>
#include <sys/socket.h>
#include <unistd.h>

namespace Promdeck {

using namespace Qt::StringLiterals;

namespace {

constexpr std::size_t kMaxClients = 256;

QByteArray randomText()
{
    QByteArray bytes(24, Qt::Uninitialized);
    QRandomGenerator::system()->generate(bytes.begin(), bytes.end());
    return bytes.toBase64(QByteArray::Base64UrlEncoding);
}

void sendAll(int socket, const QByteArray& bytes)
{
    // A few bytes into an empty buffer: they fit, or the client is gone.
    (void)::send(socket, bytes.constData(), size_t(bytes.size()), MSG_DONTWAIT | MSG_NOSIGNAL);
}

QByteArray reply(char code)
{
    return QByteArray("\x05", 1) + code + QByteArray("\0\x01\0\0\0\0\0\0", 8);
}

} // namespace

Result<std::unique_ptr<SocksServer>> SocksServer::listen()
{
    std::unique_ptr<SocksServer> server(new SocksServer);
    server->m_listener = ::socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC | SOCK_NONBLOCK, 0);
    sockaddr_in address {};
    address.sin_family = AF_INET;
    address.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
    socklen_t size = sizeof address;
    auto* generic = reinterpret_cast<sockaddr*>(&address);
    if (::bind(server->m_listener, generic, size) != 0 || ::listen(server->m_listener, 64) != 0
        || ::getsockname(server->m_listener, generic, &size) != 0) {
        return makeError(ErrorCode::Io, u"No port of this machine is free for a tunnel"_s, QString::fromLocal8Bit(std::strerror(errno)));
    }
    server->m_port = ntohs(address.sin_port);
    server->m_user = "promdeck";
    server->m_password = randomText();
    return server;
}

SocksServer::~SocksServer()
{
    for (const Client& client : m_clients)
        ::close(client.socket);
    if (m_listener >= 0)
        ::close(m_listener);
}

void SocksServer::accept(int socket)
{
    sendAll(socket, reply(0));
}

void SocksServer::refuse(int socket, const Error& error)
{
    const char code = error.code == ErrorCode::ConnectionRefused ? 5 : error.code == ErrorCode::DnsFailure ? 4 : 1;
    sendAll(socket, reply(code));
}

std::vector<int> SocksServer::sockets() const
{
    std::vector<int> out {m_listener};
    for (const Client& client : m_clients)
        out.push_back(client.socket);
    return out;
}

void SocksServer::pump(const std::function<void(const Request&)>& take)
{
    while (m_clients.size() < kMaxClients) {
        const int socket = ::accept4(m_listener, nullptr, nullptr, SOCK_CLOEXEC | SOCK_NONBLOCK);
        if (socket < 0)
            break;
        const int on = 1;
        ::setsockopt(socket, IPPROTO_TCP, TCP_NODELAY, &on, sizeof on);
        m_clients.push_back({socket, {}, Client::Phase::Greeting});
    }
    for (std::size_t i = 0; i < m_clients.size();) {
        Client& client = m_clients[i];
        char buffer[600];
        const ssize_t got = ::recv(client.socket, buffer, sizeof buffer, MSG_DONTWAIT);
        const bool nothing = got < 0 && (errno == EAGAIN || errno == EINTR);
        Step step = nothing ? Step::More : Step::Drop;
        if (got > 0) {
            client.input.append(buffer, got);
            step = client.input.size() > 2000 ? Step::Drop : advance(client, take);
        }
        if (step == Step::Drop)
            ::close(client.socket);
        if (step == Step::More)
            ++i;
        else
            m_clients.erase(m_clients.begin() + qsizetype(i));
    }
}

SocksServer::Step SocksServer::advance(Client& client, const std::function<void(const Request&)>& take)
{
    QByteArray& in = client.input;
    if (client.phase == Client::Phase::Greeting) {
        if (in.at(0) != 5)
            return Step::Drop; // something else altogether
        if (in.size() < 2 || in.size() < 2 + uchar(in.at(1)))
            return Step::More;
        const QByteArray methods = in.mid(2, uchar(in.at(1)));
        if (!methods.contains('\x02')) {
            sendAll(client.socket, QByteArray("\x05\xff", 2));
            return Step::Drop;
        }
        in.remove(0, 2 + methods.size());
        sendAll(client.socket, QByteArray("\x05\x02", 2));
        client.phase = Client::Phase::Password;
    }
    if (client.phase == Client::Phase::Password) {
        if (in.size() < 2)
            return Step::More;
        const qsizetype userSize = uchar(in.at(1));
        if (in.size() < 3 + userSize || in.size() < 3 + userSize + uchar(in.at(2 + userSize)))
            return Step::More;
        const QByteArray user = in.mid(2, userSize);
        const QByteArray password = in.mid(3 + userSize, uchar(in.at(2 + userSize)));
        in.remove(0, 3 + userSize + password.size());
        if (user != m_user || password != m_password) {
            sendAll(client.socket, QByteArray("\x01\x01", 2));
            return Step::Drop;
        }
        sendAll(client.socket, QByteArray("\x01\0", 2));
        client.phase = Client::Phase::Request;
    }
    return readRequest(client, take);
}

SocksServer::Step SocksServer::readRequest(Client& client, const std::function<void(const Request&)>& take)
{
    const QByteArray& in = client.input;
    if (in.size() < 5)
        return Step::More;
    const char kind = in.at(3);
    const qsizetype size = kind == 1 ? 4 : kind == 4 ? 16 : kind == 3 ? 1 + uchar(in.at(4)) : 0;
    if (in.at(0) != 5 || size == 0)
        return Step::Drop;
    if (in.at(1) != 1) {
        sendAll(client.socket, reply(7));
        return Step::Drop;
    }
    if (in.size() < 4 + size + 2)
        return Step::More;
    Request request;
    request.socket = client.socket;
    if (kind == 3) {
        request.host = in.mid(5, size - 1);
    } else if (kind == 1) {
        request.host = QHostAddress(qFromBigEndian<quint32>(in.constData() + 4)).toString().toLatin1();
    } else {
        Q_IPV6ADDR address;
        std::memcpy(&address, in.constData() + 4, 16);
        request.host = QHostAddress(address).toString().toLatin1();
    }
    request.port = qFromBigEndian<quint16>(in.constData() + 4 + size);
    take(request);
    return Step::Taken;
}

} // namespace Promdeck
