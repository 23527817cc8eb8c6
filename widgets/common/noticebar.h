#pragma once

#include <QString>
#include <QWidget>

#include <functional>
#include <vector>

class QHBoxLayout;
class QLabel;

namespace Promdeck {

/// A sentence with buttons above a page: questions and offers that wait for an answer without stopping anything.
/// Several wait behind each other; the newest is seen first.
class NoticeBar final : public QWidget
{
    Q_OBJECT
public:
    enum class Tone { Info, Warning, Error };
    struct Choice
    {
        QString name; ///< object name of its button
        QString text;
        std::function<void()> run; ///< may be empty: the notice just goes
    };
    explicit NoticeBar(QWidget* parent = nullptr);
    /// Shows a notice; one with the same id is replaced. Each choice ends it.
    void post(const QString& id, Tone tone, const QString& text, std::vector<Choice> choices);
    void withdraw(const QString& id);
    void clear();
    [[nodiscard]] bool isPosted(const QString& id) const;
    [[nodiscard]] QString text() const; ///< of the notice that is seen

private:
    struct Notice
    {
        QString id;
        Tone tone;
        QString text;
        std::vector<Choice> choices;
    };
    void rebuild();
    void paint();

    std::vector<Notice> m_notices;
    QHBoxLayout* m_layout;
    QLabel* m_label;
    std::vector<QWidget*> m_buttons;
};

} // namespace Promdeck
