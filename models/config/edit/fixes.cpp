#include "models/config/edit/assist.h"

#include "models/config/embedded.h"
#include "models/promql/printer.h"

#include <QRegularExpression>

#include <algorithm>

namespace Promdeck::Config {

using namespace Qt::StringLiterals;

namespace {

std::size_t startOfLine(std::string_view text, std::size_t offset)
{
    const std::size_t before = offset == 0 ? std::string_view::npos : text.rfind('\n', offset - 1);
    return before == std::string_view::npos ? 0 : before + 1;
}

/// Takes out whole lines: those of the key or item at `offset` and everything below it.
std::optional<TextEdit> removeEntry(std::string_view text, std::size_t offset)
{
    const std::size_t start = startOfLine(text, offset);
    const std::size_t column = offset - start;
    std::size_t end = start;
    std::size_t kept = std::string_view::npos;
    bool first = true;
    bool done = false;
    forEachLine(text.substr(start), [&](std::string_view line, std::size_t at, int) {
        if (done)
            return;
        const std::size_t indent = line.find_first_not_of(" \t\r");
        if (!first && indent != std::string_view::npos) {
            const bool item = line[indent] == '-' && (indent + 1 == line.size() || line[indent + 1] == ' ');
            if (indent < column || (indent == column && !item)) {
                done = true;
                kept = start + at;
                return;
            }
        }
        if (indent != std::string_view::npos)
            end = start + at + line.size();
        first = false;
    });
    const std::string_view lead = text.substr(start, column);
    if (lead.find_first_not_of(' ') != std::string_view::npos)
        return {}; // the first key of an item: the item would go with it
    while (end < text.size() && text[end] != '\n')
        ++end;
    if (end < text.size())
        ++end;
    if (kept != std::string_view::npos)
        end = std::min(end, kept);
    return TextEdit {start, end, {}};
}

/// Where a comment that belongs to the rule at a place is to go.
std::optional<std::size_t> ruleLine(std::string_view text, std::size_t offset)
{
    std::optional<std::size_t> best;
    for (const ConfigSymbol& symbol : symbolsOf(text, FileKind::Rules)) {
        if ((symbol.kind == ConfigSymbol::Kind::Alert || symbol.kind == ConfigSymbol::Kind::Record) && symbol.ruleOffset <= offset)
            best = startOfLine(text, symbol.ruleOffset);
    }
    return best;
}

QString quotedIn(const QString& text, QChar open, QChar close)
{
    const qsizetype start = text.indexOf(open);
    const qsizetype end = text.indexOf(close, start + 1);
    return start < 0 || end < 0 ? QString() : text.mid(start + 1, end - start - 1);
}

} // namespace

std::vector<QuickFix> quickFixes(std::string_view text, FileKind kind, const Diagnostic& finding)
{
    std::vector<QuickFix> out;
    const std::size_t start = std::min(finding.span.start.offset, text.size());
    const std::size_t end = std::clamp(finding.span.end.offset, start, text.size());
    const std::string_view there = text.substr(start, end - start);
    static const QRegularExpression meant(u"did you mean \"?`?([^\"`?]+)"_s);
    if (const auto match = meant.match(finding.hint); match.hasMatch()) {
        const QString name = match.captured(1).trimmed();
        out.push_back({u"Write “%1”"_s.arg(name), {{start, end, name.toStdString()}}});
    }
    if (finding.code == u"yaml/unknown-key" || finding.code == u"yaml/duplicate-key" || finding.hint == u"remove the line"
        || finding.hint == u"remove it" || finding.hint.startsWith(u"remove one of")) {
        // The finding may be about the value: its key begins the line.
        const std::size_t line = startOfLine(text, start);
        const std::size_t key = text.find_first_not_of(' ', line);
        if (const auto edit = removeEntry(text, finding.hint == u"remove the line" ? key : start))
            out.push_back({u"Remove this key"_s, {*edit}});
    }
    if (finding.hint == u"remove the empty item") {
        const std::size_t line = startOfLine(text, start);
        const std::size_t stop = text.find('\n', start);
        out.push_back({u"Remove the empty item"_s, {{line, stop == std::string_view::npos ? text.size() : stop + 1, {}}}});
    }
    // A number where a duration is due.
    const bool number = !there.empty() && there.find_first_not_of("0123456789") == std::string_view::npos;
    if (number && finding.message.contains(u"duration")) {
        for (const char* unit : {"s", "m"})
            out.push_back({u"Write “%1%2”"_s.arg(QString::fromUtf8(there.data(), qsizetype(there.size())), QLatin1String(unit)),
                           {{start, end, std::string(there) + unit}}});
    }
    if (finding.message.contains(u"tab") && text.substr(startOfLine(text, start), 1) == "\t") {
        TextEdits edits;
        forEachLine(text, [&edits](std::string_view line, std::size_t offset, int) {
            const std::size_t tabs = std::min(line.find_first_not_of('\t'), line.size());
            if (tabs > 0)
                edits.push_back({offset, offset + tabs, std::string(tabs * 2, ' ')});
        });
        out.push_back({u"Indent with spaces"_s, std::move(edits)});
    }
    if (finding.code == u"promql/regexp") {
        if (const QString better = quotedIn(finding.message, u'`', u'`'); finding.message.startsWith(u"Use `") || finding.message.startsWith(u"Unnecessary"))
            if (better.contains(u'=') && !there.empty())
                out.push_back({u"Write %1"_s.arg(better), {{start, end, better.toStdString()}}});
        if (finding.message.contains(u"remove regexp anchors")) {
            std::string plain(there);
            const std::size_t open = plain.find_first_of("\"'`");
            if (open != std::string::npos) {
                const char quote = plain[open];
                if (plain.compare(open + 1, 1, "^") == 0)
                    plain.erase(open + 1, 1);
                const std::size_t close = plain.rfind(quote);
                if (close > open + 1 && plain[close - 1] == '$')
                    plain.erase(close - 1, 1);
                if (plain != there)
                    out.push_back({u"Remove the anchors"_s, {{start, end, plain}}});
            }
        }
    }
    if (finding.code == u"promql/fragile" && finding.message.contains(u"`for`")) {
        if (const auto edits = editRuleFor(text, start, "5m"))
            out.push_back({u"Add “for: 5m”"_s, *edits});
    }
    // Lints can be switched off where they are wrong.
    static const QStringList areas {u"alerts/"_s, u"promql/"_s, u"rule/"_s, u"labels/"_s, u"query/"_s, u"group/"_s};
    const bool isLint = kind == FileKind::Rules && finding.severity != Severity::Error
        && std::any_of(areas.begin(), areas.end(), [&finding](const QString& area) { return finding.code.startsWith(area); });
    if (isLint) {
        if (const auto line = ruleLine(text, start)) {
            const std::size_t column = std::min(text.find_first_not_of(' ', *line), text.size()) - *line;
            out.push_back({u"Switch %1 off for this rule"_s.arg(finding.code),
                           {{*line, *line, std::string(column, ' ') + "# pint disable " + finding.code.toStdString() + '\n'}}});
        }
    }
    return out;
}

namespace {

/// The same data: what a parser gives, expressions compared by their trees.
bool sameValues(const YamlNode* a, const YamlNode* b, bool isExpression, const Promql::Options& options)
{
    if (!a || !b)
        return a == b;
    if (a->kind != b->kind || a->tag != b->tag)
        return false;
    if (a->isScalar()) {
        if (a->value == b->value && (a->style == b->style || a->style != YamlNode::Style::Plain))
            return true;
        if (!isExpression)
            return false;
        const Promql::ParseResult left = Promql::parse(a->value, options);
        const Promql::ParseResult right = Promql::parse(b->value, options);
        return left.ok() && right.ok() && left.ast.sameTree(right.ast);
    }
    if (a->items.size() != b->items.size() || a->entries.size() != b->entries.size())
        return false;
    for (std::size_t i = 0; i < a->items.size(); ++i) {
        if (!sameValues(a->items[i].value, b->items[i].value, false, options))
            return false;
    }
    for (std::size_t i = 0; i < a->entries.size(); ++i) {
        const YamlEntry& left = a->entries[i];
        const YamlEntry& right = b->entries[i];
        if (!sameValues(left.key, right.key, false, options))
            return false;
        if (!sameValues(left.value, right.value, left.key->isScalar() && left.key->value == "expr", options))
            return false;
    }
    return true;
}

bool sameDocuments(std::string_view a, std::string_view b, const Promql::Options& options)
{
    const YamlDocument left = YamlDocument::parse(a);
    const YamlDocument right = YamlDocument::parse(b);
    if (!left.ok() || !right.ok() || left.documentCount() != right.documentCount())
        return false;
    for (std::size_t i = 0; i < left.documentCount(); ++i) {
        if (!sameValues(left.root(i), right.root(i), false, options))
            return false;
    }
    return true;
}

/// Lays lines out anew.
class LayoutFormatter
{
public:
    explicit LayoutFormatter(std::string_view text) : m_text(text), m_break(text.find("\r\n") != std::string_view::npos ? "\r\n" : "\n")
    {
        // Whether lists stand deeper than their keys: as most of them do here.
        int deeper = 0;
        YamlTrail trail;
        YamlCarry carry;
        forEachLine(text, [&](std::string_view line, std::size_t offset, int) {
            const YamlStep step = stepYamlLine(line, carry);
            carry = step.next;
            if (step.continues || step.line.marks.empty())
                return;
            for (const YamlMark& mark : step.line.marks) {
                trail.add(mark, offset);
                const auto& levels = trail.levels();
                if (mark.isItem && levels.size() > 1 && !levels[levels.size() - 2].isItem)
                    deeper += levels[levels.size() - 2].column < mark.column ? 1 : -1;
            }
        });
        m_listIndent = deeper >= 0 ? 2 : 0;
    }

