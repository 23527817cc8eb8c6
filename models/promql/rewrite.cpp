#include "models/promql/rewrite.h"

#include "models/promql/printer.h"

#include <algorithm>

namespace Promdeck::Promql {

namespace {

QString fromBytes(std::string_view text)
{
    return QString::fromUtf8(text.data(), qsizetype(text.size()));
}

Error syntaxError(std::string_view text, const Problem& problem)
{
    Error error = makeError(ErrorCode::Syntax, fromBytes(problem.message), {}, fromBytes(problem.hint));
    const auto place = [&](std::uint32_t offset, int& line, int& column) {
        const LineColumn bytes = lineColumn(text, offset);
        const size_t begin = std::min(size_t(offset), text.size()) - std::min(size_t(bytes.column - 1), text.size());
        line = bytes.line;
        column = int(fromBytes(text.substr(begin, size_t(bytes.column - 1))).toUcs4().size()) + 1;
    };
    place(problem.range.start, error.where.line, error.where.column);
    place(problem.range.end, error.where.endLine, error.where.endColumn);
    return error;
}

bool same(const Matcher& a, const Matcher& b)
{
    return a.type == b.type && a.name == b.name && a.value == b.value;
}

/// The matchers a selector lacks, printed and joined; empty when it has them all.
std::string missing(const SelectorData& data, const std::vector<Matcher>& matchers)
{
    std::string out;
    for (const Matcher& matcher : matchers) {
        const bool known = std::any_of(data.matchers.begin(), data.matchers.end(),
                                       [&](const Matcher& existing) { return same(existing, matcher); });
        if (!known)
            out += (out.empty() ? "" : ",") + printMatcher(matcher);
    }
    return out;
}

} // namespace

Result<std::string> addMatchers(std::string_view text, const std::vector<Matcher>& matchers, const Options& options)
{
    for (const Matcher& matcher : matchers) {
        if (matcher.type != MatchType::Regexp && matcher.type != MatchType::NotRegexp)
            continue;
        const std::string error = checkRegexp(matcher.value, options.version);
        if (!error.empty())
            return makeError(ErrorCode::InvalidArgument, fromBytes(error), fromBytes(matcher.name));
    }
    const ParseResult parsed = parse(text, options);
    if (!parsed.ok())
        return syntaxError(text, parsed.problems.front());
    std::vector<std::pair<std::uint32_t, std::string>> insertions;
    for (const Node& node : parsed.ast.nodes) {
        if (node.kind != NodeKind::Selector)
            continue;
        const SelectorData& data = parsed.ast.selector(node);
        const std::string added = missing(data, matchers);
        if (added.empty() || data.mayBeEmpty)
            continue;
        if (data.bracesRange.end == 0)
            insertions.emplace_back(data.nameRange.end, '{' + added + '}');
        else if (data.matchers.empty())
            insertions.emplace_back(data.bracesRange.start + 1, added);
        else
            insertions.emplace_back(data.matchers.back().range.end, ',' + added);
    }
    std::sort(insertions.begin(), insertions.end());
    std::string out(text);
    for (auto it = insertions.rbegin(); it != insertions.rend(); ++it)
        out.insert(it->first, it->second);
    return out;
}

std::vector<SelectorUse> selectors(const Ast& ast)
{
    std::vector<SelectorUse> uses;
    struct Visit
    {
        NodeId node;
        NodeId function;
        std::int64_t rangeNs;
    };
    std::vector<Visit> stack;
    if (!ast.isEmpty())
        stack.push_back({ ast.root, kNoNode, 0 });
    while (!stack.empty()) {
        const Visit visit = stack.back();
        stack.pop_back();
        const Node& node = ast.at(visit.node);
        if (node.kind == NodeKind::Selector) {
            const SelectorData& data = ast.selector(node);
            SelectorUse use { visit.node, data.name, data.matchers, node.range, visit.rangeNs, visit.function };
            if (!data.name.empty()) {
                use.matchers.push_back({ MatchType::Equal, "__name__", data.name, data.nameRange, data.nameRange, {} });
            } else {
                for (const Matcher& matcher : data.matchers) {
                    if (matcher.name == "__name__" && matcher.type == MatchType::Equal)
                        use.metric = matcher.value;
                }
            }
            uses.push_back(std::move(use));
            continue;
        }
        const NodeId function = node.kind == NodeKind::Call ? visit.node : visit.function;
        const std::int64_t rangeNs = node.kind == NodeKind::Range ? ast.span(node).rangeNs : 0;
        const std::vector<NodeId> children = ast.children(visit.node);
        for (auto it = children.rbegin(); it != children.rend(); ++it)
            stack.push_back({ *it, function, rangeNs });
    }
    return uses;
}

std::vector<std::string> metricNames(const Ast& ast)
{
    std::vector<std::string> names;
    for (const SelectorUse& use : selectors(ast)) {
        if (!use.metric.empty())
            names.push_back(use.metric);
    }
    std::sort(names.begin(), names.end());
    names.erase(std::unique(names.begin(), names.end()), names.end());
    return names;
}

std::string seriesMatcher(const SelectorUse& selector)
{
    std::string out = "{";
    for (const Matcher& matcher : selector.matchers)
        out += (out.size() > 1 ? "," : "") + printMatcher(matcher);
    return out + '}';
}

} // namespace Promdeck::Promql
