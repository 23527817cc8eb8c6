// Annotations and exemplars of a dashboard in use, from a real Prometheus.
#include "models/query/dashboardsession.h"
#include "tests/support/fakehttp.h"
#include "tests/support/servers.h"
#include "tests/support/testsupport.h"

#include <QSignalSpy>

using namespace Promdeck;
using namespace Promdeck::Testing;
using namespace Qt::StringLiterals;

namespace {

constexpr qint64 kStart = 1'700'000'040; // on a whole minute, s
constexpr int kMinutes = 60;

/// One sample a minute; the deployment flag is up from minute 10 to 14 and in minute 40.
QByteArray samples()
{
    QByteArray text = "# TYPE load gauge\n";
    for (int minute = 0; minute < kMinutes; ++minute)
        text += "load{job=\"api\"} " + QByteArray::number(minute) + ' ' + QByteArray::number(kStart + minute * 60) + '\n';
    text += "# TYPE deploying gauge\n";
    for (int minute = 0; minute < kMinutes; ++minute) {
        const bool active = (minute >= 10 && minute < 15) || minute == 40;
        text += QByteArray("deploying{job=\"api\",version=\"7\"} ") + (active ? "1 " : "0 ")
            + QByteArray::number(kStart + minute * 60) + '\n';
    }
    return text + "# EOF\n";
}

const char kDashboard[] = R"json({
 "title": "Marks", "schemaVersion": 41, "timezone": "utc",
 "annotations": {"list": [
  {"name": "deploys", "enable": true, "iconColor": "#ff0000", "expr": "deploying", "titleFormat": "to {{version}}", "tagKeys": "job"},
  {"name": "other", "enable": false, "iconColor": "blue", "expr": "load > 50", "filter": {"ids": [2], "exclude": false}},
  {"name": "broken", "enable": true, "iconColor": "blue", "expr": "sum("}]},
 "panels": [
  {"id": 1, "type": "timeseries", "gridPos": {"x": 0, "y": 0, "w": 12, "h": 8}, "targets": [{"refId": "A", "expr": "load"}]},
  {"id": 2, "type": "timeseries", "gridPos": {"x": 12, "y": 0, "w": 12, "h": 8}, "targets": [{"refId": "A", "expr": "load"}]}
 ]})json";

const char kExemplarBoard[] = R"json({
 "title": "Exemplars", "schemaVersion": 41, "timezone": "utc", "time": {"from": "now-5m", "to": "now"},
 "panels": [
  {"id": 1, "type": "timeseries", "gridPos": {"x": 0, "y": 0, "w": 12, "h": 8},
   "targets": [{"refId": "A", "expr": "rate(took_seconds_bucket[1m])", "exemplar": true}]},
  {"id": 2, "type": "timeseries", "gridPos": {"x": 12, "y": 0, "w": 12, "h": 8},
   "targets": [{"refId": "A", "expr": "rate(took_seconds_bucket[1m])"}]}
 ]})json";

} // namespace

class TestMarks : public QObject
{
    Q_OBJECT

    [[nodiscard]] static PanelDataPtr dataOf(const DashboardSession& session, int id)
    {
        for (const PlacedPanel& panel : session.panels()) {
            if (panel.panel.id == id)
                return session.panelData(panel.key);
        }
        return nullptr;
    }
    [[nodiscard]] static size_t marksOf(const DashboardSession& session, int id)
    {
        const auto& list = dataOf(session, id)->annotations;
        return list ? list->size() : 0;
    }
    [[nodiscard]] static std::unique_ptr<DashboardSession> open(const char* dashboard, const QUrl& url,
                                                                const std::optional<RawTimeRange>& range = {})
    {
        StackProfile profile;
        profile.prometheus = url;
        auto session = std::make_unique<DashboardSession>(readDashboard(dashboard).valueOr({}),
                                                          std::make_shared<StackConnection>(profile, HttpOptions {}));
        session->setRefreshInterval(0);
        session->setAllVisible(1600);
        if (range)
            session->setTimeRange(*range);
        QSignalSpy idle(session.get(), &DashboardSession::idle);
        session->start();
        if (!idle.wait(20000))
            qWarning("the session never came to rest");
        return session;
    }

    std::unique_ptr<TestServer> m_server;

private Q_SLOTS:
    void initTestCase()
    {
        m_server = TestServer::prometheus({.samples = samples()});
        QVERIFY(m_server);
    }

    void annotations()
    {
        const auto session = open(kDashboard, m_server->url(),
                                  RawTimeRange {QString::number(kStart * 1000), QString::number((kStart + kMinutes * 60 - 60) * 1000)});
        const std::vector<Annotation> all = session->annotations();
        QCOMPARE(all.size(), size_t(2));
        QCOMPARE(all[0].fromMs, (kStart + 600) * 1000);
        QCOMPARE(all[0].toMs, (kStart + 840) * 1000);
        QCOMPARE(all[0].title, u"to 7"_s);
        QCOMPARE(all[0].tags, QStringList {u"api"_s});
        QCOMPARE(all[0].color.name(), u"#ff0000"_s);
        QCOMPARE(all[1].fromMs, (kStart + 2400) * 1000);
        QCOMPARE(marksOf(*session, 1), size_t(2));
        QCOMPARE(marksOf(*session, 2), size_t(2));

        // What an annotation asks wrongly is the annotation's problem, no panel's.
        const auto layers = session->annotationLayers();
        QCOMPARE(layers.size(), size_t(3));
        QCOMPARE(layers[0].count, 2);
        QVERIFY(!layers[0].error && layers[2].error);
        QVERIFY(!dataOf(*session, 1)->error);
        QVERIFY(layers[0].enabled && !layers[1].enabled);
    }

