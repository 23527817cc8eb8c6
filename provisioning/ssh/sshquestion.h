#pragma once

#include "provisioning/host/host.h"
#include "provisioning/ssh/knownhosts.h"

#include <QStringList>

namespace Promdeck {

/// Something only the user knows, as a value: the window shows a card, the command line a prompt, a keychain answers
/// by itself. Texts that a server sends are shown as they are, never as markup.
struct SshQuestion
{
    enum class Kind {
        HostKey,     ///< whether this key is the host's
        Passphrase,  ///< of the key file `file`
        Password,    ///< of the user on the host
        Interactive, ///< what the server asks, in its own words
        SudoPassword
    };
    Kind kind = Kind::Password;
    QString host;    ///< as the user calls it
    QString address; ///< "user@host:port"

    // HostKey
    HostKey key;
    HostKeyVerdict verdict;  ///< Unknown, Changed or OtherType
    QString command;         ///< shows the fingerprint on the server itself

    QString file;            ///< Passphrase
    QString title;           ///< Interactive, may be empty
    QString instruction;     ///< Interactive, may be empty
    struct Field
    {
        QString prompt;
        bool echo = false;
    };
    std::vector<Field> fields; ///< one for each answer; a single hidden one for the other secrets
    int attempt = 0;           ///< 0 the first time; an answer that was remembered is of no use after that
    QString secretKey;         ///< the entry of a keychain that may answer; empty when it is no lasting secret
};

struct SshAnswer
{
    bool accepted = false;
    bool once = false;   ///< HostKey: for this connection only, nothing is written
    bool remember = false; ///< keep the secret, once it has proved right
    QStringList texts;
};

/// Answers questions. ask() is called from worker threads and returns at once; `reply` is called once, from any
/// thread. settled() says whether an answer of ask() worked, from the same worker thread.
class SshPrompter
{
public:
    virtual ~SshPrompter() = default;
    using Reply = std::function<void(const SshAnswer&)>;
    virtual void ask(const SshQuestion& question, const Reply& reply) = 0;
    /// The question is of no interest any more.
    virtual void withdraw(const SshQuestion&) {}
    virtual void settled(const SshQuestion&, const SshAnswer&, bool /*worked*/) {}
};

/// Blocks a worker thread until there is an answer. Errors: Cancelled, Auth (there is nobody to ask, or they declined),
/// HostKey (the same, of a host's key).
Result<SshAnswer> askAndWait(SshPrompter* prompter, const SshQuestion& question, const CancelToken& cancel);

/// The error for a host's key that was not accepted: what is known and what was offered, and what to do.
[[nodiscard]] Error hostKeyError(const SshQuestion& question);

} // namespace Promdeck
