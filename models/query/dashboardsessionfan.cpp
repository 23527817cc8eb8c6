#include "models/query/dashboardsessionparts.h"

#include <algorithm>

namespace Promdeck {

using namespace Qt::StringLiterals;

void DashboardSession::setStackFinder(std::function<void(const QString& name, StackFound found)> finder)
{
    d->findStack = std::move(finder);
}

/// Those that are open, or cannot be opened; others follow.
QStringList DashboardSession::Private::wantedStacks(const PanelSpec& panel) const
{
    QStringList names;
    const QString own = stack->profile().name;
    for (const QString& name : fanOutOf(dashboard, panel).stacks) {
        const auto known = remotes.find(name);
        if (name != own && known != remotes.end() && (known->second->stack || known->second->error))
            names << name;
    }
    return names;
}

void DashboardSession::Private::openRemotes(const QStringList& names)
{
    for (const QString& name : names) {
        if (name == stack->profile().name || remotes.contains(name))
            continue;
        auto remote = std::make_shared<Remote>();
        remotes.emplace(name, remote);
        const auto settle = [this, remote](const Result<std::shared_ptr<StackConnection>>& found) {
            if (found.ok()) {
                remote->stack = *found;
                remote->scheduler = std::make_unique<QueryScheduler>(*found, nullptr, clock);
            } else {
                remote->error = found.error();
            }
            askVisible(); // plans differ now
        };
        if (!findStack) {
            remote->error = makeError(ErrorCode::NotFound, u"There is no stack of this name"_s, name);
            continue;
        }
        findStack(name, [session = QPointer<DashboardSession>(q), settle](const Result<std::shared_ptr<StackConnection>>& found) {
            if (session)
                settle(found);
        });
    }
}

void DashboardSession::Private::submitFan(const QString& key, Run& run, quint64 generation)
{
    const std::size_t queries = run.plan.queries.size();
    run.fanOutcomes.assign(std::size_t(run.plan.fanOut.size()) * queries, {});
    for (qsizetype s = 0; s < run.plan.fanOut.size(); ++s) {
        const std::shared_ptr<Remote> remote = remotes[run.plan.fanOut.at(s)];
        for (std::size_t i = 0; i < queries; ++i) {
            const PlannedQuery& query = run.plan.queries[i];
            const std::size_t place = std::size_t(s) * queries + i;
            if (query.error || query.kind != PlannedQuery::Kind::PromQl)
                continue;
            if (!remote->scheduler) {
                run.fanOutcomes[place].error = remote->error;
                continue;
            }
            ++run.missing;
            const QueryKey wanted {query.expr, query.instant, query.startMs, query.endMs, query.instant ? 0 : query.stepMs};
            const QueryScheduler::Ticket ticket = remote->scheduler->submit(
                wanted, 0, [this, key, generation, place](const QueryOutcome& outcome) { takeFan(key, generation, place, outcome); });
            run.fanTickets.emplace_back(remote->scheduler.get(), ticket);
        }
    }
}

void DashboardSession::Private::takeFan(const QString& key, quint64 generation, std::size_t place, const QueryOutcome& outcome)
{
    const std::shared_ptr<Run> run = runs.value(key);
    if (!run || run->generation != generation)
        return;
    run->fanOutcomes[place] = outcome;
    if (--run->missing > 0)
        return;
    run->tickets.clear();
    run->fanTickets.clear();
    process(key, *run);
}

void DashboardSession::Private::addFan(const PanelSpec& panel, Run& run, ProcessRequest& request) const
{
    const std::size_t queries = run.plan.queries.size();
    request.ownStack = stack->profile().name;
    request.fanByColor = fanOutOf(dashboard, panel).byColor;
    for (qsizetype s = 0; s < run.plan.fanOut.size(); ++s) {
        ProcessRequest::FanAnswer fan;
        fan.stack = run.plan.fanOut.at(s);
        for (std::size_t i = 0; i < queries; ++i) {
            const std::size_t place = std::size_t(s) * queries + i;
            if (place >= run.fanOutcomes.size())
                break;
            const QueryOutcome& outcome = run.fanOutcomes[place];
            fan.answers.push_back({run.plan.queries[i], outcome.result, nullptr});
            if (outcome.error && !fan.error)
                fan.error = outcome.error;
        }
        request.fan.push_back(std::move(fan));
    }
    run.fanOutcomes.clear();
}

void DashboardSession::Private::cancelFan(const std::vector<std::pair<QueryScheduler*, QueryScheduler::Ticket>>& tickets)
{
    for (const auto& [remote, ticket] : tickets)
        remote->cancel(ticket);
}

bool DashboardSession::Private::sameFan(const ProcessRequest& a, const ProcessRequest& b)
{
    using Fan = ProcessRequest::FanAnswer;
    return a.fanByColor == b.fanByColor
        && std::equal(a.fan.begin(), a.fan.end(), b.fan.begin(), b.fan.end(), [](const Fan& one, const Fan& other) {
               return one.stack == other.stack && one.error.has_value() == other.error.has_value()
                   && std::equal(one.answers.begin(), one.answers.end(), other.answers.begin(), other.answers.end(),
                                 [](const AnsweredQuery& x, const AnsweredQuery& y) { return x.result == y.result; });
           });
}

} // namespace Promdeck
