#include "app/gui/mainwindow.h"

#include "app/gui/commands.h"
#include "app/gui/configurationdesk.h"
#include "app/gui/dashboarddock.h"
#include "app/gui/dashboardkeys.h"
#include "app/gui/displaydesk.h"
#include "app/gui/dashboardlibrary.h"
#include "app/gui/dockdesk.h"
#include "app/gui/librarydesk.h"
#include "app/gui/linkfollower.h"
#include "app/gui/panelreveal.h"
#include "app/gui/perspectives.h"
#include "app/gui/sessionkeeper.h"
#include "app/gui/sourcedesk.h"
#include "app/gui/stacklauncher.h"
#include "app/gui/stackpool.h"
#include "app/gui/walldesk.h"
#include "models/core/background.h"
#include "models/stack/stackconnection.h"
#include "widgets/common/errortext.h"
#include "widgets/common/icons.h"
#include "widgets/common/noticebar.h"
#include "widgets/common/prompt.h"
#include "widgets/common/theme.h"
#include "widgets/dashboard/dashboardannotating.h"
#include "widgets/dashboard/dashboardediting.h"
#include "widgets/dashboard/dashboardfanout.h"
#include "widgets/dashboard/dashboardpage.h"
#include "widgets/dashboard/dashboardtools.h"
#include "widgets/dashboard/dashboardsaving.h"
#include "widgets/dashboard/dashboardview.h"
#include "widgets/stack/stackpage.h"
#include "widgets/stack/welcomepage.h"

#include <QAction>
#include <QActionGroup>
#include <QBoxLayout>
#include <QCloseEvent>
#include <QCursor>
#include <QMenu>
#include <QStackedWidget>
#include <QTimer>
#include <QToolButton>

using namespace Qt::StringLiterals;

