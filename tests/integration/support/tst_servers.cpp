#include "tests/support/servers.h"
#include "tests/support/testsupport.h"

#include <QNetworkAccessManager>
#include <QNetworkReply>
#include <QUrlQuery>

#include <signal.h>

using namespace Promdeck;
using namespace Promdeck::Testing;
using namespace Qt::StringLiterals;

/// The fixture itself: every server starts, answers and is gone afterwards.
class TestServers : public QObject
{
    Q_OBJECT

    QNetworkAccessManager m_network;

    QByteArray get(const QUrl& url)
    {
        const std::unique_ptr<QNetworkReply> reply(m_network.get(QNetworkRequest(url)));
        if (!QTest::qWaitFor([&] { return reply->isFinished(); }, 10000))
            return {};
        return reply->readAll();
    }

private Q_SLOTS:
    void startsAndStopsThem()
    {
        qint64 pid = 0;
        {
            const auto exporter = TestServer::nodeExporter();
            QVERIFY(exporter);
            const auto prometheus = TestServer::prometheus(
                {.config = "global:\n  scrape_interval: 1s\nscrape_configs:\n- job_name: node\n  static_configs:\n"
                           "  - targets: ['" + exporter->hostPort().toUtf8() + "']\n",
                 .routePrefix = u"/prom"_s});
            QVERIFY(prometheus);
            pid = prometheus->pid();
            QVERIFY(prometheus->url().path() == u"/prom/");
            QVERIFY(get(prometheus->url().resolved(QUrl(u"-/ready"_s))).contains("Ready"));
            const QUrl query = prometheus->url().resolved(QUrl(u"api/v1/query?query=up"_s));
            QTRY_VERIFY_WITH_TIMEOUT(get(query).contains("\"1\"]"), 15000);
            const auto alertmanager = TestServer::alertmanager();
            QVERIFY(alertmanager);
            QVERIFY(get(alertmanager->url().resolved(QUrl(u"api/v2/status"_s))).contains("versionInfo"));
            const auto blackbox = TestServer::blackboxExporter();
            QVERIFY(blackbox);
            const QString target = u"probe?module=tcp_connect&target="_s + exporter->hostPort();
            QVERIFY(get(blackbox->url().resolved(QUrl(target))).contains("probe_success 1"));
        }
        QCOMPARE(::kill(pid_t(pid), 0), -1);
    }

    void loadsKnownSamples()
    {
        const auto server = TestServer::prometheus({.samples = "# TYPE known gauge\n"
                                                               "known{a=\"x\"} 1.5 1600000000\n"
                                                               "known{a=\"x\"} 2.5 1600000060\n"});
        QVERIFY(server);
        QUrl url = server->url().resolved(QUrl(u"api/v1/query"_s));
        url.setQuery(u"query=known&time=1600000061"_s);
        const auto answer = Json::parse(get(url));
        QVERIFY_RESULT(answer);
        QCOMPARE((*answer)[u"data"][u"result"].at(0)[u"value"].at(1).toString(), u"2.5"_s);
    }
};

PROMDECK_TEST_MAIN(TestServers)
#include "tst_servers.moc"
