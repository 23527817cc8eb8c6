#include "models/query/querycache.h"

#include <QRegularExpression>

#include <algorithm>
#include <bit>
#include <map>

namespace Promdeck {

using namespace Qt::StringLiterals;

namespace {

/// `@ start()` and `@ end()` make every step depend on the range, so that steps of different ranges differ.
bool dependsOnRangeEnds(const QString& expr)
{
    if (!expr.contains(u'@'))
        return false;
    static const QRegularExpression pattern(u"@\\s*(start|end)\\s*\\("_s);
    return pattern.match(expr).hasMatch();
}

bool hasHistograms(const QueryResult& result)
{
    return std::any_of(result.series.begin(), result.series.end(),
                       [](const SeriesData& series) { return !series.histograms.empty(); });
}

qsizetype costOf(const QueryResult& result)
{
    qsizetype bytes = 256;
    const Column* previous = nullptr;
    for (const SeriesData& series : result.series) {
        const qsizetype count = series.values.size() * qsizetype(sizeof(double));
        const bool shared = previous && previous->sharesWith(series.times);
        bytes += count + (shared ? 0 : count) + 64 * series.labels.size() + 128;
        previous = &series.times;
    }
    return bytes;
}

bool isSorted(const QueryResult& result)
{
    return std::is_sorted(result.series.begin(), result.series.end(),
                          [](const SeriesData& a, const SeriesData& b) { return a.labels < b.labels; });
}

bool sameBits(const double* a, const double* b, std::size_t count)
{
    return std::equal(a, a + count, b, [](double x, double y) {
        return std::bit_cast<std::uint64_t>(x) == std::bit_cast<std::uint64_t>(y);
    });
}

/// Joins series by series; remembers joined time columns, because series mostly share theirs.
class TailMerger
{
public:
    TailMerger(qint64 fetchedFromMs, qint64 startMs, qint64 endMs)
        : m_cutMs(fetchedFromMs), m_startMs(startMs), m_endMs(endMs)
    {
    }

    /// Either may be null, not both. An empty result means the series has no sample in the range.
    SeriesData join(const SeriesData* held, const SeriesData* tail)
    {
        static const Column::Times noTimes;
        static const Column::Numbers noValues;
        const Column::Times& oldTimes = held ? held->times.times() : noTimes;
        const Column::Times& newTimes = tail ? tail->times.times() : noTimes;
        const auto oldBegin = lower(oldTimes, m_startMs);
        const auto oldEnd = std::max(oldBegin, lower(oldTimes, std::min(m_cutMs, m_endMs + 1)));
        const auto newBegin = lower(newTimes, std::max(m_cutMs, m_startMs));
        const auto newEnd = std::max(newBegin, lower(newTimes, m_endMs + 1));
        const Column::Numbers& oldValues = held ? held->values.numbers() : noValues;
        const Column::Numbers& newValues = tail ? tail->values.numbers() : noValues;

        SeriesData joined;
        joined.labels = held ? held->labels : tail->labels;
        if (held && unchanged(oldTimes, oldValues, oldBegin, oldEnd, newTimes, newValues, newBegin, newEnd)) {
            joined.times = held->times;
            joined.values = held->values;
            return joined;
        }
        m_changed = true;
        joined.times = times(oldTimes, oldBegin, oldEnd, newTimes, newBegin, newEnd);
        Column::Numbers values;
        values.reserve(oldEnd - oldBegin + newEnd - newBegin);
        append(values, oldValues, oldBegin, oldEnd);
        append(values, newValues, newBegin, newEnd);
        joined.values = Column(std::move(values));
        return joined;
    }

    [[nodiscard]] bool changed() const { return m_changed; }
    void setChanged() { m_changed = true; }

private:
    static std::size_t lower(const Column::Times& times, qint64 ms)
    {
        return std::size_t(std::lower_bound(times.begin(), times.end(), ms) - times.begin());
    }

    template <typename Values>
    static void append(Values& to, const Values& from, std::size_t begin, std::size_t end)
    {
        to.insert(to.end(), from.begin() + std::ptrdiff_t(begin), from.begin() + std::ptrdiff_t(end));
    }

    static bool unchanged(const Column::Times& oldTimes, const Column::Numbers& oldValues, std::size_t oldBegin,
                          std::size_t oldEnd, const Column::Times& newTimes, const Column::Numbers& newValues,
                          std::size_t newBegin, std::size_t newEnd)
    {
        const std::size_t rest = oldTimes.size() - oldEnd;
        return oldBegin == 0 && rest == newEnd - newBegin
            && std::equal(oldTimes.begin() + std::ptrdiff_t(oldEnd), oldTimes.end(),
                          newTimes.begin() + std::ptrdiff_t(newBegin))
            && sameBits(oldValues.data() + oldEnd, newValues.data() + newBegin, rest);
    }

