#pragma once

#include "models/panel/piechartmodel.h"
#include "widgets/panels/chartbody.h"

#include <memory>

class QGraphicsScene;
class QChart;
class QPieSeries;

namespace Promdeck {

/// Pie chart panel. Qt Charts makes the slices; the words on them are placed here, where they fit.
class PieChartBody final : public ChartBody
{
    Q_OBJECT
public:
    explicit PieChartBody(QWidget* parent);
    ~PieChartBody() override;
    void setInput(const PanelInput& input) override;
    [[nodiscard]] bool isEmpty() const override { return !m_model || m_model->slices.empty(); }
    [[nodiscard]] QString emptyText() const override { return m_model ? m_model->noValueText : QString(); }
    [[nodiscard]] QString plainText() const override;
    [[nodiscard]] const PieChartModel* model() const { return m_model.get(); }
    /// A place inside a slice, for tests and the keyboard; nothing when it is not drawn.
    [[nodiscard]] std::optional<QPointF> sliceCenter(int slice) const;

    void layoutChart(const QSizeF& size) override;
    void paintChart(QPainter* painter) override;
    [[nodiscard]] std::optional<ChartHit> hitAt(QPointF position) const override;
    [[nodiscard]] std::optional<QPointF> neighbour(std::optional<QPointF> from, int dx, int dy) const override;

private:
    struct Drawn
    {
        int slice = 0;
        double start = 0; ///< degrees clockwise from the top
        double span = 0;
        double share = 0; ///< of what is visible
    };
    void paintLabels(QPainter* painter) const;
    [[nodiscard]] QPainterPath sliceShape(const Drawn& drawn) const;
    [[nodiscard]] QPointF at(double degrees, double radius) const;
    [[nodiscard]] const Drawn* drawnAt(QPointF position) const;
    [[nodiscard]] QString shownShare(const Drawn& drawn) const;

    std::shared_ptr<const PieChartModel> m_model;
    std::unique_ptr<QGraphicsScene> m_scene;
    QChart* m_chart;     ///< owned by the scene
    QPieSeries* m_pie;   ///< owned by the chart
    std::vector<Drawn> m_drawn;
    QPointF m_center;
    double m_radius = 0;
};

} // namespace Promdeck
