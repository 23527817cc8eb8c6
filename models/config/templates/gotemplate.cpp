#include "models/config/templates/gotemplate.h"
#include "models/config/templates/templatelexer.h"
#include "models/promql/gotext.h"

#include <QList>
#include <QString>

#include <algorithm>
#include <map>
#include <unordered_map>

namespace Promdeck::Config {

namespace {

using Type = TemplateToken::Type;
using Kind = TemplateNode::Kind;
using NodePtr = std::unique_ptr<TemplateNode>;

// Nested parentheses and blocks beyond this are refused: nobody writes them, and recursion has to end.
constexpr int kDeepest = 500;

/// Thrown inside the parser only, so that one mistake unwinds all of it, as Go's parser panics.
struct Failure
{
    TemplateProblem problem;
};

bool isKeyword(Type type)
{
    return type >= Type::Block;
}

std::string quoteGo(std::string_view text)
{
    return Promql::goQuote(text);
}

std::string describe(const TemplateToken& token)
{
    if (token.type == Type::Eof)
        return "EOF";
    if (token.type == Type::Error)
        return token.text;
    if (isKeyword(token.type) || token.type == Type::Nil)
        return '<' + token.text + '>';
    if (token.text.size() > 10) {
        const QString shortened = QString::fromStdString(token.text).left(10);
        return quoteGo(shortened.toStdString()) + "...";
    }
    return quoteGo(token.text);
}

const std::set<std::string, std::less<>>& builtinFunctions()
{
    static const std::set<std::string, std::less<>> names {"and", "call", "html", "index", "slice",  "js",      "len",
                                                           "not", "or",   "print", "printf", "println", "urlquery",
                                                           "eq",  "ge",   "gt",    "le",    "lt",      "ne"};
    return names;
}

/// Go's strconv rules for a number token: integer in any base, float, imaginary, complex.
std::string numberProblem(const std::string& text)
{
    const auto digitsOf = [&text](std::size_t from) { return text.substr(from); };
    std::size_t at = !text.empty() && (text[0] == '+' || text[0] == '-') ? 1 : 0;
    const std::string body = digitsOf(at);
    if (body.empty() || body == "." || body == "i")
        return "illegal number syntax: " + quoteGo(text);
    if (body.back() == 'i')
        return {};
    const bool prefixed = body.size() > 1 && body[0] == '0' && std::string_view("xXoObB").find(body[1]) != std::string_view::npos;
    if (prefixed) {
        const bool hex = (body[1] | 0x20) == 'x';
        if (body.size() == 2 || body.back() == '_')
            return "illegal number syntax: " + quoteGo(text);
        const bool hexFloat = hex && body.find_first_of("pP") != std::string::npos;
        if (body.find('.') != std::string::npos && !hexFloat)
            return "illegal number syntax: " + quoteGo(text);
        return {};
    }
    const std::size_t exponent = body.find_first_of("eE");
    if (exponent != std::string::npos && body.find_last_of("0123456789") < exponent)
        return "illegal number syntax: " + quoteGo(text);
    if (body.find("__") != std::string::npos || body.back() == '_')
        return "illegal number syntax: " + quoteGo(text);
    if (body.find_first_of(".eE") == std::string::npos) {
        const bool octal = body.size() > 1 && body[0] == '0';
        std::string digits;
        for (const char c : body) {
            if (c != '_')
                digits += c;
        }
        if (octal && digits.find_first_of("89") != std::string::npos)
            return "integer overflow: " + quoteGo(text);
        if (!octal && (digits.size() > 20 || (digits.size() == 20 && digits > "18446744073709551615")))
            return "integer overflow: " + quoteGo(text);
    }
    return {};
}

/// One character between single quotes, escapes included.
bool isCharConstant(std::string_view text)
{
    text = text.substr(1, text.size() - 2);
    if (text.empty() || text == "'")
        return false;
    if (text.front() == '\\') {
        if (text.size() == 2)
            return std::string_view("abfnrtv\\'").find(text[1]) != std::string_view::npos;
        const std::size_t expected = text[1] == 'x' ? 4 : text[1] == 'u' ? 6 : text[1] == 'U' ? 10 : 4;
        return text.size() == expected;
    }
    return QString::fromUtf8(text.data(), qsizetype(text.size())).toUcs4().size() == 1;
}

class TemplateParser
{
public:
    TemplateParser(std::string_view text, const TemplateDialect& dialect) : m_lexer(text), m_dialect(dialect)
    {
        m_variables.push_back("$");
        m_variables.insert(m_variables.end(), dialect.variables.begin(), dialect.variables.end());
    }

