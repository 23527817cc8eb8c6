#pragma once

#include "models/core/result.h"

#include <QByteArray>

namespace Promdeck::Backup {

/// Bytes that are overwritten when they are no longer needed. Not a copy on write: every copy is wiped itself.
class SecretBytes
{
public:
    SecretBytes() = default;
    explicit SecretBytes(const QByteArray& bytes);
    explicit SecretBytes(qsizetype size);
    SecretBytes(const SecretBytes& other);
    SecretBytes(SecretBytes&& other) noexcept;
    SecretBytes& operator=(SecretBytes other) noexcept;
    ~SecretBytes();

    [[nodiscard]] bool isEmpty() const { return m_bytes.isEmpty(); }
    [[nodiscard]] qsizetype size() const { return m_bytes.size(); }
    [[nodiscard]] const unsigned char* data() const { return reinterpret_cast<const unsigned char*>(m_bytes.constData()); }
    [[nodiscard]] unsigned char* data() { return reinterpret_cast<unsigned char*>(m_bytes.data()); }
    /// A plain copy, for what must be written down (a key file).
    [[nodiscard]] QByteArray reveal() const { return {m_bytes.constData(), m_bytes.size()}; }

private:
    QByteArray m_bytes;
};

/// How a new archive is protected: not at all, by a passphrase, or sealed to a public key (32 bytes), so that
/// whoever writes it cannot read it afterwards.
struct ArchiveProtection
{
    enum class Method { None, Passphrase, PublicKey } method = Method::None;
    SecretBytes passphrase {};
    QByteArray publicKey {};
};

/// What may open archives. Either may be empty.
struct ArchiveKeys
{
    SecretBytes passphrase {};
    SecretBytes secretKey {}; ///< 32 bytes
};

struct ArchiveKeyPair
{
    QByteArray publicKey;  ///< 32 bytes
    SecretBytes secretKey; ///< 32 bytes
};

[[nodiscard]] ArchiveKeyPair newArchiveKeyPair();
/// One line of text, as key files hold it.
[[nodiscard]] QByteArray publicKeyText(const QByteArray& publicKey);
[[nodiscard]] QByteArray secretKeyText(const SecretBytes& secretKey);
/// Errors: Secret when the text is no such key; says which kind it is instead. Never quotes the text.
Result<QByteArray> parsePublicKey(const QByteArray& text);
Result<SecretBytes> parseSecretKey(const QByteArray& text);

} // namespace Promdeck::Backup
