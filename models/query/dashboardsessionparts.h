#pragma once

#include "models/query/annotations.h"
#include "models/query/comparison.h"
#include "models/query/fanout.h"
#include "models/query/dashboardsession.h"
#include "models/query/lastdata.h"
#include "models/query/otherqueries.h"
#include "models/query/panelprocessor.h"
#include "models/query/prometheusvariablesource.h"
#include "models/query/queryplanner.h"
#include "models/query/queryscheduler.h"

#include <QHash>
#include <QPointer>
#include <QTimer>

#include <map>

/// The inside of DashboardSession, shared by its files only.
namespace Promdeck {

struct DashboardSession::Private
{
    /// Nothing asked yet.
    [[nodiscard]] static PanelDataPtr idle();

    /// A query under way, and who runs it.
    struct Ticket
    {
        QueryScheduler* scheduler = nullptr;
        QueryScheduler::Ticket number = 0;
    };

    /// Another stack, for the references that mean it.
    struct OtherStack
    {
        std::shared_ptr<StackConnection> stack;
        std::shared_ptr<QueryScheduler> scheduler;
        std::shared_ptr<OtherQueries> others;
    };

    /// What the session knows about one placed panel.
    struct Run
    {
        bool visible = false;
        bool stale = true;   ///< something changed since it was asked last
        bool pending = false; ///< queries or processing under way
        int width = 0;
        quint64 generation = 0;
        PanelDataPtr data = idle();
        std::vector<Ticket> tickets;
        std::stop_source othersStop; ///< of what the scheduler does not ask
        std::vector<QueryOutcome> outcomes; ///< one per planned query
        std::vector<QueryOutcome> fanOutcomes; ///< of each further stack, one per planned query
        std::vector<std::pair<QueryScheduler*, QueryScheduler::Ticket>> fanTickets;
        std::size_t missing = 0;
        PanelPlan plan;          ///< of the running or last request
        ProcessRequest shown;    ///< what `data` was made from
        qint64 answeredMs = 0;   ///< when that was answered
    };

    Private(DashboardSession* session, Dashboard board, std::shared_ptr<StackConnection> connection, const Clock& time)
        : q(session)
        , dashboard(std::move(board))
        , stack(std::move(connection))
        , clock(time)
        , scheduler(stack, nullptr, time)
        , others(stack)
        , source(std::make_shared<PrometheusVariableSource>(stack, others.loki()))
    {
    }

    /// Requests that nobody waits for any more would stay with the server, and keep the stack, until they time out.
    ~Private()
    {
        for (const auto& run : runs)
            run->othersStop.request_stop();
    }

    Q_DISABLE_COPY_MOVE(Private)

    // time and variables
    void resolveTime();
    void rebuildScope();
    [[nodiscard]] std::shared_ptr<PanelScope> scopeOf(const PanelSpec& panel) const;
    [[nodiscard]] QString sourceType(const QString& uid) const;
    [[nodiscard]] bool othersDependOn(const QString& name) const;
    [[nodiscard]] VariableContext variableContext() const;
    void resolve();
    static QCoro::Task<void> resolveTask(QPointer<DashboardSession> session, std::shared_ptr<VariableSource> source,
                                         std::vector<VariableSpec> specs, VariableContext context, quint64 number);
    void takeVariables(std::vector<VariableState> states);

    // layout
    void rebuildLayout();
    void arrange(); ///< rebuildLayout() without saying so
    void changePanels(const std::set<int>& ids);
    [[nodiscard]] QStringList keysOf(const std::set<int>& ids) const;
    [[nodiscard]] const PlacedPanel* placed(const QString& key) const;

