#pragma once

#include "app/gui/services.h"
#include "models/core/json.h"
#include "widgets/dashboard/dashboardpage.h"

#include <QHash>
#include <QObject>
#include <QPointer>
#include <QTimer>

#include <optional>

class QMainWindow;
class QMenu;

namespace Promdeck {

class DockDesk;

/// Brings back at the next start what was open: the window's place, its dashboard, the docks, and of each dashboard
/// the range, the variables and what was switched on; and the data they showed last, until the servers answer.
/// Written on workers a moment after each change, so that a killed process forgets nothing.
class SessionKeeper final : public QObject
{
    Q_OBJECT
public:
    SessionKeeper(QMainWindow* window, const Services& services, DockDesk* docks, DashboardPage* main);
    ~SessionKeeper() override;

    /// Reads what the last run left and puts its docks into the settings, from where the desk takes them.
    void load();
    /// The main page of the last run, if there was one and it is wanted: {"stack", "url", "dashboard", ...}.
    [[nodiscard]] std::optional<Json> lastMain() const;
    /// What a page is to start with: that of the last run once, after that nothing special.
    [[nodiscard]] DashboardPage::Start takeStart(const QString& name);
    /// The window shows no dashboard any more, by choice.
    void leaveMain();
    /// Keeps an eye on a page; `name` is "main" or that of its dock.
    void watch(DashboardPage* page, const QString& name);
    /// Writes now, also while the program ends.
    void save();
    void fillMenu(QMenu* menu);
    /// "beside the settings" unless those are the user's own: then the state and cache folders.
    [[nodiscard]] QString sessionPath() const;
    [[nodiscard]] QString lastDataFolder() const;

private:
    void schedule() { m_timer.start(); }
    [[nodiscard]] Json collect() const;
    [[nodiscard]] Json viewOf(const DashboardPage* page) const;
    void opened(DashboardPage* page, const QString& name);
    void finishView(DashboardPage* page, const Json& view);
    void showLast(DashboardPage* page);
    void keepData(DashboardPage* page);
    void forgetData();

    QMainWindow* m_window;
    Services m_services;
    DockDesk* m_docks;
    DashboardPage* m_main;
    QHash<QString, QPointer<DashboardPage>> m_pages; ///< by name
    QHash<QString, Json> m_waiting; ///< views of the last run that no page has taken yet
    Json m_mainView;
    QTimer m_timer;
    QTimer m_dataTimer;
    bool m_writing = false;
    bool m_again = false;
};

} // namespace Promdeck
