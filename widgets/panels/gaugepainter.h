#pragma once

#include "models/panel/panelmodels.h"
#include "widgets/common/theme.h"

#include <QPainter>

namespace Promdeck {

struct GaugeOptions
{
    bool thresholdMarkers = true;
    bool thresholdLabels = false;
    bool acrossAuto = true; ///< orientation auto: along the longer side
    Qt::Orientation items = Qt::Horizontal;
    double titlePx = 0;
    double valuePx = 0;
    double minItem = 75;
};
[[nodiscard]] GaugeOptions gaugeOptions(const PanelSpec& panel);
[[nodiscard]] std::vector<QRectF> gaugeRects(const QRectF& area, int count, const GaugeOptions& options);
void paintGauge(QPainter* painter, const QRectF& area, const SingleValueModel& model, const GaugeOptions& options,
                const ThemeColors& theme, ThemeKind kind);

struct BarGaugeOptions
{
    enum class Mode { Basic, Gradient, Lcd };
    enum class Names { Auto, Top, Left, Hidden };
    enum class Values { Color, Text, Hidden };
    Mode mode = Mode::Gradient;
    Names names = Names::Auto;
    Values values = Values::Color;
    std::optional<Qt::Orientation> bars; ///< nothing: across the shorter side
    bool unfilled = true;
    double titlePx = 0;
    double valuePx = 0;
    double minWidth = 8;
    double minHeight = 16;
    double maxHeight = 300;
    bool manualSizing = false;
};
[[nodiscard]] BarGaugeOptions barGaugeOptions(const PanelSpec& panel);
/// Height in px all bars need; more than the panel has means scrolling.
[[nodiscard]] double barGaugeHeight(const QSizeF& area, int count, const BarGaugeOptions& options);
[[nodiscard]] std::vector<QRectF> barGaugeRects(const QRectF& area, int count, const BarGaugeOptions& options);
void paintBarGauge(QPainter* painter, const QRectF& area, const SingleValueModel& model, const BarGaugeOptions& options,
                   const ThemeColors& theme, ThemeKind kind);
/// One horizontal bar without texts, for table cells too.
void paintBar(QPainter* painter, const QRectF& bar, const SingleValue& value, BarGaugeOptions::Mode mode, bool unfilled,
              Qt::Orientation orientation, const ThemeColors& theme, ThemeKind kind);

/// Thresholds as (fraction 0..1 of min..max, colour), base step first at 0, those beyond the range clipped.
[[nodiscard]] std::vector<std::pair<double, QColor>> thresholdStops(const SingleValue& value, ThemeKind kind);

} // namespace Promdeck
