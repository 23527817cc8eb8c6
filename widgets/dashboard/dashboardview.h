#pragma once

#include "models/query/dashboardsession.h"

#include <QAbstractScrollArea>
#include <QHash>
#include <QPointer>
#include <QTimer>
#include <QVariantAnimation>

#include <functional>

class QMenu;

namespace Promdeck {

class GridEditing;
class PanelWidget;
class RowHeader;
enum class PanelRequest;

/// The grid of panels of a session. Only panels near the viewport exist as widgets, and only those query.
/// Nothing lies above the viewport: scrolling moves pixels.
class DashboardView final : public QAbstractScrollArea
{
    Q_OBJECT
    Q_MOC_INCLUDE(<QMenu>)
public:
    explicit DashboardView(QWidget* parent = nullptr);
    ~DashboardView() override;

    void setSession(DashboardSession* session);
    [[nodiscard]] DashboardSession* session() const { return m_session; }
    /// Moving and resizing what is shown.
    [[nodiscard]] GridEditing* editing() const { return m_editing; }
    [[nodiscard]] PanelWidget* panel(const QString& key) const;
    /// The widget of the panel with this title; null while it is far away or when there is none.
    [[nodiscard]] PanelWidget* panelTitled(const QString& title) const;
    [[nodiscard]] QList<PanelWidget*> panels() const;
    /// Key of the panel under the mouse or with the focus; empty when there is none.
    [[nodiscard]] QString currentPanel() const;
    /// One panel over the whole view; an empty key goes back to the grid.
    void setMaximised(const QString& key);
    [[nodiscard]] QString maximised() const { return m_maximised; }
    void scrollToPanel(const QString& key);
    /// The same, and gives it the focus, which shows where it is.
    void focusPanel(const QString& key);
    /// All shown panels have data (or an error) and have painted it.
    [[nodiscard]] bool isSettled() const;
    /// Space left of the grid, px.
    [[nodiscard]] static int sideMargin();
    /// Height in px of the whole grid.
    [[nodiscard]] int contentHeight() const { return m_contentHeight; }
    /// How far beyond the window panels are asked for and drawn, px. A little more than the window unless told
    /// otherwise; the height of the content loads a whole dashboard, as a print of it needs.
    void setLookAhead(int pixels);
    /// Expands or collapses every row.
    void setRowsCollapsed(bool collapsed);
    /// Lets the user type another title into a row's header; `done` is called unless that is given up.
    void renameRow(const QString& key, const QString& title, std::function<void(const QString&)> done);
    /// Gives a panel away, to be shown somewhere else; its place in the grid says so and offers to put it back.
    /// It goes on being fed here, and is deleted when the dashboard closes. Null when there is no such panel.
    PanelWidget* detach(const QString& key);
    /// Takes a panel back into the grid.
    void attach(const QString& key);
    [[nodiscard]] bool isDetached(const QString& key) const { return m_items.value(key).detached; }
    /// Key of the panel or row with the focus, else of the panel under the mouse; empty when there is none.
    [[nodiscard]] QString focusedItem() const;

    /// Keeps a moment marked in every plot, with its values; nothing lets it go.
    void setPinnedTime(std::optional<qint64> timeMs);
    [[nodiscard]] std::optional<qint64> pinnedTime() const { return m_pinned; }
    /// What the plots share while the mouse is over one: 0 nothing, 1 the crosshair, 2 their tooltips too. The
    /// dashboard's own way unless told otherwise.
    [[nodiscard]] int sharedCursor() const;
    void setSharedCursor(int mode) { m_sharedCursor = mode; }

    // for GridEditing
    [[nodiscard]] int gridWidth() const;
    [[nodiscard]] int scrollTop() const;
    /// Where an item is in the grid, px from its top left corner; empty when there is no such item.
    [[nodiscard]] QRect contentRect(const QString& key) const;
    /// The item that the mouse holds: somebody else places it. An empty key ends this, and any preview.
    void setHeld(const QString& key);
    /// Moves the widgets to where these panels are, without a change of the session.
    void preview(std::vector<PlacedPanel> panels);

Q_SIGNALS:
    void linkActivated(const QUrl& url);
    void maximisedChanged();
    /// A panel's menu is about to show; others add what they can do with it.
    void panelMenuOpening(const QString& key, QMenu* menu);
    void rowMenuOpening(const QString& key, QMenu* menu);
    void panelRequested(const QString& key, Promdeck::PanelRequest request);
    /// The user wants a panel out of the grid (at a place of the screen, or anywhere), or back in it.
    void detachRequested(const QString& key, std::optional<QPoint> globalPosition);
    void attachRequested(const QString& key);
    void annotateRequested(const QString& key, const Promdeck::TimeRange& range, const QPoint& globalPosition);
    void annotationActivated(const QString& key, const QString& id, const QPoint& globalPosition);
    void pinnedTimeChanged();
    void settled();

protected:
    void resizeEvent(QResizeEvent* event) override;
    void scrollContentsBy(int dx, int dy) override;
    void paintEvent(QPaintEvent* event) override;
    bool event(QEvent* event) override;
    bool eventFilter(QObject* watched, QEvent* event) override;

private:
    struct Item
    {
        PixelRect rect;
        PanelWidget* panel = nullptr;
        RowHeader* row = nullptr;
        QWidget* ghost = nullptr; ///< stands in the grid for a detached panel
        bool detached = false;
        int askedWidth = -1; ///< width told to the session; -1 = not visible to it
        QRect from; ///< where it comes from, in the grid, while it glides to another place
    };
    void relayout();
    void takeOptions();
    void takeEdit(const QStringList& changedKeys);
    void takeOrder();
    void place(bool animated = false);
    void glide(double part);
    void showRowMenu(const QString& key, const QPoint& globalPosition);
    [[nodiscard]] QWidget* widgetOf(const Item& item) const;
    void updateVisibility();
    void scrolled();
    void makeNext();
    void makeWidget(size_t index);
    void dropWidget(Item& item);
    void feed(size_t index);
    void panelChanged(const QString& key);
    /// `asked`: the user chose this moment; it shows whatever the dashboard says about sharing.
    void shareTime(PanelWidget* source, std::optional<qint64> time, bool asked = false);
    void checkSettled();
    [[nodiscard]] QRect itemRect(size_t index) const; ///< in viewport coordinates
    [[nodiscard]] bool isNear(const QRect& rect, int margin) const;
    /// How far beyond the viewport panels are made, px.
    [[nodiscard]] int makingMargin() const;

    QPointer<DashboardSession> m_session;
    QHash<QString, Item> m_items;  ///< by panel key
    std::vector<QString> m_order;  ///< keys as laid out
    QHash<QString, size_t> m_index;///< key -> place in the session's panels()
    GridEditing* m_editing;
    QString m_maximised;
    QString m_held;
    std::optional<std::vector<PlacedPanel>> m_preview;
    QVariantAnimation m_glide;
    int m_contentHeight = 0;
    int m_lookAhead;
    int m_lastScroll = 0; ///< at the last look at what is visible
    QTimer m_makeTimer;
    QTimer m_widthTimer;
    QTimer m_visibilityTimer;
    bool m_wasSettled = false;
    std::optional<qint64> m_pinned;
    std::optional<int> m_sharedCursor;
};

} // namespace Promdeck
