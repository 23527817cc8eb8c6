#include "models/config/lint/labelsources.h"
#include "models/config/configtext.h"

#include <algorithm>

namespace Promdeck::Config {

using namespace Qt::StringLiterals;

namespace {

using Promql::Ast;
using Promql::ByteRange;
using Promql::Node;
using Promql::NodeId;
using Promql::NodeKind;
using Promql::Tok;
using Sources = std::vector<LabelSource>;
using Reason = MissingReason::Kind;

// A tree deeper than this is generated; its labels are nobody's concern.
constexpr int kDeepest = 200;

QString names(const std::vector<Promql::LabelRef>& labels)
{
    QStringList out;
    for (const Promql::LabelRef& label : labels)
        out.append(Config::text(label.name));
    return out.join(u", "_s);
}

/// Leaves only these labels, as far as they can be there at all.
void keepOnly(LabelSource& source, const std::vector<std::string>& labels, const MissingReason& reason, ByteRange place)
{
    std::set<std::string> possible;
    std::set<std::string> guaranteed;
    for (const std::string& label : labels) {
        if (source.canHave(label))
            possible.insert(label);
        if (source.guaranteed.contains(label))
            guaranteed.insert(label);
    }
    // The reason that came first explains what was lost first.
    if (!source.isFixed) {
        source.reason = reason;
        source.reasonPlace = place;
    }
    source.isFixed = true;
    source.possible = std::move(possible);
    source.guaranteed = std::move(guaranteed);
}

void take(LabelSource& source, const std::string& label, const MissingReason& reason, ByteRange place)
{
    source.possible.erase(label);
    source.guaranteed.erase(label);
    if (!source.isFixed) {
        source.removed.insert(label);
        source.reason = reason;
        source.reasonPlace = place;
    }
}

void give(LabelSource& source, const std::string& label)
{
    if (source.isFixed)
        source.possible.insert(label);
    source.removed.erase(label);
}

/// The same place, with nothing known about its labels.
LabelSource onlyPlace(const LabelSource& source)
{
    LabelSource out;
    out.place = source.place;
    return out;
}

class Analysis
{
public:
    using Known = std::map<NodeId, Sources>;
    Analysis(const Ast& ast, std::string_view text, const Known* known, std::vector<LostJoin>* lost = nullptr)
        : m_ast(ast), m_text(text), m_known(known), m_lost(lost)
    {
    }

    Sources of(NodeId id, int depth = 0) const
    {
        if (id == Promql::kNoNode || depth > kDeepest)
            return {};
        if (m_known) {
            if (const auto found = m_known->find(id); found != m_known->end())
                return found->second;
        }
        const Node& node = m_ast.at(id);
        switch (node.kind) {
        case NodeKind::Selector: return {selector(node)};
        case NodeKind::Number:
        case NodeKind::String: return {number(node.range, {Reason::Number})};
        case NodeKind::Paren:
        case NodeKind::Unary:
        case NodeKind::Range:
        case NodeKind::Subquery: return of(node.lhs, depth + 1);
        case NodeKind::Call: return call(node, depth);
        case NodeKind::Aggregate: return aggregate(node, depth);
        case NodeKind::Binary: return binary(node, depth);
        case NodeKind::Duration: break;
        }
        return {};
    }

private:
    static LabelSource number(ByteRange place, const MissingReason& reason)
    {
        LabelSource source;
        source.isFixed = true;
        source.alwaysReturns = true;
        source.place = place;
        source.reason = reason;
        source.reasonPlace = place;
        return source;
    }

    LabelSource selector(const Node& node) const
    {
        LabelSource source;
        source.place = node.range;
        for (const Promql::Matcher& matcher : m_ast.selector(node).matchers) {
            if (matcher.type != Promql::MatchType::Equal)
                continue;
            if (matcher.value.empty())
                source.removed.insert(matcher.name);
            else if (matcher.name != "__name__")
                source.guaranteed.insert(matcher.name);
        }
        return source;
    }

