#include "models/dashboard/migration/jsonedit.h"
#include "models/dashboard/migration/migration.h"

#include <array>
#include <cmath>
#include <set>

namespace Promdeck::Migration {

using namespace Qt::StringLiterals;

namespace {

constexpr int kColumns = 24;
constexpr double kDefaultRowHeightPx = 250;
constexpr double kMinPanelHeightPx = 90;
constexpr double kGridUnitPx = 38; // 30 px row and 8 px gap
constexpr double kMaxGridHeight = 1000; // far beyond any screen; keeps hostile files computable

/// Pixels ("250px", 250) to grid rows; nothing when it is no number.
std::optional<int> gridHeight(const Json& height)
{
    double px = 0;
    if (height.isString()) {
        static const auto isTail = [](QChar c) { return !c.isDigit() && c != u'.'; };
        const QString text = height.toString().trimmed();
        const auto end = std::find_if(text.begin(), text.end(), isTail);
        bool ok = false;
        px = std::floor(QStringView(text.begin(), end).toDouble(&ok));
        if (!ok)
            return std::nullopt;
    } else if (height.isNumber()) {
        px = height.toDouble();
    } else {
        return std::nullopt;
    }
    return int(std::min(kMaxGridHeight, std::ceil(std::max(px, kMinPanelHeightPx) / kGridUnitPx)));
}

/// Fills one old row from left to right, wrapping into further lines of the row's height.
class RowArea
{
public:
    RowArea(int height, int y) : m_height(height), m_y(y) {}
    [[nodiscard]] int y() const { return m_y; }

    /// Place of the next panel.
    std::pair<int, int> place(int width, int height)
    {
        std::optional<int> start = freeStart(width);
        if (!start) {
            m_y += m_height;
            m_filled.fill(0);
            start = 0;
        }
        const int top = *std::max_element(m_filled.begin() + *start, m_filled.end());
        for (int column = *start; column < *start + width; ++column)
            m_filled[size_t(column)] = std::max(m_filled[size_t(column)], top + height);
        return {*start, m_y + top};
    }

private:
    /// The free columns at the right end whose filling falls toward the right, when they are wide enough.
    [[nodiscard]] std::optional<int> freeStart(int width) const
    {
        int start = kColumns;
        for (int i = kColumns - 1; i >= 0; --i) {
            const int filled = m_filled[size_t(i)];
            if (filled >= m_height || (i < kColumns - 1 && filled > m_filled[size_t(i) + 1]))
                break;
            start = i;
        }
        return kColumns - start >= std::max(width, 2) ? std::optional(start) : std::nullopt;
    }

