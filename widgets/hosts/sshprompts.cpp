#include "widgets/hosts/sshprompts.h"

#include "widgets/hosts/sshquestioncard.h"

#include <QApplication>
#include <QEvent>

#include <algorithm>

namespace Promdeck {

namespace {

constexpr int kTop = 56; ///< below the bars of the window
constexpr int kMargin = 16;

} // namespace

SshPrompts::SshPrompts(PromptDesk& desk, QWidget* window)
    : QObject(window)
    , m_desk(&desk)
    , m_window(window)
{
    window->installEventFilter(this);
    connect(&desk, &PromptDesk::asked, this, &SshPrompts::showNext);
    connect(&desk, &PromptDesk::withdrawn, this, [this](quint64 id) {
        if (id == m_id)
            close();
        showNext();
    });
    showNext();
}

void SshPrompts::showNext()
{
    if (!m_desk)
        return;
    const auto waiting = m_desk->waiting();
    if (m_card) {
        m_card->setWaitingBehind(int(waiting.size()) - 1);
        return;
    }
    if (waiting.empty())
        return;
    const auto& [id, question] = *waiting.begin();
    m_id = id;
    m_focusBefore = QApplication::focusWidget();
    const auto done = [this, answered = id](const SshAnswer& answer) {
        close();
        if (m_desk)
            m_desk->answer(answered, answer);
        showNext();
    };
    m_card = new SshQuestionCard(question, int(waiting.size()) - 1, done, m_window);
    place();
    m_card->show();
    m_card->raise();
    m_card->setFocus(Qt::OtherFocusReason);
}

void SshPrompts::close()
{
    m_id = 0;
    if (!m_card)
        return;
    // Deleted later: the answer comes from one of its own buttons.
    m_card->hide();
    m_card->setObjectName({});
    m_card->deleteLater();
    m_card = nullptr;
    if (m_focusBefore)
        m_focusBefore->setFocus(Qt::OtherFocusReason);
}

void SshPrompts::place()
{
    const int width = std::min(m_card->maximumWidth(), m_window->width() - 2 * kMargin);
    const int wanted = m_card->hasHeightForWidth() ? m_card->heightForWidth(width) : m_card->sizeHint().height();
    const int height = std::min(std::max(wanted, m_card->minimumSizeHint().height()), m_window->height() - kTop);
    m_card->setGeometry((m_window->width() - width) / 2, kTop, width, height);
}

bool SshPrompts::eventFilter(QObject* watched, QEvent* event)
{
    if (m_card && (event->type() == QEvent::Resize || event->type() == QEvent::LayoutRequest))
        place();
    return QObject::eventFilter(watched, event);
}

} // namespace Promdeck
