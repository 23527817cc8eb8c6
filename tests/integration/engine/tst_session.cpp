#include "models/query/dashboardsession.h"
#include "models/query/panelprocessor.h"
#include "tests/support/servers.h"
#include "tests/support/testsupport.h"

#include <QHttpServer>
#include <QSignalSpy>

#include <cmath>

using namespace Promdeck;
using namespace Promdeck::Testing;
using namespace Qt::StringLiterals;

namespace {

constexpr qint64 kStart = 1'700'000'000'000 / 15'000 * 15'000;
constexpr int kCount = 480;
constexpr qint64 kNow = kStart + 400 * 15'000;

/// demo_total{i}: grows by (i + 1) per second; i="3" stops half an hour before kNow and comes back later.
QByteArray samples()
{
    QByteArray text = "# TYPE demo counter\n";
    for (int i = 0; i < 4; ++i) {
        for (int s = 0; s < kCount; ++s) {
            if (i == 3 && s > 280 && s < 404)
                continue;
            text += "demo_total{i=\"" + QByteArray::number(i) + "\"} " + QByteArray::number((i + 1) * 15 * s) + ' '
                + QByteArray::number(kStart / 1000 + s * 15) + '\n';
        }
    }
    return text + "# EOF\n";
}

const char kDashboard[] = R"json({
 "title": "Engine", "schemaVersion": 39, "timezone": "utc", "time": {"from": "now-1h", "to": "now"},
 "templating": {"list": [
   {"name": "i", "type": "query", "query": "label_values(demo_total, i)", "multi": true, "includeAll": true,
    "current": {"value": "$__all"}, "refresh": 1, "datasource": {"type": "prometheus", "uid": "x"}}]},
 "panels": [
  {"id": 1, "type": "timeseries", "title": "rate", "gridPos": {"x": 0, "y": 0, "w": 12, "h": 8},
   "targets": [{"refId": "A", "expr": "rate(demo_total{i=~\u0022$i\u0022}[$__rate_interval])", "legendFormat": "{{ i }}"},
               {"refId": "B", "expr": "nothing_at_all", "hide": true}]},
  {"id": 2, "type": "stat", "title": "now", "gridPos": {"x": 12, "y": 0, "w": 6, "h": 8},
   "targets": [{"refId": "A", "expr": "sum(demo_total)", "instant": true, "range": false}]},
  {"id": 3, "type": "table", "title": "table", "gridPos": {"x": 18, "y": 0, "w": 6, "h": 8},
   "targets": [{"refId": "A", "expr": "demo_total", "instant": true, "range": false, "format": "table"},
               {"refId": "B", "expr": "demo_total * 2", "instant": true, "range": false, "format": "table"}]},
  {"id": 4, "type": "logs", "title": "loki", "datasource": {"type": "loki", "uid": "l"}, "gridPos": {"x": 0, "y": 8, "w": 6, "h": 8},
   "targets": [{"refId": "A", "expr": "{job=\u0022x\u0022}", "datasource": {"type": "loki", "uid": "l"}}]},
  {"id": 5, "type": "timeseries", "title": "broken", "gridPos": {"x": 6, "y": 8, "w": 6, "h": 8},
   "targets": [{"refId": "A", "expr": "sum(demo_total"}, {"refId": "B", "expr": "demo_total"}]},
  {"id": 6, "type": "stat", "title": "again", "datasource": {"type": "datasource", "uid": "-- Dashboard --"},
   "gridPos": {"x": 12, "y": 8, "w": 6, "h": 8}, "targets": [{"refId": "A", "panelId": 2}]},
  {"id": 7, "type": "row", "title": "closed", "collapsed": true, "gridPos": {"x": 0, "y": 16, "w": 24, "h": 1},
   "panels": [{"id": 8, "type": "stat", "title": "inside", "gridPos": {"x": 0, "y": 17, "w": 6, "h": 4},
               "targets": [{"refId": "A", "expr": "count(demo_total)", "instant": true, "range": false}]}]}
 ]})json";

Dashboard dashboard()
{
    const Result<Dashboard> read = readDashboard(kDashboard);
    if (!read)
        QTest::qFail(qPrintable(read.error().toString()), __FILE__, __LINE__);
    return read.valueOr({});
}

PanelDataPtr dataOf(const DashboardSession& session, int id)
{
    for (const PlacedPanel& panel : session.panels()) {
        if (panel.panel.id == id)
            return session.panelData(panel.key);
    }
    return nullptr;
}

bool waitIdle(DashboardSession& session)
{
    QSignalSpy idle(&session, &DashboardSession::idle);
    return !session.isBusy() || idle.wait(20000);
}

QString describe(const PanelData& data)
{
    QString text;
    for (const Frame& frame : data.frames) {
        for (const Field& field : frame.fields) {
            text += field.state.displayName + u':';
            for (const qint64 time : field.values.times())
                text += u' ' + QString::number(time);
            for (const double value : field.values.numbers())
                text += u' ' + QString::number(value, 'g', 17);
            text += u'\n';
        }
    }
    return text;
}

} // namespace

