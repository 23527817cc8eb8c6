#pragma once

#include "provisioning/ssh/sshquestion.h"
#include "provisioning/ssh/sshtarget.h"

#include <map>

#include <libssh/libssh.h>

namespace Promdeck {

/// One SSH session from the greeting to the end of authentication; everything on one thread, nothing blocks longer
/// than its deadline, and cancelling ends every wait.
class SshLink final
{
public:
    /// What a person answered during an attempt. A server hangs up on people who think long; the next attempt then
    /// does not ask again.
    struct Memory
    {
        std::map<QString, std::pair<SshQuestion, SshAnswer>> answers;
        HostKey acceptedOnce;
    };

    SshLink(const SshTarget& target, SshPrompter* prompter, Memory& memory, CancelToken cancel);
    ~SshLink();
    Q_DISABLE_COPY_MOVE(SshLink)

    /// Takes the socket, agrees on keys and checks the host's key. Errors: ConnectionLost, Timeout, Ssh (nothing in
    /// common), HostKey, Cancelled.
    Status open(int socket, std::chrono::milliseconds limit);
    /// Errors: Auth (with what was tried), and as open().
    Status authenticate();
    /// True when the last error was that the server hung up after a question.
    [[nodiscard]] bool lostWhileAsking() const { return m_lost && m_asked; }
    [[nodiscard]] ssh_session session() const { return m_session; }

private:
    enum class Outcome { Success, Denied, Partial };
    Status prepare(int socket);
    void hangUp();
    Status checkHostKey();
    Status decideHostKey(const HostKeyVerdict& verdict, const HostKey& key);
    /// Calls `step` until it no longer says `again`.
    template <typename Step>
    Result<int> drive(Step step, int again, std::chrono::milliseconds limit);
    Result<Outcome> outcome(Result<int> code);
    Result<Outcome> tryPublicKeys();
    Result<Outcome> tryAgent(const QByteArrayList& preferred);
    Result<Outcome> tryKeyFile(const QString& path);
    Result<Outcome> tryPassword();
    Result<Outcome> tryInteractive();
    Result<SshAnswer> ask(SshQuestion question);
    void settle(const SshQuestion& question, const SshAnswer& answer, bool worked);
    [[nodiscard]] SshQuestion question(SshQuestion::Kind kind) const;
    [[nodiscard]] Error lost(const QString& what);
    void attachCertificate(const QString& keyPath, ssh_key key) const;

    const SshTarget& m_target;
    SshPrompter* m_prompter;
    Memory& m_memory;
    CancelToken m_cancel;
    int m_wake = -1;
    ssh_session m_session = nullptr;
    QStringList m_tried;
    QByteArrayList m_offered; ///< keys of the agent
    bool m_lost = false;
    bool m_asked = false;
};

} // namespace Promdeck
