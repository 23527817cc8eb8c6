#pragma once

#include "app/gui/dashboardvisit.h"
#include "app/gui/services.h"
#include "models/query/timegrammar.h"
#include "models/stack/stackprofile.h"

#include <QHash>
#include <QMainWindow>

#include <optional>

class QStackedWidget;

namespace Promdeck {

class Commands;
class ConfigurationDesk;
class DashboardLibrary;
class DashboardPage;
class DisplayDesk;
class DockDesk;
class LibraryDesk;
class LinkFollower;
class NoticeBar;
class Perspectives;
class SessionKeeper;
class SourceDesk;
class StackConnection;
class StackLauncher;
class StackPage;
class StackPool;
class WallDesk;
class WelcomePage;
enum class ThemeMode;
struct OpenedDashboard;

/// What the command line asks the window for.
struct WindowRequest
{
    QString stack;      ///< name of a profile
    QUrl url;           ///< or an address
    QString dashboard;  ///< file, or "builtin:NAME"; empty: what fits the stack
    std::optional<RawTimeRange> range;
    QHash<QString, QStringList> variables;
    bool kiosk = false;
    QString configuration; ///< a folder or a file for the workbench
    QStringList playlist;       ///< dashboards that follow each other; empty = none do
    qint64 playlistMs = 30'000; ///< each for so long
    QString screen;             ///< number from 1, or name; empty: wherever it opens
};

class MainWindow final : public QMainWindow
{
    Q_OBJECT
public:
    explicit MainWindow(const Services& services, QWidget* parent = nullptr);
    ~MainWindow() override;
    /// Opens what was asked for, or the first page.
    void start(const WindowRequest& request);
    [[nodiscard]] DashboardPage* dashboardPage() const { return m_dashboardPage; }
    [[nodiscard]] WelcomePage* welcomePage() const { return m_welcomePage; }
    [[nodiscard]] DockDesk* docks() const { return m_docks; }
    [[nodiscard]] WallDesk* wall() const { return m_wall; }
    [[nodiscard]] Commands* commands() const { return m_commands; }
    [[nodiscard]] Perspectives* perspectives() const { return m_perspectives; }
    [[nodiscard]] ConfigurationDesk* configuration() const { return m_configuration; }
    [[nodiscard]] LibraryDesk* libraryDesk() const { return m_libraryDesk; }
    void openAt(const QString& reference, const DashboardVisit& visit);

public Q_SLOTS:
    void openStack(const Promdeck::StackProfile& profile);
    void openDashboard(const QString& reference);

Q_SIGNALS:
    /// A dashboard shows all its data, or the page that is shown needs none.
    void settled();
    /// A stack or a dashboard could not be opened; the sentence is on the page as well.
    void failed(const QString& why);

protected:
    void closeEvent(QCloseEvent* event) override;

private:
    void setupPages();
    void setupActions();
    void setupDashboardActions();
    QAction* addKey(const QString& name, const QString& text, const QList<QKeySequence>& keys, std::function<void()> run);
    void showWelcome();
    void showStacks();
    void showChooser();
    void showStackMenu();
    void showMainMenu();
    void askFile();
    void loadDashboard(const QString& reference);
    void showDashboard(const OpenedDashboard& opened);
    void offerDrafts();
    void openBeside();
    void showProblem(const QString& text);
    void escape();
    void toggleTheme();
    void setTheme(ThemeMode mode);
    void restore();
    bool resume();
    [[nodiscard]] std::optional<StackProfile> usualStack() const;

    Services m_services;
    DashboardLibrary* m_library;
    Commands* m_commands;
    StackLauncher* m_launcher;
    QStackedWidget* m_pages;
    NoticeBar* m_notices; ///< above all pages
    WelcomePage* m_welcomePage;
    StackPage* m_stackPage = nullptr; ///< made when first shown
    DashboardPage* m_dashboardPage;
    DockDesk* m_docks;
    Perspectives* m_perspectives;
    ConfigurationDesk* m_configuration;
    LibraryDesk* m_libraryDesk;
    LinkFollower* m_links;
    SourceDesk* m_sources;
    SessionKeeper* m_session;
    DisplayDesk* m_display;
    StackPool* m_pool;
    WallDesk* m_wall;
    std::shared_ptr<StackConnection> m_stack;
    DashboardVisit m_visit; ///< for the dashboard that is wanted
    QString m_reference; ///< of the dashboard that is shown or wanted
    WindowRequest m_request;
    bool m_firstPlay = false; ///< the stack that opens is for the playlist
    bool m_resumes = false;  ///< what is opened now is what the last run had open
    bool m_mayClose = false; ///< what was unsaved is saved or given up
};

} // namespace Promdeck
