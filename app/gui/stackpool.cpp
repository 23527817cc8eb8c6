#include "app/gui/stackpool.h"

#include "models/stack/stackopener.h"

#include <QCoroTask>

using namespace Qt::StringLiterals;

namespace Promdeck {

StackPool::StackPool(const Services& services, QObject* parent) : QObject(parent), m_services(services) {}

StackDirectory StackPool::directory()
{
    StackDirectory directory;
    directory.names = [this] {
        QStringList names;
        for (const StackProfile& profile : m_services.stacks->stacks())
            names << profile.name;
        return names;
    };
    directory.find = [this](const QString& name, const DashboardSession::StackFound& found) { find(name, found); };
    return directory;
}

void StackPool::find(const QString& name, const DashboardSession::StackFound& found)
{
    const std::optional<StackProfile> profile = m_services.stacks->find(name);
    if (!profile) {
        found(makeError(ErrorCode::NotFound, u"No stack has this name"_s, name, u"Save it under “Manage stacks”"_s));
        return;
    }
    if (std::shared_ptr<StackConnection> open = m_open.value(name).lock(); open && open->profile() == *profile) {
        found(open);
        return;
    }
    QCoro::connect(openStack(*profile, m_services.secrets, {}), this,
                   [this, name, found](const Result<std::shared_ptr<StackConnection>>& stack) {
                       if (stack.ok())
                           m_open.insert(name, *stack);
                       found(stack);
                   });
}

} // namespace Promdeck
