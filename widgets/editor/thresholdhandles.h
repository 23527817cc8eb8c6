#pragma once

#include "models/core/json.h"

#include <QPointer>
#include <QWidget>

#include <optional>

namespace Promdeck {

class PanelWidget;
class PlotCanvas;

/// Handles beside a time series, one for each threshold, that can be dragged up and down. Sits over the panel and
/// follows its plot.
class ThresholdHandles final : public QWidget
{
    Q_OBJECT
public:
    explicit ThresholdHandles(PanelWidget* panel);
    /// fieldConfig.defaults.thresholds of the panel; anything but absolute steps hides the handles.
    void setThresholds(const Json& thresholds);
    /// Where a step's handle is, in this widget's coordinates; an empty rectangle when it is not in the plot.
    [[nodiscard]] QRect handleRect(int step) const;

Q_SIGNALS:
    /// A step is at another value; `dragging` until the mouse lets go.
    void moved(int step, double value, bool dragging);

protected:
    void paintEvent(QPaintEvent* event) override;
    void mousePressEvent(QMouseEvent* event) override;
    void mouseMoveEvent(QMouseEvent* event) override;
    void mouseReleaseEvent(QMouseEvent* event) override;
    bool eventFilter(QObject* watched, QEvent* event) override;

private:
    void follow();
    [[nodiscard]] PlotCanvas* canvas() const;
    [[nodiscard]] int stepAt(const QPoint& place) const;
    [[nodiscard]] double valueAt(int y) const;
    [[nodiscard]] std::optional<int> placeOf(double value) const;

    PanelWidget* m_panel;
    QPointer<PlotCanvas> m_canvas;
    Json m_steps;
    int m_dragged = -1;
};

} // namespace Promdeck
