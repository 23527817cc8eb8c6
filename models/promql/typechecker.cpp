// Type rules, checked once an expression has no syntax error.
#include "models/promql/gotext.h"
#include "models/promql/parserinternal.h"

namespace Promdeck::Promql::Internal {

/// Visits the tree in the order in which the server reports problems, with a stack of its own: each node is entered
/// once per child and once more at the end.
class Parser::Checker
{
public:
    explicit Checker(Parser& parser)
        : m_p(parser)
        , m_ast(parser.m_ast)
    {
    }

    void run(NodeId root)
    {
        enter(root);
        while (!m_stack.empty()) {
            const Frame frame = m_stack.back();
            m_stack.back().phase++;
            if (!visit(frame.node, frame.phase))
                m_stack.pop_back();
        }
    }

private:
    struct Frame
    {
        NodeId node;
        int phase;
    };

    bool enter(NodeId id)
    {
        if (id != kNoNode)
            m_stack.push_back({ id, 0 });
        return true;
    }

    /// One step of a node; false when it is done.
    bool visit(NodeId id, int phase)
    {
        const Node& node = m_ast.at(id);
        switch (node.kind) {
        case NodeKind::Aggregate:
            return aggregate(node, phase);
        case NodeKind::Binary:
            if (phase == 0)
                return enter(node.lhs);
            if (phase == 1)
                return enter(node.rhs);
            binary(node);
            return false;
        case NodeKind::Call:
            return call(node, phase);
        case NodeKind::Paren:
        case NodeKind::Range:
            return phase == 0 && enter(node.lhs);
        case NodeKind::Unary:
            if (phase == 0)
                return enter(node.lhs);
            if (!isScalarOrVector(node.lhs))
                m_p.problem(node.range,
                            "unary expression only allowed on expressions of type scalar or instant vector, got "
                                + goQuote(documentedType(type(node.lhs))));
            return false;
        case NodeKind::Subquery:
            if (phase == 0)
                return enter(node.lhs);
            if (type(node.lhs) != ValueType::Vector)
                m_p.problem(node.range, "subquery is only allowed on instant vector, got "
                                + std::string(apiType(type(node.lhs))) + " instead");
            return false;
        case NodeKind::Selector:
            selector(node);
            return false;
        default:
            return false;
        }
    }

    [[nodiscard]] ValueType type(NodeId id) const { return m_p.typeOf(id); }
    [[nodiscard]] bool isScalarOrVector(NodeId id) const
    {
        return type(id) == ValueType::Scalar || type(id) == ValueType::Vector;
    }

    void expect(NodeId id, ValueType wanted, const std::string& context)
    {
        if (type(id) != wanted)
            m_p.problem(m_p.rangeOf(id), "expected type " + std::string(documentedType(wanted)) + " in " + context
                            + ", got " + std::string(documentedType(type(id))));
    }

    bool aggregate(const Node& node, int phase)
    {
        if (phase == 0)
            return enter(node.lhs);
        if (phase == 1) {
            expect(node.lhs, ValueType::Vector, "aggregation expression");
            return takesParameter(node.op) && enter(node.rhs);
        }
        expect(node.rhs, node.op == Tok::CountValues ? ValueType::String : ValueType::Scalar, "aggregation parameter");
        return false;
    }

    bool call(const Node& node, int phase)
    {
        const CallData& data = m_ast.call(node);
        const Function& f = *data.function;
        const int given = int(data.arguments.size());
        if (phase == 0)
            argumentCount(node, f, given);
        else
            expectArgument(f, data.arguments[size_t(phase - 1)], phase - 1);
        const bool more = phase < given && (phase < f.typeCount || f.variadic != 0);
        return more && enter(data.arguments[size_t(phase)]);
    }

    void expectArgument(const Function& f, NodeId argument, int index)
    {
        expect(argument, f.types[size_t(std::min(index, f.typeCount - 1))],
               "call to function " + goQuote(f.name));
    }

    void argumentCount(const Node& node, const Function& f, int given)
    {
        const auto complain = [&](const std::string& wanted) {
            m_p.problem(node.range, "expected " + wanted + " argument(s) in call to " + goQuote(f.name) + ", got "
                            + std::to_string(given));
        };
        const int least = f.variadic == 0 ? f.typeCount : f.typeCount - 1;
        if (f.variadic == 0 && given != least)
            complain(std::to_string(least));
        else if (given < least)
            complain("at least " + std::to_string(least));
        else if (f.variadic > 0 && given > least + f.variadic)
            complain("at most " + std::to_string(least + f.variadic));
        if (f.name == "info" && given > 1)
            infoSelector(node, m_ast.call(node).arguments[1]);
    }

