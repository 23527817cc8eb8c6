#include "models/query/metriccatalogue.h"
#include "tests/support/fakehttp.h"
#include "tests/support/testsupport.h"

#include <QSignalSpy>
#include <QUrlQuery>

using namespace Promdeck;
using namespace Promdeck::Testing;
using namespace Qt::StringLiterals;

namespace {

FakeHttpServer::Reply data(const QByteArray& json)
{
    return FakeHttpServer::answer("{\"status\":\"success\",\"data\":" + json + '}');
}

} // namespace

class TestMetricCatalogue final : public QObject
{
    Q_OBJECT

private Q_SLOTS:
    void knowsTypesAndHelp();
    void findsFuzzily();
    void asksForLabelsOnce();
    void livesWithoutMetadata();
    void saysWhatFailed();
    void diesWhileAsking();

private:
    /// A stack of four metrics; `broken` paths answer with an error.
    static FakeHttpServer::Handler handler(const QByteArrayList& broken = {})
    {
        return [broken](const FakeHttpServer::Request& request) {
            for (const QByteArray& part : broken) {
                if (request.path.contains(part))
                    return FakeHttpServer::answer("no", 404, "text/plain");
            }
            if (request.path.contains("/label/__name__/values"))
                return data("[\"http_requests_total\",\"http_seconds_bucket\",\"http_seconds_count\",\"node_load1\"]");
            if (request.path.contains("/metadata"))
                return data("{\"http_requests\":[{\"type\":\"counter\",\"help\":\"Requests.\",\"unit\":\"\"}],"
                            "\"http_seconds\":[{\"type\":\"histogram\",\"help\":\"Times.\",\"unit\":\"seconds\"}]}");
            if (request.path.contains("/labels"))
                return data("[\"__name__\",\"code\",\"job\"]");
            if (request.path.contains("/label/code/values"))
                return data("[\"200\",\"500\"]");
            return data("[]");
        };
    }
    static bool loaded(MetricCatalogue& catalogue)
    {
        catalogue.load();
        return QTest::qWaitFor([&] { return catalogue.isLoaded() && !catalogue.info(u"http_seconds"_s).type.isEmpty(); }, 10000);
    }
};

void TestMetricCatalogue::knowsTypesAndHelp()
{
    FakeHttpServer server(handler());
    MetricCatalogue catalogue(StackConnection::forUrl(server.url()));
    QVERIFY(loaded(catalogue));
    QCOMPARE(catalogue.metricNames().size(), size_t(4));
    QCOMPARE(catalogue.metricType("http_seconds_bucket"), std::string("histogram")); // a part belongs to the whole
    QCOMPARE(catalogue.metricHelp("http_requests_total"), std::string("Requests.")); // OpenMetrics leaves "_total" out
    QCOMPARE(catalogue.metricType("node_load1"), std::string());
    QVERIFY(catalogue.hasBuckets(u"http_seconds"_s));
    QVERIFY(!catalogue.hasBuckets(u"node_load1"_s));
    QCOMPARE(catalogue.info(u"http_seconds_count"_s).name, u"http_seconds_count"_s);
}

void TestMetricCatalogue::findsFuzzily()
{
    FakeHttpServer server(handler());
    MetricCatalogue catalogue(StackConnection::forUrl(server.url()));
    QVERIFY(loaded(catalogue));
    const auto names = [&](const QString& search) {
        QStringList found;
        for (const int place : catalogue.find(search))
            found << QString::fromStdString(catalogue.metricNames()[size_t(place)]);
        return found;
    };
    QCOMPARE(names(QString()).size(), 4);
    QCOMPARE(names(u"load"_s), QStringList {u"node_load1"_s});
    QCOMPARE(names(u"sec buck"_s), QStringList {u"http_seconds_bucket"_s});
    QCOMPARE(names(u"zzz"_s), QStringList());
    QCOMPARE(catalogue.find(QString(), 2).size(), size_t(2));
}

void TestMetricCatalogue::asksForLabelsOnce()
{
    FakeHttpServer server(handler());
    MetricCatalogue catalogue(StackConnection::forUrl(server.url()));
    QVERIFY(loaded(catalogue));
    QSignalSpy labels(&catalogue, &MetricCatalogue::labelsChanged);
    QVERIFY(catalogue.labelNames("http_requests_total").empty()); // asked for now
    QVERIFY(catalogue.labelNames("http_requests_total").empty());
    QVERIFY(labels.wait(10000));
    QCOMPARE(catalogue.labelNames("http_requests_total"), (std::vector<std::string> {"code", "job"}));
    Promql::Matcher job;
    job.type = Promql::MatchType::Regexp;
    job.name = "job";
    job.value = "a\"b";
    QVERIFY(catalogue.labelValues("http_requests_total", "code", {job}).empty());
    QVERIFY(labels.wait(10000));
    QCOMPARE(catalogue.labelValues("http_requests_total", "code", {job}), (std::vector<std::string> {"200", "500"}));
    QStringList matchers;
    int asked = 0;
    for (const FakeHttpServer::Request& request : server.requests()) {
        if (request.path.contains("/labels") || request.path.contains("/label/code"))
            ++asked;
        if (request.path.contains("/label/code"))
            matchers << QUrlQuery(QString::fromLatin1(request.path).section(u'?', 1).replace(u"%5B%5D"_s, u"[]"_s)).queryItemValue(u"match[]"_s, QUrl::FullyDecoded);
    }
    QCOMPARE(asked, 2);
    QCOMPARE(matchers, QStringList {u"{__name__=\"http_requests_total\", job=~\"a\\\"b\"}"_s});
    // Another range is another question.
    catalogue.setRange({1'700'000'000'000, 1'700'003'600'000});
    QVERIFY(catalogue.labelNames("http_requests_total").empty());
    QVERIFY(labels.wait(10000));
    QVERIFY(server.requests().last().path.contains("start=1700000000"));
}

void TestMetricCatalogue::livesWithoutMetadata()
{
    FakeHttpServer server(handler({"/metadata"}));
    MetricCatalogue catalogue(StackConnection::forUrl(server.url()));
    catalogue.load();
    QTRY_VERIFY_WITH_TIMEOUT(catalogue.isLoaded(), 10000);
    QVERIFY(!catalogue.error());
    QCOMPARE(catalogue.metricNames().size(), size_t(4));
}

void TestMetricCatalogue::saysWhatFailed()
{
    FakeHttpServer server(handler({"/label/__name__"}));
    MetricCatalogue catalogue(StackConnection::forUrl(server.url()));
    catalogue.load();
    QTRY_VERIFY_WITH_TIMEOUT(catalogue.isLoaded(), 10000);
    QVERIFY(catalogue.error());
    QVERIFY(catalogue.metricNames().empty());
}

void TestMetricCatalogue::diesWhileAsking()
{
    FakeHttpServer server([](const FakeHttpServer::Request&) { return FakeHttpServer::Reply {}; });
    auto catalogue = std::make_unique<MetricCatalogue>(StackConnection::forUrl(server.url()));
    catalogue->load();
    QVERIFY(catalogue->labelNames("x").empty());
    catalogue.reset();
    QTest::qWait(50);
}

PROMDECK_TEST_MAIN(TestMetricCatalogue)
#include "tst_metriccatalogue.moc"
