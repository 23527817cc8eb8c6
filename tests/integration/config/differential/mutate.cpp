#include "tests/integration/config/differential/mutate.h"

#include <algorithm>
#include <cctype>

namespace Promdeck::Testing {

namespace {

using Lines = std::vector<std::string>;

Lines split(const std::string& text)
{
    Lines lines;
    std::size_t begin = 0;
    while (begin < text.size()) {
        const std::size_t end = text.find('\n', begin);
        lines.push_back(text.substr(begin, end == std::string::npos ? end : end - begin));
        if (end == std::string::npos)
            break;
        begin = end + 1;
    }
    return lines;
}

std::string join(const Lines& lines)
{
    std::string text;
    for (const std::string& line : lines)
        text += line + '\n';
    return text;
}

const std::vector<std::string>& oddValues()
{
    static const std::vector<std::string> values {
        "", "null", "~", "true", "\"true\"", "yes", "off", "'off'", "y", "0", "5", "\"5\"", "-5", "+5", "1e3", "3.0", "1.5", "0x10", "010",
        "0o10", "0b11", "1_000", "18446744073709551616", ".inf", ".NaN", "15", "15s", "1m", "1h30m", "1m1h", "1.5h", "-1m", "0", "0s", "1y",
        "10MB", "10", "1GiB", "1.5KB", "[]", "{}", "[a]", "[a, b]", "[null]", "{a: b}", "{a: null}", "\"\"", "''", "'it''s'", "\"a\\tb\"",
        "\"\\u00e4\"", "\xC3\xA4", "!!str 5", "!!int \"5\"", "!!bool \"true\"", "!!null x", "!!float 1", "!!binary YQ==", "!foo x",
        "2001-01-01", "12:30:45", "http://localhost:9090/x", "localhost:9090", "/x/y", "a*b", "*.yml", "https://", ":", "{{ $labels.x }}",
        "{{ .x }", "up == 0", "|", ">-", "- a", "&a x", "*a", "@x", "`x`", "%x", "a: b", "a #b", "# c", "?", "!", "\"unclosed", "'unclosed",
        "<<", "=", "Inf", "0.5", "1e400", "-0", "5.0e0", "1__0", "0x", "0xg", "TRUE", "True", "tRUE", "Null", "NULL", "nUll", "utf8", "legacy"};
    return values;
}

std::size_t indentOf(const std::string& line)
{
    return std::min(line.find_first_not_of(' '), line.size());
}

/// Where the value after "key: " or "- " begins; npos for other lines.
std::size_t valueOf(const std::string& line)
{
    const std::size_t colon = line.find(": ");
    if (colon != std::string::npos)
        return colon + 2;
    const std::size_t dash = line.find("- ");
    if (dash != std::string::npos && dash == indentOf(line))
        return dash + 2;
    return std::string::npos;
}

void changeValue(std::string& line, Dice& dice)
{
    std::size_t value = valueOf(line);
    if (value == std::string::npos) {
        if (!line.ends_with(':'))
            return;
        line += ' ';
        value = line.size();
    }
    const std::string old = line.substr(value);
    const std::string head = line.substr(0, value);
    switch (dice.below(12)) {
    case 0: line = head + "'" + old + "'"; break;
    case 1: line = head + "\"" + old + "\""; break;
    case 2: line = head + "&a " + old; break;
    case 3: line = head + "[" + old + "]"; break;
    case 4: line = head + old + " # " + old; break;
    case 5: line = head + "!!str " + old; break;
    default: line = head + dice.pick(oddValues()); break;
    }
}

void changeKey(std::string& line, const std::vector<std::string>& keys, Dice& dice)
{
    const std::size_t colon = line.find(':');
    if (colon == std::string::npos || keys.empty())
        return;
    const std::size_t begin = line.find_first_not_of(" -");
    if (begin == std::string::npos || begin > colon)
        return;
    const std::string key = line.substr(begin, colon - begin);
    std::string other = dice.pick(keys);
    switch (dice.below(8)) {
    case 0: other = '"' + key + '"'; break;
    case 1: other = "? " + key + "\n" + std::string(begin, ' '); break;
    case 2: other = key + "x"; break;
    case 3:
        other = key;
        other.front() = char(std::toupper(other.front()));
        break;
    case 4: other = "<<"; break;
    default: break;
    }
    line = line.substr(0, begin) + other + line.substr(colon);
}

/// How many lines belong to the block that begins at `at`.
std::size_t blockAt(const Lines& lines, std::size_t at)
{
    const std::size_t indent = indentOf(lines[at]);
    std::size_t end = at + 1;
    while (end < lines.size() && (lines[end].empty() || indentOf(lines[end]) > indent))
        ++end;
    return end - at;
}

void moveBlock(Lines& lines, std::size_t at, bool keep, Dice& dice)
{
    const std::size_t size = blockAt(lines, at);
    Lines block(lines.begin() + long(at), lines.begin() + long(at + size));
    if (!keep)
        lines.erase(lines.begin() + long(at), lines.begin() + long(at + size));
    const std::size_t to = dice.below(lines.size() + 1);
    const std::size_t wanted = to < lines.size() ? indentOf(lines[to]) : 0;
    const std::size_t indent = indentOf(block.front());
    for (std::string& line : block) {
        if (line.size() >= indent)
            line = std::string(wanted, ' ') + line.substr(indent);
    }
    lines.insert(lines.begin() + long(to), block.begin(), block.end());
}

void addMerge(Lines& lines, std::size_t at, Dice& dice)
{
    const std::string indent(lines[at].find_first_not_of(" -") == std::string::npos ? 0 : lines[at].find_first_not_of(" -"), ' ');
    static const std::vector<std::string> merges {"<<: {a: b}", "<<: [{a: b}, {c: d}]", "<<: *a", "<<: 5", "<<: [5]", "\"<<\": {a: b}",
                                                  "<<: {}", "<<: null", "!!merge <<: {a: b}", "<<: [*a]"};
    lines.insert(lines.begin() + long(at) + 1, indent + dice.pick(merges));
}

void changeBytes(std::string& text, Dice& dice)
{
    const std::size_t at = dice.below(text.size());
    static const std::vector<std::string> bytes {" ", "\t", "\n", "-", ":", "#", "\"", "'", "{", "}", "[", "]", ",", "&", "*", "!", "|", ">",
                                                 "%", "@", "`", "\\", "0", "a", "\xC3\xA9", "\xF0\x9F\x98\x80", "\r\n", "\xE2\x80\xA8", "\xC2\x85"};
    if (text.empty() || dice.chance(40))
        text.insert(at, dice.pick(bytes));
    else if (dice.chance(50))
        text.replace(at, 1, dice.pick(bytes));
    else
        text.erase(at, 1);
}

void wholeText(std::string& text, Dice& dice)
{
    switch (dice.below(7)) {
    case 0: text = "\xEF\xBB\xBF" + text; break;
    case 1:
        for (std::size_t i = 0; (i = text.find('\n', i)) != std::string::npos; i += 2)
            text.replace(i, 1, "\r\n");
        break;
    case 2: text = "---\n" + text + "---\n{}\n"; break;
    case 3: text = "%YAML 1.1\n---\n" + text; break;
    case 4: text += "...\n"; break;
    case 5: text = "# first\n\n" + text; break;
    default: text += dice.pick({"x: y\n", "---\nx: [\n", "\t\n", "  \n", "- a\n", "\"", "...\nx"}); break;
    }
}

void changeLines(Lines& lines, const std::vector<std::string>& keys, Dice& dice)
{
    const std::size_t at = dice.below(lines.size());
    std::string& line = lines[at];
    switch (dice.below(14)) {
    case 0: lines.erase(lines.begin() + long(at)); break;
    case 1: lines.insert(lines.begin() + long(at), std::string(line)); break;
    case 2: std::swap(line, lines[dice.below(lines.size())]); break;
    case 3: line = std::string(1 + dice.below(2), ' ') + line; break;
    case 4: line.erase(0, line.starts_with("  ") ? 1 + dice.below(2) : 0); break;
    case 5: moveBlock(lines, at, true, dice); break;
    case 6: moveBlock(lines, at, false, dice); break;
    case 7: addMerge(lines, at, dice); break;
    case 8:
    case 9: changeKey(line, keys, dice); break;
    case 10:
        if (!keys.empty()) {
            const std::size_t begin = std::min(line.find_first_not_of(" -"), line.size());
            lines.insert(lines.begin() + long(at) + 1, std::string(begin, ' ') + dice.pick(keys) + ": " + dice.pick(oddValues()));
        }
        break;
    default: changeValue(line, dice); break;
    }
}

bool isWord(char c)
{
    return std::isalnum(static_cast<unsigned char>(c)) != 0 || c == '_' || (static_cast<unsigned char>(c) & 0x80) != 0;
}

Lines tokens(const std::string& text)
{
    Lines out;
    for (std::size_t i = 0; i < text.size();) {
        std::size_t end = i + 1;
        while (isWord(text[i]) && end < text.size() && isWord(text[end]))
            ++end;
        out.push_back(text.substr(i, end - i));
        i = end;
    }
    return out;
}

} // namespace

std::string mutateYaml(const std::string& text, const std::vector<std::string>& keys, Dice& dice)
{
    std::string out = text;
    for (std::size_t changes = dice.chance(70) ? 1 : 2 + dice.below(2); changes > 0; --changes) {
        if (dice.chance(8)) {
            wholeText(out, dice);
        } else if (dice.chance(15)) {
            changeBytes(out, dice);
        } else {
            Lines lines = split(out);
            if (lines.empty())
                lines.emplace_back();
            changeLines(lines, keys, dice);
            out = join(lines);
        }
    }
    return out;
}

std::string mutateTokens(const std::string& text, const std::vector<std::string>& words, Dice& dice)
{
    Lines parts = tokens(text);
    if (parts.empty())
        parts.emplace_back();
    for (std::size_t changes = 1 + dice.below(3); changes > 0 && !parts.empty(); --changes) {
        const std::size_t at = dice.below(parts.size());
        switch (dice.below(8)) {
        case 0: parts.erase(parts.begin() + long(at)); break;
        case 1: parts.insert(parts.begin() + long(at), std::string(parts[at])); break;
        case 2: std::swap(parts[at], parts[dice.below(parts.size())]); break;
        case 3:
        case 4: parts[at] = dice.pick(words); break;
        case 5:
        case 6: parts.insert(parts.begin() + long(at), dice.pick(words)); break;
        default: changeBytes(parts[at], dice); break;
        }
    }
    std::string out;
    for (const std::string& part : parts)
        out += part;
    return out;
}

std::string inQuotes(std::string_view text)
{
    static constexpr std::string_view kHex = "0123456789abcdef";
    std::string out = "\"";
    for (const char c : text) {
        const auto byte = static_cast<unsigned char>(c);
        if (c == '"' || c == '\\') {
            out += '\\';
            out += c;
        } else if (byte < 0x20 || byte == 0x7f) {
            out += "\\x";
            out += kHex[byte >> 4];
            out += kHex[byte & 15];
        } else {
            out += c;
        }
    }
    return out + '"';
}

std::string asScalar(const std::string& text, int indent, Dice& dice)
{
    const bool printable = std::all_of(text.begin(), text.end(), [](char c) { return c == '\n' || (c >= 0x20 && c < 0x7f); });
    if (!printable || text.empty() || text.front() == ' ' || text.front() == '\n' || text.back() == '\n')
        return inQuotes(text);
    const std::string margin(std::size_t(indent), ' ');
    const auto block = [&](const std::string& head) {
        std::string out = head;
        for (const std::string& line : split(text))
            out += '\n' + (line.empty() ? line : margin + line);
        return out;
    };
    switch (dice.below(5)) {
    case 0: return block("|");
    case 1: return block(">-");
    case 2: {
        std::string out = "'";
        for (const char c : text)
            out += c == '\'' ? std::string("''") : c == '\n' ? "\n\n" + margin : std::string(1, c);
        return out + "'";
    }
    default: return inQuotes(text);
    }
}

} // namespace Promdeck::Testing
