#pragma once

#include "models/core/json.h"
#include "models/core/result.h"

#include <QByteArray>
#include <QStringList>

#include <vector>

namespace Promdeck::Backup {

/// One member of an archive. Paths are bytes with '/', "component/tree/rest"; whatever a file system allows.
struct ManifestFile
{
    enum class Type { File, Folder, Link };
    QByteArray path;
    Type type = Type::File;
    qint64 size = 0;        ///< bytes; 0 for what is no file
    int mode = 0644;        ///< permission bits
    qint64 uid = 0;
    qint64 gid = 0;
    QByteArray owner;       ///< names on the host; empty = it knows none
    QByteArray group;
    qint64 modifiedS = 0;   ///< seconds since the epoch, host clock
    QByteArray sha256;      ///< 64 lowercase hexadecimal digits; empty for what is no file
    QByteArray linkTarget;
    bool operator==(const ManifestFile&) const = default;
};

/// A query and what the server answered when the backup was made; a restored server must say the same.
struct GoldenQuery
{
    QString expr;
    qint64 timeMs = 0; ///< of evaluation; inside the backed-up data
    Json result;       ///< array of {labels, value as text}, sorted
};

/// A folder of a component: where it was on the host, where its files are in the archive.
struct ManifestTree
{
    QString name;    ///< second part of the paths ("config", "data")
    QByteArray root; ///< absolute path on the host; empty = made by us (answers of an API)
};

struct ManifestComponent
{
    QString id;      ///< first part of the paths; [a-z0-9._-]
    QString kind;    ///< "prometheus", "alertmanager", "grafana", "files", "command"
    QString name;    ///< as people call it
    QString version; ///< of the program; empty = unknown
    QString method;  ///< how the data was taken: "snapshot", "blocks", "files", "api", "command"
    std::vector<ManifestTree> trees;
    QStringList imageDigests;
    qint64 startedAtMs = 0;   ///< host clock
    qint64 finishedAtMs = 0;
    qint64 dataFromMs = 0;    ///< oldest and newest sample; 0 = not known
    qint64 dataUntilMs = 0;
    std::vector<GoldenQuery> golden;
    QStringList notes;        ///< what is not in the backup, and why
    [[nodiscard]] const ManifestTree* tree(QStringView name) const;
};

/// The first member of every archive: all that is in it, in order.
struct Manifest
{
    QString id;          ///< unique; part of the file name
    QString stack;
    QString host;
    QString madeBy;      ///< "promdeck 0.1.0"
    qint64 createdAtMs = 0;   ///< clock of who made it
    qint64 hostClockMs = 0;   ///< clock of the host at that moment
    QStringList tags;
    std::vector<ManifestComponent> components;
    std::vector<ManifestFile> files;

    [[nodiscard]] qint64 totalBytes() const;
    [[nodiscard]] const ManifestComponent* component(QStringView id) const;
    /// Component and tree a path belongs to, and the rest; empty parts when it names nothing known.
    struct Place
    {
        const ManifestComponent* component = nullptr;
        const ManifestTree* tree = nullptr;
        QByteArray inner; ///< below the tree's root; empty = the root itself
    };
    [[nodiscard]] Place placeOf(const QByteArray& path) const;
};

inline constexpr int kManifestSchema = 1;
inline constexpr qint64 kMostManifestBytes = 48LL << 20;
inline constexpr qsizetype kMostFiles = 200000;

[[nodiscard]] QByteArray writeManifest(const Manifest& manifest);
/// Reads what somebody else may have written. Everything that could lead outside of a folder is refused here:
/// absolute paths, "..", files below links or files, the same path twice, unknown types, impossible sizes.
/// Errors: Decode with what is wrong and where; Unsupported for a later schema.
Result<Manifest> readManifest(const QByteArray& json);
/// The same checks, before an archive is written.
Status checkManifest(const Manifest& manifest);

/// Any bytes as JSON text and back: what is not valid UTF-8, control characters and '%' become %XX.
[[nodiscard]] QString bytesToText(const QByteArray& bytes);
[[nodiscard]] Result<QByteArray> textToBytes(const QString& text);

} // namespace Promdeck::Backup
