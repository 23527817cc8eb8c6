#pragma once

#include <QString>

namespace Promdeck {

class DashboardPage;

/// Brings a panel of the page's dashboard into view as soon as there is one, opening the row it is in. By its id in
/// the file, or, of files without ids (0), by its title. Nothing happens when the dashboard has no such panel.
void revealPanel(DashboardPage* page, int panelId, const QString& title);

} // namespace Promdeck
