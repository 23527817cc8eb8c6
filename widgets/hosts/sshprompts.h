#pragma once

#include "provisioning/ssh/promptdesk.h"

#include <QPointer>
#include <QWidget>

namespace Promdeck {

class SshQuestionCard;

/// Shows the questions of a desk as cards over the upper part of a window, one at a time, without stopping anything.
/// Give it the window as parent; it places itself.
class SshPrompts final : public QObject
{
    Q_OBJECT
public:
    SshPrompts(PromptDesk& desk, QWidget* window);

protected:
    bool eventFilter(QObject* watched, QEvent* event) override;

private:
    void showNext();
    void place();
    void close();

    QPointer<PromptDesk> m_desk;
    QWidget* m_window;
    QPointer<SshQuestionCard> m_card;
    QPointer<QWidget> m_focusBefore;
    quint64 m_id = 0;
};

} // namespace Promdeck
