#include "app/gui/sessionkeeper.h"

#include "app/gui/dockdesk.h"
#include "models/core/background.h"
#include "models/core/files.h"
#include "models/dashboard/dashboardfile.h"
#include "models/query/lastdata.h"
#include "widgets/dashboard/dashboardsaving.h"
#include "widgets/dashboard/dashboardview.h"

#include <QAction>
#include <QFile>
#include <QFileInfo>
#include <QMainWindow>
#include <QMenu>
#include <QScrollBar>

#include <utility>

using namespace Qt::StringLiterals;

namespace Promdeck {

namespace {

constexpr int kDelayMs = 300;
constexpr int kDataDelayMs = 1000; // after the last answer
constexpr qint64 kMostSession = 4 << 20;

/// Which stack it is, without a secret.
QString stackId(const DashboardPage* page)
{
    const StackProfile profile = page->session()->stack()->profile();
    return profile.name + u'\n' + profile.prometheus.toString(QUrl::RemoveUserInfo | QUrl::RemoveQuery);
}

} // namespace

SessionKeeper::SessionKeeper(QMainWindow* window, const Services& services, DockDesk* docks, DashboardPage* main)
    : QObject(window), m_window(window), m_services(services), m_docks(docks), m_main(main)
{
    m_timer.setSingleShot(true);
    m_timer.setInterval(kDelayMs);
    connect(&m_timer, &QTimer::timeout, this, &SessionKeeper::save);
    m_dataTimer.setSingleShot(true);
    m_dataTimer.setInterval(kDataDelayMs);
    connect(&m_dataTimer, &QTimer::timeout, this, [this] {
        for (const QPointer<DashboardPage>& page : std::as_const(m_pages))
            keepData(page);
    });
    watch(main, u"main"_s);
    connect(docks, &DockDesk::changed, this, &SessionKeeper::schedule);
}

SessionKeeper::~SessionKeeper() = default;

QString SessionKeeper::sessionPath() const
{
    const QString settings = m_services.settings->filePath();
    return settings == Settings::defaultPath() ? stateFolder() + u"/session.json"_s
                                               : QFileInfo(settings).absolutePath() + u"/session.json"_s;
}

QString SessionKeeper::lastDataFolder() const
{
    const QString settings = m_services.settings->filePath();
    return settings == Settings::defaultPath() ? LastDataStore::defaultFolder()
                                               : QFileInfo(settings).absolutePath() + u"/last-data"_s;
}

void SessionKeeper::load()
{
    if (!m_services.settings->value(Settings::Key::RestoreSession).toBool())
        return;
    const Result<QByteArray> text = readWholeFile(sessionPath(), kMostSession);
    const Json session = text ? Json::parse(*text).valueOr({}) : Json();
    if (!session.isObject())
        return;
    m_services.settings->set(Settings::Key::WindowState, session[u"layout"]);
    m_services.settings->set(Settings::Key::WindowGeometry, session[u"geometry"].toString());
    for (const auto& [name, view] : session[u"views"].members())
        m_waiting.insert(name, view);
    m_mainView = m_waiting.value(u"main"_s);
}

std::optional<Json> SessionKeeper::lastMain() const
{
    const Json view = m_waiting.value(u"main"_s);
    return view[u"dashboard"].toString().isEmpty() ? std::nullopt : std::optional(view);
}

DashboardPage::Start SessionKeeper::takeStart(const QString& name)
{
    DashboardPage::Start start;
    const Json view = m_waiting.value(name);
    if (!view.isObject())
        return start;
    const RawTimeRange range {view[u"from"].toString(), view[u"to"].toString()};
    if (!range.from.isEmpty() && !range.to.isEmpty())
        start.range = range;
    for (const auto& [variable, values] : view[u"variables"].members()) {
        QStringList chosen;
        for (const Json& value : values.items())
            chosen << value.toString();
        start.variables.insert(variable, chosen);
    }
    start.timeZone = view[u"timeZone"].toString();
    if (view.contains(u"refreshMs"))
        start.refreshMs = view[u"refreshMs"].toInt();
    return start;
}

void SessionKeeper::leaveMain()
{
    m_waiting.remove(u"main"_s);
    m_mainView = {};
    schedule();
}

void SessionKeeper::watch(DashboardPage* page, const QString& name)
{
    m_pages.insert(name, page);
    connect(page, &DashboardPage::opened, this, [this, page, name] { opened(page, name); });
    connect(page->view(), &DashboardView::maximisedChanged, this, &SessionKeeper::schedule);
    connect(page->view(), &DashboardView::pinnedTimeChanged, this, &SessionKeeper::schedule);
    connect(page->view()->verticalScrollBar(), &QScrollBar::valueChanged, this, &SessionKeeper::schedule);
}

void SessionKeeper::opened(DashboardPage* page, const QString& name)
{
    DashboardSession* session = page->session();
    const auto later = [this] { schedule(); };
    connect(session, &DashboardSession::timeRangeChanged, this, later);
    connect(session, &DashboardSession::variablesChanged, this, later);
    connect(session, &DashboardSession::annotationsChanged, this, later);
    connect(session, &DashboardSession::idle, this, [this] {
        if (!m_dataTimer.isActive())
            m_dataTimer.start();
    });
    const Json view = m_waiting.take(name);
    if (view[u"dashboard"].toString() == page->saving()->reference())
        finishView(page, view);
    showLast(page);
    schedule();
}

/// What a page cannot be started with.
void SessionKeeper::finishView(DashboardPage* page, const Json& view)
{
    DashboardSession* session = page->session();
    if (view[u"alerts"].toBool())
        session->setAnnotationEnabled(kAlertLayer.toString(), true);
    if (!view[u"own"].toBool(true))
        session->setAnnotationEnabled(kOwnLayer.toString(), false);
    for (const Json& name : view[u"hiddenAnnotations"].items())
        session->setAnnotationEnabled(name.toString(), false);
    page->setComparison(view[u"comparisonMs"].toInt());
    if (view.contains(u"pinnedMs"))
        page->view()->setPinnedTime(view[u"pinnedMs"].toInt());
    // Panels are there once the variables are known, and the height of the grid a moment later.
    const QString maximised = view[u"maximised"].toString();
    const int scroll = int(view[u"scroll"].toInt());
    auto* once = new QObject(session);
    connect(session, &DashboardSession::layoutChanged, once, [page = QPointer<DashboardPage>(page), maximised, scroll, once] {
        once->deleteLater();
        if (!page)
            return;
        page->view()->setMaximised(maximised);
        page->view()->verticalScrollBar()->setValue(scroll);
    }, Qt::QueuedConnection);
}

Json SessionKeeper::viewOf(const DashboardPage* page) const
{
    const DashboardSession* session = page->session();
    const StackProfile profile = session->stack()->profile();
    const RawTimeRange range = session->rawTimeRange();
    Json variables = Json::object();
    for (const VariableState& state : session->variables()) {
        if (state.spec.type != u"constant" && !state.current.isEmpty())
            variables.set(state.spec.name, Json::strings(state.spec.type == u"adhoc" ? filterValues(state.filters) : state.current));
    }
    Json hidden = Json::array();
    for (const AnnotationLayer& layer : session->annotationLayers()) {
        if (!layer.enabled && layer.name != kOwnLayer && layer.name != kAlertLayer)
            hidden.append(layer.name);
    }
    Json view = Json::object({{u"stack"_s, profile.name},
                              {u"url"_s, profile.prometheus.toString(QUrl::RemoveUserInfo)},
                              {u"dashboard"_s, page->saving()->reference()},
                              {u"from"_s, range.from},
                              {u"to"_s, range.to},
                              {u"timeZone"_s, session->timeZone()},
                              {u"refreshMs"_s, session->refreshInterval()},
                              {u"variables"_s, variables},
                              {u"comparisonMs"_s, session->comparison()},
                              {u"alerts"_s, session->isAnnotationEnabled(kAlertLayer.toString())},
                              {u"own"_s, session->isAnnotationEnabled(kOwnLayer.toString())},
                              {u"maximised"_s, page->view()->maximised()},
                              {u"scroll"_s, page->view()->verticalScrollBar()->value()}});
    if (hidden.size() > 0)
        view.set(u"hiddenAnnotations"_s, hidden);
    if (const auto pinned = page->view()->pinnedTime())
        view.set(u"pinnedMs"_s, *pinned);
    return view;
}

Json SessionKeeper::collect() const
{
    Json views = Json::object();
    // What has not come back yet is not forgotten.
    for (auto it = m_waiting.cbegin(); it != m_waiting.cend(); ++it)
        views.set(it.key(), it.value());
    if (m_mainView.isObject())
        views.set(u"main"_s, m_mainView);
    for (auto it = m_pages.cbegin(); it != m_pages.cend(); ++it) {
        if (*it && (*it)->session() && !(*it)->saving()->reference().isEmpty())
            views.set(it.key(), viewOf(*it));
    }
    return Json::object({{u"promdeckSession"_s, 1},
                         {u"geometry"_s, QString::fromLatin1(m_window->saveGeometry().toBase64())},
                         {u"layout"_s, m_docks->arrangement()},
                         {u"views"_s, views}});
}

void SessionKeeper::save()
{
    m_timer.stop();
    if (!m_services.settings->value(Settings::Key::RestoreSession).toBool())
        return;
    if (m_writing) {
        m_again = true;
        return;
    }
    m_writing = true;
    if (m_main->session())
        m_mainView = viewOf(m_main);
    runInBackground(
        this, [path = sessionPath(), session = collect()] { return writeFileAtomically(path, session.toUtf8(Json::Format::Indented) + '\n'); },
        [this](const Status&) {
            m_writing = false;
            if (std::exchange(m_again, false))
                save();
        });
}

// --- data ------------------------------------------------------------------------------------------------

void SessionKeeper::showLast(DashboardPage* page)
{
    const QString reference = page->saving()->reference();
    if (reference.isEmpty() || !m_services.settings->value(Settings::Key::KeepLastData).toBool())
        return;
    runInBackground(
        page->session(), [store = LastDataStore(lastDataFolder()), stack = stackId(page), reference] { return store.read(stack, reference); },
        [session = page->session()](const Result<LastData>& last) {
            if (last.ok())
                session->showLastData(*last);
        });
}

void SessionKeeper::keepData(DashboardPage* page)
{
    if (!page || !page->session() || page->saving()->reference().isEmpty()
        || !m_services.settings->value(Settings::Key::KeepLastData).toBool())
        return;
    LastData last = page->session()->lastData();
    if (last.panels.empty())
        return;
    runInBackground(
        this,
        [store = LastDataStore(lastDataFolder()), stack = stackId(page), reference = page->saving()->reference(), last = std::move(last)] {
            return store.keep(stack, reference, last);
        },
        [](const Status&) {});
}

void SessionKeeper::forgetData()
{
    runInBackground(
        this,
        [store = LastDataStore(lastDataFolder())] {
            store.clear();
            return true;
        },
        [](bool) {});
}

void SessionKeeper::fillMenu(QMenu* menu)
{
    QMenu* next = menu->addMenu(tr("At the next start"));
    next->setObjectName(u"nextStartMenu"_s);
    const auto add = [&](const QString& name, const QString& text, Settings::Key key, auto&& off) {
        QAction* action = next->addAction(text, this, [this, key, off](bool on) {
            m_services.settings->set(key, on);
            if (on)
                schedule();
            else
                off();
        });
        action->setObjectName(name);
        action->setCheckable(true);
        action->setChecked(m_services.settings->value(key).toBool());
    };
    add(u"restoreSession"_s, tr("Open what is open now"), Settings::Key::RestoreSession, [this] { QFile::remove(sessionPath()); });
    add(u"keepLastData"_s, tr("Show the last data until there is newer"), Settings::Key::KeepLastData, [this] { forgetData(); });
}

} // namespace Promdeck
