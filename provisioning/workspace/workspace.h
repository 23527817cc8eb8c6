#pragma once

#include "models/config/components.h"
#include "models/core/result.h"

#include <QStringList>
#include <QUrl>

#include <map>
#include <optional>
#include <vector>

namespace Promdeck::Deploy {

struct WorkspaceHost
{
    QString name;
    QString address;  ///< "user@host:port" or an alias of ~/.ssh/config; "local" = this machine
    QStringList groups;
    enum class Sudo { Auto, Never, Always } sudo = Sudo::Auto;
    QString stateDir; ///< empty = /var/lib/promdeck for root, else ~/.local/state/promdeck
};

struct WorkspaceFile
{
    QString source; ///< relative to the workspace; a folder stands for everything below it
    QString target; ///< on the host: absolute, or relative to the unit's directory
    QString owner;  ///< empty = the unit's, else that of the file that is there
    QString group;
    QString mode;   ///< octal; empty = the unit's, else that of the file that is there, else 0640
    bool inPlace = false; ///< written into the existing file, for files that are mounted one by one
};

/// A component on its hosts: what it is, how it runs, how it takes new files, and which ones.
struct WorkspaceUnit
{
    QString name;
    const Config::Component* component = nullptr;
    QStringList hosts; ///< names, groups resolved, in the order of the workspace
    QString directory;
    bool symlinkLayout = false; ///< directory/current leads to directory/releases/N
    QString config; ///< main file, relative to the directory
    QUrl url;       ///< as the host itself reaches it; empty = unknown
    QString user;   ///< of basic auth; empty = none
    QString passwordSecret; ///< name of a secret

    enum class Runner { None, Service, Compose, Process } runner = Runner::None;
    QString service;
    QString composeDirectory;
    QString composeFile;
    QString composeService;
    QString containerConfig; ///< the directory as the container sees it
    QString pidFile;
    QString match;           ///< words of the process' command line
    QStringList restart;     ///< command

    enum class Reload { Auto, Http, Signal, Service, Restart, None } reload = Reload::Auto;
    QString owner;
    QString group;
    QString mode;
    bool purge = true;       ///< files that Promdeck put there and the workspace no longer has are removed
    bool validateOnHost = true;

    qint64 verifyWindowMs = -1;    ///< -1 = from the scrape interval
    bool newTargetsMayFail = false;
    int maxNewAlerts = -1;         ///< -1 = any number
    QStringList ignoreJobs;        ///< whose targets may get worse
    std::vector<WorkspaceFile> files;
};

struct Rollout
{
    QStringList canary;      ///< hosts of the first batch; empty = one
    int batchHosts = 0;      ///< 0 = by percent
    int batchPercent = 0; ///< 0 = not given either: a quarter, then the rest
    int stopAfter = 1;       ///< failed hosts that stop the rollout
    int confirmWithinS = 90; ///< deadline of the host's own rollback
};

/// Where a secret comes from; the secret itself is nowhere in a workspace.
struct SecretSource
{
    enum class Kind { Environment, File, Command, Keychain } kind = Kind::Environment;
    QString key; ///< variable, path, command line or entry
};

/// A folder that holds a stack's configuration and says what goes where (promdeck.yaml).
struct Workspace
{
    QString folder; ///< absolute
    QString name;
    std::vector<WorkspaceHost> hosts;
    std::vector<WorkspaceUnit> units;
    std::vector<QStringList> haPairs;
    Rollout rollout;
    std::map<QString, SecretSource> secrets;

    [[nodiscard]] const WorkspaceHost* host(const QString& name) const;
    [[nodiscard]] const WorkspaceUnit* unit(const QString& name) const;
    [[nodiscard]] std::vector<const WorkspaceUnit*> unitsOn(const QString& host) const;
    /// Folder of the unit's files on a host: the directory, or its "current" in the symlink layout.
    [[nodiscard]] static QString liveFolder(const WorkspaceUnit& unit);
};

/// Reads a workspace: its folder, or its promdeck.yaml. Errors: Io; Schema with the first problem and its place
/// (`promdeck check` shows all).
Result<Workspace> readWorkspace(const QString& path);

} // namespace Promdeck::Deploy