    void run(ParsedTemplate& out)
    {
        while (peek().type != Type::Eof) {
            if (peek().type == Type::LeftDelim) {
                const TemplateToken delim = take();
                if (peekNonSpace().type == Type::Define) {
                    take();
                    out.nodes.push_back(definition(delim));
                    continue;
                }
                put(delim);
            }
            NodePtr node = textOrAction();
            if (m_ending != Ending::None)
                fail(m_ending == Ending::End ? "unexpected {{end}}" : "unexpected {{else}}", *node);
            out.nodes.push_back(std::move(node));
        }
    }

private:
    enum class Ending { None, End, Else };

    [[noreturn]] static void fail(std::string message, std::size_t offset, std::size_t end)
    {
        throw Failure {{std::move(message), offset, end}};
    }
    [[noreturn]] static void fail(std::string message, const TemplateToken& token) { fail(std::move(message), token.offset, token.end); }
    [[noreturn]] static void fail(std::string message, const TemplateNode& node) { fail(std::move(message), node.offset, node.end); }
    [[noreturn]] static void unexpected(const TemplateToken& token, const std::string& where)
    {
        if (token.type == Type::Error)
            fail(token.text, token);
        fail("unexpected " + describe(token) + " in " + where, token);
    }

    /// At the end of the text Go only says "unexpected EOF".
    TemplateToken take()
    {
        if (m_pending.empty())
            return m_lexer.next();
        TemplateToken token = std::move(m_pending.back());
        m_pending.pop_back();
        return token;
    }
    void put(TemplateToken token) { m_pending.push_back(std::move(token)); }
    TemplateToken peek()
    {
        put(take());
        return m_pending.back();
    }
    TemplateToken takeNonSpace()
    {
        TemplateToken token = take();
        while (token.type == Type::Space)
            token = take();
        return token;
    }
    TemplateToken peekNonSpace()
    {
        put(takeNonSpace());
        return m_pending.back();
    }
    TemplateToken expect(Type type, const std::string& context)
    {
        TemplateToken token = takeNonSpace();
        if (token.type != type)
            unexpected(token, context);
        return token;
    }

    static NodePtr make(Kind kind, const TemplateToken& token)
    {
        auto node = std::make_unique<TemplateNode>();
        node->kind = kind;
        node->offset = token.offset;
        node->end = token.end;
        node->text = token.text;
        return node;
    }

    NodePtr textOrAction()
    {
        m_ending = Ending::None;
        TemplateToken token = takeNonSpace();
        switch (token.type) {
        case Type::Text: return make(Kind::Text, token);
        case Type::Comment: return make(Kind::Comment, token);
        case Type::LeftDelim: return action(token);
        default: unexpected(token, "input");
        }
    }

    NodePtr action(const TemplateToken& delim)
    {
        const TemplateToken token = takeNonSpace();
        switch (token.type) {
        case Type::Block: return block(token);
        case Type::Break:
        case Type::Continue: return breakOrContinue(token);
        case Type::Else: {
            m_elseToken = token;
            const TemplateToken after = peekNonSpace();
            const bool chained = after.type == Type::If || (after.type == Type::With && m_dialect.elseWith);
            if (!chained)
                expect(Type::RightDelim, "else");
            m_ending = Ending::Else;
            return make(Kind::Text, token);
        }
        case Type::End:
            expect(Type::RightDelim, "end");
            m_ending = Ending::End;
            return make(Kind::Text, token);
        case Type::If: return control(Kind::If, "if", token);
        case Type::Range: return control(Kind::Range, "range", token);
        case Type::With: return control(Kind::With, "with", token);
        case Type::Template: return invoke(token);
        default: break;
        }
        put(token);
        NodePtr node = make(Kind::Action, delim);
        node->text.clear();
        node->children.push_back(pipeline("command", Type::RightDelim));
        node->end = m_lastEnd;
        return node;
    }

    NodePtr breakOrContinue(const TemplateToken& token)
    {
        const bool isBreak = token.type == Type::Break;
        const std::string name = isBreak ? "{{break}}" : "{{continue}}";
        const TemplateToken close = takeNonSpace();
        if (close.type != Type::RightDelim)
            unexpected(close, name);
        if (m_rangeDepth == 0)
            fail(name + " outside {{range}}", token);
        return make(isBreak ? Kind::Break : Kind::Continue, token);
    }

