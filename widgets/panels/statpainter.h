#pragma once

#include "models/panel/panelmodels.h"
#include "widgets/common/theme.h"

#include <QPainter>

namespace Promdeck {

/// Options of a stat panel, with Grafana's defaults.
struct StatOptions
{
    enum class Color { Value, Background, BackgroundSolid, None };
    enum class Text { Auto, Value, ValueAndName, Name, None };
    enum class Layout { Auto, Horizontal, Vertical };
    Color color = Color::Value;
    Text text = Text::Auto;
    Layout layout = Layout::Auto;
    bool graph = true;
    bool center = false;
    bool wide = true;
    double titlePx = 0; ///< fixed sizes; 0 = automatic
    double valuePx = 0;
    QString percentColor; ///< standard, inverted, same_as_value
};
[[nodiscard]] StatOptions statOptions(const PanelSpec& panel);

/// Paints the values of a stat panel into a rectangle: one big value, or a grid of them with one font size.
void paintStat(QPainter* painter, const QRectF& area, const SingleValueModel& model, const StatOptions& options,
               const ThemeColors& theme, bool dark);
/// The rectangles paintStat uses, one per value, for hit tests and tooltips.
[[nodiscard]] std::vector<QRectF> statRects(const QRectF& area, int count, const StatOptions& options);

} // namespace Promdeck
