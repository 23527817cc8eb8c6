#include "provisioning/host/localhost.h"

#include "provisioning/host/localprocess.h"

namespace Promdeck {

using namespace Qt::StringLiterals;

LocalHost::LocalHost(QString name, PasswordQuestion sudoPassword)
    : m_name(std::move(name))
    , m_sudoPassword(std::move(sudoPassword))
{
}

QString LocalHost::address() const
{
    return u"this machine"_s;
}

Result<std::unique_ptr<Process>> LocalHost::start(const QByteArray& commandLine, std::chrono::milliseconds, const CancelToken& cancel)
{
    if (cancel.stop_requested())
        return makeError(ErrorCode::Cancelled, u"Cancelled"_s);
    return LocalProcess::start(commandLine);
}

Result<QByteArray> LocalHost::askSudoPassword(const CancelToken& cancel)
{
    if (!m_sudoPassword)
        return makeError(ErrorCode::Auth, u"sudo wants a password, and there is nobody to ask"_s);
    return m_sudoPassword(cancel);
}

} // namespace Promdeck
