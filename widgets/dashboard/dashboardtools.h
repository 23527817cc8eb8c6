#pragma once

#include "models/query/dashboardsession.h"
#include "widgets/inspect/inspectorpane.h"

#include <QObject>
#include <QPointer>

class QSplitter;
class QStackedWidget;

namespace Promdeck {

class DashboardEditing;
class DashboardView;
class MetricCatalogue;
class MetricsBrowser;
class PanelEditor;
class PanelWidget;
enum class PanelRequest;

/// What can be done with the panels of a dashboard besides looking at them: inspecting, editing, making new ones from
/// metrics, saving, copying. The editor takes the view's place in its stack; the inspector and the metrics browser
/// stand beside it, in the splitter that holds the stack.
class DashboardTools final : public QObject
{
    Q_OBJECT
public:
    DashboardTools(DashboardView* view, QStackedWidget* stack, QSplitter* splitter, DashboardEditing* editing, QObject* parent);
    ~DashboardTools() override;

    void setSession(DashboardSession* session);
    void inspect(const QString& key, InspectorPane::Tab tab = InspectorPane::Data);
    void closeInspector();
    /// Null while it is closed.
    [[nodiscard]] InspectorPane* inspector() const;
    [[nodiscard]] QString inspectedPanel() const { return m_inspected; }
    /// Opens the panel editor.
    void edit(const QString& key);
    void closeEditor();
    /// Null while no panel is edited.
    [[nodiscard]] PanelEditor* editor() const;
    /// The panel being edited, else the one under the mouse or with the focus.
    [[nodiscard]] QString currentPanel() const;
    /// A new, empty panel, opened in the editor.
    void addPanel();
    /// Adds a panel where the dashboard begins, or in front of another one; its key, empty when nothing can be edited.
    QString addPanel(const Json& panel, const QString& before = {});
    void toggleMetrics();
    /// Null while it is closed.
    [[nodiscard]] MetricsBrowser* metrics() const;
    void request(const QString& key, PanelRequest request);
    void askPdf();

Q_SIGNALS:
    void notice(const QString& text, bool isError);
    void linkActivated(const QUrl& url);

protected:
    bool eventFilter(QObject* watched, QEvent* event) override;

private:
    [[nodiscard]] MetricCatalogue* catalogue();
    [[nodiscard]] QString keyOf(int panelId) const;
    [[nodiscard]] bool canEdit();
    void feedInspector();
    void giveRoom(QWidget* pane, int width);
    [[nodiscard]] const PlacedPanel* placed(const QString& key) const;
    void saveCsv(const QString& key, bool excel);
    void copyMarkdown(const QString& key);
    void savePicture(const QString& key, bool svg);
    void say(const Status& status, const QString& path);

    DashboardView* m_view;
    QStackedWidget* m_stack;
    QSplitter* m_splitter;
    DashboardEditing* m_editing;
    QPointer<DashboardSession> m_session;
    InspectorPane* m_pane = nullptr; ///< made when first wanted
    QString m_inspected;
    PanelEditor* m_editor = nullptr;     ///< made when first wanted
    MetricsBrowser* m_metrics = nullptr; ///< the same
    MetricCatalogue* m_catalogue = nullptr; ///< of the session's stack
};

} // namespace Promdeck
