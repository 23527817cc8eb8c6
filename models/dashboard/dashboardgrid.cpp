#include "models/dashboard/dashboardgrid.h"

#include <QHash>

#include <algorithm>
#include <cmath>

namespace Promdeck {

using namespace Qt::StringLiterals;

namespace {

constexpr double kTouch = 1e-9; // touching is no overlap

bool overlap(const GridPos& a, const GridPos& b)
{
    return a.x < b.x + b.w - kTouch && b.x < a.x + a.w - kTouch && a.y < b.y + b.h - kTouch && b.y < a.y + a.h - kTouch;
}

bool byPlace(const GridBlock& a, const GridBlock& b)
{
    return a.pos.y != b.pos.y ? a.pos.y < b.pos.y : a.pos.x < b.pos.x;
}

GridPos insideGrid(GridPos pos)
{
    pos.w = std::clamp(pos.w, 1., double(kGridColumns));
    pos.h = std::max(pos.h, 1.);
    pos.x = std::clamp(pos.x, 0., kGridColumns - pos.w);
    pos.y = std::max(pos.y, 0.);
    return pos;
}

/// Settles a section; `held` (or -1) keeps its place while others make way.
void settle(GridSection& section, int held = -1)
{
    std::vector<GridPos> places;
    places.reserve(section.blocks.size());
    for (const GridBlock& block : section.blocks)
        places.push_back(block.pos);
    compactGrid(places, held);
    for (size_t i = 0; i < places.size(); ++i)
        section.blocks[i].pos = places[i];
    std::ranges::stable_sort(section.blocks, byPlace);
}

/// Blocks that the held one hits go above it where there is room.
void swapUpward(GridSection& section, size_t held)
{
    const GridPos moved = section.blocks[held].pos;
    std::vector<size_t> hit;
    for (size_t i = 0; i < section.blocks.size(); ++i) {
        if (i != held && overlap(section.blocks[i].pos, moved))
            hit.push_back(i);
    }
    std::ranges::sort(hit, [&](size_t a, size_t b) { return byPlace(section.blocks[a], section.blocks[b]); });
    for (const size_t index : hit) {
        GridPos above = section.blocks[index].pos;
        above.y = std::max(0., moved.y - above.h);
        const bool free = std::ranges::none_of(section.blocks, [&](const GridBlock& other) {
            return &other != &section.blocks[index] && overlap(other.pos, above);
        });
        if (free)
            section.blocks[index].pos = above;
    }
}

GridBlock take(GridSection& section, int id)
{
    const auto it = std::ranges::find(section.blocks, id, &GridBlock::id);
    GridBlock block = *it;
    section.blocks.erase(it);
    return block;
}

/// The section that a place means; makes one under a closed row when there is none.
int resolveSection(DashboardGrid& grid, const GridPlace& place)
{
    int index = std::clamp(place.section, 0, int(grid.sections.size()) - 1);
    GridSection& section = grid.sections[size_t(index)];
    if (!place.underRow || section.rowId == 0)
        return index;
    section.collapsed = true;
    ++index;
    if (size_t(index) == grid.sections.size() || grid.sections[size_t(index)].rowId != 0)
        grid.sections.insert(grid.sections.begin() + index, GridSection());
    return index;
}

void put(DashboardGrid& grid, GridBlock block, const GridPlace& place)
{
    GridSection& section = grid.sections[size_t(resolveSection(grid, place))];
    block.pos.x = block.wide ? 0 : place.x;
    block.pos.y = place.y;
    block.pos = insideGrid(block.pos);
    section.blocks.push_back(block);
    swapUpward(section, section.blocks.size() - 1);
    settle(section, int(section.blocks.size()) - 1);
}

/// Sections without a row join what is above them, unless that is a closed row; empty ones go.
void joinSections(DashboardGrid& grid)
{
    std::vector<GridSection> joined;
    for (GridSection& section : grid.sections) {
        if (section.rowId == 0 && !joined.empty() && !joined.back().collapsed) {
            GridSection& above = joined.back();
            double bottom = 0;
            for (const GridBlock& block : above.blocks)
                bottom = std::max(bottom, block.pos.y + block.pos.h);
            for (GridBlock& block : section.blocks) {
                block.pos.y += bottom;
                above.blocks.push_back(block);
            }
        } else if (section.rowId != 0 || joined.empty() || !section.blocks.empty()) {
            joined.push_back(std::move(section));
        }
    }
    // The first is the place for what belongs to no row.
    if (joined.empty() || joined.front().rowId != 0)
        joined.insert(joined.begin(), GridSection());
    grid.sections = std::move(joined);
    for (GridSection& section : grid.sections)
        settle(section);
}

/// Collects the sections of a layout, the clones of a panel into one block.
class Collector
{
public:
    Collector() { m_grid.sections.emplace_back(); }

