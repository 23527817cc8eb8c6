#pragma once

#include "models/config/diagnostic.h"
#include "models/config/schema.h"
#include "models/config/yamlscalar.h"

#include <compare>
#include <functional>
#include <map>
#include <optional>
#include <set>
#include <string>
#include <unordered_map>
#include <unordered_set>
#include <utility>
#include <vector>

namespace Promdeck::Promql {
struct ParseResult;
}

namespace Promdeck::Config {

class Checker;

/// One value of a struct as it was found in the file.
struct FoundValue
{
    const YamlNode* key = nullptr;
    const YamlNode* node = nullptr;
    TextSpan span; ///< of the value
};

/// Names that were seen. A few are searched one by one, which needs no memory for each; many are hashed.
class SeenNames
{
public:
    /// False when it was there already.
    bool insert(std::string_view name);
    [[nodiscard]] bool contains(std::string_view name) const;
    [[nodiscard]] const std::vector<std::string_view>& all() const { return m_names; }
    void clear();

private:
    std::vector<std::string_view> m_names;
    std::unordered_set<std::string_view> m_hashed; ///< all of them, once they are many
};

/// Values by key, in the order of the file. The keys are the document's.
class FoundValues
{
public:
    using Entry = std::pair<std::string_view, FoundValue>;
    [[nodiscard]] auto begin() const { return m_entries.begin(); }
    [[nodiscard]] auto end() const { return m_entries.end(); }
    [[nodiscard]] bool empty() const { return m_entries.empty(); }
    [[nodiscard]] std::vector<Entry>::const_iterator find(std::string_view key) const;
    void reserve(std::size_t count) { m_entries.reserve(count); }
    void insertOrAssign(std::string_view key, const FoundValue& value);

private:
    std::vector<Entry> m_entries;
    std::unordered_map<std::string_view, std::size_t> m_index; ///< once they are many
};

/// A struct of the schema laid over a mapping of the file, merge keys ("<<") resolved. Keys that are absent
/// or null count as not set, as in Go.
class StructView
{
public:
    const SchemaStruct* type = nullptr;
    const YamlNode* node = nullptr; ///< null for an absent struct: every key is unset
    TextSpan span;                  ///< of the whole mapping
    YamlDialect dialect = YamlDialect::V2;
    FoundValues values;

    [[nodiscard]] bool has(std::string_view key) const { return find(key) != nullptr; }
    [[nodiscard]] const FoundValue* find(std::string_view key) const;
    /// Scalar text; empty when unset or no scalar.
    [[nodiscard]] std::string string(std::string_view key) const;
    [[nodiscard]] bool boolean(std::string_view key, bool fallback = false) const;
    [[nodiscard]] std::optional<std::int64_t> durationMs(std::string_view key) const;
    [[nodiscard]] std::optional<std::int64_t> integer(std::string_view key) const;
    [[nodiscard]] std::optional<std::uint64_t> unsignedInteger(std::string_view key) const;
    [[nodiscard]] std::optional<double> number(std::string_view key) const;
    /// A nested struct by key (its type from the schema); a view without node when unset.
    [[nodiscard]] StructView structAt(std::string_view key) const;
    [[nodiscard]] std::vector<StructView> structsAt(std::string_view key) const;
    /// Scalar items of a list.
    [[nodiscard]] std::vector<FoundValue> listAt(std::string_view key) const;
    /// Place of the key's value, else of the struct.
    [[nodiscard]] TextSpan spanOf(std::string_view key) const;
    /// Place of the key itself, else of the struct.
    [[nodiscard]] TextSpan keySpan(std::string_view key) const;
};

/// Lays a struct over a mapping without reporting anything.
[[nodiscard]] StructView viewOf(const SchemaStruct& type, const YamlNode* node, TextSpan span, YamlDialect dialect);

/// What a struct demands beyond the types of its keys. Runs after the struct's children were checked.
using StructCheck = std::function<void(const StructView&, Checker&)>;
/// A value with rules of its own ("@matchers").
using ValueCheck = std::function<void(const YamlNode&, const TextSpan&, Checker&)>;

/// Rules by name, filled once per file kind.
struct CheckRules
{
    std::map<std::string, std::vector<StructCheck>, std::less<>> structs;
    std::map<std::string, ValueCheck, std::less<>> values;
};

/// What the file is checked for.
struct CheckOptions
{
    using Version = ServerVersion;
    Version prometheus {3, 14};   ///< the target; newest known unless a stack or the user says otherwise
    Version alertmanager {0, 34};
    bool agent = false;
    bool syntaxOnly = false;      ///< nothing that needs other files
    bool strict = false;          ///< as strict as promtool --lint-fatal: absent secrets and its lints are errors
    bool lint = true;
    bool json = false;            ///< the text is JSON, read with Go's JSON reader
    const StructView* global = nullptr; ///< of the file that names this one under scrape_config_files
    bool debian = false;          ///< Debian's build of Prometheus: five discoveries are left out of it
    std::vector<std::string> features; ///< enabled feature flags of the server
};

/// Walks a document along the schema and reports every problem in one pass: unknown and repeated keys, wrong
/// types, values that do not parse, then the rules of each struct.
class Checker
{
public:
    Checker(const YamlDocument& document, YamlDialect dialect, const CheckRules& rules, CheckOptions options = {})
        : m_document(document), m_dialect(dialect), m_rules(rules), m_options(std::move(options))
    {
    }

