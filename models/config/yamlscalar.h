#pragma once

#include "models/config/yamldocument.h"

#include <QtGlobal>

#include <cstdint>
#include <optional>
#include <vector>

namespace Promdeck::Config {

/// Which go-yaml reads the file: prometheus.yml, alertmanager.yml, file_sd and the web config use v2, rule
/// files and blackbox use v3. They type a few plain scalars differently.
enum class YamlDialect { V2, V3 };

/// What a scalar is before any target type is known, as go-yaml resolves it.
struct ResolvedScalar
{
    enum class Type { Null, Bool, Int, Uint, Float, String, Timestamp, Merge, Binary };
    Type type = Type::String;
    bool boolean = false;
    std::int64_t integer = 0;
    std::uint64_t unsignedInteger = 0;
    double number = 0;
};
[[nodiscard]] ResolvedScalar resolveScalar(const YamlNode& scalar, YamlDialect dialect);

/// "!!int x": go-yaml refuses the whole file.
[[nodiscard]] bool contradictsTag(const YamlNode& scalar, YamlDialect dialect);

/// go-yaml's short tag for messages: "!!str", "!!int", "!!map"...
[[nodiscard]] std::string_view shortTag(const YamlNode& node, YamlDialect dialect);

/// The value as a Go field of that type; nothing where go-yaml would refuse it.
[[nodiscard]] std::optional<bool> asBool(const YamlNode& scalar, YamlDialect dialect);
[[nodiscard]] std::optional<std::int64_t> asInt(const YamlNode& scalar, YamlDialect dialect);
[[nodiscard]] std::optional<std::uint64_t> asUint(const YamlNode& scalar, YamlDialect dialect);
[[nodiscard]] std::optional<double> asFloat(const YamlNode& scalar, YamlDialect dialect);
[[nodiscard]] bool isNullNode(const YamlNode* node, YamlDialect dialect);

/// "<<": its value is merged in instead of being an entry.
[[nodiscard]] inline bool isMergeKey(const YamlNode& key, YamlDialect dialect)
{
    return key.value.size() == 2 && key.value == "<<" && key.isScalar() && resolveScalar(key, dialect).type == ResolvedScalar::Type::Merge;
}

/// The mappings that the value of a merge key names; nothing where go-yaml refuses to merge it. A list given by an
/// alias is refused as well.
[[nodiscard]] std::optional<std::vector<const YamlNode*>> mergedMappings(const YamlEntry& merge);

/// The entries of a mapping as Go sees them, in the order in which it sets them: merge keys resolved. v2 takes
/// everything in the order of the text, so that a later one wins; v3 leaves out of a merge what is already there.
/// For range-for; no longer than the document.
class MapEntries
{
public:
    MapEntries(const YamlNode& mapping, YamlDialect dialect);
    Q_DISABLE_COPY_MOVE(MapEntries)
    [[nodiscard]] auto begin() const { return m_entries->begin(); }
    [[nodiscard]] auto end() const { return m_entries->end(); }
    [[nodiscard]] bool empty() const { return m_entries->empty(); }

private:
    void add(const YamlNode& mapping, YamlDialect dialect, int depth);
    const std::vector<YamlEntry>* m_entries; ///< the mapping's own where nothing is merged
    std::vector<YamlEntry> m_merged;
};

} // namespace Promdeck::Config
