#pragma once

#include "models/config/components.h"
#include "provisioning/deploy/hostagent.h"

#include <QStringList>

#include <map>
#include <optional>
#include <set>
#include <tuple>

namespace Promdeck::Deploy {

struct JobHealth
{
    int up = 0;
    int down = 0;
    int unknown = 0; ///< not scraped yet
    [[nodiscard]] int known() const { return up + down; }
    [[nodiscard]] int all() const { return up + down + unknown; }
};

/// A rule of a server: the file it came from, its group, its name.
struct LoadedRule
{
    QString file, group, name;
    bool operator==(const LoadedRule&) const = default;
    bool operator<(const LoadedRule& other) const { return std::tie(file, group, name) < std::tie(other.file, other.group, other.name); }
};

/// What a component says about itself, at one moment.
struct ServerState
{
    bool answers = false;
    std::optional<bool> reloadSuccessful;
    double reloadedAt = 0;  ///< seconds since the epoch, by the host's clock
    double startedAt = 0;
    QString version;
    QByteArray config;      ///< as loaded, secrets hidden by the component
    std::set<QString> jobs; ///< of the loaded configuration; Prometheus only
    std::map<QString, JobHealth> health;
    std::multiset<LoadedRule> rules;
    std::set<QString> firing; ///< alerts with their labels
    std::set<QString> receivers; ///< Alertmanager
    qint64 longestScrapeMs = 0;  ///< interval and timeout of the slowest job
    int targets = 0;
};

/// Addresses to ask for it; empty where the component says nothing.
[[nodiscard]] QList<QByteArray> stateUrls(const WorkspaceUnit& unit);
/// Which targets count only once they were scraped after a moment: those of jobs that changed. A server takes some
/// seconds until it drops old targets, whose health says nothing.
struct FreshTargets
{
    qint64 since = 0; ///< seconds since the epoch, by the host's clock
    bool all = false;
    std::set<QString> jobs;
    [[nodiscard]] bool any() const { return all || !jobs.empty(); }
};
[[nodiscard]] ServerState readState(const WorkspaceUnit& unit, const std::vector<HttpReply>& replies, const FreshTargets& fresh = {});

/// What a configuration is going to make of the server.
struct ExpectedState
{
    std::set<QString> jobs;
    std::multiset<LoadedRule> rules; ///< of our own files
    std::set<QString> ruleFiles;     ///< all that are ours and loaded
    std::set<QString> goneFiles;     ///< ours, and no longer there
    std::set<QString> receivers;
};
[[nodiscard]] ExpectedState expectedState(const WorkspaceUnit& unit, const std::map<QByteArray, QByteArray>& candidate, const QList<QByteArray>& removed);

/// Why what is loaded is not what was deployed; empty when it is.
[[nodiscard]] QStringList loadedProblems(const WorkspaceUnit& unit, const ExpectedState& expected, const ServerState& state);

/// How targets got worse against before; empty when they did not. With `final`, targets that are still unknown are
/// left out; else they make the answer "not yet" (null).
[[nodiscard]] std::optional<QStringList> targetProblems(const WorkspaceUnit& unit, const ServerState& before, const ServerState& after, bool final, QStringList* notes);

} // namespace Promdeck::Deploy
