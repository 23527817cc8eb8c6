#pragma once

#include "provisioning/ssh/promptdesk.h"
#include "provisioning/ssh/sshtunnels.h"

namespace Promdeck {

/// The hosts of the program: connections, questions, and tunnels for stacks. One, made in main(), before stacks are
/// opened; it ends all connections when it goes.
class HostServices final
{
public:
    explicit HostServices(std::shared_ptr<SecretStore> store);
    ~HostServices();
    Q_DISABLE_COPY_MOVE(HostServices)

    [[nodiscard]] PromptDesk& prompts() { return m_prompts; }
    [[nodiscard]] const std::shared_ptr<SshHosts>& hosts() const { return m_hosts; }

private:
    PromptDesk m_prompts;
    std::shared_ptr<SshHosts> m_hosts;
};

} // namespace Promdeck
