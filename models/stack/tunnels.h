#pragma once

#include "models/core/tunnel.h"

#include <memory>

namespace Promdeck {

/// Makes tunnels for stacks that are reached through a host. This layer knows no SSH; a program that has it installs
/// a provider before it opens stacks.
class TunnelProvider
{
public:
    virtual ~TunnelProvider() = default;
    /// `destination` as the profile has it ("db1", "admin@db1:2222"). Does not connect yet. Errors: a destination or a
    /// configuration that cannot be used.
    virtual Result<std::shared_ptr<HttpTunnel>> tunnel(const QString& destination) = 0;
};

/// For the whole program; null takes it away.
void installTunnelProvider(std::shared_ptr<TunnelProvider> provider);
/// A tunnel from the installed provider. Errors: Unsupported without one, and its own.
Result<std::shared_ptr<HttpTunnel>> tunnelTo(const QString& destination);

} // namespace Promdeck
