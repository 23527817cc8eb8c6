#pragma once

#include "tests/integration/config/differential/dice.h"

#include <string>
#include <string_view>
#include <vector>

namespace Promdeck::Testing {

/// One to three changes to a YAML text: lines dropped, doubled, moved, indented; values and keys replaced, anchors,
/// merge keys, tags, quotes, comments, line ends and byte order marks put in. `keys` are names to use for keys.
[[nodiscard]] std::string mutateYaml(const std::string& text, const std::vector<std::string>& keys, Dice& dice);

/// Changes a text token by token (an expression, a template, a matcher): tokens dropped, doubled, exchanged, or
/// replaced by one of `words`; now and then a single character.
[[nodiscard]] std::string mutateTokens(const std::string& text, const std::vector<std::string>& words, Dice& dice);

/// The text as a YAML (and JSON) string in double quotes.
[[nodiscard]] std::string inQuotes(std::string_view text);

/// The text as a YAML value in a style that can hold it, drawn by chance: plain, quoted, literal or folded block.
/// `indent` is that of the lines of a block.
[[nodiscard]] std::string asScalar(const std::string& text, int indent, Dice& dice);

} // namespace Promdeck::Testing
