#include "app/gui/linkfollower.h"

#include "app/gui/dashboardlibrary.h"
#include "app/gui/panelreveal.h"
#include "models/library/dashboardcatalogue.h"
#include "models/library/dashboardlinks.h"
#include "widgets/common/icons.h"
#include "widgets/common/plaintip.h"
#include "widgets/common/prompt.h"
#include "widgets/dashboard/dashboardpage.h"
#include "widgets/dashboard/dashboardsaving.h"
#include "widgets/library/librarytext.h"

#include <QCursor>
#include <QMenu>
#include <QToolButton>

#include <algorithm>

using namespace Qt::StringLiterals;

namespace Promdeck {

LinkFollower::LinkFollower(DashboardLibrary* library, DashboardPage* page, std::function<StackProfile()> profile, Open open)
    : QObject(page), m_library(library), m_page(page), m_profile(std::move(profile)), m_open(std::move(open))
{
    connect(page, &DashboardPage::linkActivated, this, &LinkFollower::follow);
    connect(page, &DashboardPage::linkChosen, this, &LinkFollower::choose);
}

/// What the link wants to take along, as Grafana writes it into addresses.
QString LinkFollower::withContext(const QString& url, const LinkSpec& link) const
{
    QStringList more;
    if (link.keepTime)
        more << m_page->session()->interpolate(u"${__url_time_range}"_s);
    if (link.includeVars)
        more << m_page->session()->interpolate(u"${__all_variables}"_s);
    more.removeAll(QString());
    if (more.isEmpty())
        return url;
    return url + (url.contains(u'?') ? u'&' : u'?') + more.join(u'&');
}

void LinkFollower::choose(const LinkSpec& link)
{
    if (!m_page->session())
        return;
    if (link.type == u"dashboards")
        offerTagged(link);
    else
        follow(QUrl(withContext(m_page->session()->interpolate(link.url), link)));
}

void LinkFollower::offerTagged(const LinkSpec& link)
{
    const QString own = m_page->saving()->reference();
    std::vector<LibraryEntryPtr> entries = m_library->catalogue()->index()->withTags(link.tags);
    std::erase_if(entries, [&own](const LibraryEntryPtr& entry) { return entry->reference == own; });
    if (entries.empty()) {
        m_page->showNotice(link.tags.isEmpty() ? tr("The library has no other dashboard. Add a folder of dashboards to it (g l).")
                                               : tr("No other dashboard of the library has the tags %1. Add the folder that has them (g l).")
                                                     .arg(link.tags.join(u", "_s)),
                           false);
        return;
    }
    auto* menu = new QMenu(m_page);
    menu->setObjectName(u"linkedDashboards"_s);
    menu->setAttribute(Qt::WA_DeleteOnClose);
    menu->setToolTipsVisible(true);
    for (const LibraryEntryPtr& entry : entries) {
        QAction* action = menu->addAction(themeIcon(u"grid"_s, IconRole::Secondary), QString(entry->digest.title).replace(u'&', u"&&"_s), this,
                                          [this, link, reference = entry->reference] {
                                              // Read as any address, so that both ways take along the same.
                                              const auto target = dashboardTarget(QUrl(withContext(u"/d/x"_s, link)), {});
                                              m_open(reference, {target->range, target->variables, 0, {}});
                                          });
        action->setToolTip(plainTip(placeText(*entry)));
    }
    const auto* button = m_page->findChild<QToolButton*>(u"link:"_s + link.title);
    menu->popup(button && button->isVisible() ? button->mapToGlobal(QPoint(0, button->height() + 2)) : QCursor::pos());
}

void LinkFollower::follow(const QUrl& url)
{
    if (!openHere(url))
        browse(url);
}

bool LinkFollower::openHere(const QUrl& url)
{
    const std::shared_ptr<const LibraryIndex> index = m_library->catalogue()->index();
    // What the program itself links to: dashboards without a uid are known by their file.
    if (url.scheme() == u"promdeck") {
        const QString reference = QUrl::fromPercentEncoding(url.path(QUrl::FullyEncoded).toLatin1());
        if (index->find(reference))
            m_open(reference, {});
        return true;
    }
    const std::optional<DashboardTarget> target = dashboardTarget(url, m_profile().grafana);
    if (!target)
        return false;
    const DashboardVisit visit {target->range, target->variables, target->panelId, {}};
    const LibraryEntryPtr entry = entryFor(*target, *index);
    const DashboardSession* session = m_page->session();
    const bool own = session && !target->uid.isEmpty() && session->dashboard().uid == target->uid;
    if (own && (!entry || entry->reference == m_page->saving()->reference() || !index->find(m_page->saving()->reference()))) {
        stayHere(visit);
        return true;
    }
    if (!entry)
        return false;
    m_open(entry->reference, visit);
    return true;
}

/// A dashboard that links to itself narrows down what it shows; there is nothing to open.
void LinkFollower::stayHere(const DashboardVisit& visit)
{
    DashboardSession* session = m_page->session();
    for (auto it = visit.variables.begin(); it != visit.variables.end(); ++it) {
        if (std::ranges::any_of(session->variables(), [&](const VariableState& state) { return state.spec.name == it.key(); }))
            session->setVariable(it.key(), it.value());
    }
    if (visit.range)
        session->setTimeRange(*visit.range);
    if (visit.panelId > 0)
        revealPanel(m_page, visit.panelId, {});
}

void LinkFollower::browse(const QUrl& url)
{
    if (!url.isRelative()) {
        Prompt::openUrl(url);
        return;
    }
    // Dashboards name other pages of their Grafana without its address.
    const QUrl grafana = m_profile().grafana;
    if (grafana.isEmpty()) {
        m_page->showNotice(tr("“%1” is a page of Grafana and no dashboard of the library. Give Grafana's address in the stack's settings to "
                              "open such links.")
                               .arg(url.toDisplayString()),
                           false);
        return;
    }
    QUrl page = url;
    page.setScheme(grafana.scheme());
    page.setAuthority(grafana.authority());
    QString path = grafana.path();
    if (!path.endsWith(u'/') && !url.path().startsWith(u'/'))
        path += u'/';
    else if (path.endsWith(u'/') && url.path().startsWith(u'/'))
        path.chop(1);
    page.setPath(path + url.path());
    Prompt::openUrl(page);
}

} // namespace Promdeck
