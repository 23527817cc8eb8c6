#include "widgets/dashboard/dashboardtools.h"

#include "models/core/background.h"
#include "models/dashboard/paneledit.h"
#include "models/query/metriccatalogue.h"
#include "widgets/common/errortext.h"
#include "widgets/common/prompt.h"
#include "widgets/common/theme.h"
#include "widgets/dashboard/dashboardediting.h"
#include "widgets/dashboard/dashboardpage.h"
#include "widgets/dashboard/dashboardpdf.h"
#include "widgets/dashboard/dashboardview.h"
#include "widgets/editor/metricsbrowser.h"
#include "widgets/editor/paneleditor.h"
#include "widgets/inspect/panelexport.h"
#include "widgets/panels/panelwidget.h"

#include <QApplication>
#include <QClipboard>
#include <QDropEvent>
#include <QMimeData>
#include <QSplitter>
#include <QStackedWidget>

#include <algorithm>

using namespace Qt::StringLiterals;

namespace Promdeck {

namespace {

constexpr qsizetype kMarkdownRows = 500;
constexpr int kRoomForBoth = 1700; // px for the editor and the inspector side by side

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

DashboardTools::DashboardTools(DashboardView* view, QStackedWidget* stack, QSplitter* splitter, DashboardEditing* editing, QObject* parent)
    : QObject(parent), m_view(view), m_stack(stack), m_splitter(splitter), m_editing(editing)
{
    connect(view, &DashboardView::panelRequested, this, &DashboardTools::request);
    view->viewport()->setAcceptDrops(true);
    view->viewport()->installEventFilter(this);
}

DashboardTools::~DashboardTools() = default;

void DashboardTools::setSession(DashboardSession* session)
{
    if (m_session)
        disconnect(m_session, nullptr, this, nullptr);
    closeInspector();
    closeEditor();
    const bool metricsShown = metrics() != nullptr;
    if (m_metrics)
        m_metrics->setCatalogue(nullptr);
    delete m_catalogue;
    m_catalogue = nullptr;
    m_session = session;
    if (!session)
        return;
    if (metricsShown)
        m_metrics->setCatalogue(catalogue());
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

/// A pane that is new takes its width from the view alone, which is what stretches.
void DashboardTools::giveRoom(QWidget* pane, int width)
{
    QList<int> sizes = m_splitter->sizes(); // before it is shown: of those that were
    pane->show();
    for (int index = 0; index < m_splitter->count(); ++index)
        m_splitter->setStretchFactor(index, m_splitter->widget(index) == m_stack ? 1 : 0);
    const int place = m_splitter->indexOf(m_stack);
    sizes[m_splitter->indexOf(pane)] = width;
    sizes[place] = std::max(200, sizes.at(place) - width);
    m_splitter->setSizes(sizes);
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
        giveRoom(m_pane, std::clamp(m_splitter->width() * 2 / 5, 420, 720));
        connect(m_pane, &InspectorPane::closed, this, &DashboardTools::closeInspector);
        connect(m_pane, &InspectorPane::notice, this, &DashboardTools::notice);
        connect(m_pane, &InspectorPane::refreshRequested, this, [this] {
            if (m_session)
                m_session->refresh();
        });
    }
    m_inspected = key;
    // Beside the editor there is room in a wide window only; else it takes the editor's place until it is closed.
    if (editor() && m_splitter->width() < kRoomForBoth) {
        m_stack->addWidget(m_pane);
        m_stack->setCurrentWidget(m_pane);
    }
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
    if (m_stack->indexOf(m_pane) >= 0) {
        m_stack->setCurrentWidget(editor() ? static_cast<QWidget*>(m_editor) : m_view);
        m_stack->removeWidget(m_pane);
        m_splitter->addWidget(m_pane);
    }
    m_pane->hide();
    if (editor() && hadFocus)
        m_editor->focusQuery();
    else if (PanelWidget* panel = hadFocus ? m_view->panel(key) : nullptr)
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
    case PanelRequest::Edit: edit(key); break;
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

// --- editing ----------------------------------------------------------------------------------------------

bool DashboardTools::canEdit()
{
    if (!m_session || !m_editing->editor())
        return false;
    if (m_editing->isLocked())
        Q_EMIT notice(tr("The dashboard is locked against changes: “Lock panels” in the menu unlocks it"), false);
    return !m_editing->isLocked();
}

MetricCatalogue* DashboardTools::catalogue()
{
    if (!m_catalogue && m_session) {
        m_catalogue = new MetricCatalogue(m_session->stack(), this);
        m_catalogue->setRange(m_session->timeRange());
        m_catalogue->load();
    }
    return m_catalogue;
}

QString DashboardTools::keyOf(int panelId) const
{
    if (!m_session)
        return {};
    for (const PlacedPanel& panel : m_session->panels()) {
        if (panel.panel.id == panelId || panel.panel.repeatSourceId == panelId)
            return panel.key;
    }
    return {};
}

PanelEditor* DashboardTools::editor() const
{
    return m_editor && m_editor->isOpen() ? m_editor : nullptr;
}

QString DashboardTools::currentPanel() const
{
    return editor() ? editor()->key() : m_view->currentPanel();
}

void DashboardTools::edit(const QString& key)
{
    if (!placed(key) || !canEdit())
        return;
    if (!m_editor) {
        m_editor = new PanelEditor(m_stack);
        m_stack->addWidget(m_editor);
        connect(m_editor, &PanelEditor::done, this, &DashboardTools::closeEditor);
        connect(m_editor, &PanelEditor::linkActivated, this, &DashboardTools::linkActivated);
        connect(m_editor->preview(), &PanelWidget::requested, this, [this](PanelRequest request) {
            if (request != PanelRequest::Edit)
                this->request(m_editor->key(), request);
        });
    }
    m_editor->setTimeZone(displayTimeZone(m_session->timeZone()));
    if (!m_editor->open(m_session, m_editing->editor(), key))
        return;
    m_editor->setCatalogue(catalogue());
    m_stack->setCurrentWidget(m_editor);
    m_editor->focusQuery();
}

void DashboardTools::closeEditor()
{
    if (!editor())
        return;
    if (m_pane && m_stack->indexOf(m_pane) >= 0)
        closeInspector();
    const QString key = m_editor->key();
    m_editor->setCatalogue(nullptr);
    m_editor->close();
    m_stack->setCurrentWidget(m_view);
    m_view->scrollToPanel(key);
    if (PanelWidget* panel = m_view->panel(key))
        panel->setFocus(Qt::OtherFocusReason);
    else
        m_view->setFocus();
}

QString DashboardTools::addPanel(const Json& panel, const QString& before)
{
    if (!canEdit())
        return {};
    std::optional<GridPlace> place;
    if (const PlacedPanel* other = placed(before)) {
        const int id = other->panel.repeatSourceId ? other->panel.repeatSourceId : other->panel.id;
        const DashboardGrid grid = m_editing->editor()->grid();
        if (const GridBlock* block = grid.block(id))
            place = GridPlace {grid.sectionOf(id), block->pos.x, block->pos.y, false};
    }
    return keyOf(m_editing->editor()->addPanel(panel, place));
}

void DashboardTools::addPanel()
{
    Json panel = Json::object({{u"type"_s, Json(u"timeseries"_s)}, {u"title"_s, Json(tr("New panel"))}});
    panel.setPath(u"fieldConfig.defaults", Json::object());
    panel.setPath(u"fieldConfig.overrides", Json::array());
    panel.set(u"options"_s, Json::object());
    edit(addPanel(withTargetAdded(panel)));
}

MetricsBrowser* DashboardTools::metrics() const
{
    return m_metrics && !m_metrics->isHidden() ? m_metrics : nullptr;
}

void DashboardTools::toggleMetrics()
{
    if (metrics()) {
        m_metrics->hide();
        m_view->setFocus();
        return;
    }
    if (!m_session)
        return;
    if (!m_metrics) {
        m_metrics = new MetricsBrowser(m_splitter);
        m_splitter->insertWidget(0, m_metrics);
        giveRoom(m_metrics, 320);
        connect(m_metrics, &MetricsBrowser::closed, this, &DashboardTools::toggleMetrics);
        connect(m_metrics, &MetricsBrowser::panelWanted, this, [this](const Json& panel) {
            if (const QString key = addPanel(panel); !key.isEmpty()) {
                closeEditor();
                m_view->scrollToPanel(key);
            }
        });
    }
    m_metrics->setCatalogue(catalogue());
    m_metrics->show();
    m_metrics->focusSearch();
}

/// A metric dropped onto the view becomes a panel, in front of the one it is dropped on.
bool DashboardTools::eventFilter(QObject* watched, QEvent* event)
{
    const bool drag = event->type() == QEvent::DragEnter || event->type() == QEvent::DragMove || event->type() == QEvent::Drop;
    // The view itself may be half gone when its viewport says goodbye: it is asked for drags alone.
    if (!drag || watched != m_view->viewport())
        return QObject::eventFilter(watched, event);
    auto* drop = static_cast<QDropEvent*>(event); // the others are kinds of it
    if (!drop->mimeData()->hasFormat(MetricsBrowser::mimeType()) || !m_editing->editor() || m_editing->isLocked())
        return QObject::eventFilter(watched, event);
    drop->acceptProposedAction();
    if (event->type() != QEvent::Drop)
        return true;
    const Result<Json> panel = Json::parse(drop->mimeData()->data(MetricsBrowser::mimeType()));
    QString before;
    for (const PanelWidget* widget : m_view->panels()) {
        if (widget->isVisible() && widget->geometry().contains(drop->position().toPoint()))
            before = widget->objectName().mid(6);
    }
    if (panel.ok())
        m_view->scrollToPanel(addPanel(*panel, before));
    return true;
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
                         PanelWidget* widget = editor() && editor()->key() == key ? editor()->preview() : m_view->panel(key);
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
