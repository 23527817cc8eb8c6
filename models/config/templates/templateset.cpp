#include "models/config/templates/templateset.h"
#include "models/config/templates/htmloutput.h"
#include "models/promql/gotext.h"

#include <algorithm>
#include <cmath>

namespace Promdeck::Config {

namespace {

using Kind = TemplateNode::Kind;
using Value = GoValue;
using Nodes = std::vector<std::unique_ptr<TemplateNode>>;

// Go allows 100,000; nobody nests on purpose.
constexpr int kDeepest = 400;
constexpr std::size_t kLongest = 16UL << 20;
constexpr std::size_t kMostSteps = 5000000;

/// Unwinds an execution.
struct Stop
{
    TemplateFailure failure;
};

std::string_view baseName(std::string_view path)
{
    const std::size_t slash = path.rfind('/');
    return slash == std::string_view::npos ? path : path.substr(slash + 1);
}

/// Executes one text. Follows text/template's exec.go in what is evaluated when, and which node is at fault.
class Run
{
public:
    enum class Flow { On, Break, Continue };
    using Source = TemplateSet::Source;

    Run(const TemplateSet& set, const TemplateSet::Definitions& definitions, const GoValue& data, const TemplateEnvironment& environment)
        : m_set(set)
        , m_definitions(definitions)
        , m_data(data)
        , m_environment(environment)
        , m_format(set.kind() == TemplateKind::Rule || set.version() >= 26)
        , m_output(m_format, environment.html)
        , m_call {m_format, environment, data}
    {
    }

    void body(const std::shared_ptr<const Source>& source, const std::string& name, const Nodes& nodes, const Value& dot)
    {
        const auto outerSource = std::exchange(m_source, source);
        const auto outerName = std::exchange(m_name, name);
        walk(nodes, dot);
        m_source = outerSource;
        m_name = outerName;
    }

    void set(const std::string& name, Value value) { m_variables.emplace_back(name, std::move(value)); }
    [[nodiscard]] TemplateOutput& output() { return m_output; }

private:
    void at(const TemplateNode& node) { m_node = &node; }

    [[noreturn]] void fail(std::string message)
    {
        TemplateFailure failure = templateFailureAt(m_source->text, std::move(message), m_node ? goOffset(*m_node) : 0, m_node ? m_node->end : 0);
        if (m_node)
            failure.offset = m_node->offset;
        failure.source = m_source->name;
        failure.name = m_name;
        failure.at = m_node ? printed(*m_node) : std::string();
        throw Stop {std::move(failure)};
    }

    /// Where Go says a node is: fields of fields begin at the second one.
    static std::size_t goOffset(const TemplateNode& node)
    {
        if (node.kind == Kind::Field && node.path.size() > 1)
            return node.offset + 1 + node.path[0].size();
        if (node.kind == Kind::Variable && !node.path.empty())
            return node.offset + node.text.size();
        return node.offset;
    }

    [[nodiscard]] std::string written(const TemplateNode& node) const
    {
        return m_source->text.substr(node.offset, node.end - node.offset);
    }

    [[nodiscard]] std::string printed(const TemplateNode& node) const
    {
        const auto fields = [&node] {
            std::string out;
            for (const std::string& one : node.path)
                out += '.' + one;
            return out;
        };
        const auto list = [this](const Nodes& nodes, const char* between) {
            std::string out;
            for (const auto& one : nodes) {
                const bool pipe = one->kind == Kind::Pipeline;
                out += (out.empty() ? "" : between) + (pipe ? '(' + printed(*one) + ')' : printed(*one));
            }
            return out;
        };
        switch (node.kind) {
        case Kind::Pipeline: {
            std::string names;
            for (const std::string& one : node.variables)
                names += (names.empty() ? "" : ", ") + one;
            return (names.empty() ? names : names + ' ' + node.text + ' ') + list(node.children, " | ");
        }
        case Kind::Command: return list(node.children, " ");
        case Kind::Field: return fields();
        case Kind::Variable: return node.text + fields();
        case Kind::Chain: return list(node.children, "") + fields();
        case Kind::Dot: return ".";
        case Kind::Nil: return "nil";
        case Kind::Function: return node.text;
        case Kind::Invoke: return "{{template " + Promql::goQuote(node.text) + (node.children.empty() ? "" : " " + printed(*node.children[0])) + "}}";
        default: return written(node);
        }
    }

