#pragma once

#include "models/panel/histogrammodel.h"
#include "widgets/panels/chartaxes.h"
#include "widgets/panels/chartbody.h"

namespace Promdeck {

/// Histogram panel. Painted here and not with Qt Charts, whose bars have categories instead of a value axis and
/// cannot touch each other.
class HistogramBody final : public ChartBody
{
    Q_OBJECT
public:
    explicit HistogramBody(QWidget* parent) : ChartBody(parent) {}
    void setInput(const PanelInput& input) override;
    [[nodiscard]] bool isEmpty() const override { return !m_model || m_model->series.empty() || m_model->lower.empty(); }
    [[nodiscard]] QString plainText() const override;
    [[nodiscard]] const HistogramModel* model() const { return m_model.get(); }
    /// Place of a bar on the canvas; null when it is hidden or has no height.
    [[nodiscard]] QRectF barRect(int series, int bucket) const;

    void layoutChart(const QSizeF& size) override;
    void paintChart(QPainter* painter) override;
    [[nodiscard]] std::optional<ChartHit> hitAt(QPointF position) const override;
    [[nodiscard]] std::optional<QPointF> neighbour(std::optional<QPointF> from, int dx, int dy) const override;

private:
    [[nodiscard]] double edge(size_t bucket, bool upper) const;
    [[nodiscard]] std::pair<double, double> span(size_t series, size_t bucket) const;
    [[nodiscard]] int bucketAt(double x) const;
    void paintBounds(QPainter* painter) const;

    std::shared_ptr<const HistogramModel> m_model;
    ValueAxis m_counts;
    ValueAxis m_values;
    QRectF m_area;
};

} // namespace Promdeck
