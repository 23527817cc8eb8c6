#include "models/config/edit/assist.h"

#include "models/config/embedded.h"
#include "models/promql/printer.h"

#include <algorithm>

namespace Promdeck::Config {

namespace {

const YamlNode* asMapping(const YamlNode* node)
{
    return node && node->isMapping() ? node : nullptr;
}

/// The mapping of the rule that holds a place, and its group.
const YamlNode* findRule(const YamlDocument& document, std::size_t offset, const YamlNode** group)
{
    const YamlNode* root = asMapping(document.root());
    const YamlEntry* groups = root ? root->find("groups") : nullptr;
    if (!groups || !groups->value->isSequence())
        return nullptr;
    const YamlNode* best = nullptr;
    for (const YamlItem& item : groups->value->items) {
        const YamlEntry* rules = item.value->isMapping() ? item.value->find("rules") : nullptr;
        if (!rules || !rules->value->isSequence())
            continue;
        for (const YamlItem& rule : rules->value->items) {
            // A rule reaches to the beginning of the next one.
            if (rule.value->isMapping() && rule.value->span.start.offset <= offset + 4) {
                best = rule.value;
                *group = item.value;
            }
        }
    }
    return best;
}

std::string scalarOf(const YamlNode& mapping, std::string_view key)
{
    const YamlEntry* entry = mapping.find(key);
    return entry && entry->value->isScalar() ? entry->value->value : std::string();
}

std::vector<std::pair<std::string, std::string>> pairsOf(const YamlNode& mapping, std::string_view key)
{
    std::vector<std::pair<std::string, std::string>> out;
    const YamlEntry* entry = mapping.find(key);
    if (entry && entry->value->isMapping()) {
        for (const YamlEntry& one : entry->value->entries) {
            if (one.key->isScalar() && one.value->isScalar())
                out.emplace_back(one.key->value, one.value->value);
        }
    }
    return out;
}

std::size_t lineStart(std::string_view text, std::size_t offset)
{
    const std::size_t before = offset == 0 ? std::string_view::npos : text.rfind('\n', offset - 1);
    return before == std::string_view::npos ? 0 : before + 1;
}

std::size_t lineEnd(std::string_view text, std::size_t offset)
{
    const std::size_t end = text.find('\n', offset);
    return end == std::string_view::npos ? text.size() : end;
}

std::string lineBreakOf(std::string_view text)
{
    const std::size_t end = text.find('\n');
    return end != std::string_view::npos && end > 0 && text[end - 1] == '\r' ? "\r\n" : "\n";
}

/// `lines` indented, its first line behind "- ".
std::string asItem(std::string_view lines, std::size_t column, const std::string& lineBreak)
{
    std::string out;
    bool first = true;
    while (!lines.empty()) {
        const std::size_t end = lines.find('\n');
        const std::string_view line = lines.substr(0, end);
        if (first)
            out += std::string(column, ' ') + "- ";
        else if (!line.empty())
            out += std::string(column + 2, ' ');
        out += line;
        out += lineBreak;
        first = false;
        lines.remove_prefix(end == std::string_view::npos ? lines.size() : end + 1);
    }
    return out;
}

} // namespace

std::string yamlScalar(std::string_view value)
{
    const std::string plain(value);
    const bool odd = value.find_first_of("\n\t\"\\") != std::string_view::npos;
    if (!odd && !value.empty()) {
        const std::string probe = "k: " + plain + "\n";
        const YamlDocument document = YamlDocument::parse(probe);
        const YamlNode* root = asMapping(document.root());
        const YamlEntry* entry = document.ok() && root ? root->find("k") : nullptr;
        const bool same = entry && entry->value->isScalar() && entry->value->value == plain && entry->value->tag.empty();
        if (same && resolveScalar(*entry->value, YamlDialect::V3).type == ResolvedScalar::Type::String
            && value.find_first_of("{}[],") == std::string_view::npos)
            return plain;
    }
    if (!odd) {
        std::string out = "'";
        for (const char c : value)
            out += c == '\'' ? std::string("''") : std::string(1, c);
        return out + "'";
    }
    std::string out = "\"";
    for (const char c : value) {
        if (c == '\n')
            out += "\\n";
        else if (c == '\t')
            out += "\\t";
        else if (c == '"' || c == '\\')
            (out += '\\') += c;
        else
            out += c;
    }
    return out + "\"";
}

std::optional<RuleAt> ruleAt(const YamlDocument& document, std::size_t offset)
{
    const YamlNode* group = nullptr;
    const YamlNode* rule = findRule(document, offset, &group);
    if (!rule)
        return {};
    RuleAt out;
    out.name = scalarOf(*rule, "alert");
    out.isAlert = !out.name.empty();
    if (!out.isAlert)
        out.name = scalarOf(*rule, "record");
    const YamlEntry* expression = rule->find("expr");
    if (expression && expression->value->isScalar()) {
        out.expression = expression->value->value;
        out.expressionSpan = expression->value->span;
    }
    out.forText = scalarOf(*rule, "for");
    out.keepFiringText = scalarOf(*rule, "keep_firing_for");
    out.groupInterval = scalarOf(*group, "interval");
    out.labels = pairsOf(*rule, "labels");
    out.annotations = pairsOf(*rule, "annotations");
    out.offset = rule->span.start.offset;
    return out;
}

std::optional<TextEdits> editRuleFor(std::string_view text, std::size_t offset, std::string_view duration)
{
    const YamlDocument document = YamlDocument::parse(text);
    const YamlNode* group = nullptr;
    const YamlNode* rule = document.ok() ? findRule(document, offset, &group) : nullptr;
    if (!rule || rule->entries.empty())
        return {};
    if (const YamlEntry* entry = rule->find("for")) {
        if (!entry->value->isScalar() || entry->valueSpan != entry->value->span)
            return {}; // an alias: others would change with it
        return TextEdits {{entry->value->span.start.offset, entry->value->span.end.offset, std::string(duration)}};
    }
    const YamlEntry* expression = rule->find("expr");
    if (!expression || rule->style == YamlNode::Style::Flow)
        return {};
    const std::size_t column = expression->key->span.start.offset - lineStart(text, expression->key->span.start.offset);
    // Behind the expression: in front of the next key, or where the rule ends.
    std::size_t at = std::string_view::npos;
    for (const YamlEntry& entry : rule->entries) {
        const std::size_t start = entry.key->span.start.offset;
        if (start > expression->key->span.start.offset) {
            at = lineStart(text, start);
            break;
        }
    }
    const std::string lineBreak = lineBreakOf(text);
    const std::string line = std::string(column, ' ') + "for: " + std::string(duration);
    if (at != std::string_view::npos)
        return TextEdits {{at, at, line + lineBreak}};
    std::size_t last = expression->value->span.end.offset;
    if (last > 0 && text[last - 1] == '\n')
        return TextEdits {{last, last, line + lineBreak}};
    at = lineEnd(text, last);
    if (at > 0 && at <= text.size() && text[at - 1] == '\r')
        --at;
    return TextEdits {{at, at, lineBreak + line}};
}

std::optional<TextEdits> editRuleExpression(std::string_view text, std::size_t offset, std::size_t start, std::size_t end, std::string_view replacement)
{
    const YamlDocument document = YamlDocument::parse(text);
    const YamlNode* group = nullptr;
    const YamlNode* rule = document.ok() ? findRule(document, offset, &group) : nullptr;
    const YamlEntry* expression = rule ? rule->find("expr") : nullptr;
    if (!expression || !expression->value->isScalar() || end > expression->value->value.size())
        return {};
    const std::size_t from = document.posInScalar(*expression->value, start).offset;
    const std::size_t to = document.posInScalar(*expression->value, end - 1).offset + 1;
    if (to < from)
        return {};
    return TextEdits {{from, to, std::string(replacement)}};
}

std::optional<TextEdits> appendItem(std::string_view text, const std::vector<std::string>& path, std::string_view lines)
{
    const YamlDocument document = YamlDocument::parse(text);
    if (!document.ok())
        return {};
    const std::string lineBreak = lineBreakOf(text);
    const YamlNode* node = document.root();
    std::string missing;
    const YamlEntry* entry = nullptr;
    if (node && !node->isMapping() && !(node->isScalar() && node->value.empty()))
        return {};
    for (std::size_t i = 0; i < path.size(); ++i) {
        if (!node || !node->isMapping()) {
            if (node && node->isSequence()) {
                const std::size_t index = std::size_t(std::atoi(path[i].c_str()));
                if (index >= node->items.size())
                    return {};
                node = node->items[index].value;
                continue;
            }
            if (i + 1 < path.size() || i > 0)
                return {};
        }
        entry = node && node->isMapping() ? node->find(path[i]) : nullptr;
        if (!entry) {
            if (i + 1 != path.size())
                return {};
            missing = path[i];
            break;
        }
        node = entry->value;
    }
    std::string before;
    const auto atEndOf = [&](std::size_t at) {
        // Whole lines are added: behind the last one, with its line break.
        const bool broken = at == 0 || (at <= text.size() && text[at - 1] == '\n');
        before = broken ? std::string() : lineBreak;
        return at;
    };
    if (!missing.empty()) {
        std::size_t column = 0;
        std::size_t at = text.size();
        if (node && node->isMapping() && !node->entries.empty() && node->style != YamlNode::Style::Flow) {
            const std::size_t key = node->entries.front().key->span.start.offset;
            column = key - lineStart(text, key);
            if (node != document.root()) {
                const std::size_t end = node->entries.back().value->span.end.offset;
                at = end > 0 && text[end - 1] == '\n' ? end : std::min(text.size(), lineEnd(text, end) + 1);
            }
        } else if (node && !(node->isScalar() && node->value.empty())) {
            return {};
        }
        at = atEndOf(at);
        return TextEdits {{at, at, before + std::string(column, ' ') + missing + ":" + lineBreak + asItem(lines, column + 2, lineBreak)}};
    }
    if (!entry || entry->valueSpan != node->span)
        return {};
    const std::size_t keyOffset = entry->key->span.start.offset;
    const std::size_t keyColumn = keyOffset - lineStart(text, keyOffset);
    if (node->isSequence() && node->style != YamlNode::Style::Flow && !node->items.empty()) {
        const YamlItem& last = node->items.back();
        std::size_t column = node->span.start.offset - lineStart(text, node->span.start.offset);
        const std::size_t end = last.value->span.end.offset;
        std::size_t at = end > 0 && text[end - 1] == '\n' ? end : std::min(text.size(), lineEnd(text, end) + 1);
        at = atEndOf(at);
        // Items are set apart as those that are there.
        std::string gap;
        if (node->items.size() > 1) {
            const std::size_t start = lineStart(text, last.span.start.offset);
            const std::size_t above = start > 1 ? lineStart(text, start - 1) : 0;
            if (start > 1 && text.substr(above, start - above).find_first_not_of(" \t\r\n") == std::string_view::npos)
                gap = lineBreak;
        }
        return TextEdits {{at, at, before + gap + asItem(lines, column, lineBreak)}};
    }
    const bool empty = (node->isSequence() && node->items.empty()) || (node->isScalar() && isNullNode(node, YamlDialect::V2));
    if (!empty)
        return {};
    // "key: []" or "key:".
    const std::size_t colon = text.find(':', entry->key->span.end.offset);
    if (colon == std::string_view::npos)
        return {};
    const std::size_t end = std::max(colon + 1, node->span.end.offset);
    std::string item = lineBreak + asItem(lines, keyColumn + 2, lineBreak);
    item.resize(item.size() - lineBreak.size());
    const bool inLine = node->span.start.offset > colon && node->span.end.offset > node->span.start.offset;
    return TextEdits {{colon + 1, inLine ? end : colon + 1, item}};
}

} // namespace Promdeck::Config