    int m_height;
    int m_y;
    std::array<int, kColumns> m_filled {};
};

Json gridPos(int x, int y, int w, int h)
{
    return Json::object({{u"x"_s, x}, {u"y"_s, y}, {u"w"_s, w}, {u"h"_s, h}});
}

qint64 maxPanelId(const Json& dashboard)
{
    qint64 found = 0;
    const auto visit = [&found](const Json& panels) {
        for (const Json& panel : panels.items()) {
            if (panel[u"id"].isNumber() && panel[u"id"].toInt() < 2'000'000'000)
                found = std::max(found, panel[u"id"].toInt());
        }
    };
    visit(dashboard[u"panels"]);
    for (const Json& panel : dashboard[u"panels"].items())
        visit(panel[u"panels"]);
    for (const Json& row : dashboard[u"rows"].items())
        visit(row[u"panels"]);
    return found;
}

Json rowPanel(const Json& row, qint64 id, int y)
{
    Json panel = Json::object({{u"id"_s, id},
                               {u"type"_s, u"row"_s},
                               {u"title"_s, row[u"title"].scalarText()},
                               {u"collapsed"_s, truthy(row[u"collapse"])},
                               {u"gridPos"_s, gridPos(0, y, kColumns, 1)},
                               {u"panels"_s, Json::array()}});
    if (truthy(row[u"repeat"]))
        panel.set(u"repeat"_s, row[u"repeat"]);
    return panel;
}

/// One old row; returns the y below it.
int placeRow(const Json& row, int y, std::optional<qint64> headerId, Json& panels)
{
    const int height = gridHeight(truthy(row[u"height"]) ? row[u"height"] : Json(kDefaultRowHeightPx)).value_or(7);
    Json header;
    if (headerId)
        header = rowPanel(row, *headerId, y++);
    const bool collapsed = headerId && truthy(row[u"collapse"]);
    RowArea area(height, y);
    Json placed = Json::array();
    for (Json panel : row[u"panels"].items()) {
        if (!panel.isObject())
            continue;
        const double span = number(panel[u"span"]).value_or(0);
        const int width = std::clamp(int(std::floor(std::min(span == 0 ? 4. : span, 12.))) * 2, 1, kColumns);
        const int panelHeight = truthy(panel[u"height"]) ? gridHeight(panel[u"height"]).value_or(height) : height;
        if (truthy(panel[u"minSpan"]))
            panel.set(u"minSpan"_s, numberJson(std::min(24., 2 * number(panel[u"minSpan"]).value_or(12))));
        const auto [x, panelY] = area.place(width, panelHeight);
        panel.set(u"gridPos"_s, gridPos(x, panelY, width, panelHeight));
        panel.remove(u"span");
        placed.append(std::move(panel));
    }
    if (headerId) {
        if (collapsed)
            header.set(u"panels"_s, placed);
        panels.append(header);
    }
    if (collapsed)
        return area.y();
    for (const Json& panel : placed.items())
        panels.append(panel);
    return area.y() + height;
}

/// Copies that old versions saved while repeating; the repeat makes them again.
void removeRepeatedPanels(Json& dashboard)
{
    edit(dashboard, u"panels", [](Json& panels) {
        Json kept = Json::array();
        for (Json panel : panels.items()) {
            if (truthy(panel[u"repeatPanelId"]) || truthy(panel[u"repeatByRow"]))
                continue;
            if (panel[u"panels"].isArray()) {
                Json children = Json::array();
                for (const Json& child : panel[u"panels"].items()) {
                    if (!truthy(child[u"repeatPanelId"]))
                        children.append(child);
                }
                panel.set(u"panels"_s, children);
            }
            kept.append(std::move(panel));
        }
        if (panels.isArray())
            panels = std::move(kept);
    });
}

} // namespace

void rowsToGrid(Json& dashboard)
{
    const Json rows = dashboard[u"rows"];
    if (!rows.isArray())
        return;
    Json panels = dashboard[u"panels"].isArray() ? dashboard[u"panels"] : Json::array();
    const bool showRows = std::any_of(rows.items().begin(), rows.items().end(), [](const Json& row) {
        return truthy(row[u"collapse"]) || truthy(row[u"showTitle"]) || truthy(row[u"repeat"]);
    });
    qint64 nextId = maxPanelId(dashboard) + 1;
    int y = 0;
    for (const Json& row : rows.items()) {
        if (!row.isObject() || truthy(row[u"repeatIteration"]))
            continue;
        y = placeRow(row, y, showRows ? std::optional(nextId++) : std::nullopt, panels);
    }
    dashboard.rename(u"rows", u"panels"_s);
    dashboard.set(u"panels"_s, std::move(panels));
}

void ensurePanelIds(Json& dashboard)
{
    qint64 next = maxPanelId(dashboard) + 1;
    std::set<qint64> used;
    const auto give = [&](Json& panel) {
        const Json& id = panel[u"id"];
        const bool valid = id.isNumber() && id.toInt() > 0 && id.toInt() < 2'000'000'000 && id.toDouble() == double(id.toInt());
        if (panel.isObject() && (!valid || !used.insert(id.toInt()).second))
            panel.set(u"id"_s, next++);
    };
    // Top level first: a panel outside a row keeps its id when one inside has the same.
    editEach(dashboard, u"panels", give);
    editEach(dashboard, u"panels", [&](Json& panel) { editEach(panel, u"panels", give); });
}

std::vector<DashboardStep> layoutSteps()
{
    return {{16, rowsToGrid}, {27, removeRepeatedPanels}};
}

} // namespace Promdeck::Migration