    /// Checks document `index` as the named struct. False when the root is no mapping.
    void checkRoot(const std::string& structName, std::size_t index = 0);

    /// Checks the first document as a list of the named struct.
    void checkRootList(const std::string& structName);

    void error(const char* code, const QString& message, const TextSpan& span, const QString& hint = {});
    void warning(const char* code, const QString& message, const TextSpan& span, const QString& hint = {});
    void info(const char* code, const QString& message, const TextSpan& span, const QString& hint = {});
    void add(Diagnostic diagnostic) { m_diagnostics.push_back(std::move(diagnostic)); }

    /// The root struct, for rules that look across sections.
    [[nodiscard]] const StructView& root() const { return m_root; }
    [[nodiscard]] const YamlDocument& document() const { return m_document; }
    [[nodiscard]] YamlDialect dialect() const { return m_dialect; }
    [[nodiscard]] const CheckOptions& options() const { return m_options; }
    [[nodiscard]] Diagnostics& diagnostics() { return m_diagnostics; }
    [[nodiscard]] bool hasErrors() const;
    /// Whether what is being checked stands inside of a struct of one of these types.
    [[nodiscard]] bool isWithin(const std::set<std::string, std::less<>>& structNames) const;
    /// The document was readable as YAML, up to its end.
    [[nodiscard]] bool isReadable() const { return m_readable; }

    void checkValue(const YamlNode& node, const TextSpan& span, const TypeRef& type);
    /// The mappings that a mapping merges; reports what cannot be merged.
    std::vector<const YamlNode*> checkMerges(const YamlNode& node);
    void wrongType(const YamlNode& node, const TextSpan& span, const QString& expected);

    /// Asked before the items of a list are checked: true when it has done so itself.
    std::function<bool(const YamlNode& list, const TypeRef& type)> takeList;
    /// A checker of the same document that begins inside of what this one has reached, with no findings yet.
    [[nodiscard]] Checker branch() const;
    /// Checks some items of a list.
    void checkItems(const YamlNode& list, std::size_t begin, std::size_t end, const TypeRef& type);

    /// Told about every rule of a rule file with its parsed expression, so that lints need not parse again.
    std::function<void(const StructView& rule, const YamlNode& expression, const Promql::ParseResult& parsed)> onExpression;

private:
    bool startDocument(std::size_t index);
    void checkFragments(const YamlNode& list);
    [[nodiscard]] bool isTooNew(const SchemaField& field) const;
    void unknownKey(const YamlNode& key, const SchemaStruct& type, const SchemaField* field);
    void checkStruct(const YamlNode& node, const TextSpan& span, const SchemaStruct& type);
    void checkKeys(const YamlNode& node, const SchemaStruct& type, const SeenNames& hidden);
    void checkScalar(const YamlNode& node, const TextSpan& span, const TypeRef& type);
    void checkList(const YamlNode& node, const TextSpan& span, const TypeRef& type);
    void checkMap(const YamlNode& node, const TextSpan& span, const TypeRef& type);
    void checkLabels(const YamlNode& node, const TextSpan& span, const TypeRef& type);
    void runRules(const SchemaStruct& type, const StructView& view);
    [[nodiscard]] bool accepts(const YamlNode& node, TypeRef::Kind kind) const;

    const YamlDocument& m_document;
    YamlDialect m_dialect;
    const CheckRules& m_rules;
    CheckOptions m_options;
    StructView m_root;
    std::vector<const SchemaStruct*> m_open; ///< structs that are being checked, the outermost first
    bool m_readable = false;
    bool m_isAlertmanager = false; ///< whose version decides about keys
    Diagnostics m_diagnostics;
};

} // namespace Promdeck::Config
