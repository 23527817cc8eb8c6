#pragma once

#include "provisioning/ssh/sshconfig.h"

namespace Promdeck {

/// A host as a connection needs it: its options with every file name and command spelled out.
struct SshTarget
{
    QString name; ///< as the user calls it
    SshOptions options;
    QStringList identityFiles;
    QStringList certificateFiles;
    QStringList userKnownHosts;
    QStringList globalKnownHosts;
    QString agentSocket;  ///< empty = no agent
    QString proxyCommand; ///< empty = none
    QString hostKeyName;  ///< as known_hosts names it
    QStringList jumps;    ///< destinations to pass, the first one first
    [[nodiscard]] QString address() const; ///< "user@host:port"
};

/// Errors: those of readSshConfig and expandSshTokens.
Result<SshTarget> resolveSshTarget(const QString& destination, const SshConfigSource& source);

} // namespace Promdeck
