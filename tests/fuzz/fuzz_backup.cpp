// Archives that somebody else may have made: manifests, tar streams, whole files.
#include "provisioning/backup/archivereader.h"
#include "provisioning/backup/manifest.h"

#include <zstd.h>

#include <cstddef>
#include <cstdint>

using namespace Promdeck;
using namespace Promdeck::Backup;

namespace {

void readArchive(const QByteArray& bytes)
{
    BufferSource source(bytes);
    ArchiveReader reader(source);
    if (reader.open())
        static_cast<void>(reader.readAll().ok());
}

/// Random bytes are hardly ever a zstd frame, so what lies inside is made one.
QByteArray aroundTar(const QByteArray& tar)
{
    QByteArray packed(qsizetype(ZSTD_compressBound(std::size_t(tar.size()))), Qt::Uninitialized);
    packed.resize(qsizetype(
        ZSTD_compress(packed.data(), std::size_t(packed.size()), tar.constData(), std::size_t(tar.size()), 1)));
    return QByteArray::fromHex("5b2a4d180c000000") + "promdeck" + QByteArray::fromHex("01000000") + packed;
}

} // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size)
{
    if (size == 0)
        return 0;
    const QByteArray bytes(reinterpret_cast<const char*>(data) + 1, qsizetype(size) - 1);
    switch (data[0] % 3) {
    case 0: {
        const Result<Manifest> manifest = readManifest(bytes);
        // What was taken once is written so that it is taken again, with the same meaning.
        if (manifest) {
            const Result<Manifest> again = readManifest(writeManifest(*manifest));
            if (!again || again->files != manifest->files)
                __builtin_trap();
        }
        break;
    }
    case 1:
        readArchive(aroundTar(bytes));
        break;
    default:
        readArchive(bytes);
    }
    return 0;
}
