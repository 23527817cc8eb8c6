#pragma once

#include "provisioning/ssh/sshhost.h"
#include "tests/support/sshd.h"
#include "tests/support/testsupport.h"

#include <thread>

namespace Promdeck::Testing {

/// Answers at once by a function of the test, and keeps what was asked.
class ScriptedPrompter final : public SshPrompter
{
public:
    using Script = std::function<SshAnswer(const SshQuestion&)>;
    explicit ScriptedPrompter(Script script = {}) : m_script(std::move(script)) {}

    void ask(const SshQuestion& question, const Reply& reply) override
    {
        SshAnswer answer;
        {
            const std::lock_guard lock(m_mutex);
            m_questions.push_back(question);
            if (m_script)
                answer = m_script(question);
        }
        if (!silent)
            reply(answer);
    }

    void settled(const SshQuestion&, const SshAnswer&, bool worked) override
    {
        const std::lock_guard lock(m_mutex);
        m_settled << worked;
    }

    [[nodiscard]] std::vector<SshQuestion> questions() const
    {
        const std::lock_guard lock(m_mutex);
        return m_questions;
    }

    [[nodiscard]] QList<bool> settledAs() const
    {
        const std::lock_guard lock(m_mutex);
        return m_settled;
    }

    void setScript(Script script)
    {
        const std::lock_guard lock(m_mutex);
        m_script = std::move(script);
        m_questions.clear();
    }

    std::atomic<bool> silent = false; ///< never answers

private:
    mutable std::mutex m_mutex;
    Script m_script;
    std::vector<SshQuestion> m_questions;
    QList<bool> m_settled;
};

inline SshAnswer yes(const QStringList& texts = {})
{
    SshAnswer answer;
    answer.accepted = true;
    answer.texts = texts;
    return answer;
}

/// The configuration of a test server's client.
inline SshConfigSource sourceFor(const TestSshd& server)
{
    SshConfigSource source = SshConfigSource::standard();
    source.home = server.home();
    source.userFile = server.home() + QStringLiteral("/.ssh/config");
    source.systemFile.clear();
    return source;
}

inline Command command(const QList<QByteArray>& argv)
{
    Command out;
    out.argv = argv;
    return out;
}

inline QByteArray everyByte()
{
    QByteArray all;
    for (int c = 1; c < 256; ++c)
        all += char(c);
    return all;
}

} // namespace Promdeck::Testing
