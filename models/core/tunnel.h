#pragma once

#include "models/core/result.h"

#include <functional>

namespace Promdeck {

/// A way to servers that only another machine can reach. Implemented above this layer.
class HttpTunnel
{
public:
    virtual ~HttpTunnel() = default;
    /// A SOCKS5 proxy on this machine's loopback that connects, and resolves names, over there. The password keeps
    /// other users of this machine out. The same each time.
    struct Proxy
    {
        quint16 port = 0;
        QString user;
        QString password;
    };
    /// Makes the way ready; `done` is called once, from any thread, also at once. Errors: whatever keeps the other
    /// machine from being reached, its questions included.
    virtual void open(std::function<void(const Result<Proxy>&)> done) = 0;
};

} // namespace Promdeck
