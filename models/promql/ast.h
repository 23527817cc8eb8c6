#pragma once

#include "models/promql/functions.h"
#include "models/promql/token.h"

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace Promdeck::Promql {

using NodeId = std::int32_t;
inline constexpr NodeId kNoNode = -1;

enum class NodeKind : std::uint8_t {
    Number,    ///< Node::number; isDuration when written with a unit (the value is in seconds)
    String,    ///< Ast::strings
    Selector,  ///< instant vector selector: Ast::selectors
    Range,     ///< lhs[range]: Ast::spans
    Subquery,  ///< lhs[range:step]: Ast::spans
    Paren,     ///< (lhs)
    Unary,     ///< op lhs
    Binary,    ///< lhs op rhs: Ast::matchings
    Call,      ///< Ast::calls
    Aggregate, ///< op(rhs, lhs): lhs is the expression, rhs the parameter; Ast::aggregates
    Duration   ///< arithmetic on durations in [] or behind offset: op with lhs and rhs, or step(), range()
};

enum class MatchType : std::uint8_t { Equal, NotEqual, Regexp, NotRegexp };

struct Matcher
{
    MatchType type = MatchType::Equal;
    std::string name;
    std::string value;
    ByteRange range;      ///< from the name to the end of the value
    ByteRange nameRange;  ///< quotes included
    ByteRange valueRange; ///< quotes included; empty for a name in braces ({"metric"})
};

enum class Boundary : std::uint8_t { None, Start, End };

/// offset, @, anchored, smoothed. A range selector keeps them on its vector selector.
struct TimeModifiers
{
    std::int64_t offsetNs = 0;
    NodeId offsetExpr = kNoNode;
    std::optional<std::int64_t> atMs; ///< ms since the epoch
    Boundary boundary = Boundary::None;
    bool anchored = false;
    bool smoothed = false;
};

struct SelectorData
{
    std::string name;        ///< the metric name in front of the braces; empty without one
    ByteRange nameRange;
    ByteRange bracesRange;   ///< empty when there are no braces
    std::vector<Matcher> matchers; ///< as written; the name in front is not among them
    TimeModifiers time;
    bool mayBeEmpty = false; ///< second argument of info()
};

struct SpanData
{
    std::int64_t rangeNs = 0;
    NodeId rangeExpr = kNoNode; ///< when it is not a literal
    std::int64_t stepNs = 0;
    NodeId stepExpr = kNoNode;
    TimeModifiers time;         ///< of a subquery
};

struct LabelRef
{
    std::string name;
    ByteRange range;
};

enum class Cardinality : std::uint8_t { OneToOne, ManyToOne, OneToMany, ManyToMany };

struct MatchingData
{
    Cardinality card = Cardinality::OneToOne;
    bool on = false;
    bool returnBool = false;
    bool hasMatching = true; ///< false when an operand is no instant vector: then there is nothing to match
    std::vector<LabelRef> labels;
    std::vector<LabelRef> include;
    std::optional<double> fillLeft;
    std::optional<double> fillRight;
    bool fillBoth = false;   ///< written as fill()
};

struct CallData
{
    const Function* function = nullptr; ///< null when unknown
    std::string name;
    ByteRange nameRange;
    std::vector<NodeId> arguments;
};

struct AggregateData
{
    bool without = false;
    std::vector<LabelRef> labels;
};

struct Node
{
    NodeKind kind = NodeKind::Number;
    ValueType type = ValueType::Scalar;
    Tok op = Tok::End;
    bool isDuration = false;
    bool wrapped = false; ///< of a Duration: in parentheses
    ByteRange range;
    NodeId lhs = kNoNode;
    NodeId rhs = kNoNode;
    std::int32_t data = -1; ///< index into the table that NodeKind names
    double number = 0;
};

/// A parsed expression: nodes in one array, children before parents, so that nothing about a tree needs recursion.
class Ast
{
public:
    std::vector<Node> nodes;
    std::vector<std::string> strings;
    std::vector<SelectorData> selectors;
    std::vector<SpanData> spans;
    std::vector<MatchingData> matchings;
    std::vector<CallData> calls;
    std::vector<AggregateData> aggregates;
    NodeId root = kNoNode;

    [[nodiscard]] bool isEmpty() const { return root == kNoNode; }
    [[nodiscard]] const Node& at(NodeId id) const { return nodes[size_t(id)]; }
    [[nodiscard]] Node& at(NodeId id) { return nodes[size_t(id)]; }
    [[nodiscard]] const SelectorData& selector(const Node& n) const { return selectors[size_t(n.data)]; }
    [[nodiscard]] const SpanData& span(const Node& n) const { return spans[size_t(n.data)]; }
    [[nodiscard]] const MatchingData& matching(const Node& n) const { return matchings[size_t(n.data)]; }
    [[nodiscard]] const CallData& call(const Node& n) const { return calls[size_t(n.data)]; }
    [[nodiscard]] const AggregateData& aggregate(const Node& n) const { return aggregates[size_t(n.data)]; }
    [[nodiscard]] const std::string& string(const Node& n) const { return strings[size_t(n.data)]; }

    /// Expressions below a node in source order (durations are not expressions).
    [[nodiscard]] std::vector<NodeId> children(NodeId id) const;
    /// The deepest expression whose range holds the byte offset (its end included); kNoNode when none does.
    [[nodiscard]] NodeId nodeAt(std::uint32_t offset) const;
    /// Two trees say the same, wherever they were written.
    [[nodiscard]] bool sameTree(const Ast& other) const;
};

[[nodiscard]] std::string_view kindName(NodeKind kind); ///< "vector selector", for trees and hover

} // namespace Promdeck::Promql
