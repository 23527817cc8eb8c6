#pragma once

#include "provisioning/host/bytestreams.h"

#include <memory>

namespace Promdeck::Backup {

/// Compresses into one zstd frame with a checksum, on `workers` threads besides the caller's (0 = none).
class ZstdSink final : public ByteSink
{
public:
    explicit ZstdSink(ByteSink& next, int level = 3, int workers = 2);
    ~ZstdSink() override;
    Q_DISABLE_COPY_MOVE(ZstdSink)
    Status write(const char* data, qint64 size) override;
    /// Ends the frame; once, after the last byte.
    Status finish();

private:
    struct Private;
    std::unique_ptr<Private> d;
};

/// Reads exactly one zstd frame. Errors of read: Decode when the frame is damaged or cut, wants more memory than
/// our own writer ever needs (32 MiB of window), or has something behind it.
class ZstdSource final : public ByteSource
{
public:
    explicit ZstdSource(ByteSource& from);
    ~ZstdSource() override;
    Q_DISABLE_COPY_MOVE(ZstdSource)
    Result<qint64> read(char* data, qint64 capacity) override;

private:
    struct Private;
    std::unique_ptr<Private> d;
};

} // namespace Promdeck::Backup