    /// Nodes up to {{end}} or {{else}}; m_ending says which.
    std::vector<NodePtr> itemList()
    {
        std::vector<NodePtr> list;
        if (++m_depth > kDeepest)
            fail("nested too deep", peek());
        while (peekNonSpace().type != Type::Eof) {
            NodePtr node = textOrAction();
            if (m_ending != Ending::None) {
                --m_depth;
                return list;
            }
            list.push_back(std::move(node));
        }
        fail("unexpected EOF", peek());
    }

    NodePtr control(Kind kind, const std::string& context, const TemplateToken& keyword)
    {
        const std::size_t scope = m_variables.size();
        NodePtr node = make(kind, keyword);
        node->text.clear();
        node->children.push_back(pipeline(context, Type::RightDelim));
        m_rangeDepth += kind == Kind::Range;
        node->body = itemList();
        m_rangeDepth -= kind == Kind::Range;
        if (m_ending == Ending::Else) {
            const TemplateToken after = peekNonSpace();
            if ((kind == Kind::If && after.type == Type::If)
                || (kind == Kind::With && after.type == Type::With && m_dialect.elseWith)) {
                take();
                node->elseBody.push_back(control(kind, context, after));
            } else {
                readElse(*node);
            }
        }
        m_variables.resize(scope);
        m_ending = Ending::None;
        return node;
    }

    void readElse(TemplateNode& node)
    {
        node.elseBody = itemList();
        if (m_ending != Ending::End)
            fail("expected end; found {{else}}", m_elseToken);
    }

    static std::string templateName(const TemplateToken& token, const std::string& context)
    {
        if (token.type != Type::String && token.type != Type::RawString)
            unexpected(token, context);
        return unquoteToken(token);
    }

    static std::string unquoteToken(const TemplateToken& token)
    {
        std::optional<std::string> value = Promql::goUnquote(token.text);
        if (!value)
            fail("invalid syntax", token);
        return *value;
    }

    NodePtr block(const TemplateToken& keyword)
    {
        NodePtr node = make(Kind::Block, keyword);
        const TemplateToken name = takeNonSpace();
        node->text = templateName(name, "block clause");
        node->children.push_back(pipeline("block clause", Type::RightDelim));
        readDefinition(*node, name, "block clause");
        return node;
    }

    NodePtr definition(const TemplateToken& delim)
    {
        NodePtr node = make(Kind::Define, delim);
        const TemplateToken name = takeNonSpace();
        node->text = templateName(name, "define clause");
        expect(Type::RightDelim, "define clause");
        readDefinition(*node, name, "define clause");
        return node;
    }

    /// A definition sees no variables of the outside.
    void readDefinition(TemplateNode& node, const TemplateToken& name, const std::string& context)
    {
        std::vector<std::string> outside = std::exchange(m_variables, {"$"});
        const int rangeDepth = std::exchange(m_rangeDepth, 0);
        node.body = itemList();
        if (m_ending != Ending::End)
            fail("unexpected {{else}} in " + context, m_elseToken);
        m_ending = Ending::None;
        m_variables = std::move(outside);
        m_rangeDepth = rangeDepth;
        // Redefining an empty one is fine for Go.
        const bool empty = std::all_of(node.body.begin(), node.body.end(), [](const NodePtr& child) {
            return child->kind == Kind::Comment
                || (child->kind == Kind::Text && child->text.find_first_not_of(" \t\r\n") == std::string::npos);
        });
        if (!empty && !m_defined.insert(node.text).second)
            fail("template: multiple definition of template " + quoteGo(node.text), name);
    }

    NodePtr invoke(const TemplateToken& keyword)
    {
        NodePtr node = make(Kind::Invoke, keyword);
        const TemplateToken name = takeNonSpace();
        node->text = templateName(name, "template clause");
        node->offset = name.offset;
        node->end = name.end;
        const TemplateToken next = takeNonSpace();
        if (next.type != Type::RightDelim) {
            put(next);
            node->children.push_back(pipeline("template clause", Type::RightDelim));
        }
        return node;
    }

