#pragma once

#include "models/frame/color.h"
#include "models/query/framebuilder.h"
#include "models/query/paneldata.h"
#include "models/query/queryscheduler.h"

namespace Promdeck {

/// Variables as one panel sees them; kept together so that worker threads can read them.
struct PanelScope
{
    PanelScope(std::shared_ptr<const VariableScope> dashboardScope) : dashboard(std::move(dashboardScope)), panel(dashboard.get()) {}
    std::shared_ptr<const VariableScope> dashboard;
    VariableScope panel; ///< the scoped values of a repeated panel over the dashboard's
};

/// Everything that turns answers into what a panel shows. Read-only while a worker uses it.
struct ProcessRequest
{
    std::shared_ptr<const PanelSpec> panel;
    std::shared_ptr<const PanelSpec> source; ///< "-- Dashboard --" with transformations: whose come first
    std::shared_ptr<const PanelScope> scope;
    PanelPlan plan;
    std::vector<AnsweredQuery> answers; ///< one per planned query
    std::vector<AnsweredQuery> earlier; ///< answers to plan.earlier
    /// What another stack answered to the same queries.
    struct FanAnswer
    {
        QString stack;
        std::vector<AnsweredQuery> answers; ///< one per planned query
        std::optional<Error> error;
    };
    std::vector<FanAnswer> fan;
    QString ownStack;         ///< name of the session's own, told apart from those
    bool fanByColor = false;  ///< else by dashes
    std::vector<SentQuery> sent;
    std::vector<Exemplar> exemplars;
    QStringList notes;                  ///< what else the user should know, as warnings
    std::optional<Error> error;         ///< of the first failing query
    ThemeKind theme = ThemeKind::Dark;
    QString timeZone;
    quint64 generation = 0;
    quint64 variablesEpoch = 0;         ///< which values of the variables `scope` holds
};

/// How a query went, for the inspector.
[[nodiscard]] SentQuery sentQuery(const PlannedQuery& query, const QueryOutcome& outcome);

/// Builds frames, runs the transformations and applies the field configuration. For worker threads.
[[nodiscard]] PanelDataPtr processPanel(const ProcessRequest& request);

/// Expands "${__field.name}", "${__field.labels.job}", "${__series.name}" and then the variables of the scope.
[[nodiscard]] QString interpolateField(const QString& text, const Frame& frame, const Field& field,
                                       const VariableScope& scope);

} // namespace Promdeck
