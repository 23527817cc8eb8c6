#include "models/promql/printer.h"

#include "models/promql/gotext.h"
#include "models/promql/lexer.h"
#include "models/promql/parser.h"

#include <algorithm>
#include <array>
#include <cmath>
#include <limits>

namespace Promdeck::Promql {

namespace {

bool isClassicName(std::string_view name)
{
    if (name.empty() || (name[0] >= '0' && name[0] <= '9'))
        return false;
    return std::all_of(name.begin(), name.end(), [](char c) {
        return c == '_' || (c >= '0' && c <= '9') || (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z');
    });
}

std::string joinLabels(const std::vector<LabelRef>& labels)
{
    std::string out;
    for (const LabelRef& label : labels) {
        if (!out.empty())
            out += ", ";
        out += isClassicName(label.name) ? label.name : goQuote(label.name);
    }
    return out;
}

/// The text of nodes, in parts: literal text and child nodes, in order. Printing and measuring share it.
class Parts
{
public:
    Parts(const Ast& ast, const PrintOptions& options)
        : m_ast(ast)
        , m_legacy(options.version < ServerVersion { 3, 0 })
    {
        findFollowed();
    }

    template <typename Text, typename Child>
    void of(NodeId id, Text&& text, Child&& child) const
    {
        const Node& node = m_ast.at(id);
        switch (node.kind) {
        case NodeKind::Number:
            return text(number(node));
        case NodeKind::String:
            return text(goQuote(m_ast.string(node)));
        case NodeKind::Selector:
            text(selectorBase(node));
            return modifiers(m_ast.selector(node).time, { true, isFollowed(id) }, text, child);
        case NodeKind::Range:
            return range(node, text, child);
        case NodeKind::Subquery:
            child(node.lhs);
            return suffix(node, text, child);
        case NodeKind::Paren:
            text("(");
            child(node.lhs);
            return text(")");
        case NodeKind::Unary:
            text(std::string(tokenText(node.op)));
            return child(node.lhs);
        case NodeKind::Binary:
            child(node.lhs);
            text(' ' + binaryHead(node) + ' ');
            return child(node.rhs);
        case NodeKind::Call:
            return list(m_ast.call(node).name + '(', m_ast.call(node).arguments, text, child);
        case NodeKind::Aggregate:
            return list(aggregateHead(node) + '(', m_ast.children(id), text, child);
        case NodeKind::Duration:
            return duration(node, text, child);
        }
    }

    [[nodiscard]] std::string binaryHead(const Node& node) const
    {
        const MatchingData& data = m_ast.matching(node);
        std::string out(tokenText(node.op));
        if (data.returnBool)
            out += " bool";
        if (!data.hasMatching)
            return out;
        const bool grouped = data.card == Cardinality::ManyToOne || data.card == Cardinality::OneToMany;
        if (m_legacy && data.labels.empty() && !data.on)
            return out; // loses group_left() there, which is the server's mistake
        if (!data.labels.empty() || data.on || grouped)
            out += std::string(data.on ? " on (" : " ignoring (") + joinLabels(data.labels) + ')';
        if (grouped)
            out += std::string(data.card == Cardinality::ManyToOne ? " group_left (" : " group_right (")
                + joinLabels(data.include) + ')';
        if (data.fillBoth)
            return out + " fill (" + formatGeneral(*data.fillLeft) + ')';
        if (data.fillLeft)
            out += " fill_left (" + formatGeneral(*data.fillLeft) + ')';
        if (data.fillRight)
            out += " fill_right (" + formatGeneral(*data.fillRight) + ')';
        return out;
    }

    [[nodiscard]] std::string aggregateHead(const Node& node) const
    {
        const AggregateData& data = m_ast.aggregate(node);
        std::string out(tokenText(node.op));
        if (data.without)
            out += " without (" + joinLabels(data.labels) + ") ";
        else if (!data.labels.empty())
            out += " by (" + joinLabels(data.labels) + ") ";
        return out;
    }

    /// The part behind the expression of a subquery.
    template <typename Text, typename Child>
    void suffix(const Node& node, Text&& text, Child&& child) const
    {
        const SpanData& span = m_ast.span(node);
        text("[");
        if (span.rangeExpr != kNoNode)
            child(span.rangeExpr);
        else
            text(formatDuration(span.rangeNs));
        text(":");
        if (span.stepNs != 0)
            text(formatDuration(span.stepNs));
        else if (span.stepExpr != kNoNode && m_ast.at(span.stepExpr).kind == NodeKind::Duration)
            child(span.stepExpr);
        text("]");
        modifiers(span.time, {}, text, child);
    }

private:
    [[nodiscard]] std::string number(const Node& node) const
    {
        if (node.isDuration) {
            const bool negative = node.number < 0;
            const double ns = std::fabs(node.number) * 1e9;
            return (negative ? "-" : "")
                + formatDuration(ns < 9.2e18 ? std::int64_t(ns) : std::numeric_limits<std::int64_t>::max());
        }
        return m_legacy ? formatGeneral(node.number) : formatPlain(node.number);
    }

    [[nodiscard]] std::string selectorBase(const Node& node) const
    {
        const SelectorData& data = m_ast.selector(node);
        std::vector<std::string> matchers;
        for (const Matcher& matcher : data.matchers) {
            const bool theName = matcher.name == "__name__" && matcher.type == MatchType::Equal
                && matcher.value == data.name && !matcher.value.empty();
            if (!theName)
                matchers.push_back(printMatcher(matcher));
        }
        std::sort(matchers.begin(), matchers.end());
        std::string out = data.name;
        for (size_t i = 0; i < matchers.size(); ++i)
            out += (i == 0 ? "{" : ",") + matchers[i];
        return matchers.empty() ? out.empty() ? "{}" : out : out + '}';
    }

    /// Where modifiers are printed.
    struct Place
    {
        bool extendedBehindAt = false;
        bool followed = false; ///< an arithmetic operator comes next
    };

    template <typename Text, typename Child>
    void modifiers(const TimeModifiers& time, Place place, Text&& text, Child&& child) const
    {
        const std::string extended = time.anchored ? " anchored" : time.smoothed ? " smoothed" : "";
        if (!place.extendedBehindAt && !extended.empty())
            text(extended);
        if (time.atMs)
            text(" @ " + formatFixed(double(*time.atMs) / 1000, 3));
        else if (time.boundary != Boundary::None)
            text(time.boundary == Boundary::Start ? " @ start()" : " @ end()");
        if (place.extendedBehindAt && !extended.empty())
            text(extended);
        if (time.offsetExpr != kNoNode) {
            offset(time.offsetExpr, place.followed, text, child);
        } else if (time.offsetNs > 0) {
            text(" offset " + formatDuration(time.offsetNs));
        } else if (time.offsetNs < 0) {
            text(" offset -" + formatDuration(-time.offsetNs));
        }
    }

    /// A parenthesis takes in the operators behind it, unless a sign goes ahead.
    template <typename Text, typename Child>
    void offset(NodeId id, bool followed, Text&& text, Child&& child) const
    {
        const Node& node = m_ast.at(id);
        text(followed && node.kind == NodeKind::Duration && node.wrapped ? " offset +" : " offset ");
        child(id);
    }

    /// Only expressions with arithmetic in durations have to know; parents come behind their children.
    void findFollowed()
    {
        const bool hasDurations = std::any_of(m_ast.nodes.begin(), m_ast.nodes.end(), [](const Node& node) { return node.kind == NodeKind::Duration; });
        if (!hasDurations)
            return;
        m_followed.assign(m_ast.nodes.size(), false);
        for (NodeId id = NodeId(m_ast.nodes.size()) - 1; id >= 0; --id) {
            const Node& node = m_ast.at(id);
            if (node.kind == NodeKind::Binary && node.lhs != kNoNode) {
                const bool arithmetic = node.op == Tok::Add || node.op == Tok::Sub || node.op == Tok::Mul || node.op == Tok::Div || node.op == Tok::Mod || node.op == Tok::Pow;
                m_followed[size_t(node.lhs)] = arithmetic;
                if (node.rhs != kNoNode)
                    m_followed[size_t(node.rhs)] = m_followed[size_t(id)];
            } else if (node.kind == NodeKind::Unary && node.lhs != kNoNode) {
                m_followed[size_t(node.lhs)] = m_followed[size_t(id)];
            }
        }
    }

    [[nodiscard]] bool isFollowed(NodeId id) const { return !m_followed.empty() && m_followed[size_t(id)]; }

    template <typename Text, typename Child>
    void range(const Node& node, Text&& text, Child&& child) const
    {
        const Node& selector = m_ast.at(node.lhs);
        const SpanData& span = m_ast.span(node);
        const bool named = selector.kind == NodeKind::Selector;
        if (named)
            text(selectorBase(selector));
        else
            child(node.lhs);
        text("[");
        if (span.rangeExpr != kNoNode)
            child(span.rangeExpr);
        else
            text(formatDuration(span.rangeNs));
        text("]");
        if (named)
            modifiers(m_ast.selector(selector).time, {}, text, child);
    }

    template <typename Text, typename Child>
    void list(const std::string& head, const std::vector<NodeId>& items, Text&& text, Child&& child) const
    {
        text(head);
        for (size_t i = 0; i < items.size(); ++i) {
            if (i > 0)
                text(", ");
            child(items[i]);
        }
        text(")");
    }

    template <typename Text, typename Child>
    void duration(const Node& node, Text&& text, Child&& child) const
    {
        if (node.wrapped)
            text("(");
        const std::string op(tokenText(node.op));
        if (node.op == Tok::Step || node.op == Tok::Range) {
            text(op + "()");
        } else if (node.op == Tok::MinOf || node.op == Tok::MaxOf) {
            text(op + '(');
            child(node.lhs);
            text(", ");
            child(node.rhs);
            text(")");
        } else if (node.lhs == kNoNode) {
            if (node.op == Tok::Sub)
                text("-");
            child(node.rhs);
        } else {
            child(node.lhs);
            text(' ' + op + ' ');
            child(node.rhs);
        }
        if (node.wrapped)
            text(")");
    }

    const Ast& m_ast;
    bool m_legacy;
    std::vector<bool> m_followed; ///< by node: an arithmetic operator comes behind it; empty when nobody asks
};

/// Prints with a stack of its own, whatever the depth.
class Writer
{
public:
    Writer(const Ast& ast, const PrintOptions& options)
        : m_ast(ast)
        , m_options(options)
        , m_parts(ast, options)
    {
    }

    std::string flat(NodeId id)
    {
        writeFlat(id);
        return std::move(m_out);
    }

    std::string head(NodeId id)
    {
        const Node& node = m_ast.at(id);
        if (node.kind == NodeKind::Binary)
            return m_parts.binaryHead(node);
        if (node.kind == NodeKind::Aggregate) {
            std::string text = m_parts.aggregateHead(node);
            if (text.ends_with(' '))
                text.pop_back();
            return text;
        }
        if (node.kind == NodeKind::Call)
            return m_ast.call(node).name;
        if (node.kind == NodeKind::Subquery) {
            m_parts.suffix(
                node, [this](const std::string& text) { m_out += text; }, [this](NodeId child) { writeFlat(child); });
            return std::move(m_out);
        }
        if (node.kind == NodeKind::Unary)
            return std::string(tokenText(node.op));
        return node.kind == NodeKind::Paren ? "( )" : flat(id);
    }

    std::string pretty(std::vector<std::string>* before = nullptr, std::vector<std::string>* behind = nullptr,
                       std::vector<std::string>* below = nullptr)
    {
        m_before = before;
        m_behind = behind;
        m_below = below;
        measure();
        push({ Task::Pretty, m_ast.root, 0, {} });
        while (!m_tasks.empty()) {
            const Task task = std::move(m_tasks.back());
            m_tasks.pop_back();
            run(task);
        }
        return std::move(m_out);
    }

private:
    struct Task
    {
        enum Kind { Text, Node, Pretty, Body, Comment } kind;
        NodeId node;
        int level;
        std::string text;
    };

    void push(Task task) { m_tasks.push_back(std::move(task)); }

    void writeFlat(NodeId id)
    {
        const size_t base = m_flat.size();
        m_flat.push_back({ id, {} });
        while (m_flat.size() > base) {
            const auto [node, text] = std::move(m_flat.back());
            m_flat.pop_back();
            if (node == kNoNode) {
                m_out += text;
                continue;
            }
            const size_t mark = m_flat.size();
            m_parts.of(
                node, [this](std::string part) { m_flat.push_back({ kNoNode, std::move(part) }); },
                [this](NodeId child) { m_flat.push_back({ child, {} }); });
            std::reverse(m_flat.begin() + std::ptrdiff_t(mark), m_flat.end());
        }
    }

    /// Lengths of all nodes; children come before parents in the array.
    void measure()
    {
        m_length.assign(m_ast.nodes.size(), 0);
        m_comments.assign(m_ast.nodes.size(), false);
        for (NodeId id = 0; id < NodeId(m_ast.nodes.size()); ++id) {
            if (!isComplete(id))
                continue;
            size_t length = 0;
            bool comments = false;
            m_parts.of(
                id, [&](const std::string& part) { length += part.size(); },
                [&](NodeId child) {
                    length += m_length[size_t(child)];
                    comments = comments || hasComments(child);
                });
            m_length[size_t(id)] = length;
            m_comments[size_t(id)] = comments;
        }
    }

    [[nodiscard]] bool isComplete(NodeId id) const
    {
        const Node& node = m_ast.at(id);
        return (node.kind != NodeKind::Aggregate && node.kind != NodeKind::Binary) || node.lhs != kNoNode;
    }

    [[nodiscard]] bool hasComments(NodeId id) const
    {
        return m_comments[size_t(id)]
            || (m_before
                && !((*m_before)[size_t(id)].empty() && (*m_behind)[size_t(id)].empty()
                     && (*m_below)[size_t(id)].empty()));
    }

    [[nodiscard]] bool needsSplit(NodeId id) const
    {
        return m_length[size_t(id)] > size_t(m_options.width) || m_comments[size_t(id)];
    }

    [[nodiscard]] static std::string indent(int level) { return std::string(size_t(level) * 2, ' '); }

    void writeIndent(int level)
    {
        if (!m_skipIndent)
            m_out += indent(level);
        m_skipIndent = false;
    }

    void run(const Task& task)
    {
        switch (task.kind) {
        case Task::Text:
            m_out += task.text;
            break;
        case Task::Node:
            writeFlat(task.node);
            break;
        case Task::Comment:
            writeComments(task.text, task.level);
            break;
        case Task::Pretty:
            if (m_before) {
                const size_t id = size_t(task.node);
                writeComments((*m_before)[id], task.level);
                if (!(*m_below)[id].empty())
                    push({ Task::Comment, task.node, task.level, '\n' + (*m_below)[id] });
                if (!(*m_behind)[id].empty())
                    push({ Task::Text, kNoNode, 0, ' ' + (*m_behind)[id] });
            }
            push({ Task::Body, task.node, task.level, {} });
            break;
        case Task::Body:
            body(task.node, task.level);
            break;
        }
    }

    /// Comments come with a line break behind each, or (below a node) in front of each.
    void writeComments(const std::string& text, int level)
    {
        bool lineStart = !text.starts_with('\n');
        for (char c : text) {
            if (lineStart && c != '\n')
                m_out += indent(level);
            lineStart = c == '\n';
            m_out += c;
        }
    }

    void body(NodeId id, int level)
    {
        const Node& node = m_ast.at(id);
        const auto text = [this](std::string part) { push({ Task::Text, kNoNode, 0, std::move(part) }); };
        const auto child = [&](NodeId inner, int at) { push({ Task::Pretty, inner, at, {} }); };
        if (node.kind == NodeKind::Unary) {
            writeIndent(level);
            m_out += tokenText(node.op);
            m_skipIndent = true;
            return child(node.lhs, level);
        }
        if (!needsSplit(id)) {
            // A subquery that fits is not indented: promtool's habit.
            if (node.kind == NodeKind::Subquery)
                m_skipIndent = true;
            writeIndent(level);
            return writeFlat(id);
        }
        switch (node.kind) {
        case NodeKind::Binary:
            child(node.rhs, level + 1);
            text('\n' + indent(level) + m_parts.binaryHead(node) + '\n');
            return child(node.lhs, level + 1);
        case NodeKind::Paren:
            writeIndent(level);
            m_out += "(\n";
            text('\n' + indent(level) + ')');
            return child(node.lhs, level + 1);
        case NodeKind::Call:
            return arguments(m_ast.call(node).name, m_ast.call(node).arguments, level);
        case NodeKind::Aggregate:
            return arguments(m_parts.aggregateHead(node), m_ast.children(id), level);
        case NodeKind::Subquery: {
            const std::string prefix = std::move(m_out);
            m_out.clear();
            m_parts.suffix(
                node, [this](const std::string& part) { m_out += part; }, [this](NodeId inner) { writeFlat(inner); });
            text(std::move(m_out));
            m_out = prefix;
            return child(node.lhs, level);
        }
        default:
            writeIndent(level);
            return writeFlat(id);
        }
    }

    void arguments(const std::string& head, const std::vector<NodeId>& items, int level)
    {
        writeIndent(level);
        m_out += head + "(\n";
        push({ Task::Text, kNoNode, 0, '\n' + indent(level) + ')' });
        for (size_t i = items.size(); i-- > 0;) {
            const bool last = i + 1 == items.size();
            if (last || !m_before || (*m_behind)[size_t(items[i])].empty()) {
                if (!last)
                    push({ Task::Text, kNoNode, 0, ",\n" });
                push({ Task::Pretty, items[i], level + 1, {} });
                continue;
            }
            // The comma goes in front of a comment on the same line.
            std::string comment = std::move((*m_behind)[size_t(items[i])]);
            (*m_behind)[size_t(items[i])].clear();
            push({ Task::Text, kNoNode, 0, ", " + comment + '\n' });
            push({ Task::Pretty, items[i], level + 1, {} });
        }
        if (items.empty())
            m_out.pop_back();
    }

    const Ast& m_ast;
    PrintOptions m_options;
    Parts m_parts;
    std::string m_out;
    std::vector<Task> m_tasks;
    std::vector<std::pair<NodeId, std::string>> m_flat;
    std::vector<size_t> m_length;
    std::vector<bool> m_comments;
    std::vector<std::string>* m_before = nullptr;
    std::vector<std::string>* m_behind = nullptr;
    std::vector<std::string>* m_below = nullptr;
    bool m_skipIndent = false;
};

/// Finds the node each comment belongs to.
class CommentPlacer
{
public:
    CommentPlacer(std::string_view text, const Ast& ast)
        : m_text(text)
        , m_ast(ast)
        , m_before(ast.nodes.size())
        , m_behind(ast.nodes.size())
        , m_below(ast.nodes.size())
    {
    }

    bool place(ServerVersion version)
    {
        const std::vector<Token> tokens = tokenise(m_text, version);
        const Token* previous = nullptr;
        for (const Token& token : tokens) {
            if (token.kind == Tok::Comment) {
                m_any = true;
                place(token, previous);
            } else {
                previous = &token;
            }
        }
        return m_any;
    }

    std::vector<std::string>& before() { return m_before; }
    std::vector<std::string>& behind() { return m_behind; }
    std::vector<std::string>& below() { return m_below; }

private:
    void place(const Token& comment, const Token* previous)
    {
        std::string_view content = m_text.substr(comment.range.start, comment.range.end - comment.range.start);
        while (content.ends_with(' ') || content.ends_with('\t'))
            content.remove_suffix(1);
        const bool sameLine = previous
            && m_text.substr(previous->range.end, comment.range.start - previous->range.end).find_first_of("\r\n")
                == std::string_view::npos;
        const std::uint32_t at = comment.range.start;
        if (!inside(m_ast.root, at)) {
            const bool ahead = at < m_ast.at(m_ast.root).range.start;
            return attach(m_ast.root, content, ahead, sameLine);
        }
        const NodeId parent = container(at);
        const NodeKind kind = m_ast.at(parent).kind;
        NodeId left = kNoNode;
        NodeId right = kNoNode;
        if (kind == NodeKind::Binary || kind == NodeKind::Call || kind == NodeKind::Aggregate
            || kind == NodeKind::Paren) {
            for (const NodeId child : m_ast.children(parent)) {
                if (m_ast.at(child).range.end <= at)
                    left = child;
                else if (right == kNoNode)
                    right = child;
            }
        }
        const bool follows = left != kNoNode && sameLine
            && (previous->kind == Tok::Comma || previous->range.end == m_ast.at(left).range.end);
        if (follows)
            attach(left, content, false, true);
        else if (right != kNoNode)
            attach(right, content, true, false);
        else if (left != kNoNode)
            attach(left, content, false, false);
        else
            attach(parent, content, true, false);
    }

    void attach(NodeId id, std::string_view content, bool ahead, bool sameLine)
    {
        const size_t i = size_t(id);
        if (ahead)
            m_before[i].append(content).append("\n");
        else if (sameLine && m_behind[i].empty() && m_below[i].empty())
            m_behind[i] = content;
        else
            m_below[i].append(m_below[i].empty() ? "" : "\n").append(content);
    }

    [[nodiscard]] bool inside(NodeId id, std::uint32_t at) const
    {
        const ByteRange range = m_ast.at(id).range;
        return range.start <= at && at < range.end;
    }

    /// The deepest node around an offset whose place a comment can take; below unary operators and subqueries only
    /// what has parentheses of its own can.
    [[nodiscard]] NodeId container(std::uint32_t at) const
    {
        NodeId id = m_ast.root;
        while (true) {
            NodeId next = kNoNode;
            for (const NodeId child : m_ast.children(id)) {
                if (inside(child, at))
                    next = child;
            }
            if (next == kNoNode)
                return id;
            const NodeKind kind = m_ast.at(id).kind;
            const NodeKind below = m_ast.at(next).kind;
            const bool attached = kind == NodeKind::Unary || kind == NodeKind::Subquery || kind == NodeKind::Range;
            const bool leaf = below == NodeKind::Selector || below == NodeKind::Range || below == NodeKind::Number
                || below == NodeKind::String;
            if (attached && leaf)
                return id;
            id = next;
        }
    }

    std::string_view m_text;
    const Ast& m_ast;
    std::vector<std::string> m_before;
    std::vector<std::string> m_behind;
    std::vector<std::string> m_below;
    bool m_any = false;
};

size_t countComments(std::string_view text, ServerVersion version)
{
    const std::vector<Token> tokens = tokenise(text, version);
    return size_t(std::count_if(tokens.begin(), tokens.end(), [](const Token& t) { return t.kind == Tok::Comment; }));
}

} // namespace

std::string print(const Ast& ast, NodeId node, const PrintOptions& options)
{
    return node == kNoNode ? std::string() : Writer(ast, options).flat(node);
}

std::string print(const Ast& ast, const PrintOptions& options)
{
    return print(ast, ast.root, options);
}

std::string printHead(const Ast& ast, NodeId node, const PrintOptions& options)
{
    return Writer(ast, options).head(node);
}

std::string prettify(const Ast& ast, const PrintOptions& options)
{
    return ast.isEmpty() ? std::string() : Writer(ast, options).pretty();
}

std::string format(std::string_view text, const Ast& ast, const PrintOptions& options)
{
    if (ast.isEmpty())
        return std::string(text);
    CommentPlacer placer(text, ast);
    if (!placer.place(options.version))
        return prettify(ast, options);
    std::string out = Writer(ast, options).pretty(&placer.before(), &placer.behind(), &placer.below());
    // Never trade a comment, or the meaning, for looks.
    Options everything { options.version, { true, true, true, true } };
    const ParseResult again = parse(out, everything);
    if (!again.ok() || !again.ast.sameTree(ast)
        || countComments(out, options.version) != countComments(text, options.version))
        return std::string(text);
    return out;
}

std::string printMatcher(const Matcher& matcher)
{
    static constexpr std::string_view operators[] { "=", "!=", "=~", "!~" };
    std::string out = isClassicName(matcher.name) ? matcher.name : goQuote(matcher.name);
    return out.append(operators[size_t(matcher.type)]) + goQuote(matcher.value);
}

std::string printTree(const Ast& ast, const PrintOptions& options)
{
    std::string out;
    std::vector<std::pair<NodeId, int>> stack;
    if (!ast.isEmpty())
        stack.emplace_back(ast.root, 0);
    while (!stack.empty()) {
        const auto [id, depth] = stack.back();
        stack.pop_back();
        const Node& node = ast.at(id);
        out += std::string(size_t(depth) * 2, ' ') + std::string(kindName(node.kind)) + "  " + printHead(ast, id, options)
            + "  [" + std::string(documentedType(node.type)) + "] " + std::to_string(node.range.start) + '-'
            + std::to_string(node.range.end) + '\n';
        const std::vector<NodeId> children = ast.children(id);
        for (auto it = children.rbegin(); it != children.rend(); ++it)
            stack.emplace_back(*it, depth + 1);
    }
    return out;
}

} // namespace Promdeck::Promql
