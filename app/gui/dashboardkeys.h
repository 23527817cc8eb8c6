#pragma once

#include <functional>

namespace Promdeck {

class Commands;
class DashboardPage;

/// The keys that do something with a dashboard. `page` says with which: that of the window, or one in a dock.
void addDashboardKeys(Commands* commands, const std::function<DashboardPage*()>& page);

} // namespace Promdeck
