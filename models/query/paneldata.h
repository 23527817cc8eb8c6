#pragma once

#include "models/core/result.h"
#include "models/core/types.h"
#include "models/frame/frame.h"

#include <QStringList>

#include <memory>

namespace Promdeck {

/// One query as it went to the server, for the inspector and for `render --json`.
struct SentQuery
{
    QString refId;
    QString datasource;
    QString expr;
    bool instant = false;
    qint64 startMs = 0; ///< equal to endMs for instant queries
    qint64 endMs = 0;
    qint64 stepMs = 0;
    double seconds = 0;      ///< network plus decoding
    qsizetype samples = 0;
    qsizetype bytes = 0;
    bool fromCache = false;  ///< answered without a request
    bool tailOnly = false;   ///< only the newest part was fetched and merged
};

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
    std::optional<Error> error;     ///< of the first failing query; frames of the others are kept (partial)
    QStringList warnings;           ///< the server's own
    QStringList infos;
    std::vector<Error> transformErrors;
    std::vector<SentQuery> queries;
    QStringList unsupported;        ///< matchers, properties... met while processing
    [[nodiscard]] bool isPartial() const { return error.has_value() && !frames.empty(); }
};
using PanelDataPtr = std::shared_ptr<const PanelData>;

} // namespace Promdeck
