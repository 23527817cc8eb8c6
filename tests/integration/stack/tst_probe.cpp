#include "models/stack/discovery.h"
#include "models/stack/probe.h"
#include "tests/support/fakehttp.h"
#include "tests/support/servers.h"
#include "tests/support/testsupport.h"

#include <QCoroTask>

using namespace Promdeck;
using namespace Promdeck::Testing;
using namespace Qt::StringLiterals;
using namespace std::chrono_literals;

using Request = FakeHttpServer::Request;

/// Probes of real servers; products without a Debian package are fakes that answer as their API does.
class TestProbe : public QObject
{
    Q_OBJECT

    std::unique_ptr<TestServer> m_alertmanager;
    std::unique_ptr<TestServer> m_prometheus;

    static ProbeReport ask(const QUrl& url, std::chrono::milliseconds limit = 5s)
    {
        return QCoro::waitFor(probe(url, {}, limit));
    }

    static FakeHttpServer::Reply api(const QByteArray& data, const QByteArray& headers = {})
    {
        return FakeHttpServer::answer("{\"status\":\"success\",\"data\":" + data + "}", 200, "application/json", headers);
    }

    static FakeHttpServer::Reply notFound()
    {
        return FakeHttpServer::answer("404 page not found", 404, "text/plain");
    }

    static FakeHttpServer::Reply now()
    {
        return api("{\"resultType\":\"scalar\",\"result\":[1,\"1\"]}");
    }

private Q_SLOTS:
    void initTestCase()
    {
        m_alertmanager = TestServer::alertmanager();
        QVERIFY(m_alertmanager);
        m_prometheus = TestServer::prometheus(
            {.config = "global:\n  scrape_interval: 1m30s\n  evaluation_interval: 7s\nalerting:\n  alertmanagers:\n"
                       "  - static_configs:\n    - targets: ['" + m_alertmanager->hostPort().toUtf8() + "']\n",
             .routePrefix = u"/deep/prom"_s,
             .arguments = {u"--web.enable-remote-write-receiver"_s, u"--enable-feature=exemplar-storage"_s}});
        QVERIFY(m_prometheus);
    }

    void tellsAboutARealPrometheus()
    {
        QTRY_VERIFY_WITH_TIMEOUT(!ask(m_prometheus->url()).alertmanagers.empty(), 20000);
        const ProbeReport report = ask(m_prometheus->url());
        QVERIFY2(report.usable(), report.error ? qPrintable(report.error->toString()) : "");
        QCOMPARE(report.product, Product::Prometheus);
        QVERIFY(report.version.startsWith(u"2."));
        QCOMPARE(report.capabilities.adminApi, std::optional(true));
        QCOMPARE(report.capabilities.lifecycle, std::optional(true));
        QCOMPARE(report.capabilities.remoteWriteReceiver, std::optional(true));
        QCOMPARE(report.capabilities.agent, std::optional(false));
        QVERIFY(report.capabilities.features.contains(u"exemplar-storage"));
        QCOMPARE(report.capabilities.retention, u"100y"_s);
        QCOMPARE(report.scrapeIntervalMs, std::optional<qint64>(90000));
        QVERIFY(report.clockOffsetMs.has_value());
        QVERIFY(std::abs(*report.clockOffsetMs) <= report.clockUncertaintyMs + 50);
        QCOMPARE(report.alertmanagers.size(), size_t(1));
        QCOMPARE(report.alertmanagers[0].url.port(), m_alertmanager->port());
        QCOMPARE(report.alertmanagers[0].url.path(), QString());
        QVERIFY(report.notes.isEmpty());
        const Json json = probeToJson(report);
        QCOMPARE(json[u"product"].toString(), u"prometheus"_s);
        QVERIFY(json[u"error"].isNull());
    }

