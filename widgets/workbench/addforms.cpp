#include "widgets/workbench/addforms.h"

#include "models/promql/parser.h"
#include "widgets/common/errortext.h"
#include "widgets/common/theme.h"
#include "widgets/workbench/codeeditor.h"
#include "widgets/workbench/documentpage.h"
#include "widgets/workbench/workbench.h"
#include "widgets/workbench/workspace.h"

#include <QBoxLayout>
#include <QComboBox>
#include <QCoroTask>
#include <QDateTime>
#include <QDialogButtonBox>
#include <QFormLayout>
#include <QLabel>
#include <QLineEdit>
#include <QPlainTextEdit>
#include <QPushButton>

using namespace Qt::StringLiterals;

namespace Promdeck {

using namespace Config;

namespace {

constexpr int kAskMs = 500;

std::string scalar(const QString& value)
{
    return yamlScalar(value.trimmed().toStdString());
}

std::string list(const QString& values)
{
    std::string out = "[";
    for (const QString& one : values.split(u',', Qt::SkipEmptyParts))
        out += (out.size() > 1 ? ", " : "") + scalar(one);
    return out + "]";
}

/// "key: value\n" when there is a value.
std::string line(const char* key, const QString& value, const char* indent = "")
{
    return value.trimmed().isEmpty() ? std::string() : std::string(indent) + key + ": " + scalar(value) + "\n";
}

std::string alertItem(const std::string& name, const std::string& expression, const AddForm::Answers& a, const std::string& summary)
{
    std::string out = "alert: " + name + "\nexpr: " + yamlScalar(expression) + "\n" + line("for", a[u"for"_s]);
    out += "labels:\n  severity: " + scalar(a[u"severity"_s]) + "\nannotations:\n  summary: " + yamlScalar(summary) + "\n";
    return out;
}

AddForm alertForm(const QString& name, const QString& title, std::vector<AddForm::Field> fields, const QString& forText, const QString& severity,
                  std::function<std::string(const AddForm::Answers&)> expression, const std::string& summary)
{
    AddForm form;
    form.name = name;
    form.title = title;
    form.kind = FileKind::Rules;
    form.isRule = true;
    form.fields = std::move(fields);
    form.fields.push_back({u"for"_s, AddDialog::tr("for"), forText, AddDialog::tr("how long before it fires"), {}});
    form.fields.push_back({u"severity"_s, AddDialog::tr("Severity"), severity, {}, {u"page"_s, u"critical"_s, u"warning"_s, u"info"_s}});
    form.item = [expression = std::move(expression), summary](const AddForm::Answers& a) { return alertItem(scalar(a[u"name"_s]), expression(a), a, summary); };
    return form;
}

AddForm scrapeForm()
{
    AddForm form;
    form.name = u"addScrapeJob"_s;
    form.title = AddDialog::tr("Scrape job");
    form.kind = FileKind::Prometheus;
    form.path = {"scrape_configs"};
    form.fields = {{u"job"_s, AddDialog::tr("Job"), u"node"_s, {}, {}},
                   {u"targets"_s, AddDialog::tr("Targets"), u"localhost:9100"_s, AddDialog::tr("host:port, separated by commas"), {}},
                   {u"path"_s, AddDialog::tr("Path"), {}, u"/metrics"_s, {}},
                   {u"scheme"_s, AddDialog::tr("Scheme"), u"http"_s, {}, {u"http"_s, u"https"_s}},
                   {u"interval"_s, AddDialog::tr("Every"), {}, AddDialog::tr("as under global"), {}},
                   {u"labels"_s, AddDialog::tr("Labels"), {}, u"env=prod, team=db"_s, {}}};
    form.item = [](const AddForm::Answers& a) {
        std::string out = "job_name: " + scalar(a[u"job"_s]) + "\n" + line("scrape_interval", a[u"interval"_s]) + line("metrics_path", a[u"path"_s]);
        if (a[u"scheme"_s] != u"http")
            out += line("scheme", a[u"scheme"_s]);
        out += "static_configs:\n  - targets: " + list(a[u"targets"_s]) + "\n";
        const QStringList labels = a[u"labels"_s].split(u',', Qt::SkipEmptyParts);
        if (!labels.isEmpty())
            out += "    labels:\n";
        for (const QString& one : labels)
            out += "      " + one.section(u'=', 0, 0).trimmed().toStdString() + ": " + scalar(one.section(u'=', 1)) + "\n";
        return out;
    };
    return form;
}

AddForm receiverForm()
{
    AddForm form;
    form.name = u"addReceiver"_s;
    form.title = AddDialog::tr("Receiver");
    form.kind = FileKind::Alertmanager;
    form.path = {"receivers"};
    form.fields = {{u"name"_s, AddDialog::tr("Name"), u"team"_s, {}, {}},
                   {u"kind"_s, AddDialog::tr("By"), u"webhook"_s, {}, {u"webhook"_s, u"email"_s, u"slack"_s, u"pagerduty"_s}},
                   {u"where"_s, AddDialog::tr("To"), u"http://localhost:5001/"_s, AddDialog::tr("address, channel, or the file that holds the key"), {}},
                   {u"resolved"_s, AddDialog::tr("When resolved"), u"send"_s, {}, {u"send"_s, u"do not send"_s}}};
    form.item = [](const AddForm::Answers& a) {
        const QString kind = a[u"kind"_s];
        std::string out = "name: " + scalar(a[u"name"_s]) + "\n" + kind.toStdString() + "_configs:\n";
        if (kind == u"webhook")
            out += "  - url: " + scalar(a[u"where"_s]) + "\n";
        else if (kind == u"email")
            out += "  - to: " + scalar(a[u"where"_s]) + "\n";
        else if (kind == u"slack") // the webhook itself is a secret: a file holds it
            out += "  - api_url_file: /etc/alertmanager/slack_url\n    channel: " + scalar(a[u"where"_s]) + "\n";
        else
            out += "  - routing_key_file: " + scalar(a[u"where"_s]) + "\n";
        return out + "    send_resolved: " + (a[u"resolved"_s] == u"send" ? "true" : "false") + "\n";
    };
    return form;
}

AddForm intervalForm()
{
    AddForm form;
    form.name = u"addInterval"_s;
    form.title = AddDialog::tr("Time interval");
    form.kind = FileKind::Alertmanager;
    form.path = {"time_intervals"};
    form.fields = {{u"name"_s, AddDialog::tr("Name"), u"nights"_s, {}, {}},
                   {u"from"_s, AddDialog::tr("From"), u"22:00"_s, {}, {}},
                   {u"to"_s, AddDialog::tr("To"), u"24:00"_s, {}, {}},
                   {u"days"_s, AddDialog::tr("Days"), u"monday:friday"_s, AddDialog::tr("every day"), {}},
                   {u"zone"_s, AddDialog::tr("Time zone"), u"UTC"_s, {}, {}}};
    form.item = [](const AddForm::Answers& a) {
        std::string out = "name: " + scalar(a[u"name"_s]) + "\ntime_intervals:\n  - times:\n      - start_time: '" + a[u"from"_s].toStdString() + "'\n        end_time: '" + a[u"to"_s].toStdString() + "'\n";
        if (!a[u"days"_s].trimmed().isEmpty())
            out += "    weekdays: " + list(a[u"days"_s]) + "\n";
        return out + (a[u"zone"_s].trimmed().isEmpty() || a[u"zone"_s] == u"UTC" ? std::string() : "    location: " + scalar(a[u"zone"_s]) + "\n");
    };
    return form;
}

} // namespace

std::vector<AddForm> commonForms()
{
    const auto field = [](const char* name, const QString& label, const QString& value) { return AddForm::Field {QString::fromLatin1(name), label, value, {}, {}}; };
    std::vector<AddForm> forms {scrapeForm(), receiverForm(), intervalForm()};
    forms.push_back(alertForm(u"addAlertThreshold"_s, AddDialog::tr("Alert: a value over a threshold"),
                              {field("name", AddDialog::tr("Name"), u"HighLoad"_s), field("expression", AddDialog::tr("Expression"), u"node_load5"_s),
                               AddForm::Field {u"op"_s, AddDialog::tr("Is"), u">"_s, {}, {u">"_s, u">="_s, u"<"_s, u"<="_s, u"=="_s, u"!="_s}},
                               field("threshold", AddDialog::tr("Threshold"), u"10"_s)},
                              u"10m"_s, u"warning"_s,
                              [](const AddForm::Answers& a) { return (a[u"expression"_s].trimmed() + u' ' + a[u"op"_s] + u' ' + a[u"threshold"_s]).toStdString(); },
                              "{{ $labels.instance }} is at {{ $value | humanize }}"));
    forms.push_back(alertForm(u"addAlertDown"_s, AddDialog::tr("Alert: a target does not answer"),
                              {field("name", AddDialog::tr("Name"), u"TargetDown"_s), field("job", AddDialog::tr("Job"), u"node"_s)}, u"5m"_s, u"page"_s,
                              [](const AddForm::Answers& a) { return "up{job=\"" + a[u"job"_s].trimmed().toStdString() + "\"} == 0"; },
                              "{{ $labels.job }} on {{ $labels.instance }} does not answer"));
    forms.push_back(alertForm(u"addAlertErrors"_s, AddDialog::tr("Alert: too many errors"),
                              {field("name", AddDialog::tr("Name"), u"TooManyErrors"_s), field("metric", AddDialog::tr("Counter"), u"http_requests_total"_s),
                               field("errors", AddDialog::tr("Errors are"), u"code=~\"5..\""_s), field("percent", AddDialog::tr("More than %"), u"5"_s)},
                              u"5m"_s, u"page"_s,
                              [](const AddForm::Answers& a) {
                                  const std::string metric = a[u"metric"_s].trimmed().toStdString();
                                  return "100 * sum by (job) (rate(" + metric + "{" + a[u"errors"_s].trimmed().toStdString() + "}[5m])) / sum by (job) (rate(" + metric + "[5m])) > "
                                      + a[u"percent"_s].trimmed().toStdString();
                              },
                              "{{ $value | humanize }}% of the requests to {{ $labels.job }} fail"));
    forms.push_back(alertForm(u"addAlertLatency"_s, AddDialog::tr("Alert: slow answers"),
                              {field("name", AddDialog::tr("Name"), u"SlowAnswers"_s), field("metric", AddDialog::tr("Histogram"), u"http_request_duration_seconds"_s),
                               field("quantile", AddDialog::tr("Quantile"), u"0.95"_s), field("seconds", AddDialog::tr("Longer than (s)"), u"1"_s)},
                              u"10m"_s, u"warning"_s,
                              [](const AddForm::Answers& a) {
                                  return "histogram_quantile(" + a[u"quantile"_s].trimmed().toStdString() + ", sum by (job, le) (rate(" + a[u"metric"_s].trimmed().toStdString() + "_bucket[5m]))) > "
                                      + a[u"seconds"_s].trimmed().toStdString();
                              },
                              "{{ $labels.job }} takes {{ $value | humanizeDuration }}"));
    return forms;
}

AddDialog::AddDialog(AddForm form, Workbench* workbench)
    : QDialog(workbench), m_form(std::move(form)), m_workbench(workbench), m_file(new QComboBox(this)), m_preview(new QPlainTextEdit(this)), m_live(new QLabel(this))
{
    setObjectName(m_form.name + u"Dialog"_s);
    setAttribute(Qt::WA_DeleteOnClose);
    setWindowTitle(tr("Add: %1").arg(m_form.title));
    resize(560, 560);
    auto* column = new QVBoxLayout(this);
    auto* fields = new QFormLayout;
    fields->setFieldGrowthPolicy(QFormLayout::AllNonFixedFieldsGrow);
    for (const AddForm::Field& field : m_form.fields) {
        QWidget* widget = nullptr;
        if (field.choices.isEmpty()) {
            auto* edit = new QLineEdit(field.value, this);
            edit->setPlaceholderText(field.hint);
            connect(edit, &QLineEdit::textChanged, this, &AddDialog::update);
            widget = edit;
        } else {
            auto* box = new QComboBox(this);
            box->addItems(field.choices);
            box->setCurrentText(field.value);
            connect(box, &QComboBox::currentTextChanged, this, &AddDialog::update);
            widget = box;
        }
        widget->setObjectName(u"form:"_s + field.name);
        fields->addRow(field.label, widget);
        m_widgets.emplace_back(field.name, widget);
    }
    m_file->setObjectName(u"formFile"_s);
    const DocumentPage* current = workbench->current();
    for (const QString& path : workbench->workspace()->files()) {
        if (workbench->workspace()->kindOf(path) == m_form.kind)
            m_file->addItem(workbench->workspace()->shortName(path), path);
    }
    // A file that is open and empty takes anything.
    if (current && m_file->findData(current->path()) < 0 && current->editor()->content().trimmed().isEmpty())
        m_file->addItem(workbench->workspace()->shortName(current->path()), current->path());
    if (current && m_file->findData(current->path()) >= 0)
        m_file->setCurrentIndex(m_file->findData(current->path()));
    fields->addRow(tr("Into"), m_file);
    if (m_form.isRule) {
        m_group = new QComboBox(this);
        m_group->setObjectName(u"formGroup"_s);
        m_group->setEditable(true);
        const auto fill = [this] {
            m_group->clear();
            for (const ConfigSymbol& symbol : m_workbench->workspace()->symbolsOf(m_file->currentData().toString())) {
                if (symbol.kind == ConfigSymbol::Kind::Group)
                    m_group->addItem(QString::fromStdString(symbol.name));
            }
            if (m_group->count() == 0)
                m_group->setEditText(u"alerts"_s);
        };
        connect(m_file, &QComboBox::currentIndexChanged, this, fill);
        fill();
        fields->addRow(tr("Group"), m_group);
    }
    column->addLayout(fields);
    QFont mono(u"monospace"_s);
    mono.setStyleHint(QFont::Monospace);
    mono.setPixelSize(12);
    m_preview->setObjectName(u"formPreview"_s);
    m_preview->setAccessibleName(tr("Preview"));
    m_preview->setFont(mono);
    m_preview->setReadOnly(true);
    m_preview->setLineWrapMode(QPlainTextEdit::NoWrap);
    column->addWidget(m_preview, 1);
    m_live->setObjectName(u"formLive"_s);
    m_live->setTextFormat(Qt::PlainText);
    m_live->setWordWrap(true);
    column->addWidget(m_live);
    auto* buttons = new QDialogButtonBox(QDialogButtonBox::Cancel, this);
    m_ok = buttons->addButton(tr("Insert"), QDialogButtonBox::AcceptRole);
    m_ok->setObjectName(u"formInsert"_s);
    m_ok->setDefault(true);
    connect(buttons, &QDialogButtonBox::rejected, this, &QDialog::reject);
    connect(m_ok, &QPushButton::clicked, this, &AddDialog::insert);
    column->addWidget(buttons);
    m_askTimer.setSingleShot(true);
    m_askTimer.setInterval(kAskMs);
    connect(&m_askTimer, &QTimer::timeout, this, &AddDialog::askStack);
    update();
}

QString AddDialog::preview() const
{
    return m_preview->toPlainText();
}

AddForm::Answers AddDialog::answers() const
{
    AddForm::Answers out;
    for (const auto& [name, widget] : m_widgets) {
        if (const auto* edit = qobject_cast<QLineEdit*>(widget))
            out.insert(name, edit->text());
        else if (const auto* box = qobject_cast<QComboBox*>(widget))
            out.insert(name, box->currentText());
    }
    return out;
}

void AddDialog::update()
{
    const QString item = QString::fromStdString(m_form.item(answers())).trimmed();
    m_preview->setPlainText(u"- "_s + QString(item).replace(u'\n', u"\n  "_s));
    const bool hasFile = m_file->count() > 0;
    m_ok->setEnabled(hasFile);
    if (!hasFile)
        m_live->setText(tr("There is no file of this kind here: open one, or an empty one, first."));
    else if (m_form.isRule)
        m_askTimer.start();
}

void AddDialog::askStack()
{
    const std::string text = "groups:\n- name: x\n  rules:\n  " + preview().replace(u'\n', u"\n  "_s).toStdString() + "\n";
    const auto rule = ruleAt(YamlDocument::parse(text), text.size());
    if (!rule)
        return;
    const Promql::ParseResult parsed = Promql::parse(rule->expression);
    if (!parsed.ok()) {
        m_live->setText(QString::fromStdString(parsed.problems.front().message));
        return;
    }
    const std::shared_ptr<StackConnection> stack = m_workbench->context().stack;
    if (!stack) {
        m_live->setText(tr("Connect a stack to see what it would do now."));
        return;
    }
    const quint64 turn = ++m_turn;
    QCoro::connect(stack->prometheus().queryInstant(QString::fromStdString(rule->expression), QDateTime::currentMSecsSinceEpoch()), this,
                   [this, turn](const Result<QueryAnswer>& answer) {
                       if (turn != m_turn)
                           return;
                       m_live->setText(!answer.ok() ? errorText(answer.error())
                                           : answer->result.series.empty() ? tr("Nothing would be pending now.")
                                                                           : tr("Now it would be pending for %1 series.").arg(answer->result.series.size()));
                   });
}

void AddDialog::insert()
{
    const QString path = m_file->currentData().toString();
    const std::string item = QString::fromStdString(m_form.item(answers())).trimmed().toStdString();
    const std::string group = m_group ? m_group->currentText().trimmed().toStdString() : std::string();
    const auto put = [form = m_form, item, group, workbench = m_workbench](DocumentPage* page) {
        const std::string text = page->editor()->content().toStdString();
        std::vector<std::string> target = form.path;
        std::string lines = item;
        if (form.isRule) {
            target = {"groups"};
            size_t index = 0;
            bool known = false;
            for (const ConfigSymbol& symbol : symbolsOf(text, FileKind::Rules)) {
                if (symbol.kind != ConfigSymbol::Kind::Group)
                    continue;
                if (symbol.name == group) {
                    target = {"groups", std::to_string(index), "rules"};
                    known = true;
                }
                ++index;
            }
            if (!known) {
                lines = "name: " + yamlScalar(group) + "\nrules:\n  - ";
                for (const char c : item)
                    lines += c == '\n' ? std::string("\n    ") : std::string(1, c);
            }
        }
        const std::optional<TextEdits> edits = appendItem(text, target, lines);
        if (!edits) {
            workbench->say(AddDialog::tr("This does not parse: mend the errors first"));
            return;
        }
        page->editor()->apply(*edits);
        page->editor()->goTo(edits->front().start + 1);
    };
    DocumentPage* page = m_workbench->openFile(path);
    if (page->isLoaded())
        put(page);
    else
        connect(page, &DocumentPage::loaded, page, [put, page] { put(page); });
    accept();
}

} // namespace Promdeck
