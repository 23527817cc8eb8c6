#include "app/hosts/hostmachines.h"

#include "app/hosts/consoleprompter.h"
#include "provisioning/host/localhost.h"
#include "provisioning/ssh/sshhost.h"

namespace Promdeck::Cli {

using namespace Qt::StringLiterals;

namespace {

Result<QByteArray> askSudo(const CancelToken&)
{
    const QString password = askTerminal(u"Password for sudo: "_s, false);
    if (password.isNull())
        return makeError(ErrorCode::Auth, u"sudo wants a password, and there is no terminal to ask on"_s);
    return password.toUtf8();
}

} // namespace

Deploy::HostFactory hostMachines()
{
    // Made when first needed: a workspace of local hosts reads no SSH configuration.
    struct Machines
    {
        std::mutex mutex;
        std::shared_ptr<SshHosts> ssh;
        std::map<QString, std::shared_ptr<Host>> local;
    };
    const auto machines = std::make_shared<Machines>();
    return [machines](const Deploy::WorkspaceHost& spec) -> Result<std::shared_ptr<Host>> {
        const std::lock_guard lock(machines->mutex);
        if (spec.address == u"local") {
            std::shared_ptr<Host>& host = machines->local[spec.name];
            if (!host)
                host = std::make_shared<LocalHost>(spec.name, askSudo);
            return host;
        }
        if (!machines->ssh)
            machines->ssh = std::make_shared<SshHosts>(std::make_shared<ConsolePrompter>());
        const Result<std::shared_ptr<SshHost>> host = machines->ssh->host(spec.address);
        if (!host)
            return host.error();
        return std::shared_ptr<Host>(*host);
    };
}

} // namespace Promdeck::Cli
