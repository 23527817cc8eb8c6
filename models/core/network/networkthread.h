#pragma once

#include <QObject>

#include <functional>

namespace Promdeck::Internal {

/// The one thread on which all sockets and TLS of the process live. It starts with the first client and ends
/// with the application object.
class NetworkThread final
{
public:
    /// Gives an object to the thread. Afterwards it may only be touched through queued calls.
    static void adopt(QObject* object);
    /// Runs `work` in the object's thread, then deletes the object there.
    static void retire(QObject* object, std::function<void()> work);
};

} // namespace Promdeck::Internal
