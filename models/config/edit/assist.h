#pragma once

#include "models/config/checker.h"
#include "models/config/edit/textedit.h"
#include "models/config/edit/yamllines.h"
#include "models/promql/completion.h"

#include <QString>

#include <optional>
#include <string>
#include <vector>

namespace Promdeck::Config {

/// What is known about a key beside its type: the sentences of resources/schemas/config.docs.
struct KeyDoc
{
    QString sentence;
    QString fallback;       ///< the server's default, as one writes it; empty when there is none
    QStringList values;     ///< what it can be, when that is a short list
    bool isEmpty() const { return sentence.isEmpty() && fallback.isEmpty() && values.isEmpty(); }
};
[[nodiscard]] KeyDoc keyDoc(const SchemaStruct& type, std::string_view key);
/// "list of duration", "optional bool": the type of a key for people who read configuration, not Go.
[[nodiscard]] QString typeText(const TypeRef& type);

/// The type at a path of a file; null where the schema ends. A path is made of keys and "-" for items.
[[nodiscard]] const TypeRef* typeAt(FileKind kind, const std::vector<std::string>& path);

/// Names from other files that can be written here.
struct KnownNames
{
    std::vector<ConfigSymbol> symbols; ///< of the whole workspace
    QStringList files;                 ///< relative to the folder of the file
};

struct Proposal
{
    enum class Kind { Key, Value, Name, File, Promql, Snippet };
    Kind kind = Kind::Key;
    std::string label;
    std::string insert;
    std::string detail;
    std::string documentation;
    Promql::CompletionKind promql = Promql::CompletionKind::Metric;
    int score = 0;
    bool again = false; ///< more is to be completed behind it
};

struct Proposals
{
    std::size_t start = 0; ///< what an accepted one replaces
    std::size_t end = 0;
    std::vector<Proposal> items; ///< the best first
};

/// What can be written at a place: keys and values from the schema, names that exist, PromQL in expressions.
[[nodiscard]] Proposals proposalsAt(std::string_view text, std::size_t offset, FileKind kind, const CheckOptions& options,
                                    const Promql::CompletionSource& metrics, const KnownNames& names);

struct HoverInfo
{
    std::size_t start = 0;
    std::size_t end = 0;
    QString title; ///< code: the key with its type, the signature of a function
    QString body;
    [[nodiscard]] bool isEmpty() const { return title.isEmpty(); }
};
[[nodiscard]] HoverInfo hoverAt(std::string_view text, std::size_t offset, FileKind kind, const CheckOptions& options,
                                const Promql::CompletionSource& metrics);

/// What a place names, for going to where that is defined.
struct Reference
{
    enum class Kind { None, Symbol, File, Template };
    Kind kind = Kind::None;
    ConfigSymbol::Kind symbol = ConfigSymbol::Kind::Section;
    std::string name; ///< of a file: as written, perhaps a pattern
};
[[nodiscard]] Reference referenceAt(std::string_view text, std::size_t offset, FileKind kind);

/// Whether a key of this struct holds PromQL, or a Go template.
[[nodiscard]] bool holdsPromql(FileKind kind, const std::vector<std::string>& path);

/// A change that mends a finding for certain, or as its hint says.
struct QuickFix
{
    QString title;
    TextEdits edits;
};
[[nodiscard]] std::vector<QuickFix> quickFixes(std::string_view text, FileKind kind, const Diagnostic& finding);

/// Edits that lay a text out evenly: two spaces for each level, one behind colons, no blanks at ends of lines,
/// expressions as the PromQL formatter writes them. Comments, order, quotes and anchors stay. Nothing where the result
/// would not say the same, or the text does not parse.
[[nodiscard]] std::optional<TextEdits> formatConfig(std::string_view text, FileKind kind, const CheckOptions& options);

/// The rule that holds a place, for views that look at one rule.
struct RuleAt
{
    std::string name;
    bool isAlert = false;
    std::string expression;
    std::string forText;
    std::string keepFiringText;
    std::string groupInterval; ///< as written; empty for the global one
    std::vector<std::pair<std::string, std::string>> labels;
    std::vector<std::pair<std::string, std::string>> annotations;
    TextSpan expressionSpan;
    std::size_t offset = 0;  ///< of the rule's first key
};
[[nodiscard]] std::optional<RuleAt> ruleAt(const YamlDocument& document, std::size_t offset);
/// The edit that writes another duration under `for`, adding the key where it is missing; nothing when the rule does
/// not parse.
[[nodiscard]] std::optional<TextEdits> editRuleFor(std::string_view text, std::size_t offset, std::string_view duration);
/// The edit that writes another number into the rule's expression, at bytes of its value.
[[nodiscard]] std::optional<TextEdits> editRuleExpression(std::string_view text, std::size_t offset, std::size_t start, std::size_t end,
                                                          std::string_view replacement);

/// Puts an item at the end of the list at `path` ("groups", "0", "rules": items by number), making what is missing.
/// `lines` is the item without its "- " and without indentation; its lines are indented as the list's items are.
/// Nothing when the text does not parse or something else is at the path.
[[nodiscard]] std::optional<TextEdits> appendItem(std::string_view text, const std::vector<std::string>& path, std::string_view lines);

/// A text as a scalar on one line: plain where that reads back as the same text, else in quotes.
[[nodiscard]] std::string yamlScalar(std::string_view value);

} // namespace Promdeck::Config
