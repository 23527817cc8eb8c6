#include "provisioning/backup/container.h"

#include <QtEndian>

#include <sodium.h>

#include <cstring>

namespace Promdeck::Backup {

using namespace Qt::StringLiterals;
using Method = ArchiveProtection::Method;

namespace {

constexpr quint32 kFrameMagic = 0x184D2A5B; // one of zstd's sixteen
constexpr char kMagic[] = "promdeck";
constexpr qint64 kChunk = 64 << 10;
constexpr qint64 kSealedChunk = kChunk + qint64(crypto_secretstream_xchacha20poly1305_ABYTES);
constexpr qsizetype kCommon = 12;
constexpr qsizetype kCheckSize = 16;
constexpr qsizetype kPassphraseSize = kCommon + 16 + 8 + 8 + kCheckSize + 24;
constexpr qsizetype kPublicKeySize = kCommon + kCheckSize + 80 + 24;
// 64 MiB keeps a backup below its memory limit; the operations make up for it.
constexpr quint64 kOperations = 4;
constexpr quint64 kMemory = 64ULL << 20;
// What a header may ask of the reader: a hostile one shall not eat the machine.
constexpr quint64 kMostOperations = 64;
constexpr quint64 kMostMemory = 1ULL << 30;

Error damaged(const QString& detail)
{
    return makeError(ErrorCode::Decode, u"The archive is damaged"_s, detail, u"Use another backup"_s);
}

Error noBackup(const QString& detail)
{
    return makeError(ErrorCode::Decode, u"This is no Promdeck backup"_s, detail);
}

const unsigned char* bytesOf(const QByteArray& bytes)
{
    return reinterpret_cast<const unsigned char*>(bytes.constData());
}

unsigned char* bytesOf(QByteArray& bytes)
{
    return reinterpret_cast<unsigned char*>(bytes.data());
}

QByteArray littleEndian(quint64 value)
{
    QByteArray out(8, '\0');
    qToLittleEndian(value, out.data());
    return out;
}

/// Key of the stream and a value that tells a wrong passphrase from a damaged file without giving the key away.
struct DerivedKey
{
    SecretBytes key;
    QByteArray check;
};

Result<DerivedKey> deriveKey(const SecretBytes& passphrase, const QByteArray& salt, quint64 operations, quint64 memory)
{
    SecretBytes derived(qsizetype(64));
    if (crypto_pwhash(derived.data(), 64, reinterpret_cast<const char*>(passphrase.data()),
                      static_cast<unsigned long long>(passphrase.size()), bytesOf(salt), operations, size_t(memory),
                      crypto_pwhash_ALG_ARGON2ID13)
        != 0)
        return makeError(ErrorCode::Internal, u"There is not enough memory to derive the key"_s,
                         u"%1 MiB are needed"_s.arg(memory >> 20));
    DerivedKey out {SecretBytes(qsizetype(32)), QByteArray(kCheckSize, '\0')};
    std::memcpy(out.key.data(), derived.data(), 32);
    constexpr unsigned char context[] = "promdeck key check";
    crypto_generichash(bytesOf(out.check), size_t(kCheckSize), context, sizeof(context) - 1, derived.data() + 32, 32);
    return out;
}

QByteArray keyIdOf(const QByteArray& publicKey)
{
    QByteArray id(kCheckSize, '\0');
    crypto_generichash(bytesOf(id), size_t(kCheckSize), bytesOf(publicKey), size_t(publicKey.size()), nullptr, 0);
    return id;
}

} // namespace

Result<qint64> readFully(ByteSource& from, char* data, qint64 size)
{
    qint64 done = 0;
    while (done < size) {
        const Result<qint64> got = from.read(data + done, size - done);
        if (!got)
            return got.error();
        if (*got == 0)
            break;
        done += *got;
    }
    return done;
}

struct ContainerSink::Private
{
    Private(ByteSink& sink, ArchiveProtection how) : next(sink), protection(std::move(how)) {}
    ByteSink& next;
    ArchiveProtection protection;
    crypto_secretstream_xchacha20poly1305_state state {};
    QByteArray header;
    QByteArray plain;
    QByteArray sealed = QByteArray(kSealedChunk, Qt::Uninitialized);
    bool firstChunk = true;

    Result<SecretBytes> keyIntoHeader()
    {
        if (protection.method == Method::Passphrase) {
            QByteArray salt(16, '\0');
            randombytes_buf(salt.data(), size_t(salt.size()));
            Result<DerivedKey> derived = deriveKey(protection.passphrase, salt, kOperations, kMemory);
            if (!derived)
                return derived.error();
            header += salt + littleEndian(kOperations) + littleEndian(kMemory) + derived->check;
            return derived->key;
        }
        SecretBytes key(qsizetype(32));
        randombytes_buf(key.data(), 32);
        QByteArray box(80, '\0');
        if (crypto_box_seal(bytesOf(box), key.data(), 32, bytesOf(protection.publicKey)) != 0)
            return makeError(ErrorCode::Secret, u"The public key cannot be used"_s);
        header += keyIdOf(protection.publicKey) + box;
        return key;
    }

