#pragma once

#include "models/core/json.h"

namespace Promdeck {

/// The text of `value`, written over `text`: what is equal stays byte for byte (order of members, indentation,
/// how numbers and characters are written), what is new is indented like its neighbours. List items are found
/// again by id, refId or name where all have one, so that an insertion is no change of all that follow.
/// A text that is no JSON gives the value indented by two blanks. Reading the result gives `value`.
[[nodiscard]] QByteArray rewriteJson(const QByteArray& text, const Json& value);

} // namespace Promdeck
