#include "models/config/online/serverlint.h"
#include "models/config/configtext.h"
#include "models/config/embedded.h"
#include "models/config/lint/rulelint.h"
#include "models/config/online/backtest.h"
#include "models/config/templates/gotemplate.h"
#include "models/core/duration.h"

#include <QCoroTask>
#include <QDateTime>

namespace Promdeck::Config {

using namespace Qt::StringLiterals;
using Promql::Ast;
using Promql::Node;
using Promql::NodeId;
using Promql::NodeKind;
using Promql::Tok;

/// One rule with its tree.
struct ServerLint::Rule
{
    StructView view;
    const YamlNode* expression = nullptr;
    Promql::ParseResult parsed;
    bool isAlert = false;
    std::vector<NodeId> parents; ///< of every node
};

/// One file while it is being checked.
class ServerLint::File
{
public:
    explicit File(const QByteArray& text) : document(YamlDocument::parse({text.constData(), std::size_t(text.size())}))
    {
        const SchemaStruct* type = Schema::instance().find("rules.RuleGroups");
        const StructView root = viewOf(*type, document.root(), {}, YamlDialect::V3);
        for (const StructView& group : root.structsAt("groups")) {
            for (const StructView& rule : group.structsAt("rules"))
                addRule(rule);
        }
    }

    void add(Severity severity, const char* code, const QString& message, const TextSpan& span, const QString& hint = {})
    {
        findings.push_back({severity, QString::fromLatin1(code), message, hint, span, {}});
    }

    [[nodiscard]] TextSpan placeOf(const Rule& rule, Promql::ByteRange range) const
    {
        return spanInScalar(document, *rule.expression, range.start, range.end);
    }

