#include "models/query/queryscheduler.h"

#include <QCoroFuture>
#include <QPointer>
#include <QtConcurrent>

#include <stop_token>

namespace Promdeck {

using namespace Qt::StringLiterals;

struct QueryScheduler::Job
{
    QueryKey key;
    int priority = 0;
    bool running = false;
    std::stop_source stop;
    std::vector<std::pair<Ticket, Callback>> waiters;

    /// Everything a run needs; the scheduler may be gone while it is under way.
    static QCoro::Task<void> run(QPointer<QueryScheduler> scheduler, std::shared_ptr<StackConnection> stack,
                                 std::shared_ptr<Job> job, CachePlan plan);
    static QCoro::Task<Result<QueryAnswer>> fetch(std::shared_ptr<StackConnection> stack, std::shared_ptr<Job> job,
                                                  qint64 fromMs);
    static QCoro::Task<SharedResult> merge(SharedResult held, SharedResult tail, qint64 fetchedFromMs, QueryKey key);
};

QCoro::Task<Result<QueryAnswer>> QueryScheduler::Job::fetch(std::shared_ptr<StackConnection> stack,
                                                            std::shared_ptr<Job> job, qint64 fromMs)
{
    const QueryKey& key = job->key;
    if (key.instant)
        return stack->prometheus().queryInstant(key.expr, key.endMs, job->priority, job->stop.get_token());
    return stack->prometheus().queryRange(key.expr, fromMs, key.endMs, key.stepMs, job->priority, job->stop.get_token());
}

QCoro::Task<SharedResult> QueryScheduler::Job::merge(SharedResult held, SharedResult tail, qint64 fetchedFromMs, QueryKey key)
{
    const auto merged = std::make_shared<SharedResult>();
    QFuture<void> work = QtConcurrent::run([merged, held, tail, fetchedFromMs, key] {
        *merged = mergeTail(held, *tail, fetchedFromMs, key.startMs, key.endMs);
    });
    co_await work;
    co_return *merged;
}

QCoro::Task<void> QueryScheduler::Job::run(QPointer<QueryScheduler> scheduler, std::shared_ptr<StackConnection> stack,
                                           std::shared_ptr<Job> job, CachePlan plan)
{
    QueryOutcome outcome;
    SharedResult tail;
    if (plan.isComplete(job->key)) {
        tail = std::make_shared<const QueryResult>();
        outcome.fromCache = true;
    } else {
        const qint64 from = plan.held ? plan.fetchFromMs : job->key.startMs;
        Result<QueryAnswer> answer = co_await fetch(stack, job, from);
        if (answer) {
            tail = std::make_shared<const QueryResult>(std::move(answer->result));
            outcome.seconds = answer->seconds;
            outcome.bytes = answer->bytes;
            outcome.tailOnly = plan.held != nullptr;
        } else {
            outcome.error = answer.error();
        }
    }
    if (tail && plan.held) {
        outcome.result = co_await merge(plan.held, tail, plan.fetchFromMs, job->key);
        if (!outcome.result) {
            Result<QueryAnswer> answer = co_await fetch(stack, job, job->key.startMs);
            outcome.fromCache = outcome.tailOnly = false;
            if (answer) {
                outcome.result = std::make_shared<const QueryResult>(std::move(answer->result));
                outcome.seconds += answer->seconds;
                outcome.bytes += answer->bytes;
            } else {
                outcome.error = answer.error();
            }
        }
    } else if (tail) {
        outcome.result = tail;
    }
    if (scheduler)
        scheduler->finish(job, std::move(outcome));
}

QueryScheduler::QueryScheduler(std::shared_ptr<StackConnection> stack, QObject* parent, const Clock& clock, int maxRunning)
    : QObject(parent)
    , m_stack(std::move(stack))
    , m_clock(clock)
    , m_maxRunning(maxRunning)
{
}

QueryScheduler::~QueryScheduler()
{
    for (const auto& job : std::as_const(m_jobs))
        job->stop.request_stop();
}

QueryScheduler::Ticket QueryScheduler::submit(const QueryKey& key, int priority, Callback done)
{
    std::shared_ptr<Job>& job = m_jobs[key];
    if (!job) {
        job = std::make_shared<Job>();
        job->key = key;
        job->priority = priority;
        m_queue.push_back(job);
    }
    job->priority = std::max(job->priority, priority);
    const Ticket ticket = ++m_lastTicket;
    job->waiters.emplace_back(ticket, std::move(done));
    m_tickets.insert(ticket, job);
    if (!m_pumpPosted) {
        // Through the event loop: everything that is submitted together is ordered together.
        m_pumpPosted = true;
        QMetaObject::invokeMethod(
            this, [this] { m_pumpPosted = false; pump(); }, Qt::QueuedConnection);
    }
    return ticket;
}

void QueryScheduler::cancel(Ticket ticket)
{
    const std::shared_ptr<Job> job = m_tickets.take(ticket);
    if (!job)
        return;
    std::erase_if(job->waiters, [ticket](const auto& waiter) { return waiter.first == ticket; });
    if (job->waiters.empty())
        drop(job);
}

void QueryScheduler::cancelAll()
{
    const QList<Ticket> tickets = m_tickets.keys();
    for (const Ticket ticket : tickets)
        cancel(ticket);
}

void QueryScheduler::drop(const std::shared_ptr<Job>& job)
{
    // A new equal query starts afresh: the stopped one's answer will be an error.
    if (m_jobs.value(job->key) == job)
        m_jobs.remove(job->key);
    std::erase(m_queue, job);
    job->stop.request_stop();
}

void QueryScheduler::pump()
{
    while (m_running < m_maxRunning && !m_queue.empty()) {
        const auto next = std::max_element(m_queue.begin(), m_queue.end(),
                                           [](const auto& a, const auto& b) { return a->priority < b->priority; });
        const std::shared_ptr<Job> job = *next;
        m_queue.erase(next);
        job->running = true;
        ++m_running;
        Job::run(this, m_stack, job, m_cache.plan(job->key));
    }
}

void QueryScheduler::finish(const std::shared_ptr<Job>& job, QueryOutcome outcome)
{
    --m_running;
    if (m_jobs.value(job->key) == job)
        m_jobs.remove(job->key);
    if (outcome.result && !outcome.fromCache)
        m_cache.store(job->key, outcome.result, m_clock.nowMs());
    const auto waiters = std::exchange(job->waiters, {});
    for (const auto& [ticket, done] : waiters)
        m_tickets.remove(ticket);
    const QPointer<QueryScheduler> alive(this);
    for (const auto& [ticket, done] : waiters) {
        done(outcome);
        if (!alive)
            return;
    }
    pump();
}

} // namespace Promdeck
