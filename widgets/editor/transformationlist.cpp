#include "widgets/editor/transformationlist.h"

#include "models/core/background.h"
#include "models/query/panelprocessor.h"
#include "widgets/common/errortext.h"
#include "widgets/common/icons.h"
#include "widgets/common/plaintip.h"
#include "widgets/common/theme.h"
#include "widgets/editor/editorparts.h"
#include "widgets/editor/transformationforms.h"
#include "widgets/editor/transformationspecs.h"
#include "widgets/panels/datatablemodel.h"

#include <QBoxLayout>
#include <QHeaderView>
#include <QLabel>
#include <QMenu>
#include <QPlainTextEdit>
#include <QScrollArea>
#include <QTableView>
#include <QToolButton>

#include <algorithm>

using namespace Qt::StringLiterals;

namespace Promdeck {

namespace {

constexpr int kDebugHeight = 190; // px of the two tables

QTableView* makeTable(DataTableModel* model, const QString& name, QWidget* parent)
{
    auto* view = new QTableView(parent);
    view->setModel(model);
    view->setAccessibleName(name);
    view->setAlternatingRowColors(true);
    view->setShowGrid(false);
    view->verticalHeader()->hide();
    view->verticalHeader()->setDefaultSectionSize(22);
    view->horizontalHeader()->setDefaultSectionSize(130);
    view->setHorizontalScrollMode(QAbstractItemView::ScrollPerPixel);
    view->setTabKeyNavigation(false);
    return view;
}

/// What the debug view shows of many frames: the one there is, series joined by time, else the first.
std::shared_ptr<const DataTable> tableOf(const Frames& frames, const PanelContext& context)
{
    if (frames.size() > 1) {
        DataTable joined = joinedByTime(frames, context);
        if (!joined.columns.empty())
            return std::make_shared<const DataTable>(std::move(joined));
    }
    std::vector<DataTable> tables = dataTables(frames, context);
    return std::make_shared<const DataTable>(tables.empty() ? DataTable() : std::move(tables.front()));
}

QString countsOf(const Frames& frames)
{
    qsizetype rows = 0;
    std::size_t fields = 0;
    for (const Frame& frame : frames) {
        rows += frame.length();
        fields += frame.fields.size();
    }
    return TransformationStep::tr("%1 frames, %2 fields, %3 rows").arg(frames.size()).arg(fields).arg(rows);
}

} // namespace

// --- one step ---------------------------------------------------------------------------------------------

TransformationStep::TransformationStep(PanelDraft* draft, int index, QWidget* parent)
    : EditorCard(parent), m_draft(draft), m_index(index), m_before(new DataTableModel(this)), m_after(new DataTableModel(this))
{
    setObjectName(u"transformation:%1"_s.arg(index));
    auto* layout = new QVBoxLayout(this);
    layout->setContentsMargins(8, 4, 8, 8);
    layout->setSpacing(6);
    layout->addWidget(makeHead());
    m_problem = new QLabel(this);
    m_problem->setObjectName(u"stepProblem"_s);
    m_problem->setTextFormat(Qt::PlainText);
    m_problem->setWordWrap(true);
    m_problem->hide();
    layout->addWidget(m_problem);
    makeForm(layout);
    m_text = new QPlainTextEdit(this);
    m_text->setObjectName(u"stepJson"_s);
    m_text->setAccessibleName(tr("Options as JSON"));
    m_text->setTabChangesFocus(true);
    QFont font(u"monospace"_s);
    font.setStyleHint(QFont::Monospace);
    font.setPixelSize(12);
    m_text->setFont(font);
    m_text->setFixedHeight(110);
    m_textProblem = new QLabel(this);
    m_textProblem->setTextFormat(Qt::PlainText);
    m_textProblem->setWordWrap(true);
    m_textProblem->hide();
    layout->addWidget(m_text);
    layout->addWidget(m_textProblem);
    connect(m_text, &QPlainTextEdit::textChanged, this, [this] {
        if (m_settingText)
            return;
        const Result<Json> parsed = Json::parse(m_text->toPlainText().toUtf8());
        const bool fine = parsed.ok() && parsed->isObject();
        m_textProblem->setText(fine ? QString() : parsed.ok() ? tr("An object is wanted: {…}") : errorText(parsed.error()));
        m_textProblem->setVisible(!fine);
        if (fine)
            setOptions(*parsed, u"json"_s);
    });
    m_debugPane = makeDebug();
    layout->addWidget(m_debugPane);
    // Steps without a form are edited as JSON from the start.
    m_json->setChecked(m_editors.isEmpty() && step()[u"options"].size() > 0);
    m_text->setVisible(m_json->isChecked());
    guardWheel(this);
    update();
}

Json TransformationStep::step() const
{
    return m_draft->json()[u"transformations"].at(m_index);
}

void TransformationStep::setOptions(const Json& options, const QString& mergeKey)
{
    m_draft->change(withTransformationOptions(m_draft->json(), m_index, options),
                    mergeKey.isEmpty() ? QString() : u"transformation %1 %2"_s.arg(QString::number(m_index), mergeKey));
}

QWidget* TransformationStep::makeHead()
{
    auto* head = new QWidget(this);
    auto* layout = new QHBoxLayout(head);
    layout->setContentsMargins(0, 0, 0, 0);
    layout->setSpacing(4);
    m_title = new QLabel(head);
    m_title->setTextFormat(Qt::PlainText);
    QFont font = m_title->font();
    font.setWeight(QFont::DemiBold);
    m_title->setFont(font);
    m_counts = new QLabel(head);
    m_counts->setObjectName(u"stepCounts"_s);
    m_counts->setForegroundRole(QPalette::PlaceholderText);
    layout->addWidget(m_title);
    layout->addStretch(1);
    layout->addWidget(m_counts);
    m_debug = rowButton(head, u"stepDebug"_s, u"search"_s, tr("Show the frames before and after"));
    m_debug->setCheckable(true);
    connect(m_debug, &QToolButton::toggled, this, [this](bool on) {
        m_debugPane->setVisible(on);
        Q_EMIT debugChanged();
    });
    m_json = rowButton(head, u"stepJsonShow"_s, u"pencil"_s, tr("Options as JSON"));
    m_json->setCheckable(true);
    connect(m_json, &QToolButton::toggled, this, [this](bool on) { m_text->setVisible(on); });
    m_enabled = rowButton(head, u"stepEnabled"_s, u"check"_s, tr("Step is on: switch it off"));
    m_enabled->setCheckable(true);
    connect(m_enabled, &QToolButton::clicked, this, [this](bool off) { m_draft->change(withTransformationDisabled(m_draft->json(), m_index, off)); });
    QToolButton* up = rowButton(head, u"stepUp"_s, u"chevron-up"_s, tr("Move up"));
    up->setEnabled(m_index > 0);
    connect(up, &QToolButton::clicked, this, [this] { m_draft->change(withTransformationMoved(m_draft->json(), m_index, m_index - 1)); });
    QToolButton* down = rowButton(head, u"stepDown"_s, u"chevron-down"_s, tr("Move down"));
    down->setEnabled(m_index + 1 < m_draft->json()[u"transformations"].size());
    connect(down, &QToolButton::clicked, this, [this] { m_draft->change(withTransformationMoved(m_draft->json(), m_index, m_index + 1)); });
    QToolButton* remove = rowButton(head, u"stepRemove"_s, u"trash"_s, tr("Remove the step"));
    connect(remove, &QToolButton::clicked, this, [this] { m_draft->change(withTransformationRemoved(m_draft->json(), m_index)); });
    for (QToolButton* button : {m_debug, m_json, m_enabled, up, down, remove})
        layout->addWidget(button);
    return head;
}

void TransformationStep::makeForm(QVBoxLayout* layout)
{
    const QString id = step()[u"id"].toString();
    const TransformationSpec* spec = findTransformation(id);
    if (!spec)
        return;
    OptionEditor* form = nullptr;
    if (id == u"organize")
        form = new OrganizeEditor(this);
    else if (id == u"groupBy" || id == u"groupToNestedTable")
        form = new GroupByEditor(this);
    else if (!spec->rows.path.isEmpty())
        form = new RowsEditor(spec->rows, this);
    if (form) {
        form->setObjectName(u"stepForm"_s);
        connect(form, &OptionEditor::edited, this, [this](const Json& options, bool typing) { setOptions(options, typing ? u"form"_s : QString()); });
        m_editors.append({QString(), form});
    }
    for (const OptionSpec& option : spec->options) {
        auto* line = new QHBoxLayout;
        auto* label = new QLabel(option.label, this);
        label->setFixedWidth(170);
        OptionEditor* editor = makeOptionEditor(option, this);
        editor->setObjectName(u"step:"_s + option.path);
        label->setBuddy(editor);
        editor->setMaximumWidth(420);
        line->addWidget(label);
        line->addWidget(editor, 1);
        line->addStretch(1);
        layout->addLayout(line);
        connect(editor, &OptionEditor::edited, this, [this, path = option.path](const Json& value, bool typing) {
            Json options = step()[u"options"];
            if (!options.isObject())
                options = Json::object();
            setOptions(withOption(options, path, value), typing ? path : QString());
        });
        m_editors.append({option.path, editor});
    }
    if (form)
        layout->addWidget(form);
}

QWidget* TransformationStep::makeDebug()
{
    auto* pane = new QWidget(this);
    auto* layout = new QHBoxLayout(pane);
    layout->setContentsMargins(0, 0, 0, 0);
    for (const auto& [model, text] : {std::pair {m_before, tr("Before")}, std::pair {m_after, tr("After")}}) {
        auto* side = new QVBoxLayout;
        auto* label = new QLabel(text, pane);
        label->setForegroundRole(QPalette::PlaceholderText);
        side->addWidget(label);
        QTableView* view = makeTable(model, text, pane);
        view->setFixedHeight(kDebugHeight);
        side->addWidget(view);
        layout->addLayout(side, 1);
    }
    pane->hide();
    return pane;
}

void TransformationStep::update()
{
    const Json now = step();
    const QString id = now[u"id"].toString();
    const TransformationSpec* spec = findTransformation(id);
    m_title->setText(u"%1. %2"_s.arg(QString::number(m_index + 1), spec ? spec->name : id));
    if (spec)
        m_title->setToolTip(plainTip(spec->description));
    const bool off = now[u"disabled"].toBool();
    m_enabled->setChecked(off);
    m_enabled->setIcon(themeIcon(off ? u"close"_s : u"check"_s, IconRole::Secondary));
    m_enabled->setToolTip(off ? tr("Step is off: switch it on") : tr("Step is on: switch it off"));
    m_enabled->setAccessibleName(m_enabled->toolTip());
    for (const auto& [path, editor] : std::as_const(m_editors))
        editor->setValue(path.isEmpty() ? now[u"options"] : now[u"options"].path(path));
    const Result<Json> written = Json::parse(m_text->toPlainText().toUtf8());
    const bool typing = m_text->hasFocus() && !written.ok(); // not finished yet
    if (typing || (written.ok() && *written == now[u"options"]))
        return;
    m_settingText = true;
    m_text->setPlainText(QString::fromUtf8(now[u"options"].toUtf8(Json::Format::Indented)));
    m_settingText = false;
    m_textProblem->hide();
}

bool TransformationStep::isDebugging() const
{
    return m_debug->isChecked();
}

QString TransformationStep::problem() const
{
    return m_problem->isHidden() ? QString() : m_problem->text();
}

void TransformationStep::setFrames(const Frames& before, const Frames& after, const std::optional<Error>& error, const PanelContext& context)
{
    QPalette colors = m_problem->palette();
    colors.setColor(QPalette::WindowText, Theme::instance().colors().error);
    m_problem->setPalette(colors);
    m_problem->setText(error ? errorText(*error) : QString());
    m_problem->setVisible(error.has_value());
    m_counts->setText(countsOf(after));
    OptionContext names;
    for (const Frame& frame : before) {
        for (const Field& field : frame.fields) {
            const QString name = fieldDisplayName(field, frame, before);
            if (!names.fieldNames.contains(name))
                names.fieldNames << name;
        }
    }
    for (const auto& [path, editor] : std::as_const(m_editors))
        editor->setContext(names);
    if (!isDebugging())
        return;
    m_before->setTable(tableOf(before, context), DataTable::Values::Formatted);
    m_after->setTable(tableOf(after, context), DataTable::Values::Formatted);
}

// --- all of them ------------------------------------------------------------------------------------------

TransformationList::TransformationList(QWidget* parent) : QWidget(parent)
{
    auto* outer = new QVBoxLayout(this);
    outer->setContentsMargins(0, 0, 0, 0);
    auto* scroll = new QScrollArea(this);
    scroll->setFrameShape(QFrame::NoFrame);
    scroll->setWidgetResizable(true);
    auto* content = new QWidget;
    auto* layout = new QVBoxLayout(content);
    layout->setContentsMargins(0, 8, 8, 8);
    layout->setSpacing(8);
    m_empty = new QLabel(tr("No transformations: the panel shows what the queries answer."), content);
    m_empty->setForegroundRole(QPalette::PlaceholderText);
    m_empty->setWordWrap(true);
    layout->addWidget(m_empty);
    m_stepLayout = new QVBoxLayout;
    m_stepLayout->setSpacing(8);
    layout->addLayout(m_stepLayout);
    auto* add = new QToolButton(content);
    add->setObjectName(u"transformationAdd"_s);
    add->setText(tr("Add transformation"));
    add->setIcon(themeIcon(u"plus"_s));
    add->setToolButtonStyle(Qt::ToolButtonTextBesideIcon);
    add->setPopupMode(QToolButton::InstantPopup);
    auto* menu = new QMenu(add);
    menu->setToolTipsVisible(true);
    for (const TransformationSpec& spec : transformationSpecs()) {
        QAction* action = menu->addAction(spec.name, this, [this, id = spec.id] { this->add(id); });
        action->setObjectName(u"addTransformation:"_s + spec.id);
        action->setToolTip(plainTip(spec.description));
    }
    add->setMenu(menu);
    auto* line = new QHBoxLayout;
    line->addWidget(add);
    line->addStretch(1);
    layout->addLayout(line);
    layout->addStretch(1);
    scroll->setWidget(content);
    outer->addWidget(scroll);
}

void TransformationList::setDraft(PanelDraft* draft)
{
    if (m_draft)
        disconnect(m_draft, nullptr, this, nullptr);
    m_draft = draft;
    m_data.reset();
    m_shape.clear();
    for (TransformationStep* step : std::as_const(m_steps))
        delete step;
    m_steps.clear();
    if (!draft)
        return;
    connect(draft, &PanelDraft::changed, this, &TransformationList::update);
    update();
}

void TransformationList::setData(const PanelDataPtr& data, const PanelContext& context)
{
    m_data = data;
    m_context = context;
    trace();
}

void TransformationList::add(const QString& id)
{
    const TransformationSpec* spec = findTransformation(id);
    if (m_draft && spec)
        m_draft->change(withTransformationAdded(m_draft->json(), id, spec->first));
}

QString TransformationList::shape() const
{
    QString text = u"|"_s;
    for (const Json& step : m_draft->json()[u"transformations"].items())
        text += step[u"id"].toString() + u'|';
    return text;
}

void TransformationList::update()
{
    if (!m_draft || !m_draft->exists())
        return;
    if (const QString now = shape(); now != m_shape) {
        m_shape = now;
        rebuild();
    }
    for (TransformationStep* step : std::as_const(m_steps))
        step->update();
    m_empty->setVisible(m_steps.isEmpty());
    trace();
}

void TransformationList::rebuild()
{
    for (TransformationStep* step : std::as_const(m_steps)) {
        step->hide();
        step->deleteLater();
    }
    m_steps.clear();
    for (int index = 0; index < m_draft->json()[u"transformations"].size(); ++index) {
        auto* step = new TransformationStep(m_draft, index, this);
        connect(step, &TransformationStep::debugChanged, this, &TransformationList::trace);
        m_stepLayout->addWidget(step);
        m_steps << step;
    }
}

/// Runs the steps over what the queries answered, on a worker, and shows what each makes of it.
void TransformationList::trace()
{
    const quint64 turn = ++m_turn;
    if (!m_draft || !m_data || m_steps.isEmpty())
        return;
    const Json steps = m_draft->json()[u"transformations"];
    const bool untouched = m_data->source.empty();
    runInBackground(
        this,
        [data = m_data, steps, untouched, zone = m_context.timeZone] {
            TransformContext context;
            context.timeZone = zone;
            if (const auto scope = data->scope)
                context.interpolate = [scope](const QString& text) { return interpolate(text, scope->panel); };
            return traceTransformations(untouched ? data->frames : data->source, steps, context);
        },
        [this, turn, data = m_data, untouched](const std::vector<TransformStep>& trace) {
            if (turn != m_turn)
                return;
            for (int index = 0; index < m_steps.size() && size_t(index) < trace.size(); ++index) {
                const Frames& before = index > 0 ? trace[size_t(index) - 1].output : untouched ? data->frames : data->source;
                m_steps.at(index)->setFrames(before, trace[size_t(index)].output, trace[size_t(index)].error, m_context);
            }
        });
}

} // namespace Promdeck