    // panels
    void askVisible();
    [[nodiscard]] PlanContext planContext(const VariableScope& own, double widthPx) const;
    [[nodiscard]] PanelPlan planFor(const PlacedPanel& panel, const Run& run) const;
    void ask(const PlacedPanel& panel, int priority);
    [[nodiscard]] QueryScheduler& schedulerOf(const PlannedQuery& query);
    [[nodiscard]] OtherQueries& othersOf(const PlannedQuery& query);
    void submit(const QString& key, Run& run, int priority);
    void takeOutcome(const QString& key, quint64 generation, std::size_t index, const QueryOutcome& outcome);
    [[nodiscard]] std::shared_ptr<const PanelSpec> sourceOf(const PanelPlan& plan) const;
    void process(const QString& key, Run& run);
    static void addExemplars(ProcessRequest& request, QueryOutcome outcome);
    bool keepFrames(const QString& key, Run& run, const ProcessRequest& request);
    void startProcessing(const QString& key, Run& run, ProcessRequest request);
    void publish(const QString& key, Run& run, PanelDataPtr data);
    void showLoading(const QString& key, Run& run);
    void stop(Run& run);
    static void cancel(const std::vector<Ticket>& tickets);
    void markAllStale();

    // several stacks
    /// Another stack that panels ask besides the session's own.
    struct Remote
    {
        std::shared_ptr<StackConnection> stack; ///< null until it is open
        std::unique_ptr<QueryScheduler> scheduler;
        std::optional<Error> error;
    };
    [[nodiscard]] QStringList wantedStacks(const PanelSpec& panel) const;
    void openRemotes(const QStringList& names);
    void submitFan(const QString& key, Run& run, quint64 generation);
    void takeFan(const QString& key, quint64 generation, std::size_t place, const QueryOutcome& outcome);
    void addFan(const PanelSpec& panel, Run& run, ProcessRequest& request) const;
    static void cancelFan(const std::vector<std::pair<QueryScheduler*, QueryScheduler::Ticket>>& tickets);
    static bool sameFan(const ProcessRequest& a, const ProcessRequest& b);

    // annotations
    void askAnnotations();
    void takeAnnotations(quint64 number, std::size_t index, const QueryOutcome& outcome);
    void publishAnnotations();
    void stopAnnotations();
    [[nodiscard]] PanelDataPtr withAnnotations(const QString& key, PanelDataPtr data) const;

    [[nodiscard]] bool busy() const;
    void watchIdle();

    DashboardSession* q;
    Dashboard dashboard;
    std::shared_ptr<StackConnection> stack;
    const Clock& clock;
    QueryScheduler scheduler;
    OtherQueries others;
    std::shared_ptr<PrometheusVariableSource> source;
    QHash<QString, ChosenSource> chosenSources;
    QHash<QString, OtherStack> otherStacks; ///< by name

    RawTimeRange rawRange;
    TimeRange range;
    qint64 nowMs = 0;
    QString timeZone;
    ThemeKind theme = ThemeKind::Dark;
    QTimer refreshTimer;

    bool started = false;
    bool resolving = false;
    quint64 resolveNumber = 0;
    bool variablesEdited = false; ///< the next answer is news even when no value changed
    QHash<QString, QStringList> overrides;
    std::vector<VariableState> states;
    quint64 variablesEpoch = 0; ///< counts changes of their values
    std::shared_ptr<const VariableScope> scope = std::make_shared<const VariableScope>();

    std::set<QString> toggledRows;
    bool includeCollapsed = false;
    std::vector<PlacedPanel> panels;
    bool laidOut = false;
    int allWidth = 0; ///< > 0: every panel is visible in a grid this wide
    QHash<QString, std::shared_ptr<Run>> runs;
    std::map<QString, std::shared_ptr<Remote>> remotes; ///< by name
    std::function<void(const QString&, StackFound)> findStack;
    qint64 comparisonMs = 0; ///< 0 = off
    std::set<QString> toggledAnnotations; ///< by name: not as the file says
    bool annotationsStale = true;
    quint64 annotationsNumber = 0;         ///< of the running or last request
    std::size_t annotationsMissing = 0;
    std::vector<QueryScheduler::Ticket> annotationTickets;
    std::vector<AnnotationPlan> annotationPlans;
    std::vector<std::vector<Annotation>> annotationLists; ///< one per plan
    std::vector<SharedResult> alertResults;               ///< one per plan; of those about alerts
    std::vector<Annotation> ownAnnotations;
    bool ownShown = true;
    std::optional<bool> alertsShown; ///< nothing: as the dashboard wants
    std::vector<std::optional<Error>> annotationErrors;   ///< one per plan
    std::shared_ptr<const std::vector<Annotation>> annotations; ///< of all plans, by time; null = none

    bool wasBusy = false;
    bool idlePosted = false;
};

} // namespace Promdeck
