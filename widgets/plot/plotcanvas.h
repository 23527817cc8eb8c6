#pragma once

#include "widgets/plot/plothover.h"

#include <QFutureWatcher>
#include <QTimer>
#include <QWidget>

#include <optional>

namespace Promdeck {

/// A time-series plot with axes. Pictures are made on worker threads; this widget shows the newest one and
/// draws what follows the mouse on top of it, repainting only the strips that changed.
///
/// Mouse: drag selects a time range (zoomRequested), double-click zooms out, dragging on the time axis or with the
/// middle button pans, Shift+drag measures, Shift+wheel zooms around the cursor. Dragging a value axis, or Ctrl+drag
/// up and down, zooms into values (double-click takes that back first). Ctrl+click and Ctrl+drag sideways ask for an
/// annotation. Keys: Left/Right walk the samples (Shift: ten), Up/Down choose the series, Home/End, Space starts a
/// selection, Return zooms to it or around the cursor, + and - zoom, Y zooms into values (Shift: back), PageUp/PageDown pan, L clicks
/// the sample, Escape lets go.
class PlotCanvas final : public QWidget
{
    Q_OBJECT

public:
    explicit PlotCanvas(QWidget* parent = nullptr);
    ~PlotCanvas() override;

    void setModel(std::shared_ptr<const TimeSeriesModel> model);
    [[nodiscard]] const std::shared_ptr<const TimeSeriesModel>& model() const { return m_model; }
    void setHiddenSeries(const std::vector<char>& hidden);
    /// A series to stand out, -1 for none.
    void setFocusSeries(int series);
    void setPlotTheme(const PlotTheme& theme);
    void setTimeZone(const QString& timeZone);

    /// The picture on screen and what it shows; null before the first one.
    [[nodiscard]] const RenderedPlot& rendered() const { return m_rendered; }
    /// False while a newer picture is being made.
    [[nodiscard]] bool isCurrent() const { return m_rendered.generation == m_generation; }
    [[nodiscard]] std::optional<HoverSet> hover() const { return m_hover; }
    [[nodiscard]] QSize sizeHint() const override { return {600, 260}; }

    /// The moment under the mouse or keyboard cursor.
    [[nodiscard]] std::optional<qint64> cursorTime() const;
    /// What is measured or marked, else the moment under the cursor: what an annotation would be about.
    [[nodiscard]] std::optional<TimeRange> markedTime() const;
    /// The user looks at a part of the values only.
    [[nodiscard]] bool isValueZoomed() const { return !m_windows.empty(); }
    void resetValueZoom();
    [[nodiscard]] std::optional<qint64> pinnedTime() const { return m_pinned; }

    /// Gives the picture back to the system; it is made again when the widget is painted.
    void dropPicture();

public Q_SLOTS:
    /// The cursor of another panel, ms since the epoch, with the values at it or without; nothing hides it.
    void setSharedHover(std::optional<qint64> timeMs, bool withTooltip = false);
    /// A moment that stays marked, with its values, whatever the mouse does; nothing lets it go.
    void setPinnedTime(std::optional<qint64> timeMs);

Q_SIGNALS:
    void zoomRequested(Promdeck::TimeRange range);
    void zoomOutRequested();
    /// The mouse or keyboard cursor moved over this plot, or left it.
    void hoverTimeChanged(std::optional<qint64> timeMs);
    /// The series nearest to the cursor, -1 for none.
    void nearestSeriesChanged(int series);
    /// A click, with the sample nearest to it.
    void sampleClicked(const Promdeck::HoverSample& sample, const QPoint& globalPosition);
    /// The user wants to write something about a moment or a span.
    void annotateRequested(Promdeck::TimeRange range, const QPoint& globalPosition);
    /// A click on one of the operator's own annotations.
    void annotationActivated(const QString& id, const QPoint& globalPosition);
    /// A new picture is on screen.
    void pictureReady();

protected:
    bool event(QEvent* event) override;
    void paintEvent(QPaintEvent* event) override;
    void resizeEvent(QResizeEvent* event) override;
    void mousePressEvent(QMouseEvent* event) override;
    void mouseMoveEvent(QMouseEvent* event) override;
    void mouseReleaseEvent(QMouseEvent* event) override;
    void mouseDoubleClickEvent(QMouseEvent* event) override;
    void wheelEvent(QWheelEvent* event) override;
    void leaveEvent(QEvent* event) override;
    void keyPressEvent(QKeyEvent* event) override;
    void focusOutEvent(QFocusEvent* event) override;
    void changeEvent(QEvent* event) override;
    void hideEvent(QHideEvent* event) override;

private:
    enum class Drag { None, Select, Pan, Measure, Modified, Annotate, Values };
    /// What follows the mouse: a picture and where its top left corner goes, logical pixels.
    struct Sprite
    {
        QPointF place;
        QImage image;
    };

    void refresh();
    void startRender();
    void takePicture();
    void describe();
    [[nodiscard]] PlotRequest request() const;
    [[nodiscard]] QRegion overlayRegion() const;
    void updateOverlay(const QRegion& before);
    void paintPicture(QPainter& painter, const QRect& dirty);
    [[nodiscard]] std::vector<Sprite> overlaySprites() const;
    void paintMarks(QPainter& painter) const;
    void moveCursor(QPointF place, std::optional<qint64> exactTime = {});
    void clearCursor();
    /// What is measured now: by a Shift+drag (Alt+drag moves windows), by what it left, or from the keyboard's mark to its cursor.
    [[nodiscard]] std::optional<std::pair<qint64, qint64>> ruler() const;
    [[nodiscard]] TooltipContent contentAt(QPointF cursor) const;
    void showTooltip();
    void readShared();
    void walk(int samples);
    void chooseSeries(int step);
    void zoomAround(qint64 center, double factor);
    void shiftRange(double part);
    void finishSelection(double from, double to);
    void finishValues(double from, double to);
    void zoomValues(double factor, int axis);
    [[nodiscard]] int valueAxisAt(QPointF place) const; ///< index into the layout's axes; -1 = none
    /// A moment that is not this plot's cursor: another panel's, or the pinned one.
    [[nodiscard]] std::optional<qint64> lentTime() const { return m_shared ? m_shared : m_pinned; }
    [[nodiscard]] qint64 clampedTime(double x) const;

    std::shared_ptr<const TimeSeriesModel> m_model;
    std::vector<char> m_hidden;
    int m_focus = -1;
    PlotTheme m_theme;
    QString m_timeZone;

    quint64 m_generation = 0;
    RenderedPlot m_rendered;
    std::shared_ptr<const TimeSeriesModel> m_renderedModel; ///< the model the picture was made from
    std::shared_ptr<const TimeSeriesModel> m_runningModel;
    QFutureWatcher<RenderedPlot> m_watcher;
    bool m_again = false; ///< something changed while a picture was being made

    std::optional<QPointF> m_cursor;
    std::optional<HoverSet> m_hover;
    std::optional<qint64> m_shared;
    std::optional<qint64> m_pinned;
    ValueWindows m_windows; ///< empty = all axes as the data wants
    bool m_sharedTooltip = false;
    bool m_keyboardCursor = false;
    QTimer m_tooltipTimer;

    Drag m_drag = Drag::None;
    QPointF m_dragStart;
    double m_dragX = 0;
    double m_dragY = 0;
    int m_dragAxis = -1; ///< whose values are dragged; -1 = of all
    std::optional<double> m_mark; ///< x where a keyboard selection began
    std::optional<std::pair<qint64, qint64>> m_ruler; ///< two moments that are measured, kept until the next click
};

} // namespace Promdeck
