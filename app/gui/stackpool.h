#pragma once

#include "app/gui/services.h"
#include "widgets/dashboard/dashboardfanout.h"

#include <QHash>
#include <QObject>

#include <memory>

namespace Promdeck {

/// The saved stacks as pages find them by name. What is open is shared as long as somebody holds it.
class StackPool final : public QObject
{
    Q_OBJECT
public:
    StackPool(const Services& services, QObject* parent);
    [[nodiscard]] StackDirectory directory();

private:
    void find(const QString& name, const DashboardSession::StackFound& found);

    Services m_services;
    QHash<QString, std::weak_ptr<StackConnection>> m_open;
};

} // namespace Promdeck
