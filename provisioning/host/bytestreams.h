#pragma once

#include "models/core/result.h"

#include <QByteArray>
#include <QFile>

namespace Promdeck {

/// Bytes that a transfer takes. Called on the thread that runs the transfer; may block.
class ByteSource
{
public:
    virtual ~ByteSource() = default;
    /// Up to `capacity` bytes; 0 = the end. Errors end the transfer and come out of it unchanged.
    virtual Result<qint64> read(char* data, qint64 capacity) = 0;
    /// Bytes in all; -1 = not known before the end.
    [[nodiscard]] virtual qint64 size() const { return -1; }
};

/// Where a transfer puts bytes. Called on the thread that runs the transfer; may block.
class ByteSink
{
public:
    virtual ~ByteSink() = default;
    virtual Status write(const char* data, qint64 size) = 0;
};

/// Reads from memory.
class BufferSource final : public ByteSource
{
public:
    explicit BufferSource(QByteArray bytes) : m_bytes(std::move(bytes)) {}
    Result<qint64> read(char* data, qint64 capacity) override;
    [[nodiscard]] qint64 size() const override { return m_bytes.size(); }

private:
    QByteArray m_bytes;
    qint64 m_done = 0;
};

/// Collects into memory. Errors: ResponseTooLarge beyond the limit; what came before is kept.
class BufferSink final : public ByteSink
{
public:
    explicit BufferSink(qint64 limit) : m_limit(limit) {}
    Status write(const char* data, qint64 size) override;
    [[nodiscard]] const QByteArray& bytes() const { return m_bytes; }
    [[nodiscard]] QByteArray take() { return std::move(m_bytes); }

private:
    QByteArray m_bytes;
    qint64 m_limit;
};

/// A local file, read from its beginning. Errors of read: Io.
class FileSource final : public ByteSource
{
public:
    explicit FileSource(const QString& path) : m_file(path) {}
    Status open();
    Result<qint64> read(char* data, qint64 capacity) override;
    [[nodiscard]] qint64 size() const override { return m_file.size(); }

private:
    QFile m_file;
};

/// A local file, written from its beginning. Errors: Io.
class FileSink final : public ByteSink
{
public:
    explicit FileSink(const QString& path) : m_file(path) {}
    Status open();
    Status write(const char* data, qint64 size) override;
    /// Flushes to the disk and closes.
    Status finish();

private:
    QFile m_file;
};

} // namespace Promdeck