    Flow walk(const Nodes& nodes, const Value& dot)
    {
        for (const auto& node : nodes) {
            const Flow flow = walk(*node, dot);
            if (flow != Flow::On)
                return flow;
        }
        return Flow::On;
    }

    Flow walk(const TemplateNode& node, const Value& dot)
    {
        step();
        switch (node.kind) {
        case Kind::Text: m_output.literal(node.text); return Flow::On;
        case Kind::Action: {
            at(node);
            const TemplateNode& pipe = *node.children[0];
            const Value value = pipeline(pipe, dot);
            if (pipe.variables.empty())
                m_output.value(value, isEscaper(pipe));
            return Flow::On;
        }
        case Kind::If:
        case Kind::With: return branch(node, dot);
        case Kind::Range: return range(node, dot);
        case Kind::Break: return Flow::Break;
        case Kind::Continue: return Flow::Continue;
        case Kind::Block:
        case Kind::Invoke: invoke(node, dot); return Flow::On;
        default: return Flow::On;
        }
    }

    void step()
    {
        if (++m_steps > kMostSteps)
            fail("the template does not come to an end");
        if (m_output.text().size() > kLongest)
            fail("the template writes too much");
    }

    static bool isEscaper(const TemplateNode& pipe)
    {
        const TemplateNode& last = *pipe.children.back()->children.front();
        return last.kind == Kind::Function && (last.text == "html" || last.text == "urlquery");
    }

    Flow branch(const TemplateNode& node, const Value& dot)
    {
        const std::size_t depth = m_variables.size();
        const Value value = pipeline(*node.children[0], dot);
        Flow flow = Flow::On;
        if (value.truth())
            flow = walk(node.body, node.kind == Kind::With ? value : dot);
        else
            flow = walk(node.elseBody, dot);
        m_variables.resize(depth);
        return flow;
    }

    Flow range(const TemplateNode& node, const Value& dot)
    {
        const std::size_t outside = m_variables.size();
        const TemplateNode& pipe = *node.children[0];
        at(node);
        const Value value = pipeline(pipe, dot);
        const std::size_t mark = m_variables.size();
        bool any = false;
        const auto one = [&](const Value& index, const Value& element) {
            any = true;
            const std::size_t count = pipe.variables.size();
            if (count > 0) {
                if (pipe.text == "=") {
                    assign(pipe.variables[0], count > 1 ? index : element);
                    if (count > 1)
                        assign(pipe.variables[1], element);
                } else {
                    m_variables[mark - count].second = count > 1 ? index : element;
                    if (count > 1)
                        m_variables[mark - 1].second = element;
                }
            }
            const Flow flow = walk(node.body, element);
            m_variables.resize(mark);
            return flow != Flow::Break;
        };
        switch (value.kind()) {
        case Value::Kind::List: {
            std::int64_t i = 0;
            for (const Value& item : value.items()) {
                if (!one(Value::integer(i++), item))
                    break;
            }
            break;
        }
        case Value::Kind::Map:
            for (const auto& [key, item] : value.entries()) {
                if (!one(Value::string(key), item))
                    break;
            }
            break;
        case Value::Kind::Int:
            if (m_set.kind() == TemplateKind::Notification ? m_set.version() < 28 : m_set.version() < 3000)
                fail("range can't iterate over " + m_format.print(value));
            for (std::int64_t i = 0; i < value.toInt(); ++i) {
                if (!one(Value::integer(i), Value::integer(i)))
                    break;
            }
            break;
        case Value::Kind::Invalid:
        case Value::Kind::Nil: break;
        default: fail("range can't iterate over " + m_format.print(value));
        }
        Flow flow = Flow::On;
        if (!any)
            flow = walk(node.elseBody, dot);
        m_variables.resize(outside);
        return flow;
    }

    void invoke(const TemplateNode& node, const Value& dot)
    {
        at(node);
        const auto found = m_definitions.find(node.text);
        const OwnTemplate own = found == m_definitions.end() && m_set.kind() == TemplateKind::Notification
            ? findOwnTemplate(node.text, m_set.version()) : nullptr;
        if (found == m_definitions.end() && !own)
            fail("template " + Promql::goQuote(node.text) + " not defined");
        if (m_depth >= kDeepest)
            fail("exceeded maximum template depth (" + std::to_string(kDeepest) + ')');
        const Value value = node.children.empty() ? Value() : pipeline(*node.children[0], dot);
        if (own) {
            try {
                m_output.value(Value::string(own(value)), false);
            } catch (const GoFunctionError& error) {
                fail(error.message);
            }
            return;
        }
        ++m_depth;
        auto outer = std::exchange(m_variables, {{"$", value}});
        body(found->second.source, node.text, *found->second.body, value);
        m_variables = std::move(outer);
        --m_depth;
    }

