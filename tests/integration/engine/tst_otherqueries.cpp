#include "models/query/dashboardsession.h"
#include "models/panel/alertlistmodel.h"
#include "models/panel/logsmodel.h"
#include "tests/support/fakehttp.h"
#include "tests/support/servers.h"
#include "tests/support/testsupport.h"

#include <QSignalSpy>
#include <QTcpSocket>
#include <QUrlQuery>

using namespace Promdeck;
using namespace Promdeck::Testing;
using namespace Qt::StringLiterals;

namespace {

const char kRules[] = "groups:\n"
                      "  - name: web\n"
                      "    interval: 1s\n"
                      "    rules:\n"
                      "      - alert: DiskFull\n"
                      "        expr: label_replace(vector(1), \"job\", \"api\", \"\", \"\")\n"
                      "        annotations: {summary: the disk is full}\n"
                      "      - alert: Slow\n"
                      "        expr: label_replace(vector(1), \"job\", \"db\", \"\", \"\")\n"
                      "        for: 1h\n"
                      "      - alert: Quiet\n"
                      "        expr: vector(1) > 2\n";

const char kDashboard[] = R"json({
 "title": "Lists", "schemaVersion": 39, "timezone": "utc", "time": {"from": "now-1h", "to": "now"},
 "templating": {"list": [{"name": "job", "type": "custom", "query": "api,db", "multi": true, "current": {"value": ["api"]}}]},
 "panels": [
  {"id": 1, "type": "alertlist", "gridPos": {"x": 0, "y": 0, "w": 6, "h": 8}, "targets": [{"refId": "A", "expr": "left_over"}],
   "options": {"alertInstanceLabelFilter": "{job=~\u0022$job\u0022}", "stateFilter": {"firing": true, "pending": true}}},
  {"id": 2, "type": "alertlist", "gridPos": {"x": 6, "y": 0, "w": 6, "h": 8},
   "options": {"alertName": "qui", "stateFilter": {"normal": true, "firing": true}}},
  {"id": 3, "type": "logs", "datasource": {"type": "loki", "uid": "l"}, "gridPos": {"x": 12, "y": 0, "w": 6, "h": 8},
   "targets": [{"refId": "A", "expr": "{job=~\u0022$job\u0022} |= \u0022x\u0022", "maxLines": 50}]},
  {"id": 4, "type": "timeseries", "datasource": {"type": "loki", "uid": "l"}, "gridPos": {"x": 18, "y": 0, "w": 6, "h": 8},
   "targets": [{"refId": "A", "expr": "sum(rate({job=\u0022api\u0022}[$__auto]))", "legendFormat": "lines"}]}
 ]})json";

/// A fake Loki: no package of it exists. Answers query_range as its documentation says.
FakeHttpServer::Reply fakeLoki(const FakeHttpServer::Request& request)
{
    const QUrl url = QUrl::fromEncoded(request.path);
    const QString query = QUrlQuery(url).queryItemValue(u"query"_s, QUrl::FullyDecoded);
    if (url.path() != u"/loki/api/v1/query_range")
        return FakeHttpServer::answer("404 page not found", 404, "text/plain");
    if (query.startsWith(u'{')) {
        return FakeHttpServer::answer(
            "{\"status\":\"success\",\"data\":{\"resultType\":\"streams\",\"result\":["
            "{\"stream\":{\"job\":\"api\",\"level\":\"error\"},\"values\":[[\"1700000002000000001\",\"second\"],[\"1700000001000000000\",\"first\"]]},"
            "{\"stream\":{\"job\":\"api\",\"level\":\"info\"},\"values\":[[\"1700000003000000000\",\"third\"]]}],\"stats\":{}}}");
    }
    return FakeHttpServer::answer("{\"status\":\"success\",\"data\":{\"resultType\":\"matrix\",\"result\":["
                                  "{\"metric\":{},\"values\":[[1700000000,\"1.5\"],[1700000015,\"2\"]]}],\"stats\":{}}}");
}

} // namespace

class TestOtherQueries : public QObject
{
    Q_OBJECT

    std::unique_ptr<TestServer> m_prometheus;

    [[nodiscard]] static PanelDataPtr dataOf(const DashboardSession& session, int id)
    {
        for (const PlacedPanel& panel : session.panels()) {
            if (panel.panel.id == id)
                return session.panelData(panel.key);
        }
        return nullptr;
    }
    [[nodiscard]] static PanelSpec specOf(const DashboardSession& session, int id)
    {
        for (const PlacedPanel& panel : session.panels()) {
            if (panel.panel.id == id)
                return panel.panel;
        }
        return {};
    }
    [[nodiscard]] std::unique_ptr<DashboardSession> open(const QUrl& loki)
    {
        StackProfile profile;
        profile.prometheus = m_prometheus->url();
        profile.loki = loki;
        auto session = std::make_unique<DashboardSession>(readDashboard(kDashboard).valueOr({}),
                                                          std::make_shared<StackConnection>(profile, HttpOptions {}));
        session->setRefreshInterval(0);
        session->setAllVisible(1600);
        QSignalSpy idle(session.get(), &DashboardSession::idle);
        session->start();
        if (!idle.wait(20000))
            qWarning("the session never came to rest");
        return session;
    }

private Q_SLOTS:
    void initTestCase()
    {
        m_prometheus = TestServer::prometheus({.config = "global: {evaluation_interval: 1s}\nrule_files: [rules.yml]\n",
                                               .files = {{u"rules.yml"_s, kRules}}});
        QVERIFY(m_prometheus);
    }

