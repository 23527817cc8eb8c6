#include "provisioning/backup/sha256.h"

#include <openssl/evp.h>
#include <openssl/hmac.h>

namespace Promdeck::Backup {

struct Sha256::Private
{
    EVP_MD_CTX* context = EVP_MD_CTX_new();
};

Sha256::Sha256() : d(std::make_unique<Private>())
{
    EVP_DigestInit_ex(d->context, EVP_sha256(), nullptr);
}

Sha256::~Sha256()
{
    EVP_MD_CTX_free(d->context);
}

void Sha256::add(const char* data, qint64 size)
{
    if (size > 0)
        EVP_DigestUpdate(d->context, data, size_t(size));
}

QByteArray Sha256::takeBinary()
{
    QByteArray digest(32, Qt::Uninitialized);
    EVP_DigestFinal_ex(d->context, reinterpret_cast<unsigned char*>(digest.data()), nullptr);
    EVP_DigestInit_ex(d->context, EVP_sha256(), nullptr);
    return digest;
}

QByteArray Sha256::takeHex()
{
    return takeBinary().toHex();
}

QByteArray sha256Hex(const QByteArray& bytes)
{
    Sha256 hash;
    hash.add(bytes);
    return hash.takeHex();
}

QByteArray hmacSha256(const QByteArray& key, const QByteArray& message)
{
    QByteArray out(32, Qt::Uninitialized);
    HMAC(EVP_sha256(), key.constData(), int(key.size()), reinterpret_cast<const unsigned char*>(message.constData()),
         size_t(message.size()), reinterpret_cast<unsigned char*>(out.data()), nullptr);
    return out;
}

Status HashingSink::write(const char* data, qint64 size)
{
    m_hash.add(data, size);
    m_count += size;
    return m_next ? m_next->write(data, size) : Status(Done {});
}

Result<qint64> HashingSource::read(char* data, qint64 capacity)
{
    Result<qint64> got = m_from.read(data, capacity);
    if (got) {
        m_hash.add(data, *got);
        m_count += *got;
    }
    return got;
}

} // namespace Promdeck::Backup
