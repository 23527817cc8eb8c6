#include "app/gui/dashboardkeys.h"

#include "app/gui/commands.h"
#include "widgets/dashboard/dashboardacts.h"
#include "widgets/dashboard/dashboardpage.h"
#include "widgets/dashboard/dashboardtools.h"
#include "widgets/dashboard/dashboardview.h"
#include "widgets/panels/panelwidget.h"

#include <QCoreApplication>

using namespace Qt::StringLiterals;

namespace Promdeck {

namespace {

QString tr(const char* text)
{
    return QCoreApplication::translate("Promdeck::DashboardKeys", text);
}

QKeySequence after(Qt::Key first, QKeyCombination second)
{
    return QKeySequence(first, second);
}

} // namespace

void addDashboardKeys(Commands* commands, const std::function<DashboardPage*()>& page)
{
    using Run = void (*)(DashboardPage*);
    const auto add = [&](const QString& name, const QString& text, const QList<QKeySequence>& keys, Run run) {
        commands->add(name, text, keys, [page, run] {
            if (DashboardPage* current = page())
                run(current);
        });
    };
    commands->beginGroup(tr("Dashboard"));
    add(u"refreshDashboard"_s, tr("Refresh"), {after(Qt::Key_D, Qt::Key_R), QKeySequence::Refresh}, [](DashboardPage* p) { p->refresh(); });
    add(u"dashboardSettings"_s, tr("Dashboard settings"), {after(Qt::Key_D, Qt::Key_S)}, DashboardActs::showSettings);
    add(u"toggleEditing"_s, tr("Only look, or edit"), {after(Qt::Key_D, Qt::Key_P)}, DashboardActs::toggleLock);
    add(u"toggleControls"_s, tr("Show or hide the controls"), {after(Qt::Key_D, Qt::Key_V)},
        [](DashboardPage* p) { p->setChromeVisible(!p->isChromeVisible()); });
    add(u"expandRows"_s, tr("Expand all rows"), {after(Qt::Key_D, Qt::SHIFT | Qt::Key_E)},
        [](DashboardPage* p) { p->view()->setRowsCollapsed(false); });
    add(u"collapseRows"_s, tr("Collapse all rows"), {after(Qt::Key_D, Qt::SHIFT | Qt::Key_C)},
        [](DashboardPage* p) { p->view()->setRowsCollapsed(true); });
    add(u"toggleLegends"_s, tr("All legends"), {after(Qt::Key_D, Qt::Key_L)}, DashboardActs::toggleLegends);
    add(u"toggleExemplars"_s, tr("Exemplars"), {after(Qt::Key_D, Qt::Key_X)}, DashboardActs::toggleExemplars);
    add(u"sharedCursor"_s, tr("Crosshair: one plot, all plots, with values"), {QKeySequence(u"Ctrl+O"_s)}, DashboardActs::cycleSharedCursor);
    add(u"pinCursor"_s, tr("Hold the crosshair"), {after(Qt::Key_T, Qt::Key_L)}, DashboardActs::togglePin);
    add(u"addPanel"_s, tr("Add panel"), {after(Qt::Key_P, Qt::Key_N)}, [](DashboardPage* p) { p->tools()->addPanel(); });
    add(u"pastePanel"_s, tr("Paste a panel"), {after(Qt::Key_P, Qt::Key_V)}, DashboardActs::pastePanel);
    add(u"browseMetrics"_s, tr("Browse metrics"), {QKeySequence(u"Ctrl+M"_s), after(Qt::Key_G, Qt::Key_E)},
        [](DashboardPage* p) { p->tools()->toggleMetrics(); });
    add(u"savePdf"_s, tr("Save the dashboard as PDF"), {QKeySequence::Print}, [](DashboardPage* p) { p->tools()->askPdf(); });

    commands->beginGroup(tr("Time"));
    add(u"zoomInTime"_s, tr("Zoom in"), {after(Qt::Key_T, Qt::Key_Plus), after(Qt::Key_T, Qt::Key_Equal)}, [](DashboardPage* p) { p->zoomIn(); });
    add(u"zoomOutTime"_s, tr("Zoom out"), {after(Qt::Key_T, Qt::Key_Minus), after(Qt::Key_T, Qt::Key_Z)}, [](DashboardPage* p) { p->zoomOut(); });
    add(u"timeBack"_s, tr("Earlier"), {after(Qt::Key_T, Qt::Key_Left)}, [](DashboardPage* p) { p->shiftTime(-1); });
    add(u"timeForward"_s, tr("Later"), {after(Qt::Key_T, Qt::Key_Right)}, [](DashboardPage* p) { p->shiftTime(1); });
    add(u"timeAbsolute"_s, tr("Make the range absolute"), {after(Qt::Key_T, Qt::Key_A)}, [](DashboardPage* p) { p->makeAbsolute(); });
    add(u"timeCompare"_s, tr("Compare with an earlier time"), {after(Qt::Key_T, Qt::Key_D)}, [](DashboardPage* p) { p->chooseComparison(); });
    add(u"timeCopy"_s, tr("Copy the time range"), {after(Qt::Key_T, Qt::Key_C)}, [](DashboardPage* p) { p->copyTimeRange(); });
    add(u"timePaste"_s, tr("Paste a time range"), {after(Qt::Key_T, Qt::Key_V)}, [](DashboardPage* p) { p->pasteTimeRange(); });
    add(u"timePicker"_s, tr("Time range"), {after(Qt::Key_T, Qt::Key_T)}, [](DashboardPage* p) { p->focusTimePicker(); });

    commands->beginGroup(tr("Panel under the mouse or with the focus"));
    add(u"viewPanel"_s, tr("View panel"), {QKeySequence(Qt::Key_V)}, [](DashboardPage* p) { p->toggleMaximised(); });
    add(u"editPanel"_s, tr("Edit panel"), {QKeySequence(Qt::Key_E)}, [](DashboardPage* p) { p->tools()->edit(p->view()->currentPanel()); });
    add(u"inspectPanel"_s, tr("Inspect panel"), {QKeySequence(Qt::Key_I)}, [](DashboardPage* p) { p->tools()->inspect(p->tools()->currentPanel()); });
    add(u"panelQueries"_s, tr("Queries as sent"), {after(Qt::Key_P, Qt::Key_X)},
        [](DashboardPage* p) { p->tools()->inspect(p->tools()->currentPanel(), InspectorPane::Query); });
    add(u"panelJson"_s, tr("JSON of the panel"), {after(Qt::Key_P, Qt::Key_E)},
        [](DashboardPage* p) { p->tools()->inspect(p->tools()->currentPanel(), InspectorPane::JsonTab); });
    add(u"panelTable"_s, tr("Show as a table"), {after(Qt::Key_P, Qt::Key_T)}, DashboardActs::toggleTable);
    add(u"panelLegend"_s, tr("Legend"), {after(Qt::Key_P, Qt::Key_L)},
        [](DashboardPage* p) { DashboardActs::toggleLegend(p, p->view()->currentPanel()); });
    add(u"copyPanel"_s, tr("Copy the panel"), {after(Qt::Key_P, Qt::Key_C)},
        [](DashboardPage* p) { DashboardActs::copyPanel(p, p->view()->currentPanel()); });
    add(u"panelLink"_s, tr("Copy a link to the panel"), {after(Qt::Key_P, Qt::Key_U)},
        [](DashboardPage* p) { DashboardActs::copyLink(p, p->view()->currentPanel()); });
    add(u"panelPicture"_s, tr("Save a picture of the panel"), {after(Qt::Key_P, Qt::Key_S)},
        [](DashboardPage* p) { p->tools()->request(p->view()->currentPanel(), PanelRequest::SavePng); });
}

} // namespace Promdeck
