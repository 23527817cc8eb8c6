#include "app/gui/commands.h"

#include "app/gui/configurationdesk.h"
#include "app/gui/dashboardlibrary.h"
#include "app/gui/mainwindow.h"
#include "models/library/dashboardcatalogue.h"
#include "models/core/settings.h"
#include "models/stack/stackstore.h"
#include "widgets/command/commandpalette.h"
#include "widgets/command/keyeditor.h"
#include "widgets/command/keymap.h"
#include "widgets/command/keysheet.h"
#include "widgets/command/keytext.h"
#include "widgets/dashboard/dashboardpage.h"
#include "widgets/dashboard/dashboardview.h"

#include <QAction>

using namespace Qt::StringLiterals;

namespace Promdeck {

namespace {

constexpr qsizetype kShortestPanelSearch = 3;
constexpr size_t kMostPanels = 200;

} // namespace

Commands::Commands(MainWindow* window, DashboardLibrary* library, StackStore* stacks, Settings* settings)
    : QObject(window), m_window(window), m_library(library), m_stacks(stacks), m_keys(new KeyMap(this))
{
    QMap<QString, KeyMap::Keys> changes;
    const Json kept = settings->value(Settings::Key::Keys);
    for (const auto& [name, keys] : kept.members()) {
        KeyMap::Keys list;
        for (const Json& one : keys.items())
            list << QKeySequence(one.toString(), QKeySequence::PortableText);
        changes.insert(name, list);
    }
    m_keys->setChanges(changes);
    connect(m_keys, &KeyMap::changed, this, [this, settings] {
        Json all = Json::object();
        for (auto it = m_keys->changes().cbegin(); it != m_keys->changes().cend(); ++it) {
            Json list = Json::array();
            for (const QKeySequence& one : it.value())
                list.append(one.toString(QKeySequence::PortableText));
            all.set(it.key(), list);
        }
        settings->set(Settings::Key::Keys, all);
    });
}

void Commands::watch(QObject* page)
{
    m_keys->addAll(page);
}

void Commands::editKeys()
{
    (new KeyEditor(m_keys, actions(), m_window))->show();
}

QAction* Commands::add(const QString& name, const QString& text, const QList<QKeySequence>& keys, std::function<void()> run)
{
    auto* action = new QAction(text, m_window);
    action->setObjectName(name);
    action->setShortcuts(keys);
    setKeyGroup(action, m_group);
    connect(action, &QAction::triggered, m_window, std::move(run));
    m_window->addAction(action);
    m_keys->add(action);
    return action;
}

QList<QAction*> Commands::actions() const
{
    QList<QAction*> all = m_window->actions() + m_window->configuration()->actions();
    if (!m_window->dashboardPage()->session())
        return all;
    // Pages and grids have actions of their own.
    const QList<QAction*> more = m_window->dashboardPage()->findChildren<QAction*>();
    for (QAction* action : more) {
        const bool hasKeys = !action->shortcut().isEmpty() || m_keys->isChanged(action->objectName());
        if (!hasKeys || all.contains(action))
            continue;
        if (keyGroup(action).isEmpty())
            setKeyGroup(action, tr("Panels and layout"));
        all << action;
    }
    return all;
}

void Commands::showPalette()
{
    std::vector<PaletteEntry> entries;
    const QList<QAction*> all = actions();
    for (QAction* action : all) {
        if (action->isEnabled() && action->objectName() != u"showPalette" && !action->text().isEmpty()) {
            entries.push_back({QString(action->text()).remove(u'&'), tr("Action"), {}, keyText(action), u"chevron-right"_s,
                               [target = QPointer<QAction>(action)] {
                                   if (target)
                                       target->trigger();
                               }});
        }
    }
    const QList<DashboardEntry> boards = m_library->entries();
    for (const DashboardEntry& board : boards) {
        entries.push_back({board.title, tr("Dashboard"), board.detail, {}, u"grid"_s,
                           [this, reference = board.reference] { m_window->openDashboard(reference); }});
    }
    DashboardPage* page = m_window->dashboardPage();
    if (DashboardSession* session = page->session()) {
        for (const PlacedPanel& placed : session->panels()) {
            if (placed.panel.isRow() || placed.panel.title.isEmpty())
                continue;
            entries.push_back({session->interpolate(placed.panel.title, &placed), tr("Panel"), placed.rowTitle, {}, u"search"_s,
                               [page = QPointer<DashboardPage>(page), key = placed.key] {
                                   if (page)
                                       page->view()->scrollToPanel(key);
                               }});
        }
    }
    for (const StackProfile& profile : m_stacks->stacks()) {
        entries.push_back({profile.name, tr("Stack"), profile.prometheus.toDisplayString(QUrl::RemoveUserInfo), {}, u"server"_s,
                           [this, profile] { m_window->openStack(profile); }});
    }
    auto* palette = new CommandPalette(std::move(entries), m_window);
    palette->setFinder([this](const QString& text) { return foundPanels(text); });
    palette->popup();
}

/// Panels of the whole library: too many to list, so the index is asked.
std::vector<PaletteEntry> Commands::foundPanels(const QString& text) const
{
    std::vector<PaletteEntry> entries;
    if (text.trimmed().size() < kShortestPanelSearch)
        return entries;
    const LibraryResult found = m_library->catalogue()->index()->search(text, kMostPanels);
    for (const LibraryHit& hit : found.hits) {
        const DigestPart* part = hit.digestPart();
        if (!part || part->kind != DigestPart::Kind::Panel || part->title.isEmpty())
            continue;
        const QString reason = hit.field == LibraryHit::Field::Metric ? tr("uses %1").arg(hit.text) : QString();
        entries.push_back({part->title, tr("Panel"), reason.isEmpty() ? hit.entry->digest.title : hit.entry->digest.title + u" – "_s + reason,
                           {}, u"search"_s, [this, reference = hit.entry->reference, id = part->panelId, title = part->title] {
                               m_window->openAt(reference, {{}, {}, id, title});
                           }});
    }
    return entries;
}

void Commands::showKeys()
{
    QList<KeySheet::Fixed> fixed;
    if (m_window->dashboardPage()->session()) {
        const QString plots = tr("In a plot");
        fixed = {{plots, tr("Zoom into a range"), tr("drag")},
                 {plots, tr("Zoom out"), tr("double-click")},
                 {plots, tr("Measure time, difference, slope and area"), tr("Shift+drag; Space, then Left, Right")},
                 {plots, tr("Move in time"), tr("drag the time axis, or with the middle button")},
                 {plots, tr("Zoom in time around the mouse"), tr("Shift+wheel")},
                 {plots, tr("Zoom into values"), tr("drag the value axis; Ctrl+drag up or down; y")},
                 {plots, tr("All values again"), tr("double-click; Shift+y; Esc")},
                 {plots, tr("Note something about a moment"), tr("Ctrl+click")},
                 {plots, tr("Note something about a span"), tr("Ctrl+drag")},
                 {plots, tr("Read sample by sample"), tr("Left, Right")},
                 {plots, tr("Next series"), tr("Up, Down")},
                 {plots, tr("Show one series only"), tr("click in the legend")},
                 {plots, tr("Hide or show one series"), tr("Ctrl+click in the legend")}};
    }
    auto* sheet = new KeySheet(actions(), fixed, m_window);
    connect(sheet, &KeySheet::editRequested, this, &Commands::editKeys);
    sheet->popup();
}

} // namespace Promdeck
