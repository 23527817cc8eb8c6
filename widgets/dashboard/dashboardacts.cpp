#include "widgets/dashboard/dashboardacts.h"

#include "models/query/dashboardsession.h"
#include "widgets/dashboard/dashboardediting.h"
#include "widgets/dashboard/dashboardpage.h"
#include "widgets/dashboard/dashboardsaving.h"
#include "widgets/dashboard/dashboardsettings.h"
#include "widgets/dashboard/dashboardtools.h"
#include "widgets/dashboard/dashboardview.h"
#include "widgets/dashboard/gridediting.h"
#include "widgets/panels/panelwidget.h"

#include <QClipboard>
#include <QCoreApplication>
#include <QGuiApplication>
#include <QUrlQuery>

#include <algorithm>

using namespace Qt::StringLiterals;

namespace Promdeck::DashboardActs {

namespace {

constexpr qsizetype kMostClipboard = 4 << 20;

QString tr(const char* text)
{
    return QCoreApplication::translate("Promdeck::DashboardActs", text);
}

/// Where a panel of this type says whether its legend is shown; empty: it has none.
QString legendPath(const QString& type)
{
    static const QStringList usual {u"timeseries"_s, u"piechart"_s, u"barchart"_s, u"histogram"_s, u"state-timeline"_s,
                                    u"status-history"_s, u"xychart"_s, u"trend"_s};
    return usual.contains(type) ? u"options.legend.showLegend"_s : type == u"heatmap" ? u"options.legend.show"_s : QString();
}

bool showsLegend(const Json& panel)
{
    const Json& shown = panel.path(legendPath(panel[u"type"].toString()));
    return shown.toBool(true) && panel.path(u"options.legend.displayMode").toString() != u"hidden";
}

Json withLegend(Json panel, bool shown)
{
    panel.setPath(legendPath(panel[u"type"].toString()), shown);
    // The old way to hide it would win.
    if (shown && panel.path(u"options.legend.displayMode").toString() == u"hidden")
        panel.setPath(u"options.legend.displayMode", u"list"_s);
    return panel;
}

DashboardEditor* editorOf(DashboardPage* page)
{
    if (!page->session() || !page->editing()->editor())
        return nullptr;
    if (page->editing()->isLocked()) {
        page->showNotice(tr("The dashboard is locked against changes: “Lock panels” in the menu unlocks it"), false);
        return nullptr;
    }
    return page->editing()->editor();
}

/// The document with `change` of every panel that it has, rows' panels included.
template <typename Change>
Json withPanels(const Json& document, Change change)
{
    Json edited = document;
    Json panels = document[u"panels"];
    for (qsizetype i = 0; i < panels.size(); ++i) {
        Json panel = panels.at(i);
        if (panel[u"type"].toString() != u"row") {
            panels.setAt(i, change(panel));
            continue;
        }
        Json children = panel[u"panels"];
        for (qsizetype c = 0; c < children.size(); ++c)
            children.setAt(c, change(children.at(c)));
        if (children.size() > 0)
            panel.set(u"panels"_s, children);
        panels.setAt(i, panel);
    }
    edited.set(u"panels"_s, panels);
    return edited;
}

template <typename Test>
bool anyPanel(const Json& document, Test test)
{
    bool found = false;
    (void)withPanels(document, [&](const Json& panel) {
        found = found || test(panel);
        return panel;
    });
    return found;
}

} // namespace

void toggleLegend(DashboardPage* page, const QString& key)
{
    DashboardEditor* editor = editorOf(page);
    const int id = page->view()->editing()->editableId(key);
    if (!editor || id == 0)
        return;
    const Json panel = editor->panelJson(id);
    if (legendPath(panel[u"type"].toString()).isEmpty())
        page->showNotice(tr("This kind of panel has no legend"), false);
    else
        editor->changePanel(id, withLegend(panel, !showsLegend(panel)));
}

void toggleLegends(DashboardPage* page)
{
    DashboardEditor* editor = editorOf(page);
    if (!editor)
        return;
    const Json& document = editor->dashboard().migrated;
    const auto has = [](const Json& panel) { return !legendPath(panel[u"type"].toString()).isEmpty(); };
    // All are hidden first, as long as one is shown.
    const bool show = !anyPanel(document, [&](const Json& panel) { return has(panel) && showsLegend(panel); });
    editor->changeDocument(withPanels(document, [&](const Json& panel) { return has(panel) ? withLegend(panel, show) : panel; }),
                           {EditStep::Kind::ChangeSettings, {}});
}

void toggleExemplars(DashboardPage* page)
{
    DashboardEditor* editor = editorOf(page);
    if (!editor)
        return;
    const Json& document = editor->dashboard().migrated;
    const auto asks = [](const Json& panel) {
        return std::ranges::any_of(panel[u"targets"].items(), [](const Json& target) { return target[u"exemplar"].toBool(); });
    };
    const bool wanted = !anyPanel(document, asks);
    const Json edited = withPanels(document, [wanted](Json panel) {
        if (panel[u"type"].toString() != u"timeseries")
            return panel;
        Json targets = panel[u"targets"];
        for (qsizetype i = 0; i < targets.size(); ++i) {
            Json target = targets.at(i);
            if (target[u"expr"].toString().isEmpty())
                continue;
            target.set(u"exemplar"_s, wanted);
            targets.setAt(i, target);
        }
        if (targets.size() > 0)
            panel.set(u"targets"_s, targets);
        return panel;
    });
    editor->changeDocument(edited, {EditStep::Kind::ChangeSettings, {}});
    page->showNotice(wanted ? tr("Time series ask for exemplars now") : tr("No exemplars any more"), false);
}

void copyPanel(DashboardPage* page, const QString& key)
{
    if (!page->session())
        return;
    const auto& panels = page->session()->panels();
    const auto placed = std::ranges::find(panels, key, &PlacedPanel::key);
    if (placed == panels.end() || placed->panel.isRow())
        return;
    QGuiApplication::clipboard()->setText(QString::fromUtf8(placed->panel.raw.toUtf8(Json::Format::Indented)));
    page->showNotice(tr("The panel is in the clipboard, as JSON."), false);
}

void pastePanel(DashboardPage* page)
{
    if (!editorOf(page))
        return;
    const QString text = QGuiApplication::clipboard()->text();
    Json panel = text.size() < kMostClipboard ? Json::parse(text.toUtf8()).valueOr({}) : Json();
    if (!panel.isObject() || panel[u"type"].toString().isEmpty() || panel[u"type"].toString() == u"row") {
        page->showNotice(tr("There is no panel in the clipboard. Copy one with “p c” here, or its JSON in Grafana."), true);
        return;
    }
    // A copy of what is here stands beside it.
    if (const QString key = page->tools()->addPanel(panel); !key.isEmpty()) {
        page->showNotice({}, false);
        page->view()->scrollToPanel(key);
    }
}

void copyLink(DashboardPage* page, const QString& key)
{
    const DashboardSession* session = page->session();
    if (!session)
        return;
    const StackProfile profile = session->stack()->profile();
    const RawTimeRange range = session->rawTimeRange();
    QString text;
    if (!profile.grafana.isEmpty() && !session->dashboard().uid.isEmpty()) {
        QUrl url = profile.grafana;
        url.setPath((url.path().endsWith(u'/') ? url.path() : url.path() + u'/') + u"d/"_s + session->dashboard().uid);
        QUrlQuery query;
        query.addQueryItem(u"from"_s, range.from);
        query.addQueryItem(u"to"_s, range.to);
        for (const VariableState& state : session->variables()) {
            for (const QString& value : state.current)
                query.addQueryItem(u"var-"_s + state.spec.name, QString::fromLatin1(QUrl::toPercentEncoding(value)));
        }
        if (const int id = page->view()->editing()->editableId(key); id != 0)
            query.addQueryItem(u"viewPanel"_s, QString::number(id));
        url.setQuery(query);
        text = url.toString(QUrl::FullyEncoded | QUrl::RemoveUserInfo);
    } else {
        const auto quoted = [](const QString& word) { return u'\'' + QString(word).replace(u'\'', u"'\\''"_s) + u'\''; };
        QStringList words {u"promdeck"_s, u"--url"_s, quoted(profile.prometheus.toString(QUrl::RemoveUserInfo)), u"--dashboard"_s,
                           quoted(page->saving()->reference()), u"--from"_s, quoted(range.from), u"--to"_s, quoted(range.to)};
        for (const VariableState& state : session->variables()) {
            for (const QString& value : state.current)
                words << u"--var"_s << quoted(state.spec.name + u'=' + value);
        }
        text = words.join(u' ');
    }
    QGuiApplication::clipboard()->setText(text);
    page->showNotice(tr("In the clipboard: %1").arg(text), false);
}

void cycleSharedCursor(DashboardPage* page)
{
    if (!page->session())
        return;
    const int mode = (page->view()->sharedCursor() + 1) % 3;
    page->view()->setSharedCursor(mode);
    // What the last way left behind.
    for (PanelWidget* panel : page->view()->panels()) {
        if (panel->body())
            panel->body()->setSharedTime(std::nullopt, false);
    }
    page->showNotice(mode == 0   ? tr("The crosshair is shown in the plot under the mouse only")
                         : mode == 1 ? tr("The crosshair is shown in all plots")
                                     : tr("The crosshair is shown in all plots, with their values"),
                     false);
}

void togglePin(DashboardPage* page)
{
    DashboardView* view = page->view();
    if (!page->session())
        return;
    std::optional<TimeRange> marked;
    for (const QString& key : {view->focusedItem(), view->currentPanel()}) {
        const PanelWidget* panel = view->panel(key);
        if (!marked && panel && panel->body())
            marked = panel->body()->markedTime();
    }
    // Somewhere else it moves there; at the same place, or without a cursor, it is let go.
    if (marked && view->pinnedTime() != marked->fromMs)
        view->setPinnedTime(marked->fromMs);
    else if (view->pinnedTime())
        view->setPinnedTime(std::nullopt);
    else
        page->showNotice(tr("Point at a moment of a plot first, with the mouse or the arrow keys"), false);
}

void toggleTable(DashboardPage* page)
{
    if (PanelWidget* panel = page->view()->panel(page->view()->currentPanel()))
        panel->setAsTable(!panel->isAsTable());
}

void toggleLock(DashboardPage* page)
{
    if (!page->session())
        return;
    page->editing()->setLocked(!page->editing()->isLocked());
    page->showNotice(page->editing()->isLocked() ? tr("Panels are locked") : tr("Panels can be moved and changed"), false);
}

void showSettings(DashboardPage* page)
{
    if (DashboardEditor* editor = editorOf(page))
        (new DashboardSettings(editor, page))->show();
}

} // namespace Promdeck::DashboardActs
