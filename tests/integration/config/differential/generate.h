#pragma once

#include "tests/integration/config/differential/dice.h"

#include <map>
#include <string>
#include <vector>

namespace Promdeck::Testing {

/// A YAML text for a struct of the schema: some of its keys with values that mostly fit them. Only keys that the
/// versions of Debian know, with a few others in between.
[[nodiscard]] std::string configFor(const std::string& structName, Dice& dice);
/// A prometheus.yml or alertmanager.yml that is valid but for one invented section: a discovery, a receiver, a route.
[[nodiscard]] std::string prometheusSection(Dice& dice);
[[nodiscard]] std::string alertmanagerSection(Dice& dice);

/// Every key that a struct of the schema whose name begins with one of these prefixes has.
[[nodiscard]] std::vector<std::string> keysOf(std::initializer_list<const char*> prefixes);

[[nodiscard]] std::string randomExpression(Dice& dice, int depth = 3);
[[nodiscard]] const std::vector<std::string>& expressionWords();
[[nodiscard]] std::string randomTemplate(Dice& dice, int depth = 2);
[[nodiscard]] const std::vector<std::string>& templateWords();
[[nodiscard]] std::string randomRegexp(Dice& dice, int depth = 3);
[[nodiscard]] std::string randomMatcher(Dice& dice);
[[nodiscard]] const std::vector<std::string>& matcherWords();

using LabelSet = std::map<std::string, std::string>;
/// Labels as alerts of the routing tree below have them.
[[nodiscard]] LabelSet randomLabels(Dice& dice);
/// An alertmanager.yml whose routes ask for such labels.
[[nodiscard]] std::string randomRouting(Dice& dice);
/// A relabel_configs list for targets with such labels, indented by two.
[[nodiscard]] std::string randomRelabelling(Dice& dice);

} // namespace Promdeck::Testing