    Status seal(const char* data, qint64 size, bool last)
    {
        const QByteArray extra = firstChunk ? header : QByteArray();
        firstChunk = false;
        unsigned long long length = 0;
        crypto_secretstream_xchacha20poly1305_push(
            &state, bytesOf(sealed), &length, reinterpret_cast<const unsigned char*>(data),
            static_cast<unsigned long long>(size), bytesOf(extra), static_cast<unsigned long long>(extra.size()),
            last ? crypto_secretstream_xchacha20poly1305_TAG_FINAL : crypto_secretstream_xchacha20poly1305_TAG_MESSAGE);
        return next.write(sealed.constData(), qint64(length));
    }
};

ContainerSink::ContainerSink(ByteSink& next, ArchiveProtection protection)
    : d(std::make_unique<Private>(next, std::move(protection)))
{
}

ContainerSink::~ContainerSink()
{
    sodium_memzero(&d->state, sizeof d->state);
}

Status ContainerSink::begin()
{
    if (sodium_init() < 0)
        return makeError(ErrorCode::Internal, u"The cryptography library does not start"_s);
    d->header = QByteArray(kMagic) + char(1) + char(int(d->protection.method)) + QByteArray(2, '\0');
    if (d->protection.method == Method::Passphrase && d->protection.passphrase.isEmpty())
        return makeError(ErrorCode::Secret, u"The passphrase is empty"_s);
    if (d->protection.method == Method::PublicKey
        && d->protection.publicKey.size() != qsizetype(crypto_box_PUBLICKEYBYTES))
        return makeError(ErrorCode::Secret, u"The public key cannot be used"_s);
    if (d->protection.method != Method::None) {
        const Result<SecretBytes> key = d->keyIntoHeader();
        if (!key)
            return key.error();
        QByteArray streamHeader(crypto_secretstream_xchacha20poly1305_HEADERBYTES, '\0');
        crypto_secretstream_xchacha20poly1305_init_push(&d->state, bytesOf(streamHeader), key->data());
        d->header += streamHeader;
    }
    QByteArray frame(8, '\0');
    qToLittleEndian(kFrameMagic, frame.data());
    qToLittleEndian(quint32(d->header.size()), frame.data() + 4);
    frame += d->header;
    return d->next.write(frame.constData(), frame.size());
}

Status ContainerSink::write(const char* data, qint64 size)
{
    if (d->protection.method == Method::None)
        return d->next.write(data, size);
    while (size > 0) {
        const qint64 part = std::min<qint64>(size, kChunk - d->plain.size());
        d->plain.append(data, part);
        data += part;
        size -= part;
        // The last chunk bears the tag, so a full one waits until something follows.
        if (d->plain.size() == kChunk && size > 0) {
            if (const Status done = d->seal(d->plain.constData(), kChunk, false); !done)
                return done;
            d->plain.resize(0);
        }
    }
    return Done {};
}

Status ContainerSink::finish()
{
    if (d->protection.method == Method::None)
        return Done {};
    return d->seal(d->plain.constData(), d->plain.size(), true);
}

struct ContainerSource::Private
{
    explicit Private(ByteSource& source) : from(source) {}
    ByteSource& from;
    QByteArray header;
    Method method = Method::None;
    bool unlocked = false;
    crypto_secretstream_xchacha20poly1305_state state {};
    QByteArray sealed = QByteArray(kSealedChunk, Qt::Uninitialized);
    QByteArray plain;
    qsizetype taken = 0;
    bool firstChunk = true;
    bool ended = false;

    Result<SecretBytes> keyFromHeader(const ArchiveKeys& keys) const
    {
        if (method == Method::Passphrase) {
            if (keys.passphrase.isEmpty())
                return makeError(ErrorCode::Secret, u"This backup needs its passphrase"_s);
            const auto operations = qFromLittleEndian<quint64>(header.constData() + kCommon + 16);
            const auto memory = qFromLittleEndian<quint64>(header.constData() + kCommon + 24);
            if (operations < 1 || operations > kMostOperations || memory < 8192 || memory > kMostMemory)
                return damaged(u"the header asks for an impossible key derivation"_s);
            const Result<DerivedKey> derived = deriveKey(keys.passphrase, header.mid(kCommon, 16), operations, memory);
            if (!derived)
                return derived.error();
            const QByteArray check = header.mid(kCommon + 32, kCheckSize);
            if (sodium_memcmp(check.constData(), derived->check.constData(), size_t(kCheckSize)) != 0)
                return makeError(ErrorCode::Auth, u"The passphrase is wrong"_s,
                                 u"or the header of the backup is damaged, which its .sha256 file can tell"_s);
            return derived->key;
        }
        if (keys.secretKey.size() != qsizetype(crypto_box_SECRETKEYBYTES))
            return makeError(ErrorCode::Secret, u"This backup is sealed and needs the secret key"_s);
        QByteArray publicKey(crypto_box_PUBLICKEYBYTES, '\0');
        crypto_scalarmult_base(bytesOf(publicKey), keys.secretKey.data());
        if (keyIdOf(publicKey) != header.mid(kCommon, kCheckSize))
            return makeError(ErrorCode::Auth, u"This backup is sealed to another key"_s,
                             u"or its header is damaged, which its .sha256 file can tell"_s);
        SecretBytes key(qsizetype(32));
        const QByteArray box = header.mid(kCommon + kCheckSize, 80);
        if (crypto_box_seal_open(key.data(), bytesOf(box), 80, bytesOf(publicKey), keys.secretKey.data()) != 0)
            return damaged(u"the sealed key does not open"_s);
        return key;
    }