    void add(const PlacedPanel& placed)
    {
        const int source = placed.panel.repeatSourceId != 0 ? placed.panel.repeatSourceId : placed.panel.id;
        if (placed.panel.isRow()) {
            // Only the first of a row's clones is in the file.
            m_inClone = source != placed.panel.id;
            if (m_inClone)
                return;
            m_rowId = source;
            m_top = placed.panel.gridPos.y + 1;
            m_grid.sections.push_back({source, placed.panel.collapsed, {}});
            return;
        }
        if (placed.rowId == 0 && m_rowId != 0) {
            m_inClone = false;
            m_rowId = 0;
            m_top = placed.panel.gridPos.y;
            m_grid.sections.emplace_back();
        }
        if (m_inClone || placed.rowId != m_rowId)
            return;
        GridPos pos = placed.panel.gridPos;
        pos.y -= m_top;
        std::vector<GridBlock>& blocks = m_grid.sections.back().blocks;
        const auto known = std::ranges::find(blocks, source, &GridBlock::id);
        if (known == blocks.end()) {
            blocks.push_back({source, pos, pos, false});
            return;
        }
        const double right = std::max(known->pos.x + known->pos.w, pos.x + pos.w);
        const double bottom = std::max(known->pos.y + known->pos.h, pos.y + pos.h);
        known->pos.x = std::min(known->pos.x, pos.x);
        known->pos.y = std::min(known->pos.y, pos.y);
        known->pos.w = right - known->pos.x;
        known->pos.h = bottom - known->pos.y;
    }