    std::string run()
    {
        YamlCarry carry;
        forEachLine(m_text, [&](std::string_view line, std::size_t, int) {
            const YamlStep step = stepYamlLine(line, carry);
            const YamlCarry before = carry;
            carry = step.next;
            write(line, step, before);
        });
        flushComments(0);
        while (!m_lines.empty() && m_lines.back().empty())
            m_lines.pop_back();
        std::string out;
        for (const std::string& line : m_lines)
            out += line + m_break;
        return out;
    }

private:
    struct Level
    {
        std::size_t column = 0;
        std::size_t laid = 0; ///< the column it has in the result
        bool isItem = false;
    };

    void flushComments(std::ptrdiff_t shift)
    {
        for (const std::string_view line : m_waiting) {
            const std::size_t indent = line.find_first_not_of(' ');
            if (indent == std::string_view::npos) {
                if (m_lines.empty() || !m_lines.back().empty())
                    m_lines.emplace_back();
                continue;
            }
            const std::size_t column = std::size_t(std::max<std::ptrdiff_t>(0, std::ptrdiff_t(indent) + shift));
            m_lines.push_back(std::string(column, ' ') + trimmed(line.substr(indent)));
        }
        m_waiting.clear();
    }

    static std::string trimmed(std::string_view text)
    {
        const std::size_t end = text.find_last_not_of(" \t\r");
        return std::string(end == std::string_view::npos ? std::string_view() : text.substr(0, end + 1));
    }

