#include "app/gui/stacklauncher.h"

#include "models/core/clock.h"
#include "models/stack/discovery.h"
#include "models/stack/stackopener.h"

#include <QCoroTask>

#include <utility>

using namespace Qt::StringLiterals;

namespace Promdeck {

namespace {

constexpr std::chrono::seconds kProbeLimit {3};

QStringList boardsFrom(const QueryAnswer& answer)
{
    QStringList jobs;
    QStringList metrics;
    for (const SeriesData& series : answer.result.series) {
        jobs << series.labels.value(u"job"_s);
        metrics << series.labels.value(u"__name__"_s);
    }
    return metrics.isEmpty() ? QStringList() : suggestBoards(jobs, metrics);
}

} // namespace

struct StackLauncher::Attempt
{
    quint64 turn = 0;
    int waiting = 0;
    Opened opened;
    std::function<void(Result<Opened>)> done;
};

StackLauncher::StackLauncher(std::shared_ptr<SecretStore> secrets, QObject* parent)
    : QObject(parent), m_secrets(std::move(secrets))
{
}

StackLauncher::~StackLauncher()
{
    m_stop.request_stop();
}

void StackLauncher::open(const StackProfile& profile, std::function<void(Result<Opened>)> done, Haste haste)
{
    m_stop.request_stop();
    m_stop = std::stop_source();
    auto attempt = std::make_shared<Attempt>();
    attempt->turn = ++m_turn;
    attempt->done = std::move(done);
    QCoro::connect(openStack(profile, m_secrets, m_stop.get_token()), this,
                   [this, attempt, haste](const Result<std::shared_ptr<StackConnection>>& stack) {
                       if (attempt->turn != m_turn)
                           return;
                       if (!stack.ok()) {
                           attempt->done(stack.error());
                           return;
                       }
                       attempt->opened.stack = *stack;
                       ask(attempt);
                       if (haste == Haste::AtOnce)
                           std::exchange(attempt->done, nullptr)(attempt->opened);
                   });
}

void StackLauncher::ask(const std::shared_ptr<Attempt>& attempt)
{
    // Both at once: the window waits for the slower one only, and for neither longer than the limit.
    attempt->waiting = 2;
    StackConnection& stack = *attempt->opened.stack;
    QCoro::connect(probe(stack.profile().prometheus, stack.httpOptions(), kProbeLimit, m_stop.get_token()), this,
                   [this, attempt](const ProbeReport& report) {
                       if (report.scrapeIntervalMs)
                           attempt->opened.stack->setServerScrapeIntervalMs(*report.scrapeIntervalMs);
                       if (!report.usable())
                           attempt->opened.problem = report.error;
                       finish(attempt);
                   });
    QCoro::connect(stack.prometheus().queryInstant(boardEvidenceQuery(), Clock::system().nowMs(), 10, m_stop.get_token()), this,
                   [this, attempt](const Result<QueryAnswer>& answer) {
                       if (answer.ok())
                           attempt->opened.boards = boardsFrom(*answer);
                       finish(attempt);
                   });
}

void StackLauncher::finish(const std::shared_ptr<Attempt>& attempt)
{
    if (--attempt->waiting > 0 || attempt->turn != m_turn)
        return;
    if (attempt->done)
        attempt->done(std::move(attempt->opened));
}

} // namespace Promdeck
