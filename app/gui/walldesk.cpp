#include "app/gui/walldesk.h"

#include "app/gui/commands.h"
#include "app/gui/dashboardlibrary.h"
#include "app/gui/playlistdialog.h"
#include "widgets/common/icons.h"
#include "widgets/common/theme.h"
#include "widgets/dashboard/dashboardediting.h"
#include "widgets/dashboard/dashboardpage.h"

#include <QAction>
#include <QDir>
#include <QFileInfo>
#include <QGuiApplication>
#include <QLabel>
#include <QMainWindow>
#include <QMenu>
#include <QScreen>
#include <QWindow>

#include <algorithm>

using namespace Qt::StringLiterals;

namespace Promdeck {

namespace {

constexpr int kSayMs = 3000;
constexpr qint64 kShortestMs = 200;

} // namespace

WallDesk::WallDesk(QMainWindow* window, DashboardPage* page, DashboardLibrary* library, Settings* settings)
    : QObject(window), m_window(window), m_page(page), m_library(library), m_settings(settings)
{
    connect(&m_timer, &QTimer::timeout, this, [this] { step(1); });
    m_sayTimer.setSingleShot(true);
    m_sayTimer.setInterval(kSayMs);
    connect(&m_sayTimer, &QTimer::timeout, this, [this] { delete m_said; });
}

void WallDesk::addKeys(Commands* commands)
{
    m_commands = commands;
    commands->beginGroup(tr("On a wall"));
    commands->add(u"kiosk"_s, tr("Kiosk"), {QKeySequence(Qt::Key_D, Qt::Key_K)}, [this] { setKiosk(!m_kiosk); });
    commands->add(u"playlist"_s, tr("Play dashboards…"), {QKeySequence(Qt::Key_G, Qt::Key_P)}, [this] { askPlaylist(); });
    commands->add(u"playlistNext"_s, tr("Next dashboard"), {QKeySequence(u"Ctrl+Right"_s)}, [this] { step(1); });
    commands->add(u"playlistPrevious"_s, tr("Previous dashboard"), {QKeySequence(u"Ctrl+Left"_s)}, [this] { step(-1); });
    commands->add(u"playlistPause"_s, tr("Pause, or go on"), {QKeySequence(u"Ctrl+Space"_s), QKeySequence(Qt::Key_Pause)},
                  [this] { setPaused(!m_paused); });
    commands->add(u"playlistStop"_s, tr("Stop playing"), {}, [this] { stop(); });
    updateActions();
}

void WallDesk::updateActions()
{
    for (const QString& name : {u"playlistNext"_s, u"playlistPrevious"_s, u"playlistPause"_s, u"playlistStop"_s}) {
        if (auto* action = m_window->findChild<QAction*>(name))
            action->setEnabled(isPlaying());
    }
}

void WallDesk::fillMenu(QMenu* menu)
{
    menu->addAction(m_window->findChild<QAction*>(u"kiosk"_s));
    const QList<QScreen*> screens = QGuiApplication::screens();
    if (screens.size() > 1) {
        QMenu* on = menu->addMenu(tr("Kiosk on screen"));
        on->setObjectName(u"kioskScreens"_s);
        for (qsizetype i = 0; i < screens.size(); ++i) {
            const QSize size = screens.at(i)->size();
            on->addAction(u"%1: %2 (%3 × %4)"_s.arg(i + 1).arg(screens.at(i)->name()).arg(size.width()).arg(size.height()), this,
                          [this, screen = QPointer<QScreen>(screens.at(i))] {
                              if (!screen)
                                  return;
                              setKiosk(false);
                              moveTo(screen);
                              setKiosk(true);
                          });
        }
    }
    menu->addAction(m_window->findChild<QAction*>(u"playlist"_s));
    if (!isPlaying())
        return;
    for (const QString& name : {u"playlistNext"_s, u"playlistPrevious"_s, u"playlistPause"_s, u"playlistStop"_s})
        menu->addAction(m_window->findChild<QAction*>(name));
}

// --- kiosk -----------------------------------------------------------------------------------------------

void WallDesk::setKiosk(bool kiosk)
{
    m_kiosk = kiosk;
    m_page->setChromeVisible(!kiosk);
    m_page->editing()->setShownOnly(kiosk);
    const Qt::WindowStates state = m_window->windowState();
    m_window->setWindowState(kiosk ? state | Qt::WindowFullScreen : state & ~Qt::WindowFullScreen);
    if (kiosk)
        say(tr("Esc leaves the kiosk"));
}

bool WallDesk::setScreen(const QString& numberOrName)
{
    const QList<QScreen*> screens = QGuiApplication::screens();
    bool isNumber = false;
    const int number = numberOrName.toInt(&isNumber);
    if (isNumber && number >= 1 && number <= screens.size()) {
        moveTo(screens.at(number - 1));
        return true;
    }
    const auto named = std::ranges::find(screens, numberOrName, &QScreen::name);
    if (named == screens.end())
        return false;
    moveTo(*named);
    return true;
}

void WallDesk::moveTo(QScreen* screen)
{
    // Wayland places windows itself, but puts one on full screen where its screen is.
    m_window->setScreen(screen);
    if (QWindow* handle = m_window->windowHandle())
        handle->setScreen(screen);
    const QRect room = screen->availableGeometry();
    m_window->resize(m_window->size().boundedTo(room.size()));
    m_window->move(room.center() - m_window->rect().center());
}

bool WallDesk::escape()
{
    if (m_kiosk) {
        stop();
        setKiosk(false);
        return true;
    }
    if (isPlaying()) {
        stop();
        return true;
    }
    return false;
}

// --- playing ---------------------------------------------------------------------------------------------

Result<QStringList> WallDesk::expand(const QStringList& given)
{
    QStringList all;
    for (const QString& argument : given) {
        for (const QString& one : argument.split(u',', Qt::SkipEmptyParts)) {
            const QFileInfo info(one);
            if (one.startsWith(u"builtin:")) {
                all << one;
            } else if (info.isDir()) {
                for (const QFileInfo& file : QDir(one).entryInfoList({u"*.json"_s}, QDir::Files, QDir::Name | QDir::IgnoreCase))
                    all << file.absoluteFilePath();
            } else if (info.isFile()) {
                all << info.absoluteFilePath();
            } else {
                return makeError(ErrorCode::InvalidArgument, u"There is no dashboard or folder “%1”"_s.arg(one));
            }
        }
    }
    if (all.isEmpty())
        return makeError(ErrorCode::InvalidArgument, u"There are no dashboards to play"_s);
    return all;
}

void WallDesk::play(const QStringList& dashboards, qint64 everyMs)
{
    m_dashboards = dashboards;
    m_at = 0;
    m_paused = false;
    m_timer.setInterval(int(std::clamp<qint64>(everyMs, kShortestMs, 86'400'000)));
    updateActions();
    if (isPlaying())
        show();
}

void WallDesk::stop()
{
    m_timer.stop();
    m_dashboards.clear();
    m_paused = false;
    updateActions();
}

void WallDesk::step(int by)
{
    if (!isPlaying())
        return;
    m_at = (m_at + by + m_dashboards.size()) % m_dashboards.size();
    show();
}

void WallDesk::show()
{
    // From now: whoever steps by hand sees the next one for its whole time.
    if (!m_paused && m_dashboards.size() > 1)
        m_timer.start();
    Q_EMIT dashboardWanted(current());
    const QString name = current().startsWith(u"builtin:") ? current().mid(8) : QFileInfo(current()).completeBaseName();
    say(tr("%1 of %2: %3").arg(m_at + 1).arg(m_dashboards.size()).arg(name));
}

void WallDesk::setPaused(bool paused)
{
    if (!isPlaying())
        return;
    m_paused = paused;
    if (paused)
        m_timer.stop();
    else if (m_dashboards.size() > 1)
        m_timer.start();
    say(paused ? tr("Paused") : tr("Playing"));
}

void WallDesk::askPlaylist()
{
    auto* dialog = new PlaylistDialog(m_library->entries(), m_settings->value(Settings::Key::Playlist), m_window);
    connect(dialog, &PlaylistDialog::chosen, this, [this](const QStringList& dashboards, int seconds, bool kiosk) {
        m_settings->set(Settings::Key::Playlist,
                        Json::object({{u"dashboards"_s, Json::strings(dashboards)}, {u"seconds"_s, seconds}, {u"kiosk"_s, kiosk}}));
        play(dashboards, seconds * 1000LL);
        if (kiosk)
            setKiosk(true);
    });
    dialog->show();
}

/// A word for those at the wall that goes by itself.
void WallDesk::say(const QString& text)
{
    if (!m_said) {
        m_said = new QLabel(m_window);
        m_said->setObjectName(u"wallWord"_s);
        m_said->setTextFormat(Qt::PlainText);
        m_said->setMargin(10);
        m_said->setAutoFillBackground(true);
        m_said->setFrameShape(QFrame::StyledPanel);
        m_said->setAttribute(Qt::WA_TransparentForMouseEvents);
        const ThemeColors& c = Theme::instance().colors();
        QPalette palette = m_said->palette();
        palette.setColor(QPalette::Window, c.elevated);
        m_said->setPalette(palette);
    }
    m_said->setText(text);
    m_said->adjustSize();
    m_said->move((m_window->width() - m_said->width()) / 2, m_window->height() - m_said->height() - 24);
    m_said->show();
    m_said->raise();
    m_sayTimer.start();
}

} // namespace Promdeck