class TestSession : public QObject
{
    Q_OBJECT
private Q_SLOTS:
    void initTestCase()
    {
        m_server = TestServer::prometheus({.samples = samples()});
        QVERIFY(m_server);
    }

    // Nothing to ask is an answer as well: who waits for it must hear of it.
    void emptyDashboardComesToRest()
    {
        DashboardSession session(readDashboard("{\"title\": \"Empty\", \"panels\": []}").valueOr({}),
                                 StackConnection::forUrl(m_server->url()));
        session.setAllVisible(1200);
        QSignalSpy idle(&session, &DashboardSession::idle);
        session.start();
        QVERIFY(idle.wait(5000));
        QVERIFY(!session.isBusy());
    }

    void everyPanelGetsItsData()
    {
        const FakeClock clock(kNow);
        DashboardSession session(dashboard(), StackConnection::forUrl(m_server->url()), nullptr, clock);
        session.setAllVisible(1200);
        session.start();
        QVERIFY(session.isBusy());
        QVERIFY(waitIdle(session));

        QCOMPARE(session.variables().size(), 1u);
        QCOMPARE(session.variables()[0].options.size(), 4u);
        const PanelDataPtr rate = dataOf(session, 1);
        QVERIFY(rate);
        QVERIFY2(!rate->error, rate->error ? qPrintable(rate->error->toString()) : "");
        QCOMPARE(rate->state, PanelData::State::Done);
        QCOMPARE(rate->queries.size(), 1u);
        QCOMPARE(rate->queries[0].expr, u"rate(demo_total{i=~\"(0|1|2|3)\"}[1m0s])"_s);
        QCOMPARE(rate->queries[0].stepMs, 15000);
        QCOMPARE(rate->queries[0].startMs, kNow - 3'600'000);
        QCOMPARE(rate->queries[0].apiPath, u"api/v1/query_range"_s);
        QCOMPARE(rate->queries[0].series, 4);
        QVERIFY(rate->queries[0].samples > 3 * 200);
        QVERIFY(rate->processSeconds > 0);
        QVERIFY(rate->source.empty()); // nothing transforms it
        QCOMPARE(rate->frames.size(), 4u);
        for (std::size_t i = 0; i < 3; ++i) {
            QCOMPARE(rate->frames[i].fields[1].state.displayName, QString::number(i));
            for (const double value : rate->frames[i].fields[1].values.numbers())
                QVERIFY(std::abs(value - double(i + 1)) < 1e-9);
        }
        QCOMPARE(dataOf(session, 2)->frames.at(0).fields[1].values.numbers(), (Column::Numbers {15.0 * 400 * (1 + 2 + 3)}));
        const PanelDataPtr table = dataOf(session, 3);
        QCOMPARE(table->frames.size(), 2u);
        QCOMPARE(table->frames[1].fields.back().name, u"Value #B"_s);
        QCOMPARE(dataOf(session, 4)->state, PanelData::State::Failed);
        QCOMPARE(dataOf(session, 4)->error->code, ErrorCode::Unsupported);
        const PanelDataPtr broken = dataOf(session, 5);
        QCOMPARE(broken->error->code, ErrorCode::Query);
        QVERIFY(broken->isPartial());
        QCOMPARE(broken->queries.size(), 2u);
        QVERIFY(broken->queries[0].error && broken->queries[0].error->code == ErrorCode::Query);
        QVERIFY(!broken->queries[1].error);
        QCOMPARE(dataOf(session, 6)->frames.at(0).fields[1].values.numbers(), dataOf(session, 2)->frames.at(0).fields[1].values.numbers());
        QVERIFY(!dataOf(session, 8)); // folded away: not there, not asked
    }

    void keepsTheFramesBeforeTheTransformations()
    {
        const FakeClock clock(kNow);
        Dashboard board = dashboard();
        Json document = board.migrated;
        Json panels = document[u"panels"];
        Json panel = panels.at(0);
        panel.set(u"transformations"_s, *Json::parse("[{\"id\":\"limit\",\"options\":{\"limitField\":3}},{\"id\":\"merge\",\"options\":{}}]"));
        panels.setAt(0, panel);
        document.set(u"panels"_s, panels);
        DashboardSession session(withMigrated(board, document), StackConnection::forUrl(m_server->url()), nullptr, clock);
        session.setAllVisible(1200);
        session.start();
        QVERIFY(waitIdle(session));
        const PanelDataPtr data = dataOf(session, 1);
        QCOMPARE(data->frames.size(), 1u);
        QCOMPARE(data->source.size(), 4u);
        QVERIFY(data->source[0].length() > 200);
        QVERIFY(data->scope);
        QCOMPARE(interpolate(u"$__dashboard"_s, data->scope->panel), u"Engine"_s);
    }