    void assign(const std::string& name, const Value& value)
    {
        for (auto one = m_variables.rbegin(); one != m_variables.rend(); ++one) {
            if (one->first == name) {
                one->second = value;
                return;
            }
        }
        fail("undefined variable: " + name);
    }

    Value variable(const std::string& name)
    {
        for (auto one = m_variables.rbegin(); one != m_variables.rend(); ++one) {
            if (one->first == name)
                return one->second;
        }
        fail("undefined variable: " + name);
    }

    Value pipeline(const TemplateNode& pipe, const Value& dot)
    {
        at(pipe);
        std::optional<Value> value;
        for (const auto& command : pipe.children)
            value = this->command(*command, dot, value);
        for (const std::string& name : pipe.variables) {
            if (pipe.text == "=" && pipe.variables.size() == 1)
                assign(name, *value);
            else if (pipe.text != "=")
                m_variables.emplace_back(name, *value);
        }
        return *value;
    }

    using Final = std::optional<Value>;

    Value command(const TemplateNode& command, const Value& dot, const Final& final)
    {
        step();
        const TemplateNode& first = *command.children.front();
        switch (first.kind) {
        case Kind::Field: return fieldNode(first, dot, &command, final);
        case Kind::Chain: return chain(first, dot, &command, final);
        case Kind::Function: return function(first, command, dot, final);
        case Kind::Pipeline: notAFunction(command, final); return pipeline(first, dot);
        case Kind::Variable: return variableNode(first, dot, &command, final);
        default: break;
        }
        at(first);
        notAFunction(command, final);
        if (first.kind == Kind::Nil)
            fail("nil is not a command");
        return literal(first, dot);
    }

    Value literal(const TemplateNode& node, const Value& dot)
    {
        switch (node.kind) {
        case Kind::Dot: return dot;
        case Kind::Bool: return Value::boolean(node.text == "true");
        case Kind::String: return Value::string(node.text);
        case Kind::Number: return constant(node);
        default: fail("can't evaluate command " + Promql::goQuote(printed(node)));
        }
    }

    struct Number
    {
        bool isInt = false;
        bool isFloat = true;
        std::int64_t integer = 0;
        double real = 0;
    };
    Number number(const TemplateNode& node)
    {
        Number out;
        std::string text = written(node);
        if (text.front() == '\'') {
            const auto unquoted = Promql::goUnquote(text);
            const Promql::Rune rune = unquoted && !unquoted->empty() ? Promql::decodeUtf8(*unquoted, 0) : Promql::Rune {};
            return {true, true, std::int64_t(rune.value), double(rune.value)};
        }
        const bool negative = text.front() == '-';
        if (negative || text.front() == '+')
            text.erase(0, 1);
        if (!text.empty() && text.back() == 'i')
            fail("complex numbers are not for templates");
        std::erase(text, '_');
        const bool prefixed = text.size() > 1 && text[0] == '0';
        const bool floating = text.find_first_of(prefixed && (text[1] | 0x20) == 'x' ? ".pP" : ".eE") != std::string::npos;
        if (floating) {
            out.real = std::strtod(text.c_str(), nullptr) * (negative ? -1 : 1);
            out.isInt = std::floor(out.real) == out.real && std::fabs(out.real) < 9e15;
            out.integer = out.isInt ? std::int64_t(out.real) : 0;
            return out;
        }
        int base = 10;
        std::size_t skip = 0;
        if (prefixed) {
            const char letter = char(text[1] | 0x20);
            base = letter == 'x' ? 16 : letter == 'b' ? 2 : 8;
            skip = letter == 'x' || letter == 'b' || letter == 'o' ? 2 : 1;
        }
        errno = 0;
        const unsigned long long size = std::strtoull(text.c_str() + skip, nullptr, base);
        out.isInt = errno == 0 && size <= (negative ? 9223372036854775808ULL : 9223372036854775807ULL);
        out.integer = out.isInt ? std::int64_t(negative ? 0 - size : size) : 0;
        out.real = (negative ? -1 : 1) * double(size);
        return out;
    }

