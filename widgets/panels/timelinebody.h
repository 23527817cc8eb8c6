#pragma once

#include "models/panel/timelinemodel.h"
#include "widgets/panels/chartaxes.h"
#include "widgets/panels/chartbody.h"

namespace Promdeck {

/// State timeline and status history: a row of coloured boxes per field over time. Rows that do not fit are
/// reached with the wheel and Page keys.
class TimelineBody final : public ChartBody
{
    Q_OBJECT
public:
    explicit TimelineBody(QWidget* parent) : ChartBody(parent) {}
    void setInput(const PanelInput& input) override;
    [[nodiscard]] bool isEmpty() const override { return !m_model || m_model->rows.empty(); }
    [[nodiscard]] QString emptyText() const override;
    [[nodiscard]] QString plainText() const override;
    [[nodiscard]] const TimelineModel* model() const { return m_model.get(); }
    /// Place of a box on the canvas; null when it is out of sight.
    [[nodiscard]] QRectF boxRect(int row, int box) const;
    [[nodiscard]] int firstRow() const { return m_firstRow; }
    [[nodiscard]] int shownRows() const { return m_shownRows; }

    void layoutChart(const QSizeF& size) override;
    void paintChart(QPainter* painter) override;
    [[nodiscard]] std::optional<ChartHit> hitAt(QPointF position) const override;
    [[nodiscard]] std::optional<QPointF> neighbour(std::optional<QPointF> from, int dx, int dy) const override;
    [[nodiscard]] std::optional<QRectF> timeArea() const override { return m_area; }
    bool scrollBy(int rows) override;

private:
    [[nodiscard]] QRectF rowRect(int row) const;
    [[nodiscard]] int rowAt(double y) const;
    [[nodiscard]] int boxAt(int row, double x) const;
    void paintRow(QPainter* painter, int row) const;
    void paintScrollMark(QPainter* painter) const;

    std::shared_ptr<const TimelineModel> m_model;
    TimeAxis m_time;
    QRectF m_area;
    double m_nameWidth = 0;
    int m_firstRow = 0;
    int m_shownRows = 0;
};

} // namespace Promdeck
