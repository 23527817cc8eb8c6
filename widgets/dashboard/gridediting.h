#pragma once

#include "models/dashboard/dashboardeditor.h"

#include <QElapsedTimer>
#include <QObject>
#include <QPointer>
#include <QTimer>

class QHoverEvent;
class QMouseEvent;
class QWidget;

namespace Promdeck {

class DashboardView;
class PanelWidget;
class RowHeader;

/// Moving and resizing panels and rows of a DashboardView by mouse and keyboard. While something is dragged the
/// others show where they would be; Escape, another edit or a new layout end the drag without a trace.
///
/// By mouse: a panel by its header, its size by the edges and the corner, a row by its header. At the upper and
/// lower end of the view it scrolls. By keyboard: Alt with arrows moves, with Shift resizes.
class GridEditing final : public QObject
{
    Q_OBJECT
public:
    explicit GridEditing(DashboardView* view);
    ~GridEditing() override;

    /// Edits go there; none: the dashboard is only looked at.
    void setEditor(DashboardEditor* editor);
    [[nodiscard]] DashboardEditor* editor() const { return m_editor; }
    /// Panels can be moved and resized here and now (not while one fills the view or all stand in one column).
    [[nodiscard]] bool canArrange() const;
    [[nodiscard]] bool isDragging() const { return m_mode != Mode::None && m_mode != Mode::Pressed; }
    void cancel();
    void watch(PanelWidget* panel, const QString& key);
    void watch(RowHeader* row, const QString& key);
    /// One step in a direction: by a column, or up and down to the next place that makes a difference.
    bool nudge(const QString& key, int dx, int dy);
    bool nudgeSize(const QString& key, int dw, int dh);
    /// The panel's id in the file; 0 for clones that are not the first, which cannot be arranged.
    [[nodiscard]] int editableId(const QString& key) const;

Q_SIGNALS:
    /// The mouse left the window while holding a panel.
    void draggedOut(const QString& key, const QPoint& globalPosition);

protected:
    bool eventFilter(QObject* watched, QEvent* event) override;

private:
    enum class Mode { None, Pressed, Move, Resize, MoveRow };
    enum Edge { NoEdge = 0, LeftEdge = 1, RightEdge = 2, BottomEdge = 4, Header = 8 };
    struct Band;
    bool panelEvent(QWidget* widget, QEvent* event);
    void press(QWidget* widget, QMouseEvent* event, int edges);
    void moveTo(const QPoint& globalPosition);
    void begin();
    void finish();
    void follow();
    void scrollAtEnds();
    void showGrip(QWidget* panel);
    [[nodiscard]] int edgesAt(const QWidget* widget, const QPoint& position) const;
    [[nodiscard]] DashboardGrid wanted();
    [[nodiscard]] GridPlace placeAt(const QPointF& cell) const;
    [[nodiscard]] std::vector<Band> bands() const;
    [[nodiscard]] QPointF cellAt(const QPoint& contentPosition) const;
    [[nodiscard]] double columnWidth() const;
    bool moveRowBy(int rowId, int direction);
    void setupActions();

    DashboardView* m_view;
    QPointer<DashboardEditor> m_editor;
    QPointer<QWidget> m_grip;
    QPointer<QWidget> m_placeholder;
    Mode m_mode = Mode::None;
    QPointer<QWidget> m_widget; ///< what is held
    QString m_key;
    int m_id = 0;
    int m_edges = NoEdge;
    QPoint m_pressed;    ///< global
    QPoint m_mouse;      ///< global
    QPoint m_inWidget;   ///< where in the widget it was pressed
    QRect m_startRect;   ///< of the widget, in content coordinates
    int m_startScroll = 0;
    DashboardGrid m_start;
    DashboardGrid m_shown; ///< what the preview shows
    std::vector<PlacedPanel> m_startPanels;
    QTimer m_scrollTimer;
};

} // namespace Promdeck
