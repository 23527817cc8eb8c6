#pragma once

#include "provisioning/backup/archivereader.h"

#include <memory>

namespace Promdeck::Backup {

/// Turns files of an archive into a tar stream for another machine, in the dialect that every tar reads.
class TarVisitor final : public ArchiveVisitor
{
public:
    /// The path in the new stream; empty = not wanted.
    using PathFor = std::function<QByteArray(const ManifestFile& file)>;
    TarVisitor(ByteSink& out, PathFor pathFor);
    ~TarVisitor() override;
    Q_DISABLE_COPY_MOVE(TarVisitor)
    Result<bool> beginFile(const ManifestFile& file) override;
    Status write(const char* data, qint64 size) override;
    Status finishFile(const ManifestFile& file) override;
    Status finish();

private:
    struct Private;
    std::unique_ptr<Private> d;
};

} // namespace Promdeck::Backup
