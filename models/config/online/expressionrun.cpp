#include "models/config/online/expressionrun.h"

#include <QCoroTask>
#include <QHash>

#include <algorithm>
#include <cmath>

namespace Promdeck::Config {

using namespace Qt::StringLiterals;
using Promql::Ast;
using Promql::InstantSeries;
using Promql::MatchExplanation;
using Promql::Node;
using Promql::NodeId;
using Promql::NodeKind;
using Promql::ValueType;

std::vector<LabelSummary> summarizeLabels(const std::vector<SeriesData>& series, std::size_t mostValues)
{
    QHash<QString, QHash<QString, qsizetype>> counts;
    for (const SeriesData& one : series) {
        for (const auto& [name, value] : one.labels)
            ++counts[name][value];
    }
    std::vector<LabelSummary> out;
    for (auto label = counts.cbegin(); label != counts.cend(); ++label) {
        LabelSummary summary {label.key(), label->size(), {}};
        for (auto value = label->cbegin(); value != label->cend(); ++value)
            summary.top.push_back({value.key(), value.value()});
        const auto byCount = [](const LabelValueCount& a, const LabelValueCount& b) { return a.count != b.count ? a.count > b.count : a.value < b.value; };
        const std::size_t kept = std::min(mostValues, summary.top.size());
        std::partial_sort(summary.top.begin(), summary.top.begin() + std::ptrdiff_t(kept), summary.top.end(), byCount);
        summary.top.resize(kept);
        out.push_back(std::move(summary));
    }
    std::sort(out.begin(), out.end(), [](const LabelSummary& a, const LabelSummary& b) { return a.distinct != b.distinct ? a.distinct > b.distinct : a.name < b.name; });
    return out;
}

std::vector<InstantSeries> instantSeries(const QueryResult& result)
{
    std::vector<InstantSeries> out;
    out.reserve(result.series.size());
    for (const SeriesData& one : result.series) {
        const std::vector<double>& values = one.values.numbers();
        out.push_back({one.labels, values.empty() ? 0 : values.back(), values.empty() && !one.histograms.empty()});
    }
    return out;
}

ExpressionRun::ExpressionRun(PrometheusClient& client, Ast ast, Options options, QObject* parent)
    : QObject(parent), m_client(client), m_ast(std::move(ast)), m_options(std::move(options)), m_results(m_ast.nodes.size())
{
    QHash<QString, std::size_t> known;
    for (const NodeId id : nodes()) {
        const Node& node = m_ast.at(id);
        NodeResult& result = m_results[std::size_t(id)];
        // Parentheses give what they hold.
        NodeId asked = id;
        while (m_ast.at(asked).kind == NodeKind::Paren)
            asked = m_ast.at(asked).lhs;
        result.expression = QString::fromStdString(print(m_ast, asked, m_options.print));
        if (node.kind == NodeKind::Number || node.kind == NodeKind::String) {
            result.state = NodeResult::State::Literal;
            result.text = result.expression;
            continue;
        }
        // A range has no value at one time; its last samples say how many series there are.
        if (node.type == ValueType::Matrix)
            result.expression = u"last_over_time("_s + result.expression + u')';
        const auto found = known.constFind(result.expression);
        if (found != known.cend()) {
            m_questions[*found].nodes.push_back(id);
            continue;
        }
        known.insert(result.expression, m_questions.size());
        m_questions.push_back({result.expression, {id}});
    }
}

ExpressionRun::~ExpressionRun()
{
    m_stop.request_stop();
}

std::vector<NodeId> ExpressionRun::nodes() const
{
    std::vector<NodeId> out;
    std::vector<NodeId> open;
    if (!m_ast.isEmpty())
        open.push_back(m_ast.root);
    while (!open.empty()) {
        const NodeId id = open.back();
        open.pop_back();
        out.push_back(id);
        const std::vector<NodeId> children = m_ast.children(id);
        open.insert(open.end(), children.rbegin(), children.rend());
    }
    return out;
}

void ExpressionRun::start()
{
    if (std::exchange(m_started, true))
        return;
    for (std::size_t i = 0; i < m_questions.size(); ++i)
        m_queue.push_back(i);
    if (m_queue.empty())
        Q_EMIT finished();
    for (int i = 0; i < m_options.maxConcurrent; ++i)
        next();
}

void ExpressionRun::cancel()
{
    m_started = true;
    m_stop.request_stop();
    for (const std::size_t question : std::exchange(m_queue, {})) {
        ++m_running;
        take(question, makeError(ErrorCode::Cancelled, u"cancelled"_s));
    }
}

void ExpressionRun::next()
{
    if (m_queue.empty())
        return;
    const std::size_t question = m_queue.front();
    m_queue.pop_front();
    ++m_running;
    for (const NodeId id : m_questions[question].nodes) {
        m_results[std::size_t(id)].state = NodeResult::State::Running;
        Q_EMIT nodeChanged(id);
    }
    QCoro::connect(m_client.queryInstant(m_questions[question].expression, m_options.timeMs, 0, m_stop.get_token()), this,
                   [this, question](const Result<QueryAnswer>& answer) { take(question, answer); });
}

void ExpressionRun::take(std::size_t question, const Result<QueryAnswer>& answer)
{
    NodeResult common;
    common.state = answer ? NodeResult::State::Done : NodeResult::State::Failed;
    if (answer) {
        auto result = std::make_shared<const QueryResult>(answer->result);
        const bool vector = result->type == QueryResult::Type::Vector || result->type == QueryResult::Type::Matrix;
        common.seconds = answer->seconds;
        common.seriesCount = vector ? qsizetype(result->series.size()) : 0;
        common.warnings = result->warnings;
        common.text = result->type == QueryResult::Type::String ? result->text : QString();
        if (result->type == QueryResult::Type::Scalar && !result->series.empty() && !result->series[0].values.numbers().empty())
            common.text = QString::number(result->series[0].values.numbers().front(), 'g', 15);
        if (vector)
            common.labels = summarizeLabels(result->series);
        common.result = std::move(result);
    } else {
        common.error = answer.error();
    }
    for (const NodeId id : m_questions[question].nodes) {
        NodeResult& into = m_results[std::size_t(id)];
        common.expression = into.expression;
        into = common;
        Q_EMIT nodeChanged(id);
    }
    --m_running;
    next();
    if (isFinished())
        Q_EMIT finished();
}

MatchExplanation ExpressionRun::explain(NodeId binary) const
{
    const Node& node = m_ast.at(binary);
    if (node.kind != NodeKind::Binary)
        return {};
    const NodeResult& left = result(node.lhs);
    const NodeResult& right = result(node.rhs);
    if (!left.result || !right.result)
        return {};
    return explainMatching(m_ast, binary, instantSeries(*left.result), instantSeries(*right.result));
}

} // namespace Promdeck::Config
