#include "models/config/yamldocument.h"

#include <QByteArray>

#include <yaml.h>

#include <algorithm>
#include <cstdlib>
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

/// Builds the tree from libyaml's events.
class YamlBuilder
{
public:
    explicit YamlBuilder(YamlDocument& document) : m_document(document) {}

    void run()
    {
        yaml_parser_t parser;
        if (!yaml_parser_initialize(&parser))
            return;
        const std::string& input = *m_document.m_text;
        findOffsets();
        // libyaml skips a mark at the beginning of any line, Go reads it as the first letter of what follows.
        const std::size_t mark = input.find("\xEF\xBB\xBF", m_bomBytes);
        if (mark != std::string::npos && (mark == m_bomBytes || input[mark - 1] == '\n'))
            m_document.m_errors.push_back({"byte order mark inside of the file", {m_document.posAt(mark), m_document.posAt(mark + 3)}, 0});
        // libyaml would count a byte order mark as a column, and everything below stood to the left of the first key.
        yaml_parser_set_input_string(&parser, reinterpret_cast<const unsigned char*>(input.data()) + m_bomBytes,
                                     input.size() - m_bomBytes);
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

    /// libyaml's mark.index counts characters; text with only ASCII needs no translation.
    void findOffsets()
    {
        const std::string& text = *m_document.m_text;
        m_bomBytes = text.starts_with("\xEF\xBB\xBF") ? 3 : 0;
        if (std::all_of(text.begin(), text.end(), [](char c) { return static_cast<unsigned char>(c) < 0x80; })) {
            m_plainLines = text.find('\r') == std::string::npos;
            return;
        }
        m_offsets.reserve(text.size());
        for (std::size_t i = m_bomBytes; i < text.size(); ++i) {
            if ((static_cast<unsigned char>(text[i]) & 0xC0) != 0x80)
                m_offsets.push_back(i);
        }
    }

    [[nodiscard]] TextPos pos(const yaml_mark_t& mark) const
    {
        if (m_plainLines) // libyaml has counted already
            return {mark.index, int(mark.line) + 1, int(mark.column) + 1};
        if (m_offsets.empty())
            return m_document.posAt(mark.index);
        return m_document.posAt(mark.index < m_offsets.size() ? m_offsets[mark.index] : m_document.m_text->size());
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
                + std::to_string(parser.context_mark.line + 1);
        error.span.start = parser.error == YAML_READER_ERROR ? m_document.posAt(parser.problem_offset + m_bomBytes)
                                                             : pos(parser.problem_mark);
        error.span.end = m_document.posAt(error.span.start.offset + 1);
        error.document = m_ended;
        m_document.m_errors.push_back(std::move(error));
    }

    bool fail(std::string message, const yaml_event_t& event)
    {
        m_document.m_errors.push_back({std::move(message), spanOf(event), m_ended});
        return false;
    }

    YamlNode* newNode(YamlNode::Kind kind, const yaml_event_t& event, const yaml_char_t* anchor,
                      const yaml_char_t* tag)
    {
        YamlNode& node = m_document.m_nodes->emplace_back();
        node.kind = kind;
        if (tag)
            node.tag = m_document.m_tags->emplace_back(toText(tag));
        node.span = spanOf(event);
        if (anchor)
            m_anchors[toText(anchor)] = &node;
        return &node;
    }

    void attach(const YamlNode* node, TextSpan span)
    {
        if (m_stack.empty()) {
            m_document.m_roots.back() = node;
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
        m_document.m_roots.push_back(nullptr);
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
        attach(node, node->span);
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
        attach(found->second, spanOf(event));
        return true;
    }

    YamlDocument& m_document;
    std::vector<Frame> m_stack;
    std::unordered_map<std::string, YamlNode*> m_anchors;
    std::vector<std::size_t> m_offsets; ///< byte offset of each character; empty for ASCII
    bool m_plainLines = false; ///< ASCII, and only line feeds end lines
    std::size_t m_bomBytes = 0;
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

YamlDocument YamlDocument::parse(std::string_view utf8)
{
    YamlDocument document;
    document.m_text = std::make_unique<std::string>(utf8);
    document.m_nodes = std::make_unique<std::deque<YamlNode>>();
    document.m_tags = std::make_unique<std::deque<std::string>>();
    document.m_lineStarts.push_back(utf8.starts_with("\xEF\xBB\xBF") ? 3 : 0);
    for (std::size_t i = 0; i < utf8.size(); ++i) {
        if (utf8[i] == '\n')
            document.m_lineStarts.push_back(i + 1);
    }
    YamlBuilder(document).run();
    return document;
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
