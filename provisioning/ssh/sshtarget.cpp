#include "provisioning/ssh/sshtarget.h"

#include "provisioning/ssh/knownhosts.h"

namespace Promdeck {

using namespace Qt::StringLiterals;

QString SshTarget::address() const
{
    return u"%1@%2:%3"_s.arg(options.user, options.host).arg(options.port);
}

Result<SshTarget> resolveSshTarget(const QString& destination, const SshConfigSource& source)
{
    Result<SshOptions> options = readSshConfig(destination, source);
    if (!options)
        return options.error();
    SshTarget target;
    target.name = options->alias;
    target.options = std::move(*options);
    const SshOptions& opts = target.options;
    const auto expand = [&](const QStringList& texts, QStringList& out) -> Status {
        for (const QString& text : texts) {
            if (text.compare(u"none"_s, Qt::CaseInsensitive) == 0)
                continue;
            const Result<QString> path = expandSshTokens(text, opts, source);
            if (!path)
                return path.error();
            out << *path;
        }
        return Done {};
    };
    for (const Status& status : {expand(opts.identityFiles, target.identityFiles),
                                 expand(opts.certificateFiles, target.certificateFiles),
                                 expand(opts.userKnownHosts, target.userKnownHosts),
                                 expand(opts.globalKnownHosts, target.globalKnownHosts)}) {
        if (!status)
            return status.error();
    }
    if (opts.identityAgent.isEmpty()) {
        target.agentSocket = qEnvironmentVariable("SSH_AUTH_SOCK");
    } else if (opts.identityAgent.compare(u"none"_s, Qt::CaseInsensitive) != 0) {
        const Result<QString> path = expandSshTokens(opts.identityAgent, opts, source);
        if (!path)
            return path.error();
        target.agentSocket = *path;
    }
    if (!opts.proxyCommand.isEmpty()) {
        const Result<QString> command = expandSshTokens(opts.proxyCommand, opts, source);
        if (!command)
            return command.error();
        target.proxyCommand = *command;
    }
    target.jumps = opts.proxyJump.split(u',', Qt::SkipEmptyParts);
    target.hostKeyName = opts.hostKeyAlias.isEmpty() ? knownHostName(opts.host, opts.port) : opts.hostKeyAlias;
    return target;
}

} // namespace Promdeck
