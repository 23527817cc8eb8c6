#pragma once

#include "models/core/result.h"
#include "models/core/settings.h"

#include <QObject>
#include <QPointer>
#include <QStringList>
#include <QTimer>

class QLabel;
class QMainWindow;
class QMenu;
class QScreen;

namespace Promdeck {

class Commands;
class DashboardLibrary;
class DashboardPage;

/// The window on a wall: full screen without controls on a chosen screen, and dashboards that follow each other.
class WallDesk final : public QObject
{
    Q_OBJECT
public:
    WallDesk(QMainWindow* window, DashboardPage* page, DashboardLibrary* library, Settings* settings);
    void addKeys(Commands* commands);
    void fillMenu(QMenu* menu);

    [[nodiscard]] bool isKiosk() const { return m_kiosk; }
    void setKiosk(bool kiosk);
    /// By its number from 1, or its name. False when there is no such screen.
    bool setScreen(const QString& numberOrName);

    /// Shows these after each other, each for so long.
    void play(const QStringList& dashboards, qint64 everyMs);
    void stop();
    [[nodiscard]] bool isPlaying() const { return !m_dashboards.isEmpty(); }
    [[nodiscard]] bool isPaused() const { return m_paused; }
    [[nodiscard]] QString current() const { return m_dashboards.value(m_at); }
    void step(int by);
    void setPaused(bool paused);
    /// One level out: true when there was one.
    bool escape();
    /// Folders become the dashboards in them, in the order of their names. Errors: InvalidArgument.
    [[nodiscard]] static Result<QStringList> expand(const QStringList& given);

Q_SIGNALS:
    void dashboardWanted(const QString& reference);

private:
    void show();
    void say(const QString& text);
    void askPlaylist();
    void moveTo(QScreen* screen);
    void updateActions();

    QMainWindow* m_window;
    DashboardPage* m_page;
    DashboardLibrary* m_library;
    Settings* m_settings;
    Commands* m_commands = nullptr;
    bool m_kiosk = false;
    QStringList m_dashboards;
    qsizetype m_at = 0;
    bool m_paused = false;
    QTimer m_timer;
    QTimer m_sayTimer;
    QPointer<QLabel> m_said;
};

} // namespace Promdeck
