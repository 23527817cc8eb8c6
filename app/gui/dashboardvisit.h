#pragma once

#include "models/query/timegrammar.h"

#include <QHash>
#include <QStringList>

#include <optional>

namespace Promdeck {

/// How to open a dashboard, and at which of its panels.
struct DashboardVisit
{
    std::optional<RawTimeRange> range;      ///< nothing: the dashboard's own
    QHash<QString, QStringList> variables;
    int panelId = 0;    ///< 0: none
    QString panelTitle; ///< for panels without an id
};

} // namespace Promdeck
