#include "widgets/workbench/relabelview.h"

#include "models/config/alertmanager/routing.h"
#include "models/config/online/exposition.h"
#include "models/config/rules/rules.h"
#include "models/config/targets.h"
#include "models/core/http.h"
#include "widgets/common/errortext.h"
#include "widgets/common/icons.h"
#include "widgets/common/plaintip.h"
#include "widgets/common/theme.h"

#include <QBoxLayout>
#include <QComboBox>
#include <QCoroTask>
#include <QFormLayout>
#include <QHeaderView>
#include <QLabel>
#include <QLineEdit>
#include <QLocale>
#include <QPlainTextEdit>
#include <QPushButton>
#include <QSplitter>
#include <QToolButton>
#include <QTreeWidget>

#include <algorithm>

using namespace Qt::StringLiterals;

namespace Promdeck {

using namespace Config;

namespace {

constexpr int kOffsetRole = Qt::UserRole + 1;

QString text(const std::string& utf8)
{
    return QString::fromStdString(utf8);
}

QString labelsText(const LabelMap& labels)
{
    QStringList parts;
    for (const auto& [name, value] : labels)
        parts << u"%1=\"%2\""_s.arg(text(name), text(value));
    return parts.join(u", ");
}

QString actionText(const RelabelRule& rule)
{
    using Action = RelabelRule::Action;
    QStringList sources;
    for (const std::string& source : rule.sourceLabels)
        sources << text(source);
    const QString from = sources.join(text(rule.separator));
    const QString regex = text(rule.regex);
    switch (rule.action) {
    case Action::Replace: return u"replace %1 = %2 from %3 ~ %4"_s.arg(text(rule.targetLabel), text(rule.replacement), from.isEmpty() ? u"nothing"_s : from, regex);
    case Action::Keep: return u"keep where %1 ~ %2"_s.arg(from, regex);
    case Action::Drop: return u"drop where %1 ~ %2"_s.arg(from, regex);
    case Action::KeepEqual: return u"keep where %1 = %2"_s.arg(from, text(rule.targetLabel));
    case Action::DropEqual: return u"drop where %1 = %2"_s.arg(from, text(rule.targetLabel));
    case Action::HashMod: return u"hashmod %1 of %2 into %3"_s.arg(rule.modulus).arg(from, text(rule.targetLabel));
    case Action::LabelMap: return u"labelmap %1 to %2"_s.arg(regex, text(rule.replacement));
    case Action::LabelDrop: return u"labeldrop %1"_s.arg(regex);
    case Action::LabelKeep: return u"labelkeep %1"_s.arg(regex);
    case Action::Lowercase: return u"lowercase %1 into %2"_s.arg(from, text(rule.targetLabel));
    case Action::Uppercase: return u"uppercase %1 into %2"_s.arg(from, text(rule.targetLabel));
    }
    return {};
}

/// The scrape configuration that holds a place.
std::optional<StructView> scrapeAt(const StructView& root, std::size_t offset)
{
    std::optional<StructView> best;
    for (const StructView& one : root.structsAt("scrape_configs")) {
        if (one.span.start.offset <= offset + 4)
            best = one;
    }
    return best;
}

} // namespace

RelabelView::RelabelView(QWidget* parent)
    : WorkbenchTool(parent), m_title(new QLabel(this)), m_which(new QComboBox(this)), m_targets(new QComboBox(this)), m_pasted(new QLineEdit(this)), m_steps(new QTreeWidget(this))
{
    auto* column = new QVBoxLayout(this);
    column->setContentsMargins(10, 8, 10, 8);
    m_title->setObjectName(u"relabelTitle"_s);
    m_title->setTextFormat(Qt::PlainText);
    m_title->setWordWrap(true);
    column->addWidget(m_title);
    auto* form = new QFormLayout;
    form->setFieldGrowthPolicy(QFormLayout::AllNonFixedFieldsGrow);
    m_which->setObjectName(u"relabelWhich"_s);
    m_which->addItem(tr("Targets (relabel_configs)"), u"relabel_configs"_s);
    m_which->addItem(tr("Samples (metric_relabel_configs)"), u"metric_relabel_configs"_s);
    m_targets->setObjectName(u"relabelTarget"_s);
    m_targets->setSizeAdjustPolicy(QComboBox::AdjustToMinimumContentsLengthWithIcon);
    m_targets->setMinimumContentsLength(20);
    m_pasted->setObjectName(u"relabelPasted"_s);
    m_pasted->setPlaceholderText(tr("or labels: __address__=host:9100 env=prod"));
    m_pasted->setClearButtonEnabled(true);
    auto* live = new QToolButton(this);
    live->setObjectName(u"relabelLive"_s);
    live->setIcon(themeIcon(u"refresh"_s));
    live->setToolTip(tr("Ask the server for the targets it has found"));
    live->setAutoRaise(true);
    auto* row = new QHBoxLayout;
    row->addWidget(m_targets, 1);
    row->addWidget(live);
    form->addRow(tr("Rules"), m_which);
    form->addRow(tr("Target"), row);
    form->addRow(QString(), m_pasted);
    column->addLayout(form);
    m_steps->setObjectName(u"relabelSteps"_s);
    m_steps->setAccessibleName(tr("Steps"));
    m_steps->setHeaderLabels({tr("Step"), tr("Effect")});
    m_steps->setRootIsDecorated(false);
    m_steps->setWordWrap(true);
    m_steps->setFrameShape(QFrame::NoFrame);
    m_steps->setColumnWidth(0, 230);
    column->addWidget(m_steps, 1);
    connect(live, &QToolButton::clicked, this, &RelabelView::askServer);
    connect(m_targets, &QComboBox::currentIndexChanged, this, &RelabelView::apply);
    connect(m_pasted, &QLineEdit::textChanged, this, &RelabelView::apply);
    connect(m_which, &QComboBox::currentIndexChanged, this, [this] { follow(m_context); });
    connect(m_steps, &QTreeWidget::itemActivated, this, [this](QTreeWidgetItem* item) {
        const QVariant offset = item->data(0, kOffsetRole);
        if (offset.isValid())
            Q_EMIT jumpWanted(size_t(offset.toULongLong()), size_t(offset.toULongLong()));
    });
}

RelabelView::~RelabelView() = default;

RelabelView::Job RelabelView::jobAt(const ToolContext& context) const
{
    Job job;
    const YamlDocument document = YamlDocument::parse({context.text.constData(), size_t(context.text.size())});
    CheckOptions options = context.options;
    options.syntaxOnly = true;
    options.lint = false;
    Checker checker(document, YamlDialect::V2, prometheusRules(), options);
    checker.checkRoot(context.kind == FileKind::ScrapeConfigs ? "prometheus.ScrapeConfigs" : "prometheus.Config");
    const auto scrape = checker.isReadable() ? scrapeAt(checker.root(), context.offset) : std::nullopt;
    if (!scrape) {
        job.problem = tr("Put the cursor into a scrape configuration.");
        return job;
    }
    job.name = text(scrape->string("job_name"));
    const std::string key = m_which->currentData().toString().toStdString();
    const auto rules = relabelRulesOf(*scrape, key);
    if (!rules) {
        job.problem = tr("A rule of this job is not in order.");
        return job;
    }
    job.rules = *rules;
    for (const StructView& one : scrape->structsAt(key))
        job.offsets.push_back(one.span.start.offset);
    const std::vector<RelabelRule> none;
    const ScrapeTargets targets(*scrape, checker.root().structAt("global"), none, checker);
    for (const TargetGroup& group : targetGroupsOf(scrape->structsAt("static_configs"))) {
        for (std::size_t i = 0; i < group.targets.size(); ++i)
            job.targets.push_back(targets.discovered(group, i));
    }
    return job;
}

void RelabelView::follow(const ToolContext& context)
{
    m_stack = context.stack;
    m_context = context;
    if (context.kind != FileKind::Prometheus && context.kind != FileKind::ScrapeConfigs) {
        if (m_job.name.isEmpty())
            m_title->setText(tr("Open a Prometheus configuration and put the cursor into a job."));
        return;
    }
    const Job job = jobAt(context);
    if (!job.problem.isEmpty() && !m_job.name.isEmpty())
        return; // the last one stays
    const bool same = job.name == m_job.name && job.targets == m_job.targets;
    m_job = job;
    m_title->setText(job.problem.isEmpty() ? tr("Job %1: %2 steps").arg(job.name).arg(job.rules.size()) : job.problem);
    if (!same) {
        m_live.clear();
        fillTargets();
    }
    apply();
}

void RelabelView::fillTargets()
{
    const QSignalBlocker block(m_targets);
    m_targets->clear();
    const auto add = [this](const LabelMap& labels, const QString& kind) {
        const auto address = labels.find("__address__");
        m_targets->addItem(u"%1   %2"_s.arg(address == labels.end() ? labelsText(labels) : text(address->second), kind), labelsText(labels));
    };
    for (const LabelMap& one : m_job.targets)
        add(one, tr("(configured)"));
    for (const LabelMap& one : m_live)
        add(one, tr("(found by the server)"));
    if (m_targets->count() == 0)
        m_targets->addItem(tr("None written here: ask the server, or paste labels"), QString());
}

void RelabelView::askServer()
{
    if (!m_stack) {
        m_title->setText(tr("Connect a stack first."));
        return;
    }
    QCoro::connect(m_stack->prometheus().data(u"targets"_s), this, [this, job = m_job.name](const Result<Json>& answer) {
        if (job != m_job.name)
            return;
        if (!answer.ok()) {
            m_title->setText(errorText(answer.error()));
            return;
        }
        m_live.clear();
        for (const QString& list : {u"activeTargets"_s, u"droppedTargets"_s}) {
            for (const Json& target : (*answer)[list].items()) {
                LabelMap labels;
                for (const auto& member : target[u"discoveredLabels"].members())
                    labels[member.first.toStdString()] = member.second.toString().toStdString();
                if (labels.contains("job") && labels["job"] == job.toStdString() && m_live.size() < 500)
                    m_live.push_back(std::move(labels));
            }
        }
        fillTargets();
        m_title->setText(tr("Job %1: %2 steps, %3 targets found by the server").arg(m_job.name).arg(m_job.rules.size()).arg(m_live.size()));
        apply();
    });
}

void RelabelView::apply()
{
    m_steps->clear();
    std::optional<LabelMap> labels;
    if (!m_pasted->text().trimmed().isEmpty()) {
        if (const auto read = readLabelSet(m_pasted->text().toStdString())) {
            labels.emplace();
            labels->insert(read->begin(), read->end());
        }
    } else {
        const size_t index = size_t(std::max(0, m_targets->currentIndex()));
        if (index < m_job.targets.size())
            labels = m_job.targets[index];
        else if (index - m_job.targets.size() < m_live.size())
            labels = m_live[index - m_job.targets.size()];
    }
    if (!labels)
        return;
    const ThemeColors& c = Theme::instance().colors();
    const auto add = [this](const QString& step, const QString& effect, const QColor& color) {
        auto* item = new QTreeWidgetItem(m_steps, {step, effect});
        if (color.isValid())
            item->setForeground(1, color);
        item->setToolTip(0, plainTip(step));
        item->setToolTip(1, plainTip(effect));
        return item;
    };
    add(tr("Before"), labelsText(*labels), {});
    for (size_t i = 0; i < m_job.rules.size(); ++i) {
        const std::optional<LabelMap> after = relabel(*labels, {m_job.rules[i]});
        const QString step = u"%1. %2"_s.arg(i + 1).arg(actionText(m_job.rules[i]));
        QTreeWidgetItem* item = nullptr;
        if (!after) {
            item = add(step, tr("dropped here"), c.error);
        } else {
            QStringList effects;
            for (const auto& [name, value] : *after) {
                const auto before = labels->find(name);
                if (before == labels->end())
                    effects << u"+ %1=\"%2\""_s.arg(text(name), text(value));
                else if (before->second != value)
                    effects << tr("%1: “%2” becomes “%3”").arg(text(name), text(before->second), text(value));
            }
            for (const auto& [name, value] : *labels) {
                if (!after->contains(name))
                    effects << u"− %1"_s.arg(text(name));
            }
            item = add(step, effects.isEmpty() ? tr("no effect") : effects.join(u'\n'), effects.isEmpty() ? QColor() : c.success);
        }
        if (i < m_job.offsets.size())
            item->setData(0, kOffsetRole, QVariant::fromValue<qulonglong>(m_job.offsets[i]));
        if (!after)
            return;
        labels = after;
    }
    const bool targets = m_which->currentIndex() == 0;
    if (targets) {
        std::erase_if(*labels, [](const auto& one) { return one.first.starts_with("__") ; });
    }
    add(tr("After"), labelsText(*labels), {});
}

// --- scraping --------------------------------------------------------------------------------------------

ScrapeView::ScrapeView(QWidget* parent)
    : WorkbenchTool(parent), m_url(new QComboBox(this)), m_summary(new QLabel(this)), m_families(new QTreeWidget(this)), m_problems(new QPlainTextEdit(this))
{
    auto* column = new QVBoxLayout(this);
    column->setContentsMargins(10, 8, 10, 8);
    auto* row = new QHBoxLayout;
    m_url->setObjectName(u"scrapeUrl"_s);
    m_url->setAccessibleName(tr("Address"));
    m_url->setEditable(true);
    m_url->setInsertPolicy(QComboBox::NoInsert);
    m_url->lineEdit()->setPlaceholderText(tr("http://host:9100/metrics"));
    auto* fetch = new QPushButton(tr("Scrape"), this);
    fetch->setObjectName(u"scrapeFetch"_s);
    row->addWidget(m_url, 1);
    row->addWidget(fetch);
    column->addLayout(row);
    m_summary->setObjectName(u"scrapeSummary"_s);
    m_summary->setTextFormat(Qt::PlainText);
    m_summary->setWordWrap(true);
    m_summary->setText(tr("Fetches what a target answers, once, from this machine."));
    column->addWidget(m_summary);
    auto* split = new QSplitter(Qt::Vertical, this);
    m_families->setObjectName(u"scrapeFamilies"_s);
    m_families->setAccessibleName(tr("Metrics"));
    m_families->setHeaderLabels({tr("Metric"), tr("Series"), tr("Type"), tr("Help")});
    m_families->setRootIsDecorated(false);
    m_families->setUniformRowHeights(true);
    m_families->setSortingEnabled(true);
    m_families->sortByColumn(1, Qt::DescendingOrder);
    m_families->setFrameShape(QFrame::NoFrame);
    m_families->setColumnWidth(0, 220);
    m_families->setColumnWidth(1, 60);
    m_problems->setObjectName(u"scrapeProblems"_s);
    m_problems->setAccessibleName(tr("Problems of the answer"));
    m_problems->setReadOnly(true);
    m_problems->setFrameShape(QFrame::NoFrame);
    split->addWidget(m_families);
    split->addWidget(m_problems);
    split->setSizes({320, 120});
    column->addWidget(split, 1);
    connect(fetch, &QPushButton::clicked, this, &ScrapeView::fetch);
    connect(m_url->lineEdit(), &QLineEdit::returnPressed, this, &ScrapeView::fetch);
}

ScrapeView::~ScrapeView() = default;

QString ScrapeView::summary() const
{
    return m_summary->text();
}

void ScrapeView::follow(const ToolContext& context)
{
    if (context.kind != FileKind::Prometheus && context.kind != FileKind::ScrapeConfigs)
        return;
    const YamlDocument document = YamlDocument::parse({context.text.constData(), size_t(context.text.size())});
    const SchemaStruct* type = Schema::instance().find(context.kind == FileKind::ScrapeConfigs ? "prometheus.ScrapeConfigs" : "prometheus.Config");
    if (!document.root() || !document.root()->isMapping() || !type)
        return;
    const StructView root = viewOf(*type, document.root(), document.root()->span, YamlDialect::V2);
    const auto scrape = scrapeAt(root, context.offset);
    if (!scrape)
        return;
    const std::string scheme = scrape->has("scheme") ? scrape->string("scheme") : "http";
    const std::string path = scrape->has("metrics_path") ? scrape->string("metrics_path") : "/metrics";
    QStringList urls;
    for (const TargetGroup& group : targetGroupsOf(scrape->structsAt("static_configs"))) {
        for (const GroupTarget& target : group.targets)
            urls << text(scheme + "://" + target.address + path);
    }
    const QString seen = urls.join(u' ');
    if (seen == m_seen || urls.isEmpty())
        return;
    m_seen = seen;
    m_url->clear();
    m_url->addItems(urls);
}

void ScrapeView::fetch()
{
    const QUrl url(m_url->currentText().trimmed());
    if (!url.isValid() || !url.scheme().startsWith(u"http") || url.host().isEmpty()) {
        m_summary->setText(tr("Write an address, as http://host:9100/metrics"));
        return;
    }
    // No credentials of the stack: a target is another host.
    HttpOptions options;
    options.timeout = std::chrono::milliseconds(10000);
    options.maxBytes = 64LL << 20;
    m_client = std::make_shared<HttpClient>(options);
    HttpRequest request;
    request.url = url;
    request.headers = {{"Accept", "text/plain;version=0.0.4;q=0.5,application/openmetrics-text;version=1.0.0;q=0.4,*/*;q=0.1"}};
    const quint64 turn = ++m_turn;
    m_summary->setText(tr("Asking %1…").arg(url.host()));
    QCoro::connect(m_client->send(request), this, [this, turn, client = m_client](const Result<HttpResponse>& answer) {
        if (turn != m_turn)
            return;
        m_families->clear();
        m_problems->clear();
        if (!answer.ok()) {
            m_summary->setText(errorText(answer.error()));
            return;
        }
        if (answer->status != 200) {
            m_summary->setText(tr("The target answers with status %1").arg(answer->status));
            return;
        }
        const QString type = QString::fromLatin1(answer->header("content-type"));
        const Exposition found = readExposition(answer->body, type);
        const auto errors = std::count_if(found.problems.begin(), found.problems.end(), [](const Exposition::Problem& one) { return one.isError; });
        m_summary->setText(tr("%1 series of %2 metrics, %3 in %4 ms (%5). %6")
                               .arg(found.series)
                               .arg(found.families.size())
                               .arg(QLocale().formattedDataSize(answer->body.size()))
                               .arg(answer->seconds * 1000, 0, 'f', 0)
                               .arg(found.openMetrics ? tr("OpenMetrics") : tr("text format"))
                               .arg(errors == 0 ? tr("The format is in order.") : tr("The scrape fails: %1 errors.").arg(errors)));
        for (const Exposition::Family& family : found.families) {
            auto* item = new QTreeWidgetItem(m_families);
            item->setText(0, family.name);
            item->setData(1, Qt::DisplayRole, family.series);
            item->setText(2, family.type.isEmpty() ? tr("untyped") : family.type);
            item->setText(3, family.help);
            item->setToolTip(3, plainTip(family.help));
        }
        QStringList lines;
        for (const Exposition::Problem& one : found.problems)
            lines << tr("Line %1: %2").arg(one.line).arg(one.message);
        m_problems->setPlainText(lines.join(u'\n'));
        m_problems->setVisible(!lines.isEmpty());
    });
}

} // namespace Promdeck
