#pragma once

#include "models/prometheus/decoder.h"

#include <QHash>
#include <QString>

#include <list>
#include <memory>
#include <optional>

namespace Promdeck {

/// A query as the server sees it; equal ones run once. Times and step in ms.
struct QueryKey
{
    QString expr;
    bool instant = false;
    qint64 startMs = 0;
    qint64 endMs = 0;
    qint64 stepMs = 0;
    bool operator==(const QueryKey&) const = default;
};

inline size_t qHash(const QueryKey& key, size_t seed = 0)
{
    return qHashMulti(seed, key.expr, key.instant, key.startMs, key.endMs, key.stepMs);
}

using SharedResult = std::shared_ptr<const QueryResult>;

/// What is left to fetch for a range, and what the rest is merged with.
struct CachePlan
{
    SharedResult held;      ///< null: nothing usable
    qint64 fetchFromMs = 0; ///< first step to fetch; after the end of the range = nothing to fetch
    [[nodiscard]] bool isComplete(const QueryKey& key) const { return held && fetchFromMs > key.endMs; }
};

/// Range results by expression and step, least recently used thrown away first. A result covers one stretch of
/// steps; what was younger than `settleMs` when it was fetched is fetched again, because late scrapes and
/// staleness markers may still change it. Not thread-safe.
class QueryCache
{
public:
    explicit QueryCache(qsizetype maxBytes = 48 << 20, qint64 settleMs = 300'000)
        : m_maxBytes(maxBytes), m_settleMs(settleMs)
    {
    }

    /// What of a range is already here. Another step, another phase of the step, or an earlier start than held
    /// means nothing is; neither is it for instant queries and expressions that look at the range's own ends.
    [[nodiscard]] CachePlan plan(const QueryKey& key);
    /// Keeps the full result of a range. Partial results and ones with warnings or histograms are not kept.
    void store(const QueryKey& key, SharedResult result, qint64 fetchedAtMs);
    void clear();
    [[nodiscard]] qsizetype bytes() const { return m_bytes; }
    [[nodiscard]] qsizetype size() const { return m_entries.size(); }

private:
    struct Slot
    {
        QString expr;
        qint64 stepMs = 0;
        qint64 phaseMs = 0; ///< of the step grid
        bool operator==(const Slot&) const = default;
        friend size_t qHash(const Slot& slot, size_t seed) { return qHashMulti(seed, slot.expr, slot.stepMs, slot.phaseMs); }
    };

    struct Entry
    {
        SharedResult result;
        qint64 fromMs = 0;
        qint64 settledToMs = 0; ///< nothing up to here can change any more
        qsizetype bytes = 0;
        std::list<Slot>::iterator use;
    };

    static Slot slotOf(const QueryKey& key);
    void remove(const Slot& slot);

    QHash<Slot, Entry> m_entries;
    std::list<Slot> m_uses; ///< most recent first
    qsizetype m_maxBytes;
    qint64 m_settleMs;
    qsizetype m_bytes = 0;
};

/// Joins a held result with newly fetched steps from `fetchedFromMs` on and cuts it to [startMs, endMs]: the
/// samples a full query gives. Null when the order of the series would not be certain (the server does not sort
/// them and the set changed) or the types differ. Gives back `held` itself when nothing changed.
[[nodiscard]] SharedResult mergeTail(const SharedResult& held, const QueryResult& tail, qint64 fetchedFromMs,
                                     qint64 startMs, qint64 endMs);

} // namespace Promdeck
