#pragma once

#include "provisioning/host/bytestreams.h"

#include <memory>

namespace Promdeck::Backup {

/// SHA-256 of bytes as they come, with the processor's own instructions where it has them.
class Sha256
{
public:
    Sha256();
    ~Sha256();
    Q_DISABLE_COPY_MOVE(Sha256)

    void add(const char* data, qint64 size);
    void add(const QByteArray& bytes) { add(bytes.constData(), bytes.size()); }
    /// 64 lowercase hexadecimal digits; the next add() starts anew.
    [[nodiscard]] QByteArray takeHex();
    [[nodiscard]] QByteArray takeBinary();

private:
    struct Private;
    std::unique_ptr<Private> d;
};

[[nodiscard]] QByteArray sha256Hex(const QByteArray& bytes);
[[nodiscard]] QByteArray hmacSha256(const QByteArray& key, const QByteArray& message);

/// Passes bytes on and remembers their hash and number.
class HashingSink final : public ByteSink
{
public:
    explicit HashingSink(ByteSink* next) : m_next(next) {}
    Status write(const char* data, qint64 size) override;
    [[nodiscard]] QByteArray takeHex() { return m_hash.takeHex(); }
    [[nodiscard]] qint64 count() const { return m_count; }

private:
    ByteSink* m_next; ///< null: the hash only
    Sha256 m_hash;
    qint64 m_count = 0;
};

class HashingSource final : public ByteSource
{
public:
    explicit HashingSource(ByteSource& from) : m_from(from) {}
    Result<qint64> read(char* data, qint64 capacity) override;
    [[nodiscard]] qint64 size() const override { return m_from.size(); }
    [[nodiscard]] QByteArray takeHex() { return m_hash.takeHex(); }
    [[nodiscard]] qint64 count() const { return m_count; }

private:
    ByteSource& m_from;
    Sha256 m_hash;
    qint64 m_count = 0;
};

} // namespace Promdeck::Backup
