#include "provisioning/backup/zstdstream.h"

#include <zstd.h>

namespace Promdeck::Backup {

using namespace Qt::StringLiterals;

namespace {

constexpr int kMostWindowLog = 25;

Error damaged(const QString& detail)
{
    return makeError(ErrorCode::Decode, u"The archive is damaged"_s, detail, u"Use another backup"_s);
}

} // namespace

struct ZstdSink::Private
{
    explicit Private(ByteSink& sink) : next(sink) {}
    ByteSink& next;
    ZSTD_CCtx* context = ZSTD_createCCtx();
    QByteArray out = QByteArray(qsizetype(ZSTD_CStreamOutSize()), Qt::Uninitialized);

    Status run(const char* data, qint64 size, ZSTD_EndDirective end)
    {
        ZSTD_inBuffer in {data, size_t(size), 0};
        for (;;) {
            ZSTD_outBuffer room {out.data(), size_t(out.size()), 0};
            const size_t left = ZSTD_compressStream2(context, &room, &in, end);
            if (ZSTD_isError(left))
                return makeError(ErrorCode::Internal, u"Compression failed"_s, QString::fromUtf8(ZSTD_getErrorName(left)));
            if (room.pos > 0) {
                if (const Status written = next.write(out.constData(), qint64(room.pos)); !written)
                    return written;
            }
            if (end == ZSTD_e_end ? left == 0 : in.pos == in.size)
                return Done {};
        }
    }
};

ZstdSink::ZstdSink(ByteSink& next, int level, int workers) : d(std::make_unique<Private>(next))
{
    ZSTD_CCtx_setParameter(d->context, ZSTD_c_compressionLevel, level);
    ZSTD_CCtx_setParameter(d->context, ZSTD_c_checksumFlag, 1);
    // Without threads in the library this is refused, and all works on the caller's thread.
    ZSTD_CCtx_setParameter(d->context, ZSTD_c_nbWorkers, workers);
    if (workers > 0)
        ZSTD_CCtx_setParameter(d->context, ZSTD_c_jobSize, 4 << 20);
}

ZstdSink::~ZstdSink()
{
    ZSTD_freeCCtx(d->context);
}

Status ZstdSink::write(const char* data, qint64 size)
{
    return size > 0 ? d->run(data, size, ZSTD_e_continue) : Status(Done {});
}

Status ZstdSink::finish()
{
    return d->run(nullptr, 0, ZSTD_e_end);
}

struct ZstdSource::Private
{
    explicit Private(ByteSource& source) : from(source) {}
    ByteSource& from;
    ZSTD_DCtx* context = ZSTD_createDCtx();
    QByteArray in = QByteArray(256 << 10, Qt::Uninitialized);
    ZSTD_inBuffer pending {nullptr, 0, 0};
    bool frameEnded = false;
    bool ended = false;

    /// After the frame nothing may follow.
    Result<qint64> end()
    {
        char byte = 0;
        if (pending.pos < pending.size)
            return damaged(u"something follows the end of the compressed data"_s);
        const Result<qint64> more = from.read(&byte, 1);
        if (!more)
            return more.error();
        if (*more > 0)
            return damaged(u"something follows the end of the compressed data"_s);
        ended = true;
        return 0;
    }
};

ZstdSource::ZstdSource(ByteSource& from) : d(std::make_unique<Private>(from))
{
    ZSTD_DCtx_setParameter(d->context, ZSTD_d_windowLogMax, kMostWindowLog);
}

ZstdSource::~ZstdSource()
{
    ZSTD_freeDCtx(d->context);
}

Result<qint64> ZstdSource::read(char* data, qint64 capacity)
{
    if (d->ended || capacity <= 0)
        return 0;
    ZSTD_outBuffer out {data, size_t(capacity), 0};
    while (out.pos == 0) {
        if (d->frameEnded)
            return d->end();
        if (d->pending.pos == d->pending.size) {
            const Result<qint64> got = d->from.read(d->in.data(), d->in.size());
            if (!got)
                return got.error();
            if (*got == 0)
                return damaged(u"the compressed data ends too early"_s);
            d->pending = {d->in.constData(), size_t(*got), 0};
        }
        const size_t hint = ZSTD_decompressStream(d->context, &out, &d->pending);
        if (ZSTD_isError(hint))
            return damaged(QString::fromUtf8(ZSTD_getErrorName(hint)));
        d->frameEnded = hint == 0;
    }
    return qint64(out.pos);
}

} // namespace Promdeck::Backup
