#pragma once

#include "provisioning/backup/archivewriter.h"
#include "provisioning/backup/blockinghttp.h"
#include "provisioning/backup/hosttree.h"
#include "provisioning/host/host.h"

#include <QUrl>

#include <memory>
#include <vector>

namespace Promdeck::Backup {

/// A folder of a component that is taken file by file.
struct TreeSpec
{
    QString name;               ///< "config", "plugins"
    QByteArray root;            ///< absolute path on the host
    QList<QByteArray> exclude;  ///< see HostTree
    QString dockerVolume;       ///< instead of a root: a volume whose folder docker names
};

/// A command on the host whose output is kept as one file (pg_dump, BGSAVE...). A file copy of a running database is
/// no backup of it.
struct DumpSpec
{
    QByteArray fileName; ///< in the archive, in the tree "dump"
    QList<QByteArray> argv;
};

/// One component of a stack and how it is backed up.
struct ComponentSpec
{
    QString id;    ///< of the component in the archive
    QString kind;  ///< "prometheus", "alertmanager", "grafana"; anything else: files and dumps only
    QString name;
    QUrl url;      ///< of its API as we reach it; empty = it has none, or is not to be asked
    HttpOptions http;
    std::vector<TreeSpec> trees;
    std::vector<DumpSpec> dumps;
    bool asRoot = false;  ///< for everything on the host
    /// Prometheus only.
    enum class Tsdb { None, Snapshot, Blocks } tsdb = Tsdb::None;
    QByteArray dataFolder;        ///< on the host; empty = what the server says
    QStringList goldenQueries;    ///< besides the standard ones
};

/// Reports what is being done: a stable name of the step ("snapshot", "list", "transfer", "verify", "publish", "clean"),
/// what it is about (component or file; may be empty), and bytes. `total` is -1 while unknown. On the thread that works.
using StepReport = std::function<void(const QString& step, const QString& about, qint64 done, qint64 total)>;

/// A component whose files stand still and are known: what goes into the manifest, and the way to its bytes.
class PreparedComponent
{
public:
    virtual ~PreparedComponent() = default;
    [[nodiscard]] const ManifestComponent& component() const { return m_component; }
    /// In the order of the archive, with full paths.
    [[nodiscard]] const std::vector<ManifestFile>& files() const { return m_files; }
    /// Sends exactly these files into the archive.
    virtual Status send(ArchiveWriter& writer, const CancelToken& cancel, const Progress& progress) = 0;
    /// Removes what preparing made on the host; also after cancelling, so it takes no token. Again and again if need be.
    virtual Status release() = 0;

protected:
    ManifestComponent m_component;
    std::vector<ManifestFile> m_files;
};

/// Makes a component ready. Also takes away what an earlier run that was killed left on the host (snapshots).
/// Errors: those of the host and of the API; Unsupported when the snapshot API is off (the hint names the three ways on);
/// Conflict when another backup of the same data is running.
Result<std::unique_ptr<PreparedComponent>> prepareComponent(std::shared_ptr<Host> host, const ComponentSpec& spec,
                                                            const CancelToken& cancel, const StepReport& report);

/// The answer of a query in a form that compares: array of {labels, value}, sorted by labels.
Result<Json> askGolden(BlockingHttp& http, const QUrl& base, const QString& expr, qint64 timeMs, const CancelToken& cancel);

} // namespace Promdeck::Backup
