#include "widgets/workbench/workbenchviews.h"

#include "widgets/workbench/addforms.h"
#include "widgets/workbench/backtestview.h"
#include "widgets/workbench/expressionview.h"
#include "widgets/workbench/relabelview.h"
#include "widgets/workbench/routeview.h"
#include "widgets/workbench/rulelibrary.h"
#include "widgets/workbench/ruletests.h"
#include "widgets/workbench/templateview.h"
#include "widgets/workbench/workbench.h"

#include <QAction>
#include <QMenu>

using namespace Qt::StringLiterals;

namespace Promdeck {

void addWorkbenchViews(Workbench* workbench)
{
    workbench->addTool(u"configRoutes"_s, Workbench::tr("Routes"), u"link"_s, [](QWidget* parent) { return new RouteView(parent); });
    workbench->addTool(u"configBacktest"_s, Workbench::tr("Back test"), u"clock"_s, [](QWidget* parent) { return new BacktestView(parent); });
    workbench->addTool(u"configExpression"_s, Workbench::tr("Expression tree"), u"menu"_s, [](QWidget* parent) { return new ExpressionView(parent); });
    workbench->addTool(u"configRelabel"_s, Workbench::tr("Relabelling"), u"filter"_s, [](QWidget* parent) { return new RelabelView(parent); });
    workbench->addTool(u"configScrape"_s, Workbench::tr("Scrape"), u"server"_s, [](QWidget* parent) { return new ScrapeView(parent); });
    workbench->addTool(u"configTemplates"_s, Workbench::tr("Templates"), u"pencil"_s, [](QWidget* parent) { return new TemplateView(parent); });
    for (const AddForm& form : commonForms()) {
        QAction* add = workbench->addCommand(form.name, Workbench::tr("Add: %1").arg(form.title), {}, [workbench, form] { (new AddDialog(form, workbench))->open(); });
        if (form.name == u"addAlertThreshold")
            workbench->addMenu()->addSeparator();
        workbench->addMenu()->addAction(add);
    }
    QAction* library = workbench->addCommand(u"addFromLibrary"_s, Workbench::tr("Add: rules from the library"), {QKeySequence(u"Ctrl+Shift+A"_s)}, [workbench] { chooseLibraryRule(workbench); });
    workbench->addMenu()->addSeparator();
    workbench->addMenu()->addAction(library);
    new RuleTests(workbench);
}

} // namespace Promdeck
