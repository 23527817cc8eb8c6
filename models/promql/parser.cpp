#include "models/promql/parser.h"

#include "models/promql/gotext.h"
#include "models/promql/parserinternal.h"

#include <algorithm>
#include <array>

namespace Promdeck::Promql {

namespace {

// clang-format off
#include "promqltables.inc"
// clang-format on

constexpr int kAccept = 32767;

} // namespace

namespace Internal {

Parser::Parser(std::string_view text, const Options& options, bool series)
    : m_lexer(text, options.version, series)
    , m_options(options)
    , m_old(options.version < ServerVersion { 3, 0 })
{
    m_states.reserve(64);
    m_values.reserve(64);
}

int Parser::cellFor(int state, Tok kind) const
{
    const int cell = m_old ? kOldAction[state][size_t(kind)] : kNewAction[state][size_t(kind)];
    if (cell != 0)
        return cell;
    return m_old ? kOldDefault[state] : kNewDefault[state];
}

Tok Parser::readToken()
{
    if (m_sawEof)
        return Tok::End;
    do
        m_last = m_lexer.next();
    while (m_last.kind == Tok::Comment);
    switch (m_last.kind) {
    case Tok::LexError:
        if (m_stopAtEnd && m_last.range.start >= m_last.range.end) {
            // Brackets that the prefix leaves open are no error of a prefix.
            m_sawEof = true;
            m_last.kind = Tok::Eof;
            break;
        }
        problem(m_last.range, m_lexer.error());
        m_sawEof = true;
        return Tok::End;
    case Tok::Eof:
        m_sawEof = true;
        break;
    case Tok::Fill:
    case Tok::FillLeft:
    case Tok::FillRight:
        // Without a value in parentheses they are names.
        if (!parenFollows())
            m_last.kind = Tok::Identifier;
        break;
    case Tok::RightBrace:
    case Tok::RightParen:
    case Tok::RightBracket:
    case Tok::Duration:
    case Tok::Number:
        m_lastClosing = m_last.range.end;
        break;
    default:
        break;
    }
    return m_last.kind;
}

bool Parser::parenFollows() const
{
    const std::string_view input = m_lexer.input();
    const size_t at = input.find_first_not_of(" \t\r\n", m_last.range.end);
    return at != std::string_view::npos && input[at] == '(';
}

void Parser::shift(int state, const Value& value)
{
    m_states.push_back(std::int16_t(state));
    m_values.push_back(value);
}

/// Pops to the nearest state that can go on after an error; false when there is none.
bool Parser::recover()
{
    while (!m_states.empty()) {
        const int state = m_states.back();
        const int cell = m_old ? kOldAction[state][1] : kNewAction[state][1];
        if (cell > 0 && cell != kAccept) {
            shift(cell - 1, {});
            return true;
        }
        m_states.pop_back();
        m_values.pop_back();
    }
    return false;
}

void Parser::run(Tok startSymbol)
{
    m_states.assign(1, 0);
    m_values.assign(1, {});
    Tok lookahead = startSymbol;
    bool haveLookahead = true;
    Value lookaheadValue;
    while (true) {
        const int state = m_states.back();
        int cell = m_old ? kOldDefault[state] : kNewDefault[state];
        if (!(m_old ? kOldSimple[state] : kNewSimple[state])) {
            if (!haveLookahead) {
                lookahead = readToken();
                lookaheadValue = { m_last, kNoNode, -1, 0 };
                haveLookahead = true;
                if (m_stopAtEnd && (lookahead == Tok::Eof || lookahead == Tok::End))
                    return;
            }
            cell = cellFor(state, lookahead);
        }
        if (cell == kAccept)
            return;
        if (cell > 0) {
            shift(cell - 1, lookaheadValue);
            haveLookahead = false;
            m_recovering -= m_recovering > 0 ? 1 : 0;
        } else if (cell < 0) {
            const RuleInfo& rule = kRules[-cell - 1];
            Value* const first = m_values.data() + m_values.size() - rule.length;
            const Value result = reduce(int(rule.action), first);
            m_values.resize(m_values.size() - rule.length);
            m_states.resize(m_states.size() - rule.length);
            const int from = m_states.back();
            shift(m_old ? kOldGoto[from][rule.lhs] : kNewGoto[from][rule.lhs], result);
        } else if (m_recovering == 3) {
            // Nothing was read since the last error: drop tokens until something fits.
            if (lookahead == Tok::End)
                return;
            haveLookahead = false;
        } else {
            m_recovering = 3;
            if (!recover())
                return;
        }
    }
}

bool Parser::wouldAccept(Tok kind) const
{
    std::vector<std::int16_t> states = m_states;
    while (true) {
        const int cell = cellFor(states.back(), kind);
        if (cell > 0)
            return true;
        if (cell == 0)
            return false;
        const RuleInfo& rule = kRules[-cell - 1];
        states.resize(states.size() - rule.length);
        const int from = states.back();
        states.push_back(m_old ? kOldGoto[from][rule.lhs] : kNewGoto[from][rule.lhs]);
    }
}

std::vector<Tok> Parser::allowedNext()
{
    m_stopAtEnd = true;
    run(Tok::StartExpression);
    std::vector<Tok> allowed;
    if (m_states.empty() || !m_problems.empty())
        return allowed;
    for (int kind = int(Tok::Eql); kind < int(Tok::StartSeries); ++kind) {
        if (wouldAccept(Tok(kind)))
            allowed.push_back(Tok(kind));
    }
    return allowed;
}

void Parser::problem(ByteRange range, std::string message)
{
    m_problems.push_back({ range, std::move(message), {} });
}

void Parser::unexpected(std::string_view context, std::string_view expected)
{
    if (m_last.kind == Tok::LexError)
        return; // has been reported already
    std::string message = "unexpected " + describeToken(m_last.kind, text(m_last), m_old);
    if (!context.empty())
        message.append(" in ").append(context);
    if (!expected.empty())
        message.append(", expected ").append(expected);
    problem(m_last.range, std::move(message));
}

std::string Parser::unquote(const Token& token)
{
    std::optional<std::string> value = goUnquote(text(token));
    if (!value)
        problem(m_last.range, "error unquoting string " + goQuote(text(token)) + ": invalid syntax");
    return value.value_or(std::string());
}

ParseResult Parser::takeResult()
{
    return { std::move(m_ast), std::move(m_problems) };
}

SeriesDescription Parser::takeSeries()
{
    m_series.problems = std::move(m_problems);
    return std::move(m_series);
}

Value Parser::reduce(int action, Value* v)
{
    const Action kind = Action(action);
    switch (kind) {
    case Action::Pass:
        return v[0];
    case Action::Second:
        return v[1];
    case Action::NoExpression:
        problem({}, "no expression found in input");
        return {};
    case Action::Result:
        m_ast.root = v[1].node;
        return {};
    case Action::NegativeValue:
        v[1].number = -v[1].number;
        return v[1];
    default:
        break;
    }
    if (kind >= Action::Series)
        return reduceSeries(action, v);
    Value result = reduceError(action, v);
    if (result.list != -2)
        return result;
    result = reduceDuration(action, v);
    return result.list != -2 ? result : reduceExpression(action, v);
}

Value Parser::reduceError(int action, Value* v)
{
    const auto failing = [this](const Value& value, std::string_view context, std::string_view expected) {
        unexpected(context, expected);
        return value;
    };
    static constexpr std::string_view durations = "number, duration, step(), or range()";
    switch (Action(action)) {
    case Action::Unexpected:
        return failing({}, {}, {});
    case Action::AggregateError:
        unexpected("aggregation", {});
        return { v[0].token, aggregate(v[0].token, -1, -1, false), -1, 0 };
    case Action::ErrGroupOpen:
        return failing({ {}, kNoNode, label({}, false), 0 }, "grouping opts", "\"(\"");
    case Action::ErrGroupSeparator:
        return failing(v[0], "grouping opts", "\",\" or \")\"");
    case Action::ErrGroupLabel:
        return failing({ {}, kNoNode, label({}, false), 0 }, "grouping opts", "label");
    case Action::ErrTrailingComma:
        problem(v[1].token.range, "trailing commas not allowed in function call args");
        return v[0];
    case Action::ErrOffset:
        return failing(v[0], "offset", m_old ? "duration" : durations);
    case Action::ErrAt:
        return failing(v[0], "@", "timestamp");
    case Action::ErrSubqueryEnd:
        return failing(v[0], "subquery selector", "\"]\"");
    case Action::ErrSubqueryStep:
        return failing(v[0], "subquery selector",
                       m_old ? "duration or \"]\"" : "number, duration, step(), range(), or \"]\"");
    case Action::ErrRangeEnd:
        return failing(v[0], "subquery or range", "\":\" or \"]\"");
    case Action::ErrRange:
        if (m_old)
            return failing(v[0], "subquery selector", "duration");
        return failing(v[0], "subquery or range selector", durations);
    case Action::ErrMatcherSeparator:
        return failing(v[0], "label matching", "\",\" or \"}\"");
    case Action::ErrMatcherValue:
        return failing({}, "label matching", "string");
    case Action::ErrMatcherOperator:
        return failing({}, "label matching", "label matching operator");
    case Action::ErrMatcher:
        return failing({}, "label matching", "identifier or \"}\"");
    default:
        return { {}, kNoNode, -2, 0 };
    }
}

Value Parser::reduceDuration(int action, Value* v)
{
    const auto node = [v](NodeId id) { return Value { v[0].token, id, -1, 0 }; };
    switch (Action(action)) {
    case Action::DurationInRange:
        return node(inRange(v[0].node, rangeOf(v[0].node)));
    case Action::SignedDuration:
        return node(signedLiteral(v[0].token, v[1].node));
    case Action::DurationSign:
        return node(signedDuration(v[0].token, v[1].node));
    case Action::DurationCall:
        return node(durationCall(v[0].token, v[2].token));
    case Action::SignedDurationCall:
        return node(signedDuration(v[0].token, durationCall(v[1].token, v[3].token)));
    case Action::DurationMinMax:
        return node(minMax(v[0].token, v[2].node, v[4].node, v[5].token));
    case Action::SignedDurationMinMax:
        return node(signedDuration(v[0].token, minMax(v[1].token, v[3].node, v[5].node, v[6].token)));
    case Action::SignedDurationParen:
        return node(signedDuration(v[0].token, wrap(v[2].node, rangeOf(v[2].node))));
    case Action::DurationParen:
        return node(wrap(v[1].node, { v[0].token.range.start, v[2].token.range.end }));
    case Action::DurationBinary:
        return node(durationBinary(v[0].node, v[1].token, v[2].node));
    case Action::PositiveDuration:
        return node(positive(v[0].node));
    case Action::OldDuration: {
        const ParsedDuration parsed = parseDuration(text(v[0].token), true);
        if (!parsed.error.empty())
            problem(v[0].token.range, parsed.error);
        else if (parsed.nanoseconds == 0)
            problem(v[0].token.range, "duration must be greater than 0");
        return node(durationNode(v[0].token));
    }
    case Action::DurationValue:
        return { v[0].token, kNoNode, -1, m_ast.at(durationNode(v[0].token)).number };
    default:
        return { {}, kNoNode, -2, 0 };
    }
}

Value Parser::reduceExpression(int action, Value* v)
{
    const auto node = [v](NodeId id) { return Value { v[0].token, id, -1, 0 }; };
    const auto matching = [this, v]() -> MatchingData& { return m_ast.matchings[size_t(v[0].list)]; };
    const auto newMatching = [this](bool returnBool) {
        m_ast.matchings.emplace_back().returnBool = returnBool;
        return Value { {}, kNoNode, int(m_ast.matchings.size()) - 1, 0 };
    };
    const auto labels = [this](const Value& value) { return m_labels[size_t(value.list)]; };
    switch (Action(action)) {
    case Action::AggregateGroupingFirst:
        return node(aggregate(v[0].token, v[1].list, v[2].list, false));
    case Action::AggregateGroupingLast:
        return node(aggregate(v[0].token, v[2].list, v[1].list, false));
    case Action::AggregatePlain:
        return node(aggregate(v[0].token, -1, v[1].list, true));
    case Action::GroupingBy:
    case Action::GroupingWithout:
        m_ast.aggregates.push_back({ Action(action) == Action::GroupingWithout, labels(v[1]) });
        return { v[0].token, kNoNode, int(m_ast.aggregates.size()) - 1, 0 };
    case Action::Binary:
        return node(binary(v[0].node, v[1].token, v[2].list, v[3].node));
    case Action::NoBool:
        return newMatching(false);
    case Action::WithBool:
        return newMatching(true);
    case Action::Ignoring:
    case Action::On:
        matching().labels = labels(v[2]);
        matching().on = Action(action) == Action::On;
        return v[0];
    case Action::GroupLeft:
    case Action::GroupRight:
        matching().include = labels(v[2]);
        matching().card = Action(action) == Action::GroupLeft ? Cardinality::ManyToOne : Cardinality::OneToMany;
        return v[0];
    case Action::Fill:
        matching().fillBoth = true;
        matching().fillLeft = matching().fillRight = v[2].number;
        return v[0];
    case Action::FillLeft:
        matching().fillLeft = v[2].number;
        return v[0];
    case Action::FillRight:
        matching().fillRight = v[2].number;
        return v[0];
    case Action::FillLeftRight:
        matching().fillLeft = v[2].number;
        matching().fillRight = v[4].number;
        return v[0];
    case Action::FillRightLeft:
        matching().fillRight = v[2].number;
        matching().fillLeft = v[4].number;
        return v[0];
    case Action::NoLabels:
        m_labels.emplace_back();
        return { {}, kNoNode, int(m_labels.size()) - 1, 0 };
    case Action::LabelFirst:
        return v[0];
    case Action::LabelAppend:
        for (LabelRef& ref : m_labels[size_t(v[2].list)])
            m_labels[size_t(v[0].list)].push_back(std::move(ref));
        return v[0];
    case Action::LabelWord:
    case Action::LabelQuoted:
        return { v[0].token, kNoNode, label(v[0].token, Action(action) == Action::LabelQuoted), 0 };
    case Action::Call:
        return node(call(v[0].token, v[1].list));
    case Action::NoArguments:
        m_arguments.emplace_back();
        return { v[0].token, kNoNode, int(m_arguments.size()) - 1, 0 };
    case Action::ArgumentFirst:
        m_arguments.push_back({ v[0].node });
        return { v[0].token, kNoNode, int(m_arguments.size()) - 1, 0 };
    case Action::ArgumentAppend:
        m_arguments[size_t(v[0].list)].push_back(v[2].node);
        return v[0];
    case Action::Paren:
        return node(paren(v[0].token, v[1].node, v[2].token));
    case Action::OffsetDuration:
        setOffset(v[0].node, v[2].node, false);
        return v[0];
    case Action::OffsetNegative:
        setOffset(v[0].node, v[3].node, true);
        return v[0];
    case Action::AtNumber:
        setAt(v[0].node, v[2].number);
        return v[0];
    case Action::AtBoundary:
        setBoundary(v[0].node, v[2].token.kind);
        return v[0];
    case Action::Anchored:
    case Action::Smoothed:
        setExtended(v[0].node, Action(action) == Action::Anchored);
        return v[0];
    case Action::Range:
        return node(rangeSelector(v[0].node, v[1].token, v[2].node, v[3].token));
    case Action::SubqueryStep:
        return node(subquery(v[0].node, v[2].node, v[4].node, v[5].token));
    case Action::Subquery:
        return node(subquery(v[0].node, v[2].node, kNoNode, v[4].token));
    case Action::Unary:
        return node(unary(v[0].token, v[1].node));
    case Action::SelectorNamedMatchers:
        return node(selector(&v[0].token, &v[1]));
    case Action::SelectorNamed:
        return node(selector(&v[0].token, nullptr));
    case Action::SelectorMatchers:
        return node(selector(nullptr, &v[0]));
    case Action::Matchers:
    case Action::NoMatchers: {
        // The token's range becomes that of the braces.
        const bool any = Action(action) == Action::Matchers;
        Value result = any ? v[1] : Value {};
        result.token = v[0].token;
        for (int i = 1; i < 4; ++i) {
            if (v[i].token.kind == Tok::RightBrace) {
                result.token.range.end = v[i].token.range.end;
                break;
            }
        }
        return result;
    }
    case Action::MatcherFirst:
        return v[0];
    case Action::MatcherAppend:
        if (v[0].list < 0)
            return v[2];
        if (v[2].list >= 0) {
            for (Matcher& matcher : m_matchers[size_t(v[2].list)])
                m_matchers[size_t(v[0].list)].push_back(std::move(matcher));
        }
        return v[0];
    case Action::Matcher:
        return { v[0].token, kNoNode, addMatcher(-1, v[0], v[1].token, v[2].token), 0 };
    case Action::MatcherName:
        return { v[0].token, kNoNode, addNameMatcher(v[0]), 0 };
    case Action::NumberLiteral:
        return node(numberNode(v[0].token));
    case Action::DurationLiteral:
        return node(durationNode(v[0].token));
    case Action::NumberValue: {
        const ParsedNumber parsed = parseNumber(text(v[0].token));
        if (!parsed.error.empty())
            problem(m_last.range, parsed.error);
        return { v[0].token, kNoNode, -1, parsed.value };
    }
    case Action::StringLiteral: {
        const NodeId id = addNode(NodeKind::String, ValueType::String, v[0].token.range);
        m_ast.at(id).data = std::int32_t(m_ast.strings.size());
        m_ast.strings.push_back(unquote(v[0].token));
        return node(id);
    }
    case Action::QuotedName:
        return v[0];
    default:
        return v[0];
    }
}

} // namespace Internal

bool Features::enable(std::string_view name)
{
    std::string key(name);
    for (char& c : key) {
        if (c == '_')
            c = '-';
    }
    if (key.starts_with("promql-"))
        key.erase(0, 7);
    if (key == "experimental-functions")
        return experimentalFunctions = true;
    if (key == "extended-range-selectors")
        return extendedRangeSelectors = true;
    if (key == "binop-fill-modifiers")
        return binopFillModifiers = true;
    if (key == "duration-expr")
        return durationExpressions = true;
    return false;
}

std::vector<Tok> tokensAfter(std::string_view prefix, const Options& options)
{
    return Internal::Parser(prefix, options, false).allowedNext();
}

LineColumn lineColumn(std::string_view text, std::uint32_t offset)
{
    return LineIndex(text).at(offset);
}

LineIndex::LineIndex(std::string_view text) : m_starts {0}
{
    for (size_t at = text.find('\n'); at != std::string_view::npos; at = text.find('\n', at + 1))
        m_starts.push_back(at + 1);
}

LineColumn LineIndex::at(std::uint32_t offset) const
{
    const auto next = std::upper_bound(m_starts.begin(), m_starts.end(), size_t(offset));
    return {int(next - m_starts.begin()), int(offset - *(next - 1)) + 1};
}

std::string formatProblem(std::string_view text, const Problem& problem)
{
    const LineColumn place = lineColumn(text, problem.range.start);
    return std::to_string(place.line) + ':' + std::to_string(place.column) + ": parse error: " + problem.message;
}

} // namespace Promdeck::Promql