    void declarations(TemplateNode& pipe, const std::string& context)
    {
        while (true) {
            const TemplateToken variable = peekNonSpace();
            if (variable.type != Type::Variable)
                return;
            take();
            const TemplateToken after = peek();
            const TemplateToken next = peekNonSpace();
            const bool comma = next.type == Type::Char && next.text == ",";
            if (next.type != Type::Assign && next.type != Type::Declare && !comma) {
                // peekNonSpace() dropped the blank; it separates operands.
                if (after.type == Type::Space)
                    put(after);
                put(variable);
                return;
            }
            take();
            pipe.variables.push_back(variable.text);
            pipe.text = next.type == Type::Assign ? "=" : ":=";
            m_variables.push_back(variable.text);
            if (!comma)
                return;
            if (context != "range" || pipe.variables.size() >= 2)
                fail("too many declarations in " + context, variable);
            const Type following = peekNonSpace().type;
            if (following != Type::Variable && following != Type::RightDelim && following != Type::RightParen)
                fail("range can only initialize variables", peekNonSpace());
        }
    }

    NodePtr pipeline(const std::string& context, Type end)
    {
        if (++m_depth > kDeepest)
            fail("nested too deep", peek());
        NodePtr pipe = make(Kind::Pipeline, peekNonSpace());
        pipe->text.clear();
        declarations(*pipe, context);
        while (true) {
            const TemplateToken token = takeNonSpace();
            if (token.type == end) {
                m_lastEnd = token.end;
                checkPipeline(*pipe, context, token);
                --m_depth;
                return pipe;
            }
            switch (token.type) {
            case Type::Bool:
            case Type::CharConstant:
            case Type::Dot:
            case Type::Field:
            case Type::Identifier:
            case Type::Number:
            case Type::Nil:
            case Type::RawString:
            case Type::String:
            case Type::Variable:
            case Type::LeftParen:
                put(token);
                pipe->children.push_back(command());
                pipe->end = pipe->children.back()->end;
                break;
            default: unexpected(token, context);
            }
        }
    }

    static void checkPipeline(const TemplateNode& pipe, const std::string& context, const TemplateToken& end)
    {
        if (pipe.children.empty())
            fail("missing value for " + context, end);
        for (std::size_t i = 1; i < pipe.children.size(); ++i) {
            const TemplateNode& first = *pipe.children[i]->children.front();
            if (first.kind == Kind::Bool || first.kind == Kind::Dot || first.kind == Kind::Nil
                || first.kind == Kind::Number || first.kind == Kind::String)
                fail("non executable command in pipeline stage " + std::to_string(i + 1), first);
        }
    }

    NodePtr command()
    {
        NodePtr node = make(Kind::Command, peekNonSpace());
        node->text.clear();
        while (true) {
            peekNonSpace();
            if (NodePtr one = operand()) {
                node->end = one->end;
                node->children.push_back(std::move(one));
            }
            const TemplateToken token = take();
            if (token.type == Type::Space)
                continue;
            if (token.type == Type::RightDelim || token.type == Type::RightParen)
                put(token);
            else if (token.type != Type::Pipe)
                unexpected(token, "operand");
            if (node->children.empty())
                fail("empty command", token);
            return node;
        }
    }

    NodePtr operand()
    {
        NodePtr node = term();
        if (!node || peek().type != Type::Field)
            return node;
        std::vector<std::string> path;
        std::size_t end = node->end;
        while (peek().type == Type::Field) {
            const TemplateToken field = take();
            path.push_back(field.text.substr(1));
            end = field.end;
        }
        switch (node->kind) {
        case Kind::Field:
        case Kind::Variable:
            node->path.insert(node->path.end(), path.begin(), path.end());
            node->end = end;
            return node;
        case Kind::Bool:
        case Kind::String:
        case Kind::Number:
        case Kind::Nil:
        case Kind::Dot: {
            const std::string written = node->kind == Kind::String ? quoteGo(node->text) : node->text;
            fail("unexpected . after term " + quoteGo(written), *node);
        }
        default: break;
        }
        auto chain = std::make_unique<TemplateNode>();
        chain->kind = Kind::Chain;
        chain->offset = node->offset;
        chain->end = end;
        chain->path = std::move(path);
        chain->children.push_back(std::move(node));
        return chain;
    }

