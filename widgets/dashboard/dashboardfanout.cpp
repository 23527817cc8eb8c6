#include "widgets/dashboard/dashboardfanout.h"

#include "widgets/common/icons.h"
#include "widgets/dashboard/dashboardediting.h"
#include "widgets/dashboard/dashboardview.h"
#include "widgets/dashboard/gridediting.h"

#include <QAction>
#include <QMenu>

using namespace Qt::StringLiterals;

namespace Promdeck {

DashboardFanOut::DashboardFanOut(DashboardView* view, DashboardEditing* editing, QObject* parent)
    : QObject(parent), m_view(view), m_editing(editing)
{
    connect(view, &DashboardView::panelMenuOpening, this, &DashboardFanOut::fillPanelMenu);
}

void DashboardFanOut::setDirectory(StackDirectory directory)
{
    m_directory = std::move(directory);
}

void DashboardFanOut::open(DashboardSession* session)
{
    m_session = session;
    if (session && m_directory.find)
        session->setStackFinder(m_directory.find);
}

/// A tick for each stack; the page's own always takes part.
void DashboardFanOut::fill(QMenu* menu, const FanOut& now, std::function<void(const FanOut&)> choose)
{
    const QString own = m_session->stack()->profile().name;
    QStringList names = m_directory.names ? m_directory.names() : QStringList();
    for (const QString& name : now.stacks) {
        if (!names.contains(name))
            names << name; // one that is gone can be unticked
    }
    for (const QString& name : std::as_const(names)) {
        const bool mine = name == own;
        QAction* action = menu->addAction(QString(name).replace(u'&', u"&&"_s), this, [now, name, choose](bool on) {
            FanOut wanted = now;
            wanted.stacks.removeAll(name);
            if (on)
                wanted.stacks << name;
            choose(wanted);
        });
        action->setObjectName(u"fanOut:"_s + name);
        action->setCheckable(true);
        action->setChecked(mine || now.stacks.contains(name));
        action->setEnabled(!mine);
    }
    if (names.size() < 2) {
        menu->addAction(tr("Save a second stack to run panels on both"))->setEnabled(false);
        return;
    }
    menu->addSeparator();
    QAction* color = menu->addAction(tr("Tell them apart by colour instead of dashes"), this, [now, choose](bool on) {
        FanOut wanted = now;
        wanted.byColor = on;
        choose(wanted);
    });
    color->setObjectName(u"fanOutByColor"_s);
    color->setCheckable(true);
    color->setChecked(now.byColor);
}

void DashboardFanOut::fillPanelMenu(const QString& key, QMenu* menu)
{
    const int id = m_view->editing()->editableId(key);
    const PanelSpec* panel = m_session && m_editing->editor() && !m_editing->isLocked() && m_directory.names && id != 0
        ? m_editing->editor()->panelSpec(id) : nullptr;
    if (!panel || panel->targets.empty())
        return;
    QMenu* stacks = menu->addMenu(themeIcon(u"server"_s), tr("Run on stacks"));
    stacks->setObjectName(u"panelStacks"_s);
    const FanOut now = fanOutOf(m_editing->editor()->dashboard(), *panel);
    fill(stacks, now, [this, id](const FanOut& wanted) { choosePanel(id, wanted); });
    if (panel->raw[u"promdeck"][u"stacks"].isArray()) {
        stacks->addAction(tr("As the dashboard says"), this, [this, id] { choosePanel(id, std::nullopt); })
            ->setObjectName(u"fanOutInherit"_s);
    }
}

void DashboardFanOut::choosePanel(int id, const std::optional<FanOut>& wanted)
{
    DashboardEditor* editor = m_editing->editor();
    Json panel = editor ? editor->panelJson(id) : Json();
    if (!panel.isObject())
        return;
    Json own = panel[u"promdeck"];
    if (wanted) {
        own = withFanOut(own, *wanted);
    } else {
        own.remove(u"stacks");
        own.remove(u"stacksBy");
    }
    if (own.size() > 0)
        panel.set(u"promdeck"_s, own);
    else
        panel.remove(u"promdeck");
    editor->changePanel(id, panel);
}

void DashboardFanOut::chooseDashboard(const FanOut& wanted)
{
    DashboardEditor* editor = m_editing->editor();
    if (!editor || m_editing->isLocked())
        return;
    const FanOut now = fanOutFrom(editor->dashboard().migrated[u"promdeck"]);
    if (now == wanted)
        return;
    editor->changeMembers({{u"promdeck"_s, withFanOut(editor->dashboard().migrated[u"promdeck"], wanted)}});
    m_session->refresh(); // every panel may ask somebody else now
}

void DashboardFanOut::fillMainMenu(QMenu* menu)
{
    if (!m_session || !m_editing->editor() || m_editing->isLocked() || !m_directory.names)
        return;
    QMenu* stacks = menu->addMenu(themeIcon(u"server"_s), tr("Run on stacks"));
    stacks->setObjectName(u"dashboardStacks"_s);
    fill(stacks, fanOutFrom(m_editing->editor()->dashboard().migrated[u"promdeck"]), [this](const FanOut& wanted) { chooseDashboard(wanted); });
}

} // namespace Promdeck
