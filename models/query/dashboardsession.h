#pragma once

#include "models/core/clock.h"
#include "models/dashboard/dashboardgrid.h"
#include "models/dashboard/variables.h"
#include "models/frame/color.h"
#include "models/query/annotations.h"
#include "models/query/paneldata.h"
#include "models/query/queryplanner.h"
#include "models/query/timegrammar.h"
#include "models/stack/stackconnection.h"

#include <QObject>

#include <functional>
#include <memory>
#include <vector>

namespace Promdeck {

class LokiClient;
struct LastData;

/// A dashboard in use, without a window: resolves variables, lays panels out, plans and runs their queries,
/// and publishes PanelData. The window and `promdeck render` both drive this object.
/// All work beyond bookkeeping happens on worker threads. Lives on one thread (the caller's).
class DashboardSession final : public QObject
{
    Q_OBJECT
public:
    DashboardSession(Dashboard dashboard, std::shared_ptr<StackConnection> stack, QObject* parent = nullptr,
                     const Clock& clock = Clock::system());
    ~DashboardSession() override;
    Q_DISABLE_COPY_MOVE(DashboardSession)

    [[nodiscard]] const Dashboard& dashboard() const;
    [[nodiscard]] std::shared_ptr<StackConnection> stack() const;
    /// The stack's Loki, for panels that ask for more lines than their query brought; null when it has none.
    [[nodiscard]] std::shared_ptr<LokiClient> loki() const;

    // editing
    /// Shows another value of the same dashboard. Panels that only moved keep what they show and ask nothing; of
    /// panels that changed, only what their queries now need is asked. Rows stay as the user left them, unless
    /// the edit opened or closed them. Emits edited().
    void setDashboard(const Dashboard& dashboard);
    /// The arrangement with this dashboard's repeats, for edits.
    [[nodiscard]] DashboardGrid grid() const;
    /// What panels() would be with this arrangement.
    [[nodiscard]] std::vector<PlacedPanel> panelsWith(const DashboardGrid& grid) const;

    // several stacks
    using StackFound = std::function<void(const Result<std::shared_ptr<StackConnection>>&)>;
    /// Opens the stack of a name. Panels and dashboards may name further ones (fanout.h).
    void setStackFinder(std::function<void(const QString& name, StackFound found)> finder);

    // time
    void setTimeRange(const RawTimeRange& range); ///< re-queries
    [[nodiscard]] RawTimeRange rawTimeRange() const;
    [[nodiscard]] TimeRange timeRange() const; ///< resolved at the last refresh
    [[nodiscard]] QString timeZone() const;    ///< IANA name or empty = machine's
    void setTimeZone(const QString& zone);
    /// Interval of automatic refreshes in ms; 0 = off.
    void setRefreshInterval(qint64 ms);
    [[nodiscard]] qint64 refreshInterval() const;

    /// Time series also show the same range this much earlier, in ms; 0 = not.
    void setComparison(qint64 earlierMs);
    [[nodiscard]] qint64 comparison() const;

    // variables
    [[nodiscard]] const std::vector<VariableState>& variables() const;
    void setVariable(const QString& name, const QStringList& values);
    /// Values to use instead of the file's, before start().
    void setVariableOverrides(const QHash<QString, QStringList>& overrides);
    [[nodiscard]] QString interpolate(const QString& text, const PlacedPanel* panel = nullptr) const;

    // data sources
    /// What stands for references that name no known data source, by reference as written, and the stacks that are
    /// meant, by name. Panels that use them are asked again.
    void setChosenSources(const QHash<QString, ChosenSource>& sources, const QHash<QString, std::shared_ptr<StackConnection>>& stacks);
    [[nodiscard]] QHash<QString, ChosenSource> chosenSources() const;

    // annotations
    /// The dashboard's annotation queries, in its order; Grafana's own left out.
    [[nodiscard]] std::vector<AnnotationLayer> annotationLayers() const;
    /// Also for kOwnLayer and kAlertLayer, which no dashboard lists.
    void setAnnotationEnabled(const QString& name, bool enabled);
    [[nodiscard]] bool isAnnotationEnabled(const QString& name) const;
    /// The operator's own, which the session is told.
    void setOwnAnnotations(std::vector<Annotation> annotations);
    /// Everything marked in the range, by time.
    [[nodiscard]] std::vector<Annotation> annotations() const;

    // layout
    [[nodiscard]] const std::vector<PlacedPanel>& panels() const; ///< collapsed rows' panels left out
    void toggleRow(const QString& rowKey);
    /// Panels of collapsed rows take part too (PlacedPanel::inCollapsedRow), for headless reports of the whole
    /// dashboard.
    void setIncludeCollapsed(bool include);

    // panels
    /// Only visible panels query; width sets the resolution. Visible ones are asked in the order of `panels()`.
    void setPanelVisible(const QString& key, bool visible, int widthPx);
    /// All panels count as visible at this width (headless rendering).
    void setAllVisible(int gridWidthPx);
    [[nodiscard]] PanelDataPtr panelData(const QString& key) const; ///< never null
    void reprocess(); ///< from the answers there are: something else about how they are shown is different now
    void setTheme(ThemeKind theme); ///< series colours depend on it; re-processes without queries

    /// What the panels show, for the next start.
    [[nodiscard]] LastData lastData() const;
    /// Panels without data show what an earlier run left, marked as stale, until the server answers. Also lays the
    /// dashboard out before its variables are known.
    void showLastData(const LastData& last);

    /// Resolves variables and starts querying.
    void start();
    void refresh();          ///< fetches what is new
    void cancel();
    [[nodiscard]] bool isBusy() const; ///< variables or visible panels are still loading

Q_SIGNALS:
    void variablesChanged();
    void layoutChanged();
    /// After setDashboard(): panels() is another list or has other places, and the panels with these keys have
    /// another specification.
    void edited(const QStringList& changedKeys);
    void panelChanged(const QString& key); ///< data or loading state
    void timeRangeChanged();
    void annotationsChanged(); ///< the layers or what they brought
    /// Everything that was asked is answered (or failed).
    void idle();

private:
    struct Private;
    std::unique_ptr<Private> d;
};

} // namespace Promdeck