    /// The argument that carries the labels: the first vector or range.
    [[nodiscard]] NodeId carrier(const Promql::CallData& call) const
    {
        for (const NodeId argument : call.arguments) {
            const Promql::ValueType type = m_ast.at(argument).type;
            if (type == Promql::ValueType::Vector || type == Promql::ValueType::Matrix)
                return argument;
        }
        return Promql::kNoNode;
    }

    [[nodiscard]] std::string stringArgument(const Promql::CallData& call, std::size_t index) const
    {
        if (index >= call.arguments.size() || m_ast.at(call.arguments[index]).kind != NodeKind::String)
            return {};
        return m_ast.string(m_ast.at(call.arguments[index]));
    }

    Sources call(const Node& node, int depth) const
    {
        const Promql::CallData& call = m_ast.call(node);
        if (call.name == "vector" || call.name == "scalar" || carrier(call) == Promql::kNoNode) {
            LabelSource source = number(node.range, {Reason::CallWithoutLabels, nullptr, &call.name});
            source.reasonPlace = call.nameRange;
            if (call.name == "scalar")
                source.alwaysReturns = true;
            return {source};
        }
        if (call.name == "absent" || call.name == "absent_over_time")
            return {absent(node, call)};
        Sources sources = of(carrier(call), depth + 1);
        for (LabelSource& source : sources) {
            if (call.name == "label_replace" || call.name == "label_join")
                give(source, stringArgument(call, 1));
            else if (call.name == "histogram_quantile")
                take(source, "le", {Reason::Le}, call.nameRange);
            else if (call.name == "info")
                source = onlyPlace(source);
        }
        return sources;
    }

    /// absent() has the labels of its equality matchers, each given once, and nothing else.
    LabelSource absent(const Node& node, const Promql::CallData& call) const
    {
        LabelSource source = number(node.range, {Reason::Absent, nullptr, &call.name});
        source.alwaysReturns = false;
        source.isConditional = true;
        source.isAbsent = true;
        source.reasonPlace = call.nameRange;
        NodeId inner = call.arguments.front();
        while (m_ast.at(inner).kind == NodeKind::Paren || m_ast.at(inner).kind == NodeKind::Range)
            inner = m_ast.at(inner).lhs;
        if (m_ast.at(inner).kind != NodeKind::Selector)
            return source;
        std::set<std::string> twice;
        for (const Promql::Matcher& matcher : m_ast.selector(m_ast.at(inner)).matchers) {
            const bool repeated = source.possible.contains(matcher.name) || twice.contains(matcher.name);
            if (repeated || matcher.type != Promql::MatchType::Equal) {
                source.possible.erase(matcher.name);
                twice.insert(matcher.name);
            } else if (matcher.name != "__name__" && !matcher.value.empty()) {
                source.possible.insert(matcher.name);
            }
        }
        source.guaranteed = source.possible;
        return source;
    }

    Sources aggregate(const Node& node, int depth) const
    {
        Sources sources = of(node.lhs, depth + 1);
        const bool picks = node.op == Tok::Topk || node.op == Tok::Bottomk || node.op == Tok::Limitk || node.op == Tok::LimitRatio;
        if (picks)
            return sources;
        const Promql::AggregateData& data = m_ast.aggregate(node);
        const std::size_t wordLength = Promql::tokenText(node.op).size();
        const ByteRange place {node.range.start, std::uint32_t(node.range.start + wordLength)};
        std::vector<std::string> labels;
        for (const Promql::LabelRef& label : data.labels)
            labels.push_back(label.name);
        const ByteRange grouping = groupingPlace(node, place);
        for (LabelSource& source : sources) {
            source.isAggregated = true;
            loseJoined(source, grouping, false, [&](const std::string& label) {
                return (std::find(labels.begin(), labels.end(), label) != labels.end()) == data.without;
            });
            if (data.without) {
                for (const std::string& label : labels)
                    take(source, label, {Reason::Without, &data.labels}, place);
                take(source, "__name__", {Reason::NoName}, place);
            } else {
                keepOnly(source, labels, {labels.empty() ? Reason::AllAggregated : Reason::By, &data.labels}, place);
            }
            if (node.op == Tok::CountValues && node.rhs != Promql::kNoNode && m_ast.at(node.rhs).kind == NodeKind::String)
                give(source, m_ast.string(m_ast.at(node.rhs)));
        }
        return sources;
    }

