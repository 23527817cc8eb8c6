#include "models/dashboard/layoutengine.h"

#include <algorithm>
#include <cmath>

namespace Promdeck {

using namespace Qt::StringLiterals;

namespace {

/// Clones beyond this are cut off: nobody can look at them, and a label with a million values must not stop
/// the program.
constexpr qsizetype kMaxClones = 1000;
constexpr size_t kMaxPanels = 20000;

using ScopedVars = std::vector<std::pair<QString, QString>>;

/// A row and the panels it owns; the panels before the first row have none.
struct Section
{
    std::optional<PanelSpec> row;
    std::vector<PanelSpec> panels;
};

bool byPlace(const PanelSpec& a, const PanelSpec& b)
{
    return a.gridPos.y != b.gridPos.y ? a.gridPos.y < b.gridPos.y : a.gridPos.x < b.gridPos.x;
}

std::vector<Section> splitIntoSections(const Dashboard& dashboard)
{
    std::vector<PanelSpec> sorted = dashboard.panels;
    std::ranges::stable_sort(sorted, byPlace);
    std::vector<Section> sections(1);
    for (PanelSpec& panel : sorted) {
        if (panel.isRow()) {
            Section section;
            section.panels = std::move(panel.children);
            panel.children.clear();
            std::ranges::stable_sort(section.panels, byPlace);
            section.row = std::move(panel);
            sections.push_back(std::move(section));
        } else if (sections.back().row && sections.back().row->collapsed) {
            // A closed row owns what it holds; what follows it in the file stands alone.
            sections.push_back({});
            sections.back().panels.push_back(std::move(panel));
        } else {
            sections.back().panels.push_back(std::move(panel));
        }
    }
    return sections;
}

/// Values to repeat over; nothing when the panel does not repeat.
std::optional<QStringList> repeatValues(const PanelSpec& panel, const VariableScope& scope, const ScopedVars& outer)
{
    if (panel.repeat.isEmpty())
        return std::nullopt;
    const auto given = std::ranges::find(outer, panel.repeat, &std::pair<QString, QString>::first);
    if (given != outer.end())
        return QStringList {given->second};
    const VariableValue* value = scope.find(panel.repeat);
    if (!value)
        return std::nullopt;
    QStringList values = value->values.mid(0, kMaxClones);
    if (values.isEmpty())
        values.append(QString(u""_s));
    return values;
}

/// Lays out one dashboard; the members are what grows while sections are placed.
class Layout
{
public:
    Layout(const VariableScope& scope, const std::set<QString>& toggled, bool withCollapsed, int firstFreeId)
        : m_scope(scope), m_toggled(toggled), m_withCollapsed(withCollapsed), m_nextId(firstFreeId)
    {
    }

    void place(const Section& section)
    {
        if (!section.row)
            return placeContent(section, {}, nullptr, false);
        const std::optional<QStringList> values = repeatValues(*section.row, m_scope, {});
        if (!values)
            return placeRow(section, {});
        for (const QString& value : *values)
            placeRow(section, {{section.row->repeat, value}});
    }

    std::vector<PlacedPanel> take() { return std::move(m_placed); }

private:
    void placeRow(const Section& section, const ScopedVars& vars)
    {
        PlacedPanel header = placedPanel(*section.row, vars);
        header.panel.gridPos = {0, m_bottom, kGridColumns, 1};
        const bool collapsed = section.row->collapsed != m_toggled.contains(header.key);
        header.panel.collapsed = collapsed;
        m_bottom += 1;
        m_placed.push_back(header);
        if (!collapsed || m_withCollapsed)
            placeContent(section, vars, &header, collapsed);
    }

    /// Panels of a section from m_bottom downward. Repeats settle as one block each, as wide as they are, so
    /// that neighbours make room for all clones.
    void placeContent(const Section& section, const ScopedVars& vars, const PlacedPanel* row, bool collapsed)
    {
        std::vector<std::vector<PlacedPanel>> blocks;
        std::vector<GridPos> places;
        for (const PanelSpec& panel : section.panels) {
            if (m_placed.size() + blocks.size() > kMaxPanels)
                break;
            blocks.push_back(block(panel, vars));
            places.push_back(bounds(panel, blocks.back()));
        }
        pushBelowGrown(section, places);
        compactGrid(places);
        double bottom = m_bottom;
        std::vector<PlacedPanel> placed;
        for (size_t i = 0; i < blocks.size(); ++i) {
            for (PlacedPanel& item : blocks[i]) {
                item.panel.gridPos.x += places[i].x;
                item.panel.gridPos.y += m_bottom + places[i].y;
                bottom = std::max(bottom, item.panel.gridPos.y + item.panel.gridPos.h);
                if (row) {
                    item.rowId = row->panel.id;
                    item.rowTitle = row->panel.title;
                    item.inCollapsedRow = collapsed;
                }
                placed.push_back(std::move(item));
            }
        }
        std::ranges::stable_sort(placed, [](const PlacedPanel& a, const PlacedPanel& b) { return byPlace(a.panel, b.panel); });
        std::ranges::move(placed, std::back_inserter(m_placed));
        if (!collapsed)
            m_bottom = bottom;
    }

