#pragma once

#include "models/dashboard/dashboardeditor.h"

#include <QObject>
#include <QPointer>

#include <memory>

class QAction;
class QMenu;
class QWidget;

namespace Promdeck {

class DashboardSession;
class DashboardView;

/// Changing the dashboard that a page shows: the editor with its history, the actions and the menu entries.
class DashboardEditing final : public QObject
{
    Q_OBJECT
public:
    /// Actions are added to `page`, so that their keys work wherever the focus is in it.
    DashboardEditing(QWidget* page, DashboardView* view);
    ~DashboardEditing() override;

    void open(DashboardSession* session);
    void close();
    [[nodiscard]] DashboardEditor* editor() const { return m_editor.get(); }
    [[nodiscard]] QAction* undoAction() const { return m_undo; }
    [[nodiscard]] QAction* redoAction() const { return m_redo; }
    [[nodiscard]] QAction* addRowAction() const { return m_addRow; }
    void fillMainMenu(QMenu* menu);
    /// Panels are held fast: the user's choice, to begin with what the dashboard's `editable` says.
    void setLocked(bool locked);
    [[nodiscard]] bool isLocked() const;
    /// Held fast whatever the user chose, as on a wall.
    void setShownOnly(bool shownOnly);

Q_SIGNALS:
    /// Another dashboard, another value, or another state of its history.
    void changed();

private:
    QAction* addAction(const char* name, const QString& text, const QList<QKeySequence>& keys, void (DashboardEditing::*run)());
    void undo();
    void redo();
    void addRow();
    void duplicateCurrent();
    void detachCurrent();
    void removeCurrent();
    void updateActions();
    void applyLock();
    void fillPanelMenu(const QString& key, QMenu* menu);
    void fillRowMenu(const QString& key, QMenu* menu);

    QWidget* m_page;
    DashboardView* m_view;
    QPointer<DashboardSession> m_session;
    std::unique_ptr<DashboardEditor> m_editor;
    QAction* m_undo;
    QAction* m_redo;
    QAction* m_addRow;
    QAction* m_lock;
    bool m_shownOnly = false;
};

} // namespace Promdeck