    Sources binary(const Node& node, int depth) const
    {
        Sources left = of(node.lhs, depth + 1);
        Sources right = of(node.rhs, depth + 1);
        const bool leftVector = m_ast.at(node.lhs).type == Promql::ValueType::Vector;
        const bool rightVector = m_ast.at(node.rhs).type == Promql::ValueType::Vector;
        const Promql::MatchingData& matching = m_ast.matching(node);
        if (!leftVector && !rightVector)
            return {number(node.range, {Reason::Number})};
        const std::uint32_t at = operatorPlace(node);
        const ByteRange operation {at, std::uint32_t(at + Promql::tokenText(node.op).size())};
        loseInMatching(left, right, node, matching, operation);
        if (node.op == Tok::Lor) {
            left.insert(left.end(), right.begin(), right.end());
            return left;
        }
        const bool filters = node.op == Tok::Lunless || (Promql::isComparison(node.op) && !matching.returnBool);
        const bool otherFilters = !Promql::isSetOperator(node.op) || node.op == Tok::Land
            ? std::any_of(right.begin(), right.end(), [](const LabelSource& one) { return one.isConditional; })
                || std::any_of(left.begin(), left.end(), [](const LabelSource& one) { return one.isConditional; })
            : false;
        const bool takesRight = !leftVector || matching.card == Promql::Cardinality::OneToMany;
        Sources out = takesRight ? std::move(right) : std::move(left);
        for (LabelSource& source : out) {
            source.isConditional = source.isConditional || filters || otherFilters;
            source.alwaysReturns = source.alwaysReturns && (!leftVector || !rightVector);
            if (leftVector && rightVector && !Promql::isSetOperator(node.op))
                match(source, node, matching);
        }
        return out;
    }

    void match(LabelSource& source, const Node& node, const Promql::MatchingData& matching) const
    {
        if (matching.card != Promql::Cardinality::OneToOne) {
            for (const Promql::LabelRef& label : matching.include) {
                give(source, label.name);
                source.joined.insert(label.name);
            }
            return;
        }
        const std::uint32_t from = matching.labels.empty() ? node.range.start : matching.labels.front().range.start;
        const std::uint32_t to = matching.labels.empty() ? node.range.end : matching.labels.back().range.end;
        std::vector<std::string> labels;
        for (const Promql::LabelRef& label : matching.labels)
            labels.push_back(label.name);
        if (matching.on) {
            keepOnly(source, labels, {Reason::On, &matching.labels}, {from, to});
        } else {
            for (const std::string& label : labels)
                take(source, label, {Reason::Ignoring, &matching.labels}, {from, to});
        }
    }

    /// Forgets joined labels that `isLost` names and reports them.
    template <typename IsLost>
    void loseJoined(LabelSource& source, ByteRange place, bool byOperation, const IsLost& isLost) const
    {
        for (auto label = source.joined.begin(); label != source.joined.end();) {
            if (!isLost(*label)) {
                ++label;
                continue;
            }
            if (m_lost)
                m_lost->push_back({*label, place, byOperation});
            label = source.joined.erase(label);
        }
    }

    void loseInMatching(Sources& left, Sources& right, const Node& node, const Promql::MatchingData& matching, ByteRange place) const
    {
        if (!matching.hasMatching || node.op == Tok::Lor)
            return;
        const auto listed = [](const std::vector<Promql::LabelRef>& labels, const std::string& name) {
            return std::any_of(labels.begin(), labels.end(), [&name](const Promql::LabelRef& one) { return one.name == name; });
        };
        // A label that the matching uses has done its work.
        for (Sources* side : {&left, &right}) {
            for (LabelSource& source : *side) {
                std::erase_if(source.joined, [&](const std::string& label) { return listed(matching.labels, label) == matching.on; });
            }
        }
        const auto loseOn = [&](Sources& side, const auto& isLost) {
            for (LabelSource& source : side)
                loseJoined(source, place, true, isLost);
        };
        const auto all = [](const std::string&) { return true; };
        if (Promql::isSetOperator(node.op)) {
            loseOn(right, all);
        } else if (matching.card == Promql::Cardinality::OneToOne) {
            const auto isLost = [&](const std::string& label) { return matching.on || listed(matching.labels, label); };
            loseOn(left, isLost);
            loseOn(right, isLost);
        } else {
            Sources& one = matching.card == Promql::Cardinality::ManyToOne ? right : left;
            loseOn(one, [&](const std::string& label) { return !listed(matching.include, label); });
        }
    }