    void alertsComeFromTheRules()
    {
        FakeHttpServer loki(&fakeLoki);
        const auto session = open(loki.url());
        const auto firing = [&] { return alertListModel(specOf(*session, 1), *dataOf(*session, 1)); };
        // The server evaluates in its own time.
        QTRY_VERIFY_WITH_TIMEOUT((session->refresh(), QTest::qWait(300), !firing().groups.empty()), 20000);
        const AlertListModel model = firing();
        QCOMPARE(model.groups.size(), size_t(1));
        QCOMPARE(model.groups[0].title, u"DiskFull"_s);
        QCOMPARE(model.groups[0].state, u"firing"_s);
        QCOMPARE(model.groups[0].alerts[0].summary(), u"the disk is full"_s);
        QVERIFY(model.groups[0].sinceMs > 1'600'000'000'000);
        QCOMPARE(dataOf(*session, 1)->queries[0].expr, u"ALERTS{job=~\"api\"}"_s);
        session->setVariable(u"job"_s, {u"api"_s, u"db"_s});
        QTRY_COMPARE_WITH_TIMEOUT(firing().groups.size(), size_t(2), 20000);
        QCOMPARE(firing().groups[1].state, u"pending"_s);
        const AlertListModel quiet = alertListModel(specOf(*session, 2), *dataOf(*session, 2));
        QCOMPARE(quiet.groups.size(), size_t(1));
        QCOMPARE(quiet.groups[0].title, u"Quiet"_s);
        QCOMPARE(quiet.groups[0].state, u"normal"_s);
    }

    void logsComeFromLoki()
    {
        FakeHttpServer loki(&fakeLoki);
        const auto session = open(loki.url());
        const PanelDataPtr data = dataOf(*session, 3);
        QVERIFY2(!data->error, data->error ? qPrintable(data->error->toString()) : "");
        const LogsModel model = logsModel(specOf(*session, 3), *data);
        QCOMPARE(model.rows.size(), size_t(3));
        QCOMPARE(model.rows[0].line, u"third"_s);
        QCOMPARE(model.rows[1].level, LogLevel::Error);
        QCOMPARE(model.rows[2].timeMs, qint64(1700000001000));
        const auto asked = std::find_if(loki.requests().begin(), loki.requests().end(), [](const FakeHttpServer::Request& request) {
            return request.path.contains("maxLines") || request.path.contains("limit=50");
        });
        QVERIFY(asked != loki.requests().end());
        QVERIFY(asked->path.contains("direction=backward"));
        QCOMPARE(QUrlQuery(QUrl::fromEncoded(asked->path)).queryItemValue(u"query"_s, QUrl::FullyDecoded), u"{job=~\"api\"} |= \"x\""_s);
    }

    void countsComeFromLoki()
    {
        FakeHttpServer loki(&fakeLoki);
        const auto session = open(loki.url());
        const PanelDataPtr data = dataOf(*session, 4);
        QVERIFY(!data->error);
        QCOMPARE(data->frames.size(), size_t(1));
        QCOMPARE(data->frames[0].fields[1].values.numbers(), (Column::Numbers {1.5, 2}));
        QVERIFY2(!data->queries[0].expr.contains(u'$'), qPrintable(data->queries[0].expr));
    }

    void saysThatThereIsNoLoki()
    {
        const auto session = open(QUrl());
        QVERIFY(dataOf(*session, 3)->error);
        QCOMPARE(dataOf(*session, 3)->error->code, ErrorCode::Unsupported);
        QVERIFY(!dataOf(*session, 1)->error);
    }

    void wrongFilterIsAnError()
    {
        const Json rules = Json::object({{u"groups"_s, Json::array()}});
        Dashboard dashboard = readDashboard(kDashboard).valueOr({});
        dashboard.panels[0].options.set(u"alertInstanceLabelFilter"_s, Json(u"{job="_s));
        StackProfile profile;
        profile.prometheus = m_prometheus->url();
        DashboardSession session(dashboard, std::make_shared<StackConnection>(profile, HttpOptions {}));
        session.setAllVisible(1600);
        QSignalSpy idle(&session, &DashboardSession::idle);
        session.start();
        QVERIFY(idle.wait(20000));
        QCOMPARE(dataOf(session, 1)->error->code, ErrorCode::Syntax);
    }

    void closingEndsTheRequests()
    {
        TarPit silent;
        auto session = std::make_unique<DashboardSession>(readDashboard(kDashboard).valueOr({}), [&] {
            StackProfile profile;
            profile.prometheus = silent.url();
            profile.loki = silent.url();
            return std::make_shared<StackConnection>(profile, HttpOptions {});
        }());
        session->setAllVisible(1600);
        session->start();
        const auto open = [&silent] {
            const auto sockets = silent.findChildren<QTcpSocket*>();
            return std::count_if(sockets.begin(), sockets.end(),
                                 [](const QTcpSocket* socket) { return socket->state() == QAbstractSocket::ConnectedState; });
        };
        QTRY_COMPARE(open(), 4);
        session.reset();
        // Not when they time out: nobody waits for the answers any more.
        QTRY_COMPARE(open(), 0);
    }
};

PROMDECK_TEST_MAIN(TestOtherQueries)
#include "tst_otherqueries.moc"
