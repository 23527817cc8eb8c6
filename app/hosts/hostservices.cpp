#include "app/hosts/hostservices.h"

namespace Promdeck {

HostServices::HostServices(std::shared_ptr<SecretStore> store)
    : m_prompts(std::move(store))
    , m_hosts(std::make_shared<SshHosts>(m_prompts.prompter()))
{
    installTunnelProvider(std::make_shared<SshTunnels>(m_hosts));
}

HostServices::~HostServices()
{
    installTunnelProvider({});
}

} // namespace Promdeck