    /// `by (a, b)`, or the name of the aggregation when there is none.
    [[nodiscard]] ByteRange groupingPlace(const Node& node, ByteRange name) const
    {
        const Promql::AggregateData& data = m_ast.aggregate(node);
        const std::string_view word = data.without ? "without" : "by";
        const std::size_t from = data.labels.empty() ? node.range.end : data.labels.front().range.start;
        const std::size_t at = lowerRfind(word, from);
        if (data.labels.empty() || at == std::string_view::npos || at < node.range.start)
            return name;
        const std::size_t close = m_text.find(')', data.labels.back().range.end);
        return {std::uint32_t(at), std::uint32_t(close == std::string_view::npos ? data.labels.back().range.end : close + 1)};
    }

    [[nodiscard]] std::size_t lowerRfind(std::string_view word, std::size_t before) const
    {
        for (std::size_t at = before; at-- > 0;) {
            const std::string_view part = m_text.substr(at, word.size());
            if (std::equal(part.begin(), part.end(), word.begin(), word.end(), [](char a, char b) { return (a | 0x20) == b; }))
                return at;
        }
        return std::string_view::npos;
    }

    [[nodiscard]] std::uint32_t operatorPlace(const Node& node) const
    {
        const std::size_t at = m_text.find_first_not_of(" \t\r\n", m_ast.at(node.lhs).range.end);
        return std::uint32_t(std::min(at, m_text.size()));
    }

    const Ast& m_ast;
    std::string_view m_text;
    const Known* m_known;
    std::vector<LostJoin>* m_lost;
};

} // namespace

QString MissingReason::text() const
{
    const QString listed = labels ? names(*labels) : QString();
    const QString name = function ? Config::text(*function) : QString();
    switch (kind) {
    case Kind::None: break;
    case Kind::Number: return u"This query returns a number value with no labels."_s;
    case Kind::CallWithoutLabels: return u"Calling `%1()` will return a vector value with no labels."_s.arg(name);
    case Kind::Absent: return u"`%1()` has labels only for the equality matchers of its selector."_s.arg(name);
    case Kind::Le: return u"`histogram_quantile()` removes the `le` label."_s;
    case Kind::Without: return u"Query is using aggregation with `without(%1)`."_s.arg(listed);
    case Kind::NoName: return u"Aggregation removes metric name."_s;
    case Kind::AllAggregated: return u"Query is using aggregation that removes all labels."_s;
    case Kind::By:
        return u"Query is using aggregation with `by(%1)`, only labels included inside `by(...)` will be present on the results."_s.arg(listed);
    case Kind::On:
        return u"Query is using one-to-one vector matching with `on(%1)`, only labels included inside `on(...)` will be present on the results."_s.arg(listed);
    case Kind::Ignoring: return u"Query is using one-to-one vector matching with `ignoring(%1)`."_s.arg(listed);
    }
    return {};
}

std::vector<LabelSource> labelSources(const Promql::Ast& ast, Promql::NodeId node, std::string_view text)
{
    return Analysis(ast, text, nullptr).of(node);
}

const std::vector<LabelSource>& LabelSources::at(Promql::NodeId node)
{
    const auto found = m_known.find(node);
    return found != m_known.end() ? found->second : m_known.emplace(node, Analysis(m_ast, m_text, &m_known).of(node)).first->second;
}

std::vector<LostJoin> lostJoinedLabels(const Promql::Ast& ast, Promql::NodeId node, std::string_view text)
{
    std::vector<LostJoin> lost;
    (void)Analysis(ast, text, nullptr, &lost).of(node);
    return lost;
}

} // namespace Promdeck::Config
