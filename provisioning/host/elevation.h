#pragma once

#include <QByteArray>
#include <QList>

#include <optional>

namespace Promdeck {

/// A command line that runs as root by sudo, and the conversation before it starts. No word of sudo's own is
/// ever interpreted (they differ by language and by implementation): the prompt is a random marker of ours, and
/// a second marker, printed by the shell that sudo starts, says that root was reached. So the password is sent
/// exactly when it is asked for, never into a program that did not ask.
class SudoConversation
{
public:
    /// Whether sudo may ask: without, `sudo -n` is used.
    SudoConversation(const QByteArray& commandLine, bool mayAsk);

    [[nodiscard]] const QByteArray& commandLine() const { return m_commandLine; }

    enum class Step {
        Wait,          ///< more of standard error is needed
        SendPassword,  ///< the prompt was seen, for the first time
        Refused,       ///< asked again: the password was wrong
        Started        ///< the command runs as root; rest() is the beginning of its own standard error
    };
    /// Takes what arrived on standard error.
    Step feed(const QByteArray& bytes);
    /// What sudo said so far, without the markers; for the detail of an error.
    [[nodiscard]] QByteArray said() const;
    [[nodiscard]] QByteArray rest() const { return m_rest; }

private:
    QByteArray m_prompt;
    QByteArray m_started;
    QByteArray m_commandLine;
    QByteArray m_text;
    QByteArray m_rest;
    bool m_asked = false;
};

} // namespace Promdeck
