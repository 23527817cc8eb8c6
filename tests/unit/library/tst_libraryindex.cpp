#include "models/library/libraryindex.h"
#include "models/library/libraryscan.h"
#include "models/dashboard/dashboard.h"
#include "tests/support/testsupport.h"

#include <QDirIterator>

using namespace Promdeck;
using namespace Promdeck::Testing;
using namespace Qt::StringLiterals;

namespace {

LibraryEntryPtr entry(const QString& name, const QByteArray& text)
{
    return libraryEntry({u"/boards/"_s + name, u"/boards"_s, QString(), 1, text.size()}, text);
}

const QByteArray kNodes = "{\"title\": \"Node exporter\", \"uid\": \"nodes\", \"tags\": [\"linux\", \"hosts\"], \"panels\": ["
                          "{\"id\": 1, \"type\": \"row\", \"title\": \"CPU row\", \"collapsed\": true, \"panels\": ["
                          "{\"id\": 2, \"type\": \"timeseries\", \"title\": \"CPU busy\", \"targets\": [{\"expr\": \"1 - avg by (instance) "
                          "(rate(node_cpu_seconds_total{mode='idle', job=~\\\"$job\\\"}[$__rate_interval]))\"}]}]},"
                          "{\"id\": 3, \"type\": \"stat\", \"title\": \"Load\", \"targets\": [{\"expr\": \"node_load1 > $limit\"}]}],"
                          "\"templating\": {\"list\": [{\"name\": \"job\", \"type\": \"query\", \"query\": "
                          "{\"query\": \"label_values(node_uname_info, job)\"}}]}}";
const QByteArray kWeb = "{\"title\": \"Web\", \"uid\": \"web\", \"tags\": [\"http\"], \"panels\": ["
                        "{\"id\": 7, \"type\": \"graph\", \"title\": \"Load of the pages\", \"targets\": [{\"expr\": "
                        "\"sum(rate(http_requests_total[5m]))\"}]}]}";

QStringList shown(const LibraryResult& result)
{
    QStringList out;
    for (const LibraryHit& hit : result.hits)
        out << (hit.digestPart() ? u"  "_s + hit.digestPart()->title : hit.entry->digest.title);
    return out;
}

} // namespace

class TestLibraryIndex final : public QObject
{
    Q_OBJECT

private Q_SLOTS:
    void collectsMetrics_data();
    void collectsMetrics();
    void readsOldAndWrappedFiles();
    void findsWhereAMetricIsUsed();
    void ranksTitlesFirst();
    void wordsMayBeInDashboardAndPanel();
    void scopesSayWhere();
    void brokenFilesKeepTheirPlace();
    void everyBoardOfTheCorpusHasItsPanels();
};

void TestLibraryIndex::collectsMetrics_data()
{
    QTest::addColumn<QString>("expression");
    QTest::addColumn<QStringList>("metrics");
    QTest::newRow("plain") << u"up"_s << QStringList {u"up"_s};
    QTest::newRow("variables in ranges") << u"rate(a_total{x=\"$x\"}[$__rate_interval]) / rate(b_total[${step}s])"_s
                                         << QStringList {u"a_total"_s, u"b_total"_s};
    QTest::newRow("subquery, offset") << u"max_over_time(x[$range:$step] offset $ago) + y offset 1h"_s << QStringList {u"x"_s, u"y"_s};
    QTest::newRow("number from a variable") << u"topk($n, z) > $limit and q > [[other]]"_s << QStringList {u"q"_s, u"z"_s};
    QTest::newRow("label from a variable") << u"sum by ($label, ${more:csv}) (m)"_s << QStringList {u"m"_s};
    QTest::newRow("name by label") << u"{__name__=\"named\"} or {__name__=~\"some.*\"}"_s << QStringList {u"named"_s};
    QTest::newRow("name is a variable") << u"$metric{a=\"b\"} + node_${what}_total + ok"_s << QStringList {u"ok"_s};
    QTest::newRow("quotes keep what they hold") << u"label_replace(m, \"a\", \"$1\", \"b\", \"(.*)\")"_s << QStringList {u"m"_s};
    QTest::newRow("unfinished") << u"sum by (job) (rate(half_total{a=\"b\"}[5m])"_s << QStringList {u"half_total"_s};
    QTest::newRow("nothing") << QString() << QStringList();
    QTest::newRow("logs") << u"{app=\"x\"} |= \"error\""_s << QStringList();
}

