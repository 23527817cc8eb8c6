#pragma once

#include "models/config/preview/exposition.h"

namespace Promdeck::Config {

/// What `promtool check metrics` remarks about names, units and help texts, and labels with very many values.
void lintExposition(ExpositionReport& report);

} // namespace Promdeck::Config
