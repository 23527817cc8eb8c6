#pragma once

// Shared by the files that make up the parser; not for use outside models/promql.

#include "models/promql/lexer.h"
#include "models/promql/parser.h"
#include "models/promql/series.h"

#include <map>
#include <variant>

namespace Promdeck::Promql::Internal {

/// What a grammar symbol carries: its token, and a node, a number or an index into one of the parser's lists.
struct Value
{
    Token token;
    NodeId node = kNoNode;
    int list = -1;
    double number = 0;
};

struct Descriptor
{
    std::string key;
    double number = 0;
    int buckets = -1;
    Tok hint = Tok::End;
};

using Pair = std::pair<std::string, std::string>;

class Parser
{
public:
    Parser(std::string_view text, const Options& options, bool series);

    /// Runs the grammar from a start symbol.
    void run(Tok startSymbol);
    /// The tokens that could follow the whole text.
    [[nodiscard]] std::vector<Tok> allowedNext();
    void checkTypes();

    ParseResult takeResult();
    SeriesDescription takeSeries();

private:
    // parser.cpp
    [[nodiscard]] Tok readToken();
    [[nodiscard]] bool parenFollows() const;
    [[nodiscard]] bool recover();
    void shift(int state, const Value& value);
    Value reduce(int action, Value* v);
    Value reduceExpression(int action, Value* v);
    Value reduceDuration(int action, Value* v);
    Value reduceSeries(int action, Value* v);
    Value reduceError(int action, Value* v);
    [[nodiscard]] bool wouldAccept(Tok kind) const;
    [[nodiscard]] int cellFor(int state, Tok kind) const;

    void problem(ByteRange range, std::string message);
    void unexpected(std::string_view context, std::string_view expected);
    [[nodiscard]] std::string_view text(const Token& token) const { return m_lexer.text(token); }
    [[nodiscard]] std::string unquote(const Token& token);

    // parseractions.cpp
    NodeId addNode(NodeKind kind, ValueType type, ByteRange range);
    [[nodiscard]] ByteRange rangeOf(NodeId id) const;
    [[nodiscard]] ValueType typeOf(NodeId id) const;
    NodeId numberNode(const Token& token);
    NodeId durationNode(const Token& token);
    NodeId aggregate(const Token& op, int grouping, int arguments, bool overread);
    NodeId binary(NodeId lhs, const Token& op, int matching, NodeId rhs);
    NodeId call(const Token& name, int arguments);
    NodeId paren(const Token& open, NodeId inner, const Token& close);
    NodeId unary(const Token& sign, NodeId operand);
    NodeId selector(const Token* name, const Value* matchers);
    NodeId rangeSelector(NodeId expr, const Token& open, NodeId duration, const Token& close);
    NodeId subquery(NodeId expr, NodeId range, NodeId step, const Token& close);
    void setOffset(NodeId expr, NodeId duration, bool negative);
    void setAt(NodeId expr, double seconds);
    void setBoundary(NodeId expr, Tok boundary);
    void setExtended(NodeId expr, bool anchored);
    [[nodiscard]] TimeModifiers* timeOf(NodeId id);
    TimeModifiers* atTarget(NodeId expr);
    int addMatcher(int list, const Value& name, const Token& op, const Token& value);
    int addNameMatcher(const Value& name);
    int label(const Token& token, bool quoted);

    // parserdurations.cpp
    NodeId inRange(NodeId literal, ByteRange blame);
    NodeId signedLiteral(const Token& sign, NodeId literal);
    NodeId signedDuration(const Token& sign, NodeId operand);
    NodeId wrap(NodeId duration, ByteRange range);
    void encloseOffset(NodeId duration);
    NodeId durationCall(const Token& name, const Token& close);
    NodeId minMax(const Token& name, NodeId lhs, NodeId rhs, const Token& close);
    NodeId durationBinary(NodeId lhs, const Token& op, NodeId rhs);
    NodeId positive(NodeId duration);
    NodeId zeroNode();
    void gateDuration(NodeId id);

    // seriesactions.cpp
    int addValues(std::vector<SeriesValue> values);
    Value repeated(SeriesValue value, double step, double count);
    Value histogramValues(int base, int increment, bool subtract, double count);
    int buildHistogram(const std::vector<Descriptor>& descriptors);

    // typechecker.cpp
    class Checker;
    friend class Checker;

    Lexer m_lexer;
    Options m_options;
    bool m_old = false;
    Ast m_ast;
    std::vector<Problem> m_problems;
    SeriesDescription m_series;

    std::vector<std::int16_t> m_states;
    std::vector<Value> m_values;
    Token m_last;                    ///< the token read last: what "unexpected" is about
    std::uint32_t m_lastClosing = 0; ///< end of the last closing token or literal
    bool m_sawEof = false;
    bool m_stopAtEnd = false;        ///< stop before Eof is handed to the grammar (allowedNext)
    int m_recovering = 0;

    std::vector<std::vector<LabelRef>> m_labels;
    std::vector<std::vector<Matcher>> m_matchers;
    std::vector<std::vector<NodeId>> m_arguments;
    std::vector<std::vector<Pair>> m_pairs;
    std::vector<std::vector<SeriesValue>> m_valueLists;
    std::vector<std::vector<double>> m_buckets;
    std::vector<std::vector<Descriptor>> m_descriptors;
};

} // namespace Promdeck::Promql::Internal
