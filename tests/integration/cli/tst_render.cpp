#include "tests/support/servers.h"
#include "tests/support/verbtest.h"

#include <QDir>
#include <QFile>
#include <QNetworkAccessManager>
#include <QNetworkReply>
#include <QTemporaryDir>
#include <QUrlQuery>

using namespace Promdeck;
using namespace Promdeck::Testing;
using namespace Qt::StringLiterals;

namespace {

constexpr int kPatienceMs = 60000;

/// A label set as one comparable text.
QString keyOf(const Json& labels)
{
    QStringList parts;
    for (const auto& [name, value] : labels.members())
        parts << name + u'=' + value.toString();
    parts.sort();
    return parts.join(u'\n');
}

double numberOf(const Json& sample)
{
    bool ok = false;
    const double value = sample.toString().toDouble(&ok);
    return ok ? value : qQNaN();
}

} // namespace

/// `promdeck render --json` beside what the server's API answers to the very same queries.
class TestRender final : public QObject
{
    Q_OBJECT

private Q_SLOTS:
    void initTestCase();
    void cleanupTestCase();
    void agreesWithTheApi_data();
    void agreesWithTheApi();
    void takesSharedAndWrappedFiles();
    void saysWhatIsWrong();

private:
    Json ask(const Json& query);
    void compare(const Json& panel);

    QNetworkAccessManager m_network;
    std::unique_ptr<TestServer> m_node;
    std::unique_ptr<TestServer> m_alertmanager;
    std::unique_ptr<TestServer> m_prometheus;
    qint64 m_end = 0; ///< s
    int m_compared = 0;
};

void TestRender::initTestCase()
{
    m_node = TestServer::nodeExporter();
    m_alertmanager = TestServer::alertmanager();
    QVERIFY(m_node && m_alertmanager);
    const QByteArray self = "127.0.0.1:" + QByteArray::number(freePort());
    QByteArray config = "global: {scrape_interval: 1s}\n"
                        "scrape_configs:\n"
                        "- {job_name: node, static_configs: [{targets: [NODE]}]}\n"
                        "- {job_name: alertmanager, static_configs: [{targets: [ALERTMANAGER]}]}\n"
                        "- {job_name: gone, static_configs: [{targets: [GONE]}]}\n";
    config.replace("NODE", m_node->hostPort().toUtf8());
    config.replace("ALERTMANAGER", m_alertmanager->hostPort().toUtf8());
    config.replace("GONE", self);
    m_prometheus = TestServer::prometheus({.config = config});
    QVERIFY(m_prometheus);
    const auto filled = [this] {
        const Json answer = ask(Json::object({{u"expr"_s, Json(u"count_over_time(node_load1[1m]) > 12"_s)},
                                              {u"kind"_s, Json(u"instant"_s)}}));
        return answer.size() == 1;
    };
    QVERIFY2(QTest::qWaitFor(filled, kPatienceMs), "no samples after a minute");
    // The last second may still be written.
    m_end = QDateTime::currentSecsSinceEpoch() - 2;
}

void TestRender::cleanupTestCase()
{
    for (std::unique_ptr<TestServer>* server : {&m_prometheus, &m_alertmanager, &m_node})
        server->reset();
}

/// data.result of a query as the report names it.
Json TestRender::ask(const Json& query)
{
    const bool range = query[u"kind"].toString() == u"range";
    QUrl url = m_prometheus->url().resolved(QUrl(range ? u"api/v1/query_range"_s : u"api/v1/query"_s));
    QUrlQuery parameters;
    const auto add = [&parameters](const QString& name, const QString& value) {
        parameters.addQueryItem(name, QString::fromLatin1(QUrl::toPercentEncoding(value)));
    };
    add(u"query"_s, query[u"expr"].toString());
    if (range) {
        for (const QString& name : {u"start"_s, u"end"_s, u"step"_s})
            add(name, QString::number(query[name].toDouble(), 'f', 3));
    } else if (query[u"end"].isNumber()) {
        add(u"time"_s, QString::number(query[u"end"].toDouble(), 'f', 3));
    }
    url.setQuery(parameters);
    const std::unique_ptr<QNetworkReply> reply(m_network.get(QNetworkRequest(url)));
    if (!QTest::qWaitFor([&] { return reply->isFinished(); }, kPatienceMs))
        return {};
    return Json::parse(reply->readAll()).valueOr({}).path(u"data.result");
}

void TestRender::agreesWithTheApi_data()
{
    QTest::addColumn<QString>("file");
    QTest::newRow("own") << dataFile(u"dashboards/known-values.json"_s);
    if (sharedFolder().isEmpty())
        return;
    const QDir folder(sharedFolder() + u"/corpus/dashboards"_s);
    for (const QString& name : folder.entryList({u"*.json"_s}))
        QTest::newRow(qPrintable(name)) << folder.filePath(name);
}