    DashboardGrid take() { return std::move(m_grid); }

private:
    DashboardGrid m_grid;
    int m_rowId = 0;
    double m_top = 0;
    bool m_inClone = false;
};

QHash<int, const PanelSpec*> specsById(const Dashboard& dashboard)
{
    QHash<int, const PanelSpec*> specs;
    for (const PanelSpec& panel : dashboard.panels) {
        specs.insert(panel.id, &panel);
        for (const PanelSpec& child : panel.children)
            specs.insert(child.id, &child);
    }
    return specs;
}

/// One panel or row with its place in the whole dashboard.
struct Absolute
{
    int id = 0;
    int rowId = 0; ///< the closed row it is inside of; 0 = top level
    bool isRow = false;
    bool collapsed = false;
    GridPos pos;
};

std::vector<Absolute> absolutePlaces(const DashboardGrid& grid)
{
    std::vector<Absolute> all;
    double bottom = 0;
    for (const GridSection& section : grid.sections) {
        double top = bottom;
        if (section.rowId != 0) {
            all.push_back({section.rowId, 0, true, section.collapsed, {0, bottom, double(kGridColumns), 1}});
            top += 1;
            bottom += 1;
        }
        for (const GridBlock& block : section.blocks) {
            GridPos pos = block.own;
            pos.y = top + block.pos.y;
            if (!block.wide)
                pos.x = block.pos.x;
            all.push_back({block.id, section.collapsed ? section.rowId : 0, false, false, pos});
            if (!section.collapsed)
                bottom = std::max(bottom, top + block.pos.y + block.pos.h);
        }
    }
    return all;
}

Json gridNumber(double value)
{
    // Sums of fractions carry noise; a millionth of a row is nothing.
    const double rounded = std::round(value * 1e6) / 1e6;
    return rounded == std::floor(rounded) ? Json(qint64(rounded)) : Json(rounded);
}

/// Writes what differs from what the panel says.
void setPlace(Json& panel, const GridPos& pos)
{
    Json place = panel[u"gridPos"];
    const auto differs = [&place](const char16_t* key, double value) {
        return !place[key].isNumber() || std::abs(place[key].toDouble() - value) > 1e-6;
    };
    bool changed = false;
    const std::pair<const char16_t*, double> members[] {{u"h", pos.h}, {u"w", pos.w}, {u"x", pos.x}, {u"y", pos.y}};
    for (const auto& [key, value] : members) {
        if (!differs(key, value))
            continue;
        place.set(QString::fromUtf16(key), gridNumber(value));
        changed = true;
    }
    if (changed)
        panel.set(u"gridPos"_s, place);
}

} // namespace

int DashboardGrid::sectionOf(int panelId) const
{
    for (size_t i = 0; i < sections.size(); ++i) {
        if (std::ranges::find(sections[i].blocks, panelId, &GridBlock::id) != sections[i].blocks.end())
            return int(i);
    }
    return -1;
}

int DashboardGrid::sectionOfRow(int rowId) const
{
    const auto it = std::ranges::find(sections, rowId, &GridSection::rowId);
    return rowId == 0 || it == sections.end() ? -1 : int(it - sections.begin());
}

const GridBlock* DashboardGrid::block(int panelId) const
{
    for (const GridSection& section : sections) {
        const auto it = std::ranges::find(section.blocks, panelId, &GridBlock::id);
        if (it != section.blocks.end())
            return &*it;
    }
    return nullptr;
}

DashboardGrid gridOf(const Dashboard& dashboard, const VariableScope& scope)
{
    Collector collector;
    for (const PlacedPanel& placed : layoutPanels(dashboard, scope, {}, true))
        collector.add(placed);
    DashboardGrid grid = collector.take();
    const QHash<int, const PanelSpec*> specs = specsById(dashboard);
    for (GridSection& section : grid.sections) {
        for (GridBlock& block : section.blocks) {
            const PanelSpec* spec = specs.value(block.id);
            if (!spec)
                continue;
            block.own = spec->gridPos;
            block.wide = !spec->repeat.isEmpty() && spec->repeatDirection != u"v" && block.pos.w == kGridColumns;
        }
    }
    // A layout has an end (a repeat over very many values): what it left out is still there.
    for (const PanelSpec& panel : dashboard.panels) {
        if (!panel.isRow() && grid.sectionOf(panel.id) < 0)
            grid.sections.back().blocks.push_back({panel.id, panel.gridPos, panel.gridPos, false});
        for (const PanelSpec& child : panel.children) {
            const int section = std::max(0, grid.sectionOfRow(panel.id));
            if (grid.sectionOf(child.id) < 0)
                grid.sections[size_t(section)].blocks.push_back({child.id, child.gridPos, child.gridPos, false});
        }
    }
    return grid;
}

DashboardGrid withPanelMoved(DashboardGrid grid, int id, const GridPlace& place)
{
    const int from = grid.sectionOf(id);
    if (from < 0)
        return grid;
    const bool here = place.section == from && !place.underRow;
    GridBlock block = take(grid.sections[size_t(from)], id);
    // What was below stays where it is while the panel looks for its place, and moves up afterwards.
    if (!here)
        settle(grid.sections[size_t(from)]);
    put(grid, block, place);
    return grid;
}

DashboardGrid withPanelResized(DashboardGrid grid, int id, const GridPos& wanted)
{
    const int at = grid.sectionOf(id);
    if (at < 0)
        return grid;
    GridSection& section = grid.sections[size_t(at)];
    const auto it = std::ranges::find(section.blocks, id, &GridBlock::id);
    const GridPos pos = insideGrid(wanted);
    const double lines = it->own.h > 0 ? it->pos.h / it->own.h : 1;
    it->own.h = std::max(1., lines > 0 ? pos.h / lines : pos.h);
    it->pos = {it->wide ? 0 : pos.x, pos.y, it->wide ? double(kGridColumns) : pos.w, it->own.h * lines};
    if (!it->wide)
        it->own.w = pos.w;
    settle(section, int(it - section.blocks.begin()));
    return grid;
}

DashboardGrid withPanelAdded(DashboardGrid grid, int id, const GridPos& own, const GridPlace& place)
{
    if (id == 0 || grid.sectionOf(id) >= 0)
        return grid;
    if (grid.sections.empty())
        grid.sections.emplace_back();
    const GridPos size = insideGrid(own);
    put(grid, {id, size, size, false}, place);
    return grid;
}

DashboardGrid withPanelRemoved(DashboardGrid grid, int id)
{
    const int at = grid.sectionOf(id);
    if (at < 0)
        return grid;
    take(grid.sections[size_t(at)], id);
    settle(grid.sections[size_t(at)]);
    return grid;
}

DashboardGrid withRowMoved(DashboardGrid grid, int rowId, int before)
{
    const int from = grid.sectionOfRow(rowId);
    // Nothing goes before the panels that belong to no row: they would become the row's.
    const int to = std::clamp(before, 1, int(grid.sections.size()));
    if (from < 0 || to == from || to == from + 1)
        return grid;
    GridSection row = std::move(grid.sections[size_t(from)]);
    grid.sections.erase(grid.sections.begin() + from);
    grid.sections.insert(grid.sections.begin() + (to > from ? to - 1 : to), std::move(row));
    joinSections(grid);
    return grid;
}

DashboardGrid withRowCollapsed(DashboardGrid grid, int rowId, bool collapsed)
{
    const int at = grid.sectionOfRow(rowId);
    if (at < 0)
        return grid;
    grid.sections[size_t(at)].collapsed = collapsed;
    joinSections(grid);
    return grid;
}

DashboardGrid withRowRemoved(DashboardGrid grid, int rowId, bool withPanels)
{
    const int at = grid.sectionOfRow(rowId);
    if (at < 0)
        return grid;
    GridSection& section = grid.sections[size_t(at)];
    if (withPanels) {
        grid.sections.erase(grid.sections.begin() + at);
    } else {
        section.rowId = 0;
        section.collapsed = false;
    }
    joinSections(grid);
    return grid;
}

GridPlace placeBeside(const DashboardGrid& grid, int id, const GridPos& size)
{
    const int section = grid.sectionOf(id);
    const GridBlock* block = grid.block(id);
    if (!block)
        return {};
    const GridPos& pos = block->pos;
    GridPos right {pos.x + pos.w, pos.y, size.w, size.h};
    const std::vector<GridBlock>& others = grid.sections[size_t(section)].blocks;
    const bool fits = right.x + right.w <= kGridColumns
        && std::ranges::none_of(others, [&](const GridBlock& other) { return overlap(other.pos, right); });
    if (fits)
        return {section, right.x, right.y, false};
    return {section, pos.x, pos.y + pos.h, false};
}

Dashboard withGrid(const Dashboard& dashboard, const DashboardGrid& grid)
{
    const QHash<int, const PanelSpec*> specs = specsById(dashboard);
    Dashboard moved = dashboard;
    moved.panels.clear();
    for (const Absolute& item : absolutePlaces(grid)) {
        const PanelSpec* spec = specs.value(item.id);
        if (!spec)
            continue;
        PanelSpec panel = *spec;
        panel.gridPos = item.pos;
        if (item.isRow) {
            panel.collapsed = item.collapsed;
            panel.children.clear();
        }
        if (item.rowId != 0)
            moved.panels.back().children.push_back(std::move(panel));
        else
            moved.panels.push_back(std::move(panel));
    }
    return moved;
}

Json documentWithGrid(const Json& migrated, const DashboardGrid& grid)
{
    std::vector<Absolute> places = absolutePlaces(grid);
    QHash<int, const Absolute*> wanted;
    for (const Absolute& item : places)
        wanted.insert(item.id, &item);
    // Panels by the list they belong to (0 = top level), each list in the document's order.
    QHash<int, Json::Array> lists;
    QHash<int, int> rowBefore; // id of a panel that comes out of a row -> the row
    const auto sort = [&](const Json& panel, int rowId) {
        const Absolute* item = wanted.value(int(panel[u"id"].toInt()));
        // What no reader shows (a row inside a row) is not ours to remove.
        if (!panel.isObject() || (rowId != 0 && panel[u"type"].toString() == u"row")) {
            lists[wanted.contains(rowId) ? rowId : 0].push_back(panel);
            return;
        }
        if (!item)
            return;
        Json edited = panel;
        setPlace(edited, item->pos);
        if (item->isRow && edited[u"collapsed"].toBool() != item->collapsed)
            edited.set(u"collapsed"_s, item->collapsed);
        if (rowId != 0 && item->rowId == 0)
            rowBefore.insert(item->id, rowId);
        lists[item->rowId].push_back(std::move(edited));
    };
    for (const Json& panel : migrated[u"panels"].items()) {
        sort(panel, 0);
        for (const Json& child : panel[u"panels"].items())
            sort(child, int(panel[u"id"].toInt()));
    }
    Json::Array top;
    QHash<int, Json::Array> leaving; // what comes out of a row follows it in the list
    for (Json& panel : lists[0]) {
        const int id = int(panel[u"id"].toInt());
        if (rowBefore.contains(id) && wanted.contains(rowBefore[id])) {
            leaving[rowBefore[id]].push_back(std::move(panel));
            continue;
        }
        const Absolute* item = wanted.value(id);
        if (item && item->isRow && (panel[u"panels"].isArray() || lists.contains(id))) {
            const Json inside = Json::array(lists.value(id));
            if (!(panel[u"panels"] == inside))
                panel.set(u"panels"_s, inside);
        }
        top.push_back(std::move(panel));
    }
    Json::Array ordered;
    ordered.reserve(top.size());
    for (Json& panel : top) {
        const int id = int(panel[u"id"].toInt());
        ordered.push_back(std::move(panel));
        for (Json& following : leaving[id])
            ordered.push_back(std::move(following));
    }
    Json document = migrated;
    document.set(u"panels"_s, Json::array(std::move(ordered)));
    return document;
}

} // namespace Promdeck
