#include "models/alertmanager/alertmanagerclient.h"
#include "tests/support/fakehttp.h"
#include "tests/support/servers.h"
#include "tests/support/testsupport.h"

#include <QCoroTask>
#include <QDateTime>

using namespace Promdeck;
using namespace Promdeck::Testing;
using namespace Qt::StringLiterals;

class TestAlertmanagerClient : public QObject
{
    Q_OBJECT

    std::unique_ptr<TestServer> m_server;

private Q_SLOTS:
    void initTestCase()
    {
        m_server = TestServer::alertmanager("route:\n  receiver: team\n  group_by: [job]\n  group_wait: 0s\n"
                                            "receivers:\n  - name: team\n  - name: other\n");
        QVERIFY(m_server);
        HttpClient poster({});
        HttpRequest request;
        request.url = m_server->url().resolved(QUrl(u"api/v2/alerts"_s));
        request.method = HttpRequest::Method::Post;
        request.contentType = "application/json";
        request.body = "[{\"labels\":{\"alertname\":\"Disk\",\"job\":\"a+b\"},\"annotations\":{\"summary\":\"full\"}},"
                       "{\"labels\":{\"alertname\":\"Cpu\",\"job\":\"c\"}}]";
        const auto posted = QCoro::waitFor(poster.send(request));
        QVERIFY_RESULT(posted);
        QCOMPARE(posted->status, 200);
    }

    void listsAlertsAndGroups()
    {
        AlertmanagerClient client(m_server->url(), {});
        QTRY_COMPARE_WITH_TIMEOUT(QCoro::waitFor(client.groups()).valueOr({}).size(), size_t(2), 10000);
        AlertFilter filter;
        filter.matchers = {u"job=\"a+b\""_s};
        const auto alerts = QCoro::waitFor(client.alerts(filter));
        QVERIFY_RESULT(alerts);
        QCOMPARE(alerts->size(), size_t(1));
        const ActiveAlert& alert = alerts->front();
        QCOMPARE(alert.labels.value(u"alertname"_s), u"Disk"_s);
        QCOMPARE(alert.annotations.value(u"summary"_s), u"full"_s);
        QCOMPARE(alert.receivers, QStringList {u"team"_s});
        QVERIFY(std::abs(alert.startsAtMs - QDateTime::currentMSecsSinceEpoch()) < 120000);
        filter.matchers = {u"job=~\"(\""_s};
        QCOMPARE(QCoro::waitFor(client.alerts(filter)).ok(), false);
    }

    void silencesWhenAllowed()
    {
        AlertmanagerClient client(m_server->url(), {}, false);
        Silence silence;
        silence.matchers = {{u"alertname"_s, u"Cpu"_s, false, true}};
        silence.startsAtMs = QDateTime::currentMSecsSinceEpoch();
        silence.endsAtMs = silence.startsAtMs + 3600000;
        silence.createdBy = u"tester"_s;
        silence.comment = u"quiet"_s;
        const auto id = QCoro::waitFor(client.putSilence(silence));
        QVERIFY_RESULT(id);
        const auto listed = QCoro::waitFor(client.silences());
        QVERIFY_RESULT(listed);
        QCOMPARE(listed->size(), size_t(1));
        QCOMPARE(listed->front().id, *id);
        QVERIFY(listed->front().matchers == silence.matchers);
        QCOMPARE(listed->front().endsAtMs, silence.endsAtMs);
        const auto expired = QCoro::waitFor(client.expireSilence(*id));
        QVERIFY_RESULT(expired);
        QCOMPARE(QCoro::waitFor(client.silences())->front().state, Silence::State::Expired);
        silence.matchers.clear();
        const auto refused = QCoro::waitFor(client.putSilence(silence));
        QCOMPARE(refused.error().code, ErrorCode::InvalidArgument);
        QVERIFY(!refused.error().detail.isEmpty());
    }

    void readOnlySendsNothing()
    {
        FakeHttpServer fake([](const FakeHttpServer::Request&) { return FakeHttpServer::answer("{}"); });
        AlertmanagerClient client(fake.url(), {});
        QVERIFY(client.isReadOnly());
        QCOMPARE(QCoro::waitFor(client.putSilence({})).error().code, ErrorCode::Forbidden);
        QCOMPARE(QCoro::waitFor(client.expireSilence(u"x"_s)).error().code, ErrorCode::Forbidden);
        QCOMPARE(fake.requests().size(), 0);
        QCOMPARE(QCoro::waitFor(client.alerts()).error().code, ErrorCode::Decode);
        QCOMPARE(QCoro::waitFor(client.status()).error().code, ErrorCode::WrongProduct);
    }

    void tellsStatusAndReceivers()
    {
        AlertmanagerClient client(m_server->url(), {});
        const auto status = QCoro::waitFor(client.status());
        QVERIFY_RESULT(status);
        QCOMPARE(status->version, u"0.25.0"_s);
        QVERIFY(status->config.contains(u"receiver: team"));
        QVERIFY(status->startedAtMs > 0);
        QCOMPARE(QCoro::waitFor(client.receivers()).valueOr({}).size(), 2);
    }

    void destroyedMeanwhile()
    {
        TarPit silent;
        auto client = std::make_unique<AlertmanagerClient>(silent.url(), HttpOptions {});
        std::optional<ErrorCode> code;
        client->alerts().then([&](const Result<std::vector<ActiveAlert>>& answer) { code = answer.error().code; });
        client.reset();
        QTRY_COMPARE(code, std::optional(ErrorCode::Cancelled));
    }
};

PROMDECK_TEST_MAIN(TestAlertmanagerClient)
#include "tst_alertmanagerclient.moc"
