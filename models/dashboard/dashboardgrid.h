#pragma once

#include "models/dashboard/layoutengine.h"

#include <vector>

namespace Promdeck {

/// One panel of the grid, or all clones of one that repeats, which move as one.
struct GridBlock
{
    int id = 0;      ///< of the panel in the file
    GridPos pos;     ///< what it covers, in rows from the top of its section
    GridPos own;     ///< the panel's own place in the file: clones are this large
    bool wide = false; ///< repeats sideways: always over the whole width
    bool operator==(const GridBlock&) const = default;
};

/// A row with its panels, or panels that belong to no row: those before the first row, and those that follow
/// a closed one.
struct GridSection
{
    int rowId = 0; ///< 0: no row
    bool collapsed = false;
    std::vector<GridBlock> blocks; ///< by y, then x
    bool operator==(const GridSection&) const = default;
};

/// Where the panels of a dashboard are, apart from what they show. All functions below are pure and leave
/// every section compacted. They take unknown ids and sections, and give the grid back as it was.
struct DashboardGrid
{
    std::vector<GridSection> sections; ///< from top to bottom; the first has no row, and may be empty
    bool operator==(const DashboardGrid&) const = default;

    [[nodiscard]] int sectionOf(int panelId) const;    ///< index; -1 = there is no such panel
    [[nodiscard]] int sectionOfRow(int rowId) const;   ///< index; -1 = there is no such row
    [[nodiscard]] const GridBlock* block(int panelId) const;
};

/// A place to put a panel.
struct GridPlace
{
    int section = 0;
    double x = 0;
    double y = 0; ///< in rows from the top of the section
    /// Under the section's closed row instead of in it: the panel then belongs to no row.
    bool underRow = false;
    bool operator==(const GridPlace&) const = default;
};

/// The grid as layoutPanels() shows it with all rows open; `scope` says how often panels repeat.
[[nodiscard]] DashboardGrid gridOf(const Dashboard& dashboard, const VariableScope& scope = VariableScope());

/// A panel at another place, in this section or another one. Panels it hits change places with it when there
/// is room above, else they give way downward; then everything moves up. The result depends on the place only,
/// not on the way there. Source: react-grid-layout, vertical compaction.
[[nodiscard]] DashboardGrid withPanelMoved(DashboardGrid grid, int id, const GridPlace& place);
/// A panel of another size; `pos` is in rows from the top of its section. What it hits gives way downward.
[[nodiscard]] DashboardGrid withPanelResized(DashboardGrid grid, int id, const GridPos& pos);
/// A new panel of the size own.w x own.h.
[[nodiscard]] DashboardGrid withPanelAdded(DashboardGrid grid, int id, const GridPos& own, const GridPlace& place);
[[nodiscard]] DashboardGrid withPanelRemoved(DashboardGrid grid, int id);
/// A row with its panels before the section with this index; the number of sections = at the end.
[[nodiscard]] DashboardGrid withRowMoved(DashboardGrid grid, int rowId, int before);
[[nodiscard]] DashboardGrid withRowCollapsed(DashboardGrid grid, int rowId, bool collapsed);
/// Removes a row and leaves its panels to what is above, or removes them too.
[[nodiscard]] DashboardGrid withRowRemoved(DashboardGrid grid, int rowId, bool withPanels);

/// Where a panel of this size fits beside `id` on the same line, else right below it.
[[nodiscard]] GridPlace placeBeside(const DashboardGrid& grid, int id, const GridPos& size);

/// Puts the panels of a dashboard where the grid has them; panels and rows the grid does not have are left out.
/// For a look at what a change would give.
[[nodiscard]] Dashboard withGrid(const Dashboard& dashboard, const DashboardGrid& grid);
/// The same in a migrated document. What does not move stays as it was, and so does the order of the list: a
/// moved panel is a change of its gridPos alone, unless it goes into a closed row or comes out of one.
[[nodiscard]] Json documentWithGrid(const Json& migrated, const DashboardGrid& grid);

} // namespace Promdeck
