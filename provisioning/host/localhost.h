#pragma once

#include "provisioning/host/processhost.h"

namespace Promdeck {

/// This machine as a host. Commands are children of this process; those that start other programs take them
/// along when they are ended.
class LocalHost final : public ProcessHost
{
public:
    /// `sudoPassword` is asked when a command needs it; without, such commands fail with Auth.
    using PasswordQuestion = std::function<Result<QByteArray>(const CancelToken&)>;
    explicit LocalHost(QString name = QStringLiteral("localhost"), PasswordQuestion sudoPassword = {});

    [[nodiscard]] QString name() const override { return m_name; }
    [[nodiscard]] QString address() const override;

protected:
    Result<std::unique_ptr<Process>> start(const QByteArray& commandLine, std::chrono::milliseconds limit,
                                           const CancelToken& cancel) override;
    Result<QByteArray> askSudoPassword(const CancelToken& cancel) override;

private:
    QString m_name;
    PasswordQuestion m_sudoPassword;
};

} // namespace Promdeck
