#pragma once

#include "widgets/panels/panelbody.h"
#include "widgets/plot/plothover.h"
#include "widgets/plot/plottheme.h"

#include <QPainterPath>
#include <QTimer>

#include <memory>

namespace Promdeck {

class ChartCanvas;
class LegendView;

/// What is under the cursor in a chart.
struct ChartHit
{
    qint64 item = 0;         ///< the same item keeps its tooltip and highlight
    TooltipContent content;
    QPainterPath shape;      ///< stands out while it is hovered
    QPointF anchor;          ///< where a keyboard cursor rests
    int entry = -1;          ///< of the legend, to be marked
    std::optional<qint64> timeMs;
    std::vector<DataLink> links;
};

/// Charts other than the time series plot: a picture that is kept until data, size or theme change, a legend
/// whose entries switch parts off, hovering with mouse or arrow keys, and, where a chart has a time axis,
/// the shared crosshair and zooming by dragging. Derived classes place, paint and find things.
class ChartBody : public PanelBody
{
    Q_OBJECT
public:
    explicit ChartBody(QWidget* parent);
    ~ChartBody() override;

    void setSharedTime(std::optional<qint64> time, bool withTooltip) override;
    [[nodiscard]] LegendView* legend() const { return m_legend; }
    [[nodiscard]] QWidget* canvas() const;
    [[nodiscard]] QStringList hiddenEntries() const { return m_hiddenNames; }
    void isolateEntry(int entry);
    void toggleEntry(int entry);

    /// Places everything for a canvas size; called before painting and after every change.
    virtual void layoutChart(const QSizeF& size) = 0;
    virtual void paintChart(QPainter* painter) = 0;
    [[nodiscard]] virtual std::optional<ChartHit> hitAt(QPointF position) const = 0;
    /// The neighbour of a place, for arrow keys; nothing = stay. Without a place: the first item.
    [[nodiscard]] virtual std::optional<QPointF> neighbour(std::optional<QPointF> from, int dx, int dy) const = 0;
    /// Where time runs from left to right, if it does.
    [[nodiscard]] virtual std::optional<QRectF> timeArea() const { return {}; }

    /// One thing per lane at a time, worth listing beside another panel's cursor.
    [[nodiscard]] virtual bool hasLanes() const { return true; }

    /// Moves what is out of sight into it; false when there is nothing more that way.
    virtual bool scrollBy(int steps)
    {
        Q_UNUSED(steps)
        return false;
    }

    [[nodiscard]] const PlotTheme& plotTheme() const { return m_theme; }
    [[nodiscard]] const std::vector<char>& hidden() const { return m_hidden; }
    [[nodiscard]] bool isEntryHidden(int entry) const
    {
        return size_t(entry) < m_hidden.size() && m_hidden[size_t(entry)];
    }
    [[nodiscard]] TimeRange range() const { return m_keys ? m_keys->range : TimeRange {}; }
    [[nodiscard]] TooltipMode tooltipMode() const { return m_keys ? m_keys->tooltip : TooltipMode::Single; }

protected:
    /// New content: legend entries, tooltip options and the time range. Empty ones hide the legend.
    void showChart(const PanelInput& input, std::shared_ptr<const TimeSeriesModel> keys);
    void invalidateChart();
    void resizeEvent(QResizeEvent* event) override;
    [[nodiscard]] const QString& timeZone() const { return m_input.context.timeZone; }
    [[nodiscard]] const PanelInput& input() const { return m_input; }
    /// The hidden entries changed.
    virtual void entriesChanged() {}

private:
    friend class ChartCanvas;
    void arrange();
    void applyHidden();
    void activate(const ChartHit& hit);

    PanelInput m_input;
    std::shared_ptr<const TimeSeriesModel> m_keys;
    PlotTheme m_theme;
    QStringList m_hiddenNames;
    std::vector<char> m_hidden;
    ChartCanvas* m_canvas;
    LegendView* m_legend;
};

/// The painted part of a chart.
class ChartCanvas final : public QWidget
{
    Q_OBJECT
public:
    explicit ChartCanvas(ChartBody* body);
    void invalidate();
    void setSharedTime(std::optional<qint64> time, bool withTooltip);
    [[nodiscard]] const std::optional<ChartHit>& hit() const { return m_hit; }

protected:
    void paintEvent(QPaintEvent* event) override;
    void resizeEvent(QResizeEvent* event) override;
    void mousePressEvent(QMouseEvent* event) override;
    void mouseMoveEvent(QMouseEvent* event) override;
    void mouseReleaseEvent(QMouseEvent* event) override;
    void mouseDoubleClickEvent(QMouseEvent* event) override;
    void leaveEvent(QEvent* event) override;
    void wheelEvent(QWheelEvent* event) override;
    void keyPressEvent(QKeyEvent* event) override;
    void focusOutEvent(QFocusEvent* event) override;

private:
    void ensureLayout();
    void hover(std::optional<QPointF> place, bool byKeyboard);
    void showTooltip();
    [[nodiscard]] std::optional<qint64> timeAt(QPointF place) const;
    void showShared(bool withTooltip);

    ChartBody* m_body;
    QPixmap m_picture;
    bool m_laidOut = false;
    std::optional<QPointF> m_cursor;
    std::optional<ChartHit> m_hit;
    bool m_keyboard = false;
    std::optional<qint64> m_shared;
    std::optional<QPointF> m_dragFrom;
    bool m_dragging = false;
    QTimer m_tooltipTimer;
};

} // namespace Promdeck
