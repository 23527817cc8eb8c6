#pragma once

#include "models/panel/panelmodels.h"
#include "widgets/plot/plottheme.h"

#include <QRectF>
#include <QSizeF>

class QPainter;

namespace Promdeck {

/// Places of a legend's entries: shared by the widget and by pictures made without one.
struct LegendLayout
{
    struct Entry
    {
        int series = 0;
        QRectF rect;
        QString text; ///< list mode: name with its calcs
    };
    struct Header
    {
        QString text;
        QRectF rect;
        int column = -1; ///< -1 name, else index into the legend's calcs
    };
    std::vector<Entry> entries;
    static constexpr int MoreColumns = -3; ///< stands for the columns that had no room
    std::vector<Header> headers; ///< tables only
    double nameWidth = 0;
    double contentWidth = 0;
    double contentHeight = 0;
};

/// How a legend looks at the moment.
struct LegendState
{
    std::vector<char> hidden;
    int hovered = -1;   ///< series
    int current = -1;   ///< series with the keyboard focus
    int sortColumn = -2; ///< -2 as the model sorted it, -1 by name, else by calc
    bool sortDescending = false;
    double scroll = 0;
};

/// Series in the order they are listed.
[[nodiscard]] std::vector<int> legendOrder(const TimeSeriesModel& model, const LegendState& state);
[[nodiscard]] LegendLayout layoutLegend(const TimeSeriesModel& model, const LegendState& state, double width,
                                        const PlotTheme& theme);
void paintLegend(QPainter& painter, const QRectF& rect, const TimeSeriesModel& model, const LegendLayout& layout,
                 const LegendState& state, const PlotTheme& theme);

/// Splits a panel's content between plot and legend.
struct PanelSplit
{
    QRectF plot;
    QRectF legend; ///< empty when there is none
};
[[nodiscard]] PanelSplit splitPanel(const TimeSeriesModel& model, QSizeF size, const PlotTheme& theme);

} // namespace Promdeck
