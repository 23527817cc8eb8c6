#pragma once

#include "provisioning/host/process.h"

#include <memory>
#include <mutex>
#include <optional>

namespace Promdeck {

/// Everything a Host does, made of command lines for a POSIX shell: what is left for a subclass is to start one.
/// Files go through cat, mv and tar, so that hosts without SFTP, with dash or busybox work the same.
class ProcessHost : public Host
{
public:
    Result<CommandOutput> run(const Command& command, const CancelToken& cancel = {}) override;
    Result<CommandOutput> runScript(const QByteArray& script, const QList<QByteArray>& args, const Command& how = {},
                                    const CancelToken& cancel = {}) override;
    Result<int> stream(const Command& command, ByteSource* in, ByteSink* out, const StreamOptions& options = {},
                       const CancelToken& cancel = {}, QByteArray* standardError = nullptr) override;
    Status putFile(ByteSource& source, const QByteArray& path, const PutOptions& options = {},
                   const CancelToken& cancel = {}) override;
    Status getFile(const QByteArray& path, ByteSink& sink, const GetOptions& options = {},
                   const CancelToken& cancel = {}) override;
    Result<QByteArray> readFile(const QByteArray& path, qint64 limit, bool asRoot = false,
                                const CancelToken& cancel = {}) override;
    Status putFiles(const std::vector<FileEntry>& files, const QByteArray& folder, bool asRoot = false,
                    const CancelToken& cancel = {}) override;
    Result<std::vector<FileEntry>> getFiles(const QList<QByteArray>& paths, const QByteArray& folder, qint64 limit,
                                            bool asRoot = false, const CancelToken& cancel = {}) override;
    Result<HostFacts> facts(const CancelToken& cancel = {}) override;

protected:
    /// Starts a command line in the user's shell on the host. Errors: those of connecting.
    virtual Result<std::unique_ptr<Process>> start(const QByteArray& commandLine, std::chrono::milliseconds limit,
                                                   const CancelToken& cancel)
        = 0;
    /// The password of sudo, asked for once and remembered while this object lives. Blocks until answered.
    /// Errors: Cancelled, Auth (there is nobody to ask).
    virtual Result<QByteArray> askSudoPassword(const CancelToken& cancel) = 0;
    /// What came of the password that was asked for last.
    virtual void sudoPasswordWorked(bool /*worked*/) {}
    /// For files that were written in another way, to `written`: checks the size, sets the mode, flushes to the disk and,
    /// when `written` is another name than `path`, renames. Errors as putFile; the temporary file is then gone.
    Status finishPut(const QByteArray& path, const QByteArray& written, qint64 size, const PutOptions& options, const CancelToken& cancel);
    /// A name beside a path that no glob of a configuration matches.
    [[nodiscard]] static QByteArray temporaryBeside(const QByteArray& path);
    /// Best effort, briefly, whatever was cancelled.
    void removeTemporary(const QByteArray& written, bool asRoot);
    /// The error with this host as its target.
    [[nodiscard]] Error withTarget(Error error) const;

private:
    struct Started
    {
        std::unique_ptr<Process> process;
        QByteArray standardError; ///< that came with the conversation with sudo
    };
    Result<Started> launch(const QByteArray& commandLine, bool asRoot, std::chrono::milliseconds limit,
                           const CancelToken& cancel);
    Result<Started> launchAsRoot(const QByteArray& commandLine, std::chrono::milliseconds limit,
                                 const CancelToken& cancel);
    Result<int> drive(const QByteArray& commandLine, const Command& command, ByteSource* in, ByteSink* out,
                      ByteSink* err, const StreamOptions& options, const CancelToken& cancel);

    std::mutex m_mutex; ///< of what is remembered
    std::optional<HostFacts> m_facts;
    QByteArray m_sudoPassword;
};

} // namespace Promdeck
