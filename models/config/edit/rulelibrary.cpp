#include "models/config/edit/rulelibrary.h"
#include "models/config/edit/assist.h"
#include "models/config/embedded.h"
#include "models/core/json.h"
#include "models/promql/gotext.h"

#include <QFile>

#include <algorithm>

// Resources of a static library have to be asked for.
static void registerRules()
{
    Q_INIT_RESOURCE(rule_packs);
}

namespace Promdeck::Config {

using namespace Qt::StringLiterals;

namespace {

std::string readResource(const QString& name)
{
    QFile file(u":/promdeck/rules/"_s + name);
    return file.open(QIODevice::ReadOnly) ? file.readAll().toStdString() : std::string();
}

/// The lines of an item of a list, without its "- " and the blanks in front.
std::string itemText(const std::string& text, std::size_t start, std::size_t end)
{
    const std::size_t lineStart = text.rfind('\n', start) + 1;
    const std::size_t indent = start - lineStart;
    std::string out;
    for (std::size_t at = start; at < end;) {
        const std::size_t next = std::min(text.find('\n', at), end);
        std::size_t from = at;
        if (at != start)
            from = std::min(at + indent, next);
        out += text.substr(from, next - from) + '\n';
        at = next + 1;
    }
    while (!out.empty() && (out.back() == '\n' || out.back() == ' '))
        out.pop_back();
    return out;
}

struct ItemView
{
    YamlDocument document;
    const YamlNode* root = nullptr;
    explicit ItemView(std::string_view yaml) : document(YamlDocument::parse(yaml)), root(document.root()) {}
    [[nodiscard]] const YamlEntry* entry(std::string_view key) const { return root && root->isMapping() ? root->find(key) : nullptr; }
};

/// Where the number stands that the outermost comparison compares with; nothing when there is none.
std::optional<TextSpan> thresholdSpan(const ItemView& item)
{
    const YamlEntry* expression = item.entry("expr");
    if (!expression || !expression->value->isScalar())
        return {};
    const Promql::ParseResult parsed = Promql::parse(expression->value->value);
    if (!parsed.ok())
        return {};
    const Promql::Node& root = parsed.ast.at(parsed.ast.root);
    const bool compares = root.kind == Promql::NodeKind::Binary && Promql::isComparison(root.op);
    if (!compares || parsed.ast.at(root.rhs).kind != Promql::NodeKind::Number)
        return {};
    const Promql::ByteRange range = parsed.ast.at(root.rhs).range;
    // States compared with one or zero are no thresholds.
    if (root.op == Promql::Tok::Eqlc || root.op == Promql::Tok::Neq)
        return {};
    return spanInScalar(item.document, *expression->value, range.start, range.end);
}

std::optional<TextSpan> spanOf(const ItemView& item, const QString& parameter)
{
    if (parameter == u"threshold")
        return thresholdSpan(item);
    if (parameter == u"for") {
        const YamlEntry* entry = item.entry("for");
        return entry ? std::optional(entry->valueSpan) : std::nullopt;
    }
    const YamlEntry* labels = item.entry("labels");
    const YamlEntry* severity = labels && labels->value->isMapping() ? labels->value->find("severity") : nullptr;
    return severity ? std::optional(severity->valueSpan) : std::nullopt;
}

QString complaint(const QString& parameter, const QString& value)
{
    const std::string text = value.toStdString();
    if (parameter == u"threshold" && !Promql::parseNumber(text.starts_with('-') ? text.substr(1) : text).error.empty())
        return u"%1 is not a number"_s.arg(value);
    if (parameter == u"for" && !Promql::parseDuration(text).error.empty() && value != u"0")
        return u"%1 is not a duration"_s.arg(value);
    if (parameter == u"severity" && (value.isEmpty() || value.contains(u'\n')))
        return u"a severity is a word"_s;
    return {};
}

} // namespace

const RuleLibrary& RuleLibrary::instance()
{
    static const RuleLibrary library;
    return library;
}

RuleLibrary::RuleLibrary()
{
    registerRules();
    const Json index = Json::parse(QByteArray::fromStdString(readResource(u"index.json"_s))).valueOr({});
    for (const Json& one : index[u"packs"].items()) {
        RulePack pack {one[u"name"].toString(), one[u"title"].toString(), one[u"exporter"].toString(), {}};
        const std::string text = readResource(pack.name + u".yml"_s);
        std::map<std::string, std::size_t> starts;
        std::vector<std::size_t> order;
        for (const ConfigSymbol& symbol : symbolsOf(text, FileKind::Rules)) {
            if (symbol.kind != ConfigSymbol::Kind::Alert && symbol.kind != ConfigSymbol::Kind::Record)
                continue;
            // From the key behind "- ".
            const std::size_t dash = text.find("- ", symbol.ruleOffset);
            starts[symbol.name] = dash + 2;
            order.push_back(dash);
        }
        for (const Json& entry : one[u"rules"].items()) {
            ReadyRule rule;
            rule.pack = pack.name;
            rule.name = entry[u"name"].toString();
            rule.title = entry[u"title"].toString();
            rule.isAlert = entry[u"kind"].toString() == u"alert";
            for (const Json& metric : entry[u"metrics"].items())
                rule.metrics.append(metric.toString());
            for (const Json& parameter : entry[u"parameters"].items())
                rule.parameters.push_back({parameter[u"name"].toString(), parameter[u"default"].toString()});
            const auto start = starts.find(rule.name.toStdString());
            if (start == starts.end())
                continue;
            const auto next = std::upper_bound(order.begin(), order.end(), start->second);
            rule.yaml = itemText(text, start->second, next == order.end() ? text.size() : text.rfind('\n', *next));
            const ItemView item(rule.yaml);
            const YamlEntry* annotations = item.entry("annotations");
            const YamlEntry* summary = annotations ? annotations->value->find("summary") : item.entry("expr");
            if (summary)
                rule.summary = QString::fromStdString(summary->value->value).simplified();
            pack.rules.push_back(std::move(rule));
        }
        m_packs.push_back(std::move(pack));
    }
}

const ReadyRule* RuleLibrary::find(const QString& pack, const QString& name) const
{
    for (const RulePack& one : m_packs) {
        for (const ReadyRule& rule : one.rules) {
            if (one.name == pack && rule.name == name)
                return &rule;
        }
    }
    return nullptr;
}

std::vector<const ReadyRule*> RuleLibrary::fitting(const std::set<QString>& metrics) const
{
    std::vector<const ReadyRule*> out;
    for (const RulePack& pack : m_packs) {
        for (const ReadyRule& rule : pack.rules) {
            if (std::all_of(rule.metrics.begin(), rule.metrics.end(), [&metrics](const QString& one) { return metrics.contains(one); }))
                out.push_back(&rule);
        }
    }
    return out;
}

Result<std::string> RuleLibrary::text(const ReadyRule& rule, const std::map<QString, QString>& values)
{
    const ItemView item(rule.yaml);
    TextEdits edits;
    for (const auto& [name, value] : values) {
        const bool known = std::any_of(rule.parameters.begin(), rule.parameters.end(), [&name = name](const RuleParameter& one) { return one.name == name; });
        const std::optional<TextSpan> span = known ? spanOf(item, name) : std::nullopt;
        if (!span)
            return makeError(ErrorCode::InvalidArgument, u"%1 has no parameter %2"_s.arg(rule.name, name));
        if (const QString problem = complaint(name, value); !problem.isEmpty())
            return makeError(ErrorCode::InvalidArgument, problem);
        edits.push_back({span->start.offset, span->end.offset, value.toStdString()});
    }
    return applyEdits(rule.yaml, std::move(edits));
}

Result<std::string> RuleLibrary::insert(std::string_view file, const ReadyRule& rule, const std::map<QString, QString>& values)
{
    const Result<std::string> lines = text(rule, values);
    if (!lines)
        return lines.error();
    std::vector<std::string> path {"groups"};
    std::string item = *lines;
    std::size_t index = 0;
    for (const ConfigSymbol& symbol : symbolsOf(file, FileKind::Rules)) {
        if (symbol.kind != ConfigSymbol::Kind::Group)
            continue;
        if (symbol.name == rule.pack.toStdString())
            path = {"groups", std::to_string(index), "rules"};
        ++index;
    }
    if (path.size() == 1) {
        item = "name: " + rule.pack.toStdString() + "\nrules:\n  - ";
        for (const char c : *lines)
            item += c == '\n' ? std::string("\n    ") : std::string(1, c);
    }
    const std::optional<TextEdits> edits = appendItem(file, path, item);
    if (!edits)
        return makeError(ErrorCode::Syntax, u"the rule file does not parse"_s, {}, u"mend its errors first"_s);
    return applyEdits(file, *edits);
}

} // namespace Promdeck::Config
