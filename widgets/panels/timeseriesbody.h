#pragma once

#include "widgets/panels/panelbody.h"

namespace Promdeck {

class TimeSeriesView;
struct HoverSample;

/// Time series panel: the plot with its legend.
class TimeSeriesBody final : public PanelBody
{
    Q_OBJECT
public:
    explicit TimeSeriesBody(QWidget* parent);
    void setInput(const PanelInput& input) override;
    [[nodiscard]] bool isEmpty() const override { return m_empty; }
    [[nodiscard]] QString plainText() const override;
    void setSharedTime(std::optional<qint64> time, bool withTooltip) override;
    void setPinnedTime(std::optional<qint64> time) override;
    [[nodiscard]] std::optional<TimeRange> markedTime() const override;
    [[nodiscard]] TimeSeriesView* view() const { return m_view; }

protected:
    void resizeEvent(QResizeEvent* event) override;
    [[nodiscard]] bool isRendering() const override { return m_rendering; }

private:
    void openLinks(const HoverSample& sample, const QPoint& globalPosition);

    PanelInput m_input; ///< of the model that is shown
    TimeSeriesView* m_view;
    bool m_empty = true;
    bool m_rendering = false;
};

} // namespace Promdeck
