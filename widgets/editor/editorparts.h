#pragma once

#include <QWidget>

namespace Promdeck {

/// Turning the wheel over a pane scrolls it, and changes no combo box or slider it happens to pass: those listen to
/// the wheel only once they were clicked. Call when the pane's widgets are made.
void guardWheel(QWidget* pane);

/// A group of fields on the panes' background, with a thin frame.
class EditorCard : public QWidget
{
    Q_OBJECT
public:
    explicit EditorCard(QWidget* parent = nullptr);

protected:
    void paintEvent(QPaintEvent* event) override;
};

} // namespace Promdeck
