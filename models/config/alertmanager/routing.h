#pragma once

#include "models/config/alertmanager/muting.h"

#include <QDateTime>
#include <QString>

#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace Promdeck::Config {

/// The parts of an alertmanager.yml that decide what becomes of an alert, read from its text.
struct RoutingPlan
{
    std::unique_ptr<Route> tree; ///< null when the text is not in order
    std::vector<TimeInterval> intervals;
    std::vector<InhibitRule> inhibitRules;
    QString problem; ///< why there is no tree
    int problemLine = 0;

    struct End
    {
        const Route* route = nullptr;
        RouteMute mute;
    };
    struct Outcome
    {
        std::vector<End> ends;
        const InhibitRule* inhibitedBy = nullptr;
        AlertLabels inhibitor; ///< of the firing alerts given
    };
    /// What becomes of an alert at a time while others fire.
    [[nodiscard]] Outcome outcome(const AlertLabels& labels, const QDateTime& time, const std::vector<AlertLabels>& firing) const;
};
[[nodiscard]] RoutingPlan readRouting(std::string_view text);

/// Labels as people write them: `severity=page team="db"`, commas or blanks between. Nothing where it is none of that.
[[nodiscard]] std::optional<AlertLabels> readLabelSet(std::string_view text);

} // namespace Promdeck::Config
