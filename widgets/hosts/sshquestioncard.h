#pragma once

#include "provisioning/ssh/sshquestion.h"

#include <QFrame>

#include <functional>

class QCheckBox;
class QFormLayout;
class QLabel;
class QLineEdit;
class QPushButton;
class QVBoxLayout;

namespace Promdeck {

/// One question of a host, answered without leaving the window: whether a key is right (with a field that compares a
/// pasted fingerprint), a passphrase, a password, what a server asks in its own words. Return answers, Escape declines.
/// A key that differs from what is known can only be accepted with the right fingerprint pasted.
class SshQuestionCard final : public QFrame
{
    Q_OBJECT
public:
    using Done = std::function<void(const SshAnswer&)>;
    SshQuestionCard(const SshQuestion& question, int waitingBehind, Done done, QWidget* parent = nullptr);

    void setWaitingBehind(int count);

protected:
    void keyPressEvent(QKeyEvent* event) override;
    void paintEvent(QPaintEvent* event) override;

private:
    void makeHostKey();
    void makeFields();
    void makeButtons();
    QLabel* addText(const QString& text, bool strong = false);
    void addFact(QFormLayout* form, const QString& label, const QString& value, const QString& name);
    void compare();
    void answer(bool accepted, bool once = false);
    void paintColors();
    [[nodiscard]] bool isAlarming() const;

    SshQuestion m_question;
    Done m_done;
    QVBoxLayout* m_layout;
    QLabel* m_behind = nullptr;
    QLineEdit* m_pasted = nullptr;
    QLabel* m_verdict = nullptr;
    QList<QLineEdit*> m_fields;
    QCheckBox* m_remember = nullptr;
    QPushButton* m_accept = nullptr;
    bool m_differs = false; ///< what was pasted names another key
};

} // namespace Promdeck
