#pragma once

#include "app/gui/services.h"

#include <QObject>

#include <functional>
#include <memory>

class QAction;
class QDockWidget;
class QMainWindow;

namespace Promdeck {

class DockTitle;
class StackConnection;
class Workbench;

/// The configuration workbench of a window, in a dock that is made when it is first wanted. Remembers what was open.
class ConfigurationDesk final : public QObject
{
    Q_OBJECT
public:
    ConfigurationDesk(QMainWindow* window, const Services& services);
    ~ConfigurationDesk() override;
    /// Shows the dock, with the keyboard in it.
    Workbench* show();
    /// Shows a folder, or a file and the folder it is in.
    void open(const QString& path);
    void setStack(std::shared_ptr<StackConnection> stack);
    [[nodiscard]] Workbench* workbench() const { return m_workbench; } ///< null before it was first shown
    [[nodiscard]] bool isClean() const;
    void leave(std::function<void()> proceed);
    [[nodiscard]] QList<QAction*> actions() const;
    /// As it was at the end of the last run.
    void restore();

private:
    void make();
    void remember();
    QMainWindow* m_window;
    Services m_services;
    QDockWidget* m_dock = nullptr; ///< the window's
    Workbench* m_workbench = nullptr;
    std::shared_ptr<StackConnection> m_stack;
    bool m_restoring = false;
};

} // namespace Promdeck
