#pragma once

#include "models/stack/tunnels.h"
#include "provisioning/ssh/sshhost.h"

namespace Promdeck {

/// HTTP of stacks through hosts: a SOCKS proxy on loopback for each host, whose connections the host makes. URLs, the
/// Host header and the names in certificates stay what they are over there.
class SshTunnels final : public TunnelProvider
{
public:
    explicit SshTunnels(std::shared_ptr<SshHosts> hosts) : m_hosts(std::move(hosts)) {}
    Result<std::shared_ptr<HttpTunnel>> tunnel(const QString& destination) override;

private:
    std::shared_ptr<SshHosts> m_hosts;
};

} // namespace Promdeck
