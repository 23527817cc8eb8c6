#pragma once

#include "provisioning/workspace/workspace.h"

#include <QByteArray>
#include <QCoroTask>

#include <map>
#include <memory>
#include <stop_token>
#include <vector>

namespace Promdeck {
class SecretStore;
}

namespace Promdeck::Deploy {

/// Values of a workspace's secrets by name: in memory only.
using SecretValues = std::map<QString, QByteArray>;

/// Fetches what a workspace refers to. On the thread with the event loop. Errors: Secret, Io, Cancelled; the
/// message names the secret, never its value.
QCoro::Task<Result<SecretValues>> resolveSecrets(Workspace workspace, std::shared_ptr<SecretStore> store, std::stop_token stop = {});

/// One file as a host gets it.
struct RenderedFile
{
    QByteArray path;    ///< absolute, on the host
    QByteArray content; ///< with secrets in it
    QString source;     ///< in the workspace, for messages
    QString owner;
    QString group;
    QString mode;
    bool inPlace = false;
    bool hasSecrets = false;
    [[nodiscard]] QByteArray hash() const; ///< SHA-256, hex
};

/// The files of a unit, sorted by path. "<secret:NAME>" in a file stands for a secret of the workspace.
/// Errors: Io (unreadable, a link out of the workspace), Reference (no such secret; two files for one place).
Result<std::vector<RenderedFile>> renderUnit(const Workspace& workspace, const WorkspaceUnit& unit, const SecretValues& secrets);

/// Replaces "<secret:NAME>"; the names that were found go to `used`. Errors: Reference.
Result<QByteArray> insertSecrets(const QByteArray& text, const SecretValues& secrets, QStringList* used = nullptr);

/// SHA-256 in hex, as sha256sum prints it.
[[nodiscard]] QByteArray sha256Hex(const QByteArray& bytes);

} // namespace Promdeck::Deploy