    void infoSelector(const Node& node, NodeId argument)
    {
        const Node& second = m_ast.at(argument);
        if (second.type != ValueType::Vector)
            m_p.problem(node.range, "expected type instant vector in call to function \"info\", got "
                            + std::string(documentedType(second.type)));
        if (second.kind != NodeKind::Selector)
            m_p.problem(second.range, "expected label selectors only");
        else if (!m_ast.selector(second).name.empty())
            m_p.problem(second.range, "expected label selectors only, got vector selector instead");
        else
            m_ast.selectors[size_t(second.data)].mayBeEmpty = true;
    }

    /// The operator and its modifiers, as the server cuts them out.
    [[nodiscard]] ByteRange operatorRange(const Node& node) const
    {
        const std::string_view text = m_p.m_lexer.input();
        const auto space = [&](std::uint32_t i) {
            return i < text.size() && (text[i] == ' ' || text[i] == '\t' || text[i] == '\n' || text[i] == '\r');
        };
        ByteRange range { m_p.rangeOf(node.lhs).end, m_p.rangeOf(node.rhs).start };
        range.end -= range.end > 0 ? 1 : 0;
        while (space(range.start))
            ++range.start;
        while (range.end > range.start && space(range.end))
            --range.end;
        return range;
    }

    void binary(const Node& node)
    {
        MatchingData& data = m_ast.matchings[size_t(node.data)];
        const ValueType left = type(node.lhs);
        const ValueType right = type(node.rhs);
        if (data.returnBool && !isComparison(node.op))
            m_p.problem(operatorRange(node), "bool modifier can only be used on comparison operators");
        if (isComparison(node.op) && !data.returnBool && left == ValueType::Scalar && right == ValueType::Scalar)
            m_p.problem(operatorRange(node), "comparisons between scalars must use BOOL modifier");
        if (isSetOperator(node.op) && data.card == Cardinality::OneToOne)
            data.card = Cardinality::ManyToMany;
        for (const LabelRef& label : data.labels) {
            for (const LabelRef& included : data.include) {
                if (data.on && label.name == included.name)
                    m_p.problem(operatorRange(node),
                                "label " + goQuote(label.name) + " must not occur in ON and GROUP clause at once");
            }
        }
        for (const NodeId operand : { node.lhs, node.rhs }) {
            if (!isScalarOrVector(operand))
                m_p.problem(m_p.rangeOf(operand),
                            "binary expression must contain only scalar and instant vector types");
        }
        matching(node, data, left == ValueType::Vector && right == ValueType::Vector);
        if ((left == ValueType::Scalar || right == ValueType::Scalar) && isSetOperator(node.op))
            m_p.problem(node.range, "set operator " + goQuote(tokenText(node.op))
                            + " not allowed in binary scalar expression");
    }

    void matching(const Node& node, MatchingData& data, bool vectors)
    {
        const bool fill = data.fillLeft || data.fillRight;
        if (!vectors) {
            if (!data.labels.empty())
                m_p.problem(node.range, "vector matching only allowed between instant vectors");
            if (fill)
                m_p.problem(node.range, "filling in missing series only allowed between instant vectors");
            data.hasMatching = false;
        } else if (isSetOperator(node.op)) {
            if (data.card == Cardinality::OneToMany || data.card == Cardinality::ManyToOne)
                m_p.problem(node.range, "no grouping allowed for " + goQuote(tokenText(node.op)) + " operation");
            if (data.card != Cardinality::ManyToMany)
                m_p.problem(node.range, "set operations must always be many-to-many");
            if (fill)
                m_p.problem(node.range, "filling in missing series not allowed for set operators");
        }
    }

    void selector(const Node& node)
    {
        const SelectorData& data = m_ast.selector(node);
        if (!data.name.empty()) {
            for (const Matcher& matcher : data.matchers) {
                if (matcher.name == "__name__")
                    m_p.problem(node.range, "metric name must not be set twice: " + goQuote(data.name) + " or "
                                    + goQuote(matcher.value));
            }
            return;
        }
        if (data.mayBeEmpty)
            return;
        for (const Matcher& matcher : data.matchers) {
            if (!matchesEmpty(matcher))
                return;
        }
        m_p.problem(node.range, "vector selector must contain at least one non-empty matcher");
    }

    [[nodiscard]] bool matchesEmpty(const Matcher& matcher) const
    {
        switch (matcher.type) {
        case MatchType::Equal:
            return matcher.value.empty();
        case MatchType::NotEqual:
            return !matcher.value.empty();
        case MatchType::Regexp:
            return regexpMatchesEmpty(matcher.value, m_p.m_options.version);
        case MatchType::NotRegexp:
            return !regexpMatchesEmpty(matcher.value, m_p.m_options.version);
        }
        return false;
    }

    Parser& m_p;
    Ast& m_ast;
    std::vector<Frame> m_stack;
};

void Parser::checkTypes()
{
    if (m_problems.empty() && !m_ast.isEmpty())
        Checker(*this).run(m_ast.root);
}

} // namespace Promdeck::Promql::Internal
