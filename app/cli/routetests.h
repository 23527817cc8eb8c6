#pragma once

#include "models/config/alertmanager/muting.h"

#include <QDateTime>
#include <QString>

#include <optional>
#include <vector>

namespace Promdeck::Cli {

/// What becomes of one alert: the routes it ends in, what keeps them silent at a time, and what inhibits it.
struct RouteOutcome
{
    struct End
    {
        const Config::Route* route = nullptr;
        Config::RouteMute mute; ///< only with a time
    };
    std::vector<End> ends;
    const Config::InhibitRule* inhibitedBy = nullptr;
    const Config::AlertLabels* inhibitor = nullptr; ///< of the firing alerts given
};

/// The parts of an alertmanager.yml that decide about alerts.
struct Routing
{
    const Config::Route& tree;
    std::vector<Config::TimeInterval> intervals;
    std::vector<Config::InhibitRule> inhibitRules;
    /// `time`: when; without one nothing is muted. `firing`: other alerts that fire at the time.
    [[nodiscard]] RouteOutcome outcome(const Config::AlertLabels& labels, const std::optional<QDateTime>& time,
                                       const std::vector<Config::AlertLabels>& firing) const;
};

/// One expectation of a file of route tests, a YAML list of
///
///     - labels: {team: db}
///       receivers: [db-pager]      # in order; the verdict of amtool's --verify.receivers
///       at: 2026-11-21T03:00:00Z   # optional
///       firing: [{severity: page}] # optional, other alerts
///       muted: true                # optional, by time intervals or by inhibition
struct RouteTest
{
    Config::AlertLabels labels;
    std::vector<std::string> receivers;
    std::optional<QDateTime> time;
    std::vector<Config::AlertLabels> firing;
    std::optional<bool> muted;
    int line = 0;
};

struct RouteTests
{
    std::vector<RouteTest> tests;
    QString error; ///< "LINE: what is wrong"; empty when the file can be used
};
[[nodiscard]] RouteTests readRouteTests(std::string_view text);

/// Why the outcome is not what the test wants; empty when it is.
[[nodiscard]] QString routeTestFailure(const RouteTest& test, const RouteOutcome& outcome);

/// RFC 3339 or seconds since 1970.
[[nodiscard]] std::optional<QDateTime> routeTime(const QString& text);

} // namespace Promdeck::Cli
