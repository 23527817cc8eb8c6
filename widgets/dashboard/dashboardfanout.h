#pragma once

#include "models/query/dashboardsession.h"
#include "models/query/fanout.h"

#include <QObject>
#include <QPointer>

#include <functional>

class QMenu;

namespace Promdeck {

class DashboardEditing;
class DashboardView;

/// The stacks there are, for pages that show data of several: their names, and how to open one.
struct StackDirectory
{
    std::function<QStringList()> names;
    std::function<void(const QString& name, DashboardSession::StackFound found)> find;
};

/// Chooses in menus on which stacks panels, or all of a dashboard, run at once.
class DashboardFanOut final : public QObject
{
    Q_OBJECT
public:
    DashboardFanOut(DashboardView* view, DashboardEditing* editing, QObject* parent);
    void setDirectory(StackDirectory directory);
    void open(DashboardSession* session);
    void fillMainMenu(QMenu* menu);

private:
    void fillPanelMenu(const QString& key, QMenu* menu);
    void fill(QMenu* menu, const FanOut& now, std::function<void(const FanOut&)> choose);
    void choosePanel(int id, const std::optional<FanOut>& wanted);
    void chooseDashboard(const FanOut& wanted);

    DashboardView* m_view;
    DashboardEditing* m_editing;
    QPointer<DashboardSession> m_session;
    StackDirectory m_directory;
};

} // namespace Promdeck
