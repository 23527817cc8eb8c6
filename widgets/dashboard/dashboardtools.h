#pragma once

#include "models/query/dashboardsession.h"
#include "widgets/inspect/inspectorpane.h"

#include <QObject>
#include <QPointer>

class QSplitter;

namespace Promdeck {

class DashboardView;
class PanelWidget;
enum class PanelRequest;

/// What can be done with the panels of a dashboard besides looking at them: inspecting, saving, copying. Opens the
/// inspector beside the view, in the splitter that holds it.
class DashboardTools final : public QObject
{
    Q_OBJECT
public:
    DashboardTools(DashboardView* view, QSplitter* splitter, QObject* parent);

    void setSession(DashboardSession* session);
    void inspect(const QString& key, InspectorPane::Tab tab = InspectorPane::Data);
    void closeInspector();
    /// Null while it is closed.
    [[nodiscard]] InspectorPane* inspector() const;
    [[nodiscard]] QString inspectedPanel() const { return m_inspected; }
    void request(const QString& key, PanelRequest request);
    void askPdf();

Q_SIGNALS:
    void notice(const QString& text, bool isError);
    void editRequested(const QString& key);

private:
    void feedInspector();
    [[nodiscard]] const PlacedPanel* placed(const QString& key) const;
    void saveCsv(const QString& key, bool excel);
    void copyMarkdown(const QString& key);
    void savePicture(const QString& key, bool svg);
    void say(const Status& status, const QString& path);

    DashboardView* m_view;
    QSplitter* m_splitter;
    QPointer<DashboardSession> m_session;
    InspectorPane* m_pane = nullptr; ///< made when first wanted
    QString m_inspected;
};

} // namespace Promdeck