    Value constant(const TemplateNode& node)
    {
        at(node);
        const Number found = number(node);
        const std::string text = written(node);
        const bool hex = text.find_first_of("xX") != std::string::npos;
        if (text.front() != '\'' && !(hex && text.find_first_of("pP") == std::string::npos) && text.find_first_of(".eEpP") != std::string::npos)
            return Value::number(found.real);
        if (!found.isInt)
            fail(text + " overflows int");
        return Value::integer(found.integer);
    }

    void notAFunction(const TemplateNode& command, const Final& final)
    {
        if (command.children.size() > 1 || final)
            fail("can't give argument to non-function " + printed(*command.children.front()));
    }

    Value fieldNode(const TemplateNode& node, const Value& dot, const TemplateNode* command, const Final& final)
    {
        at(node);
        return fields(dot, dot, node, node.path, command, final);
    }

    Value variableNode(const TemplateNode& node, const Value& dot, const TemplateNode* command, const Final& final)
    {
        at(node);
        const Value value = variable(node.text);
        if (node.path.empty()) {
            if (command)
                notAFunction(*command, final);
            return value;
        }
        return fields(dot, value, node, node.path, command, final);
    }

    Value chain(const TemplateNode& node, const Value& dot, const TemplateNode* command, const Final& final)
    {
        at(node);
        if (node.children[0]->kind == Kind::Nil)
            fail("indirection through explicit nil in " + printed(node));
        const Value value = argument(*node.children[0], dot, GoParam::Any);
        return fields(dot, value, node, node.path, command, final);
    }

    Value fields(const Value& dot, Value receiver, const TemplateNode& node, const std::vector<std::string>& path, const TemplateNode* command, const Final& final)
    {
        for (std::size_t i = 0; i < path.size(); ++i) {
            const bool last = i + 1 == path.size();
            receiver = field(dot, path[i], node, last ? command : nullptr, last ? final : Final(), receiver);
        }
        return receiver;
    }

    Value field(const Value& dot, const std::string& name, const TemplateNode& node, const TemplateNode* command, const Final& final, const Value& receiver)
    {
        if (!receiver.isValid() || receiver.is(Value::Kind::Nil))
            return {};
        if (const GoFunction* method = findMethod(receiver.type(), name))
            return callFunction(*method, name, node, command, dot, final, &receiver);
        const bool hasArguments = (command && command->children.size() > 1) || final;
        if (receiver.is(Value::Kind::Struct)) {
            if (const Value* found = receiver.field(name)) {
                if (hasArguments)
                    fail(name + " has arguments but cannot be invoked as function");
                return *found;
            }
        } else if (receiver.is(Value::Kind::Map)) {
            if (hasArguments)
                fail(name + " is not a method but has arguments");
            const Value* found = receiver.entry(name);
            return found ? *found : zeroOf(receiver.element());
        }
        fail("can't evaluate field " + name + " in type " + receiver.type());
    }

    Value function(const TemplateNode& node, const TemplateNode& command, const Value& dot, const Final& final)
    {
        at(node);
        const GoFunction* own = m_set.kind() == TemplateKind::Rule ? findRuleFunction(node.text) : findNotificationFunction(node.text);
        const GoFunction* found = own ? own : findBuiltin(node.text);
        if (!found)
            fail(Promql::goQuote(node.text) + " is not a defined function");
        return callFunction(*found, node.text, command, &command, dot, final, nullptr);
    }

    Value callFunction(const GoFunction& function, const std::string& name, const TemplateNode& node, const TemplateNode* command, const Value& dot,
                       const Final& final, const Value* receiver)
    {
        std::size_t count = command ? command->children.size() - 1 : 0;
        const std::size_t given = count + (final ? 1 : 0);
        const std::size_t fixed = function.variadic ? function.parameters.size() - 1 : function.parameters.size();
        if (function.variadic && given < fixed)
            fail("wrong number of args for " + name + ": want at least " + std::to_string(fixed) + " got " + std::to_string(given));
        if (!function.variadic && given != fixed)
            fail("wrong number of args for " + name + ": want " + std::to_string(fixed) + " got " + std::to_string(given));
        if (!function.run) { // and, or: as far as needed
            Value value;
            for (std::size_t i = 0; i < count; ++i) {
                value = argument(*command->children[i + 1], dot, GoParam::Any);
                if (value.truth() == (name == "or"))
                    return value;
            }
            return final ? *final : value;
        }
        std::vector<Value> arguments;
        if (receiver)
            arguments.push_back(*receiver);
        const auto parameter = [&](std::size_t i) { return i < function.parameters.size() ? function.parameters[i] : function.parameters.back(); };
        for (std::size_t i = 0; i < count; ++i)
            arguments.push_back(argument(*command->children[i + 1], dot, parameter(i)));
        if (final)
            arguments.push_back(checked(*final, parameter(count)));
        try {
            return function.run(arguments, m_call);
        } catch (const GoFunctionError& error) {
            at(node);
            fail("error calling " + name + ": " + error.message);
        }
    }

