#pragma once

#include "models/core/clock.h"
#include "models/dashboard/dashboardgrid.h"

#include <QObject>

#include <functional>
#include <vector>

namespace Promdeck {

/// What one step of a dashboard's history did. Widgets turn it into a sentence (editStepText()).
struct EditStep
{
    enum class Kind {
        MovePanel,
        ResizePanel,
        AddPanel,
        RemovePanel,
        DuplicatePanel,
        ChangePanel, ///< anything inside a panel
        AddRow,
        RemoveRow,
        MoveRow,
        CollapseRow,
        ExpandRow,
        ChangeRow,       ///< title, repeat
        ChangeSettings,  ///< title, tags, time, refresh...
        ChangeVariables,
        ChangeAnnotations,
        AddMark,    ///< the operator's own annotations, kept outside of the dashboard
        ChangeMark,
        RemoveMark,
        ChangeDashboard, ///< anything else
    };
    Kind kind = Kind::ChangeDashboard;
    QString subject; ///< title of the panel or row, as written (variables unexpanded); empty for the dashboard
    bool operator==(const EditStep&) const = default;
};

/// A dashboard being edited: its value now, and a history of values. Every edit is one step that undo() takes
/// back; redo() puts it back until another edit is made. The truth is the migrated document (Dashboard::migrated);
/// the typed part is read from it anew after each edit, so that what is edited is what a reader of the saved
/// file sees. Values share what they have in common: a step costs about as much as what it changed.
///
/// All edits return whether anything changed; then changed() was emitted once. An edit that changes nothing adds
/// no step. Edits with the same mergeKey that follow each other become one step (typing, held arrow keys);
/// an empty key never merges, endMerge() ends a run, and so does a pause of kMergePauseMs.
///
/// Panels are named by their id in the file (PanelSpec::id of a panel that is no clone; of clones:
/// repeatSourceId). Lives on one thread. No signal is emitted from within another edit.
class DashboardEditor final : public QObject
{
    Q_OBJECT
public:
    using Kind = EditStep::Kind;
    static constexpr int kMaxSteps = 500; ///< older ones are forgotten
    static constexpr qint64 kMergePauseMs = 1000;

    explicit DashboardEditor(Dashboard dashboard, QObject* parent = nullptr, const Clock& clock = Clock::system());

    [[nodiscard]] const Dashboard& dashboard() const { return m_dashboard; }
    /// The panel or row with this id as the document has it, rows' panels included; null when there is none.
    [[nodiscard]] Json panelJson(int id) const;
    /// The same, typed; null when there is none. Valid until the next edit.
    [[nodiscard]] const PanelSpec* panelSpec(int id) const;

    // history
    [[nodiscard]] bool canUndo() const { return m_at > 0; }
    [[nodiscard]] bool canRedo() const { return m_at + 1 < m_states.size(); }
    [[nodiscard]] EditStep undoStep() const; ///< what undo() takes back
    [[nodiscard]] EditStep redoStep() const; ///< what redo() puts back
    [[nodiscard]] int stepCount() const { return int(m_states.size()) - 1; }
    void undo();
    void redo();
    /// Nothing differs from what was saved (or opened).
    [[nodiscard]] bool isClean() const;
    /// The value now is what is saved. History stays: undo works after a save, and makes it unclean.
    void setClean();
    /// `saved` is what is saved, while edits may have gone on; clean when it is the value now.
    void setSaved(const Json& savedMigrated);
    /// Nothing saved is like the value now (a restored draft).
    void setUnclean();
    void endMerge() { m_mergeKey.clear(); }

    // panels and rows
    /// Layout edits take the grid as it is shown; without a source it is gridOf(dashboard()).
    void setGridSource(std::function<DashboardGrid()> source) { m_gridSource = std::move(source); }
    [[nodiscard]] DashboardGrid grid() const;
    /// A new arrangement, made from grid() with the functions of dashboardgrid.h. Panels and rows that the
    /// grid no longer has are removed.
    bool changeGrid(const DashboardGrid& grid, const EditStep& step, const QString& mergeKey = {});
    bool movePanel(int id, const GridPlace& place, const QString& mergeKey = {});
    bool resizePanel(int id, const GridPos& pos, const QString& mergeKey = {}); ///< rows from the section's top
    /// Adds a panel (any JSON with a type; its id and place are given here, its size is gridPos.w x h or 12 x 8)
    /// at the place, or at the top of the dashboard. Old panel types are migrated. Returns its id; 0 = not an object.
    int addPanel(const Json& panel, const std::optional<GridPlace>& place = std::nullopt);
    /// Replaces a panel's JSON; `id`, `gridPos` and a row's `panels` stay as they are. Old panel types are migrated.
    bool changePanel(int id, const Json& panel, const QString& mergeKey = {});
    bool removePanel(int id);
    int duplicatePanel(int id); ///< beside it when there is room, else below; 0 = there is none
    int addRow(const QString& title); ///< empty, at the end
    bool removeRow(int rowId, bool withPanels);
    bool moveRow(int rowId, int before, const QString& mergeKey = {}); ///< as withRowMoved()
    bool setRowCollapsed(int rowId, bool collapsed); ///< as the dashboard opens

    // the dashboard
    /// Members of the document by dotted path ("title", "time.from", "templating.list", "tags"); null removes one.
    bool changeMembers(const std::vector<std::pair<QString, Json>>& members, Kind kind = Kind::ChangeSettings,
                       const QString& mergeKey = {});
    /// Something that is kept outside of the dashboard was changed: a step of the same history, which leaves the
    /// dashboard and isClean() as they are. The functions take it back and do it again.
    void addOutsideStep(const EditStep& step, std::function<void()> undo, std::function<void()> redo);
    /// Any change of the migrated document.
    bool changeDocument(const Json& migrated, const EditStep& step, const QString& mergeKey = {});

Q_SIGNALS:
    /// dashboard() is another value: after an edit, undo or redo.
    void changed();
    /// canUndo(), canRedo(), their steps or isClean() may differ.
    void historyChanged();

private:
    struct State
    {
        Json document;
        EditStep step; ///< that led here
        std::function<void()> undo {}; ///< of an outside step
        std::function<void()> redo {};
    };
    void go(size_t index);
    void push(State state);
    [[nodiscard]] int freeId() const;
    [[nodiscard]] QString titleOf(int id) const;

    Dashboard m_opened; ///< original types of panels come from here, also for panels that were gone meanwhile
    Dashboard m_dashboard;
    std::vector<State> m_states;
    size_t m_at = 0;
    qsizetype m_clean = 0; ///< index of the saved state; -1 = none of these is
    QString m_mergeKey;
    qint64 m_mergedMs = 0; ///< when the last edit with this key was made
    const Clock& m_clock;
    std::function<DashboardGrid()> m_gridSource;
};

} // namespace Promdeck
