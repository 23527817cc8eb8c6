#pragma once

#include <QWidget>

class QToolButton;

namespace Promdeck {

/// Turning the wheel over a pane scrolls it, and changes no combo box or slider it happens to pass: those listen to
/// the wheel only once they were clicked. Call when the pane's widgets are made.
void guardWheel(QWidget* pane);

/// A flat button with an icon, as they stand at the ends of rows. The text is its tooltip and its accessible name.
[[nodiscard]] QToolButton* rowButton(QWidget* parent, const QString& name, const QString& icon, const QString& text);

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
