#include "widgets/dashboard/dashboardtools.h"

#include "models/core/background.h"
#include "widgets/common/errortext.h"
#include "widgets/common/prompt.h"
#include "widgets/common/theme.h"
#include "widgets/dashboard/dashboardpage.h"
#include "widgets/dashboard/dashboardpdf.h"
#include "widgets/dashboard/dashboardview.h"
#include "widgets/inspect/panelexport.h"
#include "widgets/panels/panelwidget.h"

#include <QApplication>
#include <QClipboard>
#include <QSplitter>

#include <algorithm>

using namespace Qt::StringLiterals;

namespace Promdeck {

namespace {

constexpr qsizetype kMarkdownRows = 500;

/// What a file or the clipboard gets: series joined by time, else the only table.
std::shared_ptr<const DataTable> exportTable(const PanelData& data, const PanelContext& context)
{
    DataTable joined = joinedByTime(data.frames, context);
    if (!joined.columns.empty())
        return std::make_shared<const DataTable>(std::move(joined));
    std::vector<DataTable> tables = dataTables(data.frames, context);
    return std::make_shared<const DataTable>(tables.empty() ? DataTable() : std::move(tables.front()));
}

} // namespace

DashboardTools::DashboardTools(DashboardView* view, QSplitter* splitter, QObject* parent)
    : QObject(parent), m_view(view), m_splitter(splitter)
{
    connect(view, &DashboardView::panelRequested, this, &DashboardTools::request);
}

void DashboardTools::setSession(DashboardSession* session)
{
    if (m_session)
        disconnect(m_session, nullptr, this, nullptr);
    closeInspector();
    m_session = session;
    if (!session)
        return;
    connect(session, &DashboardSession::panelChanged, this, [this](const QString& key) {
        if (key == m_inspected)
            feedInspector();
    });
    const auto look = [this] {
        if (!m_inspected.isEmpty() && !placed(m_inspected))
            closeInspector();
        else
            feedInspector();
    };
    connect(session, &DashboardSession::layoutChanged, this, look);
    connect(session, &DashboardSession::edited, this, look);
}

const PlacedPanel* DashboardTools::placed(const QString& key) const
{
    if (!m_session)
        return nullptr;
    const auto& panels = m_session->panels();
    const auto it = std::find_if(panels.begin(), panels.end(), [&](const PlacedPanel& panel) { return panel.key == key; });
    return it == panels.end() || it->panel.isRow() ? nullptr : &*it;
}

InspectorPane* DashboardTools::inspector() const
{
    return m_inspected.isEmpty() ? nullptr : m_pane;
}

void DashboardTools::inspect(const QString& key, InspectorPane::Tab tab)
{
    if (!placed(key))
        return;
    if (!m_pane) {
        m_pane = new InspectorPane(m_splitter);
        m_splitter->addWidget(m_pane);
        m_splitter->setStretchFactor(0, 1);
        m_splitter->setStretchFactor(1, 0);
        const int wanted = std::clamp(m_splitter->width() * 2 / 5, 420, 720);
        m_splitter->setSizes({std::max(200, m_splitter->width() - wanted), wanted});
        connect(m_pane, &InspectorPane::closed, this, &DashboardTools::closeInspector);
        connect(m_pane, &InspectorPane::notice, this, &DashboardTools::notice);
        connect(m_pane, &InspectorPane::refreshRequested, this, [this] {
            if (m_session)
                m_session->refresh();
        });
    }
    m_inspected = key;
    m_pane->show();
    m_pane->showTab(tab);
    feedInspector();
}

void DashboardTools::closeInspector()
{
    if (m_inspected.isEmpty())
        return;
    const QString key = std::exchange(m_inspected, {});
    const bool hadFocus = m_pane->isAncestorOf(QApplication::focusWidget());
    m_pane->hide();
    if (PanelWidget* panel = hadFocus ? m_view->panel(key) : nullptr)
        panel->setFocus(Qt::OtherFocusReason);
}

void DashboardTools::feedInspector()
{
    const PlacedPanel* panel = placed(m_inspected);
    if (!panel)
        return;
    InspectInput input;
    input.panel.spec = panel->panel;
    input.panel.data = m_session->panelData(m_inspected);
    input.panel.context.theme = Theme::instance().kind();
    input.panel.context.timeZone = displayTimeZone(m_session->timeZone());
    input.title = m_session->interpolate(panel->panel.title, panel);
    input.server = m_session->stack()->prometheus().baseUrl();
    m_pane->setInput(input);
}

void DashboardTools::request(const QString& key, PanelRequest request)
{
    switch (request) {
    case PanelRequest::Edit: Q_EMIT editRequested(key); break;
    case PanelRequest::InspectData: inspect(key, InspectorPane::Data); break;
    case PanelRequest::InspectStatistics: inspect(key, InspectorPane::Statistics); break;
    case PanelRequest::InspectQuery: inspect(key, InspectorPane::Query); break;
    case PanelRequest::InspectJson: inspect(key, InspectorPane::JsonTab); break;
    case PanelRequest::InspectErrors: inspect(key, InspectorPane::Errors); break;
    case PanelRequest::SaveCsv: saveCsv(key, false); break;
    case PanelRequest::SaveExcel: saveCsv(key, true); break;
    case PanelRequest::SavePng: savePicture(key, false); break;
    case PanelRequest::SaveSvg: savePicture(key, true); break;
    case PanelRequest::CopyMarkdown: copyMarkdown(key); break;
    }
}

void DashboardTools::say(const Status& status, const QString& path)
{
    if (status.ok())
        Q_EMIT notice(tr("Saved %1").arg(path), false);
    else
        Q_EMIT notice(errorText(status.error()), true);
}

void DashboardTools::saveCsv(const QString& key, bool excel)
{
    const PlacedPanel* panel = placed(key);
    if (!panel)
        return;
    const PanelDataPtr data = m_session->panelData(key);
    const PanelContext context {Theme::instance().kind(), displayTimeZone(m_session->timeZone())};
    const QString name = fileNameFor(m_session->interpolate(panel->panel.title, panel), u".csv"_s);
    CsvOptions options;
    options.excel = excel;
    Prompt::saveFile(m_view, tr("Save as CSV"), name, tr("CSV (*.csv);;All files (*)"), [this, data, context, options](const QString& path) {
        runInBackground(
            this, [data, context] { return exportTable(*data, context); },
            [this, options, path](const std::shared_ptr<const DataTable>& table) {
                saveTable(this, table, options, path, [this, path](const Status& status) { say(status, path); });
            });
    });
}

void DashboardTools::copyMarkdown(const QString& key)
{
    const PlacedPanel* panel = placed(key);
    if (!panel)
        return;
    const PanelDataPtr data = m_session->panelData(key);
    const PanelContext context {Theme::instance().kind(), displayTimeZone(m_session->timeZone())};
    runInBackground(
        this,
        [data, context] {
            const std::shared_ptr<const DataTable> table = exportTable(*data, context);
            return std::pair(markdownTable(*table, kMarkdownRows, DataTable::Values::Formatted), table->rows);
        },
        [this](const std::pair<QString, qsizetype>& result) {
            QApplication::clipboard()->setText(result.first);
            if (result.second > kMarkdownRows)
                Q_EMIT notice(tr("Copied the first %1 of %2 rows").arg(kMarkdownRows).arg(result.second), false);
        });
}

void DashboardTools::savePicture(const QString& key, bool svg)
{
    const PlacedPanel* panel = placed(key);
    if (!panel)
        return;
    const QString name = fileNameFor(m_session->interpolate(panel->panel.title, panel), svg ? u".svg"_s : u".png"_s);
    Prompt::saveFile(m_view, svg ? tr("Save as SVG") : tr("Save as PNG"), name,
                     svg ? tr("SVG (*.svg);;All files (*)") : tr("PNG (*.png);;All files (*)"), [this, key, svg](const QString& path) {
                         PanelWidget* widget = m_view->panel(key);
                         if (!widget)
                             return; // scrolled far away meanwhile, or gone
                         say(svg ? savePanelSvg(*widget, path) : savePanelPng(*widget, path), path);
                     });
}

void DashboardTools::askPdf()
{
    if (!m_session)
        return;
    Prompt::saveFile(m_view, tr("Save the dashboard as PDF"), fileNameFor(m_session->dashboard().title, u".pdf"_s),
                     tr("PDF (*.pdf);;All files (*)"), [this](const QString& path) {
                         if (!m_session)
                             return;
                         Q_EMIT notice(tr("Drawing the dashboard…"), false);
                         saveDashboardPdf(this, *m_session, path, [this, path](const Status& status) { say(status, path); });
                     });
}

} // namespace Promdeck
