#include "models/query/dashboardsessionparts.h"

#include <algorithm>

namespace Promdeck {

using namespace Qt::StringLiterals;

namespace {

/// f(panel) for all panels, rows and their children included.
template <typename F>
void forEachPanel(const Dashboard& dashboard, F&& f)
{
    for (const PanelSpec& panel : dashboard.panels) {
        f(panel);
        for (const PanelSpec& child : panel.children)
            f(child);
    }
}

Json withoutPlace(const PanelSpec& panel)
{
    Json json = panel.raw;
    json.remove(u"gridPos");
    json.remove(u"panels");
    json.remove(u"collapsed");
    return json;
}

/// Ids of panels whose JSON differs in more than their place.
std::set<int> changedPanels(const Dashboard& before, const Dashboard& after)
{
    QHash<int, const PanelSpec*> old;
    forEachPanel(before, [&old](const PanelSpec& panel) { old.insert(panel.id, &panel); });
    std::set<int> changed;
    forEachPanel(after, [&](const PanelSpec& panel) {
        const PanelSpec* was = old.value(panel.id);
        if (was && !(was->raw == panel.raw) && !(withoutPlace(*was) == withoutPlace(panel)))
            changed.insert(panel.id);
    });
    return changed;
}

bool isKeyOf(const QString& key, int id)
{
    const QString own = QString::number(id);
    return key == own || key.startsWith(own + u';') || key.startsWith(own + u'#');
}

/// Rows that the edit opened or closed show themselves as the dashboard now says.
std::set<QString> togglesAfter(std::set<QString> toggled, const Dashboard& before, const Dashboard& after)
{
    QHash<int, bool> collapsed;
    forEachPanel(before, [&collapsed](const PanelSpec& panel) {
        if (panel.isRow())
            collapsed.insert(panel.id, panel.collapsed);
    });
    forEachPanel(after, [&](const PanelSpec& panel) {
        if (panel.isRow() && collapsed.value(panel.id, panel.collapsed) != panel.collapsed)
            std::erase_if(toggled, [&panel](const QString& key) { return isKeyOf(key, panel.id); });
    });
    return toggled;
}

} // namespace

DashboardGrid DashboardSession::grid() const
{
    return gridOf(d->dashboard, *d->scope);
}

std::vector<PlacedPanel> DashboardSession::panelsWith(const DashboardGrid& grid) const
{
    const Dashboard arranged = withGrid(d->dashboard, grid);
    return layoutPanels(arranged, *d->scope, togglesAfter(d->toggledRows, d->dashboard, arranged), d->includeCollapsed);
}

void DashboardSession::setDashboard(const Dashboard& dashboard)
{
    const Dashboard before = std::exchange(d->dashboard, dashboard);
    d->toggledRows = togglesAfter(d->toggledRows, before, dashboard);
    const std::set<int> changed = changedPanels(before, dashboard);
    const bool otherVariables = !(before.migrated[u"templating"] == dashboard.migrated[u"templating"]);
    const bool otherTime = before.timeFrom != dashboard.timeFrom || before.timeTo != dashboard.timeTo;
    if (otherTime)
        d->rawRange = {dashboard.timeFrom, dashboard.timeTo};
    if (before.timezone != dashboard.timezone)
        d->timeZone = dashboard.timezone == u"browser" ? QString() : dashboard.timezone;
    if (otherTime || before.timezone != dashboard.timezone)
        d->resolveTime();
    else if (before.title != dashboard.title)
        d->rebuildScope();
    if (otherVariables)
        d->variablesEdited = true;
    if (!(before.migrated[u"annotations"] == dashboard.migrated[u"annotations"]))
        d->annotationsStale = true;
    if (d->laidOut)
        d->arrange();
    Q_EMIT edited(d->keysOf(changed));
    if (!d->started)
        return;
    if (otherVariables)
        d->resolve();
    if (otherTime) {
        d->markAllStale();
        Q_EMIT timeRangeChanged();
    }
    d->changePanels(changed);
    d->askVisible();
}

void DashboardSession::setComparison(qint64 earlierMs)
{
    const qint64 wanted = std::max<qint64>(0, earlierMs);
    if (wanted == d->comparisonMs)
        return;
    d->comparisonMs = wanted;
    if (d->started)
        d->askVisible();
}

qint64 DashboardSession::comparison() const
{
    return d->comparisonMs;
}

QStringList DashboardSession::Private::keysOf(const std::set<int>& ids) const
{
    QStringList keys;
    for (const PlacedPanel& panel : panels) {
        if (ids.contains(panel.panel.repeatSourceId != 0 ? panel.panel.repeatSourceId : panel.panel.id))
            keys << panel.key;
    }
    return keys;
}

/// Panels with another specification: those whose queries stay the same show the data they have in a new way.
void DashboardSession::Private::changePanels(const std::set<int>& ids)
{
    QStringList keys = keysOf(ids);
    for (const PlacedPanel& panel : panels) {
        // Panels that show another one's data.
        if (ids.contains(runs.value(panel.key)->plan.sourcePanelId) && !keys.contains(panel.key))
            keys << panel.key;
    }
    for (const QString& key : std::as_const(keys)) {
        const PlacedPanel* panel = placed(key);
        const std::shared_ptr<Run> run = runs.value(key);
        if (!panel || panel->panel.isRow())
            continue;
        const bool reusable = !run->stale && !run->pending && run->shown.panel && planFor(*panel, *run) == run->plan;
        if (!reusable) {
            run->stale = true;
            run->shown = {};
            continue;
        }
        ProcessRequest request = run->shown;
        request.panel = std::make_shared<const PanelSpec>(panel->panel);
        request.scope = scopeOf(panel->panel);
        request.fanByColor = fanOutOf(dashboard, panel->panel).byColor;
        request.generation = ++run->generation;
        if (run->plan.sourcePanelId != 0)
            request.source = sourceOf(run->plan);
        startProcessing(key, *run, std::move(request));
    }
}

} // namespace Promdeck
