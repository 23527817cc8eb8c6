#pragma once

#include "widgets/plot/plothover.h"

#include <QWidget>

namespace Promdeck {

/// The value list beside the cursor: a borderless window of its own, so that it may reach beyond its panel
/// and covers nothing that would have to be painted again. There is one, used by whichever plot is hovered.
class PlotTooltip final : public QWidget
{
    Q_OBJECT

public:
    /// Shows content near a place on the screen, kept on that screen. The tooltip belongs to owner's window.
    static void showFor(QWidget* owner, const TooltipContent& content, const PlotTheme& theme, QPoint globalCursor);
    /// Hides the tooltip if owner shows it.
    static void hideFor(const QWidget* owner);
    /// Lines that fit beside a plot.
    [[nodiscard]] static int maxRows(const QWidget* owner);
    /// The window, if one was ever shown.
    [[nodiscard]] static PlotTooltip* instance();

    [[nodiscard]] const TooltipContent& content() const { return m_content; }

protected:
    void paintEvent(QPaintEvent* event) override;

private:
    explicit PlotTooltip(QWidget* parent);
    void setContent(const TooltipContent& content, const PlotTheme& theme);

    TooltipContent m_content;
    PlotTheme m_theme;
    const QWidget* m_owner = nullptr;
    double m_valueWidth = 0;
};

} // namespace Promdeck
