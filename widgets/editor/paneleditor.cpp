#include "widgets/editor/paneleditor.h"

#include "models/query/metriccatalogue.h"
#include "widgets/common/elidedlabel.h"
#include "widgets/common/errortext.h"
#include "widgets/common/icons.h"
#include "widgets/common/plaintip.h"
#include "widgets/common/theme.h"
#include "widgets/editor/optionspane.h"
#include "widgets/editor/queryrows.h"
#include "widgets/editor/thresholdhandles.h"
#include "widgets/editor/transformationlist.h"
#include "widgets/panels/panelwidget.h"

#include <QBoxLayout>
#include <QLabel>
#include <QPlainTextEdit>
#include <QPushButton>
#include <QResizeEvent>
#include <QScrollBar>
#include <QSplitter>
#include <QTabWidget>

#include <algorithm>

using namespace Qt::StringLiterals;

namespace Promdeck {

namespace {

constexpr int kWidthDelayMs = 120; // a splitter being dragged must not query at every width
constexpr int kOptionsWidth = 380;

} // namespace

PanelEditor::PanelEditor(QWidget* parent) : QWidget(parent)
{
    setObjectName(u"panelEditor"_s);
    setAccessibleName(tr("Panel editor"));
    auto* layout = new QVBoxLayout(this);
    layout->setContentsMargins(8, 0, 8, 8);
    layout->setSpacing(8);
    layout->addWidget(makeToolBar());
    auto* columns = new QSplitter(Qt::Horizontal, this);
    columns->setObjectName(u"panelEditorColumns"_s);
    columns->setChildrenCollapsible(false);
    auto* rows = new QSplitter(Qt::Vertical, columns);
    rows->setObjectName(u"panelEditorRows"_s);
    rows->setChildrenCollapsible(false);
    rows->addWidget(makePreview());
    rows->addWidget(makeTabs());
    rows->setStretchFactor(0, 3);
    rows->setStretchFactor(1, 2);
    rows->setSizes({420, 330});
    m_options = new OptionsPane(columns);
    columns->addWidget(rows);
    columns->addWidget(m_options);
    columns->setStretchFactor(0, 1);
    columns->setStretchFactor(1, 0);
    columns->setSizes({900, kOptionsWidth});
    layout->addWidget(columns, 1);
    m_widthTimer.setSingleShot(true);
    m_widthTimer.setInterval(kWidthDelayMs);
    connect(&m_widthTimer, &QTimer::timeout, this, &PanelEditor::askForWidth);
    connect(&Theme::instance(), &Theme::changed, this, &PanelEditor::feed);
}

PanelEditor::~PanelEditor()
{
    // The panes hold on to the draft.
    close();
}

QWidget* PanelEditor::makeToolBar()
{
    auto* bar = new QWidget(this);
    auto* layout = new QHBoxLayout(bar);
    layout->setContentsMargins(0, 0, 0, 0);
    m_title = new ElidedLabel(QString(), bar);
    m_title->setObjectName(u"panelEditorTitle"_s);
    QFont font = m_title->font();
    font.setPixelSize(15);
    font.setWeight(QFont::Medium);
    m_title->setFont(font);
    m_changes = new QLabel(bar);
    m_changes->setObjectName(u"panelEditorChanges"_s);
    m_changes->setForegroundRole(QPalette::PlaceholderText);
    m_discard = new QPushButton(tr("&Discard"), bar);
    m_discard->setObjectName(u"panelDiscard"_s);
    m_discard->setToolTip(tr("Back to the dashboard with the panel as it was; undo brings the changes back"));
    connect(m_discard, &QPushButton::clicked, this, &PanelEditor::discard);
    m_apply = new QPushButton(tr("&Apply"), bar);
    m_apply->setObjectName(u"panelApply"_s);
    m_apply->setDefault(true);
    m_apply->setToolTip(tr("Back to the dashboard (Esc)"));
    connect(m_apply, &QPushButton::clicked, this, &PanelEditor::done);
    layout->addWidget(m_title, 1);
    layout->addWidget(m_changes);
    layout->addWidget(m_discard);
    layout->addWidget(m_apply);
    return bar;
}

QWidget* PanelEditor::makePreview()
{
    m_previewArea = new QWidget(this);
    m_previewArea->setMinimumHeight(140);
    auto* layout = new QVBoxLayout(m_previewArea);
    layout->setContentsMargins(0, 0, 0, 4);
    m_preview = new PanelWidget(m_previewArea);
    m_preview->setObjectName(u"panelPreview"_s);
    layout->addWidget(m_preview);
    m_preview->installEventFilter(this);
    m_thresholds = new ThresholdHandles(m_preview);
    connect(m_thresholds, &ThresholdHandles::moved, this, &PanelEditor::dragThreshold);
    connect(m_preview, &PanelWidget::linkActivated, this, &PanelEditor::linkActivated);
    connect(m_preview, &PanelWidget::zoomed, this, [this](const TimeRange& range) {
        if (m_session)
            m_session->setTimeRange({QString::number(range.fromMs), QString::number(range.toMs)});
    });
    connect(m_preview, &PanelWidget::zoomedOut, this, [this] {
        if (!m_session)
            return;
        const TimeRange range = m_session->timeRange();
        const qint64 half = range.spanMs() / 2;
        m_session->setTimeRange({QString::number(range.fromMs - half), QString::number(range.toMs + half)});
    });
    connect(m_preview, &PanelWidget::refreshRequested, this, [this] {
        if (m_session)
            m_session->refresh();
    });
    connect(m_preview, &PanelWidget::maximiseRequested, this, &PanelEditor::done);
    return m_previewArea;
}

QWidget* PanelEditor::makeTabs()
{
    m_tabs = new QTabWidget(this);
    m_tabs->setObjectName(u"panelEditorTabs"_s);
    m_tabs->setDocumentMode(true);
    m_queries = new QueryRows(m_tabs);
    m_transformations = new TransformationList(m_tabs);
    auto* page = new QWidget(m_tabs);
    auto* layout = new QVBoxLayout(page);
    layout->setContentsMargins(0, 8, 0, 0);
    m_json = new QPlainTextEdit(page);
    m_json->setObjectName(u"panelJson"_s);
    m_json->setAccessibleName(tr("The panel as JSON"));
    QFont font(u"monospace"_s);
    font.setStyleHint(QFont::Monospace);
    font.setPixelSize(12);
    m_json->setFont(font);
    m_json->setTabChangesFocus(true);
    m_json->setLineWrapMode(QPlainTextEdit::NoWrap);
    m_jsonProblem = new QLabel(page);
    m_jsonProblem->setObjectName(u"panelJsonProblem"_s);
    m_jsonProblem->setTextFormat(Qt::PlainText);
    m_jsonProblem->setWordWrap(true);
    m_jsonProblem->hide();
    layout->addWidget(m_json, 1);
    layout->addWidget(m_jsonProblem);
    m_tabs->addTab(m_queries, tr("&Queries"));
    m_tabs->addTab(m_transformations, tr("&Transformations"));
    m_tabs->addTab(page, u"&JSON"_s);
    connect(m_tabs, &QTabWidget::currentChanged, this, &PanelEditor::showTabs);
    connect(m_json, &QPlainTextEdit::textChanged, this, [this] {
        if (m_settingJson || !m_draft)
            return;
        m_typingJson = true;
        const Result<Json> parsed = Json::parse(m_json->toPlainText().toUtf8());
        const bool fine = parsed.ok() && (*parsed)[u"type"].isString();
        m_jsonProblem->setText(fine ? QString() : parsed.ok() ? tr("A panel needs a type") : errorText(parsed.error()));
        m_jsonProblem->setVisible(!fine);
        if (fine)
            m_draft->change(*parsed, u"json"_s);
    });
    return m_tabs;
}

bool PanelEditor::open(DashboardSession* session, DashboardEditor* editor, const QString& key)
{
    close();
    const auto& panels = session->panels();
    const auto placed = std::find_if(panels.begin(), panels.end(), [&](const PlacedPanel& panel) { return panel.key == key; });
    if (placed == panels.end() || placed->panel.isRow())
        return false;
    const int id = placed->panel.repeatSourceId ? placed->panel.repeatSourceId : placed->panel.id;
    auto draft = std::make_unique<PanelDraft>(editor, id);
    if (!draft->exists())
        return false;
    m_session = session;
    m_key = key;
    m_draft = std::move(draft);
    connect(m_draft.get(), &PanelDraft::changed, this, &PanelEditor::draftChanged);
    connect(session, &DashboardSession::panelChanged, this, &PanelEditor::panelChanged);
    connect(session, &DashboardSession::edited, this, &PanelEditor::findPanel);
    connect(session, &DashboardSession::layoutChanged, this, &PanelEditor::findPanel);
    connect(session, &DashboardSession::variablesChanged, this, &PanelEditor::updateVariables);
    m_options->setDraft(m_draft.get());
    m_queries->setDraft(m_draft.get());
    m_transformations->setDraft(m_draft.get());
    m_settingJson = true;
    m_json->clear();
    m_settingJson = false;
    m_typingJson = false;
    updateVariables();
    draftChanged();
    feed();
    m_widthTimer.start();
    return true;
}

void PanelEditor::close()
{
    if (!m_draft)
        return;
    m_widthTimer.stop();
    m_draft->endTyping();
    if (m_session) {
        disconnect(m_session, nullptr, this, nullptr);
        if (!m_key.isEmpty() && m_widthBefore > 0)
            m_session->setPanelVisible(m_key, true, m_widthBefore);
    }
    m_options->setDraft(nullptr);
    m_queries->setDraft(nullptr);
    m_transformations->setDraft(nullptr);
    m_draft.reset();
    m_session.clear();
    m_key.clear();
    m_widthBefore = 0;
}

void PanelEditor::discard()
{
    if (m_draft)
        m_draft->discard();
    Q_EMIT done();
}

void PanelEditor::setTimeZone(const QString& zone)
{
    m_timeZone = zone;
    feed();
}

void PanelEditor::setCatalogue(MetricCatalogue* catalogue)
{
    m_queries->setCatalogue(catalogue);
}

void PanelEditor::focusQuery()
{
    m_tabs->setCurrentIndex(0);
    m_queries->focusRow(0);
}

void PanelEditor::updateVariables()
{
    if (!m_session)
        return;
    QStringList names;
    for (const VariableState& state : m_session->variables())
        names << state.spec.name;
    OptionContext context;
    context.variableNames = names;
    for (const QString& builtIn : {u"__rate_interval"_s, u"__interval"_s, u"__interval_ms"_s, u"__range"_s, u"__range_s"_s})
        names << builtIn;
    const QPointer<DashboardSession> session = m_session;
    m_queries->setVariables(
        [session](const QString& reference) {
            // What only a query knows stands for itself with a time of the right form.
            if (reference.contains(u"__rate_interval") || reference.contains(u"__interval"))
                return reference.contains(u"_ms") ? u"15000"_s : u"1m0s"_s;
            return session ? session->interpolate(reference) : reference;
        },
        names);
    feed();
}

/// The panel's key changes with the variables that repeat it.
void PanelEditor::findPanel()
{
    if (!m_session || !m_draft)
        return;
    const auto& panels = m_session->panels();
    const auto isOurs = [this](const PlacedPanel& panel) {
        return !panel.panel.isRow() && (panel.panel.id == m_draft->panelId() || panel.panel.repeatSourceId == m_draft->panelId());
    };
    const auto same = std::find_if(panels.begin(), panels.end(), [&](const PlacedPanel& panel) { return panel.key == m_key && isOurs(panel); });
    const auto placed = same != panels.end() ? same : std::find_if(panels.begin(), panels.end(), isOurs);
    const QString key = placed == panels.end() ? QString() : placed->key;
    if (key != m_key) {
        m_key = key;
        m_widthBefore = 0;
        m_widthTimer.start();
    }
    feed();
}

/// The preview's width decides how fine the queries are, as the panel's does on the dashboard.
void PanelEditor::askForWidth()
{
    if (m_session && !m_key.isEmpty())
        m_session->setPanelVisible(m_key, true, std::max(1, m_preview->width()));
}

bool PanelEditor::eventFilter(QObject* watched, QEvent* event)
{
    if (watched == m_preview && event->type() == QEvent::Resize && m_draft)
        m_widthTimer.start();
    return QWidget::eventFilter(watched, event);
}

void PanelEditor::draftChanged()
{
    if (!m_draft->exists()) {
        Q_EMIT done(); // an undo took the panel away
        return;
    }
    const QString title = m_draft->json()[u"title"].toString();
    m_title->setText(tr("Edit panel: %1").arg(title.isEmpty() ? tr("without title") : title));
    m_changes->setText(m_draft->isChanged() ? tr("changed") : QString());
    m_discard->setEnabled(m_draft->isChanged());
    m_thresholds->setThresholds(m_draft->json().path(u"fieldConfig.defaults.thresholds"));
    showTabs();
}

void PanelEditor::showTabs()
{
    if (!m_draft)
        return;
    const auto queries = m_draft->json()[u"targets"].size();
    const auto steps = m_draft->json()[u"transformations"].size();
    m_tabs->setTabText(0, queries > 0 ? tr("&Queries (%1)").arg(queries) : tr("&Queries"));
    m_tabs->setTabText(1, steps > 0 ? tr("&Transformations (%1)").arg(steps) : tr("&Transformations"));
    // The text is only made when somebody looks at it.
    if (m_tabs->currentIndex() != 2)
        return;
    const Result<Json> written = Json::parse(m_json->toPlainText().toUtf8());
    const bool typing = m_typingJson && !written.ok(); // not finished yet
    if (typing || (written.ok() && *written == m_draft->json()))
        return;
    const int scroll = m_json->verticalScrollBar()->value();
    m_settingJson = true;
    m_json->setPlainText(QString::fromUtf8(m_draft->json().toUtf8(Json::Format::Indented)));
    m_settingJson = false;
    m_typingJson = false;
    m_jsonProblem->hide();
    m_json->verticalScrollBar()->setValue(scroll);
}

void PanelEditor::panelChanged(const QString& key)
{
    if (key == m_key)
        feed();
}

void PanelEditor::feed()
{
    if (!m_session || !m_draft || m_key.isEmpty())
        return;
    const auto& panels = m_session->panels();
    const auto placed = std::find_if(panels.begin(), panels.end(), [this](const PlacedPanel& panel) { return panel.key == m_key; });
    if (placed == panels.end())
        return;
    PanelInput input;
    input.spec = placed->panel;
    input.data = m_session->panelData(m_key);
    input.context.theme = Theme::instance().kind();
    input.context.timeZone = m_timeZone;
    const QPointer<DashboardSession> session = m_session;
    const PlacedPanel copy = *placed;
    input.interpolate = [session, copy](const QString& text) { return session ? session->interpolate(text, &copy) : text; };
    input.loki = m_session->loki();
    m_preview->setInput(input);
    m_queries->setData(input.data);
    m_transformations->setData(input.data, input.context);
    OptionContext context;
    for (const Frame& frame : input.data->frames) {
        for (const Field& field : frame.fields) {
            if (!context.fieldNames.contains(field.state.displayName) && !field.state.displayName.isEmpty())
                context.fieldNames << field.state.displayName;
        }
    }
    for (const VariableState& state : m_session->variables())
        context.variableNames << state.spec.name;
    m_options->setContext(context);
    m_thresholds->setThresholds(m_draft->json().path(u"fieldConfig.defaults.thresholds"));
}

void PanelEditor::dragThreshold(int step, double value, bool dragging)
{
    if (!m_draft)
        return;
    Json steps = m_draft->json().path(u"fieldConfig.defaults.thresholds.steps");
    if (step <= 0 || step >= steps.size())
        return;
    // A step stays between its neighbours.
    const Json& below = steps.at(step - 1)[u"value"];
    const Json above = step + 1 < steps.size() ? steps.at(step + 1)[u"value"] : Json();
    if (below.isNumber())
        value = std::max(value, below.toDouble());
    if (above.isNumber())
        value = std::min(value, above.toDouble());
    Json changed = steps.at(step);
    changed.set(u"value"_s, Json(value));
    steps.setAt(step, changed);
    m_draft->set(u"fieldConfig.defaults.thresholds.steps"_s, steps, true);
    if (!dragging)
        m_draft->endTyping();
}

} // namespace Promdeck
