#pragma once

#include "models/panel/heatmapmodel.h"
#include "widgets/panels/chartaxes.h"
#include "widgets/panels/chartbody.h"

#include <QImage>

namespace Promdeck {

/// Heatmap panel. Cells are written straight into an image, pixel by pixel: the cost follows the size on the
/// screen and not the number of cells.
class HeatmapBody final : public ChartBody
{
    Q_OBJECT
public:
    explicit HeatmapBody(QWidget* parent) : ChartBody(parent) {}
    void setInput(const PanelInput& input) override;
    [[nodiscard]] bool isEmpty() const override { return !m_model || m_model->rows == 0 || m_model->starts.empty(); }
    [[nodiscard]] QString emptyText() const override { return m_model ? m_model->problem : QString(); }
    [[nodiscard]] QString plainText() const override;
    [[nodiscard]] const HeatmapModel* model() const { return m_model.get(); }
    /// Place of a cell on the canvas, gaps included.
    [[nodiscard]] QRectF cellRect(int column, int row) const;

    void layoutChart(const QSizeF& size) override;
    void paintChart(QPainter* painter) override;
    [[nodiscard]] std::optional<ChartHit> hitAt(QPointF position) const override;
    [[nodiscard]] std::optional<QPointF> neighbour(std::optional<QPointF> from, int dx, int dy) const override;
    [[nodiscard]] std::optional<QRectF> timeArea() const override { return m_area; }
    [[nodiscard]] bool hasLanes() const override { return false; }

private:
    void makeScale();
    [[nodiscard]] double rowEdge(int row, bool upper) const; ///< y, whichever way the axis runs
    [[nodiscard]] int rowAt(double y) const;
    [[nodiscard]] int columnAt(double x) const;
    [[nodiscard]] QImage cellImage(double ratio) const;
    [[nodiscard]] std::optional<QPointF> exemplarPlace(const Exemplar& exemplar) const;
    void paintRowNames(QPainter* painter) const;
    void paintCells(QPainter* painter) const;
    void paintCounts(QPainter* painter) const;
    void paintScale(QPainter* painter) const;

    std::shared_ptr<const HeatmapModel> m_model;
    TimeAxis m_time;
    ValueAxis m_values;
    ValueScale m_scale;
    QRectF m_area;
    QRectF m_legendBar;
};

} // namespace Promdeck
