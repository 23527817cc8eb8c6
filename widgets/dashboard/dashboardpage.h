#pragma once

#include "models/query/dashboardsession.h"

#include <QWidget>

class QLabel;
class QMenu;
class QToolButton;

namespace Promdeck {

class DashboardAnnotating;
class DashboardEditing;
class DashboardFanOut;
class DashboardTools;
class DashboardSaving;
class DashboardView;
class ElidedLabel;
class NoticeBar;
struct OpenedDashboard;
class TimeRangePicker;
class VariableBar;

/// One dashboard on one stack: tool bar, variables, panels. Owns its session.
class DashboardPage final : public QWidget
{
    Q_OBJECT
public:
    explicit DashboardPage(QWidget* parent = nullptr);
    ~DashboardPage() override;

    struct Start
    {
        std::optional<RawTimeRange> range;          ///< nothing: the dashboard's own
        QHash<QString, QStringList> variables;
        QString timeZone;                           ///< empty: the dashboard's own, else the computer's
        std::optional<qint64> refreshMs;            ///< nothing: the dashboard's own
    };
    void open(const Dashboard& dashboard, std::shared_ptr<StackConnection> stack, const Start& start = {});
    /// The same, of a file or a built-in dashboard that can be saved.
    void open(const OpenedDashboard& opened, std::shared_ptr<StackConnection> stack, const Start& start = {});
    void close();
    [[nodiscard]] DashboardSession* session() const { return m_session; }
    [[nodiscard]] DashboardView* view() const { return m_view; }
    /// Changing and undoing what the page shows.
    [[nodiscard]] DashboardEditing* editing() const { return m_editing; }
    /// Inspecting and exporting the panels of the view.
    [[nodiscard]] DashboardTools* tools() const { return m_tools; }
    [[nodiscard]] DashboardFanOut* fanOut() const { return m_fanOut; }
    [[nodiscard]] DashboardAnnotating* annotating() const { return m_annotating; }
    [[nodiscard]] DashboardSaving* saving() const { return m_saving; }
    [[nodiscard]] NoticeBar* notices() const { return m_notices; }
    [[nodiscard]] QString title() const;
    [[nodiscard]] bool isChromeVisible() const { return m_chrome; }
    /// A sentence above the panels (a file that cannot be read, a stack that fails); empty hides it.
    void showNotice(const QString& text, bool isError);

public Q_SLOTS:
    void refresh();
    void zoomOut();
    void zoomIn();
    void shiftTime(int direction); ///< by half the range
    void makeAbsolute();
    /// Through the clipboard, as Grafana writes it: {"from": "now-6h", "to": "now"}.
    void copyTimeRange();
    void pasteTimeRange();
    void toggleMaximised();
    void focusTimePicker();
    void chooseComparison();
    void setComparison(qint64 earlierMs);
    void setChromeVisible(bool visible); ///< off for kiosk

Q_SIGNALS:
    void dashboardChooserRequested();
    void stackChooserRequested();
    void menuRequested();
    void linkActivated(const QUrl& url);
    void linkChosen(const Promdeck::LinkSpec& link);
    void refreshIntervalChosen(qint64 ms);
    void timeZoneChosen(const QString& zone);
    void opened(); ///< session() is a new one
    void titleChanged(const QString& title);
    void settled();

protected:
    void resizeEvent(QResizeEvent* event) override;

private:
    QWidget* makeToolBar();
    void fillRefreshMenu();
    void fillCompareMenu(QMenu* menu);
    void setRefresh(qint64 ms);
    void updateTime();
    void updateVariables();
    void updateAnnotations();
    void updateBusy();
    void updateTitle();
    void setSpan(double factor);

    DashboardSession* m_session = nullptr;
    QWidget* m_toolBar;
    bool m_chrome = true;
    QToolButton* m_stackButton;
    QToolButton* m_titleButton;
    TimeRangePicker* m_time;
    QToolButton* m_save;
    QToolButton* m_compare;
    QToolButton* m_zoomOut;
    QToolButton* m_refresh;
    QToolButton* m_interval;
    QMenu* m_intervalMenu;
    QLabel* m_notice;
    VariableBar* m_variables;
    DashboardView* m_view;
    DashboardEditing* m_editing;
    DashboardTools* m_tools;
    NoticeBar* m_notices;
    DashboardSaving* m_saving;
    DashboardAnnotating* m_annotating;
    DashboardFanOut* m_fanOut;
};

/// The zone name that display code understands: empty and "browser" mean the computer's own.
[[nodiscard]] QString displayTimeZone(const QString& zone);

} // namespace Promdeck
