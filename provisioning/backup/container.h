#pragma once

#include "provisioning/backup/archivekeys.h"
#include "provisioning/host/bytestreams.h"

#include <memory>

namespace Promdeck::Backup {

/// The outermost layer of a backup file. It starts with a header inside a zstd "skippable frame", so that
/// `zstd -d` and `tar --zstd` pass over it, and goes on
///   method None:        with the zstd frame itself;
///   Passphrase, PublicKey: with libsodium's secretstream in chunks of 64 KiB, the header as additional data of the
///                       first one (so that no bit of it can change) and a final tag at the end (so that no cut
///                       goes unseen).
/// Header, little endian: "promdeck" | version 1 | method | 2 zero bytes | then per method
///   Passphrase: salt[16] | operations u64 | memory u64 | key check[16] | stream header[24]
///   PublicKey:  key id[16] | sealed stream key[80] | stream header[24]
class ContainerSink final : public ByteSink
{
public:
    ContainerSink(ByteSink& next, ArchiveProtection protection);
    ~ContainerSink() override;
    Q_DISABLE_COPY_MOVE(ContainerSink)
    /// Writes the header; first. With a passphrase this takes a moment and 64 MiB (Argon2id).
    Status begin();
    Status write(const char* data, qint64 size) override;
    Status finish();

private:
    struct Private;
    std::unique_ptr<Private> d;
};

struct ContainerHeader
{
    ArchiveProtection::Method method = ArchiveProtection::Method::None;
    QByteArray keyId; ///< of the public key, 16 bytes
};

/// Reads what ContainerSink wrote.
class ContainerSource final : public ByteSource
{
public:
    explicit ContainerSource(ByteSource& from);
    ~ContainerSource() override;
    Q_DISABLE_COPY_MOVE(ContainerSource)

    /// Reads the header; first. Errors: Decode (no backup, damaged, of a later version).
    Result<ContainerHeader> readHeader();
    /// Errors: Secret when the needed key is missing; Auth when it is the wrong one, told apart from damage by
    /// the key check.
    Status unlock(const ArchiveKeys& keys);
    /// Errors: Decode when something was changed or cut off.
    Result<qint64> read(char* data, qint64 capacity) override;

private:
    struct Private;
    std::unique_ptr<Private> d;
};

/// Reads until the buffer is full or the source ends.
Result<qint64> readFully(ByteSource& from, char* data, qint64 size);

} // namespace Promdeck::Backup
