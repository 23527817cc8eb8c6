#include "widgets/workbench/workbenchviews.h"

#include "widgets/workbench/backtestview.h"
#include "widgets/workbench/expressionview.h"
#include "widgets/workbench/relabelview.h"
#include "widgets/workbench/routeview.h"
#include "widgets/workbench/workbench.h"

using namespace Qt::StringLiterals;

namespace Promdeck {

void addWorkbenchViews(Workbench* workbench)
{
    workbench->addTool(u"configRoutes"_s, Workbench::tr("Routes"), u"link"_s, [](QWidget* parent) { return new RouteView(parent); });
    workbench->addTool(u"configBacktest"_s, Workbench::tr("Back test"), u"clock"_s, [](QWidget* parent) { return new BacktestView(parent); });
    workbench->addTool(u"configExpression"_s, Workbench::tr("Expression tree"), u"menu"_s, [](QWidget* parent) { return new ExpressionView(parent); });
    workbench->addTool(u"configRelabel"_s, Workbench::tr("Relabelling"), u"filter"_s, [](QWidget* parent) { return new RelabelView(parent); });
    workbench->addTool(u"configScrape"_s, Workbench::tr("Scrape"), u"server"_s, [](QWidget* parent) { return new ScrapeView(parent); });
}

} // namespace Promdeck
