#pragma once

#include "provisioning/host/host.h"
#include "provisioning/ssh/sshconfig.h"

namespace Promdeck {

/// A connected TCP socket, ready for SSH (non-blocking, without Nagle's delay). All addresses of the name are tried,
/// each a quarter of a second after the one before, the first that answers wins. Errors: DnsFailure,
/// ConnectionRefused, ConnectionLost (no route), Timeout, Cancelled.
Result<int> dialTcp(const QString& host, int port, SshOptions::Family family, const QString& bindAddress,
                    std::chrono::milliseconds limit, const CancelToken& cancel);

/// A socket that is the standard input and output of a command line (ProxyCommand). The command ends when the socket
/// closes, as it does under ssh. Errors: Io.
Result<int> dialCommand(const QByteArray& commandLine);

} // namespace Promdeck