    /// Blocks that repeats made taller than their panel push down what started below the panel.
    static void pushBelowGrown(const Section& section, std::vector<GridPos>& places)
    {
        double pushed = 0;
        double pushEnd = 0; // original bottom of the tallest grown panel so far
        for (size_t i = 0; i < places.size(); ++i) {
            const GridPos& original = section.panels[i].gridPos;
            if (pushed > 0 && original.y >= pushEnd)
                places[i].y += pushed;
            if (const double grown = places[i].h - original.h; grown > 0) {
                pushed += grown;
                pushEnd = std::max(pushEnd, original.y + original.h);
            }
        }
    }

    /// The panel, or its clones, relative to their common top left corner.
    std::vector<PlacedPanel> block(const PanelSpec& panel, const ScopedVars& outer)
    {
        std::vector<PlacedPanel> out;
        const std::optional<QStringList> values = repeatValues(panel, m_scope, outer);
        if (!values) {
            out.push_back(placedPanel(panel, outer));
            out.back().panel.gridPos.x = 0;
            out.back().panel.gridPos.y = 0;
            return out;
        }
        const bool vertical = panel.repeatDirection == u"v";
        const int columns = vertical ? 1 : int(std::min(values->size(), qsizetype(panel.maxPerRow)));
        const double width = vertical ? panel.gridPos.w : double(kGridColumns) / columns;
        int index = 0;
        for (const QString& value : *values) {
            ScopedVars vars = outer;
            if (std::ranges::find(vars, panel.repeat, &std::pair<QString, QString>::first) == vars.end())
                vars.emplace_back(panel.repeat, value);
            PlacedPanel clone = placedPanel(panel, vars);
            clone.panel.gridPos = {width * (index % columns), panel.gridPos.h * (index / columns), width, panel.gridPos.h};
            out.push_back(std::move(clone));
            ++index;
        }
        return out;
    }

    static GridPos bounds(const PanelSpec& panel, const std::vector<PlacedPanel>& clones)
    {
        GridPos pos = panel.gridPos;
        if (clones.size() == 1 && clones.front().panel.gridPos.w == pos.w)
            return pos;
        double height = 0;
        for (const PlacedPanel& clone : clones)
            height = std::max(height, clone.panel.gridPos.y + clone.panel.gridPos.h);
        pos.h = height;
        if (panel.repeatDirection != u"v") {
            pos.x = 0;
            pos.w = kGridColumns;
        }
        return pos;
    }

    PlacedPanel placedPanel(const PanelSpec& panel, const ScopedVars& vars)
    {
        PlacedPanel placed {panel, keyOf(panel, vars), 0, {}, false};
        placed.panel.scopedVars = vars;
        placed.panel.repeatSourceId = vars.empty() ? 0 : panel.id;
        if (!m_usedIds.insert(panel.id).second) {
            placed.panel.id = m_nextId++;
            m_usedIds.insert(placed.panel.id);
        }
        return placed;
    }

    QString keyOf(const PanelSpec& panel, const ScopedVars& vars)
    {
        QString key = QString::number(panel.id);
        for (const auto& [name, value] : vars)
            key += u';' + name + u'=' + value;
        // Values may repeat in a hand-written list.
        const QString base = key;
        for (int again = 2; !m_usedKeys.insert(key).second; ++again)
            key = base + u'#' + QString::number(again);
        return key;
    }

    const VariableScope& m_scope;
    const std::set<QString>& m_toggled;
    bool m_withCollapsed;
    int m_nextId;
    double m_bottom = 0;
    std::vector<PlacedPanel> m_placed;
    std::set<int> m_usedIds;
    std::set<QString> m_usedKeys;
};

int firstFreeId(const Dashboard& dashboard)
{
    int highest = 0;
    for (const PanelSpec& panel : dashboard.panels) {
        highest = std::max(highest, panel.id);
        for (const PanelSpec& child : panel.children)
            highest = std::max(highest, child.id);
    }
    return highest + 1;
}

} // namespace

std::vector<PlacedPanel> layoutPanels(const Dashboard& dashboard, const VariableScope& scope,
                                      const std::set<QString>& toggledRows, bool withCollapsed)
{
    Layout layout(scope, toggledRows, withCollapsed, firstFreeId(dashboard));
    for (const Section& section : splitIntoSections(dashboard))
        layout.place(section);
    return layout.take();
}

void addScopedVars(VariableScope& scope, const PanelSpec& panel)
{
    for (const auto& [name, value] : panel.scopedVars) {
        const VariableValue* known = scope.find(name);
        VariableValue scoped = known ? *known : VariableValue();
        const qsizetype index = scoped.values.indexOf(value);
        const QString text = index >= 0 ? scoped.texts.value(index, value) : value;
        scoped.values = {value};
        scoped.texts = {text.isEmpty() ? u"None"_s : text};
        scoped.isAll = false;
        scoped.allValue = QString();
        scope.set(name, scoped);
    }
}

} // namespace Promdeck