    NodePtr term()
    {
        const TemplateToken token = takeNonSpace();
        switch (token.type) {
        case Type::Identifier:
            if (!m_dialect.functions.contains(token.text) && !builtinFunctions().contains(token.text))
                fail("function " + quoteGo(token.text) + " not defined", token);
            return make(Kind::Function, token);
        case Type::Dot: return make(Kind::Dot, token);
        case Type::Nil: return make(Kind::Nil, token);
        case Type::Bool: return make(Kind::Bool, token);
        case Type::Variable:
            if (std::find(m_variables.begin(), m_variables.end(), token.text) == m_variables.end())
                fail("undefined variable " + quoteGo(token.text), token);
            return make(Kind::Variable, token);
        case Type::Field: {
            NodePtr node = make(Kind::Field, token);
            node->path.push_back(token.text.substr(1));
            return node;
        }
        case Type::CharConstant:
            if (!isCharConstant(token.text))
                fail("malformed character constant: " + token.text, token);
            return make(Kind::Number, token);
        case Type::Number:
            if (const std::string problem = numberProblem(token.text); !problem.empty())
                fail(problem, token);
            return make(Kind::Number, token);
        case Type::LeftParen: {
            NodePtr pipe = pipeline("parenthesized pipeline", Type::RightParen);
            pipe->offset = token.offset;
            pipe->end = m_lastEnd;
            return pipe;
        }
        case Type::String:
        case Type::RawString: {
            NodePtr node = make(Kind::String, token);
            node->text = unquoteToken(token);
            return node;
        }
        default: put(token); return nullptr;
        }
    }

    TemplateLexer m_lexer;
    const TemplateDialect& m_dialect;
    std::vector<TemplateToken> m_pending;
    std::vector<std::string> m_variables;
    std::set<std::string> m_defined;
    TemplateToken m_elseToken;
    Ending m_ending = Ending::None;
    int m_rangeDepth = 0;
    int m_depth = 0;
    std::size_t m_lastEnd = 0;
};

TemplateDialect makeRuleDialect(int version)
{
    TemplateDialect dialect;
    dialect.functions = {"query", "first", "label", "value", "strvalue", "args", "reReplaceAll", "safeHtml", "match",
                         "title", "toUpper", "toLower", "graphLink", "tableLink", "sortByLabel", "stripPort",
                         "stripDomain", "humanize", "humanize1024", "humanizeDuration", "humanizePercentage",
                         "humanizeTimestamp", "toTime", "pathPrefix", "externalURL", "parseDuration"};
    if (version >= 2050)
        dialect.functions.insert({"toDuration", "now"});
    if (version >= 3002)
        dialect.functions.insert("urlQueryEscape");
    dialect.variables = {"$labels", "$externalLabels", "$externalURL", "$value"};
    dialect.elseWith = version >= 3000;
    return dialect;
}

TemplateDialect makeNotificationDialect(int version)
{
    TemplateDialect dialect;
    dialect.functions = {"toUpper", "toLower", "title", "join", "match", "safeHtml", "reReplaceAll", "stringSlice"};
    if (version >= 26)
        dialect.functions.insert({"trimSpace", "date", "tz", "since"});
    if (version >= 27)
        dialect.functions.insert("humanizeDuration");
    if (version >= 28)
        dialect.functions.insert({"safeUrl", "urlUnescape"});
    if (version >= 29)
        dialect.functions.insert({"toJson", "dict", "list", "append", "base64encode", "base64decode", "toDate",
                                  "mustToDate", "routeLabels"});
    dialect.elseWith = version >= 28;
    return dialect;
}

const TemplateDialect& cached(std::map<int, TemplateDialect>& store, int version, TemplateDialect (*make)(int))
{
    const auto found = store.find(version);
    return found != store.end() ? found->second : store.emplace(version, make(version)).first->second;
}

} // namespace

ParsedTemplate parseTemplate(std::string_view text, const TemplateDialect& dialect)
{
    ParsedTemplate out;
    try {
        TemplateParser(text, dialect).run(out);
    } catch (const Failure& failure) {
        out.problems.push_back(failure.problem);
    }
    return out;
}

std::shared_ptr<const ParsedTemplate> parsedTemplate(const std::string& text, const TemplateDialect& dialect)
{
    constexpr std::size_t kMostKept = 64;
    thread_local std::unordered_map<std::string, std::shared_ptr<const ParsedTemplate>> known;
    thread_local const TemplateDialect* of = nullptr;
    if (of != &dialect || known.size() >= kMostKept)
        known.clear();
    of = &dialect;
    std::shared_ptr<const ParsedTemplate>& kept = known[text];
    if (!kept)
        kept = std::make_shared<const ParsedTemplate>(parseTemplate(text, dialect));
    return kept;
}

const TemplateDialect& ruleTemplateDialect(int version)
{
    thread_local std::map<int, TemplateDialect> store;
    return cached(store, version, makeRuleDialect);
}

const TemplateDialect& notificationTemplateDialect(int version)
{
    thread_local std::map<int, TemplateDialect> store;
    return cached(store, version, makeNotificationDialect);
}

} // namespace Promdeck::Config
