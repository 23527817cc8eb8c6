#include "models/config/yamldocument.h"

#include <QByteArray>

#include <yaml.h>

#include <algorithm>
#include <cstdlib>
#include <thread>
#include <unordered_map>

namespace Promdeck::Config {

namespace {

// Deeper than any real file, shallow enough for every stack that walks the tree.
constexpr std::size_t kMaxDepth = 1000;

YamlNode::Style scalarStyle(yaml_scalar_style_t style)
{
    switch (style) {
    case YAML_SINGLE_QUOTED_SCALAR_STYLE: return YamlNode::Style::SingleQuoted;
    case YAML_DOUBLE_QUOTED_SCALAR_STYLE: return YamlNode::Style::DoubleQuoted;
    case YAML_LITERAL_SCALAR_STYLE: return YamlNode::Style::Literal;
    case YAML_FOLDED_SCALAR_STYLE: return YamlNode::Style::Folded;
    default: return YamlNode::Style::Plain;
    }
}

std::string toText(const yaml_char_t* value)
{
    return value ? std::string(reinterpret_cast<const char*>(value)) : std::string();
}

bool isBlock(YamlNode::Style style)
{
    return style == YamlNode::Style::Literal || style == YamlNode::Style::Folded;
}

/// Bytes of a code point in UTF-8.
std::size_t utf8Length(unsigned long code)
{
    return code < 0x80 ? 1 : code < 0x800 ? 2 : code < 0x10000 ? 3 : 4;
}

/// An escape of a double-quoted scalar: how long it is in the source and how many bytes of the value it makes.
struct Escape
{
    std::size_t sourceBytes = 2;
    std::size_t valueBytes = 1;
};

Escape escapeAt(std::string_view source)
{
    if (source.size() < 2)
        return {source.size(), 0};
    const char kind = source[1];
    if (kind == '\n' || kind == '\r') {
        // The line goes on below; its indentation does not count.
        std::size_t end = source.find_first_not_of(" \t\r\n", 1);
        return {end == std::string_view::npos ? source.size() : end, 0};
    }
    const std::size_t digits = kind == 'x' ? 2 : kind == 'u' ? 4 : kind == 'U' ? 8 : 0;
    if (digits > 0) {
        const std::string hex(source.substr(2, digits));
        return {2 + digits, utf8Length(std::strtoul(hex.c_str(), nullptr, 16))};
    }
    // NEL, no-break space, line and paragraph separator.
    if (kind == 'N' || kind == '_')
        return {2, 2};
    return {2, kind == 'L' || kind == 'P' ? 3U : 1U};
}

/// How far the first line with text of a block scalar is indented because of the block, not of its content.
std::size_t blockIndent(std::string_view lines, std::string_view value)
{
    const std::size_t first = value.find_first_not_of('\n');
    if (first == std::string_view::npos)
        return 0;
    const std::size_t own = value.find_first_not_of(' ', first) - first;
    for (std::size_t at = 0; at < lines.size();) {
        const std::size_t text = lines.find_first_not_of(' ', at);
        if (text == std::string_view::npos)
            break;
        if (lines[text] != '\n' && lines[text] != '\r')
            return text - at >= own ? text - at - own : 0;
        at = lines.find('\n', text) + 1;
    }
    return 0;
}

/// Byte of a block scalar's source (from its indicator on) that byte `offset` of its value stands for.
std::size_t placeInBlock(std::string_view source, std::string_view value, std::size_t offset)
{
    const std::size_t header = source.find('\n');
    if (header == std::string_view::npos)
        return source.size();
    const std::size_t indent = blockIndent(source.substr(header + 1), value);
    std::size_t seen = 0;
    std::size_t lastEnd = header;
    bool hadText = false;
    for (std::size_t at = header + 1; at < source.size();) {
        const std::size_t lineEnd = std::min(source.find('\n', at), source.size());
        const std::size_t textEnd = lineEnd > at && source[lineEnd - 1] == '\r' ? lineEnd - 1 : lineEnd;
        std::size_t text = at;
        while (text < textEnd && source[text] == ' ' && text - at < indent)
            ++text;
        if (text < textEnd) {
            // In front of it stand the line breaks that were kept, or the one blank that folding made of them.
            const std::size_t before = seen;
            while (seen < value.size() && value[seen] == '\n')
                ++seen;
            if (hadText && seen == before)
                ++seen;
            if (offset < seen)
                return lastEnd;
            if (offset < seen + (textEnd - text))
                return text + (offset - seen);
            seen += textEnd - text;
            hadText = true;
            lastEnd = textEnd;
        }
        at = lineEnd + 1;
    }
    return lastEnd;
}

bool isBlankOrBreak(char c)
{
    return c == ' ' || c == '\t' || c == '\n' || c == '\r';
}

/// The same for a plain or quoted scalar, quotes included. Source and value are walked side by side.
std::size_t placeInFlow(std::string_view source, const YamlNode& scalar, std::size_t offset)
{
    const bool single = scalar.style == YamlNode::Style::SingleQuoted;
    const bool twice = scalar.style == YamlNode::Style::DoubleQuoted;
    std::size_t at = single || twice ? 1 : 0;
    for (std::size_t seen = 0; seen < offset && at < source.size();) {
        std::size_t run = at;
        while (run < source.size() && isBlankOrBreak(source[run]))
            ++run;
        const auto breaks = std::size_t(std::count(source.begin() + long(at), source.begin() + long(run), '\n'));
        if (breaks > 0) {
            // One break folds to a blank, of several the first is dropped; the blanks around them as well.
            const std::size_t made = breaks == 1 ? 1 : breaks - 1;
            if (seen + made > offset)
                return at;
            seen += made;
            at = run;
        } else if (twice && source[at] == '\\') {
            const Escape escape = escapeAt(source.substr(at));
            if (seen + escape.valueBytes > offset)
                return at;
            seen += escape.valueBytes;
            at += escape.sourceBytes;
        } else {
            at += single && source[at] == '\'' ? 2 : 1;
            ++seen;
        }
    }
    // An escaped line break makes nothing: what follows stands behind it.
    while (twice && at < source.size() && source[at] == '\\' && escapeAt(source.substr(at)).valueBytes == 0)
        at += std::max(std::size_t(1), escapeAt(source.substr(at)).sourceBytes);
    return at;
}

} // namespace

/// Builds the tree of a stretch of the text from libyaml's events. Reads nothing of the document but its text and lines,
/// so that several may run at once.
class YamlBuilder
{
public:
    /// Of the bytes from `begin` to `end`; the first is in line `line`, counted from 0.
    YamlBuilder(const YamlDocument& document, YamlPart& part, std::size_t begin, std::size_t end, std::size_t line)
        : m_document(document), m_part(part), m_begin(begin), m_end(end), m_line(line)
    {
    }

