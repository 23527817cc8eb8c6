#include "app/gui/panelreveal.h"

#include "widgets/dashboard/dashboardpage.h"
#include "widgets/dashboard/dashboardview.h"

#include <algorithm>

namespace Promdeck {

namespace {

bool isMeant(const PanelSpec& panel, int id, const QString& title)
{
    if (panel.isRow())
        return false;
    return id > 0 ? panel.id == id || panel.repeatSourceId == id : panel.title == title;
}

/// Opens the closed row that has the panel; false when none does.
bool openRow(DashboardSession* session, int id, const QString& title)
{
    for (const PanelSpec& row : session->dashboard().panels) {
        if (std::ranges::none_of(row.children, [&](const PanelSpec& child) { return isMeant(child, id, title); }))
            continue;
        for (const PlacedPanel& placed : session->panels()) {
            if (placed.panel.isRow() && (placed.panel.id == row.id || placed.panel.repeatSourceId == row.id)) {
                session->toggleRow(QString(placed.key)); // the list it is from goes
                return true;
            }
        }
    }
    return false;
}

bool scrollTo(DashboardPage* page, int id, const QString& title)
{
    for (const PlacedPanel& placed : page->session()->panels()) {
        if (isMeant(placed.panel, id, title)) {
            page->view()->focusPanel(placed.key);
            return true;
        }
    }
    return false;
}

} // namespace

void revealPanel(DashboardPage* page, int panelId, const QString& title)
{
    DashboardSession* session = page->session();
    if (!session)
        return;
    const auto reveal = [page, session, panelId, title] {
        if (page->session() != session)
            return;
        if (!scrollTo(page, panelId, title) && openRow(session, panelId, title))
            scrollTo(page, panelId, title);
    };
    // Panels exist once the variables have values; the view has its places after the same signal.
    if (!session->panels().empty())
        QMetaObject::invokeMethod(page, reveal, Qt::QueuedConnection);
    else
        QObject::connect(session, &DashboardSession::layoutChanged, page, reveal,
                         Qt::ConnectionType(Qt::QueuedConnection | Qt::SingleShotConnection));
}

} // namespace Promdeck
