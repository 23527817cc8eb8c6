#pragma once

#include "models/config/alertmanager/matchers.h"
#include "models/config/checker.h"

#include <map>
#include <memory>
#include <set>
#include <string>
#include <vector>

namespace Promdeck::Config {

/// One node of Alertmanager's routing tree, with what it inherits from its parent filled in.
struct Route
{
    std::string receiver;
    std::set<std::string> groupBy;
    bool groupByAll = false; ///< group_by: ['...']
    std::int64_t groupWaitMs = 30000;
    std::int64_t groupIntervalMs = 300000;
    std::int64_t repeatIntervalMs = 14400000;
    std::vector<std::string> muteTimeIntervals;   ///< not inherited
    std::vector<std::string> activeTimeIntervals; ///< not inherited
    bool continues = false;
    std::vector<Matcher> matchers; ///< all must match; in the server's order
    std::vector<std::unique_ptr<Route>> children;
    const Route* parent = nullptr;
    TextSpan span; ///< in the configuration

    /// `{}/{team="a"}/{severity=~"page|ticket"}`, as the server names the route.
    [[nodiscard]] std::string key() const;
    [[nodiscard]] std::string matchersText() const;
    [[nodiscard]] bool matches(const std::map<std::string, std::string>& labels) const;
    /// The routes that an alert with these labels ends in: depth first; the first matching child without continue
    /// ends the search among its siblings; a node without matching children takes the alert itself.
    [[nodiscard]] std::vector<const Route*> match(const std::map<std::string, std::string>& labels) const;
};

/// The tree of a checked alertmanager.Config; null without a route.
[[nodiscard]] std::unique_ptr<Route> routingTree(const StructView& config);

/// `name="value"`, as Alertmanager prints a matcher.
[[nodiscard]] std::string matcherText(const Matcher& matcher);

} // namespace Promdeck::Config
