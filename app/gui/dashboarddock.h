#pragma once

#include "app/gui/dashboardvisit.h"
#include "app/gui/services.h"
#include "models/stack/stackprofile.h"
#include "widgets/dashboard/dashboardpage.h"

#include <QDockWidget>

#include <functional>
#include <memory>

namespace Promdeck {

class DashboardLibrary;
class DockTitle;
class StackConnection;
class StackLauncher;

/// A whole dashboard in a dock, beside that of the window, on the same stack or on another one.
class DashboardDock final : public QDockWidget
{
    Q_OBJECT
public:
    DashboardDock(const Services& services, DashboardLibrary* library, QWidget* parent);
    ~DashboardDock() override;
    void open(const QString& reference, std::shared_ptr<StackConnection> stack, const DashboardVisit& visit = {});
    /// Opens the stack first.
    void open(const QString& reference, const StackProfile& profile);
    /// What the dashboard opened next is to start with.
    void setStart(const DashboardPage::Start& start) { m_start = start; }
    [[nodiscard]] DashboardPage* page() const { return m_page; }
    [[nodiscard]] DockTitle* title() const { return m_title; }
    [[nodiscard]] QString reference() const { return m_reference; }
    [[nodiscard]] StackProfile profile() const;

Q_SIGNALS:
    void closed();

protected:
    void closeEvent(QCloseEvent* event) override;

private:
    void load();
    void showChooser();
    void showStacks();
    void showMenu();

    Services m_services;
    DashboardLibrary* m_library;
    StackLauncher* m_launcher;
    DashboardPage* m_page;
    DockTitle* m_title;
    std::shared_ptr<StackConnection> m_stack;
    QString m_reference;
    DashboardVisit m_visit; ///< for the dashboard that is wanted
    DashboardPage::Start m_start;
    bool m_mayClose = false;
};

} // namespace Promdeck
