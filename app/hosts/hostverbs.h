#pragma once

#include "app/cli/verb.h"

namespace Promdeck::Cli {

/// The verbs of promdeck-hosts. Each stands in allVerbs() too, with its summary only (handedverb.h).
[[nodiscard]] std::vector<std::unique_ptr<Verb>> hostVerbs();

} // namespace Promdeck::Cli
