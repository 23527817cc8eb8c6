#pragma once

#include "app/gui/services.h"
#include "models/core/json.h"

#include <QObject>
#include <QPoint>
#include <QPointer>
#include <QTimer>

#include <functional>
#include <memory>
#include <optional>

class QDockWidget;
class QMainWindow;

namespace Promdeck {

class DashboardDock;
class DashboardLibrary;
class DashboardPage;
class PanelDock;
class StackConnection;

/// The docks of a window: panels taken out of their dashboards, and dashboards beside that of the window. Remembers
/// them and where they are over the end of the program.
class DockDesk final : public QObject
{
    Q_OBJECT
public:
    DockDesk(QMainWindow* window, const Services& services, DashboardLibrary* library, DashboardPage* central);
    ~DockDesk() override;

    /// A panel of a page into a dock; at a place of the screen it floats there.
    PanelDock* detach(DashboardPage* page, const QString& key, std::optional<QPoint> globalPosition = std::nullopt);
    void attach(DashboardPage* page, const QString& key);
    /// A dashboard into a dock of its own.
    DashboardDock* openBeside(const QString& reference, std::shared_ptr<StackConnection> stack);
    /// That under the mouse, else that with the focus, else that of the window: what keys are about.
    [[nodiscard]] DashboardPage* currentPage() const;
    [[nodiscard]] QList<PanelDock*> panelDocks() const;
    [[nodiscard]] QList<DashboardDock*> dashboardDocks() const;

    /// Puts every panel back and closes every dashboard (those with unsaved changes ask first).
    void reset();
    [[nodiscard]] bool isClean() const;
    /// Calls `proceed` when nothing is unsaved any more, or the user gave it up.
    void leave(std::function<void()> proceed);
    void restore(); ///< once, before the window is shown
    void save();
    /// What is in docks and where, and which dashboard the window shows.
    [[nodiscard]] Json arrangement() const;
    /// Makes it so. Nothing may be unsaved.
    void arrange(const Json& arrangement);

Q_SIGNALS:
    /// An arrangement shows another dashboard in the window.
    void dashboardWanted(const QString& reference);
    void dashboardDockMade(Promdeck::DashboardDock* dock);
    /// Docks came, went or moved.
    void changed();

protected:
    bool eventFilter(QObject* watched, QEvent* event) override;

private:
    /// A panel that is, or shall again be, in a dock.
    struct Record
    {
        QString page;      ///< "main", or the name of a dashboard's dock
        QString dashboard; ///< reference
        QString key;
        bool operator==(const Record&) const = default;
    };
    void take(const Json& arrangement);
    void watch(DashboardPage* page);
    void revive(DashboardPage* page);
    [[nodiscard]] DashboardDock* makeDashboardDock(const QString& name);
    [[nodiscard]] Record recordOf(const DashboardPage* page, const QString& key) const;
    [[nodiscard]] QString nameOf(const DashboardPage* page) const;
    /// Where it was at the end of the last run, else at that side: true then.
    bool place(QDockWidget* dock, Qt::DockWidgetArea area);
    [[nodiscard]] bool hasDocks(Qt::DockWidgetArea area) const;
    void remember(QDockWidget* dock);
    void watchTabs();
    void later();

    QMainWindow* m_window;
    Services m_services;
    DashboardLibrary* m_library;
    DashboardPage* m_central;
    std::vector<Record> m_records;
    QTimer m_saveTimer; ///< a process that is killed forgets no dock
};

} // namespace Promdeck