    Status nextChunk()
    {
        const Result<qint64> got = readFully(from, sealed.data(), kSealedChunk);
        if (!got)
            return got.error();
        if (*got < qint64(crypto_secretstream_xchacha20poly1305_ABYTES))
            return damaged(u"the encrypted data ends too early"_s);
        const QByteArray extra = firstChunk ? header : QByteArray();
        firstChunk = false;
        plain.resize(kChunk);
        unsigned long long length = 0;
        unsigned char tag = 0;
        if (crypto_secretstream_xchacha20poly1305_pull(&state, bytesOf(plain), &length, &tag, bytesOf(sealed),
                                                       static_cast<unsigned long long>(*got), bytesOf(extra),
                                                       static_cast<unsigned long long>(extra.size()))
            != 0)
            return damaged(u"the encrypted data was changed or cut off"_s);
        plain.resize(qsizetype(length));
        taken = 0;
        if (tag == crypto_secretstream_xchacha20poly1305_TAG_FINAL) {
            char byte = 0;
            const Result<qint64> more = from.read(&byte, 1);
            if (!more)
                return more.error();
            if (*more > 0)
                return damaged(u"something follows the end of the encrypted data"_s);
            ended = true;
        }
        return Done {};
    }
};

ContainerSource::ContainerSource(ByteSource& from) : d(std::make_unique<Private>(from)) {}

ContainerSource::~ContainerSource()
{
    sodium_memzero(&d->state, sizeof d->state);
    if (!d->plain.isEmpty())
        sodium_memzero(d->plain.data(), size_t(d->plain.size()));
}

Result<ContainerHeader> ContainerSource::readHeader()
{
    QByteArray frame(8 + kCommon, '\0');
    const Result<qint64> got = readFully(d->from, frame.data(), frame.size());
    if (!got)
        return got.error();
    const auto size = qsizetype(qFromLittleEndian<quint32>(frame.constData() + 4));
    if (*got < frame.size() || qFromLittleEndian<quint32>(frame.constData()) != kFrameMagic
        || frame.mid(8, 8) != QByteArray(kMagic))
        return noBackup(u"the first bytes are not those of a backup"_s);
    if (frame.at(16) != 1)
        return makeError(ErrorCode::Unsupported, u"This backup was made by a later version of Promdeck"_s,
                         u"format %1"_s.arg(int(static_cast<unsigned char>(frame.at(16)))));
    const int method = static_cast<unsigned char>(frame.at(17));
    const qsizetype sizes[] = {kCommon, kPassphraseSize, kPublicKeySize};
    if (method > 2 || size != sizes[method] || frame.at(18) != 0 || frame.at(19) != 0)
        return damaged(u"the header makes no sense"_s);
    QByteArray rest(size - kCommon, '\0');
    const Result<qint64> more = readFully(d->from, rest.data(), rest.size());
    if (!more)
        return more.error();
    if (*more < rest.size())
        return damaged(u"the header is cut off"_s);
    d->header = frame.mid(8) + rest;
    d->method = Method(method);
    return ContainerHeader {d->method, d->method == Method::PublicKey ? d->header.mid(kCommon, kCheckSize) : QByteArray()};
}

Status ContainerSource::unlock(const ArchiveKeys& keys)
{
    if (sodium_init() < 0)
        return makeError(ErrorCode::Internal, u"The cryptography library does not start"_s);
    if (d->method != Method::None) {
        const Result<SecretBytes> key = d->keyFromHeader(keys);
        if (!key)
            return key.error();
        const QByteArray streamHeader = d->header.right(crypto_secretstream_xchacha20poly1305_HEADERBYTES);
        if (crypto_secretstream_xchacha20poly1305_init_pull(&d->state, bytesOf(streamHeader), key->data()) != 0)
            return damaged(u"the header of the encrypted data makes no sense"_s);
    }
    d->unlocked = true;
    return Done {};
}

Result<qint64> ContainerSource::read(char* data, qint64 capacity)
{
    if (!d->unlocked)
        return makeError(ErrorCode::Internal, u"The archive was not unlocked"_s);
    if (d->method == Method::None)
        return d->from.read(data, capacity);
    while (d->taken == d->plain.size()) {
        if (d->ended)
            return 0;
        if (const Status next = d->nextChunk(); !next)
            return next.error();
    }
    const qint64 part = std::min<qint64>(capacity, d->plain.size() - d->taken);
    std::memcpy(data, d->plain.constData() + d->taken, size_t(part));
    d->taken += part;
    return part;
}

} // namespace Promdeck::Backup