    void findsThePrefix()
    {
        QUrl root = m_prometheus->url();
        root.setPath(QString());
        const ProbeReport report = ask(root);
        QVERIFY(report.error.has_value());
        QCOMPARE(report.error->code, ErrorCode::NotFound);
        QCOMPARE(report.suggestedUrl, m_prometheus->url());
        const auto plain = TestServer::prometheus();
        QVERIFY(plain);
        QUrl tooDeep = plain->url();
        tooDeep.setPath(u"/prometheus"_s);
        QCOMPARE(ask(tooDeep).suggestedUrl, plain->url());
    }

    void knowsWhatIsNoPrometheus()
    {
        const ProbeReport alertmanager = ask(m_alertmanager->url());
        QCOMPARE(alertmanager.product, Product::Alertmanager);
        QCOMPARE(alertmanager.version, u"0.25.0"_s);
        QCOMPARE(alertmanager.error->code, ErrorCode::WrongProduct);
        QVERIFY(!alertmanager.error->hint.isEmpty());
        const auto exporter = TestServer::nodeExporter();
        QVERIFY(exporter);
        const ProbeReport node = ask(exporter->url());
        QCOMPARE(node.product, Product::Exporter);
        QVERIFY2(node.error->summary.contains(u"Node Exporter"), qPrintable(node.error->summary));
    }

    void namesWhatIsWrong()
    {
        QCOMPARE(ask(QUrl(u"http://127.0.0.1:%1"_s.arg(freePort()))).error->code, ErrorCode::ConnectionRefused);
        QCOMPARE(ask(QUrl(u"http://nowhere.invalid:9090"_s)).error->code, ErrorCode::DnsFailure);
        TarPit silent;
        QCOMPARE(ask(silent.url(), 300ms).error->code, ErrorCode::Timeout);
    }

    void statuses_data()
    {
        QTest::addColumn<int>("status");
        QTest::addColumn<QByteArray>("body");
        QTest::addColumn<QByteArray>("headers");
        QTest::addColumn<ErrorCode>("code");
        QTest::addColumn<QString>("words");
        QTest::newRow("401") << 401 << QByteArray("no") << QByteArray() << ErrorCode::Unauthorized << u"token"_s;
        QTest::newRow("tenant") << 401 << QByteArray("no org id") << QByteArray() << ErrorCode::Unauthorized << u"tenant"_s;
        QTest::newRow("403") << 403 << QByteArray("no") << QByteArray() << ErrorCode::Forbidden << u"access"_s;
        QTest::newRow("404") << 404 << QByteArray("no") << QByteArray() << ErrorCode::NotFound << u"prefix"_s;
        QTest::newRow("429") << 429 << QByteArray("no") << QByteArray() << ErrorCode::RateLimited << u"moment"_s;
        QTest::newRow("502") << 502 << QByteArray("<html>bad gateway</html>") << QByteArray() << ErrorCode::HttpStatus << u"gateway"_s;
        QTest::newRow("503") << 503 << QByteArray("Service Unavailable") << QByteArray() << ErrorCode::HttpStatus << u"moment"_s;
        QTest::newRow("html") << 200 << QByteArray("<html><title>Hello</title></html>") << QByteArray() << ErrorCode::WrongProduct << u"Hello"_s;
        QTest::newRow("json") << 200 << QByteArray("{\"a\":1}") << QByteArray() << ErrorCode::WrongProduct << u"something else"_s;
        QTest::newRow("binary") << 200 << QByteArray("\0\1\2", 3) << QByteArray() << ErrorCode::WrongProduct << u"something else"_s;
        QTest::newRow("login") << 302 << QByteArray() << QByteArray("Location: http://127.0.0.1:1/login\r\n") << ErrorCode::ConnectionRefused << u"listens"_s;
    }

