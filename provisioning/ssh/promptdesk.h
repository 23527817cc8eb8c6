#pragma once

#include "models/core/secrets.h"
#include "provisioning/ssh/sshquestion.h"

#include <QObject>

#include <map>
#include <memory>

namespace Promdeck {

/// Where questions of all hosts arrive: answers what the keychain knows, and puts the rest before whoever listens
/// (the window's cards, a terminal). Lives in a thread with an event loop; the SshPrompter it hands out may outlive it
/// and then declines.
class PromptDesk final : public QObject
{
    Q_OBJECT
public:
    explicit PromptDesk(std::shared_ptr<SecretStore> store, QObject* parent = nullptr);
    ~PromptDesk() override;
    Q_DISABLE_COPY_MOVE(PromptDesk)

    [[nodiscard]] std::shared_ptr<SshPrompter> prompter() const;
    /// Questions that wait, oldest first.
    [[nodiscard]] std::map<quint64, SshQuestion> waiting() const;
    /// Answers one; unknown ids (withdrawn in between) are ignored.
    void answer(quint64 id, const Promdeck::SshAnswer& answer);

Q_SIGNALS:
    void asked(quint64 id);
    void withdrawn(quint64 id);

private:
    class Prompter;
    struct Waiting
    {
        SshQuestion question;
        SshPrompter::Reply reply;
        bool shown = false;
    };
    void take(const SshQuestion& question, const SshPrompter::Reply& reply);
    void show(quint64 id);
    void drop(const SshQuestion& question);
    void keep(const SshQuestion& question, const SshAnswer& answer, bool worked);

    std::shared_ptr<SecretStore> m_store;
    std::shared_ptr<Prompter> m_prompter;
    std::map<quint64, Waiting> m_waiting;
    quint64 m_nextId = 1;
};

} // namespace Promdeck
