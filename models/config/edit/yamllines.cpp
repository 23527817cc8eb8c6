#include "models/config/edit/yamllines.h"

#include <algorithm>

namespace Promdeck::Config {

namespace {

bool isSpace(char c)
{
    return c == ' ' || c == '\t';
}

/// Behind the quoted text that starts at `at`; npos when it does not end here.
std::size_t quoteEnd(std::string_view line, std::size_t at, char quote)
{
    for (std::size_t i = at; i < line.size(); ++i) {
        if (quote == '"' && line[i] == '\\') {
            ++i;
        } else if (line[i] == quote) {
            if (quote == '\'' && i + 1 < line.size() && line[i + 1] == '\'')
                ++i;
            else
                return i + 1;
        }
    }
    return std::string_view::npos;
}

/// The end of a key that begins at `at`, where its colon stands; npos when there is none.
std::size_t keyColon(std::string_view line, std::size_t at, std::size_t& keyEnd)
{
    const char first = line[at];
    if (first == '"' || first == '\'') {
        keyEnd = quoteEnd(line, at + 1, first);
        if (keyEnd == std::string_view::npos)
            return keyEnd;
        std::size_t colon = keyEnd;
        while (colon < line.size() && isSpace(line[colon]))
            ++colon;
        const bool is = colon < line.size() && line[colon] == ':' && (colon + 1 == line.size() || isSpace(line[colon + 1]));
        return is ? colon : std::string_view::npos;
    }
    if (std::string_view("[]{},#|>@`%!&*").find(first) != std::string_view::npos)
        return std::string_view::npos;
    for (std::size_t i = at; i < line.size(); ++i) {
        if (line[i] == '#' && i > at && isSpace(line[i - 1]))
            return std::string_view::npos;
        if (line[i] == ':' && (i + 1 == line.size() || isSpace(line[i + 1]))) {
            keyEnd = i;
            while (keyEnd > at && isSpace(line[keyEnd - 1]))
                --keyEnd;
            return i;
        }
    }
    return std::string_view::npos;
}

/// Reads a value from `at` on: its end, its comment, what stays open.
void readValue(std::string_view line, std::size_t at, YamlLine& out, char quote, int depth)
{
    std::size_t i = at;
    if (quote) {
        const std::size_t end = quoteEnd(line, i, quote);
        if (end == std::string_view::npos) {
            out.quote = quote;
            out.depth = depth;
            out.valueEnd = line.size();
            return;
        }
        i = end;
    }
    std::size_t lastText = i;
    bool start = !quote;
    for (; i < line.size(); ++i) {
        const char c = line[i];
        if (c == '#' && (i == 0 || isSpace(line[i - 1]))) {
            out.comment = i;
            break;
        }
        if ((c == '"' || c == '\'') && (start || depth > 0)) {
            const std::size_t end = quoteEnd(line, i + 1, c);
            if (end == std::string_view::npos) {
                out.quote = c;
                lastText = line.size();
                break;
            }
            i = end - 1;
            lastText = end;
            start = false;
            continue;
        }
        if ((c == '[' || c == '{') && (start || depth > 0))
            ++depth;
        else if ((c == ']' || c == '}') && depth > 0)
            --depth;
        if (!isSpace(c)) {
            lastText = i + 1;
            // Behind an anchor or a tag the value has yet to begin.
            const bool decorates = start && (c == '&' || c == '!');
            if (decorates) {
                while (i + 1 < line.size() && !isSpace(line[i + 1]))
                    ++i;
                lastText = i + 1;
                continue;
            }
            start = depth > 0 ? false : false;
        }
    }
    out.valueEnd = std::max(lastText, at);
    out.depth = depth;
    // "|", ">-", "|2+": behind an anchor or tag, if any.
    std::string_view value = line.substr(at, out.valueEnd - at);
    while (!value.empty() && (value.front() == '&' || value.front() == '!')) {
        const std::size_t space = value.find_first_of(" \t");
        if (space == std::string_view::npos)
            break;
        value.remove_prefix(std::min(value.size(), value.find_first_not_of(" \t", space)));
    }
    if (!value.empty() && (value.front() == '|' || value.front() == '>') && value.size() <= 3)
        out.opensBlock = value.find_first_not_of("+-0123456789", 1) == std::string_view::npos;
}

} // namespace

YamlLine readYamlLine(std::string_view line)
{
    YamlLine out;
    std::size_t at = 0;
    while (at < line.size() && line[at] == ' ')
        ++at;
    out.indent = at;
    out.value = at;
    out.valueEnd = at;
    if (at == line.size() || line[at] == '#' || line.find_first_not_of(" \t") == std::string_view::npos) {
        out.isBlank = true;
        if (at < line.size() && line[at] == '#')
            out.comment = at;
        return out;
    }
    if (at == 0 && (line.substr(0, 3) == "---" || line.substr(0, 3) == "...")) {
        if (line.size() == 3 || isSpace(line[3])) {
            out.value = out.valueEnd = line.size();
            return out;
        }
    }
    while (at < line.size() && line[at] == '-' && (at + 1 == line.size() || isSpace(line[at + 1]))) {
        out.marks.push_back({at, true, {}, at + 1});
        ++at;
        while (at < line.size() && isSpace(line[at]))
            ++at;
    }
    // An anchor may stand in front of a mapping in an item: "- &a name: x".
    std::size_t keyAt = at;
    while (keyAt < line.size() && (line[keyAt] == '&' || line[keyAt] == '!') && !out.marks.empty()) {
        const std::size_t space = line.find(' ', keyAt);
        if (space == std::string_view::npos)
            break;
        keyAt = std::min(line.size(), line.find_first_not_of(' ', space));
    }
    if (keyAt < line.size()) {
        std::size_t keyEnd = 0;
        const std::size_t colon = keyColon(line, keyAt, keyEnd);
        if (colon != std::string_view::npos) {
            std::string_view key = line.substr(keyAt, keyEnd - keyAt);
            if (key.size() >= 2 && (key.front() == '"' || key.front() == '\''))
                key = key.substr(1, key.size() - 2);
            out.marks.push_back({keyAt, false, key, keyEnd});
            at = colon + 1;
            while (at < line.size() && isSpace(line[at]))
                ++at;
        }
    }
    out.value = at;
    readValue(line, at, out, 0, 0);
    if (out.comment != std::string_view::npos && out.comment <= out.value)
        out.value = out.valueEnd = out.comment;
    return out;
}

YamlStep stepYamlLine(std::string_view line, const YamlCarry& carry)
{
    YamlStep step;
    if (carry.inBlock) {
        const std::size_t indent = line.find_first_not_of(' ');
        const bool blank = indent == std::string_view::npos || line.find_first_not_of(" \t") == std::string_view::npos;
        if (blank || carry.atRoot || indent > carry.blockColumn) {
            step.continues = true;
            step.next = carry;
            return step;
        }
    } else if (carry.quote || carry.depth > 0) {
        step.continues = true;
        YamlLine rest;
        readValue(line, 0, rest, carry.quote, carry.depth);
        step.line = rest;
        step.next.quote = rest.quote;
        step.next.depth = rest.depth;
        return step;
    }
    step.line = readYamlLine(line);
    if (step.line.opensBlock) {
        step.next.inBlock = true;
        step.next.atRoot = step.line.marks.empty();
        if (!step.line.marks.empty())
            step.next.blockColumn = step.line.marks.back().column;
    } else {
        step.next.quote = step.line.quote;
        step.next.depth = step.line.depth;
    }
    return step;
}

void YamlTrail::add(const YamlMark& mark, std::size_t lineOffset)
{
    std::size_t index = 0;
    while (!m_levels.empty()) {
        const YamlLevel& last = m_levels.back();
        const bool holds = last.column < mark.column || (last.column == mark.column && !last.isItem && mark.isItem);
        if (holds)
            break;
        if (last.column == mark.column && last.isItem && mark.isItem)
            index = last.index + 1;
        m_levels.pop_back();
    }
    m_levels.push_back({mark.column, mark.isItem, std::string(mark.key), index, lineOffset + mark.column});
}

std::vector<std::string> YamlTrail::path() const
{
    std::vector<std::string> out;
    for (const YamlLevel& level : m_levels)
        out.push_back(level.isItem ? "-" : level.key);
    return out;
}

namespace {

using Kind = ConfigSymbol::Kind;

bool endsWith(const std::vector<YamlLevel>& levels, std::initializer_list<std::string_view> keys)
{
    if (levels.size() < keys.size())
        return false;
    auto level = levels.end() - std::ptrdiff_t(keys.size());
    for (const std::string_view key : keys) {
        if ((level->isItem ? std::string_view("-") : std::string_view(level->key)) != key)
            return false;
        ++level;
    }
    return true;
}

/// What a key with this value stands for in its place.
bool symbolKind(const std::vector<YamlLevel>& levels, FileKind kind, ConfigSymbol::Kind& out)
{
    const std::string& key = levels.back().key;
    if (key == "job_name" && endsWith(levels, {"scrape_configs", "-", "job_name"}))
        out = Kind::Job;
    else if (kind == FileKind::Rules && endsWith(levels, {"rules", "-", "alert"}))
        out = Kind::Alert;
    else if (kind == FileKind::Rules && endsWith(levels, {"rules", "-", "record"}))
        out = Kind::Record;
    else if (key == "name" && levels.size() == 3 && endsWith(levels, {"groups", "-", "name"}))
        out = Kind::Group;
    else if (key == "name" && levels.size() == 3 && endsWith(levels, {"receivers", "-", "name"}))
        out = Kind::Receiver;
    else if (key == "name" && levels.size() == 3 && (endsWith(levels, {"time_intervals", "-", "name"}) || endsWith(levels, {"mute_time_intervals", "-", "name"})))
        out = Kind::Interval;
    else if (key == "name" && endsWith(levels, {"tests", "-", "name"}))
        out = Kind::Test;
    else
        return false;
    return true;
}

} // namespace

std::vector<ConfigSymbol> symbolsOf(std::string_view text, FileKind kind)
{
    std::vector<ConfigSymbol> out;
    YamlTrail trail;
    YamlCarry carry;
    forEachLine(text, [&](std::string_view line, std::size_t offset, int number) {
        const YamlStep step = stepYamlLine(line, carry);
        carry = step.next;
        if (step.continues || step.line.isBlank)
            return;
        for (const YamlMark& mark : step.line.marks) {
            trail.add(mark, offset);
            const std::vector<YamlLevel>& levels = trail.levels();
            ConfigSymbol symbol;
            symbol.line = number;
            symbol.ruleOffset = offset + mark.column;
            for (const YamlLevel& level : levels) {
                if (level.isItem)
                    symbol.ruleOffset = level.offset;
            }
            if (mark.isItem)
                continue;
            if (levels.size() == 1) {
                symbol.name = mark.key;
                symbol.offset = offset + mark.column;
                symbol.end = offset + mark.keyEnd;
                out.push_back(symbol);
                continue;
            }
            if (kind == FileKind::Blackbox && levels.size() == 2 && levels[0].key == "modules") {
                symbol.kind = Kind::Module;
                symbol.name = mark.key;
                symbol.offset = offset + mark.column;
                symbol.end = offset + mark.keyEnd;
                out.push_back(symbol);
                continue;
            }
            if (!symbolKind(levels, kind, symbol.kind))
                continue;
            std::size_t start = step.line.value;
            std::size_t end = step.line.valueEnd;
            if (end > start + 1 && (line[start] == '"' || line[start] == '\'') && line[end - 1] == line[start]) {
                ++start;
                --end;
            }
            symbol.name = line.substr(start, end - start);
            symbol.offset = offset + start;
            symbol.end = offset + end;
            out.push_back(std::move(symbol));
        }
        const std::size_t value = step.line.value;
        if (value < step.line.valueEnd && line[value] == '&') {
            const std::size_t end = std::min(line.find_first_of(" \t", value), step.line.valueEnd);
            out.push_back({Kind::Anchor, std::string(line.substr(value + 1, end - value - 1)), offset + value + 1, offset + end, offset + value, number});
        }
    });
    return out;
}

std::size_t YamlPlace::inText(std::size_t offsetInScalar) const
{
    std::pair<std::size_t, std::size_t> best {0, scalarStart};
    for (const auto& piece : pieces) {
        if (piece.first <= offsetInScalar)
            best = piece;
    }
    return best.second + (offsetInScalar - best.first);
}

namespace {

struct LineInfo
{
    std::string_view text;
    std::size_t offset = 0;
    YamlStep step;
    YamlCarry before;
};

/// Keys of the mapping whose keys stand in `column`, around line `at`, that line's own left out.
std::vector<std::string> siblingsAround(const std::vector<LineInfo>& lines, std::size_t at, std::size_t column, bool startsItem)
{
    std::vector<std::string> out;
    bool open = !startsItem;
    for (std::size_t i = at; open && i-- > 0;) {
        const YamlStep& step = lines[i].step;
        if (step.continues || step.line.isBlank)
            continue;
        for (auto mark = step.line.marks.rbegin(); mark != step.line.marks.rend() && open; ++mark) {
            if (mark->column < column)
                open = false;
            else if (mark->column == column && !mark->isItem)
                out.emplace_back(mark->key);
        }
    }
    open = true;
    for (std::size_t i = at + 1; open && i < lines.size(); ++i) {
        const YamlStep& step = lines[i].step;
        if (step.continues || step.line.isBlank || step.line.marks.empty())
            continue;
        const YamlMark& first = step.line.marks.front();
        if (first.column < column || (first.column == column && first.isItem))
            open = false;
        else if (first.column == column)
            out.emplace_back(first.key);
    }
    return out;
}

/// Fills the scalar that begins on line `from` behind its key or header, as far as it goes.
void readScalar(const std::vector<LineInfo>& lines, std::size_t from, std::size_t at, std::size_t offset, YamlPlace& place)
{
    const LineInfo& head = lines[from];
    const auto take = [&](const LineInfo& line, std::size_t start, std::size_t end) {
        if (!place.pieces.empty())
            place.scalar += '\n';
        place.pieces.emplace_back(place.scalar.size(), line.offset + start);
        if (offset >= line.offset + start && offset <= line.offset + line.text.size())
            place.scalarOffset = place.scalar.size() + std::min(offset - line.offset - start, end - start);
        place.scalar += line.text.substr(start, end - start);
    };
    if (head.step.line.opensBlock) {
        std::size_t indent = std::string_view::npos;
        std::size_t last = from;
        for (std::size_t i = from + 1; i < lines.size() && lines[i].step.continues; ++i) {
            const std::size_t first = lines[i].text.find_first_not_of(' ');
            if (first != std::string_view::npos) {
                indent = std::min(indent, first);
                last = i;
            }
        }
        if (indent == std::string_view::npos)
            indent = at > from ? std::min(offset - lines[at].offset, lines[at].text.size()) : 0;
        last = std::max(last, at);
        for (std::size_t i = from + 1; i <= last; ++i)
            take(lines[i], std::min(indent, lines[i].text.size()), lines[i].text.size());
    } else {
        std::size_t start = head.step.line.value;
        std::size_t end = head.step.line.valueEnd;
        if (from == at)
            end = std::max(end, std::min(offset - head.offset, head.text.size()));
        place.quoted = start < head.text.size() && (head.text[start] == '"' || head.text[start] == '\'');
        if (place.quoted) {
            const char quote = head.text[start++];
            if (end > start && head.text[end - 1] == quote && !head.step.line.quote)
                --end;
        }
        take(head, std::min(start, head.text.size()), std::max(end, std::min(start, head.text.size())));
        // Plain and quoted scalars go on over deeper lines without keys.
        const std::size_t column = head.step.line.marks.empty() ? 0 : head.step.line.marks.back().column;
        for (std::size_t i = from + 1; i < lines.size(); ++i) {
            const bool more = lines[i].step.continues || (!lines[i].step.line.isBlank && lines[i].step.line.marks.empty() && lines[i].step.line.indent > column);
            if (!more)
                break;
            const std::size_t first = std::min(lines[i].text.find_first_not_of(" \t"), lines[i].text.size());
            std::size_t stop = lines[i].text.size();
            if (place.quoted && stop > first && !lines[i].step.next.quote && (lines[i].text[stop - 1] == '"' || lines[i].text[stop - 1] == '\''))
                --stop;
            take(lines[i], first, stop);
        }
    }
    if (!place.pieces.empty())
        place.scalarStart = place.pieces.front().second;
}

} // namespace

YamlPlace placeAt(std::string_view text, std::size_t offset)
{
    offset = std::min(offset, text.size());
    std::vector<LineInfo> lines;
    YamlCarry carry;
    std::size_t at = 0;
    forEachLine(text, [&](std::string_view line, std::size_t start, int) {
        YamlStep step = stepYamlLine(line, carry);
        const YamlCarry before = carry;
        carry = step.next;
        if (start <= offset)
            at = lines.size();
        lines.push_back({line, start, std::move(step), before});
    });
    YamlPlace place;
    const LineInfo& here = lines[at];
    place.line = int(at) + 1;
    place.lineStart = here.offset;
    const std::size_t column = std::min(offset - here.offset, here.text.size());
    place.atLineEnd = here.text.find_first_not_of(" \t", column) == std::string_view::npos;
    YamlTrail trail;
    for (std::size_t i = 0; i < at; ++i) {
        if (!lines[i].step.continues) {
            for (const YamlMark& mark : lines[i].step.line.marks)
                trail.add(mark, lines[i].offset);
        }
    }
    // Inside of a block scalar, or of a value of several lines.
    const bool inBlock = here.before.inBlock && here.step.continues
        && !(here.text.find_first_not_of(' ') == std::string_view::npos && column <= here.before.blockColumn);
    if (inBlock || (here.step.continues && !here.before.inBlock)) {
        std::size_t from = at;
        while (from > 0 && lines[from].step.continues)
            --from;
        place.where = here.before.inBlock ? YamlPlace::Where::BlockText : YamlPlace::Where::Value;
        place.path = trail.path();
        readScalar(lines, from, at, offset, place);
    } else {
        const YamlLine line = here.step.continues ? readYamlLine(here.text) : here.step.line;
        if (line.comment != std::string_view::npos && column > line.comment) {
            place.where = YamlPlace::Where::Comment;
            place.path = trail.path();
            return place;
        }
        // The marks in front of the place count; a key that holds it does not.
        const YamlMark* inKey = nullptr;
        bool startsItem = false;
        for (const YamlMark& mark : line.marks) {
            if (mark.column > column)
                break;
            if (!mark.isItem && column <= mark.keyEnd) {
                inKey = &mark;
                break;
            }
            trail.add(mark, here.offset);
            startsItem = startsItem || mark.isItem;
        }
        const bool hasKey = !line.marks.empty() && !line.marks.back().isItem && !inKey && column > line.marks.back().keyEnd;
        if (hasKey) {
            place.where = YamlPlace::Where::Value;
            place.path = trail.path();
            readScalar(lines, at, at, offset, place);
        } else {
            // A word without a colon: a key that is being typed, the item of a list, or more of a plain scalar.
            place.where = YamlPlace::Where::Key;
            place.hasColon = inKey != nullptr;
            std::size_t start = inKey ? inKey->column : std::max(line.indent, line.marks.empty() ? 0 : line.marks.back().isItem ? line.value : 0);
            if (line.isBlank || start > column)
                start = column;
            place.blankLine = line.isBlank;
            place.column = start;
            const std::size_t stop = inKey ? inKey->keyEnd : std::max(column, line.isBlank ? column : line.valueEnd);
            place.start = here.offset + start;
            place.end = here.offset + stop;
            place.typed = here.text.substr(start, column - start);
            YamlMark word {start, false, "?", start};
            YamlTrail above = trail;
            above.add(word, here.offset);
            std::vector<YamlLevel> levels = above.levels();
            levels.pop_back();
            for (const YamlLevel& level : levels)
                place.path.push_back(level.isItem ? "-" : level.key);
            place.siblings = siblingsAround(lines, at, start, startsItem);
            place.scalar = here.text.substr(start, stop - start);
            place.scalarStart = place.start;
            place.scalarOffset = column - start;
            place.pieces.emplace_back(0, place.start);
            return place;
        }
    }
    // The word: in a flow list the item, else the whole scalar.
    const std::string_view scalar = place.scalar;
    std::size_t from = 0;
    std::size_t to = scalar.size();
    if (!place.quoted && !scalar.empty() && scalar.front() == '[') {
        from = scalar.find_last_of("[,", place.scalarOffset == 0 ? 0 : place.scalarOffset - 1);
        from = from == std::string_view::npos ? 0 : from + 1;
        to = std::min(scalar.find_first_of(",]", std::min(from, scalar.size())), scalar.size());
        while (from < to && (scalar[from] == ' ' || scalar[from] == '"' || scalar[from] == '\''))
            ++from;
        while (to > from && (scalar[to - 1] == ' ' || scalar[to - 1] == '"' || scalar[to - 1] == '\''))
            --to;
        place.path.emplace_back("-");
        from = std::min(from, std::max(place.scalarOffset, from));
    }
    if (from > place.scalarOffset)
        from = place.scalarOffset;
    place.start = place.inText(from);
    place.end = place.inText(std::max(to, place.scalarOffset));
    place.typed = place.scalar.substr(from, place.scalarOffset - from);
    return place;
}

} // namespace Promdeck::Config
