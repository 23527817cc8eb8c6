#include "models/prometheus/prometheusclient.h"
#include "tests/support/servers.h"
#include "tests/support/testsupport.h"

#include <QCoroTask>
#include <QHttpServer>

#include <cmath>

using namespace Promdeck;
using namespace Promdeck::Testing;
using namespace Qt::StringLiterals;

namespace {

constexpr qint64 kStart = 1'700'000'000'000 / 15'000 * 15'000;
constexpr int kCount = 240;

/// demo_total{i="0".."3"}: a counter that grows by (i + 1) * 15 every 15 s; demo_odd has NaN and infinities.
QByteArray samples()
{
    QByteArray text = "# TYPE demo counter\n";
    for (int i = 0; i < 4; ++i) {
        for (int s = 0; s < kCount; ++s) {
            text += "demo_total{i=\"" + QByteArray::number(i) + "\"} " + QByteArray::number((i + 1) * 15 * s) + ' '
                + QByteArray::number(kStart / 1000 + s * 15) + '\n';
        }
    }
    text += "# TYPE demo_odd gauge\n";
    const QList<QByteArray> odd {"NaN", "+Inf", "-Inf", "1.5e-300"};
    for (int s = 0; s < odd.size(); ++s)
        text += "demo_odd " + odd[s] + ' ' + QByteArray::number(kStart / 1000 + s * 15) + '\n';
    return text + "# EOF\n";
}

} // namespace

class TestPrometheusClient : public QObject
{
    Q_OBJECT
private Q_SLOTS:
    void initTestCase()
    {
        m_server = TestServer::prometheus({.samples = samples()});
        QVERIFY(m_server);
        m_client = std::make_unique<PrometheusClient>(m_server->url(), HttpOptions {});
    }

    void rangeAgreesWithArithmetic()
    {
        const qint64 from = kStart + 3'600'000 / 2;
        const auto answer = QCoro::waitFor(m_client->queryRange(u"rate(demo_total[1m])"_s, from, from + 600'000, 15'000));
        QVERIFY_RESULT(answer);
        QCOMPARE(answer->result.type, QueryResult::Type::Matrix);
        QCOMPARE(answer->result.series.size(), 4u);
        for (std::size_t i = 0; i < 4; ++i) {
            const SeriesData& series = answer->result.series[i];
            QCOMPARE(series.labels.value(u"i"_s), QString::number(i));
            QCOMPARE(series.values.size(), 41);
            QCOMPARE(series.times.times().front(), from);
            QVERIFY(series.times.sharesWith(answer->result.series[0].times));
            for (const double value : series.values.numbers())
                QVERIFY(std::abs(value - double(i + 1)) < 1e-9);
        }
        QVERIFY(answer->bytes > 100);
        QVERIFY(answer->seconds > 0);
    }

    void instantKinds()
    {
        const qint64 at = kStart + 15'000 * 100;
        const auto vector = QCoro::waitFor(m_client->queryInstant(u"demo_total{i=\"2\"}"_s, at));
        QVERIFY_RESULT(vector);
        QCOMPARE(vector->result.series.at(0).values.numbers(), (Column::Numbers {3 * 15 * 100}));
        const auto scalar = QCoro::waitFor(m_client->queryInstant(u"6 * 7"_s, at));
        QVERIFY_RESULT(scalar);
        QCOMPARE(scalar->result.type, QueryResult::Type::Scalar);
        QCOMPARE(scalar->result.series.at(0).values.numbers(), (Column::Numbers {42}));
        const auto text = QCoro::waitFor(m_client->queryInstant(u"\"hello\""_s, at));
        QVERIFY_RESULT(text);
        QCOMPARE(text->result.text, u"hello"_s);
    }

    void oddNumbers()
    {
        const auto answer = QCoro::waitFor(m_client->queryRange(u"demo_odd"_s, kStart, kStart + 45'000, 15'000));
        QVERIFY_RESULT(answer);
        const Column::Numbers& values = answer->result.series.at(0).values.numbers();
        QCOMPARE(values.size(), 4u);
        QVERIFY(std::isnan(values[0]) && !isNull(values[0]));
        QVERIFY(std::isinf(values[1]) && values[1] > 0);
        QVERIFY(std::isinf(values[2]) && values[2] < 0);
        QCOMPARE(values[3], 1.5e-300);
    }

