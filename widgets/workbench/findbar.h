#pragma once

#include <QPointer>
#include <QWidget>

#include <utility>
#include <vector>

class QLabel;
class QLineEdit;
class QToolButton;

namespace Promdeck {

class CodeEditor;

/// Finding and replacing in the text above which it stands: Enter and Shift+Enter go on and back, Esc closes.
class FindBar final : public QWidget
{
    Q_OBJECT
public:
    FindBar(CodeEditor* editor, QWidget* parent);
    void open(bool replacing);
    void close();
    [[nodiscard]] int matchCount() const { return int(m_matches.size()); }

public Q_SLOTS:
    void findNext();
    void findPrevious();
    void replaceOne();
    void replaceAll();

protected:
    bool event(QEvent* event) override;
    void keyPressEvent(QKeyEvent* event) override;

private:
    void search();
    void go(int direction);
    void showCount(int current);
    [[nodiscard]] unsigned long flags() const;

    CodeEditor* m_editor;
    QLineEdit* m_what;
    QLineEdit* m_with;
    QWidget* m_replaceRow;
    QLabel* m_count;
    QToolButton* m_case;
    QToolButton* m_word;
    QToolButton* m_regexp;
    std::vector<std::pair<std::size_t, std::size_t>> m_matches;
    quint64 m_revision = 0;
};

} // namespace Promdeck
