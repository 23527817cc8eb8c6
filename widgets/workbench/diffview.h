#pragma once

#include <QWidget>

#ifndef Q_MOC_RUN // it cannot read the standard headers behind it
#include "models/config/edit/textedit.h"
#endif

class QLabel;

namespace Promdeck {

class CodeEditor;

/// Two texts side by side, line against line, what differs marked down to the words.
class DiffView final : public QWidget
{
    Q_OBJECT
public:
    explicit DiffView(QWidget* parent = nullptr);
    void show(const QString& leftTitle, const QByteArray& left, const QString& rightTitle, const QByteArray& right);
    [[nodiscard]] const std::vector<Config::LineChange>& changes() const { return m_changes; }
    [[nodiscard]] CodeEditor* left() const { return m_left; }
    [[nodiscard]] CodeEditor* right() const { return m_right; }

public Q_SLOTS:
    void nextChange();
    void previousChange();

Q_SIGNALS:
    void closed();

protected:
    bool event(QEvent* event) override;
    void keyPressEvent(QKeyEvent* event) override;

private:
    void markAll();
    void markWords(std::size_t a, std::size_t b);
    void go(int direction);
    void follow(CodeEditor* from, CodeEditor* to);
    CodeEditor* m_left;
    CodeEditor* m_right;
    QLabel* m_leftTitle;
    QLabel* m_rightTitle;
    QLabel* m_count;
    std::vector<Config::LineChange> m_changes;
    int m_current = -1;
    bool m_following = false;
};

} // namespace Promdeck
