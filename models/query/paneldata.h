#pragma once

#include "models/core/result.h"
#include "models/core/types.h"
#include "models/frame/frame.h"

#include <QStringList>

#include <memory>

namespace Promdeck {

struct PanelScope;

/// One query as it went to the server, for the inspector and for `render --json`.
struct SentQuery
{
    QString refId;
    QString datasource;
    QString expr;
    QString apiPath;    ///< below the Prometheus server's address ("api/v1/query"); empty when another server answers
    bool instant = false;
    qint64 startMs = 0; ///< equal to endMs for instant queries
    qint64 endMs = 0;
    qint64 stepMs = 0;
    double seconds = 0;      ///< network plus decoding
    qsizetype series = 0;
    qsizetype samples = 0;
    qsizetype bytes = 0;
    bool fromCache = false;  ///< answered without a request
    bool tailOnly = false;   ///< only the newest part was fetched and merged
    QStringList warnings;    ///< the server's own, for this query
    QStringList infos;
    std::optional<Error> error;
};

/// One measured event behind a series: usually a request with the id of its trace.
struct Exemplar
{
    qint64 timeMs = 0;
    double value = 0;
    Labels labels; ///< trace_id and the like
    Labels series; ///< of the series it was recorded with
    QString refId;
    bool operator==(const Exemplar&) const = default;
};

struct Annotation;

/// Everything a panel shows: frames after transformations and field configuration, or what went wrong.
/// Immutable once published.
struct PanelData
{
    enum class State { Idle, Loading, Done, Failed };
    State state = State::Idle;
    quint64 generation = 0; ///< later is newer; a reply of an older generation is dropped
    TimeRange range;        ///< the panel's own (timeFrom and timeShift applied)
    qint64 intervalMs = 0;  ///< $__interval
    Frames frames;
    Frames source;          ///< before the transformations, without field configuration; empty when there are none
    std::shared_ptr<const PanelScope> scope; ///< what the panel's variables stood for (panelprocessor.h)
    double processSeconds = 0;      ///< building frames, transforming and configuring them
    std::optional<Error> error;     ///< of the first failing query; frames of the others are kept (partial)
    QStringList warnings;           ///< the server's own
    QStringList infos;
    std::vector<Error> transformErrors;
    std::vector<SentQuery> queries;
    std::vector<Exemplar> exemplars; ///< of the queries that ask for them, by time
    /// Of the dashboard, for this panel (annotations.h); null = none.
    std::shared_ptr<const std::vector<Annotation>> annotations;
    /// Further stacks that a panel is about and that did not answer; the others are in the frames.
    struct StackProblem
    {
        QString stack;
        Error error;
    };
    std::vector<StackProblem> failedStacks;
    /// The frames are what the server said then, ms since the epoch, and nothing newer is known. Nothing = fresh.
    std::optional<qint64> staleSinceMs;
    QStringList unsupported;        ///< matchers, properties... met while processing
    [[nodiscard]] bool isPartial() const { return error.has_value() && !frames.empty(); }
};
using PanelDataPtr = std::shared_ptr<const PanelData>;

} // namespace Promdeck
