#include "models/core/http.h"
#include "models/stack/probe.h"
#include "tests/support/certificates.h"
#include "tests/support/servers.h"
#include "tests/support/testsupport.h"

#include <QCoroTask>

using namespace Promdeck;
using namespace Promdeck::Testing;
using namespace Qt::StringLiterals;

/// TLS and basic authentication against a real Prometheus.
class TestTls : public QObject
{
    Q_OBJECT

    Certificate m_authority;
    Certificate m_otherAuthority;

    static std::unique_ptr<TestServer> server(const Certificate& certificate, const QByteArray& moreWeb = {},
                                              const QByteArray& clientCa = {})
    {
        QByteArray web = "tls_server_config:\n  cert_file: cert.pem\n  key_file: key.pem\n";
        std::vector<ServerFile> files {{u"cert.pem"_s, certificate.cert}, {u"key.pem"_s, certificate.key}};
        if (!clientCa.isEmpty()) {
            web += "  client_auth_type: RequireAndVerifyClientCert\n  client_ca_file: clients.pem\n";
            files.push_back({u"clients.pem"_s, clientCa});
        }
        return TestServer::prometheus({.webConfig = web + moreWeb, .files = files});
    }

    static Result<HttpResponse> ready(const QUrl& url, const HttpOptions& options)
    {
        HttpClient client(options);
        HttpRequest request;
        request.url = url.resolved(QUrl(u"-/ready"_s));
        return QCoro::waitFor(client.send(request));
    }

private Q_SLOTS:
    void initTestCase()
    {
        m_authority = makeCertificateAuthority();
        m_otherAuthority = makeCertificateAuthority(u"Other CA"_s);
    }

    void namesTheCertificatesProblem_data()
    {
        QTest::addColumn<QString>("kind");
        QTest::addColumn<QString>("detail"); // null = it works
        QTest::newRow("trusted") << u"good"_s << QString();
        QTest::newRow("expired") << u"expired"_s << u"expired:"_s;
        QTest::newRow("host name") << u"name"_s << u"host name mismatch: the certificate is for elsewhere.example"_s;
        QTest::newRow("self-signed") << u"self"_s << u"self-signed:"_s;
        QTest::newRow("unknown issuer") << u"issuer"_s << u"unknown issuer: \"Other CA\""_s;
    }

    void namesTheCertificatesProblem()
    {
        QFETCH(QString, kind);
        QFETCH(QString, detail);
        const Certificate certificate = kind == u"self" ? makeCertificate(nullptr)
            : kind == u"issuer"                         ? makeCertificate(&m_otherAuthority)
            : kind == u"expired" ? makeCertificate(&m_authority, u"IP:127.0.0.1"_s, -1)
            : kind == u"name"    ? makeCertificate(&m_authority, u"DNS:elsewhere.example"_s)
                                 : makeCertificate(&m_authority);
        const auto prometheus = server(certificate);
        QVERIFY(prometheus);
        HttpOptions options;
        options.caPem = m_authority.cert;
        const auto answer = ready(prometheus->url(), options);
        if (detail.isNull()) {
            QVERIFY_RESULT(answer);
            QCOMPARE(answer->status, 200);
        } else {
            QVERIFY(!answer.ok());
            QCOMPARE(answer.error().code, ErrorCode::TlsFailure);
            QVERIFY2(answer.error().detail.contains(detail), qPrintable(answer.error().detail));
            QVERIFY(!answer.error().hint.isEmpty());
        }
        options.verifyTls = false;
        QVERIFY_RESULT(ready(prometheus->url(), options));
    }

    void wrongSchemes()
    {
        const auto withTls = server(makeCertificate(&m_authority));
        const auto plain = TestServer::prometheus();
        QVERIFY(withTls && plain);
        QUrl url = plain->url();
        url.setScheme(u"https"_s);
        const auto noTls = ready(url, {});
        QCOMPARE(noTls.error().code, ErrorCode::TlsFailure);
        QVERIFY2(noTls.error().hint.contains(u"http://"), qPrintable(noTls.error().toString()));
        url = withTls->url();
        url.setScheme(u"http"_s);
        const ProbeReport report = QCoro::waitFor(probe(url, {}));
        QVERIFY(report.error.has_value());
        QCOMPARE(report.error->code, ErrorCode::TlsFailure);
        QCOMPARE(report.suggestedUrl, withTls->url());
    }

    void clientCertificates()
    {
        const auto prometheus = server(makeCertificate(&m_authority), {}, m_authority.cert);
        QVERIFY(prometheus);
        HttpOptions options;
        options.caPem = m_authority.cert;
        const auto none = ready(prometheus->url(), options);
        QCOMPARE(none.error().code, ErrorCode::TlsFailure);
        QVERIFY2(none.error().summary.contains(u"wants a client certificate"), qPrintable(none.error().toString()));
        const Certificate wrong = makeCertificate(&m_otherAuthority);
        options.clientCertPem = wrong.cert;
        options.clientKeyPem = wrong.key;
        const auto refused = ready(prometheus->url(), options);
        QVERIFY2(refused.error().summary.contains(u"refused the client certificate"), qPrintable(refused.error().toString()));
        const Certificate right = makeCertificate(&m_authority);
        options.clientCertPem = right.cert;
        options.clientKeyPem = right.key;
        const auto answer = ready(prometheus->url(), options);
        QVERIFY_RESULT(answer);
        QCOMPARE(answer->status, 200);
        options.clientKeyPem = "garbage";
        QCOMPARE(ready(prometheus->url(), options).error().code, ErrorCode::TlsFailure);
    }

    void basicAuthentication()
    {
        // bcrypt of "correct horse" with the lowest cost.
        const QByteArray users = "basic_auth_users:\n  me: $2b$04$Y/Eb/6WWSRng5dvlba3ZY.sZidPEPRb5QQzyiJdfxqOvoGb8FjWU.\n";
        const auto prometheus = server(makeCertificate(&m_authority), users);
        QVERIFY(prometheus);
        HttpOptions options;
        options.caPem = m_authority.cert;
        const ProbeReport without = QCoro::waitFor(probe(prometheus->url(), options));
        QVERIFY(without.error.has_value());
        QCOMPARE(without.error->code, ErrorCode::Unauthorized);
        QVERIFY2(without.error->hint.contains(u"user and password"), qPrintable(without.error->toString()));
        options.headers = {{"Authorization", "Basic " + QByteArray("me:correct horse").toBase64()}};
        const ProbeReport with = QCoro::waitFor(probe(prometheus->url(), options));
        QVERIFY2(with.usable(), with.error ? qPrintable(with.error->toString()) : "");
        QCOMPARE(with.product, Product::Prometheus);
    }
};

PROMDECK_TEST_MAIN(TestTls)
#include "tst_tls.moc"