    void run()
    {
        yaml_parser_t parser;
        if (!yaml_parser_initialize(&parser))
            return;
        const std::string& input = *m_document.m_text;
        findOffsets();
        // libyaml skips a mark at the beginning of any line, Go reads it as the first letter of what follows.
        const std::size_t mark = m_offsets.empty() ? std::string::npos : input.find("\xEF\xBB\xBF", m_begin);
        if (mark < m_end && mark > m_begin && input[mark - 1] == '\n')
            m_part.errors.push_back({"byte order mark inside of the file", {m_document.posAt(mark), m_document.posAt(mark + 3)}, 0});
        const std::string replaced = withKnownEscapes(std::string_view(input).substr(m_begin, m_end - m_begin));
        const char* read = replaced.empty() ? input.data() + m_begin : replaced.data();
        yaml_parser_set_input_string(&parser, reinterpret_cast<const unsigned char*>(read), m_end - m_begin);
        yaml_parser_set_encoding(&parser, YAML_UTF8_ENCODING);
        for (bool more = true; more;) {
            yaml_event_t event;
            if (!yaml_parser_parse(&parser, &event)) {
                addParserError(parser);
                break;
            }
            more = handle(event);
            yaml_event_delete(&event);
        }
        yaml_parser_delete(&parser);
    }

private:
    struct Frame
    {
        YamlNode* node = nullptr;
        const YamlNode* pendingKey = nullptr;
    };

