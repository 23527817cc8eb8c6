#pragma once

#include "provisioning/ssh/promptdesk.h"

#include <QObject>

class QSocketNotifier;

namespace Promdeck {

/// Asks on the terminal that the program was started from, one question after another, without blocking the event
/// loop; secrets are not echoed. Without a terminal every question is declined, and the error says what to do.
class TerminalPrompts final : public QObject
{
    Q_OBJECT
public:
    explicit TerminalPrompts(PromptDesk& desk, QObject* parent = nullptr);
    ~TerminalPrompts() override;
    Q_DISABLE_COPY_MOVE(TerminalPrompts)

private:
    void next();
    void showField();
    void readLine();
    void finish(bool accepted);
    void say(const QString& text) const;
    void setEcho(bool on) const;

    PromptDesk& m_desk;
    int m_terminal = -1;
    QSocketNotifier* m_notifier = nullptr;
    quint64 m_id = 0; ///< 0 = none is asked
    SshQuestion m_question;
    QStringList m_texts;
};

} // namespace Promdeck
