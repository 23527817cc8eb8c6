#pragma once

#include "models/query/dashboardsession.h"

#include <QAbstractScrollArea>
#include <QHash>
#include <QPointer>
#include <QTimer>

namespace Promdeck {

class PanelWidget;
class RowHeader;

/// The grid of panels of a session. Only panels near the viewport exist as widgets, and only those query.
/// Nothing lies above the viewport: scrolling moves pixels.
class DashboardView final : public QAbstractScrollArea
{
    Q_OBJECT
public:
    explicit DashboardView(QWidget* parent = nullptr);
    ~DashboardView() override;

    void setSession(DashboardSession* session);
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

Q_SIGNALS:
    void linkActivated(const QUrl& url);
    void maximisedChanged();
    void settled();

protected:
    void resizeEvent(QResizeEvent* event) override;
    void scrollContentsBy(int dx, int dy) override;
    void paintEvent(QPaintEvent* event) override;
    bool event(QEvent* event) override;

private:
    struct Item
    {
        PixelRect rect;
        PanelWidget* panel = nullptr;
        RowHeader* row = nullptr;
        int askedWidth = -1; ///< width told to the session; -1 = not visible to it
    };
    void relayout();
    void takeEdit(const QStringList& changedKeys);
    void takeOrder();
    void place();
    void updateVisibility();
    void scrolled();
    void makeNext();
    void makeWidget(size_t index);
    void dropWidget(Item& item);
    void feed(size_t index);
    void panelChanged(const QString& key);
    void shareTime(PanelWidget* source, std::optional<qint64> time);
    void checkSettled();
    [[nodiscard]] QRect itemRect(size_t index) const; ///< in viewport coordinates
    [[nodiscard]] bool isNear(const QRect& rect, int margin) const;
    /// How far beyond the viewport panels are made, px.
    [[nodiscard]] int makingMargin() const;

    QPointer<DashboardSession> m_session;
    QHash<QString, Item> m_items;  ///< by panel key
    std::vector<QString> m_order;  ///< keys as laid out
    QHash<QString, size_t> m_index;///< key -> place in the session's panels()
    QString m_maximised;
    int m_contentHeight = 0;
    int m_lookAhead;
    int m_lastScroll = 0; ///< at the last look at what is visible
    QTimer m_makeTimer;
    QTimer m_widthTimer;
    QTimer m_visibilityTimer;
    bool m_wasSettled = false;
};

} // namespace Promdeck
