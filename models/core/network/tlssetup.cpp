#include "models/core/network/tlssetup.h"

#include <QSslCertificate>
#include <QSslKey>

namespace Promdeck::Internal {

using namespace Qt::StringLiterals;

namespace {

Error tlsError(const QString& summary, const QString& hint)
{
    return makeError(ErrorCode::TlsFailure, summary, {}, hint);
}

Result<QSslKey> privateKey(const QByteArray& pem)
{
    for (const QSsl::KeyAlgorithm algorithm : {QSsl::Rsa, QSsl::Ec, QSsl::Dsa}) {
        const QSslKey key(pem, algorithm);
        if (!key.isNull())
            return key;
    }
    if (pem.contains("ENCRYPTED")) {
        return tlsError(u"The key of the client certificate is protected by a passphrase"_s,
                        u"Save the key without one (openssl pkey -in KEY -out NEWKEY), readable only by you"_s);
    }
    return tlsError(u"The key of the client certificate is no private key in PEM form"_s,
                    u"The file starts with -----BEGIN PRIVATE KEY----- when it is"_s);
}

} // namespace

Result<QSslConfiguration> tlsConfiguration(const HttpOptions& options)
{
    QSslConfiguration tls = QSslConfiguration::defaultConfiguration();
    tls.setProtocol(QSsl::TlsV1_2OrLater);
    if (!options.verifyTls)
        tls.setPeerVerifyMode(QSslSocket::VerifyNone);
    if (!options.caPem.isEmpty()) {
        const QList<QSslCertificate> authorities = QSslCertificate::fromData(options.caPem, QSsl::Pem);
        if (authorities.isEmpty()) {
            return tlsError(u"The CA file holds no certificate in PEM form"_s,
                            u"It starts with -----BEGIN CERTIFICATE----- when it does"_s);
        }
        tls.setCaCertificates(authorities);
    }
    if (options.clientCertPem.isEmpty() && options.clientKeyPem.isEmpty())
        return tls;
    const QList<QSslCertificate> chain = QSslCertificate::fromData(options.clientCertPem, QSsl::Pem);
    if (chain.isEmpty()) {
        return tlsError(u"The client certificate file holds no certificate in PEM form"_s,
                        u"A client certificate needs its file and the file of its key"_s);
    }
    // One file often holds both.
    const Result<QSslKey> key = privateKey(options.clientKeyPem.isEmpty() ? options.clientCertPem
                                                                          : options.clientKeyPem);
    if (!key)
        return key.error();
    tls.setLocalCertificateChain(chain);
    tls.setPrivateKey(*key);
    return tls;
}

} // namespace Promdeck::Internal
