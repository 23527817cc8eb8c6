#pragma once

#include "models/dashboard/dashboard.h"
#include "models/dashboard/interpolation.h"

#include <set>

namespace Promdeck {

inline constexpr int kGridColumns = 24;
inline constexpr int kGridRowPx = 30;
inline constexpr int kGridGapPx = 8;
inline constexpr int kSingleColumnBelowPx = 768;

/// Integer pixel rectangle.
struct PixelRect
{
    int x = 0;
    int y = 0;
    int width = 0;
    int height = 0;
    bool operator==(const PixelRect&) const = default;
};

/// Pixel rectangle of a grid position in a grid `gridWidth` px wide; below 768 px every item is full width.
/// Neighbours have exactly one gap between them at any width.
[[nodiscard]] PixelRect gridRect(const GridPos& pos, int gridWidth);

/// Rectangles of many items at once: as gridRect, and below 768 px stacked in reading order.
[[nodiscard]] std::vector<PixelRect> gridRects(std::vector<GridPos> items, int gridWidth);

/// One panel as laid out: clones of repeats included, rows too, sorted by y then x, compacted upward without
/// overlaps.
struct PlacedPanel
{
    PanelSpec panel;       ///< clone with its own scopedVars, and an id unique in the layout
    QString key;           ///< stable across refreshes: id plus the repeat values
    int rowId = 0;         ///< id of the owning row panel; 0 = none
    QString rowTitle;      ///< unexpanded
    bool inCollapsedRow = false;
};

/// Expands repeats with the current variable values and compacts the grid. A repeat over a variable without
/// values gives one clone with an empty value; a repeat over an unknown variable is no repeat.
/// toggledRows holds keys of rows that the user opened or closed against what the file says. Panels of closed
/// rows are left out, or, withCollapsed, follow their row (inCollapsedRow set) where they would be if it were open.
/// Source: Grafana's scene grid (grid items, row and panel repeaters).
[[nodiscard]] std::vector<PlacedPanel> layoutPanels(const Dashboard& dashboard, const VariableScope& scope,
                                                    const std::set<QString>& toggledRows = {},
                                                    bool withCollapsed = false);

/// Adds the values that a repeat gave a clone to a scope whose parent knows the dashboard's variables: the
/// variable keeps its kind (escaping), and holds this one value.
void addScopedVars(VariableScope& scope, const PanelSpec& panel);

/// Compacts upward and pushes overlaps down, in place, as Grafana's grid does. `movedIndex` (or -1) keeps
/// its place while others move.
void compactGrid(std::vector<GridPos>& items, int movedIndex = -1);

} // namespace Promdeck
