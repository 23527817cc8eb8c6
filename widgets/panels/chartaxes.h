#pragma once

#include "models/panel/panelmodels.h"
#include "models/plotmath/preparedplot.h"
#include "models/plotmath/timeticks.h"
#include "models/plotmath/valueticks.h"
#include "widgets/plot/plottheme.h"

#include <QPainter>
#include <QRectF>
#include <QStringList>

namespace Promdeck {

/// A value axis of a chart that stands beside (or below) a plot area.
struct ValueAxis
{
    AxisModel model;
    ValueScale scale;
    ValueTicks ticks;
    QStringList texts;
    bool percent = false;

    /// Chooses ticks for an axis of a length in px. `across`: labels stand side by side, so they need more room.
    static ValueAxis make(const AxisModel& axis, const ValueScale& scale, bool percent, double length, bool across,
                          const PlotTheme& theme, const QString& timeZone);
    /// Room that labels, and the axis' own label, take beside the plot, px; 0 when hidden.
    [[nodiscard]] double width(const PlotTheme& theme) const;
    [[nodiscard]] double height(const PlotTheme& theme) const;
    /// Place of a value in a plot area.
    [[nodiscard]] double yOf(double value, const QRectF& area) const;
    [[nodiscard]] double xOf(double value, const QRectF& area) const;
    /// Grid lines and labels left or right of the area.
    void paintVertical(QPainter* painter, const QRectF& area, bool right, bool grid, const PlotTheme& theme) const;
    /// Grid lines and labels below the area.
    void paintHorizontal(QPainter* painter, const QRectF& area, const PlotTheme& theme) const;
    /// Threshold areas (below the data) or lines (above it).
    void paintThresholds(QPainter* painter, const QRectF& area, bool vertical, bool lines) const;
};

inline constexpr double kTimeAxisHeight = 24;

/// The time axis below a plot area.
struct TimeAxis
{
    TimeRange range;
    TimeTicks ticks;
    QStringList texts;

    static TimeAxis make(const TimeRange& range, double width, const PlotTheme& theme, const QString& timeZone);
    [[nodiscard]] double xOf(qint64 timeMs, const QRectF& area) const;
    [[nodiscard]] qint64 timeAt(double x, const QRectF& area) const;
    void paint(QPainter* painter, const QRectF& area, bool grid, const PlotTheme& theme) const;
};

/// A colour with its fill opacity and gradient over a rectangle; towards `top` it grows stronger.
[[nodiscard]] QBrush fillBrush(const QColor& color, double opacity, GradientMode gradient, const QRectF& area,
                               Qt::Edge top, ThemeKind theme);

} // namespace Promdeck