/// Series of time-series panels carry the labels and samples that the API has for the query.
void TestRender::compare(const Json& panel)
{
    const QByteArray where = panel[u"title"].toString().toUtf8();
    for (const Json& query : panel[u"queries"].items()) {
        if (query[u"kind"].toString() != u"range")
            continue;
        const Json truth = ask(query);
        QHash<QString, Json> byLabels;
        for (const Json& series : truth.items())
            byLabels.insert(keyOf(series[u"metric"]), series[u"values"]);
        for (const Json& series : panel[u"series"].items()) {
            if (series[u"refId"].toString() != query[u"refId"].toString() || series[u"points"].toInt() == 0)
                continue;
            const auto found = byLabels.constFind(keyOf(series[u"labels"]));
            QVERIFY2(found != byLabels.constEnd(),
                     QByteArray(where + ": not in the answer: " + series[u"name"].toString().toUtf8()).constData());
            const Json& last = series[u"last"];
            // The place in time may be shifted (timeShift), the value negated (negative-Y).
            const double shown = std::abs(last.at(1).toDouble(qQNaN()));
            const double told = std::abs(numberOf(found->at(found->size() - 1).at(1)));
            if (std::isnan(told) || std::isinf(told))
                continue;
            // Two requests: the server adds the series of an aggregation in the order in which it finds them, so the
            // last digits of the same sum differ from one request to the next.
            QVERIFY2(std::abs(shown - told) <= 1e-12 * told,
                     QByteArray(where + ": " + series[u"name"].toString().toUtf8() + " is " + QByteArray::number(shown, 'g', 17)
                                + ", the server says " + QByteArray::number(told, 'g', 17)).constData());
            ++m_compared;
        }
    }
}

void TestRender::agreesWithTheApi()
{
    QFETCH(QString, file);
    const VerbOutput output
        = runVerb({u"render"_s, file, u"--url"_s, m_prometheus->url().toString(), u"--from"_s,
                   QString::number((m_end - 120) * 1000), u"--to"_s, QString::number(m_end * 1000), u"--json"_s, u"-"_s});
    QVERIFY2(output.exitCode == 0 || output.exitCode == 1, output.err.constData());
    const Result<Json> report = Json::parse(output.out);
    QVERIFY_RESULT(report);
    const Json panels = (*report)[u"panels"];
    QVERIFY(panels.size() > 0);
    m_compared = 0;
    for (const Json& panel : panels.items()) {
        if (!panel[u"error"].isNull() || panel[u"type"].toString() != u"timeseries")
            continue;
        compare(panel);
        if (QTest::currentTestFailed())
            return;
    }
    if (m_compared > 0)
        qInfo("%d series agree", m_compared);
}

/// Exported for sharing (inputs, a constant, a panel of the library), and as the API wraps it: the same numbers.
void TestRender::takesSharedAndWrappedFiles()
{
    const QByteArray shared
        = "{\"title\": \"Shared\", \"uid\": \"s\", \"schemaVersion\": 39, \"__inputs\": [{\"name\": \"DS_X\", \"type\": \"datasource\", "
          "\"pluginId\": \"prometheus\"}, {\"name\": \"VAR_PLUS\", \"type\": \"constant\", \"value\": \"40\"}], \"__elements\": {\"e1\": "
          "{\"uid\": \"e1\", \"kind\": 1, \"model\": {\"type\": \"stat\", \"title\": \"kept\", \"datasource\": {\"uid\": \"${DS_X}\"}, "
          "\"targets\": [{\"refId\": \"A\", \"instant\": true, \"expr\": \"vector(${VAR_PLUS}) + 2\"}]}}}, \"panels\": "
          "[{\"id\": 1, \"gridPos\": {\"x\": 0, \"y\": 0, \"w\": 6, \"h\": 4}, \"libraryPanel\": {\"uid\": \"e1\", \"name\": \"kept\"}}]}";
    QTemporaryDir folder;
    for (const QByteArray& text : {shared, "{\"meta\": {\"version\": 3}, \"dashboard\": " + shared + "}"}) {
        QFile file(folder.filePath(u"board.json"_s));
        QVERIFY(file.open(QIODevice::WriteOnly));
        file.write(text);
        file.close();
        const VerbOutput output = runVerb({u"render"_s, file.fileName(), u"--url"_s, m_prometheus->url().toString(), u"--json"_s, u"-"_s});
        QCOMPARE(output.exitCode, 0);
        const Result<Json> report = Json::parse(output.out);
        QVERIFY_RESULT(report);
        const Json& panel = (*report)[u"panels"].at(0);
        QCOMPARE(panel[u"queries"].at(0)[u"expr"].toString(), u"vector(40) + 2"_s);
        QCOMPARE(panel[u"values"].at(0)[u"value"].toDouble(), 42.);
        QVERIFY(panel[u"error"].isNull());
    }
}

void TestRender::saysWhatIsWrong()
{
    const VerbOutput output = runVerb({u"render"_s, dataFile(u"dashboards/known-values.json"_s), u"--url"_s,
                                       u"http://127.0.0.1:%1"_s.arg(freePort()), u"--json"_s, u"-"_s});
    QCOMPARE(output.exitCode, 3);
    // The report is complete all the same: every panel with a query says what happened to it.
    const Result<Json> report = Json::parse(output.out);
    QVERIFY_RESULT(report);
    int told = 0;
    for (const Json& panel : (*report)[u"panels"].items())
        told += panel.path(u"error.code").toString() == u"connection-refused";
    QVERIFY(told > 0);
}

PROMDECK_VERB_TEST_MAIN(TestRender)
#include "tst_render.moc"
