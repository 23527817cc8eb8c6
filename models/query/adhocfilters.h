#pragma once

#include "models/dashboard/variables.h"

#include <functional>

namespace Promdeck {

/// What a dashboard's ad-hoc variables ask of every query: a function that adds their filters to each selector
/// of an expression. Empty when there are no filters. Expressions that do not parse pass unchanged: the server
/// explains them better.
[[nodiscard]] std::function<QString(const QString& expr)> adhocFilters(const std::vector<VariableState>& states);

} // namespace Promdeck
