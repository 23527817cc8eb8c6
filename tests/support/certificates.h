#pragma once

#include <QByteArray>
#include <QString>

namespace Promdeck::Testing {

struct Certificate
{
    QByteArray cert; ///< PEM; empty when making it failed, then the test has failed already
    QByteArray key;
};

/// Certificates made on the spot with openssl, so that none ever expires in the repository.
/// A CA, or a leaf that vouches for itself when `issuer` is null.
[[nodiscard]] Certificate makeCertificateAuthority(const QString& name = QStringLiteral("Promdeck test CA"));
/// altNames as openssl writes them: "IP:127.0.0.1,DNS:localhost". days < 0 = expired.
[[nodiscard]] Certificate makeCertificate(const Certificate* issuer,
                                          const QString& altNames = QStringLiteral("IP:127.0.0.1,DNS:localhost"),
                                          int days = 2, const QString& name = QStringLiteral("promdeck test"));

} // namespace Promdeck::Testing
