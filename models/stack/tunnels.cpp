#include "models/stack/tunnels.h"

#include <mutex>

namespace Promdeck {

using namespace Qt::StringLiterals;

namespace {

struct Installed
{
    std::mutex mutex;
    std::shared_ptr<TunnelProvider> provider;
};

Installed& installed()
{
    static Installed one;
    return one;
}

} // namespace

void installTunnelProvider(std::shared_ptr<TunnelProvider> provider)
{
    const std::lock_guard lock(installed().mutex);
    installed().provider.swap(provider);
}

Result<std::shared_ptr<HttpTunnel>> tunnelTo(const QString& destination)
{
    std::shared_ptr<TunnelProvider> provider;
    {
        const std::lock_guard lock(installed().mutex);
        provider = installed().provider;
    }
    if (!provider) {
        return makeError(ErrorCode::Unsupported, u"This stack is reached through SSH, which this program does not have"_s, destination);
    }
    return provider->tunnel(destination);
}

} // namespace Promdeck