    void refreshFetchesTheTailAndAgrees()
    {
        FakeClock clock(kNow);
        const auto stack = StackConnection::forUrl(m_server->url());
        DashboardSession session(dashboard(), stack, nullptr, clock);
        session.setAllVisible(1200);
        session.start();
        QVERIFY(waitIdle(session));
        for (const qint64 advance : {5'000, 15'000, 61'000, 300'000, 0}) {
            clock.advance(advance);
            session.refresh();
            QVERIFY(waitIdle(session));
            const PanelDataPtr refreshed = dataOf(session, 1);
            QVERIFY(refreshed->queries[0].tailOnly);
            DashboardSession fresh(dashboard(), stack, nullptr, clock);
            fresh.setAllVisible(1200);
            fresh.start();
            QVERIFY(waitIdle(fresh));
            QVERIFY(!dataOf(fresh, 1)->queries[0].tailOnly);
            QCOMPARE(describe(*refreshed), describe(*dataOf(fresh, 1)));
            QCOMPARE(refreshed->range, dataOf(fresh, 1)->range);
        }
    }

    void variablesRowsAndThemes()
    {
        const FakeClock clock(kNow);
        DashboardSession session(dashboard(), StackConnection::forUrl(m_server->url()), nullptr, clock);
        session.setAllVisible(1200);
        session.start();
        QVERIFY(waitIdle(session));
        session.setVariable(u"i"_s, {u"1"_s});
        QVERIFY(waitIdle(session));
        QCOMPARE(dataOf(session, 1)->queries[0].expr, u"rate(demo_total{i=~\"1\"}[1m0s])"_s);
        QCOMPARE(dataOf(session, 1)->frames.size(), 1u);
        QString row;
        for (const PlacedPanel& panel : session.panels()) {
            if (panel.panel.isRow())
                row = panel.key;
        }
        session.toggleRow(row);
        QVERIFY(waitIdle(session));
        QCOMPARE(dataOf(session, 8)->frames.at(0).fields[1].values.numbers(), (Column::Numbers {3}));
        const quint64 generation = dataOf(session, 1)->generation;
        session.setTheme(ThemeKind::Light);
        QVERIFY(waitIdle(session));
        QVERIFY(dataOf(session, 1)->generation > generation);
        QCOMPARE(dataOf(session, 1)->frames.size(), 1u);
    }

    void onlyVisiblePanelsAsk()
    {
        const FakeClock clock(kNow);
        DashboardSession session(dashboard(), StackConnection::forUrl(m_server->url()), nullptr, clock);
        session.start();
        QVERIFY(waitIdle(session));
        QCOMPARE(dataOf(session, 1)->state, PanelData::State::Idle);
        session.setPanelVisible(session.panels().front().key, true, 600);
        QVERIFY(waitIdle(session));
        QCOMPARE(dataOf(session, 1)->state, PanelData::State::Done);
        QCOMPARE(dataOf(session, 2)->state, PanelData::State::Idle);
    }

    /// A fake server that counts: a real one does not tell how often it was asked.
    void equalQueriesRunOnce()
    {
        QHttpServer fake;
        int asked = 0;
        fake.route(u"/api/v1/query"_s, [&asked] {
            ++asked;
            return QHttpServerResponse("application/json",
                                       R"({"status":"success","data":{"resultType":"scalar","result":[1,"5"]}})");
        });
        const quint16 port = fake.listen(QHostAddress::LocalHost);
        Dashboard board;
        for (int id = 1; id <= 20; ++id) {
            PanelSpec panel;
            panel.id = id;
            panel.type = u"stat"_s;
            panel.gridPos = {double(id % 4) * 6, double(id / 4) * 4, 6, 4};
            Target target;
            target.refId = u"A"_s;
            target.expr = id % 2 ? u"up"_s : u"down"_s;
            target.instant = true;
            panel.targets = {target};
            board.panels.push_back(panel);
        }
        const FakeClock clock(kNow);
        DashboardSession session(board, StackConnection::forUrl(QUrl(u"http://127.0.0.1:%1"_s.arg(port))), nullptr, clock);
        session.setAllVisible(1200);
        session.start();
        QVERIFY(waitIdle(session));
        QCOMPARE(asked, 2);
        QCOMPARE(dataOf(session, 20)->frames.size(), 1u);
    }

    void destroyedAtAnyMoment()
    {
        const auto stack = StackConnection::forUrl(m_server->url());
        for (int ms = 0; ms < 60; ms += 3) {
            const FakeClock clock(kNow);
            {
                DashboardSession session(dashboard(), stack, nullptr, clock);
                session.setAllVisible(1200);
                session.start();
                QTest::qWait(ms);
            }
            QTest::qWait(5);
        }
    }

private:
    std::unique_ptr<TestServer> m_server;
};

PROMDECK_TEST_MAIN(TestSession)
#include "tst_session.moc"