    /// go-yaml knows the escape \' in double quotes and libyaml does not. A copy of the text in which these are \a, of the
    /// same length, which restoreQuotes() undoes in the values; empty when there are none. Where double quotes are is
    /// known to the scanner alone, so it is run up to one after the other.
    std::string withKnownEscapes(std::string_view text)
    {
        constexpr int kMostScalars = 500;
        std::string out;
        if (text.find("\\'") == std::string_view::npos)
            return out;
        std::string copy(text);
        for (int round = 0; round < kMostScalars; ++round) {
            std::size_t at = firstUnknownEscape(copy);
            if (at + 1 >= copy.size() || copy[at + 1] != '\'')
                break;
            for (; at + 1 < copy.size() && copy[at] != '"'; ++at) {
                if (copy[at] != '\\')
                    continue;
                if (copy[at + 1] == '\'') {
                    copy[at + 1] = 'a';
                    m_hasQuoteEscapes = true;
                }
                ++at;
            }
        }
        if (m_hasQuoteEscapes)
            out = std::move(copy);
        return out;
    }

    /// Where libyaml stops at an escape that it does not know; the size of the text when it does not.
    std::size_t firstUnknownEscape(const std::string& text) const
    {
        yaml_parser_t scanner;
        if (!yaml_parser_initialize(&scanner))
            return text.size();
        yaml_parser_set_input_string(&scanner, reinterpret_cast<const unsigned char*>(text.data()), text.size());
        yaml_parser_set_encoding(&scanner, YAML_UTF8_ENCODING);
        std::size_t found = text.size();
        for (bool more = true; more;) {
            yaml_token_t token;
            if (!yaml_parser_scan(&scanner, &token)) {
                if (scanner.problem && std::string_view(scanner.problem) == "found unknown escape character")
                    found = pos(scanner.problem_mark).offset - m_begin;
                break;
            }
            more = token.type != YAML_STREAM_END_TOKEN;
            yaml_token_delete(&token);
        }
        yaml_parser_delete(&scanner);
        return found;
    }

    /// Puts back what withKnownEscapes() replaced: the bells of a value that were \' in the text.
    void restoreQuotes(YamlNode& scalar) const
    {
        const std::string_view source = std::string_view(*m_document.m_text).substr(0, scalar.span.end.offset);
        std::size_t bell = 0;
        for (std::size_t at = source.find('\\', scalar.span.start.offset); at != std::string_view::npos && at + 1 < source.size(); at = source.find('\\', at + 2)) {
            const std::string_view escape = source.substr(at);
            const bool isBell = escape.starts_with("\\a") || escape.starts_with("\\x07") || escape.starts_with("\\u0007") || escape.starts_with("\\U00000007");
            if (escape[1] != '\'' && !isBell)
                continue;
            bell = scalar.value.find('\a', bell);
            if (bell == std::string::npos)
                return;
            if (!isBell)
                scalar.value[bell] = '\'';
            ++bell;
        }
    }

    /// libyaml's mark.index counts characters; text with only ASCII needs no translation.
    void findOffsets()
    {
        const std::string_view text = std::string_view(*m_document.m_text).substr(m_begin, m_end - m_begin);
        if (std::all_of(text.begin(), text.end(), [](char c) { return static_cast<unsigned char>(c) < 0x80; })) {
            m_plainLines = text.find('\r') == std::string_view::npos;
            return;
        }
        m_offsets.reserve(text.size());
        for (std::size_t i = 0; i < text.size(); ++i) {
            if ((static_cast<unsigned char>(text[i]) & 0xC0) != 0x80)
                m_offsets.push_back(m_begin + i);
        }
    }