void TestLibraryIndex::collectsMetrics()
{
    QFETCH(QString, expression);
    QTEST(metricsOfExpression(expression), "metrics");
}

void TestLibraryIndex::readsOldAndWrappedFiles()
{
    const LibraryEntryPtr old = entry(u"old.json"_s,
                                      "{\"title\": \"Old\", \"rows\": [{\"title\": \"First\", \"showTitle\": true, \"panels\": ["
                                      "{\"id\": 1, \"type\": \"singlestat\", \"title\": \"x\", \"targets\": [{\"expr\": \"up\"}]}]}]}");
    QCOMPARE(old->digest.parts.front().row, u"First"_s);
    QCOMPARE(old->digest.parts.front().metrics, QStringList {u"up"_s});
    const LibraryEntryPtr wrapped = entry(u"api.json"_s, "{\"meta\": {\"version\": 3}, \"dashboard\": " + kWeb + "}");
    QVERIFY(!wrapped->error);
    QCOMPARE(wrapped->digest.uid, u"web"_s);
    const LibraryEntryPtr shared = entry(u"shared.json"_s,
                                         "{\"title\": \"S\", \"__inputs\": [], \"__elements\": {\"u1\": {\"model\": {\"type\": \"stat\", "
                                         "\"title\": \"of the library\", \"targets\": [{\"expr\": \"lib_metric\"}]}}}, \"panels\": "
                                         "[{\"id\": 4, \"libraryPanel\": {\"uid\": \"u1\", \"name\": \"n\"}}]}");
    QCOMPARE(shared->digest.parts.front().title, u"of the library"_s);
    QCOMPARE(shared->digest.parts.front().panelId, 4);
    QCOMPARE(shared->digest.parts.front().metrics, QStringList {u"lib_metric"_s});
}

void TestLibraryIndex::findsWhereAMetricIsUsed()
{
    const LibraryIndex index({entry(u"a.json"_s, kNodes), entry(u"b.json"_s, kWeb)}, {});
    const LibraryResult result = index.search(u"node_cpu_seconds_total"_s);
    QCOMPARE(shown(result), QStringList({u"Node exporter"_s, u"  CPU busy"_s}));
    QCOMPARE(result.hits.at(1).field, LibraryHit::Field::Metric);
    QCOMPARE(result.hits.at(1).text, u"node_cpu_seconds_total"_s);
    QCOMPARE(result.hits.at(1).digestPart()->panelId, 2);
    QCOMPARE(result.hits.at(1).digestPart()->row, u"CPU row"_s);
    // variables ask for metrics as well
    const LibraryResult variable = index.search(u"metric:node_uname_info"_s);
    QCOMPARE(shown(variable), QStringList({u"Node exporter"_s, u"  job"_s}));
    QCOMPARE(variable.hits.at(1).digestPart()->kind, DigestPart::Kind::Variable);
    // a label is in the expression, not among the metrics
    QCOMPARE(index.search(u"mode='idle'"_s).hits.at(1).field, LibraryHit::Field::Expression);
    QVERIFY(index.search(u"metric:idle"_s).hits.empty());
}

void TestLibraryIndex::ranksTitlesFirst()
{
    const LibraryIndex index({entry(u"a.json"_s, kNodes), entry(u"b.json"_s, kWeb),
                              entry(u"c.json"_s, QByteArray(kWeb).replace("\"Web\"", "\"Load\"").replace("pages", "x"))}, {});
    const LibraryResult result = index.search(u"load"_s);
    QCOMPARE(result.hits.front().entry->digest.title, u"Load"_s);
    QCOMPARE(result.dashboards, 3);
    QVERIFY(shown(result).contains(u"  Load of the pages"_s));
    const LibraryResult cut = index.search(u"load"_s, 2);
    QCOMPARE(cut.hits.size(), size_t(2));
    QVERIFY(cut.cut);
}

