#pragma once

#include "models/query/dashboardsession.h"
#include "widgets/editor/paneldraft.h"

#include <QTimer>
#include <QWidget>

#include <memory>

class QLabel;
class QPlainTextEdit;
class QPushButton;
class QSplitter;
class QTabWidget;

namespace Promdeck {

class ElidedLabel;
class MetricCatalogue;
class OptionsPane;
class PanelWidget;
class QueryRows;
class ThresholdHandles;
class TransformationList;

/// Edits one panel of a session's dashboard: the live preview, below it queries, transformations and the JSON, beside
/// it the options. Every change goes through the dashboard's editor at once, so the preview is the panel itself, undo
/// takes single changes back, and Discard (itself a step) all of them.
class PanelEditor final : public QWidget
{
    Q_OBJECT
public:
    explicit PanelEditor(QWidget* parent = nullptr);
    ~PanelEditor() override;

    /// The editor shows the session's panel with this key. False when there is no such panel.
    bool open(DashboardSession* session, DashboardEditor* editor, const QString& key);
    /// Lets go of session and editor; changes stay.
    void close();
    [[nodiscard]] bool isOpen() const { return m_draft != nullptr; }
    /// IANA name for the preview.
    void setTimeZone(const QString& zone);
    void setCatalogue(MetricCatalogue* catalogue);
    void focusQuery();

    [[nodiscard]] PanelDraft* draft() const { return m_draft.get(); }
    [[nodiscard]] PanelWidget* preview() const { return m_preview; }
    [[nodiscard]] QueryRows* queries() const { return m_queries; }
    [[nodiscard]] TransformationList* transformations() const { return m_transformations; }
    [[nodiscard]] OptionsPane* options() const { return m_options; }
    [[nodiscard]] ThresholdHandles* thresholds() const { return m_thresholds; }
    /// The panel's key in the session; empty while it is not shown there.
    [[nodiscard]] QString key() const { return m_key; }

Q_SIGNALS:
    void done(); ///< back to the dashboard
    void linkActivated(const QUrl& url);

protected:
    bool eventFilter(QObject* watched, QEvent* event) override;

private:
    QWidget* makeToolBar();
    QWidget* makePreview();
    QWidget* makeTabs();
    void discard();
    void draftChanged();
    void findPanel();
    void askForWidth();
    void feed();
    void panelChanged(const QString& key);
    void showTabs();
    void updateVariables();
    void dragThreshold(int step, double value, bool dragging);

    QPointer<DashboardSession> m_session;
    std::unique_ptr<PanelDraft> m_draft;
    QString m_key;
    QString m_timeZone;
    ElidedLabel* m_title;
    QLabel* m_changes;
    QPushButton* m_discard;
    QPushButton* m_apply;
    QWidget* m_previewArea;
    PanelWidget* m_preview;
    ThresholdHandles* m_thresholds;
    QTabWidget* m_tabs;
    QueryRows* m_queries;
    TransformationList* m_transformations;
    QPlainTextEdit* m_json;
    QLabel* m_jsonProblem;
    OptionsPane* m_options;
    QTimer m_widthTimer;
    bool m_settingJson = false;
    bool m_typingJson = false; ///< by the person, since the text was last written
    int m_widthBefore = 0; ///< at which the dashboard asked for the panel
};

} // namespace Promdeck
