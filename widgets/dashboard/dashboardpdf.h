#pragma once

#include "models/query/dashboardsession.h"

#include <functional>

namespace Promdeck {

/// Prints a whole dashboard: the same stack, range and variables as the session shows, on A4 pages across, broken
/// between panels. Queries anew, for the panels out of view, and draws while the event loop runs; `done` is not called
/// when the context is gone. Errors: Io (target = path).
void saveDashboardPdf(QObject* context, const DashboardSession& session, const QString& path,
                      std::function<void(const Status&)> done);

/// Where pages end: a page takes what fits whole into `pageHeight` from its top on; an item that is taller has a page
/// of its own. Items are (top, bottom) in any order, heights in px. Returns the tops of the pages, ascending.
[[nodiscard]] std::vector<int> pageTops(const std::vector<std::pair<int, int>>& items, int pageHeight);

} // namespace Promdeck
