#include "models/promql/ast.h"

#include <bit>

namespace Promdeck::Promql {

namespace {

bool sameNumber(double a, double b)
{
    return a == b || (a != a && b != b);
}

bool sameFill(const std::optional<double>& a, const std::optional<double>& b)
{
    return a.has_value() == b.has_value() && (!a || sameNumber(*a, *b));
}

bool sameLabels(const std::vector<LabelRef>& a, const std::vector<LabelRef>& b)
{
    if (a.size() != b.size())
        return false;
    for (size_t i = 0; i < a.size(); ++i) {
        if (a[i].name != b[i].name)
            return false;
    }
    return true;
}

/// Compares two trees side by side; pairs of nodes still to compare wait on a stack.
class Comparer
{
public:
    Comparer(const Ast& a, const Ast& b)
        : m_a(a)
        , m_b(b)
    {
    }

    bool run()
    {
        later(m_a.root, m_b.root);
        while (!m_pairs.empty()) {
            const auto [a, b] = m_pairs.back();
            m_pairs.pop_back();
            if ((a == kNoNode) != (b == kNoNode))
                return false;
            if (a != kNoNode && !same(m_a.at(a), m_b.at(b)))
                return false;
        }
        return true;
    }

private:
    void later(NodeId a, NodeId b) { m_pairs.emplace_back(a, b); }

    bool same(const Node& a, const Node& b)
    {
        if (a.kind != b.kind || a.type != b.type || a.op != b.op || a.wrapped != b.wrapped
            || a.isDuration != b.isDuration || !sameNumber(a.number, b.number))
            return false;
        later(a.lhs, b.lhs);
        later(a.rhs, b.rhs);
        switch (a.kind) {
        case NodeKind::String:
            return m_a.string(a) == m_b.string(b);
        case NodeKind::Selector:
            return sameSelector(m_a.selector(a), m_b.selector(b));
        case NodeKind::Range:
        case NodeKind::Subquery:
            return sameSpan(m_a.span(a), m_b.span(b));
        case NodeKind::Binary:
            return sameMatching(m_a.matching(a), m_b.matching(b));
        case NodeKind::Call:
            return sameCall(m_a.call(a), m_b.call(b));
        case NodeKind::Aggregate: {
            const AggregateData& x = m_a.aggregate(a);
            const AggregateData& y = m_b.aggregate(b);
            return x.without == y.without && sameLabels(x.labels, y.labels);
        }
        default:
            return true;
        }
    }

    bool sameTime(const TimeModifiers& a, const TimeModifiers& b)
    {
        later(a.offsetExpr, b.offsetExpr);
        return a.offsetNs / 1'000'000 == b.offsetNs / 1'000'000 && a.atMs == b.atMs && a.boundary == b.boundary
            && a.anchored == b.anchored && a.smoothed == b.smoothed;
    }

    bool sameSelector(const SelectorData& a, const SelectorData& b)
    {
        if (a.name != b.name || a.matchers.size() != b.matchers.size() || !sameTime(a.time, b.time))
            return false;
        // The order of matchers carries no meaning, and printing sorts them.
        std::vector<bool> used(b.matchers.size());
        for (const Matcher& x : a.matchers) {
            size_t i = 0;
            while (i < used.size()
                   && (used[i] || x.type != b.matchers[i].type || x.name != b.matchers[i].name
                       || x.value != b.matchers[i].value))
                ++i;
            if (i == used.size())
                return false;
            used[i] = true;
        }
        return true;
    }

    bool sameSpan(const SpanData& a, const SpanData& b)
    {
        later(a.rangeExpr, b.rangeExpr);
        later(a.stepExpr, b.stepExpr);
        return a.rangeNs / 1'000'000 == b.rangeNs / 1'000'000 && a.stepNs / 1'000'000 == b.stepNs / 1'000'000
            && sameTime(a.time, b.time);
    }

    bool sameMatching(const MatchingData& a, const MatchingData& b)
    {
        return a.hasMatching == b.hasMatching && a.returnBool == b.returnBool
            && (!a.hasMatching
                || (a.card == b.card && a.on == b.on && sameLabels(a.labels, b.labels)
                    && sameLabels(a.include, b.include) && sameFill(a.fillLeft, b.fillLeft)
                    && sameFill(a.fillRight, b.fillRight)));
    }

    bool sameCall(const CallData& a, const CallData& b)
    {
        if (a.name != b.name || a.arguments.size() != b.arguments.size())
            return false;
        for (size_t i = 0; i < a.arguments.size(); ++i)
            later(a.arguments[i], b.arguments[i]);
        return true;
    }

    const Ast& m_a;
    const Ast& m_b;
    std::vector<std::pair<NodeId, NodeId>> m_pairs;
};

} // namespace

std::vector<NodeId> Ast::children(NodeId id) const
{
    const Node& node = at(id);
    if (node.kind == NodeKind::Call)
        return call(node).arguments;
    std::vector<NodeId> out;
    if (node.kind == NodeKind::Duration || node.kind == NodeKind::Selector)
        return out;
    // The parameter of an aggregation comes first.
    const bool parameterFirst = node.kind == NodeKind::Aggregate;
    for (const NodeId child : { parameterFirst ? node.rhs : node.lhs, parameterFirst ? node.lhs : node.rhs }) {
        if (child != kNoNode)
            out.push_back(child);
    }
    return out;
}

NodeId Ast::nodeAt(std::uint32_t offset) const
{
    NodeId found = kNoNode;
    std::vector<NodeId> candidates;
    if (root != kNoNode)
        candidates.push_back(root);
    while (!candidates.empty()) {
        NodeId next = kNoNode;
        for (const NodeId id : candidates) {
            if (at(id).range.start <= offset && offset <= at(id).range.end)
                next = id;
        }
        if (next == kNoNode)
            break;
        found = next;
        candidates = children(next);
    }
    return found;
}

bool Ast::sameTree(const Ast& other) const
{
    return Comparer(*this, other).run();
}

std::string_view kindName(NodeKind kind)
{
    switch (kind) {
    case NodeKind::Number:
        return "number";
    case NodeKind::String:
        return "string";
    case NodeKind::Selector:
        return "vector selector";
    case NodeKind::Range:
        return "range selector";
    case NodeKind::Subquery:
        return "subquery";
    case NodeKind::Paren:
        return "parentheses";
    case NodeKind::Unary:
        return "unary";
    case NodeKind::Binary:
        return "binary";
    case NodeKind::Call:
        return "function";
    case NodeKind::Aggregate:
        return "aggregation";
    case NodeKind::Duration:
        return "duration";
    }
    return "?";
}

} // namespace Promdeck::Promql
