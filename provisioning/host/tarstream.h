#pragma once

#include "provisioning/host/host.h"

namespace Promdeck {

/// A tar archive (ustar with GNU long names, which every tar reads) made while it is read: folders that the
/// paths need come first, with mode 0700. Names use '/'.
class TarSource final : public ByteSource
{
public:
    /// The files must outlive the source.
    explicit TarSource(const std::vector<FileEntry>& files);
    Result<qint64> read(char* data, qint64 capacity) override;
    [[nodiscard]] qint64 size() const override { return m_size; }

private:
    void next();

    const std::vector<FileEntry>& m_files;
    QList<QByteArray> m_folders;
    qsizetype m_nextFolder = 0;
    std::size_t m_nextFile = 0;
    QByteArray m_block;
    qsizetype m_sent = 0;
    qint64 m_size = 0;
    bool m_trailer = false;
};

/// Reads the regular files of a tar archive (ustar, GNU, pax paths) as it arrives. Errors: Decode,
/// ResponseTooLarge when the contents together exceed the limit.
class TarSink final : public ByteSink
{
public:
    explicit TarSink(qint64 limit) : m_limit(limit) {}
    Status write(const char* data, qint64 size) override;
    /// After the last byte. Errors: Decode when the archive has no end, which a cut one lacks.
    Result<std::vector<FileEntry>> finish();

private:
    Status header();
    Status body();

    QByteArray m_pending;
    std::vector<FileEntry> m_files;
    QByteArray m_longName;
    qint64 m_left = 0;   ///< of the present member, without padding
    qint64 m_padding = 0;
    qint64 m_total = 0;
    qint64 m_limit;
    char m_type = 0;
    QByteArray m_special; ///< content of a member that describes the next one
    bool m_ended = false;
};

/// Whether a path stays below the folder it is relative to, and names something.
[[nodiscard]] bool isInnerPath(const QByteArray& path);

} // namespace Promdeck
