#include "models/query/dashboardsessionparts.h"

/// Other stacks, where somebody chose them for references that name no known data source.
namespace Promdeck {

QueryScheduler& DashboardSession::Private::schedulerOf(const PlannedQuery& query)
{
    const auto other = otherStacks.constFind(query.stack);
    return other == otherStacks.constEnd() ? scheduler : *other->scheduler;
}

OtherQueries& DashboardSession::Private::othersOf(const PlannedQuery& query)
{
    const auto other = otherStacks.constFind(query.stack);
    return other == otherStacks.constEnd() ? others : *other->others;
}

void DashboardSession::Private::cancel(const std::vector<Ticket>& tickets)
{
    for (const Ticket& ticket : tickets)
        ticket.scheduler->cancel(ticket.number);
}

void DashboardSession::setChosenSources(const QHash<QString, ChosenSource>& sources,
                                        const QHash<QString, std::shared_ptr<StackConnection>>& stacks)
{
    // Tickets know their scheduler: nothing may run on one that goes.
    for (const auto& run : std::as_const(d->runs))
        d->stop(*run);
    d->otherStacks.clear();
    for (auto it = stacks.begin(); it != stacks.end(); ++it) {
        d->otherStacks.insert(it.key(), {it.value(), std::make_shared<QueryScheduler>(it.value(), nullptr, d->clock),
                                         std::make_shared<OtherQueries>(it.value())});
    }
    d->chosenSources = sources;
    d->markAllStale();
    if (d->started)
        d->askVisible();
}

QHash<QString, ChosenSource> DashboardSession::chosenSources() const
{
    return d->chosenSources;
}

} // namespace Promdeck
