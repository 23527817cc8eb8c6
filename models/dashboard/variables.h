#pragma once

#include "models/dashboard/adhocfilter.h"
#include "models/dashboard/interpolation.h"

#include <QCoroTask>

namespace Promdeck {

/// What variable queries need from a server; implemented over PrometheusClient, and by a fake in tests.
class VariableSource
{
public:
    virtual ~VariableSource() = default;
    virtual QCoro::Task<Result<QStringList>> labelNames(QStringList matchers, TimeRange range) = 0;
    virtual QCoro::Task<Result<QStringList>> labelValues(QString label, QStringList matchers, TimeRange range) = 0;
    virtual QCoro::Task<Result<std::vector<Labels>>> series(QString matcher, TimeRange range) = 0;
    /// One text per series of an instant query at the end of the range: `name{a="b"} value timestamp_ms`.
    virtual QCoro::Task<Result<QStringList>> queryResult(QString expr, TimeRange range) = 0;
    /// Who answers for a kind of data source ("loki"): itself, unless there are several. Lives as long as this one.
    [[nodiscard]] virtual VariableSource* forType(const QString& type)
    {
        Q_UNUSED(type)
        return this;
    }
};

struct VariableState
{
    VariableSpec spec;
    std::vector<VariableOption> options; ///< resolved, after regex and sort, without "All"
    QStringList current;                 ///< chosen values, or {"$__all"}; ad-hoc: the filters' text
    std::vector<AdhocFilter> filters;    ///< ad-hoc variables: what holds now, the file's or the user's
    std::optional<Error> error;
    QString autoText; ///< interval variables: what "auto" stands for in the current range ("1m")
    [[nodiscard]] bool isAll() const { return current.size() == 1 && current.first() == QStringView(u"$__all"); }
    [[nodiscard]] VariableValue value() const;
};

/// Takes the user's choice; filterValues() for an ad-hoc variable.
void choose(VariableState& state, const QStringList& values);

/// What a variable query asks for. Source: Grafana's Prometheus metric find queries.
struct VariableQuery
{
    enum class Kind { LabelNames, LabelValues, Metrics, QueryResult, Series };
    Kind kind = Kind::Series;
    QString label;    ///< LabelValues
    QString selector; ///< LabelNames, LabelValues (may be empty), Series
    QString text;     ///< Metrics: a regular expression; QueryResult: the expression
    bool operator==(const VariableQuery&) const = default;
};
/// Reads `label_values(sel, label)`, `label_names()`, `metrics(re)`, `query_result(expr)`; anything else is a
/// series selector.
[[nodiscard]] VariableQuery parseVariableQuery(const QString& text);

/// Applies a variable's regex: "/re/flags", or bare (then the whole value has to match). Named groups text and
/// value win over the first group; with the g flag and a group every match is an option. Options without a match
/// go; options with an equal value are merged. An empty regex only merges. Errors: Syntax.
[[nodiscard]] Result<std::vector<VariableOption>> filterOptions(const std::vector<VariableOption>& options,
                                                                const QString& regex);
/// Sorts as `sort` says: 0 as received, 1/2 alphabetical, 3/4 by the first number, 5/6 ignoring case, 7/8
/// natural; the second of each pair descends.
void sortOptions(std::vector<VariableOption>& options, int sort);

struct VariableContext
{
    TimeRange range;
    qint64 scrapeIntervalMs = 15000;
    QList<VariableOption> datasources; ///< name -> uid of the sources the stack offers, by "type/name" in text
    QHash<QString, QStringList> overrides; ///< chosen by the user or the command line (--var), by name
};

/// Resolves all variables in dependency order (a cycle becomes an error on its members). Independent
/// variables are asked at the same time. A failing variable keeps its saved options and current value, and its
/// error. `source` must outlive the task; without one, query variables fail with Unsupported.
/// A saved value that is no longer offered gives way to All where the variable has it, else to the first option;
/// overrides are kept even when nothing offers them.
QCoro::Task<std::vector<VariableState>> resolveVariables(std::vector<VariableSpec> specs, VariableContext context,
                                                         VariableSource* source);
/// Fills a scope with the values of resolved variables. Variables that depend on others (a text box or constant
/// that names one) are taken as they are: Grafana does not expand them either.
void addToScope(VariableScope& scope, const std::vector<VariableState>& states);

/// What addresses are written with: ${__url_time_range} (from and to as the user gave them) and
/// ${__all_variables} (var-name=value of each).
void addUrlTexts(VariableScope& scope, const QString& from, const QString& to, const std::vector<VariableState>& states);

} // namespace Promdeck