    void longQueriesGoAsForms()
    {
        QStringList parts;
        for (int i = 0; i < 900; ++i)
            parts.append(u"demo_total{i=\"%1\"}"_s.arg(i));
        const auto answer = QCoro::waitFor(m_client->queryInstant(parts.join(u" or "_s), kStart + 60'000));
        QVERIFY_RESULT(answer);
        QCOMPARE(answer->result.series.size(), 4u);
    }

    void refusedQueriesKeepTheServersWords()
    {
        const auto answer = QCoro::waitFor(m_client->queryInstant(u"sum(demo_total"_s, kStart));
        QVERIFY(!answer);
        QCOMPARE(answer.error().code, ErrorCode::Query);
        QVERIFY2(answer.error().summary.contains(u"parse error"), qPrintable(answer.error().summary));
        QCOMPARE(answer.error().detail, u"bad_data"_s);
    }

    void metadata()
    {
        const TimeRange range {kStart, kStart + 3'600'000};
        const auto names = QCoro::waitFor(m_client->labelNames({u"demo_total"_s}, range));
        QVERIFY_RESULT(names);
        QCOMPARE(*names, (QStringList {u"__name__"_s, u"i"_s}));
        const auto values = QCoro::waitFor(m_client->labelValues(u"i"_s, {u"demo_total"_s}, range));
        QVERIFY_RESULT(values);
        QCOMPARE(*values, (QStringList {u"0"_s, u"1"_s, u"2"_s, u"3"_s}));
        const auto series = QCoro::waitFor(m_client->series({u"demo_total{i=~\"1|2\"}"_s}, range));
        QVERIFY_RESULT(series);
        QCOMPARE(series->size(), 2u);
        const auto flags = QCoro::waitFor(m_client->data(u"status/flags"_s));
        QVERIFY_RESULT(flags);
        QVERIFY((*flags)[u"storage.tsdb.path"].isString());
        const auto ready = QCoro::waitFor(m_client->get(u"-/ready"_s));
        QVERIFY_RESULT(ready);
        QCOMPARE(ready->status, 200);
    }

    void wrongPrefix()
    {
        QUrl url = m_server->url();
        url.setPath(u"/elsewhere/"_s);
        PrometheusClient client(url, {});
        const auto answer = QCoro::waitFor(client.queryInstant(u"up"_s, kStart));
        QCOMPARE(answer.error().code, ErrorCode::NotFound);
    }

    /// A fake: no package offers a server that answers like a login page or refuses forms.
    void foreignServers()
    {
        QHttpServer fake;
        int forms = 0;
        fake.route(u"/login/api/v1/query"_s, [] { return QHttpServerResponse("text/html", "<html>log in</html>"); });
        fake.route(u"/noform/api/v1/query"_s, [&forms](const QHttpServerRequest& request) {
            if (request.method() == QHttpServerRequest::Method::Post) {
                ++forms;
                return QHttpServerResponse(QHttpServerResponder::StatusCode::MethodNotAllowed);
            }
            return QHttpServerResponse("application/json",
                                       R"({"status":"success","data":{"resultType":"scalar","result":[1,"5"]}})");
        });
        fake.route(u"/busy/api/v1/query"_s, [] {
            return QHttpServerResponse("text/plain", "slow down", QHttpServerResponder::StatusCode::TooManyRequests);
        });
        fake.route(u"/down/api/v1/query"_s, [] {
            return QHttpServerResponse("text/html", "<html>bad gateway</html>", QHttpServerResponder::StatusCode::BadGateway);
        });
        const quint16 port = fake.listen(QHostAddress::LocalHost);
        QVERIFY(port);
        const auto ask = [port](const QString& prefix, const QString& expr) {
            PrometheusClient client(QUrl(u"http://127.0.0.1:%1/%2"_s.arg(port).arg(prefix)), {});
            (void)QCoro::waitFor(client.queryInstant(expr, 1000));
            return QCoro::waitFor(client.queryInstant(expr, 1000));
        };
        QCOMPARE(ask(u"login"_s, u"up"_s).error().code, ErrorCode::WrongProduct);
        QCOMPARE(ask(u"busy"_s, u"up"_s).error().code, ErrorCode::RateLimited);
        QCOMPARE(ask(u"down"_s, u"up"_s).error().code, ErrorCode::HttpStatus);
        const auto answer = ask(u"noform"_s, QString(5000, u'1'));
        QVERIFY_RESULT(answer);
        QCOMPARE(forms, 1); // remembered after the first refusal
    }

    void goneBeforeTheAnswer()
    {
        auto client = std::make_unique<PrometheusClient>(m_server->url(), HttpOptions {});
        auto task = client->queryRange(u"rate(demo_total[5m])"_s, kStart, kStart + 3'000'000, 1000);
        client.reset();
        const auto answer = QCoro::waitFor(task);
        QCOMPARE(answer.error().code, ErrorCode::Cancelled);
    }

    void stopped()
    {
        std::stop_source stop;
        auto task = m_client->queryRange(u"rate(demo_total[5m])"_s, kStart, kStart + 3'000'000, 1000, 0, stop.get_token());
        stop.request_stop();
        const auto answer = QCoro::waitFor(task);
        QCOMPARE(answer.error().code, ErrorCode::Cancelled);
    }

private:
    std::unique_ptr<TestServer> m_server;
    std::unique_ptr<PrometheusClient> m_client;
};

PROMDECK_TEST_MAIN(TestPrometheusClient)
#include "tst_prometheusclient.moc"