    static bool isAssignable(const Value& value, GoParam param)
    {
        switch (param) {
        case GoParam::Any: return true;
        case GoParam::Strings: return value.is(Value::Kind::List) && value.element() == "string";
        case GoParam::List: return value.is(Value::Kind::List) && value.element() == "interface {}";
        default: return value.type() == paramName(param);
        }
    }

    Value checked(const Value& value, GoParam param)
    {
        if (param == GoParam::Any)
            return value;
        if (!value.isValid())
            fail("invalid value; expected " + std::string(paramName(param)));
        if (!isAssignable(value, param))
            fail("wrong type for value; expected " + std::string(paramName(param)) + "; got " + value.type());
        return value;
    }

    Value argument(const TemplateNode& node, const Value& dot, GoParam param)
    {
        at(node);
        switch (node.kind) {
        case Kind::Dot: return checked(dot, param);
        case Kind::Nil:
            if (param != GoParam::Any && param != GoParam::Strings && param != GoParam::List && param != GoParam::Query && param != GoParam::Sample)
                fail("cannot assign nil to " + std::string(paramName(param)));
            return Value::nil();
        case Kind::Field: return checked(fieldNode(node, dot, nullptr, {}), param);
        case Kind::Variable: return checked(variableNode(node, dot, nullptr, {}), param);
        case Kind::Pipeline: return checked(pipeline(node, dot), param);
        case Kind::Chain: return checked(chain(node, dot, nullptr, {}), param);
        case Kind::Function: {
            // A function without arguments of its own.
            at(node);
            TemplateNode alone;
            const GoFunction* own = m_set.kind() == TemplateKind::Rule ? findRuleFunction(node.text) : findNotificationFunction(node.text);
            const GoFunction* found = own ? own : findBuiltin(node.text);
            if (!found)
                fail(Promql::goQuote(node.text) + " is not a defined function");
            return checked(callFunction(*found, node.text, node, nullptr, dot, {}, nullptr), param);
        }
        default: break;
        }
        const auto expected = [&](const char* what) { fail(std::string("expected ") + what + "; found " + printed(node)); };
        switch (param) {
        case GoParam::Any: return literal(node, dot);
        case GoParam::String:
            if (node.kind != Kind::String)
                expected("string");
            return Value::string(node.text);
        case GoParam::Int:
        case GoParam::Duration: {
            if (node.kind != Kind::Number || !number(node).isInt)
                expected("integer");
            return param == GoParam::Int ? Value::integer(number(node).integer) : Value::duration(number(node).integer);
        }
        case GoParam::Float:
            if (node.kind != Kind::Number)
                expected("float");
            return Value::number(number(node).real);
        default: fail("can't handle " + printed(node) + " for arg of type " + std::string(paramName(param)));
        }
    }

