#pragma once

#include "models/core/result.h"

#include <QString>

namespace Promdeck {

/// An Error in the user's language: one sentence that says what is wrong.
[[nodiscard]] QString errorTitle(const Error& error);
/// The other side's own words, the place and the next step, one per line; may be empty.
[[nodiscard]] QString errorDetails(const Error& error);
/// Both, for tooltips.
[[nodiscard]] QString errorText(const Error& error);

} // namespace Promdeck
