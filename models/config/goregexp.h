#pragma once

#include <string>
#include <string_view>

namespace re2 {
class RE2;
class StringPiece;
} // namespace re2

#include <vector>

namespace Promdeck::Config {

/// Go's Regexp.Expand: $1, $name, ${name}, $$. `groups` are those of a match of `expression`, the whole text first.
[[nodiscard]] std::string expandGroups(const re2::RE2& expression, const std::vector<re2::StringPiece>& groups, std::string_view text);
/// Go's Regexp.ReplaceAllString.
[[nodiscard]] std::string replaceAll(const re2::RE2& expression, std::string_view text, std::string_view replacement);

} // namespace Promdeck::Config