    const TemplateSet& m_set;
    const TemplateSet::Definitions& m_definitions;
    const GoValue& m_data;
    const TemplateEnvironment& m_environment;
    GoFormat m_format;
    TemplateOutput m_output;
    GoCall m_call;
    std::vector<std::pair<std::string, Value>> m_variables;
    std::shared_ptr<const Source> m_source;
    std::string m_name;
    const TemplateNode* m_node = nullptr;
    std::size_t m_steps = 0;
    int m_depth = 0;
};

} // namespace

std::string TemplateFailure::goText() const
{
    const std::string base(baseName(source));
    if (at.empty())
        return "template: " + base + ':' + std::to_string(line) + ": " + message;
    return "template: " + base + ':' + std::to_string(line) + ':' + std::to_string(goColumn) + ": executing " + Promql::goQuote(name) + " at <" + at + ">: " + message;
}

TemplateFailure templateFailureAt(std::string_view text, std::string message, std::size_t offset, std::size_t end)
{
    TemplateFailure out;
    out.message = std::move(message);
    out.offset = std::min(offset, text.size());
    out.end = std::max(out.offset, std::min(end, text.size()));
    const std::string_view before = text.substr(0, out.offset);
    out.line = 1 + int(std::count(before.begin(), before.end(), '\n'));
    const std::size_t start = before.rfind('\n') == std::string_view::npos ? 0 : before.rfind('\n') + 1;
    out.goColumn = int(out.offset - start);
    out.column = 1 + int(std::count_if(before.begin() + std::ptrdiff_t(start), before.end(), [](char c) { return (static_cast<unsigned char>(c) & 0xC0) != 0x80; }));
    return out;
}

GoValue ruleTemplateData(const std::map<std::string, std::string, std::less<>>& labels,
                         const std::map<std::string, std::string, std::less<>>& externalLabels, const std::string& externalUrl, double value)
{
    const auto map = [](const auto& from) {
        GoValue::Map out;
        for (const auto& [name, text] : from)
            out[name] = GoValue::string(text);
        return GoValue::map(std::move(out), "string");
    };
    return GoValue::record({{"Labels", map(labels)}, {"ExternalLabels", map(externalLabels)}, {"ExternalURL", GoValue::string(externalUrl)}, {"Value", GoValue::number(value)}},
                           "struct { Labels map[string]string; ExternalLabels map[string]string; ExternalURL string; Value interface {} }");
}

TemplateSet::TemplateSet(TemplateKind kind, int version) : m_kind(kind), m_version(version) {}

const TemplateDialect& TemplateSet::dialect() const
{
    return m_kind == TemplateKind::Rule ? ruleTemplateDialect(m_version) : notificationTemplateDialect(m_version);
}

void TemplateSet::define(Definitions& into, const std::shared_ptr<const Source>& source, const Nodes& nodes)
{
    visitTemplate(nodes, [&](const TemplateNode& node) {
        if (node.kind != Kind::Define && node.kind != Kind::Block)
            return;
        // An empty one does not replace what is there.
        const bool empty = std::all_of(node.body.begin(), node.body.end(), [](const auto& child) {
            return child->kind == Kind::Comment || (child->kind == Kind::Text && child->text.find_first_not_of(" \t\r\n") == std::string::npos);
        });
        if (!empty || !into.contains(node.text))
            into[node.text] = {source, &node.body};
    });
}

std::optional<TemplateFailure> TemplateSet::add(const std::string& name, const std::string& text)
{
    auto source = std::make_shared<Source>();
    source->name = name;
    source->text = text;
    source->parsed = parseTemplate(source->text, dialect());
    if (!source->parsed.ok()) {
        const TemplateProblem& problem = source->parsed.problems.front();
        TemplateFailure failure = templateFailureAt(text, problem.message, problem.offset, problem.end);
        failure.source = name;
        return failure;
    }
    define(m_definitions, source, source->parsed.nodes);
    // A file is a template of its own name as well.
    m_definitions.try_emplace(std::string(baseName(name)), Definition {source, &source->parsed.nodes});
    return {};
}

std::vector<std::string> TemplateSet::names() const
{
    std::vector<std::string> out = m_kind == TemplateKind::Notification ? ownTemplateNames(m_version) : std::vector<std::string>();
    for (const auto& [name, definition] : m_definitions) {
        if (std::find(out.begin(), out.end(), name) == out.end())
            out.push_back(name);
    }
    std::sort(out.begin(), out.end());
    return out;
}

TemplateOutcome TemplateSet::render(const std::string& text, const GoValue& data, const TemplateEnvironment& environment) const
{
    TemplateOutcome out;
    auto source = std::make_shared<Source>();
    source->text = text;
    source->parsed = parseTemplate(source->text, dialect());
    if (!source->parsed.ok()) {
        const TemplateProblem& problem = source->parsed.problems.front();
        out.failure = templateFailureAt(text, problem.message, problem.offset, problem.end);
        return out;
    }
    Definitions all = m_definitions;
    define(all, source, source->parsed.nodes);
    Run run(*this, all, data, environment);
    run.set("$", data);
    if (m_kind == TemplateKind::Rule) {
        for (const auto& [variable, field] : {std::pair("$labels", "Labels"), std::pair("$externalLabels", "ExternalLabels"), std::pair("$externalURL", "ExternalURL"), std::pair("$value", "Value")}) {
            const GoValue* value = data.field(field);
            run.set(variable, value ? *value : GoValue());
        }
    }
    try {
        run.body(source, "", source->parsed.nodes, data);
    } catch (const Stop& stop) {
        out.failure = stop.failure;
    } catch (const GoQueryNeeded& needed) {
        out.neededQuery = needed.expression;
    }
    out.text = run.output().take();
    return out;
}

} // namespace Promdeck::Config
