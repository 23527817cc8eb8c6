#pragma once

#include <cstddef>
#include <deque>
#include <memory>
#include <string>
#include <string_view>
#include <vector>

namespace Promdeck::Config {

/// A place in a text. line and column are 1-based, columns count Unicode code points; offset is a byte.
struct TextPos
{
    std::size_t offset = 0;
    int line = 1;
    int column = 1;
    bool operator==(const TextPos&) const = default;
};

/// From start up to, not including, end.
struct TextSpan
{
    TextPos start;
    TextPos end;
    bool operator==(const TextSpan&) const = default;
};

struct YamlNode;

/// One "key: value" of a mapping, in file order. A value given by an alias points at the anchored node;
/// valueSpan is then the place of the alias.
struct YamlEntry
{
    const YamlNode* key = nullptr;
    const YamlNode* value = nullptr;
    TextSpan valueSpan;
};

struct YamlItem
{
    const YamlNode* value = nullptr;
    TextSpan span;
};

/// A node of the position tree. Nodes live as long as their document.
struct YamlNode
{
    enum class Kind { Scalar, Sequence, Mapping };
    enum class Style { Plain, SingleQuoted, DoubleQuoted, Literal, Folded, Block, Flow };
    Kind kind = Kind::Scalar;
    Style style = Style::Plain;
    std::string_view tag; ///< as resolved by the parser ("tag:yaml.org,2002:str"), empty when not given; the document's
    std::string value;  ///< scalars: UTF-8, after unescaping and folding
    std::vector<YamlItem> items;
    std::vector<YamlEntry> entries;
    TextSpan span;      ///< of block collections: up to the end of the last child
    [[nodiscard]] bool isScalar() const { return kind == Kind::Scalar; }
    [[nodiscard]] bool isMapping() const { return kind == Kind::Mapping; }
    [[nodiscard]] bool isSequence() const { return kind == Kind::Sequence; }
    /// The entry with this scalar key, or nullptr. Merge keys are not followed.
    [[nodiscard]] const YamlEntry* find(std::string_view key) const;
};

/// Something the YAML layer refuses, at its place, in the parser's own words.
struct YamlError
{
    std::string message;
    TextSpan span;
    std::size_t document = 0; ///< index of the document it is in
    bool ofScanner = false;   ///< about characters and tokens, not about how they follow each other
};

struct YamlPart;

/// A parsed text: every document of the stream as a tree with positions. Comments are not nodes; edits work
/// on the text by spans. Parsed with libyaml, whose port is what Prometheus and Alertmanager read with, so
/// that syntax verdicts agree.
class YamlDocument
{
public:
    YamlDocument(YamlDocument&&) noexcept;
    YamlDocument& operator=(YamlDocument&&) noexcept;
    ~YamlDocument();
    /// Never fails as such: a text that does not parse has an error, and the documents before it. A large text that
    /// ends in one long list is read in parts by several threads.
    [[nodiscard]] static YamlDocument parse(std::string_view utf8);

    /// Root of document `index`; nullptr when there is none.
    [[nodiscard]] const YamlNode* root(std::size_t index = 0) const;
    [[nodiscard]] std::size_t documentCount() const { return m_roots.size(); }
    [[nodiscard]] const std::vector<YamlError>& errors() const { return m_errors; }
    [[nodiscard]] bool ok() const { return m_errors.empty(); }
    [[nodiscard]] TextPos posAt(std::size_t offset) const;
    [[nodiscard]] const std::string& text() const { return *m_text; }
    /// Where in the text byte `offset` of a scalar's value stands: through quotes, escapes, indentation of
    /// block scalars and folded line breaks.
    [[nodiscard]] TextPos posInScalar(const YamlNode& scalar, std::size_t offset) const;

    /// Whether a node is used in more than one place.
    [[nodiscard]] bool hasAliases() const;

private:
    YamlDocument() = default;
    friend class YamlBuilder;
    void parseAll();
    bool parseInParts();
    std::unique_ptr<std::string> m_text;
    std::vector<std::size_t> m_lineStarts;
    std::vector<std::unique_ptr<YamlPart>> m_parts;
    std::vector<const YamlNode*> m_roots;
    std::vector<YamlError> m_errors;
};

/// Nodes that were read in one go, and what owns them.
struct YamlPart
{
    std::deque<YamlNode> nodes;
    std::deque<std::string> tags; ///< texts of the tags that nodes have; few have any
    std::vector<const YamlNode*> roots;
    std::vector<YamlError> errors;
    bool hasAliases = false;
};

} // namespace Promdeck::Config
