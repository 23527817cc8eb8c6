#include "widgets/workbench/templateview.h"

#include "models/alertmanager/alertmanagerclient.h"
#include "models/config/online/backtest.h"
#include "models/core/background.h"
#include "models/core/files.h"
#include "widgets/common/errortext.h"
#include "widgets/workbench/workspace.h"

#include <QBoxLayout>
#include <QComboBox>
#include <QCoroTask>
#include <QDateTime>
#include <QLabel>
#include <QPlainTextEdit>
#include <QSignalBlocker>

#include <algorithm>

using namespace Qt::StringLiterals;

namespace Promdeck {

using namespace Config;

namespace {

constexpr size_t kMostChoices = 100;

QString text(const std::string& utf8)
{
    return QString::fromStdString(utf8);
}

int versionNumber(ServerVersion version)
{
    return version.major * 1000 + version.minor;
}

/// The name of the definition that holds a place.
std::string definitionAt(const std::string& source, std::size_t offset)
{
    const std::size_t define = source.rfind("define \"", offset);
    if (define == std::string::npos)
        return {};
    const std::size_t start = define + 8;
    const std::size_t end = source.find('"', start);
    return end == std::string::npos ? std::string() : source.substr(start, end - start);
}

} // namespace

TemplateView::TemplateView(QWidget* parent) : WorkbenchTool(parent), m_title(new QLabel(this)), m_data(new QComboBox(this)), m_output(new QPlainTextEdit(this))
{
    auto* column = new QVBoxLayout(this);
    column->setContentsMargins(10, 8, 10, 8);
    m_title->setObjectName(u"templateTitle"_s);
    m_title->setTextFormat(Qt::PlainText);
    m_title->setWordWrap(true);
    m_data->setObjectName(u"templateData"_s);
    m_data->setAccessibleName(tr("What it is rendered with"));
    m_data->setSizeAdjustPolicy(QComboBox::AdjustToMinimumContentsLengthWithIcon);
    m_data->setMinimumContentsLength(20);
    m_output->setObjectName(u"templateOutput"_s);
    m_output->setAccessibleName(tr("Rendered text"));
    m_output->setReadOnly(true);
    m_output->setFrameShape(QFrame::NoFrame);
    column->addWidget(m_title);
    column->addWidget(m_data);
    column->addWidget(m_output, 1);
    connect(m_data, &QComboBox::currentIndexChanged, this, &TemplateView::render);
}

TemplateView::~TemplateView() = default;

QString TemplateView::output() const
{
    return m_output->toPlainText();
}

void TemplateView::follow(const ToolContext& context)
{
    const bool stackChanged = context.stack != m_stack;
    const bool otherKind = context.kind != m_context.kind;
    m_context = context;
    m_stack = context.stack;
    if (context.kind == FileKind::Alertmanager || context.kind == FileKind::Template) {
        if (stackChanged || otherKind) {
            m_alerts.clear();
            fillData();
            if (m_stack)
                askAlerts();
        }
    }
    const std::optional<RuleAt> before = m_rule;
    readPieces();
    if (context.kind == FileKind::Rules && m_rule && (stackChanged || otherKind || !before || before->expression != m_rule->expression)) {
        m_series.clear();
        m_queries.clear();
        m_queryErrors.clear();
        fillData();
        if (m_stack)
            askSeries(m_rule->expression, true);
    }
    render();
}

void TemplateView::readPieces()
{
    const std::string_view all(m_context.text.constData(), size_t(m_context.text.size()));
    std::vector<Piece> pieces;
    if (m_context.kind == FileKind::Rules) {
        const YamlDocument document = YamlDocument::parse(all);
        const auto rule = document.ok() ? ruleAt(document, m_context.offset) : std::nullopt;
        if (!rule || !rule->isAlert)
            return;
        m_rule = rule;
        for (const auto& [name, value] : rule->labels)
            pieces.push_back({tr("label %1").arg(text(name)), value});
        for (const auto& [name, value] : rule->annotations)
            pieces.push_back({text(name), value});
        m_title->setText(tr("Labels and annotations of %1").arg(text(rule->name)));
    } else if (m_context.kind == FileKind::Template) {
        const std::string name = definitionAt(std::string(all), m_context.offset);
        if (name.empty())
            return;
        pieces.push_back({text(name), "{{ template \"" + name + "\" . }}"});
        m_title->setText(tr("Template %1").arg(text(name)));
    } else if (m_context.kind == FileKind::Alertmanager) {
        const YamlPlace place = placeAt(all, m_context.offset);
        if (place.scalar.find("{{") == std::string::npos) {
            if (m_pieces.empty())
                m_title->setText(tr("Put the cursor into a text with {{ }}."));
            return;
        }
        std::string key;
        for (const std::string& step : place.path) {
            if (step != "-")
                key = step;
        }
        pieces.push_back({text(key), place.scalar});
        m_title->setText(tr("%1 of a notification").arg(text(key)));
    } else {
        if (m_pieces.empty())
            m_title->setText(tr("Put the cursor into an alerting rule, or into a template of Alertmanager."));
        return;
    }
    m_pieces = std::move(pieces);
}

void TemplateView::fillData()
{
    const QSignalBlocker block(m_data);
    m_data->clear();
    if (m_context.kind == FileKind::Rules) {
        for (const Series& one : m_series) {
            QStringList labels;
            for (const auto& [name, value] : one.labels)
                labels << u"%1=\"%2\""_s.arg(text(name), text(value));
            m_data->addItem(u"%1   {%2}"_s.arg(QString::number(one.value, 'g', 6), labels.join(u", ")));
        }
        m_data->addItem(tr("Sample: instance=\"host:9100\", job=\"node\", value 42.5"));
    } else {
        m_data->addItem(tr("Sample alerts"));
        if (!m_alerts.empty())
            m_data->addItem(tr("The %1 live alerts").arg(m_alerts.size()));
    }
    m_data->setCurrentIndex(m_context.kind == FileKind::Rules ? 0 : m_data->count() - 1);
}

void TemplateView::askSeries(const std::string& expression, bool widen)
{
    const quint64 turn = ++m_turn;
    QCoro::connect(m_stack->prometheus().queryInstant(text(expression), QDateTime::currentMSecsSinceEpoch()), this,
                   [this, turn, widen, expression](const Result<QueryAnswer>& answer) {
                       if (turn != m_turn || !answer.ok())
                           return;
                       if (answer->result.series.empty() && widen) {
                           // Nothing fires: any series of the left side shows how it would read.
                           if (const auto parts = splitThreshold(expression))
                               askSeries(parts->left, false);
                           return;
                       }
                       for (const SeriesData& series : answer->result.series) {
                           if (m_series.size() == kMostChoices)
                               break;
                           Series one;
                           for (const auto& [name, value] : series.labels) {
                               if (name != u"__name__")
                                   one.labels[name.toStdString()] = value.toStdString();
                           }
                           one.value = series.values.numbers().empty() ? 0 : series.values.numbers().back();
                           m_series.push_back(std::move(one));
                       }
                       fillData();
                       render();
                   });
}

void TemplateView::askAlerts()
{
    const QList<QUrl> urls = m_stack->profile().alertmanagers;
    if (urls.isEmpty())
        return;
    m_client = std::make_shared<AlertmanagerClient>(urls.first(), m_stack->optionsFor(urls.first()));
    QCoro::connect(m_client->alerts(), this, [this, client = m_client](const Result<std::vector<ActiveAlert>>& alerts) {
        if (client != m_client || !alerts.ok())
            return;
        m_alerts.clear();
        for (const ActiveAlert& one : *alerts)
            m_alerts.push_back({true, one.labels, one.annotations, one.startsAtMs, one.endsAtMs, one.generatorUrl.toString(), one.fingerprint});
        fillData();
        render();
    });
}

void TemplateView::render()
{
    if (m_pieces.empty())
        return;
    struct Rendered
    {
        QString output;
        std::string neededQuery;
    };
    const bool rules = m_context.kind == FileKind::Rules;
    TemplateEnvironment environment;
    environment.nowMs = QDateTime::currentMSecsSinceEpoch();
    environment.externalUrl = (m_stack ? m_stack->profile().prometheus.toString(QUrl::RemoveUserInfo | QUrl::StripTrailingSlash) : u"http://prometheus.example:9090"_s).toStdString();
    environment.queries = m_queries;
    environment.queryErrors = m_queryErrors;
    Series series {{{"instance", "host:9100"}, {"job", "node"}}, 42.5};
    if (rules && size_t(std::max(0, m_data->currentIndex())) < m_series.size())
        series = m_series[size_t(std::max(0, m_data->currentIndex()))];
    NotificationData data = NotificationData::sample(environment.nowMs);
    if (!rules && !m_alerts.empty() && m_data->currentIndex() == 1)
        data = NotificationData::of(u"receiver"_s, {u"alertname"_s}, m_alerts, text(environment.externalUrl));
    // Definitions of the folder; what is being edited counts before what is on disk.
    QStringList files;
    QHash<QString, QByteArray> open;
    if (!rules && m_context.workspace) {
        for (const QString& path : m_context.workspace->files()) {
            if (!path.endsWith(u".tmpl"_s))
                continue;
            files << path;
            if (const QByteArray unsaved = m_context.workspace->textOf(path); !unsaved.isEmpty())
                open.insert(path, unsaved);
        }
    }
    const int version = versionNumber(rules ? m_context.options.prometheus : m_context.options.alertmanager);
    const quint64 turn = ++m_turn;
    runInBackground(
        this,
        [rules, environment, series, data, files, open, version, pieces = m_pieces] {
            Rendered out;
            TemplateSet set(rules ? TemplateKind::Rule : TemplateKind::Notification, version);
            for (const QString& path : files) {
                const QByteArray source = open.contains(path) ? open.value(path) : readWholeFile(path, 4 << 20).valueOr({});
                if (const auto failure = set.add(path.toStdString(), source.toStdString()))
                    out.output += u"%1:%2: %3\n\n"_s.arg(path).arg(failure->line).arg(text(failure->message));
            }
            const GoValue value = rules ? ruleTemplateData(series.labels, {}, environment.externalUrl, series.value) : data.toValue();
            for (const Piece& piece : pieces) {
                const TemplateOutcome outcome = set.render(piece.text, value, environment);
                if (outcome.neededQuery) {
                    out.neededQuery = *outcome.neededQuery;
                    out.output += u"%1:\n    …\n\n"_s.arg(piece.name);
                    continue;
                }
                QString rendered = text(outcome.text);
                if (outcome.failure)
                    rendered += u"\n✗ "_s + text(outcome.failure->message) + u" (%1:%2)"_s.arg(outcome.failure->line).arg(outcome.failure->column);
                out.output += piece.name + u":\n    "_s + rendered.replace(u'\n', u"\n    "_s) + u"\n\n"_s;
            }
            return out;
        },
        [this, turn](const Rendered& out) {
            if (turn != m_turn)
                return;
            m_output->setPlainText(out.output.trimmed());
            if (out.neededQuery.empty() || m_queries.contains(out.neededQuery) || m_queryErrors.contains(out.neededQuery))
                return;
            const std::string expression = out.neededQuery;
            if (!m_stack) {
                m_queryErrors[expression] = tr("no stack is connected").toStdString();
                render();
                return;
            }
            QCoro::connect(m_stack->prometheus().queryInstant(text(expression), QDateTime::currentMSecsSinceEpoch()), this,
                           [this, expression](const Result<QueryAnswer>& answer) {
                               if (!answer.ok()) {
                                   m_queryErrors[expression] = answer.error().summary.toStdString();
                               } else {
                                   TemplateSamples samples;
                                   for (const SeriesData& found : answer->result.series) {
                                       TemplateSample one;
                                       for (const auto& [name, value] : found.labels)
                                           one.labels[name.toStdString()] = value.toStdString();
                                       one.value = found.values.numbers().empty() ? 0 : found.values.numbers().back();
                                       samples.push_back(std::move(one));
                                   }
                                   m_queries[expression] = std::move(samples);
                               }
                               render();
                           });
        });
}

} // namespace Promdeck
