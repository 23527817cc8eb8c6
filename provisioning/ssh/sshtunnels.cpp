#include "provisioning/ssh/sshtunnels.h"

namespace Promdeck {

namespace {

class SshTunnel final : public HttpTunnel
{
public:
    explicit SshTunnel(std::shared_ptr<SshConnection> connection) : m_connection(std::move(connection)) {}

    void open(std::function<void(const Result<Proxy>&)> done) override
    {
        const Result<SshConnection::Proxy> proxy = m_connection->proxy();
        if (!proxy) {
            done(proxy.error());
            return;
        }
        m_connection->connectLater([done = std::move(done), proxy = *proxy](const Status& connected) {
            if (connected)
                done(Proxy {proxy.port, proxy.user, proxy.password});
            else
                done(connected.error());
        });
    }

private:
    std::shared_ptr<SshConnection> m_connection;
};

} // namespace

Result<std::shared_ptr<HttpTunnel>> SshTunnels::tunnel(const QString& destination)
{
    const Result<std::shared_ptr<SshConnection>> connection = m_hosts->connection(destination);
    if (!connection)
        return connection.error();
    return std::shared_ptr<HttpTunnel>(std::make_shared<SshTunnel>(*connection));
}

} // namespace Promdeck
