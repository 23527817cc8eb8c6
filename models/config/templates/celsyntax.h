#pragma once

#include <cstddef>
#include <optional>
#include <string>
#include <string_view>

namespace Promdeck::Config {

/// What is wrong with an expression of the Common Expression Language, at a byte of it.
struct CelProblem
{
    std::string message;
    std::size_t offset = 0;
};

/// Syntax and names of a CEL expression about `body`, as the blackbox exporter compiles them: unknown variables and
/// functions are found, types are not followed. Nothing when it is fine.
[[nodiscard]] std::optional<CelProblem> celProblem(std::string_view expression);

} // namespace Promdeck::Config