    Column times(const Column::Times& oldTimes, std::size_t oldBegin, std::size_t oldEnd, const Column::Times& newTimes,
                 std::size_t newBegin, std::size_t newEnd)
    {
        Column& known = m_times[{&oldTimes, &newTimes}];
        if (known.size() == 0) {
            Column::Times times;
            times.reserve(oldEnd - oldBegin + newEnd - newBegin);
            append(times, oldTimes, oldBegin, oldEnd);
            append(times, newTimes, newBegin, newEnd);
            known = Column(std::move(times));
        }
        return known;
    }

    qint64 m_cutMs;
    qint64 m_startMs;
    qint64 m_endMs;
    bool m_changed = false;
    std::map<std::pair<const Column::Times*, const Column::Times*>, Column> m_times;
};

} // namespace

QueryCache::Slot QueryCache::slotOf(const QueryKey& key)
{
    const qint64 phase = key.stepMs > 0 ? ((key.startMs % key.stepMs) + key.stepMs) % key.stepMs : 0;
    return {key.expr, key.stepMs, phase};
}

CachePlan QueryCache::plan(const QueryKey& key)
{
    if (key.instant || key.stepMs <= 0)
        return {};
    const auto it = m_entries.find(slotOf(key));
    if (it == m_entries.end() || key.startMs < it->fromMs)
        return {};
    // The first step after what is settled, on the key's own grid.
    const qint64 steps = it->settledToMs < key.startMs ? 0 : (it->settledToMs - key.startMs) / key.stepMs + 1;
    if (steps <= 0)
        return {};
    m_uses.splice(m_uses.begin(), m_uses, it->use);
    return {it->result, key.startMs + steps * key.stepMs};
}

void QueryCache::store(const QueryKey& key, SharedResult result, qint64 fetchedAtMs)
{
    if (key.instant || key.stepMs <= 0 || !result || result->type != QueryResult::Type::Matrix || result->partial
        || !result->warnings.isEmpty() || hasHistograms(*result) || dependsOnRangeEnds(key.expr))
        return;
    const Slot slot = slotOf(key);
    const qsizetype bytes = costOf(*result);
    remove(slot);
    if (bytes > m_maxBytes)
        return;
    m_uses.push_front(slot);
    const qint64 settled = std::min(key.endMs, fetchedAtMs - m_settleMs);
    m_entries.insert(slot, {std::move(result), key.startMs, settled, bytes, m_uses.begin()});
    m_bytes += bytes;
    while (m_bytes > m_maxBytes)
        remove(Slot(m_uses.back()));
}

void QueryCache::remove(const Slot& slot)
{
    const auto it = m_entries.find(slot);
    if (it == m_entries.end())
        return;
    m_bytes -= it->bytes;
    m_uses.erase(it->use);
    m_entries.erase(it);
}

void QueryCache::clear()
{
    m_entries.clear();
    m_uses.clear();
    m_bytes = 0;
}

SharedResult mergeTail(const SharedResult& held, const QueryResult& tail, qint64 fetchedFromMs, qint64 startMs, qint64 endMs)
{
    if (!held || held->type != QueryResult::Type::Matrix || tail.type != QueryResult::Type::Matrix || hasHistograms(tail))
        return nullptr;
    QHash<Labels, const SeriesData*> fresh;
    fresh.reserve(qsizetype(tail.series.size()));
    for (const SeriesData& series : tail.series)
        fresh.insert(series.labels, &series);
    if (fresh.size() != qsizetype(tail.series.size()))
        return nullptr;

    TailMerger merger(fetchedFromMs, startMs, endMs);
    auto merged = std::make_shared<QueryResult>();
    merged->type = QueryResult::Type::Matrix;
    merged->warnings = tail.warnings;
    merged->infos = tail.infos;
    merged->partial = tail.partial;
    merged->series.reserve(held->series.size());
    for (const SeriesData& series : held->series) {
        SeriesData joined = merger.join(&series, fresh.take(series.labels));
        if (joined.times.size() > 0)
            merged->series.push_back(std::move(joined));
        else
            merger.setChanged();
    }
    bool added = false;
    for (const SeriesData& series : tail.series) {
        if (!fresh.contains(series.labels))
            continue;
        SeriesData joined = merger.join(nullptr, &series);
        if (joined.times.size() > 0) {
            merged->series.push_back(std::move(joined));
            added = true;
        }
    }
    if (added) {
        if (!isSorted(*held) || !isSorted(tail))
            return nullptr;
        std::stable_sort(merged->series.begin(), merged->series.end(),
                         [](const SeriesData& a, const SeriesData& b) { return a.labels < b.labels; });
    }
    if (!merger.changed() && !added && merged->warnings == held->warnings && merged->infos == held->infos)
        return held;
    return merged;
}

} // namespace Promdeck