void TestLibraryIndex::wordsMayBeInDashboardAndPanel()
{
    const LibraryIndex index({entry(u"a.json"_s, kNodes), entry(u"b.json"_s, kWeb)}, {});
    QCOMPARE(shown(index.search(u"linux BUSY"_s)), QStringList({u"Node exporter"_s, u"  CPU busy"_s}));
    QVERIFY(index.search(u"linux pages"_s).hits.empty());
    QCOMPARE(shown(index.search(u"\"of the\""_s)), QStringList({u"Web"_s, u"  Load of the pages"_s}));
    QVERIFY(index.search(u"   "_s).hits.empty());
}

void TestLibraryIndex::scopesSayWhere()
{
    const LibraryIndex index({entry(u"a.json"_s, kNodes), entry(u"b.json"_s, kWeb)}, {});
    QCOMPARE(shown(index.search(u"tag:http"_s)), QStringList {u"Web"_s});
    QVERIFY(index.search(u"title:linux"_s).hits.empty());
    QCOMPARE(shown(index.search(u"type:graph"_s)), QStringList({u"Web"_s, u"  Load of the pages"_s}));
    QCOMPARE(shown(index.search(u"expr:sum("_s)), QStringList({u"Web"_s, u"  Load of the pages"_s}));
    QCOMPARE(index.withUid(u"nodes"_s)->digest.title, u"Node exporter"_s);
    QCOMPARE(index.withTags({u"linux"_s, u"hosts"_s}).size(), size_t(1));
}

void TestLibraryIndex::brokenFilesKeepTheirPlace()
{
    const LibraryEntryPtr broken = entry(u"broken.json"_s, "{\n  \"title\": \"x\",\n  \"panels\": [,]\n}");
    QVERIFY(broken->error);
    QCOMPARE(broken->error->where.line, 3);
    QCOMPARE(broken->digest.title, u"broken.json"_s);
    const LibraryEntryPtr wrong = entry(u"wrong.json"_s, "{\"title\": \"x\",\n \"panels\": {}}");
    QCOMPARE(wrong->error->where.line, 2);
    QVERIFY(!wrong->isOther);
    QVERIFY(entry(u"package.json"_s, "{\"name\": \"x\", \"title\": \"y\"}")->isOther);
}

void TestLibraryIndex::everyBoardOfTheCorpusHasItsPanels()
{
    PROMDECK_NEED_SHARED();
    QDirIterator files(sharedFolder() + u"/corpus/dashboards"_s, {u"*.json"_s}, QDir::Files, QDirIterator::Subdirectories);
    int boards = 0;
    int withMetrics = 0;
    while (files.hasNext()) {
        const QByteArray text = readFile(files.next());
        const LibraryEntryPtr read = libraryEntry({files.filePath(), u"/c"_s, QString(), 1, text.size()}, text);
        const Result<Dashboard> full = readDashboard(text);
        QCOMPARE(read->error.has_value(), !full.ok());
        if (!full.ok())
            continue;
        ++boards;
        int panels = 0;
        for (const PanelSpec& panel : full->panels)
            panels += panel.isRow() ? int(panel.children.size()) : 1;
        QVERIFY2(read->digest.panelCount >= panels, qPrintable(files.filePath()));
        int asked = 0;
        int known = 0;
        for (const DigestPart& part : read->digest.parts) {
            asked += part.expressions.isEmpty() ? 0 : 1;
            known += part.metrics.isEmpty() ? 0 : 1;
        }
        withMetrics += asked == 0 || known * 10 >= asked * 5 ? 1 : 0;
    }
    QVERIFY(boards > 20);
    QVERIFY2(withMetrics >= boards - 4, qPrintable(QString::number(withMetrics) + u" of "_s + QString::number(boards)));
}

PROMDECK_TEST_MAIN(TestLibraryIndex)
#include "tst_libraryindex.moc"
