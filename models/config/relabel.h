#pragma once

#include "models/config/checker.h"

#include <map>
#include <memory>
#include <optional>
#include <string>
#include <vector>

namespace re2 {
class RE2;
}

namespace Promdeck::Config {

using LabelMap = std::map<std::string, std::string, std::less<>>;

/// One relabelling step, with the server's defaults.
struct RelabelRule
{
    enum class Action { Replace, Keep, Drop, KeepEqual, DropEqual, HashMod, LabelMap, LabelDrop, LabelKeep, Lowercase, Uppercase };
    Action action = Action::Replace;
    std::vector<std::string> sourceLabels;
    std::string separator = ";";
    std::string regex = "(.*)";
    std::string targetLabel;
    std::string replacement = "$1";
    std::uint64_t modulus = 0;
    std::shared_ptr<const re2::RE2> compiled; ///< made by compile(); anchored
    /// False when the expression is malformed.
    bool compile();
};

[[nodiscard]] std::optional<RelabelRule::Action> relabelActionFromName(std::string_view name);
/// The rule a checked relabel.Config describes; nothing when it is not valid.
[[nodiscard]] std::optional<RelabelRule> relabelRuleOf(const StructView& view);
/// Rules of a list in a struct ("relabel_configs"); nothing when one of them is not valid.
[[nodiscard]] std::optional<std::vector<RelabelRule>> relabelRulesOf(const StructView& view, std::string_view key);

/// Applies the rules in order, as Prometheus' model/relabel; nothing when the labels are dropped. `legacyNames`:
/// targets that are no ASCII label names are left alone.
[[nodiscard]] std::optional<LabelMap> relabel(LabelMap labels, const std::vector<RelabelRule>& rules, bool legacyNames = false);

} // namespace Promdeck::Config
