#pragma once

#include "models/panel/barchartmodel.h"
#include "widgets/panels/chartaxes.h"
#include "widgets/panels/chartbody.h"

namespace Promdeck {

/// Bar chart panel. Painted here and not with Qt Charts: its bar series know one colour per series, category
/// axes only in full labels, and neither values on bars nor rounded ends, which is most of what sets
/// dashboards' bar charts apart.
class BarChartBody final : public ChartBody
{
    Q_OBJECT
public:
    explicit BarChartBody(QWidget* parent) : ChartBody(parent) {}
    void setInput(const PanelInput& input) override;
    [[nodiscard]] bool isEmpty() const override { return !m_model || m_model->series.empty(); }
    [[nodiscard]] QString emptyText() const override;
    [[nodiscard]] QString plainText() const override;
    [[nodiscard]] const BarChartModel* model() const { return m_model.get(); }
    /// Place of a bar on the canvas; null when it is not drawn.
    [[nodiscard]] QRectF barRect(int series, int category) const;
    [[nodiscard]] bool isHorizontal() const { return m_horizontal; }

    void layoutChart(const QSizeF& size) override;
    void paintChart(QPainter* painter) override;
    [[nodiscard]] std::optional<ChartHit> hitAt(QPointF position) const override;
    [[nodiscard]] std::optional<QPointF> neighbour(std::optional<QPointF> from, int dx, int dy) const override;

private:
    struct Bar
    {
        QRectF rect;
        int series = 0;
        int category = 0;
        bool negative = false;
    };
    void makeAxes();
    void placeArea(const QSizeF& size);
    void placeBars();
    void makeLabels();
    void paintBars(QPainter* painter) const;
    void paintValues(QPainter* painter) const;
    void paintLabels(QPainter* painter) const;
    [[nodiscard]] QRectF slot(size_t category) const;
    [[nodiscard]] const Bar* barAt(QPointF position) const;
    [[nodiscard]] ChartHit hitOf(const Bar& bar) const;

    std::shared_ptr<const BarChartModel> m_model;
    std::vector<std::vector<BarSpan>> m_spans;
    std::vector<ValueAxis> m_axes; ///< one per axis of the model
    std::vector<ValueScale> m_scales;
    std::vector<char> m_axisUsed;
    std::vector<Bar> m_bars;
    QRectF m_area;
    bool m_horizontal = false;
    QStringList m_labels;      ///< one per category, shortened
    std::vector<int> m_shown;  ///< categories whose label is drawn
    double m_labelExtent = 0;  ///< room that labels take across their axis, px
};

} // namespace Promdeck
