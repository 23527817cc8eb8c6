#pragma once

#include "models/config/relabel.h"

#include <QByteArray>

namespace Promdeck::Config {

struct GroupTarget
{
    std::string address;
    TextSpan span;
};

/// Targets that share labels, from static_configs or a discovery file.
struct TargetGroup
{
    std::vector<GroupTarget> targets;
    LabelMap labels;
};

/// Groups of prometheus.TargetGroup structs.
[[nodiscard]] std::vector<TargetGroup> targetGroupsOf(const std::vector<StructView>& groups);
/// Groups of a file_sd text, YAML or JSON; what is malformed is left out.
[[nodiscard]] std::vector<TargetGroup> targetGroupsIn(const QByteArray& text);

/// Builds the targets of a scrape configuration as the server does: defaults, labels, relabelling.
class ScrapeTargets
{
public:
    ScrapeTargets(const StructView& scrape, const StructView& global, const std::vector<RelabelRule>& rules,
                  const Checker& checker);
    /// Labels before relabelling.
    [[nodiscard]] LabelMap discovered(const TargetGroup& group, std::size_t index) const;
    /// Why the server refuses a target of the group; empty when it takes or drops it.
    [[nodiscard]] QString problem(const TargetGroup& group, std::size_t index) const;

private:
    LabelMap m_defaults;
    const std::vector<RelabelRule>& m_rules;
    bool m_legacyNames = false;
    bool m_addsPort = false; ///< before 3.0 a default port was added, which needs a known scheme
};

[[nodiscard]] QString alertmanagerTargetProblem(const StructView& config, const TargetGroup& group, const GroupTarget& target,
                                                const std::vector<RelabelRule>& rules, const Checker& checker);

} // namespace Promdeck::Config
