#include "models/config/online/backtest.h"

#include <algorithm>
#include <cmath>

namespace Promdeck::Config {

using Promql::Tok;

namespace {

/// One alert as the server keeps it between evaluations.
class AlertState
{
public:
    AlertState(const BacktestRule& rule, Labels labels, std::vector<AlertPeriod>& out) : m_rule(rule), m_labels(std::move(labels)), m_out(out) {}

    void evaluate(qint64 now, bool hasResult)
    {
        if (!hasResult) {
            absent(now);
            return;
        }
        m_keptSince.reset();
        if (!m_isActive) {
            m_isActive = true;
            m_current = {m_labels, now, {}, now, false};
        }
        if (!m_current.firingMs && now - m_current.activeMs >= m_rule.forMs)
            m_current.firingMs = now;
    }

    void finish(qint64 end)
    {
        if (!m_isActive)
            return;
        m_current.isOpen = true;
        close(end);
    }

private:
    void absent(qint64 now)
    {
        if (!m_isActive)
            return;
        if (m_current.firingMs && m_rule.keepFiringMs > 0) {
            m_keptSince = m_keptSince.value_or(now);
            if (now - *m_keptSince < m_rule.keepFiringMs)
                return;
        }
        close(now);
    }

    void close(qint64 now)
    {
        m_current.endMs = now;
        m_out.push_back(m_current);
        m_isActive = false;
        m_keptSince.reset();
    }

    const BacktestRule& m_rule;
    Labels m_labels;
    std::vector<AlertPeriod>& m_out;
    AlertPeriod m_current;
    bool m_isActive = false;
    std::optional<qint64> m_keptSince;
};

Tok mirrored(Tok op)
{
    switch (op) {
    case Tok::Gtr: return Tok::Lss;
    case Tok::Lss: return Tok::Gtr;
    case Tok::Gte: return Tok::Lte;
    case Tok::Lte: return Tok::Gte;
    default: return op;
    }
}

} // namespace

bool BacktestRule::Threshold::holds(double sample) const
{
    switch (op) {
    case Tok::Gtr: return sample > value;
    case Tok::Gte: return sample >= value;
    case Tok::Lss: return sample < value;
    case Tok::Lte: return sample <= value;
    case Tok::Eqlc: return sample == value;
    default: return sample != value;
    }
}

std::vector<AlertPeriod> backtest(const QueryResult& result, const BacktestRule& rule, qint64 startMs, qint64 endMs, qint64 stepMs)
{
    std::vector<AlertPeriod> out;
    if (stepMs <= 0)
        return out;
    for (const SeriesData& series : result.series) {
        Labels labels = series.labels;
        labels.remove(QStringLiteral("__name__"));
        AlertState state(rule, labels, out);
        const std::vector<qint64>& times = series.times.times();
        const std::vector<double>& values = series.values.numbers();
        std::size_t at = 0;
        for (qint64 now = startMs; now <= endMs; now += stepMs) {
            while (at < times.size() && times[at] < now)
                ++at;
            const bool there = at < times.size() && times[at] == now;
            state.evaluate(now, there && (!rule.threshold || rule.threshold->holds(values[at])));
        }
        state.finish(endMs);
    }
    std::stable_sort(out.begin(), out.end(), [](const AlertPeriod& a, const AlertPeriod& b) { return a.activeMs < b.activeMs; });
    return out;
}

std::optional<ThresholdParts> splitThreshold(std::string_view expression)
{
    const Promql::ParseResult parsed = Promql::parse(expression);
    if (!parsed.ok())
        return {};
    const Promql::Ast& ast = parsed.ast;
    const Promql::Node* node = &ast.at(ast.root);
    while (node->kind == Promql::NodeKind::Paren)
        node = &ast.at(node->lhs);
    if (node->kind != Promql::NodeKind::Binary || !Promql::isComparison(node->op) || ast.matching(*node).returnBool)
        return {};
    const auto numberOf = [&ast](Promql::NodeId id) -> std::optional<double> {
        const Promql::Node* one = &ast.at(id);
        double sign = 1;
        while (one->kind == Promql::NodeKind::Paren || one->kind == Promql::NodeKind::Unary) {
            sign = one->kind == Promql::NodeKind::Unary && one->op == Tok::Sub ? -sign : sign;
            one = &ast.at(one->lhs);
        }
        return one->kind == Promql::NodeKind::Number ? std::optional<double>(sign * one->number) : std::nullopt;
    };
    const std::optional<double> right = numberOf(node->rhs);
    const std::optional<double> left = numberOf(node->lhs);
    if (right.has_value() == left.has_value())
        return {};
    const Promql::Node& vector = ast.at(right ? node->lhs : node->rhs);
    const Promql::Node& number = ast.at(right ? node->rhs : node->lhs);
    if (vector.type != Promql::ValueType::Vector)
        return {};
    const std::string_view text = expression.substr(vector.range.start, vector.range.end - vector.range.start);
    return ThresholdParts {std::string(text), {right ? node->op : mirrored(node->op), right ? *right : *left}, number.range};
}

} // namespace Promdeck::Config
