#pragma once

#include <QWidget>

class QLabel;
class QPushButton;

namespace Promdeck {

/// What stands in the grid for a panel that is shown in a dock.
class PanelGhost final : public QWidget
{
    Q_OBJECT
public:
    PanelGhost(const QString& title, QWidget* parent);

Q_SIGNALS:
    void putBack();

protected:
    void paintEvent(QPaintEvent* event) override;
    void resizeEvent(QResizeEvent* event) override;
    void mouseDoubleClickEvent(QMouseEvent* event) override;

private:
    QLabel* m_label;
    QPushButton* m_button;
};

} // namespace Promdeck
