#pragma once

#include "widgets/dashboard/dashboardview.h"
#include "widgets/panels/panelwidget.h"

#include <QDockWidget>
#include <QPointer>

namespace Promdeck {

class DockTitle;

/// A panel of a dashboard in a dock. Closing it puts the panel back into its grid; when the dashboard goes, so
/// does the dock.
class PanelDock final : public QDockWidget
{
    Q_OBJECT
public:
    /// Takes the panel out of the view's grid. `dashboard` says where it is from, as its title bar shows.
    PanelDock(DashboardView* view, const QString& key, const QString& dashboard, QWidget* parent);
    ~PanelDock() override;
    [[nodiscard]] QString key() const { return m_key; }
    [[nodiscard]] DashboardView* view() const { return m_view; }
    [[nodiscard]] PanelWidget* panel() const { return m_panel; }
    [[nodiscard]] DockTitle* title() const { return m_title; }

Q_SIGNALS:
    /// The panel is back in its grid; the dock is about to be deleted.
    void putBack();

protected:
    void closeEvent(QCloseEvent* event) override;

private:
    void updateTitle();

    QPointer<DashboardView> m_view;
    QString m_key;
    QPointer<PanelWidget> m_panel;
    DockTitle* m_title;
};

} // namespace Promdeck
