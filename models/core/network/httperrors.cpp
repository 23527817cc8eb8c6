#include "models/core/network/httperrors.h"

#include <QDateTime>
#include <QSslCertificate>

namespace Promdeck::Internal {

using namespace Qt::StringLiterals;

namespace {

Error about(const QUrl& url, ErrorCode code, QString summary, QString detail, QString hint)
{
    Error error = makeError(code, std::move(summary), std::move(detail), std::move(hint));
    error.target = shownUrl(url);
    return error;
}

QString place(const QUrl& url)
{
    return u"%1:%2"_s.arg(url.host()).arg(url.port(url.scheme() == u"https" ? 443 : 80));
}

QString sizeText(qsizetype bytes)
{
    if (bytes >= (1 << 20) && bytes % (1 << 20) == 0)
        return u"%1 MiB"_s.arg(bytes >> 20);
    return u"%1 bytes"_s.arg(bytes);
}

QString subject(const QSslCertificate& certificate)
{
    const QString name = certificate.subjectInfo(QSslCertificate::CommonName).join(u' ');
    return name.isEmpty() ? certificate.subjectInfo(QSslCertificate::Organization).join(u' ') : name;
}

QString issuer(const QSslCertificate& certificate)
{
    const QString name = certificate.issuerInfo(QSslCertificate::CommonName).join(u' ');
    return name.isEmpty() ? certificate.issuerInfo(QSslCertificate::Organization).join(u' ') : name;
}

QString validNames(const QSslCertificate& certificate)
{
    QStringList names = certificate.subjectAlternativeNames().values();
    if (names.isEmpty())
        names = certificate.subjectInfo(QSslCertificate::CommonName);
    names.sort();
    return names.join(u", "_s);
}

/// Smaller = tell this one first. A wrong date or name is the server's own fault and stays wrong with any CA.
int rank(QSslError::SslError error)
{
    switch (error) {
    case QSslError::CertificateRevoked: return 0;
    case QSslError::CertificateExpired: return 1;
    case QSslError::CertificateNotYetValid: return 2;
    case QSslError::HostNameMismatch: return 3;
    case QSslError::SelfSignedCertificate: return 4;
    case QSslError::SelfSignedCertificateInChain: return 5;
    case QSslError::UnableToGetLocalIssuerCertificate:
    case QSslError::UnableToGetIssuerCertificate:
    case QSslError::UnableToVerifyFirstCertificate: return 6;
    default: return 7;
    }
}

/// Handshakes that fail without a certificate problem: OpenSSL's texts say which side and why.
Error handshakeError(const QUrl& url, const QString& text, bool clientCertificate)
{
    const QString where = place(url);
    if (text.contains(u"wrong version number") || text.contains(u"record layer") || text.contains(u"packet length")) {
        return about(url, ErrorCode::TlsFailure, u"%1 does not speak TLS"_s.arg(where), text,
                     u"Use http:// if the server has no TLS on this port"_s);
    }
    if (text.contains(u"alert") && (text.contains(u"certificate") || text.contains(u"handshake failure"))) {
        return about(url, ErrorCode::TlsFailure,
                     clientCertificate ? u"%1 refused the client certificate"_s.arg(where)
                                       : u"%1 wants a client certificate"_s.arg(where),
                     text,
                     clientCertificate ? u"Use a certificate that the server's client CA has signed"_s
                                       : u"Give this stack a client certificate and its key"_s);
    }
    return about(url, ErrorCode::TlsFailure, u"The TLS handshake with %1 failed"_s.arg(where), text,
                 u"Check that the server speaks TLS 1.2 or newer on this port"_s);
}

} // namespace

QString shownUrl(const QUrl& url)
{
    return url.toString(QUrl::RemoveUserInfo | QUrl::RemoveQuery | QUrl::RemoveFragment);
}

Error certificateError(const QUrl& url, const QList<QSslError>& sslErrors)
{
    const auto worst = std::min_element(sslErrors.begin(), sslErrors.end(), [](const QSslError& a, const QSslError& b) {
        return rank(a.error()) < rank(b.error());
    });
    const QSslCertificate certificate = worst->certificate();
    QString detail = worst->errorString();
    QString hint = u"Correct the certificate on the server"_s;
    switch (worst->error()) {
    case QSslError::CertificateRevoked:
        detail = u"revoked: the certificate of \"%1\" was revoked by its issuer"_s.arg(subject(certificate));
        hint = u"Install a new certificate on the server"_s;
        break;
    case QSslError::CertificateExpired:
        detail = u"expired: the certificate of \"%1\" was valid until %2"_s.arg(
            subject(certificate), certificate.expiryDate().toUTC().toString(Qt::ISODate));
        hint = u"Renew the certificate on the server"_s;
        break;
    case QSslError::CertificateNotYetValid:
        detail = u"not yet valid: the certificate of \"%1\" is valid from %2"_s.arg(
            subject(certificate), certificate.effectiveDate().toUTC().toString(Qt::ISODate));
        hint = u"Check the clocks of this machine and of the server"_s;
        break;
    case QSslError::HostNameMismatch:
        detail = u"host name mismatch: the certificate is for %1, not for %2"_s.arg(validNames(certificate), url.host());
        hint = u"Use a name the certificate is for, or add this one to it"_s;
        break;
    case QSslError::SelfSignedCertificate:
        detail = u"self-signed: the certificate of \"%1\" vouches for itself"_s.arg(subject(certificate));
        hint = u"If this is your server, set its certificate as this stack's CA file"_s;
        break;
    case QSslError::SelfSignedCertificateInChain:
        detail = u"unknown issuer: the chain ends at \"%1\", which this machine does not know"_s.arg(
            subject(certificate));
        hint = u"Set the certificate of that authority as this stack's CA file"_s;
        break;
    case QSslError::UnableToGetLocalIssuerCertificate:
    case QSslError::UnableToGetIssuerCertificate:
    case QSslError::UnableToVerifyFirstCertificate:
        detail = u"unknown issuer: \"%1\", which signed the certificate of \"%2\", is not known here"_s.arg(
            issuer(certificate), subject(certificate));
        hint = u"Set the certificate of the issuer as this stack's CA file"_s;
        break;
    default: break;
    }
    return about(url, ErrorCode::TlsFailure, u"The certificate of %1 is not accepted"_s.arg(place(url)), detail, hint);
}

Error transferError(const FailedTransfer& failed)
{
    const QUrl& url = failed.url;
    // Asked through a caching proxy, it is the proxy that does not resolve or does not listen.
    const bool proxyItself = failed.proxy.type() == QNetworkProxy::HttpCachingProxy
        && (failed.code == QNetworkReply::HostNotFoundError || failed.code == QNetworkReply::ConnectionRefusedError);
    switch (proxyItself ? QNetworkReply::ProxyNotFoundError : failed.code) {
    case QNetworkReply::HostNotFoundError:
        return about(url, ErrorCode::DnsFailure, u"The host name %1 does not resolve"_s.arg(url.host()), {},
                     u"Check the spelling, this machine's DNS and whether a VPN is needed"_s);
    case QNetworkReply::ConnectionRefusedError:
        return about(url, ErrorCode::ConnectionRefused, u"Nothing listens on %1"_s.arg(place(url)), {},
                     u"Check the port, and that the server runs and listens on this address"_s);
    case QNetworkReply::TimeoutError:
        return about(url, ErrorCode::Timeout, u"%1 cannot be reached"_s.arg(place(url)), failed.text,
                     u"Check the address, and firewalls on the way"_s);
    case QNetworkReply::SslHandshakeFailedError:
        return failed.sslErrors.isEmpty() ? handshakeError(url, failed.text, failed.clientCertificate)
                                          : certificateError(url, failed.sslErrors);
    case QNetworkReply::ProxyConnectionRefusedError:
    case QNetworkReply::ProxyConnectionClosedError:
    case QNetworkReply::ProxyNotFoundError:
    case QNetworkReply::ProxyTimeoutError:
    case QNetworkReply::ProxyAuthenticationRequiredError:
    case QNetworkReply::UnknownProxyError:
        return about(url, ErrorCode::ProxyFailure, u"The proxy %1:%2 did not let the request through"_s.arg(failed.proxy.hostName()).arg(failed.proxy.port()),
                     failed.text, u"Check http_proxy and https_proxy, or list the host in no_proxy"_s);
    case QNetworkReply::RemoteHostClosedError:
    case QNetworkReply::ContentReSendError:
        return about(url, ErrorCode::ConnectionLost, u"%1 closed the connection before the answer was complete"_s.arg(place(url)),
                     {}, u"Look at the server's log, and at a proxy in between"_s);
    case QNetworkReply::ProtocolFailure:
    case QNetworkReply::ProtocolUnknownError:
    case QNetworkReply::ProtocolInvalidOperationError:
        return about(url, ErrorCode::Decode, u"%1 does not answer in HTTP"_s.arg(place(url)), failed.text,
                     u"Check that the port belongs to a web server"_s);
    default: break;
    }
    // A refusal inside TLS 1.3 arrives after the handshake and looks like a socket error.
    if (url.scheme() == u"https" && failed.text.contains(u"alert"))
        return handshakeError(url, failed.text, failed.clientCertificate);
    return about(url, ErrorCode::ConnectionLost, u"The connection to %1 failed"_s.arg(place(url)), failed.text,
                 u"Check the network between this machine and the server"_s);
}

Error timeoutError(const QUrl& url, std::chrono::milliseconds limit, qsizetype received)
{
    const QString seconds = QString::number(double(limit.count()) / 1000);
    const QString detail = received < 0 ? QString() : u"%1 bytes had arrived"_s.arg(received);
    return about(url, ErrorCode::Timeout,
                 received < 0 ? u"%1 did not answer within %2 s"_s.arg(place(url), seconds)
                              : u"The answer of %1 was not complete within %2 s"_s.arg(place(url), seconds),
                 detail, u"Check the server's load, or raise this stack's timeout"_s);
}

Error tooLargeError(const QUrl& url, qsizetype limit)
{
    return about(url, ErrorCode::ResponseTooLarge,
                 u"The answer of %1 is larger than this stack's limit of %2"_s.arg(place(url), sizeText(limit)), {},
                 u"Ask for fewer series or a shorter range, or raise the limit"_s);
}

} // namespace Promdeck::Internal
