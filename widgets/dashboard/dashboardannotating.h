#pragma once

#include "models/core/types.h"
#include "models/dashboard/ownannotations.h"

#include <QObject>
#include <QPoint>
#include <QPointer>

#include <memory>
#include <optional>

class QAction;
class QMenu;
class QWidget;

namespace Promdeck {

class AnnotationForm;
class AnnotationList;
class DashboardEditing;
class DashboardSession;
class DashboardView;

/// The operator's own annotations of the dashboard that a page shows: made, changed and deleted in its plots or in a
/// list, each as a step that undo takes back; and the switch for the states of alerts.
class DashboardAnnotating final : public QObject
{
    Q_OBJECT
public:
    DashboardAnnotating(QWidget* page, DashboardView* view, DashboardEditing* editing);
    ~DashboardAnnotating() override;

    /// `reference` says whose annotations; empty: nothing can be noted.
    void open(DashboardSession* session, const QString& reference);
    void close();
    [[nodiscard]] const std::shared_ptr<AnnotationBook>& book() const { return m_book; }
    void fillMainMenu(QMenu* menu);
    /// Asks for the text of a new one; `at` is a place of the screen.
    void add(const QString& panelKey, const TimeRange& range, const QPoint& at);
    void edit(const QString& id, const QString& panelKey, const QPoint& at);
    void remove(const QString& id);
    [[nodiscard]] AnnotationForm* form() const;

Q_SIGNALS:
    void notice(const QString& text, bool isError);

private:
    void addAtCursor();
    void showList();
    void showAlerts(bool shown);
    void feed();
    void fillPanelMenu(const QString& key, QMenu* menu);
    void popup(const OwnAnnotation& annotation, bool isNew, const QString& panelKey, const QPoint& at);
    [[nodiscard]] std::optional<TimeRange> markedIn(const QString& key) const;
    [[nodiscard]] int panelId(const QString& key) const;
    [[nodiscard]] QString panelTitle(int id) const;
    [[nodiscard]] QString timeZone() const;
    [[nodiscard]] QPoint middleOf(const QString& key) const;

    QWidget* m_page;
    DashboardView* m_view;
    DashboardEditing* m_editing;
    QPointer<DashboardSession> m_session;
    std::shared_ptr<AnnotationBook> m_book;
    QPointer<AnnotationForm> m_form;
    QPointer<AnnotationList> m_list;
    QAction* m_add;
    QAction* m_listAction;
    QAction* m_alerts;
};

} // namespace Promdeck
