#pragma once

#include "models/promql/token.h"

#include <array>
#include <cstdint>
#include <span>
#include <string_view>

namespace Promdeck::Promql {

enum class ValueType : std::uint8_t { None, Scalar, Vector, Matrix, String };

/// "instant vector": the name in error messages and documentation.
[[nodiscard]] std::string_view documentedType(ValueType type);
/// "vector": the name in the HTTP API.
[[nodiscard]] std::string_view apiType(ValueType type);

struct Function
{
    std::string_view name;
    std::array<ValueType, 5> types; ///< None behind the last
    std::int8_t typeCount;
    std::int8_t variadic; ///< 0 fixed; n > 0: that many more than typeCount - 1; -1 without limit
    ValueType returns;
    bool experimental;
    ServerVersion since;
    ServerVersion until;  ///< the first version that no longer has it
    std::string_view signature; ///< "rate(v range-vector)"
    std::string_view documentation;
};

/// Every function any supported server knows, sorted by name.
[[nodiscard]] std::span<const Function> allFunctions();
/// Names are case-sensitive. Null when no server has it, whatever its version.
[[nodiscard]] const Function* findFunction(std::string_view name);
[[nodiscard]] inline bool isAvailable(const Function& function, ServerVersion version)
{
    return version >= function.since && version < function.until;
}

struct AggregatorInfo
{
    Tok kind;
    std::string_view name;
    std::string_view signature;
    std::string_view documentation;
    ServerVersion since;
    bool experimental;
};
[[nodiscard]] std::span<const AggregatorInfo> allAggregators();

} // namespace Promdeck::Promql
