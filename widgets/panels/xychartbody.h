#pragma once

#include "models/panel/xychartmodel.h"
#include "widgets/panels/chartaxes.h"
#include "widgets/panels/chartbody.h"

namespace Promdeck {

/// XY chart panel: points, lines or both.
class XyChartBody final : public ChartBody
{
    Q_OBJECT
public:
    explicit XyChartBody(QWidget* parent) : ChartBody(parent) {}
    void setInput(const PanelInput& input) override;
    [[nodiscard]] bool isEmpty() const override { return !m_model || m_model->series.empty(); }
    [[nodiscard]] QString plainText() const override;
    [[nodiscard]] const XyChartModel* model() const { return m_model.get(); }
    /// Place of a point on the canvas.
    [[nodiscard]] QPointF pointAt(int series, int point) const;

    void layoutChart(const QSizeF& size) override;
    void paintChart(QPainter* painter) override;
    [[nodiscard]] std::optional<ChartHit> hitAt(QPointF position) const override;
    [[nodiscard]] std::optional<QPointF> neighbour(std::optional<QPointF> from, int dx, int dy) const override;

private:
    [[nodiscard]] const ValueAxis& yAxis(const XySeries& series) const;
    [[nodiscard]] std::pair<int, int> nearest(QPointF position, double within) const;

    std::shared_ptr<const XyChartModel> m_model;
    ValueAxis m_x;
    std::vector<ValueAxis> m_y;
    std::vector<char> m_used;
    QRectF m_area;
};

} // namespace Promdeck
