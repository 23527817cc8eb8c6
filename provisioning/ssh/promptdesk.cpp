#include "provisioning/ssh/promptdesk.h"

#include <QCoroTask>

#include <mutex>

namespace Promdeck {

/// Hands over from worker threads.
class PromptDesk::Prompter final : public SshPrompter
{
public:
    explicit Prompter(PromptDesk* desk) : m_desk(desk) {}

    void close()
    {
        const std::lock_guard lock(m_mutex);
        m_desk = nullptr;
    }

    void ask(const SshQuestion& question, const Reply& reply) override
    {
        if (!post([question, reply](PromptDesk* desk) { desk->take(question, reply); }))
            reply({});
    }

    void withdraw(const SshQuestion& question) override
    {
        post([question](PromptDesk* desk) { desk->drop(question); });
    }

    void settled(const SshQuestion& question, const SshAnswer& answer, bool worked) override
    {
        post([question, answer, worked](PromptDesk* desk) { desk->keep(question, answer, worked); });
    }

private:
    template <typename Work>
    bool post(Work work)
    {
        const std::lock_guard lock(m_mutex);
        if (!m_desk)
            return false;
        QMetaObject::invokeMethod(m_desk, [desk = m_desk, work = std::move(work)] { work(desk); }, Qt::QueuedConnection);
        return true;
    }

    std::mutex m_mutex;
    PromptDesk* m_desk;
};

namespace {

bool same(const SshQuestion& a, const SshQuestion& b)
{
    return a.kind == b.kind && a.address == b.address && a.file == b.file && a.attempt == b.attempt;
}

} // namespace

PromptDesk::PromptDesk(std::shared_ptr<SecretStore> store, QObject* parent)
    : QObject(parent)
    , m_store(store ? std::move(store) : noSecretStore())
    , m_prompter(std::make_shared<Prompter>(this))
{
}

PromptDesk::~PromptDesk()
{
    m_prompter->close();
    for (const auto& [id, waiting] : m_waiting)
        waiting.reply({});
}

std::shared_ptr<SshPrompter> PromptDesk::prompter() const
{
    return m_prompter;
}

std::map<quint64, SshQuestion> PromptDesk::waiting() const
{
    std::map<quint64, SshQuestion> out;
    for (const auto& [id, waiting] : m_waiting) {
        if (waiting.shown)
            out.emplace(id, waiting.question);
    }
    return out;
}

void PromptDesk::take(const SshQuestion& question, const SshPrompter::Reply& reply)
{
    const quint64 id = m_nextId++;
    m_waiting[id] = {question, reply, false};
    // What was remembered is tried once: when it is wrong, a person must know better.
    if (question.secretKey.isEmpty() || question.attempt > 0) {
        show(id);
        return;
    }
    QCoro::connect(m_store->read(question.secretKey), this, [this, id](const Result<QString>& secret) {
        if (!secret) {
            show(id);
            return;
        }
        SshAnswer known;
        known.accepted = true;
        known.texts = {*secret};
        answer(id, known);
    });
}

void PromptDesk::show(quint64 id)
{
    const auto it = m_waiting.find(id);
    if (it == m_waiting.end())
        return;
    it->second.shown = true;
    Q_EMIT asked(id);
}

void PromptDesk::answer(quint64 id, const SshAnswer& answer)
{
    const auto it = m_waiting.find(id);
    if (it == m_waiting.end())
        return;
    const SshPrompter::Reply reply = std::move(it->second.reply);
    m_waiting.erase(it);
    reply(answer);
}

void PromptDesk::drop(const SshQuestion& question)
{
    for (auto it = m_waiting.begin(); it != m_waiting.end(); ++it) {
        if (!same(it->second.question, question))
            continue;
        const quint64 id = it->first;
        m_waiting.erase(it);
        Q_EMIT withdrawn(id);
        return;
    }
}

void PromptDesk::keep(const SshQuestion& question, const SshAnswer& answer, bool worked)
{
    if (!worked || !answer.remember || question.secretKey.isEmpty() || answer.texts.isEmpty())
        return;
    // A keychain that refuses costs a question the next time, no more.
    QCoro::connect(m_store->write(question.secretKey, answer.texts.first()), this, [](const Status&) {});
}

} // namespace Promdeck