    void statuses()
    {
        QFETCH(int, status);
        QFETCH(QByteArray, body);
        QFETCH(QByteArray, headers);
        QFETCH(ErrorCode, code);
        QFETCH(QString, words);
        FakeHttpServer server([&](const Request&) { return FakeHttpServer::answer(body, status, "text/plain", headers); });
        const ProbeReport report = ask(server.url());
        QVERIFY(!report.usable());
        QVERIFY(report.error.has_value());
        QCOMPARE(report.error->code, code);
        QVERIFY2(report.error->toString().contains(words), qPrintable(report.error->toString()));
    }

    void aLoginPageIsNamed()
    {
        FakeHttpServer server([](const Request&) {
            return FakeHttpServer::answer("", 302, "text/plain", "Location: http://sso.example/login?x=secret\r\n");
        });
        HttpOptions options;
        options.headers = {{"Authorization", "Bearer t"}};
        const ProbeReport report = QCoro::waitFor(probe(server.url(), options, 2s));
        QCOMPARE(report.error->code, ErrorCode::WrongProduct);
        QVERIFY(report.error->summary.contains(u"sso.example"));
        QVERIFY(!report.error->toString().contains(u"secret"));
    }

    void fakeThanos()
    {
        FakeHttpServer server([](const Request& request) {
            if (request.path.endsWith("buildinfo"))
                return api("{\"version\":\"0.34.1\",\"revision\":\"x\",\"goVersion\":\"go1.21\"}");
            if (request.path.endsWith("/stores"))
                return api("{\"sidecar\":[]}");
            return request.path.contains("time()") ? now() : notFound();
        });
        const ProbeReport report = ask(server.url());
        QVERIFY(report.usable());
        QCOMPARE(report.product, Product::Thanos);
        QCOMPARE(report.version, u"0.34.1"_s);
        QVERIFY(!report.capabilities.adminApi.has_value());
        QVERIFY(!report.notes.isEmpty());
    }

    void fakeMimir()
    {
        FakeHttpServer server([](const Request& request) {
            if (request.header("X-Scope-OrgID").isEmpty())
                return FakeHttpServer::answer("no org id", 401, "text/plain");
            if (request.path == "/prometheus/api/v1/status/buildinfo")
                return api("{\"application\":\"Grafana Mimir\",\"version\":\"2.11.0\",\"features\":{}}");
            return request.path.contains("time()") ? now() : notFound();
        });
        QVERIFY(ask(server.url(u"/prometheus"_s)).error->hint.contains(u"tenant"));
        HttpOptions options;
        options.headers = {{"X-Scope-OrgID", "t"}};
        const ProbeReport report = QCoro::waitFor(probe(server.url(u"/prometheus"_s), options));
        QVERIFY(report.usable());
        QCOMPARE(report.product, Product::Mimir);
        QCOMPARE(report.version, u"2.11.0"_s);
    }

    void fakeVictoriaMetrics()
    {
        FakeHttpServer server([](const Request& request) {
            const QByteArray mark = "X-Server-Hostname: vm-1\r\n";
            if (request.path.endsWith("buildinfo"))
                return api("{\"version\":\"2.24.0\"}", mark);
            if (request.path == "/metrics")
                return FakeHttpServer::answer("vm_app_version{version=\"x\", short_version=\"v1.96.0\"} 1\n", 200, "text/plain");
            return request.path.contains("time()") ? now() : notFound();
        });
        const ProbeReport report = ask(server.url());
        QVERIFY(report.usable());
        QCOMPARE(report.product, Product::VictoriaMetrics);
        QCOMPARE(report.version, u"v1.96.0"_s);
    }

    void fakeGrafanaAndLoki()
    {
        FakeHttpServer grafana([](const Request& request) {
            if (request.path == "/api/health")
                return FakeHttpServer::answer("{\"database\":\"ok\",\"version\":\"10.4.1\"}");
            return request.path == "/" ? FakeHttpServer::answer("<html><title>Grafana</title>", 200, "text/html") : notFound();
        });
        const ProbeReport report = ask(grafana.url());
        QCOMPARE(report.product, Product::Grafana);
        QCOMPARE(report.version, u"10.4.1"_s);
        FakeHttpServer loki([](const Request& request) {
            return request.path == "/loki/api/v1/status/buildinfo" ? FakeHttpServer::answer("{\"version\":\"2.9.4\"}") : notFound();
        });
        QCOMPARE(ask(loki.url()).product, Product::Loki);
    }

