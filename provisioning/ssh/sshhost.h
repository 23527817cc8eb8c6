#pragma once

#include "provisioning/host/processhost.h"
#include "provisioning/ssh/sshconnection.h"

#include <atomic>
#include <map>

namespace Promdeck {

/// A host behind SSH. Several threads may use it at a time. Large files travel by SFTP over several channels, where
/// the host has it; everything else, and everything as root, by commands.
class SshHost final : public ProcessHost
{
public:
    explicit SshHost(std::shared_ptr<SshConnection> connection, std::shared_ptr<SshPrompter> prompter = {});

    [[nodiscard]] QString name() const override;
    [[nodiscard]] QString address() const override;
    [[nodiscard]] const std::shared_ptr<SshConnection>& connection() const { return m_connection; }

    /// Large files by SFTP, over several channels.
    Status putFile(ByteSource& source, const QByteArray& path, const PutOptions& options = {}, const CancelToken& cancel = {}) override;

protected:
    Result<std::unique_ptr<Process>> start(const QByteArray& commandLine, std::chrono::milliseconds limit,
                                           const CancelToken& cancel) override;
    Result<QByteArray> askSudoPassword(const CancelToken& cancel) override;
    void sudoPasswordWorked(bool worked) override;

private:
    std::shared_ptr<SshConnection> m_connection;
    std::shared_ptr<SshPrompter> m_prompter;
    std::mutex m_askMutex;
    std::optional<std::pair<SshQuestion, SshAnswer>> m_asked;
    int m_attempt = 0;
    std::atomic<bool> m_noSftp = false;
};

/// Makes connections and keeps them: hosts that name the same destination share one, and so do jumps. Thread-safe.
class SshHosts final
{
public:
    explicit SshHosts(std::shared_ptr<SshPrompter> prompter, SshConfigSource source = SshConfigSource::standard());

    /// Does not connect yet. Errors: those of the configuration; InvalidArgument for jumps in a circle.
    Result<std::shared_ptr<SshHost>> host(const QString& destination);
    Result<std::shared_ptr<SshConnection>> connection(const QString& destination);

private:
    Result<std::shared_ptr<SshConnection>> make(const QString& destination, const std::shared_ptr<SshConnection>& via, int depth);

    std::shared_ptr<SshPrompter> m_prompter;
    SshConfigSource m_source;
    std::mutex m_mutex;
    std::map<QString, std::shared_ptr<SshConnection>> m_connections; ///< by the way to them
    std::map<QString, std::shared_ptr<SshHost>> m_hosts;
};

} // namespace Promdeck
