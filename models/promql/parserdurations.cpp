// Arithmetic on durations: in brackets and behind offset.
#include "models/promql/parserinternal.h"

namespace Promdeck::Promql::Internal {

namespace {

/// What fits into the server's signed 64 bit nanoseconds.
constexpr double kMaxSeconds = 9223372036854775808.0 / 1e9;

bool outOfRange(double seconds)
{
    return seconds > kMaxSeconds || seconds < -kMaxSeconds;
}

} // namespace

NodeId Parser::zeroNode()
{
    return addNode(NodeKind::Number, ValueType::Scalar, {});
}

void Parser::gateDuration(NodeId id)
{
    if (m_options.version < ServerVersion { 3, 14 } && !m_options.features.durationExpressions)
        problem(rangeOf(id), "experimental duration expression is not enabled");
}

NodeId Parser::inRange(NodeId literal, ByteRange blame)
{
    if (!outOfRange(m_ast.at(literal).number))
        return literal;
    problem(blame, "duration out of range");
    return zeroNode();
}

NodeId Parser::signedLiteral(const Token& sign, NodeId literal)
{
    Node& node = m_ast.at(literal);
    if (sign.kind == Tok::Sub)
        node.number = -node.number;
    node.range.start = sign.range.start;
    return inRange(literal, sign.range);
}

NodeId Parser::signedDuration(const Token& sign, NodeId operand)
{
    if (m_ast.at(operand).kind == NodeKind::Number)
        return signedLiteral(sign, operand);
    if (sign.kind == Tok::Add)
        return operand; // says nothing, and is not printed either
    const NodeId id
        = addNode(NodeKind::Duration, ValueType::Scalar, { sign.range.start, rangeOf(operand).end });
    m_ast.at(id).op = sign.kind;
    m_ast.at(id).rhs = operand;
    return id;
}

NodeId Parser::wrap(NodeId duration, ByteRange range)
{
    gateDuration(duration);
    if (m_ast.at(duration).kind == NodeKind::Duration) {
        m_ast.at(duration).wrapped = true;
        return duration;
    }
    const NodeId id = addNode(NodeKind::Duration, ValueType::Scalar, range);
    m_ast.at(id).op = Tok::Add;
    m_ast.at(id).rhs = duration;
    m_ast.at(id).wrapped = true;
    return id;
}

/// An operation whose first operand stands free reaches beyond that operand only behind two signs, which are not
/// kept. Parentheses say the same.
void Parser::encloseOffset(NodeId duration)
{
    const auto isOperation = [this](NodeId id) {
        const Node& node = m_ast.at(id);
        return node.kind == NodeKind::Duration && !node.wrapped && node.lhs != kNoNode && node.op != Tok::MinOf && node.op != Tok::MaxOf;
    };
    NodeId first = duration;
    while (isOperation(first))
        first = m_ast.at(first).lhs;
    if (isOperation(duration) && !m_ast.at(first).wrapped)
        m_ast.at(duration).wrapped = true;
}

NodeId Parser::durationCall(const Token& name, const Token& close)
{
    const NodeId id = addNode(NodeKind::Duration, ValueType::Scalar, { name.range.start, close.range.end });
    m_ast.at(id).op = name.kind;
    gateDuration(id);
    return id;
}

NodeId Parser::minMax(const Token& name, NodeId lhs, NodeId rhs, const Token& close)
{
    const NodeId id = durationCall(name, close);
    m_ast.at(id).lhs = lhs;
    m_ast.at(id).rhs = rhs;
    return id;
}

NodeId Parser::durationBinary(NodeId lhs, const Token& op, NodeId rhs)
{
    gateDuration(lhs);
    const Node& right = m_ast.at(rhs);
    if ((op.kind == Tok::Div || op.kind == Tok::Mod) && right.kind == NodeKind::Number && right.number == 0) {
        problem(op.range, op.kind == Tok::Div ? "division by zero" : "modulo by zero");
        return zeroNode();
    }
    const NodeId id
        = addNode(NodeKind::Duration, ValueType::Scalar, { rangeOf(lhs).start, rangeOf(rhs).end });
    m_ast.at(id).op = op.kind;
    m_ast.at(id).lhs = lhs;
    m_ast.at(id).rhs = rhs;
    return id;
}

NodeId Parser::positive(NodeId duration)
{
    if (m_ast.at(duration).kind != NodeKind::Number || m_ast.at(duration).number > 0)
        return duration;
    problem(rangeOf(duration), "duration must be greater than 0");
    return zeroNode();
}

} // namespace Promdeck::Promql::Internal
