#include "models/config/lint/expressionlints.h"
#include "models/config/configtext.h"

#include <algorithm>
#include <cmath>
#include <optional>

namespace Promdeck::Config {

using namespace Qt::StringLiterals;

namespace {

using Promql::Ast;
using Promql::Node;
using Promql::NodeId;
using Promql::NodeKind;
using Promql::Tok;

constexpr int kDeepest = 200;

NodeId unwrapped(const Ast& ast, NodeId id)
{
    while (ast.at(id).kind == NodeKind::Paren)
        id = ast.at(id).lhs;
    return id;
}

/// A number, perhaps in parentheses, with a sign, or in vector().
std::optional<double> constant(const Ast& ast, NodeId id, bool inVector = false)
{
    id = unwrapped(ast, id);
    const Node& node = ast.at(id);
    if (node.kind == NodeKind::Number)
        return node.number;
    if (node.kind == NodeKind::Unary) {
        const auto value = constant(ast, node.lhs, inVector);
        return value && node.op == Tok::Sub ? std::optional(-*value) : value;
    }
    if (inVector && node.kind == NodeKind::Call && ast.call(node).name == "vector" && !ast.call(node).arguments.empty())
        return constant(ast, ast.call(node).arguments.front());
    return {};
}

bool compare(Tok op, double a, double b)
{
    switch (op) {
    case Tok::Eqlc: return a == b;
    case Tok::Neq: return a != b;
    case Tok::Lss: return a < b;
    case Tok::Lte: return a <= b;
    case Tok::Gtr: return a > b;
    case Tok::Gte: return a >= b;
    default: return true;
    }
}

Tok mirrored(Tok op)
{
    switch (op) {
    case Tok::Lss: return Tok::Gtr;
    case Tok::Lte: return Tok::Gte;
    case Tok::Gtr: return Tok::Lss;
    case Tok::Gte: return Tok::Lte;
    default: return op;
    }
}

/// Whether a divisor can be zero.
bool mayBeZero(const Ast& ast, NodeId id)
{
    id = unwrapped(ast, id);
    const Node& node = ast.at(id);
    if (const auto value = constant(ast, id, true))
        return *value == 0;
    if (node.kind == NodeKind::Unary)
        return mayBeZero(ast, node.lhs);
    if (node.kind == NodeKind::Binary && Promql::isComparison(node.op) && !ast.matching(node).returnBool) {
        if (const auto right = constant(ast, node.rhs))
            return compare(node.op, 0, *right);
        if (const auto left = constant(ast, node.lhs))
            return compare(mirrored(node.op), 0, *left);
        return true;
    }
    if (node.kind == NodeKind::Call) {
        const Promql::CallData& call = ast.call(node);
        const auto bound = [&](std::size_t index) {
            return index < call.arguments.size() ? constant(ast, call.arguments[index]) : std::nullopt;
        };
        if (call.name == "clamp_min")
            return !(bound(1) && *bound(1) > 0);
        if (call.name == "clamp_max")
            return !(bound(1) && *bound(1) < 0);
        if (call.name == "clamp")
            return !((bound(1) && *bound(1) > 0) || (bound(2) && *bound(2) < 0));
    }
    return true;
}

/// The pieces of a regular expression between its ".*" and ".+".
struct Pieces
{
    std::vector<std::string> literals;
    int wildcards = 0;
    bool simple = true; ///< nothing but literals and wildcards
    bool anchored = false;
};

Pieces piecesOf(std::string_view pattern)
{
    Pieces out;
    std::string literal;
    const auto flush = [&] {
        if (!literal.empty())
            out.literals.push_back(std::move(literal));
        literal.clear();
    };
    bool inClass = false;
    for (std::size_t i = 0; i < pattern.size(); ++i) {
        const char c = pattern[i];
        if (c == '\\' && i + 1 < pattern.size()) {
            const char next = pattern[++i];
            const bool isLetter = (next >= 'a' && next <= 'z') || (next >= 'A' && next <= 'Z') || (next >= '0' && next <= '9');
            if (isLetter)
                out.simple = false;
            else
                literal += next;
            continue;
        }
        if (inClass) {
            inClass = c != ']';
            continue;
        }
        if (c == '[') {
            inClass = true;
            out.simple = false;
        } else if (c == '.' && i + 1 < pattern.size() && (pattern[i + 1] == '*' || pattern[i + 1] == '+')) {
            flush();
            ++out.wildcards;
            ++i;
            out.simple = out.simple && (i + 1 >= pattern.size() || pattern[i + 1] != '?');
        } else if (c == '^' || c == '$') {
            out.anchored = true;
        } else if (std::string_view("|()?*+{}.").find(c) != std::string_view::npos) {
            out.simple = false;
        } else {
            literal += c;
        }
    }
    flush();
    return out;
}

bool hasLetters(const std::string& text)
{
    return std::any_of(text.begin(), text.end(), [](char c) { return !(c >= '0' && c <= '9'); });
}

/// Cuts values into parts: text with wildcards on both sides, or wildcards between texts.
bool isSmelly(const Pieces& pieces)
{
    const bool words = std::any_of(pieces.literals.begin(), pieces.literals.end(), hasLetters);
    return pieces.simple && words && pieces.wildcards >= 1
        && int(pieces.literals.size()) + pieces.wildcards >= 3;
}

} // namespace

bool dividesByZero(const Ast& ast)
{
    return std::any_of(ast.nodes.begin(), ast.nodes.end(), [&ast](const Node& node) {
        return node.kind == NodeKind::Binary && (node.op == Tok::Div || node.op == Tok::Mod) && mayBeZero(ast, node.rhs)
            && ast.at(node.lhs).type == Promql::ValueType::Vector;
    });
}

std::string_view ExpressionLints::textOf(Promql::ByteRange range) const
{
    return std::string_view(m_rule.expression->value).substr(range.start, range.end - range.start);
}

void ExpressionLints::warn(const char* check, const QString& message, Promql::ByteRange range, const QString& hint)
{
    m_lint.warn(check, message, m_lint.placeOf(m_rule, range), hint, m_rule.expression);
}

const std::vector<LabelSource>& ExpressionLints::sources(NodeId id) const
{
    return m_rule.sources.at(id);
}

void ExpressionLints::run()
{
    for (const Node& node : m_ast.nodes) {
        switch (node.kind) {
        case NodeKind::Selector: regexp(node); break;
        case NodeKind::Call: absent(node); break;
        case NodeKind::Aggregate:
            nan(node);
            impossibleGrouping(node);
            break;
        case NodeKind::Binary:
            constantComparison(node);
            impossibleJoin(node);
            impossibleInclude(node);
            if (m_rule.isAlert)
                fragileOperation(node);
            break;
        default: break;
        }
    }
    lostJoins();
    if (m_rule.isAlert) {
        comparison();
        fragileSources(m_ast.root, false, 0);
    }
}

void ExpressionLints::regexp(const Node& selector)
{
    const Promql::SelectorData& data = m_ast.selector(selector);
    std::string others;
    bool named = !data.name.empty();
    const auto isWildcard = [](const Promql::Matcher& matcher) {
        return matcher.type == Promql::MatchType::Regexp && matcher.value == ".*";
    };
    for (const Promql::Matcher& matcher : data.matchers) {
        named = named || matcher.name == "__name__";
        if (!isWildcard(matcher))
            others += (others.empty() ? "" : ", ") + std::string(textOf(matcher.range));
    }
    const QString rest = Config::text(data.name + (others.empty() && !data.name.empty() ? "" : '{' + others + '}'));
    for (const Promql::Matcher& matcher : data.matchers) {
        if (matcher.type != Promql::MatchType::Regexp && matcher.type != Promql::MatchType::NotRegexp)
            continue;
        const bool positive = matcher.type == Promql::MatchType::Regexp;
        const QString name = Config::text(matcher.name);
        const QString written = Config::text(textOf(matcher.range));
        const Pieces pieces = piecesOf(matcher.value);
        const std::string literal = pieces.literals.empty() ? std::string() : pieces.literals.front();
        if (isWildcard(matcher)) {
            warn("promql/regexp", u"Use `%1` if you want to match on all `%2` values."_s.arg(rest, name), matcher.range);
        } else if (!positive && matcher.value == ".+") {
            warn("promql/regexp",
                 u"Use `%1{%2=\"\"}` if you want to match on all time series without the `%2` label."_s.arg(Config::text(data.name), name), matcher.range);
        } else if (pieces.anchored) {
            warn("promql/regexp",
                 u"Prometheus regexp matchers are automatically fully anchored, remove regexp anchors `^` and/or `$` from `%1`"_s.arg(written),
                 matcher.range);
        } else if (matcher.value == "(?:)" || (pieces.simple && pieces.wildcards == 0 && pieces.literals.size() <= 1)) {
            warn("promql/regexp",
                 u"Unnecessary regexp match on static string `%1`, use `%2%3\"%4\"` instead."_s.arg(
                     written, name, positive ? u"="_s : u"!="_s, Config::text(literal)),
                 matcher.range);
        } else if (isSmelly(pieces)) {
            warn("promql/regexp",
                 u"`{%1}` looks like a smelly selector that tries to extract substrings from the value, consider breaking down the value of the label into multiple separate labels"_s.arg(written),
                 matcher.range);
        }
    }
}

void ExpressionLints::absent(const Node& call)
{
    if (!m_rule.isAlert || m_ast.call(call).name != "absent" || m_rule.view.durationMs("for").value_or(0) > 0)
        return;
    warn("alerts/absent", u"Using `absent()` might cause false positive alerts when Prometheus restarts."_s, call.range,
         u"add `for` with at least two scrape intervals"_s);
}

void ExpressionLints::comparison()
{
    for (const LabelSource& source : sources(m_ast.root)) {
        if (source.isConditional)
            continue;
        if (source.alwaysReturns)
            warn("alerts/comparison", u"This query will always return a result and so this alert will always fire."_s, source.place);
        else
            warn("alerts/comparison",
                 u"This query doesn't have any condition and so this alert will always fire if it matches anything."_s, source.place,
                 u"compare the result with a threshold"_s);
        return;
    }
}

NodeId ExpressionLints::leafOf(NodeId id) const
{
    for (int depth = 0; depth < kDeepest; ++depth) {
        const Node& node = m_ast.at(id);
        if (node.kind == NodeKind::Call && m_ast.call(node).name != "vector" && !m_ast.call(node).arguments.empty()) {
            NodeId next = m_ast.call(node).arguments.front();
            for (const NodeId argument : m_ast.call(node).arguments) {
                const Promql::ValueType type = m_ast.at(argument).type;
                if (type == Promql::ValueType::Vector || type == Promql::ValueType::Matrix) {
                    next = argument;
                    break;
                }
            }
            id = next;
        } else if (node.lhs != Promql::kNoNode
                   && (node.kind == NodeKind::Paren || node.kind == NodeKind::Unary || node.kind == NodeKind::Range
                       || node.kind == NodeKind::Subquery || node.kind == NodeKind::Binary || node.kind == NodeKind::Aggregate)) {
            id = node.lhs;
        } else {
            break;
        }
    }
    return id;
}

void ExpressionLints::fragileSources(NodeId id, bool isAggregated, int depth)
{
    if (id == Promql::kNoNode || depth > kDeepest)
        return;
    const Node& node = m_ast.at(id);
    if (node.kind == NodeKind::Aggregate) {
        const bool picks = node.op == Tok::Topk || node.op == Tok::Bottomk || node.op == Tok::Limitk || node.op == Tok::LimitRatio;
        if (picks && !isAggregated)
            warn("promql/fragile",
                 u"Using `%1` to select time series might return different set of time series on every query, which would cause flapping alerts."_s.arg(
                     Config::text(Promql::tokenText(node.op))),
                 m_ast.at(leafOf(node.lhs)).range);
        isAggregated = isAggregated || !picks;
    }
    // The right side of these only decides about the left one.
    const bool onlyLeft = node.kind == NodeKind::Binary && (node.op == Tok::Land || node.op == Tok::Lunless);
    for (const NodeId child : m_ast.children(id)) {
        if (!onlyLeft || child == node.lhs)
            fragileSources(child, isAggregated, depth + 1);
    }
}

void ExpressionLints::fragileOperation(const Node& binary)
{
    if (Promql::isSetOperator(binary.op) || Promql::isComparison(binary.op) || m_rule.view.durationMs("for").value_or(0) > 0)
        return;
    const auto isTotal = [this](NodeId id) { return m_ast.at(unwrapped(m_ast, id)).kind == NodeKind::Aggregate; };
    if (!isTotal(binary.lhs) || !isTotal(binary.rhs))
        return;
    const NodeId left = leafOf(binary.lhs);
    const NodeId right = leafOf(binary.rhs);
    if (m_ast.at(left).kind != NodeKind::Selector || m_ast.at(right).kind != NodeKind::Selector
        || textOf(m_ast.at(left).range) == textOf(m_ast.at(right).range))
        return;
    warn("promql/fragile", u"This query can cause false positives when Prometheus restarts, add `for` option to avoid that."_s,
         m_ast.at(right).range, u"add for"_s);
}

void ExpressionLints::nan(const Node& aggregate)
{
    const Tok op = aggregate.op;
    if (op == Tok::Sum || op == Tok::Avg || op == Tok::Stddev || op == Tok::Stdvar)
        nanBelow(aggregate.lhs, 0);
}

void ExpressionLints::nanBelow(NodeId id, int depth)
{
    if (id == Promql::kNoNode || depth > kDeepest)
        return;
    const Node& node = m_ast.at(id);
    // An aggregation below is looked at by itself.
    if (node.kind == NodeKind::Aggregate)
        return;
    if (node.kind == NodeKind::Binary && (node.op == Tok::Div || node.op == Tok::Mod) && mayBeZero(m_ast, node.rhs)) {
        const Promql::ByteRange place = m_ast.at(leafOf(node.rhs)).range;
        warn("promql/nan",
             u"This aggregation can return NaN or Inf if any series for `%1` evaluates to zero."_s.arg(Config::text(textOf(place))), place,
             u"keep zeros out of the divisor, as in `(x > 0)`"_s);
    }
    if (node.kind == NodeKind::Selector) {
        const Promql::SelectorData& data = m_ast.selector(node);
        if (!data.name.empty() && data.name != m_rule.name)
            m_lint.m_pending.push_back({data.name, m_rule.expression, data.nameRange});
    }
    for (const NodeId child : m_ast.children(id))
        nanBelow(child, depth + 1);
}

void ExpressionLints::constantComparison(const Node& binary)
{
    if (!Promql::isComparison(binary.op))
        return;
    const auto right = constant(m_ast, binary.rhs, true);
    if (!right)
        return;
    // Aggregations of one constant series are that constant; "or" adds constants to what the server has.
    const auto check = [&](auto&& self, NodeId id, int depth) -> void {
        id = unwrapped(m_ast, id);
        const Node& node = m_ast.at(id);
        if (depth > kDeepest)
            return;
        if (node.kind == NodeKind::Binary && node.op == Tok::Lor) {
            self(self, node.lhs, depth + 1);
            self(self, node.rhs, depth + 1);
        } else if (node.kind == NodeKind::Aggregate && (node.op == Tok::Sum || node.op == Tok::Min || node.op == Tok::Max || node.op == Tok::Avg)) {
            self(self, node.lhs, depth + 1);
        } else if (const auto left = constant(m_ast, id, true); left && !compare(binary.op, *left, *right)) {
            const bool isBool = m_ast.matching(binary).returnBool;
            const QString comparison = u"%1 %2 %3"_s.arg(Config::text(textOf(node.range)), Config::text(Promql::tokenText(binary.op)),
                                                         Config::text(textOf(m_ast.at(binary.rhs).range)));
            warn("promql/impossible",
                 isBool ? u"`%1` is never true and uses the `bool` modifier which means it will always return 0"_s.arg(comparison)
                        : u"`%1` is not possible, so it will never return anything."_s.arg(comparison),
                 node.range);
        }
    };
    check(check, binary.lhs, 0);
}

void ExpressionLints::impossibleJoin(const Node& binary)
{
    if (m_ast.at(binary.lhs).type != Promql::ValueType::Vector || m_ast.at(binary.rhs).type != Promql::ValueType::Vector
        || binary.op == Tok::Lor)
        return;
    const Promql::MatchingData& matching = m_ast.matching(binary);
    const auto report = [&](const LabelSource& missing, const std::string& label, const char16_t* side, const QString& why) {
        warn("promql/impossible",
             u"The %1 hand side will never be matched because it doesn't have the `%2` label %3. %4"_s.arg(
                 QString::fromUtf16(side), Config::text(label), why, missing.reason.text()),
             missing.reasonPlace);
    };
    const std::vector<LabelSource>& left = sources(binary.lhs);
    const std::vector<LabelSource>& right = sources(binary.rhs);
    if (matching.on) {
        for (const Promql::LabelRef& label : matching.labels) {
            for (const LabelSource& one : left) {
                if (one.isFixed && !one.isAbsent && !one.canHave(label.name))
                    report(one, label.name, u"left", u"from `on(...)`"_s);
            }
            for (const LabelSource& one : right) {
                if (one.isFixed && !one.isAbsent && !one.canHave(label.name))
                    report(one, label.name, u"right", u"from `on(...)`"_s);
            }
        }
        return;
    }
    // Without on() every label counts: one that is always here and never there cannot match.
    const auto ignored = [&](const std::string& label) {
        return std::any_of(matching.labels.begin(), matching.labels.end(), [&](const Promql::LabelRef& one) { return one.name == label; });
    };
    const auto compare = [&](const std::vector<LabelSource>& here, const std::vector<LabelSource>& there, const char16_t* side, const char16_t* other) {
        for (const LabelSource& with : here) {
            for (const LabelSource& without : there) {
                for (const std::string& label : with.guaranteed) {
                    if (without.isFixed && !without.isAbsent && !without.canHave(label) && !ignored(label) && with.canHave(label)) {
                        report(without, label, side, u"while the %1 hand side will"_s.arg(QString::fromUtf16(other)));
                        break;
                    }
                }
            }
        }
    };
    compare(left, right, u"right", u"left");
    compare(right, left, u"left", u"right");
}

/// group_left(x) takes x from the other side, which must have it.
void ExpressionLints::impossibleInclude(const Node& binary)
{
    const Promql::MatchingData& matching = m_ast.matching(binary);
    if (matching.include.empty() || matching.card == Promql::Cardinality::OneToOne)
        return;
    const std::vector<LabelSource>& one = sources(matching.card == Promql::Cardinality::ManyToOne ? binary.rhs : binary.lhs);
    for (const Promql::LabelRef& label : matching.include) {
        const bool nobodyHasIt = !one.empty() && std::all_of(one.begin(), one.end(), [&](const LabelSource& source) {
            return source.isFixed && !source.isAbsent && !source.canHave(label.name);
        });
        if (nobodyHasIt)
            warn("promql/impossible",
                 u"You can't use `%1` because this label is not possible here. %2"_s.arg(Config::text(label.name), one.front().reason.text()), label.range);
    }
}

void ExpressionLints::lostJoins()
{
    const bool joins = std::any_of(m_ast.matchings.begin(), m_ast.matchings.end(),
                                   [](const Promql::MatchingData& matching) { return !matching.include.empty(); });
    if (!joins)
        return;
    for (const LostJoin& lost : lostJoinedLabels(m_ast, m_ast.root, m_rule.expression->value))
        warn("promql/impossible",
             lost.byOperation
                 ? u"This binary operation prevents previously joined label `%1` from being added to the results."_s.arg(Config::text(lost.label))
                 : u"Previously joined label `%1` is being removed from the results."_s.arg(Config::text(lost.label)),
             lost.place);
}

void ExpressionLints::impossibleGrouping(const Node& aggregate)
{
    const Promql::AggregateData& data = m_ast.aggregate(aggregate);
    if (data.without)
        return;
    const std::vector<LabelSource>& below = sources(aggregate.lhs);
    for (const Promql::LabelRef& label : data.labels) {
        const auto lacks = std::find_if(below.begin(), below.end(), [&](const LabelSource& one) { return one.isFixed && !one.canHave(label.name); });
        const bool nobodyHasIt = !below.empty() && std::all_of(below.begin(), below.end(), [&](const LabelSource& one) { return !one.canHave(label.name); });
        if (nobodyHasIt && lacks != below.end())
            warn("promql/impossible", u"You can't use `%1` because this label is not possible here. %2"_s.arg(Config::text(label.name), lacks->reason.text()),
                 label.range);
    }
}

} // namespace Promdeck::Config
