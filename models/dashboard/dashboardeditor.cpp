#include "models/dashboard/dashboardeditor.h"

#include "models/dashboard/migration/migration.h"

#include <algorithm>
#include <utility>

namespace Promdeck {

using namespace Qt::StringLiterals;

namespace {

constexpr double kNewPanelWidth = 12;
constexpr double kNewPanelHeight = 8;

/// Calls f(panel) for the panel with this id until it is found; f gets a copy to change. Returns the document with
/// the change; the rest is shared.
template <typename F>
Json withPanel(const Json& document, int id, F&& f)
{
    Json edited = document;
    Json panels = document[u"panels"];
    for (qsizetype i = 0; i < panels.size(); ++i) {
        Json panel = panels.at(i);
        if (panel[u"id"].toInt() == id) {
            f(panel);
            panels.setAt(i, panel);
            edited.set(u"panels"_s, panels);
            return edited;
        }
        Json children = panel[u"panels"];
        for (qsizetype c = 0; c < children.size(); ++c) {
            Json child = children.at(c);
            if (child[u"id"].toInt() != id)
                continue;
            f(child);
            children.setAt(c, child);
            panel.set(u"panels"_s, children);
            panels.setAt(i, panel);
            edited.set(u"panels"_s, panels);
            return edited;
        }
    }
    return document;
}

Json withNewPanel(const Json& document, const Json& panel)
{
    Json edited = document;
    Json panels = document[u"panels"];
    panels.append(panel);
    edited.set(u"panels"_s, panels);
    return edited;
}

/// What a file with this panel reads back as.
Json normalised(Json panel)
{
    Migration::convertPanel(panel);
    return panel;
}

GridPos sizeOf(const Json& panel)
{
    const Json& place = panel[u"gridPos"];
    return {0, 0, std::clamp(place[u"w"].toDouble(kNewPanelWidth), 1., double(kGridColumns)),
            std::clamp(place[u"h"].toDouble(kNewPanelHeight), 1., 100.)};
}

/// Sets or removes a member at a dotted path.
void setMember(Json& document, QStringView path, const Json& value)
{
    if (!value.isNull()) {
        document.setPath(path, value);
        return;
    }
    const qsizetype dot = path.lastIndexOf(u'.');
    if (dot < 0) {
        document.remove(path);
        return;
    }
    Json parent = document.path(path.left(dot));
    if (parent.remove(path.mid(dot + 1)))
        document.setPath(path.left(dot), parent);
}

} // namespace

DashboardEditor::DashboardEditor(Dashboard dashboard, QObject* parent, const Clock& clock)
    : QObject(parent), m_opened(dashboard), m_dashboard(std::move(dashboard)), m_clock(clock)
{
    m_states.push_back({m_dashboard.migrated, {}, {}, {}});
}

const PanelSpec* DashboardEditor::panelSpec(int id) const
{
    for (const PanelSpec& panel : m_dashboard.panels) {
        if (panel.id == id)
            return &panel;
        for (const PanelSpec& child : panel.children) {
            if (child.id == id)
                return &child;
        }
    }
    return nullptr;
}

Json DashboardEditor::panelJson(int id) const
{
    const PanelSpec* spec = panelSpec(id);
    return spec ? spec->raw : Json();
}

QString DashboardEditor::titleOf(int id) const
{
    const PanelSpec* spec = panelSpec(id);
    return spec ? spec->title : QString();
}

int DashboardEditor::freeId() const
{
    int highest = 0;
    for (const PanelSpec& panel : m_dashboard.panels) {
        highest = std::max(highest, panel.id);
        for (const PanelSpec& child : panel.children)
            highest = std::max(highest, child.id);
    }
    return highest + 1;
}

EditStep DashboardEditor::undoStep() const
{
    return canUndo() ? m_states[m_at].step : EditStep();
}

EditStep DashboardEditor::redoStep() const
{
    return canRedo() ? m_states[m_at + 1].step : EditStep();
}

void DashboardEditor::go(size_t index)
{
    m_at = index;
    m_dashboard = withMigrated(m_opened, m_states[m_at].document);
    Q_EMIT changed();
    Q_EMIT historyChanged();
}

void DashboardEditor::undo()
{
    endMerge();
    if (!canUndo())
        return;
    if (const std::function<void()> outside = m_states[m_at].undo) {
        --m_at;
        outside();
        Q_EMIT historyChanged();
        return;
    }
    go(m_at - 1);
}

void DashboardEditor::redo()
{
    endMerge();
    if (!canRedo())
        return;
    if (const std::function<void()> outside = m_states[m_at + 1].redo) {
        ++m_at;
        outside();
        Q_EMIT historyChanged();
        return;
    }
    go(m_at + 1);
}

bool DashboardEditor::isClean() const
{
    if (m_clean < 0)
        return false;
    // Steps outside of the dashboard make no difference to it.
    const auto [first, last] = std::minmax(size_t(m_clean), m_at);
    return std::all_of(m_states.begin() + qsizetype(first) + 1, m_states.begin() + qsizetype(last) + 1,
                       [](const State& state) { return bool(state.undo); });
}

void DashboardEditor::addOutsideStep(const EditStep& step, std::function<void()> undo, std::function<void()> redo)
{
    endMerge();
    push({m_states[m_at].document, step, std::move(undo), std::move(redo)});
    Q_EMIT historyChanged();
}

/// What could be redone is gone.
void DashboardEditor::push(State state)
{
    m_states.resize(m_at + 1);
    if (m_clean > qsizetype(m_at))
        m_clean = -1;
    m_states.push_back(std::move(state));
    if (m_states.size() > size_t(kMaxSteps) + 1) {
        m_states.erase(m_states.begin());
        m_clean = m_clean >= 0 ? m_clean - 1 : -1;
    }
    m_at = m_states.size() - 1;
}

void DashboardEditor::setClean()
{
    setSaved(m_states[m_at].document);
}

void DashboardEditor::setSaved(const Json& savedMigrated)
{
    endMerge();
    m_clean = -1;
    // From the newest: the same value may have been there before.
    for (size_t i = m_states.size(); i-- > 0 && m_clean < 0;) {
        if (m_states[i].document == savedMigrated)
            m_clean = qsizetype(i);
    }
    if (m_states[m_at].document == savedMigrated)
        m_clean = qsizetype(m_at);
    Q_EMIT historyChanged();
}

void DashboardEditor::setUnclean()
{
    m_clean = -1;
    Q_EMIT historyChanged();
}

bool DashboardEditor::changeDocument(const Json& migrated, const EditStep& step, const QString& mergeKey)
{
    if (!migrated.isObject() || migrated == m_states[m_at].document)
        return false;
    const qint64 nowMs = m_clock.nowMs();
    const bool merges = !mergeKey.isEmpty() && mergeKey == m_mergeKey && m_at > 0 && !canRedo() && !isClean()
        && nowMs - m_mergedMs < kMergePauseMs && nowMs >= m_mergedMs
        && m_states[m_at].step.kind == step.kind; // the subject may be what is typed
    m_mergeKey = mergeKey;
    m_mergedMs = nowMs;
    if (merges) {
        m_states[m_at].document = migrated;
        go(m_at);
        return true;
    }
    push({migrated, step, {}, {}});
    go(m_at);
    return true;
}

DashboardGrid DashboardEditor::grid() const
{
    return m_gridSource ? m_gridSource() : gridOf(m_dashboard);
}

bool DashboardEditor::changeGrid(const DashboardGrid& grid, const EditStep& step, const QString& mergeKey)
{
    return changeDocument(documentWithGrid(m_dashboard.migrated, grid), step, mergeKey);
}

bool DashboardEditor::movePanel(int id, const GridPlace& place, const QString& mergeKey)
{
    return changeGrid(withPanelMoved(grid(), id, place), {Kind::MovePanel, titleOf(id)}, mergeKey);
}

bool DashboardEditor::resizePanel(int id, const GridPos& pos, const QString& mergeKey)
{
    return changeGrid(withPanelResized(grid(), id, pos), {Kind::ResizePanel, titleOf(id)}, mergeKey);
}

int DashboardEditor::addPanel(const Json& panel, const std::optional<GridPlace>& place)
{
    if (!panel.isObject() || panel[u"type"].toString() == u"row")
        return 0;
    const int id = freeId();
    Json added = normalised(panel);
    added.set(u"id"_s, id);
    const DashboardGrid arranged = withPanelAdded(grid(), id, sizeOf(panel), place.value_or(GridPlace()));
    const Json document = documentWithGrid(withNewPanel(m_dashboard.migrated, added), arranged);
    return changeDocument(document, {Kind::AddPanel, panel[u"title"].scalarText()}) ? id : 0;
}

bool DashboardEditor::changePanel(int id, const Json& panel, const QString& mergeKey)
{
    const PanelSpec* spec = panelSpec(id);
    if (!spec || !panel.isObject())
        return false;
    const bool isRow = spec->isRow();
    if (isRow != (panel[u"type"].toString() == u"row"))
        return false;
    const EditStep step {isRow ? Kind::ChangeRow : Kind::ChangePanel, spec->title};
    const Json document = withPanel(m_dashboard.migrated, id, [&panel, isRow](Json& current) {
        Json edited = isRow ? panel : normalised(panel);
        for (const QString& key : {u"id"_s, u"gridPos"_s, u"panels"_s}) {
            if (current.contains(key))
                edited.set(key, current[key]);
            else
                edited.remove(key);
        }
        if (isRow)
            edited.set(u"collapsed"_s, current[u"collapsed"].toBool());
        current = edited;
    });
    return changeDocument(document, step, mergeKey);
}

bool DashboardEditor::removePanel(int id)
{
    return panelSpec(id) && !panelSpec(id)->isRow()
        && changeGrid(withPanelRemoved(grid(), id), {Kind::RemovePanel, titleOf(id)});
}

int DashboardEditor::duplicatePanel(int id)
{
    const PanelSpec* spec = panelSpec(id);
    if (!spec || spec->isRow())
        return 0;
    Json copy = spec->raw;
    const int copyId = freeId();
    copy.set(u"id"_s, copyId);
    const DashboardGrid before = grid();
    const GridPlace place = placeBeside(before, id, spec->gridPos);
    const DashboardGrid arranged = withPanelAdded(before, copyId, spec->gridPos, place);
    const EditStep step {Kind::DuplicatePanel, spec->title};
    return changeDocument(documentWithGrid(withNewPanel(m_dashboard.migrated, copy), arranged), step) ? copyId : 0;
}

int DashboardEditor::addRow(const QString& title)
{
    const int id = freeId();
    const Json row = Json::object({{u"collapsed"_s, false},
                                   {u"gridPos"_s, Json::object({{u"h"_s, 1}, {u"w"_s, kGridColumns}, {u"x"_s, 0}, {u"y"_s, 0}})},
                                   {u"id"_s, id},
                                   {u"panels"_s, Json::array()},
                                   {u"title"_s, title},
                                   {u"type"_s, u"row"_s}});
    DashboardGrid arranged = grid();
    arranged.sections.push_back({id, false, {}});
    const Json document = documentWithGrid(withNewPanel(m_dashboard.migrated, row), arranged);
    return changeDocument(document, {Kind::AddRow, title}) ? id : 0;
}

bool DashboardEditor::removeRow(int rowId, bool withPanels)
{
    return changeGrid(withRowRemoved(grid(), rowId, withPanels), {Kind::RemoveRow, titleOf(rowId)});
}

bool DashboardEditor::moveRow(int rowId, int before, const QString& mergeKey)
{
    return changeGrid(withRowMoved(grid(), rowId, before), {Kind::MoveRow, titleOf(rowId)}, mergeKey);
}

bool DashboardEditor::setRowCollapsed(int rowId, bool collapsed)
{
    const PanelSpec* row = panelSpec(rowId);
    if (!row || !row->isRow() || row->collapsed == collapsed)
        return false;
    return changeGrid(withRowCollapsed(grid(), rowId, collapsed),
                      {collapsed ? Kind::CollapseRow : Kind::ExpandRow, row->title});
}

bool DashboardEditor::changeMembers(const std::vector<std::pair<QString, Json>>& members, Kind kind, const QString& mergeKey)
{
    Json document = m_dashboard.migrated;
    for (const auto& [path, value] : members)
        setMember(document, path, value);
    return changeDocument(document, {kind, {}}, mergeKey);
}

} // namespace Promdeck
