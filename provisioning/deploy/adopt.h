#pragma once

#include "provisioning/deploy/transaction.h"

namespace Promdeck::Deploy {

/// A component that runs on a host, as its process shows it.
struct FoundComponent
{
    qint64 pid = 0;
    const Config::Component* component = nullptr;
    QByteArray configFile; ///< absolute
    QString service;       ///< of systemd; empty = none
    QByteArray url;        ///< as the host reaches it
    QByteArray match;      ///< an argument that tells its process from others
};

/// Looks for components of a stack among a host's processes. BLOCKS.
[[nodiscard]] Result<std::vector<FoundComponent>> discoverComponents(Host& host, const WorkspaceHost& spec, const CancelToken& cancel = {});

struct AdoptResult
{
    QStringList files;    ///< that were written, relative to the workspace
    SecretValues secrets; ///< taken out of the files: to be kept where promdeck.yaml says (keychain:promdeck/...)
    QStringList notes;
};

/// Reads the configuration of running components into a new workspace, and makes it release 0 on the host. Secrets in
/// the files become references. Errors: those of the host; Conflict when the folder has a promdeck.yaml.
[[nodiscard]] Result<AdoptResult> adoptHost(Host& host, const WorkspaceHost& spec, const std::vector<FoundComponent>& found, const QString& folder,
                                            const DeployOptions& options, const CancelToken& cancel = {});

} // namespace Promdeck::Deploy