    [[nodiscard]] TextPos pos(const yaml_mark_t& mark) const
    {
        if (m_plainLines) // libyaml has counted already
            return {m_begin + mark.index, int(m_line + mark.line) + 1, int(mark.column) + 1};
        if (m_offsets.empty())
            return m_document.posAt(m_begin + mark.index);
        return m_document.posAt(mark.index < m_offsets.size() ? m_offsets[mark.index] : m_end);
    }

    [[nodiscard]] TextSpan spanOf(const yaml_event_t& event) const
    {
        return {pos(event.start_mark), pos(event.end_mark)};
    }

    void addParserError(const yaml_parser_t& parser)
    {
        YamlError error;
        error.message = parser.problem ? parser.problem : "cannot be read";
        // Where it began says more than where it could not go on.
        if (parser.context && parser.context_mark.line != parser.problem_mark.line)
            error.message += std::string(" ") + parser.context + " that begins in line "
                + std::to_string(m_line + parser.context_mark.line + 1);
        error.span.start = parser.error == YAML_READER_ERROR ? m_document.posAt(m_begin + parser.problem_offset)
                                                             : pos(parser.problem_mark);
        error.span.end = m_document.posAt(error.span.start.offset + 1);
        error.document = m_ended;
        error.ofScanner = parser.error == YAML_SCANNER_ERROR || parser.error == YAML_READER_ERROR;
        m_part.errors.push_back(std::move(error));
    }

    bool fail(std::string message, const yaml_event_t& event)
    {
        m_part.errors.push_back({std::move(message), spanOf(event), m_ended});
        return false;
    }

    YamlNode* newNode(YamlNode::Kind kind, const yaml_event_t& event, const yaml_char_t* anchor,
                      const yaml_char_t* tag)
    {
        YamlNode& node = m_part.nodes.emplace_back();
        node.kind = kind;
        if (tag)
            node.tag = m_part.tags.emplace_back(toText(tag));
        node.span = spanOf(event);
        if (anchor)
            m_anchors[toText(anchor)] = &node;
        return &node;
    }

    void attach(const YamlNode* node, TextSpan span)
    {
        if (m_stack.empty()) {
            m_part.roots.back() = node;
            return;
        }
        Frame& top = m_stack.back();
        if (top.node->isSequence()) {
            top.node->items.push_back({node, span});
        } else if (!top.pendingKey) {
            top.pendingKey = node;
        } else {
            top.node->entries.push_back({top.pendingKey, node, span});
            top.pendingKey = nullptr;
        }
    }

    bool open(YamlNode* node, bool flow, const yaml_event_t& event)
    {
        node->style = flow ? YamlNode::Style::Flow : YamlNode::Style::Block;
        if (m_stack.size() >= kMaxDepth)
            return fail("exceeded max depth", event);
        attach(node, node->span);
        m_stack.push_back({node, nullptr});
        return true;
    }

    void close(const yaml_event_t& event)
    {
        YamlNode* node = m_stack.back().node;
        m_stack.pop_back();
        // A block collection ends for libyaml where the next token starts; people see the end of its last child.
        if (node->style == YamlNode::Style::Flow)
            node->span.end = pos(event.end_mark);
        else if (!node->items.empty())
            node->span.end = node->items.back().span.end;
        else if (!node->entries.empty())
            node->span.end = std::max(node->entries.back().valueSpan.end, node->entries.back().key->span.end,
                                      [](const TextPos& a, const TextPos& b) { return a.offset < b.offset; });
        if (m_stack.empty())
            return;
        YamlNode* parent = m_stack.back().node;
        if (parent->isSequence())
            parent->items.back().span.end = node->span.end;
        else if (!parent->entries.empty() && parent->entries.back().value == node)
            parent->entries.back().valueSpan.end = node->span.end;
    }

