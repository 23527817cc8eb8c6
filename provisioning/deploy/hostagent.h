#pragma once

#include "provisioning/host/host.h"
#include "provisioning/workspace/rendered.h"

#include <map>

namespace Promdeck::Deploy {

/// A path as the host's script reads it: bytes beyond the plain ones as octal escapes.
[[nodiscard]] QByteArray encodePath(const QByteArray& path);
[[nodiscard]] QByteArray decodePath(const QByteArray& encoded);

/// What is at a path of a host.
struct LiveFile
{
    enum class Kind { Absent, File, Folder, Other } kind = Kind::Absent;
    QByteArray path;
    QByteArray hash = "-"; ///< SHA-256, "-" for nothing, "unreadable"
    QByteArray mode, owner, group;
    QByteArray link;       ///< what a symbolic link leads to; "broken"; empty = no link
    bool writable = false; ///< the folder that holds it, where a new version would be made
    bool mountPoint = false; ///< mounted by itself: a rename would not reach who mounted it
};

/// A file that an earlier deployment put on the host.
struct OwnedFile
{
    int index = 0;
    QByteArray path, hash, mode, owner, group;
    LiveFile live;
};

struct HostTransaction
{
    QString id;
    QString state; ///< "new", "prepared", "armed", "committed", "rollingback", "rolledback", "abandoned"
    qint64 deadline = 0; ///< seconds since the epoch, by the host's clock; 0 = none
    QString needsYou;    ///< why a person has to look; empty = nobody has to
    [[nodiscard]] bool isOpen() const { return state == u"new" || state == u"prepared" || state == u"armed" || state == u"rollingback"; }
};

struct HostLock
{
    QString transaction;
    QString who;
    qint64 takenAt = 0; ///< last heartbeat, seconds since the epoch by the host's clock
    qint64 leaseS = 0;
};

/// A unit on a host, as it was found.
struct UnitSnapshot
{
    qint64 now = 0;   ///< the host's clock, seconds since the epoch
    qint64 aheadS = 0; ///< the host's clock minus ours
    qint64 uid = -1;
    std::map<QByteArray, QByteArray> tools; ///< with what --version says, where it was asked
    qint64 stateFreeKb = 0, liveFreeKb = 0;
    bool stateWritable = false, liveWritable = false, sameDisk = false;
    QByteArray liveKind; ///< "folder", "link", "absent", "other"
    qint64 pid = 0;
    std::optional<HostLock> lock;
    std::vector<HostTransaction> transactions; ///< in their order
    QString release;                           ///< the committed one that counts; empty = none yet
    std::vector<OwnedFile> owned;
    std::vector<LiveFile> files; ///< in the order they were asked for
    QList<QByteArray> tree;      ///< absolute paths of the files below the live folder
    [[nodiscard]] bool has(const char* tool) const { return tools.contains(tool); }
};

struct AgentAnswer
{
    int exitCode = 0;
    QByteArray out;
    QByteArray err;
    /// What follows a word at the beginning of a line; null when there is no such line.
    [[nodiscard]] QByteArray value(QByteArrayView word) const;
    [[nodiscard]] QList<QByteArray> values(QByteArrayView word) const;
};

struct HttpReply
{
    int status = 0; ///< 0 = nobody answered
    QByteArray body;
};

/// Speaks with the script that does a deployment's steps on the host. BLOCKS: worker threads only. Errors of every
/// call: the host's; Unsupported where the script could not run.
class HostAgent
{
public:
    HostAgent(Host& host, const WorkspaceHost& spec, const WorkspaceUnit& unit, SecretValues secrets = {});
    /// Finds out how to become root and where state is kept. Called by the others when needed.
    Status open(const CancelToken& cancel = {});

    Result<AgentAnswer> call(const QByteArray& verb, const QList<QByteArray>& args = {}, const CancelToken& cancel = {},
                             std::chrono::milliseconds deadline = std::chrono::seconds(180));
    Result<UnitSnapshot> inspect(const QList<QByteArray>& paths, const CancelToken& cancel = {});
    /// GET for each address, from the host itself. "metrics:URL" brings what the component says about itself only.
    Result<std::vector<HttpReply>> get(const QList<QByteArray>& urls, const CancelToken& cancel = {});
    [[nodiscard]] static std::vector<HttpReply> replies(const QByteArray& out);
    Status put(const std::vector<FileEntry>& files, const QByteArray& folder, const CancelToken& cancel = {});
    /// Contents by path; those that are not there are left out.
    Result<std::map<QByteArray, QByteArray>> read(const QList<QByteArray>& paths, const CancelToken& cancel = {});

    /// Settings for the script: the unit as shell variables. `audit` is a JSON fragment for audit lines.
    [[nodiscard]] QByteArray conf(const QByteArray& audit = {}) const;
    [[nodiscard]] const WorkspaceUnit& unit() const { return m_unit; }
    [[nodiscard]] const WorkspaceHost& spec() const { return m_spec; }
    [[nodiscard]] Host& host() { return m_host; }
    [[nodiscard]] QByteArray stateFolder() const { return m_state; }
    [[nodiscard]] QByteArray transactionFolder(const QString& id) const;
    [[nodiscard]] bool asRoot() const { return m_asRoot; }
    /// What a program said, without the workspace's secrets.
    [[nodiscard]] QString masked(const QString& text) const;

private:
    Host& m_host;
    WorkspaceHost m_spec;
    WorkspaceUnit m_unit;
    SecretValues m_secrets;
    QByteArray m_auth;
    QByteArray m_state;
    bool m_asRoot = false;
    bool m_open = false;
    qint64 m_aheadMs = 0;
};

/// The script itself, and what explains it on the host.
[[nodiscard]] QByteArray agentScript();
[[nodiscard]] QByteArray rescueScript();
[[nodiscard]] QByteArray rescueReadme();

} // namespace Promdeck::Deploy