    void fakeWithoutBuildInfo()
    {
        FakeHttpServer server([](const Request& request) {
            return request.path.contains("/query") ? now() : notFound();
        });
        const ProbeReport report = ask(server.url());
        QVERIFY(report.usable());
        QCOMPARE(report.product, Product::Compatible);
    }

    void agentModeIsExplained()
    {
        const auto agent = TestServer::prometheus(
            {.config = "global: {}\n", .agent = true});
        QVERIFY(agent);
        const ProbeReport report = ask(agent->url());
        QVERIFY(!report.usable());
        QVERIFY2(report.error->hint.contains(u"agent mode"), qPrintable(report.error->toString()));
    }

    void aFailingOneDelaysNobody()
    {
        TarPit silent;
        QElapsedTimer clock;
        clock.start();
        qint64 goodMs = -1;
        qint64 badMs = -1;
        probe(silent.url(), {}, 3s).then([&](const ProbeReport&) { badMs = clock.elapsed(); });
        probe(m_prometheus->url(), {}, 3s).then([&](const ProbeReport& report) {
            goodMs = report.usable() ? clock.elapsed() : -2;
        });
        QTRY_VERIFY_WITH_TIMEOUT(badMs >= 0, 10000);
        QVERIFY(goodMs >= 0);
        QVERIFY(goodMs < badMs);
    }

    void discoversThisMachine()
    {
        const auto exporter = TestServer::nodeExporter();
        QVERIFY(exporter);
        TarPit silent;
        const std::vector<UsualPlace> places {{quint16(m_alertmanager->port()), {}},
                                              {quint16(exporter->port()), {}},
                                              {freePort(), {}},
                                              {silent.serverPort(), {}},
                                              {quint16(m_prometheus->port()), u"/deep/prom"_s}};
        const auto found = QCoro::waitFor(discoverStacks(places, 1s));
        QCOMPARE(found.size(), size_t(2));
        QCOMPARE(found[0].product, Product::Prometheus);
        QCOMPARE(found[1].product, Product::Alertmanager);
    }

    void suggestsBoards_data()
    {
        QTest::addColumn<QStringList>("jobs");
        QTest::addColumn<QStringList>("metrics");
        QTest::addColumn<QStringList>("boards");
        QTest::newRow("all") << QStringList {u"x"_s}
                             << QStringList {u"up"_s, u"probe_success"_s, u"node_uname_info"_s, u"prometheus_build_info"_s,
                                             u"alertmanager_build_info"_s}
                             << QStringList {u"linux-host"_s, u"prometheus"_s, u"alertmanager"_s, u"blackbox"_s, u"stack-overview"_s};
        QTest::newRow("names that lie") << QStringList {u"node"_s, u"prometheus"_s} << QStringList {u"up"_s, u"http_requests_total"_s}
                                        << QStringList {u"stack-overview"_s};
        QTest::newRow("jobs alone") << QStringList {u"node-exporter"_s, u"kube-prometheus"_s} << QStringList()
                                    << QStringList {u"linux-host"_s, u"prometheus"_s, u"stack-overview"_s};
        QTest::newRow("nothing") << QStringList() << QStringList() << QStringList();
    }

    void suggestsBoards()
    {
        QFETCH(QStringList, jobs);
        QFETCH(QStringList, metrics);
        QFETCH(QStringList, boards);
        QCOMPARE(suggestBoards(jobs, metrics), boards);
    }
};

PROMDECK_TEST_MAIN(TestProbe)
#include "tst_probe.moc"
