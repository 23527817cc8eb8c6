#pragma once

namespace Promdeck {

class Workbench;

/// Gives a workbench its views: routes, back test, expression tree, relabelling, scraping, templates, and the forms.
void addWorkbenchViews(Workbench* workbench);

} // namespace Promdeck
