#include "widgets/inspect/inspectortabs.h"

#include "models/core/background.h"
#include "models/frame/matchers.h"
#include "models/frame/overrides.h"
#include "models/frame/reducers.h"
#include "models/query/panelprocessor.h"
#include "widgets/common/errortext.h"
#include "widgets/common/plaintip.h"
#include "widgets/common/prompt.h"
#include "widgets/common/theme.h"
#include "widgets/panels/datatablemodel.h"
#include "widgets/inspect/panelexport.h"

#include <QApplication>
#include <QBoxLayout>
#include <QCheckBox>
#include <QClipboard>
#include <QComboBox>
#include <QHeaderView>
#include <QLabel>
#include <QLocale>
#include <QPlainTextEdit>
#include <QPushButton>
#include <QScrollBar>
#include <QTableView>
#include <QTextBrowser>
#include <QTreeWidget>

using namespace Qt::StringLiterals;

namespace Promdeck {

namespace {

constexpr qsizetype kMarkdownRows = 500;   // more belongs into a file
constexpr qsizetype kShownText = 2'000'000; // characters of JSON; a text box with more is of no use
constexpr int kWidestColumn = 360;

QFont fixedFont()
{
    QFont font(u"monospace"_s);
    font.setStyleHint(QFont::Monospace);
    font.setPixelSize(12);
    return font;
}

/// Frames as the data tab shows them: before the transformations they have no field configuration yet.
Frames wantedFrames(const InspectInput& input, bool transformed)
{
    const PanelData& data = *input.panel.data;
    if (transformed || data.source.empty())
        return data.frames;
    Frames frames = data.source;
    OverrideContext overrides;
    overrides.theme = input.panel.context.theme;
    overrides.timeZone = input.panel.context.timeZone;
    overrides.defaultColorMode = defaultColorMode(input.panel.spec.type);
    if (const auto scope = data.scope) {
        overrides.interpolate = [scope](const QString& text, const Frame& frame, const Field& field) {
            return interpolateField(text, frame, field, scope->panel);
        };
    }
    applyFieldConfig(frames, input.panel.spec.fieldConfig, overrides);
    return frames;
}

Json frameJson(const Frame& frame)
{
    Json fields = Json::array();
    for (const Field& field : frame.fields) {
        Json values = Json::array();
        for (qsizetype row = 0; row < field.values.size(); ++row)
            values.append(cellJson(field.values, row));
        Json labels = Json::object();
        for (const auto& [name, value] : field.labels)
            labels.set(name, Json(value));
        Json one = Json::object({{u"name"_s, Json(field.name)}, {u"type"_s, Json(fieldTypeName(field.type))}});
        if (labels.size() > 0)
            one.set(u"labels"_s, labels);
        if (!field.state.displayName.isEmpty())
            one.set(u"displayName"_s, Json(field.state.displayName));
        one.set(u"values"_s, values);
        fields.append(one);
    }
    return Json::object({{u"refId"_s, Json(frame.refId)}, {u"name"_s, Json(frame.name)}, {u"fields"_s, fields}});
}

} // namespace

int problemCount(const PanelData& data)
{
    int failed = 0;
    for (const SentQuery& query : data.queries)
        failed += query.error ? 1 : 0;
    if (failed == 0 && data.error)
        failed = 1; // a query that could not be sent at all
    return failed + int(data.transformErrors.size()) + int(data.warnings.size());
}

// --- data -------------------------------------------------------------------------------------------------

InspectData::InspectData(QWidget* parent) : QWidget(parent)
{
    auto* layout = new QVBoxLayout(this);
    layout->setContentsMargins(0, 8, 0, 0);
    m_frame = new QComboBox(this);
    m_frame->setObjectName(u"inspectFrame"_s);
    m_frame->setAccessibleName(tr("Which data to show"));
    m_frame->setSizeAdjustPolicy(QComboBox::AdjustToMinimumContentsLengthWithIcon);
    m_transform = new QCheckBox(tr("Apply &transformations"), this);
    m_transform->setObjectName(u"inspectTransform"_s);
    m_transform->setChecked(true);
    m_formatted = new QCheckBox(tr("&Formatted values"), this);
    m_formatted->setObjectName(u"inspectFormatted"_s);
    m_formatted->setToolTip(tr("With units and mappings, as the panel shows them; else in full precision"));
    m_formatted->setChecked(true);
    const auto button = [this](const QString& text, const QString& name, const QString& tip) {
        auto* made = new QPushButton(text, this);
        made->setObjectName(name);
        made->setToolTip(plainTip(tip));
        made->setEnabled(false); // until there is a table
        return made;
    };
    m_csv = button(tr("Save &CSV…"), u"inspectCsv"_s, tr("Comma-separated values"));
    m_excel = button(tr("Save for E&xcel…"), u"inspectExcel"_s, tr("CSV with a byte order mark and the separator named"));
    m_markdown = button(tr("Copy &Markdown"), u"inspectMarkdown"_s, tr("Copy as a Markdown table"));
    auto* options = new QHBoxLayout;
    options->addWidget(m_frame, 1);
    options->addWidget(m_transform);
    options->addWidget(m_formatted);
    auto* exports = new QHBoxLayout;
    m_state = new QLabel(this);
    m_state->setObjectName(u"inspectState"_s);
    m_state->setForegroundRole(QPalette::PlaceholderText);
    exports->addWidget(m_state, 1);
    exports->addWidget(m_markdown);
    exports->addWidget(m_excel);
    exports->addWidget(m_csv);
    m_model = new DataTableModel(this);
    m_view = new QTableView(this);
    m_view->setObjectName(u"inspectTable"_s);
    m_view->setAccessibleName(tr("Data"));
    m_view->setModel(m_model);
    m_view->setAlternatingRowColors(true);
    m_view->setWordWrap(false);
    m_view->setHorizontalScrollMode(QAbstractItemView::ScrollPerPixel);
    m_view->verticalHeader()->setDefaultSectionSize(24);
    m_view->verticalHeader()->setSectionResizeMode(QHeaderView::Fixed);
    m_view->setShowGrid(false);
    m_view->verticalHeader()->setDefaultAlignment(Qt::AlignRight | Qt::AlignVCenter);
    m_view->horizontalHeader()->setDefaultAlignment(Qt::AlignLeft | Qt::AlignVCenter);
    m_view->setTabKeyNavigation(false);
    layout->addLayout(options);
    layout->addWidget(m_view, 1);
    layout->addLayout(exports);
    connect(m_frame, &QComboBox::activated, this, &InspectData::showTable);
    connect(m_transform, &QCheckBox::toggled, this, &InspectData::rebuild);
    connect(m_formatted, &QCheckBox::toggled, this, &InspectData::showTable);
    connect(m_csv, &QPushButton::clicked, this, [this] { saveCsv(false); });
    connect(m_excel, &QPushButton::clicked, this, [this] { saveCsv(true); });
    connect(m_markdown, &QPushButton::clicked, this, &InspectData::copyMarkdown);
}

DataTable::Values InspectData::values() const
{
    return m_formatted->isChecked() ? DataTable::Values::Formatted : DataTable::Values::Raw;
}

std::shared_ptr<const DataTable> InspectData::table() const
{
    return m_model->table();
}

void InspectData::setInput(const InspectInput& input)
{
    m_input = input;
    m_transform->setVisible(!input.panel.data->source.empty());
    rebuild();
}

void InspectData::rebuild()
{
    const quint64 turn = ++m_turn;
    runInBackground(
        this,
        [input = m_input, transformed = m_transform->isChecked()] {
            const Frames frames = wantedFrames(input, transformed);
            std::vector<std::shared_ptr<const DataTable>> tables;
            const auto timed = std::count_if(frames.begin(), frames.end(), [](const Frame& frame) {
                return frame.firstOf(FieldType::Time) != nullptr;
            });
            if (timed > 1)
                tables.push_back(std::make_shared<const DataTable>(joinedByTime(frames, input.panel.context)));
            else
                tables.push_back(nullptr);
            for (DataTable& table : dataTables(frames, input.panel.context))
                tables.push_back(std::make_shared<const DataTable>(std::move(table)));
            return tables;
        },
        [this, turn](const std::vector<std::shared_ptr<const DataTable>>& tables) {
            if (turn == m_turn)
                show(tables);
        });
}

void InspectData::show(const std::vector<std::shared_ptr<const DataTable>>& tables)
{
    const int before = m_frame->currentIndex();
    m_tables = tables;
    QStringList names;
    if (!m_tables.empty() && !m_tables.front())
        m_tables.erase(m_tables.begin());
    else if (!m_tables.empty())
        names << tr("Series joined by time");
    for (size_t index = size_t(names.size()); index < m_tables.size(); ++index) {
        const QString& name = m_tables[index]->name;
        names << (name.isEmpty() ? tr("Frame %1").arg(index + 1) : name);
    }
    m_frame->clear();
    m_frame->addItems(names);
    m_frame->setCurrentIndex(before >= 0 && before < m_frame->count() ? before : 0);
    m_frame->setEnabled(m_frame->count() > 1);
    showTable();
}

void InspectData::showTable()
{
    const int index = m_frame->currentIndex();
    const bool any = index >= 0 && size_t(index) < m_tables.size();
    const int scroll = m_view->verticalScrollBar()->value();
    const int columns = m_model->columnCount();
    m_model->setTable(any ? m_tables[size_t(index)] : nullptr, values());
    for (QPushButton* button : {m_csv, m_excel, m_markdown})
        button->setEnabled(any);
    m_state->setText(any ? tr("%1 rows, %2 columns").arg(QLocale().toString(m_model->rowCount()), QLocale().toString(m_model->columnCount()))
                         : tr("No data"));
    if (columns != m_model->columnCount()) {
        m_view->resizeColumnsToContents();
        for (int column = 0; column < m_model->columnCount(); ++column)
            m_view->setColumnWidth(column, std::min(kWidestColumn, m_view->columnWidth(column) + 12));
    }
    m_view->verticalScrollBar()->setValue(scroll);
}

void InspectData::saveCsv(bool excel)
{
    const std::shared_ptr<const DataTable> table = m_model->table();
    if (!table)
        return;
    CsvOptions options;
    options.values = values();
    options.excel = excel;
    Prompt::saveFile(this, tr("Save as CSV"), fileNameFor(m_input.title, u".csv"_s), tr("CSV (*.csv);;All files (*)"),
                     [this, table, options](const QString& path) {
                         saveTable(this, table, options, path, [this, path](const Status& status) {
                             if (status.ok())
                                 Q_EMIT notice(tr("Saved %1").arg(path), false);
                             else
                                 Q_EMIT notice(errorText(status.error()), true);
                         });
                     });
}

void InspectData::copyMarkdown()
{
    const std::shared_ptr<const DataTable> table = m_model->table();
    if (!table)
        return;
    QApplication::clipboard()->setText(markdownTable(*table, kMarkdownRows, values()));
    if (table->rows > kMarkdownRows)
        Q_EMIT notice(tr("Copied the first %1 of %2 rows").arg(kMarkdownRows).arg(table->rows), false);
}

// --- statistics -------------------------------------------------------------------------------------------

InspectStatistics::InspectStatistics(QWidget* parent) : QWidget(parent)
{
    auto* layout = new QVBoxLayout(this);
    layout->setContentsMargins(0, 8, 0, 0);
    m_list = new QTreeWidget(this);
    m_list->setObjectName(u"inspectStatistics"_s);
    m_list->setAccessibleName(tr("Statistics"));
    m_list->setHeaderLabels({tr("What"), tr("Value")});
    m_list->setRootIsDecorated(false);
    m_list->setAlternatingRowColors(true);
    m_list->header()->setStretchLastSection(false);
    m_list->header()->setSectionResizeMode(0, QHeaderView::Stretch);
    m_list->header()->setSectionResizeMode(1, QHeaderView::ResizeToContents);
    layout->addWidget(m_list);
}

void InspectStatistics::setInput(const InspectInput& input)
{
    const PanelData& data = *input.panel.data;
    const QLocale locale;
    const int scroll = m_list->verticalScrollBar()->value();
    m_list->clear();
    const auto section = [this](const QString& title) {
        auto* item = new QTreeWidgetItem(m_list, {title});
        item->setFirstColumnSpanned(true);
        QFont font = m_list->font();
        font.setWeight(QFont::DemiBold);
        item->setFont(0, font);
        item->setExpanded(true);
        return item;
    };
    const auto row = [](QTreeWidgetItem* parent, const QString& name, const QString& value) {
        auto* item = new QTreeWidgetItem(parent, {name, value});
        item->setTextAlignment(1, Qt::AlignRight | Qt::AlignVCenter);
    };
    const auto milliseconds = [&](double seconds) {
        return tr("%1 ms").arg(locale.toString(seconds * 1000, 'f', seconds < 0.01 ? 2 : 0));
    };
    double request = 0;
    qsizetype samples = 0;
    qsizetype series = 0;
    qsizetype bytes = 0;
    for (const SentQuery& query : data.queries) {
        request = std::max(request, query.seconds); // they run side by side
        samples += query.samples;
        series += query.series;
        bytes += query.bytes;
    }
    qsizetype rows = 0;
    for (const Frame& frame : data.frames)
        rows += frame.length();
    QTreeWidgetItem* panel = section(tr("Panel"));
    row(panel, tr("Time until the last answer"), milliseconds(request));
    row(panel, tr("Time for processing"), milliseconds(data.processSeconds));
    row(panel, tr("Queries"), locale.toString(qlonglong(data.queries.size())));
    row(panel, tr("Series"), locale.toString(qlonglong(series)));
    row(panel, tr("Samples"), locale.toString(qlonglong(samples)));
    row(panel, tr("Size of the answers"), locale.formattedDataSize(bytes));
    row(panel, tr("Frames shown"), locale.toString(qlonglong(data.frames.size())));
    row(panel, tr("Rows shown"), locale.toString(qlonglong(rows)));
    for (const SentQuery& query : data.queries) {
        QTreeWidgetItem* item = section(query.instant ? tr("Query %1, instant").arg(query.refId) : tr("Query %1, range").arg(query.refId));
        row(item, tr("Time"), query.fromCache ? tr("from cache") : milliseconds(query.seconds));
        if (!query.instant)
            row(item, tr("Step"), tr("%1 s").arg(locale.toString(double(query.stepMs) / 1000)));
        row(item, tr("Series"), locale.toString(qlonglong(query.series)));
        row(item, tr("Samples"), locale.toString(qlonglong(query.samples)));
        row(item, query.tailOnly ? tr("Size of the answer (newest part only)") : tr("Size of the answer"),
            locale.formattedDataSize(query.bytes));
    }
    m_list->verticalScrollBar()->setValue(scroll);
}

// --- queries and problems ---------------------------------------------------------------------------------

InspectQueries::InspectQueries(Show show, QWidget* parent) : QWidget(parent), m_show(show)
{
    auto* layout = new QVBoxLayout(this);
    layout->setContentsMargins(0, 8, 0, 0);
    m_text = new QTextBrowser(this);
    m_text->setObjectName(show == Show::Queries ? u"inspectQueries"_s : u"inspectErrors"_s);
    m_text->setAccessibleName(show == Show::Queries ? tr("Queries as sent") : tr("Problems"));
    m_text->setOpenLinks(false);
    layout->addWidget(m_text, 1);
    if (show == Show::Queries) {
        auto* buttons = new QHBoxLayout;
        auto* refresh = new QPushButton(tr("&Refresh"), this);
        refresh->setObjectName(u"inspectRefresh"_s);
        connect(refresh, &QPushButton::clicked, this, &InspectQueries::refreshRequested);
        auto* copy = new QPushButton(tr("&Copy"), this);
        copy->setObjectName(u"inspectCopyQueries"_s);
        connect(copy, &QPushButton::clicked, this, [this] { QApplication::clipboard()->setText(m_text->toPlainText()); });
        buttons->addStretch(1);
        buttons->addWidget(copy);
        buttons->addWidget(refresh);
        layout->addLayout(buttons);
    }
}

QString InspectQueries::text() const
{
    return m_text->toPlainText();
}

void InspectQueries::setInput(const InspectInput& input)
{
    const QString html = m_show == Show::Queries ? queriesHtml(input) : problemsHtml(input);
    if (html == m_html)
        return; // keeps the selection
    m_html = html;
    const int scroll = m_text->verticalScrollBar()->value();
    m_text->setHtml(html);
    m_text->verticalScrollBar()->setValue(scroll);
}

QString InspectQueries::queriesHtml(const InspectInput& input) const
{
    const QLocale locale;
    QString html;
    for (const SentQuery& query : input.panel.data->queries) {
        QStringList facts;
        facts << (query.instant ? tr("instant") : tr("range, step %1 s").arg(locale.toString(double(query.stepMs) / 1000)));
        if (query.fromCache)
            facts << tr("from cache");
        else
            facts << tr("%1 ms").arg(locale.toString(query.seconds * 1000, 'f', 0)) << locale.formattedDataSize(query.bytes);
        if (query.tailOnly)
            facts << tr("only the newest part was fetched");
        facts << tr("%1 series, %2 samples").arg(locale.toString(qlonglong(query.series)), locale.toString(qlonglong(query.samples)));
        html += u"<h3>%1 · %2</h3><p>%3</p>"_s.arg(query.refId.toHtmlEscaped(), query.datasource.toHtmlEscaped(),
                                                  facts.join(u" · "_s).toHtmlEscaped());
        html += u"<pre style=\"white-space: pre-wrap\">%1</pre>"_s.arg(query.expr.toHtmlEscaped());
        if (const QUrl url = queryUrl(input.server, query); !url.isEmpty())
            html += u"<p><small>GET %1</small></p>"_s.arg(url.toString(QUrl::FullyEncoded).toHtmlEscaped());
        for (const QString& text : query.warnings)
            html += u"<p>%1</p>"_s.arg(tr("Warning: %1").arg(text).toHtmlEscaped());
        for (const QString& text : query.infos)
            html += u"<p>%1</p>"_s.arg(tr("Info: %1").arg(text).toHtmlEscaped());
        if (query.error)
            html += u"<p>%1</p>"_s.arg(errorText(*query.error).toHtmlEscaped().replace(u'\n', u"<br>"_s));
    }
    return html.isEmpty() ? tr("This panel sends no queries").toHtmlEscaped() : html;
}

QString InspectQueries::problemsHtml(const InspectInput& input) const
{
    const PanelData& data = *input.panel.data;
    QString html;
    const auto add = [&html](const QString& title, const QString& text) {
        html += u"<h3>%1</h3><p>%2</p>"_s.arg(title.toHtmlEscaped(), text.toHtmlEscaped().replace(u'\n', u"<br>"_s));
    };
    bool named = false;
    for (const SentQuery& query : data.queries) {
        if (!query.error)
            continue;
        named = named || (data.error && *query.error == *data.error);
        add(tr("Query %1").arg(query.refId), errorText(*query.error));
    }
    if (data.error && !named)
        add(tr("Query"), errorText(*data.error));
    for (const Error& error : data.transformErrors)
        add(tr("Transformation %1").arg(error.target.toInt() + 1), errorText(error));
    for (const QString& warning : data.warnings)
        add(tr("Warning of the server"), warning);
    if (!data.unsupported.isEmpty())
        add(tr("Left out, because Promdeck does not know it"), data.unsupported.join(u'\n'));
    return html.isEmpty() ? tr("No problems").toHtmlEscaped() : html;
}

// --- JSON -------------------------------------------------------------------------------------------------

InspectText::InspectText(QWidget* parent) : QWidget(parent)
{
    auto* layout = new QVBoxLayout(this);
    layout->setContentsMargins(0, 8, 0, 0);
    m_what = new QComboBox(this);
    m_what->setObjectName(u"inspectJsonWhat"_s);
    m_what->setAccessibleName(tr("Which JSON to show"));
    m_what->addItems({tr("The panel"), tr("Its data")});
    m_text = new QPlainTextEdit(this);
    m_text->setObjectName(u"inspectJson"_s);
    m_text->setAccessibleName(tr("JSON"));
    m_text->setReadOnly(true);
    m_text->setFont(fixedFont());
    m_text->setLineWrapMode(QPlainTextEdit::NoWrap);
    m_text->setTabChangesFocus(true);
    auto* copy = new QPushButton(tr("&Copy"), this);
    copy->setObjectName(u"inspectCopyJson"_s);
    connect(copy, &QPushButton::clicked, this, [this] { QApplication::clipboard()->setText(m_text->toPlainText()); });
    auto* head = new QHBoxLayout;
    head->addWidget(m_what, 1);
    head->addWidget(copy);
    layout->addLayout(head);
    layout->addWidget(m_text, 1);
    connect(m_what, &QComboBox::currentIndexChanged, this, &InspectText::rebuild);
}

void InspectText::setInput(const InspectInput& input)
{
    m_input = input;
    rebuild();
}

void InspectText::rebuild()
{
    const quint64 turn = ++m_turn;
    runInBackground(
        this,
        [input = m_input, data = m_what->currentIndex() == 1] {
            if (!data)
                return QString::fromUtf8(input.panel.spec.raw.toUtf8(Json::Format::Indented));
            Json frames = Json::array();
            for (const Frame& frame : input.panel.data->frames)
                frames.append(frameJson(frame));
            QString text = QString::fromUtf8(frames.toUtf8(Json::Format::Indented));
            if (text.size() > kShownText)
                text = text.left(kShownText) + u"\n…"_s;
            return text;
        },
        [this, turn](const QString& text) {
            if (turn != m_turn || text == m_text->toPlainText())
                return;
            const int scroll = m_text->verticalScrollBar()->value();
            m_text->setPlainText(text);
            m_text->verticalScrollBar()->setValue(scroll);
        });
}

} // namespace Promdeck