namespace Promdeck {

namespace {

ThemeMode themeFromSetting(const QString& text)
{
    return text == u"dark" ? ThemeMode::Dark : text == u"light" ? ThemeMode::Light : ThemeMode::System;
}

QString themeSetting(ThemeMode mode)
{
    return mode == ThemeMode::Dark ? u"dark"_s : mode == ThemeMode::Light ? u"light"_s : u"system"_s;
}

} // namespace

MainWindow::MainWindow(const Services& services, QWidget* parent)
    : QMainWindow(parent)
    , m_services(services)
    , m_library(new DashboardLibrary(services.settings, this))
    , m_commands(new Commands(this, m_library, services.stacks, services.settings))
    , m_launcher(new StackLauncher(services.secrets, this))
{
    setObjectName(u"mainWindow"_s);
    setWindowTitle(tr("Promdeck"));
    setWindowIcon(applicationIcon());
    resize(1440, 900);
    setupPages();
    setupActions();
    setupDashboardActions();
    restore();
}

MainWindow::~MainWindow() = default;

void MainWindow::setupPages()
{
    auto* center = new QWidget(this);
    auto* column = new QVBoxLayout(center);
    column->setContentsMargins(0, 0, 0, 0);
    column->setSpacing(0);
    m_notices = new NoticeBar(center);
    m_notices->setObjectName(u"windowNotices"_s);
    m_pages = new QStackedWidget(center);
    column->addWidget(m_notices);
    column->addWidget(m_pages, 1);
    m_welcomePage = new WelcomePage(m_services.stacks, m_services.secrets, m_pages);
    m_dashboardPage = new DashboardPage(m_pages);
    m_pages->addWidget(m_welcomePage);
    m_pages->addWidget(m_dashboardPage);
    setCentralWidget(center);
    m_docks = new DockDesk(this, m_services, m_library, m_dashboardPage);
    connect(m_docks, &DockDesk::dashboardWanted, this, &MainWindow::openDashboard);
    m_session = new SessionKeeper(this, m_services, m_docks, m_dashboardPage);
    connect(m_docks, &DockDesk::dashboardDockMade, this, [this](DashboardDock* dock) {
        dock->setStart(m_session->takeStart(dock->objectName()));
        m_session->watch(dock->page(), dock->objectName());
        m_commands->watch(dock->page());
        dock->page()->fanOut()->setDirectory(m_pool->directory());
    });
    m_pool = new StackPool(m_services, this);
    m_dashboardPage->fanOut()->setDirectory(m_pool->directory());
    m_display = new DisplayDesk(this, m_services.settings);
    m_wall = new WallDesk(this, m_dashboardPage, m_library, m_services.settings);
    connect(m_wall, &WallDesk::dashboardWanted, this, &MainWindow::openDashboard);
    m_perspectives = new Perspectives(this, m_docks, m_services.settings, m_notices);
    m_configuration = new ConfigurationDesk(this, m_services);
    m_libraryDesk = new LibraryDesk(m_library, m_services, m_pages);
    connect(m_libraryDesk, &LibraryDesk::openRequested, this,
            [this](const QString& reference, int panelId, const QString& title) { openAt(reference, {{}, {}, panelId, title}); });
    connect(m_libraryDesk, &LibraryDesk::besideRequested, this, [this](const QString& reference) {
        if (!m_stack) {
            openDashboard(reference);
            return;
        }
        m_pages->setCurrentWidget(m_dashboardPage);
        m_docks->openBeside(reference, m_stack);
    });
    connect(m_libraryDesk, &LibraryDesk::manageStacksRequested, this, &MainWindow::showStacks);
    connect(m_libraryDesk, &LibraryDesk::closed, this, [this] {
        if (m_dashboardPage->session())
            m_pages->setCurrentWidget(m_dashboardPage);
        else
            showWelcome();
    });
    connect(m_welcomePage, &WelcomePage::libraryRequested, m_libraryDesk, &LibraryDesk::show);
    connect(m_welcomePage, &WelcomePage::stackChosen, this, &MainWindow::openStack);
    connect(m_welcomePage, &WelcomePage::manageStacksRequested, this, &MainWindow::showStacks);
    connect(m_welcomePage, &WelcomePage::openFileRequested, this, &MainWindow::askFile);
    connect(m_welcomePage, &WelcomePage::menuRequested, this, &MainWindow::showMainMenu);
    connect(m_welcomePage, &WelcomePage::settled, this, [this] {
        if (m_pages->currentWidget() == m_welcomePage)
            Q_EMIT settled();
    });
    connect(m_dashboardPage, &DashboardPage::dashboardChooserRequested, this, &MainWindow::showChooser);
    connect(m_dashboardPage, &DashboardPage::stackChooserRequested, this, &MainWindow::showStackMenu);
    connect(m_dashboardPage, &DashboardPage::menuRequested, this, &MainWindow::showMainMenu);
    connect(m_dashboardPage, &DashboardPage::settled, this, &MainWindow::settled);
    connect(m_dashboardPage->saving(), &DashboardSaving::referenceChanged, this, [this](const QString& path) {
        m_reference = path;
        m_library->remember(path);
    });
    connect(m_dashboardPage, &DashboardPage::titleChanged, this,
            [this](const QString& title) { setWindowTitle(tr("%1 – Promdeck").arg(title)); });
    m_sources = new SourceDesk(m_dashboardPage, m_services);
    m_links = new LinkFollower(m_library, m_dashboardPage, [this] { return m_stack ? m_stack->profile() : StackProfile(); },
                               [this](const QString& reference, const DashboardVisit& visit) { openAt(reference, visit); });
}

QAction* MainWindow::addKey(const QString& name, const QString& text, const QList<QKeySequence>& keys,
                            std::function<void()> run)
{
    return m_commands->add(name, text, keys, std::move(run));
}

void MainWindow::setupActions()
{
    m_commands->beginGroup(tr("Everywhere"));
    addKey(u"showPalette"_s, tr("Command palette"), {QKeySequence(u"Ctrl+K"_s)}, [this] { m_commands->showPalette(); });
    addKey(u"showKeys"_s, tr("Keys"), {QKeySequence(Qt::Key_Question), QKeySequence(Qt::Key_F1)}, [this] { m_commands->showKeys(); });
    addKey(u"openFile"_s, tr("Open a dashboard file"), {QKeySequence(Qt::Key_G, Qt::Key_O)}, [this] { askFile(); });
    addKey(u"chooseDashboard"_s, tr("Choose a dashboard"), {QKeySequence(Qt::Key_G, Qt::Key_D)},
           [this] { showChooser(); });
    addKey(u"showLibrary"_s, tr("Dashboard library"), {QKeySequence(Qt::Key_G, Qt::Key_L)}, [this] { m_libraryDesk->show(); });
    addKey(u"showConfiguration"_s, tr("Configuration"), {QKeySequence(Qt::Key_G, Qt::Key_C)}, [this] { m_configuration->show(); });
    addKey(u"importDashboards"_s, tr("Import dashboards"), {}, [this] { m_libraryDesk->showImport(); });
    addKey(u"browseGrafana"_s, tr("Dashboards of a Grafana"), {}, [this] { m_libraryDesk->showGrafana(); });
    addKey(u"openBeside"_s, tr("Open a dashboard beside"), {QKeySequence(u"Ctrl+Shift+K"_s)}, [this] { openBeside(); });
    addKey(u"resetLayout"_s, tr("Reset layout"), {}, [this] { m_docks->reset(); });
    addKey(u"home"_s, tr("First page"), {QKeySequence(Qt::Key_G, Qt::Key_H)}, [this] { showWelcome(); });
    addKey(u"manageStacks"_s, tr("Manage stacks"), {QKeySequence(Qt::Key_G, Qt::Key_S)}, [this] { showStacks(); });
    addKey(u"showMenu"_s, tr("Menu"), {QKeySequence(Qt::Key_F10)}, [this] { showMainMenu(); });
    addKey(u"toggleTheme"_s, tr("Switch dark and light"), {QKeySequence(Qt::Key_C, Qt::Key_T)}, [this] { toggleTheme(); });
    addKey(u"fullScreen"_s, tr("Full screen"), {QKeySequence(Qt::Key_F11)},
           [this] { setWindowState(windowState() ^ Qt::WindowFullScreen); });
    addKey(u"editKeys"_s, tr("Change keys"), {}, [this] { m_commands->editKeys(); });
    m_display->addKeys(m_commands);
    addKey(u"quit"_s, tr("Quit"), {QKeySequence::Quit}, [this] { close(); });
    addKey(u"escape"_s, tr("Out one level"), {QKeySequence(Qt::Key_Escape)}, [this] { escape(); });
}

void MainWindow::setupDashboardActions()
{
    addDashboardKeys(m_commands, [this] { return m_docks->currentPage(); });
    m_wall->addKeys(m_commands);
    m_commands->watch(m_dashboardPage);
    addKey(u"chooseSources"_s, tr("Data sources of the dashboard"), {}, [this] {
        if (!m_sources->ask())
            m_dashboardPage->showNotice(tr("All data sources of this dashboard are known."), false);
    });
}

void MainWindow::restore()
{
    Theme::instance().setMode(themeFromSetting(m_services.settings->text(Settings::Key::Theme)));
    m_session->load();
    const QString geometry = m_services.settings->text(Settings::Key::WindowGeometry);
    if (!geometry.isEmpty())
        restoreGeometry(QByteArray::fromBase64(geometry.toLatin1()));
    m_docks->restore();
    m_configuration->restore();
}

void MainWindow::closeEvent(QCloseEvent* event)
{
    if (!m_mayClose && !(m_docks->isClean() && m_configuration->isClean())) {
        event->ignore();
        if (!m_dashboardPage->saving()->isClean())
            m_pages->setCurrentWidget(m_dashboardPage);
        m_docks->leave([this] {
            m_configuration->leave([this] {
                m_mayClose = true;
                close();
            });
        });
        return;
    }
    if (!m_wall->isKiosk())
        m_services.settings->set(Settings::Key::WindowGeometry, Json(QString::fromLatin1(saveGeometry().toBase64())));
    m_docks->save();
    m_session->save();
    QMainWindow::closeEvent(event);
}

void MainWindow::start(const WindowRequest& request)
{
    m_request = request;
    m_reference = request.dashboard;
    if (!request.configuration.isEmpty())
        m_configuration->open(request.configuration);
    offerDrafts();
    if (!request.screen.isEmpty() && !m_wall->setScreen(request.screen))
        m_notices->post(u"screen"_s, NoticeBar::Tone::Warning, tr("There is no screen “%1”.").arg(request.screen),
                        {{u"closeNotice"_s, tr("Close"), {}}});
    if (request.kiosk)
        m_wall->setKiosk(true);
    std::optional<StackProfile> profile;
    if (request.url.isValid() && !request.url.isEmpty())
        profile = profileForUrl(request.url);
    else if (!request.stack.isEmpty())
        profile = m_services.stacks->find(request.stack);
    if (!request.stack.isEmpty() && !profile) {
        showWelcome();
        showProblem(tr("There is no stack named “%1”").arg(request.stack));
        return;
    }
    if (!request.playlist.isEmpty()) {
        if (!profile)
            profile = usualStack();
        m_reference = request.playlist.first();
        m_firstPlay = bool(profile);
    }
    if (profile) {
        openStack(*profile);
        return;
    }
    if (request.stack.isEmpty() && request.dashboard.isEmpty() && resume())
        return;
    showWelcome();
    if (!request.dashboard.isEmpty())
        openDashboard(request.dashboard);
}

/// The stack of somebody who names none: that of last time, or the only one.
std::optional<StackProfile> MainWindow::usualStack() const
{
    const QList<QString> names {m_session->lastMain().value_or(Json())[u"stack"].toString(), m_services.settings->text(Settings::Key::LastStack)};
    for (const QString& name : names) {
        if (const std::optional<StackProfile> known = m_services.stacks->find(name))
            return known;
    }
    const auto& all = m_services.stacks->stacks();
    return all.size() == 1 ? std::optional<StackProfile>(all.front()) : std::nullopt;
}

/// What the last run had open.
bool MainWindow::resume()
{
    const std::optional<Json> last = m_session->lastMain();
    if (!last)
        return false;
    const std::optional<StackProfile> known = m_services.stacks->find((*last)[u"stack"].toString());
    const QUrl url((*last)[u"url"].toString());
    if (!known && !url.isValid())
        return false;
    m_reference = (*last)[u"dashboard"].toString();
    m_resumes = true;
    openStack(known ? *known : profileForUrl(url));
    return true;
}

void MainWindow::showWelcome()
{
    if (!m_dashboardPage->saving()->isClean()) {
        m_dashboardPage->saving()->leave([this] { showWelcome(); });
        return;
    }
    if (m_dashboardPage->session())
        m_session->leaveMain();
    m_dashboardPage->close();
    m_reference.clear(); // another stack has other boards
    m_pages->setCurrentWidget(m_welcomePage);
    setWindowTitle(tr("Promdeck"));
    m_welcomePage->refresh();
}

void MainWindow::showStacks()
{
    if (!m_stackPage) {
        m_stackPage = new StackPage(m_services.stacks, m_services.secrets, m_pages);
        m_pages->addWidget(m_stackPage);
        connect(m_stackPage, &StackPage::closed, this, [this] {
            if (m_dashboardPage->session())
                m_pages->setCurrentWidget(m_dashboardPage);
            else
                showWelcome();
        });
        connect(m_stackPage, &StackPage::stackChosen, this, [this](const StackProfile& profile) {
            m_reference.clear();
            openStack(profile);
        });
    }
    if (const DashboardSession* session = m_dashboardPage->session())
        m_stackPage->editCurrent(session->stack()->profile());
    m_pages->setCurrentWidget(m_stackPage);
}

void MainWindow::openStack(const StackProfile& profile)
{
    if (!m_dashboardPage->saving()->isClean()) {
        m_pages->setCurrentWidget(m_dashboardPage);
        m_dashboardPage->saving()->leave([this, profile] { openStack(profile); });
        return;
    }
    m_welcomePage->setBusy(tr("Opening %1…").arg(profile.name));
    const auto haste = m_resumes ? StackLauncher::Haste::AtOnce : StackLauncher::Haste::None;
    m_launcher->open(profile, [this, profile](Result<StackLauncher::Opened> opened) {
        m_welcomePage->setBusy({});
        if (!opened.ok()) {
            showProblem(errorText(opened.error()));
            return;
        }
        if (opened->problem && m_reference.isEmpty() && !m_dashboardPage->session()) {
            showProblem(errorText(*opened->problem));
            return;
        }
        if (opened->problem)
            Q_EMIT failed(errorText(*opened->problem)); // its panels say it too
        m_stack = opened->stack;
        m_configuration->setStack(m_stack);
        m_libraryDesk->setStack(profile.name);
        m_services.settings->set(Settings::Key::LastStack, Json(profile.name));
        if (m_reference.isEmpty())
            m_reference = u"builtin:"_s + opened->boards.value(0, u"stack-overview"_s);
        if (std::exchange(m_firstPlay, false))
            m_wall->play(m_request.playlist, m_request.playlistMs);
        else
            openDashboard(m_reference);
    }, haste);
}

void MainWindow::openDashboard(const QString& reference)
{
    openAt(reference, {});
}

void MainWindow::openAt(const QString& reference, const DashboardVisit& visit)
{
    m_dashboardPage->saving()->leave([this, reference, visit] {
        m_visit = visit;
        loadDashboard(reference);
    });
}

void MainWindow::loadDashboard(const QString& reference)
{
    m_reference = reference;
    m_library->load(reference, this, [this, reference](const Result<OpenedDashboard>& opened) {
        if (reference != m_reference)
            return;
        if (!opened.ok()) {
            m_resumes = false;
            if (!m_dashboardPage->session())
                m_reference.clear();
            showProblem(errorText(opened.error()));
        } else {
            showDashboard(*opened);
        }
    });
}

void MainWindow::showDashboard(const OpenedDashboard& opened)
{
    if (!m_stack) {
        // A file was opened before any stack: the next stack shows it.
        showProblem(tr("Choose a stack to show “%1” with").arg(opened.dashboard.title));
        return;
    }
    DashboardPage::Start start;
    if (std::exchange(m_resumes, false))
        start = m_session->takeStart(u"main"_s);
    if (m_request.range)
        start.range = m_request.range;
    start.variables.insert(m_request.variables);
    if (start.timeZone.isEmpty())
        start.timeZone = m_services.settings->text(Settings::Key::TimeZone);
    m_request.range.reset(); // only the first dashboard takes what the command line says
    m_request.variables.clear();
    const DashboardVisit visit = std::exchange(m_visit, {});
    if (visit.range)
        start.range = visit.range;
    if (!visit.variables.isEmpty())
        start.variables = visit.variables;
    m_pages->setCurrentWidget(m_dashboardPage);
    m_dashboardPage->open(opened, m_stack, start);
    if (visit.panelId > 0 || !visit.panelTitle.isEmpty())
        revealPanel(m_dashboardPage, visit.panelId, visit.panelTitle);
    m_notices->withdraw(u"draft:"_s + opened.reference);
    m_library->remember(opened.reference);
}

/// Work that an earlier run could not save. What is opened now asks for itself.
void MainWindow::offerDrafts()
{
    runInBackground(this, [] { return unsavedDrafts(); }, [this](const std::vector<DashboardDraft>& drafts) {
        for (const DashboardDraft& draft : drafts) {
            if (draft.reference == m_reference)
                continue;
            const QString id = u"draft:"_s + draft.reference;
            m_notices->post(id, NoticeBar::Tone::Info, tr("“%1” has unsaved changes from an earlier run.").arg(draft.title),
                            {{u"openDraft"_s, tr("Open"), [this, reference = draft.reference] { openDashboard(reference); }},
                             {u"laterDraft"_s, tr("Not now"), {}}});
        }
    });
}

void MainWindow::showProblem(const QString& text)
{
    if (m_dashboardPage->session()) {
        m_pages->setCurrentWidget(m_dashboardPage);
        m_dashboardPage->showNotice(text, true);
    } else {
        m_pages->setCurrentWidget(m_welcomePage);
        m_welcomePage->showNotice(text);
        if (!m_welcomePage->hasLooked())
            m_welcomePage->refresh(); // whoever could not have one stack sees which there are
    }
    Q_EMIT failed(text);
    if (m_pages->currentWidget() != m_welcomePage || m_welcomePage->isSettled())
        Q_EMIT settled();
}

void MainWindow::showChooser()
{
    auto* chooser = new DashboardChooser(m_library->entries(), this);
    connect(chooser, &DashboardChooser::chosen, this, &MainWindow::openDashboard);
    connect(chooser, &DashboardChooser::openFileRequested, this, &MainWindow::askFile);
    connect(chooser, &DashboardChooser::libraryRequested, m_libraryDesk, &LibraryDesk::show);
    const auto* button = findChild<QToolButton*>(u"dashboardChooser"_s);
    const QPoint at = button && button->isVisible() ? button->mapToGlobal(QPoint(0, button->height() + 2))
                                                    : mapToGlobal(QPoint(width() / 2 - 230, 60));
    chooser->popup(at);
}

/// Another dashboard on the same stack, in a dock; there it can go to another stack.
void MainWindow::openBeside()
{
    if (!m_stack)
        return;
    auto* chooser = new DashboardChooser(m_library->entries(), this);
    chooser->setObjectName(u"besideChooser"_s);
    connect(chooser, &DashboardChooser::libraryRequested, m_libraryDesk, &LibraryDesk::show);
    connect(chooser, &DashboardChooser::chosen, this, [this](const QString& reference) { m_docks->openBeside(reference, m_stack); });
    connect(chooser, &DashboardChooser::openFileRequested, this, [this] {
        Prompt::openFile(this, tr("Open a dashboard"), tr("Dashboards (*.json);;All files (*)"),
                         [this](const QString& path) { m_docks->openBeside(path, m_stack); });
    });
    chooser->popup(mapToGlobal(QPoint(width() / 2 - 230, 60)));
}

void MainWindow::showStackMenu()
{
    auto* menu = new QMenu(this);
    menu->setObjectName(u"stackMenu"_s);
    menu->setAttribute(Qt::WA_DeleteOnClose);
    for (const StackProfile& profile : m_services.stacks->stacks())
        menu->addAction(themeIcon(u"server"_s), profile.name, this, [this, profile] { openStack(profile); });
    if (!menu->isEmpty())
        menu->addSeparator();
    menu->addAction(themeIcon(u"home"_s), tr("Find stacks"), this, &MainWindow::showWelcome);
    menu->addAction(themeIcon(u"gear"_s), tr("Manage stacks"), this, &MainWindow::showStacks);
    const auto* button = findChild<QToolButton*>(u"stackChooser"_s);
    menu->popup(button ? button->mapToGlobal(QPoint(0, button->height() + 2)) : QCursor::pos());
}

void MainWindow::showMainMenu()
{
    auto* menu = new QMenu(this);
    menu->setObjectName(u"mainMenuPopup"_s);
    menu->setAttribute(Qt::WA_DeleteOnClose);
    for (const QString& name : {u"home"_s, u"chooseDashboard"_s, u"showLibrary"_s, u"openBeside"_s, u"openFile"_s, u"showConfiguration"_s, u"manageStacks"_s, u"showPalette"_s, u"showKeys"_s})
        menu->addAction(findChild<QAction*>(name));
    if (m_pages->currentWidget() == m_dashboardPage) {
        m_dashboardPage->editing()->fillMainMenu(menu);
        m_dashboardPage->annotating()->fillMainMenu(menu);
        m_dashboardPage->fanOut()->fillMainMenu(menu);
        for (const QString& name : {u"addPanel"_s, u"pastePanel"_s, u"browseMetrics"_s, u"dashboardSettings"_s, u"pinCursor"_s, u"savePdf"_s})
            menu->addAction(findChild<QAction*>(name));
    }
    auto* themes = new QActionGroup(menu);
    menu->addSection(tr("Theme"));
    const struct
    {
        ThemeMode mode;
        QString name;
        QString text;
        QString icon;
    } choices[] {{ThemeMode::System, u"themeSystem"_s, tr("As the s&ystem"), u"gear"_s},
                 {ThemeMode::Dark, u"themeDark"_s, tr("D&ark"), u"moon"_s},
                 {ThemeMode::Light, u"themeLight"_s, tr("&Light"), u"sun"_s}};
    for (const auto& choice : choices) {
        QAction* action = menu->addAction(choice.text, this, [this, mode = choice.mode] { setTheme(mode); });
        action->setObjectName(choice.name);
        action->setCheckable(true);
        action->setChecked(Theme::instance().mode() == choice.mode);
        themes->addAction(action);
    }
    menu->addAction(findChild<QAction*>(u"toggleTheme"_s));
    m_display->fillMenu(menu);
    menu->addSeparator();
    m_perspectives->fillMenu(menu);
    m_wall->fillMenu(menu);
    m_session->fillMenu(menu);
    for (const QString& name : {u"resetLayout"_s, u"fullScreen"_s, u"editKeys"_s, u"quit"_s})
        menu->addAction(findChild<QAction*>(name));
    const auto* button = m_pages->currentWidget()->findChild<QToolButton*>(u"mainMenu"_s);
    if (button && button->isVisible())
        menu->popup(button->mapToGlobal(QPoint(button->width() - menu->sizeHint().width(), button->height() + 2)));
    else
        menu->popup(mapToGlobal(QPoint(width() / 2 - menu->sizeHint().width() / 2, 40)));
}

void MainWindow::askFile()
{
    Prompt::openFile(this, tr("Open a dashboard"), tr("Dashboards (*.json);;All files (*)"),
                     [this](const QString& path) { openDashboard(path); });
}

void MainWindow::escape()
{
    if (m_libraryDesk->escape())
        return;
    DashboardPage* page = m_docks->currentPage();
    if (page->tools()->inspector())
        page->tools()->closeInspector();
    else if (page->tools()->editor())
        page->tools()->closeEditor();
    else if (!page->view()->maximised().isEmpty())
        page->view()->setMaximised({});
    else if (m_wall->escape())
        return;
    else if (!page->isChromeVisible())
        page->setChromeVisible(true);
    else if (m_stackPage && m_pages->currentWidget() == m_stackPage)
        Q_EMIT m_stackPage->closed();
    else
        page->showNotice({}, false);
}

void MainWindow::toggleTheme()
{
    setTheme(Theme::instance().isDark() ? ThemeMode::Light : ThemeMode::Dark);
}

void MainWindow::setTheme(ThemeMode mode)
{
    Theme::instance().setMode(mode);
    m_services.settings->set(Settings::Key::Theme, Json(themeSetting(mode)));
}

} // namespace Promdeck
