#pragma once

#include <cstdint>
#include <span>

namespace Promdeck::Colors {

/// A palette name with its colour (0xrrggbb) in each theme.
struct ThemedColor
{
    const char16_t* name;
    std::uint32_t dark;
    std::uint32_t light;
};

struct CssColor
{
    const char16_t* name;
    std::uint32_t rgb;
};

[[nodiscard]] std::span<const ThemedColor> named();   ///< "green", "semi-dark-red"...
[[nodiscard]] std::span<const ThemedColor> classic(); ///< palette-classic in order
[[nodiscard]] std::span<const CssColor> css();

} // namespace Promdeck::Colors