    std::size_t lay(const YamlMark& mark, bool continuesLine, std::size_t lineColumn)
    {
        std::optional<Level> same;
        while (!m_levels.empty()) {
            const Level& last = m_levels.back();
            if (last.column < mark.column || (last.column == mark.column && !last.isItem && mark.isItem))
                break;
            if (last.column == mark.column && last.isItem == mark.isItem)
                same = last;
            m_levels.pop_back();
        }
        std::size_t laid = 0;
        if (continuesLine)
            laid = lineColumn;
        else if (same)
            laid = same->laid;
        else if (!m_levels.empty())
            laid = m_levels.back().laid + (mark.isItem && !m_levels.back().isItem ? m_listIndent : 2);
        m_levels.push_back({mark.column, laid, mark.isItem});
        return laid;
    }

    void write(std::string_view line, const YamlStep& step, const YamlCarry& before)
    {
        if (step.continues) {
            flushComments(m_shift);
            const std::size_t indent = line.find_first_not_of(' ');
            if (indent == std::string_view::npos || line.find_first_not_of(" \t\r") == std::string_view::npos) {
                m_lines.emplace_back();
                return;
            }
            const std::size_t column = std::size_t(std::max<std::ptrdiff_t>(0, std::ptrdiff_t(indent) + m_shift));
            // Blanks at the end of a block text's line are part of it.
            m_lines.push_back(std::string(column, ' ') + (before.inBlock || before.quote ? std::string(line.substr(indent)) : trimmed(line.substr(indent))));
            return;
        }
        if (step.line.isBlank) {
            m_waiting.push_back(line);
            return;
        }
        if (step.line.marks.empty()) {
            flushComments(m_shift);
            const std::size_t column = step.line.indent == 0 ? 0 : std::size_t(std::max<std::ptrdiff_t>(0, std::ptrdiff_t(step.line.indent) + m_shift));
            m_lines.push_back(std::string(column, ' ') + trimmed(line.substr(step.line.indent)));
            return;
        }
        std::string out;
        std::size_t column = 0;
        for (std::size_t i = 0; i < step.line.marks.size(); ++i) {
            const YamlMark& mark = step.line.marks[i];
            const std::size_t laid = lay(mark, i > 0, column);
            if (i == 0) {
                out.assign(laid, ' ');
                flushComments(std::ptrdiff_t(laid) - std::ptrdiff_t(mark.column));
            }
            if (mark.isItem) {
                out += "- ";
            } else {
                // Anchors and tags between "-" and the key stay.
                if (i > 0) {
                    const YamlMark& previous = step.line.marks[i - 1];
                    const std::string_view between = line.substr(previous.keyEnd, mark.column - previous.keyEnd);
                    const std::string decoration = trimmed(between.substr(std::min(between.find_first_not_of(' '), between.size())));
                    if (!decoration.empty())
                        out += decoration + ' ';
                }
                out += line.substr(mark.column, mark.keyEnd - mark.column);
                out += ':';
            }
            column = out.size();
        }
        const YamlMark& last = step.line.marks.back();
        m_shift = std::ptrdiff_t(m_levels.back().laid) - std::ptrdiff_t(last.column);
        const bool open = step.line.quote || step.line.depth > 0;
        const std::string value = open ? std::string(line.substr(step.line.value)) : trimmed(line.substr(step.line.value, step.line.valueEnd - step.line.value));
        if (!value.empty()) {
            if (!last.isItem)
                out += ' ';
            out += value;
        } else if (last.isItem) {
            out.pop_back();
        }
        if (!open && step.line.comment != std::string_view::npos) {
            // Comments in columns stay in them.
            const std::size_t gap = step.line.comment - (value.empty() ? last.keyEnd : step.line.valueEnd);
            out += std::string(std::max<std::size_t>(1, gap), ' ') + trimmed(line.substr(step.line.comment));
        }
        m_lines.push_back(std::move(out));
    }

