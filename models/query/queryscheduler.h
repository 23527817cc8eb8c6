#pragma once

#include "models/core/clock.h"
#include "models/core/result.h"
#include "models/query/paneldata.h"
#include "models/query/querycache.h"
#include "models/stack/stackconnection.h"

#include <QObject>

#include <functional>
#include <memory>
#include <optional>
#include <vector>

namespace Promdeck {

/// What became of a submitted query.
struct QueryOutcome
{
    SharedResult result; ///< null when there is an error
    std::shared_ptr<const Frames> frames; ///< of queries that are no PromQL (otherqueries.h)
    std::vector<Exemplar> exemplars;
    std::optional<Error> error;
    double seconds = 0;
    qsizetype bytes = 0;
    bool fromCache = false; ///< answered without a request
    bool tailOnly = false;  ///< only the newest steps were fetched
};

/// Runs queries against one stack: equal ones once for everybody who asks, the most urgent first, a bounded
/// number at a time; ranges out of the cache as far as it goes. Lives on the thread of its owner; answers come
/// through the event loop, never from inside submit().
class QueryScheduler final : public QObject
{
    Q_OBJECT
public:
    using Ticket = quint64;
    using Callback = std::function<void(const QueryOutcome&)>;

    explicit QueryScheduler(std::shared_ptr<StackConnection> stack, QObject* parent = nullptr,
                            const Clock& clock = Clock::system(), int maxRunning = 8);
    ~QueryScheduler() override;
    Q_DISABLE_COPY_MOVE(QueryScheduler)

    /// Higher priorities leave the queue first; somebody else's equal query counts with the higher of both.
    Ticket submit(const QueryKey& key, int priority, Callback done);
    /// The callback is never called after this. A query that nobody wants any more is stopped.
    void cancel(Ticket ticket);
    void cancelAll();
    [[nodiscard]] QueryCache& cache() { return m_cache; }
    [[nodiscard]] int runningCount() const { return m_running; }
    [[nodiscard]] int queuedCount() const { return int(m_queue.size()); }

private:
    struct Job;
    void pump();
    void finish(const std::shared_ptr<Job>& job, QueryOutcome outcome);
    void drop(const std::shared_ptr<Job>& job);

    std::shared_ptr<StackConnection> m_stack;
    const Clock& m_clock;
    const int m_maxRunning;
    int m_running = 0;
    bool m_pumpPosted = false;
    Ticket m_lastTicket = 0;
    QueryCache m_cache;
    QHash<QueryKey, std::shared_ptr<Job>> m_jobs;  ///< queued and running
    QHash<Ticket, std::shared_ptr<Job>> m_tickets;
    std::vector<std::shared_ptr<Job>> m_queue;
};

} // namespace Promdeck