    bool handle(const yaml_event_t& event)
    {
        switch (event.type) {
        case YAML_DOCUMENT_START_EVENT: return startDocument(event);
        case YAML_DOCUMENT_END_EVENT: ++m_ended; return true;
        case YAML_STREAM_END_EVENT: return false;
        case YAML_SCALAR_EVENT: return addScalar(event);
        case YAML_SEQUENCE_START_EVENT: {
            const auto& data = event.data.sequence_start;
            return open(newNode(YamlNode::Kind::Sequence, event, data.anchor, data.tag),
                        data.style == YAML_FLOW_SEQUENCE_STYLE, event);
        }
        case YAML_MAPPING_START_EVENT: {
            const auto& data = event.data.mapping_start;
            return open(newNode(YamlNode::Kind::Mapping, event, data.anchor, data.tag),
                        data.style == YAML_FLOW_MAPPING_STYLE, event);
        }
        case YAML_SEQUENCE_END_EVENT:
        case YAML_MAPPING_END_EVENT: close(event); return true;
        case YAML_ALIAS_EVENT: return addAlias(event);
        default: return true;
        }
    }

    bool startDocument(const yaml_event_t& event)
    {
        m_part.roots.push_back(nullptr);
        m_anchors.clear();
        const yaml_version_directive_t* version = event.data.document_start.version_directive;
        // go-yaml knows 1.1 only, libyaml also lets 1.2 through.
        if (version && (version->major != 1 || version->minor != 1))
            return fail("found incompatible YAML document", event);
        return true;
    }

    bool addScalar(const yaml_event_t& event)
    {
        const auto& data = event.data.scalar;
        YamlNode* node = newNode(YamlNode::Kind::Scalar, event, data.anchor, data.tag);
        node->style = scalarStyle(data.style);
        node->value.assign(reinterpret_cast<const char*>(data.value), data.length);
        if (m_hasQuoteEscapes && node->style == YamlNode::Style::DoubleQuoted)
            restoreQuotes(*node);
        attach(node, node->span);
        if (node->style == YamlNode::Style::DoubleQuoted && !escapesAreOld(*node))
            return false;
        if (node->tag != "tag:yaml.org,2002:binary")
            return true;
        QByteArray encoded = QByteArray::fromStdString(node->value);
        encoded.replace('\n', QByteArray()).replace('\r', QByteArray());
        const auto decoded = QByteArray::fromBase64Encoding(encoded, QByteArray::AbortOnBase64DecodingErrors);
        if (!decoded || encoded.size() % 4 != 0)
            return fail("!!binary value contains invalid base64 data", event);
        node->value = (*decoded).toStdString();
        return true;
    }

    /// libyaml knows one escape that go-yaml does not.
    bool escapesAreOld(const YamlNode& scalar)
    {
        const std::string_view text(*m_document.m_text);
        for (std::size_t at = text.find('\\', scalar.span.start.offset); at < scalar.span.end.offset; at = text.find('\\', at + 2)) {
            if (text[at + 1] != '/')
                continue;
            m_part.errors.push_back({"found unknown escape character", {m_document.posAt(at), m_document.posAt(at + 2)}, m_ended, true});
            return false;
        }
        return true;
    }

    bool addAlias(const yaml_event_t& event)
    {
        const std::string name = toText(event.data.alias.anchor);
        const auto found = m_anchors.find(name);
        if (found == m_anchors.end())
            return fail("unknown anchor '" + name + "' referenced", event);
        for (const Frame& frame : m_stack) {
            if (frame.node == found->second)
                return fail("anchor '" + name + "' value contains itself", event);
        }
        m_part.hasAliases = true;
        attach(found->second, spanOf(event));
        return true;
    }

