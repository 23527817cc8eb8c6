#pragma once

#include <QWidget>

class QDockWidget;
class QMainWindow;
class QMenu;
class QToolButton;

namespace Promdeck {

class ElidedLabel;

/// The bar of a dock: what it is, a menu with every place it can go to, and buttons to float and to close it.
/// Everything works by the menu alone, for systems where windows cannot be placed by the mouse.
class DockTitle final : public QWidget
{
    Q_OBJECT
public:
    /// closeText: what closing does ("Put back", "Close").
    DockTitle(QDockWidget* dock, const QString& closeText);
    void setText(const QString& text);
    void popupMenu(const QPoint& globalPosition);

Q_SIGNALS:
    /// The menu is about to show; others add to it.
    void menuOpening(QMenu* menu);

protected:
    void paintEvent(QPaintEvent* event) override;
    void contextMenuEvent(QContextMenuEvent* event) override;
    void mouseReleaseEvent(QMouseEvent* event) override;

private:
    void fillPlaces(QMenu* menu, QMainWindow* window);

    QDockWidget* m_dock;
    QString m_closeText;
    ElidedLabel* m_label;
    QToolButton* m_menu;
};

} // namespace Promdeck
