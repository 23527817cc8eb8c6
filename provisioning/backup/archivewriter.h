#pragma once

#include "provisioning/backup/archivekeys.h"
#include "provisioning/backup/manifest.h"
#include "provisioning/host/bytestreams.h"

#include <memory>

namespace Promdeck::Backup {

/// Writes an archive as a stream: MANIFEST.json, then every file of the manifest in its order, then END, as one
/// tar.zst inside a container. What is written must be what the manifest says, byte for byte; so a file that
/// changes while it is backed up fails the backup instead of spoiling it. Needs some tens of MiB whatever the size.
class ArchiveWriter final
{
public:
    ArchiveWriter(ByteSink& out, Manifest manifest, ArchiveProtection protection = {}, int compressionLevel = 3);
    ~ArchiveWriter();
    Q_DISABLE_COPY_MOVE(ArchiveWriter)

    [[nodiscard]] const Manifest& manifest() const;
    /// Header and manifest. Errors: those of checkManifest and of the sink; Secret.
    Status begin();
    /// The next file of the manifest, folders and links before it included. Its content follows by write().
    /// Errors: Internal when it is another one than the manifest's next.
    Status beginFile(const QByteArray& path);
    Status write(const char* data, qint64 size);
    /// Errors: Conflict when the content was another than the manifest says.
    Status endFile();
    /// The END record and all that is still in buffers. Errors: Conflict when files are missing.
    Status finish();

private:
    struct Private;
    std::unique_ptr<Private> d;
};

inline constexpr char kManifestName[] = "MANIFEST.json";
inline constexpr char kEndName[] = "END";

} // namespace Promdeck::Backup