    std::string_view m_text;
    std::string m_break;
    std::size_t m_listIndent = 2;
    std::ptrdiff_t m_shift = 0;
    std::vector<Level> m_levels;
    std::vector<std::string_view> m_waiting; ///< comments and empty lines go with the line below them
    std::vector<std::string> m_lines;
};

/// The expressions of rules, as the PromQL formatter writes them.
TextEdits formatExpressions(std::string_view text, FileKind kind, const Promql::Options& options)
{
    TextEdits edits;
    if (kind != FileKind::Rules)
        return edits;
    const YamlDocument document = YamlDocument::parse(text);
    const YamlNode* root = document.root();
    const YamlEntry* groups = root && root->isMapping() ? root->find("groups") : nullptr;
    if (!document.ok() || !groups || !groups->value->isSequence())
        return edits;
    const std::string lineBreak = text.find("\r\n") != std::string_view::npos ? "\r\n" : "\n";
    const auto visit = [&](const YamlEntry& entry) {
        const YamlNode& node = *entry.value;
        if (!node.isScalar() || entry.valueSpan != node.span)
            return;
        const Promql::ParseResult parsed = Promql::parse(node.value, options);
        if (!parsed.ok())
            return;
        const std::string formatted = Promql::format(node.value, parsed.ast);
        std::string old = node.value;
        while (!old.empty() && old.back() == '\n')
            old.pop_back();
        if (formatted == old)
            return;
        const std::size_t keyStart = entry.key->span.start.offset;
        const std::size_t column = keyStart - startOfLine(text, keyStart) + 2;
        const bool block = node.style == YamlNode::Style::Literal || node.style == YamlNode::Style::Folded;
        std::string out;
        if (!block && formatted.find('\n') == std::string::npos) {
            out = yamlScalar(formatted);
        } else {
            out = "|";
            std::string_view rest = formatted;
            while (true) {
                const std::size_t end = rest.find('\n');
                out += lineBreak + (rest.substr(0, end).empty() ? std::string() : std::string(column, ' ')) + std::string(rest.substr(0, end));
                if (end == std::string_view::npos)
                    break;
                rest.remove_prefix(end + 1);
            }
        }
        std::size_t end = node.span.end.offset;
        // The span of a block text goes on to the next key.
        if (block) {
            while (end > node.span.start.offset && std::string_view(" \n\r\t").find(text[end - 1]) != std::string_view::npos)
                --end;
        }
        edits.push_back({node.span.start.offset, end, out});
    };
    for (const YamlItem& group : groups->value->items) {
        const YamlEntry* rules = group.value->isMapping() ? group.value->find("rules") : nullptr;
        if (!rules || !rules->value->isSequence())
            continue;
        for (const YamlItem& rule : rules->value->items) {
            if (const YamlEntry* entry = rule.value->isMapping() ? rule.value->find("expr") : nullptr)
                visit(*entry);
        }
    }
    return edits;
}

} // namespace

std::optional<TextEdits> formatConfig(std::string_view text, FileKind kind, const CheckOptions& options)
{
    const Promql::Options promql = promqlOptions(options);
    if (kind == FileKind::FileSd && !text.empty() && text.find_first_not_of(" \t\r\n") != std::string_view::npos
        && text[text.find_first_not_of(" \t\r\n")] == '[')
        return {}; // JSON
    if (text.empty() || !YamlDocument::parse(text).ok())
        return {};
    std::string laid = LayoutFormatter(text).run();
    if (!sameDocuments(text, laid, promql))
        laid = std::string(text);
    std::string out = applyEdits(laid, formatExpressions(laid, kind, promql));
    if (!sameDocuments(laid, out, promql))
        out = laid;
    return lineEdits(text, out);
}

} // namespace Promdeck::Config
