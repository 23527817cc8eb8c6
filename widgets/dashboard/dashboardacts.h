#pragma once

#include <QString>

namespace Promdeck {

class DashboardPage;

/// What keys do with the panels of a page, beyond what its tools and its editing do. Edits are steps of the history;
/// what cannot be done is said above the panels.
namespace DashboardActs {

/// Shows or hides the legend of a panel, or of all.
void toggleLegend(DashboardPage* page, const QString& key);
void toggleLegends(DashboardPage* page);
/// Asks for exemplars in all time series, or in none.
void toggleExemplars(DashboardPage* page);
/// A panel as JSON through the clipboard.
void copyPanel(DashboardPage* page, const QString& key);
void pastePanel(DashboardPage* page);
/// The command line that shows this panel (and the dashboard's page in Grafana, where the stack has one).
void copyLink(DashboardPage* page, const QString& key);
/// The cursor of the next kind: alone, as a line in all plots, with their values.
void cycleSharedCursor(DashboardPage* page);
/// Holds the crosshair where it is, or lets it go.
void togglePin(DashboardPage* page);
/// The current panel's data as a table, or its chart again.
void toggleTable(DashboardPage* page);
void toggleLock(DashboardPage* page);
void showSettings(DashboardPage* page);

} // namespace DashboardActs

} // namespace Promdeck
