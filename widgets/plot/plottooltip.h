#pragma once

#include "widgets/plot/plothover.h"

#include <QWidget>

namespace Promdeck {

/// The value list beside the cursor: a borderless window of its own, so that it may reach beyond its panel
/// and covers nothing that would have to be painted again. There is one, used by whichever plot is hovered.
/// Panels that share their tooltips show theirs inside themselves.
class PlotTooltip final : public QWidget
{
    Q_OBJECT

public:
    /// Shows content near a place on the screen, kept on that screen. The tooltip belongs to owner's window.
    static void showFor(QWidget* owner, const TooltipContent& content, const PlotTheme& theme, QPoint globalCursor);
    /// Hides the tooltip if owner shows it.
    static void hideFor(const QWidget* owner);
    /// A list inside its plot, beside a time that another panel's cursor shows. Each plot has one of its own.
    static void showInside(QWidget* owner, const TooltipContent& content, const PlotTheme& theme, const QRect& area, int x);
    static void hideInside(QWidget* owner);
    /// Lines that fit inside a plot.
    [[nodiscard]] static int rowsInside(const QRect& area);
    /// Lines that fit beside a plot.
    [[nodiscard]] static int maxRows(const QWidget* owner);
    /// The window, if one was ever shown.
    [[nodiscard]] static PlotTooltip* instance();

    [[nodiscard]] const TooltipContent& content() const { return m_content; }

protected:
    void paintEvent(QPaintEvent* event) override;

private:
    PlotTooltip(QWidget* parent, Qt::WindowFlags flags);
    void setContent(const TooltipContent& content, const PlotTheme& theme);

    TooltipContent m_content;
    PlotTheme m_theme;
    const QWidget* m_owner = nullptr;
    double m_valueWidth = 0;
};

} // namespace Promdeck
