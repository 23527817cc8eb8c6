#include "widgets/editor/queryrows.h"

#include "widgets/common/errortext.h"
#include "widgets/common/icons.h"
#include "widgets/common/plaintip.h"
#include "widgets/common/theme.h"
#include "widgets/editor/editorparts.h"

#include <QBoxLayout>
#include <QCheckBox>
#include <QComboBox>
#include <QLabel>
#include <QLineEdit>
#include <QLocale>
#include <QPushButton>
#include <QScrollArea>
#include <QToolButton>

using namespace Qt::StringLiterals;

namespace Promdeck {

namespace {

QLabel* fieldLabel(QWidget* parent, const QString& text, QWidget* buddy)
{
    auto* label = new QLabel(text, parent);
    label->setBuddy(buddy);
    label->setForegroundRole(QPalette::PlaceholderText);
    return label;
}

} // namespace

namespace {

/// The kind of source a panel asks: its own, else its first query's; Prometheus where nothing is said.
QString sourceType(const Json& panel)
{
    for (const Json& source : {panel[u"datasource"], panel[u"targets"].at(0)[u"datasource"]}) {
        const QString type = source[u"type"].toString();
        if (!type.isEmpty() && type != u"mixed" && type != u"datasource")
            return type;
    }
    return u"prometheus"_s;
}

} // namespace

// --- one query --------------------------------------------------------------------------------------------

QueryRow::QueryRow(PanelDraft* draft, int index, QWidget* parent) : EditorCard(parent), m_draft(draft), m_index(index)
{
    setObjectName(u"query:%1"_s.arg(index));
    auto* layout = new QVBoxLayout(this);
    layout->setContentsMargins(8, 4, 8, 8);
    layout->setSpacing(6);
    layout->addWidget(makeHead());
    m_edit = new PromqlEdit(this);
    m_edit->setObjectName(u"expression"_s);
    layout->addWidget(m_edit);
    m_problem = new QLabel(this);
    m_problem->setObjectName(u"diagnostics"_s);
    m_problem->setTextFormat(Qt::PlainText);
    m_problem->setWordWrap(true);
    m_problem->setTextInteractionFlags(Qt::TextSelectableByMouse);
    m_problem->hide();
    layout->addWidget(m_problem);
    layout->addWidget(makeOptions());
    guardWheel(this);
    connect(m_edit, &PromqlEdit::run, this, [this] {
        m_draft->endTyping();
        setMember(u"expr"_s, Json(m_edit->expression()), false);
    });
    connect(m_edit, &PromqlEdit::checked, this, &QueryRow::showDiagnostics);
}

Json QueryRow::target() const
{
    return m_draft->json()[u"targets"].at(m_index);
}

void QueryRow::setMember(const QString& key, const Json& value, bool typing)
{
    m_draft->change(withTargetMember(m_draft->json(), m_index, key, value), typing ? u"query %1 %2"_s.arg(QString::number(m_index), key) : QString());
}

QWidget* QueryRow::makeHead()
{
    auto* head = new QWidget(this);
    auto* layout = new QHBoxLayout(head);
    layout->setContentsMargins(0, 0, 0, 0);
    layout->setSpacing(4);
    m_refId = new QLabel(head);
    QFont font = m_refId->font();
    font.setWeight(QFont::DemiBold);
    m_refId->setFont(font);
    m_source = new QLabel(head);
    m_source->setForegroundRole(QPalette::PlaceholderText);
    m_cost = new QLabel(head);
    m_cost->setObjectName(u"queryCost"_s);
    m_cost->setForegroundRole(QPalette::PlaceholderText);
    layout->addWidget(m_refId);
    layout->addWidget(m_source);
    layout->addStretch(1);
    layout->addWidget(m_cost);
    m_hide = rowButton(head, u"queryHide"_s, u"check"_s, tr("Query is on: switch it off"));
    m_hide->setCheckable(true);
    connect(m_hide, &QToolButton::clicked, this, [this](bool off) { setMember(u"hide"_s, off ? Json(true) : Json(), false); });
    QToolButton* copy = rowButton(head, u"queryDuplicate"_s, u"copy"_s, tr("Duplicate the query"));
    connect(copy, &QToolButton::clicked, this, [this] { m_draft->change(withTargetDuplicated(m_draft->json(), m_index)); });
    m_up = rowButton(head, u"queryUp"_s, u"chevron-up"_s, tr("Move up"));
    connect(m_up, &QToolButton::clicked, this, [this] { m_draft->change(withTargetMoved(m_draft->json(), m_index, m_index - 1)); });
    m_down = rowButton(head, u"queryDown"_s, u"chevron-down"_s, tr("Move down"));
    connect(m_down, &QToolButton::clicked, this, [this] { m_draft->change(withTargetMoved(m_draft->json(), m_index, m_index + 1)); });
    QToolButton* remove = rowButton(head, u"queryRemove"_s, u"trash"_s, tr("Remove the query"));
    connect(remove, &QToolButton::clicked, this, [this] { m_draft->change(withTargetRemoved(m_draft->json(), m_index)); });
    for (QToolButton* button : {m_hide, copy, m_up, m_down, remove})
        layout->addWidget(button);
    return head;
}

QWidget* QueryRow::makeOptions()
{
    auto* options = new QWidget(this);
    auto* layout = new QHBoxLayout(options);
    layout->setContentsMargins(0, 0, 0, 0);
    layout->setSpacing(6);
    m_legend = new QComboBox(options);
    m_legend->setObjectName(u"legendFormat"_s);
    m_legend->setEditable(true);
    m_legend->setInsertPolicy(QComboBox::NoInsert);
    m_legend->addItems({u"__auto"_s, u"{{instance}}"_s, u"{{job}}"_s});
    m_legend->lineEdit()->setPlaceholderText(tr("All labels"));
    m_legend->setToolTip(tr("__auto: the labels that differ; empty: all; {{label}} stands for a label's value"));
    m_legend->setMinimumWidth(120);
    m_legend->setAccessibleName(tr("Legend"));
    const auto giveLegend = [this](bool typing) { setMember(u"legendFormat"_s, Json(m_legend->currentText()), typing); };
    connect(m_legend, &QComboBox::activated, this, [giveLegend] { giveLegend(false); });
    connect(m_legend->lineEdit(), &QLineEdit::textEdited, this, [giveLegend] { giveLegend(true); });
    m_step = new QLineEdit(options);
    m_step->setObjectName(u"minStep"_s);
    m_step->setPlaceholderText(tr("auto"));
    m_step->setToolTip(tr("The shortest distance between two points, for example 30s or $__rate_interval"));
    m_step->setFixedWidth(84);
    m_step->setAccessibleName(tr("Minimum step"));
    connect(m_step, &QLineEdit::textEdited, this, [this](const QString& text) {
        setMember(u"interval"_s, text.trimmed().isEmpty() ? Json() : Json(text.trimmed()), true);
    });
    m_format = new QComboBox(options);
    m_format->setObjectName(u"format"_s);
    m_format->setAccessibleName(tr("Format"));
    m_format->addItem(tr("Time series"), u"time_series"_s);
    m_format->addItem(tr("Table"), u"table"_s);
    m_format->addItem(tr("Heatmap"), u"heatmap"_s);
    connect(m_format, &QComboBox::activated, this, [this](int index) { setMember(u"format"_s, Json(m_format->itemData(index).toString()), false); });
    m_kind = new QComboBox(options);
    m_kind->setObjectName(u"queryKind"_s);
    m_kind->setAccessibleName(tr("Type of query"));
    m_kind->addItem(tr("Range"), u"range"_s);
    m_kind->addItem(tr("Instant"), u"instant"_s);
    m_kind->addItem(tr("Both"), u"both"_s);
    connect(m_kind, &QComboBox::activated, this, [this](int index) {
        m_draft->change(withTargetKind(m_draft->json(), m_index, m_kind->itemData(index).toString()));
    });
    m_exemplars = new QCheckBox(tr("Exemplars"), options);
    m_exemplars->setObjectName(u"exemplars"_s);
    connect(m_exemplars, &QCheckBox::clicked, this, [this](bool on) { setMember(u"exemplar"_s, Json(on), false); });
    layout->addWidget(fieldLabel(options, tr("Legend"), m_legend));
    layout->addWidget(m_legend, 1);
    layout->addWidget(fieldLabel(options, tr("Min step"), m_step));
    layout->addWidget(m_step);
    layout->addWidget(fieldLabel(options, tr("Format"), m_format));
    layout->addWidget(m_format);
    layout->addWidget(fieldLabel(options, tr("Type"), m_kind));
    layout->addWidget(m_kind);
    layout->addWidget(m_exemplars);
    return options;
}

void QueryRow::update()
{
    const Json now = target();
    const bool hidden = now[u"hide"].toBool();
    m_refId->setText(now[u"refId"].toString());
    const Json& source = now[u"datasource"];
    const QString uid = source.isObject() ? source[u"uid"].toString() : source.toString();
    m_source->setText(uid);
    m_source->setVisible(!uid.isEmpty() && !uid.contains(u'$'));
    m_hide->setChecked(hidden);
    m_hide->setIcon(themeIcon(hidden ? u"close"_s : u"check"_s, IconRole::Secondary));
    m_hide->setToolTip(hidden ? tr("Query is off: switch it on") : tr("Query is on: switch it off"));
    m_hide->setAccessibleName(m_hide->toolTip());
    m_up->setEnabled(m_index > 0);
    m_down->setEnabled(m_index + 1 < m_draft->json()[u"targets"].size());
    const QString own = now.path(u"datasource.type").toString();
    const bool mixed = m_draft->json().path(u"datasource.uid").toString() == u"-- Mixed --";
    m_edit->setPromql((mixed && !own.isEmpty() ? own : sourceType(m_draft->json())) != u"loki");
    m_edit->setExpression(now[u"expr"].toString());
    const QString legend = now[u"legendFormat"].toString();
    if (m_legend->currentText() != legend)
        m_legend->setEditText(legend);
    if (m_step->text() != now[u"interval"].toString())
        m_step->setText(now[u"interval"].toString());
    m_format->setCurrentIndex(std::max(0, m_format->findData(now[u"format"].toString())));
    m_kind->setCurrentIndex(std::max(0, m_kind->findData(targetKind(now))));
    m_exemplars->setChecked(now[u"exemplar"].toBool());
}

void QueryRow::setOutcome(const PanelData& data)
{
    const QLocale locale;
    const QString refId = target()[u"refId"].toString();
    m_serverError.clear();
    QString cost;
    for (const SentQuery& query : data.queries) {
        if (query.refId != refId)
            continue;
        if (query.error)
            m_serverError = errorTitle(*query.error);
        cost = tr("%1 series · %2 samples").arg(locale.toString(qlonglong(query.series)), locale.toString(qlonglong(query.samples)));
        cost += query.fromCache ? tr(" · from cache") : tr(" · %1 ms").arg(locale.toString(query.seconds * 1000, 'f', 0));
    }
    m_cost->setText(cost);
    showDiagnostics();
}

QString QueryRow::diagnostics() const
{
    return m_problem->isHidden() ? QString() : m_problem->text();
}

void QueryRow::showDiagnostics()
{
    const ThemeColors& c = Theme::instance().colors();
    QString text = m_edit->problemText();
    const bool wrong = !text.isEmpty() || !m_serverError.isEmpty();
    if (text.isEmpty())
        text = m_serverError;
    if (text.isEmpty() && m_edit->hasFocus())
        text = m_edit->hoverText();
    QPalette colors = m_problem->palette();
    colors.setColor(QPalette::WindowText, wrong ? c.error : c.textSecondary);
    m_problem->setPalette(colors);
    m_problem->setText(text);
    m_problem->setVisible(!text.isEmpty());
    m_edit->setAccessibleDescription(wrong ? text : QString());
}

// --- all of them ------------------------------------------------------------------------------------------

QueryRows::QueryRows(QWidget* parent) : QWidget(parent)
{
    auto* outer = new QVBoxLayout(this);
    outer->setContentsMargins(0, 0, 0, 0);
    auto* scroll = new QScrollArea(this);
    scroll->setFrameShape(QFrame::NoFrame);
    scroll->setWidgetResizable(true);
    scroll->setHorizontalScrollBarPolicy(Qt::ScrollBarAlwaysOff);
    auto* content = new QWidget;
    auto* layout = new QVBoxLayout(content);
    layout->setContentsMargins(0, 8, 8, 8);
    layout->setSpacing(8);
    layout->addWidget(makePanelOptions());
    m_rowLayout = new QVBoxLayout;
    m_rowLayout->setSpacing(8);
    layout->addLayout(m_rowLayout);
    auto* add = new QPushButton(themeIcon(u"plus"_s), tr("Add &query"), content);
    add->setObjectName(u"queryAdd"_s);
    connect(add, &QPushButton::clicked, this, &QueryRows::addQuery);
    auto* line = new QHBoxLayout;
    line->addWidget(add);
    line->addStretch(1);
    layout->addLayout(line);
    layout->addStretch(1);
    scroll->setWidget(content);
    outer->addWidget(scroll);
}

QWidget* QueryRows::makePanelOptions()
{
    auto* bar = new QWidget;
    auto* layout = new QHBoxLayout(bar);
    layout->setContentsMargins(0, 0, 0, 0);
    layout->setSpacing(6);
    m_source = new QComboBox(bar);
    m_source->setObjectName(u"panelSource"_s);
    m_source->setAccessibleName(tr("Data source"));
    m_source->addItem(u"Prometheus"_s, u"prometheus"_s);
    m_source->addItem(u"Loki"_s, u"loki"_s);
    connect(m_source, &QComboBox::activated, this, [this](int index) {
        const QString type = m_source->itemData(index).toString();
        if (m_draft && type != sourceType(m_draft->json()))
            m_draft->set(u"datasource"_s, Json::object({{u"type"_s, Json(type)}}));
    });
    layout->addWidget(fieldLabel(bar, tr("Source"), m_source));
    layout->addWidget(m_source);
    guardWheel(bar);
    const auto field = [&](const QString& path, const QString& text, const QString& tip, const QString& hint) {
        auto* edit = new QLineEdit(bar);
        edit->setObjectName(u"panel:"_s + path);
        edit->setAccessibleName(text);
        edit->setToolTip(plainTip(tip));
        edit->setPlaceholderText(hint);
        edit->setMaximumWidth(96);
        layout->addWidget(fieldLabel(bar, text, edit));
        layout->addWidget(edit);
        m_fields.append({path, edit});
        connect(edit, &QLineEdit::textEdited, this, [this, path](const QString& typed) {
            if (!m_draft)
                return;
            const QString plain = typed.trimmed();
            bool number = false;
            const int points = plain.toInt(&number);
            if (path == u"maxDataPoints" && !plain.isEmpty() && (!number || points <= 0))
                return;
            m_draft->set(path, plain.isEmpty() ? Json() : path == u"maxDataPoints" ? Json(points) : Json(plain), true);
        });
    };
    field(u"maxDataPoints"_s, tr("Max points"), tr("As many points in a series at most; empty: the panel's width"), tr("width"));
    field(u"interval"_s, tr("Min interval"), tr("The shortest step of all queries, for example 30s"), tr("scrape interval"));
    field(u"timeFrom"_s, tr("Relative time"), tr("A range of its own, for example 1h"), tr("dashboard"));
    field(u"timeShift"_s, tr("Time shift"), tr("Shows what was so long ago, for example 1d"), u"0"_s);
    layout->addStretch(1);
    return bar;
}

void QueryRows::setDraft(PanelDraft* draft)
{
    if (m_draft)
        disconnect(m_draft, nullptr, this, nullptr);
    m_draft = draft;
    m_data.reset();
    m_shape.clear();
    for (QueryRow* row : std::as_const(m_rows))
        delete row;
    m_rows.clear();
    if (!draft)
        return;
    connect(draft, &PanelDraft::changed, this, &QueryRows::update);
    update();
}

void QueryRows::setCatalogue(MetricCatalogue* catalogue)
{
    m_catalogue = catalogue;
    for (QueryRow* row : std::as_const(m_rows))
        row->edit()->setCatalogue(catalogue);
}

void QueryRows::setVariables(const PromqlEdit::Expand& expand, const QStringList& names)
{
    m_expand = expand;
    m_variables = names;
    for (QueryRow* row : std::as_const(m_rows))
        row->edit()->setVariables(expand, names);
}

void QueryRows::setData(const PanelDataPtr& data)
{
    m_data = data;
    if (!data || data->state == PanelData::State::Loading)
        return;
    for (QueryRow* row : std::as_const(m_rows))
        row->setOutcome(*data);
}

QString QueryRows::shape() const
{
    QString text = u"|"_s;
    for (const Json& target : m_draft->json()[u"targets"].items())
        text += target[u"refId"].toString() + u'|';
    return text;
}

void QueryRows::update()
{
    if (!m_draft || !m_draft->exists())
        return;
    for (const auto& [path, edit] : std::as_const(m_fields)) {
        const QString text = m_draft->json()[path].scalarText();
        if (edit->text().trimmed() != text)
            edit->setText(text);
    }
    const QString source = sourceType(m_draft->json());
    if (m_source->findData(source) < 0)
        m_source->addItem(source, source);
    m_source->setCurrentIndex(m_source->findData(source));
    if (const QString now = shape(); now != m_shape) {
        m_shape = now;
        rebuild();
    }
    for (QueryRow* row : std::as_const(m_rows))
        row->update();
}

void QueryRows::rebuild()
{
    for (QueryRow* row : std::as_const(m_rows)) {
        disconnect(row, nullptr, this, nullptr);
        row->hide();
        row->edit()->disconnect(); // what was typed belongs to a query that may stand elsewhere now
        row->deleteLater();
    }
    m_rows.clear();
    for (int index = 0; index < m_draft->json()[u"targets"].size(); ++index) {
        auto* row = new QueryRow(m_draft, index, this);
        row->edit()->setCatalogue(m_catalogue);
        row->edit()->setVariables(m_expand, m_variables);
        m_rowLayout->addWidget(row);
        m_rows << row;
        if (m_data)
            row->setOutcome(*m_data);
    }
}

void QueryRows::addQuery()
{
    if (!m_draft)
        return;
    m_draft->change(withTargetAdded(m_draft->json()));
    focusRow(int(m_rows.size()) - 1);
}

void QueryRows::focusRow(int index)
{
    if (QueryRow* row = m_rows.value(index))
        row->edit()->setFocus(Qt::OtherFocusReason);
}

} // namespace Promdeck