    YamlDocument document;
    std::vector<Rule> rules;
    std::set<std::string> recorded; ///< metrics that these rules make
    Diagnostics findings;

private:
    void addRule(const StructView& view)
    {
        Rule rule {view, nullptr, {}, !view.string("alert").empty(), {}};
        if (!rule.isAlert)
            recorded.insert(view.string("record"));
        const FoundValue* expression = view.find("expr");
        if (!expression || !expression->node->isScalar())
            return;
        rule.expression = expression->node;
        rule.parsed = Promql::parse(expression->node->value);
        if (!rule.parsed.ok())
            return;
        const Ast& ast = rule.parsed.ast;
        rule.parents.assign(ast.nodes.size(), Promql::kNoNode);
        for (NodeId id = 0; id < NodeId(ast.nodes.size()); ++id) {
            for (const NodeId child : ast.children(id))
                rule.parents[std::size_t(child)] = id;
        }
        rules.push_back(std::move(rule));
    }
};

namespace {

std::string_view textAt(const std::string& text, Promql::ByteRange range)
{
    return std::string_view(text).substr(range.start, range.end - range.start);
}

bool isNegative(const Promql::Matcher& matcher)
{
    return matcher.type == Promql::MatchType::NotEqual || matcher.type == Promql::MatchType::NotRegexp;
}

bool isRateFunction(const std::string& name)
{
    return name == "rate" || name == "irate" || name == "increase";
}

/// Functions that make something of a counter that does not depend on its absolute value.
bool takesCounters(const std::string& name)
{
    static const std::set<std::string> names {"rate", "irate", "increase", "absent", "absent_over_time", "present_over_time", "resets", "changes",
                                              "timestamp", "count_over_time", "info", "histogram_quantile"};
    return names.contains(name);
}

QString days(qint64 ms)
{
    const qint64 days = ms / 86400000;
    return days == 1 ? u"day"_s : u"%1 days"_s.arg(days);
}

} // namespace

QCoro::Task<Diagnostics> ServerLint::check(QByteArray text)
{
    File file(text);
    if (!m_knowsServer)
        co_await learnServer();
    for (const Rule& rule : file.rules) {
        for (NodeId id = 0; id < NodeId(rule.parsed.ast.nodes.size()) && m_failure.isEmpty(); ++id) {
            if (rule.parsed.ast.at(id).kind == NodeKind::Selector)
                co_await checkSelector(file, rule, id);
        }
        checkFunctions(file, rule);
        checkLabels(file, rule);
        if (m_failure.isEmpty())
            co_await checkCost(file, rule);
        if (rule.isAlert && m_failure.isEmpty())
            co_await countAlerts(file, rule);
    }
    if (!m_failure.isEmpty())
        file.add(Severity::Warning, "query/server", u"the server did not answer, what depends on it was not checked: %1"_s.arg(m_failure),
                 {file.document.posAt(0), file.document.posAt(1)});
    applySuppressions(file.document, file.findings);
    co_return std::move(file.findings);
}

QCoro::Task<void> ServerLint::learnServer()
{
    m_knowsServer = true;
    const Result<Json> config = co_await m_client.data(u"status/config"_s);
    if (!config) {
        m_failure = config.error().summary;
        co_return;
    }
    const QByteArray yaml = (*config)[u"yaml"].toString().toUtf8();
    const YamlDocument document = YamlDocument::parse({yaml.constData(), std::size_t(yaml.size())});
    const StructView global = viewOf(*Schema::instance().find("prometheus.Config"), document.root(), {}, YamlDialect::V2).structAt("global");
    m_scrapeIntervalMs = global.durationMs("scrape_interval").value_or(60000);
    if (const FoundValue* labels = global.find("external_labels")) {
        for (const YamlEntry& entry : labels->node->entries)
            m_externalLabels.insert(entry.key->value);
    }
    const Result<Json> metadata = co_await m_client.data(u"metadata"_s);
    if (!metadata)
        co_return; // older servers and other products have none
    for (const auto& [name, entries] : metadata->members()) {
        // Targets that disagree about a type say nothing.
        std::set<QString> types;
        for (const Json& one : entries.items())
            types.insert(one[u"type"].toString());
        if (types.size() == 1)
            m_types[name.toStdString()] = types.begin()->toStdString();
    }
}

QCoro::Task<std::optional<double>> ServerLint::countOf(std::string expression)
{
    const std::string query = "count(" + expression + ')';
    if (const auto known = m_counts.find(query); known != m_counts.end())
        co_return known->second;
    const Result<QueryAnswer> answer = co_await m_client.queryInstant(QString::fromStdString(query), m_options.nowMs);
    if (!answer) {
        if (m_failure.isEmpty())
            m_failure = answer.error().summary;
        co_return std::nullopt;
    }
    const auto& series = answer->result.series;
    const double count = series.empty() || series.front().values.numbers().empty() ? 0 : series.front().values.numbers().front();
    m_counts.emplace(query, count);
    co_return count;
}

QCoro::Task<std::optional<qint64>> ServerLint::lastSeen(std::string expression)
{
    constexpr qint64 kStepMs = 300000;
    const Result<QueryAnswer> answer = co_await m_client.queryRange(QString::fromStdString("count(" + expression + ')'), m_options.nowMs - m_options.lookBackMs,
                                                                   m_options.nowMs, kStepMs);
    if (!answer || answer->result.series.empty() || answer->result.series.front().times.times().empty())
        co_return std::nullopt;
    co_return answer->result.series.front().times.times().back();
}

/// The metric, then each label, then each matcher, so that the first thing that is missing is named.
QCoro::Task<void> ServerLint::checkSelector(File& file, const Rule& rule, NodeId id)
{
    const Promql::SelectorData& data = rule.parsed.ast.selector(rule.parsed.ast.at(id));
    for (NodeId above = rule.parents[std::size_t(id)]; above != Promql::kNoNode; above = rule.parents[std::size_t(above)]) {
        const Node& node = rule.parsed.ast.at(above);
        // These are meant for what is not there.
        if (node.kind == NodeKind::Call && rule.parsed.ast.call(node).name.starts_with("absent"))
            co_return;
    }
    if (data.name.empty() || data.name.starts_with("ALERTS") || file.recorded.contains(data.name))
        co_return;
    const TextSpan place = file.placeOf(rule, data.nameRange);
    const std::optional<double> series = co_await countOf(data.name);
    if (!series)
        co_return;
    if (*series == 0) {
        const std::optional<qint64> seen = co_await lastSeen(data.name);
        if (seen)
            file.add(Severity::Warning, "promql/series",
                     u"The server has no series of `%1` now, the last were there at %2."_s.arg(text(data.name), QDateTime::fromMSecsSinceEpoch(*seen, Qt::UTC).toString(Qt::ISODate)), place);
        else
            file.add(Severity::Warning, "promql/series",
                     u"The server has no series of `%1`, and had none in the last %2."_s.arg(text(data.name), days(m_options.lookBackMs)), place,
                     u"check the name, or whether anything exports it"_s);
        co_return;
    }
    for (const Promql::Matcher& matcher : data.matchers) {
        if (isNegative(matcher) || matcher.value.empty() || matcher.name == "__name__" || Promql::regexpMatchesEmpty(matcher.value, {}))
            continue;
        const TextSpan where = file.placeOf(rule, matcher.range);
        const auto withLabel = co_await countOf(data.name + "{" + matcher.name + "!=\"\"}");
        if (withLabel && *withLabel == 0) {
            file.add(Severity::Warning, "promql/series", u"No series of `%1` has the label `%2`."_s.arg(text(data.name), text(matcher.name)), where);
            co_return;
        }
        const std::string written(textAt(rule.expression->value, matcher.range));
        const auto matching = co_await countOf(data.name + '{' + written + '}');
        if (matching && *matching == 0) {
            file.add(Severity::Warning, "promql/series", u"No series of `%1` matches `{%2}` now."_s.arg(text(data.name), text(written)), where);
            co_return;
        }
    }
}

void ServerLint::checkFunctions(File& file, const Rule& rule) const
{
    const Ast& ast = rule.parsed.ast;
    for (NodeId id = 0; id < NodeId(ast.nodes.size()); ++id) {
        const Node& node = ast.at(id);
        if (node.kind == NodeKind::Call && isRateFunction(ast.call(node).name) && !ast.call(node).arguments.empty()) {
            const Node& range = ast.at(ast.call(node).arguments.front());
            const qint64 rangeMs = range.kind == NodeKind::Range ? ast.span(range).rangeNs / 1000000 : 0;
            if (rangeMs > 0 && rangeMs < 2 * m_scrapeIntervalMs)
                file.add(Severity::Warning, "promql/rate",
                         u"Duration for `%1()` must be at least 2 x scrape_interval, which is %2s on this server."_s.arg(text(ast.call(node).name)).arg(double(m_scrapeIntervalMs) / 1000),
                         file.placeOf(rule, range.range));
        }
        if (node.kind != NodeKind::Selector)
            continue;
        const std::string& name = ast.selector(node).name;
        const auto type = m_types.find(name);
        if (type == m_types.end())
            continue;
        bool isRated = false;
        bool isTaken = false;
        for (NodeId above = rule.parents[std::size_t(id)]; above != Promql::kNoNode; above = rule.parents[std::size_t(above)]) {
            const Node& outer = ast.at(above);
            isRated = isRated || (outer.kind == NodeKind::Call && isRateFunction(ast.call(outer).name) && ast.at(rule.parents[std::size_t(id)]).kind == NodeKind::Range);
            isTaken = isTaken || (outer.kind == NodeKind::Call && takesCounters(ast.call(outer).name))
                || (outer.kind == NodeKind::Aggregate && (outer.op == Tok::Count || outer.op == Tok::Group || outer.op == Tok::CountValues));
        }
        if (type->second == "gauge" && isRated)
            file.add(Severity::Warning, "promql/rate",
                     u"`rate()` and its kin work on counters, but `%1` is a gauge according to metrics metadata."_s.arg(text(name)),
                     file.placeOf(rule, node.range), u"use delta() or deriv()"_s);
        else if (type->second == "counter" && !isTaken)
            file.add(Severity::Warning, "promql/counter",
                     u"`%1` is a counter according to metrics metadata, its value as such only says when the target started."_s.arg(text(name)),
                     file.placeOf(rule, node.range), u"wrap it in rate() or increase()"_s);
    }
}

void ServerLint::checkLabels(File& file, const Rule& rule) const
{
    if (const FoundValue* labels = rule.view.find("labels"); labels && labels->node->isMapping()) {
        for (const YamlEntry& entry : MapEntries(*labels->node, rule.view.dialect)) {
            if (entry.key->isScalar() && m_externalLabels.contains(entry.key->value))
                file.add(Severity::Warning, "labels/conflict",
                         u"The server has `%1` among its external_labels, which this label would replace."_s.arg(text(entry.key->value)), entry.key->span);
        }
    }
    for (const char* key : {"labels", "annotations"}) {
        const FoundValue* map = rule.view.find(key);
        if (!rule.isAlert || !map || !map->node->isMapping())
            continue;
        for (const YamlEntry& entry : MapEntries(*map->node, rule.view.dialect)) {
            if (!entry.value->isScalar() || entry.value->value.find("$externalLabels") == std::string::npos)
                continue;
            const auto parsed = parsedTemplate(entry.value->value, ruleTemplateDialect(3014));
            visitTemplate(parsed->nodes, [&](const TemplateNode& node) {
                if (node.kind == TemplateNode::Kind::Variable && node.text == "$externalLabels" && !node.path.empty() && !m_externalLabels.contains(node.path.front()))
                    file.add(Severity::Warning, "alerts/external_labels",
                             u"The template uses `%1` of external_labels, which this server does not have."_s.arg(text(node.path.front())),
                             spanInScalar(file.document, *entry.value, node.offset, node.end));
            });
        }
    }
}

QCoro::Task<void> ServerLint::checkCost(File& file, const Rule& rule)
{
    const Result<QueryAnswer> answer = co_await m_client.queryInstant(QString::fromStdString(rule.expression->value), m_options.nowMs);
    const TextSpan place = file.placeOf(rule, rule.parsed.ast.at(rule.parsed.ast.root).range);
    if (!answer) {
        // The server's own opinion of the query is a finding, not a failure.
        file.add(Severity::Warning, "query/cost", u"The server refuses this query: %1"_s.arg(answer.error().summary), place);
        co_return;
    }
    file.add(Severity::Info, "query/cost",
             u"%1 results in %2 ms"_s.arg(answer->result.series.size()).arg(int(answer->seconds * 1000)), place);
}

QCoro::Task<void> ServerLint::countAlerts(File& file, const Rule& rule)
{
    const qint64 start = m_options.nowMs - m_options.countRangeMs;
    const Result<QueryAnswer> answer = co_await m_client.queryRange(QString::fromStdString(rule.expression->value), start, m_options.nowMs, m_options.countStepMs);
    if (!answer)
        co_return; // said with its cost
    BacktestRule how;
    how.forMs = rule.view.durationMs("for").value_or(0);
    how.keepFiringMs = rule.view.durationMs("keep_firing_for").value_or(0);
    const auto periods = backtest(answer->result, how, start, m_options.nowMs, m_options.countStepMs);
    const auto fired = std::count_if(periods.begin(), periods.end(), [](const AlertPeriod& one) { return one.firingMs.has_value(); });
    file.add(Severity::Info, "alerts/count", u"This alert would have fired %1 times in the last %2."_s.arg(fired).arg(days(m_options.countRangeMs)),
             rule.view.spanOf("alert"));
}

} // namespace Promdeck::Config
