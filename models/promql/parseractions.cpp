// What the grammar's rules build: nodes, matchers, modifiers.
#include "models/promql/gotext.h"
#include "models/promql/parserinternal.h"

#include <cmath>
#include <limits>

namespace Promdeck::Promql::Internal {

namespace {

bool isSpace(char c)
{
    return c == ' ' || c == '\t' || c == '\n' || c == '\r';
}

std::int64_t nanoseconds(double seconds)
{
    const double value = std::round(seconds * 1e9);
    if (!(value < 9.2233720368547758e18))
        return std::numeric_limits<std::int64_t>::max();
    return value <= -9.2233720368547758e18 ? std::numeric_limits<std::int64_t>::min() : std::int64_t(value);
}

bool isClassicLabel(std::string_view name)
{
    if (name.empty() || (name[0] >= '0' && name[0] <= '9'))
        return false;
    for (char c : name) {
        if (!(c == '_' || (c >= '0' && c <= '9') || (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z')))
            return false;
    }
    return true;
}

} // namespace

NodeId Parser::addNode(NodeKind kind, ValueType type, ByteRange range)
{
    Node& node = m_ast.nodes.emplace_back();
    node.kind = kind;
    node.type = type;
    node.range = range;
    return NodeId(m_ast.nodes.size()) - 1;
}

ByteRange Parser::rangeOf(NodeId id) const
{
    return id == kNoNode ? ByteRange {} : m_ast.at(id).range;
}

ValueType Parser::typeOf(NodeId id) const
{
    return id == kNoNode ? ValueType::None : m_ast.at(id).type;
}

NodeId Parser::numberNode(const Token& token)
{
    const ParsedNumber parsed = parseNumber(text(token));
    if (!parsed.error.empty())
        problem(m_last.range, parsed.error);
    const NodeId id = addNode(NodeKind::Number, ValueType::Scalar, token.range);
    m_ast.at(id).number = parsed.value;
    return id;
}

NodeId Parser::durationNode(const Token& token)
{
    const ParsedDuration parsed = parseDuration(text(token), m_old);
    if (!parsed.error.empty() && !m_old)
        problem(token.range, parsed.error);
    const NodeId id = addNode(NodeKind::Number, ValueType::Scalar, token.range);
    m_ast.at(id).isDuration = true;
    m_ast.at(id).number
        = double(parsed.nanoseconds / 1'000'000'000) + double(parsed.nanoseconds % 1'000'000'000) / 1e9;
    return id;
}

NodeId Parser::aggregate(const Token& op, int grouping, int arguments, bool overread)
{
    ByteRange range { op.range.start, m_lastClosing };
    if (overread && !m_old && m_last.kind == Tok::RightParen && m_last.range.end == m_lastClosing) {
        // The next closing parenthesis has been read already; ours is the one before it.
        const std::string_view input = m_lexer.input();
        for (std::uint32_t i = m_last.range.start; i-- > 1;) {
            if (input[i] == ')')
                range.end = i + 1;
            if (!isSpace(input[i]))
                break;
        }
    }
    if (grouping < 0) {
        grouping = int(m_ast.aggregates.size());
        m_ast.aggregates.emplace_back();
    }
    const NodeId id = addNode(NodeKind::Aggregate, ValueType::Vector, range);
    m_ast.at(id).op = op.kind;
    m_ast.at(id).data = grouping;
    const std::vector<NodeId> none;
    const std::vector<NodeId>& given = arguments < 0 ? none : m_arguments[size_t(arguments)];
    if (given.empty()) {
        problem(range, "no arguments for aggregate expression provided");
        return id;
    }
    size_t wanted = 1;
    if (takesParameter(op.kind)) {
        if ((op.kind == Tok::Limitk || op.kind == Tok::LimitRatio) && !m_options.features.experimentalFunctions) {
            problem(range, std::string(tokenText(op.kind))
                        + "() is experimental and must be enabled with --enable-feature=promql-experimental-functions");
            return id;
        }
        wanted = 2;
        m_ast.at(id).rhs = given[0];
    }
    if (given.size() != wanted) {
        problem(range, "wrong number of arguments for aggregate expression provided, expected " + std::to_string(wanted)
                    + ", got " + std::to_string(given.size()));
        return id;
    }
    m_ast.at(id).lhs = given[wanted - 1];
    return id;
}

NodeId Parser::binary(NodeId lhs, const Token& op, int matching, NodeId rhs)
{
    const bool scalar = typeOf(lhs) == ValueType::Scalar && typeOf(rhs) == ValueType::Scalar;
    const ByteRange range { rangeOf(lhs).start, rangeOf(rhs).end };
    const NodeId id = addNode(NodeKind::Binary, scalar ? ValueType::Scalar : ValueType::Vector, range);
    Node& node = m_ast.at(id);
    node.lhs = lhs;
    node.rhs = rhs;
    node.op = op.kind;
    node.data = matching;
    const MatchingData& data = m_ast.matchings[size_t(matching)];
    if ((data.fillLeft || data.fillRight) && !m_options.features.binopFillModifiers)
        problem(range, "binop fill modifiers are experimental and not enabled");
    return id;
}

NodeId Parser::call(const Token& name, int arguments)
{
    const std::string_view word = text(name);
    const Function* function = findFunction(word);
    if (function && !isAvailable(*function, m_options.version))
        function = nullptr;
    if (!function)
        problem(name.range, "unknown function with name " + goQuote(word));
    else if (function->experimental && !m_options.features.experimentalFunctions)
        problem(name.range, "function " + goQuote(word) + " is not enabled");
    const NodeId id = addNode(NodeKind::Call, function ? function->returns : ValueType::None,
                              { name.range.start, m_lastClosing });
    m_ast.at(id).data = std::int32_t(m_ast.calls.size());
    m_ast.calls.push_back({ function, std::string(word), name.range, m_arguments[size_t(arguments)] });
    return id;
}

NodeId Parser::paren(const Token& open, NodeId inner, const Token& close)
{
    const NodeId id = addNode(NodeKind::Paren, typeOf(inner), { open.range.start, close.range.end });
    m_ast.at(id).lhs = inner;
    return id;
}

NodeId Parser::unary(const Token& sign, NodeId operand)
{
    if (operand != kNoNode && m_ast.at(operand).kind == NodeKind::Number) {
        Node& literal = m_ast.at(operand);
        if (sign.kind == Tok::Sub)
            literal.number = -literal.number;
        literal.range.start = sign.range.start;
        return operand;
    }
    const NodeId id
        = addNode(NodeKind::Unary, typeOf(operand), { sign.range.start, rangeOf(operand).end });
    m_ast.at(id).op = sign.kind;
    m_ast.at(id).lhs = operand;
    return id;
}

NodeId Parser::selector(const Token* name, const Value* matchers)
{
    ByteRange range = name ? name->range : matchers->token.range;
    SelectorData data;
    if (name) {
        data.name = text(*name);
        data.nameRange = name->range;
    }
    if (matchers) {
        range.end = matchers->token.range.end;
        data.bracesRange = matchers->token.range;
        if (matchers->list >= 0)
            data.matchers = std::move(m_matchers[size_t(matchers->list)]);
    }
    const NodeId id = addNode(NodeKind::Selector, ValueType::Vector, range);
    m_ast.at(id).data = std::int32_t(m_ast.selectors.size());
    m_ast.selectors.push_back(std::move(data));
    return id;
}

NodeId Parser::rangeSelector(NodeId expr, const Token& open, NodeId duration, const Token& close)
{
    const char* message = nullptr;
    if (expr == kNoNode || m_ast.at(expr).kind != NodeKind::Selector) {
        message = "ranges only allowed for vector selectors";
    } else {
        const TimeModifiers& time = m_ast.selector(m_ast.at(expr)).time;
        if (time.offsetNs != 0 || (time.offsetExpr != kNoNode && !m_old))
            message = "no offset modifiers allowed before range";
        else if (time.atMs || (time.boundary != Boundary::None && !m_old))
            message = "no @ modifiers allowed before range";
    }
    if (message)
        problem({ open.range.start, close.range.end }, message);
    const NodeId id = addNode(NodeKind::Range, ValueType::Matrix, { rangeOf(expr).start, m_lastClosing });
    m_ast.at(id).lhs = expr;
    m_ast.at(id).data = std::int32_t(m_ast.spans.size());
    SpanData& span = m_ast.spans.emplace_back();
    if (m_ast.at(duration).kind == NodeKind::Number)
        span.rangeNs = nanoseconds(m_ast.at(duration).number);
    else
        span.rangeExpr = duration;
    return id;
}

NodeId Parser::subquery(NodeId expr, NodeId range, NodeId step, const Token& close)
{
    const NodeId id = addNode(NodeKind::Subquery, ValueType::Matrix, { rangeOf(expr).start, close.range.end });
    m_ast.at(id).lhs = expr;
    m_ast.at(id).data = std::int32_t(m_ast.spans.size());
    SpanData& span = m_ast.spans.emplace_back();
    if (m_ast.at(range).kind == NodeKind::Number)
        span.rangeNs = nanoseconds(m_ast.at(range).number);
    else
        span.rangeExpr = range;
    if (step != kNoNode && m_ast.at(step).kind == NodeKind::Number)
        span.stepNs = nanoseconds(m_ast.at(step).number);
    else
        span.stepExpr = step;
    return id;
}

/// Where offset and @ of a node are kept; null when it can have none.
TimeModifiers* Parser::timeOf(NodeId id)
{
    if (id == kNoNode)
        return nullptr;
    const Node& node = m_ast.at(id);
    if (node.kind == NodeKind::Selector)
        return &m_ast.selectors[size_t(node.data)].time;
    if (node.kind == NodeKind::Subquery)
        return &m_ast.spans[size_t(node.data)].time;
    if (node.kind == NodeKind::Range && node.lhs != kNoNode && m_ast.at(node.lhs).kind == NodeKind::Selector)
        return &m_ast.selectors[size_t(m_ast.at(node.lhs).data)].time;
    return nullptr;
}

void Parser::setOffset(NodeId expr, NodeId duration, bool negative)
{
    TimeModifiers* const time = timeOf(expr);
    if (!time) {
        const bool range = expr != kNoNode && m_ast.at(expr).kind == NodeKind::Range;
        problem(rangeOf(expr),
                range ? "ranges only allowed for vector selectors"
                      : "offset modifier must be preceded by an instant vector selector or range vector selector or a "
                        "subquery");
        return;
    }
    if (time->offsetNs != 0 || time->offsetExpr != kNoNode) {
        problem(rangeOf(expr), "offset may not be set multiple times");
    } else if (m_ast.at(duration).kind == NodeKind::Number) {
        time->offsetNs = nanoseconds(m_ast.at(duration).number) * (negative ? -1 : 1);
    } else {
        time->offsetExpr = duration;
        encloseOffset(duration);
    }
    m_ast.at(expr).range.end = m_lastClosing;
}

/// Where @ goes; reports why it cannot.
TimeModifiers* Parser::atTarget(NodeId expr)
{
    TimeModifiers* const time = timeOf(expr);
    if (!time) {
        const bool range = expr != kNoNode && m_ast.at(expr).kind == NodeKind::Range;
        problem(rangeOf(expr), range ? "ranges only allowed for vector selectors"
                                     : "@ modifier must be preceded by an instant vector selector or range vector "
                                       "selector or a subquery");
        return nullptr;
    }
    if (time->atMs || time->boundary != Boundary::None) {
        problem(rangeOf(expr), "@ <timestamp> may not be set multiple times");
        return nullptr;
    }
    return time;
}

void Parser::setAt(NodeId expr, double seconds)
{
    const bool bad = std::isnan(seconds) || seconds >= 9.2233720368547758e18 || seconds <= -9.2233720368547758e18;
    if (bad)
        problem(rangeOf(expr), "timestamp out of bounds for @ modifier: " + formatFixed(seconds, 6));
    TimeModifiers* const time = atTarget(expr);
    if (!time)
        return;
    const double ms = std::round(seconds * 1000);
    time->atMs = bad || std::fabs(ms) >= 9.2233720368547758e18 ? 0 : std::int64_t(ms);
    m_ast.at(expr).range.end = m_lastClosing;
}

void Parser::setBoundary(NodeId expr, Tok boundary)
{
    TimeModifiers* const time = atTarget(expr);
    if (!time)
        return;
    time->boundary = boundary == Tok::Start ? Boundary::Start : Boundary::End;
    m_ast.at(expr).range.end = m_lastClosing;
}

void Parser::setExtended(NodeId expr, bool anchored)
{
    const std::string name = anchored ? "anchored" : "smoothed";
    if (!m_options.features.extendedRangeSelectors)
        return problem(rangeOf(expr), name + " modifier is experimental and not enabled");
    const NodeKind kind = expr == kNoNode ? NodeKind::Number : m_ast.at(expr).kind;
    if (kind == NodeKind::Subquery)
        return problem(rangeOf(expr), name + " modifier is not supported for subqueries");
    if (kind != NodeKind::Selector && kind != NodeKind::Range)
        return problem(rangeOf(expr), name + " modifier not implemented");
    TimeModifiers* const time = timeOf(expr);
    if (!time)
        return; // a range on something else, which has been reported
    (anchored ? time->anchored : time->smoothed) = true;
    if (time->anchored && time->smoothed)
        problem(rangeOf(expr), "anchored and smoothed modifiers cannot be used together");
}

int Parser::addMatcher(int, const Value& name, const Token& op, const Token& value)
{
    Matcher matcher;
    matcher.type = op.kind == Tok::Eql ? MatchType::Equal
        : op.kind == Tok::Neq          ? MatchType::NotEqual
        : op.kind == Tok::EqlRegex     ? MatchType::Regexp
                                       : MatchType::NotRegexp;
    matcher.name = name.token.kind == Tok::String ? unquote(name.token) : std::string(text(name.token));
    matcher.value = unquote(value);
    matcher.nameRange = name.token.range;
    matcher.valueRange = value.range;
    matcher.range = { name.token.range.start, value.range.end };
    if (matcher.type == MatchType::Regexp || matcher.type == MatchType::NotRegexp) {
        std::string error = checkRegexp(matcher.value, m_options.version);
        if (!error.empty())
            problem(matcher.range, std::move(error));
    }
    m_matchers.emplace_back().push_back(std::move(matcher));
    return int(m_matchers.size()) - 1;
}

int Parser::addNameMatcher(const Value& name)
{
    Matcher matcher;
    matcher.name = "__name__";
    matcher.value = unquote(name.token);
    matcher.nameRange = name.token.range;
    matcher.range = name.token.range;
    m_matchers.emplace_back().push_back(std::move(matcher));
    return int(m_matchers.size()) - 1;
}

int Parser::label(const Token& token, bool quoted)
{
    std::vector<LabelRef>& list = m_labels.emplace_back();
    if (token.range == ByteRange {})
        return int(m_labels.size()) - 1;
    const std::string name = quoted ? unquote(token) : std::string(text(token));
    if (m_old && !isClassicLabel(name))
        unexpected("grouping opts", "label");
    else if (name.empty() || !isValidUtf8(name))
        problem(token.range, "invalid label name for grouping: " + goQuote(name));
    list.push_back({ name, token.range });
    return int(m_labels.size()) - 1;
}

} // namespace Promdeck::Promql::Internal
