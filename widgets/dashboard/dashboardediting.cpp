#include "widgets/dashboard/dashboardediting.h"

#include "models/query/dashboardsession.h"
#include "widgets/common/icons.h"
#include "widgets/dashboard/dashboardview.h"
#include "widgets/dashboard/editsteptext.h"
#include "widgets/dashboard/gridediting.h"
#include "widgets/dashboard/rowheader.h"

#include <QAction>
#include <QMenu>

using namespace Qt::StringLiterals;

namespace Promdeck {

DashboardEditing::DashboardEditing(QWidget* page, DashboardView* view) : QObject(page), m_page(page), m_view(view)
{
    m_undo = addAction("undo", tr("Undo"), {QKeySequence(u"Ctrl+Z"_s)}, &DashboardEditing::undo);
    m_redo = addAction("redo", tr("Redo"), {QKeySequence(u"Ctrl+Shift+Z"_s), QKeySequence(u"Ctrl+Y"_s)}, &DashboardEditing::redo);
    m_addRow = addAction("addRow", tr("Add a row"), {}, &DashboardEditing::addRow);
    m_addRow->setIcon(themeIcon(u"plus"_s));
    m_lock = addAction("lockPanels", tr("Lock panels"), {}, &DashboardEditing::applyLock);
    m_lock->setCheckable(true);
    addAction("duplicatePanel", tr("Duplicate panel"), {QKeySequence(Qt::Key_P, Qt::Key_D)}, &DashboardEditing::duplicateCurrent);
    addAction("removePanel", tr("Remove panel"), {QKeySequence(Qt::Key_P, Qt::Key_R)}, &DashboardEditing::removeCurrent);
    addAction("detachPanel", tr("Take out of the dashboard"), {QKeySequence(Qt::Key_P, Qt::Key_O)}, &DashboardEditing::detachCurrent);
    connect(view, &DashboardView::panelMenuOpening, this, &DashboardEditing::fillPanelMenu);
    connect(view, &DashboardView::rowMenuOpening, this, &DashboardEditing::fillRowMenu);
    updateActions();
}

DashboardEditing::~DashboardEditing() = default;

QAction* DashboardEditing::addAction(const char* name, const QString& text, const QList<QKeySequence>& keys,
                                     void (DashboardEditing::*run)())
{
    auto* action = new QAction(text, m_page);
    action->setObjectName(QString::fromLatin1(name));
    action->setShortcuts(keys);
    action->setShortcutContext(Qt::WidgetWithChildrenShortcut);
    connect(action, &QAction::triggered, this, run);
    m_page->addAction(action);
    return action;
}

void DashboardEditing::open(DashboardSession* session)
{
    close();
    m_session = session;
    m_editor = std::make_unique<DashboardEditor>(session->dashboard());
    m_editor->setGridSource([session = m_session, editor = m_editor.get()] {
        return session ? session->grid() : gridOf(editor->dashboard());
    });
    connect(m_editor.get(), &DashboardEditor::changed, this, [this] {
        if (m_session)
            m_session->setDashboard(m_editor->dashboard());
    });
    connect(m_editor.get(), &DashboardEditor::historyChanged, this, &DashboardEditing::updateActions);
    setLocked(!session->dashboard().editable);
}

void DashboardEditing::close()
{
    m_view->editing()->setEditor(nullptr);
    m_editor.reset();
    m_session = nullptr;
    updateActions();
}

void DashboardEditing::setLocked(bool locked)
{
    m_lock->setChecked(locked);
    applyLock();
}

bool DashboardEditing::isLocked() const
{
    return m_shownOnly || m_lock->isChecked();
}

void DashboardEditing::setShownOnly(bool shownOnly)
{
    m_shownOnly = shownOnly;
    applyLock();
}

void DashboardEditing::applyLock()
{
    m_view->editing()->setEditor(isLocked() ? nullptr : m_editor.get());
    updateActions();
}

void DashboardEditing::updateActions()
{
    const bool undo = m_editor && m_editor->canUndo();
    const bool redo = m_editor && m_editor->canRedo();
    m_undo->setEnabled(undo);
    m_undo->setText(undo ? tr("Undo: %1").arg(editStepText(m_editor->undoStep())) : tr("Undo"));
    m_redo->setEnabled(redo);
    m_redo->setText(redo ? tr("Redo: %1").arg(editStepText(m_editor->redoStep())) : tr("Redo"));
    m_addRow->setEnabled(m_editor && !isLocked());
    Q_EMIT changed();
}

void DashboardEditing::undo()
{
    m_view->editing()->cancel();
    if (m_editor)
        m_editor->undo();
}

void DashboardEditing::redo()
{
    m_view->editing()->cancel();
    if (m_editor)
        m_editor->redo();
}

void DashboardEditing::addRow()
{
    if (!m_editor)
        return;
    if (const int id = m_editor->addRow(tr("New row")))
        m_view->scrollToPanel(QString::number(id));
}

void DashboardEditing::duplicateCurrent()
{
    const int id = m_view->editing()->editableId(m_view->focusedItem());
    if (m_editor && !isLocked() && id != 0)
        m_editor->duplicatePanel(id);
}

void DashboardEditing::detachCurrent()
{
    const QString key = m_view->currentPanel();
    if (m_view->isDetached(key))
        Q_EMIT m_view->attachRequested(key);
    else if (!key.isEmpty())
        Q_EMIT m_view->detachRequested(key, std::nullopt);
}

void DashboardEditing::removeCurrent()
{
    const int id = m_view->editing()->editableId(m_view->focusedItem());
    if (m_editor && !isLocked() && id != 0)
        m_editor->removePanel(id);
}

void DashboardEditing::fillMainMenu(QMenu* menu)
{
    if (!m_editor)
        return;
    menu->addSection(tr("Dashboard"));
    for (const QString& name : {u"saveDashboard"_s, u"saveDashboardAs"_s})
        menu->addAction(m_page->findChild<QAction*>(name));
    for (QAction* action : {m_undo, m_redo, m_addRow, m_lock})
        menu->addAction(action);
}

void DashboardEditing::fillPanelMenu(const QString& key, QMenu* menu)
{
    const int id = m_view->editing()->editableId(key);
    if (!m_editor || isLocked() || id == 0)
        return;
    menu->addSeparator();
    if (m_view->editing()->canArrange()) {
        QMenu* arrange = menu->addMenu(tr("Arrange"));
        arrange->setObjectName(u"panelArrangeMenu"_s);
        const struct
        {
            const char* action;
            int dx, dy;
            bool resizes;
        } steps[] {{"panelLeft", -1, 0, false},    {"panelRight", 1, 0, false},   {"panelUp", 0, -1, false},
                   {"panelDown", 0, 1, false},     {"panelNarrower", -1, 0, true}, {"panelWider", 1, 0, true},
                   {"panelShorter", 0, -1, true},  {"panelTaller", 0, 1, true}};
        for (const auto& step : steps) {
            const auto* known = m_view->findChild<QAction*>(QString::fromLatin1(step.action));
            if (step.resizes && step.dx < 0)
                arrange->addSeparator();
            arrange->addAction(known->text(), known->shortcut(), this, [this, key, step] {
                if (step.resizes)
                    m_view->editing()->nudgeSize(key, step.dx, step.dy);
                else
                    m_view->editing()->nudge(key, step.dx, step.dy);
            });
        }
    }
    menu->addAction(themeIcon(u"copy"_s), tr("Duplicate"), QKeySequence(Qt::Key_P, Qt::Key_D), this,
                    [this, id] {
                        if (m_editor)
                            m_editor->duplicatePanel(id);
                    });
    menu->addAction(themeIcon(u"trash"_s), tr("Remove"), QKeySequence(Qt::Key_P, Qt::Key_R), this,
                    [this, id] {
                        if (m_editor)
                            m_editor->removePanel(id);
                    });
}

void DashboardEditing::fillRowMenu(const QString& key, QMenu* menu)
{
    const int id = m_view->editing()->editableId(key);
    const PanelSpec* row = m_editor ? m_editor->panelSpec(id) : nullptr;
    if (isLocked() || !row || !row->isRow())
        return;
    menu->addAction(themeIcon(u"pencil"_s), tr("Rename"), this, [this, id, key, title = row->title] {
        m_view->renameRow(key, title, [this, id](const QString& chosen) {
            Json json = m_editor ? m_editor->panelJson(id) : Json();
            if (!json.isObject())
                return;
            json.set(u"title"_s, chosen);
            m_editor->changePanel(id, json);
        });
    });
    menu->addAction(themeIcon(u"chevron-up"_s), tr("Move up"), this, [this, key] { m_view->editing()->nudge(key, 0, -1); });
    menu->addAction(themeIcon(u"chevron-down"_s), tr("Move down"), this, [this, key] { m_view->editing()->nudge(key, 0, 1); });
    QAction* closed = menu->addAction(tr("Opens collapsed"), this,
                                      [this, id](bool checked) {
                                          if (m_editor)
                                              m_editor->setRowCollapsed(id, checked);
                                      });
    closed->setCheckable(true);
    closed->setChecked(row->collapsed);
    menu->addSeparator();
    menu->addAction(themeIcon(u"trash"_s), tr("Remove the row, keep its panels"), this,
                    [this, id] {
                        if (m_editor)
                            m_editor->removeRow(id, false);
                    });
    menu->addAction(themeIcon(u"trash"_s), tr("Remove the row and its panels"), this,
                    [this, id] {
                        if (m_editor)
                            m_editor->removeRow(id, true);
                    });
}

} // namespace Promdeck
