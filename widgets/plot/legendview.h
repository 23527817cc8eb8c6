#pragma once

#include "widgets/plot/legendlayout.h"

#include <QWidget>

#include <memory>

namespace Promdeck {

/// The legend of a plot, as a list or a table. A click shows one series alone (again: all), Ctrl, Shift or
/// Meta adds or removes one; a table's header sorts. Arrow keys move, Return isolates, Space toggles.
class LegendView final : public QWidget
{
    Q_OBJECT

public:
    explicit LegendView(QWidget* parent = nullptr);

    void setModel(std::shared_ptr<const TimeSeriesModel> model);
    void setPlotTheme(const PlotTheme& theme);
    void setHiddenSeries(const std::vector<char>& hidden);
    /// Marks the series that the plot's cursor is nearest to.
    void setMarkedSeries(int series);
    [[nodiscard]] const LegendState& state() const { return m_state; }
    /// Place of a series' entry in the widget, for tests and menus; null when it is not listed.
    [[nodiscard]] QRectF entryRect(int series) const;
    [[nodiscard]] QRectF headerRect(int column) const;

Q_SIGNALS:
    void isolateRequested(int series);
    void toggleRequested(int series);
    void hoveredSeriesChanged(int series);

protected:
    bool event(QEvent* event) override;
    void paintEvent(QPaintEvent* event) override;
    void resizeEvent(QResizeEvent* event) override;
    void mousePressEvent(QMouseEvent* event) override;
    void mouseMoveEvent(QMouseEvent* event) override;
    void leaveEvent(QEvent* event) override;
    void wheelEvent(QWheelEvent* event) override;
    void keyPressEvent(QKeyEvent* event) override;
    void focusOutEvent(QFocusEvent* event) override;

private:
    void relayout();
    void describe();
    void setHovered(int series);
    void scrollTo(double value);
    void moveCurrent(int step);
    void sortBy(int column);
    [[nodiscard]] double headerHeight() const;
    [[nodiscard]] double maxScroll() const;
    [[nodiscard]] int seriesAt(QPointF place) const;

    std::shared_ptr<const TimeSeriesModel> m_model;
    PlotTheme m_theme;
    LegendState m_state;
    LegendLayout m_layout;
};

} // namespace Promdeck