    const YamlDocument& m_document;
    YamlPart& m_part;
    std::size_t m_begin;
    std::size_t m_end;
    std::size_t m_line;
    std::vector<Frame> m_stack;
    std::unordered_map<std::string, YamlNode*> m_anchors;
    std::vector<std::size_t> m_offsets; ///< byte offset of each character; empty for ASCII
    bool m_plainLines = false;
    bool m_hasQuoteEscapes = false; ///< libyaml reads a copy in which \' is \a ///< ASCII, and only line feeds end lines
    std::size_t m_ended = 0; ///< documents that are complete
};

const YamlEntry* YamlNode::find(std::string_view key) const
{
    for (const YamlEntry& entry : entries) {
        if (entry.key->isScalar() && entry.key->value == key)
            return &entry;
    }
    return nullptr;
}

namespace {

// Below this a second thread costs more than it saves.
constexpr std::size_t kWorthParts = 200000;
constexpr unsigned kMostThreads = 4;

/// Where a text that ends in a long list under its last key at the left margin can be cut: the beginnings of items, far
/// apart. A cut is only a proposal: what comes of the parts tells whether it was one.
std::vector<std::size_t> cutsOf(std::string_view text)
{
    const unsigned threads = std::min(kMostThreads, std::thread::hardware_concurrency());
    if (text.size() < kWorthParts || threads < 2 || text.find('%') == 0 || text.find("\n%") != std::string_view::npos)
        return {};
    std::size_t lastKey = 0;
    for (std::size_t line = 0; line < text.size();) {
        const char c = text[line];
        if (c != ' ' && c != '#' && c != '-' && c != '\n' && c != '\r')
            lastKey = line;
        const std::size_t next = text.find('\n', line);
        line = next == std::string_view::npos ? text.size() : next + 1;
    }
    const std::size_t first = text.find_first_not_of(" \r\n", text.find('\n', lastKey));
    if (first == std::string_view::npos || text[first] != '-')
        return {};
    const std::size_t lineStart = text.rfind('\n', first) + 1;
    const std::string head = '\n' + std::string(text.substr(lineStart, first - lineStart)) + "- ";
    std::vector<std::size_t> cuts;
    for (unsigned i = 1; i < threads; ++i) {
        const std::size_t at = text.find(head, std::max(text.size() / threads * i, first));
        if (at == std::string_view::npos)
            break;
        if (cuts.empty() || cuts.back() != at + 1)
            cuts.push_back(at + 1);
    }
    return cuts;
}

/// The list under the last key of a mapping at the left margin; null for anything else.
YamlNode* lastList(const YamlPart& part, std::size_t column)
{
    if (part.roots.size() != 1 || !part.errors.empty() || !part.roots.front())
        return nullptr;
    const YamlNode& root = *part.roots.front();
    if (!root.isMapping() || root.style != YamlNode::Style::Block || root.entries.empty())
        return nullptr;
    const YamlEntry& last = root.entries.back();
    const YamlNode& list = *last.value;
    const bool fits = list.isSequence() && list.style == YamlNode::Style::Block && !list.items.empty() && last.valueSpan == list.span
        && std::size_t(list.items.front().span.start.column) > column && std::size_t(list.span.start.column) == column;
    return fits ? const_cast<YamlNode*>(&list) : nullptr;
}

} // namespace

YamlDocument::YamlDocument(YamlDocument&&) noexcept = default;
YamlDocument& YamlDocument::operator=(YamlDocument&&) noexcept = default;
YamlDocument::~YamlDocument() = default;

YamlDocument YamlDocument::parse(std::string_view utf8)
{
    YamlDocument document;
    document.m_text = std::make_unique<std::string>(utf8);
    // libyaml would count a byte order mark as a column, and everything below stood to the left of the first key.
    document.m_lineStarts.push_back(utf8.starts_with("\xEF\xBB\xBF") ? 3 : 0);
    for (std::size_t at = utf8.find('\n'); at != std::string_view::npos; at = utf8.find('\n', at + 1))
        document.m_lineStarts.push_back(at + 1);
    if (!document.parseInParts())
        document.parseAll();
    return document;
}

void YamlDocument::parseAll()
{
    m_parts.clear();
    YamlPart& part = *m_parts.emplace_back(std::make_unique<YamlPart>());
    YamlBuilder(*this, part, m_lineStarts.front(), m_text->size(), 0).run();
    m_roots = part.roots;
    m_errors = part.errors;
}

/// Reads the parts between the cuts at once and puts their lists together. A part that is cut in the wrong place (inside
/// of a quoted text, behind an anchor that it needs) does not parse as a list of its own, and everything is read again
/// in one go: what comes out is the same either way.
bool YamlDocument::parseInParts()
{
    const std::vector<std::size_t> cuts = cutsOf(*m_text);
    if (cuts.empty())
        return false;
    std::vector<std::thread> threads;
    for (std::size_t i = 0; i <= cuts.size(); ++i) {
        YamlPart& part = *m_parts.emplace_back(std::make_unique<YamlPart>());
        const std::size_t begin = i == 0 ? m_lineStarts.front() : cuts[i - 1];
        const std::size_t end = i < cuts.size() ? cuts[i] : m_text->size();
        const std::size_t line = i == 0 ? 0 : std::size_t(posAt(begin).line) - 1;
        if (i > 0)
            threads.emplace_back([this, &part, begin, end, line] { YamlBuilder(*this, part, begin, end, line).run(); });
    }
    YamlBuilder(*this, *m_parts.front(), m_lineStarts.front(), cuts.front(), 0).run();
    for (std::thread& thread : threads)
        thread.join();
    const std::size_t lineStart = cuts.front();
    const std::size_t column = m_text->find('-', lineStart) - lineStart + 1;
    YamlNode* list = lastList(*m_parts.front(), column);
    for (std::size_t i = 1; list && i < m_parts.size(); ++i) {
        const YamlPart& part = *m_parts[i];
        const YamlNode* root = part.roots.size() == 1 && part.errors.empty() ? part.roots.front() : nullptr;
        const bool fits = root && root->isSequence() && root->style == YamlNode::Style::Block && root->span.start.offset == cuts[i - 1] + column - 1;
        if (!fits)
            list = nullptr;
    }
    if (!list)
        return false;
    for (std::size_t i = 1; i < m_parts.size(); ++i) {
        const YamlNode& more = *m_parts[i]->roots.front();
        list->items.insert(list->items.end(), more.items.begin(), more.items.end());
        list->span.end = more.span.end;
    }
    m_roots = m_parts.front()->roots;
    auto* root = const_cast<YamlNode*>(m_roots.front());
    root->entries.back().valueSpan.end = list->span.end;
    root->span.end = list->span.end;
    return true;
}

bool YamlDocument::hasAliases() const
{
    return std::any_of(m_parts.begin(), m_parts.end(), [](const auto& part) { return part->hasAliases; });
}

const YamlNode* YamlDocument::root(std::size_t index) const
{
    return index < m_roots.size() ? m_roots[index] : nullptr;
}

TextPos YamlDocument::posAt(std::size_t offset) const
{
    offset = std::max(std::min(offset, m_text->size()), m_lineStarts.front());
    const auto next = std::upper_bound(m_lineStarts.begin(), m_lineStarts.end(), offset);
    TextPos pos;
    pos.offset = offset;
    pos.line = int(next - m_lineStarts.begin());
    for (std::size_t i = *(next - 1); i < offset; ++i)
        pos.column += (static_cast<unsigned char>((*m_text)[i]) & 0xC0) != 0x80;
    return pos;
}

TextPos YamlDocument::posInScalar(const YamlNode& scalar, std::size_t offset) const
{
    const std::string_view source(*m_text);
    const std::size_t end = std::min(scalar.span.end.offset, source.size());
    const std::string_view text = source.substr(scalar.span.start.offset, end - scalar.span.start.offset);
    const std::size_t place = isBlock(scalar.style) ? placeInBlock(text, scalar.value, offset)
                                                    : placeInFlow(text, scalar, offset);
    return posAt(std::min(scalar.span.start.offset + place, end));
}

} // namespace Promdeck::Config
