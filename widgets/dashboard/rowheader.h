#pragma once

#include <QPointer>
#include <QWidget>

#include <functional>

class QLineEdit;

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
    /// A field over the title; Enter or leaving it calls `done`, Escape does not.
    void rename(const QString& title, std::function<void(const QString&)> done);

Q_SIGNALS:
    void toggled();
    void menuRequested(const QPoint& globalPosition);

protected:
    void paintEvent(QPaintEvent* event) override;
    void mouseReleaseEvent(QMouseEvent* event) override;
    void keyPressEvent(QKeyEvent* event) override;
    void enterEvent(QEnterEvent* event) override;
    void leaveEvent(QEvent* event) override;
    void contextMenuEvent(QContextMenuEvent* event) override;
    bool eventFilter(QObject* watched, QEvent* event) override;

private:
    [[nodiscard]] QRect menuRect() const;
    void endRename();

    QString m_title;
    QPointer<QLineEdit> m_edit;
    bool m_collapsed = false;
    int m_hiddenPanels = 0;
};

} // namespace Promdeck