    void switches()
    {
        const auto session = open(kDashboard, m_server->url(),
                                  RawTimeRange {QString::number(kStart * 1000), QString::number((kStart + kMinutes * 60 - 60) * 1000)});
        QSignalSpy changed(session.get(), &DashboardSession::annotationsChanged);
        session->setAnnotationEnabled(u"other"_s, true);
        QTRY_COMPARE_WITH_TIMEOUT(session->annotations().size(), size_t(3), 10000);
        QVERIFY(!changed.isEmpty());
        // It is for the second panel alone.
        QCOMPARE(marksOf(*session, 1), size_t(2));
        QCOMPARE(marksOf(*session, 2), size_t(3));
        session->setAnnotationEnabled(u"deploys"_s, false);
        QTRY_COMPARE_WITH_TIMEOUT(session->annotations().size(), size_t(1), 10000);
        QCOMPARE(marksOf(*session, 1), size_t(0));
        session->setAnnotationEnabled(u"other"_s, false);
        session->setAnnotationEnabled(u"deploys"_s, true);
        QTRY_COMPARE_WITH_TIMEOUT(session->annotations().size(), size_t(2), 10000);
    }

    void comparesWithAnEarlierTime()
    {
        // The second half of the hour, with the first beside it.
        const auto session = open(kDashboard, m_server->url(),
                                  RawTimeRange {QString::number((kStart + 1800) * 1000), QString::number((kStart + 3540) * 1000)});
        QCOMPARE(dataOf(*session, 1)->frames.size(), size_t(1));
        session->setComparison(1'800'000);
        QTRY_COMPARE_WITH_TIMEOUT(dataOf(*session, 1)->frames.size(), size_t(2), 10000);
        const Frame& now = dataOf(*session, 1)->frames[0];
        const Frame& before = dataOf(*session, 1)->frames[1];
        const Field& value = *before.firstOf(FieldType::Number);
        QVERIFY2(value.state.displayName.endsWith(u" \u221230m"_s), qPrintable(value.state.displayName));
        QCOMPARE(value.config.custom.path(u"lineStyle.fill").toString(), u"dash"_s);
        // On the same axis, thirty less.
        const auto last = [](const Frame& frame) {
            const auto& times = frame.firstOf(FieldType::Time)->values.times();
            const auto& values = frame.firstOf(FieldType::Number)->values.numbers();
            return std::pair(times.back(), values.back());
        };
        QCOMPARE(last(before).first, last(now).first);
        QCOMPARE(last(before).second, last(now).second - 30);
        QCOMPARE(dataOf(*session, 1)->queries.size(), size_t(1));
        session->setComparison(0);
        QTRY_COMPARE_WITH_TIMEOUT(dataOf(*session, 1)->frames.size(), size_t(1), 10000);
    }

    void exemplars()
    {
        // An exporter of our own: none of Debian's offers exemplars.
        int scrape = 0;
        FakeHttpServer exporter([&scrape](const FakeHttpServer::Request&) {
            ++scrape;
            const QByteArray count = QByteArray::number(scrape);
            return FakeHttpServer::answer("# TYPE took_seconds histogram\n"
                                          "took_seconds_bucket{le=\"1\"} " + count + " # {trace_id=\"t" + count + "\"} 0.5\n"
                                          "took_seconds_bucket{le=\"+Inf\"} " + count + "\n"
                                          "took_seconds_count " + count + "\ntook_seconds_sum " + count + "\n# EOF\n",
                                          200, "application/openmetrics-text; version=1.0.0; charset=utf-8");
        });
        const auto server = TestServer::prometheus(
            {.config = "global: {scrape_interval: 1s}\nscrape_configs:\n  - job_name: x\n    static_configs: [{targets: ['127.0.0.1:"
                 + QByteArray::number(exporter.url().port()) + "']}]\n",
             .arguments = {u"--enable-feature=exemplar-storage"_s}});
        QVERIFY(server);
        QTRY_VERIFY_WITH_TIMEOUT(scrape >= 4, 20000);
        const auto session = open(kExemplarBoard, server->url());
        QTRY_VERIFY_WITH_TIMEOUT((session->refresh(), QTest::qWait(300), !dataOf(*session, 1)->exemplars.empty()), 20000);
        const Exemplar& one = dataOf(*session, 1)->exemplars.front();
        QCOMPARE(one.value, 0.5);
        QVERIFY(one.labels.value(u"trace_id"_s).startsWith(u't'));
        QCOMPARE(one.series.value(u"le"_s), u"1"_s);
        QCOMPARE(one.refId, u"A"_s);
        QVERIFY(dataOf(*session, 2)->exemplars.empty());
        QVERIFY(dataOf(*session, 1)->warnings.isEmpty());
        QCOMPARE(dataOf(*session, 1)->queries.size(), size_t(1));
    }
};

PROMDECK_TEST_MAIN(TestMarks)
#include "tst_marks.moc"
