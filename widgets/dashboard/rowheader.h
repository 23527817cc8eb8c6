#pragma once

#include <QWidget>

namespace Promdeck {

/// The header of a row: a chevron, the title, how many panels hide in it. A click, Enter or blank toggles.
class RowHeader final : public QWidget
{
    Q_OBJECT
public:
    explicit RowHeader(QWidget* parent = nullptr);
    void setRow(const QString& title, bool collapsed, int hiddenPanels);
    [[nodiscard]] bool isCollapsed() const { return m_collapsed; }
    [[nodiscard]] QString title() const { return m_title; }

Q_SIGNALS:
    void toggled();

protected:
    void paintEvent(QPaintEvent* event) override;
    void mouseReleaseEvent(QMouseEvent* event) override;
    void keyPressEvent(QKeyEvent* event) override;
    void enterEvent(QEnterEvent* event) override;
    void leaveEvent(QEvent* event) override;

private:
    QString m_title;
    bool m_collapsed = false;
    int m_hiddenPanels = 0;
};

} // namespace Promdeck
