#include "provisioning/backup/archivekeys.h"

#include <sodium.h>

#include <utility>

namespace Promdeck::Backup {

using namespace Qt::StringLiterals;

namespace {

constexpr char kPublicPrefix[] = "promdeck-backup-public-1 ";
constexpr char kSecretPrefix[] = "promdeck-backup-secret-1 ";

} // namespace

SecretBytes::SecretBytes(const QByteArray& bytes) : m_bytes(bytes.constData(), bytes.size()) {}

SecretBytes::SecretBytes(qsizetype size) : m_bytes(size, '\0') {}

SecretBytes::SecretBytes(const SecretBytes& other) : m_bytes(other.m_bytes.constData(), other.m_bytes.size()) {}

SecretBytes::SecretBytes(SecretBytes&& other) noexcept : m_bytes(std::exchange(other.m_bytes, {})) {}

SecretBytes& SecretBytes::operator=(SecretBytes other) noexcept
{
    m_bytes.swap(other.m_bytes);
    return *this;
}

SecretBytes::~SecretBytes()
{
    if (!m_bytes.isEmpty())
        sodium_memzero(m_bytes.data(), size_t(m_bytes.size()));
}

ArchiveKeyPair newArchiveKeyPair()
{
    ArchiveKeyPair pair {QByteArray(crypto_box_PUBLICKEYBYTES, '\0'), SecretBytes(qsizetype(crypto_box_SECRETKEYBYTES))};
    if (sodium_init() < 0)
        return {};
    crypto_box_keypair(reinterpret_cast<unsigned char*>(pair.publicKey.data()), pair.secretKey.data());
    return pair;
}

QByteArray publicKeyText(const QByteArray& publicKey)
{
    return kPublicPrefix + publicKey.toBase64() + '\n';
}

QByteArray secretKeyText(const SecretBytes& secretKey)
{
    return kSecretPrefix + secretKey.reveal().toBase64() + '\n';
}

Result<QByteArray> parsePublicKey(const QByteArray& text)
{
    const QByteArray line = text.trimmed();
    if (line.startsWith(kSecretPrefix))
        return makeError(ErrorCode::Secret, u"This is a secret key, which belongs on no host that makes backups"_s, {},
                         u"Give the public key"_s);
    const QByteArray key = QByteArray::fromBase64(line.mid(qsizetype(qstrlen(kPublicPrefix))));
    if (!line.startsWith(kPublicPrefix) || key.size() != qsizetype(crypto_box_PUBLICKEYBYTES))
        return makeError(ErrorCode::Secret, u"This is no public key for backups"_s, {},
                         u"promdeck backup keygen makes a pair of keys"_s);
    return key;
}

Result<SecretBytes> parseSecretKey(const QByteArray& text)
{
    const QByteArray line = text.trimmed();
    if (line.startsWith(kPublicPrefix))
        return makeError(ErrorCode::Secret, u"This is the public key, and reading takes the secret one"_s);
    QByteArray key = QByteArray::fromBase64(line.mid(qsizetype(qstrlen(kSecretPrefix))));
    if (!line.startsWith(kSecretPrefix) || key.size() != qsizetype(crypto_box_SECRETKEYBYTES))
        return makeError(ErrorCode::Secret, u"This is no secret key for backups"_s);
    SecretBytes secret(key);
    sodium_memzero(key.data(), size_t(key.size()));
    return secret;
}

} // namespace Promdeck::Backup
