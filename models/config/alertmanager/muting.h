#pragma once

#include "models/config/alertmanager/matchers.h"
#include "models/config/alertmanager/routes.h"

#include <QDateTime>

#include <map>
#include <string>
#include <vector>

namespace Promdeck::Config {

using AlertLabels = std::map<std::string, std::string>;

/// A named time interval of an alertmanager.yml: any of its parts has to hold, all conditions of a part together.
/// Semantics: Alertmanager timeinterval.
class TimeInterval
{
public:
    /// From a checked alertmanager.TimeInterval or MuteTimeInterval.
    [[nodiscard]] static TimeInterval from(const StructView& view);
    [[nodiscard]] const std::string& name() const { return m_name; }
    /// Any time zone; the interval looks at it in its own (UTC when it names none).
    [[nodiscard]] bool contains(const QDateTime& time) const;

private:
    /// Both ends included. Days of a month may be negative: counted from its end.
    struct Range
    {
        int begin = 0;
        int end = 0;
        [[nodiscard]] bool has(int value) const { return value >= begin && value <= end; }
    };
    using Ranges = std::vector<Range>;
    /// A condition that was not given always holds, an empty list never.
    struct Part
    {
        std::optional<Ranges> minutes; ///< of the day, the end not included
        std::optional<Ranges> weekdays; ///< 0 is Sunday
        std::optional<Ranges> days;
        std::optional<Ranges> months;
        std::optional<Ranges> years;
        QByteArray zone;
        [[nodiscard]] bool contains(const QDateTime& time) const;
    };
    static Part partOf(const StructView& view);
    std::string m_name;
    std::vector<Part> m_parts;
};

/// Every time interval of a checked alertmanager.Config, the deprecated mute_time_intervals included.
[[nodiscard]] std::vector<TimeInterval> timeIntervalsOf(const StructView& config);

/// What keeps a route silent at a time: one of its mute intervals, or that none of its active ones holds.
struct RouteMute
{
    bool isMuted = false;
    std::vector<std::string> intervals; ///< mute intervals that hold; or the active ones, when none does
    bool isInactive = false;            ///< because of the active intervals
};
[[nodiscard]] RouteMute muteOf(const Route& route, const std::vector<TimeInterval>& intervals, const QDateTime& time);

/// One rule of inhibit_rules.
struct InhibitRule
{
    std::vector<Matcher> source;
    std::vector<Matcher> target;
    std::vector<std::string> equal;
    TextSpan span;
    /// The first of the firing alerts that silences `alert` through this rule; null for none. An alert that matches
    /// both sides is not silenced by another that does, so that nothing silences itself.
    [[nodiscard]] const AlertLabels* inhibitor(const AlertLabels& alert, const std::vector<AlertLabels>& firing) const;
};
[[nodiscard]] std::vector<InhibitRule> inhibitRulesOf(const StructView& config);

} // namespace Promdeck::Config
