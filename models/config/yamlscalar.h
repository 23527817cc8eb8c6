#pragma once

#include "models/config/yamldocument.h"

#include <cstdint>
#include <optional>

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

/// go-yaml's short tag for messages: "!!str", "!!int", "!!map"...
[[nodiscard]] std::string_view shortTag(const YamlNode& node, YamlDialect dialect);

/// The value as a Go field of that type; nothing where go-yaml would refuse it.
[[nodiscard]] std::optional<bool> asBool(const YamlNode& scalar, YamlDialect dialect);
[[nodiscard]] std::optional<std::int64_t> asInt(const YamlNode& scalar, YamlDialect dialect);
[[nodiscard]] std::optional<std::uint64_t> asUint(const YamlNode& scalar, YamlDialect dialect);
[[nodiscard]] std::optional<double> asFloat(const YamlNode& scalar, YamlDialect dialect);
[[nodiscard]] bool isNullNode(const YamlNode* node, YamlDialect dialect);

} // namespace Promdeck::Config
