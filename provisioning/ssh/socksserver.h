#pragma once

#include "models/core/result.h"

#include <QByteArray>

#include <functional>
#include <memory>
#include <vector>

namespace Promdeck {

/// A SOCKS5 server (RFC 1928) on a loopback port for this process alone: clients must know a random password
/// (RFC 1929), as every user of the machine can reach the port. It only understands CONNECT; who makes the
/// connections is up to its owner. One thread.
class SocksServer final
{
public:
    /// Errors: Io.
    static Result<std::unique_ptr<SocksServer>> listen();
    ~SocksServer();
    Q_DISABLE_COPY_MOVE(SocksServer)

    [[nodiscard]] quint16 port() const { return m_port; }
    [[nodiscard]] const QByteArray& user() const { return m_user; }
    [[nodiscard]] const QByteArray& password() const { return m_password; }

    /// A client that asks for an address. The owner takes over the socket and must call one of the answers first.
    struct Request
    {
        int socket = -1;
        QByteArray host;
        int port = 0;
    };
    static void accept(int socket);                 ///< before the first byte of the connection
    static void refuse(int socket, const Error& error); ///< the owner closes the socket then

    /// Descriptors to wait for input on.
    [[nodiscard]] std::vector<int> sockets() const;
    /// Accepts, reads, answers; complete requests go to `take`. Never blocks.
    void pump(const std::function<void(const Request&)>& take);

private:
    struct Client
    {
        int socket = -1;
        QByteArray input;
        enum class Phase { Greeting, Password, Request } phase = Phase::Greeting;
    };
    enum class Step { More, Drop, Taken };
    SocksServer() = default;
    Step advance(Client& client, const std::function<void(const Request&)>& take);
    Step readRequest(Client& client, const std::function<void(const Request&)>& take);

    int m_listener = -1;
    quint16 m_port = 0;
    QByteArray m_user;
    QByteArray m_password;
    std::vector<Client> m_clients;
};

} // namespace Promdeck
