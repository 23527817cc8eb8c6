#include "app/gui/dashboarddock.h"

#include "app/gui/dashboardlibrary.h"
#include "app/gui/linkfollower.h"
#include "app/gui/panelreveal.h"
#include "app/gui/sourcedesk.h"
#include "app/gui/stacklauncher.h"
#include "models/stack/stackconnection.h"
#include "widgets/common/errortext.h"
#include "widgets/common/icons.h"
#include "widgets/common/prompt.h"
#include "widgets/dashboard/dashboardchooser.h"
#include "widgets/dashboard/dashboardediting.h"
#include "widgets/dashboard/dashboardpage.h"
#include "widgets/dashboard/dashboardsaving.h"
#include "widgets/dashboard/docktitle.h"

#include <QCloseEvent>
#include <QMenu>
#include <QToolButton>

using namespace Qt::StringLiterals;

namespace Promdeck {

namespace {

constexpr QSize kSmallest {320, 240};

QPoint below(const QWidget* page, const QString& button)
{
    const auto* found = page->findChild<QToolButton*>(button);
    return found ? found->mapToGlobal(QPoint(0, found->height() + 2)) : page->mapToGlobal(QPoint(40, 40));
}

} // namespace

DashboardDock::DashboardDock(const Services& services, DashboardLibrary* library, QWidget* parent)
    : QDockWidget(parent)
    , m_services(services)
    , m_library(library)
    , m_launcher(new StackLauncher(services.secrets, this))
    , m_page(new DashboardPage(this))
    , m_title(new DockTitle(this, tr("Close")))
{
    setTitleBarWidget(m_title);
    m_page->setMinimumSize(kSmallest);
    setWidget(m_page);
    connect(m_page, &DashboardPage::titleChanged, this, [this](const QString& title) {
        setWindowTitle(title);
        const QString stack = profile().name;
        m_title->setText(stack.isEmpty() ? title : title + u" – "_s + stack);
    });
    connect(m_page, &DashboardPage::dashboardChooserRequested, this, &DashboardDock::showChooser);
    connect(m_page, &DashboardPage::stackChooserRequested, this, &DashboardDock::showStacks);
    connect(m_page, &DashboardPage::menuRequested, this, &DashboardDock::showMenu);
    new LinkFollower(library, m_page, [this] { return profile(); },
                     [this](const QString& reference, const DashboardVisit& visit) { open(reference, m_stack, visit); });
    new SourceDesk(m_page, services);
    connect(m_page->saving(), &DashboardSaving::referenceChanged, this, [this](const QString& path) { m_reference = path; });
}

DashboardDock::~DashboardDock() = default;

StackProfile DashboardDock::profile() const
{
    return m_stack ? m_stack->profile() : StackProfile();
}

void DashboardDock::open(const QString& reference, std::shared_ptr<StackConnection> stack, const DashboardVisit& visit)
{
    m_stack = std::move(stack);
    m_page->saving()->leave([this, reference, visit] {
        m_reference = reference;
        m_visit = visit;
        load();
    });
}

void DashboardDock::open(const QString& reference, const StackProfile& profile)
{
    m_launcher->open(
        profile,
        [this, reference](const Result<StackLauncher::Opened>& opened) {
            if (!opened.ok())
                m_page->showNotice(errorText(opened.error()), true);
            else
                open(reference, opened->stack);
        },
        StackLauncher::Haste::AtOnce);
}

void DashboardDock::load()
{
    m_library->load(m_reference, this, [this, reference = m_reference](const Result<OpenedDashboard>& opened) {
        if (reference != m_reference)
            return;
        if (!opened.ok()) {
            m_page->showNotice(errorText(opened.error()), true);
            return;
        }
        DashboardPage::Start start = std::exchange(m_start, {});
        if (start.timeZone.isEmpty())
            start.timeZone = m_services.settings->text(Settings::Key::TimeZone);
        const DashboardVisit visit = std::exchange(m_visit, {});
        // What a link asks for goes before what was there at the last start.
        if (visit.range)
            start.range = visit.range;
        if (!visit.variables.isEmpty())
            start.variables = visit.variables;
        m_page->open(*opened, m_stack, start);
        if (visit.panelId > 0)
            revealPanel(m_page, visit.panelId, visit.panelTitle);
    });
}

void DashboardDock::showChooser()
{
    auto* chooser = new DashboardChooser(m_library->entries(), this);
    connect(chooser, &DashboardChooser::chosen, this, [this](const QString& reference) { open(reference, m_stack); });
    connect(chooser, &DashboardChooser::openFileRequested, this, [this] {
        Prompt::openFile(this, tr("Open a dashboard"), tr("Dashboards (*.json);;All files (*)"),
                         [this](const QString& path) { open(path, m_stack); });
    });
    chooser->popup(below(m_page, u"dashboardChooser"_s));
}

void DashboardDock::showStacks()
{
    auto* menu = new QMenu(this);
    menu->setObjectName(u"dockStackMenu"_s);
    menu->setAttribute(Qt::WA_DeleteOnClose);
    for (const StackProfile& profile : m_services.stacks->stacks())
        menu->addAction(themeIcon(u"server"_s), profile.name, this, [this, profile] { open(m_reference, profile); });
    if (menu->isEmpty())
        menu->addAction(tr("No stack has been saved yet"))->setEnabled(false);
    menu->popup(below(m_page, u"stackChooser"_s));
}

void DashboardDock::showMenu()
{
    m_title->popupMenu(below(m_page, u"mainMenu"_s));
}

void DashboardDock::closeEvent(QCloseEvent* event)
{
    if (!m_mayClose && !m_page->saving()->isClean()) {
        event->ignore();
        m_page->saving()->leave([this] {
            m_mayClose = true;
            close();
        });
        return;
    }
    event->accept();
    Q_EMIT closed();
    deleteLater();
}

} // namespace Promdeck
