#pragma once

#include "provisioning/backup/manifest.h"
#include "provisioning/host/bytestreams.h"

#include <QString>

#include <optional>

struct archive;

namespace Promdeck::Backup {

/// libarchive's tar writer over a ByteSink, with errors as values. The format is the caller's to set before open().
class TarWriter
{
public:
    /// failing: the sentence for what libarchive itself refuses.
    TarWriter(ByteSink& out, QString failing);
    ~TarWriter();
    Q_DISABLE_COPY_MOVE(TarWriter)

    [[nodiscard]] archive* handle() const { return m_tar; }
    [[nodiscard]] Status open();
    /// The entry of a file, under a path of its own. Its content follows.
    [[nodiscard]] Status header(const ManifestFile& file, const QByteArray& path);
    [[nodiscard]] Status data(const char* bytes, qint64 size);
    [[nodiscard]] Status close();

private:
    Status result(int code) const;
    struct Callback;

    ByteSink& m_out;
    QString m_failing;
    archive* m_tar;
    std::optional<Error> m_failure; ///< of the sink, which libarchive cannot carry
};

} // namespace Promdeck::Backup
