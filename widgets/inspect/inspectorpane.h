#pragma once

#include "widgets/panels/panelbody.h"

#include <QUrl>

class QTabWidget;

namespace Promdeck {

class ElidedLabel;
class InspectData;
class InspectQueries;
class InspectStatistics;
class InspectText;

/// What the inspector looks at: a panel as it is shown, and where its queries went.
struct InspectInput
{
    QString title;      ///< expanded
    PanelInput panel;
    QUrl server;        ///< of the Prometheus; shown without credentials
};

/// A pane beside the dashboard that shows what is behind one panel: its data, what it cost, its queries as they were
/// sent, its JSON, and what went wrong. Follows the panel while it refreshes.
class InspectorPane final : public QWidget
{
    Q_OBJECT
public:
    enum Tab { Data, Statistics, Query, JsonTab, Errors };
    explicit InspectorPane(QWidget* parent = nullptr);

    void setInput(const InspectInput& input);
    void showTab(Tab tab);
    [[nodiscard]] Tab currentTab() const;
    [[nodiscard]] InspectData* dataTab() const { return m_data; }

Q_SIGNALS:
    void closed();
    void refreshRequested();
    /// A file could not be written, or was; for the notice above the panels.
    void notice(const QString& text, bool isError);

protected:
    void keyPressEvent(QKeyEvent* event) override;

private:
    void feedTab();

    InspectInput m_input;
    ElidedLabel* m_title;
    QTabWidget* m_tabs;
    InspectData* m_data;
    InspectStatistics* m_statistics;
    InspectQueries* m_queries;
    InspectText* m_json;
    InspectQueries* m_errors;
};

} // namespace Promdeck
